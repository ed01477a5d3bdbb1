//! The report of an incident on paper.

use super::model::State;
use super::ops::RECIPIENTS;
use super::wire::IncidentView;
use super::words::{self, words};
use crate::ServiceDesk;
use crate::book::Book;
use crate::forms::{Form, yuan};
use crate::settlement::ops::{other_reading_text, reading_text};
use kernel::{IncidentId, Result, Timestamp};
use platform::{AuditEntry, Ctx};
use serde_json::Value;

impl ServiceDesk {
    /// The report as PDF.
    pub async fn print_incident(&self, ctx: &Ctx, id: IncidentId) -> Result<(String, Vec<u8>)> {
        let view = self.incident_after_step(ctx, id).await?;
        let book = Book::load(&ctx.platform().db().read()).await?;
        let contract = &book.of(view.contract_id, view.item.started_at)?.contract;
        let item = contract.item(&view.item.item_code).map(|item| item.name_zh.clone()).unwrap_or_default();
        let form = form(ctx, &view, &item, (&contract.party_a, &contract.party_b))?;
        let entry = AuditEntry::new("service_incident_printed").on("service_incident", id.uuid());
        ctx.platform().audit(ctx, entry).await?;
        Ok((format!("{}.pdf", view.item.number), self.print(form).await?))
    }
}

fn entry_text(what: &Value) -> Option<String> {
    let text = |key: &str| what.get(key).and_then(Value::as_str).unwrap_or_default();
    Some(match what.get("event").and_then(Value::as_str)? {
        "first_alarm" => format!("监控首次告警 {}", text("source")),
        "first_report" => format!("首次报告 {}", text("by")),
        "declared" => "登记事件".to_owned(),
        "responded" => format!("响应（{}）", if text("way") == "on_site" { "现场" } else { "远程" }),
        "measure" => format!("处置：{}", text("text")),
        "restored" => format!("恢复 {}", text("note")),
        "failed_again" => "再次故障".to_owned(),
        "overridden" => format!("专家组认定为 {}", text("severity")),
        "informed" => format!("已告知信息科 {}", text("recipient")),
        "report_submitted" => "提交报告".to_owned(),
        "report_accepted" => "报告通过".to_owned(),
        _ => return None,
    })
}

