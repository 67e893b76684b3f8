//! What to buy with the money there is: the budget, what it avoids, the list.

use super::View;
use crate::gui::context::{Cx, compact};
use crate::gui::style::{self, Palette, size, space};
use crate::gui::widgets::{
    LeverRow, Moved, Tile, Tone, X_LABEL, Y_LABEL, figure, figure_grid, hover_label, lever_ui, number_ui, tiles_ui,
};
use crate::model::{PurchaseBudget, PurchaseList};
use crate::report::{Table, purchase_table};
use crate::session::{Command, Gesture};
use crate::text;
use egui::{Layout, Ui, Vec2, vec2};
use egui_plot::{Line, Plot, PlotPoints, VLine};
use std::rc::Rc;
use std::sync::Arc;

/// The list as a table and a curve.
pub(super) struct Made {
    of: Arc<PurchaseList>,
    table: Rc<Table>,
    curve: Vec<[f64; 2]>,
}

/// Height of the controls and the chart beside them.
const HEAD: f32 = 190.0;
/// Width of the controls.
const CONTROLS: f32 = 300.0;

impl View {
    pub(super) fn purchase_page_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if self.study(ui, cx).is_none() {
            return;
        }
        let Some(list) = cx.session.purchase_list().cloned() else { return };
        if list.rows.is_empty() {
            let words = cx.t("Nothing is to be ordered in these periods.", "这些期间内无需订货。");
            ui.label(style::weak(ui, words));
            periods_ui(ui, cx);
            return;
        }
        if self.bought.as_ref().is_none_or(|made| !Arc::ptr_eq(&made.of, &list)) {
            let table = purchase_table(&list, &cx.session.project().currency);
            let has_volume = list.needed_volume > 0.0;
            let table = if has_volume { table } else { table.without(&["volume"]) };
            self.bought = Some(Made { of: list.clone(), table: Rc::new(table), curve: curve(&list) });
        }
        tiles_ui(ui, &tiles(cx, &list));
        let column = Layout::top_down(egui::Align::LEFT);
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(vec2(CONTROLS, HEAD), column, |ui| controls_ui(ui, cx, &list));
            ui.add_space(space::M);
            let rest = vec2(ui.available_width(), HEAD);
            ui.allocate_ui_with_layout(rest, column, |ui| {
                if let Some(made) = &self.bought {
                    chart_ui(ui, cx, made);
                }
            });
        });
        if list.assumed > 0 {
            let n = list.assumed;
            let words = text!(
                "{n} items have no shortage cost: a unit short counts as its margin, or its cost",
                "{n} 个商品未填缺货成本：以毛利或成本代替"
            );
            ui.label(style::caption(ui, cx.words.own(words)));
        }
        if let Some(made) = &self.bought {
            cx.table_with_detail_ui(ui, "purchase list", &made.table.clone());
        }
    }
}

fn controls_ui(ui: &mut Ui, cx: &mut Cx<'_>, list: &PurchaseList) {
    let budget = cx.session.project().purchase;
    periods_ui(ui, cx);
    let money = cx.money();
    let limits = [
        (cx.t("Budget", "预算"), money.as_str(), budget.money, list.needed, false),
        (cx.t("Room", "容积"), "m³", budget.volume, list.needed_volume, true),
    ];
    for (label, unit, limit, needed, is_room) in limits {
        // Room counts once items state their volume.
        if needed <= 0.0 {
            continue;
        }
        let row = LeverRow {
            label,
            unit,
            value: limit.unwrap_or(needed),
            base: needed,
            range: 0.0..=needed,
            most: 1e15,
            decimals: u8::from(needed < 100.0),
            is_moved: limit.is_some(),
            hint: cx.t("For the orders of these periods; reset for no limit", "用于这些期间的订单；还原则不设上限"),
        };
        let (limit, gesture) = match lever_ui(ui, cx.words, &row) {
            Some(Moved::To(x, gesture)) => (Some(x), gesture),
            Some(Moved::Reset) => (None, Gesture::Commit),
            None => continue,
        };
        let moved = if is_room {
            PurchaseBudget { volume: limit, ..budget }
        } else {
            PurchaseBudget { money: limit, ..budget }
        };
        cx.push(Command::SetPurchaseBudget(moved, gesture));
    }
    let words = cx.t(
        "Ranked by expected loss avoided per money until goods bought later arrive, in whole order steps. The gap says how far the choice may be from the best.",
        "按单位资金避免的预期损失排序（至后续采购到货为止），按整订货步长。差距表示与最优选择的最大距离。",
    );
    ui.add(egui::Label::new(style::caption(ui, words)).wrap());
}

