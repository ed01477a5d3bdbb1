//! Use cases: register, edit, reveal, merge and take apart.
//!
//! Each decides first (a refusal is recorded in a transaction of its own), then changes, publishes and records in one.

use crate::access::{self, EDIT, MERGE, PATIENT, REGISTER, REVEAL, admit};
use crate::matching::{CANDIDATE_SCORE, Likeness, likeness};
use crate::model::{Mother, Person, PersonInput};
use crate::policy;
use crate::queries::Briefs;
use crate::rows::{DuplicateRow, MergeRow, PatientRow};
use crate::store;
use crate::wire::{DuplicateCandidate, PatientChange, PatientInput, Revealed};
use kernel::{AccountId, Error, OrganisationId, PatientId, Result};
use platform::{AuditEntry, Ctx, OrgPath, Outcome, Platform, Tx};
use ports::identity::Directory;
use ports::patients::{IdentifierKind, PatientChanged, PatientsMerged};
use serde_json::json;
use uuid::Uuid;

/// Candidates shown at a registration.
const CANDIDATES_LIMIT: usize = 10;
/// Tries to find a label that nobody has: one of a million a day, so the second try is already rare.
const LABEL_TRIES: usize = 8;

/// What a registration led to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Registered {
    /// A new record.
    Created(PatientId),
    /// The person was in the index; the caller's organisation knows the record from now on.
    Known(PatientId),
}

impl Registered {
    pub fn id(self) -> PatientId {
        match self {
            Self::Created(id) | Self::Known(id) => id,
        }
    }
}

/// Registers a person at the caller's organisation, or finds the record of the same identity number.
///
/// Errors: `validation_failed` with the fields, `identifier_invalid` when only the number is wrong; `patient_exists` when the number belongs to another name;
/// `possible_duplicate` with candidates unless they were acknowledged.
pub async fn register(ctx: &Ctx, directory: &dyn Directory, input: &PatientInput) -> Result<Registered> {
    let (organisation, path) = own_organisation(ctx)?;
    ctx.authorize(REGISTER, &access::resource(None, &path)).await?;
    let mother = find_mother(ctx, input.newborn_of_patient_id, None).await?;
    let label = if input.unidentified { free_label(ctx).await? } else { String::new() };
    let person = Person::read(&PersonInput::from(input), mother.as_ref(), &label, ctx.now().local_date())?;

    let mut tx = ctx.platform().begin().await?;
    if let Some(existing) = find_same_number(&tx, &person, None).await? {
        return link(ctx, directory, tx, &existing, &person, organisation, &path).await;
    }
    refuse_second_child(&tx, &person, None).await?;
    let candidates = candidates(&tx, &person).await?;
    if !candidates.is_empty() && !input.duplicate_acknowledged {
        drop(tx);
        return Err(possible_duplicate(ctx, directory, candidates).await?);
    }
    let id = PatientId(ctx.platform().new_uuid());
    if !store::insert(&tx.exec(), id, &person, (organisation, &path), ctx.now()).await? {
        // Somebody registered the same number between our look and our write.
        let existing = find_same_number(&tx, &person, None).await?.ok_or_else(store::stale)?;
        return link(ctx, directory, tx, &existing, &person, organisation, &path).await;
    }
    let acknowledged: Vec<Uuid> = candidates.iter().map(|(row, _)| row.id).collect();
    let mut entry =
        AuditEntry::new(REGISTER.0).on(PATIENT, id.uuid()).patient(id).organisation(path.as_str());
    if !acknowledged.is_empty() {
        entry = entry.detail(json!({ "acknowledged_candidates": acknowledged }));
    }
    tx.audit(ctx, entry);
    tx.publish(&PatientChanged { patient_id: id, organisation_path: path.as_str().to_owned() }).await?;
    tx.commit().await?;
    Ok(Registered::Created(id))
}

