//! Models by name.

use super::baseline::{Drift, MovingAverage, Naive, SeasonalNaive};
use super::combination::{Combination, Rule};
use super::decompose::Mstl;
use super::intermittent::{
    Aggregate, Combination as Pooled, Count, Croston, Discounted, Family, Levels, Tsb, Variant, Willemain,
};
use super::method::Method;
use super::neural::{Global, GlobalKind};
use super::smoothing::{Ets, Given, Holt, HoltWinters, Ses, TrendKind};
use super::theta::Theta;
use super::{ModelInfo, Models};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::text;
use crate::words::Text;
use std::sync::Arc;

/// Most names in one list; nobody compares more.
const MOST_NAMES: usize = 64;
/// The automatic shortlist, alone or as a member of a list.
pub(crate) const AUTO: &str = "auto";
/// Longest window of a moving average that may be given.
const LONGEST_WINDOW: f64 = 1000.0;

/// Names with their labels, simplest first: near-ties in the backtest go to the earlier one.
const KNOWN: &[(&str, &str, &str)] = &[
    ("naive", "Naive", "朴素法"),
    ("seasonal-naive", "Seasonal naive", "季节朴素法"),
    ("drift", "Drift", "漂移法"),
    ("moving-average", "Moving average", "移动平均"),
    ("ses", "Simple exponential smoothing", "简单指数平滑"),
    ("croston", "Croston", "Croston 法"),
    ("sba", "Croston, Syntetos–Boylan", "Croston（Syntetos–Boylan 修正）"),
    ("tsb", "Teunter–Syntetos–Babai", "Teunter–Syntetos–Babai 法"),
    ("discounted-mean", "Discounted mean", "折扣平均"),
    ("adida", "ADIDA", "ADIDA 聚合分解法"),
    ("imapa", "IMAPA", "IMAPA 多层聚合"),
    ("poisson", "Poisson", "泊松模型"),
    ("negative-binomial", "Negative binomial", "负二项模型"),
    ("zero-inflated-poisson", "Zero-inflated Poisson", "零膨胀泊松模型"),
    ("hurdle-poisson", "Hurdle-shifted Poisson", "门槛移位泊松模型"),
    ("hurdle-negative-binomial", "Hurdle-shifted negative binomial", "门槛移位负二项模型"),
    ("count", "Count model, automatic", "计数模型自动选择"),
    ("willemain", "Willemain's bootstrap", "Willemain 自助法"),
    ("intermittent-combination", "Intermittent combination", "间断需求组合"),
    ("holt", "Holt's linear trend", "Holt 线性趋势"),
    ("holt-damped", "Holt's damped trend", "Holt 阻尼趋势"),
    ("theta-standard", "Theta, standard", "Theta 标准法"),
    ("theta-dynamic", "Theta, dynamic", "Theta 动态法"),
    ("theta-optimised", "Theta, optimised", "Theta 优化法"),
    ("theta-dynamic-optimised", "Theta, dynamic optimised", "Theta 动态优化法"),
    ("theta", "Theta, automatic", "Theta 自动选择"),
    ("holt-winters", "Holt–Winters", "Holt–Winters 季节趋势"),
    ("ets", "ETS, automatic", "ETS 自动选择"),
    ("mstl", "MSTL with ETS", "MSTL 分解加 ETS"),
    ("regression", "Regression with drivers", "带驱动因素的回归"),
    ("arima", "ARIMA", "ARIMA"),
    ("combination", "Combination of methods", "组合预测"),
    ("combination-mean", "Combination, mean", "组合预测（均值）"),
    ("combination-median", "Combination, median", "组合预测（中位数）"),
    ("combination-weighted", "Combination, weighted by error", "组合预测（按误差加权）"),
    ("lstm", "LSTM network", "LSTM 神经网络"),
    ("global-lstm", "LSTM over all series", "全序列 LSTM"),
    ("global-mlp", "Perceptron over all series", "全序列多层感知机"),
    ("global-tcn", "Dilated convolutions over all series", "全序列膨胀卷积网络"),
    ("global-counts", "LSTM over all series, counts", "全序列计数 LSTM"),
    ("hybrid", "Smoothing + LSTM hybrid", "平滑 + LSTM 混合模型"),
];

