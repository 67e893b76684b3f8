//! How a theta forecast came about, in words.

use super::form::{Fitted, Form};
use super::heaviest;
use crate::forecast::decompose::{Indices, Kind};
use crate::text;
use crate::words::Text;

/// Weight from which one model is said to carry the forecast alone.
const ALONE: f64 = 0.95;
/// θ from which it is said to be the line itself.
const LINE: f64 = 1000.0;

/// One sentence for the model, one for the season.
pub(super) fn why(fits: &[Fitted], weights: &[f64], season: Option<&Indices>) -> Text {
    let best = heaviest(weights);
    let fit = &fits[best];
    let name = name(fit.form);
    let (alpha, drift, share) = (fit.alpha, fit.drift, 100.0 * weights[best]);
    let theta = if fit.theta < LINE { format!("θ = {:.2}", fit.theta) } else { "θ → ∞".to_owned() };
    let (en, zh) = (name.en, name.zh);
    let model = if weights.len() == 1 {
        text!(
            "A level smoothed with α = {alpha:.2} and the line's slope at {theta}, {drift:.4} a period ({en}).",
            "以 α = {alpha:.2} 平滑的水平，加 {theta} 时的直线斜率，每期 {drift:.4}（{zh}）。"
        )
    } else if weights[best] >= ALONE {
        text!(
            "Of the four theta models the {en} fits best (α = {alpha:.2}, {theta}, {drift:.4} a period).",
            "四种 Theta 模型中{zh}拟合最好（α = {alpha:.2}，{theta}，每期 {drift:.4}）。"
        )
    } else {
        text!(
            "The four theta models are weighed by their fit; the {en} weighs most, {share:.0} % (α = {alpha:.2}, {theta}, {drift:.4} a period).",
            "四种 Theta 模型按拟合加权；{zh}权重最大，为 {share:.0}%（α = {alpha:.2}，{theta}，每期 {drift:.4}）。"
        )
    };
    model.then(&match season.map(|s| s.kind) {
        None => text!("No season was taken out.", "未剔除季节。"),
        Some(Kind::Additive) => {
            text!("The season was subtracted first and added back.", "先减去季节，预测后再加回。")
        }
        Some(Kind::Multiplicative) => {
            text!("The season was divided out first and multiplied back.", "先除以季节指数，预测后再乘回。")
        }
    })
}

/// The parameter that carries a model's weight.
pub(super) fn weight_name(form: Form) -> &'static str {
    match form {
        Form::Standard => "weight-standard",
        Form::Dynamic => "weight-dynamic",
        Form::Optimised => "weight-optimised",
        Form::DynamicOptimised => "weight-dynamic-optimised",
    }
}

fn name(form: Form) -> Text {
    match form {
        Form::Standard => text!("standard model", "标准模型"),
        Form::Dynamic => text!("dynamic model", "动态模型"),
        Form::Optimised => text!("optimised model", "优化模型"),
        Form::DynamicOptimised => text!("dynamic optimised model", "动态优化模型"),
    }
}
