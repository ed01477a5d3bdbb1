//! A person as registered: reading what was entered, and what follows from it. Pure.

use cn_identity::{
    BirthCertificate, ForeignPermanentResident, HealthRecordNumber, IdCard, IdCardKind, IdError, Passport,
    PersonName, Phone,
};
use kernel::{CivilDate, Error, FieldError, Result, parse_date};
use ports::patients::{IdentifierKind, Sex};
use std::collections::BTreeSet;

/// Characters of an address, of a note, and of an ethnic group's name.
const ADDRESS_LIMIT: usize = 200;
const NOTE_LIMIT: usize = 500;
const ETHNICITY_LIMIT: usize = 20;
/// Children of one birth.
const BIRTH_ORDER_LIMIT: i32 = 9;
/// The oldest age that a birth date may say: nobody is known to have lived longer than 122 years.
const AGE_LIMIT_YEARS: i16 = 130;

/// What stands in the name of a child that has none yet: `王芳之婴1`.
const CHILD_OF: &str = "之婴";

/// What was entered of a person, unread.
#[derive(Clone, Debug, Default)]
pub struct PersonInput {
    pub name: String,
    pub sex: Option<Sex>,
    pub birth_date: Option<String>,
    pub identifier_kind: Option<IdentifierKind>,
    pub identifier_number: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub ethnicity: Option<String>,
    pub note: Option<String>,
    pub birth_order: Option<i32>,
    pub unidentified: bool,
}

/// The mother of a newborn, as far as the child's record needs her.
#[derive(Clone, Debug)]
pub struct Mother {
    pub id: kernel::PatientId,
    pub name: String,
    pub sex: Sex,
    pub birth_date: Option<CivilDate>,
}

/// An identifying number that has the form of its kind.
#[derive(Clone, PartialEq, Eq)]
pub struct Identifier {
    pub kind: IdentifierKind,
    /// As entered, without the white space around it.
    pub entered: String,
    /// One form for equal numbers.
    pub normal: String,
    /// What the number itself says of its holder.
    pub birth_date: Option<CivilDate>,
    pub sex: Option<Sex>,
}

// The number identifies a person and must not reach a log.
impl std::fmt::Debug for Identifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identifier({}, {})", self.kind.as_str(), mask_identifier(self.kind, &self.normal))
    }
}

impl Identifier {
    /// Reads a number of a kind. The kind must not be `none`.
    pub fn parse(kind: IdentifierKind, entered: &str, today: CivilDate) -> Result<Self, IdError> {
        let entered = entered.trim();
        let (normal, birth_date, sex) = match kind {
            IdentifierKind::ResidentIdCard | IdentifierKind::ResidencePermit => {
                let card = IdCard::parse_on(entered, today)?;
                let citizen = card.kind() == IdCardKind::Citizen;
                if citizen != (kind == IdentifierKind::ResidentIdCard) {
                    return Err(IdError::Prefix(card.region_code().chars().take(2).collect()));
                }
                (card.as_str().to_owned(), Some(card.birth_date()), Some(sex_of(card.sex())))
            }
            IdentifierKind::ForeignPermanentResidentCard => {
                let card = ForeignPermanentResident::parse(entered)?;
                if let Some(birth) = card.birth_date().filter(|birth| *birth > today) {
                    return Err(IdError::BirthInFuture(birth, today));
                }
                (card.as_str().to_owned(), card.birth_date(), card.sex().map(sex_of))
            }
            IdentifierKind::Passport => (Passport::parse(entered)?.as_str().to_owned(), None, None),
            IdentifierKind::BirthCertificate => {
                (BirthCertificate::parse(entered)?.as_str().to_owned(), None, None)
            }
            IdentifierKind::HealthRecordNumber => {
                (HealthRecordNumber::parse(entered)?.as_str().to_owned(), None, None)
            }
            IdentifierKind::MedicalInsuranceNumber => (insurance_number(entered)?, None, None),
            IdentifierKind::None => return Err(IdError::UnknownKind),
        };
        Ok(Self { kind, entered: entered.to_owned(), normal, birth_date, sex })
    }

    /// What the database compares: kind and normal form.
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind.as_str(), self.normal)
    }
}

/// Every identifier that a whole number typed into a search box could be.
pub fn possible_identifiers(text: &str, today: CivilDate) -> Vec<Identifier> {
    IdentifierKind::ALL.into_iter().filter_map(|kind| Identifier::parse(kind, text, today).ok()).collect()
}

