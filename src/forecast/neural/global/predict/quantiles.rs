//! From three quantiles to a distribution: a validation block's misses around the median, and their mirror images.
//!
//! Three numbers say how wide and how skewed a window's uncertainty is, the misses how long its tails are and how steps go
//! together. A block lies in few seasons, all series' together, so that it may be missed on one side throughout; the next
//! is missed on either. Mirrored, the misses' median is the answered one (averaged with Theta's forecast), and the interval
//! as wide as that of their sizes: split conformal prediction, asymmetric by the answered quantiles (Romano, Patterson &
//! Candès 2019, *Conformalized quantile regression*).

use super::super::kind::LEVELS;
use super::Origin;
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

/// Steps between the weights that are tried, and the largest error that counts, on the network's scale: one wild series isn't
/// to decide for all.
const WEIGHTS: usize = 10;
const LARGEST_ERROR: f64 = 10.0;
/// How much less either alone must miss than both in equal parts, times four: a fortieth. A single block says little about
/// the next one (Smith & Wallis 2009, *A simple explanation of the forecast combination puzzle*, Oxford Bulletin of Economics
/// and Statistics 71).
const DRAWN: f64 = 0.1;

/// How far targets lay from the median, in widths of the 80 % interval on that side: one trajectory per window.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Misses {
    pub(super) horizon: usize,
    /// `[window, step]`.
    pub(super) values: Vec<f64>,
    /// What share of the way from median to expectation the actual demand was, on average, in `[0, 1]`: how skewed errors
    /// are isn't told by three quantiles.
    pub(super) lean: f64,
    /// Weight of the network's median beside Theta's forecast, in `[0, 1]`.
    pub(super) weight: f64,
    /// Share of the targets within the 80 % interval as answered.
    pub(super) covered: f64,
}

