//! Means, deviations, quantiles, skewness of a few numbers.

use crate::model::LeadQuantiles;

/// Mean; 0 of nothing.
pub(super) fn mean(x: &[f64]) -> f64 {
    if x.is_empty() { 0.0 } else { x.iter().sum::<f64>() / x.len() as f64 }
}

/// Sum of squared differences to the mean.
pub(super) fn squares(x: &[f64]) -> f64 {
    let m = mean(x);
    x.iter().map(|v| (v - m).powi(2)).sum()
}

/// Sample standard deviation, n − 1 in the denominator; `None` below two numbers.
pub(super) fn sd(x: &[f64]) -> Option<f64> {
    (x.len() > 1).then(|| (squares(x) / (x.len() - 1) as f64).sqrt())
}

/// The 10 %, 50 %, 90 % and 95 % quantile, linear between order statistics (type 7 of Hyndman & Fan 1996, Sample
/// quantiles in statistical packages); 0 of nothing.
pub(super) fn quantiles(x: &[f64]) -> LeadQuantiles {
    let mut sorted = x.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |p: f64| quantile(&sorted, p);
    LeadQuantiles { p10: at(0.1), median: at(0.5), p90: at(0.9), p95: at(0.95) }
}

fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = p * last as f64;
    let low = sorted[place.floor() as usize];
    low + (place - place.floor()) * (sorted[(place.floor() as usize + 1).min(last)] - low)
}

/// Adjusted Fisher–Pearson skewness `√(n(n−1))/(n−2) · m₃/m₂^1.5` (Joanes & Gill 1998, Comparing measures of sample skewness
/// and kurtosis); `None` below three numbers or without spread.
pub(super) fn skewness(x: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let m = mean(x);
    let moment = |k: i32| x.iter().map(|v| (v - m).powi(k)).sum::<f64>() / n;
    let second = if x.len() > 2 { moment(2) } else { 0.0 };
    // Equal numbers differ by rounding only.
    if second <= 1e-12 * m * m || second <= 0.0 {
        return None;
    }
    Some((n * (n - 1.0)).sqrt() / (n - 2.0) * moment(3) / second.powf(1.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_numpy_and_scipy_have_them() {
        let x = [12.0, 15.0, 9.0, 30.0, 14.0, 13.0, 16.0, 15.0];
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-10, "{a} is not {b}");
        // numpy.quantile(x, [0.1, 0.5, 0.9, 0.95]); numpy.std(x, ddof=1); scipy.stats.skew(x, bias=False)
        let q = quantiles(&x);
        for (a, b) in [(q.p10, 11.1), (q.median, 14.5), (q.p90, 20.2), (q.p95, 25.1)] {
            close(a, b);
        }
        close(sd(&x).unwrap(), NUMPY_SD);
        close(skewness(&x).unwrap(), SCIPY_SKEW);
        assert_eq!((sd(&[3.0]), skewness(&[1.0, 2.0]), skewness(&[0.1; 7])), (None, None, None));
    }

    const NUMPY_SD: f64 = 6.25642526870234;
    const SCIPY_SKEW: f64 = 2.1093643294980238;
}
