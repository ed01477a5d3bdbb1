//! Use cases of incidents.

use super::counting;
use super::jobs;
use super::model::{Affected, Event, EvidenceInput, Incident, NoticeTo, Report, State, fold};
use super::store::{self, IncidentRow};
use super::wire::{IncidentInput, Step};
use super::words;
use crate::ServiceDesk;
use crate::access::{self, INCIDENT_REVIEW, INCIDENT_WORK, TICKET_READ, optional, required};
use crate::attachments;
use crate::book::{Book, Edition, terms_error};
use crate::clock::Clock;
use crate::journal::{self, Entry, New, Subject};
use crate::notices;
use crate::tickets;
use kernel::{AccountId, Error, IncidentId, Result, ServiceTicketId, Timestamp};
use platform::{Action, AuditEntry, Ctx, Tx};
use ports::service::ServiceRecordChanged;
use service_terms::incidents::{Evidence, Severity};
use uuid::Uuid;

const INCIDENT: &str = "service_incident";
const LONGEST_TEXT: usize = 8000;
/// More institutions than the region has.
const MOST_AFFECTED: usize = 500;

pub fn subject(id: Uuid) -> Subject {
    Subject { kind: "incident", id }
}

/// Name of a step.
fn step_name(step: &Step) -> &'static str {
    match step {
        Step::Alarm { .. } => "alarm",
        Step::Report { .. } => "report",
        Step::Judge { .. } => "judge",
        Step::Override { .. } => "override",
        Step::WithdrawOverride { .. } => "withdraw_override",
        Step::Respond { .. } => "respond",
        Step::Measure { .. } => "measure",
        Step::Restore { .. } => "restore",
        Step::FailAgain { .. } => "fail_again",
        Step::SaveReport { .. } => "save_report",
        Step::SubmitReport { .. } => "submit_report",
        Step::ReturnReport { .. } => "return_report",
        Step::AcceptReport { .. } => "accept_report",
        Step::Inform { .. } => "inform",
        Step::Notice { .. } => "notice",
        Step::LinkTicket { .. } => "link_ticket",
        Step::Void { .. } => "void",
        Step::Correct { .. } => "correct",
    }
}

/// Every step with the permission that it needs, one of these, and the states in which it makes sense.
pub const STEPS: &[(&str, &[Action], &[State])] = {
    use State::{Closed, Handling, Reported, Restored};
    const OPEN: &[State] = &[Handling, Restored, Reported];
    const ANY: &[State] = &[Handling, Restored, Reported, Closed];
    const BOTH: &[Action] = &[INCIDENT_WORK, INCIDENT_REVIEW];
    &[
        ("alarm", BOTH, OPEN),
        ("report", BOTH, OPEN),
        ("judge", BOTH, OPEN),
        ("override", &[INCIDENT_REVIEW], ANY),
        ("withdraw_override", &[INCIDENT_REVIEW], ANY),
        ("respond", &[INCIDENT_WORK], OPEN),
        ("measure", &[INCIDENT_WORK], OPEN),
        ("restore", &[INCIDENT_WORK], &[Handling]),
        ("fail_again", BOTH, &[Restored, Reported]),
        ("save_report", &[INCIDENT_WORK], &[Handling, Restored]),
        ("submit_report", &[INCIDENT_WORK], &[Restored]),
        ("return_report", &[INCIDENT_REVIEW], &[Reported]),
        ("accept_report", &[INCIDENT_REVIEW], &[Reported]),
        ("inform", &[INCIDENT_WORK], &[Handling, Restored]),
        ("notice", BOTH, ANY),
        ("link_ticket", BOTH, ANY),
        ("void", &[INCIDENT_REVIEW], ANY),
        ("correct", &[INCIDENT_REVIEW], ANY),
    ]
};

/// An incident that the caller may read.
pub async fn visible(ctx: &Ctx, id: IncidentId) -> Result<IncidentRow> {
    let scope = ctx.scope(TICKET_READ).await?;
    let found = store::find(&ctx.platform().db().read(), id.uuid()).await?;
    access::visible(found, &scope, |row| row.organisation_path.as_str(), "incident")
}

