//! Dilated causal convolutions of which only the last step is wanted.
//!
//! The last step of layer `l` depends on few steps of the layers below: with dilations that double, on those `2^(l+1)`
//! apart, counted from the window's end. Only these are computed. Entry `j` of layer `l` is time `T − 1 − j·2^(l+1)` and
//! reads entries `2j … 2j + TAPS − 1` of the layer below, whose entries are `2^l` apart: the last layer has one entry, the one
//! below it three, then seven. Steps before the window don't exist and count as 0.

use crate::forecast::neural::kernel::{Correlate, Multiply, Panels, SumRows};
use crate::forecast::neural::network::{Convolved, Shape, TAPS};
use crate::forecast::neural::simd::LANES;
use crate::vector::Cpu;

/// One layer's weights in the kernels' order.
#[derive(Debug)]
pub(super) struct ConvolutionWeights {
    at: Convolved,
    taps: Vec<Panels>,
    taps_back: Vec<Panels>,
    bypass: Option<[Panels; 2]>,
    bias: Vec<f32>,
}

impl ConvolutionWeights {
    /// Room for all layers of a shape.
    pub(super) fn all(shape: &Shape) -> Vec<Self> {
        let of = |at: Convolved| {
            let (inputs, channels) = (at.inputs, at.bias.len());
            Self {
                taps: (0..TAPS).map(|_| Panels::new(channels, inputs)).collect(),
                taps_back: (0..TAPS).map(|_| Panels::new(inputs, channels)).collect(),
                bypass: at.bypass.as_ref().map(|_| [Panels::new(channels, inputs), Panels::new(inputs, channels)]),
                bias: vec![0.0; channels],
                at,
            }
        };
        shape.convolutions().into_iter().map(of).collect()
    }

    /// Takes the parameters.
    pub(super) fn fill(&mut self, parameters: &[f32]) {
        for ((forward, back), at) in self.taps.iter_mut().zip(&mut self.taps_back).zip(&self.at.taps) {
            forward.fill(&parameters[at.clone()]);
            back.fill_transposed(&parameters[at.clone()]);
        }
        if let (Some([forward, back]), Some(at)) = (&mut self.bypass, &self.at.bypass) {
            forward.fill(&parameters[at.clone()]);
            back.fill_transposed(&parameters[at.clone()]);
        }
        self.bias.copy_from_slice(&parameters[self.at.bias.clone()]);
    }
}

/// A block's activations.
#[derive(Debug)]
pub(super) struct Convolution {
    /// The window backwards, `[steps ago, feature, lane]`.
    x: Vec<f32>,
    layers: Vec<Entries>,
}

/// One layer's entries.
#[derive(Debug)]
struct Entries {
    /// `relu(Σ W·x + b)`, `[entry, channel, lane]`, as the two that follow.
    bent: Vec<f32>,
    /// The same with what goes around it.
    out: Vec<f32>,
    d_out: Vec<f32>,
}

/// Entries of each layer, the first layer's first.
fn counts(window: usize, layers: usize) -> Vec<usize> {
    let mut wanted = 1;
    let mut counts: Vec<usize> = (0..layers)
        .rev()
        .map(|l| {
            let count = wanted.min((window - 1) / (2 << l) + 1);
            wanted = 2 * (count - 1) + TAPS;
            count
        })
        .collect();
    counts.reverse();
    counts
}

impl Convolution {
    /// Room for a block.
    pub(super) fn new(shape: &Shape) -> Self {
        let layers = shape.convolutions();
        let of = |(layer, count): (&Convolved, usize)| {
            let zeros = || vec![0.0; count * layer.bias.len() * LANES];
            Entries { bent: zeros(), out: zeros(), d_out: zeros() }
        };
        let entries = layers.iter().zip(counts(shape.window, layers.len())).map(of).collect();
        Self { x: vec![0.0; shape.window * shape.inputs * LANES], layers: entries }
    }

    /// Numbers that a shape's activations take.
    pub(super) fn floats(shape: &Shape) -> usize {
        let layers = shape.convolutions();
        let rows = layers.iter().zip(counts(shape.window, layers.len())).map(|(l, count)| 3 * count * l.bias.len());
        (rows.sum::<usize>() + shape.window * shape.inputs) * LANES
    }

