//! Use cases of the administrators: organisations, departments, staff, accounts, roles.

use crate::model::{self, NewOrganisation, NewStaff, RoleRequest, field_error, finish, optional, required};
use crate::rows::{AccountRow, DepartmentRow, OrganisationRow, StaffRow};
use crate::{password, sign_in, store, wire};
use kernel::{AccountId, DepartmentId, Error, FieldError, OrganisationId, PatientId, Result, StaffId};
use platform::{Action, AuditEntry, Ctx, OrgPath, PrincipalKind, Resource};
use ports::identity::OrganisationKind;
use uuid::Uuid;

pub const ORGANISATION_READ: Action = Action("organisation_read");
pub const ORGANISATION_EDIT: Action = Action("organisation_edit");
pub const STAFF_READ: Action = Action("staff_read");
pub const STAFF_EDIT: Action = Action("staff_edit");
pub const ACCOUNT_MANAGE: Action = Action("account_manage");
pub const ROLE_GRANT: Action = Action("role_grant");

async fn visible_organisation(ctx: &Ctx, id: OrganisationId) -> Result<OrganisationRow> {
    let row = store::find_organisation(&ctx.platform().db().read(), id.uuid()).await?;
    row.ok_or_else(|| Error::not_found("organisation"))
}

/// A member of staff within the caller's sight; whoever is outside does not exist.
pub(crate) async fn visible_staff(ctx: &Ctx, id: StaffId) -> Result<StaffRow> {
    let scope = ctx.scope(STAFF_READ).await?;
    let row = store::find_staff(&ctx.platform().db().read(), id.uuid()).await?;
    row.filter(|row| scope.contains(&row.organisation_path))
        .ok_or_else(|| Error::not_found("member of staff"))
}

fn resource(kind: &'static str, id: impl Into<Option<Uuid>>, path: &str) -> Result<Resource> {
    Ok(Resource::of(kind, id, &OrgPath::new(path)?))
}

/// Adds an organisation below its parent. Only the program itself adds the root.
pub async fn create_organisation(ctx: &Ctx, new: NewOrganisation) -> Result<OrganisationId> {
    let parent = match new.parent_id {
        Some(id) => Some(visible_organisation(ctx, id).await?),
        None if ctx.principal().kind() == PrincipalKind::System => None,
        None => return Err(Error::field("parent_id", "required", "every organisation lies below another")),
    };
    if let Some(parent) = &parent {
        if !may_have_children(model::kind_from_text(&parent.kind)?) {
            return Err(Error::field(
                "parent_id",
                "parent_is_a_leaf",
                "a village clinic has nothing below it",
            ));
        }
        ctx.authorize(ORGANISATION_EDIT, &resource("organisation", parent.id, &parent.path)?).await?;
    }
    let mut errors = Vec::new();
    let row = OrganisationRow {
        id: ctx.platform().new_uuid(),
        parent_id: new.parent_id.map(OrganisationId::uuid),
        kind: model::kind_text(new.kind).to_owned(),
        code: required("code", &new.code, 32, &mut errors),
        name: required("name", &new.name, 60, &mut errors),
        short_name: optional("short_name", new.short_name.as_deref(), 20, &mut errors),
        path: String::new(),
        address: optional("address", new.address.as_deref(), 120, &mut errors),
        phone: optional("phone", new.phone.as_deref(), 30, &mut errors),
        longitude_udeg: model::microdegrees("longitude", new.longitude, 180.0, &mut errors),
        latitude_udeg: model::microdegrees("latitude", new.latitude, 90.0, &mut errors),
        active: true,
    };
    if !row.code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        errors.push(field_error("code", "not_a_code", "letters, digits and hyphens only"));
    }
    finish(errors)?;
    let mut tx = ctx.platform().begin().await?;
    if store::find_organisation_by_code(&tx.exec(), &row.code).await?.is_some() {
        return Err(Error::conflict("organisation_code_taken", "another organisation has this code"));
    }
    let row = OrganisationRow { path: store::next_path(&tx.exec(), parent.as_ref()).await?, ..row };
    store::insert_organisation(&tx.exec(), &row, ctx.now()).await?;
    tx.audit(ctx, AuditEntry::new("organisation_created").on("organisation", row.id).organisation(&row.path));
    tx.commit().await?;
    Ok(OrganisationId(row.id))
}

