//! Too much.

use super::{AlertFacts, amount};
use crate::model::{Alert, AlertKind, AlertSettings};
use crate::text;
use crate::words::figure;

/// More on hand and on order than the policy fills up to and than so many days will sell.
pub(super) fn excess(facts: &AlertFacts<'_>, settings: &AlertSettings) -> Option<Alert> {
    let periods = facts.periods(settings.excess_days);
    let need = facts.demand_ahead(periods).max(amount(facts.stock.max_level));
    let surplus = facts.position() - need;
    // A rounded order isn't a surplus.
    if surplus <= 1e-6 * need || surplus <= 0.0 {
        return None;
    }
    let rate = facts.rate();
    let (days, much) = (figure(settings.excess_days), figure(surplus));
    let why = if rate > 0.0 {
        let lasts = facts.span((facts.position() / rate).round());
        let (en, zh) = (&lasts.en, &lasts.zh);
        text!(
            "Stock and orders last {en}: {much} units more than {days} days and the max level need",
            "现有与在途可用 {zh}：比 {days} 天需求及最高库存多 {much} 件"
        )
    } else {
        text!("No demand is forecast: {much} units more than needed", "预测无需求：多出 {much} 件")
    };
    let action = if facts.item.on_order > 0.0 {
        let open = figure(facts.item.on_order.min(surplus));
        text!("Cancel or postpone up to {open} units on order", "取消或推迟在途订单，至多 {open} 件")
    } else {
        text!("Order nothing; move or sell {much} units", "暂停订货；调拨或促销 {much} 件")
    };
    let source = text!("{much} units × unit cost × holding rate × horizon", "{much} 件 × 单位成本 × 持有费率 × 计划期");
    let mut alert = facts.alert(AlertKind::Excess, facts.holding(surplus), [why, action, source]);
    alert.tied_up = surplus * facts.value();
    Some(alert)
}

/// Stock that nobody asked for.
pub(super) fn dead(facts: &AlertFacts<'_>, settings: &AlertSettings) -> Option<Alert> {
    let on_hand = amount(facts.item.on_hand);
    let periods = facts.periods(settings.dead_days).ceil().max(1.0) as usize;
    let history = facts.history;
    if on_hand <= 0.0 || history.len() < periods || history[history.len() - periods..].iter().any(|d| *d > 0.0) {
        return None;
    }
    let quiet = history.iter().rev().take_while(|d| **d <= 0.0).count();
    let (units, quiet) = (figure(on_hand), facts.span(quiet as f64));
    let (en, zh) = (&quiet.en, &quiet.zh);
    let why = text!("{units} units on hand and no demand for {en}", "现有 {units} 件，已 {zh}无需求");
    let action = text!("Sell, return or write off {units} units", "处理：促销、退货或报废 {units} 件");
    let source = text!("{units} units × (unit cost − salvage value)", "{units} 件 ×（单位成本 − 残值）");
    let mut alert = facts.alert(AlertKind::Dead, on_hand * facts.written_off(), [why, action, source]);
    alert.tied_up = on_hand * facts.value();
    Some(alert)
}

/// More on hand than can be sold while it keeps.
pub(super) fn expires(facts: &AlertFacts<'_>) -> Option<Alert> {
    let life = facts.periods(facts.item.shelf_life_days);
    if life <= 0.0 {
        return None;
    }
    let (on_hand, sold) = (amount(facts.item.on_hand), facts.demand_ahead(life));
    let left = on_hand - sold;
    if left <= 1e-6 * on_hand {
        return None;
    }
    let (units, days, sold) = (figure(left), figure(facts.item.shelf_life_days), figure(sold));
    let why = text!(
        "{units} units won't be sold in the {days} days they keep, even if all arrived today: {sold} will be",
        "即使今天刚到货，保质期 {days} 天内预计只能卖 {sold} 件，剩余 {units} 件将过期"
    );
    let action = text!("Sell {units} units at a discount before they expire", "在过期前折价销售 {units} 件");
    let source = text!("{units} units × (unit cost − salvage value)", "{units} 件 ×（单位成本 − 残值）");
    let mut alert = facts.alert(AlertKind::ShelfLife, left * facts.written_off(), [why, action, source]);
    alert.when = facts.start().plus(life.floor().min(10_000.0) as i64);
    alert.tied_up = left * facts.value();
    Some(alert)
}
