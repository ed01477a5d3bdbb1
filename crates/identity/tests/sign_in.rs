//! Stories of the people who administer the region: organisations, staff, accounts, roles, sessions.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use identity::{NewOrganisation, NewStaff, RoleRequest};
use kernel::{AccountId, OrganisationId};
use platform::Ctx;
use ports::identity::OrganisationKind;
use ports::patients::Sex;
use serde_json::{Value, json};
use testkit::{Answer, TestApp};

const PASSWORD: &str = "Lake-Tianmu-26";

struct Region {
    app: TestApp,
    router: axum::Router,
    root: OrganisationId,
    clinic: OrganisationId,
}

async fn region() -> Region {
    let (platform, folder) = testkit::platform(&[identity::MIGRATIONS]).await;
    let module = identity::module(&platform);
    let (router, _) = module.router.split_for_parts();
    let router = router
        .layer(axum::middleware::from_fn_with_state(platform.clone(), identity::authenticate))
        .layer(axum::middleware::from_fn_with_state(platform.clone(), platform::http::surround))
        .with_state(platform.clone());
    let app = TestApp::new(platform, folder, vec![]);
    let ctx = Ctx::system(&app.platform, "test");
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
    let root =
        identity::create_organisation(&ctx, organisation(None, OrganisationKind::Region, "320481", "溧阳市"))
            .await
            .unwrap();
    let town = organisation(Some(root), OrganisationKind::TownHealthCentre, "320481101", "埭头镇卫生院");
    let clinic = identity::create_organisation(&ctx, town).await.unwrap();
    Region { app, router, root, clinic }
}

impl Region {
    async fn account(&self, login: &str, role: &str, scope: OrganisationId) -> AccountId {
        let ctx = Ctx::system(&self.app.platform, "test");
        let new = NewStaff {
            name: format!("职工{login}"),
            sex: Sex::Female,
            title: Some("主治医师".into()),
            licence_number: None,
            phone: None,
            organisation_id: scope,
            department_id: None,
        };
        let staff = identity::create_staff(&ctx, new).await.unwrap();
        let account = identity::create_account(&ctx, staff, login, PASSWORD).await.unwrap();
        let request = RoleRequest { role: role.into(), scope_organisation_id: scope, expires_at: None };
        identity::set_roles(&ctx, account, &[request]).await.unwrap();
        account
    }

