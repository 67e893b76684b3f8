//! Receipts + item list → the lead times that are planned with, what the difference costs, and the suppliers' scores.

use super::{Inputs, PipelineError, Settings};
use crate::control::{Cancelled, Control};
use crate::data;
use crate::diagnostic::Diagnostics;
use crate::inventory::{self, Reserve};
use crate::model::{
    Forecast, Item, ItemField, ItemTable, LeadTimeCheck, LeadTimeChoice, LeadTimeMoney, LeadTimeReport, LeadTimeUse,
    LeadTimes, LearntFrom, LearntLeadTime, Plan, Receipts, Scenario, ScoreWeights, SeriesId,
};
use crate::risk::{self, PartnerInputs};
use crate::text;
use crate::words::{Text, figure};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Reads goods receipts; an item list, when there is one, is checked against them.
///
/// # Errors
/// As [`load`](super::load()).
pub fn load_receipts(
    path: &Path,
    items: &ItemTable,
    control: &Control,
) -> Result<(Receipts, Diagnostics), PipelineError> {
    let (receipts, mut findings) = data::read_receipts(path, control)?;
    findings.extend(data::check_receipts(&receipts, items));
    super::load::sound((receipts, findings))
}

/// True when these are a receipt table's headers.
pub fn are_receipts(headers: &[String]) -> bool {
    data::are_receipts(headers.iter().map(String::as_str))
}

/// What receipts say about lead times.
pub fn learn_lead_times(receipts: &Receipts, items: &ItemTable) -> LeadTimes {
    inventory::learn_lead_times(receipts, items)
}

/// The item list with learnt lead times where the choice wants them: in its own rows, and in rows of their own for items at
/// locations that it only knows in general.
pub fn with_learnt(items: &Arc<ItemTable>, learnt: &LeadTimes, choice: &LeadTimeChoice) -> Arc<ItemTable> {
    if choice.is_master() {
        return items.clone();
    }
    let of_items = items.iter().map(|item| &item.id);
    let of_receipts = learnt.items.iter().map(|l| &l.id).filter(|id| items.get(id).is_some());
    let changed = of_items.chain(of_receipts).filter_map(|id| learnt_item(&items.lookup(id), learnt, choice));
    let mut table = (**items).clone();
    for item in changed.collect::<Vec<_>>() {
        table.insert(item);
    }
    Arc::new(table)
}

/// An item with the learnt lead time; `None` where it keeps its own.
fn learnt_item(item: &Item, learnt: &LeadTimes, choice: &LeadTimeChoice) -> Option<Item> {
    let found = learnt.get(&item.id).filter(|l| l.is_known)?;
    let (mean, sd) = staleness(found, item);
    (choice.of_item(&item.id, mean || sd) == LeadTimeUse::Learnt).then(|| taught(item, found))
}

/// An item with a learnt lead time, and the mark that says so.
fn taught(item: &Item, learnt: &LearntLeadTime) -> Item {
    let (mean_days, sd_days) = (learnt.mean_days, learnt.sd_days);
    let mark = LearntFrom { receipts: learnt.receipts, since: learnt.span.0, mean_days, sd_days };
    Item { lead_time_days: mean_days, lead_time_sd_days: sd_days, learnt_lead_time: Some(mark), ..item.clone() }
}

/// Whether receipts contradict an item's mean and its deviation.
fn staleness(learnt: &LearntLeadTime, item: &Item) -> (bool, bool) {
    (
        inventory::is_mean_stale(learnt, item.lead_time_days),
        inventory::is_deviation_stale(learnt, item.lead_time_sd_days),
    )
}

/// What receipts say about a plan's inputs; `None` without receipts.
pub(super) fn learnt(inputs: &Inputs) -> Option<Arc<LeadTimes>> {
    if inputs.receipts.is_empty() {
        return None;
    }
    let known = inputs.learnt.clone();
    Some(known.unwrap_or_else(|| Arc::new(learn_lead_times(&inputs.receipts, &inputs.items))))
}

/// The inputs with the lead times that are planned with.
pub(super) fn planned_with<'a>(
    inputs: &'a Inputs,
    learnt: Option<&LeadTimes>,
    choice: &LeadTimeChoice,
) -> Cow<'a, Inputs> {
    match learnt.map(|learnt| with_learnt(&inputs.items, learnt, choice)) {
        Some(items) if !Arc::ptr_eq(&items, &inputs.items) => Cow::Owned(Inputs { items, ..inputs.clone() }),
        _ => Cow::Borrowed(inputs),
    }
}