/// Evidence that people entered, checked by the rule that judges it.
pub fn checked(evidence: EvidenceInput) -> Result<Severity> {
    let evidence: Evidence = evidence.into();
    let judged = service_terms::incidents::severity(&evidence);
    judged.map(|found| found.value).map_err(|e| Error::field("evidence", e.code(), e.to_string()))
}

fn report_checked(report: &Report, complete: bool) -> Result<Report> {
    let part = |field: &str, text: &str| {
        if complete {
            required(field, text, LONGEST_TEXT)
        } else {
            Ok(optional(field, Some(text), LONGEST_TEXT)?.unwrap_or_default())
        }
    };
    if let Some(code) = &report.cause_code {
        words::cause(code)?;
    } else if complete {
        return Err(Error::field("cause_code", "required", "which category does the cause belong to?"));
    }
    Ok(Report {
        cause: part("cause", &report.cause)?,
        analysis: part("analysis", &report.analysis)?,
        handling: part("handling", &report.handling)?,
        prevention: part("prevention", &report.prevention)?,
        cause_code: report.cause_code.clone(),
    })
}

impl ServiceDesk {
    async fn named(&self, affected: Vec<Affected>) -> Result<Vec<Affected>> {
        if affected.len() > MOST_AFFECTED {
            return Err(Error::field(
                "affected",
                "too_long",
                format!("at most {MOST_AFFECTED} institutions"),
            ));
        }
        let ids: Vec<_> = affected.iter().map(|a| a.organisation_id).collect();
        let names = self.organisation_names(&ids).await?;
        affected
            .into_iter()
            .map(|a| {
                let name = names.get(&a.organisation_id.uuid()).cloned();
                let name = name.ok_or_else(|| {
                    Error::field("affected", "organisation_unknown", "there is no such institution")
                })?;
                Ok(Affected { name, ..a })
            })
            .collect()
    }

    /// Declares an incident. It lies at the region of its contract.
    pub async fn declare_incident(&self, ctx: &Ctx, input: IncidentInput) -> Result<IncidentId> {
        let scope = ctx.scope(TICKET_READ).await?;
        let alarm = input.first_alarm.map(|at| journal::moment(ctx, Some(at))).transpose()?;
        let report = input.first_report.map(|at| journal::moment(ctx, Some(at))).transpose()?;
        let started = [alarm, report].into_iter().flatten().min().unwrap_or_else(|| ctx.now());
        let severity = checked(input.evidence)?;
        let affected = self.named(input.affected).await?;
        let book = Book::load(&ctx.platform().db().read()).await?;
        let own = ctx.principal().organisation_path().unwrap_or_default().to_owned();
        let edition = book.in_force(&own, started)?;
        let path = edition.organisation_path.clone();
        let action = if access::may(ctx, INCIDENT_WORK, &path)? { INCIDENT_WORK } else { INCIDENT_REVIEW };
        ctx.authorize(action, &access::resource(INCIDENT, None, &path)?).await?;
        let mut tx = ctx.platform().begin().await?;
        let code = |field: &str, code: &str| {
            let item =
                edition.contract.item(code).map_err(|e| Error::field(field, e.code(), e.to_string()))?;
            Ok::<_, Error>(item.code.clone())
        };
        let also = input.also_affects.iter().map(|c| code("also_affects", c)).collect::<Result<Vec<_>>>()?;
        let mut row = IncidentRow {
            id: ctx.platform().new_uuid(),
            number: journal::next_number(&tx.exec(), "SJ", started).await?,
            contract_id: edition.contract_id.uuid(),
            contract_version: edition.version,
            calendar_version: book.calendar_version(),
            organisation_path: path,
            item_code: code("item_code", &input.item_code)?,
            title: required("title", &input.title, 100)?,
            description: optional("description", Some(&input.description), LONGEST_TEXT)?.unwrap_or_default(),
            state: State::Handling.as_str().into(),
            severity: severity.as_str().into(),
            overridden: false,
            started_at: started.micros(),
            restored_at: None,
            restore_due_at: None,
            restored_late: None,
            report_due_at: None,
            reported_at: None,
            notice_due_at: None,
            notices_done_at: None,
            cause_code: None,
            cause_confirmed: false,
            occurrence: None,
            penalty_cents: None,
            next_due_at: None,
            opened_by: access::by(ctx),
            opened_by_name: ctx.principal().display_name.clone(),
            recorded_at: ctx.now().micros(),
            report_draft: None,
            row_version: 0,
        };
        store::insert(&tx.exec(), &row).await?;
        let source = optional("source", input.source.as_deref(), 100)?.unwrap_or_default();
        let mut news = vec![New::at(
            Event::Declared { evidence: input.evidence, affected, also_affects: also },
            ctx.now(),
        )];
        if let Some(at) = alarm {
            news.push(New::at(Event::FirstAlarm { source: source.clone() }, at));
        }
        if let Some(at) = report {
            news.push(New::at(Event::FirstReport { by: source }, at));
        }
        for ticket in input.tickets.unwrap_or_default() {
            news.push(New::now(ctx, linked(&tx, &scope, ticket).await?));
        }
        self.advance_incident(&mut tx, ctx, &book, &mut row, Vec::new(), news).await?;
        let roles = ["duty_engineer", "project_lead", "bureau_information"];
        self.announce(&mut tx, ctx, &row, "incident_declared", &roles).await?;
        note_change(&mut tx, ctx, &row, "declare", None).await?;
        tx.commit().await?;
        Ok(IncidentId(row.id))
    }

