//! Routes of the ECG context.

mod exams;
mod phrases;
mod recordings;
mod reports;
mod steps;

use crate::Ecg;
use axum::Extension;
use platform::Platform;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The use cases, as handlers receive them.
type Cases = Extension<Arc<Ecg>>;

pub fn router(ecg: &Arc<Ecg>) -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(exams::list, exams::create))
        .routes(routes!(exams::worklist))
        .routes(routes!(exams::worklist_counts))
        .routes(routes!(exams::get, exams::edit))
        .routes(routes!(recordings::upload))
        .routes(routes!(recordings::get))
        .routes(routes!(recordings::waveform))
        .routes(routes!(recordings::file))
        .routes(routes!(steps::submit))
        .routes(routes!(steps::claim))
        .routes(routes!(steps::release))
        .routes(routes!(steps::sign))
        .routes(routes!(steps::claim_review))
        .routes(routes!(steps::approve))
        .routes(routes!(steps::return_report))
        .routes(routes!(steps::request_retake))
        .routes(routes!(steps::withdraw))
        .routes(routes!(steps::void))
        .routes(routes!(reports::save))
        .routes(routes!(reports::pdf))
        .routes(routes!(reports::versions))
        .routes(routes!(reports::verify))
        .routes(routes!(phrases::list, phrases::add))
        .routes(routes!(phrases::remove))
        .layer(Extension(Arc::clone(ecg)))
}
