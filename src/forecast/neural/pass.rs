//! One block of windows through all layers and back.

use super::kernel::{Backward, Correlate, Forward, Multiply, Panels, SumRows};
use super::network::{Layer, Shape};
use super::simd::{Cpu, LANES};
use crate::control::{Cancelled, Control};
use std::ops::Range;

/// Time steps whose weight gradients are summed in one go: between two goes, a cancel is obeyed.
const STEPS_AT_ONCE: usize = 32;

/// All weights in the kernels' order, read by every crew.
#[derive(Debug)]
pub(super) struct Weights {
    layers: Vec<LayerWeights>,
    head: Range<usize>,
    out: Panels,
    out_back: Panels,
    out_bias: Vec<f32>,
}

#[derive(Debug)]
struct LayerWeights {
    at: Layer,
    input: Panels,
    recurrent: Panels,
    input_back: Panels,
    recurrent_back: Panels,
    bias: Vec<f32>,
}

impl Weights {
    /// Room for a shape's weights.
    pub(super) fn new(shape: &Shape) -> Self {
        let of = |at: Layer| {
            let (inputs, units) = (at.inputs, at.units);
            LayerWeights {
                input: Panels::new(4 * units, inputs),
                recurrent: Panels::new(4 * units, units),
                input_back: Panels::new(inputs, 4 * units),
                recurrent_back: Panels::new(units, 4 * units),
                bias: vec![0.0; 4 * units],
                at,
            }
        };
        let last = shape.units.last().copied().unwrap_or(0);
        Self {
            layers: shape.layers().into_iter().map(of).collect(),
            head: shape.head(),
            out: Panels::new(shape.outputs, last),
            out_back: Panels::new(last, shape.outputs),
            out_bias: vec![0.0; shape.outputs],
        }
    }

    /// Takes the parameters, in the order of [`Shape::layers`].
    pub(super) fn fill(&mut self, parameters: &[f32]) {
        for layer in &mut self.layers {
            let (inputs, units) = (layer.at.inputs, layer.at.units);
            let input = &parameters[layer.at.input_weights.clone()];
            let recurrent = &parameters[layer.at.recurrent_weights.clone()];
            layer.input.fill(input, inputs, 1);
            layer.recurrent.fill(recurrent, units, 1);
            layer.input_back.fill(input, 1, inputs);
            layer.recurrent_back.fill(recurrent, 1, units);
            layer.bias.copy_from_slice(&parameters[layer.at.bias.clone()]);
        }
        let head = &parameters[self.head.clone()];
        let (weights, bias) = head.split_at(head.len() - self.out_bias.len());
        let units = weights.len() / bias.len();
        self.out.fill(weights, units, 1);
        self.out_back.fill(weights, 1, units);
        self.out_bias.copy_from_slice(bias);
    }
}

/// A block's activations.
#[derive(Debug)]
pub(super) struct Pass {
    layers: Vec<Activations>,
    window: usize,
    inputs: usize,
    /// The block's input, `[time, feature, lane]`.
    x: Vec<f32>,
    /// Gradient of the current layer's states and of the layer's below, `[time, units, lane]`.
    d_states: [Vec<f32>; 2],
    /// `[units, lane]`.
    d_cell: Vec<f32>,
    /// The network's answers, then their gradient, `[output, lane]`.
    output: Vec<f32>,
}

/// One layer's activations.
#[derive(Debug)]
struct Activations {
    units: usize,
    /// `[time, 4·units, lane]`.
    gates: Vec<f32>,
    /// `[time + 1, units, lane]`; entry 0 is the zero before the first step, as in `states`.
    cells: Vec<f32>,
    tanh_cells: Vec<f32>,
    states: Vec<f32>,
}

impl Pass {
    /// Room for a block.
    pub(super) fn new(shape: &Shape) -> Self {
        let widest = shape.units.iter().copied().max().unwrap_or(0);
        let zeros = |rows: usize| vec![0.0; rows * LANES];
        let window = shape.window;
        let of = |&units: &usize| Activations {
            units,
            gates: zeros(window * 4 * units),
            cells: zeros((window + 1) * units),
            tanh_cells: zeros(window * units),
            states: zeros((window + 1) * units),
        };
        Self {
            layers: shape.units.iter().map(of).collect(),
            window,
            inputs: shape.inputs,
            x: zeros(window * shape.inputs),
            d_states: [zeros(window * widest), zeros(window * widest)],
            d_cell: zeros(widest),
            output: zeros(shape.outputs),
        }
    }

