//! `planwright cash`: dated cash flow, working capital, and shared costs by item.

use super::Done;
use super::arguments::{Common, Judged};
use super::outcome::{Exit, Job, findings_json};
use super::plan_files::{PlanFiles, scenario_or_base};
use crate::model::{AllocationKey, CashFlow, CashPeriod, CashSettings, Opening, Plan, ShapleyMethod, SolveStatus};
use crate::pipeline::{self, Output, PipelineError, Settings};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Arguments of `cash`.
#[derive(Debug, Args)]
pub(super) struct Cash {
    #[command(flatten)]
    files: PlanFiles,
    /// Scenario table: lever, scope, change, value
    #[arg(long)]
    scenario: Option<PathBuf>,
    #[command(flatten)]
    judged: Judged,
    /// Share of the holding cost that is paid out, from 0 to 1; the rest is interest on capital tied up
    #[arg(long, default_value_t = CashSettings::default().paid_holding_share)]
    paid_holding: f64,
    /// What customers owe and suppliers are owed on the first day
    #[arg(long, value_enum, default_value_t)]
    opening: From,
    /// CSV file to write the periods to
    #[arg(long)]
    out: PathBuf,
    /// CSV file to write the items' cash to
    #[arg(long)]
    by_item: Option<PathBuf>,
    /// CSV file to write every item's cost to, with its part of what is shared
    #[arg(long)]
    allocation: Option<PathBuf>,
    /// One key to allocate by; all side by side when left out
    #[arg(long, value_enum, requires = "allocation")]
    key: Option<Key>,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Opening debts, as typed.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum From {
    /// The sales of the last days, as far as payment terms reach back
    #[default]
    History,
    Nothing,
}

/// By what shared costs are spread, as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Key {
    Units,
    Volume,
    Weight,
    Value,
    /// Orders or shipments
    Activity,
    Equal,
    Shapley,
}

impl Key {
    fn key(self) -> AllocationKey {
        match self {
            Self::Units => AllocationKey::Units,
            Self::Volume => AllocationKey::Volume,
            Self::Weight => AllocationKey::Weight,
            Self::Value => AllocationKey::Value,
            Self::Activity => AllocationKey::Activity,
            Self::Equal => AllocationKey::Equal,
            Self::Shapley => AllocationKey::Shapley,
        }
    }
}

pub(super) fn run(arguments: &Cash, job: &Job) -> Result<Done, PipelineError> {
    let settings = settings(arguments)?;
    let scenario = scenario_or_base(arguments.scenario.as_deref())?;
    let sources = arguments.files.judged(&arguments.judged);
    let control = &job.control;
    let mut inputs = pipeline::load(&sources, &arguments.files.frequency.read_options(), &control.part(0.0, 0.1))?;
    job.print(&inputs.diagnostics);
    let layered = pipeline::forecast_inputs(&mut inputs, &settings, &control.part(0.1, 0.8))?;
    let plan = pipeline::plan(&inputs, &layered, &scenario, &settings, &control.part(0.8, 1.0))?;
    pipeline::write_output(&Output::Cash(&plan), &arguments.out)?;
    if let Some(path) = &arguments.by_item {
        pipeline::write_output(&Output::CashByItem(&plan), path)?;
    }
    if let Some(path) = &arguments.allocation {
        pipeline::write_output(&Output::Allocation(&plan, arguments.key.map(Key::key)), path)?;
    }
    let infeasible = plan.dispatch.as_ref().is_some_and(|d| d.status == SolveStatus::Infeasible);
    let exit = if infeasible { Exit::Infeasible } else { Exit::Done };
    let mut summary = cash_json(&plan.cash);
    if let Value::Object(members) = &mut summary {
        members.insert("out".into(), json!(arguments.out.display().to_string()));
        members.insert("scenario".into(), json!(plan.scenario));
        members.insert("currency".into(), json!(plan.currency));
        members.insert("allocation".into(), allocation_json(&plan));
        members.insert("findings".into(), findings_json(&plan.diagnostics));
    }
    Ok(Done { summary, exit })
}

/// # Errors
/// [`PipelineError::Failed`] naming the argument that makes no sense.
fn settings(arguments: &Cash) -> Result<Settings, PipelineError> {
    let reconciliation = arguments.judged.reconciliation()?;
    let mut settings = arguments.files.settings(Settings { reconciliation, ..Settings::default() })?;
    if !(0.0..=1.0).contains(&arguments.paid_holding) {
        let given = arguments.paid_holding;
        return Err(PipelineError::Failed(crate::text!(
            "--paid-holding {given} is no share: choose a number from 0 to 1",
            "--paid-holding {given} 不是比例：请取 0 到 1 之间的数"
        )));
    }
    settings.cash = CashSettings {
        paid_holding_share: arguments.paid_holding,
        opening: match arguments.opening {
            From::History => Opening::History,
            From::Nothing => Opening::Nothing,
        },
    };
    Ok(settings)
}

/// The cash flow's figures.
pub(super) fn cash_json(cash: &CashFlow) -> Value {
    let (opening, closing) = (cash.opening, cash.closing());
    json!({
        "sales": cash.sum(|p| p.sales),
        "cash_in": cash.sum(CashPeriod::cash_in),
        "cash_out": cash.sum(CashPeriod::cash_out),
        "cash_net": cash.sum(CashPeriod::net),
        "cash_trough": cash.trough.map_or(0.0, |t| t.need),
        "cash_trough_day": cash.trough.map(|t| t.day.label()),
        "working_capital_opening": opening.total(),
        "working_capital": closing.total(),
        "inventory": closing.inventory,
        "receivables": closing.receivables,
        "payables": closing.payables,
        "dio": cash.inventory_days(),
        "dso": cash.sales_days(),
        "dpo": cash.payables_days(),
        "ccc": cash.conversion_days(),
        "item_locations_without_price": cash.unpriced,
        "notes": cash.notes.iter().map(|n| n.en.clone()).collect::<Vec<String>>(),
    })
}

fn allocation_json(plan: &Plan) -> Value {
    let shared = |cost: &crate::model::SharedCost| {
        let method = match cost.method {
            ShapleyMethod::Exact => json!("exact"),
            ShapleyMethod::Sampled(orders) => json!({ "orders": orders }),
        };
        json!({
            "cost": cost.driver.label().en, "place": &*cost.place, "amount": cost.amount, "items": cost.shares.len(),
            "shapley": method, "note": cost.note.en,
        })
    };
    let sums: serde_json::Map<String, Value> = AllocationKey::ALL
        .into_iter()
        .map(|key| (key.name().to_owned(), json!(plan.allocation.items.iter().map(|i| i.total(key)).sum::<f64>())))
        .collect();
    json!({
        "total_cost": plan.ledger.total(),
        "sum_by_key": sums,
        "shared": plan.allocation.shared.iter().map(shared).collect::<Vec<Value>>(),
    })
}
