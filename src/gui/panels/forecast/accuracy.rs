//! How good each model was over the backtest, sortable; a click chooses a model.

use crate::gui::context::Cx;
use crate::gui::style;
use crate::gui::text::model_label;
use crate::gui::widgets::segmented_ui;
use crate::model::{Plan, SeriesForecast};
use crate::report::{Cell, Kind, Table, accuracy_table, pooled_accuracy_table};
use crate::session::{Command, Focus};
use crate::words::{Language, Text};
use egui::Ui;
use std::sync::Arc;

/// Columns in the order in which they decide: so much as a small screen shows is the whole judgement.
const COLUMNS: [&str; 16] = [
    "model",
    "verdict",
    "mase",
    "wape",
    "bias",
    "coverage80",
    "coverage95",
    "p_value",
    "pinball",
    "mae",
    "rmse",
    "rmsse",
    "smape",
    "crps",
    "seconds",
    "note",
];

/// Whose accuracy is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Scope {
    #[default]
    Item,
    All,
}

/// Accuracy of the item shown, made when the item or its forecasts change, or of all items, made when the plan changes.
#[derive(Default)]
pub(super) struct View {
    scope: Scope,
    made: Option<(SeriesForecast, Language, Table)>,
    pooled: Option<(Arc<Plan>, Language, Table)>,
}

impl View {
    /// Turns to the models over all items.
    pub(super) fn show_all(&mut self) {
        self.scope = Scope::All;
    }

    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        ui.horizontal(|ui| {
            let title = cx.t("Accuracy over rolling origins", "滚动回测精度");
            ui.label(egui::RichText::new(title).text_style(egui::TextStyle::Heading));
            let scopes =
                [(Scope::Item, cx.t("This item", "当前商品")), (Scope::All, cx.t("All items pooled", "全部商品汇总"))];
            if let Some(scope) = segmented_ui(ui, self.scope, &scopes) {
                self.scope = scope;
            }
        });
        match self.scope {
            Scope::Item => self.item_ui(ui, cx, focus),
            Scope::All => self.all_ui(ui, cx),
        }
    }

    /// Every model over all items, best first.
    fn all_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.horizontal(|ui| {
            let hint = cx.t("Means over the items that each model could be fitted to", "各模型在可拟合商品上的平均");
            ui.label(style::caption(ui, hint));
            cx.export_ui(ui, "accuracy");
        });
        let Some(plan) = cx.session.plan() else {
            ui.label(style::weak(ui, cx.t("Ready when all items are forecast", "全部商品预测完成后显示")));
            return;
        };
        let known = self.pooled.take().filter(|(of, language, _)| Arc::ptr_eq(of, plan) && *language == cx.language());
        let (of, _, table) = known.unwrap_or_else(|| (plan.clone(), cx.language(), pooled(cx, plan)));
        cx.table_ui(ui, "accuracy of all", &table, &|_| false);
        self.pooled = Some((of, cx.language(), table));
    }

    fn item_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        ui.horizontal(|ui| {
            let hint = cx.t(
                "Click a row to use that model, a header to sort",
                "点击一行即选用该模型，点击表头排序",
            );
            ui.label(style::caption(ui, hint)).on_hover_text(cx.t(
                "p is the Diebold–Mariano test's: the chance of so large a difference to the automatic choice between two equally good models. From 0.05 on the difference may be chance: the models are on par. Pinball loss judges the whole distribution, not the mean alone.",
                "p 值来自 Diebold–Mariano 检验：若两个模型同样好，与自动选择的模型出现如此大差异的概率。不低于 0.05 时差异可能只是偶然，即两者相当。分位数损失评价整个分布，而不只是均值。",
            ));
            cx.export_ui(ui, "accuracy");
        });
        let made = self.made.take().filter(|(of, language, _)| *of == focus.series && *language == cx.language());
        let (of, _, table) = made.unwrap_or_else(|| (focus.series.clone(), cx.language(), table(cx, &focus.series)));
        let best = of.best().model.clone();
        let is_chosen = |row: usize| of.scores.get(row).is_some_and(|s| s.model == best);
        if let Some(row) = cx.table_ui(ui, "accuracy", &table, &is_chosen)
            && let Some(score) = of.scores.get(row)
            && score.model != best
        {
            cx.push(Command::ChooseModel(focus.id.clone(), Some(score.model.clone())));
        }
        self.made = Some((of, cx.language(), table));
    }
}

/// Errors in units show as many decimals as their size bears, alike in a column.
pub(super) fn fit_decimals(table: &mut Table) {
    for k in 0..table.columns.len() {
        let column = &table.columns[k];
        if column.unit.en != "units" || !matches!(column.kind, Kind::Number(_)) {
            continue;
        }
        let largest = table.rows.iter().filter_map(|row| row[k].as_number()).fold(0.0_f64, |m, x| m.max(x.abs()));
        let decimals = match largest {
            x if x >= 10_000.0 => 0,
            x if x >= 100.0 => 1,
            x if x >= 1.0 => 2,
            _ => 3,
        };
        table.columns[k].kind = Kind::Number(decimals);
    }
}

/// Columns over all items; errors in units say nothing there.
const POOLED: [&str; 10] =
    ["model", "mase", "rmsse", "wape", "smape", "coverage80", "coverage95", "folds", "seconds", "note"];

fn pooled(cx: &Cx<'_>, plan: &Plan) -> Table {
    let mut table = pooled_accuracy_table(&plan.forecasts).arranged(&POOLED);
    if let (Some(model), Some(mase)) = (table.column("model"), table.column("mase")) {
        let error = |row: &[Cell]| row[mase].as_number().unwrap_or(f64::INFINITY);
        table.rows.sort_by(|a, b| error(a).total_cmp(&error(b)));
        for row in &mut table.rows {
            if let Cell::Code(name) = &row[model] {
                row[model] = Cell::Code(model_label(cx.words, name));
            }
        }
    }
    shorten(&mut table);
    table
}

fn table(cx: &Cx<'_>, series: &SeriesForecast) -> Table {
    let mut table = accuracy_table(std::slice::from_ref(series)).arranged(&COLUMNS);
    fit_decimals(&mut table);
    // Pooled rows repeat a single item's.
    let pooled = table.rows.len() - series.scores.len();
    table.rows.drain(..pooled);
    shorten(&mut table);
    if let Some(column) = table.column("model") {
        for (row, score) in table.rows.iter_mut().zip(&series.scores) {
            row[column] = Cell::Code(model_label(cx.words, &score.model));
        }
    }
    table
}

/// Headers that leave room for figures.
fn shorten(table: &mut Table) {
    for (key, header) in [
        ("coverage80", Text::new("In 80 %", "80% 覆盖")),
        ("coverage95", Text::new("In 95 %", "95% 覆盖")),
        ("p_value", Text::new("p", "p 值")),
    ] {
        if let Some(column) = table.column(key) {
            table.columns[column].header = header;
        }
    }
}