    /// Numbers that a shape's activations take.
    pub(super) fn floats(shape: &Shape) -> usize {
        let widest = shape.units.iter().copied().max().unwrap_or(0);
        let rows = shape.units.iter().map(|u| 7 * u).sum::<usize>() + 2 * widest + shape.inputs;
        (rows * (shape.window + 1) + shape.outputs) * LANES
    }

    /// Runs up to [`LANES`] windows `x[window, time, feature]`.
    pub(super) fn forward(
        &mut self,
        cpu: Cpu,
        weights: &Weights,
        x: &[f32],
        control: &Control,
    ) -> Result<(), Cancelled> {
        let Self { layers, x: block, output, .. } = self;
        // A block that isn't full carries zeros in the free lanes.
        block.fill(0.0);
        for (lane, sample) in x.chunks_exact(self.window * self.inputs).enumerate() {
            for (row, &value) in block.chunks_exact_mut(LANES).zip(sample) {
                row[lane] = value;
            }
        }
        for (l, weights) in weights.layers.iter().enumerate() {
            let (below, rest) = layers.split_at_mut(l);
            let below = below.last().map_or(&block[..], Activations::states);
            for t in 0..self.window {
                control.check()?;
                rest[0].forward(cpu, weights, t, below);
            }
        }
        for (row, &bias) in output.chunks_exact_mut(LANES).zip(&weights.out_bias) {
            row.fill(bias);
        }
        cpu.run(Multiply { a: &weights.out, b: last_state(layers), c: output });
        Ok(())
    }

    /// The answers of the first windows, `out[window, output]`.
    pub(super) fn answers(&self, out: &mut [f32]) {
        let outputs = self.output.len() / LANES;
        for (lane, out) in out.chunks_exact_mut(outputs).enumerate() {
            for (out, row) in out.iter_mut().zip(self.output.chunks_exact(LANES)) {
                *out = row[lane];
            }
        }
    }

    /// Adds the block's gradient, from the answers' `derivative[window, output]`; lanes without a window have none.
    pub(super) fn backward(
        &mut self,
        cpu: Cpu,
        weights: &Weights,
        derivative: &[f64],
        gradient: &mut [f32],
        control: &Control,
    ) -> Result<(), Cancelled> {
        let window = self.window;
        let Self { layers, x: block, d_states, d_cell, output, .. } = self;
        let outputs = output.len() / LANES;
        output.fill(0.0);
        for (lane, derivative) in derivative.chunks_exact(outputs).enumerate() {
            for (row, d) in output.chunks_exact_mut(LANES).zip(derivative) {
                row[lane] = *d as f32;
            }
        }
        let [d_states, d_below] = d_states;
        d_states.fill(0.0);
        let state = last_state(layers);
        head_gradient(&mut gradient[weights.head.clone()], state, output);
        let last = &mut d_states[(window - 1) * state.len()..window * state.len()];
        cpu.run(Multiply { a: &weights.out_back, b: output, c: last });
        for (l, weights) in weights.layers.iter().enumerate().rev() {
            let (below, rest) = layers.split_at_mut(l);
            d_below.fill(0.0);
            d_cell.fill(0.0);
            for t in (0..window).rev() {
                control.check()?;
                rest[0].backward(cpu, weights, t, d_states, (l > 0).then_some(&mut d_below[..]), d_cell);
            }
            let below = below.last().map_or(&block[..], Activations::states);
            rest[0].gradient(cpu, &weights.at, below, gradient, control)?;
            std::mem::swap(d_states, d_below);
        }
        Ok(())
    }
}

impl Activations {
    /// What the layer above reads, `[time, units, lane]`.
    fn states(&self) -> &[f32] {
        &self.states[self.units * LANES..]
    }