/// Other spellings, after lower-casing and with `-` for spaces and underscores.
const ALIASES: &[(&str, &str)] = &[
    ("snaive", "seasonal-naive"),
    ("s-naive", "seasonal-naive"),
    ("seasonalnaive", "seasonal-naive"),
    ("rwd", "drift"),
    ("random-walk-with-drift", "drift"),
    ("ma", "moving-average"),
    ("movingaverage", "moving-average"),
    ("simple-exponential-smoothing", "ses"),
    ("damped", "holt-damped"),
    ("damped-holt", "holt-damped"),
    ("holtdamped", "holt-damped"),
    ("hw", "holt-winters"),
    ("holtwinters", "holt-winters"),
    ("stm", "theta-standard"),
    ("otm", "theta-optimised"),
    ("theta-optimized", "theta-optimised"),
    ("dstm", "theta-dynamic"),
    ("dotm", "theta-dynamic-optimised"),
    ("theta-dynamic-optimized", "theta-dynamic-optimised"),
    ("auto-theta", "theta"),
    ("autotheta", "theta"),
    ("regression-with-drivers", "regression"),
    ("bootstrap", "willemain"),
    ("negbin", "negative-binomial"),
    ("zip", "zero-inflated-poisson"),
    ("auto-ets", "ets"),
    ("autoets", "ets"),
    ("stl", "mstl"),
    ("auto-arima", "arima"),
    ("autoarima", "arima"),
];

/// The method of a name as [`canonical`] writes it; `None` when there is none.
pub(crate) fn build(name: &str) -> Option<Box<dyn Method>> {
    if name.starts_with("arima") {
        return super::arima::Arima::parse(name).map(|m| Box::new(m) as Box<dyn Method>);
    }
    let (head, arguments) = match name.split_once('(') {
        Some((head, rest)) => (head, Some(rest.strip_suffix(')').unwrap_or(rest))),
        None => (name, None),
    };
    match (head, arguments) {
        ("lstm", None) => Some(Box::new(super::neural::Lstm::new())),
        (_, None) if global(head).is_some() => global(head).map(|kind| Box::new(Global(kind)) as Box<dyn Method>),
        (_, None) if rule(head).is_some() => rule(head).map(|r| Box::new(Combination::new(r)) as Box<dyn Method>),
        (_, Some(members)) if rule(head).is_some() => {
            Combination::with_members(rule(head)?, split(members)).map(|m| Box::new(m) as Box<dyn Method>)
        }
        (_, None) => plain(head),
        (_, Some(arguments)) => with_arguments(head, arguments),
    }
}

fn global(head: &str) -> Option<GlobalKind> {
    GlobalKind::ALL.into_iter().find(|kind| kind.name() == head)
}

fn rule(head: &str) -> Option<Rule> {
    Some(match head {
        "combination" => Rule::Trimmed,
        "combination-mean" => Rule::Mean,
        "combination-median" => Rule::Median,
        "combination-weighted" => Rule::InverseError,
        _ => return None,
    })
}

