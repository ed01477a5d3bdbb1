//! Use cases and read models of data corrections.

use super::model::{Change, Event, Execution, State};
use super::store::{self, CorrectionRow, Filter};
use super::wire::{CorrectionInput, CorrectionItem, CorrectionQuery, CorrectionView, Step};
use crate::ServiceDesk;
use crate::access::{
    self, CORRECTION_APPROVE, CORRECTION_REQUEST, CORRECTION_WORK, TICKET_READ, optional, required,
};
use crate::book::{Book, Edition, terms_error};
use crate::journal::{self, New, Subject};
use crate::tickets;
use crate::tickets::model::Touches;
use kernel::{
    Cursor, DataCorrectionId, Error, FieldError, Limit, OrganisationId, Page, Result, ServiceTicketId,
    Timestamp,
};
use platform::{Action, AuditEntry, Ctx, OrgPath, Scope, Tx, hash};
use ports::service::ServiceRecordChanged;
use service_terms::{Assessed, Cents, TermsError, desk};
use std::collections::HashMap;
use uuid::Uuid;

const CORRECTION: &str = "service_correction";
const MOST_CHANGES: usize = 200;
const LONGEST_VALUE: usize = 4000;

fn subject(id: Uuid) -> Subject {
    Subject { kind: "data_correction", id }
}

/// Every step with the permissions of which one is needed, and the states in which it makes sense.
const STEPS: &[(&str, &[Action], &[State])] = {
    use State::{Approved, Executed, Requested};
    &[
        ("approve", &[CORRECTION_APPROVE], &[Requested]),
        ("reject", &[CORRECTION_APPROVE], &[Requested]),
        ("withdraw", &[CORRECTION_REQUEST], &[Requested, Approved]),
        ("execute", &[CORRECTION_WORK], &[Approved]),
        ("review", &[CORRECTION_APPROVE], &[Executed]),
        (
            "report_violation",
            &[CORRECTION_APPROVE, CORRECTION_WORK],
            // Also of a form that was refused or taken back: then nothing at all allowed the work.
            &State::ALL,
        ),
    ]
};

fn approval(edition: &Edition, touches: Touches) -> Result<Assessed<bool>> {
    let amount = touches.amount_cents.map(Cents::new).transpose().map_err(|e: TermsError| terms_error(&e))?;
    let touches = desk::Touches {
        medical_document: touches.medical_document,
        database_change: touches.database_change,
        amount,
    };
    Ok(desk::approval_needed(&edition.contract, touches))
}

/// The edition of the contract that was in force when the form was handed in.
fn edition<'a>(book: &'a Book, row: &CorrectionRow) -> Result<&'a Edition> {
    match row.contract_version {
        Some(version) => book.version(row.contract_id.into(), version),
        None => book.of(row.contract_id.into(), Timestamp::from_micros(row.requested_at)),
    }
}

/// The rows of a form, with what the form touches: rows are a change of data, whatever else it says (附件1 1.3.2-4).
fn checked(changes: &[Change], touches: Touches) -> Result<(Vec<Change>, Touches)> {
    if changes.len() > MOST_CHANGES {
        return Err(Error::field("changes", "out_of_range", format!("at most {MOST_CHANGES} changes")));
    }
    if changes.is_empty() {
        let charge_alone =
            touches.amount_cents.is_some() && !touches.medical_document && !touches.database_change;
        if !charge_alone {
            let detail = "what is changed? Only a charge problem may come without changes of data";
            return Err(Error::field("changes", "required", detail));
        }
    }
    let touches = Touches { database_change: touches.database_change || !changes.is_empty(), ..touches };
    let mut wrong = Vec::new();
    for (n, change) in changes.iter().enumerate() {
        let mut check = |field: &str, text: &str, longest: usize, may_be_empty: bool| {
            let length = text.trim().chars().count();
            let code = if length > longest {
                "too_long"
            } else if length == 0 && !may_be_empty {
                "required"
            } else {
                return;
            };
            let field = format!("changes[{n}].{field}");
            wrong.push(FieldError { field, code: code.into(), detail: format!("1 to {longest} characters") });
        };
        check("object", &change.object, 100, false);
        check("key", &change.key, 200, false);
        check("field", &change.field, 100, false);
        check("before", &change.before, LONGEST_VALUE, true);
        check("after", &change.after, LONGEST_VALUE, true);
        if change.before == change.after {
            let field = format!("changes[{n}].after");
            let detail = "before and after are the same".to_owned();
            wrong.push(FieldError { field, code: "nothing_changes".into(), detail });
        }
    }
    if wrong.is_empty() { Ok((changes.to_vec(), touches)) } else { Err(Error::fields(wrong)) }
}

