//! The regressors: intercept, trend, season, drivers, each centred and scaled over the history.

use super::fit::Estimate;
use crate::forecast::events::{DriverColumn, Measure};
use crate::forecast::method::Task;
use crate::words::Text;
use std::f64::consts::TAU;

/// Most Fourier pairs of one season; six describe a year of months in full.
const MOST_PAIRS: usize = 6;
/// Fourier pairs of the year in a daily history, beside those of the week.
const PAIRS_OF_DAYS: usize = 3;
/// Days of a year, and the season by which a daily history is known.
const YEAR_OF_DAYS: f64 = 365.25;
const WEEK: usize = 7;
/// Weeks of a year: 52 of them fall short of it.
const YEAR_OF_WEEKS: f64 = YEAR_OF_DAYS / 7.0;

/// The column of the trend.
pub(super) const TREND: usize = 1;

/// What is regressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// Demand.
    Level,
    /// Its natural logarithm.
    Log,
}

/// A driver among the columns.
#[derive(Debug, Clone)]
pub(super) struct Used {
    /// Name for people.
    pub(super) name: Text,
    /// What its numbers mean.
    pub(super) measure: Measure,
    /// Its column.
    pub(super) column: usize,
    /// True when its logarithm stands in the column.
    pub(super) logged: bool,
    /// Mean over the history, before any logarithm.
    pub(super) mean: f64,
    /// Largest value of the history, before any logarithm.
    pub(super) most: f64,
}

/// The regression's data.
#[derive(Debug, Clone)]
pub(super) struct Design {
    /// Demand or its logarithm.
    pub(super) scale: Scale,
    /// Columns `x[k][t]`, `t = 0 .. n + horizon`; column 0 is the intercept, the others have mean 0 and variance 1 over
    /// the history.
    pub(super) x: Vec<Vec<f64>>,
    /// What is regressed, `y[t]`, mean 0 and variance 1.
    pub(super) y: Vec<f64>,
    /// The mean taken out of `y`.
    pub(super) centre: f64,
    /// The standard deviation divided out of `y`, > 0.
    pub(super) unit: f64,
    /// Standard deviation divided out of each column.
    spreads: Vec<f64>,
    /// The drivers among the columns.
    pub(super) drivers: Vec<Used>,
}

impl Design {
    pub(super) fn new(task: &Task<'_>, drivers: &[&DriverColumn], scale: Scale) -> Self {
        let n = task.y.len();
        let rows = n + task.horizon;
        let values: Vec<f64> = match scale {
            Scale::Level => task.y.to_vec(),
            Scale::Log => task.y.iter().map(|v| v.ln()).collect(),
        };
        let (centre, spread) = moments(&values);
        // A constant history regresses to itself.
        let unit = if spread > 1e-12 * centre.abs() && spread > 0.0 { spread } else { centre.abs().max(1e-300) };
        let mut design = Self {
            scale,
            x: vec![vec![1.0; rows]],
            y: values.iter().map(|v| (v - centre) / unit).collect(),
            centre,
            unit,
            spreads: vec![1.0],
            drivers: Vec::new(),
        };
        design.push((0..rows).map(|t| t as f64).collect(), n);
        for (period, pairs) in seasons(task.season, n) {
            for k in 1..=pairs {
                let angle = |t: usize| TAU * k as f64 * t as f64 / period;
                design.push((0..rows).map(|t| angle(t).cos()).collect(), n);
                // The sine of the highest frequency is 0 in every whole period.
                if (2.0 * k as f64 - period).abs() > 1e-9 {
                    design.push((0..rows).map(|t| angle(t).sin()).collect(), n);
                }
            }
        }
        for driver in drivers {
            design.driver(driver, n, rows);
        }
        design
    }

    fn driver(&mut self, driver: &DriverColumn, n: usize, rows: usize) {
        let raw = &driver.values()[..rows];
        let logarithms = if self.scale == Scale::Log { driver.logarithms(rows) } else { None };
        let logged = logarithms.is_some();
        let values = logarithms.unwrap_or_else(|| raw.to_vec());
        let mean = moments(&raw[..n]).0;
        let most = raw[..n].iter().fold(f64::NEG_INFINITY, |m, v| m.max(*v));
        let column = self.x.len();
        if self.push(values, n) {
            let (name, measure) = (driver.name.clone(), driver.measure);
            self.drivers.push(Used { name, measure, column, logged, mean, most });
        }
    }

    /// Adds a column, centred and scaled over the history; false when it doesn't vary there.
    fn push(&mut self, mut column: Vec<f64>, n: usize) -> bool {
        let (mean, spread) = moments(&column[..n]);
        if !spread.is_finite() || spread <= 1e-12 * mean.abs() || spread <= 0.0 {
            return false;
        }
        for v in &mut column {
            *v = (*v - mean) / spread;
        }
        self.x.push(column);
        self.spreads.push(spread);
        true
    }

    /// A value of `y`'s scale as demand or its logarithm.
    pub(super) fn value(&self, scaled: f64) -> f64 {
        self.centre + self.unit * scaled
    }

    /// The coefficient of a column in its own unit.
    pub(super) fn slope(&self, estimate: &Estimate, column: usize) -> f64 {
        estimate.beta[column] * self.unit / self.spreads[column]
    }
}

/// Periods and numbers of Fourier pairs: those of which the history holds two.
fn seasons(season: usize, n: usize) -> Vec<(f64, usize)> {
    let mut list = Vec::new();
    if season > 1 && n >= 2 * season {
        let period = if season == 52 { YEAR_OF_WEEKS } else { season as f64 };
        list.push((period, MOST_PAIRS.min(season / 2)));
    }
    if season == WEEK && n as f64 >= 2.0 * YEAR_OF_DAYS {
        list.push((YEAR_OF_DAYS, PAIRS_OF_DAYS));
    }
    list
}

/// Mean and standard deviation (over n); scaled first, so that squares stay in range.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().map(|v| v / n).sum::<f64>();
    let largest = values.iter().fold(0.0_f64, |m, v| m.max((v - mean).abs()));
    if largest <= 0.0 {
        return (mean, 0.0);
    }
    let variance = values.iter().map(|v| ((v - mean) / largest).powi(2)).sum::<f64>() / n;
    (mean, largest * variance.sqrt())
}
