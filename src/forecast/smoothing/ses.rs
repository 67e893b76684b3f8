//! Simple exponential smoothing.

use super::as_fit;
use super::estimate::estimate;
use super::form::{Form, Season, Trend};
use super::state::Weights;
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::text;

/// Level only, ETS(A,N,N) (Brown 1959; HKOS section 2.3.1). Needs 4 periods.
pub(crate) struct Ses {
    /// Smoothing parameter in `(0, 1]`; `None` estimates it.
    pub(crate) alpha: Option<f64>,
}

impl Method for Ses {
    fn name(&self) -> String {
        self.alpha.map_or_else(|| "ses".to_owned(), |a| format!("ses({a})"))
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let n = task.y.len();
        if n < 4 {
            return Err(FitError::Refused(text!(
                "SES needs at least 4 periods to estimate its level and smoothing; there are {n}",
                "简单指数平滑至少需要 4 期来估计水平和平滑系数；现有 {n} 期"
            )));
        }
        let form = Form::additive(Trend::None, Season::None, 1);
        let given = self.alpha.map(|alpha| Weights { alpha, beta: 0.0, gamma: 0.0, phi: 1.0 });
        let model = estimate(task.y, form, given, control)?.ok_or_else(super::holt::unstable)?;
        let alpha = model.weights.alpha;
        let why = text!(
            "The level follows the demand with α = {alpha:.2}; flat, because SES knows neither trend nor season.",
            "水平以 α = {alpha:.2} 跟随需求；预测是水平的，因为简单指数平滑不含趋势和季节。"
        );
        as_fit(&model, task, why)
    }
}
