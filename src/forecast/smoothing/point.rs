//! A point of the search: shares, damping and initial states between their bounds, and what they mean.
//!
//! `β = α·share` and `γ = (1 − α)·share` keep the weights in their usual region (HKOS section 2.7) with plain bounds.

use super::form::{Form, Season, Trend};
use super::state::{State, Weights};
use super::tangent::{ALPHA, BETA, GAMMA, LEVEL, Normal, PHI, SEASON, SLOPE};

/// Initial seasons are estimated up to this season length; longer ones (weeks of a year) keep the indices of the
/// decomposition, which have more data behind them than a likelihood could spare.
pub(super) const MOST_ESTIMATED_SEASONS: usize = 24;
/// Distance of the smoothing parameters from the ends of their ranges, as usual (HKOS section 2.7).
const EDGE: f64 = 1e-4;
/// Range of φ: below 0.8 the trend is gone at once, above 0.98 it can't be told from an undamped one.
const DAMPING: (f64, f64) = (0.8, 0.98);
/// Where φ starts.
const START_DAMPING: f64 = 0.95;
/// Initial states are searched this far out, in units of the largest value.
const WIDE: f64 = 1e6;
/// Smallest positive state, in the same units.
const NARROW: f64 = 1e-9;
/// Range of an initial growth factor: beyond it no demand grows from one period to the next, on average.
const GROWTH: (f64, f64) = (0.2, 5.0);

/// −2·ln of a Beta(1, 11) density falls by this per unit of `−ln(1 − share)`; its mean is a share of 1/12.
const CALM: f64 = 20.0;

/// What is believed of the parameters before the history is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prior {
    /// Nothing: maximum likelihood.
    Flat,
    /// Slopes seldom turn at once: β is a small share of α. A likelihood of a dozen periods can't tell a slope that turns
    /// from one that a few shocks bent, and follows the shocks; forecasts many steps ahead pay for it. A Beta(1, 11)
    /// density, chosen on the M3 competition's training data (`benches/README.md`); with a long history it is silent.
    CalmSlopes,
}

/// Values between bounds, in the order of `tangent`; a variable whose bounds coincide is fixed.
#[derive(Debug, Clone)]
pub(super) struct Point {
    /// α, the shares of β and γ, φ, level, slope, seasons but the last.
    pub(super) values: Vec<f64>,
    /// Smallest allowed values.
    pub(super) lower: Vec<f64>,
    /// Largest allowed values.
    pub(super) upper: Vec<f64>,
    /// Seasons of the decomposition; the estimated ones are overwritten.
    seasons: Vec<f64>,
}

impl Point {
    /// The point with these shares at `initial`; given weights are fixed.
    pub(super) fn new(form: Form, given: Option<Weights>, [alpha, beta, gamma]: [f64; 3], initial: &State) -> Self {
        let free =
            if form.season != Season::None && form.period <= MOST_ESTIMATED_SEASONS { form.period - 1 } else { 0 };
        let count = SEASON + free;
        let mut point = Self {
            values: vec![0.0; count],
            lower: vec![0.0; count],
            upper: vec![0.0; count],
            seasons: initial.seasons.clone(),
        };
        let has_trend = form.trend != Trend::None;
        if let Some(w) = given {
            point.fix(ALPHA, w.alpha);
            point.fix(BETA, if w.alpha > 0.0 { w.beta / w.alpha } else { 0.0 });
            point.fix(GAMMA, if w.alpha < 1.0 { w.gamma / (1.0 - w.alpha) } else { 0.0 });
            point.fix(PHI, w.phi);
        } else {
            point.free(ALPHA, alpha, (EDGE, 1.0 - EDGE));
            if has_trend {
                point.free(BETA, beta, (EDGE, 1.0 - EDGE));
            }
            if form.season != Season::None {
                point.free(GAMMA, gamma, (EDGE, 1.0 - EDGE));
            }
            if form.trend.is_damped() {
                point.free(PHI, START_DAMPING, DAMPING);
            } else {
                point.fix(PHI, 1.0);
            }
        }
        let positive = form.needs_positive();
        point.free(LEVEL, initial.level, (if positive { NARROW } else { -WIDE }, WIDE));
        if form.trend.is_multiplicative() {
            point.free(SLOPE, initial.slope, GROWTH);
        } else if has_trend {
            point.free(SLOPE, initial.slope, (-WIDE, WIDE));
        }
        let range = if form.season == Season::Multiplicative { (0.01, form.period as f64) } else { (-WIDE, WIDE) };
        for k in 0..free {
            point.free(SEASON + k, initial.seasons[k], range);
        }
        point
    }

