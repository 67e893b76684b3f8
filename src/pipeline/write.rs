//! Plans → files.

use super::PipelineError;
use super::StockDecisions;
use crate::diagnostic::Diagnostics;
use crate::model::{
    AllocationKey, CostBridge, DemandShapes, DispatchPlan, ForecastCosts, ForecastLayers, GroupForecast, LadderRow,
    LeadTimeReport, LeadTimes, Network, NetworkExplanation, Plan, PortfolioFigure, PortfolioTotals, Risk, Scenario,
    Scorecard, SeriesForecast, TornadoBar, TwoWay, WhatIf,
};
use crate::report::{self, ReportError, Table};
use crate::text;
use crate::words::{Language, Text};
use std::path::Path;

/// Writes a file whole or not at all: beside the target first, then renamed over it.
///
/// # Errors
/// [`ReportError`] when the folder or the file can't be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    report::write_file(path, bytes)
}

/// What the command line writes as one table.
#[derive(Debug, Clone, Copy)]
pub enum Output<'a> {
    /// The final forecast of every series, and the layers below it where there are some.
    Forecasts(&'a [SeriesForecast], &'a [ForecastLayers]),
    /// Groups of the series, their history and forecasts.
    Groups(&'a [GroupForecast]),
    /// What chosen models and overrides took off the error.
    ValueAdded(&'a [LadderRow]),
    /// Every candidate's forecast of every series.
    AllForecasts(&'a [SeriesForecast]),
    /// What every model of every series would have cost, in this currency.
    ForecastCost(&'a ForecastCosts, &'a str),
    /// The same by model, over the series.
    ForecastCostByModel(&'a ForecastCosts, &'a str),
    /// Backtest errors of every model and series, then the pooled rows.
    Backtest(&'a [SeriesForecast]),
    /// The stock plan.
    Stock(&'a Plan),
    /// Shipments, trips and unmet demand.
    Dispatch(&'a DispatchPlan, &'a Network),
    /// Every series' demand shape.
    Shapes(&'a DemandShapes),
    /// Periods that don't go with the rest of their window.
    ShapeAnomalies(&'a DemandShapes),
    /// The clusters' mean profiles.
    ShapeClusters(&'a DemandShapes),
    /// A network's forecast taken apart, and the one that changed inputs would give.
    NetworkExplanation(&'a NetworkExplanation, Option<&'a WhatIf>),
    /// What a network's attention looked at.
    Attention(&'a NetworkExplanation),
    /// Item list and learnt lead times side by side.
    LeadTimes(&'a LeadTimeReport),
    /// The orders that lead times were learnt from.
    LeadTimeOrders(&'a LeadTimes),
    /// The suppliers' scores.
    Scorecard(&'a Scorecard),
    /// Alerts by money at stake.
    Alerts(&'a Plan, &'a Risk),
    /// Expected loss per item and period.
    ExpectedLoss(&'a Plan, &'a Risk),
    /// What disruptions do to items.
    DisruptedItems(&'a Plan, &'a Risk),
    /// Variance of orders against demand.
    Bullwhip(&'a Risk),
    /// Findings about data.
    Findings(&'a Diagnostics),
    /// What differs between two plans, down to the item.
    Differences(&'a Plan, &'a Plan),
    /// The steps from one plan's cost to another's, in this currency.
    Bridge(&'a CostBridge, &'a str),
    /// Key figures of several plans side by side.
    Figures(&'a [(Text, &'a Plan)]),
    /// Dated cash, period by period.
    Cash(&'a Plan),
    /// Dated cash, item by item.
    CashByItem(&'a Plan),
    /// Every item's cost with its part of what is shared, by one key or by all.
    Allocation(&'a Plan, Option<AllocationKey>),
    /// Every item's segment.
    Segments(&'a StockDecisions, &'a Plan),
    /// What each segment holds.
    SegmentMatrix(&'a StockDecisions, &'a Plan),
    /// Stock value against service.
    Exchange(&'a StockDecisions, &'a Plan),
    /// What to buy within a budget.
    Purchase(&'a StockDecisions, &'a Plan),
    /// Where items' own data overrules engine or segment.
    Exceptions(&'a StockDecisions, &'a Plan),
    /// A scenario as it is read again.
    Scenario(&'a Scenario),
    /// Totals over all items in several states, in this currency.
    Totals(&'a [(Text, PortfolioTotals)], &'a str),
    /// Each lever a little lower and a little higher, from where things stand.
    Tornado(PortfolioFigure, &'a PortfolioTotals, &'a [TornadoBar], &'a str),
    /// Two levers against each other.
    Sweep(&'a TwoWay, &'a str),
}

/// Writes one table as CSV.
///
/// # Errors
/// [`PipelineError::Failed`] when the file can't be written.
pub fn write_output(output: &Output<'_>, path: &Path) -> Result<(), PipelineError> {
    let table = match output {
        Output::Forecasts(forecasts, layers) => report::layered_forecast_table(forecasts, layers),
        Output::Groups(groups) => report::groups_table(groups),
        Output::ValueAdded(rows) => report::value_added_table(rows),
        Output::AllForecasts(forecasts) => report::all_forecasts_table(forecasts),
        Output::ForecastCost(costs, currency) => report::forecast_cost_table(&costs.series, currency),
        Output::ForecastCostByModel(costs, currency) => report::forecast_cost_models_table(costs, currency),
        Output::Backtest(forecasts) => report::backtest_table(forecasts),
        Output::Stock(plan) => report::stock_table(&plan.stock, &plan.items, &plan.currency),
        Output::Dispatch(plan, network) => report::dispatch_table(plan, network, ""),
        Output::Shapes(shapes) => report::shapes_table(shapes),
        Output::ShapeAnomalies(shapes) => report::shape_anomalies_table(shapes),
        Output::ShapeClusters(shapes) => report::shape_clusters_table(shapes),
        Output::NetworkExplanation(found, changed) => report::network_explanation_table(found, *changed),
        Output::Attention(found) => report::attention_table(found),
        Output::LeadTimes(report) => report::lead_times_table(report, ""),
        Output::LeadTimeOrders(learnt) => report::lead_time_orders_table(learnt),
        Output::Scorecard(card) => report::scorecard_table(card, ""),
        Output::Alerts(plan, risk) => report::alerts_table(risk, &plan.items, &plan.currency),
        Output::ExpectedLoss(plan, risk) => report::expected_loss_table(risk, &plan.currency),
        Output::DisruptedItems(plan, risk) => report::disrupted_items_table(risk, &plan.items, &plan.currency),
        Output::Bullwhip(risk) => report::bullwhip_table(risk),
        Output::Findings(findings) => report::findings_table(findings),
        Output::Differences(first, second) => report::difference_table(first, second),
        Output::Bridge(bridge, currency) => report::bridge_table(bridge, currency),
        Output::Figures(plans) => report::figures_table(plans),
        Output::Cash(plan) => report::cash_table(plan),
        Output::CashByItem(plan) => report::cash_items_table(plan),
        Output::Allocation(plan, None) => report::allocation_table(&plan.allocation, &plan.currency),
        Output::Allocation(plan, Some(key)) => report::allocation_by_key_table(&plan.allocation, *key, &plan.currency),
        Output::Segments(found, plan) => {
            report::segments_table(&found.segments, &plan.stock, &plan.items, &plan.currency)
        }
        Output::SegmentMatrix(found, plan) => report::segment_matrix_table(&found.segments, &plan.currency),
        Output::Exchange(found, plan) => report::exchange_table(&found.study.curve, &plan.currency),
        Output::Purchase(found, plan) => report::purchase_table(&found.purchase, &plan.currency),
        Output::Exceptions(found, plan) => report::segment_exceptions_table(&found.study.exceptions, &plan.currency),
        Output::Scenario(scenario) => report::scenario_file_table(scenario),
        Output::Totals(states, currency) => report::totals_table(states, currency),
        Output::Tornado(figure, now, bars, currency) => report::tornado_table(*figure, now, bars, currency),
        Output::Sweep(swept, currency) => report::sweep_table(swept, currency),
    };
    Ok(report::write_csv(&table, path)?)
}

/// Writes a plan's workbook.
///
/// # Errors
/// [`PipelineError::Failed`] when the file can't be written.
pub fn write_workbook(plan: &Plan, language: Language, path: &Path) -> Result<(), PipelineError> {
    Ok(report::write_workbook(plan, language, path)?)
}

/// Writes a plan's workbook with its stock decisions: segments, exceptions, exchange curve, purchase list.
///
/// # Errors
/// As [`write_workbook`].
pub fn write_workbook_with(
    plan: &Plan,
    found: &StockDecisions,
    language: Language,
    path: &Path,
) -> Result<(), PipelineError> {
    Ok(report::write_workbook_with(plan, &decision_tables(found, plan), language, path)?)
}

/// Tables of stock decisions, in sheet order.
fn decision_tables(found: &StockDecisions, plan: &Plan) -> Vec<Table> {
    let currency = &plan.currency;
    vec![
        report::segment_matrix_table(&found.segments, currency),
        report::segments_table(&found.segments, &plan.stock, &plan.items, currency),
        report::segment_exceptions_table(&found.study.exceptions, currency),
        report::exchange_table(&found.study.curve, currency),
        report::purchase_table(&found.purchase, currency),
    ]
}

/// The keys of the tables of stock decisions.
pub const DECISION_TABLES: [&str; 5] = ["segment_matrix", "segments", "segment_exceptions", "exchange", "purchase"];

/// Writes one table of stock decisions, found by its key, as CSV.
///
/// # Errors
/// [`PipelineError::Failed`] when no table has the key, and when the file can't be written.
pub fn write_decision_table(found: &StockDecisions, plan: &Plan, key: &str, path: &Path) -> Result<(), PipelineError> {
    let Some(table) = decision_tables(found, plan).into_iter().find(|t| t.key == key) else {
        return Err(PipelineError::Failed(text!("There is no table {key}", "没有名为 {key} 的表")));
    };
    Ok(report::write_csv(&table, path)?)
}

/// Writes one of a plan's tables, found by its key, as CSV.
///
/// # Errors
/// [`PipelineError::Failed`] when no table has the key, and when the file can't be written.
pub fn write_table(plan: &Plan, key: &str, path: &Path) -> Result<(), PipelineError> {
    let Some(table) = report::tables(plan).into_iter().find(|t| t.key == key) else {
        return Err(PipelineError::Failed(text!("There is no table {key}", "没有名为 {key} 的表")));
    };
    Ok(report::write_csv(&table, path)?)
}

/// True for the keys of tables that a plan has only once its risk is known.
pub fn is_of_risk(key: &str) -> bool {
    report::RISK_TABLES.contains(&key)
}

/// True for the keys of tables that a plan has only once it is known what forecasts cost.
pub fn is_of_forecast_costs(key: &str) -> bool {
    report::COST_TABLES.contains(&key)
}

/// Every table of a plan, in sheet order.
pub fn tables(plan: &Plan) -> Vec<Table> {
    report::tables(plan)
}

/// Key figures of two plans side by side with their difference, right − left.
pub fn compare(left: &Plan, right: &Plan) -> Table {
    report::scenario_comparison(left, right)
}
