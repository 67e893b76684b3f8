//! Maximum likelihood for one shape, and what follows from it: means, ψ weights, information criteria.

use super::decompose::{indices, line};
use super::state::{Season, Shape, State, Trend, Weights, run};
use crate::control::{Cancelled, Control};
use crate::forecast::least_squares::{Boxed, minimise};
use crate::forecast::method::Spread;
use crate::forecast::seed::generator;
use crate::model::{Parameter, SamplePaths};
use rand_distr::{Distribution, StandardNormal};

/// Initial seasons are estimated up to this season length; longer ones (weeks of a year) keep the indices of the
/// decomposition, which have more data behind them than a likelihood could spare.
const MOST_ESTIMATED_SEASONS: usize = 24;
/// Distance of the smoothing parameters from the ends of their ranges, as usual (HKOS section 2.7).
const EDGE: f64 = 1e-4;
/// Range of φ: below 0.8 the trend is gone at once, above 0.98 it can't be told from an undamped one.
const PHI: (f64, f64) = (0.8, 0.98);
/// First periods that the starting level and slope are drawn through (HKOS section 2.6.1).
const STARTING_PERIODS: usize = 10;

/// Initial states are searched this far out, in units of the largest value.
const WIDE: f64 = 1e6;

const ALPHA: usize = 0;
const BETA_SHARE: usize = 1;
const GAMMA_SHARE: usize = 2;
const DAMPING: usize = 3;
const LEVEL: usize = 4;
const SLOPE: usize = 5;
const FIRST_SEASON: usize = 6;

/// A fitted smoothing model.
#[derive(Debug, Clone)]
pub(crate) struct Smoothed {
    /// Its components.
    pub(crate) shape: Shape,
    /// Its smoothing parameters.
    pub(crate) weights: Weights,
    /// State after the last period.
    pub(crate) end: State,
    /// One-step forecasts of every period.
    pub(crate) fitted: Vec<f64>,
    /// Number of periods.
    n: usize,
    /// Estimated smoothing parameters and initial states, indices from the decomposition included.
    estimated: usize,
    /// Sum of squared one-step errors.
    sse: f64,
}

/// Parameters estimated for a shape without given weights, σ excluded.
pub(crate) fn parameter_count(shape: Shape) -> usize {
    let trend = match shape.trend {
        Trend::None => 0,
        Trend::Additive => 2,
        Trend::Damped => 3,
    };
    let season = if shape.season == Season::None { 0 } else { shape.period };
    2 + trend + season
}

/// Fits `shape` to `y`; `None` when it can't start (fewer than two seasons, a season that isn't positive).
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(crate) fn estimate(
    y: &[f64],
    shape: Shape,
    given: Option<Weights>,
    control: &Control,
) -> Result<Option<Smoothed>, Cancelled> {
    let scale = y.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
    let scale = if scale > 0.0 { scale } else { 1.0 };
    let x: Vec<f64> = y.iter().map(|v| v / scale).collect();
    let Some(initial) = initial_state(&x, shape) else { return Ok(None) };
    let mut best: Option<(f64, Boxed)> = None;
    for start in starts(&x, shape, given, &initial) {
        let mut point = start;
        let mut state = initial.clone();
        let sse = minimise(&mut point, x.len(), control, &mut |v, errors| {
            unpack_state(v, shape, &initial, &mut state);
            run(shape, unpack_weights(v, shape), &mut state, &x, errors)
        })?;
        if sse.is_finite() && best.as_ref().is_none_or(|(b, _)| sse < *b) {
            best = Some((sse, point));
        }
    }
    Ok(best.map(|(_, point)| finish(&point, shape, &initial, &x, scale)))
}

fn finish(point: &Boxed, shape: Shape, initial: &State, x: &[f64], scale: f64) -> Smoothed {
    let weights = unpack_weights(&point.x, shape);
    let mut state = initial.clone();
    unpack_state(&point.x, shape, initial, &mut state);
    let mut errors = vec![0.0; x.len()];
    let sse = run(shape, weights, &mut state, x, &mut errors) * scale * scale;
    state.level *= scale;
    state.slope *= scale;
    if shape.season == Season::Additive {
        state.seasons.iter_mut().for_each(|s| *s *= scale);
    }
    let fitted = x.iter().zip(&errors).map(|(v, e)| (v - e) * scale).collect();
    let held = if shape.season != Season::None && shape.period > MOST_ESTIMATED_SEASONS { shape.period - 1 } else { 0 };
    Smoothed { shape, weights, end: state, fitted, n: x.len(), estimated: point.free() + held, sse }
}

