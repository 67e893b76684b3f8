//! A network's forecast taken apart, and what its attention looked at.

use super::super::table::{Cell, Column, Kind, Table};
use super::units;
use crate::model::{NetworkExplanation, WhatIf};
use crate::text;
use crate::words::Text;

/// One part of one forecast period a row; the parts of a period add up to its forecast. With changed inputs, the forecast
/// that they would give comes last.
pub fn network_explanation_table(explanation: &NetworkExplanation, changed: Option<&WhatIf>) -> Table {
    let columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("network", "Network", "网络", Kind::Text),
        Column::new("part", "Part", "组成", Kind::Text),
        Column::new("period", "Period", "期间", Kind::Text),
        Column::new("value", "Value", "数值", Kind::Number(4)).unit(units()),
    ];
    let mut table = Table::new("network_explanation", "Network's forecast taken apart", "网络预测分解", columns);
    let mut add = |part: Text, values: &[f64]| {
        for (h, value) in values.iter().enumerate() {
            table.push(vec![
                (&explanation.id.item).into(),
                (&explanation.id.location).into(),
                Cell::code(&*explanation.network),
                Cell::words(part.clone()),
                explanation.start.plus(h as i64).into(),
                (*value).into(),
            ]);
        }
    };
    add(text!("Level and season", "水平与季节"), &explanation.level);
    if explanation.asks_theta() {
        add(text!("What Theta's forecast adds", "Theta 预测带来的变化"), &explanation.theta);
    }
    add(text!("Usual answer", "网络的通常回答"), &explanation.usual);
    for contribution in &explanation.contributions {
        add(contribution.of.label(), &contribution.by_step);
    }
    add(text!("Forecast", "预测"), &explanation.forecast);
    if let Some(changed) = changed {
        add(text!("Forecast with changed inputs", "更改输入后的预测"), &changed.after);
    }
    table
}

/// One period of the window a row, with its weight; empty without attention.
pub fn attention_table(explanation: &NetworkExplanation) -> Table {
    let columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("network", "Network", "网络", Kind::Text),
        Column::new("period", "Period", "期间", Kind::Text),
        Column::new("weight", "Attention", "注意力权重", Kind::Percent),
    ];
    let mut table = Table::new("attention", "Attention over the window", "窗口注意力", columns);
    if let Some(strip) = &explanation.attention {
        for (t, weight) in strip.weights.iter().enumerate() {
            table.push(vec![
                (&explanation.id.item).into(),
                (&explanation.id.location).into(),
                Cell::code(&*explanation.network),
                strip.start.plus(t as i64).into(),
                (*weight).into(),
            ]);
        }
    }
    table
}
