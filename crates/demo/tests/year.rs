//! A year of the service contract settles to the cent, whatever the dice say.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use demo::service::Scale;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ledger_of_a_simulated_year_equals_an_independent_recomputation() {
    for seed in [1, 2] {
        let (platform, _folder) = testkit::platform(&[identity::MIGRATIONS, service_desk::MIGRATIONS]).await;
        let printer = ecg::builtin_printer().unwrap();
        let desk = service_desk::ServiceDesk::new(identity::directory(&platform), printer);
        platform.register(service_desk::module(&desk).jobs, Vec::new()).unwrap();
        let scale = Scale { tickets: 40, incidents: 30, requirements: 40, recent: 0 };
        let outcome = demo::year::simulate(&platform, &desk, seed, scale).await.unwrap();
        assert!(outcome.is_right(), "{outcome:?}");
        assert_eq!((outcome.played.tickets, outcome.played.incidents), (40, 30));
        // All but the last two, which are due after the end of the term.
        assert!(outcome.inspections >= 26, "{outcome:?}");
        // December to November: the months that begin in the term of 2024-11-28 to 2025-11-28.
        assert_eq!(outcome.rosters, 12);
        assert!(outcome.lapses > 0 && outcome.ledger_cents > 0);
        let chain = platform::audit::verify(&platform.db().read()).await.unwrap();
        assert_eq!(chain.first_bad_seq, None);
    }
}
