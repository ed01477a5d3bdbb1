//! Use cases of requirements.

use super::fines;
use super::jobs;
use super::model::{Event, Milestone, Party, Requirement, Size, State, fold};
use super::parties;
use super::store::{self, RequirementRow};
use super::wire::{RequirementInput, Step};
use crate::access::{
    self, REQUIREMENT_CONFIRM, REQUIREMENT_REGISTER, REQUIREMENT_WORK, TICKET_CONFIRM, TICKET_READ, optional,
    required,
};
use crate::book::Book;
use crate::journal::{self, Entry, New, Subject};
use crate::{ServiceDesk, attachments};
use jiff::civil::Date;
use kernel::{Error, RequirementId, Result, Timestamp, parse_date};
use platform::{Action, AuditEntry, Ctx, Tx};
use ports::service::ServiceRecordChanged;
use uuid::Uuid;

const REQUIREMENT: &str = "service_requirement";
const LONGEST_TEXT: usize = 8000;
const MOST_MILESTONES: usize = 50;

pub fn subject(id: Uuid) -> Subject {
    Subject { kind: "requirement", id }
}

fn step_name(step: &Step) -> &'static str {
    match step {
        Step::ProposeKind { .. } => "propose_kind",
        Step::ConfirmKind => "confirm_kind",
        Step::Answer { .. } => "answer",
        Step::ProposeDate { .. } => "propose_date",
        Step::AcceptDate { .. } => "accept_date",
        Step::DeclineDate { .. } => "decline_date",
        Step::Reach { .. } => "reach",
        Step::Complain { .. } => "complain",
        Step::AffectBusiness { .. } => "affect_business",
        Step::Compensate { .. } => "compensate",
        Step::Deliver { .. } => "deliver",
        Step::Reject { .. } => "reject",
        Step::Accept => "accept",
        Step::Decline { .. } => "decline",
        Step::Withdraw { .. } => "withdraw",
        Step::Note { .. } => "note",
        Step::Correct { .. } => "correct",
    }
}

/// Every step with the permissions of which one is needed, and the states in which it makes sense.
pub const STEPS: &[(&str, &[Action], &[State])] = {
    use State::{Accepted, Answered, Declined, Delivered, Registered, Withdrawn, Working};
    const BOTH: &[Action] = &[REQUIREMENT_CONFIRM, REQUIREMENT_WORK];
    const OPEN: &[State] = &[Registered, Answered, Working, Delivered];
    const ANY: &[State] = &[Registered, Answered, Working, Delivered, Accepted, Declined, Withdrawn];
    &[
        ("propose_kind", BOTH, OPEN),
        ("confirm_kind", BOTH, OPEN),
        ("answer", &[REQUIREMENT_WORK], &[Registered, Answered, Working]),
        ("propose_date", BOTH, &[Registered, Answered, Working, Delivered]),
        ("accept_date", BOTH, OPEN),
        ("decline_date", BOTH, OPEN),
        ("reach", &[REQUIREMENT_WORK], &[Working, Delivered]),
        ("complain", &[REQUIREMENT_CONFIRM], &[Working, Delivered, Accepted]),
        ("affect_business", &[REQUIREMENT_CONFIRM], &[Working, Delivered, Accepted]),
        ("compensate", &[REQUIREMENT_CONFIRM], ANY),
        ("deliver", &[REQUIREMENT_WORK], &[Answered, Working]),
        ("reject", &[TICKET_CONFIRM], &[Delivered]),
        ("accept", &[TICKET_CONFIRM], &[Delivered]),
        ("decline", &[REQUIREMENT_CONFIRM], &[Registered, Answered]),
        ("withdraw", &[TICKET_CONFIRM], OPEN),
        ("note", &[TICKET_CONFIRM, REQUIREMENT_WORK], ANY),
        ("correct", &[REQUIREMENT_CONFIRM], ANY),
    ]
};

/// A requirement that the caller may read.
pub async fn visible(ctx: &Ctx, id: RequirementId) -> Result<RequirementRow> {
    let scope = ctx.scope(TICKET_READ).await?;
    let found = store::find(&ctx.platform().db().read(), id.uuid()).await?;
    access::visible(found, &scope, |row| row.organisation_path.as_str(), "requirement")
}