    fn fix(&mut self, k: usize, value: f64) {
        (self.values[k], self.lower[k], self.upper[k]) = (value, value, value);
    }

    fn free(&mut self, k: usize, value: f64, (lower, upper): (f64, f64)) {
        (self.values[k], self.lower[k], self.upper[k]) = (value.clamp(lower, upper), lower, upper);
    }

    /// The same values under another error: levels, slopes and seasons mean the same, bounds may be narrower.
    pub(super) fn with_values_of(mut self, other: &Self) -> Self {
        for k in 0..self.values.len() {
            self.values[k] = other.values[k].clamp(self.lower[k], self.upper[k]);
        }
        self
    }

    /// −2 times the logarithm of the prior's density up to a constant, and its derivative by β's share.
    pub(super) fn penalty(&self, prior: Prior) -> (f64, f64) {
        if prior == Prior::Flat || self.upper[BETA] <= self.lower[BETA] {
            return (0.0, 0.0);
        }
        let rest = 1.0 - self.values[BETA];
        (-CALM * rest.ln(), CALM / rest)
    }

    /// Number of variables that are not fixed.
    pub(super) fn estimated(&self) -> usize {
        self.lower.iter().zip(&self.upper).filter(|(l, u)| u > l).count()
    }

    /// Initial seasons among the variables.
    pub(super) fn free_seasons(&self) -> usize {
        self.values.len() - SEASON
    }

    /// Variables that may move downhill: free, and not pushed against a bound.
    pub(super) fn movable(&self, gradient: &[f64]) -> Vec<usize> {
        let moves = |&k: &usize| {
            let (v, g) = (self.values[k], gradient[k]);
            self.upper[k] > self.lower[k] && !(v <= self.lower[k] && g > 0.0) && !(v >= self.upper[k] && g < 0.0)
        };
        (0..self.values.len()).filter(moves).collect()
    }

    /// The smoothing parameters.
    pub(super) fn weights(&self, form: Form) -> Weights {
        let alpha = self.values[ALPHA];
        let phi = if form.trend == Trend::None { 1.0 } else { self.values[PHI] };
        Weights { alpha, beta: alpha * self.values[BETA], gamma: (1.0 - alpha) * self.values[GAMMA], phi }
    }

    /// A state to write into.
    pub(super) fn blank_state(&self) -> State {
        State { level: 0.0, slope: 0.0, seasons: self.seasons.clone() }
    }

    /// The initial state; the last season follows from the others (they sum to 0, or average 1).
    pub(super) fn write_state(&self, form: Form, state: &mut State) {
        state.level = self.values[LEVEL];
        state.slope = self.values[SLOPE];
        state.seasons.copy_from_slice(&self.seasons);
        let free = &self.values[SEASON..];
        if !free.is_empty() {
            state.seasons[..free.len()].copy_from_slice(free);
            let total = if form.season == Season::Additive { 0.0 } else { form.period as f64 };
            state.seasons[free.len()] = total - free.iter().sum::<f64>();
        }
    }

    /// Derivatives by α, β, γ become derivatives by α and the shares.
    pub(super) fn chain(&self, form: Form, equations: &mut Normal) {
        let (alpha, beta, gamma) = (self.values[ALPHA], self.values[BETA], self.values[GAMMA]);
        let count = self.values.len();
        let beta = if form.trend == Trend::None { 0.0 } else { beta };
        let gamma = if form.season == Season::None { 0.0 } else { gamma };
        let mix = |get: [f64; 3]| {
            [get[ALPHA] + beta * get[BETA] - gamma * get[GAMMA], alpha * get[BETA], (1.0 - alpha) * get[GAMMA]]
        };
        let g = mix([equations.gradient[ALPHA], equations.gradient[BETA], equations.gradient[GAMMA]]);
        equations.gradient[..3].copy_from_slice(&g);
        let a = &mut equations.matrix;
        for line in a.chunks_exact_mut(count) {
            let mixed = mix([line[ALPHA], line[BETA], line[GAMMA]]);
            line[..3].copy_from_slice(&mixed);
        }
        for k in 0..count {
            let mixed = mix([a[ALPHA * count + k], a[BETA * count + k], a[GAMMA * count + k]]);
            (a[ALPHA * count + k], a[BETA * count + k], a[GAMMA * count + k]) = (mixed[0], mixed[1], mixed[2]);
        }
    }
}
