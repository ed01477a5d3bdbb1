//! The only place that writes to the index's tables, and the reads that use cases need.

use crate::model::{Person, search_terms};
use crate::rows::{
    DuplicateRow, IdRow, MergeRow, PATIENT_COLUMNS, PERSON_COLUMNS, PathRow, PatientRow, person_values,
};
use kernel::{Error, OrganisationId, PatientId, Result, Timestamp};
use platform::db::{dialect, execute, query_all, query_number, query_one};
use platform::{Dialect, Exec, OrgPath, Scope};
use sea_orm::Value;
use uuid::Uuid;

/// Merges in a chain. Far beyond what people do by hand; keeps a damaged table from looping.
const CHAIN_LIMIT: usize = 64;
/// Rows compared with one record: a birth date has about 30 people in a county of 800,000.
const COMPARISON_LIMIT: usize = 500;

/// `$first, $first+1, …` for `count` parameters.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

pub(crate) async fn find(exec: &Exec<'_>, id: PatientId) -> Result<Option<PatientRow>> {
    query_one(
        exec,
        &format!("SELECT {PATIENT_COLUMNS} FROM patients_patient p WHERE p.id = $1"),
        vec![id.uuid().into()],
    )
    .await
}

pub(crate) async fn find_many(exec: &Exec<'_>, ids: &[Uuid]) -> Result<Vec<PatientRow>> {
    let mut rows = Vec::new();
    for chunk in ids.chunks(500) {
        let list = placeholders(1, chunk.len());
        let sql = format!("SELECT {PATIENT_COLUMNS} FROM patients_patient p WHERE p.id IN ({list})");
        rows.extend(
            query_all::<PatientRow>(exec, &sql, chunk.iter().map(|id| (*id).into()).collect()).await?,
        );
    }
    Ok(rows)
}

/// The records among `ids`, locked until the transaction ends, in the order of their ids so that two transactions never
/// wait for each other.
pub(crate) async fn lock(exec: &Exec<'_>, ids: [PatientId; 2]) -> Result<Vec<PatientRow>> {
    let lock = if dialect(exec) == Dialect::Postgres { "FOR UPDATE" } else { "" };
    let sql = format!(
        "SELECT {PATIENT_COLUMNS} FROM patients_patient p WHERE p.id IN ($1, $2) ORDER BY p.id {lock}"
    );
    query_all(exec, &sql, ids.map(|id| id.uuid().into()).to_vec()).await
}

/// The record that holds this identity number.
pub(crate) async fn find_by_identifier(exec: &Exec<'_>, key: &str) -> Result<Option<PatientRow>> {
    let sql = format!("SELECT {PATIENT_COLUMNS} FROM patients_patient p WHERE p.identifier_key = $1");
    query_one(exec, &sql, vec![key.into()]).await
}

/// Organisations inside `scope` that know one of these records, at most 100.
pub(crate) async fn known_paths(exec: &Exec<'_>, ids: [Uuid; 2], scope: &Scope) -> Result<Vec<OrgPath>> {
    let mut values: Vec<Value> = ids.map(Into::into).to_vec();
    let within = scope.sql("organisation_path", &mut values);
    let sql = format!(
        "SELECT DISTINCT organisation_path FROM patients_known WHERE patient_id IN ($1, $2) AND {within} \
         ORDER BY organisation_path LIMIT 100"
    );
    let rows: Vec<PathRow> = query_all(exec, &sql, values).await?;
    rows.into_iter().map(|row| OrgPath::new(row.organisation_path)).collect()
}

/// Which of `ids` are known inside `scope`.
pub(crate) async fn known_among(exec: &Exec<'_>, ids: &[Uuid], scope: &Scope) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
    let list = placeholders(1, ids.len());
    let within = scope.sql("organisation_path", &mut values);
    let sql = format!(
        "SELECT DISTINCT patient_id AS id FROM patients_known WHERE patient_id IN ({list}) AND {within}"
    );
    Ok(query_all::<IdRow>(exec, &sql, values).await?.into_iter().map(|row| row.id).collect())
}

pub(crate) async fn label_exists(exec: &Exec<'_>, label: &str) -> Result<bool> {
    let sql = "SELECT COUNT(*) AS n FROM patients_search_term WHERE term = $1";
    Ok(query_number(exec, sql, vec![label.to_uppercase().into()]).await? > 0)
}

