//! Ridge regression with autoregressive errors.
//!
//! Errors either return to the regression, `u[t] = φ·u[t−1] + e[t]`, or carry a level that wanders, `u[t] = l[t−1] + e[t]`,
//! `l[t] = l[t−1] + α·e[t]`; the likelier of the two is taken.
//!
//! Given φ, whitened rows are `x[t] − φ·x[t−1]`, the first one `√(1−φ²)·x[0]` (Prais & Winsten). Their cross products are
//! a quadratic in φ of sums taken once, so trying another φ or another ridge costs nothing that grows with the history.

use super::errors::Errors;
use crate::control::{Cancelled, Control};
use crate::forecast::least_squares::dot;

/// Ridge strengths tried, as shares of the history's length: the shrinkage of a lone column is `1/(1 + share)`.
const RIDGES: [f64; 9] = [1e-6, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0];
/// Degrees of freedom weigh this much in cross-validation, which without it overfits now and then (Kim & Gu 2004, J.
/// Royal Statistical Society B 66).
const CAUTION: f64 = 1.4;
/// Largest |φ|: beyond it errors hardly return to the regression, and it explains nothing.
const LARGEST_PHI: f64 = 0.95;
/// Smoothing parameters tried for errors with a level of their own.
const ALPHAS: [f64; 6] = [0.02, 0.05, 0.1, 0.2, 0.35, 0.6];
/// Rounds of the iteration, and the change of φ below which it has settled.
const ROUNDS: usize = 12;
const SETTLED: f64 = 1e-4;

/// A fitted regression, all in scaled units.
#[derive(Debug, Clone)]
pub(super) struct Estimate {
    /// Coefficient per column.
    pub(super) beta: Vec<f64>,
    /// Standard error per column, given the ridge.
    pub(super) error: Vec<f64>,
    /// How errors follow one another.
    pub(super) errors: Errors,
    /// Ridge strength, as a share of the history's length.
    pub(super) ridge: f64,
    /// Standard deviation of a shock: the sum of squares over n less the effective number of parameters.
    pub(super) sigma: f64,
    /// Gaussian log-likelihood of `y`, up to a constant.
    pub(super) loglik: f64,
}

impl Estimate {
    /// The regression's value in a period.
    pub(super) fn at(&self, x: &[Vec<f64>], t: usize) -> f64 {
        x.iter().zip(&self.beta).map(|(column, b)| b * column[t]).sum()
    }
}

/// Regresses `y` on the columns' first `y.len()` rows. Column 0, the intercept, is not shrunk; column `trend` stays out
/// where the errors carry the level themselves.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn estimate(x: &[Vec<f64>], y: &[f64], trend: usize, control: &Control) -> Result<Estimate, Cancelled> {
    let mut best = autoregressive(x, y, control)?;
    for alpha in ALPHAS {
        control.check()?;
        let errors = Errors::Level(alpha);
        let whiten = |k: usize| if k == trend { vec![0.0; y.len()] } else { errors.shocks(&x[k][..y.len()]) };
        let columns: Vec<Vec<f64>> = (0..x.len()).map(whiten).collect();
        let ridge = Sums::new(&columns, &errors.shocks(y), control)?.best(0.0);
        let found = finish(ridge, errors, y.len());
        if found.loglik > best.loglik {
            best = found;
        }
    }
    Ok(best)
}

fn autoregressive(x: &[Vec<f64>], y: &[f64], control: &Control) -> Result<Estimate, Cancelled> {
    let sums = Sums::new(x, y, control)?;
    let mut phi = 0.0;
    let mut best = sums.best(phi);
    for _ in 0..ROUNDS {
        control.check()?;
        let next = autoregression(x, y, &best.beta).clamp(-LARGEST_PHI, LARGEST_PHI);
        if (next - phi).abs() < SETTLED {
            break;
        }
        phi = next;
        best = sums.best(phi);
    }
    Ok(finish(best, Errors::Autoregressive(phi), y.len()))
}

fn finish(best: Ridge, errors: Errors, n: usize) -> Estimate {
    let n = n as f64;
    let free = (n - best.trace - 1.0).max(1.0);
    let sigma = (best.rss / free).sqrt();
    let error = best.diagonal.iter().map(|d| sigma * d.max(0.0).sqrt()).collect();
    // Residuals of a perfect fit are rounding; relative to a variance of 1.
    let likelihood = -0.5 * n * (best.rss / n).max(1e-20).ln();
    let loglik = match errors {
        Errors::Autoregressive(phi) => likelihood + 0.5 * (1.0 - phi * phi).ln(),
        Errors::Level(_) => likelihood,
    };
    Estimate { beta: best.beta, error, errors, ridge: best.strength, sigma, loglik }
}

/// `Σ e[t]·e[t−1] / Σ e[t−1]²` of the residuals; 0 when there are none.
fn autoregression(x: &[Vec<f64>], y: &[f64], beta: &[f64]) -> f64 {
    let mut residuals = y.to_vec();
    for (column, b) in x.iter().zip(beta) {
        for (r, v) in residuals.iter_mut().zip(column) {
            *r -= b * v;
        }
    }
    let n = residuals.len();
    let below = dot(&residuals[..n - 1], &residuals[..n - 1]);
    if below <= f64::EPSILON * n as f64 * 1e-6 { 0.0 } else { dot(&residuals[1..], &residuals[..n - 1]) / below }
}

