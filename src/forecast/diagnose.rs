//! One forecast explained: what its periods are made of, and whether the model left a pattern in its errors.
//!
//! The history is taken apart by [`decompose`](super::decompose). The forecast is taken apart with the same season: the
//! history's last cycle repeated, scaled by how much of it the forecast carries on, so that a model without season gets
//! none. What then remains is smooth (trend) or not (events, drivers, the rest).

use super::decompose::components;
use crate::control::{Cancelled, Control};
use crate::model::{Bin, Forecast, Frequency, LjungBox, Residuals, SeasonPart, Series, SeriesExplanation};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Longest history taken apart, fifty years of days: work grows with the length times the longest season. Of a longer one
/// the end is.
const MOST_PERIODS: usize = 20_000;
/// Days in a year: a second season of days.
const YEAR: usize = 365;
/// Largest factor by which a forecast may carry on the last cycle's season.
const MOST_CARRIED: f64 = 3.0;
/// A season carried on by less than this share is none.
const LEAST_CARRIED: f64 = 0.02;
/// Fewest residuals that are tested.
const FEWEST_TESTED: usize = 8;
/// Most lags shown: more bars than that can't be told apart.
const MOST_LAGS: usize = 60;
/// Fewest and most bars of a histogram.
const BARS: std::ops::RangeInclusive<usize> = 5..=30;
/// 97.5 % quantile of the standard normal distribution.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// Takes `history` and the `forecast` that was made of it apart.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub fn explain(history: &Series, forecast: &Forecast, control: &Control) -> Result<SeriesExplanation, Cancelled> {
    let seasons = seasons(history.start.frequency());
    let all = &history.values[..];
    let skipped = all.len().saturating_sub(MOST_PERIODS);
    let y: Vec<f64> = all[skipped..].iter().map(|v| if v.is_finite() { *v } else { 0.0 }).collect();
    let parts = components(&y, &seasons, control)?;
    let trend_strength = parts.trend_strength();
    let (mut trend, mut remainder) = (parts.trend.clone(), parts.remainder.clone());
    let strengths: Vec<f64> = (0..parts.seasonal.len()).map(|k| parts.season_strength(k)).collect();
    let mut list: Vec<SeasonPart> = parts
        .seasonal
        .into_iter()
        .zip(strengths)
        .map(|(s, strength)| SeasonPart { period: s.period, values: s.values, strength })
        .collect();
    let level = split_forecast(&forecast.mean, &mut trend, &mut list, &mut remainder, control)?;
    Ok(SeriesExplanation {
        start: history.start.plus(skipped as i64),
        history: y.len(),
        trend,
        seasons: list,
        remainder,
        level,
        trend_strength,
        residuals: residuals(history, forecast),
    })
}

/// Lengths of the seasons that are looked for.
fn seasons(frequency: Frequency) -> Vec<usize> {
    match (frequency, frequency.season_length()) {
        (Frequency::Day, week) => vec![week, YEAR],
        (_, m) if m > 1 => vec![m],
        _ => Vec::new(),
    }
}

/// Appends the parts of the mean to those of the history; the remainder makes the sum exact. Returns the level that the
/// mean's smooth course starts from.
fn split_forecast(
    mean: &[f64],
    trend: &mut Vec<f64>,
    seasons: &mut [SeasonPart],
    remainder: &mut Vec<f64>,
    control: &Control,
) -> Result<f64, Cancelled> {
    let n = trend.len();
    let level = trend.last().copied().unwrap_or(0.0);
    let ahead = |s: &SeasonPart, h: usize| s.values[n - s.period + h % s.period];
    let pattern: Vec<f64> = (0..mean.len()).map(|h| seasons.iter().map(|s| ahead(s, h)).sum()).collect();
    let carried = carried(mean, &pattern, level);
    let steady: Vec<f64> = mean.iter().zip(&pattern).map(|(y, p)| y - carried * p).collect();
    let smooth = components(&steady, &[], control)?.trend;
    for s in seasons.iter_mut() {
        let values: Vec<f64> = (0..mean.len()).map(|h| carried * ahead(s, h)).collect();
        s.values.extend(values);
    }
    for (h, (y, t)) in mean.iter().zip(&smooth).enumerate() {
        let season: f64 = seasons.iter().map(|s| s.values[n + h]).sum();
        remainder.push(y - (t + season));
        trend.push(*t);
    }
    let (first, last) = (smooth.first().copied().unwrap_or(level), smooth.last().copied().unwrap_or(level));
    Ok(first - (last - first) / (smooth.len().max(2) - 1) as f64)
}

