//! What stock decisions are made from: the exchange curve, the orders that compete for money, the exceptions.

use super::segments::{basis, overruled, stock_policy};
use super::{PipelineError, Settings};
use crate::control::{Cancelled, Control};
use crate::inventory::{self, ExchangeOptions, PlannedItem, PurchaseCandidate};
use crate::model::{
    ExchangeCurve, Item, ItemField, Plan, PurchaseBudget, PurchaseList, Segment, SegmentException, SegmentRule,
    Segments, ShortWeight, StockPlan,
};
use crate::text;
use crate::words::{Text, figure};
use rayon::prelude::*;

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

/// Segments, study and purchase list of a plan.
#[derive(Debug, Clone)]
pub struct StockDecisions {
    /// The items in their segments, with what each holds.
    pub segments: Segments,
    /// Exchange curve, candidates, exceptions.
    pub study: StockStudy,
    /// What to buy within the budget.
    pub purchase: PurchaseList,
}

/// All stock decisions of a plan, as they are written out: the curve is of all items.
///
/// # Errors
/// [`PipelineError::Cancelled`].
pub fn decide_stock(
    (plan, segments): (&Plan, &Segments),
    settings: &Settings,
    budget: &PurchaseBudget,
    control: &Control,
) -> Result<StockDecisions, PipelineError> {
    let options = StudyOptions { segment: None, weight: ShortWeight::Value, periods: budget.periods };
    let study = study_stock((plan, segments), settings, &options, control)?;
    let purchase = study.purchase_list(budget);
    Ok(StockDecisions { segments: super::segment_matrix(segments, plan), study, purchase })
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
    let all: Vec<PlannedItem<'_>> =
        planned().map(|((series, item), stock)| PlannedItem { forecast: series.best(), item, stock }).collect();
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
    let percent = |x: f64| Text::same(format!("{}%", figure(100.0 * x)));
    let days = |x: f64| {
        let days = figure(x);
        text!("{days} days", "{days} 天")
    };
    let units = |x: f64| Text::same(figure(x));
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
