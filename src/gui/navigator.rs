//! The list of items: searched, sorted, filtered, fluent at any length.

use super::context::{Ask, Cx, compact};
use super::dialogs::Purpose;
use super::style::{self, Palette, size, space};
use super::text::Words;
use super::widgets::{EmptyState, empty_ui, spark};
use crate::model::{Item, ItemTable, Plan, SalesPanel, SeriesForecast, SeriesId, StockPlan};
use crate::session::{Command, PartialForecasts, Session};
use egui::{
    Align2, ComboBox, Key, Modifiers, Rect, Response, Role, ScrollArea, Sense, TextEdit, TextStyle, Ui, WidgetInfo,
    pos2, vec2,
};
use std::sync::Arc;

/// How the user looks at the list.
#[derive(Debug, Default)]
pub(super) struct Navigator {
    query: String,
    sort: Sort,
    show: Show,
    category: Option<Arc<str>>,
    order: Vec<usize>,
    ordered_for: Option<MadeFor>,
    categories: Vec<Arc<str>>,
    scroll_to: Option<usize>,
    last_selected: Option<SeriesId>,
    wants_focus: bool,
}

/// What the order on screen was made for. Held, so that no other panel or plan can take their place in memory.
#[derive(Debug)]
struct MadeFor {
    panel: Arc<SalesPanel>,
    plan: Option<Arc<Plan>>,
    query: String,
    view: (Sort, Show, Option<Arc<str>>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Sort {
    #[default]
    Code,
    Demand,
    Risk,
    Value,
    Error,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Show {
    #[default]
    All,
    OrderNow,
    AtRisk,
    Warned,
}

/// From here on an item counts as at risk: more likely than not to run out within the horizon.
const AT_RISK: f64 = 0.5;

/// One item with whatever is known of it.
#[derive(Clone, Copy)]
struct Entry<'a> {
    id: &'a SeriesId,
    values: &'a [f64],
    item: Option<&'a Item>,
    stock: Option<&'a StockPlan>,
    forecast: Option<&'a SeriesForecast>,
}

/// The panel shown and, when it fits the panel, the plan; before there is one, the forecasts that are ready.
struct Source<'a> {
    panel: &'a Arc<SalesPanel>,
    plan: Option<&'a Arc<Plan>>,
    partial: Option<&'a PartialForecasts>,
    items: &'a ItemTable,
}

impl<'a> Source<'a> {
    fn of(session: &'a Session) -> Option<Self> {
        let panel = session.planned_panel()?;
        let plan = session.plan().filter(|p| Arc::ptr_eq(&p.panel, panel) && p.stock.len() == panel.series().len());
        Some(Self { panel, plan, partial: session.partial(), items: &session.project().items })
    }

    fn entry(&self, k: usize) -> Entry<'a> {
        let series = &self.panel.series()[k];
        Entry {
            id: &series.id,
            values: &series.values,
            item: self.plan.map_or_else(|| self.items.get(&series.id), |p| Some(&p.items[k])),
            stock: self.plan.map(|p| &p.stock[k]),
            forecast: self.plan.map_or_else(|| self.partial?.get(k), |p| Some(&p.forecasts[k])),
        }
    }
}

impl Entry<'_> {
    fn figure(&self, sort: Sort) -> Option<f64> {
        match sort {
            Sort::Code | Sort::Demand => self.forecast.map(|f| f.best().mean.iter().sum()),
            Sort::Risk => self.stock.map(|s| s.stockout_probability),
            Sort::Value => self.stock.zip(self.item).map(|(s, i)| s.average_stock * i.unit_cost),
            Sort::Error => self.forecast.and_then(|f| f.best_score()?.accuracy?.wape),
        }
    }

    fn is_shown(&self, show: Show, start: crate::model::Period) -> bool {
        let stock = |test: &dyn Fn(&StockPlan) -> bool| self.stock.is_some_and(test);
        match show {
            Show::All => true,
            Show::OrderNow => stock(&|s| s.next_order().is_some_and(|o| o.order_period <= start)),
            Show::AtRisk => stock(&|s| s.stockout_probability > AT_RISK),
            Show::Warned => stock(&|s| !s.warnings.is_empty()),
        }
    }

    fn matches(&self, query: &str) -> bool {
        let name = self.item.map_or("", |i| &i.name);
        query.split_whitespace().all(|word| {
            [&*self.id.item, &*self.id.location, name].iter().any(|text| text.to_lowercase().contains(word))
        })
    }
}

