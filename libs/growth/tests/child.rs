//! Expected values come from the published reference survey, the official tables and hand computation; each
//! test names its source. Tables too large to repeat here are read from the shared data where it is there.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "helpers of tests stop on a bad expected value and say what they skip"
)]

use growth::*;

fn shared(path: &str) -> Option<String> {
    let root = std::env::var("TIANMU_SHARED")
        .unwrap_or_else(|_| format!("{}/../../../shared", env!("CARGO_MANIFEST_DIR")));
    let text = std::fs::read_to_string(format!("{root}/data/public-health/{path}")).ok();
    if text.is_none() {
        println!("skipped: {path} not there");
    }
    text
}

fn child(sex: Sex, days: f64) -> Measurement {
    Measurement::new(sex, Some(Age::from_days(days).unwrap()))
}

fn z(assessment: &Assessment, indicator: Indicator) -> Result<f64, Reason> {
    assessment.score(indicator).map(|score| score.z)
}

/// Every index of every child. The program of that time went to day 1856; the tables in force end with day 1826.
#[test]
fn who_2006_equals_the_reference_survey() {
    const INDICES: [Indicator; 8] = [
        Indicator::WeightForAge,
        Indicator::LengthForAge,
        Indicator::WeightForLength,
        Indicator::BmiForAge,
        Indicator::HeadForAge,
        Indicator::ArmForAge,
        Indicator::TricepsForAge,
        Indicator::SubscapularForAge,
    ];
    let (mut compared, mut beyond) = (0, 0);
    for line in include_str!("survey.txt").lines().filter(|l| !l.starts_with('#')) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let number = |i: usize| cells[i].parse::<f64>().ok();
        let sex = if cells[0] == "m" { Sex::Male } else { Sex::Female };
        let days = number(1).unwrap();
        let measurement = Measurement {
            weight_kg: number(2),
            length_cm: number(3),
            position: match cells[4] {
                "l" => Some(Position::Lying),
                "h" => Some(Position::Standing),
                _ => None,
            },
            oedema: cells[5] == "y",
            head_cm: number(6),
            arm_cm: number(7),
            triceps_mm: number(8),
            subscapular_mm: number(9),
            ..child(sex, days)
        };
        let result = assess(&measurement, Reference::Who2006);
        for (indicator, column) in INDICES.into_iter().zip(10..) {
            match number(column) {
                Some(_) if days > 1826.0 => {
                    assert_eq!(z(&result, indicator), Err(Reason::AgeOutOfRange), "{line}");
                    beyond += 1;
                }
                Some(expected) => {
                    assert_eq!(z(&result, indicator), Ok(expected), "{line}: {indicator:?}");
                    compared += 1;
                }
                None => assert!(z(&result, indicator).is_err(), "{line}: {indicator:?}"),
            }
        }
    }
    assert_eq!((compared, beyond), (3290, 28));
}

