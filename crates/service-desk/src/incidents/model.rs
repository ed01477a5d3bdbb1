//! What can happen to an incident, and the state that follows.
//!
//! ```text
//! handling ──restore──▶ restored ──submit_report──▶ reported ──accept_report──▶ closed
//!     ▲                    │  ▲                         │
//!     └───── fail_again ───┘  └───── return_report ─────┘
//! void: from every state, with a reason; it counts and costs nothing then
//! ```
//!
//! An ordinary incident (S4) needs no report: restored, and the information section told of it, it is closed. Should a panel
//! decide later that it was graver, it is open again until its report is accepted.
//!
//! The clock starts with the earliest evidence, alarm or report, and never pauses. The severity is what the contract's words
//! give for the evidence, unless a panel decided otherwise; both stay visible.

use crate::book::Edition;
use crate::clock::{Clock, Moments};
use crate::journal::{Entry, standing};
use kernel::{OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};
use service_terms::incidents::{self, Evidence, Severity};
use service_terms::{Assessed, TermsError};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IncidentState)]
pub enum State {
    Handling,
    Restored,
    Reported,
    Closed,
    Void,
}

impl State {
    pub const ALL: [Self; 5] = [Self::Handling, Self::Restored, Self::Reported, Self::Closed, Self::Void];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Handling => "handling",
            Self::Restored => "restored",
            Self::Reported => "reported",
            Self::Closed => "closed",
            Self::Void => "void",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// An institution that was affected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentAffected)]
pub struct Affected {
    pub organisation_id: OrganisationId,
    /// Filled in by the program.
    #[serde(default)]
    pub name: String,
    /// Whether it could not do its core business.
    pub stopped: bool,
}

/// The four parts of the report, and the cause that party B names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentReport)]
pub struct Report {
    /// 事件原因
    #[serde(default)]
    pub cause: String,
    /// 原因分析
    #[serde(default)]
    pub analysis: String,
    /// 处置过程
    #[serde(default)]
    pub handling: String,
    /// 防范措施
    #[serde(default)]
    pub prevention: String,
    #[serde(default)]
    pub cause_code: Option<String>,
}

/// What the contract's words are about, as people judged it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentEvidence)]
pub struct EvidenceInput {
    /// Institutions connected to the subsystem.
    pub connected_institutions: u32,
    /// Of them, primary institutions that cannot do their core business.
    pub primary_stopped: u32,
    /// Of them, institutions of the second level or above that cannot.
    pub secondary_stopped: u32,
    #[serde(default)]
    #[schema(value_type = String)]
    pub data_harm: incidents::DataHarm,
    #[serde(default)]
    #[schema(value_type = String)]
    pub impact: incidents::Impact,
}

impl From<EvidenceInput> for Evidence {
    fn from(input: EvidenceInput) -> Self {
        Self {
            connected_institutions: input.connected_institutions,
            primary_stopped: input.primary_stopped,
            secondary_stopped: input.secondary_stopped,
            data_harm: input.data_harm,
            impact: input.impact,
        }
    }
}

/// How somebody first dealt with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IncidentResponse)]
pub enum Way {
    Remote,
    OnSite,
}

/// Who has to be told within 24 hours (附件2 十六).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = IncidentNoticeTo)]
pub enum NoticeTo {
    /// The competent authorities.
    Authorities,
    /// The carrier, in writing.
    Carrier,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Declared {
        evidence: EvidenceInput,
        affected: Vec<Affected>,
        also_affects: Vec<String>,
    },
    /// Monitoring saw it; the entry's time is the alarm's.
    FirstAlarm {
        source: String,
    },
    /// Somebody reported it; the entry's time is the report's.
    FirstReport {
        by: String,
    },
    Judged {
        evidence: EvidenceInput,
        affected: Vec<Affected>,
    },
    Overridden {
        severity: Severity,
        /// The file with the panel's minutes.
        #[serde(default)]
        minutes_id: Option<Uuid>,
    },
    OverrideWithdrawn,
    /// The information section was told of an ordinary incident.
    Informed {
        recipient: String,
    },
    Responded {
        way: Way,
    },
    Measure {
        text: String,
    },
    Restored {
        note: Option<String>,
    },
    FailedAgain,
    ReportSubmitted {
        report: Report,
    },
    ReportReturned,
    ReportAccepted {
        cause_code: String,
    },
    Noticed {
        to: NoticeTo,
        recipient: String,
        evidence: String,
    },
    TicketLinked {
        ticket_id: Uuid,
        number: String,
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
    Voided,
    /// Takes the place of an entry that should not have been made.
    Struck,
}

/// What a panel decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    pub severity: Severity,
    pub by_name: String,
    pub reason: Option<String>,
    pub minutes_id: Option<Uuid>,
}

/// An incident as its journal tells it.
#[derive(Clone, Debug)]
pub struct Incident {
    pub state: State,
    pub declared_at: Timestamp,
    pub evidence: EvidenceInput,
    pub affected: Vec<Affected>,
    pub also_affects: Vec<String>,
    pub first_alarm: Option<Timestamp>,
    pub first_report: Option<Timestamp>,
    pub overridden: Option<Override>,
    /// When the information section was told, and who there.
    pub informed: Option<(Timestamp, String)>,
    pub responded: Option<(Timestamp, Way)>,
    pub restored_at: Option<Timestamp>,
    pub report: Option<(Timestamp, Report)>,
    pub accepted_cause: Option<String>,
    pub notices: Vec<(NoticeTo, Timestamp, String, String, String)>,
    pub tickets: Vec<(Uuid, String)>,
    pub escalated: Vec<(String, i32)>,
}

/// The state after the entries that stand.
pub fn fold(entries: &[Entry<Event>]) -> Option<Incident> {
    let standing = standing(entries);
    let (declared_at, evidence, affected, also_affects) =
        standing.iter().find_map(|entry| match &entry.what {
            Event::Declared { evidence, affected, also_affects } => {
                Some((entry.at, *evidence, affected.clone(), also_affects.clone()))
            }
            _ => None,
        })?;
    let mut incident = Incident {
        state: State::Handling,
        declared_at,
        evidence,
        affected,
        also_affects,
        first_alarm: None,
        first_report: None,
        overridden: None,
        informed: None,
        responded: None,
        restored_at: None,
        report: None,
        accepted_cause: None,
        notices: Vec::new(),
        tickets: Vec::new(),
        escalated: Vec::new(),
    };
    for entry in standing {
        incident.apply(entry);
    }
    // Whether a report is needed depends on the severity that counts in the end.
    let ordinary = incident.severity().is_ok_and(|severity| severity == Severity::S4);
    if ordinary && incident.state == State::Restored && incident.informed.is_some() {
        incident.state = State::Closed;
    }
    Some(incident)
}

impl Incident {
    fn apply(&mut self, entry: &Entry<Event>) {
        let at = entry.at;
        if self.state == State::Void {
            return;
        }
        match &entry.what {
            Event::FirstAlarm { .. } => self.first_alarm = Some(self.first_alarm.map_or(at, |t| t.min(at))),
            Event::FirstReport { .. } => {
                self.first_report = Some(self.first_report.map_or(at, |t| t.min(at)))
            }
            Event::Judged { evidence, affected } => {
                self.evidence = *evidence;
                self.affected.clone_from(affected);
            }
            Event::Overridden { severity, minutes_id } => {
                self.overridden = Some(Override {
                    severity: *severity,
                    by_name: entry.by_name.clone(),
                    reason: entry.reason.clone(),
                    minutes_id: *minutes_id,
                });
            }
            Event::OverrideWithdrawn => self.overridden = None,
            Event::Informed { recipient } => self.informed = Some((at, recipient.clone())),
            Event::Responded { way } => {
                self.responded.get_or_insert((at, *way));
            }
            Event::Restored { .. } => {
                self.restored_at = Some(at);
                self.state = State::Restored;
            }
            Event::FailedAgain => {
                self.restored_at = None;
                self.state = State::Handling;
            }
            Event::ReportSubmitted { report } => {
                // The first submission counts for its limit, whatever is returned and amended.
                let first = self.report.as_ref().map_or(at, |(first, _)| *first);
                self.report = Some((first, report.clone()));
                self.state = State::Reported;
            }
            Event::ReportReturned => self.state = State::Restored,
            Event::ReportAccepted { cause_code } => {
                self.accepted_cause = Some(cause_code.clone());
                self.state = State::Closed;
            }
            Event::Noticed { to, recipient, evidence } => {
                self.notices.retain(|(known, ..)| known != to);
                self.notices.push((*to, at, recipient.clone(), evidence.clone(), entry.by_name.clone()));
            }
            Event::TicketLinked { ticket_id, number } => self.tickets.push((*ticket_id, number.clone())),
            Event::Escalated { clock, percent, .. } => self.escalated.push((clock.clone(), *percent)),
            Event::Voided => self.state = State::Void,
            Event::Declared { .. } | Event::Measure { .. } | Event::Replayed { .. } | Event::Struck => {}
        }
    }