fn form(ctx: &Ctx, view: &IncidentView, item: &str, parties: (&str, &str)) -> Result<Form> {
    let all = words()?;
    let grade = all.severity.iter().find(|s| s.code == view.item.severity);
    let grade_text = grade.map(|s| format!("{} {}", s.code, s.name_zh)).unwrap_or_default();
    let at = |at: Option<Timestamp>| at.map(Timestamp::local_text).unwrap_or_else(|| "—".to_owned());
    let evidence = &view.evidence;
    let affected = view
        .affected
        .iter()
        .map(|a| if a.stopped { format!("{}（业务中断）", a.name) } else { a.name.clone() })
        .collect::<Vec<_>>()
        .join("、");
    let mut entries: Vec<(Timestamp, String, String)> = view
        .journal
        .iter()
        .rev()
        .filter(|e| !e.superseded)
        .filter_map(|e| entry_text(&e.what).map(|text| (e.at, text, e.by_name.clone())))
        .collect();
    entries.sort_by_key(|entry| entry.0);
    let timeline =
        entries.into_iter().map(|(at, text, by)| vec![at.local_text(), text, by]).collect::<Vec<_>>();
    let report = view.report.clone().or_else(|| view.report_draft.clone()).unwrap_or_default();
    let cause = view.item.cause_code.as_deref().and_then(|code| words::cause(code).ok());
    let notices = RECIPIENTS
        .iter()
        .map(|(to, name)| {
            let done = view.notices.iter().find(|notice| notice.to == *to);
            vec![
                (*name).to_owned(),
                done.map(|n| n.recipient.clone()).unwrap_or_default(),
                done.map(|n| n.at.local_text()).unwrap_or_else(|| "未确认".to_owned()),
                done.map(|n| n.evidence.clone()).unwrap_or_default(),
                done.map(|n| if n.late { "超时" } else { "按时" }.to_owned()).unwrap_or_default(),
            ]
        })
        .collect();
    let mark = match view.item.state {
        State::Void => Some("void"),
        State::Closed => None,
        _ => Some("draft"),
    };
    let late = view.item.restored_late.map_or("—", |late| if late { "超时" } else { "按时" });
    let mut form = Form::new("信息安全（系统）事件报告", view.item.number.clone(), ctx.now())
        .organisation(parties.1)
        .subtitle(view.item.title.clone())
        .source(format!("合同 {} 第{}版", view.contract_code, view.contract_version))
        .mark(mark)
        .fields(
            Some("事件"),
            &[
                ("子系统", item.to_owned()),
                (
                    "等级",
                    if view.item.overridden {
                        format!("{grade_text}（专家组认定，规则判定 {}）", view.computed_severity)
                    } else {
                        grade_text
                    },
                ),
                ("开始时间", view.item.started_at.local_text()),
                ("恢复时间", at(view.item.restored_at)),
                ("恢复时限", at(view.item.restore_due_at)),
                ("是否按时", late.to_owned()),
                ("首次告警", at(view.first_alarm)),
                ("首次报告", at(view.first_report)),
                (
                    "影响范围",
                    format!(
                        "接入机构 {} 家，业务中断：基层 {} 家、二级以上 {} 家",
                        evidence.connected_institutions, evidence.primary_stopped, evidence.secondary_stopped
                    ),
                ),
                ("受影响机构", if affected.is_empty() { "—".to_owned() } else { affected }),
                ("等级依据", view.severity_derivation.steps_zh.join("；")),
                (
                    "告知信息科",
                    view.informed_recipient
                        .as_ref()
                        .map_or_else(|| "—".to_owned(), |who| format!("{who} {}", at(view.informed_at))),
                ),
                ("认定理由", view.override_reason.clone().unwrap_or_else(|| "—".to_owned())),
            ],
        )
        .text("一、事件原因", Some(&report.cause))
        .text("二、原因分析", Some(&report.analysis))
        .text("三、处置过程", Some(&report.handling))
        .text("四、防范措施", Some(&report.prevention))
        .table(
            Some("时间线"),
            &[("时间", "auto", "left"), ("事项", "fill", "left"), ("记录人", "auto", "left")],
            timeline,
        );
    if view.notice_needed {
        form = form.table(
            Some("24小时内报告（附件2 第十六条）"),
            &[
                ("对象", "auto", "left"),
                ("接收方", "fill", "left"),
                ("时间", "auto", "left"),
                ("凭证", "fill", "left"),
                ("时效", "auto", "center"),
            ],
            notices,
        );
    }
    let kind = cause.map(|c| {
        if view.item.cause_confirmed { c.name_zh } else { format!("{}（待甲方确认）", c.name_zh) }
    });
    let kind = kind.unwrap_or_else(|| "待确认".to_owned());
    if let Some(fine) = &view.fine {
        let mut rows = vec![vec![
            fine.derivation
                .readings
                .iter()
                .map(|r| reading_text(&r.name, &r.value))
                .collect::<Vec<_>>()
                .join("；"),
            fine.derivation.steps_zh.join("；"),
            yuan(fine.amount_cents),
            "采用".to_owned(),
        ]];
        rows.extend(fine.derivation.alternatives.iter().map(|other| {
            vec![other_reading_text(&other.reading), String::new(), other.result.clone(), "参考".to_owned()]
        }));
        form = form.fields(None, &[("原因分类", kind), ("同类第几次", fine.occurrence.to_string())]).table(
            Some("违约金（附件1 1.3.2-5(3)）"),
            &[
                ("读法", "fill", "left"),
                ("计算", "fill", "left"),
                ("金额（元）", "auto", "right"),
                ("", "auto", "center"),
            ],
            rows,
        );
    }
    Ok(form.signatures(&[
        (format!("甲方：{}", parties.0), "已审阅本报告。", None),
        (format!("乙方：{}", parties.1), "以上内容属实。", None),
    ]))
}
