//! One examination from the township clinic to the reviewed report, and everything that must be refused on the way.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use axum::body::Body;
use axum::http::Request;
use ecg::Ecg;
use ecg_format::write::SignalFormat;
use ecg_signal::synth::{SynthRhythm, SynthSpec, synthesize};
use kernel::{EcgExamId, Limit, PatientId};
use platform::Principal;
use ports::identity::OrganisationKind;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Answer, FixedDirectory, TestApp, multipart, staff};

struct County {
    app: TestApp,
    ecg: Arc<Ecg>,
    technician: Principal,
    neighbour: Principal,
    reader: Principal,
    second_reader: Principal,
    reviewer: Principal,
    patient: String,
}

async fn county() -> County {
    let (platform, folder) =
        testkit::platform(&[identity::MIGRATIONS, patients::MIGRATIONS, ecg::MIGRATIONS]).await;
    let directory = Arc::new(FixedDirectory::new(&[
        ("0001", "溧阳市", OrganisationKind::Region),
        ("00010001", "区域心电诊断中心", OrganisationKind::DiagnosisCentre),
        ("00010002", "埭头镇卫生院", OrganisationKind::TownHealthCentre),
        ("00010003", "上黄镇卫生院", OrganisationKind::TownHealthCentre),
    ]));
    let index = patients::patients(&platform, directory.clone());
    let ecg = Ecg::new(index, directory.clone(), ecg::builtin_printer().unwrap()).unwrap();
    let modules = vec![patients::module(&platform, directory), ecg::module(&ecg)];
    let app = TestApp::new(platform, folder, modules);
    let technician = staff("采集员甲", "00010002", &[("ecg_technician", "00010002")]);
    let person = json!({"name": "陈建国", "sex": "male", "birth_date": "1958-03-09", "identifier_kind": "none",
        "identifier_number": null, "phone": "13800138000", "address": null});
    let patient = app.post(&technician, "/patients", person).await.ok(201);
    County {
        patient: patient["id"].as_str().unwrap().to_owned(),
        neighbour: staff("采集员乙", "00010003", &[("ecg_technician", "00010003")]),
        reader: staff("诊断医师甲", "00010001", &[("ecg_reader", "0001")]),
        second_reader: staff("诊断医师乙", "00010001", &[("ecg_reader", "0001"), ("ecg_reviewer", "0001")]),
        reviewer: staff("审核医师", "00010001", &[("ecg_reviewer", "0001")]),
        technician,
        app,
        ecg,
    }
}

/// A WFDB record of a synthetic anterior infarction: header and samples.
fn files() -> Vec<(String, Vec<u8>)> {
    let ecg = synthesize(&SynthSpec::new(SynthRhythm::AnteriorStemi, 7));
    let leads = ecg.leads.iter().map(|(lead, samples)| ecg_format::Lead {
        label: lead.label().to_owned(),
        samples_uv: samples.clone(),
        resolution_uv: 2.5,
    });
    let recording = ecg_format::Recording {
        format: ecg_format::Format::Wfdb,
        sample_rate_hz: ecg.sample_rate_hz,
        start: None,
        leads: leads.collect(),
        patient: ecg_format::PatientAsWritten::default(),
        device: ecg_format::DeviceAsWritten::default(),
        filters: ecg_format::FiltersAsWritten::default(),
        annotations: Vec::new(),
        measurements: Vec::new(),
        statements: Vec::new(),
        median: None,
        warnings: Vec::new(),
    };
    let written = ecg_format::write::wfdb(&recording, "rec", SignalFormat::Format16).unwrap();
    written.into_iter().map(|file| (file.name, file.bytes)).collect()
}

impl County {
    async fn exam(&self) -> String {
        let body = json!({"patient_id": self.patient, "urgency": "stat", "clinical_note": "胸闷2小时"});
        let exam = self.app.post(&self.technician, "/ecg/exams", body).await.ok(201);
        assert_eq!(exam["state"], "registered");
        exam["id"].as_str().unwrap().to_owned()
    }

    async fn upload(
        &self,
        who: &Principal,
        exam: &str,
        files: &[(String, Vec<u8>)],
        fields: &[(&str, &str)],
        key: &str,
    ) -> Answer {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
        let request: Request<Body> =
            multipart(&format!("/ecg/exams/{exam}/recordings"), fields, &files, &[("idempotency-key", key)]);
        self.app.send(Some(who), request).await
    }

    async fn step(&self, who: &Principal, exam: &str, step: &str, body: Value) -> Answer {
        self.app.post(who, &format!("/ecg/exams/{exam}/{step}"), body).await
    }