impl ServiceDesk {
    /// Registers a requirement of an institution.
    pub async fn register_requirement(&self, ctx: &Ctx, input: RequirementInput) -> Result<RequirementId> {
        let place = match input.organisation_id.or(ctx.principal().organisation_id) {
            Some(id) => self.organisation(id).await?,
            None => return Err(Error::field("organisation_id", "required", "which institution?")),
        };
        ctx.authorize(REQUIREMENT_REGISTER, &access::resource(REQUIREMENT, None, &place.path)?).await?;
        let received_at = journal::moment(ctx, input.received_at)?;
        let mut tx = ctx.platform().begin().await?;
        let book = Book::load(&tx.exec()).await?;
        let edition = book.in_force(&place.path, received_at)?;
        let item = input.item_code.as_deref().map(|code| edition.contract.item(code)).transpose();
        let item = item.map_err(|e| Error::field("item_code", e.code(), e.to_string()))?;
        let mut row = RequirementRow {
            id: ctx.platform().new_uuid(),
            number: journal::next_number(&tx.exec(), "XQ", received_at).await?,
            contract_id: edition.contract_id.uuid(),
            contract_version: edition.version,
            calendar_version: book.calendar_version(),
            organisation_id: place.id.uuid(),
            organisation_path: place.path,
            item_code: item.map(|item| item.code.clone()),
            title: required("title", &input.title, 100)?,
            description: required("description", &input.description, LONGEST_TEXT)?,
            requester_name: optional("requester_name", input.requester_name.as_deref(), 40)?,
            state: State::Registered.as_str().into(),
            kind: Size::Ordinary.as_str().into(),
            kind_confirmed: false,
            received_at: received_at.micros(),
            feedback_due_at: None,
            feedback_at: None,
            feedback_late: None,
            milestone_due_at: None,
            missed_count: 0,
            complained: false,
            business_affected: false,
            penalty_cents: 0,
            next_due_at: None,
            blocked: None,
            opened_by: access::by(ctx),
            opened_by_name: ctx.principal().display_name.clone(),
            recorded_at: ctx.now().micros(),
            row_version: 0,
        };
        store::insert(&tx.exec(), &row).await?;
        let news = vec![New::at(Event::Registered, received_at)];
        self.advance_requirement(&mut tx, ctx, &book, &mut row, Vec::new(), news).await?;
        note_change(&mut tx, ctx, &row, "register", None).await?;
        tx.commit().await?;
        Ok(RequirementId(row.id))
    }

    /// Takes a step.
    pub async fn requirement_step(&self, ctx: &Ctx, id: RequirementId, step: Step) -> Result<()> {
        let row = visible(ctx, id).await?;
        let name = step_name(&step);
        let found = STEPS.iter().find(|(known, _, _)| *known == name);
        let (_, actions, states) = found.ok_or_else(|| Error::internal("a step without a rule"))?;
        let action = access::first_allowed(ctx, actions, &row.organisation_path)?;
        ctx.authorize(action, &access::resource(REQUIREMENT, Some(row.id), &row.organisation_path)?).await?;
        // Whoever confirms for the bureau speaks for party A, whoever works on it for party B.
        let confirms = access::may(ctx, REQUIREMENT_CONFIRM, &row.organisation_path)?;
        let party = if confirms { Party::A } else { Party::B };

        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), row.id).await?;
        let entries = journal::load::<Event>(&tx.exec(), subject(row.id)).await?;
        let requirement =
            fold(&entries).ok_or_else(|| Error::internal("a requirement without a registration"))?;
        let acted = parties::acted(&entries, access::by(ctx));
        if parties::side(name, actions, party).is_some_and(|side| acted == Some(side.other())) {
            let detail = "this account has acted for the other party on this requirement";
            return Err(Error::conflict("own_other_party", detail));
        }
        if !states.contains(&requirement.state) {
            let state = requirement.state.as_str();
            let detail = format!("{name} is not possible while the requirement is {state}");
            return Err(Error::conflict("state_conflict", detail).with("state", state));
        }
        if let Step::Complain { attachment_id: Some(file), .. }
        | Step::AffectBusiness { attachment_id: Some(file), .. } = &step
        {
            let files = attachments::of(&tx.exec(), subject(row.id).kind, row.id).await?;
            if !files.iter().any(|known| known.id == *file && known.voided_at.is_none()) {
                let detail = "there is no such file at this requirement";
                return Err(Error::field("attachment_id", "attachment_unknown", detail));
            }
        }
        let book = Book::load(&tx.exec()).await?;
        let (new, reason) = news(ctx, &requirement, &entries, party, step)?;
        self.advance_requirement(&mut tx, ctx, &book, &mut row, entries, vec![new]).await?;
        note_change(&mut tx, ctx, &row, name, reason.as_deref()).await?;
        tx.commit().await
    }

    /// Appends entries, computes everything anew, books fines and writes the projection.
    pub(super) async fn advance_requirement(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        book: &Book,
        row: &mut RequirementRow,
        mut entries: Vec<Entry<Event>>,
        news: Vec<New<Event>>,
    ) -> Result<()> {
        for new in news {
            let seq = journal::next_seq(&entries);
            entries.push(journal::append(&tx.exec(), ctx, subject(row.id), seq, new).await?);
        }
        let before = row.clone();
        let requirement = project(ctx, book, row, &entries)?;
        // Without a calendar nothing is fined; the amounts come when the notice does.
        if row.blocked.is_none() {
            row.penalty_cents = fines::book_fines(tx, ctx, book, row, &requirement).await?;
        }
        let changes = moved(&before, row);
        if entries.last().is_some_and(|entry| entry.corrects.is_some()) && !changes.is_empty() {
            let what = Event::Replayed { cause: "an entry was corrected".to_owned(), changes };
            let seq = journal::next_seq(&entries);
            entries.push(journal::append(&tx.exec(), ctx, subject(row.id), seq, New::now(ctx, what)).await?);
        }
        store::update(&tx.exec(), row).await?;
        jobs::schedule(tx, ctx, book, row, &requirement).await
    }
}