async fn visible(ctx: &Ctx, id: DataCorrectionId) -> Result<CorrectionRow> {
    let scope = ctx.scope(TICKET_READ).await?;
    let found = store::find(&ctx.platform().db().read(), id.uuid()).await?;
    access::visible(found, &scope, |row| row.organisation_path.as_str(), "data correction")
}

impl ServiceDesk {
    /// Hands in the form.
    pub async fn request_correction(&self, ctx: &Ctx, input: CorrectionInput) -> Result<DataCorrectionId> {
        let exec = ctx.platform().db().read();
        let scope = ctx.scope(TICKET_READ).await?;
        let ticket =
            match input.ticket_id {
                None => None,
                Some(id) => {
                    let found = tickets::brief(&exec, id).await?;
                    let found = found.filter(|brief| scope.contains(&brief.organisation_path));
                    Some(found.ok_or_else(|| {
                        Error::field("ticket_id", "ticket_unknown", "there is no such ticket")
                    })?)
                }
            };
        let place = match (input.organisation_id, &ticket) {
            (None, Some(brief)) => self.organisation(brief.organisation_id).await?,
            (Some(id), _) => self.organisation(id).await?,
            (None, None) => match ctx.principal().organisation_id {
                Some(id) => self.organisation(id).await?,
                None => return Err(Error::field("organisation_id", "required", "which institution?")),
            },
        };
        ctx.authorize(CORRECTION_REQUEST, &access::resource(CORRECTION, None, &place.path)?).await?;
        if ticket.as_ref().is_some_and(|brief| !place.path.starts_with(&brief.organisation_path)) {
            let detail = "this ticket is about another institution";
            return Err(Error::field("ticket_id", "ticket_elsewhere", detail));
        }
        let (changes, touches) = checked(&input.changes, input.touches)?;
        let now = ctx.now();
        let mut tx = ctx.platform().begin().await?;
        let book = Book::load(&tx.exec()).await?;
        let edition = book.in_force(&place.path, now)?;
        let item = edition.contract.item(&input.item_code);
        let item = item.map_err(|e| Error::field("item_code", e.code(), e.to_string()))?;
        let needed = approval(edition, touches)?.value;
        let mut row = CorrectionRow {
            id: ctx.platform().new_uuid(),
            number: journal::next_number(&tx.exec(), "XG", now).await?,
            contract_id: edition.contract_id.uuid(),
            contract_version: Some(edition.version),
            organisation_id: place.id.uuid(),
            organisation_path: place.path,
            item_code: item.code.clone(),
            ticket_id: input.ticket_id.map(ServiceTicketId::uuid),
            title: required("title", &input.title, 100)?,
            reason: required("reason", &input.reason, 1000)?,
            touches: serde_json::to_string(&touches).map_err(Error::internal)?,
            changes: serde_json::to_string(&changes).map_err(Error::internal)?,
            executed: None,
            executions: "[]".into(),
            rollback_plan: required("rollback_plan", &input.rollback_plan, LONGEST_VALUE)?,
            state: State::Requested.as_str().into(),
            approval_needed: needed,
            violation: false,
            requested_by: access::by(ctx),
            requested_by_name: ctx.principal().display_name.clone(),
            requested_at: now.micros(),
            decided_by: None,
            decided_by_name: None,
            decided_at: None,
            executed_by: None,
            executed_by_name: None,
            executed_at: None,
            reviewed_by_name: None,
            reviewed_at: None,
            row_version: 0,
        };
        store::insert(&tx.exec(), &row).await?;
        let what = Event::Requested { changes: changes.len() };
        journal::append(&tx.exec(), ctx, subject(row.id), 1, New::now(ctx, what)).await?;
        if !needed {
            row.state = State::Approved.as_str().into();
            journal::append(&tx.exec(), ctx, subject(row.id), 2, New::now(ctx, Event::Exempt)).await?;
        }
        store::update(&tx.exec(), &mut row).await?;
        note_change(&mut tx, ctx, &row, "request", None).await?;
        tx.commit().await?;
        Ok(DataCorrectionId(row.id))
    }

