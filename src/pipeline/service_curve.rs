//! Service against stock of one item, as its safety stock grows.

use super::segments::stock_policy;
use crate::inventory::{PreparedDemand, Scratch};
use crate::model::{Forecast, Item, ServiceCurve, StockPolicy};

/// Points of a curve: enough for a smooth line, few enough to be walked again and again while a lever moves.
const POINTS: usize = 25;

/// The curve of an item under a scenario: `forecast` and `item` as the scenario has them. The item's own safety stock
/// moves nothing.
pub fn service_curve(forecast: &Forecast, item: &Item, policy: StockPolicy) -> ServiceCurve {
    let prepared = PreparedDemand::new(forecast);
    prepared.service_curve(item, &stock_policy(item, policy), POINTS, &mut Scratch::default())
}