fn initial_state(x: &[f64], shape: Shape) -> Option<State> {
    let seasons = match shape.season {
        Season::None => Vec::new(),
        season => indices(x, shape.period, season)?,
    };
    let first = x.len().min(STARTING_PERIODS.max(2 * seasons.len().min(MOST_ESTIMATED_SEASONS)));
    let adjusted: Vec<f64> = (0..first)
        .map(|t| match shape.season {
            Season::None => x[t],
            Season::Additive => x[t] - seasons[t % shape.period],
            Season::Multiplicative => x[t] / seasons[t % shape.period],
        })
        .collect();
    let (level, slope) = if shape.trend == Trend::None {
        (adjusted.iter().sum::<f64>() / adjusted.len() as f64, 0.0)
    } else {
        line(&adjusted)
    };
    Some(State { level, slope, seasons })
}

/// Starting points from a small grid of smoothing parameters: the two best of a seasonless shape, the best for each γ of
/// a seasonal one, whose likelihood has a hill for slow and one for fast seasons.
fn starts(x: &[f64], shape: Shape, given: Option<Weights>, initial: &State) -> Vec<Boxed> {
    let trends: &[f64] = if shape.trend == Trend::None { &[0.0] } else { &[0.02, 0.3] };
    let seasons: &[f64] = if shape.season == Season::None { &[0.0] } else { &[0.02, 0.3, 0.9] };
    let levels: &[f64] = if given.is_some() { &[0.5] } else { &[0.05, 0.2, 0.5, 0.9] };
    let mut errors = vec![0.0; x.len()];
    let mut found = Vec::new();
    for &gamma in if given.is_some() { &seasons[..1] } else { seasons } {
        let mut scored = Vec::new();
        for &alpha in levels {
            for &beta in trends {
                let point = boxed(shape, given, [alpha, beta, gamma], initial);
                let mut state = initial.clone();
                let sse = run(shape, unpack_weights(&point.x, shape), &mut state, x, &mut errors);
                scored.push((sse, point));
            }
        }
        scored.sort_by(|a, b| a.0.total_cmp(&b.0));
        let keep = if shape.season == Season::None && given.is_none() { 2 } else { 1 };
        found.extend(scored.into_iter().take(keep).map(|(_, point)| point));
    }
    found
}

fn boxed(shape: Shape, given: Option<Weights>, [alpha, beta, gamma]: [f64; 3], initial: &State) -> Boxed {
    let mut point = Boxed { x: Vec::new(), lower: Vec::new(), upper: Vec::new() };
    let mut push = |(x, lower, upper): (f64, f64, f64)| {
        point.x.push(x.clamp(lower, upper));
        point.lower.push(lower);
        point.upper.push(upper);
    };
    let share = |present: bool, start: f64| if present { (start, EDGE, 1.0 - EDGE) } else { (0.0, 0.0, 0.0) };
    let has_trend = shape.trend != Trend::None;
    let has_season = shape.season != Season::None;
    if let Some(w) = given {
        let beta = if w.alpha > 0.0 { w.beta / w.alpha } else { 0.0 };
        let gamma = if w.alpha < 1.0 { w.gamma / (1.0 - w.alpha) } else { 0.0 };
        for v in [w.alpha, beta, gamma, w.phi] {
            push((v, v, v));
        }
    } else {
        push(share(true, alpha));
        push(share(has_trend, beta));
        push(share(has_season, gamma));
        push(if shape.trend == Trend::Damped { (0.95, PHI.0, PHI.1) } else { (1.0, 1.0, 1.0) });
    }
    push((initial.level, -WIDE, WIDE));
    push(if has_trend { (initial.slope, -WIDE, WIDE) } else { (0.0, 0.0, 0.0) });
    if has_season && shape.period <= MOST_ESTIMATED_SEASONS {
        let (low, high) = if shape.season == Season::Additive { (-WIDE, WIDE) } else { (0.01, shape.period as f64) };
        for season in &initial.seasons[..shape.period - 1] {
            push((*season, low, high));
        }
    }
    point
}

fn unpack_weights(v: &[f64], shape: Shape) -> Weights {
    let alpha = v[ALPHA];
    let phi = if shape.trend == Trend::None { 1.0 } else { v[DAMPING] };
    Weights { alpha, beta: alpha * v[BETA_SHARE], gamma: (1.0 - alpha) * v[GAMMA_SHARE], phi }
}

