//! A register full of paths, step by step: for policies that react within a period, or whose goods come at once.
//!
//! Nothing here may be a closure: one isn't compiled for the instruction set of the function that it is called from.

#![allow(clippy::inline_always, reason = "a kernel must be inlined into the function compiled for its instruction set")]

use super::super::simulate::{LANES, level_at, row_of};
use super::StockTotals;
use super::policy::{Leads, Policy};
use super::registers::{Counts, Row, count, counted, holding, masked, sum};
use pulp::Simd;

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
    /// Stock less backlog.
    net: S::f32s,
    /// Stock less backlog plus what is under way.
    position: S::f32s,
    short: S::f32s,
    /// Twice the stock over time.
    stock: S::f32s,
    /// Periods with a stock-out.
    out: S::u32s,
    orders: S::u32s,
    ordered: S::f32s,
}

impl<'a, S: Simd> Paths<'a, S> {
    #[inline(always)]
    pub(super) fn new(simd: S, policy: &'a Policy, (at, first): (usize, usize)) -> Self {
        let net = simd.splat_f32s(policy.on_hand);
        let position = simd.splat_f32s(policy.on_hand + policy.on_order);
        let (zero, none) = (simd.splat_f32s(0.0), simd.splat_u32s(0));
        Self {
            simd,
            policy,
            at,
            first,
            net,
            position,
            short: zero,
            stock: zero,
            out: none,
            orders: none,
            ordered: zero,
        }
    }

