//! The form of a data correction on paper.

use super::model::State;
use super::wire::CorrectionView;
use crate::ServiceDesk;
use crate::book::Book;
use crate::forms::{Form, yuan};
use kernel::{DataCorrectionId, Result, Timestamp};
use platform::{AuditEntry, Ctx};

impl ServiceDesk {
    /// The form as PDF. Printing shows the values, so it is recorded.
    pub async fn print_correction(&self, ctx: &Ctx, id: DataCorrectionId) -> Result<(String, Vec<u8>)> {
        let view = self.correction_after_step(ctx, id).await?;
        let book = Book::load(&ctx.platform().db().read()).await?;
        let place = self.organisation(view.item.organisation_id).await?;
        let contract = &book.in_force(&place.path, view.item.requested_at)?.contract;
        let item = contract.item(&view.item.item_code).map(|item| item.name_zh.clone()).unwrap_or_default();
        let form = form(ctx, &view, item, &contract.party_a, &contract.party_b);
        let entry = AuditEntry::new("service_correction_printed").on("service_correction", id.uuid());
        ctx.platform().audit(ctx, entry).await?;
        Ok((format!("{}.pdf", view.item.number), self.print(form).await?))
    }
}

fn form(ctx: &Ctx, view: &CorrectionView, item: String, party_a: &str, party_b: &str) -> Form {
    let at = |at: Option<Timestamp>| at.map(Timestamp::local_text).unwrap_or_else(|| "—".to_owned());
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
    let mut grounds = Vec::new();
    if view.touches.medical_document {
        grounds.push("修改医疗文书".to_owned());
    }
    if view.touches.database_change {
        grounds.push("修改数据库数据".to_owned());
    }
    if let Some(amount) = view.touches.amount_cents {
        grounds.push(format!("收费问题 {} 元", yuan(amount)));
    }
    let needed = if view.item.approval_needed { "需要卫健局信息科审批" } else { "无需审批" };
    let found = |n: usize| view.executed.as_ref().and_then(|e| e.get(n)).cloned().unwrap_or_default();
    let rows = view
        .changes
        .iter()
        .enumerate()
        .map(|(n, c)| {
            vec![
                c.object.clone(),
                c.key.clone(),
                c.field.clone(),
                c.before.clone(),
                c.after.clone(),
                found(n),
            ]
        })
        .collect();
    let mark = match view.item.state {
        State::Rejected | State::Withdrawn => Some("void"),
        State::Requested => Some("draft"),
        _ => None,
    };
    let signed = |name: &Option<String>, at: Option<Timestamp>| name.clone().zip(at);
    Form::new("数据修改申请单", view.item.number.clone(), ctx.now())
        .organisation(view.item.organisation_name.clone())
        .subtitle(view.item.title.clone())
        .mark(mark)
        .fields(
            Some("申请"),
            &[
                ("申请机构", view.item.organisation_name.clone()),
                ("系统", item),
                ("申请人", view.item.requested_by_name.clone()),
                ("申请时间", view.item.requested_at.local_text()),
                ("涉及", if grounds.is_empty() { "—".to_owned() } else { grounds.join("；") }),
                ("审批要求", needed.to_owned()),
            ],
        )
        .text("修改原因", Some(&view.reason))
        .table(
            Some("修改内容"),
            &[
                ("对象", "auto", "left"),
                ("主键", "auto", "left"),
                ("字段", "auto", "left"),
                ("修改前", "fill", "left"),
                ("修改后（申请）", "fill", "left"),
                ("执行结果", "fill", "left"),
            ],
            rows,
        )
        .text("回退方案", Some(&view.rollback_plan))
        .fields(
            Some("办理"),
            &[
                ("审批人", or_dash(&view.item.decided_by_name)),
                ("审批时间", at(view.item.decided_at)),
                ("执行人", or_dash(&view.item.executed_by_name)),
                ("执行时间", at(view.item.executed_at)),
                ("复核人", or_dash(&view.reviewed_by_name)),
                ("复核时间", at(view.item.reviewed_at)),
                ("审批前操作", if view.item.violation { "有（已登记违规）" } else { "无" }.to_owned()),
            ],
        )
        .signatures(&[
            (
                format!("申请机构：{}", view.item.organisation_name),
                "申请内容属实。",
                Some((view.item.requested_by_name.clone(), view.item.requested_at)),
            ),
            (
                format!("甲方：{party_a}（信息科）"),
                "审批意见：",
                signed(&view.item.decided_by_name, view.item.decided_at),
            ),
            (
                format!("乙方：{party_b}"),
                "已按审批内容执行。",
                signed(&view.item.executed_by_name, view.item.executed_at),
            ),
        ])
}
