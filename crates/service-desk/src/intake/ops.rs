//! From what came in to a ticket, by itself or by a person.

use super::store::{self, Filter, IntakeRow};
use super::wire::{IntakeCounts, IntakeItem, IntakeQuery, IntakeView, State, Step};
use crate::access::{self, TICKET_READ, TICKET_WORK, required};
use crate::attachments::{self, Stored};
use crate::journal::Subject;
use crate::tickets::model::{Channel, Class, Event, Touches};
use crate::tickets::wire::TicketInput;
use crate::{ServiceDesk, notices, roster, tickets};
use kernel::{
    AccountId, Cursor, Error, ErrorKind, Limit, OrganisationId, Page, Result, ServiceTicketId, Timestamp,
};
use platform::{AuditEntry, Ctx, Tx};
use ports::identity::OrganisationBrief;
use ports::service::ServiceRecordChanged;
use serde_json::json;
use uuid::Uuid;

const INTAKE: &str = "service_intake";
pub const KIND: &str = "intake";
/// A ticket's title and description; the whole stays here.
const TITLE: usize = 100;
const DESCRIPTION: usize = 4000;

fn subject(id: Uuid) -> Subject {
    Subject { kind: KIND, id }
}

/// The first characters of a text, with a mark where something is missing.
fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest.saturating_sub(1)).chain(['…']).collect()
}

/// Something that came in, before anything became of it.
pub(super) struct Arrival {
    /// With a new id; what follows from the arrival is filled in here.
    pub row: IntakeRow,
    /// The institution it is about, where that is known.
    pub place: Option<OrganisationBrief>,
    pub item_code: Option<String>,
    pub priority: i32,
    /// A ticket that is there and that it belongs to.
    pub ticket: Option<Uuid>,
    pub caller_name: Option<String>,
    pub files: Vec<Stored>,
}

/// Whether a refusal lies in what came in, so that a person has to look at it, and not in the machine.
fn for_a_person(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::NotFound)
}

impl ServiceDesk {
    /// Takes what came in: to a ticket where that can be, else to the list of what waits.
    pub(super) async fn arrive(&self, ctx: &Ctx, mut arrival: Arrival) -> Result<State> {
        match self.enter(ctx, &mut arrival, true).await {
            Err(error) if for_a_person(&error) => {
                let code = error.field_errors().first().map_or(error.code(), |field| field.code.as_str());
                arrival.row.reason = Some(code.to_owned());
                self.enter(ctx, &mut arrival, false).await
            }
            done => done,
        }
    }

    /// The same in one transaction; `by_itself`: without a person where that can be.
    async fn enter(&self, ctx: &Ctx, arrival: &mut Arrival, by_itself: bool) -> Result<State> {
        let mut tx = ctx.platform().begin().await?;
        let mut state = if arrival.row.automatic { State::Dismissed } else { State::Waiting };
        let mut number = None;
        if by_itself && !arrival.row.automatic {
            if let Some(id) = arrival.ticket {
                let text = format!("{}\n{}", arrival.row.subject, arrival.row.body);
                let ticket = self.note_in_ticket(&mut tx, ctx, id, &text).await?;
                arrival.row.organisation_path = ticket.organisation_path;
                arrival.row.organisation_id = Some(ticket.organisation_id.uuid());
                (state, arrival.row.ticket_id, number) = (State::Noted, Some(id), Some(ticket.number));
            } else if let Some(place) = arrival.place.clone() {
                let input = TicketInput {
                    organisation_id: Some(place.id),
                    channel: Channel::parse(&arrival.row.channel).unwrap_or(Channel::Api),
                    class: Class::Fault,
                    priority: arrival.priority,
                    item_code: arrival.item_code.clone(),
                    title: title(&arrival.row),
                    description: cut(&arrival.row.body, DESCRIPTION),
                    caller_name: arrival.caller_name.as_deref().map(|name| cut(name, 40)),
                    caller_phone: None,
                    opened_at: Some(Timestamp::from_micros(arrival.row.at)),
                    touches: Touches::default(),
                };
                arrival.row.organisation_path.clone_from(&place.path);
                arrival.row.organisation_id = Some(place.id.uuid());
                let (id, made) = self.open_ticket_in(&mut tx, ctx, place, input).await?;
                (state, arrival.row.ticket_id, number) = (State::Opened, Some(id.uuid()), Some(made));
            }
        }
        let row = &mut arrival.row;
        row.state = state.as_str().into();
        if !store::insert(&tx.exec(), row).await? {
            // Somebody else takes the same at the same time; theirs stands.
            return Ok(state);
        }
        let files = std::mem::take(&mut arrival.files);
        attachments::put(&mut tx, ctx, KIND, row.id, &row.organisation_path, files).await?;
        self.tell(&mut tx, ctx, row, state, number.as_deref()).await?;
        changed(&mut tx, ctx, row, "received").await?;
        tx.commit().await?;
        Ok(state)
    }

