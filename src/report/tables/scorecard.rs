//! Suppliers by score: the parts, what each brings, and the figures behind them.

use super::super::table::{Cell, Column, Kind, Table};
use super::{days, money_unit};
use crate::model::{LeadChange, ScorePart, Scorecard};
use crate::text;
use crate::words::{Text, figure};

/// Columns of a part and of the points that it brings, in the order of [`ScorePart::ALL`].
const PARTS: [(&str, &str); ScorePart::ALL.len()] = [
    ("part_on_time", "points_on_time"),
    ("part_in_full", "points_in_full"),
    ("part_lateness", "points_lateness"),
    ("part_steadiness", "points_steadiness"),
    ("part_trend", "points_trend"),
    ("part_quantity", "points_quantity"),
];

/// One supplier a row, best first: score, figures, parts from 0 to 100, and the points that each brings to the score.
pub fn scorecard_table(card: &Scorecard, currency: &str) -> Table {
    let mut table = Table::new("scorecard", "Supplier scorecard", "供应商评分", columns(card, currency));
    for supplier in &card.suppliers {
        let f = &supplier.figures;
        let growth = |c: &LeadChange| c.after_days - c.before_days;
        let mut row = vec![
            (&f.supplier).into(),
            supplier.rank.into(),
            supplier.score.into(),
            f.lines.into(),
            f.on_time.into(),
            f.in_full.into(),
            f.on_time_in_full.into(),
            f.days_late.into(),
            f.lead_time_days.into(),
            f.lead_time_sd_days.into(),
            f.change.as_ref().map(growth).into(),
            Cell::code(f.change.as_ref().map(|c| c.since.to_string()).unwrap_or_default()),
            f.quantity_error.map(|e| 1.0 - e).into(),
            f.spend.into(),
            f.spend_share.into(),
            f.safety_capital.into(),
            f.safety_cost.into(),
        ];
        row.extend(supplier.parts.iter().map(|p| Cell::from(*p)));
        row.extend(supplier.points.iter().map(|p| Cell::from(*p)));
        row.extend([f.items.into(), f.receipts.into(), Cell::words(supplier.note.clone())]);
        table.push(row);
    }
    table
}

fn columns(card: &Scorecard, currency: &str) -> Vec<Column> {
    let share = |key, en, zh| Column::new(key, en, zh, Kind::Percent);
    let money = |key, en, zh| Column::new(key, en, zh, Kind::Money).unit(money_unit(currency));
    let time = |key, en, zh| Column::new(key, en, zh, Kind::Number(1)).unit(days());
    let mut columns = vec![
        Column::new("supplier", "Supplier", "供应商", Kind::Text),
        Column::new("rank", "Rank", "排名", Kind::Integer),
        Column::new("score", "Score", "总分", Kind::Number(1)),
        Column::new("lines", "Order lines", "订单行", Kind::Integer),
        share("on_time", "On time", "准时率"),
        share("in_full", "In full", "足量率"),
        share("on_time_in_full", "On time in full", "准时足量率"),
        time("days_late", "Mean days late", "平均延误"),
        time("lead_time_days", "Lead time", "提前期"),
        time("lead_time_sd_days", "Its deviation", "其标准差"),
        time("change", "Changed by", "变化量"),
        Column::new("changed", "Changed since", "变化起始", Kind::Text),
        share("quantity_accuracy", "Quantity accuracy", "数量准确度"),
        money("spend", "Spend", "采购额"),
        share("spend_share", "Spend share", "采购占比"),
        money("safety_capital", "Safety stock for its deviation", "因其波动的安全库存"),
        money("safety_cost", "Holding cost of it a year", "其年持有成本"),
    ];
    for (part, (key, _)) in ScorePart::ALL.into_iter().zip(PARTS) {
        let label = part.label();
        let header = Text::new(format!("Part: {}", label.en.to_lowercase()), format!("分项：{}", label.zh));
        columns.push(Column { header, ..Column::new(key, "", "", Kind::Number(1)) }.unit(text!("0–100", "0–100")));
    }
    for (part, (_, key)) in ScorePart::ALL.into_iter().zip(PARTS) {
        let (label, most) = (part.label(), figure(100.0 * card.weights.share(part)));
        let header = Text::new(format!("Points: {}", label.en.to_lowercase()), format!("得分：{}", label.zh));
        let unit = text!("of {most}", "满分 {most}");
        columns.push(Column { header, ..Column::new(key, "", "", Kind::Number(1)) }.unit(unit));
    }
    columns.extend([
        Column::new("items", "Items", "商品数", Kind::Integer),
        Column::new("receipts", "Receipts", "收货次数", Kind::Integer),
        Column::new("note", "Note", "备注", Kind::Text),
    ]);
    columns
}
