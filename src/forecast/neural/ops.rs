//! The same network through candle's operations: what runs on a GPU, and what the fused kernels are checked against.

use super::dropout::{Dropout, Site};
use super::engine::{Batch, Engine, Recipe, Shown, Stop};
use super::kernel::{BETA1, BETA2, EPSILON};
use super::network::{Encoder, Layer, Shape, TAPS};
use super::objective::mean_loss;
use super::sequence;
use super::simd::LANES;
use crate::control::{Cancelled, Control};
use candle_core::{D, DType, Device, Result as CandleResult, Tensor, Var};
use candle_nn::ops::{sigmoid, softmax};
use candle_nn::optim::{AdamW, Optimizer as _, ParamsAdamW};

/// The network as candle variables on some device.
#[derive(Debug)]
pub(super) struct Network {
    shape: Shape,
    device: Device,
    dtype: DType,
    /// One per matrix of [`Shape::matrices`].
    vars: Vec<Var>,
    /// True where an LSTM layer is one operation for all time steps.
    in_one: bool,
}

/// What a forward pass needs besides the windows.
struct Run<'a> {
    /// The masks of each block of windows; empty where nothing is left out.
    dropout: Vec<Dropout>,
    /// Asked before every time step, or before every layer where that is one operation.
    go_on: &'a dyn Fn() -> CandleResult<()>,
}

impl Network {
    /// The network with given parameters, in the order of [`Shape::matrices`].
    pub(super) fn new(shape: &Shape, parameters: &[f64], device: &Device, dtype: DType) -> CandleResult<Self> {
        let mut vars = Vec::new();
        for matrix in shape.matrices() {
            // Converted before it travels: Metal has no 64-bit floats.
            let values = parameters[matrix.at].to_vec();
            let tensor = Tensor::from_vec(values, (matrix.rows, matrix.columns), &Device::Cpu)?.to_dtype(dtype)?;
            vars.push(Var::from_tensor(&tensor.to_device(device)?)?);
        }
        Ok(Self { shape: shape.clone(), device: device.clone(), dtype, vars, in_one: false })
    }

    /// The same with each LSTM layer as one operation.
    pub(super) fn in_one(self) -> Self {
        Self { in_one: true, ..self }
    }

    fn tensor<const N: usize>(&self, values: &[f32], dims: [usize; N]) -> CandleResult<Tensor> {
        let tensor = Tensor::from_slice(values, dims.to_vec(), &Device::Cpu)?;
        tensor.to_dtype(self.dtype)?.to_device(&self.device)
    }

    /// `x` with what a site leaves out at 0; `x` is `[window, rows …]`.
    fn thin(&self, x: &Tensor, site: Site, run: &Run<'_>) -> CandleResult<Tensor> {
        if run.dropout.is_empty() {
            return Ok(x.clone());
        }
        let windows = x.dim(0)?;
        let rows = x.elem_count() / windows;
        let mut mask = Vec::with_capacity(windows * rows);
        for (block, dropout) in run.dropout.iter().enumerate() {
            mask.extend(dropout.by_window(site, (LANES.min(windows - block * LANES), rows)));
        }
        x * self.tensor(&mask, [windows * rows])?.reshape(x.shape())?
    }

    /// Answers `[window, output]`.
    fn forward(&self, shown: Shown<'_>, run: &Run<'_>) -> CandleResult<Tensor> {
        let Shape { window, inputs, extras, encoder, .. } = &self.shape;
        let n = shown.x.len() / (window * inputs);
        let x = self.tensor(shown.x, [n, *window, *inputs])?;
        let mut vars = self.vars.iter().map(Var::as_tensor);
        let mut encoded = match encoder {
            Encoder::Flat | Encoder::Coded(_) => x.flatten_from(1)?,
            Encoder::Lstm { attends, .. } => self.recurrent(&x, &mut vars, *attends, run)?,
            Encoder::Convolution { .. } => self.convolved(&x, &mut vars)?,
        };
        if !encoder.is_window() {
            encoded = self.thin(&encoded, Site::Encoded, run)?;
        }
        if *extras > 0 {
            encoded = Tensor::cat(&[&encoded, &self.tensor(shown.extras, [n, *extras])?], 1)?;
        }
        for l in 0..=self.shape.hidden.len() {
            let [w, b] = take(&mut vars);
            encoded = encoded.matmul(&w.t()?)?.broadcast_add(b)?;
            if l < self.shape.hidden.len() {
                let bent = if self.shape.code() == Some(l) { encoded } else { encoded.relu()? };
                encoded = self.thin(&bent, Site::Hidden(l), run)?;
            }
        }
        Ok(encoded)
    }

