//! Minimising a function of two or three variables without derivatives: the simplex of Nelder & Mead 1965, *A simplex
//! method for function minimization*, Computer Journal 7, with its usual coefficients. Deterministic.

use crate::control::{Cancelled, Control};

/// Most steps; likelihoods of two or three parameters settle in 50 to 150.
const MAX_STEPS: usize = 300;
/// Difference of the function over the simplex that counts as settled: log-likelihoods are compared to 0.01.
const SETTLED: f64 = 1e-7;
/// First edge of the simplex; arguments are logarithms and logits.
const EDGE: f64 = 0.7;

/// Variables of the largest problem.
pub(super) const MOST: usize = 3;
/// A point; what lies beyond the problem's dimension stays as it is.
pub(super) type Point = [f64; MOST];

/// The best point found from `start` in the first `dimension` variables, with its value. `f` answers infinity where it
/// has none.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn minimise(
    start: Point,
    dimension: usize,
    control: &Control,
    f: &dyn Fn(&Point) -> f64,
) -> Result<(Point, f64), Cancelled> {
    let mut corners: Vec<(Point, f64)> = vec![(start, f(&start))];
    for k in 0..dimension {
        let mut point = start;
        point[k] += EDGE;
        corners.push((point, f(&point)));
    }
    for _ in 0..MAX_STEPS {
        control.check()?;
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (best, worst) = (corners[0], corners[dimension]);
        if worst.1 - best.1 < SETTLED {
            break;
        }
        let mut centre = start;
        for (k, coordinate) in centre.iter_mut().enumerate().take(dimension) {
            *coordinate = corners[..dimension].iter().map(|c| c.0[k]).sum::<f64>() / dimension as f64;
        }
        let along = |step: f64| {
            let mut point = centre;
            for k in 0..dimension {
                point[k] += step * (worst.0[k] - centre[k]);
            }
            (point, f(&point))
        };
        let reflected = along(-1.0);
        let next = if reflected.1 < best.1 {
            let expanded = along(-2.0);
            if expanded.1 < reflected.1 { expanded } else { reflected }
        } else if reflected.1 < corners[dimension - 1].1 {
            reflected
        } else {
            let contracted = along(if reflected.1 < worst.1 { -0.5 } else { 0.5 });
            if contracted.1 >= reflected.1.min(worst.1) {
                shrink(&mut corners, dimension, f);
                continue;
            }
            contracted
        };
        corners[dimension] = next;
    }
    corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    Ok(corners[0])
}

/// Halves the way of every corner to the best.
fn shrink(corners: &mut [(Point, f64)], dimension: usize, f: &dyn Fn(&Point) -> f64) {
    let best = corners[0].0;
    for (point, value) in &mut corners[1..] {
        for k in 0..dimension {
            point[k] = best[k] + 0.5 * (point[k] - best[k]);
        }
        *value = f(point);
    }
}
