//! Several fits as one: a weighted mean, and sample paths of which each follows one of them.

use super::method::{Fit, Spread};
use super::seed::generator;
use crate::model::SamplePaths;
use rand_distr::{ChiSquared, Distribution, StandardNormal};

/// The golden ratio's fraction: its multiples fill the unit interval evenly, whatever their number (Weyl).
const GOLDEN: f64 = 0.618_033_988_749_894_9;
/// Keeps the draws of variances apart from those of shocks.
const VARIANCE_SEED: u64 = 0x5CA1_E0F0;

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

/// Coefficients that a model estimates besides its variance, as a rule: a level, a trend, a season's strength.
const ESTIMATED: f64 = 3.0;
/// Fewest degrees of freedom: below, a variance knows nothing.
const LEAST_FREEDOM: f64 = 4.0;

/// The paths with their deviations from `mean` as wide as a variance estimated from `n` observations allows: each path's is
/// multiplied by `√(ν/χ²)`, so that a step's distribution is Student's with ν degrees of freedom rather than normal, as a
/// forecast's is when its variance isn't known (Zellner 1971, *An Introduction to Bayesian Inference in Econometrics*, §3.2).
pub(crate) fn with_unknown_variance(paths: &SamplePaths, mean: &[f64], n: usize, seed: u64) -> SamplePaths {
    let freedom = (n as f64 - ESTIMATED).max(LEAST_FREEDOM);
    let Ok(chi_squared) = ChiSquared::new(freedom) else { return paths.clone() };
    let mut rng = generator(seed ^ VARIANCE_SEED);
    let mut values = Vec::with_capacity(paths.values().len());
    for path in paths.values().chunks(mean.len().max(1)) {
        let factor = (freedom / chi_squared.sample(&mut rng)).sqrt();
        values.extend(path.iter().zip(mean).map(|(v, m)| (m + factor * (f64::from(*v) - m)) as f32));
    }
    SamplePaths::new(mean.len(), values)
}

#[cfg(test)]
mod tests {
    use super::with_unknown_variance;
    use crate::forecast::seed::generator;
    use crate::model::SamplePaths;
    use rand_distr::{Distribution, StandardNormal};

    #[test]
    fn normal_paths_become_students_with_the_histories_freedom() {
        let mut rng = generator(5);
        let mean = [10.0, 20.0];
        let normal = (0..80_000).map(|k| mean[k % 2] + Distribution::<f64>::sample(&StandardNormal, &mut rng));
        let paths = SamplePaths::new(2, normal.map(|v| v as f32).collect());
        // Seven degrees of freedom: 90 % of Student's t lie within 1.8946, of the normal within 1.6449.
        let found = with_unknown_variance(&paths, &mean, 10, 1);
        let within = |bound: f64| {
            let inside = found.values().chunks(2).filter(|p| (f64::from(p[1]) - mean[1]).abs() <= bound).count();
            inside as f64 / 40_000.0
        };
        assert!((within(1.8946) - 0.90).abs() < 0.006, "{}", within(1.8946));
        // One variance to a path: where the first step is far off, the second is so more often.
        let far = |p: &&[f32]| (f64::from(p[0]) - mean[0]).abs() > 3.0;
        let (both, first) = found.values().chunks(2).filter(far).fold((0.0, 0.0), |(both, first), p| {
            (both + f64::from(u8::from((f64::from(p[1]) - mean[1]).abs() > 1.8946)), first + 1.0)
        });
        assert!(both / first > 0.2, "{both} of {first}");
        // A long history knows its variance.
        let long = with_unknown_variance(&paths, &mean, 100_000, 1);
        let moved = long.values().iter().zip(paths.values()).map(|(a, b)| (a - b).abs()).fold(0.0_f32, f32::max);
        assert!(moved < 0.1, "{moved}");
    }
}
