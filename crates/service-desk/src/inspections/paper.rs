//! The report of an inspection on paper: a matrix of items and units for each type of equipment, what was abnormal with its
//! ticket, and both signatures.

use super::checklists::{EquipmentType, Item};
use super::model::{Kind, State, Verdict};
use super::wire::{AnswerView, InspectionView, UnitView};
use crate::book::Book;
use crate::forms::{Column, Form};
use crate::{ServiceDesk, attachments};
use kernel::{Error, InspectionId, Result, Timestamp};
use platform::{AuditEntry, Ctx};
use service_terms::Contract;

/// Units side by side on one table: what fits on A4 beside the items.
const ABREAST: usize = 5;
/// Photos on paper, and the points of their longer side: 150 a inch at a hand's breadth.
const MOST_PHOTOS: usize = 24;
const PHOTO_POINTS: u32 = 900;

impl ServiceDesk {
    /// The report as PDF.
    pub async fn print_inspection(&self, ctx: &Ctx, id: InspectionId) -> Result<(String, Vec<u8>)> {
        let view = self.inspection_after_step(ctx, id).await?;
        let book = Book::load(&ctx.platform().db().read()).await?;
        let contract = &book.latest(view.line.contract_id)?.contract;
        let photos = photos(ctx, &view).await?;
        let form = form(ctx, &view, contract, photos);
        let entry = AuditEntry::new("service_inspection_printed").on("service_inspection", id.uuid());
        ctx.platform().audit(ctx, entry).await?;
        Ok((format!("{}.pdf", view.line.number), self.print(form).await?))
    }
}

fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::CloudMonthly => "云计算平台月度巡检报告",
        Kind::VideoMonthly => "远程会诊视频硬件月度巡检报告",
        Kind::PreventiveQuarterly => "季度预防性巡检报告",
    }
}

/// What an item asks for, with its unit and normal range.
fn item_text(item: &Item) -> String {
    let range = match (&item.low, &item.high) {
        (Some(low), Some(high)) => Some(format!("{low}–{high}")),
        (Some(low), None) => Some(format!("≥{low}")),
        (None, Some(high)) => Some(format!("≤{high}")),
        (None, None) => None,
    };
    match (&item.unit, range) {
        (Some(unit), Some(range)) => format!("{}（{unit}，{range}）", item.zh),
        (Some(unit), None) => format!("{}（{unit}）", item.zh),
        _ => item.zh.clone(),
    }
}

fn cell(unit: &UnitView, item: &Item) -> String {
    if unit.skip_reason.is_some() {
        return "未检".to_owned();
    }
    let Some(answer) = unit.answers.get(&item.code) else { return String::new() };
    let mut text = match (answer.verdict, &answer.value) {
        (Verdict::Normal, None) => "√".to_owned(),
        (Verdict::Normal, Some(value)) => value.clone(),
        (Verdict::Abnormal, None) => "×".to_owned(),
        (Verdict::Abnormal, Some(value)) => format!("{value} ×"),
        (Verdict::NotApplicable, _) => "不适用".to_owned(),
    };
    if answer.source_name.is_some() {
        text.push('*');
    }
    text
}

fn said(answer: &AnswerView, item: &Item) -> String {
    match (&answer.value, &item.unit) {
        (Some(value), Some(unit)) => format!("{value} {unit}"),
        (Some(value), None) => value.clone(),
        _ => "异常".to_owned(),
    }
}

/// Every answer with its unit, item and list.
fn answers(view: &InspectionView) -> impl Iterator<Item = (&UnitView, &Item, &AnswerView)> {
    view.unit_list.iter().filter(|unit| unit.skip_reason.is_none()).flat_map(|unit| {
        let list = view.checklists.iter().find(|list| list.code == unit.type_code);
        list.into_iter()
            .flat_map(|list| &list.items)
            .filter_map(move |item| unit.answers.get(&item.code).map(|answer| (unit, item, answer)))
    })
}

/// Photos of what was abnormal, then of the rest, fit for paper. One that cannot be read is left out: it stays in the record.
async fn photos(ctx: &Ctx, view: &InspectionView) -> Result<Vec<(String, Vec<u8>)>> {
    let place = |part: &Option<String>| {
        let (unit, code) = part.as_deref().and_then(|part| part.split_once('/'))?;
        answers(view).find(|(found, item, _)| found.id.to_string() == unit && item.code == code)
    };
    let mut chosen: Vec<_> = view
        .attachments
        .iter()
        .filter(|file| file.voided_at.is_none() && file.content_type.starts_with("image/"))
        .map(|file| (place(&file.part), file))
        .collect();
    let normal = |found: &Option<(&UnitView, &Item, &AnswerView)>| {
        found.as_ref().is_none_or(|(_, _, answer)| answer.verdict != Verdict::Abnormal)
    };
    chosen.sort_by_key(|(found, file)| (normal(found), file.uploaded_at));
    let mut printed = Vec::new();
    for (found, file) in chosen.into_iter().take(MOST_PHOTOS) {
        let at = file.uploaded_at.local_text();
        let caption = match found {
            Some((unit, item, _)) => format!("{} · {}　{at}", unit.label, item.zh),
            None => format!("{}　{at}", file.name),
        };
        let bytes = attachments::bytes(ctx.platform(), file.id).await?;
        let name = file.name.clone();
        let work = move || print::photo_for_paper(&name, &bytes, PHOTO_POINTS);
        match tokio::task::spawn_blocking(work).await.map_err(Error::internal)? {
            Ok(photo) => printed.push((caption, photo)),
            Err(error) => {
                tracing::warn!(attachment_id = %file.id, code = error.code(), "a photo could not be printed")
            }
        }
    }
    Ok(printed)
}

