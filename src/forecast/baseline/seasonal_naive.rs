//! The value of the same period one season ago.

use super::root_mean_square_change;
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Spread, Task};
use crate::model::Parameter;
use crate::text;

/// `y[n+h] = y[n+h−m·k]` with the smallest `k` that lies in the history; variance `σ²·(⌊h/m⌋+1)`, `h = 0..` (Hyndman &
/// Athanasopoulos 2021, table 5.2). Needs one season and one period more.
pub(crate) struct SeasonalNaive;

impl Method for SeasonalNaive {
    fn name(&self) -> String {
        "seasonal-naive".to_owned()
    }

    fn fit(&self, task: &Task<'_>, _control: &Control) -> Result<Fit, FitError> {
        let (n, m) = (task.y.len(), task.season);
        if m < 2 {
            return Err(FitError::Refused(text!(
                "Seasonal naive needs a season, and periods of this length have none",
                "季节朴素法需要季节周期，而该期间长度没有季节"
            )));
        }
        let Some(sigma) = root_mean_square_change(task.y, m) else {
            let needed = m + 1;
            return Err(FitError::Refused(text!(
                "Seasonal naive needs more than one season of {m} periods ({needed}); there are {n}",
                "季节朴素法需要超过一个季节（{m} 期，即至少 {needed} 期）；现有 {n} 期"
            )));
        };
        Ok(Fit {
            mean: (0..task.horizon).map(|h| task.y[n - m + h % m]).collect(),
            spread: Spread::Linear {
                psi: (0..task.horizon).map(|j| if j % m == 0 { 1.0 } else { 0.0 }).collect(),
                sigma,
            },
            fitted: task.y[..n - m].to_vec(),
            parameters: vec![Parameter::new("sigma2", sigma * sigma)],
            why: text!("Each period repeats the value of {m} periods before.", "每一期沿用 {m} 期之前的值。"),
        })
    }
}