fn news(
    ctx: &Ctx,
    requirement: &Requirement,
    entries: &[Entry<Event>],
    party: Party,
    step: Step,
) -> Result<(New<Event>, Option<String>)> {
    let one = |what: Event| Ok((New::now(ctx, what), None));
    let at = |what: Event, at: Option<Timestamp>| -> Result<(New<Event>, Option<String>)> {
        let at = journal::moment(ctx, at)?;
        if at < requirement.received_at {
            return Err(Error::field(
                "at",
                "before_receipt",
                "this lies before the requirement was received",
            ));
        }
        Ok((New::at(what, at), None))
    };
    let because = |what: Event, reason: &str| -> Result<(New<Event>, Option<String>)> {
        let reason = required("reason", reason, 1000)?;
        Ok((New { reason: Some(reason.clone()), ..New::now(ctx, what) }, Some(reason)))
    };
    let known = |id: Uuid| {
        let found = requirement.milestone(id);
        found.ok_or_else(|| Error::field("milestone", "milestone_unknown", "there is no such milestone"))
    };
    let answers = |proposed: Option<Party>| match proposed {
        None => Err(Error::conflict("no_proposal", "nothing has been proposed")),
        Some(by) if by == party => Err(Error::conflict("own_proposal", "the other party has to answer this")),
        Some(_) => Ok(()),
    };
    match step {
        Step::ProposeKind { kind } => one(Event::KindProposed { kind, party }),
        Step::ConfirmKind => {
            answers(requirement.kind_proposed.map(|(_, by)| by))?;
            one(Event::KindConfirmed { party })
        }
        Step::Answer { feasible, expected_finish, extra_cost_cents, answer, at: when } => {
            let expected_finish =
                expected_finish.map(|day| parse_date("expected_finish", &day)).transpose()?;
            if feasible && expected_finish.is_none() {
                let detail = "a feedback says when it would be finished (附件1 1.3.2-6(4)A)";
                return Err(Error::field("expected_finish", "required", detail));
            }
            if !(0..=10_000_000_000).contains(&extra_cost_cents) {
                return Err(Error::field("extra_cost_cents", "out_of_range", "0 to a hundred million yuan"));
            }
            let expected_finish = expected_finish.map(|day| day.to_string());
            let answer = required("answer", &answer, LONGEST_TEXT)?;
            at(Event::Answered { feasible, expected_finish, extra_cost_cents, answer }, when)
        }
        Step::ProposeDate { milestone, name, due } => {
            let due = parse_date("due", &due)?;
            if due < ctx.now().local_date() {
                return Err(Error::field("due", "in_the_past", "a date to agree on lies ahead"));
            }
            if milestone.is_none() && requirement.milestones.len() >= MOST_MILESTONES {
                return Err(Error::conflict("too_many_milestones", format!("at most {MOST_MILESTONES}")));
            }
            let (id, name) = match milestone {
                Some(id) => {
                    let found = known(id)?;
                    if found.reached_at.is_some() {
                        return Err(Error::conflict(
                            "milestone_reached",
                            "this milestone was reached already",
                        ));
                    }
                    (id, found.name.clone())
                }
                None => (ctx.platform().new_uuid(), required("name", &name, 60)?),
            };
            one(Event::DateProposed { milestone: id, name, due, party })
        }
        Step::AcceptDate { milestone } => {
            answers(known(milestone)?.proposed.map(|(_, by)| by))?;
            one(Event::DateAccepted { milestone, party })
        }
        Step::DeclineDate { milestone, reason } => {
            answers(known(milestone)?.proposed.map(|(_, by)| by))?;
            because(Event::DateDeclined { milestone, party }, &reason)
        }
        Step::Reach { milestone, at: when } => {
            if known(milestone)?.reached_at.is_some() {
                return Err(Error::conflict("milestone_reached", "this milestone was reached already"));
            }
            at(Event::Reached { milestone }, when)
        }
        Step::Complain { milestone, due, to, evidence, attachment_id } => {
            let due = Some(missed_date(known(milestone)?, due.as_deref(), requirement.until(ctx.now()))?);
            let evidence = required("evidence", &evidence, 500)?;
            one(Event::Complained { milestone, to, evidence, due, attachment_id })
        }
        Step::AffectBusiness { milestone, due, evidence, attachment_id } => {
            let due = Some(missed_date(known(milestone)?, due.as_deref(), requirement.until(ctx.now()))?);
            let evidence = required("evidence", &evidence, 500)?;
            one(Event::BusinessAffected { milestone, evidence, due, attachment_id })
        }
        Step::Compensate { amount_cents, reason } => {
            if !(0..=10_000_000_000).contains(&amount_cents) {
                return Err(Error::field("amount_cents", "out_of_range", "0 to a hundred million yuan"));
            }
            because(Event::Compensated { amount_cents }, &reason)
        }
        Step::Deliver { note, at: when } => {
            at(Event::Delivered { note: required("note", &note, LONGEST_TEXT)? }, when)
        }
        Step::Reject { reason } => because(Event::Rejected, &reason),
        Step::Accept => one(Event::Accepted),
        Step::Decline { reason } => because(Event::Declined, &reason),
        Step::Withdraw { reason } => because(Event::Withdrawn, &reason),
        Step::Note { text } => one(Event::Noted { text: required("text", &text, LONGEST_TEXT)? }),
        Step::Correct { event_id, at, reason } => {
            let reason = required("reason", &reason, 500)?;
            let entry = journal::correctable(entries, event_id)?;
            let what = match (&entry.what, at) {
                (Event::Registered, None) => {
                    return Err(Error::field("at", "required", "a requirement that never was is withdrawn"));
                }
                (Event::Replayed { .. } | Event::Struck | Event::Escalated { .. }, _) => {
                    return Err(Error::field(
                        "event_id",
                        "entry_fixed",
                        "what the program itself entered stays",
                    ));
                }
                (_, None) => Event::Struck,
                (what, Some(_)) => what.clone(),
            };
            let at = at.map_or(Ok(entry.at), |at| journal::moment(ctx, Some(at)))?;
            Ok((New { what, at, corrects: Some(event_id), reason: Some(reason.clone()) }, Some(reason)))
        }
    }
}

