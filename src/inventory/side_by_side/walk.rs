//! A register full of paths, step by step.
//!
//! Nothing here may be a closure: one isn't compiled for the instruction set of the function that it is called from.

#![allow(clippy::inline_always, reason = "a kernel must be inlined into the function compiled for its instruction set")]

use super::super::inputs::{LARGEST, amount};
use super::super::lot_size::LotRule;
use super::super::simulate::{LANES, Levels, ReviewMoment, Setting, level_at, row_of, whole_steps};
use super::{Row, StockTotals};
use crate::model::ShortageRule;
use pulp::Simd;

/// What a walk is compiled for: a look at stock after every period's demand, any quantity, and goods that come later, all after
/// the same time; any policy with one lead time; lead times that vary.
pub(super) const PLAIN: u8 = 0;
pub(super) const GENERAL: u8 = 1;
pub(super) const VARYING: u8 = 2;

/// A wish this close above a multiple is that multiple, as a share: 32 bits tell seven digits.
const TOLERANCE: f32 = 1e-6;
/// A shortage below this share of the period's demand is rounding, not a stock-out.
const SHORT_SHARE: f32 = 1e-5;

/// The policy in numbers that a register holds.
pub(super) struct Policy {
    /// Reorder point and max level by review; see [`level_at`].
    pairs: Vec<(f32, f32)>,
    on_hand: f32,
    pub(super) on_order: f32,
    /// Step in which the units under way at the start arrive.
    pub(super) first_arrival: usize,
    review_steps: usize,
    pub(super) steps: usize,
    before: bool,
    lost: bool,
    moq: f32,
    multiple: f32,
    container: f32,
}

impl Policy {
    /// `pairs` is written on, so that nothing is allocated.
    pub(super) fn new(levels: &[Levels], setting: &Setting, mut pairs: Vec<(f32, f32)>) -> Self {
        let level = |x: f64| if x.is_nan() { 0.0 } else { x.clamp(-LARGEST, LARGEST) as f32 };
        pairs.clear();
        pairs.extend(levels.iter().map(|pair| (level(pair.reorder_point), level(pair.max_level))));
        if pairs.is_empty() {
            pairs.push((level(-LARGEST), level(-LARGEST)));
        }
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

    pub(super) fn is_plain(&self) -> bool {
        let is_any_quantity = self.moq <= 0.0 && self.multiple <= 0.0 && self.container <= 0.0;
        self.steps == 1 && self.review_steps == 1 && !self.before && is_any_quantity
    }

    /// Gives back what it was written on.
    pub(super) fn into_pairs(self) -> Vec<(f32, f32)> {
        self.pairs
    }

    fn is_review(&self, step: usize) -> bool {
        self.review_steps == 1 || step.is_multiple_of(self.review_steps)
    }

    /// The orders that lift positions to the max level, rounded; 0 above the reorder point.
    #[inline(always)]
    fn order<S: Simd, const KIND: u8>(&self, simd: S, position: S::f32s, review_step: usize) -> S::f32s {
        let (zero, one) = (simd.splat_f32s(0.0), simd.splat_f32s(1.0));
        let steps = if KIND == PLAIN { 1 } else { self.steps };
        let (reorder_point, max_level) = self.pairs[level_at(self.pairs.len(), review_step, steps)];
        let wish = simd.sub_f32s(simd.splat_f32s(max_level), position);
        let low = simd.less_than_or_equal_f32s(position, simd.splat_f32s(reorder_point));
        let is_due = simd.and_m32s(low, simd.greater_than_f32s(wish, simd.splat_f32s(TOLERANCE)));
        let mut quantity = wish;
        if KIND != PLAIN && self.moq > 0.0 {
            quantity = simd.max_f32s(quantity, simd.splat_f32s(self.moq));
        }
        if KIND != PLAIN && self.multiple > 0.0 {
            let multiple = simd.splat_f32s(self.multiple);
            let lots = simd.mul_f32s(simd.div_f32s(quantity, multiple), simd.splat_f32s(1.0 - TOLERANCE));
            let up = whole_up(simd, lots);
            let rounded = simd.mul_f32s(simd.max_f32s(up, one), multiple);
            quantity = simd.select_f32s(is_countable(simd, lots), rounded, quantity);
        }
        if KIND != PLAIN && self.container > 0.0 {
            quantity = self.filled(simd, quantity);
        }
        simd.select_f32s(is_due, quantity, zero)
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
    shortest: usize,
    longest: usize,
    /// All draws where they differ.
    rows: &'a [Row],
}

impl<'a> Leads<'a> {
    /// Of the draws, or the only one; `rows` are the draws as rows.
    pub(super) fn new(whole: &[u32], rows: &'a [Row]) -> Self {
        let (shortest, longest) = whole.iter().fold((u32::MAX, 0), |(a, b), lead| (a.min(*lead), b.max(*lead)));
        Self { shortest: shortest.min(longest) as usize, longest: longest as usize, rows }
    }
}

/// Which orders a review places, by their lead times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wave {
    All,
    /// Without a lead time: before the step's demand is served.
    AtOnce,
    Later,
}

/// A register full of paths on their way through time.
pub(super) struct Paths<'a, S: Simd> {
    simd: S,
    policy: &'a Policy,
    /// Which register of a row, and the first of the paths.
    at: usize,
    first: usize,
    net: S::f32s,
    due: S::f32s,
    demand: S::f32s,
    short: S::f32s,
    stock: S::f32s,
    out: S::f32s,
    orders: S::f32s,
    ordered: S::f32s,
}

