//! Stock plans, their orders, and why each number is what it is.

use super::super::table::{Cell, Column, Kind, Table};
use super::{days, money_unit, per_unit, units};
use crate::model::{Item, PlannedOrder, ReorderRule, SeriesForecast, StockPlan};
use crate::text;
use crate::words::Text;

/// Stock plan per item and location: columns of the command line's contract first. The slices are aligned.
pub fn stock_table(stock: &[StockPlan], items: &[Item], currency: &str) -> Table {
    let mut table = Table::new("stock", "Stock plan", "库存计划", stock_columns(currency));
    for (plan, item) in stock.iter().zip(items) {
        let next = plan.next_order();
        let warnings = plan.warnings.iter().fold(Text::default(), |all, w| all.then(w));
        table.push(vec![
            (&plan.id.item).into(),
            (&plan.id.location).into(),
            plan.safety_stock.into(),
            plan.reorder_point.into(),
            plan.reorder_point_max_rule.into(),
            plan.max_level.into(),
            next.map_or(0.0, |o| o.quantity).into(),
            next.map_or(Cell::Empty, |o| o.order_period.into()),
            plan.fill_rate.into(),
            plan.stockout_probability.into(),
            Cell::words(rule(plan.rule)),
            plan.active_reorder_point().into(),
            item.on_hand.into(),
            item.on_order.into(),
            item.lead_time_days.into(),
            item.lead_time_sd_days.into(),
            item.service_level.into(),
            item.unit_cost.into(),
            plan.average_stock.into(),
            (plan.average_stock * item.unit_cost).into(),
            plan.average_orders.into(),
            plan.average_ordered.into(),
            plan.average_shortage.into(),
            (&item.category).into(),
            (&item.name).into(),
            Cell::words(warnings),
        ]);
    }
    table
}

fn stock_columns(currency: &str) -> Vec<Column> {
    let quantity = |key, en, zh| Column::new(key, en, zh, Kind::Number(1)).unit(units());
    vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        quantity("safety_stock", "Safety stock", "安全库存"),
        quantity("reorder_point", "Reorder point", "再订货点"),
        quantity("reorder_point_max_rule", "Reorder point, max-level rule", "再订货点（最高库存法）"),
        quantity("max_level", "Max level", "最高库存"),
        quantity("order_quantity", "Next order", "下次订货量"),
        Column::new("order_period", "Order in", "订货期间", Kind::Text),
        Column::new("fill_rate", "Fill rate", "满足率", Kind::Percent),
        Column::new("stockout_probability", "Stock-out probability", "缺货概率", Kind::Percent),
        Column::new("rule", "Rule in force", "采用的规则", Kind::Text),
        quantity("active_reorder_point", "Reorder point in force", "生效的再订货点"),
        quantity("on_hand", "On hand", "现有库存"),
        quantity("on_order", "On order", "在途"),
        Column::new("lead_time_days", "Lead time", "提前期", Kind::Number(1)).unit(days()),
        Column::new("lead_time_sd_days", "Lead time deviation", "提前期标准差", Kind::Number(1)).unit(days()),
        Column::new("service_level", "Service level", "服务水平", Kind::Percent),
        Column::new("unit_cost", "Unit cost", "单位成本", Kind::Money).unit(per_unit(currency)),
        quantity("average_stock", "Mean stock", "平均库存"),
        Column::new("stock_value", "Mean stock value", "平均库存金额", Kind::Money).unit(money_unit(currency)),
        Column::new("average_orders", "Mean number of orders", "平均订单数", Kind::Number(2)),
        quantity("average_ordered", "Mean units ordered", "平均订货数量"),
        quantity("average_shortage", "Mean units short", "平均缺货数量"),
        Column::new("category", "Category", "类别", Kind::Text),
        Column::new("name", "Name", "名称", Kind::Text),
        Column::new("warnings", "Warnings", "提示", Kind::Text),
    ]
}

fn rule(rule: ReorderRule) -> Text {
    match rule {
        ReorderRule::Standard => text!("standard", "标准"),
        ReorderRule::MaxLevel => text!("max-level rule", "最高库存法"),
        ReorderRule::Quantile => text!("quantile of simulated demand", "模拟需求分位数"),
    }
}

