//! Why the numbers of a stock plan are what they are, in both languages.

use super::decide::{LotSource, Numbers, set};
use super::explain_basis;
use super::inputs::Inputs;
use super::proposal::Proposed;
use crate::model::{Forecast, Item, ItemField, LearntFrom, Policy, Stocking, Why, WhyInput};
use crate::text;
use crate::words::Text;

/// Derivations of safety stock, both reorder points, max level and next order, then the reorder point by quantile.
pub(super) fn derivations(
    forecast: &Forecast,
    item: &Item,
    inputs: &Inputs,
    numbers: &Numbers,
    next: Option<&Proposed>,
) -> Vec<Why> {
    let mut list = vec![
        safety_stock(item, inputs, numbers),
        reorder_point(forecast, item, inputs, numbers),
        max_rule(item, inputs, numbers),
        max_level(item, inputs, numbers),
        order_quantity(item, inputs, numbers, next),
    ];
    list.extend(numbers.quantile.map(|q| quantile(forecast, item, inputs, q)));
    list.extend(numbers.achieved.iter().flat_map(|achieved| explain_basis::achieved(achieved, numbers, inputs)));
    list
}

fn safety_stock(item: &Item, inputs: &Inputs, numbers: &Numbers) -> Why {
    let (formula, used, mut note) = if set(item.safety_stock).is_some() {
        let computed = number(numbers.safety_computed.max(0.0));
        let note = match item.stocking {
            Stocking::ToOrder => text!(
                "Bought to order: no stock is held; for stock its target would ask for {computed}",
                "按单采购：不备库存；若备库存，按其目标应为 {computed}"
            ),
            Stocking::Stocked => text!(
                "Set by the user; what it is made for asks for {computed}",
                "由用户设定；按其依据计算应为 {computed}"
            ),
        };
        let name = text!("Safety stock set", "设定的安全库存");
        let source = source(item, ItemField::SafetyStock, false);
        ("S", vec![input("S", name, numbers.safety_stock, units(), source)], note)
    } else {
        let (formula, used, mut note) = explain_basis::computed(item, inputs, numbers);
        if numbers.safety_computed < 0.0 {
            note = note.then(&text!(
                ". The formula is negative; a stock isn't, so it is 0",
                "。公式结果为负，库存不能为负，取 0"
            ));
        }
        (formula, used, note)
    };
    if let Some(life) = numbers.shelf_life.filter(|life| numbers.reorder_point >= life.cap * (1.0 - 1e-9)) {
        let cap = number(life.cap);
        note = note.then(&text!(
            ". Lowered: goods that arrive must be sold within their shelf life, so no level exceeds {cap}",
            "。已下调：到货须在保质期内售出，任何水平都不超过 {cap}"
        ));
    }
    let quantity = text!("Safety stock", "安全库存");
    Why { quantity, value: numbers.safety_stock, unit: units(), formula: formula.to_owned(), inputs: used, note }
}

fn reorder_point(forecast: &Forecast, item: &Item, inputs: &Inputs, numbers: &Numbers) -> Why {
    let length = number(numbers.need.periods);
    let name = text!(
        "Demand over the protection interval of {length} periods (lead time + review period)",
        "保护期（提前期 + 盘点周期）{length} 期内的需求"
    );
    let mut used = vec![
        input("D_P", name, numbers.need.mean, units(), from_forecast()),
        input("S", text!("Safety stock", "安全库存"), numbers.safety_stock, units(), safety_source(item)),
        lead(item, inputs),
    ];
    if inputs.review > 0.0 {
        let source = source(item, ItemField::ReviewPeriodDays, false);
        used.push(input("R", text!("Review period", "盘点周期"), inputs.review, periods(), source));
    }
    let model = &forecast.model;
    Why {
        quantity: text!("Reorder point", "再订货点"),
        value: numbers.reorder_point,
        unit: units(),
        formula: "D_P + S".to_owned(),
        inputs: used,
        note: text!(
            "Standard reorder point on the mean of the forecast by {model}",
            "标准再订货点，需求取自 {model} 预测均值"
        ),
    }
}

