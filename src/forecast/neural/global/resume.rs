//! Trained networks on a panel: they forecast as they are, or go on learning from it first.
//!
//! A backtest fold is only forecast where the networks had seen nothing from after its origin; the score of the others is
//! withheld, with the reason. Going on learning (transfer learning) has a smaller step, and as many epochs as were best on the
//! panel's own validation block; where that block says that it didn't help, the weights stay as they were. Where the networks have seen
//! that block before, its word leans towards the weights as they were.
//!
//! On the very panel that they were trained on, weights that were kept at every origin repeat their backtest.

use super::panel::{Found, Panel};
use super::predict::Checked;
use super::scale::Scaled;
use super::trained::{LearntFrom, Reuse, TrainedNetwork, words};
use super::training::Course;
use crate::control::Control;
use crate::forecast::method::Fit;
use crate::forecast::neural::engine::Engine;
use crate::forecast::neural::places::Place;
use crate::forecast::neural::training::Failure;
use crate::forecast::seed::{generator, seed_of};
use crate::model::{Series, SeriesId};
use crate::words::Text;
use std::collections::BTreeMap;

/// Share of the epochs from nothing in which trained networks go on learning, and of the step size with which they do.
const MORE: f64 = 0.5;
const GENTLE: f64 = 0.3;
/// Fewest windows and trajectories of a panel that anything is learnt from.
const FEWEST_WINDOWS: usize = 32;
const FEWEST_TRAJECTORIES: usize = 30;

/// What going on learning did to the loss on the validation block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tuned {
    /// Best number of epochs; 0 where none helped.
    pub(super) epochs: usize,
    pub(super) before: f64,
    pub(super) after: f64,
}

