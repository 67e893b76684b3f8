//! Vectors of numbers: how they lie, and the functions that networks need of them.

#![allow(clippy::inline_always, reason = "a kernel must be inlined into the function compiled for its instruction set")]

use pulp::Simd;
use std::ops::{Deref, DerefMut, Range};

/// Samples worked on together. Arrays are `[row, lane]` with this many lanes, so that every instruction set's vector
/// width divides a row and no kernel has a tail.
pub(super) const LANES: usize = 32;

/// Bytes of a cache line.
const LINE: usize = 64;

/// A fixed number of numbers from the start of a cache line on: a vector read across two lines costs twice.
#[derive(Debug)]
pub(super) struct Lined {
    values: Vec<f32>,
    at: Range<usize>,
}

impl Lined {
    /// All zeros.
    pub(super) fn zeros(len: usize) -> Self {
        let spare = LINE / size_of::<f32>() - 1;
        let values = vec![0.0_f32; len + spare];
        let from = values.as_ptr().align_offset(LINE).min(spare);
        Self { values, at: from..from + len }
    }
}

impl Deref for Lined {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[self.at.clone()]
    }
}

impl DerefMut for Lined {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[self.at.clone()]
    }
}

/// `eˣ`, relative error below 1e-6, `x` clamped to the range whose result is a normal number.
///
/// `x = k·ln 2 + r`, `|r| ≤ ln 2 / 2`; Taylor to degree 7 (remainder `r⁸/8! < 6e-9`), then `k` is added to the exponent.
/// Adding 1.5·2²³ rounds to an integer and leaves it in the low bits of the float's pattern.
#[inline(always)]
pub(super) fn exp<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    const ROUND: f32 = 12_582_912.0;
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let x = simd.min_f32s(simd.max_f32s(x, simd.splat_f32s(-87.0)), simd.splat_f32s(87.0));
    let shifted = simd.mul_add_e_f32s(x, simd.splat_f32s(std::f32::consts::LOG2_E), simd.splat_f32s(ROUND));
    let k = simd.sub_f32s(shifted, simd.splat_f32s(ROUND));
    let r = simd.mul_add_e_f32s(k, simd.splat_f32s(-LN2_HIGH), x);
    let r = simd.mul_add_e_f32s(k, simd.splat_f32s(-LN2_LOW), r);
    let mut p = simd.splat_f32s(1.0 / 5040.0);
    for c in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        p = simd.mul_add_e_f32s(p, r, simd.splat_f32s(c));
    }
    let exponent = simd.wrapping_dyn_shl_u32s(simd.transmute_u32s_f32s(shifted), simd.splat_u32s(23));
    simd.transmute_f32s_u32s(simd.add_u32s(simd.transmute_u32s_f32s(p), exponent))
}

/// `1 / (1 + e⁻ˣ)`.
#[inline(always)]
pub(super) fn sigmoid<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let one = simd.splat_f32s(1.0);
    simd.div_f32s(one, simd.add_f32s(one, exp(simd, simd.neg_f32s(x))))
}

/// Hyperbolic tangent as `2·sigmoid(2x) − 1`; absolute error below 3e-7.
#[inline(always)]
pub(super) fn tanh<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let two = simd.splat_f32s(2.0);
    simd.mul_add_e_f32s(two, sigmoid(simd, simd.mul_f32s(two, x)), simd.splat_f32s(-1.0))
}
