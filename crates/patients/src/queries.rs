//! Read models: what screens and other contexts are shown. Everything that identifies a person beyond name, sex and birth
//! date is masked here; of people outside the caller's scope the name is masked too.

use crate::access::{self, MERGE, PATIENT, READ, SEARCH};
use crate::model::{age_text, mask_identifier, possible_identifiers, search_text};
use crate::rows::{DuplicateRow, IdRow, MergeRow, PATIENT_COLUMNS, PatientRow};
use crate::store;
use crate::wire::{DuplicatePair, Merge, Merges, PageParams, Patient, SearchParams};
use cn_identity::Phone;
use kernel::{
    AccountId, CivilDate, Cursor, Error, Limit, OrganisationId, Page, PatientId, Result, Timestamp,
    parse_date,
};
use platform::db::{query_all, query_number};
use platform::{AuditEntry, Ctx, Exec, Scope};
use ports::identity::Directory;
use ports::patients::PatientBrief;
use sea_orm::Value;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Characters of a search box text.
const SEARCH_TEXT_LIMIT: usize = 64;
/// Greater than every text that begins alike.
const LAST_CHARACTER: char = '\u{10ffff}';
/// Up to this many known people, a list starts from them; beyond, from the newest records.
const SMALL_SCOPE: i64 = 5_000;
/// Merges shown of one record.
const MERGES_LIMIT: usize = 200;

/// Turns rows into lines for screens.
pub(crate) struct Briefs {
    names: HashMap<Uuid, String>,
    today: CivilDate,
    /// Records whose names the caller may see; `None` is all.
    visible: Option<HashSet<Uuid>>,
}

impl Briefs {
    /// For rows that the caller may see.
    pub async fn of(directory: &dyn Directory, now: Timestamp, rows: &[PatientRow]) -> Result<Self> {
        let ids: HashSet<Uuid> = rows.iter().map(|row| row.organisation_id).collect();
        let ids: Vec<OrganisationId> = ids.into_iter().map(OrganisationId).collect();
        let organisations = if ids.is_empty() { Vec::new() } else { directory.organisations(&ids).await? };
        let names = organisations.into_iter().map(|o| (o.id.uuid(), o.name)).collect();
        Ok(Self { names, today: now.local_date(), visible: None })
    }

    /// For rows of which some may lie outside what the caller may see.
    pub async fn within(
        directory: &dyn Directory,
        ctx: &Ctx,
        exec: &Exec<'_>,
        rows: &[PatientRow],
    ) -> Result<Self> {
        let scope = access::reading_scope(ctx)?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let visible = store::known_among(exec, &ids, &scope).await?.into_iter().collect();
        Ok(Self { visible: Some(visible), ..Self::of(directory, ctx.now(), rows).await? })
    }

    pub fn brief(&self, row: &PatientRow) -> PatientBrief {
        let visible = self.visible.as_ref().is_none_or(|ids| ids.contains(&row.id));
        let birth_date = row.birth_date();
        PatientBrief {
            id: row.patient_id(),
            name: if visible { row.name.clone() } else { cn_identity::mask_name(&row.name) },
            sex: row.sex(),
            birth_date,
            age_text: age_text(birth_date, self.today),
            identifier_kind: row.identifier_kind(),
            identifier_masked: row
                .identifier_normal()
                .map(|number| mask_identifier(row.identifier_kind(), number)),
            phone_masked: row.phone.as_deref().map(cn_identity::mask_phone),
            organisation_name: self.names.get(&row.organisation_id).cloned().unwrap_or_default(),
            merged_into: row.merged_into.map(|_| PatientId(row.root_id)),
        }
    }
}

