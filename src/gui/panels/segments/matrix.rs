//! The nine segments as a heat map, the Pareto curve beside it, the chosen segment's items below.

use super::View;
use crate::gui::context::{Cx, compact};
use crate::gui::style::{self, Palette, band, size, space};
use crate::gui::widgets::{X_LABEL, Y_LABEL, figure, figure_grid, section_ui};
use crate::model::{Abc, Plan, Segment, SegmentCell, Segments, SeriesId, Xyz};
use crate::report::{Table, segments_table};
use crate::session::Command;
use crate::text;
use egui::{Align2, Layout, Rect, Role, Sense, TextStyle, Ui, Vec2, WidgetInfo, pos2, vec2};
use egui_plot::{HLine, Line, LineStyle, Plot, PlotPoints};
use std::rc::Rc;
use std::sync::Arc;

/// The items of a segment as a table, and what it was made of.
pub(super) struct Listed {
    segments: Arc<Segments>,
    plan: Option<Arc<Plan>>,
    of: Option<Segment>,
    table: Rc<Table>,
    ids: Vec<SeriesId>,
}

/// Height of a cell and of a heading, width of the row headings.
const CELL: f32 = 84.0;
const HEADING: f32 = 18.0;
const ROW_HEADING: f32 = 58.0;
/// Height of a cell's lines.
const LINE: f32 = 18.0;
/// Strength of the colour of the segment with the least value, and of the one with all of it.
const FAINTEST: f32 = 0.05;
const STRONGEST: f32 = 0.45;

