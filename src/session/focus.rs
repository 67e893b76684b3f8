//! The live numbers of one item, planned within the frame.

use super::Focus;
use super::project::Project;
use crate::model::{ForecastLayers, ItemTable, SeriesId};
use crate::pipeline::{self, Layered, SeriesPlan};

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
    }
}
