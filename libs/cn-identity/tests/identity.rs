//! Expected values: specimens printed in the standards and on official sample cards, codes of well-known
//! organisations as published, and dictionary readings. Check characters were also computed by hand rules
//! outside this crate.

#![allow(clippy::unwrap_used, reason = "helpers of tests stop on a bad expected value")]

use cn_identity::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn id_card_examples_of_gb_11643() {
    // The two examples printed in GB 11643-1999.
    let card = IdCard::parse("11010519491231002X").unwrap();
    assert_eq!(card.birth_date(), date("1949-12-31"));
    assert_eq!(card.sex(), Sex::Female);
    assert_eq!(card.region_code(), "110105");
    assert_eq!(card.kind(), IdCardKind::Citizen);
    // 1880-01-01 is the earliest day that we take.
    let card = IdCard::parse("440524188001010014").unwrap();
    assert_eq!(card.birth_date(), date("1880-01-01"));
    assert_eq!(card.sex(), Sex::Male);
}

#[test]
fn id_card_takes_small_x_full_width_and_spaces() {
    for text in
        ["11010519491231002x", "110105 19491231 002X", "11010519491231002X", " 110105-19491231-002x\u{200b}"]
    {
        assert_eq!(IdCard::parse(text).unwrap().as_str(), "11010519491231002X", "{text}");
    }
}

#[test]
fn id_card_refusals_carry_their_reason() {
    assert_eq!(IdCard::parse(""), Err(IdError::Empty));
    assert_eq!(IdCard::parse("   "), Err(IdError::Empty));
    assert!(matches!(IdCard::parse("1101051949123100"), Err(IdError::Length { found: 16, .. })));
    assert_eq!(IdCard::parse("110105194912310021"), Err(IdError::Checksum { found: '1', expected: 'X' }));
    assert!(matches!(IdCard::parse("00010519491231002X"), Err(IdError::Region(_))));
    assert!(
        matches!(IdCard::parse("110105194902290021"), Err(IdError::BirthDate(_))),
        "1949 is no leap year"
    );
    assert!(matches!(IdCard::parse("110105194913310021"), Err(IdError::BirthDate(_))));
    assert!(matches!(IdCard::parse("11010518491231002X"), Err(IdError::BirthYear(1849))));
    assert_eq!(IdCard::parse("1101051949123100AX"), Err(IdError::Character { found: 'A', position: 17 }));
    assert_eq!(IdCard::parse("11010519491231002Y"), Err(IdError::Character { found: 'Y', position: 18 }));
    assert!(matches!(
        IdCard::parse("一二三四五六七八九十一二三四五六七八"),
        Err(IdError::Character { position: 1, .. })
    ));
    assert!(matches!(
        IdCard::parse_on("11010519491231002X", date("1949-12-30")),
        Err(IdError::BirthInFuture(..))
    ));
    assert!(IdCard::parse_on("11010519491231002X", date("1949-12-31")).is_ok());
}

/// MOD 11-2 finds every single wrong digit and every swap of two neighbours (ISO 7064, clause 1).
#[test]
fn every_slip_of_one_digit_is_found() {
    for number in ["11010519491231002X", "440524188001010014", "911124198108030024", "830000199201300022"] {
        let digits: Vec<char> = number.chars().collect();
        for i in 0..17 {
            for wrong in '0'..='9' {
                let mut other = digits.clone();
                other[i] = wrong;
                let other: String = other.into_iter().collect();
                let read = IdCard::parse(&other).is_ok() || ForeignPermanentResident::parse(&other).is_ok();
                assert_eq!(read, other == number, "{other}");
            }
            let mut swapped = digits.clone();
            swapped.swap(i, i + 1);
            let swapped: String = swapped.into_iter().collect();
            let read = IdCard::parse(&swapped).is_ok() || ForeignPermanentResident::parse(&swapped).is_ok();
            assert_eq!(read, swapped == number, "{swapped}");
        }
    }
}