/// Receipts, the item list as it is, and what was learnt from both.
pub(super) struct Known<'a> {
    pub(super) receipts: &'a Receipts,
    pub(super) items: &'a ItemTable,
    pub(super) learnt: &'a Arc<LeadTimes>,
}

/// What receipts say about the items of a plan, in money where they are forecast.
///
/// `forecasts` are the plan's, under the scenario; none gives all items with receipts, without money.
///
/// # Errors
/// [`Cancelled`].
pub(super) fn report(
    known: &Known<'_>,
    forecasts: &[&Forecast],
    (scenario, settings): (&Scenario, &Settings),
    control: &Control,
) -> Result<LeadTimeReport, Cancelled> {
    let ids: Vec<(SeriesId, Option<&Forecast>)> = if forecasts.is_empty() {
        known.learnt.items.iter().map(|l| (l.id.clone(), None)).collect()
    } else {
        forecasts.iter().map(|f| (f.id.clone(), Some(*f))).collect()
    };
    let stage = Text::new("Comparing lead times", "正在核对提前期");
    let one = |(k, (id, forecast)): (usize, &(SeriesId, Option<&Forecast>))| {
        if k.is_multiple_of(64) {
            control.report(k as f64 / ids.len() as f64, &stage)?;
        }
        Ok(known.learnt.get(id).map(|found| checked(known, (id, found, *forecast), scenario, settings)))
    };
    let made: Vec<Option<(LeadTimeCheck, Reserve)>> = ids.par_iter().enumerate().map(one).collect::<Result<_, _>>()?;
    let mut reserves: BTreeMap<Arc<str>, (f64, f64)> = BTreeMap::new();
    let mut checks = Vec::new();
    for (check, reserve) in made.into_iter().flatten() {
        let held = reserves.entry(check.learnt.supplier.clone()).or_default();
        *held = (held.0 + reserve.capital, held.1 + reserve.cost_per_year);
        checks.push(check);
    }
    // The dearest first; without money the farthest off.
    let off = |c: &LeadTimeCheck| (c.learnt.mean_days - c.master_days).abs();
    checks.sort_by(|a, b| {
        let (x, y) = (a.cost_of_keeping(), b.cost_of_keeping());
        y.total_cmp(&x).then_with(|| off(b).total_cmp(&off(a))).then_with(|| a.id.cmp(&b.id))
    });
    let partners =
        PartnerInputs { receipts: known.receipts, lead_times: known.learnt, items: known.items, reserves: &reserves };
    Ok(LeadTimeReport {
        learnt: known.learnt.clone(),
        checks,
        scorecard: risk::scorecard(&partners, settings.scorecard),
    })
}

fn checked(
    known: &Known<'_>,
    (id, learnt, forecast): (&SeriesId, &LearntLeadTime, Option<&Forecast>),
    scenario: &Scenario,
    settings: &Settings,
) -> (LeadTimeCheck, Reserve) {
    let item = known.items.lookup(id);
    let (mean_is_stale, sd_is_stale) = staleness(learnt, &item);
    let used = match settings.lead_times.of_item(id, mean_is_stale || sd_is_stale) {
        LeadTimeUse::Learnt if learnt.is_known => LeadTimeUse::Learnt,
        _ => LeadTimeUse::Master,
    };
    let new = if learnt.is_known { taught(&item, learnt) } else { item.clone() };
    let (old, new) = (scenario.item(&item), scenario.item(&new));
    let money = forecast.filter(|_| learnt.is_known).map(|f| inventory::lead_time_money(f, &old, &new));
    let reserve = forecast.map(|f| inventory::lead_time_reserve(f, &new)).unwrap_or_default();
    let states = |field| item.stated.contains(&field);
    let mut check = LeadTimeCheck {
        id: id.clone(),
        name: item.name.clone(),
        master_days: item.lead_time_days,
        master_sd_days: item.lead_time_sd_days,
        mean_is_stated: states(ItemField::LeadTimeDays),
        sd_is_stated: states(ItemField::LeadTimeSdDays),
        learnt: learnt.clone(),
        mean_is_stale,
        sd_is_stale,
        used,
        money,
        why: Text::default(),
    };
    check.why = sentence(&check);
    (check, reserve)
}

