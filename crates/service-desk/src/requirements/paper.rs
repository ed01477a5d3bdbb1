//! The form of a requirement on paper.

use super::fines::{entry_text, size_text};
use super::model::{Event, State};
use super::wire::RequirementView;
use crate::ServiceDesk;
use crate::book::Book;
use crate::forms::{Form, yuan};
use kernel::{RequirementId, Result, Timestamp};
use platform::{AuditEntry, Ctx};

impl ServiceDesk {
    /// The form as PDF.
    pub async fn print_requirement(&self, ctx: &Ctx, id: RequirementId) -> Result<(String, Vec<u8>)> {
        let view = self.requirement_after_step(ctx, id).await?;
        let book = Book::load(&ctx.platform().db().read()).await?;
        let contract = &book.of(view.contract_id, view.item.received_at)?.contract;
        let item = view.item.item_code.as_deref().and_then(|code| contract.item(code).ok());
        let item = item.map(|item| item.name_zh.clone()).unwrap_or_else(|| "—".to_owned());
        let form = form(ctx, &view, item, (&contract.party_a, &contract.party_b));
        ctx.platform()
            .audit(ctx, AuditEntry::new("service_requirement_printed").on("service_requirement", id.uuid()))
            .await?;
        Ok((format!("{}.pdf", view.item.number), self.print(form).await?))
    }
}

fn form(ctx: &Ctx, view: &RequirementView, item: String, parties: (&str, &str)) -> Form {
    let at = |at: Option<Timestamp>| at.map(Timestamp::local_text).unwrap_or_else(|| "—".to_owned());
    let late = |late: Option<bool>| late.map_or("—", |late| if late { "超时" } else { "按时" }).to_owned();
    let milestones = view
        .milestones
        .iter()
        .map(|m| {
            let dates: Vec<String> = m
                .dates
                .iter()
                .map(|d| {
                    format!(
                        "{}{}",
                        d.due,
                        if d.missed {
                            "（未按期）"
                        } else if d.replaced_at.is_some() {
                            "（已改期）"
                        } else {
                            ""
                        }
                    )
                })
                .collect();
            vec![m.name.clone(), dates.join("\n"), at(m.reached_at)]
        })
        .collect();
    let mut history: Vec<(Timestamp, String, String)> = view
        .journal
        .iter()
        .rev()
        .filter(|e| !e.superseded)
        .filter_map(|e| {
            let what: Event = serde_json::from_value(e.what.clone()).ok()?;
            let reason = e.reason.as_ref().map(|reason| format!("：{reason}")).unwrap_or_default();
            Some((e.at, format!("{}{reason}", entry_text(&what)?), e.by_name.clone()))
        })
        .collect();
    history.sort_by_key(|entry| entry.0);
    let fines = view
        .fines
        .iter()
        .map(|f| vec![f.derivation.clause.clone(), f.derivation.steps_zh.join("；"), yuan(f.amount_cents)])
        .collect();
    let mark = matches!(view.item.state, State::Withdrawn).then_some("void");
    let kind = if view.item.kind_confirmed {
        size_text(view.item.kind).to_owned()
    } else {
        format!("{}（双方尚未确认）", size_text(view.item.kind))
    };
    Form::new("需求登记与反馈表", view.item.number.clone(), ctx.now())
        .organisation(view.item.organisation_name.clone())
        .subtitle(view.item.title.clone())
        .source(format!(
            "合同 {} 第{}版 · 日历 {}",
            view.contract_code, view.contract_version, view.calendar_version
        ))
        .mark(mark)
        .fields(
            Some("需求"),
            &[
                ("机构", view.item.organisation_name.clone()),
                ("系统", item),
                ("提出人", view.requester_name.clone().unwrap_or_else(|| "—".to_owned())),
                ("接收时间", view.item.received_at.local_text()),
                ("分类", kind),
                ("登记人", view.opened_by_name.clone()),
            ],
        )
        .text("需求内容", Some(&view.description))
        .fields(
            Some("反馈"),
            &[
                ("反馈期限", at(view.item.feedback_due_at)),
                ("反馈时间", at(view.item.feedback_at)),
                ("是否按时", late(view.item.feedback_late)),
                ("可行性", view.feasible.map_or("—", |f| if f { "可行" } else { "不可行" }).to_owned()),
                ("预计完成", view.expected_finish.clone().unwrap_or_else(|| "—".to_owned())),
                ("额外费用（元）", yuan(view.extra_cost_cents)),
            ],
        )
        .text("反馈意见", view.answer.as_deref())
        .table(
            Some("双方约定的节点"),
            &[("节点", "fill", "left"), ("约定日期", "auto", "left"), ("完成时间", "auto", "left")],
            milestones,
        )
        .table(
            Some("过程"),
            &[("时间", "auto", "left"), ("事项", "fill", "left"), ("记录人", "auto", "left")],
            history.into_iter().map(|(at, text, by)| vec![at.local_text(), text, by]).collect(),
        )
        .table(
            Some("违约金"),
            &[("条款", "auto", "left"), ("计算", "fill", "left"), ("金额（元）", "auto", "right")],
            fines,
        )
        .signatures(&[
            (format!("甲方：{}", parties.0), "对分类、约定日期与验收结果无异议。", None),
            (format!("乙方：{}", parties.1), "对分类、约定日期与验收结果无异议。", None),
        ])
}
