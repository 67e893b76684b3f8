//! Stock simulated over many demand paths side by side: the same walk as [`simulate`](super::simulate()), for whole panels.
//!
//! [`LANES`] paths go through time together, one number of each in a vector register, with the best instruction set that
//! this machine has. What a path sums up is kept in 32 bits until its end, and in 64 over paths: results differ from the
//! path-by-path walk by rounding alone. Lines of end stock are asked for where somebody looks at them: finding them takes
//! longer than all else.

#![allow(clippy::inline_always, reason = "a kernel must be inlined into the function compiled for its instruction set")]

mod by_period;
mod policy;
mod registers;
mod walk;

use super::inputs::amount;
use super::simulate::{LANES, Levels, Setting, SimulationResult, fill_rate, tenths, whole_leads};
use crate::model::SamplePaths;
use crate::vector::Cpu;
use by_period::{Books, walk};
use policy::{Leads, Policy};
use pulp::{Simd, WithSimd};
use registers::{Counts, Row};
use walk::Paths;

/// Demand paths as they are simulated, `[block of paths, period, path]`; the last block is filled up with paths without demand.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandRows {
    periods: usize,
    paths: usize,
    /// None is below [`NOTHING`].
    rows: Vec<Row>,
    /// All paths together, units.
    demand: f64,
    /// A period's shortage up to this is rounding, units.
    least_shortage: f32,
}

/// What stands for no demand: it can be divided by.
const NOTHING: f32 = 1e-25;
/// A shortage up to this share of the usual demand is rounding, not a stock-out: 32 bits tell seven digits.
const SHORT_SHARE: f64 = 1e-5;

impl DemandRows {
    /// The paths of a forecast. Demand that isn't a positive number counts as 0.
    pub fn new(paths: &SamplePaths) -> Self {
        let (periods, count) = (paths.steps(), paths.len());
        let mut rows = vec![Row([NOTHING; LANES]); count.div_ceil(LANES) * periods];
        let (mut demand, mut some) = (0.0, 0_usize);
        for (k, path) in paths.iter().enumerate() {
            let block = &mut rows[k / LANES * periods..][..periods];
            for (row, d) in block.iter_mut().zip(path) {
                let d = amount(f64::from(*d));
                row.0[k % LANES] = (d as f32).max(NOTHING);
                demand += d;
                some += usize::from(d > 0.0);
            }
        }
        let usual = demand / some.max(1) as f64;
        let least_shortage = ((SHORT_SHARE * usual) as f32).max(10.0 * NOTHING);
        Self { periods, paths: count, rows, demand, least_shortage }
    }

    /// As many paths, without demand.
    pub(super) fn without_demand(&self) -> Self {
        Self { rows: vec![Row([NOTHING; LANES]); self.rows.len()], demand: 0.0, ..*self }
    }

    /// Periods of a path.
    pub fn periods(&self) -> usize {
        self.periods
    }

    /// Number of paths.
    pub fn len(&self) -> usize {
        self.paths
    }

    /// True when there is no path.
    pub fn is_empty(&self) -> bool {
        self.paths == 0
    }
}

/// What happened over all paths, means per path.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StockTotals {
    /// Units asked for.
    pub demand: f64,
    /// Units short.
    pub shortage: f64,
    /// Share of paths with at least one stock-out, in `[0, 1]`.
    pub stockout_probability: f64,
    /// Stock on hand over time, units.
    pub average_stock: f64,
    /// Orders placed.
    pub orders: f64,
    /// Units ordered.
    pub ordered: f64,
}

impl StockTotals {
    /// Share of all demand served from stock, in `[0, 1]`; 1 when there was no demand.
    pub fn fill_rate(&self) -> f64 {
        fill_rate(self.demand, self.shortage)
    }
}

/// What a simulation writes on, kept from one item to the next so that nothing is allocated between.
#[derive(Debug, Default)]
pub struct Workspace {
    /// Units arriving at the beginning of each step, or ordered in it.
    arrivals: Vec<Row>,
    /// Paths with a stock-out, by period.
    out: Vec<Counts>,
    /// Stock at the end of each period, `[block, period]`; empty where it isn't asked for.
    ends: Vec<Row>,
    /// Lead times of orders, whole steps: one, or all draws.
    leads: Vec<u32>,
    /// The same as rows.
    lead_rows: Vec<Row>,
    /// Reorder point and max level by review.
    pairs: Vec<(f32, f32)>,
}

