//! Minimising a smooth function without constraints: BFGS (Nocedal & Wright 2006, *Numerical Optimization*, §6.1)
//! with central differences and a backtracking line search. Deterministic; every loop has a limit.

use crate::control::{Cancelled, Control};

/// Step of the central differences: the cube root of the objective's rounding error, about 1e-14.
const STEP: f64 = 2e-5;
/// Longest move of one coordinate in an iteration. Arguments are inverse hyperbolic tangents, flat beyond ±3.
const LONGEST: f64 = 1.5;
/// Share of the promised decrease that a step must keep (Armijo).
const ARMIJO: f64 = 1e-4;
/// Halvings of a step before the search gives up.
const HALVINGS: usize = 25;

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// Iterations at most.
    pub(super) iterations: usize,
    /// Smallest decrease worth another iteration.
    pub(super) decrease: f64,
    /// Largest gradient component that counts as zero.
    pub(super) gradient: f64,
}

/// Where the search ended.
#[derive(Debug, Clone)]
pub(super) struct Minimum {
    /// The argument.
    pub(super) x: Vec<f64>,
    /// The value there; infinite when the function had no value at the start.
    pub(super) value: f64,
}

/// Minimises `f`, which answers infinity where it has no value.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn minimise(
    f: &mut dyn FnMut(&[f64]) -> f64,
    start: Vec<f64>,
    stop: Stop,
    control: &Control,
) -> Result<Minimum, Cancelled> {
    let k = start.len();
    let mut now = Minimum { value: f(&start), x: start };
    if k == 0 || !now.value.is_finite() {
        return Ok(now);
    }
    let mut slope = gradient(f, &now.x);
    let mut inverse = identity(k);
    let mut fresh = true;
    for _ in 0..stop.iterations {
        control.check()?;
        if slope.iter().all(|g| g.abs() < stop.gradient) {
            break;
        }
        let direction = descent(&inverse, &slope);
        let Some(next) = search(f, &now, &slope, &direction) else {
            if fresh {
                break;
            }
            inverse = identity(k);
            fresh = true;
            continue;
        };
        let decrease = now.value - next.value;
        let next_slope = gradient(f, &next.x);
        let moved: Vec<f64> = next.x.iter().zip(&now.x).map(|(a, b)| a - b).collect();
        let turned: Vec<f64> = next_slope.iter().zip(&slope).map(|(a, b)| a - b).collect();
        update(&mut inverse, &moved, &turned, fresh);
        (now, slope) = (next, next_slope);
        if decrease < stop.decrease {
            if fresh {
                break;
            }
            inverse = identity(k);
            fresh = true;
        } else {
            fresh = false;
        }
    }
    Ok(now)
}

/// A step along `direction` that decreases enough; `None` when there is none.
fn search(f: &mut dyn FnMut(&[f64]) -> f64, now: &Minimum, slope: &[f64], direction: &[f64]) -> Option<Minimum> {
    let promised = dot(slope, direction);
    if promised.is_nan() || promised >= 0.0 {
        return None;
    }
    let longest = direction.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
    let mut step = (LONGEST / longest).min(1.0);
    for _ in 0..HALVINGS {
        let x: Vec<f64> = now.x.iter().zip(direction).map(|(x, d)| x + step * d).collect();
        let value = f(&x);
        if value <= now.value + ARMIJO * step * promised {
            return (value < now.value).then_some(Minimum { x, value });
        }
        // The parabola through value, slope and the failed value; between a tenth and a half of the step.
        let parabola = -0.5 * promised * step * step / (value - now.value - promised * step);
        step = if parabola.is_finite() { parabola.clamp(0.1 * step, 0.5 * step) } else { 0.5 * step };
    }
    None
}

fn gradient(f: &mut dyn FnMut(&[f64]) -> f64, x: &[f64]) -> Vec<f64> {
    let mut at = x.to_vec();
    (0..x.len())
        .map(|i| {
            at[i] = x[i] + STEP;
            let above = f(&at);
            at[i] = x[i] - STEP;
            let below = f(&at);
            at[i] = x[i];
            let slope = (above - below) / (2.0 * STEP);
            if slope.is_finite() { slope } else { 0.0 }
        })
        .collect()
}

/// `−H·g`.
fn descent(inverse: &[Vec<f64>], slope: &[f64]) -> Vec<f64> {
    inverse.iter().map(|row| -dot(row, slope)).collect()
}

/// The BFGS update of the inverse Hessian, skipped where curvature isn't positive.
fn update(inverse: &mut [Vec<f64>], moved: &[f64], turned: &[f64], fresh: bool) {
    let curvature = dot(moved, turned);
    if curvature.is_nan() || curvature <= 1e-12 * dot(moved, moved).sqrt() * dot(turned, turned).sqrt() {
        return;
    }
    if fresh {
        let scale = curvature / dot(turned, turned);
        for (i, row) in inverse.iter_mut().enumerate() {
            row.fill(0.0);
            row[i] = scale;
        }
    }
    let product: Vec<f64> = inverse.iter().map(|row| dot(row, turned)).collect();
    let outer = 1.0 + dot(turned, &product) / curvature;
    for i in 0..moved.len() {
        for j in 0..moved.len() {
            inverse[i][j] += (outer * moved[i] * moved[j] - moved[i] * product[j] - product[i] * moved[j]) / curvature;
        }
    }
}

fn identity(k: usize) -> Vec<Vec<f64>> {
    (0..k).map(|i| (0..k).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
