//! A kind of network over a panel: the courses it is trained in, and what it forecasts at each origin.

use super::AT_ONCE;
use super::inputs::{Inputs, Names};
use super::kind::{Kind, Scaling};
use super::predict::{Checked, Origin};
use super::scale::Scaled;
use super::trained::{Facts, LearntFrom, TrainedNetwork};
use super::training::{Course, answer};
use super::windows::{At, View};
use super::words;
use crate::control::{Cancelled, Control};
use crate::forecast::Options;
use crate::forecast::backtest::folds;
use crate::forecast::method::Fit;
use crate::forecast::neural::engine::{Engine, Stop};
use crate::forecast::neural::fused::Fused;
use crate::forecast::neural::network::Shape;
use crate::forecast::neural::ops::OpByOp;
use crate::forecast::neural::places::Place;
use crate::forecast::neural::training::Failure;
use crate::forecast::seed::{generator, seed_of};
use crate::model::{Series, SeriesId};
use crate::words::Text;
use rayon::prelude::*;

/// Share of the epochs from nothing that take a trained network to a later origin.
const MORE: f64 = 0.3;
/// Share of the step size with which it goes on.
const GENTLE: f64 = 0.5;
/// Fewest windows that a network learns from.
const FEWEST_WINDOWS: usize = 64;
/// Paths of a backtest fold.
const FOLD_PATHS: usize = 200;

/// A fit, or why there is none, with its series and the periods seen.
pub(super) type Found = (SeriesId, usize, Result<Fit, Text>);

/// A kind of network and what it is to learn from.
pub(super) struct Panel<'a> {
    kind: Kind,
    window: usize,
    season: usize,
    pub(super) series: &'a [Series],
    pub(super) options: &'a Options,
    wanted: usize,
    inputs: Inputs,
    /// The oldest origin at which at least half of the series have a fold.
    pub(super) oldest: usize,
    /// Periods that the network answers, at least as many as are asked for.
    answered: usize,
    /// Most windows given to an engine at once.
    pub(super) at_once: usize,
}

