//! Whether a model named beside the automatic ones (`auto,hybrid`) is taken: only where it is better beyond chance.
//!
//! The automatic shortlist chooses for each item as ever ([`super::choose`]). A challenger then meets its rivals over the
//! rolling origins: seasonal naive (naive where there is no season), ETS, Theta, the automatic combination, and the item's
//! automatic choice. Items without and with pauses in demand are judged apart, the ones by absolute and the others by squared
//! errors, in units of the item's own scale so that they can be pooled.
//!
//! 1. *The panel.* One item's few folds rarely tell anything, all items' together may. Per calendar period the difference of
//!    the losses is averaged over the items, and the averages are tested over time (Diebold–Mariano with Bartlett's weights, as
//!    many lags as steps; the pooled test of Qu, Timmermann & Zhu 2023, *Comparing forecasting performance in cross-sections*,
//!    J. Econometrics 237): what hits all items at once counts once. The challenger is better over the panel when it beats
//!    every rival that at least half of the items have with `p < 1 %`, over at least [`FEWEST_POOLED`] items and two origins. It is then taken for the items whose
//!    own backtest agrees: its mean loss is below that of the model it replaces and, with pauses, its error of the folds'
//!    totals is so too.
//! 2. *An item alone.* Otherwise it is taken for an item without pauses where it has the smaller error in every one of at
//!    least three folds and beats each rival there beyond chance. Many items find winners by luck, so the largest p-value of
//!    each is held to a false discovery rate of 1 % over the items (Benjamini & Hochberg 1995, *Controlling the false discovery
//!    rate*, J. Royal Statistical Society B 57).
//!
//! Where several challengers are taken for an item, the one with the smallest loss is. Everything else keeps its statistical
//! model, and its reasons say why.

mod evidence;
mod words;

use super::Models;
use super::choose::{CHANCE, Measure};
use super::registry::AUTO;
use crate::model::{Series, SeriesForecast};
use crate::words::Text;
use evidence::{Item, Pooled, pool};
use std::sync::Arc;

/// Fewest items that speak for a panel.
pub const FEWEST_POOLED: usize = 10;

/// How a model named beside the automatic ones did over the items without, or with, pauses in demand.
#[derive(Debug, Clone, PartialEq)]
pub struct Challenge {
    /// The model.
    pub model: Arc<str>,
    /// Items that it was compared on.
    pub items: usize,
    /// Items that it is taken for.
    pub used: usize,
    /// Its error over them: MASE, or with pauses RMSSE.
    pub error: f64,
    /// The best of its rivals over the same items (`automatic`: each item's automatic choice), and its error; `None` when there was nothing to compare with.
    pub rival: Option<(Arc<str>, f64)>,
    /// The largest p-value of the pooled tests against its rivals; `None` where the panel is too small for them.
    pub p: Option<f64>,
    /// True when it is better than every rival over the panel, beyond chance.
    pub is_better: bool,
    /// All this in a sentence.
    pub sentence: Text,
}

/// What is to be changed of a panel's forecasts, and why.
#[derive(Debug, Clone, Default)]
pub struct Settlement {
    changes: Vec<Change>,
    challenges: Vec<Challenge>,
}

/// What is to be changed of the forecast at a position.
#[derive(Debug, Clone)]
struct Change {
    position: usize,
    /// The challenger taken.
    taken: Option<Arc<str>>,
    why: Text,
    /// p-values of its scores' models against the one taken.
    against: Vec<Option<f64>>,
}

impl Settlement {
    /// How each challenger did.
    pub fn challenges(&self) -> &[Challenge] {
        &self.challenges
    }

