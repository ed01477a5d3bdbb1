//! The national schedule, editions 2021 and 2026. Expected dates are worked out by hand from the schedule's ages and
//! intervals; the tables themselves are compared with the transcription of the official ones.

// The lint settings exempt test functions only, not the helpers beside them.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

mod catch_up;

use std::path::PathBuf;

use immunization::{
    Assessment, Due, Forecast, Given, Overflow, Pack, Period, Person, Problem, Reason, RefusedPerson,
    SeriesStatus, Sex, Verdict, assess, shipped,
};
use jiff::civil::Date;

fn pack(name: &str) -> &'static Pack {
    shipped::pack(name).unwrap().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn given(list: &[(&str, &str)]) -> Vec<Given> {
    list.iter().map(|(d, v)| Given { date: day(d), vaccine: (*v).into(), substandard: false }).collect()
}

fn girl(
    schedule: &str,
    birth: &str,
    as_of: &str,
    history: &[(&str, &str)],
    conditions: &[&str],
) -> Assessment {
    let conditions: Vec<String> = conditions.iter().map(|c| (*c).to_owned()).collect();
    let history = given(history);
    let person = Person {
        sex: Some(Sex::Female),
        birth: day(birth),
        as_of: day(as_of),
        history: &history,
        conditions: &conditions,
    };
    assess(pack(schedule), &person).unwrap()
}

fn next<'a>(answer: &'a Assessment, group: &str) -> &'a Forecast {
    answer.forecast.iter().find(|f| f.group == group).unwrap()
}

fn verdict<'a>(answer: &'a Assessment, date: &str, group: &str) -> &'a Verdict {
    let dose = answer.doses.iter().find(|d| d.date == day(date)).unwrap();
    &dose.evaluations.iter().find(|e| e.group == group).unwrap().verdict
}

