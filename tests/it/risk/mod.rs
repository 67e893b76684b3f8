//! Risk: disturbed walks by hand, published bounds, replayed warnings, alerts, the session.

mod alerts;
mod bullwhip;
mod disruption;
mod plans;
mod replay;
mod scorecard;
mod session;

use planwright::inventory::plan;
use planwright::model::{Forecast, Item, StockPlan, StockPolicy};

/// The plan that stock is walked by.
fn planned(forecast: &Forecast, item: &Item) -> StockPlan {
    plan(forecast, item, &StockPolicy::default())
}
