//! Rows of numbers as vector registers see them.

#![allow(clippy::inline_always, reason = "part of a kernel, which must be compiled for its instruction set")]

use super::super::simulate::LANES;
use pulp::{Simd, bytemuck};

/// A number of each of these paths, on cache lines of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub(super) struct Row(pub(super) [f32; LANES]);

impl Row {
    pub(super) const ZERO: Self = Self([0.0; LANES]);

    /// Its `at`-th register.
    #[inline(always)]
    pub(super) fn get<S: Simd>(&self, at: usize) -> S::f32s {
        S::as_simd_f32s(&self.0).0[at]
    }

    #[inline(always)]
    pub(super) fn put<S: Simd>(&mut self, at: usize, numbers: S::f32s) {
        S::as_mut_simd_f32s(&mut self.0).0[at] = numbers;
    }
}

/// A count for each of these paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C, align(64))]
pub(super) struct Counts([u32; LANES]);

impl Counts {
    pub(super) const ZERO: Self = Self([0; LANES]);

    #[inline(always)]
    pub(super) fn get<S: Simd>(&self, at: usize) -> S::u32s {
        S::as_simd_u32s(&self.0).0[at]
    }

    #[inline(always)]
    pub(super) fn put<S: Simd>(&mut self, at: usize, counts: S::u32s) {
        S::as_mut_simd_u32s(&mut self.0).0[at] = counts;
    }

    /// All together.
    pub(super) fn total(&self) -> f64 {
        self.0.iter().map(|n| f64::from(*n)).sum()
    }
}

/// The numbers where the mask holds, 0 elsewhere.
#[inline(always)]
pub(super) fn masked<S: Simd>(simd: S, mask: S::m32s, numbers: S::f32s) -> S::f32s {
    // A mask as wide as its numbers has all bits of each set or none.
    if size_of::<S::m32s>() == size_of::<S::f32s>() && S::F32_LANES > 1 {
        return simd.and_f32s(bytemuck::cast(mask), numbers);
    }
    simd.select_f32s(mask, numbers, simd.splat_f32s(0.0))
}

/// One more where the mask holds.
#[inline(always)]
pub(super) fn count<S: Simd>(simd: S, counts: S::u32s, mask: S::m32s) -> S::u32s {
    if size_of::<S::m32s>() == size_of::<S::u32s>() && S::F32_LANES > 1 {
        // All bits set is −1.
        return simd.sub_u32s(counts, bytemuck::cast(mask));
    }
    simd.add_u32s(counts, simd.select_u32s(mask, simd.splat_u32s(1), simd.splat_u32s(0)))
}

/// The sum of a register's first numbers.
#[inline(always)]
pub(super) fn sum<S: Simd>(register: &S::f32s, count: usize) -> f64 {
    let numbers: &[f32] = bytemuck::cast_slice(std::slice::from_ref(register));
    numbers[..count].iter().map(|x| f64::from(*x)).sum()
}

/// The sum of a register's first counts.
#[inline(always)]
pub(super) fn counted<S: Simd>(register: &S::u32s, count: usize) -> f64 {
    let counts: &[u32] = bytemuck::cast_slice(std::slice::from_ref(register));
    counts[..count].iter().map(|x| f64::from(*x)).sum()
}

/// How many of a register's first counts aren't 0.
#[inline(always)]
pub(super) fn holding<S: Simd>(register: &S::u32s, count: usize) -> f64 {
    let counts: &[u32] = bytemuck::cast_slice(std::slice::from_ref(register));
    counts[..count].iter().filter(|x| **x > 0).count() as f64
}
