//! Change of the sample rate.

/// Straight lines between samples after a moving average against aliasing.
pub fn resample(x: &[f32], from: f64, to: f64) -> Vec<f32> {
    let width = (from / to).round().max(1.0) as usize;
    let smooth: Vec<f32> = if width > 1 {
        (0..x.len())
            .map(|i| {
                let w = &x[i.saturating_sub(width / 2)..(i + width.div_ceil(2)).min(x.len())];
                w.iter().sum::<f32>() / w.len() as f32
            })
            .collect()
    } else {
        x.to_vec()
    };
    let n = (x.len() as f64 * to / from) as usize;
    (0..n)
        .map(|k| {
            let t = k as f64 * from / to;
            let i = (t as usize).min(x.len() - 1);
            let j = (i + 1).min(x.len() - 1);
            let s = (t - i as f64) as f32;
            smooth[i] * (1.0 - s) + smooth[j] * s
        })
        .collect()
}
