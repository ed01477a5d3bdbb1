//! The formulas of the LMS method and the normal distribution.

/// Box–Cox power, median and coefficient of variation at one age or length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lms {
    pub l: f64,
    pub m: f64,
    pub s: f64,
}

impl Lms {
    /// z of a positive measure (Cole 1990): ((y/M)^L − 1)/(L·S), or ln(y/M)/S where L is 0.
    pub fn z(self, y: f64) -> f64 {
        if self.l == 0.0 {
            (y / self.m).ln() / self.s
        } else {
            ((y / self.m).powf(self.l) - 1.0) / (self.s * self.l)
        }
    }

    /// The measure that has a given z.
    pub fn value(self, z: f64) -> f64 {
        if self.l == 0.0 {
            self.m * (self.s * z).exp()
        } else {
            self.m * (1.0 + self.l * self.s * z).powf(1.0 / self.l)
        }
    }

    /// z with the WHO rule for weight-based indices: beyond ±3 the distance is counted in the width of the
    /// band between 2 and 3 SD (WHO Child Growth Standards: Methods and development 2006, chapter 7).
    pub fn z_restricted(self, y: f64) -> f64 {
        let z = self.z(y);
        let (sd3, sd3neg) = (self.value(3.0), self.value(-3.0));
        if z > 3.0 {
            3.0 + (y - sd3) / (sd3 - self.value(2.0))
        } else if z < -3.0 {
            -3.0 + (y - sd3neg) / (self.value(-2.0) - sd3neg)
        } else {
            z
        }
    }

    /// Inverse of [`Lms::z_restricted`].
    pub fn value_restricted(self, z: f64) -> f64 {
        if z > 3.0 {
            self.value(3.0) + (z - 3.0) * (self.value(3.0) - self.value(2.0))
        } else if z < -3.0 {
            self.value(-3.0) + (z + 3.0) * (self.value(-2.0) - self.value(-3.0))
        } else {
            self.value(z)
        }
    }

    pub fn interpolate(self, upper: Lms, part: f64) -> Lms {
        let between = |a: f64, b: f64| a + part * (b - a);
        Lms { l: between(self.l, upper.l), m: between(self.m, upper.m), s: between(self.s, upper.s) }
    }
}

/// Two decimals, nearest, ties to the even digit: the rounding of the reference programs.
pub(crate) fn round2(x: f64) -> f64 {
    let scaled = x * 100.0;
    let (down, up) = (scaled.floor() / 100.0, scaled.ceil() / 100.0);
    let (below, above) = (x - down, up - x);
    let even = scaled.floor() % 2.0 == 0.0;
    if below < above || (below == above && even) { down } else { up }
}

/// Φ(z) in percent, 0–100. Accurate to about 1e-13 (Hart 1968, algorithm 5666, after West 2005).
#[must_use]
pub fn percentile_of_z(z: f64) -> f64 {
    let x = z.abs();
    let tail = if x > 37.0 {
        0.0
    } else {
        let density = (-x * x / 2.0).exp();
        if x < 7.071_067_811_865_47 {
            let above = [
                3.526_249_659_989_11e-2,
                0.700_383_064_443_688,
                6.373_962_203_531_65,
                33.912_866_078_383,
                112.079_291_497_871,
                221.213_596_169_931,
                220.206_867_912_376,
            ];
            let below = [
                8.838_834_764_831_84e-2,
                1.755_667_163_182_64,
                16.064_177_579_207,
                86.780_732_202_946_1,
                296.564_248_779_674,
                637.333_633_378_831,
                793.826_512_519_948,
                440.413_735_824_752,
            ];
            let horner = |terms: &[f64]| terms.iter().fold(0.0, |sum, term| sum * x + term);
            density * horner(&above) / horner(&below)
        } else {
            let fraction = x + 1.0 / (x + 2.0 / (x + 3.0 / (x + 4.0 / (x + 0.65))));
            density / fraction / 2.506_628_274_631
        }
    };
    100.0 * if z > 0.0 { 1.0 - tail } else { tail }
}

/// z of a percentile in the open range 0–100; nothing outside of it. Abramowitz and Stegun 26.2.23, then three steps
/// of Newton's method on [`percentile_of_z`].
#[must_use]
pub fn z_of_percentile(percentile: f64) -> Option<f64> {
    if !(percentile > 0.0 && percentile < 100.0) {
        return None;
    }
    let p = percentile / 100.0;
    let q = p.min(1.0 - p);
    let t = (-2.0 * q.ln()).sqrt();
    let start = t
        - (2.515_517 + 0.802_853 * t + 0.010_328 * t * t)
            / (1.0 + 1.432_788 * t + 0.189_269 * t * t + 0.001_308 * t * t * t);
    let mut z = if p < 0.5 { -start } else { start };
    for _ in 0..3 {
        let density = (-z * z / 2.0).exp() / 2.506_628_274_631_000_5;
        if density > 0.0 {
            z -= (percentile_of_z(z) / 100.0 - p) / density;
        }
    }
    Some(z)
}
