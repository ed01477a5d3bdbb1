//! The contract's own dates.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use serde_json::Value;
use support::{county, set_clock};

#[tokio::test]
async fn the_dates_of_the_contract_are_told_on_their_day_and_once_after_a_standstill() {
    // Entered on its first day; the server then stands still until the last week of August.
    let county = county("2024-11-28T09:00:00").await;
    let codes = |notices: &Value| -> Vec<(String, String)> {
        notices["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|n| n["subject_kind"] == "contract")
            .map(|n| {
                let p = &n["params"];
                let what = p["duty"]
                    .as_str()
                    .map_or_else(|| p["due"].as_str().unwrap().to_owned(), ToOwned::to_owned);
                (n["code"].as_str().unwrap().to_owned(), what)
            })
            .collect()
    };
    // CONTRACT.md 2: the first half is due on 2025-02-26; a week before, and on the day after.
    set_clock(&county.app, "2025-02-19T08:00:00");
    county.app.run_jobs().await;
    let told = county.app.get(&county.bureau, "/service/notices").await.ok(200);
    assert_eq!(codes(&told), [("payment_due".into(), "2025-02-26".into())]);
    assert!(codes(&county.app.get(&county.lead, "/service/notices").await.ok(200)).is_empty());
    county.app.run_jobs().await;
    assert_eq!(codes(&county.app.get(&county.bureau, "/service/notices").await.ok(200)).len(), 1);
    set_clock(&county.app, "2025-02-27T08:00:00");
    county.app.run_jobs().await;
    let told = county.app.get(&county.lead, "/service/notices").await.ok(200);
    assert_eq!(codes(&told), [("payment_late".into(), "2025-02-26".into())]);
    // CONTRACT.md 10: sixty days before the end at the latest, 2025-09-29, and warnings before; talks from 2025-10-28.
    set_clock(&county.app, "2025-10-28T08:00:00");
    county.app.run_jobs().await;
    let told = codes(&county.app.get(&county.lead, "/service/notices").await.ok(200));
    let of = |duty: &str| told.iter().filter(|(_, what)| what == duty).count();
    assert_eq!((of("renewal_warning"), of("renewal_reminder"), of("renewal_talks")), (3, 1, 1), "{told:?}");
    assert_eq!(of("term_end"), 0);
    // Seven days before 2025-11-28, and before 2025-12-08 (9.3).
    set_clock(&county.app, "2025-12-01T08:00:00");
    county.app.run_jobs().await;
    let told = codes(&county.app.get(&county.lead, "/service/notices").await.ok(200));
    assert!(told.contains(&("contract_due".into(), "term_end".into())));
    assert!(told.contains(&("contract_due".into(), "return_originals".into())));
}
