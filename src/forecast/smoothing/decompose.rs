//! Seasonal indices by classical decomposition, as starting values and for taking the season out.

use super::form::Season;

/// Indices of the periods `t mod m`, averaging 0 (additive) or 1 (multiplicative): the mean deviation from, or ratio to,
/// a centred moving average over one season (HKOS section 2.6.1; Kendall & Stuart 1983). Needs two seasons; `None` when
/// there are fewer, or when a ratio isn't positive.
pub(crate) fn indices(y: &[f64], m: usize, season: Season) -> Option<Vec<f64>> {
    if m < 2 || y.len() < 2 * m || season == Season::None {
        return None;
    }
    let half = m / 2;
    let multiplicative = season == Season::Multiplicative;
    let mut sums = vec![0.0; m];
    let mut counts = vec![0_usize; m];
    for (t, average) in centred_average(y, m).into_iter().enumerate() {
        let t = t + half;
        if multiplicative && average <= 0.0 {
            return None;
        }
        sums[t % m] += if multiplicative { y[t] / average } else { y[t] - average };
        counts[t % m] += 1;
    }
    if counts.contains(&0) {
        return None;
    }
    let mut found: Vec<f64> = sums.iter().zip(&counts).map(|(s, c)| s / *c as f64).collect();
    let mean = found.iter().sum::<f64>() / m as f64;
    for v in &mut found {
        *v = if multiplicative { *v / mean } else { *v - mean };
    }
    let sound = found.iter().all(|v| v.is_finite() && (!multiplicative || *v > 0.0));
    sound.then_some(found)
}

/// The moving average over `m` periods centred on `t`, for `t = m/2 .. n − m/2`; with even `m` the two ends count half.
fn centred_average(y: &[f64], m: usize) -> Vec<f64> {
    let half = m / 2;
    let value = |t: usize| {
        let window = &y[t - half..=t + half];
        let sum: f64 = window.iter().sum();
        if m.is_multiple_of(2) { (sum - f64::midpoint(window[0], window[m])) / m as f64 } else { sum / m as f64 }
    };
    (half..y.len() - half).map(value).collect()
}

/// Least-squares line through `(1, x[0]), (2, x[1]), …`: its value at 0 and its slope.
pub(crate) fn line(x: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let (mean_t, mean_x) = (f64::midpoint(n, 1.0), x.iter().sum::<f64>() / n);
    let (mut cross, mut square) = (0.0, 0.0);
    for (t, v) in x.iter().enumerate() {
        let d = (t + 1) as f64 - mean_t;
        cross += d * (v - mean_x);
        square += d * d;
    }
    let slope = if square > 0.0 { cross / square } else { 0.0 };
    (mean_x - slope * mean_t, slope)
}
