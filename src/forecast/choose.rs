//! Which models compete for a series, and which one wins.
//!
//! Shortlist of [`super::Models::Auto`], by the pattern of the history (Syntetos, Boylan & Croston 2005):
//! - no demand: naive;
//! - intermittent or lumpy: naive, moving average, and the methods made for it with their combination;
//! - smooth or erratic: naive, seasonal naive (with a season), drift, moving average, Theta, ETS, MSTL (with two seasons),
//!   ARIMA when [`arima_competes`], and the combination of these.
//!
//! A neural network never competes unasked; what is named beside the automatic ones isn't chosen here, see
//! [`super::challenge`]. Errors are compared by MASE, and for intermittent and lumpy demand by RMSSE,
//! because there the forecast with the smallest absolute error is the median, often 0, and nobody can stock by that.
//!
//! Of the shortlist the combination is taken, unless one method's errors are smaller beyond chance: a Diebold–Mariano test
//! at 1 % and a smaller error in every one of at least three folds. A handful of folds picks winners by noise otherwise,
//! another one every cycle, and plans would jump with them (hysteresis). With pauses in demand the combination always
//! stands. Where drivers are known there are two combinations, of the methods that know them and of all the others; the one
//! with the smaller error is the default. Among models that the user named, a simpler one within [`TOLERANCE`] of the best
//! is taken instead of it.

use super::diebold_mariano::diebold_mariano_bartlett;
use super::intermittent::{self, classify};
use super::registry::{label, rank};
use crate::model::DemandClass as Pattern;
use crate::model::{Accuracy, ModelScore, p_text};
use crate::text;
use crate::words::{Text, figure};
use std::sync::Arc;

/// Errors closer than this can't be told apart with a handful of folds, so the simpler model wins.
pub(crate) const TOLERANCE: f64 = 0.02;
/// p-value below which a difference counts as more than chance: a winner is looked for among many.
pub(crate) const CHANCE: f64 = 0.01;
/// Folds in each of which a method must have the smaller error to be taken instead of the combination.
pub(crate) const FOLDS_TO_WIN: usize = 3;
/// The default among methods that know the drivers: their mean, or the only one there is.
const WITH_DRIVERS: [&str; 2] = ["combination-mean(arima,regression)", "regression"];
/// The default among the others.
const WITHOUT_DRIVERS: [&str; 2] = ["combination", "intermittent-combination"];
/// Longest season that smoothing and decomposition compete with unasked: weeks of a year.
const LONGEST_AUTO_SEASON: usize = 53;
/// ARIMA competes unasked from this length on,
const ARIMA_PERIODS: usize = 10;
/// in panels small enough that its search is a matter of minutes; longer seasons take Fourier terms and more time.
const ARIMA_SERIES: usize = 20_000;
const ARIMA_LONG_SERIES: usize = 20;
const ARIMA_SEASON: usize = 24;

/// Whether ARIMA competes unasked: `n ≥ 10`, and at most 20,000 series in the panel, 20 with a season longer than 24.
pub(crate) fn arima_competes(n: usize, season: usize, series: usize) -> bool {
    n >= ARIMA_PERIODS && series <= if season > ARIMA_SEASON { ARIMA_LONG_SERIES } else { ARIMA_SERIES }
}