fn form(ctx: &Ctx, view: &InspectionView, contract: &Contract, photos: Vec<(String, Vec<u8>)>) -> Form {
    let line = &view.line;
    let at = |at: Option<Timestamp>| at.map_or_else(|| "—".to_owned(), Timestamp::local_text);
    let mark = match line.state {
        State::Planned | State::InProgress => Some("draft"),
        State::Cancelled => Some("void"),
        State::Submitted | State::Confirmed => None,
    };
    let count = |verdict: Verdict| answers(view).filter(|(_, _, a)| a.verdict == verdict).count();
    let skipped = view.unit_list.iter().filter(|unit| unit.skip_reason.is_some()).count();
    let late = if line.late { "（逾期）" } else { "" };
    let mut form = Form::new(title(line.kind), line.number.clone(), ctx.now())
        .organisation(contract.party_b.clone())
        .subtitle(format!("{}　{}", contract.name, line.clause))
        .source(format!("合同 {} 第{}版", line.contract_code, view.contract_version))
        .mark(mark)
        .fields(
            None,
            &[
                ("巡检周期", format!("{} 至 {}", line.period_from, line.due)),
                ("应完成日期", format!("{}{late}", line.due)),
                ("巡检人", line.assignee_name.clone().unwrap_or_else(|| "—".to_owned())),
                ("开始时间", at(line.started_at)),
                ("设备", format!("{} 台（套），其中未检 {skipped}", line.units)),
                ("检查项", format!("{} 项", line.items)),
                (
                    "结果",
                    format!(
                        "正常 {}，异常 {}，不适用 {}",
                        count(Verdict::Normal),
                        count(Verdict::Abnormal),
                        count(Verdict::NotApplicable)
                    ),
                ),
                ("转工单", format!("{} 件", line.findings)),
            ],
        )
        .text("一、巡检结论", view.summary.as_deref());
    form = form.table(
        Some("二、异常与处理"),
        &[
            ("设备", "auto", "left"),
            ("项目", "auto", "left"),
            ("结果", "auto", "left"),
            ("说明", "fill", "left"),
            ("工单", "auto", "left"),
        ],
        abnormal(view),
    );
    for list in &view.checklists {
        let units: Vec<&UnitView> =
            view.unit_list.iter().filter(|unit| unit.type_code == list.code).collect();
        for (n, abreast) in units.chunks(ABREAST).enumerate() {
            form = matrix(form, list, abreast, n > 0);
        }
    }
    let files = view.attachments.iter().filter(|file| file.voided_at.is_none()).count();
    let note = format!(
        "√ 正常，× 异常；带 * 的由监控系统采集并经人工确认。现场照片及附件 {files} 件随电子记录保存，其中 {} 张照片印于本报告。",
        photos.len()
    );
    let signed = |signature: &Option<super::model::Signature>| {
        signature.as_ref().map(|signature| (signature.name.clone(), signature.at))
    };
    form.photos("现场照片", photos).text("说明", Some(&note)).signatures(&[
        (format!("乙方：{}", contract.party_b), "以上巡检结果属实。", signed(&view.signed_by_provider)),
        (format!("甲方：{}", contract.party_a), "已审阅并确认。", signed(&view.signed_by_bureau)),
    ])
}

fn abnormal(view: &InspectionView) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = answers(view)
        .filter(|(_, _, answer)| answer.verdict == Verdict::Abnormal)
        .map(|(unit, item, answer)| {
            let ticket = view.finding_list.iter().find(|f| f.unit_id == unit.id && f.code == item.code);
            vec![
                unit.label.clone(),
                item.zh.clone(),
                said(answer, item),
                answer.remark.clone().unwrap_or_default(),
                ticket.map(|f| f.ticket_number.clone()).unwrap_or_default(),
            ]
        })
        .collect();
    for unit in &view.unit_list {
        if let Some(reason) = &unit.skip_reason {
            let cells = [unit.label.as_str(), "—", "未检", reason.as_str(), ""];
            rows.push(cells.map(ToOwned::to_owned).to_vec());
        }
    }
    rows
}

/// Items down, units across.
fn matrix(form: Form, list: &EquipmentType, units: &[&UnitView], goes_on: bool) -> Form {
    let heading = if goes_on { format!("{}（续）", list.name_zh) } else { list.name_zh.clone() };
    let rows = list
        .items
        .iter()
        .map(|item| {
            let mut row = vec![item_text(item)];
            row.extend(units.iter().map(|unit| cell(unit, item)));
            row
        })
        .collect();
    let mut titles = vec!["检查项目".to_owned()];
    titles.extend(units.iter().map(|unit| match &unit.place {
        Some(place) => format!("{}\n{place}", unit.label),
        None => unit.label.clone(),
    }));
    let columns: Vec<Column<'_>> = titles
        .iter()
        .enumerate()
        .map(|(n, title)| {
            let (size, align) = if n == 0 { ("wide", "left") } else { ("fill", "center") };
            (title.as_str(), size, align)
        })
        .collect();
    form.table(Some(&heading), &columns, rows)
}
