//! Read models of inspections and of the register of equipment.

use super::checklists::{Checklist, Checklists, EquipmentType};
use super::filling::open_of;
use super::model::{Event, Inspection, Kind, Source, State, Verdict, fold};
use super::ops::{STEPS, kept, subject, visible};
use super::store::{self, AnswerRow, EquipmentRow, Filter, InspectionRow, UnitRow};
use super::wire::{
    AnswerView, EquipmentQuery, EquipmentView, FindingView, InspectionLine, InspectionQuery, InspectionView,
    UnitView,
};
use crate::access::{self, INSPECTION_READ};
use crate::book::Book;
use crate::{ServiceDesk, attachments, journal};
use cn_calendar::counting;
use jiff::civil::Date;
use kernel::{
    Cursor, Error, InspectionId, Limit, OrganisationId, Page, Result, ServiceTicketId, Timestamp, parse_date,
};
use platform::{AuditEntry, Ctx};
use std::collections::HashMap;
use uuid::Uuid;

fn date(text: &str) -> Result<Date> {
    text.parse().map_err(Error::internal)
}

fn line(row: &InspectionRow, book: &Book, today: Date) -> Result<InspectionLine> {
    let corrupt = |what: &str| Error::internal(format!("inspection {}: {what}", row.id));
    let kind = Kind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?;
    let state = State::parse(&row.state).ok_or_else(|| corrupt("state"))?;
    let due = date(&row.due)?;
    let late = match (&row.submitted_on, state) {
        (_, State::Cancelled) => false,
        (Some(on), _) => date(on)? > due,
        (None, _) => today > due,
    };
    Ok(InspectionLine {
        id: InspectionId(row.id),
        number: row.number.clone(),
        contract_id: row.contract_id.into(),
        contract_code: book.latest(row.contract_id.into())?.contract.code.clone(),
        kind,
        ordinal: row.ordinal,
        clause: kind.clause().to_owned(),
        period_from: row.period_from.clone(),
        due: row.due.clone(),
        state,
        late,
        days_left: counting::days_between(today, due),
        assignee_id: row.assignee_id.map(kernel::AccountId),
        assignee_name: row.assignee_name.clone(),
        started_at: row.started_at.map(Timestamp::from_micros),
        submitted_at: row.submitted_at.map(Timestamp::from_micros),
        confirmed_at: row.confirmed_at.map(Timestamp::from_micros),
        paper_due: kind == Kind::PreventiveQuarterly,
        paper_delivered_on: row.paper_delivered_on.clone(),
        units: row.units,
        items: row.items,
        answered: row.answered,
        abnormal: row.abnormal,
        findings: row.findings,
    })
}

fn answer(row: &AnswerRow) -> Result<AnswerView> {
    let corrupt = |what: &str| Error::internal(format!("answer {} of {}: {what}", row.code, row.unit_id));
    Ok(AnswerView {
        verdict: Verdict::parse(&row.verdict).ok_or_else(|| corrupt("verdict"))?,
        value: row.value.clone(),
        remark: row.remark.clone(),
        source: Source::parse(&row.source).ok_or_else(|| corrupt("source"))?,
        source_name: row.source_name.clone(),
        measured_at: row.measured_at.map(Timestamp::from_micros),
        by_name: row.by_name.clone(),
        at: Timestamp::from_micros(row.at),
    })
}

fn unit_view(
    unit: &UnitRow,
    lists: &[EquipmentType],
    answers: &[AnswerRow],
    names: &HashMap<Uuid, String>,
) -> Result<UnitView> {
    let own: Vec<&AnswerRow> = answers.iter().filter(|a| a.unit_id == unit.id).collect();
    let list = lists.iter().find(|list| list.code == unit.type_code);
    let items = list.map_or(0, |list| list.items.len());
    let open = open_of(unit, list, &own);
    let given = own.iter().filter(|a| a.by_name.is_some());
    Ok(UnitView {
        id: unit.id,
        position: unit.position,
        equipment_id: unit.equipment_id,
        item_code: unit.item_code.clone(),
        type_code: unit.type_code.clone(),
        label: unit.label.clone(),
        serial_number: unit.serial_number.clone(),
        place: unit.place.clone(),
        organisation_id: unit.organisation_id.map(Into::into),
        organisation_name: unit.organisation_id.and_then(|id| names.get(&id).cloned()),
        items,
        answered: if unit.skip_reason.is_some() { items } else { given.clone().count() },
        abnormal: given.filter(|a| a.verdict == Verdict::Abnormal.as_str()).count(),
        skip_reason: unit.skip_reason.clone(),
        answers: own.iter().map(|row| Ok((row.code.clone(), answer(row)?))).collect::<Result<_>>()?,
        open,
        saved_by_name: unit.saved_by_name.clone(),
        saved_at: unit.saved_at.map(Timestamp::from_micros),
        row_version: unit.row_version,
    })
}

