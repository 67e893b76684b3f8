//! The alert queue: only what needs me, dearest first; a click shows why and what to do.

use crate::gui::context::{Ask, Cx};
use crate::gui::navigator::name_combo;
use crate::gui::panels::Panel;
use crate::gui::style::{self, size, space};
use crate::gui::widgets::{card_ui, primary_button, segmented_ui};
use crate::model::{Alert, AlertKind, AlertMark, AlertState, Plan, Risk, SeriesId, alert_mark, alert_state};
use crate::report::{Table, alerts_table};
use crate::session::Command;
use crate::text;
use egui::{ComboBox, DragValue, Label, Role, TextEdit, Ui, WidgetInfo};
use std::sync::Arc;

/// What the queue remembers.
#[derive(Default)]
pub(super) struct View {
    show: Show,
    kind: Option<AlertKind>,
    made: Option<Made>,
    chosen: Option<(AlertKind, SeriesId)>,
    author: String,
    reason: String,
    /// Periods that an alert is put off by; 0 until somebody says.
    snooze: i64,
}

/// The rows shown, and which alert each is.
struct Made {
    risk: Arc<Risk>,
    filter: (Show, Option<AlertKind>),
    table: Table,
    alerts: Vec<usize>,
}

/// Which alerts are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Show {
    #[default]
    Open,
    Snoozed,
    Done,
    All,
}

