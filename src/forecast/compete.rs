//! One series through all its models: fit, backtest, choose.

use super::backtest::{Fold, Trial, folds, score, unstable};
use super::choose::{Entry, Measure, against, decide, reason, shortlist, sort};
use super::conformal::{factor, stretched};
use super::explain::shape;
use super::intermittent::classify;
use super::intervals::{Draw, forecast, is_sound};
use super::method::{Fit, FitError, Method, Task};
use super::registry::{build, label, unknown};
use super::seed::seed_of;
use super::{ForecastError, Models, Options};
use crate::control::{Cancelled, Control};
use crate::model::{Cutoff, CutoffForecast, Forecast, ModelScore, Series, SeriesForecast};
use crate::text;
use crate::words::Text;
use std::sync::Arc;
use std::time::Instant;

/// Paths drawn inside a backtest fold by methods that simulate: enough for an 80 and a 95 % bound.
const BACKTEST_PATHS: usize = 200;
/// Quantities beyond this aren't demand; only naive takes them, so that squares stay finite.
const LARGEST_DEMAND: f64 = 1e30;

/// Which candidates keep their sample paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Every one.
    All,
    /// Only the winner.
    Winner,
}

/// What is the same for every series of a run.
pub(crate) struct Run<'a> {
    /// The user's options.
    pub(crate) options: &'a Options,
    /// Number of series in the panel.
    pub(crate) series: usize,
    /// Which candidates keep their sample paths.
    pub(crate) keep: Keep,
    /// Whether what was forecast in every fold is kept.
    pub(crate) keeps_cutoffs: bool,
}

/// Fits one named model to the whole history, without a backtest.
///
/// # Errors
/// [`ForecastError`]: the name is unknown, the model refuses the history, the user asked to stop.
pub(crate) fn fit_one(
    name: &str,
    series: &Series,
    options: &Options,
    control: &Control,
) -> Result<Forecast, ForecastError> {
    let name = super::registry::canonical(name);
    let method = build(&name).ok_or_else(|| ForecastError::Unknown(unknown(&name)))?;
    match fit_sound(&*method, series, &Cut::whole(series, options), &[], control) {
        Ok(fit) => Ok(as_forecast(&name, fit, series, options, Draw::Paths)),
        Err(FitError::Refused(reason)) => Err(ForecastError::Refused(reason)),
        Err(FitError::Cancelled(_)) => Err(ForecastError::Cancelled),
    }
}

/// Everything about one series.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(crate) fn compete(run: &Run<'_>, series: &Series, control: &Control) -> Result<SeriesForecast, Cancelled> {
    let options = run.options;
    let season = series.start.frequency().season_length();
    let shortlist = || shortlist(&series.values, season, run.series, options.matrix(&series.id).is_some());
    let (mut names, beside) = match &options.models {
        Models::Named(names) if !options.models.is_automatic() => (names.clone(), Vec::new()),
        models => (shortlist(), models.beside()),
    };
    let mut contest = Contest::new(run, series);
    contest.beside = beside.into_iter().filter(|name| !names.contains(name)).collect();
    names.extend(contest.beside.iter().cloned());
    for (k, name) in names.iter().enumerate() {
        let part = control.part(k as f64 / names.len() as f64, (k + 1) as f64 / names.len() as f64);
        contest.enter(name, &part)?;
    }
    let fallback = contest.forecasts.is_empty();
    if fallback {
        contest.enter("naive", control)?;
    }
    contest.decide(fallback, control)
}

/// A part of the history to be forecast from.
struct Cut<'a> {
    y: &'a [f64],
    horizon: usize,
    options: &'a Options,
    /// 0 for the whole history, else the fold's number.
    fold: usize,
}

impl<'a> Cut<'a> {
    fn whole(series: &'a Series, options: &'a Options) -> Self {
        Self { y: &series.values, horizon: options.horizon.get(), options, fold: 0 }
    }
}

/// A method's fits: of the whole history, and of every fold.
struct Fitted {
    name: Arc<str>,
    whole: Fit,
    folds: Vec<Result<Fit, Text>>,
    /// What the backtest says its widths are to be multiplied with.
    stretch: f64,
}

struct Contest<'a> {
    run: &'a Run<'a>,
    series: &'a Series,
    folds: Vec<Fold>,
    lean: Options,
    entries: Vec<Entry>,
    forecasts: Vec<Forecast>,
    /// Whether demand comes in any amount: intervals of counts and pauses aren't stretched, whole numbers would break.
    continuous: bool,
    /// What combinations are made of, so that nothing is fitted twice.
    fitted: Vec<Fitted>,
    /// Models named beside the automatic ones: the panel's evidence decides whether they are taken.
    beside: Vec<Arc<str>>,
}

impl<'a> Contest<'a> {
    fn new(run: &'a Run<'a>, series: &'a Series) -> Self {
        let season = series.start.frequency().season_length();
        let options = run.options;
        Self {
            run,
            series,
            folds: folds(series.values.len(), season, options.horizon.get(), options.folds),
            lean: Options { paths: options.paths.clamp(1, BACKTEST_PATHS), ..options.clone() },
            entries: Vec::new(),
            forecasts: Vec::new(),
            continuous: !classify(&series.values).0.has_pauses(),
            fitted: Vec::new(),
            beside: Vec::new(),
        }
    }

