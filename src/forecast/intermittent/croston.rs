//! Croston's method and its unbiased variant.

use super::{best_alpha, refusal, simulate, smooth};
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::model::Parameter;
use crate::text;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    /// Croston 1972, *Forecasting and stock control for intermittent demands*, Operational Research Quarterly 23.
    Croston,
    /// Syntetos & Boylan 2005, *The accuracy of intermittent demand estimates*, Int. J. Forecasting 21: times `1 − α/2`.
    SyntetosBoylan,
}

/// Rate = smoothed size / smoothed interval, both updated only when demand occurs.
///
/// Start: the first size, and the first interval counted from before the history (`3` when the first demand is in the
/// third period). A given α serves size and interval alike; without one each gets the α with the smallest squared
/// one-step error of its own sequence. The variant's factor uses the interval's α.
pub(crate) struct Croston {
    /// Which of the two.
    pub(crate) variant: Variant,
    /// Smoothing parameter in `(0, 1]`; `None` estimates it.
    pub(crate) alpha: Option<f64>,
}

impl Method for Croston {
    fn name(&self) -> String {
        let name = match self.variant {
            Variant::Croston => "croston",
            Variant::SyntetosBoylan => "sba",
        };
        self.alpha.map_or_else(|| name.to_owned(), |a| format!("{name}({a})"))
    }

    fn fit(&self, task: &Task<'_>, _control: &Control) -> Result<Fit, FitError> {
        if let Some(reason) = refusal(task.y) {
            return Err(FitError::Refused(reason));
        }
        let (times, sizes): (Vec<usize>, Vec<f64>) =
            task.y.iter().enumerate().filter(|(_, v)| **v > 0.0).map(|(t, v)| (t, *v)).unzip();
        let first = (times[0] + 1) as f64;
        let gaps = times.windows(2).map(|w| (w[1] - w[0]) as f64);
        let intervals: Vec<f64> = std::iter::once(first).chain(gaps).collect();
        let alpha_size = self.alpha.unwrap_or_else(|| best_alpha(&sizes));
        let alpha_interval = self.alpha.unwrap_or_else(|| best_alpha(&intervals));
        let factor = match self.variant {
            Variant::Croston => 1.0,
            Variant::SyntetosBoylan => 1.0 - alpha_interval / 2.0,
        };
        let (size_levels, interval_levels) = (smooth(&sizes, alpha_size), smooth(&intervals, alpha_interval));
        let last = sizes.len() - 1;
        let (size, interval) = (size_levels[last], interval_levels[last]);
        let rate = factor * size / interval;
        let fitted = (times[0] + 1..task.y.len()).map(|t| {
            let k = times.partition_point(|time| *time < t) - 1;
            factor * size_levels[k] / interval_levels[k]
        });
        Ok(Fit {
            mean: vec![rate; task.horizon],
            fitted: fitted.collect(),
            spread: simulate(task, &sizes, alpha_size, factor / interval),
            parameters: vec![
                Parameter::new("alpha", alpha_size),
                Parameter::new("alpha_interval", alpha_interval),
                Parameter::new("size", size),
                Parameter::new("interval", interval),
            ],
            why: text!(
                "Demand of about {size:.2} comes every {interval:.2} periods, so {rate:.3} a period on average.",
                "约每 {interval:.2} 期出现一次需求，每次约 {size:.2}，即平均每期 {rate:.3}。"
            ),
        })
    }
}
