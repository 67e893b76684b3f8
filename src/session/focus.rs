//! The live numbers of one item, planned within the frame.

use super::forecast_costs::ItemCosts;
use super::project::Project;
use crate::model::{CostLedger, Forecast, ForecastLayers, Item, ItemTable, SeriesForecast, SeriesId, StockPlan};
use crate::pipeline::{self, Layered, SeriesPlan};

/// The live numbers of the item shown, under the active scenario; recomputed within the frame that moved a lever.
#[derive(Debug, Clone)]
pub struct Focus {
    /// The item shown.
    pub id: SeriesId,
    /// All models' forecasts, without scenario changes.
    pub series: SeriesForecast,
    /// How the final forecast came about, the statistical one first.
    pub layers: ForecastLayers,
    /// The final forecast with the scenario's demand changes.
    pub forecast: Forecast,
    /// Master data under the scenario.
    pub item: Item,
    /// Master data of the base.
    pub base_item: Item,
    /// Its stock plan.
    pub stock: StockPlan,
    /// Its costs over the horizon, transport excluded.
    pub ledger: CostLedger,
    /// Stock plan under the base scenario, for comparison.
    pub base_stock: StockPlan,
    /// Its costs under the base scenario.
    pub base_ledger: CostLedger,
    pub(super) costs: ItemCosts,
}

/// Forecasts are sorted as their panel is: by item and location.
pub(super) fn find(layered: &Layered, id: &SeriesId) -> Option<usize> {
    layered.statistical.binary_search_by(|f| f.id.cmp(id)).ok()
}

/// The live numbers of the `k`-th item; `items` is the master data under the segments' rules.
pub(super) fn focus((project, items): (&Project, &ItemTable), layered: &Layered, k: usize) -> Focus {
    let (series, last) = (&layered.statistical[k], layered.last(k));
    let base_item = items.lookup(&series.id);
    let under = |scenario| pipeline::plan_series(&last, &base_item, scenario, &project.settings);
    let SeriesPlan { item, forecast, stock, ledger } = under(project.active_scenario());
    let base = under(&project.scenarios[0]);
    Focus {
        id: series.id.clone(),
        series: series.clone(),
        layers: layered.layers.get(k).cloned().unwrap_or_else(|| ForecastLayers::new(series.best().mean.clone())),
        forecast,
        item,
        stock,
        ledger,
        base_stock: base.stock,
        base_ledger: base.ledger,
        base_item,
        costs: ItemCosts::new(project.settings.policy),
    }
}
