//! Use cases of grants.

use super::jobs;
use super::model::{AccessKind, State, removal_open, state};
use super::store::{self, Filter, GrantRow};
use super::wire::{GrantInput, GrantQuery, GrantView, Step};
use crate::access::{self, DUTY_CONFIRM, DUTY_READ, DUTY_WORK, optional, required};
use crate::book::Book;
use crate::duties::persons::policy::{self, Standing};
use crate::duties::persons::store::{self as persons, PersonRow};
use crate::duties::{Changed, authorize_step, note_change};
use crate::journal::{self, Subject};
use crate::{ServiceDesk, notices};
use kernel::{Cursor, Error, Limit, Page, Result, Timestamp};
use platform::{Action, AuditEntry, Ctx, Exec, Tx};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) const GRANT: &str = "service_grant";

pub(super) fn subject(id: Uuid) -> Subject {
    Subject { kind: "duty_grant", id }
}

/// Every step with the permissions of which one is needed, and the states in which it makes sense.
const STEPS: &[(&str, &[Action], &[State])] = {
    use State::{Active, Coming, Expired, Requested, Returned, Withdrawn};
    &[
        ("approve", &[DUTY_CONFIRM], &[Requested]),
        ("refuse", &[DUTY_CONFIRM], &[Requested]),
        ("cancel", &[DUTY_WORK], &[Requested]),
        ("withdraw", &[DUTY_CONFIRM], &[Coming, Active]),
        ("return", &[DUTY_WORK], &[Coming, Active]),
        ("confirm_removal", &[DUTY_WORK, DUTY_CONFIRM], &[Expired, Withdrawn, Returned]),
    ]
};

async fn visible(ctx: &Ctx, id: Uuid) -> Result<GrantRow> {
    let scope = ctx.scope(DUTY_READ).await?;
    let found = store::find(&ctx.platform().db().read(), id).await?;
    access::visible(found, &scope, |row| row.organisation_path.as_str(), "grant")
}

/// How many grants of each of these people are approved and not over.
pub(crate) async fn open_of(exec: &Exec<'_>, people: &[Uuid], now: Timestamp) -> Result<HashMap<Uuid, i64>> {
    let counts = store::open_counts(exec, people, now).await?;
    Ok(counts.into_iter().map(|count| (count.id, count.n)).collect())
}

/// Ends whatever a person who leaves has or asked for, in the caller's transaction.
pub(crate) async fn end_all(
    desk: &ServiceDesk,
    tx: &mut Tx,
    ctx: &Ctx,
    person: &PersonRow,
    reason: &str,
) -> Result<()> {
    let mut ended = 0;
    for mut row in store::lock_unfinished(&tx.exec(), person.id, ctx.now()).await? {
        end(ctx, &mut row, "person_left", Some(reason.to_owned()));
        store::update(&tx.exec(), &mut row).await?;
        note(tx, ctx, &row, "person_left", Some(reason)).await?;
        ended += i64::from(row.approved == Some(true));
    }
    if ended > 0 {
        let told = desk.both_sides(&person.organisation_path, None).await?;
        let params = serde_json::json!({"person": person.name, "grants": ended});
        let subject = Subject { kind: "duty_person", id: person.id };
        notices::tell(tx, ctx, &told, "grants_ended", &params, subject).await?;
    }
    Ok(())
}

fn end(ctx: &Ctx, row: &mut GrantRow, kind: &str, reason: Option<String>) {
    row.ended_kind = Some(kind.to_owned());
    row.ended_at = Some(ctx.now().micros());
    row.ended_by_name = Some(ctx.principal().display_name.clone());
    row.end_reason = reason;
}

fn decide(ctx: &Ctx, row: &mut GrantRow, approved: bool, reason: Option<String>) {
    row.approved = Some(approved);
    row.decided_by = access::by(ctx);
    row.decided_by_name = Some(ctx.principal().display_name.clone());
    row.decided_at = Some(ctx.now().micros());
    row.decision_reason = reason;
}

pub(super) fn params(row: &GrantRow, person: &str) -> serde_json::Value {
    serde_json::json!({
        "number": row.number, "person": person, "system": row.system_name, "until": Timestamp::from_micros(row.until_at),
    })
}