    /// Who hears of it: whoever is on duty, the engineer of the ticket, and the sender that it has arrived.
    async fn tell(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        row: &IntakeRow,
        state: State,
        number: Option<&str>,
    ) -> Result<()> {
        let params = json!({"number": number, "channel": row.channel});
        let about = match row.ticket_id {
            Some(id) => tickets::subject(id),
            None => subject(row.id),
        };
        match state {
            State::Dismissed => Ok(()),
            State::Waiting => {
                let told = self.on_call(ctx, &row.organisation_path).await?;
                notices::tell(tx, ctx, &told, "intake_waiting", &params, about).await
            }
            State::Opened => {
                let told = self.on_call(ctx, &row.organisation_path).await?;
                notices::tell(tx, ctx, &told, "ticket_arrived", &params, about).await?;
                let sender: Vec<AccountId> = row.account_id.map(AccountId).into_iter().collect();
                notices::tell(tx, ctx, &sender, "ticket_received", &params, about).await
            }
            State::Noted => {
                let ticket = match row.ticket_id {
                    Some(id) => tickets::brief(&tx.exec(), id.into()).await?,
                    None => None,
                };
                let told = match ticket.and_then(|ticket| ticket.assignee) {
                    Some(account) => vec![account],
                    None => self.on_call(ctx, &row.organisation_path).await?,
                };
                notices::tell(tx, ctx, &told, "ticket_addition", &params, about).await
            }
        }
    }

    /// Whoever the roster names, on a working day or without one the duty engineers.
    async fn on_call(&self, ctx: &Ctx, path: &str) -> Result<Vec<AccountId>> {
        let found = roster::on_duty(ctx, path).await?;
        if !found.is_empty() {
            return Ok(found);
        }
        let found = self.directory.holders(&["duty_engineer"], path).await?;
        Ok(found.into_iter().map(|person| person.account_id).collect())
    }

    async fn intake_items(&self, ctx: &Ctx, rows: &[IntakeRow]) -> Result<Vec<IntakeItem>> {
        let ids: Vec<OrganisationId> =
            rows.iter().filter_map(|row| row.organisation_id.map(Into::into)).collect();
        let names = self.organisation_names(&ids).await?;
        let tickets: Vec<Uuid> = rows.iter().filter_map(|row| row.ticket_id).collect();
        let numbers = tickets::numbers(&ctx.platform().db().read(), &tickets).await?;
        let number = |id: Uuid| numbers.iter().find(|row| row.id == id).map(|row| row.number.clone());
        rows.iter()
            .map(|row| {
                let corrupt = |what: &str| Error::internal(format!("intake {}: {what}", row.id));
                Ok(IntakeItem {
                    id: row.id,
                    channel: Channel::parse(&row.channel).ok_or_else(|| corrupt("channel"))?,
                    source: row.source.clone(),
                    at: Timestamp::from_micros(row.at),
                    ended_at: row.ended_at.map(Timestamp::from_micros),
                    sender: row.sender.clone(),
                    sender_name: row.sender_name.clone(),
                    sender_known: row.account_id.is_some(),
                    subject: row.subject.clone(),
                    automatic: row.automatic,
                    state: State::parse(&row.state).ok_or_else(|| corrupt("state"))?,
                    organisation_id: row.organisation_id.map(Into::into),
                    organisation_name: row.organisation_id.and_then(|id| names.get(&id).cloned()),
                    ticket_id: row.ticket_id.map(ServiceTicketId),
                    ticket_number: row.ticket_id.and_then(number),
                })
            })
            .collect()
    }

