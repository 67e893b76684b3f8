//! Results → tables → workbook and CSV. `rust_xlsxwriter` lives here only.
//!
//! ```text
//! Plan ─ tables::* ─▶ Table ─┬─ screen::format ─▶ the window's cells
//!                            ├─ csv_file ───────▶ CSV, machine-readable, safe to open in a spreadsheet
//!                            └─ workbook ───────▶ typed cells, live formulas (expression), charts
//! ```
//!
//! Every face shows the same [`Table`]: its keys are the columns of a CSV file, its headers what people read.

mod atomic;
mod csv_file;
mod expression;
mod kpi;
mod screen;
mod table;
mod tables;
mod workbook;

pub use atomic::{ReportError, write_file};
pub use csv_file::{csv_bytes, write_csv};
pub use kpi::{Kpi, driver_key, kpis};
pub use screen::format;
pub use table::{Cell, Column, Kind, Table};
pub use tables::{
    COST_TABLES, FIGURE_COLUMNS, RISK_TABLES, accuracy_table, alert_score_table, alerts_table, all_forecasts_table,
    allocation_by_key_table, allocation_table, assumptions_table, attention_table, backtest_table, balances_table,
    bridge_table, bullwhip_table, cash_items_table, cash_table, category_table, changes_in_order, chart_table,
    conflicts_table, costs_table, cutoff_table, difference_table, dispatch_notes_table, dispatch_table,
    disrupted_items_table, disruptions_table, exchange_table, expected_loss_table, figures_table, findings_table,
    forecast_cost_models_table, forecast_cost_table, forecast_table, groups_table, import_table,
    layered_forecast_table, lead_time_orders_table, lead_times_table, loads_table, network_explanation_table,
    orders_table, overrides_table, periods_table, pooled_accuracy_table, prices_table, projection_table,
    purchase_table, rule_words, scenario_changes_table, scenario_comparison, scenario_differences_table,
    scenario_file_table, scorecard_table, segment_exceptions_table, segment_matrix_table, segments_table,
    shape_anomalies_table, shape_clusters_table, shapes_table, shared_costs_table, shares_table, stock_table,
    summary_table, sweep_table, tables, tornado_table, totals_table, value_added_table, why_table,
};
pub use workbook::{write_workbook, write_workbook_with};
