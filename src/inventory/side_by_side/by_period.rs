//! Policies whose goods come a period later or more, walked period by period: nearly all there are. Where sales are lost, stock
//! is never negative.
//!
//! Two registers of paths go side by side, since each waits for its period before. What they write on lies in columns of
//! its own, so that nothing is looked up, and no path asks a question that its neighbours could answer otherwise.
//!
//! Nothing here may be a closure: one isn't compiled for the instruction set of the function that it is called from.

#![allow(clippy::inline_always, reason = "a kernel must be inlined into the function compiled for its instruction set")]

use super::super::simulate::{LANES, row_of};
use super::policy::{Leads, Policy};
use super::registers::{Counts, Row, count, counted, masked, sum};
use super::{DemandRows, StockTotals};
use pulp::Simd;

/// What a walk writes on.
pub(super) struct Books<'a> {
    /// Units ordered in each period, a column for each of two registers.
    placed: &'a mut [Row],
    /// Paths with a stock-out by period.
    out: &'a mut [Counts],
    /// Stock at the end of each period, `[block, period]`; empty where it isn't asked for.
    ends: &'a mut [Row],
    orders: Counts,
    paths_out: Counts,
}

impl<'a> Books<'a> {
    pub(super) fn new(placed: &'a mut [Row], out: &'a mut [Counts], ends: &'a mut [Row]) -> Self {
        Self { placed, out, ends, orders: Counts::ZERO, paths_out: Counts::ZERO }
    }
}

/// Walks over all paths and adds up what happens. `EVENING`: every period ends with a review. `LOST`: demand that finds no stock is lost. `ROUNDED`: orders are sized by
/// the supplier's rules. `VARYING`: lead times differ.
#[inline(always)]
pub(super) fn walk<S: Simd, const EVENING: bool, const LOST: bool, const ROUNDED: bool, const VARYING: bool>(
    simd: S,
    demand: &DemandRows,
    (policy, leads): (&Policy, Leads<'_>),
    books: &mut Books<'_>,
    totals: &mut StockTotals,
) {
    for block in 0..demand.rows.len() / demand.periods.max(1) {
        // Two registers at a time: one goes on while the other waits.
        for at in (0..LANES / S::F32_LANES).step_by(2) {
            let pair = Pair { simd, demand, policy, leads, first: block * LANES + at * S::F32_LANES, block, at };
            if pair.first < demand.paths {
                pair.walk::<EVENING, LOST, ROUNDED, VARYING>(books, totals);
            }
        }
    }
    totals.orders += books.orders.total();
    totals.stockout_probability += books.paths_out.total();
}

/// Two registers of paths.
struct Pair<'a, S: Simd> {
    simd: S,
    demand: &'a DemandRows,
    policy: &'a Policy,
    leads: Leads<'a>,
    /// The first path, its block, and its register's place in a row.
    first: usize,
    block: usize,
    at: usize,
}

