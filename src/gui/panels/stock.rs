//! *Stock*: when to order how much, and what that costs and risks, under the user's fingers.

use super::forecast::{side_ui, title_ui};
use super::stock_chart::Charts;
use super::stock_levers::Reach;
use super::{nothing_yet_ui, stock_chart, stock_levers, stock_service};
use crate::gui::context::{Cx, compact};
use crate::gui::style::{self, space};
use crate::gui::widgets::{Tile, Tone, remark_ui, tiles_ui};
use crate::model::{StockPlan, Why};
use crate::report::{orders_table, why_table};
use crate::session::Focus;
use egui::Ui;
use std::collections::BTreeSet;

/// What the panel remembers.
#[derive(Default)]
pub(super) struct View {
    reach: Reach,
    below: Below,
    service: stock_service::View,
    /// Names that the user clicked away in the legend.
    hidden: BTreeSet<String>,
}

/// What stands below the charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Below {
    #[default]
    Orders,
    Why,
    Plan,
    Service,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let session = cx.session;
        let Some(focus) = session.focus() else { return nothing_yet_ui(ui, cx) };
        side_ui(ui, "stock side", |ui| {
            stock_levers::show_ui(ui, cx, focus, &mut self.reach);
        });
        ui.horizontal(|ui| title_ui(ui, cx, focus));
        tiles_ui(ui, &tiles(cx, focus));
        portfolio_line_ui(ui, cx);
        for warning in &focus.stock.warnings {
            remark_ui(ui, cx.words.of(warning), Tone::Warning);
        }
        // A curve needs more room than the first rows of a table.
        let (charts, share, least) = match self.below {
            Below::Service => (Charts::Projection, 0.46, 200.0),
            _ => (Charts::Both, 0.62, 260.0),
        };
        let height = (ui.available_height() * share).max(least);
        stock_chart::show_ui(ui, cx, focus, &mut self.hidden, (charts, height));
        ui.add_space(space::XS);
        self.below_ui(ui, cx, focus);
    }

    fn below_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        let options = [
            (Below::Orders, cx.t("Orders", "订单"), "orders"),
            (Below::Service, cx.t("Service against stock", "服务与库存"), ""),
            (Below::Why, cx.t("Why these numbers", "计算依据"), "why"),
            (Below::Plan, cx.t("All items", "全部商品"), "stock"),
        ];
        cx.choose_table_ui(ui, &mut self.below, &options);
        let currency = &cx.session.project().currency;
        let (stock, item) = (std::slice::from_ref(&focus.stock), std::slice::from_ref(&focus.item));
        match self.below {
            Below::Orders if focus.stock.orders.is_empty() => {
                let words = cx.t("Nothing to order within the horizon.", "计划期内无需订货。");
                ui.label(style::weak(ui, words));
            }
            Below::Orders => {
                let table = orders_table(stock, item, currency).without(&["item", "location", "name"]);
                cx.table_with_detail_ui(ui, "orders of item", &table);
            }
            Below::Service => self.service.show_ui(ui, cx, focus),
            Below::Why => {
                let table = why_table(stock).without(&["item", "location"]);
                cx.table_with_detail_ui(ui, "why of item", &table);
            }
            Below::Plan => {
                let Some(plan) = cx.session.plan().cloned() else { return };
                let clicked = cx
                    .plan_table_ui(ui, "stock", &plan, |p| crate::report::stock_table(&p.stock, &p.items, &p.currency));
                if let Some(id) = clicked.and_then(|(_, row)| plan.stock.get(row)).map(|s| s.id.clone()) {
                    cx.push(crate::session::Command::Select(id));
                }
            }
        }
    }
}

/// All items' figures in one line: they follow a lever that moves one of them or all.
fn portfolio_line_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let Some(now) = cx.session.portfolio() else { return };
    let base = cx.session.base_portfolio();
    let language = cx.language();
    ui.horizontal_wrapped(|ui| {
        let count = now.series;
        let head = crate::text!("All {count} items:", "全部 {count} 个商品：");
        ui.label(style::strong(cx.words.own(head)));
        let mut figure = |name: String, value: String, change: Option<(String, Tone)>| {
            ui.label(style::weak(ui, name));
            ui.label(value);
            if let Some((words, tone)) = change {
                let color = crate::gui::widgets::tone_color(crate::gui::style::Palette::of(ui), tone);
                ui.label(egui::RichText::new(words).small().color(color));
            }
            ui.add_space(space::S);
        };
        let money = |en, zh| cx.words.with_unit(cx.t(en, zh), &cx.money());
        let of = |get: fn(&crate::model::PortfolioTotals) -> f64, better| {
            (compact(get(now), language), base.and_then(|base| difference(cx, get(now), get(base), better)))
        };
        let (value, change) = of(|t| t.stock_value, Better::Lower);
        figure(money("stock value", "库存金额"), value, change);
        let points = base.map_or(0.0, |base| 100.0 * (now.fill_rate - base.fill_rate));
        let change = difference(cx, points, 0.0, Better::Higher).filter(|_| points.abs() >= 0.005);
        let fill = format!("{} %", cx.number(100.0 * now.fill_rate, 2));
        figure(cx.t("fill rate", "满足率").to_owned(), fill, change.map(|(n, tone)| (format!("{n} pp"), tone)));
        let (value, change) = of(|t| t.shortage_cost, Better::Lower);
        figure(money("shortage cost", "缺货成本"), value, change);
        let (value, change) = of(|t| t.order_now, Better::Neither);
        figure(money("orders now", "首期订单"), value, change);
        let (value, change) = of(crate::model::PortfolioTotals::total_cost, Better::Lower);
        figure(money("cost without transport", "不含运输成本"), value, change);
    });
}

