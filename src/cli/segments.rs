//! `planwright segments`: ABC–XYZ, stock against service, what to buy under a budget.

use super::Done;
use super::outcome::{Exit, Job, findings_json, refused, unknown};
use super::plan_files::PlanFiles;
use crate::model::{
    AbcCriterion, CurvePoint, PurchaseBudget, PurchaseList, Scenario, Segmentation, XyzMeasure, YearlyDemand,
};
use crate::pipeline::{self, Output, PipelineError, Settings, StockDecisions};
use crate::text;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Arguments of `segments`.
#[derive(Debug, Args)]
pub(super) struct Segments {
    #[command(flatten)]
    files: PlanFiles,
    /// What makes an item dear: revenue, cost, margin, units, periods-sold
    #[arg(long, default_value = "revenue")]
    pub(super) criterion: String,
    /// Cumulative shares at which A and B end, percent
    #[arg(long, value_delimiter = ',', default_value = "80,95")]
    pub(super) abc: Vec<f64>,
    /// What makes an item erratic: demand, without-season, forecast-error
    #[arg(long, default_value = "demand")]
    pub(super) measure: String,
    /// Coefficients of variation at which X and Y end
    #[arg(long, value_delimiter = ',', default_value = "0.5,1.0")]
    pub(super) xyz: Vec<f64>,
    /// Count the forecast as a year's demand, not what was sold in the last twelve months
    #[arg(long)]
    pub(super) by_forecast: bool,
    /// Plan with suggested rules for every segment: service levels from 99 % for AX to 90 % for CZ, C items looked at every four weeks
    #[arg(long)]
    pub(super) suggested_rules: bool,
    /// CSV file to write: every item's segment and what it was made from
    #[arg(long)]
    pub(super) out: PathBuf,
    /// CSV file to write the nine segments to
    #[arg(long)]
    pub(super) matrix: Option<PathBuf>,
    /// CSV file to write the exchange curve to: stock value against service
    #[arg(long)]
    pub(super) curve: Option<PathBuf>,
    /// CSV file to write the ranked purchase list to
    #[arg(long)]
    pub(super) purchase: Option<PathBuf>,
    /// CSV file to write items to whose own data overrules engine or segment
    #[arg(long)]
    pub(super) exceptions: Option<PathBuf>,
    /// Money for the orders of the first periods; without it everything proposed is bought
    #[arg(long)]
    pub(super) budget: Option<f64>,
    /// Room for them, cubic metres
    #[arg(long)]
    pub(super) room: Option<f64>,
    /// Periods whose orders compete for the budget
    #[arg(long, default_value_t = 4)]
    pub(super) periods: usize,
    #[command(flatten)]
    pub(super) common: super::arguments::Common,
}

pub(super) fn run(arguments: &Segments, job: &Job) -> Result<Done, PipelineError> {
    let (segmentation, budget) = (segmentation(arguments)?, budget(arguments)?);
    let settings = arguments.files.settings(Settings { segmentation, ..Settings::default() })?;
    let control = &job.control;
    let sources = arguments.files.sources();
    let mut inputs = pipeline::load(&sources, &arguments.files.frequency.read_options(), &control.part(0.0, 0.1))?;
    job.print(&inputs.diagnostics);
    let layered = pipeline::forecast_inputs(&mut inputs, &settings, &control.part(0.1, 0.7))?;
    let plan = pipeline::plan(&inputs, &layered, &Scenario::base("Base"), &settings, &control.part(0.7, 0.85))?;
    let classes = pipeline::segments(&inputs.panel, &inputs.items, &layered, &settings.segmentation);
    let found = pipeline::decide_stock((&plan, &classes), &settings, &budget, &control.part(0.85, 1.0))?;
    pipeline::write_output(&Output::Segments(&found, &plan), &arguments.out)?;
    let others = [
        (&arguments.matrix, Output::SegmentMatrix(&found, &plan)),
        (&arguments.curve, Output::Exchange(&found, &plan)),
        (&arguments.purchase, Output::Purchase(&found, &plan)),
        (&arguments.exceptions, Output::Exceptions(&found, &plan)),
    ];
    for (path, output) in others {
        if let Some(path) = path {
            pipeline::write_output(&output, path)?;
        }
    }
    let mut summary = summary(&found);
    summary["out"] = arguments.out.display().to_string().into();
    summary["findings"] = findings_json(&plan.diagnostics);
    Ok(Done { summary, exit: Exit::Done })
}

