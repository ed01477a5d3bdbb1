//! Signing in and out, passwords and the second factor.
//!
//! Every attempt is recorded, with its outcome, before its answer is given. A wrong login name and a wrong password give
//! the same answer after the same work, so that neither tells which names exist.

use crate::rows::{AccountRow, SessionRow};
use crate::{password, session, store};
use kernel::{AccountId, Error, ErrorKind, Result, Timestamp};
use platform::{AuditEntry, Ctx, Outcome, Platform, Principal, hash};
use std::time::Duration;
use totp_rs::{Algorithm, Secret, TOTP};
use uuid::Uuid;

/// What a person types.
#[derive(Debug)]
pub struct Credentials<'a> {
    pub login_name: &'a str,
    pub password: &'a str,
    pub totp_code: Option<&'a str>,
}

/// A fresh session.
#[derive(Debug)]
pub struct SignedIn {
    pub token: String,
    pub principal: Principal,
}

/// A hash that no password has, so that an unknown login name costs the same time as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$dGlhbm11LW5vYm9keQ$9s6dQkPcTWJZ0b9kqYbnkwUu4rYxgA5jY4Hj8qC7mQk";

/// Signs in, or says why not.
pub async fn sign_in(ctx: &Ctx, credentials: &Credentials<'_>) -> Result<SignedIn> {
    let platform = ctx.platform();
    platform.rate_limits().count_sign_in(ctx.address())?;
    let now = ctx.now();
    let account = store::find_account_by_login(&platform.db().read(), credentials.login_name.trim()).await?;
    let stored = account.as_ref().map_or(NOBODY, |a| a.password_hash.as_str());
    let right = password::matches(credentials.password, stored).await?;
    let Some(account) = account else {
        refuse(ctx, None, "unknown_login_name").await?;
        return Err(login_failed());
    };
    let locked_until = account.locked_until.map(Timestamp::from_micros).filter(|until| *until > now);
    if !right {
        // While locked, guesses neither count nor learn that the name exists.
        match locked_until {
            Some(_) => refuse(ctx, Some(&account), "wrong_password_while_locked").await?,
            None => count_failure(ctx, account.id, "wrong_password").await?,
        }
        return Err(login_failed());
    }
    if let Some(until) = locked_until {
        refuse(ctx, Some(&account), "locked").await?;
        return Err(Error::new(
            ErrorKind::Locked,
            "account_locked",
            "too many failed attempts; wait or ask the security administrator",
        )
        .with("until", until));
    }
    if !account.enabled {
        refuse(ctx, Some(&account), "disabled").await?;
        return Err(Error::forbidden("account_disabled", "this account is disabled"));
    }
    let mut step = None;
    if let (Some(secret), Some(_)) = (&account.totp_secret, account.totp_confirmed_at) {
        let Some(code) = credentials.totp_code.map(str::trim).filter(|c| !c.is_empty()) else {
            return Err(Error::new(
                ErrorKind::Unauthenticated,
                "totp_required",
                "enter the code of your authenticator",
            ));
        };
        step = matching_step(secret, code, now)?
            .filter(|step| account.totp_last_step.is_none_or(|last| *step > last));
        if step.is_none() {
            count_failure(ctx, account.id, "wrong_totp").await?;
            return Err(Error::new(
                ErrorKind::Unauthenticated,
                "totp_invalid",
                "the code is wrong or was used already",
            ));
        }
    }
    open_session(ctx, account, step).await
}

async fn open_session(ctx: &Ctx, mut account: AccountRow, step: Option<i64>) -> Result<SignedIn> {
    let platform = ctx.platform();
    let now = ctx.now();
    let token = hash::hex(&platform.random().bytes::<32>());
    let session = SessionRow {
        id: platform.new_uuid(),
        account_id: account.id,
        created_at: now.micros(),
        last_seen_at: now.micros(),
        ended_at: None,
        end_reason: None,
        user_agent: ctx.user_agent().map(ToOwned::to_owned),
        address: ctx.address().map(ToOwned::to_owned),
    };
    let principal = session::principal(platform, &account, Some(&session), now).await?;
    account.failed_attempts = 0;
    account.locked_until = None;
    account.last_sign_in_at = Some(now.micros());
    account.totp_last_step = step.or(account.totp_last_step);
    let mut tx = platform.begin().await?;
    store::update_account(&tx.exec(), &account).await?;
    store::insert_session(&tx.exec(), &session, &hash::sm3_hex(token.as_bytes())).await?;
    let mut entry = attempt(&account).outcome(Outcome::Allowed).on("session", session.id);
    if let Some(path) = principal.organisation_path() {
        entry = entry.organisation(path);
    }
    tx.audit(ctx, entry);
    tx.commit().await?;
    Ok(SignedIn { token, principal })
}

