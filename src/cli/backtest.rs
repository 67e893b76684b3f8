//! `planwright backtest`: how models do over rolling origins, and what they and past overrides are worth.

use super::Done;
use super::arguments::Backtest;
use super::forecast::{add_challenges, summary};
use super::outcome::{Exit, Job};
use crate::pipeline::{self, Output, PipelineError, Sources};
use serde_json::json;

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
    pipeline::write_output(&Output::Backtest(&forecasts), &arguments.out)?;
    let saved = method.weights.save(&networks)?;
    if let Some((path, rows)) = &ladders {
        pipeline::write_output(&Output::ValueAdded(rows), path)?;
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
    Ok(Done { summary, exit: Exit::Done })
}
