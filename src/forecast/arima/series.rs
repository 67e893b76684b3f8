//! The history, differenced and brought to unit scale, and the way back.

use super::likelihood::{Design, Value};
use super::order::{Constant, Order};
use super::polynomial::differencing;

/// A series smaller than this share of the history's largest value is rounding, not variation.
const ROUNDING: f64 = 1e-11;
/// Values beyond this size, or varying by less than its inverse, would overflow when squared.
const LARGEST: f64 = 1e100;

/// A history with what is known beside it.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    /// `y[t]`; a missing value is interpolated here.
    pub(super) y: Vec<f64>,
    /// Where values are missing.
    pub(super) gaps: Vec<usize>,
    /// Regressors by column, each `n + horizon` long.
    pub(super) regressors: Vec<Vec<f64>>,
}

impl History {
    /// Takes `y` with NaN where a value is missing. `None` when nothing else is there.
    pub(super) fn new(y: &[f64], regressors: Vec<Vec<f64>>) -> Option<Self> {
        let gaps: Vec<usize> = (0..y.len()).filter(|t| y[*t].is_nan()).collect();
        let mut filled = y.to_vec();
        let known: Vec<usize> = (0..y.len()).filter(|t| !y[*t].is_nan()).collect();
        let (first, last) = (*known.first()?, *known.last()?);
        filled[..first].fill(y[first]);
        filled[last..].fill(y[last]);
        for pair in known.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            for (k, value) in filled[a..b].iter_mut().enumerate().skip(1) {
                *value = y[a] + (y[b] - y[a]) * k as f64 / (b - a) as f64;
            }
        }
        Some(Self { y: filled, gaps, regressors })
    }

    /// Number of periods.
    pub(super) fn len(&self) -> usize {
        self.y.len()
    }

    /// The history without its gaps and regressors: what a chart shows.
    pub(super) fn plain(y: &[f64]) -> Self {
        Self { y: y.to_vec(), gaps: Vec::new(), regressors: Vec::new() }
    }
}

/// `w = (1−B)ᵈ(1−Bᵐ)ᴰ y`, and the same of everything beside it.
#[derive(Debug, Clone)]
pub(super) struct Differenced {
    values: Vec<f64>,
    mean: f64,
    scale: f64,
    varies: bool,
    gaps: Vec<Column>,
    regressors: Vec<Column>,
}

/// A differenced regressor in units of its largest value.
#[derive(Debug, Clone)]
struct Column {
    values: Vec<f64>,
    unit: f64,
}

impl Column {
    fn of(values: &[f64]) -> Self {
        let unit = largest(values);
        let unit = if unit > 0.0 { unit } else { 1.0 };
        Self { values: values.iter().map(|v| v / unit).collect(), unit }
    }
}

impl Differenced {
    /// Differences a history longer than `order.lost()`.
    pub(super) fn of(history: &History, order: &Order) -> Self {
        let delta = differencing(order);
        let n = history.len();
        let values = difference(&history.y, &delta);
        let count = values.len().max(1) as f64;
        let mean = values.iter().map(|w| w / count).sum::<f64>();
        let scale = values.iter().fold(0.0_f64, |m, w| m.max((w - mean).abs()));
        let pulse = |at: &usize| {
            let mut pulse = vec![0.0; n];
            pulse[*at] = 1.0;
            Column::of(&difference(&pulse, &delta))
        };
        let regressors = history.regressors.iter().map(|x| Column::of(&difference(&x[..n], &delta))).collect();
        let varies = scale > ROUNDING * largest(&history.y);
        Self { values, mean, scale, varies, gaps: history.gaps.iter().map(pulse).collect(), regressors }
    }

    /// Differences left.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Differences left that were observed.
    pub(super) fn observed(&self) -> usize {
        self.values.len().saturating_sub(self.gaps.len())
    }

    /// The differences, units.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// Regressors beside the constant.
    pub(super) fn regressors(&self) -> usize {
        self.regressors.len()
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

    /// The differences in units of their largest deviation, centred when a constant is to be estimated, and beside them the
    /// missing values, the regressors and the constant.
    pub(super) fn design(&self, kind: Constant) -> Design {
        let (centre, scale) = (self.centre(kind), self.unit(kind));
        let mut columns = vec![self.values.iter().map(|w| (w - centre) / scale).collect::<Vec<f64>>()];
        columns.extend(self.gaps.iter().chain(&self.regressors).map(|c| c.values.clone()));
        if kind == Constant::Estimated {
            columns.push(vec![1.0; self.values.len()]);
        }
        Design { columns, gaps: self.gaps.len() }
    }

    /// A likelihood of the design as one of the series itself.
    pub(super) fn unscaled(&self, found: &Value, kind: Constant) -> Unscaled {
        let scale = self.unit(kind);
        let (beside, constant) = match kind {
            Constant::Zero => (&found.coefficients[..], 0.0),
            Constant::Estimated => {
                let (constant, beside) = found.coefficients.split_last().expect("the constant has a column");
                (beside, self.centre(kind) + scale * constant)
            }
        };
        let columns = self.gaps.iter().chain(&self.regressors);
        let mut beside: Vec<f64> = beside.iter().zip(columns).map(|(c, column)| scale * c / column.unit).collect();
        let regressors = beside.split_off(self.gaps.len());
        // A missing value's column has unit 1 before differencing; its own unit enters the determinant.
        let units: f64 = self.gaps.iter().map(|c| c.unit.ln()).sum();
        Unscaled {
            constant,
            missing: beside,
            regressors,
            sigma2: scale * scale * found.sigma2,
            log: found.log - self.observed() as f64 * scale.ln() - units,
        }
    }

    fn centre(&self, kind: Constant) -> f64 {
        if kind == Constant::Estimated { self.mean } else { 0.0 }
    }

    fn unit(&self, kind: Constant) -> f64 {
        let size = if kind == Constant::Estimated { self.scale } else { self.scale.max(self.mean.abs()) };
        if size > 0.0 { size } else { 1.0 }
    }
}

/// A likelihood in the history's units.
#[derive(Debug, Clone)]
pub(super) struct Unscaled {
    /// Mean of the differences; 0 when none was estimated.
    pub(super) constant: f64,
    /// What the interpolated values are too high by.
    pub(super) missing: Vec<f64>,
    /// Coefficients of the regressors, units per unit.
    pub(super) regressors: Vec<f64>,
    /// Variance of a shock, units².
    pub(super) sigma2: f64,
    /// Log-likelihood of the differences observed.
    pub(super) log: f64,
}

fn difference(x: &[f64], delta: &[f64]) -> Vec<f64> {
    x.windows(delta.len()).map(|window| window.iter().rev().zip(delta).map(|(x, c)| x * c).sum()).collect()
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0_f64, |m, v| m.max(v.abs()))
}
