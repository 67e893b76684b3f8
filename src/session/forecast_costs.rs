//! What forecasts would have cost: of the item shown at once, of all items beside the frame.

use super::beside::{Beside, Made};
use super::job::{Job, Outcome};
use super::worker::Wake;
use super::{Focus, Session};
use crate::control::{Cancelled, Control};
use crate::model::{ForecastCosts, Plan, SeriesCost, StockPolicy};
use crate::pipeline;
use std::sync::{Arc, OnceLock};

/// What is known of the cost of all items' forecasts; [`Command::CostForecasts`](super::Command::CostForecasts) asks for it, once
/// there is a plan.
pub type PanelCosts<'a> = Made<'a, Arc<ForecastCosts>>;

/// The costs of the item shown: worked out in the first frame that looks at them, some milliseconds, and made anew with the
/// item's live numbers. A drag pays for them only while they are looked at.
#[derive(Debug, Clone)]
pub(super) struct ItemCosts {
    policy: StockPolicy,
    found: OnceLock<Option<SeriesCost>>,
}

impl ItemCosts {
    /// Nothing worked out yet.
    pub(super) fn new(policy: StockPolicy) -> Self {
        Self { policy, found: OnceLock::new() }
    }
}

/// What costs of all items are made of: the same allocation is the same plan.
#[derive(Debug, Clone)]
pub(super) struct CostsOf {
    plan: Arc<Plan>,
    policy: StockPolicy,
}

impl CostsOf {
    pub(super) fn cost(&self, control: &Control) -> Result<ForecastCosts, Cancelled> {
        pipeline::forecast_costs(&self.plan.forecasts, &self.plan.items, self.policy, control)
    }
}

impl PartialEq for CostsOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.plan, &other.plan) && self.policy == other.policy
    }
}

/// Costs kept: undo and redo find the former ones.
const MOST_COSTS: usize = 4;

pub(super) type LatestCosts = Beside<CostsOf, Arc<ForecastCosts>>;

pub(super) fn latest_costs(wake: Wake) -> LatestCosts {
    let take = |outcome| match outcome {
        Outcome::ForecastCosts(costs) => Some(costs),
        _ => None,
    };
    Beside::new(wake, take, MOST_COSTS)
}

impl Session {
    /// What each model of the item shown would have led to over the backtest, with its master data as it is now; `None` without a
    /// backtest.
    pub fn forecast_cost(&self) -> Option<&SeriesCost> {
        let Focus { series, item, costs, .. } = self.focus.as_ref()?;
        costs.found.get_or_init(|| pipeline::series_cost(series, item, costs.policy)).as_ref()
    }

    /// What each model would have led to over all items, with the master data of the plan shown.
    pub fn forecast_costs(&self) -> PanelCosts<'_> {
        self.costs.get()
    }

    /// Turns to the plan shown, once it is the active scenario's with the present settings.
    pub(super) fn turn_costs(&mut self) {
        match &self.shown {
            None => self.costs.turn_to(None),
            Some((_, plan)) if self.shows_active_plan() => {
                let (plan, policy) = (plan.clone(), self.project().settings.policy);
                self.costs.turn_to(Some(CostsOf { plan, policy }));
            }
            Some(_) => {}
        }
    }

    pub(super) fn cost_forecasts(&mut self) {
        self.costs.ask(|of| Job::ForecastCosts(Box::new(of.clone())));
    }
}
