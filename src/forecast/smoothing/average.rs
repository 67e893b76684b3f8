//! Several forms as one forecast.

use super::estimate::Smoothed;
use super::predict::Walk;
use crate::forecast::method::Spread;
use crate::forecast::seed::generator;
use crate::model::SamplePaths;

/// Temperature of the Akaike weights. At 1 a form's weight is its probability of being the best of those compared when the
/// likelihoods are right; they are not quite, and three times flatter weights forecast better on M3's training data.
const TEMPERATURE: f64 = 3.0;
/// Forms with less weight than this are left out: together they would move nothing.
const LEAST_WEIGHT: f64 = 0.005;
/// The golden ratio's fraction: its multiples fill the unit interval evenly, whatever their number (Weyl).
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// Models with their weights, heaviest first; weights add up to 1.
pub(super) struct Average {
    members: Vec<(f64, Smoothed)>,
}

impl Average {
    /// Akaike weights `exp(−Δ/2T)` over models with their criterion (Burnham & Anderson 2002, *Model Selection and
    /// Multimodel Inference*, §2.9; for exponential smoothing: Kolassa 2011, *Combining exponential smoothing forecasts
    /// using Akaike weights*, Int. J. Forecasting 27). `None` when there is no finite criterion.
    pub(super) fn new(models: Vec<(f64, Smoothed)>) -> Option<Self> {
        let lowest = models.iter().map(|(aicc, _)| *aicc).fold(f64::INFINITY, f64::min);
        if !lowest.is_finite() {
            return None;
        }
        let weigh = |(aicc, model): (f64, Smoothed)| ((-(aicc - lowest) / (2.0 * TEMPERATURE)).exp(), model);
        let mut members: Vec<(f64, Smoothed)> = models.into_iter().map(weigh).collect();
        let total = |members: &[(f64, Smoothed)]| members.iter().map(|m| m.0).sum::<f64>();
        let all = total(&members);
        members.retain(|(weight, _)| *weight >= LEAST_WEIGHT * all);
        members.sort_by(|a, b| b.0.total_cmp(&a.0));
        let all = total(&members);
        members.iter_mut().for_each(|m| m.0 /= all);
        Some(Self { members })
    }

    /// The members, heaviest first.
    pub(super) fn members(&self) -> &[(f64, Smoothed)] {
        &self.members
    }

    /// Weighted point forecasts.
    pub(super) fn mean(&self, horizon: usize) -> Vec<f64> {
        self.sum(horizon, |model| model.mean(horizon))
    }

    /// Weighted one-step forecasts.
    pub(super) fn fitted(&self) -> Vec<f64> {
        self.sum(self.members[0].1.fitted.len(), |model| model.fitted.clone())
    }

    fn sum(&self, count: usize, values: impl Fn(&Smoothed) -> Vec<f64>) -> Vec<f64> {
        let mut sum = vec![0.0; count];
        for (weight, model) in &self.members {
            sum.iter_mut().zip(values(model)).for_each(|(s, v)| *s += weight * v);
        }
        sum
    }

    /// A mixture: every path is of one member, members drawn by weight. So the paths carry the doubt about the form as well.
    pub(super) fn spread(&self, horizon: usize, paths: usize, seed: u64) -> Spread {
        let mut rng = generator(seed);
        let mut walks: Vec<Walk<'_>> = self.members.iter().map(|(_, model)| Walk::new(model)).collect();
        let mut values = Vec::with_capacity(paths * horizon);
        for path in 0..paths {
            let at = (GOLDEN * (path + 1) as f64).fract();
            let mut reached = 0.0;
            let reaches = |(weight, _): &(f64, Smoothed)| {
                reached += weight;
                at < reached
            };
            let member = self.members.iter().position(reaches).unwrap_or(0);
            walks[member].path(horizon, &mut rng, &mut values);
        }
        Spread::Paths(SamplePaths::new(horizon, values))
    }
}
