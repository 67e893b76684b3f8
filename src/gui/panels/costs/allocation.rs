//! *Allocation*: what every item costs with its part of what is shared, by one key or by all side by side.

use crate::gui::context::{Cx, compact};
use crate::gui::style::{self, space};
use crate::gui::widgets::{EmptyState, Tile, Tone, empty_ui, remark_ui, segmented_ui, tiles_ui};
use crate::model::{Allocation, AllocationKey, Plan, ShapleyMethod};
use crate::report::{allocation_by_key_table, allocation_table, shared_costs_table, shares_table};
use egui::Ui;
use std::sync::Arc;

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    /// One key; all side by side when `None`.
    key: Option<AllocationKey>,
    below: Below,
}

/// Which table stands below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Below {
    #[default]
    Items,
    Shared,
    Shares,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, plan: &Arc<Plan>) {
        let allocation = &plan.allocation;
        if allocation.shared.is_empty() {
            let empty = EmptyState {
                title: cx.t("Nothing is shared", "没有共享成本"),
                body: cx.t(
                    "Costs are shared where lanes of the network name a vehicle, whose trips carry several items, and where several items name one supplier in the column supplier.",
                    "当网络线路指定了车辆（一趟运多种商品），或多个商品在 supplier（供应商）列中指定同一供应商时，才有共享成本。",
                ),
                actions: &[],
            };
            empty_ui(ui, empty);
            return;
        }
        tiles_ui(ui, &tiles(cx, plan));
        let mut keys = vec![(None, cx.t("Side by side", "并列对比").to_owned())];
        keys.extend(AllocationKey::ALL.map(|key| (Some(key), cx.words.own(key.label()))));
        let keys: Vec<(Option<AllocationKey>, &str)> = keys.iter().map(|(key, label)| (*key, label.as_str())).collect();
        ui.horizontal(|ui| {
            ui.label(style::weak(ui, cx.t("Shared costs by", "共享成本分摊依据")));
            if let Some(key) = segmented_ui(ui, self.key, &keys) {
                (self.key, self.below) = (key, Below::Items);
            }
        });
        remarks_ui(ui, cx, allocation, self.key);
        let tables = [
            (Below::Items, cx.t("Items", "商品"), "allocation"),
            (Below::Shared, cx.t("Shared costs", "共享成本"), "shared_costs"),
            (Below::Shares, cx.t("Shares", "分摊明细"), "shares"),
        ];
        cx.choose_table_ui(ui, &mut self.below, &tables);
        ui.add_space(space::XS);
        let currency = &plan.currency;
        match (self.below, self.key) {
            (Below::Items, None) => {
                let table = cx.tables.of_plan("allocation", plan, |p| allocation_table(&p.allocation, currency));
                cx.table_with_detail_ui(ui, "allocation", &table);
            }
            (Below::Items, Some(key)) => {
                let slot = slot(key);
                let make = |p: &Plan| {
                    let hidden: &[&str] =
                        if key == AllocationKey::Shapley { &["key"] } else { &["key", "standard_error"] };
                    allocation_by_key_table(&p.allocation, key, currency).without(hidden)
                };
                let table = cx.tables.of_plan(slot, plan, make);
                cx.table_with_detail_ui(ui, slot, &table);
            }
            (Below::Shared, _) => {
                let table = cx.tables.of_plan("shared costs", plan, |p| shared_costs_table(&p.allocation, currency));
                cx.table_with_detail_ui(ui, "shared costs", &table);
            }
            (Below::Shares, _) => {
                cx.plan_table_ui(ui, "shares", plan, |p| shares_table(&p.allocation, currency));
            }
        }
    }
}

/// What a key's table is remembered by.
fn slot(key: AllocationKey) -> &'static str {
    const SLOTS: [&str; 7] = [
        "allocated units",
        "allocated volume",
        "allocated weight",
        "allocated value",
        "allocated activity",
        "allocated equal",
        "allocated shapley",
    ];
    SLOTS[key.index()]
}

fn tiles(cx: &Cx<'_>, plan: &Plan) -> Vec<Tile> {
    let allocation = &plan.allocation;
    let money = |en, zh| cx.words.with_unit(cx.t(en, zh), &cx.money());
    let shared: f64 = allocation.shared.iter().map(|s| s.amount).sum();
    let direct: f64 = allocation.items.iter().map(|i| i.direct).sum();
    let sampled = allocation.shared.iter().filter(|s| s.method != ShapleyMethod::Exact).count();
    let error = allocation.items.iter().map(|i| i.standard_error).fold(0.0, f64::max);
    let total = cx.t(
        "Own and shared costs of all items come to the ledger's total, whatever the key",
        "无论按何种依据，全部商品的直接成本与分摊成本之和等于成本账合计",
    );
    vec![
        Tile::new(money("Total", "合计"), compact(direct + shared, cx.language())).why(total),
        Tile::new(money("Own costs", "直接成本"), compact(direct, cx.language())),
        Tile::new(money("Shared costs", "共享成本"), compact(shared, cx.language())),
        Tile::new(cx.t("Costs that are shared", "共享成本项数"), cx.number(allocation.shared.len() as f64, 0)),
        Tile::new(cx.t("Sampled for Shapley", "抽样计算沙普利值"), cx.number(sampled as f64, 0)).why(cx.t(
            "Up to 12 items Shapley values are exact, over all subsets; beyond, over orders drawn at random",
            "不超过 12 个商品时遍历全部子集，沙普利值精确；超过时按随机次序抽样",
        )),
        Tile::new(money("Largest standard error", "最大标准误"), cx.number(error, 2)).why(cx.t(
            "Standard error of an item's Shapley value, from the orders drawn (Castro, Gómez & Tejada 2009)",
            "由抽样次序得到的商品沙普利值标准误（Castro、Gómez 与 Tejada，2009）",
        )),
    ]
}

/// What was missing for the keys shown.
fn remarks_ui(ui: &mut Ui, cx: &Cx<'_>, allocation: &Allocation, key: Option<AllocationKey>) {
    let names = [
        (AllocationKey::Volume, "volume", cx.t("volume", "体积")),
        (AllocationKey::Weight, "weight", cx.t("weight", "重量")),
        (AllocationKey::Value, "unit cost", cx.t("unit cost", "单位成本")),
    ];
    let all = allocation.items.len();
    for (of, word, name) in names {
        let stated = format!("no {word} stated");
        let missing = allocation.items.iter().filter(|i| i.note.en.contains(&stated)).count();
        if missing == 0 || key.is_some_and(|key| key != of) {
            continue;
        }
        let words = crate::text!(
            "{missing} of {all} items state no {name}: their note says what is taken instead. Add it to the item file",
            "{all} 个商品中有 {missing} 个未给出{name}：说明列注明了替代值。请在商品文件中补充"
        );
        remark_ui(ui, &cx.words.own(words), Tone::Warning);
    }
}
