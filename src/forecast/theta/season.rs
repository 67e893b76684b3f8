//! Whether there is a season to take out before the line is fitted.

use crate::forecast::decompose::{Indices, Kind};

/// Normal quantile of the two-sided 90 % test.
const SIGNIFICANT: f64 = 1.645;

/// The season to take out, if any: with two seasons of data and a significant autocorrelation at lag `m`. A share of the
/// level when every value is positive, else a number of units.
pub(super) fn season(y: &[f64], m: usize) -> Option<Indices> {
    if m < 2 || y.len() < 2 * m || !is_seasonal(y, m) {
        return None;
    }
    let kind = if y.iter().all(|v| *v > 0.0) { Kind::Multiplicative } else { Kind::Additive };
    Indices::of(y, m, kind)
}

/// `|r[m]| > 1.645·√((1 + 2·Σ_{k<m} r[k]²)/n)`, the 90 % test of the M competitions' Theta (Fiorucci et al. 2016,
/// section 4.1).
fn is_seasonal(y: &[f64], m: usize) -> bool {
    let n = y.len() as f64;
    // Squares of subnormal or huge quantities would leave the range of a float.
    let scale = y.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
    if scale == 0.0 {
        return false;
    }
    let mean = y.iter().map(|v| v / scale).sum::<f64>() / n;
    let centred: Vec<f64> = y.iter().map(|v| v / scale - mean).collect();
    let variance: f64 = centred.iter().map(|v| v * v).sum();
    if variance <= 0.0 {
        return false;
    }
    let r = |lag: usize| centred[lag..].iter().zip(&centred).map(|(a, b)| a * b).sum::<f64>() / variance;
    let spread: f64 = (1..m).map(|k| r(k).powi(2)).sum();
    r(m).abs() > SIGNIFICANT * ((1.0 + 2.0 * spread) / n).sqrt()
}
