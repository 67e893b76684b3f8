//! The network on the CPU, forward and backward by hand, without an allocation per step.
//!
//! A batch is worked off in blocks of [`LANES`] windows; each runs the whole sequence through all layers and back, so
//! its activations stay in cache whatever the batch size. A block that isn't full carries zeros in the free lanes and
//! no gradient. One thread: parallelism is over series.

use super::kernel::{Adam, BETA1, BETA2, Backward, Correlate, Forward, Multiply, Panels, SumRows};
use super::network::{Batch, Engine, Layer, Shape, Stop};
use super::simd::{Cpu, LANES};
use crate::control::{Cancelled, Control};

/// Time steps whose weight gradients are summed in one go: between two goes, a cancel is obeyed.
const STEPS_AT_ONCE: usize = 32;

/// The fused engine.
#[derive(Debug)]
pub(super) struct Fused {
    cpu: Cpu,
    shape: Shape,
    learning_rate: f64,
    steps: i32,
    /// Padded to whole vectors, as the three that follow.
    parameters: Vec<f32>,
    gradient: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    stale: bool,
    work: Work,
}

/// Everything that one block needs.
#[derive(Debug)]
struct Work {
    layers: Vec<LayerWork>,
    /// The block's input, `[time, feature, lane]`.
    x: Vec<f32>,
    /// Gradient of the current layer's states and of the layer's below, `[time, units, lane]`.
    d_states: [Vec<f32>; 2],
    /// `[units, lane]`.
    d_cell: Vec<f32>,
    /// The network's answers, then their gradient, `[lane]`.
    output: Vec<f32>,
}

/// One layer's weights in the kernels' order and its activations.
#[derive(Debug)]
struct LayerWork {
    at: Layer,
    input: Panels,
    recurrent: Panels,
    input_back: Panels,
    recurrent_back: Panels,
    /// `[time, 4·units, lane]`.
    gates: Vec<f32>,
    /// `[time + 1, units, lane]`; entry 0 is the zero before the first step, as in `states`.
    cells: Vec<f32>,
    tanh_cells: Vec<f32>,
    states: Vec<f32>,
}

impl Fused {
    /// An engine with given first parameters, in the order of [`Shape::layers`].
    pub(super) fn new(shape: &Shape, parameters: &[f32], learning_rate: f64) -> Self {
        let mut padded = parameters.to_vec();
        padded.resize(parameters.len().next_multiple_of(LANES), 0.0);
        let zeros = vec![0.0; padded.len()];
        Self {
            cpu: Cpu::detect(),
            shape: shape.clone(),
            learning_rate,
            steps: 0,
            parameters: padded,
            gradient: zeros.clone(),
            first: zeros.clone(),
            second: zeros,
            stale: true,
            work: Work::new(shape),
        }
    }

    /// Numbers that a shape's activations take, for a limit before they are allocated.
    pub(super) fn floats(shape: &Shape) -> usize {
        let widest = shape.units.iter().copied().max().unwrap_or(0);
        (shape.units.iter().map(|u| 7 * u).sum::<usize>() + 2 * widest + shape.inputs) * (shape.window + 1) * LANES
    }

    /// Loss of a batch and, in `self.gradient`, its gradient.
    fn differentiate(&mut self, batch: Batch<'_>, control: &Control) -> Result<f64, Cancelled> {
        self.repack();
        self.gradient.fill(0.0);
        let (stride, n) = (self.shape.window * self.shape.inputs, batch.y.len());
        let mut squares = 0.0;
        for (x, y) in batch.x.chunks(LANES * stride).zip(batch.y.chunks(LANES)) {
            self.forward(x, control)?;
            for (output, y) in self.work.output.iter_mut().zip(y) {
                let error = *output - y;
                squares += f64::from(error) * f64::from(error);
                *output = 2.0 * error / n as f32;
            }
            self.work.output[y.len()..].fill(0.0);
            self.backward(control)?;
        }
        Ok(squares / n as f64)
    }

    /// Loss and gradient of a batch, for checks against other implementations.
    #[cfg(test)]
    pub(super) fn gradient(&mut self, batch: Batch<'_>) -> (f64, Vec<f32>) {
        let loss = self.differentiate(batch, &Control::silent()).expect("nobody cancels");
        (loss, self.gradient[..self.shape.len()].to_vec())
    }

