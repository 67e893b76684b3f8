//! Why the numbers of a stock plan are what they are, in both languages.

use super::inputs::Inputs;
use super::plan::{LotSource, Numbers, Proposed, set};
use super::safety_stock::normal_quantile;
use super::simulate::{Levels, ReviewMoment, Setting};
use crate::model::{Forecast, Item, ItemField, LearntFrom, Period, Why, WhyInput};
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
    list
}

/// Why an order, why then and why this much.
pub(super) fn order(order: &Proposed, period: Period, levels: &Levels, setting: &Setting) -> Text {
    let (label, position, level) = (period.label(), number(order.position), number(levels.reorder_point));
    let trigger = if order.opening {
        text!(
            "Stock and open orders, {position}, are at or below the reorder point {level} already at the start",
            "期初库存加在途共 {position}，已不高于再订货点 {level}"
        )
    } else if setting.moment == ReviewMoment::AfterDemand {
        text!(
            "Stock and open orders fall to {position} in {label}, at or below the reorder point {level}",
            "{label} 库存加在途降至 {position}，不高于再订货点 {level}"
        )
    } else {
        text!(
            "At the review in {label} stock and open orders are {position}, at or below the reorder point {level}",
            "{label} 盘点时库存加在途为 {position}，不高于再订货点 {level}"
        )
    };
    let wish = levels.max_level - order.position;
    let (max, wished, quantity) = (number(levels.max_level), number(wish), number(order.quantity));
    let fill = text!("; up to the max level {max} takes {wished}", "；补到最高库存 {max} 需 {wished}");
    let rounding = if order.quantity - wish <= 1e-9 * wish.abs() {
        Text::default()
    } else {
        let (moq, multiple) = (number(setting.lot.moq), number(setting.lot.multiple));
        match (setting.lot.moq > wish, setting.lot.multiple > 0.0) {
            (true, true) => text!(
                ", raised to the smallest order {moq} in multiples of {multiple}: {quantity}",
                "，按最小起订量 {moq}、整倍数 {multiple} 取 {quantity}"
            ),
            (true, false) => {
                text!(", raised to the smallest order: {quantity}", "，按最小起订量取 {quantity}")
            }
            _ => {
                text!(", rounded up to a multiple of {multiple}: {quantity}", "，按整倍数 {multiple} 向上取 {quantity}")
            }
        }
    };
    Text::new(trigger.en + &fill.en + &rounding.en, trigger.zh + &fill.zh + &rounding.zh)
}

fn safety_stock(item: &Item, inputs: &Inputs, numbers: &Numbers) -> Why {
    let (formula, used, note) = if set(item.safety_stock).is_some() {
        let computed = number(numbers.safety_computed.max(0.0));
        let note = text!(
            "Set by the user; the service level asks for {computed}",
            "由用户设定；按服务水平计算应为 {computed}"
        );
        let name = text!("Safety stock set", "设定的安全库存");
        let source = source(item, ItemField::SafetyStock, false);
        ("S", vec![input("S", name, numbers.safety_stock, units(), source)], note)
    } else {
        let mut note = text!(
            "For a service level per order cycle; σ_P is the deviation of demand over the protection interval on the \
             forecast's sample paths (Silver, Pyke & Thomas 2017)",
            "按每个订货周期的服务水平计算；σ_P 为预测样本路径在保护期内需求的标准差（Silver, Pyke & Thomas 2017）"
        );
        if numbers.safety_computed < 0.0 {
            note = note.then(&text!(
                ". The formula is negative below 50 %; a stock isn't, so it is 0",
                "。服务水平低于 50% 时公式为负，库存不能为负，取 0"
            ));
        }
        let z = normal_quantile(inputs.service_level);
        let level = number(inputs.service_level * 100.0);
        let z_name = text!("Normal quantile of the service level {level} %", "服务水平 {level}% 的正态分位数");
        let stated = source(item, ItemField::ServiceLevel, is(inputs.service_level, 0.95));
        let used = vec![
            input("z", z_name, z, Text::default(), stated),
            input("σ_P", text!("Deviation of demand", "需求标准差"), numbers.need.sd, units(), from_forecast()),
            input("d", text!("Demand per period", "每期需求"), numbers.need.per_period, units(), from_forecast()),
            lead_sd(item, inputs),
        ];
        ("z·√(σ_P² + d²·σ_L²)", used, note)
    };
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
            text!("Set by the user", "由用户设定"),
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
                text!(
                    "Every review orders up to the reorder point: a lot wouldn't outlast the review period",
                    "每次盘点都补到再订货点：一个批量撑不过盘点周期"
                ),
            ),
        }
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
    let moq = source(item, ItemField::Moq, is(inputs.lot.moq, 0.0));
    let multiple = source(item, ItemField::Multiple, is(inputs.lot.multiple, 0.0));
    let mut used = vec![input("L", text!("Max level", "最高库存"), numbers.max_level, units(), max_source(item))];
    used.extend(next.map(|o| {
        let name = text!("Stock + on order − backlog", "库存 + 在途 − 欠货");
        input("x", name, o.position, units(), computed())
    }));
    used.push(input("MOQ", text!("Smallest order", "最小起订量"), inputs.lot.moq, units(), moq));
    used.push(input("m", text!("Order multiple", "订货倍数"), inputs.lot.multiple, units(), multiple));
    Why {
        quantity: text!("Order quantity", "订货量"),
        value: next.map_or(0.0, |o| o.quantity),
        unit: units(),
        formula: if next.is_some() { "⌈max(L − x, MOQ)/m⌉·m" } else { "0" }.to_owned(),
        inputs: used,
        note: match next {
            Some(_) => text!("The next order; m = 0 means any quantity", "下一张订单；m = 0 表示数量不限"),
            None => text!("No order is needed within the horizon", "计划期内无需订货"),
        },
    }
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

fn lead_sd(item: &Item, inputs: &Inputs) -> WhyInput {
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

/// Who said a field's value: the item file, nobody (`default`), or the user of the window.
fn source(item: &Item, field: ItemField, default: bool) -> Text {
    if item.stated.contains(&field) {
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

fn from_forecast() -> Text {
    text!("forecast", "预测")
}

fn computed() -> Text {
    text!("computed", "计算得出")
}

fn units() -> Text {
    text!("units", "件")
}

fn periods() -> Text {
    text!("periods", "期")
}

fn input(symbol: &str, name: Text, value: f64, unit: Text, source: Text) -> WhyInput {
    WhyInput { symbol: symbol.to_owned(), name, value, unit, source }
}

fn is(value: f64, default: f64) -> bool {
    (value - default).abs() < 1e-12
}

/// A number for a sentence: one decimal, or three where it is small.
pub(super) fn number(x: f64) -> String {
    let digits = if x.abs() < 1.0 { 3 } else { 1 };
    let text = format!("{x:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
