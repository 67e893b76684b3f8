//! One of the four forms, fitted to a deseasonalised history, with the variance of its forecasts.

use super::estimate::{Estimate, Point, Weight, estimate, first};
use super::line::{Kind, Line};
use super::predict::{fitted, mean, misses, response};
use crate::control::{Cancelled, Control};

/// Values before the errors that forms are compared by: the two that a moving line needs.
pub(super) const STARTING: usize = 2;
/// Mean squared error, in units of the history's range, below which a fit is exact.
const EXACT: f64 = 1e-24;
/// Weight, relative to the best α, below which a point of the grid is left out.
const NEGLIGIBLE: f64 = 1e-4;
/// Log-likelihood by which constant errors must beat proportional ones to be believed: half the 5 % point of χ²(1).
/// Demand varies in proportion to its level more often than not.
const EVIDENCE: f64 = 1.92;
/// The least level that errors are in proportion to, as a share of the mean: near zero they don't vanish.
const LEAST_LEVEL: f64 = 0.2;
/// Most and least that proportional errors may change the variance: twice and half the deviation.
const MOST_CHANGE: f64 = 4.0;
/// `(z² + 1)/4` at the normal 90 % quantile: Student's quantile with ν degrees of freedom is about `1 + 0.66/ν` times the
/// normal one (Fisher & Cornish 1960, *The percentile points of distributions having known cumulants*).
const STUDENT: f64 = 0.66;

/// The four forms (Fiorucci et al. 2016, sections 3 and 4), simplest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// STM: θ = 2, one line.
    Standard,
    /// DSTM: θ = 2, moving line.
    Dynamic,
    /// OTM: θ estimated, one line.
    Optimised,
    /// DOTM: θ estimated, moving line.
    DynamicOptimised,
}

impl Form {
    pub(super) const ALL: [Self; 4] = [Self::Standard, Self::Dynamic, Self::Optimised, Self::DynamicOptimised];

    fn line(self) -> Kind {
        match self {
            Self::Standard | Self::Optimised => Kind::Fixed,
            Self::Dynamic | Self::DynamicOptimised => Kind::Moving,
        }
    }

    fn weight(self) -> Weight {
        match self {
            Self::Standard | Self::Dynamic => Weight::Standard,
            Self::Optimised | Self::DynamicOptimised => Weight::Free,
        }
    }
}

/// A history on its own scale: `u[t] = (x[t] − x[0])/scale`. Theta models don't care about either, floats do.
#[derive(Debug)]
pub(super) struct Scaled {
    u: Vec<f64>,
    origin: f64,
    scale: f64,
    /// Parameters already spent on the season.
    spent: usize,
    is_positive: bool,
    lines: [Line; 2],
}

impl Scaled {
    /// The deseasonalised history `x`, not empty; `spent` parameters went into the season.
    pub(super) fn new(x: &[f64], spent: usize) -> Self {
        let origin = x[0];
        let scale = x.iter().fold(0.0_f64, |a, v| a.max((v - origin).abs()));
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let u: Vec<f64> = x.iter().map(|v| (v - origin) / scale).collect();
        let lines = [Line::under(&u, Kind::Fixed), Line::under(&u, Kind::Moving)];
        Self { u, origin, scale, spent, is_positive: x.iter().all(|v| *v > 0.0), lines }
    }

    fn back(&self, u: f64) -> f64 {
        self.origin + self.scale * u
    }
}

/// A fitted form on the deseasonalised scale.
#[derive(Debug)]
pub(super) struct Fitted {
    /// Which.
    pub(super) form: Form,
    /// Next values.
    pub(super) mean: Vec<f64>,
    /// Variance of each, parameters' uncertainty included.
    pub(super) variance: Vec<f64>,
    /// One-step forecasts of the whole history; the first two of a moving line are its start only.
    pub(super) one_step: Vec<f64>,
    /// `n·ln(mean squared error) + 2·[θ estimated]`, Akaike's criterion up to what all forms share.
    pub(super) criterion: f64,
    /// Smoothing parameter.
    pub(super) alpha: f64,
    /// `θ = 1/(1 − ω)`.
    pub(super) theta: f64,
    /// Slope that forecasts carry on with, units per period.
    pub(super) drift: f64,
    /// Level at the end of the history.
    pub(super) level: f64,
    /// Variance of a one-step error with its degrees of freedom.
    pub(super) sigma2: f64,
}

