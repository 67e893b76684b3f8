//! How many differences make a series stationary.

use super::order::Order;
use super::series::{Differenced, History};

/// 5 % critical value of the test for a constant level (Kwiatkowski et al. 1992, table 1).
pub(super) const CRITICAL: f64 = 0.463;
/// 1 % critical value (same table), asked of the second difference of a short history: there the test rejects too often, and a
/// needless second difference lets the forecast run off along the last step. On M3's training data it costs 5 % of MASE.
const STRICT: f64 = 0.739;
/// Histories shorter than this are short.
const SHORT: usize = 80;
/// Most ordinary differences.
const MOST: usize = 2;

/// The KPSS statistic for a stationary level: `Σ S[t]² / (n²·s²)` with partial sums S of the deviations and a
/// Bartlett-weighted long-run variance s² over l lags (Kwiatkowski, Phillips, Schmidt & Shin 1992, *Testing the null
/// hypothesis of stationarity*, J. Econometrics 54). 0 for a series that doesn't vary.
pub(super) fn statistic(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let mean = x.iter().map(|x| x / n).sum::<f64>();
    let scale = x.iter().fold(0.0_f64, |m, x| m.max((x - mean).abs()));
    if scale == 0.0 {
        return 0.0;
    }
    let e: Vec<f64> = x.iter().map(|x| (x - mean) / scale).collect();
    let lags = truncation(x.len());
    let mut variance: f64 = e.iter().map(|e| e * e).sum();
    for lag in 1..=lags.min(x.len() - 1) {
        let weight = 1.0 - lag as f64 / (lags as f64 + 1.0);
        variance += 2.0 * weight * e[lag..].iter().zip(&e).map(|(a, b)| a * b).sum::<f64>();
    }
    let mut level = 0.0;
    let squares: f64 = e
        .iter()
        .map(|e| {
            level += e;
            level * level
        })
        .sum();
    squares / (n * variance)
}

/// Truncation lag `⌊3√n/13⌋`, the short choice: with more lags the test seldom sees a trend in a short history.
fn truncation(n: usize) -> usize {
    (3.0 * (n as f64).sqrt() / 13.0) as usize
}

/// What the tests found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Findings {
    /// Differences to take, d.
    pub(super) differences: usize,
    /// The statistic before the first, the second, … difference; the last one passed unless d is at its limit.
    pub(super) statistics: Vec<f64>,
}

/// Tests the seasonally differenced history, and its differences, until the level is stationary.
pub(super) fn differences(y: &[f64], seasonal: Order) -> Findings {
    let history = History::plain(y);
    let mut findings = Findings { differences: 0, statistics: Vec::new() };
    while findings.differences <= MOST {
        let order = Order { differences: findings.differences, ..seasonal };
        let series = Differenced::of(&history, &order);
        if series.len() < 4 || !series.varies() {
            break;
        }
        let statistic = statistic(series.values());
        findings.statistics.push(statistic);
        let doubtful = findings.differences == 1 && y.len() < SHORT;
        if statistic <= if doubtful { STRICT } else { CRITICAL } || findings.differences == MOST {
            break;
        }
        findings.differences += 1;
    }
    findings
}
