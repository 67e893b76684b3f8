//! The game: the forecast when some groups of inputs are as they are, and the others as in a reference window.
//!
//! With `x` the own window, `b` a reference and `S` a subset of the groups, `v(S)` is the mean over the references of the
//! forecast of the window that has the numbers of `S` from `x` and the others from `b` (the interventional value: Janzing,
//! Minorics & Blöbaum 2020, *Feature relevance quantification in explainable AI*). Level, season, Theta's forecast and the
//! sizes of counts are the own ones in all of them. `v` of all groups is the forecast, `v` of none the base.

use super::super::predict::{Checked, Origin};
use super::super::scale::Scaled;
use super::super::windows::Gathered;
use super::super::{AT_ONCE, TrainedNetwork};
use super::case::{self, Case, stopped, team};
use super::players::Players;
use super::shapley;
use crate::control::{Cancelled, Control};
use crate::forecast::ForecastError;
use crate::forecast::neural::engine::{Engine, Shown, Stop};
use crate::forecast::seed::{generator, seed_of};
use crate::model::{InputGroup, Sampling};
use crate::text;
use crate::words::Text;

/// Most groups of which all subsets are tried: 1,024 of them.
const MOST_EXACT: usize = 10;
/// Windows answered at most.
const MOST_WINDOWS: usize = 1 << 15;
/// Weights that all windows together meet at most, where fewer references do: some seconds of a core.
const MOST_WORK: f64 = 1e11;
/// Fewest references, and pairs of orders of each.
const FEWEST_REFERENCES: usize = 8;
const FEWEST_PAIRS: usize = 4;

/// A window that is mixed: groups known, and the reference of the others.
type Mixed = (usize, usize);

/// A window's numbers: those of its periods, those of it as a whole.
type Numbers = [Vec<f32>; 2];

/// All that a forecast of a mixed window needs.
pub(super) struct Game<'a> {
    own: Numbers,
    references: Vec<Numbers>,
    players: Players,
    /// The groups that differ from any reference; the others add nothing.
    active: Vec<usize>,
    team: Vec<Box<dyn Engine>>,
    scaled: Scaled,
    t: usize,
    /// What Theta makes of it, as answers; empty where it isn't asked.
    line: Vec<f64>,
    checked: &'a Checked,
    steps: usize,
    outputs: usize,
    floor: f64,
    seed: u64,
}

/// What came of a game.
pub(super) struct Found {
    /// `v` of no group, units per step.
    pub(super) base: Vec<f64>,
    /// Shapley values of all groups, units per step.
    pub(super) values: Vec<(InputGroup, Vec<f64>)>,
    pub(super) sampling: Option<Sampling>,
}

impl<'a> Game<'a> {
    /// The game of the series asked about.
    pub(super) fn new(case: &Case, network: &'a TrainedNetwork, control: &Control) -> Result<Self, ForecastError> {
        let panel = case.panel(network);
        let view = panel.view();
        let scaled = case.own(view)?.clone();
        let t = case.last().t;
        let lines = network.checked.lines(&case.scaled, &[case.last()], control);
        let line = lines.map_err(|s| stopped(s.into()))?.pop().unwrap_or_default();
        let mut gathered = Gathered::default();
        let mut numbers = |at| -> Numbers {
            view.gather(&case.scaled, &[at], &mut gathered);
            [gathered.x.clone(), gathered.extras.clone()]
        };
        let own = numbers(case.last());
        let mut references: Vec<Numbers> = case.references.iter().map(|at| numbers(*at)).collect();
        if references.is_empty() {
            references.push(own.clone());
        }
        let label = |name: &str| {
            let column = case.columns(network).into_iter().find(|c| c.name.en == name);
            column.map_or_else(|| Text::same(name), |c| c.name.clone())
        };
        let players = Players::new(view, &network.facts.names, label);
        let mut differs = vec![false; players.groups.len()];
        for other in &references {
            players.differing([&own[0], &own[1]], [&other[0], &other[1]], &mut differs);
        }
        let active: Vec<usize> = (0..differs.len()).filter(|g| differs[*g]).collect();
        references.truncate(affordable(network, active.len()));
        let seed = seed_of(case.options.seed, &case.series[0].id, "shapley", 0);
        let (steps, outputs) = (case.options.horizon.get(), network.facts.shape.outputs);
        Ok(Self {
            own,
            references,
            players,
            active,
            team: self::team(&panel, network)?,
            scaled,
            t,
            line,
            checked: &network.checked,
            steps,
            outputs,
            floor: case.floor(),
            seed,
        })
    }

