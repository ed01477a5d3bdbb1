//! Butterworth and notch sections, run forward and backward over one or several signals.
//!
//! A section is a recursion: each output waits for the one before, so a single signal leaves most of the processor idle.
//! Therefore signals of equal length run side by side, up to four at a time ([`filtfilt_all`]), and the second section of a
//! filter follows the first within one pass; the compiler turns that into vector instructions. The arithmetic of each signal is the same, to the last bit, as if it ran alone, section after section.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::needless_range_loop,
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
}

/// `W` sections that step together, each with a signal of its own.
#[derive(Debug, Clone)]
struct Bank<const W: usize> {
    b: [[f64; W]; 3],
    a: [[f64; W]; 2],
    z1: [f64; W],
    z2: [f64; W],
}

impl<const W: usize> Bank<W> {
    fn new(sections: [Biquad; W]) -> Self {
        Self {
            b: std::array::from_fn(|k| sections.map(|s| s.b[k])),
            a: std::array::from_fn(|k| sections.map(|s| s.a[k])),
            z1: [0.0; W],
            z2: [0.0; W],
        }
    }

    /// Puts a lane into the steady state of the first sample it will get, so that an offset makes no step.
    fn settle(&mut self, lane: usize, first: f32) {
        let ([b0, b1, b2], [a0, a1]) = (self.b.map(|b| b[lane]), self.a.map(|a| a[lane]));
        let first = f64::from(first);
        let gain = (b0 + b1 + b2) / (1.0 + a0 + a1);
        let y0 = first * gain;
        self.z2[lane] = b2 * first - a1 * y0;
        self.z1[lane] = b1 * first - a0 * y0 + self.z2[lane];
    }

    /// One sample of each lane.
    #[inline(always)]
    fn step(&mut self, input: [f64; W]) -> [f32; W] {
        let mut out = [0.0; W];
        for lane in 0..W {
            let y = self.b[0][lane] * input[lane] + self.z1[lane];
            self.z1[lane] = self.b[1][lane] * input[lane] - self.a[0][lane] * y + self.z2[lane];
            self.z2[lane] = self.b[2][lane] * input[lane] - self.a[1][lane] * y;
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
    let [out] = side_by_side::<1, 2>([x], sections, pad);
    out
}

/// [`filtfilt`] of several signals of equal length, in their order: the same values in less time.
pub fn filtfilt_all<X: AsRef<[f32]>>(signals: &[X], sections: &[Biquad], pad: usize) -> Vec<Vec<f32>> {
    let mut out = Vec::with_capacity(signals.len());
    for group in signals.chunks(4) {
        match group {
            [a, b, c, d] => {
                out.extend(side_by_side::<4, 8>([a, b, c, d].map(AsRef::as_ref), sections, pad));
            }
            // Three take as long as four.
            [a, b, c] => {
                let all = side_by_side::<4, 8>([a, b, c, c].map(AsRef::as_ref), sections, pad);
                out.extend(all.into_iter().take(3));
            }
            [a, b] => out.extend(side_by_side::<2, 4>([a, b].map(AsRef::as_ref), sections, pad)),
            rest => out.extend(rest.iter().map(|x| filtfilt(x.as_ref(), sections, pad))),
        }
    }
    out
}

/// The samples of all signals at one time form a frame. `W` is twice `L`.
fn side_by_side<const L: usize, const W: usize>(
    signals: [&[f32]; L],
    sections: &[Biquad],
    pad: usize,
) -> [Vec<f32>; L] {
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
        run::<L, W>(pair, frames.iter_mut());
    }
    for pair in sections.chunks(2) {
        run::<L, W>(pair, frames.iter_mut().rev());
    }
    let inner = &frames[pad..pad + n];
    std::array::from_fn(|lane| inner.iter().map(|frame| frame[lane]).collect())
}

/// The reflection of a sample at the end of a signal, its offset turned over.
fn reflect<const L: usize>(end: [f32; L], inside: [f32; L]) -> [f32; L] {
    std::array::from_fn(|lane| 2.0 * end[lane] - inside[lane])
}

/// Runs one section, or two after each other, in place.
fn run<'a, const L: usize, const W: usize>(
    sections: &[Biquad],
    mut frames: impl Iterator<Item = &'a mut [f32; L]>,
) {
    let Some(first) = frames.next() else { return };
    match sections {
        [a] => {
            let mut bank = Bank::new([*a; L]);
            for (lane, v) in first.iter().enumerate() {
                bank.settle(lane, *v);
            }
            *first = bank.step(first.map(f64::from));
            frames.for_each(|frame| *frame = bank.step(frame.map(f64::from)));
        }
        // The second section is one frame behind the first, so that both step at the same time.
        [a, b] => {
            let mut bank: Bank<W> = Bank::new(std::array::from_fn(|lane| if lane < L { *a } else { *b }));
            for (lane, v) in first.iter().enumerate() {
                bank.settle(lane, *v);
            }
            let input = |frame: &[f32; L], last: &[f32; W]| -> [f64; W] {
                std::array::from_fn(|lane| f64::from(if lane < L { frame[lane] } else { last[lane - L] }))
            };
            let output = |out: &[f32; W]| -> [f32; L] { std::array::from_fn(|lane| out[lane + L]) };
            let mut last = bank.step(input(first, &[0.0; W]));
            for lane in 0..L {
                bank.settle(lane + L, last[lane]);
            }
            let mut behind = first;
            frames.for_each(|frame| {
                last = bank.step(input(frame, &last));
                *behind = output(&last);
                behind = frame;
            });
            *behind = output(&bank.step(input(&[0.0; L], &last)));
        }
        _ => {}
    }
}

/// Forward through the sections, one sample after the other; begins in the steady state of the first.
#[derive(Debug, Clone)]
pub struct Forward {
    banks: Vec<Bank<1>>,
    begun: bool,
}

impl Forward {
    pub fn new(sections: &[Biquad]) -> Self {
        Self { banks: sections.iter().map(|s| Bank::new([*s])).collect(), begun: false }
    }

    pub fn step(&mut self, sample: f32) -> f32 {
        let settle = !std::mem::replace(&mut self.begun, true);
        self.banks.iter_mut().fold(sample, |v, bank| {
            if settle {
                bank.settle(0, v);
            }
            bank.step([f64::from(v)])[0]
        })
    }
}

/// Backward through the sections, in place, from the steady state of the last sample.
pub fn backward(x: &mut [f32], sections: &[Biquad]) {
    for pair in sections.chunks(2) {
        run::<1, 2>(pair, x.iter_mut().rev().map(std::array::from_mut));
    }
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
                run::<1, 2>(&[*section], y.iter_mut().map(std::array::from_mut));
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