/// The organisation with a code, for imports and the demo county.
pub async fn find_organisation_by_code(ctx: &Ctx, code: &str) -> Result<Option<(OrganisationId, String)>> {
    let row = store::find_organisation_by_code(&ctx.platform().db().read(), code).await?;
    Ok(row.map(|row| (OrganisationId(row.id), row.path)))
}

/// Changes what is written about an organisation. Its place and code stay.
pub async fn update_organisation(
    ctx: &Ctx,
    id: OrganisationId,
    patch: wire::OrganisationPatch,
) -> Result<()> {
    let mut row = visible_organisation(ctx, id).await?;
    ctx.authorize(ORGANISATION_EDIT, &resource("organisation", row.id, &row.path)?).await?;
    let mut errors: Vec<FieldError> = Vec::new();
    if let Some(name) = &patch.name {
        row.name = required("name", name, 60, &mut errors);
    }
    for (field, new, longest, slot) in [
        ("short_name", &patch.short_name, 20, &mut row.short_name),
        ("address", &patch.address, 120, &mut row.address),
        ("phone", &patch.phone, 30, &mut row.phone),
    ] {
        if new.is_some() {
            *slot = optional(field, new.as_deref(), longest, &mut errors);
        }
    }
    if patch.longitude.is_some() {
        row.longitude_udeg = model::microdegrees("longitude", patch.longitude, 180.0, &mut errors);
    }
    if patch.latitude.is_some() {
        row.latitude_udeg = model::microdegrees("latitude", patch.latitude, 90.0, &mut errors);
    }
    row.active = patch.active.unwrap_or(row.active);
    finish(errors)?;
    let mut tx = ctx.platform().begin().await?;
    store::update_organisation(&tx.exec(), &row, ctx.now()).await?;
    tx.audit(ctx, AuditEntry::new("organisation_updated").on("organisation", row.id).organisation(&row.path));
    tx.commit().await
}

/// Adds a department.
pub async fn create_department(
    ctx: &Ctx,
    organisation: OrganisationId,
    input: wire::DepartmentInput,
) -> Result<DepartmentId> {
    let parent = visible_organisation(ctx, organisation).await?;
    ctx.authorize(ORGANISATION_EDIT, &resource("organisation", parent.id, &parent.path)?).await?;
    let mut errors = Vec::new();
    let row = DepartmentRow {
        id: ctx.platform().new_uuid(),
        organisation_id: parent.id,
        name: required("name", &input.name, 40, &mut errors),
        code: optional("code", input.code.as_deref(), 20, &mut errors),
        active: true,
    };
    finish(errors)?;
    save_department(ctx, &row, &parent.path, "department_created").await?;
    Ok(DepartmentId(row.id))
}

/// Renames a department, or makes it inactive.
pub async fn update_department(ctx: &Ctx, id: DepartmentId, patch: wire::DepartmentPatch) -> Result<()> {
    let row = store::find_department(&ctx.platform().db().read(), id.uuid()).await?;
    let mut row = row.ok_or_else(|| Error::not_found("department"))?;
    let parent = visible_organisation(ctx, OrganisationId(row.organisation_id)).await?;
    ctx.authorize(ORGANISATION_EDIT, &resource("organisation", parent.id, &parent.path)?).await?;
    let mut errors = Vec::new();
    if let Some(name) = &patch.name {
        row.name = required("name", name, 40, &mut errors);
    }
    if patch.code.is_some() {
        row.code = optional("code", patch.code.as_deref(), 20, &mut errors);
    }
    row.active = patch.active.unwrap_or(row.active);
    finish(errors)?;
    save_department(ctx, &row, &parent.path, "department_updated").await
}

