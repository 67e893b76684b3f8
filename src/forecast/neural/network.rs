//! The network's shape, where its parameters lie, and how they start.
//!
//! An encoder turns a window into some numbers, dense layers turn these and whatever else is known of the window into
//! the answers. There are three encoders:
//!
//! - the window as it is, so that the dense layers make a multilayer perceptron;
//! - stacked LSTM layers (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000), of which the last state
//!   is kept, or that and an average of all states with weights of its own (attention pooling). For layer input `x[t]` and gates
//!   i, f, g, o:
//!
//!   ```text
//!   z[t] = W·x[t] + U·h[t−1] + b        i, f, o = sigmoid(z)   g = tanh(z)
//!   c[t] = f·c[t−1] + i·g               h[t] = o·tanh(c[t])
//!   attention: a = softmax(q·h[t]/√units),  encoded = (h[T], Σ a[t]·h[t])
//!   ```
//! - causal convolutions whose dilation doubles from layer to layer (Bai et al. 2018, *An empirical evaluation of generic
//!   convolutional and recurrent networks for sequence modeling*), of which the last step is kept:
//!
//!   ```text
//!   y[t] = relu(Σ_k W[k]·x[t − k·d] + b) + R·x[t]          d = 2^layer, x before the window is 0
//!   ```
//!
//! A dense layer is `relu(W·x + b)`, the last one `V·x + a`. In an autoencoder one of those between is straight too: relu
//! would cut half of its code off, and a code that is 0 for all windows never learns again.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, StandardNormal};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What a network looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shape {
    /// Time steps seen, ≥ 1.
    pub(super) window: usize,
    /// Features per time step, ≥ 1.
    pub(super) inputs: usize,
    /// Numbers known of a window as a whole, which go to the dense layers.
    pub(super) extras: usize,
    /// What turns a window into numbers.
    pub(super) encoder: Encoder,
    /// Units of the dense layers before the last.
    pub(super) hidden: Vec<usize>,
    /// Numbers answered, ≥ 1.
    pub(super) outputs: usize,
}

/// What turns a window into numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Encoder {
    /// Nothing: the window as it is.
    Flat,
    /// Nothing either, and the hidden layer of this number is straight: an autoencoder's code.
    Coded(usize),
    /// LSTM layers with these units, from the input's side; never empty.
    Lstm {
        /// Units per layer.
        units: Vec<usize>,
        /// Whether an attention-weighted average of all states joins the last one.
        attends: bool,
    },
    /// Dilated causal convolutions over [`TAPS`] steps, as many layers as it takes to see the whole window.
    Convolution {
        /// Channels of each layer.
        channels: usize,
    },
}

impl Encoder {
    /// Whether it hands on the window as it is: past values, which dropout never leaves out.
    pub(super) fn is_window(&self) -> bool {
        matches!(self, Self::Flat | Self::Coded(_))
    }
}

/// Steps that a convolution reads.
pub(super) const TAPS: usize = 3;

/// Where one LSTM layer's parameters lie among all.
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

/// Where one convolution's parameters lie among all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Convolved {
    /// Width of the layer's input.
    pub(super) inputs: usize,
    /// `W[k][channels, inputs]`.
    pub(super) taps: [Range<usize>; TAPS],
    /// `b[channels]`.
    pub(super) bias: Range<usize>,
    /// `R[channels, inputs]`; where inputs and channels are as many, `R` is the identity and has no parameters.
    pub(super) bypass: Option<Range<usize>>,
}

/// Where one dense layer's parameters lie among all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dense {
    /// Width of the layer's input.
    pub(super) inputs: usize,
    /// Units.
    pub(super) units: usize,
    /// `W[units, inputs]`.
    pub(super) weights: Range<usize>,
    /// `b[units]`.
    pub(super) bias: Range<usize>,
}

/// A matrix of parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matrix {
    /// Its name in a file of weights.
    pub(super) name: String,
    /// Rows and columns; a bias is one row.
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Where it lies among all parameters.
    pub(super) at: Range<usize>,
}

impl Matrix {
    /// True for weights that weight decay makes smaller: all but the biases.
    pub(super) fn decays(&self) -> bool {
        !self.name.ends_with("bias")
    }
}

/// Hands out stretches of the parameters.
struct Taker(usize);

impl Taker {
    fn take(&mut self, n: usize) -> Range<usize> {
        self.0 += n;
        self.0 - n..self.0
    }
}

impl Shape {
    /// A network of LSTM layers and dense units on the last state.
    pub(super) fn lstm((window, inputs): (usize, usize), units: &[usize], outputs: usize) -> Self {
        let encoder = Encoder::Lstm { units: units.to_vec(), attends: false };
        Self { window, inputs, extras: 0, encoder, hidden: Vec::new(), outputs }
    }

    /// LSTM layers in order, their parameters one after the other from the first on.
    pub(super) fn layers(&self) -> Vec<Layer> {
        let Encoder::Lstm { units, .. } = &self.encoder else { return Vec::new() };
        let (mut taker, mut inputs) = (Taker(0), self.inputs);
        let of = |&units: &usize| {
            let layer = Layer {
                inputs,
                units,
                input_weights: taker.take(4 * units * inputs),
                recurrent_weights: taker.take(4 * units * units),
                bias: taker.take(4 * units),
            };
            inputs = units;
            layer
        };
        units.iter().map(of).collect()
    }

