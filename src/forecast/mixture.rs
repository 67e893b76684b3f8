//! Several fits as one: a weighted mean, and sample paths of which each follows one of them.

use super::method::{Fit, Spread};
use super::seed::generator;
use crate::model::SamplePaths;
use rand_distr::{Distribution, StandardNormal};

/// The golden ratio's fraction: its multiples fill the unit interval evenly, whatever their number (Weyl).
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// Akaike weights `exp(−Δ/2T)` of models by their criterion, relative to the smallest one's, which has 1 (Burnham & Anderson
/// 2002, *Model Selection and Multimodel Inference*, §2.9); a temperature T above 1 flattens them.
pub(crate) fn akaike(criteria: impl Iterator<Item = f64> + Clone, temperature: f64) -> Vec<f64> {
    let lowest = criteria.clone().fold(f64::INFINITY, f64::min);
    criteria.map(|criterion| (-(criterion - lowest) / (2.0 * temperature)).exp()).collect()
}

/// Which of the weighted things (weights add up to 1) the k-th draw is of: in proportion to the weights for any number of
/// draws.
pub(crate) fn pick(weights: impl Iterator<Item = f64>, k: usize) -> usize {
    let at = (GOLDEN * (k + 1) as f64).fract();
    let (mut reached, mut last) = (0.0, 0);
    for (index, weight) in weights.enumerate() {
        reached += weight;
        last = index;
        if at < reached {
            break;
        }
    }
    last
}

/// Adds up the parts' values, weights applied.
pub(crate) fn weighted<'a>(parts: impl Iterator<Item = (f64, &'a [f64])>) -> Vec<f64> {
    let mut sum: Vec<f64> = Vec::new();
    for (weight, values) in parts {
        if sum.is_empty() {
            sum = vec![0.0; values.len()];
        }
        // Fitted values of different lengths end together.
        if values.len() < sum.len() {
            sum.drain(..sum.len() - values.len());
        }
        let late = &values[values.len() - sum.len()..];
        sum.iter_mut().zip(late).for_each(|(s, v)| *s += weight * v);
    }
    sum
}

/// Paths of the mixture of `parts`, moved so that they centre on `mean`: the doubt about which part is right is in them
/// beside each part's own.
pub(crate) fn mixture(parts: &[(f64, &Fit)], mean: &[f64], paths: usize, seed: u64) -> SamplePaths {
    let horizon = mean.len();
    let centre = weighted(parts.iter().map(|(weight, fit)| (*weight, fit.mean.as_slice())));
    let shift: Vec<f64> = mean.iter().zip(&centre).map(|(m, c)| m - c).collect();
    let mut rng = generator(seed);
    let mut values = Vec::with_capacity(paths * horizon);
    let mut shocks = vec![0.0; horizon];
    for k in 0..paths {
        let (_, fit) = parts[pick(parts.iter().map(|(weight, _)| *weight), k)];
        match &fit.spread {
            Spread::Linear { psi, sigma } => {
                shocks.fill_with(|| sigma * Distribution::<f64>::sample(&StandardNormal, &mut rng));
                for h in 0..horizon {
                    let error: f64 = psi[..=h].iter().zip(shocks[..=h].iter().rev()).map(|(p, e)| p * e).sum();
                    values.push((fit.mean[h] + shift[h] + error) as f32);
                }
            }
            Spread::Paths(own) => {
                let path = &own.values()[(k % own.len()) * horizon..][..horizon];
                values.extend(path.iter().zip(&shift).map(|(v, s)| (f64::from(*v) + s) as f32));
            }
        }
    }
    SamplePaths::new(horizon, values)
}
