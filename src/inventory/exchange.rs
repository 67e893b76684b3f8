//! Stock value against service over many items: the exchange curve.
//!
//! For each item a safety factor k gives a reorder point r = D + k·σ over the protection interval, as in the plan. What follows from it is computed in
//! closed form, for the way in which the plan looks at stock, every R periods with goods L periods later:
//!
//! ```text
//! U   units by which a look finds the position below r: the excess of a renewal process of R periods' demand,
//!     E[U] = E[D²]/(2·E[D]), E[U²] = E[D³]/(3·E[D]) (Tijms, A First Course in Stochastic Models, 2003, section 2.1)
//! Q   mean order, the lot above r with E[U], rounded as orders are
//! X   demand of the time until goods arrive, with U: normal up to a coefficient of variation of a half, gamma beyond and
//!     where the lead time varies (Tijms & Groenevelt 1984, European Journal of Operational Research 17); n its loss
//! short per order   n(r) − n(r + Q)                    every look orders: n_{L+R}(S) − n_L(S) of R·d
//! mean stock        r − E[U] + Q/2 − D_L + what waits   S − D_L − R·d/2 + what waits
//! fill rate         1 − short/Q; demand that doesn't wait is lost: Q/(Q + short)
//! ```
//!
//! The same k for all items is the common curve. The efficient one gives each item the k at which one more unit of money
//! takes off as much shortage as at any other item. With convex items that is marginal allocation: the step that takes off
//! most per money comes first (Fox 1966, *Discrete optimization via marginal analysis*, Management Science 13; Brown 1967,
//! *Decision Rules for Inventory Management*; Silver, Pyke & Thomas 2017, section 6.11). An item whose own curve isn't
//! convex takes the corners of its convex hull.
//!
//! With many orders under way and lost sales the closed form is an upper bound of the shortage: it forgets that a loss leaves
//! more for the next.
//!
//! The levels are those of the standard reorder point, whichever rule is in force.

use super::inputs::amount;
use super::shelf::Shelf;
use crate::control::{Cancelled, Control};
use crate::model::{
    CurvePoint, ExchangeCurve, Forecast, Item, ItemLevels, Segment, ShortWeight, ShortageRule, StockPlan,
};
use crate::words::Text;
use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, Normal};

/// One item and what is planned for it.
#[derive(Debug, Clone, Copy)]
pub struct PlannedItem<'a> {
    /// Its final forecast.
    pub forecast: &'a Forecast,
    /// Its master data.
    pub item: &'a Item,
    /// Its stock plan.
    pub stock: &'a StockPlan,
}

/// Which curve.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ExchangeOptions {
    /// The segment that `items` are of; `None` for all. Said in the result, not looked at.
    pub segment: Option<Segment>,
    /// What a unit short counts.
    pub weight: ShortWeight,
    /// What happens to demand that finds no stock.
    pub shortage: ShortageRule,
}

/// Largest safety factor: a service level of 99.99 %.
const LARGEST_K: f64 = 3.7;
/// Safety factors tried, from 0 to the largest.
const STEPS: usize = 75;
/// Points of the efficient curve.
const POINTS: usize = 80;

/// The exchange curve of `items`: seconds for 10,000.
///
/// # Errors
/// [`Cancelled`].
pub fn exchange_curve(
    items: &[PlannedItem<'_>],
    options: &ExchangeOptions,
    control: &Control,
) -> Result<ExchangeCurve, Cancelled> {
    let stage = Text::new("Weighing stock against service", "正在权衡库存与服务");
    control.report(0.0, &stage)?;
    let one = |planned: &PlannedItem<'_>| {
        control.check()?;
        Ok(Shelf::new(planned, options.shortage).map(|shelf| Measured::new(&shelf, planned, options.weight)))
    };
    let measured: Vec<Measured> =
        items.par_iter().map(one).collect::<Result<Vec<_>, Cancelled>>()?.into_iter().flatten().collect();
    control.report(0.8, &stage)?;
    let demand = measured.iter().fold(Figures::default(), |sum, m| sum.plus(&m.demand, 1.0));
    let common = common(&measured, &demand);
    let present = measured.iter().fold(Figures::default(), |sum, m| sum.plus(&m.present, 1.0)).point(&demand);
    let simulated = measured.iter().fold(Figures::default(), |sum, m| sum.plus(&m.simulated, 1.0)).point(&demand);
    let (efficient, same_money, same_service) = efficient(&measured, &demand, &present, options.weight);
    let left_out = items.len() - measured.len();
    let levels = measured.into_iter().map(|m| m.levels).collect::<Vec<ItemLevels>>();
    Ok(ExchangeCurve {
        segment: options.segment,
        weight: options.weight,
        counted: levels.len(),
        left_out,
        efficient,
        common,
        present,
        simulated,
        same_money,
        same_service,
        levels,
    })
}

