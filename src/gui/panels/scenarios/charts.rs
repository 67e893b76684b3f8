//! *Charts*: stock value, items out of stock and orders of both scenarios on one time axis.

use crate::gui::context::Cx;
use crate::gui::style::{Palette, size};
use crate::gui::widgets::{Entry, Mark, PeriodAxis, legend_ui, plot, thin};
use crate::model::Period;
use crate::report::{Cell, Table};
use egui::{Id, Ui, Vec2b};
use egui_plot::{Line, LineStyle, PlotPoints};
use std::collections::BTreeSet;

/// Width of the figures beside each chart, so that money and counts leave the same room and periods stand below each other.
const AXIS: f32 = 84.0;

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    hidden: BTreeSet<String>,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, periods: &Table, names: &[String; 2]) {
        let palette = Palette::of(ui);
        let names = [cx.scenario_name(&names[0]), cx.scenario_name(&names[1])];
        let lines =
            [Entry::new(&names[0], palette.weak, Mark::Dashed), Entry::new(&names[1], palette.accent, Mark::Line)];
        legend_ui(ui, &lines, &mut self.hidden);
        let start = periods.rows.first().and_then(|row| match row.first() {
            Some(Cell::Code(label)) => Period::parse(label),
            _ => None,
        });
        let Some(start) = start.or_else(|| cx.session.plan().map(|plan| plan.start())) else { return };
        let money = cx.money();
        let charts = [
            (cx.words.with_unit(cx.t("Stock value", "库存金额"), &money), "stock_value"),
            (cx.t("Items out of stock", "缺货商品数").to_owned(), "out"),
            (cx.words.with_unit(cx.t("Orders", "订单金额"), &money), "orders"),
        ];
        let height = (ui.available_height() - 2.0 * ui.spacing().item_spacing.y) / charts.len() as f32;
        for (k, (title, key)) in charts.iter().enumerate() {
            let sides = ["first", "second"].map(|side| values(periods, &format!("{key}_{side}")));
            let link = Id::unique("scenario time axis");
            let last = periods.rows.len() as f64 - 0.5;
            plot(&format!("scenarios {key}"), ui, cx.words, PeriodAxis::new(start), title)
                .height(height)
                .y_axis_min_width(AXIS)
                .include_y(0.0)
                .include_x(-0.5)
                .include_x(last)
                // The lowest chart names the time axis for all.
                .show_axes([k + 1 == charts.len(), true])
                .link_axis(link, Vec2b::new(true, false))
                .link_cursor(link, Vec2b::new(true, false))
                .show(ui, |plot| {
                    for ((name, entry), values) in names.iter().zip(&lines).zip(&sides) {
                        if self.hidden.contains(name) {
                            continue;
                        }
                        let line = Line::new(name.clone(), PlotPoints::from(thin(values, 0.0))).color(entry.color);
                        let style =
                            if entry.mark == Mark::Dashed { LineStyle::dashed_dense() } else { LineStyle::Solid };
                        plot.line(line.width(size::LINE).style(style).id(Id::unique((key, name))));
                    }
                });
        }
    }
}

fn values(table: &Table, key: &str) -> Vec<f64> {
    let Some(k) = table.column(key) else { return Vec::new() };
    table.rows.iter().map(|row| row[k].as_number().unwrap_or(0.0)).collect()
}