/// One unit as it is now.
pub(super) async fn unit(desk: &ServiceDesk, ctx: &Ctx, row: &InspectionRow, id: Uuid) -> Result<UnitView> {
    let exec = ctx.platform().db().read();
    let unit = store::find_unit(&exec, row.id, id).await?;
    let lists = kept(&exec, row.id).await?;
    let answers = store::answers(&exec, row.id).await?;
    let names = desk.places([unit.organisation_id].into_iter()).await?;
    unit_view(&unit, &lists, &answers, &names)
}

impl ServiceDesk {
    async fn places(&self, ids: impl Iterator<Item = Option<Uuid>>) -> Result<HashMap<Uuid, String>> {
        let ids: Vec<OrganisationId> = ids.flatten().map(Into::into).collect();
        self.organisation_names(&ids).await
    }

    /// Inspections that the caller may read, by due date.
    pub async fn inspections(&self, ctx: &Ctx, query: &InspectionQuery) -> Result<Page<InspectionLine>> {
        let scope = ctx.scope(INSPECTION_READ).await?;
        let limit = Limit::new(query.limit)?;
        let today = ctx.now().local_date();
        let mut filter = Filter {
            contract: query.contract_id.map(kernel::ServiceContractId::uuid),
            kind: query.kind.map(Kind::as_str),
            late_on: query.late.then(|| today.to_string()),
            ..Filter::default()
        };
        for (field, text, slot) in
            [("from", &query.from, &mut filter.from), ("to", &query.to, &mut filter.to)]
        {
            if let Some(text) = text {
                *slot = Some(parse_date(field, text)?.to_string());
            }
        }
        for name in query.state.iter().flat_map(|s| s.split(',')).map(str::trim).filter(|s| !s.is_empty()) {
            let state = State::parse(name);
            let unknown = || Error::field("state", "state_unknown", format!("there is no state {name:?}"));
            filter.states.push(state.ok_or_else(unknown)?.as_str());
        }
        if query.mine {
            filter.assignee = Some(ctx.account_id()?.uuid());
        }
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (day_text(c.keys.first().copied().unwrap_or(0)), c.id));
        let exec = ctx.platform().db().read();
        let rows = store::list(&exec, &scope, filter, after, limit.fetch()).await?;
        let page =
            Page::from_rows(rows, limit, |row| Cursor { keys: vec![day_number(&row.due)], id: row.id });
        let book = Book::load(&exec).await?;
        let items = page.items.iter().map(|row| line(row, &book, today)).collect::<Result<Vec<_>>>()?;
        let entry =
            AuditEntry::new("service_inspections_listed").detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    /// An inspection with everything about it. Reading it is recorded.
    pub(crate) async fn inspection(&self, ctx: &Ctx, id: InspectionId) -> Result<InspectionView> {
        let view = self.inspection_after_step(ctx, id).await?;
        let entry = AuditEntry::new("service_inspection_read").on("service_inspection", id.uuid());
        ctx.platform().audit(ctx, entry).await?;
        Ok(view)
    }

    /// The same as the answer to a step, which is recorded already.
    pub async fn inspection_after_step(&self, ctx: &Ctx, id: InspectionId) -> Result<InspectionView> {
        let row = visible(ctx, id).await?;
        let exec = ctx.platform().db().read();
        let entries = journal::load::<Event>(&exec, subject(row.id)).await?;
        let found = fold(&entries).ok_or_else(|| Error::internal("an inspection without a plan"))?;
        let lists = kept(&exec, row.id).await?;
        let units = store::units(&exec, row.id).await?;
        let answers = store::answers(&exec, row.id).await?;
        let names = self.places(units.iter().map(|unit| unit.organisation_id)).await?;
        let views = units.iter().map(|unit| unit_view(unit, &lists, &answers, &names));
        let book = Book::load(&exec).await?;
        let findings = store::findings(&exec, row.id).await?;
        Ok(InspectionView {
            line: line(&row, &book, ctx.now().local_date())?,
            contract_version: row.contract_version,
            unit_list: views.collect::<Result<_>>()?,
            finding_list: findings
                .into_iter()
                .map(|row| FindingView {
                    id: row.id,
                    unit_id: row.unit_id,
                    code: row.code,
                    title: row.title,
                    ticket_id: ServiceTicketId(row.ticket_id),
                    ticket_number: row.ticket_number,
                    ticket_state: row.ticket_state,
                    by_name: row.by_name,
                    at: Timestamp::from_micros(row.at),
                })
                .collect(),
            attachments: attachments::of(&exec, "inspection", row.id).await?,
            summary: found.summary.clone(),
            opinion: found.opinion.clone(),
            return_reason: found.return_reason.clone(),
            returned_count: found.returned_count,
            signed_by_provider: found.submitted.as_ref().map(|(signature, _)| signature.clone()),
            signed_by_bureau: found.confirmed.clone(),
            monitoring: self.readings.is_some(),
            journal: journal::views(&entries)?,
            allowed_actions: self.allowed(ctx, &row, &found)?,
            checklists: lists,
            row_version: row.row_version,
        })
    }

