//! Has the lead time changed, and since when: Pettitt's test.

use super::statistics::quantiles;

/// The most likely break in a sequence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pettitt {
    /// Values before the break, from 1.
    pub at: usize,
    /// K, the largest |Uₜ|.
    pub statistic: f64,
    /// Probability of such a K without a break.
    pub p: f64,
}

/// Pettitt's test for one change of location at an unknown time; `None` below two values.
///
/// `Uₜ = 2·Σ_{i ≤ t} rᵢ − t·(n + 1)` with mid-ranks r, `K = max|Uₜ|`, `p ≈ 2·exp(−6K²/(n³ + n²))`, at most 1. `Uₜ` is the
/// Mann–Whitney statistic of the two sides, `|2U − t(n − t)|`, so it needs no distribution and an outlier moves it by a rank.
///
/// Source: Pettitt, A. N. (1979) A non-parametric approach to the change-point problem, *Applied Statistics* 28(2), 126–135,
/// equations (2.3), (2.4) and the approximation of section 2.3.
pub fn pettitt(x: &[f64]) -> Option<Pettitt> {
    let n = x.len();
    if n < 2 || x.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let ranks = mid_ranks(x);
    let (mut sum, mut best) = (0.0, (1, 0.0_f64));
    for (k, rank) in ranks[..n - 1].iter().enumerate() {
        let t = (k + 1) as f64;
        sum += rank;
        let u = (2.0 * sum - t * (n as f64 + 1.0)).abs();
        if u > best.1 {
            best = (k + 1, u);
        }
    }
    let n = n as f64;
    let p = 2.0 * (-6.0 * best.1.powi(2) / (n.powi(3) + n.powi(2))).exp();
    Some(Pettitt { at: best.0, statistic: best.1, p: p.min(1.0) })
}

/// Ranks from 1; equal values share the mean of theirs.
fn mid_ranks(x: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    let mut ranks = vec![0.0; x.len()];
    let mut from = 0;
    for equal in order.chunk_by(|a, b| x[*a] == x[*b]) {
        let rank = from as f64 + (equal.len() as f64 + 1.0) / 2.0;
        equal.iter().for_each(|k| ranks[*k] = rank);
        from += equal.len();
    }
    ranks
}

/// A change is believed below this. At 1 %, a catalogue of a thousand steady items shows ten, and the test's approximation
/// errs on the side of fewer.
const BELIEVED: f64 = 0.01;
/// Fewest orders on each side of a change.
const FEWEST: usize = 4;
/// Changes smaller than this are left alone: dates are whole days.
const SMALLEST_DAYS: f64 = 1.0;
/// Changes followed one after the other.
const MOST: usize = 8;

/// Where what holds now begins, and, when there was a change, where the stretch before it began and its probability.
///
/// After a change is found, the rest is searched again: what counts is the last one.
pub(super) fn last_change(x: &[f64]) -> (usize, Option<(usize, f64)>) {
    let (mut start, mut found) = (0, None);
    for _ in 0..MOST {
        let rest = &x[start..];
        let Some(test) = pettitt(rest).filter(|t| t.p < BELIEVED) else { break };
        if test.at < FEWEST || rest.len() - test.at < FEWEST {
            break;
        }
        let difference = quantiles(&rest[test.at..]).median - quantiles(&rest[..test.at]).median;
        if difference.abs() < SMALLEST_DAYS {
            break;
        }
        found = Some((start, test.p));
        start += test.at;
    }
    (start, found)
}