    /// Convolutions in order, their parameters one after the other from the first on.
    pub(super) fn convolutions(&self) -> Vec<Convolved> {
        let Encoder::Convolution { channels } = self.encoder else { return Vec::new() };
        let (mut taker, mut inputs) = (Taker(0), self.inputs);
        let of = |_| {
            let layer = Convolved {
                inputs,
                taps: std::array::from_fn(|_| taker.take(channels * inputs)),
                bias: taker.take(channels),
                bypass: (inputs != channels).then(|| taker.take(channels * inputs)),
            };
            inputs = channels;
            layer
        };
        (0..depth(self.window)).map(of).collect()
    }

    /// `q[units]` of the attention; `None` without one.
    pub(super) fn attention(&self) -> Option<Range<usize>> {
        let Encoder::Lstm { units, attends: true } = &self.encoder else { return None };
        let from = self.layers().last().map_or(0, |l| l.bias.end);
        Some(from..from + units.last().copied().unwrap_or(0))
    }

    /// The hidden layer that isn't bent, if there is one.
    pub(super) fn code(&self) -> Option<usize> {
        if let Encoder::Coded(layer) = self.encoder { Some(layer) } else { None }
    }

    /// Dense layers in order; the last one answers.
    pub(super) fn dense(&self) -> Vec<Dense> {
        let recurrent = self.attention().map_or_else(|| self.layers().last().map_or(0, |l| l.bias.end), |q| q.end);
        let convolved = self.convolutions().last().map_or(0, |c| c.bypass.as_ref().map_or(c.bias.end, |b| b.end));
        let (mut taker, mut inputs) = (Taker(recurrent.max(convolved)), self.encoded() + self.extras);
        let of = |&units: &usize| {
            let layer = Dense { inputs, units, weights: taker.take(units * inputs), bias: taker.take(units) };
            inputs = units;
            layer
        };
        self.hidden.iter().chain([&self.outputs]).map(of).collect()
    }

    /// Numbers that the encoder makes of a window.
    pub(super) fn encoded(&self) -> usize {
        match &self.encoder {
            Encoder::Flat | Encoder::Coded(_) => self.window * self.inputs,
            Encoder::Lstm { units, attends } => units.last().copied().unwrap_or(0) * if *attends { 2 } else { 1 },
            Encoder::Convolution { channels } => *channels,
        }
    }

    /// All parameters as named matrices, in their order.
    pub(super) fn matrices(&self) -> Vec<Matrix> {
        let mut all = Vec::new();
        let mut add = |name: String, columns: usize, at: &Range<usize>| {
            all.push(Matrix { name, rows: at.len() / columns.max(1), columns, at: at.clone() });
        };
        for (l, layer) in self.layers().iter().enumerate() {
            add(format!("lstm.{l}.input"), layer.inputs, &layer.input_weights);
            add(format!("lstm.{l}.recurrent"), layer.units, &layer.recurrent_weights);
            add(format!("lstm.{l}.bias"), layer.bias.len(), &layer.bias);
        }
        if let Some(query) = self.attention() {
            add("attention.bias".into(), query.len(), &query);
        }
        for (l, layer) in self.convolutions().iter().enumerate() {
            for (k, tap) in layer.taps.iter().enumerate() {
                add(format!("convolution.{l}.tap.{k}"), layer.inputs, tap);
            }
            add(format!("convolution.{l}.bias"), layer.bias.len(), &layer.bias);
            if let Some(bypass) = &layer.bypass {
                add(format!("convolution.{l}.bypass"), layer.inputs, bypass);
            }
        }
        for (l, layer) in self.dense().iter().enumerate() {
            add(format!("dense.{l}.weights"), layer.inputs, &layer.weights);
            add(format!("dense.{l}.bias"), layer.units, &layer.bias);
        }
        all
    }

    /// Number of parameters.
    pub(super) fn len(&self) -> usize {
        self.dense().last().map_or(0, |d| d.bias.end)
    }

    /// First weights, as Keras starts a network: Glorot-uniform input and dense weights (Glorot & Bengio 2010),
    /// orthogonal recurrent weights (Saxe et al. 2014), biases 0 except the forget gate's 1 (Jozefowicz et al. 2015).
    pub(super) fn first_parameters(&self, rng: &mut ChaCha8Rng) -> Vec<f32> {
        let mut parameters = vec![0.0; self.len()];
        for layer in self.layers() {
            let gates = 4 * layer.units;
            glorot(&mut parameters[layer.input_weights], layer.inputs, gates, rng);
            orthogonal(&mut parameters[layer.recurrent_weights], gates, layer.units, rng);
            parameters[layer.bias][layer.units..2 * layer.units].fill(1.0);
        }
        if let Some(query) = self.attention() {
            let units = query.len();
            glorot(&mut parameters[query], units, 1, rng);
        }
        for layer in self.convolutions() {
            let (fan_in, fan_out) = (TAPS * layer.inputs, TAPS * layer.bias.len());
            for weights in layer.taps.into_iter().chain(layer.bypass) {
                glorot(&mut parameters[weights], fan_in, fan_out, rng);
            }
        }
        for layer in self.dense() {
            glorot(&mut parameters[layer.weights], layer.inputs, layer.units, rng);
        }
        parameters
    }
}

/// Convolutions that it takes to see a whole window.
fn depth(window: usize) -> usize {
    let sees = |layers: &usize| 1 + (TAPS - 1) * ((1 << layers) - 1) >= window;
    (1..=usize::BITS as usize / 2).find(sees).unwrap_or(1)
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
