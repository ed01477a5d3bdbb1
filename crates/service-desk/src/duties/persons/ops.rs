//! Use cases of the provider's people.

use super::policy;
use super::store::{self, PersonRow, RecordRow};
use super::wire::{Kind, PersonInput, PersonItem, PersonQuery, PersonView, RecordView, Step};
use crate::ServiceDesk;
use crate::access::{self, DUTY_CONFIRM, DUTY_READ, DUTY_WORK, optional, required};
use crate::duties::{Changed, authorize_step, grants, note_change};
use jiff::civil::Date;
use kernel::{AccountId, Cursor, Error, Limit, Page, Result, Timestamp, parse_date};
use platform::{Action, AuditEntry, Ctx, Exec, Tx};
use std::collections::HashMap;
use uuid::Uuid;

const PERSON: &str = "service_person";
const LONGEST_TRAINING_MIN: i32 = 6000;

/// Steps with the permissions of which one is needed.
const STEPS: &[(&str, &[Action])] = &[
    ("edit", &[DUTY_WORK]),
    ("background", &[DUTY_WORK, DUTY_CONFIRM]),
    ("confidentiality", &[DUTY_WORK, DUTY_CONFIRM]),
    ("training", &[DUTY_WORK, DUTY_CONFIRM]),
    ("void_record", &[DUTY_WORK, DUTY_CONFIRM]),
    ("leave", &[DUTY_WORK, DUTY_CONFIRM]),
];

/// A date that is not after today.
fn past(ctx: &Ctx, field: &str, text: &str) -> Result<Date> {
    let day = parse_date(field, text)?;
    if day > ctx.now().local_date() {
        return Err(Error::field(field, "in_the_future", "this lies in the future"));
    }
    Ok(day)
}

async fn visible(ctx: &Ctx, id: Uuid) -> Result<PersonRow> {
    let scope = ctx.scope(DUTY_READ).await?;
    let found = store::find(&ctx.platform().db().read(), id).await?;
    access::visible(found, &scope, |row| row.organisation_path.as_str(), "person")
}

/// Ends what somebody may reach who was taken off the team on site, in the caller's transaction; they may come back and ask anew.
pub(crate) async fn off_the_team(
    desk: &ServiceDesk,
    tx: &mut Tx,
    ctx: &Ctx,
    account: AccountId,
) -> Result<()> {
    let Some(person) = store::with_account(&tx.exec(), account.uuid(), Uuid::nil()).await? else {
        return Ok(());
    };
    let person = store::lock(&tx.exec(), person.id).await?;
    grants::end_all(desk, tx, ctx, &person, "不再驻场").await
}

