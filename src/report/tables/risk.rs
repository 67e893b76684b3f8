//! What may go wrong: alerts, expected loss, disruptions, bullwhip, how warnings would have done.

use super::super::table::{Cell, Column, Kind, Table};
use super::{money_unit, per_unit, units};
use crate::model::{
    AlertState, Bullwhip, BullwhipCause, DisruptionResult, Exposure, Item, Period, PeriodsQuantiles, Plan, Risk,
    SeriesId, alert_mark, alert_state,
};
use crate::text;
use crate::words::Text;

/// The queue: every alert, dearest first, with what somebody said to it.
pub fn alerts_table(risk: &Risk, items: &[Item], currency: &str) -> Table {
    let columns = vec![
        Column::new("rank", "Rank", "序号", Kind::Integer),
        Column::new("kind", "Alert", "预警", Kind::Text),
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("name", "Name", "名称", Kind::Text),
        Column::new("money", "Money at stake", "风险金额", Kind::Money).unit(money_unit(currency)),
        Column::new("tied_up", "Tied up", "占用资金", Kind::Money).unit(money_unit(currency)),
        Column::new("when", "When", "时间", Kind::Text),
        Column::new("why", "Why", "原因", Kind::Text),
        Column::new("action", "What to do", "建议措施", Kind::Text),
        Column::new("source", "Where the money comes from", "金额来源", Kind::Text),
        Column::new("state", "State", "状态", Kind::Text),
        Column::new("until", "Snoozed until", "延后至", Kind::Text),
        Column::new("author", "By", "处理人", Kind::Text),
        Column::new("created", "On", "处理日期", Kind::Text),
        Column::new("reason", "Reason", "处理说明", Kind::Text),
    ];
    let mut table = Table::new("alerts", "Alerts", "预警", columns);
    for (k, alert) in risk.alerts.iter().enumerate() {
        let mark = alert_mark(&risk.marks, alert);
        let said = |of: fn(&crate::model::AlertMark) -> &String| mark.map_or(Cell::Empty, |m| Cell::code(of(m)));
        let state = alert_state(&risk.marks, alert, risk.start);
        let until = match state {
            AlertState::Snoozed(until) => until.into(),
            AlertState::Open | AlertState::Done => Cell::Empty,
        };
        table.push(vec![
            (k + 1).into(),
            Cell::words(alert.kind.label()),
            (&alert.id.item).into(),
            (&alert.id.location).into(),
            name_of(items, &alert.id),
            alert.money.into(),
            some(alert.tied_up),
            alert.when.into(),
            Cell::words(alert.why.clone()),
            Cell::words(alert.action.clone()),
            Cell::words(alert.source.clone()),
            Cell::words(state_words(state)),
            until,
            said(|m| &m.author),
            said(|m| &m.created),
            said(|m| &m.reason),
        ]);
    }
    table
}

fn state_words(state: AlertState) -> Text {
    match state {
        AlertState::Open => Text::new("open", "待处理"),
        AlertState::Done => Text::new("done", "已处理"),
        AlertState::Snoozed(_) => Text::new("snoozed", "已延后"),
    }
}

/// Items and their risk are in panel order, which is sorted.
fn name_of(items: &[Item], id: &SeriesId) -> Cell {
    let found = items.binary_search_by(|item| item.id.cmp(id)).ok();
    found.map_or(Cell::Empty, |k| (&items[k].name).into())
}

/// A figure that says something; 0 is an empty cell.
fn some(x: f64) -> Cell {
    if x == 0.0 { Cell::Empty } else { x.into() }
}

