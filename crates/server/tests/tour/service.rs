//! The service contract: each part of the context adds a function.

use crate::{Elsewhere, Person, Tour, duties};
use axum::http::{Method, header};
use platform::config::AlertSourceConfig;
use serde_json::json;

/// People of both parties over the region, and the same roles over the neighbour.
#[allow(dead_code, reason = "each part of the tour uses some of them")]
pub struct Parties {
    pub bureau: Person,
    pub lead: Person,
    pub engineer: Person,
    pub other_bureau: Person,
    pub other_lead: Person,
    pub other_engineer: Person,
}

const CONTRACT: &str = include_str!("../../../../definitions/contracts/liyang-2024.toml");

pub async fn visit(tour: &mut Tour) {
    let (region, neighbour) = (tour.region, tour.neighbour);
    let parties = Parties {
        bureau: tour.staff("svc.bureau", region, &["bureau_information"]).await,
        lead: tour.staff("svc.lead", region, &["project_lead"]).await,
        engineer: tour.staff("svc.engineer", region, &["site_engineer"]).await,
        other_bureau: tour.staff("svc.bureau2", neighbour, &["bureau_information"]).await,
        other_lead: tour.staff("svc.lead2", neighbour, &["project_lead"]).await,
        other_engineer: tour.staff("svc.engineer2", neighbour, &["site_engineer"]).await,
    };
    contracts(tour, &parties).await;
    let ticket = tickets(tour, &parties).await;
    attachments(tour, &parties, &ticket).await;
    inspections(tour, &parties).await;
    corrections(tour, &parties, &ticket).await;
    requirements(tour, &parties).await;
    incidents(tour, &parties).await;
    settlement(tour, &parties).await;
    roster(tour, &parties).await;
    knowledge(tour, &parties, &ticket).await;
    intake(tour, &parties).await;
    dashboard(tour, &parties).await;
    duties::visit(tour, &parties).await;
}

async fn contracts(tour: &mut Tour, parties: &Parties) {
    let (bureau, other) = (&parties.bureau, Some(&parties.other_bureau));
    let own = Elsewhere::NotApplicable("a contract is entered for one's own place");
    let input = json!({"definition": CONTRACT, "note": "合同签订"});
    let id =
        tour.visit("enter_service_contract", "/service/contracts", Some(input), bureau, None, own).await.id();
    tour.belongs_home(&id);
    let path = format!("/service/contracts/{id}");
    tour.visit("list_service_contracts", "/service/contracts", None, bureau, other, Elsewhere::SeesNothing)
        .await;
    tour.visit("get_service_contract", &path, None, bureau, other, Elsewhere::NotFound).await;
    let renewal = json!({"code": "liyang-2025", "signed": "2025-11-29", "term_start": "2025-11-29", "term_end": "2026-11-28", "note": "续签"});
    let renewed = tour
        .visit(
            "renew_service_contract",
            &format!("{path}/renew"),
            Some(renewal),
            bureau,
            other,
            Elsewhere::NotFound,
        )
        .await
        .id();
    tour.belongs_home(&renewed);
    let amendment = json!({"valid_from": "2026-11-01", "note": "补充协议", "version": 1, "patch": {"figures": {"question_min": 30}}});
    let amend = format!("/service/contracts/{renewed}/amend");
    tour.visit("amend_service_contract", &amend, Some(amendment), bureau, other, Elsewhere::NotFound).await;
    let terms = format!("/service/terms?organisation_id={}", tour.home);
    tour.visit("get_service_terms", &terms, None, bureau, other, Elsewhere::NotFound).await;
    let everyone = Elsewhere::NotApplicable("holidays are the same for everybody");
    tour.visit("get_service_calendar", "/service/calendar", None, bureau, None, everyone).await;
    let notice =
        json!({"text": "year = 2027\nsource = \"made up\"\noff = [\"2027-01-01 元旦\"]\nwork = []\n"});
    tour.visit(
        "import_service_calendar",
        "/service/calendar",
        Some(notice),
        bureau,
        other,
        Elsewhere::Forbidden,
    )
    .await;
    let hours = json!({"organisation_id": tour.home, "valid_from": "2026-11-01", "hours": {"usual": ["08:00-11:30", "14:00-17:30"]}});
    tour.visit("set_service_hours", "/service/hours", Some(hours), bureau, other, Elsewhere::Forbidden).await;
    tour.visit("list_service_hours", "/service/hours", None, bureau, other, Elsewhere::SeesNothing).await;
}

