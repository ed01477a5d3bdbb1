//! What other contexts may ask of identity.

use crate::model::kind_from_text;
use crate::rows::OrganisationRow;
use crate::{password, store};
use async_trait::async_trait;
use kernel::{AccountId, OrganisationId, Result, StaffId};
use platform::Platform;
use ports::identity::{Directory, OrganisationBrief, Signatory};
use std::sync::Arc;
use uuid::Uuid;

/// The directory over this platform's database.
pub fn directory(platform: &Platform) -> Arc<dyn Directory> {
    Arc::new(Stored(platform.clone()))
}

struct Stored(Platform);

fn brief(row: &OrganisationRow) -> Result<OrganisationBrief> {
    Ok(OrganisationBrief {
        id: OrganisationId(row.id),
        name: row.name.clone(),
        kind: kind_from_text(&row.kind)?,
        path: row.path.clone(),
    })
}

#[async_trait]
impl Directory for Stored {
    async fn organisations(&self, ids: &[OrganisationId]) -> Result<Vec<OrganisationBrief>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let rows = store::organisations_by_id(&self.0.db().read(), &ids).await?;
        rows.iter().map(brief).collect()
    }

    async fn organisation_by_code(&self, code: &str) -> Result<Option<OrganisationBrief>> {
        let row = store::find_organisation_by_code(&self.0.db().read(), code).await?;
        row.as_ref().map(brief).transpose()
    }

    async fn signatories(&self, ids: &[AccountId]) -> Result<Vec<Signatory>> {
        let exec = self.0.db().read();
        let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let accounts = store::accounts_by_id(&exec, &ids).await?;
        let staff_ids: Vec<Uuid> = accounts.iter().filter_map(|a| a.staff_id).collect();
        let staff = store::staff_by_id(&exec, &staff_ids).await?;
        let organisation_ids: Vec<Uuid> = staff.iter().map(|s| s.organisation_id).collect();
        let organisations = store::organisations_by_id(&exec, &organisation_ids).await?;
        let mut signatories = Vec::with_capacity(accounts.len());
        for account in accounts {
            let person = staff.iter().find(|s| Some(s.id) == account.staff_id);
            let organisation =
                organisations.iter().find(|o| person.is_some_and(|p| p.organisation_id == o.id));
            signatories.push(Signatory {
                account_id: AccountId(account.id),
                staff_id: account.staff_id.map(StaffId),
                name: account.display_name,
                title: person.and_then(|p| p.title.clone()),
                licence_number: person.and_then(|p| p.licence_number.clone()),
                organisation: organisation.map(brief).transpose()?,
            });
        }
        Ok(signatories)
    }

    async fn enabled(&self, ids: &[AccountId]) -> Result<Vec<AccountId>> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let accounts = store::accounts_by_id(&self.0.db().read(), &ids).await?;
        Ok(accounts
            .into_iter()
            .filter(|account| account.enabled)
            .map(|account| AccountId(account.id))
            .collect())
    }

    async fn holders(&self, roles: &[&str], path: &str) -> Result<Vec<Signatory>> {
        let now = self.0.now();
        let ids = store::holders(&self.0.db().read(), roles, path, now).await?;
        let mut found = self.signatories(&ids.into_iter().map(AccountId).collect::<Vec<_>>()).await?;
        found.sort_by(|a, b| (&a.name, a.account_id).cmp(&(&b.name, b.account_id)));
        Ok(found)
    }

    async fn password_matches(&self, account: AccountId, password: &str) -> Result<bool> {
        match store::find_account(&self.0.db().read(), account.uuid()).await? {
            Some(account) => password::matches(password, &account.password_hash).await,
            None => Ok(false),
        }
    }
}
