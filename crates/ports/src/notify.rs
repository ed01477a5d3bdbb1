//! Notices: what somebody should know, wherever they are.

use crate::Event;
use kernel::AccountId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something was brought to the notice of people. A context tells them in the program by itself; this carries it to mail, telephone
/// and group chats for those who asked for that.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NoticeGiven {
    pub id: Uuid,
    pub accounts: Vec<AccountId>,
    /// Of which kind, such as `ticket_escalated`.
    pub code: String,
    /// One line in Chinese. It leaves the program, so it names numbers of records and never people, diagnoses or what they wrote.
    pub text: String,
    /// Where to read on, such as `/service/tickets/…`.
    pub path: String,
    /// Does not wait for the end of the night.
    pub urgent: bool,
}

impl Event for NoticeGiven {
    const TOPIC: &'static str = "notify_notice_given";
    fn resource_id(&self) -> Uuid {
        self.id
    }
    fn organisation_path(&self) -> Option<&str> {
        None
    }
}