impl ServiceDesk {
    pub(crate) async fn duty_people(&self, ctx: &Ctx, query: &PersonQuery) -> Result<Page<PersonItem>> {
        let scope = ctx.scope(DUTY_READ).await?;
        let limit = Limit::new(query.limit)?;
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let exec = ctx.platform().db().read();
        let rows = store::list(&exec, &scope, query.left, after, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.recorded_at], id: row.id });
        let items = items(ctx, &exec, &page.items).await?;
        let entry =
            AuditEntry::new("service_duty_people_listed").detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    pub async fn duty_person(&self, ctx: &Ctx, id: Uuid) -> Result<PersonView> {
        let view = self.duty_person_after_step(ctx, id).await?;
        let entry = AuditEntry::new("service_duty_person_read").on(PERSON, id);
        ctx.platform().audit(ctx, entry).await?;
        Ok(view)
    }

    pub async fn duty_person_after_step(&self, ctx: &Ctx, id: Uuid) -> Result<PersonView> {
        let row = visible(ctx, id).await?;
        let exec = ctx.platform().db().read();
        let records = store::records(&exec, &[id]).await?;
        let item = items(ctx, &exec, std::slice::from_ref(&row)).await?.into_iter().next();
        let mut allowed = Vec::new();
        if row.left_on.is_none() {
            for (name, actions) in STEPS {
                if access::any(ctx, actions, &row.organisation_path)? {
                    allowed.push((*name).to_owned());
                }
            }
        }
        Ok(PersonView {
            item: item.ok_or_else(|| Error::internal("a person without an item"))?,
            left_reason: row.left_reason,
            left_by_name: row.left_by_name,
            records: records.into_iter().map(record_view).collect::<Result<_>>()?,
            allowed_actions: allowed,
            row_version: row.row_version,
        })
    }

    /// Enters somebody of the provider.
    pub async fn add_duty_person(&self, ctx: &Ctx, input: &PersonInput) -> Result<Uuid> {
        let path = crate::contracts::own_region(ctx, DUTY_WORK).await?;
        ctx.authorize(DUTY_WORK, &access::resource(PERSON, None, &path)?).await?;
        let mut row = PersonRow {
            id: ctx.platform().new_uuid(),
            organisation_path: path,
            account_id: None,
            name: String::new(),
            post: String::new(),
            joined_on: String::new(),
            left_on: None,
            left_reason: None,
            left_by_name: None,
            recorded_by_name: ctx.principal().display_name.clone(),
            recorded_at: ctx.now().micros(),
            row_version: 1,
        };
        let mut tx = ctx.platform().begin().await?;
        self.fill_person(ctx, &tx.exec(), &mut row, input).await?;
        store::insert(&tx.exec(), &row).await?;
        note(&mut tx, ctx, &row, "add", None).await?;
        tx.commit().await?;
        Ok(row.id)
    }

    async fn fill_person(
        &self,
        ctx: &Ctx,
        exec: &Exec<'_>,
        row: &mut PersonRow,
        input: &PersonInput,
    ) -> Result<()> {
        row.name = required("name", &input.name, 50)?;
        row.post = required("post", &input.post, 50)?;
        row.joined_on = past(ctx, "joined_on", &input.joined_on)?.to_string();
        if let Some(account) = input.account_id {
            let known = self.directory.signatories(&[account]).await?;
            if known.is_empty() {
                return Err(Error::field("account_id", "account_unknown", "there is no such account"));
            }
            if store::with_account(exec, account.uuid(), row.id).await?.is_some() {
                return Err(Error::conflict("person_known", "somebody with this account is here already"));
            }
        }
        row.account_id = input.account_id.map(AccountId::uuid);
        Ok(())
    }

    /// Takes a step about a person. Leaving ends every grant of theirs in the same transaction.
    pub async fn duty_person_step(&self, ctx: &Ctx, id: Uuid, step: &Step) -> Result<()> {
        let row = visible(ctx, id).await?;
        let name = match step {
            Step::Edit { .. } => "edit",
            Step::Background { .. } => "background",
            Step::Confidentiality { .. } => "confidentiality",
            Step::Training { .. } => "training",
            Step::VoidRecord { .. } => "void_record",
            Step::Leave { .. } => "leave",
        };
        let found = STEPS.iter().find(|(known, _)| *known == name);
        let (_, actions) = found.ok_or_else(|| Error::internal("a step without a rule"))?;
        authorize_step(ctx, actions, PERSON, id, &row.organisation_path).await?;
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), id).await?;
        if row.left_on.is_some() {
            return Err(Error::conflict("person_left", "this person has left the project"));
        }
        let mut why = None;
        match step {
            Step::Edit { name, post, account_id, joined_on } => {
                let input = PersonInput {
                    name: name.clone(),
                    post: post.clone(),
                    account_id: *account_id,
                    joined_on: joined_on.clone(),
                };
                self.fill_person(ctx, &tx.exec(), &mut row, &input).await?;
            }
            Step::VoidRecord { record_id, reason } => {
                let reason = required("reason", reason, 500)?;
                let by = ctx.principal().display_name.clone();
                let at = ctx.now().micros();
                if store::void_record(&tx.exec(), id, *record_id, &by, at, &reason).await? == 0 {
                    let detail = "no such record of this person stands";
                    return Err(Error::field("record_id", "record_unknown", detail));
                }
                why = Some(reason);
            }
            Step::Leave { on, reason } => {
                let reason = required("reason", reason, 500)?;
                row.left_on = Some(past(ctx, "on", on)?.to_string());
                row.left_reason = Some(reason.clone());
                row.left_by_name = Some(ctx.principal().display_name.clone());
                grants::end_all(self, &mut tx, ctx, &row, &reason).await?;
                why = Some(reason);
            }
            _ => store::insert_record(&tx.exec(), &record(ctx, id, step)?).await?,
        }
        store::update(&tx.exec(), &mut row).await?;
        note(&mut tx, ctx, &row, name, why.as_deref()).await?;
        tx.commit().await
    }
}

