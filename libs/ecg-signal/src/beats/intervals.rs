//! The last intervals, in order of time and in order of size: middles of all of them are asked for at every beat.
#![allow(clippy::indexing_slicing, reason = "numeric kernel: indices stay within lengths checked at entry")]

use std::collections::VecDeque;

use crate::dsp::quantile_place;

/// Intervals without NaN.
#[derive(Debug, Clone, Default)]
pub struct Intervals {
    in_time: VecDeque<f32>,
    by_size: Vec<f32>,
}

impl Intervals {
    pub fn in_time(&self) -> &VecDeque<f32> {
        &self.in_time
    }

    pub fn push(&mut self, interval: f32) {
        self.in_time.push_back(interval);
        self.by_size.insert(self.below(interval), interval);
    }

    /// Forgets the oldest.
    pub fn forget(&mut self) {
        if let Some(oldest) = self.in_time.pop_front() {
            let place = self.below(oldest);
            self.by_size.remove(place);
        }
    }

    /// Number of intervals below a length.
    pub fn below(&self, length: f32) -> usize {
        self.by_size.partition_point(|v| *v < length)
    }

    /// As [`crate::dsp::quantile`].
    pub fn quantile(&self, q: f64) -> Option<f32> {
        self.by_size.get(quantile_place(q, self.by_size.len())?).copied()
    }

    /// As [`crate::dsp::median`].
    pub fn median(&self) -> Option<f64> {
        let middle = self.by_size.len() / 2;
        let upper = f64::from(*self.by_size.get(middle)?);
        if self.by_size.len() % 2 == 1 {
            return Some(upper);
        }
        Some(f64::midpoint(f64::from(self.by_size[middle - 1]), upper))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::{median, quantile};

    #[test]
    fn equal_to_sorting_anew() {
        let mut intervals = Intervals::default();
        assert_eq!((intervals.median(), intervals.quantile(0.8)), (None, None));
        for k in 0..200_u16 {
            intervals.push(f32::from(k * k % 23) / 8.0);
            if k % 3 == 2 {
                intervals.forget();
            }
            let mut all: Vec<f64> = intervals.in_time().iter().map(|v| f64::from(*v)).collect();
            assert_eq!(intervals.median(), median(&mut all));
            assert_eq!(intervals.quantile(0.8).map(f64::from), quantile(&mut all, 0.8));
            assert_eq!(intervals.below(1.0), all.iter().filter(|v| **v < 1.0).count());
        }
    }
}
