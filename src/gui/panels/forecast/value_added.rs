//! What the chosen models and people's overrides took off the error, by group, level and author.

use super::nothing_ui;
use crate::gui::context::Cx;
use crate::gui::style;
use crate::model::LadderRow;
use crate::report::{Table, value_added_table};
use crate::session::{Command, Ladders};
use egui::Ui;
use std::sync::Arc;

/// The table of the ladders shown.
#[derive(Default)]
pub(super) struct View {
    made: Option<(Arc<Vec<LadderRow>>, Table)>,
}

/// What decides first; the rest is to the right.
const COLUMNS: [&str; 15] = [
    "source",
    "level",
    "of",
    "cases",
    "chosen_gain",
    "chosen_p",
    "override_gain",
    "override_p",
    "verdict",
    "naive",
    "chosen",
    "override",
    "series",
    "periods",
    "test",
];

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let hint = cx.t(
            "Errors over the same cases; p: the chance of such a difference between equally good forecasts",
            "相同样本上的误差；p 值为两者同样好时出现如此差异的概率",
        );
        ui.add(egui::Label::new(style::caption(ui, hint)).wrap()).on_hover_text(cx.t(
            "Diebold–Mariano on the periods' mean errors from eight periods on, else the sign test on six or more series. The backtest's model was chosen knowing its cut-offs, so its row flatters it a little. Past overrides are put on the cut-offs made after they were entered.",
            "八期及以上用各期平均误差的 Diebold–Mariano 检验，否则对六个以上序列用符号检验。回测所用模型是在已知这些时点的情况下选定的，因此略偏乐观。过去的调整按其录入时间重放到之后的回测时点。",
        ));
        let ladders = match cx.session.ladders() {
            Ladders::Missing if cx.session.partial().is_some() => {
                let words = cx.t("Measured once all series are forecast.", "所有序列预测完成后评估。");
                return nothing_ui(ui, words);
            }
            Ladders::Missing => return cx.push(Command::MeasureValueAdded),
            Ladders::Working => return nothing_ui(ui, cx.t("Working…", "正在计算…")),
            Ladders::Failed(why) => return nothing_ui(ui, cx.words.of(why)),
            Ladders::Ready(ladders) => ladders,
        };
        if ladders.is_empty() {
            let words = cx.t(
                "Nothing to measure yet: no backtest cut-off and no kept forecast.",
                "暂无可衡量的数据：没有回测时点，也没有留存的预测。",
            );
            ui.label(style::weak(ui, words));
            return;
        }
        let is_made = self.made.as_ref().is_some_and(|(of, _)| Arc::ptr_eq(of, ladders));
        if !is_made {
            let table = value_added_table(ladders).arranged(&COLUMNS);
            self.made = Some((ladders.clone(), table));
        }
        if let Some((_, table)) = &self.made {
            cx.table_ui(ui, "value added", table, &|_| false);
        }
    }
}
