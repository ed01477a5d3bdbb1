//! Every operation of the API, called once as a person would: who is not signed in is refused, who works elsewhere gets
//! nothing of it, who may gets an answer, and the audit trail has the entry that the document promises.
//!
//! A new context adds a file with its part of the tour. An operation that no part visits fails the test by name.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod administration;
mod clinic;
mod duties;
mod notify;
mod service;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use identity::{NewOrganisation, NewStaff, RoleRequest};
use kernel::{AccountId, OrganisationId, PatientId};
use platform::{Clock, Config, Ctx, Platform, Random};
use ports::identity::OrganisationKind;
use ports::patients::Sex;
use serde_json::Value;
use server::app;
use std::collections::{BTreeMap, BTreeSet};
use tower::ServiceExt;

pub const PASSWORD: &str = "Lake-Tianmu-26";

/// What somebody of another organisation, with the same roles there, finds where a person of this one finds something.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Elsewhere {
    /// The record does not exist for them.
    NotFound,
    /// They may not act on this organisation.
    Forbidden,
    /// A list or search answers, with nothing of this organisation in it.
    SeesNothing,
    /// There is no other organisation here: the own account, or nothing that belongs to one. With the reason.
    NotApplicable(&'static str),
}

/// One person with a session.
#[derive(Clone)]
pub struct Person {
    pub account: AccountId,
    pub cookie: String,
}

/// The answer to a step.
pub struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Reply {
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.body)).to_owned()
    }
}

struct Operation {
    method: Method,
    path: String,
    public: bool,
    /// The audit action, unless the document says why there is none.
    audit: Option<String>,
}

/// The program on a database of its own, a home town and a neighbour, and what was visited so far.
pub struct Tour {
    pub platform: Platform,
    router: Router,
    operations: BTreeMap<String, Operation>,
    visited: BTreeSet<String>,
    /// Ids that belong to the home town: none may appear in an answer to the neighbour.
    home_ids: Vec<String>,
    pub region: OrganisationId,
    pub home: OrganisationId,
    pub neighbour: OrganisationId,
    /// What left the program.
    pub outside: notify::Outside,
    _folder: tempfile::TempDir,
}

