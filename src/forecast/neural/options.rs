//! What the user may set about networks.

use serde::{Deserialize, Serialize};

/// The configuration of `lstm`, a network for one item; the defaults are the original program's, done right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LstmOptions {
    /// Past values the network sees, ≥ 1.
    pub window: usize,
    /// Units per layer, one entry a layer.
    pub units: Vec<usize>,
    /// Most passes over the training windows.
    pub epochs: usize,
    /// Windows per training step.
    pub batch: usize,
    /// Adam's step size.
    pub learning_rate: f64,
    /// Stop after this many epochs without a better validation loss; 0 never stops early.
    pub patience: usize,
}

impl Default for LstmOptions {
    fn default() -> Self {
        Self { window: 10, units: vec![50, 50], epochs: 100, batch: 32, learning_rate: 1e-3, patience: 10 }
    }
}

/// The configuration of networks over all series; the default is [`NetworkPreset::Balanced`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkOptions {
    /// Past periods seen; 0 chooses by the season: three seasons of months or quarters, one of weeks,
    /// no more than a third of the histories.
    pub window: usize,
    /// Units per layer, one entry a layer.
    pub units: Vec<usize>,
    /// Most passes over the training windows; how many are used is found on a validation block.
    pub epochs: usize,
    /// Windows per training step.
    pub batch: usize,
    /// Most windows of a pass, drawn anew in each: more series make better passes, not longer ones.
    pub windows_per_epoch: usize,
    /// Adam's largest step size.
    pub learning_rate: f64,
    /// Networks from different first weights whose answers are averaged.
    pub team: usize,
    /// Share of the numbers between layers that a training step leaves out, in `[0, 1)`.
    pub dropout: f64,
    /// Share of the weights that training takes off per unit of step size, in `[0, 1)`.
    pub weight_decay: f64,
    /// True when every other epoch is one of histories that might have been: jittered, stretched, with remainders from
    /// other times.
    pub augment: bool,
    /// True when an LSTM looks back at all its states with weights of its own, not at the last one alone.
    pub attention: bool,
}

/// Settings that need no thought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkPreset {
    /// A look at whether a network helps: one small network, a quarter of the time or less.
    Quick,
    /// What the accuracy tables are made with.
    Balanced,
    /// A larger team of larger networks, two to eight times as long.
    Thorough,
}

impl NetworkPreset {
    /// From the quickest.
    pub const ALL: [Self; 3] = [Self::Quick, Self::Balanced, Self::Thorough];

    /// The preset's options.
    pub fn options(self) -> NetworkOptions {
        let balanced = NetworkOptions {
            window: 0,
            units: vec![48],
            epochs: 10,
            batch: 512,
            windows_per_epoch: 60_000,
            learning_rate: 4e-3,
            team: 3,
            dropout: 0.0,
            weight_decay: 0.0,
            augment: true,
            attention: false,
        };
        match self {
            Self::Quick => {
                NetworkOptions { units: vec![20], epochs: 5, windows_per_epoch: 30_000, team: 1, ..balanced }
            }
            Self::Balanced => balanced,
            Self::Thorough => {
                NetworkOptions { units: vec![64], epochs: 15, windows_per_epoch: 120_000, team: 5, ..balanced }
            }
        }
    }

    /// The preset that these options are, if they are one.
    pub fn of(options: &NetworkOptions) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.options() == *options)
    }
}

impl Default for NetworkOptions {
    fn default() -> Self {
        NetworkPreset::Balanced.options()
    }
}
