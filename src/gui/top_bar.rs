//! The bar at the top: menus, the project's name, the scenario, export, language and theme.

use super::context::{Ask, Cx};
use super::dialogs::Purpose;
use super::keys::Action;
use super::navigator::name_combo;
use super::panels::{Panel, indented};
use super::style::{self, Palette, space};
use super::text;
use super::widgets::primary_button;
use crate::model::scenario_tree;
use crate::session::{Command, Preferences, Sample, Theme};
use crate::words::Language;
use egui::{Align, Button, ComboBox, Layout, MenuBar, Rect, RichText, Sense, Ui, pos2, vec2};

/// Draws the bar; returns what was asked for.
pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>) -> Vec<Action> {
    let mut actions = Vec::new();
    MenuBar::new().ui(ui, |ui| {
        mark_ui(ui);
        ui.menu_button(cx.t("File", "文件"), |ui| file_menu_ui(ui, cx, &mut actions));
        ui.menu_button(cx.t("Edit", "编辑"), |ui| edit_menu_ui(ui, cx, &mut actions));
        ui.menu_button(cx.t("View", "视图"), |ui| view_menu_ui(ui, cx, &mut actions));
        ui.menu_button(cx.t("Help", "帮助"), |ui| help_menu_ui(ui, cx, &mut actions));
        steps_ui(ui, cx);
        ui.add_space(space::S);
        name_ui(ui, cx);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            // Menus have no frames; what follows are buttons.
            ui.reset_style();
            language_ui(ui, cx);
            let button = primary_button(ui, cx.t("Export workbook…", "导出工作簿…"));
            if ui.add_enabled(cx.session.plan().is_some(), button).clicked() {
                actions.push(Action::Export);
            }
            scenario_ui(ui, cx);
        });
    });
    actions
}

/// The program's mark: a stock line that meets its reorder point.
fn mark_ui(ui: &mut Ui) {
    let palette = Palette::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(22.0, 22.0), Sense::hover());
    let rect = Rect::from_center_size(rect.center(), vec2(18.0, 18.0));
    ui.painter().rect_filled(rect, 4.0, palette.accent);
    let at = |x: f32, y: f32| pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height());
    let stroke = (1.6, palette.on_accent);
    let line = [at(0.12, 0.3), at(0.45, 0.72), at(0.45, 0.24), at(0.86, 0.74)];
    for pair in line.windows(2) {
        ui.painter().line_segment([pair[0], pair[1]], stroke);
    }
}

fn name_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let name = &cx.session.project().name;
    if name.is_empty() {
        return;
    }
    let response = ui.label(style::strong(name));
    if let Some(path) = cx.session.path() {
        response.on_hover_text(path.display().to_string());
    }
    if cx.session.is_dirty() {
        ui.label(style::caption(ui, cx.t("not saved", "未保存")));
    }
}

fn entry_ui(ui: &mut Ui, cx: &Cx<'_>, action: Action, is_enabled: bool, actions: &mut Vec<Action>) {
    let shortcut = ui.ctx().format_shortcut(&action.keys());
    let button = Button::new(action.label(cx.words)).shortcut_text(shortcut);
    if ui.add_enabled(is_enabled, button).clicked() {
        actions.push(action);
    }
}

fn file_menu_ui(ui: &mut Ui, cx: &mut Cx<'_>, actions: &mut Vec<Action>) {
    ui.set_min_width(230.0);
    entry_ui(ui, cx, Action::Open, true, actions);
    let parts = [
        (cx.t("Open sales…", "打开销售数据…"), Purpose::Sales),
        (cx.t("Open items…", "打开商品清单…"), Purpose::Items),
        (cx.t("Open network…", "打开配送网络…"), Purpose::Network),
    ];
    for (label, purpose) in parts {
        if ui.button(label).clicked() {
            cx.asks.push(Ask::Open(purpose));
        }
    }
    ui.menu_button(cx.t("Open recent", "最近的文件"), |ui| {
        for path in cx.session.recent().to_vec() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if ui.button(&*name).on_hover_text(path.display().to_string()).clicked() {
                cx.push(Command::OpenAny(path));
            }
        }
        if cx.session.recent().is_empty() {
            ui.label(style::weak(ui, cx.t("Nothing yet", "暂无")));
        }
    });
    ui.separator();
    ui.menu_button(cx.t("Samples", "示例"), |ui| {
        if ui.button(cx.t("Sample company", "示例公司")).clicked() {
            cx.push(Command::OpenSample(Sample::Company));
        }
        if ui.button(cx.t("Worked example", "算例")).clicked() {
            cx.push(Command::OpenSample(Sample::WorkedExample));
        }
    });
    if ui.button(cx.t("New project", "新建项目")).clicked() {
        cx.push(Command::NewProject);
    }
    ui.separator();
    entry_ui(ui, cx, Action::Save, true, actions);
    entry_ui(ui, cx, Action::SaveAs, true, actions);
    entry_ui(ui, cx, Action::Export, cx.session.plan().is_some(), actions);
    ui.menu_button(cx.t("Export table", "导出表格"), |ui| {
        for (key, en, zh) in TABLES {
            if ui.add_enabled(cx.session.plan().is_some(), Button::new(cx.t(en, zh))).clicked() {
                cx.asks.push(Ask::Open(Purpose::Table(key)));
            }
        }
    });
}

