//! Shared costs by item and key.

use super::super::table::{Cell, Column, Kind, Table};
use super::money_unit;
use crate::model::{Allocation, AllocationKey, ShapleyMethod};
use crate::text;
use crate::words::Text;

/// Columns of an item's part by each key, and of a share's weight by each but Shapley.
const PARTS: [&str; 7] = ["units", "volume", "weight", "value", "activity", "equal", "shapley"];
const BASES: [&str; 6] =
    ["basis_units", "basis_volume", "basis_weight", "basis_value", "basis_activity", "basis_equal"];
const SUMS: [&str; 6] = ["sum_units", "sum_volume", "sum_weight", "sum_value", "sum_activity", "sum_equal"];

/// Every item's own cost and its part of what is shared, by every key side by side.
pub fn allocation_table(allocation: &Allocation, currency: &str) -> Table {
    let money = || money_unit(currency);
    let mut columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("direct", "Own cost", "直接成本", Kind::Money).unit(money()),
    ];
    columns.extend(parts(currency));
    columns
        .push(Column::new("standard_error", "Standard error of Shapley", "沙普利值标准误", Kind::Money).unit(money()));
    columns.push(Column::new("total", "Total by Shapley", "合计（沙普利值）", Kind::Money).unit(money()));
    columns.push(Column::new("note", "Note", "说明", Kind::Text));
    let mut table = Table::new("allocation", "Allocation", "成本分摊", columns);
    for row in &allocation.items {
        let mut cells = vec![(&row.item).into(), row.direct.into()];
        cells.extend(row.shared.map(Cell::from));
        cells.extend([row.standard_error, row.total(AllocationKey::Shapley)].map(Cell::from));
        cells.push(Cell::words(row.note.clone()));
        table.push(cells);
    }
    table
}

/// Every item's cost by one key.
pub fn allocation_by_key_table(allocation: &Allocation, key: AllocationKey, currency: &str) -> Table {
    let money = |name, en, zh| Column::new(name, en, zh, Kind::Money).unit(money_unit(currency));
    let columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("key", "Key", "分摊依据", Kind::Text),
        money("direct", "Own cost", "直接成本"),
        money("shared", "Part of shared costs", "分摊成本"),
        money("standard_error", "Standard error", "标准误"),
        money("total", "Total", "合计"),
        Column::new("note", "Note", "说明", Kind::Text),
    ];
    let mut table = Table::new("allocation_by_key", "Allocation by one key", "按单一依据分摊", columns);
    for row in &allocation.items {
        let error = if key == AllocationKey::Shapley { row.standard_error } else { 0.0 };
        table.push(vec![
            (&row.item).into(),
            Cell::code(key.name()),
            row.direct.into(),
            row.shared[key.index()].into(),
            error.into(),
            row.total(key).into(),
            Cell::words(row.note.clone()),
        ]);
    }
    table
}

/// What is shared, by how many items, what they weigh together by each key, and how Shapley values were found.
pub fn shared_costs_table(allocation: &Allocation, currency: &str) -> Table {
    let mut columns = vec![
        Column::new("number", "Number", "序号", Kind::Integer),
        Column::new("driver", "Cost", "成本项", Kind::Text),
        Column::new("place", "Place", "地点", Kind::Text),
        Column::new("amount", "Amount", "金额", Kind::Money).unit(money_unit(currency)),
        Column::new("items", "Items", "商品数", Kind::Integer),
    ];
    columns.extend(bases(SUMS));
    columns.push(Column::new("method", "Shapley values", "沙普利值算法", Kind::Text));
    columns.push(Column::new("note", "Cost function", "成本函数", Kind::Text));
    let mut table = Table::new("shared_costs", "Shared costs", "共享成本", columns);
    for (k, cost) in allocation.shared.iter().enumerate() {
        let mut row = vec![
            (k + 1).into(),
            Cell::words(cost.driver.label()),
            (&cost.place).into(),
            cost.amount.into(),
            cost.shares.len().into(),
        ];
        row.extend((0..SUMS.len()).map(|key| Cell::from(cost.shares.iter().map(|s| s.basis[key]).sum::<f64>())));
        row.push(Cell::words(method(cost.method)));
        row.push(Cell::words(cost.note.clone()));
        table.push(row);
    }
    table
}

/// Every item's share of every shared cost: what the keys weigh it by, and its part by each.
pub fn shares_table(allocation: &Allocation, currency: &str) -> Table {
    let mut columns = vec![
        Column::new("number", "Shared cost", "共享成本序号", Kind::Integer),
        Column::new("item", "Item", "商品", Kind::Text),
    ];
    columns.extend(bases(BASES));
    columns.extend(parts(currency));
    columns.push(Column::new("standard_error", "Standard error", "标准误", Kind::Money).unit(money_unit(currency)));
    let mut table = Table::new("shares", "Shares", "分摊明细", columns);
    for (k, cost) in allocation.shared.iter().enumerate() {
        for share in &cost.shares {
            let mut row = vec![(k + 1).into(), (&share.item).into()];
            row.extend(share.basis.map(Cell::from));
            row.extend(share.parts.map(Cell::from));
            row.push(share.standard_error.into());
            table.push(row);
        }
    }
    table
}

fn parts(currency: &str) -> impl Iterator<Item = Column> {
    AllocationKey::ALL.into_iter().zip(PARTS).map(move |(key, name)| Column {
        key: name,
        header: Text::new(format!("By {}", lower(key)), format!("按{}", key.label().zh)),
        unit: money_unit(currency),
        kind: Kind::Money,
    })
}

/// The key within a sentence: Shapley is a name.
fn lower(key: AllocationKey) -> String {
    match key {
        AllocationKey::Shapley => "Shapley value".to_owned(),
        AllocationKey::Equal => "equal parts".to_owned(),
        key => key.label().en.to_lowercase(),
    }
}

fn bases(names: [&'static str; 6]) -> impl Iterator<Item = Column> {
    let unit = |k: usize| match k {
        0 => super::units(),
        1 => Text::same("m³"),
        2 => Text::same("kg"),
        3 => text!("at cost", "按成本"),
        4 => text!("times", "次"),
        _ => text!("each", "个"),
    };
    AllocationKey::ALL.into_iter().zip(names).enumerate().map(move |(k, (key, name))| Column {
        key: name,
        header: key.label(),
        unit: unit(k),
        kind: Kind::Number(2),
    })
}

fn method(method: ShapleyMethod) -> Text {
    match method {
        ShapleyMethod::Exact => text!("all subsets", "全部子集"),
        ShapleyMethod::Sampled(orders) => text!("{orders} orders drawn", "抽样 {orders} 个次序"),
    }
}