/// The number exists: of the same name it is the same person, whom our organisation knows from now on.
async fn link(
    ctx: &Ctx,
    directory: &dyn Directory,
    mut tx: Tx,
    existing: &PatientRow,
    person: &Person,
    organisation: OrganisationId,
    path: &OrgPath,
) -> Result<Registered> {
    let root = PatientId(existing.root_id);
    if !policy::is_same_name(&existing.name, &person.name) {
        drop(tx);
        let entry = AuditEntry::new(REGISTER.0).on(PATIENT, existing.id).patient(existing.patient_id());
        let entry = entry.outcome(Outcome::Failed).detail(json!({ "code": "patient_exists" }));
        ctx.platform().audit(ctx, entry).await?;
        return Err(patient_exists(ctx, directory, existing).await?);
    }
    store::make_known(&tx.exec(), existing.patient_id(), organisation, path.as_str(), ctx.now()).await?;
    let entry =
        AuditEntry::new(REGISTER.0).on(PATIENT, root.uuid()).patient(root).organisation(path.as_str());
    tx.audit(ctx, entry.detail(json!({ "known_already": true })));
    tx.publish(&PatientChanged { patient_id: root, organisation_path: path.as_str().to_owned() }).await?;
    tx.commit().await?;
    Ok(Registered::Known(root))
}

/// Changes a record.
pub(crate) async fn edit(
    ctx: &Ctx,
    directory: &dyn Directory,
    id: PatientId,
    change: &PatientChange,
) -> Result<()> {
    let before = admit(ctx, EDIT, id).await?;
    if before.merged_into.is_some() {
        let error = Error::conflict("patient_merged", "this record was merged into another; change that one");
        return Err(error.with("merged_into", before.root_id));
    }
    if before.row_version != change.row_version {
        return Err(store::stale());
    }
    let mother_id = change.newborn_of_patient_id.unwrap_or(before.newborn_of_patient_id.map(PatientId));
    if mother_id == Some(id) {
        return Err(Error::field("newborn_of_patient_id", "mother_not_found", "nobody is their own child"));
    }
    let mother = find_mother(ctx, mother_id, before.newborn_of_patient_id).await?;
    let input = changed_input(&before, change);
    let label = match (input.unidentified, before.unidentified) {
        (true, true) => before.name.clone(),
        (true, false) => free_label(ctx).await?,
        (false, _) => String::new(),
    };
    let person = Person::read(&input, mother.as_ref(), &label, ctx.now().local_date())?;

    let mut tx = ctx.platform().begin().await?;
    if let Some(other) = find_same_number(&tx, &person, Some(id)).await? {
        drop(tx);
        return Err(patient_exists(ctx, directory, &other).await?);
    }
    refuse_second_child(&tx, &person, Some(id)).await?;
    let by = ctx.principal().account_id().map(AccountId::uuid);
    store::update(&tx.exec(), &before, &person, by, ctx.now()).await?;
    let detail = json!({ "fields": changed_fields(&before, &person) });
    tx.audit(ctx, AuditEntry::new(EDIT.0).on(PATIENT, id.uuid()).patient(id).detail(detail));
    tx.publish(&PatientChanged { patient_id: id, organisation_path: before.organisation_path.clone() })
        .await?;
    tx.commit().await
}

/// Shows what is otherwise masked, for a reason that is kept.
pub(crate) async fn reveal(ctx: &Ctx, id: PatientId, reason: &str) -> Result<Revealed> {
    let row = admit(ctx, REVEAL, id).await?;
    let reason = policy::reason(reason)?;
    let entry = AuditEntry::new(REVEAL.0).on(PATIENT, id.uuid()).patient(id).reason(reason);
    ctx.platform().audit(ctx, entry).await?;
    Ok(Revealed {
        name: row.name,
        identifier_number: row.identifier_number,
        phone: row.phone,
        address: row.address,
    })
}

