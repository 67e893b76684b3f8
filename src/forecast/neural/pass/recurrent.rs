//! Stacked LSTM layers, forward and back.

use super::attention::Attention;
use crate::control::{Cancelled, Control};
use crate::forecast::neural::dropout::{Dropout, Site};
use crate::forecast::neural::kernel::{Backward, Correlate, Forward, Multiply, Panels, SumRows};
use crate::forecast::neural::network::{Encoder, Layer, Shape};
use crate::forecast::neural::simd::{LANES, Lined};
use crate::vector::Cpu;

/// Time steps whose weight gradients are summed in one go: between two goes, a cancel is obeyed.
const STEPS_AT_ONCE: usize = 32;

/// The layers' weights in the kernels' order.
#[derive(Debug)]
pub(super) struct RecurrentWeights {
    layers: Vec<LayerWeights>,
    /// `q[unit]` of the attention, empty without one.
    query: Vec<f32>,
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

impl RecurrentWeights {
    /// Room for all layers of a shape.
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
        Self { layers: shape.layers().into_iter().map(of).collect(), query: Vec::new() }
    }

    /// Takes the parameters of a shape.
    pub(super) fn fill(&mut self, shape: &Shape, parameters: &[f32]) {
        for layer in &mut self.layers {
            let input = &parameters[layer.at.input_weights.clone()];
            let recurrent = &parameters[layer.at.recurrent_weights.clone()];
            layer.input.fill(input);
            layer.recurrent.fill(recurrent);
            layer.input_back.fill_transposed(input);
            layer.recurrent_back.fill_transposed(recurrent);
            layer.bias.copy_from_slice(&parameters[layer.at.bias.clone()]);
        }
        self.query.clear();
        self.query.extend(shape.attention().into_iter().flat_map(|at| &parameters[at]));
    }
}

/// A block's activations.
#[derive(Debug)]
pub(super) struct Recurrent {
    window: usize,
    layers: Vec<Activations>,
    attention: Option<Attention>,
    /// Gradient of the current layer's states and of the layer's below, `[time, units, lane]`.
    d_states: [Lined; 2],
    /// `[units, lane]`.
    d_cell: Lined,
}

/// One layer's activations.
#[derive(Debug)]
struct Activations {
    units: usize,
    /// `[time, 4·units, lane]`.
    gates: Lined,
    /// `[time + 1, units, lane]`; entry 0 is the zero before the first step, as in `states`.
    cells: Lined,
    tanh_cells: Lined,
    states: Lined,
    /// The states as the layer above reads them, `[time, units, lane]`, and their mask; empty where nothing is left out.
    thinned: Vec<f32>,
    mask: Vec<f32>,
}

impl Recurrent {
    /// Room for a block.
    pub(super) fn new(shape: &Shape) -> Self {
        let Encoder::Lstm { units, .. } = &shape.encoder else { return Self::empty() };
        let widest = units.iter().copied().max().unwrap_or(0);
        let zeros = |rows: usize| Lined::zeros(rows * LANES);
        let window = shape.window;
        let of = |&units: &usize| Activations {
            units,
            gates: zeros(window * 4 * units),
            cells: zeros((window + 1) * units),
            tanh_cells: zeros(window * units),
            states: zeros((window + 1) * units),
            thinned: Vec::new(),
            mask: Vec::new(),
        };
        Self {
            window,
            layers: units.iter().map(of).collect(),
            attention: shape.attention().map(|at| Attention::new(at, window)),
            d_states: [zeros(window * widest), zeros(window * widest)],
            d_cell: zeros(widest),
        }
    }

    fn empty() -> Self {
        Self {
            window: 0,
            layers: Vec::new(),
            attention: None,
            d_states: [Lined::zeros(0), Lined::zeros(0)],
            d_cell: Lined::zeros(0),
        }
    }

    /// Numbers that a shape's activations take.
    pub(super) fn floats(shape: &Shape) -> usize {
        let Encoder::Lstm { units, .. } = &shape.encoder else { return 0 };
        let widest = units.iter().copied().max().unwrap_or(0);
        (units.iter().map(|u| 9 * u).sum::<usize>() + 2 * widest) * (shape.window + 1) * LANES
    }