fn login_failed() -> Error {
    Error::new(ErrorKind::Unauthenticated, "login_failed", "login name or password is wrong")
}

fn attempt(account: &AccountRow) -> AuditEntry {
    let kind = if account.kind == "resident" { "resident" } else { "staff" };
    AuditEntry::new("signed_in").actor(kind, Some(AccountId(account.id)), Some(&account.display_name))
}

async fn refuse(ctx: &Ctx, account: Option<&AccountRow>, why: &'static str) -> Result<()> {
    let entry = account.map_or_else(|| AuditEntry::new("signed_in").actor("anonymous", None, None), attempt);
    ctx.platform().audit(ctx, entry.outcome(Outcome::Denied).reason(why)).await
}

async fn count_failure(ctx: &Ctx, account: Uuid, why: &'static str) -> Result<()> {
    let config = &ctx.platform().config().session;
    let mut tx = ctx.platform().begin().await?;
    // Read again inside the transaction: parallel guesses must all count.
    let Some(mut account) = store::find_account(&tx.exec(), account).await? else { return Ok(()) };
    account.failed_attempts += 1;
    if account.failed_attempts >= config.lock_after_failures {
        account.failed_attempts = 0;
        account.locked_until = Some(ctx.now().plus(Duration::from_secs(config.lock_s.into())).micros());
    }
    store::update_account(&tx.exec(), &account).await?;
    tx.audit(ctx, attempt(&account).outcome(Outcome::Denied).reason(why));
    tx.commit().await
}

/// Ends the session of this request.
pub async fn sign_out(ctx: &Ctx) -> Result<()> {
    let account = ctx.account_id()?;
    let mut tx = ctx.platform().begin().await?;
    store::end_sessions(
        &tx.exec(),
        account.uuid(),
        ctx.principal().session_id,
        None,
        "signed_out",
        ctx.now(),
    )
    .await?;
    tx.audit(ctx, AuditEntry::new("signed_out").on("session", ctx.principal().session_id));
    tx.commit().await
}

/// The account of this request.
pub async fn own_account(ctx: &Ctx) -> Result<AccountRow> {
    let id = ctx.account_id()?;
    let account = store::find_account(&ctx.platform().db().read(), id.uuid()).await?;
    account.ok_or_else(|| Error::not_found("account"))
}

/// Changes the own password; every other session of the account ends.
pub async fn change_password(ctx: &Ctx, current: &str, new: &str) -> Result<()> {
    let mut account = own_account(ctx).await?;
    if !password::matches(current, &account.password_hash).await? {
        count_failure(ctx, account.id, "wrong_password").await?;
        return Err(login_failed());
    }
    set_password(ctx.platform(), &mut account, new, false).await?;
    let mut tx = ctx.platform().begin().await?;
    store_password(ctx, &tx.exec(), &account).await?;
    store::end_sessions(
        &tx.exec(),
        account.id,
        None,
        ctx.principal().session_id,
        "password_changed",
        ctx.now(),
    )
    .await?;
    tx.audit(ctx, AuditEntry::new("password_changed").on("account", account.id));
    tx.commit().await
}

/// Puts a new password into `account` after checking its strength and that it was not used before.
pub async fn set_password(
    platform: &Platform,
    account: &mut AccountRow,
    new: &str,
    must_change: bool,
) -> Result<()> {
    let weaknesses = password::weaknesses(new, &account.login_name);
    if !weaknesses.is_empty() {
        let mut error = Error::invalid("password_too_weak", "the password is too weak");
        error = error.with("reasons", weaknesses.iter().map(|w| w.code.clone()).collect::<Vec<_>>());
        return Err(error);
    }
    for former in store::former_passwords(&platform.db().read(), account.id).await? {
        if password::matches(new, &former).await? {
            return Err(Error::invalid("password_reused", "this password was used before"));
        }
    }
    account.password_hash = password::hash(platform.random(), new).await?;
    account.password_changed_at = platform.now().micros();
    account.must_change_password = must_change;
    account.failed_attempts = 0;
    account.locked_until = None;
    Ok(())
}

