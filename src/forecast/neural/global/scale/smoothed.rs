//! What exponential smoothing leaves, in units of a history's own noise.
//!
//! Smoothing (`ets`, averaged over its forms) gives a level `l[t]`, a season and what level and slope lead to. With `d[t]` demand
//! without its season and `g` the mean size of `d[t] − d[t−1]`, a window that ends at `t` is shown as `(d[τ] − l[t])/g`, its
//! targets are `(d[t+h] − l[t])/g` with the season as it was known at `t`, and it is told where the slope leads, how the season
//! goes on, and how large `g` is beside the mean. So a parcel of screws and a tanker of oil look alike, and so do a calm and
//! a nervous history: every one counts as much as its errors do against those of a naive forecast. Nothing is taken a
//! logarithm of: where demand is wild, a factor would multiply what a sum only moves.
//!
//! Smoothing what can be smoothed, and leaving the rest to a network, is the division of labour of Smyl's hybrid (2020, *A
//! hybrid method of exponential smoothing and recurrent neural networks for time series forecasting*, Int. J. Forecasting
//! 36). There the smoothing parameters are trained along with the weights; here they are fitted first, series by series, by
//! their own likelihood, which takes milliseconds and lets the network start from what smoothing alone would forecast.

use super::super::windows::Meaning;
use super::{Spans, length_told, redrawn};
use crate::control::{Cancelled, Control};
use crate::forecast::smoothing::{Smoother, Trail};
use crate::forecast::theta;
use crate::model::Horizon;
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

/// Shares of the horizon at which level and slope are told.
const AHEAD: [f64; 4] = [0.0, 0.33, 0.67, 1.0];
/// Smallest noise: a percent of the mean size. A constant history has no other.
const LEAST_NOISE: f64 = 0.01;
/// Smallest factor of a season: what smoothing may sink below.
const LOWEST: f64 = 0.02;
/// Largest number shown, and largest change that is answered, in units of the noise.
const LARGEST: f64 = 10.0;
const LARGEST_ANSWER: f64 = 50.0;
/// Noise of a tenth of the mean and of all of it are told as about 0 and 1.
const NOISE_MIDDLE: f64 = 2.3;

/// One history, smoothed; amounts are shares of the mean size.
#[derive(Debug, Clone)]
pub(in super::super) struct Smoothed {
    smoother: Arc<Smoother>,
    spans: Spans,
    size: f64,
    noise: f64,
    /// Periods that anything is estimated from.
    known: usize,
    shares: Vec<f64>,
    /// Season of period `t`, known before it: `share = d·factor + term`; a season longer than the history.
    factors: Vec<f32>,
    terms: Vec<f32>,
    /// `d[t]`.
    pub(super) values: Vec<f64>,
    /// `l[t]`.
    levels: Vec<f64>,
    /// `[t, AHEAD]`.
    ahead: Vec<f32>,
}

impl Smoothed {
    pub(super) fn new(
        y: &[f64],
        (known, size): (&[f64], f64),
        spans: Spans,
        control: &Control,
    ) -> Result<Option<Self>, Cancelled> {
        let shares: Vec<f64> = y.iter().map(|v| v / size).collect();
        let Some(smoother) = Smoother::fit(&shares[..known.len()], spans.season, control)? else { return Ok(None) };
        Ok(Self::along(&Arc::new(smoother), shares, (known.len(), size), spans))
    }

    /// Scaled by a smoother that was fitted before; `None` where a number would leave the range of floats.
    fn along(smoother: &Arc<Smoother>, shares: Vec<f64>, (known, size): (usize, f64), spans: Spans) -> Option<Self> {
        let Trail { levels, factors, terms, ahead } = smoother.trail(&shares, &steps(spans.horizon));
        let values: Vec<f64> = (0..shares.len()).map(|t| without(shares[t], factors[t], terms[t])).collect();
        let changes = values[..known].windows(2).map(|w| (w[1] - w[0]).abs()).sum::<f64>();
        let noise = LEAST_NOISE + changes / known.saturating_sub(1).max(1) as f64;
        let (smoother, narrow) = (Arc::clone(smoother), |v: &[f64]| v.iter().map(|v| *v as f32).collect::<Vec<f32>>());
        let (factors, terms, ahead) = (narrow(&factors), narrow(&terms), narrow(&ahead));
        let found = Self { smoother, spans, size, noise, known, shares, factors, terms, values, levels, ahead };
        let sound = found.values.iter().chain(&found.levels).all(|v| v.is_finite())
            && [&found.factors, &found.terms, &found.ahead].into_iter().flatten().all(|v| v.is_finite());
        sound.then_some(found)
    }

