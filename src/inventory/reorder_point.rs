//! Reorder points: the standard one, the quantile of simulated demand, and the max-level rule.

use super::inputs::{Inputs, LARGEST, amount};
use super::safety_stock::safety_stock;
use super::simulate::LeadDraws;
use crate::model::{Forecast, Item};

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
    quantile_of_paths(forecast, &Inputs::new(forecast, item))
}

pub(super) fn quantile_of_paths(forecast: &Forecast, inputs: &Inputs) -> Option<f64> {
    let count = forecast.paths.len();
    if count < 2 {
        return None;
    }
    let draws = LeadDraws::in_periods(inputs.lead, inputs.lead_sd);
    let demand = |(k, path): (usize, &[f32])| path_demand(path, draws.length(k) + inputs.review);
    let mut demands: Vec<f64> = forecast.paths.iter().enumerate().map(demand).collect();
    let rank = ((inputs.service_level * count as f64).ceil() as usize).clamp(1, count) - 1;
    let (_, quantile, _) = demands.select_nth_unstable_by(rank, f64::total_cmp);
    Some(quantile.min(LARGEST))
}

/// One path's demand over its first `periods`, the last step by its fraction, beyond its end at its average.
fn path_demand(path: &[f32], periods: f64) -> f64 {
    let step = |d: &f32| amount(f64::from(*d));
    if periods >= path.len() as f64 {
        return path.iter().map(step).sum::<f64>() * periods / path.len() as f64;
    }
    let whole = periods.floor() as usize;
    path[..whole].iter().map(step).sum::<f64>() + (periods - periods.floor()) * step(&path[whole])
}
