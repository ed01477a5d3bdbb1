//! Sessions: how a request becomes somebody's.

use crate::rows::{AccountRow, GrantRow, SessionRow};
use crate::store;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use kernel::{AccountId, OrganisationId, PatientId, Result, StaffId, Timestamp};
use platform::context::SessionRefused;
use platform::{ApiError, OrgPath, Platform, Principal, PrincipalKind, RoleGrant, hash};
use std::time::Duration;

/// Name of the cookie that carries the session token.
pub const COOKIE: &str = "tianmu_session";

/// Roles whose holders must use a second factor.
pub fn needs_totp(platform: &Platform, account: &AccountRow, grants: &[GrantRow]) -> Result<bool> {
    if !platform.config().session.administrators_need_totp || account.kind != "staff" {
        return Ok(false);
    }
    let catalogue = platform::roles::catalogue()?;
    Ok(grants.iter().any(|g| catalogue.iter().any(|r| r.administrator && r.code == g.role)))
}

/// The layer around every route: a valid session cookie becomes a [`Principal`].
pub async fn authenticate(State(platform): State<Platform>, mut request: Request, next: Next) -> Response {
    if let Some(token) = cookie(&request) {
        match resolve(&platform, &token).await {
            Ok(Resolved::Principal(principal)) => drop(request.extensions_mut().insert(*principal)),
            Ok(Resolved::Refused(code)) => drop(request.extensions_mut().insert(SessionRefused(code))),
            Err(error) => return axum::response::IntoResponse::into_response(ApiError(error)),
        }
    }
    next.run(request).await
}

fn cookie(request: &Request) -> Option<String> {
    let all = request.headers().get_all(header::COOKIE);
    let pairs = all.iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value.to_owned())
}

/// `Set-Cookie` for a new session, or one that removes it.
pub fn set_cookie(platform: &Platform, token: Option<&str>) -> String {
    let secure = if platform.config().server.behind_tls_proxy { "; Secure" } else { "" };
    match token {
        Some(token) => format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict{secure}"),
        None => format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{secure}"),
    }
}

enum Resolved {
    Principal(Box<Principal>),
    Refused(&'static str),
}

async fn resolve(platform: &Platform, token: &str) -> Result<Resolved> {
    let exec = platform.db().read();
    let Some(session) = store::find_session(&exec, &hash::sm3_hex(token.as_bytes())).await? else {
        return Ok(Resolved::Refused("session_expired"));
    };
    if session.ended_at.is_some() {
        let code = if session.end_reason.as_deref() == Some("forced") {
            "session_ended_by_administrator"
        } else {
            "session_expired"
        };
        return Ok(Resolved::Refused(code));
    }
    let Some(account) = store::find_account(&exec, session.account_id).await? else {
        return Ok(Resolved::Refused("session_expired"));
    };
    let now = platform.now();
    if !account.enabled || is_over(platform, &session, &account, now) {
        return Ok(Resolved::Refused("session_expired"));
    }
    if now.seconds_since(Timestamp::from_micros(session.last_seen_at)) >= 60 {
        // A minute's precision is enough for an idle time-out and spares a write on every request.
        let tx = platform.begin().await?;
        store::touch_session(&tx.exec(), session.id, now).await?;
        tx.commit().await?;
    }
    Ok(Resolved::Principal(Box::new(principal(platform, &account, Some(&session), now).await?)))
}

fn is_over(platform: &Platform, session: &SessionRow, account: &AccountRow, now: Timestamp) -> bool {
    let config = &platform.config().session;
    let (idle, longest) = if account.kind == "resident" {
        (config.resident_idle_timeout_s, config.resident_idle_timeout_s.saturating_mul(4))
    } else {
        (config.idle_timeout_s, config.longest_s)
    };
    let after =
        |start: i64, seconds: u32| Timestamp::from_micros(start).plus(Duration::from_secs(seconds.into()));
    now >= after(session.last_seen_at, idle) || now >= after(session.created_at, longest)
}

/// True when the password has reached its greatest age.
pub fn password_is_old(platform: &Platform, account: &AccountRow, now: Timestamp) -> bool {
    let days = u64::from(platform.config().session.password_days);
    let limit = Timestamp::from_micros(account.password_changed_at).plus(Duration::from_secs(days * 86_400));
    account.kind == "staff" && days > 0 && now >= limit
}

/// What an account is, with the roles that hold now.
pub async fn principal(
    platform: &Platform,
    account: &AccountRow,
    session: Option<&SessionRow>,
    now: Timestamp,
) -> Result<Principal> {
    let exec = platform.db().read();
    let grants = store::grants(&exec, &[account.id], now).await?;
    let staff = match account.staff_id {
        Some(id) => store::find_staff(&exec, id).await?,
        None => None,
    };
    let mut roles = Vec::with_capacity(grants.len());
    for grant in &grants {
        roles.push(RoleGrant { role: grant.role.clone(), scope: OrgPath::new(grant.scope_path.clone())? });
    }
    let restricted = account.must_change_password
        || password_is_old(platform, account, now)
        || (needs_totp(platform, account, &grants)? && account.totp_confirmed_at.is_none());
    Ok(Principal {
        kind: if account.kind == "resident" { PrincipalKind::Resident } else { PrincipalKind::Staff },
        account_id: Some(AccountId(account.id)),
        staff_id: account.staff_id.map(StaffId),
        patient_id: account.patient_id.map(PatientId),
        session_id: session.map(|s| s.id),
        display_name: account.display_name.clone(),
        organisation_id: staff.as_ref().map(|s| OrganisationId(s.organisation_id)),
        organisation_path: staff.map(|s| OrgPath::new(s.organisation_path)).transpose()?,
        roles,
        restricted,
    })
}
