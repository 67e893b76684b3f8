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
    /// Minus the logarithm of the probability of a count, by a negative binomial distribution of which the logarithm of the
    /// mean (as a share of the window's size) and that of the shape `r` are answered: variance `μ + μ²/r` (Salinas et al. 2020,
    /// *`DeepAR`: probabilistic forecasting with autoregressive recurrent networks*, Int. J. Forecasting 36).
    Counts,
}

/// Least and largest logarithm of a negative binomial's shape: beyond, it is as good as a point at 0 or a Poisson.
const SHAPES: (f64, f64) = (-6.0, 10.0);
/// Largest logarithm of a share of the size: beyond, nothing is learned.
const SHARES: f64 = 12.0;

impl Objective {
    /// Numbers answered for each target.
    pub(super) fn parts(&self) -> usize {
        match self {
            Self::Square => 1,
            Self::Quantiles(levels) => levels.len(),
            Self::Counts => 2,
        }
    }

    /// Loss of one target and its derivative by each of its answers.
    fn loss<A: Copy + Into<f64>>(&self, answers: &[A], (y, size): (f64, f64), derivative: &mut [f64]) -> f64 {
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
            Self::Counts => {
                let (mean, shape) = count_parameters([answers[0].into(), answers[1].into()], size);
                let y = y.max(0.0);
                let total = mean + shape;
                let within = |v: f64, from: f64, to: f64| f64::from(u8::from((from..=to).contains(&v)));
                derivative[0] = within(answers[0].into(), -SHARES, SHARES) * shape * (mean - y) / total;
                let by_shape = digamma(shape) - digamma(y + shape) + (total / shape).ln() + (y - mean) / total;
                derivative[1] = within(answers[1].into(), SHAPES.0, SHAPES.1) * shape * by_shape;
                ln_gamma(shape) + ln_gamma(y + 1.0) - ln_gamma(y + shape)
                    + shape * (total / shape).ln()
                    + if y > 0.0 { y * (total / mean).ln() } else { 0.0 }
            }
        }
    }
}

/// Mean and shape of the negative binomial that two answers stand for, in a window whose size has the logarithm `size`.
pub(super) fn count_parameters(answers: [f64; 2], size: f64) -> (f64, f64) {
    let mean = (answers[0].clamp(-SHARES, SHARES) + size).exp().max(1e-300);
    (mean, answers[1].clamp(SHAPES.0, SHAPES.1).exp())
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
        sum += objective.loss(answers, (f64::from(y), f64::from(size)), d);
        for d in d {
            *d *= share;
        }
    }
    sum * share
}
