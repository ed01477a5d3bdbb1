//! Use cases of tickets: opening, every step, and replaying clocks.

use super::jobs;
use super::model::{Event, Side, State, Ticket, fold};
use super::store::{self, TicketRow};
use super::wire::{Step, TicketInput};
use crate::access::{
    self, TICKET_CONFIRM, TICKET_MANAGE, TICKET_OPEN, TICKET_READ, TICKET_WORK, optional, required,
};
use crate::book::Book;
use crate::clock::Clock;
use crate::journal::{self, Entry, New, Subject};
use crate::{ServiceDesk, knowledge};
use kernel::{AccountId, Error, Result, ServiceTicketId, Timestamp};
use platform::{Action, AuditEntry, Ctx, Exec, Tx};
use ports::identity::OrganisationBrief;
use ports::service::ServiceRecordChanged;
use service_terms::Parts;
use uuid::Uuid;

const TICKET: &str = "service_ticket";
/// A ticket entered later than this after it was opened asks for a reason: as an entry of its own.
const LONGEST_TEXT: usize = 4000;

pub fn subject(id: Uuid) -> Subject {
    Subject { kind: "ticket", id }
}

/// Name of a step, as in requests, buttons and the audit trail.
pub fn step_name(step: &Step) -> &'static str {
    match step {
        Step::Respond { .. } => "respond",
        Step::Classify { .. } => "classify",
        Step::Assign { .. } => "assign",
        Step::ProposeDeadline { .. } => "propose_deadline",
        Step::AcceptDeadline => "accept_deadline",
        Step::DeclineDeadline { .. } => "decline_deadline",
        Step::Pause { .. } => "pause",
        Step::Resume { .. } => "resume",
        Step::Dispatch { .. } => "dispatch",
        Step::Arrive { .. } => "arrive",
        Step::Leave { .. } => "leave",
        Step::UsePart { .. } => "use_part",
        Step::Note { .. } => "note",
        Step::Resolve { .. } => "resolve",
        Step::Reopen { .. } => "reopen",
        Step::Close => "close",
        Step::Rate { .. } => "rate",
        Step::Cancel { .. } => "cancel",
        Step::Join { .. } => "join",
        Step::SetScope { .. } => "set_scope",
        Step::Correct { .. } => "correct",
    }
}

/// Every step with the permissions of which one is needed, and the states in which it makes sense.
pub const STEPS: &[(&str, &[Action], &[State])] = {
    use State::{Cancelled, Closed, Open, Paused, Resolved, Working};
    const ACTIVE: &[State] = &[Open, Working, Paused];
    const ANY: &[State] = &[Open, Working, Paused, Resolved, Closed, Cancelled];
    &[
        ("respond", &[TICKET_WORK], &[Open]),
        ("classify", &[TICKET_WORK], ACTIVE),
        ("assign", &[TICKET_MANAGE, TICKET_WORK], ACTIVE),
        ("propose_deadline", &[TICKET_WORK, TICKET_CONFIRM], ACTIVE),
        ("accept_deadline", &[TICKET_WORK, TICKET_CONFIRM], ACTIVE),
        ("decline_deadline", &[TICKET_WORK, TICKET_CONFIRM], ACTIVE),
        ("pause", &[TICKET_WORK], &[Working]),
        ("resume", &[TICKET_WORK], &[Paused]),
        ("dispatch", &[TICKET_WORK], ACTIVE),
        ("arrive", &[TICKET_WORK], ACTIVE),
        ("leave", &[TICKET_WORK], &[Open, Working, Paused, Resolved]),
        ("use_part", &[TICKET_WORK], &[Working, Paused, Resolved]),
        ("note", &[TICKET_OPEN, TICKET_WORK, TICKET_CONFIRM], ANY),
        ("resolve", &[TICKET_WORK], ACTIVE),
        ("reopen", &[TICKET_CONFIRM, TICKET_MANAGE], &[Resolved, Closed]),
        ("close", &[TICKET_CONFIRM, TICKET_MANAGE], &[Resolved]),
        ("rate", &[TICKET_CONFIRM], &[Resolved, Closed]),
        ("cancel", &[TICKET_MANAGE, TICKET_CONFIRM], ACTIVE),
        ("join", &[TICKET_MANAGE], ACTIVE),
        ("set_scope", &[TICKET_MANAGE], ANY),
        ("correct", &[TICKET_MANAGE], ANY),
    ]
};

