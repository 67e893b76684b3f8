//! Whether a forecast has been wrong in one direction.
//!
//! Trigg 1964, *Monitoring a Forecasting System*, Operational Research Quarterly 15(3), 271–274: with errors smoothed by
//! `E_t = α·e_t + (1 − α)·E_{t−1}` and their sizes by `M_t = α·|e_t| + (1 − α)·M_{t−1}`, the signal `E/M` lies in `[−1, 1]` and is
//! near 0 for a forecast without bias.

/// Trigg's smoothing.
const ALPHA: f64 = 0.1;
/// Latest errors looked at.
pub const TRACKED: usize = 52;
/// Fewer errors say nothing.
const FEWEST: usize = 8;

/// The signal and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tracking {
    /// Smoothed tracking signal, in `[−1, 1]`; positive when demand was above the forecast.
    pub signal: f64,
    /// Smoothed error, units per period.
    pub bias: f64,
    /// Errors looked at.
    pub errors: usize,
}

/// The signal of one-step errors, demand − forecast, oldest first; `None` of fewer than eight, and when all are 0.
pub fn tracking(errors: &[f64]) -> Option<Tracking> {
    let errors = &errors[errors.len().saturating_sub(TRACKED)..];
    if errors.len() < FEWEST || errors.iter().any(|e| !e.is_finite()) {
        return None;
    }
    // The size starts at the mean of them all, so that one large first error doesn't rule.
    let mut size = errors.iter().map(|e| e.abs()).sum::<f64>() / errors.len() as f64;
    let mut bias = 0.0;
    for e in errors {
        bias = ALPHA * e + (1.0 - ALPHA) * bias;
        size = ALPHA * e.abs() + (1.0 - ALPHA) * size;
    }
    (size > 0.0).then(|| Tracking { signal: (bias / size).clamp(-1.0, 1.0), bias, errors: errors.len() })
}