/// Names of the models that compete unasked for a history in a panel of `series` series, with drivers or without.
pub(crate) fn shortlist(y: &[f64], season: usize, series: usize, drivers: bool) -> Vec<Arc<str>> {
    let (pattern, ..) = classify(y);
    let mut names = vec!["naive"];
    match pattern {
        Pattern::None => {}
        Pattern::Intermittent | Pattern::Lumpy => {
            names.push("moving-average");
            names.extend(intermittent::shortlist(y));
        }
        Pattern::Smooth | Pattern::Erratic => {
            let seasonal = season > 1 && y.len() > season;
            if seasonal {
                names.push("seasonal-naive");
            }
            names.extend(["drift", "moving-average", "theta", "ets"]);
            if season > 1 && season <= LONGEST_AUTO_SEASON && y.len() >= 2 * season {
                names.push("mstl");
            }
            if arima_competes(y.len(), season, series) {
                names.push("arima");
            }
            names.push("combination");
        }
    }
    if drivers {
        names.push("regression");
        if names.contains(&"arima") {
            names.push(WITH_DRIVERS[0]);
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

    /// What one error costs.
    pub(crate) fn loss(self, error: f64) -> f64 {
        match self {
            Self::Absolute => error.abs(),
            Self::Squared => error * error,
        }
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
    /// Absolute errors of every fold and step, oldest first; empty when it isn't complete.
    pub(crate) errors: Vec<f64>,
    /// What was forecast in every fold.
    pub(crate) means: Vec<Vec<f64>>,
    /// The spread of sums that was stated in every fold.
    pub(crate) spreads: Vec<Vec<f64>>,
}

/// Who won, and how it came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Verdict {
    /// The combination: no single method is better beyond chance. The best of those, when one has smaller errors, with its
    /// p-value.
    Default(usize, Option<(usize, f64)>),
    /// A method that beats the combination with this p-value.
    Better(usize, f64),
    /// The best, or a simpler one that is as good.
    Best(usize),
}

impl Verdict {
    /// Index of the winner among sorted entries.
    pub(crate) fn chosen(self) -> usize {
        match self {
            Self::Default(k, _) | Self::Better(k, _) | Self::Best(k) => k,
        }
    }
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

/// Decides among sorted entries, `steps` to a fold, and notes the p-value of each against the winner.
pub(crate) fn decide(entries: &mut [Entry], measure: Measure, automatic: bool, steps: usize) -> Verdict {
    let error = |e: &Entry| e.score.accuracy.as_ref().and_then(|a| measure.value(a)).filter(|_| e.complete && e.fitted);
    // Where a plain method is exact there is nothing to combine.
    let exact = entries.first().and_then(error) == Some(0.0);
    // With pauses it need not have fitted every fold: the oldest may hold too few demands for it.
    let stands = |e: &Entry| error(e).is_some() || (measure == Measure::Squared && e.fitted);
    let among = |names: [&str; 2], stands: &dyn Fn(&Entry) -> bool| {
        let of = |name: &str| entries.iter().position(|e| *e.score.model == *name && stands(e));
        names.into_iter().find_map(of).filter(|_| automatic && !exact)
    };
    let plain = among(WITHOUT_DRIVERS, &stands);
    let informed = among(WITH_DRIVERS, &|e| error(e).is_some());
    // Sorted best first, hence the smaller position; a combination without a full backtest stands behind.
    let default = plain.into_iter().chain(informed).min();
    let verdict = match default {
        Some(default) => {
            let ahead = entries[..default].iter().enumerate().find(|(_, e)| error(e).is_some());
            let p = |k: usize| against(&entries[k], &entries[default], measure, steps).unwrap_or(1.0);
            match ahead.map(|(k, _)| (k, p(k))) {
                // With pauses, what counts is the total that stock has to cover, and a few totals can't be tested; per
                // period a forecast of nothing would win.
                Some((k, p))
                    if measure == Measure::Absolute
                        && p < CHANCE
                        && wins_everywhere(&entries[k], &entries[default], steps) =>
                {
                    Verdict::Better(k, p)
                }
                ahead => Verdict::Default(default, ahead),
            }
        }
        None => Verdict::Best(simplest(entries, error)),
    };
    let chosen = verdict.chosen();
    for k in (0..entries.len()).filter(|k| *k != chosen) {
        entries[k].score.against_chosen = against(&entries[k], &entries[chosen], measure, steps);
    }
    verdict
}

/// The chance of so large a difference between the errors of two models that are equally good, `steps` to a fold.
pub(crate) fn against(a: &Entry, b: &Entry, measure: Measure, steps: usize) -> Option<f64> {
    let loss = |e: &Entry| e.errors.iter().map(|e| measure.loss(*e)).collect::<Vec<f64>>();
    diebold_mariano_bartlett(&loss(a), &loss(b), steps).map(|found| found.p)
}

/// Whether the first had the smaller error in every fold, and there were enough.
fn wins_everywhere(first: &Entry, second: &Entry, steps: usize) -> bool {
    let sums = |e: &Entry| e.errors.chunks(steps.max(1)).map(|fold| fold.iter().sum()).collect::<Vec<f64>>();
    let (first, second) = (sums(first), sums(second));
    first.len() >= FOLDS_TO_WIN && first.iter().zip(&second).all(|(a, b)| a < b)
}

/// The simplest within [`TOLERANCE`] of the best; without a backtest, the combination or else the simplest that could be
/// fitted.
fn simplest(entries: &[Entry], error: impl Fn(&Entry) -> Option<f64>) -> usize {
    let best = entries.first().and_then(&error);
    let near = |e: &Entry| match best {
        Some(best) => error(e).is_some_and(|v| v <= best * (1.0 + TOLERANCE)),
        None => e.fitted,
    };
    let simplest = entries.iter().enumerate().filter(|(_, e)| near(e)).min_by_key(|(_, e)| rank(&e.score.model));
    simplest.map_or(0, |(k, _)| k)
}

/// Why the winner won, with its numbers.
pub(crate) fn reason(entries: &[Entry], verdict: &Verdict, measure: Measure, y: &[f64]) -> Text {
    let chosen = verdict.chosen();
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
    let size = units.map_or_else(String::new, |v| format!(" {}", figure(v)));
    let folds = accuracy.folds;
    let plural = if folds == 1 { "fold" } else { "folds" };
    let against = against_naive(entries, chosen, measure);
    let (against_en, against_zh) = (against.en, against.zh);
    let mut why = text!(
        "{en} chosen: {kind_en}{size} over {folds} {plural}{against_en}.",
        "选用{zh}：{folds} 折回测的{kind_zh}为{size}{against_zh}。"
    );
    why = why.then(&rivals(entries, verdict, measure));
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

/// What is to be said of the models that had smaller errors, or that were beaten.
fn rivals(entries: &[Entry], verdict: &Verdict, measure: Measure) -> Text {
    match *verdict {
        Verdict::Default(_, None) | Verdict::Best(0) => Text::default(),
        Verdict::Default(_, Some((k, _))) if measure == Measure::Squared => {
            let Text { en, zh } = label(&entries[k].score.model);
            text!(
                "{en} had a smaller error per period, but stock has to cover totals, which the combination knows better.",
                "{zh}的单期误差更小，但库存需要覆盖的是总量，组合预测在这方面更可靠。"
            )
        }
        Verdict::Default(_, Some((k, p))) if p < CHANCE => {
            let (Text { en, zh }, p) = (label(&entries[k].score.model), p_text(p));
            text!(
                "{en} had a smaller error, but not in each of {FOLDS_TO_WIN} folds or more (Diebold–Mariano p {p}).",
                "{zh}的误差更小，但并非在至少 {FOLDS_TO_WIN} 折的每一折中都更小（Diebold–Mariano p {p}）。"
            )
        }
        Verdict::Default(_, Some((k, p))) => {
            let Text { en, zh } = label(&entries[k].score.model);
            text!(
                "{en} had a smaller error, but not beyond chance (Diebold–Mariano p = {p:.2}).",
                "{zh}的误差更小，但差异未超出偶然（Diebold–Mariano p = {p:.2}）。"
            )
        }
        Verdict::Better(_, p) => {
            let p = p_text(p);
            text!(
                "It beats the combination beyond chance (Diebold–Mariano p {p}).",
                "它显著优于组合预测（Diebold–Mariano p {p}）。"
            )
        }
        Verdict::Best(_) => {
            let Text { en, zh } = label(&entries[0].score.model);
            let percent = 100.0 * TOLERANCE;
            text!(
                "{en} was no more than {percent:.0} % better, so the simpler model is taken.",
                "{zh}的优势不超过 {percent:.0}%，因此采用更简单的模型。"
            )
        }
    }
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

#[cfg(test)]
mod tests {
    use super::{Entry, Measure, Verdict, decide};
    use crate::model::{Accuracy, ModelScore};
    use crate::words::Text;

    /// A model with these errors, three folds of six.
    fn entry(model: &str, error: impl Fn(usize) -> f64) -> Entry {
        let errors: Vec<f64> = (0..18).map(error).collect();
        let mae = errors.iter().sum::<f64>() / 18.0;
        let accuracy = Accuracy { count: 18, folds: 3, mae: Some(mae), mase: Some(mae), ..Accuracy::default() };
        let score = ModelScore::new(model, Some(accuracy), Text::default(), 0.0);
        Entry { score, fitted: true, complete: true, errors, means: Vec::new(), spreads: Vec::new() }
    }

    fn verdict(rival: impl Fn(usize) -> f64) -> (Verdict, Option<f64>) {
        let mut entries = [entry("theta", rival), entry("combination", |t| 10.0 + (t % 3) as f64)];
        let verdict = decide(&mut entries, Measure::Absolute, true, 6);
        (verdict, entries[1 - verdict.chosen()].score.against_chosen)
    }

    #[test]
    fn only_a_winner_in_every_fold_and_beyond_chance_replaces_the_combination() {
        let (better, p) = verdict(|t| 5.0 + ((t * 5) % 3) as f64);
        assert!(matches!(better, Verdict::Better(0, p) if p < 0.01), "{better:?}");
        assert!(p.unwrap() < 0.01);
        // Far better in two folds, a little worse in the third.
        let (lost_one, _) = verdict(|t| if t < 6 { 11.5 } else { 2.0 + ((t * 5) % 3) as f64 });
        assert!(matches!(lost_one, Verdict::Default(1, Some((0, _)))), "{lost_one:?}");
        // Better in every fold by less than errors vary.
        let (luck, p) = verdict(|t| 10.8 + [-9.0, 9.0, 0.0][(t * 7 + t / 6) % 3]);
        assert!(matches!(luck, Verdict::Default(1, Some((0, p))) if p > 0.05), "{luck:?}");
        assert!(p.unwrap() > 0.05);
    }
}
