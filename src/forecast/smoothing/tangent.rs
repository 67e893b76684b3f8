//! The recursion with its derivatives: in one pass through the history, how the error of every period moves with every
//! parameter, gathered into the normal equations of a Gauss–Newton step.
//!
//! Parameters are α, β, γ, φ, the level and the slope before the first period, and all seasons but the last, which follows
//! from the others. Each state carries a row of derivatives; one step maps rows to rows by a handful of scalars that are the
//! partial derivatives of `state` written out, so a pass costs little more than the arithmetic of its rows.
//!
//! With multiplicative errors the likelihood is that of the residuals `r = e·G`, `G` the geometric mean of the
//! expectations: `n·ln Σr² = n·ln Σe² + 2·Σ ln|μ|` (HKOS equation 5.3), so least squares serves there as well.

#![allow(clippy::inline_always, reason = "a kernel must be inlined into the function compiled for its instruction set")]

use super::form::{Error, Form, Season, Trend};
use super::state::{State, Weights};

/// Position of α among the parameters.
pub(super) const ALPHA: usize = 0;
/// Position of β.
pub(super) const BETA: usize = 1;
/// Position of γ.
pub(super) const GAMMA: usize = 2;
/// Position of φ.
pub(super) const PHI: usize = 3;
/// Position of the first level.
pub(super) const LEVEL: usize = 4;
/// Position of the first slope.
pub(super) const SLOPE: usize = 5;
/// Position of the first season.
pub(super) const SEASON: usize = 6;

/// Rows worked on together when products of rows are summed.
const BLOCK: usize = 4;

/// `Σ d·dᵀ` and `Σ d·r` over the periods, `d` the derivatives of the residual `r`; row-major, `count × count`.
#[derive(Debug, Clone)]
pub(super) struct Normal {
    /// `Σ d·dᵀ`.
    pub(super) matrix: Vec<f64>,
    /// `Σ d·r`.
    pub(super) gradient: Vec<f64>,
}

/// The normal equations at a point whose `run` is finite, `seasons` initial seasons (less one) being parameters.
pub(super) fn normal(form: Form, w: Weights, state: &mut State, y: &[f64], seasons: usize) -> Normal {
    let count = SEASON + seasons;
    let arch = pulp::Arch::new();
    match count {
        0..=8 => arch.dispatch(|| sweep::<8>(form, w, state, y, count)),
        9..=12 => arch.dispatch(|| sweep::<12>(form, w, state, y, count)),
        13..=20 => arch.dispatch(|| sweep::<20>(form, w, state, y, count)),
        _ => arch.dispatch(|| sweep::<32>(form, w, state, y, count)),
    }
}

type Row<const P: usize> = [f64; P];

/// The partial derivatives of one step.
#[derive(Clone, Copy)]
struct Step {
    /// Of the base by level, slope and φ.
    base: [f64; 3],
    /// Of the expectation by base and season.
    expected: [f64; 2],
    /// Of what was seen (the observation without its season) by the season.
    seen: f64,
    /// Seen less base.
    shock: f64,
    /// Of the new slope by the old one, by φ, by the shock and by the old level.
    slope: [f64; 4],
    /// What β multiplies in the new slope.
    slope_shock: f64,
    /// Of the new season by the old one, by the base and by the expectation.
    season: [f64; 3],
    /// What γ multiplies in the new season.
    season_shock: f64,
    /// Of the error by the expectation.
    error: f64,
    /// The error.
    e: f64,
    /// The expectation.
    mu: f64,
}

#[inline(always)]
fn step(form: Form, w: Weights, state: &State, place: usize, y: f64) -> Step {
    let (l, b) = (state.level, state.slope);
    // Growth of the slope by damping, its derivatives by slope and φ.
    let (grown, by_slope, by_phi) = match form.trend {
        Trend::None => (0.0, 0.0, 0.0),
        Trend::Additive | Trend::Multiplicative => (b, 1.0, 0.0),
        Trend::Damped => (w.phi * b, w.phi, b),
        Trend::DampedMultiplicative => {
            let power = b.powf(w.phi);
            (power, w.phi * power / b, power * b.ln())
        }
    };
    let multiplicative = form.trend.is_multiplicative();
    let (q, base) = if multiplicative {
        (l * grown, [grown, l * by_slope, l * by_phi])
    } else {
        (l + grown, [1.0, by_slope, by_phi])
    };
    let (mu, expected, seen, seen_by_season, season, season_shock) = match form.season {
        Season::None => (q, [1.0, 0.0], y, 0.0, [0.0; 3], 0.0),
        Season::Additive => {
            let s = state.seasons[place];
            let mu = q + s;
            (mu, [1.0, 1.0], y - s, -1.0, [1.0, 0.0, -w.gamma], y - mu)
        }
        Season::Multiplicative => {
            let s = state.seasons[place];
            let seasonal = y / q;
            (q * s, [s, q], y / s, -y / (s * s), [1.0 - w.gamma, -w.gamma * seasonal / q, 0.0], seasonal - s)
        }
    };
    let shock = seen - q;
    let (slope, slope_shock) = if multiplicative {
        ([by_slope, by_phi, w.beta / l, -w.beta * shock / (l * l)], shock / l)
    } else {
        ([by_slope, by_phi, w.beta, 0.0], shock)
    };
    let (e, error) = match form.error {
        Error::Additive => (y - mu, -1.0),
        Error::Multiplicative => ((y - mu) / mu, -y / (mu * mu)),
    };
    Step { base, expected, seen: seen_by_season, shock, slope, slope_shock, season, season_shock, error, e, mu }
}

