//! What the cards would do: money, service, time to survive, time to recover.

use super::cards;
use crate::gui::context::{Ask, Cx};
use crate::gui::panels::Panel;
use crate::gui::panels::forecast::side_ui;
use crate::gui::style;
use crate::gui::widgets::{Tone, remark_ui};
use crate::model::{Plan, Risk, SeriesId};
use crate::report::{Table, disrupted_items_table, disruptions_table};
use crate::session::Command;
use egui::{Label, Ui};
use std::sync::Arc;

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    made: Option<(Arc<Risk>, Table, Table)>,
}

/// Height of the table of cards: its header and a few rows.
const CARDS: f32 = 150.0;
/// Columns of the table of cards that a small screen shows; what stands in the notes is said below.
const CARD_COLUMNS: [&str; 11] = [
    "disruption",
    "money",
    "units",
    "fill_before",
    "fill_after",
    "exposed",
    "survive",
    "recover",
    "shipping_before",
    "shipping_after",
    "unmet_after",
];

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, risk: &Arc<Risk>, plan: &Arc<Plan>) {
        side_ui(ui, "disruption cards", |ui| cards::show_ui(ui, cx, risk, plan));
        if risk.disruptions.is_empty() {
            let words = cx.t("No card is active: nothing is disrupted.", "没有启用的情形：一切正常。");
            ui.label(style::weak(ui, words));
            return;
        }
        if self.made.as_ref().is_none_or(|(of, ..)| !Arc::ptr_eq(of, risk)) {
            let cards = disruptions_table(risk, &plan.currency).arranged(&CARD_COLUMNS);
            let items = disrupted_items_table(risk, &plan.items, &plan.currency).without(&["name"]);
            self.made = Some((risk.clone(), cards, items));
        }
        let Some((_, cards, items)) = &self.made else { return };
        ui.allocate_ui(egui::vec2(ui.available_width(), CARDS), |ui| {
            cx.table_ui(ui, "disruptions", cards, &|_| false);
        });
        let notes = risk.disruptions.iter().flat_map(|r| &r.notes);
        let mut told: Vec<&crate::words::Text> = Vec::new();
        for note in notes {
            if !told.contains(&note) {
                remark_ui(ui, cx.words.of(note), Tone::Neutral);
                told.push(note);
            }
        }
        let hint = cx.t(
            "Time to survive: periods that demand is served were the disruption never to end. Exposed: half of the sample paths run out before things are as usual. Time to recover: periods after its end until service and 90 % of the stock are back.",
            "可维持期数：若中断一直持续，需求还能满足的期数。暴露：一半样本路径在恢复正常前缺货。恢复期数：中断结束后，服务恢复且库存达到应有水平 90 % 所需的期数。",
        );
        ui.add(Label::new(style::caption(ui, hint)).wrap());
        let clicked = cx.table_ui(ui, "disrupted items", items, &|_| false);
        if let Some(id) = clicked.and_then(|row| id_at(items, row)) {
            cx.push(Command::Select(id));
            cx.asks.push(Ask::Show(Panel::Stock));
        }
    }
}

fn id_at(table: &Table, row: usize) -> Option<SeriesId> {
    let code = |key: &str| match table.rows.get(row)?.get(table.column(key)?)? {
        crate::report::Cell::Code(code) => Some(code.clone()),
        _ => Some(String::new()),
    };
    Some(SeriesId::new(code("item")?, code("location")?))
}
