//! Automatic exponential smoothing.

use super::as_fit;
use super::average::Average;
use super::estimate::{History, Ranked, Smoothed, polish, rank};
use super::form::{Form, Season, Trend, Wish};
use super::point::Prior;
use crate::control::{Cancelled, Control};
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::text;
use crate::words::Text;

/// Forms this close to the best in the ranking are taken to their optimum before one is chosen: more than the ranking errs
/// by, and than a second hill of the likelihood is usually worth.
const CLOSE: f64 = 6.0;
/// Most forms taken to their optimum.
const FINALISTS: usize = 3;
/// Forms named in the explanation.
const SHARES_NAMED: usize = 3;
/// Fewest periods that a level, its weight and a variance can be estimated from.
const LEAST: usize = 4;

/// Exponential smoothing in a form chosen by the corrected Akaike criterion (Hyndman, Koehler, Snyder & Grose 2002, *A state
/// space framework for automatic forecasting*, Int. J. Forecasting 18) or averaged over forms by it.
///
/// - With a wish, `ets(z,z,z)` or `ets(m,ad,m)`: maximum likelihood in the form with the smallest criterion among those that
///   fulfil it; what is open ranges over the fifteen stable forms: error additive or multiplicative, trend none, additive or
///   damped, season none, additive or multiplicative.
/// - Without, `ets`: the forecast is the mean over the fifteen by their Akaike weights (`average`), each estimated under a
///   prior of calm slopes (`point`), since one form's lead in the criterion is mostly chance. The parameters and criteria
///   reported are those of the form with the smallest criterion at its maximum likelihood.
///
/// What is multiplicative competes only when every value is positive. Forms that the history is too short for don't
/// compete; with fewer than 4 periods none does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Ets {
    /// Given parts of the form; `None` averages.
    pub(crate) wish: Option<Wish>,
}

impl Ets {
    /// `m,ad,m`, with `z` for what is open; `None` when it is something else.
    pub(crate) fn with_arguments(arguments: &str) -> Option<Self> {
        Wish::parse(arguments).map(|wish| Self { wish: Some(wish) })
    }
}

impl Method for Ets {
    fn name(&self) -> String {
        self.wish.map_or_else(|| "ets".to_owned(), |wish| format!("ets({})", wish.letters()))
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let (y, n, m) = (task.y, task.y.len(), task.season);
        if n < LEAST {
            return Err(FitError::Refused(text!(
                "ETS needs at least 4 periods; there are {n}",
                "ETS 至少需要 4 期；现有 {n} 期"
            )));
        }
        let history = History::new(y);
        let wish = self.wish.unwrap_or_default();
        let forms = suiting(wish, &history, m);
        if forms.is_empty() {
            return Err(FitError::Refused(no_form(wish, n, m)));
        }
        if self.wish.is_none() {
            return averaged(task, &history, &forms, control);
        }
        let ranked = rank_all(&history, &forms, Prior::Flat, control)?;
        let model = best(&history, &ranked, control)?.ok_or_else(super::holt::unstable)?;
        let why = why(&model, ranked.len());
        as_fit(&model, task, why)
    }
}

/// The average over forms that `ets` forecasts with; `None` for a history that it refuses.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn average_of(y: &[f64], season: usize, control: &Control) -> Result<Option<Average>, Cancelled> {
    if y.len() < LEAST {
        return Ok(None);
    }
    let history = History::new(y);
    let ranked = rank_all(&history, &suiting(Wish::default(), &history, season), Prior::CalmSlopes, control)?;
    Ok(average(&history, &ranked))
}

/// The ranked forms as one forecast, where any has a criterion.
fn average(history: &History, ranked: &[(f64, Ranked)]) -> Option<Average> {
    Average::new(ranked.iter().map(|(aicc, found)| (*aicc, found.model(history))).collect())
}

/// The forms that fulfil a wish and that the history is long and positive enough for.
fn suiting(wish: Wish, history: &History, m: usize) -> Vec<Form> {
    let n = history.len();
    let simplest = Form::additive(Trend::None, Season::None, 1);
    wish.forms(m)
        .into_iter()
        .filter(|form| form.season == Season::None || (m > 1 && n >= 2 * m))
        .filter(|form| !form.needs_positive() || history.is_positive())
        .filter(|form| *form == simplest || n > form.parameters() + 1)
        .collect()
}

