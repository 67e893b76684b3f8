//! What each model's errors would have cost under the items' own policies: of the item shown, and over all items.

use super::nothing_ui;
use crate::gui::context::Cx;
use crate::gui::style::{self, space};
use crate::gui::text::model_label;
use crate::model::{ForecastCosts, SeriesCost};
use crate::report::{Cell, Table, forecast_cost_models_table, forecast_cost_table};
use crate::session::{Command, Focus, PanelCosts};
use crate::words::{Language, Text};
use egui::{RichText, TextStyle, Ui};
use std::sync::Arc;

/// What words a table is made with: language and currency.
type Words = (Language, String);

/// The tables of the costs shown.
#[derive(Default)]
pub(super) struct View {
    item: Option<(SeriesCost, Words, Table)>,
    all: Option<(Arc<ForecastCosts>, Words, Table)>,
}

/// What decides first; the rest is to the right.
const COLUMNS: [&str; 19] = [
    "rank",
    "model",
    "error_rank",
    "mase",
    "share",
    "fill_rate",
    "stock_value",
    "total",
    "holding",
    "ordering",
    "shortage",
    "same_cost",
    "difference",
    "basis",
    "buffer",
    "same_stock",
    "orders",
    "rmsse",
    "why",
];

/// The same over all items.
const COLUMNS_OF_ALL: [&str; 16] = [
    "rank",
    "model",
    "mase",
    "share",
    "cheapest",
    "least_error",
    "fill_rate",
    "stock_value",
    "total",
    "holding",
    "ordering",
    "shortage",
    "compared",
    "items",
    "stood",
    "note",
];

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        let Some(found) = cx.session.forecast_cost() else {
            let words = cx.t(
                "Nothing to walk over: the history is too short for a backtest, or the panel is so large that only the errors are kept.",
                "没有可用的回测：历史太短，或商品过多而只保留了误差。",
            );
            return nothing_ui(ui, words);
        };
        let label = |model: &str| Text::same(model_label(cx.words, model));
        let verdict = cx.words.own(found.verdict(&label));
        ui.add(egui::Label::new(verdict).wrap());
        how_ui(ui, cx, found);
        let height = (ui.available_height() * 0.45).max(120.0);
        ui.allocate_ui(egui::vec2(ui.available_width(), height), |ui| self.item_ui(ui, cx, found, focus));
        ui.add_space(space::S);
        self.all_ui(ui, cx);
    }

    fn item_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, found: &SeriesCost, focus: &Focus) {
        let made = self.item.take().filter(|(of, words, _)| of == found && *words == self::words(cx));
        let (of, words, table) = made.unwrap_or_else(|| {
            let words = self::words(cx);
            let table = forecast_cost_table(std::slice::from_ref(found), &words.1).arranged(&COLUMNS);
            (found.clone(), words, labelled(cx, table))
        });
        let is_used = |row: usize| of.models.get(row).is_some_and(|m| m.model == of.in_use);
        if let Some(row) = cx.table_ui(ui, "forecast cost", &table, &is_used)
            && let Some(model) = of.models.get(row).map(|m| &m.model).filter(|model| **model != of.in_use)
        {
            cx.push(Command::ChooseModel(focus.id.clone(), Some(model.clone())));
        }
        self.item = Some((of, words, table));
    }

    fn all_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.horizontal(|ui| {
            ui.label(RichText::new(cx.t("All items", "全部商品")).text_style(TextStyle::Heading));
            cx.export_ui(ui, "forecast_cost_models");
        });
        let costs = match cx.session.forecast_costs() {
            PanelCosts::Missing if cx.session.plan().is_none() => {
                return nothing_ui(ui, cx.t("Ready when all items are planned", "全部商品计划完成后显示"));
            }
            PanelCosts::Missing => return cx.push(Command::CostForecasts),
            PanelCosts::Working => return nothing_ui(ui, cx.t("Working…", "正在计算…")),
            PanelCosts::Failed(why) => return nothing_ui(ui, cx.words.of(why)),
            PanelCosts::Ready(costs) => costs,
        };
        ui.add(egui::Label::new(style::caption(ui, cx.words.own(costs.verdict()))).wrap());
        if costs.series.is_empty() {
            return;
        }
        let made = self.all.take().filter(|(of, words, _)| Arc::ptr_eq(of, costs) && *words == self::words(cx));
        let (of, words, table) = made.unwrap_or_else(|| {
            let words = self::words(cx);
            let table = forecast_cost_models_table(costs, &words.1).arranged(&COLUMNS_OF_ALL);
            (costs.clone(), words, labelled(cx, table))
        });
        cx.table_ui(ui, "forecast cost of all", &table, &|_| false);
        self.all = Some((of, words, table));
    }
}

/// Over what was walked and from what, and what the ranking is by.
fn how_ui(ui: &mut Ui, cx: &mut Cx<'_>, found: &SeriesCost) {
    let (periods, opening) = (found.periods, cx.number(found.opening, 0));
    let (first, by) = (found.start.label(), found.basis.label());
    let (by_en, by_zh) = (by.en, by.zh);
    let words = crate::text!(
        "Ranked by {by_en}, over {periods} periods of actual demand from {first}, all starting with {opening} units on the shelf. Click a row to use that model.",
        "按{by_zh}排名；自 {first} 起 {periods} 期的实际需求，期初库存均为 {opening} 件。点击一行即选用该模型。"
    );
    ui.horizontal_wrapped(|ui| {
        ui.label(style::caption(ui, cx.words.own(words))).on_hover_text(cx.t(
            "At each origin of the backtest every model decides levels by the item's own policy from what it said then; the walk over what came orders with the item's lots, mean lead time and reviews. Where a shortage or holding has no cost, cost alone would reward an empty or a full shelf: then every model gets the buffer with which it serves as much as the model in use did.",
            "在每个回测时点，各模型按当时的预测和商品自身的策略确定库存水平，再按商品的批量、平均提前期和检查周期，沿实际需求逐期推演。若缺货或持有没有成本，只看成本会奖励空仓或满仓：此时为每个模型配上缓冲，使其满足率与所用模型相同，再作比较。",
        ));
        cx.export_ui(ui, "forecast_cost");
    });
}

fn words(cx: &Cx<'_>) -> Words {
    (cx.language(), cx.session.project().currency.clone())
}

fn labelled(cx: &Cx<'_>, mut table: Table) -> Table {
    if let Some(model) = table.column("model") {
        for row in &mut table.rows {
            if let Cell::Code(name) = &row[model] {
                row[model] = Cell::Code(model_label(cx.words, name));
            }
        }
    }
    table
}