impl<'a, S: Simd> Paths<'a, S> {
    #[inline(always)]
    pub(super) fn new(simd: S, policy: &'a Policy, (at, first): (usize, usize)) -> Self {
        let (net, due) = (simd.splat_f32s(policy.on_hand), simd.splat_f32s(policy.on_order));
        let zero = simd.splat_f32s(0.0);
        let (demand, short, stock, out, orders, ordered) = (zero, zero, zero, zero, zero, zero);
        Self { simd, policy, at, first, net, due, demand, short, stock, out, orders, ordered }
    }

    #[inline(always)]
    pub(super) fn period<const KIND: u8>(
        &mut self,
        t: usize,
        row: &Row,
        (arrivals, leads): (&mut [Row], Leads<'_>),
        (out, end): (&mut Row, Option<&mut Row>),
    ) {
        let (simd, steps) = (self.simd, if KIND == PLAIN { 1 } else { self.policy.steps });
        let (demand, before) = (row.get::<S>(self.at), self.short);
        let part = simd.mul_f32s(demand, simd.splat_f32s(1.0 / steps as f32));
        for step in t * steps..(t + 1) * steps {
            self.step::<KIND>(step, part, (arrivals, leads));
        }
        self.demand = simd.add_f32s(self.demand, demand);
        if let Some(end) = end {
            end.put::<S>(self.at, self.net);
        }
        // Mostly no path is short.
        let short = simd.sub_f32s(self.short, before);
        let is_out = simd.greater_than_f32s(short, simd.mul_f32s(demand, simd.splat_f32s(SHORT_SHARE)));
        if simd.first_true_m32s(is_out) < S::F32_LANES {
            let is_out = simd.select_f32s(is_out, simd.splat_f32s(1.0), simd.splat_f32s(0.0));
            out.put::<S>(self.at, simd.add_f32s(out.get::<S>(self.at), is_out));
            self.out = simd.max_f32s(self.out, is_out);
        }
    }

    #[inline(always)]
    fn step<const KIND: u8>(&mut self, step: usize, demand: S::f32s, (arrivals, leads): (&mut [Row], Leads<'_>)) {
        let (simd, policy) = (self.simd, self.policy);
        let zero = simd.splat_f32s(0.0);
        let arrived = arrivals[step].get::<S>(self.at);
        self.net = simd.add_f32s(self.net, arrived);
        self.due = simd.sub_f32s(self.due, arrived);
        let is_plain = KIND == PLAIN;
        if step == 0 || (!is_plain && policy.before && policy.is_review(step)) {
            self.review::<KIND>(step, zero, (arrivals, leads), Wave::All);
        }
        let after = is_plain || (!policy.before && policy.is_review(step + 1));
        // An order that is there at once serves this step's demand.
        if !is_plain && after && leads.shortest == 0 {
            self.review::<KIND>(step, demand, (arrivals, leads), Wave::AtOnce);
        }
        self.serve(demand);
        if is_plain || (after && leads.longest > 0) {
            self.review::<KIND>(step, zero, (arrivals, leads), Wave::Later);
        }
    }

    #[inline(always)]
    fn serve(&mut self, d: S::f32s) {
        let (simd, net) = (self.simd, self.net);
        let (zero, half) = (simd.splat_f32s(0.0), simd.splat_f32s(0.5));
        let served = simd.min_f32s(d, simd.max_f32s(net, zero));
        let short = simd.greater_than_f32s(d, net);
        let whole = simd.sub_f32s(net, simd.mul_f32s(half, d));
        self.stock = simd.add_f32s(self.stock, simd.select_f32s(short, zero, whole));
        if simd.first_true_m32s(short) < S::F32_LANES {
            // Stock falls evenly to nothing within the step.
            let some = simd.max_f32s(d, simd.splat_f32s(f32::MIN_POSITIVE));
            let partly = simd.mul_f32s(simd.mul_f32s(half, served), simd.div_f32s(served, some));
            self.stock = simd.add_f32s(self.stock, simd.select_f32s(short, partly, zero));
            self.short = simd.add_f32s(self.short, simd.sub_f32s(d, served));
        }
        self.net = simd.sub_f32s(net, if self.policy.lost { served } else { d });
    }

    /// Orders where the position, less what is `asked`, is at or below the reorder point, for paths whose order's lead time is
    /// one of the `wave`'s.
    #[inline(always)]
    fn review<const KIND: u8>(
        &mut self,
        step: usize,
        asked: S::f32s,
        (arrivals, leads): (&mut [Row], Leads<'_>),
        wave: Wave,
    ) {
        let simd = self.simd;
        let review_step = if wave == Wave::All { step } else { step + 1 };
        let position = simd.sub_f32s(simd.add_f32s(self.net, self.due), asked);
        let quantity = self.policy.order::<S, KIND>(simd, position, review_step);
        if KIND == VARYING {
            self.place_each(step, quantity, (arrivals, leads), wave);
            return;
        }
        let lead = leads.longest;
        let is_taken = match wave {
            Wave::All => true,
            Wave::AtOnce => lead == 0,
            Wave::Later => lead > 0,
        };
        if !is_taken {
            return;
        }
        let (zero, one) = (simd.splat_f32s(0.0), simd.splat_f32s(1.0));
        let is_placed = simd.select_f32s(simd.greater_than_f32s(quantity, zero), one, zero);
        self.orders = simd.add_f32s(self.orders, is_placed);
        self.ordered = simd.add_f32s(self.ordered, quantity);
        if lead == 0 {
            self.net = simd.add_f32s(self.net, quantity);
            return;
        }
        self.due = simd.add_f32s(self.due, quantity);
        if let Some(row) = arrivals.get_mut(step.saturating_add(lead)) {
            row.put::<S>(self.at, simd.add_f32s(row.get::<S>(self.at), quantity));
        }
    }

    /// Orders whose lead times differ.
    #[inline(always)]
    fn place_each(&mut self, step: usize, quantity: S::f32s, (arrivals, leads): (&mut [Row], Leads<'_>), wave: Wave) {
        let simd = self.simd;
        let (zero, one) = (simd.splat_f32s(0.0), simd.splat_f32s(1.0));
        if simd.first_true_m32s(simd.greater_than_f32s(quantity, zero)) == S::F32_LANES {
            return;
        }
        let lead = leads.rows[row_of(self.first / LANES, step)].get::<S>(self.at);
        let at_once = simd.less_than_or_equal_f32s(lead, zero);
        let now = if wave == Wave::Later { zero } else { simd.select_f32s(at_once, quantity, zero) };
        let later = if wave == Wave::AtOnce { zero } else { simd.select_f32s(at_once, zero, quantity) };
        let placed = simd.add_f32s(now, later);
        let is_placed = simd.select_f32s(simd.greater_than_f32s(placed, zero), one, zero);
        self.orders = simd.add_f32s(self.orders, is_placed);
        self.ordered = simd.add_f32s(self.ordered, placed);
        self.net = simd.add_f32s(self.net, now);
        self.due = simd.add_f32s(self.due, later);
        for steps in leads.shortest.max(1)..=leads.longest {
            let Some(row) = arrivals.get_mut(step.saturating_add(steps)) else { break };
            // Whole numbers below 2²⁴: no two of them are the same in 32 bits.
            let is_this = simd.equal_f32s(lead, simd.splat_f32s(steps as f32));
            let arriving = simd.select_f32s(is_this, later, zero);
            row.put::<S>(self.at, simd.add_f32s(row.get::<S>(self.at), arriving));
        }
    }

    /// Adds what the first `paths` of them summed up.
    #[inline(always)]
    pub(super) fn add_to(&self, totals: &mut StockTotals, paths: usize) {
        let paths = paths.min(S::F32_LANES);
        totals.demand += sum::<S>(&self.demand, paths);
        totals.shortage += sum::<S>(&self.short, paths);
        totals.stockout_probability += sum::<S>(&self.out, paths);
        totals.average_stock += sum::<S>(&self.stock, paths);
        totals.orders += sum::<S>(&self.orders, paths);
        totals.ordered += sum::<S>(&self.ordered, paths);
    }
}

/// The sum of a register's first numbers.
#[inline(always)]
fn sum<S: Simd>(register: &S::f32s, count: usize) -> f64 {
    numbers::<S>(register)[..count].iter().map(|x| f64::from(*x)).sum()
}

/// The numbers of a register.
#[inline(always)]
fn numbers<S: Simd>(register: &S::f32s) -> &[f32] {
    pulp::bytemuck::cast_slice(std::slice::from_ref(register))
}
