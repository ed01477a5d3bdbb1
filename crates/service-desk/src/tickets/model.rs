//! What can happen to a ticket, and the state that follows.
//!
//! ```text
//! open ──respond──▶ working ──resolve──▶ resolved ──close──▶ closed
//!   │                │   ▲                  │
//!   │           pause│   │resume      reopen│ (back to working)
//!   │                ▼   │
//!   │              paused
//!   └── cancel ▶ cancelled   (from every state but resolved and closed)
//! ```
//!
//! The first response fixes nothing but its own clock; the class of that clock, 15 or 30 minutes, is fixed by the moment of
//! opening. A deadline counts when both sides have agreed on it; a newer agreement replaces it.

use crate::book::{Book, Edition};
use crate::clock::{Clock, Moments, Pause};
use crate::journal::{Entry, standing};
use kernel::{AccountId, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};
use service_terms::{Cents, Derivation, PauseGround, TermsError, desk};
use utoipa::ToSchema;
use uuid::Uuid;

/// How somebody reached the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TicketChannel)]
pub enum Channel {
    Phone,
    Qq,
    Wechat,
    Web,
    Api,
    Mail,
    /// Monitoring.
    Alert,
    /// An engineer saw it, on site or during an inspection.
    OnSite,
}

/// What a ticket is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TicketClass)]
pub enum Class {
    /// An ordinary question about operation: half an hour from the response.
    Question,
    Fault,
    ServiceRequest,
    /// Needs the form and the approval of the bureau's information section before any work.
    DataCorrection,
    /// Support on site for emergencies of the bureau (附件1 1.2.2(3)).
    EventSupport,
}

/// Who speaks about a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TicketSide)]
pub enum Side {
    Provider,
    Institution,
}

/// Why the handling clock stands still, where the contract in force has it among its grounds; the response clock never pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TicketPauseReason)]
pub enum PauseReason {
    /// Party A or the institution has to do something first.
    PartyA,
    ForceMajeure,
}

impl PauseReason {
    pub fn ground(self) -> PauseGround {
        match self {
            Self::PartyA => PauseGround::PartyA,
            Self::ForceMajeure => PauseGround::ForceMajeure,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::PartyA => "party_a",
            Self::ForceMajeure => "force_majeure",
        }
    }
}

macro_rules! names {
    ($kind:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $kind {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }
    };
}

names!(Channel { Phone = "phone", Qq = "qq", Wechat = "wechat", Web = "web", Api = "api", Mail = "mail", Alert = "alert", OnSite = "on_site" });
names!(Class { Question = "question", Fault = "fault", ServiceRequest = "service_request", DataCorrection = "data_correction", EventSupport = "event_support" });
names!(State { Open = "open", Working = "working", Paused = "paused", Resolved = "resolved", Closed = "closed", Cancelled = "cancelled" });

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TicketState)]
pub enum State {
    Open,
    Working,
    Paused,
    Resolved,
    Closed,
    Cancelled,
}

/// What the work touches, which decides whether it needs an approval first (附件1 1.3.2-4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TicketTouches)]
pub struct Touches {
    #[serde(default)]
    pub medical_document: bool,
    #[serde(default)]
    pub database_change: bool,
    /// Amount of a charge problem, cents.
    #[serde(default)]
    pub amount_cents: Option<i64>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Opened {
        channel: Channel,
        class: Class,
        priority: i32,
        touches: Touches,
    },
    Classified {
        class: Class,
        priority: i32,
        item_code: Option<String>,
        touches: Touches,
    },
    Assigned {
        account_id: AccountId,
        name: String,
    },
    Responded {
        note: Option<String>,
    },
    DeadlineProposed {
        due_at: Timestamp,
        side: Side,
    },
    DeadlineAccepted {
        side: Side,
    },
    DeadlineDeclined {
        side: Side,
    },
    Paused {
        pause: PauseReason,
        note: String,
    },
    Resumed,
    Dispatched {
        planned_at: Option<Timestamp>,
        place: String,
    },
    Arrived,
    Left,
    PartUsed {
        name: String,
        quantity: i32,
        unit_price_cents: i64,
        billable: bool,
    },
    Noted {
        text: String,
    },
    Resolved {
        solution: String,
        cause: Option<String>,
        /// Number of the article that it was solved with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        article: Option<String>,
    },
    Reopened,
    Closed,
    Rated {
        stars: i32,
        comment: Option<String>,
    },
    Cancelled,
    /// A clock passed a share of its limit while it was running.
    Escalated {
        clock: String,
        percent: i32,
        told: Vec<String>,
    },
    /// It belongs to a mass outage, whose ticket is the parent.
    Joined {
        parent_id: Uuid,
        parent_number: String,
    },
    OutOfScope {
        out_of_scope: bool,
    },
    /// The bureau's information section approved the data correction that this ticket needs.
    Approved {
        correction_number: String,
    },
    /// An approved data correction was withdrawn: it allows nothing any more.
    ApprovalWithdrawn {
        correction_number: String,
    },
    /// The clocks were computed anew after a contract, a calendar, hours or an entry changed. Old and new values.
    Replayed {
        cause: String,
        changes: Vec<String>,
    },
    /// Takes the place of an entry that should not have been made.
    Voided,
}

