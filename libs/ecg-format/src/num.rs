//! Number conversions whose range is settled here once.
//!
//! Rust has no checked conversion from floats, so the casts below carry the proof that they cannot lose
//! more than intended.
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // every cast is range-checked or documented

/// Nearest `f32`; samples are kept as `f32`, exact for raw values up to 24 bits.
pub(crate) fn to_f32(value: f64) -> f32 {
    value as f32
}

/// Nearest integer when `value` is finite and fits.
pub(crate) fn round_i32(value: f64) -> Option<i32> {
    let rounded = value.round();
    (rounded >= f64::from(i32::MIN) && rounded <= f64::from(i32::MAX)).then_some(rounded as i32)
}

/// Nearest integer when `value` is finite and fits in 53 bits.
pub(crate) fn round_i64(value: f64) -> Option<i64> {
    let rounded = value.round();
    (rounded.abs() <= 9_007_199_254_740_992.0).then_some(rounded as i64)
}

/// Nearest non-negative integer when `value` is finite and fits in 53 bits.
pub(crate) fn round_usize(value: f64) -> Option<usize> {
    round_i64(value).and_then(|v| usize::try_from(v).ok())
}

/// A count as a float; exact up to 2^53, far above any count here.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn from_usize(value: usize) -> f64 {
    value as f64
}

/// A count as 64 bits.
pub(crate) fn to_u64(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

/// The low 16 bits, for the WFDB checksum, which is defined modulo 2^16.
pub(crate) fn low_u16(value: i64) -> u16 {
    (value & 0xFFFF) as u16
}

/// Sign-extends the low `bits` bits (1 to 32) of `value`.
pub(crate) fn sign_extend(value: u32, bits: u32) -> i32 {
    let shift = 32 - bits.clamp(1, 32);
    (value << shift).cast_signed() >> shift
}

/// Parses a decimal number with optional surrounding blanks; refuses NaN and infinities.
pub(crate) fn parse_f64(text: &str) -> Option<f64> {
    let value: f64 = text.trim().parse().ok()?;
    value.is_finite().then_some(value)
}