    /// Takes a step.
    pub async fn incident_step(&self, ctx: &Ctx, id: IncidentId, step: Step) -> Result<()> {
        let row = visible(ctx, id).await?;
        let scope = ctx.scope(TICKET_READ).await?;
        let name = step_name(&step);
        let found = STEPS.iter().find(|(known, _, _)| *known == name);
        let (_, actions, states) = found.ok_or_else(|| Error::internal("a step without a rule"))?;
        let action = access::first_allowed(ctx, actions, &row.organisation_path)?;
        ctx.authorize(action, &access::resource(INCIDENT, Some(row.id), &row.organisation_path)?).await?;
        let step = match step {
            Step::Judge { evidence, affected } => {
                Step::Judge { evidence, affected: self.named(affected).await? }
            }
            other => other,
        };

        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), row.id).await?;
        let entries = journal::load::<Event>(&tx.exec(), subject(row.id)).await?;
        let incident = fold(&entries).ok_or_else(|| Error::internal("an incident without a declaration"))?;
        if !states.contains(&incident.state) {
            let detail = format!("{name} is not possible while the incident is {}", incident.state.as_str());
            return Err(Error::conflict("state_conflict", detail).with("state", incident.state.as_str()));
        }
        let book = Book::load(&tx.exec()).await?;
        if let Step::SaveReport { report } = &step {
            let draft = report_checked(report, false)?;
            row.report_draft = Some(serde_json::to_string(&draft).map_err(Error::internal)?);
            store::update(&tx.exec(), &mut row).await?;
            note_change(&mut tx, ctx, &row, name, None).await?;
            return tx.commit().await;
        }
        if let Step::Override { minutes_id: Some(minutes), .. } = &step {
            let files = attachments::of(&tx.exec(), subject(row.id).kind, row.id).await?;
            if !files.iter().any(|file| file.id == *minutes && file.voided_at.is_none()) {
                let detail = "there is no such file at this incident";
                return Err(Error::field("minutes_id", "attachment_unknown", detail));
            }
        }
        let link = match &step {
            Step::LinkTicket { ticket_id } => Some(linked(&tx, &scope, *ticket_id).await?),
            _ => None,
        };
        let (new, reason) = news(ctx, &incident, &entries, step, link)?;
        if matches!(new.what, Event::ReportSubmitted { .. }) {
            row.report_draft = None;
        }
        self.advance_incident(&mut tx, ctx, &book, &mut row, entries, vec![new]).await?;
        match name {
            "submit_report" => {
                self.announce(&mut tx, ctx, &row, "incident_report_submitted", &["bureau_information"])
                    .await?;
            }
            "return_report" => {
                self.announce(&mut tx, ctx, &row, "incident_report_returned", &["project_lead"]).await?;
            }
            _ => {}
        }
        note_change(&mut tx, ctx, &row, name, reason.as_deref()).await?;
        tx.commit().await
    }

    /// Tells those who have to act next, but not whoever acted.
    async fn announce(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        row: &IncidentRow,
        code: &str,
        roles: &[&str],
    ) -> Result<()> {
        let told = self.directory.holders(roles, &row.organisation_path).await?;
        let accounts: Vec<AccountId> = told
            .into_iter()
            .map(|person| person.account_id)
            .filter(|account| Some(account.uuid()) != access::by(ctx))
            .collect();
        let params = serde_json::json!({"number": row.number, "title": row.title, "severity": row.severity});
        notices::tell(tx, ctx, &accounts, code, &params, subject(row.id)).await
    }

    /// Appends entries, computes everything anew, counts the contract's incidents and writes the projection.
    pub(super) async fn advance_incident(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        book: &Book,
        row: &mut IncidentRow,
        mut entries: Vec<Entry<Event>>,
        news: Vec<New<Event>>,
    ) -> Result<()> {
        for new in news {
            let seq = journal::next_seq(&entries);
            entries.push(journal::append(&tx.exec(), ctx, subject(row.id), seq, new).await?);
        }
        let before = row.clone();
        let incident = project(ctx, book, row, &entries)?;
        let changes = moved(&before, row);
        if entries.last().is_some_and(|entry| entry.corrects.is_some()) && !changes.is_empty() {
            let what = Event::Replayed { cause: "an entry was corrected".to_owned(), changes };
            let seq = journal::next_seq(&entries);
            entries.push(journal::append(&tx.exec(), ctx, subject(row.id), seq, New::now(ctx, what)).await?);
        }
        store::update(&tx.exec(), row).await?;
        counting::recount(tx, ctx, book, row.contract_id.into()).await?;
        *row = store::lock(&tx.exec(), row.id).await?;
        jobs::schedule(tx, ctx, book, row, &incident).await
    }
}

