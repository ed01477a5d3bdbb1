//! Use cases of hand-over and destruction.

use super::store::{self, HandoverRow, ItemRow};
use super::wire::{
    HandoverInput, HandoverItem, HandoverQuery, HandoverView, ItemInput, ItemKind, ItemView, Method,
    Occasion, Outcome, State, Step,
};
use crate::access::{self, DUTY_CONFIRM, DUTY_READ, DUTY_WORK, required};
use crate::book::{Book, terms_error};
use crate::duties::persons::store as persons;
use crate::duties::{Changed, authorize_step, note_change};
use crate::journal::{self, Subject};
use crate::{ServiceDesk, notices};
use jiff::civil::Date;
use kernel::{Cursor, Error, Limit, Page, Result, Timestamp};
use platform::{Action, AuditEntry, Ctx, Tx};
use service_terms::dates;
use std::collections::HashMap;
use uuid::Uuid;

pub(super) const HANDOVER: &str = "service_handover";
const MOST_ITEMS: usize = 300;

fn subject(id: Uuid) -> Subject {
    Subject { kind: "handover", id }
}

/// Every step with the permissions of which one is needed. All need an open list.
const STEPS: &[(&str, &[Action])] = &[
    ("add_items", &[DUTY_WORK, DUTY_CONFIRM]),
    ("hand_over", &[DUTY_WORK]),
    ("destroy", &[DUTY_WORK]),
    ("witness", &[DUTY_CONFIRM]),
    ("reject", &[DUTY_CONFIRM]),
    ("complete", &[DUTY_CONFIRM]),
];

async fn visible(ctx: &Ctx, id: Uuid) -> Result<HandoverRow> {
    let scope = ctx.scope(DUTY_READ).await?;
    let found = store::find(&ctx.platform().db().read(), id).await?;
    access::visible(found, &scope, |row| row.organisation_path.as_str(), "hand-over")
}

/// The day from which the ten days of 9.3 run: the end of the term, or the day on which the person left. The text has them for
/// the end of the contract; for a person they are our reading.
fn ended(row: &HandoverRow, term_end: Date, left_on: Option<&str>) -> Result<Date> {
    match (Occasion::parse(&row.occasion), left_on) {
        (Some(Occasion::PersonLeft), Some(day)) => day.parse().map_err(Error::internal),
        (Some(Occasion::PersonLeft), None) => Ok(Timestamp::from_micros(row.opened_at).local_date()),
        _ => Ok(term_end),
    }
}

async fn add(tx: &Tx, ctx: &Ctx, id: Uuid, before: usize, items: &[ItemInput]) -> Result<()> {
    if before + items.len() > MOST_ITEMS {
        return Err(Error::field("items", "out_of_range", format!("at most {MOST_ITEMS} items")));
    }
    for (n, input) in items.iter().enumerate() {
        let row = ItemRow {
            id: ctx.platform().new_uuid(),
            handover_id: id,
            position: i32::try_from(before + n + 1).map_err(Error::internal)?,
            kind: input.kind.as_str().to_owned(),
            description: required(&format!("items[{n}].description"), &input.description, 300)?,
            quantity: required(&format!("items[{n}].quantity"), &input.quantity, 50)?,
            outcome: None,
            method: None,
            particulars: None,
            done_by: None,
            done_by_name: None,
            done_at: None,
            witnessed_by: None,
            witnessed_by_name: None,
            witnessed_at: None,
        };
        store::insert_item(&tx.exec(), &row).await?;
    }
    Ok(())
}

