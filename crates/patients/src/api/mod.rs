//! Endpoints.

pub(crate) mod duplicates;
pub(crate) mod patients;

use platform::Platform;
use ports::identity::Directory;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What handlers need beside the platform.
#[derive(Clone)]
pub(crate) struct Index {
    pub directory: Arc<dyn Directory>,
}

pub(crate) fn router(directory: Arc<dyn Directory>) -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(patients::list_patients, patients::register_patient))
        .routes(routes!(patients::get_patient, patients::change_patient))
        .routes(routes!(patients::reveal_patient))
        .routes(routes!(duplicates::list_patient_duplicates))
        .routes(routes!(duplicates::dismiss_patient_duplicate))
        .routes(routes!(duplicates::merge_patient))
        .routes(routes!(duplicates::list_patient_merges))
        .routes(routes!(duplicates::undo_patient_merge))
        .layer(axum::Extension(Index { directory }))
}
