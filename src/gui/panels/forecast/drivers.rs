//! What drives demand besides its past, and how forecasts are made to add up: for all items.

use crate::gui::context::{Ask, Cx};
use crate::gui::dialogs::Purpose;
use crate::gui::navigator::name_combo;
use crate::gui::style;
use crate::gui::widgets::card_ui;
use crate::model::{FutureRule, HolidaySet};
use crate::session::{Command, Reconciliation};
use crate::text;
use egui::{ComboBox, Ui};

/// The ways to reconcile that the list offers, by name.
const METHODS: [&str; 12] = [
    "none",
    "bottom-up",
    "top-down",
    "top-down-history",
    "middle-out:category",
    "middle-out:region",
    "middle-out:location",
    "ols",
    "wls-structural",
    "wls-variance",
    "wls-structural-non-negative",
    "wls-variance-non-negative",
];

pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        reconciliation_ui(ui, cx);
        ui.separator();
        ui.label(style::caption(ui, cx.t("Holidays and drivers", "节日与驱动因素")));
        holidays_ui(ui, cx);
        values_ui(ui, cx);
    });
}

fn reconciliation_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let label = cx.t("Make items and groups add up", "使商品与各级汇总一致");
    ui.label(style::caption(ui, label));
    let current = &cx.session.project().settings.reconciliation;
    let shown = first_upper(cx.words.of(&current.label()));
    let mut picked = None;
    let width = ui.available_width() - 2.0;
    let combo = ComboBox::from_id_salt("reconciliation").width(width).truncate().selected_text(shown.clone()).show_ui(
        ui,
        |ui| {
            for method in METHODS.iter().filter_map(|name| Reconciliation::parse(name).ok()) {
                let name = first_upper(cx.words.of(&method.label()));
                if ui.selectable_label(method == *current, name).clicked() && method != *current {
                    picked = Some(method);
                }
            }
        },
    );
    name_combo(&combo.response, label, &shown);
    if let Some(method) = picked {
        cx.push(Command::SetReconciliation(method));
    }
}

fn first_upper(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default() + letters.as_str()
}

fn holidays_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let sets = &cx.session.project().settings.drivers.holidays;
    let mut wanted = sets.clone();
    ui.horizontal_wrapped(|ui| {
        for set in HolidaySet::ALL {
            let mut is_in = wanted.contains(&set);
            if ui.checkbox(&mut is_in, cx.words.of(&set.label())).changed() {
                if is_in {
                    wanted.insert(set);
                } else {
                    wanted.remove(&set);
                }
            }
        }
    });
    if wanted != *sets {
        cx.push(Command::SetHolidays(wanted));
    }
}

fn values_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let drivers = &cx.session.project().settings.drivers;
    let names: Vec<&str> = drivers.names().into_iter().map(|n| &**n).collect();
    let (listed, events) = (names.join(", "), drivers.events.len());
    if !names.is_empty() {
        ui.label(cx.words.own(text!("Drivers: {listed}", "驱动因素：{listed}")));
    }
    if events > 0 {
        ui.label(cx.words.own(text!("{events} named events", "{events} 个具名事件")));
    }
    ui.horizontal_wrapped(|ui| {
        if ui.button(cx.t("Prices, promotions…", "价格与促销…")).clicked() {
            cx.asks.push(Ask::Open(Purpose::Drivers));
        }
        if ui.button(cx.t("Events…", "事件…")).clicked() {
            cx.asks.push(Ask::Open(Purpose::Events));
        }
        if !drivers.is_empty() && ui.button(cx.t("Clear", "清除")).clicked() {
            cx.push(Command::ClearDrivers);
        }
    });
    if !names.is_empty() {
        let mut holds = drivers.future == FutureRule::HoldLast;
        let label = cx.t("Hold the last value where the future is not stated", "未给出未来值时沿用最后一个值");
        if ui.checkbox(&mut holds, label).changed() {
            cx.push(Command::SetDriverFuture(if holds { FutureRule::HoldLast } else { FutureRule::Stated }));
        }
    }
}