    /// What came in where the caller works, newest first.
    pub(crate) async fn intakes(&self, ctx: &Ctx, query: &IntakeQuery) -> Result<Page<IntakeItem>> {
        let scope = ctx.scope(TICKET_WORK).await?;
        let limit = Limit::new(query.limit)?;
        let filter = Filter {
            state: query.state.map(State::as_str),
            channel: query.channel.map(Channel::as_str),
            text: query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()),
        };
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let rows = store::list(&ctx.platform().db().read(), &scope, &filter, after, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.at], id: row.id });
        let items = self.intake_items(ctx, &page.items).await?;
        let entry = AuditEntry::new("service_intake_listed").detail(json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    pub(crate) async fn intake_counts(&self, ctx: &Ctx) -> Result<IntakeCounts> {
        let scope = ctx.scope(TICKET_WORK).await?;
        let filter = Filter { state: Some(State::Waiting.as_str()), ..Filter::default() };
        Ok(IntakeCounts { waiting: store::count(&ctx.platform().db().read(), &scope, &filter).await? })
    }

    /// One of them with everything in it. Reading it is recorded.
    pub(crate) async fn intake(&self, ctx: &Ctx, id: Uuid) -> Result<IntakeView> {
        let row = self.readable_intake(ctx, id).await?;
        let entry =
            AuditEntry::new("service_intake_read").on(INTAKE, id).organisation(&row.organisation_path);
        ctx.platform().audit(ctx, entry).await?;
        self.intake_view(ctx, row).await
    }

    async fn readable_intake(&self, ctx: &Ctx, id: Uuid) -> Result<IntakeRow> {
        let scope = ctx.scope(TICKET_READ).await?;
        let found = store::find(&ctx.platform().db().read(), id).await?;
        access::visible(found, &scope, |row| row.organisation_path.as_str(), KIND)
    }

    async fn intake_view(&self, ctx: &Ctx, row: IntakeRow) -> Result<IntakeView> {
        let items = self.intake_items(ctx, std::slice::from_ref(&row)).await?;
        let item = items.into_iter().next().ok_or_else(|| Error::internal("an intake without a line"))?;
        let works = access::may(ctx, TICKET_WORK, &row.organisation_path)?;
        let allowed: &[&str] = match item.state {
            State::Waiting if works => &["open", "join", "dismiss"],
            State::Dismissed if works => &["restore"],
            _ => &[],
        };
        Ok(IntakeView {
            item,
            received_at: Timestamp::from_micros(row.received_at),
            left_out: row.left_out.lines().map(ToOwned::to_owned).collect(),
            body: row.body,
            decided_by_name: row.decided_by_name,
            decided_at: row.decided_at.map(Timestamp::from_micros),
            reason: row.reason,
            allowed_actions: allowed.iter().map(|name| (*name).to_owned()).collect(),
            row_version: row.row_version,
        })
    }

    /// What belongs to a ticket that the caller reads.
    pub(crate) async fn intake_of_ticket(&self, ctx: &Ctx, ticket: Uuid) -> Result<Vec<IntakeItem>> {
        let rows = store::of_ticket(&ctx.platform().db().read(), ticket).await?;
        self.intake_items(ctx, &rows).await
    }

    /// A person decides.
    pub(crate) async fn intake_step(&self, ctx: &Ctx, id: Uuid, step: Step) -> Result<IntakeView> {
        let seen = self.readable_intake(ctx, id).await?;
        ctx.authorize(TICKET_WORK, &access::resource(INTAKE, Some(id), &seen.organisation_path)?).await?;
        let mut place = None;
        match &step {
            Step::Open { organisation_id, .. } => {
                let input = ticket_input(&seen, &step)?;
                place = Some((self.ticket_place(ctx, &input).await?, input, *organisation_id));
            }
            // Whoever joins must see and work on the ticket.
            Step::Join { ticket_id } => {
                let ticket = tickets::visible(ctx, *ticket_id).await?;
                let what = access::resource("service_ticket", Some(ticket.id), &ticket.organisation_path)?;
                ctx.authorize(TICKET_WORK, &what).await?;
            }
            Step::Dismiss { .. } | Step::Restore => {}
        }
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), id).await?;
        let wanted = if matches!(step, Step::Restore) { State::Dismissed } else { State::Waiting };
        if row.state != wanted.as_str() {
            let detail = "this was decided already";
            return Err(Error::conflict("state_conflict", detail).with("state", row.state.as_str()));
        }
        let name = match step {
            Step::Open { .. } => {
                let (place, input, organisation) =
                    place.ok_or_else(|| Error::internal("a place was looked up"))?;
                row.organisation_path.clone_from(&place.path);
                row.organisation_id = Some(organisation.uuid());
                let (ticket, number) = self.open_ticket_in(&mut tx, ctx, place, input).await?;
                row.ticket_id = Some(ticket.uuid());
                row.state = State::Opened.as_str().into();
                let sender: Vec<AccountId> = row.account_id.map(AccountId).into_iter().collect();
                let params = json!({"number": number, "channel": row.channel});
                notices::tell(
                    &mut tx,
                    ctx,
                    &sender,
                    "ticket_received",
                    &params,
                    tickets::subject(ticket.uuid()),
                )
                .await?;
                "open"
            }
            Step::Join { ticket_id } => {
                let text = format!("{}\n{}", row.subject, row.body);
                let ticket = self.note_in_ticket(&mut tx, ctx, ticket_id.uuid(), &text).await?;
                row.organisation_path = ticket.organisation_path;
                row.organisation_id = Some(ticket.organisation_id.uuid());
                row.ticket_id = Some(ticket_id.uuid());
                row.state = State::Noted.as_str().into();
                "join"
            }
            Step::Dismiss { reason } => {
                row.reason = Some(required("reason", &reason, 500)?);
                row.state = State::Dismissed.as_str().into();
                "dismiss"
            }
            Step::Restore => {
                row.reason = None;
                row.state = State::Waiting.as_str().into();
                "restore"
            }
        };
        row.decided_by_name = Some(ctx.principal().display_name.clone());
        row.decided_at = Some(ctx.now().micros());
        store::update(&tx.exec(), &mut row).await?;
        changed(&mut tx, ctx, &row, name).await?;
        tx.commit().await?;
        self.intake_view(ctx, row).await
    }

    /// Adds what came in to a ticket's journal.
    pub(super) async fn note_in_ticket(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        ticket: Uuid,
        text: &str,
    ) -> Result<tickets::Brief> {
        tickets::add(self, tx, ctx, ticket, "note", Event::Noted { text: cut(text.trim(), DESCRIPTION) })
            .await
    }
}

