//! Items prepared once and then decided and simulated again and again: what a slider over the whole portfolio needs.
//!
//! The demand paths lie ready for the vectorised walk, and the variances of their sums in a table, so that another lead
//! time, service level, cost or policy costs the walk alone. Demand that is scaled by k is the same walk with everything
//! else divided by k: no path is copied.

use super::decide::{Decision, Depth, decide_for};
use super::demand::{Demand, DemandTable};
use super::inputs::LARGEST;
use super::plan::paths;
use super::proposal::propose_along;
use super::side_by_side::{DemandRows, Workspace, simulate_rows};
use super::simulate::{Levels, Setting};
use crate::model::{Forecast, Item, ReorderRule, SamplePaths, ServiceCurve, ServicePoint, StockPolicy};
use std::sync::Arc;

/// One item's demand, prepared.
#[derive(Debug, Clone)]
pub struct PreparedDemand {
    table: DemandTable,
    rows: DemandRows,
    paths: Arc<SamplePaths>,
    demand: f64,
}

/// What is written on while items are walked through, kept from one to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    workspace: Workspace,
    stockouts: Vec<f64>,
}

/// What a decision about one item gives over the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StockFigures {
    /// Safety stock, units.
    pub safety_stock: f64,
    /// Reorder point that steers, units.
    pub reorder_point: f64,
    /// Max level, units.
    pub max_level: f64,
    /// Simulated mean stock on hand, units.
    pub average_stock: f64,
    /// Simulated share of demand served from stock, in `[0, 1]`.
    pub fill_rate: f64,
    /// Simulated probability of a stock-out over the horizon, in `[0, 1]`.
    pub stockout_probability: f64,
    /// Simulated mean units short.
    pub shortage: f64,
    /// Simulated mean number of orders.
    pub expected_orders: f64,
    /// Forecast demand of the horizon, units.
    pub demand: f64,
    /// Orders proposed on the forecast mean.
    pub orders: f64,
    /// Units of those.
    pub ordered: f64,
    /// Units to order in the first period.
    pub order_now: f64,
}

/// Demand scaled below this is none.
const NO_DEMAND: f64 = 1e-9;
/// Deviations of demand that a lot of safety stock covers.
const DEVIATIONS: f64 = 4.0;
/// Steps of so many units are rounded to whole ones.
const WHOLE_FROM: f64 = 2.0;

impl PreparedDemand {
    /// Prepares a forecast. Takes memory of the size of its paths.
    pub fn new(forecast: &Forecast) -> Self {
        let demand = forecast.mean.iter().map(|d| d.max(0.0)).filter(|d| d.is_finite()).sum();
        let rows = DemandRows::new(&paths(forecast));
        Self { table: DemandTable::new(forecast), rows, paths: forecast.paths.clone(), demand }
    }

    /// What deciding so for demand times `scale` gives; the same as [`plan`](super::plan()) says but for rounding.
    pub fn evaluate(&self, scale: f64, item: &Item, policy: &StockPolicy, scratch: &mut Scratch) -> StockFigures {
        let scale = if scale.is_finite() { scale.max(0.0) } else { 1.0 };
        let wants_paths = policy.rule == ReorderRule::Quantile;
        let demand = self.table.demand(scale, wants_paths.then_some(&*self.paths));
        let decision = decide_for(&demand, item, *policy, Depth::Levels);
        self.follow(scale, &demand, &decision, scratch)
    }