/// The missed date that is named, or the latest.
fn missed_date(milestone: &Milestone, due: Option<&str>, until: Timestamp) -> Result<Date> {
    let missed = milestone.missed(until);
    let latest = missed.last().ok_or_else(|| {
        Error::conflict("nothing_missed", "no date that both agreed on has been missed at this milestone")
    })?;
    let Some(due) = due else { return Ok(latest.due) };
    let due = parse_date("due", due)?;
    if missed.iter().any(|date| date.due == due) {
        return Ok(due);
    }
    Err(Error::field("due", "date_not_missed", "this is no agreed date that was missed"))
}

/// Computes the row's projection from the journal, and returns what the journal tells.
pub fn project(
    ctx: &Ctx,
    book: &Book,
    row: &mut RequirementRow,
    entries: &[Entry<Event>],
) -> Result<Requirement> {
    let requirement = fold(entries).ok_or_else(|| Error::internal("a requirement without a registration"))?;
    let edition = book.of(row.contract_id.into(), requirement.received_at)?;
    let clocks = requirement.clocks(book, edition, ctx.now());
    row.blocked = clocks.as_ref().err().map(|error| error.code().to_owned());
    let clocks = clocks.unwrap_or_default();
    let feedback = clocks.iter().find(|clock| clock.name == "feedback");
    row.contract_version = edition.version;
    row.calendar_version = book.calendar_version();
    row.state = requirement.state.as_str().into();
    row.kind = requirement.kind.as_str().into();
    row.kind_confirmed = requirement.kind_confirmed;
    row.received_at = requirement.received_at.micros();
    row.feedback_due_at = feedback.map(|clock| clock.due_at.micros());
    row.feedback_at = requirement.answer.as_ref().map(|(at, ..)| at.micros());
    row.feedback_late = feedback
        .filter(|clock| !clock.is_running() || clock.breached_at.is_some())
        .map(|clock| clock.breached_at.is_some());
    let running = || clocks.iter().filter(|clock| clock.is_running());
    row.milestone_due_at =
        running().filter(|c| c.name != "feedback").map(|clock| clock.due_at.micros()).min();
    row.next_due_at = running().map(|clock| clock.due_at.micros()).min();
    let until = requirement.until(ctx.now());
    let missed: usize = requirement.milestones.iter().map(|m| m.missed(until).len()).sum();
    row.missed_count = i32::try_from(missed).unwrap_or(i32::MAX);
    row.complained =
        requirement.milestones.iter().any(|m| m.aggravations.iter().any(|a| a.complained_to.is_some()));
    row.business_affected =
        requirement.milestones.iter().any(|m| m.aggravations.iter().any(|a| a.complained_to.is_none()));
    Ok(requirement)
}

