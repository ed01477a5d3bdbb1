//! The yearly report on paper.

use super::wire::{Figures, ReportView, State};
use crate::ServiceDesk;
use crate::book::Book;
use crate::forms::Form;
use kernel::{Result, ServiceContractId, Timestamp};
use platform::{AuditEntry, Ctx};

impl ServiceDesk {
    /// The report as PDF.
    pub async fn print_security_report(
        &self,
        ctx: &Ctx,
        contract: ServiceContractId,
    ) -> Result<(String, Vec<u8>)> {
        let view = self.security_report_after_step(ctx, contract).await?;
        let book = Book::load(&ctx.platform().db().read()).await?;
        let terms = &book.latest(contract)?.contract;
        let form = form(ctx, &view, &terms.party_a, &terms.party_b);
        let entry =
            AuditEntry::new("service_security_report_printed").on("service_contract", contract.uuid());
        ctx.platform().audit(ctx, entry).await?;
        Ok((format!("security-report-{}.pdf", view.item.contract_code), self.print(form).await?))
    }
}

fn form(ctx: &Ctx, view: &ReportView, party_a: &str, party_b: &str) -> Form {
    let at = |at: Option<Timestamp>| at.map(Timestamp::local_text).unwrap_or_else(|| "—".to_owned());
    let f = &view.figures;
    let body = |text: &String| if text.trim().is_empty() { None } else { Some(text.clone()) };
    let team = f
        .team
        .iter()
        .map(|p| {
            vec![
                p.name.clone(),
                p.post.clone(),
                p.joined_on.clone(),
                p.left_on.clone().unwrap_or_else(|| "—".to_owned()),
            ]
        })
        .collect();
    let equipment = f.equipment.iter().map(|e| vec![e.name.clone(), e.units.to_string()]).collect();
    let mut form = Form::new("年度网络安全报告", view.item.contract_code.clone(), ctx.now())
        .organisation(party_b.to_owned())
        .subtitle(format!("{} · {} 至 {}", view.item.contract_name, view.item.term_start, view.item.term_end))
        .source(format!("统计截至 {}", at(f.counted_at)))
        .mark((view.item.state != State::Confirmed).then_some("draft"))
        .fields(
            None,
            &[
                ("报送期限", view.item.due.clone()),
                ("状态", state_text(view.item.state).to_owned()),
                ("报送时间", at(view.item.submitted_at)),
                ("确认时间", at(view.item.confirmed_at)),
            ],
        )
        .text("一、安全管理措施", body(&view.parts.management).as_deref())
        .fields(Some("统计：人员与权限"), &management(f))
        .text("二、数据安全", body(&view.parts.data_security).as_deref())
        .fields(Some("统计：事件、漏洞与数据修改"), &data_security(f))
        .text("三、关键软硬件", body(&view.parts.key_components).as_deref())
        .fields(Some("统计：巡检"), &inspections(f))
        .table(Some("统计：登记设备"), &[("设备", "fill", "left"), ("数量", "auto", "right")], equipment)
        .text("四、人员变动", body(&view.parts.team_changes).as_deref())
        .table(
            Some("统计：服务期内进出人员"),
            &[
                ("姓名", "auto", "left"),
                ("岗位", "fill", "left"),
                ("进入项目", "auto", "left"),
                ("离开项目", "auto", "left"),
            ],
            team,
        );
    if let Some(other) = body(&view.parts.other) {
        form = form.text("五、其他", Some(&other));
    }
    let signed = |name: &Option<String>, at: Option<Timestamp>| name.clone().zip(at);
    form.signatures(&[
        (
            format!("乙方：{party_b}"),
            "报告内容属实。",
            signed(&view.submitted_by_name, view.item.submitted_at),
        ),
        (
            format!("甲方：{party_a}（信息科）"),
            "已收到并确认。",
            signed(&view.confirmed_by_name, view.item.confirmed_at),
        ),
    ])
}

fn state_text(state: State) -> &'static str {
    match state {
        State::Missing => "未编制",
        State::Draft => "编制中",
        State::Submitted => "已报送，待确认",
        State::Confirmed => "已确认",
    }
}

fn management(f: &Figures) -> [(&'static str, String); 6] {
    [
        ("安全培训", format!("{} 人次，共 {} 分钟", f.trainings, f.training_min)),
        ("现有人员", format!("{} 人", f.people_present)),
        (
            "申请权限",
            format!("{} 项（批准 {}，驳回 {}）", f.grants_requested, f.grants_approved, f.grants_refused),
        ),
        ("生效中权限", format!("{} 项", f.grants_in_force)),
        (
            "终止权限",
            format!("到期 {}，收回 {}，归还 {}", f.grants_expired, f.grants_withdrawn, f.grants_returned),
        ),
        ("待落实收回", format!("{} 项", f.removals_open)),
    ]
}

fn data_security(f: &Figures) -> [(&'static str, String); 6] {
    [
        (
            "安全事件",
            format!(
                "特别重大 {}，重大 {}，较重大 {}，一般 {}",
                f.incidents_s1, f.incidents_s2, f.incidents_s3, f.incidents_s4
            ),
        ),
        ("超时恢复", format!("{} 起", f.incidents_restored_late)),
        (
            "漏洞与风险",
            format!(
                "超危 {}，高危 {}，中危 {}，低危 {}",
                f.vulnerabilities_critical,
                f.vulnerabilities_high,
                f.vulnerabilities_medium,
                f.vulnerabilities_low
            ),
        ),
        (
            "漏洞办理",
            format!("超时上报 {}，未关闭 {}", f.vulnerabilities_reported_late, f.vulnerabilities_open),
        ),
        ("数据修改", format!("{} 次", f.corrections)),
        ("审批前修改", format!("{} 次", f.correction_violations)),
    ]
}

fn inspections(f: &Figures) -> [(&'static str, String); 2] {
    [
        ("到期巡检", format!("{} 次", f.inspections_due)),
        ("已确认巡检", format!("{} 次", f.inspections_confirmed)),
    ]
}
