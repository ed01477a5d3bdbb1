//! The plan of a contract's term, and the register of the equipment that it names.
//!
//! Both follow the contract: entering and amending one makes them anew in the same transaction. What has begun stays; what is
//! planned moves with the dates; what the contract does not ask for any more is cancelled.

use super::checklists::Checklists;
use super::jobs;
use super::model::{Event, Inspection, Kind, State, fold};
use super::ops::{note_change, project, subject};
use super::store::{self, EquipmentRow, InspectionRow};
use super::wire::{EquipmentInput, PlanInput, Planned};
use crate::ServiceDesk;
use crate::access::{self, INSPECTION_READ, INSPECTION_WORK, optional, required};
use crate::book::{Book, Edition, terms_error};
use crate::journal::{self, Entry, New};
use cn_calendar::counting;
use jiff::civil::Date;
use kernel::{Error, Result, ServiceContractId};
use platform::{AuditEntry, Ctx, Tx};
use service_terms::{Contract, dates};
use std::collections::HashMap;
use uuid::Uuid;

/// Makes the plan and the register of a contract follow its latest version, in the caller's transaction.
pub async fn replan(tx: &mut Tx, ctx: &Ctx, contract: ServiceContractId, cause: &str) -> Result<Planned> {
    let book = Book::load(&tx.exec()).await?;
    let edition = book.latest(contract)?;
    let units = register(tx, ctx, edition).await?;
    let mut planned = Planned { units, ..Planned::default() };
    let rows = store::of_contract(&tx.exec(), contract.uuid()).await?;
    let wanted = wanted(&edition.contract)?;
    for (kind, ordinal, due) in &wanted {
        let found = rows.iter().find(|row| row.kind == kind.as_str() && row.ordinal == *ordinal);
        match found {
            None => {
                add(tx, ctx, edition, *kind, *ordinal, *due).await?;
                planned.added += 1;
            }
            Some(row) if row.due != due.to_string() || row.state == State::Cancelled.as_str() => {
                let mut row = store::lock(&tx.exec(), row.id).await?;
                let from = row.due.parse().map_err(Error::internal)?;
                let moved = Event::Rescheduled { from, to: *due, cause: cause.to_owned() };
                row.contract_version = edition.version;
                row.period_from = period_from(*kind, *due)?.to_string();
                advance(tx, ctx, &mut row, vec![New::now(ctx, moved)], "reschedule").await?;
                planned.moved += 1;
            }
            Some(_) => {}
        }
    }
    for row in rows.iter().filter(|row| row.state == State::Planned.as_str()) {
        let asked = wanted.iter().any(|(kind, n, _)| kind.as_str() == row.kind && *n == row.ordinal);
        if !asked {
            let mut row = store::lock(&tx.exec(), row.id).await?;
            let gone = Event::Cancelled { cause: cause.to_owned() };
            advance(tx, ctx, &mut row, vec![New::now(ctx, gone)], "cancel").await?;
            planned.cancelled += 1;
        }
    }
    Ok(planned)
}

/// What the contract asks for: kind, which one of its kind, due date.
fn wanted(contract: &Contract) -> Result<Vec<(Kind, i32, Date)>> {
    let due = dates::inspections(contract).map_err(|e| terms_error(&e))?.value;
    let mut counts: HashMap<&str, i32> = HashMap::new();
    due.iter()
        .map(|inspection| {
            let kind = Kind::parse(inspection.kind)
                .ok_or_else(|| Error::internal(format!("inspection kind {}", inspection.kind)))?;
            let ordinal = counts.entry(inspection.kind).or_default();
            *ordinal += 1;
            Ok((kind, *ordinal, inspection.due))
        })
        .collect()
}

/// The first day on which the inspection may be made.
fn period_from(kind: Kind, due: Date) -> Result<Date> {
    if kind == Kind::PreventiveQuarterly {
        return counting::months_after(due, -kind.months()).map_err(|e| crate::book::calendar_error(&e));
    }
    Ok(due.first_of_month())
}

