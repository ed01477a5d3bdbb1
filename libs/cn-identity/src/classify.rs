//! What a value could be: every kind whose shape fits, each valid or with the reason why not.

use jiff::civil::Date;

use crate::birth_certificate::BirthCertificate;
use crate::error::IdError;
use crate::id_card::{IdCard, IdCardKind, Sex};
use crate::name::{PersonName, is_han};
use crate::organization::{CreditCode, HealthInstitutionCode, InsuredInstitutionCode, OrganizationCode};
use crate::passport::{Passport, PassportKind};
use crate::permit::{ForeignPermanentResident, TravelPermit};
use crate::phone::{Phone, PhoneKind};
use crate::record_number::{HealthRecordNumber, VillageCode};
use crate::region::region;
use crate::text::normalize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdKind {
    CitizenIdCard,
    ResidencePermit,
    ForeignPermanentResident,
    Passport,
    TravelPermit,
    BirthCertificate,
    CreditCode,
    OrganizationCode,
    HealthInstitutionCode,
    InsuredInstitutionCode,
    HealthRecordNumber,
    VillageCode,
    Phone,
    Name,
    Unknown,
}

impl IdKind {
    /// Stable code for output and translation.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::CitizenIdCard => "citizen_id_card",
            Self::ResidencePermit => "residence_permit",
            Self::ForeignPermanentResident => "foreign_permanent_resident",
            Self::Passport => "passport",
            Self::TravelPermit => "travel_permit",
            Self::BirthCertificate => "birth_certificate",
            Self::CreditCode => "unified_social_credit_code",
            Self::OrganizationCode => "organization_code",
            Self::HealthInstitutionCode => "health_institution_code",
            Self::InsuredInstitutionCode => "insured_institution_code",
            Self::HealthRecordNumber => "health_record_number",
            Self::VillageCode => "village_code",
            Self::Phone => "phone",
            Self::Name => "name",
            Self::Unknown => "unknown",
        }
    }

    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::CitizenIdCard => "居民身份证",
            Self::ResidencePermit => "港澳台居民居住证",
            Self::ForeignPermanentResident => "外国人永久居留身份证",
            Self::Passport => "护照",
            Self::TravelPermit => "港澳台居民往来通行证",
            Self::BirthCertificate => "出生医学证明",
            Self::CreditCode => "统一社会信用代码",
            Self::OrganizationCode => "组织机构代码",
            Self::HealthInstitutionCode => "卫生机构代码",
            Self::InsuredInstitutionCode => "医保定点机构代码",
            Self::HealthRecordNumber => "健康档案编号",
            Self::VillageCode => "村(居)代码",
            Self::Phone => "电话号码",
            Self::Name => "姓名",
            Self::Unknown => "无法识别",
        }
    }
}

/// One reading of a value. `outcome` holds what the value says (Chinese, for people), or why it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: IdKind,
    pub outcome: Result<String, IdError>,
}

impl Finding {
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.outcome.is_ok()
    }
}

/// All readings of a value, the valid ones only if there is one; never empty. A value is valid when any
/// reading is. Readings without a check character (passport, travel permit) come last, and are not offered
/// where a kind with a check character has the same shape and is right.
///
/// `today` refuses birth dates that lie ahead.
#[must_use]
pub fn classify(value: &str, today: Date) -> Vec<Finding> {
    let findings = candidates(value, today);
    let valid: Vec<Finding> = findings.iter().filter(|f| f.is_valid()).cloned().collect();
    if valid.is_empty() { findings } else { valid }
}

