//! *Explore*: what to set for a goal, which lever matters, two levers against each other; over all items, simulated.

use super::nothing_yet_ui;
use super::stock::{Better, difference};
use crate::gui::context::{Cx, compact};
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, Palette, space};
use crate::gui::widgets::{
    Bar, Tile, Tone, bars_ui, card_ui, primary_button, remark_ui, section_ui, segmented_ui, tiles_ui,
};
use crate::model::{Lever, PortfolioFigure, PortfolioTotals};
use crate::session::{Answer, Command, Goal, GoalFamily, Made, Question, SWINGS, Swing, TwoWay};
use egui::{ComboBox, DragValue, Grid, ScrollArea, Ui};
use egui_plot::{Line, MarkerShape, Plot, PlotPoints, Points};

/// What the panel remembers.
pub(super) struct View {
    page: Page,
    goal: GoalForm,
    figure: PortfolioFigure,
    levers: (usize, usize),
}

impl Default for View {
    fn default() -> Self {
        Self { page: Page::Goal, goal: GoalForm::default(), figure: PortfolioFigure::StockCost, levers: (0, 4) }
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Goal,
    Tornado,
    TwoWay,
}

/// A goal as it is typed.
#[derive(Debug, Clone, Copy)]
struct GoalForm {
    least: PortfolioFigure,
    /// Percent; until it is typed what is served now, a little rounded down.
    fill: Option<f64>,
    /// Percent of the present stock value that is to go.
    cut: f64,
    family: GoalFamily,
}

impl Default for GoalForm {
    fn default() -> Self {
        Self { least: PortfolioFigure::StockValue, fill: None, cut: 10.0, family: GoalFamily::Efficient }
    }
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(now) = cx.session.portfolio().copied() else { return nothing_yet_ui(ui, cx) };
        portfolio_ui(ui, cx, &now);
        ui.add_space(space::S);
        let pages = [
            (Page::Goal, cx.t("Goal seek", "目标求解")),
            (Page::Tornado, cx.t("What matters", "敏感性")),
            (Page::TwoWay, cx.t("Two levers", "双参数")),
        ];
        if let Some(page) = segmented_ui(ui, self.page, &pages) {
            self.page = page;
        }
        ui.add_space(space::XS);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| match self.page {
            Page::Goal => self.goal_ui(ui, cx, &now),
            Page::Tornado => self.tornado_ui(ui, cx),
            Page::TwoWay => self.two_way_ui(ui, cx),
        });
    }

    fn goal_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, now: &PortfolioTotals) {
        let form = &mut self.goal;
        card_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            section_ui(ui, cx.t("What is wanted, over all items", "对全部商品的目标"));
            Grid::new("goal").num_columns(2).spacing([space::L, 6.0]).show(ui, |ui| {
                let label = cx.t("Make as small as can be", "使其最小");
                ui.label(label);
                figure_combo_ui(ui, cx, (label, "least"), &mut form.least, &Goal::LEAST);
                ui.end_row();
                let label = ui.label(cx.t("at a fill rate of at least", "满足率不低于"));
                let mut wanted = form.fill.unwrap_or(100.0 * Goal::fill_as_now(now));
                let fill = DragValue::new(&mut wanted).range(50.0..=99.9).speed(0.1).suffix(" %").max_decimals(2);
                if ui.add(fill).labelled_by(label.id).changed() {
                    form.fill = Some(wanted);
                }
                ui.end_row();
                let label = ui.label(cx.t("and stock value cut by at least", "库存金额至少降低"));
                let cut = DragValue::new(&mut form.cut).range(0.0..=90.0).speed(0.5).suffix(" %").max_decimals(1);
                ui.add(cut).labelled_by(label.id);
                ui.end_row();
                let label = cx.t("by changing", "调整方式");
                ui.label(label);
                let shown = cx.words.own(form.family.label());
                let combo = ComboBox::from_id_salt("family").width(260.0).selected_text(&shown).show_ui(ui, |ui| {
                    for family in GoalFamily::ALL {
                        ui.selectable_value(&mut form.family, family, cx.words.own(family.label()));
                    }
                });
                name_combo(&combo.response, label, &shown);
                ui.end_row();
            });
            ui.add_space(space::XS);
            if ui.add(primary_button(ui, cx.t("Seek", "求解"))).clicked() {
                let goal = Goal {
                    least: form.least,
                    fill_rate: Some(form.fill.unwrap_or(100.0 * Goal::fill_as_now(now)) / 100.0),
                    stock_value: Some(now.stock_value * (1.0 - form.cut / 100.0)),
                    family: form.family,
                };
                cx.push(Command::Ask(Question::Goal(goal)));
            }
        });
        if !matches!(cx.session.question(), Some(Question::Goal(_))) {
            return;
        }
        let session = cx.session;
        let Some(Answer::Goal(found)) = answer_ui(ui, cx, &session.answered()) else { return };
        ui.add_space(space::S);
        let tone = if found.is_reached { Tone::Good } else { Tone::Warning };
        remark_ui(ui, cx.words.of(&found.words), tone);
        tiles_ui(ui, &tiles(cx, &found.after, Some(&found.before)));
        ui.horizontal(|ui| {
            let count = found.changes.len();
            let label = cx.t("Set it in a what-if", "写入假设方案");
            if ui.add(primary_button(ui, label)).clicked() {
                cx.push(Command::ApplyGoal);
            }
            let words = crate::text!("{count} changes, one step to undo", "共 {count} 项更改，可一步撤销");
            ui.label(style::weak(ui, cx.words.own(words)));
        });
        frontier_ui(ui, cx, &found.curve, &found.before, &found.after);
    }

    fn tornado_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let before = self.figure;
        ui.horizontal(|ui| {
            let label = cx.t("What moves", "考察指标");
            ui.label(label);
            figure_combo_ui(ui, cx, (label, "figure"), &mut self.figure, &PortfolioFigure::ALL);
            let is_asked = matches!(cx.session.question(), Some(Question::Tornado(_)));
            if ui.add(primary_button(ui, cx.t("Try each lever", "逐个试算"))).clicked()
                || (is_asked && before != self.figure)
            {
                cx.push(Command::Ask(Question::Tornado(self.figure)));
            }
        });
        let session = cx.session;
        if !matches!(session.question(), Some(Question::Tornado(_))) {
            let words = cx.t(
                "Each lever is moved a little down and up for all items, everything else as in the scenario, and simulated.",
                "对全部商品逐个将参数略微下调和上调，其余保持方案不变，并进行模拟。",
            );
            ui.label(style::weak(ui, words));
            return;
        }
        let Some(Answer::Tornado(now, bars)) = answer_ui(ui, cx, &session.answered()) else { return };
        let palette = Palette::of(ui);
        let figure = self.figure;
        let unit = unit(cx, figure);
        let start = now.get(figure);
        card_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            let title = cx.words.with_unit(&cx.words.own(figure.label()), &unit);
            section_ui(ui, &title);
            let now = shown(cx, figure, start);
            ui.label(style::weak(ui, cx.words.own(crate::text!("Now {now}", "当前 {now}"))));
            for bar in bars.iter() {
                let (low, high) = (bar.low.get(figure) - start, bar.high.get(figure) - start);
                let lever = cx.words.own(bar.swing.lever.label());
                let end = |by: f64, change: f64, color| {
                    let sign = if change >= 0.0 { "+" } else { "−" };
                    let figure_words = format!("{sign}{}", shown(cx, figure, change.abs()));
                    let name = format!("{lever} {}", cx.words.own(bar.swing.change(by).label(bar.swing.lever)));
                    Bar {
                        name,
                        value: scaled(figure, change),
                        figure: figure_words,
                        mark: None,
                        color,
                        hint: String::new(),
                    }
                };
                let ends =
                    [end(bar.swing.ends.0, low, palette.series(0)), end(bar.swing.ends.1, high, palette.series(1))];
                ui.push_id(&lever, |ui| bars_on_ui(ui, &ends, widest(bars, figure, start)));
            }
        });
    }

    fn two_way_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.horizontal(|ui| {
            for (k, name) in [cx.t("Rows", "行"), cx.t("Columns", "列")].into_iter().enumerate() {
                ui.label(name);
                let chosen = if k == 0 { &mut self.levers.0 } else { &mut self.levers.1 };
                let shown = cx.words.own(SWINGS[*chosen].lever.label());
                let combo = ComboBox::from_id_salt(("sweep", k)).selected_text(&shown).show_ui(ui, |ui| {
                    for (n, swing) in SWINGS.iter().enumerate() {
                        ui.selectable_value(chosen, n, cx.words.own(swing.lever.label()));
                    }
                });
                name_combo(&combo.response, name, &shown);
            }
            let label = cx.t("Figure", "指标");
            figure_combo_ui(ui, cx, (label, "sweep figure"), &mut self.figure, &PortfolioFigure::ALL);
            let (a, b) = (SWINGS[self.levers.0], SWINGS[self.levers.1]);
            let sweep = ui.add_enabled(a.lever != b.lever, primary_button(ui, cx.t("Sweep", "扫描")));
            if sweep.clicked() {
                cx.push(Command::Ask(Question::TwoWay(a.wider(), b.wider(), SIDE)));
            }
        });
        let session = cx.session;
        if !matches!(session.question(), Some(Question::TwoWay(..))) {
            let words = cx.t(
                "Two levers are moved against each other for all items; each cell is a simulation of everything.",
                "对全部商品将两个参数相互组合，每格都是一次完整模拟。",
            );
            ui.label(style::weak(ui, words));
            return;
        }
        let Some(Answer::TwoWay(swept)) = answer_ui(ui, cx, &session.answered()) else { return };
        sweep_ui(ui, cx, swept, self.figure);
    }
}