fn title(row: &IntakeRow) -> String {
    let subject = row.subject.trim();
    if subject.is_empty() { "（无主题）".to_owned() } else { cut(subject, TITLE) }
}

/// The ticket that a person opens for it.
fn ticket_input(row: &IntakeRow, step: &Step) -> Result<TicketInput> {
    let Step::Open { organisation_id, class, priority, item_code, title, caller_name, caller_phone, touches } =
        step
    else {
        return Err(Error::internal("only opening makes a ticket"));
    };
    Ok(TicketInput {
        organisation_id: Some(*organisation_id),
        channel: Channel::parse(&row.channel).unwrap_or(Channel::Api),
        class: *class,
        priority: *priority,
        item_code: item_code.clone(),
        title: title.clone(),
        description: cut(&row.body, DESCRIPTION),
        caller_name: caller_name.clone(),
        caller_phone: caller_phone.clone(),
        opened_at: Some(Timestamp::from_micros(row.at)),
        touches: *touches,
    })
}

/// Its traces.
pub(super) async fn changed(tx: &mut Tx, ctx: &Ctx, row: &IntakeRow, step: &str) -> Result<()> {
    let entry = AuditEntry::new("service_intake_changed")
        .on(INTAKE, row.id)
        .organisation(&row.organisation_path)
        .detail(
            json!({"step": step, "state": row.state, "channel": row.channel, "ticket_id": row.ticket_id}),
        );
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: KIND.to_owned(),
        id: row.id,
        state: row.state.clone(),
        organisation_path: row.organisation_path.clone(),
    })
    .await
}
