//! Several seasons at once, and how strong each part is.

use super::loess::{Degree, Loess};
use super::stl::{Stl, odd};
use crate::control::{Cancelled, Control};

/// Years spanned by the smoother of the `i`-th season, `7 + 4·i`, `i = 1, 2, …`: the longer the season, the fewer of them
/// there are and the less each may change (Bandara, Hyndman & Bergmeir 2021, section 2).
const SPAN: (usize, usize) = (7, 4);
/// Rounds over all seasons; each takes out of the others' way what it found (same section).
const ROUNDS: usize = 2;
/// Shares of the history that the trend of a history without season may be smoothed over (Friedman 1984, *A variable
/// span smoother*: tweeter, midrange and woofer).
const SHARES: [f64; 3] = [0.05, 0.2, 0.5];
/// Shortest of these spans: a line through fewer points follows every value.
const SHORTEST: usize = 5;
/// Longest history whose span is chosen by leaving values out, which takes time with its square; longer ones take the
/// smallest share.
const LONGEST_TRIED: usize = 2000;

/// A season of a history.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seasonal {
    /// Its length in periods.
    pub(crate) period: usize,
    /// Its part in each period, units.
    pub(crate) values: Vec<f64>,
}

/// A history as the sum of its parts, each as long as it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Components {
    /// The smooth course.
    pub(crate) trend: Vec<f64>,
    /// Shortest season first.
    pub(crate) seasonal: Vec<Seasonal>,
    /// What is left.
    pub(crate) remainder: Vec<f64>,
}

/// Trend, seasons and remainder of `y` by MSTL (Bandara, Hyndman & Bergmeir 2021, *MSTL: a seasonal-trend decomposition
/// algorithm for time series with multiple seasonal patterns*, arXiv 2107.13462). A season of which there aren't two is
/// left out; without any the trend is a local line over the share of the history that predicts left-out values best.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(crate) fn components(y: &[f64], seasons: &[usize], control: &Control) -> Result<Components, Cancelled> {
    let periods = usable(y.len(), seasons);
    if periods.is_empty() {
        let trend = smooth_course(y);
        let remainder = y.iter().zip(&trend).map(|(y, t)| y - t).collect();
        return Ok(Components { trend, seasonal: Vec::new(), remainder });
    }
    let plans = periods.iter().enumerate().map(|(i, period)| Stl::new(*period, SPAN.0 + SPAN.1 * (i + 1)));
    several(y, &plans.collect::<Vec<_>>(), control)
}

/// The seasons of which `n` periods hold two, shortest first, each once.
pub(super) fn usable(n: usize, seasons: &[usize]) -> Vec<usize> {
    let mut periods: Vec<usize> = seasons.iter().copied().filter(|m| *m >= 2 && 2 * m <= n).collect();
    periods.sort_unstable();
    periods.dedup();
    periods
}

/// MSTL with given plans, not empty.
pub(super) fn several(y: &[f64], plans: &[Stl], control: &Control) -> Result<Components, Cancelled> {
    let mut seasonal: Vec<Seasonal> =
        plans.iter().map(|plan| Seasonal { period: plan.period, values: vec![0.0; y.len()] }).collect();
    let (mut rest, mut trend) = (y.to_vec(), Vec::new());
    let rounds = if plans.len() == 1 { 1 } else { ROUNDS };
    for _ in 0..rounds {
        for (plan, season) in plans.iter().zip(&mut seasonal) {
            rest.iter_mut().zip(&season.values).for_each(|(r, s)| *r += s);
            let split = plan.split(&rest, control)?;
            rest.iter_mut().zip(&split.season).for_each(|(r, s)| *r -= s);
            (season.values, trend) = (split.season, split.trend);
        }
    }
    rest.iter_mut().zip(&trend).for_each(|(r, t)| *r -= t);
    Ok(Components { trend, seasonal, remainder: rest })
}

/// The trend of a history without season.
fn smooth_course(y: &[f64]) -> Vec<f64> {
    let n = y.len();
    if n < SHORTEST {
        return y.to_vec();
    }
    let scale = y.iter().fold(0.0_f64, |a, v| a.max(v.abs())).max(f64::MIN_POSITIVE);
    let scaled: Vec<f64> = y.iter().map(|v| v / scale).collect();
    let mut best: Option<(f64, Vec<f64>)> = None;
    let shares = if n > LONGEST_TRIED { &SHARES[..1] } else { &SHARES[..] };
    for share in shares {
        let loess = Loess::new(odd(share * n as f64).max(SHORTEST), Degree::Line);
        let mut fit = vec![0.0; n];
        loess.smooth(&scaled, None, &mut fit);
        let error = if shares.len() > 1 { loess.error_left_out(&scaled, &fit) } else { 0.0 };
        if best.as_ref().is_none_or(|(least, _)| error <= *least) {
            best = Some((error, fit));
        }
    }
    best.map_or_else(|| y.to_vec(), |(_, fit)| fit.iter().map(|v| v * scale).collect())
}

impl Components {
    /// Strength of the trend in `[0, 1]`: `max(0, 1 − var(remainder)/var(trend + remainder))` (Wang, Smith & Hyndman 2006,
    /// *Characteristic-based clustering for time series data*, Data Mining and Knowledge Discovery 13).
    pub(crate) fn trend_strength(&self) -> f64 {
        strength(&self.trend, &self.remainder)
    }

    /// Strength of the `k`-th season in `[0, 1]`, likewise (same source); 0 when there is none.
    pub(crate) fn season_strength(&self, k: usize) -> f64 {
        self.seasonal.get(k).map_or(0.0, |season| strength(&season.values, &self.remainder))
    }
}

/// `max(0, 1 − var(remainder)/var(part + remainder))`; 0 when the two hardly vary.
pub(crate) fn strength(part: &[f64], remainder: &[f64]) -> f64 {
    let scale = part.iter().chain(remainder).fold(0.0_f64, |m, v| m.max(v.abs()));
    if scale == 0.0 {
        return 0.0;
    }
    let both = variance(part.iter().zip(remainder).map(|(p, r)| (p + r) / scale));
    let alone = variance(remainder.iter().map(|r| r / scale));
    if both <= f64::EPSILON { 0.0 } else { (1.0 - alone / both).max(0.0) }
}

/// Variance with divisor `n`.
pub(crate) fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = values.clone().count().max(1) as f64;
    let mean = values.clone().sum::<f64>() / n;
    values.map(|v| (v - mean).powi(2)).sum::<f64>() / n
}