/// The record that a step makes.
fn record(ctx: &Ctx, person_id: Uuid, step: &Step) -> Result<RecordRow> {
    let mut row = RecordRow {
        id: ctx.platform().new_uuid(),
        person_id,
        kind: String::new(),
        day: String::new(),
        passed: true,
        by_whom: String::new(),
        topic: None,
        duration_min: None,
        reference: None,
        recorded_by_name: ctx.principal().display_name.clone(),
        recorded_at: ctx.now().micros(),
        voided_at: None,
        voided_by_name: None,
        void_reason: None,
    };
    let (kind, day, number) = match step {
        Step::Background { day, passed, checked_by, reference } => {
            row.passed = *passed;
            row.by_whom = required("checked_by", checked_by, 100)?;
            (Kind::Background, day, reference)
        }
        Step::Confidentiality { day, countersigned_by, reference } => {
            row.by_whom = required("countersigned_by", countersigned_by, 100)?;
            (Kind::Confidentiality, day, reference)
        }
        Step::Training { day, topic, duration_min, passed, taught_by, reference } => {
            if !(1..=LONGEST_TRAINING_MIN).contains(duration_min) {
                let detail = format!("1 to {LONGEST_TRAINING_MIN} minutes");
                return Err(Error::field("duration_min", "out_of_range", detail));
            }
            row.passed = *passed;
            row.by_whom = required("taught_by", taught_by, 100)?;
            row.topic = Some(required("topic", topic, 200)?);
            row.duration_min = Some(*duration_min);
            (Kind::Training, day, reference)
        }
        Step::Edit { .. } | Step::VoidRecord { .. } | Step::Leave { .. } => {
            return Err(Error::internal("a step that makes no record"));
        }
    };
    row.kind = kind.as_str().to_owned();
    row.day = past(ctx, "day", day)?.to_string();
    row.reference = optional("reference", number.as_deref(), 100)?;
    Ok(row)
}

async fn items(ctx: &Ctx, exec: &Exec<'_>, rows: &[PersonRow]) -> Result<Vec<PersonItem>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut records: HashMap<Uuid, Vec<RecordRow>> = HashMap::new();
    for record in store::records(exec, &ids).await? {
        records.entry(record.person_id).or_default().push(record);
    }
    let open = grants::open_of(exec, &ids, ctx.now()).await?;
    let today = ctx.now().local_date();
    let none = Vec::new();
    rows.iter()
        .map(|row| {
            let of = records.get(&row.id).unwrap_or(&none);
            let found = policy::standing(of, row.left_on.is_some(), today)?;
            let texts = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
            Ok(PersonItem {
                id: row.id,
                name: row.name.clone(),
                post: row.post.clone(),
                account_id: row.account_id.map(AccountId),
                joined_on: row.joined_on.clone(),
                left_on: row.left_on.clone(),
                background_passed: found.background.map(|(_, passed)| passed),
                background_on: found.background.map(|(day, _)| day.to_string()),
                confidentiality_on: found.confidentiality.map(|day| day.to_string()),
                trained_on: found.trained.map(|day| day.to_string()),
                obstacles: texts(&found.obstacles),
                warnings: texts(&found.warnings),
                open_grants: open.get(&row.id).copied().unwrap_or(0),
            })
        })
        .collect()
}

fn record_view(row: RecordRow) -> Result<RecordView> {
    Ok(RecordView {
        id: row.id,
        kind: Kind::parse(&row.kind).ok_or_else(|| Error::internal("kind of a person's record"))?,
        day: row.day,
        passed: row.passed,
        by_whom: row.by_whom,
        topic: row.topic,
        duration_min: row.duration_min,
        reference: row.reference,
        recorded_by_name: row.recorded_by_name,
        recorded_at: Timestamp::from_micros(row.recorded_at),
        voided_at: row.voided_at.map(Timestamp::from_micros),
        voided_by_name: row.voided_by_name,
        void_reason: row.void_reason,
    })
}

async fn note(
    tx: &mut platform::Tx,
    ctx: &Ctx,
    row: &PersonRow,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let state = if row.left_on.is_some() { "left" } else { "present" };
    let changed = Changed { kind: PERSON, id: row.id, path: &row.organisation_path, state };
    note_change(tx, ctx, "service_duty_person_changed", changed, step, reason).await
}
