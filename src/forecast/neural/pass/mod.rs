//! One block of windows through the network and back.

mod attention;
mod convolution;
mod dense;
mod recurrent;

use super::dropout::{Dropout, Site};
use super::engine::Shown;
use super::network::{Encoder, Shape};
use super::simd::{LANES, Lined};
use crate::control::{Cancelled, Control};
use crate::vector::Cpu;
use convolution::{Convolution, ConvolutionWeights};
use dense::{DensePass, DenseWeights};
use recurrent::{Recurrent, RecurrentWeights};

/// All weights in the kernels' order, read by every crew.
#[derive(Debug)]
pub(super) struct Weights {
    shape: Shape,
    recurrent: RecurrentWeights,
    convolutions: Vec<ConvolutionWeights>,
    dense: Vec<DenseWeights>,
}

impl Weights {
    /// Room for a shape's weights.
    pub(super) fn new(shape: &Shape) -> Self {
        Self {
            recurrent: RecurrentWeights::new(shape),
            convolutions: ConvolutionWeights::all(shape),
            dense: DenseWeights::all(shape),
            shape: shape.clone(),
        }
    }

    /// Takes the parameters, in the order of [`Shape::matrices`].
    pub(super) fn fill(&mut self, parameters: &[f32]) {
        self.recurrent.fill(&self.shape, parameters);
        self.convolutions.iter_mut().for_each(|c| c.fill(parameters));
        self.dense.iter_mut().for_each(|d| d.fill(parameters));
    }
}

/// A block's activations.
#[derive(Debug)]
pub(super) struct Pass {
    shape: Shape,
    encoded: usize,
    /// The block's input, `[time, feature, lane]`.
    x: Lined,
    recurrent: Recurrent,
    convolution: Convolution,
    /// What the dense layers read, `[encoded and extras, lane]`, and its gradient.
    joined: Lined,
    d_joined: Lined,
    /// Mask of what was encoded; empty where nothing is left out.
    mask: Vec<f32>,
    dense: DensePass,
}

impl Pass {
    /// Room for a block.
    pub(super) fn new(shape: &Shape) -> Self {
        let zeros = |rows: usize| Lined::zeros(rows * LANES);
        let encoded = shape.encoded();
        Self {
            encoded,
            x: zeros(shape.window * shape.inputs),
            recurrent: Recurrent::new(shape),
            convolution: Convolution::new(shape),
            joined: zeros(encoded + shape.extras),
            d_joined: zeros(encoded + shape.extras),
            mask: Vec::new(),
            dense: DensePass::new(shape),
            shape: shape.clone(),
        }
    }

    /// Numbers that a shape's activations take.
    pub(super) fn floats(shape: &Shape) -> usize {
        let dense: usize = shape.dense().iter().map(|d| 3 * d.units).sum();
        let rows = shape.window * shape.inputs + 3 * (shape.encoded() + shape.extras) + dense;
        rows * LANES + Recurrent::floats(shape) + Convolution::floats(shape)
    }

    /// Runs up to [`LANES`] windows.
    pub(super) fn forward(
        &mut self,
        cpu: Cpu,
        weights: &Weights,
        shown: Shown<'_>,
        dropout: Option<Dropout>,
        control: &Control,
    ) -> Result<(), Cancelled> {
        control.check()?;
        load(shown.x, &mut self.x);
        let (encoded, extras) = self.joined.split_at_mut(self.encoded * LANES);
        load(shown.extras, extras);
        self.mask.clear();
        match self.shape.encoder {
            Encoder::Flat | Encoder::Coded(_) => encoded.copy_from_slice(&self.x),
            Encoder::Lstm { .. } => {
                self.recurrent.forward(cpu, &weights.recurrent, (&self.x[..], encoded), dropout, control)?;
            }
            Encoder::Convolution { .. } => self.convolution.forward(cpu, &weights.convolutions, &self.x, encoded),
        }
        // Past values themselves are never left out.
        if let Some(dropout) = dropout.filter(|_| !self.shape.encoder.is_window()) {
            self.mask.resize(encoded.len(), 0.0);
            dropout.fill(Site::Encoded, &mut self.mask);
            encoded.iter_mut().zip(&self.mask).for_each(|(v, m)| *v *= m);
        }
        self.dense.forward(cpu, &weights.dense, &self.joined, dropout);
        Ok(())
    }

    /// The answers of the first windows, `out[window, output]`.
    pub(super) fn answers(&self, out: &mut [f32]) {
        unload(self.dense.answers(), self.shape.outputs, out);
    }

    /// What the attention of the first windows looked at, `out[window, time]`; nothing without attention.
    pub(super) fn attention(&self, out: &mut [f32]) {
        if let Some(weights) = self.recurrent.attention() {
            unload(weights, self.shape.window, out);
        }
    }

    /// What an autoencoder made of the first windows, `out[window, unit]`.
    pub(super) fn code(&self, out: &mut [f32]) {
        if let Some(layer) = self.shape.code() {
            unload(self.dense.hidden(layer), self.shape.hidden[layer], out);
        }
    }

    /// Adds the block's gradient, from the answers' `derivative[window, output]`; lanes without a window have none.
    pub(super) fn backward(
        &mut self,
        cpu: Cpu,
        weights: &Weights,
        derivative: &[f64],
        gradient: &mut [f32],
        control: &Control,
    ) -> Result<(), Cancelled> {
        let outputs = self.shape.outputs;
        let d_answers = self.dense.d_answers();
        d_answers.fill(0.0);
        for (lane, derivative) in derivative.chunks_exact(outputs).enumerate() {
            for (row, d) in d_answers.chunks_exact_mut(LANES).zip(derivative) {
                row[lane] = *d as f32;
            }
        }
        self.dense.backward(cpu, &weights.dense, (&self.joined, &mut self.d_joined), gradient);
        let d_encoded = &mut self.d_joined[..self.encoded * LANES];
        d_encoded.iter_mut().zip(&self.mask).for_each(|(d, m)| *d *= m);
        match self.shape.encoder {
            Encoder::Flat | Encoder::Coded(_) => {}
            Encoder::Lstm { .. } => {
                self.recurrent.backward(cpu, &weights.recurrent, (&self.x[..], d_encoded), gradient, control)?;
            }
            Encoder::Convolution { .. } => self.convolution.backward(cpu, &weights.convolutions, d_encoded, gradient),
        }
        Ok(())
    }
}

/// `values[window, row]` into `rows[row, lane]`; a block that isn't full carries zeros in the free lanes.
fn load(values: &[f32], rows: &mut [f32]) {
    let count = rows.len() / LANES;
    if count == 0 {
        return;
    }
    rows.fill(0.0);
    for (lane, sample) in values.chunks_exact(count).enumerate() {
        for (row, &value) in rows.chunks_exact_mut(LANES).zip(sample) {
            row[lane] = value;
        }
    }
}

/// `rows[row, lane]` of the first windows into `out[window, row]`.
fn unload(rows: &[f32], count: usize, out: &mut [f32]) {
    for (lane, out) in out.chunks_exact_mut(count).enumerate() {
        for (out, row) in out.iter_mut().zip(rows.chunks_exact(LANES)) {
            *out = row[lane];
        }
    }
}
