//! What forms need of the contract in force: its items, who pays for parts, what needs an approval. Prices are not among it, so
//! everybody who may read tickets may read it.

use super::wire::{TermsItem, TermsParts, TermsQuery, TermsView};
use crate::ServiceDesk;
use crate::access::TICKET_READ;
use crate::book::Book;
use crate::tickets::model::PauseReason;
use kernel::{Error, Result};
use platform::{AuditEntry, Ctx};
use service_terms::Parts;

impl ServiceDesk {
    pub(crate) async fn terms(&self, ctx: &Ctx, query: &TermsQuery) -> Result<TermsView> {
        let scope = ctx.scope(TICKET_READ).await?;
        let place = match query.organisation_id.or(ctx.principal().organisation_id) {
            Some(id) => self.organisation(id).await?,
            None => return Err(Error::field("organisation_id", "required", "which institution?")),
        };
        if query.organisation_id.is_some() && !scope.contains(&place.path) {
            return Err(Error::not_found("organisation"));
        }
        let book = Book::load(&ctx.platform().db().read()).await?;
        let edition = book.in_force(&place.path, ctx.now())?;
        let contract = &edition.contract;
        ctx.platform().audit(ctx, AuditEntry::new("service_terms_read")).await?;
        Ok(TermsView {
            contract_id: edition.contract_id,
            contract_code: contract.code.clone(),
            contract_version: edition.version,
            items: contract
                .items
                .iter()
                .map(|item| TermsItem {
                    code: item.code.clone(),
                    name_zh: item.name_zh.clone(),
                    name_en: item.name_en.clone(),
                    parts: match item.parts {
                        Parts::Free => TermsParts::Free,
                        Parts::Billable => TermsParts::Billable,
                        Parts::None => TermsParts::None,
                    },
                })
                .collect(),
            approval_amount_cents: contract.figures.approval_amount.cents(),
            feedback_ordinary_min: contract.figures.feedback_ordinary_min,
            feedback_complex_min: contract.figures.feedback_complex_min,
            pause_reasons: [PauseReason::PartyA, PauseReason::ForceMajeure]
                .into_iter()
                .filter(|reason| contract.pause_grounds.contains(&reason.ground()))
                .collect(),
        })
    }
}
