//! Items in segments, and what the segments' rules make of their master data.

use super::{Inputs, Layered, Settings, lead_times};
use crate::forecast;
use crate::inventory::{self, ClassInput};
use crate::model::{
    AbcCriterion, DemandClass, Forecast, ForecastLayers, Item, ItemClass, ItemField, ItemTable, Plan, Policy,
    SafetyBasis, SalesPanel, Segment, SegmentRule, Segmentation, Segments, Series, SeriesForecast, ShortageRule,
    StockPolicy, Stocking, XyzMeasure, YearlyDemand,
};
use crate::text;
use crate::words::Text;
use rayon::prelude::*;
use std::sync::Arc;

/// Cuts the items into segments by the base's history and forecasts: a what-if doesn't reclass. Milliseconds for 10,000.
pub fn segments(panel: &SalesPanel, items: &ItemTable, layered: &Layered, segmentation: &Segmentation) -> Segments {
    let one = |(k, series): (usize, &SeriesForecast)| {
        let last = layered.layers.get(k).map(ForecastLayers::last);
        let mean = last.unwrap_or(&series.best().mean);
        class_input(panel.get(&series.id), series, mean, &items.lookup(&series.id), segmentation)
    };
    let inputs = layered.statistical.par_iter().enumerate().map(one).collect();
    Segments { segmentation: segmentation.clone(), items: inventory::classify(inputs, segmentation), cells: Vec::new() }
}

/// Years of history that variability is measured on.
const YEARS_OF_VARIATION: usize = 2;

fn class_input(
    history: Option<&Series>,
    series: &SeriesForecast,
    mean: &[f64],
    item: &Item,
    segmentation: &Segmentation,
) -> ClassInput {
    let frequency = series.best().start.frequency();
    let year = (frequency.periods_per_year().round() as usize).max(1);
    let values = history.map_or(&[][..], |h| sold(&h.values));
    let lately = &values[values.len().saturating_sub(year)..];
    let is_sold = segmentation.yearly == YearlyDemand::Sold && !values.is_empty();
    let (per_period, periods_sold) = if is_sold {
        (average(lately), share_sold(lately))
    } else {
        (average(mean), share_sold(if lately.is_empty() { mean } else { lately }))
    };
    let units = (per_period * year as f64).max(0.0);
    let window = &values[values.len().saturating_sub(YEARS_OF_VARIATION * year)..];
    let variation = match segmentation.measure {
        XyzMeasure::Demand => inventory::variation(window),
        XyzMeasure::WithoutSeason => inventory::variation_without_season(window, frequency.season_length())
            .or_else(|| inventory::variation(window)),
        XyzMeasure::ForecastError => {
            let rmse = series.best_score().and_then(|score| score.accuracy?.rmse);
            rmse.map(|rmse| rmse / average(lately)).filter(|v| v.is_finite() && *v >= 0.0)
        }
    };
    let price = if item.price > 0.0 { item.price } else { item.unit_cost };
    let value = match segmentation.criterion {
        AbcCriterion::Revenue => units * price,
        AbcCriterion::Cost => units * item.unit_cost,
        AbcCriterion::Margin => units * (item.price - item.unit_cost),
        AbcCriterion::Units => units,
        AbcCriterion::PeriodsSold => periods_sold * year as f64,
    };
    ClassInput {
        id: series.id.clone(),
        value,
        units,
        variation,
        demand: if values.is_empty() { (DemandClass::None, 0.0, 0.0) } else { forecast::demand_class(values) },
        known: values.len(),
        note: note(item, values.len(), year, variation, segmentation),
    }
}

