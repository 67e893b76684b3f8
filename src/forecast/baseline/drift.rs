//! The last value plus the mean change so far.

use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Spread, Task};
use crate::model::Parameter;
use crate::text;

/// `y[n+h] = y[n] + h·(y[n] − y[1])/(n−1)`; variance `σ²·h·(1 + h/(n−1))` (Hyndman & Athanasopoulos 2021, table 5.2).
///
/// The slope's own uncertainty is no moving average of future shocks; the weights are chosen so that every step's
/// variance is the one above: `ψ[j]² ∝ 1 + (2j+1)/(n−1)`. Needs three periods.
pub(crate) struct Drift;

impl Method for Drift {
    fn name(&self) -> String {
        "drift".to_owned()
    }

    fn fit(&self, task: &Task<'_>, _control: &Control) -> Result<Fit, FitError> {
        let (y, n) = (task.y, task.y.len());
        if n < 3 {
            return Err(FitError::Refused(text!(
                "Drift needs at least 3 periods; there are {n}",
                "漂移法至少需要 3 期；现有 {n} 期"
            )));
        }
        let changes = (n - 1) as f64;
        let slope = (y[n - 1] - y[0]) / changes;
        let sum: f64 = y.windows(2).map(|w| (w[1] - w[0] - slope).powi(2)).sum();
        let sigma2 = sum / (changes - 1.0);
        let scale = 1.0 + 1.0 / changes;
        let psi = (0..task.horizon).map(|j| ((1.0 + (2 * j + 1) as f64 / changes) / scale).sqrt()).collect();
        let sign = if slope >= 0.0 { "+" } else { "−" };
        let size = slope.abs();
        Ok(Fit {
            mean: (1..=task.horizon).map(|h| y[n - 1] + h as f64 * slope).collect(),
            spread: Spread::Linear { psi, sigma: (sigma2 * scale).sqrt() },
            fitted: y[..n - 1].iter().map(|v| v + slope).collect(),
            parameters: vec![Parameter::new("drift", slope), Parameter::new("sigma2", sigma2)],
            why: text!(
                "The last value continues with the mean change so far, {sign}{size:.4} a period.",
                "从最后一期的值出发，按历史平均变化（每期 {sign}{size:.4}）延伸。"
            ),
        })
    }
}
