//! The plan at a glance, by category, and against another plan.

use super::super::kpi::{self, Kpi, kpis};
use super::super::table::{Cell, Column, Kind, Table};
use super::{money_unit, units};
use crate::model::{Balance, CostDriver, CostLine, Plan, SeriesId};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The plan's figures, one a row: measure, value, unit, and its key for programs.
pub fn summary_table(plan: &Plan) -> Table {
    let columns = vec![
        Column::new("measure", "Measure", "指标", Kind::Text),
        Column::new("value", "Value", "数值", Kind::Number(2)),
        Column::new("unit", "Unit", "单位", Kind::Text),
        Column::new("key", "Key", "代码", Kind::Text),
    ];
    let mut table = Table::new("summary", "Summary", "概览", columns);
    for kpi in kpis(plan) {
        table.push(vec![Cell::words(kpi.name), kpi.value.into(), Cell::words(kpi.unit), Cell::code(kpi.key)]);
    }
    table
}

/// One row per item category.
pub fn category_table(plan: &Plan) -> Table {
    let money = || money_unit(&plan.currency);
    let columns = vec![
        Column::new("category", "Category", "类别", Kind::Text),
        Column::new("series", "Item-locations", "商品-地点数", Kind::Integer),
        Column::new("demand", "Demand forecast", "预测需求", Kind::Number(1)).unit(units()),
        Column::new("fill_rate", "Fill rate", "满足率", Kind::Percent),
        Column::new("stock_value", "Mean stock value", "平均库存金额", Kind::Money).unit(money()),
        Column::new("orders", "Orders", "订单数", Kind::Integer),
        Column::new("order_value", "Order value", "订单金额", Kind::Money).unit(money()),
        Column::new("cost", "Cost of its items", "商品成本合计", Kind::Money).unit(money()),
        Column::new("wape", "WAPE", "WAPE", Kind::Number(1)).unit(Text::same("%")),
    ];
    let mut table = Table::new("categories", "By category", "按类别", columns);
    let costs = cost_by_category(plan, |_| true);
    let purchases = cost_by_category(plan, |line| line.driver == CostDriver::Purchase);
    let values = stock_value_by_category(plan);
    for (category, members) in members_by_category(plan) {
        let stock: Vec<_> = members.iter().filter_map(|&k| plan.stock.get(k).cloned()).collect();
        let demand: Vec<f64> = members.iter().map(|&k| demand_of(plan, k)).collect();
        let orders: usize = stock.iter().map(|s| s.orders.len()).sum();
        let scores = members.iter().filter_map(|&k| plan.forecasts.get(k)?.best_score());
        let name = if category.is_empty() { text!("(none)", "（无）") } else { Text::same(&*category) };
        table.push(vec![
            Cell::words(name),
            members.len().into(),
            demand.iter().sum::<f64>().into(),
            kpi::fill_rate(&stock, &demand).into(),
            values.get(&category).copied().unwrap_or(0.0).into(),
            orders.into(),
            purchases.get(&category).copied().unwrap_or(0.0).into(),
            costs.get(&category).copied().unwrap_or(0.0).into(),
            kpi::pooled(scores).wape.into(),
        ]);
    }
    table
}

/// The figures of two plans side by side with their difference, second − first.
pub fn scenario_comparison(first: &Plan, second: &Plan) -> Table {
    let value =
        |key, name: &str| Column { key, header: Text::same(name), unit: Text::default(), kind: Kind::Number(2) };
    let columns = vec![
        Column::new("measure", "Measure", "指标", Kind::Text),
        Column::new("unit", "Unit", "单位", Kind::Text),
        value("first", &first.scenario),
        value("second", &second.scenario),
        Column::new("difference", "Difference", "差异", Kind::Number(2)),
        Column::new("relative", "Relative", "相对差异", Kind::Percent),
    ];
    let mut table = Table::new("comparison", "Comparison", "方案对比", columns);
    for (a, b) in kpis(first).into_iter().zip(kpis(second)) {
        let both = a.value.zip(b.value);
        let relative = both.filter(|(x, _)| x.abs() > f64::EPSILON).map(|(x, y)| (y - x) / x.abs());
        let Kpi { name, unit, value, .. } = a;
        table.push(vec![
            Cell::words(name),
            Cell::words(unit),
            value.into(),
            b.value.into(),
            both.map(|(x, y)| y - x).into(),
            relative.into(),
        ]);
    }
    table
}

fn demand_of(plan: &Plan, k: usize) -> f64 {
    plan.forecasts.get(k).map_or(0.0, |f| f.best().mean.iter().sum())
}

/// Positions of each category's series, categories sorted by name.
fn members_by_category(plan: &Plan) -> BTreeMap<Arc<str>, Vec<usize>> {
    let mut members: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (k, item) in plan.items.iter().enumerate() {
        members.entry(item.category.clone()).or_default().push(k);
    }
    members
}

/// Cost lines that name an item, summed by the item's category: its own at the line's place, else any of the item's.
fn cost_by_category(plan: &Plan, counts: impl Fn(&CostLine) -> bool) -> BTreeMap<Arc<str>, f64> {
    let of_series: BTreeMap<_, _> = plan.items.iter().map(|i| (&i.id, &i.category)).collect();
    let of_item: BTreeMap<_, _> = plan.items.iter().map(|i| (&i.id.item, &i.category)).collect();
    let mut sums = BTreeMap::new();
    for line in plan.ledger.lines.iter().filter(|l| counts(l)) {
        let own = of_series.get(&SeriesId { item: line.item.clone(), location: line.place.clone() });
        if let Some(category) = own.or_else(|| of_item.get(&line.item)) {
            *sums.entry(Arc::clone(category)).or_insert(0.0) += line.amount;
        }
    }
    sums
}

/// Capital tied up in mean stock, by category.
fn stock_value_by_category(plan: &Plan) -> BTreeMap<Arc<str>, f64> {
    let of_series: BTreeMap<_, _> = plan.items.iter().map(|i| (&i.id, &i.category)).collect();
    let mut sums = BTreeMap::new();
    for line in plan.cash.balances.iter().filter(|l| l.balance == Balance::StockMean) {
        if let Some(category) = of_series.get(&line.id) {
            *sums.entry(Arc::clone(category)).or_insert(0.0) += line.amount;
        }
    }
    sums
}