    fn allowed(&self, ctx: &Ctx, row: &InspectionRow, found: &Inspection) -> Result<Vec<String>> {
        let begun = date(&row.period_from)? <= ctx.now().local_date();
        let mut allowed = Vec::new();
        for (name, actions, states) in STEPS {
            let fits = match *name {
                "start" => begun,
                "read_monitoring" => self.readings.is_some(),
                _ => true,
            };
            if !fits || !states.contains(&found.state) {
                continue;
            }
            for action in *actions {
                if access::may(ctx, *action, &row.organisation_path)? {
                    allowed.push((*name).to_owned());
                    break;
                }
            }
        }
        Ok(allowed)
    }

    /// The register of a contract's equipment.
    pub(crate) async fn equipment(&self, ctx: &Ctx, query: &EquipmentQuery) -> Result<Vec<EquipmentView>> {
        let scope = ctx.scope(INSPECTION_READ).await?;
        let exec = ctx.platform().db().read();
        let mut rows = store::equipment(&exec, query.contract_id.uuid()).await?;
        rows.retain(|row| scope.contains(&row.organisation_path));
        if let Some(item) = &query.item_code {
            rows.retain(|row| row.item_code == *item);
        }
        let names = self.places(rows.iter().map(|row| row.organisation_id)).await?;
        let lists = Checklists::builtin()?;
        let entry =
            AuditEntry::new("service_equipment_listed").detail(serde_json::json!({"count": rows.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(rows.iter().map(|row| equipment_view(row, &lists, &names)).collect())
    }

    /// The same for one unit.
    pub(crate) async fn equipment_unit(&self, row: &EquipmentRow) -> Result<EquipmentView> {
        let names = self.places([row.organisation_id].into_iter()).await?;
        Ok(equipment_view(row, &Checklists::builtin()?, &names))
    }

    /// The checklists in force, for reading them.
    pub(crate) async fn checklists(&self, ctx: &Ctx) -> Result<Vec<Checklist>> {
        ctx.scope(INSPECTION_READ).await?;
        Ok(Checklists::builtin()?.all().to_vec())
    }
}

fn equipment_view(row: &EquipmentRow, lists: &Checklists, names: &HashMap<Uuid, String>) -> EquipmentView {
    let kind = lists.all().iter().flat_map(|list| &list.equipment).find(|kind| kind.code == row.type_code);
    EquipmentView {
        id: row.id,
        contract_id: row.contract_id.into(),
        item_code: row.item_code.clone(),
        type_code: row.type_code.clone(),
        type_name_zh: kind.map_or_else(|| row.type_code.clone(), |kind| kind.name_zh.clone()),
        type_name_en: kind.map_or_else(|| row.type_code.clone(), |kind| kind.name_en.clone()),
        contract_name: row.contract_name.clone(),
        ordinal: row.ordinal,
        label: row.label.clone(),
        serial_number: row.serial_number.clone(),
        place: row.place.clone(),
        organisation_id: row.organisation_id.map(Into::into),
        organisation_name: row.organisation_id.and_then(|id| names.get(&id).cloned()),
        monitoring_name: row.monitoring_name.clone(),
        retired: row.retired,
        row_version: row.row_version,
    }
}

/// A date as a number that sorts as it does: 20241231.
fn day_number(day: &str) -> i64 {
    day.replace('-', "").parse().unwrap_or(0)
}

fn day_text(number: i64) -> String {
    let (year, rest) = (number / 10_000, number % 10_000);
    format!("{year:04}-{:02}-{:02}", rest / 100, rest % 100)
}
