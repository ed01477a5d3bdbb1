//! Money in whole cents, and the exact fractions that it is multiplied by.

use crate::TermsError;
use num_rational::Ratio;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

/// Above this (a hundred billion yuan) an amount is a typing error; below, no product here can overflow.
const MOST_CENTS: i64 = 10_000_000_000_000;
/// Digits behind the point that a rate may have.
const MOST_DECIMALS: usize = 9;

/// An amount in cents (分) of RMB. Written and read as yuan with two decimals: `"980000.00"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cents(i64);

/// An exact factor: a rate, a share, days over days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Factor(Ratio<i128>);

impl Cents {
    pub const ZERO: Self = Self(0);

    /// # Errors
    /// An amount beyond a hundred billion yuan.
    pub fn new(cents: i64) -> Result<Self, TermsError> {
        if cents.unsigned_abs() > MOST_CENTS.unsigned_abs() {
            return Err(TermsError::invalid("amount", "beyond a hundred billion yuan"));
        }
        Ok(Self(cents))
    }

    pub fn cents(self) -> i64 {
        self.0
    }

    /// The amount times an exact factor, rounded half up (away from zero) to the cent.
    ///
    /// # Errors
    /// A product beyond a hundred billion yuan.
    pub fn times(self, factor: Factor) -> Result<Self, TermsError> {
        Self::sum_of([(self, factor)])
    }

    /// The exact sum of amounts, each times its factor, rounded once: a period cut in two costs what it costs whole.
    ///
    /// # Errors
    /// A sum beyond a hundred billion yuan.
    pub fn sum_of(parts: impl IntoIterator<Item = (Self, Factor)>) -> Result<Self, TermsError> {
        let exact = parts.into_iter().fold(Ratio::from_integer(0), |sum, (amount, factor)| {
            sum + Ratio::from_integer(i128::from(amount.0)) * factor.0
        });
        Self::rounded(exact)
    }

    fn rounded(exact: Ratio<i128>) -> Result<Self, TermsError> {
        // Ratio::round goes away from zero at a half.
        let cents = i64::try_from(exact.round().to_integer())
            .map_err(|_| TermsError::invalid("amount", "beyond a hundred billion yuan"))?;
        Self::new(cents)
    }

    /// Not below zero.
    #[must_use]
    pub fn or_zero(self) -> Self {
        self.max(Self::ZERO)
    }
}

impl Factor {
    pub const ONE: Self = Self(Ratio::new_raw(1, 1));

    /// `numerator / denominator`.
    ///
    /// # Errors
    /// A denominator of zero, or numbers beyond a million.
    pub fn fraction(numerator: u32, denominator: u32) -> Result<Self, TermsError> {
        if denominator == 0 || numerator > 1_000_000 || denominator > 1_000_000 {
            return Err(TermsError::invalid("factor", "not a fraction of numbers up to a million"));
        }
        Ok(Self(Ratio::new(i128::from(numerator), i128::from(denominator))))
    }

    /// This factor `exponent` times over; the exponent is at most 40.
    ///
    /// # Errors
    /// A greater exponent.
    pub fn power(self, exponent: u32) -> Result<Self, TermsError> {
        if exponent > 40 {
            return Err(TermsError::invalid("occurrence", "more than 41 repetitions"));
        }
        Ok(Self((0..exponent).fold(Ratio::from_integer(1), |product, _| product * self.0)))
    }

    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// One divided by this factor.
    ///
    /// # Errors
    /// A factor of zero.
    pub fn inverse(self) -> Result<Self, TermsError> {
        if *self.0.numer() == 0 {
            return Err(TermsError::invalid("factor", "zero cannot divide"));
        }
        Ok(Self(self.0.recip()))
    }

    /// A whole number.
    pub fn whole(number: u32) -> Self {
        Self(Ratio::from_integer(i128::from(number)))
    }
}

/// Reads a decimal number as (digits without the point, decimals).
fn decimal(text: &str) -> Option<(i128, usize)> {
    let text = text.trim();
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 15
        || decimals.len() > MOST_DECIMALS
        || !plain(whole)
        || !plain(decimals)
    {
        return None;
    }
    if digits.contains('.') && decimals.is_empty() {
        return None;
    }
    let number: i128 = format!("{whole}{decimals}").parse().ok()?;
    Some((if negative { -number } else { number }, decimals.len()))
}

impl FromStr for Cents {
    type Err = TermsError;

    /// Yuan with at most two decimals; nothing is rounded while reading.
    fn from_str(text: &str) -> Result<Self, TermsError> {
        let wrong = || {
            TermsError::invalid(
                "amount",
                format!("{text:?} is not an amount in yuan with at most two decimals"),
            )
        };
        let (number, decimals) = decimal(text).ok_or_else(wrong)?;
        let cents = match decimals {
            0 => number * 100,
            1 => number * 10,
            2 => number,
            _ => return Err(wrong()),
        };
        Self::new(i64::try_from(cents).map_err(|_| wrong())?)
    }
}

impl FromStr for Factor {
    type Err = TermsError;

    /// A decimal number such as `0.005`.
    fn from_str(text: &str) -> Result<Self, TermsError> {
        let (number, decimals) = decimal(text)
            .ok_or_else(|| TermsError::invalid("factor", format!("{text:?} is not a decimal number")))?;
        let denominator = (0..decimals).fold(1_i128, |product, _| product * 10);
        Ok(Self(Ratio::new(number, denominator)))
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl fmt::Display for Factor {
    /// As a decimal number where it is one, else as a fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut scaled = self.0;
        for decimals in 0..=MOST_DECIMALS {
            if scaled.is_integer() {
                let digits = scaled.to_integer();
                if decimals == 0 {
                    return write!(f, "{digits}");
                }
                let text = format!("{:0>width$}", digits.unsigned_abs(), width = decimals + 1);
                let (whole, behind) = text.split_at(text.len() - decimals);
                return write!(f, "{}{whole}.{behind}", if digits < 0 { "-" } else { "" });
            }
            scaled *= Ratio::from_integer(10);
        }
        write!(f, "{}/{}", self.0.numer(), self.0.denom())
    }
}

impl Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Cents {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Cents {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Factor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Factor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_and_rounded_half_up_once() {
        let money = |text: &str| text.parse::<Cents>();
        // 91.20 × 1.5^6 = 1038.825, the contract's own edge; binary floats give 1038.82.
        let factor = "1.5".parse::<Factor>().and_then(|f| f.power(6));
        assert_eq!(money("91.20").and_then(|m| m.times(factor?)), money("1038.83"));
        assert_eq!(money("-0.05").map(|m| m.to_string()), Ok("-0.05".to_owned()));
        assert_eq!(money("7").map(Cents::cents), Ok(700));
        for wrong in ["", "1.", ".5", "1.005", "1e3", "１２", "10000000000000000", "--1", "NaN"] {
            assert!(money(wrong).is_err(), "{wrong}");
        }
        assert_eq!("0.0005".parse::<Factor>().map(|f| f.to_string()), Ok("0.0005".to_owned()));
    }
}