/// Initial states; the last season follows from the others (they sum to 0, or average 1).
fn unpack_state(v: &[f64], shape: Shape, initial: &State, state: &mut State) {
    state.level = v[LEVEL];
    state.slope = v[SLOPE];
    state.seasons.copy_from_slice(&initial.seasons);
    let free = &v[FIRST_SEASON..];
    if !free.is_empty() {
        state.seasons[..free.len()].copy_from_slice(free);
        let total = if shape.season == Season::Additive { 0.0 } else { shape.period as f64 };
        state.seasons[free.len()] = total - free.iter().sum::<f64>();
    }
}

impl Smoothed {
    /// Expected values (for a multiplicative season the forecast with all shocks zero, HKOS section 6.3).
    pub(crate) fn mean(&self, horizon: usize) -> Vec<f64> {
        let mut state = self.end.clone();
        let step = |h: usize| {
            let value = state.expected(self.shape, self.weights.phi, self.n + h);
            state.update(self.shape, self.weights, self.n + h, 0.0);
            value
        };
        (0..horizon).map(step).collect()
    }

    /// What a shock does `j` periods later: `ψ[j] = α + β·(φ + … + φ^j) + γ·[m divides j]` (HKOS table 6.1).
    pub(crate) fn psi(&self, horizon: usize) -> Vec<f64> {
        let w = self.weights;
        let (mut power, mut sum) = (1.0, 0.0);
        let mut psi = vec![1.0; horizon];
        for (j, weight) in psi.iter_mut().enumerate().skip(1) {
            power *= w.phi;
            sum += power;
            let season = self.shape.season != Season::None && j % self.shape.period == 0;
            *weight = w.alpha + w.beta * sum + if season { w.gamma } else { 0.0 };
        }
        psi
    }

    /// Standard deviation of a shock, with the degrees of freedom of what was estimated.
    pub(crate) fn sigma(&self) -> f64 {
        (self.sse / self.n.saturating_sub(self.estimated).max(1) as f64).sqrt()
    }

    /// Gaussian log-likelihood at its maximum over σ: `−n/2·(ln(2π·SSE/n) + 1)`.
    fn log_likelihood(&self) -> f64 {
        let n = self.n as f64;
        -0.5 * n * ((2.0 * std::f64::consts::PI * (self.sse / n).max(f64::MIN_POSITIVE)).ln() + 1.0)
    }

    /// Akaike's criterion, corrected for short histories (Hurvich & Tsai 1989); σ counts as a parameter.
    pub(crate) fn aicc(&self) -> f64 {
        let (n, k) = (self.n as f64, (self.estimated + 1) as f64);
        let penalty = if n > k + 1.0 { 2.0 * k * (k + 1.0) / (n - k - 1.0) } else { f64::INFINITY };
        2.0 * k - 2.0 * self.log_likelihood() + penalty
    }

    /// Estimates and fit statistics by their symbols.
    pub(crate) fn parameters(&self) -> Vec<Parameter> {
        let mut found = vec![Parameter::new("alpha", self.weights.alpha)];
        let mut add = |name: &str, value: f64| found.push(Parameter::new(name, value));
        if self.shape.trend != Trend::None {
            add("beta", self.weights.beta);
        }
        if self.shape.season != Season::None {
            add("gamma", self.weights.gamma);
        }
        if self.shape.trend == Trend::Damped {
            add("phi", self.weights.phi);
        }
        add("level", self.end.level);
        if self.shape.trend != Trend::None {
            add("slope", self.end.slope);
        }
        add("sigma2", self.sigma().powi(2));
        add("sse", self.sse);
        let loglik = self.log_likelihood();
        add("loglik", loglik);
        add("aic", 2.0 * (self.estimated + 1) as f64 - 2.0 * loglik);
        if self.aicc().is_finite() {
            add("aicc", self.aicc());
        }
        found
    }

    /// Paths through the model's own recursion, for shapes whose errors don't add up linearly.
    pub(crate) fn simulate(&self, horizon: usize, paths: usize, seed: u64) -> Spread {
        let mut rng = generator(seed);
        let sigma = self.sigma();
        let mut values = Vec::with_capacity(paths * horizon);
        for _ in 0..paths {
            let mut state = self.end.clone();
            for h in 0..horizon {
                let shock: f64 = StandardNormal.sample(&mut rng);
                let t = self.n + h;
                values.push((state.expected(self.shape, self.weights.phi, t) + sigma * shock) as f32);
                let before = state.clone();
                state.update(self.shape, self.weights, t, sigma * shock);
                // A path that has sunk to nothing has no ratio to divide by: it stays where it is.
                let base = state.level + self.weights.phi * state.slope;
                if !(base.is_finite() && base > 0.0 && state.seasons[t % self.shape.period] > 0.0) {
                    state = before;
                }
            }
        }
        Spread::Paths(SamplePaths::new(horizon, values))
    }
}
