//! The value-added ladder measured: mean absolute errors of naive, chosen and final forecasts, and whether they differ.
//!
//! Forecast value added (Gilliland 2010, *The Business Forecasting Deal*) is read off tables of a few dozen cases, where
//! chance looks like skill. So every step carries a test. Series err together within a period, so a period is one
//! observation: Diebold–Mariano on the periods' mean losses, with Bartlett's window up to the longest lead. With fewer than
//! eight periods its variance is a guess, and the sign test on the series' mean losses stands in (Conover 1999, *Practical
//! Nonparametric Statistics*, section 3.4), which takes series for independent. Below six series it says nothing either:
//! even all six on one side give p = 2/64.

use super::diebold_mariano::diebold_mariano_bartlett;
use crate::model::{Evidence, EvidenceTest, Ladder, Period, SeriesId};
use statrs::distribution::{Binomial, DiscreteCDF};
use std::collections::{BTreeMap, BTreeSet};

/// Fewest periods whose losses are compared in time order.
const FEWEST_PERIODS: usize = 8;
/// Fewest series, equally good ones left out, that a sign test can find anything with at 5 %.
const FEWEST_SERIES: usize = 6;

/// One series in one period, as forecast once.
#[derive(Debug, Clone, PartialEq)]
pub struct LadderCase {
    /// Whose demand it is.
    pub id: SeriesId,
    /// The period.
    pub period: Period,
    /// How many periods ahead it was forecast, ≥ 1.
    pub lead: usize,
    /// What was sold, units.
    pub actual: f64,
    /// The naive forecast.
    pub naive: f64,
    /// The chosen model's forecast.
    pub chosen: f64,
    /// The final forecast, where it was overridden.
    pub last: Option<f64>,
}

/// The ladder over some cases; `None` without one. The final forecast has a step when every case has one.
pub fn ladder(cases: &[&LadderCase]) -> Option<Ladder> {
    let first = cases.first()?;
    let losses = |of: fn(&LadderCase) -> f64| cases.iter().map(|c| (of(c) - c.actual).abs()).collect::<Vec<f64>>();
    let (naive, chosen) = (losses(|c| c.naive), losses(|c| c.chosen));
    let last = cases.iter().all(|c| c.last.is_some()).then(|| losses(|c| c.last.unwrap_or(c.chosen)));
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
    let longest = cases.iter().map(|c| c.lead).max().unwrap_or(first.lead);
    let evidence = |a: &[f64], b: &[f64]| evidence(cases, a, b, longest);
    Some(Ladder {
        cases: cases.len(),
        series: cases.iter().map(|c| &c.id).collect::<BTreeSet<_>>().len(),
        periods: cases.iter().map(|c| c.period).collect::<BTreeSet<_>>().len(),
        naive: mean(&naive),
        chosen: mean(&chosen),
        last: last.as_deref().map(mean),
        chosen_evidence: evidence(&chosen, &naive),
        last_evidence: last.as_deref().and_then(|last| evidence(last, &chosen)),
    })
}

fn evidence(cases: &[&LadderCase], a: &[f64], b: &[f64], longest: usize) -> Option<Evidence> {
    let (by_period, by_series) = (means(cases, a, b, |c| c.period), means(cases, a, b, |c| &c.id));
    if by_period.len() >= FEWEST_PERIODS {
        let (a, b): (Vec<f64>, Vec<f64>) = by_period.into_iter().unzip();
        let found = diebold_mariano_bartlett(&a, &b, longest)?;
        let is_better = found.statistic < 0.0;
        return Some(Evidence { p: found.p, is_better, test: EvidenceTest::DieboldMariano });
    }
    let better = by_series.iter().filter(|(a, b)| a < b).count();
    let worse = by_series.iter().filter(|(a, b)| a > b).count();
    (better + worse >= FEWEST_SERIES).then(|| Evidence {
        p: sign_p(better, worse),
        is_better: better > worse,
        test: EvidenceTest::Sign,
    })
}

/// Mean losses of both forecasts per key, in the keys' order.
fn means<'a, K: Ord>(
    cases: &[&'a LadderCase],
    a: &[f64],
    b: &[f64],
    key: impl Fn(&'a LadderCase) -> K,
) -> Vec<(f64, f64)> {
    let mut sums: BTreeMap<K, (f64, f64, usize)> = BTreeMap::new();
    for ((case, a), b) in cases.iter().zip(a).zip(b) {
        let sum = sums.entry(key(case)).or_default();
        *sum = (sum.0 + a, sum.1 + b, sum.2 + 1);
    }
    sums.into_values().map(|(a, b, n)| (a / n as f64, b / n as f64)).collect()
}

/// Two-sided: as few as the rarer side or fewer, on either side, when both are equally likely.
fn sign_p(better: usize, worse: usize) -> f64 {
    let n = (better + worse) as u64;
    let rarer = better.min(worse) as u64;
    Binomial::new(0.5, n).map_or(1.0, |law| (2.0 * law.cdf(rarer)).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_tests_are_the_binomials_tails() {
        // 2·1/64, 2·(1+6)/64, 2·(1+8+28)/256, and more than half is certain.
        for (better, worse, p) in
            [(6, 0, 0.031_25), (0, 6, 0.031_25), (5, 1, 0.218_75), (2, 6, 0.289_062_5), (4, 4, 1.0)]
        {
            assert!((sign_p(better, worse) - p).abs() < 1e-12, "{better} {worse} {}", sign_p(better, worse));
        }
        assert!(sign_p(20_000, 0) >= 0.0 && sign_p(20_000, 0) < 1e-12);
    }
}
