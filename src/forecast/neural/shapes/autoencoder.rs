//! The autoencoder: dense layers down to a few numbers and up again (Hinton & Salakhutdinov 2006, *Reducing the
//! dimensionality of data with neural networks*).
//!
//! It is trained to make whole windows of which it saw a part (Vincent et al. 2008, *Extracting and composing robust features
//! with denoising autoencoders*): the beginning is missing, as it is in a new item's history, or single periods are. So a
//! short history gets the code of the whole window it may become, and a period can be asked for from the others. For each
//! period it is told the value, in mean and spread of what is shown, and whether there is one.

use super::super::engine::{Batch, Engine as _, Recipe, Shown as Input, Stop};
use super::super::fused::Fused;
use super::super::network::{Encoder, Shape};
use super::super::training::Failure;
use super::options::ShapeOptions;
use super::windows::{Shown, Windows};
use crate::control::{Control, LossPoint};
use crate::forecast::seed::generator;
use crate::text;
use rand::RngExt as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

/// Numbers told of a period: its value and whether there is one.
const TOLD: usize = 2;
/// Windows whose answers are asked for at a time.
const AT_ONCE: usize = 256;
/// Steps that a pass has at least, and its fewest windows: few are shown several times, each time with others of their
/// periods hidden.
const STEPS: usize = 16;
const FEWEST_OF_A_PASS: usize = 512;
/// Windows per step.
const BATCH: std::ops::RangeInclusive<usize> = 16..=128;
/// Most windows of a pass, drawn anew in each.
const MOST_OF_A_PASS: usize = 20_000;
/// How often, and by how much, the step size falls when nothing gets better: finer steps find what coarse ones jump over.
const FALLS: usize = 2;
const FALL: f64 = 0.3;
/// Share of windows shown without their beginning, and the largest part that is missing.
const WITHOUT_BEGINNING: f64 = 0.5;
const MOST_MISSING: f64 = 0.75;
/// Share of windows shown without one of their periods.
const WITHOUT_ONE: f64 = 0.3;

/// A trained autoencoder.
#[derive(Debug)]
pub(super) struct Autoencoder {
    engine: Fused,
    window: usize,
    code: usize,
    /// Epochs run, and the one, from 1, whose weights were kept.
    pub(super) epochs: (usize, usize),
    /// What the engine is shown, kept for the next time.
    x: Vec<f32>,
}

impl Autoencoder {
    /// Trains on some windows until the loss on others gets no better.
    ///
    /// # Errors
    /// [`Failure`]: cancelled, or the loss was no number any more.
    pub(super) fn train(
        windows: &Windows,
        (training, validation): (&[usize], &[usize]),
        options: &ShapeOptions,
        control: &Control,
    ) -> Result<Self, Failure> {
        let (window, code, units) = (windows.window, options.dimensions, options.units);
        let hidden = vec![units, code, units];
        let shape = Shape { window, inputs: TOLD, extras: 0, encoder: Encoder::Coded(1), hidden, outputs: window };
        let mut rng = generator(options.seed);
        let first = shape.first_parameters(&mut rng);
        let recipe = Recipe { weight_decay: options.weight_decay, ..Recipe::square(options.learning_rate) };
        let engine = Fused::new(&shape, &first, recipe);
        let mut own = Self { engine, window, code, epochs: (0, 0), x: Vec::new() };
        let mut order = training.repeat(FEWEST_OF_A_PASS.div_ceil(training.len().max(1)));
        let pass = order.len().min(MOST_OF_A_PASS);
        let batch = (pass / STEPS).clamp(*BATCH.start(), *BATCH.end());
        let mut best = (f64::INFINITY, first);
        let (mut rate, mut falls, mut waited) = (options.learning_rate, 0, 0);
        for epoch in 1..=options.epochs {
            let (drawn, _) = order.partial_shuffle(&mut rng, pass);
            let mut loss = 0.0;
            for part in drawn.chunks(batch) {
                loss += own.step(windows, part, &mut rng, control)? * part.len() as f64 / pass as f64;
            }
            let checked = own.error(windows, validation, control)?;
            if !(loss.is_finite() && checked.is_finite()) {
                return Err(Failure::Diverged { epoch });
            }
            own.epochs.0 = epoch;
            waited += 1;
            if checked < best.0 {
                (best, own.epochs.1, waited) = ((checked, own.engine.parameters()?), epoch, 0);
            }
            let most = options.epochs;
            let stage = text!("Training autoencoder, epoch {epoch} of {most}", "训练自编码器，第 {epoch}/{most} 轮");
            let point = LossPoint { epoch, training: loss, validation: Some(checked) };
            control.report_loss(epoch as f64 / most as f64, &stage, Some(point)).map_err(Stop::from)?;
            if waited >= options.patience {
                if falls == FALLS {
                    break;
                }
                (falls, waited, rate) = (falls + 1, 0, rate * FALL);
                own.engine.set_parameters(&best.1)?;
                own.engine.set_learning_rate(rate);
            }
        }
        own.engine.set_parameters(&best.1)?;
        Ok(own)
    }