/// One record in full. The caller has been admitted.
pub(crate) async fn patient(ctx: &Ctx, directory: &dyn Directory, id: PatientId) -> Result<Patient> {
    let exec = ctx.platform().db().read();
    let row = store::find(&exec, id).await?.ok_or_else(|| Error::not_found(PATIENT))?;
    let mut others: Vec<Uuid> =
        store::with_absorbed(&exec, id).await?.into_iter().map(PatientId::uuid).collect();
    others.retain(|other| *other != row.id);
    others.extend(row.newborn_of_patient_id);
    let others = store::find_many(&exec, &others).await?;
    let all: Vec<PatientRow> = others.iter().chain([&row]).cloned().collect();
    let own = Briefs::of(directory, ctx.now(), &all).await?;
    let scoped = Briefs::within(directory, ctx, &exec, &all).await?;
    let mother = others.iter().find(|other| Some(other.id) == row.newborn_of_patient_id);
    let mut absorbed: Vec<&PatientRow> =
        others.iter().filter(|other| other.root_id == row.root_id && other.merged_into.is_some()).collect();
    absorbed.sort_by_key(|other| other.id);
    Ok(Patient {
        brief: own.brief(&row),
        address_masked: row.address.as_deref().map(cn_identity::mask_address),
        ethnicity: row.ethnicity.clone(),
        newborn_of: mother.map(|mother| scoped.brief(mother)),
        birth_order: row.birth_order,
        unidentified: row.unidentified,
        note: row.note.clone(),
        pinyin: row.pinyin.clone(),
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
        row_version: row.row_version,
        // Whoever sees the survivor sees what it stands for.
        absorbed: absorbed.into_iter().map(|other| own.brief(other)).collect(),
    })
}

/// One record in full, as read by a person: recorded.
pub(crate) async fn read(ctx: &Ctx, directory: &dyn Directory, id: PatientId) -> Result<Patient> {
    access::admit(ctx, READ, id).await?;
    let patient = patient(ctx, directory, id).await?;
    ctx.platform().audit(ctx, AuditEntry::new(READ.0).on(PATIENT, id.uuid()).patient(id)).await?;
    Ok(patient)
}

/// People by name, pinyin, phone or number, newest first.
pub(crate) async fn search(
    ctx: &Ctx,
    directory: &dyn Directory,
    params: &SearchParams,
) -> Result<Page<PatientBrief>> {
    let scope = ctx.scope(SEARCH).await?;
    let limit = Limit::new(params.limit)?;
    let text = params.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > SEARCH_TEXT_LIMIT) {
        return Err(Error::field("q", "too_long", format!("at most {SEARCH_TEXT_LIMIT} characters")));
    }
    let exec = ctx.platform().db().read();
    let numbered = match text {
        Some(text) => rows_with_number(&exec, text, ctx.now()).await?,
        None => Vec::new(),
    };
    if !numbered.is_empty() {
        // Whoever holds the whole number holds the document: the person is found in the whole region, masked.
        let briefs = Briefs::within(directory, ctx, &exec, &numbered).await?;
        let mut entry =
            AuditEntry::new(SEARCH.0).detail(json!({ "by": "identifier", "found": numbered.len() }));
        if let [only] = numbered.as_slice() {
            entry = entry.on(PATIENT, only.id).patient(only.patient_id());
        }
        ctx.platform().audit(ctx, entry).await?;
        return Ok(Page { items: numbered.iter().map(|row| briefs.brief(row)).collect(), next_cursor: None });
    }
    let page = search_page(&exec, params, text, &scope, limit).await?;
    let briefs = Briefs::of(directory, ctx.now(), &page.items).await?;
    let by = if text.is_some() { "text" } else { "list" };
    let entry = AuditEntry::new(SEARCH.0).detail(json!({ "by": by, "found": page.items.len() }));
    ctx.platform().audit(ctx, entry).await?;
    Ok(page.map(|row| briefs.brief(&row)))
}

/// The people who stand behind a whole identity, insurance or health record number.
async fn rows_with_number(exec: &Exec<'_>, text: &str, now: Timestamp) -> Result<Vec<PatientRow>> {
    let identifiers = possible_identifiers(text, now.local_date());
    if identifiers.is_empty() {
        return Ok(Vec::new());
    }
    let list = store::placeholders(1, identifiers.len());
    let sql = format!(
        "SELECT {PATIENT_COLUMNS} FROM patients_patient p WHERE p.id IN \
         (SELECT root_id FROM patients_patient WHERE identifier_key IN ({list})) ORDER BY p.id DESC"
    );
    query_all(exec, &sql, identifiers.iter().map(|identifier| identifier.key().into()).collect()).await
}