    /// The earliest evidence; the declaration where there is no other.
    pub fn started_at(&self) -> Timestamp {
        [self.first_alarm, self.first_report].into_iter().flatten().min().unwrap_or(self.declared_at)
    }

    /// What the contract's words give.
    pub fn computed(&self) -> Result<Assessed<Severity>, TermsError> {
        incidents::severity(&self.evidence.into())
    }

    /// What counts.
    pub fn severity(&self) -> Result<Severity, TermsError> {
        match &self.overridden {
            Some(panel) => Ok(panel.severity),
            None => Ok(self.computed()?.value),
        }
    }

    /// Whether authorities and carrier must be told (附件2 十六: a serious incident, or data of people harmed).
    pub fn notice_needed(&self) -> Result<bool, TermsError> {
        Ok(self.severity()? <= Severity::S2 || self.evidence.data_harm != incidents::DataHarm::None)
    }

    /// When the later of both notices was confirmed.
    pub fn noticed_at(&self) -> Option<Timestamp> {
        let at = |to: NoticeTo| self.notices.iter().find(|(known, ..)| *known == to).map(|(_, at, ..)| *at);
        at(NoticeTo::Authorities).zip(at(NoticeTo::Carrier)).map(|(a, b)| a.max(b))
    }

    /// Whether it was restored after the limit; none while it runs, or without a limit.
    pub fn late(&self, edition: &Edition) -> Result<Option<bool>, TermsError> {
        Ok(self.clock(edition)?.value.late)
    }