impl ServiceDesk {
    /// Asks for access for somebody of the provider.
    pub async fn request_grant(&self, ctx: &Ctx, input: &GrantInput) -> Result<Uuid> {
        let scope = ctx.scope(DUTY_READ).await?;
        let exec = ctx.platform().db().read();
        let person = persons::find(&exec, input.person_id).await?;
        let person = person.filter(|row| scope.contains(&row.organisation_path));
        let person =
            person.ok_or_else(|| Error::field("person_id", "person_unknown", "nobody of the provider"))?;
        let path = person.organisation_path.clone();
        ctx.authorize(DUTY_WORK, &access::resource(GRANT, None, &path)?).await?;
        let now = ctx.now();
        let from = input.from.unwrap_or(now).max(now);
        if input.until <= from {
            return Err(Error::field("until", "before_start", "it ends before it begins"));
        }
        let mut tx = ctx.platform().begin().await?;
        // The person's row keeps leaving and asking apart.
        let person = persons::lock(&tx.exec(), person.id).await?;
        policy::may_have_access(&standing(ctx, &tx.exec(), &person).await?)?;
        let book = Book::load(&tx.exec()).await?;
        let edition = book.in_force(&path, now)?;
        let item = edition.contract.item(&input.item_code);
        let item = item.map_err(|e| Error::field("item_code", e.code(), e.to_string()))?;
        let after_term = edition.contract.term_end.tomorrow().map_err(Error::internal)?;
        if input.until > Timestamp::start_of_local_date(after_term) {
            let detail = format!("the contract's term ends on {}", edition.contract.term_end);
            return Err(Error::field("until", "grant_beyond_term", detail));
        }
        let row = GrantRow {
            id: ctx.platform().new_uuid(),
            number: journal::next_number(&tx.exec(), "QX", now).await?,
            contract_id: edition.contract_id.uuid(),
            organisation_path: path.clone(),
            person_id: person.id,
            item_code: item.code.clone(),
            system_name: required("system_name", &input.system_name, 100)?,
            access_kind: input.access.as_str().to_owned(),
            reason: required("reason", &input.reason, 500)?,
            from_at: from.micros(),
            until_at: input.until.micros(),
            requested_by: access::by(ctx),
            requested_by_name: ctx.principal().display_name.clone(),
            requested_at: now.micros(),
            approved: None,
            decided_by: None,
            decided_by_name: None,
            decided_at: None,
            decision_reason: None,
            ended_kind: None,
            ended_by_name: None,
            ended_at: None,
            end_reason: None,
            warned_at: None,
            expired_told_at: None,
            removed_by: None,
            removed_by_name: None,
            removed_at: None,
            removal_note: None,
            row_version: 1,
        };
        store::insert(&tx.exec(), &row).await?;
        let told = self.information_section(&path).await?;
        notices::tell(&mut tx, ctx, &told, "grant_requested", &params(&row, &person.name), subject(row.id))
            .await?;
        note(&mut tx, ctx, &row, "request", None).await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// Takes a step of a grant.
    pub async fn grant_step(&self, ctx: &Ctx, id: Uuid, step: &Step) -> Result<()> {
        let row = visible(ctx, id).await?;
        let name = match step {
            Step::Approve => "approve",
            Step::Refuse { .. } => "refuse",
            Step::Cancel { .. } => "cancel",
            Step::Withdraw { .. } => "withdraw",
            Step::Return { .. } => "return",
            Step::ConfirmRemoval { .. } => "confirm_removal",
        };
        let found = STEPS.iter().find(|(known, _, _)| *known == name);
        let (_, actions, states) = found.ok_or_else(|| Error::internal("a step without a rule"))?;
        authorize_step(ctx, actions, GRANT, id, &row.organisation_path).await?;
        let mut tx = ctx.platform().begin().await?;
        // Always the person first: leaving locks in this order too.
        let person = persons::lock(&tx.exec(), row.person_id).await?;
        let mut row = store::lock(&tx.exec(), id).await?;
        let now = ctx.now();
        let before = state(&row, now);
        if !states.contains(&before) || (name == "confirm_removal" && row.removed_at.is_some()) {
            let detail = format!("{name} is not possible while the grant is {}", before.as_str());
            return Err(Error::conflict("state_conflict", detail).with("state", before.as_str()));
        }
        let mut reason_given = None;
        match step {
            Step::Approve => {
                let by = access::by(ctx);
                if by.is_some() && (by == row.requested_by || by == person.account_id) {
                    let detail = "somebody else has to approve what you asked for or get";
                    return Err(Error::conflict("own_request", detail));
                }
                policy::may_have_access(&standing(ctx, &tx.exec(), &person).await?)?;
                decide(ctx, &mut row, true, None);
                jobs::schedule(&mut tx, ctx, &row).await?;
            }
            Step::Refuse { reason } => {
                let reason = required("reason", reason, 500)?;
                decide(ctx, &mut row, false, Some(reason.clone()));
                reason_given = Some(reason);
            }
            Step::Cancel { reason } | Step::Withdraw { reason } => {
                let reason = required("reason", reason, 500)?;
                let kind = if name == "cancel" { "cancelled" } else { "withdrawn" };
                end(ctx, &mut row, kind, Some(reason.clone()));
                reason_given = Some(reason);
            }
            Step::Return { reason } => {
                reason_given = optional("reason", reason.as_deref(), 500)?;
                end(ctx, &mut row, "returned", reason_given.clone());
            }
            Step::ConfirmRemoval { at, note } => {
                let at = journal::moment(ctx, *at)?;
                let ended = row.ended_at.unwrap_or(row.until_at);
                if at.micros() < row.decided_at.unwrap_or(ended) {
                    return Err(Error::field("at", "before_start", "this was before the access was granted"));
                }
                row.removed_by = access::by(ctx);
                row.removed_by_name = Some(ctx.principal().display_name.clone());
                row.removed_at = Some(at.micros());
                row.removal_note = Some(required("note", note, 500)?);
            }
        }
        store::update(&tx.exec(), &mut row).await?;
        if name != "confirm_removal" && name != "cancel" {
            let told = self.both_sides(&row.organisation_path, person.account_id).await?;
            let told: Vec<_> = told.into_iter().filter(|a| Some(a.uuid()) != access::by(ctx)).collect();
            let mut params = params(&row, &person.name);
            if let Some(map) = params.as_object_mut() {
                map.insert("state".into(), state(&row, now).as_str().into());
            }
            notices::tell(&mut tx, ctx, &told, "grant_changed", &params, subject(id)).await?;
        }
        note(&mut tx, ctx, &row, name, reason_given.as_deref()).await?;
        tx.commit().await
    }

    pub(crate) async fn grants(&self, ctx: &Ctx, query: &GrantQuery) -> Result<Page<GrantView>> {
        let scope = ctx.scope(DUTY_READ).await?;
        let limit = Limit::new(query.limit)?;
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let mut filter = Filter {
            person: query.person_id,
            item_code: query.item_code.as_deref(),
            removal_open: query.removal_open,
            ..Filter::default()
        };
        for name in query.state.iter().flat_map(|s| s.split(',')).map(str::trim).filter(|s| !s.is_empty()) {
            let found = serde_json::from_value(serde_json::Value::String(name.to_owned()));
            filter.states.push(found.map_err(|_| {
                Error::field("state", "state_unknown", format!("{name:?} is no state of a grant"))
            })?);
        }
        let exec = ctx.platform().db().read();
        let rows = store::list(&exec, &scope, &filter, ctx.now(), after, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.requested_at], id: row.id });
        let items = views(ctx, &exec, &page.items).await?;
        let entry =
            AuditEntry::new("service_grants_listed").detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    pub async fn grant(&self, ctx: &Ctx, id: Uuid) -> Result<GrantView> {
        let view = self.grant_after_step(ctx, id).await?;
        ctx.platform().audit(ctx, AuditEntry::new("service_grant_read").on(GRANT, id)).await?;
        Ok(view)
    }

