//! Where the sample recordings lie, and how they are summarised.

use std::path::PathBuf;

use ecg_format::{Lead, ReadError, Recording, SourceFile};

/// The folder of sample recordings, or nothing with a note when it is not there.
pub fn root() -> Option<PathBuf> {
    let shared = std::env::var_os("TIANMU_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let ecg = shared.join("data/ecg");
    if ecg.is_dir() {
        return Some(ecg);
    }
    println!("skipped: {} is not there", ecg.display());
    None
}

/// Reads the named files, relative to the sample folder, as one recording.
pub fn read(names: &[&str]) -> Option<Result<Recording, ReadError>> {
    let root = root()?;
    let contents: Vec<Vec<u8>> = names.iter().map(|n| std::fs::read(root.join(n)).expect(n)).collect();
    let files: Vec<SourceFile<'_>> =
        names.iter().zip(&contents).map(|(name, bytes)| SourceFile { name, bytes }).collect();
    Some(ecg_format::read(&files))
}

/// Like [`read`] for recordings that must be readable.
pub fn recording(names: &[&str]) -> Option<Recording> {
    read(names).map(|result| result.unwrap_or_else(|e| panic!("{names:?}: {e}")))
}

pub fn missing(lead: &Lead) -> usize {
    lead.samples_uv.iter().filter(|v| v.is_nan()).count()
}

/// Sum of all present samples in microvolts, computed from whole units so that it is exact.
pub fn sum_uv(lead: &Lead) -> f64 {
    let units: f64 = lead
        .samples_uv
        .iter()
        .filter(|v| v.is_finite())
        .map(|v| (f64::from(*v) / lead.resolution_uv).round())
        .sum();
    units * lead.resolution_uv
}

/// The samples in whole units of the lead's resolution; missing is `None`.
pub fn units(lead: &Lead) -> Vec<Option<i64>> {
    lead.samples_uv
        .iter()
        .map(|v| v.is_finite().then(|| (f64::from(*v) / lead.resolution_uv).round() as i64))
        .collect()
}