/// Medical insurance numbers have no national form (they are the ID number since 2019; before, each city had its own), so
/// only their characters are checked: 6 to 30 letters and digits with at least six digits.
fn insurance_number(entered: &str) -> Result<String, IdError> {
    let text: String =
        entered.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if let Some((index, found)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_alphanumeric()) {
        return Err(IdError::Character { found, position: index + 1 });
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits < 6 || text.len() > 30 {
        return Err(IdError::Length { found: text.len(), expected: "6–30" });
    }
    Ok(text)
}

fn sex_of(sex: cn_identity::Sex) -> Sex {
    match sex {
        cn_identity::Sex::Male => Sex::Male,
        cn_identity::Sex::Female => Sex::Female,
    }
}

/// How a number of a kind is shown to those who need not see it whole.
pub fn mask_identifier(kind: IdentifierKind, number: &str) -> String {
    match kind {
        IdentifierKind::HealthRecordNumber => cn_identity::mask_record_number(number),
        _ => cn_identity::mask_id_number(number),
    }
}

/// A person whose entries are acceptable together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub sex: Sex,
    pub birth_date: Option<CivilDate>,
    pub identifier: Option<Identifier>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub ethnicity: Option<String>,
    pub note: Option<String>,
    pub newborn_of: Option<kernel::PatientId>,
    pub birth_order: Option<i32>,
    pub unidentified: bool,
}

impl Person {
    /// Reads what was entered; all that is wrong is told at once. `label` names an unidentified person.
    pub fn read(input: &PersonInput, mother: Option<&Mother>, label: &str, today: CivilDate) -> Result<Self> {
        let mut wrong = Wrong::default();
        let mut birth_date = wrong.birth_date(input.birth_date.as_deref(), today);
        let mut sex = input.sex.unwrap_or(Sex::Unknown);
        let identifier = wrong.identifier(input, today);
        if let Some(identifier) = &identifier {
            match (birth_date, identifier.birth_date) {
                (Some(entered), Some(printed)) if entered != printed => wrong.add(
                    "birth_date",
                    "birth_date_mismatch",
                    "the birth date is not the one in the identity number",
                ),
                (_, printed) => birth_date = birth_date.or(printed),
            }
            match (sex, identifier.sex) {
                (Sex::Unknown, Some(printed)) => sex = printed,
                (entered, Some(printed)) if entered != printed => {
                    wrong.add("sex", "sex_mismatch", "the sex is not the one in the identity number");
                }
                _ => {}
            }
        }
        if input.unidentified && identifier.is_some() {
            wrong.add(
                "unidentified",
                "unidentified_with_identifier",
                "a person with an identity number is identified",
            );
        }
        let birth_order = wrong.newborn(input, mother, birth_date);
        let name = wrong.name(input, mother, birth_order, label);
        let phone = input.phone.as_deref().map(str::trim).filter(|text| !text.is_empty()).and_then(|text| {
            Phone::parse(text).map_err(|error| wrong.add("phone", "phone_invalid", error.to_string())).ok()
        });
        let address = wrong.text("address", input.address.as_deref(), ADDRESS_LIMIT);
        if address.as_deref().is_some_and(|text| text.contains("***")) {
            wrong.add("address", "address_masked", "this is the masked form of an address");
        }
        let ethnicity = wrong.text("ethnicity", input.ethnicity.as_deref(), ETHNICITY_LIMIT);
        let note = wrong.text("note", input.note.as_deref(), NOTE_LIMIT);
        if !wrong.0.is_empty() {
            return Err(wrong.into_error());
        }
        Ok(Self {
            name,
            sex,
            birth_date,
            identifier,
            phone: phone.map(|phone| phone.as_str().to_owned()),
            address,
            ethnicity,
            note,
            newborn_of: mother.map(|mother| mother.id),
            birth_order,
            unidentified: input.unidentified,
        })
    }
}

