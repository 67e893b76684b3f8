//! The network's shape, where its parameters lie, and how they start.
//!
//! Stacked LSTM layers and dense units on the last state (Hochreiter & Schmidhuber 1997, with the forget gate of
//! Gers et al. 2000). For layer input `x[t]` and gates i, f, g, o:
//!
//! ```text
//! z[t] = W·x[t] + U·h[t−1] + b        i, f, o = sigmoid(z)   g = tanh(z)
//! c[t] = f·c[t−1] + i·g               h[t] = o·tanh(c[t])    ŷ = V·h[T] + a
//! ```

use crate::control::Cancelled;
use crate::control::Control;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, StandardNormal};
use std::ops::Range;

/// What a network looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    /// Time steps seen, ≥ 1.
    pub(super) window: usize,
    /// Features per time step, ≥ 1.
    pub(super) inputs: usize,
    /// Units per layer, from the input's side; never empty.
    pub(super) units: Vec<usize>,
    /// Numbers answered, ≥ 1.
    pub(super) outputs: usize,
}

/// Where one layer's parameters lie among all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layer {
    /// Width of the layer's input.
    pub(super) inputs: usize,
    /// Units.
    pub(super) units: usize,
    /// `W[4·units, inputs]`.
    pub(super) input_weights: Range<usize>,
    /// `U[4·units, units]`.
    pub(super) recurrent_weights: Range<usize>,
    /// `b[4·units]`.
    pub(super) bias: Range<usize>,
}

impl Shape {
    /// The layers in order, their parameters one after the other.
    pub(super) fn layers(&self) -> Vec<Layer> {
        let (mut at, mut inputs) = (0, self.inputs);
        let mut take = |n: usize| {
            at += n;
            at - n..at
        };
        let mut layers = Vec::with_capacity(self.units.len());
        for &units in &self.units {
            layers.push(Layer {
                inputs,
                units,
                input_weights: take(4 * units * inputs),
                recurrent_weights: take(4 * units * units),
                bias: take(4 * units),
            });
            inputs = units;
        }
        layers
    }

    /// `V[outputs, units of the last layer]`, then `a[outputs]`: the last parameters.
    pub(super) fn head(&self) -> Range<usize> {
        let from = self.layers().last().map_or(0, |l| l.bias.end);
        from..from + self.outputs * self.units.last().map_or(0, |u| u + 1)
    }

    /// Number of parameters.
    pub(super) fn len(&self) -> usize {
        self.head().end
    }

    /// First weights, as Keras starts a network: Glorot-uniform input weights and head (Glorot & Bengio 2010),
    /// orthogonal recurrent weights (Saxe et al. 2014), biases 0 except the forget gate's 1 (Jozefowicz et al. 2015).
    pub(super) fn first_parameters(&self, rng: &mut ChaCha8Rng) -> Vec<f32> {
        let mut parameters = vec![0.0; self.len()];
        for layer in self.layers() {
            let gates = 4 * layer.units;
            glorot(&mut parameters[layer.input_weights], layer.inputs, gates, rng);
            orthogonal(&mut parameters[layer.recurrent_weights], gates, layer.units, rng);
            parameters[layer.bias][layer.units..2 * layer.units].fill(1.0);
        }
        let head = self.head();
        let (fan_in, fan_out) = (head.len() / self.outputs - 1, self.outputs);
        glorot(&mut parameters[head.start..head.end - fan_out], fan_in, fan_out, rng);
        parameters
    }
}

fn glorot(weights: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut ChaCha8Rng) {
    let limit = (6.0 / (fan_in + fan_out) as f64).sqrt();
    for w in weights {
        *w = ((2.0 * rng.random::<f64>() - 1.0) * limit) as f32;
    }
}

/// Fills `weights[rows, columns]` with orthonormal columns: normal draws, Gram–Schmidt (`rows ≥ columns`).
fn orthogonal(weights: &mut [f32], rows: usize, columns: usize, rng: &mut ChaCha8Rng) {
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(columns);
    while basis.len() < columns {
        let mut v: Vec<f64> = (0..rows).map(|_| StandardNormal.sample(rng)).collect();
        for b in &basis {
            let along = dot(&v, b);
            for (v, b) in v.iter_mut().zip(b) {
                *v -= along * b;
            }
        }
        let norm = dot(&v, &v).sqrt();
        if norm > 1e-9 {
            basis.push(v.into_iter().map(|v| v / norm).collect());
        }
    }
    for (column, v) in basis.iter().enumerate() {
        for (row, &value) in v.iter().enumerate() {
            weights[row * columns + column] = value as f32;
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Why an engine stopped in the middle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Stop {
    /// The user asked to.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The device gave up: out of memory, driver lost.
    #[error("{0}")]
    Device(String),
}

/// A batch of windows and what came after each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Batch<'a> {
    /// `[window, time, feature]`.
    pub(super) x: &'a [f32],
    /// `[window, target]`; NaN where a target isn't known.
    pub(super) y: &'a [f32],
    /// Targets of a window, ≥ 1.
    pub(super) targets: usize,
}

impl Batch<'_> {
    /// Number of windows.
    pub(super) fn len(&self) -> usize {
        self.y.len() / self.targets
    }
}

/// Something that trains a network of one [`Shape`]: the fused kernels on the CPU, candle's operations on a GPU.
pub(super) trait Engine {
    /// One optimiser step; the batch's mean loss before it.
    fn step(&mut self, batch: Batch<'_>, control: &Control) -> Result<f64, Stop>;

    /// `out[window, output]` for `x[window, time, feature]`.
    fn predict(&mut self, x: &[f32], out: &mut [f32], control: &Control) -> Result<(), Stop>;

    /// All parameters in the order of [`Shape::layers`].
    fn parameters(&self) -> Result<Vec<f32>, Stop>;

    /// Sets all parameters.
    fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), Stop>;

    /// Sets the optimiser's step size from the next step on.
    fn set_learning_rate(&mut self, rate: f64);
}
