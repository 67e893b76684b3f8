//! From a distribution of counts per step to a forecast: the ranks that a validation block's counts had in theirs.

use super::super::scale::Sizes;
use super::Origin;
use crate::forecast::neural::objective::Count;
use crate::forecast::seed::generator;
use crate::model::SamplePaths;
use rand::RngExt as _;
use statrs::distribution::{ContinuousCDF as _, Normal};

/// Largest mean of which probabilities are summed one by one; beyond, a count is as good as continuous.
const LARGEST_MEAN: f64 = 200.0;
/// Most probabilities of one distribution, and the share after which the rest is left out.
const MOST: usize = 20_000;
const ENOUGH: f64 = 0.999_95;
/// Ranks at which a continuous one is sampled.
const SAMPLED: usize = 1000;

/// Where the counts of a validation block lay in the distributions answered for them: one trajectory per window.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Ranks {
    pub(super) horizon: usize,
    /// `[window, step]`, in `[0, 1]`.
    pub(super) values: Vec<f64>,
    /// Share of the counts within the 80 % interval as answered.
    pub(super) covered: f64,
}

/// A negative binomial distribution.
enum Plain {
    /// Cumulated probabilities of 0, 1, 2, …
    Table(Vec<f64>),
    /// Mean and shape of the gamma distribution that is as good.
    Gamma(f64, f64),
}

impl Plain {
    fn new(mean: f64, shape: f64) -> Self {
        if mean > LARGEST_MEAN {
            return Self::Gamma(mean, mean * shape / (mean + shape));
        }
        let ratio = mean / (mean + shape);
        let mut probability = (-shape * (mean / shape).ln_1p()).exp();
        let (mut sum, mut table) = (0.0, Vec::new());
        while sum < ENOUGH && table.len() < MOST {
            sum += probability;
            table.push(sum.min(1.0));
            let k = table.len() as f64;
            probability *= (k - 1.0 + shape) / k * ratio;
        }
        Self::Table(table)
    }

    /// Probability of a count of at most `y`.
    fn to(&self, y: f64) -> f64 {
        match self {
            Self::Table(table) => table.get(y as usize).copied().unwrap_or(1.0),
            // Wilson & Hilferty 1931, the cube root of a gamma variate is nearly normal.
            Self::Gamma(mean, shape) => {
                let root = (y / mean).cbrt();
                Normal::standard().cdf((root - 1.0 + 1.0 / (9.0 * shape)) * 3.0 * shape.sqrt())
            }
        }
    }
}

/// The sizes of demand seen before.
struct Own {
    /// Ascending, with their cumulated shares; none before the first demand.
    sizes: Vec<(f64, f64)>,
    mean: Option<f64>,
}

impl Own {
    fn new(seen: Option<Sizes<'_>>) -> Self {
        let mut sizes: Vec<(f64, f64)> = seen.into_iter().flat_map(Sizes::iter).collect();
        sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0.0;
        for (_, share) in &mut sizes {
            sum += *share;
            *share = f64::min(sum, 1.0);
        }
        Self { sizes, mean: seen.map(Sizes::mean) }
    }

    /// Share of the sizes of at most `y`.
    fn to(&self, y: f64) -> f64 {
        self.sizes.partition_point(|(size, _)| *size <= y).checked_sub(1).map_or(0.0, |k| self.sizes[k].1)
    }
}

/// The distribution of one count, whose quantiles can be asked for: counts that there may be, ascending, with their
/// cumulated probabilities, the last one 1.
struct Distribution {
    mean: f64,
    values: Vec<f64>,
    sums: Vec<f64>,
    /// True where the values only sample what is as good as continuous.
    is_continuous: bool,
}

