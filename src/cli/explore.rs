//! `planwright goal` and `planwright sensitivity`: what to set for a goal, and which lever moves what; over all items.

use super::Done;
use super::arguments::{Common, Judged};
use super::drivers::DriverArguments;
use super::outcome::{Exit, Job, findings_json, refused, unknown};
use super::plan_files::{PlanFiles, scenario_or_base};
use crate::model::{Lever, PortfolioFigure, PortfolioTotals, SWINGS, Scenario, Swing, TornadoBar};
use crate::pipeline::{self, Goal, GoalFamily, GoalFound, Inputs, Output, PipelineError, Portfolio, Settings};
use crate::text;
use crate::words::Text;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// All items of a company under a scenario.
#[derive(Debug, Args)]
pub(super) struct Company {
    #[command(flatten)]
    files: PlanFiles,
    /// Scenario table to start from: lever, scope, change, value
    #[arg(long)]
    scenario: Option<PathBuf>,
    #[command(flatten)]
    drivers: DriverArguments,
    #[command(flatten)]
    judged: Judged,
}

/// Arguments of `goal`.
#[derive(Debug, Args)]
pub(super) struct GoalArguments {
    #[command(flatten)]
    company: Company,
    /// What to make as small as the limits allow: stock-value, stock-cost, total-cost
    #[arg(long, default_value = "stock-value")]
    least: String,
    /// Fill rate to keep, percent; what is served now, rounded down to a tenth, when left out
    #[arg(long, value_name = "PERCENT")]
    fill_rate: Option<f64>,
    /// Stock value to take off at least, percent of the present one
    #[arg(long, value_name = "PERCENT", conflicts_with = "stock_value")]
    cut_stock: Option<f64>,
    /// Stock value not to exceed, money
    #[arg(long, value_name = "MONEY")]
    stock_value: Option<f64>,
    /// What to change: each item's service where it pays most (efficient), one service level for all (alike), all safety
    /// stocks by one factor (scaled)
    #[arg(long, default_value = "efficient")]
    along: String,
    /// CSV file to write what to set to, as a scenario that `--scenario` of other commands reads: lever, scope, change, value
    #[arg(long)]
    out: PathBuf,
    /// CSV file to write the figures before and after to
    #[arg(long)]
    figures: Option<PathBuf>,
    /// CSV file to write the figures along the settings to, least stock first
    #[arg(long)]
    curve: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Arguments of `sensitivity`.
#[derive(Debug, Args)]
pub(super) struct Sensitivity {
    #[command(flatten)]
    company: Company,
    /// What moves: stock-cost, total-cost, stock-value, fill-rate, shortage-cost, order-now, orders
    #[arg(long, default_value = "stock-cost")]
    figure: String,
    /// CSV file to write each lever a little lower and a little higher to, the one that moves the figure most first
    #[arg(long)]
    out: PathBuf,
    /// CSV file to write two levers against each other to
    #[arg(long)]
    sweep: Option<PathBuf>,
    /// The two levers: demand, lead-time-days, lead-time-sd-days, review-period-days, service-level, holding-rate,
    /// shortage-cost, order-cost, unit-cost
    #[arg(long, value_name = "LEVER,LEVER", value_delimiter = ',', default_value = "demand,service-level")]
    levers: Vec<String>,
    /// Steps of each of the two levers
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u8).range(3..=15))]
    steps: u8,
    #[command(flatten)]
    pub(super) common: Common,
}

/// What is asked about, prepared.
struct Prepared {
    inputs: Inputs,
    settings: Settings,
    scenario: Scenario,
    portfolio: Portfolio,
}

impl Company {
    fn prepare(&self, job: &Job) -> Result<Prepared, PipelineError> {
        let reconciliation = self.judged.reconciliation()?;
        let mut settings = self.files.settings(Settings { reconciliation, ..Settings::default() })?;
        let scenario = scenario_or_base(self.scenario.as_deref())?;
        let control = &job.control;
        let sources = self.files.judged(&self.judged);
        let mut inputs = pipeline::load(&sources, &self.files.frequency.read_options(), &control.part(0.0, 0.1))?;
        job.print(&inputs.diagnostics);
        let columns = inputs.import.as_deref().map(pipeline::columns_of).unwrap_or_default();
        self.drivers.load(&mut settings, &inputs.panel, &columns, job)?;
        let layered = pipeline::forecast_inputs(&mut inputs, &settings, &control.part(0.1, 0.7))?;
        let portfolio = Portfolio::of_inputs(&inputs, &layered, &settings, &control.part(0.7, 0.75))?;
        Ok(Prepared { inputs, settings, scenario, portfolio })
    }
}