/// Cases of the WHO package's own tests.
#[test]
fn who_2006_edge_cases() {
    let lying = |days, cm| Measurement {
        length_cm: Some(cm),
        position: Some(Position::Lying),
        ..child(Sex::Male, days)
    };
    let result = assess(&lying(987.0, 72.86), Reference::Who2006);
    assert_eq!(z(&result, Indicator::LengthForAge), Ok(-6.09));
    assert!(result.flags.contains(&Flag::Implausible(Indicator::LengthForAge)));

    let standing = |months, cm| Measurement {
        length_cm: Some(cm),
        position: Some(Position::Standing),
        ..Measurement::new(Sex::Male, Some(Age::from_months(months).unwrap()))
    };
    let eight = assess(&standing(8.0, 60.0), Reference::Who2006);
    assert_eq!(eight.corrected_length_cm, Some(60.0));
    assert_eq!(eight.flags.first(), Some(&Flag::StandingBeforeNineMonths));
    assert!((z(&eight, Indicator::LengthForAge).unwrap() + 4.81).abs() <= 0.05);
    let nine = assess(&standing(9.0, 60.0), Reference::Who2006);
    assert_eq!(nine.corrected_length_cm, Some(60.7));
    assert!((z(&nine, Indicator::LengthForAge).unwrap() + 5.02).abs() <= 0.05);

    let girl = Measurement {
        length_cm: Some(77.5),
        ..Measurement::new(Sex::Female, Some(Age::from_months(24.0).unwrap()))
    };
    assert_eq!(z(&assess(&girl, Reference::Who2006), Indicator::LengthForAge), Ok(-2.55));

    let weighed = |days, kg| Measurement { weight_kg: Some(kg), ..child(Sex::Female, days) };
    assert_eq!(z(&assess(&weighed(1522.0, 17.0), Reference::Who2006), Indicator::WeightForAge), Ok(0.24));
    let heavy = assess(&weighed(1.0, 10.37), Reference::Who2006);
    assert!(heavy.flags.contains(&Flag::Implausible(Indicator::WeightForAge)));

    for (days, expected) in [(730.0, 100.7), (731.0, 100.0)] {
        let measured = Measurement {
            length_cm: Some(100.0),
            position: Some(Position::Standing),
            ..child(Sex::Male, days)
        };
        assert_eq!(assess(&measured, Reference::Who2006).corrected_length_cm, Some(expected));
    }
    assert_eq!(assess(&lying(731.0, 100.0), Reference::Who2006).corrected_length_cm, Some(99.3));

    // 60 months are no longer WHO 2006; 59.9 are.
    for (months, scored) in [(59.9, true), (60.0, false), (60.1, false)] {
        let result = assess(&standing(months, 80.0), Reference::Who2006);
        assert_eq!(z(&result, Indicator::LengthForAge).is_ok(), scored, "{months}");
    }
}

/// Cases of the WHO package's own tests.
#[test]
fn who_2007_edge_cases() {
    for (months, cm, kg, weight, bmi, height) in
        [(60.32, 113.8, 18.7, 0.21, -0.58, 0.96), (60.911_701, 113.6, 20.5, 0.79, 0.42, 0.85)]
    {
        let girl = Measurement {
            length_cm: Some(cm),
            weight_kg: Some(kg),
            ..Measurement::new(Sex::Female, Some(Age::from_months(months).unwrap()))
        };
        let result = assess(&girl, Reference::Who2007);
        assert_eq!(z(&result, Indicator::WeightForAge), Ok(weight));
        assert_eq!(z(&result, Indicator::BmiForAge), Ok(bmi));
        assert_eq!(z(&result, Indicator::LengthForAge), Ok(height));
    }
    for (months, height, weight) in [
        (59.0, false, false),
        (60.0, true, true),
        (120.0, true, true),
        (121.0, true, false),
        (228.5, true, false),
        (229.0, false, false),
    ] {
        let boy = Measurement {
            length_cm: Some(60.0),
            weight_kg: Some(30.0),
            ..Measurement::new(Sex::Male, Some(Age::from_months(months).unwrap()))
        };
        let result = assess(&boy, Reference::Who2007);
        assert_eq!(z(&result, Indicator::LengthForAge).is_ok(), height, "{months}");
        assert_eq!(z(&result, Indicator::BmiForAge).is_ok(), height, "{months}");
        assert_eq!(z(&result, Indicator::WeightForAge).is_ok(), weight, "{months}");
    }
}