impl Navigator {
    /// Puts the cursor into the search field.
    pub(super) fn focus_search(&mut self) {
        self.wants_focus = true;
    }

    /// Draws the list; clicks and arrow keys select.
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let session = cx.session;
        let Some(source) = Source::of(session) else { return no_data_ui(ui, cx) };
        self.controls_ui(ui, cx);
        self.bring_in_order(&source);
        self.follow_selection(session, &source);
        self.count_ui(ui, cx, source.panel.series().len());
        ui.spacing_mut().item_spacing.y = 0.0;
        let selected = session.selected();
        let mut area = ScrollArea::vertical().auto_shrink(false).id_salt("items");
        if let Some(k) = self.scroll_to.take() {
            let middle = k as f32 * size::ROW - ui.available_height() / 2.0 + size::ROW / 2.0;
            area = area.vertical_scroll_offset(middle.max(0.0));
        }
        let mut picked = None;
        area.show_rows(ui, size::ROW, self.order.len(), |ui, rows| {
            for k in rows {
                let entry = source.entry(self.order[k]);
                let is_selected = selected == Some(entry.id);
                if row_ui(ui, cx, &entry, self.sort, is_selected).clicked() {
                    picked = Some(entry.id.clone());
                }
            }
        });
        if let Some(id) = picked.or_else(|| self.step(ui, selected, &source)) {
            self.last_selected = Some(id.clone());
            cx.push(Command::Select(id));
        }
    }

    fn controls_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let words = cx.words;
        let hint = words.t("Search items", "搜索商品");
        let search = ui.add(TextEdit::singleline(&mut self.query).hint_text(hint).desired_width(f32::INFINITY));
        if std::mem::take(&mut self.wants_focus) {
            search.request_focus();
        }
        ui.horizontal(|ui| {
            // A drop-down is as wide as its words and its padding.
            let half = (ui.available_width() - space::S) / 2.0 - 1.0;
            sort_ui(ui, words, &mut self.sort, half);
            show_ui(ui, words, &mut self.show, &mut self.category, &self.categories, half);
        });
    }

    fn count_ui(&self, ui: &mut Ui, cx: &Cx<'_>, all: usize) {
        let (shown, all) = (cx.number(self.order.len() as f64, 0), cx.number(all as f64, 0));
        let text = crate::text!("{shown} of {all} item-locations", "{all} 个商品-地点中的 {shown} 个");
        ui.label(style::caption(ui, cx.words.own(text)));
    }

    fn bring_in_order(&mut self, source: &Source<'_>) {
        let view = (self.sort, self.show, self.category.clone());
        let is_made = self.ordered_for.as_ref().is_some_and(|made| {
            let same_plan = match (&made.plan, source.plan) {
                (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                (None, None) => true,
                _ => false,
            };
            same_plan && Arc::ptr_eq(&made.panel, source.panel) && made.query == self.query && made.view == view
        });
        if is_made {
            return;
        }
        let (panel, plan, query) = (source.panel.clone(), source.plan.cloned(), self.query.clone());
        self.ordered_for = Some(MadeFor { panel, plan, query, view });
        let count = source.panel.series().len();
        let mut categories: Vec<Arc<str>> =
            source.plan.iter().flat_map(|p| &p.items).map(|i| i.category.clone()).filter(|c| !c.is_empty()).collect();
        categories.sort();
        categories.dedup();
        self.categories = categories;
        // A category of data that is gone would hide everything.
        if source.plan.is_some() && self.category.as_ref().is_some_and(|c| !self.categories.contains(c)) {
            self.category = None;
        }
        let (query, start) = (self.query.to_lowercase(), source.panel.end().plus(1));
        let in_category =
            |e: &Entry<'_>| self.category.as_ref().is_none_or(|c| e.item.is_some_and(|i| i.category == *c));
        self.order = (0..count)
            .filter(|k| {
                let entry = source.entry(*k);
                entry.matches(&query) && in_category(&entry) && entry.is_shown(self.show, start)
            })
            .collect();
        if self.sort != Sort::Code {
            let figure = |k: &usize| source.entry(*k).figure(self.sort).unwrap_or(f64::NEG_INFINITY);
            let mut keyed: Vec<(f64, usize)> = self.order.iter().map(|k| (figure(k), *k)).collect();
            keyed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            self.order = keyed.into_iter().map(|(_, k)| k).collect();
        }
    }

    /// A selection made elsewhere scrolls into view.
    fn follow_selection(&mut self, session: &Session, source: &Source<'_>) {
        let selected = session.selected();
        if selected == self.last_selected.as_ref() {
            return;
        }
        self.last_selected = selected.cloned();
        let at = |id: &SeriesId| self.order.iter().position(|k| source.panel.series()[*k].id == *id);
        self.scroll_to = selected.and_then(at);
    }

    /// Arrow keys walk the list while no field has the cursor.
    fn step(&mut self, ui: &Ui, selected: Option<&SeriesId>, source: &Source<'_>) -> Option<SeriesId> {
        if ui.ctx().memory(egui::Memory::focused).is_some() || self.order.is_empty() {
            return None;
        }
        let pressed = |key| ui.input_mut(|i| i.count_and_consume_key(Modifiers::NONE, key)) as isize;
        let steps = pressed(Key::ArrowDown) - pressed(Key::ArrowUp);
        if steps == 0 {
            return None;
        }
        let at = self.order.iter().position(|k| Some(&source.panel.series()[*k].id) == selected);
        let next = at.map_or(0, |at| at.saturating_add_signed(steps).min(self.order.len() - 1));
        self.scroll_to = Some(next);
        Some(source.panel.series()[self.order[next]].id.clone())
    }
}