    pub async fn grant_after_step(&self, ctx: &Ctx, id: Uuid) -> Result<GrantView> {
        let row = visible(ctx, id).await?;
        let exec = ctx.platform().db().read();
        let found = views(ctx, &exec, std::slice::from_ref(&row)).await?.into_iter().next();
        found.ok_or_else(|| Error::internal("a grant without a view"))
    }
}

async fn standing(ctx: &Ctx, exec: &Exec<'_>, person: &PersonRow) -> Result<Standing> {
    let records = persons::records(exec, &[person.id]).await?;
    policy::standing(&records, person.left_on.is_some(), ctx.now().local_date())
}

async fn views(ctx: &Ctx, exec: &Exec<'_>, rows: &[GrantRow]) -> Result<Vec<GrantView>> {
    let mut ids: Vec<Uuid> = rows.iter().map(|row| row.person_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let people: HashMap<Uuid, PersonRow> =
        persons::many(exec, &ids).await?.into_iter().map(|p| (p.id, p)).collect();
    let mut records: HashMap<Uuid, Vec<persons::RecordRow>> = HashMap::new();
    for record in persons::records(exec, &ids).await? {
        records.entry(record.person_id).or_default().push(record);
    }
    let none = Vec::new();
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let person = people.get(&row.person_id).ok_or_else(|| Error::internal("a grant without a person"))?;
        let of = records.get(&row.person_id).unwrap_or(&none);
        let standing = policy::standing(of, person.left_on.is_some(), ctx.now().local_date())?;
        views.push(view(ctx, row, person, &standing)?);
    }
    Ok(views)
}

