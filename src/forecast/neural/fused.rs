//! The network on the CPU, forward and backward by hand, without an allocation per step.
//!
//! A batch is worked off in blocks of [`LANES`] windows; each runs the whole sequence through all layers and back, so
//! its activations stay in cache whatever the batch size (`pass`). The blocks are dealt to at most [`MOST_CREWS`] crews in
//! turn, each with its own activations and gradient, and the gradients are added up in the crews' order: how many
//! threads there are changes the time, never the weights.

use super::dropout::Dropout;
use super::engine::{Batch, Engine, Recipe, Shown, Stop};
use super::kernel::{Adam, BETA1, BETA2};
use super::network::{Matrix, Shape};
use super::objective::mean_loss;
use super::pass::{Pass, Weights};
use super::simd::LANES;
use crate::control::{Cancelled, Control};
use crate::vector::Cpu;
use rayon::prelude::*;
use std::ops::Range;

/// Most crews. A batch of one block has one and asks no thread pool.
const MOST_CREWS: usize = 8;

/// The fused engine.
#[derive(Debug)]
pub(super) struct Fused {
    cpu: Cpu,
    shape: Shape,
    recipe: Recipe,
    steps: i32,
    /// Where weights lie that decay.
    decaying: Vec<Range<usize>>,
    /// Padded to whole vectors, as the three that follow.
    parameters: Vec<f32>,
    gradient: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    stale: bool,
    weights: Weights,
    crews: Vec<Crew>,
}

/// One worker's activations and its part of the gradient.
#[derive(Debug)]
struct Crew {
    pass: Pass,
    gradient: Vec<f32>,
    loss: f64,
    /// `[lane, output]`: answers and the loss's derivative by them.
    answers: Vec<f32>,
    derivative: Vec<f64>,
}

impl Fused {
    /// An engine with given first parameters, in the order of [`Shape::matrices`].
    pub(super) fn new(shape: &Shape, parameters: &[f32], recipe: Recipe) -> Self {
        let mut padded = parameters.to_vec();
        padded.resize(parameters.len().next_multiple_of(LANES), 0.0);
        let zeros = vec![0.0; padded.len()];
        Self {
            cpu: Cpu::detect(),
            shape: shape.clone(),
            recipe,
            steps: 0,
            decaying: shape.matrices().into_iter().filter(Matrix::decays).map(|m| m.at).collect(),
            parameters: padded,
            gradient: zeros.clone(),
            first: zeros.clone(),
            second: zeros,
            stale: true,
            weights: Weights::new(shape),
            crews: Vec::new(),
        }
    }

    /// Numbers that the activations of a batch take, for a limit before they are allocated.
    pub(super) fn floats(shape: &Shape, batch: usize) -> usize {
        Pass::floats(shape).saturating_mul(crews_for(batch))
    }

    /// Loss of a batch and, in `self.gradient`, its gradient.
    fn differentiate(&mut self, batch: Batch<'_>, control: &Control) -> Result<f64, Cancelled> {
        self.prepare(batch.len());
        let Self { cpu, shape, recipe, steps, weights, crews, gradient, .. } = self;
        let (count, size) = (batch.len(), gradient.len());
        let at_work = crews_for(count);
        let blocks = |crew: usize| {
            let targets = batch.y.chunks(LANES * batch.targets).enumerate();
            batch.shown.parts(shape, LANES).zip(targets).skip(crew).step_by(at_work)
        };
        let work = |(k, crew): (usize, &mut Crew)| -> Result<(), Cancelled> {
            crew.gradient.clear();
            crew.gradient.resize(size, 0.0);
            crew.loss = 0.0;
            for (shown, (block, y)) in blocks(k) {
                crew.pass.forward(*cpu, weights, shown, Dropout::new(recipe, *steps, block), control)?;
                let lanes = y.len() / batch.targets;
                let used = lanes * shape.outputs;
                crew.pass.answers(&mut crew.answers[..used]);
                let sizes = batch.sizes.get(block * LANES..block * LANES + lanes).unwrap_or_default();
                let from = block * LANES * batch.targets;
                let own = batch.own.get(from..from + y.len()).unwrap_or_default();
                let part = Batch { shown, y, sizes, own, ..batch };
                let loss = mean_loss(&recipe.objective, &crew.answers[..used], part, &mut crew.derivative[..used]);
                // Means over the block become parts of the mean over the batch.
                let share = lanes as f64 / count as f64;
                crew.loss += loss * share;
                crew.derivative[..used].iter_mut().for_each(|d| *d *= share);
                crew.pass.backward(*cpu, weights, &crew.derivative[..used], &mut crew.gradient, control)?;
            }
            Ok(())
        };
        if at_work == 1 {
            work((0, &mut crews[0]))?;
        } else {
            crews[..at_work].par_iter_mut().enumerate().try_for_each(work)?;
        }
        let (lead, others) = crews[..at_work].split_at(1);
        gradient.copy_from_slice(&lead[0].gradient);
        for crew in others {
            gradient.iter_mut().zip(&crew.gradient).for_each(|(g, part)| *g += part);
        }
        Ok(crews[..at_work].iter().map(|crew| crew.loss).sum())
    }