async fn add(tx: &mut Tx, ctx: &Ctx, edition: &Edition, kind: Kind, ordinal: i32, due: Date) -> Result<()> {
    let mut row = InspectionRow {
        id: ctx.platform().new_uuid(),
        number: journal::next_number(&tx.exec(), "IN", ctx.now()).await?,
        contract_id: edition.contract_id.uuid(),
        contract_version: edition.version,
        organisation_path: edition.organisation_path.clone(),
        kind: kind.as_str().to_owned(),
        ordinal,
        period_from: period_from(kind, due)?.to_string(),
        due: due.to_string(),
        state: State::Planned.as_str().to_owned(),
        assignee_id: None,
        assignee_name: None,
        started_at: None,
        submitted_at: None,
        submitted_on: None,
        submitted_by: None,
        submitted_by_name: None,
        confirmed_at: None,
        confirmed_by_name: None,
        returned_count: 0,
        paper_delivered_on: None,
        units: 0,
        items: 0,
        answered: 0,
        abnormal: 0,
        findings: 0,
        planned_by: access::by(ctx),
        row_version: 0,
    };
    store::insert(&tx.exec(), &row).await?;
    advance(tx, ctx, &mut row, vec![New::now(ctx, Event::Planned { due })], "plan").await
}

/// Appends entries, projects them, and looks ahead anew.
async fn advance(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &mut InspectionRow,
    news: Vec<New<Event>>,
    step: &str,
) -> Result<()> {
    let entries: Vec<Entry<Event>> = journal::load(&tx.exec(), subject(row.id)).await?;
    let (entries, found) = append(tx, ctx, row, entries, news).await?;
    jobs::schedule(tx, ctx, row, &entries, &found).await?;
    // The audit entry of the contract says that it was planned.
    if step == "plan" { Ok(()) } else { note_change(tx, ctx, row, step, None).await }
}

/// Appends entries to the journal and writes the projection.
pub(super) async fn append(
    tx: &Tx,
    ctx: &Ctx,
    row: &mut InspectionRow,
    mut entries: Vec<Entry<Event>>,
    news: Vec<New<Event>>,
) -> Result<(Vec<Entry<Event>>, Inspection)> {
    for new in news {
        let seq = journal::next_seq(&entries);
        entries.push(journal::append(&tx.exec(), ctx, subject(row.id), seq, new).await?);
    }
    let found = fold(&entries).ok_or_else(|| Error::internal("an inspection without a plan"))?;
    project(row, &found);
    store::update(&tx.exec(), row).await?;
    Ok((entries, found))
}

/// Makes the register follow the contract's equipment; returns how many units it has in use.
async fn register(tx: &Tx, ctx: &Ctx, edition: &Edition) -> Result<i32> {
    let lists = Checklists::builtin()?;
    let known = store::equipment(&tx.exec(), edition.contract_id.uuid()).await?;
    let before = renewed(tx, edition.contract_id).await?;
    // Name in the contract, contract item, type, number of units.
    let mut wanted: Vec<(String, &str, String, u16)> = Vec::new();
    for item in &edition.contract.items {
        for equipment in &item.equipment {
            let kind = lists
                .of_equipment(&equipment.name)
                .ok_or_else(|| Error::internal("no checklist for other equipment"))?;
            wanted.push((equipment.name.clone(), &item.code, kind.code.clone(), equipment.count));
        }
        if !item.equipment.is_empty() {
            for kind in lists.uncounted(&item.code) {
                wanted.push((kind.name_zh.clone(), &item.code, kind.code.clone(), kind.units));
            }
        }
    }
    let mut in_use = 0;
    for (position, (name, item, kind, count)) in (1..).zip(&wanted) {
        for ordinal in 1..=i32::from(*count) {
            in_use += 1;
            let same = |row: &&EquipmentRow| row.contract_name == *name && row.ordinal == ordinal;
            match known.iter().find(same) {
                Some(row) if !row.retired && row.position == position => {}
                Some(row) => {
                    store::update_equipment(
                        &tx.exec(),
                        &EquipmentRow { retired: false, position, ..row.clone() },
                    )
                    .await?;
                }
                None => {
                    let old = before.iter().find(same);
                    let label = if *count == 1 { name.clone() } else { format!("{name} #{ordinal}") };
                    let row = EquipmentRow {
                        id: ctx.platform().new_uuid(),
                        contract_id: edition.contract_id.uuid(),
                        organisation_path: edition.organisation_path.clone(),
                        item_code: (*item).to_owned(),
                        type_code: kind.clone(),
                        position,
                        contract_name: name.clone(),
                        ordinal,
                        label: old.map_or(label, |row| row.label.clone()),
                        serial_number: old.and_then(|row| row.serial_number.clone()),
                        place: old.and_then(|row| row.place.clone()),
                        organisation_id: old.and_then(|row| row.organisation_id),
                        monitoring_name: old.and_then(|row| row.monitoring_name.clone()),
                        retired: false,
                        row_version: 0,
                    };
                    store::insert_equipment(&tx.exec(), &row).await?;
                }
            }
        }
    }
    for row in known.iter().filter(|row| !row.retired) {
        let kept = wanted
            .iter()
            .any(|(name, _, _, count)| *name == row.contract_name && row.ordinal <= i32::from(*count));
        if !kept {
            store::update_equipment(&tx.exec(), &EquipmentRow { retired: true, ..row.clone() }).await?;
        }
    }
    Ok(in_use)
}

