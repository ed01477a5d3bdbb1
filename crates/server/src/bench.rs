//! `tianmu bench`: a load driver for the two paths that a region leans on, over a real socket, against this program on a
//! database of its own. The figures and the machine go into docs/performance.md.

use crate::{app, say};
use ecg_signal::synth::{SynthRhythm, SynthSpec};
use identity::{NewOrganisation, NewStaff, RoleRequest};
use kernel::{Error, OrganisationId, Result};
use platform::db::{Exec, execute, query_number};
use platform::{Clock, Config, Ctx, Platform, Random};
use ports::identity::OrganisationKind;
use ports::patients::Sex;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

const PASSWORD: &str = "Bench-Tianmu-26";
/// Of a million examinations so many wait for a report at once in a busy county.
const WAITING: u64 = 2_000;

/// What to measure.
#[derive(Clone, Copy, Debug)]
pub enum Bench {
    /// Worklist and lists over this many examinations.
    Worklist { exams: u64 },
    /// Registrations with uploads for this long, so many at once, and so many uploads to each registration.
    Uploads { seconds: u64, at_once: usize, each: u16 },
}

/// Runs one measurement on the database of `config`, which must be empty.
pub async fn run(mut config: Config, bench: Bench) -> Result<()> {
    config.limits.requests_per_s = 1_000_000;
    config.limits.requests_burst = 1_000_000;
    // An error means that a provider is chosen already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let app = app::assemble(config, Clock::system(), Random::from_os()).await?;
    let platform = app.platform.clone();
    platform::migrate::migrate(platform.db(), platform.now(), &app::migrations()).await?;
    let organisations =
        query_number(&platform.db().read(), "SELECT COUNT(*) AS n FROM identity_organisation", vec![])
            .await?;
    if organisations > 0 {
        return Err(Error::invalid(
            "bench_database_not_empty",
            "measure on an empty database: --data DIR, or TIANMU__DATABASE__URL",
        ));
    }
    let region = people(&platform).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(Error::internal)?;
    let url = format!("http://{}/api/v1", listener.local_addr().map_err(Error::internal)?);
    let router = app.router(None);
    tokio::spawn(async move {
        axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await
    });
    match bench {
        Bench::Worklist { exams } => worklist(&platform, &url, region, exams).await?,
        Bench::Uploads { seconds, at_once, each } => {
            uploads(&url, Duration::from_secs(seconds), at_once, each).await?;
        }
    }
    platform.shut_down();
    platform.db().close().await;
    Ok(())
}

async fn people(platform: &Platform) -> Result<OrganisationId> {
    let ctx = Ctx::system(platform, "bench");
    let place = NewOrganisation {
        parent_id: None,
        kind: OrganisationKind::Region,
        code: "bench".into(),
        name: "Bench".into(),
        short_name: None,
        address: None,
        phone: None,
        longitude: None,
        latitude: None,
    };
    let region = identity::create_organisation(&ctx, place).await?;
    for (login, role) in [("bench-tech", "ecg_technician"), ("bench-reader", "ecg_reader")] {
        let new = NewStaff {
            name: login.into(),
            sex: Sex::Unknown,
            title: None,
            licence_number: None,
            phone: None,
            organisation_id: region,
            department_id: None,
        };
        let staff = identity::create_staff(&ctx, new).await?;
        let account = identity::create_account(&ctx, staff, login, PASSWORD).await?;
        identity::set_roles(
            &ctx,
            account,
            &[RoleRequest { role: role.into(), scope_organisation_id: region, expires_at: None }],
        )
        .await?;
    }
    Ok(region)
}

/// A signed-in client.
#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    url: String,
    cookie: String,
}

impl Client {
    async fn sign_in(url: &str, login: &str) -> Result<Self> {
        let http = reqwest::Client::new();
        let body = json!({"login_name": login, "password": PASSWORD}).to_string();
        let request =
            http.post(format!("{url}/session")).header("content-type", "application/json").body(body);
        let answer = request.send().await.map_err(Error::internal)?;
        let cookie = answer
            .headers()
            .get("set-cookie")
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.split(';').next());
        let cookie = cookie.ok_or_else(|| Error::internal("the bench account cannot sign in"))?.to_owned();
        Ok(Self { http, url: url.to_owned(), cookie })
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value> {
        serde_json::from_slice(&self.answer(request).await?).map_err(Error::internal)
    }