fn note(item: &Item, known: usize, year: usize, variation: Option<f64>, segmentation: &Segmentation) -> Text {
    let needs_price = matches!(segmentation.criterion, AbcCriterion::Revenue | AbcCriterion::Margin);
    let is_priceless = needs_price && item.price <= 0.0;
    let is_costless = segmentation.criterion == AbcCriterion::Cost && item.unit_cost <= 0.0;
    let age = match known {
        0 => text!("Never sold: its value is the forecast's", "从未销售：金额按预测计算"),
        n if n < year => text!("New: {n} periods, as a year's", "新品：按 {n} 期折算全年"),
        _ => Text::default(),
    };
    let price = match (is_priceless, is_costless) {
        (true, _) => text!("No sales price: unit cost stands for it", "无售价：以单位成本代替"),
        (_, true) => text!("No unit cost", "无单位成本"),
        _ => Text::default(),
    };
    let steadiness = if variation.is_none() {
        text!("Too little known to call it steady", "数据不足，无法判断是否平稳")
    } else {
        Text::default()
    };
    [age, price, steadiness].iter().filter(|t| !t.is_empty()).fold(Text::default(), |all, next| {
        if all.is_empty() {
            return next.clone();
        }
        Text::new(format!("{}. {}", all.en, next.en), format!("{}。{}", all.zh, next.zh))
    })
}

/// The history from the first sale on.
fn sold(values: &[f64]) -> &[f64] {
    let first = values.iter().position(|v| *v != 0.0).unwrap_or(values.len());
    &values[first..]
}

