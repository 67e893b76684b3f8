//! Reorder points: the standard one, the quantile of simulated demand, and the max-level rule.

use super::demand::Demand;
use super::inputs::{Inputs, LARGEST, amount};
use super::safety_basis::{critical_ratio, cycle_length, service_for_cost};
use super::safety_stock::safety_stock;
use super::simulate::LeadDraws;
use crate::model::{Forecast, Item, Policy, SafetyBasis, ShortageRule};

/// Standard reorder point of independent demands, units: `d·L + z·√(L·σ_d² + d²·σ_L²)`.
///
/// Arguments as in [`safety_stock`]. With lead time plus review period as `lead` it is the order-up-to level of
/// periodic review.
pub fn reorder_point(demand: f64, demand_sd: f64, lead: f64, lead_sd: f64, service_level: f64) -> f64 {
    amount(demand) * amount(lead) + safety_stock(demand, demand_sd, lead, lead_sd, service_level)
}

/// The max-level rule, units: R = max level + safety stock − demand of the next period.
///
/// It has no lead time, and more demand *lowers* it, so it is kept only to be compared with [`reorder_point`].
pub fn max_level_rule(max_level: f64, safety_stock: f64, demand: f64) -> f64 {
    max_level + safety_stock - demand
}

/// The reorder point without a normal distribution: the service level's quantile of demand over the lead time (plus
/// review period), each sample path under its own draw of the lead time; units. `None` without sample paths.
///
/// Right for intermittent and skewed demand, where the normal formula is not.
pub fn reorder_point_quantile(forecast: &Forecast, item: &Item) -> Option<f64> {
    let demand = Demand::of(forecast);
    quantile_of_paths(&demand, &Inputs::new(&demand, item, ShortageRule::default()), 0.0)
}

pub(super) fn quantile_of_paths(of: &Demand<'_>, inputs: &Inputs, lot: f64) -> Option<f64> {
    let draws = LeadDraws::in_periods(inputs.lead, inputs.lead_sd);
    let extra = inputs.review.max(inputs.wait);
    let is_once = inputs.policy == Policy::Newsvendor;
    let length = |k: usize| if is_once { inputs.protection() } else { draws.length(k) + extra };
    let mut demands = of.sums(length)?;
    let count = demands.len();
    let level = match inputs.basis {
        _ if is_once => critical_ratio(inputs),
        SafetyBasis::CycleService => inputs.service_level,
        SafetyBasis::ShortageCost => service_for_cost(inputs, lot).unwrap_or(inputs.service_level),
        SafetyBasis::FillRate => return Some(level_for_fill_rate(&mut demands, inputs, lot).min(LARGEST)),
        SafetyBasis::Cover => {
            let mean = demands.iter().sum::<f64>() / count as f64;
            return Some((mean + inputs.cover * inputs.demand).min(LARGEST));
        }
    };
    let rank = ((level * count as f64).ceil() as usize).clamp(1, count) - 1;
    let (_, quantile, _) = demands.select_nth_unstable_by(rank, f64::total_cmp);
    Some(quantile.min(LARGEST))
}

/// The lowest level s at which no more than a share 1 − β of a cycle's demand Q is short: `E[(X − s)⁺] ≤ (1 − β)·Q` over
/// the simulated demands X (Silver, Pyke & Thomas 2017, section 6.7, without a distribution).
fn level_for_fill_rate(demands: &mut [f64], inputs: &Inputs, lot: f64) -> f64 {
    demands.sort_unstable_by(|a, b| b.total_cmp(a));
    let count = demands.len() as f64;
    let allowed = (1.0 - inputs.fill_rate) * cycle_length(inputs, lot) * inputs.demand * count;
    // Between two demands the shortage falls by the number of those above.
    let (mut short, mut at) = (0.0, demands[0]);
    for (k, next) in demands.iter().skip(1).chain(std::iter::once(&0.0)).enumerate() {
        let above = (k + 1) as f64;
        let more = above * (at - next);
        if short + more > allowed {
            return at - (allowed - short) / above;
        }
        (short, at) = (short + more, *next);
    }
    0.0
}