/// Merges one record into another. Nothing of either is changed or lost, so that it can be taken apart again.
pub(crate) async fn merge(
    ctx: &Ctx,
    survivor_id: PatientId,
    absorbed_id: PatientId,
    reason: &str,
) -> Result<()> {
    admit(ctx, MERGE, survivor_id).await?;
    admit(ctx, MERGE, absorbed_id).await?;
    let reason = policy::reason(reason)?;
    let mut tx = ctx.platform().begin().await?;
    let rows = store::lock(&tx.exec(), [survivor_id, absorbed_id]).await?;
    let side =
        |id: PatientId| rows.iter().find(|row| row.id == id.uuid()).ok_or_else(|| Error::not_found(PATIENT));
    let (survivor, absorbed) = (side(survivor_id)?, side(absorbed_id)?);
    policy::may_merge(&survivor.merge_side(), &absorbed.merge_side())?;
    let merge = MergeRow {
        id: ctx.platform().new_uuid(),
        survivor_id: survivor.id,
        absorbed_id: absorbed.id,
        reason: reason.clone(),
        merged_by: ctx.principal().account_id().map(AccountId::uuid),
        merged_at: ctx.now().micros(),
        undone_by: None,
        undone_at: None,
    };
    store::insert_merge(&tx.exec(), &merge).await?;
    record_merge(ctx, &mut tx, &merge, &reason, false);
    tx.publish(&merged_event(&merge, survivor, false)).await?;
    tx.commit().await
}

/// Takes a merge apart: both records are what they were. Returns the survivor.
pub(crate) async fn undo_merge(ctx: &Ctx, merge_id: Uuid, reason: &str) -> Result<PatientId> {
    // Before anybody is told whether the merge exists, the caller must hold the action somewhere.
    ctx.scope(MERGE).await?;
    let merge = store::find_merge(&ctx.platform().db().read(), merge_id)
        .await?
        .ok_or_else(|| Error::not_found("merge"))?;
    let (survivor_id, absorbed_id) = (PatientId(merge.survivor_id), PatientId(merge.absorbed_id));
    admit(ctx, MERGE, survivor_id).await?;
    admit(ctx, MERGE, absorbed_id).await?;
    let reason = policy::reason(reason)?;
    let mut tx = ctx.platform().begin().await?;
    let rows = store::lock(&tx.exec(), [survivor_id, absorbed_id]).await?;
    let survivor =
        rows.iter().find(|row| row.id == merge.survivor_id).ok_or_else(|| Error::not_found(PATIENT))?;
    if survivor.merged_into.is_some() {
        let detail = "the surviving record was itself merged into another; take that merge apart first";
        return Err(Error::conflict("merge_not_last", detail).with("merged_into", survivor.root_id));
    }
    let by = ctx.principal().account_id().map(AccountId::uuid);
    if !store::undo_merge(&tx.exec(), &merge, &reason, by, ctx.now()).await? {
        return Err(Error::conflict("merge_already_undone", "this merge was already taken apart"));
    }
    record_merge(ctx, &mut tx, &merge, &reason, true);
    tx.publish(&merged_event(&merge, survivor, true)).await?;
    tx.commit().await?;
    Ok(survivor_id)
}

/// One audit entry on each record, so that either one's trail tells of it.
fn record_merge(ctx: &Ctx, tx: &mut Tx, merge: &MergeRow, reason: &str, undone: bool) {
    for id in [merge.survivor_id, merge.absorbed_id] {
        let detail = json!({
            "merge_id": merge.id, "survivor_id": merge.survivor_id, "absorbed_id": merge.absorbed_id, "undone": undone,
        });
        let action = if undone { "patient_merge_undone" } else { MERGE.0 };
        let entry =
            AuditEntry::new(action).on(PATIENT, id).patient(PatientId(id)).reason(reason).detail(detail);
        tx.audit(ctx, entry);
    }
}

fn merged_event(merge: &MergeRow, survivor: &PatientRow, undone: bool) -> PatientsMerged {
    PatientsMerged {
        survivor_id: PatientId(merge.survivor_id),
        absorbed_id: PatientId(merge.absorbed_id),
        undone,
        organisation_path: survivor.organisation_path.clone(),
    }
}

