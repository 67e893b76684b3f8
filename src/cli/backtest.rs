//! `planwright backtest`: how models do over rolling origins, what they would have cost, and what they and past overrides are
//! worth.

use super::Done;
use super::arguments::Backtest;
use super::forecast::{add_challenges, summary};
use super::outcome::{Exit, Job};
use crate::model::{ForecastCosts, Item};
use crate::pipeline::{self, Output, PipelineError, Sources};
use serde_json::{Value, json};

pub(super) fn run(arguments: &Backtest, job: &Job) -> Result<Done, PipelineError> {
    let method = &arguments.method;
    let mut settings = method.settings()?;
    settings.folds = arguments.folds.max(1);
    method.weights.load(&mut settings)?;
    let sources = Sources {
        items: arguments.items.as_deref(),
        network: arguments.network.as_deref(),
        overrides: arguments.overrides.as_deref(),
        ..Sources::sales(&method.sales)
    };
    let control = &job.control;
    let mut inputs = pipeline::load(&sources, &method.frequency.read_options(), &control.part(0.0, 0.1))?;
    job.print(&inputs.diagnostics);
    let columns = inputs.import.as_deref().map(pipeline::columns_of).unwrap_or_default();
    for findings in method.drivers.load(&mut settings, &inputs.panel, &columns, job)? {
        inputs.diagnostics.extend(findings);
    }
    let settings = settings.knowing(&inputs.items);
    let (forecasts, networks) = pipeline::forecast_and_keep(&inputs.panel, &settings, &control.part(0.1, 1.0))?;
    let ladders = match &arguments.value_added {
        Some(path) => Some((path, pipeline::ladders(&inputs, &forecasts, &[], control)?)),
        None => None,
    };
    let costs = if arguments.cost.is_some() || arguments.cost_by_model.is_some() {
        let items: Vec<Item> = forecasts.iter().map(|f| inputs.items.lookup(&f.id)).collect();
        Some(pipeline::forecast_costs(&forecasts, &items, settings.policy, control)?)
    } else {
        None
    };
    pipeline::write_output(&Output::Backtest(&forecasts), &arguments.out)?;
    let saved = method.weights.save(&networks)?;
    if let Some((path, rows)) = &ladders {
        pipeline::write_output(&Output::ValueAdded(rows), path)?;
    }
    if let Some(costs) = &costs {
        if let Some(path) = &arguments.cost {
            pipeline::write_output(&Output::ForecastCost(costs, &inputs.currency), path)?;
        }
        if let Some(path) = &arguments.cost_by_model {
            pipeline::write_output(&Output::ForecastCostByModel(costs, &inputs.currency), path)?;
        }
    }
    let out = arguments.out.display().to_string();
    let import = inputs.import.as_deref().cloned().unwrap_or_default();
    let mut summary = summary((&import, &inputs.diagnostics), &forecasts, &out);
    method.weights.note(&forecasts, &networks, &mut summary);
    if let Some(saved) = saved {
        summary["weights"] = saved;
    }
    add_challenges(&mut summary, &pipeline::challenges(&inputs.panel, &forecasts, &settings));
    if let Some((path, rows)) = &ladders {
        summary["value_added"] = json!({ "out": path.display().to_string(), "rows": rows.len() });
    }
    if let Some(costs) = &costs {
        summary["cost"] = cost_json(costs);
    }
    Ok(Done { summary, exit: Exit::Done })
}

fn cost_json(costs: &ForecastCosts) -> Value {
    let (saved, share) = costs.saved();
    json!({
        "series": costs.series.len(),
        "left_out": costs.left_out,
        "smallest_error_is_not_cheapest": costs.disagree(),
        "saved_by_hindsight": saved,
        "saved_by_hindsight_share": share,
        "verdict": costs.verdict().en,
    })
}
