//! What must hold for every endpoint, every role and every crate, so that nobody has to remember it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use axum::body::Body;
use axum::http::{Method, Request, header};
use platform::{Clock, Config, OrgPath, Platform, Principal, PrincipalKind, Random, RoleGrant};
use serde_json::Value;
use server::app::{self, App};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tower::ServiceExt;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

async fn assemble(folder: &Path) -> App {
    let mut config = Config::default();
    config.server.data = folder.to_owned();
    config.limits.requests_burst = 100_000;
    let app = app::assemble(config, Clock::system(), Random::from_seed(1)).await.unwrap();
    platform::migrate::migrate(app.platform.db(), app.platform.now(), &app::migrations()).await.unwrap();
    app
}

/// One operation of the document.
struct Operation {
    method: Method,
    path: String,
    id: String,
    action: String,
    audit: String,
}

async fn operations(folder: &Path) -> Vec<Operation> {
    let document = assemble(folder).await.document().unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if !operation.is_object() || operation.get("responses").is_none() {
                continue;
            }
            let text = |key: &str| operation[key].as_str().unwrap_or_default().to_owned();
            found.push(Operation {
                method,
                path: path.clone(),
                id: text("operationId"),
                action: text("x-action"),
                audit: text("x-audit"),
            });
        }
    }
    found
}

/// The path with every parameter replaced by an id that names nothing.
fn concrete(path: &str) -> String {
    let id = "00000000-0000-7000-8000-000000000000";
    path.split('/')
        .map(|part| if part.starts_with('{') { if part == "{ordinal}" { "0" } else { id } } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

async fn call(router: &axum::Router, operation: &Operation, principal: Option<&Principal>) -> (u16, Value) {
    let mut request = Request::builder().method(operation.method.clone()).uri(concrete(&operation.path));
    let body = if matches!(operation.method, Method::POST | Method::PUT | Method::PATCH | Method::DELETE) {
        request = request.header(header::CONTENT_TYPE, "application/json");
        Body::from("{}")
    } else {
        Body::empty()
    };
    let mut request = request.body(body).unwrap();
    if let Some(principal) = principal {
        request.extensions_mut().insert(principal.clone());
    }
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let streaming = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|v| v.as_bytes().starts_with(b"text/event-stream"));
    let bytes = if streaming {
        Default::default()
    } else {
        axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap()
    };
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

#[tokio::test]
async fn the_committed_document_is_the_program_s() {
    let folder = tempfile::tempdir().unwrap();
    let document = assemble(folder.path()).await.document().unwrap();
    let now = serde_json::to_string_pretty(&document).unwrap() + "\n";
    let file = root().join("openapi/v1.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == now,
        "openapi/v1.json is not what the program serves: `tianmu openapi > openapi/v1.json`, then `npm run api` in web/"
    );
}

#[tokio::test]
async fn every_operation_says_who_may_and_what_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let authz = platform::roles::builtin_authz().unwrap();
    let actions: BTreeSet<&str> = authz.actions().collect();
    let mut ids = BTreeSet::new();
    for operation in operations(folder.path()).await {
        assert!(ids.insert(operation.id.clone()), "operation id {} is used twice", operation.id);
        let known = actions.contains(operation.action.as_str())
            || matches!(operation.action.as_str(), "public" | "signed_in");
        assert!(known, "{}: x-action {:?} is no action of the policies", operation.id, operation.action);
        assert!(!operation.audit.is_empty(), "{} has no x-audit", operation.id);
    }
    assert!(ids.len() > 60, "only {} operations", ids.len());
}

#[tokio::test]
async fn nobody_gets_in_without_signing_in() {
    let folder = tempfile::tempdir().unwrap();
    let list = operations(folder.path()).await;
    let router = assemble(folder.path()).await.router(None);
    for operation in list.iter().filter(|o| o.action != "public") {
        let (status, body) = call(&router, operation, None).await;
        assert_eq!(
            (status, body["code"].as_str()),
            (401, Some("not_signed_in")),
            "{} {}",
            operation.method,
            operation.path
        );
    }
}

#[tokio::test]
async fn an_account_without_a_role_can_do_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let list = operations(folder.path()).await;
    let app = assemble(folder.path()).await;
    let platform: Platform = app.platform.clone();
    let router = app.router(None);
    let nobody = Principal {
        kind: PrincipalKind::Staff,
        account_id: Some(kernel::AccountId(platform.new_uuid())),
        display_name: "无角色".into(),
        organisation_path: Some(OrgPath::new("0001").unwrap()),
        organisation_id: Some(kernel::OrganisationId(platform.new_uuid())),
        ..Principal::system()
    };
    for operation in list.iter().filter(|o| !matches!(o.action.as_str(), "public" | "signed_in")) {
        let (status, body) = call(&router, operation, Some(&nobody)).await;
        assert!(
            (400..500).contains(&status),
            "{} {} answered {status} {body}",
            operation.method,
            operation.path
        );
    }
}