    /// Reference windows.
    pub(super) fn references(&self) -> usize {
        self.references.len()
    }

    /// The forecast when the network answers nothing: the level with its season, and what Theta's forecast adds to that.
    pub(super) fn level(&self) -> (Vec<f64>, Vec<f64>) {
        let nothing = self.checked.nothing(self.outputs);
        let (level, both) = (self.forecast_beside(&[], &nothing), self.forecast(&nothing));
        let theta = both.iter().zip(&level).map(|(both, level)| both - level).collect();
        (level, theta)
    }

    /// Plays it.
    ///
    /// # Errors
    /// [`ForecastError::Cancelled`].
    pub(super) fn play(&mut self, control: &Control) -> Result<Found, ForecastError> {
        let (base, values, sampling) =
            if self.active.len() <= MOST_EXACT { self.all_subsets(control)? } else { self.some_orders(control)? };
        let mut all: Vec<(InputGroup, Vec<f64>)> =
            self.players.groups.iter().map(|g| (g.clone(), vec![0.0; self.steps])).collect();
        for (group, value) in self.active.iter().zip(values) {
            all[*group].1 = value;
        }
        // Only counts tell their size.
        all.retain(|(group, value)| *group != InputGroup::Size || value.iter().any(|v| *v != 0.0));
        Ok(Found { base, values: all, sampling })
    }

    pub(super) fn all_subsets(&mut self, control: &Control) -> Result<Outcome, ForecastError> {
        let (players, references, steps) = (self.active.len(), self.references.len(), self.steps);
        let mut values = vec![vec![0.0; steps]; 1 << players];
        let mixed: Vec<Mixed> = (0..1 << players).flat_map(|s| (0..references).map(move |r| (s, r))).collect();
        self.each(&mixed, control, |k, forecast| {
            let value = &mut values[mixed[k].0];
            value.iter_mut().zip(forecast).for_each(|(v, f)| *v += f / references as f64);
        })?;
        let found = shapley::exact(players, &values);
        Ok((values.swap_remove(0), found, None))
    }

    pub(super) fn some_orders(&mut self, control: &Control) -> Result<Outcome, ForecastError> {
        let (players, references, steps) = (self.active.len(), self.references.len(), self.steps);
        let pairs = (MOST_WINDOWS / (2 * references * (players + 1))).max(FEWEST_PAIRS);
        let mut rng = generator(self.seed);
        let share = 1.0 / (2 * pairs * references) as f64;
        let mut base = vec![0.0; steps];
        let mut found = vec![vec![0.0; steps]; players];
        // Of the sum over the steps: variance of the pairs' means within each reference, since the references are given.
        let mut variance = vec![0.0; players];
        for reference in 0..references {
            let mut sums = vec![(0.0, 0.0); players];
            for _ in 0..pairs {
                let orders = shapley::pair(players, &mut rng);
                let mixed: Vec<Mixed> =
                    orders.iter().flat_map(|o| shapley::subsets(o)).map(|s| (s, reference)).collect();
                let mut forecasts = vec![Vec::new(); mixed.len()];
                self.each(&mixed, control, |k, forecast| forecasts[k] = forecast)?;
                let mut gains = vec![0.0; players];
                for (order, along) in orders.iter().zip(forecasts.chunks_exact(players + 1)) {
                    base.iter_mut().zip(&along[0]).for_each(|(b, f)| *b += share * f);
                    for (player, step) in order.iter().zip(along.windows(2)) {
                        for (h, value) in found[*player].iter_mut().enumerate() {
                            let gain = step[1][h] - step[0][h];
                            *value += share * gain;
                            gains[*player] += 0.5 * gain;
                        }
                    }
                }
                sums.iter_mut().zip(gains).for_each(|(s, g)| *s = (s.0 + g, s.1 + g * g));
            }
            let n = pairs as f64;
            for (variance, (sum, squares)) in variance.iter_mut().zip(sums) {
                *variance += ((squares - sum * sum / n) / (n - 1.0)).max(0.0) / n;
            }
        }
        let error = variance.iter().fold(0.0_f64, |m, v| m.max(v.sqrt())) / references as f64;
        Ok((base, found, Some(Sampling { orders: 2 * pairs * references, error })))
    }

