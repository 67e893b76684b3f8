//! Nonlinear least squares without bounds: Levenberg–Marquardt with Marquardt's scaling (Marquardt 1963, *An algorithm for
//! least-squares estimation of nonlinear parameters*, SIAM J. Appl. Math. 11) and forward differences. Deterministic; every
//! loop has a limit.

use crate::control::{Cancelled, Control};
use crate::forecast::least_squares::{cholesky, dot};

/// Step of the forward differences: arguments are inverse hyperbolic tangents, of order one.
const STEP: f64 = 1e-6;
/// Longest move of one coordinate in an iteration; the hyperbolic tangent is flat beyond ±3.
const LONGEST: f64 = 1.5;
/// Share of the largest squared slope below which a coordinate is flat: the hyperbolic tangent beyond ±4.
const FLAT: f64 = 1e-6;
/// Most attempts to find a damping under which a step improves.
const ATTEMPTS: usize = 8;
/// Damping at the start, and the least.
const DAMPING: f64 = 1e-3;
const LEAST_DAMPING: f64 = 1e-10;

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// Iterations at most.
    pub(super) iterations: usize,
    /// Smallest relative decrease of the sum worth another iteration.
    pub(super) decrease: f64,
}

/// Where the search ended.
#[derive(Debug, Clone)]
pub(super) struct Minimum {
    /// The argument.
    pub(super) x: Vec<f64>,
    /// The sum of squares there; infinite when the function had no value at the start.
    pub(super) value: f64,
}

/// Minimises the sum of `count` squares. `f(x, residuals)` fills the residuals and returns the sum of their squares,
/// infinity where it has no value.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn minimise(
    f: &mut dyn FnMut(&[f64], &mut [f64]) -> f64,
    start: Vec<f64>,
    count: usize,
    stop: Stop,
    control: &Control,
) -> Result<Minimum, Cancelled> {
    let k = start.len();
    let mut r = vec![0.0; count];
    let mut now = Minimum { value: f(&start, &mut r), x: start };
    if k == 0 || !now.value.is_finite() || now.value <= 0.0 {
        return Ok(now);
    }
    let mut columns = vec![vec![0.0; count]; k];
    let mut trial = vec![0.0; count];
    let (mut damping, mut settled) = (DAMPING, 0);
    for _ in 0..stop.iterations {
        control.check()?;
        differentiate(f, &now.x, &r, &mut columns);
        let gradient: Vec<f64> = columns.iter().map(|c| dot(c, &r)).collect();
        let normal = products(&columns);
        let mut improved = false;
        for _ in 0..ATTEMPTS {
            let step = damped(&normal, &gradient, damping);
            if let Some(step) = step {
                let x: Vec<f64> = now.x.iter().zip(&step).map(|(x, d)| x + d).collect();
                let value = f(&x, &mut trial);
                if value < now.value {
                    settled = if now.value - value <= stop.decrease * now.value { settled + 1 } else { 0 };
                    (now, improved) = (Minimum { x, value }, true);
                    std::mem::swap(&mut r, &mut trial);
                    damping = (damping / 10.0).max(LEAST_DAMPING);
                    break;
                }
            }
            damping *= 10.0;
        }
        if !improved || settled >= 1 && stop.decrease > 1e-9 || settled >= 2 || now.value <= 0.0 {
            break;
        }
    }
    Ok(now)
}

fn differentiate(f: &mut dyn FnMut(&[f64], &mut [f64]) -> f64, x: &[f64], r: &[f64], columns: &mut [Vec<f64>]) {
    let mut at = x.to_vec();
    for (i, column) in columns.iter_mut().enumerate() {
        // Towards zero, where the hyperbolic tangent is steeper.
        let h = if x[i] > 0.0 { -STEP } else { STEP };
        at[i] = x[i] + h;
        if f(&at, column).is_finite() {
            column.iter_mut().zip(r).for_each(|(c, r)| *c = (*c - r) / h);
        } else {
            column.fill(0.0);
        }
        at[i] = x[i];
    }
}

/// The lower triangle of the columns' scalar products, row-major.
fn products(columns: &[Vec<f64>]) -> Vec<f64> {
    let k = columns.len();
    let mut normal = vec![0.0; k * k];
    for i in 0..k {
        for j in 0..=i {
            normal[i * k + j] = dot(&columns[i], &columns[j]);
        }
    }
    normal
}

fn damped(normal: &[f64], gradient: &[f64], damping: f64) -> Option<Vec<f64>> {
    let k = gradient.len();
    let largest = (0..k).map(|i| normal[i * k + i]).fold(0.0, f64::max);
    if largest.is_nan() || largest <= 0.0 {
        return None;
    }
    let mut a = normal.to_vec();
    for i in 0..k {
        a[i * k + i] += damping * a[i * k + i].max(1e-9 * largest);
    }
    let mut step: Vec<f64> = gradient.iter().map(|g| -g).collect();
    if !cholesky(&mut a, &mut step, k) {
        return None;
    }
    // On a plateau the step of a flat coordinate is long whatever it is worth; it mustn't hold back the others.
    let is_steep = |i: usize| normal[i * k + i] > FLAT * largest;
    let longest = step.iter().enumerate().filter(|(i, _)| is_steep(*i)).fold(0.0_f64, |m, (_, d)| m.max(d.abs()));
    let share = if longest > LONGEST { LONGEST / longest } else { 1.0 };
    for d in &mut step {
        *d = (*d * share).clamp(-LONGEST, LONGEST);
    }
    Some(step)
}
