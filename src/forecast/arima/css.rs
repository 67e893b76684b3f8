//! The conditional sum of squares: a cheap stand-in for the likelihood, for starting values and long series.

use super::polynomial::Arma;

/// `½·ln(S/n)` where S sums the squared errors from `t = skip` on, conditional on no errors before
/// (Box & Jenkins 1970, §7.1); with `ones` the mean is regressed out first. Infinite when nothing is left to explain.
pub(super) fn objective(arma: &Arma, x: &[f64], ones: Option<&[f64]>, skip: usize) -> f64 {
    let errors = residuals(arma, x, skip);
    let used = errors.len() - skip;
    let squares: f64 = match ones {
        None => errors[skip..].iter().map(|e| e * e).sum(),
        Some(ones) => {
            let ones = residuals(arma, ones, skip);
            let (cross, square) = errors[skip..]
                .iter()
                .zip(&ones[skip..])
                .fold((0.0, 0.0), |(cross, square), (e, o)| (cross + e * o, square + o * o));
            let constant = if square > 0.0 { cross / square } else { 0.0 };
            errors[skip..].iter().zip(&ones[skip..]).map(|(e, o)| (e - constant * o).powi(2)).sum()
        }
    };
    let value = 0.5 * (squares / used as f64).ln();
    if value.is_nan() { f64::INFINITY } else { value }
}

/// `e[t] = x[t] − Σ φ·x − Σ θ·e` from `t = skip`, zero before; values before the data count as zero.
pub(super) fn residuals(arma: &Arma, x: &[f64], skip: usize) -> Vec<f64> {
    let sparse = |c: &[f64]| -> Vec<(usize, f64)> {
        c.iter().enumerate().filter(|(_, c)| **c != 0.0).map(|(i, c)| (i + 1, *c)).collect()
    };
    let (phi, theta) = (sparse(&arma.phi), sparse(&arma.theta));
    let mut errors = vec![0.0; x.len()];
    for t in skip..x.len() {
        let mut error = x[t];
        for &(lag, c) in phi.iter().take_while(|(lag, _)| *lag <= t) {
            error -= c * x[t - lag];
        }
        for &(lag, c) in theta.iter().take_while(|(lag, _)| *lag <= t) {
            error -= c * errors[t - lag];
        }
        errors[t] = error;
    }
    errors
}
