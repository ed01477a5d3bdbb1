//! The SQL of contacts, settings and deliveries.

use kernel::Result;
use platform::db::{Dialect, Exec, dialect, execute, query_all, query_number, query_one};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

#[derive(Clone, Debug, FromQueryResult)]
pub struct ContactRow {
    pub account_id: Uuid,
    pub channel: String,
    pub address: String,
    pub confirmed_at: Option<i64>,
    pub code_sm3: Option<String>,
    pub code_sent_at: i64,
    pub code_attempts: i32,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct SettingRow {
    pub email: String,
    pub sms: String,
    pub quiet_from: Option<String>,
    pub quiet_to: Option<String>,
}

/// How far a mailbox has been read.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MailboxRow {
    pub name: String,
    pub uid_validity: i64,
    pub next_uid: i64,
    pub lease_until: i64,
    pub read_at: Option<i64>,
    pub letter_at: Option<i64>,
    pub reason: Option<String>,
    pub failing_since: Option<i64>,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct DeliveryRow {
    pub id: Uuid,
    pub dedupe: String,
    pub account_id: Option<Uuid>,
    pub channel: String,
    pub target: String,
    pub code: String,
    pub text: String,
    pub path: String,
    pub urgent: bool,
    pub state: String,
    pub reason: Option<String>,
    pub attempts: i32,
    pub created_at: i64,
    pub due_at: i64,
    pub sent_at: Option<i64>,
}

const CONTACT: &str = "SELECT account_id, channel, address, confirmed_at, code_sm3, code_sent_at, code_attempts FROM notify_contact";
const DELIVERY: &str = "SELECT id, dedupe, account_id, channel, target, code, text, path, urgent, state, reason, attempts, created_at, \
    due_at, sent_at FROM notify_delivery";

pub async fn contacts(exec: &Exec<'_>, account: Uuid) -> Result<Vec<ContactRow>> {
    query_all(exec, &format!("{CONTACT} WHERE account_id = $1 ORDER BY channel"), vec![account.into()]).await
}

pub async fn contact(exec: &Exec<'_>, account: Uuid, channel: &str) -> Result<Option<ContactRow>> {
    let sql = format!("{CONTACT} WHERE account_id = $1 AND channel = $2");
    query_one(exec, &sql, vec![account.into(), channel.into()]).await
}

pub async fn save_contact(exec: &Exec<'_>, row: &ContactRow) -> Result<()> {
    execute(
        exec,
        "INSERT INTO notify_contact (account_id, channel, address, confirmed_at, code_sm3, code_sent_at, code_attempts) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account_id, channel) DO UPDATE SET address = excluded.address, \
         confirmed_at = excluded.confirmed_at, code_sm3 = excluded.code_sm3, code_sent_at = excluded.code_sent_at, \
         code_attempts = excluded.code_attempts",
        vec![
            row.account_id.into(),
            row.channel.clone().into(),
            row.address.clone().into(),
            row.confirmed_at.into(),
            row.code_sm3.clone().into(),
            row.code_sent_at.into(),
            row.code_attempts.into(),
        ],
    )
    .await
    .map(drop)
}

/// Counts a guess and gives how many there were, this one included.
pub async fn count_guess(exec: &Exec<'_>, account: Uuid, channel: &str) -> Result<i64> {
    let sql = "UPDATE notify_contact SET code_attempts = code_attempts + 1 WHERE account_id = $1 AND channel = $2 \
               RETURNING CAST(code_attempts AS BIGINT) AS n";
    query_number(exec, sql, vec![account.into(), channel.into()]).await
}

pub async fn remove_contact(exec: &Exec<'_>, account: Uuid, channel: &str) -> Result<u64> {
    let sql = "DELETE FROM notify_contact WHERE account_id = $1 AND channel = $2";
    execute(exec, sql, vec![account.into(), channel.into()]).await
}

pub async fn setting(exec: &Exec<'_>, account: Uuid) -> Result<Option<SettingRow>> {
    let sql = "SELECT email, sms, quiet_from, quiet_to FROM notify_setting WHERE account_id = $1";
    query_one(exec, sql, vec![account.into()]).await
}

pub async fn save_setting(exec: &Exec<'_>, account: Uuid, row: &SettingRow, at: i64) -> Result<()> {
    execute(
        exec,
        "INSERT INTO notify_setting (account_id, email, sms, quiet_from, quiet_to, updated_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (account_id) DO UPDATE SET email = excluded.email, sms = excluded.sms, quiet_from = excluded.quiet_from, \
         quiet_to = excluded.quiet_to, updated_at = excluded.updated_at",
        vec![
            account.into(),
            row.email.clone().into(),
            row.sms.clone().into(),
            row.quiet_from.clone().into(),
            row.quiet_to.clone().into(),
            at.into(),
        ],
    )
    .await
    .map(drop)
}

/// False when the same message was put in before.
pub async fn insert_delivery(exec: &Exec<'_>, row: &DeliveryRow) -> Result<bool> {
    let inserted = execute(
        exec,
        "INSERT INTO notify_delivery (id, dedupe, account_id, channel, target, code, text, path, urgent, state, reason, attempts, \
         created_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13) ON CONFLICT (dedupe) DO NOTHING",
        vec![
            row.id.into(),
            row.dedupe.clone().into(),
            row.account_id.into(),
            row.channel.clone().into(),
            row.target.clone().into(),
            row.code.clone().into(),
            row.text.clone().into(),
            row.path.clone().into(),
            row.urgent.into(),
            row.state.clone().into(),
            row.reason.clone().into(),
            row.created_at.into(),
            row.due_at.into(),
        ],
    )
    .await?;
    Ok(inserted > 0)
}

pub async fn delivery(exec: &Exec<'_>, id: Uuid) -> Result<Option<DeliveryRow>> {
    query_one(exec, &format!("{DELIVERY} WHERE id = $1"), vec![id.into()]).await
}

/// The same, locked until the transaction ends.
pub async fn lock_delivery(exec: &Exec<'_>, id: Uuid) -> Result<Option<DeliveryRow>> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    query_one(exec, &format!("{DELIVERY} WHERE id = $1{lock}"), vec![id.into()]).await
}

pub async fn update_delivery(exec: &Exec<'_>, row: &DeliveryRow) -> Result<()> {
    execute(
        exec,
        "UPDATE notify_delivery SET state = $2, reason = $3, attempts = $4, due_at = $5, sent_at = $6 WHERE id = $1",
        vec![
            row.id.into(),
            row.state.clone().into(),
            row.reason.clone().into(),
            row.attempts.into(),
            row.due_at.into(),
            row.sent_at.into(),
        ],
    )
    .await
    .map(drop)
}

/// Messages to an account by one way since a moment, those that were held back not counted.
pub async fn sent_since(exec: &Exec<'_>, account: Uuid, channel: &str, since: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS n FROM notify_delivery WHERE account_id = $1 AND channel = $2 AND created_at >= $3 \
               AND state <> 'suppressed'";
    query_number(exec, sql, vec![account.into(), channel.into(), since.into()]).await
}

/// Deliveries, newest first.
pub async fn deliveries(
    exec: &Exec<'_>,
    state: Option<&str>,
    channel: Option<&str>,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<DeliveryRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec!["1 = 1".to_owned()];
    let mut push = |value: Value, sql: &str| {
        values.push(value);
        conditions.push(format!("{sql} ${}", values.len()));
    };
    if let Some(state) = state {
        push(state.into(), "state =");
    }
    if let Some(channel) = channel {
        push(channel.into(), "channel =");
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(created_at < ${} OR (created_at = ${0} AND id < ${n}))", n - 1));
    }
    let sql = format!(
        "{DELIVERY} WHERE {} ORDER BY created_at DESC, id DESC LIMIT {fetch}",
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct HealthRow {
    pub channel: String,
    pub target: String,
    pub state: String,
    pub n: i64,
    pub last_at: i64,
}

/// How the ways did since a moment: by way, for webhooks by name.
pub async fn health(exec: &Exec<'_>, since: i64) -> Result<Vec<HealthRow>> {
    let sql = "SELECT channel, CASE WHEN channel = 'webhook' THEN target ELSE '' END AS target, state, COUNT(*) AS n, \
               MAX(created_at) AS last_at FROM notify_delivery WHERE created_at >= $1 \
               GROUP BY channel, CASE WHEN channel = 'webhook' THEN target ELSE '' END, state ORDER BY channel, state";
    query_all(exec, sql, vec![since.into()]).await
}

#[derive(FromQueryResult)]
struct OwnerRow {
    account_id: Uuid,
}

/// Who has shown this address of mail to be theirs; nobody where two have.
pub async fn owner_of_address(exec: &Exec<'_>, address: &str) -> Result<Option<Uuid>> {
    let sql = "SELECT account_id FROM notify_contact WHERE channel = 'email' AND LOWER(address) = $1 AND confirmed_at IS NOT NULL";
    let found: Vec<OwnerRow> = query_all(exec, sql, vec![address.into()]).await?;
    Ok(match found.as_slice() {
        [one] => Some(one.account_id),
        _ => None,
    })
}

const MAILBOX: &str = "SELECT name, uid_validity, next_uid, lease_until, read_at, letter_at, reason, failing_since FROM notify_mailbox";

pub async fn mailbox(exec: &Exec<'_>, name: &str) -> Result<Option<MailboxRow>> {
    query_one(exec, &format!("{MAILBOX} WHERE name = $1"), vec![name.into()]).await
}

/// The mailbox, to be read by the caller alone until `until`; none while somebody else reads it.
pub async fn lease_mailbox(exec: &Exec<'_>, name: &str, now: i64, until: i64) -> Result<Option<MailboxRow>> {
    let sql = "INSERT INTO notify_mailbox (name, uid_validity, next_uid, lease_until) VALUES ($1, 0, 0, 0) ON CONFLICT (name) DO NOTHING";
    execute(exec, sql, vec![name.into()]).await?;
    let sql = "UPDATE notify_mailbox SET lease_until = $1 WHERE name = $2 AND lease_until < $3";
    if execute(exec, sql, vec![until.into(), name.into(), now.into()]).await? == 0 {
        return Ok(None);
    }
    mailbox(exec, name).await
}

pub async fn save_mailbox(exec: &Exec<'_>, row: &MailboxRow) -> Result<()> {
    execute(
        exec,
        "UPDATE notify_mailbox SET uid_validity = $1, next_uid = $2, lease_until = $3, read_at = $4, letter_at = $5, reason = $6, \
         failing_since = $7 WHERE name = $8",
        vec![
            row.uid_validity.into(),
            row.next_uid.into(),
            row.lease_until.into(),
            row.read_at.into(),
            row.letter_at.into(),
            row.reason.clone().into(),
            row.failing_since.into(),
            row.name.clone().into(),
        ],
    )
    .await
    .map(drop)
}
