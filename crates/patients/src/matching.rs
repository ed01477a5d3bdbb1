//! Whether two records may be one person. Pure.
//!
//! An identity number decides first: the same number is the same person, and two different numbers of a kind that a
//! person has only one of are two people. Without that, four facts are weighed and added up to at most 100:
//!
//! | fact | weight |
//! |---|---|
//! | same name | 40 |
//! | name that sounds alike (pinyin, with zh/z, ch/c, sh/s, -ng/-n taken as equal) | 35 |
//! | name of three or more characters that differs in one | 25 |
//! | same birth date | 35 |
//! | same phone | 20 |
//! | same sex | 5 |
//! | sex known in both and different | −20 |
//!
//! A pair is a candidate from 65 on: name and birth date reach it unless the sex differs, so do name, phone and sex; a shared family
//! phone with a shared birth date (twins) does not without a like name. No pair reaches it without the birth date or the
//! phone, so looking up only these two finds every candidate. The order of facts is that of ARCHITECTURE.md; the
//! weights are our own choice (reviewed 2026-11-22), made so that each combination above falls on its side.
//!
//! Deliberately absent: statistical weights by frequency of names. They need the region's own data.

use cn_identity::pinyin_full;
use kernel::CivilDate;
use ports::patients::{IdentifierKind, Sex};

const SAME_NAME: i32 = 40;
const NAME_SOUNDS_ALIKE: i32 = 35;
const NAME_ALMOST_EQUAL: i32 = 25;
const SAME_BIRTH_DATE: i32 = 35;
const SAME_PHONE: i32 = 20;
const SAME_SEX: i32 = 5;
const DIFFERENT_SEX: i32 = -20;

/// From this score on a pair is shown to a person for decision.
pub const CANDIDATE_SCORE: i32 = 65;

/// What is compared of a record.
#[derive(Clone, Debug)]
pub struct Traits<'a> {
    pub name: &'a str,
    pub sex: Sex,
    pub birth_date: Option<CivilDate>,
    pub phone: Option<&'a str>,
    pub identifier_kind: IdentifierKind,
    pub identifier_key: Option<&'a str>,
    pub newborn_of: Option<uuid::Uuid>,
    pub birth_order: Option<i32>,
    pub unidentified: bool,
}

/// How alike two records are, and why.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Likeness {
    pub score: i32,
    pub reasons: Vec<&'static str>,
}

/// Kinds of which a person has one for life, so that two numbers are two people. Passports, permits and birth certificates
/// get a new number when they are issued again.
pub fn is_one_for_life(kind: IdentifierKind) -> bool {
    kind == IdentifierKind::ResidentIdCard
}

/// True when the numbers alone prove that these are two people.
pub fn are_certainly_different(a: &Traits<'_>, b: &Traits<'_>) -> bool {
    let numbers = a.identifier_kind == b.identifier_kind
        && is_one_for_life(a.identifier_kind)
        && a.identifier_key.is_some()
        && b.identifier_key.is_some()
        && a.identifier_key != b.identifier_key;
    let siblings = a.newborn_of.is_some() && a.newborn_of == b.newborn_of && a.birth_order != b.birth_order;
    numbers || siblings
}

/// Weighs two records; nothing when there is no reason to think of one person.
pub fn likeness(a: &Traits<'_>, b: &Traits<'_>) -> Likeness {
    // The label of an unidentified person is no name, and unlikeness of labels proves nothing.
    if a.unidentified || b.unidentified || are_certainly_different(a, b) {
        return Likeness::default();
    }
    let mut found = Likeness::default();
    let mut add = |weight: i32, reason: Option<&'static str>| {
        found.score += weight;
        found.reasons.extend(reason);
    };
    if a.name == b.name {
        add(SAME_NAME, Some("same_name"));
    } else if sound_alike(a.name, b.name) {
        add(NAME_SOUNDS_ALIKE, Some("similar_name"));
    } else if differs_in_one_character(a.name, b.name) {
        add(NAME_ALMOST_EQUAL, Some("similar_name"));
    }
    if a.birth_date.is_some() && a.birth_date == b.birth_date {
        add(SAME_BIRTH_DATE, Some("same_birth_date"));
    }
    match (a.sex, b.sex) {
        (Sex::Unknown, _) | (_, Sex::Unknown) => {}
        (a, b) if a == b => add(SAME_SEX, Some("same_sex")),
        _ => add(DIFFERENT_SEX, None),
    }
    if a.phone.is_some() && a.phone == b.phone {
        add(SAME_PHONE, Some("same_phone"));
    }
    found.score = found.score.clamp(0, 100);
    found
}