fn plain(name: &str) -> Option<Box<dyn Method>> {
    Some(match name {
        "naive" => Box::new(Naive),
        "seasonal-naive" => Box::new(SeasonalNaive),
        "drift" => Box::new(Drift),
        "moving-average" => Box::new(MovingAverage { window: None }),
        "ses" => Box::new(Ses { alpha: None }),
        "holt" => Box::new(Holt { trend: TrendKind::Additive, weights: None }),
        "holt-damped" => Box::new(Holt { trend: TrendKind::Damped, weights: None }),
        "holt-winters" => Box::new(HoltWinters { weights: None, season: None }),
        "ets" => Box::new(Ets::default()),
        "theta" => Box::new(Theta::AUTOMATIC),
        "theta-standard" => Box::new(Theta::STANDARD),
        "theta-optimised" => Box::new(Theta::OPTIMISED),
        "theta-dynamic" => Box::new(Theta::DYNAMIC),
        "theta-dynamic-optimised" => Box::new(Theta::DYNAMIC_OPTIMISED),
        "mstl" => Box::new(Mstl),
        "regression" => Box::new(super::regression::Regression),
        "croston" => Box::new(Croston { variant: Variant::Croston, alpha: None }),
        "sba" => Box::new(Croston { variant: Variant::SyntetosBoylan, alpha: None }),
        "tsb" => Box::new(Tsb { alphas: None }),
        "discounted-mean" => Box::new(Discounted),
        "adida" => Box::new(Aggregate { levels: Levels::Interval }),
        "imapa" => Box::new(Aggregate { levels: Levels::UpToInterval }),
        "poisson" => Box::new(Count { family: Some(Family::Poisson) }),
        "negative-binomial" => Box::new(Count { family: Some(Family::NegativeBinomial) }),
        "zero-inflated-poisson" => Box::new(Count { family: Some(Family::ZeroInflatedPoisson) }),
        "hurdle-poisson" => Box::new(Count { family: Some(Family::HurdlePoisson) }),
        "hurdle-negative-binomial" => Box::new(Count { family: Some(Family::HurdleNegativeBinomial) }),
        "count" => Box::new(Count { family: None }),
        "willemain" => Box::new(Willemain),
        "intermittent-combination" => Box::new(Pooled),
        _ => return None,
    })
}

/// `ses(0.3)`, `holt(α,β)`, `holt-damped(α,β,φ)`, `holt-winters(additive|multiplicative)`, `holt-winters(kind,α,β,γ)`,
/// `croston(α)`, `sba(α)`, `tsb(α,α)`, `moving-average(k)`: nothing is estimated but initial states.
fn with_arguments(head: &str, arguments: &str) -> Option<Box<dyn Method>> {
    if head == "ets" {
        return Ets::with_arguments(arguments).map(|m| Box::new(m) as Box<dyn Method>);
    }
    if head == "holt-winters" {
        return HoltWinters::with_arguments(arguments).map(|m| Box::new(m) as Box<dyn Method>);
    }
    let numbers: Vec<f64> = arguments.split(',').map(|a| a.parse().ok()).collect::<Option<_>>()?;
    let shares = numbers.iter().all(|a| *a > 0.0 && *a <= 1.0);
    Some(match (head, &numbers[..]) {
        ("moving-average", [k]) if (1.0..=LONGEST_WINDOW).contains(k) && k.fract() == 0.0 => {
            Box::new(MovingAverage { window: Some(*k as usize) })
        }
        ("ses", [alpha]) if shares => Box::new(Ses { alpha: Some(*alpha) }),
        ("holt", [alpha, beta]) if shares && beta <= alpha => {
            let weights = Some(Given { alpha: *alpha, beta: *beta, gamma: 0.0, phi: 1.0 });
            Box::new(Holt { trend: TrendKind::Additive, weights })
        }
        ("holt-damped", [alpha, beta, phi]) if shares && beta <= alpha => {
            let weights = Some(Given { alpha: *alpha, beta: *beta, gamma: 0.0, phi: *phi });
            Box::new(Holt { trend: TrendKind::Damped, weights })
        }
        ("croston", [alpha]) if shares => Box::new(Croston { variant: Variant::Croston, alpha: Some(*alpha) }),
        ("sba", [alpha]) if shares => Box::new(Croston { variant: Variant::SyntetosBoylan, alpha: Some(*alpha) }),
        ("tsb", [size, chance]) if shares => Box::new(Tsb { alphas: Some((*size, *chance)) }),
        _ => return None,
    })
}

/// Position in the order "simplest first"; unknown names come last.
pub(crate) fn rank(name: &str) -> usize {
    let head = name.split(['(', '+']).next().unwrap_or(name);
    KNOWN.iter().position(|(known, ..)| *known == head).unwrap_or(KNOWN.len())
}

/// The label of a model for people, its order or parameters included.
pub(crate) fn label(name: &str) -> Text {
    let (head, rest) = name.split_at(name.find(['(', '+']).unwrap_or(name.len()));
    match KNOWN.iter().find(|(known, ..)| *known == head) {
        Some((_, en, zh)) => Text::new(format!("{en}{rest}"), format!("{zh}{rest}")),
        None => Text::same(name),
    }
}