#[test]
fn legacy_numbers_are_lengthened() {
    // 110105491231002 is the first example of the standard before its change of 1999.
    let card = IdCard::parse("110105491231002").unwrap();
    assert_eq!(card.as_str(), "11010519491231002X");
    assert!(card.is_legacy());
    assert_eq!(card.sex(), Sex::Female);
    // Sequence 996–999: people born in the 19th century.
    assert_eq!(IdCard::parse("110105891231997").unwrap().birth_date(), date("1889-12-31"));
    assert!(IdCard::parse("11010549123100X").is_err());
}

#[test]
fn residence_permits_of_the_published_specimens() {
    assert_eq!(IdCard::parse("810000199408230021").unwrap().kind(), IdCardKind::HongKongResidencePermit);
    let taiwan = IdCard::parse("830000199201300022").unwrap();
    assert_eq!(taiwan.kind(), IdCardKind::TaiwanResidencePermit);
    assert_eq!((taiwan.birth_date(), taiwan.sex()), (date("1992-01-30"), Sex::Female));
}

#[test]
fn foreign_permanent_resident_specimen_2023() {
    let card = ForeignPermanentResident::parse("911124198108030024").unwrap();
    assert_eq!(card.nationality(), "124", "Canada in ISO 3166-1");
    assert_eq!(card.birth_date(), Some(date("1981-08-03")));
    assert_eq!(card.sex(), Some(Sex::Female));
    assert!(matches!(ForeignPermanentResident::parse("911124198108030025"), Err(IdError::Checksum { .. })));
    assert!(matches!(ForeignPermanentResident::parse("911156198108030024"), Err(IdError::Part { .. })));
    assert!(matches!(
        ForeignPermanentResident::parse("CHN110181080300"),
        Err(IdError::Length { .. } | IdError::Part { .. })
    ));
    assert_eq!(ForeignPermanentResident::parse("CAN110181080312").unwrap().nationality(), "CAN");
    assert!(matches!(ForeignPermanentResident::parse("CAN110181133312"), Err(IdError::BirthDate(_))));
}

#[test]
fn age_counts_completed_years() {
    let card = IdCard::parse("11010519491231002X").unwrap();
    assert_eq!(card.age_years(date("2000-12-30")), Some(50));
    assert_eq!(card.age_years(date("2000-12-31")), Some(51));
    assert_eq!(card.age_years(date("1949-12-30")), None);
}

#[test]
fn region_history_of_liyang() {
    // Yearly tables of the Ministry of Civil Affairs.
    let names: Vec<_> = ["322628", "320423", "329015", "320481"]
        .iter()
        .map(|code| {
            let r = region(code, None).unwrap();
            (r.name.clone(), r.from_year, r.to_year)
        })
        .collect();
    assert_eq!(
        names,
        [
            ("江苏省镇江地区溧阳县".to_owned(), 1980, Some(1983)),
            ("江苏省常州市溧阳县".to_owned(), 1983, Some(1990)),
            ("江苏省溧阳市".to_owned(), 1990, Some(1995)),
            ("江苏省常州市溧阳市".to_owned(), 1995, None),
        ]
    );
    assert_eq!(region("320411", Some(1990)).unwrap().name, "江苏省常州市郊区");
    assert_eq!(region("320411", Some(2010)).unwrap().name, "江苏省常州市新北区");
    assert_eq!(region_history("320826").len(), 2);
    assert!(region_history("999999").is_empty());
    assert_eq!(region("440000", None).unwrap().name, "广东省");
    // Neighbours: 郎溪 and 广德 (a city since 2019), and a district of Shanghai, which has no prefecture.
    assert_eq!(region("341821", None).unwrap().name, "安徽省宣城市郎溪县");
    assert_eq!(region("342523", Some(1995)).unwrap().name, "安徽省宣城地区广德县");
    assert_eq!(region("341822", None).unwrap().to_year, Some(2019));
    assert_eq!(region("310115", None).unwrap().name, "上海市浦东新区");
    assert_eq!(region("332501", Some(1981)).unwrap().name, "浙江省金华地区金华市");
    // All provinces: a county that became a district, a prefecture that became a city directly under the country, a
    // city without a prefecture, districts founded since, and a prefecture renamed over an unchanged county.
    let span = |code: &str| region(code, None).map(|r| (r.name.as_str(), r.from_year, r.to_year)).unwrap();
    assert_eq!(span("110221"), ("北京市昌平县", 1980, Some(1999)));
    assert_eq!(span("500101"), ("重庆市万州区", 1998, None));
    assert_eq!(span("429004"), ("湖北省仙桃市", 1994, None));
    assert_eq!(span("460302"), ("海南省三沙市西沙区", 2020, None));
    assert_eq!(span("540581"), ("西藏自治区山南市错那市", 2023, None));
    assert_eq!(region("320826", Some(1999)).unwrap().name, "江苏省淮阴市涟水县");
    assert_eq!(region("320826", Some(2005)).unwrap().name, "江苏省淮安市涟水县");
}