/// True when the mother has another child of this birth date and order.
pub(crate) async fn birth_order_taken(
    exec: &Exec<'_>,
    person: &Person,
    except: Option<PatientId>,
) -> Result<bool> {
    let (Some(mother), Some(order)) = (person.newborn_of, person.birth_order) else { return Ok(false) };
    let sql = "SELECT COUNT(*) AS n FROM patients_patient WHERE newborn_of_patient_id = $1 AND birth_order = $2 \
               AND birth_date = $3 AND merged_into IS NULL AND id <> $4";
    let values = vec![
        mother.uuid().into(),
        order.into(),
        person.birth_date.map(|date| date.to_string()).into(),
        except.map_or(Uuid::nil(), PatientId::uuid).into(),
    ];
    Ok(query_number(exec, sql, values).await? > 0)
}

/// Records that share the birth date or the phone, the record itself excepted. See `matching`: no other can be a candidate.
pub(crate) async fn comparable(
    exec: &Exec<'_>,
    birth_date: Option<String>,
    phone: Option<String>,
    except: Option<Uuid>,
) -> Result<Vec<PatientRow>> {
    let mut rows: Vec<PatientRow> = Vec::new();
    for (column, value) in [("birth_date", birth_date), ("phone", phone)] {
        let Some(value) = value else { continue };
        let sql = format!(
            "SELECT {PATIENT_COLUMNS} FROM patients_patient p WHERE p.{column} = $1 AND p.merged_into IS NULL AND p.id <> $2 \
             ORDER BY p.id DESC LIMIT {COMPARISON_LIMIT}"
        );
        let found: Vec<PatientRow> =
            query_all(exec, &sql, vec![value.into(), except.unwrap_or_default().into()]).await?;
        rows.extend(found);
    }
    rows.sort_by_key(|row| row.id);
    rows.dedup_by_key(|row| row.id);
    Ok(rows)
}

/// Stores a new record. False when another one took the identity number in the meantime.
pub(crate) async fn insert(
    exec: &Exec<'_>,
    id: PatientId,
    person: &Person,
    organisation: (OrganisationId, &OrgPath),
    now: Timestamp,
) -> Result<bool> {
    let mut values: Vec<Value> = vec![
        id.uuid().into(),
        organisation.0.uuid().into(),
        organisation.1.as_str().into(),
        now.micros().into(),
    ];
    values.extend(person_values(person));
    let columns = PERSON_COLUMNS.join(", ");
    let rest = placeholders(5, PERSON_COLUMNS.len());
    let sql = format!(
        "INSERT INTO patients_patient (id, root_id, organisation_id, organisation_path, created_at, updated_at, row_version, \
         {columns}) VALUES ($1, $1, $2, $3, $4, $4, 1, {rest}) ON CONFLICT (identifier_key) DO NOTHING"
    );
    if execute(exec, &sql, values).await? == 0 {
        return Ok(false);
    }
    insert_terms(exec, id, &person.name).await?;
    make_known(exec, id, organisation.0, organisation.1.as_str(), now).await?;
    Ok(true)
}

async fn insert_terms(exec: &Exec<'_>, id: PatientId, name: &str) -> Result<()> {
    let terms = search_terms(name);
    if terms.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = vec![id.uuid().into()];
    let rows: Vec<String> = (2..terms.len() + 2).map(|n| format!("($1, ${n})")).collect();
    values.extend(terms.into_iter().map(Value::from));
    let sql = format!("INSERT INTO patients_search_term (patient_id, term) VALUES {}", rows.join(", "));
    execute(exec, &sql, values).await.map(drop)
}