    /// Weights of the attention, `[time, lane]`; `None` without one.
    pub(super) fn attention(&self) -> Option<&[f32]> {
        self.attention.as_ref().map(|a| &*a.weights)
    }

    /// The last state, and the pooled ones where there is attention, into `encoded`, from `x[time, feature, lane]`.
    pub(super) fn forward(
        &mut self,
        cpu: Cpu,
        weights: &RecurrentWeights,
        (x, encoded): (&[f32], &mut [f32]),
        dropout: Option<Dropout>,
        control: &Control,
    ) -> Result<(), Cancelled> {
        let top = self.layers.len().saturating_sub(1);
        for (l, weights) in weights.layers.iter().enumerate() {
            let (below, rest) = self.layers.split_at_mut(l);
            let below = below.last().map_or(x, Activations::handed_on);
            for t in 0..self.window {
                control.check()?;
                rest[0].forward(cpu, weights, t, below);
            }
            rest[0].thin(dropout.filter(|_| l < top), Site::Layer(l));
        }
        let Some(top) = self.layers.last() else { return Ok(()) };
        let last = top.units * LANES;
        encoded[..last].copy_from_slice(&top.states[top.states.len() - last..]);
        if let Some(attention) = &mut self.attention {
            attention.forward(&weights.query, top.states(), &mut encoded[last..]);
        }
        Ok(())
    }

    /// Adds the layers' part of the gradient, from that of what was encoded.
    pub(super) fn backward(
        &mut self,
        cpu: Cpu,
        weights: &RecurrentWeights,
        (x, d_encoded): (&[f32], &[f32]),
        gradient: &mut [f32],
        control: &Control,
    ) -> Result<(), Cancelled> {
        let window = self.window;
        let Self { layers, attention, d_states, d_cell, .. } = self;
        let [d_states, d_below] = d_states;
        let Some(top) = layers.last() else { return Ok(()) };
        d_states.fill(0.0);
        let last = top.units * LANES;
        d_states[(window - 1) * last..window * last].copy_from_slice(&d_encoded[..last]);
        if let Some(attention) = attention {
            attention.backward(top.states(), &d_encoded[last..], &mut d_states[..window * last], gradient);
        }
        for (l, weights) in weights.layers.iter().enumerate().rev() {
            let (below, rest) = layers.split_at_mut(l);
            d_below.fill(0.0);
            d_cell.fill(0.0);
            for t in (0..window).rev() {
                control.check()?;
                rest[0].backward(cpu, weights, t, d_states, (l > 0).then_some(&mut d_below[..]), d_cell);
            }
            let input = below.last().map_or(x, Activations::handed_on);
            rest[0].gradient(cpu, &weights.at, input, gradient, control)?;
            if let Some(below) = below.last() {
                d_below.iter_mut().zip(&below.mask).for_each(|(d, m)| *d *= m);
            }
            std::mem::swap(d_states, d_below);
        }
        Ok(())
    }
}

impl Activations {
    /// All states, `[time, units, lane]`.
    fn states(&self) -> &[f32] {
        &self.states[self.units * LANES..]
    }

    /// What the layer above reads, `[time, units, lane]`.
    fn handed_on(&self) -> &[f32] {
        if self.thinned.is_empty() { self.states() } else { &self.thinned }
    }

    /// Leaves out some states on their way to the layer above.
    fn thin(&mut self, dropout: Option<Dropout>, site: Site) {
        self.mask.clear();
        self.thinned.clear();
        let Some(dropout) = dropout else { return };
        self.mask.resize(self.states.len() - self.units * LANES, 0.0);
        dropout.fill(site, &mut self.mask);
        self.thinned.extend(self.states[self.units * LANES..].iter().zip(&self.mask).map(|(h, m)| h * m));
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
            cpu.run(SumRows { dz, grad: &mut grad[at.bias.clone()] });
            // Before the first step the state is 0, which no weight is to blame for.
            let from = from.max(1);
            let (dz, x) = (&self.gates[from * step..to * step], &self.states[from * row..to * row]);
            let grad_recurrent = &mut grad[at.recurrent_weights.clone()];
            cpu.run(Correlate { dz, rows: 4 * units, x, columns: units, grad: grad_recurrent });
        }
        Ok(())
    }
}
