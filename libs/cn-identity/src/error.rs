//! Why a value was refused.

use thiserror::Error;

/// A typed reason. [`IdError::code`] is stable and is what screens translate.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdError {
    #[error("empty")]
    Empty,
    #[error("wrong length: {found} characters, expected {expected}")]
    Length { found: usize, expected: &'static str },
    #[error("character {found:?} at position {position} is not allowed here")]
    Character { found: char, position: usize },
    #[error("check character is {found:?}, computed {expected:?}")]
    Checksum { found: char, expected: char },
    #[error("{0:?} is not a province or region prefix")]
    Region(String),
    #[error("{0:?} is not a date of the calendar")]
    BirthDate(String),
    #[error("birth year {0} is before 1880")]
    BirthYear(i16),
    #[error("birth date {0} is after {1}")]
    BirthInFuture(jiff::civil::Date, jiff::civil::Date),
    #[error("{0:?} is not a letter prefix of this document")]
    Prefix(String),
    #[error("{part} {found:?} is out of its range")]
    Part { part: &'static str, found: String },
    #[error("not a telephone number range in use: {0:?}")]
    PhoneRange(String),
    #[error("a fixed-line number needs its area code")]
    AreaCodeMissing,
    #[error("a name needs at least two characters")]
    NameTooShort,
    #[error("a name has at most {0} characters")]
    NameTooLong(usize),
    #[error("of no known kind")]
    UnknownKind,
}

impl IdError {
    /// Stable machine-readable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "id_empty",
            Self::Length { .. } => "id_length",
            Self::Character { .. } => "id_character",
            Self::Checksum { .. } => "id_checksum",
            Self::Region(_) => "id_region",
            Self::BirthDate(_) => "id_birth_date",
            Self::BirthYear(_) => "id_birth_year",
            Self::BirthInFuture(..) => "id_birth_in_future",
            Self::Prefix(_) => "id_prefix",
            Self::Part { .. } => "id_part",
            Self::PhoneRange(_) => "id_phone_range",
            Self::AreaCodeMissing => "id_area_code_missing",
            Self::NameTooShort => "id_name_too_short",
            Self::NameTooLong(_) => "id_name_too_long",
            Self::UnknownKind => "id_unknown_kind",
        }
    }

    /// The reason in Chinese, for the command line and for logs of a rejected import row.
    #[must_use]
    pub fn message_zh(&self) -> String {
        match self {
            Self::Empty => "未填写".to_owned(),
            Self::Length { found, expected } => format!("位数错误:{found} 位,应为 {expected} 位"),
            Self::Character { found, position } => format!("第 {position} 位字符 {found:?} 不合法"),
            Self::Checksum { found, expected } => format!("校验码错误:为 {found},应为 {expected}"),
            Self::Region(code) => format!("行政区划代码 {code} 不存在"),
            Self::BirthDate(text) => format!("出生日期 {text} 不存在"),
            Self::BirthYear(year) => format!("出生年份 {year} 早于 1880 年"),
            Self::BirthInFuture(birth, today) => format!("出生日期 {birth} 晚于 {today}"),
            Self::Prefix(text) => format!("号码前缀 {text} 不属于该证件"),
            Self::Part { part, found } => format!("{part} 段 {found} 超出范围"),
            Self::PhoneRange(text) => format!("号段 {text} 未启用"),
            Self::AreaCodeMissing => "固定电话缺少区号".to_owned(),
            Self::NameTooShort => "姓名至少两个字".to_owned(),
            Self::NameTooLong(limit) => format!("姓名最多 {limit} 个字"),
            Self::UnknownKind => "无法识别的号码".to_owned(),
        }
    }
}
