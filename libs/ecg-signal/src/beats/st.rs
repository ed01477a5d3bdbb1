//! ST level by minute.

use super::shape::{self, Cutter};

/// Normal beats that a minute must have.
const LEAST_BEATS: f32 = 10.0;

/// ST level 60 ms after the J point of the mean normal beat of each minute, in the unit of the lead; `None` for a minute with
/// fewer than ten normal beats. The J point is where the QRS of the mean beat ceases to be steep; the reference is the level
/// before its onset.
#[derive(Debug, Clone)]
pub(crate) struct StTrend {
    fs: f64,
    cutter: Cutter,
    /// Of the minute that is being filled, for each lead.
    sums: Vec<shape::Cut>,
    beats: f32,
    /// Of the minutes before, for each lead.
    minutes: Vec<Vec<Option<f32>>>,
}

impl StTrend {
    pub fn new(lead_count: usize, fs: f64) -> Self {
        Self {
            fs,
            cutter: Cutter::new(fs),
            sums: vec![[0.0; shape::LEN]; lead_count],
            beats: 0.0,
            minutes: vec![Vec::new(); lead_count],
        }
    }

    /// Takes a normal beat at `sample` of the recording; `leads` begin at `first`. In order of time.
    pub fn push(&mut self, leads: &[&[f32]], first: usize, sample: usize) {
        self.close_until(self.minute(sample));
        let cuts = self.cutter.cut(leads, sample.saturating_sub(first)).leads;
        // The peak may be R in one beat and S in the next: each is laid over those before.
        let shift = if self.beats > 0.0 { shape::moved_qrs(&cuts).over(&self.sums).best().0 } else { 0 };
        for (sum, cut) in self.sums.iter_mut().zip(&cuts) {
            shape::add_moved(sum, cut, shift);
        }
        self.beats += 1.0;
    }

    /// One list for each lead, an entry for each minute of a recording of `length` samples.
    pub fn finish(mut self, length: usize) -> Vec<Vec<Option<f32>>> {
        self.close_until(if length == 0 { 0 } else { self.minute(length - 1) + 1 });
        self.minutes
    }

    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a minute number, not negative"
    )]
    fn minute(&self, sample: usize) -> usize {
        (sample as f64 / self.fs / 60.0) as usize
    }

    fn close_until(&mut self, minute: usize) {
        while self.minutes.first().is_some_and(|list| list.len() < minute) {
            let n = self.beats;
            for (list, sum) in self.minutes.iter_mut().zip(&mut self.sums) {
                list.push((n >= LEAST_BEATS).then(|| shape::st_j60(&sum.map(|v| v / n))));
                sum.fill(0.0);
            }
            self.beats = 0.0;
        }
    }
}
