//! Read models of tickets.

use super::model::{Channel, Class, Event, State, Ticket, fold};
use super::ops::{STEPS, subject, visible};
use super::store::{self, Filter, TicketRow};
use super::wire::{Sort, TicketCounts, TicketItem, TicketQuery, TicketView};
use crate::ServiceDesk;
use crate::access::{self, TICKET_READ};
use crate::book::{Book, terms_error};
use crate::journal;
use kernel::{AccountId, Cursor, Error, Limit, OrganisationId, Page, Result, ServiceTicketId, Timestamp};
use platform::{AuditEntry, Ctx, OrgPath, Scope};
use std::collections::HashMap;
use uuid::Uuid;

fn item(row: &TicketRow, names: &HashMap<Uuid, String>) -> Result<TicketItem> {
    let corrupt = |what: &str| Error::internal(format!("ticket {}: {what}", row.id));
    Ok(TicketItem {
        id: ServiceTicketId(row.id),
        number: row.number.clone(),
        title: row.title.clone(),
        organisation_id: row.organisation_id.into(),
        organisation_name: names.get(&row.organisation_id).cloned().unwrap_or_default(),
        item_code: row.item_code.clone(),
        channel: Channel::parse(&row.channel).ok_or_else(|| corrupt("channel"))?,
        class: Class::parse(&row.class).ok_or_else(|| corrupt("class"))?,
        priority: row.priority,
        state: State::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        assignee_name: row.assignee_name.clone(),
        opened_at: Timestamp::from_micros(row.opened_at),
        response_due_at: row.response_due_at.map(Timestamp::from_micros),
        responded_at: row.responded_at.map(Timestamp::from_micros),
        response_late: row.response_late,
        handling_due_at: row.handling_due_at.map(Timestamp::from_micros),
        handling_late: row.handling_late,
        resolved_at: row.resolved_at.map(Timestamp::from_micros),
        next_due_at: row.next_due_at.map(Timestamp::from_micros),
        approval_needed: row.approval_needed,
        blocked: row.blocked.clone(),
        rating: row.rating,
        is_child: row.parent_id.is_some(),
    })
}

impl ServiceDesk {
    async fn ticket_items(&self, rows: &[TicketRow]) -> Result<Vec<TicketItem>> {
        let ids: Vec<OrganisationId> = rows.iter().map(|row| row.organisation_id.into()).collect();
        let names = self.organisation_names(&ids).await?;
        rows.iter().map(|row| item(row, &names)).collect()
    }

