//! The exact Gaussian likelihood of an ARMA process by the innovations algorithm.
//!
//! Let `m = max(p, q)`. The series `x[t]`, `t < m`, followed by `u[t] = φ(B)x[t]`, `t ≥ m`, has a covariance matrix
//! that is banded with width q beyond the first m rows (Ansley 1979, *An algorithm for the exact likelihood of a
//! mixed autoregressive-moving average process*, Biometrika 66). Its factor `LDL'`, one row at a time, gives the
//! optimal one-step predictions and their variances (Brockwell & Davis 1991, *Time Series: Theory and Methods*,
//! §5.3 and §8.7): the same numbers as the Kalman filter, at O(q²) a step and without its r×r initial covariance.
//! Beyond the first m rows the variance falls to 1; once it has, the rows equal θ and a step costs p + q.

use super::covariance::Covariances;
use super::polynomial::Arma;

/// Excess of the prediction variance over its limit 1 at which the steady state is reached; far below any tolerance
/// on the likelihood, which errs by at most this much per observation.
const STEADY: f64 = 1e-11;

/// The rows of L and D, produced in order.
pub(super) struct Rows<'a> {
    arma: &'a Arma,
    covariances: Covariances,
    /// `θ_q … θ₁`: the row of the steady state.
    steady: Vec<f64>,
    /// The last m + 1 rows, each of width m, in a ring.
    ring: Vec<f64>,
    /// Of each row in the ring: first column and variance.
    starts: Vec<(usize, f64)>,
    /// The row being computed, each entry times its column's variance.
    scaled: Vec<f64>,
    next: usize,
    calm: usize,
}

impl<'a> Rows<'a> {
    /// `None` when the process isn't stationary.
    pub(super) fn of(arma: &'a Arma) -> Option<Self> {
        let m = arma.phi.len().max(arma.theta.len());
        Some(Self {
            arma,
            covariances: Covariances::of(arma)?,
            steady: arma.theta.iter().rev().copied().collect(),
            ring: vec![0.0; m * (m + 1)],
            starts: vec![(0, 1.0); m + 1],
            scaled: vec![0.0; m],
            next: 0,
            calm: 0,
        })
    }

    /// The weights of the innovations just before step t (oldest first) in the prediction of `x[t]` (`t < m`) or
    /// `u[t]` (`t ≥ m`), and the prediction's variance in units of σ². `None` when rounding made the covariance
    /// matrix indefinite.
    fn advance(&mut self) -> Option<(&[f64], f64)> {
        let (q, m) = (self.arma.theta.len(), self.starts.len() - 1);
        let t = self.next;
        self.next += 1;
        if t >= m && self.calm >= q {
            return Some((&self.steady, 1.0));
        }
        let first = if t < m { 0 } else { t - q };
        let slot = t % (m + 1);
        for j in first..t {
            let column = j - first;
            let covariance = match (t < m, j < m) {
                (true, _) => self.covariances.process[t - j],
                (false, true) => self.covariances.cross[t - j],
                (false, false) => self.covariances.moving[t - j],
            };
            let other = j % (m + 1);
            let row = &self.ring[other * m + first - self.starts[other].0..][..column];
            let explained: f64 = self.scaled[..column].iter().zip(row).map(|(a, b)| a * b).sum();
            self.scaled[column] = covariance - explained;
        }
        let mut variance = if t < m { self.covariances.process[0] } else { self.covariances.moving[0] };
        for j in first..t {
            let weight = self.scaled[j - first] / self.starts[j % (m + 1)].1;
            variance -= weight * self.scaled[j - first];
            self.ring[slot * m + j - first] = weight;
        }
        if !variance.is_finite() || variance <= 0.0 {
            return None;
        }
        self.starts[slot] = (first, variance);
        self.calm = if t >= m && variance - 1.0 < STEADY { self.calm + 1 } else { 0 };
        Some((&self.ring[slot * m..][..t - first], variance))
    }
}

/// One-step prediction errors of several series under the same process.
#[derive(Debug, Clone, Default)]
pub(super) struct Filtered {
    /// Variance of each prediction, in units of σ².
    pub(super) variances: Vec<f64>,
    /// Prediction errors per series.
    pub(super) errors: Vec<Vec<f64>>,
}