fn max_rule(item: &Item, inputs: &Inputs, numbers: &Numbers) -> Why {
    Why {
        quantity: text!("Reorder point, max-level rule", "再订货点（最高库存法）"),
        value: numbers.reorder_point_max_rule,
        unit: units(),
        formula: "L + S − D".to_owned(),
        inputs: vec![
            input("L", text!("Max level", "最高库存"), numbers.max_level, units(), max_source(item)),
            input("S", text!("Safety stock", "安全库存"), numbers.safety_stock, units(), safety_source(item)),
            input("D", text!("Demand of the next period", "下期需求"), inputs.next_demand, units(), from_forecast()),
        ],
        note: text!(
            "For comparison: the rule knows no lead time, and more demand lowers it",
            "仅供对比：此法不含提前期，且需求越大结果越低"
        ),
    }
}

fn max_level(item: &Item, inputs: &Inputs, numbers: &Numbers) -> Why {
    let reorder_point = || text!("Reorder point", "再订货点");
    let start = input("s", reorder_point(), numbers.reorder_point, units(), computed());
    let (formula, used, note) = if set(item.max_level).is_some() {
        let name = text!("Max level set", "设定的最高库存");
        (
            "L",
            vec![input("L", name, numbers.max_level, units(), max_source(item))],
            match item.stocking {
                Stocking::ToOrder => text!(
                    "Bought to order: what is ordered is what customers wait for",
                    "按单采购：仅订购客户等待的数量"
                ),
                Stocking::Stocked => text!("Set by the user", "由用户设定"),
            },
        )
    } else {
        let lot = numbers.lot.quantity();
        match numbers.lot {
            LotSource::Economic(_) => (
                "s + √(2·K·D/h)",
                economic_inputs(item, inputs, start),
                text!(
                    "Reorder point + economic order quantity (Harris 1913)",
                    "再订货点 + 经济订货批量（Harris 1913）"
                ),
            ),
            LotSource::OnePeriod(_) => (
                "s + d",
                vec![
                    start,
                    input("d", text!("Mean demand of a period", "每期平均需求"), lot, units(), from_forecast()),
                ],
                text!(
                    "Reorder point + one period's demand; give order cost, unit cost and holding rate for an economic lot",
                    "再订货点 + 一期需求；填写订货成本、单位成本和持有费率后将采用经济批量"
                ),
            ),
            LotSource::Set(_) => {
                let source = source(item, ItemField::OrderQuantity, false);
                (
                    "s + Q",
                    vec![start, input("Q", text!("Order quantity set", "设定的订货批量"), lot, units(), source)],
                    text!("Reorder point + the lot set by the user", "再订货点 + 用户设定的批量"),
                )
            }
            LotSource::Smallest(_) => {
                let source = source(item, ItemField::Moq, false);
                let name = text!("Smallest order, in whole multiples", "最小起订量（按整倍数）");
                (
                    "s + MOQ",
                    vec![start, input("MOQ", name, lot, units(), source)],
                    text!("The smallest order is more than the lot would be", "最小起订量大于应订批量"),
                )
            }
            LotSource::EveryReview => (
                "s",
                vec![start],
                match inputs.policy {
                    Policy::BaseStock => {
                        text!("Base stock: each period orders what it sold", "基准库存：每期订回已售数量")
                    }
                    Policy::Newsvendor => {
                        text!("Newsvendor: one order serves the whole horizon", "报童模型：一次订货覆盖整个计划期")
                    }
                    Policy::PeriodicUpTo => {
                        text!("(R, S): every review orders up to it", "(R, S)：每次盘点都补到此水平")
                    }
                    _ => text!(
                        "Every review orders up to the reorder point: a lot wouldn't outlast the review period",
                        "每次盘点都补到再订货点：一个批量撑不过盘点周期"
                    ),
                },
            ),
        }
    };
    let lowered = numbers.shelf_life.filter(|life| numbers.max_level >= life.cap * (1.0 - 1e-9));
    let note = match lowered {
        Some(life) => {
            let (cap, periods) = (number(life.cap), number(life.periods));
            note.then(&text!(
                ". Lowered to {cap}: what arrives must be sold within its shelf life of {periods} periods",
                "。下调至 {cap}：到货须在 {periods} 期的保质期内售出"
            ))
        }
        None => note,
    };
    let quantity = text!("Max level", "最高库存");
    Why { quantity, value: numbers.max_level, unit: units(), formula: formula.to_owned(), inputs: used, note }
}