fn periods_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let budget = cx.session.project().purchase;
    let label = cx.t("Orders of the next periods", "未来几期的订单");
    if let (Some(periods), _) = number_ui(ui, label, budget.periods, 1..=52, 0.1) {
        cx.push(Command::SetPurchaseBudget(PurchaseBudget { periods, ..budget }, Gesture::Commit));
    }
}

fn tiles(cx: &Cx<'_>, list: &PurchaseList) -> Vec<Tile> {
    let money = cx.money();
    let label = |en, zh| cx.words.with_unit(cx.t(en, zh), &money);
    let amount = |x: f64| compact(x, cx.language());
    let needed = amount(list.needed);
    let of = text!("of {needed}", "共需 {needed}");
    let bought = list.rows.iter().filter(|row| row.quantity > 0.0).count();
    let (n, all) = (cx.number(bought as f64, 0), cx.number(list.rows.len() as f64, 0));
    let tone = if list.risk > 0.0 { Tone::Warning } else { Tone::Neutral };
    let mut tiles = vec![
        Tile::new(label("To spend", "采购金额"), amount(list.money)).note(Some((cx.words.own(of), Tone::Neutral))),
        Tile::new(cx.t("Items bought", "采购商品数"), n)
            .note(Some((cx.words.own(text!("of {all}", "共 {all}")), Tone::Neutral))),
        Tile::new(label("Loss avoided", "避免的损失"), amount(list.avoided)),
        Tile::new(label("Loss risked", "风险损失"), amount(list.risk))
            .note((list.risk > 0.0).then(|| (cx.t("by what is left out", "未采购部分").to_owned(), tone))),
        Tile::new(cx.t("Gap to the best", "与最优的差距"), cx.percent(list.gap())).why(cx.t(
            "No choice within the budget can avoid more than the bound (Dantzig 1957): the list is at most this far from it",
            "预算内任何选择都不会超过上界（Dantzig 1957）：本清单与其差距不超过此值",
        )),
    ];
    if list.needed_volume > 0.0 {
        let needed = cx.number(list.needed_volume, 1);
        let of = cx.words.own(text!("of {needed}", "共 {needed}"));
        let label = cx.words.with_unit(cx.t("Volume", "体积"), "m³");
        tiles.push(Tile::new(label, cx.number(list.volume, 1)).note(Some((of, Tone::Neutral))));
    }
    tiles
}

/// Loss avoided over money, in the order of the list.
fn curve(list: &PurchaseList) -> Vec<[f64; 2]> {
    let mut sum = 0.0;
    let mut points = vec![[0.0, 0.0]];
    for row in list.rows.iter().filter(|row| row.quantity > 0.0) {
        sum += row.avoided;
        points.push([row.cumulative, sum]);
    }
    let every = points.len().div_ceil(2000).max(1);
    let last = points.len() - 1;
    points.into_iter().enumerate().filter(|(k, _)| k % every == 0 || *k == last).map(|(_, p)| p).collect()
}

fn chart_ui(ui: &mut Ui, cx: &Cx<'_>, made: &Made) {
    let palette = Palette::of(ui);
    let money = cx.money();
    let name = cx.t("Loss avoided", "避免的损失");
    Plot::new("purchase curve")
        .height(HEAD)
        .x_axis_label(cx.words.with_unit(cx.t("Money spent, best first", "采购金额（最优在前）"), &money))
        .y_axis_label(cx.words.with_unit(name, &money))
        .y_axis_min_width(size::AXIS)
        .grid_color(palette.outline)
        .x_axis_formatter(|mark, _| figure(mark.value))
        .y_axis_formatter(|mark, _| figure(mark.value))
        .x_grid_spacer(|input| figure_grid(&input, X_LABEL))
        .y_grid_spacer(|input| figure_grid(&input, Y_LABEL))
        .set_margin_fraction(Vec2::new(0.02, 0.06))
        .label_formatter(|p| hover_label(p, figure))
        .include_x(made.of.needed)
        .include_y(0.0)
        .show_crosshair(false)
        .allow_scroll(false)
        .show(ui, |plot| {
            plot.line(Line::new(name, PlotPoints::from(made.curve.clone())).color(palette.accent).width(size::LINE));
            if let Some(limit) = made.of.budget.money {
                let label = cx.t("Budget", "预算");
                plot.vline(VLine::new(label, limit).color(palette.warning).width(1.0));
            }
        });
}