    pub(super) fn seen(&self, tau: usize, t: usize) -> f32 {
        self.shown(self.values[tau] - self.levels[t])
    }

    fn shown(&self, difference: f64) -> f32 {
        (difference / self.noise).clamp(-LARGEST, LARGEST) as f32
    }

    pub(super) fn target(&self, t: usize, h: usize) -> f32 {
        let (factor, term) = self.season(t, h);
        ((without(self.shares[t + h], factor, term) - self.levels[t]) / self.noise) as f32
    }

    /// The season of `t + h` as it is known at `t`.
    fn season(&self, t: usize, h: usize) -> (f64, f64) {
        let k = t + 1 + (h - 1) % self.smoother.period();
        (f64::from(self.factors[k]), f64::from(self.terms[k]))
    }

    pub(super) fn meanings(spans: Spans) -> Vec<Meaning> {
        let parts = [(Meaning::Noise, 2), (Meaning::Slope, AHEAD.len()), (Meaning::Phase, seasons(spans))];
        parts.into_iter().flat_map(|(meaning, count)| std::iter::repeat_n(meaning, count)).collect()
    }

    pub(super) fn tell(&self, t: usize, out: &mut Vec<f32>) {
        out.push((0.43 * (self.noise.ln() + NOISE_MIDDLE)) as f32);
        out.push(length_told(t));
        let level = self.levels[t];
        for ahead in &self.ahead[t * AHEAD.len()..][..AHEAD.len()] {
            out.push(self.shown(f64::from(*ahead) - level));
        }
        for h in 1..=seasons(self.spans) {
            let (factor, term) = self.season(t, h);
            out.push(self.shown(level * (factor - 1.0) + term));
        }
    }

    /// Demand as a share of the mean size, without season, that an answer `z` given at `t` stands for.
    pub(super) fn share(&self, t: usize, z: f64) -> f64 {
        (self.levels[t] + z.clamp(-LARGEST_ANSWER, LARGEST_ANSWER) * self.noise).max(0.0)
    }

    pub(super) fn demand(&self, t: usize, h: usize, z: f64) -> f64 {
        let (factor, term) = self.season(t, h);
        (self.share(t, z) * factor.max(LOWEST) + term).max(0.0) * self.size
    }

    /// Theta's forecast from `t` on as answers; `None` where it has none.
    pub(super) fn line(&self, t: usize, control: &Control) -> Result<Option<Vec<f64>>, Cancelled> {
        let Ok(horizon) = Horizon::new(self.spans.horizon) else { return Ok(None) };
        let line = theta::forecast((&self.shares[..=t], self.spans.season), horizon, control)?;
        let answer = |(h, share): (usize, f64)| {
            let (factor, term) = self.season(t, h + 1);
            let z = (without(share, factor, term) - self.levels[t]) / self.noise;
            z.is_finite().then(|| z.clamp(-LARGEST_ANSWER, LARGEST_ANSWER))
        };
        Ok(line.and_then(|line| line.into_iter().enumerate().map(answer).collect()))
    }

    pub(super) fn bootstrapped(&self, block: usize, rng: &mut ChaCha8Rng) -> Self {
        let back = |(t, v): (usize, &f64)| {
            (v.max(0.0) * f64::from(self.factors[t]).max(LOWEST) + f64::from(self.terms[t])).max(0.0)
        };
        let shares: Vec<f64> = redrawn((&self.values, self.known), block, rng).iter().enumerate().map(back).collect();
        Self::along(&self.smoother, shares, (self.known, self.size), self.spans).unwrap_or_else(|| self.clone())
    }
}

/// Demand without its season; a factor that has sunk to nothing takes out no more than the smallest does.
fn without(share: f64, factor: f64, term: f64) -> f64 {
    (share - term) / factor.max(LOWEST)
}

/// Periods of the season that are told: those of the horizon, each once.
fn seasons(spans: Spans) -> usize {
    if spans.season > 1 { spans.horizon.min(spans.season) } else { 0 }
}

fn steps(horizon: usize) -> [usize; AHEAD.len()] {
    AHEAD.map(|share| ((share * horizon as f64).round() as usize).max(1))
}
