//! Keyset paging.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One page of a list. `next_cursor` is absent on the last page.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Opaque; pass it back as `cursor` to read on.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page from up to `limit + 1` rows: the extra row only tells that there is more.
    pub fn from_rows(mut rows: Vec<T>, limit: Limit, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = rows.len() > limit.rows();
        rows.truncate(limit.rows());
        let next_cursor = if more { rows.last().map(|row| cursor(row).encode()) } else { None };
        Self { items: rows, next_cursor }
    }

    /// The same page with each item turned into another type.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}

/// How many rows a page may hold: 1 to 200, 50 unless told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    pub const MAX: u16 = 200;

    /// Checks a requested limit.
    pub fn new(requested: Option<u16>) -> Result<Self> {
        match requested {
            None => Ok(Self(50)),
            Some(n) if (1..=Self::MAX).contains(&n) => Ok(Self(n)),
            Some(n) => Err(Error::field(
                "limit",
                "limit_out_of_range",
                format!("{n} is not within 1 to {}", Self::MAX),
            )),
        }
    }

    /// Rows on the page.
    pub fn rows(self) -> usize {
        usize::from(self.0)
    }

    /// Rows to ask the database for: one more, to know whether a next page exists.
    pub fn fetch(self) -> u64 {
        u64::from(self.0) + 1
    }
}

/// The sort key of the last row of a page: integers first, then an id. Encoded so that clients do not build on it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Cursor {
    pub keys: Vec<i64>,
    pub id: uuid::Uuid,
}

impl Cursor {
    /// The opaque text form: hexadecimal integers and the id, separated by dots.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        for key in &self.keys {
            text.push_str(&format!("{key:x}."));
        }
        text.push_str(&self.id.simple().to_string());
        text
    }

    /// Reads a cursor with exactly `key_count` integers.
    pub fn decode(text: &str, key_count: usize) -> Result<Self> {
        let bad =
            || Error::field("cursor", "cursor_invalid", "the cursor is not one this list has given out");
        let parts: Vec<&str> = text.split('.').collect();
        let (id, keys) = parts.split_last().ok_or_else(bad)?;
        if keys.len() != key_count {
            return Err(bad());
        }
        let keys = keys
            .iter()
            .map(|k| u64::from_str_radix(k, 16).map(u64::cast_signed).map_err(|_| bad()))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { keys, id: uuid::Uuid::parse_str(id).map_err(|_| bad())? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_a_forged_one_is_refused() {
        let cursor = Cursor { keys: vec![-5, i64::MAX, 0], id: uuid::Uuid::from_u128(42) };
        assert_eq!(Cursor::decode(&cursor.encode(), 3).unwrap(), cursor);
        for text in ["", "zz", "1.2", "1.2.3.4", "g.0.0.0000000000000000000000000000002a"] {
            assert!(Cursor::decode(text, 3).is_err(), "{text}");
        }
    }

    #[test]
    fn a_page_tells_whether_there_is_more() {
        let limit = Limit::new(Some(2)).unwrap();
        let cursor = |n: &i64| Cursor { keys: vec![*n], ..Cursor::default() };
        assert!(Page::from_rows(vec![1, 2], limit, cursor).next_cursor.is_none());
        let page = Page::from_rows(vec![1, 2, 3], limit, cursor);
        assert_eq!((page.items, page.next_cursor.is_some()), (vec![1, 2], true));
        assert!(Limit::new(Some(0)).is_err() && Limit::new(Some(201)).is_err());
    }
}
