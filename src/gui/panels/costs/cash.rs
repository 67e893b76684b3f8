//! *Cash*: when money comes and goes, how much is needed at most, and what is tied up.

use super::cash_charts;
use crate::gui::context::{Ask, Cx, compact, kpi};
use crate::gui::dialogs::Purpose;
use crate::gui::panels::stock::{Better, derivation, difference};
use crate::gui::panels::stock_levers::find;
use crate::gui::style::{self, Palette, space};
use crate::gui::widgets::{EmptyState, Tile, Tone, empty_ui, number_ui, remark_ui, segmented_ui, tiles_ui};
use crate::model::{CashFlow, CashSettings, Change, Lever, Opening, Plan, Scope};
use crate::report::{cash_items_table, cash_table};
use crate::session::{Command, Gesture};
use egui::{TextStyle, Ui};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    below: Below,
    /// Names that the user clicked away in the legends.
    hidden: BTreeSet<String>,
}

/// What stands below the charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Below {
    #[default]
    Periods,
    Items,
}

/// Longest shift of payment terms that the page offers, days.
const MOST_DAYS: f64 = 365.0;

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, plan: &Arc<Plan>) {
        let cash = &plan.cash;
        if cash.periods.is_empty() || !cash.has_sales() {
            return nothing_ui(ui, cx);
        }
        let base = cx.base_plan();
        tiles_ui(ui, &tiles(cx, plan, base.as_ref()));
        options_ui(ui, cx);
        if cash.unpriced > 0
            && let Some(note) = cash.notes.first()
        {
            remark_ui(ui, cx.words.of(note), Tone::Warning);
        }
        let height = (ui.available_height() * 0.5).clamp(180.0, 380.0);
        cash_charts::show_ui(ui, cx, cash, base.as_ref().map(|b| &*b.cash), &mut self.hidden, height);
        ui.add_space(space::XS);
        let tables =
            [(Below::Periods, cx.t("Periods", "各期"), "cash"), (Below::Items, cx.t("Items", "商品"), "cash_items")];
        ui.horizontal(|ui| {
            cx.choose_table_ui(ui, &mut self.below, &tables);
            let notes: Vec<&str> = cash.notes.iter().map(|n| cx.words.of(n)).collect();
            ui.label(style::weak(ui, cx.t("What this takes for granted", "计算假设"))).on_hover_text(notes.join("\n"));
            if let Some(trough) = cash.trough {
                let (need, day, money) = (cx.number(trough.need, 0), trough.day.label(), cx.money());
                let words = crate::text!("Most needed: {need} {money} on {day}", "最大资金需求：{day}，{need} {money}");
                ui.label(style::weak(ui, cx.words.own(words)));
            }
        });
        match self.below {
            Below::Periods => {
                let make = |p: &Plan| cash_table(p).without(&["dip", "days"]);
                let table = cx.tables.of_plan("cash", plan, make);
                cx.table_ui(ui, "cash", &table, &|_| false);
            }
            Below::Items => {
                let clicked = cx.plan_table_ui(ui, "cash items", plan, cash_items_table);
                if let Some(id) = clicked.and_then(|(_, row)| cash.items.get(row)).map(|i| i.id.clone()) {
                    cx.push(Command::Select(id));
                }
            }
        }
    }
}

fn nothing_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let empty = EmptyState {
        title: cx.t("Sales can't be valued", "无法计算销售额"),
        body: cx.t(
            "No item has a price. Add the column price to the item file, and unit_cost, supplier_payment_days and customer_payment_days to date what is paid and collected.",
            "没有商品给出售价。请在商品文件中添加 price（售价）列；添加 unit_cost（单位成本）、supplier_payment_days（供应商账期）和 customer_payment_days（客户账期）以确定收付日期。",
        ),
        actions: &[cx.t("Open items…", "打开商品数据…")],
    };
    if empty_ui(ui, empty).is_some() {
        cx.asks.push(Ask::Open(Purpose::Items));
    }
}