    /// The same with what is certain at `now` though it still runs: past its limit it can only be late.
    pub fn late_at(&self, edition: &Edition, now: Timestamp) -> Result<bool, TermsError> {
        let clock = self.clock(edition)?.value;
        Ok(clock.late.unwrap_or_else(|| clock.restore_by.is_some_and(|limit| now.local() > limit)))
    }

    fn clock(&self, edition: &Edition) -> Result<Assessed<incidents::IncidentClock>, TermsError> {
        let first = self.started_at();
        let (alarm, report) =
            (self.first_alarm, self.first_report.or((self.first_alarm.is_none()).then_some(first)));
        let restored = self.restored_at.map(|at| at.max(first).local());
        incidents::incident_clock(
            &edition.contract,
            self.severity()?,
            alarm.map(Timestamp::local),
            report.map(Timestamp::local),
            restored,
        )
    }

    /// The clocks at `now`: restoration, report, notice, as far as the severity has them.
    pub fn clocks(&self, edition: &Edition, now: Timestamp) -> Result<Vec<Clock>, TermsError> {
        if self.state == State::Void {
            return Ok(Vec::new());
        }
        let found = self.clock(edition)?;
        let started_at = self.started_at();
        let clock = |name: &str, due, stopped_at| {
            let moments = Moments { started_at, due, stopped_at, pauses: Vec::new() };
            Clock::at(name, "wall_clock", moments, found.derivation.clone(), now)
        };
        let mut clocks = Vec::new();
        if let Some(due) = found.value.restore_by {
            clocks.push(clock("restoration", due, self.restored_at));
        }
        if let Some(due) = found.value.report_by {
            clocks.push(clock("report", due, self.report.as_ref().map(|(at, _)| *at)));
        }
        if self.notice_needed()? {
            clocks.push(clock("notice", found.value.notify_by, self.noticed_at()));
        }
        Ok(clocks)
    }
}