/// A condition under which the record `column` is found by `text`, looking through merged records to their survivors.
fn found_by(text: &str, column: &str, values: &mut Vec<Value>) -> String {
    if let Ok(phone) = Phone::parse(text) {
        values.push(phone.as_str().into());
        let n = values.len();
        return format!("{column} IN (SELECT root_id FROM patients_patient WHERE phone = ${n})");
    }
    let from = search_text(text);
    values.push(from.clone().into());
    values.push(format!("{from}{LAST_CHARACTER}").into());
    let n = values.len();
    let range = format!("t.term >= ${} AND t.term < ${n}", n - 1);
    format!(
        "{column} IN (SELECT t.patient_id FROM patients_search_term t WHERE {range} UNION \
         SELECT m.root_id FROM patients_patient m JOIN patients_search_term t ON t.patient_id = m.id \
         WHERE m.merged_into IS NOT NULL AND {range})"
    )
}

async fn search_page(
    exec: &Exec<'_>,
    params: &SearchParams,
    text: Option<&str>,
    scope: &Scope,
    limit: Limit,
) -> Result<Page<PatientRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![String::from("p.merged_into IS NULL")];
    if let Some(text) = text {
        conditions.push(found_by(text, "p.id", &mut values));
    }
    let birth_date = params.birth_date.as_deref().filter(|text| !text.is_empty());
    if let Some(birth_date) = birth_date {
        values.push(parse_date("birth_date", birth_date)?.to_string().into());
        conditions.push(format!("p.birth_date = ${}", values.len()));
    }
    if let Some(sex) = params.sex {
        values.push(sex.as_str().into());
        conditions.push(format!("p.sex = ${}", values.len()));
    }
    if let Some(cursor) = &params.cursor {
        values.push(Cursor::decode(cursor, 0)?.id.into());
        conditions.push(format!("p.id < ${}", values.len()));
    }
    let narrowed = text.is_some() || birth_date.is_some();
    let from_known = !narrowed && is_small(exec, scope).await?;
    let within = scope.sql("k.organisation_path", &mut values);
    conditions.push(if from_known {
        format!("p.id IN (SELECT k.patient_id FROM patients_known k WHERE {within})")
    } else {
        format!("EXISTS (SELECT 1 FROM patients_known k WHERE k.patient_id = p.id AND {within})")
    });
    let sql = format!(
        "SELECT {PATIENT_COLUMNS} FROM patients_patient p WHERE {} ORDER BY p.id DESC LIMIT {}",
        conditions.join(" AND "),
        limit.fetch()
    );
    let rows: Vec<PatientRow> = query_all(exec, &sql, values).await?;
    Ok(Page::from_rows(rows, limit, |row| Cursor { keys: Vec::new(), id: row.id }))
}

/// A clinic knows a few hundred people of 800,000: walking the whole index for them is slow; a hospital knows most.
async fn is_small(exec: &Exec<'_>, scope: &Scope) -> Result<bool> {
    let mut values = Vec::new();
    let within = scope.sql("organisation_path", &mut values);
    let most = SMALL_SCOPE + 1;
    let sql = format!(
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM patients_known WHERE {within} LIMIT {most}) AS known"
    );
    Ok(query_number(exec, &sql, values).await? <= SMALL_SCOPE)
}

/// Ids found by a search box text, newest first, each with the records merged with it. For contexts with a scope of their own.
pub(crate) async fn search_ids(
    exec: &Exec<'_>,
    text: &str,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<PatientId>> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > SEARCH_TEXT_LIMIT {
        return Ok(Vec::new());
    }
    let numbered = rows_with_number(exec, text, now).await?;
    let mut values: Vec<Value> = Vec::new();
    let condition = if numbered.is_empty() {
        found_by(text, "p.root_id", &mut values)
    } else {
        values.extend(numbered.iter().map(|row| Value::from(row.id)));
        format!("p.root_id IN ({})", store::placeholders(1, numbered.len()))
    };
    let sql =
        format!("SELECT p.id FROM patients_patient p WHERE {condition} ORDER BY p.id DESC LIMIT {limit}");
    Ok(query_all::<IdRow>(exec, &sql, values).await?.into_iter().map(|row| PatientId(row.id)).collect())
}