async fn save_department(ctx: &Ctx, row: &DepartmentRow, path: &str, action: &'static str) -> Result<()> {
    let mut tx = ctx.platform().begin().await?;
    let taken = |error: Error| match error.code() {
        "already_exists" => {
            Error::conflict("department_name_taken", "this organisation has a department of this name")
        }
        _ => error,
    };
    store::save_department(&tx.exec(), row).await.map_err(taken)?;
    tx.audit(ctx, AuditEntry::new(action).on("department", row.id).organisation(path));
    tx.commit().await
}

fn check_staff(row: &mut StaffRow, errors: &mut Vec<FieldError>) {
    row.name = required("name", &row.name, 40, errors);
    row.title = optional("title", row.title.as_deref(), 30, errors);
    row.licence_number = optional("licence_number", row.licence_number.as_deref(), 30, errors);
    if let Some(number) = &row.licence_number
        && !(8..=30).contains(&number.len())
    {
        errors.push(field_error("licence_number", "licence_number_invalid", "8 to 30 letters and digits"));
    }
    row.phone = optional("phone", row.phone.as_deref(), 20, errors);
    if let Some(phone) = &row.phone
        && cn_identity::Phone::parse(phone).is_err()
    {
        errors.push(field_error("phone", "phone_invalid", "not a Chinese phone number"));
    }
}

async fn check_department(ctx: &Ctx, row: &StaffRow, errors: &mut Vec<FieldError>) -> Result<()> {
    if let Some(id) = row.department_id {
        let department = store::find_department(&ctx.platform().db().read(), id).await?;
        if department.is_none_or(|d| d.organisation_id != row.organisation_id) {
            errors.push(field_error(
                "department_id",
                "department_elsewhere",
                "the department is not one of the organisation",
            ));
        }
    }
    Ok(())
}

/// Adds a member of staff.
pub async fn create_staff(ctx: &Ctx, new: NewStaff) -> Result<StaffId> {
    let organisation = visible_organisation(ctx, new.organisation_id).await?;
    ctx.authorize(STAFF_EDIT, &resource("organisation", organisation.id, &organisation.path)?).await?;
    let mut row = StaffRow {
        id: ctx.platform().new_uuid(),
        name: new.name,
        sex: new.sex.as_str().to_owned(),
        title: new.title,
        licence_number: new.licence_number,
        phone: new.phone,
        organisation_id: organisation.id,
        organisation_path: organisation.path.clone(),
        organisation_name: organisation.name,
        department_id: new.department_id.map(DepartmentId::uuid),
        department_name: None,
        active: true,
        created_at: 0,
    };
    save_staff(ctx, &mut row, "staff_created").await?;
    Ok(StaffId(row.id))
}

/// Changes a member of staff. Making somebody inactive also disables their account and ends their sessions.
pub async fn update_staff(ctx: &Ctx, id: StaffId, patch: wire::StaffPatch) -> Result<()> {
    let mut row = visible_staff(ctx, id).await?;
    ctx.authorize(STAFF_EDIT, &resource("staff", row.id, &row.organisation_path)?).await?;
    if let Some(target) = patch.organisation_id {
        let target = visible_organisation(ctx, target).await?;
        ctx.authorize(STAFF_EDIT, &resource("organisation", target.id, &target.path)?).await?;
        row.organisation_id = target.id;
        row.organisation_path = target.path;
        row.department_id = None;
    }
    row.name = patch.name.unwrap_or(row.name);
    row.sex = patch.sex.map_or(row.sex, |sex| sex.as_str().to_owned());
    row.title = patch.title.or(row.title);
    row.licence_number = patch.licence_number.or(row.licence_number);
    row.phone = patch.phone.or(row.phone);
    row.department_id = patch.department_id.map(DepartmentId::uuid).or(row.department_id);
    row.active = patch.active.unwrap_or(row.active);
    save_staff(ctx, &mut row, "staff_updated").await
}