impl ServiceDesk {
    /// Begins a list.
    pub async fn open_handover(&self, ctx: &Ctx, input: &HandoverInput) -> Result<Uuid> {
        let scope = ctx.scope(DUTY_READ).await?;
        let exec = ctx.platform().db().read();
        let person = match (input.occasion, input.person_id) {
            (Occasion::ContractEnd, None) => None,
            (Occasion::ContractEnd, Some(_)) => {
                return Err(Error::field("person_id", "not_wanted", "the end of a contract is of no person"));
            }
            (Occasion::PersonLeft, None) => return Err(Error::field("person_id", "required", "who leaves?")),
            (Occasion::PersonLeft, Some(id)) => {
                let found = persons::find(&exec, id).await?;
                let found = found.filter(|row| scope.contains(&row.organisation_path));
                Some(
                    found.ok_or_else(|| {
                        Error::field("person_id", "person_unknown", "nobody of the provider")
                    })?,
                )
            }
        };
        let path = match &person {
            Some(person) => person.organisation_path.clone(),
            None => match crate::contracts::own_region(ctx, DUTY_WORK).await {
                Ok(path) => path,
                Err(_) => crate::contracts::own_region(ctx, DUTY_CONFIRM).await?,
            },
        };
        let action = access::first_allowed(ctx, &[DUTY_WORK, DUTY_CONFIRM], &path)?;
        ctx.authorize(action, &access::resource(HANDOVER, None, &path)?).await?;
        let now = ctx.now();
        let mut tx = ctx.platform().begin().await?;
        let book = Book::load(&tx.exec()).await?;
        let edition = book.in_force(&path, now)?;
        let mut row = HandoverRow {
            id: ctx.platform().new_uuid(),
            number: journal::next_number(&tx.exec(), "YJ", now).await?,
            contract_id: edition.contract_id.uuid(),
            organisation_path: edition.organisation_path.clone(),
            occasion: input.occasion.as_str().to_owned(),
            person_id: person.as_ref().map(|p| p.id),
            due: String::new(),
            state: State::Open.as_str().to_owned(),
            opened_by_name: ctx.principal().display_name.clone(),
            opened_at: now.micros(),
            completed_by_name: None,
            completed_at: None,
            row_version: 0,
        };
        let left_on = person.as_ref().and_then(|p| p.left_on.as_deref());
        let from = ended(&row, edition.contract.term_end, left_on)?;
        row.due = dates::closing(from).map_err(|e| terms_error(&e))?.value.return_by.to_string();
        store::insert(&tx.exec(), &row).await?;
        add(&tx, ctx, row.id, 0, &input.items).await?;
        let told = self.both_sides(&row.organisation_path, None).await?;
        let told: Vec<_> = told.into_iter().filter(|a| Some(a.uuid()) != access::by(ctx)).collect();
        let params = serde_json::json!({"number": row.number, "due": row.due});
        notices::tell(&mut tx, ctx, &told, "handover_opened", &params, subject(row.id)).await?;
        note(&mut tx, ctx, &row, "open", None).await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// Takes a step.
    pub async fn handover_step(&self, ctx: &Ctx, id: Uuid, step: &Step) -> Result<()> {
        let row = visible(ctx, id).await?;
        let name = match step {
            Step::AddItems { .. } => "add_items",
            Step::HandOver { .. } => "hand_over",
            Step::Destroy { .. } => "destroy",
            Step::Witness { .. } => "witness",
            Step::Reject { .. } => "reject",
            Step::Complete => "complete",
        };
        let known = STEPS.iter().find(|(known, _)| *known == name);
        let (_, actions) = known.ok_or_else(|| Error::internal("a step without a rule"))?;
        authorize_step(ctx, actions, HANDOVER, id, &row.organisation_path).await?;
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), id).await?;
        if row.state != State::Open.as_str() {
            let detail = "this list is completed";
            return Err(Error::conflict("state_conflict", detail).with("state", row.state.as_str()));
        }
        let mut items = store::items(&tx.exec(), &[id]).await?;
        let mut reason_given = None;
        match step {
            Step::AddItems { items: more } => {
                if more.is_empty() {
                    return Err(Error::field("items", "required", "must not be empty"));
                }
                add(&tx, ctx, id, items.len(), more).await?;
            }
            Step::HandOver { item_id, recipient, at } => {
                let recipient = required("recipient", recipient, 100)?;
                let item = of(&mut items, *item_id)?;
                done(ctx, item, Outcome::HandedOver, None, recipient, *at)?;
                store::update_item(&tx.exec(), item).await?;
            }
            Step::Destroy { item_id, method, particulars, at } => {
                let particulars = required("particulars", particulars, 300)?;
                let item = of(&mut items, *item_id)?;
                done(ctx, item, Outcome::Destroyed, Some(*method), particulars, *at)?;
                store::update_item(&tx.exec(), item).await?;
            }
            Step::Witness { item_id } => {
                let item = of(&mut items, *item_id)?;
                waiting(item)?;
                let by = access::by(ctx);
                if by.is_some() && by == item.done_by {
                    let detail = "whoever did it is no witness of it";
                    return Err(Error::conflict("own_witness", detail));
                }
                item.witnessed_by = by;
                item.witnessed_by_name = Some(ctx.principal().display_name.clone());
                item.witnessed_at = Some(ctx.now().micros());
                store::update_item(&tx.exec(), item).await?;
            }
            Step::Reject { item_id, reason } => {
                reason_given = Some(required("reason", reason, 500)?);
                let item = of(&mut items, *item_id)?;
                waiting(item)?;
                (item.outcome, item.method, item.particulars) = (None, None, None);
                (item.done_by, item.done_by_name, item.done_at) = (None, None, None);
                store::update_item(&tx.exec(), item).await?;
            }
            Step::Complete => {
                let open: Vec<i32> =
                    items.iter().filter(|i| i.witnessed_at.is_none()).map(|i| i.position).collect();
                if items.is_empty() || !open.is_empty() {
                    let detail = "every item is handed over or destroyed before a witness first";
                    return Err(Error::conflict("handover_incomplete", detail).with("positions", open));
                }
                row.state = State::Completed.as_str().to_owned();
                row.completed_by_name = Some(ctx.principal().display_name.clone());
                row.completed_at = Some(ctx.now().micros());
                let told = self.leads(&row.organisation_path).await?;
                let params = serde_json::json!({"number": row.number, "due": row.due});
                notices::tell(&mut tx, ctx, &told, "handover_completed", &params, subject(id)).await?;
            }
        }
        store::update(&tx.exec(), &mut row).await?;
        note(&mut tx, ctx, &row, name, reason_given.as_deref()).await?;
        tx.commit().await
    }

    pub(crate) async fn handovers(&self, ctx: &Ctx, query: &HandoverQuery) -> Result<Page<HandoverItem>> {
        let scope = ctx.scope(DUTY_READ).await?;
        let limit = Limit::new(query.limit)?;
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let exec = ctx.platform().db().read();
        let state = query.state.map(State::as_str);
        let rows = store::list(&exec, &scope, state, after, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.opened_at], id: row.id });
        let book = Book::load(&exec).await?;
        let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
        let mut entries: HashMap<Uuid, Vec<ItemRow>> = HashMap::new();
        for entry in store::items(&exec, &ids).await? {
            entries.entry(entry.handover_id).or_default().push(entry);
        }
        let who: Vec<Uuid> = page.items.iter().filter_map(|row| row.person_id).collect();
        let people = persons::many(&exec, &who).await?;
        let none = Vec::new();
        let mut items = Vec::with_capacity(page.items.len());
        for row in &page.items {
            let person = people.iter().find(|p| Some(p.id) == row.person_id);
            let of = entries.get(&row.id).unwrap_or(&none);
            items.push(item(row, of, person.map(|p| p.name.clone()), &book, ctx.now())?);
        }
        let entry =
            AuditEntry::new("service_handovers_listed").detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    pub async fn handover(&self, ctx: &Ctx, id: Uuid) -> Result<HandoverView> {
        let view = self.handover_after_step(ctx, id).await?;
        ctx.platform().audit(ctx, AuditEntry::new("service_handover_read").on(HANDOVER, id)).await?;
        Ok(view)
    }

    pub async fn handover_after_step(&self, ctx: &Ctx, id: Uuid) -> Result<HandoverView> {
        let row = visible(ctx, id).await?;
        let exec = ctx.platform().db().read();
        let entries = store::items(&exec, &[id]).await?;
        let person = match row.person_id {
            Some(person) => persons::find(&exec, person).await?,
            None => None,
        };
        let book = Book::load(&exec).await?;
        let term_end = book.latest(row.contract_id.into())?.contract.term_end;
        let from = ended(&row, term_end, person.as_ref().and_then(|p| p.left_on.as_deref()))?;
        let derivation = dates::closing(from).map_err(|e| terms_error(&e))?.derivation;
        let may = |name: &str| -> Result<bool> {
            let known = STEPS.iter().find(|(known, _)| *known == name);
            let (_, actions) = known.ok_or_else(|| Error::internal("a step without a rule"))?;
            Ok(row.state == State::Open.as_str() && access::any(ctx, actions, &row.organisation_path)?)
        };
        let mut allowed = Vec::new();
        let ready = !entries.is_empty() && entries.iter().all(|entry| entry.witnessed_at.is_some());
        for (name, now) in [("add_items", true), ("complete", ready)] {
            if now && may(name)? {
                allowed.push(name.to_owned());
            }
        }
        let by = access::by(ctx);
        let mut views = Vec::with_capacity(entries.len());
        for entry in &entries {
            let (open, witnessed) = (entry.outcome.is_none(), entry.witnessed_at.is_some());
            let own = by.is_some() && by == entry.done_by;
            let steps = [
                ("hand_over", open),
                ("destroy", open),
                ("witness", !open && !witnessed && !own),
                ("reject", !open && !witnessed),
            ];
            let mut actions = Vec::new();
            for (name, now) in steps {
                if now && may(name)? {
                    actions.push(name.to_owned());
                }
            }
            views.push(entry_view(entry, actions)?);
        }
        Ok(HandoverView {
            item: item(&row, &entries, person.map(|p| p.name), &book, ctx.now())?,
            derivation: derivation.into(),
            entries: views,
            allowed_actions: allowed,
            row_version: row.row_version,
        })
    }
}

