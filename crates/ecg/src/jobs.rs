//! Background work: the archived PDF of a published report.

use crate::{Ecg, store};
use kernel::{EcgExamId, Error, Result};
use platform::{AuditEntry, Ctx, JobHandler, JobKind};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub const RENDER_REPORT: JobKind = JobKind { name: "ecg_render_report", max_attempts: 8 };

#[derive(Debug, Serialize, Deserialize)]
pub struct RenderReport {
    pub exam_id: EcgExamId,
    pub version: i32,
}

pub fn handlers(ecg: &Arc<Ecg>) -> Vec<JobHandler> {
    let ecg = Arc::clone(ecg);
    vec![JobHandler::new(RENDER_REPORT, move |ctx, job: RenderReport| {
        let ecg = Arc::clone(&ecg);
        async move { render(&ecg, &ctx, &job).await }
    })]
}

/// Prints a published version once and keeps the file. Running again finds it there.
async fn render(ecg: &Ecg, ctx: &Ctx, job: &RenderReport) -> Result<()> {
    let platform = ctx.platform();
    let exec = platform.db().read();
    let exam =
        store::find_exam(&exec, job.exam_id.uuid()).await?.ok_or_else(|| Error::not_found("examination"))?;
    let report =
        store::find_report(&exec, exam.id, job.version).await?.ok_or_else(|| Error::not_found("report"))?;
    if report.pdf_blob.is_some() || report.state != "published" {
        return Ok(());
    }
    let bytes = ecg.render(platform, &exam, &report).await?;
    let blob = platform.store_bytes("application/pdf", bytes).await?;
    let mut tx = platform.begin().await?;
    tx.attach(&blob).await?;
    store::set_report_pdf(&tx.exec(), exam.id, report.version, blob.id).await?;
    let detail = serde_json::json!({"version": report.version, "sm3": blob.sm3});
    tx.audit(
        ctx,
        AuditEntry::new("ecg_report_archived")
            .on("ecg_exam", exam.id)
            .organisation(&exam.organisation_path)
            .detail(detail),
    );
    tx.publish(&ports::ecg::EcgExamChanged {
        exam_id: job.exam_id,
        state: exam.state.clone(),
        organisation_path: exam.organisation_path.clone(),
    })
    .await?;
    tx.commit().await
}