/// Returns the path of a ticket.
async fn tickets(tour: &mut Tour, parties: &Parties) -> String {
    let (engineer, other) = (&parties.engineer, Some(&parties.other_engineer));
    let input = json!({"organisation_id": tour.home, "channel": "phone", "class": "question", "priority": 3, "item_code": "ecg", "title": "如何补打报告"});
    let id = tour
        .visit("open_ticket", "/service/tickets", Some(input), engineer, other, Elsewhere::Forbidden)
        .await
        .id();
    tour.belongs_home(&id);
    let path = format!("/service/tickets/{id}");
    tour.visit("list_tickets", "/service/tickets", None, engineer, other, Elsewhere::SeesNothing).await;
    tour.visit("count_tickets", "/service/tickets/counts", None, engineer, other, Elsewhere::SeesNothing)
        .await;
    tour.visit("get_ticket", &path, None, engineer, other, Elsewhere::NotFound).await;
    let take = json!({"step": "assign", "account_id": engineer.account});
    tour.visit("step_ticket", &format!("{path}/steps"), Some(take), engineer, other, Elsewhere::NotFound)
        .await;
    // Ten of fifteen minutes have gone by without an answer: the engineer is told.
    tour.platform.clock().advance(std::time::Duration::from_secs(600));
    tour.run_jobs().await;
    let own = || Elsewhere::NotApplicable("one's own notices");
    let notices = tour.visit("list_service_notices", "/service/notices", None, engineer, None, own()).await;
    let notice = notices.body["items"][0]["id"].as_str().unwrap().to_owned();
    tour.visit(
        "read_service_notice",
        &format!("/service/notices/{notice}/read"),
        None,
        engineer,
        None,
        own(),
    )
    .await;
    tour.visit("read_all_service_notices", "/service/notices/read-all", None, engineer, None, own()).await;
    path
}

async fn attachments(tour: &mut Tour, parties: &Parties, ticket: &str) {
    let (engineer, other) = (&parties.engineer, Some(&parties.other_engineer));
    let id = ticket.rsplit('/').next().unwrap();
    let list = format!("/service/attachments?subject_kind=ticket&subject_id={id}");
    let photo: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9";
    let request = || testkit::multipart(&format!("/api/v1{list}"), &[], &[("机柜.jpg", photo)], &[]);
    let elsewhere = Elsewhere::NotFound;
    let made =
        tour.visit_with("upload_service_attachments", &list, request, engineer, other, elsewhere).await.body;
    let file = made[0]["id"].as_str().unwrap().to_owned();
    tour.visit("list_service_attachments", &list, None, engineer, other, elsewhere).await;
    let path = format!("/service/attachments/{file}");
    tour.visit("get_service_attachment", &format!("{path}/file"), None, engineer, other, elsewhere).await;
    let void = (format!("{path}/void"), Some(json!({"reason": "拍错机柜"})));
    tour.visit("void_service_attachment", &void.0, void.1, engineer, other, elsewhere).await;
}