/// A ticket that the caller may read.
pub async fn visible(ctx: &Ctx, id: ServiceTicketId) -> Result<TicketRow> {
    let scope = ctx.scope(TICKET_READ).await?;
    let found = store::find(&ctx.platform().db().read(), id.uuid()).await?;
    access::visible(found, &scope, |row| row.organisation_path.as_str(), "ticket")
}

impl ServiceDesk {
    /// Opens a ticket at an institution.
    pub async fn open_ticket(&self, ctx: &Ctx, input: TicketInput) -> Result<ServiceTicketId> {
        let place = self.ticket_place(ctx, &input).await?;
        let mut tx = ctx.platform().begin().await?;
        let (id, _) = self.open_ticket_in(&mut tx, ctx, place, input).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Where the ticket will lie, if the caller may open it there.
    pub(crate) async fn ticket_place(&self, ctx: &Ctx, input: &TicketInput) -> Result<OrganisationBrief> {
        let place = match input.organisation_id.or(ctx.principal().organisation_id) {
            Some(id) => self.organisation(id).await?,
            None => return Err(Error::field("organisation_id", "required", "which institution?")),
        };
        ctx.authorize(TICKET_OPEN, &access::resource(TICKET, None, &place.path)?).await?;
        if !(1..=4).contains(&input.priority) {
            return Err(Error::field("priority", "out_of_range", "1 to 4"));
        }
        if input.touches.amount_cents.is_some_and(|amount| amount < 0) {
            return Err(Error::field("amount_cents", "out_of_range", "an amount is not below zero"));
        }
        Ok(place)
    }

    /// The same within the transaction of another step; `place` is what [`Self::ticket_place`] found. Gives id and number.
    pub(crate) async fn open_ticket_in(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        place: OrganisationBrief,
        input: TicketInput,
    ) -> Result<(ServiceTicketId, String)> {
        let opened_at = journal::moment(ctx, input.opened_at)?;
        let book = Book::load(&tx.exec()).await?;
        let edition = book.in_force(&place.path, opened_at)?;
        let item_code = match &input.item_code {
            None => None,
            Some(code) => Some(
                edition
                    .contract
                    .item(code)
                    .map_err(|e| Error::field("item_code", e.code(), e.to_string()))?
                    .code
                    .clone(),
            ),
        };
        let now = ctx.now();
        let mut row = TicketRow {
            id: ctx.platform().new_uuid(),
            number: journal::next_number(&tx.exec(), "SD", opened_at).await?,
            contract_id: edition.contract_id.uuid(),
            contract_version: edition.version,
            calendar_version: book.calendar_version(),
            organisation_id: place.id.uuid(),
            organisation_path: place.path,
            item_code: item_code.clone(),
            title: required("title", &input.title, 100)?,
            description: optional("description", Some(&input.description), LONGEST_TEXT)?.unwrap_or_default(),
            channel: input.channel.as_str().into(),
            caller_name: optional("caller_name", input.caller_name.as_deref(), 40)?,
            caller_phone: optional("caller_phone", input.caller_phone.as_deref(), 30)?,
            class: input.class.as_str().into(),
            priority: input.priority,
            state: State::Open.as_str().into(),
            assignee_id: None,
            assignee_name: None,
            opened_by: access::by(ctx),
            opened_by_name: ctx.principal().display_name.clone(),
            opened_at: opened_at.micros(),
            recorded_at: now.micros(),
            response_due_at: None,
            responded_at: None,
            response_late: None,
            handling_due_at: None,
            handling_agreed: false,
            resolved_at: None,
            handling_late: None,
            closed_at: None,
            next_due_at: None,
            blocked: None,
            cause: None,
            rating: None,
            out_of_scope: false,
            approval_needed: false,
            billable_cents: 0,
            parent_id: None,
            row_version: 0,
        };
        store::insert(&tx.exec(), &row).await?;
        let (class, priority, touches) = (input.class, input.priority, input.touches);
        let mut news =
            vec![New::at(Event::Opened { channel: input.channel, class, priority, touches }, opened_at)];
        if item_code.is_some() {
            news.push(New::at(Event::Classified { class, priority, item_code, touches }, opened_at));
        }
        self.advance(tx, ctx, &book, &mut row, Vec::new(), news).await?;
        note_change(tx, ctx, &row, "open", None).await?;
        Ok((ServiceTicketId(row.id), row.number))
    }

    /// Takes a step. `row_version`: the version that the caller has seen, when it matters to them.
    pub async fn ticket_step(
        &self,
        ctx: &Ctx,
        id: ServiceTicketId,
        step: Step,
        row_version: Option<i64>,
    ) -> Result<()> {
        let row = visible(ctx, id).await?;
        let name = step_name(&step);
        let (_, actions, states) = STEPS
            .iter()
            .find(|(known, _, _)| *known == name)
            .ok_or_else(|| Error::internal("a step without a rule"))?;
        let action = access::first_allowed(ctx, actions, &row.organisation_path)?;
        ctx.authorize(action, &access::resource(TICKET, Some(row.id), &row.organisation_path)?).await?;
        let assignee = match &step {
            Step::Assign { account_id } => {
                self.directory.signatories(&[*account_id]).await?.into_iter().next()
            }
            _ => None,
        };

        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), row.id).await?;
        if row_version.is_some_and(|seen| seen != row.row_version) {
            return Err(access::stale());
        }
        let entries = journal::load::<Event>(&tx.exec(), subject(row.id)).await?;
        let ticket = fold(&entries).ok_or_else(|| Error::internal("a ticket without an opening"))?;
        if !states.contains(&ticket.state) {
            let detail = format!("{name} is not possible while the ticket is {}", ticket.state.as_str());
            return Err(Error::conflict("state_conflict", detail).with("state", ticket.state.as_str()));
        }
        let book = Book::load(&tx.exec()).await?;
        let (news, reason) = self.news(ctx, &tx, &book, &row, &ticket, &entries, step, assignee).await?;
        let cascade: Vec<Event> = news
            .iter()
            .filter(|new| new.corrects.is_none())
            .filter_map(|new| match &new.what {
                Event::Responded { .. } | Event::Resolved { .. } => Some(new.what.clone()),
                _ => None,
            })
            .collect();
        self.advance(&mut tx, ctx, &book, &mut row, entries, news).await?;
        note_change(&mut tx, ctx, &row, name, reason.as_deref()).await?;
        for event in cascade {
            self.pass_to_children(&mut tx, ctx, &book, row.id, &event).await?;
        }
        tx.commit().await
    }

    /// What was answered or solved for a mass outage is answered and solved for everybody who reported it.
    async fn pass_to_children(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        book: &Book,
        parent: Uuid,
        event: &Event,
    ) -> Result<()> {
        for child in store::children(&tx.exec(), parent).await? {
            let mut child = store::lock(&tx.exec(), child.id).await?;
            let entries = journal::load::<Event>(&tx.exec(), subject(child.id)).await?;
            let Some(ticket) = fold(&entries) else { continue };
            let concerns = match event {
                Event::Responded { .. } => ticket.state == State::Open,
                _ => matches!(ticket.state, State::Open | State::Working | State::Paused),
            };
            if concerns {
                let news = vec![New::now(ctx, event.clone())];
                self.advance(tx, ctx, book, &mut child, entries, news).await?;
                note_change(tx, ctx, &child, "with_parent", None).await?;
            }
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "one private call; the arguments are the whole situation")]
    async fn news(
        &self,
        ctx: &Ctx,
        tx: &Tx,
        book: &Book,
        row: &TicketRow,
        ticket: &Ticket,
        entries: &[Entry<Event>],
        step: Step,
        assignee: Option<ports::identity::Signatory>,
    ) -> Result<(Vec<New<Event>>, Option<String>)> {
        let edition = book.of(row.contract_id.into(), ticket.opened_at)?;
        let one = |what: Event| Ok((vec![New::now(ctx, what)], None));
        let at = |what: Event, at: Option<Timestamp>| -> Result<(Vec<New<Event>>, Option<String>)> {
            let at = journal::moment(ctx, at)?;
            if at < ticket.opened_at {
                return Err(Error::field("at", "before_opening", "this lies before the ticket was opened"));
            }
            Ok((vec![New::at(what, at)], None))
        };
        let because = |what: Event, reason: &str| -> Result<(Vec<New<Event>>, Option<String>)> {
            let reason = required("reason", reason, 500)?;
            let new = New { reason: Some(reason.clone()), ..New::now(ctx, what) };
            Ok((vec![new], Some(reason)))
        };
        match step {
            Step::Respond { at: when, note } => {
                at(Event::Responded { note: optional("note", note.as_deref(), LONGEST_TEXT)? }, when)
            }
            Step::Classify { class, priority, item_code, touches } => {
                if !(1..=4).contains(&priority) {
                    return Err(Error::field("priority", "out_of_range", "1 to 4"));
                }
                let item_code = item_code
                    .map(|code| {
                        let found = edition.contract.item(&code);
                        found
                            .map(|item| item.code.clone())
                            .map_err(|e| Error::field("item_code", e.code(), e.to_string()))
                    })
                    .transpose()?;
                one(Event::Classified { class, priority, item_code, touches })
            }
            Step::Assign { account_id } => {
                let found = assignee.ok_or_else(|| {
                    Error::field("account_id", "account_unknown", "there is no such account")
                })?;
                let own = ctx.principal().account_id() == Some(account_id);
                if !own && !access::may(ctx, TICKET_MANAGE, &row.organisation_path)? {
                    return Err(Error::forbidden(
                        "forbidden",
                        "an engineer takes tickets, the desk assigns them",
                    ));
                }
                one(Event::Assigned { account_id, name: found.name })
            }
            Step::ProposeDeadline { due_at } => {
                if due_at <= ctx.now() {
                    return Err(Error::field("due_at", "in_the_past", "a deadline lies ahead"));
                }
                one(Event::DeadlineProposed { due_at, side: self.side(ctx, row)? })
            }
            Step::AcceptDeadline | Step::DeclineDeadline { .. } => {
                let side = self.side(ctx, row)?;
                match ticket.proposed {
                    Some((_, by)) if by != side => {}
                    Some(_) => {
                        return Err(Error::conflict("own_proposal", "the other side has to answer this"));
                    }
                    None => return Err(Error::conflict("no_proposal", "no deadline has been proposed")),
                }
                match step {
                    Step::DeclineDeadline { reason } => because(Event::DeadlineDeclined { side }, &reason),
                    _ => one(Event::DeadlineAccepted { side }),
                }
            }
            Step::Pause { pause, note, at: when } => {
                if !edition.contract.pause_grounds.contains(&pause.ground()) {
                    let detail = "the contract in force does not let the clock stand still for this";
                    return Err(Error::field("pause", "pause_not_agreed", detail));
                }
                at(Event::Paused { pause, note: required("note", &note, 500)? }, when)
            }
            Step::Resume { at: when } => {
                let from = ticket.pauses.last().map(|pause| pause.from);
                let moment = journal::moment(ctx, when)?;
                if from.is_some_and(|from| moment < from) {
                    return Err(Error::field("at", "before_pause", "this lies before the pause began"));
                }
                at(Event::Resumed, when)
            }
            Step::Dispatch { planned_at, place } => {
                one(Event::Dispatched { planned_at, place: required("place", &place, 100)? })
            }
            Step::Arrive { at: when } => at(Event::Arrived, when),
            Step::Leave { at: when } => at(Event::Left, when),
            Step::UsePart { name, quantity, unit_price_cents, billable, reason } => {
                if !(1..=1000).contains(&quantity) {
                    return Err(Error::field("quantity", "out_of_range", "1 to 1000"));
                }
                if !(0..=1_000_000_000).contains(&unit_price_cents) {
                    return Err(Error::field("unit_price_cents", "out_of_range", "0 to ten million yuan"));
                }
                let item = ticket.item_code.as_deref().map(|code| edition.contract.item(code)).transpose();
                let item = item.map_err(|e| Error::invalid(e.code(), e.to_string()))?;
                let Some(item) = item else {
                    let detail = "say first which item of the contract it belongs to: that decides who pays";
                    return Err(Error::conflict("item_missing", detail));
                };
                let usual = item.parts == Parts::Billable || ticket.out_of_scope;
                let billable = billable.unwrap_or(usual);
                let reason = optional("reason", reason.as_deref(), 500)?;
                if billable != usual && reason.is_none() {
                    let detail = "the contract's item says otherwise: why?";
                    return Err(Error::field("reason", "required", detail));
                }
                let what = Event::PartUsed {
                    name: required("name", &name, 100)?,
                    quantity,
                    unit_price_cents,
                    billable,
                };
                Ok((vec![New { reason: reason.clone(), ..New::now(ctx, what) }], reason))
            }
            Step::Note { text } => one(Event::Noted { text: required("text", &text, LONGEST_TEXT)? }),
            Step::Resolve { solution, cause, article_id, at: when } => {
                let needed = ticket.approval(edition).map_err(|e| crate::book::terms_error(&e))?.0;
                if needed && ticket.approved.is_empty() {
                    let detail = "a data correction approved by the bureau's information section must come first (附件1 1.3.2-4)";
                    return Err(Error::conflict("approval_required", detail));
                }
                at(
                    Event::Resolved {
                        solution: required("solution", &solution, LONGEST_TEXT)?,
                        cause: optional("cause", cause.as_deref(), 60)?,
                        article: match article_id {
                            Some(id) => Some(knowledge::cite(tx, ctx, id, row.id.into()).await?),
                            None => None,
                        },
                    },
                    when,
                )
            }
            Step::Reopen { reason } => because(Event::Reopened, &reason),
            Step::Close => one(Event::Closed),
            Step::Rate { stars, comment } => {
                if !(1..=5).contains(&stars) {
                    return Err(Error::field("stars", "out_of_range", "1 to 5"));
                }
                one(Event::Rated { stars, comment: optional("comment", comment.as_deref(), 500)? })
            }
            Step::Cancel { reason } => because(Event::Cancelled, &reason),
            Step::Join { parent_id } => {
                let parent = store::find(&tx.exec(), parent_id.uuid()).await?;
                let parent = parent.filter(|parent| parent.id != row.id && parent.parent_id.is_none());
                let parent = parent.ok_or_else(|| {
                    Error::field(
                        "parent_id",
                        "parent_invalid",
                        "a ticket that is no part of another one itself",
                    )
                })?;
                if !store::children(&tx.exec(), row.id).await?.is_empty() {
                    return Err(Error::conflict("has_children", "this ticket has parts of its own"));
                }
                one(Event::Joined { parent_id: parent.id, parent_number: parent.number })
            }
            Step::SetScope { out_of_scope, reason } => because(Event::OutOfScope { out_of_scope }, &reason),
            Step::Correct { event_id, at: when, reason } => {
                let reason = required("reason", &reason, 500)?;
                let new = corrected(ctx, entries, event_id, when, &reason)?;
                Ok((vec![new], Some(reason)))
            }
        }
    }

    /// For whom the caller speaks about a deadline.
    fn side(&self, ctx: &Ctx, row: &TicketRow) -> Result<Side> {
        let institution = access::may(ctx, TICKET_CONFIRM, &row.organisation_path)?;
        Ok(if institution { Side::Institution } else { Side::Provider })
    }

    /// Appends entries, computes everything anew and writes the projection.
    pub(super) async fn advance(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        book: &Book,
        row: &mut TicketRow,
        mut entries: Vec<Entry<Event>>,
        news: Vec<New<Event>>,
    ) -> Result<()> {
        for new in news {
            let seq = journal::next_seq(&entries);
            entries.push(journal::append(&tx.exec(), ctx, subject(row.id), seq, new).await?);
        }
        let before = row.clone();
        project(ctx, book, row, &entries)?;
        let changes = moved(&before, row);
        let corrected = entries.last().is_some_and(|entry| entry.corrects.is_some());
        if corrected && !changes.is_empty() {
            let what = Event::Replayed { cause: "an entry was corrected".to_owned(), changes };
            let seq = journal::next_seq(&entries);
            entries.push(journal::append(&tx.exec(), ctx, subject(row.id), seq, New::now(ctx, what)).await?);
        }
        store::update(&tx.exec(), row).await?;
        jobs::schedule(tx, ctx, row, &entries).await
    }
}

