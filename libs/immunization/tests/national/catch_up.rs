//! Catch-up and special groups, by the text of 2021 and the notices since.

use super::*;

#[test]
fn hepatitis_b_of_a_positive_mother_and_a_small_newborn() {
    let both = ["mother_hbsag_positive", "birth_weight_under_2000g"];
    let history = [("2026-01-05", "HepB"), ("2026-02-05", "HepB"), ("2026-03-05", "HepB")];
    let answer = girl("2026", "2026-01-05", "2026-03-10", &history, &both);
    assert!(answer.doses.iter().all(|d| d.evaluations[0].verdict == Verdict::Valid));
    let fourth = next(&answer, "HepB");
    assert_eq!((fourth.dose, fourth.recommended), (Some(4), Some(day("2026-08-05"))));
    assert!(fourth.notes[0].contains("HBIG"));
    // One of the two alone: the usual three; the dose at 2 months is too early for the third.
    let one = girl("2026", "2026-01-05", "2026-03-10", &history, &both[..1]);
    assert!(matches!(verdict(&one, "2026-03-05", "HepB"), Verdict::NotValid { .. }));
}

/// 2021 text, hepatitis B: the same four doses where the mother's state is not known; and not for light weight alone.
#[test]
fn a_small_newborn_of_a_mother_whose_state_is_not_known() {
    let history = [("2026-01-05", "HepB"), ("2026-02-05", "HepB"), ("2026-03-05", "HepB")];
    let conditions = ["mother_hbsag_unknown", "birth_weight_under_2000g"];
    for edition in ["2021", "2025", "2026"] {
        let answer = girl(edition, "2026-01-05", "2026-03-10", &history, &conditions);
        let fourth = next(&answer, "HepB");
        assert_eq!((fourth.dose, fourth.recommended), (Some(4), Some(day("2026-08-05"))), "{edition}");
        let light = girl(edition, "2026-01-05", "2026-03-10", &history[..2], &conditions[1..]);
        assert_eq!(next(&light, "HepB").recommended, Some(day("2026-07-05")), "{edition}");
    }
}

/// 2021 text, meningococcal vaccines: from 24 months a child who has had no A may have AC before 3 years; who has had one,
/// three months after it; two A: 3 years and twelve months. Conjugates by their labels stand for A.
#[test]
fn meningococcal_catch_up_and_conjugates() {
    let none = girl("2021", "2022-01-10", "2024-03-01", &[("2024-02-10", "MPSV-AC")], &[]);
    assert_eq!(verdict(&none, "2024-02-10", "MenAC"), &Verdict::Valid);
    assert_eq!(next(&none, "MenAC").recommended, Some(day("2028-01-10")));
    // A newborn is told 3 years, not 24 months.
    assert_eq!(
        next(&girl("2021", "2022-01-10", "2022-01-10", &[], &[]), "MenAC").recommended,
        Some(day("2025-01-10"))
    );
    let two_a = [("2022-07-10", "MPSV-A"), ("2022-10-10", "MPSV-A"), ("2024-02-10", "MPSV-AC")];
    let early = girl("2021", "2022-01-10", "2024-03-01", &two_a, &[]);
    let because = Reason::AgeTooYoung { valid_from: day("2025-01-10") };
    assert_eq!(verdict(&early, "2024-02-10", "MenAC"), &Verdict::NotValid { because });
    let label = [("2025-04-10", "MCV-AC"), ("2025-05-10", "MCV-AC"), ("2025-06-10", "MCV-AC")];
    let answer = girl("2026", "2025-01-10", "2025-12-01", &label, &[]);
    assert_eq!(next(&answer, "MenA").status, SeriesStatus::Complete);
    let begun_late = girl("2026", "2025-01-10", "2025-12-01", &[("2025-08-10", "MCV-AC")], &[]);
    assert_eq!(next(&begun_late, "MenA").dose, Some(2));
    assert_eq!(next(&begun_late, "MenA").earliest, Some(day("2025-09-07")));
}