/// How much of the last cycle's season the mean carries on: the slope of its changes over the season's, both around their
/// averages, so that a straight line carries on none. Two steps or one take the season whole or not at all.
fn carried(mean: &[f64], pattern: &[f64], level: f64) -> f64 {
    let scale = mean.iter().chain(pattern).fold(0.0_f64, |m, v| m.max(v.abs()));
    if scale == 0.0 || !scale.is_finite() {
        return 0.0;
    }
    if mean.len() < 3 {
        let error =
            |k: f64| -> f64 { mean.iter().zip(pattern).map(|(y, p)| ((y - level - k * p) / scale).powi(2)).sum() };
        return if error(1.0) < error(0.0) { 1.0 } else { 0.0 };
    }
    let changes = |values: &[f64]| -> Vec<f64> {
        let steps: Vec<f64> = values.windows(2).map(|w| (w[1] - w[0]) / scale).collect();
        let average = steps.iter().sum::<f64>() / steps.len() as f64;
        steps.iter().map(|s| s - average).collect()
    };
    let (of_mean, of_pattern) = (changes(mean), changes(pattern));
    let square: f64 = of_pattern.iter().map(|p| p * p).sum();
    if square <= f64::EPSILON {
        return 0.0;
    }
    let slope = of_mean.iter().zip(&of_pattern).map(|(a, b)| a * b).sum::<f64>() / square;
    if slope < LEAST_CARRIED { 0.0 } else { slope.min(MOST_CARRIED) }
}