/// Steps of a sweep's side.
const SIDE: usize = 7;

/// The totals over all items, each with its difference to the base.
pub(super) fn portfolio_ui(ui: &mut Ui, cx: &Cx<'_>, now: &PortfolioTotals) {
    let base = cx.session.base_portfolio().copied();
    tiles_ui(ui, &tiles(cx, now, base.as_ref()));
}

fn tiles(cx: &Cx<'_>, now: &PortfolioTotals, base: Option<&PortfolioTotals>) -> Vec<Tile> {
    let money = |en, zh| cx.words.with_unit(cx.t(en, zh), &cx.money());
    let tile = |label: String, of: fn(&PortfolioTotals) -> f64, better| {
        let note = base.and_then(|base| difference(cx, of(now), of(base), better));
        Tile::new(label, compact(of(now), cx.language())).note(note)
    };
    let points = base.map_or(0.0, |base| 100.0 * (now.fill_rate - base.fill_rate));
    let note = difference(cx, points, 0.0, Better::Higher).filter(|_| points.abs() >= 0.005);
    vec![
        tile(money("Stock value", "库存金额"), |t| t.stock_value, Better::Lower),
        Tile::new(cx.t("Fill rate", "满足率"), format!("{} %", cx.number(100.0 * now.fill_rate, 2)))
            .note(note.map(|(n, tone)| (format!("{n} pp"), tone))),
        tile(money("Shortage cost", "缺货成本"), |t| t.shortage_cost, Better::Lower),
        tile(money("Holding cost", "持有成本"), |t| t.holding, Better::Lower),
        tile(money("Ordering cost", "订货成本"), |t| t.ordering, Better::Lower),
        tile(money("Orders now", "首期订单"), |t| t.order_now, Better::Neither),
        Tile::new(cx.t("Likely stock-outs", "可能缺货数"), cx.number(now.likely_stockouts as f64, 0)).note(
            base.and_then(|base| {
                difference(cx, now.likely_stockouts as f64, base.likely_stockouts as f64, Better::Lower)
            }),
        ),
        tile(money("Without transport", "不含运输"), PortfolioTotals::total_cost, Better::Lower),
    ]
}

