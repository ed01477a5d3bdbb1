//! What story tests stand on: a platform on a fresh database, a clock that is moved by hand, and requests without sockets.
//!
//! Each test makes its own [`TestApp`] with its own database, so tests run side by side. With `TIANMU_TEST_POSTGRES` set
//! to the address of a server (`postgres://user@host:port`), each app creates a database of its own there; otherwise it
//! uses SQLite in a temporary folder.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use kernel::{AccountId, OrganisationId, PatientId, Timestamp};
use platform::{
    Blobs, Clock, Config, Ctx, Db, JobHandler, Migration, Module, OrgPath, Platform, Principal,
    PrincipalKind, Random, RoleGrant, Subscription,
};
use serde_json::Value;
use std::collections::HashMap;
use tower::ServiceExt;
use uuid::Uuid;

/// 2026-11-23 08:00 in the region, a Monday.
pub const START: &str = "2026-11-23T00:00:00Z";

/// A platform and its routes.
#[derive(Debug)]
pub struct TestApp {
    pub platform: Platform,
    router: Router,
    _folder: tempfile::TempDir,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON; `null` when there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The JSON body, after checking the status.
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }

    /// Checks that this is a problem with the given status and code, and returns it.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let body = self.ok(status);
        assert_eq!(body["code"], code, "{body}");
        body
    }
}

/// Makes a platform on a fresh, migrated database.
pub async fn platform(migrations: &[&[Migration]]) -> (Platform, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = match std::env::var("TIANMU_TEST_POSTGRES") {
        Ok(server) => create_postgres_database(&server).await,
        Err(_) => format!("sqlite:{}", folder.path().join("test.db").display()),
    };
    let mut config = Config::default();
    config.server.data = folder.path().to_owned();
    config.database.url = url.clone();
    config.limits.requests_per_s = 100_000;
    config.limits.requests_burst = 100_000;
    config.limits.sign_ins_per_minute = 10_000;
    let db = Db::connect(&url, 4).await.expect("the database");
    let clock = Clock::manual(START.parse().expect("an instant"));
    let mut all: Vec<Migration> = platform::MIGRATIONS.to_vec();
    all.extend(migrations.iter().flat_map(|list| list.iter().copied()));
    platform::migrate::migrate(&db, clock.now(), &all).await.expect("migrations");
    let blobs = Blobs::open(&config.blob_config()).expect("the blob folder");
    let authz = platform::roles::builtin_authz().expect("the policies");
    let parts = platform::Parts { config, db, blobs, authz, clock, random: Random::from_seed(seed()) };
    (Platform::new(parts), folder)
}