/// Runs an (s, S) policy over every path, with levels as in [`simulate`](super::simulate()); `stockouts` takes the share of paths with a stock-out in each period, in `[0, 1]`.
///
/// # Panics
/// When `stockouts` isn't as long as a path: a bug of the caller.
pub fn simulate_rows(
    demand: &DemandRows,
    levels: &(impl AsRef<[Levels]> + ?Sized),
    setting: &Setting,
    stockouts: &mut [f64],
    workspace: &mut Workspace,
) -> StockTotals {
    assert_eq!(stockouts.len(), demand.periods, "one share for each period");
    workspace.ends.clear();
    run(demand, (levels.as_ref(), setting), stockouts, workspace)
}

/// As [`simulate`](super::simulate()) but for rounding, many times as fast: lines of end stock and all.
pub fn simulate_with_lines(
    demand: &DemandRows,
    levels: &(impl AsRef<[Levels]> + ?Sized),
    setting: &Setting,
    workspace: &mut Workspace,
) -> SimulationResult {
    let mut stockout_by_period = vec![0.0; demand.periods];
    // Every row is written before it is read.
    workspace.ends.resize(demand.rows.len(), Row::ZERO);
    let totals = run(demand, (levels.as_ref(), setting), &mut stockout_by_period, workspace);
    let (mut low, mut high) = (Vec::with_capacity(demand.periods), Vec::with_capacity(demand.periods));
    let mut ends: Vec<f32> = Vec::with_capacity(demand.paths.next_multiple_of(LANES));
    for period in 0..demand.periods {
        ends.clear();
        workspace.ends.iter().skip(period).step_by(demand.periods).for_each(|row| ends.extend_from_slice(&row.0));
        ends.truncate(demand.paths);
        let (tenth, ninetieth) = tenths(&mut ends);
        low.push(tenth);
        high.push(ninetieth);
    }
    SimulationResult {
        fill_rate: totals.fill_rate(),
        stockout_probability: totals.stockout_probability,
        stockout_by_period,
        low,
        high,
        average_stock: totals.average_stock,
        average_orders: totals.orders,
        average_ordered: totals.ordered,
        average_shortage: totals.shortage,
    }
}

fn run(
    demand: &DemandRows,
    (levels, setting): (&[Levels], &Setting),
    stockouts: &mut [f64],
    workspace: &mut Workspace,
) -> StockTotals {
    let policy = Policy::new(levels, setting, demand.periods, std::mem::take(&mut workspace.pairs));
    let steps = demand.periods * policy.steps;
    whole_leads(setting, steps, &mut workspace.leads);
    let Workspace { leads, lead_rows, .. } = workspace;
    lead_rows.clear();
    let (rows, _) = leads.as_chunks();
    lead_rows.extend(rows.iter().map(|row| Row(row.map(|lead| lead as f32))));
    workspace.arrivals.resize(steps, Row::ZERO);
    workspace.out.clear();
    workspace.out.resize(demand.periods, Counts::ZERO);
    let totals = Cpu::detect().run(Kernel { demand, policy: &policy, workspace });
    workspace.pairs = policy.into_pairs();
    let paths = demand.paths.max(1) as f64;
    for (share, row) in stockouts.iter_mut().zip(&workspace.out) {
        *share = row.total() / paths;
    }
    totals
}

struct Kernel<'a> {
    demand: &'a DemandRows,
    policy: &'a Policy,
    workspace: &'a mut Workspace,
}

