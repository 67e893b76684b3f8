//! The levers of a what-if: drag one and everything follows in the same frame.

use super::stock_policy;
use crate::gui::context::Cx;
use crate::gui::style::{self, space};
use crate::gui::widgets::{LeverRow, Moved, card_ui, lever_ui, section_ui, segmented_ui};
use crate::model::{Change, Item, Lever, Policy, ReorderRule, SafetyBasis, Scenario, Scope, ShortageRule};
use crate::session::{Command, Focus};
use egui::Ui;

/// Which items the levers move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Reach {
    /// The item shown.
    #[default]
    Item,
    /// Its category.
    Category,
    /// All items.
    All,
}

/// Hardest limit of a typed figure.
const MOST: f64 = 1e9;

/// Draws the rules and the levers.
pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus, reach: &mut Reach) {
    rules_ui(ui, cx);
    ui.add_space(space::S);
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, cx.t("What if", "如果……"));
        let category = &*focus.item.category;
        let options = [
            (Reach::Item, cx.t("This item", "当前商品")),
            (Reach::Category, cx.t("Its category", "所属类别")),
            (Reach::All, cx.t("All items", "全部商品")),
        ];
        let offered = if category.is_empty() { [options[0], options[2]].to_vec() } else { options.to_vec() };
        if *reach == Reach::Category && category.is_empty() {
            *reach = Reach::Item;
        }
        if let Some(picked) = segmented_ui(ui, *reach, &offered) {
            *reach = picked;
        }
        ui.add_space(space::XS);
        let scope = match *reach {
            Reach::Item => Scope::Series(focus.id.clone()),
            Reach::Category => Scope::Category(focus.item.category.clone()),
            Reach::All => Scope::All,
        };
        match *reach {
            Reach::Item => item_levers_ui(ui, cx, focus),
            Reach::Category => group_levers_ui(ui, cx, focus, &Scope::Category(focus.item.category.clone())),
            Reach::All => group_levers_ui(ui, cx, focus, &Scope::All),
        }
        ui.add_space(space::S);
        stock_policy::show_ui(ui, cx, focus, &scope);
    });
}

fn rules_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        let policy = cx.session.project().settings.policy;
        let hint = cx.t(
            "Standard: demand over the lead time + safety stock. Quantile: what simulated demand reaches with the service level, without a normal distribution. Max-level rule: max level + safety stock − demand, for comparison.",
            "标准：提前期需求 + 安全库存。分位数：模拟需求达到服务水平的值，不假设正态分布。最高库存法：最高库存 + 安全库存 − 需求，仅供对比。",
        );
        ui.label(style::caption(ui, cx.t("Orders follow", "订货依据"))).on_hover_text(hint);
        let rules = [
            (ReorderRule::Standard, cx.t("Standard", "标准再订货点")),
            (ReorderRule::Quantile, cx.t("Quantile", "模拟分位数")),
            (ReorderRule::MaxLevel, cx.t("Max-level rule", "最高库存法")),
        ];
        if let Some(rule) = segmented_ui(ui, policy.rule, &rules) {
            cx.push(Command::SetReorderRule(rule));
        }
        ui.label(style::caption(ui, cx.t("Demand that finds no stock", "缺货时的需求")));
        let rules =
            [(ShortageRule::LostSales, cx.t("Is lost", "流失")), (ShortageRule::Backorder, cx.t("Waits", "延期交货"))];
        if let Some(rule) = segmented_ui(ui, policy.shortage, &rules) {
            cx.push(Command::SetShortageRule(rule));
        }
    });
}

/// How a lever's value is shown: the figure on screen is the value times this.
fn shown_factor(lever: Lever) -> f64 {
    match lever {
        Lever::ServiceLevel | Lever::FillRate | Lever::HoldingRate | Lever::Demand => 100.0,
        _ => 1.0,
    }
}

