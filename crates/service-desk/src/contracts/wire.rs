//! Requests and responses about contracts, calendars and hours.

use crate::book::HoursDefinition;
use crate::clock::DerivationView;
use crate::tickets::model::PauseReason;
use kernel::{OrganisationId, ServiceContractId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A contract with the version that is latest, and what follows from it.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceContract)]
pub struct ContractView {
    pub id: ServiceContractId,
    pub code: String,
    pub name: String,
    pub version: i32,
    pub valid_from: String,
    /// `coming`, `in_force` or `ended`.
    pub state: String,
    pub renews: Option<ServiceContractId>,
    /// The contract as data: items, prices, equipment, payments, figures, readings.
    #[schema(value_type = Object)]
    pub contract: serde_json::Value,
    pub total_cents: i64,
    pub net_cents: i64,
    pub vat_cents: i64,
    pub versions: Vec<VersionView>,
    pub payments: Vec<InstalmentView>,
    pub dates: Vec<DatedDuty>,
    pub allowed_actions: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServiceContractVersion)]
pub struct VersionView {
    pub version: i32,
    pub valid_from: String,
    pub note: String,
    pub made_by_name: String,
    pub made_at: Timestamp,
    /// What differs from the version before, as `path: before → after`.
    pub changes: Vec<String>,
}

/// An instalment; without a due date where the calendar of its year is not known yet.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceInstalment)]
pub struct InstalmentView {
    pub number: usize,
    pub amount_cents: i64,
    pub due: Option<String>,
    /// Code of the error that stands in the way, such as `calendar_year_unknown`.
    pub blocked: Option<String>,
    pub derivation: Option<DerivationView>,
}

/// Something that the contract wants on a day.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceDatedDuty)]
pub struct DatedDuty {
    /// `renewal_reminder`, `renewal_warning`, `renewal_talks`, `term_end`, `return_originals`, `confidential_until`, `no_poaching_until`,
    /// `security_report`.
    pub code: String,
    pub clause: String,
    pub date: String,
    /// Days from today; below zero when it has passed.
    pub days_left: i32,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceContractInput)]
pub struct ContractInput {
    /// A contract file in TOML, as under `definitions/contracts/`.
    pub definition: String,
    pub note: String,
    pub renews: Option<ServiceContractId>,
}

/// A new version. What is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceContractAmendment)]
pub struct Amendment {
    /// First day on which it applies.
    pub valid_from: String,
    /// Why: the supplementary agreement, the minutes, the letter.
    pub note: String,
    /// Parts of the contract to replace, as a JSON merge patch (RFC 7396).
    #[schema(value_type = Object)]
    pub patch: serde_json::Value,
    /// The latest version that the author has seen.
    pub version: i32,
}

/// The same contract for another term.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceContractRenewal)]
pub struct Renewal {
    pub code: String,
    pub signed: String,
    pub term_start: String,
    pub term_end: String,
    pub note: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServiceCalendar)]
pub struct CalendarView {
    pub version: String,
    pub years: Vec<CalendarYearView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServiceCalendarYear)]
pub struct CalendarYearView {
    pub year: i16,
    pub known: bool,
    /// Days off, weekends included.
    pub off_days: Vec<CalendarDay>,
    pub adjusted_working_days: Vec<CalendarDay>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServiceCalendarDay)]
pub struct CalendarDay {
    pub date: String,
    pub name: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceCalendarImport)]
pub struct CalendarImport {
    /// A notice in the layout of `holiday-cn` (JSON), or in the program's own form (TOML).
    pub text: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServiceHoursEntry)]
pub struct HoursView {
    pub organisation_id: OrganisationId,
    pub organisation_name: String,
    pub valid_from: String,
    pub hours: HoursDefinition,
    pub made_by_name: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ServiceHoursInput)]
pub struct HoursInput {
    pub organisation_id: OrganisationId,
    pub valid_from: String,
    pub hours: HoursDefinition,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TermsQuery {
    /// The institution of the form; the caller's own when absent.
    pub organisation_id: Option<OrganisationId>,
}

/// What forms need of the contract in force.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceTerms)]
pub struct TermsView {
    pub contract_id: ServiceContractId,
    pub contract_code: String,
    pub contract_version: i32,
    pub items: Vec<TermsItem>,
    /// From this on a charge problem needs the approval of the bureau's information section.
    pub approval_amount_cents: i64,
    pub feedback_ordinary_min: i64,
    pub feedback_complex_min: i64,
    /// Why the clock of handling may stand still.
    pub pause_reasons: Vec<PauseReason>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ServiceTermsItem)]
pub struct TermsItem {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub parts: TermsParts,
}

/// Who pays for parts: included in the price, billed to party A, or there are none.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ServiceTermsParts)]
pub enum TermsParts {
    Free,
    Billable,
    None,
}
