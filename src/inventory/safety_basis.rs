//! Safety stock for a cycle service level, a fill rate, a shortage cost or days of cover; and what any level gives of each.
//!
//! With T the length of an order cycle in periods (lot / demand, or the review period), h the cost of holding a unit for a
//! period and p that of a unit short, a cycle may run short with probability
//!
//! ```text
//! lost sales  h·T / (p + h·T)        backorders  h·T / p        never below 0
//! ```
//!
//! After Silver, Pyke & Thomas, *Inventory and Production Management in Supply Chains*, 4th ed. 2017, section 6.7 (fixed
//! fractional charge per unit short). For T of one period and lost sales it is the newsvendor's critical ratio.

use super::inputs::Inputs;
use super::policy::{Replenishment, ServiceInputs, ServiceModel, ServiceTarget};
use super::safety_stock::{IntervalDemand, from_variance};
use super::simulate::ReviewMoment;
use crate::model::{Policy, SERVICE_LEVEL_RANGE, SafetyBasis, ServiceAchieved, ShortageRule};

/// Safety stock as the basis asks, units; below 0 where the target is met without any.
pub(super) fn safety_for(inputs: &Inputs, need: &IntervalDemand, lot: f64) -> f64 {
    let is_once = inputs.policy == Policy::Newsvendor;
    let lead_sd = if is_once { 0.0 } else { inputs.lead_sd };
    let by_level = |level: f64| from_variance(need.sd * need.sd, need.per_period, lead_sd, level);
    match inputs.basis {
        _ if is_once => by_level(critical_ratio(inputs)),
        SafetyBasis::CycleService => by_level(inputs.service_level),
        SafetyBasis::ShortageCost => by_level(service_for_cost(inputs, lot).unwrap_or(inputs.service_level)),
        SafetyBasis::Cover => inputs.cover * need.per_period,
        SafetyBasis::FillRate => {
            let model = model(inputs, need, lot);
            let service = model.and_then(|model| model.service(ServiceTarget::FillRate(inputs.fill_rate)));
            // Without spread there is nothing to hold against.
            service.map_or(0.0, |service| service.safety_stock)
        }
    }
}

/// What a reorder point or order-up-to level gives; `None` without demand or spread.
pub(super) fn achieved(inputs: &Inputs, need: &IntervalDemand, lot: f64, level: f64) -> Option<ServiceAchieved> {
    let found = model(inputs, need, lot)?.service(ServiceTarget::Level(level))?;
    let out = 1.0 - found.cycle_service;
    let cycle = inputs.holding_per_period * cycle_length(inputs, lot);
    let cost = match inputs.shortage {
        ShortageRule::LostSales => cycle * found.cycle_service / out,
        ShortageRule::Backorder => cycle / out,
    };
    Some(ServiceAchieved {
        cycle_service: found.cycle_service,
        fill_rate: found.fill_rate,
        shortage_cost: Some(cost).filter(|c| c.is_finite() && *c > 0.0),
        cover_days: found.cover.map(|periods| periods * inputs.period_days),
    })
}

/// The cycle service level at which holding and shortage cost balance; `None` when one of them isn't known.
pub(super) fn service_for_cost(inputs: &Inputs, lot: f64) -> Option<f64> {
    let cycle = inputs.holding_per_period * cycle_length(inputs, lot);
    let p = inputs.shortage_cost;
    if cycle <= 0.0 || p <= 0.0 {
        return None;
    }
    let level = match inputs.shortage {
        ShortageRule::LostSales => p / (p + cycle),
        ShortageRule::Backorder => 1.0 - cycle / p,
    };
    Some(level.clamp(SERVICE_LEVEL_RANGE.0, SERVICE_LEVEL_RANGE.1))
}

/// The newsvendor's critical ratio (p − c)/(p − v): shortage cost against what a unit left over loses; the service level
/// when one of them isn't known.
pub(super) fn critical_ratio(inputs: &Inputs) -> f64 {
    let (under, over) = (inputs.shortage_cost, (inputs.unit_cost - inputs.salvage).max(0.0));
    let ratio = if under > 0.0 && inputs.unit_cost > 0.0 { under / (under + over) } else { inputs.service_level };
    ratio.clamp(SERVICE_LEVEL_RANGE.0, SERVICE_LEVEL_RANGE.1)
}

/// Periods between two orders.
pub(super) fn cycle_length(inputs: &Inputs, lot: f64) -> f64 {
    let by_lot = if inputs.demand > 0.0 { lot / inputs.demand } else { 0.0 };
    // A bucketed policy looks once a period.
    by_lot.max(inputs.review).max(1.0)
}

fn model(inputs: &Inputs, need: &IntervalDemand, lot: f64) -> Option<ServiceModel> {
    if need.periods <= 0.0 || (need.sd <= 0.0 && inputs.lead_sd <= 0.0) || need.per_period <= 0.0 {
        return None;
    }
    let is_base_stock = inputs.policy == Policy::BaseStock;
    let replenishment = match inputs.moment() {
        // What a period sold is ordered when it ends: a review in each period, its time within the lead time.
        _ if is_base_stock && inputs.lead >= 1.0 => Replenishment::Periodic { review: 1.0 },
        ReviewMoment::BeforeDemand => Replenishment::Periodic { review: inputs.review },
        ReviewMoment::AfterDemand if lot > 0.0 => Replenishment::ReorderPoint { quantity: lot },
        ReviewMoment::AfterDemand => Replenishment::BaseStock,
    };
    ServiceModel::new(ServiceInputs {
        demand: need.per_period,
        // Spread over the interval, as if it came from independent periods: autocorrelation is in it.
        demand_sd: need.sd / need.periods.sqrt(),
        lead_time: if is_base_stock && inputs.lead >= 1.0 { inputs.lead - 1.0 } else { inputs.lead },
        lead_time_sd: inputs.lead_sd,
        holding_cost: if inputs.holding_per_period > 0.0 { inputs.holding_per_period } else { 1.0 },
        replenishment,
    })
}
