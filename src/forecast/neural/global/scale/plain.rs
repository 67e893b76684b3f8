//! Shares of a window's mean, and counts.

use super::redrawn;
use rand_chacha::ChaCha8Rng;

/// Largest factor on a level that is answered, as its logarithm: 55 times.
const MOST: f64 = 4.0;
/// δ of a history with zeros: a period without demand is a tenth of the mean's logarithm away.
const OFFSET: f64 = 0.1;
/// Smallest share of the mean size that a logarithm is taken of without an offset.
const SMALLEST: f64 = 0.05;
/// Smallest demand that is a piece when it is rounded.
const SMALLEST_COUNT: f64 = 0.5;
/// Largest mean of a history of counts: beyond, one more or less is nothing to a 32-bit float.
const LARGEST_COUNT: f64 = 1e7;

/// Logarithms of demand as a share of its mean: `v[t] = ln(y[t]/c + δ)`, a window that ends at `t` shown as `v[τ] − l[t]` with
/// `l[t]` the mean of the window's `v`. δ is 0 for a history of positive values and keeps zeros finite in others.
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

/// Counts: shown as `ln(1 + y[τ]/l[t])`, answered as a distribution of the counts themselves; `l` is the mean of the window
/// and of all that came before it, so that a window without demand has a level too.
#[derive(Debug, Clone)]
pub(in super::super) struct Counts {
    pub(super) values: Vec<f64>,
    pub(super) levels: Vec<f64>,
}

impl Counts {
    pub(super) fn new(y: &[f64], size: f64, window: usize) -> Option<Self> {
        let values: Vec<f64> = y.iter().map(|v| v.max(0.0)).collect();
        let levels = count_levels(&values, window);
        let sound = values.iter().any(|v| *v >= SMALLEST_COUNT) && size < LARGEST_COUNT;
        (sound && levels.iter().all(|l| l.is_finite())).then_some(Self { values, levels })
    }
}

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
