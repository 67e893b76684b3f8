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
    RISK_TABLES, alert_score_table, alerts_table, bullwhip_table, disrupted_items_table, disruptions_table,
    expected_loss_table,
};
pub use tables::{
    accuracy_table, all_forecasts_table, assumptions_table, attention_table, backtest_table, category_table,
    chart_table, costs_table, cutoff_table, dispatch_notes_table, dispatch_table, findings_table, forecast_table,
    groups_table, import_table, layered_forecast_table, loads_table, network_explanation_table, orders_table,
    overrides_table, pooled_accuracy_table, prices_table, projection_table, scenario_comparison, shape_anomalies_table,
    shape_clusters_table, shapes_table, stock_table, summary_table, tables, value_added_table, why_table,
};
pub use workbook::write_workbook;