/// A correction of an entry: another time, or never.
fn corrected(
    ctx: &Ctx,
    entries: &[Entry<Event>],
    event_id: Uuid,
    at: Option<Timestamp>,
    reason: &str,
) -> Result<New<Event>> {
    let entry = journal::correctable(entries, event_id)?;
    let opening = matches!(entry.what, Event::Opened { .. });
    let what = match at {
        None if opening => {
            return Err(Error::field(
                "at",
                "required",
                "a ticket without an opening is none; cancel it instead",
            ));
        }
        None => Event::Voided,
        Some(_) => entry.what.clone(),
    };
    if matches!(entry.what, Event::Replayed { .. } | Event::Voided | Event::Escalated { .. }) {
        return Err(Error::field(
            "event_id",
            "entry_fixed",
            "what the program itself entered is not corrected",
        ));
    }
    let opened = journal::standing(entries).iter().find_map(|e| match e.what {
        Event::Opened { .. } => Some(e.at),
        _ => None,
    });
    let at = match at {
        Some(at) => journal::moment(ctx, Some(at))?,
        None => entry.at,
    };
    if !opening && opened.is_some_and(|opened| at < opened) {
        return Err(Error::field("at", "before_opening", "this lies before the ticket was opened"));
    }
    Ok(New { what, at, corrects: Some(event_id), reason: Some(reason.to_owned()) })
}