async fn inspections(tour: &mut Tour, parties: &Parties) {
    let (engineer, other) = (&parties.engineer, Some(&parties.other_engineer));
    let nothing = Elsewhere::SeesNothing;
    // November's inspection of the cloud platform is still to be made.
    let query = "/service/inspections?kind=cloud_monthly&from=2026-11-01&to=2026-11-30";
    let list = tour.visit("list_inspections", query, None, engineer, other, nothing).await.body;
    let (id, contract) = (&list["items"][0]["id"], &list["items"][0]["contract_id"]);
    tour.belongs_home(id.as_str().unwrap());
    let plan = json!({"contract_id": contract});
    let missing = Elsewhere::NotFound;
    let people = "/service/people?role=site_engineer";
    tour.visit("list_service_people", people, None, engineer, other, nothing).await;
    tour.visit("plan_inspections", "/service/inspections/plan", Some(plan), engineer, other, missing).await;
    let same = Elsewhere::NotApplicable("they come with the program");
    let lists = "/service/inspections/checklists";
    tour.visit("list_inspection_checklists", lists, None, engineer, None, same).await;
    let path = format!("/service/inspections/{}", id.as_str().unwrap());
    tour.visit("get_inspection", &path, None, engineer, other, missing).await;
    let start = (format!("{path}/steps"), Some(json!({"step": "start"})));
    let view = tour.visit("step_inspection", &start.0, start.1, engineer, other, missing).await.body;
    let unit = &view["unit_list"][0];
    let tap = json!({"row_version": 0, "answers": [{"code": "health", "verdict": "normal"}]});
    let unit_path = format!("{path}/units/{}", unit["id"].as_str().unwrap());
    tour.visit("save_inspection_unit", &unit_path, Some(tap), engineer, other, missing).await;
    tour.visit("print_inspection", &format!("{path}/pdf"), None, engineer, other, missing).await;
    let register = format!("/service/equipment?contract_id={}", contract.as_str().unwrap());
    let units = tour.visit("list_service_equipment", &register, None, engineer, other, nothing).await.body;
    let label = json!({"label": "SR860-1", "place": "机房A03", "row_version": units[0]["row_version"]});
    let equipment = format!("/service/equipment/{}", units[0]["id"].as_str().unwrap());
    tour.visit("edit_service_equipment", &equipment, Some(label), engineer, other, missing).await;
}

async fn corrections(tour: &mut Tour, parties: &Parties, ticket: &str) {
    let (engineer, other) = (&parties.engineer, Some(&parties.other_engineer));
    let changes = json!([{"object": "report", "key": "1", "field": "title", "before": "a", "after": "b"}]);
    let ticket = ticket.rsplit('/').next();
    let form = json!({"ticket_id": ticket, "item_code": "ecg", "title": "更正抬头", "reason": "录入错误", "touches": {"database_change": true},
        "changes": changes, "rollback_plan": "写回原值"});
    let form_elsewhere = Elsewhere::NotApplicable("the ticket is not theirs: refused as a field (422)");
    let id = tour
        .visit("request_correction", "/service/corrections", Some(form), engineer, None, form_elsewhere)
        .await
        .id();
    tour.belongs_home(&id);
    let path = format!("/service/corrections/{id}");
    tour.visit("list_corrections", "/service/corrections", None, engineer, other, Elsewhere::SeesNothing)
        .await;
    tour.visit("get_correction", &path, None, engineer, other, Elsewhere::NotFound).await;
    tour.visit("print_correction", &format!("{path}/pdf"), None, engineer, other, Elsewhere::NotFound).await;
    let (bureau, elsewhere) = (&parties.bureau, Some(&parties.other_bureau));
    let approve = json!({"step": "approve"});
    tour.visit(
        "step_correction",
        &format!("{path}/steps"),
        Some(approve),
        bureau,
        elsewhere,
        Elsewhere::NotFound,
    )
    .await;
}

async fn requirements(tour: &mut Tour, parties: &Parties) {
    let (lead, other) = (&parties.lead, Some(&parties.other_lead));
    let input = json!({"organisation_id": tour.home, "item_code": "ecg", "title": "报告抬头", "description": "显示本院名称"});
    let id = tour
        .visit(
            "register_requirement",
            "/service/requirements",
            Some(input),
            lead,
            other,
            Elsewhere::Forbidden,
        )
        .await
        .id();
    tour.belongs_home(&id);
    let path = format!("/service/requirements/{id}");
    tour.visit("list_requirements", "/service/requirements", None, lead, other, Elsewhere::SeesNothing).await;
    tour.visit("get_requirement", &path, None, lead, other, Elsewhere::NotFound).await;
    tour.visit("print_requirement", &format!("{path}/pdf"), None, lead, other, Elsewhere::NotFound).await;
    let kind = json!({"step": "propose_kind", "kind": "complex"});
    tour.visit("step_requirement", &format!("{path}/steps"), Some(kind), lead, other, Elsewhere::NotFound)
        .await;
}

