//! The regressors of one series, ready for a method.

use crate::model::SeriesId;
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How far apart a column's values must be to count as varying, relative to the largest.
const SAME: f64 = 1e-9;
/// Squared correlation from which two columns are one.
const ALIKE: f64 = 1.0 - 1e-9;

/// What a column's numbers mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// A share of the period's days or a flag, in `[0, 1]`.
    Share,
    /// Any amount: a price, a rate, a temperature.
    Amount,
}

/// One regressor over history and horizon.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DriverColumn {
    /// Name for people.
    pub(crate) name: Text,
    /// What its numbers mean.
    pub(crate) measure: Measure,
    values: Arc<[f64]>,
    from: usize,
    rows: usize,
}

impl DriverColumn {
    /// A column of its own.
    pub(crate) fn new(name: Text, measure: Measure, values: Vec<f64>) -> Self {
        let rows = values.len();
        Self { name, measure, values: values.into(), from: 0, rows }
    }

    /// The rows `from .. from + rows` of values that many series share.
    pub(crate) fn shared(name: Text, values: &Arc<[f64]>, from: usize, rows: usize) -> Self {
        Self { name, measure: Measure::Share, values: values.clone(), from, rows }
    }

    /// The first `rows` values by their logarithm, where they are amounts that are always positive: beside logarithms of
    /// demand, a price's coefficient is then its elasticity.
    pub(crate) fn logarithms(&self, rows: usize) -> Option<Vec<f64>> {
        let values = &self.values()[..rows];
        let has = self.measure == Measure::Amount && values.iter().all(|v| *v > 0.0);
        has.then(|| values.iter().map(|v| v.ln()).collect())
    }

    /// The same with another value in row `t`.
    pub(crate) fn with(&self, t: usize, value: f64) -> Self {
        let mut values = self.values().to_vec();
        if let Some(old) = values.get_mut(t) {
            *old = value;
        }
        Self::new(self.name.clone(), self.measure, values)
    }

    /// Values `x[t]`, `t = 0 .. n + horizon`.
    pub(crate) fn values(&self) -> &[f64] {
        &self.values[self.from..self.from + self.rows]
    }
}

/// The regressors of one series, `[t, column]` over `n + horizon` rows. Row `t` belongs to `y[t]`.
///
/// A backtest fold sees a shorter history; its rows are the first `origin + steps` of these, so one matrix serves all.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct DriverMatrix {
    columns: Vec<DriverColumn>,
}

impl DriverMatrix {
    /// A matrix of columns of one length.
    pub(crate) fn new(columns: Vec<DriverColumn>) -> Self {
        debug_assert!(columns.windows(2).all(|w| w[0].rows == w[1].rows), "columns are of one length");
        Self { columns }
    }

    /// The columns.
    pub(crate) fn columns(&self) -> &[DriverColumn] {
        &self.columns
    }

    /// True when there is no column.
    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The columns that a history of `n` periods can tell apart: those that vary in it and repeat no earlier one. In a
    /// fold a feast may not have happened yet.
    pub(crate) fn usable(&self, n: usize) -> Vec<&DriverColumn> {
        let mut kept: Vec<(&DriverColumn, Vec<f64>)> = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let Some(unit) = unit(&column.values()[..n.min(column.rows)]) else { continue };
            if !kept.iter().any(|(_, other)| alike(other, &unit)) {
                kept.push((column, unit));
            }
        }
        kept.into_iter().map(|(column, _)| column).collect()
    }
}

/// The values less their mean, scaled to length 1; `None` when they don't vary.
pub(crate) fn unit(values: &[f64]) -> Option<Vec<f64>> {
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    let range = high - low;
    if !range.is_finite() || range <= SAME * high.abs().max(low.abs()) {
        return None;
    }
    // Scaled by the range first, so that squares of huge or tiny values stay in range.
    let n = values.len() as f64;
    let mean = values.iter().map(|v| (v - low) / range).sum::<f64>() / n;
    let mut centred: Vec<f64> = values.iter().map(|v| (v - low) / range - mean).collect();
    let length = centred.iter().map(|v| v * v).sum::<f64>().sqrt();
    for v in &mut centred {
        *v /= length;
    }
    Some(centred)
}

/// True when two unit columns are the same, or opposite.
pub(crate) fn alike(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>().powi(2) >= ALIKE
}

/// The regressors of a panel's series, as the engine made them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matrices {
    by_series: BTreeMap<SeriesId, DriverMatrix>,
}

impl Matrices {
    /// Matrices by series; empty ones are left away.
    pub(crate) fn new(all: impl IntoIterator<Item = (SeriesId, DriverMatrix)>) -> Self {
        Self { by_series: all.into_iter().filter(|(_, matrix)| !matrix.is_empty()).collect() }
    }

    /// The matrix of a series; `None` when it has no driver.
    pub(crate) fn get(&self, id: &SeriesId) -> Option<&DriverMatrix> {
        self.by_series.get(id)
    }
}
