//! The suppliers by score, and what the one shown gets its points for.

use crate::gui::context::Cx;
use crate::gui::style::{self, Palette, space};
use crate::gui::widgets::{Bar, bars_ui};
use crate::model::{LeadTimeReport, ScorePart, ScoreWeights, Scorecard, SupplierScore};
use crate::report::{Table, scorecard_table};
use crate::session::weigh;
use crate::text;
use egui::{Label, RichText, TextStyle, Ui, vec2};
use std::rc::Rc;
use std::sync::Arc;

/// Columns on screen; the bars below say what the parts are.
const SHOWN: &[&str] = &[
    "rank",
    "supplier",
    "score",
    "lines",
    "on_time",
    "in_full",
    "on_time_in_full",
    "days_late",
    "lead_time_days",
    "lead_time_sd_days",
    "change",
    "changed",
    "quantity_accuracy",
    "spend",
    "spend_share",
    "safety_capital",
    "safety_cost",
    "note",
];

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    chosen: Option<Arc<str>>,
    /// The card under the present weights, made when the plan or the weights change.
    made: Option<(Arc<LeadTimeReport>, ScoreWeights, Rc<Made>)>,
}

/// A card and its table.
type Made = (Scorecard, Table);

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, report: &Arc<LeadTimeReport>) {
        let made = self.made(cx, report);
        let (card, table) = (&made.0, &made.1);
        if card.suppliers.is_empty() {
            let words = cx.t(
                "No receipt names a supplier, and neither does the item list.",
                "收货记录与商品清单均未注明供应商。",
            );
            ui.add_space(space::M);
            ui.label(style::weak(ui, words));
            return;
        }
        let place = |name: &Arc<str>| card.suppliers.iter().position(|s| s.figures.supplier == *name);
        let shown = self.chosen.as_ref().and_then(place).unwrap_or(0);
        let height = (ui.available_height() * 0.45).max(140.0);
        let mut clicked = None;
        ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
            clicked = cx.table_ui(ui, "scorecard", table, &|row| row == shown);
        });
        if let Some(supplier) = clicked.and_then(|row| card.suppliers.get(row)) {
            self.chosen = Some(supplier.figures.supplier.clone());
        }
        ui.add_space(space::S);
        supplier_ui(ui, cx, card, &card.suppliers[shown]);
    }

    fn made(&mut self, cx: &Cx<'_>, report: &Arc<LeadTimeReport>) -> Rc<Made> {
        let weights = cx.session.project().settings.scorecard;
        if let Some((of, by, made)) = &self.made
            && Arc::ptr_eq(of, report)
            && *by == weights
        {
            return made.clone();
        }
        let card = weigh(&report.scorecard, weights);
        let table = scorecard_table(&card, &cx.session.project().currency).arranged(SHOWN);
        let made = Rc::new((card, table));
        self.made = Some((report.clone(), weights, made.clone()));
        made
    }
}

/// The points of one supplier, part by part, against the most that each part can bring.
fn supplier_ui(ui: &mut Ui, cx: &Cx<'_>, card: &Scorecard, supplier: &SupplierScore) {
    let palette = Palette::of(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new(&*supplier.figures.supplier).text_style(TextStyle::Heading));
        let score = supplier.score.map_or_else(|| "–".to_owned(), |s| cx.number(s, 1));
        let (rank, all) = (supplier.rank, card.suppliers.len());
        let words =
            text!("{score} of 100 points, place {rank} of {all}", "{score} 分（满分 100），第 {rank} 名，共 {all} 家");
        ui.label(style::weak(ui, cx.words.own(words)));
    });
    if !supplier.note.is_empty() {
        ui.add(Label::new(style::caption(ui, cx.words.of(&supplier.note))).wrap());
    }
    ui.add_space(space::XS);
    let known: f64 = (0..ScorePart::ALL.len())
        .filter(|k| supplier.parts[*k].is_some())
        .map(|k| card.weights.get(ScorePart::ALL[k]))
        .sum();
    let bars: Vec<Bar> = ScorePart::ALL
        .into_iter()
        .enumerate()
        .map(|(k, part)| {
            let most = if known > 0.0 { 100.0 * card.weights.get(part) / known } else { 0.0 };
            let (points, share) = (supplier.points[k], supplier.parts[k]);
            let figure = match (points, share) {
                (Some(points), Some(share)) => {
                    let (points, most, share) = (cx.number(points, 1), cx.number(most, 1), cx.number(share, 0));
                    cx.words.own(text!("{points} of {most} ({share} %)", "{points} / {most}（{share}%）"))
                }
                _ => cx.t("not known", "未知").to_owned(),
            };
            Bar {
                name: cx.words.own(part.label()),
                value: points.unwrap_or(0.0),
                figure,
                mark: points.is_some().then_some(most),
                color: palette.accent,
                hint: cx.words.own(part.formula()),
            }
        })
        .collect();
    bars_ui(ui, &bars);
}
