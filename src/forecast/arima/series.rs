//! The history, differenced and brought to unit scale, and the way back.

use super::innovations::Likelihood;
use super::order::{Constant, Order};
use super::polynomial::differencing;

/// A series smaller than this share of the history's largest value is rounding, not variation.
const ROUNDING: f64 = 1e-11;
/// Values beyond this size, or varying by less than its inverse, would overflow when squared.
const LARGEST: f64 = 1e100;

/// `w = (1−B)ᵈ(1−Bᵐ)ᴰ y`.
#[derive(Debug, Clone)]
pub(super) struct Differenced {
    values: Vec<f64>,
    mean: f64,
    scale: f64,
    varies: bool,
}

impl Differenced {
    /// Differences `y`, which is longer than `order.lost()`.
    pub(super) fn of(y: &[f64], order: &Order) -> Self {
        let delta = differencing(order);
        let values: Vec<f64> =
            y.windows(delta.len()).map(|window| window.iter().rev().zip(&delta).map(|(y, c)| y * c).sum()).collect();
        let n = values.len().max(1) as f64;
        let mean = values.iter().map(|w| w / n).sum::<f64>();
        let scale = values.iter().fold(0.0_f64, |m, w| m.max((w - mean).abs()));
        let size = y.iter().fold(0.0_f64, |m, y| m.max(y.abs()));
        Self { values, mean, scale, varies: scale > ROUNDING * size }
    }

    /// Differences left.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The differences, units.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// True unless every difference is the same, up to rounding.
    pub(super) fn varies(&self) -> bool {
        self.varies
    }

    /// True when squares and their inverses stay finite.
    pub(super) fn is_of_workable_size(&self) -> bool {
        let size = self.scale.max(self.mean.abs());
        size < LARGEST && (self.scale == 0.0 || self.scale > 1.0 / LARGEST)
    }

    /// The differences in units of their largest deviation, centred when a constant is to be estimated.
    pub(super) fn scaled(&self, kind: Constant) -> Vec<f64> {
        let centre = if kind == Constant::Estimated { self.mean } else { 0.0 };
        let scale = self.unit(kind);
        self.values.iter().map(|w| (w - centre) / scale).collect()
    }

    /// A likelihood of the scaled series as one of the series itself.
    pub(super) fn unscaled(&self, found: Likelihood, kind: Constant) -> Likelihood {
        let scale = self.unit(kind);
        let constant = match kind {
            Constant::Zero => 0.0,
            Constant::Estimated => self.mean + scale * found.constant,
        };
        Likelihood {
            constant,
            sigma2: scale * scale * found.sigma2,
            log: found.log - self.values.len() as f64 * scale.ln(),
        }
    }

    fn unit(&self, kind: Constant) -> f64 {
        let size = if kind == Constant::Estimated { self.scale } else { self.scale.max(self.mean.abs()) };
        if size > 0.0 { size } else { 1.0 }
    }
}
