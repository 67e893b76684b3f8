//! An ARIMA with every coefficient given and nothing estimated: the original worked example's calculation.

use super::filter::Filter;
use super::likelihood::{Design, value};
use super::order::Order;
use super::polynomial::{Arma, differencing};

/// Mean forecast of an ARIMA(p,d,q) whose coefficients are all given, conditional on no errors at the start.
///
/// With `w = (1−B)ᵈy`, the recursion is `e[t] = w[t] − c − Σ ar[i]·w[t−1−i] − Σ ma[j]·e[t−1−j]` for `t ≥ p`, and
/// `e[t] = 0` for `t < p` (Box & Jenkins 1970, §7.1.2, conditional on the first p differences). Moving-average terms
/// carry a plus sign. The forecast runs the same recursion on with future errors zero and sums the differences up.
/// The worked example 100, 120, 90, 130, 110 with `ar = ma = [0.11]`, `d = 1`, `c = 0` has `w = 20, −30, 40, −20`;
/// `e = 0` for the first difference (its ε₂), then −32.2, 46.842, −29.55262; and 110 − 5.4507882 = 104.5492118.
///
/// Returns `mean[h]`, `h = 0..horizon`. A history of no more than `d + p` values is continued by its last one, an empty
/// one by zeros.
pub fn arima_fixed(y: &[f64], ar: &[f64], d: usize, ma: &[f64], constant: f64, horizon: usize) -> Vec<f64> {
    let Some(&last) = y.last() else { return vec![0.0; horizon] };
    if y.len() <= d + ar.len() {
        return vec![last; horizon];
    }
    let delta = differencing(&Order::new(0, d, 0));
    let mut path = y.to_vec();
    let mut w: Vec<f64> = y.windows(d + 1).map(|y| difference(y, &delta)).collect();
    let mut errors: Vec<f64> = vec![0.0; w.len()];
    for t in ar.len()..w.len() {
        errors[t] = w[t] - constant - lagged(&w[..t], ar) - lagged(&errors[..t], ma);
    }
    let mut mean = Vec::with_capacity(horizon);
    for _ in 0..horizon {
        let next = constant + lagged(&w, ar) + lagged(&errors, ma);
        w.push(next);
        errors.push(0.0);
        let value = next - lagged(&path, &delta[1..]);
        path.push(value);
        mean.push(value);
    }
    mean
}

/// Exact Gaussian log-likelihood of `(1−B)ᵈy` under given coefficients, with σ² at its best value: what the worked
/// example's 0.11 and 0.11 reach (−19.82) beside a random walk (−19.11). The constant is that of
/// [`arima_fixed`]'s recursion. `None` when the coefficients aren't stationary or nothing is left to explain.
pub fn arima_fixed_loglik(y: &[f64], ar: &[f64], d: usize, ma: &[f64], constant: f64) -> Option<f64> {
    if y.len() <= d {
        return None;
    }
    let delta = differencing(&Order::new(0, d, 0));
    let mean = constant / (1.0 - ar.iter().sum::<f64>());
    let w: Vec<f64> = y.windows(d + 1).map(|y| difference(y, &delta) - mean).collect();
    let arma = Arma { phi: ar.to_vec(), theta: ma.to_vec() };
    let design = Design { columns: vec![w], gaps: 0 };
    value(&mut Filter::default(), &arma, &design).map(|found| found.log)
}

fn difference(window: &[f64], delta: &[f64]) -> f64 {
    window.iter().rev().zip(delta).map(|(y, c)| y * c).sum()
}

/// `Σ c[i]·past[len−1−i]`; what lies before the data counts as zero.
fn lagged(past: &[f64], c: &[f64]) -> f64 {
    past.iter().rev().zip(c).map(|(x, c)| x * c).sum()
}