/// A ticket that the caller sees, as an entry.
async fn linked(tx: &Tx, scope: &platform::Scope, id: ServiceTicketId) -> Result<Event> {
    let found =
        tickets::brief(&tx.exec(), id).await?.filter(|brief| scope.contains(&brief.organisation_path));
    let found =
        found.ok_or_else(|| Error::field("ticket_id", "ticket_unknown", "there is no such ticket"))?;
    Ok(Event::TicketLinked { ticket_id: id.uuid(), number: found.number })
}

fn news(
    ctx: &Ctx,
    incident: &Incident,
    entries: &[Entry<Event>],
    step: Step,
    link: Option<Event>,
) -> Result<(New<Event>, Option<String>)> {
    let begun = incident.started_at();
    let at = |what: Event, at: Option<Timestamp>| -> Result<(New<Event>, Option<String>)> {
        let at = journal::moment(ctx, at)?;
        if at < begun {
            return Err(Error::field("at", "before_incident", "this lies before the incident began"));
        }
        Ok((New::at(what, at), None))
    };
    let because = |what: Event, reason: &str, at: Timestamp| -> Result<(New<Event>, Option<String>)> {
        let reason = required("reason", reason, 1000)?;
        Ok((New { what, at, corrects: None, reason: Some(reason.clone()) }, Some(reason)))
    };
    let now = ctx.now();
    match step {
        Step::Alarm { at, source } => {
            let source = required("source", &source, 100)?;
            Ok((New::at(Event::FirstAlarm { source }, journal::moment(ctx, Some(at))?), None))
        }
        Step::Report { at, by } => {
            let by = required("by", &by, 100)?;
            Ok((New::at(Event::FirstReport { by }, journal::moment(ctx, Some(at))?), None))
        }
        Step::Judge { evidence, affected } => {
            checked(evidence)?;
            Ok((New::now(ctx, Event::Judged { evidence, affected }), None))
        }
        Step::Override { severity, reason, minutes_id } => {
            let found = Severity::from_text(&severity)
                .ok_or_else(|| Error::field("severity", "severity_unknown", "S1, S2, S3 or S4"))?;
            because(Event::Overridden { severity: found, minutes_id }, &reason, now)
        }
        Step::WithdrawOverride { reason } => {
            if incident.overridden.is_none() {
                return Err(Error::conflict("no_override", "no panel has decided otherwise"));
            }
            because(Event::OverrideWithdrawn, &reason, now)
        }
        Step::Respond { way, at: when } => at(Event::Responded { way }, when),
        Step::Measure { text, at: when } => {
            at(Event::Measure { text: required("text", &text, LONGEST_TEXT)? }, when)
        }
        Step::Restore { at: when, note } => {
            at(Event::Restored { note: optional("note", note.as_deref(), LONGEST_TEXT)? }, when)
        }
        Step::FailAgain { at: when, reason } => {
            let moment = journal::moment(ctx, when)?;
            if incident.restored_at.is_some_and(|restored| moment < restored) {
                return Err(Error::field("at", "before_restoration", "this lies before the restoration"));
            }
            because(Event::FailedAgain, &reason, moment)
        }
        Step::SubmitReport { report } => {
            Ok((New::now(ctx, Event::ReportSubmitted { report: report_checked(&report, true)? }), None))
        }
        Step::ReturnReport { reason } => because(Event::ReportReturned, &reason, now),
        Step::AcceptReport { cause_code } => {
            words::cause(&cause_code)?;
            Ok((New::now(ctx, Event::ReportAccepted { cause_code }), None))
        }
        Step::Inform { recipient, at: when } => {
            if incident.severity().map_err(|e| terms_error(&e))? != Severity::S4 {
                let detail = "the graver ones need a report; telling the information section is not enough";
                return Err(Error::conflict("report_needed", detail));
            }
            at(Event::Informed { recipient: required("recipient", &recipient, 100)? }, when)
        }
        Step::Notice { to, recipient, evidence, at: when } => at(
            Event::Noticed {
                to,
                recipient: required("recipient", &recipient, 100)?,
                evidence: required("evidence", &evidence, 500)?,
            },
            when,
        ),
        Step::LinkTicket { .. } => {
            let what = link.ok_or_else(|| Error::internal("the ticket was looked up before"))?;
            let known = |id: &Uuid| incident.tickets.iter().any(|(known, _)| known == id);
            if matches!(&what, Event::TicketLinked { ticket_id, .. } if known(ticket_id)) {
                return Err(Error::conflict("ticket_linked", "this ticket is linked already"));
            }
            Ok((New::now(ctx, what), None))
        }
        Step::Void { reason } => because(Event::Voided, &reason, now),
        Step::Correct { event_id, at, reason } => {
            let reason = required("reason", &reason, 500)?;
            let entry = journal::correctable(entries, event_id)?;
            let what = match (&entry.what, at) {
                (Event::Declared { .. }, None) => {
                    return Err(Error::field("at", "required", "an incident that never was is voided"));
                }
                (Event::Replayed { .. } | Event::Struck | Event::Escalated { .. } | Event::Voided, _) => {
                    return Err(Error::field(
                        "event_id",
                        "entry_fixed",
                        "what the program itself entered, and a void, stay",
                    ));
                }
                (_, None) => Event::Struck,
                (what, Some(_)) => what.clone(),
            };
            let at = at.map_or(Ok(entry.at), |at| journal::moment(ctx, Some(at)))?;
            Ok((New { what, at, corrects: Some(event_id), reason: Some(reason.clone()) }, Some(reason)))
        }
        Step::SaveReport { .. } => Err(Error::internal("a draft is no entry")),
    }
}

