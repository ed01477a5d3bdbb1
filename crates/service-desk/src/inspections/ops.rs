//! Use cases of inspections: every step but filling in.

use super::checklists::{Checklists, EquipmentType};
use super::filling;
use super::jobs;
use super::model::{Event, Inspection, Kind, State, Verdict, fold};
use super::plan::append;
use super::store::{self, FindingRow, InspectionRow, UnitRow};
use super::wire::Step;
use crate::ServiceDesk;
use crate::access::{self, INSPECTION_CONFIRM, INSPECTION_READ, INSPECTION_WORK, optional, required};
use crate::journal::{self, Entry, New, Subject};
use crate::tickets::model::{Channel, Class, Touches};
use crate::tickets::wire::TicketInput;
use kernel::{Error, InspectionId, Result, Timestamp, parse_date};
use platform::{Action, AuditEntry, Ctx, Tx};
use ports::service::ServiceRecordChanged;
use std::collections::BTreeSet;
use uuid::Uuid;

const INSPECTION: &str = "service_inspection";

pub fn subject(id: Uuid) -> Subject {
    Subject { kind: "inspection", id }
}

/// Name of a step, as in requests, buttons and the audit trail.
pub fn step_name(step: &Step) -> &'static str {
    match step {
        Step::Assign { .. } => "assign",
        Step::Start => "start",
        Step::ReadMonitoring => "read_monitoring",
        Step::ReportFinding { .. } => "report_finding",
        Step::Submit { .. } => "submit",
        Step::Return { .. } => "return",
        Step::Confirm { .. } => "confirm",
        Step::DeliverPaper { .. } => "deliver_paper",
    }
}

/// Every step with the permissions of which one is needed, and the states in which it makes sense.
pub const STEPS: &[(&str, &[Action], &[State])] = {
    use State::{Confirmed, InProgress, Planned, Submitted};
    &[
        ("assign", &[INSPECTION_WORK], &[Planned, InProgress]),
        ("start", &[INSPECTION_WORK], &[Planned]),
        ("fill", &[INSPECTION_WORK], &[InProgress]),
        ("read_monitoring", &[INSPECTION_WORK], &[InProgress]),
        ("report_finding", &[INSPECTION_WORK], &[InProgress]),
        ("submit", &[INSPECTION_WORK], &[InProgress]),
        ("return", &[INSPECTION_CONFIRM], &[Submitted]),
        ("confirm", &[INSPECTION_CONFIRM], &[Submitted]),
        ("deliver_paper", &[INSPECTION_WORK, INSPECTION_CONFIRM], &[Submitted, Confirmed]),
    ]
};

/// An inspection that the caller may read.
pub async fn visible(ctx: &Ctx, id: InspectionId) -> Result<InspectionRow> {
    let scope = ctx.scope(INSPECTION_READ).await?;
    let found = store::find(&ctx.platform().db().read(), id.uuid()).await?;
    access::visible(found, &scope, |row| row.organisation_path.as_str(), "inspection")
}

/// Checks the caller's right to a step; its state is checked under the lock.
pub async fn authorized(ctx: &Ctx, row: &InspectionRow, name: &str) -> Result<()> {
    let (_, actions, _) = rule(name)?;
    let mut allowed = None;
    for action in *actions {
        if access::may(ctx, *action, &row.organisation_path)? {
            allowed = Some(*action);
            break;
        }
    }
    // None of them: the refusal is recorded under the first.
    let action = allowed.or(actions.first().copied()).unwrap_or(INSPECTION_WORK);
    ctx.authorize(action, &access::resource(INSPECTION, Some(row.id), &row.organisation_path)?).await
}

fn rule(name: &str) -> Result<&'static (&'static str, &'static [Action], &'static [State])> {
    let found = STEPS.iter().find(|(known, _, _)| *known == name);
    found.ok_or_else(|| Error::internal("a step without a rule"))
}

/// Checks that the state takes a step.
pub fn fits(name: &str, state: State) -> Result<()> {
    if rule(name)?.2.contains(&state) {
        return Ok(());
    }
    let detail = format!("{name} is not possible while the inspection is {}", state.as_str());
    Err(Error::conflict("state_conflict", detail).with("state", state.as_str()))
}

