//! Butterworth and notch sections, run forward and backward over one or several signals.
//!
//! A section is a recursion: each output waits for the one before, so a single signal leaves most of the processor idle.
//! Therefore signals of equal length run side by side, up to four at a time ([`filtfilt_all`]), and two sections follow each
//! other within one pass. The arithmetic of each signal is the same, to the last bit, as if it ran alone, section after section.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "numeric kernel: indices stay within lengths checked at entry, results are kept in f32"
)]

use std::f64::consts::PI;

/// One second-order section, transposed direct form II.
#[derive(Debug, Clone, Copy)]
pub struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    Low,
    High,
}

/// State of one section for `L` signals.
#[derive(Clone, Copy)]
struct Lanes<const L: usize> {
    z1: [f64; L],
    z2: [f64; L],
}

impl Biquad {
    fn pass(band: Band, cutoff_hz: f64, q: f64, fs: f64) -> Self {
        let w = 2.0 * PI * cutoff_hz / fs;
        let (sin, cos) = w.sin_cos();
        let alpha = sin / (2.0 * q);
        let a0 = 1.0 + alpha;
        let (b0, b1) = match band {
            Band::Low => ((1.0 - cos) / 2.0, 1.0 - cos),
            Band::High => (f64::midpoint(1.0, cos), -(1.0 + cos)),
        };
        Self { b: [b0 / a0, b1 / a0, b0 / a0], a: [-2.0 * cos / a0, (1.0 - alpha) / a0] }
    }

    /// Second-order notch of the given quality factor.
    pub fn notch(centre_hz: f64, q: f64, fs: f64) -> Self {
        let w = 2.0 * PI * centre_hz / fs;
        let (sin, cos) = w.sin_cos();
        let alpha = sin / (2.0 * q);
        let a0 = 1.0 + alpha;
        Self { b: [1.0 / a0, -2.0 * cos / a0, 1.0 / a0], a: [-2.0 * cos / a0, (1.0 - alpha) / a0] }
    }

    /// The steady state at a first sample, so that an offset makes no step.
    fn steady<const L: usize>(self, first: [f32; L]) -> Lanes<L> {
        let gain = (self.b[0] + self.b[1] + self.b[2]) / (1.0 + self.a[0] + self.a[1]);
        let mut out = Lanes { z1: [0.0; L], z2: [0.0; L] };
        for ((z1, z2), first) in out.z1.iter_mut().zip(&mut out.z2).zip(first) {
            let first = f64::from(first);
            let y0 = first * gain;
            *z2 = self.b[2] * first - self.a[1] * y0;
            *z1 = self.b[1] * first - self.a[0] * y0 + *z2;
        }
        out
    }

    /// One sample of each signal.
    #[inline(always)]
    fn step<const L: usize>(self, state: &mut Lanes<L>, v: [f32; L]) -> [f32; L] {
        let mut out = [0.0; L];
        for lane in 0..L {
            let input = f64::from(v[lane]);
            let y = self.b[0] * input + state.z1[lane];
            state.z1[lane] = self.b[1] * input - self.a[0] * y + state.z2[lane];
            state.z2[lane] = self.b[2] * input - self.a[1] * y;
            out[lane] = y as f32;
        }
        out
    }
}

/// Sections of a Butterworth filter of even order.
pub fn butterworth(band: Band, order: usize, cutoff_hz: f64, fs: f64) -> Vec<Biquad> {
    let cutoff = cutoff_hz.min(0.45 * fs);
    (0..order / 2)
        .map(|k| {
            let angle = PI * (2 * k + 1) as f64 / (2 * order) as f64;
            Biquad::pass(band, cutoff, 1.0 / (2.0 * angle.cos()), fs)
        })
        .collect()
}

/// Forward and backward, with the ends extended by odd reflection over `pad` samples. Zero phase; the
/// attenuation of the single run is squared.
pub fn filtfilt(x: &[f32], sections: &[Biquad], pad: usize) -> Vec<f32> {
    let [out] = side_by_side([x], sections, pad);
    out
}

/// [`filtfilt`] of several signals of equal length, in their order: the same values in less time.
pub fn filtfilt_all<X: AsRef<[f32]>>(signals: &[X], sections: &[Biquad], pad: usize) -> Vec<Vec<f32>> {
    let mut out = Vec::with_capacity(signals.len());
    for group in signals.chunks(4) {
        match group {
            [a, b, c, d] => {
                out.extend(side_by_side([a, b, c, d].map(AsRef::as_ref), sections, pad));
            }
            // Three take as long as four.
            [a, b, c] => {
                let all = side_by_side([a, b, c, c].map(AsRef::as_ref), sections, pad);
                out.extend(all.into_iter().take(3));
            }
            [a, b] => out.extend(side_by_side([a, b].map(AsRef::as_ref), sections, pad)),
            rest => out.extend(rest.iter().map(|x| filtfilt(x.as_ref(), sections, pad))),
        }
    }
    out
}

