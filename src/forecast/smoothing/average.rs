//! Several forms as one forecast.

use super::estimate::Smoothed;
use super::predict::Walk;
use crate::forecast::method::Spread;
use crate::forecast::mixture::{akaike, pick, weighted};
use crate::forecast::seed::generator;
use crate::model::SamplePaths;

/// Temperature of the Akaike weights. At 1 a form's weight is its probability of being the best of those compared when the
/// likelihoods are right; they are not quite, and three times flatter weights forecast better on M3's training data.
const TEMPERATURE: f64 = 3.0;
/// Forms with less weight than this are left out: together they would move nothing.
const LEAST_WEIGHT: f64 = 0.005;

/// Models with their weights, heaviest first; weights add up to 1.
pub(super) struct Average {
    members: Vec<(f64, Smoothed)>,
}

impl Average {
    /// Akaike weights over models with their criterion (for exponential smoothing: Kolassa 2011, *Combining exponential
    /// smoothing forecasts using Akaike weights*, Int. J. Forecasting 27). `None` when there is no finite criterion.
    pub(super) fn new(models: Vec<(f64, Smoothed)>) -> Option<Self> {
        if !models.iter().any(|(aicc, _)| aicc.is_finite()) {
            return None;
        }
        let weights = akaike(models.iter().map(|(aicc, _)| *aicc), TEMPERATURE);
        let mut members: Vec<(f64, Smoothed)> = weights.into_iter().zip(models.into_iter().map(|(_, m)| m)).collect();
        let total = |members: &[(f64, Smoothed)]| members.iter().map(|m| m.0).sum::<f64>();
        let all = total(&members);
        members.retain(|(weight, _)| *weight >= LEAST_WEIGHT * all);
        members.sort_by(|a, b| b.0.total_cmp(&a.0));
        let all = total(&members);
        for member in &mut members {
            member.0 /= all;
        }
        Some(Self { members })
    }

    /// The members, heaviest first.
    pub(super) fn members(&self) -> &[(f64, Smoothed)] {
        &self.members
    }

    /// Weighted point forecasts.
    pub(super) fn mean(&self, horizon: usize) -> Vec<f64> {
        let means: Vec<(f64, Vec<f64>)> = self.members.iter().map(|(w, model)| (*w, model.mean(horizon))).collect();
        weighted(means.iter().map(|(w, mean)| (*w, mean.as_slice())))
    }

    /// Weighted one-step forecasts.
    pub(super) fn fitted(&self) -> Vec<f64> {
        weighted(self.members.iter().map(|(w, model)| (*w, model.fitted.as_slice())))
    }

    /// A mixture: every path is of one member, members drawn by weight. So the paths carry the doubt about the form as well.
    pub(super) fn spread(&self, horizon: usize, paths: usize, seed: u64) -> Spread {
        let mut rng = generator(seed);
        let mut walks: Vec<Walk<'_>> = self.members.iter().map(|(_, model)| Walk::new(model)).collect();
        let mut values = Vec::with_capacity(paths * horizon);
        for path in 0..paths {
            let member = pick(self.members.iter().map(|(weight, _)| *weight), path);
            walks[member].path(horizon, &mut rng, &mut values);
        }
        Spread::Paths(SamplePaths::new(horizon, values))
    }
}