    /// One step on windows of which parts are hidden; the targets are whole.
    fn step(
        &mut self,
        windows: &Windows,
        rows: &[usize],
        rng: &mut ChaCha8Rng,
        control: &Control,
    ) -> Result<f64, Stop> {
        let w = self.window;
        self.x.clear();
        let mut y = Vec::with_capacity(rows.len() * w);
        for k in rows {
            let z = windows.row(*k);
            let mut shown = Shown { z, from: 0, without: None };
            let draw = rng.random::<f64>();
            if draw < WITHOUT_BEGINNING {
                shown.from = (rng.random::<f64>() * MOST_MISSING * w as f64) as usize;
            } else if draw < WITHOUT_BEGINNING + WITHOUT_ONE {
                shown.without = Some(rng.random_range(0..w));
            }
            tell(&shown, &mut self.x);
            y.extend_from_slice(z);
        }
        self.engine.step(Batch { shown: Input::plain(&self.x), y: &y, targets: w, sizes: &[], own: &[] }, control)
    }

    /// Mean squared error of whole windows made again.
    fn error(&mut self, windows: &Windows, rows: &[usize], control: &Control) -> Result<f64, Stop> {
        let mut sum = 0.0;
        for rows in rows.chunks(AT_ONCE) {
            let shown: Vec<Shown<'_>> = rows.iter().map(|k| windows.shown(*k)).collect();
            let made = self.made(&shown, control)?;
            let truth = rows.iter().flat_map(|k| windows.row(*k));
            sum += made.iter().zip(truth).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>();
        }
        Ok(sum / (rows.len() * self.window).max(1) as f64)
    }

    /// The codes `[window, unit]` of windows.
    pub(super) fn codes(&mut self, shown: &[Shown<'_>], control: &Control) -> Result<Vec<f32>, Stop> {
        let mut codes = vec![0.0; shown.len() * self.code];
        for (shown, out) in shown.chunks(AT_ONCE).zip(codes.chunks_mut(AT_ONCE * self.code)) {
            self.tell_all(shown);
            let (input, width) = (Input::plain(&self.x), self.code);
            self.engine.visit((input, width), out, &|pass, out| pass.code(out), control)?;
        }
        Ok(codes)
    }

    /// Windows `[window, period]` made again from what is shown of them, in spreads around the mean of the whole.
    pub(super) fn made(&mut self, shown: &[Shown<'_>], control: &Control) -> Result<Vec<f32>, Stop> {
        let mut made = vec![0.0; shown.len() * self.window];
        for (shown, out) in shown.chunks(AT_ONCE).zip(made.chunks_mut(AT_ONCE * self.window)) {
            self.tell_all(shown);
            self.engine.predict(Input::plain(&self.x), out, control)?;
        }
        Ok(made)
    }

    fn tell_all(&mut self, shown: &[Shown<'_>]) {
        self.x.clear();
        for s in shown {
            tell(s, &mut self.x);
        }
    }
}

/// What the network is told of a window, `[period, told]`.
fn tell(shown: &Shown<'_>, x: &mut Vec<f32>) {
    let (mean, spread) = shown.level();
    for (t, z) in shown.z.iter().enumerate() {
        let known = shown.shows(t);
        x.extend(if known { [((f64::from(*z) - mean) / spread) as f32, 1.0] } else { [0.0, 0.0] });
    }
}