/// Every row of the official WHO files: the median of the file scores 0.00, and the measure that the file's own
/// L, M, S put at +2 and −2 SD scores that.
#[test]
fn every_row_of_the_who_tables() {
    let mut rows = 0;
    for (file, reference, indicator) in [
        ("who-anthro/growthstandards/weianthro.txt", Reference::Who2006, Indicator::WeightForAge),
        ("who-anthro/growthstandards/lenanthro.txt", Reference::Who2006, Indicator::LengthForAge),
        ("who-anthro/growthstandards/hcanthro.txt", Reference::Who2006, Indicator::HeadForAge),
        ("who-anthro/growthstandards/acanthro.txt", Reference::Who2006, Indicator::ArmForAge),
        ("who-anthro/growthstandards/tsanthro.txt", Reference::Who2006, Indicator::TricepsForAge),
        ("who-anthro/growthstandards/ssanthro.txt", Reference::Who2006, Indicator::SubscapularForAge),
        ("who-anthro/growthstandards/wflanthro.txt", Reference::Who2006, Indicator::WeightForLength),
        ("who-anthro/growthstandards/wfhanthro.txt", Reference::Who2006, Indicator::WeightForLength),
        ("who-anthroplus/growthstandards/hfawho2007.txt", Reference::Who2007, Indicator::LengthForAge),
        ("who-anthroplus/growthstandards/wfawho2007.txt", Reference::Who2007, Indicator::WeightForAge),
        ("who-anthro/growthstandards/bmianthro.txt", Reference::Who2006, Indicator::BmiForAge),
        ("who-anthroplus/growthstandards/bfawho2007.txt", Reference::Who2007, Indicator::BmiForAge),
    ] {
        let Some(text) = shared(file) else { return };
        for line in text.lines().skip(1).filter(|l| !l.trim().is_empty()) {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let number = |i: usize| cells[i].parse::<f64>().unwrap();
            let sex = if cells[0] == "1" { Sex::Male } else { Sex::Female };
            let (key, l, m, s) = (number(1), number(2), number(3), number(4));
            if (indicator == Indicator::WeightForAge && key >= 121.0 || key >= 229.0)
                && reference == Reference::Who2007
            {
                continue;
            }
            for sd in [-2.0, 0.0, 2.0] {
                let y = m * (1.0 + l * s * sd).powf(1.0 / l);
                let mut measurement = Measurement::new(sex, None);
                match indicator {
                    Indicator::WeightForLength => {
                        measurement.length_cm = Some(key);
                        measurement.position =
                            Some(if file.contains("wfl") { Position::Lying } else { Position::Standing });
                    }
                    _ if reference == Reference::Who2007 => measurement.age = Age::from_months(key).ok(),
                    _ => measurement.age = Age::from_days(key).ok(),
                }
                match indicator {
                    Indicator::LengthForAge => measurement.length_cm = Some(y),
                    Indicator::HeadForAge => measurement.head_cm = Some(y),
                    Indicator::ArmForAge => measurement.arm_cm = Some(y),
                    Indicator::TricepsForAge => measurement.triceps_mm = Some(y),
                    Indicator::SubscapularForAge => measurement.subscapular_mm = Some(y),
                    _ => measurement.weight_kg = Some(y),
                }
                if indicator == Indicator::BmiForAge {
                    // One metre: the weight is the BMI.
                    measurement.length_cm = Some(100.0);
                }
                assert_eq!(z(&assess(&measurement, reference), indicator), Ok(sd), "{file} {line}");
            }
            rows += 1;
        }
    }
    println!("{rows} rows");
    assert_eq!(rows, 28_234);
}

/// Every printed value of WS/T 423-2022 gives its own SD, in days as in months.
#[test]
fn every_grid_point_of_wst_423() {
    let Some(text) = shared("wst423-2022/wst423_2022_sd.csv") else { return };
    let mut points = 0;
    for line in text.lines().skip(1).filter(|l| !l.is_empty()) {
        let cells: Vec<&str> = line.split(',').collect();
        let sex = if cells[0] == "boy" { Sex::Male } else { Sex::Female };
        let key: f64 = cells[3].parse().unwrap();
        for (sd, cell) in [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0].into_iter().zip(&cells[4..]) {
            let y: f64 = cell.parse().unwrap();
            for age in [
                Age::from_months(key),
                Age::from_days((key * 30.4375).round()),
                Age::from_days((key * 30.4375).floor()),
            ] {
                let mut measurement = Measurement::new(sex, age.ok());
                let indicator = match (cells[1], cells[2]) {
                    ("weight", "age") => {
                        measurement.weight_kg = Some(y);
                        Indicator::WeightForAge
                    }
                    ("stature", _) => {
                        measurement.length_cm = Some(y);
                        Indicator::LengthForAge
                    }
                    ("head", _) => {
                        measurement.head_cm = Some(y);
                        Indicator::HeadForAge
                    }
                    ("bmi", _) => {
                        measurement.length_cm = Some(100.0);
                        measurement.weight_kg = Some(y);
                        Indicator::BmiForAge
                    }
                    (_, by) => {
                        measurement.age = None;
                        measurement.position =
                            Some(if by == "length" { Position::Lying } else { Position::Standing });
                        measurement.length_cm = Some(key);
                        measurement.weight_kg = Some(y);
                        Indicator::WeightForLength
                    }
                };
                assert_eq!(z(&assess(&measurement, Reference::Wst423), indicator), Ok(sd), "{line}");
            }
            points += 1;
        }
    }
    assert_eq!(points, 546 * 7);
}

