//! Bootstrap of lead-time demand.

use super::check;
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Spread, Task};
use crate::forecast::seed::generator;
use crate::model::{Parameter, SamplePaths};
use crate::text;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Weight of the overall share of periods with demand in each transition, in periods: a chain seen twice isn't certain.
const PRIOR_PERIODS: f64 = 1.0;

/// Demand or none as a two-state Markov chain started from the last period, sizes drawn from those seen and jittered
/// (Willemain, Smart & Schwarz 2004, *A new approach to forecasting intermittent demand for service parts inventories*,
/// Int. J. Forecasting 20, section 3.2). Sums of a path over any number of periods are draws of lead-time demand.
///
/// Two departures. Transition chances carry one period's worth of the overall share, so that no chain is stuck for
/// want of data. A size `X` becomes `X + Z·√X`, rounded, as there, but stays `X` whenever the jitter would reach `X` in
/// either direction: mending only what falls to zero and below, as the paper does, lifts the mean of small sizes (of
/// a size of 1 by a third). Sizes that aren't whole numbers aren't rounded. Demand is taken to be stationary.
pub(crate) struct Willemain;

impl Method for Willemain {
    fn name(&self) -> String {
        "willemain".to_owned()
    }

    fn fit(&self, task: &Task<'_>, _control: &Control) -> Result<Fit, FitError> {
        check(task.y)?;
        let sizes = super::sizes(task.y);
        let mean_size = sizes.iter().map(|v| v / sizes.len() as f64).sum::<f64>();
        let chain = Chain::of(task.y);
        let last = task.y.last().is_some_and(|v| *v > 0.0);
        let mut chance = f64::from(u8::from(last));
        let mean = (0..task.horizon).map(|_| {
            chance = chain.next(chance);
            chance * mean_size
        });
        let mean: Vec<f64> = mean.collect();
        let fitted =
            task.y.iter().take(task.y.len() - 1).map(|v| chain.next(f64::from(u8::from(*v > 0.0))) * mean_size);
        let (stays, starts) = (100.0 * chain.after_demand, 100.0 * chain.after_none);
        Ok(Fit {
            fitted: fitted.collect(),
            spread: simulate(task, &sizes, chain, last),
            parameters: vec![
                Parameter::new("probability_after_demand", chain.after_demand),
                Parameter::new("probability_after_none", chain.after_none),
                Parameter::new("size", mean_size),
            ],
            why: text!(
                "A period has demand with a chance of {stays:.0} % after one with demand and {starts:.0} % after one \
                 without, about {mean_size:.2} each time.",
                "上期有需求时本期有需求的概率为 {stays:.0}%，上期无需求时为 {starts:.0}%，每次约 {mean_size:.2}。"
            ),
            mean,
        })
    }
}

/// Chances of demand by the period before.
#[derive(Debug, Clone, Copy)]
struct Chain {
    after_demand: f64,
    after_none: f64,
}

impl Chain {
    fn of(y: &[f64]) -> Self {
        let share = y.iter().filter(|v| **v > 0.0).count() as f64 / y.len() as f64;
        let chance = |demand: bool| {
            let after = y.windows(2).filter(|w| (w[0] > 0.0) == demand);
            let (hits, all) = after.fold((0.0, 0.0), |(h, n), w| (h + f64::from(u8::from(w[1] > 0.0)), n + 1.0));
            (hits + PRIOR_PERIODS * share) / (all + PRIOR_PERIODS)
        };
        Self { after_demand: chance(true), after_none: chance(false) }
    }

    /// Chance of demand after a period that has it with `chance`.
    fn next(self, chance: f64) -> f64 {
        chance * self.after_demand + (1.0 - chance) * self.after_none
    }
}

fn simulate(task: &Task<'_>, sizes: &[f64], chain: Chain, last: bool) -> Spread {
    let mut rng = generator(task.seed);
    let count = task.options.paths.max(1);
    let whole = sizes.iter().all(|v| v.fract() == 0.0);
    let mut values = Vec::with_capacity(count * task.horizon);
    for _ in 0..count {
        let mut demand = last;
        for _ in 0..task.horizon {
            demand = rng.random::<f64>() < if demand { chain.after_demand } else { chain.after_none };
            let size = if demand { jittered(sizes[rng.random_range(0..sizes.len())], whole, &mut rng) } else { 0.0 };
            values.push(size as f32);
        }
    }
    Spread::Paths(SamplePaths::new(task.horizon, values))
}

fn jittered(size: f64, whole: bool, rng: &mut ChaCha8Rng) -> f64 {
    let normal: f64 = StandardNormal.sample(rng);
    let jitter = normal * size.sqrt();
    let jitter = if whole { jitter.round() } else { jitter };
    if jitter.abs() >= size { size } else { size + jitter }
}