    async fn send(&self, cookie: Option<&str>, method: &str, path: &str, body: Option<Value>) -> Answer {
        use tower::ServiceExt;
        let mut request = testkit::request(method.parse().unwrap(), path, body);
        if let Some(cookie) = cookie {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    async fn sign_in(&self, login: &str, password: &str) -> Answer {
        self.send(None, "POST", "/session", Some(json!({"login_name": login, "password": password}))).await
    }

    /// Signs in and returns the cookie.
    async fn cookie(&self, login: &str) -> String {
        let answer = self.sign_in(login, PASSWORD).await;
        answer.ok(200);
        answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_clinician_signs_in_works_is_locked_out_and_times_out() {
    let region = region().await;
    region.account("zhang", "ecg_technician", region.clinic).await;

    region.send(None, "GET", "/session", None).await.problem(401, "not_signed_in");
    region.sign_in("nobody", PASSWORD).await.problem(401, "login_failed");
    let answer = region.sign_in("ZHANG", PASSWORD).await;
    let me = answer.ok(200);
    assert_eq!(me["organisation"]["name"], "埭头镇卫生院");
    let actions: Vec<&str> = me["actions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(actions.contains(&"ecg_upload") && !actions.contains(&"ecg_report"), "{actions:?}");
    let set_cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(set_cookie.contains("HttpOnly") && set_cookie.contains("SameSite=Strict"), "{set_cookie}");

    // Five wrong passwords lock the account, also for the right one, for a quarter of an hour.
    for _ in 0..5 {
        region.sign_in("zhang", "wrong").await.problem(401, "login_failed");
    }
    region.sign_in("zhang", PASSWORD).await.problem(423, "account_locked");
    region.app.advance_s(15 * 60 + 1);
    let cookie = region.cookie("zhang").await;

    // Half an hour without a request ends the session.
    region.app.advance_s(29 * 60);
    region.send(Some(&cookie), "GET", "/session", None).await.ok(200);
    region.app.advance_s(30 * 60);
    region.send(Some(&cookie), "GET", "/session", None).await.problem(401, "session_expired");

    let audit = region.app.audit_actions().await;
    let denied =
        audit.iter().filter(|(action, outcome)| action == "signed_in" && outcome == "denied").count();
    assert_eq!(denied, 7, "one unknown name, five wrong passwords, one while locked");
    let found = platform::audit::verify(&region.app.platform.db().read()).await.unwrap();
    assert_eq!(found.first_bad_seq, None);
}

#[tokio::test]
async fn changing_the_password_signs_the_other_devices_out() {
    let region = region().await;
    region.account("lina", "clinician", region.clinic).await;
    let (here, there) = (region.cookie("lina").await, region.cookie("lina").await);
    let devices = region.send(Some(&here), "GET", "/session/devices", None).await.ok(200);
    assert_eq!(devices["items"].as_array().unwrap().len(), 2);

    let change = |new: &str| json!({"current_password": PASSWORD, "new_password": new});
    region
        .send(Some(&here), "POST", "/session/password", Some(change("short")))
        .await
        .problem(422, "password_too_weak");
    region
        .send(Some(&here), "POST", "/session/password", Some(change(PASSWORD)))
        .await
        .problem(422, "password_reused");
    region.send(Some(&here), "POST", "/session/password", Some(change("River-Tianmu-27"))).await.ok(204);
    region.send(Some(&here), "GET", "/session", None).await.ok(200);
    region.send(Some(&there), "GET", "/session", None).await.problem(401, "session_expired");
    region.sign_in("lina", PASSWORD).await.problem(401, "login_failed");
}

#[tokio::test]
async fn an_administrator_must_enrol_a_second_factor_before_anything_else() {
    let region = region().await;
    region.account("sec", "security_admin", region.root).await;
    let cookie = region.cookie("sec").await;
    let me = region.send(Some(&cookie), "GET", "/session", None).await.ok(200);
    assert_eq!((&me["totp_required"], &me["totp_enrolled"]), (&json!(true), &json!(false)));
    region.send(Some(&cookie), "GET", "/staff", None).await.problem(403, "sign_in_incomplete");

    let enrolment = region.send(Some(&cookie), "POST", "/session/totp", None).await.ok(200);
    assert!(enrolment["qr_svg"].as_str().unwrap().contains("<svg"));
    region
        .send(Some(&cookie), "POST", "/session/totp/confirm", Some(json!({"code": "000000"})))
        .await
        .problem(422, "totp_invalid");
    let code = totp(enrolment["secret_base32"].as_str().unwrap(), region.app.now().micros() / 1_000_000);
    region.send(Some(&cookie), "POST", "/session/totp/confirm", Some(json!({"code": code}))).await.ok(204);
    region.send(Some(&cookie), "GET", "/staff", None).await.ok(200);

    // From now on the password alone is not enough, and a code works once.
    region.sign_in("sec", PASSWORD).await.problem(401, "totp_required");
    let with = |code: &str| json!({"login_name": "sec", "password": PASSWORD, "totp_code": code});
    region.send(None, "POST", "/session", Some(with(&code))).await.problem(401, "totp_invalid");
    region.app.advance_s(30);
    let next = totp(enrolment["secret_base32"].as_str().unwrap(), region.app.now().micros() / 1_000_000);
    region.send(None, "POST", "/session", Some(with(&next))).await.ok(200);
}

/// RFC 6238 from a second library call, with the parameters that authenticator apps use.
fn totp(secret: &str, unix_s: i64) -> String {
    let bytes = totp_rs::Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
    let totp = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, bytes, None, "x".into()).unwrap();
    totp.generate(u64::try_from(unix_s).unwrap())
}

#[tokio::test]
async fn the_three_administrators_exclude_each_other_and_nobody_serves_themselves() {
    let region = region().await;
    let sec = testkit::staff("安全", "0001", &[("security_admin", "0001")]);
    let sys = testkit::staff("系统", "0001", &[("system_admin", "0001")]);
    let account = region.account("wang", "ecg_reader", region.clinic).await;
    let module = identity::module(&region.app.platform);
    let (router, _) = module.router.split_for_parts();
    let router = router
        .layer(axum::middleware::from_fn_with_state(region.app.platform.clone(), platform::http::surround))
        .with_state(region.app.platform.clone());
    let put = async |who: &platform::Principal, roles: Value| {
        use tower::ServiceExt;
        let mut request = testkit::request(
            "PUT".parse().unwrap(),
            &format!("/accounts/{account}/roles"),
            Some(json!({"roles": roles})),
        );
        request.extensions_mut().insert(who.clone());
        let response = router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    };
    let role = |code: &str| json!({"role": code, "scope_organisation_id": region.clinic});

    put(&sys, json!([role("ecg_reader")])).await.problem(403, "forbidden");
    put(&sec, json!([role("system_admin"), role("audit_admin")]))
        .await
        .problem(422, "roles_exclude_each_other");
    put(&sec, json!([role("audit_admin"), role("ecg_reader")]))
        .await
        .problem(422, "roles_exclude_each_other");
    put(&sec, json!([role("ecg_reader"), role("ecg_reviewer")])).await.ok(200);
    put(&sec, json!([role("king")])).await.problem(422, "validation_failed");
}

#[tokio::test]
async fn the_security_administrator_forces_a_sign_out_and_disables_an_account() {
    let region = region().await;
    let account = region.account("zhao", "clinician", region.clinic).await;
    let cookie = region.cookie("zhao").await;
    let ctx = region.app.ctx(&testkit::staff("安全", "0001", &[("security_admin", "0001")]));
    identity::end_sessions(&ctx, account, None).await.unwrap();
    region.send(Some(&cookie), "GET", "/session", None).await.problem(401, "session_ended_by_administrator");
    let other = region.app.ctx(&testkit::staff("临床", "0001", &[("clinician", "0001")]));
    assert_eq!(identity::end_sessions(&other, account, None).await.unwrap_err().code(), "forbidden");
}

#[tokio::test]
async fn who_holds_a_role_over_a_place_is_found_from_above_and_not_from_beside() {
    let region = region().await;
    let ctx = Ctx::system(&region.app.platform, "test");
    let everywhere = region.account("lead", "project_lead", region.root).await;
    let here = region.account("site", "site_engineer", region.clinic).await;
    let other = region.account("reader", "ecg_reader", region.root).await;
    let directory = identity::directory(&region.app.platform);
    let clinic = directory.organisations(&[region.clinic]).await.unwrap().remove(0).path;
    let root = directory.organisations(&[region.root]).await.unwrap().remove(0).path;
    let found = async |path: &str| {
        let people = directory.holders(&["project_lead", "site_engineer"], path).await.unwrap();
        people.into_iter().map(|person| (person.account_id, person.name)).collect::<Vec<_>>()
    };
    let named = |id: AccountId, login: &str| (id, format!("职工{login}"));
    // By name; a role over the clinic is none over the region.
    assert_eq!(found(&clinic).await, [named(everywhere, "lead"), named(here, "site")]);
    assert_eq!(found(&root).await, [named(everywhere, "lead")]);
    assert!(!found(&clinic).await.iter().any(|(id, _)| *id == other));
    assert!(directory.holders(&[], &clinic).await.unwrap().is_empty());
    // A role that has ended is none.
    let until = region.app.now().plus(std::time::Duration::from_secs(60));
    let request = RoleRequest {
        role: "site_engineer".into(),
        scope_organisation_id: region.clinic,
        expires_at: Some(until),
    };
    identity::set_roles(&ctx, here, &[request]).await.unwrap();
    assert_eq!(found(&clinic).await.len(), 2);
    region.app.advance_s(61);
    assert_eq!(found(&clinic).await, [named(everywhere, "lead")]);
}
