//! Intervals corrected by the backtest: as wide as the errors were.
//!
//! Every error of the backtest is divided by the half-width of the 80 % interval that was given for it; the 80 % quantile of
//! these ratios is what the widths should have been multiplied with to hold 80 % of what came (split conformal prediction
//! with normalised scores: Vovk, Gammerman & Shafer 2005, *Algorithmic Learning in a Random World*; Lei, G'Sell, Rinaldo,
//! Tibshirani & Wasserman 2018, *Distribution-free predictive inference for regression*, J. American Statistical
//! Association 113). A few folds know that quantile badly, and their errors hang together, so the factor is drawn towards 1.

use super::accuracy::Errors;
use super::method::{Fit, Spread};
use crate::model::SamplePaths;

/// Nominal coverage that is corrected.
const COVERAGE: f64 = 0.8;
/// Folds' worth of belief in the method's own width.
const TRUST: f64 = 2.0;
/// The factor stays within these: beyond, the folds say something else than "too narrow".
const RANGE: (f64, f64) = (0.6, 1.8);
/// Fewest errors to say anything at all.
const LEAST: usize = 6;

/// What the method's widths are to be multiplied with; 1 without enough errors.
pub(crate) fn factor(errors: &Errors, folds: usize) -> f64 {
    let mut ratios = errors.ratios.clone();
    if ratios.len() < LEAST {
        return 1.0;
    }
    ratios.sort_by(f64::total_cmp);
    // The conformal quantile: the ⌈(n+1)·0.8⌉-th smallest.
    let rank = ((ratios.len() as f64 + 1.0) * COVERAGE).ceil() as usize;
    let wanted = ratios[rank.clamp(1, ratios.len()) - 1].clamp(RANGE.0, RANGE.1);
    let share = folds as f64 / (folds as f64 + TRUST);
    // Widths multiply, so belief is shared on the logarithm.
    (share * wanted.ln()).exp()
}

/// The fit with its deviations from the mean multiplied.
pub(crate) fn stretched(fit: Fit, factor: f64) -> Fit {
    if factor.is_nan() || factor <= 0.0 || (factor - 1.0).abs() < 1e-12 {
        return fit;
    }
    let spread = match fit.spread {
        Spread::Linear { psi, sigma } => Spread::Linear { psi, sigma: sigma * factor },
        Spread::Paths(paths) => {
            let steps = paths.steps();
            let move_out = |(k, v): (usize, &f32)| {
                let mean = fit.mean[k % steps];
                (mean + factor * (f64::from(*v) - mean)) as f32
            };
            Spread::Paths(SamplePaths::new(steps, paths.values().iter().enumerate().map(move_out).collect()))
        }
    };
    Fit { spread, ..fit }
}