fn moved(before: &RequirementRow, after: &RequirementRow) -> Vec<String> {
    let text =
        |at: Option<i64>| at.map_or_else(|| "none".to_owned(), |at| Timestamp::from_micros(at).local_text());
    let mut changes = Vec::new();
    for (name, a, b) in [
        ("received_at", Some(before.received_at), Some(after.received_at)),
        ("feedback_due_at", before.feedback_due_at, after.feedback_due_at),
        ("feedback_at", before.feedback_at, after.feedback_at),
        ("milestone_due_at", before.milestone_due_at, after.milestone_due_at),
    ] {
        if a != b {
            changes.push(format!("{name}: {} → {}", text(a), text(b)));
        }
    }
    if before.penalty_cents != after.penalty_cents {
        let yuan = crate::forms::yuan;
        changes.push(format!("penalty: {} → {}", yuan(before.penalty_cents), yuan(after.penalty_cents)));
    }
    if before.blocked != after.blocked {
        let text = |blocked: &Option<String>| blocked.clone().unwrap_or_else(|| "none".to_owned());
        changes.push(format!("blocked: {} → {}", text(&before.blocked), text(&after.blocked)));
    }
    changes
}

pub(super) async fn note_change(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &RequirementRow,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let mut entry = AuditEntry::new("service_requirement_changed")
        .on(REQUIREMENT, row.id)
        .organisation(&row.organisation_path)
        .detail(serde_json::json!({"step": step, "state": row.state}));
    if let Some(reason) = reason {
        entry = entry.reason(reason.to_owned());
    }
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "requirement".into(),
        id: row.id,
        state: row.state.clone(),
        organisation_path: row.organisation_path.clone(),
    })
    .await
}

/// Computes every requirement anew after a contract or the calendar changed; what differs is written into its journal, fines
/// are booked anew.
pub async fn replay_open(desk: &ServiceDesk, ctx: &Ctx, cause: &str) -> Result<()> {
    for id in store::all_ids(&ctx.platform().db().read()).await? {
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), id).await?;
        let entries = journal::load::<Event>(&tx.exec(), subject(id)).await?;
        let book = Book::load(&tx.exec()).await?;
        let before = row.clone();
        let requirement = project(ctx, &book, &mut row, &entries)?;
        if row.blocked.is_none() {
            row.penalty_cents = fines::book_fines(&mut tx, ctx, &book, &row, &requirement).await?;
        }
        let changes = moved(&before, &row);
        if changes.is_empty() {
            continue;
        }
        let news = vec![New::now(ctx, Event::Replayed { cause: cause.to_owned(), changes })];
        desk.advance_requirement(&mut tx, ctx, &book, &mut row, entries, news).await?;
        note_change(&mut tx, ctx, &row, "replay", Some(cause)).await?;
        tx.commit().await?;
    }
    Ok(())
}