    /// What service a growing safety stock buys: `points` safety stocks from none to a lot, everything else as `item` and
    /// `policy` have it. Whole units where they are fine enough.
    ///
    /// The item's own safety stock doesn't move the end: a lot is what four deviations of demand over the protection
    /// interval and its lead time ask for, and half as much again as is computed.
    pub fn service_curve(
        &self,
        item: &Item,
        policy: &StockPolicy,
        points: usize,
        scratch: &mut Scratch,
    ) -> ServiceCurve {
        let demand = self.table.demand(1.0, Some(&*self.paths));
        let computed = decide_for(&demand, &Item { safety_stock: None, ..item.clone() }, *policy, Depth::Levels);
        let steps = points.max(2) - 1;
        let end = self.a_lot(&computed);
        let grid = |k: usize| end * k as f64 / steps as f64;
        let is_fine = end >= WHOLE_FROM * steps as f64;
        let at = |k: usize| if is_fine { grid(k).round() } else { grid(k) };
        let mut own = item.clone();
        let mut point = |k: usize| {
            own.safety_stock = Some(at(k));
            let decision = decide_for(&demand, &own, *policy, Depth::All);
            let found = self.follow(1.0, &demand, &decision, scratch);
            let unit_cost = Some(item.unit_cost).filter(|c| c.is_finite()).unwrap_or(0.0);
            ServicePoint {
                safety_stock: at(k),
                average_stock: found.average_stock,
                stock_value: found.average_stock * unit_cost,
                fill_rate: found.fill_rate,
                cycle_service: decision.numbers.achieved.map(|achieved| achieved.cycle_service),
            }
        };
        ServiceCurve { points: (0..=steps).map(&mut point).collect() }
    }

    /// More safety stock than anybody would keep, units.
    fn a_lot(&self, computed: &Decision) -> f64 {
        let (need, lead_sd) = (&computed.numbers.need, computed.inputs.lead_sd);
        let sd = (need.sd * need.sd + (need.per_period * lead_sd).powi(2)).sqrt();
        let end = (DEVIATIONS * sd).max(1.5 * computed.numbers.safety_computed);
        if end > 0.0 {
            end.min(LARGEST)
        } else {
            // Demand without spread: a period's worth shows that stock buys nothing.
            self.demand.max(1.0) / self.rows.periods().max(1) as f64
        }
    }

    fn follow(&self, scale: f64, demand: &Demand<'_>, decision: &Decision, scratch: &mut Scratch) -> StockFigures {
        let proposal = propose_along(&demand.mean, &decision.levels, &decision.setting);
        let now = proposal.orders.iter().filter(|o| o.period == 0).map(|o| o.quantity).sum();
        let figures = StockFigures {
            safety_stock: decision.safety_stock(),
            reorder_point: decision.steering_point(),
            max_level: decision.numbers.max_level,
            demand: scale * self.demand,
            orders: proposal.orders.len() as f64,
            ordered: proposal.orders.iter().map(|o| o.quantity).sum(),
            order_now: now,
            ..StockFigures::default()
        };
        self.walk(scale, decision, figures, scratch)
    }

    fn walk(&self, scale: f64, decision: &Decision, figures: StockFigures, scratch: &mut Scratch) -> StockFigures {
        let Scratch { workspace, stockouts } = scratch;
        let is_none = scale <= NO_DEMAND;
        let unit = if is_none { 1.0 } else { scale };
        stockouts.clear();
        stockouts.resize(self.rows.periods(), 0.0);
        let found = if is_none {
            let none = self.rows.without_demand();
            simulate_rows(&none, &decision.levels, &decision.setting, stockouts, workspace)
        } else if (unit - 1.0).abs() < f64::EPSILON {
            simulate_rows(&self.rows, &decision.levels, &decision.setting, stockouts, workspace)
        } else {
            let (levels, setting) = divided(decision, unit);
            simulate_rows(&self.rows, &levels, &setting, stockouts, workspace)
        };
        StockFigures {
            average_stock: unit * found.average_stock,
            fill_rate: found.fill_rate(),
            stockout_probability: found.stockout_probability,
            shortage: unit * found.shortage,
            expected_orders: found.orders,
            ..figures
        }
    }
}

/// Levels and setting in units of `unit`.
fn divided(decision: &Decision, unit: f64) -> (Vec<Levels>, Setting) {
    let pair = |pair: &Levels| Levels { reorder_point: pair.reorder_point / unit, max_level: pair.max_level / unit };
    let mut setting = decision.setting;
    setting.on_hand /= unit;
    setting.on_order /= unit;
    setting.lot.moq /= unit;
    setting.lot.multiple /= unit;
    setting.lot.container /= unit;
    (decision.levels.iter().map(pair).collect(), setting)
}
