//! What ships, how full the sites are, what limits are worth.

use super::super::table::{Cell, Column, Kind, Table};
use super::{money_unit, units};
use crate::model::{DispatchPlan, Limit, Network, ShadowPrice, SiteLoad, SolveStatus};
use crate::text;
use crate::words::Text;
use std::sync::Arc;

/// Shipments, trips and unmet demand, one a row; `kind` says which. The costs sum to the plan's objective.
pub fn dispatch_table(plan: &DispatchPlan, network: &Network, currency: &str) -> Table {
    let columns = vec![
        Column::new("kind", "Kind", "类型", Kind::Text),
        Column::new("period", "Period", "期间", Kind::Text),
        Column::new("from", "From", "发货地", Kind::Text),
        Column::new("to", "To", "收货方", Kind::Text),
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("vehicle", "Vehicle", "车型", Kind::Text),
        Column::new("quantity", "Quantity", "数量", Kind::Number(1)),
        Column::new("unit", "Unit", "单位", Kind::Text),
        Column::new("unit_cost", "Cost per unit", "单位费用", Kind::Money).unit(money_unit(currency)),
        Column::new("cost", "Cost", "费用", Kind::Money).unit(money_unit(currency)),
    ];
    let mut table = Table::new("dispatch", "Dispatch", "调运", columns);
    let vehicle = |lane: usize| network.lanes.get(lane).map_or(Cell::Empty, |l| (&l.vehicle).into());
    let unit = |en: &str, zh: &str| Cell::words(Text::new(en, zh));
    for s in &plan.shipments {
        table.push(vec![
            Cell::words(LineKind::Shipment.label()),
            s.period.into(),
            (&s.from).into(),
            (&s.to).into(),
            (&s.item).into(),
            vehicle(s.lane),
            s.quantity.into(),
            unit("units", "件"),
            s.unit_cost.into(),
            (s.quantity * s.unit_cost).into(),
        ]);
    }
    for t in &plan.trips {
        let end =
            |of: fn(&crate::model::Lane) -> &Arc<str>| network.lanes.get(t.lane).map_or(Cell::Empty, |l| of(l).into());
        table.push(vec![
            Cell::words(LineKind::Trip.label()),
            t.period.into(),
            end(|l| &l.from),
            end(|l| &l.to),
            Cell::Empty,
            vehicle(t.lane),
            t.count.into(),
            unit("trips", "车次"),
            t.trip_cost.into(),
            (t.count * t.trip_cost).into(),
        ]);
    }
    for u in &plan.unmet {
        table.push(vec![
            Cell::words(LineKind::Unmet.label()),
            u.period.into(),
            Cell::Empty,
            (&u.customer).into(),
            (&u.item).into(),
            Cell::Empty,
            u.quantity.into(),
            unit("units", "件"),
            u.unit_cost.into(),
            (u.quantity * u.unit_cost).into(),
        ]);
    }
    table
}

/// Load against capacity, by site and period.
pub fn loads_table(plan: &DispatchPlan) -> Table {
    let columns = vec![
        Column::new("site", "Site", "发货地", Kind::Text),
        Column::new("period", "Period", "期间", Kind::Text),
        Column::new("load", "Load", "负荷", Kind::Number(1)).unit(units()),
        Column::new("capacity", "Capacity", "产能", Kind::Number(1)).unit(units()),
        Column::new("utilisation", "Utilisation", "利用率", Kind::Percent),
    ];
    let mut table = Table::new("loads", "Site load", "发货负荷", columns);
    for load in sorted_loads(plan) {
        let share = load.capacity.filter(|c| *c > 0.0).map(|c| load.load / c);
        table.push(vec![(&load.site).into(), load.period.into(), load.load.into(), load.capacity.into(), share.into()]);
    }
    table
}

/// Loads by site, then period.
fn sorted_loads(plan: &DispatchPlan) -> Vec<&SiteLoad> {
    let mut loads: Vec<_> = plan.loads.iter().collect();
    loads.sort_by(|a, b| a.site.cmp(&b.site).then(a.period.cmp(&b.period)));
    loads
}

