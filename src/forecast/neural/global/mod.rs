//! One network over all series of a panel.
//!
//! Each history is scaled by a level of its own ([`scale`]), windows of all of them train one LSTM together ([`windows`],
//! [`training`]), and it answers three quantiles of every step at once. Which quantiles were too narrow or too wide is seen on
//! a validation block; the answers' misses there, one trajectory per series, are what sample paths are drawn from
//! ([`predict`]), so a path keeps how errors hang together over the steps (the empirical copula of Clark et al. 2004, *The
//! Schaake shuffle*, J. Hydrometeorology 5).
//!
//! A backtest needs a network for each origin. The oldest one is trained from nothing, the later ones go on from it with
//! what has been learnt since: nobody sees anything from after its origin.

mod predict;
mod scale;
mod training;
mod windows;
mod words;

use super::engine::{Engine, Recipe, Stop};
use super::fused::Fused;
use super::network::Shape;
use super::objective::Objective;
use super::ops::OpByOp;
use super::places::{Place, Places};
use super::training::Failure;
use crate::control::{Cancelled, Control};
use crate::forecast::backtest::folds;
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::forecast::seed::{generator, seed_of};
use crate::forecast::{NetworkOptions, Options};
use crate::model::{Series, SeriesId};
use crate::words::Text;
use predict::Misses;
use scale::Scaled;
use std::collections::BTreeMap;
use training::Course;
use windows::View;

/// Quantiles answered: the median, and an 80 % interval around it.
const LEVELS: [f64; 3] = [0.1, 0.5, 0.9];
/// Share of the epochs from nothing that take a trained network to a later origin.
const MORE: f64 = 0.3;
/// Share of the step size with which it goes on.
const GENTLE: f64 = 0.5;
/// Fewest windows that a network learns from.
const FEWEST_WINDOWS: usize = 64;
/// Longest window that is chosen unasked.
const LONGEST_WINDOW: usize = 52;
/// Most windows of an epoch and most networks of a team.
const MOST_WINDOWS: usize = 100_000_000;
const MOST_OF_TEAM: usize = 64;

/// What is taken out of a history before the network sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Nothing but the windows' mean.
    Plain,
    /// The season, and a level by exponential smoothing.
    Hybrid,
}

impl Kind {
    /// All, simplest first.
    pub(crate) const ALL: [Self; 2] = [Self::Plain, Self::Hybrid];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "global-lstm",
            Self::Hybrid => "hybrid",
        }
    }
}

/// A global network as a method: it tells what was trained for the panel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Global(pub(crate) Kind);

impl Method for Global {
    fn name(&self) -> String {
        self.0.name().to_owned()
    }

    fn fit(&self, task: &Task<'_>, _control: &Control) -> Result<Fit, FitError> {
        let found = task.id.and_then(|id| task.options.networks.get(self.0, id, task.y.len()));
        match found {
            Some(Ok(fit)) => Ok(fit.clone()),
            Some(Err(reason)) => Err(FitError::Refused(reason.clone())),
            None => Err(FitError::Refused(words::not_trained())),
        }
    }
}

/// Periods seen, and the fit to them or why there is none.
type Seen = (usize, Result<Fit, Text>);

/// What the networks of a run forecast, by series and number of periods seen.
#[derive(Debug, Clone, Default)]
pub struct Networks {
    fits: BTreeMap<(Kind, SeriesId), Vec<Seen>>,
}

/// Options are compared without what the engine made of them.
impl PartialEq for Networks {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Networks {
    fn get(&self, kind: Kind, id: &SeriesId, seen: usize) -> Option<&Result<Fit, Text>> {
        let all = self.fits.get(&(kind, id.clone()))?;
        all.iter().find(|(periods, _)| *periods == seen).map(|(_, fit)| fit)
    }

    /// Trains the networks of `kinds` over `series`, for the whole histories and for `wanted` backtest origins.
    ///
    /// # Errors
    /// [`Cancelled`] when the user asked to stop. A network that can't be trained leaves its reason with every series.
    pub(crate) fn train(
        kinds: &[Kind],
        series: &[Series],
        (options, wanted): (&Options, usize),
        control: &Control,
    ) -> Result<Self, Cancelled> {
        let mut all = Self::default();
        for (k, kind) in kinds.iter().enumerate() {
            let part = control.part(k as f64 / kinds.len() as f64, (k + 1) as f64 / kinds.len() as f64);
            all.train_one(*kind, series, (options, wanted), &part)?;
        }
        Ok(all)
    }