    /// Brings the weights into the kernels' order when they have changed.
    fn repack(&mut self) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        for layer in &mut self.work.layers {
            let (inputs, units) = (layer.at.inputs, layer.at.units);
            let input = &self.parameters[layer.at.input_weights.clone()];
            let recurrent = &self.parameters[layer.at.recurrent_weights.clone()];
            layer.input.fill(input, inputs, 1);
            layer.recurrent.fill(recurrent, units, 1);
            layer.input_back.fill(input, 1, inputs);
            layer.recurrent_back.fill(recurrent, 1, units);
        }
    }

    /// Runs up to [`LANES`] windows `x[window, time, feature]`; answers land in `work.output`.
    fn forward(&mut self, x: &[f32], control: &Control) -> Result<(), Cancelled> {
        let (window, inputs) = (self.shape.window, self.shape.inputs);
        let Work { layers, x: block, output, .. } = &mut self.work;
        block.fill(0.0);
        for (lane, sample) in x.chunks_exact(window * inputs).enumerate() {
            for (row, &value) in block.chunks_exact_mut(LANES).zip(sample) {
                row[lane] = value;
            }
        }
        for l in 0..layers.len() {
            let (below, rest) = layers.split_at_mut(l);
            let below = below.last().map_or(&block[..], |b| &b.states[b.at.units * LANES..]);
            let bias = &self.parameters[rest[0].at.bias.clone()];
            for t in 0..window {
                control.check()?;
                rest[0].forward(self.cpu, t, below, bias);
            }
        }
        let head = &self.parameters[self.shape.head()];
        let (weights, bias) = head.split_at(head.len() - 1);
        output.fill(bias[0]);
        for (&w, row) in weights.iter().zip(last_state(layers).chunks_exact(LANES)) {
            output.iter_mut().zip(row).for_each(|(o, h)| *o += w * h);
        }
        Ok(())
    }

    /// Adds the block's gradient, from the answers' gradient in `work.output`.
    fn backward(&mut self, control: &Control) -> Result<(), Cancelled> {
        let window = self.shape.window;
        let Work { layers, x: block, d_states, d_cell, output } = &mut self.work;
        let [d_states, d_below] = d_states;
        let head = self.shape.head();
        d_states.fill(0.0);
        let units = head.len() - 1;
        let last = &mut d_states[(window - 1) * units * LANES..window * units * LANES];
        back_through_head(&self.parameters[head.clone()], &mut self.gradient[head], last_state(layers), output, last);
        for l in (0..layers.len()).rev() {
            let (below, rest) = layers.split_at_mut(l);
            d_below.fill(0.0);
            d_cell.fill(0.0);
            for t in (0..window).rev() {
                control.check()?;
                rest[0].backward(self.cpu, t, d_states, (l > 0).then_some(&mut d_below[..]), d_cell);
            }
            let below = below.last().map_or(&block[..], |b| &b.states[b.at.units * LANES..]);
            rest[0].gradient(self.cpu, below, &mut self.gradient, control)?;
            std::mem::swap(d_states, d_below);
        }
        Ok(())
    }
}

impl Engine for Fused {
    fn step(&mut self, batch: Batch<'_>, control: &Control) -> Result<f64, Stop> {
        let loss = self.differentiate(batch, control)?;
        self.steps = self.steps.saturating_add(1);
        self.cpu.run(Adam {
            parameters: &mut self.parameters,
            gradient: &self.gradient,
            first: &mut self.first,
            second: &mut self.second,
            rate: (self.learning_rate / (1.0 - BETA1.powi(self.steps))) as f32,
            unbias: (1.0 / (1.0 - BETA2.powi(self.steps)).sqrt()) as f32,
        });
        self.stale = true;
        Ok(loss)
    }

    fn predict(&mut self, x: &[f32], out: &mut [f32], control: &Control) -> Result<(), Stop> {
        self.repack();
        let stride = self.shape.window * self.shape.inputs;
        for (x, out) in x.chunks(LANES * stride).zip(out.chunks_mut(LANES)) {
            self.forward(x, control)?;
            out.copy_from_slice(&self.work.output[..out.len()]);
        }
        Ok(())
    }

    fn parameters(&self) -> Result<Vec<f32>, Stop> {
        Ok(self.parameters[..self.shape.len()].to_vec())
    }

    fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), Stop> {
        self.parameters[..parameters.len()].copy_from_slice(parameters);
        self.stale = true;
        Ok(())
    }
}

