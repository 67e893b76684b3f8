//! Expected loss as a heat map: the dearest items, period by period.

use crate::gui::context::{Ask, Cx, compact};
use crate::gui::panels::Panel;
use crate::gui::style::{self, Palette, band, size, space};
use crate::model::{ItemRisk, LossBasis, Risk};
use crate::session::Command;
use crate::text;
use egui::{Align2, Label, Rect, Role, ScrollArea, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};

/// Items shown.
const MOST_SHOWN: usize = 30;
/// Room for an item's name and for its sum, points.
const NAMES: f32 = 150.0;
const SUMS: f32 = 80.0;
/// Strength of the colour of the least: nothing is invisible.
const FAINTEST: f32 = 0.05;
/// Narrowest cell that has its figure in it.
const FIGURED: f32 = 46.0;
/// Share of the largest from which the figure is written in the colour of text on the accent.
const STRONG: f32 = 0.55;

pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>, risk: &Risk) {
    let mut items: Vec<&ItemRisk> = risk.base.items.iter().filter(|i| i.total_loss() > 0.0).collect();
    items.sort_by(|a, b| b.total_loss().total_cmp(&a.total_loss()).then_with(|| a.id.cmp(&b.id)));
    items.truncate(MOST_SHOWN);
    let Some(first) = items.first() else {
        let unknown = risk.base.items.iter().any(|i| i.basis == LossBasis::Unknown && i.short.iter().any(|s| *s > 0.0));
        let words = if unknown {
            cx.t(
                "Items run short, but no money is known: state price and unit cost, or shortage cost, in the item file.",
                "存在缺货，但金额未知：请在商品资料中填写售价与单位成本，或缺货成本。",
            )
        } else {
            cx.t("No sample path runs out of stock within the horizon.", "计划期内没有样本路径缺货。")
        };
        ui.label(style::weak(ui, words));
        return;
    };
    let hint = cx.t(
        "Expected loss = stock-out probability × units short when stock runs out × money per unit; point at a cell for its parts, click for the item",
        "期望损失 = 缺货概率 × 缺货时的缺口 × 单位损失；悬停查看构成，点击查看商品",
    );
    ui.add(Label::new(style::caption(ui, hint)).wrap());
    let periods = first.short.len();
    let largest = items.iter().flat_map(|i| (0..periods).map(|t| i.loss(t))).fold(0.0_f64, f64::max);
    header_ui(ui, cx, risk, periods);
    let mut clicked = None;
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        for item in items {
            if row_ui(ui, cx, risk, item, largest) {
                clicked = Some(item.id.clone());
            }
        }
    });
    if let Some(id) = clicked {
        cx.push(Command::Select(id));
        cx.asks.push(Ask::Show(Panel::Stock));
    }
}

/// Where the cells of a row stand.
fn cells(row: Rect, periods: usize) -> impl Fn(usize) -> Rect {
    let track = Rect::from_min_max(pos2(row.left() + NAMES, row.top()), pos2(row.right() - SUMS, row.bottom()));
    let width = track.width() / periods.max(1) as f32;
    let gap = if width >= 6.0 { 1.0 } else { 0.0 };
    move |t| {
        let left = track.left() + t as f32 * width;
        Rect::from_min_max(pos2(left, track.top()), pos2(left + width - gap, track.bottom()))
    }
}

fn header_ui(ui: &mut Ui, cx: &Cx<'_>, risk: &Risk, periods: usize) {
    let palette = Palette::of(ui);
    // The rows below leave room for the bar that scrolls them.
    let width = ui.available_width() - ui.spacing().scroll.allocated_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, 16.0), Sense::hover());
    let (cell, font) = (cells(rect, periods), TextStyle::Small.resolve(ui.style()));
    let label = |t: usize| risk.start.plus(t as i64).label();
    let wide = ui.painter().layout_no_wrap(label(0), font.clone(), palette.weak).size().x + space::S;
    let every = (wide / cell(0).width().max(1.0)).ceil().max(1.0) as usize;
    for t in (0..periods).step_by(every) {
        ui.painter().text(cell(t).left_center(), Align2::LEFT_CENTER, label(t), font.clone(), palette.weak);
    }
    ui.painter().text(rect.right_center(), Align2::RIGHT_CENTER, cx.money(), font, palette.weak);
}

/// One item; true when it was clicked.
fn row_ui(ui: &mut Ui, cx: &Cx<'_>, risk: &Risk, item: &ItemRisk, largest: f64) -> bool {
    let palette = Palette::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_ROW - 2.0), Sense::click());
    let sum = compact(item.total_loss(), cx.language());
    let said = format!("{}: {sum}", item.id);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &said));
    if !ui.is_rect_visible(rect) {
        return response.clicked();
    }
    let font = TextStyle::Small.resolve(ui.style());
    let periods = item.short.len();
    let cell = cells(rect, periods);
    let names = Rect::from_min_max(rect.min, pos2(rect.left() + NAMES - space::S, rect.bottom()));
    ui.painter().with_clip_rect(names.intersect(ui.clip_rect())).text(
        rect.left_center(),
        Align2::LEFT_CENTER,
        item.id.to_string(),
        TextStyle::Body.resolve(ui.style()),
        palette.text,
    );
    for t in 0..periods {
        let (loss, place) = (item.loss(t), cell(t));
        let strength = if largest > 0.0 { (loss / largest) as f32 } else { 0.0 };
        let fill = if loss > 0.0 { band(palette.accent, strength.max(FAINTEST)) } else { palette.well };
        ui.painter().rect_filled(place, 2.0, fill);
        if place.width() >= FIGURED && loss >= 0.5 {
            let color = if strength > STRONG { palette.on_accent } else { palette.text };
            let figure = compact(loss, cx.language());
            ui.painter().text(place.center(), Align2::CENTER_CENTER, figure, font.clone(), color);
        }
    }
    ui.painter().text(rect.right_center(), Align2::RIGHT_CENTER, sum, font, palette.text);
    let under = response.hover_pos().and_then(|at| (0..periods).find(|t| cell(*t).x_range().contains(at.x)));
    if let Some(t) = under {
        ui.painter().rect_stroke(cell(t), 2.0, (1.5, palette.text), egui::StrokeKind::Inside);
    }
    let clicked = response.clicked();
    response.on_hover_text_at_pointer(under.map_or(said, |t| parts(cx, risk, item, t)));
    clicked
}

/// What a cell is made of.
fn parts(cx: &Cx<'_>, risk: &Risk, item: &ItemRisk, t: usize) -> String {
    let (chance, short) = (item.stockout[t], item.short[t]);
    let when = risk.start.plus(t as i64).label();
    let (loss, chance_words) = (cx.number(item.loss(t), 2), cx.percent(chance));
    let when_out = cx.number(if chance > 0.0 { short / chance } else { 0.0 }, 1);
    let (unit, basis, id) = (cx.number(item.unit_loss, 2), item.basis.label(), &item.id);
    let (en, zh) = (&basis.en, &basis.zh);
    cx.words.own(text!(
        "{id}, {when}: {loss}\n= {chance_words} stock-out probability × {when_out} units short then × {unit} ({en})",
        "{id}，{when}：{loss}\n= 缺货概率 {chance_words} × 此时缺口 {when_out} 件 × {unit}（{zh}）"
    ))
}
