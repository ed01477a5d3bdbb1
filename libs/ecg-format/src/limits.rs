//! Bounds that every decoder keeps.
//!
//! They are far above any real recording and exist so that a hostile file costs no more than an honest one.

/// Files of one record: a multi-segment WFDB record of a whole intensive-care stay has some hundreds.
pub const MAX_FILES: usize = 4096;
/// Leads of one recording; the largest body-surface maps have 256.
pub const MAX_LEADS: usize = 512;
/// Warnings kept; what comes after is counted only by the last of them.
pub const MAX_WARNINGS: usize = 200;
/// Annotations of one recording: a 24-hour Holter has about 120,000 beats.
pub const MAX_ANNOTATIONS: usize = 4_000_000;
/// Statements and measurements kept from a file.
pub const MAX_STATEMENTS: usize = 4_096;
/// Characters kept of any single text field.
pub const MAX_TEXT_CHARS: usize = 16_384;
/// Sample rates outside this range are refused as damaged, in hertz.
pub const MIN_SAMPLE_RATE_HZ: f64 = 0.1;
/// Upper bound of a plausible sample rate, in hertz.
pub const MAX_SAMPLE_RATE_HZ: f64 = 1_000_000.0;

const FLOOR_SAMPLES: usize = 32 << 20;
const SAMPLES_PER_BYTE: usize = 64;

/// The largest number of samples, over all leads, that may be produced from `input_bytes` bytes.
///
/// 64 samples for each byte is what Huffman coding with one bit a sample and fourfold interpolation can
/// reach at best; the floor of 32 Mi samples (128 MiB) is for records with long declared gaps and for
/// lossless audio compression of constant signals.
#[must_use]
pub fn max_samples(input_bytes: usize) -> usize {
    input_bytes.saturating_mul(SAMPLES_PER_BYTE).max(FLOOR_SAMPLES)
}