/// The lists that an inspection has kept.
pub async fn kept(exec: &platform::Exec<'_>, id: Uuid) -> Result<Vec<EquipmentType>> {
    match store::checklists(exec, id).await? {
        Some(text) => serde_json::from_str(&text).map_err(Error::internal),
        None => Ok(Vec::new()),
    }
}

impl ServiceDesk {
    /// Takes a step. `row_version`: the version that the caller has seen, when it matters to them.
    pub async fn inspection_step(
        &self,
        ctx: &Ctx,
        id: InspectionId,
        step: Step,
        row_version: Option<i64>,
    ) -> Result<()> {
        let seen = visible(ctx, id).await?;
        let name = step_name(&step);
        authorized(ctx, &seen, name).await?;
        // What other contexts know is asked before the transaction.
        let assignee = match &step {
            Step::Assign { account_id } => {
                let found = self.directory.signatories(&[*account_id]).await?.into_iter().next();
                Some(found.ok_or_else(|| {
                    Error::field("account_id", "account_unknown", "there is no such account")
                })?)
            }
            _ => None,
        };
        let readings = match &step {
            Step::ReadMonitoring => Some(self.readings(ctx, &seen).await?),
            _ => None,
        };
        let finding = match &step {
            Step::ReportFinding { .. } => Some(self.finding(ctx, &seen, &step).await?),
            _ => None,
        };
        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), seen.id).await?;
        if row_version.is_some_and(|seen| seen != row.row_version) {
            return Err(access::stale());
        }
        let entries: Vec<Entry<Event>> = journal::load(&tx.exec(), subject(row.id)).await?;
        let found = fold(&entries).ok_or_else(|| Error::internal("an inspection without a plan"))?;
        fits(name, found.state)?;
        let mut reason = None;
        let now = |what: Event| New::now(ctx, what);
        let news = match step {
            Step::Assign { account_id } => {
                let name = assignee.map(|found| found.name).unwrap_or_default();
                vec![now(Event::Assigned { account_id, name })]
            }
            Step::Start => {
                let period: jiff::civil::Date = row.period_from.parse().map_err(Error::internal)?;
                if ctx.now().local_date() < period {
                    let detail = format!("this inspection belongs to the time from {period}");
                    return Err(
                        Error::conflict("period_not_begun", detail).with("from", row.period_from.as_str())
                    );
                }
                let (units, items, checklists) = start(&tx, ctx, &row).await?;
                (row.units, row.items) = (units, items);
                let mut news = vec![now(Event::Started { units, items, checklists })];
                if let (None, Some(account_id)) = (&found.assignee, ctx.principal().account_id()) {
                    let name = ctx.principal().display_name.clone();
                    news.push(now(Event::Assigned { account_id, name }));
                }
                news
            }
            Step::ReadMonitoring => {
                let (filled, refused) =
                    filling::take_over(&tx, ctx, &mut row, readings.unwrap_or_default()).await?;
                vec![now(Event::MonitoringRead { filled, refused })]
            }
            Step::ReportFinding { unit_id, code, title, .. } => {
                let (place, input, unit, item) =
                    finding.ok_or_else(|| Error::internal("a finding that was not looked at"))?;
                let (ticket, ticket_number) = self.open_ticket_in(&mut tx, ctx, place, input).await?;
                let row = FindingRow {
                    id: ctx.platform().new_uuid(),
                    inspection_id: row.id,
                    unit_id,
                    code,
                    title,
                    ticket_id: ticket.uuid(),
                    ticket_number: ticket_number.clone(),
                    ticket_state: String::new(),
                    by_name: ctx.principal().display_name.clone(),
                    at: ctx.now().micros(),
                };
                store::insert_finding(&tx.exec(), &row).await?;
                let (unit, item) = (unit.label, item);
                vec![now(Event::FindingReported {
                    unit_id,
                    unit,
                    item,
                    ticket_id: ticket.uuid(),
                    ticket_number,
                })]
            }
            Step::Submit { summary } => {
                let summary = required("summary", &summary, 1000)?;
                let open = filling::open_items(&tx.exec(), row.id).await?;
                if !open.is_empty() {
                    let detail = format!("{} items are not finished", open.len());
                    let shown: Vec<_> = open.iter().take(100).collect();
                    return Err(Error::invalid("inspection_incomplete", detail)
                        .with("count", open.len())
                        .with("missing", shown));
                }
                vec![now(Event::Submitted { summary, answered: row.answered, abnormal: row.abnormal })]
            }
            Step::Return { reason: why } => {
                let why = required("reason", &why, 500)?;
                reason = Some(why.clone());
                vec![New { reason: Some(why), ..now(Event::Returned) }]
            }
            Step::Confirm { opinion } => {
                not_party_b(ctx, &entries)?;
                vec![now(Event::Confirmed { opinion: optional("opinion", opinion.as_deref(), 500)? })]
            }
            Step::DeliverPaper { on } => {
                let on = parse_date("on", &on)?;
                let signed = found.submitted.as_ref().map(|(signature, _)| signature.at.local_date());
                if on > ctx.now().local_date() {
                    return Err(Error::field("on", "in_the_future", "this lies in the future"));
                }
                if signed.is_some_and(|signed| on < signed) {
                    return Err(Error::field(
                        "on",
                        "before_submission",
                        "the report was signed later than this",
                    ));
                }
                vec![now(Event::PaperDelivered { on })]
            }
        };
        let (entries, found) = append(&tx, ctx, &mut row, entries, news).await?;
        if name == "return" {
            // The report is missing again, and its date counts again.
            jobs::schedule(&mut tx, ctx, &row, &entries, &found).await?;
        }
        note_change(&mut tx, ctx, &row, name, reason.as_deref()).await?;
        tx.commit().await
    }

    /// What a finding's ticket will say, and where it will lie, if the caller may open it there.
    async fn finding(
        &self,
        ctx: &Ctx,
        row: &InspectionRow,
        step: &Step,
    ) -> Result<(ports::identity::OrganisationBrief, TicketInput, UnitRow, String)> {
        let Step::ReportFinding { unit_id, code, title, description, priority, organisation_id } = step
        else {
            return Err(Error::internal("no finding"));
        };
        let exec = ctx.platform().db().read();
        let unit = store::find_unit(&exec, row.id, *unit_id).await?;
        let lists = kept(&exec, row.id).await?;
        let item = filling::item(&lists, &unit.type_code, code)?;
        let answers = store::answers(&exec, row.id).await?;
        let answer = answers.into_iter().find(|a| a.unit_id == unit.id && a.code == *code);
        let answer = answer.filter(|a| a.verdict == Verdict::Abnormal.as_str()).ok_or_else(|| {
            Error::conflict("not_abnormal", "a finding is about an item that was found abnormal")
        })?;
        let found = store::findings(&exec, row.id).await?;
        if let Some(known) = found.iter().find(|f| f.unit_id == unit.id && f.code == *code) {
            return Err(Error::conflict("finding_exists", "this item has a ticket already")
                .with("ticket_number", known.ticket_number.as_str()));
        }
        let organisation_id = organisation_id.or(unit.organisation_id.map(Into::into));
        if organisation_id.is_none() {
            let detail = "which institution has the fault? The register does not say where this stands";
            return Err(Error::field("organisation_id", "required", detail));
        }
        let value = match (&answer.value, &item.unit) {
            (Some(value), Some(unit)) => format!(" {value} {unit}"),
            (Some(value), None) => format!(" {value}"),
            _ => String::new(),
        };
        let mut text = format!("巡检 {}，{}，{}：{}{value}", row.number, unit.label, item.zh, "异常");
        for more in [answer.remark.as_deref(), Some(description.as_str())].into_iter().flatten() {
            if !more.trim().is_empty() {
                text.push('\n');
                text.push_str(more.trim());
            }
        }
        let input = TicketInput {
            organisation_id,
            channel: Channel::OnSite,
            class: Class::Fault,
            priority: *priority,
            item_code: Some(unit.item_code.clone()),
            title: required("title", title, 100)?,
            description: text,
            caller_name: None,
            caller_phone: None,
            opened_at: None,
            touches: Touches::default(),
        };
        let place = self.ticket_place(ctx, &input).await?;
        let item = item.zh.clone();
        Ok((place, input, unit, item))
    }
}

