//! Groups: what categories, regions, locations and everything together may sell, and how their forecasts came about.

use super::nothing_ui;
use crate::gui::context::Cx;
use crate::gui::style::{self, Palette, band, size, space};
use crate::gui::text::model_label;
use crate::gui::widgets::{Entry, Mark, PeriodAxis, legend_ui, plot, thin};
use crate::model::{Forecast, GroupForecast, GroupLevel, Plan};
use crate::report::{Cell, Table, groups_table};
use crate::text;
use egui::{Align, Color32, Layout, RichText, ScrollArea, TextStyle, Ui, vec2};
use egui_plot::{FilledArea, Line, LineStyle, PlotPoints, VLine};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    chosen: Option<(GroupLevel, Arc<str>)>,
    hidden: BTreeSet<String>,
    /// The list of the plan's groups.
    rows: Option<(Arc<Plan>, Vec<Row>)>,
    /// The table of one group of a plan.
    made: Option<(Arc<Plan>, usize, Table)>,
}

/// One row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Level(GroupLevel),
    /// Position among the plan's groups.
    Group(usize),
}

/// Width of the list, points.
const LIST: f32 = 176.0;
/// Periods of history shown, in horizons, and at least so many.
const HORIZONS_BEFORE: usize = 5;
const FEWEST_BEFORE: usize = 24;
/// Columns of one group's table; what is the same in every row stands above it.
const COLUMNS: [&str; 11] =
    ["period", "mean", "moved", "moved_percent", "bottom", "own", "reconciled", "lo80", "hi80", "lo95", "hi95"];
