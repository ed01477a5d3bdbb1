//! The SQL of payments and of lists of penalties.

use super::ledger::PenaltyRow;
use super::statement::Payment;
use crate::access;
use jiff::civil::Date;
use kernel::{Error, Result, ServiceContractId, Timestamp};
use platform::db::{Exec, execute, query_all};
use platform::{Ctx, Scope};
use sea_orm::{FromQueryResult, Value};
use service_terms::Cents;
use service_terms::payments::Excuse;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct PaymentRow {
    id: Uuid,
    instalment: i32,
    paid_on: String,
    amount_cents: i64,
    note: Option<String>,
    reverses: Option<Uuid>,
    recorded_by_name: String,
    recorded_at: i64,
}

#[derive(FromQueryResult)]
struct ExcuseRow {
    instalment: i32,
    excuse: Option<String>,
    evidence: String,
}

/// Payments of a contract; reversing entries are told by the payment that they reverse.
pub async fn payments(exec: &Exec<'_>, contract: ServiceContractId) -> Result<Vec<Payment>> {
    let sql = "SELECT id, instalment, paid_on, amount_cents, note, reverses, recorded_by_name, recorded_at \
               FROM service_desk_payment WHERE contract_id = $1 ORDER BY instalment, paid_on, recorded_at, id";
    let rows: Vec<PaymentRow> = query_all(exec, sql, vec![contract.uuid().into()]).await?;
    let reversed: Vec<Uuid> = rows.iter().filter_map(|row| row.reverses).collect();
    rows.into_iter()
        .filter(|row| row.reverses.is_none())
        .map(|row| {
            Ok(Payment {
                id: row.id,
                instalment: row.instalment,
                paid_on: row.paid_on.parse().map_err(Error::internal)?,
                amount: Cents::new(row.amount_cents).map_err(Error::internal)?,
                note: row.note,
                reversed: reversed.contains(&row.id),
                recorded_by_name: row.recorded_by_name,
                recorded_at: Timestamp::from_micros(row.recorded_at),
            })
        })
        .collect()
}

pub async fn insert_payment(
    exec: &Exec<'_>,
    ctx: &Ctx,
    contract: ServiceContractId,
    payment: (i32, Date, Cents, Option<String>),
    reverses: Option<Uuid>,
) -> Result<Uuid> {
    let (instalment, paid_on, amount, note) = payment;
    let id = ctx.platform().new_uuid();
    execute(
        exec,
        "INSERT INTO service_desk_payment (id, contract_id, instalment, paid_on, amount_cents, note, reverses, recorded_by, \
         recorded_by_name, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            id.into(),
            contract.uuid().into(),
            instalment.into(),
            paid_on.to_string().into(),
            amount.cents().into(),
            note.into(),
            reverses.into(),
            access::by(ctx).into(),
            ctx.principal().display_name.clone().into(),
            ctx.now().micros().into(),
        ],
    )
    .await?;
    Ok(id)
}

fn excuse(text: &str) -> Option<Excuse> {
    [Excuse::OtherParty, Excuse::ForceMajeure, Excuse::FiscalAppropriation]
        .into_iter()
        .find(|e| e.as_str() == text)
}

/// The excuses that stand, by instalment.
pub async fn excuses(exec: &Exec<'_>, contract: ServiceContractId) -> Result<HashMap<i32, (Excuse, String)>> {
    let sql = "SELECT instalment, excuse, evidence FROM service_desk_payment_excuse WHERE contract_id = $1 ORDER BY made_at, id";
    let rows: Vec<ExcuseRow> = query_all(exec, sql, vec![contract.uuid().into()]).await?;
    let mut found = HashMap::new();
    for row in rows {
        match row.excuse.as_deref().and_then(excuse) {
            Some(excuse) => found.insert(row.instalment, (excuse, row.evidence)),
            None => found.remove(&row.instalment),
        };
    }
    Ok(found)
}

pub async fn insert_excuse(
    exec: &Exec<'_>,
    ctx: &Ctx,
    contract: ServiceContractId,
    instalment: i32,
    excuse: Option<Excuse>,
    evidence: String,
) -> Result<()> {
    execute(
        exec,
        "INSERT INTO service_desk_payment_excuse (id, contract_id, instalment, excuse, evidence, made_by, made_by_name, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vec![
            ctx.platform().new_uuid().into(),
            contract.uuid().into(),
            instalment.into(),
            excuse.map(|e| e.as_str().to_owned()).into(),
            evidence.into(),
            access::by(ctx).into(),
            ctx.principal().display_name.clone().into(),
            ctx.now().micros().into(),
        ],
    )
    .await
    .map(drop)
}

/// What a list of penalties wants.
#[derive(Debug, Default)]
pub struct Filter<'a> {
    pub contract: Option<Uuid>,
    pub state: Option<&'a str>,
    pub source_kind: Option<&'a str>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

/// Penalties, newest first.
pub async fn penalties(
    exec: &Exec<'_>,
    scope: &Scope,
    filter: &Filter<'_>,
    after: Option<(i64, Uuid)>,
    fetch: u64,
) -> Result<Vec<PenaltyRow>> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions = vec![scope.sql("organisation_path", &mut values)];
    let mut push = |value: Value, sql: &str| {
        values.push(value);
        conditions.push(format!("{sql} ${}", values.len()));
    };
    if let Some(contract) = filter.contract {
        push(contract.into(), "contract_id =");
    }
    if let Some(state) = filter.state {
        push(state.into(), "state =");
    }
    if let Some(kind) = filter.source_kind {
        push(kind.into(), "source_kind =");
    }
    if let Some(from) = filter.from {
        push(from.micros().into(), "occurred_at >=");
    }
    if let Some(to) = filter.to {
        push(to.micros().into(), "occurred_at <");
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let n = values.len();
        conditions.push(format!("(occurred_at < ${} OR (occurred_at = ${0} AND id < ${n}))", n - 1));
    }
    let sql = format!(
        "{} WHERE {} ORDER BY occurred_at DESC, id DESC LIMIT {fetch}",
        super::ledger::PENALTY,
        conditions.join(" AND ")
    );
    query_all(exec, &sql, values).await
}

/// What parts and work outside the scope cost party A beside the price, in a period.
pub async fn billable(
    exec: &Exec<'_>,
    contract: ServiceContractId,
    from: Timestamp,
    to: Timestamp,
) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(billable_cents), 0) AS BIGINT) AS n FROM service_desk_ticket \
               WHERE contract_id = $1 AND opened_at >= $2 AND opened_at < $3";
    let values = vec![contract.uuid().into(), from.micros().into(), to.micros().into()];
    platform::db::query_number(exec, sql, values).await
}
