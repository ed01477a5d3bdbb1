//! The list of what was handed over, and the certificate of what was destroyed.

use super::ops::HANDOVER;
use super::wire::{HandoverView, ItemKind, ItemView, Method, Occasion, Outcome, Paper, State};
use crate::ServiceDesk;
use crate::book::Book;
use crate::forms::{Column, Form, Party};
use kernel::{Error, Result, Timestamp};
use platform::{AuditEntry, Ctx};
use uuid::Uuid;

impl ServiceDesk {
    /// One of the two papers as PDF.
    pub async fn print_handover(&self, ctx: &Ctx, id: Uuid, paper: Paper) -> Result<(String, Vec<u8>)> {
        let view = self.handover_after_step(ctx, id).await?;
        let destroyed = |entry: &&ItemView| entry.outcome == Some(Outcome::Destroyed);
        if paper == Paper::Destruction && !view.entries.iter().any(|entry| destroyed(&entry)) {
            return Err(Error::conflict("nothing_destroyed", "nothing on this list was destroyed"));
        }
        let book = Book::load(&ctx.platform().db().read()).await?;
        let terms = &book.latest(view.item.contract_id)?.contract;
        let parties = (terms.party_a.as_str(), terms.party_b.as_str());
        let (name, form) = match paper {
            Paper::List => (format!("{}.pdf", view.item.number), list(ctx, &view, &terms.name, parties)),
            Paper::Destruction => {
                let name = format!("{}-destruction.pdf", view.item.number);
                (name, destruction(ctx, &view, &terms.name, parties))
            }
        };
        ctx.platform().audit(ctx, AuditEntry::new("service_handover_printed").on(HANDOVER, id)).await?;
        Ok((name, self.print(form).await?))
    }
}

fn head(ctx: &Ctx, title: &'static str, view: &HandoverView, contract: &str, party_b: &str) -> Form {
    let occasion = match (view.item.occasion, &view.item.person_name) {
        (Occasion::PersonLeft, Some(name)) => format!("人员离开项目：{name}"),
        (Occasion::PersonLeft, None) => "人员离开项目".to_owned(),
        (Occasion::ContractEnd, _) => "合同服务期满".to_owned(),
    };
    let completed = view.item.completed_at.map(Timestamp::local_text).unwrap_or_else(|| "未完成".to_owned());
    Form::new(title, view.item.number.clone(), ctx.now())
        .organisation(party_b.to_owned())
        .subtitle(format!("{contract} · {}", view.item.contract_code))
        .mark((view.item.state != State::Completed).then_some("draft"))
        .fields(
            None,
            &[
                ("事由", occasion),
                ("期限", view.item.due.clone()),
                ("登记", format!("{} {}", view.item.opened_by_name, view.item.opened_at.local_text())),
                ("完成", completed),
            ],
        )
}

fn kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Documents => "文档资料",
        ItemKind::Accounts => "账号权限",
        ItemKind::Equipment => "设备",
        ItemKind::SourceConfig => "源代码与配置",
        ItemKind::DataCopies => "数据副本",
    }
}

fn method(method: Option<Method>) -> &'static str {
    match method {
        Some(Method::Overwrite) => "数据覆写",
        Some(Method::Degauss) => "消磁",
        Some(Method::Physical) => "物理销毁",
        None => "—",
    }
}

fn person(name: &Option<String>, at: Option<Timestamp>) -> String {
    match (name, at) {
        (Some(name), Some(at)) => format!("{name}\n{}", at.local_text()),
        _ => "—".to_owned(),
    }
}

fn list(ctx: &Ctx, view: &HandoverView, contract: &str, (party_a, party_b): (&str, &str)) -> Form {
    let columns: [Column<'_>; 7] = [
        ("序号", "auto", "right"),
        ("类别", "auto", "left"),
        ("内容", "wide", "left"),
        ("数量", "auto", "left"),
        ("处理", "fill", "left"),
        ("经办", "auto", "left"),
        ("见证", "auto", "left"),
    ];
    let rows = view
        .entries
        .iter()
        .map(|entry| {
            let particulars = entry.particulars.clone().unwrap_or_default();
            let outcome = match entry.outcome {
                Some(Outcome::HandedOver) => format!("移交：{particulars}"),
                Some(Outcome::Destroyed) => format!("销毁（{}）：{particulars}", method(entry.method)),
                None => "未处理".to_owned(),
            };
            vec![
                entry.position.to_string(),
                kind(entry.kind).to_owned(),
                entry.description.clone(),
                entry.quantity.clone(),
                outcome,
                person(&entry.done_by_name, entry.done_at),
                person(&entry.witnessed_by_name, entry.witnessed_at),
            ]
        })
        .collect();
    let parties: [Party<'_>; 2] = [
        (format!("移交方（乙方）：{party_b}"), "以上内容已全部移交或销毁，未留存副本。", None),
        (format!("接收方（甲方）：{party_a}（信息科）"), "已接收，并见证销毁。", None),
    ];
    head(ctx, "移交清单", view, contract, party_b).table(None, &columns, rows).signatures(&parties)
}

fn destruction(ctx: &Ctx, view: &HandoverView, contract: &str, (party_a, party_b): (&str, &str)) -> Form {
    let columns: [Column<'_>; 7] = [
        ("序号", "auto", "right"),
        ("类别", "auto", "left"),
        ("销毁内容", "wide", "left"),
        ("数量", "auto", "left"),
        ("方式及地点", "fill", "left"),
        ("销毁人", "auto", "left"),
        ("监销人", "auto", "left"),
    ];
    let rows = view
        .entries
        .iter()
        .filter(|entry| entry.outcome == Some(Outcome::Destroyed))
        .map(|entry| {
            vec![
                entry.position.to_string(),
                kind(entry.kind).to_owned(),
                entry.description.clone(),
                entry.quantity.clone(),
                format!("{}：{}", method(entry.method), entry.particulars.clone().unwrap_or_default()),
                person(&entry.done_by_name, entry.done_at),
                person(&entry.witnessed_by_name, entry.witnessed_at),
            ]
        })
        .collect();
    let declared = "兹证明下列数据及载体已按所列方式销毁，不可恢复；乙方及其人员不再持有任何副本。";
    let parties: [Party<'_>; 2] = [
        (format!("销毁方（乙方）：{party_b}"), "承诺销毁内容真实、完整，无留存。", None),
        (format!("监销方（甲方）：{party_a}（信息科）"), "已现场监销。", None),
    ];
    head(ctx, "数据销毁证明", view, contract, party_b)
        .text("证明", Some(declared))
        .table(None, &columns, rows)
        .signatures(&parties)
}
