//! Categories and locations → groups, their own forecasts, and forecasts that add up.

use super::{Forecasts, PipelineError, Settings};
use crate::control::{Cancelled, Control};
use crate::forecast::hierarchy::{Base, Coherent, Level, Node, ReconcileError, Shares, average_shares, sum_of};
use crate::forecast::{self, Hierarchy, Reconciliation};
use crate::model::{
    Forecast, GroupLevel, ItemTable, NAME_SEPARATOR, Regions, SalesPanel, Series, SeriesForecast, SeriesId,
};
use crate::words::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A panel's groups and what was forecast for each of them on its own.
#[derive(Debug, Clone)]
pub struct Groups {
    /// What adds up to what.
    pub hierarchy: Hierarchy,
    /// Summed history of every group, in the hierarchy's order.
    pub histories: Vec<Series>,
    /// Forecast of every group, in the hierarchy's order.
    pub forecasts: Vec<SeriesForecast>,
}

/// Groups and means that add up.
#[derive(Debug, Clone)]
pub struct Reconciled {
    /// The groups with their own forecasts.
    pub groups: Arc<Groups>,
    /// Means of groups and series after reconciliation.
    pub means: Coherent,
}

/// What groups series: the items' categories and the locations' regions.
pub type Masters<'a> = (&'a ItemTable, &'a Regions);

/// Levels of a panel, coarsest first: total, category, region, location, categories by region and by location, and items
/// that are sold at several locations. Series whose item has no category or whose location has no region are a group of
/// their own; without any region there is no such level.
///
/// # Errors
/// [`PipelineError::Failed`] when there are too many groups.
pub(super) fn hierarchy(panel: &SalesPanel, (items, regions): Masters<'_>) -> Result<Hierarchy, PipelineError> {
    let series = panel.series();
    let categories: Vec<Arc<str>> = series.iter().map(|s| items.lookup(&s.id).category).collect();
    let regions: Vec<Arc<str>> = series.iter().map(|s| regions.of_series(&s.id)).collect();
    let locations = || series.iter().map(|s| &s.id.location);
    let has_regions = regions.iter().any(|region| !region.is_empty());
    let both = |places: &mut dyn Iterator<Item = &Arc<str>>| {
        let names = categories.iter().zip(places).map(|(c, place)| format!("{c}{NAME_SEPARATOR}{place}"));
        names.collect::<Vec<String>>()
    };
    let level = |level: GroupLevel| match level {
        GroupLevel::Total => Some(Level::by_label(level.name(), series.iter().map(|_| ""))),
        GroupLevel::Category => Some(Level::by_label(level.name(), &categories)),
        GroupLevel::Region => has_regions.then(|| Level::by_label(level.name(), &regions)),
        GroupLevel::Location => Some(Level::by_label(level.name(), locations())),
        GroupLevel::CategoryRegion => has_regions.then(|| Level::by_label(level.name(), both(&mut regions.iter()))),
        GroupLevel::CategoryLocation => Some(Level::by_label(level.name(), both(&mut locations()))),
        GroupLevel::Item => {
            let items: BTreeSet<&str> = series.iter().map(|s| &*s.id.item).collect();
            let at_several = items.len() < series.len();
            at_several.then(|| Level::by_label(level.name(), series.iter().map(|s| &s.id.item)))
        }
    };
    let levels = GroupLevel::ALL.into_iter().filter_map(level).collect();
    Hierarchy::new(series.len(), levels).map_err(|e| PipelineError::Failed(e.0))
}

/// Forecasts every group that the reconciliation needs; none for one that works from the bottom up.
///
/// # Errors
/// [`PipelineError::Cancelled`], and as `hierarchy`.
pub fn forecast_groups(
    panel: &SalesPanel,
    masters: Masters<'_>,
    settings: &Settings,
    control: &Control,
) -> Result<Groups, PipelineError> {
    let hierarchy = needed(&hierarchy(panel, masters)?, &settings.reconciliation);
    let named = hierarchy.levels().iter().flat_map(|l| l.nodes.iter().map(|n| (group_id(l, n), n)));
    let histories: Vec<Series> = named.map(|(id, node)| history(id, node, panel)).collect();
    if histories.is_empty() || settings.reconciliation == Reconciliation::BottomUp {
        return Ok(Groups { hierarchy: bottom_only(panel)?, histories: Vec::new(), forecasts: Vec::new() });
    }
    let sorted = SalesPanel::new(panel.end(), histories.clone())
        .map_err(|e| PipelineError::Failed(Text::same(e.to_string())))?;
    let found = forecast::forecast(&sorted, &settings.forecast_options(histories.len()), control)?;
    let of = |s: &Series| found.binary_search_by(|f| f.id.cmp(&s.id)).map(|k| found[k].clone());
    let forecasts: Vec<SeriesForecast> = histories.iter().filter_map(|s| of(s).ok()).collect();
    Ok(Groups { hierarchy, histories, forecasts })
}

