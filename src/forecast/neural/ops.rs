//! The same network through candle's operations: what runs on a GPU, and what the fused kernels are checked against.

use super::kernel::{BETA1, BETA2, EPSILON};
use super::network::{Batch, Engine, Shape, Stop};
use super::objective::{Objective, mean_loss};
use crate::control::{Cancelled, Control};
use candle_core::{DType, Device, Result as CandleResult, Tensor, Var};
use candle_nn::ops::sigmoid;
use candle_nn::optim::{AdamW, Optimizer as _, ParamsAdamW};

/// The network as candle variables on some device.
#[derive(Debug)]
pub(super) struct Network {
    shape: Shape,
    device: Device,
    dtype: DType,
    /// Per layer `W`, `U`, `b`; then the head's `v` and `a`.
    vars: Vec<Var>,
}

impl Network {
    /// The network with given parameters, in the order of [`Shape::layers`].
    pub(super) fn new(shape: &Shape, parameters: &[f64], device: &Device, dtype: DType) -> CandleResult<Self> {
        let sizes = Self::sizes(shape);
        let mut vars = Vec::with_capacity(sizes.len());
        let mut at = 0;
        for (rows, columns) in sizes {
            let part = parameters[at..at + rows * columns].to_vec();
            at += rows * columns;
            // Converted before it travels: Metal has no 64-bit floats.
            let tensor = Tensor::from_vec(part, (rows, columns), &Device::Cpu)?.to_dtype(dtype)?;
            vars.push(Var::from_tensor(&tensor.to_device(device)?)?);
        }
        Ok(Self { shape: shape.clone(), device: device.clone(), dtype, vars })
    }

    fn sizes(shape: &Shape) -> Vec<(usize, usize)> {
        let mut sizes = Vec::new();
        for layer in shape.layers() {
            let gates = 4 * layer.units;
            sizes.extend([(gates, layer.inputs), (gates, layer.units), (1, gates)]);
        }
        sizes.extend([(shape.outputs, shape.head().len() / shape.outputs - 1), (1, shape.outputs)]);
        sizes
    }

    /// `[window, time, feature]` as a tensor.
    fn input(&self, x: &[f32]) -> CandleResult<Tensor> {
        let (window, inputs) = (self.shape.window, self.shape.inputs);
        let x = Tensor::from_slice(x, (x.len() / (window * inputs), window, inputs), &Device::Cpu)?;
        x.to_dtype(self.dtype)?.to_device(&self.device)
    }

    /// Answers `[window, output]` for `x[window, time, feature]`; asks `go_on` before every time step.
    fn forward(&self, x: &Tensor, go_on: &dyn Fn() -> CandleResult<()>) -> CandleResult<Tensor> {
        let n = x.dim(0)?;
        let mut sequence = x.clone();
        let mut last = None;
        for (l, layer) in self.shape.layers().iter().enumerate() {
            let [w, u, b] = [0, 1, 2].map(|i| self.vars[3 * l + i].as_tensor());
            // The input's product is taken for all steps at once.
            let flat = sequence.reshape((n * self.shape.window, layer.inputs))?;
            let projected = flat.matmul(&w.t()?)?.broadcast_add(b)?.reshape((n, self.shape.window, 4 * layer.units))?;
            let mut memory: Option<(Tensor, Tensor)> = None;
            let mut states = Vec::with_capacity(self.shape.window);
            for t in 0..self.shape.window {
                go_on()?;
                let mut z = projected.narrow(1, t, 1)?.squeeze(1)?;
                if let Some((h, _)) = &memory {
                    z = (z + h.matmul(&u.t()?)?)?;
                }
                let gate = |g: usize| z.narrow(1, g * layer.units, layer.units);
                let (i, f) = (sigmoid(&gate(0)?)?, sigmoid(&gate(1)?)?);
                let (g, o) = (gate(2)?.tanh()?, sigmoid(&gate(3)?)?);
                let mut c = (i * g)?;
                if let Some((_, before)) = &memory {
                    c = (c + (f * before)?)?;
                }
                let h = (o * c.tanh()?)?;
                states.push(h.clone());
                memory = Some((h, c));
            }
            sequence = Tensor::stack(&states, 1)?;
            last = memory.map(|(h, _)| h);
        }
        let last = last.expect("a shape has a layer and a step");
        let [v, a] = [2, 1].map(|from_end| self.vars[self.vars.len() - from_end].as_tensor());
        last.matmul(&v.t()?)?.broadcast_add(a)
    }