    async fn get(&self, who: &Principal, exam: &str) -> Value {
        self.app.get(who, &format!("/ecg/exams/{exam}")).await.ok(200)
    }

    /// An examination that waits for its report.
    async fn submitted(&self) -> String {
        let exam = self.exam().await;
        self.upload(&self.technician, &exam, &files(), &[], &exam).await.ok(201);
        self.step(&self.technician, &exam, "submit", json!({})).await.ok(200);
        exam
    }

    /// Writes a report into the draft and signs it.
    async fn sign(&self, who: &Principal, exam: &str, conclusion: &[&str]) -> Answer {
        let seen = self.get(who, exam).await;
        let report = json!({"recording_id": seen["recordings"][0]["id"], "measurements": [{"name": "pr_ms", "edited": 172.0}],
            "findings": "V1–V4导联ST段抬高。", "conclusion": conclusion, "abnormal": true, "row_version": seen["row_version"]});
        let saved = self.app.put(who, &format!("/ecg/exams/{exam}/report"), report).await.ok(200);
        self.step(who, exam, "sign", json!({"row_version": saved["row_version"]})).await
    }
}

#[tokio::test]
async fn an_ecg_travels_from_the_clinic_to_the_resident() {
    let county = county().await;
    let exam = county.exam().await;

    // The clinic uploads; the program decodes, measures and interprets.
    let uploaded = county.upload(&county.technician, &exam, &files(), &[], "a-key").await.ok(201);
    let recording = &uploaded["recordings"][0];
    assert_eq!(
        (recording["format"].as_str(), recording["sample_count"].as_i64()),
        (Some("wfdb"), Some(5000))
    );
    assert_eq!(recording["analysis_state"], "done");
    let codes: Vec<&str> = recording["analysis"]["statements"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|s| s["code"].as_str())
        .collect();
    assert!(codes.iter().any(|c| c.contains("stemi") || c.contains("st_elevation")), "{codes:?}");

    // The same upload sent again has no second effect; another content under the same key is refused.
    county.upload(&county.technician, &exam, &files(), &[], "a-key").await.ok(201);
    assert_eq!(county.get(&county.technician, &exam).await["recordings"].as_array().unwrap().len(), 1);

    // The samples come back as they went in.
    let id = recording["id"].as_str().unwrap();
    let window = county
        .app
        .get(&county.technician, &format!("/ecg/recordings/{id}/waveform?start=100&count=50"))
        .await;
    assert_eq!((&window.bytes[..4], window.bytes.len()), (b"TMWW".as_slice(), 32 + 12 * 4 + 12 * 50 * 2));
    let original = county.app.get(&county.technician, &format!("/ecg/recordings/{id}/files/0")).await;
    assert_eq!(original.bytes, files()[0].1);

    // The diagnosis centre sees it arrive, most urgent first, and one doctor claims it.
    county.step(&county.technician, &exam, "submit", json!({})).await.ok(200);
    county.app.advance_s(120);
    let list = county.app.get(&county.reader, "/ecg/worklist?queue=to_read").await.ok(200);
    assert_eq!((&list["items"][0]["id"], &list["items"][0]["waiting_s"]), (&json!(exam), &json!(120)));
    let claimed = county.step(&county.reader, &exam, "claim", json!({})).await.ok(200);
    assert_eq!(claimed["state"], "reading");
    assert!(
        !claimed["report"]["conclusion"].as_array().unwrap().is_empty(),
        "the machine's statements open the draft"
    );

    // The report keeps the machine's value beside the doctor's.
    let signed = county.sign(&county.reader, &exam, &["窦性心律", "急性前壁心肌梗死"]).await.ok(200);
    let pr =
        signed["report"]["measurements"].as_array().unwrap().iter().find(|m| m["name"] == "pr_ms").unwrap();
    assert_eq!(pr["edited"], 172.0);
    assert_ne!(pr["machine"], 172.0);

    // A second doctor reviews; the report is printed in the background; the patient's side finds it.
    county.step(&county.reviewer, &exam, "claim-review", json!({})).await.ok(200);
    let published = county.step(&county.reviewer, &exam, "approve", json!({})).await.ok(200);
    assert_eq!(published["state"], "published");
    assert!(county.app.run_jobs().await >= 1);
    let after = county.get(&county.reader, &exam).await;
    assert_eq!(after["report"]["pdf_ready"], true);
    let pdf = county.app.get(&county.technician, &format!("/ecg/exams/{exam}/report.pdf")).await;
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    let reports = ecg::published(&county.app.platform, &county.ecg);
    let patient = PatientId(county.patient.parse().unwrap());
    let page = reports.list(&[patient], None, Limit::new(None).unwrap()).await.unwrap();
    assert_eq!(page.items[0].conclusion, ["窦性心律", "急性前壁心肌梗死"]);
    let code = after["report"]["verify_code"].as_str().unwrap();
    let verified = county
        .app
        .send(None, testkit::request("GET".parse().unwrap(), &format!("/ecg/reports/verify/{code}"), None))
        .await
        .ok(200);
    assert_eq!((&verified["valid"], &verified["patient_name_masked"]), (&json!(true), &json!("陈**")));

    // Every step left its entry, in order, and the chain holds.
    let actions: Vec<String> = county
        .app
        .audit_actions()
        .await
        .into_iter()
        .map(|(a, _)| a)
        .filter(|a| a.starts_with("ecg_") && !a.ends_with("_read") && a != "ecg_read")
        .collect();
    let steps = [
        "ecg_exam_registered",
        "ecg_recording_uploaded",
        "ecg_exam_submitted",
        "ecg_exam_claimed",
        "ecg_report_saved",
        "ecg_report_signed",
        "ecg_review_claimed",
        "ecg_report_approved",
        "ecg_report_archived",
    ];
    let mut found = actions.iter();
    for step in steps {
        assert!(found.any(|a| a == step), "{step} is missing or out of order in {actions:?}");
    }
    let chain = platform::audit::verify(&county.app.platform.db().read()).await.unwrap();
    assert_eq!(chain.first_bad_seq, None);
}

