//! *Costs*: the ledger, by what each line is for, beside the base scenario.

use super::nothing_yet_ui;
use super::stock::{Better, difference};
use crate::gui::context::{Cx, compact, kpi};
use crate::gui::style::{self, Palette, space};
use crate::gui::widgets::{Bar, Tile, bars_ui, card_ui, section_ui, tiles_ui};
use crate::model::CostDriver;
use crate::report::{category_table, costs_table, driver_key};
use egui::Ui;

/// What the panel remembers.
#[derive(Default)]
pub(super) struct View {
    below: Below,
}

/// Which table stands below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Below {
    #[default]
    Categories,
    Ledger,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(plan) = cx.session.plan().cloned() else { return nothing_yet_ui(ui, cx) };
        let base = cx.base_plan();
        let figures = cx.kpis(&plan);
        let base_figures = base.as_ref().map(|b| cx.kpis(b));
        let title = |en, zh| cx.words.with_unit(cx.t(en, zh), &cx.money());
        let tile = |label: String, key: &str, better| {
            let now = kpi(&figures, key);
            let note = now.zip(base_figures.as_ref().and_then(|b| kpi(b, key)));
            let note = note.and_then(|(now, base)| difference(cx, now, base, better));
            Tile::new(label, now.map_or_else(|| "–".to_owned(), |x| compact(x, cx.language()))).note(note)
        };
        let of = |driver| kpi(&figures, driver_key(driver)).unwrap_or(0.0);
        let transport = of(CostDriver::TransportVariable) + of(CostDriver::TransportFixed);
        let total = kpi(&figures, "total_cost").unwrap_or(0.0);
        let tiles = [
            tile(title("Total, horizon", "计划期合计"), "total_cost", Better::Lower),
            tile(title("Purchase", "采购"), "cost_purchase", Better::Neither),
            tile(title("Holding", "持有"), "cost_holding", Better::Lower),
            tile(title("Shortage", "缺货"), "cost_shortage", Better::Lower),
            Tile::new(title("Transport", "运输"), compact(transport, cx.language())),
            tile(title("Stock value, mean", "平均库存金额"), "stock_value", Better::Lower),
        ];
        tiles_ui(ui, &tiles);
        ui.add_space(space::XS);
        card_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            section_ui(ui, &title("Cost by what it is for", "按成本项"));
            if base.is_some() {
                ui.label(style::caption(ui, cx.t("The mark is the base scenario", "竖线为基准方案")));
            }
            let palette = Palette::of(ui);
            let bars: Vec<Bar> = CostDriver::ALL
                .iter()
                .filter_map(|d| Some((*d, kpi(&figures, driver_key(*d)).filter(|x| *x != 0.0)?)))
                .enumerate()
                .map(|(k, (driver, value))| {
                    let share = cx.percent(if total > 0.0 { value / total } else { 0.0 });
                    Bar {
                        name: cx.words.of(&driver.label()).to_owned(),
                        value,
                        figure: cx.number(value, 0),
                        mark: base_figures.as_ref().and_then(|b| kpi(b, driver_key(driver))),
                        color: palette.series(k),
                        hint: cx.words.own(crate::text!("{share} of the total", "占总额 {share}")),
                    }
                })
                .collect();
            bars_ui(ui, &bars);
        });
        ui.add_space(space::XS);
        let options = [
            (Below::Categories, cx.t("By category", "按类别"), "categories"),
            (Below::Ledger, cx.t("Ledger", "成本明细"), "costs"),
        ];
        cx.choose_table_ui(ui, &mut self.below, &options);
        match self.below {
            Below::Categories => cx.plan_table_ui(ui, "categories", &plan, category_table),
            Below::Ledger => cx.plan_table_ui(ui, "costs", &plan, |p| costs_table(&p.ledger, &p.currency)),
        };
    }
}
