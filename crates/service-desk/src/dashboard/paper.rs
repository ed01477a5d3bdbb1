//! Service levels on paper.

use super::measure::{Level, Tally};
use super::ops::item_names;
use super::wire::{Dashboard, DashboardQuery, LevelOf};
use crate::ServiceDesk;
use crate::forms::{Column, Form};
use kernel::Result;
use platform::{AuditEntry, Ctx};
use std::collections::HashMap;

const COLUMNS: [Column<'_>; 7] = [
    ("名称", "fill", "left"),
    ("工单", "auto", "right"),
    ("未办结", "auto", "right"),
    ("响应及时率", "fill", "right"),
    ("办结及时率", "fill", "right"),
    ("响应中位", "auto", "right"),
    ("办结中位", "auto", "right"),
];

/// `98.5%（197/200）`, rounded down so that a late one shows; a dash where nothing is decided.
fn share(tally: Tally) -> String {
    let decided = tally.met + tally.late;
    if decided == 0 {
        return "—".to_owned();
    }
    let tenths = u64::from(tally.met) * 1000 / u64::from(decided);
    format!("{}.{}%（{}/{decided}）", tenths / 10, tenths % 10, tally.met)
}

/// `12 分`, `3 时 5 分`, `2 天 4 时`.
fn duration(seconds: Option<i64>) -> String {
    let Some(seconds) = seconds else { return "—".to_owned() };
    let minutes = seconds.div_euclid(60);
    match minutes {
        0 => format!("{seconds} 秒"),
        1..60 => format!("{minutes} 分"),
        60..1440 => format!("{} 时 {} 分", minutes / 60, minutes % 60),
        _ => format!("{} 天 {} 时", minutes / 1440, minutes % 1440 / 60),
    }
}

fn row(name: String, level: &Level) -> Vec<String> {
    vec![
        name,
        level.opened.to_string(),
        level.open.to_string(),
        share(level.response),
        share(level.handling),
        duration(level.response_median_s),
        duration(level.resolution_median_s),
    ]
}

fn rows(entries: &[LevelOf], names: &HashMap<String, String>) -> Vec<Vec<String>> {
    let named = |entry: &LevelOf| {
        let known = entry.key.as_ref().and_then(|key| names.get(key).cloned());
        entry.name.clone().or(known).or_else(|| entry.key.clone()).unwrap_or_else(|| "未填".to_owned())
    };
    entries.iter().map(|entry| row(named(entry), &entry.level)).collect()
}

impl ServiceDesk {
    /// The service levels of a period as PDF.
    pub(crate) async fn print_dashboard(
        &self,
        ctx: &Ctx,
        query: &DashboardQuery,
    ) -> Result<(String, Vec<u8>)> {
        let found = self.dashboard(ctx, query).await?;
        let form = form(ctx, &found, &item_names(ctx).await?);
        let entry = AuditEntry::new("service_dashboard_printed")
            .detail(serde_json::json!({"from": found.from, "to": found.to}));
        ctx.platform().audit(ctx, entry).await?;
        Ok((format!("service-level-{}-{}.pdf", found.from, found.to), self.print(form).await?))
    }
}

fn form(ctx: &Ctx, found: &Dashboard, items: &HashMap<String, String>) -> Form {
    let all = &found.all;
    let rating =
        all.rating_mean.map_or_else(|| "—".to_owned(), |mean| format!("{mean:.2}（{} 份）", all.ratings));
    let mut form = Form::new("运维服务水平报告", format!("{} 至 {}", found.from, found.to), ctx.now())
        .source("时长按自然时间计；及时率 = 按时 ÷（按时 + 超时）；未到期的不计入；作废与超出合同范围的工单不计入")
        .fields(
            Some("总体"),
            &[
                ("新开工单", all.opened.to_string()),
                ("期内办结", found.resolved.to_string()),
                ("未办结", all.open.to_string()),
                ("响应及时率", share(all.response)),
                ("办结及时率", share(all.handling)),
                ("响应时长（中位 / 90 %）", format!("{} / {}", duration(all.response_median_s), duration(all.response_p90_s))),
                ("办结时长（中位 / 90 %）", format!("{} / {}", duration(all.resolution_median_s), duration(all.resolution_p90_s))),
                ("满意度", rating),
                ("作废", found.cancelled.to_string()),
                ("超出合同范围", found.out_of_scope.to_string()),
            ],
        )
        .table(Some("按系统"), &COLUMNS, rows(&found.by_item, items))
        .table(Some("按机构"), &COLUMNS, rows(&found.by_organisation, &HashMap::new()));
    if !found.by_engineer.is_empty() {
        form = form.table(Some("按工程师"), &COLUMNS, rows(&found.by_engineer, &HashMap::new()));
    }
    let causes = found
        .causes
        .iter()
        .map(|cause| {
            vec![
                cause.name.clone().unwrap_or_else(|| "未填".to_owned()),
                cause.count.to_string(),
                duration(cause.resolution_median_s),
            ]
        })
        .collect();
    let columns = [("原因", "wide", "left"), ("工单", "auto", "right"), ("办结中位", "fill", "right")];
    form.table(Some("主要原因"), &columns, causes)
}