async fn incidents(tour: &mut Tour, parties: &Parties) {
    let (engineer, other) = (&parties.engineer, Some(&parties.other_engineer));
    let evidence = json!({"connected_institutions": 20, "primary_stopped": 1, "secondary_stopped": 0});
    let nobody = Elsewhere::NotApplicable("a computation on what the caller sent");
    tour.visit("judge_incident", "/service/incidents/judge", Some(evidence.clone()), engineer, None, nobody)
        .await;
    let input = json!({"item_code": "ecg", "title": "心电无法上传", "evidence": evidence});
    let id = tour
        .visit("declare_incident", "/service/incidents", Some(input), engineer, other, Elsewhere::Forbidden)
        .await
        .id();
    tour.belongs_home(&id);
    let path = format!("/service/incidents/{id}");
    tour.visit("list_incidents", "/service/incidents", None, engineer, other, Elsewhere::SeesNothing).await;
    tour.visit("get_incident", &path, None, engineer, other, Elsewhere::NotFound).await;
    tour.visit("print_incident", &format!("{path}/pdf"), None, engineer, other, Elsewhere::NotFound).await;
    let restore = json!({"step": "restore"});
    tour.visit(
        "step_incident",
        &format!("{path}/steps"),
        Some(restore),
        engineer,
        other,
        Elsewhere::NotFound,
    )
    .await;
}

async fn settlement(tour: &mut Tour, parties: &Parties) {
    let (bureau, other) = (&parties.bureau, Some(&parties.other_bureau));
    let contracts = tour.get("/service/contracts", bureau).await;
    let contract =
        contracts.as_array().unwrap().iter().find(|c| c["code"] == "liyang-2024").unwrap()["id"].clone();
    let base = format!("/service/contracts/{}", contract.as_str().unwrap());
    let claim = json!({"rule": "security_breach", "contract_id": contract, "subject": "数据外泄", "occurred_on": "2025-03-03"});
    let penalty = tour
        .visit("claim_penalty", "/service/penalties", Some(claim), bureau, other, Elsewhere::NotFound)
        .await;
    let id = penalty.id();
    tour.belongs_home(&id);
    let path = format!("/service/penalties/{id}");
    tour.visit("list_penalties", "/service/penalties", None, bureau, other, Elsewhere::SeesNothing).await;
    tour.visit("get_penalty", &path, None, bureau, other, Elsewhere::NotFound).await;
    let accept = json!({"step": "accept", "amount_cents": penalty.body["amount_cents"]});
    tour.visit("step_penalty", &format!("{path}/steps"), Some(accept), bureau, other, Elsewhere::NotFound)
        .await;
    tour.visit("get_settlement", &format!("{base}/settlement"), None, bureau, other, Elsewhere::NotFound)
        .await;
    tour.visit(
        "print_settlement",
        &format!("{base}/settlement/pdf"),
        None,
        bureau,
        other,
        Elsewhere::NotFound,
    )
    .await;
    let end = format!("{base}/termination?ground=grave&ended=2025-05-27");
    tour.visit("compute_termination", &end, None, bureau, other, Elsewhere::NotFound).await;
    let excuse = json!({"instalment": 1, "excuse": "fiscal_appropriation", "evidence": "拨款通知"});
    tour.visit(
        "excuse_instalment",
        &format!("{base}/excuses"),
        Some(excuse),
        bureau,
        other,
        Elsewhere::NotFound,
    )
    .await;
    let finance = tour.staff("svc.finance", tour.region, &["contract_finance"]).await;
    let other = tour.staff("svc.finance2", tour.neighbour, &["contract_finance"]).await;
    let pay = json!({"instalment": 1, "paid_on": "2025-02-26", "amount_cents": 100});
    let paid = tour
        .visit(
            "record_payment",
            &format!("{base}/payments"),
            Some(pay),
            &finance,
            Some(&other),
            Elsewhere::NotFound,
        )
        .await;
    let payment = paid.body["instalments"][0]["payments"][0]["id"].as_str().unwrap().to_owned();
    let reverse = format!("{base}/payments/{payment}/reverse");
    let reason = json!({"reason": "登记错误"});
    tour.visit("reverse_payment", &reverse, Some(reason), &finance, Some(&other), Elsewhere::NotFound).await;
}

