//! Numbers that plans are made of and that can't be right.

use super::super::tracking::tracking;
use super::{AlertFacts, amount, times_loss};
use crate::model::{Alert, AlertKind, AlertSettings, ItemField};
use crate::text;
use crate::words::figure;

/// Stock below 0.
pub(super) fn negative_stock(facts: &AlertFacts<'_>) -> Option<Alert> {
    let on_hand = facts.on_hand();
    if on_hand >= 0.0 {
        return None;
    }
    let owed = figure(-on_hand);
    let why = text!("Stock on hand is −{owed} units", "现有库存为 −{owed} 件");
    let action = text!(
        "Count the stock; if customers wait for {owed} units, expedite them",
        "请盘点库存；若客户确在等货，请加急 {owed} 件"
    );
    let source = text!("{owed} units", "{owed} 件").then(&times_loss(facts));
    Some(facts.alert(AlertKind::NegativeStock, -on_hand * facts.risk.unit_loss, [why, action, source]))
}

/// Orders that never lift stock to where it is ordered again.
pub(super) fn max_below_reorder(facts: &AlertFacts<'_>) -> Option<Alert> {
    let (most, reorder) = (facts.stock.max_level, facts.stock.active_reorder_point());
    if most >= reorder - 1e-9 * reorder.abs() {
        return None;
    }
    let (low, high) = (figure(most), figure(reorder));
    let why = text!("The max level {low} is below the reorder point {high}", "最高库存 {low} 低于再订货点 {high}");
    let action = text!(
        "Raise the max level above {high}, or let it be computed",
        "将最高库存提高到 {high} 以上，或改为自动计算"
    );
    let loss = figure(facts.risk.total_loss());
    let source = text!("Expected loss of the horizon under these levels: {loss}", "按此水平，计划期期望损失为 {loss}");
    Some(facts.alert(AlertKind::MaxBelowReorder, facts.risk.total_loss(), [why, action, source]))
}

/// A forecast wrong in one direction.
pub(super) fn drift(facts: &AlertFacts<'_>, settings: &AlertSettings) -> Option<Alert> {
    let fitted = &facts.forecast.fitted;
    let latest =
        facts.history.iter().rev().zip(fitted.iter().rev()).take_while(|(d, f)| d.is_finite() && f.is_finite());
    let mut errors: Vec<f64> = latest.map(|(d, f)| d - f).collect();
    errors.reverse();
    let found = tracking(&errors)?;
    if found.signal.abs() < settings.drift {
        return None;
    }
    let units = found.bias.abs() * facts.risk.lead as f64;
    let (signal, bias, wrong) = (format!("{:+.2}", found.signal), figure(found.bias.abs()), figure(units));
    let (why, money, source) = if found.signal > 0.0 {
        (
            text!(
                "Demand has been above the forecast, lately by {bias} units a period: tracking signal {signal}",
                "需求持续高于预测，近期每期高 {bias} 件：跟踪信号 {signal}"
            ),
            units * facts.risk.unit_loss,
            text!("{wrong} units over one lead time", "一个提前期内 {wrong} 件").then(&times_loss(facts)),
        )
    } else {
        (
            text!(
                "Demand has been below the forecast, lately by {bias} units a period: tracking signal {signal}",
                "需求持续低于预测，近期每期低 {bias} 件：跟踪信号 {signal}"
            ),
            facts.holding(units),
            text!(
                "{wrong} units too many over one lead time × unit cost × holding rate × horizon",
                "一个提前期内多 {wrong} 件 × 单位成本 × 持有费率 × 计划期"
            ),
        )
    };
    let action =
        text!("Look at the forecast: another model, an event or an override", "检查预测：更换模型、补充事件或手工调整");
    Some(facts.alert(AlertKind::ForecastDrift, money, [why, action, source]))
}

/// Receipts say another lead time than the master data.
pub(super) fn stale_lead_time(facts: &AlertFacts<'_>, settings: &AlertSettings) -> Option<Alert> {
    let (stated, learnt) = (amount(facts.item.lead_time_days), amount(facts.learnt_lead_days?));
    // A lead time below a day is not told to the hour.
    if (learnt - stated).abs() <= settings.lead_time * stated.max(1.0) {
        return None;
    }
    let units = facts.periods((learnt - stated).abs()) * facts.rate();
    let (is, says, wrong) = (figure(learnt), figure(stated), figure(units));
    let why = text!("Goods take {is} days, the item file says {says}", "实际提前期 {is} 天，商品资料为 {says} 天");
    let action = text!("Take over {is} days as the lead time", "将提前期改为 {is} 天");
    let (money, source) = if learnt > stated {
        let source = text!("Demand of the difference, {wrong} units, without cover", "差额期间需求 {wrong} 件无保障");
        (units * facts.risk.unit_loss, source.then(&times_loss(facts)))
    } else {
        let source = text!(
            "Demand of the difference, {wrong} units, held for nothing × unit cost × holding rate × horizon",
            "差额期间需求 {wrong} 件被多备 × 单位成本 × 持有费率 × 计划期"
        );
        (facts.holding(units), source)
    };
    Some(facts.alert(AlertKind::StaleLeadTime, money, [why, action, source]))
}

/// An item file that doesn't say how long goods take.
pub(super) fn unknown_lead_time(facts: &AlertFacts<'_>) -> Option<Alert> {
    let item = facts.item;
    // Without an item file nothing is known of any item: one finding under Data says so.
    if item.stated.is_empty() || item.stated.contains(&ItemField::LeadTimeDays) || facts.learnt_lead_days.is_some() {
        return None;
    }
    let days = figure(item.lead_time_days);
    let units = facts.periods(item.lead_time_days) * facts.rate();
    let wrong = figure(units);
    let why = text!("No lead time is stated; {days} days are assumed", "未提供提前期，按 {days} 天计算");
    let action = text!("State the lead time in the item file", "请在商品资料中填写提前期");
    let source = text!("Were it twice as long, {wrong} units had no cover", "若实际为两倍，则有 {wrong} 件需求无保障")
        .then(&times_loss(facts));
    Some(facts.alert(AlertKind::UnknownLeadTime, units * facts.risk.unit_loss, [why, action, source]))
}
