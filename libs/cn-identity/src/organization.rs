//! Codes of organisations: unified social credit code (GB 32100-2015), organisation code (GB 11714-1997),
//! health institution code (WS 218-2002) and the medical-insurance code of designated institutions.

use crate::error::IdError;
use crate::region::is_province_prefix;
use crate::text::{expect_all, expect_check, expect_length, normalize, part};

/// 31 characters: digits and letters without I, O, S, V, Z (GB 32100-2015, table 1).
const CREDIT_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// 统一社会信用代码: registration office, category, six digits of region, organisation code, check character.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CreditCode(String);

impl CreditCode {
    /// # Errors
    /// Length, character, registration office, region, or either of its two check characters.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let text = normalize(input)?;
        expect_length(&text, 18, "18")?;
        expect_all(&text, |c| CREDIT_ALPHABET.contains(c))?;
        if let Some((index, found)) =
            text.chars().enumerate().skip(2).take(6).find(|(_, c)| !c.is_ascii_digit())
        {
            return Err(IdError::Character { found, position: index + 1 });
        }
        let prefix = part(&text, 0, 2);
        if !valid_office_and_category(prefix) {
            return Err(IdError::Prefix(prefix.to_owned()));
        }
        let province = part(&text, 2, 4);
        // 10 is the code of offices of the central government (for example 100000).
        if !is_province_prefix(province) && province != "10" {
            return Err(IdError::Region(part(&text, 2, 8).to_owned()));
        }
        expect_check(text.chars().last().unwrap_or('?'), credit_check(part(&text, 0, 17)))?;
        let organization = part(&text, 8, 17);
        expect_check(
            organization.chars().last().unwrap_or('?'),
            organization_check(part(organization, 0, 8)),
        )?;
        Ok(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn region_code(&self) -> &str {
        part(&self.0, 2, 8)
    }

    /// The organisation code inside, characters 9 to 17.
    #[must_use]
    pub fn organization_code(&self) -> &str {
        part(&self.0, 8, 17)
    }
}

/// GB 32100-2015 table 2 and its amendment No. 1: registration office and category of organisation.
fn valid_office_and_category(prefix: &str) -> bool {
    let mut chars = prefix.chars();
    let (Some(office), Some(category)) = (chars.next(), chars.next()) else {
        return false;
    };
    match office {
        '1' => matches!(category, '1'..='3' | '9'), // 机构编制
        '2' => matches!(category, '1' | '9'),       // 外交
        '3' => matches!(category, '1'..='5' | '9'), // 司法行政
        '4' => matches!(category, '1' | '9'),       // 文化
        '5' => matches!(category, '1'..='3' | '9'), // 民政
        '6' => matches!(category, '1' | '2' | '9'), // 旅游
        '7' => matches!(category, '1' | '2' | '9'), // 宗教
        '8' => matches!(category, '1' | '9'),       // 工会
        '9' => matches!(category, '1'..='3'),       // 市场监管
        'A' => matches!(category, '1' | '9'),       // 中央军委改革和编制
        'N' => matches!(category, '1'..='3' | '9'), // 农业
        'Y' => matches!(category, '1'),             // 其他
        _ => false,
    }
}

/// C18 = 31 − Σ Cᵢ·3^(i−1) mod 31, and 31 counts as 0.
fn credit_check(first17: &str) -> char {
    let mut weight = 1_usize;
    let mut sum = 0_usize;
    for c in first17.chars() {
        sum += CREDIT_ALPHABET.chars().position(|a| a == c).unwrap_or(0) * weight;
        weight = weight * 3 % 31;
    }
    CREDIT_ALPHABET.chars().nth((31 - sum % 31) % 31).unwrap_or('?')
}

/// 组织机构代码: eight digits or letters and a check character, written `D2143569-X` on paper.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrganizationCode(String);

impl OrganizationCode {
    /// # Errors
    /// Length, character or check character.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let text = normalize(input)?;
        expect_length(&text, 9, "9")?;
        expect_all(&text, |c| c.is_ascii_alphanumeric())?;
        expect_check(text.chars().last().unwrap_or('?'), organization_check(part(&text, 0, 8)))?;
        Ok(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// C9 = 11 − Σ Cᵢ·Wᵢ mod 11; 10 is written X and 11 is written 0.
fn organization_check(first8: &str) -> char {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first8.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(36).unwrap_or(0) * w).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('?'),
    }
}

/// 卫生机构(组织)代码, WS 218-2002: organisation code 9, region 6, kind of economy 2, institution class 4
/// (a letter and three digits), management class 1 (1 non-profit, 2 for profit, 9 other).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HealthInstitutionCode(String);

impl HealthInstitutionCode {
    /// # Errors
    /// Length, character, region, a part out of its range, or the check character of the organisation code.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let text = normalize(input)?;
        expect_length(&text, 22, "22")?;
        expect_all(&text, |c| c.is_ascii_alphanumeric())?;
        for (index, found) in text.chars().enumerate().skip(9) {
            let right = if index == 17 { found.is_ascii_uppercase() } else { found.is_ascii_digit() };
            if !right {
                return Err(IdError::Character { found, position: index + 1 });
            }
        }
        let province = part(&text, 9, 11);
        if !is_province_prefix(province) {
            return Err(IdError::Region(part(&text, 9, 15).to_owned()));
        }
        let class = part(&text, 17, 18);
        if !("A"..="N").contains(&class) {
            return Err(IdError::Part { part: "institution class", found: part(&text, 17, 21).to_owned() });
        }
        let management = part(&text, 21, 22);
        if !matches!(management, "1" | "2" | "9") {
            return Err(IdError::Part { part: "management class", found: management.to_owned() });
        }
        OrganizationCode::parse(part(&text, 0, 9))?;
        Ok(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn region_code(&self) -> &str {
        part(&self.0, 9, 15)
    }

    /// Four characters, for example `A100` general hospital.
    #[must_use]
    pub fn institution_class(&self) -> &str {
        part(&self.0, 17, 21)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InsuredInstitutionKind {
    /// 定点医疗机构, prefix H
    Medical,
    /// 定点零售药店, prefix P
    Pharmacy,
}

/// 医保定点机构代码: `H` or `P`, six digits of region, five of sequence.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InsuredInstitutionCode(String);

impl InsuredInstitutionCode {
    /// # Errors
    /// Length, prefix, character or region.
    pub fn parse(input: &str) -> Result<Self, IdError> {
        let text = normalize(input)?;
        expect_length(&text, 12, "12")?;
        if !text.starts_with(['H', 'P']) {
            return Err(IdError::Prefix(text.chars().take(1).collect()));
        }
        if let Some((index, found)) = text.chars().enumerate().skip(1).find(|(_, c)| !c.is_ascii_digit()) {
            return Err(IdError::Character { found, position: index + 1 });
        }
        if !is_province_prefix(part(&text, 1, 3)) {
            return Err(IdError::Region(part(&text, 1, 7).to_owned()));
        }
        Ok(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn kind(&self) -> InsuredInstitutionKind {
        if self.0.starts_with('P') {
            InsuredInstitutionKind::Pharmacy
        } else {
            InsuredInstitutionKind::Medical
        }
    }
}