#[inline(always)]
fn sweep<const P: usize>(form: Form, w: Weights, state: &mut State, y: &[f64], count: usize) -> Normal {
    let (mut level, mut slope): (Row<P>, Row<P>) = ([0.0; P], [0.0; P]);
    level[LEVEL] = 1.0;
    let has_trend = form.trend != Trend::None;
    let has_season = form.season != Season::None;
    if has_trend {
        slope[SLOPE] = 1.0;
    }
    let mut seasons: Vec<Row<P>> = vec![[0.0; P]; form.period];
    for k in SEASON..count {
        seasons[k - SEASON][k] = 1.0;
        seasons[form.period - 1][k] = -1.0;
    }
    let mut matrix = [[0.0; P]; P];
    let (mut gradient, mut logs): (Row<P>, Row<P>) = ([0.0; P], [0.0; P]);
    let (mut sum, mut log_mu, mut place) = (0.0, 0.0, 0);
    for value in y {
        let s = step(form, w, state, place, *value);
        let season = &mut seasons[place];
        let mut row: Row<P> = [0.0; P];
        for j in 0..P {
            let mut base = s.base[0] * level[j] + s.base[1] * slope[j];
            if j == PHI {
                base += s.base[2];
            }
            let expected = s.expected[0] * base + s.expected[1] * season[j];
            let shock = s.seen * season[j] - base;
            row[j] = expected;
            if has_trend {
                slope[j] = s.slope[0] * slope[j] + s.slope[2] * shock + s.slope[3] * level[j];
            }
            level[j] = base + w.alpha * shock;
            if has_season {
                season[j] = s.season[0] * season[j] + s.season[1] * base + s.season[2] * expected;
            }
        }
        level[ALPHA] += s.shock;
        if has_trend {
            slope[PHI] += s.slope[1];
            slope[BETA] += s.slope_shock;
        }
        if has_season {
            season[GAMMA] += s.season_shock;
        }
        if form.error == Error::Multiplicative {
            let inverse = 1.0 / s.mu;
            for j in 0..P {
                logs[j] += inverse * row[j];
            }
            log_mu += s.mu.ln();
        }
        for d in &mut row {
            *d *= s.error;
        }
        add_product(&mut matrix, &row);
        for j in 0..P {
            gradient[j] += s.e * row[j];
        }
        sum += s.e * s.e;
        state.update(form, w, place, *value);
        place += 1;
        if place == form.period {
            place = 0;
        }
    }
    let scale = if form.error == Error::Multiplicative {
        let n = y.len() as f64;
        for g in &mut logs {
            *g /= n;
        }
        // r = e·G, so dr = G·(de + e·g) with g the derivative of ln G.
        for i in 0..P {
            for j in 0..=i {
                matrix[i][j] += gradient[i] * logs[j] + gradient[j] * logs[i] + sum * logs[i] * logs[j];
            }
        }
        for j in 0..P {
            gradient[j] += sum * logs[j];
        }
        (2.0 * log_mu / n).exp()
    } else {
        1.0
    };
    let mut whole = vec![0.0; count * count];
    for i in 0..count {
        for j in 0..=i {
            whole[i * count + j] = scale * matrix[i][j];
            whole[j * count + i] = scale * matrix[i][j];
        }
    }
    Normal { matrix: whole, gradient: gradient[..count].iter().map(|g| scale * g).collect() }
}

/// Adds `row·rowᵀ` to the lower triangle (and a little above it, so that every line ends on a whole block).
#[inline(always)]
fn add_product<const P: usize>(matrix: &mut [Row<P>; P], row: &Row<P>) {
    let mut first = 0;
    while first < P {
        let end = first + BLOCK;
        for i in first..end {
            let d = row[i];
            for j in 0..end {
                matrix[i][j] += d * row[j];
            }
        }
        first = end;
    }
}
