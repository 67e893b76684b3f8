//! Why an order, why then and why this much, in both languages.

use super::decide::Decision;
use super::explain::number;
use super::proposal::Proposed;
use super::simulate::{ReviewMoment, gamma_quantile};
use crate::model::{Forecast, Item, Period, Policy};
use crate::text;
use crate::words::Text;

/// What is explained.
pub(super) struct Reason<'a> {
    /// The order.
    pub order: &'a Proposed,
    /// Its period.
    pub order_period: Period,
    /// When stock runs out without it.
    pub breach: Option<Period>,
}

/// Trigger, size, rounding, what happens without it, and which demand it serves.
pub(super) fn why(forecast: &Forecast, item: &Item, decision: &Decision, reason: &Reason<'_>) -> Text {
    let parts = [
        trigger(decision, reason),
        size(decision, reason.order),
        rounding(item, decision, reason.order),
        without(reason),
        lead_time(decision),
        demand(forecast, decision, reason),
    ];
    let join = |of: fn(&Text) -> &String| parts.iter().map(of).filter(|p| !p.is_empty()).cloned().collect::<String>();
    Text::new(join(|p| &p.en), join(|p| &p.zh))
}

fn trigger(decision: &Decision, reason: &Reason<'_>) -> Text {
    let (order, period) = (reason.order, reason.order_period.label());
    let (position, level) = (number(order.position), number(order.levels.reorder_point));
    if decision.inputs.policy == Policy::Newsvendor {
        return text!(
            "The one order for the whole horizon: stock and open orders are {position}",
            "整个计划期只订一次：库存加在途共 {position}"
        );
    }
    if order.opening {
        return text!(
            "Stock and open orders, {position}, are at or below the reorder point {level} already at the start",
            "期初库存加在途共 {position}，已不高于再订货点 {level}"
        );
    }
    if decision.setting.moment == ReviewMoment::AfterDemand {
        return text!(
            "Stock and open orders fall to {position} in {period}, at or below the reorder point {level}",
            "{period} 库存加在途降至 {position}，不高于再订货点 {level}"
        );
    }
    text!(
        "At the review in {period} stock and open orders are {position}, at or below the reorder point {level}",
        "{period} 盘点时库存加在途为 {position}，不高于再订货点 {level}"
    )
}

fn size(decision: &Decision, order: &Proposed) -> Text {
    let quantity = number(order.quantity);
    if decision.inputs.policy == Policy::ReorderLot {
        let lot = number(decision.setting.lot.multiple);
        let lots = number((order.quantity / decision.setting.lot.multiple).round());
        return text!(
            "; {lots} × the lot {lot} lifts them above it: {quantity}",
            "；{lots} × 批量 {lot} 补到其上：{quantity}"
        );
    }
    let (max, wished) = (number(order.levels.max_level), number(order.levels.max_level - order.position));
    text!("; up to the max level {max} takes {wished}", "；补到最高库存 {max} 需 {wished}")
}

fn rounding(item: &Item, decision: &Decision, order: &Proposed) -> Text {
    let wish = order.levels.max_level - order.position;
    let is_as_wished = order.quantity - wish <= 1e-9 * wish.abs();
    if is_as_wished || decision.inputs.policy == Policy::ReorderLot {
        return Text::default();
    }
    let lot = decision.inputs.lot;
    let (moq, multiple, quantity) = (number(lot.moq), number(lot.multiple), number(order.quantity));
    let plain = super::LotRule { container: 0.0, ..lot }.round_up(wish);
    if order.quantity > plain * (1.0 + 1e-9) {
        let (plain, container) = (number(plain), number(lot.container));
        return text!(
            ", rounded to {plain} and raised to fill the last container of {container}: {quantity}",
            "，取整为 {plain} 后装满最后一个 {container} 件的集装箱：{quantity}"
        );
    }
    let is_pallet = item.pallet > 0.0;
    match (lot.moq > wish, lot.multiple > 0.0) {
        (true, true) => text!(
            ", raised to the smallest order {moq} in multiples of {multiple}: {quantity}",
            "，按最小起订量 {moq}、整倍数 {multiple} 取 {quantity}"
        ),
        (true, false) => text!(", raised to the smallest order: {quantity}", "，按最小起订量取 {quantity}"),
        (false, _) if is_pallet => {
            let pallets = number((order.quantity / item.pallet).round());
            text!(", rounded up to {pallets} whole pallets: {quantity}", "，向上取整为 {pallets} 个整托盘：{quantity}")
        }
        _ => text!(", rounded up to a multiple of {multiple}: {quantity}", "，按整倍数 {multiple} 向上取 {quantity}"),
    }
}

fn without(reason: &Reason<'_>) -> Text {
    match reason.breach {
        Some(period) => {
            let period = period.label();
            text!(". Without it stock runs out in {period} on the forecast", "。若不订，按预测 {period} 将断货")
        }
        None => {
            text!(". Without it stock still lasts the horizon on the forecast", "。若不订，按预测库存仍可撑完计划期")
        }
    }
}

/// A chance that people call safe.
const SURE: f64 = 0.95;

fn lead_time(decision: &Decision) -> Text {
    let inputs = &decision.inputs;
    let days = number(inputs.lead * inputs.period_days);
    if inputs.lead_sd <= 0.0 {
        return text!(". It takes {days} days", "。交期 {days} 天");
    }
    let late = number(gamma_quantile(inputs.lead, inputs.lead_sd, SURE) * inputs.period_days);
    text!(
        ". It takes {days} days on the mean, {late} at most in 95 % of cases",
        "。平均交期 {days} 天，95% 的情况下不超过 {late} 天"
    )
}

fn demand(forecast: &Forecast, decision: &Decision, reason: &Reason<'_>) -> Text {
    let first = reason.order.period
        + usize::from(!reason.order.opening && decision.setting.moment == ReviewMoment::AfterDemand);
    let length = decision.inputs.protection().ceil().max(1.0) as usize;
    let steps = forecast.mean.get(first..).unwrap_or_default();
    let steps = &steps[..length.min(steps.len())];
    if steps.is_empty() {
        return Text::default();
    }
    let (from, model) = (forecast.start.plus(first as i64), &forecast.model);
    let (from, to) = (from.label(), from.plus(steps.len() as i64 - 1).label());
    let units = number(steps.iter().map(|d| d.max(0.0)).sum());
    text!(
        ". The reorder point covers the demand of {from} to {to}: {units} by {model}",
        "。再订货点覆盖 {from} 至 {to} 的需求：{model} 预测 {units}"
    )
}
