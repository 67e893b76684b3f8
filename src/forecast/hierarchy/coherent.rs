//! A group's forecast from its members': means and paths added up, intervals read from the sums.
//!
//! A group's interval isn't the sum of its members' intervals: good and bad luck cancel. Path `k` of the group is the sum
//! of the members' paths `k`, and the bounds are the paths' quantiles. Members are drawn independently; where their errors
//! move together the sum is a little too narrow.

use super::super::intervals::empirical;
use crate::control::{Cancelled, Control};
use crate::model::{Forecast, SamplePaths, SeriesId};
use crate::text;
use std::sync::Arc;

/// Largest value that fits a path.
const LARGEST: f64 = 1e38;

/// The sum of forecasts of one horizon; `None` without a member. As many paths as the member with the fewest has; without
/// paths there are no intervals.
///
/// # Errors
/// [`Cancelled`].
pub fn sum_of(id: SeriesId, members: &[&Forecast], control: &Control) -> Result<Option<Forecast>, Cancelled> {
    let Some(first) = members.first() else { return Ok(None) };
    let steps = first.mean.len();
    let count = members.iter().map(|m| m.paths.len()).min().unwrap_or(0);
    let mut mean = vec![0.0; steps];
    let mut paths = vec![0.0; count * steps];
    for member in members {
        control.check()?;
        mean.iter_mut().zip(&member.mean).for_each(|(s, v)| *s += v);
        paths.iter_mut().zip(member.paths.values()).for_each(|(s, v)| *s += f64::from(*v));
    }
    let values = paths.iter().map(|v| v.clamp(-LARGEST, LARGEST) as f32).collect();
    let paths = if count > 0 { SamplePaths::new(steps, values) } else { SamplePaths::default() };
    let levels: Vec<f64> = first.intervals.iter().map(|i| i.level).collect();
    let intervals = if count > 0 { empirical(&paths, &levels, |v| v) } else { Vec::new() };
    let n = members.len();
    Ok(Some(Forecast {
        id,
        model: "sum".into(),
        start: first.start,
        mean,
        intervals,
        paths: Arc::new(paths),
        fitted: Vec::new(),
        parameters: Vec::new(),
        why: text!("The sum of {n} series.", "{n} 个序列之和。"),
    }))
}
