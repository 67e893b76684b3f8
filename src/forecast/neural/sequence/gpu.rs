//! The passes of an LSTM layer on an NVIDIA GPU: a product and a kernel of ours (`lstm.cu`) per time step.

#![expect(
    unsafe_code,
    reason = "kernels are launched; `agrees` holds them against candle's operations before they are used"
)]

use super::{KEPT, Sizes};
use candle_core::backend::{BackendDevice as _, BackendStorage as _};
use candle_core::cuda_backend::WrapErr as _;
use candle_core::cuda_backend::cudarc::driver::{LaunchConfig, PushKernelArg as _};
use candle_core::{CudaStorage, DType, Layout, Result, Shape};

/// Made of `lstm.cu`, as told there.
const PTX: &str = include_str!("lstm.ptx");
const MODULE: &str = "planwright_lstm";

/// As [`super::cpu::forward`].
pub(super) fn forward(sizes: Sizes, z: &CudaStorage, u: &CudaStorage) -> Result<CudaStorage> {
    let Sizes { steps, windows, units } = sizes;
    let size = sizes.states();
    let device = z.device();
    let kernel = device.get_or_load_custom_func("lstm_forward", MODULE, PTX)?;
    let mut out = device.zeros_impl(&sizes.kept(), DType::F32)?;
    // [unit, 4·unit], the transpose of how it lies.
    let weights = Layout::contiguous((4 * units, units)).transpose(0, 1)?;
    let of_kernel = [windows as u32, units as u32];
    for t in 0..steps {
        let product = match t.checked_sub(1) {
            None => None,
            Some(before) => {
                let states = Layout::contiguous_with_offset((windows, units), before * KEPT * size);
                Some(out.matmul(u, (1, windows, 4 * units, units), &states, &weights)?)
            }
        };
        // The first step has no product, and its kernel reads none.
        let product = product.as_ref().unwrap_or(z).as_cuda_slice::<f32>()?;
        let (sums, t) = (z.as_cuda_slice::<f32>()?, t as u32);
        let kept = out.as_cuda_slice_mut::<f32>()?;
        let mut launch = kernel.builder();
        launch.arg(sums).arg(product).arg(kept).arg(&t).arg(&of_kernel[0]).arg(&of_kernel[1]);
        // SAFETY: the kernel has these arguments, and `Sizes` has checked that all slices are as long as its indices reach.
        unsafe { launch.launch(LaunchConfig::for_num_elems(size as u32)) }.w()?;
    }
    Ok(out)
}

/// As [`super::cpu::backward`].
pub(super) fn backward(sizes: Sizes, u: &CudaStorage, kept: &CudaStorage, grad: &CudaStorage) -> Result<CudaStorage> {
    let Sizes { steps, windows, units } = sizes;
    let size = sizes.states();
    let device = kept.device();
    let kernel = device.get_or_load_custom_func("lstm_backward", MODULE, PTX)?;
    let mut dz = device.zeros_impl(&sizes.sums(), DType::F32)?;
    let mut by_cell = device.zeros_impl(&Shape::from(size), DType::F32)?;
    let weights = Layout::contiguous((4 * units, units));
    let of_kernel = [windows as u32, units as u32];
    for t in (0..steps).rev() {
        let is_last = t + 1 == steps;
        let product = if is_last {
            None
        } else {
            let later = Layout::contiguous_with_offset((windows, 4 * units), (t + 1) * 4 * size);
            Some(dz.matmul(u, (1, windows, units, 4 * units), &later, &weights)?)
        };
        // The last step has no product, and its kernel reads none.
        let product = product.as_ref().unwrap_or(grad).as_cuda_slice::<f32>()?;
        let (kept, grad) = (kept.as_cuda_slice::<f32>()?, grad.as_cuda_slice::<f32>()?);
        let (sums, cells) = (dz.as_cuda_slice_mut::<f32>()?, by_cell.as_cuda_slice_mut::<f32>()?);
        let (t, is_last) = (t as u32, u32::from(is_last));
        let mut launch = kernel.builder();
        launch.arg(kept).arg(grad).arg(product).arg(sums).arg(cells);
        launch.arg(&t).arg(&is_last).arg(&of_kernel[0]).arg(&of_kernel[1]);
        // SAFETY: the kernel has these arguments, and `Sizes` has checked that all slices are as long as its indices reach.
        unsafe { launch.launch(LaunchConfig::for_num_elems(size as u32)) }.w()?;
    }
    Ok(dz)
}
