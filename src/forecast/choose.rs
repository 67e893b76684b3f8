//! Which models compete for a series, and which one wins.
//!
//! Shortlist of [`super::Models::Auto`], by the pattern of the history (Syntetos, Boylan & Croston 2005):
//! - no demand: naive;
//! - intermittent or lumpy: naive, moving average, SES, Croston, SBA, TSB;
//! - smooth or erratic: naive, seasonal naive (with a season), moving average, SES, damped Holt, Theta, Holt–Winters (with
//!   a season of at most [`LONGEST_AUTO_SEASON`] periods), and ARIMA when it is built in and [`arima_competes`].
//!
//! A neural network never competes unasked. The winner has the smallest backtest error: MASE, and for intermittent and
//! lumpy demand RMSSE, because there the forecast with the smallest absolute error is the median, often 0, and nobody
//! can stock by that. A simpler model within [`TOLERANCE`] of the best is taken instead.

use super::intermittent::{Pattern, classify};
use super::registry::{build, label, rank};
use crate::model::{Accuracy, ModelScore};
use crate::text;
use crate::words::Text;
use std::sync::Arc;

/// Errors closer than this can't be told apart with a handful of folds, so the simpler model wins.
pub(crate) const TOLERANCE: f64 = 0.02;
/// Longest season that Holt–Winters competes with unasked: weeks of a year.
const LONGEST_AUTO_SEASON: usize = 53;
/// ARIMA competes unasked from this length on, and from three seasons,
const ARIMA_PERIODS: usize = 30;
/// with seasons of at most a day's hours (the state grows with the season),
const ARIMA_SEASON: usize = 24;
/// and in panels small enough that its search is a matter of seconds.
const ARIMA_SERIES: usize = 100;

/// Whether ARIMA competes unasked: `n ≥ max(30, 3·season)`, season ≤ 24, at most 100 series in the panel.
pub(crate) fn arima_competes(n: usize, season: usize, series: usize) -> bool {
    n >= ARIMA_PERIODS.max(3 * season) && season <= ARIMA_SEASON && series <= ARIMA_SERIES
}

/// Names of the models that compete unasked for a history in a panel of `series` series.
pub(crate) fn shortlist(y: &[f64], season: usize, series: usize) -> Vec<Arc<str>> {
    let (pattern, ..) = classify(y);
    let mut names = vec!["naive"];
    match pattern {
        Pattern::None => {}
        Pattern::Intermittent | Pattern::Lumpy => names.extend(["moving-average", "ses", "croston", "sba", "tsb"]),
        Pattern::Smooth | Pattern::Erratic => {
            if season > 1 && y.len() > season {
                names.push("seasonal-naive");
            }
            names.extend(["moving-average", "ses", "holt-damped", "theta"]);
            if season > 1 && season <= LONGEST_AUTO_SEASON && y.len() >= 2 * season {
                names.push("holt-winters");
            }
            if arima_competes(y.len(), season, series) && build("arima").is_some() {
                names.push("arima");
            }
        }
    }
    names.into_iter().map(Arc::from).collect()
}

/// The measure by which models of a history are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// MASE.
    Absolute,
    /// RMSSE.
    Squared,
}

impl Measure {
    /// The measure that suits a history.
    pub(crate) fn of(y: &[f64]) -> Self {
        if classify(y).0.has_pauses() { Self::Squared } else { Self::Absolute }
    }

    /// Its value; without a scale (a constant history) the error in units.
    pub(crate) fn value(self, accuracy: &Accuracy) -> Option<f64> {
        match self {
            Self::Absolute => accuracy.mase.or(accuracy.mae),
            Self::Squared => accuracy.rmsse.or(accuracy.rmse),
        }
    }
}

/// A model in the running.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its score.
    pub(crate) score: ModelScore,
    /// True when it was fitted to the whole history.
    pub(crate) fitted: bool,
    /// True when it was fitted in every fold, so that its errors compare with those of others.
    pub(crate) complete: bool,
}