    /// Takes a step.
    pub async fn correction_step(&self, ctx: &Ctx, id: DataCorrectionId, step: Step) -> Result<()> {
        let row = visible(ctx, id).await?;
        let name = match &step {
            Step::Approve { .. } => "approve",
            Step::Reject { .. } => "reject",
            Step::Withdraw { .. } => "withdraw",
            Step::Execute { .. } => "execute",
            Step::Review { .. } => "review",
            Step::ReportViolation { .. } => "report_violation",
        };
        let found = STEPS.iter().find(|(known, _, _)| *known == name);
        let (_, actions, states) = found.ok_or_else(|| Error::internal("a step without a rule"))?;
        let action = access::first_allowed(ctx, actions, &row.organisation_path)?;
        ctx.authorize(action, &access::resource(CORRECTION, Some(row.id), &row.organisation_path)?).await?;

        let mut tx = ctx.platform().begin().await?;
        let mut row = store::lock(&tx.exec(), row.id).await?;
        let state = State::parse(&row.state).ok_or_else(|| Error::internal("correction state"))?;
        if !states.contains(&state) {
            if name == "execute" && state == State::Requested {
                let detail = "the bureau's information section has not approved this yet (附件1 1.3.2-4)";
                return Err(Error::conflict("approval_required", detail));
            }
            let detail = format!("{name} is not possible while the correction is {}", state.as_str());
            return Err(Error::conflict("state_conflict", detail).with("state", state.as_str()));
        }
        let (what, reason, at) = self.take(ctx, &mut row, step)?;
        let entries = journal::load::<Event>(&tx.exec(), subject(row.id)).await?;
        let new = New { what, at, corrects: None, reason: reason.clone() };
        let entry =
            journal::append(&tx.exec(), ctx, subject(row.id), journal::next_seq(&entries), new).await?;
        store::update(&tx.exec(), &mut row).await?;
        if let Some(ticket) = row.ticket_id.map(ServiceTicketId) {
            match entry.what {
                Event::Approved { .. } => tickets::approve(self, &mut tx, ctx, ticket, &row.number).await?,
                Event::Withdrawn if row.approval_needed && state == State::Approved => {
                    tickets::withdraw_approval(self, &mut tx, ctx, ticket, &row.number).await?;
                }
                _ => {}
            }
        }
        note_change(&mut tx, ctx, &row, name, reason.as_deref()).await?;
        tx.commit().await
    }

