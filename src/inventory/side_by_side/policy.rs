//! The policy and its lead times in numbers that a register holds.
//!
//! Nothing here that takes a register may be a closure: one isn't compiled for the instruction set of the function that it is
//! called from.

#![allow(clippy::inline_always, reason = "a kernel must be inlined into the function compiled for its instruction set")]

use super::super::inputs::{LARGEST, amount};
use super::super::lot_size::LotRule;
use super::super::simulate::{Levels, ReviewMoment, Setting, whole_steps};
use super::registers::Row;
use crate::model::ShortageRule;
use pulp::Simd;

/// A wish this close above a multiple is that multiple, as a share: 32 bits tell seven digits. Also the least that is
/// ordered, units.
const TOLERANCE: f32 = 1e-6;
/// The policy.
pub(super) struct Policy {
    /// Position at or below which is ordered, and max level, for every review; see [`level_at`](super::super::simulate::level_at).
    pub(super) pairs: Vec<(f32, f32)>,
    pub(super) on_hand: f32,
    pub(super) on_order: f32,
    /// Step in which the units under way at the start arrive.
    pub(super) first_arrival: usize,
    pub(super) review_steps: usize,
    pub(super) steps: usize,
    pub(super) before: bool,
    pub(super) lost: bool,
    moq: f32,
    multiple: f32,
    container: f32,
}

impl Policy {
    /// Of a walk over so many periods. `pairs` is written on, so that nothing is allocated.
    pub(super) fn new(levels: &[Levels], setting: &Setting, periods: usize, mut pairs: Vec<(f32, f32)>) -> Self {
        let level = |x: f64| if x.is_nan() { 0.0 } else { x.clamp(-LARGEST, LARGEST) as f32 };
        pairs.clear();
        let closed = (f32::NEG_INFINITY, f32::NEG_INFINITY);
        let pair = |pair: &Levels| {
            let is_closed = *pair == Levels::CLOSED;
            if is_closed { closed } else { trigger(level(pair.reorder_point), level(pair.max_level)) }
        };
        pairs.extend(levels.iter().map(pair));
        let last = pairs.last().copied().unwrap_or(closed);
        pairs.resize(pairs.len().max(periods + 1), last);
        let steps = setting.steps();
        Self {
            pairs,
            on_hand: if setting.on_hand.is_finite() { level(setting.on_hand) } else { 0.0 },
            on_order: amount(setting.on_order) as f32,
            first_arrival: whole_steps(setting.lead_periods * steps as f64),
            review_steps: setting.review_steps(),
            steps,
            before: setting.moment == ReviewMoment::BeforeDemand,
            lost: setting.shortage == ShortageRule::LostSales,
            moq: amount(setting.lot.moq) as f32,
            multiple: amount(setting.lot.multiple) as f32,
            container: amount(setting.lot.container) as f32,
        }
    }

    /// Whether any quantity may be ordered.
    pub(super) fn is_any_quantity(&self) -> bool {
        self.moq <= 0.0 && self.multiple <= 0.0 && self.container <= 0.0
    }

    /// Gives back what it was written on.
    pub(super) fn into_pairs(self) -> Vec<(f32, f32)> {
        self.pairs
    }

    pub(super) fn is_review(&self, step: usize) -> bool {
        self.review_steps == 1 || step.is_multiple_of(self.review_steps)
    }

    /// Orders as the supplier takes them.
    #[inline(always)]
    pub(super) fn rounded<S: Simd>(&self, simd: S, wish: S::f32s) -> S::f32s {
        let one = simd.splat_f32s(1.0);
        let mut quantity = wish;
        if self.moq > 0.0 {
            quantity = simd.max_f32s(quantity, simd.splat_f32s(self.moq));
        }
        if self.multiple > 0.0 {
            let multiple = simd.splat_f32s(self.multiple);
            let lots = simd.mul_f32s(simd.div_f32s(quantity, multiple), simd.splat_f32s(1.0 - TOLERANCE));
            let up = whole_up(simd, lots);
            let rounded = simd.mul_f32s(simd.max_f32s(up, one), multiple);
            quantity = simd.select_f32s(is_countable(simd, lots), rounded, quantity);
        }
        if self.container > 0.0 { self.filled(simd, quantity) } else { quantity }
    }

    /// Orders, the last container filled up where it is nearly full.
    #[inline(always)]
    fn filled<S: Simd>(&self, simd: S, quantity: S::f32s) -> S::f32s {
        let container = simd.splat_f32s(self.container);
        let containers = simd.mul_f32s(simd.div_f32s(quantity, container), simd.splat_f32s(1.0 - TOLERANCE));
        let up = whole_up(simd, containers);
        let empty = simd.sub_f32s(up, containers);
        let is_nearly_full = simd.less_than_or_equal_f32s(empty, simd.splat_f32s((1.0 - LotRule::NEARLY_FULL) as f32));
        let full = simd.select_f32s(is_countable(simd, containers), simd.mul_f32s(up, container), quantity);
        simd.select_f32s(is_nearly_full, full, quantity)
    }
}

/// The position at or below which is ordered, and the max level: nothing is where the order would be nothing.
fn trigger(reorder_point: f32, max_level: f32) -> (f32, f32) {
    let least = (max_level - TOLERANCE).min(max_level.next_down());
    (reorder_point.min(least), max_level)
}

/// 2²³: from here on 32 bits know whole numbers only.
const COUNTABLE: f32 = 8_388_608.0;

/// Numbers below [`COUNTABLE`] rounded up; adding and taking it away rounds to a whole number.
#[inline(always)]
fn whole_up<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let (one, large) = (simd.splat_f32s(1.0), simd.splat_f32s(COUNTABLE));
    let near = simd.sub_f32s(simd.add_f32s(x, large), large);
    simd.select_f32s(simd.less_than_f32s(near, x), simd.add_f32s(near, one), near)
}

/// Where [`whole_up`] holds; of more lots or containers than that each one is lost in rounding.
#[inline(always)]
fn is_countable<S: Simd>(simd: S, x: S::f32s) -> S::m32s {
    simd.less_than_f32s(x, simd.splat_f32s(COUNTABLE))
}

/// Lead times of orders, whole steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leads<'a> {
    pub(super) shortest: usize,
    pub(super) longest: usize,
    /// All draws where they differ.
    pub(super) rows: &'a [Row],
}

impl<'a> Leads<'a> {
    /// Of the draws, or the only one; `rows` are the draws as rows.
    pub(super) fn new(whole: &[u32], rows: &'a [Row]) -> Self {
        let (shortest, longest) = whole.iter().fold((u32::MAX, 0), |(a, b), lead| (a.min(*lead), b.max(*lead)));
        Self { shortest: shortest.min(longest) as usize, longest: longest as usize, rows }
    }
}
