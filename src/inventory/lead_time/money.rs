//! What another lead time means in money: safety stock, capital, shortages.

use super::super::decide::{Decision, Depth, decide_for};
use super::super::demand::Demand;
use super::super::inputs::{Inputs, amount};
use super::super::policy::{Replenishment, ServiceInputs, ServiceModel, ServiceTarget};
use crate::model::{Forecast, Item, LeadTimeMoney, StockPolicy};

/// What planning `learnt` instead of `master` changes; both are the same item but for the lead time.
///
/// Safety stocks and reorder points are the plan's own. Shortages are those of the plan's reorder point when goods take the
/// learnt lead time: units short a year, `D·(1 − fill rate)`, at the item's shortage cost, the fill rate by [`ServiceModel`].
pub fn lead_time_money(forecast: &Forecast, master: &Item, learnt: &Item) -> LeadTimeMoney {
    let kept = Levels::of(forecast, master);
    let new = Levels::of(forecast, learnt);
    let unit = amount(learnt.unit_cost);
    let capital = (new.safety_stock - kept.safety_stock) * unit;
    let short = |levels: &Levels| shortage_per_year(&new, levels.reorder_point, learnt);
    LeadTimeMoney {
        safety_stock_master: kept.safety_stock,
        safety_stock_learnt: new.safety_stock,
        capital,
        holding_per_year: capital * amount(learnt.holding_rate),
        shortage_kept: short(&kept),
        shortage_learnt: short(&new),
    }
}

/// Safety stock that the deviation of a lead time calls for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reserve {
    /// Safety stock with the deviation less that without, units, ≥ 0.
    pub units: f64,
    /// The same at unit cost, money.
    pub capital: f64,
    /// Its holding cost a year, money.
    pub cost_per_year: f64,
}

/// What an item's lead-time deviation costs in safety stock. One that the user set is held for whatever reason: 0.
pub fn lead_time_reserve(forecast: &Forecast, item: &Item) -> Reserve {
    let steady = Item { lead_time_sd_days: 0.0, ..item.clone() };
    let units = (Levels::of(forecast, item).safety_stock - Levels::of(forecast, &steady).safety_stock).max(0.0);
    let capital = units * amount(item.unit_cost);
    Reserve { units, capital, cost_per_year: capital * amount(item.holding_rate) }
}

struct Levels {
    inputs: Inputs,
    safety_stock: f64,
    reorder_point: f64,
    lot: f64,
    /// Demand per period over the protection interval and its deviation, units.
    demand: (f64, f64),
}

impl Levels {
    fn of(forecast: &Forecast, item: &Item) -> Self {
        let decision = decide_for(&Demand::of(forecast), item, StockPolicy::default(), Depth::Levels);
        let Decision { inputs, numbers, .. } = decision;
        let periods = numbers.need.periods.max(f64::MIN_POSITIVE);
        Self {
            safety_stock: numbers.safety_stock,
            reorder_point: numbers.reorder_point,
            lot: (numbers.max_level - numbers.reorder_point).max(numbers.lot.quantity()),
            demand: (numbers.need.per_period, numbers.need.sd / periods.sqrt()),
            inputs,
        }
    }
}

/// Expected cost of shortages a year under `truth` when orders go out at `reorder_point`.
fn shortage_per_year(truth: &Levels, reorder_point: f64, item: &Item) -> f64 {
    let inputs = &truth.inputs;
    let replenishment = match inputs.review {
        review if review >= 1.0 => Replenishment::Periodic { review },
        _ if truth.lot > 0.0 => Replenishment::ReorderPoint { quantity: truth.lot },
        _ => Replenishment::BaseStock,
    };
    let model = ServiceModel::new(ServiceInputs {
        demand: truth.demand.0,
        demand_sd: truth.demand.1,
        lead_time: inputs.lead,
        lead_time_sd: inputs.lead_sd,
        // Fill rates don't depend on it, but it must be some.
        holding_cost: if inputs.holding_cost > 0.0 { inputs.holding_cost } else { 1.0 },
        replenishment,
    });
    let fill = model.and_then(|m| m.service(ServiceTarget::Level(reorder_point))).map_or(1.0, |s| s.fill_rate);
    (1.0 - fill).clamp(0.0, 1.0) * inputs.yearly_demand * amount(item.shortage_cost)
}
