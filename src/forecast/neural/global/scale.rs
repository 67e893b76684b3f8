//! What a network over many series sees of one: shares of a level, on a logarithmic scale, without its season.
//!
//! With `c` the mean size of the history and `d[t]` demand without its season, `v[t] = ln(d[t]/c + δ)`; δ is 0 for a history
//! of positive values and keeps zeros finite in others. A level `l[t]` follows `v`, and a window that ends at `t` is shown
//! as `v[τ] − l[t]`, its targets as `v[t+h] − l[t]`: a parcel of screws and a tanker of oil look alike, and what the network
//! answers is a factor on the level. Smoothing the level and taking the season out beforehand is the division of labour of
//! Smyl's hybrid (2020, *A hybrid method of exponential smoothing and recurrent neural networks for time series
//! forecasting*, Int. J. Forecasting 36); here the smoothing is fitted by itself, series by series.
//!
//! A network for counts is shown `ln(1 + y[τ]/l[t])` and answers a distribution of the counts themselves; `l` is the mean of the
//! window and of all that came before it, so that a window without demand has a level too.

use super::kind::Scaling;
use crate::forecast::decompose::Indices;
use crate::forecast::theta;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

/// Weights of the latest value that a level's smoothing chooses from.
const ALPHAS: [f64; 6] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5];
/// δ of a history with zeros: a period without demand is a tenth of the mean's logarithm away.
const OFFSET: f64 = 0.1;
/// Smallest share of the mean size that a logarithm is taken of without an offset.
const SMALLEST: f64 = 0.05;
/// Largest factor on the level that is answered, as its logarithm: 55 times.
const MOST: f64 = 4.0;

/// One history, scaled.
#[derive(Debug, Clone)]
pub(super) struct Scaled {
    scaling: Scaling,
    size: f64,
    offset: f64,
    season: Option<Indices>,
    /// `v[t]`; counts as they are.
    values: Vec<f64>,
    /// `l[t]`; the level of counts.
    levels: Vec<f64>,
}

impl Scaled {
    /// Scales a history for a network with windows of `window` values; `None` when it has no size.
    pub(super) fn new(y: &[f64], season: usize, scaling: Scaling, window: usize) -> Option<Self> {
        let size = y.iter().map(|v| v.abs() / y.len() as f64).sum::<f64>();
        if !(size.is_finite() && size > f64::MIN_POSITIVE) {
            return None;
        }
        let scaled = if scaling == Scaling::Counts {
            let values: Vec<f64> = y.iter().map(|v| v.max(0.0)).collect();
            let levels = count_levels(&values, window);
            let sound = values.iter().any(|v| *v >= SMALLEST_COUNT) && size < LARGEST_COUNT;
            sound.then_some(Self { scaling, size: 1.0, offset: 0.0, season: None, values, levels })?
        } else {
            let season = if scaling == Scaling::Smoothed { theta::season(y, season) } else { None };
            let without = |(t, v): (usize, &f64)| season.as_ref().map_or(*v, |s| s.remove(t, *v)).max(0.0) / size;
            let shares: Vec<f64> = y.iter().enumerate().map(without).collect();
            let offset = if shares.iter().all(|s| *s > SMALLEST) { 0.0 } else { OFFSET };
            let values: Vec<f64> = shares.iter().map(|s| (s + offset).ln()).collect();
            let levels = if scaling == Scaling::Smoothed { smoothed(&values) } else { means(&values, window) };
            Self { scaling, size, offset, season, values, levels }
        };
        scaled.values.iter().chain(&scaled.levels).all(|v| v.is_finite()).then_some(scaled)
    }

    /// Number of periods.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// What is shown of period `τ` at `t`; before the history its first value stands.
    pub(super) fn seen(&self, tau: isize, t: usize) -> f32 {
        let value = self.values[tau.max(0) as usize];
        match self.scaling {
            Scaling::Counts => (value / self.levels[t]).ln_1p() as f32,
            _ => (value - self.levels[t]) as f32,
        }
    }

    /// What is to be answered for `t + h` at `t`, `h ≥ 1`.
    pub(super) fn target(&self, t: usize, h: usize) -> f32 {
        match self.scaling {
            Scaling::Counts => self.values[t + h] as f32,
            _ => (self.values[t + h] - self.levels[t]) as f32,
        }
    }