async fn roster(tour: &mut Tour, parties: &Parties) {
    let (lead, other) = (&parties.lead, Some(&parties.other_lead));
    let served = || {
        Elsewhere::NotApplicable("who is on duty for the region is for everybody whom the contract serves")
    };
    let engineer = json!({"account_id": parties.engineer.account, "phone": "13800000001", "qualification": "software", "experience_years": 5, "active": true});
    let own = Elsewhere::NotApplicable("a lead keeps the team of the own place");
    let team = tour.visit("save_engineer", "/service/team", Some(engineer), lead, None, own).await.body;
    let engineer = team[0]["id"].as_str().unwrap().to_owned();
    tour.visit("list_team", "/service/team", None, lead, None, served()).await;
    let path = "/service/rosters/2026-12";
    let propose = json!({"step": "propose"});
    tour.visit("step_roster", &format!("{path}/steps"), Some(propose), lead, other, Elsewhere::Forbidden)
        .await;
    tour.visit("get_roster", path, None, lead, None, served()).await;
    tour.visit("print_roster", &format!("{path}/pdf"), None, lead, None, served()).await;
    tour.visit("get_duty", "/service/duty", None, lead, None, served()).await;
    let (bureau, elsewhere) = (&parties.bureau, Some(&parties.other_bureau));
    let lapse =
        json!({"engineer_id": engineer, "kind": "late_duty", "day": "2026-11-02", "evidence": "考勤记录"});
    let nobody = Elsewhere::NotApplicable("nobody of the team is theirs: refused as a field (422)");
    let record =
        tour.visit("record_attendance", "/service/attendance", Some(lapse), bureau, None, nobody).await.id();
    tour.belongs_home(&record);
    tour.visit("list_attendance", "/service/attendance", None, bureau, elsewhere, Elsewhere::SeesNothing)
        .await;
    let void = json!({"step": "void", "reason": "登记错误"});
    let steps = format!("/service/attendance/{record}/steps");
    tour.visit("step_attendance", &steps, Some(void), bureau, elsewhere, Elsewhere::NotFound).await;
    let here = json!({"engineer_id": engineer, "came_at": tour.platform.now(), "evidence": "门禁记录"});
    let nobody = Elsewhere::NotApplicable("nobody of the team is theirs: refused as a field (422)");
    let month =
        tour.visit("sign_in_on_site", "/service/presence", Some(here), bureau, None, nobody).await.body;
    let days = month["days"].as_array().unwrap();
    let person = days.iter().find_map(|day| day["people"].get(0)).unwrap();
    let steps = format!("/service/presence/{}/steps", person["id"].as_str().unwrap());
    let void = json!({"step": "void", "reason": "登记错误"});
    tour.visit("step_presence", &steps, Some(void), bureau, elsewhere, Elsewhere::Forbidden).await;
    let path = format!("/service/presence/{}", month["month"].as_str().unwrap());
    let served = || Elsewhere::NotApplicable("who is on site is for everybody whom the contract serves");
    tour.visit("get_presence", &path, None, bureau, None, served()).await;
    tour.visit("print_presence", &format!("{path}/pdf"), None, bureau, None, served()).await;
}