/// Computes the row's projection from the journal. A year without a calendar blocks the clocks and says so.
pub fn project(ctx: &Ctx, book: &Book, row: &mut TicketRow, entries: &[Entry<Event>]) -> Result<()> {
    let ticket = fold(entries).ok_or_else(|| Error::internal("a ticket without an opening"))?;
    let edition = book.of(row.contract_id.into(), ticket.opened_at)?;
    let clocks = ticket.clocks(book, edition, row.organisation_id.into(), ctx.now());
    row.contract_version = edition.version;
    row.calendar_version = book.calendar_version();
    row.item_code.clone_from(&ticket.item_code);
    row.class = ticket.class.as_str().into();
    row.priority = ticket.priority;
    row.state = ticket.state.as_str().into();
    row.assignee_id = ticket.assignee.as_ref().map(|(id, _)| id.uuid());
    row.assignee_name = ticket.assignee.as_ref().map(|(_, name)| name.clone());
    row.opened_at = ticket.opened_at.micros();
    row.responded_at = ticket.responded_at.map(Timestamp::micros);
    row.resolved_at = ticket.resolved_at.map(Timestamp::micros);
    row.closed_at = ticket.closed_at.map(Timestamp::micros);
    row.cause.clone_from(&ticket.cause);
    row.rating = ticket.rating.as_ref().map(|(stars, _)| *stars);
    row.out_of_scope = ticket.out_of_scope;
    row.billable_cents = ticket.billable_cents();
    row.parent_id = ticket.parent_id;
    row.handling_agreed = ticket.agreed_due.is_some();
    row.approval_needed = ticket.approval(edition).map_err(|e| crate::book::terms_error(&e))?.0;
    row.blocked = clocks.as_ref().err().map(|error| error.code().to_owned());
    let clocks = clocks.unwrap_or_default();
    let find = |name: &str| clocks.iter().find(|clock| clock.name == name);
    // Whether it was late is settled when the clock has stopped; a running clock is late when its limit is past.
    let late = |clock: Option<&Clock>| clock.filter(|c| !c.is_running()).map(|c| c.breached_at.is_some());
    row.response_due_at = find("response").map(|c| c.due_at.micros());
    row.response_late = late(find("response"));
    row.handling_due_at = find("handling").map(|c| c.due_at.micros());
    row.handling_late = late(find("handling"));
    row.next_due_at = clocks.iter().filter(|c| c.is_running() && !c.paused).map(|c| c.due_at.micros()).min();
    Ok(())
}