fn average(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

fn share_sold(values: &[f64]) -> f64 {
    values.iter().filter(|v| **v > 0.0).count() as f64 / values.len().max(1) as f64
}

/// Master data with the rules of the items' segments: default < segment < what the item's own file states < scenario. The
/// same table when no rule is in force.
pub fn with_segments(items: &Arc<ItemTable>, segments: &Segments) -> Arc<ItemTable> {
    if !segments.segmentation.is_in_force() {
        return items.clone();
    }
    let mut table = (**items).clone();
    for class in &segments.items {
        if let Some(rule) = segments.segmentation.rule(class.segment) {
            let mut item = items.lookup(&class.id);
            apply(rule, class.segment, &mut item);
            table.insert(item);
        }
    }
    Arc::new(table)
}

/// Targets: an item that states one of its own keeps what it is made for.
const TARGETS: [ItemField; 4] =
    [ItemField::SafetyBasis, ItemField::ServiceLevel, ItemField::FillRate, ItemField::CoverDays];

/// What a rule makes of an item.
fn apply(rule: &SegmentRule, segment: Segment, item: &mut Item) {
    item.segment = Some(segment);
    let has_target = TARGETS.iter().any(|field| item.stated.contains(field));
    let has_levels = [ItemField::SafetyStock, ItemField::MaxLevel].iter().any(|field| item.stated.contains(field));
    let mut take = |field: ItemField, is_ruled: bool| {
        let takes = is_ruled && !item.stated.contains(&field);
        if takes {
            item.by_segment.insert(field);
        }
        takes
    };
    let basis = basis(rule).filter(|_| !has_target);
    let takes_basis = take(ItemField::SafetyBasis, basis.is_some());
    let takes_level = take(ItemField::ServiceLevel, rule.service_level.is_some());
    let takes_fill = take(ItemField::FillRate, rule.fill_rate.is_some());
    let takes_cover = take(ItemField::CoverDays, rule.cover_days.is_some());
    let takes_review = take(ItemField::ReviewPeriodDays, rule.review_period_days.is_some());
    let to_order = rule.stocking == Stocking::ToOrder && !has_levels;
    let takes_policy = take(ItemField::Policy, rule.policy.is_some() || to_order);
    let takes_shortage = take(ItemField::ShortageCost, to_order);
    if to_order {
        item.by_segment.extend([ItemField::SafetyStock, ItemField::MaxLevel]);
        item.stocking = Stocking::ToOrder;
        // Up to nothing: what is ordered is what customers wait for.
        (item.safety_stock, item.max_level) = (Some(0.0), Some(0.0));
    }
    if takes_shortage {
        // The customer has agreed to wait: nothing is lost by it.
        item.shortage_cost = 0.0;
    }
    if takes_policy {
        item.policy = if to_order { Policy::BaseStock } else { rule.policy.unwrap_or(item.policy) };
    }
    let set = |to: &mut f64, takes: bool, value: Option<f64>| {
        if let Some(value) = value.filter(|_| takes) {
            *to = value;
        }
    };
    if let Some(basis) = basis.filter(|_| takes_basis) {
        item.safety_basis = basis;
    }
    set(&mut item.service_level, takes_level, rule.service_level);
    set(&mut item.fill_rate, takes_fill, rule.fill_rate);
    set(&mut item.cover_days, takes_cover, rule.cover_days);
    set(&mut item.review_period_days, takes_review, rule.review_period_days);
}

/// What safety stock is made for under a rule: as stated, else by the one target that is.
pub(super) fn basis(rule: &SegmentRule) -> Option<SafetyBasis> {
    rule.safety_basis.or(match (rule.service_level, rule.fill_rate, rule.cover_days) {
        (None, Some(_), _) => Some(SafetyBasis::FillRate),
        (None, None, Some(_)) => Some(SafetyBasis::Cover),
        _ => None,
    })
}

/// How stock of an item is planned: customers wait for what is bought to order, whatever others do.
pub(super) fn stock_policy(item: &Item, policy: StockPolicy) -> StockPolicy {
    match item.stocking {
        Stocking::Stocked => policy,
        Stocking::ToOrder => StockPolicy { shortage: ShortageRule::Backorder, ..policy },
    }
}

/// The segments with what each holds in a plan: stock, fill rate, exceptions.
pub fn segment_matrix(segments: &Segments, plan: &Plan) -> Segments {
    let is_exception =
        |class: &ItemClass, item: &Item| !overruled(item, segments.segmentation.rule(class.segment)).is_empty();
    let forecasts: Vec<&Forecast> = plan.forecasts.iter().map(SeriesForecast::best).collect();
    let cells = inventory::segment_matrix(&segments.items, (&plan.stock, &plan.items), &forecasts, is_exception);
    Segments { cells, ..segments.clone() }
}

/// The fields of an item that its own data states otherwise than the engine or its segment's rule would have them.
pub(super) fn overruled(item: &Item, rule: Option<&SegmentRule>) -> Vec<ItemField> {
    let own = |field: ItemField| item.stated.contains(&field);
    let mut list: Vec<ItemField> = [ItemField::SafetyStock, ItemField::MaxLevel]
        .into_iter()
        .filter(|field| own(*field) && item.stocking == Stocking::Stocked)
        .collect();
    let Some(rule) = rule else { return list };
    let other = |now: f64, ruled: Option<f64>| ruled.is_some_and(|ruled| (now - ruled).abs() > 1e-9);
    let differs = |field: ItemField| match field {
        ItemField::Policy => rule.policy.is_some_and(|policy| policy != item.policy),
        ItemField::SafetyBasis => basis(rule).is_some_and(|basis| basis != item.safety_basis),
        ItemField::ServiceLevel => other(item.service_level, rule.service_level),
        ItemField::FillRate => other(item.fill_rate, rule.fill_rate),
        ItemField::CoverDays => other(item.cover_days, rule.cover_days),
        ItemField::ReviewPeriodDays => other(item.review_period_days, rule.review_period_days),
        _ => false,
    };
    list.extend(SegmentRule::FIELDS.into_iter().filter(|field| own(*field) && differs(*field)));
    list
}

/// Master data with the rules of its segments, when some are in force.
pub(super) fn ruled_items(inputs: &Inputs, layered: &Layered, settings: &Settings) -> Arc<ItemTable> {
    if !settings.segmentation.is_in_force() {
        return inputs.items.clone();
    }
    with_segments(&inputs.items, &segments(&inputs.panel, &inputs.items, layered, &settings.segmentation))
}

/// The items that are planned: with the lead times learnt from receipts and the segments' rules where the settings want them.
pub(super) fn planned_items(inputs: &Inputs, layered: &Layered, settings: &Settings) -> Arc<ItemTable> {
    let learnt = lead_times::learnt(inputs);
    ruled_items(&lead_times::planned_with(inputs, learnt.as_deref(), &settings.lead_times), layered, settings)
}
