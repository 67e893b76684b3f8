//! Automatic exponential smoothing.

use super::as_fit;
use super::estimate::{Smoothed, estimate, parameter_count};
use super::state::{Season, Shape, Trend};
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::text;

/// The shape with the smallest corrected Akaike criterion among those with additive errors: trend none, additive or
/// damped; season none, additive or (all values positive) multiplicative (Hyndman, Koehler, Snyder & Grose 2002, *A
/// state space framework for automatic forecasting*, Int. J. Forecasting 18). Shapes that the history is too short for
/// don't compete; with fewer than 4 periods none does.
pub(crate) struct Ets;

impl Method for Ets {
    fn name(&self) -> String {
        "ets".to_owned()
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let (n, m) = (task.y.len(), task.season);
        if n < 4 {
            return Err(FitError::Refused(text!(
                "ETS needs at least 4 periods; there are {n}",
                "ETS 至少需要 4 期；现有 {n} 期"
            )));
        }
        let positive = task.y.iter().all(|v| *v > 0.0);
        let mut best: Option<Smoothed> = None;
        for season in [Season::None, Season::Additive, Season::Multiplicative] {
            let possible = season == Season::None || (m > 1 && n >= 2 * m);
            if !possible || (season == Season::Multiplicative && !positive) {
                continue;
            }
            for trend in [Trend::None, Trend::Additive, Trend::Damped] {
                let shape = Shape { trend, season, period: m };
                if n < parameter_count(shape) + 3 && (trend, season) != (Trend::None, Season::None) {
                    continue;
                }
                if let Some(model) = estimate(task.y, shape, None, control)?
                    && best.as_ref().is_none_or(|b| model.aicc() < b.aicc())
                {
                    best = Some(model);
                }
            }
        }
        let model = best.ok_or_else(super::holt::unstable)?;
        let code = code(model.shape);
        let why = text!(
            "{code} has the smallest corrected Akaike criterion of the shapes tried.",
            "在所试形式中，{code} 的修正 Akaike 准则最小。"
        );
        Ok(as_fit(&model, task, why))
    }
}

fn code(shape: Shape) -> String {
    let trend = match shape.trend {
        Trend::None => "N",
        Trend::Additive => "A",
        Trend::Damped => "Ad",
    };
    let season = match shape.season {
        Season::None => "N",
        Season::Additive => "A",
        Season::Multiplicative => "M",
    };
    format!("ETS(A,{trend},{season})")
}