/// Says that the records of a pair are two people.
pub(crate) async fn dismiss_duplicate(ctx: &Ctx, id: Uuid, reason: &str) -> Result<()> {
    ctx.scope(MERGE).await?;
    let pair = store::find_duplicate(&ctx.platform().db().read(), id)
        .await?
        .ok_or_else(|| Error::not_found("duplicate"))?;
    admit(ctx, MERGE, PatientId(pair.a_id)).await?;
    admit(ctx, MERGE, PatientId(pair.b_id)).await?;
    let reason = policy::reason(reason)?;
    let mut tx = ctx.platform().begin().await?;
    let by = ctx.principal().account_id().map(AccountId::uuid);
    if !store::dismiss_duplicate(&tx.exec(), id, &reason, by, ctx.now()).await? {
        return Err(Error::conflict("duplicate_not_open", "this pair has already been decided"));
    }
    let detail = json!({ "dismissed_pair": id, "a_id": pair.a_id, "b_id": pair.b_id });
    tx.audit(
        ctx,
        AuditEntry::new("patient_duplicate_dismissed")
            .on("patient_duplicate", id)
            .reason(reason)
            .detail(detail),
    );
    tx.commit().await
}

/// Brings the queue of possible duplicates up to date with one record. Idempotent.
pub(crate) async fn find_duplicates(ctx: &Ctx, id: PatientId) -> Result<()> {
    let platform = ctx.platform();
    let tx = platform.begin().await?;
    let exec = tx.exec();
    let Some(row) = store::find(&exec, id).await? else { return Ok(()) };
    let alike = if row.merged_into.is_some() || row.unidentified {
        Vec::new()
    } else {
        rows_like(&exec, &row).await?
    };
    let known = store::duplicates_of(&exec, id).await?;
    for (other, likeness) in &alike {
        let pair = DuplicateRow {
            id: platform.new_uuid(),
            a_id: row.id.min(other.id),
            b_id: row.id.max(other.id),
            score: likeness.score,
            reasons: likeness.reasons.join(","),
            found_at: ctx.now().micros(),
        };
        store::upsert_duplicate(&exec, &pair).await?;
    }
    // A merged record keeps its pairs: they are hidden with it and come back when the merge is taken apart.
    if row.merged_into.is_none() {
        for pair in known {
            let other = if pair.a_id == row.id { pair.b_id } else { pair.a_id };
            if !alike.iter().any(|(row, _)| row.id == other) && !is_merged(&exec, other).await? {
                store::outdate_duplicate(&exec, pair.id).await?;
            }
        }
    }
    drop(exec);
    tx.commit().await
}

async fn is_merged(exec: &platform::Exec<'_>, id: Uuid) -> Result<bool> {
    Ok(store::find(exec, PatientId(id)).await?.is_some_and(|row| row.merged_into.is_some()))
}

/// Records a contact of an organisation with a person, unless it is recorded.
pub(crate) async fn make_known(
    platform: &Platform,
    id: PatientId,
    organisation: OrganisationId,
    organisation_path: &str,
) -> Result<()> {
    OrgPath::new(organisation_path)?;
    let tx = platform.begin().await?;
    store::find(&tx.exec(), id).await?.ok_or_else(|| Error::not_found(PATIENT))?;
    store::make_known(&tx.exec(), id, organisation, organisation_path, platform.now()).await?;
    tx.commit().await
}

fn own_organisation(ctx: &Ctx) -> Result<(OrganisationId, OrgPath)> {
    let principal = ctx.principal();
    match (principal.organisation_id, principal.organisation_path.clone()) {
        (Some(id), Some(path)) => Ok((id, path)),
        _ => Err(Error::forbidden("forbidden", "people are registered by the staff of an organisation")),
    }
}

/// The mother of a newborn, whom the caller must see unless the record names her already.
async fn find_mother(ctx: &Ctx, id: Option<PatientId>, known: Option<Uuid>) -> Result<Option<Mother>> {
    let Some(id) = id else { return Ok(None) };
    let exec = ctx.platform().db().read();
    let none = || Error::field("newborn_of_patient_id", "mother_not_found", "no such record");
    let row = store::find(&exec, id).await?.ok_or_else(none)?;
    if known != Some(row.id) {
        let scope = access::reading_scope(ctx)?;
        if store::known_paths(&exec, [row.id, row.root_id], &scope).await?.is_empty() {
            return Err(none());
        }
    }
    Ok(Some(Mother { id, sex: row.sex(), birth_date: row.birth_date(), name: row.name }))
}

