//! `planwright run`: from files to the workbook.

use super::Done;
use super::arguments::{Run, horizon};
use super::cash::cash_json;
use super::outcome::{Exit, Job, findings_json, overrides_json};
use super::plan_files::scenario_or_base;
use crate::model::{Plan, PurchaseBudget, RiskBook, SolveStatus};
use crate::pipeline::{self, PipelineError, RiskInputs, Settings, Sources};
use crate::words::Language;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn run(arguments: &Run, job: &Job) -> Result<Done, PipelineError> {
    let (reconciliation, lead_times) = (arguments.judged.reconciliation()?, arguments.receipts.choice());
    let mut settings = Settings { reconciliation, lead_times, ..Settings::default() };
    if let Some(periods) = arguments.horizon {
        settings.horizon = horizon(periods)?;
    }
    let scenario = scenario_or_base(arguments.scenario.as_deref())?;
    let sources = Sources {
        sales: &arguments.sales,
        items: arguments.items.as_deref(),
        network: arguments.network.as_deref(),
        overrides: arguments.judged.overrides.as_deref(),
        successions: arguments.judged.successions.as_deref(),
        receipts: arguments.receipts.receipts.as_deref(),
    };
    let control = &job.control;
    let mut inputs = pipeline::load(&sources, &arguments.frequency.read_options(), &control.part(0.0, 0.1))?;
    job.print(&inputs.diagnostics);
    let columns = inputs.import.as_deref().map(pipeline::columns_of).unwrap_or_default();
    // What becomes of the drivers is among the plan's own findings.
    let [findings, _] = arguments.drivers.load(&mut settings, &inputs.panel, &columns, job)?;
    inputs.diagnostics.extend(findings);
    let layered = pipeline::forecast_inputs(&mut inputs, &settings, &control.part(0.1, 0.7))?;
    let plan = pipeline::plan(&inputs, &layered, &scenario, &settings, &control.part(0.7, 0.95))?;
    let infeasible = plan.dispatch.as_ref().is_some_and(|d| d.status == SolveStatus::Infeasible);
    let classes = pipeline::segments(&inputs.panel, &inputs.items, &layered, &settings.segmentation);
    let budget = PurchaseBudget::default();
    let found = pipeline::decide_stock((&plan, &classes), &settings, &budget, &control.part(0.95, 0.97))?;
    let risk = RiskInputs::new(Arc::new(plan), &settings, RiskBook::default());
    let plan = pipeline::assessed(&risk, &control.part(0.97, 0.99))?;
    let plan = pipeline::with_forecast_costs(&plan, settings.policy, &control.part(0.99, 1.0))?;
    pipeline::write_workbook_with(&plan, &found, Language::English, &arguments.out)?;
    let exit = if infeasible { Exit::Infeasible } else { Exit::Done };
    Ok(Done { summary: summary(&plan, &arguments.out.display().to_string()), exit })
}

fn summary(plan: &Plan, out: &str) -> Value {
    let import = plan.import.as_deref();
    let left_out: Vec<Value> = import
        .iter()
        .flat_map(|i| &i.left_out)
        .map(|l| json!({ "reason": l.reason.en, "rows": l.rows, "quantity": l.quantity }))
        .collect();
    let orders: usize = plan.stock.iter().map(|s| s.orders.len()).sum();
    let costs: serde_json::Map<String, Value> =
        plan.ledger.by_driver().iter().map(|(d, v)| (d.label().en, json!(v))).collect();
    json!({
        "out": out,
        "scenario": plan.scenario,
        "rows": import.map(|i| i.rows),
        "rows_used": import.map(|i| i.rows_used),
        "quantity_in_file": import.map(|i| i.quantity_in_file),
        "quantity_used": import.map(|i| i.quantity_used),
        "quantity_in_panel": plan.panel.total(),
        "left_out": left_out,
        "series": plan.panel.series().len(),
        "frequency": plan.panel.frequency().name(),
        "first_period": plan.panel.start().label(),
        "last_period": plan.panel.end().label(),
        "overrides": overrides_json(&plan.overrides),
        "orders": orders,
        "total_cost": plan.ledger.total(),
        "costs": costs,
        "cash": cash_json(&plan.cash),
        "dispatch": plan.dispatch.as_ref().map(|d| json!({
            "status": format!("{:?}", d.status), "objective": d.objective, "gap": d.gap(),
            "shipments": d.shipments.len(), "unmet": d.unmet_quantity(),
        })),
        "lead_times": plan.lead_times.as_deref().map(super::leadtimes::lead_times_json),
        "findings": findings_json(&plan.diagnostics),
    })
}