fn view(ctx: &Ctx, row: &GrantRow, person: &PersonRow, standing: &Standing) -> Result<GrantView> {
    let now = ctx.now();
    let found = state(row, now);
    let at = |at: Option<i64>| at.map(Timestamp::from_micros);
    let mut warnings = Vec::new();
    if matches!(found, State::Requested | State::Coming | State::Active) {
        warnings.extend(standing.obstacles.iter().chain(&standing.warnings).map(|code| (*code).to_owned()));
    }
    let by = access::by(ctx);
    let mut allowed = Vec::new();
    for (name, actions, states) in STEPS {
        let own = *name == "approve" && by.is_some() && (by == row.requested_by || by == person.account_id);
        let done = *name == "confirm_removal" && row.removed_at.is_some();
        if states.contains(&found) && !own && !done && access::any(ctx, actions, &row.organisation_path)? {
            allowed.push((*name).to_owned());
        }
    }
    Ok(GrantView {
        id: row.id,
        number: row.number.clone(),
        contract_id: row.contract_id.into(),
        person_id: row.person_id,
        person_name: person.name.clone(),
        item_code: row.item_code.clone(),
        system_name: row.system_name.clone(),
        access: AccessKind::parse(&row.access_kind).ok_or_else(|| Error::internal("kind of access"))?,
        reason: row.reason.clone(),
        from: Timestamp::from_micros(row.from_at),
        until: Timestamp::from_micros(row.until_at),
        state: found,
        remaining_s: Timestamp::from_micros(row.until_at).seconds_since(now),
        requested_by_name: row.requested_by_name.clone(),
        requested_at: Timestamp::from_micros(row.requested_at),
        decided_by_name: row.decided_by_name.clone(),
        decided_at: at(row.decided_at),
        decision_reason: row.decision_reason.clone(),
        ended_kind: row.ended_kind.clone(),
        ended_by_name: row.ended_by_name.clone(),
        ended_at: at(row.ended_at),
        end_reason: row.end_reason.clone(),
        removal_open: removal_open(row, now),
        removed_by_name: row.removed_by_name.clone(),
        removed_at: at(row.removed_at),
        removal_note: row.removal_note.clone(),
        warnings,
        allowed_actions: allowed,
        row_version: row.row_version,
    })
}

pub(super) async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &GrantRow,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let state = state(row, ctx.now());
    let changed = Changed { kind: GRANT, id: row.id, path: &row.organisation_path, state: state.as_str() };
    note_change(tx, ctx, "service_grant_changed", changed, step, reason).await
}
