//! What a disruption does to one item: money, time to survive, time to recover.
//!
//! Simchi-Levi, Schmidt & Wei 2014, *From Superstorms to Factory Fires* (Harvard Business Review 92(1)), and Simchi-Levi et al.
//! 2015, *Identifying Risks and Mitigating Disruptions in the Automotive Supply Chain* (Interfaces 45(5), 375–390): the time
//! to survive is how long demand is served after supply is gone, the time to recover how long until things are as before;
//! where goods flow again later than stock lasts, there is exposure. They reckon with one number per node; here every sample
//! path has its own, and quantiles are told.

use crate::model::{DisruptedItem, Exposure, Item, LossBasis, PeriodsQuantiles, StockPaths};
use std::ops::Range;

/// Stock is back when it is at least this share of what it would have been.
pub const RECOVERED_SHARE: f64 = 0.9;

/// The careful tenth of paths.
const CAREFUL: f64 = 0.1;

/// One item's stock on the same paths and draws.
#[derive(Debug, Clone, Copy)]
pub struct Walks<'a> {
    /// Undisturbed.
    pub before: &'a StockPaths,
    /// With the disruption.
    pub after: &'a StockPaths,
    /// With a disruption that never ends.
    pub endless: &'a StockPaths,
}

/// What a disruption over `steps` does to an item; `gap` periods after its beginning goods flow again.
pub fn disrupted_item(item: &Item, walks: &Walks<'_>, steps: Range<usize>, gap: usize) -> DisruptedItem {
    let survive = survival(walks.endless, steps.start);
    let (short_before, short_after) = (walks.before.mean_short(), walks.after.mean_short());
    // Goods that flow again at `gap` serve the demand of that period.
    let ends = |time: Option<usize>| time.is_some_and(|periods| periods < gap);
    let exposure = match (ends(survive.median), ends(survive.careful)) {
        (true, _) => Exposure::Likely,
        (false, true) => Exposure::Possible,
        (false, false) => Exposure::None,
    };
    DisruptedItem {
        id: item.id.clone(),
        short_before,
        short_after,
        fill_before: walks.before.fill_rate(),
        fill_after: walks.after.fill_rate(),
        demand: walks.after.mean_demand(),
        money: (short_after - short_before) * LossBasis::of(item).0,
        survive,
        recover: recovery(walks.before, walks.after, steps.end),
        gap,
        exposure,
    }
}

/// Periods from `from` that demand is served in full: the median of paths and the 10 % quantile.
pub fn survival(endless: &StockPaths, from: usize) -> PeriodsQuantiles {
    let last = |path: &[f32]| path.iter().skip(from).position(|units| *units > 0.0);
    let mut times: Vec<usize> = endless.shorts().map(|path| last(path).unwrap_or(usize::MAX)).collect();
    PeriodsQuantiles { median: quantile(&mut times, 0.5), careful: quantile(&mut times, CAREFUL) }
}

/// Periods after `end` until a path is no shorter of goods than it would have been, for good, and its stock is back at
/// [`RECOVERED_SHARE`] of what it would have been: the median of paths and the 90 % quantile.
fn recovery(before: &StockPaths, after: &StockPaths, end: usize) -> PeriodsQuantiles {
    let periods = before.periods.min(after.periods);
    let mut times: Vec<usize> = Vec::with_capacity(after.len());
    let shorts = before.shorts().zip(after.shorts());
    let nets = before.nets().zip(after.nets());
    for ((was_short, is_short), (was, is)) in shorts.zip(nets) {
        let worse = |t: &usize| is_short[*t] > was_short[*t] * (1.0 + ROUNDING) + ROUNDING;
        let served = (end..periods).rev().find(worse).map_or(end, |t| t + 1);
        let back = (served..periods).find(|t| {
            let (was, is) = (f64::from(was[*t]), f64::from(is[*t]));
            is >= was - (1.0 - RECOVERED_SHARE) * was.max(0.0) - f64::from(ROUNDING) * was.abs()
        });
        times.push(back.map_or(usize::MAX, |t| t - end));
    }
    PeriodsQuantiles { median: quantile(&mut times, 0.5), careful: quantile(&mut times, 1.0 - CAREFUL) }
}

/// Stock is kept in 32 bits.
const ROUNDING: f32 = 1e-5;

/// The value that this share of them don't exceed; `None` beyond the horizon, and of nothing.
fn quantile(times: &mut [usize], share: f64) -> Option<usize> {
    if times.is_empty() {
        return None;
    }
    let rank = ((share * times.len() as f64).ceil() as usize).clamp(1, times.len()) - 1;
    let (_, time, _) = times.select_nth_unstable(rank);
    Some(*time).filter(|t| *t != usize::MAX)
}
