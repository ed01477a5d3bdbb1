//! The penalty ledger: each matter that costs money once, its amount as the sum of lines that are only ever added.
//!
//! Whoever finds out a fact that the contract fines calls [`assess`] in the same transaction, again whenever the fact changes:
//! the ledger compares with what stands and books the difference as a counter-entry and a new line. A proposal has effect only
//! when both parties have accepted it (6.2(4)); a new line takes both acceptances back.

use crate::access;
use crate::clock::DerivationView;
use crate::journal::{self, Subject};
use kernel::{Error, PenaltyId, Result, ServiceContractId, Timestamp};
use platform::db::{Dialect, Exec, dialect, execute, query_all, query_one};
use platform::{AuditEntry, Ctx, Tx};
use ports::service::ServiceRecordChanged;
use sea_orm::FromQueryResult;
use service_terms::{Cents, Derivation};
use uuid::Uuid;

/// What was found.
#[derive(Clone, Debug)]
pub struct Assessment<'a> {
    pub contract_id: ServiceContractId,
    pub contract_version: i32,
    /// The region of the contract.
    pub organisation_path: &'a str,
    /// What is fined: the incident, the requirement, the attendance record.
    pub source: Subject,
    /// Tells apart what one source is fined for; empty where there is only one.
    pub part: &'a str,
    /// One line for people, such as `区域心电 S3 事件 SJ20250301-0001`.
    pub subject: String,
    pub occurred_at: Timestamp,
    pub amount: Amount,
}

/// What the clause gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Zero takes back what was proposed before.
    Fixed(Cents),
    /// A person chooses within bounds, both included.
    Choice { least: Cents, most: Cents },
}

/// Where a penalty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PenaltyState)]
pub enum PenaltyState {
    /// Waits for both parties.
    Proposed,
    /// Both have accepted the amount.
    Confirmed,
    Disputed,
    /// Its lines add up to nothing.
    Withdrawn,
}

impl PenaltyState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
            Self::Disputed => "disputed",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Proposed, Self::Confirmed, Self::Disputed, Self::Withdrawn]
            .into_iter()
            .find(|s| s.as_str() == text)
    }
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct PenaltyRow {
    pub id: Uuid,
    pub number: String,
    pub contract_id: Uuid,
    pub organisation_path: String,
    pub rule: String,
    pub source_kind: String,
    pub source_id: Uuid,
    pub source_part: String,
    pub subject: String,
    pub occurred_at: i64,
    pub state: String,
    pub amount_cents: i64,
    pub needs_choice: bool,
    pub accepted_a_by: Option<Uuid>,
    pub accepted_a_name: Option<String>,
    pub accepted_a_at: Option<i64>,
    pub accepted_b_by: Option<Uuid>,
    pub accepted_b_name: Option<String>,
    pub accepted_b_at: Option<i64>,
    pub disputed_by_name: Option<String>,
    pub disputed_at: Option<i64>,
    pub dispute: Option<String>,
    pub row_version: i64,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct LineRow {
    pub id: Uuid,
    pub penalty_id: Uuid,
    pub seq: i32,
    pub kind: String,
    pub amount_cents: i64,
    pub contract_version: i32,
    pub derivation: String,
    pub reason: Option<String>,
    pub made_by_name: String,
    pub made_at: i64,
}

pub(super) const PENALTY: &str = "SELECT id, number, contract_id, organisation_path, rule, source_kind, source_id, source_part, subject, \
    occurred_at, state, amount_cents, needs_choice, accepted_a_by, accepted_a_name, accepted_a_at, accepted_b_by, \
    accepted_b_name, accepted_b_at, disputed_by_name, disputed_at, dispute, row_version FROM service_desk_penalty";
const LINE: &str = "SELECT id, penalty_id, seq, kind, amount_cents, contract_version, derivation, reason, made_by_name, made_at \
    FROM service_desk_penalty_line";

/// A penalty, locked until the transaction ends.
pub async fn lock(exec: &Exec<'_>, id: PenaltyId) -> Result<Option<PenaltyRow>> {
    let lock = if dialect(exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    query_one(exec, &format!("{PENALTY} WHERE id = $1{lock}"), vec![id.uuid().into()]).await
}

/// A penalty.
pub async fn find(exec: &Exec<'_>, id: PenaltyId) -> Result<Option<PenaltyRow>> {
    query_one(exec, &format!("{PENALTY} WHERE id = $1"), vec![id.uuid().into()]).await
}

/// Everything of one contract, in the order of what happened.
pub async fn of_contract(exec: &Exec<'_>, contract: ServiceContractId) -> Result<Vec<PenaltyRow>> {
    let sql = format!("{PENALTY} WHERE contract_id = $1 ORDER BY occurred_at, id");
    query_all(exec, &sql, vec![contract.uuid().into()]).await
}

/// The penalties of one source.
pub async fn of_source(exec: &Exec<'_>, source: Subject) -> Result<Vec<PenaltyRow>> {
    let sql = format!("{PENALTY} WHERE source_kind = $1 AND source_id = $2 ORDER BY source_part");
    query_all(exec, &sql, vec![source.kind.into(), source.id.into()]).await
}

/// The lines of a penalty, oldest first.
pub async fn lines(exec: &Exec<'_>, penalty: Uuid) -> Result<Vec<LineRow>> {
    query_all(exec, &format!("{LINE} WHERE penalty_id = $1 ORDER BY seq"), vec![penalty.into()]).await
}

/// The lines of every penalty of a contract, by penalty and age.
pub async fn lines_of_contract(exec: &Exec<'_>, contract: ServiceContractId) -> Result<Vec<LineRow>> {
    let sql = format!(
        "{LINE} WHERE penalty_id IN (SELECT id FROM service_desk_penalty WHERE contract_id = $1) ORDER BY penalty_id, seq"
    );
    query_all(exec, &sql, vec![contract.uuid().into()]).await
}

/// A line to add.
pub struct NewLine<'a> {
    pub kind: &'static str,
    pub amount: Cents,
    pub contract_version: i32,
    pub derivation: &'a DerivationView,
    pub reason: Option<&'a str>,
}

/// Adds a line and moves the amount. The caller holds the lock and writes the row's state back with [`save`].
pub async fn add_line(exec: &Exec<'_>, ctx: &Ctx, row: &mut PenaltyRow, line: NewLine<'_>) -> Result<()> {
    let sql = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) AS n FROM service_desk_penalty_line WHERE penalty_id = $1";
    let seq = platform::db::query_number(exec, sql, vec![row.id.into()]).await? + 1;
    execute(
        exec,
        "INSERT INTO service_desk_penalty_line (id, penalty_id, seq, kind, amount_cents, contract_version, derivation, reason, made_by, \
         made_by_name, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vec![
            ctx.platform().new_uuid().into(),
            row.id.into(),
            i32::try_from(seq).map_err(Error::internal)?.into(),
            line.kind.into(),
            line.amount.cents().into(),
            line.contract_version.into(),
            serde_json::to_string(line.derivation).map_err(Error::internal)?.into(),
            line.reason.map(ToOwned::to_owned).into(),
            access::by(ctx).into(),
            ctx.principal().display_name.clone().into(),
            ctx.now().micros().into(),
        ],
    )
    .await?;
    row.amount_cents += line.amount.cents();
    Ok(())
}