    fn enter(&mut self, name: &str, control: &Control) -> Result<(), Cancelled> {
        let Text { en, zh } = label(name);
        let stage = text!("Fitting {en}", "正在拟合 {zh}");
        control.report(0.0, &stage)?;
        let started = Instant::now();
        let (found, trial) = match self.try_model(name, control)? {
            Ok(mut fitted) => {
                let season = self.series.start.frequency().season_length();
                let trial = score(&self.series.values, season, &self.folds, &fitted.folds);
                if self.continuous && trial.complete {
                    fitted.stretch = factor(&trial.scaled, self.folds.len());
                }
                (Ok(fitted), trial)
            }
            Err(reason) => (Err(reason), Trial::default()),
        };
        let (fits, note) = match found {
            Ok(fitted) => {
                let draw = if self.run.keep == Keep::All { Draw::Paths } else { Draw::BoundsOnly };
                let fit = stretched(fitted.whole.clone(), fitted.stretch);
                self.forecasts.push(as_forecast(name, fit, self.series, self.run.options, draw));
                self.fitted.push(fitted);
                (true, trial.note)
            }
            Err(reason) => (false, reason),
        };
        self.entries.push(Entry {
            score: ModelScore {
                model: Arc::from(name),
                accuracy: trial.accuracy,
                note,
                mae_by_step: trial.by_step,
                against_chosen: None,
                seconds: started.elapsed().as_secs_f64() + self.run.options.networks.seconds(name),
            },
            fitted: fits,
            complete: trial.complete,
            errors: trial.errors,
            means: trial.means,
            spreads: trial.spreads,
        });
        Ok(())
    }

    /// The whole history first: a model that refuses it needs no backtest.
    fn try_model(&self, name: &str, control: &Control) -> Result<Result<Fitted, Text>, Cancelled> {
        let Some(method) = build(name) else { return Ok(Err(unknown(name).message.clone())) };
        let options = self.run.options;
        let share = 1.0 / (self.folds.len() + 1) as f64;
        let whole = Cut::whole(self.series, options);
        let known = self.known_parts(&*method, &whole, |fitted| Some(&fitted.whole));
        let whole = match fit_sound(&*method, self.series, &whole, &known, &control.part(0.0, share)) {
            Ok(fit) => fit,
            Err(FitError::Refused(reason)) => return Ok(Err(reason)),
            Err(FitError::Cancelled(cancelled)) => return Err(cancelled),
        };
        let mut fits = Vec::with_capacity(self.folds.len());
        for (k, fold) in self.folds.iter().enumerate() {
            let part = control.part(share * (k + 1) as f64, share * (k + 2) as f64);
            let y = &self.series.values[..fold.origin];
            let cut = Cut { y, horizon: fold.steps, options: &self.lean, fold: k + 1 };
            let known = self.known_parts(&*method, &cut, |fitted| fitted.folds[k].as_ref().ok());
            fits.push(match fit_sound(&*method, self.series, &cut, &known, &part) {
                Ok(fit) => Ok(fit),
                Err(FitError::Refused(reason)) => Err(reason),
                Err(FitError::Cancelled(cancelled)) => return Err(cancelled),
            });
        }
        Ok(Ok(Fitted { name: Arc::from(name), whole, folds: fits, stretch: 1.0 }))
    }

    /// The fits that a combination is made of, when its parts have been in the contest; else none.
    fn known_parts<'b>(
        &'b self,
        method: &dyn Method,
        cut: &Cut<'_>,
        fit: impl Fn(&'b Fitted) -> Option<&'b Fit>,
    ) -> Vec<(&'b str, &'b Fit)> {
        let parts = method.parts(&task(self.series, cut, 0));
        let entered = |name: &String| self.entries.iter().any(|e| *e.score.model == **name);
        // Of an automatic shortlist those serve that are on it: the others were left out for their time.
        if !self.run.options.models.is_automatic() && !parts.iter().all(entered) {
            return Vec::new();
        }
        let of = |name: &String| self.fitted.iter().find(|f| *f.name == **name);
        parts.iter().filter_map(of).filter_map(|f| fit(f).map(|found| (&*f.name, found))).collect()
    }