impl Distribution {
    /// From the answers, in a window whose size has the logarithm `size`, and the sizes of demand seen before.
    fn new(answers: &[f32], size: f64, own: &Own) -> Self {
        let count = Count::answered(answers, size);
        let (plain, nothing) = (Plain::new(count.mean, count.shape), count.nothing());
        let weight = if own.sizes.is_empty() { 0.0 } else { count.weight };
        let of_plain: Vec<f64> = match &plain {
            Plain::Table(table) => (0..table.len()).map(|k| k as f64).collect(),
            Plain::Gamma(mean, shape) => spread_over(*mean, *shape),
        };
        // With what lies just before a size: it comes at once, wherever others are only sampled.
        let sizes = own.sizes.iter().flat_map(|(size, _)| [size - 1.0, *size]);
        let mut values: Vec<f64> = of_plain.into_iter().chain(sizes).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        let to = |y: &f64| (1.0 - weight) * plain.to(*y) + weight * (nothing + (1.0 - nothing) * own.to(*y));
        let mut sums: Vec<f64> = values.iter().map(to).collect();
        // What lies beyond is left out.
        if let Some(last) = sums.last_mut() {
            *last = 1.0;
        }
        let is_continuous = matches!(plain, Plain::Gamma(..));
        Self { mean: mean(count, own.mean), values, sums, is_continuous }
    }

    /// The smallest count whose cumulated probability is at least `rank`.
    fn quantile(&self, rank: f64) -> f64 {
        let at = self.sums.partition_point(|sum| *sum < rank).min(self.sums.len() - 1);
        match at.checked_sub(1) {
            Some(before) if self.is_continuous => {
                let share = (rank - self.sums[before]) / (self.sums[at] - self.sums[before]);
                (self.values[before] + share.clamp(0.0, 1.0) * (self.values[at] - self.values[before])).ceil()
            }
            _ => self.values[at],
        }
    }

    /// Probability of a count of at most `y`.
    fn to(&self, y: f64) -> f64 {
        let after = self.values.partition_point(|v| *v <= y);
        let Some(before) = after.checked_sub(1) else { return 0.0 };
        if !self.is_continuous || after == self.values.len() {
            return self.sums[before];
        }
        let share = (y - self.values[before]) / (self.values[after] - self.values[before]);
        self.sums[before] + share * (self.sums[after] - self.sums[before])
    }

    /// Probability of a count below `y`, and of one of at most `y`.
    fn around(&self, y: f64) -> (f64, f64) {
        let y = y.round().max(0.0);
        (self.to(y - 1.0), self.to(y))
    }
}

/// Counts at evenly spread ranks of a gamma distribution, and 0.
fn spread_over(mean: f64, shape: f64) -> Vec<f64> {
    let normal = Normal::standard();
    let at = |k: usize| {
        let z = normal.inverse_cdf((k as f64 / SAMPLED as f64).clamp(1.0 - ENOUGH, ENOUGH));
        let root = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt());
        (mean * root.max(0.0).powi(3)).round()
    };
    std::iter::once(0.0).chain((0..=SAMPLED).map(at)).collect()
}

/// Mean of a count, when the sizes seen before have the mean `usual`.
fn mean(count: Count, usual: Option<f64>) -> f64 {
    let own = |usual: f64| (1.0 - count.weight) * count.mean + count.weight * (1.0 - count.nothing()) * usual;
    usual.map_or(count.mean, own)
}

