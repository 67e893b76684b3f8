//! Principal components: the baseline that an autoencoder has to beat.
//!
//! ```text
//! z ≈ mean + Σ_k c[k]·v[k]          c ~ N(0, λ),  what is left ~ N(0, σ²)
//! ```
//!
//! With all periods known `c = V·(z − mean)`. With some unknown, `c` and a shift of the whole are the most likely ones given
//! those known (probabilistic principal components, Tipping & Bishop 1999, equation 6 on the rows known).

use super::eigen::leading;
use super::windows::{Shown, Windows};
use crate::control::{Cancelled, Control};
use crate::forecast::least_squares::{cholesky, dot};
use crate::forecast::seed::generator;

/// Windows between two questions whether to go on.
const AT_ONCE: usize = 256;
/// Least variance that is left over, in squared spreads: data without noise would divide by 0.
const LEAST_NOISE: f64 = 1e-6;

/// Fitted principal components.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Linear {
    mean: Vec<f64>,
    /// `[component, period]`.
    components: Vec<f64>,
    variances: Vec<f64>,
    noise: f64,
}

impl Linear {
    /// The leading `count` components of some windows.
    pub(super) fn fit(
        windows: &Windows,
        rows: &[usize],
        count: usize,
        seed: u64,
        control: &Control,
    ) -> Result<Self, Cancelled> {
        let (n, w) = (rows.len().max(1) as f64, windows.window);
        let mut mean = vec![0.0; w];
        for k in rows {
            mean.iter_mut().zip(windows.row(*k)).for_each(|(m, z)| *m += f64::from(*z) / n);
        }
        let mut covariance = vec![0.0; w * w];
        let mut centred = vec![0.0; w];
        for (i, k) in rows.iter().enumerate() {
            if i % AT_ONCE == 0 {
                control.check()?;
            }
            let row = windows.row(*k);
            centred.iter_mut().zip(row.iter().zip(&mean)).for_each(|(c, (z, m))| *c = f64::from(*z) - m);
            for (into, x) in covariance.chunks_exact_mut(w).zip(&centred) {
                into.iter_mut().zip(&centred).for_each(|(sum, y)| *sum += x * y / n);
            }
        }
        let total: f64 = (0..w).map(|t| covariance[t * w + t]).sum();
        let (variances, components) = leading(&covariance, w, count, &mut generator(seed), control)?;
        let left = (total - variances.iter().sum::<f64>()) / w.saturating_sub(count).max(1) as f64;
        let noise = left.max(LEAST_NOISE);
        Ok(Self { mean, components, variances, noise })
    }

    /// Scores and, in `made`, the window made again, in the scale that it is shown in.
    pub(super) fn code(&self, shown: &Shown<'_>, made: &mut [f64]) -> Vec<f64> {
        let (level, spread) = shown.level();
        let w = self.mean.len();
        let seen = |t: usize| (f64::from(shown.z[t]) - level) / spread - self.mean[t];
        let is_whole = shown.from == 0 && shown.without.is_none();
        let (scores, shift) = if is_whole {
            let centred: Vec<f64> = (0..w).map(seen).collect();
            (self.components.chunks_exact(w).map(|v| dot(v, &centred)).collect(), 0.0)
        } else {
            self.likely(shown, seen)
        };
        made.iter_mut().zip(&self.mean).for_each(|(out, m)| *out = m + shift);
        for (v, score) in self.components.chunks_exact(w).zip(&scores) {
            made.iter_mut().zip(v).for_each(|(out, v)| *out += score * v);
        }
        scores
    }

    /// The most likely scores and shift given the periods shown.
    fn likely(&self, shown: &Shown<'_>, seen: impl Fn(usize) -> f64) -> (Vec<f64>, f64) {
        let (w, d) = (self.mean.len(), self.variances.len());
        let side = d + 1;
        let (mut a, mut b) = (vec![0.0; side * side], vec![0.0; side]);
        let at = |k: usize, t: usize| if k < d { self.components[k * w + t] } else { 1.0 };
        for t in (shown.from..w).filter(|t| shown.shows(*t)) {
            let z = seen(t);
            for i in 0..side {
                b[i] += at(i, t) * z;
                for j in 0..=i {
                    a[i * side + j] += at(i, t) * at(j, t);
                }
            }
        }
        for k in 0..side {
            // A shift has the variance of a period.
            let variance = if k < d { self.variances[k] } else { 1.0 };
            a[k * side + k] += self.noise / variance.max(LEAST_NOISE);
        }
        if !cholesky(&mut a, &mut b, side) {
            return (vec![0.0; d], 0.0);
        }
        let shift = b[d];
        b.truncate(d);
        (b, shift)
    }
}
