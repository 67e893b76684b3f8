//! Segments: the matrix, every item's classes, and where items overrule them.

use super::super::table::{Cell, Column, Kind, Table};
use super::{money_unit, units};
use crate::model::{Item, ItemField, SegmentException, SegmentRule, Segments, StockPlan, Stocking};
use crate::text;
use crate::words::{Text, figure};

fn value_unit(segments: &Segments, currency: &str) -> Text {
    use crate::model::AbcCriterion;
    match segments.segmentation.criterion {
        criterion if criterion.is_money() => money_unit(currency),
        AbcCriterion::PeriodsSold => text!("periods", "期"),
        _ => units(),
    }
}

/// The nine segments: items, value, stock, service, rule.
pub fn segment_matrix_table(segments: &Segments, currency: &str) -> Table {
    let columns = vec![
        Column::new("segment", "Segment", "分类", Kind::Text),
        Column::new("items", "Items", "商品数", Kind::Integer),
        Column::new("value", "Value a year", "年价值", Kind::Number(0)).unit(value_unit(segments, currency)),
        Column::new("value_share", "Share of value", "价值占比", Kind::Percent),
        Column::new("stock_value", "Mean stock value", "平均库存金额", Kind::Money).unit(money_unit(currency)),
        Column::new("stock_share", "Share of stock", "库存占比", Kind::Percent),
        Column::new("fill_rate", "Fill rate", "满足率", Kind::Percent),
        Column::new("exceptions", "Exceptions", "例外", Kind::Integer),
        Column::new("rule", "Rule", "规则", Kind::Text),
    ];
    let mut table = Table::new("segment_matrix", "Segment matrix", "分类矩阵", columns);
    let stock: f64 = segments.cells.iter().map(|cell| cell.stock_value).sum();
    for cell in &segments.cells {
        let rule = segments.segmentation.rule(cell.segment).map(rule_words).unwrap_or_default();
        table.push(vec![
            Cell::code(cell.segment.to_string()),
            cell.items.into(),
            cell.value.into(),
            cell.share.into(),
            cell.stock_value.into(),
            if stock > 0.0 { (cell.stock_value / stock).into() } else { Cell::Empty },
            cell.fill_rate.into(),
            cell.exceptions.into(),
            Cell::words(rule),
        ]);
    }
    table
}

/// What a rule says, in a sentence.
pub fn rule_words(rule: &SegmentRule) -> Text {
    let percent = |x: f64| figure(100.0 * x);
    let days = figure;
    let mut parts: Vec<Text> = Vec::new();
    if rule.stocking == Stocking::ToOrder {
        parts.push(text!("bought to order", "按单采购"));
    }
    parts.extend(rule.policy.map(crate::model::Policy::label));
    parts.extend(rule.safety_basis.map(|basis| {
        let Text { en, zh } = basis.label();
        Text::new(format!("safety stock for {}", en.to_lowercase()), format!("安全库存按{zh}"))
    }));
    parts.extend(rule.service_level.map(percent).map(|x| text!("service level {x} %", "服务水平 {x}%")));
    parts.extend(rule.fill_rate.map(percent).map(|x| text!("fill rate {x} %", "满足率 {x}%")));
    parts.extend(rule.cover_days.map(days).map(|x| text!("{x} days of cover", "覆盖 {x} 天")));
    parts.extend(rule.review_period_days.map(days).map(|x| text!("a look every {x} days", "每 {x} 天盘点")));
    let all = |of: fn(&Text) -> &String, mark: &str| {
        parts.iter().map(|part| of(part).as_str()).collect::<Vec<&str>>().join(mark)
    };
    Text::new(all(|part| &part.en, ", "), all(|part| &part.zh, "，"))
}

/// Every item's classes and what they were made from, with its stock. Stock and items are aligned with the segments, or
/// empty.
pub fn segments_table(segments: &Segments, stock: &[StockPlan], items: &[Item], currency: &str) -> Table {
    let mut table = Table::new("segments", "Segments", "分类", columns(segments, currency));
    for (k, class) in segments.items.iter().enumerate() {
        let (plan, item) = (stock.get(k), items.get(k));
        let former = class
            .without_former
            .map(|segment| text!("Kept; by the cuts alone {segment}", "保留原分类；仅按界限为 {segment}"));
        let note = former.map_or_else(
            || class.note.clone(),
            |former| {
                if class.note.is_empty() {
                    return former;
                }
                Text::new(format!("{}. {}", former.en, class.note.en), format!("{}。{}", former.zh, class.note.zh))
            },
        );
        table.push(vec![
            (&class.id.item).into(),
            (&class.id.location).into(),
            Cell::code(class.segment.to_string()),
            Cell::code(class.segment.abc.name()),
            Cell::code(class.segment.xyz.name()),
            class.value.into(),
            class.share.into(),
            class.cumulative.into(),
            class.rank.into(),
            class.variation.into(),
            Cell::words(class.demand.label()),
            positive(class.interval),
            if class.interval > 0.0 { class.size_cv2.into() } else { Cell::Empty },
            class.units.into(),
            class.known.into(),
            plan.zip(item).map(|(p, i)| p.average_stock * i.unit_cost).into(),
            plan.map(|p| p.fill_rate).into(),
            item.map(|i| i.service_level).into(),
            item.map_or(Cell::Empty, |i| (&i.category).into()),
            item.map_or(Cell::Empty, |i| (&i.name).into()),
            Cell::words(note),
        ]);
    }
    table
}

