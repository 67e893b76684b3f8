//! Plan + history → risk: expected loss, disruptions, bullwhip, alerts and how warnings would have done.

mod base;
mod disruptions;
mod orders;
mod shipments;

use super::PipelineError;
use crate::control::Control;
use crate::model::{
    Alert, DisruptedItem, Disruption, DisruptionResult, Exposure, Item, Plan, Risk, RiskBook, SeriesId, StockPolicy,
};
use crate::risk::{self, AlertFacts};
use crate::words::Text;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What risk is made of.
#[derive(Debug, Clone)]
pub struct RiskInputs {
    /// The plan.
    pub plan: Arc<Plan>,
    /// The policy it was made with.
    pub policy: StockPolicy,
    /// Seconds that dispatch around a closure may take.
    pub dispatch_seconds: f64,
    /// Seed of everything random.
    pub seed: u64,
    /// Thresholds, cards, what became of alerts.
    pub book: RiskBook,
    /// Mean days from order to receipt, where receipts say them.
    pub learnt_lead_days: Arc<BTreeMap<SeriesId, f64>>,
    /// Risk of the same plan by other cards or thresholds: what still holds of it isn't made again.
    pub known: Option<Arc<Risk>>,
}

impl RiskInputs {
    /// Of a plan, by the settings it was made with; with what receipts say where it was made with some.
    pub fn new(plan: Arc<Plan>, settings: &super::Settings, book: RiskBook) -> Self {
        Self {
            learnt_lead_days: Arc::new(learnt_lead_days(&plan)),
            plan,
            policy: settings.policy,
            dispatch_seconds: settings.dispatch_seconds,
            seed: settings.seed,
            book,
            known: None,
        }
    }
}

/// Mean days from order to receipt of each item with enough of them.
fn learnt_lead_days(plan: &Plan) -> BTreeMap<SeriesId, f64> {
    let Some(report) = plan.lead_times.as_deref() else { return BTreeMap::new() };
    let known = |item: &Item| {
        let learnt = report.learnt.get(&item.id).filter(|learnt| learnt.is_known)?;
        Some((item.id.clone(), learnt.mean_days))
    };
    plan.items.iter().filter_map(known).collect()
}

/// Everything that may go wrong with a plan.
///
/// # Errors
/// [`PipelineError::Cancelled`], and [`PipelineError::Failed`] when dispatch around a closure breaks down.
pub fn risk(inputs: &RiskInputs, control: &Control) -> Result<Risk, PipelineError> {
    let known = inputs.known.as_deref();
    let base = match known {
        Some(known) => known.base.clone(),
        None => Arc::new(base::base(inputs, &control.part(0.0, 0.5))?),
    };
    let active: Vec<Disruption> =
        inputs.book.disruptions.iter().filter(|d| d.active).map(|d| d.clone().sound()).collect();
    let sets: Vec<Vec<Disruption>> = active.iter().map(|card| vec![card.clone()]).collect();
    let found = |cards: &[Disruption]| {
        let known = known?;
        let all = known.disruptions.iter().chain(&known.together);
        all.into_iter().find(|result| result.cards == cards).cloned()
    };
    let share = 0.45 / (sets.len() + 1) as f64;
    let made = |cards: &[Disruption], k: usize| {
        if let Some(result) = found(cards) {
            return Ok(result);
        }
        let from = 0.5 + k as f64 * share;
        disruptions::disrupt(inputs, cards, &control.part(from, from + share)).map(Arc::new)
    };
    let mut disruptions = Vec::with_capacity(sets.len());
    for (k, cards) in sets.iter().enumerate() {
        disruptions.push(made(cards, k)?);
    }
    let together = if active.len() > 1 { Some(made(&active, sets.len())?) } else { None };
    let alerts = Arc::new(queue(inputs, &base, &disruptions));
    let marks = inputs.book.marks.clone();
    Ok(Risk { start: inputs.plan.start(), base, disruptions, together, alerts, marks })
}

/// The plan with its risk: what a workbook is written of.
///
/// # Errors
/// As [`risk()`].
pub fn assessed(inputs: &RiskInputs, control: &Control) -> Result<Plan, PipelineError> {
    let risk = Arc::new(risk(inputs, control)?);
    Ok(Plan { risk: Some(risk), ..(*inputs.plan).clone() })
}

/// Alerts of all items, ranked.
fn queue(inputs: &RiskInputs, base: &crate::model::RiskBase, disruptions: &[Arc<DisruptionResult>]) -> Vec<Alert> {
    let plan = &*inputs.plan;
    let exposed = exposed(disruptions);
    let of_item = |k: usize| {
        let (item, series) = (&plan.items[k], &plan.forecasts[k]);
        let facts = AlertFacts {
            item,
            forecast: series.best(),
            stock: &plan.stock[k],
            risk: &base.items[k],
            history: plan.panel.get(&series.id).map_or(&[], |s| &s.values),
            learnt_lead_days: inputs.learnt_lead_days.get(&series.id).copied(),
            exposed: exposed.get(&series.id).copied(),
        };
        risk::alerts(&facts, &inputs.book.alerts)
    };
    let count = plan.items.len().min(base.items.len());
    let all: Vec<Vec<Alert>> = (0..count).into_par_iter().map(of_item).collect();
    risk::ranked(all.into_iter().flatten().collect())
}

/// Items that a card likely empties the shelf of, each with the dearest card.
fn exposed(disruptions: &[Arc<DisruptionResult>]) -> BTreeMap<&SeriesId, (&DisruptedItem, &Text)> {
    let mut exposed: BTreeMap<&SeriesId, (&DisruptedItem, &Text)> = BTreeMap::new();
    for result in disruptions {
        for item in result.items.iter().filter(|i| i.exposure == Exposure::Likely) {
            let known = exposed.entry(&item.id).or_insert((item, &result.label));
            if item.money > known.0.money {
                *known = (item, &result.label);
            }
        }
    }
    exposed
}

/// An item's times in periods of its plan.
#[derive(Debug, Clone, Copy)]
struct Times {
    /// Lead time.
    lead: f64,
    /// Review period.
    review: f64,
}

/// No lead time is longer, periods: beyond any horizon.
const LONGEST: f64 = 1e5;

impl Times {
    fn new(item: &Item, days: f64) -> Self {
        let periods = |x: f64| if x > 0.0 && x.is_finite() { (x / days).min(LONGEST) } else { 0.0 };
        Self { lead: periods(item.lead_time_days), review: periods(item.review_period_days) }
    }

    /// Whole periods until an order arrives, at least 1.
    fn whole_lead(self) -> usize {
        whole(self.lead).max(1)
    }

    /// Whole periods between two looks at the stock, at least 1.
    fn whole_review(self) -> usize {
        whole(self.review).max(1)
    }
}

/// Periods rounded up; lengths this close to a whole number are whole.
fn whole(periods: f64) -> usize {
    (periods - 1e-6).ceil().max(0.0) as usize
}