    /// The answer as it came: a driver on the server's own cores should not spend them on reading what it does not need.
    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<bytes::Bytes> {
        let answer = request.header("cookie", &self.cookie).send().await.map_err(Error::internal)?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(Error::internal)?;
        if !status.is_success() {
            return Err(Error::internal(format!("{status}: {}", String::from_utf8_lossy(&bytes))));
        }
        Ok(bytes)
    }

    async fn get(&self, path: &str) -> Result<Value> {
        self.send(self.http.get(format!("{}{path}", self.url))).await
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value> {
        let request =
            self.http.post(format!("{}{path}", self.url)).header("content-type", "application/json");
        self.send(request.body(body.to_string())).await
    }

    async fn patient(&self, n: u64) -> Result<String> {
        // Names have no digits: the number is written in Chinese ones.
        let name: String = n
            .to_string()
            .bytes()
            .filter_map(|b| "零一二三四五六七八九".chars().nth(usize::from(b - b'0')))
            .collect();
        let person = json!({"name": format!("测试{name}"), "sex": "female", "birth_date": "1960-01-01", "identifier_kind": "none",
            "identifier_number": null, "phone": null, "address": null, "duplicate_acknowledged": true});
        Ok(id_of(&self.post("/patients", person).await?))
    }
}

fn id_of(answer: &Value) -> String {
    answer.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}

async fn worklist(platform: &Platform, url: &str, region: OrganisationId, exams: u64) -> Result<()> {
    let tech = Client::sign_in(url, "bench-tech").await?;
    let mut patients = Vec::new();
    for n in 0..50 {
        patients.push(uuid::Uuid::parse_str(&tech.patient(n).await?).map_err(Error::internal)?);
    }
    let started = Instant::now();
    fill(platform, region, &patients, exams).await?;
    say(&format!("filled {exams} examinations in {:.1} s", started.elapsed().as_secs_f64()))?;
    let reader = Client::sign_in(url, "bench-reader").await?;
    for path in [
        "/ecg/worklist?queue=to_read",
        "/ecg/worklist?queue=to_read&urgency=stat",
        "/ecg/worklist/counts",
        "/ecg/exams",
        "/ecg/exams?state=published&abnormal=true",
        "/ecg/exams?q=%E6%B5%8B%E8%AF%95%E4%B8%83",
    ] {
        for _ in 0..20 {
            reader.get(path).await?;
        }
        let mut times = Vec::new();
        for _ in 0..300 {
            let started = Instant::now();
            reader.get(path).await?;
            times.push(started.elapsed());
        }
        say(&format!("{path:<44} {}", quantiles(&mut times)))?;
    }
    Ok(())
}

/// Inserts published examinations of two years and a queue of waiting ones, past the use cases: only the reading is measured.
async fn fill(
    platform: &Platform,
    region: OrganisationId,
    patients: &[uuid::Uuid],
    exams: u64,
) -> Result<()> {
    let now = platform.now().micros();
    let span = 2 * 365 * 86_400_000_000_i64;
    let total = i64::try_from(exams).map_err(Error::internal)?.max(1);
    let waiting = i64::try_from(WAITING.min(exams)).map_err(Error::internal)?;
    let mut n: i64 = 0;
    while n < total {
        let txn = platform.db().begin().await?;
        let exec = Exec::Transaction(&txn);
        for _ in 0..20 {
            let mut values = Vec::new();
            let mut rows = Vec::new();
            for _ in 0..500 {
                if n >= total {
                    break;
                }
                let at = now - span + span / total * n;
                let waits = n >= total - waiting;
                let (state, queue) =
                    if waits { ("submitted", Some("read".to_owned())) } else { ("published", None) };
                let rank = i32::try_from(n % 3).unwrap_or(2);
                let urgency = ["stat", "urgent", "routine"]
                    .get(usize::try_from(rank).unwrap_or(2))
                    .copied()
                    .unwrap_or("routine");
                let patient = patients
                    .get(usize::try_from(n).unwrap_or(0) % patients.len().max(1))
                    .copied()
                    .unwrap_or_default();
                let first = values.len() + 1;
                values.extend([
                    platform.random().uuid(kernel::Timestamp::from_micros(at)).into(),
                    format!("B{n}").into(),
                    state.into(),
                    queue.into(),
                    urgency.into(),
                    rank.into(),
                    patient.into(),
                    region.uuid().into(),
                    "0001".into(),
                    patient.into(),
                    at.into(),
                    (n % 4 == 0).into(),
                ]);
                let p = |i: usize| format!("${}", first + i);
                rows.push(format!(
                    "({}, {}, {}, {}, {}, {}, {}, {}, {}, '[]', {}, 'bench', {}, {}, {}, {}, 1, 1, 1)",
                    p(0),
                    p(1),
                    p(2),
                    p(3),
                    p(4),
                    p(5),
                    p(6),
                    p(7),
                    p(8),
                    p(9),
                    p(10),
                    p(10),
                    p(10),
                    p(11)
                ));
                n += 1;
            }
            if rows.is_empty() {
                break;
            }
            let sql = format!(
                "INSERT INTO ecg_exam (id, exam_number, state, queue, urgency, urgency_rank, patient_id, organisation_id, \
                 organisation_path, symptoms, registered_by, registered_by_name, registered_at, submitted_at, published_at, abnormal, \
                 recording_count, report_version, row_version) VALUES {}",
                rows.join(", ")
            );
            execute(&exec, &sql, values).await?;
        }
        drop(exec);
        txn.commit().await.map_err(Error::internal)?;
    }
    platform.db().execute_outside_transaction("ANALYZE").await
}

async fn uploads(url: &str, length: Duration, at_once: usize, each: u16) -> Result<()> {
    let tech = Client::sign_in(url, "bench-tech").await?;
    let patient = tech.patient(0).await?;
    let (kind, body) = form();
    let started = Instant::now();
    let mut workers = Vec::new();
    for worker in 0..at_once.clamp(1, 256) {
        let (tech, patient, kind, body) = (tech.clone(), patient.clone(), kind.clone(), body.clone());
        workers.push(tokio::spawn(async move {
            let mut times = Vec::new();
            while started.elapsed() < length {
                let exam =
                    tech.post("/ecg/exams", json!({"patient_id": patient, "urgency": "routine"})).await?;
                let exam = id_of(&exam);
                for _ in 0..each {
                    let begun = Instant::now();
                    let request = tech.http.post(format!("{}/ecg/exams/{exam}/recordings", tech.url));
                    let key = format!("{worker}-{}", times.len());
                    let request = request.header("content-type", &kind).header("idempotency-key", key);
                    tech.answer(request.body(body.clone())).await?;
                    times.push(begun.elapsed());
                }
            }
            Result::Ok(times)
        }));
    }
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await.map_err(Error::internal)??);
    }
    let rate = f64::from(u32::try_from(times.len()).unwrap_or(u32::MAX)) / started.elapsed().as_secs_f64();
    say(&format!(
        "{rate:.1} uploads/s with {at_once} at once, {each} to a registration; upload {}",
        quantiles(&mut times)
    ))?;
    say(&format!("memory of this process, client included: {}", memory()))
}

/// A 12-lead recording of 10 s at 500 Hz as an upload form: what a cart sends.
fn form() -> (String, bytes::Bytes) {
    let mut spec = SynthSpec::new(SynthRhythm::Sinus, 1);
    // As the patients that the driver registers.
    spec.subject.sex = Some(ecg_signal::Sex::Female);
    let files = demo::wfdb::record(&spec, "rec", "08:00:00 01/11/2026");
    let boundary = "tianmu-bench";
    let mut body: Vec<u8> = Vec::new();
    for demo::wfdb::File { name, bytes: content } in &files {
        body.extend(
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n"
            )
            .bytes(),
        );
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").bytes());
    (format!("multipart/form-data; boundary={boundary}"), body.into())
}

fn quantiles(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |percent: usize| {
        times
            .get((times.len() * percent / 100).min(times.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    let ms = |d: Duration| d.as_secs_f64() * 1000.0;
    format!(
        "p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, of {}",
        ms(at(50)),
        ms(at(95)),
        ms(at(99)),
        times.len()
    )
}

/// Resident and greatest resident memory, as Linux tells it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status.lines().filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM"));
    lines.map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(", ")
}
