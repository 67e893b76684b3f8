//! From a negative binomial distribution per step to a forecast: the ranks that a validation block's counts had in theirs.

use super::super::scale::Scaled;
use crate::forecast::neural::objective::count_parameters;
use crate::forecast::seed::generator;
use crate::model::SamplePaths;
use rand::RngExt as _;
use statrs::distribution::{ContinuousCDF as _, Normal};

/// Largest mean of which probabilities are summed one by one; beyond, a count is as good as continuous.
const LARGEST_MEAN: f64 = 200.0;
/// Most probabilities of one distribution, and the share after which the rest is left out.
const MOST: usize = 20_000;
const ENOUGH: f64 = 0.999_95;

/// Where the counts of a validation block lay in the distributions answered for them: one trajectory per window.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Ranks {
    pub(super) horizon: usize,
    /// `[window, step]`, in `[0, 1]`.
    pub(super) values: Vec<f64>,
    /// Share of the counts within the 80 % interval as answered.
    pub(super) covered: f64,
}

/// A negative binomial distribution whose quantiles can be asked for.
enum Distribution {
    /// Cumulated probabilities of 0, 1, 2, …
    Table(Vec<f64>),
    /// Mean and shape of the gamma distribution that is as good.
    Gamma(f64, f64),
}

impl Distribution {
    fn new(mean: f64, shape: f64) -> Self {
        if mean > LARGEST_MEAN {
            return Self::Gamma(mean, mean * shape / (mean + shape));
        }
        let ratio = mean / (mean + shape);
        let mut probability = (shape * (shape / (mean + shape)).ln()).exp();
        let (mut sum, mut table) = (0.0, Vec::new());
        while sum < ENOUGH && table.len() < MOST {
            sum += probability;
            table.push(sum.min(1.0));
            let k = table.len() as f64;
            probability *= (k - 1.0 + shape) / k * ratio;
        }
        Self::Table(table)
    }

    /// The smallest count whose cumulated probability is at least `rank`.
    fn quantile(&self, rank: f64) -> f64 {
        match self {
            Self::Table(table) => table.partition_point(|sum| *sum < rank) as f64,
            // Wilson & Hilferty 1931, the cube root of a gamma variate is nearly normal.
            Self::Gamma(mean, shape) => {
                let z = Normal::standard().inverse_cdf(rank.clamp(1e-6, 1.0 - 1e-6));
                let root = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt());
                (mean * root.max(0.0).powi(3)).round()
            }
        }
    }

    /// Probability of a count below `y`, and of one of at most `y`.
    fn around(&self, y: f64) -> (f64, f64) {
        match self {
            Self::Table(table) => {
                let k = y.floor().max(0.0) as usize;
                let at = |k: Option<usize>| k.map_or(0.0, |k| table.get(k).copied().unwrap_or(1.0));
                (at(k.checked_sub(1)), at(Some(k)))
            }
            Self::Gamma(mean, shape) => {
                let root = (y.max(0.0) / mean).cbrt();
                let p = Normal::standard().cdf((root - 1.0 + 1.0 / (9.0 * shape)) * 3.0 * shape.sqrt());
                (p, p)
            }
        }
    }
}

impl Ranks {
    /// From series, the last period seen, and what was answered there.
    pub(super) fn of<'a>(horizon: usize, cases: impl Iterator<Item = (&'a Scaled, usize, &'a [f32])>) -> Self {
        let mut found = Self { horizon, values: Vec::new(), covered: 0.0 };
        let mut rng = generator(0);
        for (scaled, t, answers) in cases {
            for (h, answers) in answers.chunks_exact(2).enumerate() {
                let distribution = distribution(scaled, t, answers).2;
                let (below, to) = distribution.around(f64::from(scaled.target(t, h + 1)));
                let rank = below + rng.random::<f64>() * (to - below);
                found.covered += f64::from(u8::from(to >= 0.1 && below <= 0.9));
                found.values.push(rank);
            }
        }
        found.covered /= found.values.len().max(1) as f64;
        found
    }

    /// Trajectories.
    pub(super) fn len(&self) -> usize {
        self.values.len() / self.horizon
    }

    /// Means of one series, from the network's `answer` at its last period.
    pub(super) fn mean((scaled, t): (&Scaled, usize), answer: &[f32], steps: usize) -> Vec<f64> {
        let of = |a: &[f32]| count_parameters([f64::from(a[0]), f64::from(a[1])], f64::from(scaled.size(t))).0;
        answer.chunks_exact(2).take(steps).map(of).collect()
    }

    /// Means and sample paths of one series, from the network's `answer` at its last period.
    pub(super) fn simulate(
        &self,
        (scaled, t): (&Scaled, usize),
        answer: &[f32],
        (steps, paths): (usize, usize),
        seed: u64,
    ) -> (Vec<f64>, SamplePaths) {
        let by_step: Vec<_> = answer.chunks_exact(2).take(steps).map(|a| distribution(scaled, t, a)).collect();
        let mut rng = generator(seed);
        let mut values = Vec::with_capacity(paths * steps);
        let count = self.len().max(1);
        for _ in 0..paths {
            let row = rng.random_range(0..count) * self.horizon;
            for (h, (_, _, distribution)) in by_step.iter().enumerate() {
                let rank = self.values.get(row + h).copied().unwrap_or_else(|| rng.random());
                values.push(distribution.quantile(rank) as f32);
            }
        }
        (by_step.iter().map(|(mean, _, _)| *mean).collect(), SamplePaths::new(steps, values))
    }
}

