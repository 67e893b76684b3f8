//! The cost ledger.

use super::super::table::{Cell, Column, Kind, Table};
use super::money_unit;
use crate::model::CostLedger;

/// Every cost line: quantity × rate = amount. The amounts sum to the plan's total.
pub fn costs_table(ledger: &CostLedger, currency: &str) -> Table {
    let columns = vec![
        Column::new("driver", "Cost", "成本项", Kind::Text),
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("place", "Place", "地点", Kind::Text),
        Column::new("period", "Period", "期间", Kind::Text),
        Column::new("quantity", "Quantity", "数量", Kind::Number(3)),
        Column::new("unit", "Unit", "单位", Kind::Text),
        Column::new("rate", "Rate", "单价", Kind::Number(4)).unit(money_unit(currency)),
        Column::new("amount", "Amount", "金额", Kind::Money).unit(money_unit(currency)),
        Column::new("source", "Source", "来源", Kind::Text),
    ];
    let mut table = Table::new("costs", "Costs", "成本", columns);
    for line in &ledger.lines {
        table.push(vec![
            Cell::words(line.driver.label()),
            (&line.item).into(),
            (&line.place).into(),
            line.period.map_or(Cell::Empty, Cell::from),
            line.quantity.into(),
            Cell::words(line.unit.clone()),
            line.rate.into(),
            line.amount.into(),
            Cell::words(line.source.clone()),
        ]);
    }
    table
}