#[tokio::test]
async fn two_signatures_are_two_people_and_one_examination_has_one_holder() {
    let county = county().await;
    let exam = county.submitted().await;
    county.step(&county.technician, &exam, "claim", json!({})).await.problem(403, "forbidden");
    county.step(&county.second_reader, &exam, "claim", json!({})).await.ok(200);
    let refused =
        county.step(&county.reader, &exam, "claim", json!({})).await.problem(409, "claimed_by_other");
    assert_eq!(refused["params"]["name"], "诊断医师乙");
    county
        .step(&county.reader, &exam, "sign", json!({"row_version": 1}))
        .await
        .problem(409, "claimed_by_other");

    county.sign(&county.second_reader, &exam, &[]).await.problem(422, "report_incomplete");
    county.sign(&county.second_reader, &exam, &["正常心电图"]).await.ok(200);
    county
        .step(&county.second_reader, &exam, "claim-review", json!({}))
        .await
        .problem(422, "reviewer_is_signer");
    county.step(&county.reader, &exam, "claim-review", json!({})).await.problem(403, "forbidden");

    // A claim that has run out can be taken over, and the timeline says so.
    let other = county.submitted().await;
    county.step(&county.second_reader, &other, "claim", json!({})).await.ok(200);
    county.app.advance_s(30 * 60 + 1);
    let taken = county.step(&county.reader, &other, "claim", json!({})).await.ok(200);
    let events: Vec<&str> =
        taken["timeline"].as_array().unwrap().iter().filter_map(|e| e["event"].as_str()).collect();
    assert!(events.contains(&"claim_expired"), "{events:?}");
    county.step(&county.second_reader, &other, "release", json!({})).await.problem(409, "claimed_by_other");
}

