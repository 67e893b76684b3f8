//! One network over all series of a panel.
//!
//! Each history is scaled by a level of its own ([`scale`]), windows of all of them train one network together ([`windows`],
//! [`training`]) with what else is known of them ([`inputs`]), and it answers three quantiles or a distribution of counts of
//! every step at once ([`kind`]). How these held is seen on a validation block; the answers' misses there, one trajectory per
//! window, are what sample paths are drawn from ([`predict`]), so a path keeps how errors hang together over the steps (the empirical copula of Clark et al. 2004, *The
//! Schaake shuffle*, J. Hydrometeorology 5).
//!
//! A backtest needs a network for each origin. The oldest one is trained from nothing, the later ones go on from it with
//! what has been learnt since: nobody sees anything from after its origin ([`panel`]).
//!
//! Why a forecast is what it is, and what it would be were an input another, is told in [`explain`].

mod augment;
mod explain;
mod inputs;
mod kind;
mod panel;
mod predict;
mod resume;
mod scale;
mod trained;
mod training;
mod windows;
mod words;

#[cfg(test)]
mod tests;

pub use explain::{explain_network, what_if};
pub(crate) use kind::Kind;
pub use trained::{NetworkMeasure, Precision, Pretrained, Reuse, TrainedNetwork, TrainedNetworks};

use super::engine::Stop;
use super::persist::persist;
use super::places::{Place, Places};
use super::training::Failure;
use crate::control::{Cancelled, Control};
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::forecast::{NetworkOptions, Options};
use crate::model::{Frequency, Series, SeriesId};
use crate::words::Text;
use panel::Panel;
use std::collections::BTreeMap;
use std::time::Instant;

/// Longest and shortest window that are chosen unasked.
const LONGEST_WINDOW: usize = 52;
const SHORTEST_WINDOW: usize = 8;
/// Most windows of an epoch and most networks of a team.
const MOST_WINDOWS: usize = 100_000_000;
const MOST_OF_TEAM: usize = 64;
/// Windows answered at a time.
const AT_ONCE: usize = 1024;

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
    trained: TrainedNetworks,
    /// Seconds that a network took in all, for each of the series.
    seconds: BTreeMap<Kind, f64>,
}

/// Options are compared without what the engine made of them.
impl PartialEq for Networks {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Networks {
    /// The networks that were trained.
    pub(crate) fn trained(&self) -> &TrainedNetworks {
        &self.trained
    }

    /// Seconds that the training of a network took, one series' share; told, never decided by. 0 of other models.
    pub(crate) fn seconds(&self, model: &str) -> f64 {
        self.seconds.iter().find(|(kind, _)| kind.name() == model).map_or(0.0, |(_, seconds)| *seconds)
    }

    fn get(&self, kind: Kind, id: &SeriesId, seen: usize) -> Option<&Result<Fit, Text>> {
        let all = self.fits.get(&(kind, id.clone()))?;
        all.iter().find(|(periods, _)| *periods == seen).map(|(_, fit)| fit)
    }

