//! Several methods as one forecast.
//!
//! Combinations beat their members on average and are steadier from cycle to cycle (Bates & Granger 1969, *The combination
//! of forecasts*, Operational Research Quarterly 20; Makridakis, Spiliotis & Assimakopoulos 2020, *The M4 competition*, Int.
//! J. Forecasting 36). The default takes the trimmed mean of unlike methods: simple, and robust against a member that runs
//! away (Jose & Winkler 2008, *Simple robust averages of forecasts*, Int. J. Forecasting 24).

use super::method::{Fit, FitError, Method, Spread, Task};
use super::mixture::{mixture, weighted, with_unknown_variance};
use super::registry::build;
use crate::control::Control;
use crate::model::Parameter;
use crate::text;
use crate::words::Text;

/// Members of the default: three model families, the decomposition, and two plain methods that keep the others honest.
const MEMBERS: [&str; 6] = ["ets", "arima", "theta", "mstl", "drift", "seasonal-naive"];
/// Stands in where there is no season.
const WITHOUT_SEASON: &str = "naive";
/// Members whose paths enter the spread: the plain methods' would only widen it.
const PLAIN: [&str; 3] = ["drift", "seasonal-naive", "naive"];
/// Most members that may be named.
const MOST_MEMBERS: usize = 12;
/// Share of the history held out to weigh members by their error.
const HELD_OUT: usize = 5;

/// How members' forecasts become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The mean without the smallest and the largest (with four members or more), step by step.
    Trimmed,
    /// The mean.
    Mean,
    /// The median, step by step.
    Median,
    /// Weights inverse to the squared error on the last part of the history, held out for it (Bates & Granger 1969).
    InverseError,
}

/// A combination of methods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Combination {
    rule: Rule,
    members: Vec<String>,
}

impl Combination {
    /// The default members under a rule.
    pub(crate) fn new(rule: Rule) -> Self {
        Self { rule, members: Vec::new() }
    }

    /// Members by name, `ets,theta`, already in canonical spelling; `None` when one is unknown or is a combination itself.
    pub(crate) fn with_members(rule: Rule, members: Vec<String>) -> Option<Self> {
        let known = |name: &String| !name.starts_with("combination") && build(name).is_some();
        let sound = (2..=MOST_MEMBERS).contains(&members.len()) && members.iter().all(known);
        sound.then_some(Self { rule, members })
    }

    /// The members that compete for a history with this season.
    fn members(&self, season: usize) -> Vec<String> {
        if !self.members.is_empty() {
            return self.members.clone();
        }
        let named = |name: &&str| (*name).to_owned();
        if season > 1 {
            return MEMBERS.iter().map(named).collect();
        }
        let seasonless = MEMBERS.iter().filter(|name| !matches!(**name, "mstl" | "seasonal-naive"));
        seasonless.chain([&WITHOUT_SEASON]).map(named).collect()
    }
}

impl Method for Combination {
    fn name(&self) -> String {
        let head = match self.rule {
            Rule::Trimmed => "combination",
            Rule::Mean => "combination-mean",
            Rule::Median => "combination-median",
            Rule::InverseError => "combination-weighted",
        };
        if self.members.is_empty() { head.to_owned() } else { format!("{head}({})", self.members.join(",")) }
    }

    fn parts(&self, task: &Task<'_>) -> Vec<String> {
        self.members(task.season)
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let members = self.members(task.season);
        let mut parts = Vec::with_capacity(members.len());
        for (k, name) in members.iter().enumerate() {
            let part = control.part(k as f64 / members.len() as f64, (k + 1) as f64 / members.len() as f64);
            let Some(method) = build(name) else { continue };
            match method.fit(task, &part) {
                Ok(fit) => parts.push((name.clone(), fit)),
                Err(FitError::Refused(_)) => {}
                Err(cancelled) => return Err(cancelled),
            }
        }
        let borrowed: Vec<(&str, &Fit)> = parts.iter().map(|(name, fit)| (name.as_str(), fit)).collect();
        self.combine(task, &borrowed, control)
    }