/// The service level of the `k`-th safety factor tried.
fn service_level(step: usize) -> f64 {
    Normal::standard().cdf(factor(step))
}

fn factor(step: usize) -> f64 {
    LARGEST_K * step as f64 / (STEPS - 1) as f64
}

/// Sums over items. Shortages are a year's.
#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    stock: f64,
    cycle: f64,
    safety: f64,
    short_value: f64,
    short_units: f64,
    short_cost: f64,
}

impl Figures {
    fn plus(&self, other: &Self, sign: f64) -> Self {
        Self {
            stock: self.stock + sign * other.stock,
            cycle: self.cycle + sign * other.cycle,
            safety: self.safety + sign * other.safety,
            short_value: self.short_value + sign * other.short_value,
            short_units: self.short_units + sign * other.short_units,
            short_cost: self.short_cost + sign * other.short_cost,
        }
    }

    fn weighed(&self, weight: ShortWeight) -> f64 {
        match weight {
            ShortWeight::Value => self.short_value,
            ShortWeight::ShortageCost => self.short_cost,
        }
    }

    /// As a point, of a demand a year.
    fn point(&self, demand: &Self) -> CurvePoint {
        let served = |short: f64, all: f64| if all > 0.0 { (1.0 - short / all).clamp(0.0, 1.0) } else { 1.0 };
        CurvePoint {
            stock_value: self.stock,
            cycle_value: self.cycle,
            safety_value: self.safety,
            fill_rate: served(self.short_value, demand.short_value),
            fill_by_units: served(self.short_units, demand.short_units),
            shortage_cost: self.short_cost.max(0.0),
            service_level: None,
            price: 0.0,
        }
    }
}

/// One item with its figures at every safety factor.
struct Measured {
    levels: ItemLevels,
    /// Figures at the corners of `levels`.
    corners: Vec<Figures>,
    /// Figures at every safety factor tried.
    grid: Vec<Figures>,
    present: Figures,
    simulated: Figures,
    /// Everything short: the demand of a year.
    demand: Figures,
}

impl Measured {
    fn new(shelf: &Shelf, planned: &PlannedItem<'_>, weight: ShortWeight) -> Self {
        let (item, stock) = (planned.item, planned.stock);
        let (cost, shortage) = (amount(item.unit_cost), amount(item.shortage_cost));
        let figures = |on_hand: f64, cycle: f64, safety: f64, short: f64| Figures {
            stock: on_hand * cost,
            cycle: cycle * cost,
            safety: safety * cost,
            short_value: short * shelf.yearly * cost,
            short_units: short * shelf.yearly,
            short_cost: short * shelf.yearly * shortage,
        };
        let at = |safety: f64| {
            let found = shelf.at(safety);
            figures(found.on_hand, found.cycle, safety, found.short)
        };
        let grid: Vec<Figures> = (0..STEPS).map(|step| at(factor(step) * shelf.spread)).collect();
        let corners = hull(&grid, weight);
        let worth = |a: &Figures, b: &Figures| (a.weighed(weight) - b.weighed(weight)) / (b.stock - a.stock);
        let steps = corners.iter().enumerate().map(|(n, step)| {
            let before = n.checked_sub(1).map(|n| corners[n]);
            (service_level(*step), before.map_or(f64::INFINITY, |b| worth(&grid[b], &grid[*step])))
        });
        Self {
            levels: ItemLevels { id: planned.forecast.id.clone(), corners: steps.collect() },
            corners: corners.iter().map(|step| grid[*step]).collect(),
            present: at(stock.safety_stock),
            simulated: figures(stock.average_stock, 0.0, stock.safety_stock, 1.0 - stock.fill_rate),
            demand: figures(0.0, 0.0, 0.0, 1.0),
            grid,
        }
    }
}

