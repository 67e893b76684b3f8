//! Stock value against service, and what to buy under a budget.

use super::super::table::{Cell, Column, Kind, Table};
use super::{money_unit, units};
use crate::model::{CurvePoint, ExchangeCurve, PurchaseList};
use crate::text;
use crate::words::Text;

/// The exchange curve: where the plan stands, what the same money or service could be, then both curves.
pub fn exchange_table(curve: &ExchangeCurve, currency: &str) -> Table {
    let money = |key, en, zh| Column::new(key, en, zh, Kind::Money).unit(money_unit(currency));
    let columns = vec![
        Column::new("curve", "Curve", "曲线", Kind::Text),
        Column::new("service_level", "Service level of all", "统一服务水平", Kind::Percent),
        money("stock_value", "Mean stock value", "平均库存金额"),
        money("cycle_value", "From lots", "周转库存"),
        money("safety_value", "Safety stock", "安全库存"),
        Column::new("fill_rate", "Fill rate by value", "满足率（按金额）", Kind::Percent),
        Column::new("fill_by_units", "Fill rate by units", "满足率（按件数）", Kind::Percent),
        money("shortage_cost", "Shortage cost a year", "年缺货成本"),
        Column::new("price", "Shortage avoided by one more of stock", "增加一单位库存避免的缺货", Kind::Number(4))
            .unit(money_unit(currency)),
    ];
    let mut table = Table::new("exchange", "Exchange curve", "权衡曲线", columns);
    if curve.counted == 0 {
        return table;
    }
    let named = [
        (text!("present levels", "当前水平"), Some(curve.present)),
        (text!("present levels, simulated from today's stock", "当前水平（从现有库存模拟）"), Some(curve.simulated)),
        (text!("best for the same money", "同等资金的最优"), curve.same_money),
        (text!("cheapest for the same service", "同等服务的最省"), curve.same_service),
    ];
    for (name, point) in named {
        if let Some(point) = point {
            table.push(point_row(name, &point));
        }
    }
    for point in &curve.efficient {
        table.push(point_row(text!("efficient", "最优分配"), point));
    }
    for point in &curve.common {
        table.push(point_row(text!("one service level", "统一服务水平"), point));
    }
    table
}

fn point_row(name: Text, point: &CurvePoint) -> Vec<Cell> {
    let has_price = point.price > 0.0 && point.price < f64::MAX;
    vec![
        Cell::words(name),
        point.service_level.into(),
        point.stock_value.into(),
        if point.cycle_value > 0.0 { point.cycle_value.into() } else { Cell::Empty },
        point.safety_value.into(),
        point.fill_rate.into(),
        point.fill_by_units.into(),
        point.shortage_cost.into(),
        if has_price { point.price.into() } else { Cell::Empty },
    ]
}

/// What to buy, the best use of money first, then what is left out and what that risks.
pub fn purchase_table(list: &PurchaseList, currency: &str) -> Table {
    let money = |key, en, zh| Column::new(key, en, zh, Kind::Money).unit(money_unit(currency));
    let quantity = |key, en, zh| Column::new(key, en, zh, Kind::Number(1)).unit(units());
    let columns = vec![
        Column::new("rank", "Rank", "排名", Kind::Integer),
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("order_period", "Order in", "订货期间", Kind::Text),
        quantity("quantity", "Buy", "采购量"),
        quantity("proposed", "Proposed", "建议量"),
        money("money", "Money", "金额"),
        money("cumulative", "Money, cumulative", "累计金额"),
        money("avoided", "Loss avoided", "避免的损失"),
        Column::new("worth", "Avoided per money", "单位资金避免的损失", Kind::Number(3)),
        quantity("short", "Short for want of the rest", "其余部分导致的缺货"),
        money("risk", "Loss risked", "风险损失"),
        Column::new("volume", "Volume", "体积", Kind::Number(2)).unit(Text::same("m³")),
        Column::new("why", "Why", "原因", Kind::Text),
    ];
    let mut table = Table::new("purchase", "Purchase list", "采购清单", columns);
    for (k, row) in list.rows.iter().enumerate() {
        let is_bought = row.quantity > 0.0;
        table.push(vec![
            if is_bought { (k + 1).into() } else { Cell::Empty },
            (&row.id.item).into(),
            (&row.id.location).into(),
            row.order_period.into(),
            row.quantity.into(),
            row.proposed.into(),
            row.money.into(),
            row.cumulative.into(),
            row.avoided.into(),
            if is_bought { row.worth().into() } else { Cell::Empty },
            row.short.into(),
            row.risk.into(),
            if row.volume > 0.0 { row.volume.into() } else { Cell::Empty },
            Cell::words(row.why.clone()),
        ]);
    }
    table
}
