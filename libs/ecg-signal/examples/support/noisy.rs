//! Noise made by program, for training: what muscles and electrodes might do, in many mixtures. No recording of noise was its model.

use std::f64::consts::PI;

pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1_u32 << 31)
    }
    pub fn between(&mut self, a: f64, b: f64) -> f64 {
        a + (b - a) * self.next()
    }
    fn normal(&mut self) -> f64 {
        (0..6).map(|_| self.next()).sum::<f64>() * 2.0_f64.sqrt() - 3.0 * 2.0_f64.sqrt()
    }
    fn chance(&mut self, p: f64) -> bool {
        self.next() < p
    }
}

/// What a stretch of noise is mostly made of.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Any,
    Muscle,
    Motion,
}

/// Corners of the bands of the coloured part, an octave apart.
const CORNERS_HZ: [f64; 10] = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

/// What all leads of a stretch have in common.
struct Style {
    shares: [f64; 3],
    /// Of the bands; how fast and how far each swells.
    gains: [f64; 9],
    swell_s: f64,
    swell: f64,
    /// Events of moving electrodes a second, how much they differ in size, how they are blurred.
    rate: f64,
    spread: f64,
    blur_hz: f64,
    /// Chance of a step, a ramp, a bump; else some waves.
    events: [f64; 3],
    wander_hz: f64,
}

impl Style {
    fn new(kind: Kind, random: &mut Random) -> Self {
        let mut shares = [random.next().powi(2), random.next().powi(2), random.next().powi(2)];
        let main = match kind {
            Kind::Any => (random.next() * 2.4) as usize,
            Kind::Muscle => 0,
            Kind::Motion => 1,
        };
        shares[main] = 1.0;
        if kind == Kind::Muscle {
            shares[1] *= 0.3;
        }
        // Power density as 1 / f^k between two corners: muscles from 0 to 2, slow swings from 2 on.
        let k = if kind == Kind::Motion || random.chance(0.2) {
            random.between(1.5, 3.0)
        } else {
            random.between(0.0, 2.0)
        };
        let (low, high) = (0.5 * 2.0_f64.powf(random.between(0.0, 5.0)), random.between(20.0, 150.0));
        let mut gains = [0.0; 9];
        for (g, corner) in gains.iter_mut().zip(CORNERS_HZ) {
            let f = corner * 2.0_f64.sqrt();
            let inside = 1.0 / (1.0 + (low / f).powi(2)) / (1.0 + (f / high).powi(2));
            *g = f.powf(-k / 2.0) * inside * 10.0_f64.powf(random.between(-4.0, 4.0) / 20.0);
        }
        let (a, b) = (random.next(), random.next());
        let events = if random.chance(0.3) {
            [0.1, 0.2, 0.95]
        } else {
            [a.min(b), a.max(b), 0.5 + 0.5 * random.next()]
        };
        Self {
            shares,
            gains,
            swell_s: 10.0_f64.powf(random.between(-0.7, 0.7)),
            swell: random.between(0.0, 0.9),
            rate: 10.0_f64.powf(random.between(-0.5, 0.9)),
            spread: random.between(0.2, 1.2),
            blur_hz: random.between(4.0, 40.0),
            events,
            wander_hz: random.between(0.1, 1.5),
        }
    }

    fn source(&self, n: usize, fs: f64, random: &mut Random) -> Vec<f64> {
        let mut out = vec![0.0; n];
        let mut add = |share: f64, x: &[f64]| {
            let power = (x.iter().map(|v| v * v).sum::<f64>() / n as f64).sqrt().max(1e-12);
            for (o, v) in out.iter_mut().zip(x) {
                *o += share * *v / power;
            }
        };
        add(self.shares[0], &self.coloured(n, fs, random));
        add(self.shares[1], &self.motion(n, fs, random));
        let wander = pole(self.wander_hz, fs);
        let (mut a, mut b) = (0.0, 0.0);
        let drift: Vec<f64> = (0..n)
            .map(|_| {
                a = wander * a + (1.0 - wander) * random.normal();
                b = wander * b + (1.0 - wander) * a;
                b
            })
            .collect();
        add(self.shares[2], &drift);
        out
    }

    /// Noise of bands an octave wide, each swelling on its own.
    fn coloured(&self, n: usize, fs: f64, random: &mut Random) -> Vec<f64> {
        let poles = CORNERS_HZ.map(|hz| pole(hz.min(0.45 * fs), fs));
        let mut low = [0.0; 10];
        let mut swell = [0.0; 9];
        let mut size = self.gains;
        // One pole lets the bands overlap; the lower ones of white noise have less power by themselves.
        let step = 32;
        let keep = (-(step as f64) / fs / self.swell_s).exp();
        (0..n)
            .map(|i| {
                if i % step == 0 {
                    for ((s, g), own) in swell.iter_mut().zip(&mut size).zip(self.gains) {
                        *s = keep * *s + (1.0 - keep * keep).sqrt() * random.normal();
                        *g = own * (self.swell * *s).exp();
                    }
                }
                let white = random.normal();
                for (v, p) in low.iter_mut().zip(poles) {
                    *v = p * *v + (1.0 - p) * white;
                }
                low.windows(2).zip(size).map(|(w, g)| g * (w[1] - w[0])).sum()
            })
            .collect()
    }

