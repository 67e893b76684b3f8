//! How good each model was over the backtest, sortable; a click chooses a model.

use crate::gui::context::Cx;
use crate::gui::style;
use crate::gui::text::model_label;
use crate::gui::widgets::section_ui;
use crate::model::SeriesForecast;
use crate::report::{Cell, Kind, Table, accuracy_table};
use crate::session::{Command, Focus};
use crate::words::{Language, Text};
use egui::Ui;

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

/// Accuracy of the item shown; made when the item or its forecasts change.
#[derive(Default)]
pub(super) struct View {
    made: Option<(SeriesForecast, Language, Table)>,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        section_ui(ui, cx.t("Accuracy over rolling origins", "滚动回测精度"));
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

fn table(cx: &Cx<'_>, series: &SeriesForecast) -> Table {
    let mut table = accuracy_table(std::slice::from_ref(series)).arranged(&COLUMNS);
    fit_decimals(&mut table);
    // Pooled rows repeat a single item's.
    let pooled = table.rows.len() - series.scores.len();
    table.rows.drain(..pooled);
    for (key, header) in [
        ("coverage80", Text::new("In 80 %", "80% 覆盖")),
        ("coverage95", Text::new("In 95 %", "95% 覆盖")),
        ("p_value", Text::new("p", "p 值")),
    ] {
        if let Some(column) = table.column(key) {
            table.columns[column].header = header;
        }
    }
    if let Some(column) = table.column("model") {
        for (row, score) in table.rows.iter_mut().zip(&series.scores) {
            row[column] = Cell::Code(model_label(cx.words, &score.model));
        }
    }
    table
}