    /// Changes the forecasts that were judged: once, in their order, whether or not the user chose others since. Returns how
    /// each challenger did.
    pub fn apply(self, forecasts: &mut [SeriesForecast]) -> Vec<Challenge> {
        for change in self.changes {
            let Some(forecast) = forecasts.get_mut(change.position) else { continue };
            let taken = change.taken.and_then(|model| forecast.candidates.iter().position(|c| c.model == model));
            if let Some(k) = taken {
                forecast.automatic = Some(forecast.without_others().clone());
                forecast.chosen = k;
                for (score, p) in forecast.scores.iter_mut().zip(change.against) {
                    score.against_chosen = p;
                }
            }
            forecast.why = change.why;
        }
        self.challenges
    }
}

impl Models {
    /// True when the automatic shortlist competes, alone or with others beside it.
    pub fn is_automatic(&self) -> bool {
        match self {
            Self::Auto => true,
            Self::Named(names) => names.iter().any(|name| &**name == AUTO),
        }
    }

    /// What is named beside the automatic shortlist; empty without it.
    pub fn beside(&self) -> Vec<Arc<str>> {
        match self {
            Self::Named(names) if self.is_automatic() => names.iter().filter(|n| &***n != AUTO).cloned().collect(),
            _ => Vec::new(),
        }
    }
}

/// Judges the models named beside the automatic ones. `forecasts` are those of `series`, one by one; nothing is to be changed
/// when no model is named beside them. How each did is the same before and after what is to be changed was.
pub fn settle<'a>(
    series: &[Series],
    forecasts: impl Iterator<Item = &'a SeriesForecast>,
    models: &Models,
) -> Settlement {
    let challengers = models.beside();
    if challengers.is_empty() {
        return Settlement::default();
    }
    let mut items: Vec<Item<'a>> = forecasts.zip(series).map(|(f, s)| Item::new(f, Measure::of(&s.values))).collect();
    let mut challenges = Vec::new();
    for measure in [Measure::Absolute, Measure::Squared] {
        for model in &challengers {
            challenges.extend(challenge(&mut items, model, measure));
        }
    }
    let changes = items.iter().enumerate().map(|(position, item)| item.change(position)).collect();
    for (challenge, pooled) in &mut challenges {
        let taken = |i: &&Item<'_>| i.measure == pooled.measure && i.taken() == Some(&challenge.model);
        challenge.used = items.iter().filter(taken).count();
        challenge.sentence = words::panel(challenge, pooled);
    }
    Settlement { changes, challenges: challenges.into_iter().map(|(challenge, _)| challenge).collect() }
}

/// One challenger over the items of a measure; `None` when no item is of it.
fn challenge(items: &mut [Item<'_>], model: &Arc<str>, measure: Measure) -> Option<(Challenge, Pooled)> {
    if items.iter().all(|i| i.measure != measure) {
        return None;
    }
    let pooled = pool(items, model, measure);
    let own = if measure == Measure::Absolute { by_themselves(items, model) } else { vec![false; items.len()] };
    for (item, own) in items.iter_mut().zip(own).filter(|(i, _)| i.measure == measure) {
        item.judge(model, &pooled, own);
    }
    let rival = pooled.best().map(|r| (Arc::from(r.name), r.error));
    let challenge = Challenge {
        model: model.clone(),
        items: pooled.items,
        used: 0,
        error: pooled.error,
        rival,
        p: pooled.largest_p(),
        is_better: pooled.is_better(),
        sentence: Text::default(),
    };
    Some((challenge, pooled))
}

/// The items on which the challenger stands by itself, with false discoveries held to [`CHANCE`].
fn by_themselves(items: &[Item<'_>], model: &str) -> Vec<bool> {
    let of = |i: &Item<'_>| if i.measure == Measure::Absolute { i.own_p(model) } else { None };
    let found: Vec<Option<f64>> = items.iter().map(of).collect();
    let mut sorted: Vec<f64> = found.iter().copied().flatten().collect();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len() as f64;
    let passes = |(k, p): &(usize, &f64)| **p <= CHANCE * (*k + 1) as f64 / count;
    let limit = sorted.iter().enumerate().rfind(passes).map(|(_, p)| *p);
    found.iter().map(|p| p.zip(limit).is_some_and(|(p, limit)| p <= limit)).collect()
}