/// `无名氏20261122-K7QM`: the day, and four characters that cannot be misread (no I, O, 0, 1).
async fn free_label(ctx: &Ctx) -> Result<String> {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let random = ctx.platform().random();
    for _ in 0..LABEL_TRIES {
        let draw =
            || ALPHABET.get(usize::try_from(random.below(32)).unwrap_or(0)).copied().map_or('X', char::from);
        let suffix: String = std::iter::repeat_with(draw).take(4).collect();
        let label = format!("无名氏{}-{suffix}", ctx.now().local_date().strftime("%Y%m%d"));
        if !store::label_exists(&ctx.platform().db().read(), &label).await? {
            return Ok(label);
        }
    }
    Err(Error::internal("no free label for an unidentified person"))
}

/// The record of somebody else that holds this person's identity number.
async fn find_same_number(tx: &Tx, person: &Person, except: Option<PatientId>) -> Result<Option<PatientRow>> {
    let Some(identifier) = &person.identifier else { return Ok(None) };
    let found = store::find_by_identifier(&tx.exec(), &identifier.key()).await?;
    Ok(found.filter(|row| Some(row.patient_id()) != except))
}

async fn refuse_second_child(tx: &Tx, person: &Person, except: Option<PatientId>) -> Result<()> {
    if store::birth_order_taken(&tx.exec(), person, except).await? {
        return Err(Error::field(
            "birth_order",
            "birth_order_taken",
            "this child of this birth is already registered",
        ));
    }
    Ok(())
}

/// Records that may be the person being registered, the likeliest first.
async fn candidates(tx: &Tx, person: &Person) -> Result<Vec<(PatientRow, Likeness)>> {
    if person.unidentified {
        return Ok(Vec::new());
    }
    let key = person.identifier.as_ref().map(crate::model::Identifier::key);
    let traits = crate::matching::Traits {
        name: &person.name,
        sex: person.sex,
        birth_date: person.birth_date,
        phone: person.phone.as_deref(),
        identifier_kind: person.identifier.as_ref().map_or(IdentifierKind::None, |i| i.kind),
        identifier_key: key.as_deref(),
        newborn_of: person.newborn_of.map(PatientId::uuid),
        birth_order: person.birth_order,
        unidentified: false,
    };
    let birth_date = person.birth_date.map(|date| date.to_string());
    let rows = store::comparable(&tx.exec(), birth_date, person.phone.clone(), None).await?;
    let mut alike = most_alike(rows, |row| likeness(&traits, &row.traits()));
    alike.truncate(CANDIDATES_LIMIT);
    Ok(alike)
}

async fn rows_like(exec: &platform::Exec<'_>, row: &PatientRow) -> Result<Vec<(PatientRow, Likeness)>> {
    let rows = store::comparable(exec, row.birth_date.clone(), row.phone.clone(), Some(row.id)).await?;
    Ok(most_alike(rows, |other| likeness(&row.traits(), &other.traits())))
}

fn most_alike(
    rows: Vec<PatientRow>,
    likeness: impl Fn(&PatientRow) -> Likeness,
) -> Vec<(PatientRow, Likeness)> {
    let mut alike: Vec<(PatientRow, Likeness)> = rows
        .into_iter()
        .map(|row| {
            let found = likeness(&row);
            (row, found)
        })
        .filter(|(_, found)| found.score >= CANDIDATE_SCORE)
        .collect();
    alike.sort_by_key(|(row, found)| (std::cmp::Reverse(found.score), row.id));
    alike
}

