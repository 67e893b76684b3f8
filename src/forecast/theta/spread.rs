//! From a variance per step to shocks that add up to it.

use crate::forecast::decompose::{Indices, Kind};
use crate::forecast::method::{Spread, Task};
use crate::forecast::seed::generator;
use crate::forecast::shocks::Shocks;
use crate::model::SamplePaths;
use rand_distr::{Distribution, StandardNormal};

/// Paths leave as `f32`; anything larger is cut here, far beyond any demand.
const LARGEST: f64 = 1e38;

/// The distribution around the deseasonalised `mean` with `variance` per step; a spread never narrows with the distance.
///
/// Without a multiplicative season the shocks add linearly, `ψ[j]² = (v[j] − v[j−1])/v[0]`. A multiplicative season
/// stretches them, so paths are simulated: shocks on the deseasonalised scale times the index, which itself is known only
/// to the mean of its `k` ratios, variance `v[0]/k`.
pub(super) fn spread(mean: &[f64], mut variance: Vec<f64>, season: Option<&Indices>, task: &Task<'_>) -> Spread {
    for j in 1..variance.len() {
        variance[j] = variance[j].max(variance[j - 1]);
    }
    match season {
        Some(season) if season.kind == Kind::Multiplicative => Spread::Paths(simulate(mean, &variance, season, task)),
        Some(season) => {
            let ratios = season.counts.iter().copied().min().unwrap_or(1).max(1) as f64;
            let index = variance[0] / ratios;
            for v in &mut variance {
                *v += index;
            }
            linear(&variance)
        }
        None => linear(&variance),
    }
}

fn linear(variance: &[f64]) -> Spread {
    let first = variance[0];
    if first <= 0.0 || !first.is_finite() {
        let mut psi = vec![0.0; variance.len()];
        psi[0] = 1.0;
        return Spread::Linear { psi, sigma: first.max(0.0).sqrt() };
    }
    let mut psi: Vec<f64> = vec![1.0; variance.len()];
    for (weight, pair) in psi[1..].iter_mut().zip(variance.windows(2)) {
        *weight = ((pair[1] - pair[0]) / first).sqrt();
    }
    Spread::Linear { psi, sigma: first.sqrt() }
}

/// Pairs of paths with opposite shocks, so that they centre on the mean.
fn simulate(mean: &[f64], variance: &[f64], season: &Indices, task: &Task<'_>) -> SamplePaths {
    let (n, m, horizon, count) = (task.y.len(), season.values.len(), mean.len(), task.options.paths.max(1));
    let sigma = variance[0].sqrt();
    let law = Shocks::new(variance);
    let factors: Vec<f64> = (0..horizon).map(|h| season.values[(n + h) % m]).collect();
    let unknown: Vec<f64> = (0..m).map(|k| sigma / (season.counts[(n + k) % m].max(1) as f64).sqrt()).collect();
    let mut rng = generator(task.seed);
    let mut values = Vec::with_capacity((count + 1) * horizon);
    let (mut shocks, mut indices) = (vec![0.0; horizon], vec![0.0; m.min(horizon)]);
    for _ in 0..count.div_ceil(2) {
        for (index, deviation) in indices.iter_mut().zip(&unknown) {
            let e: f64 = StandardNormal.sample(&mut rng);
            *index = deviation * e;
        }
        law.draw(&mut rng, &mut shocks);
        shocks.iter_mut().enumerate().for_each(|(h, shock)| *shock += indices[h % m]);
        for sign in [1.0, -1.0] {
            let path = mean.iter().zip(&shocks).zip(&factors).map(|((mu, e), f)| (mu + sign * e) * f);
            values.extend(path.map(|v| v.clamp(-LARGEST, LARGEST) as f32));
        }
    }
    values.truncate(count * horizon);
    SamplePaths::new(horizon, values)
}