/// The networks over all series that the models name, within combinations too.
pub(crate) fn global_kinds(models: &Models) -> Vec<GlobalKind> {
    GlobalKind::ALL.into_iter().filter(|kind| names(models, kind.name())).collect()
}

/// Whether the models name `wanted`, within combinations too.
fn names(models: &Models, wanted: &str) -> bool {
    let Models::Named(names) = models else { return false };
    names.iter().any(|name| {
        let inner = name.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
        &**name == wanted || split(inner).iter().any(|part| part == wanted)
    })
}

impl Models {
    /// True when a network for each item is among them: `lstm`.
    pub fn train_for_each(&self) -> bool {
        names(self, "lstm")
    }

    /// True when a network over all items is among them, such as `hybrid`.
    pub fn train_over_all(&self) -> bool {
        !global_kinds(self).is_empty()
    }
}

/// Every model, simplest first.
pub(crate) fn models() -> Vec<ModelInfo> {
    KNOWN.iter().map(|(name, en, zh)| ModelInfo { name, label: Text::new(*en, *zh) }).collect()
}

/// The networks over all series among them.
pub(crate) fn networks() -> Vec<ModelInfo> {
    models().into_iter().filter(|m| GlobalKind::ALL.iter().any(|kind| kind.name() == m.name)).collect()
}

/// One spelling per model: lower case, aliases resolved, no spaces inside brackets.
pub(crate) fn canonical(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    let (head, rest) = lower.split_at(lower.find(['(', '（', '+', '＋']).unwrap_or(lower.len()));
    let head: Vec<&str> = head.split([' ', '_', '-', '–']).filter(|w| !w.is_empty()).collect();
    let head = head.join("-");
    let labelled = KNOWN.iter().find(|(_, _, zh)| zh.to_lowercase() == head).map(|(known, ..)| *known);
    let alias = ALIASES.iter().find(|(alias, _)| *alias == head).map(|(_, known)| *known);
    let head = alias.or(labelled).unwrap_or(&head);
    let rest: String = rest.chars().filter(|c| !c.is_whitespace()).map(ascii_bracket).collect();
    format!("{head}{rest}")
}

/// Chinese keyboards write wide brackets, commas and signs.
fn ascii_bracket(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        '，' => ',',
        '＋' => '+',
        '＝' => '=',
        '【' => '[',
        '】' => ']',
        other => other,
    }
}

/// Reads a list of names.
///
/// # Errors
/// A diagnostic that names what is unknown and lists what is known.
pub(crate) fn parse(list: &str) -> Result<Models, Box<Diagnostic>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    let parts = split(list);
    if parts.len() > MOST_NAMES {
        let count = parts.len();
        let message = text!(
            "{count} models are named; at most {MOST_NAMES} can be compared",
            "列出了 {count} 个模型；最多可比较 {MOST_NAMES} 个"
        );
        return Err(fault("too-many-models", message, text!("Name fewer models", "请减少模型数量")));
    }
    for part in parts {
        let name = canonical(&part);
        if name != AUTO && build(&name).is_none() {
            return Err(unknown(part.trim()));
        }
        if !names.iter().any(|n| **n == *name) {
            names.push(Arc::from(name));
        }
    }
    if names.iter().all(|n| &**n == AUTO) { Ok(Models::Auto) } else { Ok(Models::Named(names)) }
}

/// What is said of a name that no model has.
pub(crate) fn unknown(name: &str) -> Box<Diagnostic> {
    let name: String = name.chars().take(80).collect();
    let known: Vec<&str> = KNOWN.iter().map(|(known, ..)| *known).collect();
    let known = known.join(", ");
    fault(
        "unknown-model",
        text!("There is no model called \"{name}\"", "没有名为“{name}”的模型"),
        text!("Use auto, or one or more of: {known}", "请使用 auto，或以下一个或多个：{known}"),
    )
}

fn fault(code: &str, message: Text, hint: Text) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Severity::Error, code, message, hint, Place::default()))
}

/// Splits at commas outside brackets; empty parts are dropped.
fn split(list: &str) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0_usize);
    for c in list.chars() {
        match ascii_bracket(c) {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' | ';' | '、' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.retain(|p| !p.trim().is_empty());
    parts
}