impl<S: Simd> Pair<'_, S> {
    #[inline(always)]
    fn walk<const EVENING: bool, const LOST: bool, const ROUNDED: bool, const VARYING: bool>(
        &self,
        books: &mut Books<'_>,
        totals: &mut StockTotals,
    ) {
        let Self { simd, demand, policy, leads, first, block, at } = *self;
        let rows = &demand.rows[block * demand.periods..][..demand.periods];
        let (placed, out) = (&mut books.placed[..rows.len()], &mut books.out[..rows.len()]);
        let (mut one, mut other) = (Chain::new(simd, policy), Chain::new(simd, policy));
        let least = simd.splat_f32s(demand.least_shortage);
        let reviews = &policy.pairs[..=rows.len()];
        let levels = self.levels(reviews[0]);
        let mut opening = (one.review::<ROUNDED>(simd, policy, levels), other.review::<ROUNDED>(simd, policy, levels));
        if !VARYING {
            // What is under way at the start takes one lead time, too.
            let under_way = simd.splat_f32s(policy.on_order);
            opening = (simd.add_f32s(opening.0, under_way), simd.add_f32s(opening.1, under_way));
        }
        for (t, ((row, out), next)) in rows.iter().zip(out).zip(&reviews[1..]).enumerate() {
            let (sent, now) = placed.split_at_mut(t);
            let now = &mut now[0];
            let morning = !EVENING && policy.before && t > 0 && policy.is_review(t);
            let evening = EVENING || (!policy.before && policy.is_review(t + 1));
            if VARYING && t == policy.first_arrival {
                one.receive(simd, simd.splat_f32s(policy.on_order));
                other.receive(simd, simd.splat_f32s(policy.on_order));
            }
            if VARYING {
                let arrived = self.arrived(sent);
                one.receive(simd, arrived.0);
                other.receive(simd, arrived.1);
            } else if let Some(row) = sent.len().checked_sub(leads.longest).and_then(|before| sent.get(before)) {
                one.receive(simd, row.get::<S>(0));
                other.receive(simd, row.get::<S>(1));
            }
            let (mut first, mut second) = (simd.splat_f32s(0.0), simd.splat_f32s(0.0));
            if morning {
                let levels = self.levels(reviews[t]);
                first = one.review::<ROUNDED>(simd, policy, levels);
                second = other.review::<ROUNDED>(simd, policy, levels);
            }
            let is_out = one.serve::<LOST>(simd, row.get::<S>(at), least);
            out.put::<S>(0, count(simd, out.get::<S>(0), is_out));
            let is_out = other.serve::<LOST>(simd, row.get::<S>(at + 1), least);
            out.put::<S>(1, count(simd, out.get::<S>(1), is_out));
            if evening {
                let levels = self.levels(*next);
                first = one.review::<ROUNDED>(simd, policy, levels);
                second = other.review::<ROUNDED>(simd, policy, levels);
            }
            if t == 0 {
                first = simd.add_f32s(first, opening.0);
                second = simd.add_f32s(second, opening.1);
            }
            now.put::<S>(0, first);
            now.put::<S>(1, second);
            if let Some(end) = books.ends.get_mut(block * demand.periods + t) {
                end.put::<S>(at, one.net);
                end.put::<S>(at + 1, other.net);
            }
        }
        one.add_to(simd, books, totals, demand.paths - first);
        other.add_to(simd, books, totals, demand.paths.saturating_sub(first + S::F32_LANES));
    }

    /// A review's pair in registers.
    #[inline(always)]
    fn levels(&self, (trigger, max_level): (f32, f32)) -> (S::f32s, S::f32s) {
        (self.simd.splat_f32s(trigger), self.simd.splat_f32s(max_level))
    }

    /// What arrives at the beginning of the period after those in which was `sent`, when every order has a lead time of its
    /// own.
    #[inline(always)]
    fn arrived(&self, sent: &[Row]) -> (S::f32s, S::f32s) {
        let Self { simd, leads, block, at, .. } = *self;
        let mut arrived = (simd.splat_f32s(0.0), simd.splat_f32s(0.0));
        let latest = (sent.len() + 1).saturating_sub(leads.shortest);
        let first = sent.len().saturating_sub(leads.longest);
        for (step, row) in sent.iter().enumerate().take(latest).skip(first) {
            let drawn = &leads.rows[row_of(block, step)];
            // Whole numbers below 2²⁴: no two of them are the same in 32 bits.
            let lead = simd.splat_f32s((sent.len() - step) as f32);
            let is_this = simd.equal_f32s(drawn.get::<S>(at), lead);
            arrived.0 = simd.add_f32s(arrived.0, masked(simd, is_this, row.get::<S>(0)));
            let is_this = simd.equal_f32s(drawn.get::<S>(at + 1), lead);
            arrived.1 = simd.add_f32s(arrived.1, masked(simd, is_this, row.get::<S>(1)));
        }
        arrived
    }
}