async fn save_staff(ctx: &Ctx, row: &mut StaffRow, action: &'static str) -> Result<()> {
    let mut errors = Vec::new();
    check_staff(row, &mut errors);
    check_department(ctx, row, &mut errors).await?;
    finish(errors)?;
    let initials = cn_identity::pinyin_initials(&row.name);
    let taken = |error: Error| match error.code() {
        "already_exists" => Error::conflict("licence_number_taken", "another person has this licence number"),
        _ => error,
    };
    let mut tx = ctx.platform().begin().await?;
    store::save_staff(&tx.exec(), row, &initials, ctx.now()).await.map_err(taken)?;
    for mut account in store::accounts_of_staff(&tx.exec(), &[row.id]).await? {
        account.display_name.clone_from(&row.name);
        account.enabled = account.enabled && row.active;
        store::update_account(&tx.exec(), &account).await?;
        if !row.active {
            store::end_sessions(&tx.exec(), account.id, None, None, "forced", ctx.now()).await?;
        }
    }
    tx.audit(ctx, AuditEntry::new(action).on("staff", row.id).organisation(&row.organisation_path));
    tx.commit().await
}

/// An account within the caller's sight, and the path of the organisation that its owner works in.
pub(crate) async fn managed_account(
    ctx: &Ctx,
    id: AccountId,
    action: Action,
) -> Result<(AccountRow, String)> {
    let exec = ctx.platform().db().read();
    let scope = ctx.scope(STAFF_READ).await?;
    let account = store::find_account(&exec, id.uuid()).await?.ok_or_else(|| Error::not_found("account"))?;
    let staff = match account.staff_id {
        Some(staff) => store::find_staff(&exec, staff).await?,
        None => None,
    };
    // Residents belong to the region: whoever manages accounts of all of it may manage theirs.
    let path = staff.map_or_else(|| "0001".to_owned(), |s| s.organisation_path);
    if !scope.contains(&path) {
        return Err(Error::not_found("account"));
    }
    ctx.authorize(action, &resource("account", account.id, &path)?).await?;
    Ok((account, path))
}

fn check_login_name(login_name: &str) -> Result<String> {
    let name = login_name.trim().to_lowercase();
    let well_formed = (3..=32).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'));
    if well_formed {
        Ok(name)
    } else {
        Err(Error::field(
            "login_name",
            "login_name_invalid",
            "3 to 32 letters, digits, dots, hyphens or underscores",
        ))
    }
}

/// Gives a member of staff an account. Its first password must be changed at the first sign-in, unless the program itself
/// makes the account (demo county).
pub async fn create_account(
    ctx: &Ctx,
    staff: StaffId,
    login_name: &str,
    initial_password: &str,
) -> Result<AccountId> {
    let person = visible_staff(ctx, staff).await?;
    ctx.authorize(ACCOUNT_MANAGE, &resource("staff", person.id, &person.organisation_path)?).await?;
    let login_name = check_login_name(login_name)?;
    let row =
        AccountRow { staff_id: Some(person.id), ..blank_account(ctx, "staff", &login_name, &person.name) };
    insert_account(ctx, row, initial_password, &person.organisation_path).await
}

/// Gives a person an account of the resident app. Only the program itself does so for now.
pub async fn create_resident_account(
    ctx: &Ctx,
    patient: PatientId,
    name: &str,
    login_name: &str,
    password: &str,
) -> Result<AccountId> {
    if ctx.principal().kind() != PrincipalKind::System {
        return Err(Error::forbidden("forbidden", "residents' accounts are made by the program"));
    }
    let login_name = check_login_name(login_name)?;
    let row =
        AccountRow { patient_id: Some(patient.uuid()), ..blank_account(ctx, "resident", &login_name, name) };
    insert_account(ctx, row, password, "0001").await
}

