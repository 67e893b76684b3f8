//! One-step prediction errors of an ARMA process and their variances: the exact likelihood in linear time.
//!
//! In the state space form `α[t+1] = Tα[t] + R·e[t+1]`, `x[t] = α₀[t]`, T the companion matrix with φ in its first column
//! and `R = (1, θ₁, …)` (Harvey 1989, *Forecasting, Structural Time Series Models and the Kalman Filter*, §3.3), the
//! Kalman filter needs the predicted covariance only through one column. When the filter starts in the stationary
//! distribution, successive covariances differ by a matrix of rank one, and the recursions of Morf, Sidhu & Kailath (1974,
//! *Some new algorithms for recursive estimation in constant linear discrete-time systems*, IEEE Trans. Automatic Control
//! 19) carry variance F, gain k, and the direction w of that difference with weight M:
//!
//! ```text
//! F' = F + M·w₀²      k' = k + M·w₀·Tw      w' = Tw − k'·w₀/F'      M' = M + M²·w₀²/F
//! ```
//!
//! (Pearlman 1980, *An algorithm for the exact likelihood of a high-order autoregressive-moving average process*,
//! Biometrika 67; Mélard 1984, Algorithm AS 197, Applied Statistics 33.) A step costs O(max(p, q)). Once F has fallen to
//! its limit 1 the gain stands still and a step costs the few lags that have a coefficient.

#![allow(clippy::inline_always, reason = "a kernel must be inlined into the function compiled for its instruction set")]

use super::covariance::state_covariance;
use super::polynomial::Arma;

/// Excess of the prediction variance over its limit 1 at which the steady state is reached; far below any tolerance
/// on the likelihood, which errs by at most this much per observation.
const STEADY: f64 = 1e-11;

/// Whether the steady state may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shortcut {
    /// Yes: errors and variances are all that is wanted.
    Allowed,
    /// No: [`Filter::ahead`] will ask for the state after the last observation.
    Never,
}

/// What the filter works with, kept from one call to the next.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// Variance of each prediction, in units of σ².
    pub(super) variances: Vec<f64>,
    /// Variance of the prediction after the last observation, when filtered with [`Shortcut::Never`]: 1 but for a short
    /// history under roots near the unit circle.
    pub(super) next: f64,
    /// Prediction errors of each column divided by their standard deviation.
    pub(super) errors: Vec<Vec<f64>>,
    phi: Vec<f64>,
    gain: Vec<f64>,
    direction: Vec<f64>,
    states: Vec<Vec<f64>>,
    lags: Lags,
}

/// The lags that have a coefficient: few in a seasonal model.
#[derive(Debug, Clone, Default)]
struct Lags {
    phi: Vec<(usize, f64)>,
    theta: Vec<(usize, f64)>,
}

impl Filter {
    /// Filters columns of equal length and returns `Σ ln F`; `None` when the process isn't stationary or rounding made a
    /// variance negative.
    pub(super) fn run(&mut self, arma: &Arma, columns: &[Vec<f64>], shortcut: Shortcut) -> Option<f64> {
        let n = columns.first().map_or(0, Vec::len);
        let (p, q) = (arma.phi.len(), arma.theta.len());
        // One more than the state, always zero: "the element after the last".
        let size = p.max(q + 1) + 1;
        resize(&mut self.phi, size);
        self.phi[..p].copy_from_slice(&arma.phi);
        self.lags.read(arma);
        resize(&mut self.direction, size);
        resize(&mut self.gain, size);
        let variance = self.start(arma)?;
        self.states.resize_with(columns.len(), Vec::new);
        self.errors.resize_with(columns.len(), Vec::new);
        for (state, errors) in self.states.iter_mut().zip(&mut self.errors) {
            resize(state, size);
            resize(errors, n);
        }
        resize(&mut self.variances, n);
        let from = pulp::Arch::new().dispatch(|| self.transition(columns, variance, q.max(1), shortcut))?;
        self.steady(columns, from);
        let mut log = 0.0;
        for chunk in self.variances[..from].chunks(8) {
            log += chunk.iter().product::<f64>().ln();
        }
        log.is_finite().then_some(log)
    }

    /// Prediction errors conditional on no errors before `skip` (Box & Jenkins 1970, §7.1): a cheap stand-in for the
    /// likelihood, for starting values.
    pub(super) fn conditional(&mut self, arma: &Arma, columns: &[Vec<f64>], skip: usize) {
        let n = columns.first().map_or(0, Vec::len);
        self.lags.read(arma);
        self.errors.resize_with(columns.len(), Vec::new);
        self.errors.iter_mut().for_each(|errors| resize(errors, n));
        resize(&mut self.variances, n);
        self.steady(columns, skip);
    }

