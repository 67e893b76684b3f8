//! Cards → what they would do to stock and shipments.

use super::super::segments::stock_policy;
use super::shipments::shipments;
use super::{LONGEST, RiskInputs, Times, whole};
use crate::control::{Cancelled, Control};
use crate::inventory::{Disturbance, walk_disturbed};
use crate::model::{DisruptedItem, Disruption, DisruptionKind, DisruptionResult, LossBasis};
use crate::pipeline::PipelineError;
use crate::risk::{self, Walks};
use crate::text;
use crate::words::Text;
use rayon::prelude::*;

/// What the cards would do, all at once.
pub(super) fn disrupt(
    inputs: &RiskInputs,
    cards: &[Disruption],
    control: &Control,
) -> Result<DisruptionResult, PipelineError> {
    let plan = &*inputs.plan;
    let horizon = plan.forecasts.first().map_or(0, |f| f.best().mean.len());
    control.report(0.0, &Text::new("Walking through disruptions", "推演中断情形"))?;
    let touched: Vec<(usize, Vec<&Disruption>)> = (0..plan.items.len())
        .map(|k| (k, cards.iter().filter(|c| c.touches(&plan.items[k]) && !c.steps(horizon).is_empty()).collect()))
        .filter(|(_, cards): &(usize, Vec<&Disruption>)| !cards.is_empty())
        .collect();
    let one = |(k, cards): &(usize, Vec<&Disruption>)| {
        control.check()?;
        Ok(item(inputs, *k, cards))
    };
    let mut items: Vec<DisruptedItem> = touched.par_iter().map(one).collect::<Result<_, Cancelled>>()?;
    items.sort_by(|a, b| b.money.total_cmp(&a.money).then_with(|| a.id.cmp(&b.id)));
    let network: Vec<&Disruption> = cards.iter().filter(|c| c.is_of_network()).collect();
    let mut notes = notes(inputs, cards, horizon, items.len());
    let shipments = shipments(inputs, &network, &mut notes, &control.part(0.5, 1.0))?;
    let units: f64 = items.iter().map(|i| i.short_after - i.short_before).sum::<f64>() + 0.0;
    let (unmet, spent) =
        shipments.as_ref().map_or((0.0, 0.0), |s| (s.unmet_after - s.unmet_before, s.cost_after - s.cost_before));
    Ok(DisruptionResult {
        cards: cards.to_vec(),
        label: label(cards, plan.start()),
        units: units + unmet,
        money: items.iter().map(|i| i.money).sum::<f64>() + spent,
        fill_before: fill(&items, |i| i.fill_before),
        fill_after: fill(&items, |i| i.fill_after),
        items,
        shipments,
        notes,
    })
}

fn label(cards: &[Disruption], start: crate::model::Period) -> Text {
    match cards {
        [card] => card.label(start),
        _ => Text::new("All active cards together", "所有启用的情形同时发生"),
    }
}

/// Share of all items' demand served; 1 where there is none.
fn fill(items: &[DisruptedItem], of: impl Fn(&DisruptedItem) -> f64) -> f64 {
    let demand: f64 = items.iter().map(|i| i.demand).sum();
    if demand > 0.0 { items.iter().map(|i| of(i) * i.demand).sum::<f64>() / demand } else { 1.0 }
}

fn item(inputs: &RiskInputs, k: usize, cards: &[&Disruption]) -> DisruptedItem {
    let plan = &*inputs.plan;
    let (item, forecast) = (&plan.items[k], plan.forecasts[k].best());
    let (horizon, days) = (forecast.mean.len(), forecast.start.frequency().days());
    let policy = stock_policy(item, inputs.policy);
    let walk = |disturbance: &Disturbance| walk_disturbed(forecast, item, &policy, disturbance);
    let (mut ending, mut endless) = (Disturbance::default(), Disturbance::default());
    let (mut first, mut last, mut normal) = (horizon, 0, 0);
    let times = Times::new(item, days);
    for card in cards {
        let from = card.from.max(1) - 1;
        let until = from.saturating_add(card.periods);
        let extra = match card.kind {
            DisruptionKind::SupplyStops => {
                ending.supply_stops.push(from..until);
                endless.supply_stops.push(from..usize::MAX);
                card.periods.saturating_add(whole(times.lead))
            }
            DisruptionKind::Late(late) => {
                ending.late.push((from..until, late));
                endless.late.push((from..usize::MAX, late));
                whole((times.lead + late / days).min(LONGEST))
            }
            DisruptionKind::DemandTimes(k) => {
                ending.demand.push((from..until, k));
                endless.demand.push((from..usize::MAX, k));
                card.periods
            }
            DisruptionKind::Closed => 0,
        };
        (first, last) = (first.min(from), last.max(until.min(horizon)));
        normal = normal.max(from.saturating_add(extra));
    }
    let (before, after, never) = (walk(&Disturbance::default()), walk(&ending), walk(&endless));
    let walks = Walks { before: &before, after: &after, endless: &never };
    risk::disrupted_item(item, &walks, first..last, normal.saturating_sub(first))
}

fn notes(inputs: &RiskInputs, cards: &[Disruption], horizon: usize, items: usize) -> Vec<Text> {
    let plan = &*inputs.plan;
    let mut notes = Vec::new();
    if cards.iter().any(|c| c.kind == DisruptionKind::SupplyStops) {
        notes.push(Text::new(
            "Orders placed while supply stops are held back and leave when it is over; goods under way before still arrive",
            "断供期间下的订单在恢复后才发货；此前已在途的货物照常到达",
        ));
    }
    for card in cards.iter().filter(|c| c.steps(horizon).is_empty()) {
        let label = card.label(plan.start());
        let (en, zh) = (&label.en, &label.zh);
        notes.push(text!("{en}: lies beyond the horizon of {horizon} periods", "{zh}：超出 {horizon} 期的计划期"));
    }
    if items == 0 && cards.iter().any(|c| !c.is_of_network()) {
        notes.push(Text::new(
            "No item is touched: look at supplier, category or item",
            "没有商品受影响：请检查供应商、类别或商品",
        ));
    }
    let touched = |k: &usize| cards.iter().any(|c| c.touches(&plan.items[*k]));
    let worthless = (0..plan.items.len()).filter(touched).filter(|k| LossBasis::of(&plan.items[*k]).0 <= 0.0).count();
    if worthless > 0 {
        notes.push(text!(
            "{worthless} items have neither shortage cost nor margin: their units short count no money",
            "{worthless} 个商品既无缺货成本也无毛利：其缺货不计金额"
        ));
    }
    notes
}
