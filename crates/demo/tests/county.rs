//! The county as a newcomer finds it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use demo::{DemoParts, Size, find_mark, load};
use kernel::ErrorKind;
use platform::db::query_number;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_county_is_complete_marked_and_loaded_once() {
    let (platform, _folder) = testkit::platform(&[
        identity::MIGRATIONS,
        patients::MIGRATIONS,
        ecg::MIGRATIONS,
        service_desk::MIGRATIONS,
    ])
    .await;
    let directory = identity::directory(&platform);
    let index = patients::patients(&platform, directory.clone());
    let printer = ecg::builtin_printer().unwrap();
    let ecg = ecg::Ecg::new(index, directory.clone(), printer.clone()).unwrap();
    let desk = service_desk::ServiceDesk::new(directory.clone(), printer);
    let mut jobs = Vec::new();
    let mut subscriptions = Vec::new();
    for module in [
        identity::module(&platform),
        patients::module(&platform, directory.clone()),
        ecg::module(&ecg),
        service_desk::module(&desk),
    ] {
        jobs.extend(module.jobs);
        subscriptions.extend(module.subscriptions);
    }
    platform.register(jobs, subscriptions).unwrap();
    let now = platform.now();
    let size = Size { residents: 40, exams: 78, tickets: 20 };
    let parts = || DemoParts {
        platform: platform.clone(),
        directory: directory.clone(),
        ecg: ecg.clone(),
        service_desk: desk.clone(),
        now,
        size,
    };

    let summary = load(parts()).await.unwrap();
    // 1 region, 1 bureau, 2 hospitals, 1 diagnosis centre, 1 provider, 12 towns, 244 villages.
    assert_eq!(summary.organisations, 262);
    assert_eq!(platform.now(), now);

    let exec = platform.db().read();
    let count = async |sql: &str| query_number(&exec, sql, vec![]).await.unwrap();
    assert_eq!(count("SELECT COUNT(*) AS n FROM identity_organisation").await, 262);
    for state in ecg::model::ExamState::ALL {
        let sql = format!("SELECT COUNT(*) AS n FROM ecg_exam WHERE state = '{}'", state.as_str());
        assert!(count(&sql).await > 0, "no examination is {}", state.as_str());
    }
    assert!(count("SELECT COUNT(*) AS n FROM patients_duplicate WHERE state = 'open'").await >= 3);
    assert_eq!(
        count("SELECT COUNT(*) AS n FROM platform_job WHERE state <> 'done' AND kind NOT LIKE 'service_%'")
            .await,
        0
    );
    let published = count("SELECT COUNT(*) AS n FROM ecg_report WHERE state = 'published'").await;
    assert_eq!(
        count("SELECT COUNT(*) AS n FROM ecg_report WHERE state = 'published' AND pdf_blob IS NOT NULL")
            .await,
        published
    );
    let chain = platform::audit::verify(&exec).await.unwrap();
    assert_eq!(chain.first_bad_seq, None);

    let mark = find_mark(&exec).await.unwrap().unwrap();
    assert_eq!(mark.accounts, summary.accounts);
    for login in [
        "tech.tianmuhu",
        "reader1",
        "reviewer1",
        "clinician",
        "bureau",
        "sysadmin",
        "secadmin",
        "auditor",
        "resident1",
        "bureau.info",
        "svc.lead",
        "svc.engineer",
        "svc.duty",
        "it.hospital",
        "finance",
    ] {
        assert!(mark.accounts.iter().any(|a| a.login_name == login), "{login}");
    }
    assert_eq!(load(parts()).await.unwrap_err().kind(), ErrorKind::Conflict);
}
