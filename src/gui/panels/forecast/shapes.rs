//! *Shapes*: which items' demand runs alike, what kinds there are, and where this item's didn't run as the rest of it says.

use super::live::progress_bar;
use super::nothing_ui;
use crate::gui::context::Cx;
use crate::gui::style::{self, Palette, size, space};
use crate::gui::widgets::{Entry, Mark, PeriodAxis, X_LABEL, Y_LABEL, figure, figure_grid, legend_ui, plot, thin};
use crate::model::{DemandShapes, Series, SeriesId, SeriesShape};
use crate::session::{Command, Focus, Shapes, suggest_like_items};
use crate::text;
use egui::{Align, Label, Layout, RichText, TextStyle, Ui, Vec2, vec2};
use egui_plot::{Line, LineStyle, MarkerShape, Plot, PlotPoint, PlotPoints, Points};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    /// Names that the user clicked away in the legend.
    hidden: BTreeSet<String>,
    map: Option<Map>,
}

/// The series as points, by cluster.
struct Map {
    of: Arc<DemandShapes>,
    clusters: Vec<Vec<[f64; 2]>>,
    /// Place and position of every series drawn.
    all: Vec<([f64; 2], usize)>,
}

/// Most series drawn on the map; of more, every so manieth.
const MOST_DRAWN: usize = 5000;
/// How near a point the pointer takes it, points.
const REACH: f32 = 10.0;
/// Like items listed.
const LISTED: usize = 5;
/// Radius of a series on the map, and of the one shown.
const DOT: f32 = 3.0;
const OWN_DOT: f32 = 8.0;
/// Height of the list of like items and the captions around it.
const LIST: f32 = 64.0;

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        let shapes = match cx.session.shapes() {
            Shapes::Missing => return cx.push(Command::FindShapes),
            Shapes::Working => return progress_ui(ui, cx),
            Shapes::Failed(why) => return nothing_ui(ui, cx.words.of(why)),
            Shapes::Ready(shapes) => shapes.clone(),
        };
        ui.add(Label::new(style::caption(ui, cx.words.of(&shapes.why))).wrap());
        self.legend_ui(ui, cx, &shapes, focus);
        let height = ((ui.available_height() - LIST) * 0.5).max(150.0);
        let width = (ui.available_width() - space::M) / 2.0;
        ui.horizontal_top(|ui| {
            let column = Layout::top_down(Align::LEFT);
            ui.allocate_ui_with_layout(vec2(width, height), column, |ui| self.map_ui(ui, cx, &shapes, focus, height));
            ui.allocate_ui_with_layout(vec2(width, height), column, |ui| {
                self.profiles_ui(ui, cx, &shapes, focus, height);
            });
        });
        let Some(own) = shapes.get(&focus.id) else {
            let words = text!(
                "It has no sales yet: nothing can be read from its demand.",
                "尚无销售，无法从需求中读出任何信息。"
            );
            return nothing_ui(ui, cx.words.of(&words));
        };
        likes_ui(ui, cx, &shapes, own);
        if let Some(series) = cx.session.shown_history() {
            self.history_ui(ui, cx, series, own);
        }
    }

    /// The clusters by name and the item shown; a click hides or shows one.
    fn legend_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, shapes: &DemandShapes, focus: &Focus) {
        let palette = Palette::of(ui);
        let entry = |k: usize| Entry::new(name(cx, shapes, k), palette.series(k), Mark::Point);
        let mut entries: Vec<Entry> = (0..shapes.clusters.len()).map(entry).collect();
        if shapes.get(&focus.id).is_some_and(|own| !own.embedding.is_empty()) {
            entries.push(Entry::new(focus.id.to_string(), palette.text, Mark::Dashed));
        }
        legend_ui(ui, &entries, &mut self.hidden);
    }

    /// All series on the two directions along which they lie farthest apart; a click shows the nearest.
    fn map_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, shapes: &Arc<DemandShapes>, focus: &Focus, height: f32) {
        if self.map.as_ref().is_none_or(|map| !Arc::ptr_eq(&map.of, shapes)) {
            self.map = Some(Map::new(shapes));
        }
        let Some(map) = &self.map else { return };
        let palette = Palette::of(ui);
        let response = Plot::new("shape map")
            .height(height)
            .x_axis_label(cx.t("First direction (spreads)", "第一方向（标准差）"))
            .y_axis_label(cx.t("Second direction (spreads)", "第二方向（标准差）"))
            .y_axis_min_width(size::AXIS)
            .data_aspect(1.0)
            .grid_color(palette.outline)
            .x_axis_formatter(|mark, _| figure(mark.value))
            .y_axis_formatter(|mark, _| figure(mark.value))
            .x_grid_spacer(|input| figure_grid(&input, X_LABEL))
            .y_grid_spacer(|input| figure_grid(&input, Y_LABEL))
            .set_margin_fraction(Vec2::splat(0.06))
            .label_formatter(|_| None)
            .show_crosshair(false)
            .allow_scroll(false)
            .show(ui, |plot| {
                for (k, points) in map.clusters.iter().enumerate() {
                    let name = name(cx, shapes, k);
                    if !self.hidden.contains(&name) {
                        let points = Points::new(name, PlotPoints::from(points.clone()));
                        let points = points.color(palette.series(k)).radius(DOT).shape(MarkerShape::Circle);
                        plot.points(points.allow_hover(false).id(("cluster", k)));
                    }
                }
                if let Some(own) = shapes.get(&focus.id).filter(|own| !own.embedding.is_empty())
                    && !self.hidden.contains(&focus.id.to_string())
                {
                    let points = Points::new(focus.id.to_string(), PlotPoints::from(vec![place(own)]));
                    let points = points.color(palette.text).radius(OWN_DOT).shape(MarkerShape::Circle).filled(false);
                    plot.points(points.allow_hover(false).id("own"));
                }
            });
        let on_screen = |at: [f64; 2]| response.transform.position_from_point(&PlotPoint::new(at[0], at[1]));
        let under = response.response.hover_pos().and_then(|pointer| {
            let far = map.all.iter().map(|(at, k)| (on_screen(*at).distance(pointer), *k));
            far.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(far, _)| *far <= REACH).map(|(_, k)| k)
        });
        let Some(under) = under.and_then(|k| shapes.series.get(k)) else { return };
        if response.response.clicked() {
            cx.push(Command::Select(under.id.clone()));
        }
        response.response.on_hover_ui_at_pointer(|ui| {
            ui.label(under.id.to_string());
        });
    }

    /// The clusters' mean profiles over a window, and the item's own.
    fn profiles_ui(&self, ui: &mut Ui, cx: &Cx<'_>, shapes: &DemandShapes, focus: &Focus, height: f32) {
        let palette = Palette::of(ui);
        let own = shapes.get(&focus.id);
        let axis = PeriodAxis::new(shapes.end.plus(1 - shapes.window as i64));
        let title = cx.t("Profile (spreads)", "形态（标准差）");
        plot("shape profiles", ui, cx.words, axis, title).height(height).show(ui, |plot| {
            for (k, cluster) in shapes.clusters.iter().enumerate() {
                let name = name(cx, shapes, k);
                if self.hidden.contains(&name) {
                    continue;
                }
                let is_own = own.and_then(|own| own.cluster) == Some(k);
                let width = if is_own { size::LINE } else { size::THIN_LINE };
                let line = Line::new(name, PlotPoints::from(thin(&cluster.profile, 0.0)));
                plot.line(line.color(palette.series(k)).width(width).id(("profile", k)));
            }
            if let Some(own) = own.filter(|own| !own.profile.is_empty())
                && !self.hidden.contains(&focus.id.to_string())
            {
                let line = Line::new(focus.id.to_string(), PlotPoints::from(thin(&own.profile, 0.0)));
                plot.line(
                    line.color(palette.text).width(size::LINE).style(LineStyle::dashed_dense()).id("own profile"),
                );
            }
        });
    }

    /// The history, what the rest of each window says, and the periods flagged.
    fn history_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, series: &Series, own: &SeriesShape) {
        let palette = Palette::of(ui);
        let (flagged, judged) = (own.anomalies.len(), own.expected.iter().flatten().count());
        let words = match own.error().map(|error| cx.percent(error)) {
            Some(error) if judged > 0 => text!(
                "{flagged} of {judged} periods flagged; {error} of its variation isn't reconstructed",
                "{judged} 期中标记 {flagged} 期；{error} 的波动未能重构"
            ),
            _ => own.note.clone(),
        };
        ui.horizontal(|ui| {
            let title = cx.words.with_unit(cx.t("Actual and reconstructed", "实际与重构"), cx.units());
            ui.label(RichText::new(title).text_style(TextStyle::Heading));
            ui.label(style::caption(ui, cx.words.of(&words))).on_hover_text(cx.t(
                "Each period is reconstructed from the others of its window. It is flagged beyond a robust threshold of the item's own errors, and nothing is corrected.",
                "每一期由其窗口内的其他各期重构；误差超出该商品自身的稳健阈值即标记，不作任何修正。",
            ));
        });
        let (actual, made) = (cx.t("Actual", "实际"), cx.t("Reconstructed", "重构"));
        let flagged = cx.t("Flagged", "标记");
        let entries = [
            Entry::new(actual, palette.history, Mark::Line),
            Entry::new(made, palette.accent, Mark::Dashed),
            Entry::new(flagged, palette.bad, Mark::Point),
        ];
        legend_ui(ui, &entries, &mut self.hidden);
        let is_shown = |name: &str| !self.hidden.contains(name);
        let axis = PeriodAxis::new(series.start);
        let first = series.values.len() - own.expected.len().min(series.values.len());
        let height = ui.available_height().max(120.0);
        plot(&format!("shape history {}", own.id), ui, cx.words, axis, cx.units()).height(height).show(ui, |plot| {
            if is_shown(actual) {
                let line = Line::new(actual, PlotPoints::from(thin(&series.values, 0.0))).color(palette.history);
                plot.line(line.width(size::THIN_LINE).id("actual"));
            }
            let mut at = first;
            let stretches = own.expected.chunk_by(|a, b| a.is_some() == b.is_some());
            for stretch in stretches.filter(|_| is_shown(made)) {
                let values: Vec<f64> = stretch.iter().flatten().copied().collect();
                let line = Line::new(made, PlotPoints::from(thin(&values, at as f64))).color(palette.accent);
                plot.line(line.width(size::THIN_LINE).style(LineStyle::dashed_dense()).id(("made", at)));
                at += stretch.len();
            }
            if !is_shown(flagged) {
                return;
            }
            let points: Vec<[f64; 2]> = own.anomalies.iter().map(|a| [axis.x(a.period), a.actual]).collect();
            let points = Points::new(flagged, PlotPoints::from(points));
            plot.points(points.color(palette.bad).radius(5.0).shape(MarkerShape::Circle).filled(false).id("flagged"));
        });
    }
}