#[test]
fn passports() {
    for (text, kind) in [
        ("E12345678", PassportKind::ChineseOrdinary),
        ("EA1234567", PassportKind::ChineseOrdinary),
        ("G12345678", PassportKind::ChineseOrdinary),
        ("141234567", PassportKind::ChineseOrdinary),
        ("DE1234567", PassportKind::ChineseOfficial),
        ("SE1234567", PassportKind::ChineseOfficial),
        ("P1234567", PassportKind::ChineseOfficial),
        ("KJ1234567", PassportKind::SpecialRegion),
        ("MA1234567", PassportKind::SpecialRegion),
        ("EI1234567", PassportKind::Foreign),
        ("L898902C3", PassportKind::Foreign), // specimen of ICAO Doc 9303
    ] {
        assert_eq!(Passport::parse(text).unwrap().kind(), kind, "{text}");
    }
    assert!(matches!(Passport::parse_chinese("L898902C3"), Err(IdError::Prefix(_))));
    assert!(matches!(Passport::parse("E123456789"), Err(IdError::Length { .. })));
    assert!(Passport::parse("ABCDEFG").is_err());
    assert!(Passport::parse("E1234#678").is_err());
}

#[test]
fn travel_permits_and_birth_certificates() {
    assert_eq!(TravelPermit::parse("h12345678").unwrap().kind(), TravelPermitKind::HongKongMacao);
    assert_eq!(TravelPermit::parse("M1234567800").unwrap().as_str(), "M1234567800");
    assert_eq!(TravelPermit::parse("12345678").unwrap().kind(), TravelPermitKind::Taiwan);
    assert!(TravelPermit::parse("H123456789").is_err());
    let certificate = BirthCertificate::parse("q320481234").unwrap();
    assert_eq!((certificate.as_str(), certificate.province_code()), ("Q320481234", "32"));
    assert!(matches!(BirthCertificate::parse("Q990481234"), Err(IdError::Region(_))));
    assert!(matches!(BirthCertificate::parse("1320481234"), Err(IdError::Character { position: 1, .. })));
    assert!(matches!(BirthCertificate::parse("Q32048123"), Err(IdError::Length { .. })));
}

#[test]
fn newborns_are_known_by_their_mother() {
    let mother = IdCard::parse("11010519491231002X").unwrap();
    let child = NewbornIdentifier::new(mother.clone(), 2).unwrap();
    assert_eq!(child.as_str(), "11010519491231002X-2");
    assert_eq!(NewbornIdentifier::parse("11010519491231002x-2").unwrap(), child);
    assert_eq!((child.mother(), child.rank()), (&mother, 2));
    assert!(NewbornIdentifier::new(mother, 0).is_err());
    assert!(NewbornIdentifier::parse("440524188001010014-1").is_err(), "a man's card");
    assert!(NewbornIdentifier::parse("11010519491231002X").is_err());
    assert!(!format!("{child:?}").contains("19491231"));
}

