//! People of the region, one ECG through all its steps, and what the resident reads of it.

use crate::{Elsewhere, Tour};
use ecg_signal::synth::{SynthRhythm, SynthSpec};
use serde_json::{Value, json};

const CLINICAL: [&str; 5] =
    ["ecg_technician", "clinician", "ecg_reader", "ecg_reviewer", "organisation_manager"];

pub async fn visit(tour: &mut Tour) {
    let me = tour.staff("doctor", tour.home, &CLINICAL).await;
    // Two signatures are by two people.
    let second = tour.staff("doctor2", tour.home, &CLINICAL).await;
    let other = tour.staff("stranger", tour.neighbour, &CLINICAL).await;
    let gone = (Some(&other), Elsewhere::NotFound);
    let nothing = (Some(&other), Elsewhere::SeesNothing);

    // People.
    let own_place = Elsewhere::NotApplicable("everybody registers in the own organisation");
    let person = |name: &str, phone: &str| {
        json!({"name": name, "sex": "male", "birth_date": "1958-03-09", "identifier_kind": "none",
            "identifier_number": null, "phone": phone, "address": null, "duplicate_acknowledged": true})
    };
    let mut people = Vec::new();
    for (name, phone) in [("陈建国", "13800138000"), ("陈建国", "13800138000"), ("陈建果", "13800138000")]
    {
        let made = tour
            .visit("register_patient", "/patients", Some(person(name, phone)), &me, None, own_place)
            .await;
        tour.belongs_home(&made.id());
        people.push(made.body);
    }
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let patient = id(&people[0]);
    tour.visit("list_patients", "/patients?q=%E9%99%88%E5%BB%BA%E5%9B%BD", None, &me, nothing.0, nothing.1)
        .await;
    let path = format!("/patients/{patient}");
    tour.visit("get_patient", &path, None, &me, gone.0, gone.1).await;
    let change = json!({"row_version": people[0]["row_version"], "note": "听力不佳"});
    tour.visit("change_patient", &path, Some(change), &me, gone.0, gone.1).await;
    let reason = json!({"reason": "电话通知结果"});
    tour.visit("reveal_patient", &format!("{path}/reveal"), Some(reason.clone()), &me, gone.0, gone.1).await;
    tour.run_jobs().await;
    let pairs = tour
        .visit("list_patient_duplicates", "/patients/duplicates", None, &me, nothing.0, nothing.1)
        .await
        .body;
    let pair = id(&pairs["items"][0]);
    let dismiss = format!("/patients/duplicates/{pair}/dismiss");
    tour.visit("dismiss_patient_duplicate", &dismiss, Some(reason.clone()), &me, gone.0, gone.1).await;
    let merge = json!({"absorbed_patient_id": people[2]["id"], "reason": "同一人重复登记"});
    tour.visit("merge_patient", &format!("{path}/merge"), Some(merge), &me, gone.0, gone.1).await;
    let merges =
        tour.visit("list_patient_merges", &format!("{path}/merges"), None, &me, gone.0, gone.1).await.body;
    let undo = format!("/patients/merges/{}/undo", id(&merges["items"][0]));
    tour.visit("undo_patient_merge", &undo, Some(reason.clone()), &me, gone.0, gone.1).await;

    // An examination.
    let new = json!({"patient_id": patient, "urgency": "urgent", "clinical_note": "胸闷2小时"});
    let exam = tour.visit("create_ecg_exam", "/ecg/exams", Some(new.clone()), &me, gone.0, gone.1).await;
    let (exam, version) = (exam.id(), exam.body["row_version"].clone());
    tour.belongs_home(&exam);
    let path = |rest: &str| format!("/ecg/exams/{exam}{rest}");
    let edit = json!({"row_version": version, "bed": "3"});
    tour.visit("edit_ecg_exam", &path(""), Some(edit), &me, gone.0, gone.1).await;
    upload(tour, &exam, &me, &other).await;
    let seen = tour.visit("get_ecg_exam", &path(""), None, &me, gone.0, gone.1).await.body;
    let recording = id(&seen["recordings"][0]);
    tour.belongs_home(&recording);
    let of = |rest: &str| format!("/ecg/recordings/{recording}{rest}");
    tour.visit("get_ecg_recording", &of(""), None, &me, gone.0, gone.1).await;
    tour.visit("get_ecg_file", &of("/files/0"), None, &me, gone.0, gone.1).await;
    tour.visit("get_ecg_waveform", &of("/waveform?step=20"), None, &me, gone.0, gone.1).await;
    tour.visit("submit_ecg_exam", &path("/submit"), None, &me, gone.0, gone.1).await;
    tour.visit("list_ecg_exams", "/ecg/exams", None, &me, nothing.0, nothing.1).await;
    tour.visit("ecg_worklist", "/ecg/worklist?queue=to_read", None, &me, nothing.0, nothing.1).await;
    tour.visit("ecg_worklist_counts", "/ecg/worklist/counts", None, &me, nothing.0, nothing.1).await;

    // Reading: claimed, given back, claimed again, written, signed.
    tour.visit("claim_ecg_exam", &path("/claim"), None, &me, gone.0, gone.1).await;
    tour.visit("release_ecg_exam", &path("/release"), None, &me, gone.0, gone.1).await;
    let claimed = tour.visit("claim_ecg_exam", &path("/claim"), None, &me, gone.0, gone.1).await.body;
    let write = |row_version: &Value| {
        json!({"recording_id": recording, "measurements": [], "findings": "窦性心律。", "conclusion": ["窦性心律"],
            "abnormal": false, "row_version": row_version})
    };
    let body = Some(write(&claimed["row_version"]));
    let saved = tour.visit("save_ecg_report", &path("/report"), body, &me, gone.0, gone.1).await.body;
    let sign = Some(json!({"row_version": saved["row_version"]}));
    tour.visit("sign_ecg_report", &path("/sign"), sign, &me, gone.0, gone.1).await;

    // Reviewing: returned once, then approved; printed; withdrawn.
    tour.visit("claim_ecg_review", &path("/claim-review"), None, &second, gone.0, gone.1).await;
    tour.visit("return_ecg_report", &path("/return"), Some(reason.clone()), &second, gone.0, gone.1).await;
    let claimed = tour.visit("claim_ecg_exam", &path("/claim"), None, &me, gone.0, gone.1).await.body;
    let body = Some(write(&claimed["row_version"]));
    let saved = tour.visit("save_ecg_report", &path("/report"), body, &me, gone.0, gone.1).await.body;
    let sign = Some(json!({"row_version": saved["row_version"]}));
    tour.visit("sign_ecg_report", &path("/sign"), sign, &me, gone.0, gone.1).await;
    tour.visit("claim_ecg_review", &path("/claim-review"), None, &second, gone.0, gone.1).await;
    tour.visit("approve_ecg_report", &path("/approve"), None, &second, gone.0, gone.1).await;
    tour.run_jobs().await;
    tour.visit("get_ecg_report_pdf", &path("/report.pdf"), None, &me, gone.0, gone.1).await;
    tour.visit("list_ecg_report_versions", &path("/versions"), None, &me, gone.0, gone.1).await;
    let seen = tour.visit("get_ecg_exam", &path(""), None, &me, gone.0, gone.1).await.body;
    let code = seen["report"]["verify_code"].as_str().unwrap().to_owned();
    let public = Elsewhere::NotApplicable("whoever holds the paper may verify it");
    tour.visit("verify_ecg_report", &format!("/ecg/reports/verify/{code}"), None, &me, None, public).await;

    // The resident reads the published report; another resident finds nothing.
    let resident = tour.resident("resident", patient.parse().unwrap()).await;
    let another = tour.resident("resident2", id(&people[1]).parse().unwrap()).await;
    tour.visit(
        "list_own_reports",
        "/resident/reports",
        None,
        &resident,
        Some(&another),
        Elsewhere::SeesNothing,
    )
    .await;
    let own = |rest: &str| format!("/resident/reports/{exam}{rest}");
    for (operation, rest) in [
        ("get_own_report", ""),
        ("get_own_report_pdf", "/report.pdf"),
        ("get_own_waveform", "/waveform?step=20"),
    ] {
        tour.visit(operation, &own(rest), None, &resident, Some(&another), Elsewhere::NotFound).await;
    }
    tour.visit("withdraw_ecg_report", &path("/withdraw"), Some(reason.clone()), &second, gone.0, gone.1)
        .await;

    // A second examination: retaken, then given up.
    let exam = tour.visit("create_ecg_exam", "/ecg/exams", Some(new), &me, gone.0, gone.1).await.id();
    let path = |rest: &str| format!("/ecg/exams/{exam}{rest}");
    upload(tour, &exam, &me, &other).await;
    tour.visit("submit_ecg_exam", &path("/submit"), None, &me, gone.0, gone.1).await;
    tour.visit("claim_ecg_exam", &path("/claim"), None, &me, gone.0, gone.1).await;
    let retake = json!({"reason_code": "lead_off", "reason": "V3导联脱落"});
    tour.visit("request_ecg_retake", &path("/request-retake"), Some(retake), &me, gone.0, gone.1).await;
    tour.visit("void_ecg_exam", &path("/void"), Some(reason), &me, gone.0, gone.1).await;

    // Phrases of one's own.
    let own = Elsewhere::NotApplicable("phrases are the reader's own and the region's");
    let phrase = json!({"group": "节律", "text_zh": "窦性心律，偶发室性早搏"});
    let phrase = tour.visit("add_ecg_phrase", "/ecg/phrases", Some(phrase), &me, None, own).await.id();
    tour.visit("list_ecg_phrases", "/ecg/phrases", None, &me, None, own).await;
    let path = format!("/ecg/phrases/{phrase}");
    tour.visit("remove_ecg_phrase", &path, None, &me, Some(&other), Elsewhere::NotFound).await;
}

async fn upload(tour: &mut Tour, exam: &str, me: &crate::Person, other: &crate::Person) {
    let path = format!("/ecg/exams/{exam}/recordings");
    let mut spec = SynthSpec::new(SynthRhythm::Sinus, 1);
    // The file names the sex, which must be the patient's.
    spec.subject.sex = Some(ecg_signal::Sex::Male);
    let files = demo::wfdb::record(&spec, "rec", "08:00:00 01/11/2026");
    let request = || {
        let files: Vec<(&str, &[u8])> = files.iter().map(|f| (f.name.as_str(), f.bytes.as_slice())).collect();
        testkit::multipart(&format!("/api/v1{path}"), &[], &files, &[("idempotency-key", exam)])
    };
    tour.visit_with("upload_ecg_recording", &path, request, me, Some(other), Elsewhere::NotFound).await;
}