    /// Brings weights into the kernels' order when they have changed, and as many crews together as `count` windows need.
    fn prepare(&mut self, count: usize) {
        if std::mem::take(&mut self.stale) {
            self.weights.fill(&self.parameters);
        }
        while self.crews.len() < crews_for(count) {
            let answers = LANES * self.shape.outputs;
            self.crews.push(Crew {
                pass: Pass::new(&self.shape),
                gradient: Vec::new(),
                loss: 0.0,
                answers: vec![0.0; answers],
                derivative: vec![0.0; answers],
            });
        }
    }

    /// Runs all windows and lets `read` take `width` numbers of each from the activations.
    pub(super) fn visit(
        &mut self,
        (shown, width): (Shown<'_>, usize),
        out: &mut [f32],
        read: &(dyn Fn(&Pass, &mut [f32]) + Sync),
        control: &Control,
    ) -> Result<(), Stop> {
        let count = out.len() / width;
        self.prepare(count);
        let Self { cpu, shape, weights, crews, .. } = self;
        let at_work = crews_for(count);
        // Neighbouring blocks go to one crew, so that each writes its own stretch of the answers.
        let stretch = count.div_ceil(LANES).div_ceil(at_work) * LANES;
        let work = |(crew, (shown, out)): (&mut Crew, (Shown<'_>, &mut [f32]))| -> Result<(), Cancelled> {
            for (shown, out) in shown.parts(shape, LANES).zip(out.chunks_mut(LANES * width)) {
                crew.pass.forward(*cpu, weights, shown, None, control)?;
                read(&crew.pass, out);
            }
            Ok(())
        };
        if at_work == 1 {
            work((&mut crews[0], (shown, out)))?;
        } else {
            let parts: Vec<_> = shown.parts(shape, stretch).zip(out.chunks_mut(stretch * width)).collect();
            crews[..at_work].par_iter_mut().zip(parts).try_for_each(work)?;
        }
        Ok(())
    }

    /// Loss and gradient of a batch, for checks against other implementations.
    #[cfg(test)]
    pub(super) fn gradient(&mut self, batch: Batch<'_>) -> (f64, Vec<f32>) {
        let loss = self.differentiate(batch, &Control::silent()).expect("nobody cancels");
        (loss, self.gradient[..self.shape.len()].to_vec())
    }
}

/// Crews that share a batch of `count` windows.
fn crews_for(count: usize) -> usize {
    count.div_ceil(LANES).clamp(1, MOST_CREWS)
}

impl Engine for Fused {
    fn step(&mut self, batch: Batch<'_>, control: &Control) -> Result<f64, Stop> {
        let loss = self.differentiate(batch, control)?;
        self.steps = self.steps.saturating_add(1);
        let kept = (1.0 - self.recipe.learning_rate * self.recipe.weight_decay) as f32;
        if kept < 1.0 {
            for at in &self.decaying {
                self.parameters[at.clone()].iter_mut().for_each(|p| *p *= kept);
            }
        }
        self.cpu.run(Adam {
            parameters: &mut self.parameters,
            gradient: &self.gradient,
            first: &mut self.first,
            second: &mut self.second,
            rate: (self.recipe.learning_rate / (1.0 - BETA1.powi(self.steps))) as f32,
            unbias: (1.0 / (1.0 - BETA2.powi(self.steps)).sqrt()) as f32,
        });
        self.stale = true;
        Ok(loss)
    }

    fn predict(&mut self, shown: Shown<'_>, out: &mut [f32], control: &Control) -> Result<(), Stop> {
        let width = self.shape.outputs;
        self.visit((shown, width), out, &|pass, out| pass.answers(out), control)
    }

    fn parameters(&self) -> Result<Vec<f32>, Stop> {
        Ok(self.parameters[..self.shape.len()].to_vec())
    }

    fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), Stop> {
        self.parameters[..parameters.len()].copy_from_slice(parameters);
        self.stale = true;
        Ok(())
    }

    fn set_learning_rate(&mut self, rate: f64) {
        self.recipe.learning_rate = rate;
    }
}