/// Writes back what changes in the life of a penalty.
pub async fn save(exec: &Exec<'_>, row: &mut PenaltyRow) -> Result<()> {
    row.row_version += 1;
    execute(
        exec,
        "UPDATE service_desk_penalty SET subject = $2, occurred_at = $3, state = $4, amount_cents = $5, needs_choice = $6, \
         accepted_a_by = $7, accepted_a_name = $8, accepted_a_at = $9, accepted_b_by = $10, accepted_b_name = $11, \
         accepted_b_at = $12, disputed_by_name = $13, disputed_at = $14, dispute = $15, row_version = $16 WHERE id = $1",
        vec![
            row.id.into(),
            row.subject.clone().into(),
            row.occurred_at.into(),
            row.state.clone().into(),
            row.amount_cents.into(),
            row.needs_choice.into(),
            row.accepted_a_by.into(),
            row.accepted_a_name.clone().into(),
            row.accepted_a_at.into(),
            row.accepted_b_by.into(),
            row.accepted_b_name.clone().into(),
            row.accepted_b_at.into(),
            row.disputed_by_name.clone().into(),
            row.disputed_at.into(),
            row.dispute.clone().into(),
            row.row_version.into(),
        ],
    )
    .await
    .map(drop)
}

/// Takes both acceptances back: what was accepted is no longer what stands.
pub fn reopen(row: &mut PenaltyRow) {
    (row.accepted_a_by, row.accepted_a_name, row.accepted_a_at) = (None, None, None);
    (row.accepted_b_by, row.accepted_b_name, row.accepted_b_at) = (None, None, None);
    let state = if row.amount_cents == 0 && !row.needs_choice {
        PenaltyState::Withdrawn
    } else {
        PenaltyState::Proposed
    };
    row.state = state.as_str().to_owned();
}