    /// Trains the networks of `kinds` over `series`, for the whole histories and for `wanted` backtest origins; `trained`
    /// takes each as soon as it is.
    ///
    /// # Errors
    /// [`Cancelled`] when the user asked to stop. A network that can't be trained leaves its reason with every series.
    pub(crate) fn train(
        kinds: &[Kind],
        series: &[Series],
        (options, wanted): (&Options, usize),
        trained: &dyn Fn(&TrainedNetwork),
        control: &Control,
    ) -> Result<Self, Cancelled> {
        let mut all = Self::default();
        for (k, kind) in kinds.iter().enumerate() {
            let part = control.part(k as f64 / kinds.len() as f64, (k + 1) as f64 / kinds.len() as f64);
            let started = Instant::now();
            all.train_one(*kind, series, (options, wanted), &part)?;
            all.seconds.insert(*kind, started.elapsed().as_secs_f64() / series.len().max(1) as f64);
            all.trained.get(kind.name()).into_iter().for_each(trained);
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
        let (place, note) = Places::default().choose(options.device);
        let window = if options.neural.window > 0 { options.neural.window } else { window(season, series) };
        let reused = match &options.pretrained {
            Some(pretrained) if pretrained.reuse == Reuse::Repeated => {
                let network = pretrained.networks.get(kind.name());
                network.filter(|n| can_repeat(n, series, (options, wanted))).map(|n| (n, Reuse::Repeated))
            }
            Some(pretrained) => match reusable(pretrained, kind, first.start.frequency(), options) {
                Ok(network) => Some((network, pretrained.reuse)),
                Err(reason) => {
                    self.refuse(kind, series, &reason);
                    return Ok(());
                }
            },
            None => None,
        };
        let mut panel = match reused {
            Some((network, _)) => Panel::of_trained(network, series, (options, wanted)),
            None => Panel::new((kind, window, season), series, (options, wanted)),
        };
        let attempt = |place: &Place, at_once| {
            panel.at_once = at_once;
            match reused {
                Some((network, Reuse::Repeated)) => {
                    panel.repeat(network, place, control).map(|found| (found, Some(network.clone())))
                }
                Some(reused) => panel.resume(reused, place, control).map(|(found, network)| (found, Some(network))),
                None => panel.run(place, control),
            }
        };
        let (outcome, told) = persist(&place, AT_ONCE.max(options.neural.batch), attempt);
        let note = note.then(&told);
        let reason = match outcome {
            Ok((fits, trained)) => {
                if let Some(network) = trained {
                    self.trained.put(network);
                }
                for (id, seen, fit) in fits {
                    let fit = fit.map(|fit| Fit { why: fit.why.then(&note), ..fit });
                    self.fits.entry((kind, id)).or_default().push((seen, fit));
                }
                return Ok(());
            }
            Err(Failure::Stopped(Stop::Cancelled(cancelled))) => return Err(cancelled),
            Err(Failure::Stopped(Stop::Device(reason))) => super::words::gave_up(&reason),
            Err(Failure::Diverged { epoch }) => words::diverged(epoch, options.neural.learning_rate),
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

/// The loaded networks of a kind, when they suit what is to be forecast.
fn reusable<'a>(
    pretrained: &'a Pretrained,
    kind: Kind,
    frequency: Frequency,
    options: &Options,
) -> Result<&'a TrainedNetwork, Text> {
    let network = pretrained.networks.get(kind.name()).ok_or_else(|| trained::words::not_in_file(kind.name()))?;
    network.suits(frequency, options.horizon.get())?;
    Ok(network)
}

/// Whether a network was trained on this panel with these options, and its weights were kept at every origin.
fn can_repeat(network: &TrainedNetwork, series: &[Series], (options, wanted): (&Options, usize)) -> bool {
    let facts = &network.facts;
    facts.options == options.neural
        && facts.seed == options.seed
        && facts.horizon == options.horizon.get()
        && network.earlier.len() == Panel::oldest_of(network, series, (options, wanted))
        && network.learnt_from(series)
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
    for (en, zh, share) in [("dropout", "丢弃率", options.dropout), ("weight decay", "权重衰减", options.weight_decay)]
    {
        if !(0.0..1.0).contains(&share) {
            return Err(words::share(en, zh, share));
        }
    }
    if !(options.learning_rate > 0.0 && options.learning_rate <= 1.0) {
        return Err(super::words::learning_rate(options.learning_rate));
    }
    Ok(())
}

/// Periods that a network sees: three seasons of months or quarters, one of weeks; less where histories are short.
fn window(season: usize, series: &[Series]) -> usize {
    let wanted = match season {
        0..=1 => 8,
        2..=7 => (3 * season).clamp(12, 28),
        _ => (3 * season).min(LONGEST_WINDOW),
    };
    let mut lengths: Vec<usize> = series.iter().map(|s| s.values.len()).collect();
    lengths.sort_unstable();
    let middle = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    wanted.min((middle / 3).max(SHORTEST_WINDOW))
}
