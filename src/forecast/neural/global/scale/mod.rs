//! What a network over many series sees of one, and what its answers stand for.
//!
//! Each [`Scaling`] is a file: shares of a mean ([`plain`]), counts ([`counts`]), or what exponential smoothing leaves
//! ([`smoothed`]).

mod counts;
mod plain;
mod smoothed;

use super::kind::Scaling;
use super::windows::Meaning;
use crate::control::{Cancelled, Control};
use counts::Counts;
pub(super) use counts::Sizes;
use plain::Shares;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use smoothed::Smoothed;
use std::sync::Arc;

/// Periods of a season, of a window, and of the answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spans {
    pub(super) season: usize,
    pub(super) window: usize,
    pub(super) horizon: usize,
}

/// One history, scaled.
#[derive(Debug, Clone)]
pub(super) enum Scaled {
    Shares(Shares),
    Counts(Arc<Counts>),
    Smoothed(Box<Smoothed>),
}

impl Scaled {
    /// Scales a history for a network; what is estimated for that is estimated from its first `known` periods. `None` when
    /// it has no size.
    ///
    /// # Errors
    /// [`Cancelled`] when the user asked to stop.
    pub(super) fn new(
        (y, known): (&[f64], usize),
        spans: Spans,
        scaling: Scaling,
        control: &Control,
    ) -> Result<Option<Self>, Cancelled> {
        let known = &y[..known.min(y.len())];
        let size = known.iter().map(|v| v.abs() / known.len() as f64).sum::<f64>();
        if !(size.is_finite() && size > f64::MIN_POSITIVE) {
            return Ok(None);
        }
        Ok(match scaling {
            Scaling::Mean => Shares::new(y, (known.len(), size), spans.window).map(Self::Shares),
            Scaling::Counts => Counts::new(y, size, spans.window).map(|counts| Self::Counts(Arc::new(counts))),
            Scaling::Smoothed => {
                Smoothed::new(y, (known, size), spans, control)?.map(|smoothed| Self::Smoothed(Box::new(smoothed)))
            }
        })
    }