fn candidates(value: &str, today: Date) -> Vec<Finding> {
    // A Latin name has at least two words of letters; a single word could be anything.
    let latin = value.split_whitespace().count() > 1
        && value.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '\'' | '.'));
    if value.chars().any(is_han) && !value.contains('转') || latin {
        return vec![Finding {
            kind: IdKind::Name,
            outcome: PersonName::parse(value).map(|n| describe_name(&n)),
        }];
    }
    let text = match normalize(value) {
        Ok(text) => text,
        Err(error) => return vec![Finding { kind: IdKind::Unknown, outcome: Err(error) }],
    };
    let length = text.chars().count();
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let starts_with_letter = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let mut out = Vec::new();
    let phone_like = (digits + 1 >= length && letters == 0 && matches!(length, 3 | 5..=14))
        || text.starts_with('+')
        || text.starts_with("0086") && letters == 0
        || value.contains(['(', '转', '('])
        || value.trim_start().starts_with('0') && value.contains('-');

    // A card's number has no letter but a final X; any other letter makes 18 characters a credit code.
    let credit_only = length == 18 && text.trim_end_matches('X').contains(|c: char| c.is_ascii_alphabetic());
    if starts_with_letter && length == 15 {
        out.push(foreign(&text, today));
    } else if matches!(length, 15..=19)
        && letters <= 1
        && !starts_with_letter
        && length != 17
        && !credit_only
        && !text.starts_with("0086")
    {
        if text.starts_with('9') && length == 18 {
            out.push(foreign(&text, today));
        } else {
            out.push(id_card(&text, today));
        }
    }
    if length == 18 {
        let code = Finding {
            kind: IdKind::CreditCode,
            outcome: CreditCode::parse(&text).map(|c| place(c.region_code())),
        };
        if code.is_valid() || credit_only || text.starts_with('9') {
            out.push(code);
        }
    }
    if length == 22 {
        let outcome = HealthInstitutionCode::parse(&text)
            .map(|c| format!("{} 机构类别 {}", place(c.region_code()), c.institution_class()));
        out.push(Finding { kind: IdKind::HealthInstitutionCode, outcome });
    }
    if length == 17 && letters <= 1 && !starts_with_letter {
        let outcome = HealthRecordNumber::parse(&text).map(|n| {
            format!(
                "{} 村(居) {} 序号 {}",
                place(n.village().county_code()),
                n.village().as_str(),
                n.serial()
            )
        });
        out.push(Finding { kind: IdKind::HealthRecordNumber, outcome });
    }
    if length == 12 && letters == 1 && starts_with_letter {
        let outcome = InsuredInstitutionCode::parse(&text)
            .map(|c| if c.as_str().starts_with('P') { "定点零售药店" } else { "定点医疗机构" }.to_owned());
        out.push(Finding { kind: IdKind::InsuredInstitutionCode, outcome });
    }
    if phone_like {
        out.push(Finding { kind: IdKind::Phone, outcome: Phone::parse(value).map(|p| describe_phone(&p)) });
    }
    if length == 12 && letters == 0 {
        let outcome = VillageCode::parse(&text).map(|c| place(c.county_code()));
        out.push(Finding { kind: IdKind::VillageCode, outcome });
    }
    if length == 10 && starts_with_letter && letters == 1 {
        let outcome = BirthCertificate::parse(&text).map(|c| place(&format!("{}0000", c.province_code())));
        out.push(Finding { kind: IdKind::BirthCertificate, outcome });
    }
    let mut organization = false;
    if length == 9 {
        let outcome = OrganizationCode::parse(&text).map(|_| "校验码正确".to_owned());
        organization = outcome.is_ok();
        if organization || !starts_with_letter {
            out.push(Finding { kind: IdKind::OrganizationCode, outcome });
        }
    }
    let chinese_passport = Passport::parse_chinese(&text).is_ok();
    if (starts_with_letter || chinese_passport)
        && matches!(length, 5..=9)
        && (chinese_passport || !organization)
    {
        out.push(Finding {
            kind: IdKind::Passport,
            outcome: Passport::parse(&text).map(|p| describe_passport(&p)),
        });
    }
    if matches!(length, 9 | 11) && text.starts_with(['H', 'M']) || length == 8 && letters == 0 {
        let outcome = TravelPermit::parse(&text).map(|_| "格式正确(无校验码)".to_owned());
        out.push(Finding { kind: IdKind::TravelPermit, outcome });
    }
    if out.is_empty() {
        out.push(Finding { kind: IdKind::Unknown, outcome: Err(IdError::UnknownKind) });
    }
    out
}

fn id_card(text: &str, today: Date) -> Finding {
    let parsed = IdCard::parse_on(text, today);
    let permit = text.starts_with("81") || text.starts_with("82") || text.starts_with("83");
    let kind = if permit { IdKind::ResidencePermit } else { IdKind::CitizenIdCard };
    let outcome = parsed.map(|card| {
        let holder = match card.kind() {
            IdCardKind::Citizen => "",
            IdCardKind::HongKongResidencePermit => "香港居民 ",
            IdCardKind::MacaoResidencePermit => "澳门居民 ",
            IdCardKind::TaiwanResidencePermit => "台湾居民 ",
        };
        let legacy = if card.is_legacy() {
            format!(" 十五位旧号,十八位为 {}", card.as_str())
        } else {
            String::new()
        };
        // A permit's six digits only repeat what its holder is.
        let region = if permit { String::new() } else { format!(" {}", place(card.region_code())) };
        format!("{holder}{} {}{region}{legacy}", card.birth_date(), sex_zh(card.sex()))
    });
    Finding { kind, outcome }
}

fn foreign(text: &str, today: Date) -> Finding {
    let outcome = ForeignPermanentResident::parse(text).and_then(|card| match card.birth_date() {
        Some(birth) if birth > today => Err(IdError::BirthInFuture(birth, today)),
        Some(birth) => {
            let sex = card.sex().map_or("", sex_zh);
            Ok(format!("国籍 {} {birth} {sex}", card.nationality()))
        }
        None => Ok(format!("国籍 {} 旧版十五位", card.nationality())),
    });
    Finding { kind: IdKind::ForeignPermanentResident, outcome }
}

fn sex_zh(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "男",
        Sex::Female => "女",
    }
}

fn place(code: &str) -> String {
    if code == "100000" {
        return format!("国家机关登记({code})");
    }
    match region(code, None) {
        Some(found) => match found.to_year {
            Some(year) => format!("{}({code},{year} 年停用)", found.name),
            None => format!("{}({code})", found.name),
        },
        None => match crate::region::province_name(code.get(..2).unwrap_or_default()) {
            Some(province) => format!("{province}({code},表中无此代码)"),
            None => code.to_owned(),
        },
    }
}

fn describe_name(name: &PersonName) -> String {
    match name.surname() {
        Some(surname) => {
            format!("姓 {surname} 名 {} {}", name.given_name(), crate::pinyin_initials(name.as_str()))
        }
        None => format!("{} {}", name.as_str(), crate::pinyin_initials(name.as_str())),
    }
}

fn describe_phone(phone: &Phone) -> String {
    match phone.kind() {
        PhoneKind::Mobile => "手机".to_owned(),
        PhoneKind::FixedLine => format!("固定电话 区号 {}", phone.area_code().unwrap_or_default()),
        PhoneKind::Service => "服务号码".to_owned(),
    }
}

fn describe_passport(passport: &Passport) -> String {
    match passport.kind() {
        PassportKind::ChineseOrdinary => "中国普通护照",
        PassportKind::ChineseOfficial => "中国外交、公务护照",
        PassportKind::SpecialRegion => "特别行政区护照",
        PassportKind::Foreign => "外国护照(无校验码)",
    }
    .to_owned()
}
