//! Where an item's settings mislead, in plain words.

use super::decide::{Decision, Numbers, set};
use super::explain::number;
use super::inputs::{Inputs, WHOLE};
use crate::model::{Forecast, Item, Policy, ReorderRule, SERVICE_LEVEL_RANGE, StockPolicy, Stocking};
use crate::text;
use crate::words::Text;

/// All warnings about one plan, gravest first; `short` is units short per period when demand is the mean.
pub(super) fn gather(
    forecast: &Forecast,
    item: &Item,
    policy: StockPolicy,
    decision: &Decision,
    short: &[f64],
) -> Vec<Text> {
    let Decision { inputs, numbers, .. } = decision;
    let mut list = Vec::new();
    list.extend(backlog(inputs));
    list.extend(late(forecast, inputs, short));
    list.extend(no_lead_time(inputs));
    list.extend(spoils(numbers));
    list.extend(smallest_order_above_max(item, inputs));
    // What is bought to order is meant to have no stock.
    let is_stocked = item.stocking == Stocking::Stocked;
    list.extend(max_below_reorder_point(numbers).filter(|_| is_stocked));
    if policy.rule == ReorderRule::MaxLevel || (set(item.max_level).is_some() && is_stocked) {
        list.extend(max_rule_out_of_range(numbers));
    }
    if policy.rule == ReorderRule::MaxLevel {
        list.extend(max_rule_lead_time(inputs));
    }
    list.extend(beyond_horizon(inputs));
    list.extend(service_level(item));
    list.extend(review_ignored(item));
    list.extend(no_paths(forecast));
    list
}

fn backlog(inputs: &Inputs) -> Option<Text> {
    let waiting = number(-inputs.on_hand);
    (inputs.on_hand < 0.0).then(|| {
        text!(
            "Stock on hand is negative: {waiting} units are taken as owed to customers and served first",
            "现有库存为负：视为欠客户 {waiting} 件，到货后优先交付"
        )
    })
}

fn no_lead_time(inputs: &Inputs) -> Option<Text> {
    let sd = number(inputs.lead_sd);
    if inputs.lead > 0.0 || inputs.policy == Policy::Newsvendor {
        return None;
    }
    Some(if inputs.lead_sd > 0.0 {
        text!(
            "The lead time is 0 but its deviation is {sd} periods: a deviation needs a mean; enter the lead time in the \
             item file",
            "提前期为 0 而标准差为 {sd} 期：有波动就应有均值；请在商品资料中填写提前期"
        )
    } else {
        text!(
            "The lead time is 0: goods are taken to arrive as they are ordered; enter it in the item file if they don't",
            "提前期为 0：按下单即到货计算；若非如此请在商品资料中填写"
        )
    })
}

fn spoils(numbers: &Numbers) -> Option<Text> {
    let life = numbers.shelf_life?;
    let (periods, cap, waste) = (number(life.periods), number(life.cap), number(life.waste));
    (numbers.max_level >= life.cap * (1.0 - 1e-9)).then(|| {
        text!(
            "The shelf life of {periods} periods lowers levels to {cap}, what is sold in that time on the mean; about \
             {waste} units of an order still expire",
            "保质期 {periods} 期将库存水平限制在 {cap}（该时间内的平均销量）；每次订货仍约有 {waste} 件过期"
        )
    })
}

fn smallest_order_above_max(item: &Item, inputs: &Inputs) -> Option<Text> {
    let max_level = set(item.max_level)?;
    let smallest = inputs.lot.round_up(inputs.lot.moq);
    let (max, least) = (number(max_level), number(smallest));
    (smallest > max_level).then(|| {
        text!(
            "The smallest order, {least}, exceeds the max level {max}: every order overshoots it; raise the max level or \
             agree on smaller orders",
            "最小起订量 {least} 超过最高库存 {max}：每次订货都会超出；请提高最高库存或协商更小的起订量"
        )
    })
}

fn review_ignored(item: &Item) -> Option<Text> {
    let days = number(item.review_period_days);
    let continuous = matches!(item.policy, Policy::ReorderLot | Policy::ReorderUpTo | Policy::BaseStock);
    let name = item.policy.label();
    (continuous && item.review_period_days > 0.0).then(|| {
        let (en, zh) = (&name.en, &name.zh);
        Text::new(
            format!(
                "{en} looks at stock all the time, so the review period of {days} days doesn't count; choose (R, S) or \
                 (R, s, S) to keep to it"
            ),
            format!("{zh} 为连续盘点，{days} 天的盘点周期不起作用；如需按周期盘点请选择 (R, S) 或 (R, s, S)"),
        )
    })
}