/// Books what the contract gives for a fact. The same fact again changes nothing; a changed one is booked as a
/// counter-entry and a new line. A fact that costs nothing and never did leaves no trace in the ledger.
pub async fn assess(tx: &mut Tx, ctx: &Ctx, found: &Assessment<'_>, derivation: &Derivation) -> Result<()> {
    let exec = tx.exec();
    let lock = if dialect(&exec) == Dialect::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("{PENALTY} WHERE source_kind = $1 AND source_id = $2 AND source_part = $3{lock}");
    let key = vec![found.source.kind.into(), found.source.id.into(), found.part.into()];
    let existing: Option<PenaltyRow> = query_one(&exec, &sql, key).await?;
    let (amount, needs_choice) = match found.amount {
        Amount::Fixed(amount) => (amount, false),
        Amount::Choice { .. } => (Cents::ZERO, true),
    };
    let view = DerivationView::from(derivation.clone());
    let proposal = |reason| NewLine {
        kind: "proposal",
        amount,
        contract_version: found.contract_version,
        derivation: &view,
        reason,
    };
    let mut row = match existing {
        None if amount == Cents::ZERO && !needs_choice => return Ok(()),
        None => {
            let mut row = insert(&exec, ctx, found, &derivation.rule).await?;
            row.needs_choice = needs_choice;
            add_line(&exec, ctx, &mut row, proposal(None)).await?;
            row
        }
        Some(mut row) => {
            let lines = lines(&exec, row.id).await?;
            let last = lines.iter().rfind(|line| line.kind == "proposal");
            let unchanged = last.is_some_and(|line| {
                line.amount_cents == amount.cents()
                    && line.contract_version == found.contract_version
                    && serde_json::from_str::<DerivationView>(&line.derivation).is_ok_and(|before| {
                        before.inputs.len() == view.inputs.len() && before.steps == view.steps
                    })
            });
            if unchanged && row.occurred_at == found.occurred_at.micros() {
                return Ok(());
            }
            row.occurred_at = found.occurred_at.micros();
            row.subject.clone_from(&found.subject);
            let standing = Cents::new(row.amount_cents).map_err(Error::internal)?;
            let reason = Some("reassessed: the facts, the contract or the calendar changed");
            let counter = NewLine { kind: "counter", amount: -standing, reason, ..proposal(None) };
            add_line(&exec, ctx, &mut row, counter).await?;
            row.needs_choice = needs_choice;
            add_line(&exec, ctx, &mut row, proposal(reason)).await?;
            row
        }
    };
    reopen(&mut row);
    save(&exec, &mut row).await?;
    changed(tx, ctx, &row, "assessed", None).await
}

/// The audit entry and the event of whatever happened to a penalty.
pub async fn changed(
    tx: &mut Tx,
    ctx: &Ctx,
    row: &PenaltyRow,
    step: &str,
    reason: Option<&str>,
) -> Result<()> {
    let mut entry = AuditEntry::new("service_penalty_changed")
        .on("service_penalty", row.id)
        .organisation(&row.organisation_path)
        .detail(serde_json::json!({"step": step, "amount_cents": row.amount_cents, "state": row.state}));
    if let Some(reason) = reason {
        entry = entry.reason(reason);
    }
    tx.audit(ctx, entry);
    tx.publish(&ServiceRecordChanged {
        kind: "penalty".into(),
        id: row.id,
        state: row.state.clone(),
        organisation_path: row.organisation_path.clone(),
    })
    .await
}

async fn insert(exec: &Exec<'_>, ctx: &Ctx, found: &Assessment<'_>, rule: &str) -> Result<PenaltyRow> {
    let row = PenaltyRow {
        id: ctx.platform().new_uuid(),
        number: journal::next_number(exec, "WY", found.occurred_at).await?,
        contract_id: found.contract_id.uuid(),
        organisation_path: found.organisation_path.to_owned(),
        rule: rule.to_owned(),
        source_kind: found.source.kind.to_owned(),
        source_id: found.source.id,
        source_part: found.part.to_owned(),
        subject: found.subject.clone(),
        occurred_at: found.occurred_at.micros(),
        state: PenaltyState::Proposed.as_str().to_owned(),
        amount_cents: 0,
        needs_choice: false,
        accepted_a_by: None,
        accepted_a_name: None,
        accepted_a_at: None,
        accepted_b_by: None,
        accepted_b_name: None,
        accepted_b_at: None,
        disputed_by_name: None,
        disputed_at: None,
        dispute: None,
        row_version: 1,
    };
    execute(
        exec,
        "INSERT INTO service_desk_penalty (id, number, contract_id, organisation_path, rule, source_kind, source_id, source_part, \
         subject, occurred_at, state, amount_cents, needs_choice, row_version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        vec![
            row.id.into(),
            row.number.clone().into(),
            row.contract_id.into(),
            row.organisation_path.clone().into(),
            row.rule.clone().into(),
            row.source_kind.clone().into(),
            row.source_id.into(),
            row.source_part.clone().into(),
            row.subject.clone().into(),
            row.occurred_at.into(),
            row.state.clone().into(),
            row.amount_cents.into(),
            row.needs_choice.into(),
            row.row_version.into(),
        ],
    )
    .await?;
    Ok(row)
}
