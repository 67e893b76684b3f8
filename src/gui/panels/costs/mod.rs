//! *Costs*: the ledger, who bears what is shared, and when it is paid.

mod allocation;
mod cash;
mod cash_charts;
mod ledger;

use super::nothing_yet_ui;
use crate::gui::context::Cx;
use crate::gui::style::space;
use crate::gui::widgets::segmented_ui;
use egui::Ui;

/// What the panel remembers.
#[derive(Default)]
pub(super) struct View {
    page: Page,
    ledger: ledger::View,
    allocation: allocation::View,
    cash: cash::View,
}

/// What the panel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Page {
    /// What everything costs.
    #[default]
    Ledger,
    /// Which item bears it.
    Allocation,
    /// When it is paid, and what is tied up.
    Cash,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(plan) = cx.session.plan().cloned() else { return nothing_yet_ui(ui, cx) };
        let pages = [
            (Page::Ledger, cx.t("Ledger", "成本账")),
            (Page::Allocation, cx.t("Allocation", "成本分摊")),
            (Page::Cash, cx.t("Cash", "现金流")),
        ];
        if let Some(page) = segmented_ui(ui, self.page, &pages) {
            self.page = page;
        }
        ui.add_space(space::XS);
        match self.page {
            Page::Ledger => self.ledger.show_ui(ui, cx, &plan),
            Page::Allocation => self.allocation.show_ui(ui, cx, &plan),
            Page::Cash => self.cash.show_ui(ui, cx, &plan),
        }
    }
}
