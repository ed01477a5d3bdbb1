//! Read models of incidents.

use super::counting;
use super::model::{Event, EvidenceInput, Incident, NoticeTo, State, fold};
use super::ops::{STEPS, subject, visible};
use super::store::{self, Filter, IncidentRow};
use super::wire::{FineView, IncidentItem, IncidentQuery, IncidentView, Judgement, LinkedTicket, NoticeView};
use super::words::words;
use crate::ServiceDesk;
use crate::access::{self, TICKET_READ};
use crate::book::{Book, terms_error};
use crate::journal;
use crate::settlement::{ledger, statement};
use kernel::{Cursor, Error, IncidentId, Limit, Page, PenaltyId, Result, ServiceTicketId, Timestamp};
use platform::{AuditEntry, Ctx};
use service_terms::incidents::Severity;

fn item(row: &IncidentRow) -> Result<IncidentItem> {
    let at = |at: Option<i64>| at.map(Timestamp::from_micros);
    Ok(IncidentItem {
        id: IncidentId(row.id),
        number: row.number.clone(),
        title: row.title.clone(),
        item_code: row.item_code.clone(),
        state: State::parse(&row.state).ok_or_else(|| Error::internal("incident state"))?,
        severity: row.severity.clone(),
        overridden: row.overridden,
        started_at: Timestamp::from_micros(row.started_at),
        restored_at: at(row.restored_at),
        restore_due_at: at(row.restore_due_at),
        restored_late: row.restored_late,
        reported_at: at(row.reported_at),
        report_due_at: at(row.report_due_at),
        cause_code: row.cause_code.clone(),
        cause_confirmed: row.cause_confirmed,
        occurrence: row.occurrence,
        penalty_cents: row.penalty_cents,
        next_due_at: at(row.next_due_at),
    })
}