/// Orders proposed, by order period, item and location. The slices are aligned.
pub fn orders_table(stock: &[StockPlan], items: &[Item], currency: &str) -> Table {
    let columns = vec![
        Column::new("order_period", "Order in", "订货期间", Kind::Text),
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("name", "Name", "名称", Kind::Text),
        Column::new("quantity", "Quantity", "数量", Kind::Number(1)).unit(units()),
        Column::new("unit_cost", "Unit cost", "单位成本", Kind::Money).unit(per_unit(currency)),
        Column::new("value", "Value", "金额", Kind::Money).unit(money_unit(currency)),
        Column::new("receipt_period", "Arrives in", "到货期间", Kind::Text),
        Column::new("why", "Why", "原因", Kind::Text),
    ];
    let mut table = Table::new("orders", "Orders", "订单", columns);
    let mut orders: Vec<(&PlannedOrder, &Item)> =
        stock.iter().zip(items).flat_map(|(s, i)| s.orders.iter().map(move |o| (o, i))).collect();
    orders.sort_by(|(a, i), (b, j)| a.order_period.cmp(&b.order_period).then_with(|| i.id.cmp(&j.id)));
    for (order, item) in orders {
        table.push(vec![
            order.order_period.into(),
            (&item.id.item).into(),
            (&item.id.location).into(),
            (&item.name).into(),
            order.quantity.into(),
            item.unit_cost.into(),
            (order.quantity * item.unit_cost).into(),
            order.receipt_period.into(),
            Cell::words(order.why.clone()),
        ]);
    }
    table
}

/// Projected stock per item, location and period. The slices are aligned; forecasts may be shorter.
pub fn projection_table(stock: &[StockPlan], forecasts: &[SeriesForecast]) -> Table {
    let quantity = |key, en, zh| Column::new(key, en, zh, Kind::Number(1)).unit(units());
    let columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("period", "Period", "期间", Kind::Text),
        quantity("demand", "Demand forecast", "预测需求"),
        quantity("ordered", "Ordered", "订货"),
        quantity("received", "Received", "到货"),
        quantity("projected", "Projected stock", "预计库存"),
        quantity("low", "Low 10 %", "10% 分位"),
        quantity("high", "High 90 %", "90% 分位"),
        quantity("reorder_point", "Reorder point in force", "生效的再订货点"),
        Column::new("stockout", "Stock-out probability", "缺货概率", Kind::Percent),
    ];
    let mut table = Table::new("projection", "Projected stock", "库存预测", columns);
    for (k, plan) in stock.iter().enumerate() {
        let mean = forecasts.get(k).map(|f| f.best().mean.as_slice()).unwrap_or_default();
        for (h, projected) in plan.projected.iter().enumerate() {
            let period = plan.start.plus(h as i64);
            let at = |values: &[f64]| -> Cell { values.get(h).copied().into() };
            let sum = |of: fn(&PlannedOrder) -> crate::model::Period| -> f64 {
                plan.orders.iter().filter(|o| of(o) == period).map(|o| o.quantity).sum()
            };
            table.push(vec![
                (&plan.id.item).into(),
                (&plan.id.location).into(),
                period.into(),
                at(mean),
                sum(|o| o.order_period).into(),
                sum(|o| o.receipt_period).into(),
                (*projected).into(),
                at(&plan.projected_low),
                at(&plan.projected_high),
                plan.active_reorder_point().into(),
                at(&plan.stockout_by_period),
            ]);
        }
    }
    table
}

/// The derivation of every stock number: a row with formula and value, below it a row per input.
pub fn why_table(stock: &[StockPlan]) -> Table {
    let columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("quantity", "Quantity", "数量名称", Kind::Text),
        Column::new("formula", "Formula", "公式", Kind::Text),
        Column::new("symbol", "Symbol", "符号", Kind::Text),
        Column::new("input", "Input", "输入", Kind::Text),
        Column::new("value", "Value", "数值", Kind::Number(4)),
        Column::new("unit", "Unit", "单位", Kind::Text),
        Column::new("source", "Source or remark", "来源或说明", Kind::Text),
    ];
    let mut table = Table::new("why", "Why", "计算依据", columns);
    for plan in stock {
        for why in &plan.why {
            let head = || -> [Cell; 3] {
                [(&plan.id.item).into(), (&plan.id.location).into(), Cell::words(why.quantity.clone())]
            };
            let mut row = head().to_vec();
            row.extend([
                Cell::code(why.formula.clone()),
                Cell::Empty,
                Cell::Empty,
                why.value.into(),
                Cell::words(why.unit.clone()),
                Cell::words(why.note.clone()),
            ]);
            table.push(row);
            for input in &why.inputs {
                let mut row = head().to_vec();
                row.extend([
                    Cell::Empty,
                    Cell::code(input.symbol.clone()),
                    Cell::words(input.name.clone()),
                    input.value.into(),
                    Cell::words(input.unit.clone()),
                    Cell::words(input.source.clone()),
                ]);
                table.push(row);
            }
        }
    }
    table
}