#[test]
fn the_ages_and_intervals_are_those_of_the_schedule() {
    let root = std::env::var_os("TIANMU_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    // Dose in the table -> series and place here.
    let place = |edition: &str, id: &str| -> Option<(String, usize)> {
        let (abbr, n) = id.rsplit_once('-').unwrap();
        let n: usize = n.parse().unwrap();
        let dtap = if edition == "2026" { "DTaP-5" } else { "DTaP-4-DT" };
        Some(match abbr {
            "IPV" | "bOPV" => ("Polio".into(), n),
            "DTaP" => (dtap.into(), n),
            "DT" => (dtap.into(), 5),
            "MPSV-A" => ("MenA".into(), n),
            "MPSV-AC" => ("MenAC".into(), n),
            "HPV2" => ("HPV-2".into(), n),
            "HepB" | "BCG" | "MMR" | "JE-L" | "JE-I" | "HepA-L" | "HepA-I" => (abbr.into(), n),
            _ => return None,
        })
    };
    for (edition, rows) in [("2021", 24), ("2026", 30)] {
        let file = root.join(format!("data/public-health/vaccine-cn/cn_nip_{edition}.csv"));
        if !file.exists() {
            println!("skipped: {} is not there", file.display());
            continue;
        }
        let mut reader = csv::Reader::from_path(file).unwrap();
        let head = reader.headers().unwrap().clone();
        let column = |name: &str| head.iter().position(|h| h == name).unwrap();
        let (id, min, before, interval) = (
            column("dose_id"),
            column("min_age"),
            column("recommend_before"),
            column("min_interval_from_prev"),
        );
        let mut seen = 0;
        for row in reader.records() {
            let row = row.unwrap();
            let (series, n) = place(edition, &row[id]).unwrap();
            let series = pack(edition).series.iter().find(|s| s.id == series).unwrap();
            let dose = &series.dose[n - 1];
            let age = dose.age.iter().find(|a| a.products.is_empty() && a.until.is_none()).unwrap();
            assert_eq!(age.min, Some(Period::parse(&row[min]).unwrap()), "{edition} {}", &row[id]);
            let wanted = match &row[before] {
                "" => None,
                "24h" => Some(Period::parse("1d").unwrap()),
                text => Some(Period::parse(text).unwrap()),
            };
            assert_eq!(age.before, wanted, "{edition} {} before", &row[id]);
            if !row[interval].is_empty() {
                // "7-10d": the least is 7.
                let text = row[interval].replace("-10d", "d");
                let wanted = Period::parse(&text).unwrap();
                assert!(dose.interval.iter().any(|i| i.min == wanted), "{edition} {} interval", &row[id]);
            }
            seen += 1;
        }
        assert_eq!(seen, rows, "{edition}");
    }
}

/// 29 February and months of 31 days: both readings, by hand.
#[test]
fn months_are_added_as_written_down() {
    let add = |date: &str, period: &str, overflow| Period::parse(period).unwrap().after(day(date), overflow);
    for (date, period, clamp, next) in [
        ("2025-01-31", "1m", "2025-02-28", "2025-03-01"),
        ("2024-01-31", "1m", "2024-02-29", "2024-03-01"),
        ("2024-02-29", "1y", "2025-02-28", "2025-03-01"),
        ("2024-02-29", "4y", "2028-02-29", "2028-02-29"),
        ("2025-03-31", "9m", "2025-12-31", "2025-12-31"),
        ("2025-08-31", "6m", "2026-02-28", "2026-03-01"),
        ("2025-05-31", "18m", "2026-11-30", "2026-12-01"),
        ("2002-05-01", "9y-4d", "2011-04-27", "2011-04-27"),
        ("2025-01-31", "1m-4d", "2025-02-24", "2025-02-25"),
        ("2025-12-15", "8w", "2026-02-09", "2026-02-09"),
    ] {
        assert_eq!(add(date, period, Overflow::Clamp), day(clamp), "{date} + {period}");
        assert_eq!(add(date, period, Overflow::NextMonth), day(next), "{date} + {period}");
    }
    for bad in ["", "9", "y", "9x", "--", "1m2", "99999999999y"] {
        assert!(Period::parse(bad).is_err(), "{bad}");
    }
    // Born on 31 December, 2 months: not on 28 February, on 1 March.
    let answer = girl("2026", "2025-12-31", "2026-01-10", &[], &[]);
    assert_eq!(next(&answer, "DTaP").earliest, Some(day("2026-03-01")));
    let early = girl("2026", "2025-12-31", "2026-03-05", &[("2026-02-28", "DTaP")], &[]);
    let because = Reason::AgeTooYoung { valid_from: day("2026-03-01") };
    assert_eq!(verdict(&early, "2026-02-28", "DTaP"), &Verdict::NotValid { because });
}

#[test]
fn a_newborn_is_told_the_whole_schedule_of_each_edition() {
    let expected = [
        ("HepB", "2026-07-01", "2026-07-01"),
        ("BCG", "2026-07-01", "2026-07-01"),
        ("Polio", "2026-09-01", "2026-09-01"),
        ("DTaP", "2026-10-01", "2026-09-01"),
        ("MMR", "2027-03-01", "2027-03-01"),
        ("JE", "2027-03-01", "2027-03-01"),
        ("MenA", "2027-01-01", "2027-01-01"),
        ("MenAC", "2029-07-01", "2029-07-01"),
        ("HepA", "2028-01-01", "2028-01-01"),
    ];
    let (old, new) = (
        girl("cn_nip_2021", "2026-07-01", "2026-07-01", &[], &[]),
        girl("2026", "2026-07-01", "2026-07-01", &[], &[]),
    );
    assert_eq!((old.edition.as_str(), new.edition.as_str()), ("2021", "2026"));
    for (group, in_2021, in_2026) in expected {
        assert_eq!(next(&old, group).recommended, Some(day(in_2021)), "2021 {group}");
        assert_eq!(next(&new, group).recommended, Some(day(in_2026)), "2026 {group}");
    }
    assert_eq!(next(&new, "HPV").recommended, Some(day("2039-07-01")));
    assert!(old.forecast.iter().all(|f| f.group != "HPV"));
    let hepb = next(&new, "HepB");
    assert_eq!((hepb.latest, hepb.due), (Some(day("2026-07-01")), Some(Due::Due)));
    assert_eq!(next(&new, "MMR").due, Some(Due::Upcoming));
    assert_eq!(next(&new, "BCG").last_day, Some(day("2030-06-30")));
    let late = girl("2026", "2026-07-01", "2026-07-02", &[], &[]);
    assert_eq!(next(&late, "HepB").due, Some(Due::Overdue));
}

#[test]
fn dtap_doses_are_judged_by_the_rule_of_their_own_day() {
    let old = girl(
        "2026",
        "2023-01-10",
        "2026-08-01",
        &[
            ("2023-04-10", "DTaP"),
            ("2023-05-10", "DTaP"),
            ("2023-06-10", "百白破疫苗"),
            ("2024-07-10", "DTaP"),
        ],
        &[],
    );
    assert!(old.doses.iter().all(|d| d.evaluations[0].verdict == Verdict::Valid), "{:?}", old.doses);
    let fifth = next(&old, "DTaP");
    assert_eq!((fifth.dose, fifth.recommended), (Some(5), Some(day("2029-01-10"))));
    assert_eq!(fifth.products, ["DTaP"]);
    // The same child under the 2021 edition has DT at 6 years.
    let in_2021 = girl(
        "2021",
        "2023-01-10",
        "2024-08-01",
        &[("2023-04-10", "DTaP"), ("2023-05-10", "DTaP"), ("2023-06-10", "DTaP"), ("2024-07-10", "DTaP")],
        &[],
    );
    assert_eq!(next(&in_2021, "DTaP").products, ["DT"]);
    // Since 2025 the third is at 6 months.
    let new = girl(
        "2026",
        "2025-03-01",
        "2025-08-21",
        &[("2025-05-01", "DTaP"), ("2025-07-01", "DTaP"), ("2025-08-20", "DTaP")],
        &[],
    );
    let because = Reason::AgeTooYoung { valid_from: day("2025-09-01") };
    assert_eq!(verdict(&new, "2025-08-20", "DTaP"), &Verdict::NotValid { because });
    // Again 28 days after the one that did not count.
    assert_eq!(next(&new, "DTaP").earliest, Some(day("2025-09-17")));
}

#[test]
fn live_vaccines_keep_28_days_or_the_same_day() {
    let history = [("2026-03-10", "MMR"), ("2026-03-20", "JE-L")];
    let answer = girl("2026", "2025-07-01", "2026-03-21", &history, &[]);
    let because = Reason::LiveTooSoon { valid_from: day("2026-04-07") };
    assert_eq!(verdict(&answer, "2026-03-20", "JE"), &Verdict::NotValid { because });
    // Again from the later of the two.
    assert_eq!(next(&answer, "JE").earliest, Some(day("2026-04-17")));
    let same =
        girl("2026", "2025-07-01", "2026-03-21", &[("2026-03-10", "MMR"), ("2026-03-10", "JE-L")], &[]);
    assert_eq!(verdict(&same, "2026-03-10", "MMR"), &Verdict::Valid);
    assert_eq!(next(&same, "JE").dose, Some(2));
    // Varicella is outside the programme and still counts for spacing; oral polio and inactivated vaccines do not wait.
    let other = girl("2026", "2025-07-01", "2026-07-02", &[("2026-07-01", "水痘疫苗")], &[]);
    assert_eq!(next(&other, "MMR").earliest, Some(day("2026-07-29")));
    assert_eq!(next(&other, "Polio").earliest, Some(day("2025-09-01")));
}

#[test]
fn after_immunoglobulin_three_months() {
    let answer = girl("2026", "2025-07-01", "2026-03-20", &[("2026-03-01", "人免疫球蛋白")], &[]);
    assert_eq!(next(&answer, "MMR").earliest, Some(day("2026-06-01")));
    assert!(next(&answer, "MMR").notes[0].contains("immunoglobulin"));
    let early = girl("2026", "2025-07-01", "2026-04-02", &[("2026-03-01", "IG"), ("2026-04-01", "MMR")], &[]);
    let because = Reason::ImmunoglobulinTooRecent { valid_from: day("2026-06-01") };
    assert_eq!(verdict(&early, "2026-04-01", "MMR"), &Verdict::NotValid { because });
}

/// No immunoglobulin within two weeks after MMR: the dose is kept and a doctor is told.
#[test]
fn immunoglobulin_within_two_weeks_after_mmr_is_named() {
    let history = [("2026-03-01", "MMR"), ("2026-03-14", "IG")];
    let answer = girl("2026", "2025-07-01", "2026-03-20", &history, &[]);
    let named =
        Problem::ImmunoglobulinSoonAfterVaccine { index: 1, date: day("2026-03-14"), vaccine: "MMR".into() };
    assert_eq!(answer.problems, [named]);
    assert_eq!(answer.doses[0].status, "valid");
    let later = [("2026-03-01", "MMR"), ("2026-03-15", "IG")];
    assert!(girl("2026", "2025-07-01", "2026-03-20", &later, &[]).problems.is_empty());
}

#[test]
fn combined_vaccines_count_in_every_group() {
    let history = [
        ("2023-03-01", "五联疫苗"),
        ("2023-04-01", "五联疫苗"),
        ("2023-05-01", "五联疫苗"),
        ("2024-07-01", "DTaP-IPV/Hib"),
    ];
    let answer = girl("2026", "2023-01-01", "2026-08-01", &history, &[]);
    assert!(answer.doses.iter().all(|d| d.evaluations.len() == 2));
    assert_eq!(next(&answer, "Polio").status, SeriesStatus::Complete);
    assert_eq!(next(&answer, "DTaP").dose, Some(5));
}

#[test]
fn bad_records_are_named_and_left_out() {
    let history = [
        ("2026-01-05", "HepB"),
        ("2026-01-05", "乙肝疫苗"),
        ("2025-12-31", "BCG"),
        ("2027-01-01", "IPV"),
        ("2026-02-05", "神奇疫苗"),
    ];
    let answer = girl("2026", "2026-01-05", "2026-03-10", &history, &["not_known"]);
    let same_day = Verdict::Extraneous { because: Reason::SameDay };
    // By date; what took no part is in its place, with the reason.
    let doses: Vec<_> = answer.doses.iter().map(|d| (d.index, d.status, d.reason.clone())).collect();
    assert_eq!(
        doses,
        [
            (2, "not_evaluated", Some(Reason::BeforeBirth)),
            (0, "valid", None),
            (1, "extraneous", Some(Reason::SameDay)),
            (4, "not_evaluated", Some(Reason::UnknownVaccine)),
            (3, "not_evaluated", Some(Reason::AfterAssessment)),
        ]
    );
    assert_eq!(answer.doses[2].evaluations[0].verdict, same_day);
    assert_eq!(
        answer.problems,
        [
            Problem::BeforeBirth { index: 2, date: day("2025-12-31") },
            Problem::AfterAssessment { index: 3, date: day("2027-01-01") },
            Problem::UnknownVaccine { index: 4, vaccine: "神奇疫苗".into() },
            Problem::UnknownCondition { condition: "not_known".into() },
        ]
    );
    assert_eq!(next(&answer, "HepB").dose, Some(2));
    let person = |birth, as_of| Person {
        sex: None,
        birth: day(birth),
        as_of: day(as_of),
        history: &[],
        conditions: &[],
    };
    assert_eq!(assess(pack("2026"), &person("2026-01-05", "2026-01-04")), Err(RefusedPerson::BeforeBirth));
    assert_eq!(assess(pack("2026"), &person("1850-01-05", "2026-01-04")), Err(RefusedPerson::AgeImpossible));
    let mut bad = given(&[("2026-01-05", "HepB")]);
    bad[0].substandard = true;
    let person = Person { history: &bad, ..person("2026-01-05", "2026-02-10") };
    let answer = assess(pack("2026"), &person).unwrap();
    assert_eq!(answer.doses[0].evaluations[0].verdict, Verdict::SubStandard);
    assert_eq!(next(&answer, "HepB").dose, Some(1));
}

#[test]
fn an_allergy_bars_what_shares_a_component_and_an_illness_only_waits() {
    let answer = girl("2026", "2025-07-01", "2026-03-10", &[], &["severe_allergy:DTaP", "过敏体质"]);
    assert_eq!(next(&answer, "DTaP").status, SeriesStatus::Contraindicated);
    assert_eq!(next(&answer, "Polio").products, ["IPV"]);
    let ill = girl("2026", "2025-07-01", "2026-03-10", &[], &["发热"]);
    assert!(ill.forecast.iter().filter(|f| f.group != "HPV").all(|f| f.status == SeriesStatus::Deferred));
}

#[test]
fn files_of_lines() {
    let good = r#"{"schedule":"cn_nip_2026","sex":"f","birth":"2025-03-31","as_of":"2026-01-05","history":[{"date":"2025-03-31","vaccine":"HepB"}],"conditions":[]}"#;
    let unborn = r#"{"schedule":"2021","birth":"2025-03-31","as_of":"2025-01-05"}"#;
    let mut out = Vec::new();
    immunization::cli::immunize_ndjson(format!("{good}\n\n{unborn}\n").as_bytes(), &mut out).unwrap();
    let lines: Vec<serde_json::Value> =
        String::from_utf8(out).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["edition"], "2026");
    assert_eq!(lines[0]["doses"][0]["evaluations"][0]["status"], "valid");
    assert_eq!(lines[0]["forecast"][0]["group"], "HepB");
    assert_eq!(lines[1]["error"]["code"], "assessed_before_birth");
    // Without a year: the edition of the day. DTaP begins at 3 months until the end of 2024, at 2 months since.
    for (birth, as_of, edition, first) in [
        ("2024-09-01", "2024-09-02", "2021", "2024-12-01"),
        ("2024-11-15", "2025-01-02", "2025", "2025-01-15"),
        ("2025-11-10", "2025-11-10", "2026", "2026-01-10"),
    ] {
        let line = format!(r#"{{"schedule":"cn_nip","sex":"f","birth":"{birth}","as_of":"{as_of}"}}"#);
        let mut out = Vec::new();
        immunization::cli::immunize_ndjson(line.as_bytes(), &mut out).unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let forecast = answer["forecast"].as_array().unwrap();
        let dtap = forecast.iter().find(|f| f["group"] == "DTaP").unwrap();
        assert_eq!((answer["edition"].as_str(), dtap["recommended"].as_str()), (Some(edition), Some(first)));
        assert_eq!(forecast.iter().any(|f| f["group"] == "HPV"), edition == "2026");
    }
    // An immunoglobulin among the conditions, with its day and without.
    let line = |condition: &str| {
        let text = format!(
            r#"{{"schedule":"2026","birth":"2025-07-01","as_of":"2026-03-20","history":null,"conditions":["{condition}"]}}"#
        );
        let mut out = Vec::new();
        immunization::cli::immunize_ndjson(text.as_bytes(), &mut out).unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let forecast = answer["forecast"].as_array().unwrap();
        forecast.iter().find(|f| f["group"] == "MMR").unwrap().clone()
    };
    assert_eq!(line("IG:2026-03-01")["earliest"], "2026-06-01");
    assert_eq!(line("immunoglobulin")["status"], "deferred");
    for (text, reason) in [
        ("{", "第1行"),
        (r#"{"schedule":"nosuch","birth":"2025-03-31","as_of":"2025-04-05"}"#, "nosuch"),
        (r#"{"schedule":"2026","birth":"2025-02-30","as_of":"2025-04-05"}"#, "第1行"),
        (r#"{"schedule":"2026","sex":"z","birth":"2025-02-20","as_of":"2025-04-05"}"#, "sex"),
    ] {
        let error = immunization::cli::immunize_ndjson(text.as_bytes(), Vec::new()).unwrap_err();
        assert!(error.to_string().contains(reason) && error.exit_status() == 1, "{error}");
    }
}

#[test]
fn a_schedule_that_names_what_it_does_not_have_is_refused() {
    let text = include_str!("../../../../definitions/schedules/cn_nip_2026.toml");
    for (from, to, says) in [
        ("products = [\"BCG\"]\ndose", "products = [\"BCX\"]\ndose", "product `BCX`"),
        ("group = \"BCG\"", "group = \"BCX\"", "group `BCX`"),
        ("code = \"MR\"", "code = \"MMR\"", "twice"),
        ("min = \"28d\"", "min = \"28x\"", "28x"),
        (
            "unless_all = [\"mother_hbsag_positive_or_unknown\"",
            "unless_all = [\"mother\"",
            "condition `mother`",
        ),
        ("implies = [\"mother_hbsag_positive_or_unknown\"]", "implies = [\"mother\"]", "condition `mother`"),
    ] {
        assert!(text.contains(from), "{from}");
        let error = Pack::parse(&text.replace(from, to)).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 150, ..Default::default() })]
    /// Whatever was given before, who gets each forecast dose on its earliest day has every one of them counted, and the
    /// schedule comes to an end.
    #[test]
    fn following_the_forecast_is_always_valid(
        birth in 0i32..3000, picks in proptest::collection::vec((0usize..41, 0i32..2600), 0..10),
        later in 0i32..2000, edition in 0usize..3,
    ) {
        use jiff::ToSpan;
        let pack = pack(["2021", "2025", "2026"][edition]);
        let birth = day("2016-12-25").checked_add(birth.days()).unwrap();
        let mut history: Vec<Given> = picks
            .iter()
            .map(|(product, age)| Given {
                date: birth.checked_add(age.days()).unwrap(),
                vaccine: pack.product[product % pack.product.len()].code.clone(),
                substandard: false,
            })
            .collect();
        let last = history.iter().map(|g| g.date).max().unwrap_or(birth);
        let mut as_of = last.checked_add(later.days()).unwrap();
        for _ in 0..60 {
            let person = Person { sex: Some(Sex::Female), birth, as_of, history: &history, conditions: &[] };
            let answer = assess(pack, &person).unwrap();
            let open = answer.forecast.iter().filter(|f| f.status == SeriesStatus::NotComplete);
            let Some(next) = open.min_by_key(|f| f.earliest) else { return Ok(()) };
            let (group, earliest) = (next.group.clone(), next.earliest.unwrap());
            proptest::prop_assert!(next.recommended.unwrap() >= earliest);
            as_of = as_of.max(earliest);
            let given = Given { date: as_of, vaccine: next.products[0].clone(), substandard: false };
            // The person may have grown past the rule that was forecast; ask again on the day itself.
            let person = Person { as_of, ..person };
            let answer = assess(pack, &person).unwrap();
            let now = answer.forecast.iter().find(|f| f.group == group).unwrap();
            if now.status != SeriesStatus::NotComplete || now.earliest.unwrap() > as_of {
                continue;
            }
            let given = Given { vaccine: now.products[0].clone(), ..given };
            history.push(given);
            let person = Person { sex: Some(Sex::Female), birth, as_of, history: &history, conditions: &[] };
            let answer = assess(pack, &person).unwrap();
            let dose = answer.doses.iter().find(|d| d.index == history.len() - 1).unwrap();
            let evaluation = dose.evaluations.iter().find(|e| e.group == group).unwrap();
            proptest::prop_assert_eq!(&evaluation.verdict, &Verdict::Valid, "{} on {} of {:?}", group, as_of, history);
        }
        proptest::prop_assert!(false, "no end: {:?}", history);
    }
}
