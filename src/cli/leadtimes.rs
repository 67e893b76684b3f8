//! `planwright leadtimes`: what receipts say about lead times and suppliers.

use super::Done;
use super::outcome::{Exit, Job, findings_json};
use super::receipts::{LeadTimes, ReceiptArguments, Wanted};
use crate::diagnostic::Diagnostics;
use crate::model::{LeadTimeChoice, LeadTimeReport, LeadTimeSource, Scenario};
use crate::pipeline::{self, Output, PipelineError, Settings, Sources};
use serde_json::{Value, json};
use std::sync::Arc;

impl ReceiptArguments {
    /// Which lead times are planned with.
    pub(super) fn choice(&self) -> LeadTimeChoice {
        LeadTimeChoice::of(match self.lead_times {
            Wanted::Master => LeadTimeSource::Master,
            Wanted::Stale => LeadTimeSource::Stale,
            Wanted::Learnt => LeadTimeSource::Learnt,
        })
    }
}

pub(super) fn run(arguments: &LeadTimes, job: &Job) -> Result<Done, PipelineError> {
    let (report, findings) = match &arguments.sales {
        Some(sales) => in_money(arguments, sales, job)?,
        None => in_days(arguments, job)?,
    };
    pipeline::write_output(&Output::LeadTimes(&report), &arguments.out)?;
    if let Some(path) = &arguments.scorecard {
        pipeline::write_output(&Output::Scorecard(&report.scorecard), path)?;
    }
    if let Some(path) = &arguments.orders {
        pipeline::write_output(&Output::LeadTimeOrders(&report.learnt), path)?;
    }
    let mut summary = lead_times_json(&report);
    summary["out"] = arguments.out.display().to_string().into();
    summary["findings"] = findings_json(&findings);
    Ok(Done { summary, exit: Exit::Done })
}

/// With forecasts: what each difference costs.
fn in_money(
    arguments: &LeadTimes,
    sales: &std::path::Path,
    job: &Job,
) -> Result<(Arc<LeadTimeReport>, Diagnostics), PipelineError> {
    let (control, settings) = (&job.control, Settings::default());
    let sources =
        Sources { items: Some(&arguments.items), receipts: Some(&arguments.receipts), ..Sources::sales(sales) };
    let mut inputs = pipeline::load(&sources, &arguments.frequency.read_options(), &control.part(0.0, 0.1))?;
    job.print(&inputs.diagnostics);
    let layered = pipeline::forecast_inputs(&mut inputs, &settings, &control.part(0.1, 0.9))?;
    let plan = pipeline::plan(&inputs, &layered, &Scenario::base("Base"), &settings, &control.part(0.9, 1.0))?;
    let report = plan.lead_times.unwrap_or_else(|| {
        Arc::new(LeadTimeReport {
            learnt: Arc::default(),
            checks: Vec::new(),
            scorecard: crate::model::Scorecard::default(),
        })
    });
    Ok((report, plan.diagnostics))
}

fn in_days(arguments: &LeadTimes, job: &Job) -> Result<(Arc<LeadTimeReport>, Diagnostics), PipelineError> {
    let control = &job.control;
    let (items, mut findings) = pipeline::load_items(&arguments.items, None, &control.part(0.0, 0.3))?;
    let (receipts, more) = pipeline::load_receipts(&arguments.receipts, &items, &control.part(0.3, 0.8))?;
    findings.extend(more);
    job.print(&findings);
    let report = pipeline::check_lead_times(&receipts, &items, &Settings::default(), &control.part(0.8, 1.0))?;
    Ok((Arc::new(report), findings))
}

/// How many lead times are stale, what they cost, and the suppliers' scores.
pub(super) fn lead_times_json(report: &LeadTimeReport) -> Value {
    let stale: Vec<_> = report.checks.iter().filter(|c| c.is_stale()).collect();
    let sum = |of: fn(&crate::model::LeadTimeMoney) -> f64| -> f64 {
        // Nothing sums to −0.
        0.0 + stale.iter().filter_map(|c| c.money.as_ref()).map(of).sum::<f64>()
    };
    let suppliers: Vec<Value> = report
        .scorecard
        .suppliers
        .iter()
        .map(|s| {
            json!({
                "supplier": &*s.figures.supplier, "score": s.score, "on_time": s.figures.on_time,
                "in_full": s.figures.in_full, "changed": s.figures.change.map(|c| c.since.to_string()),
            })
        })
        .collect();
    json!({
        "items": report.checks.len(),
        "orders": report.learnt.items.iter().map(|l| l.orders.len()).sum::<usize>(),
        "stale": stale.len(),
        "changed": report.checks.iter().filter(|c| c.learnt.change.is_some()).count(),
        "cost_of_keeping": sum(crate::model::LeadTimeMoney::cost_of_keeping),
        "capital": sum(|m| m.capital),
        "suppliers": suppliers,
    })
}
