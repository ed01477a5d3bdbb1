//! The small convolutional network that looks for the limits of waves (weights: `training/waves.py`).
//!
//! Three halvings of the time axis, one wide look at the coarsest level, and the way back up with what each level saw.
//! Weights are little-endian f32, layer by layer: `[tap][input][output]`, then the output's offsets.
#![allow(
    clippy::indexing_slicing,
    reason = "numeric kernel: indices stay within lengths checked when the weights are read"
)]

/// Steps of time that go in, and places for which scores come out.
pub(crate) const STEPS: usize = 288;
pub(crate) const PLACES: usize = STEPS / 2;
/// What is given for each step, and the scores of each place.
pub(crate) const INPUTS: usize = 9;
pub(crate) const SCORES: usize = 6;
/// What is given once for a window, at the coarsest level.
pub(crate) const CONTEXT: usize = 2;

const FINE: usize = 8;
const MIDDLE: usize = 12;
const COARSE: usize = 16;
/// Zeros on either side of every level's values, so that no tap falls outside.
const MARGIN: usize = 6;

/// How one layer reads its input.
struct Shape {
    inputs: usize,
    outputs: usize,
    taps: usize,
    stride: usize,
    spacing: usize,
}

const fn shape(inputs: usize, outputs: usize, taps: usize, stride: usize, spacing: usize) -> Shape {
    Shape { inputs, outputs, taps, stride, spacing }
}

const SHAPES: [Shape; 8] = [
    shape(INPUTS, FINE, 7, 2, 1),
    shape(FINE, MIDDLE, 5, 2, 1),
    shape(MIDDLE, COARSE, 5, 2, 1),
    shape(COARSE + CONTEXT, COARSE, 5, 1, 1),
    shape(COARSE, COARSE, 5, 1, 3),
    shape(COARSE + MIDDLE, MIDDLE, 3, 1, 1),
    shape(MIDDLE + FINE, FINE, 3, 1, 1),
    shape(FINE, SCORES, 5, 1, 1),
];

/// A trained network.
pub(crate) struct Network {
    layers: Vec<Layer>,
}

struct Layer {
    weights: Vec<f32>,
    offsets: Vec<f32>,
}

/// Values of one level, place by place, between margins of zeros.
struct Level {
    channels: usize,
    values: Vec<f32>,
}

impl Level {
    fn new(channels: usize, places: usize) -> Self {
        Self { channels, values: vec![0.0; (places + 2 * MARGIN) * channels] }
    }

    fn places(&self) -> usize {
        self.values.len() / self.channels - 2 * MARGIN
    }

    fn at(&self, place: usize) -> &[f32] {
        &self.values[(place + MARGIN) * self.channels..][..self.channels]
    }

    fn at_mut(&mut self, place: usize) -> &mut [f32] {
        &mut self.values[(place + MARGIN) * self.channels..][..self.channels]
    }

    /// Every place of `coarse` twice, beside what this level saw itself.
    fn below(&self, coarse: &Self) -> Self {
        let mut out = Self::new(coarse.channels + self.channels, self.places());
        for place in 0..self.places() {
            let row = out.at_mut(place);
            row[..coarse.channels].copy_from_slice(coarse.at(place / 2));
            row[coarse.channels..].copy_from_slice(self.at(place));
        }
        out
    }
}

impl Network {
    /// Size of the weights.
    pub(crate) const BYTES: usize = {
        let (mut count, mut k) = (0, 0);
        while k < SHAPES.len() {
            count += (SHAPES[k].taps * SHAPES[k].inputs + 1) * SHAPES[k].outputs;
            k += 1;
        }
        4 * count
    };

    /// `None` when the bytes are not the weights of this network.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let (words, rest) = bytes.as_chunks::<4>();
        let mut words = words.iter().map(|w| f32::from_le_bytes(*w));
        let mut layers = Vec::new();
        for s in &SHAPES {
            let mut take = |count: usize| -> Option<Vec<f32>> {
                let values: Vec<f32> = words.by_ref().take(count).collect();
                (values.len() == count && values.iter().all(|v| v.is_finite())).then_some(values)
            };
            let weights = take(s.taps * s.inputs * s.outputs)?;
            layers.push(Layer { weights, offsets: take(s.outputs)? });
        }
        (rest.is_empty() && words.next().is_none()).then_some(Self { layers })
    }

    /// Scores of every place for each limit.
    pub(crate) fn scores(
        &self,
        input: &[[f32; INPUTS]; STEPS],
        context: [f32; CONTEXT],
    ) -> Vec<[f32; SCORES]> {
        let mut start = Level::new(INPUTS, STEPS);
        for (place, row) in input.iter().enumerate() {
            start.at_mut(place).copy_from_slice(row);
        }
        let fine = self.layer::<FINE>(0, &start, true);
        let middle = self.layer::<MIDDLE>(1, &fine, true);
        let coarse = self.layer::<COARSE>(2, &middle, true);
        let mut told = Level::new(COARSE + CONTEXT, coarse.places());
        for place in 0..coarse.places() {
            let row = told.at_mut(place);
            row[..COARSE].copy_from_slice(coarse.at(place));
            row[COARSE..].copy_from_slice(&context);
        }
        let mut coarse = self.layer::<COARSE>(3, &told, true);
        let wide = self.layer::<COARSE>(4, &coarse, true);
        for (sum, v) in coarse.values.iter_mut().zip(&wide.values) {
            *sum += v;
        }
        let middle = self.layer::<MIDDLE>(5, &middle.below(&coarse), true);
        let fine = self.layer::<FINE>(6, &fine.below(&middle), true);
        let scores = self.layer::<SCORES>(7, &fine, false);
        (0..PLACES).map(|place| std::array::from_fn(|k| scores.at(place)[k])).collect()
    }

    /// One convolution, without what is negative when `rectified`.
    fn layer<const OUT: usize>(&self, index: usize, input: &Level, rectified: bool) -> Level {
        /// Places that are worked out together, so that a weight is loaded once for all of them.
        const TOGETHER: usize = 4;
        let (s, layer) = (&SHAPES[index], &self.layers[index]);
        let mut out = Level::new(OUT, input.places() / s.stride);
        let (rows, _) = layer.weights.as_chunks::<OUT>();
        let mut offsets = [0.0; OUT];
        offsets.copy_from_slice(&layer.offsets);
        let floor = if rectified { 0.0 } else { f32::NEG_INFINITY };
        let first = MARGIN - s.taps / 2 * s.spacing;
        for block in 0..out.places() / TOGETHER {
            let place = block * TOGETHER;
            let mut sums = [offsets; TOGETHER];
            for (tap, rows) in rows.chunks_exact(s.inputs).enumerate() {
                let seen: [&[f32]; TOGETHER] = std::array::from_fn(|k| {
                    let from = first + (place + k) * s.stride + tap * s.spacing;
                    &input.values[from * s.inputs..][..s.inputs]
                });
                for (i, row) in rows.iter().enumerate() {
                    for (sum, seen) in sums.iter_mut().zip(seen) {
                        let v = seen[i];
                        for (sum, weight) in sum.iter_mut().zip(row) {
                            *sum += v * weight;
                        }
                    }
                }
            }
            for (k, sum) in sums.into_iter().enumerate() {
                out.at_mut(place + k).copy_from_slice(&sum.map(|v| v.max(floor)));
            }
        }
        out
    }
}
