//! The roster of a month on paper.

use crate::ServiceDesk;
use crate::forms::Form;
use kernel::{Error, Result};
use platform::{AuditEntry, Ctx};

const WEEKDAYS: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];

impl ServiceDesk {
    /// The roster as PDF.
    pub async fn print_roster(&self, ctx: &Ctx, month: &str) -> Result<(String, Vec<u8>)> {
        let view = self.roster_after_step(ctx, month).await?;
        let rows = view
            .days
            .iter()
            .map(|day| {
                let date: jiff::civil::Date = day.day.parse().map_err(Error::internal)?;
                let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
                let person = |name: &Option<String>, phone: &Option<String>| {
                    name.as_ref()
                        .map(|name| format!("{name} {}", phone.as_deref().unwrap_or_default()))
                        .unwrap_or_else(|| "未安排".to_owned())
                };
                Ok(vec![
                    day.day.clone(),
                    WEEKDAYS.get(weekday).copied().unwrap_or_default().to_owned(),
                    day.holiday.clone().unwrap_or_else(|| "周末".to_owned()),
                    person(&day.engineer_name, &day.phone),
                    day.backup_name
                        .as_ref()
                        .map_or_else(|| "—".to_owned(), |_| person(&day.backup_name, &day.backup_phone)),
                    day.handover.clone().unwrap_or_default(),
                ])
            })
            .collect::<Result<Vec<_>>>()?;
        let published = view
            .published_at
            .map(|at| format!("{} {}", view.published_by_name.clone().unwrap_or_default(), at.local_text()));
        let form = Form::new("节假日值班表", month, ctx.now())
            .subtitle(format!("{month} · 合同 {}", view.contract_code))
            .mark((view.state != "published").then_some("draft"))
            .fields(
                None,
                &[
                    ("上报期限", view.due.clone().unwrap_or_else(|| "日历未公布".to_owned())),
                    ("发布", published.unwrap_or_else(|| "未发布".to_owned())),
                ],
            )
            .table(
                None,
                &[
                    ("日期", "auto", "left"),
                    ("星期", "auto", "center"),
                    ("类别", "auto", "left"),
                    ("值班人及电话", "fill", "left"),
                    ("备班及电话", "fill", "left"),
                    ("交接事项", "fill", "left"),
                ],
                rows,
            );
        let entry = AuditEntry::new("service_roster_printed").detail(serde_json::json!({"month": month}));
        ctx.platform().audit(ctx, entry).await?;
        Ok((format!("roster-{month}.pdf"), self.print(form).await?))
    }
}