/// Diagnostics of the model's one-step errors.
fn residuals(history: &Series, forecast: &Forecast) -> Option<Residuals> {
    let y = &history.values;
    let count = forecast.fitted.len().min(y.len());
    let fitted = &forecast.fitted[forecast.fitted.len() - count..];
    let pairs = y[y.len() - count..].iter().zip(fitted);
    // A model's first fitted values may be missing; gaps later on count as no error.
    let missing = pairs.clone().take_while(|(y, f)| !(*y - *f).is_finite()).count();
    let values: Vec<f64> =
        pairs.skip(missing).map(|(y, f)| y - f).map(|e| if e.is_finite() { e } else { 0.0 }).collect();
    if values.is_empty() {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().map(|e| e / n).sum::<f64>();
    let deviation = spread(&values, mean);
    let season = history.start.frequency().season_length();
    let acf = autocorrelations(&values, lags_shown(values.len(), season));
    Some(Residuals {
        start: history.start.plus((y.len() - values.len()) as i64),
        mean,
        deviation,
        band: NORMAL_975 / n.sqrt(),
        ljung_box: ljung_box(&acf, values.len(), lags_tested(values.len(), season)),
        bins: histogram(&values),
        acf,
        values,
    })
}

/// `10·log₁₀ n` lags, or two seasons.
fn lags_shown(n: usize, season: usize) -> usize {
    let usual = (10.0 * (n as f64).log10()) as usize;
    usual.max(if season > 1 { 2 * season } else { 0 }).min(MOST_LAGS).min(n.saturating_sub(1))
}

/// 10 lags, with a season two of them, but at most a fifth of the residuals (Hyndman & Athanasopoulos 2021, *Forecasting:
/// principles and practice*, section 5.4).
fn lags_tested(n: usize, season: usize) -> usize {
    let wanted = if season > 1 { 2 * season } else { 10 };
    wanted.min(n / 5).max(1)
}

/// Root of the mean squared distance from the mean, computed on the largest one's scale.
fn spread(values: &[f64], mean: f64) -> f64 {
    let scale = values.iter().fold(0.0_f64, |m, v| m.max((v - mean).abs()));
    if scale == 0.0 || !scale.is_finite() {
        return 0.0;
    }
    let square = values.iter().map(|v| ((v - mean) / scale).powi(2)).sum::<f64>() / values.len() as f64;
    scale * square.sqrt()
}

/// Autocorrelations at lags `1..=most`, `Σ e[t]·e[t−k] / Σ e[t]²` with `e` around its mean (Box, Jenkins & Reinsel 1994,
/// *Time series analysis*, eq. 2.1.11); empty when the values don't vary.
pub(crate) fn autocorrelations(values: &[f64], most: usize) -> Vec<f64> {
    let n = values.len();
    let mean = values.iter().map(|v| v / n as f64).sum::<f64>();
    let scale = values.iter().fold(0.0_f64, |m, v| m.max((v - mean).abs()));
    let size = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if scale <= size * f64::EPSILON * 8.0 || !scale.is_finite() {
        return Vec::new();
    }
    let e: Vec<f64> = values.iter().map(|v| (v - mean) / scale).collect();
    let square: f64 = e.iter().map(|v| v * v).sum();
    let at = |k: usize| e[k..].iter().zip(&e).map(|(a, b)| a * b).sum::<f64>() / square;
    (1..=most.min(n.saturating_sub(1))).map(at).collect()
}

/// `Q = n(n+2) Σ r[k]²/(n−k)`, chi-squared with as many degrees of freedom as lags (Ljung & Box 1978, *On a measure of
/// lack of fit in time series models*, Biometrika 65). The model's own parameters aren't taken off: they are estimated
/// by other means than an autoregression's.
pub(crate) fn ljung_box(acf: &[f64], n: usize, lags: usize) -> Option<LjungBox> {
    if n < FEWEST_TESTED || lags == 0 || acf.len() < lags {
        return None;
    }
    let size = n as f64;
    let sum: f64 = acf[..lags].iter().enumerate().map(|(k, r)| r * r / (size - (k + 1) as f64)).sum();
    let statistic = size * (size + 2.0) * sum;
    let law = ChiSquared::new(lags as f64).ok()?;
    Some(LjungBox { lags, statistic, p_value: law.sf(statistic).clamp(0.0, 1.0) })
}

/// Bars of width `2·IQR·n^(−1/3)` (Freedman & Diaconis 1981), within reason; one bar when the values don't vary.
fn histogram(values: &[f64]) -> Vec<Bin> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    let (low, high) = (sorted[0], sorted[n - 1]);
    let range = high - low;
    if range <= low.abs().max(high.abs()) * f64::EPSILON * 8.0 || !range.is_finite() {
        return vec![Bin { from: low, to: high, count: n }];
    }
    let width = 2.0 * (sorted[n * 3 / 4] - sorted[n / 4]) / (n as f64).cbrt();
    let bars = if width > 0.0 { (range / width).ceil().min(*BARS.end() as f64) as usize } else { 0 };
    let bars = bars.clamp(*BARS.start(), *BARS.end());
    let edge = |k: usize| if k == bars { high } else { low + range * k as f64 / bars as f64 };
    let mut bins: Vec<Bin> = (0..bars).map(|k| Bin { from: edge(k), to: edge(k + 1), count: 0 }).collect();
    let mut at = 0;
    for v in sorted {
        while at + 1 < bars && v >= bins[at].to {
            at += 1;
        }
        bins[at].count += 1;
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::{autocorrelations, carried, ljung_box};

    #[test]
    fn autocorrelations_are_those_of_the_definition() {
        let y: Vec<f64> = (0..50).map(|t| f64::from((t * 7919) % 23) + f64::from(t) / 5.0).collect();
        let mean = y.iter().sum::<f64>() / 50.0;
        let c = |k: usize| (k..50).map(|t| (y[t] - mean) * (y[t - k] - mean)).sum::<f64>() / 50.0;
        for (k, r) in autocorrelations(&y, 12).iter().enumerate() {
            assert!((r - c(k + 1) / c(0)).abs() < 1e-12, "lag {}", k + 1);
        }
    }

    #[test]
    fn the_test_is_r_s() {
        // AirPassengers in tests/golden/series-tests.json (R 4.2.2, `acf` and `Box.test(lag = 8, type = "Ljung-Box")`).
        let acf = [
            0.948_047_340_8,
            0.875_574_835_1,
            0.806_681_155_5,
            0.752_625_417_4,
            0.713_769_972_7,
            0.681_733_603_3,
            0.662_904_386_4,
            0.655_610_484_3,
        ];
        let test = ljung_box(&acf, 144, 8).expect("enough values");
        assert!((test.statistic - 709.484_498_2).abs() < 1e-5, "{test:?}");
        assert!(test.p_value < 1e-12);
    }

    #[test]
    fn a_test_needs_values_that_vary() {
        assert!(autocorrelations(&[3.0; 20], 5).is_empty());
        assert!(ljung_box(&autocorrelations(&[3.0; 20], 5), 20, 4).is_none());
        // With one lag Q = n(n+2)r²/(n−1), and a chi-squared of one degree is a squared normal: at 3.841459 p is 5 %.
        let n = 30.0_f64;
        let r = (3.841_459 * (n - 1.0) / (n * (n + 2.0))).sqrt();
        let test = ljung_box(&[r], 30, 1).expect("enough values");
        assert!((test.p_value - 0.05).abs() < 1e-6, "{test:?}");
    }

    #[test]
    fn a_line_carries_on_no_season_and_a_season_itself() {
        let pattern: Vec<f64> = (0..24).map(|h| [5.0, -2.0, -8.0, 5.0][h % 4]).collect();
        let line: Vec<f64> = (0..24).map(|h| 100.0 + 3.0 * f64::from(h)).collect();
        assert!(carried(&line, &pattern, 100.0).abs() < 1e-12);
        let seasonal: Vec<f64> = line.iter().zip(&pattern).map(|(l, p)| l + 0.5 * p).collect();
        assert!((carried(&seasonal, &pattern, 100.0) - 0.5).abs() < 1e-12);
    }
}