    fn train_one(
        &mut self,
        kind: Kind,
        series: &[Series],
        (options, wanted): (&Options, usize),
        control: &Control,
    ) -> Result<(), Cancelled> {
        let Some(first) = series.first() else { return Ok(()) };
        if let Err(reason) = check(&options.neural) {
            self.refuse(kind, series, &reason);
            return Ok(());
        }
        let season = first.start.frequency().season_length();
        let horizon = options.horizon.get();
        let window = if options.neural.window > 0 { options.neural.window } else { window(season) };
        let view = View { window, horizon, season };
        let (place, mut note) = Places::default().choose(options.device);
        let mut panel = Panel { kind, view, series, options, wanted };
        let mut outcome = panel.run(&place, control);
        if let (Place::Gpu(_), Err(Failure::Stopped(Stop::Device(reason)))) = (&place, &outcome) {
            note = super::words::gave_up(reason);
            outcome = panel.run(&Place::Cpu, control);
        }
        let reason = match outcome {
            Ok(fits) => {
                for (id, seen, fit) in fits {
                    let fit = fit.map(|fit| Fit { why: fit.why.then(&note), ..fit });
                    self.fits.entry((kind, id)).or_default().push((seen, fit));
                }
                return Ok(());
            }
            Err(Failure::Stopped(Stop::Cancelled(cancelled))) => return Err(cancelled),
            Err(Failure::Stopped(Stop::Device(reason))) => super::words::gave_up(&reason),
            Err(Failure::Diverged { epoch }) => words::diverged(epoch),
        };
        self.refuse(kind, series, &reason);
        Ok(())
    }

    /// No series has a forecast, for one reason.
    fn refuse(&mut self, kind: Kind, series: &[Series], reason: &Text) {
        for one in series {
            let refused = (one.values.len(), Err(reason.clone()));
            self.fits.entry((kind, one.id.clone())).or_default().push(refused);
        }
    }
}

/// Everything the user can set stays within bounds.
fn check(options: &NetworkOptions) -> Result<(), Text> {
    use super::words::in_range;
    in_range("window", "窗口长度", options.window, 0, super::MAX_WINDOW)?;
    in_range("number of layers", "层数", options.units.len(), 1, super::MAX_LAYERS)?;
    for &units in &options.units {
        in_range("number of units per layer", "每层单元数", units, 1, super::MAX_UNITS)?;
    }
    in_range("number of epochs", "训练轮数", options.epochs, 1, super::MAX_EPOCHS)?;
    in_range("batch size", "批量大小", options.batch, 1, super::MAX_EPOCHS)?;
    in_range("number of windows per epoch", "每轮窗口数", options.windows_per_epoch, 1, MOST_WINDOWS)?;
    in_range("team of networks", "网络个数", options.team, 1, MOST_OF_TEAM)?;
    if !(options.learning_rate > 0.0 && options.learning_rate <= 1.0) {
        return Err(super::words::learning_rate(options.learning_rate));
    }
    Ok(())
}

/// Periods that a network sees: two seasons of months or quarters, one of weeks.
fn window(season: usize) -> usize {
    match season {
        0..=1 => 8,
        2..=7 => (3 * season).clamp(12, 28),
        _ => (2 * season).min(LONGEST_WINDOW),
    }
}

/// A fit, or why there is none, with its series and the periods seen.
type Found = (SeriesId, usize, Result<Fit, Text>);

/// A kind of network and what it is to learn from.
struct Panel<'a> {
    kind: Kind,
    view: View,
    series: &'a [Series],
    options: &'a Options,
    wanted: usize,
}

