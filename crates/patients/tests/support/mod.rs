//! A small county: a hospital, a town health centre and its village clinic, and the people who work there.
#![allow(dead_code)]

use platform::Principal;
use ports::identity::OrganisationKind;
use ports::patients::Patients;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{FixedDirectory, TestApp, staff};

pub const REGION: &str = "0001";
pub const HOSPITAL: &str = "00010001";
pub const TOWN: &str = "00010002";
pub const VILLAGE: &str = "000100020001";

/// The example of GB 11643-1999 itself (annex A): a woman born 1949-12-31.
pub const CARD_WOMAN_1949: &str = "11010519491231002X";
/// A man born 1960-05-01. Check character by hand, with the weights 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2 of the standard:
/// 21+18+0+20+64+4+2+9+36+0+0+45+0+5+0+0+2 = 226, 226 mod 11 = 6, which is written 6.
pub const CARD_MAN_1960: &str = "320481196005010016";

pub struct County {
    pub app: TestApp,
    pub patients: Arc<dyn Patients>,
    pub hospital_technician: Principal,
    pub town_technician: Principal,
    pub village_clinician: Principal,
    pub region_manager: Principal,
    pub town_manager: Principal,
    pub security_admin: Principal,
}

pub async fn county() -> County {
    let (platform, folder) = testkit::platform(&[patients::MIGRATIONS]).await;
    let directory = Arc::new(FixedDirectory::new(&[
        (REGION, "溧阳市", OrganisationKind::Region),
        (HOSPITAL, "溧阳市人民医院", OrganisationKind::CountyHospital),
        (TOWN, "天目湖镇卫生院", OrganisationKind::TownHealthCentre),
        (VILLAGE, "平桥村卫生室", OrganisationKind::VillageClinic),
    ]));
    let module = patients::module(&platform, directory.clone());
    let patients = patients::patients(&platform, directory);
    County {
        app: TestApp::new(platform, folder, vec![module]),
        patients,
        hospital_technician: staff("hospital technician", HOSPITAL, &[("ecg_technician", HOSPITAL)]),
        town_technician: staff("town technician", TOWN, &[("ecg_technician", TOWN)]),
        village_clinician: staff("village clinician", VILLAGE, &[("clinician", VILLAGE)]),
        region_manager: staff("region manager", REGION, &[("organisation_manager", REGION)]),
        town_manager: staff("town manager", TOWN, &[("organisation_manager", TOWN)]),
        security_admin: staff("security admin", REGION, &[("security_admin", REGION)]),
    }
}

impl County {
    /// Registers somebody new, a second after whoever came before, and returns the record.
    pub async fn register(&self, by: &Principal, person: Value) -> Value {
        self.app.advance_s(1);
        self.app.post(by, "/patients", person).await.ok(201)
    }

    pub async fn search(&self, by: &Principal, query: &str) -> Vec<Value> {
        let page = self.app.get(by, &format!("/patients?{query}")).await.ok(200);
        page["items"].as_array().cloned().unwrap_or_default()
    }

    pub async fn names(&self, by: &Principal, query: &str) -> Vec<String> {
        self.search(by, query)
            .await
            .iter()
            .map(|p| p["name"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

/// Somebody without a document.
pub fn person(name: &str, sex: &str, birth_date: &str) -> Value {
    json!({ "name": name, "sex": sex, "birth_date": birth_date, "identifier_kind": "none" })
}

/// The holder of an identity card.
pub fn card_holder(name: &str, card: &str) -> Value {
    json!({ "name": name, "sex": "unknown", "identifier_kind": "resident_id_card", "identifier_number": card })
}

/// Text for a query string.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

pub fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_default().to_owned()
}

/// Codes of the fields that a problem names.
pub fn field_codes(problem: &Value) -> Vec<(String, String)> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|e| (text(&e["field"]), text(&e["code"]))).collect()
}