/// The plan's tables in the menu: key, name.
const TABLES: [(&str, &str, &str); 9] = [
    ("summary", "Summary", "概览"),
    ("forecast", "Forecast", "预测"),
    ("accuracy", "Accuracy", "预测精度"),
    ("stock", "Stock plan", "库存计划"),
    ("projection", "Projected stock", "库存预测"),
    ("orders", "Orders", "订单"),
    ("dispatch", "Dispatch", "调运"),
    ("costs", "Costs", "成本"),
    ("why", "Why these numbers", "计算依据"),
];

fn edit_menu_ui(ui: &mut Ui, cx: &mut Cx<'_>, actions: &mut Vec<Action>) {
    ui.set_min_width(230.0);
    let steps = [(Action::Undo, cx.session.undo_name()), (Action::Redo, cx.session.redo_name())];
    for (action, name) in steps {
        let what = name.map_or_else(String::new, |n| format!(": {}", cx.words.of(n)));
        let label = format!("{}{what}", action.label(cx.words));
        let shortcut = ui.ctx().format_shortcut(&action.keys());
        if ui.add_enabled(name.is_some(), Button::new(label).shortcut_text(shortcut)).clicked() {
            actions.push(action);
        }
    }
    ui.separator();
    entry_ui(ui, cx, Action::Search, true, actions);
    entry_ui(ui, cx, Action::Recompute, true, actions);
    entry_ui(ui, cx, Action::Cancel, cx.session.job().is_some(), actions);
}

/// Undo and redo by name: each a list, of which a click takes all steps up to the one clicked.
fn steps_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let past: Vec<String> = cx.session.past().take(MOST_STEPS).map(|n| cx.words.of(n).to_owned()).collect();
    let future: Vec<String> = cx.session.future().take(MOST_STEPS).map(|n| cx.words.of(n).to_owned()).collect();
    let lists = [
        (cx.t("Undo", "撤销"), past, cx.session.past().count(), Command::UndoSteps as fn(usize) -> Command),
        (cx.t("Redo", "重做"), future, cx.session.future().count(), Command::RedoSteps),
    ];
    for (label, names, count, command) in lists {
        ui.add_enabled_ui(count > 0, |ui| {
            ui.menu_button(label, |ui| {
                ui.set_min_width(230.0);
                for (k, name) in names.iter().enumerate() {
                    let button = Button::new(format!("{}. {name}", k + 1)).wrap_mode(egui::TextWrapMode::Truncate);
                    if ui.add(button).on_hover_text(name).clicked() {
                        cx.push(command(k + 1));
                    }
                }
                if count > names.len() {
                    let more = count - names.len();
                    let words = crate::text!("{more} more steps", "另有 {more} 步");
                    ui.label(style::caption(ui, cx.words.own(words)));
                }
            });
        });
    }
}

/// Steps listed; those before them are reached by clicking the last and looking again.
const MOST_STEPS: usize = 20;

fn view_menu_ui(ui: &mut Ui, cx: &mut Cx<'_>, actions: &mut Vec<Action>) {
    ui.set_min_width(200.0);
    for panel in Panel::ALL {
        entry_ui(ui, cx, Action::Show(panel), true, actions);
    }
    ui.separator();
    let preferences = cx.session.preferences();
    for theme in [Theme::System, Theme::Light, Theme::Dark] {
        let label = cx.words.own(text::theme(theme));
        if ui.radio(preferences.theme == theme, label).clicked() {
            cx.push(Command::SetPreferences(Preferences { theme, ..preferences }));
        }
    }
}

fn help_menu_ui(ui: &mut Ui, cx: &mut Cx<'_>, actions: &mut Vec<Action>) {
    entry_ui(ui, cx, Action::Help, true, actions);
    ui.separator();
    ui.label(style::weak(ui, concat!("Planwright ", env!("CARGO_PKG_VERSION"))));
}

fn language_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let preferences = cx.session.preferences();
    let (other, label) = match preferences.language {
        Language::English => (Language::Chinese, "中文"),
        Language::Chinese => (Language::English, "English"),
    };
    let hint = cx.t("切换为简体中文", "Switch to English");
    if ui.button(label).on_hover_text(hint).clicked() {
        cx.push(Command::SetPreferences(Preferences { language: other, ..preferences }));
    }
    let is_dark = ui.visuals().dark_mode;
    let (theme, label) =
        if is_dark { (Theme::Light, cx.t("Light", "浅色")) } else { (Theme::Dark, cx.t("Dark", "深色")) };
    if ui.button(label).on_hover_text(cx.t("Switch the theme", "切换主题")).clicked() {
        cx.push(Command::SetPreferences(Preferences { theme, ..preferences }));
    }
}

fn scenario_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let project = cx.session.project();
    if project.sales.is_none() {
        return;
    }
    let mut picked = None;
    let name = cx.t("Scenario", "方案");
    let combo = ComboBox::from_id_salt("scenario")
        .width(150.0)
        .truncate()
        .selected_text(cx.scenario_name(&project.active))
        .show_ui(ui, |ui| {
            for (depth, scenario) in scenario_tree(&project.scenarios) {
                let label = indented(depth, &cx.scenario_name(&scenario.name));
                if ui.selectable_label(scenario.name == project.active, label).clicked() {
                    picked = Some(Command::ActivateScenario(scenario.name.clone()));
                }
            }
            ui.separator();
            if ui.button(cx.t("New branch", "新建分支")).clicked() {
                picked = Some(Command::BranchScenario(String::new()));
            }
        });
    name_combo(&combo.response, name, &project.active);
    ui.label(RichText::new(name).color(Palette::of(ui).weak));
    if let Some(command) = picked {
        cx.push(command);
    }
}