/// Sorts best first: those backtested in every fold by their error, then those fitted at least to the whole history,
/// then the refused ones; ties simplest first.
pub(crate) fn sort(entries: &mut [Entry], measure: Measure) {
    let key = |e: &Entry| {
        let class = match (e.fitted, e.complete) {
            (true, true) => 0,
            (true, false) => 1,
            (false, _) => 2,
        };
        let error = e.score.accuracy.as_ref().and_then(|a| measure.value(a)).unwrap_or(f64::INFINITY);
        (class, error, rank(&e.score.model))
    };
    entries.sort_by(|a, b| {
        let (a, b) = (key(a), key(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2))
    });
}

/// Index of the winner among sorted entries: the simplest within [`TOLERANCE`] of the best; without a backtest, the
/// simplest that could be fitted.
pub(crate) fn winner(entries: &[Entry], measure: Measure) -> usize {
    let error = |e: &Entry| e.score.accuracy.as_ref().and_then(|a| measure.value(a)).filter(|_| e.complete && e.fitted);
    let best = entries.first().and_then(error);
    let near = |e: &Entry| match best {
        Some(best) => error(e).is_some_and(|v| v <= best * (1.0 + TOLERANCE)),
        None => e.fitted,
    };
    let simplest = entries.iter().enumerate().filter(|(_, e)| near(e)).min_by_key(|(_, e)| rank(&e.score.model));
    simplest.map_or(0, |(k, _)| k)
}

/// Why the winner won, with its numbers.
pub(crate) fn reason(entries: &[Entry], chosen: usize, measure: Measure, y: &[f64]) -> Text {
    let entry = &entries[chosen];
    let name = label(&entry.score.model);
    let (en, zh) = (&name.en, &name.zh);
    let Some(accuracy) = entry.score.accuracy.filter(|_| entry.complete) else {
        return text!(
            "{en} chosen: the history is too short to compare models by a backtest.",
            "选用{zh}：历史太短，无法通过回测比较模型。"
        );
    };
    let (kind_en, kind_zh) = match measure {
        Measure::Absolute => ("mean absolute error", "平均绝对误差"),
        Measure::Squared => ("root mean squared error", "均方根误差"),
    };
    let units = match measure {
        Measure::Absolute => accuracy.mae,
        Measure::Squared => accuracy.rmse,
    };
    let size = units.map_or_else(String::new, |v| format!(" {v:.3}"));
    let folds = accuracy.folds;
    let plural = if folds == 1 { "fold" } else { "folds" };
    let against = against_naive(entries, chosen, measure);
    let (against_en, against_zh) = (against.en, against.zh);
    let mut why = text!(
        "{en} chosen: {kind_en}{size} over {folds} {plural}{against_en}.",
        "选用{zh}：{folds} 折回测的{kind_zh}为{size}{against_zh}。"
    );
    if chosen != 0 {
        let best = label(&entries[0].score.model);
        let (best_en, best_zh, percent) = (best.en, best.zh, 100.0 * TOLERANCE);
        why = why.then(&text!(
            "{best_en} was no more than {percent:.0} % better, so the simpler model is taken.",
            "{best_zh}的优势不超过 {percent:.0}%，因此采用更简单的模型。"
        ));
    }
    let (pattern, adi, _) = classify(y);
    if pattern.has_pauses() {
        let word = pattern.label();
        let (word_en, word_zh) = (word.en, word.zh);
        why = why.then(&text!(
            "Demand is {word_en}: one period in {adi:.1} has any.",
            "需求属{word_zh}型：平均每 {adi:.1} 期出现一次。"
        ));
    }
    why
}

fn against_naive(entries: &[Entry], chosen: usize, measure: Measure) -> Text {
    let value = |e: &Entry| e.score.accuracy.as_ref().and_then(|a| measure.value(a)).filter(|_| e.complete);
    let naive = entries.iter().find(|e| &*e.score.model == "naive").and_then(value);
    let (Some(own), Some(naive)) = (value(&entries[chosen]), naive.filter(|v| *v > 0.0)) else {
        return Text::default();
    };
    if &*entries[chosen].score.model == "naive" {
        return Text::default();
    }
    let percent = 100.0 * (1.0 - own / naive);
    let size = percent.abs();
    if size < 0.5 {
        text!(", level with naive", "，与朴素法持平")
    } else if percent > 0.0 {
        text!(", {size:.0} % below naive", "，比朴素法低 {size:.0}%")
    } else {
        text!(", {size:.0} % above naive", "，比朴素法高 {size:.0}%")
    }
}