/// DTaP at 6 years with three doses: the fourth is still made up, the fifth a year later, by then with DT. A DT given at
/// six under the old schedule closed the series, and still does.
#[test]
fn dtap_behind_at_six_years() {
    let three = [("2020-04-10", "DTaP"), ("2020-05-10", "DTaP"), ("2020-06-10", "DTaP")];
    let six = girl("2026", "2020-01-10", "2026-08-01", &three, &[]);
    assert_eq!((next(&six, "DTaP").dose, next(&six, "DTaP").products[0].as_str()), (Some(4), "DTaP"));
    let four: Vec<_> = three.into_iter().chain([("2026-08-01", "DTaP")]).collect();
    let later = girl("2026", "2020-01-10", "2027-02-01", &four, &[]);
    let fifth = next(&later, "DTaP");
    assert_eq!((fifth.dose, fifth.earliest), (Some(5), Some(day("2027-08-01"))));
    assert_eq!(fifth.products, ["DT"]);
    // Asked before the seventh birthday the answer is the same: the day decides, not the day of asking.
    let sooner = girl("2026", "2020-01-10", "2026-10-01", &four, &[]);
    assert_eq!(
        (next(&sooner, "DTaP").earliest, &next(&sooner, "DTaP").products),
        (fifth.earliest, &fifth.products)
    );
    // DTaP itself is not given from seven years on, in the fifth place or in catching up.
    let late: Vec<_> = three.into_iter().chain([("2027-01-20", "DTaP")]).collect();
    let answer = girl("2026", "2020-01-10", "2027-02-01", &late, &[]);
    assert_ne!(verdict(&answer, "2027-01-20", "DTaP"), &Verdict::Valid);
    let alone = girl("2026", "2020-01-10", "2027-02-01", &late[3..], &[]);
    assert_ne!(verdict(&alone, "2027-01-20", "DTaP"), &Verdict::Valid);
    let old: Vec<_> =
        [("2017-04-10", "DTaP"), ("2017-05-10", "DTaP"), ("2017-06-10", "DTaP"), ("2023-03-01", "DT")].into();
    assert_eq!(
        next(&girl("2026", "2017-01-10", "2026-08-01", &old, &[]), "DTaP").status,
        SeriesStatus::Complete
    );
    // 2021 text: four doses and no DT by seven years: DT twelve months after the fourth.
    let four =
        [("2018-04-10", "DTaP"), ("2018-05-10", "DTaP"), ("2018-06-10", "DTaP"), ("2023-12-10", "DTaP")];
    assert_eq!(
        next(&girl("2021", "2018-01-10", "2024-06-20", &four, &[]), "DTaP").earliest,
        Some(day("2024-06-10"))
    );
    let late =
        girl("2021", "2018-01-10", "2025-01-20", &[four[0], four[1], four[2], ("2023-12-10", "DTaP")], &[]);
    assert_eq!(next(&late, "DTaP").earliest, Some(day("2024-12-10")));
}

/// The table's age is the least: two-valent vaccine from 13 years; what the programme does not give, by its label.
#[test]
fn hpv_before_thirteen_years() {
    let early = girl("2026", "2013-05-20", "2026-05-20", &[("2026-05-19", "HPV2")], &[]);
    let because = Reason::AgeTooYoung { valid_from: day("2026-05-20") };
    assert_eq!(verdict(&early, "2026-05-19", "HPV"), &Verdict::NotValid { because });
    let bought = [("2023-06-01", "HPV9"), ("2024-01-01", "HPV9")];
    assert_eq!(
        next(&girl("2026", "2013-05-20", "2026-08-01", &bought, &[]), "HPV").status,
        SeriesStatus::Complete
    );
    let done = girl("2026", "2013-05-20", "2026-08-01", &[], &["hpv_complete_by_label"]);
    assert_eq!(next(&done, "HPV").status, SeriesStatus::Immune);
}

/// A combined vaccine that one group no longer needs is not called valid as a whole; each group says its own.
#[test]
fn a_combined_dose_is_valid_only_where_it_counts() {
    let history = [
        ("2023-03-01", "IPV"),
        ("2023-04-01", "IPV"),
        ("2023-05-01", "IPV"),
        ("2024-07-01", "IPV"),
        ("2024-08-01", "五联疫苗"),
    ];
    let answer = girl("2026", "2023-01-01", "2026-08-01", &history, &[]);
    assert_eq!(verdict(&answer, "2024-08-01", "DTaP"), &Verdict::Valid);
    let dose = answer.doses.iter().find(|d| d.date == day("2024-08-01")).unwrap();
    assert_eq!((dose.status, &dose.reason), ("extraneous", &Some(Reason::SeriesComplete)));
}

#[test]
fn hiv_moves_to_the_inactivated_vaccines() {
    let history = [("2025-09-01", "IPV"), ("2025-10-01", "IPV")];
    let answer = girl("2026", "2025-07-01", "2027-02-01", &history, &["hiv_infected_symptomatic"]);
    assert_eq!(next(&answer, "Polio").products[0], "IPV");
    assert_eq!(next(&answer, "JE").products, ["JE-I"]);
    assert_eq!(next(&answer, "HepA").products[0], "HepA-I");
    for group in ["BCG", "MMR"] {
        assert_eq!(next(&answer, group).status, SeriesStatus::Contraindicated, "{group}");
    }
    let quiet = girl("2026", "2025-07-01", "2026-04-01", &[], &["hiv_infected_asymptomatic"]);
    assert_eq!(next(&quiet, "MMR").due, Some(Due::Due));
    let exposed = girl("2026", "2025-07-01", "2025-07-02", &[], &["hiv_exposed"]);
    assert_eq!(next(&exposed, "BCG").status, SeriesStatus::Deferred);
}

