//! What a resident finds on the phone: the own published report, and nothing of anybody else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use axum::body::Body;
use axum::http::{Method, Request};
use identity::NewOrganisation;
use platform::{Clock, Config, Ctx, Platform, Principal, Random};
use ports::identity::OrganisationKind;
use serde_json::{Value, json};
use server::app;
use tower::ServiceExt;

struct Program {
    router: axum::Router,
    platform: Platform,
    _folder: tempfile::TempDir,
}

impl Program {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.server.data = folder.path().to_owned();
        let app = app::assemble(config, Clock::system(), Random::from_seed(7)).await.unwrap();
        let platform = app.platform.clone();
        platform::migrate::migrate(platform.db(), platform.now(), &app::migrations()).await.unwrap();
        Self { router: app.router(None), platform, _folder: folder }
    }

    async fn send(&self, who: &Principal, mut request: Request<Body>) -> (u16, Vec<u8>) {
        request.extensions_mut().insert(who.clone());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        (status, axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec())
    }

    async fn json(&self, who: &Principal, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let (status, bytes) = self.send(who, testkit::request(method, &format!("/api/v1{path}"), body)).await;
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn post(&self, who: &Principal, path: &str, body: Value) -> Value {
        let (status, answer) = self.json(who, Method::POST, path, Some(body)).await;
        assert!((200..300).contains(&status), "{path} {status} {answer}");
        answer
    }
}

#[tokio::test]
async fn a_resident_finds_the_own_report_and_nobody_else_s() {
    let program = Program::start().await;
    let ctx = Ctx::system(&program.platform, "test");
    let region = NewOrganisation {
        parent_id: None,
        kind: OrganisationKind::Region,
        code: "320481".into(),
        name: "溧阳市".into(),
        short_name: None,
        address: None,
        phone: None,
        longitude: None,
        latitude: None,
    };
    let region = identity::create_organisation(&ctx, region).await.unwrap();
    let worker = |name: &str, role: &str| {
        let mut who = testkit::staff(name, "0001", &[(role, "0001")]);
        who.organisation_id = Some(region);
        who
    };
    // Signatures name accounts, so the people who sign must be in the directory.
    let mut signers = Vec::new();
    for (login, role) in [("reader", "ecg_reader"), ("reviewer", "ecg_reviewer")] {
        let staff = identity::NewStaff {
            name: format!("医师{login}"),
            sex: ports::patients::Sex::Female,
            title: Some("主任医师".into()),
            licence_number: None,
            phone: None,
            organisation_id: region,
            department_id: None,
        };
        let staff = identity::create_staff(&ctx, staff).await.unwrap();
        let account = identity::create_account(&ctx, staff, login, "Lake-Tianmu-26").await.unwrap();
        signers.push(Principal { account_id: Some(account), ..worker(login, role) });
    }
    let tech = worker("采集员", "ecg_technician");
    let person = |name: &str| json!({"name": name, "sex": "male", "birth_date": "1958-03-09", "identifier_kind": "none", "identifier_number": null, "phone": null, "address": null});
    let mine = program.post(&tech, "/patients", person("陈建国")).await;
    let other = program.post(&tech, "/patients", person("周敏")).await;

    let exam =
        program.post(&tech, "/ecg/exams", json!({"patient_id": mine["id"], "urgency": "routine"})).await;
    let path = format!("/ecg/exams/{}", exam["id"].as_str().unwrap());
    let mut spec = ecg_signal::synth::SynthSpec::new(ecg_signal::synth::SynthRhythm::Sinus, 5);
    spec.subject.sex = Some(ecg_signal::Sex::Male);
    let [header, samples] = demo::wfdb::record(&spec, "rec", "08:00:00 01/11/2026");
    let upload = testkit::multipart(
        &format!("/api/v1{path}/recordings"),
        &[],
        &[(&header.name, &header.bytes), (&samples.name, &samples.bytes)],
        &[],
    );
    assert_eq!(program.send(&tech, upload).await.0, 201);
    program.post(&tech, &format!("{path}/submit"), json!({})).await;
    let claimed = program.post(&signers[0], &format!("{path}/claim"), json!({})).await;
    program.post(&signers[0], &format!("{path}/sign"), json!({"row_version": claimed["row_version"]})).await;

    let resident = |patient: &Value| {
        let mut who = testkit::resident(
            patient["name"].as_str().unwrap(),
            patient["id"].as_str().unwrap().parse().unwrap(),
        );
        who.organisation_path = None;
        who
    };
    let (me, stranger) = (resident(&mine), resident(&other));
    let (_, before) = program.json(&me, Method::GET, "/resident/reports", None).await;
    assert_eq!(before["items"].as_array().map(Vec::len), Some(0), "an unreviewed report is nobody's result");

    program.post(&signers[1], &format!("{path}/claim-review"), json!({})).await;
    program.post(&signers[1], &format!("{path}/approve"), json!({})).await;
    platform::jobs::run_due(&program.platform).await.unwrap();
    let (_, list) = program.json(&me, Method::GET, "/resident/reports", None).await;
    assert_eq!((&list["items"][0]["exam_id"], &list["items"][0]["unread"]), (&exam["id"], &json!(true)));
    let own = format!("/resident/reports/{}", exam["id"].as_str().unwrap());
    let (status, report) = program.json(&me, Method::GET, &own, None).await;
    assert_eq!((status, report["reviewer_name"].as_str()), (200, Some("医师reviewer")));
    let (_, list) = program.json(&me, Method::GET, "/resident/reports", None).await;
    assert_eq!(list["items"][0]["unread"], false);
    let (status, pdf) =
        program.send(&me, testkit::request(Method::GET, &format!("/api/v1{own}/report.pdf"), None)).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF-"));
    let (status, trace) = program
        .send(&me, testkit::request(Method::GET, &format!("/api/v1{own}/waveform?step=10"), None))
        .await;
    assert!(status == 200 && trace.starts_with(b"TMWW"));

    for suffix in ["", "/report.pdf", "/waveform"] {
        let (status, answer) = program.json(&stranger, Method::GET, &format!("{own}{suffix}"), None).await;
        assert_eq!((status, answer["code"].as_str()), (404, Some("not_found")), "{suffix}");
    }
    let (status, answer) = program.json(&me, Method::GET, &path, None).await;
    assert_eq!(
        (status, answer["code"].as_str()),
        (403, Some("forbidden")),
        "the staff's side is not the resident's"
    );
    let (status, answer) = program.json(&tech, Method::GET, "/resident/reports", None).await;
    assert_eq!((status, answer["code"].as_str()), (403, Some("residents_only")));
    let (status, answer) = program.json(&me, Method::GET, "/events", None).await;
    assert_eq!((status, answer["code"].as_str()), (403, Some("staff_only")));
}