#[test]
fn credit_codes_of_known_companies() {
    // The example of GB 32100-2015, and published codes: Huawei, Tencent, Alibaba (China), Xiaomi, the Chinese Red
    // Cross Foundation (registered with the ministry itself, region 100000), a temple's foundation, and newer
    // codes whose organisation part begins with MA.
    for text in [
        "91350100M000100Y43",
        "914403001922038216",
        "9144030071526726XG",
        "91330100799655058B",
        "91110108551385082Q",
        "531000005000160090",
        "52410000663412719U",
        "91230184MA1BUFLT44",
        "92371000MA3MXH0E3W",
    ] {
        assert_eq!(CreditCode::parse(text).unwrap().as_str(), text);
    }
    assert_eq!(CreditCode::parse("914403001922038216").unwrap().organization_code(), "192203821");
    assert!(matches!(CreditCode::parse("914403001922038217"), Err(IdError::Checksum { .. })));
    assert!(matches!(CreditCode::parse("91440300192203821I"), Err(IdError::Character { found: 'I', .. })));
    assert!(matches!(CreditCode::parse("944403001922038216"), Err(IdError::Prefix(_))));
    assert!(matches!(CreditCode::parse("919903001922038216"), Err(IdError::Region(_))));
}

#[test]
fn organization_code_example_of_gb_11714() {
    assert_eq!(OrganizationCode::parse("D2143569-X").unwrap().as_str(), "D2143569X");
    assert_eq!(OrganizationCode::parse("D21435691"), Err(IdError::Checksum { found: '1', expected: 'X' }));
    let code = HealthInstitutionCode::parse("D2143569X32048111A1001").unwrap();
    assert_eq!((code.region_code(), code.institution_class()), ("320481", "A100"));
    assert!(matches!(HealthInstitutionCode::parse("D2143569X32048111A1003"), Err(IdError::Part { .. })));
    assert!(HealthInstitutionCode::parse("D2143569X320481111A001").is_err());
    assert_eq!(
        InsuredInstitutionCode::parse("H32048100012").unwrap().kind(),
        InsuredInstitutionKind::Medical
    );
    assert!(InsuredInstitutionCode::parse("X32048100012").is_err());
}

#[test]
fn record_number_from_village() {
    // 320481001001 is 濑江新村居委会 in the statistical codes.
    let number = health_record_number("320481001001", 7).unwrap();
    assert_eq!(number.as_str(), "32048100100100007");
    assert_eq!(HealthRecordNumber::parse("32048100100100007").unwrap(), number);
    assert_eq!((number.serial(), number.village().town_code()), (7, "320481001"));
    assert!(health_record_number("320481001001", 0).is_err());
    assert!(health_record_number("320481001001", 100_000).is_err());
    assert!(HealthRecordNumber::parse("32048100100100000").is_err());
    assert!(matches!(VillageCode::parse("320481000001"), Err(IdError::Part { part: "town", .. })));
    assert!(VillageCode::parse("3204810010").is_err());
}

#[test]
fn every_village_of_the_region_makes_a_record_number() {
    let root = std::env::var("TIANMU_SHARED")
        .unwrap_or_else(|_| format!("{}/../../../shared", env!("CARGO_MANIFEST_DIR")));
    let path = format!("{root}/data/public-health/geo/liyang_villages_nbs.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: village table not there");
        return;
    };
    let numbers: std::collections::BTreeSet<String> = text
        .lines()
        .skip(1)
        .map(|line| {
            health_record_number(line.split(',').next().unwrap(), 99_999).unwrap().as_str().to_owned()
        })
        .collect();
    assert_eq!(numbers.len(), 244);
}