/// What one more unit of each binding limit is worth, dearest first, with the sentence that says so.
pub fn prices_table(plan: &DispatchPlan, network: &Network, currency: &str) -> Table {
    let columns = vec![
        Column::new("limit", "Limit", "约束", Kind::Text),
        Column::new("name", "Of", "对象", Kind::Text),
        Column::new("period", "Period", "期间", Kind::Text),
        Column::new("price", "Worth of one more unit", "影子价格", Kind::Number(4)).unit(money_unit(currency)),
        Column::new("used", "Used", "已用", Kind::Number(1)).unit(units()),
        Column::new("available", "Available", "可用", Kind::Number(1)).unit(units()),
        Column::new("sentence", "In words", "说明", Kind::Text),
    ];
    let mut table = Table::new("prices", "Limits and prices", "约束与影子价格", columns);
    for price in &plan.prices {
        let (kind, name) = limit(price, network);
        table.push(vec![
            Cell::words(kind),
            Cell::code(name),
            price.period.into(),
            price.price.into(),
            price.used.into(),
            price.available.into(),
            Cell::words(price.sentence.clone()),
        ]);
    }
    table
}

fn limit(price: &ShadowPrice, network: &Network) -> (Text, String) {
    match &price.limit {
        Limit::Site(site) => (text!("site capacity", "发货地产能"), site.to_string()),
        Limit::Lane(lane) => {
            let name = network.lanes.get(*lane).map_or_else(String::new, |l| format!("{} → {}", l.from, l.to));
            (text!("lane capacity", "线路运力"), name)
        }
        Limit::Demand { customer, item } if item.is_empty() => (text!("demand", "需求"), customer.to_string()),
        Limit::Demand { customer, item } => (text!("demand", "需求"), format!("{customer}, {item}")),
    }
}

/// How the solver ended, cost and bound, and every sentence of the plan.
pub fn dispatch_notes_table(plan: &DispatchPlan, currency: &str) -> Table {
    let columns = vec![
        Column::new("subject", "Subject", "项目", Kind::Text),
        Column::new("value", "Value", "数值", Kind::Number(2)),
        Column::new("note", "Note", "说明", Kind::Text),
    ];
    let mut table = Table::new("dispatch_notes", "Dispatch result", "调运结果", columns);
    let infeasible = plan.status == SolveStatus::Infeasible;
    table.push(vec![Cell::words(text!("Status", "状态")), Cell::Empty, Cell::words(status(plan.status))]);
    if !infeasible {
        let money = money_unit(currency);
        for (name, value, unit) in [
            (text!("Cost", "费用"), plan.objective, money.clone()),
            (text!("Lower bound of the cost", "费用下界"), plan.bound, money),
            (text!("Gap", "差距"), 100.0 * plan.gap(), Text::same("%")),
        ] {
            table.push(vec![Cell::words(name), value.into(), Cell::words(unit)]);
        }
    }
    let sentences = |table: &mut Table, subject: Text, list: &[Text]| {
        for sentence in list {
            table.push(vec![Cell::words(subject.clone()), Cell::Empty, Cell::words(sentence.clone())]);
        }
    };
    sentences(&mut table, text!("Conflict", "冲突"), &plan.conflicts);
    if plan.has_alternatives {
        let note = text!("Another plan costs the same", "存在费用相同的其他方案");
        sentences(&mut table, text!("Alternatives", "备选方案"), &[note]);
    }
    sentences(&mut table, text!("Note", "说明"), &plan.notes);
    table
}

fn status(status: SolveStatus) -> Text {
    match status {
        SolveStatus::Optimal => text!("optimal: no plan is cheaper", "最优：没有更便宜的方案"),
        SolveStatus::TimeLimit => text!("best found within the time limit", "时限内找到的最好方案"),
        SolveStatus::Infeasible => text!("infeasible: no plan satisfies the limits", "无可行方案：约束无法同时满足"),
    }
}

/// What a row of the dispatch table is; the workbook's sums look for these words.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum LineKind {
    /// Units over a lane.
    Shipment,
    /// Whole trips over a lane.
    Trip,
    /// Units that nobody brings.
    Unmet,
}

impl LineKind {
    /// The word in the table.
    pub(in super::super) fn label(self) -> Text {
        match self {
            Self::Shipment => Text::new("shipment", "发运"),
            Self::Trip => Text::new("trip", "车次"),
            Self::Unmet => Text::new("unmet", "未满足"),
        }
    }
}