fn no_data_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let empty = EmptyState {
        title: cx.t("No items yet", "尚无商品"),
        body: cx.t("Open a sales file, or drop one here.", "打开销售文件，或将文件拖到此处。"),
        actions: &[cx.t("Open sales…", "打开销售数据…")],
    };
    if empty_ui(ui, empty).is_some() {
        cx.asks.push(Ask::Open(Purpose::Sales));
    }
}

fn sort_ui(ui: &mut Ui, words: Words, sort: &mut Sort, width: f32) {
    let options = [
        (Sort::Code, words.t("By code", "按编码")),
        (Sort::Demand, words.t("By demand", "按需求")),
        (Sort::Risk, words.t("By stock-out risk", "按缺货风险")),
        (Sort::Value, words.t("By stock value", "按库存金额")),
        (Sort::Error, words.t("By forecast error", "按预测误差")),
    ];
    let current = options.iter().find(|(s, _)| s == sort).map_or("", |(_, label)| label);
    let response = ComboBox::from_id_salt("sort").selected_text(current).width(width).truncate().show_ui(ui, |ui| {
        for (option, label) in options {
            ui.selectable_value(sort, option, label);
        }
    });
    name_combo(&response.response, words.t("Sort", "排序"), current);
}

fn show_ui(
    ui: &mut Ui,
    words: Words,
    show: &mut Show,
    category: &mut Option<Arc<str>>,
    categories: &[Arc<str>],
    width: f32,
) {
    let options = [
        (Show::All, words.t("Show all", "显示全部")),
        (Show::OrderNow, words.t("To order now", "现在需订货")),
        (Show::AtRisk, words.t("Likely to run out", "可能缺货")),
        (Show::Warned, words.t("With warnings", "有警告")),
    ];
    let label = options.iter().find(|(s, _)| s == show).map_or("", |(_, label)| label).to_owned();
    let current = match category {
        Some(name) if *show == Show::All => name.to_string(),
        Some(name) => format!("{label}, {name}"),
        None => label,
    };
    let response =
        ComboBox::from_id_salt("show").selected_text(current.clone()).width(width).truncate().show_ui(ui, |ui| {
            for (option, label) in options {
                ui.selectable_value(show, option, label);
            }
            if !categories.is_empty() {
                ui.separator();
                ui.selectable_value(category, None, words.t("All categories", "全部类别"));
                for name in categories {
                    ui.selectable_value(category, Some(name.clone()), &**name);
                }
            }
        });
    name_combo(&response.response, words.t("Filter", "筛选"), &current);
}