/// Expected loss per item and period: stock-out probability × units short when stock runs out × money per unit. Periods
/// without any are left out.
pub fn expected_loss_table(risk: &Risk, currency: &str) -> Table {
    let columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("period", "Period", "期间", Kind::Text),
        Column::new("probability", "Stock-out probability", "缺货概率", Kind::Percent),
        Column::new("short_when_out", "Units short when out", "缺货时的缺口", Kind::Number(1)).unit(units()),
        Column::new("short", "Expected units short", "期望缺货量", Kind::Number(2)).unit(units()),
        Column::new("unit_loss", "Money per unit short", "单位缺货损失", Kind::Money).unit(per_unit(currency)),
        Column::new("basis", "Counted with", "计价依据", Kind::Text),
        Column::new("expected_loss", "Expected loss", "期望损失", Kind::Money).unit(money_unit(currency)),
    ];
    let mut table = Table::new("expected_loss", "Expected loss", "期望损失", columns);
    for item in &risk.base.items {
        for (t, (chance, short)) in item.stockout.iter().zip(&item.short).enumerate().filter(|(_, (c, _))| **c > 0.0) {
            table.push(vec![
                (&item.id.item).into(),
                (&item.id.location).into(),
                risk.start.plus(t as i64).into(),
                (*chance).into(),
                (short / chance).into(),
                (*short).into(),
                item.unit_loss.into(),
                Cell::words(item.basis.label()),
                item.loss(t).into(),
            ]);
        }
    }
    table
}

/// A row per card, and one for all active cards together, dearest first.
pub fn disruptions_table(risk: &Risk, currency: &str) -> Table {
    let money = |key, en, zh| Column::new(key, en, zh, Kind::Money).unit(money_unit(currency));
    let columns = vec![
        Column::new("disruption", "Disruption", "中断情形", Kind::Text),
        money("money", "Money lost", "损失金额"),
        Column::new("units", "Units short", "缺货数量", Kind::Number(0)).unit(units()),
        Column::new("fill_before", "Fill rate without", "无中断满足率", Kind::Percent),
        Column::new("fill_after", "Fill rate with", "中断后满足率", Kind::Percent),
        Column::new("items", "Items touched", "受影响商品", Kind::Integer),
        Column::new("exposed", "Items exposed", "暴露商品", Kind::Integer),
        Column::new("survive", "Shortest time to survive", "最短可维持期数", Kind::Integer).unit(periods(risk.start)),
        Column::new("recover", "Longest time to recover", "最长恢复期数", Kind::Integer).unit(periods(risk.start)),
        money("shipping_before", "Shipping without", "无中断运输成本"),
        money("shipping_after", "Shipping with", "中断后运输成本"),
        Column::new("unmet_after", "Not delivered", "无法送达", Kind::Number(0)).unit(units()),
        Column::new("notes", "Notes", "说明", Kind::Text),
    ];
    let mut table = Table::new("disruptions", "Disruptions", "中断情形", columns);
    for result in by_money(risk) {
        let shipped = result.shipments.as_ref();
        let of_items = !result.items.is_empty();
        let only = |x: Cell| if of_items { x } else { Cell::Empty };
        table.push(vec![
            Cell::words(result.label.clone()),
            result.money.into(),
            result.units.into(),
            only(result.fill_before.into()),
            only(result.fill_after.into()),
            result.items.len().into(),
            result.exposed().into(),
            result.shortest_survival().map_or(Cell::Empty, Cell::from),
            result.longest_recovery().map_or(Cell::Empty, Cell::from),
            shipped.map(|s| s.cost_before).into(),
            shipped.map(|s| s.cost_after).into(),
            shipped.map(|s| s.unmet_after).into(),
            Cell::words(result.notes.iter().fold(Text::default(), |all, note| {
                if all.is_empty() { note.clone() } else { all.then(&text!("·", "·")).then(note) }
            })),
        ]);
    }
    table
}

fn by_money(risk: &Risk) -> Vec<&DisruptionResult> {
    let mut all: Vec<&DisruptionResult> = risk.disruptions.iter().chain(&risk.together).map(|r| &**r).collect();
    all.sort_by(|a, b| b.money.total_cmp(&a.money));
    all
}

