//! Read models of requirements.

use super::fines;
use super::model::{Event, Milestone, Party, Requirement, Size, State, fold};
use super::ops::{STEPS, subject, visible};
use super::parties;
use super::store::{self, Filter, RequirementRow};
use super::wire::{
    AffectedView, ComplaintView, DateView, FineView, MilestoneView, RequirementItem, RequirementQuery,
    RequirementView,
};
use crate::ServiceDesk;
use crate::access::{self, REQUIREMENT_CONFIRM, TICKET_READ};
use crate::book::Book;
use crate::journal::{self, Entry};
use crate::settlement::ledger;
use kernel::{Cursor, Error, Limit, OrganisationId, Page, PenaltyId, RequirementId, Result, Timestamp};
use platform::{AuditEntry, Ctx, OrgPath, Scope};
use service_terms::Cents;
use std::collections::HashMap;
use uuid::Uuid;

fn item(row: &RequirementRow, names: &HashMap<Uuid, String>) -> Result<RequirementItem> {
    let at = |at: Option<i64>| at.map(Timestamp::from_micros);
    Ok(RequirementItem {
        id: RequirementId(row.id),
        number: row.number.clone(),
        title: row.title.clone(),
        organisation_id: row.organisation_id.into(),
        organisation_name: names.get(&row.organisation_id).cloned().unwrap_or_default(),
        item_code: row.item_code.clone(),
        state: State::parse(&row.state).ok_or_else(|| Error::internal("requirement state"))?,
        kind: Size::parse(&row.kind).ok_or_else(|| Error::internal("requirement kind"))?,
        kind_confirmed: row.kind_confirmed,
        received_at: Timestamp::from_micros(row.received_at),
        feedback_due_at: at(row.feedback_due_at),
        feedback_at: at(row.feedback_at),
        feedback_late: row.feedback_late,
        milestone_due_at: at(row.milestone_due_at),
        missed_count: row.missed_count,
        complained: row.complained,
        business_affected: row.business_affected,
        penalty_cents: row.penalty_cents,
        next_due_at: at(row.next_due_at),
        blocked: row.blocked.clone(),
    })
}

impl ServiceDesk {
    /// Requirements that the caller may read.
    pub(crate) async fn requirements(
        &self,
        ctx: &Ctx,
        query: &RequirementQuery,
    ) -> Result<Page<RequirementItem>> {
        let scope = ctx.scope(TICKET_READ).await?;
        let limit = Limit::new(query.limit)?;
        let mut filter = Filter {
            text: query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()),
            item_code: query.item_code.as_deref(),
            late: query.late,
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
        let exec = ctx.platform().db().read();
        let rows = store::list(&exec, &scope, &filter, ctx.now(), after, limit.fetch()).await?;
        let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.received_at], id: row.id });
        let ids: Vec<OrganisationId> = page.items.iter().map(|row| row.organisation_id.into()).collect();
        let names = self.organisation_names(&ids).await?;
        let items = page.items.iter().map(|row| item(row, &names)).collect::<Result<Vec<_>>>()?;
        let entry =
            AuditEntry::new("service_requirements_listed").detail(serde_json::json!({"count": items.len()}));
        ctx.platform().audit(ctx, entry).await?;
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    /// The milestones of a requirement that the caller may read, in their order.
    pub async fn requirement_milestones(&self, ctx: &Ctx, id: RequirementId) -> Result<Vec<Uuid>> {
        let row = visible(ctx, id).await?;
        let entries = journal::load::<Event>(&ctx.platform().db().read(), subject(row.id)).await?;
        Ok(fold(&entries).map(|r| r.milestones.iter().map(|m| m.id).collect()).unwrap_or_default())
    }

    /// A requirement with everything about it. Reading it is recorded.
    pub(crate) async fn requirement(&self, ctx: &Ctx, id: RequirementId) -> Result<RequirementView> {
        let view = self.requirement_after_step(ctx, id).await?;
        let entry = AuditEntry::new("service_requirement_read").on("service_requirement", id.uuid());
        ctx.platform().audit(ctx, entry).await?;
        Ok(view)
    }

    /// The same as the answer to a step, which is recorded already.
    pub(crate) async fn requirement_after_step(
        &self,
        ctx: &Ctx,
        id: RequirementId,
    ) -> Result<RequirementView> {
        let row = visible(ctx, id).await?;
        let exec = ctx.platform().db().read();
        let entries = journal::load::<Event>(&exec, subject(row.id)).await?;
        let requirement =
            fold(&entries).ok_or_else(|| Error::internal("a requirement without a registration"))?;
        let book = Book::load(&exec).await?;
        let edition = book.of(row.contract_id.into(), requirement.received_at)?;
        let penalties = ledger::of_source(&exec, subject(row.id)).await?;
        let until = requirement.until(ctx.now());
        // A year without a calendar: `blocked` says it; no clock and no amount is shown.
        let found = fines::fines(&requirement, &book, &row, ctx.now()).unwrap_or_default();
        let fines = found
            .into_iter()
            .filter(|fine| fine.assessed.value != Cents::ZERO)
            .map(|fine| FineView {
                amount_cents: fine.assessed.value.cents(),
                derivation: fine.assessed.derivation.into(),
                penalty_id: penalties.iter().find(|p| p.source_part == fine.part).map(|p| PenaltyId(p.id)),
                part: fine.part,
            })
            .collect();
        let names = self.organisation_names(&[row.organisation_id.into()]).await?;
        let answer = requirement.answer.clone();
        Ok(RequirementView {
            description: row.description.clone(),
            requester_name: row.requester_name.clone(),
            opened_by_name: row.opened_by_name.clone(),
            recorded_at: Timestamp::from_micros(row.recorded_at),
            contract_id: row.contract_id.into(),
            contract_code: edition.contract.code.clone(),
            contract_version: edition.version,
            calendar_version: book.calendar_version(),
            kind_proposed: requirement.kind_proposed.map(|(kind, _)| kind),
            kind_proposed_by: requirement.kind_proposed.map(|(_, party)| party),
            feasible: answer.as_ref().map(|(_, feasible, ..)| *feasible),
            expected_finish: answer.as_ref().and_then(|(_, _, finish, ..)| finish.clone()),
            extra_cost_cents: answer.as_ref().map_or(0, |(_, _, _, cost, _)| *cost),
            answer: answer.map(|(.., text)| text),
            milestones: requirement.milestones.iter().map(|m| milestone_view(m, until)).collect(),
            compensation_cents: requirement.compensation_cents,
            fines,
            clocks: requirement.clocks(&book, edition, ctx.now()).unwrap_or_default(),
            journal: journal::views(&entries)?,
            allowed_actions: allowed(ctx, &row, &requirement, &entries)?,
            row_version: row.row_version,
            item: item(&row, &names)?,
        })
    }
}

