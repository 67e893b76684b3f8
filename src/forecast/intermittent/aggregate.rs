//! Temporal aggregation: longer periods have fewer zeros.

use super::check;
use super::urn::Urn;
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::model::Parameter;
use crate::text;

/// Range of the smoothing parameter at every level. Blocks are few (45 months with a demand every six are seven
/// blocks), and an unbounded optimum is mostly 0 or 1, for want of evidence.
const ALPHA: (f64, f64) = (0.1, 0.3);
/// Points of the range tried first; the sum of squares is a polynomial in α that rarely has two valleys in it.
const COARSE: usize = 9;
/// Golden sections after them: `0.025·2·0.618^12` leaves α exact to 0.0002.
const SECTIONS: usize = 12;
/// Most aggregation levels of IMAPA; beyond it levels are taken in even strides. A demand every 64 periods is rarer
/// than anything that is forecast per item.
const MOST_LEVELS: usize = 64;

/// At which levels a history is aggregated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Levels {
    /// Blocks as long as the mean interval between demands (ADIDA).
    Interval,
    /// Every length from 1 to it, averaged (IMAPA).
    UpToInterval,
}

/// Non-overlapping blocks, simple exponential smoothing of their sums from the first, and the forecast divided by the
/// block's length.
///
/// ADIDA is Nikolopoulos, Syntetos, Boylan, Petropoulos & Assimakopoulos 2011, *An aggregate–disaggregate intermittent
/// demand approach (ADIDA) to forecasting*, J. Operational Research Society 62; IMAPA is Petropoulos & Kourentzes 2015,
/// *Forecast combinations for intermittent demand*, J. Operational Research Society 66. The mean interval counts the
/// first one from before the history and is rounded half up; periods that fill no block are left out at the start.
pub(crate) struct Aggregate {
    /// At which levels.
    pub(crate) levels: Levels,
}

impl Method for Aggregate {
    fn name(&self) -> String {
        match self.levels {
            Levels::Interval => "adida".to_owned(),
            Levels::UpToInterval => "imapa".to_owned(),
        }
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        check(task.y)?;
        let found = aggregate(task.y, self.levels, control)?;
        let (rate, longest, alpha) = (found.rate, found.longest, found.alpha);
        let why = match self.levels {
            Levels::Interval => text!(
                "Demand comes every {longest} periods or so; totals of {longest} periods, smoothed with α = {alpha:.2}, \
                 give {rate:.3} a period.",
                "约每 {longest} 期出现一次需求；将每 {longest} 期的合计以 α = {alpha:.2} 平滑，得每期 {rate:.3}。"
            ),
            Levels::UpToInterval => text!(
                "Totals of 1 to {longest} periods are smoothed and their forecasts averaged: {rate:.3} a period.",
                "将 1 至 {longest} 期的合计分别平滑并取预测的平均：每期 {rate:.3}。"
            ),
        };
        Ok(Fit {
            mean: vec![rate; task.horizon],
            fitted: found.fitted,
            spread: Urn::recent(task.y).spread(task, rate),
            parameters: vec![Parameter::new("alpha", alpha), Parameter::new("aggregation", longest as f64)],
            why,
        })
    }
}

/// What aggregation found.
pub(super) struct Aggregated {
    /// Forecast of a period.
    pub(super) rate: f64,
    /// One-step forecasts of the last periods.
    pub(super) fitted: Vec<f64>,
    /// Longest block, periods.
    longest: usize,
    /// Smoothing parameter at the longest block.
    alpha: f64,
}

/// Aggregates a history that has demand.
///
/// # Errors
/// [`FitError::Cancelled`] when the user asked to stop.
pub(super) fn aggregate(y: &[f64], levels: Levels, control: &Control) -> Result<Aggregated, FitError> {
    let count = y.iter().filter(|v| **v > 0.0).count().max(1);
    let end = y.iter().rposition(|v| *v > 0.0).map_or(1, |t| t + 1);
    // At least two blocks, so that there is something to smooth.
    let longest = ((end as f64 / count as f64).round() as usize).clamp(1, (y.len() / 2).max(1));
    let lengths: Vec<usize> = match levels {
        Levels::Interval => vec![longest],
        Levels::UpToInterval => (1..=longest).rev().step_by(longest.div_ceil(MOST_LEVELS)).collect(),
    };
    let share = 1.0 / lengths.len() as f64;
    let mut found = Aggregated { rate: 0.0, fitted: vec![0.0; y.len()], longest, alpha: 0.0 };
    let mut start = 0;
    let mut blocks = Vec::with_capacity(y.len());
    for &length in &lengths {
        control.check()?;
        let offset = y.len() % length;
        blocks.clear();
        blocks.extend(y[offset..].chunks_exact(length).map(|block| block.iter().sum::<f64>()));
        let alpha = best_alpha(&blocks);
        let mut level = blocks[0];
        for (k, block) in blocks.iter().enumerate().skip(1) {
            let first = offset + k * length;
            found.fitted[first..first + length].iter_mut().for_each(|f| *f += share * level / length as f64);
            level += alpha * (block - level);
        }
        start = start.max(offset + length);
        found.rate += share * level / length as f64;
        if length == longest {
            found.alpha = alpha;
        }
    }
    found.fitted.drain(..start.min(y.len()));
    Ok(found)
}

/// The α within [`ALPHA`] with the smallest sum of squared one-step errors.
fn best_alpha(x: &[f64]) -> f64 {
    // Squares of shares of the largest neither overflow nor vanish.
    let largest = x.iter().fold(0.0_f64, |a, v| a.max(*v));
    let error = |alpha: f64| {
        let mut level = x[0];
        x[1..].iter().fold(0.0, |sum, v| {
            let e = v - level;
            level += alpha * e;
            sum + (e / largest) * (e / largest)
        })
    };
    let step = (ALPHA.1 - ALPHA.0) / (COARSE - 1) as f64;
    let points = (0..COARSE).map(|k| ALPHA.0 + step * k as f64);
    let (_, best) = points.map(|a| (error(a), a)).fold((f64::INFINITY, ALPHA.0), |b, p| if p.0 < b.0 { p } else { b });
    let (mut low, mut high) = ((best - step).max(ALPHA.0), (best + step).min(ALPHA.1));
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut error_left, mut error_right) = (error(left), error(right));
    for _ in 0..SECTIONS {
        if error_left <= error_right {
            (high, right, error_right) = (right, left, error_left);
            left = high - golden * (high - low);
            error_left = error(left);
        } else {
            (low, left, error_left) = (left, right, error_right);
            right = low + golden * (high - low);
            error_right = error(right);
        }
    }
    // A minimum at an end of the range is exactly there.
    [ALPHA.0, ALPHA.1, f64::midpoint(low, high)]
        .map(|a| (error(a), a))
        .into_iter()
        .fold((f64::INFINITY, best), |b, p| if p.0 < b.0 { p } else { b })
        .1
}
