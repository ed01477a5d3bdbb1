//! `GET /events`: live hints to browsers as server-sent events.

use crate::http::ApiResult;
use crate::{Ctx, PrincipalKind, Scope};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use kernel::Error;
use serde::Serialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

#[derive(Serialize)]
struct Hint {
    id: String,
    topic: String,
    resource_id: String,
    at: kernel::Timestamp,
}

/// Streams the hints of the organisations in the caller's roles. A hint says only that something changed: what it was is
/// fetched, and authorized, as usual.
#[utoipa::path(get, path = "/events", tag = "operations", operation_id = "live_events",
    responses((status = 200, description = "Server-sent events", content_type = "text/event-stream", body = String)),
    extensions(("x-action" = json!("signed_in")), ("x-audit" = json!("none: carries ids only"))))]
pub async fn live_events(ctx: Ctx) -> ApiResult<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    // A resident's role spans the region, but live hints are for those who work in it.
    if ctx.principal().kind() != PrincipalKind::Staff {
        return Err(Error::forbidden("staff_only", "live events are for staff").into());
    }
    let scope = Scope::of(ctx.principal().roles.iter().map(|grant| grant.scope.clone()));
    let platform = ctx.platform().clone();
    let receiver = platform.live().subscribe();
    let stream =
        futures::stream::unfold((receiver, scope, platform), |(mut receiver, scope, platform)| async move {
            loop {
                let received = tokio::select! {
                    received = receiver.recv() => received,
                    () = platform.shutdown_requested() => return None,
                };
                match received {
                    Ok(hint) => {
                        let visible =
                            hint.organisation_path.as_deref().is_some_and(|path| scope.contains(path))
                                || (hint.topic == "job_dead" && !scope.is_empty());
                        if !visible {
                            continue;
                        }
                        let data = Hint {
                            id: hint.id.to_string(),
                            topic: hint.topic.clone(),
                            resource_id: hint.resource_id.to_string(),
                            at: hint.at,
                        };
                        let event = Event::default().event(hint.topic).json_data(data).unwrap_or_default();
                        return Some((Ok(event), (receiver, scope, platform)));
                    }
                    Err(RecvError::Lagged(_)) => {
                        let event = Event::default().event("reload").data("{}");
                        return Some((Ok(event), (receiver, scope, platform)));
                    }
                    Err(RecvError::Closed) => return None,
                }
            }
        });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))))
}