/// What every card does to every item it touches, dearest first: time to survive, time to recover, exposure.
pub fn disrupted_items_table(risk: &Risk, items: &[Item], currency: &str) -> Table {
    let span = |key, en, zh| Column::new(key, en, zh, Kind::Text).unit(periods(risk.start));
    let columns = vec![
        Column::new("disruption", "Disruption", "中断情形", Kind::Text),
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("name", "Name", "名称", Kind::Text),
        Column::new("money", "Money lost", "损失金额", Kind::Money).unit(money_unit(currency)),
        Column::new("units", "Units short", "缺货数量", Kind::Number(1)).unit(units()),
        Column::new("exposure", "Exposed", "暴露", Kind::Text),
        span("survive", "Time to survive, median", "可维持期数（中位）"),
        span("survive_careful", "Time to survive, 10 %", "可维持期数（10 %）"),
        Column::new("gap", "Time until as usual", "恢复正常所需", Kind::Integer).unit(periods(risk.start)),
        span("recover", "Time to recover, median", "恢复期数（中位）"),
        span("recover_careful", "Time to recover, 90 %", "恢复期数（90 %）"),
        Column::new("fill_before", "Fill rate without", "无中断满足率", Kind::Percent),
        Column::new("fill_after", "Fill rate with", "中断后满足率", Kind::Percent),
    ];
    let mut table = Table::new("disrupted_items", "Disrupted items", "中断影响商品", columns);
    let horizon = risk.base.items.first().map_or(0, |i| i.short.len());
    for result in by_money(risk) {
        let from = result.cards.iter().map(|c| c.from.max(1) - 1).min().unwrap_or(0);
        let until = result.cards.iter().map(|c| c.steps(horizon).end).max().unwrap_or(0);
        for item in &result.items {
            let [survive, survive_careful] = quantiles(item.survive, horizon.saturating_sub(from));
            let [recover, recover_careful] = quantiles(item.recover, horizon.saturating_sub(until));
            table.push(vec![
                Cell::words(result.label.clone()),
                (&item.id.item).into(),
                (&item.id.location).into(),
                name_of(items, &item.id),
                item.money.into(),
                (item.short_after - item.short_before).into(),
                Cell::words(exposure(item.exposure)),
                survive,
                survive_careful,
                item.gap.into(),
                recover,
                recover_careful,
                item.fill_before.into(),
                item.fill_after.into(),
            ]);
        }
    }
    table
}

/// Median and careful tenth; what lies beyond the horizon is more than what is left of it.
fn quantiles(time: PeriodsQuantiles, left: usize) -> [Cell; 2] {
    [time.median, time.careful]
        .map(|t| t.map_or_else(|| Cell::Code(format!("> {left}")), |t| Cell::Code(t.to_string())))
}

fn exposure(exposure: Exposure) -> Text {
    match exposure {
        Exposure::None => Text::new("no", "否"),
        Exposure::Possible => Text::new("possibly", "可能"),
        Exposure::Likely => Text::new("yes", "是"),
    }
}

/// The period's length as a unit, many.
fn periods(start: Period) -> Text {
    let unit = start.frequency().label();
    Text::new(format!("{}s", unit.en), unit.zh)
}

