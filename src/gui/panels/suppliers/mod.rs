//! *Suppliers*: how long orders really take, where the item list is stale and what that costs, and who delivers well.

mod charts;
mod lead_times;
mod scorecard;
mod side;

use super::forecast::side_ui;
use super::nothing_yet_ui;
use crate::gui::context::{Ask, Cx, compact};
use crate::gui::dialogs::Purpose;
use crate::gui::style::space;
use crate::gui::widgets::{EmptyState, Tile, Tone, empty_ui, segmented_ui, tiles_ui};
use crate::model::{LeadTimeCheck, LeadTimeReport};
use egui::Ui;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the panel remembers.
#[derive(Default)]
pub(super) struct View {
    page: Page,
    /// Names that the user clicked away in the legend.
    hidden: BTreeSet<String>,
    scorecard: scorecard::View,
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Page {
    #[default]
    LeadTimes,
    Scorecard,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if cx.session.project().sales.is_some() && cx.session.project().receipts.is_empty() {
            return no_receipts_ui(ui, cx);
        }
        let Some(plan) = cx.session.plan().cloned() else { return nothing_yet_ui(ui, cx) };
        // A plan older than the receipts says nothing about them.
        let Some(report) = plan.lead_times.clone() else { return nothing_yet_ui(ui, cx) };
        side_ui(ui, "suppliers side", |ui| match self.page {
            Page::LeadTimes => side::lead_times_ui(ui, cx, &report),
            Page::Scorecard => side::weights_ui(ui, cx),
        });
        tiles_ui(ui, &tiles(cx, &report));
        ui.add_space(space::XS);
        ui.horizontal(|ui| {
            let pages = [
                (Page::LeadTimes, cx.t("Lead times", "提前期"), "lead_times"),
                (Page::Scorecard, cx.t("Scorecard", "评分"), "scorecard"),
            ];
            if let Some(page) = segmented_ui(ui, self.page, &pages.map(|(page, label, _)| (page, label))) {
                self.page = page;
            }
            if let Some((.., key)) = pages.iter().find(|(page, ..)| *page == self.page) {
                cx.export_ui(ui, key);
            }
        });
        match self.page {
            Page::LeadTimes => lead_times::show_ui(ui, cx, (&plan, &report), &mut self.hidden),
            Page::Scorecard => self.scorecard.show_ui(ui, cx, &report),
        }
    }
}

/// What to do while there are no receipts.
fn no_receipts_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let empty = EmptyState {
        title: cx.t("Learn lead times from receipts", "从收货记录测算提前期"),
        body: cx.t(
            "Open a file of goods receipts with item, order date and receipt date; supplier, promised date and quantities if you have them. Or drop it anywhere on this window.",
            "打开收货记录文件，需包含商品、下单日期和收货日期；如有供应商、承诺日期和数量更好。也可将文件拖到窗口任意位置。",
        ),
        actions: &[cx.t("Open receipts…", "打开收货记录…")],
    };
    if empty_ui(ui, empty).is_some() {
        cx.asks.push(Ask::Open(Purpose::Receipts));
    }
}

fn tiles(cx: &Cx<'_>, report: &Arc<LeadTimeReport>) -> Vec<Tile> {
    let stale = || report.checks.iter().filter(|c| c.is_stale());
    let count = |n: usize| cx.number(n as f64, 0);
    let money = |en, zh| cx.words.with_unit(cx.t(en, zh), &cx.money());
    // Nothing sums to −0.
    let kept = 0.0 + stale().map(LeadTimeCheck::cost_of_keeping).sum::<f64>();
    let capital = 0.0 + stale().filter_map(|c| c.money).map(|m| m.capital).sum::<f64>();
    let changed = report.checks.iter().filter(|c| c.learnt.change.is_some()).count();
    let held = 0.0 + report.scorecard.suppliers.iter().map(|s| s.figures.safety_cost).sum::<f64>();
    let has_stale = stale().next().is_some();
    vec![
        Tile::new(cx.t("Items with receipts", "有收货记录的商品"), count(report.checks.len())),
        Tile::new(cx.t("Stale in the item list", "清单已过时"), count(stale().count()))
            .note(has_stale.then(|| ("●".to_owned(), Tone::Warning)))
            .why(cx.t(
                "The receipts contradict the item list's mean or deviation beyond chance, and by more than a day",
                "收货记录与清单的均值或标准差显著不符，且相差超过一天",
            )),
        Tile::new(cx.t("Lead time changed", "提前期已变化"), count(changed)).why(cx.t(
            "Pettitt's test for a break, at 1 %; the learnt lead time counts from the last one",
            "Pettitt 变点检验，显著性 1%；实测值自最后一次变化起计算",
        )),
        Tile::new(money("Keeping it, a year", "沿用代价/年"), compact(kept, cx.language())).why(cx.t(
            "Shortages that planning with the learnt lead times would avoid, and holding cost that it would save, over the stale items",
            "过时商品改用实测提前期可避免的缺货成本与可节省的持有成本之和",
        )),
        Tile::new(money("Capital needed", "所需资金"), compact(capital, cx.language())).why(cx.t(
            "What taking over the learnt lead times of the stale items adds to safety stock at unit cost; negative frees",
            "过时商品改用实测提前期后安全库存按成本价的增加额；负数表示释放",
        )),
        Tile::new(money("Unsteadiness, a year", "交期波动成本/年"), compact(held, cx.language())).why(cx.t(
            "Holding cost of the safety stock that the deviations of lead times call for, over all suppliers",
            "所有供应商因提前期波动而需持有的安全库存的年持有成本",
        )),
    ]
}
