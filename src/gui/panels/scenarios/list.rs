//! The scenarios as a tree of cards: what each changes itself, what it inherits, its figures and its reason.

use super::super::stock::{Better, difference};
use crate::gui::context::{Cx, compact, kpi};
use crate::gui::style::{self, Palette, size, space};
use crate::gui::widgets::{primary_button, tone_color};
use crate::model::{Scenario, scenario_children, scenario_tree};
use crate::session::Command;
use crate::text;
use egui::{RichText, Role, TextEdit, Ui, WidgetInfo};
use std::sync::Arc;

/// Points that a branch stands to the right of its parent, and the most of them.
const INDENT: (f32, f32) = (14.0, 70.0);

/// What the list remembers.
#[derive(Default)]
pub(super) struct View {
    /// A scenario's name while it is edited: which, and the text.
    renaming: Option<(String, String)>,
    /// A note while it is edited.
    noting: Option<(String, String)>,
}

/// A name in a list, as far to the right as it stands below others.
pub(in crate::gui) fn indented(depth: usize, name: &str) -> String {
    format!("{}{name}", "    ".repeat(depth.min(8)))
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.horizontal(|ui| {
            ui.label(RichText::new(cx.t("Scenarios", "方案")).heading());
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui.add(primary_button(ui, cx.t("Branch", "新建分支"))).clicked() {
                    cx.push(Command::BranchScenario(String::new()));
                }
            });
        });
        let branch = cx.t(
            "A branch inherits from the active scenario, and follows it where it changes nothing itself. Levers in Stock and Dispatch move the active one.",
            "新分支继承当前方案；凡未自行更改之处，均随上级方案变化。“库存”和“调运”中的滑块作用于当前方案。",
        );
        ui.label(style::caption(ui, branch));
        let project = cx.session.project();
        for (depth, scenario) in scenario_tree(&project.scenarios) {
            ui.horizontal(|ui| {
                if depth > 1 {
                    ui.add_space(((depth - 1) as f32 * INDENT.0).min(INDENT.1));
                }
                ui.vertical(|ui| self.scenario_ui(ui, cx, scenario, depth == 0));
            });
        }
    }

    fn scenario_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, scenario: &Scenario, is_base: bool) {
        let is_active = cx.session.project().active == scenario.name;
        let palette = Palette::of(ui);
        ui.add_space(space::XS);
        let fill = if is_active { palette.chosen } else { palette.surface };
        let stroke = if is_active { (1.0, palette.accent) } else { (1.0, palette.hairline) };
        let frame = egui::Frame::new().fill(fill).stroke(stroke).corner_radius(size::RADIUS).inner_margin(10);
        ui.push_id(&scenario.name, |ui| {
            frame.show(ui, |ui| {
                ui.set_width(ui.available_width());
                self.name_ui(ui, cx, scenario, is_active);
                let about =
                    if is_base { text!("The data as it was read", "按读入的数据") } else { counts(cx, scenario) };
                ui.label(style::caption(ui, cx.words.own(about)));
                figures_ui(ui, cx, scenario);
                if !is_base {
                    self.note_ui(ui, cx, scenario);
                }
                ui.horizontal(|ui| {
                    if !is_active && ui.button(cx.t("Activate", "设为当前")).clicked() {
                        cx.push(Command::ActivateScenario(scenario.name.clone()));
                    }
                    if !is_base {
                        if ui.button(cx.t("Rename", "重命名")).clicked() {
                            self.renaming = Some((scenario.name.clone(), scenario.name.clone()));
                        }
                        let delete = ui.button(cx.t("Delete", "删除"));
                        let children = scenario_children(&cx.session.project().scenarios, &scenario.name);
                        let delete = if children.is_empty() {
                            delete
                        } else {
                            delete.on_hover_text(cx.t("Its changes move into its branches", "其更改将并入各分支"))
                        };
                        if delete.clicked() {
                            cx.push(Command::DeleteScenario(scenario.name.clone()));
                        }
                    }
                });
            });
        });
    }

    fn name_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, scenario: &Scenario, is_active: bool) {
        let editing = self.renaming.as_mut().filter(|(of, _)| *of == scenario.name);
        let Some((from, typed)) = editing else {
            ui.horizontal(|ui| {
                ui.label(style::strong(cx.scenario_name(&scenario.name)));
                if is_active {
                    ui.label(RichText::new(cx.t("active", "当前")).small().color(Palette::of(ui).accent));
                }
            });
            return;
        };
        let label = cx.t("New name", "新名称");
        let field = ui.add(TextEdit::singleline(typed).desired_width(f32::INFINITY).char_limit(80));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, label));
        if field.lost_focus() {
            if !ui.input(|i| i.key_pressed(egui::Key::Escape)) {
                cx.push(Command::RenameScenario(from.clone(), typed.clone()));
            }
            self.renaming = None;
        } else if !field.has_focus() {
            field.request_focus();
        }
    }

    /// The reason a scenario exists; kept when the cursor leaves.
    fn note_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, scenario: &Scenario) {
        let editing = self.noting.take_if(|(of, _)| *of == scenario.name);
        let mut typed = editing.map_or_else(|| scenario.note.clone(), |(_, text)| text);
        let hint = cx.t("Why this scenario?", "为何建立此方案？");
        let field = TextEdit::multiline(&mut typed).desired_rows(1).desired_width(f32::INFINITY).hint_text(hint);
        let field = ui.add(field.char_limit(2000));
        let name = format!("{hint} {}", scenario.name);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &name));
        if field.lost_focus() && typed != scenario.note {
            cx.push(Command::NoteScenario(scenario.name.clone(), typed));
        } else if field.has_focus() {
            self.noting = Some((scenario.name.clone(), typed));
        }
    }
}