/// Collects what is wrong, so that a form is corrected in one go.
#[derive(Default)]
struct Wrong(Vec<FieldError>, Option<&'static str>);

impl Wrong {
    fn add(&mut self, field: &str, code: &str, detail: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), code: code.into(), detail: detail.into() });
    }

    fn into_error(self) -> Error {
        // The exact reason of a refused number (a check digit, a length) is for screens that explain it.
        match (self.1, self.0.as_slice()) {
            (Some(reason), [only]) => Error::invalid("identifier_invalid", only.detail.clone())
                .with("field", &only.field)
                .with("identifier_reason", reason),
            (Some(reason), _) => Error::fields(self.0).with("identifier_reason", reason),
            (None, _) => Error::fields(self.0),
        }
    }

    fn birth_date(&mut self, text: Option<&str>, today: CivilDate) -> Option<CivilDate> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        let date = match parse_date("birth_date", text) {
            Ok(date) => date,
            Err(error) => {
                self.0.extend_from_slice(error.field_errors());
                return None;
            }
        };
        if date > today {
            self.add("birth_date", "birth_date_in_future", "the birth date lies in the future");
        } else if today.year() - date.year() > AGE_LIMIT_YEARS {
            self.add(
                "birth_date",
                "birth_date_too_early",
                format!("nobody is older than {AGE_LIMIT_YEARS} years"),
            );
        }
        Some(date)
    }

    fn identifier(&mut self, input: &PersonInput, today: CivilDate) -> Option<Identifier> {
        let kind = input.identifier_kind.unwrap_or(IdentifierKind::None);
        let number = input.identifier_number.as_deref().map(str::trim).filter(|text| !text.is_empty());
        match (kind, number) {
            (IdentifierKind::None, None) => None,
            (IdentifierKind::None, Some(_)) => {
                self.add("identifier_kind", "identifier_kind_required", "say what kind of number this is");
                None
            }
            (_, None) => {
                self.add("identifier_number", "identifier_required", "a document of this kind has a number");
                None
            }
            (kind, Some(number)) => Identifier::parse(kind, number, today)
                .map_err(|error| {
                    self.1 = Some(error.code());
                    self.add("identifier_number", "identifier_invalid", error.to_string());
                })
                .ok(),
        }
    }

    /// The birth order of a newborn, after checking what must hold between mother and child.
    fn newborn(
        &mut self,
        input: &PersonInput,
        mother: Option<&Mother>,
        birth_date: Option<CivilDate>,
    ) -> Option<i32> {
        let Some(mother) = mother else {
            if input.birth_order.is_some() {
                self.add(
                    "birth_order",
                    "birth_order_without_mother",
                    "the birth order counts the children of one birth",
                );
            }
            return None;
        };
        if mother.sex == Sex::Male {
            self.add("newborn_of_patient_id", "mother_not_female", "the mother's record says male");
        }
        match (birth_date, mother.birth_date) {
            (None, _) => self.add("birth_date", "birth_date_required", "a newborn has a birth date"),
            (Some(child), Some(own)) if child <= own => {
                self.add(
                    "birth_date",
                    "birth_date_before_mother",
                    "the child would be older than its mother",
                );
            }
            _ => {}
        }
        let order = input.birth_order.unwrap_or(1);
        if !(1..=BIRTH_ORDER_LIMIT).contains(&order) {
            let detail = format!("{order} is not within 1 to {BIRTH_ORDER_LIMIT}");
            self.add("birth_order", "birth_order_out_of_range", detail);
        }
        Some(order)
    }

    fn name(
        &mut self,
        input: &PersonInput,
        mother: Option<&Mother>,
        order: Option<i32>,
        label: &str,
    ) -> String {
        if input.unidentified {
            return label.to_owned();
        }
        let entered = input.name.trim();
        if let (Some(mother), Some(order)) = (mother, order)
            && (entered.is_empty() || is_name_of_child(entered))
        {
            return format!("{}{CHILD_OF}{order}", mother.name);
        }
        match PersonName::parse(entered) {
            Ok(name) => name.as_str().to_owned(),
            Err(error) => {
                self.add("name", "name_invalid", error.to_string());
                String::new()
            }
        }
    }

    fn text(&mut self, field: &str, text: Option<&str>, limit: usize) -> Option<String> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        if text.chars().count() > limit {
            self.add(field, "too_long", format!("at most {limit} characters"));
        }
        Some(text.to_owned())
    }
}

/// True for a name that says whose child this is, because it has none of its own.
fn is_name_of_child(name: &str) -> bool {
    name.rsplit_once(CHILD_OF).is_some_and(|(_, order)| order.chars().all(|c| c.is_ascii_digit()))
}

/// Age on a day in words: days within the first month, months below one year, years and months below three, then years.
/// The units are those of the chapters on newborns (28 days) and on children to three years in the national child health
/// service (国家基本公共卫生服务规范, third edition, 2017). Nothing where the birth date is unknown or ahead.
pub fn age_text(birth_date: Option<CivilDate>, today: CivilDate) -> String {
    let Some(birth) = birth_date.filter(|birth| *birth <= today) else { return String::new() };
    let months = whole_months(birth, today);
    let days = birth.until(today).map(|span| span.get_days()).unwrap_or_default();
    if months == 0 {
        return format!("{days}天");
    }
    match (months / 12, months % 12) {
        (0, months) => format!("{months}月龄"),
        (years @ 1..=2, 0) => format!("{years}岁"),
        (years @ 1..=2, months) => format!("{years}岁{months}月"),
        (years, _) => format!("{years}岁"),
    }
}