fn of(items: &mut [ItemRow], id: Uuid) -> Result<&mut ItemRow> {
    let found = items.iter_mut().find(|item| item.id == id);
    found.ok_or_else(|| Error::field("item_id", "item_unknown", "no such item is on this list"))
}

/// Done, and not witnessed yet.
fn waiting(item: &ItemRow) -> Result<()> {
    if item.outcome.is_none() || item.witnessed_at.is_some() {
        return Err(Error::conflict("state_conflict", "this item does not wait for a witness"));
    }
    Ok(())
}

fn done(
    ctx: &Ctx,
    item: &mut ItemRow,
    outcome: Outcome,
    method: Option<Method>,
    particulars: String,
    at: Option<Timestamp>,
) -> Result<()> {
    if item.outcome.is_some() {
        return Err(Error::conflict("state_conflict", "something became of this item already"));
    }
    item.outcome = Some(outcome.as_str().to_owned());
    item.method = method.map(|method| method.as_str().to_owned());
    item.particulars = Some(particulars);
    item.done_by = access::by(ctx);
    item.done_by_name = Some(ctx.principal().display_name.clone());
    item.done_at = Some(journal::moment(ctx, at)?.micros());
    Ok(())
}

fn item(
    row: &HandoverRow,
    entries: &[ItemRow],
    person_name: Option<String>,
    book: &Book,
    now: Timestamp,
) -> Result<HandoverItem> {
    let count = |is: &dyn Fn(&ItemRow) -> bool| {
        i64::try_from(entries.iter().filter(|entry| is(entry)).count()).unwrap_or(i64::MAX)
    };
    let due: Date = row.due.parse().map_err(Error::internal)?;
    let completed_at = row.completed_at.map(Timestamp::from_micros);
    let corrupt = |what: &str| Error::internal(format!("hand-over {}: {what}", row.id));
    Ok(HandoverItem {
        id: row.id,
        number: row.number.clone(),
        contract_id: row.contract_id.into(),
        contract_code: book.latest(row.contract_id.into())?.contract.code.clone(),
        occasion: Occasion::parse(&row.occasion).ok_or_else(|| corrupt("occasion"))?,
        person_id: row.person_id,
        person_name,
        due: row.due.clone(),
        late: completed_at.unwrap_or(now).local_date() > due,
        state: State::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        items: count(&|_| true),
        done: count(&|entry| entry.outcome.is_some()),
        witnessed: count(&|entry| entry.witnessed_at.is_some()),
        opened_by_name: row.opened_by_name.clone(),
        opened_at: Timestamp::from_micros(row.opened_at),
        completed_by_name: row.completed_by_name.clone(),
        completed_at,
    })
}

