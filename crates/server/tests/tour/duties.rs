//! Security duties.

use crate::service::Parties;
use crate::{Elsewhere, Tour};
use serde_json::json;

pub async fn visit(tour: &mut Tour, parties: &Parties) {
    let person = people(tour, parties).await;
    grants(tour, parties, &person).await;
    vulnerabilities(tour, parties).await;
    reports(tour, parties).await;
    handovers(tour, parties).await;
}

/// Returns the id of somebody who may have access.
async fn people(tour: &mut Tour, parties: &Parties) -> String {
    let (lead, other) = (&parties.lead, Some(&parties.other_lead));
    let list = "/service/duties/people";
    let own = Elsewhere::NotApplicable("a provider enters the people of the own place");
    let person = json!({"name": "驻场工程师", "post": "软件", "account_id": parties.engineer.account, "joined_on": "2026-11-01"});
    let id = tour.visit("add_duty_person", list, Some(person), lead, None, own).await.id();
    tour.belongs_home(&id);
    let path = format!("{list}/{id}");
    tour.visit("list_duty_people", list, None, lead, other, Elsewhere::SeesNothing).await;
    tour.visit("get_duty_person", &path, None, lead, other, Elsewhere::NotFound).await;
    let steps = format!("{path}/steps");
    for step in [
        json!({"step": "background", "day": "2026-11-01", "passed": true, "checked_by": "人事部"}),
        json!({"step": "confidentiality", "day": "2026-11-01", "countersigned_by": "信息科"}),
    ] {
        tour.visit("step_duty_person", &steps, Some(step), lead, other, Elsewhere::NotFound).await;
    }
    id
}

async fn grants(tour: &mut Tour, parties: &Parties, person: &str) {
    let (lead, other) = (&parties.lead, Some(&parties.other_lead));
    let list = "/service/duties/grants";
    let input = json!({"person_id": person, "item_code": "ecg", "system_name": "心电数据库", "access": "read", "reason": "巡检",
        "until": "2026-11-27T10:00:00Z"});
    let nobody = Elsewhere::NotApplicable("the person is not theirs: refused as a field (422)");
    let id = tour.visit("request_grant", list, Some(input), lead, None, nobody).await.id();
    tour.belongs_home(&id);
    let path = format!("{list}/{id}");
    tour.visit("list_grants", list, None, lead, other, Elsewhere::SeesNothing).await;
    tour.visit("get_grant", &path, None, lead, other, Elsewhere::NotFound).await;
    let (bureau, elsewhere) = (&parties.bureau, Some(&parties.other_bureau));
    let approve = Some(json!({"step": "approve"}));
    tour.visit("step_grant", &format!("{path}/steps"), approve, bureau, elsewhere, Elsewhere::NotFound).await;
}

async fn vulnerabilities(tour: &mut Tour, parties: &Parties) {
    let (engineer, other) = (&parties.engineer, Some(&parties.other_engineer));
    let list = "/service/duties/vulnerabilities";
    let input = json!({"item_code": "ecg", "system_name": "心电服务器", "title": "弱口令", "description": "管理后台", "severity": "high",
        "found_by": "扫描"});
    let own = Elsewhere::NotApplicable("it is entered for the own place");
    let id = tour.visit("open_vulnerability", list, Some(input), engineer, None, own).await.id();
    tour.belongs_home(&id);
    let path = format!("{list}/{id}");
    tour.visit("list_vulnerabilities", list, None, engineer, other, Elsewhere::SeesNothing).await;
    tour.visit("get_vulnerability", &path, None, engineer, other, Elsewhere::NotFound).await;
    let report = Some(json!({"step": "report", "recipient": "信息科", "way": "电话"}));
    let steps = format!("{path}/steps");
    tour.visit("step_vulnerability", &steps, report, engineer, other, Elsewhere::NotFound).await;
}

async fn reports(tour: &mut Tour, parties: &Parties) {
    let (lead, other) = (&parties.lead, Some(&parties.other_lead));
    let list = "/service/duties/reports";
    let all = tour.visit("list_security_reports", list, None, lead, other, Elsewhere::SeesNothing).await.body;
    let path = format!("{list}/{}", all[0]["contract_id"].as_str().unwrap());
    tour.visit("get_security_report", &path, None, lead, other, Elsewhere::NotFound).await;
    let save = Some(json!({"step": "save", "parts": {"management": "责任到人"}, "row_version": 0}));
    let steps = format!("{path}/steps");
    tour.visit("step_security_report", &steps, save, lead, other, Elsewhere::NotFound).await;
    let pdf = format!("{path}/pdf");
    tour.visit("print_security_report", &pdf, None, lead, other, Elsewhere::NotFound).await;
}

async fn handovers(tour: &mut Tour, parties: &Parties) {
    let (lead, other) = (&parties.lead, Some(&parties.other_lead));
    let list = "/service/duties/handovers";
    let items = json!([{"kind": "data_copies", "description": "迁移用的数据副本", "quantity": "1 块硬盘"}]);
    let input = Some(json!({"occasion": "contract_end", "items": items}));
    let own = Elsewhere::NotApplicable("it is opened for the own place");
    let made = tour.visit("open_handover", list, input, lead, None, own).await;
    let id = made.id();
    tour.belongs_home(&id);
    let path = format!("{list}/{id}");
    tour.visit("list_handovers", list, None, lead, other, Elsewhere::SeesNothing).await;
    tour.visit("get_handover", &path, None, lead, other, Elsewhere::NotFound).await;
    let destroy = json!({"step": "destroy", "item_id": made.body["entries"][0]["id"], "method": "overwrite", "particulars": "三遍覆写"});
    let steps = format!("{path}/steps");
    tour.visit("step_handover", &steps, Some(destroy), lead, other, Elsewhere::NotFound).await;
    let pdf = format!("{path}/pdf?paper=destruction");
    tour.visit("print_handover", &pdf, None, lead, other, Elsewhere::NotFound).await;
}
