//! The signal around a peak, and its likeness to another.
#![allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "numeric kernel: indices stay within lengths checked at entry, casts are of small non-negative numbers"
)]

use super::{LONG, SHAPE, SHIFT};
use crate::candidates::View;

/// The band-passed signal around a place, lead after lead.
pub(super) fn shape(view: &View, at: usize) -> Vec<f32> {
    let step = view.fs / 100.0;
    let start = at as f64 - step * (LONG as f64 - 1.0) / 2.0;
    let mut out = Vec::with_capacity(LONG * view.features.len());
    for f in view.features {
        for p in 0..LONG {
            let i = (start + step * p as f64 + 0.5).clamp(0.0, (f.band.len() - 1) as f64) as usize;
            out.push(f.band[i]);
        }
    }
    out
}

pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    lanes.iter().sum()
}

pub(super) fn correlation(a: &[f32], b: &[f32]) -> f64 {
    f64::from(dot(a, b)) / f64::from(dot(a, a) * dot(b, b)).sqrt().max(1e-12)
}

pub(super) fn energy_of(x: &[f32]) -> f64 {
    f64::from(dot(x, x))
}

/// All leads of a long shape at a shift.
pub(super) fn cut(x: &[f32], shift: usize) -> Vec<f32> {
    x.chunks_exact(LONG).flat_map(|lead| &lead[shift..shift + SHAPE]).copied().collect()
}

/// Correlation with a mean shape at the best shift, size against it, and that shift.
pub(super) fn fit(x: &[f32], mean: &[f32]) -> (f64, f64, usize) {
    let whole = energy_of(mean).max(1e-12);
    let mut best = (-1.0_f64, 0.0_f64, SHIFT);
    for shift in 0..=2 * SHIFT {
        let (mut product, mut size) = (0.0_f32, 0.0_f32);
        for (lead, m) in x.chunks_exact(LONG).zip(mean.chunks_exact(SHAPE)) {
            let here = &lead[shift..shift + SHAPE];
            product += dot(here, m);
            size += dot(here, here);
        }
        let product = f64::from(product);
        let r = product / (whole * f64::from(size)).sqrt().max(1e-12);
        if r > best.0 {
            best = (r, product / whole, shift);
        }
    }
    best
}

pub(super) fn mean(shapes: &[Vec<f32>], leads: usize) -> Vec<f32> {
    let mut out = vec![0.0_f32; SHAPE * leads];
    for x in shapes {
        out.iter_mut().zip(x).for_each(|(sum, v)| *sum += v);
    }
    let n = shapes.len().max(1) as f32;
    out.iter_mut().for_each(|v| *v /= n);
    out
}