/// Seeks the goal; one that can't be reached ends with the exit code of what is infeasible, and the nearest is written.
pub(super) fn goal(arguments: &GoalArguments, job: &Job) -> Result<Done, PipelineError> {
    let least = figure("--least", &arguments.least, &Goal::LEAST)?;
    let family = GoalFamily::parse(&arguments.along)
        .ok_or_else(|| unknown("--along", &arguments.along, &GoalFamily::ALL.map(GoalFamily::name)))?;
    within("--fill-rate", arguments.fill_rate, 99.99)?;
    within("--cut-stock", arguments.cut_stock, 100.0)?;
    within("--stock-value", arguments.stock_value, f64::MAX)?;
    let Prepared { inputs, settings, scenario, portfolio } = arguments.company.prepare(job)?;
    let control = job.control.part(0.75, 1.0);
    let now = portfolio.evaluate(&scenario, settings.policy, None, &control)?.totals;
    let cut = arguments.cut_stock.map(|percent| now.stock_value * (1.0 - percent / 100.0));
    let goal = Goal {
        least,
        fill_rate: Some(arguments.fill_rate.map_or_else(|| Goal::fill_as_now(&now), |percent| percent / 100.0)),
        stock_value: arguments.stock_value.or(cut),
        family,
    };
    let found = pipeline::goal_seek(&portfolio, &scenario, settings.policy, &goal, &control)?;
    let mut set = scenario;
    set.set_all(found.changes.clone());
    pipeline::write_output(&Output::Scenario(&set), &arguments.out)?;
    if let Some(path) = &arguments.figures {
        let states = [(text!("now", "当前"), found.before), (text!("with what was found", "求解后"), found.after)];
        pipeline::write_output(&Output::Totals(&states, &inputs.currency), path)?;
    }
    if let Some(path) = &arguments.curve {
        let states: Vec<(Text, PortfolioTotals)> =
            found.curve.iter().enumerate().map(|(k, t)| (Text::same((k + 1).to_string()), *t)).collect();
        pipeline::write_output(&Output::Totals(&states, &inputs.currency), path)?;
    }
    let exit = if found.is_reached { Exit::Done } else { Exit::Infeasible };
    Ok(Done { summary: goal_json(&found, &goal, &inputs, &arguments.out.display().to_string()), exit })
}

/// Moves each lever, and two against each other where that is asked for.
pub(super) fn sensitivity(arguments: &Sensitivity, job: &Job) -> Result<Done, PipelineError> {
    let figure = figure("--figure", &arguments.figure, &PortfolioFigure::ALL)?;
    let swings = swings(&arguments.levers)?;
    let Prepared { inputs, settings, scenario, portfolio } = arguments.company.prepare(job)?;
    let control = job.control.part(0.75, 0.85);
    let (now, bars) = pipeline::tornado(&portfolio, &scenario, settings.policy, figure, &control)?;
    pipeline::write_output(&Output::Tornado(figure, &now, &bars, &inputs.currency), &arguments.out)?;
    if let Some(path) = &arguments.sweep {
        let (from, steps) = ((&scenario, settings.policy), usize::from(arguments.steps));
        let swept = pipeline::two_way(&portfolio, from, swings, steps, &job.control.part(0.85, 1.0))?;
        pipeline::write_output(&Output::Sweep(&swept, &inputs.currency), path)?;
    }
    let bar = |bar: &TornadoBar| {
        json!({
            "lever": bar.swing.lever.name(), "ends": [bar.swing.ends.0, bar.swing.ends.1],
            "low": bar.low.get(figure), "high": bar.high.get(figure),
        })
    };
    let summary = json!({
        "out": arguments.out.display().to_string(),
        "series": portfolio.len(),
        "figure": figure.name(),
        "now": now.get(figure),
        "most": bars.first().map(|b| b.swing.lever.name()),
        "levers": bars.iter().map(bar).collect::<Vec<_>>(),
        "findings": findings_json(&inputs.diagnostics),
    });
    Ok(Done { summary, exit: Exit::Done })
}

fn figure(argument: &str, given: &str, offered: &[PortfolioFigure]) -> Result<PortfolioFigure, PipelineError> {
    let names: Vec<&str> = offered.iter().map(|figure| figure.name()).collect();
    let found = PortfolioFigure::parse(given).filter(|figure| offered.contains(figure));
    found.ok_or_else(|| unknown(argument, given, &names))
}

fn within(argument: &str, given: Option<f64>, most: f64) -> Result<(), PipelineError> {
    if given.is_none_or(|x| (0.0..=most).contains(&x)) {
        return Ok(());
    }
    let hint = if most < f64::MAX {
        text!("From 0 to {most}", "取值范围 0 到 {most}")
    } else {
        text!("At least 0", "不小于 0")
    };
    Err(refused(text!("{argument} is out of range", "{argument} 超出范围"), hint))
}

fn swings(levers: &[String]) -> Result<(Swing, Swing), PipelineError> {
    let swing = |name: &String| {
        let names = SWINGS.map(|swing| swing.lever.name().replace('_', "-"));
        let names = names.each_ref().map(String::as_str);
        Lever::parse(name).and_then(Swing::of).ok_or_else(|| unknown("--levers", name, &names))
    };
    match levers {
        [first, second] => {
            let pair = (swing(first)?, swing(second)?);
            if pair.0.lever == pair.1.lever {
                return Err(two_levers());
            }
            Ok((pair.0.wider(), pair.1.wider()))
        }
        _ => Err(two_levers()),
    }
}

fn two_levers() -> PipelineError {
    refused(
        text!("--levers takes two that differ", "--levers 需要两个不同的参数"),
        text!("For example --levers demand,service-level", "例如 --levers demand,service-level"),
    )
}

fn goal_json(found: &GoalFound, goal: &Goal, inputs: &Inputs, out: &str) -> Value {
    let totals = |t: &PortfolioTotals| -> Value {
        let figures = PortfolioFigure::ALL.iter().map(|figure| (figure.key().to_owned(), json!(t.get(*figure))));
        Value::Object(figures.collect())
    };
    json!({
        "out": out,
        "series": found.before.series,
        "reached": found.is_reached,
        "found": found.words.en,
        "least": goal.least.name(),
        "fill_rate_wanted": goal.fill_rate,
        "stock_value_wanted": goal.stock_value,
        "before": totals(&found.before),
        "after": totals(&found.after),
        "changes": found.changes.len(),
        "findings": findings_json(&inputs.diagnostics),
    })
}
