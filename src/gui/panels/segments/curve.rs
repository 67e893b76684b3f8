//! Stock value against service: where the plan stands, and what the same money could do. A click on a curve sets it.

use super::{View, apply};
use crate::gui::context::{Cx, compact};
use crate::gui::style::{self, Palette, size};
use crate::gui::widgets::{
    Entry, Mark, Tile, Tone, X_LABEL, Y_LABEL, figure, figure_grid, legend_ui, segmented_ui, tiles_ui,
};
use crate::model::{CurvePoint, ExchangeCurve, Segment, ShortWeight};
use crate::text;
use egui::{ComboBox, Ui, Vec2};
use egui_plot::{Line, LineStyle, MarkerShape, Plot, PlotPoint, PlotPoints, Points};

/// How near a point of a curve the pointer takes it, screen points.
const REACH: f32 = 24.0;
/// Radius of a marked point.
const DOT: f32 = 6.0;

impl View {
    pub(super) fn curve_page_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.scope_ui(ui, cx);
        let Some(study) = self.study(ui, cx) else { return };
        let curve = &study.curve;
        if curve.counted == 0 {
            let words = cx.t(
                "No item here can be weighed: each needs demand and a unit cost, and must be held in stock.",
                "此处没有可权衡的商品：需有需求和单位成本，且为备货商品。",
            );
            ui.label(style::weak(ui, words));
            return;
        }
        tiles_ui(ui, &tiles(cx, curve));
        let (counted, left_out) = (curve.counted, curve.left_out);
        let words = text!(
            "{counted} items counted, {left_out} left out (no demand, no unit cost, or not held in stock). Click a point of a curve: its service levels become a what-if, one step to undo",
            "计入 {counted} 个商品，排除 {left_out} 个（无需求、无单位成本或不备库存）。点击曲线上的点：将其服务水平设为假设方案，可一步撤销"
        );
        ui.label(style::caption(ui, cx.words.own(words)));
        self.plot_ui(ui, cx, curve);
    }

    fn scope_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        ui.horizontal(|ui| {
            let name = |segment: Option<Segment>| match segment {
                Some(segment) => segment.to_string(),
                None => cx.t("All items", "全部商品").to_owned(),
            };
            let shown = name(self.of);
            let combo = ComboBox::from_id_salt("curve of").selected_text(shown.clone()).show_ui(ui, |ui| {
                for of in std::iter::once(None).chain(Segment::all().map(Some)) {
                    ui.selectable_value(&mut self.of, of, name(of));
                }
            });
            crate::gui::navigator::name_combo(&combo.response, cx.t("Curve of", "曲线范围"), &shown);
            ui.label(style::caption(ui, cx.t("best by", "最优依据")));
            let options = ShortWeight::ALL.map(|weight| (weight, cx.words.own(weight.label())));
            let options = options.each_ref().map(|(weight, label)| (*weight, label.as_str()));
            if let Some(weight) = segmented_ui(ui, self.weight, &options) {
                self.weight = weight;
            }
        });
    }

    fn plot_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, curve: &ExchangeCurve) {
        let palette = Palette::of(ui);
        let by_cost = curve.weight == ShortWeight::ShortageCost;
        let y = |p: &CurvePoint| if by_cost { p.shortage_cost } else { 100.0 * p.fill_rate };
        let names = [
            cx.t("Best use of money", "资金最优分配"),
            cx.t("One service level for all", "统一服务水平"),
            cx.t("Present levels", "当前水平"),
            cx.t("Simulated from today's stock", "从现有库存模拟"),
        ];
        let entries = [
            Entry::new(names[0], palette.accent, Mark::Line),
            Entry::new(names[1], palette.other(1), Mark::Dashed),
            Entry::new(names[2], palette.text, Mark::Point),
            Entry::new(names[3], palette.weak, Mark::Point),
        ];
        legend_ui(ui, &entries, &mut self.hidden);
        let is_shown = |name: &str| !self.hidden.contains(name);
        let title = if by_cost {
            cx.words.with_unit(cx.t("Shortage cost a year", "年缺货成本"), &cx.money())
        } else {
            cx.t("Fill rate by value (%)", "满足率（按金额，%）").to_owned()
        };
        let line =
            |points: &[CurvePoint]| PlotPoints::from(points.iter().map(|p| [p.stock_value, y(p)]).collect::<Vec<_>>());
        let dot = |p: &CurvePoint| PlotPoints::from(vec![[p.stock_value, y(p)]]);
        let response = Plot::new(("exchange", by_cost))
            .height(ui.available_height().max(180.0))
            .x_axis_label(cx.words.with_unit(cx.t("Mean stock value", "平均库存金额"), &cx.money()))
            .y_axis_label(title)
            .y_axis_min_width(size::AXIS)
            .grid_color(palette.outline)
            .x_axis_formatter(|mark, _| figure(mark.value))
            .y_axis_formatter(|mark, _| figure(mark.value))
            .x_grid_spacer(|input| figure_grid(&input, X_LABEL))
            .y_grid_spacer(|input| figure_grid(&input, Y_LABEL))
            .set_margin_fraction(Vec2::new(0.03, 0.06))
            .label_formatter(|_| None)
            .show_crosshair(false)
            .allow_scroll(false)
            .show(ui, |plot| {
                if is_shown(names[1]) {
                    let common =
                        Line::new(names[1], line(&curve.common)).color(palette.other(1)).width(size::THIN_LINE);
                    plot.line(common.style(LineStyle::dashed_dense()).allow_hover(false));
                }
                if is_shown(names[0]) {
                    let best = Line::new(names[0], line(&curve.efficient)).color(palette.accent).width(size::LINE);
                    plot.line(best.allow_hover(false));
                    for (id, point) in [("same money", curve.same_money), ("same service", curve.same_service)] {
                        if let Some(point) = point {
                            let points = Points::new(names[0], dot(&point)).color(palette.accent).radius(DOT * 0.7);
                            plot.points(points.shape(MarkerShape::Circle).filled(true).allow_hover(false).id(id));
                        }
                    }
                }
                for (name, point, color) in
                    [(names[2], &curve.present, palette.text), (names[3], &curve.simulated, palette.weak)]
                {
                    if is_shown(name) {
                        let points = Points::new(name, dot(point)).color(color).radius(DOT).shape(MarkerShape::Circle);
                        plot.points(points.filled(color == palette.text).allow_hover(false).id(name));
                    }
                }
            });
        let on_screen = |p: &CurvePoint| response.transform.position_from_point(&PlotPoint::new(p.stock_value, y(p)));
        let reachable = || {
            let best = curve.efficient.iter().chain(&curve.same_money).chain(&curve.same_service);
            let best = best.filter(|_| is_shown(names[0])).map(|p| (names[0], p));
            best.chain(curve.common.iter().filter(|_| is_shown(names[1])).map(|p| (names[1], p)))
        };
        let near = response.response.hover_pos().and_then(|pointer| {
            let far = reachable().map(|(name, p)| (on_screen(p).distance(pointer), name, p));
            far.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(far, ..)| *far <= REACH)
        });
        let Some((_, name, point)) = near else { return };
        let at = on_screen(point);
        ui.painter().circle_stroke(at, DOT + 2.0, (1.5, palette.accent));
        if response.response.clicked() {
            apply(cx, *point);
        }
        let lines = hint(cx, name, point, &curve.present);
        response.response.on_hover_ui_at_pointer(|ui| {
            ui.label(lines);
        });
    }
}