/// The samples of all signals at one time form a frame.
fn side_by_side<const L: usize>(signals: [&[f32]; L], sections: &[Biquad], pad: usize) -> [Vec<f32>; L] {
    let n = signals.iter().map(|x| x.len()).min().unwrap_or(0);
    if n < 2 {
        return signals.map(<[f32]>::to_vec);
    }
    let pad = pad.min(n - 1);
    let signals = signals.map(|x| &x[..n]);
    let frame = |i: usize| signals.map(|x| x[i]);
    let (first, last) = (frame(0), frame(n - 1));
    let mut frames: Vec<[f32; L]> = Vec::with_capacity(n + 2 * pad);
    frames.extend((1..=pad).rev().map(|i| reflect(first, frame(i))));
    frames.extend((0..n).map(frame));
    frames.extend((1..=pad).map(|i| reflect(last, frame(n - 1 - i))));
    for pair in sections.chunks(2) {
        run_pair(pair, frames.iter_mut());
    }
    for pair in sections.chunks(2) {
        run_pair(pair, frames.iter_mut().rev());
    }
    let inner = &frames[pad..pad + n];
    std::array::from_fn(|lane| inner.iter().map(|frame| frame[lane]).collect())
}

/// The reflection of a sample at the end of a signal, its offset turned over.
fn reflect<const L: usize>(end: [f32; L], inside: [f32; L]) -> [f32; L] {
    std::array::from_fn(|lane| 2.0 * end[lane] - inside[lane])
}

fn run_pair<'a, const L: usize>(sections: &[Biquad], frames: impl Iterator<Item = &'a mut [f32; L]>) {
    match sections {
        [a] => run([*a], frames),
        [a, b] => run([*a, *b], frames),
        _ => {}
    }
}

/// Runs sections in place, one after the other on each frame.
fn run<'a, const L: usize, const S: usize>(
    sections: [Biquad; S],
    mut frames: impl Iterator<Item = &'a mut [f32; L]>,
) {
    let Some(first) = frames.next() else { return };
    let mut states = sections.map(|section| {
        let mut state = section.steady(*first);
        *first = section.step(&mut state, *first);
        state
    });
    frames.for_each(|frame| {
        let mut v = *frame;
        for (section, state) in sections.iter().zip(&mut states) {
            v = section.step(state, v);
        }
        *frame = v;
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Section after section over one signal, as the definition says.
    fn plain(x: &[f32], sections: &[Biquad], pad: usize) -> Vec<f32> {
        let (n, pad) = (x.len(), pad.min(x.len() - 1));
        let mut y: Vec<f32> = (1..=pad).rev().map(|i| 2.0 * x[0] - x[i]).collect();
        y.extend_from_slice(x);
        y.extend((1..=pad).map(|i| 2.0 * x[n - 1] - x[n - 1 - i]));
        for reverse in [false, true] {
            if reverse {
                y.reverse();
            }
            for section in sections {
                run([*section], y.iter_mut().map(std::array::from_mut));
            }
        }
        y.reverse();
        y[pad..pad + n].to_vec()
    }

    #[test]
    fn side_by_side_equals_one_by_one() {
        let signal =
            |k: usize, n: usize| -> Vec<f32> { (0..n).map(|i| ((i * i + 7 * k) % 101) as f32).collect() };
        let mut three = butterworth(Band::Low, 4, 40.0, 250.0);
        three.push(Biquad::notch(50.0, 15.0, 250.0));
        let mut two = butterworth(Band::High, 2, 5.0, 250.0);
        two.extend(butterworth(Band::Low, 2, 22.0, 250.0));
        for sections in [&two[..1], &two, &three] {
            for count in 0..=9 {
                for (n, pad) in [(2, 5), (300, 40), (300, 900)] {
                    let all: Vec<Vec<f32>> = (0..count).map(|k| signal(k, n)).collect();
                    let expected: Vec<Vec<f32>> = all.iter().map(|x| plain(x, sections, pad)).collect();
                    assert_eq!(filtfilt_all(&all, sections, pad), expected, "{count} signals of {n}");
                    let single: Vec<Vec<f32>> = all.iter().map(|x| filtfilt(x, sections, pad)).collect();
                    assert_eq!(single, expected);
                }
            }
        }
        assert_eq!(filtfilt(&[3.0], &two, 4), [3.0]);
        assert!(filtfilt(&[], &two, 4).is_empty());
    }
}
