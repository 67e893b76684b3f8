//! One override as it is typed: which series, which periods, how much, why, by whom, until when.

use crate::gui::context::Cx;
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, space};
use crate::gui::widgets::{card_ui, primary_button, segmented_ui};
use crate::model::{ForecastOverride, ForecastScope, OverrideKind, Period, SeriesId};
use crate::session::{Command, Focus, Gesture};
use crate::text;
use egui::{ComboBox, DragValue, Role, TextEdit, Ui, WidgetInfo};

/// What is typed, and which entry of the list it changes.
#[derive(Default)]
pub(super) struct Form {
    of: Option<SeriesId>,
    place: Option<usize>,
    /// What is being edited; made when the item changes.
    draft: Option<ForecastOverride>,
    /// The last author, for the next override.
    author: String,
}

/// How the number changes the forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Value,
    Percent,
    Increment,
}

/// Largest number that may be typed.
const MOST: f64 = 1e12;
/// Widths of the typed fields.
const REASON: f32 = 220.0;
const AUTHOR: f32 = 100.0;

impl Form {
    /// Starts anew for another item.
    pub(super) fn turn_to(&mut self, focus: &Focus) {
        if self.of.as_ref() != Some(&focus.id) {
            *self = Self { of: Some(focus.id.clone()), author: std::mem::take(&mut self.author), ..Self::default() };
        }
    }

    /// The entry that is being edited.
    pub(super) fn place(&self) -> Option<usize> {
        self.place
    }

    /// Edits an entry of the list; once more leaves it.
    pub(super) fn edit(&mut self, place: usize, given: Option<&ForecastOverride>) {
        let is_same = self.place == Some(place);
        self.place = (!is_same && given.is_some()).then_some(place);
        self.draft = if is_same { None } else { given.cloned() };
    }

    /// The override that a drag on the chart makes.
    pub(super) fn dragged(&self, cx: &Cx<'_>, focus: &Focus, period: Period, kind: OverrideKind) -> ForecastOverride {
        let reason = self.draft.as_ref().map(|d| d.reason.clone()).filter(|r| !r.is_empty() && self.place.is_none());
        ForecastOverride {
            first: period,
            last: period,
            kind,
            reason: reason.unwrap_or_else(|| cx.t("dragged on the chart", "在图上拖动").to_owned()),
            ..self.blank(focus)
        }
    }

    fn blank(&self, focus: &Focus) -> ForecastOverride {
        let start = focus.forecast.start;
        ForecastOverride {
            scope: ForecastScope::Series(focus.id.clone()),
            first: start,
            last: start,
            kind: OverrideKind::Percent(10.0),
            reason: String::new(),
            author: self.author.clone(),
            created: today(),
            expires: None,
        }
    }
}

/// The day, as a label; the clock decides nothing.
fn today() -> String {
    jiff::Timestamp::now().to_string().chars().take("2026-11-24".len()).collect()
}

pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>, form: &mut Form, focus: &Focus) {
    let count = cx.session.project().overrides.len();
    if form.place.is_some_and(|k| k >= count) {
        (form.place, form.draft) = (None, None);
    }
    let mut draft = form.draft.take().unwrap_or_else(|| form.blank(focus));
    let mut is_done = false;
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            scope_ui(ui, cx, focus, &mut draft.scope);
            periods_ui(ui, cx, focus, &mut draft);
        });
        ui.horizontal_wrapped(|ui| {
            kind_ui(ui, cx, &mut draft.kind);
            ui.add_space(space::S);
            expiry_ui(ui, cx, focus, &mut draft);
        });
        ui.horizontal_wrapped(|ui| {
            typed_ui(ui, cx.t("Reason", "原因"), &mut draft.reason, REASON);
            typed_ui(ui, cx.t("Author", "提出人"), &mut draft.author, AUTHOR);
            is_done = buttons_ui(ui, cx, form, &draft);
        });
    });
    form.author.clone_from(&draft.author);
    form.draft = (!is_done).then_some(draft);
    if is_done {
        form.place = None;
    }
}

/// True when the form starts anew.
fn buttons_ui(ui: &mut Ui, cx: &mut Cx<'_>, form: &Form, draft: &ForecastOverride) -> bool {
    let label = if form.place.is_some() { cx.t("Save", "保存") } else { cx.t("Add override", "添加调整") };
    if ui.add(primary_button(ui, label)).clicked() {
        cx.push(Command::SetOverride(form.place, Box::new(draft.clone()), Gesture::Commit));
        return true;
    }
    let Some(place) = form.place else { return false };
    if ui.button(cx.t("Remove", "删除")).clicked() {
        cx.push(Command::RemoveOverride(place));
        return true;
    }
    ui.button(cx.t("Leave as it is", "保持不变")).clicked()
}

