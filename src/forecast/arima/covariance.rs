//! Theoretical autocovariances of an ARMA process with unit shocks.

use super::polynomial::{Arma, to_partial};

/// What the innovations algorithm needs to know about the process.
#[derive(Debug, Clone)]
pub(super) struct Covariances {
    /// `γ(h) = cov(x[t], x[t+h])`, `h = 0..=max(p,q)`.
    pub(super) process: Vec<f64>,
    /// `cov(x[t], u[t+h])`, `h = 0..=q`, where `u = φ(B)x` is the moving-average part.
    pub(super) cross: Vec<f64>,
    /// `cov(u[t], u[t+h])`, `h = 0..=q`.
    pub(super) moving: Vec<f64>,
}

impl Covariances {
    /// `None` when the process isn't stationary.
    pub(super) fn of(arma: &Arma) -> Option<Self> {
        let (p, q) = (arma.phi.len(), arma.theta.len());
        let theta: Vec<f64> = std::iter::once(1.0).chain(arma.theta.iter().copied()).collect();
        let moving = overlaps(&theta, &theta);
        let cross = overlaps(&theta, &response(arma, q + 1));
        let pure = autoregressive(&arma.phi, p.max(q) + q + 1)?;
        // x = θ(B)·(pure autoregression), hence γ(h) = Σ_l moving(|l|)·pure(|h+l|).
        let process = (0..=p.max(q))
            .map(|h| {
                let both: f64 = (1..=q).map(|l| moving[l] * (pure[h + l] + pure[h.abs_diff(l)])).sum();
                moving[0] * pure[h] + both
            })
            .collect();
        Some(Self { process, cross, moving })
    }
}

/// `Σ_l a[l+h]·b[l]` for every lag h.
fn overlaps(a: &[f64], b: &[f64]) -> Vec<f64> {
    (0..a.len()).map(|h| a[h..].iter().zip(b).map(|(a, b)| a * b).sum()).collect()
}

/// Weights of `θ(B)/φ(B)`.
fn response(arma: &Arma, count: usize) -> Vec<f64> {
    super::polynomial::psi_weights(arma, &[1.0], count)
}

/// Autocovariances of `φ(B)x = e`, lags `0..count`, without a linear system: step down to the partial
/// autocorrelations, take `γ(0) = Π 1/(1−r²)`, and climb back with Levinson's recursion, O(p²) in all
/// (Monahan 1984, A note on enforcing stationarity in autoregressive-moving average models).
fn autoregressive(phi: &[f64], count: usize) -> Option<Vec<f64>> {
    let partial = to_partial(phi)?;
    let mut variance: f64 = partial.iter().map(|r| 1.0 / (1.0 - r * r)).product();
    let mut gamma = Vec::with_capacity(count.max(partial.len() + 1));
    gamma.push(variance);
    let mut predictor: Vec<f64> = Vec::with_capacity(partial.len());
    for &r in &partial {
        let regressed: f64 = predictor.iter().zip(gamma.iter().rev()).map(|(c, g)| c * g).sum();
        gamma.push(regressed + r * variance);
        let previous = predictor.clone();
        for (value, mirror) in predictor.iter_mut().zip(previous.iter().rev()) {
            *value -= r * mirror;
        }
        predictor.push(r);
        variance *= 1.0 - r * r;
    }
    while gamma.len() < count {
        gamma.push(phi.iter().zip(gamma.iter().rev()).map(|(c, g)| c * g).sum());
    }
    gamma.iter().all(|g| g.is_finite()).then_some(gamma)
}
