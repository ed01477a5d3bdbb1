//! Read models for screens.

use crate::model::kind_from_text;
use crate::rows::{AccountRow, DepartmentRow, GrantRow, OrganisationRow, SessionRow, StaffRow};
use crate::{ops, session, sign_in, store, wire};
use kernel::{
    AccountId, Cursor, DepartmentId, Error, Limit, OrganisationId, Page, PatientId, Result, StaffId,
    Timestamp,
};
use platform::{Ctx, OrgPath};
use ports::patients::Sex;
use std::collections::HashMap;
use uuid::Uuid;

/// The signed-in account, for the shell of the applications.
pub async fn me(ctx: &Ctx) -> Result<wire::Me> {
    let account = sign_in::own_account(ctx).await?;
    let platform = ctx.platform();
    let exec = platform.db().read();
    let grants = store::grants(&exec, &[account.id], ctx.now()).await?;
    let staff = match account.staff_id {
        Some(id) => store::find_staff(&exec, id).await?,
        None => None,
    };
    let organisation = match &staff {
        Some(staff) => store::find_organisation(&exec, staff.organisation_id).await?,
        None => None,
    };
    let config = &platform.config().session;
    let idle =
        if account.kind == "resident" { config.resident_idle_timeout_s } else { config.idle_timeout_s };
    let must_change = account.must_change_password || session::password_is_old(platform, &account, ctx.now());
    Ok(wire::Me {
        account_id: AccountId(account.id),
        staff_id: account.staff_id.map(StaffId),
        patient_id: account.patient_id.map(PatientId),
        organisation: organisation
            .map(|o| {
                kind_from_text(&o.kind).map(|kind| wire::MyOrganisation {
                    id: OrganisationId(o.id),
                    name: o.name,
                    kind,
                })
            })
            .transpose()?,
        department: staff.as_ref().and_then(|s| s.department_name.clone()),
        title: staff.and_then(|s| s.title),
        actions: platform.authz().allowed_actions(ctx.principal())?,
        must_change_password: must_change,
        totp_required: session::needs_totp(platform, &account, &grants)?,
        totp_enrolled: account.totp_confirmed_at.is_some(),
        idle_timeout_s: idle,
        roles: grants.into_iter().map(held_role).collect(),
        login_name: account.login_name,
        kind: account.kind,
        display_name: account.display_name,
    })
}

fn held_role(grant: GrantRow) -> wire::HeldRole {
    wire::HeldRole {
        role: grant.role,
        scope_organisation_id: OrganisationId(grant.scope_organisation_id),
        scope_organisation_name: grant.scope_name,
        expires_at: grant.expires_at.map(Timestamp::from_micros),
    }
}

/// The open sessions of an account.
pub async fn devices(ctx: &Ctx, account: AccountId) -> Result<wire::DeviceList> {
    let rows = store::open_sessions(&ctx.platform().db().read(), account.uuid()).await?;
    let current = ctx.principal().session_id;
    let device = |row: SessionRow| wire::Device {
        current: Some(row.id) == current,
        id: row.id,
        user_agent: row.user_agent.unwrap_or_default(),
        address: row.address.unwrap_or_default(),
        signed_in_at: Timestamp::from_micros(row.created_at),
        last_seen_at: Timestamp::from_micros(row.last_seen_at),
    };
    Ok(wire::DeviceList { items: rows.into_iter().map(device).collect() })
}

/// The open sessions of somebody's account, for the security administrator.
pub async fn devices_of(ctx: &Ctx, account: AccountId) -> Result<wire::DeviceList> {
    ops::managed_account(ctx, account, ops::ACCOUNT_MANAGE).await?;
    devices(ctx, account).await
}

/// The organisation tree, whole: everybody who works in the region knows it.
pub async fn organisations(ctx: &Ctx) -> Result<wire::OrganisationList> {
    ctx.scope(ops::ORGANISATION_READ).await?;
    let rows = store::organisations(&ctx.platform().db().read()).await?;
    let mut children: HashMap<Uuid, u32> = HashMap::new();
    for parent in rows.iter().filter_map(|row| row.parent_id) {
        *children.entry(parent).or_default() += 1;
    }
    let items = rows.into_iter().map(|row| organisation(&row, children.get(&row.id).copied().unwrap_or(0)));
    Ok(wire::OrganisationList { items: items.collect::<Result<_>>()? })
}

/// One organisation.
pub async fn organisation_by_id(ctx: &Ctx, id: OrganisationId) -> Result<wire::Organisation> {
    let list = organisations(ctx).await?;
    list.items.into_iter().find(|o| o.id == id).ok_or_else(|| Error::not_found("organisation"))
}

fn organisation(row: &OrganisationRow, child_count: u32) -> Result<wire::Organisation> {
    let degrees = |micro: Option<i64>| micro.and_then(|m| i32::try_from(m).ok()).map(|m| f64::from(m) / 1e6);
    Ok(wire::Organisation {
        id: OrganisationId(row.id),
        parent_id: row.parent_id.map(OrganisationId),
        kind: kind_from_text(&row.kind)?,
        code: row.code.clone(),
        name: row.name.clone(),
        short_name: row.short_name.clone(),
        address: row.address.clone(),
        phone: row.phone.clone(),
        longitude: degrees(row.longitude_udeg),
        latitude: degrees(row.latitude_udeg),
        active: row.active,
        child_count,
    })
}

