//! Which policy replenishes, what safety stock is made for, and what the level in force gives of every measure.

use crate::gui::context::Cx;
use crate::gui::navigator::name_combo;
use crate::gui::style;
use crate::model::{Change, Item, Lever, Policy, SafetyBasis, Scope};
use crate::session::{Command, Focus, Gesture};
use egui::{ComboBox, Grid, Ui};

/// Width of a choice: with its label it fits the side column in both languages.
const COMBO: f32 = 118.0;

/// Draws the choice of policy and basis for what `scope` reaches, and the four measures of the item shown.
pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus, scope: &Scope) {
    let (policy, basis) = chosen(cx, &focus.item, scope);
    Grid::new("policy and basis").num_columns(2).show(ui, |ui| {
        let label = cx.t("Policy", "补货策略");
        ui.label(label).on_hover_text(policy_hint(cx, policy));
        let mut picked = policy;
        let shown = cx.words.own(policy.label());
        let combo = ComboBox::from_id_salt("policy").width(COMBO).selected_text(&shown).show_ui(ui, |ui| {
            for option in Policy::ALL {
                let words = cx.words.own(option.label());
                ui.selectable_value(&mut picked, option, words).on_hover_text(policy_hint(cx, option));
            }
        });
        name_combo(&combo.response, label, &shown);
        if picked != policy {
            cx.push(Command::SetLever(Lever::Policy, scope.clone(), Change::Policy(picked), Gesture::Commit));
        }
        ui.end_row();
        let label = cx.t("Safety stock for", "安全库存依据");
        ui.label(label);
        let mut picked = basis;
        let shown = cx.words.own(basis.label());
        let combo = ComboBox::from_id_salt("basis").width(COMBO).selected_text(&shown).show_ui(ui, |ui| {
            for option in SafetyBasis::ALL {
                ui.selectable_value(&mut picked, option, cx.words.own(option.label()));
            }
        });
        name_combo(&combo.response, label, &shown);
        if picked != basis {
            cx.push(Command::SetLever(Lever::SafetyBasis, scope.clone(), Change::Basis(picked), Gesture::Commit));
        }
        ui.end_row();
    });
    achieved_ui(ui, cx, focus);
}

/// The choice in force: the override of exactly this scope, else that of the item shown.
fn chosen(cx: &Cx<'_>, item: &Item, scope: &Scope) -> (Policy, SafetyBasis) {
    let scenario = cx.session.project().active_scenario();
    let policy = match super::stock_levers::find(scenario, Lever::Policy, scope) {
        Some(Change::Policy(policy)) => policy,
        _ => item.policy,
    };
    let basis = match super::stock_levers::find(scenario, Lever::SafetyBasis, scope) {
        Some(Change::Basis(basis)) => basis,
        _ => item.safety_basis,
    };
    (policy, basis)
}

/// What the reorder point in force gives: the one that was asked for, and the three others.
fn achieved_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus) {
    let Some(achieved) = focus.stock.achieved else { return };
    let decimal = |x: f64| cx.number(x, 2);
    let rows = [
        (SafetyBasis::CycleService, Some(cx.percent(achieved.cycle_service)), "Cycle service achieved"),
        (SafetyBasis::FillRate, Some(cx.percent(achieved.fill_rate)), "Fill rate achieved"),
        (
            SafetyBasis::ShortageCost,
            achieved.shortage_cost.map(|c| format!("{} {}", decimal(c), cx.money())),
            "Shortage cost implied",
        ),
        (
            SafetyBasis::Cover,
            achieved.cover_days.map(|d| format!("{} {}", cx.number(d, 1), cx.t("days", "天"))),
            "Days of cover achieved",
        ),
    ];
    let caption = cx.t("The reorder point in force gives, by formula", "生效的再订货点按公式对应");
    ui.label(style::caption(ui, caption));
    Grid::new("achieved").num_columns(2).spacing([12.0, 2.0]).show(ui, |ui| {
        for (basis, value, key) in &rows {
            let name = cx.words.own(basis.label());
            let is_asked = focus.item.safety_basis == *basis && focus.item.safety_stock.is_none();
            let label = if is_asked { ui.label(style::strong(name)) } else { ui.label(style::weak(ui, name)) };
            let shown = value.clone().unwrap_or_else(|| "–".to_owned());
            let shown = if is_asked { ui.label(style::strong(shown)) } else { ui.label(shown) };
            let why = super::stock::derivation(cx, &focus.stock.why, key);
            if !why.is_empty() {
                label.on_hover_text(why.clone());
                shown.on_hover_text(why);
            }
            ui.end_row();
        }
    });
}

fn policy_hint(cx: &Cx<'_>, policy: Policy) -> &'static str {
    match policy {
        Policy::Automatic => cx.t(
            "(s, S) without a review period; with one (R, S), or (R, s, S) where a lot outlasts it",
            "无盘点周期时为 (s, S)；有盘点周期时为 (R, S)，批量超过一个周期时为 (R, s, S)",
        ),
        Policy::ReorderLot => cx.t("At or below s order the lot Q, or several", "降至 s 及以下时订一批 Q，或若干批"),
        Policy::ReorderUpTo => cx.t("At or below s order up to S", "降至 s 及以下时补到 S"),
        Policy::PeriodicUpTo => cx.t("Every review period order up to S", "每个盘点周期补到 S"),
        Policy::PeriodicReorderUpTo => {
            cx.t("Every review period, at or below s, order up to S", "每个盘点周期，若在 s 及以下则补到 S")
        }
        Policy::BaseStock => cx.t("Each period order what it sold", "每期订回已售数量"),
        Policy::Newsvendor => cx.t("One order for the whole horizon", "整个计划期只订一次"),
    }
}