    /// Steps that decay, ramps, bumps like QRS, some slow waves.
    fn motion(&self, n: usize, fs: f64, random: &mut Random) -> Vec<f64> {
        let mut out = vec![0.0; n];
        let mut at = 0.0;
        loop {
            at += -(1.0 - random.next()).max(1e-9).ln() / self.rate * fs;
            if at >= n as f64 {
                break;
            }
            let start = at as usize;
            let size = random.normal().signum() * (self.spread * random.normal()).exp();
            let kind = random.next();
            if kind < self.events[0] {
                let keep = (-1.0 / fs / random.between(0.05, 2.0)).exp();
                let mut v = size;
                for o in out[start..].iter_mut().take((6.0 * fs) as usize) {
                    *o += v;
                    v *= keep;
                }
            } else if kind < self.events[1] {
                let (rise, fall) = (random.between(0.05, 1.0) * fs, random.between(0.05, 1.0) * fs);
                for (i, o) in out[start..].iter_mut().take((rise + fall) as usize).enumerate() {
                    let t = i as f64;
                    *o += size * if t < rise { t / rise } else { 1.0 - (t - rise) / fall };
                }
            } else if kind < self.events[2] {
                // A bump of one to three phases.
                let width = random.between(0.01, 0.12) * fs;
                let phases = (random.next() * 3.0) as i32;
                for (i, o) in out[start..].iter_mut().take((8.0 * width) as usize).enumerate() {
                    let t = (i as f64 - 4.0 * width) / width;
                    let bell = (-0.5 * t * t).exp();
                    *o += size
                        * bell
                        * match phases {
                            0 => 1.0,
                            1 => -1.6 * t,
                            _ => 1.5 * (1.0 - t * t),
                        };
                }
            } else {
                let hz = random.between(1.0, 10.0);
                let length = random.between(1.0, 4.0) / hz * fs;
                for (i, o) in out[start..].iter_mut().take(length as usize).enumerate() {
                    let t = i as f64;
                    *o += size * (2.0 * PI * hz * t / fs).sin() * (PI * t / length).sin();
                }
            }
        }
        let blur = pole(self.blur_hz, fs);
        let mut v = 0.0;
        for o in &mut out {
            v = blur * v + (1.0 - blur) * *o;
            *o = v;
        }
        out
    }
}

fn pole(hz: f64, fs: f64) -> f64 {
    (-2.0 * PI * hz / fs).exp()
}

/// Noise of unit power for each lead, alike in them by a random part.
fn noise(kind: Kind, leads: usize, n: usize, fs: f64, random: &mut Random) -> Vec<Vec<f64>> {
    let style = Style::new(kind, random);
    let common = if leads > 1 && random.chance(0.7) { random.between(0.0, 0.95) } else { 0.0 };
    let shared = if common > 0.0 { style.source(n, fs, random) } else { vec![0.0; n] };
    let bursts = random.chance(0.25).then(|| {
        // Bursts of 0.2 to 2 s, silence between.
        let (mut left, mut on) = (0.0, false);
        (0..n)
            .map(|_| {
                if left <= 0.0 {
                    on = !on;
                    left = fs * if on { random.between(0.2, 2.0) } else { random.between(0.5, 6.0) };
                }
                left -= 1.0;
                if on { 1.0 } else { 0.1 }
            })
            .collect::<Vec<f64>>()
    });
    (0..leads)
        .map(|_| {
            let sign = if random.chance(0.5) { common.sqrt() } else { -common.sqrt() };
            let mut out = style.source(n, fs, random);
            for (o, s) in out.iter_mut().zip(&shared) {
                *o = sign * s + (1.0 - common).sqrt() * *o;
            }
            if let Some(bursts) = &bursts {
                out.iter_mut().zip(bursts).for_each(|(o, b)| *o *= b);
            }
            let power = (out.iter().map(|v| v * v).sum::<f64>() / n.max(1) as f64).sqrt().max(1e-12);
            out.iter_mut().for_each(|v| *v /= power);
            out
        })
        .collect()
}

fn span(x: &[f32]) -> f64 {
    let top = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    f64::from(top - x.iter().copied().fold(f32::INFINITY, f32::min))
}

/// How noise is added.
#[derive(Clone, Copy)]
pub struct Recipe {
    pub kind: Kind,
    /// Every second stretch of this length is noisy, from the second on; the whole when it is longer than that.
    pub stretch_s: f64,
    pub snr_db: (f64, f64),
}

/// Leads with noise; now and then one of them alone.
pub fn noisy(leads: &[Vec<f32>], fs: f64, recipe: Recipe, random: &mut Random) -> Vec<Vec<f32>> {
    let mut out = leads.to_vec();
    let stretch = (recipe.stretch_s * fs) as usize;
    let heights: Vec<f64> = leads
        .iter()
        .map(|x| {
            let mut all: Vec<f64> = x.chunks((1.2 * fs) as usize).map(span).collect();
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        })
        .collect();
    let n = leads[0].len();
    let mut from = if stretch >= n { 0 } else { stretch };
    while from < n {
        let to = (from + stretch).min(n);
        let (low, high) = recipe.snr_db;
        let snr = random.between(low, high);
        let apart = if low < high { 3.0 } else { 0.0 };
        let only = (low < high && random.chance(0.25) && leads.len() > 1)
            .then(|| (random.next() * leads.len() as f64) as usize);
        let noises = noise(recipe.kind, leads.len(), to - from, fs, random);
        for (k, (x, noise)) in out.iter_mut().zip(noises).enumerate() {
            if only.is_some_and(|o| o != k) {
                continue;
            }
            let gain =
                heights[k] / 8.0_f64.sqrt() / 10.0_f64.powf((snr + random.between(-apart, apart)) / 20.0);
            for (v, a) in x[from..to].iter_mut().zip(noise) {
                *v += (gain * a) as f32;
            }
        }
        from += 2 * stretch;
    }
    out
}
