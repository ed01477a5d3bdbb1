//! Identity: the organisation tree and the people who work in it.

use async_trait::async_trait;
use kernel::{AccountId, OrganisationId, Result, StaffId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What kind of place an organisation is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// 区域
    Region,
    /// 卫健局
    Bureau,
    /// 县级医院
    CountyHospital,
    /// 心电诊断中心
    DiagnosisCentre,
    /// 乡镇卫生院、社区卫生服务中心
    TownHealthCentre,
    /// 村卫生室
    VillageClinic,
    /// 运维服务商
    ServiceProvider,
}

/// An organisation, as other contexts need it.
#[derive(Clone, Debug)]
pub struct OrganisationBrief {
    pub id: OrganisationId,
    pub name: String,
    pub kind: OrganisationKind,
    /// Materialised path: four decimal digits a level, ancestors first.
    pub path: String,
}

/// Who stands behind an account, as it is written under a report.
#[derive(Clone, Debug)]
pub struct Signatory {
    pub account_id: AccountId,
    pub staff_id: Option<StaffId>,
    pub name: String,
    /// Professional title (职称).
    pub title: Option<String>,
    /// Practising licence number (执业证书编号).
    pub licence_number: Option<String>,
    pub organisation: Option<OrganisationBrief>,
}

/// Reads of the identity context.
#[async_trait]
pub trait Directory: Send + Sync {
    /// The organisations that exist among `ids`, in any order.
    async fn organisations(&self, ids: &[OrganisationId]) -> Result<Vec<OrganisationBrief>>;
    /// The organisation with this code; codes are unique.
    async fn organisation_by_code(&self, code: &str) -> Result<Option<OrganisationBrief>>;
    /// The accounts that exist among `ids`, in any order.
    async fn signatories(&self, ids: &[AccountId]) -> Result<Vec<Signatory>>;
    /// Those of `ids` that may sign in, in any order.
    async fn enabled(&self, ids: &[AccountId]) -> Result<Vec<AccountId>>;
    /// The accounts that hold one of `roles` over the place `path` now, by name; at most 500.
    async fn holders(&self, roles: &[&str], path: &str) -> Result<Vec<Signatory>>;
    /// True when `password` is the current password of the account: a signature may ask for it again.
    async fn password_matches(&self, account: AccountId, password: &str) -> Result<bool>;
}