/// A part that was used.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TicketPart)]
pub struct Part {
    /// The entry that recorded it.
    pub event_id: Uuid,
    pub name: String,
    pub quantity: i32,
    pub unit_price_cents: i64,
    /// Free under the cloud item, billed under the video item (附件1 1.1.2, 1.2.2(4)).
    pub billable: bool,
}

/// A ticket as its journal tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticket {
    pub state: State,
    pub channel: Channel,
    pub class: Class,
    pub priority: i32,
    pub item_code: Option<String>,
    pub touches: Touches,
    pub opened_at: Timestamp,
    pub assignee: Option<(AccountId, String)>,
    pub responded_at: Option<Timestamp>,
    pub agreed_due: Option<Timestamp>,
    /// A deadline that one side has proposed and the other has not answered.
    pub proposed: Option<(Timestamp, Side)>,
    pub pauses: Vec<Pause>,
    pub resolved_at: Option<Timestamp>,
    pub solution: Option<String>,
    pub cause: Option<String>,
    pub closed_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    pub rating: Option<(i32, Option<String>)>,
    pub parts: Vec<Part>,
    pub on_site: bool,
    pub parent_id: Option<Uuid>,
    pub out_of_scope: bool,
    /// Numbers of the approved data corrections; work needs one.
    pub approved: Vec<String>,
    pub escalated: Vec<(String, i32)>,
}

/// The state after the entries that stand. None when there is no opening.
pub fn fold(entries: &[Entry<Event>]) -> Option<Ticket> {
    let standing = standing(entries);
    let (opened_at, channel, class, priority, touches) =
        standing.iter().find_map(|entry| match &entry.what {
            Event::Opened { channel, class, priority, touches } => {
                Some((entry.at, *channel, *class, *priority, *touches))
            }
            _ => None,
        })?;
    let mut ticket = Ticket {
        state: State::Open,
        channel,
        class,
        priority,
        item_code: None,
        touches,
        opened_at,
        assignee: None,
        responded_at: None,
        agreed_due: None,
        proposed: None,
        pauses: Vec::new(),
        resolved_at: None,
        solution: None,
        cause: None,
        closed_at: None,
        cancelled_at: None,
        rating: None,
        parts: Vec::new(),
        on_site: false,
        parent_id: None,
        out_of_scope: false,
        approved: Vec::new(),
        escalated: Vec::new(),
    };
    for entry in standing {
        ticket.apply(entry);
    }
    Some(ticket)
}

impl Ticket {
    fn end_pause(&mut self, at: Timestamp) {
        if let Some(last) = self.pauses.last_mut().filter(|pause| pause.to.is_none()) {
            last.to = Some(at);
        }
    }

