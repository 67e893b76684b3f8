//! What a network over many series sees of one: shares of a level, on a logarithmic scale, without its season.
//!
//! With `c` the mean size of the history and `d[t]` demand without its season, `v[t] = ln(d[t]/c + δ)`; δ is 0 for a history
//! of positive values and keeps zeros finite in others. A level `l[t]` follows `v`, and a window that ends at `t` is shown
//! as `v[τ] − l[t]`, its targets as `v[t+h] − l[t]`: a parcel of screws and a tanker of oil look alike, and what the network
//! answers is a factor on the level. Smoothing the level and taking the season out beforehand is the division of labour of
//! Smyl's hybrid (2020, *A hybrid method of exponential smoothing and recurrent neural networks for time series
//! forecasting*, Int. J. Forecasting 36); here the smoothing is fitted by itself, series by series.

use super::Kind;
use crate::forecast::decompose::Indices;
use crate::forecast::theta;

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
    size: f64,
    offset: f64,
    season: Option<Indices>,
    /// `v[t]`.
    values: Vec<f64>,
    /// `l[t]`.
    levels: Vec<f64>,
}

impl Scaled {
    /// Scales a history for a network of one kind with windows of `window` values; `None` when it has no size.
    pub(super) fn new(y: &[f64], season: usize, kind: Kind, window: usize) -> Option<Self> {
        let size = y.iter().map(|v| v.abs() / y.len() as f64).sum::<f64>();
        if !(size.is_finite() && size > f64::MIN_POSITIVE) {
            return None;
        }
        let season = match kind {
            Kind::Hybrid => theta::season(y, season),
            Kind::Plain => None,
        };
        let shares: Vec<f64> = y
            .iter()
            .enumerate()
            .map(|(t, v)| season.as_ref().map_or(*v, |s| s.remove(t, *v)).max(0.0) / size)
            .collect();
        let offset = if shares.iter().all(|s| *s > SMALLEST) { 0.0 } else { OFFSET };
        let values: Vec<f64> = shares.iter().map(|s| (s + offset).ln()).collect();
        let levels = match kind {
            Kind::Hybrid => smoothed(&values),
            Kind::Plain => means(&values, window),
        };
        let sound = values.iter().chain(&levels).all(|v| v.is_finite());
        sound.then_some(Self { size, offset, season, values, levels })
    }

    /// Number of periods.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// `v[τ] − l[t]`; before the history its first value stands.
    pub(super) fn seen(&self, tau: isize, t: usize) -> f32 {
        (self.values[tau.max(0) as usize] - self.levels[t]) as f32
    }

    /// `v[t+h] − l[t]`, `h ≥ 1`.
    pub(super) fn target(&self, t: usize, h: usize) -> f32 {
        (self.values[t + h] - self.levels[t]) as f32
    }

    /// The same without season and size: demand as a share of the history's mean.
    pub(super) fn share(&self, t: usize, z: f64) -> f64 {
        ((z.clamp(-2.0 * MOST, MOST) + self.levels[t]).exp() - self.offset).max(0.0)
    }

    /// The demand that an answer `z` for period `t + h`, given at `t`, stands for.
    pub(super) fn demand(&self, t: usize, h: usize, z: f64) -> f64 {
        let share = self.share(t, z) * self.size;
        self.season.as_ref().map_or(share, |s| s.restore(t + h, share))
    }
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