    /// Step `t`, from the layer's input `below[time, inputs, lane]`.
    fn forward(&mut self, cpu: Cpu, weights: &LayerWeights, t: usize, below: &[f32]) {
        let row = self.units * LANES;
        let gates = &mut self.gates[t * 4 * row..(t + 1) * 4 * row];
        for (gate, &b) in gates.chunks_exact_mut(LANES).zip(&weights.bias) {
            gate.fill(b);
        }
        cpu.run(Multiply { a: &weights.input, b: &below[t * weights.at.inputs * LANES..], c: gates });
        let (states, after) = self.states.split_at_mut((t + 1) * row);
        if t > 0 {
            cpu.run(Multiply { a: &weights.recurrent, b: &states[t * row..], c: gates });
        }
        let (cells, cells_after) = self.cells.split_at_mut((t + 1) * row);
        cpu.run(Forward {
            gates,
            cell_before: &cells[t * row..],
            cell: &mut cells_after[..row],
            tanh_cell: &mut self.tanh_cells[t * row..(t + 1) * row],
            state: &mut after[..row],
        });
    }

    /// Step `t` backwards: the gates become their gradient, which flows on to step `t − 1` and to the layer below.
    fn backward(
        &mut self,
        cpu: Cpu,
        weights: &LayerWeights,
        t: usize,
        d_states: &mut [f32],
        d_below: Option<&mut [f32]>,
        d_cell: &mut [f32],
    ) {
        let row = self.units * LANES;
        let gates = &mut self.gates[t * 4 * row..(t + 1) * 4 * row];
        let (before, now) = d_states.split_at_mut(t * row);
        cpu.run(Backward {
            gates,
            cell_before: &self.cells[t * row..(t + 1) * row],
            tanh_cell: &self.tanh_cells[t * row..(t + 1) * row],
            d_state: &now[..row],
            d_cell: &mut d_cell[..row],
        });
        if t > 0 {
            cpu.run(Multiply { a: &weights.recurrent_back, b: gates, c: &mut before[(t - 1) * row..] });
        }
        if let Some(d_below) = d_below {
            let width = weights.at.inputs * LANES;
            cpu.run(Multiply { a: &weights.input_back, b: gates, c: &mut d_below[t * width..(t + 1) * width] });
        }
    }

    /// Adds the layer's part of the gradient, once all steps went backwards.
    fn gradient(
        &self,
        cpu: Cpu,
        at: &Layer,
        below: &[f32],
        grad: &mut [f32],
        control: &Control,
    ) -> Result<(), Cancelled> {
        let (inputs, units) = (at.inputs, at.units);
        let (step, row) = (4 * units * LANES, units * LANES);
        let steps = self.gates.len() / step;
        for from in (0..steps).step_by(STEPS_AT_ONCE) {
            control.check()?;
            let to = steps.min(from + STEPS_AT_ONCE);
            let dz = &self.gates[from * step..to * step];
            let x = &below[from * inputs * LANES..to * inputs * LANES];
            let grad_input = &mut grad[at.input_weights.clone()];
            cpu.run(Correlate { dz, rows: 4 * units, x, columns: inputs, grad: grad_input });
            let x = &self.states[from * row..to * row];
            let grad_recurrent = &mut grad[at.recurrent_weights.clone()];
            cpu.run(Correlate { dz, rows: 4 * units, x, columns: units, grad: grad_recurrent });
            cpu.run(SumRows { dz, grad: &mut grad[at.bias.clone()] });
        }
        Ok(())
    }
}

/// Adds the dense units' own gradient, from the last `state[units, lane]` and `d_output[output, lane]`.
fn head_gradient(grad: &mut [f32], state: &[f32], d_output: &[f32]) {
    let outputs = d_output.len() / LANES;
    let (grad, grad_bias) = grad.split_at_mut(grad.len() - outputs);
    let units = state.len() / LANES;
    for ((grad, bias), d) in grad.chunks_exact_mut(units).zip(grad_bias).zip(d_output.chunks_exact(LANES)) {
        for (grad, h) in grad.iter_mut().zip(state.chunks_exact(LANES)) {
            *grad += h.iter().zip(d).map(|(h, d)| h * d).sum::<f32>();
        }
        *bias += d.iter().sum::<f32>();
    }
}

/// The top layer's state after the last step, `[units, lane]`.
fn last_state(layers: &[Activations]) -> &[f32] {
    layers.last().map_or(&[], |top| &top.states[top.states.len() - top.units * LANES..])
}