/// Variance of orders ÷ variance of demand: all items, categories, then items with the largest ratio first.
pub fn bullwhip_table(risk: &Risk) -> Table {
    let ratio = |key, en, zh| Column::new(key, en, zh, Kind::Number(2));
    let columns = vec![
        Column::new("level", "Level", "层级", Kind::Text),
        Column::new("of", "Of", "对象", Kind::Text),
        ratio("ratio", "Orders ÷ demand, variance", "订货方差 ÷ 需求方差"),
        ratio("proposal", "Proposed orders ÷ demand", "建议订单 ÷ 需求"),
        Column::new("cause", "Main cause", "主要原因", Kind::Text),
        ratio("without_updating", "Without forecast updating", "不随预测更新"),
        ratio("without_lots", "Without lot sizes", "无批量限制"),
        ratio("without_review", "Without review period", "连续盘点"),
        ratio("without_lead_time", "Without lead time", "无提前期"),
        Column::new("window", "Forecast reacts like an average of", "预测等效平均期数", Kind::Integer)
            .unit(periods(risk.start)),
    ];
    let mut table = Table::new("bullwhip", "Bullwhip", "牛鞭效应", columns);
    for group in &risk.base.groups {
        let (level, of) = if group.category.is_empty() {
            (text!("all items", "全部商品"), Cell::Empty)
        } else {
            (text!("category", "类别"), (&group.category).into())
        };
        table.push(bullwhip_row(level, of, &group.bullwhip));
    }
    let mut items: Vec<_> = risk.base.items.iter().collect();
    items.sort_by(|a, b| b.bullwhip.ratio.unwrap_or(-1.0).total_cmp(&a.bullwhip.ratio.unwrap_or(-1.0)));
    for item in items {
        table.push(bullwhip_row(text!("item", "商品"), Cell::code(item.id.to_string()), &item.bullwhip));
    }
    table
}

fn bullwhip_row(level: Text, of: Cell, bullwhip: &Bullwhip) -> Vec<Cell> {
    let without = |cause| bullwhip.without.iter().find(|(c, _)| *c == cause).map(|(_, ratio)| *ratio);
    let mut row = vec![
        Cell::words(level),
        of,
        bullwhip.ratio.into(),
        bullwhip.proposal.into(),
        bullwhip.main_cause().map_or(Cell::Empty, |(cause, _)| Cell::words(cause.label())),
    ];
    row.extend(BullwhipCause::ALL.map(|cause| without(cause).into()));
    row.push(if bullwhip.window > 0 { bullwhip.window.into() } else { Cell::Empty });
    row
}

/// Precision and recall of stock-out warnings by threshold, replayed over the latest history.
pub fn alert_score_table(risk: &Risk) -> Table {
    let count = |key, en, zh| Column::new(key, en, zh, Kind::Integer);
    let share = |key, en, zh| Column::new(key, en, zh, Kind::Percent);
    let columns = vec![
        share("threshold", "Warned from", "预警阈值"),
        share("precision", "Precision", "准确率"),
        share("recall", "Recall", "召回率"),
        Column::new("f1", "F1", "F1", Kind::Number(3)),
        count("hits", "Warned, ran out", "预警且缺货"),
        count("false_alarms", "Warned, lasted", "预警未缺货"),
        count("misses", "Not warned, ran out", "未预警而缺货"),
        count("quiet", "Not warned, lasted", "未预警未缺货"),
    ];
    let mut table = Table::new("alert_score", "Alert quality", "预警质量", columns);
    for s in &risk.base.replay.scores {
        table.push(vec![
            s.threshold.into(),
            s.precision().into(),
            s.recall().into(),
            s.f1().into(),
            s.hits.into(),
            s.false_alarms.into(),
            s.misses.into(),
            s.quiet.into(),
        ]);
    }
    table
}

/// Keys of the tables that need a plan's risk.
pub const RISK_TABLES: [&str; 6] =
    ["alerts", "expected_loss", "disruptions", "disrupted_items", "bullwhip", "alert_score"];

/// All tables of a plan's risk; none where nobody asked for it.
pub(super) fn risk_tables(plan: &Plan) -> Vec<Table> {
    let Some(risk) = plan.risk.as_deref() else { return Vec::new() };
    let mut list = vec![alerts_table(risk, &plan.items, &plan.currency), expected_loss_table(risk, &plan.currency)];
    if !risk.disruptions.is_empty() {
        list.push(disruptions_table(risk, &plan.currency));
        list.push(disrupted_items_table(risk, &plan.items, &plan.currency));
    }
    list.push(bullwhip_table(risk));
    if !risk.base.replay.scores.is_empty() {
        list.push(alert_score_table(risk));
    }
    list
}