impl View {
    pub(super) fn matrix_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, segments: &Arc<Segments>) {
        let height = HEADING + 3.0 * (CELL + space::XS);
        let width = (ui.available_width() - space::M) * 0.6;
        let column = Layout::top_down(egui::Align::LEFT);
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(vec2(width, height), column, |ui| self.cells_ui(ui, cx, segments, width));
            ui.add_space(space::S);
            let rest = ui.available_width();
            ui.allocate_ui_with_layout(vec2(rest, height), column, |ui| self.pareto_ui(ui, cx, segments, height));
        });
        ui.add_space(space::XS);
        self.items_ui(ui, cx, segments);
    }

    fn cells_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, segments: &Segments, width: f32) {
        let (rect, _) = ui.allocate_exact_size(vec2(width, HEADING + 3.0 * (CELL + space::XS)), Sense::hover());
        let palette = Palette::of(ui);
        let (small, strong) = (TextStyle::Small.resolve(ui.style()), style::text::strong().resolve(ui.style()));
        let cell_width = (width - ROW_HEADING) / 3.0;
        let cuts = (segments.segmentation.xyz_cuts, segments.segmentation.abc_cuts);
        for xyz in Xyz::ALL {
            let words = match xyz {
                Xyz::X => format!("X ≤ {}", cx.number(cuts.0.0, 2)),
                Xyz::Y => format!("Y ≤ {}", cx.number(cuts.0.1, 2)),
                Xyz::Z => format!("Z > {}", cx.number(cuts.0.1, 2)),
            };
            let x = rect.left() + ROW_HEADING + (xyz as usize as f32 + 0.5) * cell_width;
            ui.painter().text(pos2(x, rect.top()), Align2::CENTER_TOP, words, small.clone(), palette.weak);
        }
        for abc in Abc::ALL {
            let top = rect.top() + HEADING + abc as usize as f32 * (CELL + space::XS);
            let words = match abc {
                Abc::A => cx.words.own(text_to(cx, cuts.1.0)),
                Abc::B => cx.words.own(text_to(cx, cuts.1.1)),
                Abc::C => cx.t("the rest", "其余").to_owned(),
            };
            let painter = ui.painter();
            let at = pos2(rect.left(), top + CELL / 2.0);
            painter.text(at, Align2::LEFT_BOTTOM, abc.name(), strong.clone(), palette.text);
            painter.text(at, Align2::LEFT_TOP, words, small.clone(), palette.weak);
            for xyz in Xyz::ALL {
                let segment = Segment::new(abc, xyz);
                let left = rect.left() + ROW_HEADING + xyz as usize as f32 * cell_width;
                let area = Rect::from_min_size(pos2(left, top), vec2(cell_width - space::XS, CELL));
                let count = segments.items.iter().filter(|class| class.segment == segment).count();
                if cell_ui(ui, cx, area, segment, (segments.cells.get(segment.index()), count), self.chosen) {
                    self.chosen = if self.chosen == Some(segment) { None } else { Some(segment) };
                }
            }
        }
    }

    /// Value over items, the dearest first, with the cuts.
    fn pareto_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, segments: &Arc<Segments>, height: f32) {
        if self.pareto.as_ref().is_none_or(|(of, _)| !Arc::ptr_eq(of, segments)) {
            self.pareto = Some((segments.clone(), pareto(segments)));
        }
        let Some((_, points)) = &self.pareto else { return };
        let palette = Palette::of(ui);
        let (a, b) = segments.segmentation.abc_cuts;
        let name = cx.words.of(&segments.segmentation.criterion.label()).to_owned();
        Plot::new("pareto")
            .height(height)
            .x_axis_label(cx.t("Items, dearest first (%)", "商品，按价值降序（%）"))
            .y_axis_label(cx.words.with_unit(&name, "%"))
            .y_axis_min_width(size::AXIS * 0.6)
            .grid_color(palette.outline)
            .x_axis_formatter(|mark, _| figure(mark.value))
            .y_axis_formatter(|mark, _| figure(mark.value))
            .x_grid_spacer(|input| figure_grid(&input, X_LABEL))
            .y_grid_spacer(|input| figure_grid(&input, Y_LABEL))
            .include_y(0.0)
            .include_y(100.0)
            .set_margin_fraction(Vec2::new(0.01, 0.04))
            .label_formatter(move |p| crate::gui::widgets::hover_label(p, |x| format!("{}%", figure(x))))
            .show_crosshair(false)
            .allow_scroll(false)
            .allow_drag(false)
            .show(ui, |plot| {
                plot.line(
                    Line::new(name.clone(), PlotPoints::from(points.clone())).color(palette.accent).width(size::LINE),
                );
                for (label, cut) in [("A", a), ("B", b)] {
                    let line = HLine::new(label, 100.0 * cut).color(palette.weak).style(LineStyle::dashed_dense());
                    plot.hline(line.width(1.0));
                }
            });
    }

    fn items_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, segments: &Arc<Segments>) {
        let plan = cx.session.plan().filter(|plan| plan.stock.len() == segments.items.len()).cloned();
        let same_plan = |a: &Option<Arc<Plan>>, b: &Option<Arc<Plan>>| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        let is_made = self.items.as_ref().is_some_and(|made| {
            Arc::ptr_eq(&made.segments, segments) && same_plan(&made.plan, &plan) && made.of == self.chosen
        });
        if !is_made {
            let (stock, items) = plan.as_ref().map_or((&[][..], &[][..]), |p| (&p.stock[..], &p.items[..]));
            let mut table = segments_table(segments, stock, items, &cx.session.project().currency);
            let is_in = |k: usize| self.chosen.is_none_or(|segment| segments.items[k].segment == segment);
            let mut k = 0;
            table.rows.retain(|_| {
                k += 1;
                is_in(k - 1)
            });
            let ids = (0..segments.items.len()).filter(|k| is_in(*k)).map(|k| segments.items[k].id.clone()).collect();
            let (segments, of) = (segments.clone(), self.chosen);
            self.items = Some(Listed { segments, plan, of, table: Rc::new(table.without(&["abc", "xyz"])), ids });
        }
        let Some(listed) = &self.items else { return };
        let n = cx.number(listed.ids.len() as f64, 0);
        let title = match self.chosen {
            Some(segment) => text!("Items of {segment}: {n}", "{segment} 的商品：{n}"),
            None => text!("All items: {n}", "全部商品：{n}"),
        };
        section_ui(ui, &cx.words.own(title));
        let selected = cx.session.selected().cloned();
        let chosen = |row: usize| selected.is_some() && listed.ids.get(row) == selected.as_ref();
        if let Some(row) = cx.table_ui(ui, "segment items", &listed.table.clone(), &chosen) {
            cx.push(Command::Select(listed.ids[row].clone()));
        }
    }
}