fn milestone_view(milestone: &Milestone, until: Timestamp) -> MilestoneView {
    let missed = milestone.missed(until);
    MilestoneView {
        id: milestone.id,
        name: milestone.name.clone(),
        dates: milestone
            .dates
            .iter()
            .map(|date| DateView {
                due: date.due.to_string(),
                agreed_at: date.agreed_at,
                replaced_at: date.replaced_at,
                missed: missed.contains(&date),
            })
            .collect(),
        proposed_due: milestone.proposed.map(|(due, _)| due.to_string()),
        proposed_by: milestone.proposed.map(|(_, party)| party),
        reached_at: milestone.reached_at,
        complaints: milestone
            .aggravations
            .iter()
            .filter_map(|a| {
                Some(ComplaintView {
                    to: a.complained_to?,
                    due: milestone.date_of(a, until).map(|due| due.to_string()),
                    evidence: a.evidence.clone(),
                    attachment_id: a.attachment_id,
                })
            })
            .collect(),
        business_affected: milestone
            .aggravations
            .iter()
            .filter(|a| a.complained_to.is_none())
            .map(|a| AffectedView {
                due: milestone.date_of(a, until).map(|due| due.to_string()),
                evidence: a.evidence.clone(),
                attachment_id: a.attachment_id,
            })
            .collect(),
    }
}

fn allowed(
    ctx: &Ctx,
    row: &RequirementRow,
    requirement: &Requirement,
    entries: &[Entry<Event>],
) -> Result<Vec<String>> {
    let acted = parties::acted(entries, access::by(ctx));
    let confirms = access::may(ctx, REQUIREMENT_CONFIRM, &row.organisation_path)?;
    let party = if confirms { Party::A } else { Party::B };
    let theirs = |by: Option<Party>| by.is_some_and(|by| by != party);
    let dates = requirement.milestones.iter().any(|m| theirs(m.proposed.map(|(_, by)| by)));
    let mut found = Vec::new();
    for (name, actions, states) in STEPS {
        let fits = match *name {
            "confirm_kind" => theirs(requirement.kind_proposed.map(|(_, by)| by)),
            "accept_date" | "decline_date" => dates,
            "reach" => requirement.milestones.iter().any(|m| m.reached_at.is_none() && !m.dates.is_empty()),
            "complain" | "affect_business" => {
                requirement.milestones.iter().any(|m| !m.missed(requirement.until(ctx.now())).is_empty())
            }
            _ => true,
        };
        let own = parties::side(name, actions, party).is_some_and(|side| acted == Some(side.other()));
        if fits
            && !own
            && states.contains(&requirement.state)
            && access::any(ctx, actions, &row.organisation_path)?
        {
            found.push((*name).to_owned());
        }
    }
    Ok(found)
}
