//! Exponential smoothing of a plain sequence, and the parameters that are tried.

/// Smoothing parameters tried when none is given: 0.05, 0.10, …, 0.40. Syntetos & Boylan 2005 find 0.05 to 0.20 useful,
/// Kourentzes 2014 lets them go further; steps finer than 0.05 change the rate by less than its own error.
const STEPS: std::ops::RangeInclusive<u32> = 1..=8;
/// Width of a step.
const STEP: f64 = 0.05;
/// Taken when there are fewer demands than [`FEW`]; the textbook's value.
pub(super) const USUAL_ALPHA: f64 = 0.1;
/// Fewer demands than this don't carry an estimate of their smoothing parameter.
pub(super) const FEW: usize = 4;

/// Exponential smoothing of `x` from its first value: the level after each value.
pub(super) fn smooth(x: &[f64], alpha: f64) -> Vec<f64> {
    let mut level = x.first().copied().unwrap_or(0.0);
    let mut levels = Vec::with_capacity(x.len());
    for v in x {
        // The first value meets itself.
        level += alpha * (v - level);
        levels.push(level);
    }
    levels
}

/// [`smooth`] at every parameter that is tried.
pub(super) fn ladder(x: &[f64]) -> Vec<(f64, Vec<f64>)> {
    STEPS
        .map(|step| {
            let alpha = STEP * f64::from(step);
            (alpha, smooth(x, alpha))
        })
        .collect()
}

/// The pair with the smallest loss; the first of equals.
pub(super) fn best_pair(
    first: &[(f64, Vec<f64>)],
    second: &[(f64, Vec<f64>)],
    mut loss: impl FnMut(&(f64, Vec<f64>), &(f64, Vec<f64>)) -> f64,
) -> (f64, f64) {
    let mut best = (f64::INFINITY, (USUAL_ALPHA, USUAL_ALPHA));
    for a in first {
        for b in second {
            let found = loss(a, b);
            if found < best.0 {
                best = (found, (a.0, b.0));
            }
        }
    }
    best.1
}
