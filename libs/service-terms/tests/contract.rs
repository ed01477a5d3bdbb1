//! The clauses against the worked examples of the contract, and against loops that know nothing of the formulas.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use cn_calendar::{Calendar, Hours, WorkingTime, counting};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use proptest::prelude::*;
use service_terms::incidents::{self, DataHarm, Earlier, Evidence, Impact, Incident, Severity};
use service_terms::payments::{self, Tranche};
use service_terms::requirements::{self, Complaint, Feedback, Kind, Missed};
use service_terms::staff::{self, Lapse};
use service_terms::{
    Cents, ComplaintScopeReading, Contract, Factor, FeedbackReading, RepeatReading, S1LateReading,
    TermsError, cli, dates, desk,
};
use std::path::PathBuf;

fn contract() -> Contract {
    Contract::liyang_2024().unwrap()
}

fn calendar() -> Calendar {
    Calendar::builtin().unwrap()
}

fn money(text: &str) -> Cents {
    text.parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn check(text: &str) -> (bool, String) {
    let mut out = Vec::new();
    let equal = cli::check(&[("cases".to_owned(), text.to_owned())], &mut out).unwrap();
    (equal, String::from_utf8(out).unwrap())
}

#[test]
fn every_worked_example_comes_out() {
    let shipped = include_str!("../../../definitions/contracts/liyang-2024-examples.json");
    let (equal, text) = check(shipped);
    assert!(equal, "{text}");
    let folder = std::env::var_os("TIANMU_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let Ok(given) = std::fs::read_to_string(folder.join("data/service-contract/cases.json")) else {
        println!("skipped: the given cases are not at {}", folder.display());
        return;
    };
    let (equal, text) = check(&given);
    assert!(equal, "{text}");
    assert!(text.contains("29 equal, 0 different"), "{text}");
}

#[test]
fn a_wrong_answer_and_a_wrong_file_are_told() {
    let case = |rule: &str, input: &str, expected: &str| {
        format!(
            r#"{{"cases": [{{"id": "x", "rule": "{rule}", "input": {input}, "reading": "recommended", "expected": {expected}}}]}}"#
        )
    };
    let (equal, text) = check(&case("late_delivery", r#"{"days_late": 4}"#, r#"{"penalty": "39200.01"}"#));
    assert!(!equal && text.contains("DIFFERENT") && text.contains("39200.00"), "{text}");
    for (rule, input, reason) in [
        ("late_delivery", "{}", "days_late: is missing"),
        ("late_delivery", r#"{"days_late": -1}"#, "days_late"),
        ("late_delivery", r#"{"days_late": 1.5}"#, "days_late"),
        ("vat", r#"{"gross": "1.005"}"#, "gross"),
        ("incident_penalty", r#"{"system": "payroll", "severity": "S1"}"#, "no item"),
        ("incident_penalty", r#"{"system": "ecg", "severity": "S5"}"#, "severity"),
        ("incident_penalty", r#"{"system": "ecg", "severity": "S1", "occurrence": 0}"#, "occurrence"),
        ("incident_penalty", r#"{"system": "ecg", "severity": "S1", "occurrence": 400}"#, "occurrence"),
        (
            "onsite_staff",
            r#"{"kind": "holiday_no_reply", "decision": "99.99"}"#,
            "not between 100.00 and 300.00",
        ),
        ("onsite_staff", r#"{"kind": "holiday_no_reply", "decision": "300.01"}"#, "not between"),
        (
            "termination",
            r#"{"ground": "serious", "elapsed_days": 366, "term_days": 365, "paid": "0"}"#,
            "elapsed_days",
        ),
        ("duty_roster", r#"{"month": "2027-01"}"#, "2027"),
        ("filing", r#"{"online": "2026-12-28"}"#, "calendar_year_unknown"),
        ("force_majeure", r#"{"event": "2025-02-30"}"#, "not a date"),
        (
            "first_response",
            r#"{"opened": "2025-03-03T10:00", "answered": "2025-03-03T09:59"}"#,
            "before it was opened",
        ),
        ("haggle", "{}", "is none of vat"),
    ] {
        let (equal, text) = check(&case(rule, input, "{}"));
        assert!(!equal && text.contains(reason), "{rule} {input}: {text}");
    }
    assert!(
        cli::check(&[("f".into(), "{\"cases\": [".into())], Vec::new())
            .unwrap_err()
            .to_string()
            .contains("line 1")
    );
    assert!(cli::explain("nothing", None, Vec::new()).unwrap_err().to_string().contains("late_payment"));
}

#[test]
fn a_derivation_shows_every_reading() {
    let mut out = Vec::new();
    let case = r#"{"cases": [{"id": "ecg", "rule": "incident_penalty",
        "input": {"system": "ecg", "severity": "S1", "occurrence": 2, "late": true}}]}"#;
    cli::explain("ecg", Some(("file", case)), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    // By hand: 196800 × 1 % × 1.5 = 2952; late one point more 1968 → 4920.00, or × 1.01 → 2981.52.
    assert!(text.contains("4920.00") && text.contains("s1_late = literal gives 2981.52"), "{text}");
}

#[test]
fn the_contract_file_is_checked() {
    let text = include_str!("../../../definitions/contracts/liyang-2024.toml");
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from));
        Contract::from_toml(&text.replacen(from, to, 1)).unwrap_err().to_string()
    };
    assert!(refused("price = \"254400.00\"", "price = \"254400.01\"").contains("add up to"));
    assert!(refused("share = \"0.5\"", "share = \"0.6\"").contains("payments add up"));
    assert!(refused("term_end = \"2025-11-28\"", "term_end = \"2024-11-27\"").contains("ends before"));
    assert!(refused("s1_late = \"percentage_point\"", "s1_late = \"generous\"").contains("generous"));
    assert!(refused("party_a", "partya").contains("partya"));
    assert_eq!(contract().term_days(), 365);
}

/// The table of section 8 of the facts: fee by severity, for the first, second and third incident and a late first one.
#[test]
fn the_table_of_incident_fines() {
    let contract = contract();
    let table = [
        (
            "ecg",
            [
                "1968.00", "2952.00", "4428.00", "984.00", "1476.00", "2214.00", "393.60", "590.40",
                "885.60", "3936.00", "1968.00", "787.20",
            ],
        ),
        (
            "teleconsultation",
            [
                "1017.60", "1526.40", "2289.60", "508.80", "763.20", "1144.80", "203.52", "305.28", "457.92",
                "2035.20", "1017.60", "407.04",
            ],
        ),
        (
            "resident_app",
            [
                "1017.60", "1526.40", "2289.60", "508.80", "763.20", "1144.80", "203.52", "305.28", "457.92",
                "2035.20", "1017.60", "407.04",
            ],
        ),
        (
            "family_doctor",
            [
                "648.00", "972.00", "1458.00", "324.00", "486.00", "729.00", "129.60", "194.40", "291.60",
                "1296.00", "648.00", "259.20",
            ],
        ),
        (
            "medical_records",
            [
                "456.00", "684.00", "1026.00", "228.00", "342.00", "513.00", "91.20", "136.80", "205.20",
                "912.00", "456.00", "182.40",
            ],
        ),
        (
            "emr_quality",
            [
                "398.40", "597.60", "896.40", "199.20", "298.80", "448.20", "79.68", "119.52", "179.28",
                "796.80", "398.40", "159.36",
            ],
        ),
        (
            "nursing",
            [
                "398.40", "597.60", "896.40", "199.20", "298.80", "448.20", "79.68", "119.52", "179.28",
                "796.80", "398.40", "159.36",
            ],
        ),
    ];
    for (code, row) in table {
        let item = contract.item(code).unwrap();
        let fine = |severity, occurrence, late| {
            let incident = Incident { severity, occurrence, late, previous: None };
            incidents::incident_penalty(&contract, item, incident).unwrap().value.penalty
        };
        let mut column = 0;
        for severity in [Severity::S1, Severity::S2, Severity::S3] {
            for occurrence in 1..=3 {
                assert_eq!(
                    fine(severity, occurrence, false),
                    money(row[column]),
                    "{code} {severity:?} {occurrence}"
                );
                column += 1;
            }
        }
        for severity in [Severity::S1, Severity::S2, Severity::S3] {
            assert_eq!(fine(severity, 1, true), money(row[column]), "{code} {severity:?} late");
            column += 1;
        }
    }
    // Cloud and video have no fine in this section; the alternative base is shown.
    let incident = Incident { severity: Severity::S1, occurrence: 1, late: false, previous: None };
    let cloud = incidents::incident_penalty(&contract, contract.item("cloud").unwrap(), incident).unwrap();
    assert_eq!((cloud.value.penalty, cloud.value.negotiable), (Cents::ZERO, true));
    assert_eq!(cloud.derivation.alternatives[0].result, "2544.00");
}

#[test]
fn severity_takes_the_first_that_matches() {
    let of = |connected, primary, secondary, data_harm, impact| {
        let evidence = Evidence {
            connected_institutions: connected,
            primary_stopped: primary,
            secondary_stopped: secondary,
            data_harm,
            impact,
        };
        incidents::severity(&evidence).map(|s| s.value)
    };
    let (no, slight) = (DataHarm::None, Impact::Slight);
    assert_eq!(of(14, 12, 2, no, slight), Ok(Severity::S1), "all of them");
    assert_eq!(of(1, 0, 1, no, slight), Ok(Severity::S3), "a subsystem of one hospital only");
    assert_eq!(of(14, 1, 1, no, slight), Ok(Severity::S2), "both kinds count together");
    assert_eq!(of(14, 1, 0, no, slight), Ok(Severity::S3));
    assert_eq!(of(14, 0, 0, DataHarm::CityWide, slight), Ok(Severity::S1));
    assert_eq!(of(14, 0, 0, DataHarm::SeveralInstitutions, Impact::FairlySerious), Ok(Severity::S2));
    assert_eq!(of(14, 1, 0, no, Impact::EspeciallySerious), Ok(Severity::S1));
    assert_eq!(of(14, 0, 0, no, slight), Ok(Severity::S4));
    assert!(matches!(
        of(1, 1, 1, no, slight),
        Err(TermsError::Invalid { field: "connected_institutions", .. })
    ));
}

#[test]
fn repetitions_count_within_the_year() {
    let mut contract = contract();
    let incident = |started: &str, cause: &str| Earlier {
        started: at(started),
        item: "ecg".into(),
        severity: Severity::S2,
        cause: cause.into(),
    };
    let earlier = [incident("2024-12-20T10:00:00", "disk"), incident("2025-03-01T10:00:00", "network")];
    assert_eq!(incidents::occurrence(&contract, &earlier, &incident("2025-06-01T10:00:00", "disk")), 2);
    // Calendar years: the counter starts again on 1 January (reading A3).
    contract.readings.year = service_terms::YearReading::Calendar;
    assert_eq!(incidents::occurrence(&contract, &earlier, &incident("2025-06-01T10:00:00", "disk")), 1);
    // Two in the same second: the one on record is the earlier.
    let same = incident("2025-03-01T10:00:00", "network");
    assert_eq!(incidents::occurrence(&contract, &earlier, &same), 2);
}

#[test]
fn the_desk_s_minutes() {
    let (contract, calendar) = (contract(), calendar());
    let hours = Hours::parse(&["08:00-17:30"]).unwrap();
    let time = WorkingTime { calendar: &calendar, hours: &hours };
    // Facts, section 5: opened, answered, limit in minutes, in time.
    for (opened, answered, limit, on_time) in [
        ("2025-03-03T09:58:00", "2025-03-03T10:13:00", 15, true),
        ("2025-03-03T09:58:00", "2025-03-03T10:13:01", 15, false),
        ("2025-03-03T17:25:00", "2025-03-03T17:41:00", 15, false),
        ("2025-03-03T07:50:00", "2025-03-03T08:20:00", 30, true),
        ("2025-09-28T10:00:00", "2025-09-28T10:15:01", 15, false),
        ("2025-10-08T10:00:00", "2025-10-08T10:30:00", 30, true),
    ] {
        let value = desk::first_response(&contract, time, at(opened), Some(at(answered))).unwrap().value;
        assert_eq!((value.limit_minutes, value.on_time), (limit, Some(on_time)), "{opened}");
    }
    let due = |answered: Option<&str>| {
        desk::question(&contract, time, at("2025-03-03T10:00:00"), answered.map(at), None, None)
            .unwrap()
            .value
            .due
    };
    assert_eq!(due(Some("2025-03-03T10:12:00")), at("2025-03-03T10:42:00"));
    assert_eq!(due(None), at("2025-03-03T10:45:00"), "from the response limit when nobody answered");
    let feedback = |received: &str| {
        requirements::feedback_due(&contract, &calendar, Kind::Ordinary, at(received)).unwrap()
    };
    let due = feedback("2025-09-30T16:00:00");
    assert_eq!(due.value, at("2025-10-01T16:00:00"));
    assert_eq!(due.derivation.alternatives[0].result, "2025-10-10T00:00:00", "24:00 of 9 October");
}

#[test]
fn a_feedback_is_fined_by_the_reading_of_its_hours_and_one_that_never_came_as_well() {
    let (mut contract, calendar) = (contract(), calendar());
    // CONTRACT.md 6: received 2025-09-30 16:00, due 2025-10-01 16:00 or, in working days, 2025-10-09 24:00.
    let received = at("2025-09-30T16:00:00");
    let fine = |contract: &Contract, feedback| {
        let found =
            requirements::feedback_fine(contract, &calendar, Kind::Ordinary, received, feedback).unwrap();
        (found.value.penalty.to_string(), found.derivation.alternatives[0].result.clone(), found.derivation)
    };
    let cases = [
        ("2025-10-01T16:00:00", "0.00", "0.00"),
        ("2025-10-01T16:00:01", "100.00", "0.00"),
        ("2025-10-10T00:00:00", "100.00", "0.00"),
        ("2025-10-10T00:00:01", "100.00", "100.00"),
    ];
    for (moment, natural, working) in cases {
        for reading in [FeedbackReading::Natural, FeedbackReading::Working] {
            contract.readings.feedback_hours = reading;
            let (own, other) = match reading {
                FeedbackReading::Natural => (natural, working),
                FeedbackReading::Working => (working, natural),
            };
            for feedback in [
                Feedback::Given(at(moment)),
                Feedback::Never { act: "declined", at: at(moment) },
                Feedback::NotYet(at(moment)),
            ] {
                let (penalty, alternative, derivation) = fine(&contract, feedback);
                assert_eq!(
                    (penalty.as_str(), alternative.as_str()),
                    (own, other),
                    "{feedback:?} {reading:?}"
                );
                assert_eq!(derivation.steps.len(), 2);
            }
        }
    }
    let (_, _, derivation) = fine(&contract, Feedback::Given(at("2025-10-09T10:00:00")));
    assert_eq!(derivation.steps[0], "2025-09-30T16:00:00 + 1 working days = 2025-10-10T00:00:00");
}

#[test]
fn a_complaint_raises_the_date_it_is_about_and_by_another_reading_all_of_its_milestone() {
    let mut contract = contract();
    let missed = Missed {
        agreed_by_both: true,
        other_complaints: &[Complaint::CityGovernment],
        other_business_affected: true,
        ..Missed::default()
    };
    // CONTRACT.md 6: 200 for the date itself; with everything of its milestone max(500, 200 × 2) = 500.
    for (scope, own) in
        [(ComplaintScopeReading::Date, "200.00"), (ComplaintScopeReading::Milestone, "500.00")]
    {
        contract.readings.complaint_scope = scope;
        assert_eq!(requirements::milestone(&contract, missed).unwrap().value.to_string(), own);
    }
}

#[test]
fn a_year_written_with_its_last_day_has_four_quarters() {
    let quarters = |start: &str, end: &str| {
        let mut contract = contract();
        (contract.term_start, contract.term_end) = (date(start), date(end));
        let list = dates::inspections(&contract).unwrap().value;
        let own = list.iter().filter(|each| each.kind == "preventive_quarterly");
        own.map(|each| each.due.to_string()).collect::<Vec<_>>()
    };
    // CONTRACT section 4, and the alternative reading of the term's end in section 1.
    assert_eq!(
        quarters("2024-11-28", "2025-11-28"),
        ["2025-02-28", "2025-05-28", "2025-08-28", "2025-11-28"]
    );
    assert_eq!(
        quarters("2024-11-28", "2025-11-27"),
        ["2025-02-28", "2025-05-28", "2025-08-28", "2025-11-27"]
    );
    // A renewal from the day after: the year ends the day before its anniversary.
    assert_eq!(
        quarters("2025-11-29", "2026-11-28"),
        ["2026-02-28", "2026-05-29", "2026-08-29", "2026-11-28"]
    );
    // What is left over is no quarter.
    assert_eq!(quarters("2024-11-28", "2025-09-15"), ["2025-02-28", "2025-05-28", "2025-08-28"]);
}

#[test]
fn dates_of_the_facts() {
    let (contract, calendar) = (contract(), calendar());
    let due: Vec<Date> =
        payments::schedule(&contract, &calendar).unwrap().iter().map(|p| p.value.due).collect();
    assert_eq!(due, [date("2025-02-26"), date("2026-02-26")]);
    let fm = dates::force_majeure(&calendar, date("2025-09-29"), false).unwrap().value;
    assert_eq!(
        (fm.notice_by, fm.notice_by_law, fm.certificate_by),
        (date("2025-10-02"), date("2025-10-09"), date("2025-10-20"))
    );
    let list = dates::inspections(&contract).unwrap().value;
    let of = |kind: &str| list.iter().filter(|i| i.kind == kind).map(|i| i.due).collect::<Vec<_>>();
    assert_eq!((of("cloud_monthly").len(), of("video_monthly").len()), (12, 12));
    assert_eq!((of("cloud_monthly")[0], of("cloud_monthly")[11]), (date("2024-12-31"), date("2025-11-30")));
    assert_eq!(
        of("preventive_quarterly"),
        [date("2025-02-28"), date("2025-05-28"), date("2025-08-28"), date("2025-11-28")]
    );
    let roster = staff::duty_roster(&contract, &calendar, 2025, 2).unwrap().value;
    assert_eq!((roster.due, roster.warn_on), (date("2025-01-28"), [date("2025-01-25"), date("2025-01-27")]));
    let days: Vec<i8> = roster.duty_days.iter().map(|d| d.day()).collect();
    assert_eq!(days, [1, 2, 3, 4, 9, 15, 16, 22, 23]);
    assert!(!dates::security_report_due(1_000_000, false).value && dates::security_report_due(0, true).value);
    // Section 10 (附件3 二.8, 二.11): 24 hours by the clock, 30 days before the end; both numbers are ours.
    let due = dates::vulnerability_report(&contract, date("2025-03-01").at(22, 40, 0, 0)).unwrap().value;
    assert_eq!(due, date("2025-03-02").at(22, 40, 0, 0));
    assert_eq!(dates::security_report_date(&contract).unwrap().value, date("2025-10-29"));
    assert_eq!(
        staff::duty_roster(&contract, &calendar, 2027, 1).unwrap_err().code(),
        "calendar_year_unknown"
    );
}

fn cents() -> impl Strategy<Value = Cents> {
    (0_i64..10_000_000_000).prop_map(|c| Cents::new(c).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tax_and_net_are_the_whole(gross in cents()) {
        let split = payments::vat(gross, "0.06".parse().unwrap()).unwrap().value;
        prop_assert_eq!(split.net + split.vat, gross);
    }

    #[test]
    fn lateness_never_gets_cheaper_nor_passes_its_cap(overdue in cents(), days in 0_u32..5000) {
        let contract = contract();
        let of = |days_late| payments::late_payment(&contract, &[Tranche { overdue, days_late }], None).unwrap().value;
        let (now, next) = (of(days), of(days + 1));
        prop_assert!(now.payable <= next.payable && next.payable <= money("49000.00"));
        prop_assert!(now.penalty_accrued <= next.penalty_accrued);
        prop_assert!(!now.may_terminate || next.may_terminate);
        let delivery = |days| payments::late_delivery(&contract, days, None).unwrap().value;
        prop_assert!(delivery(days).penalty <= delivery(days + 1).penalty);
        prop_assert!(delivery(days + 1).penalty <= money("49000.00"));
    }

    #[test]
    fn a_period_split_in_two_costs_the_same(overdue in cents(), first in 0_u32..60, second in 0_u32..60) {
        let contract = contract();
        let of = |days: &[u32]| {
            let parts: Vec<Tranche> = days.iter().map(|d| Tranche { overdue, days_late: *d }).collect();
            let value = payments::late_payment(&contract, &parts, None).unwrap().value;
            (value.penalty_accrued, value.interest_accrued, value.payable)
        };
        prop_assert_eq!(of(&[first, second]), of(&[first + second]));
    }

    #[test]
    fn the_price_by_the_day_is_monotone_and_never_above_the_share(elapsed in 0_u32..365, paid in cents()) {
        let contract = contract();
        let of = |days| payments::termination(&contract, payments::Ground::Serious, days, 365, paid).unwrap().value;
        let (now, next) = (of(elapsed), of(elapsed + 1));
        prop_assert!(now.payable <= next.payable && next.payable <= money("882000.00"));
        prop_assert_eq!(paid - now.payable, now.refund - now.still_due);
    }

    #[test]
    fn repetition_and_lateness_never_make_a_fine_smaller(n in 1_u32..20, severity in 0_usize..3, item in 2_usize..9) {
        let mut contract = contract();
        let severity = [Severity::S1, Severity::S2, Severity::S3][severity];
        for repeat in [RepeatReading::Compound, RepeatReading::Linear] {
            for s1_late in S1LateReading::ALL {
                contract.readings.repeat = repeat;
                contract.readings.s1_late = *s1_late;
                let of = |occurrence, late| {
                    let incident = Incident { severity, occurrence, late, previous: None };
                    incidents::incident_penalty(&contract, &contract.items[item], incident).unwrap().value.penalty
                };
                prop_assert!(of(n, false) < of(n + 1, false));
                prop_assert!(of(n, false) < of(n, true));
            }
        }
    }

    #[test]
    fn complaints_never_make_a_milestone_cheaper(business in any::<bool>()) {
        let contract = contract();
        let of = |complaints: &[Complaint]| {
            requirements::milestone(&contract, Missed { agreed_by_both: true, complaints, business_affected: business, ..Missed::default() }).unwrap().value
        };
        let (none, bureau, city) = (of(&[]), of(&[Complaint::HealthBureau]), of(&[Complaint::CityGovernment]));
        prop_assert!(none <= bureau && bureau <= city);
        prop_assert_eq!(of(&[Complaint::HealthBureau, Complaint::CityGovernment]), city);
    }

    /// Every date rule against a walk from day to day.
    #[test]
    fn dates_are_those_of_a_walk_over_the_calendar(start in 0_i64..640) {
        let (contract, calendar) = (contract(), calendar());
        let event = date("2024-06-01").checked_add(start.days()).unwrap();
        let walk = |days: i64| {
            let mut day = event;
            for _ in 0..days {
                day = day.tomorrow().unwrap();
            }
            day
        };
        let roll = |mut day: Date| {
            while calendar.is_off(day).unwrap() {
                day = day.tomorrow().unwrap();
            }
            day
        };
        let share: Factor = "0.5".parse().unwrap();
        prop_assert_eq!(payments::payment_due(&contract, &calendar, event, share, 90).unwrap().value.due, roll(walk(90)));
        prop_assert_eq!(dates::repayment(&calendar, event).unwrap().value, roll(walk(60)));
        let latest = dates::renewal_reminder(&contract, event).unwrap().value.latest;
        prop_assert_eq!(counting::days_between(latest, event), 60);
        let fm = dates::force_majeure(&calendar, event, false).unwrap().value;
        prop_assert_eq!((fm.notice_by, fm.terminate_from), (walk(3), walk(30)));
        let mut worked = 0;
        let mut day = event;
        while worked < 10 {
            day = day.tomorrow().unwrap();
            worked += u32::from(!calendar.is_off(day).unwrap());
        }
        prop_assert_eq!(fm.certificate_by, day);
    }

    #[test]
    fn a_choice_is_bounded(chosen in 0_i64..50_000) {
        let amount = Cents::new(chosen).unwrap();
        let allowed = staff::onsite_staff(&contract(), Lapse::NoReply, 1, Some(amount)).is_ok();
        prop_assert_eq!(allowed, (10_000..=30_000).contains(&chosen));
    }
}

#[test]
fn a_contract_from_before_a_figure_was_one_has_its_default() {
    let mut body = serde_json::to_value(Contract::liyang_2024().unwrap()).unwrap();
    let figures = body["figures"].as_object_mut().unwrap();
    figures.remove("vulnerability_report_min").unwrap();
    figures.remove("security_report_before_end_days").unwrap();
    let read: Contract = serde_json::from_value(body).unwrap();
    assert_eq!(read, Contract::liyang_2024().unwrap());
}