/// Fits `form`.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn fit(x: &Scaled, form: Form, horizon: usize, control: &Control) -> Result<Fitted, Cancelled> {
    let line = &x.lines[usize::from(form.line() == Kind::Moving)];
    let estimate = estimate(&x.u, line, form.weight(), control)?;
    let best = &estimate.best;
    let one_step = fitted(&x.u, line, best);
    let errors = || x.u.iter().zip(&one_step).skip(STARTING).map(|(u, f)| u - f);
    let compared = (x.u.len() - STARTING) as f64;
    let mse = errors().map(|e| e * e).sum::<f64>() / compared;
    let extra = if form.weight() == Weight::Free { 2.0 } else { 0.0 };

    let used = (x.u.len() - first(line.kind)) as f64;
    let own = if form.weight() == Weight::Free { 3 } else { 2 };
    // A season of many periods can't eat more than three quarters of a short history's information.
    let freedom = (used - (own + x.spent) as f64).max(used / 4.0).max(1.0);
    let next = mean(line, best, horizon);
    let mut variance = variance(x, line, &estimate, freedom, &next);
    for (j, (v, miss)) in variance.iter_mut().zip(misses(&x.u, line, best, horizon)).enumerate() {
        // What did happen that many steps ahead counts in full for the next step and less for far ones, where few misses
        // are independent.
        let trust = (1.0 - j as f64 / x.u.len() as f64).max(0.0);
        if let Some(miss) = miss {
            *v = (1.0 - trust) * *v + trust * miss * used / freedom;
        }
    }
    let mean: Vec<f64> = next.iter().map(|u| x.back(*u)).collect();
    let change = proportion(x, &one_step, &mean);
    // σ is an estimate too: Student's t instead of the normal, as the width that its 80 % interval takes.
    let student = (1.0 + STUDENT / freedom).powi(2);
    let scale2 = x.scale * x.scale;
    Ok(Fitted {
        form,
        variance: variance.iter().zip(change).map(|(v, c)| v * c * student * scale2).collect(),
        mean,
        one_step: one_step.iter().map(|u| x.back(*u)).collect(),
        criterion: compared * mse.max(EXACT).ln() + extra,
        alpha: best.alpha,
        theta: 1.0 / (1.0 - best.omega),
        drift: best.omega * line.tip.slope * x.scale,
        level: x.back(best.level) - best.omega * x.origin * best.decay,
        sigma2: best.sse / freedom * scale2,
    })
}

/// Variance per step on the scaled history, averaged over what α may be: every point of the grid counts by its
/// likelihood, `SSE^(−ν/2)`, with the variance it would have and its distance from the best point's mean. A point's own
/// variance is `σ²·Σψ²`, and `σ²α²/n` per squared step for the slope, which is that of a random walk with drift whose
/// shocks count α.
fn variance(x: &Scaled, line: &Line, estimate: &Estimate, freedom: f64, next: &[f64]) -> Vec<f64> {
    let horizon = next.len();
    let mut total = vec![0.0; horizon];
    let mut weights = 0.0;
    let mut add = |point: &Point, weight: f64, mean: &[f64]| {
        let sigma2 = point.sse / freedom;
        let slope = point.alpha * point.alpha / x.u.len() as f64;
        let mut sum = 0.0;
        for (j, psi) in response(line, point, horizon).into_iter().enumerate() {
            sum += psi * psi;
            let step = (j + 1) as f64;
            total[j] += weight * (sigma2 * (sum + slope * step * step) + (mean[j] - next[j]).powi(2));
        }
        weights += weight;
    };
    add(&estimate.best, 1.0, next);
    if estimate.best.sse > 0.0 {
        for point in &estimate.grid {
            let weight = (estimate.best.sse / point.sse).powf(freedom / 2.0);
            if weight > NEGLIGIBLE {
                add(point, weight, &mean(line, point, horizon));
            }
        }
    }
    total.iter().map(|v| v / weights).collect()
}

/// By how much the variance of each step differs from the history's average because errors are in proportion to the
/// level; 1 when they aren't, judged by the Gaussian likelihood of the one-step errors under both.
fn proportion(x: &Scaled, one_step: &[f64], mean: &[f64]) -> Vec<f64> {
    let same = vec![1.0; mean.len()];
    if !x.is_positive {
        return same;
    }
    let n = x.u.len();
    let least = LEAST_LEVEL * x.u.iter().map(|u| x.back(*u)).sum::<f64>() / n as f64;
    let (mut squares, mut relative, mut logs) = (0.0, 0.0, 0.0);
    for (u, f) in x.u.iter().zip(one_step).skip(STARTING) {
        let level = x.back(*f).max(least) / x.scale;
        let square = (u - f).powi(2);
        squares += square;
        relative += square / (level * level);
        logs += level.ln();
    }
    let count = (n - STARTING) as f64;
    let gain = -logs - 0.5 * count * (relative / squares).ln();
    // Also when either is zero or not a number.
    if gain.is_nan() || gain <= -EVIDENCE {
        return same;
    }
    let change = |m: &f64| {
        let level = m.max(least) / x.scale;
        (relative / squares * level * level).clamp(1.0 / MOST_CHANGE, MOST_CHANGE)
    };
    mean.iter().map(change).collect()
}