/// Pairs of records that may be one person and of which the caller may merge both, the likeliest first.
pub(crate) async fn duplicates(
    ctx: &Ctx,
    directory: &dyn Directory,
    params: &PageParams,
) -> Result<Page<DuplicatePair>> {
    let scope = ctx.scope(MERGE).await?;
    let limit = Limit::new(params.limit)?;
    let exec = ctx.platform().db().read();
    let mut values: Vec<Value> = Vec::new();
    let mut after = String::new();
    if let Some(cursor) = &params.cursor {
        let cursor = Cursor::decode(cursor, 1)?;
        values.extend([cursor.keys.first().copied().into(), cursor.id.into()]);
        after.push_str("AND (d.score < $1 OR (d.score = $1 AND d.id < $2))");
    }
    let within = scope.sql("k.organisation_path", &mut values);
    let sql = format!(
        "SELECT d.* FROM patients_duplicate d JOIN patients_patient a ON a.id = d.a_id JOIN patients_patient b ON b.id = d.b_id \
         WHERE d.state = 'open' AND a.merged_into IS NULL AND b.merged_into IS NULL {after} \
         AND EXISTS (SELECT 1 FROM patients_known k WHERE k.patient_id = d.a_id AND {within}) \
         AND EXISTS (SELECT 1 FROM patients_known k WHERE k.patient_id = d.b_id AND {within}) \
         ORDER BY d.score DESC, d.id DESC LIMIT {}",
        limit.fetch()
    );
    let rows: Vec<DuplicateRow> = query_all(&exec, &sql, values).await?;
    let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.score.into()], id: row.id });
    let ids: Vec<Uuid> = page.items.iter().flat_map(|pair| [pair.a_id, pair.b_id]).collect();
    let people = store::find_many(&exec, &ids).await?;
    let briefs = Briefs::of(directory, ctx.now(), &people).await?;
    let by_id: HashMap<Uuid, PatientBrief> = people.iter().map(|row| (row.id, briefs.brief(row))).collect();
    let pair = |row: DuplicateRow| {
        Some(DuplicatePair {
            id: row.id,
            a: by_id.get(&row.a_id)?.clone(),
            b: by_id.get(&row.b_id)?.clone(),
            score: row.score,
            reasons: row.reasons.split(',').filter(|r| !r.is_empty()).map(ToOwned::to_owned).collect(),
            found_at: row.found_at(),
        })
    };
    let entry = AuditEntry::new("patient_duplicates_listed").detail(json!({ "found": page.items.len() }));
    ctx.platform().audit(ctx, entry).await?;
    Ok(Page { items: page.items.into_iter().filter_map(pair).collect(), next_cursor: page.next_cursor })
}

/// Merges in which a record survived or was absorbed, the latest first.
pub(crate) async fn merges(ctx: &Ctx, directory: &dyn Directory, id: PatientId) -> Result<Merges> {
    access::admit(ctx, READ, id).await?;
    let exec = ctx.platform().db().read();
    let sql = format!(
        "SELECT * FROM patients_merge WHERE survivor_id = $1 OR absorbed_id = $1 ORDER BY merged_at DESC, id DESC LIMIT {MERGES_LIMIT}"
    );
    let rows: Vec<MergeRow> = query_all(&exec, &sql, vec![id.uuid().into()]).await?;
    let people = store::find_many(&exec, &rows.iter().map(|row| row.absorbed_id).collect::<Vec<_>>()).await?;
    let briefs = Briefs::within(directory, ctx, &exec, &people).await?;
    let by_id: HashMap<Uuid, PatientBrief> = people.iter().map(|row| (row.id, briefs.brief(row))).collect();
    let accounts: HashSet<Uuid> =
        rows.iter().flat_map(|row| [row.merged_by, row.undone_by]).flatten().collect();
    let accounts: Vec<AccountId> = accounts.into_iter().map(AccountId).collect();
    let signatories = if accounts.is_empty() { Vec::new() } else { directory.signatories(&accounts).await? };
    let names: HashMap<Uuid, String> =
        signatories.into_iter().map(|s| (s.account_id.uuid(), s.name)).collect();
    let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id)).cloned();
    let merge = |row: MergeRow| {
        Some(Merge {
            id: row.id,
            survivor_id: PatientId(row.survivor_id),
            absorbed: by_id.get(&row.absorbed_id)?.clone(),
            by_name: name(row.merged_by).unwrap_or_default(),
            at: Timestamp::from_micros(row.merged_at),
            undone_at: row.undone_at.map(Timestamp::from_micros),
            undone_by_name: name(row.undone_by),
            reason: row.reason,
        })
    };
    ctx.platform().audit(ctx, AuditEntry::new(READ.0).on(PATIENT, id.uuid()).patient(id)).await?;
    Ok(Merges { items: rows.into_iter().filter_map(merge).collect() })
}