/// The Akaike-weighted mean.
fn averaged(task: &Task<'_>, history: &History, forms: &[Form], control: &Control) -> Result<Fit, FitError> {
    let ranked = rank_all(history, forms, Prior::CalmSlopes, control)?;
    let lead = best(history, &ranked, control)?.ok_or_else(super::holt::unstable)?;
    let Some(average) = average(history, &ranked) else {
        let why = why(&lead, ranked.len());
        return as_fit(&lead, task, why);
    };
    let spread = average.spread(task.horizon, task.options.paths.max(1), task.seed);
    let (code, aicc, tried) = (lead.form.code(), lead.aicc(), ranked.len());
    let shares: Vec<String> = average
        .members()
        .iter()
        .take(SHARES_NAMED)
        .map(|(weight, model)| format!("{} {:.0} %", model.form.code(), 100.0 * weight))
        .collect();
    let shares = shares.join(", ");
    let why = text!(
        "{code} has the smallest corrected Akaike criterion ({aicc:.2}) of {tried} forms; the forecast weighs the forms by \
         their criterion: {shares}.",
        "在 {tried} 种形式中，{code} 的修正 Akaike 准则最小（{aicc:.2}）；预测按该准则对各形式加权：{shares}。"
    );
    Ok(Fit { mean: average.mean(task.horizon), spread, fitted: average.fitted(), parameters: lead.parameters(), why })
}

/// Every form near its optimum under a prior, smallest criterion first.
fn rank_all(
    history: &History,
    forms: &[Form],
    prior: Prior,
    control: &Control,
) -> Result<Vec<(f64, Ranked)>, Cancelled> {
    let mut ranked: Vec<(f64, Ranked)> = Vec::with_capacity(forms.len());
    for &form in forms {
        let is_sibling = |(_, r): &&(f64, Ranked)| r.form().trend == form.trend && r.form().season == form.season;
        let sibling = ranked.last().filter(is_sibling).map(|(_, r)| r);
        if let Some(found) = rank(history, form, prior, sibling, control)? {
            ranked.push((found.aicc(history), found));
        }
    }
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(ranked)
}

/// The form with the smallest criterion at its maximum likelihood; only the closest of the ranking are looked at.
fn best(history: &History, ranked: &[(f64, Ranked)], control: &Control) -> Result<Option<Smoothed>, Cancelled> {
    let lowest = ranked.first().map_or(f64::INFINITY, |(aicc, _)| *aicc);
    let mut best: Option<Smoothed> = None;
    for (_, found) in ranked.iter().take(FINALISTS).filter(|(aicc, _)| *aicc <= lowest + CLOSE) {
        if let Some(model) = polish(history, found.clone(), control)?
            && best.as_ref().is_none_or(|b| model.aicc() < b.aicc())
        {
            best = Some(model);
        }
    }
    Ok(best)
}

fn why(model: &Smoothed, tried: usize) -> Text {
    let code = model.form.code();
    if tried <= 1 {
        return text!("{code} as asked for.", "按要求采用 {code}。");
    }
    text!(
        "{code} has the smallest corrected Akaike criterion of {tried} forms.",
        "在 {tried} 种形式中，{code} 的修正 Akaike 准则最小。"
    )
}

fn no_form(wish: Wish, n: usize, m: usize) -> Text {
    let letters = wish.letters();
    if wish.season.is_some_and(|s| s != Season::None) && (m < 2 || n < 2 * m) {
        return text!(
            "ETS({letters}) needs two seasons of history, at least 4 periods; there are {n} periods with a season of {m}",
            "ETS({letters}) 至少需要两个季节的历史（不少于 4 期）；现有 {n} 期，季节长度为 {m}"
        );
    }
    text!(
        "ETS({letters}) has more parameters than {n} periods carry, or is multiplicative while a value isn't positive",
        "ETS({letters}) 的参数多于 {n} 期历史所能支持，或含乘法成分而历史中有非正值"
    )
}
