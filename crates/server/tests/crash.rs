//! SIGKILL while people upload and background jobs run: what was acknowledged is there after the restart, and interrupted
//! jobs finish. The real executable, a real socket, a real process that dies.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use ecg_signal::synth::{SynthRhythm, SynthSpec};
use identity::{NewOrganisation, NewStaff, RoleRequest};
use kernel::OrganisationId;
use platform::{Clock, Config, Ctx, Platform, Random};
use ports::identity::OrganisationKind;
use ports::patients::Sex;
use serde_json::{Value, json};
use server::app;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PASSWORD: &str = "Lake-Tianmu-26";

struct Running {
    child: Child,
    url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already dead is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn start(data: &Path) -> Running {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = Command::new(env!("CARGO_BIN_EXE_tianmu"))
        .arg("serve")
        .env("TIANMU__SERVER__LISTEN", format!("127.0.0.1:{port}"))
        .env("TIANMU__SERVER__DATA", data)
        .env("TIANMU__DATABASE__URL", format!("sqlite:{}", data.join("tianmu.db").display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running { child, url: format!("http://127.0.0.1:{port}") };
    let started = Instant::now();
    while reqwest::get(format!("{}/readyz", running.url))
        .await
        .map(|r| !r.status().is_success())
        .unwrap_or(true)
    {
        assert!(started.elapsed() < Duration::from_secs(60), "the server does not become ready");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    running
}

/// Accounts of a technician, a reader and a reviewer, made by the use cases.
async fn people(data: &Path) -> Platform {
    let mut config = Config::default();
    config.server.data = data.to_owned();
    let app = app::assemble(config, Clock::system(), Random::from_os()).await.unwrap();
    platform::migrate::migrate(app.platform.db(), app.platform.now(), &app::migrations()).await.unwrap();
    let ctx = Ctx::system(&app.platform, "test");
    let place = |parent_id, kind, code: &str| NewOrganisation {
        parent_id,
        kind,
        code: code.into(),
        name: format!("机构{code}"),
        short_name: None,
        address: None,
        phone: None,
        longitude: None,
        latitude: None,
    };
    let root =
        identity::create_organisation(&ctx, place(None, OrganisationKind::Region, "320481")).await.unwrap();
    for (login, role) in [("tech", "ecg_technician"), ("reader", "ecg_reader"), ("reviewer", "ecg_reviewer")]
    {
        account(&ctx, root, login, role).await;
    }
    app.platform
}

async fn account(ctx: &Ctx, at: OrganisationId, login: &str, role: &str) {
    let new = NewStaff {
        name: login.into(),
        sex: Sex::Unknown,
        title: None,
        licence_number: None,
        phone: None,
        organisation_id: at,
        department_id: None,
    };
    let staff = identity::create_staff(ctx, new).await.unwrap();
    let account = identity::create_account(ctx, staff, login, PASSWORD).await.unwrap();
    identity::set_roles(
        ctx,
        account,
        &[RoleRequest { role: role.into(), scope_organisation_id: at, expires_at: None }],
    )
    .await
    .unwrap();
}

struct Person {
    http: reqwest::Client,
    url: String,
    cookie: String,
}

impl Person {
    async fn sign_in(running: &Running, login: &str) -> Self {
        let http = reqwest::Client::new();
        let body = json!({"login_name": login, "password": PASSWORD}).to_string();
        let answer = http
            .post(format!("{}/api/v1/session", running.url))
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { http, url: running.url.clone(), cookie }
    }

    async fn post(&self, path: &str, body: Value) -> Option<(u16, Value)> {
        let request = self
            .http
            .post(format!("{}/api/v1{path}", self.url))
            .header("cookie", &self.cookie)
            .header("content-type", "application/json");
        answer(request.body(body.to_string())).await
    }

    async fn get(&self, path: &str) -> Option<(u16, Value)> {
        answer(self.http.get(format!("{}/api/v1{path}", self.url)).header("cookie", &self.cookie)).await
    }

    async fn upload(&self, exam: &str, key: &str, files: &[(String, Vec<u8>)]) -> Option<(u16, Value)> {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
        let form = testkit::multipart("/x", &[], &files, &[]);
        let kind = form.headers()["content-type"].to_str().unwrap().to_owned();
        let body = axum::body::to_bytes(form.into_body(), 1 << 24).await.unwrap();
        let request = self.http.post(format!("{}/api/v1/ecg/exams/{exam}/recordings", self.url));
        answer(
            request
                .header("cookie", &self.cookie)
                .header("content-type", kind)
                .header("idempotency-key", key)
                .body(body),
        )
        .await
    }
}

/// Status and JSON, or nothing when the connection died before the whole answer came.
async fn answer(request: reqwest::RequestBuilder) -> Option<(u16, Value)> {
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    let bytes = response.bytes().await.ok()?;
    Some((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
}

fn files() -> Vec<(String, Vec<u8>)> {
    let mut spec = SynthSpec::new(SynthRhythm::Sinus, 3);
    // The file names the sex, which must be the patient's.
    spec.subject.sex = Some(ecg_signal::Sex::Male);
    demo::wfdb::record(&spec, "rec", "08:00:00 01/11/2026").map(|f| (f.name, f.bytes)).to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_has_kept_every_acknowledged_write_and_finishes_its_jobs() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    people(data).await.db().close().await;

    let mut server = start(data).await;
    let tech = Person::sign_in(&server, "tech").await;
    let person = json!({"name": "陈建国", "sex": "male", "birth_date": "1958-03-09", "identifier_kind": "none", "identifier_number": null, "phone": null, "address": null});
    let (status, patient) = tech.post("/patients", person).await.unwrap();
    assert_eq!(status, 201, "{patient}");
    let (reader, reviewer) =
        (Person::sign_in(&server, "reader").await, Person::sign_in(&server, "reviewer").await);

    // One examination is approved at the moment of death: its paper is a job that has no time to run.
    let exam = json!({"patient_id": patient["id"], "urgency": "routine"});
    let signed = tech.post("/ecg/exams", exam.clone()).await.unwrap().1["id"].as_str().unwrap().to_owned();
    let files = files();
    assert_eq!(tech.upload(&signed, "signed", &files).await.unwrap().0, 201);
    assert_eq!(tech.post(&format!("/ecg/exams/{signed}/submit"), json!({})).await.unwrap().0, 200);
    let (_, claimed) = reader.post(&format!("/ecg/exams/{signed}/claim"), json!({})).await.unwrap();
    let (status, body) = reader
        .post(&format!("/ecg/exams/{signed}/sign"), json!({"row_version": claimed["row_version"]}))
        .await
        .unwrap();
    assert_eq!(status, 200, "{body}");
    assert_eq!(reviewer.post(&format!("/ecg/exams/{signed}/claim-review"), json!({})).await.unwrap().0, 200);

    // Uploads go on until the process is shot.
    let mut exams = Vec::new();
    for _ in 0..40 {
        exams.push(tech.post("/ecg/exams", exam.clone()).await.unwrap().1["id"].as_str().unwrap().to_owned());
    }
    let pid = server.child.id().to_string();
    let killer = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(400)).await;
        Command::new("kill").args(["-KILL", &pid]).status().unwrap();
    });
    assert_eq!(
        reviewer.post(&format!("/ecg/exams/{signed}/approve"), json!({})).await.map(|a| a.0),
        Some(200)
    );
    let mut acknowledged = Vec::new();
    for exam in &exams {
        match tech.upload(exam, exam, &files).await {
            Some((201, _)) => acknowledged.push(exam.clone()),
            _ => break,
        }
    }
    killer.await.unwrap();
    let _ = server.child.wait();

    // The same data, another process.
    let server = start(data).await;
    let (tech, reader) = (Person::sign_in(&server, "tech").await, Person::sign_in(&server, "reader").await);
    for exam in &acknowledged {
        let (_, seen) = tech.get(&format!("/ecg/exams/{exam}")).await.unwrap();
        assert_eq!((seen["state"].as_str(), seen["recording_count"].as_i64()), (Some("acquired"), Some(1)));
        let id = seen["recordings"][0]["id"].as_str().unwrap();
        let original = tech
            .http
            .get(format!("{}/api/v1/ecg/recordings/{id}/files/1", tech.url))
            .header("cookie", &tech.cookie)
            .send()
            .await
            .unwrap();
        assert_eq!(original.bytes().await.unwrap(), files[1].1, "the bytes are those that were sent");
    }
    // An upload whose answer never came is sent again under its key and has its effect once.
    for exam in &exams {
        let (status, seen) = tech.upload(exam, exam, &files).await.unwrap();
        assert_eq!((status, seen["recording_count"].as_i64()), (201, Some(1)), "{seen}");
    }
    let started = Instant::now();
    loop {
        let (_, seen) = reader.get(&format!("/ecg/exams/{signed}")).await.unwrap();
        assert_eq!(seen["state"], "published");
        if seen["report"]["pdf_ready"] == true {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(90), "the interrupted job does not finish");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    drop(server);
    let platform = {
        let mut config = Config::default();
        config.server.data = data.to_owned();
        app::assemble(config, Clock::system(), Random::from_os()).await.unwrap().platform
    };
    let chain = platform::audit::verify(&platform.db().read()).await.unwrap();
    assert_eq!(chain.first_bad_seq, None, "the audit chain holds across the death of a process");
}
