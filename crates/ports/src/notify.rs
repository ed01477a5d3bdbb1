//! Notices: what somebody should know, wherever they are.

use crate::Event;
use async_trait::async_trait;
use kernel::{AccountId, Result, Timestamp};
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

/// A letter that came to the region's mailbox. Who it says that it is from is a claim: anybody can write anything there.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Of the message: the same letter, read twice, has the same.
    pub id: String,
    /// When the mail server took it. The date that the sender wrote is not believed.
    pub received_at: Timestamp,
    /// Address in lower case; empty where the letter names none.
    pub from: String,
    pub from_name: Option<String>,
    /// Who has shown this address to be theirs.
    pub account: Option<AccountId>,
    pub subject: String,
    /// As plain text, at most 20,000 characters.
    pub text: String,
    pub files: Vec<LetterFile>,
    /// What is too large to be taken along: names of files, or the whole letter.
    pub left_out: Vec<String>,
    /// Written by a program: an absence note, a failed delivery, a newsletter.
    pub automatic: bool,
}

/// A file of a letter.
#[derive(Clone, Debug)]
pub struct LetterFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Whoever letters are for.
#[async_trait]
pub trait Letters: Send + Sync {
    /// Takes a letter. One that was taken before has no effect; an error means that it will come again.
    async fn take(&self, letter: Letter) -> Result<()>;
}