/// The figures, each with its formula and inputs under the pointer and its difference to the base scenario.
fn tiles(cx: &mut Cx<'_>, plan: &Arc<Plan>, base: Option<&Arc<Plan>>) -> Vec<Tile> {
    let figures = cx.kpis(plan);
    let base = base.map(|b| cx.kpis(b));
    let cash: &CashFlow = &plan.cash;
    let tile = |label: String, key: &str, better, decimals: Option<u8>| {
        let now = kpi(&figures, key);
        let shown = |x: f64| decimals.map_or_else(|| compact(x, cx.language()), |d| cx.number(x, d));
        let change = now.zip(base.as_ref().and_then(|b| kpi(b, key)));
        let change = change.and_then(|(now, base)| difference(cx, now, base, better));
        Tile::new(label, now.map_or_else(|| "–".to_owned(), shown)).note(change)
    };
    let money = |en, zh| cx.words.with_unit(cx.t(en, zh), &cx.money());
    let days = |name: &str| cx.words.with_unit(name, cx.t("days", "天"));
    let why = |quantity| derivation(cx, &cash.why, quantity);
    let net = cx.t(
        "Collected − paid, over the plan. Shortage and unmet demand are no cash: what isn't sold isn't collected",
        "计划期收款 − 付款。缺货与未满足需求不是现金支出：未售出即无收款",
    );
    let need = match cash.trough {
        Some(trough) => {
            let day = trough.day.label();
            format!("{}\n{}", why("Largest cash need"), cx.words.own(crate::text!("On {day}", "日期：{day}")))
        }
        None => cx.t("Cash never falls below where it began", "现金从未低于期初").to_owned(),
    };
    vec![
        tile(money("Cash, net", "净现金流"), "cash_net", Better::Higher, None).why(net),
        tile(money("Largest need", "最大资金需求"), "cash_trough", Better::Lower, None).why(need),
        tile(money("Working capital", "营运资金"), "working_capital", Better::Lower, None).why(why("Working capital")),
        tile(days("DIO"), "dio", Better::Lower, Some(1)).why(why("Days inventory outstanding (DIO)")),
        tile(days("DSO"), "dso", Better::Lower, Some(1)).why(why("Days sales outstanding (DSO)")),
        tile(days("DPO"), "dpo", Better::Higher, Some(1)).why(why("Days payables outstanding (DPO)")),
        tile(days("CCC"), "ccc", Better::Lower, Some(1)).why(why("Cash-conversion cycle (CCC)")),
    ]
}

/// Payment terms of all items as levers of the active scenario, and how cash is dated where they don't say.
fn options_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    ui.horizontal(|ui| {
        let levers = [
            (Lever::CustomerPaymentDays, cx.t("Customers pay later by (days)", "客户付款推迟（天）")),
            (Lever::SupplierPaymentDays, cx.t("Suppliers are paid later by (days)", "供应商付款推迟（天）")),
        ];
        for (lever, label) in levers {
            let now = match find(cx.session.project().active_scenario(), lever, &Scope::All) {
                Some(Change::Add(days)) => days,
                _ => 0.0,
            };
            if let Some(days) = narrow_ui(ui, label, |ui| number_ui(ui, label, now, -MOST_DAYS..=MOST_DAYS, 1.0).0) {
                let command = if days == 0.0 {
                    Command::ClearLever(lever, Scope::All)
                } else {
                    Command::SetLever(lever, Scope::All, Change::Add(days), Gesture::Commit)
                };
                cx.push(command);
            }
        }
        let settings = cx.session.project().settings.cash;
        let label = cx.t("Holding paid out (%)", "持有成本付现（%）");
        let share = 100.0 * settings.paid_holding_share;
        if let Some(percent) = narrow_ui(ui, label, |ui| number_ui(ui, label, share, 0.0..=100.0, 1.0).0) {
            cx.push(Command::SetCash(CashSettings { paid_holding_share: percent / 100.0, ..settings }));
        }
        let hint = cx.t(
            "What customers owe and suppliers are owed on the first day: as the sales of the last days say, or nothing",
            "首日的应收与应付：按近期销售推算，或为零",
        );
        ui.label(style::weak(ui, cx.t("Owed at the start", "期初应收应付"))).on_hover_text(hint);
        let openings = [(Opening::History, cx.t("From sales", "按销售")), (Opening::Nothing, cx.t("Nothing", "无"))];
        if let Some(opening) = segmented_ui(ui, settings.opening, &openings) {
            cx.push(Command::SetCash(CashSettings { opening, ..settings }));
        }
    });
}

/// A field as wide as its label and figure need, not as the row.
fn narrow_ui<R>(ui: &mut Ui, label: &str, content: impl FnOnce(&mut Ui) -> R) -> R {
    let font = TextStyle::Body.resolve(ui.style());
    let words = ui.painter().layout_no_wrap(label.to_owned(), font, Palette::of(ui).weak).size().x;
    ui.scope(|ui| {
        ui.set_max_width(words + FIGURE);
        content(ui)
    })
    .inner
}

/// Width of a figure of three digits with its sign, and the gap before it, points.
const FIGURE: f32 = 62.0;
