//! One builder per table. Columns named in the command line's contract come first and keep their order.

mod allocation;
mod cash;
mod costs;
mod cutoffs;
mod differences;
mod dispatch;
mod exchange;
mod explore;
mod forecast;
mod forecast_costs;
mod groups;
mod lead_times;
mod network_explained;
mod overrides;
mod quality;
mod risk;
mod scenarios;
mod scorecard;
mod segments;
mod shapes;
mod stock;
mod summary;
mod value_added;

pub use allocation::{allocation_by_key_table, allocation_table, shared_costs_table, shares_table};
pub use cash::{balances_table, cash_items_table, cash_table};
pub use costs::costs_table;
pub use cutoffs::cutoff_table;
pub use differences::{FIGURE_COLUMNS, bridge_table, difference_table, figures_table, periods_table};
pub(super) use dispatch::LineKind;
pub use dispatch::{dispatch_notes_table, dispatch_table, loads_table, prices_table};
pub use exchange::{exchange_table, purchase_table};
pub use explore::{scenario_file_table, sweep_table, tornado_table, totals_table};
pub(super) use forecast::{CHARTED, top_series};
pub use forecast::{
    accuracy_table, all_forecasts_table, backtest_table, chart_table, forecast_table, layered_forecast_table,
    pooled_accuracy_table,
};
pub use forecast_costs::{forecast_cost_models_table, forecast_cost_table};
pub use groups::groups_table;
pub use lead_times::{lead_time_orders_table, lead_times_table};
pub use network_explained::{attention_table, network_explanation_table};
pub use overrides::overrides_table;
pub use quality::{assumptions_table, findings_table, import_table};
pub use risk::{
    RISK_TABLES, alert_score_table, alerts_table, bullwhip_table, disrupted_items_table, disruptions_table,
    expected_loss_table,
};
pub use scenarios::{changes_in_order, conflicts_table, scenario_changes_table, scenario_differences_table};
pub use scorecard::scorecard_table;
pub use segments::{rule_words, segment_exceptions_table, segment_matrix_table, segments_table};
pub use shapes::{shape_anomalies_table, shape_clusters_table, shapes_table};
pub use stock::{orders_table, projection_table, stock_table, why_table};
pub use summary::{category_table, scenario_comparison, summary_table};
pub use value_added::value_added_table;

use super::table::Table;
use crate::model::Plan;
use crate::text;
use crate::words::Text;

/// The keys of the tables of what forecasts cost.
pub const COST_TABLES: [&str; 2] = ["forecast_cost_models", "forecast_cost"];

/// Every table of a plan, in sheet order. Tables of a phase that didn't run (no network, no import) are left out.
pub fn tables(plan: &Plan) -> Vec<Table> {
    let mut list = vec![
        summary_table(plan),
        category_table(plan),
        layered_forecast_table(&plan.forecasts, &plan.layers),
        accuracy_table(&plan.forecasts),
        stock_table(&plan.stock, &plan.items, &plan.currency),
        projection_table(&plan.stock, &plan.forecasts),
        orders_table(&plan.stock, &plan.items, &plan.currency),
    ];
    if !plan.groups.is_empty() {
        list.push(groups_table(&plan.groups));
    }
    if !plan.overrides.is_empty() {
        list.push(overrides_table(&plan.overrides));
    }
    if let Some(report) = &plan.lead_times {
        list.push(lead_times_table(report, &plan.currency));
        list.push(lead_time_orders_table(&report.learnt));
        list.push(scorecard_table(&report.scorecard, &plan.currency));
    }
    if let Some(dispatch) = &plan.dispatch {
        list.push(dispatch_table(dispatch, &plan.network, &plan.currency));
        list.push(loads_table(dispatch));
        list.push(prices_table(dispatch, &plan.network, &plan.currency));
        list.push(dispatch_notes_table(dispatch, &plan.currency));
    }
    list.push(costs_table(&plan.ledger, &plan.currency));
    list.extend(money_tables(plan));
    list.extend(risk::risk_tables(plan));
    if let Some(costs) = plan.forecast_costs.as_deref() {
        list.push(forecast_cost_models_table(costs, &plan.currency));
        list.push(forecast_cost_table(&costs.series, &plan.currency));
    }
    list.push(findings_table(&plan.diagnostics));
    list.extend(plan.import.as_deref().map(import_table));
    list.push(assumptions_table(&plan.assumptions));
    list.push(why_table(&plan.stock));
    list.push(chart_table(plan));
    list
}

/// Balances, cash and allocation; those without a row are left out.
fn money_tables(plan: &Plan) -> impl Iterator<Item = Table> {
    let (allocation, currency) = (&plan.allocation, &plan.currency);
    let list = [
        balances_table(plan),
        cash_table(plan),
        cash_items_table(plan),
        allocation_table(allocation, currency),
        shared_costs_table(allocation, currency),
        shares_table(allocation, currency),
    ];
    list.into_iter().filter(|table| !table.rows.is_empty())
}

/// The currency as a unit; "money" when it isn't known.
pub(super) fn money_unit(currency: &str) -> Text {
    if currency.is_empty() { text!("money", "金额") } else { Text::same(currency) }
}

/// Money per unit.
fn per_unit(currency: &str) -> Text {
    let money = money_unit(currency);
    Text::new(format!("{} per unit", money.en), format!("{}/件", money.zh))
}

fn units() -> Text {
    text!("units", "件")
}

fn days() -> Text {
    text!("days", "天")
}