impl Map {
    fn new(shapes: &Arc<DemandShapes>) -> Self {
        let mut clusters = vec![Vec::new(); shapes.clusters.len()];
        let mut all = Vec::new();
        let step = shapes.series.len().div_ceil(MOST_DRAWN).max(1);
        for (k, shape) in shapes.series.iter().enumerate().step_by(step) {
            if let Some(cluster) = shape.cluster.and_then(|k| clusters.get_mut(k)) {
                cluster.push(place(shape));
                all.push((place(shape), k));
            }
        }
        Self { of: shapes.clone(), clusters, all }
    }
}

/// Where a series stands on the map.
fn place(shape: &SeriesShape) -> [f64; 2] {
    let number = |k: usize| shape.embedding.get(k).copied().unwrap_or(0.0);
    [number(0), number(1)]
}

/// How far finding the shapes is.
fn progress_ui(ui: &mut Ui, cx: &Cx<'_>) {
    nothing_ui(ui, cx.t("Finding demand shapes…", "正在分析需求形态…"));
    if let Some(job) = cx.session.shapes_job() {
        ui.add(progress_bar(ui, &job).desired_width(size::SIDE));
        ui.label(style::caption(ui, cx.words.of(&job.stage)));
    }
}

/// A cluster's name and size.
fn name(cx: &Cx<'_>, shapes: &DemandShapes, k: usize) -> String {
    let cluster = &shapes.clusters[k];
    let (en, zh, items) = (&cluster.name.en, &cluster.name.zh, cluster.members);
    cx.words.own(text!("{en} ({items} items)", "{zh}（{items} 个商品）"))
}