/// What of the clocks differs, in words for the journal.
fn moved(before: &TicketRow, after: &TicketRow) -> Vec<String> {
    let mut changes = Vec::new();
    let mut time = |name: &str, before: Option<i64>, after: Option<i64>| {
        if before != after {
            let text = |at: Option<i64>| {
                at.map_or_else(|| "none".to_owned(), |at| Timestamp::from_micros(at).local_text())
            };
            changes.push(format!("{name}: {} → {}", text(before), text(after)));
        }
    };
    time("opened_at", Some(before.opened_at), Some(after.opened_at));
    time("response_due_at", before.response_due_at, after.response_due_at);
    time("handling_due_at", before.handling_due_at, after.handling_due_at);
    let mut fact = |name: &str, before: String, after: String| {
        if before != after {
            changes.push(format!("{name}: {before} → {after}"));
        }
    };
    let shown = |late: Option<bool>| {
        late.map_or("undecided", |late| if late { "late" } else { "in time" }).to_owned()
    };
    fact("response", shown(before.response_late), shown(after.response_late));
    fact("handling", shown(before.handling_late), shown(after.handling_late));
    fact("blocked", before.blocked.clone().unwrap_or_default(), after.blocked.clone().unwrap_or_default());
    changes
}

/// The audit entry and the event of a step.
pub(super) async fn note_change(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &TicketRow,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let mut entry = AuditEntry::new("service_ticket_changed")
        .on(TICKET, row.id)
        .organisation(&row.organisation_path)
        .detail(serde_json::json!({"step": step, "state": row.state}));
    if let Some(reason) = reason {
        entry = entry.reason(reason.to_owned());
    }
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "ticket".into(),
        id: row.id,
        state: row.state.clone(),
        organisation_path: row.organisation_path.clone(),
    })
    .await
}