/// Mean, shape and distribution of a count from the two numbers answered at `t`.
fn distribution(scaled: &Scaled, t: usize, answers: &[f32]) -> (f64, f64, Distribution) {
    let (mean, shape) = count_parameters([f64::from(answers[0]), f64::from(answers[1])], f64::from(scaled.size(t)));
    (mean, shape, Distribution::new(mean, shape))
}

#[cfg(test)]
mod tests {
    use super::super::super::kind::Scaling;
    use super::super::super::scale::Spans;
    use super::*;
    use crate::control::Control;

    const PATHS: usize = 40_000;

    /// Paths of one step of a negative binomial with this mean and shape, every rank as likely as another.
    fn paths(mean: f64, shape: f64) -> Vec<f64> {
        let spans = Spans { season: 1, window: 12, horizon: 1 };
        let scaled = Scaled::new((&[5.0; 24], 24), spans, Scaling::Counts, &Control::silent()).unwrap().unwrap();
        let answer = [(mean.ln() - f64::from(scaled.size(23))) as f32, shape.ln() as f32];
        let values = (0..2000).map(|k| (f64::from(k) + 0.5) / 2000.0).collect();
        let ranks = Ranks { horizon: 1, values, covered: 0.8 };
        let (told, paths) = ranks.simulate((&scaled, 23), &answer, (1, PATHS), 3);
        assert!((told[0] / mean - 1.0).abs() < 1e-5, "{told:?}");
        paths.values().iter().map(|v| f64::from(*v)).collect()
    }

    #[test]
    fn paths_have_the_distributions_mean_variance_and_zeros() {
        for (mean, shape) in
            [(0.08, 0.5), (0.5, 2.0), (3.0, 0.7), (3.0, 200.0), (40.0, 5.0), (150.0, 8.0), (900.0, 4.0)]
        {
            let paths = paths(mean, shape);
            let n = paths.len() as f64;
            let variance = mean + mean * mean / shape;
            let found = paths.iter().sum::<f64>() / n;
            // Four standard errors of a mean of independent draws, and what 2,000 ranks leave of the tail.
            let allowed = 4.0 * (variance / n).sqrt() + 0.01 * mean;
            assert!((found - mean).abs() < allowed, "mean {found}, not {mean} ± {allowed}");
            let spread = paths.iter().map(|v| (v - found).powi(2)).sum::<f64>() / n;
            assert!((spread / variance - 1.0).abs() < 0.08, "{mean}, {shape}: variance {spread}, not {variance}");
            let zeros = paths.iter().filter(|v| **v == 0.0).count() as f64 / n;
            let expected = (shape / (shape + mean)).powf(shape);
            assert!((zeros - expected).abs() < 0.01, "{mean}, {shape}: {zeros} of the counts are 0, not {expected}");
            assert!(paths.iter().all(|v| v.fract() == 0.0 && *v >= 0.0));
        }
    }

    #[test]
    fn quantiles_and_probabilities_belong_together() {
        for (mean, shape) in [(0.5, 2.0), (40.0, 5.0), (150.0, 0.01)] {
            let distribution = Distribution::new(mean, shape);
            for rank in [0.01, 0.2, 0.5, 0.9, 0.999] {
                let y = distribution.quantile(rank);
                let (below, to) = distribution.around(y);
                assert!(below < rank && rank <= to, "{mean}, {shape}: {rank} is not within {below} and {to}");
            }
        }
    }
}
