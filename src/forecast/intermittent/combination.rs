//! Three kinds of memory, combined.

use super::aggregate::{Levels, aggregate};
use super::check;
use super::discounted::averaged;
use super::urn::Urn;
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Spread, Task};
use crate::forecast::seed::generator;
use crate::model::{Parameter, SamplePaths};
use crate::text;

/// Periods of the plain mean: a year of months, long enough for a handful of demands.
const WINDOW: usize = 12;
/// A member counts for at least this share of the members' mean: one that sees no demand in its window doesn't veto the
/// others, whose demand was real.
const LEAST_SHARE: f64 = 0.1;

/// Geometric mean of the discounted mean ([`super::Discounted`]), IMAPA ([`super::Aggregate`]) and the plain mean of the
/// last 12 periods.
///
/// The three forget in different ways: in proportion, in blocks, and all at once. Their errors are ratios rather than
/// differences (a spare part that fades is overestimated several times over, never underestimated below zero), and the
/// mean of logarithms, as in a logarithmic opinion pool (Genest & Zidek 1986, *Combining probability distributions*,
/// Statistical Science 1), is the mean for such errors: where the members disagree, demand is fading or has jumped, and
/// it leans to the lower. A third of the paths comes from each member's view, scaled together to the combined mean, so
/// that disagreement widens the distribution.
pub(crate) struct Combination;

impl Method for Combination {
    fn name(&self) -> String {
        "intermittent-combination".to_owned()
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        check(task.y)?;
        let discounted = averaged(task.y);
        let imapa = aggregate(task.y, Levels::UpToInterval, control)?;
        let members = floored([discounted.rate, imapa.rate, window(task.y)]);
        let rate = geometric_mean(members);
        let fitted = fitted(task.y, &discounted.fitted, &imapa.fitted);
        let [recent, blocks, year] = members;
        Ok(Fit {
            mean: vec![rate; task.horizon],
            fitted,
            spread: spread(task, members, rate),
            parameters: vec![
                Parameter::new("discounted_mean", recent),
                Parameter::new("imapa", blocks),
                Parameter::new("window_mean", year),
            ],
            why: text!(
                "{rate:.3} a period: between the discounted mean {recent:.3}, IMAPA {blocks:.3} and the mean of the \
                 last {WINDOW} periods {year:.3}.",
                "每期 {rate:.3}：介于折扣平均 {recent:.3}、IMAPA {blocks:.3} 与最近 {WINDOW} 期平均 {year:.3} 之间。"
            ),
        })
    }
}

/// The plain mean of the last periods.
fn window(y: &[f64]) -> f64 {
    let recent = &y[y.len().saturating_sub(WINDOW)..];
    recent.iter().sum::<f64>() / recent.len() as f64
}

fn floored(members: [f64; 3]) -> [f64; 3] {
    let mean = members.iter().sum::<f64>() / 3.0;
    members.map(|m| m.max(LEAST_SHARE * mean))
}

fn geometric_mean(members: [f64; 3]) -> f64 {
    if members.iter().all(|m| *m > 0.0) { (members.iter().map(|m| m.ln()).sum::<f64>() / 3.0).exp() } else { 0.0 }
}

/// One-step forecasts of the periods for which every member has one.
fn fitted(y: &[f64], discounted: &[f64], imapa: &[f64]) -> Vec<f64> {
    let n = y.len();
    let first = n - imapa.len().min(n.saturating_sub(WINDOW)).min(discounted.len());
    let step = |t: usize| {
        let members = [discounted[discounted.len() - (n - t)], imapa[imapa.len() - (n - t)], window(&y[..t])];
        geometric_mean(floored(members))
    };
    (first..n).map(step).collect()
}

fn spread(task: &Task<'_>, members: [f64; 3], rate: f64) -> Spread {
    let count = task.options.paths.max(1);
    let urn = Urn::recent(task.y);
    let mut rng = generator(task.seed);
    let mut values = Vec::with_capacity(count * task.horizon);
    // As many paths from each; what doesn't divide by three goes to the first. Their weighted mean becomes the rate.
    let counts = [count - 2 * (count / 3), count / 3, count / 3];
    let mean = members.iter().zip(counts).map(|(m, c)| m * c as f64).sum::<f64>() / count as f64;
    for (member, own) in members.into_iter().zip(counts) {
        let own_rate = if mean > 0.0 { member * rate / mean } else { 0.0 };
        urn.draw(own_rate, (own, task.horizon), &mut rng, &mut values);
    }
    Spread::Paths(SamplePaths::new(task.horizon, values))
}