/// Computes the row's projection from the journal, and returns what the journal tells.
pub fn project(ctx: &Ctx, book: &Book, row: &mut IncidentRow, entries: &[Entry<Event>]) -> Result<Incident> {
    let incident = fold(entries).ok_or_else(|| Error::internal("an incident without a declaration"))?;
    let started = incident.started_at();
    let edition: &Edition = book.of(row.contract_id.into(), started)?;
    let clocks = incident.clocks(edition, ctx.now()).map_err(|e| terms_error(&e))?;
    let find = |name: &str| clocks.iter().find(|clock| clock.name == name);
    let due = |name: &str| find(name).map(|clock: &Clock| clock.due_at.micros());
    row.contract_version = edition.version;
    row.calendar_version = book.calendar_version();
    row.state = incident.state.as_str().into();
    row.severity = incident.severity().map_err(|e| terms_error(&e))?.as_str().into();
    row.overridden = incident.overridden.is_some();
    row.started_at = started.micros();
    row.restored_at = incident.restored_at.map(Timestamp::micros);
    row.restore_due_at = due("restoration");
    row.restored_late = incident.late(edition).map_err(|e| terms_error(&e))?;
    row.report_due_at = due("report");
    row.reported_at = incident.report.as_ref().map(|(at, _)| at.micros());
    row.notice_due_at = due("notice");
    row.notices_done_at = incident.noticed_at().map(Timestamp::micros);
    row.cause_confirmed = incident.accepted_cause.is_some();
    row.cause_code = incident
        .accepted_cause
        .clone()
        .or_else(|| incident.report.as_ref().and_then(|(_, report)| report.cause_code.clone()));
    row.next_due_at = clocks.iter().filter(|c| c.is_running()).map(|c| c.due_at.micros()).min();
    Ok(incident)
}

