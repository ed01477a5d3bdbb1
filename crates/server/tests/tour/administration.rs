//! Organisations, staff, accounts, the audit trail, jobs, and one's own session.

use crate::{Elsewhere, PASSWORD, Tour};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub async fn visit(tour: &mut Tour) {
    let (region, home, neighbour) = (tour.region, tour.home, tour.neighbour);
    let system = tour.staff("sysadmin", region, &["system_admin"]).await;
    let security = tour.staff("secadmin", region, &["security_admin"]).await;
    let auditor = tour.staff("auditor", region, &["audit_admin"]).await;
    let other_system = tour.staff("sysadmin2", neighbour, &["system_admin"]).await;
    let other_security = tour.staff("secadmin2", neighbour, &["security_admin"]).await;
    let other_auditor = tour.staff("auditor2", neighbour, &["audit_admin"]).await;
    let everyone =
        Elsewhere::NotApplicable("the tree of organisations is common knowledge of the region's staff");

    // The program itself.
    let public = Elsewhere::NotApplicable("public");
    tour.visit("about", "/system/about", None, &system, None, public).await;
    tour.visit("list_roles", "/roles", None, &security, None, Elsewhere::NotApplicable("a catalogue")).await;
    let hints =
        Elsewhere::NotApplicable("each reader hears of the own scope; the hints have a story of their own");
    tour.visit("live_events", "/events", None, &system, None, hints).await;

    // The tree.
    let at = |path: &str| path.replace("{home}", &home.uuid().to_string());
    tour.visit("list_organisations", "/organisations", None, &system, None, everyone).await;
    let village =
        json!({"parent_id": home, "kind": "village_clinic", "code": "320481101201", "name": "前村卫生室"});
    let made = tour
        .visit(
            "create_organisation",
            "/organisations",
            Some(village),
            &system,
            Some(&other_system),
            Elsewhere::Forbidden,
        )
        .await
        .id();
    tour.belongs_home(&made);
    let patch = json!({"short_name": "前村"});
    tour.visit(
        "update_organisation",
        &format!("/organisations/{made}"),
        Some(patch),
        &system,
        Some(&other_system),
        Elsewhere::Forbidden,
    )
    .await;
    let path = at("/organisations/{home}/departments");
    let department = tour
        .visit(
            "create_department",
            &path,
            Some(json!({"name": "心电图室"})),
            &system,
            Some(&other_system),
            Elsewhere::Forbidden,
        )
        .await
        .id();
    tour.visit("list_departments", &path, None, &system, None, everyone).await;
    let path = format!("/departments/{department}");
    tour.visit(
        "update_department",
        &path,
        Some(json!({"name": "心电诊断室"})),
        &system,
        Some(&other_system),
        Elsewhere::Forbidden,
    )
    .await;

    // People.
    let nurse = json!({"name": "周敏", "sex": "female", "organisation_id": home, "title": "主管护师"});
    let staff = tour
        .visit("create_staff", "/staff", Some(nurse), &system, Some(&other_system), Elsewhere::Forbidden)
        .await
        .id();
    tour.belongs_home(&staff);
    tour.visit("list_staff", "/staff?limit=50", None, &system, Some(&other_system), Elsewhere::SeesNothing)
        .await;
    let path = format!("/staff/{staff}");
    tour.visit("get_staff", &path, None, &system, Some(&other_system), Elsewhere::NotFound).await;
    tour.visit(
        "update_staff",
        &path,
        Some(json!({"title": "副主任护师"})),
        &system,
        Some(&other_system),
        Elsewhere::NotFound,
    )
    .await;

    // Accounts.
    let new = json!({"staff_id": staff, "login_name": "zhoumin", "initial_password": PASSWORD});
    let account = tour
        .visit(
            "create_account",
            "/accounts",
            Some(new),
            &security,
            Some(&other_security),
            Elsewhere::NotFound,
        )
        .await
        .id();
    tour.belongs_home(&account);
    let path = |rest: &str| format!("/accounts/{account}{rest}");
    let mut step = async |id: &str, rest: &str, body| {
        tour.visit(id, &path(rest), body, &security, Some(&other_security), Elsewhere::NotFound).await
    };
    step("get_account", "", None).await;
    let roles = json!({"roles": [{"role": "ecg_technician", "scope_organisation_id": home}]});
    step("set_account_roles", "/roles", Some(roles)).await;
    step("unlock_account", "/unlock", None).await;
    step("reset_password", "/password-reset", None).await;
    step("list_account_devices", "/devices", None).await;
    step("end_account_devices", "/devices", None).await;
    step("disable_account", "/disable", None).await;
    step("enable_account", "/enable", None).await;

    // A second factor and two devices of one person, seen by that person and by the security administrator.
    let person = tour.staff("zhang", home, &["clinician"]).await;
    let own = Elsewhere::NotApplicable("one's own account");
    tour.visit("get_session", "/session", None, &person, None, own).await;
    let secret = tour.visit("begin_totp", "/session/totp", None, &person, None, own).await.body;
    let code = totp(secret["secret_base32"].as_str().unwrap(), tour.platform.now().micros() / 1_000_000);
    tour.visit("confirm_totp", "/session/totp/confirm", Some(json!({"code": code})), &person, None, own)
        .await;
    tour.visit("remove_own_totp", "/session/totp", Some(json!({"password": PASSWORD})), &person, None, own)
        .await;
    let path = format!("/accounts/{}/totp", person.account.uuid());
    let secret = tour.visit("begin_totp", "/session/totp", None, &person, None, own).await.body;
    tour.platform.clock().advance(std::time::Duration::from_secs(60));
    let code = totp(secret["secret_base32"].as_str().unwrap(), tour.platform.now().micros() / 1_000_000);
    tour.visit("confirm_totp", "/session/totp/confirm", Some(json!({"code": code})), &person, None, own)
        .await;
    tour.visit("remove_account_totp", &path, None, &security, Some(&other_security), Elsewhere::NotFound)
        .await;
    let device = |list: &Value, current: bool| {
        let devices = list["items"].as_array().unwrap();
        let found = devices.iter().find(|d| d["current"] == current).unwrap_or_else(|| panic!("{list}"));
        found["id"].as_str().unwrap().to_owned()
    };
    // Taking the second factor away has ended every session.
    let person = tour.sign_in(person.account, "zhang").await;
    tour.sign_in(person.account, "zhang").await;
    let list = tour.visit("list_own_devices", "/session/devices", None, &person, None, own).await.body;
    let path = format!("/session/devices/{}", device(&list, false));
    tour.visit("end_own_device", &path, None, &person, None, own).await;
    let phone = tour.sign_in(person.account, "zhang").await;
    let list = tour.visit("list_own_devices", "/session/devices", None, &phone, None, own).await.body;
    let path = format!("/accounts/{}/devices/{}", person.account.uuid(), device(&list, true));
    tour.visit("end_account_device", &path, None, &security, Some(&other_security), Elsewhere::NotFound)
        .await;
    let passwords = json!({"current_password": PASSWORD, "new_password": "River-Tianmu-27"});
    tour.visit("change_password", "/session/password", Some(passwords), &person, None, own).await;
    let last = tour.staff("li.na", home, &["clinician"]).await;
    let again = json!({"login_name": "li.na", "password": PASSWORD});
    tour.visit("sign_in", "/session", Some(again), &last, None, public).await;
    tour.visit("sign_out", "/session", None, &last, None, own).await;

    // Who did what.
    let refused =
        Elsewhere::NotApplicable("their own refused attempts name what they asked for: looked at below");
    tour.visit("list_audit", "/audit?limit=50", None, &auditor, None, refused).await;
    let theirs = tour.get("/audit?limit=200", &other_auditor).await;
    let actors: BTreeSet<&str> =
        theirs["items"].as_array().unwrap().iter().filter_map(|e| e["actor_name"].as_str()).collect();
    assert_eq!(actors, ["system", "职工auditor2", "职工secadmin2", "职工sysadmin2"].into());
    let chain =
        Elsewhere::NotApplicable("the chain is one for the whole installation; the answer is numbers");
    tour.visit("verify_audit", "/audit/verification", None, &auditor, None, chain).await;

    // Jobs that failed for good: made here, because nothing in the program fails on purpose.
    let jobs = Elsewhere::NotApplicable("jobs belong to the installation");
    let mut dead = Vec::new();
    for _ in 0..2 {
        let id = tour.platform.new_uuid();
        let txn = tour.platform.db().begin().await.unwrap();
        let sql = "INSERT INTO platform_job (id, kind, payload, state, attempts, max_attempts, run_at, created_at) \
                   VALUES ($1, 'ecg_render_report', '{}', 'dead', 5, 5, 0, 0)";
        platform::db::execute(&platform::Exec::Transaction(&txn), sql, vec![id.into()]).await.unwrap();
        txn.commit().await.unwrap();
        dead.push(id);
    }
    tour.visit("list_jobs", "/jobs", None, &system, None, jobs).await;
    tour.visit("retry_job", &format!("/jobs/{}/retry", dead[0]), None, &system, None, jobs).await;
    let discard = json!({"reason": "演练"});
    tour.visit("discard_job", &format!("/jobs/{}/discard", dead[1]), Some(discard), &system, None, jobs)
        .await;
}

fn totp(secret: &str, unix_s: i64) -> String {
    let bytes = totp_rs::Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
    let totp = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, bytes, None, "x".into()).unwrap();
    totp.generate(u64::try_from(unix_s).unwrap())
}
