//! Instants and dates.

use crate::{Error, Result};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::time::Duration;

/// A calendar date without a zone, such as a birth date.
pub type CivilDate = jiff::civil::Date;

/// Reads a `YYYY-MM-DD` date written by a user, refusing every other form with a field error.
pub fn parse_date(field: &str, text: &str) -> Result<CivilDate> {
    let well_formed = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match text.parse::<CivilDate>() {
        Ok(date) if well_formed => Ok(date),
        _ => {
            Err(Error::field(field, "date_invalid", format!("{text:?} is not a date of the form YYYY-MM-DD")))
        }
    }
}

/// An instant in UTC, exact to the microsecond.
///
/// Stored as an integer of microseconds since 1970-01-01T00:00:00Z, because text timestamps compare wrongly on
/// SQLite and sub-microsecond digits are lost on PostgreSQL (ADR 0003). Written as RFC 3339 on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This instant moved later by `duration`, saturating at the end of time.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(micros))
    }

    /// This instant moved earlier by `duration`, saturating at the beginning of time.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(micros))
    }

    /// Whole seconds from `earlier` to this instant; negative when `earlier` is later.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / 1_000_000
    }

    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// The wall clock in the region (Asia/Shanghai), for people and for paper.
    pub fn local(self) -> jiff::civil::DateTime {
        // China has kept one zone without daylight saving since 1991, so a fixed offset is exact for every
        // instant this program records, and needs no zone database.
        self.jiff().to_zoned(TimeZone::fixed(jiff::tz::offset(8))).datetime()
    }

    /// The calendar date in the region.
    pub fn local_date(self) -> CivilDate {
        self.local().date()
    }

    /// Midnight in the region at the start of `date`.
    pub fn start_of_local_date(date: CivilDate) -> Self {
        let zoned =
            date.to_datetime(jiff::civil::Time::midnight()).to_zoned(TimeZone::fixed(jiff::tz::offset(8)));
        Self(zoned.map(|z| z.timestamp().as_microsecond()).unwrap_or_default())
    }

    /// `2026-11-22 18:30` in the region.
    pub fn local_text(self) -> String {
        self.local().strftime("%Y-%m-%d %H:%M").to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.jiff())
    }
}

impl std::str::FromStr for Timestamp {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let instant: jiff::Timestamp = text
            .parse()
            .map_err(|_| Error::invalid("instant_invalid", format!("{text:?} is not an RFC 3339 instant")))?;
        Ok(Self(instant.as_microsecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .description(Some("Instant in UTC, RFC 3339"))
            .into()
    }
}
impl utoipa::ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_utc_and_shown_in_the_region() {
        let instant: Timestamp = "2026-11-22T18:30:00.123456Z".parse().unwrap();
        assert_eq!(instant.micros(), 1_795_372_200_123_456); // date -u -d 2026-11-22T18:30:00 +%s
        assert_eq!(instant.to_string(), "2026-11-22T18:30:00.123456Z");
        assert_eq!(instant.local_text(), "2026-11-23 02:30");
        assert_eq!(Timestamp::start_of_local_date(instant.local_date()).to_string(), "2026-11-22T16:00:00Z");
    }

    #[test]
    fn a_date_in_another_form_is_refused_with_its_field() {
        for text in ["22/11/2026", "2026-1-2", "20261122", "2026-02-30", "", "2026-11-22T00:00:00"] {
            assert_eq!(parse_date("birth_date", text).unwrap_err().code(), "validation_failed", "{text}");
        }
        assert_eq!(parse_date("birth_date", "2024-02-29").unwrap().to_string(), "2024-02-29");
    }
}
