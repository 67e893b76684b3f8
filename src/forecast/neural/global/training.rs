//! Training one network on the windows of all series.
//!
//! The step size rises over the first fifth of the steps and falls along a cosine to almost nothing (Smith & Topin 2019,
//! *Super-convergence*): the last epochs are the best ones, and how many there are is found on a validation block at the
//! end of every history. With that number the network is trained once more on all of it.

use super::scale::Scaled;
use super::windows::{At, View};
use crate::control::{Control, LossPoint};
use crate::forecast::NetworkOptions;
use crate::forecast::neural::engine::{Batch, Engine, Shown, Stop};
use crate::forecast::neural::training::Failure;
use crate::text;
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
/// Windows answered at a time.
const AT_ONCE: usize = 1024;

/// One training.
pub(super) struct Course<'a> {
    pub(super) options: &'a NetworkOptions,
    pub(super) view: View,
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
    /// [`Failure`]: cancelled, the device gave up, or the loss was no number any more.
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
        let batch_size = self.options.batch.min((per_epoch / STEPS).max(SMALLEST_BATCH));
        let steps = (per_epoch.div_ceil(batch_size) * self.epochs) as f64;
        let (mut x, mut y) = (Vec::new(), Vec::new());
        let (mut step, mut best) = (0.0, (f64::INFINITY, self.epochs));
        for epoch in 1..=self.epochs {
            let (drawn, _) = windows.partial_shuffle(rng, per_epoch);
            let mut loss = 0.0;
            for batch in drawn.chunks(batch_size) {
                self.gather(batch, &mut x, Some(&mut y));
                engine.set_learning_rate(self.options.learning_rate * self.gentle * rate(step / steps));
                step += 1.0;
                let found = engine
                    .step(Batch { shown: Shown::plain(&x), y: &y, targets: view.horizon, sizes: &[] }, control)?;
                loss += found * batch.len() as f64 / per_epoch as f64;
                let share = step / steps;
                let epochs = self.epochs;
                let stage =
                    text!("Training over all series, epoch {epoch} of {epochs}", "全序列训练，第 {epoch}/{epochs} 轮");
                control.report(share, &stage).map_err(Stop::from)?;
            }
            let checked =
                if validation.is_empty() { None } else { Some(self.validate(engine, &validation, control)?) };
            if !loss.is_finite() || checked.is_some_and(|v| !v.is_finite()) {
                return Err(Failure::Diverged { epoch });
            }
            if checked.is_some_and(|loss| loss < best.0) {
                best = (checked.unwrap_or(best.0), epoch);
            }
            let stage = text!("Training over all series, epoch {epoch}", "全序列训练，第 {epoch} 轮");
            let point = LossPoint { epoch, training: loss, validation: checked };
            control.report_loss(step / steps, &stage, Some(point)).map_err(Stop::from)?;
        }
        Ok(best.1)
    }

    /// The last window of each series before its validation block.
    fn last_before_block(&self) -> Vec<At> {
        let of = |(series, scaled): (usize, &Option<Scaled>)| {
            let t = scaled.as_ref()?.len().checked_sub(self.held + 1)?;
            (t + 1 >= self.view.least()).then_some(At { series, t })
        };
        self.series.iter().enumerate().filter_map(of).collect()
    }

    /// Mean absolute error of the median, on the network's scale.
    fn validate(&self, engine: &mut dyn Engine, windows: &[At], control: &Control) -> Result<f64, Stop> {
        let answers = answer(engine, self.view, self.series, windows, control)?;
        let parts = answers.len() / (windows.len() * self.view.horizon);
        let (mut sum, mut count) = (0.0, 0.0);
        for (at, answers) in windows.iter().zip(answers.chunks_exact(self.view.horizon * parts)) {
            let Some(scaled) = &self.series[at.series] else { continue };
            for h in 1..=self.view.horizon.min(scaled.len() - 1 - at.t) {
                sum += f64::from((answers[(h - 1) * parts + parts / 2] - scaled.target(at.t, h)).abs());
                count += 1.0;
            }
        }
        Ok(sum / f64::max(count, 1.0))
    }

    fn gather(&self, batch: &[At], x: &mut Vec<f32>, y: Option<&mut Vec<f32>>) {
        show(self.view, self.series, batch, x);
        let Some(y) = y else { return };
        y.clear();
        for at in batch {
            if let Some(scaled) = &self.series[at.series] {
                self.view.targets(scaled, at.t, scaled.len() - self.held, y);
            }
        }
    }
}

/// Answers `[window, step, part]` to windows.
pub(super) fn answer(
    engine: &mut dyn Engine,
    view: View,
    series: &[Option<Scaled>],
    windows: &[At],
    control: &Control,
) -> Result<Vec<f32>, Stop> {
    let outputs = view.horizon * super::LEVELS.len();
    let mut answers = vec![0.0; windows.len() * outputs];
    let mut x = Vec::new();
    for (windows, out) in windows.chunks(AT_ONCE).zip(answers.chunks_mut(AT_ONCE * outputs)) {
        control.check()?;
        show(view, series, windows, &mut x);
        engine.predict(Shown::plain(&x), out, control)?;
    }
    Ok(answers)
}

fn show(view: View, series: &[Option<Scaled>], windows: &[At], x: &mut Vec<f32>) {
    x.clear();
    for at in windows {
        if let Some(scaled) = &series[at.series] {
            view.show(scaled, at.t, x);
        }
    }
}

/// The share of the largest step size when a share of the steps is done.
fn rate(done: f64) -> f64 {
    let share = if done < RISE { done / RISE } else { 0.5 * (1.0 + (PI * (done - RISE) / (1.0 - RISE)).cos()) };
    share.max(LEAST_RATE)
}