/// Makes series and groups add up. `means` are the series' own, `[series, step]`, launch curves included; `panel` holds
/// the histories that were fitted.
///
/// # Errors
/// [`PipelineError::Failed`] with the reason when the method doesn't fit the data, [`PipelineError::Cancelled`].
pub(super) fn reconcile(
    groups: &Arc<Groups>,
    forecasts: &Forecasts,
    means: &[Vec<f64>],
    (panel, method): (&SalesPanel, &Reconciliation),
    control: &Control,
) -> Result<Reconciled, PipelineError> {
    let aggregates: Vec<Vec<f64>> = groups.forecasts.iter().map(|f| f.best().mean.clone()).collect();
    let of_groups = groups.forecasts.iter().zip(&groups.histories);
    let of_series = forecasts.iter().zip(panel.series());
    let variances: Vec<f64> = of_groups.chain(of_series).map(|(f, s)| error_variance(f.best(), &s.values)).collect();
    let shares = average_shares(panel.series());
    let base = Base { aggregates: &aggregates, bottom: means, variances: &variances, shares: &shares };
    let means = forecast::reconcile(&groups.hierarchy, &base, method, control).map_err(|e| match e {
        ReconcileError::Refused(why) => PipelineError::Failed(why),
        ReconcileError::Cancelled(c) => PipelineError::Cancelled(c),
    })?;
    Ok(Reconciled { groups: groups.clone(), means })
}

/// The final forecast of a group: its members' means and paths added up. `None` without a member.
///
/// # Errors
/// [`Cancelled`].
pub fn group_forecast(id: SeriesId, members: &[&Forecast], control: &Control) -> Result<Option<Forecast>, Cancelled> {
    sum_of(id, members, control)
}

/// The part of a hierarchy that a method looks at: every group of it is forecast.
fn needed(all: &Hierarchy, method: &Reconciliation) -> Hierarchy {
    match method {
        Reconciliation::LeastSquares(..) => all.without_repeats(),
        Reconciliation::TopDown(Shares::History) => {
            let total = all.levels().first().cloned().into_iter().collect();
            Hierarchy::new(all.bottom(), total).unwrap_or_else(|_| all.clone())
        }
        Reconciliation::TopDown(Shares::Forecasts) => all.chain(0),
        // A level that isn't there is refused later, by its name.
        Reconciliation::MiddleOut(name, _) => {
            let at = all.levels().iter().position(|l| l.name == *name);
            let none = || Hierarchy::new(all.bottom(), Vec::new()).unwrap_or_else(|_| all.clone());
            at.map_or_else(none, |at| all.chain(at))
        }
        _ => all.clone(),
    }
}

fn bottom_only(panel: &SalesPanel) -> Result<Hierarchy, PipelineError> {
    Hierarchy::new(panel.series().len(), Vec::new()).map_err(|e| PipelineError::Failed(e.0))
}

/// Level and name of a group in place of item and location: what its seed and its place in the panel depend on.
fn group_id(level: &Level, node: &Node) -> SeriesId {
    SeriesId { item: level.name.clone(), location: node.name.clone() }
}

/// The members' demand added up over the time of the longest.
pub(super) fn history(id: SeriesId, node: &Node, panel: &SalesPanel) -> Series {
    let members = || node.members().iter().map(|k| &panel.series()[*k as usize]);
    let longest = members().map(|s| s.values.len()).max().unwrap_or(1);
    let mut values = vec![0.0; longest];
    for series in members() {
        let skipped = longest - series.values.len();
        values[skipped..].iter_mut().zip(series.values.iter()).for_each(|(sum, v)| *sum += v);
    }
    Series { id, start: panel.end().plus(1 - longest as i64), values: values.into() }
}

/// Mean square of the one-step errors; of the changes from period to period where the model left no fitted values.
fn error_variance(forecast: &Forecast, history: &[f64]) -> f64 {
    let fitted = &forecast.fitted;
    let tail = history.len().saturating_sub(fitted.len());
    let errors: Vec<f64> = if fitted.is_empty() {
        history.windows(2).map(|w| w[1] - w[0]).collect()
    } else {
        history[tail..].iter().zip(fitted).map(|(y, f)| y - f).collect()
    };
    let mean = errors.iter().map(|e| e * e).sum::<f64>() / errors.len().max(1) as f64;
    if mean.is_finite() { mean } else { 0.0 }
}
