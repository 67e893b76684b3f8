//! Two scenarios against each other, worked out beside the frame: differences down to the item, and the bridge of cost.

use super::beside::{Beside, Made};
use super::job::{Bridging, Job, Named, Outcome};
use super::results::PlanKey;
use super::worker::Wake;
use super::{Session, inputs};
use crate::model::{CostBridge, Plan, Scenario};
use crate::pipeline::{Comparison, Inputs};
use std::sync::Arc;

/// What is known of two scenarios' differences; [`Command::CompareScenarios`](super::Command::CompareScenarios) asks for them, once
/// both are planned.
pub type Compared<'a> = Made<'a, Arc<Comparison>>;
/// What is known of the bridge of cost; [`Command::BridgeCosts`](super::Command::BridgeCosts) asks for it, once both are planned.
pub type Bridged<'a> = Made<'a, Arc<CostBridge>>;

/// Both names and what both plans were made of.
pub(super) type PairKey = [(String, PlanKey); 2];
pub(super) type LatestComparison = Beside<PairKey, Arc<Comparison>>;
pub(super) type LatestBridge = Beside<PairKey, Arc<CostBridge>>;

/// Pairs kept: going back to one shows it at once.
const MOST_PAIRS: usize = 4;

pub(super) fn latest_comparison(wake: Wake) -> LatestComparison {
    let take = |outcome| match outcome {
        Outcome::Compared(made) => Some(Arc::new(made)),
        _ => None,
    };
    Beside::new(wake, take, MOST_PAIRS)
}

pub(super) fn latest_bridge(wake: Wake) -> LatestBridge {
    let take = |outcome| match outcome {
        Outcome::Bridge(made) => Some(Arc::new(made)),
        _ => None,
    };
    Beside::new(wake, take, MOST_PAIRS)
}

impl Session {
    /// The plan of a scenario, when it was computed with the present data and settings.
    pub fn plan_of(&self, scenario: &str) -> Option<&Arc<Plan>> {
        self.results.plan(&self.plan_key(self.project().scenario(scenario)?)?)
    }

    /// True when a scenario's plan was asked for besides the active one's.
    pub fn is_wanted(&self, scenario: &str) -> bool {
        self.compared.contains(scenario) || self.project().active == scenario
    }

    /// What differs between two scenarios with the present data and settings, down to the item.
    pub fn compared(&self, first: &str, second: &str) -> Compared<'_> {
        known(&self.comparisons, self.pair(first, second).as_ref())
    }

    /// Which changes explain how much of the difference in cost between two scenarios.
    pub fn bridge(&self, first: &str, second: &str) -> Bridged<'_> {
        known(&self.bridges, self.pair(first, second).as_ref())
    }

    pub(super) fn compare_scenarios(&mut self, first: &str, second: &str) {
        let Some(key) = self.pair(first, second) else { return };
        let (Some(a), Some(b)) = (self.plan_of(first).cloned(), self.plan_of(second).cloned()) else { return };
        let named = |name: &str, plan| Box::new(Named { name: name.to_owned(), plan });
        let job = Job::Compare(named(first, a), named(second, b));
        self.comparisons.turn_to(Some(key));
        self.comparisons.ask(|_| job);
    }

    pub(super) fn bridge_costs(&mut self, first: &str, second: &str) {
        let Some(key) = self.pair(first, second) else { return };
        let planned = |name: &str| -> Option<(Scenario, Arc<Plan>)> {
            Some((self.project().scenario(name)?.clone(), self.plan_of(name)?.clone()))
        };
        let (Some(first), Some(second)) = (planned(first), planned(second)) else { return };
        let project = self.history.project();
        let (Some(sales), Some(forecasts)) = (&project.sales, self.history.forecast_key()) else { return };
        let Some(layered) = self.results.layered(project, sales, &forecasts) else { return };
        let panel = self.results.adjusted.new_items(project, sales, &forecasts).sold.clone();
        let learnt = self.learnt.get().ready().cloned();
        let (inputs, settings) = (Inputs { learnt, ..inputs(project, sales, &panel) }, project.settings.clone());
        self.bridges.turn_to(Some(key));
        self.bridges.ask(|_| Job::Bridge(Box::new(Bridging { inputs, layered, first, second, settings })));
    }

    fn pair(&self, first: &str, second: &str) -> Option<PairKey> {
        let one = |name: &str| Some((name.to_owned(), self.plan_key(self.project().scenario(name)?)?));
        Some([one(first)?, one(second)?])
    }
}

fn known<'a, T>(made: &'a Beside<PairKey, T>, key: Option<&PairKey>) -> Made<'a, T> {
    if key.is_some() && made.shown() == key { made.get() } else { Made::Missing }
}