fn figure_combo_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (label, id): (&str, &str),
    figure: &mut PortfolioFigure,
    offered: &[PortfolioFigure],
) {
    let shown = cx.words.own(figure.label());
    let combo = ComboBox::from_id_salt(id).width(260.0).selected_text(&shown).show_ui(ui, |ui| {
        for option in offered {
            ui.selectable_value(figure, *option, cx.words.own(option.label()));
        }
    });
    name_combo(&combo.response, label, &shown);
}

/// The answer when it is there; what is going on when it isn't.
fn answer_ui<'a>(ui: &mut Ui, cx: &Cx<'_>, answer: &Made<'a, Answer>) -> Option<&'a Answer> {
    match *answer {
        Made::Ready(answer) => return Some(answer),
        Made::Failed(why) => remark_ui(ui, cx.words.of(why), Tone::Bad),
        Made::Working => {
            let fraction = cx.session.answer_job().map_or(0.0, |job| job.fraction);
            ui.add(egui::ProgressBar::new(fraction as f32).desired_width(320.0));
        }
        Made::Missing => {}
    }
    None
}

fn unit(cx: &Cx<'_>, figure: PortfolioFigure) -> String {
    match figure {
        PortfolioFigure::FillRate => "%".to_owned(),
        _ if figure.is_money() => cx.money(),
        _ => String::new(),
    }
}

