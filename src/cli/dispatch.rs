//! `planwright dispatch`: least-cost shipments over a network.

use super::Done;
use super::arguments::Dispatch;
use super::outcome::{Exit, Job, findings_json};
use crate::model::{DemandLine, Network, Period, SolveStatus};
use crate::pipeline::{self, DispatchSettings, Output, PipelineError};
use serde_json::json;
use std::sync::Arc;

pub(super) fn run(arguments: &Dispatch, job: &Job) -> Result<Done, PipelineError> {
    let control = &job.control;
    let (network, mut findings) = pipeline::load_network(&arguments.network, &control.part(0.0, 0.1))?;
    let demand = match &arguments.demand {
        Some(path) => {
            let (demand, more) = pipeline::load_demand(path, None, &network, &control.part(0.1, 0.2))?;
            findings.extend(more);
            demand
        }
        None => own_demand(&network),
    };
    job.print(&findings);
    let network = Arc::new(network);
    let settings = DispatchSettings { seconds: arguments.time_limit, must_meet: arguments.must_meet };
    let plan = pipeline::dispatch(network.clone(), demand, &settings, &control.part(0.2, 1.0))?;
    pipeline::write_output(&Output::Dispatch(&plan, &network), &arguments.out)?;
    let words = |texts: &[crate::words::Text]| texts.iter().map(|t| t.en.clone()).collect::<Vec<_>>();
    let prices: Vec<_> = plan.prices.iter().map(|p| json!({ "price": p.price, "sentence": p.sentence.en })).collect();
    let summary = json!({
        "out": arguments.out.display().to_string(),
        "status": format!("{:?}", plan.status),
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap(),
        "shipments": plan.shipments.len(),
        "unmet": plan.unmet_quantity(),
        "has_alternatives": plan.has_alternatives,
        "prices": prices,
        "conflicts": words(&plan.conflicts),
        "notes": words(&plan.notes),
        "findings": findings_json(&findings),
    });
    let exit = if plan.status == SolveStatus::Infeasible { Exit::Infeasible } else { Exit::Done };
    Ok(Done { summary, exit })
}

/// The customers' own demand, in one numbered period.
fn own_demand(network: &Network) -> Vec<DemandLine> {
    let line = |customer: &crate::model::Customer| {
        let quantity = customer.demand.filter(|q| *q > 0.0)?;
        Some(DemandLine { customer: customer.id.clone(), item: "".into(), period: Period::step(1), quantity })
    };
    network.customers.iter().filter_map(line).collect()
}
