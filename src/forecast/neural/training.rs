//! Training with early stop, on any engine.

use super::engine::{Batch, Engine, Shown, Stop};
use super::windows::Windows;
use crate::control::{Control, LossPoint};
use crate::text;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

/// Windows whose answers are asked for at a time.
const AT_ONCE: usize = 256;

/// How to train.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    /// Most passes over the training windows, ≥ 1.
    pub(super) epochs: usize,
    /// Windows per step, ≥ 1.
    pub(super) batch: usize,
    /// Epochs without a better validation loss until it stops; 0 never stops early.
    pub(super) patience: usize,
}

/// How a training went; losses are mean squared errors of scaled values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trained {
    /// Epochs run.
    pub(super) epochs: usize,
    /// The epoch, from 1, whose weights were kept.
    pub(super) best_epoch: usize,
    /// Validation loss after that epoch.
    pub(super) best_validation: f64,
}

/// Why there is no trained network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// Somebody or something stopped it.
    Stopped(Stop),
    /// The loss was no number any more.
    Diverged {
        /// In this epoch, from 1.
        epoch: usize,
    },
}

impl<E: Into<Stop>> From<E> for Failure {
    fn from(stop: E) -> Self {
        Self::Stopped(stop.into())
    }
}

/// Trains `engine` and leaves it with the weights that did best on the validation block. They are used as they are:
/// training once more with the validation block would lose the only unspent measure of the network.
pub(super) fn train(
    engine: &mut dyn Engine,
    data: &Windows,
    plan: Plan,
    rng: &mut ChaCha8Rng,
    control: &Control,
) -> Result<Trained, Failure> {
    let mut order: Vec<usize> = (0..data.training).collect();
    let mut x = Vec::with_capacity(plan.batch.min(data.training) * data.window);
    let mut y = Vec::with_capacity(plan.batch.min(data.training));
    let mut answers = vec![0.0; data.len() - data.training];
    let mut best = (Trained { epochs: 0, best_epoch: 0, best_validation: f64::INFINITY }, Vec::new());
    let epochs = plan.epochs;
    for epoch in 1..=epochs {
        order.shuffle(rng);
        let mut loss = 0.0;
        for batch in order.chunks(plan.batch) {
            x.clear();
            y.clear();
            for &i in batch {
                x.extend_from_slice(data.input(i));
                y.push(data.answer(i));
            }
            control.check().map_err(Stop::from)?;
            loss += engine.step(Batch { shown: Shown::plain(&x), y: &y, targets: 1, sizes: &[], own: &[] }, control)?
                * batch.len() as f64;
        }
        loss /= data.training as f64;
        predict(engine, data, data.training, &mut answers, control)?;
        let validation = mean_square(data, data.training, &answers);
        if !(loss.is_finite() && validation.is_finite()) {
            return Err(Failure::Diverged { epoch });
        }
        best.0.epochs = epoch;
        if validation < best.0.best_validation {
            best = (Trained { epochs: epoch, best_epoch: epoch, best_validation: validation }, engine.parameters()?);
        }
        let stage = text!("Training LSTM, epoch {epoch} of {epochs}", "训练 LSTM，第 {epoch}/{epochs} 轮");
        let point = LossPoint { epoch, training: loss, validation: Some(validation) };
        control.report_loss(epoch as f64 / epochs as f64, &stage, Some(point)).map_err(Stop::from)?;
        if plan.patience > 0 && epoch - best.0.best_epoch >= plan.patience {
            break;
        }
    }
    engine.set_parameters(&best.1)?;
    Ok(best.0)
}

/// `out[i]` is the answer to window `from + i`, scaled.
pub(super) fn predict(
    engine: &mut dyn Engine,
    data: &Windows,
    from: usize,
    out: &mut [f32],
    control: &Control,
) -> Result<(), Stop> {
    let mut x = Vec::with_capacity(AT_ONCE.min(out.len()) * data.window);
    for (part, out) in out.chunks_mut(AT_ONCE).enumerate() {
        x.clear();
        for i in 0..out.len() {
            x.extend_from_slice(data.input(from + part * AT_ONCE + i));
        }
        engine.predict(Shown::plain(&x), out, control)?;
    }
    Ok(())
}

/// Mean squared error of the answers to the windows from `from` on, scaled.
fn mean_square(data: &Windows, from: usize, answers: &[f32]) -> f64 {
    let squares = answers.iter().enumerate().map(|(i, a)| f64::from(a - data.answer(from + i)).powi(2));
    squares.sum::<f64>() / answers.len() as f64
}
