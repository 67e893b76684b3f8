//! An LSTM layer's whole sequence as one of candle's operations: what a GPU runs in place of a dozen small kernels per
//! time step.
//!
//! Per step there is one product and one kernel for all gates (`gpu`); the input's product is taken once for all steps
//! before, the recurrent weights' gradient once after. States, cells and gates of all steps stay for the way back, so that
//! it computes nothing twice. [`cpu`] is the same in plain loops: it is how the operation is tested where there is no GPU.

mod cpu;
#[cfg(feature = "cuda")]
mod gpu;

use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor, bail};

/// What is kept of a step: state, cell, and the gates (input, forget, candidate, output).
const KEPT: usize = 6;

/// Sizes of a layer's pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sizes {
    steps: usize,
    windows: usize,
    units: usize,
}

impl Sizes {
    /// Of what is kept, `[time, KEPT, window, unit]`.
    fn kept(self) -> Shape {
        Shape::from((self.steps, KEPT, self.windows, self.units))
    }

    /// Of the gates' sums, `[time, window, 4·unit]`.
    fn sums(self) -> Shape {
        Shape::from((self.steps, self.windows, 4 * self.units))
    }

    /// Values of one step's states.
    fn states(self) -> usize {
        self.windows * self.units
    }

    /// Of a forward pass; everything is whole and of the size that the kernels index.
    fn forward(sums: &Layout, weights: &Layout) -> Result<Self> {
        let (steps, windows, four) = sums.shape().dims3()?;
        let sizes = Self { steps, windows, units: four / 4 };
        sizes.check(&[(sums, sizes.sums()), (weights, sizes.weights())])?;
        Ok(sizes)
    }

    /// Of a backward pass.
    fn backward(weights: &Layout, kept: &Layout, grad: &Layout) -> Result<Self> {
        let (steps, _, windows, units) = kept.shape().dims4()?;
        let sizes = Self { steps, windows, units };
        sizes.check(&[(weights, sizes.weights()), (kept, sizes.kept()), (grad, sizes.kept())])?;
        Ok(sizes)
    }

    fn check(self, all: &[(&Layout, Shape)]) -> Result<()> {
        for (layout, shape) in all {
            if !(layout.is_contiguous() && layout.start_offset() == 0 && layout.shape() == shape) {
                bail!("an LSTM wants {shape:?}, whole, not {layout:?}");
            }
        }
        if u32::try_from(self.states()).is_err() {
            bail!("an LSTM of {} windows and {} units is too large", self.windows, self.units);
        }
        Ok(())
    }

    fn weights(self) -> Shape {
        Shape::from((4 * self.units, self.units))
    }
}

/// All states of a layer, `[time, window, unit]`, from the gates' sums by the input, `[time, window, 4·unit]`, and the
/// recurrent weights `[4·unit, unit]`.
///
/// # Errors
/// What the device says.
pub(super) fn states(sums: &Tensor, weights: &Tensor) -> Result<Tensor> {
    let kept = sums.contiguous()?.apply_op2(&weights.contiguous()?, Forward)?;
    kept.narrow(1, 0, 1)?.squeeze(1)
}

/// Sums and weights to what is kept.
struct Forward;

/// Weights, what was kept, and its gradient to that of the sums.
struct Backward;

impl CustomOp2 for Forward {
    fn name(&self) -> &'static str {
        "lstm"
    }

    fn cpu_fwd(&self, z: &CpuStorage, zl: &Layout, u: &CpuStorage, ul: &Layout) -> Result<(CpuStorage, Shape)> {
        let sizes = Sizes::forward(zl, ul)?;
        let kept = match (z, u) {
            (CpuStorage::F32(z), CpuStorage::F32(u)) => CpuStorage::F32(cpu::forward(sizes, z, u)),
            (CpuStorage::F64(z), CpuStorage::F64(u)) => CpuStorage::F64(cpu::forward(sizes, z, u)),
            _ => bail!("an LSTM wants floats of one width"),
        };
        Ok((kept, sizes.kept()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        z: &candle_core::CudaStorage,
        zl: &Layout,
        u: &candle_core::CudaStorage,
        ul: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        let sizes = Sizes::forward(zl, ul)?;
        Ok((gpu::forward(sizes, z, u)?, sizes.kept()))
    }

    fn bwd(&self, _: &Tensor, u: &Tensor, kept: &Tensor, grad: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (u, kept) = (u.detach(), kept.detach());
        let dz = u.apply_op3_no_bwd(&kept, &grad.contiguous()?, &Backward)?;
        let (steps, _, windows, units) = kept.dims4()?;
        let later = steps - 1;
        if later == 0 {
            return Ok((Some(dz), Some(u.zeros_like()?)));
        }
        let before = kept.narrow(0, 0, later)?.narrow(1, 0, 1)?.contiguous()?.reshape((later * windows, units))?;
        let du = dz.narrow(0, 1, later)?.reshape((later * windows, 4 * units))?.t()?.matmul(&before)?;
        Ok((Some(dz), Some(du)))
    }
}

impl CustomOp3 for Backward {
    fn name(&self) -> &'static str {
        "lstm-backward"
    }

    fn cpu_fwd(
        &self,
        u: &CpuStorage,
        ul: &Layout,
        kept: &CpuStorage,
        kl: &Layout,
        grad: &CpuStorage,
        gl: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let sizes = Sizes::backward(ul, kl, gl)?;
        let dz = match (u, kept, grad) {
            (CpuStorage::F32(u), CpuStorage::F32(kept), CpuStorage::F32(grad)) => {
                CpuStorage::F32(cpu::backward(sizes, u, kept, grad))
            }
            (CpuStorage::F64(u), CpuStorage::F64(kept), CpuStorage::F64(grad)) => {
                CpuStorage::F64(cpu::backward(sizes, u, kept, grad))
            }
            _ => bail!("an LSTM wants floats of one width"),
        };
        Ok((dz, sizes.sums()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        u: &candle_core::CudaStorage,
        ul: &Layout,
        kept: &candle_core::CudaStorage,
        kl: &Layout,
        grad: &candle_core::CudaStorage,
        gl: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        let sizes = Sizes::backward(ul, kl, gl)?;
        Ok((gpu::backward(sizes, u, kept, grad)?, sizes.sums()))
    }
}