/// The departments of an organisation.
pub async fn departments(ctx: &Ctx, organisation: OrganisationId) -> Result<wire::DepartmentList> {
    ctx.scope(ops::ORGANISATION_READ).await?;
    let rows = store::departments(&ctx.platform().db().read(), organisation.uuid()).await?;
    Ok(wire::DepartmentList { items: rows.into_iter().map(department).collect() })
}

/// One department.
pub async fn department_by_id(ctx: &Ctx, id: DepartmentId) -> Result<wire::Department> {
    let row = store::find_department(&ctx.platform().db().read(), id.uuid()).await?;
    row.map(department).ok_or_else(|| Error::not_found("department"))
}

fn department(row: DepartmentRow) -> wire::Department {
    wire::Department {
        id: DepartmentId(row.id),
        organisation_id: OrganisationId(row.organisation_id),
        name: row.name,
        code: row.code,
        active: row.active,
    }
}

/// Staff within the caller's scope.
pub async fn staff(ctx: &Ctx, query: &wire::StaffQuery) -> Result<Page<wire::Staff>> {
    let scope = ctx.scope(ops::STAFF_READ).await?;
    let limit = Limit::new(query.limit)?;
    let exec = ctx.platform().db().read();
    let path = match query.organisation_id {
        Some(id) => {
            let row = store::find_organisation(&exec, id.uuid()).await?;
            Some(row.ok_or_else(|| Error::not_found("organisation"))?.path)
        }
        None => None,
    };
    let after = query.cursor.as_deref().map(|c| Cursor::decode(c, 1)).transpose()?;
    let filter = store::StaffFilter {
        scope: &scope,
        text: query.q.as_deref(),
        organisation_path: path.as_deref(),
        active: query.active,
        after: after.map(|c| (c.keys.first().copied().unwrap_or(0), c.id)),
        fetch: limit.fetch(),
    };
    let rows = store::staff(&exec, &filter).await?;
    let page = Page::from_rows(rows, limit, |row| Cursor { keys: vec![row.created_at], id: row.id });
    let items = with_accounts(ctx, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// One member of staff.
pub async fn staff_by_id(ctx: &Ctx, id: StaffId) -> Result<wire::Staff> {
    let row = ops::visible_staff(ctx, id).await?;
    let mut items = with_accounts(ctx, vec![row]).await?;
    items.pop().ok_or_else(|| Error::not_found("member of staff"))
}

async fn with_accounts(ctx: &Ctx, rows: Vec<StaffRow>) -> Result<Vec<wire::Staff>> {
    let exec = ctx.platform().db().read();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let accounts = store::accounts_of_staff(&exec, &ids).await?;
    let account_ids: Vec<Uuid> = accounts.iter().map(|a| a.id).collect();
    let mut grants: HashMap<Uuid, Vec<GrantRow>> = HashMap::new();
    for grant in store::grants(&exec, &account_ids, ctx.now()).await? {
        grants.entry(grant.account_id).or_default().push(grant);
    }
    let mut by_staff: HashMap<Uuid, wire::Account> = HashMap::new();
    for row in accounts {
        let held = grants.remove(&row.id).unwrap_or_default();
        if let Some(staff) = row.staff_id {
            by_staff.insert(staff, account(row, held));
        }
    }
    let person = |row: StaffRow| wire::Staff {
        id: StaffId(row.id),
        sex: Sex::from_stored(&row.sex),
        title: row.title,
        licence_number: row.licence_number,
        phone_masked: row.phone.as_deref().map(cn_identity::mask_phone),
        organisation: wire::Named { id: row.organisation_id, name: row.organisation_name },
        department: row.department_id.zip(row.department_name).map(|(id, name)| wire::Named { id, name }),
        active: row.active,
        account: by_staff.remove(&row.id),
        name: row.name,
    };
    Ok(rows.into_iter().map(person).collect())
}

fn account(row: AccountRow, grants: Vec<GrantRow>) -> wire::Account {
    wire::Account {
        id: AccountId(row.id),
        login_name: row.login_name,
        enabled: row.enabled,
        locked_until: row.locked_until.map(Timestamp::from_micros),
        last_sign_in_at: row.last_sign_in_at.map(Timestamp::from_micros),
        roles: grants.into_iter().map(held_role).collect(),
        totp_enrolled: row.totp_confirmed_at.is_some(),
        must_change_password: row.must_change_password,
    }
}

/// One account, for the security administrator.
pub async fn account_by_id(ctx: &Ctx, id: AccountId) -> Result<wire::Account> {
    let (row, _) = ops::managed_account(ctx, id, ops::ACCOUNT_MANAGE).await?;
    let grants = store::grants(&ctx.platform().db().read(), &[row.id], ctx.now()).await?;
    Ok(account(row, grants))
}

/// The role catalogue, with the actions that each role alone allows.
pub fn roles(ctx: &Ctx) -> Result<wire::RoleList> {
    let mut items = Vec::new();
    for role in platform::roles::catalogue()? {
        let mut principal = ctx.principal().clone();
        let scope = OrgPath::new("0001")?;
        principal.kind = if role.code == "resident" {
            platform::PrincipalKind::Resident
        } else {
            platform::PrincipalKind::Staff
        };
        principal.roles = vec![platform::RoleGrant { role: role.code.clone(), scope }];
        principal.patient_id = (role.code == "resident").then_some(PatientId(Uuid::max()));
        items.push(wire::Role {
            actions: ctx.platform().authz().allowed_actions(&principal)?,
            role: role.code,
            name_zh: role.name_zh,
            name_en: role.name_en,
            description_zh: role.description_zh,
            description_en: role.description_en,
            administrator: role.administrator,
            excludes: role.excludes,
        });
    }
    Ok(wire::RoleList { items })
}