impl Work {
    fn new(shape: &Shape) -> Self {
        let widest = shape.units.iter().copied().max().unwrap_or(0);
        let zeros = |rows: usize| vec![0.0; rows * LANES];
        Self {
            layers: shape.layers().into_iter().map(|at| LayerWork::new(at, shape.window)).collect(),
            x: zeros(shape.window * shape.inputs),
            d_states: [zeros(shape.window * widest), zeros(shape.window * widest)],
            d_cell: zeros(widest),
            output: zeros(1),
        }
    }
}

impl LayerWork {
    fn new(at: Layer, window: usize) -> Self {
        let zeros = |rows: usize| vec![0.0; rows * LANES];
        let (inputs, units) = (at.inputs, at.units);
        Self {
            input: Panels::new(4 * units, inputs),
            recurrent: Panels::new(4 * units, units),
            input_back: Panels::new(inputs, 4 * units),
            recurrent_back: Panels::new(units, 4 * units),
            gates: zeros(window * 4 * units),
            cells: zeros((window + 1) * units),
            tanh_cells: zeros(window * units),
            states: zeros((window + 1) * units),
            at,
        }
    }

    /// Step `t`, from the layer's input `below[time, inputs, lane]`.
    fn forward(&mut self, cpu: Cpu, t: usize, below: &[f32], bias: &[f32]) {
        let row = self.at.units * LANES;
        let gates = &mut self.gates[t * 4 * row..(t + 1) * 4 * row];
        for (gate, &b) in gates.chunks_exact_mut(LANES).zip(bias) {
            gate.fill(b);
        }
        cpu.run(Multiply { a: &self.input, b: &below[t * self.at.inputs * LANES..], c: gates });
        let (states, after) = self.states.split_at_mut((t + 1) * row);
        if t > 0 {
            cpu.run(Multiply { a: &self.recurrent, b: &states[t * row..], c: gates });
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
    fn backward(&mut self, cpu: Cpu, t: usize, d_states: &mut [f32], d_below: Option<&mut [f32]>, d_cell: &mut [f32]) {
        let row = self.at.units * LANES;
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
            cpu.run(Multiply { a: &self.recurrent_back, b: gates, c: &mut before[(t - 1) * row..] });
        }
        if let Some(d_below) = d_below {
            let width = self.at.inputs * LANES;
            cpu.run(Multiply { a: &self.input_back, b: gates, c: &mut d_below[t * width..(t + 1) * width] });
        }
    }

    /// Adds the layer's part of the gradient, once all steps went backwards.
    fn gradient(&self, cpu: Cpu, below: &[f32], grad: &mut [f32], control: &Control) -> Result<(), Cancelled> {
        let (inputs, units) = (self.at.inputs, self.at.units);
        let (step, row) = (4 * units * LANES, units * LANES);
        let steps = self.gates.len() / step;
        for from in (0..steps).step_by(STEPS_AT_ONCE) {
            control.check()?;
            let to = steps.min(from + STEPS_AT_ONCE);
            let dz = &self.gates[from * step..to * step];
            let x = &below[from * inputs * LANES..to * inputs * LANES];
            let grad_input = &mut grad[self.at.input_weights.clone()];
            cpu.run(Correlate { dz, rows: 4 * units, x, columns: inputs, grad: grad_input });
            let x = &self.states[from * row..to * row];
            let grad_recurrent = &mut grad[self.at.recurrent_weights.clone()];
            cpu.run(Correlate { dz, rows: 4 * units, x, columns: units, grad: grad_recurrent });
            cpu.run(SumRows { dz, grad: &mut grad[self.at.bias.clone()] });
        }
        Ok(())
    }
}

/// The dense unit backwards: its own gradient, and the last state's in `d_state[units, lane]`.
fn back_through_head(head: &[f32], grad: &mut [f32], state: &[f32], d_output: &[f32], d_state: &mut [f32]) {
    let (weights, _) = head.split_at(head.len() - 1);
    let (grad, grad_bias) = grad.split_at_mut(weights.len());
    let rows = state.chunks_exact(LANES).zip(d_state.chunks_exact_mut(LANES));
    for ((&w, grad), (h, d)) in weights.iter().zip(grad).zip(rows) {
        *grad += h.iter().zip(d_output).map(|(h, d)| h * d).sum::<f32>();
        d.iter_mut().zip(d_output).for_each(|(d, o)| *d = w * o);
    }
    grad_bias[0] += d_output.iter().sum::<f32>();
}

/// The top layer's state after the last step, `[units, lane]`.
fn last_state(layers: &[LayerWork]) -> &[f32] {
    layers.last().map_or(&[], |top| &top.states[top.states.len() - top.at.units * LANES..])
}