/// Takes over equipment and lists as they are now: units, items, and the editions of the lists.
async fn start(tx: &Tx, ctx: &Ctx, row: &InspectionRow) -> Result<(i32, i32, String)> {
    let kind = Kind::parse(&row.kind).ok_or_else(|| Error::internal("kind of inspection"))?;
    let lists = Checklists::builtin()?;
    let register = store::equipment(&tx.exec(), row.contract_id).await?;
    let units: Vec<_> = register
        .into_iter()
        .filter(|unit| !unit.retired && kind.item().is_none_or(|item| unit.item_code == item))
        .collect();
    if units.is_empty() {
        return Err(Error::conflict("no_equipment", "the contract names no equipment to inspect"));
    }
    let codes: BTreeSet<&str> = units.iter().map(|unit| unit.type_code.as_str()).collect();
    let snapshot = lists.snapshot(&codes, kind == Kind::PreventiveQuarterly);
    let mut items = 0;
    for (position, unit) in (1..).zip(&units) {
        let list = snapshot.iter().find(|list| list.code == unit.type_code);
        items += list.map_or(0, |list| list.items.len());
        let unit = UnitRow {
            id: ctx.platform().new_uuid(),
            inspection_id: row.id,
            position,
            equipment_id: unit.id,
            item_code: unit.item_code.clone(),
            type_code: unit.type_code.clone(),
            label: unit.label.clone(),
            serial_number: unit.serial_number.clone(),
            place: unit.place.clone(),
            organisation_id: unit.organisation_id,
            monitoring_name: Some(unit.monitoring_name.clone().unwrap_or_else(|| unit.label.clone())),
            skip_reason: None,
            saved_by_name: None,
            saved_at: None,
            row_version: 0,
        };
        store::insert_unit(&tx.exec(), &unit).await?;
    }
    let text = serde_json::to_string(&snapshot).map_err(Error::internal)?;
    store::keep_checklists(&tx.exec(), row.id, &text).await?;
    let count = |n: usize| i32::try_from(n).map_err(Error::internal);
    Ok((count(units.len())?, count(items)?, lists.editions()))
}

