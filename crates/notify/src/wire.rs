//! Requests and responses about ways to be reached.

use crate::channels::Channel;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What somebody wants by a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NotifyLevel)]
pub enum Level {
    All,
    Urgent,
    None,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Urgent => "urgent",
            Self::None => "none",
        }
    }

    /// What is not known is not wanted.
    pub fn of(text: &str) -> Self {
        match text {
            "all" => Self::All,
            "urgent" => Self::Urgent,
            _ => Self::None,
        }
    }
}

/// How the caller is reached.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NotifySettings)]
pub struct SettingsView {
    /// Ways that this installation has.
    pub channels: Vec<Channel>,
    pub contacts: Vec<ContactView>,
    pub email: Level,
    pub sms: Level,
    /// `22:00` and `07:00`; what is not urgent waits until the end.
    pub quiet_from: Option<String>,
    pub quiet_to: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NotifyContact)]
pub struct ContactView {
    pub channel: Channel,
    /// Masked.
    pub address: String,
    pub confirmed: bool,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotifySettingsInput)]
pub struct SettingsInput {
    pub email: Level,
    pub sms: Level,
    /// Both or neither.
    pub quiet_from: Option<String>,
    pub quiet_to: Option<String>,
}

#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotifyContactInput)]
pub struct ContactInput {
    pub channel: Channel,
    /// An address of mail, or a mobile number.
    pub address: String,
}

#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotifyConfirmation)]
pub struct Confirmation {
    pub channel: Channel,
    /// The six digits that were sent.
    pub code: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotifyTest)]
pub struct TestInput {
    pub channel: Channel,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotifyWebhookTest)]
pub struct WebhookTest {
    pub name: String,
}

/// A way out, and how it did in the last seven days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NotifyRoute)]
pub struct RouteView {
    /// `email`, `sms`, `webhook`
    pub channel: String,
    /// Name of a webhook.
    pub name: Option<String>,
    pub configured: bool,
    pub sent: i64,
    pub failed: i64,
    pub waiting: i64,
    pub suppressed: i64,
    pub last_sent_at: Option<Timestamp>,
}

/// One message to one address.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NotifyDelivery)]
pub struct DeliveryView {
    pub id: Uuid,
    pub channel: String,
    /// A masked address, or the name of a webhook.
    pub target: String,
    pub code: String,
    pub text: String,
    pub urgent: bool,
    /// `queued`, `retrying`, `sent`, `failed`, `suppressed`
    pub state: String,
    pub reason: Option<String>,
    pub attempts: i32,
    pub created_at: Timestamp,
    pub due_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub may_resend: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// `queued`, `retrying`, `sent`, `failed`, `suppressed`
    pub state: Option<String>,
    /// `email`, `sms`, `webhook`
    pub channel: Option<String>,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

/// How the mailbox does.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NotifyMailbox)]
pub struct MailboxView {
    /// False where this installation has none.
    pub configured: bool,
    /// The last look that ended well, and the newest letter.
    pub read_at: Option<Timestamp>,
    pub letter_at: Option<Timestamp>,
    /// Code of what went wrong at the last look, and since when it has.
    pub reason: Option<String>,
    pub failing_since: Option<Timestamp>,
}
