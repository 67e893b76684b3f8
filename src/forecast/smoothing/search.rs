//! Maximum likelihood for one form from one starting point: Levenberg–Marquardt in a box, on exact derivatives.
//!
//! Marquardt's scaling (Marquardt 1963, *An algorithm for least-squares estimation of nonlinear parameters*, SIAM J.
//! Appl. Math. 11), bounds by projection: a variable at its bound whose gradient points outwards is held. Deterministic.

use super::form::Form;
use super::point::{Point, Prior};
use super::state::{State, run};
use super::tangent::{BETA, Normal, normal};
use crate::control::{Cancelled, Control};
use crate::forecast::least_squares::cholesky;

/// Most attempts to find a damping under which a step improves.
const ATTEMPTS: usize = 10;
/// Damping at the start, and at the end of its range.
const DAMPING: f64 = 1e-3;
const LEAST_DAMPING: f64 = 1e-12;

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// Most accepted steps.
    pub(super) steps: usize,
    /// Relative improvement below which two steps in a row mean "settled".
    pub(super) settled: f64,
}

/// Enough to rank forms: AICc errs by about n times the improvement.
pub(super) const RANKING: Stop = Stop { steps: 25, settled: 1e-4 };
/// To the optimum: log-likelihood to about 1e-7.
pub(super) const FINAL: Stop = Stop { steps: 200, settled: 1e-10 };

/// Moves `point` to a (local) optimum of likelihood times prior and returns its value of [`run`], the prior left out;
/// infinite when the model can't start there.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn climb(
    form: Form,
    point: &mut Point,
    y: &[f64],
    (prior, stop): (Prior, Stop),
    control: &Control,
) -> Result<f64, Cancelled> {
    let n = y.len() as f64;
    let weight = |point: &Point| (point.penalty(prior).0 / n).exp();
    let mut state = point.blank_state();
    let value_at = |point: &Point, state: &mut State| {
        point.write_state(form, state);
        run(form, point.weights(form), state, y, &mut []) * weight(point)
    };
    let mut best = value_at(point, &mut state);
    if !best.is_finite() {
        return Ok(f64::INFINITY);
    }
    let (mut damping, mut settled) = (DAMPING, 0);
    let mut trial = point.clone();
    for _ in 0..stop.steps {
        control.check()?;
        if best <= 0.0 {
            break;
        }
        point.write_state(form, &mut state);
        let mut equations = normal(form, point.weights(form), &mut state, y, point.free_seasons());
        point.chain(form, &mut equations);
        let slope = point.penalty(prior).1 / (2.0 * n);
        add_prior(&mut equations, best / weight(point), slope);
        let keep = point.movable(&equations.gradient);
        if keep.is_empty() {
            break;
        }
        let mut improved = false;
        for _ in 0..ATTEMPTS {
            let Some(step) = damped_step(&equations.matrix, &equations.gradient, &keep, damping) else {
                damping *= 10.0;
                continue;
            };
            trial.values.copy_from_slice(&point.values);
            for (&k, d) in keep.iter().zip(&step) {
                trial.values[k] = (point.values[k] + d).clamp(point.lower[k], point.upper[k]);
            }
            let value = value_at(&trial, &mut state);
            if value < best {
                settled = if best - value <= stop.settled * best { settled + 1 } else { 0 };
                (best, improved) = (value, true);
                std::mem::swap(&mut point.values, &mut trial.values);
                damping = (damping / 10.0).max(LEAST_DAMPING);
                break;
            }
            damping *= 10.0;
        }
        if !improved || settled >= 2 {
            break;
        }
    }
    Ok(best / weight(point))
}

/// The prior multiplies V by `exp(penalty/n)`, hence every residual by its root, whose logarithm has this slope along β's
/// share; `sum` is V.
fn add_prior(equations: &mut Normal, sum: f64, slope: f64) {
    let count = equations.gradient.len();
    if slope == 0.0 {
        return;
    }
    for k in 0..count {
        let product = slope * equations.gradient[k];
        equations.matrix[BETA * count + k] += product;
        equations.matrix[k * count + BETA] += product;
    }
    equations.matrix[BETA * count + BETA] += sum * slope * slope;
    equations.gradient[BETA] += sum * slope;
}

/// Solves `(A + λ·diag A)·step = −gradient` over the kept variables; `None` when the matrix isn't positive definite.
fn damped_step(matrix: &[f64], gradient: &[f64], keep: &[usize], damping: f64) -> Option<Vec<f64>> {
    let (count, n) = (gradient.len(), keep.len());
    let largest = keep.iter().map(|&k| matrix[k * count + k]).fold(0.0, f64::max);
    if largest.is_nan() || largest <= 0.0 {
        return None;
    }
    let mut a = vec![0.0; n * n];
    for (i, &p) in keep.iter().enumerate() {
        for (j, &q) in keep.iter().enumerate().take(i + 1) {
            a[i * n + j] = matrix[p * count + q];
        }
        a[i * n + i] += damping * a[i * n + i].max(1e-12 * largest);
    }
    let mut step: Vec<f64> = keep.iter().map(|&k| -gradient[k]).collect();
    cholesky(&mut a, &mut step, n).then_some(step)
}