fn entry_view(row: &ItemRow, allowed_actions: Vec<String>) -> Result<ItemView> {
    let corrupt = |what: &str| Error::internal(format!("item {}: {what}", row.id));
    let outcome = row.outcome.as_deref().map(|text| Outcome::parse(text).ok_or_else(|| corrupt("outcome")));
    let method = row.method.as_deref().map(|text| Method::parse(text).ok_or_else(|| corrupt("method")));
    Ok(ItemView {
        id: row.id,
        position: row.position,
        kind: ItemKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?,
        description: row.description.clone(),
        quantity: row.quantity.clone(),
        outcome: outcome.transpose()?,
        method: method.transpose()?,
        particulars: row.particulars.clone(),
        done_by_name: row.done_by_name.clone(),
        done_at: row.done_at.map(Timestamp::from_micros),
        witnessed_by_name: row.witnessed_by_name.clone(),
        witnessed_at: row.witnessed_at.map(Timestamp::from_micros),
        allowed_actions,
    })
}

async fn note(tx: &mut Tx, ctx: &Ctx, row: &HandoverRow, step: &str, reason: Option<&str>) -> Result<()> {
    let changed = Changed { kind: HANDOVER, id: row.id, path: &row.organisation_path, state: &row.state };
    note_change(tx, ctx, "service_handover_changed", changed, step, reason).await
}
