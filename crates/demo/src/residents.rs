//! The residents of the demo county: made-up people with numbers that pass every check.

use crate::dice::Dice;
use jiff::civil::Date;
use kernel::CivilDate;
use ports::patients::Sex;

/// Surnames by how common they are in the region.
const SURNAMES: [&str; 40] = [
    "王", "陈", "张", "李", "刘", "史", "周", "朱", "徐", "吴", "潘", "杨", "蒋", "黄", "狄", "彭", "马",
    "沈", "赵", "钱", "宋", "唐", "许", "陆", "任", "姜", "曹", "杭", "芮", "葛", "强", "戴", "谢", "袁",
    "缪", "虞", "汤", "谈", "严", "管",
];
const MALE_NAMES: [&str; 32] = [
    "建国", "国强", "志明", "建华", "小平", "金生", "洪保", "福根", "荣华", "锁庆", "伟", "强", "军", "磊",
    "鹏飞", "俊杰", "浩然", "子轩", "文彬", "海林", "长根", "春生", "全福", "明华", "庆华", "永康", "立新",
    "卫东", "志刚", "一鸣", "家乐", "正清",
];
const FEMALE_NAMES: [&str; 32] = [
    "秀英", "桂英", "玉兰", "凤英", "小妹", "菊香", "美华", "腊珍", "金娣", "芳", "敏", "静", "丽娟", "雪梅",
    "婷婷", "雨欣", "梓涵", "欣怡", "慧", "春香", "彩萍", "月琴", "爱华", "红梅", "建芳", "志英", "素珍",
    "杏芳", "晓燕", "云仙", "若溪", "可馨",
];

/// A name that anybody could have, and so nobody in particular.
pub fn plausible_name(dice: &mut Dice, sex: Sex) -> String {
    let given = if sex == Sex::Female { dice.pick(&FEMALE_NAMES) } else { dice.pick(&MALE_NAMES) };
    format!("{}{given}", dice.pick(&SURNAMES))
}

/// A mobile number.
pub fn phone(dice: &mut Dice) -> String {
    format!("{}{:08}", dice.pick(&["138", "139", "151", "159", "182", "189"]), dice.between(0, 100_000_000))
}

/// Somebody to register.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resident {
    pub name: String,
    pub sex: Sex,
    pub birth_date: CivilDate,
    /// Resident identity card.
    pub id_card: Option<String>,
    pub phone: Option<String>,
}

impl Resident {
    /// Somebody born `age_years` before `today`, on some day of that year.
    pub fn draw(dice: &mut Dice, age_years: u32, today: CivilDate) -> Self {
        let sex = if dice.chance(50) { Sex::Female } else { Sex::Male };
        let days = i64::from(age_years) * 365 + i64::from(age_years / 4) + i64::from(dice.between(1, 360));
        let birth_date = today.saturating_sub(jiff::Span::new().days(days));
        let name = plausible_name(dice, sex);
        let id_card = Some(id_card(dice, birth_date, sex));
        Self { name, sex, birth_date, id_card, phone: Some(phone(dice)) }
    }

    /// Whole years on a day.
    pub fn age_years(&self, today: CivilDate) -> i16 {
        let had_birthday = (today.month(), today.day()) >= (self.birth_date.month(), self.birth_date.day());
        today.year() - self.birth_date.year() - i16::from(!had_birthday)
    }
}

/// An identity card number of the county (GB 11643-1999): division, birth date, serial number (odd for men), check digit.
pub fn id_card(dice: &mut Dice, birth_date: Date, sex: Sex) -> String {
    let serial = dice.between(0, 500) * 2 + u32::from(sex == Sex::Male);
    let body = format!("320481{}{serial:03}", birth_date.strftime("%Y%m%d"));
    let check = check_digit(&body);
    format!("{body}{check}")
}

/// ISO 7064 MOD 11-2, as GB 11643-1999 demands.
fn check_digit(body: &str) -> char {
    let remainder =
        body.bytes().fold(0_u32, |sum, digit| (sum + u32::from(digit.wrapping_sub(b'0'))) * 2 % 11);
    match (12 - remainder) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// Ages as they come to an ECG: mostly the middle-aged and old.
pub fn typical_age(dice: &mut Dice) -> u32 {
    match dice.between(0, 100) {
        0..5 => dice.between(6, 18),
        5..25 => dice.between(18, 45),
        25..65 => dice.between(45, 70),
        _ => dice.between(70, 93),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_equal_the_examples_of_the_standard() {
        // GB 11643-1999, appendix A and its examples: 11010519491231002X, 440524188001010014.
        assert_eq!(check_digit("11010519491231002"), 'X');
        assert_eq!(check_digit("44052418800101001"), '4');
    }

    #[test]
    fn everybody_has_a_number_that_the_program_accepts() {
        let mut dice = Dice::new(3);
        let today = jiff::civil::date(2026, 11, 22);
        for _ in 0..500 {
            let age = typical_age(&mut dice);
            let resident = Resident::draw(&mut dice, age, today);
            let card = cn_identity::IdCard::parse_on(resident.id_card.as_deref().unwrap(), today).unwrap();
            assert_eq!(card.birth_date(), resident.birth_date);
            assert_eq!(card.sex() == cn_identity::Sex::Female, resident.sex == Sex::Female);
            assert!(cn_identity::Phone::parse(resident.phone.as_deref().unwrap()).is_ok());
        }
    }
}