    /// Forecasts mixed windows and hands each over with its place.
    fn each(
        &mut self,
        mixed: &[Mixed],
        control: &Control,
        mut take: impl FnMut(usize, Vec<f64>),
    ) -> Result<(), ForecastError> {
        let stage = text!("Taking the network's forecast apart", "正在分解网络预测");
        let mut numbers = Numbers::default();
        let mut answers = Vec::new();
        for (k, part) in mixed.chunks(AT_ONCE).enumerate() {
            let done = (k * AT_ONCE) as f64 / mixed.len() as f64;
            control.report(done, &stage).map_err(|Cancelled| ForecastError::Cancelled)?;
            numbers.iter_mut().for_each(Vec::clear);
            for (subset, reference) in part {
                self.mix(*subset, *reference, &mut numbers);
            }
            self.answer(&numbers, part.len(), &mut answers, control).map_err(|s| stopped(s.into()))?;
            for (j, answer) in answers.chunks_exact(self.outputs).enumerate() {
                take(k * AT_ONCE + j, self.forecast(answer));
            }
        }
        Ok(())
    }

    /// Appends the window with the active groups of `subset` as they are and the others from a reference.
    fn mix(&self, subset: usize, reference: usize, numbers: &mut Numbers) {
        let mut known = vec![false; self.players.groups.len()];
        self.active.iter().enumerate().for_each(|(bit, group)| known[*group] = subset >> bit & 1 == 1);
        for (part, to) in numbers.iter_mut().enumerate() {
            let both = self.own[part].iter().zip(&self.references[reference][part]);
            to.extend(both.zip(&self.players.of[part]).map(|((own, other), g)| if known[*g] { own } else { other }));
        }
    }

    /// The team's mean answers.
    fn answer(
        &mut self,
        numbers: &Numbers,
        windows: usize,
        answers: &mut Vec<f32>,
        control: &Control,
    ) -> Result<(), Stop> {
        let shown = Shown { x: &numbers[0], extras: &numbers[1] };
        answers.clear();
        answers.resize(windows * self.outputs, 0.0);
        let mut own = vec![0.0; answers.len()];
        let size = self.team.len() as f32;
        for engine in &mut self.team {
            engine.predict(shown, &mut own, control)?;
            answers.iter_mut().zip(&own).for_each(|(sum, own)| *sum += own / size);
        }
        Ok(())
    }

    /// The forecast that an answer stands for.
    fn forecast(&self, answer: &[f32]) -> Vec<f64> {
        self.forecast_beside(&self.line, answer)
    }

    fn forecast_beside(&self, line: &[f64], answer: &[f32]) -> Vec<f64> {
        let origin = Origin { scaled: &self.scaled, t: self.t, line };
        let mean = self.checked.mean(origin, answer, self.steps);
        mean.into_iter().map(|v| v.max(self.floor)).collect()
    }
}

/// Base, values of the active groups, how they were sampled.
pub(super) type Outcome = (Vec<f64>, Vec<Vec<f64>>, Option<Sampling>);

/// References that can be afforded when so many groups are active.
fn affordable(network: &TrainedNetwork, active: usize) -> usize {
    let subsets = 1_usize << active.min(MOST_EXACT);
    let weights = (network.parameters() * network.facts.shape.window).max(1);
    let by_work = (MOST_WORK / (subsets * weights) as f64) as usize;
    by_work.min(MOST_WINDOWS / subsets).clamp(FEWEST_REFERENCES, case::REFERENCES)
}