#[test]
fn catch_up_gives_only_what_is_missing() {
    // 3 years old, nothing yet but one MPSV-A at 20 months: A and C from 24 months, three months after it.
    let answer = girl("2026", "2023-01-01", "2026-02-01", &[("2024-09-01", "MPSV-A")], &[]);
    assert_eq!(next(&answer, "MenA").status, SeriesStatus::AgedOut);
    assert_eq!(next(&answer, "MenAC").recommended, Some(day("2025-01-01")));
    assert_eq!(next(&answer, "BCG").status, SeriesStatus::NotComplete);
    assert!(next(&answer, "BCG").notes[0].contains("PPD"));
    assert_eq!(next(&answer, "MMR").due, Some(Due::Overdue));
    // Two MPSV-A: twelve months to the first AC; one: three months.
    let two =
        girl("2026", "2023-01-01", "2026-01-02", &[("2024-09-01", "MPSV-A"), ("2024-12-30", "MPSV-A")], &[]);
    assert_eq!(next(&two, "MenAC").earliest, Some(day("2026-01-01")));
    let late =
        girl("2026", "2023-03-01", "2026-03-02", &[("2024-11-01", "MPSV-A"), ("2025-02-20", "MPSV-A")], &[]);
    assert_eq!(next(&late, "MenAC").earliest, Some(day("2026-03-01")));
    let four = girl("2026", "2022-01-01", "2026-02-01", &[], &[]);
    assert_eq!(next(&four, "BCG").status, SeriesStatus::AgedOut);
    // From 7 years DT, three in all.
    let seven = girl("2026", "2019-01-01", "2026-02-01", &[("2019-04-01", "DTaP")], &[]);
    let dt = next(&seven, "DTaP");
    assert_eq!((dt.series.as_deref(), dt.dose), (Some("DT-catch-up"), Some(2)));
    assert_eq!(dt.products, ["DT"]);
}

#[test]
fn measles_rubella_and_mumps_are_counted_by_birth_date() {
    // Before the programme was widened at the end of 2007 two doses of measles were the whole of it.
    let old = girl("2021", "2006-01-01", "2022-01-01", &[("2006-09-01", "MV"), ("2007-07-01", "MV")], &[]);
    assert_eq!(next(&old, "MMR").status, SeriesStatus::Complete);
    let history =
        |year: i16| [(format!("{}-03-15", year + 1), "麻风疫苗"), (format!("{}-02-15", year + 2), "MMR")];
    for (birth, status) in [(2018, SeriesStatus::Complete), (2020, SeriesStatus::NotComplete)] {
        let list = history(birth);
        let list: Vec<(&str, &str)> = list.iter().map(|(d, v)| (d.as_str(), *v)).collect();
        let answer = girl("2026", &format!("{birth}-07-01"), "2026-07-01", &list, &[]);
        assert!(answer.doses.iter().all(|d| d.evaluations[0].verdict == Verdict::Valid));
        assert_eq!(next(&answer, "MMR").status, status, "{birth}");
    }
}

#[test]
fn hepatitis_a_by_either_vaccine_and_japanese_encephalitis_by_the_one_begun() {
    let mixed = [("2025-01-01", "HepA-I"), ("2025-07-01", "HepA-L")];
    let answer = girl("2026", "2023-01-01", "2026-02-01", &mixed, &[]);
    assert!(answer.doses.iter().all(|d| d.evaluations[0].verdict == Verdict::Valid));
    assert_eq!(next(&answer, "HepA").status, SeriesStatus::Complete);
    let begun = girl("2026", "2023-01-01", "2023-09-05", &[("2023-09-01", "JE-I")], &[]);
    let second = next(&begun, "JE");
    assert_eq!((second.earliest, second.latest), (Some(day("2023-09-08")), Some(day("2023-09-11"))));
}

#[test]
fn hpv_is_for_girls_born_since_10_november_2011() {
    let girl_of = |birth| girl("2026", birth, "2026-07-01", &[], &[]);
    assert_eq!(next(&girl_of("2011-11-09"), "HPV").status, SeriesStatus::NotApplicable);
    let first = girl_of("2013-05-20");
    assert_eq!(next(&first, "HPV").recommended, Some(day("2026-05-20")));
    assert_eq!(next(&first, "HPV").latest, Some(day("2027-05-19")));
    let second = girl("2026", "2013-05-20", "2026-07-01", &[("2026-05-31", "二价HPV疫苗")], &[]);
    assert_eq!(
        next(&second, "HPV").recommended,
        Some(day("2026-12-01")),
        "31 May + 6 months: no 31 November"
    );
    let boy = Person {
        sex: Some(Sex::Male),
        birth: day("2013-05-20"),
        as_of: day("2026-07-01"),
        history: &[],
        conditions: &[],
    };
    let answer = assess(pack("2026"), &boy).unwrap();
    assert_eq!(next(&answer, "HPV").status, SeriesStatus::NotApplicable);
    let unknown = assess(pack("2026"), &Person { sex: None, ..boy }).unwrap();
    assert!(unknown.problems.contains(&Problem::SexUnknown { group: "HPV".into() }));
}