fn sound_alike(a: &str, b: &str) -> bool {
    let (a, b) = (sounds(a), sounds(b));
    // A name of characters without a known reading sounds like nothing.
    !a.is_empty() && a == b
}

/// Pinyin with the distinctions taken away that speakers of Jianghuai and Wu dialects do not make.
fn sounds(name: &str) -> String {
    let pinyin = pinyin_full(name);
    pinyin.replace("zh", "z").replace("ch", "c").replace("sh", "s").replace("ng", "n")
}

/// One character put in, left out or exchanged, in names of three characters or more.
fn differs_in_one_character(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() < 3 || long.len() - short.len() > 1 {
        return false;
    }
    let head = short.iter().zip(&long).take_while(|(x, y)| x == y).count();
    let tail = short.iter().rev().zip(long.iter().rev()).take_while(|(x, y)| x == y).count();
    // What both ends do not cover: one exchanged character, or nothing when one was put in.
    if short.len() == long.len() { head + tail + 1 == long.len() } else { head + tail >= short.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person<'a>(name: &'a str, birth_date: &str, phone: Option<&'a str>) -> Traits<'a> {
        Traits {
            name,
            sex: Sex::Male,
            birth_date: birth_date.parse().ok(),
            phone,
            identifier_kind: IdentifierKind::None,
            identifier_key: None,
            newborn_of: None,
            birth_order: None,
            unidentified: false,
        }
    }

    #[test]
    fn the_weights_add_up_as_the_table_says() {
        let wang = person("王建国", "1960-05-01", Some("13800138000"));
        let score = |other: &Traits<'_>| likeness(&wang, other).score;
        assert_eq!(score(&wang.clone()), 100);
        assert_eq!(score(&person("王建国", "1960-05-01", None)), 80);
        assert_eq!(score(&person("汪建国", "1960-05-01", None)), 75, "wang and wang");
        assert_eq!(score(&person("王建军", "1960-05-01", None)), 65);
        assert_eq!(score(&person("王建国", "", Some("13800138000"))), 65);
        assert_eq!(
            score(&person("李秀英", "1960-05-01", Some("13800138000"))),
            60,
            "a twin without a like name"
        );
        assert_eq!(score(&person("王建国", "1961-05-01", None)), 45);
        let woman = Traits { sex: Sex::Female, ..person("王建国", "1960-05-01", None) };
        assert_eq!(score(&woman), 55);
        assert_eq!(likeness(&wang, &person("陈建国", "", None)).reasons, ["similar_name", "same_sex"]);
    }

    #[test]
    fn like_names_sound_alike_or_differ_in_one_character() {
        assert_eq!(sounds("陈静"), sounds("程静"));
        assert!(differs_in_one_character("欧阳娜娜", "欧阳娜"));
        assert!(!differs_in_one_character("王芳", "李芳"), "half of a name of two is no likeness");
        assert!(!differs_in_one_character("王建国", "李建军"));
        assert!(!differs_in_one_character("王国建", "王建国"));
    }

    #[test]
    fn numbers_and_births_tell_people_apart() {
        let card = |key| Traits {
            identifier_kind: IdentifierKind::ResidentIdCard,
            identifier_key: Some(key),
            ..person("王建国", "1960-05-01", None)
        };
        assert_eq!(likeness(&card("resident_id_card:1"), &card("resident_id_card:2")), Likeness::default());
        let mother = uuid::Uuid::from_u128(7);
        let twin = |order| Traits {
            newborn_of: Some(mother),
            birth_order: Some(order),
            ..person("王芳之婴", "2026-11-20", None)
        };
        assert_eq!(likeness(&twin(1), &twin(2)), Likeness::default());
    }
}