    /// Mean loss of a batch, and a scalar with the same gradient: loss and derivative are taken on the host, where the
    /// CPU's engine takes them too, and the derivative enters as a constant factor of the answers.
    fn loss(
        &self,
        objective: &Objective,
        batch: Batch<'_>,
        go_on: &dyn Fn() -> CandleResult<()>,
    ) -> CandleResult<(f64, Tensor)> {
        let answers = self.forward(&self.input(batch.x)?, go_on)?;
        let known = answers.to_device(&Device::Cpu)?.to_dtype(DType::F64)?.flatten_all()?.to_vec1::<f64>()?;
        let mut derivative = vec![0.0; known.len()];
        let loss = mean_loss(objective, &known, batch.y, &mut derivative);
        let factor = Tensor::from_vec(derivative, answers.shape(), &Device::Cpu)?;
        let factor = factor.to_dtype(self.dtype)?.to_device(&self.device)?;
        Ok((loss, (answers * factor)?.sum_all()?))
    }

    /// Loss and gradient of a batch, for checks.
    #[cfg(test)]
    pub(super) fn gradient(&self, objective: &Objective, batch: Batch<'_>) -> CandleResult<(f64, Vec<f64>)> {
        let (loss, scalar) = self.loss(objective, batch, &|| Ok(()))?;
        let grads = scalar.backward()?;
        let mut all = Vec::new();
        for var in &self.vars {
            match grads.get(var) {
                Some(g) => all.extend(g.to_dtype(DType::F64)?.flatten_all()?.to_vec1::<f64>()?),
                None => all.extend(vec![0.0; var.elem_count()]),
            }
        }
        Ok((loss, all))
    }
}

/// Trains a [`Network`].
pub(super) struct OpByOp {
    network: Network,
    objective: Objective,
    adam: AdamW,
}

impl OpByOp {
    /// An engine with given first parameters.
    ///
    /// # Errors
    /// [`Stop::Device`] when the device refuses.
    pub(super) fn new(
        shape: &Shape,
        parameters: &[f32],
        learning_rate: f64,
        objective: Objective,
        device: &Device,
    ) -> Result<Self, Stop> {
        let parameters: Vec<f64> = parameters.iter().map(|&p| f64::from(p)).collect();
        let network = Network::new(shape, &parameters, device, DType::F32).map_err(device_gave_up)?;
        let config = ParamsAdamW { lr: learning_rate, beta1: BETA1, beta2: BETA2, eps: EPSILON, weight_decay: 0.0 };
        let adam = AdamW::new(network.vars.clone(), config).map_err(device_gave_up)?;
        Ok(Self { network, objective, adam })
    }

    /// Runs `work`; what stopped it, in our words.
    fn guard<T>(
        control: &Control,
        work: impl FnOnce(&dyn Fn() -> CandleResult<()>) -> CandleResult<T>,
    ) -> Result<T, Stop> {
        let go_on = || control.check().map_err(candle_core::Error::wrap);
        work(&go_on).map_err(|e| if control.is_cancelled() { Stop::Cancelled(Cancelled) } else { device_gave_up(e) })
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn device_gave_up(error: candle_core::Error) -> Stop {
    Stop::Device(error.to_string())
}

impl Engine for OpByOp {
    fn step(&mut self, batch: Batch<'_>, control: &Control) -> Result<f64, Stop> {
        let Self { network, objective, adam } = self;
        Self::guard(control, |go_on| {
            let (loss, scalar) = network.loss(objective, batch, go_on)?;
            let grads = scalar.backward()?;
            go_on()?;
            adam.step(&grads)?;
            Ok(loss)
        })
    }

    fn predict(&mut self, x: &[f32], out: &mut [f32], control: &Control) -> Result<(), Stop> {
        Self::guard(control, |go_on| {
            let answers = self.network.forward(&self.network.input(x)?, go_on)?;
            out.copy_from_slice(&answers.flatten_all()?.to_vec1::<f32>()?);
            Ok(())
        })
    }

    fn parameters(&self) -> Result<Vec<f32>, Stop> {
        let mut all = Vec::with_capacity(self.network.shape.len());
        for var in &self.network.vars {
            all.extend(var.flatten_all().and_then(|v| v.to_vec1::<f32>()).map_err(device_gave_up)?);
        }
        Ok(all)
    }

    fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), Stop> {
        let mut at = 0;
        for var in &self.network.vars {
            let part = &parameters[at..at + var.elem_count()];
            at += part.len();
            let tensor = Tensor::from_slice(part, var.shape(), &self.network.device);
            tensor.and_then(|t| var.set(&t)).map_err(device_gave_up)?;
        }
        Ok(())
    }

    fn set_learning_rate(&mut self, rate: f64) {
        self.adam.set_learning_rate(rate);
    }
}