#[tokio::test]
async fn the_three_administrators_reach_no_clinical_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    let list = operations(folder.path()).await;
    let app = assemble(folder.path()).await;
    let platform: Platform = app.platform.clone();
    let router = app.router(None);
    let clinical: Vec<&Operation> = list
        .iter()
        .filter(|o| ["patient_", "ecg_", "resident_"].iter().any(|p| o.action.starts_with(p)))
        .collect();
    assert!(clinical.len() > 30);
    for role in ["system_admin", "security_admin", "audit_admin"] {
        let scope = OrgPath::new("0001").unwrap();
        // Even with a clinical role added by mistake.
        let roles = [role, "ecg_reader", "ecg_technician"]
            .map(|role| RoleGrant { role: role.into(), scope: scope.clone() })
            .to_vec();
        let administrator = Principal {
            kind: PrincipalKind::Staff,
            account_id: Some(kernel::AccountId(platform.new_uuid())),
            display_name: role.into(),
            organisation_path: Some(scope),
            organisation_id: Some(kernel::OrganisationId(platform.new_uuid())),
            roles,
            ..Principal::system()
        };
        for operation in &clinical {
            let (status, body) = call(&router, operation, Some(&administrator)).await;
            assert!(
                (400..500).contains(&status),
                "{role} {} {} answered {status} {body}",
                operation.method,
                operation.path
            );
        }
    }
}

/// Which role may do what: a file that a person can review, and that changes only on purpose.
#[test]
fn the_role_matrix_is_the_reviewed_one() {
    let authz = platform::roles::builtin_authz().unwrap();
    let roles = platform::roles::catalogue().unwrap();
    let mut allowed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for role in &roles {
        let resident = role.code == "resident";
        let principal = Principal {
            kind: if resident { PrincipalKind::Resident } else { PrincipalKind::Staff },
            account_id: Some(kernel::AccountId(uuid::Uuid::from_u128(1))),
            patient_id: resident.then_some(kernel::PatientId(uuid::Uuid::from_u128(2))),
            roles: vec![RoleGrant { role: role.code.clone(), scope: OrgPath::new("0001").unwrap() }],
            ..Principal::system()
        };
        for action in authz.allowed_actions(&principal).unwrap() {
            allowed.entry(action).or_default().insert(role.code.clone());
        }
    }
    let mut text = String::from(
        "# Role × action\n\nMade from `definitions/policies/` by `cargo test -p server` with `UPDATE_GOLDEN=1`; a change here is a change of who may do what.\n\n| action |",
    );
    for role in &roles {
        text.push_str(&format!(" {} |", role.code));
    }
    text.push_str(&format!("\n|---|{}\n", "---|".repeat(roles.len())));
    for action in authz.actions().filter(|a| !matches!(*a, "clinical" | "administration")) {
        text.push_str(&format!("| {action} |"));
        for role in &roles {
            let may = allowed.get(action).is_some_and(|r| r.contains(&role.code));
            text.push_str(if may { " ● |" } else { "  |" });
        }
        text.push('\n');
    }
    let file = root().join("docs/role-action-matrix.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).unwrap_or_default() == text,
        "docs/role-action-matrix.md is not what the policies say"
    );
}

/// Libraries stand alone but for these (ADR 0017, 0022).
const LIBRARY_EDGES: [(&str, &str); 3] =
    [("ecg-tool", "ecg-format"), ("ecg-tool", "ecg-signal"), ("service-terms", "cn-calendar")];

/// Crates may depend only downwards, and systems never on each other (ADR 0001).
#[test]
fn crates_depend_only_where_they_may() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let layer = |name: &str| -> Option<u8> {
        Some(match name {
            "kernel" => 1,
            "ports" => 2,
            "platform" => 3,
            "print" => 4,
            "identity" | "patients" | "ecg" | "resident" | "service-desk" | "notify" => 5,
            "demo" => 6,
            "server" => 7,
            "testkit" => 8,
            _ => return None,
        })
    };
    let is_lib = |package: &Value| package["manifest_path"].as_str().unwrap_or_default().contains("/libs/");
    let names: BTreeSet<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    let libs: BTreeSet<&str> =
        packages.iter().filter(|p| is_lib(p)).filter_map(|p| p["name"].as_str()).collect();
    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let on = dependency["name"].as_str().unwrap();
            if !names.contains(on) || dependency["kind"] == "dev" {
                continue;
            }
            let allowed = match (libs.contains(name), libs.contains(on)) {
                (true, true) => LIBRARY_EDGES.contains(&(name, on)),
                (true, false) => false,
                (false, true) => !matches!(name, "kernel" | "ports"),
                (false, false) => match (layer(name), layer(on)) {
                    (Some(above), Some(below)) => above > below,
                    _ => false,
                },
            };
            if !allowed {
                wrong.push(format!("{name} -> {on}"));
            }
        }
    }
    assert!(wrong.is_empty(), "not allowed: {wrong:?}; a new line between crates is an ADR and a line here");
}
