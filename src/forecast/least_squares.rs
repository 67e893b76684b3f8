//! Nonlinear least squares in a box: what every smoothing model is estimated with.
//!
//! Levenberg–Marquardt with Marquardt's scaling (Marquardt 1963, *An algorithm for least-squares estimation of
//! nonlinear parameters*, SIAM J. Appl. Math. 11), forward differences, and bounds by projection: a variable at its
//! bound whose gradient points outwards is held. With additive errors the smallest sum of squares is the largest
//! Gaussian likelihood, and initial states enter (almost) linearly, so a few steps solve them exactly. Deterministic.

use crate::control::{Cancelled, Control};

/// Most accepted steps; smoothing models settle in 5 to 30.
const MAX_STEPS: usize = 80;
/// Most attempts to find a damping under which a step improves.
const MAX_ATTEMPTS: usize = 12;
/// Relative improvement of the sum of squares below which two steps in a row mean "settled".
const SETTLED: f64 = 1e-11;
/// Step of the forward difference, relative to the variable (or to 0.1 when it is smaller).
const DIFFERENCE: f64 = 1e-7;

/// A vector between bounds; a variable whose bounds coincide is fixed.
#[derive(Debug, Clone)]
pub(crate) struct Boxed {
    /// Where the search starts and, after it, where it ended.
    pub(crate) x: Vec<f64>,
    /// Smallest allowed values.
    pub(crate) lower: Vec<f64>,
    /// Largest allowed values.
    pub(crate) upper: Vec<f64>,
}

impl Boxed {
    /// Number of variables that are not fixed.
    pub(crate) fn free(&self) -> usize {
        self.lower.iter().zip(&self.upper).filter(|(l, u)| u > l).count()
    }
}

/// Moves `point.x` to a (local) minimum of the sum of squares and returns that sum.
///
/// `residuals(x, out)` fills `out` and returns the sum of squares, not finite where `x` makes no sense.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(crate) fn minimise(
    point: &mut Boxed,
    count: usize,
    control: &Control,
    residuals: &mut dyn FnMut(&[f64], &mut [f64]) -> f64,
) -> Result<f64, Cancelled> {
    let mut r = vec![0.0; count];
    let mut trial_r = vec![0.0; count];
    let mut best = residuals(&point.x, &mut r);
    if !best.is_finite() {
        return Ok(f64::INFINITY);
    }
    let (mut damping, mut settled) = (1e-3, 0);
    for _ in 0..MAX_STEPS {
        control.check()?;
        let free = movable(point);
        let columns = jacobian(point, &free, &r, &mut trial_r, residuals);
        let gradient: Vec<f64> = columns.iter().map(|c| dot(c, &r)).collect();
        let held: Vec<bool> = free.iter().zip(&gradient).map(|(&k, &g)| is_held(point, k, g)).collect();
        let keep: Vec<usize> = (0..free.len()).filter(|&k| !held[k]).collect();
        if keep.is_empty() {
            break;
        }
        let normal = normal_matrix(&columns, &keep);
        let mut improved = false;
        for _ in 0..MAX_ATTEMPTS {
            let Some(step) = damped_step(&normal, &keep, &gradient, damping) else {
                damping *= 10.0;
                continue;
            };
            let mut x = point.x.clone();
            for (&k, d) in keep.iter().zip(&step) {
                let v = free[k];
                x[v] = (x[v] + d).clamp(point.lower[v], point.upper[v]);
            }
            let sum = residuals(&x, &mut trial_r);
            if sum < best {
                settled = if best - sum <= SETTLED * best { settled + 1 } else { 0 };
                (point.x, best, improved) = (x, sum, true);
                std::mem::swap(&mut r, &mut trial_r);
                damping = (damping / 10.0).max(1e-12);
                break;
            }
            damping *= 10.0;
        }
        if !improved || settled >= 2 || best == 0.0 {
            break;
        }
    }
    Ok(best)
}

fn movable(point: &Boxed) -> Vec<usize> {
    (0..point.x.len()).filter(|&k| point.upper[k] > point.lower[k]).collect()
}

fn is_held(point: &Boxed, k: usize, gradient: f64) -> bool {
    (point.x[k] <= point.lower[k] && gradient > 0.0) || (point.x[k] >= point.upper[k] && gradient < 0.0)
}

fn jacobian(
    point: &Boxed,
    free: &[usize],
    r: &[f64],
    scratch: &mut [f64],
    residuals: &mut dyn FnMut(&[f64], &mut [f64]) -> f64,
) -> Vec<Vec<f64>> {
    let mut x = point.x.clone();
    let mut column = |&k: &usize| {
        let mut h = DIFFERENCE * x[k].abs().max(0.1);
        if x[k] + h > point.upper[k] {
            h = -h;
        }
        let old = x[k];
        x[k] += h;
        let h = x[k] - old;
        let sum = residuals(&x, scratch);
        x[k] = old;
        if sum.is_finite() { scratch.iter().zip(r).map(|(a, b)| (a - b) / h).collect() } else { vec![0.0; r.len()] }
    };
    free.iter().map(&mut column).collect()
}

fn normal_matrix(columns: &[Vec<f64>], keep: &[usize]) -> Vec<Vec<f64>> {
    let mut a = vec![vec![0.0; keep.len()]; keep.len()];
    for (i, &p) in keep.iter().enumerate() {
        for (j, &q) in keep.iter().enumerate().take(i + 1) {
            a[i][j] = dot(&columns[p], &columns[q]);
            a[j][i] = a[i][j];
        }
    }
    a
}

fn damped_step(normal: &[Vec<f64>], keep: &[usize], gradient: &[f64], damping: f64) -> Option<Vec<f64>> {
    let largest = (0..keep.len()).map(|i| normal[i][i]).fold(0.0, f64::max);
    if largest <= 0.0 {
        return None;
    }
    let mut a = normal.to_vec();
    for (i, row) in a.iter_mut().enumerate() {
        row[i] += damping * row[i].max(1e-12 * largest);
    }
    let b: Vec<f64> = keep.iter().map(|&k| -gradient[k]).collect();
    solve(a, b)
}

/// Solves a symmetric positive definite system by Cholesky's factorisation; `None` when it isn't one.
pub(crate) fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Option<Vec<f64>> {
    let n = b.len();
    for j in 0..n {
        let pivot = a[j][j] - (0..j).map(|k| a[j][k] * a[j][k]).sum::<f64>();
        if pivot.is_nan() || pivot <= 0.0 {
            return None;
        }
        let root = pivot.sqrt();
        a[j][j] = root;
        for i in j + 1..n {
            a[i][j] = (a[i][j] - (0..j).map(|k| a[i][k] * a[j][k]).sum::<f64>()) / root;
        }
    }
    for i in 0..n {
        b[i] = (b[i] - (0..i).map(|k| a[i][k] * b[k]).sum::<f64>()) / a[i][i];
    }
    for i in (0..n).rev() {
        b[i] = (b[i] - (i + 1..n).map(|k| a[k][i] * b[k]).sum::<f64>()) / a[i][i];
    }
    b.iter().all(|v| v.is_finite()).then_some(b)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
