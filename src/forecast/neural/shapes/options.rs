//! What may be set about demand shapes.

use crate::model::Frequency;
use crate::text;
use crate::words::Text;

/// What describes a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShapeCoder {
    /// The autoencoder where it makes unseen windows again better, beyond chance, than principal components; else these.
    #[default]
    Auto,
    /// The autoencoder, whatever it is worth.
    Autoencoder,
    /// Principal components; no network is trained.
    Linear,
}

/// How demand shapes are found.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapeOptions {
    /// Periods of a window; 0 takes a season, or as many seasons as make 12 periods.
    pub window: usize,
    /// Numbers that describe a window, 1 to 8. Four hold most of what a season does; more describe noise.
    pub dimensions: usize,
    /// Units of the layers beside the code.
    pub units: usize,
    /// What describes a window.
    pub coder: ShapeCoder,
    /// Clusters; 0 takes the number with the largest silhouette.
    pub clusters: usize,
    /// Robust deviations beyond which a period is flagged: a normal error gets there once in two million periods.
    pub sensitivity: f64,
    /// Most passes over the training windows.
    pub epochs: usize,
    /// Epochs without a smaller validation loss until steps become finer and, in the end, training stops.
    pub patience: usize,
    /// Adam's step size.
    pub learning_rate: f64,
    /// Share of the weights that training takes off per unit of step size.
    pub weight_decay: f64,
    /// Seed of everything random.
    pub seed: u64,
}

impl Default for ShapeOptions {
    fn default() -> Self {
        Self {
            window: 0,
            dimensions: 4,
            units: 32,
            coder: ShapeCoder::Auto,
            clusters: 0,
            sensitivity: 5.0,
            epochs: 300,
            patience: 12,
            learning_rate: 4e-3,
            weight_decay: 1e-2,
            seed: 1,
        }
    }
}

/// Fewest periods of a window: fewer are described by a handful of numbers whatever they are.
pub(super) const SHORTEST: usize = 12;
/// Most periods of a window, numbers of a description, units and clusters.
const LONGEST: usize = 400;
pub(super) const MOST_DIMENSIONS: usize = 8;
const MOST_UNITS: usize = 512;
const MOST_CLUSTERS: usize = 20;
const MOST_EPOCHS: usize = 10_000;

impl ShapeOptions {
    /// Periods of a window for a panel of this frequency.
    pub(super) fn window_for(&self, frequency: Frequency) -> usize {
        let season = frequency.season_length();
        if self.window > 0 { self.window } else { SHORTEST.div_ceil(season) * season }
    }

    /// Whether all that can be set is within bounds; a sentence when not.
    pub(super) fn check(&self, window: usize) -> Result<(), Text> {
        let in_range = |en: &str, zh: &str, value: usize, from: usize, to: usize| {
            if (from..=to).contains(&value) {
                return Ok(());
            }
            Err(text!(
                "The {en} is {value}; choose one from {from} to {to}.",
                "{zh}为 {value}，请在 {from} 到 {to} 之间选择。"
            ))
        };
        in_range("window of demand shapes", "需求形态的窗口长度", window, 4, LONGEST)?;
        let most = MOST_DIMENSIONS.min(window / 2);
        in_range("number of figures that describe a shape", "描述形态的数值个数", self.dimensions, 1, most)?;
        in_range("number of units", "单元数", self.units, 1, MOST_UNITS)?;
        in_range("number of clusters", "聚类数", self.clusters, 0, MOST_CLUSTERS)?;
        in_range("number of epochs", "训练轮数", self.epochs, 1, MOST_EPOCHS)?;
        let sound = |value: f64, from: f64, to: f64| value > from && value <= to;
        if !(sound(self.learning_rate, 0.0, 1.0)
            && sound(self.sensitivity, 0.0, 1e6)
            && (0.0..=1.0).contains(&self.weight_decay))
        {
            return Err(text!(
                "Step size, sensitivity and weight decay of demand shapes must be positive and not above 1 (sensitivity: 1,000,000).",
                "需求形态的步长、灵敏度和权重衰减必须为正数，且不超过 1（灵敏度不超过 1,000,000）。"
            ));
        }
        Ok(())
    }
}
