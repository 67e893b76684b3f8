//! Stock simulated over many demand paths side by side: the same walk as [`simulate`](super::simulate()), for whole panels.
//!
//! [`LANES`] paths go through time together, one number of each in a vector register, with the best instruction set that
//! this machine has. What a path sums up is kept in 32 bits until its end, and in 64 over paths: results differ from the
//! path-by-path walk by rounding alone. Lines of end stock are asked for where somebody looks at them: finding them takes
//! longer than all else.

#![allow(clippy::inline_always, reason = "a kernel must be inlined into the function compiled for its instruction set")]

mod walk;

use super::inputs::amount;
use super::simulate::{LANES, Levels, Setting, SimulationResult, fill_rate, tenths, whole_leads};
use crate::model::SamplePaths;
use crate::vector::Cpu;
use pulp::{Simd, WithSimd};
use walk::{GENERAL, Leads, PLAIN, Paths, Policy, VARYING};

/// A number of each of these paths, on cache lines of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
struct Row([f32; LANES]);

impl Row {
    const ZERO: Self = Self([0.0; LANES]);

    /// Its `at`-th register.
    #[inline(always)]
    fn get<S: Simd>(&self, at: usize) -> S::f32s {
        S::as_simd_f32s(&self.0).0[at]
    }

    #[inline(always)]
    fn put<S: Simd>(&mut self, at: usize, numbers: S::f32s) {
        S::as_mut_simd_f32s(&mut self.0).0[at] = numbers;
    }
}

/// Demand paths as they are simulated, `[block of paths, period, path]`; the last block is filled up with paths without demand.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandRows {
    periods: usize,
    paths: usize,
    rows: Vec<Row>,
}

impl DemandRows {
    /// The paths of a forecast. Demand that isn't a positive number counts as 0.
    pub fn new(paths: &SamplePaths) -> Self {
        let (periods, count) = (paths.steps(), paths.len());
        let mut rows = vec![Row::ZERO; count.div_ceil(LANES) * periods];
        for (k, path) in paths.iter().enumerate() {
            let block = &mut rows[k / LANES * periods..][..periods];
            block.iter_mut().zip(path).for_each(|(row, d)| row.0[k % LANES] = amount(f64::from(*d)) as f32);
        }
        Self { periods, paths: count, rows }
    }

    /// As many paths, without demand.
    pub(super) fn without_demand(&self) -> Self {
        Self { rows: vec![Row::ZERO; self.rows.len()], ..*self }
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
    /// Units arriving at the beginning of each step.
    arrivals: Vec<Row>,
    /// Paths with a stock-out, by period.
    out: Vec<Row>,
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
    let policy = Policy::new(levels, setting, std::mem::take(&mut workspace.pairs));
    let steps = demand.periods * policy.steps;
    whole_leads(setting, steps, &mut workspace.leads);
    let Workspace { leads, lead_rows, .. } = workspace;
    lead_rows.clear();
    let (rows, _) = leads.as_chunks();
    lead_rows.extend(rows.iter().map(|row| Row(row.map(|lead| lead as f32))));
    workspace.arrivals.resize(steps, Row::ZERO);
    workspace.out.clear();
    workspace.out.resize(demand.periods, Row::ZERO);
    let totals = Cpu::detect().run(Kernel { demand, policy: &policy, workspace });
    workspace.pairs = policy.into_pairs();
    let paths = demand.paths.max(1) as f64;
    for (share, row) in stockouts.iter_mut().zip(&workspace.out) {
        *share = row.0.iter().map(|n| f64::from(*n)).sum::<f64>() / paths;
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
        // Compiled for each, so that the usual policy asks nothing on its way and keeps all it sums up in registers.
        match (self.workspace.leads.as_slice(), self.policy.is_plain()) {
            ([1..=u32::MAX], true) => self.run::<S, PLAIN>(simd),
            ([_], _) => self.run::<S, GENERAL>(simd),
            _ => self.run::<S, VARYING>(simd),
        }
    }
}

impl Kernel<'_> {
    #[inline(always)]
    fn run<S: Simd, const KIND: u8>(self, simd: S) -> StockTotals {
        let Self { demand, policy, workspace } = self;
        let Workspace { arrivals, out, ends, leads, lead_rows, .. } = workspace;
        let leads = Leads::new(leads, lead_rows);
        let mut totals = StockTotals::default();
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
                    let end = k * demand.periods + t;
                    one.period::<KIND>(t, row, (arrivals, leads), (out, ends.get_mut(end)));
                    other.period::<KIND>(t, row, (arrivals, leads), (out, ends.get_mut(end)));
                }
                one.add_to(&mut totals, demand.paths - first);
                other.add_to(&mut totals, demand.paths.saturating_sub(first + S::F32_LANES));
            }
        }
        let paths = demand.paths.max(1) as f64;
        let StockTotals { demand: asked, shortage, stockout_probability, average_stock, orders, ordered } = &mut totals;
        for mean in [asked, shortage, stockout_probability, orders, ordered] {
            *mean /= paths;
        }
        *average_stock /= paths * (demand.periods * policy.steps).max(1) as f64;
        totals
    }
}
