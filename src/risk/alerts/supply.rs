//! Too little, too late.

use super::{AlertFacts, amount, times_loss};
use crate::model::{Alert, AlertKind, AlertSettings, ItemField, SafetyBasis};
use crate::text;
use crate::words::{Text, figure};

/// Stock may be gone before an order placed now arrives.
pub(super) fn runs_out(facts: &AlertFacts<'_>, settings: &AlertSettings) -> Option<Alert> {
    let risk = facts.risk;
    if risk.run_out < settings.run_out || risk.short_before <= 0.0 {
        return None;
    }
    let (chance, lead) = (percent(risk.run_out), facts.span(risk.lead as f64));
    let (missing, short) = (figure(risk.short_before / risk.run_out), figure(risk.short_before));
    let (en, zh) = (&lead.en, &lead.zh);
    let why = text!(
        "Runs out with {chance} probability in the {en} before an order placed now arrives",
        "在现在下单的货物到达前的 {zh}内，缺货概率为 {chance}"
    );
    let action = text!(
        "Expedite about {missing} units: what is short on the paths that run out",
        "加急约 {missing} 件：缺货情形下的平均缺口"
    );
    let source = text!("{short} units short expected before then", "此前期望缺货 {short} 件").then(&times_loss(facts));
    let mut alert = facts.alert(AlertKind::RunsOut, risk.short_before * risk.unit_loss, [why, action, source]);
    alert.when = facts.start().plus(risk.run_out_at as i64);
    Some(alert)
}

/// The first period's order: due, or overdue when the position was at the reorder point a period ago already.
pub(super) fn order(facts: &AlertFacts<'_>) -> Option<Alert> {
    let order = facts.stock.next_order().filter(|o| o.order_period == facts.start())?;
    let (position, reorder) = (facts.position(), facts.stock.active_reorder_point());
    let sold = facts.history.last().map_or(0.0, |d| amount(*d));
    let looks_every_period = facts.periods(facts.item.review_period_days) <= 1.0 + 1e-6;
    let is_overdue = looks_every_period && position + sold <= reorder && position < reorder;
    let (quantity, short) = (figure(order.quantity), figure(facts.risk.waiting));
    let (at, level) = (figure(position), figure(reorder));
    let why = if is_overdue {
        let rate = facts.rate();
        let late = if rate > 0.0 { (reorder - position) / rate } else { 1.0 };
        let late = facts.span(late.max(1.0));
        let (en, zh) = (&late.en, &late.zh);
        text!(
            "Stock and orders, {at} units, are {en} of demand below the reorder point {level}",
            "现有与在途共 {at} 件，比再订货点 {level} 低 {zh}的需求"
        )
    } else {
        text!(
            "Stock and orders, {at} units, are at the reorder point {level}",
            "现有与在途共 {at} 件，已到再订货点 {level}"
        )
    };
    let supplier = &facts.item.supplier;
    let action = if supplier.is_empty() {
        text!("Order {quantity} units now", "现在订货 {quantity} 件")
    } else {
        text!("Order {quantity} units from {supplier} now", "现在向 {supplier} 订货 {quantity} 件")
    };
    let source = text!(
        "Waiting one period leaves {short} units more short on the sample paths",
        "推迟一期下单，样本路径上多缺 {short} 件"
    )
    .then(&times_loss(facts));
    let kind = if is_overdue { AlertKind::OrderOverdue } else { AlertKind::OrderDue };
    Some(facts.alert(kind, facts.risk.waiting * facts.risk.unit_loss, [why, action, source]))
}

/// An active disruption would empty the shelf.
pub(super) fn exposed(facts: &AlertFacts<'_>) -> Option<Alert> {
    let (found, label) = facts.exposed?;
    let survive = found.survive.median.unwrap_or(facts.forecast.mean.len());
    let (survive, gap) = (facts.span(survive as f64), facts.span(found.gap as f64));
    let (short, card) = (figure(found.short_after - found.short_before), (&label.en, &label.zh));
    let why = Text::new(
        format!("{}: stock lasts {}, things are as usual after {}", card.0, survive.en, gap.en),
        format!("{}：库存可维持 {}，恢复正常需 {}", card.1, survive.zh, gap.zh),
    );
    let missing = figure((found.short_after - found.short_before).max(0.0));
    let action = text!(
        "Build {missing} units of stock before, or find a second source",
        "事先多备 {missing} 件库存，或寻找第二供应来源"
    );
    let source = text!("{short} units more short with the card than without", "有该中断时多缺 {short} 件")
        .then(&times_loss(facts));
    Some(facts.alert(AlertKind::Exposed, found.money, [why, action, source]))
}

/// The plan serves less than what is wanted.
pub(super) fn low_service(facts: &AlertFacts<'_>, settings: &AlertSettings) -> Option<Alert> {
    let item = facts.item;
    let own = item.stated.contains(&ItemField::FillRate) || item.safety_basis == SafetyBasis::FillRate;
    let target = if own { amount(item.fill_rate).min(1.0) } else { settings.fill_rate };
    let filled = facts.stock.fill_rate;
    if !(filled.is_finite() && filled < target - 1e-9) {
        return None;
    }
    let share = ((target - filled) / (1.0 - filled)).clamp(0.0, 1.0);
    let (is, wanted) = (percent(filled), percent(target));
    let why = text!("Serves {is} of demand from stock, {wanted} is wanted", "库存满足率 {is}，目标为 {wanted}");
    let action = text!("Raise the service level or the safety stock", "提高服务水平或安全库存");
    let loss = figure(facts.risk.total_loss());
    let part = percent(share);
    let source = text!(
        "Expected loss of the horizon, {loss}, times the part beyond the target, {part}",
        "计划期期望损失 {loss} × 超出目标的部分 {part}"
    );
    Some(facts.alert(AlertKind::LowService, share * facts.risk.total_loss(), [why, action, source]))
}

/// A share as percent, for a sentence.
fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
