//! One series through all its models: fit, backtest, choose.

use super::backtest::{Trial, backtest, folds, unstable};
use super::choose::{Entry, Measure, reason, shortlist, sort, winner};
use super::explain::shape;
use super::intervals::{Draw, forecast, is_sound};
use super::method::{FitError, Method, Task};
use super::registry::{build, label, unknown};
use super::seed::seed_of;
use super::{ForecastError, Models, Options};
use crate::control::{Cancelled, Control};
use crate::model::{Forecast, ModelScore, Series, SeriesForecast};
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
    match fit_whole(&*method, series, options, Draw::Paths, control) {
        Ok(forecast) => Ok(forecast),
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
    let names = match &options.models {
        Models::Auto => {
            let mut names = shortlist(&series.values, season, run.series);
            names.extend(options.matrix(&series.id).map(|_| Arc::from("regression")));
            names
        }
        Models::Named(names) => names.clone(),
    };
    let mut contest = Contest::new(run, series);
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

struct Contest<'a> {
    run: &'a Run<'a>,
    series: &'a Series,
    folds: Vec<super::backtest::Fold>,
    lean: Options,
    entries: Vec<Entry>,
    forecasts: Vec<Forecast>,
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
        }
    }

    fn enter(&mut self, name: &str, control: &Control) -> Result<(), Cancelled> {
        let Text { en, zh } = label(name);
        let stage = text!("Fitting {en}", "正在拟合 {zh}");
        control.report(0.0, &stage)?;
        let started = Instant::now();
        let (found, trial) = self.try_model(name, control)?;
        let (fitted, note) = match found {
            Ok(forecast) => {
                self.forecasts.push(forecast);
                (true, trial.note)
            }
            Err(reason) => (false, reason),
        };
        self.entries.push(Entry {
            score: ModelScore {
                model: Arc::from(name),
                accuracy: trial.accuracy,
                note,
                seconds: started.elapsed().as_secs_f64(),
            },
            fitted,
            complete: trial.complete,
        });
        Ok(())
    }

    /// The whole history first: a model that refuses it needs no backtest.
    fn try_model(&self, name: &str, control: &Control) -> Result<(Result<Forecast, Text>, Trial), Cancelled> {
        let no_trial = Trial { accuracy: None, note: Text::default(), complete: false };
        let Some(method) = build(name) else { return Ok((Err(unknown(name).message.clone()), no_trial)) };
        let draw = if self.run.keep == Keep::All { Draw::Paths } else { Draw::BoundsOnly };
        let share = 1.0 / (self.folds.len() + 1) as f64;
        match fit_whole(&*method, self.series, self.run.options, draw, &control.part(0.0, share)) {
            Ok(forecast) => {
                let part = control.part(share, 1.0);
                let trial = backtest(&*method, self.series, &self.folds, &self.lean, &part)?;
                Ok((Ok(forecast), trial))
            }
            Err(FitError::Refused(reason)) => Ok((Err(reason), no_trial)),
            Err(FitError::Cancelled(cancelled)) => Err(cancelled),
        }
    }

    fn decide(mut self, fallback: bool, control: &Control) -> Result<SeriesForecast, Cancelled> {
        let y = &self.series.values;
        let season = self.series.start.frequency().season_length();
        let measure = Measure::of(y);
        sort(&mut self.entries, measure);
        let best = winner(&self.entries, measure);
        let name = Arc::clone(&self.entries[best].score.model);
        let chosen = self.forecasts.iter().position(|f| f.model == name).unwrap_or(0);
        if self.run.keep == Keep::Winner {
            self.redraw(chosen, control)?;
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
            reason(&self.entries, best, measure, y)
        };
        let why = why.then(&shape(winner, season));
        Ok(SeriesForecast {
            id: self.series.id.clone(),
            chosen,
            candidates: self.forecasts,
            scores: self.entries.into_iter().map(|e| e.score).collect(),
            why,
        })
    }

    /// Draws the winner's paths; the fit is repeated, which costs less than keeping everybody's.
    fn redraw(&mut self, chosen: usize, control: &Control) -> Result<(), Cancelled> {
        let Some(method) = build(&self.forecasts[chosen].model) else { return Ok(()) };
        match fit_whole(&*method, self.series, self.run.options, Draw::Paths, &control.part(1.0, 1.0)) {
            Ok(forecast) => self.forecasts[chosen] = forecast,
            Err(FitError::Cancelled(cancelled)) => return Err(cancelled),
            Err(FitError::Refused(_)) => {}
        }
        Ok(())
    }
}

fn fit_whole(
    method: &dyn Method,
    series: &Series,
    options: &Options,
    draw: Draw,
    control: &Control,
) -> Result<Forecast, FitError> {
    control.check()?;
    let (y, name, horizon) = (&series.values, method.name(), options.horizon.get());
    let seed = seed_of(options.seed, &series.id, &name, 0);
    if name != "naive" && y.iter().any(|v| v.abs() > LARGEST_DEMAND) {
        return Err(FitError::Refused(text!(
            "The history holds quantities beyond 1e30, which no model can square",
            "历史中含有超过 1e30 的数量，模型无法计算"
        )));
    }
    let season = series.start.frequency().season_length();
    let task = Task { y, season, horizon, options, seed, drivers: options.matrix(&series.id) };
    let fit = method.fit(&task, control)?;
    if !is_sound(&fit, horizon) {
        return Err(FitError::Refused(unstable()));
    }
    let start = series.start.plus(y.len() as i64);
    Ok(forecast((&series.id, &name, start), fit, y, options, seed, draw))
}