/// The register of the contract that this one renews: the same units stand where they stood.
async fn renewed(tx: &Tx, contract: ServiceContractId) -> Result<Vec<EquipmentRow>> {
    #[derive(sea_orm::FromQueryResult)]
    struct Renews {
        renews: Option<Uuid>,
    }
    let sql = "SELECT renews FROM service_desk_contract WHERE id = $1";
    let found: Option<Renews> =
        platform::db::query_one(&tx.exec(), sql, vec![contract.uuid().into()]).await?;
    match found.and_then(|row| row.renews) {
        Some(before) => store::equipment(&tx.exec(), before).await,
        None => Ok(Vec::new()),
    }
}

impl ServiceDesk {
    /// Makes the plan of a contract that has none yet, or that fell behind its contract.
    pub async fn plan_inspections(&self, ctx: &Ctx, input: &PlanInput) -> Result<Planned> {
        let scope = ctx.scope(INSPECTION_READ).await?;
        let book = Book::load(&ctx.platform().db().read()).await?;
        let found = book.latest(input.contract_id).ok();
        let edition =
            access::visible(found, &scope, |edition| edition.organisation_path.as_str(), "contract")?;
        let resource = access::resource("service_inspection", None, &edition.organisation_path)?;
        ctx.authorize(INSPECTION_WORK, &resource).await?;
        let mut tx = ctx.platform().begin().await?;
        let planned = replan(&mut tx, ctx, input.contract_id, "planned by hand").await?;
        let entry = AuditEntry::new("service_inspections_planned")
            .on("service_contract", input.contract_id.uuid())
            .organisation(&edition.organisation_path)
            .detail(serde_json::json!({"added": planned.added, "moved": planned.moved, "cancelled": planned.cancelled}));
        tx.audit(ctx, entry);
        tx.commit().await?;
        Ok(planned)
    }

    /// Writes down where a unit of equipment stands and what it is called.
    pub async fn edit_equipment(&self, ctx: &Ctx, id: Uuid, input: &EquipmentInput) -> Result<EquipmentRow> {
        let scope = ctx.scope(INSPECTION_READ).await?;
        let found = store::find_equipment(&ctx.platform().db().read(), id).await?;
        let mut row = access::visible(found, &scope, |row| row.organisation_path.as_str(), "equipment")?;
        let resource = access::resource("service_equipment", Some(id), &row.organisation_path)?;
        ctx.authorize(INSPECTION_WORK, &resource).await?;
        row.label = required("label", &input.label, 60)?;
        row.serial_number = optional("serial_number", input.serial_number.as_deref(), 60)?;
        row.place = optional("place", input.place.as_deref(), 100)?;
        row.monitoring_name = optional("monitoring_name", input.monitoring_name.as_deref(), 100)?;
        row.organisation_id = match input.organisation_id {
            None => None,
            Some(organisation) => Some(self.organisation(organisation).await?.id.uuid()),
        };
        row.row_version = input.row_version;
        let mut tx = ctx.platform().begin().await?;
        if !store::update_equipment(&tx.exec(), &row).await? {
            return Err(access::stale());
        }
        row.row_version += 1;
        let entry = AuditEntry::new("service_equipment_changed")
            .on("service_equipment", id)
            .organisation(&row.organisation_path);
        tx.audit(ctx, entry);
        tx.commit().await?;
        Ok(row)
    }
}