#[test]
fn phones() {
    for (text, normal, kind) in [
        ("13812345678", "13812345678", PhoneKind::Mobile),
        ("+86 138-1234-5678", "13812345678", PhoneKind::Mobile),
        ("008613812345678", "13812345678", PhoneKind::Mobile),
        ("8613812345678", "13812345678", PhoneKind::Mobile),
        ("0519-87225678", "051987225678", PhoneKind::FixedLine),
        ("(0519)8722 5678", "051987225678", PhoneKind::FixedLine),
        ("+86 519 87225678", "051987225678", PhoneKind::FixedLine),
        ("+86 10 65251234", "01065251234", PhoneKind::FixedLine),
        ("0519-87225678-801", "051987225678-801", PhoneKind::FixedLine),
        ("0519-87225678转801", "051987225678-801", PhoneKind::FixedLine),
        ("0394-7225678", "03947225678", PhoneKind::FixedLine),
        ("400-810-8888", "4008108888", PhoneKind::Service),
        ("12320", "12320", PhoneKind::Service),
        ("120", "120", PhoneKind::Service),
        ("95598", "95598", PhoneKind::Service),
    ] {
        let phone = Phone::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!((phone.as_str(), phone.kind()), (normal, kind), "{text}");
    }
    assert_eq!(Phone::parse("0519-87225678").unwrap().area_code(), Some("0519"));
    assert_eq!(Phone::parse("87225678"), Err(IdError::AreaCodeMissing));
    assert!(matches!(Phone::parse("12812345678"), Err(IdError::PhoneRange(_))));
    assert!(matches!(Phone::parse("1381234567"), Err(IdError::Length { found: 10, .. })));
    assert!(matches!(Phone::parse("010-6525123"), Err(IdError::Length { .. })));
    assert!(matches!(Phone::parse("138a2345678"), Err(IdError::Character { .. })));
    assert!(Phone::parse("").is_err());
    assert!(Phone::parse("+86").is_err());
}

#[test]
fn names() {
    for (text, surname, given) in [
        ("张三", Some("张"), "三"),
        ("欧阳娜娜", Some("欧阳"), "娜娜"),
        ("司马光", Some("司马"), "光"),
        ("东方", Some("东"), "方"), // two characters: one must be the given name
        ("段干木", Some("段"), "干木"),
        ("张 三", Some("张"), "三"),
        ("买买提・吾守尔", None, "买买提·吾守尔"),
        ("阿卜杜拉•艾合买提", None, "阿卜杜拉·艾合买提"),
        ("阿布都.热西提", None, "阿布都·热西提"),
        ("John Smith", None, "John Smith"),
        ("𠮷田", Some("𠮷"), "田"),
    ] {
        let name = PersonName::parse(text).unwrap();
        assert_eq!((name.surname(), name.given_name()), (surname, given), "{text}");
    }
    assert_eq!(PersonName::parse("张"), Err(IdError::NameTooShort));
    assert_eq!(PersonName::parse(""), Err(IdError::Empty));
    assert!(matches!(PersonName::parse("张3"), Err(IdError::Character { found: '3', position: 2 })));
    assert!(matches!(PersonName::parse("·张三"), Err(IdError::Character { .. })));
    assert!(matches!(PersonName::parse(&"长".repeat(51)), Err(IdError::NameTooLong(_))));
}