    fn apply(&mut self, entry: &Entry<Event>) {
        let at = entry.at;
        match &entry.what {
            Event::Classified { class, priority, item_code, touches } => {
                (self.class, self.priority, self.touches) = (*class, *priority, *touches);
                self.item_code.clone_from(item_code);
            }
            Event::Assigned { account_id, name } => self.assignee = Some((*account_id, name.clone())),
            Event::Responded { .. } => {
                self.responded_at.get_or_insert(at);
                if self.state == State::Open {
                    self.state = State::Working;
                }
            }
            Event::DeadlineProposed { due_at, side } => self.proposed = Some((*due_at, *side)),
            Event::DeadlineAccepted { side } => {
                if let Some((due, _)) = self.proposed.take_if(|(_, by)| by != side) {
                    self.agreed_due = Some(due);
                    // The new date was chosen knowing what had been waited for.
                    for pause in self.pauses.iter_mut().filter(|pause| pause.to.is_some()) {
                        pause.moves = false;
                    }
                }
            }
            Event::DeadlineDeclined { .. } => self.proposed = None,
            Event::Paused { pause, .. } => {
                self.pauses.push(Pause { from: at, to: None, why: pause.as_str().to_owned(), moves: true });
                self.state = State::Paused;
            }
            Event::Resumed => {
                self.end_pause(at);
                self.state = State::Working;
            }
            Event::Arrived => self.on_site = true,
            Event::Left => self.on_site = false,
            Event::PartUsed { name, quantity, unit_price_cents, billable } => self.parts.push(Part {
                event_id: entry.id,
                name: name.clone(),
                quantity: *quantity,
                unit_price_cents: *unit_price_cents,
                billable: *billable,
            }),
            Event::Resolved { solution, cause, .. } => {
                self.end_pause(at);
                self.resolved_at = Some(at);
                // Whoever solves without a word before has answered with the solution.
                self.responded_at.get_or_insert(at);
                self.solution = Some(solution.clone());
                self.cause.clone_from(cause);
                self.state = State::Resolved;
            }
            Event::Reopened => {
                if let Some(resolved) = self.resolved_at.take() {
                    let why = "resolved".to_owned();
                    self.pauses.push(Pause { from: resolved, to: Some(at), why, moves: true });
                }
                self.closed_at = None;
                self.state = State::Working;
            }
            Event::Closed => {
                self.closed_at = Some(at);
                self.state = State::Closed;
            }
            Event::Rated { stars, comment } => self.rating = Some((*stars, comment.clone())),
            Event::Cancelled => {
                self.end_pause(at);
                self.cancelled_at = Some(at);
                self.state = State::Cancelled;
            }
            Event::Escalated { clock, percent, .. } => self.escalated.push((clock.clone(), *percent)),
            Event::Joined { parent_id, .. } => self.parent_id = Some(*parent_id),
            Event::Approved { correction_number } => self.approved.push(correction_number.clone()),
            Event::ApprovalWithdrawn { correction_number } => {
                self.approved.retain(|number| number != correction_number);
            }
            Event::OutOfScope { out_of_scope } => self.out_of_scope = *out_of_scope,
            Event::Opened { .. }
            | Event::Dispatched { .. }
            | Event::Noted { .. }
            | Event::Replayed { .. }
            | Event::Voided => {}
        }
    }

    /// What parts cost party A, cents.
    pub fn billable_cents(&self) -> i64 {
        self.parts
            .iter()
            .filter(|part| part.billable)
            .map(|part| part.unit_price_cents.saturating_mul(i64::from(part.quantity)))
            .fold(0, i64::saturating_add)
    }

    /// Whether the form and the approval of the information section must come before any work, and why.
    pub fn approval(&self, edition: &Edition) -> Result<(bool, Derivation), TermsError> {
        let touches = desk::Touches {
            medical_document: self.touches.medical_document,
            database_change: self.touches.database_change || self.class == Class::DataCorrection,
            amount: self.touches.amount_cents.map(Cents::new).transpose()?,
        };
        let found = desk::approval_needed(&edition.contract, touches);
        Ok((found.value, found.derivation))
    }

    /// The clocks at `now`: the response always; the handling where the contract or an agreement sets a limit.
    pub fn clocks(
        &self,
        book: &Book,
        edition: &Edition,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<Vec<Clock>, TermsError> {
        let time = book.working_time(edition, organisation, self.opened_at);
        let opened = self.opened_at.local();
        let answered = self.responded_at.map(|at| at.max(self.opened_at).local());
        let ended = self.cancelled_at;
        let response = desk::first_response(&edition.contract, time, opened, answered)?;
        let mut clocks = vec![Clock::at(
            "response",
            "wall_clock",
            Moments {
                started_at: self.opened_at,
                due: response.value.due,
                stopped_at: self.responded_at.or(ended),
                pauses: Vec::new(),
            },
            response.derivation,
            now,
        )];
        if self.class == Class::Question || self.agreed_due.is_some() {
            let handled = self.resolved_at.map(|at| at.max(self.opened_at).local());
            let agreed = self.agreed_due.map(Timestamp::local);
            let found = desk::question(&edition.contract, time, opened, answered, agreed, handled)?;
            let started_at = self.responded_at.unwrap_or(self.opened_at);
            clocks.push(Clock::at(
                "handling",
                if self.agreed_due.is_some() { "agreed_deadline" } else { "wall_clock" },
                Moments {
                    started_at,
                    due: found.value.due,
                    stopped_at: self.resolved_at.or(ended),
                    pauses: self.pauses.clone(),
                },
                found.derivation,
                now,
            ));
        }
        Ok(clocks)
    }
}