    fn take(
        &self,
        ctx: &Ctx,
        row: &mut CorrectionRow,
        step: Step,
    ) -> Result<(Event, Option<String>, Timestamp)> {
        let now = ctx.now();
        let (by, name) = (access::by(ctx), ctx.principal().display_name.clone());
        let decide = |row: &mut CorrectionRow, state: State| {
            row.state = state.as_str().into();
            (row.decided_by, row.decided_by_name, row.decided_at) =
                (by, Some(name.clone()), Some(now.micros()));
        };
        match step {
            Step::Approve { opinion } => {
                if by.is_some() && by == row.requested_by {
                    return Err(Error::conflict("own_request", "nobody approves what they asked for"));
                }
                decide(row, State::Approved);
                Ok((Event::Approved { opinion: optional("opinion", opinion.as_deref(), 1000)? }, None, now))
            }
            Step::Reject { reason } => {
                decide(row, State::Rejected);
                Ok((Event::Rejected, Some(required("reason", &reason, 1000)?), now))
            }
            Step::Withdraw { reason } => {
                row.state = State::Withdrawn.as_str().into();
                Ok((Event::Withdrawn, Some(required("reason", &reason, 1000)?), now))
            }
            Step::Execute { steps, after, deviation_reason, at } => {
                if by.is_some() && by == row.decided_by {
                    return Err(Error::conflict("own_approval", "nobody carries out what they approved"));
                }
                let at = journal::moment(ctx, at)?;
                let allowed_from = row.decided_at.unwrap_or(row.requested_at);
                if at.micros() < allowed_from {
                    let detail = "this lies before the approval; report a violation if it was so";
                    return Err(Error::field("at", "before_approval", detail));
                }
                let changes: Vec<Change> = serde_json::from_str(&row.changes).map_err(Error::internal)?;
                if after.len() != changes.len() {
                    let detail = format!("{} values, one for each change", changes.len());
                    return Err(Error::field("after", "count_differs", detail));
                }
                if after.iter().any(|value| value.chars().count() > LONGEST_VALUE) {
                    return Err(Error::field(
                        "after",
                        "too_long",
                        format!("at most {LONGEST_VALUE} characters"),
                    ));
                }
                let deviations = changes.iter().zip(&after).filter(|(c, found)| c.after != **found).count();
                let deviation_reason = optional("deviation_reason", deviation_reason.as_deref(), 1000)?;
                if deviations > 0 && deviation_reason.is_none() {
                    let detail = "what was found differs from what was approved: why?";
                    return Err(Error::field("deviation_reason", "required", detail));
                }
                row.executed = Some(serde_json::to_string(&after).map_err(Error::internal)?);
                row.state = State::Executed.as_str().into();
                (row.executed_by, row.executed_by_name, row.executed_at) =
                    (by, Some(name.clone()), Some(at.micros()));
                let steps = required("steps", &steps, LONGEST_VALUE)?;
                let (lines, sm3) = (steps.lines().count(), hash::sm3_hex(steps.as_bytes()));
                let mut executions: Vec<Execution> =
                    serde_json::from_str(&row.executions).map_err(Error::internal)?;
                executions.push(Execution { at, by_name: name, steps, after, deviation_reason });
                row.executions = serde_json::to_string(&executions).map_err(Error::internal)?;
                // Script and reason may name values: neither goes into the journal or the audit log.
                Ok((Event::Executed { lines, sm3, deviations }, None, at))
            }
            Step::Review { right, note } => {
                if by.is_some() && by == row.executed_by {
                    return Err(Error::conflict("own_execution", "nobody reviews what they carried out"));
                }
                let note = optional("note", note.as_deref(), 1000)?;
                if !right && note.is_none() {
                    return Err(Error::field("note", "required", "what is not right?"));
                }
                row.state = if right { State::Closed } else { State::Approved }.as_str().into();
                (row.reviewed_by_name, row.reviewed_at) = (Some(name), Some(now.micros()));
                Ok((Event::Reviewed { right, note }, None, now))
            }
            Step::ReportViolation { what } => {
                row.violation = true;
                Ok((Event::Violated { what: required("what", &what, 1000)? }, None, now))
            }
        }
    }

