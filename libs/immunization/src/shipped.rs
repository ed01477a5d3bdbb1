//! The schedules that come with the program.

use std::sync::LazyLock;

use crate::pack::{Pack, PackError};

const TEXTS: &[&str] = &[
    include_str!("../../../definitions/schedules/cn_nip_2021.toml"),
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

/// A shipped schedule by name or alias (`cn_nip_2026`, `2026`); case does not matter.
///
/// # Errors
/// Only if a shipped file is damaged.
pub fn pack(name: &str) -> Result<Option<&'static Pack>, &'static PackError> {
    let wanted = name.trim().to_lowercase().replace(['-', ' '], "_");
    Ok(packs()?.iter().find(|p| p.schedule.name == wanted || p.schedule.aliases.contains(&wanted)))
}
