//! Use cases of the yearly report.

use super::figures::counted;
use super::store::{self, ReportRow};
use super::wire::{Parts, ReportItem, ReportView, State, Step};
use crate::access::{self, DUTY_CONFIRM, DUTY_READ, DUTY_WORK, required};
use crate::book::{Book, Edition, terms_error};
use crate::duties::{Changed, authorize_step, note_change};
use crate::journal::Subject;
use crate::{ServiceDesk, notices};
use cn_calendar::counting;
use kernel::{Error, FieldError, Result, ServiceContractId, Timestamp};
use platform::{Action, AuditEntry, Ctx, Tx};
use service_terms::dates;
use uuid::Uuid;

pub(super) const REPORT: &str = "service_security_report";
const LONGEST_PART: usize = 10_000;

pub(super) fn subject(contract: Uuid) -> Subject {
    Subject { kind: "security_report", id: contract }
}

/// Every step with the permissions of which one is needed, and the states in which it makes sense.
const STEPS: &[(&str, &[Action], &[State])] = {
    use State::{Draft, Missing, Submitted};
    &[
        ("save", &[DUTY_WORK], &[Missing, Draft]),
        ("submit", &[DUTY_WORK], &[Draft]),
        ("return", &[DUTY_CONFIRM], &[Submitted]),
        ("confirm", &[DUTY_CONFIRM], &[Submitted]),
    ]
};

/// The latest version of a contract that the caller may see the duties of.
async fn visible<'a>(ctx: &Ctx, book: &'a Book, contract: ServiceContractId) -> Result<&'a Edition> {
    let scope = ctx.scope(DUTY_READ).await?;
    let found = book.latest(contract).ok().filter(|edition| scope.contains(&edition.organisation_path));
    found.ok_or_else(|| Error::not_found("security report"))
}

fn state_of(row: Option<&ReportRow>) -> Result<State> {
    match row {
        None => Ok(State::Missing),
        Some(row) => State::parse(&row.state).ok_or_else(|| Error::internal("state of a report")),
    }
}

