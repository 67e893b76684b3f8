//! *Forecast*: what the item may sell, by which model, and why that one.

mod accuracy;
mod chart;
mod components;
mod costs;
mod cutoffs;
mod drivers;
mod groups;
mod live;
mod network;
mod network_fields;
mod networks;
mod new_items;
mod override_form;
mod overrides;
mod residuals;
mod shapes;
mod side;
mod training;
mod value_added;
mod what_if;

use super::nothing_yet_ui;
use crate::gui::context::Cx;
use crate::gui::style::{self, size, space};
use crate::gui::widgets::segmented_ui;
use crate::model::SeriesExplanation;
use crate::session::{Command, Explanation, Focus};
use chart::{Shown, Stretch};
use egui::{Panel as Side, RichText, ScrollArea, TextStyle, Ui};
use std::collections::BTreeSet;

/// What the panel remembers.
pub(super) struct View {
    page: Page,
    shown: Shown,
    /// Names that the user clicked away in the legend.
    hidden: BTreeSet<String>,
    networks: networks::View,
    training: training::View,
    accuracy: accuracy::View,
    cutoffs: cutoffs::View,
    costs: costs::View,
    components: components::View,
    overrides: overrides::View,
    groups: groups::View,
    new_items: new_items::View,
    shapes: shapes::View,
    network: network::View,
}

/// What stands beside the controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    /// All models' forecasts and how good they were.
    Models,
    /// What was forecast at each origin of the backtest.
    Cutoffs,
    /// What each model's errors would have cost.
    Costs,
    /// What the forecast is made of.
    Components,
    /// What the model left unexplained.
    Residuals,
    /// What people changed.
    Overrides,
    /// What the item is part of.
    Groups,
    /// Which items' demand runs alike.
    Shapes,
    /// Why a network over all items forecasts what it does.
    Network,
}

impl Default for View {
    fn default() -> Self {
        Self {
            page: Page::Models,
            shown: Shown { all_models: true, fitted: false, intervals: true, history: Stretch::Recent },
            hidden: BTreeSet::new(),
            networks: networks::View::default(),
            training: training::View::default(),
            accuracy: accuracy::View::default(),
            cutoffs: cutoffs::View::default(),
            costs: costs::View::default(),
            components: components::View::default(),
            overrides: overrides::View::default(),
            groups: groups::View::default(),
            new_items: new_items::View::default(),
            shapes: shapes::View::default(),
            network: network::View::default(),
        }
    }
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let session = cx.session;
        let Some((focus, series)) = session.focus().zip(session.shown_history()) else {
            if session.project().sales.is_some() && session.project().settings.models.train_over_all() {
                side_ui(ui, "forecast side", |ui| _ = self.networks.show_ui(ui, cx));
            }
            return nothing_yet_ui(ui, cx);
        };
        side_ui(ui, "forecast side", |ui| {
            side::show_ui(ui, cx, focus);
            ui.add_space(space::S);
            if self.networks.show_ui(ui, cx) {
                self.page = Page::Models;
                self.accuracy.show_all();
            }
            ui.add_space(space::S);
            self.training.show_ui(ui, cx, focus);
            ui.add_space(space::S);
            drivers::show_ui(ui, cx);
            ui.add_space(space::S);
            self.new_items.show_ui(ui, cx, focus);
        });
        ui.horizontal(|ui| {
            title_ui(ui, cx, focus);
            if self.page == Page::Models {
                let from_right = egui::Layout::right_to_left(egui::Align::Center);
                ui.with_layout(from_right, |ui| chart::choices_ui(ui, cx, &mut self.shown));
            }
        });
        self.pages_ui(ui, cx);
        match self.page {
            Page::Models => {
                let height = (ui.available_height() * 0.56).max(160.0);
                chart::show_ui(ui, cx, (series, focus), self.shown, &mut self.hidden, height);
                self.accuracy.show_ui(ui, cx, focus);
            }
            // A new item was backtested on what it borrows.
            Page::Cutoffs => {
                self.cutoffs.show_ui(ui, cx, session.borrowed_history().unwrap_or(series), focus);
            }
            Page::Costs => self.costs.show_ui(ui, cx, focus),
            Page::Components => self.components.show_ui(ui, cx, focus),
            Page::Residuals => residuals::show_ui(ui, cx, focus),
            Page::Overrides => self.overrides.show_ui(ui, cx, series, focus),
            Page::Groups => self.groups.show_ui(ui, cx),
            Page::Shapes => self.shapes.show_ui(ui, cx, focus),
            Page::Network => self.network.show_ui(ui, cx, focus),
        }
    }

    /// The pages.
    fn pages_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        ui.horizontal(|ui| {
            let pages = [
                (Page::Models, cx.t("Models", "模型")),
                (Page::Cutoffs, cx.t("Cut-offs", "回测时点")),
                (Page::Costs, cx.t("Cost", "误差成本")),
                (Page::Components, cx.t("Components", "分解")),
                (Page::Residuals, cx.t("Residuals", "残差")),
                (Page::Overrides, cx.t("Overrides", "人工调整")),
                (Page::Groups, cx.t("Groups", "分组")),
                (Page::Shapes, cx.t("Shapes", "形态")),
                (Page::Network, cx.t("Network", "网络")),
            ];
            if let Some(page) = segmented_ui(ui, self.page, &pages) {
                self.page = page;
            }
        });
    }
}

/// A column of controls at a panel's right; it scrolls when it is longer than the panel.
pub(super) fn side_ui(ui: &mut Ui, id: &'static str, content: impl FnOnce(&mut Ui)) {
    let margin = egui::Margin { left: 16, right: 0, top: 0, bottom: 0 };
    Side::right(id)
        .exact_size(size::SIDE)
        .resizable(false)
        .show_separator_line(false)
        .frame(egui::Frame::new().fill(ui.visuals().panel_fill).inner_margin(margin))
        .show(ui, |ui| ScrollArea::vertical().auto_shrink(false).show(ui, content));
}

/// Item, location, name.
pub(super) fn title_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus) {
    ui.label(RichText::new(focus.id.to_string()).text_style(TextStyle::Heading));
    ui.label(style::weak(ui, &*focus.item.name));
    if cx.is_updating() {
        ui.label(style::caption(ui, cx.t("updating…", "更新中…")));
    }
}

/// The explanation of the forecast shown; asked for, and said to be on its way, while it isn't there.
fn explained_ui<'a>(ui: &mut Ui, cx: &mut Cx<'a>) -> Option<&'a SeriesExplanation> {
    let explanation = cx.session.explanation();
    match explanation {
        Explanation::Missing => cx.push(Command::Explain),
        Explanation::Failed(why) => nothing_ui(ui, cx.words.of(why)),
        Explanation::Working => nothing_ui(ui, cx.t("Working…", "正在计算…")),
        Explanation::Ready(_) => {}
    }
    explanation.ready()
}

/// What a page shows when it has nothing to show: why.
fn nothing_ui(ui: &mut Ui, words: &str) {
    ui.add_space(space::L);
    ui.add(egui::Label::new(style::weak(ui, words)).wrap());
}
