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
    for equal in order.chunk_by(|a, b| x[*a].total_cmp(&x[*b]).is_eq()) {
        let rank = from as f64 + f64::midpoint(equal.len() as f64, 1.0);
        for k in equal {
            ranks[*k] = rank;
        }
        from += equal.len();
    }
    ranks
}

/// Probability that a random order of the same values has a K as large: what Pettitt's approximation is of, which is several
/// times too large for a dozen values. By at most `draws` shuffles from a seed that the values' number makes, `(b + 1)/(draws + 1)`,
/// ended early once `enough` of them were as large, `enough/drawn` (Besag & Clifford 1991, Sequential Monte Carlo p-values,
/// *Biometrika* 78(2), 301–304): whether 30 or 60 % hardly matters.
pub fn pettitt_by_chance(x: &[f64], statistic: f64, (draws, enough): (usize, usize)) -> f64 {
    let mut ranks = mid_ranks(x);
    let (n, mut state) = (ranks.len(), ranks.len() as u64);
    let mut as_large = 0;
    for drawn in 1..=draws {
        // Fisher and Yates' shuffle by SplitMix64 (Steele, Lea & Flood 2014).
        for k in (1..n).rev() {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            ranks.swap(k, ((u128::from(z) * (k as u128 + 1)) >> 64) as usize);
        }
        let (mut sum, mut largest) = (0.0, 0.0_f64);
        for (k, rank) in ranks[..n.saturating_sub(1)].iter().enumerate() {
            sum += rank;
            largest = largest.max((2.0 * sum - (k + 1) as f64 * (n as f64 + 1.0)).abs());
        }
        as_large += usize::from(largest >= statistic - 1e-9);
        if as_large >= enough {
            return enough as f64 / drawn as f64;
        }
    }
    (as_large + 1) as f64 / (draws + 1) as f64
}

/// A change is believed below this: at 1 % for the whole and half of it for its parts, a catalogue of a thousand steady items shows
/// ten to twenty.
const BELIEVED: f64 = 0.01;
/// Shuffles, and the most values for which they are made; with more the approximation will do.
const SHUFFLES: usize = 1999;
/// With so many as large, p is above [`BELIEVED`] whatever the rest would say.
const ENOUGH: usize = 20;
const MOST_SHUFFLED: usize = 100;
/// An approximate p above this is never below [`BELIEVED`] by shuffles.
const HOPELESS: f64 = 0.5;
/// Fewest orders on each side of a change.
const FEWEST: usize = 4;
/// Changes smaller than this are left alone: dates are whole days.
const SMALLEST_DAYS: f64 = 1.0;
/// Changes followed one after the other.
const MOST: usize = 8;

/// Where what holds now begins, and, when there was a change, where the stretch before it began and its probability.
///
/// After a change is found, the rest is searched again: what counts is the last one. Where the whole shows none, its last three
/// quarters and its last half are searched at half the probability each: a lead time that grew and came back to where it was has
/// two breaks that hide each other.
pub(super) fn last_change(x: &[f64]) -> (usize, Option<(usize, f64)>) {
    let (mut start, mut found) = (0, None);
    for _ in 0..MOST {
        let rest = &x[start..];
        let tails = [(0, BELIEVED), (rest.len() / 4, BELIEVED / 2.0), (rest.len() / 2, BELIEVED / 2.0)];
        let Some((at, p)) = tails.into_iter().find_map(|(from, below)| {
            let (at, p) = break_of(&rest[from..], below)?;
            Some((from + at, p))
        }) else {
            break;
        };
        found = Some((start, p));
        start += at;
    }
    (start, found)
}

/// A break that is believed below a probability and large enough to matter, and its probability.
fn break_of(x: &[f64], below: f64) -> Option<(usize, f64)> {
    let test = pettitt(x)?;
    if test.at < FEWEST || x.len() - test.at < FEWEST {
        return None;
    }
    let difference = quantiles(&x[test.at..]).median - quantiles(&x[..test.at]).median;
    let p = if difference.abs() < SMALLEST_DAYS { 1.0 } else { chance(x, &test) };
    (p < below).then_some((test.at, p))
}

/// p by the approximation where that is clear, else by shuffles.
fn chance(x: &[f64], test: &Pettitt) -> f64 {
    let is_open = (BELIEVED / 2.0..HOPELESS).contains(&test.p) && x.len() <= MOST_SHUFFLED;
    if is_open { pettitt_by_chance(x, test.statistic, (SHUFFLES, ENOUGH)) } else { test.p }
}