fn item_levers_ui(ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
    let scope = Scope::Series(focus.id.clone());
    let (item, base) = (&focus.item, &focus.base_item);
    let (stock, base_stock) = (&focus.stock, &focus.base_stock);
    let per_period = mean(&focus.series.best().mean);
    // Ends hang on the base alone: a rail that stretches under the pointer can't be aimed at.
    let safety_end = nice((3.0 * base_stock.safety_stock).max(4.0 * per_period).max(1.0));
    let max_end = nice((2.0 * base_stock.max_level).max(2.0 * base_stock.reorder_point).max(8.0 * per_period).max(1.0));
    let lot_end = nice((4.0 * base_stock.order_quantity).max(8.0 * per_period).max(1.0));
    let lead_end = nice((3.0 * base.lead_time_days).max(14.0));
    let days = cx.t("days", "天");
    let units = cx.units();
    let money = cx.money();
    let price_end = nice((4.0 * base.shortage_cost).max(2.0 * base.price).max(10.0));
    let rows = [
        (Lever::SafetyStock, stock.safety_stock, base_stock.safety_stock, 0.0..=safety_end, units, 0),
        (Lever::MaxLevel, stock.max_level, base_stock.max_level, 0.0..=max_end, units, 0),
        target(item, base, (cx.t("days", "天"), &money), price_end),
        (Lever::OrderQuantity, stock.order_quantity, base_stock.order_quantity, 0.0..=lot_end, units, 0),
        (Lever::LeadTimeDays, item.lead_time_days, base.lead_time_days, 0.0..=lead_end, days, 1),
        (Lever::LeadTimeSdDays, item.lead_time_sd_days, base.lead_time_sd_days, 0.0..=lead_end / 2.0, days, 1),
        (Lever::ReviewPeriodDays, item.review_period_days, base.review_period_days, 0.0..=60.0, days, 0),
        (Lever::HoldingRate, item.holding_rate, base.holding_rate, 0.0..=100.0, cx.t("% a year", "%/年"), 1),
        (Lever::ShortageCost, item.shortage_cost, base.shortage_cost, 0.0..=price_end, &money, 2),
    ];
    let scenario = cx.session.project().active_scenario();
    demand_lever_ui(ui, cx, scenario, &scope);
    for (lever, value, base, range, unit, decimals) in rows {
        let by_lots = !matches!(stock.policy, Policy::PeriodicUpTo | Policy::BaseStock | Policy::Newsvendor);
        if (lever == Lever::OrderQuantity && !by_lots)
            || (lever == Lever::ShortageCost && item.safety_basis == SafetyBasis::ShortageCost)
        {
            continue;
        }
        let factor = shown_factor(lever);
        let label = cx.words.own(crate::gui::text::lever(lever));
        let row = LeverRow {
            label: &label,
            unit,
            value: value * factor,
            base: base * factor,
            range,
            most: if matches!(lever, Lever::ServiceLevel | Lever::FillRate) { 99.99 } else { MOST },
            decimals,
            is_moved: find(scenario, lever, &scope).is_some(),
            hint: hint(cx, lever, item),
        };
        if let Some(moved) = lever_ui(ui, cx.words, &row) {
            push_lever(cx, lever, scope.clone(), moved, |value| Change::Set(value / factor));
        }
    }
}

type Row<'a> = (Lever, f64, f64, std::ops::RangeInclusive<f64>, &'a str, u8);

/// The lever of what safety stock is made for.
fn target<'a>(item: &Item, base: &Item, (days, money): (&'a str, &'a str), price_end: f64) -> Row<'a> {
    match item.safety_basis {
        SafetyBasis::CycleService => (Lever::ServiceLevel, item.service_level, base.service_level, 50.0..=99.9, "%", 2),
        SafetyBasis::FillRate => (Lever::FillRate, item.fill_rate, base.fill_rate, 50.0..=99.9, "%", 2),
        SafetyBasis::ShortageCost => {
            (Lever::ShortageCost, item.shortage_cost, base.shortage_cost, 0.0..=price_end, money, 2)
        }
        SafetyBasis::Cover => (Lever::CoverDays, item.cover_days, base.cover_days, 0.0..=90.0, days, 1),
    }
}

