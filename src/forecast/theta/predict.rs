//! One-step and later forecasts of an estimated model, and how far they missed in the history.

use super::estimate::Point;
use super::line::{Kind, Line, Tip};

/// Latest origins that multi-step misses are gathered from; more would change nothing but the time.
const ORIGINS: usize = 400;
/// Values seen before a multi-step miss counts: a line through fewer is noise.
const SEEN: usize = 3;
/// Fewest misses that say something about a step.
const FEWEST_MISSES: usize = 4;

/// One-step forecasts of the history.
pub(super) fn fitted(u: &[f64], line: &Line, point: &Point) -> Vec<f64> {
    let mut walk = Walk { alpha: point.alpha, omega: point.omega, level: point.start, decay: 1.0 };
    let known = line.intercepts.iter().zip(&line.slopes);
    u.iter()
        .zip(known)
        .map(|(value, (a, b))| {
            let forecast = walk.forecast(*a, *b);
            walk.take(*value);
            forecast
        })
        .collect()
}

/// The next `horizon` forecasts, each taken for the value that comes.
pub(super) fn mean(line: &Line, point: &Point, horizon: usize) -> Vec<f64> {
    let walk = Walk { alpha: point.alpha, omega: point.omega, level: point.level, decay: point.decay };
    walk.ahead(line.kind, line.tip, horizon)
}

/// What a shock in the next value does to it and to the forecasts after it, `ψ[0] = 1`: `ψ[j] = α` above a fixed line.
/// Above a moving one later shocks weigh almost alike, because the line has hardly grown; they are taken as equal.
pub(super) fn response(line: &Line, point: &Point, horizon: usize) -> Vec<f64> {
    let decay = point.decay * (1.0 - point.alpha);
    let walk = Walk { alpha: point.alpha, omega: point.omega, level: point.alpha, decay };
    let mut psi = walk.ahead(line.kind, line.response(), horizon.saturating_sub(1));
    psi.insert(0, 1.0);
    psi
}

/// Mean squared miss per step of the forecasts made within the history, `None` where there are too few. From each origin
/// the forecast is carried on along the line known there, exact above a fixed line and close above a moving one.
pub(super) fn misses(u: &[f64], line: &Line, point: &Point, horizon: usize) -> Vec<Option<f64>> {
    let n = u.len();
    let mut squares = vec![0.0; horizon];
    let from = SEEN.max(n.saturating_sub(ORIGINS));
    let mut walk = Walk { alpha: point.alpha, omega: point.omega, level: point.start, decay: 1.0 };
    for t in 0..n {
        let (a, b) = (line.intercepts[t], line.slopes[t]);
        if t >= from {
            let next = walk.forecast(a, b);
            for (j, (square, value)) in squares.iter_mut().zip(&u[t..]).enumerate() {
                *square += (value - next - point.omega * b * j as f64).powi(2);
            }
        }
        walk.take(u[t]);
    }
    let count = |j: usize| n.saturating_sub(from + j);
    let average = |(j, s): (usize, f64)| (count(j) >= FEWEST_MISSES).then(|| s / count(j) as f64);
    squares.into_iter().enumerate().map(average).collect()
}

/// The model's recursion.
#[derive(Clone, Copy)]
struct Walk {
    alpha: f64,
    omega: f64,
    level: f64,
    decay: f64,
}

impl Walk {
    /// `ℓ + ω·((1−α)^t·A + (1 − (1−α)^(t+1))/α·B)`.
    fn forecast(&self, intercept: f64, slope: f64) -> f64 {
        let next = self.decay * (1.0 - self.alpha);
        self.level + self.omega * (self.decay * intercept + (1.0 - next) / self.alpha * slope)
    }

    fn take(&mut self, value: f64) {
        self.level += self.alpha * (value - self.level);
        self.decay *= 1.0 - self.alpha;
    }

    fn ahead(mut self, kind: Kind, mut tip: Tip, horizon: usize) -> Vec<f64> {
        let step = |_| {
            let value = self.forecast(tip.intercept, tip.slope);
            self.take(value);
            if kind == Kind::Moving {
                tip.push(value);
            }
            value
        };
        (0..horizon).map(step).collect()
    }
}
