//! From three quantiles to a distribution: a validation block's misses around the median, and their mirror images.
//!
//! Three numbers say how wide and how skewed a window's uncertainty is, the misses how long its tails are and how steps go
//! together. A block lies in few seasons, all series' together, so that it may be missed on one side throughout; the next
//! is missed on either. Mirrored, the misses' median is the answered one, and the interval as wide as that of their sizes:
//! split conformal prediction, asymmetric by the answered quantiles (Romano, Patterson & Candès 2019, *Conformalized quantile
//! regression*).

use super::super::kind::LEVELS;
use super::super::scale::Scaled;
use crate::forecast::seed::generator;
use crate::model::SamplePaths;
use rand::RngExt as _;

/// Points that the mean is summed over, from −3 to 3 deviations, and the deviation in sides of an 80 % interval.
const POINTS: usize = 25;
const REACH: f64 = 3.0;
const DEVIATION: f64 = 1.0 / 1.281_551_565_5;
/// Narrowest side of an interval, on the network's scale: a tenth of a percent of the level, or of the noise.
const NARROWEST: f64 = 1e-3;
/// Least share of the interval on either side of the median.
const LEAST_SIDE: f64 = 0.15;
/// Largest miss of a path, in sides of an interval: beyond, one series' mishap would be another's thousandfold demand.
pub(super) const LARGEST: f64 = 4.0;

/// How far targets lay from the median, in widths of the 80 % interval on that side: one trajectory per window.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Misses {
    pub(super) horizon: usize,
    /// `[window, step]`.
    pub(super) values: Vec<f64>,
    /// What share of the way from median to expectation the actual demand was, on average, in `[0, 1]`: how skewed errors
    /// are isn't told by three quantiles.
    pub(super) lean: f64,
    /// Share of the targets within the 80 % interval as answered.
    pub(super) covered: f64,
}

impl Misses {
    /// From series, the last period seen, and what was answered there.
    pub(super) fn of<'a>(horizon: usize, cases: impl Iterator<Item = (&'a Scaled, usize, &'a [f32])>) -> Self {
        let mut found = Self { horizon, values: Vec::new(), lean: 0.0, covered: 0.0 };
        let (mut missed, mut expected) = (0.0, 0.0);
        for (scaled, t, answers) in cases {
            for (h, answers) in answers.chunks_exact(LEVELS.len()).enumerate() {
                let middle = Middle::of(answers);
                let miss = middle.miss(f64::from(scaled.target(t, h + 1)));
                found.covered += f64::from(u8::from(miss.abs() <= 1.0));
                let miss = miss.clamp(-LARGEST, LARGEST);
                found.values.push(miss);
                let share = |miss: f64| scaled.share(t, middle.at(miss));
                missed += share(miss) - share(0.0);
                expected += expectation(share) - share(0.0);
            }
        }
        found.covered /= found.values.len().max(1) as f64;
        found.lean = if expected > 0.0 { (missed / expected).clamp(0.0, 1.0) } else { 0.0 };
        found
    }

    /// Trajectories.
    pub(super) fn len(&self) -> usize {
        self.values.len() / self.horizon
    }

    /// Means of one series, from the network's `answer` at its last period: part of the way from median to expectation.
    pub(super) fn mean(&self, (scaled, t): (&Scaled, usize), answer: &[f32], steps: usize) -> Vec<f64> {
        let of = |(h, answers): (usize, &[f32])| {
            let middle = Middle::of(answers);
            let demand = |miss: f64| scaled.demand(t, h + 1, middle.at(miss));
            let median = demand(0.0);
            median + self.lean * (expectation(demand) - median)
        };
        answer.chunks_exact(LEVELS.len()).take(steps).enumerate().map(of).collect()
    }

    /// Means and sample paths of one series, from the network's `answer` at its last period.
    pub(super) fn simulate(
        &self,
        (scaled, t): (&Scaled, usize),
        answer: &[f32],
        (steps, paths): (usize, usize),
        seed: u64,
    ) -> (Vec<f64>, SamplePaths) {
        let quantiles: Vec<Middle> = answer.chunks_exact(LEVELS.len()).take(steps).map(Middle::of).collect();
        let demand = |h: usize, miss: f64| scaled.demand(t, h + 1, quantiles[h].at(miss));
        let count = self.len();
        let row = |k: usize| &self.values[k * self.horizon..][..steps];
        let mean = self.mean((scaled, t), answer, steps);
        let mut rng = generator(seed);
        let mut values = Vec::with_capacity(paths * steps);
        for _ in 0..paths {
            let row = row(rng.random_range(0..count));
            let side = if rng.random() { 1.0 } else { -1.0 };
            values.extend(row.iter().enumerate().map(|(h, miss)| demand(h, side * miss) as f32));
        }
        (mean, SamplePaths::new(steps, values))
    }
}

