//! The county of these stories: a bureau, a provider, two institutions, and the contract of 2024-11-28.

#![allow(dead_code, reason = "each test file uses a part")]

use kernel::ServiceContractId;
use platform::config::ServiceConfig;
use platform::{Ctx, OrgPath, Principal};
use ports::identity::OrganisationKind;
use ports::service::InspectionReadings;
use serde_json::{Value, json};
use service_desk::ServiceDesk;
use service_desk::contracts::wire::ContractInput;
use std::sync::Arc;
use testkit::{FixedDirectory, TestApp, staff};

pub const REGION: &str = "0001";
pub const BUREAU: &str = "00010001";
pub const PROVIDER: &str = "00010002";
pub const HOSPITAL: &str = "00010003";
pub const TOWN: &str = "00010004";

/// The contract that comes with the program.
pub const CONTRACT: &str = include_str!("../../../../definitions/contracts/liyang-2024.toml");

pub struct County {
    pub app: TestApp,
    pub desk: Arc<ServiceDesk>,
    pub contract: ServiceContractId,
    /// Party A: the bureau's information section.
    pub bureau: Principal,
    /// Party B.
    pub lead: Principal,
    pub engineer: Principal,
    pub duty: Principal,
    pub finance: Principal,
    pub auditor: Principal,
    /// Administrators of two institutions.
    pub hospital: Principal,
    pub town: Principal,
}

/// The county at a moment, written as in the region: `2025-03-03T09:00:00`.
pub async fn county(local: &str) -> County {
    county_monitored(local, None).await
}

/// The same with a monitoring system.
pub async fn county_monitored(local: &str, readings: Option<Arc<dyn InspectionReadings>>) -> County {
    county_of(local, |directory, printer| ServiceDesk::monitored(directory, printer, readings)).await
}

/// The same with systems that send alerts.
pub async fn county_configured(local: &str, config: &ServiceConfig) -> County {
    county_of(local, |directory, printer| ServiceDesk::configured(directory, printer, config).unwrap()).await
}

async fn county_of(
    local: &str,
    desk: impl FnOnce(Arc<FixedDirectory>, Arc<print::Printer>) -> Arc<ServiceDesk>,
) -> County {
    let (platform, folder) = testkit::platform(&[service_desk::MIGRATIONS]).await;
    let bureau = staff("信息科", BUREAU, &[("bureau_information", REGION)]);
    let lead = staff("项目经理", PROVIDER, &[("project_lead", REGION)]);
    let engineer = staff("工程师", PROVIDER, &[("site_engineer", REGION)]);
    let duty = staff("值班", PROVIDER, &[("duty_engineer", REGION)]);
    let hospital = staff("医院信息科", HOSPITAL, &[("institution_contact", HOSPITAL)]);
    let town = staff("卫生院信息员", TOWN, &[("institution_contact", TOWN)]);
    let people = [&bureau, &lead, &engineer, &duty, &hospital, &town].map(Clone::clone);
    let directory = FixedDirectory::new(&[
        (REGION, "溧阳市", OrganisationKind::Region),
        (BUREAU, "溧阳市卫生健康局", OrganisationKind::Bureau),
        (PROVIDER, "运维服务商", OrganisationKind::ServiceProvider),
        (HOSPITAL, "溧阳市人民医院", OrganisationKind::CountyHospital),
        (TOWN, "天目湖镇卫生院", OrganisationKind::TownHealthCentre),
    ]);
    let directory = Arc::new(directory.with_people(people.to_vec()));
    let printer =
        print::Printer::new(print::PaperSet::embedded().unwrap(), print::Fonts::embedded().unwrap());
    let desk = desk(directory, Arc::new(printer.unwrap()));
    let app = TestApp::new(platform, folder, vec![service_desk::module(&desk)]);
    set_clock(&app, local);
    let input =
        ContractInput { definition: CONTRACT.to_owned(), note: "合同签订".to_owned(), renews: None };
    let ctx = Ctx::system(&app.platform, "test");
    let contract =
        service_desk::contracts::enter(&ctx, &OrgPath::new(REGION).unwrap(), &input).await.unwrap();
    County {
        app,
        desk,
        contract,
        bureau,
        lead,
        engineer,
        duty,
        finance: staff("财务", BUREAU, &[("contract_finance", REGION)]),
        auditor: staff("审计", BUREAU, &[("contract_auditor", REGION)]),
        hospital,
        town,
    }
}

/// Moves the clock to a moment of the region.
pub fn set_clock(app: &TestApp, local: &str) {
    app.platform.clock().set(instant(local).parse().unwrap());
}

/// A moment of the region as an instant.
pub fn instant(local: &str) -> String {
    let local: jiff::civil::DateTime = local.parse().unwrap();
    service_desk::book::instant(local).to_string()
}

/// A ticket of the hospital, entered by the duty engineer.
pub async fn open(county: &County, class: &str, opened_at: &str) -> Value {
    let organisation = county.hospital.organisation_id.unwrap();
    let body = json!({
        "organisation_id": organisation, "channel": "wechat", "class": class, "priority": 2, "item_code": "ecg",
        "title": "心电报告打印不出来", "description": "三号诊室", "caller_name": "王护士", "caller_phone": "13800000000",
        "opened_at": instant(opened_at),
    });
    county.app.post(&county.duty, "/service/tickets", body).await.ok(201)
}

/// A step of a record.
pub async fn step(county: &County, who: &Principal, path: &str, body: Value) -> testkit::Answer {
    county.app.post(who, &format!("{path}/steps"), body).await
}