/// What decides first; the rest stands below the table.
const COLUMNS: [&str; 8] = ["kind", "item", "location", "money", "when", "why", "action", "tied_up"];
/// Height of the alert shown whole.
const DETAIL: f32 = 148.0;
/// Periods that an alert is put off by before anybody says.
const USUAL_SNOOZE: i64 = 2;

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, risk: &Arc<Risk>, plan: &Arc<Plan>) {
        self.filter_ui(ui, cx, risk);
        self.make(risk, plan);
        let Some(made) = &self.made else { return };
        if made.alerts.is_empty() {
            let words = match self.show {
                Show::Open if self.kind.is_none() => cx.t("Nothing needs you.", "没有需要您处理的事项。"),
                _ => cx.t("No alert of this kind.", "没有此类预警。"),
            };
            ui.label(style::weak(ui, words));
            return;
        }
        let alerts = &made.risk.alerts;
        let chosen = self.chosen.as_ref().and_then(|(kind, id)| alerts.iter().find(|a| a.kind == *kind && a.id == *id));
        let place =
            chosen.and_then(|alert| made.alerts.iter().position(|k| std::ptr::eq(&raw const alerts[*k], alert)));
        let height = ui.available_height() - chosen.map_or(0.0, |_| DETAIL + space::S);
        let mut clicked = None;
        ui.allocate_ui(egui::vec2(ui.available_width(), height.max(size::TABLE_HEADER * 2.0)), |ui| {
            clicked = cx.table_ui(ui, "alert queue", &made.table, &|row| Some(row) == place);
        });
        let picked = clicked.and_then(|row| made.alerts.get(row)).map(|k| &alerts[*k]);
        let picked = picked.map(|alert| (alert.kind, alert.id.clone()));
        if let Some(alert) = chosen.cloned() {
            let mark = alert_mark(&risk.marks, &alert).cloned();
            card_ui(ui, |ui| {
                ui.set_width(ui.available_width());
                self.detail_ui(ui, cx, risk, &alert, mark.as_ref());
            });
        }
        if let Some(picked) = picked {
            cx.push(Command::Select(picked.1.clone()));
            self.chosen = if self.chosen.as_ref() == Some(&picked) { None } else { Some(picked) };
        }
    }

    fn filter_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, risk: &Risk) {
        ui.horizontal(|ui| {
            let options = [
                (Show::Open, cx.t("Needs me", "待我处理")),
                (Show::Snoozed, cx.t("Snoozed", "已延后")),
                (Show::Done, cx.t("Done", "已处理")),
                (Show::All, cx.t("All", "全部")),
            ];
            if let Some(picked) = segmented_ui(ui, self.show, &options) {
                self.show = picked;
            }
            let any = cx.t("Any kind", "所有类型");
            let name = |kind: AlertKind| cx.words.of(&kind.label()).to_owned();
            let shown = self.kind.map_or_else(|| any.to_owned(), name);
            let combo = ComboBox::from_id_salt("alert kind").selected_text(shown.clone()).show_ui(ui, |ui| {
                if ui.selectable_label(self.kind.is_none(), any).clicked() {
                    self.kind = None;
                }
                for kind in AlertKind::ALL {
                    let count = risk.alerts.iter().filter(|a| a.kind == kind).count();
                    let label = format!("{} ({count})", name(kind));
                    if count > 0 && ui.selectable_label(self.kind == Some(kind), label).clicked() {
                        self.kind = Some(kind);
                    }
                }
            });
            name_combo(&combo.response, cx.t("Kind of alert", "预警类型"), &shown);
        });
    }

    fn make(&mut self, risk: &Arc<Risk>, plan: &Arc<Plan>) {
        let filter = (self.show, self.kind);
        if self.made.as_ref().is_some_and(|m| Arc::ptr_eq(&m.risk, risk) && m.filter == filter) {
            return;
        }
        let is_shown = |alert: &Alert| {
            let state = alert_state(&risk.marks, alert, risk.start);
            let fits = match self.show {
                Show::Open => state == AlertState::Open,
                Show::Snoozed => matches!(state, AlertState::Snoozed(_)),
                Show::Done => state == AlertState::Done,
                Show::All => true,
            };
            fits && self.kind.is_none_or(|kind| kind == alert.kind)
        };
        let alerts: Vec<usize> = (0..risk.alerts.len()).filter(|k| is_shown(&risk.alerts[*k])).collect();
        let mut table = alerts_table(risk, &plan.items, &plan.currency).arranged(&COLUMNS);
        table.rows = alerts.iter().map(|k| std::mem::take(&mut table.rows[*k])).collect();
        self.made = Some(Made { risk: risk.clone(), filter, table, alerts });
    }

    fn detail_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, risk: &Risk, alert: &Alert, mark: Option<&AlertMark>) {
        ui.horizontal_wrapped(|ui| {
            ui.label(style::strong(format!("{} · {}", cx.words.of(&alert.kind.label()), alert.id)));
            ui.label(style::weak(ui, format!("{} {}", cx.number(alert.money, 2), cx.money())));
            if let Some(mark) = mark {
                ui.label(style::caption(ui, said(cx, mark)));
            }
        });
        ui.add(Label::new(cx.words.of(&alert.why)).wrap());
        ui.add(Label::new(cx.words.of(&alert.action)).wrap());
        ui.add(Label::new(style::caption(ui, cx.words.of(&alert.source))).wrap());
        ui.horizontal_wrapped(|ui| {
            if ui.add(primary_button(ui, cx.t("Show in Stock", "在库存中查看"))).clicked() {
                cx.push(Command::Select(alert.id.clone()));
                cx.asks.push(Ask::Show(Panel::Stock));
            }
            let is_open = alert_state(&risk.marks, alert, risk.start) == AlertState::Open;
            if !is_open && ui.button(cx.t("Open again", "重新打开")).clicked() {
                self.say(cx, risk, alert, AlertState::Open);
            }
            if is_open && ui.button(cx.t("Mark done", "标为完成")).clicked() {
                self.say(cx, risk, alert, AlertState::Done);
            }
            if is_open && ui.button(cx.t("Snooze", "延后")).clicked() {
                let until = risk.start.plus(if self.snooze > 0 { self.snooze } else { USUAL_SNOOZE });
                self.say(cx, risk, alert, AlertState::Snoozed(until));
            }
            if is_open {
                let start = risk.start;
                let mut periods = if self.snooze > 0 { self.snooze } else { USUAL_SNOOZE };
                let field = DragValue::new(&mut periods)
                    .range(1..=260)
                    .speed(0.05)
                    .custom_formatter(move |n, _| format!("→ {}", start.plus(n as i64).label()));
                let name = cx.t("Snooze until", "延后至");
                let response = ui.add(field).on_hover_text(name);
                response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
                self.snooze = periods;
            }
            for (name, text, width) in
                [(cx.t("Reason", "原因"), &mut self.reason, 200.0), (cx.t("By", "处理人"), &mut self.author, 90.0)]
            {
                let field = TextEdit::singleline(text).hint_text(name).desired_width(width);
                let response = ui.add(field);
                response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
            }
        });
    }

    fn say(&mut self, cx: &mut Cx<'_>, risk: &Risk, alert: &Alert, state: AlertState) {
        cx.push(Command::MarkAlert(Box::new(AlertMark {
            kind: alert.kind,
            id: alert.id.clone(),
            state,
            start: risk.start,
            author: self.author.trim().to_owned(),
            created: today(),
            reason: std::mem::take(&mut self.reason).trim().to_owned(),
        })));
    }
}

/// What somebody said to an alert, in words.
fn said(cx: &Cx<'_>, mark: &AlertMark) -> String {
    let by = if mark.author.is_empty() { String::new() } else { format!(", {}", mark.author) };
    let why = if mark.reason.is_empty() { String::new() } else { format!(": {}", mark.reason) };
    let on = &mark.created;
    cx.words.own(match mark.state {
        AlertState::Open => text!("Open", "待处理"),
        AlertState::Done => text!("Done on {on}{by}{why}", "{on} 已处理{by}{why}"),
        AlertState::Snoozed(until) => {
            text!("Snoozed until {until} on {on}{by}{why}", "{on} 延后至 {until}{by}{why}")
        }
    })
}

/// The day, as a label; the clock decides nothing.
fn today() -> String {
    jiff::Timestamp::now().to_string().chars().take("2026-11-30".len()).collect()
}
