//! *Scenarios*: what-ifs as branches, two of them side by side with the difference.

use super::nothing_yet_ui;
use super::stock::{Better, difference};
use crate::gui::context::{Cx, compact, kpi};
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, Palette, size, space};
use crate::gui::widgets::{Bar, bars_ui, card_ui, primary_button, section_ui, segmented_ui};
use crate::model::{CostDriver, Plan, Scenario, difference as scenario_difference};
use crate::report::{Table, driver_key};
use crate::session::{Command, compare};
use egui::{ComboBox, Panel as Side, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo};
use std::rc::Rc;
use std::sync::Arc;

/// What the panel remembers.
#[derive(Default)]
pub(super) struct View {
    /// A scenario's name while it is edited: which, and the text.
    renaming: Option<(String, String)>,
    /// A note while it is edited.
    noting: Option<(String, String)>,
    /// The scenario compared with the active one; the base when `None`.
    other: Option<String>,
    below: Below,
    compared: Option<(Arc<Plan>, Arc<Plan>, Rc<Table>)>,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Below {
    #[default]
    Figures,
    Bridge,
    Changes,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if cx.session.project().sales.is_none() {
            return nothing_yet_ui(ui, cx);
        }
        Side::left("scenario list")
            .exact_size(size::SIDE + 20.0)
            .resizable(false)
            .show_separator_line(false)
            .frame(list_frame(ui))
            .show(ui, |ui| {
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| self.list_ui(ui, cx));
            });
        self.comparison_ui(ui, cx);
    }

    fn list_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.horizontal(|ui| {
            ui.label(RichText::new(cx.t("Scenarios", "方案")).heading());
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui.add(primary_button(ui, cx.t("Branch", "新建分支"))).clicked() {
                    cx.push(Command::BranchScenario(String::new()));
                }
            });
        });
        let branch = cx.t(
            "A branch starts as the active scenario. Levers in Stock and Dispatch move the active one.",
            "新分支从当前方案开始。“库存”和“调运”中的滑块作用于当前方案。",
        );
        ui.label(style::caption(ui, branch));
        let project = cx.session.project();
        for (k, scenario) in project.scenarios.iter().enumerate() {
            self.scenario_ui(ui, cx, scenario, k == 0);
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
                let changes = scenario.overrides.len();
                let about = match (is_base, &*scenario.parent) {
                    (true, _) => crate::text!("The data as it was read", "按读入的数据"),
                    (false, parent) => {
                        let parent = cx.scenario_name(parent);
                        crate::text!(
                            "Changes: {changes}; branched from {parent}",
                            "更改：{changes} 项；分支自 {parent}"
                        )
                    }
                };
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
                        if ui.button(cx.t("Delete", "删除")).clicked() {
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

    fn comparison_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let project = cx.session.project();
        let active = project.active.clone();
        let others: Vec<&Scenario> = project.scenarios.iter().filter(|s| s.name != active).collect();
        if others.is_empty() {
            let empty = crate::gui::widgets::EmptyState {
                title: cx.t("Nothing to compare yet", "尚无可对比的方案"),
                body: cx.t(
                    "Branch a scenario, or just move a lever in Stock: the base stays as it is and a what-if opens by itself.",
                    "新建一个方案分支，或直接在“库存”中拖动滑块：基准方案保持不变，并自动建立一个假设方案。",
                ),
                actions: &[],
            };
            crate::gui::widgets::empty_ui(ui, empty);
            return;
        }
        let known = self.other.as_ref().is_some_and(|o| others.iter().any(|s| s.name == *o));
        if !known {
            self.other = Some(others[0].name.clone());
        }
        let mut other = self.other.clone().unwrap_or_default();
        ui.horizontal(|ui| {
            ui.label(RichText::new(cx.scenario_name(&active)).heading());
            ui.label(style::weak(ui, cx.t("against", "对比")));
            let combo = ComboBox::from_id_salt("other").selected_text(cx.scenario_name(&other)).show_ui(ui, |ui| {
                for scenario in &others {
                    ui.selectable_value(&mut other, scenario.name.clone(), cx.scenario_name(&scenario.name));
                }
            });
            name_combo(&combo.response, cx.t("Compare with", "对比方案"), &other);
        });
        let options = [
            (Below::Figures, cx.t("Figures", "指标")),
            (Below::Bridge, cx.t("Cost bridge", "成本桥")),
            (Below::Changes, cx.t("What was changed", "更改内容")),
        ];
        if let Some(picked) = segmented_ui(ui, self.below, &options) {
            self.below = picked;
        }
        self.other = Some(other.clone());
        let (now, then) = (cx.plan_of(&active), cx.plan_of(&other));
        if self.below == Below::Changes {
            return changes_ui(ui, cx, &other, &active);
        }
        let Some((now, then)) = now.zip(then) else {
            ui.label(style::weak(ui, cx.t("Planning both scenarios…", "正在计算两个方案……")));
            return;
        };
        match self.below {
            Below::Bridge => bridge_ui(ui, cx, &then, &now),
            _ => self.figures_ui(ui, cx, &then, &now),
        }
    }

    fn figures_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, then: &Arc<Plan>, now: &Arc<Plan>) {
        let known = self.compared.take().filter(|(a, b, _)| Arc::ptr_eq(a, then) && Arc::ptr_eq(b, now));
        let (_, _, table) = known.unwrap_or_else(|| (then.clone(), now.clone(), Rc::new(compare(then, now))));
        cx.table_ui(ui, "comparison", &table, &|_| false);
        self.compared = Some((then.clone(), now.clone(), table));
    }
}