/// The item's figures, each with its difference to the base scenario and its derivation.
fn tiles(cx: &Cx<'_>, focus: &Focus) -> Vec<Tile> {
    let (now, base) = (&focus.stock, &focus.base_stock);
    let units = |en, zh| cx.words.with_unit(cx.t(en, zh), cx.units());
    let money = |en, zh| cx.words.with_unit(cx.t(en, zh), &cx.money());
    let level = |label: String, of: fn(&StockPlan) -> f64, key: &str| {
        let tile = Tile::new(label, cx.number(of(now), 0)).note(difference(cx, of(now), of(base), Better::Neither));
        tile.why(derivation(cx, &now.why, key))
    };
    let value = |s: &StockPlan, item: &crate::model::Item| s.average_stock * item.unit_cost;
    let (value_now, value_base) = (value(now, &focus.item), value(base, &focus.base_item));
    let (cost_now, cost_base) = (focus.ledger.total(), focus.base_ledger.total());
    let share = |label: &str, now: f64, base: f64, better| {
        let points = 100.0 * (now - base);
        let note = difference(cx, points, 0.0, better).filter(|_| points.abs() >= 0.05);
        Tile::new(label, cx.percent(now)).note(note.map(|(n, tone)| (format!("{n} pp"), tone)))
    };
    vec![
        level(units("Safety stock", "安全库存"), |s| s.safety_stock, "Safety stock"),
        level(units("Reorder point", "再订货点"), |s| s.reorder_point, "Reorder point"),
        level(units("Reorder, max rule", "最高库存法"), |s| s.reorder_point_max_rule, "Reorder point, max-level rule"),
        level(units("Max level", "最高库存"), |s| s.max_level, "Max level"),
        share(cx.t("Fill rate", "满足率"), now.fill_rate, base.fill_rate, Better::Higher),
        share(cx.t("Stock-out risk", "缺货概率"), now.stockout_probability, base.stockout_probability, Better::Lower),
        Tile::new(money("Stock value", "库存金额"), compact(value_now, cx.language())).note(difference(
            cx,
            value_now,
            value_base,
            Better::Lower,
        )),
        Tile::new(money("Cost, horizon", "计划期成本"), compact(cost_now, cx.language())).note(difference(
            cx,
            cost_now,
            cost_base,
            Better::Lower,
        )),
    ]
}

/// Which way a figure should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Better {
    Higher,
    Lower,
    Neither,
}

/// "+12" in the colour of better or worse; nothing when nothing changed.
pub(super) fn difference(cx: &Cx<'_>, now: f64, base: f64, better: Better) -> Option<(String, Tone)> {
    let change = now - base;
    if !change.is_finite() || change.abs() <= 1e-9 * base.abs().max(1.0) {
        return None;
    }
    let tone = match (better, change > 0.0) {
        (Better::Neither, _) => Tone::Neutral,
        (Better::Higher, true) | (Better::Lower, false) => Tone::Good,
        _ => Tone::Bad,
    };
    let sign = if change > 0.0 { "+" } else { "−" };
    Some((format!("{sign}{}", compact(change.abs(), cx.language())), tone))
}

/// The formula and its inputs, for reading under the pointer.
pub(super) fn derivation(cx: &Cx<'_>, why: &[Why], quantity: &str) -> String {
    let Some(why) = why.iter().find(|w| w.quantity.en == quantity) else { return String::new() };
    let mut lines = vec![format!("{} = {}", cx.words.of(&why.quantity), why.formula)];
    lines.extend(why.inputs.iter().map(|input| {
        let (name, unit) = (cx.words.of(&input.name), cx.words.of(&input.unit));
        let value = cx.number(input.value, 2);
        format!("{} = {value} {unit}  {name}; {}", input.symbol, cx.words.of(&input.source))
    }));
    if !why.note.is_empty() {
        lines.push(cx.words.of(&why.note).to_owned());
    }
    lines.join("\n")
}
