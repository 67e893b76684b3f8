//! Sample paths where a formula ends: on another scale, and beyond missing values.

use crate::forecast::method::{Fit, Spread};
use crate::forecast::seed::generator;
use crate::model::SamplePaths;
use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{ContinuousCDF, Normal};

/// The spread of a fit as paths: as many as asked for, or as it has.
pub(super) fn sampled(mean: &[f64], spread: Spread, (count, seed): (usize, u64)) -> SamplePaths {
    match spread {
        Spread::Linear { psi, sigma } => drawn(mean, &psi, sigma, (count, seed)),
        Spread::Paths(paths) => paths,
    }
}

/// Paths of a linear process whose values at every step are the normal law's own quantiles, in the order of seeded draws
/// (Iman & Conover 1982, *A distribution-free approach to inducing rank correlation among input variables*): bounds read
/// from them are as good as a formula's, whatever the number of paths.
fn drawn(mean: &[f64], psi: &[f64], sigma: f64, (count, seed): (usize, u64)) -> SamplePaths {
    let horizon = mean.len();
    let mut rng = generator(seed);
    let mut shocks = vec![0.0; horizon];
    let mut errors = vec![0.0; count * horizon];
    for path in errors.chunks_exact_mut(horizon) {
        shocks.fill_with(|| Distribution::<f64>::sample(&StandardNormal, &mut rng));
        for (h, error) in path.iter_mut().enumerate() {
            *error = psi[..=h].iter().zip(shocks[..=h].iter().rev()).map(|(p, e)| p * e).sum();
        }
    }
    let quantiles = quantiles(count);
    let mut values = vec![0.0_f32; count * horizon];
    let mut order: Vec<usize> = (0..count).collect();
    let mut variance = 0.0;
    for h in 0..horizon {
        variance += psi[h] * psi[h];
        let deviation = sigma * variance.sqrt();
        order.sort_by(|a, b| errors[a * horizon + h].total_cmp(&errors[b * horizon + h]));
        for (path, z) in order.iter().zip(&quantiles) {
            values[path * horizon + h] = (mean[h] + deviation * z) as f32;
        }
    }
    SamplePaths::new(horizon, values)
}

/// Evenly spaced quantiles of the normal law, stretched to variance 1: a finite number of them varies a little less.
fn quantiles(count: usize) -> Vec<f64> {
    let law = Normal::standard();
    let found: Vec<f64> = (0..count).map(|k| law.inverse_cdf((k as f64 + 0.5) / count as f64)).collect();
    let narrow = (found.iter().map(|z| z * z).sum::<f64>() / count as f64).sqrt();
    if narrow > 0.0 { found.iter().map(|z| z / narrow).collect() } else { found }
}

/// Variance of the paths at each step.
pub(super) fn variances(paths: &SamplePaths) -> Vec<f64> {
    let count = paths.len().max(1) as f64;
    let at = |h: usize| {
        let mean = paths.iter().map(|p| f64::from(p[h])).sum::<f64>() / count;
        paths.iter().map(|p| (f64::from(p[h]) - mean).powi(2)).sum::<f64>() / count
    };
    (0..paths.steps()).map(at).collect()
}

/// A forecast whose first `gap` steps belong to periods of the history that have no value: what comes after them is as
/// uncertain as a forecast so many steps further on.
pub(super) fn after_gap(fit: Fit, gap: usize, draws: (usize, u64)) -> Fit {
    let Fit { mean, spread, mut fitted, parameters, why } = fit;
    let all = sampled(&mean, spread, draws);
    let steps = mean.len() - gap;
    let values = all.iter().flat_map(|path| path[gap..].iter().copied()).collect();
    fitted.extend_from_slice(&mean[..gap]);
    let spread = Spread::Paths(SamplePaths::new(steps, values));
    Fit { mean: mean[gap..].to_vec(), spread, fitted, parameters, why }
}