/// A share of demand too small to speak of.
const NEGLIGIBLE_SHARE: f64 = 1e-6;

fn late(forecast: &Forecast, inputs: &Inputs, short: &[f64]) -> Option<Text> {
    let out = short.iter().position(|&s| s > NEGLIGIBLE_SHARE * inputs.demand)?;
    let label = forecast.start.plus(out as i64).label();
    (out as f64 + WHOLE < inputs.lead).then(|| {
        text!(
            "Stock runs out in {label} if demand follows the forecast, before an order placed now can arrive: expedite",
            "若需求与预测一致，{label} 将断货，早于现在下单的到货时间：请加急"
        )
    })
}

fn max_below_reorder_point(numbers: &Numbers) -> Option<Text> {
    let (max, point) = (number(numbers.max_level), number(numbers.reorder_point));
    (numbers.max_level < numbers.reorder_point * (1.0 - 1e-9)).then(|| {
        text!(
            "Max level {max} is below the reorder point {point}: an order can't lift stock to what the lead time needs; \
             raise the max level or lower the safety stock",
            "最高库存 {max} 低于再订货点 {point}：补货后仍不足以覆盖提前期；请提高最高库存或降低安全库存"
        )
    })
}

fn max_rule_out_of_range(numbers: &Numbers) -> Option<Text> {
    let (r, max) = (number(numbers.reorder_point_max_rule), number(numbers.max_level));
    if numbers.reorder_point_max_rule < 0.0 {
        return Some(text!(
            "The max-level rule gives a negative reorder point, {r}: demand of one period exceeds max level and safety \
             stock together, so stock runs out before an order is placed; use the standard reorder point",
            "最高库存法得出的再订货点为负（{r}）：一期需求超过最高库存与安全库存之和，订货前就会断货；请使用标准再订货点"
        ));
    }
    (numbers.reorder_point_max_rule > numbers.max_level * (1.0 + 1e-9)).then(|| {
        text!(
            "The max-level rule gives a reorder point of {r}, above the max level {max}: safety stock exceeds one \
             period's demand, so every review orders; use the standard reorder point",
            "最高库存法得出的再订货点 {r} 高于最高库存 {max}：安全库存超过一期需求，每次盘点都会订货；请使用标准再订货点"
        )
    })
}

fn max_rule_lead_time(inputs: &Inputs) -> Option<Text> {
    let lead = number(inputs.lead);
    ((inputs.lead - 1.0).abs() > 0.01).then(|| {
        text!(
            "The max-level rule takes no account of lead time: it fits goods that arrive in the next period, and here \
             they take {lead} periods; use the standard reorder point",
            "最高库存法不考虑提前期：只适合下一期到货的情形，而此处提前期为 {lead} 期；请使用标准再订货点"
        )
    })
}

fn beyond_horizon(inputs: &Inputs) -> Option<Text> {
    let (protection, horizon) = (number(inputs.protection()), inputs.horizon);
    (inputs.protection() > inputs.horizon as f64 * (1.0 + WHOLE)).then(|| {
        text!(
            "Lead time and review period together, {protection} periods, exceed the horizon of {horizon}: demand beyond \
             it is taken at its average; plan a longer horizon",
            "提前期与盘点周期共 {protection} 期，超过预测期数 {horizon}：超出部分按平均需求估算；请延长预测期"
        )
    })
}

fn service_level(item: &Item) -> Option<Text> {
    let (low, high) = SERVICE_LEVEL_RANGE;
    let asked = number(item.service_level * 100.0);
    let (low_percent, high_percent) = (low * 100.0, high * 100.0);
    (!(low..=high).contains(&item.service_level)).then(|| {
        text!(
            "Service level {asked} % is outside {low_percent} % to {high_percent} %: no stock can promise it; the \
             nearest possible is used",
            "服务水平 {asked}% 超出 {low_percent}% 到 {high_percent}%：没有库存能保证；按最接近的可行值计算"
        )
    })
}

fn no_paths(forecast: &Forecast) -> Option<Text> {
    (forecast.paths.len() < 2 || forecast.paths.steps() != forecast.mean.len()).then(|| {
        text!(
            "The forecast has no sample paths: fill rate and stock-out probability assume that demand is its mean",
            "预测没有样本路径：满足率和断货概率按需求等于均值计算"
        )
    })
}