    pub(crate) async fn corrections(
        &self,
        ctx: &Ctx,
        query: &CorrectionQuery,
    ) -> Result<Page<CorrectionItem>> {
        let scope = ctx.scope(TICKET_READ).await?;
        let limit = Limit::new(query.limit)?;
        let mut filter = Filter {
            text: query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()),
            item_code: query.item_code.as_deref(),
            ticket: query.ticket_id.map(ServiceTicketId::uuid),
            violations: query.violations,
            ..Filter::default()
        };
        for name in query.state.iter().flat_map(|s| s.split(',')).map(str::trim).filter(|s| !s.is_empty()) {
            let unknown = || Error::field("state", "state_unknown", format!("there is no state {name:?}"));
            filter.states.push(State::parse(name).ok_or_else(unknown)?.as_str());
        }
        if let Some(id) = query.organisation_id {
            filter.organisation = Some(Scope::of([OrgPath::new(self.organisation(id).await?.path)?]));
        }
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let rows = store::list(&ctx.platform().db().read(), &scope, &filter, after, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.requested_at], id: row.id });
        let ids: Vec<OrganisationId> = page.items.iter().map(|row| row.organisation_id.into()).collect();
        let names = self.organisation_names(&ids).await?;
        let items = page.items.iter().map(|row| item(row, &names)).collect::<Result<Vec<_>>>()?;
        let entry =
            AuditEntry::new("service_corrections_listed").detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    /// A correction with its values. Reading it is recorded: they may be personal data.
    pub(crate) async fn correction(&self, ctx: &Ctx, id: DataCorrectionId) -> Result<CorrectionView> {
        let view = self.correction_after_step(ctx, id).await?;
        let entry = AuditEntry::new("service_correction_read").on(CORRECTION, id.uuid());
        ctx.platform().audit(ctx, entry).await?;
        Ok(view)
    }

    pub(crate) async fn correction_after_step(
        &self,
        ctx: &Ctx,
        id: DataCorrectionId,
    ) -> Result<CorrectionView> {
        let row = visible(ctx, id).await?;
        let exec = ctx.platform().db().read();
        let entries = journal::load::<Event>(&exec, subject(row.id)).await?;
        let book = Book::load(&exec).await?;
        let edition = edition(&book, &row)?;
        let touches: Touches = serde_json::from_str(&row.touches).map_err(Error::internal)?;
        let state = State::parse(&row.state).ok_or_else(|| Error::internal("correction state"))?;
        let by = access::by(ctx);
        let mut allowed = Vec::new();
        for (name, actions, states) in STEPS {
            let own = by.is_some()
                && match *name {
                    "approve" => by == row.requested_by,
                    "execute" => by == row.decided_by,
                    "review" => by == row.executed_by,
                    _ => false,
                };
            if states.contains(&state) && !own && access::any(ctx, actions, &row.organisation_path)? {
                allowed.push((*name).to_owned());
            }
        }
        let names = self.organisation_names(&[row.organisation_id.into()]).await?;
        Ok(CorrectionView {
            reason: row.reason.clone(),
            touches,
            approval: approval(edition, touches)?.derivation.into(),
            changes: serde_json::from_str(&row.changes).map_err(Error::internal)?,
            executed: row
                .executed
                .as_deref()
                .map(serde_json::from_str)
                .transpose()
                .map_err(Error::internal)?,
            executions: serde_json::from_str(&row.executions).map_err(Error::internal)?,
            rollback_plan: row.rollback_plan.clone(),
            reviewed_by_name: row.reviewed_by_name.clone(),
            journal: journal::views(&entries)?,
            allowed_actions: allowed,
            row_version: row.row_version,
            item: item(&row, &names)?,
        })
    }
}

fn item(row: &CorrectionRow, names: &HashMap<Uuid, String>) -> Result<CorrectionItem> {
    let at = |at: Option<i64>| at.map(Timestamp::from_micros);
    Ok(CorrectionItem {
        id: DataCorrectionId(row.id),
        number: row.number.clone(),
        title: row.title.clone(),
        organisation_id: row.organisation_id.into(),
        organisation_name: names.get(&row.organisation_id).cloned().unwrap_or_default(),
        item_code: row.item_code.clone(),
        ticket_id: row.ticket_id.map(ServiceTicketId),
        state: State::parse(&row.state).ok_or_else(|| Error::internal("correction state"))?,
        approval_needed: row.approval_needed,
        violation: row.violation,
        requested_by_name: row.requested_by_name.clone(),
        requested_at: Timestamp::from_micros(row.requested_at),
        decided_by_name: row.decided_by_name.clone(),
        decided_at: at(row.decided_at),
        executed_by_name: row.executed_by_name.clone(),
        executed_at: at(row.executed_at),
        reviewed_at: at(row.reviewed_at),
    })
}

async fn note_change(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &CorrectionRow,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let mut entry = AuditEntry::new("service_correction_changed")
        .on(CORRECTION, row.id)
        .organisation(&row.organisation_path)
        .detail(serde_json::json!({"step": step, "state": row.state}));
    if let Some(reason) = reason {
        entry = entry.reason(reason.to_owned());
    }
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "data_correction".into(),
        id: row.id,
        state: row.state.clone(),
        organisation_path: row.organisation_path.clone(),
    })
    .await
}