/// A register full of paths on their way through time.
#[derive(Clone, Copy)]
struct Chain<S: Simd> {
    /// Stock less backlog.
    net: S::f32s,
    /// Stock less backlog plus what is under way.
    position: S::f32s,
    short: S::f32s,
    /// Twice the stock over time.
    stock: S::f32s,
    orders: S::u32s,
    ordered: S::f32s,
}

impl<S: Simd> Chain<S> {
    #[inline(always)]
    fn new(simd: S, policy: &Policy) -> Self {
        let zero = simd.splat_f32s(0.0);
        Self {
            net: simd.splat_f32s(policy.on_hand),
            position: simd.splat_f32s(policy.on_hand + policy.on_order),
            short: zero,
            stock: zero,
            orders: simd.splat_u32s(0),
            ordered: zero,
        }
    }

    #[inline(always)]
    fn receive(&mut self, simd: S, units: S::f32s) {
        self.net = simd.add_f32s(self.net, units);
    }

    /// Serves a period's demand; returns who ran out.
    #[inline(always)]
    fn serve<const LOST: bool>(&mut self, simd: S, demand: S::f32s, least: S::f32s) -> S::m32s {
        let before = if LOST { self.net } else { simd.max_f32s(self.net, simd.splat_f32s(0.0)) };
        let served = simd.min_f32s(demand, before);
        let after = simd.sub_f32s(before, served);
        // Stock falls evenly from the one to the other, within the share of the period in which it serves.
        let share = simd.div_f32s(served, demand);
        self.stock = simd.mul_add_f32s(share, simd.add_f32s(before, after), self.stock);
        let short = simd.sub_f32s(demand, served);
        let is_out = simd.greater_than_f32s(short, least);
        self.short = simd.add_f32s(self.short, masked(simd, is_out, short));
        if LOST {
            self.net = after;
            self.position = simd.sub_f32s(self.position, served);
        } else {
            self.net = simd.sub_f32s(self.net, demand);
            self.position = simd.sub_f32s(self.position, demand);
        }
        is_out
    }

    /// Orders where the position is at or below the reorder point; returns the units.
    #[inline(always)]
    fn review<const ROUNDED: bool>(
        &mut self,
        simd: S,
        policy: &Policy,
        (trigger, max_level): (S::f32s, S::f32s),
    ) -> S::f32s {
        let is_due = simd.less_than_or_equal_f32s(self.position, trigger);
        let wish = simd.sub_f32s(max_level, self.position);
        let quantity = masked(simd, is_due, if ROUNDED { policy.rounded(simd, wish) } else { wish });
        self.position = simd.add_f32s(self.position, quantity);
        self.orders = count(simd, self.orders, is_due);
        self.ordered = simd.add_f32s(self.ordered, quantity);
        quantity
    }

    /// Adds what the first `paths` of them summed up; counts of a full register wait in `books`, where they add up faster.
    #[inline(always)]
    fn add_to(&self, simd: S, books: &mut Books<'_>, totals: &mut StockTotals, paths: usize) {
        let none = simd.splat_u32s(0);
        let out = count(simd, none, simd.greater_than_f32s(self.short, simd.splat_f32s(0.0)));
        if paths >= S::F32_LANES {
            totals.shortage += f64::from(simd.reduce_sum_f32s(self.short));
            totals.average_stock += 0.5 * f64::from(simd.reduce_sum_f32s(self.stock));
            totals.ordered += f64::from(simd.reduce_sum_f32s(self.ordered));
            books.orders.put::<S>(0, simd.add_u32s(books.orders.get::<S>(0), self.orders));
            books.paths_out.put::<S>(0, simd.add_u32s(books.paths_out.get::<S>(0), out));
            return;
        }
        totals.shortage += sum::<S>(&self.short, paths);
        totals.stockout_probability += counted::<S>(&out, paths);
        totals.average_stock += 0.5 * sum::<S>(&self.stock, paths);
        totals.orders += counted::<S>(&self.orders, paths);
        totals.ordered += sum::<S>(&self.ordered, paths);
    }
}