#[test]
fn wst_423_between_the_rows() {
    let boy = |months: f64, cm: f64| Measurement {
        length_cm: Some(cm),
        ..Measurement::new(Sex::Male, Some(Age::from_months(months).unwrap()))
    };
    // Printed medians: 23 months 88.0 (length), 24 months 88.2 (height, so length 88.9), 27 months 90.8.
    assert_eq!(z(&assess(&boy(23.5, 88.45), Reference::Wst423), Indicator::LengthForAge), Ok(0.0));
    assert_eq!(z(&assess(&boy(25.5, 89.5), Reference::Wst423), Indicator::LengthForAge), Ok(0.0));
    // +3 at 24 months is 97.5, +2 is 94.4: 100.6 lies one more band above.
    assert_eq!(z(&assess(&boy(24.0, 100.6), Reference::Wst423), Indicator::LengthForAge), Ok(4.0));
    // −3 is 78.9, −2 is 82.0.
    assert_eq!(z(&assess(&boy(24.0, 77.35), Reference::Wst423), Indicator::LengthForAge), Ok(-3.5));
    assert_eq!(
        z(&assess(&boy(81.5, 120.0), Reference::Wst423), Indicator::LengthForAge),
        Err(Reason::AgeOutOfRange)
    );
    let lying = Measurement { position: Some(Position::Lying), ..boy(24.0, 88.9) };
    assert_eq!(z(&assess(&lying, Reference::Wst423), Indicator::LengthForAge), Ok(0.0));
}

#[test]
fn bad_measures_have_a_reason_each() {
    let base = Measurement {
        weight_kg: Some(10.0),
        length_cm: Some(80.0),
        head_cm: Some(46.0),
        ..child(Sex::Male, 500.0)
    };
    let score = |m: &Measurement, i| z(&assess(m, Reference::Who2006), i);
    let weightless = Measurement { weight_kg: Some(-3.0), ..base.clone() };
    assert_eq!(score(&weightless, Indicator::WeightForAge), Err(Reason::ImpossibleWeight));
    assert_eq!(score(&weightless, Indicator::BmiForAge), Err(Reason::ImpossibleWeight));
    assert!(score(&weightless, Indicator::LengthForAge).is_ok());
    let grams = Measurement { weight_kg: Some(3300.0), ..base.clone() };
    assert_eq!(score(&grams, Indicator::WeightForAge), Err(Reason::ImpossibleWeight));
    let metres = Measurement { length_cm: Some(0.8), ..base.clone() };
    assert_eq!(score(&metres, Indicator::WeightForLength), Err(Reason::ImpossibleLength));
    let nan = Measurement { head_cm: Some(f64::NAN), ..base.clone() };
    assert_eq!(score(&nan, Indicator::HeadForAge), Err(Reason::ImpossibleHead));
    let swollen = Measurement { oedema: true, ..base.clone() };
    for indicator in [Indicator::WeightForAge, Indicator::WeightForLength, Indicator::BmiForAge] {
        assert_eq!(score(&swollen, indicator), Err(Reason::Oedema));
    }
    assert!(score(&swollen, Indicator::LengthForAge).is_ok());
    let ageless = Measurement { age: None, ..base.clone() };
    assert_eq!(score(&ageless, Indicator::WeightForAge), Err(Reason::AgeUnknown));
    assert!(score(&ageless, Indicator::WeightForLength).is_ok());
    let short = Measurement { length_cm: Some(40.0), ..base.clone() };
    assert_eq!(score(&short, Indicator::WeightForLength), Err(Reason::LengthOutOfRange));
    assert_eq!(score(&base, Indicator::ArmForAge), Err(Reason::NotMeasured));
    assert_eq!(z(&assess(&base, Reference::Who2007), Indicator::HeadForAge), Err(Reason::NotInReference));
    assert_eq!(Age::from_days(-1.0), Err(Reason::ImpossibleAge));
    assert_eq!(Age::from_days(f64::NAN), Err(Reason::ImpossibleAge));
    let birth: Date = "2026-03-01".parse().unwrap();
    assert_eq!(Age::between(birth, "2026-02-28".parse().unwrap()), Err(Reason::ImpossibleAge));
    assert_eq!(Age::between("2024-02-29".parse().unwrap(), birth).unwrap().days(), 731.0);
    assert_eq!(assess(&base, Reference::Wst423).edition, "WS/T 423-2022, published 2022-09-19");
}