/// Computes the clocks of every unfinished ticket anew, after a contract, a calendar or hours changed. What differs is written
/// into the journal with its cause; the old values stay readable there.
pub async fn replay_open(desk: &ServiceDesk, ctx: &Ctx, cause: &str) -> Result<()> {
    for id in store::unfinished(&ctx.platform().db().read()).await? {
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), id).await?;
        let entries = journal::load::<Event>(&tx.exec(), subject(id)).await?;
        let book = Book::load(&tx.exec()).await?;
        let before = row.clone();
        project(ctx, &book, &mut row, &entries)?;
        let changes = moved(&before, &row);
        if changes.is_empty() {
            continue;
        }
        let news = vec![New::now(ctx, Event::Replayed { cause: cause.to_owned(), changes })];
        desk.advance(&mut tx, ctx, &book, &mut row, entries, news).await?;
        note_change(&mut tx, ctx, &row, "replay", Some(cause)).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Tells a ticket that its data correction was approved, in the transaction of the approval.
pub async fn approve(
    desk: &ServiceDesk,
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: ServiceTicketId,
    correction_number: &str,
) -> Result<()> {
    let what = Event::Approved { correction_number: correction_number.to_owned() };
    add(desk, tx, ctx, ticket.uuid(), "approved", what).await.map(drop)
}

