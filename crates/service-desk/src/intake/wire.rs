//! Requests and responses about what came in.

use crate::tickets::model::{Channel, Class, Touches};
use kernel::{OrganisationId, ServiceTicketId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IntakeState)]
pub enum State {
    /// For a person to decide.
    Waiting,
    /// A ticket was opened for it.
    Opened,
    /// It belongs to a ticket that was there.
    Noted,
    Dismissed,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Opened, Self::Noted, Self::Dismissed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Opened => "opened",
            Self::Noted => "noted",
            Self::Dismissed => "dismissed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A line of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IntakeItem)]
pub struct IntakeItem {
    pub id: Uuid,
    /// `mail` or `alert`.
    pub channel: Channel,
    /// Name of the monitoring system; empty for the mailbox.
    pub source: String,
    /// When the mail server took the letter, when the alert began.
    pub at: Timestamp,
    /// The alert is over.
    pub ended_at: Option<Timestamp>,
    /// As the letter says; anybody can write anything there.
    pub sender: Option<String>,
    pub sender_name: Option<String>,
    /// The address is one that somebody with an account has confirmed.
    pub sender_known: bool,
    pub subject: String,
    pub automatic: bool,
    pub state: State,
    pub organisation_id: Option<OrganisationId>,
    pub organisation_name: Option<String>,
    pub ticket_id: Option<ServiceTicketId>,
    pub ticket_number: Option<String>,
}

/// A letter or an alert with everything in it.
#[derive(Serialize, ToSchema)]
#[schema(as = Intake)]
pub struct IntakeView {
    #[serde(flatten)]
    pub item: IntakeItem,
    pub received_at: Timestamp,
    pub body: String,
    /// Names of files that were too large or of no permitted kind; `*` for the letter itself.
    pub left_out: Vec<String>,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<Timestamp>,
    /// Why it was dismissed; the code of why no ticket could be opened by itself.
    pub reason: Option<String>,
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IntakeQuery {
    /// Part of the subject, the text or the sender.
    pub q: Option<String>,
    #[param(inline)]
    pub state: Option<State>,
    /// `mail` or `alert`.
    #[param(inline)]
    pub channel: Option<Channel>,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

/// The number above the list.
#[derive(Serialize, ToSchema)]
#[schema(as = IntakeCounts)]
pub struct IntakeCounts {
    pub waiting: i64,
}

/// What a person makes of it.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = IntakeStep)]
pub enum Step {
    /// Opens a ticket at the moment at which it came.
    Open {
        organisation_id: OrganisationId,
        class: Class,
        /// 1 (cannot work) to 4 (a wish).
        priority: i32,
        item_code: Option<String>,
        title: String,
        caller_name: Option<String>,
        caller_phone: Option<String>,
        #[serde(default)]
        touches: Touches,
    },
    /// Puts it to a ticket that is there.
    Join {
        ticket_id: ServiceTicketId,
    },
    Dismiss {
        reason: String,
    },
    /// Takes a dismissal back.
    Restore,
}

/// A message of Alertmanager's webhook, version 4, or of another system that writes the same.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AlertMessage)]
pub struct AlertMessage {
    /// Alerts with the same belong together.
    #[serde(default)]
    pub group_key: String,
    /// At most 200.
    pub alerts: Vec<Alert>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertStatus)]
pub enum AlertStatus {
    Firing,
    Resolved,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Alert)]
pub struct Alert {
    pub status: AlertStatus,
    /// Of these `alertname`, `severity`, `institution` (code of an organisation) and `item` (code of the contract) are understood.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Of these `summary` and `description` are understood.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    pub starts_at: Timestamp,
    /// Counts where the status is `resolved`.
    pub ends_at: Option<Timestamp>,
    #[serde(default, rename = "generatorURL")]
    pub generator_url: String,
    #[serde(default)]
    pub fingerprint: String,
}

/// What became of the alerts of a message.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AlertOutcome)]
pub struct AlertOutcome {
    pub opened: u32,
    /// Told to a ticket that was there.
    pub noted: u32,
    /// For a person to decide.
    pub waiting: u32,
    pub ended: u32,
    /// Came before.
    pub known: u32,
}