#[tokio::test]
async fn a_report_is_returned_amended_and_withdrawn_without_losing_a_version() {
    let county = county().await;
    let exam = county.submitted().await;
    county.step(&county.reader, &exam, "claim", json!({})).await.ok(200);
    county.sign(&county.reader, &exam, &["正常心电图"]).await.ok(200);
    county.step(&county.reviewer, &exam, "claim-review", json!({})).await.ok(200);
    county
        .step(&county.reviewer, &exam, "return", json!({"reason": " "}))
        .await
        .problem(422, "validation_failed");
    let returned =
        county.step(&county.reviewer, &exam, "return", json!({"reason": "遗漏ST段抬高"})).await.ok(200);
    assert_eq!(
        (&returned["state"], &returned["returned_reason"]),
        (&json!("submitted"), &json!("遗漏ST段抬高"))
    );

    county.step(&county.reader, &exam, "claim", json!({})).await.ok(200);
    county.sign(&county.reader, &exam, &["ST段抬高"]).await.ok(200);
    county.step(&county.reviewer, &exam, "claim-review", json!({})).await.ok(200);
    county.step(&county.reviewer, &exam, "approve", json!({})).await.ok(200);
    county.app.run_jobs().await;
    county.step(&county.reviewer, &exam, "withdraw", json!({"reason": "患者信息有误"})).await.ok(200);
    let reports = ecg::published(&county.app.platform, &county.ecg);
    let patient = PatientId(county.patient.parse().unwrap());
    let id = EcgExamId(exam.parse().unwrap());
    assert!(
        reports.find(&[patient], id).await.unwrap().is_none(),
        "a withdrawn report is not the resident's result"
    );

    county.step(&county.reader, &exam, "claim", json!({})).await.ok(200);
    county.sign(&county.reader, &exam, &["急性前壁心肌梗死"]).await.ok(200);
    county.step(&county.reviewer, &exam, "claim-review", json!({})).await.ok(200);
    county.step(&county.reviewer, &exam, "approve", json!({})).await.ok(200);
    let versions = county.app.get(&county.reader, &format!("/ecg/exams/{exam}/versions")).await.ok(200);
    let states: Vec<&str> =
        versions["items"].as_array().unwrap().iter().filter_map(|v| v["state"].as_str()).collect();
    assert_eq!(states, ["returned", "withdrawn", "published"]);
    let found = reports.find(&[patient], id).await.unwrap().unwrap();
    assert!(found.amended && found.version == 3);
}

#[tokio::test]
async fn bad_files_and_wrong_patients_are_told_plainly_and_leave_nothing_behind() {
    let county = county().await;
    let exam = county.exam().await;
    let good = files();
    let send = async |files: &[(String, Vec<u8>)], key: &str| {
        county.upload(&county.technician, &exam, files, &[], key).await
    };

    send(&[("a.txt".into(), b"hello".to_vec())], "1").await.problem(422, "ecg_format_unknown");
    send(&good[..1], "2").await.problem(422, "ecg_file_missing_part");
    let mut cut = good.clone();
    cut[1].1.truncate(1000);
    let answer = send(&cut, "3").await;
    let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
    assert!(
        matches!(code.as_str(), "ecg_file_truncated" | "ecg_file_damaged") || answer.status.as_u16() == 201,
        "{code}"
    );
    county
        .step(&county.technician, &county.exam().await, "submit", json!({}))
        .await
        .problem(422, "recording_missing");

    // Another institution neither sees the examination nor uploads to it.
    county.app.get(&county.neighbour, &format!("/ecg/exams/{exam}")).await.problem(404, "not_found");
    county.upload(&county.neighbour, &exam, &good, &[], "4").await.problem(404, "not_found");
    let foreign = json!({"patient_id": county.patient, "urgency": "routine"});
    county.app.post(&county.neighbour, "/ecg/exams", foreign).await.problem(404, "not_found");
    county.app.get(&county.technician, "/ecg/exams?from=yesterday").await.problem(400, "query_invalid");
    county.app.get(&county.technician, "/ecg/exams?state=nonsense").await.problem(422, "validation_failed");

    // A key stands for one content.
    let clean = county.exam().await;
    county.upload(&county.technician, &clean, &good, &[], "same").await.ok(201);
    let other: Vec<(String, Vec<u8>)> =
        good.iter().map(|(n, b)| (n.clone(), b.iter().rev().copied().collect())).collect();
    let answer = county.upload(&county.technician, &clean, &other, &[], "same").await;
    assert!(matches!(answer.status.as_u16(), 409 | 422), "{}", answer.status);
    assert_eq!(county.get(&county.technician, &clean).await["recordings"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_worklist_is_read_along_its_index() {
    let county = county().await;
    if county.app.platform.db().dialect() != platform::Dialect::Sqlite {
        return; // PostgreSQL plans by statistics, which a handful of rows do not give.
    }
    let scope = platform::Scope::of([platform::OrgPath::new("0001").unwrap()]);
    let (sql, values) =
        ecg::worklist_sql(&scope, ecg::WorkQueue::Named("read"), &ecg::Filter::default(), None, 51);
    #[derive(sea_orm::FromQueryResult)]
    struct Plan {
        detail: String,
    }
    let rows: Vec<Plan> = platform::db::query_all(
        &county.app.platform.db().read(),
        &format!("EXPLAIN QUERY PLAN {sql}"),
        values,
    )
    .await
    .unwrap();
    let plan: Vec<String> = rows.into_iter().map(|r| r.detail).collect();
    assert_eq!(plan, ["SEARCH ecg_exam USING INDEX ecg_exam_queue (queue=?)"], "no scan and no sort");
}