/// What the item list says, what receipts say, and what the difference costs.
fn sentence(check: &LeadTimeCheck) -> Text {
    let l = &check.learnt;
    let (days, sd) = (figure(check.master_days), figure(check.master_sd_days));
    let said = if check.mean_is_stated {
        text!("The item list says {days} ± {sd} days", "商品清单为 {days} ± {sd} 天")
    } else {
        text!(
            "The item list says nothing, so {days} ± {sd} days stand by default",
            "商品清单未填写，默认 {days} ± {sd} 天"
        )
    };
    let (n, since) = (l.receipts, l.span.0);
    let (days, sd, p95) = (figure(round(l.mean_days)), figure(round(l.sd_days)), figure(round(l.quantiles.p95)));
    let seen = text!(
        "; {n} receipts since {since} took {days} ± {sd}, 95 % of them at most {p95}.",
        "；{since} 以来 {n} 次收货实际为 {days} ± {sd} 天，95% 不超过 {p95} 天。"
    );
    let mut sentence = Text::new(said.en + &seen.en, said.zh + &seen.zh);
    if let Some(change) = l.change {
        let (since, before, after) =
            (change.since, figure(round(change.before_days)), figure(round(change.after_days)));
        sentence = sentence.then(&text!(
            "It changed with the order of {since}, from {before} to {after} days.",
            "自 {since} 的订单起由 {before} 天变为 {after} 天。"
        ));
    }
    sentence.then(&verdict(check, check.money.as_ref()))
}

fn verdict(check: &LeadTimeCheck, money: Option<&LeadTimeMoney>) -> Text {
    if !check.learnt.is_known {
        return text!("Too few to plan with.", "收货次数过少，不用于计划。");
    }
    if !check.is_stale() {
        return text!("The two agree.", "两者相符。");
    }
    let Some(m) = money else { return text!("The item list is stale.", "商品清单已过时。") };
    let whole = |x: f64| figure(x.abs().round());
    let (kept, learnt) = (whole(m.shortage_kept), whole(m.shortage_learnt));
    let short = if m.shortage_kept >= m.shortage_learnt + 0.5 {
        text!(
            "Kept, it costs {kept} a year in shortages instead of {learnt}.",
            "若沿用，预计每年缺货成本 {kept}，改用实测值则为 {learnt}。"
        )
    } else {
        Text::default()
    };
    let (capital, holding) = (whole(m.capital), whole(m.holding_per_year));
    let held = if m.capital.abs() < 0.5 {
        text!("Safety stock stays as it is.", "安全库存不变。")
    } else if m.capital > 0.0 {
        text!(
            "Taking over the learnt one ties up {capital} more in safety stock, {holding} a year to hold.",
            "改用实测值后安全库存多占用 {capital}，年持有成本 {holding}。"
        )
    } else {
        text!(
            "Taking over the learnt one frees {capital} of safety stock, {holding} a year to hold.",
            "改用实测值后安全库存释放 {capital}，每年节省持有成本 {holding}。"
        )
    };
    short.then(&held)
}

/// To a tenth of a day.
fn round(days: f64) -> f64 {
    (days * 10.0).round() / 10.0
}

/// What receipts say about an item list, without forecasts and so without money.
///
/// # Errors
/// [`PipelineError::Cancelled`].
pub fn check_lead_times(
    receipts: &Receipts,
    items: &ItemTable,
    settings: &Settings,
    control: &Control,
) -> Result<LeadTimeReport, PipelineError> {
    let learnt = Arc::new(learn_lead_times(receipts, items));
    let known = Known { receipts, items, learnt: &learnt };
    Ok(report(&known, &[], (&Scenario::base(""), settings), control)?)
}

/// The plan with its suppliers scored by other weights.
pub fn weighed(plan: &Arc<Plan>, weights: ScoreWeights) -> Arc<Plan> {
    match &plan.lead_times {
        Some(report) if report.scorecard.weights != weights => {
            let scorecard = risk::weigh(&report.scorecard, weights);
            let report = Arc::new(LeadTimeReport { scorecard, ..(**report).clone() });
            Arc::new(Plan { lead_times: Some(report), ..(**plan).clone() })
        }
        _ => plan.clone(),
    }
}