    /// The last step's channels, into `encoded`, from the window `x[time, feature, lane]`.
    pub(super) fn forward(&mut self, cpu: Cpu, weights: &[ConvolutionWeights], x: &[f32], encoded: &mut [f32]) {
        let Some(first) = weights.first() else { return };
        let row = first.at.inputs * LANES;
        for (to, from) in self.x.chunks_exact_mut(row).zip(x.chunks_exact(row).rev()) {
            to.copy_from_slice(from);
        }
        for (l, weights) in weights.iter().enumerate() {
            let (below, rest) = self.layers.split_at_mut(l);
            rest[0].forward(cpu, weights, below.last().map_or(&self.x, |b| &b.out));
        }
        if let Some(last) = self.layers.last() {
            encoded.copy_from_slice(&last.out);
        }
    }

    /// Adds the layers' part of the gradient, from that of what was encoded.
    pub(super) fn backward(&mut self, cpu: Cpu, weights: &[ConvolutionWeights], d_encoded: &[f32], grad: &mut [f32]) {
        if let Some(last) = self.layers.last_mut() {
            last.d_out.copy_from_slice(d_encoded);
        }
        for (l, weights) in weights.iter().enumerate().rev() {
            let (below, rest) = self.layers.split_at_mut(l);
            let (input, d_input) = match below.last_mut() {
                Some(below) => (&below.out, Some(&mut below.d_out)),
                None => (&self.x, None),
            };
            rest[0].backward(cpu, weights, (input, d_input), grad);
        }
    }
}

impl Entries {
    fn forward(&mut self, cpu: Cpu, weights: &ConvolutionWeights, below: &[f32]) {
        let (row, row_below) = (weights.bias.len() * LANES, weights.at.inputs * LANES);
        for (j, (bent, out)) in self.bent.chunks_exact_mut(row).zip(self.out.chunks_exact_mut(row)).enumerate() {
            for (sums, &bias) in bent.chunks_exact_mut(LANES).zip(&weights.bias) {
                sums.fill(bias);
            }
            let inputs = below[2 * j * row_below..].chunks_exact(row_below);
            for (tap, input) in weights.taps.iter().zip(inputs) {
                cpu.run(Multiply { a: tap, b: input, c: bent });
            }
            for v in bent.iter_mut() {
                *v = v.max(0.0);
            }
            out.copy_from_slice(bent);
            let around = &below[2 * j * row_below..(2 * j + 1) * row_below];
            match &weights.bypass {
                Some([bypass, _]) => cpu.run(Multiply { a: bypass, b: around, c: out }),
                None => out.iter_mut().zip(around).for_each(|(v, x)| *v += x),
            }
        }
    }

    /// `d_out` becomes the gradient of the sums.
    fn backward(
        &mut self,
        cpu: Cpu,
        weights: &ConvolutionWeights,
        (below, mut d_below): (&[f32], Option<&mut Vec<f32>>),
        grad: &mut [f32],
    ) {
        let (channels, inputs) = (weights.bias.len(), weights.at.inputs);
        let (row, row_below) = (channels * LANES, inputs * LANES);
        if let Some(d_below) = &mut d_below {
            d_below.fill(0.0);
        }
        for (j, (bent, dz)) in self.bent.chunks_exact(row).zip(self.d_out.chunks_exact_mut(row)).enumerate() {
            let at = 2 * j * row_below;
            let around = &below[at..at + row_below];
            if let (Some([_, back]), Some(range)) = (&weights.bypass, &weights.at.bypass) {
                let grad = &mut grad[range.clone()];
                cpu.run(Correlate { dz, rows: channels, x: around, columns: inputs, grad });
                if let Some(d_below) = &mut d_below {
                    cpu.run(Multiply { a: back, b: dz, c: &mut d_below[at..at + row_below] });
                }
            } else if let Some(d_below) = &mut d_below {
                d_below[at..at + row_below].iter_mut().zip(&*dz).for_each(|(d, z)| *d += z);
            }
            dz.iter_mut().zip(bent).for_each(|(d, v)| *d = if *v > 0.0 { *d } else { 0.0 });
            for (k, (back, range)) in weights.taps_back.iter().zip(&weights.at.taps).enumerate() {
                let at = at + k * row_below;
                let Some(x) = below.get(at..at + row_below) else { break };
                cpu.run(Correlate { dz, rows: channels, x, columns: inputs, grad: &mut grad[range.clone()] });
                if let Some(d_below) = &mut d_below {
                    cpu.run(Multiply { a: back, b: dz, c: &mut d_below[at..at + row_below] });
                }
            }
            cpu.run(SumRows { dz, grad: &mut grad[weights.at.bias.clone()] });
        }
    }
}
