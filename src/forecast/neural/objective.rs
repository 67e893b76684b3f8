//! What a network's answers are measured by: loss and its derivative, one place for the CPU and the GPU.

/// A loss over the targets of a window, each answered by one or more numbers, `[target, part]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Objective {
    /// Squared error of the mean.
    Square,
    /// Pinball loss of several quantiles, their mean (Koenker & Bassett 1978, *Regression quantiles*, Econometrica 46).
    Quantiles(Vec<f64>),
}

impl Objective {
    /// Numbers answered for each target.
    pub(super) fn parts(&self) -> usize {
        match self {
            Self::Square => 1,
            Self::Quantiles(levels) => levels.len(),
        }
    }

    /// Loss of one target and its derivative by each of its answers.
    fn loss<A: Copy + Into<f64>>(&self, answers: &[A], y: f64, derivative: &mut [f64]) -> f64 {
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
        }
    }
}

/// Mean loss of a batch of answers `[window, target, part]` over windows and targets; `derivative` becomes that of the mean.
/// A target that is NaN isn't known and counts as met.
pub(super) fn mean_loss<A: Copy + Into<f64>>(
    objective: &Objective,
    answers: &[A],
    y: &[f32],
    derivative: &mut [f64],
) -> f64 {
    let parts = objective.parts();
    let share = 1.0 / y.len().max(1) as f64;
    let mut sum = 0.0;
    for ((answers, d), &y) in answers.chunks_exact(parts).zip(derivative.chunks_exact_mut(parts)).zip(y) {
        if y.is_nan() {
            d.fill(0.0);
            continue;
        }
        sum += objective.loss(answers, f64::from(y), d);
        for d in d {
            *d *= share;
        }
    }
    sum * share
}
