//! Training one network on the windows of all series.
//!
//! The step size rises over the first fifth of the steps and falls along a cosine to almost nothing (Smith & Topin 2019,
//! *Super-convergence*): the last epochs are the best ones, and how many there are is found on a validation block at the
//! end of every history. With that number the network is trained once more on all of it.

use super::augment;
use super::scale::Scaled;
use super::windows::{At, Gathered, Targets, View};
use super::{AT_ONCE, NetworkOptions};
use crate::control::{Control, LossPoint};
use crate::forecast::neural::engine::{Engine, Stop};
use crate::forecast::neural::objective::mean_loss;
use crate::forecast::neural::training::Failure;
use crate::forecast::registry::label;
use crate::text;
use crate::words::Text;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use std::f64::consts::PI;

/// Steps that an epoch of a small panel has at least, and the smallest batch that this leads to.
const STEPS: usize = 24;
const SMALLEST_BATCH: usize = 32;
/// Share of the steps until the step size is largest.
const RISE: f64 = 0.2;
/// Least share of the largest step size.
const LEAST_RATE: f64 = 0.01;

/// A loss so many times that of the network before its first step won't come back, and the least that it is compared with:
/// what is next to nothing may well grow a thousandfold.
const DIVERGED: f64 = 1000.0;
const LEAST_LOSS: f64 = 0.1;

/// One training.
pub(super) struct Course<'a> {
    pub(super) options: &'a NetworkOptions,
    pub(super) view: View<'a>,
    pub(super) series: &'a [Option<Scaled>],
    /// Periods at each history's end that the training doesn't see: the validation block, or nothing.
    pub(super) held: usize,
    pub(super) epochs: usize,
    /// Share of the largest step size: less for a network that has been trained before.
    pub(super) gentle: f64,
}

impl Course<'_> {
    /// Trains; the epoch, from 1, with the smallest validation loss (the last one without a validation block).
    ///
    /// # Errors
    /// [`Failure`]: cancelled, the device gave up, or the loss grew beyond all measure.
    pub(super) fn run(
        &self,
        engine: &mut dyn Engine,
        rng: &mut ChaCha8Rng,
        control: &Control,
    ) -> Result<usize, Failure> {
        let view = self.view;
        // Targets beyond the block's border are hidden; a window needs at least a third of them.
        let mut windows = view.windows(self.series, self.held, view.horizon.div_ceil(3));
        let validation: Vec<At> = if self.held > 0 { self.last_before_block() } else { Vec::new() };
        let per_epoch = windows.len().min(self.options.windows_per_epoch);
        let batch_size = self.options.batch.min((per_epoch / STEPS).max(SMALLEST_BATCH)).min(view.at_once);
        let steps = (per_epoch.div_ceil(batch_size) * self.epochs) as f64;
        let (mut gathered, mut targets) = (Gathered::default(), Targets::default());
        let (mut step, mut bound, mut best) = (0.0, None, (f64::INFINITY, self.epochs));
        let Text { en, zh } = label(view.kind.name());
        for epoch in 1..=self.epochs {
            let epochs = self.epochs;
            let stage = text!("{en}: epoch {epoch} of {epochs}", "{zh}：第 {epoch}/{epochs} 轮");
            let (drawn, _) = windows.partial_shuffle(rng, per_epoch);
            // Every other epoch is one of histories that might have been.
            let others =
                (self.options.augment && epoch % 2 == 0).then(|| augment::bootstrapped(self.series, view, rng));
            let histories = others.as_deref().unwrap_or(self.series);
            let mut loss = 0.0;
            for batch in drawn.chunks(batch_size) {
                view.gather(histories, batch, &mut gathered);
                self.targets(histories, batch, &mut targets);
                if self.options.augment {
                    augment::jitter(&mut gathered.x, view.inputs(), rng);
                }
                engine.set_learning_rate(self.options.learning_rate * self.gentle * rate(step / steps));
                step += 1.0;
                let found = engine.step(view.batch(&gathered, &targets), control)?;
                loss += found * batch.len() as f64 / per_epoch as f64;
                let bound = *bound.get_or_insert(DIVERGED * found.max(LEAST_LOSS));
                if !found.is_finite() || loss > bound {
                    return Err(Failure::Diverged { epoch });
                }
                control.report(step / steps, &stage).map_err(Stop::from)?;
            }
            let checked =
                if validation.is_empty() { None } else { Some(self.validate(engine, &validation, control)?) };
            if checked.is_some_and(|v| !v.is_finite()) {
                return Err(Failure::Diverged { epoch });
            }
            if checked.is_some_and(|loss| loss < best.0) {
                best = (checked.unwrap_or(best.0), epoch);
            }
            let point = LossPoint { epoch, training: loss, validation: checked };
            control.report_loss(step / steps, &stage, Some(point)).map_err(Stop::from)?;
        }
        Ok(best.1)
    }

    /// The objective's mean loss on the validation block.
    pub(super) fn loss(&self, engine: &mut dyn Engine, control: &Control) -> Result<f64, Stop> {
        self.validate(engine, &self.last_before_block(), control)
    }

    /// The last window of each series before its validation block.
    fn last_before_block(&self) -> Vec<At> {
        let of = |(series, scaled): (usize, &Option<Scaled>)| {
            let t = scaled.as_ref()?.len().checked_sub(self.held + 1)?;
            (t + 1 >= self.view.least()).then_some(At { series, t })
        };
        self.series.iter().enumerate().filter_map(of).collect()
    }

    /// The objective's mean loss on windows.
    fn validate(&self, engine: &mut dyn Engine, windows: &[At], control: &Control) -> Result<f64, Stop> {
        let (view, objective) = (self.view, self.view.kind.objective());
        let answers = answer(engine, view, self.series, windows, control)?;
        let (mut gathered, mut targets) = (Gathered::default(), Targets::default());
        view.gather(self.series, windows, &mut gathered);
        for at in windows {
            if let Some(scaled) = &self.series[at.series] {
                view.targets(scaled, at.t, scaled.len(), &mut targets);
            }
        }
        let batch = view.batch(&gathered, &targets);
        Ok(mean_loss(&objective, &answers, batch, &mut vec![0.0; answers.len()]))
    }

    fn targets(&self, histories: &[Option<Scaled>], batch: &[At], out: &mut Targets) {
        out.y.clear();
        out.own.clear();
        for at in batch {
            if let Some(scaled) = &histories[at.series] {
                self.view.targets(scaled, at.t, scaled.len() - self.held, out);
            }
        }
    }
}

/// Answers `[window, step, part]` to windows.
pub(super) fn answer(
    engine: &mut dyn Engine,
    view: View<'_>,
    series: &[Option<Scaled>],
    windows: &[At],
    control: &Control,
) -> Result<Vec<f32>, Stop> {
    let outputs = view.horizon * view.kind.objective().parts();
    let mut answers = vec![0.0; windows.len() * outputs];
    let mut gathered = Gathered::default();
    let at_once = view.at_once.min(AT_ONCE);
    for (windows, out) in windows.chunks(at_once).zip(answers.chunks_mut(at_once * outputs)) {
        control.check()?;
        view.gather(series, windows, &mut gathered);
        engine.predict(gathered.shown(), out, control)?;
    }
    Ok(answers)
}

/// The share of the largest step size when a share of the steps is done.
fn rate(done: f64) -> f64 {
    let share = if done < RISE { done / RISE } else { 0.5 * (1.0 + (PI * (done - RISE) / (1.0 - RISE)).cos()) };
    share.max(LEAST_RATE)
}
