//! Reaching people outside the program by mail, telephone and group chats, and the letters that come in.
//!
//! Start reading at `dispatch` (who gets what by which way, and when), then [`channels`] (how it is sent); for letters at [`mailbox`]. A context tells its people
//! in the program by itself and publishes [`NoticeGiven`]; this crate listens.
//!
//! Invariants:
//! - a message carries a line with numbers of records and a link, never a person, a diagnosis or what somebody wrote: it leaves the
//!   house;
//! - nobody is written to at an address that they have not shown to be theirs, nor when their account is closed;
//! - a notice is sent once to each address, however often its event is delivered; a message that cannot be sent is tried again with
//!   back-off and ends in the log with its reason;
//! - what is not urgent waits for the end of the quiet hours, and nobody gets more than [`dispatch::MOST_AN_HOUR`] messages an hour
//!   by one way.
//!
//! Deliberately absent: the words of notices (their contexts), notices in the program (likewise), what becomes of a letter (whoever
//! takes it through [`Letters`]).

mod api;
pub mod channels;
pub mod dispatch;
pub mod mailbox;
mod ops;
mod store;
pub mod wire;

use channels::Channels;
use kernel::Result;
use mailbox::Mailbox;
use platform::config::NotifyConfig;
use platform::{Migration, Module, Platform, Subscription};
use ports::Event;
use ports::identity::Directory;
use ports::notify::{Letters, NoticeGiven};
use std::sync::Arc;

/// The migrations of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        owner: "notify",
        version: 1,
        name: "channels",
        sql: include_str!("../../../migrations/notify/0001_channels.sql"),
    },
    Migration {
        owner: "notify",
        version: 2,
        name: "mailbox",
        sql: include_str!("../../../migrations/notify/0002_mailbox.sql"),
    },
];

/// The use cases of this context.
pub struct Notify {
    directory: Arc<dyn Directory>,
    channels: Channels,
    mailbox: Option<Arc<Mailbox>>,
    /// By which people reach this server.
    public_url: String,
}

impl std::fmt::Debug for Notify {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notify")
    }
}

impl Notify {
    /// Opens the configured ways; a wrong configuration is refused with its key.
    pub fn new(directory: Arc<dyn Directory>, config: &NotifyConfig, public_url: &str) -> Result<Arc<Self>> {
        Ok(Arc::new(Self {
            directory,
            channels: Channels::open(config)?,
            mailbox: config.mailbox.as_ref().map(Mailbox::open).transpose()?.map(Arc::new),
            public_url: public_url.trim_end_matches('/').to_owned(),
        }))
    }

    /// Reads the mailbox until the platform shuts down; done at once where there is none.
    pub async fn follow_mailbox(&self, platform: Platform, letters: Arc<dyn Letters>) {
        if let Some(mailbox) = &self.mailbox {
            mailbox::follow(platform, Arc::clone(mailbox), letters).await;
        }
    }

    /// Looks into the mailbox once.
    pub async fn look_into_mailbox(&self, platform: &Platform, letters: &dyn Letters) -> Result<()> {
        match &self.mailbox {
            Some(mailbox) => mailbox::look(platform, mailbox, letters).await,
            None => Ok(()),
        }
    }
}

/// Routes and background work.
pub fn module(notify: &Arc<Notify>) -> Module {
    // Without a way out nothing needs to be carried: no job for each notice then.
    let subscriptions = if notify.channels.is_empty() {
        Vec::new()
    } else {
        vec![Subscription { topic: NoticeGiven::TOPIC, job: dispatch::DISPATCH }]
    };
    Module {
        router: api::router().layer(axum::Extension(Arc::clone(notify))),
        jobs: dispatch::jobs(notify),
        subscriptions,
    }
}
