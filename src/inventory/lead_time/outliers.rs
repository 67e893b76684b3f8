//! Orders that say nothing about the next one: a typing error, a ship that sank.

use super::statistics::{mean, quantiles};

/// Modified z-scores beyond this are outliers (Iglewicz & Hoaglin 1993, *How to Detect and Handle Outliers*, chapter 3).
const LIMIT: f64 = 3.5;
/// Below this many orders nothing is usual.
const FEWEST: usize = 5;
/// Less than this many times longer or shorter than usual is what safety stock is for.
const FACTOR: f64 = 2.0;
/// More than this share set aside is no handful of outliers but a second kind of order.
const MOST_SHARE: f64 = 0.2;

/// Places of the orders whose days aren't comparable with the others'.
///
/// Modified z-scores `(y − median)/(1.4826·MAD)` of `y = ln(1 + days)`: lead times are skewed to the right, and a long tail is
/// what safety stock is for, so that days themselves would set too much aside. Where more than half of the orders took equally
/// long, the mean absolute deviation takes the MAD's place (times 1.2533), and no spread counts as less than that of one day.
/// What took less than twice as long as usual, and more than half, always counts: late is late.
/// Nothing is set aside of fewer than five orders, or when it would be more than a fifth of them.
pub fn set_aside(days: &[f64]) -> Vec<usize> {
    if days.len() < FEWEST {
        return Vec::new();
    }
    let y: Vec<f64> = days.iter().map(|d| d.max(0.0).ln_1p()).collect();
    let median = quantiles(&y).median;
    let away: Vec<f64> = y.iter().map(|v| (v - median).abs()).collect();
    let mad = 1.4826 * quantiles(&away).median;
    let spread = if mad > 0.0 { mad } else { 1.2533 * mean(&away) };
    let one_day = (median.exp() + 1.0).ln() - median;
    let limit = (LIMIT * spread.max(one_day)).max(FACTOR.ln());
    let found: Vec<usize> = (0..days.len()).filter(|k| away[*k] > limit).collect();
    if found.len() as f64 > MOST_SHARE * days.len() as f64 { Vec::new() } else { found }
}
