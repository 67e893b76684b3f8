//! *Scenarios*: what-ifs as a tree, two of them side by side with their differences down to the item.

mod bridge;
mod changes;
mod charts;
mod figures;
mod list;
mod new_data;

pub(in crate::gui) use list::indented;

use super::nothing_yet_ui;
use crate::gui::context::{Ask, Cx};
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, size};
use crate::gui::widgets::{EmptyState, Tone, empty_ui, remark_ui, segmented_ui};
use crate::model::{SeriesId, scenario_tree};
use crate::report::Cell;
use crate::session::{Command, Comparison, Made};
use egui::{ComboBox, Panel as Side, RichText, ScrollArea, Ui};
use std::sync::Arc;

/// What the panel remembers.
#[derive(Default)]
pub(super) struct View {
    list: list::View,
    /// The scenario compared with the active one; the base when `None`.
    other: Option<String>,
    below: Below,
    figures: Figures,
    by: bridge::By,
    changes: changes::View,
    new_data: new_data::View,
    charts: charts::View,
    side_by_side: figures::View,
    /// The comparison last shown: it stays until the next one is there.
    latest: Option<([String; 2], Arc<Comparison>)>,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Below {
    #[default]
    Figures,
    Items,
    Charts,
    Bridge,
    Changes,
    NewData,
}

/// Whose figures stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Figures {
    #[default]
    Two,
    All,
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
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| self.list.show_ui(ui, cx));
            });
        self.comparison_ui(ui, cx);
    }

    fn comparison_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let project = cx.session.project();
        let active = project.active.clone();
        let others: Vec<(usize, String)> = scenario_tree(&project.scenarios)
            .into_iter()
            .filter(|(_, s)| s.name != active)
            .map(|(depth, s)| (depth, s.name.clone()))
            .collect();
        if others.is_empty() {
            let empty = EmptyState {
                title: cx.t("Nothing to compare yet", "尚无可对比的方案"),
                body: cx.t(
                    "Branch a scenario, or just move a lever in Stock: the base stays as it is and a what-if opens by itself.",
                    "新建一个方案分支，或直接在“库存”中拖动滑块：基准方案保持不变，并自动建立一个假设方案。",
                ),
                actions: &[],
            };
            empty_ui(ui, empty);
            return;
        }
        let known = self.other.as_ref().is_some_and(|o| others.iter().any(|(_, name)| name == o));
        if !known {
            self.other = Some(others[0].1.clone());
        }
        let other = self.pair_ui(ui, cx, &active, &others);
        self.choice_ui(ui, cx);
        match self.below {
            Below::Changes => return self.changes.show_ui(ui, cx, &other, &active),
            Below::NewData => return self.new_data.show_ui(ui, cx),
            Below::Figures if self.figures == Figures::All => return self.side_by_side.all_ui(ui, cx),
            _ => {}
        }
        let (now, then) = (cx.plan_of(&active), cx.plan_of(&other));
        let Some((now, then)) = now.zip(then) else {
            ui.label(style::weak(ui, cx.t("Planning both scenarios…", "正在计算两个方案……")));
            return;
        };
        let names = [other, active];
        match self.below {
            Below::Bridge => bridge::show_ui(ui, cx, &mut self.by, &names, (&then, &now)),
            Below::Items | Below::Charts => self.comparison_made_ui(ui, cx, &names),
            _ => {
                let [other, active] = names;
                self.side_by_side.two_ui(ui, cx, [(other, then), (active, now)]);
            }
        }
    }

    /// Which two are compared; returns the other one's name.
    fn pair_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, active: &str, others: &[(usize, String)]) -> String {
        let mut other = self.other.clone().unwrap_or_default();
        ui.horizontal(|ui| {
            ui.label(RichText::new(cx.scenario_name(active)).heading());
            ui.label(style::weak(ui, cx.t("against", "对比")));
            let combo = ComboBox::from_id_salt("other").selected_text(cx.scenario_name(&other)).show_ui(ui, |ui| {
                for (depth, name) in others {
                    ui.selectable_value(&mut other, name.clone(), list::indented(*depth, &cx.scenario_name(name)));
                }
            });
            name_combo(&combo.response, cx.t("Compare with", "对比方案"), &other);
        });
        self.other = Some(other.clone());
        other
    }

    fn choice_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let doubtful = cx.session.conflicts().len();
        let new_data = cx.words.own(crate::text!("New data: {doubtful}", "新数据：{doubtful}"));
        let mut options = vec![
            (Below::Figures, cx.t("Figures", "指标")),
            (Below::Items, cx.t("Items", "商品")),
            (Below::Charts, cx.t("Charts", "图表")),
            (Below::Bridge, cx.t("Cost bridge", "成本桥")),
            (Below::Changes, cx.t("What was changed", "更改内容")),
        ];
        if doubtful > 0 {
            options.push((Below::NewData, &*new_data));
            if self.below != Below::NewData {
                let words = crate::text!(
                    "Changes that no longer fit the data: {doubtful}. See “New data”",
                    "与数据不符的更改：{doubtful} 项。请见“新数据”"
                );
                remark_ui(ui, &cx.words.own(words), Tone::Warning);
            }
        } else if self.below == Below::NewData {
            self.below = Below::Changes;
        }
        if let Some(picked) = segmented_ui(ui, self.below, &options) {
            self.below = picked;
        }
        if self.below == Below::Figures && cx.session.project().scenarios.len() > 2 {
            let options =
                [(Figures::Two, cx.t("These two", "这两个")), (Figures::All, cx.t("All scenarios", "全部方案"))];
            if let Some(picked) = segmented_ui(ui, self.figures, &options) {
                self.figures = picked;
            }
        }
    }

    /// What is worked out beside the frame: the items that differ, or the charts.
    fn comparison_made_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, names: &[String; 2]) {
        match cx.session.compared(&names[0], &names[1]) {
            Made::Ready(made) => self.latest = Some((names.clone(), made.clone())),
            Made::Missing => cx.push(Command::CompareScenarios(names[0].clone(), names[1].clone())),
            Made::Failed(why) => remark_ui(ui, cx.words.of(why), Tone::Bad),
            Made::Working => {}
        }
        let Some((_, made)) = self.latest.as_ref().filter(|(of, _)| of == names) else {
            ui.label(style::weak(ui, cx.t("Comparing…", "正在对比……")));
            return;
        };
        let made = made.clone();
        if self.below == Below::Charts {
            return self.charts.show_ui(ui, cx, &made.periods, names);
        }
        if made.items.rows.is_empty() {
            ui.label(style::weak(
                ui,
                cx.t("Both plans are the same, down to the item.", "两个计划完全相同，直至每个商品。"),
            ));
            return;
        }
        let hint = cx.t("A click shows the item in Stock.", "点击一行，在“库存”中查看该商品。");
        ui.label(style::caption(ui, hint));
        if let Some(row) = cx.table_ui(ui, "scenario items", &made.items, &|_| false) {
            show_item(cx, &made.items.rows[row]);
        }
    }
}

/// Goes to the item of a row, where it is one that is planned.
fn show_item(cx: &mut Cx<'_>, row: &[Cell]) {
    let code = |cell: Option<&Cell>| match cell {
        Some(Cell::Code(code)) => code.clone(),
        _ => String::new(),
    };
    let id = SeriesId::new(code(row.first()), code(row.get(1)));
    if cx.session.planned_panel().is_some_and(|panel| panel.get(&id).is_some()) {
        cx.push(Command::Select(id));
        cx.asks.push(Ask::Show(super::Panel::Stock));
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
