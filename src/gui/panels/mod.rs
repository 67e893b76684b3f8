//! The panels, one per phase of the work, in the order of the work.

mod costs;
mod data;
mod dispatch;
mod explore;
mod flows;
mod forecast;
mod risk;
mod rule_lab;
mod scenarios;
mod segments;
mod stock;
mod stock_chart;
mod stock_levers;
mod stock_policy;
mod stock_service;
mod suppliers;

pub(super) use scenarios::indented;

use super::context::{Ask, Cx};
use super::dialogs::Purpose;
use super::text::Words;
use super::widgets::{EmptyState, empty_ui};
use crate::session::{Command, Sample};
use egui::Ui;

/// A panel of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) enum Panel {
    /// What was read and what is wrong with it.
    Data,
    /// History, models, accuracy.
    #[default]
    Forecast,
    /// Levers, reorder points, projected stock.
    Stock,
    /// ABC–XYZ, stock against service, purchases under a budget.
    Segments,
    /// Flows, loads, prices.
    Dispatch,
    /// The ledger.
    Costs,
    /// Alerts, expected loss, disruptions.
    Risk,
    /// What-ifs side by side.
    Scenarios,
    /// What to set for a goal, and which lever matters.
    Explore,
    /// The original worked example, corrected.
    RuleLab,
    /// Lead times learnt from receipts, and who delivers well.
    Suppliers,
}

impl Panel {
    /// All panels, as they stand in the window.
    pub(super) const ALL: [Self; 11] = [
        Self::Data,
        Self::Forecast,
        Self::Stock,
        Self::Segments,
        Self::Suppliers,
        Self::Dispatch,
        Self::Costs,
        Self::Risk,
        Self::Scenarios,
        Self::Explore,
        Self::RuleLab,
    ];

    /// The name on the tab.
    pub(super) fn label(self, words: Words) -> &'static str {
        match self {
            Self::Data => words.t("Data", "数据"),
            Self::Forecast => words.t("Forecast", "预测"),
            Self::Stock => words.t("Stock", "库存"),
            Self::Segments => words.t("Segments", "分类"),
            Self::Dispatch => words.t("Dispatch", "调运"),
            Self::Costs => words.t("Costs", "成本"),
            Self::Risk => words.t("Risk", "风险"),
            Self::Scenarios => words.t("Scenarios", "方案"),
            Self::Explore => words.t("Explore", "推演"),
            Self::RuleLab => words.t("Rule lab", "规则实验室"),
            Self::Suppliers => words.t("Suppliers", "供应商"),
        }
    }
}

/// What the panels remember between frames.
#[derive(Default)]
pub(super) struct Panels {
    data: data::View,
    forecast: forecast::View,
    stock: stock::View,
    segments: segments::View,
    dispatch: dispatch::View,
    costs: costs::View,
    risk: risk::View,
    scenarios: scenarios::View,
    explore: explore::View,
    rule_lab: rule_lab::View,
    suppliers: suppliers::View,
}

impl Panels {
    /// Draws a panel over the space that is left.
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, panel: Panel) {
        match panel {
            Panel::Data => self.data.show_ui(ui, cx),
            Panel::Forecast => self.forecast.show_ui(ui, cx),
            Panel::Stock => self.stock.show_ui(ui, cx),
            Panel::Segments => self.segments.show_ui(ui, cx),
            Panel::Dispatch => self.dispatch.show_ui(ui, cx),
            Panel::Costs => self.costs.show_ui(ui, cx),
            Panel::Risk => self.risk.show_ui(ui, cx),
            Panel::Scenarios => self.scenarios.show_ui(ui, cx),
            Panel::Explore => self.explore.show_ui(ui, cx),
            Panel::RuleLab => self.rule_lab.show_ui(ui, cx),
            Panel::Suppliers => self.suppliers.show_ui(ui, cx),
        }
    }
}

/// What a panel shows before there are sales, or while the first results are computed.
fn nothing_yet_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    if cx.session.project().sales.is_some() {
        let (title, body) = if cx.session.job().is_some() {
            (
                cx.t("Working on it", "正在计算"),
                cx.t("Results appear here as soon as they are ready.", "结果完成后会立即显示在这里。"),
            )
        } else {
            (cx.t("Not computed", "尚未计算"), cx.t("The computation was stopped or failed.", "计算已停止或失败。"))
        };
        let actions: &[&str] = if cx.session.job().is_some() { &[] } else { &[cx.t("Compute", "开始计算")] };
        if empty_ui(ui, EmptyState { title, body, actions }).is_some() {
            cx.push(Command::Recompute);
        }
        return;
    }
    let empty = EmptyState {
        title: cx.t("Start with your sales", "从销售数据开始"),
        body: cx.t(
            "Open a sales file (CSV, Excel or Parquet), or drop it anywhere on this window. Columns are recognised in English and Chinese.",
            "打开销售文件（CSV、Excel 或 Parquet），或将其拖到窗口任意位置。中英文列名均可识别。",
        ),
        actions: &[cx.t("Open sales…", "打开销售数据…"), cx.t("Open the sample company", "打开示例公司")],
    };
    match empty_ui(ui, empty) {
        Some(0) => cx.asks.push(Ask::Open(Purpose::Sales)),
        Some(_) => cx.push(Command::OpenSample(Sample::Company)),
        None => {}
    }
}
