//! Seasonal-trend decomposition by loess (Cleveland, Cleveland, McRae & Terpenning 1990, *STL: a seasonal-trend
//! decomposition procedure based on loess*, J. Official Statistics 6).
//!
//! `y = trend + season + remainder`. The inner loop (their section 2.2) smooths each position of the season over the
//! years, takes out what is left of a trend in it, and smooths the rest to the new trend; the outer loop (2.3) gives
//! values with a large remainder little importance and starts again.

use super::loess::{Degree, Loess};
use crate::control::{Cancelled, Control};

/// How to decompose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stl {
    /// Periods per season, at least 2.
    pub(crate) period: usize,
    /// Seasons spanned by the smoother of each position; odd.
    pub(crate) seasonal_span: usize,
    /// What that smoother fits.
    pub(crate) seasonal_degree: Degree,
    /// Passes of the inner loop; two are enough without outliers (their section 3.3).
    pub(crate) passes: usize,
    /// Rounds of the outer loop; none without outliers.
    pub(crate) robust_rounds: usize,
}

/// A history's trend and season.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Split {
    /// One value per period.
    pub(crate) trend: Vec<f64>,
    /// One value per period.
    pub(crate) season: Vec<f64>,
}

/// Values kept between passes, so that none allocates.
struct Work {
    detrended: Vec<f64>,
    subseries: Vec<f64>,
    importance: Vec<f64>,
    smooth: Vec<f64>,
    cycle: Vec<f64>,
    low: [Vec<f64>; 2],
}

impl Stl {
    /// Positions smoothed by their mean over about `seasonal_span` years, two passes, no outliers.
    pub(crate) fn new(period: usize, seasonal_span: usize) -> Self {
        Self { period, seasonal_span, seasonal_degree: Degree::Level, passes: 2, robust_rounds: 0 }
    }

    /// Trend and season of `y`, which holds at least two seasons.
    ///
    /// # Errors
    /// [`Cancelled`] when the user asked to stop.
    pub(crate) fn split(&self, y: &[f64], control: &Control) -> Result<Split, Cancelled> {
        let (n, m) = (y.len(), self.period);
        let years = Loess::new(self.seasonal_span, self.seasonal_degree);
        let low = Loess::new(odd(m as f64), Degree::Line);
        // Their section 3.4: the smallest span that keeps trend and season from competing for the same variation.
        let span = odd(1.5 * m as f64 / (1.0 - 1.5 / self.seasonal_span as f64));
        let trend_smoother = Loess::new(span, Degree::Line);
        let mut split = Split { trend: vec![0.0; n], season: vec![0.0; n] };
        let mut work = Work::new(n, m);
        let mut importance: Option<Vec<f64>> = None;
        for round in 0..=self.robust_rounds {
            for _ in 0..self.passes.max(1) {
                control.check()?;
                let weights = importance.as_deref();
                subtract(y, &split.trend, &mut work.detrended);
                self.smooth_positions(&years, weights, &mut work);
                moving_average(&work.cycle, m, &mut work.low[0]);
                let [first, second] = &mut work.low;
                moving_average(first, m, second);
                moving_average(second, 3, first);
                low.smooth(first, None, &mut work.smooth);
                subtract(&work.cycle[m..m + n], &work.smooth, &mut split.season);
                subtract(y, &split.season, &mut work.detrended);
                trend_smoother.smooth(&work.detrended, weights, &mut split.trend);
            }
            if round < self.robust_rounds {
                let kept = importance.get_or_insert_with(|| vec![1.0; n]);
                for (t, weight) in kept.iter_mut().enumerate() {
                    *weight = (y[t] - split.trend[t] - split.season[t]).abs();
                }
                bisquare(kept, &mut work.smooth);
            }
        }
        Ok(split)
    }

    /// Each position of the season smoothed over the years, a season longer at both ends, into `work.cycle`.
    fn smooth_positions(&self, years: &Loess, importance: Option<&[f64]>, work: &mut Work) {
        let (n, m) = (work.detrended.len(), self.period);
        for position in 0..m {
            work.subseries.clear();
            work.subseries.extend(work.detrended[position..].iter().step_by(m));
            work.importance.clear();
            if let Some(importance) = importance {
                work.importance.extend(importance[position..].iter().step_by(m));
            }
            let weights = importance.is_some().then_some(&work.importance[..]);
            let values = &work.subseries;
            let count = values.len();
            let smooth = &mut work.smooth[..count.min(n)];
            years.smooth(values, weights, smooth);
            let before = years.at(values, weights, -1.0).unwrap_or(smooth[0]);
            let after = years.at(values, weights, count as f64).unwrap_or(smooth[count - 1]);
            work.cycle[position] = before;
            for (k, value) in smooth.iter().enumerate() {
                work.cycle[position + (k + 1) * m] = *value;
            }
            work.cycle[position + (count + 1) * m] = after;
        }
    }
}

impl Work {
    fn new(n: usize, m: usize) -> Self {
        let long = || Vec::with_capacity(n + 2 * m);
        Self {
            detrended: vec![0.0; n],
            subseries: Vec::with_capacity(n / m + 1),
            importance: Vec::with_capacity(n / m + 1),
            smooth: vec![0.0; n],
            cycle: vec![0.0; n + 2 * m],
            low: [long(), long()],
        }
    }
}

fn subtract(a: &[f64], b: &[f64], out: &mut [f64]) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = a - b;
    }
}

/// Means of all windows of `width`, as many as there are.
fn moving_average(values: &[f64], width: usize, out: &mut Vec<f64>) {
    out.clear();
    let mut sum: f64 = values[..width].iter().sum();
    out.push(sum / width as f64);
    for (new, old) in values[width..].iter().zip(values) {
        sum += new - old;
        out.push(sum / width as f64);
    }
}

/// From absolute remainders to importance: `(1 − (r/6·median)²)²`, 0 beyond (their section 2.3).
fn bisquare(remainders: &mut [f64], sorted: &mut [f64]) {
    sorted.copy_from_slice(remainders);
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    let limit = 6.0 * f64::midpoint(sorted[n / 2], sorted[(n - 1) / 2]);
    for r in remainders {
        *r = if *r <= 0.001 * limit {
            1.0
        } else if *r <= 0.999 * limit {
            (1.0 - (*r / limit).powi(2)).powi(2)
        } else {
            0.0
        };
    }
}

/// The next odd whole number.
pub(super) fn odd(span: f64) -> usize {
    let up = span.ceil() as usize;
    if up % 2 == 1 { up } else { up + 1 }
}