fn economic_inputs(item: &Item, inputs: &Inputs, start: WhyInput) -> Vec<WhyInput> {
    let money = || text!("money", "金额");
    let order_cost = source(item, ItemField::OrderCost, false);
    let holding = source(item, ItemField::UnitCost, false);
    vec![
        start,
        input("K", text!("Cost per order", "每次订货成本"), inputs.order_cost, money(), order_cost),
        input("D", text!("Demand per year", "年需求"), inputs.yearly_demand, units(), from_forecast()),
        input("h", text!("Holding cost per unit and year", "单位年持有成本"), inputs.holding_cost, money(), holding),
    ]
}

fn order_quantity(item: &Item, inputs: &Inputs, numbers: &Numbers, next: Option<&Proposed>) -> Why {
    let quantity = text!("Order quantity", "订货量");
    let Some(order) = next else {
        let note = text!("No order is needed within the horizon", "计划期内无需订货");
        return Why { quantity, value: 0.0, unit: units(), formula: "0".to_owned(), inputs: Vec::new(), note };
    };
    let level = |symbol: &str, name: Text, value: f64, source: Text| input(symbol, name, value, units(), source);
    let position = level("x", text!("Stock + on order − backlog", "库存 + 在途 − 欠货"), order.position, computed());
    let lot = inputs.lot;
    let plain = super::LotRule { container: 0.0, ..lot }.round_up(order.levels.max_level - order.position);
    let (formula, used, note) = if inputs.policy == Policy::ReorderLot {
        let rounded = lot.round_up(numbers.lot.quantity());
        let used = vec![
            level("s", text!("Reorder point", "再订货点"), order.levels.reorder_point, computed()),
            position,
            level("Q", text!("Lot, as the supplier sells it", "批量（按供应商规则取整）"), rounded, computed()),
        ];
        let note =
            text!("The next order: as many lots as lift the position above s", "下一张订单：使库存水平高于 s 的整批数");
        ("max(⌈(s − x)/Q⌉, 1)·Q", used, note)
    } else if order.quantity > plain * (1.0 + 1e-9) {
        let filled = source(item, ItemField::Container, is(lot.container, 0.0));
        let used = vec![
            level("q", text!("Order before the container is filled", "装满集装箱前的订货量"), plain, computed()),
            level("C", text!("Units in a container", "每集装箱件数"), lot.container, filled),
        ];
        let note = text!("The next order: its last container was nearly full", "下一张订单：最后一个集装箱已接近装满");
        ("⌈q/C⌉·C", used, note)
    } else {
        let moq = source(item, ItemField::Moq, is(lot.moq, 0.0));
        let by_pallet = item.pallet > 0.0;
        let field = if by_pallet { ItemField::Pallet } else { ItemField::Multiple };
        let multiple = source(item, field, is(lot.multiple, 0.0));
        let max = text!("Max level when it is ordered", "订货时的最高库存");
        let used = vec![
            level("L", max, order.levels.max_level, max_source(item)),
            position,
            level("MOQ", text!("Smallest order", "最小起订量"), lot.moq, moq),
            level("m", text!("Order multiple, whole pallets included", "订货倍数（含整托盘）"), lot.multiple, multiple),
        ];
        let note = text!("The next order; m = 0 means any quantity", "下一张订单；m = 0 表示数量不限");
        ("⌈max(L − x, MOQ)/m⌉·m", used, note)
    };
    Why { quantity, value: order.quantity, unit: units(), formula: formula.to_owned(), inputs: used, note }
}