    fn recurrent<'v>(
        &self,
        x: &Tensor,
        vars: &mut impl Iterator<Item = &'v Tensor>,
        attends: bool,
        run: &Run<'_>,
    ) -> CandleResult<Tensor> {
        let mut sequence = x.clone();
        let layers = self.shape.layers();
        for (l, layer) in layers.iter().enumerate() {
            sequence = if self.in_one {
                (run.go_on)()?;
                layer_in_one(&sequence, take(vars), layer)?
            } else {
                layer_states(&sequence, take(vars), layer, run)?
            };
            if l + 1 < layers.len() {
                sequence = self.thin(&sequence, Site::Layer(l), run)?;
            }
        }
        let last = sequence.narrow(1, self.shape.window - 1, 1)?.squeeze(1)?;
        if !attends {
            return Ok(last);
        }
        let [query] = take(vars);
        let scale = 1.0 / (query.elem_count() as f64).sqrt();
        let scores = (sequence.broadcast_mul(query)?.sum(D::Minus1)? * scale)?;
        let weights = softmax(&scores, 1)?.unsqueeze(2)?;
        Tensor::cat(&[&last, &sequence.broadcast_mul(&weights)?.sum(1)?], 1)
    }

    /// The last step of the convolutions, by way of whole dilated sequences.
    fn convolved<'v>(&self, x: &Tensor, vars: &mut impl Iterator<Item = &'v Tensor>) -> CandleResult<Tensor> {
        let (n, window) = (x.dim(0)?, self.shape.window);
        let mut sequence = x.clone();
        for (l, layer) in self.shape.convolutions().iter().enumerate() {
            let channels = layer.bias.len();
            let product = |x: &Tensor, w: &Tensor| {
                x.reshape((n * window, layer.inputs))?.matmul(&w.t()?)?.reshape((n, window, channels))
            };
            let mut sums: Option<Tensor> = None;
            for k in 0..TAPS {
                let [w] = take(vars);
                let back = (k << l).min(window);
                let earlier = sequence.narrow(1, 0, window - back)?.pad_with_zeros(1, back, 0)?;
                let part = product(&earlier, w)?;
                sums = Some(match sums {
                    Some(sums) => (sums + part)?,
                    None => part,
                });
            }
            let [bias] = take(vars);
            let bent = sums.expect("there are taps").broadcast_add(bias)?.relu()?;
            let around = match layer.bypass {
                Some(_) => product(&sequence, take::<1>(vars)[0])?,
                None => sequence,
            };
            sequence = (bent + around)?;
        }
        sequence.narrow(1, window - 1, 1)?.squeeze(1)
    }

    /// Mean loss of a batch, and a scalar with the same gradient: loss and derivative are taken on the host, where the
    /// CPU's engine takes them too, and the derivative enters as a constant factor of the answers.
    fn loss(
        &self,
        (recipe, step): (&Recipe, i32),
        batch: Batch<'_>,
        go_on: &dyn Fn() -> CandleResult<()>,
    ) -> CandleResult<(f64, Tensor)> {
        let dropout = (0..batch.len().div_ceil(LANES)).filter_map(|block| Dropout::new(recipe, step, block)).collect();
        let answers = self.forward(batch.shown, &Run { dropout, go_on })?;
        let known = answers.to_device(&Device::Cpu)?.to_dtype(DType::F64)?.flatten_all()?.to_vec1::<f64>()?;
        let mut derivative = vec![0.0; known.len()];
        let loss = mean_loss(&recipe.objective, &known, batch, &mut derivative);
        let factor = Tensor::from_vec(derivative, answers.shape(), &Device::Cpu)?;
        let factor = factor.to_dtype(self.dtype)?.to_device(&self.device)?;
        Ok((loss, (answers * factor)?.sum_all()?))
    }

    /// Loss and gradient of a batch, for checks.
    pub(super) fn gradient(&self, recipe: &Recipe, batch: Batch<'_>) -> CandleResult<(f64, Vec<f64>)> {
        let (loss, scalar) = self.loss((recipe, 0), batch, &|| Ok(()))?;
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

/// The next `N` matrices.
fn take<'v, const N: usize>(vars: &mut impl Iterator<Item = &'v Tensor>) -> [&'v Tensor; N] {
    std::array::from_fn(|_| vars.next().expect("a network has all matrices of its shape"))
}

