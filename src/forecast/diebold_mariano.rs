//! Is one forecast better than another, or luckier?
//!
//! Diebold & Mariano (1995), *Comparing predictive accuracy*, J. Business & Economic Statistics 13: the mean difference of
//! two losses over its standard error, whose variance counts the autocorrelation that overlapping forecasts bring; with the
//! small-sample correction of Harvey, Leybourne & Newbold (1997), *Testing the equality of prediction mean squared errors*,
//! Int. J. Forecasting 13, and Student's t with n − 1 degrees of freedom.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// Fewest loss differences that a test can be made of.
const LEAST: usize = 4;

/// What the test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DieboldMariano {
    /// Mean loss of the first less that of the second forecast, over its standard error: negative when the first is better.
    pub statistic: f64,
    /// Two-sided p-value, in `[0, 1]`.
    pub p: f64,
}

/// Compares the losses of two forecasts of the same values, in time order, `h` steps ahead: `loss[t]` is `|error|` or
/// `error²`. `None` when there are fewer than four, when they don't pair, or when the losses never differ.
///
/// The long-run variance sums `h − 1` autocovariances as they are (the paper's rectangular window); where that isn't
/// positive, it falls back to none.
pub fn diebold_mariano(first: &[f64], second: &[f64], h: usize) -> Option<DieboldMariano> {
    test(first, second, h, |_, _| 1.0)
}

/// The same with Bartlett's weights `1 − k/h`, which keep the variance positive: for few differences and many steps.
pub(crate) fn diebold_mariano_bartlett(first: &[f64], second: &[f64], h: usize) -> Option<DieboldMariano> {
    test(first, second, h, |lag, h| 1.0 - lag as f64 / h as f64)
}

fn test(first: &[f64], second: &[f64], h: usize, weight: impl Fn(usize, usize) -> f64) -> Option<DieboldMariano> {
    let n = first.len();
    if n < LEAST || second.len() != n {
        return None;
    }
    let h = h.clamp(1, n - 1);
    let d: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    let count = n as f64;
    let mean = d.iter().sum::<f64>() / count;
    let covariance = |lag: usize| d[lag..].iter().zip(&d).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / count;
    let own = covariance(0);
    let long = own + 2.0 * (1..h).map(|lag| weight(lag, h) * covariance(lag)).sum::<f64>();
    let (variance, h) = if long > 0.0 { (long, h) } else { (own, 1) };
    let steps = h as f64;
    let correction = ((count + 1.0 - 2.0 * steps + steps * (steps - 1.0) / count) / count).max(0.0).sqrt();
    let statistic = mean / (variance / count).sqrt() * correction;
    if !statistic.is_finite() {
        return None;
    }
    let law = StudentsT::new(0.0, 1.0, count - 1.0).ok()?;
    Some(DieboldMariano { statistic, p: 2.0 * law.cdf(-statistic.abs()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// R's `dm.test` (tests/golden/README.md): both windows, its fall-back to no autocovariance, one-sided values by Student's
    /// symmetry.
    #[test]
    fn statistics_and_p_agree_with_r() {
        let golden: Value = serde_json::from_str(include_str!("../../tests/golden/dm.json")).unwrap();
        let mut compared = 0;
        for case in golden["cases"].as_array().unwrap() {
            let power = case["power"].as_i64().unwrap() as i32;
            let losses = |who: &str| -> Vec<f64> {
                let errors = golden["errors"][case["errors"].as_str().unwrap()][who].as_array().unwrap();
                errors.iter().map(|e| e.as_f64().unwrap().abs().powi(power)).collect()
            };
            let h = case["h"].as_u64().unwrap() as usize;
            let (a, b) = (losses("a"), losses("b"));
            let found = if case["variance"] == "acf" {
                diebold_mariano(&a, &b, h).unwrap()
            } else {
                diebold_mariano_bartlett(&a, &b, h).unwrap()
            };
            let below = if found.statistic < 0.0 { 0.5 * found.p } else { 1.0 - 0.5 * found.p };
            let p = match case["alternative"].as_str().unwrap() {
                "two.sided" => found.p,
                "less" => below,
                _ => 1.0 - below,
            };
            assert!((found.statistic - case["statistic"].as_f64().unwrap()).abs() < 1e-6, "{case}: {found:?}");
            assert!((p - case["p"].as_f64().unwrap()).abs() < 1e-6, "{case}: {found:?}");
            compared += 1;
        }
        assert_eq!(compared, 48);
    }
}