    /// Logarithm of the demand that an answered 0 stands for, where counts are answered.
    pub(super) fn size(&self, t: usize) -> f32 {
        match self.scaling {
            Scaling::Counts => self.levels[t].ln() as f32,
            _ => 0.0,
        }
    }

    /// The same as a network is told it: counts of one or of a thousand a period behave differently, shares don't.
    pub(super) fn told_size(&self, t: usize) -> f32 {
        0.3 * self.size(t)
    }

    /// Demand as a share of the history's mean, without season, that an answer `z` given at `t` stands for.
    pub(super) fn share(&self, t: usize, z: f64) -> f64 {
        ((z.clamp(-2.0 * MOST, MOST) + self.levels[t]).exp() - self.offset).max(0.0)
    }

    /// The demand that an answer `z` for period `t + h`, given at `t`, stands for.
    pub(super) fn demand(&self, t: usize, h: usize, z: f64) -> f64 {
        let share = self.share(t, z) * self.size;
        self.season.as_ref().map_or(share, |s| s.restore(t + h, share))
    }

    /// Another history that might have been: what is left beside a moving average comes back in blocks from other times
    /// (Bergmeir, Hyndman & Benítez 2016, *Bagging exponential smoothing methods*, Int. J. Forecasting 32, with a moving
    /// average in place of STL). Levels stay as they are. Counts come back as they are: they have no such average.
    pub(super) fn bootstrapped(&self, block: usize, rng: &mut ChaCha8Rng) -> Self {
        let n = self.values.len();
        if self.scaling == Scaling::Counts || n <= 2 * block {
            return self.clone();
        }
        let mut sums = vec![0.0];
        for v in &self.values {
            sums.push(sums[sums.len() - 1] + v);
        }
        let average = |t: usize| {
            let (from, to) = (t.saturating_sub(block / 2), (t + block / 2 + 1).min(n));
            (sums[to] - sums[from]) / (to - from) as f64
        };
        let rest: Vec<f64> = (0..n).map(|t| self.values[t] - average(t)).collect();
        let mut drawn = Vec::with_capacity(n + block);
        while drawn.len() < n {
            let from = rng.random_range(0..=n - block);
            drawn.extend_from_slice(&rest[from..from + block]);
        }
        let values: Vec<f64> = drawn.iter().take(n).enumerate().map(|(t, r)| average(t) + r).collect();
        let levels = if self.scaling == Scaling::Smoothed { smoothed(&values) } else { means(&values, block) };
        Self { values, levels, ..self.clone() }
    }
}

/// Smallest demand that is a piece when it is rounded.
const SMALLEST_COUNT: f64 = 0.5;
/// Largest mean of a history of counts: beyond, one more or less is nothing to a 32-bit float.
const LARGEST_COUNT: f64 = 1e7;

/// Mean of the last `window` counts and, as one value more, of all before; half a count over all before when there was none.
fn count_levels(y: &[f64], window: usize) -> Vec<f64> {
    let (mut all, mut last) = (0.0, 0.0);
    let level = |t: usize| {
        all += y[t];
        last += y[t];
        if t >= window {
            last -= y[t - window];
        }
        let before = f64::max(all, 0.5) / (t + 1) as f64;
        (f64::max(last, 0.0) + before) / ((t + 1).min(window) + 1) as f64
    };
    (0..y.len()).map(level).collect()
}

/// Exponential smoothing with the weight that had the smallest squared one-step errors.
fn smoothed(v: &[f64]) -> Vec<f64> {
    let run = |alpha: f64| {
        let (mut level, mut squares) = (v[0], 0.0);
        let levels: Vec<f64> = v
            .iter()
            .map(|v| {
                squares += (v - level) * (v - level);
                level += alpha * (v - level);
                level
            })
            .collect();
        (squares, levels)
    };
    let best = ALPHAS.iter().map(|alpha| run(*alpha)).min_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, levels)| levels).unwrap_or_default()
}

/// Means of the last `window` values, fewer at the start.
fn means(v: &[f64], window: usize) -> Vec<f64> {
    let mut sum = 0.0;
    let mean = |t: usize| {
        sum += v[t];
        if t >= window {
            sum -= v[t - window];
        }
        sum / (t + 1).min(window) as f64
    };
    (0..v.len()).map(mean).collect()
}
