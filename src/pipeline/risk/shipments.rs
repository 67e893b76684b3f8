//! The cheapest way round closed sites and lanes.

use super::RiskInputs;
use crate::control::Control;
use crate::model::{DemandLine, DispatchPlan, DisruptedShipments, Disruption, Network, Period, SolveStatus};
use crate::pipeline::{DispatchSettings, PipelineError, customer_demand, dispatch};
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Dispatches the periods in which something is closed without what is closed; `None` where nothing is, or without a network.
pub(super) fn shipments(
    inputs: &RiskInputs,
    cards: &[&Disruption],
    notes: &mut Vec<Text>,
    control: &Control,
) -> Result<Option<DisruptedShipments>, PipelineError> {
    let plan = &*inputs.plan;
    if cards.is_empty() {
        return Ok(None);
    }
    let Some(planned) = &plan.dispatch else {
        notes.push(Text::new("There is no network to close anything in", "没有配送网络，无法关闭仓库或线路"));
        return Ok(None);
    };
    let closed = closed_by_period(inputs, cards);
    if closed.is_empty() {
        notes.push(Text::new("The network has no such site or lane", "网络中没有该仓库或线路"));
        return Ok(None);
    }
    let (demand, _) = customer_demand(&plan.network, plan.forecasts.iter().map(crate::model::SeriesForecast::best));
    let mut found =
        DisruptedShipments { cost_before: 0.0, cost_after: 0.0, unmet_before: 0.0, unmet_after: 0.0, proven: true };
    let share = 1.0 / closed.len() as f64;
    for (k, (lanes, periods)) in closed.iter().enumerate() {
        let touched = |period: Period| periods.contains(&period);
        let (cost, unmet) = cost_of(planned, touched);
        let lines: Vec<DemandLine> = demand.iter().filter(|line| touched(line.period)).cloned().collect();
        let settings = DispatchSettings { seconds: inputs.dispatch_seconds * share, must_meet: false };
        let part = control.part(k as f64 * share, (k + 1) as f64 * share);
        let around = dispatch(Arc::new(without(&plan.network, lanes)), lines, &settings, &part)?;
        found.cost_before += cost;
        found.unmet_before += unmet;
        found.cost_after += around.objective;
        found.unmet_after += around.unmet_quantity();
        found.proven &= around.status == SolveStatus::Optimal;
    }
    notes.push(Text::new(
        "A closure moves shipments only: stock that lies at a closed site isn't written off",
        "关闭只影响发运：关闭仓库内的库存不作损失",
    ));
    Ok(Some(found))
}

/// Lanes closed, by index, and the periods in which just these are.
fn closed_by_period(inputs: &RiskInputs, cards: &[&Disruption]) -> BTreeMap<Vec<usize>, Vec<Period>> {
    let plan = &*inputs.plan;
    let horizon = plan.forecasts.first().map_or(0, |f| f.best().mean.len());
    let mut closed: BTreeMap<Vec<usize>, Vec<Period>> = BTreeMap::new();
    for step in 0..horizon {
        let closes =
            |lane: &crate::model::Lane| cards.iter().any(|c| c.steps(horizon).contains(&step) && c.closes(lane));
        let lanes: Vec<usize> = (0..plan.network.lanes.len()).filter(|k| closes(&plan.network.lanes[*k])).collect();
        if !lanes.is_empty() {
            closed.entry(lanes).or_default().push(plan.start().plus(step as i64));
        }
    }
    closed
}

/// The network without some of its lanes. Penalties of unmet demand stay what they were: they may hang on a lane that is gone.
fn without(network: &Network, lanes: &[usize]) -> Network {
    let mut left = network.clone();
    for customer in &mut left.customers {
        customer.unmet_cost = Some(network.unmet_cost(customer));
    }
    let mut k = 0;
    left.lanes.retain(|_| {
        k += 1;
        !lanes.contains(&(k - 1))
    });
    left
}

/// Money and unmet units of a plan in some periods.
fn cost_of(plan: &DispatchPlan, touched: impl Fn(Period) -> bool) -> (f64, f64) {
    let goods = plan.shipments.iter().filter(|s| touched(s.period)).map(|s| s.quantity * s.unit_cost).sum::<f64>();
    let trips = plan.trips.iter().filter(|t| touched(t.period)).map(|t| t.count * t.trip_cost).sum::<f64>();
    let unmet = || plan.unmet.iter().filter(|u| touched(u.period));
    let penalty = unmet().map(|u| u.quantity * u.unit_cost).sum::<f64>();
    (goods + trips + penalty, unmet().map(|u| u.quantity).sum::<f64>() + 0.0)
}
