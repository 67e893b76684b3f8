//! `planwright stock`: reorder points, safety stock, orders.

use super::Done;
use super::arguments::{Stock, horizon};
use super::outcome::{Exit, Job, findings_json};
use crate::model::Scenario;
use crate::pipeline::{self, Output, PipelineError, Settings, Sources};
use serde_json::json;

pub(super) fn run(arguments: &Stock, job: &Job) -> Result<Done, PipelineError> {
    let mut settings = Settings { lead_times: arguments.receipts.choice(), ..Settings::default() };
    if let Some(periods) = arguments.horizon {
        settings.horizon = horizon(periods)?;
    }
    let control = &job.control;
    let receipts = arguments.receipts.receipts.as_deref();
    let sources = Sources { items: Some(&arguments.items), receipts, ..Sources::sales(&arguments.sales) };
    let mut inputs = pipeline::load(&sources, &arguments.frequency.read_options(), &control.part(0.0, 0.1))?;
    job.print(&inputs.diagnostics);
    let layered = pipeline::forecast_inputs(&mut inputs, &settings, &control.part(0.1, 0.8))?;
    let plan = pipeline::plan(&inputs, &layered, &Scenario::base("Base"), &settings, &control.part(0.8, 1.0))?;
    pipeline::write_output(&Output::Stock(&plan), &arguments.out)?;
    let summary = json!({
        "out": arguments.out.display().to_string(),
        "series": plan.stock.len(),
        "orders": plan.stock.iter().map(|s| s.orders.len()).sum::<usize>(),
        "total_cost": plan.ledger.total(),
        "lead_times": plan.lead_times.as_deref().map(super::leadtimes::lead_times_json),
        "findings": findings_json(&plan.diagnostics),
    });
    Ok(Done { summary, exit: Exit::Done })
}