async fn knowledge(tour: &mut Tour, parties: &Parties, ticket: &str) {
    let (engineer, other) = (&parties.engineer, Some(&parties.other_engineer));
    let served = || {
        Elsewhere::NotApplicable("what is published for a region is for everybody whom its contract serves")
    };
    let own = Elsewhere::NotApplicable("an article is written for one's own region");
    let article = json!({"title": "心电报告打印不出来", "audience": "everybody", "item_codes": ["ecg"], "tags": ["打印"],
        "symptom": "点击打印没有反应", "cause": "打印机离线", "solution": "重新选择打印机", "source_ticket_id": ticket.rsplit('/').next()});
    let id =
        tour.visit("create_article", "/service/knowledge", Some(article), engineer, None, own).await.id();
    tour.belongs_home(&id);
    let path = format!("/service/knowledge/{id}");
    let submit = json!({"step": "submit"});
    tour.visit("step_article", &format!("{path}/steps"), Some(submit), engineer, other, Elsewhere::NotFound)
        .await;
    tour.visit("get_article", &path, None, engineer, other, Elsewhere::NotFound).await;
    tour.visit("list_articles", "/service/knowledge", None, engineer, other, Elsewhere::SeesNothing).await;
    tour.visit("search_articles", "/service/knowledge/search?q=printer", None, engineer, None, served())
        .await;
    tour.visit("list_search_misses", "/service/knowledge/misses", None, engineer, None, served()).await;
    let dismiss = json!({"query": "printer"});
    let path = "/service/knowledge/misses/dismiss";
    tour.visit("dismiss_search_miss", path, Some(dismiss), engineer, other, Elsewhere::NotFound).await;
}

const ALERT_SECRET: &str = "tour-of-every-operation";

/// A monitoring system of the home town.
pub fn alert_source() -> AlertSourceConfig {
    AlertSourceConfig {
        name: "cloud".into(),
        secret: ALERT_SECRET.into(),
        organisation: "320481101".into(),
        item: None,
    }
}

async fn intake(tour: &mut Tour, parties: &Parties) {
    let (engineer, other) = (&parties.engineer, Some(&parties.other_bureau));
    // Who posts alerts shows a secret instead of signing in.
    let alert = json!({"groupKey": "g", "alerts": [{
        "status": "firing", "labels": {"institution": "nowhere"}, "startsAt": tour.platform.now(), "fingerprint": "f",
    }]});
    let request = || {
        let path = "/api/v1/service/intake/alerts/cloud";
        let mut request = testkit::request(Method::POST, path, Some(alert.clone()));
        let token = format!("Bearer {ALERT_SECRET}").parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, token);
        request
    };
    let secret = Elsewhere::NotApplicable("whoever knows the secret");
    let path = "/service/intake/alerts/cloud";
    let outcome = tour.visit_with("post_alerts", path, request, engineer, None, secret).await;
    assert_eq!(outcome.body["waiting"], 1);
    let list = tour.get("/service/intake", engineer).await;
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    tour.belongs_home(&id);
    let served = || Elsewhere::Forbidden;
    tour.visit("list_intake", "/service/intake", None, engineer, other, served()).await;
    tour.visit("count_intake", "/service/intake/counts", None, engineer, other, served()).await;
    let path = format!("/service/intake/{id}");
    tour.visit("get_intake", &path, None, engineer, other, Elsewhere::NotFound).await;
    let dismiss = json!({"step": "dismiss", "reason": "演练"});
    let steps = format!("{path}/steps");
    tour.visit("step_intake", &steps, Some(dismiss), engineer, other, Elsewhere::NotFound).await;
}

async fn dashboard(tour: &mut Tour, parties: &Parties) {
    let (bureau, other) = (&parties.bureau, Some(&parties.other_bureau));
    let nothing = || Elsewhere::SeesNothing;
    tour.visit("get_service_dashboard", "/service/dashboard", None, bureau, other, nothing()).await;
    let own = Elsewhere::NotApplicable("a paper without a ticket of this place");
    tour.visit("print_service_dashboard", "/service/dashboard/pdf", None, bureau, None, own).await;
    tour.visit("list_service_clocks", "/service/clocks", None, bureau, other, nothing()).await;
    let contracts = tour
        .visit(
            "list_service_contracts",
            "/service/contracts",
            None,
            bureau,
            None,
            Elsewhere::NotApplicable("visited above"),
        )
        .await
        .body;
    let id = contracts[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/service/contracts/{id}/health");
    tour.visit("get_contract_health", &path, None, bureau, other, Elsewhere::NotFound).await;
}