/// Steps on the lower convex hull of shortage over stock, from the cheapest on as long as shortage falls.
fn hull(grid: &[Figures], weight: ShortWeight) -> Vec<usize> {
    let mut corners: Vec<usize> = Vec::new();
    for (step, now) in grid.iter().enumerate() {
        while let Some(&last) = corners.last() {
            // Steps that cost nothing, or take nothing off for their money, are no corners.
            if now.stock <= grid[last].stock && now.weighed(weight) <= grid[last].weighed(weight) {
                corners.pop();
                continue;
            }
            let Some(&before) = corners.len().checked_sub(2).map(|n| &corners[n]) else { break };
            let slope = |a: &Figures, b: &Figures| (a.weighed(weight) - b.weighed(weight)) / (b.stock - a.stock);
            if slope(&grid[before], &grid[last]) > slope(&grid[last], now) {
                break;
            }
            corners.pop();
        }
        let takes_off = corners.last().is_none_or(|last| {
            let saved = grid[*last].weighed(weight) - now.weighed(weight);
            saved > LEAST_SAVED * grid[*last].weighed(weight) && now.stock > grid[*last].stock
        });
        if takes_off {
            corners.push(step);
        }
    }
    corners
}

/// A step that takes off a smaller share of the shortage is rounding.
const LEAST_SAVED: f64 = 1e-9;

fn common(measured: &[Measured], demand: &Figures) -> Vec<CurvePoint> {
    let at = |step: usize| {
        let sum = measured.iter().fold(Figures::default(), |sum, m| sum.plus(&m.grid[step], 1.0));
        CurvePoint { service_level: Some(service_level(step)), ..sum.point(demand) }
    };
    if measured.is_empty() { Vec::new() } else { (0..STEPS).map(at).collect() }
}

/// The efficient curve, its point at the present money and the one at the present service.
fn efficient(
    measured: &[Measured],
    demand: &Figures,
    present: &CurvePoint,
    weight: ShortWeight,
) -> (Vec<CurvePoint>, Option<CurvePoint>, Option<CurvePoint>) {
    let mut steps: Vec<(f64, u32, u8)> = Vec::new();
    let mut sum = Figures::default();
    for (k, item) in measured.iter().enumerate() {
        sum = sum.plus(&item.corners[0], 1.0);
        let later = item.levels.corners.iter().enumerate().skip(1);
        steps.extend(later.map(|(n, (_, worth))| (*worth, k as u32, n as u8)));
    }
    if measured.is_empty() {
        return (Vec::new(), None, None);
    }
    // Best first; an item's own steps are in falling order, so they keep theirs.
    steps.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let all = steps.iter().fold(sum, |sum, step| moved(&sum, measured, step));
    let part = (all.stock - sum.stock) / (POINTS - 1) as f64;
    let mut points = vec![CurvePoint { price: f64::MAX, ..sum.point(demand) }];
    let (mut same_money, mut same_service) = (None, None);
    let reaches = |point: &CurvePoint| match weight {
        ShortWeight::Value => point.fill_rate >= present.fill_rate,
        ShortWeight::ShortageCost => point.shortage_cost <= present.shortage_cost,
    };
    let mut look = |point: CurvePoint| {
        if point.stock_value <= present.stock_value {
            same_money = Some(point);
        }
        if same_service.is_none() && reaches(&point) {
            same_service = Some(point);
        }
    };
    look(points[0]);
    for alike in steps.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        sum = alike.iter().fold(sum, |sum, step| moved(&sum, measured, step));
        let point = CurvePoint { price: alike[0].0, ..sum.point(demand) };
        look(point);
        let last = points.last().map_or(0.0, |p| p.stock_value);
        if sum.stock - last >= part * (1.0 - 1e-9) {
            points.push(point);
        }
    }
    let last = steps.last().map(|step| CurvePoint { price: step.0, ..all.point(demand) });
    if let Some(last) = last.filter(|last| points.last().is_some_and(|p| p.price > last.price)) {
        points.push(last);
    }
    (points, same_money, same_service)
}

fn moved(sum: &Figures, measured: &[Measured], step: &(f64, u32, u8)) -> Figures {
    let (corners, n) = (&measured[step.1 as usize].corners, usize::from(step.2));
    sum.plus(&corners[n], 1.0).plus(&corners[n - 1], -1.0)
}