fn scope_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, scope: &mut ForecastScope) {
    let label = cx.t("For", "范围");
    let category = &focus.item.category;
    let mut options = vec![ForecastScope::Series(focus.id.clone()), ForecastScope::Item(focus.id.item.clone())];
    if !category.is_empty() {
        options.push(ForecastScope::Category(category.clone()));
    }
    if !focus.id.location.is_empty() {
        options.push(ForecastScope::Location(focus.id.location.clone()));
    }
    let region = cx.session.region(&focus.id);
    if !region.is_empty() {
        options.push(ForecastScope::Region(region));
    }
    options.push(ForecastScope::All);
    let shown = scope_name(cx, scope);
    ui.label(style::weak(ui, label));
    let combo = ComboBox::from_id_salt("override scope").selected_text(shown.clone()).show_ui(ui, |ui| {
        for option in options {
            let name = scope_name(cx, &option);
            if ui.selectable_label(option == *scope, name).clicked() {
                *scope = option;
            }
        }
    });
    name_combo(&combo.response, label, &shown);
}

fn scope_name(cx: &Cx<'_>, scope: &ForecastScope) -> String {
    cx.words.own(match scope {
        ForecastScope::All => text!("everything", "全部"),
        ForecastScope::Series(id) => crate::words::Text::same(id.to_string()),
        ForecastScope::Item(code) => text!("{code}, all locations", "{code}（所有地点）"),
        ForecastScope::Category(name) => text!("category {name}", "类别 {name}"),
        ForecastScope::Location(code) => text!("location {code}", "地点 {code}"),
        ForecastScope::Region(name) => text!("region {name}", "区域 {name}"),
    })
}

fn periods_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, draft: &mut ForecastOverride) {
    let start = focus.forecast.start;
    // What was entered for another panel keeps its periods until they are moved.
    if draft.first.frequency() != start.frequency() || draft.last.frequency() != start.frequency() {
        (draft.first, draft.last) = (start, start);
    }
    let ahead = focus.forecast.mean.len().max(1) as i64;
    period_ui(ui, cx.t("From", "起始期"), start, ahead, &mut draft.first);
    period_ui(ui, cx.t("To", "截止期"), start, ahead, &mut draft.last);
    draft.last = draft.last.max(draft.first);
}

/// A period as a number that is dragged or typed by its label.
fn period_ui(ui: &mut Ui, label: &str, start: Period, ahead: i64, period: &mut Period) {
    ui.label(style::weak(ui, label));
    let mut step = period.since(start);
    let field = DragValue::new(&mut step)
        .range(0..=ahead - 1)
        .clamp_existing_to_range(false)
        .speed(0.1)
        .update_while_editing(false)
        .custom_formatter(move |h, _| start.plus(h as i64).label())
        .custom_parser(move |typed| {
            Period::parse(typed).filter(|p| p.frequency() == start.frequency()).map(|p| p.since(start) as f64)
        });
    let response = ui.add(field);
    response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, label));
    if response.changed() {
        *period = start.plus(step);
    }
}

fn kind_ui(ui: &mut Ui, cx: &Cx<'_>, kind: &mut OverrideKind) {
    let now = match kind {
        OverrideKind::Value(_) => Kind::Value,
        OverrideKind::Percent(_) => Kind::Percent,
        OverrideKind::Increment(_) => Kind::Increment,
    };
    let options = [
        (Kind::Percent, cx.t("Percent", "百分比")),
        (Kind::Increment, cx.t("Increment", "增量")),
        (Kind::Value, cx.t("Value", "数值")),
    ];
    let mut number = kind.number();
    let picked = segmented_ui(ui, now, &options).unwrap_or(now);
    let (least, suffix) = match picked {
        Kind::Percent => (-100.0, " %".to_owned()),
        Kind::Increment => (-MOST, format!(" {}", cx.units())),
        Kind::Value => (0.0, format!(" {}", cx.units())),
    };
    let field = DragValue::new(&mut number).range(least..=MOST).speed(0.5).max_decimals(2).suffix(suffix);
    let response = ui.add(field.update_while_editing(false));
    response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, cx.t("By how much", "调整幅度")));
    *kind = match picked {
        Kind::Value => OverrideKind::Value(number.max(0.0)),
        Kind::Percent => OverrideKind::Percent(number.max(-100.0)),
        Kind::Increment => OverrideKind::Increment(number),
    };
}

fn typed_ui(ui: &mut Ui, label: &str, value: &mut String, width: f32) {
    ui.label(style::weak(ui, label));
    let response = ui.add(TextEdit::singleline(value).desired_width(width).char_limit(500));
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, label));
}

/// Until which history period it holds.
fn expiry_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, draft: &mut ForecastOverride) {
    let start = focus.forecast.start;
    let mut expires = draft.expires.is_some();
    if ui.checkbox(&mut expires, cx.t("Expires", "到期失效")).changed() {
        draft.expires = expires.then_some(draft.last);
    }
    if let Some(until) = draft.expires.as_mut().filter(|p| p.frequency() == start.frequency()) {
        period_ui(ui, cx.t("after", "失效期"), start, focus.forecast.mean.len().max(1) as i64, until);
    }
}