fn blank_account(ctx: &Ctx, kind: &str, login_name: &str, display_name: &str) -> AccountRow {
    AccountRow {
        id: ctx.platform().new_uuid(),
        kind: kind.to_owned(),
        login_name: login_name.to_owned(),
        display_name: display_name.to_owned(),
        password_hash: String::new(),
        staff_id: None,
        patient_id: None,
        enabled: true,
        must_change_password: true,
        password_changed_at: 0,
        failed_attempts: 0,
        locked_until: None,
        totp_secret: None,
        totp_confirmed_at: None,
        totp_last_step: None,
        last_sign_in_at: None,
    }
}

async fn insert_account(ctx: &Ctx, mut row: AccountRow, password: &str, path: &str) -> Result<AccountId> {
    let must_change = ctx.principal().kind() != PrincipalKind::System;
    sign_in::set_password(ctx.platform(), &mut row, password, must_change).await?;
    let taken = |error: Error| match error.code() {
        "already_exists" if error.detail().contains("staff_id") => {
            Error::conflict("staff_has_account", "this person has an account already")
        }
        "already_exists" => Error::conflict("login_name_taken", "another account has this login name"),
        _ => error,
    };
    let mut tx = ctx.platform().begin().await?;
    store::insert_account(&tx.exec(), &row, ctx.now()).await.map_err(taken)?;
    store::keep_password(&tx.exec(), row.id, &row.password_hash, ctx.now()).await?;
    tx.audit(ctx, AuditEntry::new("account_created").on("account", row.id).organisation(path));
    tx.commit().await?;
    Ok(AccountId(row.id))
}

/// What the security administrator may do to an account.
#[derive(Clone, Copy, Debug)]
pub enum AccountChange {
    Enable,
    Disable,
    Unlock,
    RemoveTotp,
}

/// Applies a change to somebody else's account.
pub async fn change_account(ctx: &Ctx, id: AccountId, change: AccountChange) -> Result<()> {
    let (mut account, path) = managed_account(ctx, id, ACCOUNT_MANAGE).await?;
    refuse_own(ctx, id)?;
    let action = match change {
        AccountChange::Enable => {
            account.enabled = true;
            "account_enabled"
        }
        AccountChange::Disable => {
            account.enabled = false;
            "account_disabled"
        }
        AccountChange::Unlock => {
            account.locked_until = None;
            account.failed_attempts = 0;
            "account_unlocked"
        }
        AccountChange::RemoveTotp => {
            account.totp_secret = None;
            account.totp_confirmed_at = None;
            account.totp_last_step = None;
            "totp_removed"
        }
    };
    let mut tx = ctx.platform().begin().await?;
    store::update_account(&tx.exec(), &account).await?;
    if matches!(change, AccountChange::Disable | AccountChange::RemoveTotp) {
        store::end_sessions(&tx.exec(), account.id, None, None, "forced", ctx.now()).await?;
    }
    tx.audit(ctx, AuditEntry::new(action).on("account", account.id).organisation(&path));
    tx.commit().await
}

/// Replaces a forgotten password by a generated one that must be changed; all sessions end.
pub async fn reset_password(ctx: &Ctx, id: AccountId) -> Result<String> {
    let (mut account, path) = managed_account(ctx, id, ACCOUNT_MANAGE).await?;
    refuse_own(ctx, id)?;
    let fresh = password::generate(ctx.platform().random());
    sign_in::set_password(ctx.platform(), &mut account, &fresh, true).await?;
    let mut tx = ctx.platform().begin().await?;
    sign_in::store_password(ctx, &tx.exec(), &account).await?;
    store::end_sessions(&tx.exec(), account.id, None, None, "forced", ctx.now()).await?;
    tx.audit(ctx, AuditEntry::new("password_reset").on("account", account.id).organisation(&path));
    tx.commit().await?;
    Ok(fresh)
}

fn refuse_own(ctx: &Ctx, id: AccountId) -> Result<()> {
    if ctx.principal().account_id() == Some(id) {
        return Err(Error::forbidden("own_account", "another administrator must do this to your account"));
    }
    Ok(())
}