/// What a point gives beside the present one.
fn hint(cx: &Cx<'_>, name: &str, point: &CurvePoint, now: &CurvePoint) -> String {
    let money = cx.money();
    let signed = |x: f64| {
        let sign = if x < 0.0 { "−" } else { "+" };
        format!("{sign}{}", compact(x.abs(), cx.language()))
    };
    let mut lines = vec![name.to_owned()];
    if let Some(level) = point.service_level {
        lines.push(format!("{}: {}", cx.t("Service level of all", "统一服务水平"), cx.percent(level)));
    }
    let (stock, more) = (compact(point.stock_value, cx.language()), signed(point.stock_value - now.stock_value));
    lines.push(format!("{}: {stock} {money} ({more})", cx.t("Mean stock value", "平均库存金额")));
    let points = 100.0 * (point.fill_rate - now.fill_rate);
    let more = format!("{}{} pp", if points < 0.0 { "−" } else { "+" }, cx.number(points.abs(), 2));
    lines.push(format!("{}: {} ({more})", cx.t("Fill rate by value", "满足率（按金额）"), cx.percent(point.fill_rate)));
    let (cost, more) = (compact(point.shortage_cost, cx.language()), signed(point.shortage_cost - now.shortage_cost));
    lines.push(format!("{}: {cost} {money} ({more})", cx.t("Shortage cost a year", "年缺货成本")));
    lines.push(cx.t("Click to apply", "点击应用").to_owned());
    lines.join("\n")
}

fn tiles(cx: &Cx<'_>, curve: &ExchangeCurve) -> Vec<Tile> {
    let (now, money) = (curve.present, cx.money());
    let amount = |x: f64| compact(x, cx.language());
    let with_money = |en, zh| cx.words.with_unit(cx.t(en, zh), &money);
    let good = |words: String, is_better: bool| Some((words, if is_better { Tone::Good } else { Tone::Neutral }));
    let mut tiles = vec![
        Tile::new(with_money("Stock value now", "当前库存金额"), amount(now.stock_value)).why(cx.words.own({
            let (cycle, safety) = (amount(now.cycle_value), amount(now.safety_value));
            text!(
                "Mean stock that the levels in force lead to: {cycle} from lots, {safety} safety stock",
                "现行水平下的平均库存：批量 {cycle}，安全库存 {safety}"
            )
        })),
        Tile::new(cx.t("Fill rate by value", "满足率（按金额）"), cx.percent(now.fill_rate)),
    ];
    if let Some(point) = curve.same_money {
        let label = cx.t("Fill, same money", "同等资金的满足率");
        let more = 100.0 * (point.fill_rate - now.fill_rate);
        let note = good(format!("{}{} pp", if more < 0.0 { "−" } else { "+" }, cx.number(more.abs(), 2)), more > 0.0);
        let note = note.filter(|_| more.abs() >= 0.005);
        tiles.push(Tile::new(label, cx.percent(point.fill_rate)).note(note));
    }
    if let Some(point) = curve.same_service {
        let label = with_money("Stock, same service", "同等服务的库存");
        let less = now.stock_value - point.stock_value;
        let note = good(format!("{}{}", if less > 0.0 { "−" } else { "+" }, amount(less.abs())), less > 0.0);
        let note = note.filter(|_| less.abs() >= 1e-4 * now.stock_value);
        tiles.push(Tile::new(label, amount(point.stock_value)).note(note));
    }
    tiles.push(Tile::new(with_money("Shortage cost a year", "年缺货成本"), amount(now.shortage_cost)));
    tiles.push(
        Tile::new(cx.t("Simulated fill", "模拟满足率"), cx.percent(curve.simulated.fill_rate)).why(cx.t(
            "From the plan's simulation, which starts with today's stock: with too little or too much of it the first periods differ",
            "来自计划模拟，从现有库存开始：现有库存过少或过多时，初期会有差异",
        )),
    );
    tiles
}
