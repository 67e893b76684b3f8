//! Holt's linear trend, undamped and damped.

use super::as_fit;
use super::estimate::estimate;
use super::form::{Form, Season, Trend};
use super::state::Weights;
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::text;

/// Level and slope: ETS(A,A,N) (Holt 1957, reprinted 2004, Int. J. Forecasting 20) or ETS(A,Ad,N) (Gardner &
/// `McKenzie` 1985, *Forecasting trends in time series*, Management Science 31). Needs two periods more than it has parameters.
pub(crate) struct Holt {
    /// [`Trend::Additive`] or [`Trend::Damped`].
    pub(crate) trend: Trend,
    /// Given smoothing parameters; `None` estimates them.
    pub(crate) weights: Option<Weights>,
}

impl Method for Holt {
    fn name(&self) -> String {
        match (self.trend, self.weights) {
            (Trend::Damped, None) => "holt-damped".to_owned(),
            (Trend::Damped, Some(w)) => format!("holt-damped({},{},{})", w.alpha, w.beta, w.phi),
            (_, None) => "holt".to_owned(),
            (_, Some(w)) => format!("holt({},{})", w.alpha, w.beta),
        }
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let form = Form::additive(self.trend, Season::None, 1);
        let (n, count) = (task.y.len(), form.parameters() - 1);
        let needed = count + 3;
        if n < needed {
            return Err(FitError::Refused(text!(
                "A trend with {count} parameters needs at least {needed} periods; there are {n}",
                "含 {count} 个参数的趋势模型至少需要 {needed} 期；现有 {n} 期"
            )));
        }
        let model = estimate(task.y, form, self.weights, control)?.ok_or_else(unstable)?;
        let (slope, phi) = (model.end.slope, model.weights.phi);
        let why = if self.trend == Trend::Damped {
            text!(
                "Level and slope of {slope:.4} a period; the slope fades by the factor φ = {phi:.2} each period.",
                "水平加每期 {slope:.4} 的斜率；斜率每期按 φ = {phi:.2} 衰减。"
            )
        } else {
            text!(
                "Level and slope of {slope:.4} a period, which goes on unchanged.",
                "水平加每期 {slope:.4} 的斜率，斜率保持不变。"
            )
        };
        as_fit(&model, task, why)
    }
}

/// What a model says whose search found no sound starting point.
pub(crate) fn unstable() -> FitError {
    FitError::Refused(text!(
        "The model finds no sound parameters for this history",
        "该模型无法为这段历史找到合理的参数"
    ))
}
