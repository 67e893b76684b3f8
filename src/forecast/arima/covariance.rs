//! The stationary distribution of an ARMA process: where the filter starts.

use super::polynomial::{Arma, to_partial};

/// Covariance of every element of the state with the observation, in units of σ²:
/// `c[i] = Σ_k θ[i+k]·ψ[k] + Σ_k φ[i+1+k]·γ(k+1)` with `θ₀ = 1`, since the state's element i is
/// `Σ_k (θ[i+k]·e[t−k] + φ[i+1+k]·x[t−1−k])`. `phi` and `theta` are the lags with a coefficient. Fills `out`, at least
/// `max(p, q + 1)` long; `None` when the process isn't stationary.
pub(super) fn state_covariance(
    arma: &Arma,
    phi: &[(usize, f64)],
    theta: &[(usize, f64)],
    out: &mut [f64],
) -> Option<()> {
    let (p, q) = (arma.phi.len(), arma.theta.len());
    let psi = response(phi, theta, q + 1);
    let gamma = process(arma, theta, p)?;
    out.fill(0.0);
    out[0] = 1.0;
    for &(lag, c) in theta {
        for i in 0..=lag {
            out[i] += c * psi[lag - i];
        }
    }
    for &(lag, c) in phi {
        for i in 0..lag {
            out[i] += c * gamma[lag - i];
        }
    }
    Some(())
}

/// Weights of `θ(B)/φ(B)`.
fn response(phi: &[(usize, f64)], theta: &[(usize, f64)], count: usize) -> Vec<f64> {
    let mut psi = vec![0.0; count];
    psi[0] = 1.0;
    for &(lag, c) in theta.iter().filter(|(lag, _)| *lag < count) {
        psi[lag] = c;
    }
    for k in 1..count {
        let past: f64 = phi.iter().take_while(|(lag, _)| *lag <= k).map(|(lag, c)| c * psi[k - lag]).sum();
        psi[k] += past;
    }
    psi
}

/// Autocovariances `γ(0..=most)` of the process: `x = θ(B)·(pure autoregression)`, hence
/// `γ(h) = Σ_l m(|l|)·g(|h+l|)` with `m(l) = Σ_j θ[j]·θ[j+l]` and g those of the autoregression.
fn process(arma: &Arma, theta: &[(usize, f64)], most: usize) -> Option<Vec<f64>> {
    let q = arma.theta.len();
    let pure = autoregressive(&arma.phi, most + q + 1)?;
    let mut moving = vec![0.0; q + 1];
    let with_first = || std::iter::once((0, 1.0)).chain(theta.iter().copied());
    for (i, a) in with_first() {
        for (j, b) in with_first().filter(|(j, _)| *j >= i) {
            moving[j - i] += a * b;
        }
    }
    let lags: Vec<(usize, f64)> =
        moving.iter().enumerate().skip(1).filter(|(_, m)| **m != 0.0).map(|(l, m)| (l, *m)).collect();
    let gamma = (0..=most)
        .map(|h| {
            let both: f64 = lags.iter().map(|(l, m)| m * (pure[h + l] + pure[h.abs_diff(*l)])).sum();
            moving[0] * pure[h] + both
        })
        .collect();
    Some(gamma)
}

/// Autocovariances of `φ(B)x = e`, lags `0..count`, without a linear system: step down to the partial
/// autocorrelations, take `γ(0) = Π 1/(1−r²)`, and climb back with Levinson's recursion, O(p²) in all
/// (Monahan 1984, A note on enforcing stationarity in autoregressive-moving average models).
fn autoregressive(phi: &[f64], count: usize) -> Option<Vec<f64>> {
    let partial = to_partial(phi)?;
    let mut variance: f64 = partial.iter().map(|r| 1.0 / (1.0 - r * r)).product();
    let mut gamma = Vec::with_capacity(count.max(partial.len() + 1));
    gamma.push(variance);
    let mut predictor = vec![0.0; partial.len()];
    for (k, &r) in partial.iter().enumerate() {
        let regressed: f64 = predictor[..k].iter().zip(gamma.iter().rev()).map(|(c, g)| c * g).sum();
        gamma.push(regressed + r * variance);
        super::polynomial::add_mirror(&mut predictor[..k], -r);
        predictor[k] = r;
        variance *= 1.0 - r * r;
    }
    let lags: Vec<(usize, f64)> =
        phi.iter().enumerate().filter(|(_, c)| **c != 0.0).map(|(i, c)| (i + 1, *c)).collect();
    while gamma.len() < count {
        let k = gamma.len();
        gamma.push(lags.iter().take_while(|(lag, _)| *lag <= k).map(|(lag, c)| c * gamma[k - lag]).sum());
    }
    gamma.iter().all(|g| g.is_finite()).then_some(gamma)
}