/// From this on past errors are said to have moved together, up to its inverse apart.
const TOGETHER: f64 = 1.15;

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(plan) = cx.session.plan().filter(|plan| !plan.groups.is_empty()).cloned() else {
            let words = if cx.session.plan().is_some() {
                cx.t("One item-location alone has no groups.", "只有一个商品-地点，没有分组。")
            } else {
                cx.t("Groups appear with the plan.", "计划完成后显示分组。")
            };
            return nothing_ui(ui, words);
        };
        let at = self.position(&plan);
        let group = &plan.groups[at];
        ui.horizontal_top(|ui| {
            let height = ui.available_height();
            let column = Layout::top_down_justified(Align::LEFT);
            ui.allocate_ui_with_layout(vec2(LIST, height), column, |ui| self.list_ui(ui, cx, &plan, at));
            ui.add_space(space::S);
            ui.vertical(|ui| {
                title_ui(ui, cx, group);
                let height = (ui.available_height() * 0.58).max(160.0);
                self.chart_ui(ui, cx, group, height);
                self.table_ui(ui, cx, &plan, at);
            });
        });
    }

    /// Where the chosen group stands in the plan; the first one when there is no such group any more.
    fn position(&self, plan: &Plan) -> usize {
        let is_chosen = |g: &GroupForecast| self.chosen.as_ref().is_some_and(|(l, n)| *l == g.level && *n == g.name);
        plan.groups.iter().position(is_chosen).unwrap_or(0)
    }

    fn list_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, plan: &Arc<Plan>, at: usize) {
        let is_made = self.rows.as_ref().is_some_and(|(of, _)| Arc::ptr_eq(of, plan));
        if !is_made {
            self.rows = Some((plan.clone(), rows(&plan.groups)));
        }
        let Some((_, rows)) = &self.rows else { return };
        let mut picked = None;
        ScrollArea::vertical().id_salt("groups").auto_shrink(false).show_rows(
            ui,
            size::TABLE_ROW,
            rows.len(),
            |ui, range| {
                for row in &rows[range] {
                    match row {
                        Row::Level(level) => {
                            let words = style::caption(ui, cx.words.own(level.label()));
                            ui.allocate_ui_with_layout(
                                vec2(ui.available_width(), size::TABLE_ROW),
                                Layout::left_to_right(Align::Center),
                                |ui| ui.label(words),
                            );
                        }
                        Row::Group(k) => {
                            let name = cx.words.own(plan.groups[*k].label());
                            let button = egui::Button::selectable(*k == at, name).truncate();
                            if ui.add(button.min_size(vec2(0.0, size::TABLE_ROW))).clicked() {
                                picked = Some(*k);
                            }
                        }
                    }
                }
            },
        );
        if let Some(group) = picked.and_then(|k| plan.groups.get(k)) {
            self.chosen = Some((group.level, group.name.clone()));
        }
    }

    fn chart_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, group: &GroupForecast, height: f32) {
        let palette = Palette::of(ui);
        let history = &group.history;
        let axis = PeriodAxis::new(history.start);
        let start = axis.x(group.last.start);
        let lines = lines(cx, palette, group);
        let actual = cx.t("Actual", "实际");
        let mut entries = vec![Entry::new(actual, palette.history, Mark::Line)];
        entries.extend(lines.iter().map(|l| Entry::new(l.name.clone(), l.color, l.mark())));
        let bands = [(95.0, 0.16), (80.0, 0.26)];
        entries.extend(bands.map(|(l, s)| Entry::new(format!("{l:.0} %"), band(palette.accent, 2.0 * s), Mark::Area)));
        let top = ui.cursor().top();
        legend_ui(ui, &entries, &mut self.hidden);
        let height = height - (ui.cursor().top() - top);
        let y_title = cx.words.with_unit(cx.t("Demand", "需求"), cx.units());
        let before = (HORIZONS_BEFORE * group.last.mean.len()).max(FEWEST_BEFORE);
        let first = history.values.len().saturating_sub(before);
        let hidden = &self.hidden;
        let id = format!("group {:?} {}", group.level, group.name);
        plot(&id, ui, cx.words, axis, &y_title).height(height).include_y(0.0).show(ui, |plot| {
            for (level, strength) in bands {
                let name = format!("{level:.0} %");
                if let Some(interval) = group.last.interval(level).filter(|_| !hidden.contains(&name)) {
                    let xs: Vec<f64> = (0..interval.lower.len()).map(|h| start + h as f64).collect();
                    let area = FilledArea::new(name, &xs, &interval.lower, &interval.upper);
                    plot.add(area.fill_color(band(palette.accent, strength)).allow_hover(false));
                }
            }
            if !hidden.contains(actual) {
                let points = PlotPoints::from(thin(&history.values[first..], first as f64));
                plot.line(Line::new(actual, points).color(palette.history).width(size::THIN_LINE).id("actual"));
            }
            for line in lines.into_iter().rev().filter(|l| !hidden.contains(&l.name)) {
                let points = PlotPoints::from(thin(&line.values, start));
                let style = if line.is_dashed { LineStyle::dashed_dense() } else { LineStyle::Solid };
                let width = if line.is_dashed { size::THIN_LINE } else { size::LINE };
                plot.line(
                    Line::new(line.name.clone(), points).color(line.color).width(width).style(style).id(line.name),
                );
            }
            let today = VLine::new("", start - 0.5).color(palette.outline).style(LineStyle::dotted_loose());
            plot.vline(today.allow_hover(false));
        });
    }

    fn table_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, plan: &Arc<Plan>, at: usize) {
        let is_made = self.made.as_ref().is_some_and(|(of, k, _)| Arc::ptr_eq(of, plan) && *k == at);
        if !is_made {
            let mut table = groups_table(std::slice::from_ref(&plan.groups[at]));
            if let Some(actual) = table.column("actual") {
                table.rows.retain(|row| row[actual] == Cell::Empty);
            }
            self.made = Some((plan.clone(), at, table.arranged(&COLUMNS)));
        }
        if let Some((.., table)) = &self.made {
            cx.table_ui(ui, "groups", table, &|_| false);
        }
    }
}