    /// `F`, `k` and `w` before the first observation.
    fn start(&mut self, arma: &Arma) -> Option<f64> {
        // P₀Z' first, then T times it.
        state_covariance(arma, &self.lags.phi, &self.lags.theta, &mut self.direction)?;
        let variance = self.direction[0];
        if !(variance.is_finite() && variance > 0.0) {
            return None;
        }
        let last = self.direction.len() - 1;
        for i in 0..last {
            self.gain[i] = self.phi[i] * variance + self.direction[i + 1];
        }
        self.direction.copy_from_slice(&self.gain);
        Some(variance)
    }

    /// Runs until the variance has been at its limit for `calm` steps, or to the end; the step it stopped before.
    #[inline(always)]
    fn transition(&mut self, columns: &[Vec<f64>], start: f64, calm: usize, shortcut: Shortcut) -> Option<usize> {
        let n = self.variances.len();
        let (mut variance, mut weight) = (start, -1.0 / start);
        let mut still = 0;
        for t in 0..n {
            let inverse = 1.0 / variance;
            let deviation = inverse.sqrt();
            self.variances[t] = variance;
            for ((x, state), errors) in columns.iter().zip(&mut self.states).zip(&mut self.errors) {
                let error = x[t] - state[0];
                errors[t] = error * deviation;
                move_state(state, &self.phi, &self.gain, error * inverse);
            }
            if still > 0 {
                still += 1;
                if still > calm && shortcut == Shortcut::Allowed {
                    return Some(t + 1);
                }
                continue;
            }
            let first = self.direction[0];
            let next = variance + weight * first * first;
            if next.is_nan() || next <= 0.0 {
                return None;
            }
            move_direction(&mut self.direction, &mut self.gain, &self.phi, weight * first, first / next);
            weight += weight * weight * first * first * inverse;
            variance = next;
            if variance - 1.0 < STEADY {
                still = 1;
            }
        }
        self.next = variance;
        Some(n)
    }

    /// The rest, with the gain standing still.
    fn steady(&mut self, columns: &[Vec<f64>], from: usize) {
        self.variances[from..].fill(1.0);
        let lags = &self.lags;
        for (x, errors) in columns.iter().zip(&mut self.errors) {
            for t in from..x.len() {
                let mut error = x[t];
                for &(lag, c) in lags.phi.iter().take_while(|(lag, _)| *lag <= t) {
                    error -= c * x[t - lag];
                }
                for &(lag, c) in lags.theta.iter().take_while(|(lag, _)| *lag <= t) {
                    error -= c * errors[t - lag];
                }
                errors[t] = error;
            }
        }
    }

    /// Optimal predictions of the `horizon` values after a column, when it was filtered with [`Shortcut::Never`].
    pub(super) fn ahead(&self, column: usize, horizon: usize) -> Vec<f64> {
        let mut state = self.states[column].clone();
        let still = vec![0.0; state.len()];
        (0..horizon)
            .map(|_| {
                let value = state[0];
                move_state(&mut state, &self.phi, &still, 0.0);
                value
            })
            .collect()
    }
}

/// `a = Ta + k·e/F`.
#[inline(always)]
fn move_state(state: &mut [f64], phi: &[f64], gain: &[f64], scaled: f64) {
    let last = state.len() - 1;
    let first = state[0];
    let (phi, gain) = (&phi[..last], &gain[..last]);
    for i in 0..last {
        state[i] = state[i + 1] + phi[i] * first + gain[i] * scaled;
    }
}

/// `k += M·w₀·Tw`, `w = Tw − k·w₀/F'`.
#[inline(always)]
fn move_direction(direction: &mut [f64], gain: &mut [f64], phi: &[f64], by: f64, share: f64) {
    let last = direction.len() - 1;
    let first = direction[0];
    let (phi, gain) = (&phi[..last], &mut gain[..last]);
    for i in 0..last {
        let moved = direction[i + 1] + phi[i] * first;
        gain[i] += by * moved;
        direction[i] = moved - gain[i] * share;
    }
}

impl Lags {
    fn read(&mut self, arma: &Arma) {
        let sparse = |to: &mut Vec<(usize, f64)>, c: &[f64]| {
            to.clear();
            to.extend(c.iter().enumerate().filter(|(_, c)| **c != 0.0).map(|(i, c)| (i + 1, *c)));
        };
        sparse(&mut self.phi, &arma.phi);
        sparse(&mut self.theta, &arma.theta);
    }
}

fn resize(values: &mut Vec<f64>, size: usize) {
    values.clear();
    values.resize(size, 0.0);
}
