//! The account on paper.

use super::ledger::PenaltyState;
use super::ops::{other_reading_text, reading_text};
use super::wire::{PenaltyView, SettlementQuery, SettlementView};
use crate::ServiceDesk;
use crate::book::Book;
use crate::forms::{Form, yuan};
use kernel::{Result, ServiceContractId};
use platform::{AuditEntry, Ctx};
use service_terms::Contract;

impl ServiceDesk {
    /// The account of a period as PDF, for both signatures.
    pub async fn print_settlement(
        &self,
        ctx: &Ctx,
        id: ServiceContractId,
        query: &SettlementQuery,
    ) -> Result<(String, Vec<u8>)> {
        let view = self.settlement(ctx, id, query).await?;
        let book = Book::load(&ctx.platform().db().read()).await?;
        let edition = book.latest(id)?;
        let form = form(ctx, &view, &edition.contract, &book.calendar_version());
        let entry = AuditEntry::new("service_settlement_printed")
            .on("service_settlement", id.uuid())
            .organisation(&edition.organisation_path)
            .detail(serde_json::json!({"from": view.from, "to": view.to}));
        ctx.platform().audit(ctx, entry).await?;
        let name = format!("{}-{}-{}.pdf", view.contract_code, view.from, view.to);
        Ok((name, self.print(form).await?))
    }
}

fn state_text(penalty: &PenaltyView) -> String {
    let text = match penalty.state {
        PenaltyState::Proposed => "待复核",
        PenaltyState::Confirmed => "已确认",
        PenaltyState::Disputed => "有争议",
        PenaltyState::Withdrawn => "已撤销",
    };
    text.to_owned()
}

/// The way to an amount, the readings it rests on, and what the others would give.
fn derivation_note(penalty: &PenaltyView) -> Option<String> {
    let last = penalty.lines.last()?;
    let mut parts = vec![last.derivation.steps_zh.join("；")];
    let readings: Vec<String> =
        last.derivation.readings.iter().map(|r| reading_text(&r.name, &r.value)).collect();
    if !readings.is_empty() {
        parts.push(format!("读法：{}", readings.join("；")));
    }
    let others: Vec<String> = last
        .derivation
        .alternatives
        .iter()
        .map(|a| format!("{} → {}", other_reading_text(&a.reading), a.result))
        .collect();
    if !others.is_empty() {
        parts.push(format!("其他读法：{}", others.join("；")));
    }
    if let Some(reason) = last.reason.as_ref().filter(|_| last.kind == "decision") {
        parts.push(format!("协商结果：{reason}"));
    }
    if let Some(dispute) = &penalty.dispute {
        parts.push(format!("争议：{}", dispute.reason));
    }
    let accepted: Vec<String> = [("甲方", &penalty.accepted_a), ("乙方", &penalty.accepted_b)]
        .into_iter()
        .filter_map(|(party, a)| a.as_ref().map(|a| format!("{party} {} {}", a.name, a.at.local_date())))
        .collect();
    if !accepted.is_empty() {
        parts.push(format!("确认：{}", accepted.join("，")));
    }
    Some(parts.join("\n"))
}