#[test]
fn corrected_age_of_preterm_children() {
    let age = |days| Age::from_days(days).unwrap();
    // 32+0 is 8 weeks early.
    assert_eq!(corrected_age(age(100.0), 224).unwrap().days(), 44.0);
    assert_eq!(corrected_age(age(30.0), 224).unwrap().days(), 0.0);
    assert_eq!(corrected_age(age(100.0), 259).unwrap().days(), 100.0, "37+0 is term");
    assert_eq!(corrected_age(age(100.0), 258).unwrap().days(), 78.0);
    assert_eq!(corrected_age(age(731.0), 224).unwrap().days(), 731.0, "24 months");
    assert_eq!(corrected_age(age(100.0), 100), Err(Reason::ImpossibleGestation));
}

#[test]
fn classes() {
    let levels = [-2.01, -2.0, -1.0, 0.99, 1.0, 2.0].map(|z| level_by_sd(z).name_zh());
    assert_eq!(levels, ["下", "中下", "中", "中", "中上", "上"]);
    let levels = [2.9, 3.0, 25.0, 75.0, 97.0].map(|p| level_by_percentile(p).name_zh());
    assert_eq!(levels, ["下", "中下", "中", "中上", "上"]);
    // WS/T 423, boys of 24 months: printed −2 SD of height 82.0 cm, −3 SD 78.9 cm.
    let boy = |kg, cm| {
        nutrition(&assess(
            &Measurement {
                weight_kg: Some(kg),
                length_cm: Some(cm),
                ..Measurement::new(Sex::Male, Age::from_months(24.0).ok())
            },
            Reference::Wst423,
        ))
    };
    assert_eq!(boy(12.5, 88.2), (None, None, None));
    assert_eq!(boy(12.5, 81.9).1, Some(LengthClass::Stunted));
    assert_eq!(boy(12.5, 78.8).1, Some(LengthClass::SeverelyStunted));
    assert_eq!(boy(7.0, 88.2).0, Some(WeightClass::SeverelyUnderweight));
    assert_eq!(boy(7.0, 88.2).2, Some(NutritionClass::SeverelyWasted));
    assert_eq!(boy(25.0, 88.2).2, Some(NutritionClass::SeverelyObese));
    // Φ(−0.5) = 30.9 %, Φ(−1.5) = 6.7 %: the lines of P25 and P10 lie between.
    assert_eq!(centile_channels_crossed(-0.5, -1.5), -2);
    assert_eq!(centile_channels_crossed(-1.5, -0.5), 2);
    assert_eq!(centile_channels_crossed(0.1, 0.2), 0);
}

/// Values of the standard normal table.
#[test]
fn normal_distribution() {
    for (z, percent) in [
        (0.0, 50.0),
        (1.0, 84.134_474_606_854_3),
        (-1.880_793_608_151_25, 3.0),
        (1.959_963_984_540_05, 97.5),
        (-3.0, 0.134_989_803_163_009),
    ] {
        assert!((percentile_of_z(z) - percent).abs() < 1e-9, "{z}");
        assert!((z_of_percentile(percent).unwrap() - z).abs() < 1e-9, "{percent}");
    }
    assert_eq!(z_of_percentile(0.0), None);
    assert_eq!(z_of_percentile(100.0), None);
    assert!(percentile_of_z(40.0) <= 100.0 && percentile_of_z(-40.0) >= 0.0);
}

