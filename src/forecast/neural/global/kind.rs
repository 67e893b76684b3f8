//! The networks there are.

use super::NetworkOptions;
use super::windows::View;
use crate::forecast::neural::engine::Recipe;
use crate::forecast::neural::network::{Encoder, Shape};
use crate::forecast::neural::objective::Objective;

/// Quantiles answered: the median, and an 80 % interval around it.
pub(super) const LEVELS: [f64; 3] = [0.1, 0.5, 0.9];

/// A kind of network, and what is taken out of a history before it sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// LSTM on shares of the windows' mean.
    Plain,
    /// Multilayer perceptron on what smoothing leaves.
    Perceptron,
    /// Dilated causal convolutions on what smoothing leaves.
    Convolution,
    /// LSTM that answers a distribution of counts.
    Counts,
    /// LSTM on what smoothing leaves.
    Hybrid,
}

/// What a network's numbers are relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scaling {
    /// A mean of the windows in which the latest periods weigh most.
    Mean,
    /// Level, season and noise of exponential smoothing.
    Smoothed,
    /// The windows' mean; counts stay counts.
    Counts,
}

impl Kind {
    /// All, simplest first.
    pub(crate) const ALL: [Self; 5] = [Self::Plain, Self::Perceptron, Self::Convolution, Self::Counts, Self::Hybrid];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "global-lstm",
            Self::Perceptron => "global-mlp",
            Self::Convolution => "global-tcn",
            Self::Counts => "global-counts",
            Self::Hybrid => "hybrid",
        }
    }

    pub(super) fn scaling(self) -> Scaling {
        match self {
            Self::Plain => Scaling::Mean,
            Self::Counts => Scaling::Counts,
            Self::Perceptron | Self::Convolution | Self::Hybrid => Scaling::Smoothed,
        }
    }

    /// True where each step of a window tells its place in the season; elsewhere the window as a whole does.
    pub(super) fn tells_phase_by_step(self) -> bool {
        matches!(self, Self::Plain | Self::Counts)
    }

    /// True where the layers after the encoder see the window itself beside what the encoder makes of it: a recurrent network
    /// forgets which period was which.
    pub(super) fn passes_by(self) -> bool {
        matches!(self, Self::Hybrid | Self::Plain)
    }

    pub(super) fn objective(self) -> Objective {
        match self {
            Self::Counts => Objective::Counts,
            _ => Objective::Quantiles(LEVELS.to_vec()),
        }
    }

    /// The network for what `view` shows.
    pub(super) fn shape(self, view: View<'_>, options: &NetworkOptions) -> Shape {
        let units = options.units.clone();
        let last = units.last().copied().unwrap_or(1);
        let (encoder, hidden) = match self {
            Self::Perceptron => (Encoder::Flat, units.iter().map(|u| WIDER * u).collect()),
            Self::Convolution => (Encoder::Convolution { channels: units[0] }, vec![2 * last]),
            Self::Plain | Self::Counts | Self::Hybrid => {
                (Encoder::Lstm { units, attends: options.attention }, vec![2 * last])
            }
        };
        let outputs = view.horizon * self.objective().parts();
        Shape { window: view.window, inputs: view.inputs(), extras: view.extras(), encoder, hidden, outputs }
    }

    /// How it is trained.
    pub(super) fn recipe(self, options: &NetworkOptions, seed: u64) -> Recipe {
        Recipe {
            objective: self.objective(),
            learning_rate: options.learning_rate,
            weight_decay: options.weight_decay,
            dropout: options.dropout,
            seed,
        }
    }
}

/// Units of a perceptron's layer for each unit of an LSTM's: it has no recurrent weights to learn with.
const WIDER: usize = 4;
