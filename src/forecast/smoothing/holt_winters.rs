//! Holt–Winters: level, slope and season.

use super::as_fit;
use super::estimate::{Smoothed, estimate};
use super::form::{Form, Season, Trend};
use super::state::Weights;
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::text;
use crate::words::Text;

/// ETS(A,A,A) and ETS(A,A,M) (Winters 1960, *Forecasting sales by exponentially weighted moving averages*, Management
/// Science 6; HKOS table 2.2), whichever has the smaller corrected Akaike criterion; the multiplicative season competes
/// only when every value is positive. Needs two seasons and two periods more than parameters.
pub(crate) struct HoltWinters {
    /// Given smoothing parameters; `None` estimates them.
    pub(crate) weights: Option<Weights>,
    /// Given kind of season; `None` lets the criterion choose.
    pub(crate) season: Option<Season>,
}

impl HoltWinters {
    /// `additive`, `multiplicative`, or one of them and `α,β,γ`; `None` when it is neither.
    pub(crate) fn with_arguments(arguments: &str) -> Option<Self> {
        let (kind, numbers) = match arguments.split_once(',') {
            Some((kind, numbers)) => (kind, Some(numbers)),
            None => (arguments, None),
        };
        let season = match kind {
            "additive" => Season::Additive,
            "multiplicative" => Season::Multiplicative,
            _ => return None,
        };
        let Some(numbers) = numbers else { return Some(Self { weights: None, season: Some(season) }) };
        let numbers: Vec<f64> = numbers.split(',').map(|a| a.parse().ok()).collect::<Option<_>>()?;
        let [alpha, beta, gamma] = numbers[..] else { return None };
        let sound = alpha > 0.0 && alpha <= 1.0 && beta >= 0.0 && beta <= alpha && gamma >= 0.0 && gamma <= 1.0 - alpha;
        let weights = Some(Weights { alpha, beta, gamma, phi: 1.0 });
        sound.then_some(Self { weights, season: Some(season) })
    }
}

impl Method for HoltWinters {
    fn name(&self) -> String {
        let kind = match self.season {
            Some(Season::Additive) => Some("additive"),
            Some(Season::Multiplicative) => Some("multiplicative"),
            _ => None,
        };
        let weights = self.weights.map(|w| format!("{},{},{}", w.alpha, w.beta, w.gamma));
        let inside: Vec<String> = kind.map(str::to_owned).into_iter().chain(weights).collect();
        if inside.is_empty() { "holt-winters".to_owned() } else { format!("holt-winters({})", inside.join(",")) }
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        if let Some(reason) = seasonal_refusal(task) {
            return Err(FitError::Refused(reason));
        }
        let positive = task.y.iter().all(|v| *v > 0.0);
        let mut best: Option<Smoothed> = None;
        for season in [Season::Additive, Season::Multiplicative] {
            let wanted = self.season.is_none_or(|s| s == season);
            if !wanted || (season == Season::Multiplicative && !positive) {
                continue;
            }
            let form = Form::additive(Trend::Additive, season, task.season);
            if let Some(model) = estimate(task.y, form, self.weights, control)?
                && best.as_ref().is_none_or(|b| model.aicc() < b.aicc())
            {
                best = Some(model);
            }
        }
        let model = best.ok_or_else(super::holt::unstable)?;
        let (slope, m) = (model.end.slope, task.season);
        let why = if model.form.season == Season::Multiplicative {
            text!(
                "Level, slope of {slope:.4} a period, and a season of {m} periods that scales with the level.",
                "水平、每期 {slope:.4} 的斜率，以及随水平成比例变化的 {m} 期季节。"
            )
        } else {
            text!(
                "Level, slope of {slope:.4} a period, and a season of {m} periods that adds the same units each time.",
                "水平、每期 {slope:.4} 的斜率，以及幅度固定的 {m} 期季节。"
            )
        };
        as_fit(&model, task, why)
    }
}

/// Why a history carries no season; `None` when it does.
fn seasonal_refusal(task: &Task<'_>) -> Option<Text> {
    let (n, m) = (task.y.len(), task.season);
    if m < 2 {
        return Some(text!(
            "Holt–Winters needs a season, and periods of this length have none; Holt is the model without one",
            "Holt–Winters 需要季节周期，而该期间长度没有季节；无季节时请用 Holt"
        ));
    }
    let form = Form::additive(Trend::Additive, Season::Additive, m);
    let needed = (2 * m).max(form.parameters() + 2);
    (n < needed).then(|| {
        text!(
            "Holt–Winters needs two seasons of {m} periods and some to spare ({needed}); there are {n}",
            "Holt–Winters 需要两个季节（每季 {m} 期）并略有富余（共 {needed} 期）；现有 {n} 期"
        )
    })
}