    fn combine(&self, task: &Task<'_>, parts: &[(&str, &Fit)], control: &Control) -> Result<Fit, FitError> {
        let sound = |(_, fit): &&(&str, &Fit)| super::intervals::is_sound(fit, task.horizon);
        let parts: Vec<(&str, &Fit)> = parts.iter().filter(sound).copied().collect();
        let models = parts.iter().filter(|(name, _)| !PLAIN.contains(name)).count();
        if parts.len() < 2 || models == 0 {
            return Err(FitError::Refused(text!(
                "A combination needs two methods that fit this history",
                "组合预测至少需要两个适用于该历史的方法"
            )));
        }
        let weights = match self.rule {
            Rule::InverseError => inverse_errors(task, &parts, control)?,
            _ => vec![1.0 / parts.len() as f64; parts.len()],
        };
        let mean: Vec<f64> = (0..task.horizon).map(|h| self.step(&parts, &weights, h)).collect();
        let fitted = weighted(parts.iter().zip(&weights).map(|((_, fit), w)| (*w, fit.fitted.as_slice())));
        let modelled: Vec<(f64, &Fit)> = parts
            .iter()
            .zip(&weights)
            .filter(|((name, _), _)| !PLAIN.contains(name))
            .map(|((_, fit), w)| (*w, *fit))
            .collect();
        let total: f64 = modelled.iter().map(|(w, _)| w).sum();
        // All weight may lie on the plain methods; the models then widen alike.
        let share = |w: f64| if total > 0.0 { w / total } else { 1.0 / models as f64 };
        let modelled: Vec<(f64, &Fit)> = modelled.into_iter().map(|(w, fit)| (share(w), fit)).collect();
        let paths = mixture(&modelled, &mean, task.options.paths.max(1), task.seed);
        let paths = with_unknown_variance(&paths, &mean, task.y.len(), task.seed);
        let parameters = parts.iter().zip(&weights).map(|((name, _), w)| Parameter::new(format!("w {name}"), *w));
        Ok(Fit { mean, spread: Spread::Paths(paths), fitted, parameters: parameters.collect(), why: self.why(&parts) })
    }
}

impl Combination {
    fn step(&self, parts: &[(&str, &Fit)], weights: &[f64], h: usize) -> f64 {
        let mut values: Vec<f64> = parts.iter().map(|(_, fit)| fit.mean[h]).collect();
        match self.rule {
            Rule::Mean | Rule::InverseError => values.iter().zip(weights).map(|(v, w)| v * w).sum(),
            Rule::Median => {
                let cut = values.len().div_ceil(2) - 1;
                middle(&mut values, cut)
            }
            Rule::Trimmed => {
                let cut = usize::from(values.len() >= 4);
                middle(&mut values, cut)
            }
        }
    }

    fn why(&self, parts: &[(&str, &Fit)]) -> Text {
        let count = parts.len();
        let labels: Vec<Text> = parts.iter().map(|(name, _)| super::registry::label(name)).collect();
        let en = labels.iter().map(|l| l.en.as_str()).collect::<Vec<_>>().join(", ");
        let zh = labels.iter().map(|l| l.zh.as_str()).collect::<Vec<_>>().join("、");
        let rule = match self.rule {
            Rule::Trimmed => text!("the mean without the lowest and the highest", "去掉最低和最高后的均值"),
            Rule::Mean => text!("the mean", "均值"),
            Rule::Median => text!("the median", "中位数"),
            Rule::InverseError => text!("the mean weighted by recent error", "按近期误差加权的均值"),
        };
        let (rule_en, rule_zh) = (rule.en, rule.zh);
        text!("Step by step {rule_en} of {count} methods: {en}.", "逐期取 {count} 个方法的{rule_zh}：{zh}。")
    }
}

/// The mean of the values that are left when `cut` are taken off either end.
fn middle(values: &mut [f64], cut: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let kept = &values[cut..values.len() - cut];
    kept.iter().sum::<f64>() / kept.len() as f64
}

/// Weights inverse to the mean squared error over the last periods, forecast from what was before them.
fn inverse_errors(task: &Task<'_>, parts: &[(&str, &Fit)], control: &Control) -> Result<Vec<f64>, FitError> {
    let held = task.horizon.min(task.y.len() / HELD_OUT).max(1);
    let (before, after) = task.y.split_at(task.y.len() - held.min(task.y.len() - 1));
    let earlier = Task { y: before, horizon: after.len(), ..*task };
    let scale = task.y.iter().map(|y| y * y).sum::<f64>() / task.y.len() as f64;
    let mut inverse = Vec::with_capacity(parts.len());
    for (name, _) in parts {
        control.check().map_err(FitError::Cancelled)?;
        let fit = build(name).map(|method| method.fit(&earlier, control));
        inverse.push(match fit {
            Some(Ok(fit)) => {
                let mse = after.iter().zip(&fit.mean).map(|(y, f)| (y - f) * (y - f)).sum::<f64>() / after.len() as f64;
                // A perfect record counts as a very good one, not as an infinite one.
                1.0 / mse.max(1e-6 * scale).max(f64::MIN_POSITIVE)
            }
            Some(Err(FitError::Cancelled(cancelled))) => return Err(FitError::Cancelled(cancelled)),
            _ => 0.0,
        });
    }
    let total: f64 = inverse.iter().sum();
    if total.is_finite() && total > 0.0 {
        return Ok(inverse.iter().map(|w| w / total).collect());
    }
    Ok(vec![1.0 / parts.len() as f64; parts.len()])
}