    /// Tickets that the caller may read.
    pub(crate) async fn tickets(&self, ctx: &Ctx, query: &TicketQuery) -> Result<Page<TicketItem>> {
        let scope = ctx.scope(TICKET_READ).await?;
        let limit = Limit::new(query.limit)?;
        let mut filter = Filter {
            text: query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()),
            class: query.class.map(Class::as_str),
            item_code: query.item_code.as_deref(),
            unassigned: query.unassigned,
            late: query.late,
            from: query.from,
            to: query.to,
            ..Filter::default()
        };
        for name in query.state.iter().flat_map(|s| s.split(',')).map(str::trim).filter(|s| !s.is_empty()) {
            let state = State::parse(name);
            let unknown = || Error::field("state", "state_unknown", format!("there is no state {name:?}"));
            filter.states.push(state.ok_or_else(unknown)?.as_str());
        }
        if query.mine {
            filter.assignee = Some(ctx.account_id()?.uuid());
        }
        if let Some(id) = query.organisation_id {
            filter.organisation = Some(Scope::of([OrgPath::new(self.organisation(id).await?.path)?]));
        }
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let exec = ctx.platform().db().read();
        let pressing = query.sort == Some(Sort::Pressing);
        let rows = if pressing {
            store::pressing(&exec, &scope, &filter, ctx.now(), after, limit.fetch()).await?
        } else {
            store::list(&exec, &scope, &filter, ctx.now(), after, limit.fetch()).await?
        };
        let key = |row: &TicketRow| if pressing { row.next_due_at.unwrap_or(0) } else { row.opened_at };
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![key(row)], id: row.id });
        let items = self.ticket_items(&page.items).await?;
        let entry =
            AuditEntry::new("service_tickets_listed").detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    /// The numbers above the list.
    pub(crate) async fn ticket_counts(&self, ctx: &Ctx) -> Result<TicketCounts> {
        let scope = ctx.scope(TICKET_READ).await?;
        let exec = ctx.platform().db().read();
        let active = || vec![State::Open.as_str(), State::Working.as_str(), State::Paused.as_str()];
        let with = |filter: Filter<'static>| Filter { states: active(), ..filter };
        let now = ctx.now();
        let count = async |filter: Filter<'static>| store::count(&exec, &scope, &filter, now).await;
        let mine = ctx.principal().account_id().map(AccountId::uuid);
        Ok(TicketCounts {
            open: count(with(Filter::default())).await?,
            unanswered: count(Filter { states: vec![State::Open.as_str()], ..Filter::default() }).await?,
            unassigned: count(with(Filter { unassigned: true, ..Filter::default() })).await?,
            mine: match mine {
                Some(mine) => count(with(Filter { assignee: Some(mine), ..Filter::default() })).await?,
                None => 0,
            },
            late: count(with(Filter { late: true, ..Filter::default() })).await?,
            blocked: store::count_blocked(&exec, &scope).await?,
        })
    }

    /// A ticket with everything about it. Reading it is recorded.
    pub(crate) async fn ticket(&self, ctx: &Ctx, id: ServiceTicketId) -> Result<TicketView> {
        let view = self.ticket_after_step(ctx, id).await?;
        let entry = AuditEntry::new("service_ticket_read").on("service_ticket", id.uuid());
        ctx.platform().audit(ctx, entry).await?;
        Ok(view)
    }

    /// The same as the answer to a step, which is recorded already.
    pub(crate) async fn ticket_after_step(&self, ctx: &Ctx, id: ServiceTicketId) -> Result<TicketView> {
        let row = visible(ctx, id).await?;
        let exec = ctx.platform().db().read();
        let entries = journal::load::<Event>(&exec, subject(row.id)).await?;
        let ticket = fold(&entries).ok_or_else(|| Error::internal("a ticket without an opening"))?;
        let book = Book::load(&exec).await?;
        let edition = book.of(row.contract_id.into(), ticket.opened_at)?;
        let children = store::children(&exec, row.id).await?;
        // A year without a calendar: `blocked` says it, and no clock is shown.
        let clocks = ticket.clocks(&book, edition, row.organisation_id.into(), ctx.now()).unwrap_or_default();
        let (needed, approval) = ticket.approval(edition).map_err(|e| terms_error(&e))?;
        let names = self.organisation_names(&[row.organisation_id.into()]).await?;
        Ok(TicketView {
            description: row.description.clone(),
            caller_name: row.caller_name.clone(),
            caller_phone: row.caller_phone.clone(),
            opened_by_name: row.opened_by_name.clone(),
            recorded_at: Timestamp::from_micros(row.recorded_at),
            contract_id: row.contract_id.into(),
            contract_code: edition.contract.code.clone(),
            contract_version: edition.version,
            calendar_version: book.calendar_version(),
            assignee_id: ticket.assignee.as_ref().map(|(id, _)| *id),
            agreed_due_at: ticket.agreed_due,
            proposed_due_at: ticket.proposed.map(|(due, _)| due),
            proposed_by: ticket.proposed.map(|(_, side)| side),
            touches: ticket.touches,
            approval: needed.then(|| approval.into()),
            solution: ticket.solution.clone(),
            cause: ticket.cause.clone(),
            rating_comment: ticket.rating.as_ref().and_then(|(_, comment)| comment.clone()),
            parts: ticket.parts.clone(),
            billable_cents: ticket.billable_cents(),
            on_site: ticket.on_site,
            out_of_scope: ticket.out_of_scope,
            parent_id: ticket.parent_id.map(ServiceTicketId),
            children: self.ticket_items(&children).await?,
            clocks,
            journal: journal::views(&entries)?,
            intake: self.intake_of_ticket(ctx, row.id).await?,
            allowed_actions: allowed(ctx, &row, &ticket, !children.is_empty())?,
            row_version: row.row_version,
            item: item(&row, &names)?,
        })
    }
}

fn allowed(ctx: &Ctx, row: &TicketRow, ticket: &Ticket, has_children: bool) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let institution = access::may(ctx, access::TICKET_CONFIRM, &row.organisation_path)?;
    for (name, actions, states) in STEPS {
        let answers = matches!(*name, "accept_deadline" | "decline_deadline");
        let own = ticket.proposed.map(|(_, side)| (side == super::model::Side::Institution) == institution);
        let fits = match *name {
            _ if answers => own == Some(false),
            "arrive" => !ticket.on_site,
            "leave" => ticket.on_site,
            "join" => ticket.parent_id.is_none() && !has_children,
            "rate" => ticket.rating.is_none(),
            _ => true,
        };
        if !states.contains(&ticket.state) || !fits {
            continue;
        }
        if access::any(ctx, actions, &row.organisation_path)? {
            found.push((*name).to_owned());
        }
    }
    Ok(found)
}
