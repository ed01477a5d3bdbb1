//! Requests and responses about vulnerabilities.

use super::model::{Authority, Severity, State};
use crate::clock::Clock;
use crate::journal::EntryView;
use kernel::{ServiceContractId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VulnerabilityInput)]
pub struct VulnerabilityInput {
    /// An item of the contract.
    pub item_code: String,
    pub system_name: String,
    pub title: String,
    pub description: String,
    pub severity: Severity,
    /// Who or what found it.
    pub found_by: String,
    /// Now when absent.
    pub found_at: Option<Timestamp>,
}

/// A step of a vulnerability.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = VulnerabilityStep)]
pub enum Step {
    /// Party A was told.
    Report {
        at: Option<Timestamp>,
        recipient: String,
        way: String,
    },
    /// It was found at another moment.
    CorrectFound {
        at: Timestamp,
        reason: String,
    },
    Judge {
        severity: Severity,
        reason: String,
    },
    Measure {
        at: Option<Timestamp>,
        text: String,
    },
    Fix {
        at: Option<Timestamp>,
        text: String,
    },
    /// An authority consents to a publication.
    Consent {
        authority: Authority,
        at: Option<Timestamp>,
        reference: String,
    },
    /// Refused before an authority consented.
    Publish {
        at: Option<Timestamp>,
        place: String,
    },
    /// Party A is content.
    Close {
        conclusion: String,
    },
    Reopen {
        reason: String,
    },
}

/// A vulnerability in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VulnerabilityItem)]
pub struct VulnerabilityItem {
    pub id: Uuid,
    pub number: String,
    pub contract_id: ServiceContractId,
    pub item_code: String,
    pub system_name: String,
    pub title: String,
    pub severity: Severity,
    pub found_by: String,
    pub state: State,
    pub found_at: Timestamp,
    /// When party A has to know.
    pub report_due_at: Timestamp,
    pub reported_at: Option<Timestamp>,
    /// Reported after its limit, or not reported and past it.
    pub late: bool,
    pub consented: bool,
    pub published_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Vulnerability)]
pub struct VulnerabilityView {
    #[serde(flatten)]
    pub item: VulnerabilityItem,
    pub description: String,
    pub opened_by_name: String,
    pub clock: Clock,
    pub journal: Vec<EntryView>,
    pub allowed_actions: Vec<String>,
    pub row_version: i64,
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VulnerabilityQuery {
    /// States, separated by commas.
    pub state: Option<String>,
    pub item_code: Option<String>,
    pub cursor: Option<String>,
    /// 1 to 200, 50 unless told.
    pub limit: Option<u16>,
}
