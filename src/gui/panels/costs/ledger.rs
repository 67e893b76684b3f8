//! *Ledger*: every cost line, by what it is for, beside the base scenario; and what is worth money without being a cost.

use crate::gui::context::{Cx, compact, kpi};
use crate::gui::navigator::name_combo;
use crate::gui::panels::stock::{Better, difference};
use crate::gui::style::{self, Palette, space};
use crate::gui::widgets::{Bar, Tile, bars_ui, card_ui, section_ui, tiles_ui};
use crate::model::{CostDriver, CostLedger, CostLine, Plan};
use crate::report::{Table, balances_table, category_table, costs_table, driver_key};
use egui::{ComboBox, Role, TextEdit, Ui, WidgetInfo};
use std::rc::Rc;
use std::sync::Arc;

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    below: Below,
    filter: Filter,
    /// The lines that pass the filter, of which plan.
    filtered: Option<(Arc<Plan>, Filter, Rc<Table>)>,
}

/// Which lines are shown.
#[derive(Debug, Clone, PartialEq, Default)]
struct Filter {
    driver: Option<CostDriver>,
    /// A part of the item's code or the place.
    query: String,
}

impl Filter {
    fn passes(&self, line: &CostLine) -> bool {
        let query = self.query.trim().to_lowercase();
        let named = |name: &str| name.to_lowercase().contains(&query);
        self.driver.is_none_or(|d| d == line.driver) && (query.is_empty() || named(&line.item) || named(&line.place))
    }
}

/// Which table stands below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Below {
    #[default]
    Categories,
    Lines,
    Balances,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, plan: &Arc<Plan>) {
        let base = cx.base_plan();
        let figures = cx.kpis(plan);
        let base_figures = base.as_ref().map(|b| cx.kpis(b));
        let title = |en, zh| cx.words.with_unit(cx.t(en, zh), &cx.money());
        let tile = |label: String, key: &str, better| {
            let now = kpi(&figures, key);
            let note = now.zip(base_figures.as_ref().and_then(|b| kpi(b, key)));
            let note = note.and_then(|(now, base)| difference(cx, now, base, better));
            Tile::new(label, now.map_or_else(|| "–".to_owned(), |x| compact(x, cx.language()))).note(note)
        };
        let of = |driver| kpi(&figures, driver_key(driver)).unwrap_or(0.0);
        let moving = [CostDriver::TransportVariable, CostDriver::TransportFixed, CostDriver::Handling];
        let transport = moving.map(of).iter().sum();
        let total = kpi(&figures, "total_cost").unwrap_or(0.0);
        let tiles = [
            tile(title("Total, horizon", "计划期合计"), "total_cost", Better::Lower),
            tile(title("Purchase", "采购"), "cost_purchase", Better::Neither),
            tile(title("Holding", "持有"), "cost_holding", Better::Lower),
            tile(title("Shortage", "缺货"), "cost_shortage", Better::Lower),
            Tile::new(title("Transport, handling", "运输与装卸"), compact(transport, cx.language())),
            tile(title("Capital in stock", "库存占用资金"), "stock_value", Better::Lower).why(cx.t(
                "Simulated mean stock × unit cost: a balance, no cost. Its lines are under Balances",
                "模拟平均库存 × 单位成本：属于余额而非成本。明细见“余额”",
            )),
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
            (Below::Lines, cx.t("Lines", "明细"), "costs"),
            (Below::Balances, cx.t("Balances", "余额"), "balances"),
        ];
        cx.choose_table_ui(ui, &mut self.below, &options);
        match self.below {
            Below::Categories => _ = cx.plan_table_ui(ui, "categories", plan, category_table),
            Below::Lines => self.lines_ui(ui, cx, plan),
            Below::Balances => _ = cx.plan_table_ui(ui, "balances", plan, balances_table),
        }
    }

    fn lines_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, plan: &Arc<Plan>) {
        let table = self.table(plan);
        let lines = table.rows.len();
        let amount = table.column("amount").unwrap_or(0);
        let sum: f64 = table.rows.iter().filter_map(|row| row[amount].as_number()).sum();
        ui.horizontal(|ui| {
            self.filter_ui(ui, cx, plan);
            let (sum, money) = (cx.number(sum, 2), cx.money());
            let words = crate::text!("{lines} lines, together {sum} {money}", "{lines} 行，合计 {sum} {money}");
            ui.label(style::weak(ui, cx.words.own(words)));
        });
        cx.table_with_detail_ui(ui, "cost lines", &table);
    }

    fn filter_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, plan: &Plan) {
        let label = cx.t("All costs", "全部成本项");
        let name = |driver: CostDriver| cx.words.own(driver.label());
        let current = self.filter.driver.map_or_else(|| label.to_owned(), name);
        let combo =
            ComboBox::from_id_salt("cost driver").selected_text(current.clone()).width(150.0).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.filter.driver, None, label);
                for driver in plan.ledger.by_driver().into_keys() {
                    ui.selectable_value(&mut self.filter.driver, Some(driver), name(driver));
                }
            });
        name_combo(&combo.response, cx.t("Cost", "成本项"), &current);
        let hint = cx.t("Item or place", "商品或地点");
        let field = ui.add(TextEdit::singleline(&mut self.filter.query).hint_text(hint).desired_width(160.0));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, hint));
    }

    /// The lines that pass the filter; made when plan or filter are new.
    fn table(&mut self, plan: &Arc<Plan>) -> Rc<Table> {
        if let Some((known, filter, table)) = &self.filtered
            && Arc::ptr_eq(known, plan)
            && *filter == self.filter
        {
            return table.clone();
        }
        let lines = plan.ledger.lines.iter().filter(|l| self.filter.passes(l)).cloned().collect();
        let table = Rc::new(costs_table(&CostLedger { lines }, &plan.currency));
        self.filtered = Some((plan.clone(), self.filter.clone(), table.clone()));
        table
    }
}