/// Expected demand when the network's scale is normal around the median, with the answered interval's deviation. The misses'
/// own tails aren't in it: an exponential of the wildest series' miss would speak in every mean.
fn expectation(demand: impl Fn(f64) -> f64) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for k in 0..POINTS {
        let z = REACH * (2.0 * k as f64 / (POINTS - 1) as f64 - 1.0);
        let weight = (-0.5 * z * z).exp();
        sum += weight * demand(DEVIATION * z);
        weights += weight;
    }
    sum / weights
}

/// The median and how far the 80 % interval reaches on either side of it.
#[derive(Debug, Clone, Copy)]
struct Middle {
    median: f64,
    below: f64,
    above: f64,
}

impl Middle {
    /// Of quantiles that may have crossed.
    fn of(answers: &[f32]) -> Self {
        let mut sorted = [answers[0], answers[1], answers[2]].map(f64::from);
        sorted.sort_by(f64::total_cmp);
        let [low, median, high] = sorted;
        // A side that is nothing beside the other is the network's blunder, and misses in it would have no size.
        let least = NARROWEST.max(LEAST_SIDE * (high - low));
        Self { median, below: (median - low).max(least), above: (high - median).max(least) }
    }

    fn at(self, miss: f64) -> f64 {
        self.median + miss * if miss < 0.0 { self.below } else { self.above }
    }

    fn miss(self, value: f64) -> f64 {
        let away = value - self.median;
        away / if away < 0.0 { self.below } else { self.above }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::kind::Scaling;
    use super::super::super::scale::Spans;
    use super::*;
    use crate::control::Control;

    /// A block that was missed on one side throughout says how large misses are, not on which side the next one lies.
    #[test]
    fn misses_of_one_side_reach_to_both() {
        let spans = Spans { season: 1, window: 12, horizon: 1 };
        let scaled = Scaled::new((&[100.0; 24], 24), spans, Scaling::Mean, &Control::silent()).unwrap().unwrap();
        let values: Vec<f64> = (1..=100).map(|k| f64::from(k) * 0.01).collect();
        let misses = Misses { horizon: 1, values, lean: 0.0, covered: 1.0 };
        let (mean, paths) = misses.simulate((&scaled, 23), &[-0.1, 0.0, 0.2], (1, 4000), 1);
        assert!((mean[0] - 100.0).abs() < 1e-3, "{mean:?}");
        let demand: Vec<f64> = paths.values().iter().map(|v| f64::from(*v)).collect();
        let below = demand.iter().filter(|v| **v < mean[0]).count();
        assert!((1850..2150).contains(&below), "{below} of 4000");
        // Each side in its own measure: exp(-0.1) and exp(0.2) of the level at the ends.
        let (low, high) = demand.iter().fold((f64::MAX, 0.0_f64), |(l, h), v| (l.min(*v), h.max(*v)));
        assert!(((low / 100.0).ln() + 0.1).abs() < 0.002 && ((high / 100.0).ln() - 0.2).abs() < 0.004, "{low} {high}");
    }
}