fn whole_months(birth: CivilDate, today: CivilDate) -> i32 {
    let months = (i32::from(today.year()) - i32::from(birth.year())) * 12 + i32::from(today.month())
        - i32::from(birth.month());
    months - i32::from(today.day() < birth.day())
}

/// The texts by whose beginnings a person is found: the name from each character (of Latin names, each word) on, its
/// pinyin, and its initials; upper case.
pub fn search_terms(name: &str) -> BTreeSet<String> {
    let mut terms = BTreeSet::from([pinyin(name), initials(name)]);
    let mut previous = ' ';
    for (start, c) in name.char_indices() {
        let inside_word = previous.is_ascii_alphanumeric() && c.is_ascii_alphanumeric();
        if !inside_word && !c.is_whitespace() {
            terms.extend(name.get(start..).map(str::to_uppercase));
        }
        previous = c;
    }
    terms.remove("");
    terms
}

/// Pinyin of a name in one word, upper case.
pub fn pinyin(name: &str) -> String {
    cn_identity::pinyin_full(name).to_ascii_uppercase()
}

/// First letters of the pinyin of a name, upper case.
pub fn initials(name: &str) -> String {
    cn_identity::pinyin_initials(name)
}

/// A search box text in the form that [`search_terms`] have.
pub fn search_text(text: &str) -> String {
    PersonName::parse(text)
        .map_or_else(|_| text.trim().to_owned(), |name| name.as_str().to_owned())
        .to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> CivilDate {
        text.parse().unwrap()
    }

    #[test]
    fn ages_are_told_in_the_unit_that_matters() {
        let on = |birth: &str, today: &str| age_text(Some(date(birth)), date(today));
        assert_eq!(on("2026-11-23", "2026-11-23"), "0天");
        assert_eq!(on("2026-11-18", "2026-11-23"), "5天");
        assert_eq!(on("2026-10-26", "2026-11-23"), "28天");
        assert_eq!(on("2026-10-23", "2026-11-23"), "1月龄");
        assert_eq!(on("2026-02-01", "2026-03-01"), "1月龄");
        assert_eq!(on("2026-08-20", "2026-11-23"), "3月龄");
        assert_eq!(on("2025-11-23", "2026-11-23"), "1岁");
        assert_eq!(on("2024-08-24", "2026-11-23"), "2岁2月");
        assert_eq!(on("2023-11-23", "2026-11-23"), "3岁");
        assert_eq!(on("1979-11-24", "2026-11-23"), "46岁");
        assert_eq!(on("1979-11-23", "2026-11-23"), "47岁");
        assert_eq!(on("2024-02-29", "2027-02-28"), "2岁11月");
        assert_eq!(age_text(None, date("2026-11-23")), "");
        assert_eq!(on("2026-11-24", "2026-11-23"), "");
    }

    #[test]
    fn a_name_is_found_from_any_of_its_characters_and_by_its_letters() {
        let terms = search_terms("张建国");
        for term in ["张建国", "建国", "国", "ZJG", "ZHANGJIANGUO"] {
            assert!(terms.contains(term), "{term} in {terms:?}");
        }
        assert!(search_terms("John Smith").contains("SMITH"));
        assert!(!search_terms("John Smith").contains("MITH"));
    }

    #[test]
    fn an_identifier_is_one_key_in_any_spelling() {
        // GB 11643-1999 prints 11010519491231002X as its example.
        let today = date("2026-11-23");
        let parse = |text| Identifier::parse(IdentifierKind::ResidentIdCard, text, today).unwrap();
        assert_eq!(parse("11010519491231002x").key(), parse(" 110105 19491231 002X").key());
        assert_eq!(parse("110105491231002").key(), parse("11010519491231002X").key());
        assert_eq!(parse("11010519491231002X").birth_date, Some(date("1949-12-31")));
        assert_eq!(parse("11010519491231002X").sex, Some(Sex::Female));
        let permit = Identifier::parse(IdentifierKind::ResidencePermit, "11010519491231002X", today);
        assert_eq!(permit.unwrap_err().code(), "id_prefix");
        assert!(!format!("{:?}", parse("11010519491231002X")).contains("19491231"));
    }
}