fn moved(before: &IncidentRow, after: &IncidentRow) -> Vec<String> {
    let mut changes = Vec::new();
    let text =
        |at: Option<i64>| at.map_or_else(|| "none".to_owned(), |at| Timestamp::from_micros(at).local_text());
    for (name, a, b) in [
        ("started_at", Some(before.started_at), Some(after.started_at)),
        ("restored_at", before.restored_at, after.restored_at),
        ("restore_due_at", before.restore_due_at, after.restore_due_at),
        ("report_due_at", before.report_due_at, after.report_due_at),
        ("notice_due_at", before.notice_due_at, after.notice_due_at),
    ] {
        if a != b {
            changes.push(format!("{name}: {} → {}", text(a), text(b)));
        }
    }
    if before.severity != after.severity {
        changes.push(format!("severity: {} → {}", before.severity, after.severity));
    }
    let late = |late: Option<bool>| late.map_or("undecided", |late| if late { "late" } else { "in time" });
    if before.restored_late != after.restored_late {
        changes.push(format!("restoration: {} → {}", late(before.restored_late), late(after.restored_late)));
    }
    changes
}

pub(super) async fn note_change(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &IncidentRow,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let mut entry = AuditEntry::new("service_incident_changed")
        .on(INCIDENT, row.id)
        .organisation(&row.organisation_path)
        .detail(serde_json::json!({"step": step, "state": row.state, "severity": row.severity}));
    if let Some(reason) = reason {
        entry = entry.reason(reason.to_owned());
    }
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "incident".into(),
        id: row.id,
        state: row.state.clone(),
        organisation_path: row.organisation_path.clone(),
    })
    .await
}

/// Computes every incident anew after a contract changed; what differs is written into the journal, fines are booked anew.
pub async fn replay_open(desk: &ServiceDesk, ctx: &Ctx, cause: &str) -> Result<()> {
    for found in store::unfinished(&ctx.platform().db().read()).await? {
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), found.id).await?;
        let entries = journal::load::<Event>(&tx.exec(), subject(row.id)).await?;
        let book = Book::load(&tx.exec()).await?;
        let before = row.clone();
        project(ctx, &book, &mut row, &entries)?;
        let changes = moved(&before, &row);
        let news = if changes.is_empty() {
            Vec::new()
        } else {
            vec![New::now(ctx, Event::Replayed { cause: cause.to_owned(), changes })]
        };
        desk.advance_incident(&mut tx, ctx, &book, &mut row, entries, news).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Both recipients, for screens and paper.
pub const RECIPIENTS: [(NoticeTo, &str); 2] =
    [(NoticeTo::Authorities, "主管部门"), (NoticeTo::Carrier, "运营商（书面）")];