impl Panel<'_> {
    fn run(&mut self, place: &Place, control: &Control) -> Result<Vec<Found>, Failure> {
        let oldest = self.oldest();
        let seed = seed_of(self.options.seed, &SeriesId::new("", ""), self.kind.name(), 0);
        let mut rng = generator(seed);
        // The share of the work that each course is: the first two are as long, the others shorter.
        let NetworkOptions { epochs: most, team, .. } = self.options.neural;
        let more = ((MORE * most as f64).round() as usize).max(1);
        let total = (most + team * (most + oldest * more)) as f64;
        let mut done = 0.0;
        let mut part = |epochs: usize| {
            let from = done;
            done += epochs as f64 / total;
            control.part(from.min(1.0), done.min(1.0))
        };
        let past = self.scaled(oldest);
        let held = self.view.horizon;
        if self.view.windows(&past, held, self.view.horizon).len() < FEWEST_WINDOWS {
            let windows = self.view.windows(&past, held, self.view.horizon).len();
            let reason = words::too_few_windows(windows, FEWEST_WINDOWS);
            return Ok(self.series.iter().map(|s| (s.id.clone(), s.values.len(), Err(reason.clone()))).collect());
        }
        let mut engine = self.engine(place, seed)?;
        let course =
            Course { options: &self.options.neural, view: self.view, series: &past, held, epochs: most, gentle: 1.0 };
        let epochs = course.run(&mut *engine, &mut rng, &part(most))?;
        let misses = Misses::of(&mut *engine, self.view, &past, held, control)?;
        let mut members = Vec::with_capacity(team);
        for k in 0..team as u64 {
            members.push(self.engine(place, seed.wrapping_add(k))?);
        }
        let mut found = Vec::new();
        for fold in (0..=oldest).rev() {
            let histories = if fold == oldest { past.clone() } else { self.scaled(fold) };
            let (epochs, gentle) = if fold == oldest { (epochs, 1.0) } else { (more.min(epochs), GENTLE) };
            let course =
                Course { options: &self.options.neural, view: self.view, series: &histories, held: 0, epochs, gentle };
            for engine in &mut members {
                course.run(&mut **engine, &mut rng, &part(epochs))?;
            }
            found.extend(self.forecast(&mut members, &histories, fold, &misses, control)?);
        }
        Ok(found)
    }

    /// The oldest origin at which at least half of the series have a fold.
    fn oldest(&self) -> usize {
        let count = |s: &Series| folds(s.values.len(), self.view.season, self.view.horizon, self.wanted).len();
        let counts: Vec<usize> = self.series.iter().map(count).collect();
        let enough = |k: &usize| 2 * counts.iter().filter(|c| *c >= k).count() >= counts.len();
        if self.wanted == 0 { 0 } else { (1..=self.wanted).rev().find(enough).unwrap_or(0) }
    }

    /// The part of a series that a fold sees; `None` when it has no such fold.
    fn seen<'s>(&self, series: &'s Series, fold: usize) -> Option<&'s [f64]> {
        if fold == 0 {
            return Some(&series.values);
        }
        let all = folds(series.values.len(), self.view.season, self.view.horizon, self.wanted);
        all.get(fold - 1).map(|f| &series.values[..f.origin])
    }

    fn scaled(&self, fold: usize) -> Vec<Option<Scaled>> {
        let of = |s: &Series| Scaled::new(self.seen(s, fold)?, self.view.season, self.kind, self.view.window);
        self.series.iter().map(of).collect()
    }

    fn engine(&self, place: &Place, seed: u64) -> Result<Box<dyn Engine>, Failure> {
        let view = self.view;
        let outputs = view.horizon * LEVELS.len();
        let shape = Shape::lstm((view.window, view.inputs()), &self.options.neural.units, outputs);
        let first = shape.first_parameters(&mut generator(seed));
        let recipe = Recipe { objective: Objective::Quantiles(LEVELS.to_vec()), ..Recipe::square(0.0) };
        Ok(match place {
            Place::Cpu => Box::new(Fused::new(&shape, &first, recipe)),
            Place::Gpu(device) => Box::new(OpByOp::new(&shape, &first, recipe, device)?),
        })
    }

    fn forecast(
        &self,
        team: &mut [Box<dyn Engine>],
        histories: &[Option<Scaled>],
        fold: usize,
        misses: &Misses,
        control: &Control,
    ) -> Result<Vec<Found>, Stop> {
        let ready = |scaled: &Option<Scaled>| scaled.as_ref().is_some_and(|s| s.len() >= self.view.least());
        let at = |k: usize| histories[k].as_ref().map(|s| windows::At { series: k, t: s.len() - 1 });
        let last: Vec<_> = (0..histories.len()).filter(|k| ready(&histories[*k])).filter_map(at).collect();
        let mut answers = vec![0.0; last.len() * self.view.horizon * LEVELS.len()];
        let size = team.len() as f32;
        for engine in &mut *team {
            let own = training::answer(&mut **engine, self.view, histories, &last, control)?;
            answers.iter_mut().zip(own).for_each(|(sum, own)| *sum += own / size);
        }
        let mut found = Vec::with_capacity(self.series.len());
        let mut answers = last.iter().zip(answers.chunks_exact(self.view.horizon * LEVELS.len())).peekable();
        for (k, series) in self.series.iter().enumerate() {
            control.check()?;
            let Some(seen) = self.seen(series, fold) else { continue };
            let answer = answers.next_if(|(at, _)| at.series == k);
            let fit = match (answer, &histories[k]) {
                (Some((at, answer)), Some(scaled)) => {
                    let all = folds(series.values.len(), self.view.season, self.view.horizon, self.wanted);
                    let steps = if fold == 0 { self.view.horizon } else { all[fold - 1].steps };
                    let paths = if fold == 0 { self.options.paths } else { self.options.paths.min(FOLD_PATHS) };
                    let seed = seed_of(self.options.seed, &series.id, self.kind.name(), fold);
                    Ok(misses.fit((scaled, at.t), answer, (steps, paths.max(1)), seed))
                }
                _ => Err(words::too_short(self.view.least())),
            };
            let fit = fit.map(|fit| Fit { why: words::learned(self.kind, self.series.len(), misses), ..fit });
            found.push((series.id.clone(), seen.len(), fit));
        }
        Ok(found)
    }
}

/// Paths of a backtest fold.
const FOLD_PATHS: usize = 200;