/// Ids must differ between tests that share a PostgreSQL server, and repeat within one test run of one test.
fn seed() -> u64 {
    let name = std::thread::current().name().unwrap_or("test").to_owned();
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

async fn create_postgres_database(server: &str) -> String {
    let server = server.trim_end_matches('/');
    let admin = Db::connect(&format!("{server}/postgres"), 4).await.expect("the PostgreSQL server");
    let name = format!("tianmu_test_{}", Uuid::now_v7().simple());
    admin
        .execute_outside_transaction(&format!("CREATE DATABASE {name}"))
        .await
        .expect("a database of its own");
    admin.close().await;
    format!("{server}/{name}")
}

impl TestApp {
    /// Serves the routes of `modules` on `platform`, and registers their jobs.
    pub fn new(platform: Platform, folder: tempfile::TempDir, modules: Vec<Module>) -> Self {
        let mut router = utoipa_axum::router::OpenApiRouter::new();
        let mut jobs: Vec<JobHandler> = Vec::new();
        let mut subscriptions: Vec<Subscription> = Vec::new();
        for module in modules {
            router = router.merge(module.router);
            jobs.extend(module.jobs);
            subscriptions.extend(module.subscriptions);
        }
        platform.register(jobs, subscriptions).expect("modules register once");
        let (router, _) = router.split_for_parts();
        let router = router
            .layer(axum::middleware::from_fn_with_state(platform.clone(), platform::http::surround))
            .with_state(platform.clone());
        Self { platform, router, _folder: folder }
    }

    /// Sends a request as `principal`, or as nobody.
    pub async fn send(&self, principal: Option<&Principal>, mut request: Request<Body>) -> Answer {
        if let Some(principal) = principal {
            request.extensions_mut().insert(principal.clone());
        }
        let response = self.router.clone().oneshot(request).await.expect("routers do not fail");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub async fn get(&self, principal: &Principal, path: &str) -> Answer {
        self.send(Some(principal), request(Method::GET, path, None)).await
    }

    pub async fn post(&self, principal: &Principal, path: &str, body: Value) -> Answer {
        self.send(Some(principal), request(Method::POST, path, Some(body))).await
    }

    pub async fn put(&self, principal: &Principal, path: &str, body: Value) -> Answer {
        self.send(Some(principal), request(Method::PUT, path, Some(body))).await
    }

    pub async fn patch(&self, principal: &Principal, path: &str, body: Value) -> Answer {
        self.send(Some(principal), request(Method::PATCH, path, Some(body))).await
    }

    pub async fn delete(&self, principal: &Principal, path: &str) -> Answer {
        self.send(Some(principal), request(Method::DELETE, path, None)).await
    }

    /// Runs every job that is due, including those that jobs make.
    pub async fn run_jobs(&self) -> usize {
        platform::jobs::run_due(&self.platform).await.expect("the job queue")
    }

    /// Moves the clock forward.
    pub fn advance_s(&self, seconds: u64) {
        self.platform.clock().advance(std::time::Duration::from_secs(seconds));
    }

    pub fn now(&self) -> Timestamp {
        self.platform.now()
    }

    /// The context of a principal, for calling use cases directly.
    pub fn ctx(&self, principal: &Principal) -> Ctx {
        Ctx::for_principal(&self.platform, principal.clone(), "test")
    }

    /// Actions and outcomes of the audit trail, oldest first.
    pub async fn audit_actions(&self) -> Vec<(String, String)> {
        let rows: Vec<platform::audit::AuditRow> = platform::db::query_all(
            &self.platform.db().read(),
            "SELECT * FROM platform_audit ORDER BY seq",
            vec![],
        )
        .await
        .expect("the audit trail");
        rows.into_iter().map(|row| (row.action, row.outcome)).collect()
    }
}

/// A request with an optional JSON body.
pub fn request(method: Method, path: &str, body: Option<Value>) -> Request<Body> {
    let builder = Request::builder().method(method).uri(path);
    match body {
        None => builder.body(Body::empty()).expect("a request"),
        Some(body) => builder
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request"),
    }
}

/// A `multipart/form-data` request with text fields and files.
pub fn multipart(
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
    headers: &[(&str, &str)],
) -> Request<Body> {
    let boundary = "tianmu-test-boundary";
    let mut body: Vec<u8> = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    for (name, bytes) in files {
        body.extend(
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            )
            .bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").bytes());
    let mut builder = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"));
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(Body::from(body)).expect("a request")
}

/// A member of staff of the organisation at `path` holding `roles` (role, subtree path). Ids derive from the name, so the
/// same name is the same person.
pub fn staff(name: &str, path: &str, roles: &[(&str, &str)]) -> Principal {
    Principal {
        kind: PrincipalKind::Staff,
        account_id: Some(AccountId(named_uuid("account", name))),
        staff_id: Some(kernel::StaffId(named_uuid("staff", name))),
        patient_id: None,
        session_id: None,
        display_name: name.to_owned(),
        organisation_id: Some(OrganisationId(named_uuid("organisation", path))),
        organisation_path: Some(OrgPath::new(path).expect("an organisation path")),
        roles: roles
            .iter()
            .map(|(role, scope)| RoleGrant {
                role: (*role).to_owned(),
                scope: OrgPath::new(*scope).expect("a path"),
            })
            .collect(),
        restricted: false,
    }
}

/// A resident whose record is `patient`.
pub fn resident(name: &str, patient: PatientId) -> Principal {
    Principal {
        kind: PrincipalKind::Resident,
        account_id: Some(AccountId(named_uuid("account", name))),
        patient_id: Some(patient),
        display_name: name.to_owned(),
        ..Principal::system()
    }
}

/// A UUID that depends only on its arguments.
pub fn named_uuid(kind: &str, name: &str) -> Uuid {
    let digits = platform::hash::sm3_hex(format!("{kind}/{name}").as_bytes());
    Uuid::parse_str(digits.get(..32).unwrap_or_default()).unwrap_or_default()
}

/// A directory of organisations and people for crates that only need names: what `identity` answers in the program.
#[derive(Debug, Default)]
pub struct FixedDirectory {
    organisations: HashMap<Uuid, ports::identity::OrganisationBrief>,
    people: Vec<Principal>,
    disabled: std::sync::Mutex<Vec<AccountId>>,
}

impl FixedDirectory {
    /// From now on this account may not sign in.
    pub fn disable(&self, account: AccountId) {
        self.disabled.lock().expect("no other test holds this").push(account);
    }

    /// The same with people, who are then known by name and by their roles.
    #[must_use]
    pub fn with_people(mut self, people: Vec<Principal>) -> Self {
        self.people = people;
        self
    }

    /// Organisations by (path, name, kind); ids as in [`staff`].
    pub fn new(organisations: &[(&str, &str, ports::identity::OrganisationKind)]) -> Self {
        let organisations = organisations
            .iter()
            .map(|(path, name, kind)| {
                let id = named_uuid("organisation", path);
                let brief = ports::identity::OrganisationBrief {
                    id: OrganisationId(id),
                    name: (*name).to_owned(),
                    kind: *kind,
                    path: (*path).to_owned(),
                };
                (id, brief)
            })
            .collect();
        Self { organisations, ..Self::default() }
    }
}

#[async_trait::async_trait]
impl ports::identity::Directory for FixedDirectory {
    async fn organisations(
        &self,
        ids: &[OrganisationId],
    ) -> kernel::Result<Vec<ports::identity::OrganisationBrief>> {
        Ok(ids.iter().filter_map(|id| self.organisations.get(&id.uuid()).cloned()).collect())
    }

    /// The path is the code.
    async fn organisation_by_code(
        &self,
        code: &str,
    ) -> kernel::Result<Option<ports::identity::OrganisationBrief>> {
        Ok(self.organisations.values().find(|organisation| organisation.path == code).cloned())
    }

    async fn signatories(&self, ids: &[AccountId]) -> kernel::Result<Vec<ports::identity::Signatory>> {
        let signatory = |id: &AccountId| ports::identity::Signatory {
            account_id: *id,
            staff_id: None,
            name: self.people.iter().find(|person| person.account_id == Some(*id)).map_or_else(
                || format!("医师{}", id.uuid().simple().to_string().get(..4).unwrap_or_default()),
                |person| person.display_name.clone(),
            ),
            title: Some("主治医师".into()),
            licence_number: Some("110320481000001".into()),
            organisation: self
                .people
                .iter()
                .find(|person| person.account_id == Some(*id))
                .and_then(|person| self.organisations.get(&person.organisation_id?.uuid()).cloned()),
        };
        Ok(ids.iter().map(signatory).collect())
    }

    async fn enabled(&self, ids: &[AccountId]) -> kernel::Result<Vec<AccountId>> {
        let disabled = self.disabled.lock().expect("no other test holds this");
        Ok(ids.iter().copied().filter(|id| !disabled.contains(id)).collect())
    }

    async fn holders(&self, roles: &[&str], path: &str) -> kernel::Result<Vec<ports::identity::Signatory>> {
        let holds = |person: &&Principal| {
            let over = |grant: &RoleGrant| {
                roles.contains(&grant.role.as_str()) && path.starts_with(grant.scope.as_str())
            };
            person.roles.iter().any(over)
        };
        let ids: Vec<AccountId> = self.people.iter().filter(holds).filter_map(|p| p.account_id).collect();
        self.signatories(&ids).await
    }

    async fn password_matches(&self, _account: AccountId, password: &str) -> kernel::Result<bool> {
        Ok(password == "right")
    }
}