fn segmentation(arguments: &Segments) -> Result<Segmentation, PipelineError> {
    let criterion = AbcCriterion::parse(&arguments.criterion)
        .ok_or_else(|| unknown("--criterion", &arguments.criterion, &AbcCriterion::ALL.map(AbcCriterion::name)))?;
    let measure = XyzMeasure::parse(&arguments.measure)
        .ok_or_else(|| unknown("--measure", &arguments.measure, &XyzMeasure::ALL.map(XyzMeasure::name)))?;
    let abc = cuts("--abc", &arguments.abc, 100.0)?;
    let xyz = cuts("--xyz", &arguments.xyz, f64::MAX)?;
    let rules =
        if arguments.suggested_rules { Segmentation::suggested_rules() } else { std::collections::BTreeMap::new() };
    Ok(Segmentation {
        criterion,
        measure,
        yearly: if arguments.by_forecast { YearlyDemand::Forecast } else { YearlyDemand::Sold },
        abc_cuts: (abc.0 / 100.0, abc.1 / 100.0),
        xyz_cuts: xyz,
        rules,
        ..Segmentation::default()
    })
}

fn cuts(argument: &str, given: &[f64], most: f64) -> Result<(f64, f64), PipelineError> {
    match given {
        [a, b] if *a >= 0.0 && a <= b && *b <= most => Ok((*a, *b)),
        _ => {
            let message = text!("{argument} takes two rising numbers", "{argument} 需要两个递增的数");
            Err(refused(
                message,
                text!(
                    "For example {argument} 80,95 or {argument} 0.5,1.0",
                    "例如 {argument} 80,95 或 {argument} 0.5,1.0"
                ),
            ))
        }
    }
}

fn budget(arguments: &Segments) -> Result<PurchaseBudget, PipelineError> {
    for (name, value) in [("--budget", arguments.budget), ("--room", arguments.room)] {
        if value.is_some_and(|x| !x.is_finite() || x < 0.0) {
            return Err(refused(
                text!("{name} takes a number of at least 0", "{name} 需要不小于 0 的数"),
                text!("Leave it out for no limit", "不填则不设上限"),
            ));
        }
    }
    Ok(PurchaseBudget { periods: arguments.periods.max(1), money: arguments.budget, volume: arguments.room })
}

fn summary(found: &StockDecisions) -> Value {
    let cell = |cell: &crate::model::SegmentCell| {
        json!({
            "segment": cell.segment.to_string(), "items": cell.items, "value": cell.value, "value_share": cell.share,
            "stock_value": cell.stock_value, "fill_rate": cell.fill_rate, "exceptions": cell.exceptions,
        })
    };
    let point = |point: &CurvePoint| json!({ "stock_value": point.stock_value, "fill_rate": point.fill_rate, "shortage_cost": point.shortage_cost });
    let curve = &found.study.curve;
    json!({
        "series": found.segments.items.len(),
        "segments": found.segments.cells.iter().map(cell).collect::<Vec<_>>(),
        "exceptions": found.study.exceptions.len(),
        "curve": json!({
            "counted": curve.counted, "left_out": curve.left_out, "present": point(&curve.present),
            "simulated": point(&curve.simulated), "same_money": curve.same_money.as_ref().map(point),
            "same_service": curve.same_service.as_ref().map(point),
        }),
        "purchase": purchase(&found.purchase),
    })
}

fn purchase(list: &PurchaseList) -> Value {
    json!({
        "orders": list.rows.len(),
        "bought": list.rows.iter().filter(|row| row.quantity > 0.0).count(),
        "money": list.money, "needed": list.needed, "volume": list.volume, "avoided": list.avoided,
        "bound": list.bound, "gap": list.gap(), "risk": list.risk, "assumed": list.assumed,
    })
}
