//! Smoothing parameter, start level and weight of the line by least squares.
//!
//! Given α, the one-step forecast is linear in the two others. With `r[t]` the smoothed level that starts at 0,
//! `p[t] = (1−α)^t`, and `g[t]` the line's part,
//!
//! ```text
//! u[t] = r[t] + ℓ[0]·p[t] + ω·g[t] + e[t]        g[t] = p[t]·A + (1 − p[t]·(1−α))/α·B        t = 0..n
//! ```
//!
//! so one pass over the history gives the six sums from which `ℓ[0]`, `ω` and the sum of squares follow, and the search
//! is over α alone. Four values of α share a pass.

use super::line::{Kind, Line};
use crate::control::{Cancelled, Control};

/// Range of α, as in the authors' program: a slower level than that is a line, a faster one a random walk.
pub(super) const ALPHA: (f64, f64) = (0.1, 0.99);
/// Most weight of the line, θ = 10¹⁰: the line itself.
const MOST_OMEGA: f64 = 1.0 - 1e-10;
/// Weight of the line with θ = 2.
const STANDARD_OMEGA: f64 = 0.5;
/// Values of α in one pass: enough independent chains to hide the latency of each.
const LANES: usize = 4;
/// Passes over the coarse grid.
const COARSE: usize = 5;
/// Passes that narrow the bracket, each to two fifths: from 0.09 to below 1e-6.
const FINE: usize = 13;
/// A line's part this close to being proportional to the start level's carries no weight of its own.
const COLLINEAR: f64 = 1e-10;

/// How much of the line a model takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// θ = 2.
    Standard,
    /// θ by least squares.
    Free,
}

/// One α with what least squares makes of the rest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// Smoothing parameter.
    pub(super) alpha: f64,
    /// Weight of the line, `ω = 1 − 1/θ`.
    pub(super) omega: f64,
    /// Level before the history, `ℓ[0]`.
    pub(super) start: f64,
    /// Level at its end, `ℓ[n]`.
    pub(super) level: f64,
    /// `(1−α)^n`.
    pub(super) decay: f64,
    /// Sum of squared one-step errors from [`first`] on.
    pub(super) sse: f64,
}

/// The best point, and the coarse grid as a picture of the likelihood.
#[derive(Debug)]
pub(super) struct Estimate {
    /// Least sum of squares.
    pub(super) best: Point,
    /// α evenly over [`ALPHA`].
    pub(super) grid: Vec<Point>,
}

/// First value whose error counts: a moving line needs two points behind it.
pub(super) fn first(kind: Kind) -> usize {
    match kind {
        Kind::Fixed => 0,
        Kind::Moving => 2,
    }
}

/// Least squares for the history `u` above `line`.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn estimate(u: &[f64], line: &Line, weight: Weight, control: &Control) -> Result<Estimate, Cancelled> {
    let step = (ALPHA.1 - ALPHA.0) / (COARSE * LANES - 1) as f64;
    let mut grid = Vec::with_capacity(COARSE * LANES);
    for pass in 0..COARSE {
        control.check()?;
        grid.extend(points(u, line, weight, |k| ALPHA.0 + step * (pass * LANES + k) as f64));
    }
    let mut best = grid.iter().copied().reduce(better).unwrap_or(grid[0]);
    let (mut low, mut high) = ((best.alpha - step).max(ALPHA.0), (best.alpha + step).min(ALPHA.1));
    for _ in 0..FINE {
        control.check()?;
        let width = (high - low) / (LANES + 1) as f64;
        let found = points(u, line, weight, |k| low + width * (k + 1) as f64);
        best = found.into_iter().fold(best, better);
        (low, high) = ((best.alpha - width).max(low), (best.alpha + width).min(high));
    }
    Ok(Estimate { best, grid })
}

fn better(a: Point, b: Point) -> Point {
    if b.sse < a.sse { b } else { a }
}

/// The sums of [`LANES`] values of α.
#[derive(Default)]
struct Sums {
    pp: [f64; LANES],
    pg: [f64; LANES],
    gg: [f64; LANES],
    pz: [f64; LANES],
    gz: [f64; LANES],
    zz: [f64; LANES],
}

fn points(u: &[f64], line: &Line, weight: Weight, alpha: impl Fn(usize) -> f64) -> [Point; LANES] {
    let alpha: [f64; LANES] = std::array::from_fn(alpha);
    let (mut r, mut p) = ([0.0; LANES], [1.0; LANES]);
    let skipped = first(line.kind).min(u.len());
    for value in &u[..skipped] {
        for k in 0..LANES {
            r[k] += alpha[k] * (value - r[k]);
            p[k] *= 1.0 - alpha[k];
        }
    }
    let mut s = Sums::default();
    let inverse: [f64; LANES] = std::array::from_fn(|k| 1.0 / alpha[k]);
    let known = line.intercepts[skipped..].iter().zip(&line.slopes[skipped..]);
    for (value, (a, b)) in u[skipped..].iter().zip(known) {
        for k in 0..LANES {
            let next = p[k] * (1.0 - alpha[k]);
            let g = p[k] * a + (1.0 - next) * inverse[k] * b;
            let z = value - r[k];
            s.pp[k] += p[k] * p[k];
            s.pg[k] += p[k] * g;
            s.gg[k] += g * g;
            s.pz[k] += p[k] * z;
            s.gz[k] += g * z;
            s.zz[k] += z * z;
            r[k] += alpha[k] * z;
            p[k] = next;
        }
    }
    std::array::from_fn(|k| {
        let (start, omega, sse) = s.solve(k, weight);
        Point { alpha: alpha[k], omega, start, level: r[k] + p[k] * start, decay: p[k], sse }
    })
}

impl Sums {
    /// Start level, weight of the line and sum of squares of lane `k`.
    fn solve(&self, k: usize, weight: Weight) -> (f64, f64, f64) {
        let (pp, pg, gg) = (self.pp[k], self.pg[k], self.gg[k]);
        let (pz, gz, zz) = (self.pz[k], self.gz[k], self.zz[k]);
        let determinant = pp * gg - pg * pg;
        let omega = if weight == Weight::Free && determinant > COLLINEAR * pp * gg {
            ((pp * gz - pg * pz) / determinant).clamp(0.0, MOST_OMEGA)
        } else {
            STANDARD_OMEGA
        };
        let start = if pp > 0.0 { (pz - omega * pg) / pp } else { 0.0 };
        let explained = 2.0 * (start * pz + omega * gz);
        let sse = zz - explained + start * (start * pp + 2.0 * omega * pg) + omega * omega * gg;
        (start, omega, sse.max(0.0))
    }
}