/// All states of an LSTM layer, `[window, time, unit]`.
fn layer_states(x: &Tensor, [w, u, b]: [&Tensor; 3], layer: &Layer, run: &Run<'_>) -> CandleResult<Tensor> {
    let (n, window, _) = x.dims3()?;
    // The input's product is taken for all steps at once.
    let flat = x.reshape((n * window, layer.inputs))?;
    let projected = flat.matmul(&w.t()?)?.broadcast_add(b)?.reshape((n, window, 4 * layer.units))?;
    let mut memory: Option<(Tensor, Tensor)> = None;
    let mut states = Vec::with_capacity(window);
    for t in 0..window {
        (run.go_on)()?;
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
    Tensor::stack(&states, 1)
}

/// The same in one operation.
fn layer_in_one(x: &Tensor, [w, u, b]: [&Tensor; 3], layer: &Layer) -> CandleResult<Tensor> {
    let (n, window, _) = x.dims3()?;
    let flat = x.transpose(0, 1)?.contiguous()?.reshape((window * n, layer.inputs))?;
    let sums = flat.matmul(&w.t()?)?.broadcast_add(b)?.reshape((window, n, 4 * layer.units))?;
    sequence::states(&sums, u)?.transpose(0, 1)?.contiguous()
}

/// Largest difference between an LSTM's gradients in one operation and by candle's own, relative to the largest of them, that
/// is a matter of rounding.
const AGREED: f64 = 1e-4;

/// Whether a GPU computes an LSTM layer in one operation as it does by candle's own. Where it doesn't (its driver refuses the
/// kernels, say), candle's own serve.
fn agrees(device: &Device) -> bool {
    let found = difference(device);
    let agrees = found.as_ref().is_ok_and(|difference| *difference < AGREED);
    if !agrees {
        tracing::warn!(?found, "the LSTM kernels aren't used on this device");
    }
    agrees
}

/// Largest difference between the gradients of a small network both ways, relative to the largest of them.
pub(super) fn difference(device: &Device) -> CandleResult<f64> {
    let shape = Shape::lstm((5, 2), &[9, 4], 2);
    let parameters: Vec<f64> = (0..shape.len()).map(|k| (k as f64 * 1.7).sin() * 0.5).collect();
    // More states than a block of the kernels has threads.
    let windows = 200;
    let x: Vec<f32> = (0..windows * 10).map(|k| (k as f32 * 0.9).cos()).collect();
    let y: Vec<f32> = (0..windows * 2).map(|k| (k as f32 * 1.3).sin()).collect();
    let batch = Batch { shown: Shown::plain(&x), y: &y, targets: 2, sizes: &[], own: &[] };
    let apart = Network::new(&shape, &parameters, device, DType::F32)?;
    let in_one = Network::new(&shape, &parameters, device, DType::F32)?.in_one();
    let recipe = Recipe::square(1e-3);
    let ((_, a), (_, b)) = (apart.gradient(&recipe, batch)?, in_one.gradient(&recipe, batch)?);
    let largest = a.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let apart = a.iter().zip(&b).fold(0.0_f64, |m, (a, b)| m.max((a - b).abs()));
    let is_sound = largest > 0.0 && a.iter().chain(&b).all(|v| v.is_finite());
    Ok(if is_sound { apart / largest } else { f64::INFINITY })
}

/// Trains a [`Network`].
pub(super) struct OpByOp {
    network: Network,
    recipe: Recipe,
    steps: i32,
    /// For weights, which decay, and for biases, which don't.
    adam: [AdamW; 2],
}

impl OpByOp {
    /// An engine with given first parameters.
    ///
    /// # Errors
    /// [`Stop::Device`] when the device refuses.
    pub(super) fn new(shape: &Shape, parameters: &[f32], recipe: Recipe, device: &Device) -> Result<Self, Stop> {
        let parameters: Vec<f64> = parameters.iter().map(|&p| f64::from(p)).collect();
        let network = Network::new(shape, &parameters, device, DType::F32).map_err(device_gave_up)?;
        let network = if device.is_cuda() && agrees(device) { network.in_one() } else { network };
        let matrices = shape.matrices();
        let adam = |decays: bool, weight_decay: f64| {
            let vars = network.vars.iter().zip(&matrices).filter(|(_, m)| m.decays() == decays);
            let vars = vars.map(|(var, _)| var.clone()).collect();
            let lr = recipe.learning_rate;
            AdamW::new(vars, ParamsAdamW { lr, beta1: BETA1, beta2: BETA2, eps: EPSILON, weight_decay })
                .map_err(device_gave_up)
        };
        let adam = [adam(true, recipe.weight_decay)?, adam(false, 0.0)?];
        Ok(Self { network, recipe, steps: 0, adam })
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
        let Self { network, recipe, steps, adam } = self;
        Self::guard(control, |go_on| {
            let (loss, scalar) = network.loss((recipe, *steps), batch, go_on)?;
            let grads = scalar.backward()?;
            go_on()?;
            for adam in adam {
                adam.step(&grads)?;
            }
            *steps = steps.saturating_add(1);
            Ok(loss)
        })
    }

    fn predict(&mut self, shown: Shown<'_>, out: &mut [f32], control: &Control) -> Result<(), Stop> {
        Self::guard(control, |go_on| {
            let answers = self.network.forward(shown, &Run { dropout: Vec::new(), go_on })?;
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
        self.recipe.learning_rate = rate;
        self.adam.iter_mut().for_each(|adam| adam.set_learning_rate(rate));
    }
}
