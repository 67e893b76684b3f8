//! Shares of a window's mean, in which the latest periods weigh most.

use super::redrawn;
use rand_chacha::ChaCha8Rng;

/// Largest factor on a level that is answered, as its logarithm: 55 times.
const MOST: f64 = 4.0;
/// δ of a history with zeros: a period without demand is a tenth of the mean's logarithm away.
const OFFSET: f64 = 0.1;
/// Weight of a period in the level, as a share of that of the one after it.
const KEPT: f64 = 0.8;
/// Smallest share of the mean size that a logarithm is taken of without an offset.
const SMALLEST: f64 = 0.05;

/// Logarithms of demand as a share of its mean: `v[t] = ln(y[t]/c + δ)`, a window that ends at `t` shown as `v[τ] − l[t]` with
/// `l[t]` a mean of the window's `v` in which the latest weigh most. δ is 0 for a history of positive values and keeps zeros
/// finite in others.
#[derive(Debug, Clone)]
pub(in super::super) struct Shares {
    pub(super) size: f64,
    offset: f64,
    window: usize,
    known: usize,
    pub(super) values: Vec<f64>,
    pub(super) levels: Vec<f64>,
}

impl Shares {
    pub(super) fn new(y: &[f64], (known, size): (usize, f64), window: usize) -> Option<Self> {
        let shares = || y.iter().map(|v| v.max(0.0) / size);
        let offset = if shares().take(known).all(|s| s > SMALLEST) { 0.0 } else { OFFSET };
        // A share below what was known to be the smallest counts as that.
        let values = shares().map(|s| (s + offset).max(SMALLEST).ln()).collect();
        Self { size, offset, window, known, values, levels: Vec::new() }.levelled()
    }

    fn levelled(mut self) -> Option<Self> {
        self.levels = means(&self.values, self.window);
        self.values.iter().chain(&self.levels).all(|v| v.is_finite()).then_some(self)
    }

    pub(super) fn share(&self, t: usize, z: f64) -> f64 {
        ((z.clamp(-2.0 * MOST, MOST) + self.levels[t]).exp() - self.offset).max(0.0)
    }

    pub(super) fn bootstrapped(&self, block: usize, rng: &mut ChaCha8Rng) -> Self {
        let other = Self { values: redrawn((&self.values, self.known), block, rng), levels: Vec::new(), ..*self };
        other.levelled().unwrap_or_else(|| self.clone())
    }
}

/// Means of the last `window` values, fewer at the start, each weighing [`KEPT`] of the one after it.
fn means(v: &[f64], window: usize) -> Vec<f64> {
    let lost = KEPT.powi(window as i32);
    let (mut sum, mut weights) = (0.0, 0.0);
    let mean = |t: usize| {
        sum = KEPT * sum + v[t];
        weights = KEPT * weights + 1.0;
        if t >= window {
            sum -= lost * v[t - window];
            weights -= lost;
        }
        sum / weights
    };
    (0..v.len()).map(mean).collect()
}