/// A drop-down's accessible name, with what it shows as its value.
pub(super) fn name_combo(response: &Response, name: &str, current: &str) {
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, true, name);
        info.current_text_value = Some(current.to_owned());
        info
    });
}

fn row_ui(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry<'_>, sort: Sort, is_selected: bool) -> Response {
    let palette = Palette::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::click());
    let said = entry.id.to_string();
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_selected, &said));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let painter = ui.painter_at(rect);
    if is_selected {
        painter.rect_filled(rect, f32::from(size::RADIUS), palette.chosen);
    } else if response.hovered() {
        painter.rect_filled(rect, f32::from(size::RADIUS), palette.hover);
    }
    let (inner, third) = (rect.shrink2(vec2(space::S, 5.0)), rect.width() * 0.24);
    let line =
        Rect::from_min_max(pos2(inner.right() - third, inner.top()), pos2(inner.right(), inner.center().y - 1.0));
    spark(&painter, line, entry.values, if is_selected { palette.accent } else { palette.weak });
    let body = TextStyle::Body.resolve(ui.style());
    let small = TextStyle::Small.resolve(ui.style());
    let left = painter.with_clip_rect(Rect::from_min_max(rect.min, pos2(line.left() - space::XS, rect.bottom())));
    let strong = style::text::strong().resolve(ui.style());
    let code = left.text(inner.left_top(), Align2::LEFT_TOP, &entry.id.item, strong, palette.text);
    left.text(pos2(code.right() + 6.0, code.bottom()), Align2::LEFT_BOTTOM, &entry.id.location, body, palette.weak);
    let name = entry.item.map_or("", |i| &*i.name);
    left.text(inner.left_bottom(), Align2::LEFT_BOTTOM, name, small.clone(), palette.weak);
    if let Some(figure) = entry.figure(sort) {
        let (words, color) = match sort {
            Sort::Code | Sort::Demand | Sort::Value => (compact(figure, cx.language()), palette.weak),
            Sort::Risk => (cx.percent(figure), if figure > AT_RISK { palette.bad } else { palette.weak }),
            Sort::Error => (format!("{}%", cx.number(figure, 1)), palette.weak),
        };
        painter.text(inner.right_bottom(), Align2::RIGHT_BOTTOM, words, small, color);
    }
    response.on_hover_text(row_hint(cx, entry))
}

/// What the row's figures mean.
fn row_hint(cx: &Cx<'_>, entry: &Entry<'_>) -> String {
    let mut lines = vec![entry.id.to_string()];
    lines.extend(entry.item.filter(|i| !i.name.is_empty()).map(|i| i.name.to_string()));
    if let Some(f) = entry.forecast {
        let demand = cx.number(f.best().mean.iter().sum(), 0);
        lines.push(format!("{}: {demand} {}", cx.t("Demand over the horizon", "计划期需求"), cx.units()));
    }
    if let Some(s) = entry.stock {
        lines.push(format!("{}: {}", cx.t("Stock-out probability", "缺货概率"), cx.percent(s.stockout_probability)));
    }
    lines.join("\n")
}
