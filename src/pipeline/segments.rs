//! Items in segments, and what the segments' rules make of their master data.

use super::{Inputs, Layered, PipelineError, Settings};
use crate::control::{Cancelled, Control};
use crate::forecast;
use crate::inventory::{self, ClassInput, ExchangeOptions, PlannedItem, PurchaseCandidate};
use crate::model::{
    AbcCriterion, DemandClass, ExchangeCurve, Forecast, Item, ItemClass, ItemField, ItemTable, Plan, PurchaseBudget,
    PurchaseList, SafetyBasis, Segment, SegmentException, SegmentRule, Segmentation, Segments, Series, SeriesForecast,
    ShortWeight, StockPlan, StockPolicy, Stocking, Policy, XyzMeasure, YearlyDemand, SalesPanel,
};
use crate::text;
use crate::words::Text;
use rayon::prelude::*;
use std::sync::Arc;

/// Cuts the items into segments by the base's history and forecasts: a what-if doesn't reclass. Milliseconds for 10,000.
pub fn segments(panel: &SalesPanel, items: &ItemTable, layered: &Layered, segmentation: &Segmentation) -> Segments {
    let one = |(k, series): (usize, &SeriesForecast)| {
        let last = layered.layers.get(k).map(|layers| layers.last());
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
        XyzMeasure::WithoutSeason => {
            inventory::variation_without_season(window, frequency.season_length())
                .or_else(|| inventory::variation(window))
        }
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
fn basis(rule: &SegmentRule) -> Option<SafetyBasis> {
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
        Stocking::ToOrder => StockPolicy { shortage: crate::model::ShortageRule::Backorder, ..policy },
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
fn overruled(item: &Item, rule: Option<&SegmentRule>) -> Vec<ItemField> {
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

/// What to study of a plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudyOptions {
    /// The segment that the exchange curve is of; `None` for all items.
    pub segment: Option<Segment>,
    /// What a unit short counts there.
    pub weight: ShortWeight,
    /// Orders of the first so many periods compete for the budget.
    pub periods: usize,
}

/// A plan's stock under study: the exchange curve, what may be bought, and the exceptions.
#[derive(Debug, Clone)]
pub struct StockStudy {
    /// Stock value against service.
    pub curve: ExchangeCurve,
    /// What may be bought.
    pub candidates: Vec<PurchaseCandidate>,
    /// Where items' own data overrules engine or segment.
    pub exceptions: Vec<SegmentException>,
}

impl StockStudy {
    /// Chooses what to buy within a budget.
    pub fn purchase_list(&self, budget: &PurchaseBudget) -> PurchaseList {
        inventory::purchase_list(&self.candidates, budget)
    }
}

/// Studies the stock of a plan: a second or two for 10,000 items.
///
/// # Errors
/// [`PipelineError::Cancelled`].
pub fn study_stock(
    (plan, segments): (&Plan, &Segments),
    settings: &Settings,
    options: &StudyOptions,
    control: &Control,
) -> Result<StockStudy, PipelineError> {
    let planned = || plan.forecasts.iter().zip(&plan.items).zip(&plan.stock);
    let all: Vec<PlannedItem<'_>> = planned()
        .map(|((series, item), stock)| PlannedItem { forecast: series.best(), item, stock })
        .collect();
    let is_in = |item: &&PlannedItem<'_>| {
        let class = segments.get(&item.forecast.id);
        options.segment.is_none_or(|segment| class.is_some_and(|class| class.segment == segment))
    };
    let some: Vec<PlannedItem<'_>> = all.iter().filter(is_in).copied().collect();
    let StudyOptions { segment, weight, periods } = *options;
    let shortage = settings.policy.shortage;
    let exchange = ExchangeOptions { segment, weight, shortage };
    let curve = inventory::exchange_curve(&some, &exchange, &control.part(0.0, 0.4))?;
    let candidates = inventory::purchase_candidates(&all, periods, shortage, &control.part(0.4, 0.7))?;
    let exceptions = exceptions(&all, segments, settings, &control.part(0.7, 1.0))?;
    Ok(StockStudy { curve, candidates, exceptions })
}

/// Every field in which an item's own data overrules engine or segment, planned both ways.
fn exceptions(
    all: &[PlannedItem<'_>],
    segments: &Segments,
    settings: &Settings,
    control: &Control,
) -> Result<Vec<SegmentException>, Cancelled> {
    control.report(0.0, &Text::new("Comparing exceptions", "正在比较例外"))?;
    let one = |planned: &PlannedItem<'_>| -> Result<Vec<SegmentException>, Cancelled> {
        control.check()?;
        let class = segments.get(&planned.forecast.id);
        let rule = class.and_then(|class| segments.segmentation.rule(class.segment));
        let fields = overruled(planned.item, rule);
        let segment = class.map(|class| class.segment);
        Ok(fields.into_iter().map(|field| exception(planned, field, (segment, rule), settings)).collect())
    };
    let found: Result<Vec<_>, Cancelled> = all.par_iter().map(one).collect();
    Ok(found?.into_iter().flatten().collect())
}

fn exception(
    planned: &PlannedItem<'_>,
    field: ItemField,
    (segment, rule): (Option<Segment>, Option<&SegmentRule>),
    settings: &Settings,
) -> SegmentException {
    let PlannedItem { forecast, item, stock } = *planned;
    let without = without(item, field, rule);
    let other = inventory::plan(forecast, &without, &stock_policy(&without, settings.policy));
    let value = |plan: &StockPlan| plan.average_stock * item.unit_cost;
    let level = |plan: &StockPlan, item: &Item| field_value(field, item, plan);
    let is_ruled = rule.is_some() && !matches!(field, ItemField::SafetyStock | ItemField::MaxLevel);
    SegmentException {
        id: forecast.id.clone(),
        segment,
        field,
        computed: level(&other, &without),
        own: level(stock, item),
        by_segment: is_ruled,
        stock_difference: value(stock) - value(&other),
        fill_difference: stock.fill_rate - other.fill_rate,
    }
}

/// The item as it would be without its own word on a field.
fn without(item: &Item, field: ItemField, rule: Option<&SegmentRule>) -> Item {
    let mut item = item.clone();
    item.stated.remove(&field);
    let rule = rule.copied().unwrap_or_default();
    match field {
        ItemField::SafetyStock => item.safety_stock = None,
        ItemField::MaxLevel => item.max_level = None,
        ItemField::Policy => item.policy = rule.policy.unwrap_or(item.policy),
        ItemField::SafetyBasis => item.safety_basis = basis(&rule).unwrap_or(item.safety_basis),
        ItemField::ServiceLevel => item.service_level = rule.service_level.unwrap_or(item.service_level),
        ItemField::FillRate => item.fill_rate = rule.fill_rate.unwrap_or(item.fill_rate),
        ItemField::CoverDays => item.cover_days = rule.cover_days.unwrap_or(item.cover_days),
        ItemField::ReviewPeriodDays => {
            item.review_period_days = rule.review_period_days.unwrap_or(item.review_period_days);
        }
        _ => {}
    }
    item
}

fn field_value(field: ItemField, item: &Item, plan: &StockPlan) -> Text {
    let percent = |x: f64| Text::same(format!("{}%", crate::words::figure(100.0 * x)));
    let days = |x: f64| {
        let days = crate::words::figure(x);
        text!("{days} days", "{days} 天")
    };
    let units = |x: f64| Text::same(crate::words::figure(x));
    match field {
        ItemField::SafetyStock => units(plan.safety_stock),
        ItemField::MaxLevel => units(plan.max_level),
        ItemField::Policy => item.policy.label(),
        ItemField::SafetyBasis => item.safety_basis.label(),
        ItemField::ServiceLevel => percent(item.service_level),
        ItemField::FillRate => percent(item.fill_rate),
        ItemField::CoverDays => days(item.cover_days),
        ItemField::ReviewPeriodDays => days(item.review_period_days),
        _ => Text::default(),
    }
}

/// Master data with the rules of its segments, when some are in force.
pub(super) fn ruled_items(inputs: &Inputs, layered: &Layered, settings: &Settings) -> Arc<ItemTable> {
    if !settings.segmentation.is_in_force() {
        return inputs.items.clone();
    }
    with_segments(&inputs.items, &segments(&inputs.panel, &inputs.items, layered, &settings.segmentation))
}
