//! Vector instructions, chosen when the program runs.
//!
//! A release build targets the processor family's oldest member; kernels ask here for the best set that this machine has.
//! They are written once against [`pulp::Simd`] and compiled per set. [`pulp::Arch`] alone knows no set that isn't among
//! pulp's features.

use pulp::{Simd, WithSimd};

/// The instruction set found on this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cpu {
    #[cfg(target_arch = "x86_64")]
    avx512: Option<pulp::x86::V4>,
    #[cfg(target_arch = "x86_64")]
    avx2: Option<pulp::x86::V3>,
}

impl Cpu {
    /// Looks at the processor.
    pub(crate) fn detect() -> Self {
        Self {
            #[cfg(target_arch = "x86_64")]
            avx512: pulp::x86::V4::try_new(),
            #[cfg(target_arch = "x86_64")]
            avx2: pulp::x86::V3::try_new(),
        }
    }

    /// Runs a kernel with the best instructions.
    pub(crate) fn run<Op: WithSimd>(self, kernel: Op) -> Op::Output {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = self.avx512 {
            return Simd::vectorize(simd, kernel);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = self.avx2 {
            return Simd::vectorize(simd, kernel);
        }
        pulp::Arch::new().dispatch(kernel)
    }

    /// What the kernels use, for people.
    pub(crate) fn name(self) -> &'static str {
        #[cfg(target_arch = "x86_64")]
        if self.avx512.is_some() {
            return "AVX-512";
        }
        #[cfg(target_arch = "x86_64")]
        if self.avx2.is_some() {
            return "AVX2 + FMA";
        }
        if cfg!(target_arch = "aarch64") { "NEON" } else { "no vector instructions" }
    }
}