fn text_to(cx: &Cx<'_>, cut: f64) -> crate::words::Text {
    let share = cx.number(100.0 * cut, 0);
    text!("to {share} %", "至 {share}%")
}

fn pareto(segments: &Segments) -> Vec<[f64; 2]> {
    let mut shares: Vec<f64> = segments.items.iter().map(|class| class.share).collect();
    shares.sort_by(|a, b| b.total_cmp(a));
    let all = shares.len().max(1) as f64;
    let mut sum = 0.0;
    let mut points = vec![[0.0, 0.0]];
    points.extend(shares.iter().enumerate().map(|(k, share)| {
        sum += share;
        [100.0 * (k + 1) as f64 / all, 100.0 * sum]
    }));
    let every = points.len().div_ceil(2000).max(1);
    let last = points.len() - 1;
    points.into_iter().enumerate().filter(|(k, _)| k % every == 0 || *k == last).map(|(_, p)| p).collect()
}

/// One cell; true when clicked.
fn cell_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    area: Rect,
    segment: Segment,
    (cell, count): (Option<&SegmentCell>, usize),
    chosen: Option<Segment>,
) -> bool {
    let palette = Palette::of(ui);
    let response = ui.interact(area, ui.scope_id().with(("segment", segment.index())), Sense::click());
    let is_chosen = chosen == Some(segment);
    let name = segment.to_string();
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &name));
    let share = cell.map_or(0.0, |cell| cell.share);
    let strength = FAINTEST + (STRONGEST - FAINTEST) * share.clamp(0.0, 1.0) as f32;
    let painter = ui.painter();
    painter.rect_filled(area, f32::from(size::RADIUS), palette.surface);
    painter.rect_filled(area, f32::from(size::RADIUS), band(palette.accent, strength));
    let outline = match (is_chosen, response.hovered()) {
        (true, _) => (2.0, palette.accent),
        (_, true) => (1.0, palette.weak),
        _ => (1.0, palette.hairline),
    };
    painter.rect_stroke(area, f32::from(size::RADIUS), outline, egui::StrokeKind::Inside);
    let (small, strong) = (TextStyle::Small.resolve(ui.style()), style::text::strong().resolve(ui.style()));
    let inner = area.shrink2(vec2(space::S, 6.0));
    painter.text(inner.left_top(), Align2::LEFT_TOP, &name, strong, palette.text);
    let n = cx.number(count as f64, 0);
    let items = cx.words.own(text!("{n} items", "{n} 个商品"));
    painter.text(inner.right_top(), Align2::RIGHT_TOP, items, small.clone(), palette.text);
    let Some(cell) = cell else { return response.clicked() };
    let value = cx.percent(cell.share);
    let stock = format!("{} {}", compact(cell.stock_value, cx.language()), cx.money());
    let fill = cell.fill_rate.map_or_else(|| "–".to_owned(), |fill| cx.percent(fill));
    let lines = [
        text!("{value} of value", "价值 {value}"),
        text!("stock {stock}", "库存 {stock}"),
        text!("fill {fill}", "满足 {fill}"),
    ];
    let [value, stock, fill] = lines.map(|line| cx.words.own(line));
    for (line, words) in [value, stock, fill].into_iter().enumerate() {
        let y = inner.top() + LINE * (line + 1) as f32 + 2.0;
        painter.text(pos2(inner.left(), y), Align2::LEFT_TOP, words, small.clone(), palette.text);
    }
    if cell.exceptions > 0 {
        let n = cell.exceptions;
        let words = cx.words.own(text!("{n} own", "{n} 例外"));
        painter.text(inner.right_bottom(), Align2::RIGHT_BOTTOM, words, small, palette.warning);
    }
    response.clicked()
}
