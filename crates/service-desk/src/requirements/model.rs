//! What can happen to a requirement, and the state that follows.
//!
//! ```text
//! registered ──answer──▶ answered ──(a date agreed)──▶ working ──deliver──▶ delivered ──accept──▶ accepted
//!                           │                             ▲                     │
//!                           └── decline ▶ declined        └────── reject ───────┘
//! withdraw: from every open state
//! ```
//!
//! Ordinary or complex is for both parties to say; until they have, it counts as ordinary. A date counts when both have
//! agreed on it (6(2)); without one there is no delay (6(3)). Agreed anew before it has passed, a date is replaced; agreed
//! anew afterwards, it was missed all the same. A complaint is about one missed date.

use crate::book::{Book, Edition};
use crate::clock::{Clock, Moments};
use crate::journal::{Entry, standing};
use jiff::civil::{Date, DateTime};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use service_terms::requirements::{self, Complaint, Feedback, FeedbackFine, Kind};
use service_terms::{Assessed, Derivation, TermsError};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! words {
    ($(#[$doc:meta])* $kind:ident as $schema:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = $schema)]
        pub enum $kind { $($variant),+ }

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

words!(
    /// Where a requirement stands.
    State as RequirementState {
        Registered = "registered", Answered = "answered", Working = "working", Delivered = "delivered",
        Accepted = "accepted", Declined = "declined", Withdrawn = "withdrawn"
    }
);
words!(
    /// Ordinary ones are answered within 24 hours, complex ones within 72.
    Size as RequirementKind { Ordinary = "ordinary", Complex = "complex" }
);
words!(
    /// Who speaks.
    Party as ServiceParty { A = "a", B = "b" }
);
words!(
    /// To whom somebody complained.
    ComplaintTo as RequirementComplaint { CityGovernment = "city_government", HealthBureau = "health_bureau" }
);

impl Party {
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

impl Size {
    pub fn kind(self) -> Kind {
        match self {
            Self::Ordinary => Kind::Ordinary,
            Self::Complex => Kind::Complex,
        }
    }
}

impl ComplaintTo {
    pub fn term(self) -> Complaint {
        match self {
            Self::CityGovernment => Complaint::CityGovernment,
            Self::HealthBureau => Complaint::HealthBureau,
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Registered,
    KindProposed {
        kind: Size,
        party: Party,
    },
    KindConfirmed {
        party: Party,
    },
    Answered {
        feasible: bool,
        expected_finish: Option<String>,
        extra_cost_cents: i64,
        answer: String,
    },
    DateProposed {
        milestone: Uuid,
        name: String,
        due: Date,
        party: Party,
    },
    DateAccepted {
        milestone: Uuid,
        party: Party,
    },
    DateDeclined {
        milestone: Uuid,
        party: Party,
    },
    Reached {
        milestone: Uuid,
    },
    Complained {
        milestone: Uuid,
        to: ComplaintTo,
        evidence: String,
        /// The missed date that it is about; entries from before this was kept have none.
        #[serde(default)]
        due: Option<Date>,
        /// The file that shows it.
        #[serde(default)]
        attachment_id: Option<Uuid>,
    },
    BusinessAffected {
        milestone: Uuid,
        evidence: String,
        #[serde(default)]
        due: Option<Date>,
        #[serde(default)]
        attachment_id: Option<Uuid>,
    },
    Compensated {
        amount_cents: i64,
    },
    Delivered {
        note: String,
    },
    Rejected,
    Accepted,
    Declined,
    Withdrawn,
    Noted {
        text: String,
    },
    Escalated {
        clock: String,
        percent: i32,
        told: Vec<String>,
    },
    Replayed {
        cause: String,
        changes: Vec<String>,
    },
    /// Takes the place of an entry that should not have been made.
    Struck,
}

/// A date that both parties agreed on.
#[derive(Clone, Debug, PartialEq)]
pub struct AgreedDate {
    pub due: Date,
    pub agreed_at: Timestamp,
    /// When a later agreement replaced it.
    pub replaced_at: Option<Timestamp>,
}

/// What raises the fine of a missed date: a complaint, or harm to business.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggravation {
    /// To whom was complained; none for harm to business.
    pub complained_to: Option<ComplaintTo>,
    pub evidence: String,
    pub at: Timestamp,
    pub due: Option<Date>,
    pub attachment_id: Option<Uuid>,
}

/// A part of the work with its dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Milestone {
    pub id: Uuid,
    pub name: String,
    pub dates: Vec<AgreedDate>,
    pub proposed: Option<(Date, Party)>,
    pub reached_at: Option<Timestamp>,
    pub aggravations: Vec<Aggravation>,
}

/// The end of a day: its 24:00.
pub fn end_of(day: Date) -> Timestamp {
    let next = day.tomorrow().unwrap_or(day);
    Timestamp::start_of_local_date(next)
}

impl Milestone {
    /// The agreed dates that were missed by `now`.
    pub fn missed(&self, now: Timestamp) -> Vec<&AgreedDate> {
        self.dates
            .iter()
            .filter(|date| {
                let end = end_of(date.due);
                let until = self
                    .reached_at
                    .unwrap_or(now)
                    .min(date.replaced_at.unwrap_or(Timestamp::from_micros(i64::MAX)));
                until > end
            })
            .collect()
    }

    /// The date that an aggravation is about: the one it names, else the latest that had been missed when it was entered,
    /// else the first that was missed at all.
    pub fn date_of(&self, aggravation: &Aggravation, until: Timestamp) -> Option<Date> {
        let latest = || self.missed(aggravation.at).last().map(|date| date.due);
        let first = || self.missed(until).first().map(|date| date.due);
        aggravation.due.or_else(latest).or_else(first)
    }

    /// The date that counts now.
    pub fn current(&self) -> Option<&AgreedDate> {
        self.dates.iter().rfind(|date| date.replaced_at.is_none())
    }
}

/// A requirement as its journal tells it.
#[derive(Clone, Debug)]
pub struct Requirement {
    pub state: State,
    pub received_at: Timestamp,
    pub kind: Size,
    pub kind_confirmed: bool,
    pub kind_proposed: Option<(Size, Party)>,
    pub answer: Option<(Timestamp, bool, Option<String>, i64, String)>,
    /// The first delivery.
    pub delivered_at: Option<Timestamp>,
    pub milestones: Vec<Milestone>,
    pub compensation_cents: i64,
    pub ended_at: Option<Timestamp>,
    pub escalated: Vec<(String, i32)>,
}

/// The state after the entries that stand.
pub fn fold(entries: &[Entry<Event>]) -> Option<Requirement> {
    let standing = standing(entries);
    let received_at = standing.iter().find(|e| e.what == Event::Registered)?.at;
    let mut requirement = Requirement {
        state: State::Registered,
        received_at,
        kind: Size::Ordinary,
        kind_confirmed: false,
        kind_proposed: None,
        answer: None,
        delivered_at: None,
        milestones: Vec::new(),
        compensation_cents: 0,
        ended_at: None,
        escalated: Vec::new(),
    };
    for entry in standing {
        requirement.apply(entry);
    }
    Some(requirement)
}

impl Requirement {
    pub fn milestone(&self, id: Uuid) -> Option<&Milestone> {
        self.milestones.iter().find(|milestone| milestone.id == id)
    }

    fn change(&mut self, id: Uuid, change: impl FnOnce(&mut Milestone)) {
        if let Some(milestone) = self.milestones.iter_mut().find(|milestone| milestone.id == id) {
            change(milestone);
        }
    }

    fn apply(&mut self, entry: &Entry<Event>) {
        let at = entry.at;
        match &entry.what {
            Event::KindProposed { kind, party } => self.kind_proposed = Some((*kind, *party)),
            Event::KindConfirmed { party } => {
                if let Some((kind, _)) = self.kind_proposed.take_if(|(_, by)| by != party) {
                    (self.kind, self.kind_confirmed) = (kind, true);
                }
            }
            Event::Answered { feasible, expected_finish, extra_cost_cents, answer } => {
                // The first answer counts for its limit; a later one replaces its content.
                let first = self.answer.as_ref().map_or(at, |(first, ..)| *first);
                self.answer =
                    Some((first, *feasible, expected_finish.clone(), *extra_cost_cents, answer.clone()));
                if self.state == State::Registered {
                    self.state = State::Answered;
                }
            }
            Event::DateProposed { milestone, name, due, party } => {
                if self.milestone(*milestone).is_none() {
                    self.milestones.push(Milestone {
                        id: *milestone,
                        name: name.clone(),
                        dates: Vec::new(),
                        proposed: None,
                        reached_at: None,
                        aggravations: Vec::new(),
                    });
                }
                self.change(*milestone, |m| m.proposed = Some((*due, *party)));
            }
            Event::DateAccepted { milestone, party } => {
                let mut agreed = false;
                self.change(*milestone, |m| {
                    if let Some((due, _)) = m.proposed.take_if(|(_, by)| by != party) {
                        if let Some(before) = m.dates.iter_mut().rfind(|d| d.replaced_at.is_none()) {
                            before.replaced_at = Some(at);
                        }
                        m.dates.push(AgreedDate { due, agreed_at: at, replaced_at: None });
                        agreed = true;
                    }
                });
                if agreed {
                    // Another date, another clock: nobody has been told of it.
                    let number = self.milestones.iter().position(|m| m.id == *milestone).map_or(0, |n| n + 1);
                    self.escalated.retain(|(name, _)| *name != format!("milestone_{number}"));
                }
                if agreed && matches!(self.state, State::Registered | State::Answered) {
                    self.state = State::Working;
                }
            }
            Event::DateDeclined { milestone, .. } => self.change(*milestone, |m| m.proposed = None),
            Event::Reached { milestone } => self.change(*milestone, |m| m.reached_at = Some(at)),
            Event::Complained { milestone, to, evidence, due, attachment_id } => {
                self.aggravate(*milestone, Some(*to), evidence, at, (*due, *attachment_id));
            }
            Event::BusinessAffected { milestone, evidence, due, attachment_id } => {
                self.aggravate(*milestone, None, evidence, at, (*due, *attachment_id));
            }
            Event::Compensated { amount_cents } => self.compensation_cents = *amount_cents,
            Event::Delivered { .. } => {
                self.delivered_at.get_or_insert(at);
                self.state = State::Delivered;
            }
            Event::Rejected => self.state = State::Working,
            Event::Accepted => self.end(State::Accepted, at),
            Event::Declined => self.end(State::Declined, at),
            Event::Withdrawn => self.end(State::Withdrawn, at),
            Event::Escalated { clock, percent, .. } => self.escalated.push((clock.clone(), *percent)),
            Event::Registered | Event::Noted { .. } | Event::Replayed { .. } | Event::Struck => {}
        }
    }

    fn aggravate(
        &mut self,
        milestone: Uuid,
        complained_to: Option<ComplaintTo>,
        evidence: &str,
        at: Timestamp,
        (due, attachment_id): (Option<Date>, Option<Uuid>),
    ) {
        let evidence = evidence.to_owned();
        self.change(milestone, |m| {
            m.aggravations.push(Aggravation { complained_to, evidence, at, due, attachment_id });
        });
    }

    fn end(&mut self, state: State, at: Timestamp) {
        self.state = state;
        self.ended_at = Some(at);
    }

    /// Up to when dates can be missed: the end, or now.
    pub fn until(&self, now: Timestamp) -> Timestamp {
        self.ended_at.unwrap_or(now)
    }

    /// When the feedback was given, or when the requirement was delivered or ended without one. An agreed date is none: it
    /// says nothing of the cost (附件1 1.3.2-6(1)).
    pub fn feedback_stop(&self) -> Option<(&'static str, Timestamp)> {
        let answered = self.answer.as_ref().map(|(at, ..)| ("answered", *at));
        answered.or_else(|| {
            let delivered = self.delivered_at.map(|at| ("delivered", at));
            let ended = self.ended_at.map(|at| (self.state.as_str(), at));
            delivered.into_iter().chain(ended).min_by_key(|(_, at)| *at)
        })
    }

    /// What a late feedback costs at `now`.
    pub fn feedback_fine(
        &self,
        book: &Book,
        edition: &Edition,
        now: Timestamp,
    ) -> Result<Assessed<FeedbackFine>, TermsError> {
        let feedback = match self.feedback_stop() {
            Some(("answered", at)) => Feedback::Given(at.local()),
            Some((act, at)) => Feedback::Never { act, at: at.local() },
            None => Feedback::NotYet(now.max(self.received_at).local()),
        };
        let (kind, received) = (self.kind.kind(), self.received_at.local());
        requirements::feedback_fine(&edition.contract, &book.calendar, kind, received, feedback)
    }

    /// Until when the feedback is due.
    pub fn feedback_due(&self, book: &Book, edition: &Edition) -> Result<(DateTime, Derivation), TermsError> {
        let found = requirements::feedback_due(
            &edition.contract,
            &book.calendar,
            self.kind.kind(),
            self.received_at.local(),
        )?;
        Ok((found.value, found.derivation))
    }

    /// The clocks at `now`: the feedback, and each milestone with an agreed date.
    pub fn clocks(&self, book: &Book, edition: &Edition, now: Timestamp) -> Result<Vec<Clock>, TermsError> {
        let (due, derivation) = self.feedback_due(book, edition)?;
        let moments = Moments {
            started_at: self.received_at,
            due,
            stopped_at: self.feedback_stop().map(|(_, at)| at),
            pauses: Vec::new(),
        };
        let mut clocks = vec![Clock::at("feedback", "wall_clock", moments, derivation, now)];
        for (n, milestone) in self.milestones.iter().enumerate() {
            let Some(date) = milestone.current() else { continue };
            let moments = Moments {
                started_at: date.agreed_at,
                due: end_of(date.due).local(),
                stopped_at: milestone.reached_at.or(self.ended_at),
                pauses: Vec::new(),
            };
            let derivation = Derivation::agreed("requirement_milestone_due", "附件1 1.3.2-6(2)", date.due);
            clocks.push(Clock::at(
                &format!("milestone_{}", n + 1),
                "agreed_deadline",
                moments,
                derivation,
                now,
            ));
        }
        Ok(clocks)
    }
}