impl WithSimd for Kernel<'_> {
    type Output = StockTotals;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> StockTotals {
        let Self { demand, policy, workspace } = self;
        let Workspace { arrivals, out, ends, leads, lead_rows, .. } = workspace;
        let varies = leads.len() > 1;
        let leads = Leads::new(leads, lead_rows);
        let mut totals = StockTotals { demand: demand.demand, ..StockTotals::default() };
        // Where sales are lost, only a start with a backlog can make stock negative.
        let owes = policy.lost && policy.on_hand < 0.0;
        if policy.steps == 1 && leads.shortest > 0 && !owes {
            let of = (policy, leads);
            let books = &mut Books::new(arrivals, out, ends);
            // Compiled for each, so that none asks on its way.
            let every_evening = !policy.before && policy.review_steps == 1;
            let as_wished = every_evening && policy.is_any_quantity();
            match (every_evening, policy.lost, !as_wished, varies) {
                (true, true, false, false) => walk::<S, true, true, false, false>(simd, demand, of, books, &mut totals),
                (true, true, false, true) => walk::<S, true, true, false, true>(simd, demand, of, books, &mut totals),
                (true, true, true, false) => walk::<S, true, true, true, false>(simd, demand, of, books, &mut totals),
                (true, true, true, true) => walk::<S, true, true, true, true>(simd, demand, of, books, &mut totals),
                (true, false, false, false) => {
                    walk::<S, true, false, false, false>(simd, demand, of, books, &mut totals);
                }
                (true, false, false, true) => walk::<S, true, false, false, true>(simd, demand, of, books, &mut totals),
                (true, false, true, false) => walk::<S, true, false, true, false>(simd, demand, of, books, &mut totals),
                (true, false, true, true) => walk::<S, true, false, true, true>(simd, demand, of, books, &mut totals),
                (false, true, _, false) => walk::<S, false, true, true, false>(simd, demand, of, books, &mut totals),
                (false, true, _, true) => walk::<S, false, true, true, true>(simd, demand, of, books, &mut totals),
                (false, false, _, false) => walk::<S, false, false, true, false>(simd, demand, of, books, &mut totals),
                (false, false, _, true) => walk::<S, false, false, true, true>(simd, demand, of, books, &mut totals),
            }
        } else if varies {
            within::<S, true>(simd, demand, (policy, leads), (arrivals, out, ends), &mut totals);
        } else {
            within::<S, false>(simd, demand, (policy, leads), (arrivals, out, ends), &mut totals);
        }
        let paths = demand.paths.max(1) as f64;
        let StockTotals { shortage, stockout_probability, average_stock, orders, ordered, demand: asked } = &mut totals;
        for mean in [asked, shortage, stockout_probability, orders, ordered] {
            *mean /= paths;
        }
        *average_stock /= paths * (demand.periods * policy.steps).max(1) as f64;
        totals
    }
}

/// Walks over all paths step by step; see [`mod@walk`].
#[inline(always)]
fn within<S: Simd, const VARYING: bool>(
    simd: S,
    demand: &DemandRows,
    (policy, leads): (&Policy, Leads<'_>),
    (arrivals, out, ends): (&mut [Row], &mut [Counts], &mut [Row]),
    totals: &mut StockTotals,
) {
    for (k, rows) in demand.rows.chunks_exact(demand.periods.max(1)).enumerate() {
        arrivals.fill(Row::ZERO);
        if let Some(row) = arrivals.get_mut(policy.first_arrival) {
            *row = Row([policy.on_order; LANES]);
        }
        // Two registers at a time: one goes on while the other waits.
        for at in (0..LANES / S::F32_LANES).step_by(2) {
            let first = k * LANES + at * S::F32_LANES;
            if first >= demand.paths {
                break;
            }
            let mut one = Paths::new(simd, policy, (at, first));
            let mut other = Paths::new(simd, policy, (at + 1, first + S::F32_LANES));
            for ((t, row), out) in rows.iter().enumerate().zip(&mut *out) {
                let (end, row) = (k * demand.periods + t, (row, demand.least_shortage));
                one.period::<VARYING>(t, row, (arrivals, leads), (out, ends.get_mut(end)));
                other.period::<VARYING>(t, row, (arrivals, leads), (out, ends.get_mut(end)));
            }
            one.add_to(totals, demand.paths - first);
            other.add_to(totals, demand.paths.saturating_sub(first + S::F32_LANES));
        }
    }
}