/// One account never acts for both parties on one record.
fn not_party_b(ctx: &Ctx, entries: &[Entry<Event>]) -> Result<()> {
    let own = access::by(ctx);
    let provider = |what: &Event| {
        matches!(
            what,
            Event::Started { .. }
                | Event::Submitted { .. }
                | Event::FindingReported { .. }
                | Event::MonitoringRead { .. }
        )
    };
    if own.is_some() && entries.iter().any(|entry| entry.by == own && provider(&entry.what)) {
        return Err(Error::conflict("own_signature", "the other party confirms, with an account of its own"));
    }
    Ok(())
}

/// Computes the row's projection from the journal; what was filled in is counted where it is saved.
pub(super) fn project(row: &mut InspectionRow, found: &Inspection) {
    row.state = found.state.as_str().to_owned();
    row.due = found.due.to_string();
    row.assignee_id = found.assignee.as_ref().map(|(account, _)| account.uuid());
    row.assignee_name = found.assignee.as_ref().map(|(_, name)| name.clone());
    row.started_at = found.started_at.map(Timestamp::micros);
    let submitted = found.submitted.as_ref();
    row.submitted_at = submitted.map(|(signature, _)| signature.at.micros());
    row.submitted_on = submitted.map(|(signature, _)| signature.at.local_date().to_string());
    row.submitted_by = submitted.and_then(|(_, by)| *by);
    row.submitted_by_name = submitted.map(|(signature, _)| signature.name.clone());
    row.confirmed_at = found.confirmed.as_ref().map(|signature| signature.at.micros());
    row.confirmed_by_name = found.confirmed.as_ref().map(|signature| signature.name.clone());
    row.returned_count = found.returned_count;
    row.paper_delivered_on = found.paper_delivered_on.map(|on| on.to_string());
    row.findings = found.findings;
}

/// The audit entry and the event of a step.
pub(super) async fn note_change(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &InspectionRow,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let mut entry = AuditEntry::new("service_inspection_changed")
        .on(INSPECTION, row.id)
        .organisation(&row.organisation_path)
        .detail(serde_json::json!({"step": step, "state": row.state}));
    if let Some(reason) = reason {
        entry = entry.reason(reason.to_owned());
    }
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "inspection".into(),
        id: row.id,
        state: row.state.clone(),
        organisation_path: row.organisation_path.clone(),
    })
    .await
}