impl Misses {
    /// From series, the last period seen, and what was answered there.
    pub(super) fn of((horizon, held): (usize, usize), cases: &[(Origin<'_>, &[f32])]) -> Self {
        let weight = best_weight(held, cases);
        let mut found = Self { horizon, values: Vec::new(), lean: 0.0, weight, covered: 0.0 };
        let (mut missed, mut expected) = (0.0, 0.0);
        for (origin, answers) in cases {
            let Origin { scaled, t, .. } = *origin;
            for (h, middle) in found.middles(*origin, answers).enumerate() {
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

    /// Medians and sides of every step, the median averaged with Theta's.
    fn middles<'a>(&self, origin: Origin<'a>, answer: &'a [f32]) -> impl Iterator<Item = Middle> + use<'a> {
        let weight = self.weight;
        answer.chunks_exact(LEVELS.len()).enumerate().map(move |(h, answers)| {
            let middle = Middle::of(answers);
            let theta = origin.line.get(h).copied().unwrap_or(middle.median);
            Middle { median: weight * middle.median + (1.0 - weight) * theta, ..middle }
        })
    }

    /// Means of one series, from the network's `answer` at its last period: part of the way from median to expectation.
    pub(super) fn mean(&self, origin: Origin<'_>, answer: &[f32], steps: usize) -> Vec<f64> {
        let Origin { scaled, t, .. } = origin;
        let of = |(h, middle): (usize, Middle)| {
            let demand = |miss: f64| scaled.demand(t, h + 1, middle.at(miss));
            let median = demand(0.0);
            median + self.lean * (expectation(demand) - median)
        };
        self.middles(origin, answer).take(steps).enumerate().map(of).collect()
    }

    /// Means and sample paths of one series, from the network's `answer` at its last period.
    pub(super) fn simulate(
        &self,
        origin: Origin<'_>,
        answer: &[f32],
        (steps, paths): (usize, usize),
        seed: u64,
    ) -> (Vec<f64>, SamplePaths) {
        let Origin { scaled, t, .. } = origin;
        let quantiles: Vec<Middle> = self.middles(origin, answer).take(steps).collect();
        let demand = |h: usize, miss: f64| scaled.demand(t, h + 1, quantiles[h].at(miss));
        let count = self.len();
        let row = |k: usize| &self.values[k * self.horizon..][..steps];
        let mean = self.mean(origin, answer, steps);
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

/// The weight, in tenths, with which the network's median and Theta's forecast together would have missed least, drawn
/// towards equal weights; 1 where Theta isn't asked. Only the last `held` periods count: the network was trained on those
/// before, while Theta never sees what it forecasts.
fn best_weight(held: usize, cases: &[(Origin<'_>, &[f32])]) -> f64 {
    let share = |k: usize| k as f64 / WEIGHTS as f64;
    let mut missed = [0.0; WEIGHTS + 1];
    for (origin, answers) in cases {
        let trained = (origin.scaled.len() - held).saturating_sub(origin.t + 1);
        for (h, (answers, theta)) in answers.chunks_exact(LEVELS.len()).zip(origin.line).enumerate().skip(trained) {
            let (target, median) = (f64::from(origin.scaled.target(origin.t, h + 1)), Middle::of(answers).median);
            for (k, sum) in missed.iter_mut().enumerate() {
                *sum += (share(k) * median + (1.0 - share(k)) * theta - target).abs().min(LARGEST_ERROR);
            }
        }
    }
    let cost = |k: usize| missed[k] + DRAWN * missed[WEIGHTS / 2] * (share(k) - 0.5).powi(2);
    // Of equals the largest.
    share((0..=WEIGHTS).rev().fold(WEIGHTS, |best, k| if cost(k) < cost(best) { k } else { best }))
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
    use super::super::super::scale::{Scaled, Spans};
    use super::*;
    use crate::control::Control;

    /// A block that was missed on one side throughout says how large misses are, not on which side the next one lies.
    #[test]
    fn misses_of_one_side_reach_to_both() {
        let spans = Spans { season: 1, window: 12, horizon: 1 };
        let scaled = Scaled::new((&[100.0; 24], 24), spans, Scaling::Mean, &Control::silent()).unwrap().unwrap();
        let values: Vec<f64> = (1..=100).map(|k| f64::from(k) * 0.01).collect();
        let misses = Misses { horizon: 1, values, lean: 0.0, weight: 1.0, covered: 1.0 };
        let (mean, paths) =
            misses.simulate(Origin { scaled: &scaled, t: 23, line: &[] }, &[-0.1, 0.0, 0.2], (1, 4000), 1);
        assert!((mean[0] - 100.0).abs() < 1e-3, "{mean:?}");
        let demand: Vec<f64> = paths.values().iter().map(|v| f64::from(*v)).collect();
        let below = demand.iter().filter(|v| **v < mean[0]).count();
        assert!((1850..2150).contains(&below), "{below} of 4000");
        // Each side in its own measure: exp(-0.1) and exp(0.2) of the level at the ends.
        let (low, high) = demand.iter().fold((f64::MAX, 0.0_f64), |(l, h), v| (l.min(*v), h.max(*v)));
        assert!(((low / 100.0).ln() + 0.1).abs() < 0.002 && ((high / 100.0).ln() - 0.2).abs() < 0.004, "{low} {high}");
    }

    /// Equal weights, unless one of the two is clearly better: by more than a fortieth than both in equal parts.
    #[test]
    fn weights_follow_the_errors_and_are_drawn_to_the_middle() {
        let spans = Spans { season: 1, window: 12, horizon: 2 };
        let demand: Vec<f64> = (0..26).map(|t| 100.0 + f64::from(t * 31 % 17)).collect();
        let scaled = Scaled::new((&demand, 24), spans, Scaling::Smoothed, &Control::silent()).unwrap().unwrap();
        let tenths = |weight: f64| (10.0 * weight).round() as i32;
        let target = [1, 2].map(|h| f64::from(scaled.target(23, h)));
        let weight = |network: f64, theta: Option<f64>| {
            let answer: Vec<f32> =
                target.iter().flat_map(|y| [-1.0, 0.0, 1.0].map(|q| (y + network + q) as f32)).collect();
            let line: Vec<f64> = theta.iter().flat_map(|off| target.map(|y| y + off)).collect();
            tenths(best_weight(2, &[(Origin { scaled: &scaled, t: 23, line: &line }, &answer)]))
        };
        assert_eq!(weight(2.0, None), 10, "Theta isn't asked");
        assert_eq!([weight(0.0, Some(1.0)), weight(1.0, Some(0.0))], [10, 0], "one of them is right");
        assert_eq!(weight(1.0, Some(-1.0)), 5, "they err on opposite sides");
        assert_eq!(weight(1.0, Some(1.0)), 5, "they are the same");
        assert_eq!([weight(1.0, Some(1.02)), weight(1.02, Some(1.0))], [6, 4], "a small advantage moves it a little");
        assert_eq!(weight(1.0, Some(1.5)), 10, "a large one decides");
        // What the network was trained on doesn't count: one step before the block it is perfect, in the block it isn't.
        let origin = Origin { scaled: &scaled, t: 23, line: &target.map(|y| y + 1.0) };
        let answer: Vec<f32> = [0.0, 1.2].iter().zip(target).flat_map(|(off, y)| [(y + off) as f32; 3]).collect();
        assert_eq!(tenths(best_weight(1, &[(origin, &answer)])), 0);
        assert!(best_weight(2, &[(origin, &answer)]) > 0.5);
    }

    /// The median moves to Theta's forecast as far as the weight says; the sides stay the network's.
    #[test]
    fn the_median_is_averaged_with_thetas() {
        let spans = Spans { season: 1, window: 12, horizon: 1 };
        let demand: Vec<f64> = (0..24).map(|t| 100.0 + f64::from(t * 31 % 17)).collect();
        let scaled = Scaled::new((&demand, 24), spans, Scaling::Smoothed, &Control::silent()).unwrap().unwrap();
        let line = scaled.line(23, &Control::silent()).unwrap().unwrap();
        let theta =
            crate::forecast::theta::forecast((&demand, 1), crate::model::Horizon::new(1).unwrap(), &Control::silent());
        assert!((scaled.demand(23, 1, line[0]) - theta.unwrap().unwrap()[0]).abs() < 1e-4, "{line:?}");
        let values = vec![-1.0, 1.0];
        let of = |weight: f64| {
            let misses = Misses { horizon: 1, values: values.clone(), lean: 0.0, weight, covered: 1.0 };
            let origin = Origin { scaled: &scaled, t: 23, line: &[0.8] };
            let (mean, paths) = misses.simulate(origin, &[-1.0, -0.2, 0.5], (1, 200), 1);
            let (low, high) = paths.values().iter().fold((f32::MAX, 0.0_f32), |(l, h), v| (l.min(*v), h.max(*v)));
            [mean[0], f64::from(low), f64::from(high)]
        };
        for (weight, median) in [(1.0, -0.2), (0.75, 0.05), (0.0, 0.8)] {
            let expected = [median, median - 0.8, median + 0.7].map(|z| scaled.demand(23, 1, z));
            let near = of(weight).iter().zip(expected).all(|(found, e)| (found - e).abs() < 1e-4 * e);
            assert!(near, "{weight}: {:?} instead of {expected:?}", of(weight));
        }
    }
}