/// The nearest items, each with its reason; a click shows one.
fn likes_ui(ui: &mut Ui, cx: &mut Cx<'_>, shapes: &DemandShapes, own: &SeriesShape) {
    let Some(panel) = cx.session.project().sales.as_ref().map(|sales| sales.panel.clone()) else { return };
    ui.horizontal_wrapped(|ui| {
        ui.label(style::caption(ui, cx.t("Alike, and how far", "相似商品及距离"))).on_hover_text(cx.t(
            "Distance of the two demands' shapes, in spreads: 0 is the same shape",
            "两者需求形态之间的距离（标准差）：0 表示形态相同",
        ));
        match suggest_like_items(&panel, shapes, &own.id, LISTED) {
            Ok(items) => {
                for item in items {
                    let label = format!("{}  {}", item.id, cx.number(item.distance, 2));
                    if ui.small_button(label).on_hover_text(cx.words.of(&item.why)).clicked() {
                        cx.push(Command::Select(item.id));
                    }
                }
            }
            Err(why) => _ = ui.add(Label::new(style::weak(ui, cx.words.of(&why))).wrap()),
        }
    });
}

/// The like items of a short history, as buttons: the one clicked.
pub(super) fn proposals_ui(ui: &mut Ui, cx: &mut Cx<'_>, new: &SeriesId) -> Option<SeriesId> {
    let sales = cx.session.project().sales.as_ref()?.panel.clone();
    if new.item.is_empty() || sales.get(new).is_none() {
        return None;
    }
    let shapes = match cx.session.shapes() {
        Shapes::Missing => {
            if ui.button(cx.t("Propose like items", "推荐相似商品")).clicked() {
                cx.push(Command::FindShapes);
            }
            return None;
        }
        Shapes::Working => {
            ui.label(style::caption(ui, cx.t("Finding demand shapes…", "正在分析需求形态…")));
            return None;
        }
        Shapes::Failed(why) => {
            ui.add(Label::new(style::weak(ui, cx.words.of(why))).wrap());
            return None;
        }
        Shapes::Ready(shapes) => shapes.clone(),
    };
    let mut picked = None;
    match suggest_like_items(&sales, &shapes, new, usize::MAX) {
        Ok(items) => {
            ui.label(style::caption(ui, cx.t("Its demand so far runs like that of", "目前需求走势相似的商品")));
            // A reference lies at the new item's own location.
            for item in items.into_iter().filter(|item| item.id.location == new.location).take(LISTED) {
                let label = format!("{}  {}", item.id.item, cx.number(item.distance, 2));
                if ui.small_button(label).on_hover_text(cx.words.of(&item.why)).clicked() {
                    picked = Some(item.id);
                }
            }
        }
        Err(why) => _ = ui.add(Label::new(style::weak(ui, cx.words.of(&why))).wrap()),
    }
    picked
}
