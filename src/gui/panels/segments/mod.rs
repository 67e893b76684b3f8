//! *Segments*: which items deserve which care, what the money in stock could do, and what to buy with the money there is.

mod curve;
mod cuts;
mod matrix;
mod purchase;
mod rules;

use super::forecast::side_ui;
use super::nothing_yet_ui;
use crate::gui::context::Cx;
use crate::gui::style::{self, space};
use crate::gui::widgets::segmented_ui;
use crate::model::{CurvePoint, Segment, Segments, ShortWeight};
use crate::report::{Table, segment_exceptions_table};
use crate::session::{Command, StockStudy, Study};
use egui::{ProgressBar, Ui};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// What the panel remembers.
#[derive(Default)]
pub(super) struct View {
    page: Page,
    /// The segment whose items and rule are shown.
    chosen: Option<Segment>,
    /// Of what the exchange curve is, and how it weighs.
    of: Option<Segment>,
    weight: ShortWeight,
    /// Names that the user clicked away in the legend.
    hidden: BTreeSet<String>,
    items: Option<matrix::Listed>,
    pareto: Option<(Arc<Segments>, Vec<[f64; 2]>)>,
    bought: Option<purchase::Made>,
    exceptions: Option<(Arc<StockStudy>, Rc<Table>)>,
}

/// What is shown beside the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Page {
    #[default]
    Matrix,
    Curve,
    Purchase,
    Exceptions,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(segments) = cx.session.segments().cloned() else { return nothing_yet_ui(ui, cx) };
        if matches!(self.page, Page::Matrix | Page::Exceptions) {
            side_ui(ui, "segments side", |ui| {
                rules::show_ui(ui, cx, &segments, self.chosen);
                ui.add_space(space::S);
                cuts::show_ui(ui, cx, &segments);
            });
        }
        let pages = [
            (Page::Matrix, cx.t("Matrix", "矩阵")),
            (Page::Curve, cx.t("Exchange curve", "权衡曲线")),
            (Page::Purchase, cx.t("Purchase list", "采购清单")),
            (Page::Exceptions, cx.t("Exceptions", "例外")),
        ];
        ui.horizontal(|ui| {
            if let Some(page) = segmented_ui(ui, self.page, &pages) {
                self.page = page;
            }
            cx.export_ui(ui, self.page.table());
            if cx.is_updating() {
                ui.label(style::caption(ui, cx.t("updating…", "更新中…")));
            }
        });
        ui.add_space(space::XS);
        match self.page {
            Page::Matrix => self.matrix_ui(ui, cx, &segments),
            Page::Curve => self.curve_page_ui(ui, cx),
            Page::Purchase => self.purchase_page_ui(ui, cx),
            Page::Exceptions => self.exceptions_ui(ui, cx),
        }
    }

    fn exceptions_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(study) = self.study(ui, cx) else { return };
        let words = cx.t(
            "Fields in which an item's own data overrules the engine or its segment's rule, planned both ways.",
            "商品自身数据与系统计算或分类规则不一致的字段，两种取值分别计划。",
        );
        ui.label(style::caption(ui, words));
        if study.exceptions.is_empty() {
            ui.label(cx.t("No item overrules what is computed for it.", "没有商品与计算值不一致。"));
            return;
        }
        if self.exceptions.as_ref().is_none_or(|(of, _)| !Arc::ptr_eq(of, &study)) {
            let table = segment_exceptions_table(&study.exceptions, &cx.session.project().currency);
            self.exceptions = Some((study.clone(), Rc::new(table)));
        }
        let Some((_, table)) = &self.exceptions else { return };
        if let Some(row) = cx.table_ui(ui, "segment exceptions", &table.clone(), &|_| false) {
            cx.push(Command::Select(study.exceptions[row].id.clone()));
        }
    }

    /// The study of the plan shown; asked for, and its progress shown, while it isn't there.
    fn study(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Arc<StockStudy>> {
        if cx.session.studied() != (self.of, self.weight) {
            cx.push(Command::StudyStock(self.of, self.weight));
        }
        match cx.session.study() {
            Study::Ready(study) => return Some(study.clone()),
            Study::Missing if cx.session.plan().is_some() => cx.push(Command::StudyStock(self.of, self.weight)),
            Study::Failed(why) => {
                ui.label(cx.words.of(why));
            }
            Study::Missing | Study::Working => {
                let fraction = cx.session.study_job().map_or(0.0, |job| job.fraction as f32);
                ui.add(ProgressBar::new(fraction).desired_width(240.0));
            }
        }
        None
    }
}

impl Page {
    /// The key of its table.
    fn table(self) -> &'static str {
        match self {
            Self::Matrix => "segments",
            Self::Curve => "exchange",
            Self::Purchase => "purchase",
            Self::Exceptions => "segment_exceptions",
        }
    }
}

/// Asks for every item's service level at a point.
fn apply(cx: &mut Cx<'_>, point: CurvePoint) {
    cx.push(Command::ApplyCurvePoint(Box::new(point)));
}
