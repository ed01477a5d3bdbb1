//! Requests and responses of dashboards.

use super::measure::{CurvePoint, Level, TrendPoint, Unit};
use crate::contracts::wire::DatedDuty;
use crate::settlement::wire::{InstalmentState, SumsView};
use kernel::{OrganisationId, ServiceContractId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DashboardQuery {
    /// First day, as `2025-03-01`; thirty days before the last unless told.
    pub from: Option<String>,
    /// Last day, today unless told. A period has at most 1,100 days.
    pub to: Option<String>,
    pub organisation_id: Option<OrganisationId>,
    pub item_code: Option<String>,
}

/// Service levels of the tickets that were opened in a period. Cancelled ones, and those outside the contract, count towards
/// `cancelled` and `out_of_scope` only.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceDashboard)]
pub struct Dashboard {
    pub from: String,
    pub to: String,
    pub all: Level,
    pub cancelled: u32,
    pub out_of_scope: u32,
    /// Solved in the period, whenever they were opened.
    pub resolved: u32,
    pub by_item: Vec<LevelOf>,
    pub by_organisation: Vec<LevelOf>,
    /// Empty for institutions: how single people work is the parties' business.
    pub by_engineer: Vec<LevelOf>,
    pub unit: Unit,
    pub trend: Vec<TrendPoint>,
    /// Share answered after so long (Kaplan–Meier).
    pub response_curve: Vec<CurvePoint>,
    pub resolution_curve: Vec<CurvePoint>,
    /// The most frequent causes of solved tickets, at most twelve; `name` is absent for those without a cause.
    pub causes: Vec<CauseCount>,
    pub by_class: Vec<NameCount>,
    pub by_channel: Vec<NameCount>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServiceLevelOf)]
pub struct LevelOf {
    /// Item code, or id; absent for tickets without one.
    pub key: Option<String>,
    /// Name of an institution or a person; absent for items, whose names the contract gives.
    pub name: Option<String>,
    pub level: Level,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServiceCauseCount)]
pub struct CauseCount {
    pub name: Option<String>,
    pub count: u32,
    pub resolution_median_s: Option<i64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServiceNameCount)]
pub struct NameCount {
    pub name: String,
    pub count: u32,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClocksQuery {
    /// 1 to 200, 30 unless told.
    pub limit: Option<u16>,
}

/// A clock that runs now.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceRunningClock)]
pub struct RunningClock {
    /// `ticket`, `requirement` or `incident`.
    pub kind: String,
    pub id: Uuid,
    pub number: String,
    pub title: String,
    pub organisation_name: Option<String>,
    pub assignee_name: Option<String>,
    /// `response`, `handling`, `feedback`, `milestone`, `restoration`, `report` or `notice`.
    pub clock: String,
    pub due_at: Timestamp,
}

/// How grave something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ServiceSignalLevel)]
pub enum SignalLevel {
    Good,
    /// Somebody should look.
    Watch,
    /// A date was missed, or money is at stake.
    Bad,
}

/// One line of a contract's health.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceSignal)]
pub struct Signal {
    /// `response`, `handling`, `incidents`, `requirements`, `corrections`, `inspections`, `roster`, `payments`, `penalties`, `calendar`,
    /// `renewal`.
    pub code: String,
    pub level: SignalLevel,
    /// How many things are behind it, such as late inspections.
    pub count: i64,
    /// The next date that matters, where there is one.
    pub date: Option<String>,
}

/// The contract on one page.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceContractHealth)]
pub struct ContractHealth {
    pub contract_id: ServiceContractId,
    pub code: String,
    pub name: String,
    pub version: i32,
    pub term_start: String,
    pub term_end: String,
    pub term_days: i32,
    /// Days of the term that have begun, from 0 to `term_days`.
    pub elapsed_days: i32,
    pub signals: Vec<Signal>,
    /// Of the term up to today.
    pub level: Level,
    pub incidents: Vec<NameCount>,
    pub incidents_late: i64,
    pub requirements_open: i64,
    pub requirements_late: i64,
    pub corrections_waiting: i64,
    pub corrections_violating: i64,
    pub inspections_planned: i64,
    pub inspections_done: i64,
    pub inspections_late: i64,
    pub next_inspection: Option<String>,
    pub penalties: SumsView,
    /// The cap of 7.2, for information: the fines of the annex have none.
    pub cap_cents: i64,
    pub instalments: Vec<InstalmentState>,
    pub dates: Vec<DatedDuty>,
}
