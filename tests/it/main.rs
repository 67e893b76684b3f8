//! One integration-test binary: `tidy` guards the house, then one module per room.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

mod bench;
mod control;
mod costing;
mod data;
mod dispatch;
mod explore;
mod forecast;
mod forecast_cost;
mod groups;
#[cfg(feature = "gui")]
mod gui;
mod inventory;
mod judgement;
mod lead_times;
mod model;
mod portfolio;
mod report;
mod risk;
mod rule_lab;
mod sample;
mod scenarios;
mod service_curve;
mod session;
mod session_cash;
mod session_judgement;
mod session_networks;
mod session_progress;
mod session_segments;
mod tidy;
mod value_added;