impl Tour {
    async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.server.data = folder.path().to_owned();
        config.limits.requests_burst = 100_000;
        config.limits.sign_ins_per_minute = 10_000;
        config.session.administrators_need_totp = false;
        let (notify, outside) = notify::outside().await;
        config.notify = notify;
        config.service.alerts.push(service::alert_source());
        let clock = Clock::manual(testkit::START.parse().unwrap());
        let document = app::assemble(config.clone(), clock.clone(), Random::from_seed(8))
            .await
            .unwrap()
            .document()
            .unwrap();
        let app = app::assemble(config, clock, Random::from_seed(9)).await.unwrap();
        let platform = app.platform.clone();
        platform::migrate::migrate(platform.db(), platform.now(), &app::migrations()).await.unwrap();
        let ctx = Ctx::system(&platform, "test");
        let organisation = |parent_id, kind, code: &str, name: &str| NewOrganisation {
            parent_id,
            kind,
            code: code.into(),
            name: name.into(),
            short_name: None,
            address: None,
            phone: None,
            longitude: None,
            latitude: None,
        };
        let region = organisation(None, OrganisationKind::Region, "320481", "溧阳市");
        let region = identity::create_organisation(&ctx, region).await.unwrap();
        let town = |code, name| organisation(Some(region), OrganisationKind::TownHealthCentre, code, name);
        let home = identity::create_organisation(&ctx, town("320481101", "埭头镇卫生院")).await.unwrap();
        let neighbour = identity::create_organisation(&ctx, town("320481102", "上黄镇卫生院")).await.unwrap();
        let home_ids = vec![home.uuid().to_string()];
        Self {
            router: app.router(None),
            operations: operations(&document),
            visited: BTreeSet::new(),
            home_ids,
            platform,
            region,
            home,
            neighbour,
            outside,
            _folder: folder,
        }
    }

    /// A member of staff of `organisation` with `roles` over it, signed in.
    pub async fn staff(&self, login: &str, organisation: OrganisationId, roles: &[&str]) -> Person {
        let ctx = Ctx::system(&self.platform, "test");
        let new = NewStaff {
            name: format!("职工{login}"),
            sex: Sex::Female,
            title: Some("主治医师".into()),
            licence_number: None,
            phone: None,
            organisation_id: organisation,
            department_id: None,
        };
        let staff = identity::create_staff(&ctx, new).await.unwrap();
        let account = identity::create_account(&ctx, staff, login, PASSWORD).await.unwrap();
        let request = |role: &&str| RoleRequest {
            role: (*role).into(),
            scope_organisation_id: organisation,
            expires_at: None,
        };
        identity::set_roles(&ctx, account, &roles.iter().map(request).collect::<Vec<_>>()).await.unwrap();
        self.sign_in(account, login).await
    }

    /// A resident with an account, signed in.
    pub async fn resident(&self, login: &str, patient: PatientId) -> Person {
        let ctx = Ctx::system(&self.platform, "test");
        let account =
            identity::create_resident_account(&ctx, patient, "居民", login, PASSWORD).await.unwrap();
        self.sign_in(account, login).await
    }

    pub async fn sign_in(&self, account: AccountId, login: &str) -> Person {
        let body = serde_json::json!({"login_name": login, "password": PASSWORD});
        let request = testkit::request(Method::POST, "/api/v1/session", Some(body));
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{login} cannot sign in");
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        Person { account, cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    /// From now on this id belongs to the home town.
    pub fn belongs_home(&mut self, id: &str) {
        self.home_ids.push(id.to_owned());
    }

    pub async fn run_jobs(&self) {
        platform::jobs::run_due(&self.platform).await.unwrap();
    }

    /// Calls operation `id` at `path` (below `/api/v1`, with its ids filled in) with a JSON body or none.
    pub async fn visit(
        &mut self,
        id: &str,
        path: &str,
        body: Option<Value>,
        who: &Person,
        elsewhere: Option<&Person>,
        expected: Elsewhere,
    ) -> Reply {
        let method = self.operation(id).method.clone();
        let request = || testkit::request(method.clone(), &format!("/api/v1{path}"), body.clone());
        self.visit_with(id, path, request, who, elsewhere, expected).await
    }

    /// The same with a request of one's own making.
    pub async fn visit_with(
        &mut self,
        id: &str,
        path: &str,
        request: impl Fn() -> Request<Body>,
        who: &Person,
        elsewhere: Option<&Person>,
        expected: Elsewhere,
    ) -> Reply {
        let operation = self.operation(id);
        let pattern = operation.path.trim_start_matches("/api/v1");
        let same = pattern
            .split('/')
            .zip(path.split('?').next().unwrap().split('/'))
            .all(|(p, c)| p.starts_with('{') || p == c);
        assert!(same, "{id} is at {pattern}, not at {path}");
        let (public, audit) = (operation.public, operation.audit.clone());

        if !public {
            let (status, body) = self.send(request(), None).await;
            assert_eq!(
                (status, body["code"].as_str()),
                (401, Some("not_signed_in")),
                "{id}, nobody signed in"
            );
        }
        match (expected, elsewhere) {
            (Elsewhere::NotApplicable(reason), _) => assert!(!reason.is_empty(), "{id}"),
            (_, None) => panic!("{id}: who works elsewhere?"),
            (_, Some(other)) => self.refuse(id, request(), other, expected).await,
        }

        let before = self.last_audit().await;
        let (status, body) = self.send(request(), Some(who)).await;
        assert!((200..300).contains(&status), "{id} answered {status} {body}");
        if let Some(action) = audit {
            let entries = self.audit_since(before).await;
            assert!(
                entries.iter().any(|(a, outcome)| *a == action && outcome == "allowed"),
                "{id} promises the audit entry {action:?} and wrote {entries:?}"
            );
        }
        self.visited.insert(id.to_owned());
        Reply { status, body }
    }

    async fn refuse(&self, id: &str, request: Request<Body>, other: &Person, expected: Elsewhere) {
        let (status, body) = self.send(request, Some(other)).await;
        match expected {
            Elsewhere::NotFound => {
                assert_eq!(
                    (status, body["code"].as_str()),
                    (404, Some("not_found")),
                    "{id} elsewhere: {body}"
                );
            }
            Elsewhere::Forbidden => assert_eq!(status, 403, "{id} elsewhere: {body}"),
            _ => {
                assert_eq!(status, 200, "{id} elsewhere: {body}");
                let text = body.to_string();
                for home in &self.home_ids {
                    assert!(!text.contains(home.as_str()), "{id} shows {home} to somebody elsewhere: {text}");
                }
            }
        }
    }

    fn operation(&self, id: &str) -> &Operation {
        self.operations.get(id).unwrap_or_else(|| panic!("no operation {id}"))
    }

    async fn send(&self, mut request: Request<Body>, who: Option<&Person>) -> (u16, Value) {
        if let Some(who) = who {
            request.headers_mut().insert(header::COOKIE, who.cookie.parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let kind =
            response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if kind.starts_with("text/event-stream") {
            return (status, Value::Null);
        }
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// A plain reading, outside the tour.
    pub async fn get(&self, path: &str, who: &Person) -> Value {
        let request = testkit::request(Method::GET, &format!("/api/v1{path}"), None);
        self.send(request, Some(who)).await.1
    }

    async fn last_audit(&self) -> i64 {
        let sql = "SELECT COALESCE(MAX(seq), 0) AS n FROM platform_audit";
        platform::db::query_number(&self.platform.db().read(), sql, vec![]).await.unwrap()
    }

    async fn audit_since(&self, seq: i64) -> Vec<(String, String)> {
        let rows: Vec<platform::audit::AuditRow> = platform::db::query_all(
            &self.platform.db().read(),
            "SELECT * FROM platform_audit WHERE seq > $1 ORDER BY seq",
            vec![seq.into()],
        )
        .await
        .unwrap();
        rows.into_iter().map(|row| (row.action, row.outcome)).collect()
    }
}

fn operations(document: &Value) -> BTreeMap<String, Operation> {
    let mut found = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else { continue };
            let audit = operation["x-audit"].as_str().unwrap_or_default();
            let entry = Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                public: operation["x-action"] == "public",
                audit: (!audit.starts_with("none")).then(|| audit.to_owned()),
            };
            found.insert(id.to_owned(), entry);
        }
    }
    found
}

#[tokio::test]
async fn every_operation_refuses_strangers_and_leaves_its_audit_entry() {
    let mut tour = Tour::begin().await;
    administration::visit(&mut tour).await;
    clinic::visit(&mut tour).await;
    service::visit(&mut tour).await;
    notify::visit(&mut tour).await;
    let missing: Vec<&String> = tour.operations.keys().filter(|id| !tour.visited.contains(*id)).collect();
    assert!(missing.is_empty(), "no part of the tour visits {missing:?}");
}
