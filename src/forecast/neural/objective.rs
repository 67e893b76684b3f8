//! What a network's answers are measured by: loss and its derivative, one place for the CPU and the GPU.

use super::engine::Batch;
use statrs::function::gamma::{digamma, ln_gamma};

/// A loss over the targets of a window, each answered by one or more numbers, `[target, part]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Objective {
    /// Squared error of the mean.
    Square,
    /// Pinball loss of several quantiles, their mean (Koenker & Bassett 1978, *Regression quantiles*, Econometrica 46).
    Quantiles(Vec<f64>),
    /// Minus the logarithm of the probability of a count.
    ///
    /// A negative binomial distribution, of which the logarithm of the mean (as a share of the window's size) and that of the
    /// shape `r` are answered, variance `μ + μ²/r` (Salinas et al. 2020, *`DeepAR`: probabilistic forecasting with
    /// autoregressive recurrent networks*, Int. J. Forecasting 36), says whether there is demand. How much, if any, comes with
    /// weight `w`, the logistic function of the third answer, from the sizes that the item's demands had before, else from
    /// the same negative binomial: a part that is fitted in pairs is ordered in pairs.
    Counts,
}

/// Least and largest logarithm of a negative binomial's shape: beyond, it is as good as a point at 0 or a Poisson.
const SHAPES: (f64, f64) = (-6.0, 10.0);
/// Largest logarithm of a share of the size: beyond, nothing is learned.
const SHARES: f64 = 12.0;
/// Largest logit of a weight.
const WEIGHTS: f64 = 12.0;

impl Objective {
    /// Numbers answered for each target.
    pub(super) fn parts(&self) -> usize {
        match self {
            Self::Square => 1,
            Self::Quantiles(levels) => levels.len(),
            Self::Counts => Count::PARTS,
        }
    }

    /// Loss of one target and its derivative by each of its answers.
    fn loss<A: Copy + Into<f64>>(&self, answers: &[A], of: Target, derivative: &mut [f64]) -> f64 {
        let Target { y, .. } = of;
        match self {
            Self::Square => {
                let error = answers[0].into() - y;
                derivative[0] = 2.0 * error;
                error * error
            }
            Self::Quantiles(levels) => {
                let share = 1.0 / levels.len() as f64;
                let mut sum = 0.0;
                for ((answer, d), level) in answers.iter().zip(derivative).zip(levels) {
                    let error = (*answer).into() - y;
                    *d = share * if error < 0.0 { -level } else { 1.0 - level };
                    sum += *d * error;
                }
                sum
            }
            Self::Counts => count_loss(answers, of, derivative),
        }
    }
}

/// A target, the logarithm of its window's size, and its share of the sizes seen before.
#[derive(Debug, Clone, Copy)]
struct Target {
    y: f64,
    size: f64,
    own: f64,
}

/// With `f` the negative binomial's probabilities and `g(y)` the shares of the sizes seen before: `−ln f(0)` where nothing was
/// demanded, `−ln [(1 − w)·f(y) + w·(1 − f(0))·g(y)]` else.
fn count_loss<A: Copy + Into<f64>>(answers: &[A], Target { y, size, own }: Target, derivative: &mut [f64]) -> f64 {
    let Count { mean, shape, weight } = Count::answered(answers, size);
    let y = y.max(0.0);
    // ln(r/(μ + r)), which would cancel where the mean is next to nothing beside the shape.
    let (total, fade) = (mean + shape, -(mean / shape).ln_1p());
    let within = |k: usize, (from, to): (f64, f64)| f64::from(u8::from((from..=to).contains(&answers[k].into())));
    let (by_mean, by_shape) = (within(0, (-SHARES, SHARES)), within(1, SHAPES) * shape);
    // The negative binomial alone, and its derivatives by the two logarithms.
    let alone = ln_gamma(shape) + ln_gamma(y + 1.0) - ln_gamma(y + shape) - shape * fade
        + if y > 0.0 { y * (total / mean).ln() } else { 0.0 };
    let plain = [shape * (mean - y) / total, digamma(shape) - digamma(y + shape) - fade + (y - mean) / total];
    derivative[2] = 0.0;
    if y == 0.0 || own.is_nan() {
        derivative[0] = by_mean * plain[0];
        derivative[1] = by_shape * plain[1];
        return alone;
    }
    // The other part of the mixture, (1 − f(0))·g(y), with its derivatives.
    let log_nothing = shape * fade;
    let chance = (-f64::exp_m1(log_nothing)).max(f64::MIN_POSITIVE);
    let odds = log_nothing.exp() / chance;
    let logs = [(1.0 - weight).ln() - alone, (weight * own).ln() + chance.ln()];
    let most = logs[0].max(logs[1]);
    let sum: f64 = logs.iter().map(|l| (l - most).exp()).sum();
    let is_own = (logs[1] - most).exp() / sum;
    let own_part = [-odds * shape * mean / total, odds * (fade + mean / total)];
    derivative[0] = by_mean * ((1.0 - is_own) * plain[0] + is_own * own_part[0]);
    derivative[1] = by_shape * ((1.0 - is_own) * plain[1] + is_own * own_part[1]);
    derivative[2] = within(2, (-WEIGHTS, WEIGHTS)) * (weight - is_own);
    -most - sum.ln()
}

/// What three answers stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    /// Of the negative binomial distribution.
    pub(super) mean: f64,
    pub(super) shape: f64,
    /// Of the sizes seen before, in `(0, 1)`.
    pub(super) weight: f64,
}

impl Count {
    /// Numbers answered for each.
    pub(super) const PARTS: usize = 3;
    /// The answers of the level alone, without the sizes seen before.
    pub(super) const NEUTRAL: [f32; Self::PARTS] = [0.0, 0.0, -WEIGHTS as f32];

    /// In a window whose size has the logarithm `size`.
    pub(super) fn answered<A: Copy + Into<f64>>(answers: &[A], size: f64) -> Self {
        let answers: [f64; Self::PARTS] = std::array::from_fn(|k| answers[k].into());
        let mean = (answers[0].clamp(-SHARES, SHARES) + size).exp().max(1e-300);
        let shape = answers[1].clamp(SHAPES.0, SHAPES.1).exp();
        Self { mean, shape, weight: 1.0 / (1.0 + (-answers[2].clamp(-WEIGHTS, WEIGHTS)).exp()) }
    }

    /// Probability that nothing is demanded.
    pub(super) fn nothing(&self) -> f64 {
        (-self.shape * (self.mean / self.shape).ln_1p()).exp()
    }
}

/// Mean loss of a batch's answers `[window, target, part]` over windows and targets; `derivative` becomes that of the mean.
/// A target that is NaN isn't known and counts as met.
pub(super) fn mean_loss<A: Copy + Into<f64>>(
    objective: &Objective,
    answers: &[A],
    batch: Batch<'_>,
    derivative: &mut [f64],
) -> f64 {
    let parts = objective.parts();
    let share = 1.0 / batch.y.len().max(1) as f64;
    let mut sum = 0.0;
    let targets = answers.chunks_exact(parts).zip(derivative.chunks_exact_mut(parts)).zip(batch.y);
    for (i, ((answers, d), &y)) in targets.enumerate() {
        if y.is_nan() {
            d.fill(0.0);
            continue;
        }
        let size = batch.sizes.get(i / batch.targets).copied().unwrap_or(0.0);
        let own = batch.own.get(i).copied().unwrap_or(f32::NAN);
        let target = Target { y: f64::from(y), size: f64::from(size), own: f64::from(own) };
        sum += objective.loss(answers, target, d);
        for d in d {
            *d *= share;
        }
    }
    sum * share
}