/// How many changes are its own, and how many come from whom.
fn counts(cx: &Cx<'_>, scenario: &Scenario) -> crate::words::Text {
    let own = scenario.overrides.len();
    let parent = cx.scenario_name(&scenario.parent);
    let layers = scenario.inherited().iter().rev().filter(|l| !l.overrides.is_empty());
    let from: Vec<String> = layers.map(|l| format!("{} {}", l.overrides.len(), l.name)).collect();
    if from.is_empty() {
        return text!("Own changes: {own}; branch of {parent}", "自身更改：{own} 项；{parent} 的分支");
    }
    let (en, zh) = (from.join(", "), from.join("、"));
    crate::words::Text::new(
        format!("Own changes: {own}; branch of {parent}; inherited: {en}"),
        format!("自身更改：{own} 项；{parent} 的分支；继承：{zh}"),
    )
}

/// The scenario's three figures, when its plan is there.
fn figures_ui(ui: &mut Ui, cx: &mut Cx<'_>, scenario: &Scenario) {
    let Some(plan) = cx.session.plan_of(&scenario.name).cloned() else { return };
    let figures = cx.kpis(&plan);
    let base = cx.base_plan().filter(|b| !Arc::ptr_eq(b, &plan)).map(|b| cx.kpis(&b));
    let rows = [
        (cx.words.with_unit(cx.t("Total cost", "总成本"), &cx.money()), "total_cost", Better::Lower),
        (cx.words.with_unit(cx.t("Fill rate", "满足率"), "%"), "fill_rate", Better::Higher),
        (cx.words.with_unit(cx.t("Stock value", "库存金额"), &cx.money()), "stock_value", Better::Lower),
    ];
    egui::Grid::new("figures").num_columns(3).min_col_width(60.0).min_row_height(0.0).spacing([space::S, 2.0]).show(
        ui,
        |ui| {
            for (label, key, better) in rows {
                let Some(value) = kpi(&figures, key) else { continue };
                ui.label(style::caption(ui, label));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    ui.label(compact(value, cx.language()));
                });
                let change = base.as_ref().and_then(|b| kpi(b, key)).and_then(|b| difference(cx, value, b, better));
                // A change that the figures don't show is none.
                let change = change.filter(|(words, _)| words.contains(|c: char| ('1'..='9').contains(&c)));
                if let Some((words, tone)) = change {
                    let color = tone_color(Palette::of(ui), tone);
                    ui.label(RichText::new(words).small().color(color));
                }
                ui.end_row();
            }
        },
    );
}
