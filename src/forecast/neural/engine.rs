//! What trains a network, and what it is given.

use super::network::Shape;
use super::objective::Objective;
use crate::control::{Cancelled, Control};

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

/// Windows as a network is shown them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shown<'a> {
    /// `[window, time, feature]`.
    pub(super) x: &'a [f32],
    /// `[window, extra]`.
    pub(super) extras: &'a [f32],
}

impl<'a> Shown<'a> {
    /// Windows of which nothing else is known.
    pub(super) fn plain(x: &'a [f32]) -> Self {
        Self { x, extras: &[] }
    }

    /// The windows cut into parts of `count`, the last one shorter.
    pub(super) fn parts(self, shape: &Shape, count: usize) -> impl Iterator<Item = Self> + use<'a> {
        let (stride, extras) = (shape.window * shape.inputs, shape.extras);
        let windows = self.x.len() / stride;
        (0..windows).step_by(count).map(move |from| {
            let to = windows.min(from + count);
            Self { x: &self.x[from * stride..to * stride], extras: &self.extras[from * extras..to * extras] }
        })
    }
}

/// A batch of windows and what came after each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Batch<'a> {
    /// What the network sees.
    pub(super) shown: Shown<'a>,
    /// `[window, target]`; NaN where a target isn't known.
    pub(super) y: &'a [f32],
    /// Targets of a window, ≥ 1.
    pub(super) targets: usize,
    /// Logarithm of what an answered 0 stands for, by window; empty for objectives that need none.
    pub(super) sizes: &'a [f32],
    /// Share of each target among the sizes of demand seen before, `[window, target]`, NaN where none was; empty for
    /// objectives that need none.
    pub(super) own: &'a [f32],
}

/// How a network is trained, but for its shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recipe {
    /// What is made small.
    pub(super) objective: Objective,
    /// Adam's step size.
    pub(super) learning_rate: f64,
    /// Share of the weights, biases apart, that a step of size 1 takes off (Loshchilov & Hutter 2019, *Decoupled weight
    /// decay regularization*).
    pub(super) weight_decay: f64,
    /// Share of the numbers between layers that a training step leaves out, in `[0, 1)` (Srivastava et al. 2014).
    pub(super) dropout: f64,
    /// Seed of what is left out.
    pub(super) seed: u64,
}

impl Recipe {
    /// Plain squared error.
    pub(super) fn square(learning_rate: f64) -> Self {
        Self { objective: Objective::Square, learning_rate, weight_decay: 0.0, dropout: 0.0, seed: 0 }
    }
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

    /// `out[window, output]`.
    fn predict(&mut self, shown: Shown<'_>, out: &mut [f32], control: &Control) -> Result<(), Stop>;

    /// All parameters in the order of [`Shape::matrices`].
    fn parameters(&self) -> Result<Vec<f32>, Stop>;

    /// Sets all parameters.
    fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), Stop>;

    /// Sets the optimiser's step size from the next step on.
    fn set_learning_rate(&mut self, rate: f64);
}