    #[inline(always)]
    pub(super) fn period<const VARYING: bool>(
        &mut self,
        t: usize,
        (row, least): (&Row, f32),
        (arrivals, leads): (&mut [Row], Leads<'_>),
        (out, end): (&mut Counts, Option<&mut Row>),
    ) {
        let (simd, steps) = (self.simd, self.policy.steps);
        let (demand, before) = (row.get::<S>(self.at), self.short);
        let part = simd.mul_f32s(demand, simd.splat_f32s(1.0 / steps as f32));
        for step in t * steps..(t + 1) * steps {
            self.step::<VARYING>(step, part, (arrivals, leads));
        }
        if let Some(end) = end {
            end.put::<S>(self.at, self.net);
        }
        let short = simd.sub_f32s(self.short, before);
        let is_out = simd.greater_than_f32s(short, simd.splat_f32s(least));
        out.put::<S>(self.at, count(simd, out.get::<S>(self.at), is_out));
        self.out = count(simd, self.out, is_out);
    }

    #[inline(always)]
    fn step<const VARYING: bool>(&mut self, step: usize, demand: S::f32s, (arrivals, leads): (&mut [Row], Leads<'_>)) {
        let (simd, policy) = (self.simd, self.policy);
        let zero = simd.splat_f32s(0.0);
        let arrived = arrivals[step].get::<S>(self.at);
        self.net = simd.add_f32s(self.net, arrived);
        if step == 0 || (policy.before && policy.is_review(step)) {
            self.review::<VARYING>(step, zero, (arrivals, leads), Wave::All);
        }
        let after = !policy.before && policy.is_review(step + 1);
        // An order that is there at once serves this step's demand.
        if after && leads.shortest == 0 {
            self.review::<VARYING>(step, demand, (arrivals, leads), Wave::AtOnce);
        }
        self.serve(demand);
        if after && leads.longest > 0 {
            self.review::<VARYING>(step, zero, (arrivals, leads), Wave::Later);
        }
    }

    #[inline(always)]
    fn serve(&mut self, d: S::f32s) {
        let simd = self.simd;
        let before = simd.max_f32s(self.net, simd.splat_f32s(0.0));
        let served = simd.min_f32s(d, before);
        let after = simd.sub_f32s(before, served);
        // Stock falls evenly from the one to the other, within the share of the step in which it serves.
        let share = simd.div_f32s(served, d);
        self.stock = simd.mul_add_f32s(share, simd.add_f32s(before, after), self.stock);
        self.short = simd.add_f32s(self.short, simd.sub_f32s(d, served));
        let gone = if self.policy.lost { served } else { d };
        self.net = simd.sub_f32s(self.net, gone);
        self.position = simd.sub_f32s(self.position, gone);
    }

    /// Orders where the position, less what is `asked`, is at or below the reorder point, for paths whose order's lead time is
    /// one of the `wave`'s.
    #[inline(always)]
    fn review<const VARYING: bool>(
        &mut self,
        step: usize,
        asked: S::f32s,
        (arrivals, leads): (&mut [Row], Leads<'_>),
        wave: Wave,
    ) {
        let simd = self.simd;
        let review_step = if wave == Wave::All { step } else { step + 1 };
        let position = simd.sub_f32s(self.position, asked);
        let pairs = &self.policy.pairs;
        let (trigger, max_level) = pairs[level_at(pairs.len(), review_step, self.policy.steps)];
        let is_due = simd.less_than_or_equal_f32s(position, simd.splat_f32s(trigger));
        let wish = self.policy.rounded(simd, simd.sub_f32s(simd.splat_f32s(max_level), position));
        let quantity = masked(simd, is_due, wish);
        if VARYING {
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
        self.orders = count(simd, self.orders, is_due);
        self.ordered = simd.add_f32s(self.ordered, quantity);
        self.position = simd.add_f32s(self.position, quantity);
        if lead == 0 {
            self.net = simd.add_f32s(self.net, quantity);
            return;
        }
        if let Some(row) = arrivals.get_mut(step.saturating_add(lead)) {
            row.put::<S>(self.at, simd.add_f32s(row.get::<S>(self.at), quantity));
        }
    }

    /// Orders whose lead times differ.
    #[inline(always)]
    fn place_each(&mut self, step: usize, quantity: S::f32s, (arrivals, leads): (&mut [Row], Leads<'_>), wave: Wave) {
        let simd = self.simd;
        let zero = simd.splat_f32s(0.0);
        if simd.first_true_m32s(simd.greater_than_f32s(quantity, zero)) == S::F32_LANES {
            return;
        }
        let lead = leads.rows[row_of(self.first / LANES, step)].get::<S>(self.at);
        let at_once = simd.less_than_or_equal_f32s(lead, zero);
        let now = if wave == Wave::Later { zero } else { simd.select_f32s(at_once, quantity, zero) };
        let later = if wave == Wave::AtOnce { zero } else { simd.select_f32s(at_once, zero, quantity) };
        let placed = simd.add_f32s(now, later);
        self.orders = count(simd, self.orders, simd.greater_than_f32s(placed, zero));
        self.ordered = simd.add_f32s(self.ordered, placed);
        self.net = simd.add_f32s(self.net, now);
        self.position = simd.add_f32s(self.position, placed);
        for steps in leads.shortest.max(1)..=leads.longest {
            let Some(row) = arrivals.get_mut(step.saturating_add(steps)) else { break };
            // Whole numbers below 2²⁴: no two of them are the same in 32 bits.
            let is_this = simd.equal_f32s(lead, simd.splat_f32s(steps as f32));
            let arriving = masked(simd, is_this, later);
            row.put::<S>(self.at, simd.add_f32s(row.get::<S>(self.at), arriving));
        }
    }

    /// Adds what the first `paths` of them summed up.
    #[inline(always)]
    pub(super) fn add_to(&self, totals: &mut StockTotals, paths: usize) {
        let paths = paths.min(S::F32_LANES);
        totals.shortage += sum::<S>(&self.short, paths);
        totals.stockout_probability += holding::<S>(&self.out, paths);
        totals.average_stock += 0.5 * sum::<S>(&self.stock, paths);
        totals.orders += counted::<S>(&self.orders, paths);
        totals.ordered += sum::<S>(&self.ordered, paths);
    }
}
