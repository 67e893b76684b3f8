//! How strong the season is.
//!
//! The history is split into trend, season and remainder by STL (Cleveland, Cleveland, McRae & Terpenning 1990, *STL:
//! a seasonal-trend decomposition procedure based on loess*, J. Official Statistics 6), without its robustness loop.

/// Strength from which a seasonal difference is taken (Hyndman & Athanasopoulos 2021, *Forecasting: principles and
/// practice*, §9.1).
pub(super) const STRONG: f64 = 0.64;
/// Seasons spanned by the smoother of each calendar position.
const SEASONAL_SPAN: usize = 13;
/// Passes of the inner loop; two are enough without outliers (Cleveland et al. 1990, §3.3).
const PASSES: usize = 2;

/// `max(0, 1 − var(remainder)/var(season + remainder))`, in `[0, 1]` (Wang, Smith & Hyndman 2006, *Characteristic-based
/// clustering for time series data*). Wants two whole seasons; 0 with fewer.
pub(super) fn strength(y: &[f64], period: usize) -> f64 {
    if period < 2 || y.len() < 2 * period {
        return 0.0;
    }
    let scale = y.iter().fold(0.0_f64, |m, y| m.max(y.abs()));
    if scale == 0.0 {
        return 0.0;
    }
    let y: Vec<f64> = y.iter().map(|y| y / scale).collect();
    let (trend, season) = decompose(&y, period);
    let detrended: Vec<f64> = y.iter().zip(&trend).map(|(y, t)| y - t).collect();
    let remainder: Vec<f64> = detrended.iter().zip(&season).map(|(d, s)| d - s).collect();
    let both = variance(&detrended);
    if both <= f64::EPSILON { 0.0 } else { (1.0 - variance(&remainder) / both).max(0.0) }
}

/// Trend and season of `y`.
fn decompose(y: &[f64], period: usize) -> (Vec<f64>, Vec<f64>) {
    let n = y.len();
    let low = odd(period as f64);
    let span = odd(1.5 * period as f64 / (1.0 - 1.5 / SEASONAL_SPAN as f64));
    let mut trend = vec![0.0; n];
    let mut season = vec![0.0; n];
    for _ in 0..PASSES {
        // Each calendar position smoothed over the years, a season longer at both ends.
        let mut cycle = vec![0.0; n + 2 * period];
        for position in 0..period {
            let values: Vec<f64> = (position..n).step_by(period).map(|t| y[t] - trend[t]).collect();
            for k in 0..values.len() + 2 {
                cycle[position + k * period] = loess(&values, k as f64 - 1.0, SEASONAL_SPAN, Degree::Level);
            }
        }
        let passed = moving_average(&moving_average(&moving_average(&cycle, period), period), 3);
        for t in 0..n {
            season[t] = cycle[t + period] - loess(&passed, t as f64, low, Degree::Line);
        }
        let rest: Vec<f64> = y.iter().zip(&season).map(|(y, s)| y - s).collect();
        trend = (0..n).map(|t| loess(&rest, t as f64, span, Degree::Line)).collect();
    }
    (trend, season)
}

/// What loess fits locally.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Degree {
    Level,
    Line,
}

/// The local fit at `at` over the `span` nearest of the values at 0, 1, 2, …, tricube weights.
fn loess(values: &[f64], at: f64, span: usize, degree: Degree) -> f64 {
    let n = values.len();
    let width = span.min(n);
    let first = (at - (width as f64 - 1.0) / 2.0).round().clamp(0.0, (n - width) as f64) as usize;
    let mut reach = (at - first as f64).abs().max((first as f64 + width as f64 - 1.0 - at).abs());
    if span > n {
        reach += ((span - n) / 2) as f64;
    }
    let reach = reach.max(1.0) * 1.001;
    let (mut sum, mut mean_t, mut mean_y) = (0.0, 0.0, 0.0);
    let weight = |t: usize| (1.0 - ((t as f64 - at).abs() / reach).min(1.0).powi(3)).powi(3);
    for (t, y) in values.iter().enumerate().skip(first).take(width) {
        let w = weight(t);
        sum += w;
        mean_t += w * t as f64;
        mean_y += w * y;
    }
    if sum <= 0.0 {
        return values[first];
    }
    (mean_t, mean_y) = (mean_t / sum, mean_y / sum);
    if degree == Degree::Level {
        return mean_y;
    }
    let (mut square, mut cross) = (0.0, 0.0);
    for (t, y) in values.iter().enumerate().skip(first).take(width) {
        let (w, t) = (weight(t), t as f64 - mean_t);
        square += w * t * t;
        cross += w * t * (y - mean_y);
    }
    if square > 1e-9 * sum { mean_y + cross / square * (at - mean_t) } else { mean_y }
}

fn moving_average(values: &[f64], width: usize) -> Vec<f64> {
    values.windows(width).map(|window| window.iter().sum::<f64>() / width as f64).collect()
}

fn variance(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n
}

/// The next odd whole number.
fn odd(span: f64) -> usize {
    let up = span.ceil() as usize;
    if up % 2 == 1 { up } else { up + 1 }
}
