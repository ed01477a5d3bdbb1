//! Routes of the identity context.

mod accounts;
mod audit;
mod organisations;
mod session;
mod staff;

use platform::Platform;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(session::sign_in, session::me, session::sign_out))
        .routes(routes!(session::change_password))
        .routes(routes!(session::own_devices))
        .routes(routes!(session::end_own_device))
        .routes(routes!(session::begin_totp, session::remove_totp))
        .routes(routes!(session::confirm_totp))
        .routes(routes!(organisations::list, organisations::create))
        .routes(routes!(organisations::update))
        .routes(routes!(organisations::departments, organisations::create_department))
        .routes(routes!(organisations::update_department))
        .routes(routes!(staff::list, staff::create))
        .routes(routes!(staff::get, staff::update))
        .routes(routes!(accounts::create))
        .routes(routes!(accounts::get))
        .routes(routes!(accounts::disable))
        .routes(routes!(accounts::enable))
        .routes(routes!(accounts::unlock))
        .routes(routes!(accounts::reset_password))
        .routes(routes!(accounts::remove_totp))
        .routes(routes!(accounts::set_roles))
        .routes(routes!(accounts::devices, accounts::end_devices))
        .routes(routes!(accounts::end_device))
        .routes(routes!(accounts::roles))
        .routes(routes!(audit::list))
        .routes(routes!(audit::verify))
}