    /// Number of periods.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Shares(shares) => shares.values.len(),
            Self::Counts(counts) => counts.values.len(),
            Self::Smoothed(smoothed) => smoothed.values.len(),
        }
    }

    /// What is shown of period `τ` at `t`; before the history its first value stands.
    pub(super) fn seen(&self, tau: isize, t: usize) -> f32 {
        let tau = tau.max(0) as usize;
        match self {
            Self::Shares(shares) => (shares.values[tau] - shares.levels[t]) as f32,
            Self::Counts(counts) => (counts.values[tau] / counts.levels[t]).ln_1p() as f32,
            Self::Smoothed(smoothed) => smoothed.seen(tau, t),
        }
    }

    /// What is to be answered for `t + h` at `t`, `h ≥ 1`.
    pub(super) fn target(&self, t: usize, h: usize) -> f32 {
        match self {
            Self::Shares(shares) => (shares.values[t + h] - shares.levels[t]) as f32,
            Self::Counts(counts) => counts.values[t + h] as f32,
            Self::Smoothed(smoothed) => smoothed.target(t, h),
        }
    }

    /// Logarithm of the demand that an answered 0 stands for, where counts are answered.
    pub(super) fn size(&self, t: usize) -> f32 {
        match self {
            Self::Counts(counts) => counts.levels[t].ln() as f32,
            _ => 0.0,
        }
    }

    /// The sizes of the demands that were seen until `t`, where counts are answered and there were some.
    pub(super) fn sizes(&self, t: usize) -> Option<Sizes<'_>> {
        match self {
            Self::Counts(counts) => counts.sizes(t),
            _ => None,
        }
    }

    /// What the numbers told of a window besides its values stand for.
    pub(super) fn meanings(scaling: Scaling, spans: Spans) -> Vec<Meaning> {
        match scaling {
            Scaling::Mean => vec![Meaning::Size],
            Scaling::Counts => Counts::meanings(),
            Scaling::Smoothed => Smoothed::meanings(spans),
        }
    }

    /// Appends them for the window that ends at `t`: counts of one or of a thousand a period behave differently, shares
    /// don't.
    pub(super) fn tell(&self, t: usize, out: &mut Vec<f32>) {
        match self {
            Self::Shares(_) => out.push(0.0),
            Self::Counts(counts) => counts.tell(t, out),
            Self::Smoothed(smoothed) => smoothed.tell(t, out),
        }
    }

    /// Demand as a share of the history's mean, without season, that an answer `z` given at `t` stands for.
    pub(super) fn share(&self, t: usize, z: f64) -> f64 {
        match self {
            Self::Shares(shares) => shares.share(t, z),
            // Counts are answered as they are: nobody asks for a share of theirs.
            Self::Counts(counts) => z.max(0.0) / counts.levels[t],
            Self::Smoothed(smoothed) => smoothed.share(t, z),
        }
    }

    /// The demand that an answer `z` for period `t + h`, given at `t`, stands for.
    pub(super) fn demand(&self, t: usize, h: usize, z: f64) -> f64 {
        match self {
            Self::Shares(shares) => shares.share(t, z) * shares.size,
            Self::Counts(_) => z.max(0.0),
            Self::Smoothed(smoothed) => smoothed.demand(t, h, z),
        }
    }

    /// What Theta forecasts from `t` on, as answers of every step, where a network answers beside smoothing.
    ///
    /// # Errors
    /// [`Cancelled`] when the user asked to stop.
    pub(super) fn line(&self, t: usize, control: &Control) -> Result<Option<Vec<f64>>, Cancelled> {
        match self {
            Self::Smoothed(smoothed) => smoothed.line(t, control),
            _ => Ok(None),
        }
    }

    /// Another history that might have been, with what is left beside a smooth course drawn from other times in blocks; what
    /// nothing may be estimated from stays as it is.
    /// Counts come back as they are: nothing smooth is left of them.
    pub(super) fn bootstrapped(&self, block: usize, rng: &mut ChaCha8Rng) -> Self {
        match self {
            Self::Shares(shares) => Self::Shares(shares.bootstrapped(block, rng)),
            Self::Counts(_) => self.clone(),
            Self::Smoothed(smoothed) => Self::Smoothed(Box::new(smoothed.bootstrapped(block, rng))),
        }
    }
}

/// How long a history is known at `t`, as it is told.
fn length_told(t: usize) -> f32 {
    (0.3 * (t as f64).ln_1p() - 1.0) as f32
}

/// Fewest blocks of a history that is drawn anew: few would be the same pieces in other places.
const FEWEST_BLOCKS: usize = 4;

/// The values with what lies beside a moving average over `block` periods drawn anew in blocks, in the first `known` of them
/// (Bergmeir, Hyndman & Benítez 2016, *Bagging exponential smoothing methods*, Int. J. Forecasting 32, with a moving average in
/// place of STL); the same ones where there are too few.
fn redrawn((all, known): (&[f64], usize), block: usize, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let (values, later) = all.split_at(known);
    let n = values.len();
    if n < FEWEST_BLOCKS * block {
        return all.to_vec();
    }
    let mut sums = vec![0.0];
    for v in values {
        sums.push(sums[sums.len() - 1] + v);
    }
    // As far to one side as to the other: at an end, a trend would be taken for a remainder.
    let average = |t: usize| {
        let half = (block / 2).min(t).min(n - 1 - t);
        (sums[t + half + 1] - sums[t - half]) / (2 * half + 1) as f64
    };
    let rest: Vec<f64> = (0..n).map(|t| values[t] - average(t)).collect();
    let mut drawn = Vec::with_capacity(n + block);
    while drawn.len() < n {
        let from = rng.random_range(0..=n - block);
        drawn.extend_from_slice(&rest[from..from + block]);
    }
    drawn.iter().take(n).enumerate().map(|(t, r)| average(t) + r).chain(later.iter().copied()).collect()
}
