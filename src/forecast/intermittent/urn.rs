//! Sample paths out of the demands that were seen.
//!
//! A period has demand with a chance `p`; its size is one of those seen, recent ones more often. Were both known, the
//! periods of a path would be independent; they are estimates from a few recent periods, and an item that turns out
//! livelier than thought is so all along the path. Pólya's urn (Blackwell & `MacQueen` 1973, *Ferguson distributions
//! via Pólya urn schemes*, Annals of Statistics 1) says this without a parametric law: every draw returns with a copy
//! of itself, so that step `h` has demand with chance `(N·p + hits so far) / (N + h)`, and a size repeats an earlier one of
//! the path with chance `k / (N + k)`. It is the posterior predictive of a Bayesian bootstrap (Rubin 1981) on `N`
//! observations: each period alone keeps its mean and distribution, their sums get the spread that not knowing adds.

use crate::forecast::method::{Spread, Task};
use crate::forecast::seed::generator;
use crate::model::SamplePaths;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// `N`: the periods that an exponential average with α = 0.12 rests on, `(2 − α)/α`.
const EVIDENCE: f64 = 16.0;
/// Weight of the latest period in the recent share of periods with demand.
const CHANCE_ALPHA: f64 = 0.12;
/// Weight of the latest demand in the recent sizes. Demands are rarer than periods, so each counts for more.
const SIZE_ALPHA: f64 = 0.2;
/// A forecast that isn't the urn's own mean scales sizes up to this factor, and the chance beyond it.
const MOST_SCALING: f64 = 3.0;
/// Scales closer to 1 than this are rounding.
const ROUNDING: f64 = 1e-9;

/// Sizes with their weights, and a chance of demand.
pub(super) struct Urn {
    sizes: Vec<f64>,
    /// Sums of the weights up to each size; the last is 1 but for rounding.
    cumulative: Vec<f64>,
    /// Weighted mean of the sizes.
    mean_size: f64,
    chance: f64,
    /// True when every size is a whole number, and so should the paths be.
    whole: bool,
}

impl Urn {
    /// Sizes weighted as exponential smoothing from the first value weighs them: `α(1−α)^k` into the past, the rest on
    /// the first, so that their mean is the smoothed size.
    pub(super) fn smoothed(sizes: Vec<f64>, alpha: f64, chance: f64) -> Self {
        let mut weights = geometric(sizes.len(), alpha);
        weights.iter_mut().skip(1).for_each(|w| *w *= alpha);
        Self::new(sizes, &weights, chance)
    }

    /// The recent sizes and the recent share of periods with demand of a history that has some.
    pub(super) fn recent(y: &[f64]) -> Self {
        let sizes = super::sizes(y);
        let weights = geometric(sizes.len(), SIZE_ALPHA);
        let shares = geometric(y.len(), CHANCE_ALPHA);
        let hits: f64 = y.iter().zip(&shares).filter(|(v, _)| **v > 0.0).map(|(_, w)| w).sum();
        Self::new(sizes, &weights, hits / shares.iter().sum::<f64>())
    }

    fn new(sizes: Vec<f64>, weights: &[f64], chance: f64) -> Self {
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let cumulative = weights.iter().map(|w| {
            sum += w / total;
            sum
        });
        let cumulative = cumulative.collect();
        let mean_size = sizes.iter().zip(weights).map(|(v, w)| v * (w / total)).sum();
        let whole = sizes.iter().all(|v| v.fract() == 0.0);
        Self { sizes, cumulative, mean_size, chance, whole }
    }

    /// Paths around a flat `rate`, as a method's spread.
    pub(super) fn spread(&self, task: &Task<'_>, rate: f64) -> Spread {
        let count = task.options.paths.max(1);
        let mut values = Vec::with_capacity(count * task.horizon);
        self.draw(rate, (count, task.horizon), &mut generator(task.seed), &mut values);
        Spread::Paths(SamplePaths::new(task.horizon, values))
    }

    /// Appends `count` paths of `horizon` steps with mean `rate`.
    ///
    /// Where the rate isn't the urn's own, sizes are scaled; whole sizes stay whole, rounded up as often as their
    /// fraction says.
    pub(super) fn draw(
        &self,
        rate: f64,
        (count, horizon): (usize, usize),
        rng: &mut ChaCha8Rng,
        values: &mut Vec<f32>,
    ) {
        // Sizes so small that their mean vanishes have no rate either.
        let per_size = if self.mean_size > 0.0 { rate / self.mean_size } else { 0.0 };
        let chance = self.chance.max(per_size / MOST_SCALING).min(per_size * MOST_SCALING).min(1.0);
        let scale = if chance > 0.0 { per_size / chance } else { 0.0 };
        let scale = if (scale - 1.0).abs() < ROUNDING { 1.0 } else { scale };
        let mut drawn = Vec::with_capacity(horizon);
        for _ in 0..count {
            drawn.clear();
            for h in 0..horizon {
                let again = (EVIDENCE * chance + drawn.len() as f64) / (EVIDENCE + h as f64);
                if rng.random::<f64>() >= again {
                    values.push(0.0);
                    continue;
                }
                let size = self.size(&drawn, rng);
                drawn.push(size);
                values.push(self.scaled(size * scale, rng) as f32);
            }
        }
    }

    fn size(&self, drawn: &[f64], rng: &mut ChaCha8Rng) -> f64 {
        let ball = rng.random::<f64>() * (EVIDENCE + drawn.len() as f64);
        if ball < drawn.len() as f64 {
            return drawn[ball as usize];
        }
        let at = rng.random::<f64>();
        self.sizes[self.cumulative.partition_point(|c| *c <= at).min(self.sizes.len() - 1)]
    }

    fn scaled(&self, value: f64, rng: &mut ChaCha8Rng) -> f64 {
        let fraction = value.fract();
        if !self.whole || fraction == 0.0 {
            return value;
        }
        value.floor() + f64::from(u8::from(rng.random::<f64>() < fraction))
    }
}

/// `(1−α)^k` for `k` steps into the past, oldest first.
fn geometric(count: usize, alpha: f64) -> Vec<f64> {
    let mut weights = vec![1.0; count];
    for k in (0..count.saturating_sub(1)).rev() {
        weights[k] = weights[k + 1] * (1.0 - alpha);
    }
    weights
}