/// Replaces the roles of an account. Refused: roles that exclude each other, unknown roles, one's own account.
pub async fn set_roles(ctx: &Ctx, id: AccountId, roles: &[RoleRequest]) -> Result<()> {
    let (account, path) = managed_account(ctx, id, ROLE_GRANT).await?;
    refuse_own(ctx, id)?;
    if roles.len() > 20 {
        return Err(Error::invalid("too_many_roles", "an account can hold at most 20 roles"));
    }
    let catalogue = platform::roles::catalogue()?;
    let names: Vec<String> = roles.iter().map(|r| r.role.clone()).collect();
    if let Some(unknown) = names.iter().find(|n| !catalogue.iter().any(|c| c.code == **n)) {
        return Err(Error::field("roles", "role_unknown", format!("there is no role {unknown:?}")));
    }
    if (account.kind == "resident") != names.iter().all(|n| n == "resident") && !names.is_empty() {
        return Err(Error::invalid("role_of_another_kind", "staff and residents hold different roles"));
    }
    if let Some((a, b)) = platform::roles::find_exclusion(&catalogue, &names) {
        return Err(Error::invalid("roles_exclude_each_other", format!("{a} and {b} exclude each other"))
            .with("roles", [a, b]));
    }
    let mut grants = Vec::with_capacity(roles.len());
    for request in roles {
        let scope = visible_organisation(ctx, request.scope_organisation_id).await?;
        ctx.authorize(ROLE_GRANT, &resource("organisation", scope.id, &scope.path)?).await?;
        if request.expires_at.is_some_and(|at| at <= ctx.now()) {
            return Err(Error::field("expires_at", "in_the_past", "a role must expire in the future"));
        }
        grants.push((request.role.clone(), scope, request.expires_at.map(kernel::Timestamp::micros)));
    }
    let mut tx = ctx.platform().begin().await?;
    let before = store::grants(&tx.exec(), &[account.id], ctx.now()).await?;
    store::replace_grants(
        &tx.exec(),
        account.id,
        &grants,
        ctx.principal().account_id().map(AccountId::uuid),
        ctx.now(),
    )
    .await?;
    let list = |items: Vec<(&str, &str)>| items.iter().map(|(r, p)| format!("{r}@{p}")).collect::<Vec<_>>();
    let detail = serde_json::json!({
        "before": list(before.iter().map(|g| (g.role.as_str(), g.scope_path.as_str())).collect()),
        "after": list(grants.iter().map(|(r, s, _)| (r.as_str(), s.path.as_str())).collect()),
    });
    tx.audit(
        ctx,
        AuditEntry::new("roles_granted").on("account", account.id).organisation(&path).detail(detail),
    );
    tx.commit().await
}

/// Ends one session of an account, or all of them. People end their own; the security administrator anybody's.
pub async fn end_sessions(ctx: &Ctx, id: AccountId, session: Option<Uuid>) -> Result<()> {
    let own = ctx.principal().account_id() == Some(id);
    let path = if own { None } else { Some(managed_account(ctx, id, ACCOUNT_MANAGE).await?.1) };
    let reason = if own { "signed_out" } else { "forced" };
    let mut tx = ctx.platform().begin().await?;
    let ended = store::end_sessions(&tx.exec(), id.uuid(), session, None, reason, ctx.now()).await?;
    if ended == 0 && session.is_some() {
        return Err(Error::not_found("session"));
    }
    let mut entry = AuditEntry::new("sessions_ended")
        .on("account", id.uuid())
        .detail(serde_json::json!({"count": ended}));
    if let Some(path) = &path {
        entry = entry.organisation(path);
    }
    tx.audit(ctx, entry);
    tx.commit().await
}

/// The kinds of organisation that may stand below another: a village clinic has nothing below it.
fn may_have_children(kind: OrganisationKind) -> bool {
    kind != OrganisationKind::VillageClinic
}