#[test]
fn curves_lie_on_the_printed_values() {
    let points = curve(
        Reference::Wst423,
        Indicator::LengthForAge,
        Sex::Male,
        false,
        &[-3.0, 0.0, 3.0],
        (0.0, 81.0, 1.0),
    )
    .unwrap();
    assert_eq!(points.len(), 82);
    assert_eq!(points[24].values, [78.9, 88.2, 97.5]);
    let points =
        curve(Reference::Who2006, Indicator::WeightForAge, Sex::Male, false, &[0.0], (0.0, 60.0, 1.0))
            .unwrap();
    // WHO expanded table, boys: day 0 3.3464 kg, day 365 (12 months) 9.646 kg.
    assert!((points[0].values[0] - 3.3464).abs() < 1e-9);
    assert!((points[12].values[0] - 9.646).abs() < 1e-9);
    assert_eq!(points.len(), 61);
    // A curve at a z is scored with that z, beyond ±3 too.
    let tall = curve(
        Reference::Who2006,
        Indicator::WeightForLength,
        Sex::Female,
        true,
        &[-4.0, 4.0],
        (65.0, 120.0, 5.0),
    )
    .unwrap();
    for point in tall {
        for (value, expected) in point.values.iter().zip([-4.0, 4.0]) {
            let girl = Measurement {
                length_cm: Some(point.x),
                position: Some(Position::Standing),
                weight_kg: Some(*value),
                ..Measurement::new(Sex::Female, None)
            };
            assert_eq!(z(&assess(&girl, Reference::Who2006), Indicator::WeightForLength), Ok(expected));
        }
    }
    let percentiles = percentile_curve(
        Reference::Who2007,
        Indicator::BmiForAge,
        Sex::Male,
        true,
        &MAIN_CENTILES,
        (60.0, 228.0, 12.0),
    )
    .unwrap();
    assert!(percentiles.iter().all(|p| p.values.windows(2).all(|w| w[0] < w[1])));
    assert!(
        curve(Reference::Who2006, Indicator::WeightForAge, Sex::Male, false, &[0.0], (0.0, 61.0, 1.0))
            .is_err()
    );
    assert!(
        curve(Reference::Who2007, Indicator::HeadForAge, Sex::Male, false, &[0.0], (60.0, 70.0, 1.0))
            .is_err()
    );
    assert!(
        curve(Reference::Who2006, Indicator::WeightForAge, Sex::Male, false, &[0.0], (0.0, 10.0, 0.0))
            .is_err()
    );
    assert!(
        curve(Reference::Who2006, Indicator::WeightForAge, Sex::Male, false, &[0.0], (0.0, 10.0, f64::NAN))
            .is_err()
    );
}

fn run(csv: &str) -> Result<String, growth::cli::CliError> {
    let mut out = Vec::new();
    growth::cli::z_csv(csv.as_bytes(), &mut out, None)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn command_scores_a_file() {
    let out = run("\u{feff}id,sex,age_days,weight_kg,length_cm,position,head_cm,oedema,reference\n\
        1,f,683,10.4,84.8,lying,,n,\n\
        2,m,868,12.9,85.9,lying,,n,who2006\n\
        3,m,730.5,12.5,88.2,standing,48.4,n,wst423\n\
        4,f,1836,18.7,113.8,standing,,n,\n\
        5,m,-4,10,80,lying,,n,\n\
        6,m,500,NA,,,,y,\n\
        7,m,500,3300,80,lying,46,y,\n")
    .unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].ends_with(
        "reference,z_weight_for_age,z_length_for_age,z_weight_for_length,z_bmi_for_age,z_head_for_age,flags,edition"
    ));
    assert_eq!(lines[1], "1,f,683,10.4,84.8,lying,,n,,-0.57,-0.07,-0.81,-0.79,,,WHO 2006");
    assert_eq!(
        lines[2],
        "2,m,868,12.9,85.9,lying,,n,who2006,-0.08,-1.69,1.16,1.43,,length_corrected,WHO 2006"
    );
    assert!(
        lines[3].contains(",0.00,") && lines[3].ends_with(",\"WS/T 423-2022, published 2022-09-19\""),
        "{}",
        lines[3]
    );
    // 1836 days are 60.32 months; the girl of the WHO package's test.
    assert_eq!(lines[4], "4,f,1836,18.7,113.8,standing,,n,,0.21,0.96,,-0.58,,,WHO 2007");
    assert_eq!(lines[5], "5,m,-4,10,80,lying,,n,,,,,,,impossible_age,WHO 2006");
    assert_eq!(lines[6], "6,m,500,NA,,,,y,,,,,,,,WHO 2006");
    assert!(lines[7].contains("impossible_weight"), "{}", lines[7]);
    // Columns in another order, CRLF, quoted and padded cells, other words for the same: cells are kept as they are.
    let odd =
        run("age_days,note,position,\"sex\",weight_kg,oedema\r\n 100 ,\"a, \"\"b\"\" \",L,1, 6.50,No\r\n")
            .unwrap();
    assert_eq!(odd.lines().nth(1).unwrap(), " 100 ,\"a, \"\"b\"\" \",L,1, 6.50,No,-0.09,,,,,,WHO 2006");
}