impl<'a> Panel<'a> {
    /// A network with windows of `window` periods, for the whole histories and up to `wanted` backtest origins.
    pub(super) fn new(
        (kind, window, season): (Kind, usize, usize),
        series: &'a [Series],
        (options, wanted): (&'a Options, usize),
    ) -> Self {
        let answered = options.horizon.get();
        let mut panel = Self::bare((kind, window, season), answered, series, (options, wanted));
        let longest = series.iter().map(|s| panel.learnt(s, panel.oldest).len()).max().unwrap_or(0);
        // The validation block is not seen at first.
        panel.tell(Names::of(series, options, longest.saturating_sub(answered)));
        panel
    }

    /// The panel as a trained network sees it.
    pub(super) fn of_trained(
        network: &TrainedNetwork,
        series: &'a [Series],
        (options, wanted): (&'a Options, usize),
    ) -> Self {
        let mut panel = Self::bare(network.spans(), network.facts.horizon, series, (options, wanted));
        panel.tell(network.facts.names.clone());
        panel
    }

    /// Some of the series of a panel whose oldest origin is `oldest`, as a trained network sees them there.
    pub(super) fn of_part(
        network: &TrainedNetwork,
        (part, oldest): (&'a [Series], usize),
        (options, wanted): (&'a Options, usize),
    ) -> Self {
        let mut panel = Self::bare(network.spans(), network.facts.horizon, part, (options, wanted));
        panel.oldest = oldest;
        panel.tell(network.facts.names.clone());
        panel
    }

    /// The oldest origin of a panel, for [`of_part`](Self::of_part).
    pub(super) fn oldest_of(
        network: &TrainedNetwork,
        series: &'a [Series],
        (options, wanted): (&'a Options, usize),
    ) -> usize {
        Self::bare(network.spans(), network.facts.horizon, series, (options, wanted)).oldest
    }

    /// Without inputs.
    fn bare(
        (kind, window, season): (Kind, usize, usize),
        answered: usize,
        series: &'a [Series],
        (options, wanted): (&'a Options, usize),
    ) -> Self {
        let inputs = Inputs::default();
        let at_once = AT_ONCE.max(options.neural.batch);
        let mut panel = Self { kind, window, season, series, options, wanted, inputs, oldest: 0, answered, at_once };
        panel.oldest = panel.find_oldest();
        panel
    }

    fn tell(&mut self, names: Names) {
        let known = |s: &Series| self.learnt(s, self.oldest).len();
        self.inputs = Inputs::new(names, (self.series, self.window), self.options, known);
    }

    /// Trains the network and forecasts every series at every origin.
    pub(super) fn run(
        &self,
        place: &Place,
        control: &Control,
    ) -> Result<(Vec<Found>, Option<TrainedNetwork>), Failure> {
        let (oldest, view) = (self.oldest, self.view());
        let seed = seed_of(self.options.seed, &SeriesId::new("", ""), self.kind.name(), 0);
        let mut rng = generator(seed);
        let (most, team) = (self.options.neural.epochs, self.options.neural.team);
        let more = ((MORE * most as f64).round() as usize).max(1);
        // The share of the work that each course is: the first two are as long, the others shorter.
        let total = (most + team * (most + oldest * more)) as f64;
        let mut done = 0.0;
        let mut part = |epochs: usize| {
            let from = done;
            done += epochs as f64 / total;
            control.part(f64::min(from, 1.0), f64::min(done, 1.0))
        };
        let held = view.horizon;
        let past = self.scaled(oldest, held, control)?;
        let windows = view.windows(&past, held, view.horizon).len();
        if windows < FEWEST_WINDOWS {
            let reason = words::too_few_windows(windows, FEWEST_WINDOWS);
            let none = |s: &Series| (s.id.clone(), s.values.len(), Err(reason.clone()));
            return Ok((self.series.iter().map(none).collect(), None));
        }
        let course = Course { options: &self.options.neural, view, series: &past, held, epochs: most, gentle: 1.0 };
        let mut scout = self.engine(place, seed)?;
        let epochs = course.run(&mut *scout, &mut rng, &part(most))?;
        let checked = Checked::of(&mut *scout, view, &past, held, control)?;
        let validation_loss = course.loss(&mut *scout, control)?;
        let mut members = Vec::with_capacity(team);
        for k in 0..team as u64 {
            members.push(self.engine(place, seed.wrapping_add(k))?);
        }
        let mut found = Vec::new();
        let mut origins = Vec::with_capacity(oldest + 1);
        for fold in (0..=oldest).rev() {
            let histories = self.scaled(fold, 0, control)?;
            let (epochs, gentle) = if fold == oldest { (epochs, 1.0) } else { (more.min(epochs), GENTLE) };
            let course = Course { series: &histories, held: 0, epochs, gentle, ..course };
            for engine in &mut members {
                course.run(&mut **engine, &mut rng, &part(epochs))?;
            }
            found.extend(self.forecast((&mut members, &checked), fold, &histories, control)?);
            origins.push(members.iter().map(|m| m.parameters()).collect::<Result<Vec<_>, _>>()?);
        }
        let members = origins.pop().unwrap_or_default();
        let earlier = origins.into_iter().rev().collect();
        let facts = Facts {
            kind: self.kind.name().to_owned(),
            shape: self.kind.shape(view, &self.options.neural),
            horizon: self.answered,
            names: self.inputs.names().clone(),
            options: self.options.neural.clone(),
            seed: self.options.seed,
            epochs,
            validation_loss,
            panels: LearntFrom::of(self.series).into_iter().collect(),
            saved: None,
        };
        Ok((found, Some(TrainedNetwork { kind: self.kind, facts, members, earlier, checked })))
    }

    pub(super) fn view(&self) -> View<'_> {
        let (kind, window, season) = (self.kind, self.window, self.season);
        let (at_once, inputs) = (self.at_once, &self.inputs);
        View { kind, window, horizon: self.answered, season, at_once, inputs }
    }

    fn find_oldest(&self) -> usize {
        let horizon = self.options.horizon.get();
        let count = |s: &Series| folds(s.values.len(), self.season, horizon, self.wanted).len();
        let counts: Vec<usize> = self.series.iter().map(count).collect();
        let enough = |k: &usize| 2 * counts.iter().filter(|c| *c >= k).count() >= counts.len();
        if self.wanted == 0 { 0 } else { (1..=self.wanted).rev().find(enough).unwrap_or(0) }
    }

    /// The part of a series that a fold forecasts from, and the steps that it forecasts; `None` when it has no such fold.
    pub(super) fn seen<'s>(&self, series: &'s Series, fold: usize) -> Option<(&'s [f64], usize)> {
        let horizon = self.options.horizon.get();
        if fold == 0 {
            return Some((&series.values, horizon));
        }
        let all = folds(series.values.len(), self.season, horizon, self.wanted);
        all.get(fold - 1).map(|f| (&series.values[..f.origin], f.steps))
    }

    /// The part of a series that the network of a fold learns from: up to the origin of the long histories. A short one
    /// has later origins, of which others must not learn.
    pub(super) fn learnt<'s>(&self, series: &'s Series, fold: usize) -> &'s [f64] {
        let (seen, _) = self.seen(series, fold).unwrap_or((&[], 0));
        let origin = series.values.len().saturating_sub(fold * self.options.horizon.get());
        &seen[..seen.len().min(origin)]
    }

    /// What the network of a fold learns from, scaled, with nothing estimated from its last `held` periods.
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when the user asked to stop.
    pub(super) fn scaled(&self, fold: usize, held: usize, control: &Control) -> Result<Vec<Option<Scaled>>, Stop> {
        let of = |s: &Series| {
            let y = self.learnt(s, fold);
            self.scale(y, y.len().saturating_sub(held), control)
        };
        Ok(self.series.par_iter().map(of).collect::<Result<_, _>>()?)
    }

    /// What a fold forecasts from, scaled; `learnt` is what its network learnt from.
    fn origins(&self, fold: usize, learnt: &[Option<Scaled>], control: &Control) -> Result<Vec<Option<Scaled>>, Stop> {
        let of = |(s, learnt): (&Series, &Option<Scaled>)| {
            let seen = self.seen(s, fold).map_or(&[][..], |(seen, _)| seen);
            if seen.len() == self.learnt(s, fold).len() {
                return Ok(learnt.clone());
            }
            self.scale(seen, seen.len(), control)
        };
        Ok(self.series.par_iter().zip(learnt).map(of).collect::<Result<_, Cancelled>>()?)
    }

    fn scale(&self, y: &[f64], known: usize, control: &Control) -> Result<Option<Scaled>, Cancelled> {
        Scaled::new((y, known), self.view().spans(), self.kind.scaling(), control)
    }

    fn engine(&self, place: &Place, seed: u64) -> Result<Box<dyn Engine>, Failure> {
        let shape = self.kind.shape(self.view(), &self.options.neural);
        let mut first = shape.first_parameters(&mut generator(seed));
        if self.kind.scaling() == Scaling::Smoothed {
            // It starts from the level and season of smoothing alone.
            if let Some(last) = shape.dense().last() {
                first[last.weights.clone()].fill(0.0);
            }
        }
        self.engine_of(&shape, &first, (place, seed))
    }

    /// An engine with given weights.
    pub(super) fn engine_of(
        &self,
        shape: &Shape,
        weights: &[f32],
        (place, seed): (&Place, u64),
    ) -> Result<Box<dyn Engine>, Failure> {
        let recipe = self.kind.recipe(&self.options.neural, seed);
        Ok(match place {
            Place::Cpu => Box::new(Fused::new(shape, weights, recipe)),
            Place::Gpu(device) => Box::new(OpByOp::new(shape, weights, recipe, device)?),
        })
    }

    /// Forecasts every series from its origin of a fold; `learnt` is what the team learnt from.
    pub(super) fn forecast(
        &self,
        (team, checked): (&mut [Box<dyn Engine>], &Checked),
        fold: usize,
        learnt: &[Option<Scaled>],
        control: &Control,
    ) -> Result<Vec<Found>, Stop> {
        let view = self.view();
        let width = view.horizon * self.kind.objective().parts();
        let histories = self.origins(fold, learnt, control)?;
        let at = |(series, scaled): (usize, &Option<Scaled>)| {
            let length = scaled.as_ref()?.len();
            (length >= view.least()).then(|| At { series, t: length - 1 })
        };
        let last: Vec<At> = histories.iter().enumerate().filter_map(at).collect();
        let mut answers = vec![0.0; last.len() * width];
        let size = team.len() as f32;
        for engine in team {
            let own = answer(&mut **engine, view, &histories, &last, control)?;
            answers.iter_mut().zip(own).for_each(|(sum, own)| *sum += own / size);
        }
        let lines = checked.lines(&histories, &last, control)?;
        let mut answers = last.iter().zip(&lines).zip(answers.chunks_exact(width)).peekable();
        let mut found = Vec::with_capacity(self.series.len());
        for (k, series) in self.series.iter().enumerate() {
            control.check()?;
            let Some((seen, steps)) = self.seen(series, fold) else { continue };
            let answer = answers.next_if(|((at, _), _)| at.series == k);
            let fit = match (answer, &histories[k]) {
                (Some(((at, line), answer)), Some(scaled)) => {
                    let paths = if fold == 0 { self.options.paths } else { self.options.paths.min(FOLD_PATHS) };
                    let seed = seed_of(self.options.seed, &series.id, self.kind.name(), fold);
                    let fit = checked.fit(Origin { scaled, t: at.t, line }, answer, (steps, paths.max(1)), seed);
                    let why = words::learned(self.kind, self.series.len(), (checked, !line.is_empty()));
                    Ok(Fit { why, ..fit })
                }
                _ => Err(words::too_short(self.kind, view.least())),
            };
            found.push((series.id.clone(), seen.len(), fit));
        }
        Ok(found)
    }
}
