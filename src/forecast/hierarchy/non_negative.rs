//! Least squares with `x ≥ 0`: demand can't be taken back.
//!
//! The problem of Wickramasuriya, Turlach & Hyndman (2020, *Optimal non-negative forecast reconciliation*, Statistics and
//! Computing 30), solved from its dual side. With one multiplier an aggregate, the optimum is
//!
//! ```text
//! x = max(0, t(λ)),  t(λ) = ŷ_b + W_b·Aᵀ·λ,      W_a·λ + A·x = ŷ_a
//! ```
//!
//! where the last line is the gradient of `φ(λ) = ½λᵀW_aλ + ½Σ max(0, t_j)²/w_j − ŷ_aᵀλ`, strongly convex and piecewise
//! quadratic. Newton's method with step halving (Sun 1997) ends after finitely many steps; each one is an active-set
//! guess, the series with `t_j > 0`, and a system of the aggregates' size. `x` is never negative, whenever it stops.

use super::least_squares::{Projection, scale};
use crate::control::{Cancelled, Control};
use crate::forecast::least_squares::dot;

/// Most Newton steps; hierarchies of 20,000 series take about ten.
const MOST_STEPS: usize = 100;
/// Most halvings of one step.
const MOST_HALVINGS: usize = 40;
/// Share of the decrease promised by the slope that a step must bring (Armijo).
const ENOUGH: f64 = 1e-4;
/// Gradient, relative to the right-hand side, at which nothing more is gained.
const SETTLED: f64 = 1e-12;

/// The reconciled bottom series of one step, none of them negative.
///
/// # Errors
/// [`Cancelled`].
pub(super) fn solve(
    projection: &Projection<'_>,
    aggregates: &[f64],
    bottom: &[f64],
    control: &Control,
) -> Result<Vec<f64>, Cancelled> {
    let scale = scale(aggregates, bottom);
    let scaled = |values: &[f64]| values.iter().map(|v| v / scale).collect::<Vec<f64>>();
    let dual = Dual { projection, aggregates: scaled(aggregates), bottom: scaled(bottom) };
    // Without a negative value this is the answer already.
    let lambda = projection.multipliers(aggregates, bottom, scale, control)?;
    let mut at = dual.point(lambda);
    let settled = SETTLED * (1.0 + dot(&dual.aggregates, &dual.aggregates).sqrt());
    for _ in 0..MOST_STEPS {
        control.check()?;
        if dot(&at.gradient, &at.gradient).sqrt() <= settled {
            break;
        }
        let free: Vec<f64> =
            at.t.iter().zip(&projection.of_bottom).map(|(t, w)| if *t > 0.0 { *w } else { 0.0 }).collect();
        let direction = projection.conjugate_gradients(&free, &at.gradient, control)?;
        match dual.descend(&at, &direction) {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(at.t.iter().map(|t| scale * t.max(0.0)).collect())
}

/// The dual problem of one step.
struct Dual<'a> {
    projection: &'a Projection<'a>,
    aggregates: Vec<f64>,
    bottom: Vec<f64>,
}

/// A point of the dual problem.
struct Point {
    lambda: Vec<f64>,
    t: Vec<f64>,
    gradient: Vec<f64>,
    value: f64,
}

impl Dual<'_> {
    fn point(&self, lambda: Vec<f64>) -> Point {
        let (w_a, w_b) = (&self.projection.of_aggregates, &self.projection.of_bottom);
        let mut t = vec![0.0; self.bottom.len()];
        self.projection.hierarchy.scatter(&lambda, &mut t);
        t.iter_mut().zip(w_b).zip(&self.bottom).for_each(|((t, w), y)| *t = y + w * *t);
        let x: Vec<f64> = t.iter().map(|t| t.max(0.0)).collect();
        let mut gradient = vec![0.0; lambda.len()];
        self.projection.hierarchy.gather(&x, &mut gradient);
        for ((g, w), (l, y)) in gradient.iter_mut().zip(w_a).zip(lambda.iter().zip(&self.aggregates)) {
            *g += w * l - y;
        }
        let of_lambda: f64 =
            lambda.iter().zip(w_a).zip(&self.aggregates).map(|((l, w), y)| l * (0.5 * w * l - y)).sum();
        let of_x: f64 = x.iter().zip(w_b).map(|(x, w)| 0.5 * x * x / w).sum();
        Point { value: of_lambda + of_x, lambda, t, gradient }
    }

    /// The point after a step against `direction`, halved until the value falls enough; `None` when it never does.
    fn descend(&self, at: &Point, direction: &[f64]) -> Option<Point> {
        let slope = dot(&at.gradient, direction);
        // Below this the value is rounding noise: a smaller gradient decides.
        let noise = 1e-14 * at.value.abs();
        let mut step = 1.0;
        for _ in 0..MOST_HALVINGS {
            let lambda = at.lambda.iter().zip(direction).map(|(l, d)| l - step * d).collect();
            let next = self.point(lambda);
            let fallen = next.value <= at.value - ENOUGH * step * slope;
            let flat = next.value <= at.value + noise && norm(&next.gradient) < 0.5 * norm(&at.gradient);
            if fallen || flat {
                return Some(next);
            }
            step *= 0.5;
        }
        None
    }
}

fn norm(v: &[f64]) -> f64 {
    dot(v, v).sqrt()
}