/// A share is shown in percent.
fn scaled(figure: PortfolioFigure, value: f64) -> f64 {
    if figure == PortfolioFigure::FillRate { 100.0 * value } else { value }
}

fn shown(cx: &Cx<'_>, figure: PortfolioFigure, value: f64) -> String {
    match figure {
        PortfolioFigure::FillRate => format!("{} %", cx.number(100.0 * value, 2)),
        _ => compact(value, cx.language()),
    }
}

fn widest(bars: &[crate::session::TornadoBar], figure: PortfolioFigure, start: f64) -> f64 {
    let ends = bars.iter().flat_map(|bar| [bar.low.get(figure) - start, bar.high.get(figure) - start]);
    ends.map(|change| scaled(figure, change).abs()).fold(0.0, f64::max)
}

/// Bars on a scale that reaches `most` to both sides, so that the levers' bars can be compared.
fn bars_on_ui(ui: &mut Ui, bars: &[Bar], most: f64) {
    let bars: Vec<Bar> =
        bars.iter().cloned().map(|bar| Bar { mark: Some(if bar.value < 0.0 { -most } else { most }), ..bar }).collect();
    bars_ui(ui, &bars);
}

/// The family's curve, where things stand and what was found.
fn frontier_ui(ui: &mut Ui, cx: &Cx<'_>, curve: &[PortfolioTotals], before: &PortfolioTotals, after: &PortfolioTotals) {
    let palette = Palette::of(ui);
    let point = |t: &PortfolioTotals| [t.stock_value, 100.0 * t.fill_rate];
    let line: Vec<[f64; 2]> = curve.iter().map(point).collect();
    let names = (cx.t("Along these settings", "沿此设置"), cx.t("Now", "当前"), cx.t("Found", "解"));
    let x = cx.words.with_unit(cx.t("Stock value", "库存金额"), &cx.money());
    let y = cx.words.with_unit(cx.t("Fill rate", "满足率"), "%");
    Plot::new("goal curve")
        .height(260.0)
        .x_axis_label(x)
        .y_axis_label(y)
        .legend(egui_plot::Legend::default())
        .allow_scroll(false)
        .show(ui, |plot| {
            plot.line(Line::new(names.0, PlotPoints::from(line)).color(palette.accent));
            let mark = |name, at, color| Points::new(name, PlotPoints::from(vec![at])).color(color).radius(5.0);
            plot.points(mark(names.1, point(before), palette.weak).shape(MarkerShape::Circle));
            plot.points(mark(names.2, point(after), palette.good).shape(MarkerShape::Diamond));
        });
}

fn sweep_ui(ui: &mut Ui, cx: &Cx<'_>, swept: &TwoWay, figure: PortfolioFigure) {
    let palette = Palette::of(ui);
    let values = || swept.totals.iter().flatten().map(|t| t.get(figure));
    let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    let step = |lever: Lever, by: f64| {
        let swing = Swing { lever, ends: (0.0, 0.0) };
        cx.words.own(swing.change(by).label(lever))
    };
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, &cx.words.with_unit(&cx.words.own(figure.label()), &unit(cx, figure)));
        let (rows, columns) = (cx.words.own(swept.rows.label()), cx.words.own(swept.columns.label()));
        let words = crate::text!("{rows} downwards, {columns} to the right", "纵向：{rows}；横向：{columns}");
        ui.label(style::weak(ui, cx.words.own(words)));
        Grid::new("sweep").spacing([2.0, 2.0]).show(ui, |ui| {
            ui.label("");
            for by in &swept.column_steps {
                ui.label(style::caption(ui, step(swept.columns, *by)));
            }
            ui.end_row();
            for (by, line) in swept.row_steps.iter().zip(&swept.totals) {
                ui.label(style::caption(ui, step(swept.rows, *by)));
                for totals in line {
                    let value = totals.get(figure);
                    let share = if high > low { ((value - low) / (high - low)) as f32 } else { 0.0 };
                    let fill = style::band(palette.accent, 0.08 + 0.5 * share);
                    egui::Frame::new().fill(fill).inner_margin(6).show(ui, |ui| {
                        ui.set_min_width(74.0);
                        ui.label(shown(cx, figure, value));
                    });
                }
                ui.end_row();
            }
        });
    });
}