async fn possible_duplicate(
    ctx: &Ctx,
    directory: &dyn Directory,
    found: Vec<(PatientRow, Likeness)>,
) -> Result<Error> {
    let rows: Vec<PatientRow> = found.iter().map(|(row, _)| row.clone()).collect();
    let briefs = Briefs::within(directory, ctx, &ctx.platform().db().read(), &rows).await?;
    let candidates: Vec<DuplicateCandidate> = found
        .iter()
        .map(|(row, likeness)| DuplicateCandidate {
            patient: briefs.brief(row),
            score: likeness.score,
            reasons: likeness.reasons.iter().map(|reason| (*reason).to_owned()).collect(),
        })
        .collect();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let entry = AuditEntry::new(REGISTER.0).outcome(Outcome::Failed);
    let entry = entry.detail(json!({ "code": "possible_duplicate", "candidates": ids }));
    ctx.platform().audit(ctx, entry).await?;
    let detail =
        "somebody very like this person is registered; use that record, or say that this is somebody else";
    Ok(Error::conflict("possible_duplicate", detail).with("candidates", candidates))
}

async fn patient_exists(ctx: &Ctx, directory: &dyn Directory, existing: &PatientRow) -> Result<Error> {
    let rows = [existing.clone()];
    let briefs = Briefs::within(directory, ctx, &ctx.platform().db().read(), &rows).await?;
    let error = Error::conflict("patient_exists", "this identity number is registered under another name");
    Ok(error.with("patient_id", existing.root_id).with("patient", briefs.brief(existing)))
}

impl From<&PatientInput> for PersonInput {
    fn from(input: &PatientInput) -> Self {
        Self {
            name: input.name.clone(),
            sex: Some(input.sex),
            birth_date: input.birth_date.clone(),
            identifier_kind: Some(input.identifier_kind),
            identifier_number: input.identifier_number.clone(),
            phone: input.phone.clone(),
            address: input.address.clone(),
            ethnicity: input.ethnicity.clone(),
            note: input.note.clone(),
            birth_order: input.birth_order,
            unidentified: input.unidentified,
        }
    }
}

/// The record as it would be entered now: what was changed, else what stands.
fn changed_input(before: &PatientRow, change: &PatientChange) -> PersonInput {
    let text = |changed: &Option<Option<String>>, stands: &Option<String>| {
        changed.clone().unwrap_or_else(|| stands.clone())
    };
    let kind = change.identifier_kind.unwrap_or(before.identifier_kind());
    let dropped = kind == IdentifierKind::None && change.identifier_number.is_none();
    let no_child = change.newborn_of_patient_id == Some(None) && change.birth_order.is_none();
    PersonInput {
        name: change.name.clone().unwrap_or_else(|| before.name.clone()),
        sex: Some(change.sex.unwrap_or(before.sex())),
        birth_date: text(&change.birth_date, &before.birth_date),
        identifier_kind: Some(kind),
        identifier_number: if dropped {
            None
        } else {
            text(&change.identifier_number, &before.identifier_number)
        },
        phone: text(&change.phone, &before.phone),
        address: text(&change.address, &before.address),
        ethnicity: text(&change.ethnicity, &before.ethnicity),
        note: text(&change.note, &before.note),
        birth_order: if no_child { None } else { change.birth_order.unwrap_or(before.birth_order) },
        unidentified: change.unidentified.unwrap_or(before.unidentified),
    }
}

/// Names of the fields that a change changes: the audit trail says which, never what.
fn changed_fields(before: &PatientRow, person: &Person) -> Vec<&'static str> {
    let key = person.identifier.as_ref().map(crate::model::Identifier::key);
    let fields = [
        ("name", before.name != person.name),
        ("sex", before.sex() != person.sex),
        ("birth_date", before.birth_date() != person.birth_date),
        ("identifier_number", before.identifier_key != key),
        ("phone", before.phone != person.phone),
        ("address", before.address != person.address),
        ("ethnicity", before.ethnicity != person.ethnicity),
        ("note", before.note != person.note),
        ("newborn_of_patient_id", before.newborn_of_patient_id != person.newborn_of.map(PatientId::uuid)),
        ("birth_order", before.birth_order != person.birth_order),
        ("unidentified", before.unidentified != person.unidentified),
    ];
    fields.into_iter().filter(|(_, changed)| *changed).map(|(field, _)| field).collect()
}
