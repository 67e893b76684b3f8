//! Least squares without the big matrix.
//!
//! `min (ŷ − S·x)ᵀ W⁻¹ (ŷ − S·x)` with `S = [A; I]` and `W = diag(W_a, W_b)` has the solution (Wickramasuriya,
//! Athanasopoulos & Hyndman 2019, *Optimal forecast reconciliation …*, JASA 114, the equivalent form of theorem 1)
//!
//! ```text
//! x = ŷ_b + W_b·Aᵀ·λ,      (W_a + A·W_b·Aᵀ)·λ = ŷ_a − A·ŷ_b
//! ```
//!
//! a system of the size of the *aggregates*, symmetric and positive definite. It is solved by conjugate gradients with
//! the diagonal as preconditioner (Hestenes & Stiefel 1952), so that only sums over members are needed. The right-hand
//! side is how far the base forecasts are from adding up; where it is zero nothing moves.

use super::choice::Weights;
use super::structure::Hierarchy;
use super::{ReconcileError, sums};
use crate::control::{Cancelled, Control};
use crate::forecast::least_squares::dot;
use crate::text;

/// Residual, relative to the right-hand side, at which the system counts as solved.
const SOLVED: f64 = 1e-13;
/// Most steps of conjugate gradients: in exact arithmetic as many as there are aggregates; twice that and this many more
/// make up for rounding.
const MORE_STEPS: usize = 100;
/// And never more than this.
const MOST_STEPS: usize = 20_000;
/// Variances below this share of the largest count as this share: a series that fitted perfectly is not infallible, and
/// the system stays solvable.
const SMALLEST_VARIANCE: f64 = 1e-8;

/// A hierarchy with its weights, ready to reconcile one step after the other.
pub(super) struct Projection<'a> {
    pub(super) hierarchy: &'a Hierarchy,
    /// Diagonal of `W_a`, one entry an aggregate.
    pub(super) of_aggregates: Vec<f64>,
    /// Diagonal of `W_b`, one entry a bottom series.
    pub(super) of_bottom: Vec<f64>,
}

impl<'a> Projection<'a> {
    /// # Errors
    /// [`ReconcileError::Refused`] when variances are asked for and there are none.
    pub(super) fn new(hierarchy: &'a Hierarchy, weights: Weights, variances: &[f64]) -> Result<Self, ReconcileError> {
        let (nodes, bottom) = (hierarchy.nodes().count(), hierarchy.bottom());
        let (of_aggregates, of_bottom) = match weights {
            Weights::Equal => (vec![1.0; nodes], vec![1.0; bottom]),
            Weights::Structural => {
                let counts = sums(hierarchy, &vec![vec![1.0]; bottom], 1);
                (counts.into_iter().flatten().collect(), vec![1.0; bottom])
            }
            Weights::Variance => {
                let sound = variances.len() == nodes + bottom && variances.iter().all(|v| v.is_finite() && *v >= 0.0);
                if !sound {
                    return Err(ReconcileError::Refused(text!(
                        "Weights by variance need the error variance of every series and group",
                        "按方差加权需要每个序列和分组的误差方差"
                    )));
                }
                let largest = variances.iter().copied().fold(0.0, f64::max);
                // Only ratios matter: scaled to at most 1.
                let scaled = |v: &f64| if largest > 0.0 { (v / largest).max(SMALLEST_VARIANCE) } else { 1.0 };
                let (a, b) = variances.split_at(nodes);
                (a.iter().map(scaled).collect(), b.iter().map(scaled).collect())
            }
        };
        Ok(Self { hierarchy, of_aggregates, of_bottom })
    }

    /// The reconciled bottom series of one step.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(super) fn solve(&self, aggregates: &[f64], bottom: &[f64], control: &Control) -> Result<Vec<f64>, Cancelled> {
        let scale = scale(aggregates, bottom);
        let lambda = self.multipliers(aggregates, bottom, scale, control)?;
        let mut x = vec![0.0; bottom.len()];
        self.hierarchy.scatter(&lambda, &mut x);
        let moved = x.iter().zip(&self.of_bottom).zip(bottom);
        Ok(moved.map(|((v, w), y)| y + scale * w * v).collect())
    }

    /// `λ` of one step whose numbers are divided by `scale` first.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(super) fn multipliers(
        &self,
        aggregates: &[f64],
        bottom: &[f64],
        scale: f64,
        control: &Control,
    ) -> Result<Vec<f64>, Cancelled> {
        let mut gap = vec![0.0; aggregates.len()];
        self.hierarchy.gather(bottom, &mut gap);
        gap.iter_mut().zip(aggregates).for_each(|(sum, y)| *sum = (y - *sum) / scale);
        self.conjugate_gradients(&self.of_bottom, &gap, control)
    }

    /// Solves `(W_a + A·diag(d)·Aᵀ)·λ = right`.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(super) fn conjugate_gradients(
        &self,
        d: &[f64],
        right: &[f64],
        control: &Control,
    ) -> Result<Vec<f64>, Cancelled> {
        let n = right.len();
        let mut solution = vec![0.0; n];
        let goal = SOLVED * dot(right, right).sqrt();
        if goal == 0.0 {
            return Ok(solution);
        }
        let mut diagonal = vec![0.0; n];
        self.hierarchy.gather(d, &mut diagonal);
        diagonal.iter_mut().zip(&self.of_aggregates).for_each(|(sum, w)| *sum += w);
        let mut spread = vec![0.0; d.len()];
        let (mut image, mut residual) = (vec![0.0; n], right.to_vec());
        let mut weighted: Vec<f64> = residual.iter().zip(&diagonal).map(|(r, m)| r / m).collect();
        let mut direction = weighted.clone();
        let mut energy = dot(&residual, &weighted);
        for _ in 0..(2 * n + MORE_STEPS).min(MOST_STEPS) {
            control.check()?;
            self.hierarchy.scatter(&direction, &mut spread);
            spread.iter_mut().zip(d).for_each(|(v, d)| *v *= d);
            self.hierarchy.gather(&spread, &mut image);
            image.iter_mut().zip(&self.of_aggregates).zip(&direction).for_each(|((q, w), p)| *q += w * p);
            let curvature = dot(&direction, &image);
            if curvature.is_nan() || curvature <= 0.0 {
                break;
            }
            let step = energy / curvature;
            solution.iter_mut().zip(&direction).for_each(|(x, p)| *x += step * p);
            residual.iter_mut().zip(&image).for_each(|(r, q)| *r -= step * q);
            if dot(&residual, &residual).sqrt() <= goal {
                break;
            }
            weighted.iter_mut().zip(&residual).zip(&diagonal).for_each(|((z, r), m)| *z = r / m);
            let next = dot(&residual, &weighted);
            let turn = next / energy;
            energy = next;
            direction.iter_mut().zip(&weighted).for_each(|(p, z)| *p = z + turn * *p);
        }
        Ok(solution)
    }
}

/// The largest number, so that squares neither overflow nor vanish; 1 when all are zero.
pub(super) fn scale(aggregates: &[f64], bottom: &[f64]) -> f64 {
    let largest = aggregates.iter().chain(bottom).fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest > 0.0 { largest } else { 1.0 }
}