fn list_frame(ui: &Ui) -> egui::Frame {
    egui::Frame::new().fill(ui.visuals().panel_fill).inner_margin(egui::Margin {
        left: 0,
        right: 14,
        top: 0,
        bottom: 0,
    })
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
    egui::Grid::new("figures").num_columns(3).min_col_width(60.0).show(ui, |ui| {
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
                let color = crate::gui::widgets::tone_color(Palette::of(ui), tone);
                ui.label(RichText::new(words).small().color(color));
            }
            ui.end_row();
        }
    });
}

/// Which levers one scenario has and the other hasn't, or has otherwise.
fn changes_ui(ui: &mut Ui, cx: &Cx<'_>, other: &str, active: &str) {
    let project = cx.session.project();
    let (Some(a), Some(b)) = (project.scenario(other), project.scenario(active)) else { return };
    let differences = scenario_difference(a, b);
    if differences.is_empty() {
        ui.label(style::weak(ui, cx.t("Both change the same things.", "两个方案的更改相同。")));
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        egui::Grid::new("changes").num_columns(4).striped(false).spacing([space::L, 6.0]).show(ui, |ui| {
            let (other, active) = (cx.scenario_name(other), cx.scenario_name(active));
            for head in [cx.t("Lever", "参数"), cx.t("Where", "范围"), &other, &active] {
                ui.label(style::caption(ui, head));
            }
            ui.end_row();
            for d in differences {
                let side = |changes: &[crate::model::Change]| {
                    let words: Vec<String> = changes.iter().map(|c| cx.words.own(c.label(d.lever))).collect();
                    if words.is_empty() { "–".to_owned() } else { words.join(", ") }
                };
                ui.label(cx.words.own(d.lever.label()));
                ui.label(cx.words.own(d.scope.label()));
                ui.label(side(&d.left));
                ui.label(side(&d.right));
                ui.end_row();
            }
        });
    });
}

/// From one total to the other, driver by driver.
fn bridge_ui(ui: &mut Ui, cx: &mut Cx<'_>, then: &Arc<Plan>, now: &Arc<Plan>) {
    let (before, after) = (cx.kpis(then), cx.kpis(now));
    let of = |figures: &[crate::report::Kpi], key| kpi(figures, key).unwrap_or(0.0);
    let (first_total, second_total) = (of(&before, "total_cost"), of(&after, "total_cost"));
    let palette = Palette::of(ui);
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        let title = cx.words.with_unit(cx.t("Change of cost by driver", "各成本项变化"), &cx.money());
        section_ui(ui, &title);
        let change = |driver| of(&after, driver_key(driver)) - of(&before, driver_key(driver));
        let bar = |name: String, value: f64| {
            let color = if value > 0.0 { palette.bad } else { palette.good };
            let sign = if value > 0.0 { "+" } else { "" };
            let figure = format!("{sign}{}", cx.number(value, 0));
            Bar { name, value, figure, mark: None, color, hint: String::new() }
        };
        let mut bars: Vec<Bar> = CostDriver::ALL
            .into_iter()
            .filter(|d| change(*d).abs() >= 0.5)
            .map(|d| bar(cx.words.of(&d.label()).to_owned(), change(d)))
            .collect();
        let total = second_total - first_total;
        bars.push(bar(cx.t("Total", "合计").to_owned(), total));
        bars_ui(ui, &bars);
        let (a, b) = (cx.number(first_total, 0), cx.number(second_total, 0));
        let (first, second) = (cx.scenario_name(&then.scenario), cx.scenario_name(&now.scenario));
        let sentence = crate::text!("{first}: {a}. {second}: {b}.", "{first}：{a}。{second}：{b}。");
        ui.label(style::weak(ui, cx.words.own(sentence)));
    });
}
