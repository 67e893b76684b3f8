//! Where an item's settings mislead, in plain words.

use super::explain::number;
use super::inputs::{Inputs, WHOLE};
use super::plan::{Numbers, set};
use crate::model::{Forecast, Item, ReorderRule, SERVICE_LEVEL_RANGE, StockPolicy, Stocking};
use crate::text;
use crate::words::Text;

/// All warnings about one plan, gravest first; `short` is units short per period when demand is the mean.
pub(super) fn gather(
    forecast: &Forecast,
    item: &Item,
    policy: StockPolicy,
    inputs: &Inputs,
    numbers: &Numbers,
    short: &[f64],
) -> Vec<Text> {
    let mut list = Vec::new();
    list.extend(backlog(inputs));
    list.extend(late(forecast, inputs, short));
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