/// Filters several series of equal length. `None` when the process isn't stationary or rounding spoilt it.
pub(super) fn filter(arma: &Arma, series: &[&[f64]]) -> Option<Filtered> {
    let mut rows = Rows::of(arma)?;
    run(&mut rows, series)
}

fn run(rows: &mut Rows<'_>, series: &[&[f64]]) -> Option<Filtered> {
    let n = series.first().map_or(0, |s| s.len());
    let lags = Lags::of(rows.arma);
    let mut filtered = Filtered { variances: Vec::with_capacity(n), errors: vec![Vec::with_capacity(n); series.len()] };
    for t in 0..n {
        let (weights, variance) = rows.advance()?;
        filtered.variances.push(variance);
        for (x, errors) in series.iter().zip(&mut filtered.errors) {
            let predicted = lags.predict(weights, errors, &x[..t]);
            errors.push(x[t] - predicted);
        }
    }
    Some(filtered)
}

/// Optimal predictions of the `horizon` values after `x` given all of it (Brockwell & Davis 1991, eq. 5.3.15–16).
pub(super) fn predict(arma: &Arma, x: &[f64], horizon: usize) -> Option<Vec<f64>> {
    let mut rows = Rows::of(arma)?;
    let mut errors = run(&mut rows, &[x])?.errors.swap_remove(0);
    let lags = Lags::of(arma);
    let mut path = x.to_vec();
    for _ in 0..horizon {
        let (weights, _) = rows.advance()?;
        let predicted = lags.predict(weights, &errors, &path);
        path.push(predicted);
        errors.push(0.0);
    }
    Some(path.split_off(x.len()))
}

/// The lags of φ with a coefficient: few in a seasonal model.
struct Lags {
    m: usize,
    phi: Vec<(usize, f64)>,
}

impl Lags {
    fn of(arma: &Arma) -> Self {
        let phi = arma.phi.iter().enumerate().filter(|(_, c)| **c != 0.0).map(|(i, c)| (i + 1, *c)).collect();
        Self { m: arma.phi.len().max(arma.theta.len()), phi }
    }

    /// `errors` and `past` both end just before the step predicted.
    fn predict(&self, weights: &[f64], errors: &[f64], past: &[f64]) -> f64 {
        let t = past.len();
        let moving: f64 = weights.iter().zip(&errors[t - weights.len()..]).map(|(w, e)| w * e).sum();
        if t < self.m {
            return moving;
        }
        moving + self.phi.iter().map(|(lag, c)| c * past[t - lag]).sum::<f64>()
    }
}

/// The likelihood with σ² and the constant concentrated out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Likelihood {
    /// The constant's generalised least-squares estimate; 0 when there is none.
    pub(super) constant: f64,
    /// σ² = weighted sum of squares / n.
    pub(super) sigma2: f64,
    /// `−½·(n·(ln 2πσ² + 1) + Σ ln v)`.
    pub(super) log: f64,
}

/// The exact likelihood of `x`; with `ones` its mean is estimated too, by generalised least squares on the filtered
/// series (Harvey 1989, *Forecasting, Structural Time Series Models and the Kalman Filter*, §3.4).
pub(super) fn likelihood(arma: &Arma, x: &[f64], ones: Option<&[f64]>) -> Option<Likelihood> {
    let filtered = match ones {
        Some(ones) => filter(arma, &[x, ones])?,
        None => filter(arma, &[x])?,
    };
    let v = &filtered.variances;
    let errors = &filtered.errors[0];
    let constant = filtered.errors.get(1).map_or(0.0, |ones| {
        let (cross, square) = errors
            .iter()
            .zip(ones)
            .zip(v)
            .fold((0.0, 0.0), |(cross, square), ((e, o), v)| (cross + e * o / v, square + o * o / v));
        cross / square
    });
    let squares: f64 = match filtered.errors.get(1) {
        Some(ones) => errors.iter().zip(ones).zip(v).map(|((e, o), v)| (e - constant * o).powi(2) / v).sum(),
        None => errors.iter().zip(v).map(|(e, v)| e * e / v).sum(),
    };
    let n = x.len() as f64;
    let sigma2 = squares / n;
    let log_variances: f64 = v.iter().map(|v| v.ln()).sum();
    let log = -0.5 * (n * ((2.0 * std::f64::consts::PI * sigma2).ln() + 1.0) + log_variances);
    (constant.is_finite() && log.is_finite()).then_some(Likelihood { constant, sigma2, log })
}
