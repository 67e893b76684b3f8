//! Croston's method and its unbiased variant.

use super::smooth::{FEW, USUAL_ALPHA, best_pair, ladder, smooth};
use super::urn::Urn;
use super::{check, sizes};
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

impl Variant {
    /// What the rate is multiplied by.
    fn factor(self, alpha_interval: f64) -> f64 {
        match self {
            Self::Croston => 1.0,
            Self::SyntetosBoylan => 1.0 - alpha_interval / 2.0,
        }
    }
}

/// Rate = smoothed size / smoothed interval, both updated only when demand occurs.
///
/// Start: the first size, and the first interval counted from before the history (`3` when the first demand is in the
/// third period). A given α serves size and interval alike (the variant's factor uses it for the interval). Without one
/// each gets its own, together the pair with the smallest squared error of the rate against every next period's demand,
/// the periods without demand included (Kourentzes 2014, *On intermittent demand model optimisation and selection*,
/// Int. J. Production Economics 156, sections 3.1 and 3.2: separate parameters, an error of the rate rather than of each
/// sequence). We depart from his preferred measure, the rate against the mean of all demand so far (MSR), and from
/// starting values other than the first: both tie the forecast to the distant past, and on spare parts that fade and
/// shop items that grow alike, Croston's totals of six periods were 6 to 23 % further off (WAPE, two origins each).
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
        check(task.y)?;
        let demands = Demands::of(task.y);
        let (alpha_size, alpha_interval) = self.alpha.map_or_else(|| demands.estimate(self.variant), |a| (a, a));
        let factor = self.variant.factor(alpha_interval);
        let size_levels = smooth(&demands.sizes, alpha_size);
        let interval_levels = smooth(&demands.intervals, alpha_interval);
        let last = size_levels.len() - 1;
        let (size, interval) = (size_levels[last], interval_levels[last]);
        let rate = factor * size / interval;
        let fitted = demands
            .waits
            .iter()
            .enumerate()
            .flat_map(|(k, wait)| std::iter::repeat_n(factor * size_levels[k] / interval_levels[k], *wait));
        Ok(Fit {
            mean: vec![rate; task.horizon],
            fitted: fitted.collect(),
            spread: Urn::smoothed(demands.sizes.clone(), alpha_size, factor / interval).spread(task, rate),
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

/// A history as its demands.
struct Demands {
    sizes: Vec<f64>,
    /// Periods since the demand before, the first counted from before the history.
    intervals: Vec<f64>,
    /// Periods after each demand up to and with the next one, after the last up to the end.
    waits: Vec<usize>,
}

impl Demands {
    fn of(y: &[f64]) -> Self {
        let times: Vec<usize> = (0..y.len()).filter(|t| y[*t] > 0.0).collect();
        let before = std::iter::once(0).chain(times.iter().map(|t| t + 1));
        let intervals = times.iter().zip(before).map(|(t, b)| (t + 1 - b) as f64).collect();
        let ends = times.iter().skip(1).map(|t| t + 1).chain([y.len()]);
        let waits = times.iter().zip(ends).map(|(t, end)| end - t - 1).collect();
        Self { sizes: sizes(y), intervals, waits }
    }

    fn estimate(&self, variant: Variant) -> (f64, f64) {
        if self.sizes.len() < FEW {
            return (USUAL_ALPHA, USUAL_ALPHA);
        }
        best_pair(&ladder(&self.sizes), &ladder(&self.intervals), |(_, size), (alpha, interval)| {
            let factor = variant.factor(*alpha);
            let mut loss = 0.0;
            for (k, wait) in self.waits.iter().enumerate() {
                let rate = factor * size[k] / interval[k];
                // All but the last of the wait have no demand; after the last demand none has.
                loss += *wait as f64 * rate * rate;
                loss += self.sizes.get(k + 1).map_or(0.0, |next| next * (next - 2.0 * rate));
            }
            loss
        })
    }
}