fn positive(x: f64) -> Cell {
    if x > 0.0 { x.into() } else { Cell::Empty }
}

fn columns(segments: &Segments, currency: &str) -> Vec<Column> {
    vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("segment", "Segment", "分类", Kind::Text),
        Column::new("abc", "ABC", "ABC", Kind::Text),
        Column::new("xyz", "XYZ", "XYZ", Kind::Text),
        Column {
            header: segments.segmentation.criterion.label(),
            ..Column::new("value", "", "", Kind::Number(0)).unit(value_unit(segments, currency))
        },
        Column::new("share", "Share", "占比", Kind::Percent),
        Column::new("cumulative", "Cumulative share", "累计占比", Kind::Percent),
        Column::new("rank", "Rank", "排名", Kind::Integer),
        Column::new("variation", "Coefficient of variation", "变异系数", Kind::Number(3)),
        Column::new("demand", "Demand pattern", "需求形态", Kind::Text),
        Column::new("interval", "Interval between demands", "需求间隔", Kind::Number(2)).unit(text!("periods", "期")),
        Column::new("size_cv2", "CV² of sizes", "需求量 CV²", Kind::Number(3)),
        Column::new("units", "Units a year", "年销量", Kind::Number(0)).unit(units()),
        Column::new("known", "Periods known", "已知期数", Kind::Integer),
        Column::new("stock_value", "Mean stock value", "平均库存金额", Kind::Money).unit(money_unit(currency)),
        Column::new("fill_rate", "Fill rate", "满足率", Kind::Percent),
        Column::new("service_level", "Service level", "服务水平", Kind::Percent),
        Column::new("category", "Category", "类别", Kind::Text),
        Column::new("name", "Name", "名称", Kind::Text),
        Column::new("note", "Note", "说明", Kind::Text),
    ]
}

/// Fields in which an item's own data overrules engine or segment, both values beside each other.
pub fn segment_exceptions_table(exceptions: &[SegmentException], currency: &str) -> Table {
    let columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("segment", "Segment", "分类", Kind::Text),
        Column::new("field", "Field", "字段", Kind::Text),
        Column::new("computed", "Computed", "计算值", Kind::Text),
        Column::new("source", "By", "依据", Kind::Text),
        Column::new("own", "Your value", "您的值", Kind::Text),
        Column::new("stock_difference", "Stock value, yours − computed", "库存金额差（您的 − 计算）", Kind::Money)
            .unit(money_unit(currency)),
        Column::new("fill_difference", "Fill rate, yours − computed", "满足率差（您的 − 计算）", Kind::Percent),
    ];
    let mut table = Table::new("segment_exceptions", "Exceptions", "例外", columns);
    for e in exceptions {
        let segment = e.segment.map(|s| s.to_string()).unwrap_or_default();
        let source =
            if e.by_segment { text!("segment {segment}", "分类 {segment}") } else { text!("engine", "系统计算") };
        table.push(vec![
            (&e.id.item).into(),
            (&e.id.location).into(),
            Cell::code(segment),
            Cell::words(field(e.field)),
            Cell::words(e.computed.clone()),
            Cell::words(source),
            Cell::words(e.own.clone()),
            e.stock_difference.into(),
            e.fill_difference.into(),
        ]);
    }
    table
}

fn field(field: ItemField) -> Text {
    match field {
        ItemField::SafetyStock => text!("Safety stock", "安全库存"),
        ItemField::MaxLevel => text!("Max level", "最高库存"),
        ItemField::Policy => text!("Policy", "补货策略"),
        ItemField::SafetyBasis => text!("Safety stock for", "安全库存依据"),
        ItemField::ServiceLevel => text!("Service level", "服务水平"),
        ItemField::FillRate => text!("Target fill rate", "目标满足率"),
        ItemField::CoverDays => text!("Days of cover", "覆盖天数"),
        ItemField::ReviewPeriodDays => text!("Review period", "盘点周期"),
        other => Text::same(format!("{other:?}")),
    }
}