    fn decide(mut self, fallback: bool, control: &Control) -> Result<SeriesForecast, Cancelled> {
        let y = &self.series.values;
        let season = self.series.start.frequency().season_length();
        let measure = Measure::of(y);
        let (mut beside, own): (Vec<Entry>, Vec<Entry>) =
            std::mem::take(&mut self.entries).into_iter().partition(|e| self.beside.contains(&e.score.model));
        self.entries = own;
        sort(&mut self.entries, measure);
        let automatic = self.run.options.models.is_automatic();
        let steps = self.folds.first().map_or(1, |fold| fold.steps);
        let verdict = decide(&mut self.entries, measure, automatic, steps);
        let best = verdict.chosen();
        for entry in &mut beside {
            entry.score.against_chosen = against(entry, &self.entries[best], measure, steps);
        }
        let name = Arc::clone(&self.entries[best].score.model);
        let chosen = self.forecasts.iter().position(|f| f.model == name).unwrap_or(0);
        if self.run.keep == Keep::Winner {
            self.redraw(chosen, control)?;
            // Whoever may still be taken keeps its paths too.
            for k in 0..self.forecasts.len() {
                if k != chosen && self.beside.contains(&self.forecasts[k].model) {
                    self.redraw(k, control)?;
                }
            }
        }
        let winner = &self.forecasts[chosen];
        let why = if fallback {
            let refused = self.entries.iter().find(|e| !e.fitted).map(|e| e.score.note.clone()).unwrap_or_default();
            let (en, zh) = (refused.en, refused.zh);
            text!("Naive is used, because no model asked for fits: {en}.", "采用朴素法，因为所选模型均不适用：{zh}。")
        } else if self.entries.len() == 1 {
            let label = label(&name);
            let (en, zh) = (label.en, label.zh);
            text!("{en} is the only model in the running.", "{zh}是唯一参与的模型。").then(&winner.why)
        } else {
            reason(&self.entries, &verdict, measure, y)
        };
        let why = why.then(&shape(winner, season));
        self.entries.extend(beside);
        sort(&mut self.entries, measure);
        let cutoffs = if self.run.keeps_cutoffs { self.cutoffs() } else { Vec::new() };
        Ok(SeriesForecast {
            id: self.series.id.clone(),
            chosen,
            candidates: self.forecasts,
            scores: self.entries.into_iter().map(|e| e.score).collect(),
            cutoffs,
            automatic: None,
            why,
        })
    }

    fn cutoffs(&self) -> Vec<Cutoff> {
        let of = |(k, fold): (usize, &Fold)| {
            let forecasts = self.entries.iter().filter_map(|e| {
                let mean = e.means.get(k).filter(|mean| !mean.is_empty())?.clone();
                let spread = e.spreads.get(k).cloned().unwrap_or_default();
                Some(CutoffForecast { model: Arc::clone(&e.score.model), mean, spread })
            });
            Cutoff {
                start: self.series.start.plus(fold.origin as i64),
                actual: self.series.values[fold.origin..fold.origin + fold.steps].to_vec(),
                forecasts: forecasts.collect(),
            }
        };
        self.folds.iter().enumerate().map(of).collect()
    }

    /// Draws the paths of a forecast.
    fn redraw(&mut self, chosen: usize, control: &Control) -> Result<(), Cancelled> {
        control.check()?;
        let name = Arc::clone(&self.forecasts[chosen].model);
        if let Some(k) = self.fitted.iter().position(|f| f.name == name) {
            let Fitted { whole, stretch, .. } = self.fitted.swap_remove(k);
            let fit = stretched(whole, stretch);
            self.forecasts[chosen] = as_forecast(&name, fit, self.series, self.run.options, Draw::Paths);
        }
        Ok(())
    }
}

fn task<'a>(series: &'a Series, cut: &Cut<'a>, seed: u64) -> Task<'a> {
    Task {
        id: Some(&series.id),
        y: cut.y,
        season: series.start.frequency().season_length(),
        horizon: cut.horizon,
        options: cut.options,
        seed,
        drivers: cut.options.matrix(&series.id),
    }
}

/// Fits a method, from its parts' fits where those are `known`, and refuses what isn't finite.
fn fit_sound(
    method: &dyn Method,
    series: &Series,
    cut: &Cut<'_>,
    known: &[(&str, &Fit)],
    control: &Control,
) -> Result<Fit, FitError> {
    control.check()?;
    let name = method.name();
    if name != "naive" && cut.y.iter().any(|v| v.abs() > LARGEST_DEMAND) {
        return Err(FitError::Refused(text!(
            "The history holds quantities beyond 1e30, which no model can square",
            "历史中含有超过 1e30 的数量，模型无法计算"
        )));
    }
    if !method.takes_gaps() && cut.y.iter().any(|v| v.is_nan()) {
        return Err(FitError::Refused(text!(
            "The history has periods without a value, which only ARIMA can forecast from; fill them first",
            "历史中存在缺值期，只有 ARIMA 能够处理；请先补齐数据"
        )));
    }
    let task = task(series, cut, seed_of(cut.options.seed, &series.id, &name, cut.fold));
    let fit = if known.is_empty() { method.fit(&task, control)? } else { method.combine(&task, known, control)? };
    if is_sound(&fit, cut.horizon) { Ok(fit) } else { Err(FitError::Refused(unstable())) }
}

fn as_forecast(name: &str, fit: Fit, series: &Series, options: &Options, draw: Draw) -> Forecast {
    let y = &series.values;
    let seed = seed_of(options.seed, &series.id, name, 0);
    let start = series.start.plus(y.len() as i64);
    forecast((&series.id, name, start), fit, y, options, seed, draw)
}
