//! The schedules that come with the program.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::pack::{Pack, PackError};

const TEXTS: &[&str] = &[
    include_str!("../../../definitions/schedules/cn_nip_2021.toml"),
    include_str!("../../../definitions/schedules/cn_nip_2025.toml"),
    include_str!("../../../definitions/schedules/cn_nip_2026.toml"),
    include_str!("../../../definitions/schedules/cdc_2013.toml"),
    include_str!("../../../definitions/schedules/cdc_455.toml"),
];

/// All shipped schedules.
///
/// # Errors
/// Only if a shipped file is damaged.
pub fn packs() -> Result<&'static [Pack], &'static PackError> {
    static PACKS: LazyLock<Result<Vec<Pack>, PackError>> =
        LazyLock::new(|| TEXTS.iter().map(|text| Pack::parse(text)).collect());
    PACKS.as_deref()
}

/// A shipped schedule by name or alias (`cn_nip_2026`, `2026`); case and marks do not matter.
///
/// # Errors
/// Only if a shipped file is damaged.
pub fn pack(name: &str) -> Result<Option<&'static Pack>, &'static PackError> {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(name);
    let named =
        |p: &&Pack| [&p.schedule.name].into_iter().chain(&p.schedule.aliases).any(|n| plain(n) == wanted);
    Ok(packs()?.iter().find(named))
}

/// Names of the shipped schedules.
///
/// # Errors
/// Only if a shipped file is damaged.
pub fn names() -> Result<impl Iterator<Item = &'static str>, &'static PackError> {
    Ok(packs()?.iter().map(|p| p.schedule.name.as_str()))
}

/// The national schedule for a day: the edition that `cn_nip` without a year means. From 10 November 2025 it is the
/// 2026 edition, which wrote down what had been in force since then.
///
/// # Errors
/// Only if a shipped file is damaged.
pub fn national(day: Date) -> Result<Option<&'static Pack>, &'static PackError> {
    let name = match day {
        day if day >= jiff::civil::date(2025, 11, 10) => "cn_nip_2026",
        day if day >= jiff::civil::date(2025, 1, 1) => "cn_nip_2025",
        _ => "cn_nip_2021",
    };
    pack(name)
}
