//! `planwright risk`: alerts ranked by money, expected loss, disruptions, bullwhip.

use super::Done;
use super::arguments::Common;
use super::outcome::{Exit, Job, findings_json};
use super::plan_files::PlanFiles;
use crate::model::{self, AlertSettings, Bullwhip, Disruption, Plan, RiskBook, Scenario};
use crate::pipeline::{self, Output, PipelineError, RiskInputs, Settings};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `risk`.
#[derive(Debug, Args)]
pub(super) struct RiskArguments {
    #[command(flatten)]
    files: PlanFiles,
    /// What if: `supplier:ACME,from=2,weeks=4`, `supply`, `demand,times=1.5`, `late,days=10`, `site:HAM`, `lane:HAM>C1`;
    /// narrowed by `item=`, `location=`, `category=`, `supplier=`; may be given many times
    #[arg(long, value_name = "CARD")]
    pub(super) disruption: Vec<String>,
    /// Probability of running out before an order placed now arrives, from which it is told
    #[arg(long, value_name = "PROBABILITY")]
    pub(super) alert_from: Option<f64>,
    /// Seed of everything random
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// CSV file to write the alerts to, dearest first
    #[arg(long)]
    pub(super) out: PathBuf,
    /// CSV file to write the expected loss per item and period to
    #[arg(long)]
    pub(super) loss: Option<PathBuf>,
    /// CSV file to write what disruptions do to items to
    #[arg(long)]
    pub(super) disrupted: Option<PathBuf>,
    /// CSV file to write the variance of orders against demand to
    #[arg(long)]
    pub(super) bullwhip: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

pub(super) fn run(arguments: &RiskArguments, job: &Job) -> Result<Done, PipelineError> {
    let settings = arguments.files.settings(Settings { seed: arguments.seed, ..Settings::default() })?;
    let control = &job.control;
    let sources = arguments.files.sources();
    let mut inputs = pipeline::load(&sources, &arguments.files.frequency.read_options(), &control.part(0.0, 0.1))?;
    job.print(&inputs.diagnostics);
    // What was typed is checked before minutes are spent.
    let frequency = inputs.panel.frequency();
    let cards = arguments.disruption.iter().map(|typed| Disruption::parse(typed, frequency));
    let disruptions = cards.collect::<Result<Vec<_>, _>>().map_err(PipelineError::Unreadable)?;
    let usual = AlertSettings::default();
    let alerts = AlertSettings { run_out: arguments.alert_from.unwrap_or(usual.run_out), ..usual }.sound();
    let book = RiskBook { alerts, disruptions, ..RiskBook::default() };
    let layered = pipeline::forecast_inputs(&mut inputs, &settings, &control.part(0.1, 0.7))?;
    let plan = pipeline::plan(&inputs, &layered, &Scenario::base("Base"), &settings, &control.part(0.7, 0.8))?;
    let plan = Arc::new(plan);
    let risk = Arc::new(pipeline::risk(&RiskInputs::new(plan.clone(), &settings, book), &control.part(0.8, 1.0))?);
    pipeline::write_output(&Output::Alerts(&plan, &risk), &arguments.out)?;
    if let Some(path) = &arguments.loss {
        pipeline::write_output(&Output::ExpectedLoss(&plan, &risk), path)?;
    }
    if let Some(path) = &arguments.disrupted {
        pipeline::write_output(&Output::DisruptedItems(&plan, &risk), path)?;
    }
    if let Some(path) = &arguments.bullwhip {
        pipeline::write_output(&Output::Bullwhip(&risk), path)?;
    }
    let mut summary = summary(&plan, &risk);
    summary["out"] = arguments.out.display().to_string().into();
    Ok(Done { summary, exit: Exit::Done })
}

fn summary(plan: &Plan, risk: &model::Risk) -> Value {
    let replay = &risk.base.replay;
    let score = |s: &model::AlertScore| json!({ "threshold": s.threshold, "precision": s.precision(), "recall": s.recall(), "f1": s.f1() });
    let counts: serde_json::Map<String, Value> = model::AlertKind::ALL
        .iter()
        .map(|kind| (kind.name().to_owned(), risk.alerts.iter().filter(|a| a.kind == *kind).count().into()))
        .collect();
    let disruption = |r: &model::DisruptionResult| {
        json!({
            "disruption": r.label.en, "money": r.money, "units_short": r.units, "items": r.items.len(),
            "exposed": r.exposed(), "fill_rate_before": r.fill_before, "fill_rate_after": r.fill_after,
            "time_to_survive": r.shortest_survival(), "time_to_recover": r.longest_recovery(),
            "notes": r.notes.iter().map(|n| n.en.clone()).collect::<Vec<_>>(),
        })
    };
    let all = risk.disruptions.iter().chain(&risk.together);
    json!({
        "series": plan.stock.len(),
        "alerts": risk.alerts.len(),
        "money_at_stake": risk.alerts.iter().map(|a| a.money).sum::<f64>() + 0.0,
        "expected_loss": risk.total_loss(),
        "alert_kinds": counts,
        "disruptions": all.map(|r| disruption(r)).collect::<Vec<_>>(),
        "bullwhip": risk.base.groups.first().map(|g| bullwhip(&g.bullwhip)),
        "replay": json!({
            "items": replay.items, "cases": replay.cases, "stockouts": replay.stockouts,
            "best": replay.best().map(score),
            "scores": replay.scores.iter().map(score).collect::<Vec<_>>(),
        }),
        "findings": findings_json(&plan.diagnostics),
    })
}

fn bullwhip(of: &Bullwhip) -> Value {
    let without: serde_json::Map<String, Value> =
        of.without.iter().map(|(cause, ratio)| (cause.name().to_owned(), json!(ratio))).collect();
    let cause = of.main_cause().map(|(cause, _)| cause.name());
    json!({ "ratio": of.ratio, "proposal": of.proposal, "cause": cause, "without": without })
}