/// Tells a ticket that an approved data correction was withdrawn: it waits again unless another one covers it.
pub async fn withdraw_approval(
    desk: &ServiceDesk,
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: ServiceTicketId,
    correction_number: &str,
) -> Result<()> {
    let what = Event::ApprovalWithdrawn { correction_number: correction_number.to_owned() };
    add(desk, tx, ctx, ticket.uuid(), "approval_withdrawn", what).await.map(drop)
}

/// Adds what another part of this context has to tell a ticket, in that part's transaction.
pub async fn add(
    desk: &ServiceDesk,
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: Uuid,
    step: &str,
    what: Event,
) -> Result<Brief> {
    let mut row = store::lock(&tx.exec(), ticket).await?;
    let entries = journal::load::<Event>(&tx.exec(), subject(row.id)).await?;
    let book = Book::load(&tx.exec()).await?;
    desk.advance(tx, ctx, &book, &mut row, entries, vec![New::now(ctx, what)]).await?;
    note_change(tx, ctx, &row, step, None).await?;
    Ok(row.into())
}

/// What others of this context need of a ticket.
pub struct Brief {
    pub id: Uuid,
    pub number: String,
    pub organisation_id: kernel::OrganisationId,
    pub organisation_path: String,
    pub state: State,
    pub opened_by: Option<AccountId>,
    pub assignee: Option<AccountId>,
}

impl From<TicketRow> for Brief {
    fn from(row: TicketRow) -> Self {
        Self {
            id: row.id,
            number: row.number,
            organisation_id: row.organisation_id.into(),
            organisation_path: row.organisation_path,
            // What is not known is not worked on.
            state: State::parse(&row.state).unwrap_or(State::Closed),
            opened_by: row.opened_by.map(AccountId),
            assignee: row.assignee_id.map(AccountId),
        }
    }
}

impl Brief {
    /// Somebody still has to do something about it.
    pub fn is_active(&self) -> bool {
        matches!(self.state, State::Open | State::Working | State::Paused)
    }
}

/// A ticket, briefly.
pub async fn brief(exec: &Exec<'_>, id: ServiceTicketId) -> Result<Option<Brief>> {
    Ok(store::find(exec, id.uuid()).await?.map(Into::into))
}

/// The same by its number.
pub async fn by_number(exec: &Exec<'_>, number: &str) -> Result<Option<Brief>> {
    Ok(store::find_by_number(exec, number).await?.map(Into::into))
}