/// Writes an account whose password was set, and remembers the password.
pub async fn store_password(ctx: &Ctx, exec: &platform::Exec<'_>, account: &AccountRow) -> Result<()> {
    store::update_account(exec, account).await?;
    store::keep_password(exec, account.id, &account.password_hash, ctx.now()).await
}

fn totp(secret: &str) -> Result<TOTP> {
    let bytes =
        Secret::Encoded(secret.to_owned()).to_bytes().map_err(|e| Error::internal(format!("{e:?}")))?;
    // RFC 6238 with the parameters that every authenticator app supports: SHA-1, 6 digits, 30 s.
    TOTP::new(Algorithm::SHA1, 6, 1, 30, bytes, Some("Tianmu".into()), "account".into())
        .map_err(Error::internal)
}

/// The time step that `code` belongs to, one step of clock drift allowed either way.
fn matching_step(secret: &str, code: &str, now: Timestamp) -> Result<Option<i64>> {
    let totp = totp(secret)?;
    let current = now.micros() / 30_000_000;
    for step in [current, current - 1, current + 1] {
        if totp.generate(u64::try_from(step * 30).unwrap_or(0)) == code {
            return Ok(Some(step));
        }
    }
    Ok(None)
}

/// A secret to enrol, not yet in force.
#[derive(Debug)]
pub struct Enrolment {
    pub secret_base32: String,
    pub otpauth_uri: String,
}

/// Begins enrolling a second factor; a confirmed one must be removed first.
pub async fn begin_totp(ctx: &Ctx) -> Result<Enrolment> {
    let mut account = own_account(ctx).await?;
    if account.totp_confirmed_at.is_some() {
        return Err(Error::conflict("totp_enrolled", "a second factor is enrolled already"));
    }
    let secret = Secret::Raw(ctx.platform().random().bytes::<20>().to_vec()).to_encoded().to_string();
    account.totp_secret = Some(secret.clone());
    let tx = ctx.platform().begin().await?;
    store::update_account(&tx.exec(), &account).await?;
    tx.commit().await?;
    let otpauth_uri = format!(
        "otpauth://totp/Tianmu:{}?secret={secret}&issuer=Tianmu&algorithm=SHA1&digits=6&period=30",
        account.login_name
    );
    Ok(Enrolment { secret_base32: secret, otpauth_uri })
}

/// Puts the second factor in force, once its first code is right.
pub async fn confirm_totp(ctx: &Ctx, code: &str) -> Result<()> {
    let mut account = own_account(ctx).await?;
    let secret = account.totp_secret.clone().filter(|_| account.totp_confirmed_at.is_none());
    let secret = secret.ok_or_else(|| Error::conflict("totp_not_begun", "begin the enrolment first"))?;
    let step = matching_step(&secret, code.trim(), ctx.now())?;
    let step = step.ok_or_else(|| {
        Error::invalid("totp_invalid", "the code is wrong; is the clock of the phone right?")
    })?;
    account.totp_confirmed_at = Some(ctx.now().micros());
    account.totp_last_step = Some(step);
    let mut tx = ctx.platform().begin().await?;
    store::update_account(&tx.exec(), &account).await?;
    tx.audit(ctx, AuditEntry::new("totp_enrolled").on("account", account.id));
    tx.commit().await
}

/// Removes the own second factor; the password is asked for again.
pub async fn remove_totp(ctx: &Ctx, password: &str) -> Result<()> {
    let mut account = own_account(ctx).await?;
    if !password::matches(password, &account.password_hash).await? {
        count_failure(ctx, account.id, "wrong_password").await?;
        return Err(login_failed());
    }
    account.totp_secret = None;
    account.totp_confirmed_at = None;
    account.totp_last_step = None;
    let mut tx = ctx.platform().begin().await?;
    store::update_account(&tx.exec(), &account).await?;
    tx.audit(ctx, AuditEntry::new("totp_removed").on("account", account.id));
    tx.commit().await
}