fn form(ctx: &Ctx, view: &SettlementView, contract: &Contract, calendar: &str) -> Form {
    let shown: Vec<&PenaltyView> =
        view.penalties.iter().filter(|p| p.state != PenaltyState::Withdrawn || p.amount_cents != 0).collect();
    let rows = shown
        .iter()
        .map(|p| {
            vec![
                p.number.clone(),
                p.occurred_at.local_text(),
                p.subject.clone(),
                p.lines.last().map(|line| line.derivation.clause.clone()).unwrap_or_default(),
                if p.needs_choice { "待定".to_owned() } else { yuan(p.amount_cents) },
                state_text(p),
            ]
        })
        .collect();
    let notes: Vec<Option<String>> = shown.iter().map(|p| derivation_note(p)).collect();
    let instalments = view
        .instalments
        .iter()
        .map(|i| {
            vec![
                format!("第{}期", i.number),
                yuan(i.amount_cents),
                i.due.clone().unwrap_or_else(|| "日历未公布".to_owned()),
                yuan(i.paid_cents),
                yuan(i.open_cents),
                i.days_late.to_string(),
            ]
        })
        .collect();
    let paid: Vec<Option<String>> = view
        .instalments
        .iter()
        .map(|i| {
            let mut parts: Vec<String> = i
                .payments
                .iter()
                .filter(|p| !p.reversed)
                .map(|p| format!("{} 支付 {}", p.paid_on, yuan(p.amount_cents)))
                .collect();
            parts.extend(i.excuse_evidence.as_ref().map(|evidence| format!("免责依据：{evidence}")));
            (!parts.is_empty()).then(|| parts.join("；"))
        })
        .collect();
    let late = &view.late_payment;
    let running = view.running;
    let parties = [&contract.party_a, &contract.party_b];
    Form::new("运维服务费用结算单", format!("JS-{}-{}", view.contract_code, view.to), ctx.now())
        .organisation(&*contract.party_a)
        .subtitle(format!("结算期 {} 至 {}（截至 {}）", view.from, view.to, view.as_of))
        .source(format!("合同第{}版 · 日历 {calendar}", view.contract_version))
        .fields(
            Some("合同"),
            &[
                ("合同名称", contract.name.clone()),
                ("合同编号", contract.code.clone()),
                ("甲方", contract.party_a.clone()),
                ("乙方", contract.party_b.clone()),
                ("服务期", format!("{} 至 {}", contract.term_start, contract.term_end)),
                ("合同总价", format!("{} 元（含税）", contract.total)),
            ],
        )
        .table_with_notes(
            Some("违约金明细"),
            &[
                ("编号", "auto", "left"),
                ("发生时间", "auto", "left"),
                ("事项", "fill", "left"),
                ("条款", "auto", "left"),
                ("金额（元）", "auto", "right"),
                ("状态", "auto", "center"),
            ],
            rows,
            &notes,
        )
        .sums(
            Some("违约金合计（元）"),
            &[
                ("本期已确认", yuan(view.sums.confirmed_cents), false),
                ("本期待复核", yuan(view.sums.proposed_cents), false),
                ("本期有争议", yuan(view.sums.disputed_cents), false),
                (
                    "合同累计（含待复核与有争议）",
                    yuan(running.confirmed_cents + running.proposed_cents + running.disputed_cents),
                    false,
                ),
                ("参考：合同总价5%（7.2）", yuan(view.cap_cents), false),
            ],
        )
        .table_with_notes(
            Some("付款"),
            &[
                ("期次", "auto", "left"),
                ("应付（元）", "fill", "right"),
                ("付款期限", "auto", "center"),
                ("已付（元）", "fill", "right"),
                ("未付（元）", "fill", "right"),
                ("逾期天数", "auto", "right"),
            ],
            instalments,
            &paid,
        )
        .sums(
            Some("结算（元）"),
            &[
                ("甲方逾期付款违约金", yuan(late.penalty_cents), false),
                ("甲方逾期付款利息", yuan(late.interest_cents), false),
                ("两项合计应付（以合同总价5%为限）", yuan(late.payable_cents), false),
                ("配件及合同外工作", yuan(view.billable_cents), false),
                ("减：累计已确认违约金", yuan(running.confirmed_cents), false),
                ("甲方尚应支付", yuan(view.payable_cents), true),
                ("大写（人民币）", view.payable_capital.clone(), true),
            ],
        )
        .signatures(&[
            (format!("甲方：{}", parties[0]), "以上内容经核对无误，同意结算。", None),
            (format!("乙方：{}", parties[1]), "以上内容经核对无误，同意结算。", None),
        ])
}