#[test]
fn pinyin_of_surnames_with_two_readings() {
    // 《现代汉语词典》, entries marked 姓; the compound ones as in the Hundred Family Surnames.
    for (name, full, initials) in [
        ("单雄信", "shanxiongxin", "SXX"),
        ("仇英", "qiuying", "QY"),
        ("解缙", "xiejin", "XJ"),
        ("区寄", "ouji", "OJ"),
        ("曾国藩", "zengguofan", "ZGF"),
        ("查良镛", "zhaliangyong", "ZLY"),
        ("朴树", "piaoshu", "PS"),
        ("翟志刚", "zhaizhigang", "ZZG"),
        ("任正非", "renzhengfei", "RZF"),
        ("华罗庚", "hualuogeng", "HLG"),
        ("尉迟恭", "yuchigong", "YCG"),
        ("万俟卨", "moqixie", "MQX"),
        ("澹台灭明", "tantaimieming", "TTMM"),
        ("长孙无忌", "zhangsunwuji", "ZSWJ"),
        ("令狐冲", "linghuchong", "LHC"),
        ("吕布", "lvbu", "LB"),
        ("乐嘉", "yuejia", "YJ"),
        ("张乐", "zhangle", "ZL"),
        ("种师道", "chongshidao", "CSD"),
        ("欧阳修", "ouyangxiu", "OYX"),
        ("黑继国", "hejiguo", "HJG"),
        ("缪荃孙", "miaoquansun", "MQS"),
        ("买买提·吾守尔", "maimaitiwushouer", "MMTWSE"),
        ("李A", "lia", "LA"),
    ] {
        assert_eq!(pinyin_full(name), full, "{name}");
        assert_eq!(pinyin_initials(name), initials, "{name}");
    }
    assert_eq!(pinyin_syllables("单雄信"), ["shan", "xiong", "xin"]);
    assert_eq!(text_initials("2型糖尿病"), "2XTNB");
    assert_eq!(text_initials("溧阳市人民医院"), "LYSRMYY");
    for (term, initials) in [
        ("生长迟缓", "SZCH"),
        ("长期", "CQ"),
        ("膀胱癌", "PGA"),
        ("咯血", "KX"),
        ("重庆市", "CQS"),
        ("重度贫血", "ZDPX"),
        ("厦门市", "XMS"),
        ("心律失常", "XLSC"),
        ("护士长", "HSZ"),
    ] {
        assert_eq!(text_initials(term), initials, "{term}");
    }
    assert_eq!(pinyin_initials_variants("覃小明"), ["QXM", "TXM"]);
    assert_eq!(pinyin_initials_variants("张小明"), ["ZXM"]);
    for (name, full) in [("薄一波", "boyibo"), ("王珩", "wangheng"), ("张薄", "zhangbao")] {
        assert_eq!(pinyin_full(name), full);
    }
    assert_eq!(pinyin_initials("John Smith"), "JS");
    assert_eq!(pinyin_initials(""), "");
}

#[test]
fn masks() {
    assert_eq!(mask_name("张三"), "张*");
    assert_eq!(mask_name("欧阳娜娜"), "欧阳**");
    assert_eq!(mask_name("买买提·吾守尔"), "买**·***");
    assert_eq!(mask_name("张"), "*");
    assert_eq!(mask_name(""), "");
    assert_eq!(mask_id_number("11010519491231002X"), "1101**********002X");
    assert_eq!(mask_id_number("110105491231002"), "1101*******1002");
    assert_eq!(mask_id_number("E12345678"), "E1*****78");
    assert_eq!(mask_id_number("1234567"), "*******");
    assert_eq!(mask_record_number("32048100100100007"), "320481*********07");
    assert_eq!(mask_phone("138 1234 5678"), "138****5678");
    assert_eq!(mask_phone("0519-87225678"), "0519-*****678");
    assert_eq!(mask_phone("120"), "120");
    assert_eq!(mask_phone("12345"), "12345", "the government hotline");
    assert_eq!(mask_phone("123"), "***");
    assert_eq!(mask_organization("914403001922038216"), "91************8216");
    for (full, masked) in [
        ("江苏省常州市溧阳市天目湖镇桂林村12号", "江苏省常州市溧阳市天目湖镇****"),
        ("江苏省溧阳市昆仑街道燕山花苑小区3幢502室", "江苏省溧阳市昆仑街道****"),
        ("溧阳市南大街5号", "溧阳市****"),
        ("北京市海淀区中关村大街1号", "北京市海淀区****"),
        ("新疆维吾尔自治区和田地区和田县巴格其镇", "新疆维吾尔自治区和田地区和田县巴格其镇****"),
        ("幸福路1号", "****"),
        ("", ""),
    ] {
        assert_eq!(mask_address(full), masked, "{full}");
    }
}

#[test]
fn debug_forms_do_not_show_the_number() {
    let shown = format!(
        "{:?} {:?} {:?}",
        IdCard::parse("11010519491231002X").unwrap(),
        Phone::parse("13812345678").unwrap(),
        PersonName::parse("张三丰").unwrap()
    );
    assert!(!shown.contains("19491231") && !shown.contains("1234") && !shown.contains("三丰"), "{shown}");
}