impl Panel<'_> {
    /// Forecasts every series at every origin that `network` may be asked of; with what came of it.
    pub(super) fn resume(
        &self,
        (network, reuse): (&TrainedNetwork, Reuse),
        place: &Place,
        control: &Control,
    ) -> Result<(Vec<Found>, TrainedNetwork), Failure> {
        let honest = |fold: usize| self.series.iter().any(|s| self.may_ask(network, s, fold));
        let folds: Vec<usize> = (0..=self.oldest).rev().filter(|fold| *fold == 0 || honest(*fold)).collect();
        let (mut result, mut tuned) = (TrainedNetwork { earlier: Vec::new(), ..network.clone() }, None);
        let share = 1.0 / (folds.len() + 1) as f64;
        if reuse == Reuse::FineTuned {
            // On the oldest origin, so that the later ones' backtest doesn't choose for itself.
            let oldest = folds.first().copied().unwrap_or(0);
            tuned = self.try_tuning(&mut result, oldest, place, &control.part(0.0, share))?;
        }
        let mut found = Vec::new();
        for (k, fold) in folds.iter().enumerate() {
            let part = control.part(share * (k + 1) as f64, share * (k + 2) as f64);
            let mut members = self.team((network, 0), (place, self.seed(network, *fold)))?;
            let histories = self.scaled(*fold, 0, control)?;
            if let Some(tuned) = tuned.filter(|t: &Tuned| t.epochs > 0) {
                self.tune(&mut members, tuned.epochs, (*fold, &histories), &part)?;
            }
            found.extend(self.forecast((&mut members, &result.checked), *fold, &histories, &part)?);
            if *fold == 0 && tuned.is_some_and(|t| t.epochs > 0) {
                result.members = members.iter().map(|m| m.parameters()).collect::<Result<_, _>>()?;
            }
        }
        if let Some(tuned) = tuned.filter(|t| t.epochs > 0) {
            (result.facts.epochs, result.facts.validation_loss) = (tuned.epochs, tuned.after);
            if let Some(panel) = LearntFrom::of(self.series) {
                result.remember(panel);
            }
        }
        let why = words::reused(&network.facts, network.learnt_from(self.series));
        let why = if reuse == Reuse::FineTuned { why.then(&words::tuned(tuned, self.series.len())) } else { why };
        Ok((self.withhold(found, network, &why), result))
    }

    /// Forecasts every series at every origin as when `network` was trained, by the weights that it had there.
    pub(super) fn repeat(
        &self,
        network: &TrainedNetwork,
        place: &Place,
        control: &Control,
    ) -> Result<Vec<Found>, Failure> {
        let mut found = Vec::new();
        for fold in (0..=self.oldest).rev() {
            let mut members = self.team((network, fold), (place, 0))?;
            let histories = self.scaled(fold, 0, control)?;
            found.extend(self.forecast((&mut members, &network.checked), fold, &histories, control)?);
        }
        Ok(found)
    }

    /// Engines with the weights that a network had in a fold of the backtest that it was trained in.
    fn team(
        &self,
        (network, fold): (&TrainedNetwork, usize),
        (place, seed): (&Place, u64),
    ) -> Result<Vec<Box<dyn Engine>>, Failure> {
        let of = |(k, weights): (usize, &Vec<f32>)| {
            self.engine_of(&network.facts.shape, weights, (place, seed.wrapping_add(k as u64)))
        };
        network.at(fold).iter().enumerate().map(of).collect()
    }

    fn seed(&self, network: &TrainedNetwork, fold: usize) -> u64 {
        seed_of(self.options.seed, &SeriesId::new("", ""), network.name(), fold)
    }

    /// Learns on all but the validation block, and takes over what that block teaches; `None` when the panel is too small.
    fn try_tuning(
        &self,
        network: &mut TrainedNetwork,
        fold: usize,
        place: &Place,
        control: &Control,
    ) -> Result<Option<Tuned>, Failure> {
        let view = self.view();
        let held = view.horizon;
        let past = self.scaled(fold, held, control)?;
        let Some(weights) = network.members.first() else { return Ok(None) };
        if view.windows(&past, held, view.horizon.div_ceil(3)).len() < FEWEST_WINDOWS {
            return Ok(None);
        }
        let seed = self.seed(network, fold);
        let mut scout = self.engine_of(&network.facts.shape, weights, (place, seed))?;
        let epochs = ((MORE * self.options.neural.epochs as f64).round() as usize).max(1);
        let options = &self.options.neural;
        let course = Course { options, view, series: &past, held, epochs, gentle: GENTLE };
        let before = course.loss(&mut *scout, control)?;
        let epochs = course.run(&mut *scout, &mut generator(seed), control)?;
        let after = course.loss(&mut *scout, control)?;
        if after >= before || !(after.is_finite() && before.is_finite()) {
            return Ok(Some(Tuned { epochs: 0, before, after }));
        }
        let checked = Checked::of(&mut *scout, view, &past, held, control)?;
        if checked.len() >= FEWEST_TRAJECTORIES {
            // What it had seen before it was tuned says nothing of how it does beside Theta.
            let weight = network.learnt_from(self.series).then(|| network.checked.weight());
            network.checked = match weight {
                Some(weight) => checked.with_weight(weight),
                None => checked,
            };
        }
        Ok(Some(Tuned { epochs, before, after }))
    }

    fn tune(
        &self,
        members: &mut [Box<dyn Engine>],
        epochs: usize,
        (fold, histories): (usize, &[Option<Scaled>]),
        control: &Control,
    ) -> Result<(), Failure> {
        let options = &self.options.neural;
        let course = Course { options, view: self.view(), series: histories, held: 0, epochs, gentle: GENTLE };
        let mut rng = generator(seed_of(self.options.seed, &SeriesId::new("", ""), "fine-tune", fold));
        for member in members {
            course.run(&mut **member, &mut rng, control)?;
        }
        Ok(())
    }

    /// Whether a network had seen nothing from after the origin of a series' fold.
    fn may_ask(&self, network: &TrainedNetwork, series: &Series, fold: usize) -> bool {
        let Some((seen, _)) = self.seen(series, fold) else { return false };
        fold == 0 || series.start.plus(seen.len() as i64 - 1) >= network.last()
    }

    /// Puts the reason why there is no score in the place of folds that were seen before, and tells where the others come from.
    fn withhold(&self, found: Vec<Found>, network: &TrainedNetwork, why: &Text) -> Vec<Found> {
        let withheld = words::withheld(network.last());
        let mut fits: BTreeMap<_, _> = found.into_iter().map(|(id, seen, fit)| ((id, seen), fit)).collect();
        let mut all = Vec::new();
        for series in self.series {
            for fold in 0..=self.oldest {
                let Some((seen, _)) = self.seen(series, fold) else { continue };
                let fit = fits.remove(&(series.id.clone(), seen.len())).filter(|_| self.may_ask(network, series, fold));
                let fit = fit.unwrap_or_else(|| Err(withheld.clone()));
                let fit = fit.map(|fit| Fit { why: fit.why.then(why), ..fit });
                all.push((series.id.clone(), seen.len(), fit));
            }
        }
        all
    }
}