fn quantile(forecast: &Forecast, item: &Item, inputs: &Inputs, value: f64) -> Why {
    let level = source(item, ItemField::ServiceLevel, is(inputs.service_level, 0.95));
    let paths = forecast.paths.len();
    Why {
        quantity: text!("Reorder point by simulated demand", "再订货点（模拟需求分位数）"),
        value,
        unit: units(),
        formula: "F⁻¹(α)".to_owned(),
        inputs: vec![
            input("α", text!("Service level", "服务水平"), inputs.service_level, Text::default(), level),
            lead(item, inputs),
            lead_sd(item, inputs),
        ],
        note: text!(
            "Quantile of demand over the protection interval on {paths} sample paths: no normal distribution assumed. \
             Far from the reorder point, demand is skewed or intermittent",
            "{paths} 条样本路径在保护期内需求的分位数，不假设正态分布。若与再订货点相差很大，说明需求偏态或间歇"
        ),
    }
}

fn lead(item: &Item, inputs: &Inputs) -> WhyInput {
    let stated = source(item, ItemField::LeadTimeDays, is(item.lead_time_days, 7.0));
    let source = learnt(item, |l| l.mean_days, item.lead_time_days).unwrap_or(stated);
    input("L", text!("Lead time", "提前期"), inputs.lead, periods(), source)
}

pub(super) fn lead_sd(item: &Item, inputs: &Inputs) -> WhyInput {
    let stated = source(item, ItemField::LeadTimeSdDays, is(item.lead_time_sd_days, 0.0));
    let source = learnt(item, |l| l.sd_days, item.lead_time_sd_days).unwrap_or(stated);
    input("σ_L", text!("Deviation of the lead time", "提前期标准差"), inputs.lead_sd, periods(), source)
}

fn safety_source(item: &Item) -> Text {
    if set(item.safety_stock).is_some() { source(item, ItemField::SafetyStock, false) } else { computed() }
}

fn max_source(item: &Item) -> Text {
    if set(item.max_level).is_some() { source(item, ItemField::MaxLevel, false) } else { computed() }
}

/// Who said a field's value: its segment's rule, the item file, nobody (`default`), or the user of the window.
pub(super) fn source(item: &Item, field: ItemField, default: bool) -> Text {
    let segment = item.segment.filter(|_| item.by_segment.contains(&field));
    if let Some(segment) = segment {
        text!("segment {segment}", "分类 {segment}")
    } else if item.stated.contains(&field) {
        text!("item data", "商品资料")
    } else if default {
        text!("default", "默认值")
    } else {
        text!("set in the plan", "在计划中设定")
    }
}

/// From how many receipts a figure of the lead time was learnt; `None` when it wasn't, or was moved since.
fn learnt(item: &Item, of: fn(&LearntFrom) -> f64, now: f64) -> Option<Text> {
    let from = item.learnt_lead_time.as_ref().filter(|from| is(of(from), now))?;
    let (n, since) = (from.receipts, from.since);
    Some(text!("learnt from {n} receipts since {since}", "由 {since} 以来 {n} 次收货测得"))
}

pub(super) fn from_forecast() -> Text {
    text!("forecast", "预测")
}

pub(super) fn computed() -> Text {
    text!("computed", "计算得出")
}

pub(super) fn units() -> Text {
    text!("units", "件")
}

pub(super) fn periods() -> Text {
    text!("periods", "期")
}

pub(super) fn input(symbol: &str, name: Text, value: f64, unit: Text, source: Text) -> WhyInput {
    WhyInput { symbol: symbol.to_owned(), name, value, unit, source }
}

pub(super) fn is(value: f64, default: f64) -> bool {
    (value - default).abs() < 1e-12
}

/// A number for a sentence: one decimal, or three where it is small.
pub(super) fn number(x: f64) -> String {
    let digits = if x.abs() < 1.0 { 3 } else { 1 };
    let text = format!("{x:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