#[test]
fn check_command() {
    let run = |values: &[&str]| {
        let mut out = Vec::new();
        let valid = cn_identity::cli::check(values, date("2026-06-01"), &mut out).unwrap();
        (valid, String::from_utf8(out).unwrap())
    };
    for (value, kind) in [
        ("11010519491231002x", "citizen_id_card"),
        ("110105491231002", "citizen_id_card"),
        ("810000199408230021", "residence_permit"),
        ("911124198108030024", "foreign_permanent_resident"),
        ("CAN110181080312", "foreign_permanent_resident"),
        ("914403001922038216", "unified_social_credit_code"),
        ("9144030071526726XG", "unified_social_credit_code"),
        ("D2143569-X", "organization_code"),
        ("D2143569X32048111A1001", "health_institution_code"),
        ("H32048100012", "insured_institution_code"),
        ("32048100100100007", "health_record_number"),
        ("320481001001", "village_code"),
        ("13812345678", "phone"),
        ("0086 138 1234 5678", "phone"),
        ("0519-87225678", "phone"),
        ("0519-87225678转801", "phone"),
        ("E12345678", "passport"),
        ("EA1234567", "passport"),
        ("H12345678", "passport"),
        ("Q320481234", "birth_certificate"),
        ("欧阳娜娜", "name"),
        ("Anne-Marie O'Neill", "name"),
    ] {
        let (valid, out) = run(&[value]);
        assert!(valid, "{value}: {out}");
        assert!(out.contains(kind), "{value}: {out}");
    }
    let (valid, out) = run(&["11010519491231002X", "110105194912310021"]);
    assert!(!valid);
    assert!(out.contains("id_checksum") && out.lines().count() == 2, "{out}");
    for bad in [
        "",
        "abc",
        "张",
        "12345678901",
        "1",
        "914403001922038217",
        "320481000001",
        "🙂🙂🙂",
        "11010520300101002X",
    ] {
        let (valid, out) = run(&[bad]);
        assert!(!valid && out.contains("\tinvalid\t"), "{bad}: {out}");
    }
    // A letter before the end is no ID card's: a wrong credit code is called a credit code and nothing else.
    let (_, out) = run(&["91310000607259168E"]);
    assert!(out.contains("unified_social_credit_code") && out.lines().count() == 1, "{out}");
    // A letter in a record number is called by its place.
    assert!(run(&["3204810010010000a"]).1.contains("health_record_number"));
    assert!(run(&["852-12345678"]).1.contains("id_phone_range"));
    // What may be shown to others stands beside what was typed.
    assert!(run(&["11010519491231002X"]).1.trim_end().ends_with("1101**********002X"));
    assert!(run(&["13812345678"]).1.trim_end().ends_with("138****5678"));
    assert!(run(&["欧阳娜娜"]).1.trim_end().ends_with("欧阳**"));
}

/// Whatever is typed, nothing panics and every normal form reads as itself.
#[test]
fn arbitrary_text_never_panics() {
    let alphabet: Vec<char> = "0123456789xXaEH+-() ·.省市区镇号张欧阳单于12转#\u{200b}🙂é".chars().collect();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let length = state % 24;
        for i in 0..length {
            let pick = (state >> (i % 40)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
            text.push(alphabet[usize::try_from(pick).unwrap() % alphabet.len()]);
        }
        assert!(!classify(&text, date("2026-06-01")).is_empty());
        let _ = (
            mask_name(&text),
            mask_id_number(&text),
            mask_phone(&text),
            mask_address(&text),
            pinyin_full(&text),
        );
        if let Ok(card) = IdCard::parse(&text) {
            assert_eq!(IdCard::parse(card.as_str()).unwrap().as_str(), card.as_str());
        }
        if let Ok(phone) = Phone::parse(&text) {
            assert_eq!(Phone::parse(phone.as_str()).unwrap().as_str(), phone.as_str(), "{text}");
        }
    }
}