#[test]
fn command_names_the_row_that_it_cannot_read() {
    for (csv, message) in [
        ("age_days\n3\n", "column `sex` is missing"),
        ("sex,age_days\nm,3\nx,4\n", "row 2 (line 3): sex: not m or f: \"x\""),
        ("sex,weight_kg\nm,heavy\n", "row 1 (line 2): weight_kg: not a number: \"heavy\""),
        ("sex,weight_kg\nm,inf\n", "row 1 (line 2): weight_kg: not a number: \"inf\""),
        ("sex,position\nm,sitting\n", "row 1 (line 2): position: not lying or standing: \"sitting\""),
        ("sex,oedema\nm,maybe\n", "row 1 (line 2): oedema: not y or n: \"maybe\""),
        ("sex,reference\nm,cdc\n", "row 1 (line 2): reference: not one of who2006, who2007, wst423: \"cdc\""),
    ] {
        assert_eq!(run(csv).unwrap_err().to_string(), message);
    }
    let unequal = run("sex,age_days\nm,3\nm,3,4\n").unwrap_err().to_string();
    assert_eq!(unequal, "row 2 (line 3): 3 fields, the header has 2");
    assert!(run("").is_err());
    let mut out = Vec::new();
    let broken = growth::cli::z_csv(&b"sex\n\xff\xfe\n"[..], &mut out, None).unwrap_err();
    assert_eq!(broken.to_string(), "row 1 (line 2): not UTF-8 text");
}

/// Whatever the numbers, there is an answer; a greater measure never scores less.
#[test]
fn arbitrary_measures_never_panic_and_scores_rise() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |low: f64, high: f64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        low + (high - low) * (f64::from(u32::try_from(state >> 40).unwrap()) / 16_777_216.0)
    };
    for round in 0..20_000 {
        let sex = if round % 2 == 0 { Sex::Male } else { Sex::Female };
        let reference = [Reference::Who2006, Reference::Who2007, Reference::Wst423][round % 3];
        let mut measurement = Measurement::new(sex, Age::from_days(random(-10.0, 8000.0)).ok());
        measurement.position = [None, Some(Position::Lying), Some(Position::Standing)][round % 3];
        measurement.length_cm = Some(random(-5.0, 260.0));
        measurement.weight_kg = Some(random(-1.0, 120.0));
        measurement.head_cm = Some(random(0.0, 70.0));
        measurement.arm_cm = Some(random(0.0, 60.0));
        let before = assess(&measurement, reference);
        measurement.weight_kg = measurement.weight_kg.map(|kg| kg + random(0.0, 5.0));
        let after = assess(&measurement, reference);
        for indicator in [Indicator::WeightForAge, Indicator::WeightForLength, Indicator::BmiForAge] {
            if let (Ok(a), Ok(b)) = (before.score(indicator), after.score(indicator)) {
                assert!(a.z.is_finite() && b.z >= a.z, "{measurement:?}");
            }
        }
    }
}