impl ServiceDesk {
    /// Incidents that the caller may read.
    pub(crate) async fn incidents(&self, ctx: &Ctx, query: &IncidentQuery) -> Result<Page<IncidentItem>> {
        let scope = ctx.scope(TICKET_READ).await?;
        let limit = Limit::new(query.limit)?;
        let mut filter = Filter {
            text: query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()),
            item_code: query.item_code.as_deref(),
            from: query.from,
            to: query.to,
            ..Filter::default()
        };
        for name in query.state.iter().flat_map(|s| s.split(',')).map(str::trim).filter(|s| !s.is_empty()) {
            let unknown = || Error::field("state", "state_unknown", format!("there is no state {name:?}"));
            filter.states.push(State::parse(name).ok_or_else(unknown)?.as_str());
        }
        if let Some(text) = &query.severity {
            let unknown = || Error::field("severity", "severity_unknown", "S1, S2, S3 or S4");
            filter.severity = Some(Severity::from_text(text).ok_or_else(unknown)?.as_str());
        }
        let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
        let after = after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id));
        let rows = store::list(&ctx.platform().db().read(), &scope, &filter, after, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.started_at], id: row.id });
        let items = page.items.iter().map(item).collect::<Result<Vec<_>>>()?;
        let entry =
            AuditEntry::new("service_incidents_listed").detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    /// An incident with everything about it. Reading it is recorded.
    pub(crate) async fn incident(&self, ctx: &Ctx, id: IncidentId) -> Result<IncidentView> {
        let view = self.incident_after_step(ctx, id).await?;
        ctx.platform()
            .audit(ctx, AuditEntry::new("service_incident_read").on("service_incident", id.uuid()))
            .await?;
        Ok(view)
    }

    /// The same as the answer to a step, which is recorded already.
    pub(crate) async fn incident_after_step(&self, ctx: &Ctx, id: IncidentId) -> Result<IncidentView> {
        let row = visible(ctx, id).await?;
        let exec = ctx.platform().db().read();
        let entries = journal::load::<Event>(&exec, subject(row.id)).await?;
        let incident = fold(&entries).ok_or_else(|| Error::internal("an incident without a declaration"))?;
        let book = Book::load(&exec).await?;
        let edition = book.of(row.contract_id.into(), incident.started_at())?;
        let clocks = incident.clocks(edition, ctx.now()).map_err(|e| terms_error(&e))?;
        let notice_due = clocks.iter().find(|clock| clock.name == "notice").map(|clock| clock.due_at);
        let computed = incident.computed().map_err(|e| terms_error(&e))?;
        let penalties = ledger::of_source(&exec, subject(row.id)).await?;
        let all = ledger::of_contract(&exec, row.contract_id.into()).await?;
        let fine = counting::fines(&exec, &book, row.contract_id.into(), ctx.now()).await?;
        let fine = fine.into_iter().find(|(other, _)| other.id == row.id).and_then(|(_, fine)| fine);
        let cap = edition
            .contract
            .total
            .times(edition.contract.figures.late_delivery_cap)
            .map_err(|e| terms_error(&e))?;
        let draft =
            row.report_draft.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?;
        let panel = incident.overridden.as_ref();
        Ok(IncidentView {
            description: row.description.clone(),
            opened_by_name: row.opened_by_name.clone(),
            recorded_at: Timestamp::from_micros(row.recorded_at),
            contract_id: row.contract_id.into(),
            contract_code: edition.contract.code.clone(),
            contract_version: edition.version,
            calendar_version: row.calendar_version.clone(),
            evidence: incident.evidence,
            affected: incident.affected.clone(),
            also_affects: incident.also_affects.clone(),
            first_alarm: incident.first_alarm,
            first_report: incident.first_report,
            computed_severity: computed.value.as_str().to_owned(),
            severity_derivation: computed.derivation.into(),
            override_by_name: panel.map(|panel| panel.by_name.clone()),
            override_reason: panel.and_then(|panel| panel.reason.clone()),
            override_minutes_id: panel.and_then(|panel| panel.minutes_id),
            informed_at: incident.informed.as_ref().map(|(at, _)| *at),
            informed_recipient: incident.informed.as_ref().map(|(_, recipient)| recipient.clone()),
            responded_at: incident.responded.map(|(at, _)| at),
            responded_way: incident.responded.map(|(_, way)| way),
            notice_needed: incident.notice_needed().map_err(|e| terms_error(&e))?,
            notices: incident.notices.iter().map(|notice| notice_view(notice, notice_due)).collect(),
            report: incident.report.as_ref().map(|(_, report)| report.clone()),
            report_draft: draft,
            tickets: incident
                .tickets
                .iter()
                .map(|(id, number)| LinkedTicket { id: ServiceTicketId(*id), number: number.clone() })
                .collect(),
            clocks,
            fine: fine.map(|fine| FineView {
                occurrence: fine.occurrence,
                amount_cents: fine.amount.cents(),
                negotiable: fine.negotiable,
                derivation: fine.derivation.into(),
                running: statement::sums(&all).into(),
                cap_cents: cap.cents(),
            }),
            penalty_id: penalties.first().map(|penalty| PenaltyId(penalty.id)),
            journal: journal::views(&entries)?,
            allowed_actions: allowed(ctx, &row, &incident)?,
            row_version: row.row_version,
            item: item(&row)?,
        })
    }

    /// What the contract's words give for evidence, before anything is recorded.
    pub(crate) async fn judge(&self, ctx: &Ctx, evidence: EvidenceInput) -> Result<Judgement> {
        ctx.scope(TICKET_READ).await?;
        let judged = service_terms::incidents::severity(&evidence.into())
            .map_err(|e| Error::field("evidence", e.code(), e.to_string()))?;
        Ok(Judgement {
            severity: judged.value.as_str().to_owned(),
            derivation: judged.derivation.into(),
            words: words()?,
        })
    }
}

fn notice_view(notice: &(NoticeTo, Timestamp, String, String, String), due: Option<Timestamp>) -> NoticeView {
    let (to, at, recipient, evidence, by) = notice.clone();
    NoticeView { to, at, recipient, evidence, confirmed_by_name: by, late: due.is_some_and(|due| at > due) }
}

fn allowed(ctx: &Ctx, row: &IncidentRow, incident: &Incident) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (name, actions, states) in STEPS {
        let fits = match *name {
            "withdraw_override" => incident.overridden.is_some(),
            "respond" => incident.responded.is_none(),
            "inform" => row.severity == Severity::S4.as_str() && incident.informed.is_none(),
            _ => true,
        };
        if fits && states.contains(&incident.state) && access::any(ctx, actions, &row.organisation_path)? {
            found.push((*name).to_owned());
        }
    }
    Ok(found)
}
