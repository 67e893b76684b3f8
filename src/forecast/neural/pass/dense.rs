//! Dense layers, forward and back.

use crate::forecast::neural::dropout::{Dropout, Site};
use crate::forecast::neural::kernel::{Correlate, Multiply, Panels, SumRows};
use crate::forecast::neural::network::{Dense, Shape};
use crate::forecast::neural::simd::{LANES, Lined};
use crate::vector::Cpu;

/// One layer's weights in the kernels' order.
#[derive(Debug)]
pub(super) struct DenseWeights {
    at: Dense,
    forward: Panels,
    back: Panels,
    bias: Vec<f32>,
}

impl DenseWeights {
    /// Room for all layers of a shape.
    pub(super) fn all(shape: &Shape) -> Vec<Self> {
        let of = |at: Dense| Self {
            forward: Panels::new(at.units, at.inputs),
            back: Panels::new(at.inputs, at.units),
            bias: vec![0.0; at.units],
            at,
        };
        shape.dense().into_iter().map(of).collect()
    }

    /// Takes the parameters.
    pub(super) fn fill(&mut self, parameters: &[f32]) {
        let weights = &parameters[self.at.weights.clone()];
        self.forward.fill(weights);
        self.back.fill_transposed(weights);
        self.bias.copy_from_slice(&parameters[self.at.bias.clone()]);
    }
}

/// The layers' activations of one block.
#[derive(Debug)]
pub(super) struct DensePass {
    /// The hidden layer that isn't bent.
    straight: Option<usize>,
    /// What a layer hands on, `[units, lane]`; the last one's are the answers.
    out: Vec<Lined>,
    /// The layers' masks, empty where nothing is left out.
    masks: Vec<Vec<f32>>,
    /// Gradient of `out`.
    d_out: Vec<Lined>,
}

impl DensePass {
    /// Room for a block.
    pub(super) fn new(shape: &Shape) -> Self {
        let rows = || shape.dense().into_iter().map(|d| Lined::zeros(d.units * LANES)).collect::<Vec<_>>();
        let masks = vec![Vec::new(); shape.hidden.len() + 1];
        Self { straight: shape.code(), out: rows(), masks, d_out: rows() }
    }

    /// The answers, `[output, lane]`.
    pub(super) fn answers(&self) -> &[f32] {
        self.out.last().map_or(&[], |out| out)
    }

    /// What a hidden layer hands on, `[units, lane]`.
    pub(super) fn hidden(&self, layer: usize) -> &[f32] {
        &self.out[layer]
    }

    /// Where the answers' gradient is put, `[output, lane]`.
    pub(super) fn d_answers(&mut self) -> &mut [f32] {
        self.d_out.last_mut().map_or(&mut [], |d| d)
    }

    /// Runs the layers on `input[row, lane]`.
    pub(super) fn forward(&mut self, cpu: Cpu, weights: &[DenseWeights], input: &[f32], dropout: Option<Dropout>) {
        let last = weights.len() - 1;
        for (l, weights) in weights.iter().enumerate() {
            let (below, rest) = self.out.split_at_mut(l);
            let (input, out) = (below.last().map_or(input, |out| out), &mut rest[0]);
            for (row, &bias) in out.chunks_exact_mut(LANES).zip(&weights.bias) {
                row.fill(bias);
            }
            cpu.run(Multiply { a: &weights.forward, b: input, c: out });
            if l == last {
                continue;
            }
            if self.straight != Some(l) {
                for v in out.iter_mut() {
                    *v = v.max(0.0);
                }
            }
            let mask = &mut self.masks[l];
            mask.clear();
            if let Some(dropout) = dropout {
                mask.resize(out.len(), 0.0);
                dropout.fill(Site::Hidden(l), mask);
                out.iter_mut().zip(mask).for_each(|(v, m)| *v *= *m);
            }
        }
    }

    /// Adds the layers' part of the gradient and writes that of the input, from the answers' in `d_answers`.
    pub(super) fn backward(
        &mut self,
        cpu: Cpu,
        weights: &[DenseWeights],
        (input, d_input): (&[f32], &mut [f32]),
        gradient: &mut [f32],
    ) {
        for (l, weights) in weights.iter().enumerate().rev() {
            let (below, rest) = self.d_out.split_at_mut(l);
            let dz = &mut rest[0];
            if l + 1 < self.out.len() {
                // What was cut off at 0 or left out by its mask is 0 now.
                if self.straight != Some(l) {
                    for (d, v) in dz.iter_mut().zip(self.out[l].iter()) {
                        *d = if *v > 0.0 { *d } else { 0.0 };
                    }
                }
                dz.iter_mut().zip(&self.masks[l]).for_each(|(d, m)| *d *= m);
            }
            let x = if l == 0 { input } else { &self.out[l - 1] };
            let Dense { inputs, units, weights: at, bias } = &weights.at;
            let grad = &mut gradient[at.clone()];
            cpu.run(Correlate { dz, rows: *units, x, columns: *inputs, grad });
            cpu.run(SumRows { dz, grad: &mut gradient[bias.clone()] });
            let below = below.last_mut().map_or(&mut *d_input, |d| d);
            below.fill(0.0);
            cpu.run(Multiply { a: &weights.back, b: dz, c: below });
        }
    }
}