/// The levers that mean the same for unlike items: a share, a shift, a common target.
fn group_levers_ui(ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus, scope: &Scope) {
    let scenario = cx.session.project().active_scenario();
    demand_lever_ui(ui, cx, scenario, scope);
    let service = set_value(scenario, Lever::ServiceLevel, scope);
    let holding = set_value(scenario, Lever::HoldingRate, scope);
    let added = match find(scenario, Lever::LeadTimeDays, scope) {
        Some(Change::Add(days)) => days,
        _ => 0.0,
    };
    let days = cx.t("days", "天");
    let rows = [
        (Lever::LeadTimeDays, cx.t("Lead time, more or less", "提前期增减"), days, added, 0.0, -30.0..=60.0, 1),
        (
            Lever::ServiceLevel,
            cx.t("Service level, all alike", "统一服务水平"),
            "%",
            service.unwrap_or(focus.base_item.service_level) * 100.0,
            focus.base_item.service_level * 100.0,
            50.0..=99.9,
            1,
        ),
        (
            Lever::HoldingRate,
            cx.t("Holding rate, all alike", "统一持有费率"),
            cx.t("% a year", "%/年"),
            holding.unwrap_or(focus.base_item.holding_rate) * 100.0,
            focus.base_item.holding_rate * 100.0,
            0.0..=100.0,
            1,
        ),
    ];
    for (lever, label, unit, value, base, range, decimals) in rows {
        let most = if lever == Lever::ServiceLevel { 99.99 } else { MOST };
        let is_moved = find(scenario, lever, scope).is_some();
        let row = LeverRow { label, unit, value, base, range, most, decimals, is_moved, hint: "" };
        if let Some(moved) = lever_ui(ui, cx.words, &row) {
            push_lever(cx, lever, scope.clone(), moved, |value| match lever {
                Lever::LeadTimeDays => Change::Add(value),
                _ => Change::Set(value / 100.0),
            });
        }
    }
    let remark = cx.t(
        "Safety stock and max level are set item by item; a common target moves them all.",
        "安全库存与最高库存按商品设定；统一目标会同时调整所有商品。",
    );
    ui.label(style::caption(ui, remark));
}

fn demand_lever_ui(ui: &mut Ui, cx: &mut Cx<'_>, scenario: &Scenario, scope: &Scope) {
    let found = find(scenario, Lever::Demand, scope);
    let value = match found {
        Some(Change::Scale(k)) => 100.0 * k,
        _ => 100.0,
    };
    let row = LeverRow {
        label: cx.t("Demand", "需求"),
        unit: "%",
        value,
        base: 100.0,
        range: 0.0..=200.0,
        most: 10_000.0,
        decimals: 0,
        is_moved: found.is_some(),
        hint: cx.t(
            "Share of the forecast; moves mean, intervals and sample paths alike",
            "相对预测的比例；均值、区间和样本路径同步变化",
        ),
    };
    if let Some(moved) = lever_ui(ui, cx.words, &row) {
        push_lever(cx, Lever::Demand, scope.clone(), moved, |value| Change::Scale(value / 100.0));
    }
}

fn hint(cx: &Cx<'_>, lever: Lever, item: &Item) -> &'static str {
    match lever {
        Lever::SafetyStock if item.safety_stock.is_none() => {
            cx.t("Computed from the service level; drag to set your own", "由服务水平计算得出；拖动可自行设定")
        }
        Lever::MaxLevel if item.max_level.is_none() => {
            cx.t("Computed; drag to set your own", "由系统计算得出；拖动可自行设定")
        }
        Lever::OrderQuantity if item.order_quantity.is_none() => cx.t(
            "Computed: the economic lot or one period's demand; drag to set your own",
            "由系统计算：经济批量或一期需求；拖动可自行设定",
        ),
        Lever::ServiceLevel | Lever::FillRate | Lever::CoverDays if item.safety_stock.is_some() => cx.t(
            "Your own safety stock overrides this target; reset it to let this one count",
            "您设定的安全库存优先于此目标；还原安全库存后此项生效",
        ),
        _ => "",
    }
}

/// The override of exactly this lever and scope, inherited or own.
pub(super) fn find(scenario: &Scenario, lever: Lever, scope: &Scope) -> Option<Change> {
    scenario.change_of(lever, scope)
}

fn set_value(scenario: &Scenario, lever: Lever, scope: &Scope) -> Option<f64> {
    match find(scenario, lever, scope) {
        Some(Change::Set(x)) => Some(x),
        _ => None,
    }
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// The next of 1, 2, 5, 10, 20, 50, … at or above `x`.
pub(super) fn nice(x: f64) -> f64 {
    if !(x.is_finite() && x > 0.0) {
        return 1.0;
    }
    let power = 10_f64.powf(x.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    power * steps.into_iter().find(|s| s * power >= x * (1.0 - 1e-9)).unwrap_or(10.0)
}

/// Asks for what the user did with a lever; `change` makes the scenario's change of the figure shown.
pub(super) fn push_lever(cx: &mut Cx<'_>, lever: Lever, scope: Scope, moved: Moved, change: impl Fn(f64) -> Change) {
    match moved {
        Moved::To(value, gesture) => cx.push(Command::SetLever(lever, scope, change(value), gesture)),
        Moved::Reset => cx.push(Command::ClearLever(lever, scope)),
    }
}
