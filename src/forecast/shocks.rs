//! Seeded normal shocks that add up to a given variance per step.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// Deviations `d[h] = σ·e[h] + Σ_{i<h} c[i]·e[i]`, `e ~ N(0, 1)`, with `σ² = v[0]` and `c[i]² = v[i+1] − v[i]`, so that step
/// `h` has variance `v[h]` and a path takes one draw and one sum a step.
pub(crate) struct Shocks {
    sigma: f64,
    /// What of a step's shock stays for the later ones.
    lasting: Vec<f64>,
}

impl Shocks {
    /// From the variance of each step, never smaller than the one before.
    pub(crate) fn new(variance: &[f64]) -> Self {
        let lasting = variance.windows(2).map(|pair| (pair[1] - pair[0]).max(0.0).sqrt()).chain([0.0]).collect();
        Self { sigma: variance.first().copied().unwrap_or(0.0).sqrt(), lasting }
    }

    /// One path of deviations.
    pub(crate) fn draw(&self, rng: &mut impl Rng, deviations: &mut [f64]) {
        let mut walk = 0.0;
        for (deviation, lasting) in deviations.iter_mut().zip(&self.lasting) {
            let e: f64 = StandardNormal.sample(rng);
            *deviation = self.sigma * e + walk;
            walk += lasting * e;
        }
    }
}
