//! Requests and responses about money.

use super::ledger::PenaltyState;
use crate::clock::DerivationView;
use kernel::{PenaltyId, ServiceContractId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A matter that costs money.
#[derive(Serialize, ToSchema)]
#[schema(as = Penalty)]
pub struct PenaltyView {
    pub id: PenaltyId,
    pub number: String,
    pub contract_id: ServiceContractId,
    pub contract_code: String,
    pub rule: String,
    /// `incident`, `requirement`, `attendance` or `manual`.
    pub source_kind: String,
    pub source_id: Uuid,
    pub source_part: String,
    pub subject: String,
    pub occurred_at: Timestamp,
    pub state: PenaltyState,
    pub amount_cents: i64,
    /// A person still has to choose within bounds, where it was recorded.
    pub needs_choice: bool,
    pub accepted_a: Option<Acceptance>,
    pub accepted_b: Option<Acceptance>,
    pub dispute: Option<Dispute>,
    /// Oldest first; the amount is their sum.
    pub lines: Vec<PenaltyLine>,
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PenaltyAcceptance)]
pub struct Acceptance {
    pub name: String,
    pub at: Timestamp,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PenaltyDispute)]
pub struct Dispute {
    pub name: String,
    pub at: Timestamp,
    pub reason: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PenaltyLine)]
pub struct PenaltyLine {
    /// `proposal`, `counter` or `decision`.
    pub kind: String,
    pub amount_cents: i64,
    pub contract_version: i32,
    pub derivation: DerivationView,
    pub reason: Option<String>,
    pub made_by_name: String,
    pub made_at: Timestamp,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PenaltyQuery {
    pub contract_id: Option<ServiceContractId>,
    #[param(inline)]
    pub state: Option<PenaltyState>,
    pub source_kind: Option<String>,
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}

/// What party A claims by hand, because nothing in the program can see it.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = PenaltyClaim)]
pub enum Claim {
    /// 7.2: 1 % of the total for each natural day of late or failed service, at most 5 %.
    LateDelivery { contract_id: ServiceContractId, subject: String, due: String, done: String },
    /// 附件3 三.1: 5 % of the total; the parties agree on the amount.
    SecurityBreach { contract_id: ServiceContractId, subject: String, occurred_on: String },
    /// 7.4, 附件1 1.3.2-6: losses and compensation as negotiated, in cents.
    Loss { contract_id: ServiceContractId, subject: String, occurred_on: String, amount_cents: i64 },
}

/// A step of a penalty.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = PenaltyStep)]
pub enum Step {
    /// For the party that the caller acts for. `amount_cents`: the amount that the caller has seen.
    Accept {
        amount_cents: i64,
    },
    Dispute {
        reason: String,
    },
    /// What the parties, or a panel, settled on; both have to accept it afterwards. Zero withdraws.
    Decide {
        amount_cents: i64,
        reason: String,
    },
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SettlementQuery {
    /// First day of the period, the first of the term unless told.
    pub from: Option<String>,
    /// Last day of the period, the last of the term unless told.
    pub to: Option<String>,
    /// The day on which the account is drawn up, today unless told.
    pub as_of: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServiceSettlement)]
pub struct SettlementView {
    pub contract_id: ServiceContractId,
    pub contract_code: String,
    pub contract_version: i32,
    pub from: String,
    pub to: String,
    pub as_of: String,
    pub quarters: Vec<QuarterView>,
    pub sums: SumsView,
    /// Of the whole contract up to the end of the period.
    pub running: SumsView,
    /// The cap of 7.2, for information: the fines of the annex have none.
    pub cap_cents: i64,
    pub penalties: Vec<PenaltyView>,
    /// Every amount is the sum of its lines.
    pub ledger_agrees: bool,
    pub instalments: Vec<InstalmentState>,
    pub late_payment: LatePaymentView,
    pub billable_cents: i64,
    /// What is left for party A to pay: open instalments, what its lateness costs, parts, less confirmed penalties of the contract.
    pub payable_cents: i64,
    pub payable_capital: String,
    pub allowed_actions: Vec<String>,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = PenaltySums)]
pub struct SumsView {
    pub proposed_cents: i64,
    pub confirmed_cents: i64,
    pub disputed_cents: i64,
}

impl From<super::statement::Sums> for SumsView {
    fn from(sums: super::statement::Sums) -> Self {
        Self { proposed_cents: sums.proposed, confirmed_cents: sums.confirmed, disputed_cents: sums.disputed }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServiceQuarter)]
pub struct QuarterView {
    pub number: usize,
    pub from: String,
    pub to: String,
    pub sums: SumsView,
}

#[derive(Serialize, ToSchema)]
#[schema(as = InstalmentState)]
pub struct InstalmentState {
    pub number: i32,
    pub amount_cents: i64,
    pub due: Option<String>,
    pub blocked: Option<String>,
    pub paid_cents: i64,
    pub open_cents: i64,
    /// Of the open part, on the day of the account.
    pub days_late: u32,
    pub excuse: Option<String>,
    pub excuse_evidence: Option<String>,
    pub payments: Vec<PaymentView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServicePayment)]
pub struct PaymentView {
    pub id: Uuid,
    pub paid_on: String,
    pub amount_cents: i64,
    pub note: Option<String>,
    pub reversed: bool,
    pub recorded_by_name: String,
    pub recorded_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
#[schema(as = LatePayment)]
pub struct LatePaymentView {
    pub penalty_cents: i64,
    pub interest_cents: i64,
    /// Both together, up to 5 % of the total.
    pub payable_cents: i64,
    /// Party B may end the contract.
    pub may_terminate: bool,
    pub derivation: DerivationView,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentInput)]
pub struct PaymentInput {
    pub instalment: i32,
    pub paid_on: String,
    pub amount_cents: i64,
    pub note: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentReversal)]
pub struct Reversal {
    pub reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PaymentExcuse)]
pub struct ExcuseInput {
    pub instalment: i32,
    /// `other_party`, `force_majeure`, `fiscal_appropriation`; absent takes it back.
    pub excuse: Option<String>,
    /// What proves it: the letter, the notice, its number and date.
    pub evidence: String,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TerminationQuery {
    /// `serious` (附件3 一.4: 90 %) or `grave` (附件3 一.5: everything back).
    pub ground: String,
    /// The last day of service.
    pub ended: String,
}

/// What party A would pay or get back if the contract ended on a day.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceTermination)]
pub struct TerminationView {
    pub elapsed_days: u32,
    pub term_days: u32,
    pub paid_cents: i64,
    pub payable_cents: i64,
    pub refund_cents: i64,
    pub still_due_cents: i64,
    pub derivation: DerivationView,
}
