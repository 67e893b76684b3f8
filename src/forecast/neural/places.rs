//! Where a network can be trained, and which place a run gets.

use super::super::{Device, DeviceInfo};
use crate::text;
use crate::vector::Cpu;
use crate::words::Text;
use std::sync::OnceLock;

/// Everything a network can be trained on, the CPU first. [`Device::Auto`] takes a GPU when one is built in and
/// answers, CUDA before Metal, else the CPU.
pub fn devices() -> Vec<DeviceInfo> {
    let (threads, set) = (rayon::current_num_threads(), Cpu::detect().name());
    let mut all = vec![DeviceInfo {
        name: "cpu".into(),
        available: true,
        note: text!("{threads} threads, {set}; one series per thread", "{threads} 个线程，{set}；每个线程训练一个序列"),
        chosen: false,
    }];
    for (name, opened) in [("cuda:0", open_cuda()), ("metal", open_metal())] {
        let (available, note) = match opened {
            Ok(_) => (true, Text::new("Ready", "可用")),
            Err(reason) => (false, reason),
        };
        all.push(DeviceInfo { name: name.into(), available, note, chosen: false });
    }
    let chosen = all.iter().skip(1).position(|d| d.available).map_or(0, |gpu| gpu + 1);
    all[chosen].chosen = true;
    all
}

/// Where one training runs.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// The fused kernels.
    Cpu,
    /// Candle's operations on a GPU.
    Gpu(candle_core::Device),
}

/// The GPUs, each opened at its first use.
#[derive(Debug, Default)]
pub(super) struct Places {
    cuda: OnceLock<Result<candle_core::Device, Text>>,
    metal: OnceLock<Result<candle_core::Device, Text>>,
}

impl Places {
    /// The place for a wish, and what to tell the user when it couldn't be granted.
    pub(super) fn choose(&self, wish: Device) -> (Place, Text) {
        let cuda = || self.cuda.get_or_init(open_cuda).clone();
        let metal = || self.metal.get_or_init(open_metal).clone();
        let (name, opened) = match wish {
            Device::Cpu => return (Place::Cpu, Text::default()),
            Device::Auto => {
                let place = cuda().or_else(|_| metal()).map_or(Place::Cpu, Place::Gpu);
                return (place, Text::default());
            }
            Device::Cuda => ("CUDA", cuda()),
            Device::Metal => ("Metal", metal()),
        };
        match opened {
            Ok(device) => (Place::Gpu(device), Text::default()),
            Err(Text { en, zh }) => {
                let note = Text::new(
                    format!("{name} was asked for but can't be used ({en}), so the CPU trained the network."),
                    format!("所要求的 {name} 不可用（{zh}），已改用 CPU 训练。"),
                );
                (Place::Cpu, note)
            }
        }
    }
}

fn open_cuda() -> Result<candle_core::Device, Text> {
    if !cfg!(feature = "cuda") {
        return Err(not_built_in("cuda"));
    }
    candle_core::Device::new_cuda(0).map_err(|e| no_answer(&e))
}

fn open_metal() -> Result<candle_core::Device, Text> {
    if !cfg!(feature = "metal") {
        return Err(not_built_in("metal"));
    }
    candle_core::Device::new_metal(0).map_err(|e| no_answer(&e))
}

fn not_built_in(feature: &str) -> Text {
    text!("not built in; build with --features {feature}", "未编译此功能，请使用 --features {feature} 编译")
}

fn no_answer(error: &candle_core::Error) -> Text {
    let error = error.to_string();
    let first = error.lines().next().unwrap_or_default();
    text!("no answer from the driver: {first}", "驱动程序无响应：{first}")
}