fn checked(parts: &Parts) -> Result<()> {
    let all = [
        ("management", &parts.management),
        ("data_security", &parts.data_security),
        ("key_components", &parts.key_components),
        ("team_changes", &parts.team_changes),
        ("other", &parts.other),
    ];
    let wrong: Vec<FieldError> = all
        .iter()
        .filter(|(_, text)| text.chars().count() > LONGEST_PART)
        .map(|(field, _)| FieldError {
            field: format!("parts.{field}"),
            code: "too_long".into(),
            detail: format!("at most {LONGEST_PART} characters"),
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
}

/// The parts of the four that nobody has written.
fn empty_parts(parts: &Parts) -> Vec<&'static str> {
    [
        ("management", &parts.management),
        ("data_security", &parts.data_security),
        ("key_components", &parts.key_components),
        ("team_changes", &parts.team_changes),
    ]
    .into_iter()
    .filter(|(_, text)| text.trim().is_empty())
    .map(|(name, _)| name)
    .collect()
}

fn item(edition: &Edition, row: Option<&ReportRow>, now: Timestamp) -> Result<ReportItem> {
    let due = dates::security_report_date(&edition.contract).map_err(|e| terms_error(&e))?.value;
    let today = now.local_date();
    let submitted_at = row.and_then(|row| row.submitted_at).map(Timestamp::from_micros);
    Ok(ReportItem {
        contract_id: edition.contract_id,
        contract_code: edition.contract.code.clone(),
        contract_name: edition.contract.name.clone(),
        term_start: edition.contract.term_start.to_string(),
        term_end: edition.contract.term_end.to_string(),
        due: due.to_string(),
        days_left: counting::days_between(today, due),
        late: submitted_at.map_or(today, Timestamp::local_date) > due,
        state: state_of(row)?,
        submitted_at,
        confirmed_at: row.and_then(|row| row.confirmed_at).map(Timestamp::from_micros),
    })
}

impl ServiceDesk {
    pub(crate) async fn security_reports(&self, ctx: &Ctx) -> Result<Vec<ReportItem>> {
        let scope = ctx.scope(DUTY_READ).await?;
        let exec = ctx.platform().db().read();
        let book = Book::load(&exec).await?;
        let mut ids: Vec<ServiceContractId> = book
            .editions()
            .iter()
            .filter(|edition| scope.contains(&edition.organisation_path))
            .map(|edition| edition.contract_id)
            .collect();
        ids.dedup();
        let mut items = Vec::with_capacity(ids.len());
        for id in ids.into_iter().rev() {
            let row = store::of_contract(&exec, id.uuid()).await?;
            items.push(item(book.latest(id)?, row.as_ref(), ctx.now())?);
        }
        let entry = AuditEntry::new("service_security_reports_listed")
            .detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(items)
    }

    pub async fn security_report(&self, ctx: &Ctx, contract: ServiceContractId) -> Result<ReportView> {
        let view = self.security_report_after_step(ctx, contract).await?;
        let entry = AuditEntry::new("service_security_report_read").on("service_contract", contract.uuid());
        ctx.platform().audit(ctx, entry).await?;
        Ok(view)
    }

    pub async fn security_report_after_step(
        &self,
        ctx: &Ctx,
        contract: ServiceContractId,
    ) -> Result<ReportView> {
        let exec = ctx.platform().db().read();
        let book = Book::load(&exec).await?;
        let edition = visible(ctx, &book, contract).await?;
        let row = store::of_contract(&exec, contract.uuid()).await?;
        let due = dates::security_report_date(&edition.contract).map_err(|e| terms_error(&e))?;
        let item = item(edition, row.as_ref(), ctx.now())?;
        let parts = row.as_ref().map(|row| serde_json::from_str(&row.parts)).transpose();
        let kept = row.as_ref().and_then(|row| row.figures.as_deref());
        let figures = match kept {
            Some(text) => serde_json::from_str(text).map_err(Error::internal)?,
            None => counted(&exec, edition, ctx.now()).await?,
        };
        let parts: Parts = parts.map_err(Error::internal)?.unwrap_or_default();
        let mut allowed = Vec::new();
        for (name, actions, states) in STEPS {
            let incomplete = *name == "submit" && !empty_parts(&parts).is_empty();
            if states.contains(&item.state)
                && !incomplete
                && access::any(ctx, actions, &edition.organisation_path)?
            {
                allowed.push((*name).to_owned());
            }
        }
        Ok(ReportView {
            item,
            derivation: due.derivation.into(),
            parts,
            figures,
            submitted_by_name: row.as_ref().and_then(|row| row.submitted_by_name.clone()),
            returned_reason: row.as_ref().and_then(|row| row.returned_reason.clone()),
            confirmed_by_name: row.as_ref().and_then(|row| row.confirmed_by_name.clone()),
            allowed_actions: allowed,
            row_version: row.map_or(0, |row| row.row_version),
        })
    }

    /// Takes a step.
    pub async fn security_report_step(
        &self,
        ctx: &Ctx,
        contract: ServiceContractId,
        step: &Step,
    ) -> Result<()> {
        let book = Book::load(&ctx.platform().db().read()).await?;
        let edition = visible(ctx, &book, contract).await?;
        let path = edition.organisation_path.clone();
        let name = match step {
            Step::Save { .. } => "save",
            Step::Submit => "submit",
            Step::Return { .. } => "return",
            Step::Confirm => "confirm",
        };
        let known = STEPS.iter().find(|(known, _, _)| *known == name);
        let (_, actions, states) = known.ok_or_else(|| Error::internal("a step without a rule"))?;
        authorize_step(ctx, actions, REPORT, contract.uuid(), &path).await?;
        let mut tx = ctx.platform().begin().await?;
        let found = store::lock(&tx.exec(), contract.uuid()).await?;
        let before = state_of(found.as_ref())?;
        if !states.contains(&before) {
            let detail = format!("{name} is not possible while the report is {}", before.as_str());
            return Err(Error::conflict("state_conflict", detail).with("state", before.as_str()));
        }
        let mut row = match found {
            Some(row) => row,
            None => begin(&tx, ctx, contract, &path).await?,
        };
        let mut reason_given = None;
        match step {
            Step::Save { parts, row_version } => {
                if *row_version != row.row_version {
                    return Err(access::stale());
                }
                checked(parts)?;
                row.parts = serde_json::to_string(parts).map_err(Error::internal)?;
            }
            Step::Submit => {
                let parts: Parts = serde_json::from_str(&row.parts).map_err(Error::internal)?;
                let empty = empty_parts(&parts);
                if !empty.is_empty() {
                    let detail = format!("nothing is written about {} (附件3 二.11)", empty.join(", "));
                    return Err(Error::conflict("security_report_incomplete", detail).with("parts", empty));
                }
                let figures = counted(&tx.exec(), edition, ctx.now()).await?;
                row.figures = Some(serde_json::to_string(&figures).map_err(Error::internal)?);
                row.state = State::Submitted.as_str().to_owned();
                row.submitted_by = access::by(ctx);
                row.submitted_by_name = Some(ctx.principal().display_name.clone());
                row.submitted_at = Some(ctx.now().micros());
                row.returned_reason = None;
                self.say(&mut tx, ctx, &path, contract, "security_report_submitted", false).await?;
            }
            Step::Return { reason } => {
                let reason = required("reason", reason, 500)?;
                row.state = State::Draft.as_str().to_owned();
                row.figures = None;
                row.submitted_at = None;
                row.returned_reason = Some(reason.clone());
                self.say(&mut tx, ctx, &path, contract, "security_report_returned", true).await?;
                reason_given = Some(reason);
            }
            Step::Confirm => {
                if access::by(ctx).is_some() && access::by(ctx) == row.submitted_by {
                    let detail = "somebody else has to confirm what you submitted";
                    return Err(Error::conflict("own_request", detail));
                }
                row.state = State::Confirmed.as_str().to_owned();
                row.confirmed_by_name = Some(ctx.principal().display_name.clone());
                row.confirmed_at = Some(ctx.now().micros());
                self.say(&mut tx, ctx, &path, contract, "security_report_confirmed", true).await?;
            }
        }
        store::update(&tx.exec(), &mut row).await?;
        let changed = Changed { kind: REPORT, id: row.id, path: &path, state: &row.state };
        let action = "service_security_report_changed";
        note_change(&mut tx, ctx, action, changed, name, reason_given.as_deref()).await?;
        tx.commit().await
    }

    async fn say(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        path: &str,
        contract: ServiceContractId,
        code: &str,
        to_provider: bool,
    ) -> Result<()> {
        let told = if to_provider { self.leads(path).await? } else { self.information_section(path).await? };
        let book = Book::load(&tx.exec()).await?;
        let params = serde_json::json!({"contract": book.latest(contract)?.contract.code});
        notices::tell(tx, ctx, &told, code, &params, subject(contract.uuid())).await
    }
}

async fn begin(tx: &Tx, ctx: &Ctx, contract: ServiceContractId, path: &str) -> Result<ReportRow> {
    let row = ReportRow {
        id: ctx.platform().new_uuid(),
        contract_id: contract.uuid(),
        organisation_path: path.to_owned(),
        state: State::Draft.as_str().to_owned(),
        parts: serde_json::to_string(&Parts::default()).map_err(Error::internal)?,
        figures: None,
        submitted_by: None,
        submitted_by_name: None,
        submitted_at: None,
        returned_reason: None,
        confirmed_by_name: None,
        confirmed_at: None,
        row_version: 0,
    };
    store::insert(&tx.exec(), &row).await?;
    Ok(row)
}