/// Cross products of the columns and, as the last one, of `y`.
struct Sums {
    /// `Σ a[t]·b[t]`.
    same: Vec<Vec<f64>>,
    /// `Σ a[t]·b[t−1] + a[t−1]·b[t]`.
    lagged: Vec<Vec<f64>>,
    first: Vec<f64>,
    last: Vec<f64>,
    n: usize,
}

/// A ridge regression.
struct Ridge {
    beta: Vec<f64>,
    /// Diagonal of the inverse of the penalised cross products.
    diagonal: Vec<f64>,
    rss: f64,
    /// Effective number of parameters: the trace of the hat matrix.
    trace: f64,
    strength: f64,
}

impl Sums {
    fn new(x: &[Vec<f64>], y: &[f64], control: &Control) -> Result<Self, Cancelled> {
        let n = y.len();
        let columns: Vec<&[f64]> = x.iter().map(|c| &c[..n]).chain([y]).collect();
        let size = columns.len();
        let (mut same, mut lagged) = (vec![vec![0.0; size]; size], vec![vec![0.0; size]; size]);
        for i in 0..size {
            control.check()?;
            for j in 0..=i {
                let (a, b) = (columns[i], columns[j]);
                same[i][j] = dot(a, b);
                lagged[i][j] = dot(&a[1..], &b[..n - 1]) + dot(&a[..n - 1], &b[1..]);
                (same[j][i], lagged[j][i]) = (same[i][j], lagged[i][j]);
            }
        }
        let ends = |t: usize| columns.iter().map(|c| c[t]).collect();
        Ok(Self { same, lagged, first: ends(0), last: ends(n - 1), n })
    }

    /// Cross products of whitened columns `i` and `j`.
    fn whitened(&self, i: usize, j: usize, phi: f64) -> f64 {
        let square = phi * phi;
        let ends = self.first[i] * self.first[j] + self.last[i] * self.last[j];
        (1.0 + square) * self.same[i][j] - phi * self.lagged[i][j] - square * ends
    }

    /// The ridge with the smallest generalised cross-validation error (Golub, Heath & Wahba 1979, Technometrics 21).
    fn best(&self, phi: f64) -> Ridge {
        let size = self.same.len();
        let table: Vec<Vec<f64>> = (0..size).map(|i| (0..size).map(|j| self.whitened(i, j, phi)).collect()).collect();
        let n = self.n as f64;
        let mut best: Option<(f64, Ridge)> = None;
        for ridge in RIDGES {
            let Some(found) = solve(&table, ridge * n) else { continue };
            let left = 1.0 - CAUTION * found.trace / n;
            let score = if left > 0.0 { found.rss / (left * left) } else { f64::INFINITY };
            if best.as_ref().is_none_or(|(lowest, _)| score < *lowest) {
                best = Some((score, Ridge { strength: ridge, ..found }));
            }
        }
        let columns = size - 1;
        let nothing = || Ridge {
            beta: vec![0.0; columns],
            diagonal: vec![0.0; columns],
            rss: table[columns][columns].max(0.0),
            trace: 0.0,
            strength: 1.0,
        };
        best.map_or_else(nothing, |(_, ridge)| ridge)
    }
}

/// Solves `(X'X + λD)β = X'y`, `D` the identity but for the intercept; the table holds `y` as its last column. `None`
/// when it can't be factored.
fn solve(table: &[Vec<f64>], lambda: f64) -> Option<Ridge> {
    let p = table.len() - 1;
    let penalty = |i: usize| if i == 0 { 0.0 } else { lambda };
    // Cholesky: lower triangle, row by row.
    let mut l = vec![vec![0.0; p]; p];
    for i in 0..p {
        for j in 0..=i {
            let sum = table[i][j] - dot(&l[i][..j], &l[j][..j]);
            if i == j {
                let pivot = sum + penalty(i);
                if pivot.is_nan() || pivot <= 0.0 {
                    return None;
                }
                l[i][i] = pivot.sqrt();
            } else {
                l[i][j] = sum / l[j][j];
            }
        }
    }
    let right: Vec<f64> = (0..p).map(|i| table[i][p]).collect();
    let mut beta = right.clone();
    for i in 0..p {
        beta[i] = (beta[i] - dot(&l[i][..i], &beta[..i])) / l[i][i];
    }
    for i in (0..p).rev() {
        let above: f64 = (i + 1..p).map(|k| l[k][i] * beta[k]).sum();
        beta[i] = (beta[i] - above) / l[i][i];
    }
    let diagonal = inverse_diagonal(&l);
    let shrunk: f64 = (1..p).map(|i| lambda * beta[i] * beta[i]).sum();
    let rss = (table[p][p] - dot(&right, &beta) - shrunk).max(0.0);
    let trace = p as f64 - lambda * diagonal[1..].iter().sum::<f64>();
    let sound = beta.iter().chain(&diagonal).all(|v| v.is_finite());
    sound.then_some(Ridge { beta, diagonal, rss, trace, strength: 0.0 })
}

/// Diagonal of `(LL')⁻¹`: the squared columns of `L⁻¹`.
fn inverse_diagonal(l: &[Vec<f64>]) -> Vec<f64> {
    let p = l.len();
    let mut diagonal = vec![0.0; p];
    let mut column = vec![0.0; p];
    for (k, sum) in diagonal.iter_mut().enumerate() {
        column[k] = 1.0 / l[k][k];
        for i in k + 1..p {
            column[i] = -dot(&l[i][k..i], &column[k..i]) / l[i][i];
        }
        *sum = dot(&column[k..], &column[k..]);
    }
    diagonal
}