impl Ranks {
    /// From series, the last period seen, and what was answered there.
    pub(super) fn of(horizon: usize, cases: &[(Origin<'_>, &[f32])]) -> Self {
        let mut found = Self { horizon, values: Vec::new(), covered: 0.0 };
        let mut rng = generator(0);
        for (origin, answers) in cases {
            let (own, size) = known(*origin);
            for (h, answers) in answers.chunks_exact(Count::PARTS).enumerate() {
                let distribution = Distribution::new(answers, size, &own);
                let (below, to) = distribution.around(f64::from(origin.scaled.target(origin.t, h + 1)));
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
    pub(super) fn mean(Origin { scaled, t, .. }: Origin<'_>, answer: &[f32], steps: usize) -> Vec<f64> {
        let (size, usual) = (f64::from(scaled.size(t)), scaled.sizes(t).map(Sizes::mean));
        let of = |answers: &[f32]| mean(Count::answered(answers, size), usual);
        answer.chunks_exact(Count::PARTS).take(steps).map(of).collect()
    }

    /// Means and sample paths of one series, from the network's `answer` at its last period.
    pub(super) fn simulate(
        &self,
        origin: Origin<'_>,
        answer: &[f32],
        (steps, paths): (usize, usize),
        seed: u64,
    ) -> (Vec<f64>, SamplePaths) {
        let (own, size) = known(origin);
        let of = |answers: &[f32]| Distribution::new(answers, size, &own);
        let by_step: Vec<Distribution> = answer.chunks_exact(Count::PARTS).take(steps).map(of).collect();
        let mut rng = generator(seed);
        let mut values = Vec::with_capacity(paths * steps);
        let count = self.len().max(1);
        for _ in 0..paths {
            let row = rng.random_range(0..count) * self.horizon;
            for (h, distribution) in by_step.iter().enumerate() {
                let rank = self.values.get(row + h).copied().unwrap_or_else(|| rng.random());
                values.push(distribution.quantile(rank) as f32);
            }
        }
        (by_step.iter().map(|distribution| distribution.mean).collect(), SamplePaths::new(steps, values))
    }
}

/// What is known of counts besides the answers: the sizes seen before, and the logarithm of the window's size.
fn known(Origin { scaled, t, .. }: Origin<'_>) -> (Own, f64) {
    (Own::new(scaled.sizes(t)), f64::from(scaled.size(t)))
}

#[cfg(test)]
mod tests {
    use super::super::super::kind::Scaling;
    use super::super::super::scale::{Scaled, Spans};
    use super::*;
    use crate::control::Control;
    use crate::forecast::neural::engine::{Batch, Shown};
    use crate::forecast::neural::objective::{Objective, mean_loss};

    const PATHS: usize = 40_000;

    /// Paths of one step after two years with these demands, every rank as likely as another, and their mean as told.
    fn paths((mean, shape, weight): (f64, f64, f64), demands: [f64; 24]) -> (f64, Vec<f64>) {
        let spans = Spans { season: 1, window: 12, horizon: 1 };
        let scaled = Scaled::new((&demands, 24), spans, Scaling::Counts, &Control::silent()).unwrap().unwrap();
        let logit = (weight / (1.0 - weight)).ln();
        let answer = [mean.ln() - f64::from(scaled.size(23)), shape.ln(), logit].map(|v| v as f32);
        let values = (0..2000).map(|k| (f64::from(k) + 0.5) / 2000.0).collect();
        let ranks = Ranks { horizon: 1, values, covered: 0.8 };
        let origin = Origin { scaled: &scaled, t: 23, line: &[] };
        let (told, paths) = ranks.simulate(origin, &answer, (1, PATHS), 3);
        assert_eq!(told, Ranks::mean(origin, &answer, 1));
        (told[0], paths.values().iter().map(|v| f64::from(*v)).collect())
    }

    #[test]
    fn paths_have_the_distributions_mean_variance_and_zeros() {
        for (mean, shape) in
            [(0.08, 0.5), (0.5, 2.0), (3.0, 0.7), (3.0, 200.0), (40.0, 5.0), (150.0, 8.0), (900.0, 4.0)]
        {
            // The sizes seen before have next to no weight.
            let (told, paths) = paths((mean, shape, 1e-5), [5.0; 24]);
            assert!((told / mean - 1.0).abs() < 1e-3, "{told}");
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
    fn sizes_seen_before_come_with_their_weight() {
        // Pairs, and a dozen now and then; the latest weigh more.
        let mut demands = [0.0; 24];
        for (t, size) in [(2, 12.0), (5, 2.0), (9, 2.0), (13, 12.0), (17, 2.0), (22, 2.0)] {
            demands[t] = size;
        }
        let weights: Vec<f64> = (0..6).map(|k| 0.9_f64.powi(k)).collect();
        let pairs = (weights[0] + weights[1] + weights[3] + weights[4]) / weights.iter().sum::<f64>();
        for (mean, shape, weight) in [(0.4, 0.8, 0.7), (6.0, 2.0, 0.3), (500.0, 3.0, 0.5)] {
            let (told, paths) = paths((mean, shape, weight), demands);
            let plain = Plain::new(mean, shape);
            let nothing = (shape / (shape + mean)).powf(shape);
            let expected = (1.0 - weight) * mean + weight * (1.0 - nothing) * (2.0 * pairs + 12.0 * (1.0 - pairs));
            assert!((told / expected - 1.0).abs() < 1e-5, "{told}, not {expected}");
            let n = paths.len() as f64;
            let found = paths.iter().sum::<f64>() / n;
            assert!((found / expected - 1.0).abs() < 0.04, "mean {found}, not {expected}");
            let of = |size: f64| paths.iter().filter(|v| (*v - size).abs() < 0.5).count() as f64 / n;
            for (size, share) in [(2.0, pairs), (12.0, 1.0 - pairs)] {
                let expected =
                    (1.0 - weight) * (plain.to(size) - plain.to(size - 1.0)) + weight * (1.0 - nothing) * share;
                assert!((of(size) - expected).abs() < 0.012, "{size}: {} instead of {expected}", of(size));
            }
            assert!((of(0.0) - nothing).abs() < 0.01, "{} instead of {nothing}", of(0.0));
        }
    }

    fn history() -> Scaled {
        let spans = Spans { season: 1, window: 12, horizon: 1 };
        let demands = [0.0, 3.0, 0.0, 1.0, 40.0, 0.0, 0.0, 3.0, 3.0, 0.0, 7.0, 0.0];
        Scaled::new((&demands, 12), spans, Scaling::Counts, &Control::silent()).unwrap().unwrap()
    }

    #[test]
    fn quantiles_and_probabilities_belong_together() {
        let scaled = history();
        for seen in [None, scaled.sizes(0), scaled.sizes(1), scaled.sizes(11)] {
            for (mean, shape) in
                [(1e-9_f64, 2e4_f64), (0.5, 2.0), (40.0, 5.0), (150.0, 0.01), (900.0, 4.0), (9e11, 3.0)]
            {
                let answers = [0.0, shape.ln() as f32, 0.3];
                let distribution = Distribution::new(&answers, mean.ln(), &Own::new(seen));
                let mut last = 0.0;
                for rank in [0.0, 0.01, 0.2, 0.5, 0.77, 0.9, 0.999, 1.0] {
                    let y = distribution.quantile(rank);
                    let (below, to) = distribution.around(y);
                    let holds = (below < rank || y == 0.0) && rank <= to + 1e-9 && y >= last;
                    assert!(holds, "{mean}, {shape}, {}: {rank} gives {y}, within {below} and {to}", seen.is_some());
                    last = y;
                }
            }
        }
    }

    /// What the network is trained by and what is drawn from are one distribution.
    #[test]
    fn the_loss_is_minus_the_logarithm_of_the_probability() {
        let scaled = history();
        for seen in [None, scaled.sizes(11)] {
            for (mean, shape, weight) in [(0.05_f64, 0.3_f64, -2.0_f32), (2.0, 1.5, 0.4), (30.0, 20.0, 3.0)] {
                let answers = [0.2, shape.ln() as f32, weight];
                let distribution = Distribution::new(&answers, mean.ln(), &Own::new(seen));
                let mut whole = 0.0;
                for y in 0..400 {
                    let y = f64::from(y);
                    let own = if y > 0.0 { seen.map_or(f64::NAN, |sizes| sizes.share(y)) } else { f64::NAN };
                    let (size, y32, own) = ([mean.ln() as f32], [y as f32], [own as f32]);
                    let batch = Batch { shown: Shown::default(), y: &y32, targets: 1, sizes: &size, own: &own };
                    let probability = (-mean_loss(&Objective::Counts, &answers, batch, &mut [0.0; 3])).exp();
                    let (below, to) = distribution.around(y);
                    whole += probability;
                    assert!((probability - (to - below)).abs() < 1e-4, "{y}: {probability}, not {}", to - below);
                }
                assert!((whole - 1.0).abs() < 1e-4, "{mean}, {shape}, {weight}: all together {whole}");
            }
        }
    }
}