/// Which group, how its forecast was made, and how far its interval can be trusted.
fn title_ui(ui: &mut Ui, cx: &mut Cx<'_>, group: &GroupForecast) {
    ui.horizontal_wrapped(|ui| {
        let name = cx.words.own(group.label());
        ui.label(RichText::new(name).text_style(TextStyle::Heading));
        let (series, how) = (group.series, &group.how);
        ui.label(style::weak(
            ui,
            cx.words.own(crate::words::Text::new(
                format!("{series} item-locations, {}", how.en),
                format!("{series} 个商品-地点，{}", how.zh),
            )),
        ));
        cx.export_ui(ui, "groups");
    });
    let assumed = cx.t(
        "The interval is read from sums of the items' sample paths, those that stock is planned on. Items are drawn independently of each other; how they erred together in the past stretches the sums' interval.",
        "区间取自各商品样本路径之和，与库存计划所用的路径相同。各商品的路径相互独立抽取，再按历史误差的同向程度放宽或收窄。",
    );
    ui.label(style::caption(ui, spread_words(cx, group.spread))).on_hover_text(assumed);
}

/// Groups under the names of their levels.
fn rows(groups: &[GroupForecast]) -> Vec<Row> {
    let mut rows = Vec::with_capacity(groups.len() + GroupLevel::ALL.len());
    let mut level = None;
    for (k, group) in groups.iter().enumerate() {
        if level != Some(group.level) {
            level = Some(group.level);
            rows.push(Row::Level(group.level));
        }
        rows.push(Row::Group(k));
    }
    rows
}

/// How far the interval can be trusted.
fn spread_words(cx: &Cx<'_>, spread: Option<f64>) -> String {
    let Some(spread) = spread else {
        return cx.t("Interval: the items' sample paths added up", "区间：各商品样本路径之和").to_owned();
    };
    let times = cx.number(spread.max(1.0 / spread.max(1e-6)), 2);
    cx.words.own(if spread > TOGETHER {
        text!(
            "Items erred together in the past: the interval is {times} times as wide as for independent ones",
            "各商品的历史误差同向：区间放宽为独立假设的 {times} 倍"
        )
    } else if spread < 1.0 / TOGETHER {
        text!(
            "Errors of items offset each other in the past: the interval is {times} times narrower than for independent ones",
            "各商品的历史误差相互抵消：区间收窄为独立假设的 1/{times}"
        )
    } else {
        text!(
            "Items erred independently in the past, as the interval assumes",
            "各商品的历史误差相互独立，与区间的假设一致"
        )
    })
}

/// One of the forecasts drawn.
struct Drawn {
    name: String,
    color: Color32,
    values: Vec<f64>,
    is_dashed: bool,
}

impl Drawn {
    fn mark(&self) -> Mark {
        if self.is_dashed { Mark::Dashed } else { Mark::Line }
    }
}

/// The final forecast and what it came from, the final one first.
fn lines(cx: &Cx<'_>, palette: &Palette, group: &GroupForecast) -> Vec<Drawn> {
    let dashed = |name: String, color, values: &[f64]| Drawn { name, color, values: values.to_vec(), is_dashed: true };
    let last = cx.t("Final forecast", "最终预测").to_owned();
    let mut lines =
        vec![Drawn { name: last, color: palette.accent, values: group.last.mean.clone(), is_dashed: false }];
    if let Some(reconciled) = &group.reconciled {
        lines.push(dashed(cx.t("Reconciled", "协调后").to_owned(), palette.good, reconciled));
    }
    lines.push(dashed(cx.t("Sum of items", "商品预测之和").to_owned(), palette.weak, &group.bottom));
    if let Some(own) = &group.own {
        lines.push(dashed(own_name(cx, own), palette.warning, &own.mean));
    }
    lines
}

fn own_name(cx: &Cx<'_>, own: &Forecast) -> String {
    let model = model_label(cx.words, &own.model);
    cx.words.own(text!("Own forecast: {model}", "分组自身预测：{model}"))
}
