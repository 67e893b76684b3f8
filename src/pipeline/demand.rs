//! Forecasts → what each customer wants.
//!
//! A forecast speaks of an item at a location, a dispatch plan of customers. The rule, first match wins:
//! 1. A customer whose code is the forecast's location takes it whole.
//! 2. Customers whose `location` is the forecast's location, and those without a location, share it.
//! 3. Otherwise nobody draws on it; it is listed as a finding and not dispatched.
//!
//! Shares are `demand_share`, else `demand`, else equal, always normalised: customers' demand sums to the forecast.

use crate::diagnostic::{Diagnostics, Place};
use crate::model::{Customer, DemandLine, Forecast, Network, Period};
use crate::text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The expected demand of every customer over the forecasts' horizon, by customer, item and period; the findings list
/// forecasts that nobody draws on. Lines of 0 units are left out.
pub fn customer_demand<'a>(
    network: &Network,
    forecasts: impl Iterator<Item = &'a Forecast>,
) -> (Vec<DemandLine>, Diagnostics) {
    let mut sums: BTreeMap<(usize, Arc<str>, Period), f64> = BTreeMap::new();
    let mut findings = Diagnostics::default();
    for forecast in forecasts {
        let shares = shares(network, &forecast.id.location);
        if shares.is_empty() {
            let (id, total) = (&forecast.id, forecast.mean.iter().sum::<f64>());
            findings.warning(
                "demand-without-customer",
                text!(
                    "No customer draws on {id}: {total:.0} units are not dispatched",
                    "没有客户对应 {id}：{total:.0} 件未参与调度"
                ),
                text!(
                    "Give a customer this location in the sheet customers, or leave its location empty",
                    "请在 customers 表中为某个客户填写该地点，或将其地点留空"
                ),
                Place::default(),
            );
        }
        for (customer, share) in shares {
            for (step, mean) in forecast.mean.iter().enumerate() {
                let period = forecast.start.plus(step as i64);
                *sums.entry((customer, forecast.id.item.clone(), period)).or_insert(0.0) += share * mean.max(0.0);
            }
        }
    }
    let line = |((customer, item, period), quantity): ((usize, Arc<str>, Period), f64)| DemandLine {
        customer: network.customers[customer].id.clone(),
        item,
        period,
        quantity,
    };
    (sums.into_iter().filter(|(_, quantity)| *quantity > 0.0).map(line).collect(), findings)
}

/// Customers that draw on a location, by index, with their shares of it; the shares sum to 1.
fn shares(network: &Network, location: &str) -> Vec<(usize, f64)> {
    let customers = || network.customers.iter().enumerate();
    if let Some((own, _)) = customers().find(|(_, c)| &*c.id == location) {
        return vec![(own, 1.0)];
    }
    let drawing: Vec<(usize, &Customer)> =
        customers().filter(|(_, c)| c.location.is_empty() || &*c.location == location).collect();
    let weight_of = |pick: fn(&Customer) -> Option<f64>| -> Option<Vec<f64>> {
        let weights: Vec<f64> = drawing.iter().map(|(_, c)| pick(c).unwrap_or(0.0).max(0.0)).collect();
        (weights.iter().sum::<f64>() > 0.0).then_some(weights)
    };
    let weights = weight_of(|c| c.demand_share).or_else(|| weight_of(|c| c.demand));
    let weights = weights.unwrap_or_else(|| vec![1.0; drawing.len()]);
    let total: f64 = weights.iter().sum();
    drawing.iter().zip(weights).filter(|(_, w)| *w > 0.0).map(|((k, _), w)| (*k, w / total)).collect()
}
