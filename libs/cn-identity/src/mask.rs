//! How personal values are shown to those who need not see them whole.
//!
//! A mask never fails and never shows more than its rule, whatever the input: a value that is not of the
//! expected form is shown with fewer characters, not more. Kept parts per kind:
//!
//! | kind | kept |
//! |---|---|
//! | name | surname (both characters of a compound one); of a name with dots or Latin letters the first character |
//! | 18/15-digit ID, permits | first 4 (province and prefecture) and last 4; the birth date is always hidden |
//! | passport, travel permit, birth certificate | first 2 and last 2 |
//! | record number | county (6) and last 2 |
//! | mobile | first 3 and last 4; fixed line: area code and last 3 |
//! | address | down to the street, town or township; the rest is `****` |
//! | organisation | nothing is masked for legal persons; [`mask_organization`] serves one-person clinics |

use crate::classify::IdKind;
use crate::name::{is_han, normalize_name, surname_of};
use crate::phone::{Phone, PhoneKind};

/// The mask of a kind. Codes of institutions and villages belong to nobody and stay as they are.
#[must_use]
pub fn mask(kind: IdKind, value: &str) -> String {
    match kind {
        IdKind::Name => mask_name(value),
        IdKind::Phone => mask_phone(value),
        IdKind::HealthRecordNumber => mask_record_number(value),
        IdKind::CreditCode
        | IdKind::OrganizationCode
        | IdKind::HealthInstitutionCode
        | IdKind::InsuredInstitutionCode
        | IdKind::VillageCode => value.trim().to_owned(),
        IdKind::CitizenIdCard
        | IdKind::ResidencePermit
        | IdKind::ForeignPermanentResident
        | IdKind::Passport
        | IdKind::TravelPermit
        | IdKind::BirthCertificate
        | IdKind::Unknown => mask_id_number(value),
    }
}

/// `欧阳娜娜` → `欧阳**`, `张三` → `张*`, `买买提·吾守尔` → `买**·***`.
#[must_use]
pub fn mask_name(name: &str) -> String {
    let text = normalize_name(name);
    let surname = surname_of(&text);
    let kept = if surname.is_empty() || surname.len() == text.len() {
        usize::from(text.chars().count() > 1)
    } else {
        surname.chars().count()
    };
    text.chars().enumerate().map(|(i, c)| if i < kept || matches!(c, '·' | ' ') { c } else { '*' }).collect()
}

/// Any personal document number; see the table above.
#[must_use]
pub fn mask_id_number(number: &str) -> String {
    let length = number.trim().chars().count();
    let (head, tail) = match length {
        15.. => (4, 4),
        8..=14 => (2, 2),
        _ => (0, 0),
    };
    mask_middle(number.trim(), head, tail)
}

/// 17-digit record number: the county stays readable, the village does not.
#[must_use]
pub fn mask_record_number(number: &str) -> String {
    if number.trim().chars().count() == 17 {
        mask_middle(number.trim(), 6, 2)
    } else {
        mask_id_number(number)
    }
}

/// Credit code of a one-person practice, where the organisation is the person.
#[must_use]
pub fn mask_organization(code: &str) -> String {
    let (head, tail) = if code.trim().chars().count() >= 9 { (2, 4) } else { (0, 0) };
    mask_middle(code.trim(), head, tail)
}

/// A service number (120, 400…) belongs to nobody and stays.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    match Phone::parse(phone) {
        Ok(parsed) if parsed.kind() == PhoneKind::Mobile => mask_middle(parsed.as_str(), 3, 4),
        Ok(parsed) if parsed.kind() == PhoneKind::Service => parsed.as_str().to_owned(),
        Ok(parsed) => {
            let area = parsed.area_code().unwrap_or_default();
            let line = parsed.as_str().split('-').next().unwrap_or_default();
            format!("{area}-{}", mask_middle(line.get(area.len()..).unwrap_or_default(), 0, 3))
        }
        Err(_) => mask_middle(phone.trim(), 0, if phone.trim().chars().count() > 6 { 2 } else { 0 }),
    }
}

/// Keeps an address down to the street, town or township: `江苏省溧阳市天目湖镇****`.
///
/// Where no such unit is found the county, city or province is the end; where none of these is found either,
/// nothing is shown.
#[must_use]
pub fn mask_address(address: &str) -> String {
    let text = address.trim();
    let mut end = 0;
    for unit in ["自治区", "省", "自治州", "盟", "市", "县", "区", "旗"] {
        end = end.max(end_of_unit(text, unit));
    }
    let rest = text.get(end..).unwrap_or_default();
    // The first town-level unit after the county; a later 镇 or 乡 belongs to a road or a village name.
    let town = ["街道", "镇", "乡", "苏木"]
        .iter()
        .map(|unit| end_of_unit_first(rest, unit))
        .filter(|n| *n > 0)
        .min();
    let end = end + town.unwrap_or(0);
    if text.is_empty() { String::new() } else { format!("{}****", text.get(..end).unwrap_or_default()) }
}

/// Longest administrative part in front: a unit counts only within ten characters of where the last one ended
/// and only before the first digit, so that 小区, 园区 and 超市 of the detail are not taken for counties.
fn end_of_unit(text: &str, unit: &str) -> usize {
    let limit = text.char_indices().find(|(_, c)| c.is_numeric()).map_or(text.len(), |(i, _)| i);
    let head = text.get(..limit).unwrap_or_default();
    let mut end = 0;
    for (index, found) in head.match_indices(unit) {
        let name = head.get(end..index).unwrap_or_default();
        let count = name.chars().count();
        let detail =
            ["小", "园", "社", "超", "新", "商", "城"].iter().any(|s| name.ends_with(s)) && unit.len() == 3;
        let street_before = ["街道", "镇", "乡", "路", "村", "街"].iter().any(|s| name.contains(s));
        if (2..=10).contains(&count) && !detail && !street_before {
            end = index + found.len();
        }
    }
    end
}

fn end_of_unit_first(text: &str, unit: &str) -> usize {
    let limit = text.char_indices().find(|(_, c)| c.is_numeric()).map_or(text.len(), |(i, _)| i);
    let head = text.get(..limit).unwrap_or_default();
    match head.find(unit) {
        Some(index)
            if (1..=8)
                .contains(&head.get(..index).unwrap_or_default().chars().filter(|c| is_han(*c)).count()) =>
        {
            index + unit.len()
        }
        _ => 0,
    }
}

fn mask_middle(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    text.chars().enumerate().map(|(i, c)| if i < head || i + tail >= length { c } else { '*' }).collect()
}
