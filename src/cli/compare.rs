//! `planwright compare`: two what-ifs against each other, down to the item and down to the cause.

use super::Done;
use super::arguments::{Common, Judged};
use super::drivers::DriverArguments;
use super::outcome::{Exit, Job, findings_json};
use super::plan_files::PlanFiles;
use crate::model::{CostBridge, CostDriver, Plan, Scenario};
use crate::pipeline::{self, Output, PipelineError, Planned, Settings};
use crate::words::Text;
use clap::Args;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Arguments of `compare`.
#[derive(Debug, Args)]
pub(super) struct Compare {
    #[command(flatten)]
    files: PlanFiles,
    /// Scenario table: lever, scope, change, value; given twice, or once to compare with the data as it is
    #[arg(long, required = true, num_args = 1)]
    scenario: Vec<PathBuf>,
    #[command(flatten)]
    drivers: DriverArguments,
    #[command(flatten)]
    judged: Judged,
    /// CSV file to write what differs to: item, location, measure, both values, the most money first
    #[arg(long)]
    out: PathBuf,
    /// CSV file to write the steps from the first one's cost to the second one's to: cause, change, drivers
    #[arg(long)]
    bridge: Option<PathBuf>,
    /// CSV file to write both key figures to
    #[arg(long)]
    figures: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

pub(super) fn run(arguments: &Compare, job: &Job) -> Result<Done, PipelineError> {
    let reconciliation = arguments.judged.reconciliation()?;
    let mut settings = arguments.files.settings(Settings { reconciliation, ..Settings::default() })?;
    let (first, second) = scenarios(arguments, job)?;
    let sources = arguments.files.judged(&arguments.judged);
    let control = &job.control;
    let mut inputs = pipeline::load(&sources, &arguments.files.frequency.read_options(), &control.part(0.0, 0.1))?;
    job.print(&inputs.diagnostics);
    let columns = inputs.import.as_deref().map(pipeline::columns_of).unwrap_or_default();
    arguments.drivers.load(&mut settings, &inputs.panel, &columns, job)?;
    let layered = pipeline::forecast_inputs(&mut inputs, &settings, &control.part(0.1, 0.6))?;
    let plan =
        |scenario: &Scenario, from, to| pipeline::plan(&inputs, &layered, scenario, &settings, &control.part(from, to));
    let (a, b) = (plan(&first, 0.6, 0.75)?, plan(&second, 0.75, 0.9)?);
    let pair = (Planned { scenario: &first, plan: &a }, Planned { scenario: &second, plan: &b });
    let bridge = pipeline::bridge(&inputs, &layered, pair, &settings, &control.part(0.9, 1.0))?;
    pipeline::write_output(&Output::Differences(&a, &b), &arguments.out)?;
    if let Some(path) = &arguments.bridge {
        pipeline::write_output(&Output::Bridge(&bridge, &inputs.currency), path)?;
    }
    if let Some(path) = &arguments.figures {
        let named = [(Text::same(&*first.name), &a), (Text::same(&*second.name), &b)];
        pipeline::write_output(&Output::Figures(&named), path)?;
    }
    Ok(Done { summary: summary((&a, &b), &bridge, &arguments.out.display().to_string()), exit: Exit::Done })
}

/// The two scenarios; the data as it is stands first when one is given.
///
/// # Errors
/// [`PipelineError::Unreadable`] when a table can't be read, [`PipelineError::BadData`] when a row makes no sense.
fn scenarios(arguments: &Compare, job: &Job) -> Result<(Scenario, Scenario), PipelineError> {
    let mut list = Vec::new();
    for path in &arguments.scenario {
        let (scenario, findings) = pipeline::load_scenario(path)?;
        job.print(&findings);
        list.push(scenario);
    }
    let mut list = list.into_iter();
    match (list.next(), list.next(), list.next()) {
        (Some(only), None, _) => Ok((Scenario::base("Base"), only)),
        (Some(first), Some(mut second), None) => {
            if first.name == second.name {
                second.name.push_str(" 2");
            }
            Ok((first, second))
        }
        _ => Err(PipelineError::Failed(Text::new(
            "Two scenarios are compared: give --scenario once or twice",
            "只能对比两个方案：请给出一个或两个 --scenario",
        ))),
    }
}

fn summary((first, second): (&Plan, &Plan), bridge: &CostBridge, out: &str) -> Value {
    let drivers: Map<String, Value> = CostDriver::ALL
        .iter()
        .zip(bridge.before.iter().zip(&bridge.after))
        .filter(|(_, (before, after))| (*after - *before).abs() > 0.0)
        .map(|(driver, (before, after))| (driver.label().en, json!(after - before)))
        .collect();
    let causes: Vec<Value> =
        bridge.parts.iter().map(|p| json!({ "cause": p.cause.label().en, "change": p.change })).collect();
    json!({
        "out": out,
        "first": first.scenario,
        "second": second.scenario,
        "series": second.stock.len(),
        "total_cost_first": first.ledger.total(),
        "total_cost_second": second.ledger.total(),
        "change": bridge.change(),
        "by_driver": drivers,
        "by_cause": causes,
        "findings": findings_json(&second.diagnostics),
    })
}