/// Replaces a record's content, keeping what it was. Refuses when the row has moved on.
pub(crate) async fn update(
    exec: &Exec<'_>,
    before: &PatientRow,
    person: &Person,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<()> {
    let mut values = person_values(person);
    let assignments: Vec<String> =
        PERSON_COLUMNS.iter().zip(1..).map(|(column, n)| format!("{column} = ${n}")).collect();
    values.extend([now.micros().into(), before.id.into(), before.row_version.into()]);
    let n = values.len();
    let sql = format!(
        "UPDATE patients_patient SET {}, updated_at = ${}, row_version = row_version + 1 \
         WHERE id = ${} AND row_version = ${n} AND merged_into IS NULL",
        assignments.join(", "),
        n - 2,
        n - 1,
    );
    if execute(exec, &sql, values).await? == 0 {
        return Err(stale());
    }
    execute(
        exec,
        "INSERT INTO patients_history (patient_id, row_version, content, replaced_at, replaced_by) VALUES ($1, $2, $3, $4, $5)",
        vec![
            before.id.into(),
            before.row_version.into(),
            before.history().to_string().into(),
            now.micros().into(),
            by.into(),
        ],
    )
    .await?;
    if before.name != person.name {
        execute(exec, "DELETE FROM patients_search_term WHERE patient_id = $1", vec![before.id.into()])
            .await?;
        insert_terms(exec, before.patient_id(), &person.name).await?;
    }
    Ok(())
}

pub(crate) fn stale() -> Error {
    Error::conflict("stale_version", "the record was changed by somebody else in the meantime; load it again")
}

/// Records a contact of an organisation with the person, on this record and on those that it was merged into.
pub(crate) async fn make_known(
    exec: &Exec<'_>,
    id: PatientId,
    organisation: OrganisationId,
    path: &str,
    now: Timestamp,
) -> Result<()> {
    execute(
        exec,
        "INSERT INTO patients_known (patient_id, organisation_path, organisation_id, since) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (patient_id, organisation_path) DO UPDATE SET via_merge_id = NULL",
        vec![id.uuid().into(), path.into(), organisation.uuid().into(), now.micros().into()],
    )
    .await?;
    let mut absorbed = id.uuid();
    for _ in 0..CHAIN_LIMIT {
        let sql = "SELECT * FROM patients_merge WHERE absorbed_id = $1 AND undone_at IS NULL";
        let Some(merge) = query_one::<MergeRow>(exec, sql, vec![absorbed.into()]).await? else { break };
        inherit_known(exec, &merge).await?;
        absorbed = merge.survivor_id;
    }
    Ok(())
}

/// Lets the survivor of a merge be known wherever the absorbed record is.
async fn inherit_known(exec: &Exec<'_>, merge: &MergeRow) -> Result<()> {
    // The WHERE also keeps SQLite from reading ON as part of the join.
    let sql = "INSERT INTO patients_known (patient_id, organisation_path, organisation_id, since, via_merge_id) \
               SELECT m.survivor_id, k.organisation_path, k.organisation_id, k.since, m.id \
               FROM patients_merge m JOIN patients_known k ON k.patient_id = m.absorbed_id WHERE m.id = $1 \
               ON CONFLICT (patient_id, organisation_path) DO NOTHING";
    execute(exec, sql, vec![merge.id.into()]).await.map(drop)
}

/// Stores a merge and lets the survivor stand for the absorbed record and all that it stood for.
pub(crate) async fn insert_merge(exec: &Exec<'_>, merge: &MergeRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO patients_merge (id, survivor_id, absorbed_id, reason, merged_by, merged_at) VALUES ($1, $2, $3, $4, $5, $6)",
        vec![
            merge.id.into(),
            merge.survivor_id.into(),
            merge.absorbed_id.into(),
            merge.reason.clone().into(),
            merge.merged_by.into(),
            merge.merged_at.into(),
        ],
    )
    .await?;
    let pair = || vec![merge.survivor_id.into(), merge.absorbed_id.into()];
    execute(exec, "UPDATE patients_patient SET merged_into = $1 WHERE id = $2", pair()).await?;
    execute(exec, "UPDATE patients_patient SET root_id = $1 WHERE root_id = $2", pair()).await?;
    inherit_known(exec, merge).await
}

pub(crate) async fn find_merge(exec: &Exec<'_>, id: Uuid) -> Result<Option<MergeRow>> {
    query_one(exec, "SELECT * FROM patients_merge WHERE id = $1", vec![id.into()]).await
}

