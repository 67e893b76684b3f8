//! The exact likelihood as a sum of squares.
//!
//! With σ² concentrated out, `−2·ln L = n·(ln 2π/n + 1) + n·ln V`, where `V = Σ r²` sums the squares of
//! `r[t] = e[t]/√F[t]·(ΠF)^{1/2n}`: maximising the likelihood is least squares in r (Mélard 1984, Algorithm AS 197).
//!
//! Regressors enter by generalised least squares: they are filtered like the series and projected out of it (Harvey 1989,
//! §3.4). A missing value is a regressor of its own, one in its period, whose coefficient is integrated out with a flat prior
//! instead of estimated; what is left is the likelihood of the values observed (Gómez, Maravall & Peña 1999, *Missing
//! observations in ARIMA models: skipping approach versus additive outlier approach*, J. Econometrics 88).

use super::filter::{Filter, Shortcut};
use super::order::Order;
use super::polynomial::{Arma, Coefficients};
use crate::forecast::least_squares::dot;

/// A column whose filtered norm falls below this share of what it was, once the others are projected out of it, is a
/// combination of them.
const COLLINEAR: f64 = 1e-10;

/// The differenced series and its regressors, each brought to unit scale.
#[derive(Debug, Clone, Default)]
pub(super) struct Design {
    /// The series, then the missing values' columns, then the regressors'; equal lengths.
    pub(super) columns: Vec<Vec<f64>>,
    /// Missing values.
    pub(super) gaps: usize,
}

impl Design {
    /// Observations that carry information.
    pub(super) fn observed(&self) -> usize {
        self.columns[0].len().saturating_sub(self.gaps)
    }
}

/// The likelihood of an order on a design, with room to work in.
pub(super) struct Likelihood<'a> {
    order: Order,
    design: &'a Design,
    filter: Filter,
}

/// A likelihood at its coefficients.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Value {
    /// Coefficients of the missing values and the regressors, in the design's units.
    pub(super) coefficients: Vec<f64>,
    /// σ² = weighted sum of squares / n.
    pub(super) sigma2: f64,
    /// `−½·(n·(ln 2πσ² + 1) + Σ ln F)`, less half the logarithm of the missing values' determinant.
    pub(super) log: f64,
}

impl<'a> Likelihood<'a> {
    /// For one order.
    pub(super) fn new(order: Order, design: &'a Design) -> Self {
        Self { order, design, filter: Filter::default() }
    }

    /// Fills `residuals` and returns their sum of squares V; infinite where there is no likelihood.
    pub(super) fn residuals(&mut self, x: &[f64], residuals: &mut [f64]) -> f64 {
        let arma = Arma::expand(&Coefficients::from_unbounded(&self.order, x), self.order.period);
        let Some(log) = self.filter.run(&arma, &self.design.columns, Shortcut::Allowed) else { return f64::INFINITY };
        let mut norms = Vec::new();
        let gaps = project(&mut self.filter.errors, self.design.gaps, &mut norms);
        let scale = ((log + gaps) / (2.0 * self.design.observed() as f64)).exp();
        let mut sum = 0.0;
        for (r, e) in residuals.iter_mut().zip(&self.filter.errors[0]) {
            *r = scale * e;
            sum += *r * *r;
        }
        if sum.is_finite() { sum } else { f64::INFINITY }
    }

    /// The same for the conditional sum of squares from `t = skip` on.
    pub(super) fn conditional(&mut self, x: &[f64], skip: usize, residuals: &mut [f64]) -> f64 {
        let arma = Arma::expand(&Coefficients::from_unbounded(&self.order, x), self.order.period);
        self.filter.conditional(&arma, &self.design.columns, skip);
        project(&mut self.filter.errors, self.design.gaps, &mut Vec::new());
        residuals.copy_from_slice(&self.filter.errors[0]);
        let sum: f64 = residuals.iter().map(|r| r * r).sum();
        if sum.is_finite() { sum } else { f64::INFINITY }
    }

    /// The likelihood of given factors.
    pub(super) fn value(&mut self, arma: &Arma) -> Option<Value> {
        value(&mut self.filter, arma, self.design)
    }
}

/// The likelihood of a process on a design; `None` when it isn't stationary or nothing is left to explain.
pub(super) fn value(filter: &mut Filter, arma: &Arma, design: &Design) -> Option<Value> {
    let log = filter.run(arma, &design.columns, Shortcut::Allowed)?;
    let mut triangle = Vec::new();
    let gaps = project(&mut filter.errors, design.gaps, &mut triangle);
    let n = design.observed() as f64;
    let sigma2 = filter.errors[0].iter().map(|e| e * e).sum::<f64>() / n;
    let log = -0.5 * (n * ((2.0 * std::f64::consts::PI * sigma2).ln() + 1.0) + log + gaps);
    let coefficients = back_substitute(&triangle);
    (log.is_finite() && coefficients.iter().all(|c| c.is_finite())).then_some(Value { coefficients, sigma2, log })
}

/// Projects columns `1..` out of each other and of column 0 by modified Gram–Schmidt. Returns the logarithm of the
/// determinant that belongs to the first `gaps` of them; leaves in `triangle` one row per column: its norm, then its
/// products with the later columns, then with column 0 (a norm of 0 for a column that is a combination of others).
fn project(columns: &mut [Vec<f64>], gaps: usize, triangle: &mut Vec<Vec<f64>>) -> f64 {
    let mut log = 0.0;
    let before: Vec<f64> = columns[1..].iter().map(|c| dot(c, c)).collect();
    for j in 1..columns.len() {
        let (head, tail) = columns.split_at_mut(j + 1);
        let (first, own) = head.split_at_mut(j);
        let (first, own) = (&mut first[0], &mut own[0]);
        let square = dot(own, own);
        if square.is_nan() || square <= COLLINEAR * COLLINEAR * before[j - 1] || square <= 0.0 {
            triangle.push(vec![0.0; columns.len() - j + 1]);
            continue;
        }
        if j <= gaps {
            log += square.ln();
        }
        let norm = square.sqrt();
        for v in own.iter_mut() {
            *v /= norm;
        }
        let mut row = Vec::with_capacity(tail.len() + 2);
        row.push(norm);
        for other in tail.iter_mut().chain(std::iter::once(first)) {
            let product = dot(own, other);
            other.iter_mut().zip(own.iter()).for_each(|(o, q)| *o -= product * q);
            row.push(product);
        }
        triangle.push(row);
    }
    log
}

/// Takes columns `1..` out of column 0 by ordinary least squares.
pub(super) fn project_out(columns: &mut [Vec<f64>]) {
    project(columns, 0, &mut Vec::new());
}

fn back_substitute(triangle: &[Vec<f64>]) -> Vec<f64> {
    let k = triangle.len();
    let mut found = vec![0.0; k];
    for j in (0..k).rev() {
        let row = &triangle[j];
        if row[0] > 0.0 {
            let later: f64 = row[1..k - j].iter().zip(&found[j + 1..]).map(|(r, c)| r * c).sum();
            found[j] = (row[row.len() - 1] - later) / row[0];
        }
    }
    found
}
