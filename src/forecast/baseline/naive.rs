//! The last value, repeated: a random walk.

use super::root_mean_square_change;
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Spread, Task};
use crate::model::Parameter;
use crate::text;

/// `y[n+h] = y[n]`; variance `h·σ²` (Hyndman & Athanasopoulos 2021, table 5.2). Never refuses.
///
/// With a single value σ can't be estimated; it is taken as the size of that value, which says "unknown" on the scale
/// of the data. A missing value is taken to be the one before it.
pub(crate) struct Naive;

impl Method for Naive {
    fn name(&self) -> String {
        "naive".to_owned()
    }

    fn takes_gaps(&self) -> bool {
        true
    }

    fn fit(&self, task: &Task<'_>, _control: &Control) -> Result<Fit, FitError> {
        let known = |last: &mut Option<f64>, v: &f64| {
            *last = if v.is_nan() { *last } else { Some(*v) };
            Some(*last)
        };
        let y: Vec<f64> = task.y.iter().scan(None, known).flatten().collect();
        let last = y.last().copied().unwrap_or(0.0);
        let change = root_mean_square_change(&y, 1);
        let sigma = change.unwrap_or(last.abs()).min(f64::MAX.sqrt());
        let why = if y.iter().all(|v| *v == 0.0) {
            text!(
                "There was no demand in the whole history, so none is forecast.",
                "整个历史期内没有需求，因此预测为零。"
            )
        } else if change.is_none() {
            text!(
                "Only one period is known: it is repeated, and its own size stands in for the unknown uncertainty.",
                "只有一期数据：直接沿用该值，并以其自身大小代表未知的不确定性。"
            )
        } else {
            text!(
                "The last value is repeated; uncertainty grows with every step as in a random walk.",
                "沿用最后一期的值；不确定性按随机游走逐期扩大。"
            )
        };
        Ok(Fit {
            mean: vec![last; task.horizon],
            spread: Spread::Linear { psi: vec![1.0; task.horizon], sigma },
            fitted: y[..y.len().saturating_sub(1)].to_vec(),
            parameters: vec![Parameter::new("sigma2", sigma * sigma)],
            why,
        })
    }
}