/// Takes a merge apart. False when somebody else has done so.
pub(crate) async fn undo_merge(
    exec: &Exec<'_>,
    merge: &MergeRow,
    reason: &str,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<bool> {
    let changed = execute(
        exec,
        "UPDATE patients_merge SET undone_at = $1, undone_by = $2, undo_reason = $3 WHERE id = $4 AND undone_at IS NULL",
        vec![now.micros().into(), by.into(), reason.into(), merge.id.into()],
    )
    .await?;
    if changed == 0 {
        return Ok(false);
    }
    let absorbed = || vec![merge.absorbed_id.into()];
    execute(exec, "UPDATE patients_patient SET merged_into = NULL WHERE id = $1", absorbed()).await?;
    let sql = "UPDATE patients_patient SET root_id = $1 WHERE id IN (\
               WITH RECURSIVE tree (id) AS (SELECT id FROM patients_patient WHERE id = $1 UNION \
               SELECT p.id FROM patients_patient p JOIN tree t ON p.merged_into = t.id) SELECT id FROM tree)";
    execute(exec, sql, absorbed()).await?;
    execute(exec, "DELETE FROM patients_known WHERE via_merge_id = $1", vec![merge.id.into()]).await?;
    // An organisation that knew this record may also have known another one that is still merged into the survivor.
    let sql = "SELECT * FROM patients_merge WHERE survivor_id = $1 AND undone_at IS NULL ORDER BY merged_at";
    let others: Vec<MergeRow> = query_all(exec, sql, vec![merge.survivor_id.into()]).await?;
    for other in &others {
        inherit_known(exec, other).await?;
    }
    Ok(true)
}

/// The record itself and all that were merged into it, directly or through others.
pub(crate) async fn with_absorbed(exec: &Exec<'_>, id: PatientId) -> Result<Vec<PatientId>> {
    let sql = "WITH RECURSIVE tree (id) AS (SELECT id FROM patients_patient WHERE id = $1 UNION \
               SELECT p.id FROM patients_patient p JOIN tree t ON p.merged_into = t.id) SELECT id FROM tree";
    Ok(query_all::<IdRow>(exec, sql, vec![id.uuid().into()])
        .await?
        .into_iter()
        .map(|row| PatientId(row.id))
        .collect())
}

/// Open and decided pairs of a record.
pub(crate) async fn duplicates_of(exec: &Exec<'_>, id: PatientId) -> Result<Vec<DuplicateRow>> {
    query_all(exec, "SELECT * FROM patients_duplicate WHERE a_id = $1 OR b_id = $1", vec![id.uuid().into()])
        .await
}

pub(crate) async fn find_duplicate(exec: &Exec<'_>, id: Uuid) -> Result<Option<DuplicateRow>> {
    query_one(exec, "SELECT * FROM patients_duplicate WHERE id = $1", vec![id.into()]).await
}

/// Stores a pair or its new score. A pair that a person has dismissed stays dismissed.
pub(crate) async fn upsert_duplicate(exec: &Exec<'_>, pair: &DuplicateRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO patients_duplicate (id, a_id, b_id, score, reasons, state, found_at) VALUES ($1, $2, $3, $4, $5, 'open', $6) \
         ON CONFLICT (a_id, b_id) DO UPDATE SET score = excluded.score, reasons = excluded.reasons, \
         state = CASE patients_duplicate.state WHEN 'dismissed' THEN 'dismissed' ELSE 'open' END",
        vec![
            pair.id.into(),
            pair.a_id.into(),
            pair.b_id.into(),
            pair.score.into(),
            pair.reasons.clone().into(),
            pair.found_at.into(),
        ],
    )
    .await
    .map(drop)
}

/// Takes a pair off the queue because the records are no longer alike.
pub(crate) async fn outdate_duplicate(exec: &Exec<'_>, id: Uuid) -> Result<()> {
    let sql = "UPDATE patients_duplicate SET state = 'outdated' WHERE id = $1 AND state = 'open'";
    execute(exec, sql, vec![id.into()]).await.map(drop)
}

/// Takes a pair off the queue because a person has said that these are two people. False when it was not open.
pub(crate) async fn dismiss_duplicate(
    exec: &Exec<'_>,
    id: Uuid,
    reason: &str,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE patients_duplicate SET state = 'dismissed', decision_reason = $1, decided_by = $2, decided_at = $3 \
               WHERE id = $4 AND state = 'open'";
    Ok(execute(exec, sql, vec![reason.into(), by.into(), now.micros().into(), id.into()]).await? > 0)
}
