//! All items under one scenario within a few frames: prepared once, then only decided and walked.
//!
//! A plan takes explanations, orders, lines and dispatch; dragging a slider over everything needs totals. The same
//! decision and the same walk make them, so that both agree; `tests/it/portfolio.rs` holds them together.

use super::segments::{planned_items, stock_policy};
use super::{Forecasts, Inputs, Layered, Settings};
use crate::control::{Cancelled, Control};
use crate::costing::money;
use crate::inventory::{PreparedDemand, Scratch, StockFigures};
use crate::model::{Change, Forecast, Item, ItemTable, PortfolioTotals, Scenario, SeriesId, StockPolicy};
use crate::words::Text;
use rayon::prelude::*;
use std::sync::Arc;

/// The items of a panel, prepared.
#[derive(Debug)]
pub struct Portfolio {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    forecast: Arc<Forecast>,
    prepared: PreparedDemand,
    base: Item,
    /// Years of the horizon.
    years: f64,
}

/// One item's figures under a scenario.
#[derive(Debug, Clone)]
pub struct ItemFigures {
    /// Master data under the scenario.
    pub item: Item,
    demand: DemandChange,
    /// What the decision gives.
    pub stock: StockFigures,
    /// Years of the horizon.
    years: f64,
}

impl ItemFigures {
    /// Item and location.
    pub fn id(&self) -> &SeriesId {
        &self.item.id
    }

    /// Years of the horizon.
    pub fn years(&self) -> f64 {
        self.years
    }

    /// Mean stock × unit cost, money.
    pub fn stock_value(&self) -> f64 {
        self.stock.average_stock.max(0.0) * money(self.item.unit_cost)
    }

    /// Cost of the orders' goods, money.
    pub fn purchase(&self) -> f64 {
        self.stock.ordered * money(self.item.unit_cost)
    }

    /// Cost of placing the orders, money.
    pub fn ordering(&self) -> f64 {
        self.stock.orders * money(self.item.order_cost)
    }

    /// Cost of holding the mean stock over the horizon, money.
    pub fn holding(&self) -> f64 {
        self.stock.average_stock.max(0.0) * self.years * money(self.item.holding_rate) * money(self.item.unit_cost)
    }

    /// Cost of the expected shortage, money.
    pub fn shortage_cost(&self) -> f64 {
        self.stock.shortage.max(0.0) * money(self.item.shortage_cost)
    }
}

/// How a scenario changes one item's demand.
#[derive(Debug, Clone, PartialEq)]
enum DemandChange {
    /// Times this.
    Scale(f64),
    /// Something else, and later by so many periods.
    Other(Vec<Change>, i64),
}

impl DemandChange {
    fn times(self, factor: f64) -> Self {
        match self {
            Self::Scale(scale) => Self::Scale(scale * factor),
            Self::Other(mut changes, delay) => {
                changes.push(Change::Scale(factor));
                Self::Other(changes, delay)
            }
        }
    }

    fn of(scenario: &Scenario, base: &Item) -> Self {
        let (changes, delay) = (scenario.demand_changes(base), scenario.demand_delay(base));
        let scale = changes.iter().try_fold(1.0, |all, change| match change {
            Change::Scale(k) => Some(all * k.max(0.0)),
            Change::Clear => Some(all),
            _ => None,
        });
        match scale.filter(|_| delay == 0) {
            Some(scale) => Self::Scale(scale),
            None => Self::Other(changes, delay),
        }
    }
}

/// All items' figures under one scenario.
#[derive(Debug, Clone)]
pub struct PortfolioFigures {
    policy: StockPolicy,
    /// One per item, in panel order.
    pub items: Vec<ItemFigures>,
    /// Their totals.
    pub totals: PortfolioTotals,
}

impl Portfolio {
    /// Prepares the items of final forecasts. Takes memory of the size of all sample paths.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn prepare(forecasts: &Forecasts, items: &ItemTable, control: &Control) -> Result<Self, Cancelled> {
        let stage = Text::new("Preparing all items", "准备全部商品");
        control.report(0.0, &stage)?;
        let entry = |series: &crate::model::SeriesForecast| {
            control.check()?;
            let forecast = series.best();
            let years = forecast.mean.len() as f64 / forecast.start.frequency().periods_per_year();
            let (prepared, base) = (PreparedDemand::new(forecast), items.lookup(&series.id));
            Ok(Entry { forecast: Arc::new(forecast.clone()), prepared, base, years })
        };
        let entries: Result<Vec<Entry>, Cancelled> = forecasts.par_iter().map(entry).collect();
        Ok(Self { entries: entries? })
    }

    /// Prepares a plan's items: with the lead times learnt from receipts and the segments' rules where the settings want
    /// them, as [`plan`](super::plan()) does.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn of_inputs(
        inputs: &Inputs,
        layered: &Layered,
        settings: &Settings,
        control: &Control,
    ) -> Result<Self, Cancelled> {
        Self::prepare(&layered.final_forecasts(), &planned_items(inputs, layered, settings), control)
    }

    /// Number of items at locations.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The figures under a scenario. Items that stand as in `before` keep its figures.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn evaluate(
        &self,
        scenario: &Scenario,
        policy: StockPolicy,
        before: Option<&PortfolioFigures>,
        control: &Control,
    ) -> Result<PortfolioFigures, Cancelled> {
        self.evaluate_adjusted((scenario, policy), &|_, _, _| {}, before, control)
    }

    /// As [`Self::evaluate`], with something changed on top: `adjust` gets each item's place in the panel, its master data
    /// under the scenario and a factor of its demand.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn evaluate_adjusted(
        &self,
        (scenario, policy): (&Scenario, StockPolicy),
        adjust: &(dyn Fn(usize, &mut Item, &mut f64) + Sync),
        before: Option<&PortfolioFigures>,
        control: &Control,
    ) -> Result<PortfolioFigures, Cancelled> {
        let before = before.filter(|b| b.policy == policy && b.items.len() == self.entries.len());
        let one = |scratch: &mut Scratch, (k, entry): (usize, &Entry)| {
            control.check()?;
            let (mut item, mut factor) = (scenario.item(&entry.base), 1.0);
            adjust(k, &mut item, &mut factor);
            let demand = DemandChange::of(scenario, &entry.base).times(factor);
            if let Some(same) = before.map(|b| &b.items[k]).filter(|b| b.item == item && b.demand == demand) {
                return Ok(same.clone());
            }
            let stock = match &demand {
                DemandChange::Scale(scale) => {
                    entry.prepared.evaluate(*scale, &item, &stock_policy(&item, policy), scratch)
                }
                DemandChange::Other(changes, delay) => {
                    let forecast = entry.forecast.delayed(*delay).with_demand(changes);
                    PreparedDemand::new(&forecast).evaluate(1.0, &item, &stock_policy(&item, policy), scratch)
                }
            };
            Ok(ItemFigures { item, demand, stock, years: entry.years })
        };
        let figures = self.entries.par_iter().enumerate().map_init(Scratch::default, one);
        let items: Result<Vec<ItemFigures>, Cancelled> = figures.collect();
        let items = items?;
        Ok(PortfolioFigures { policy, totals: totals(&items), items })
    }
}

/// Sums over items, in their order.
pub(super) fn totals(items: &[ItemFigures]) -> PortfolioTotals {
    let mut all = PortfolioTotals { series: items.len(), ..PortfolioTotals::default() };
    let (mut served, mut served_value) = (0.0, 0.0);
    for figures in items {
        let (stock, cost) = (&figures.stock, money(figures.item.unit_cost));
        all.demand += stock.demand;
        all.demand_value += stock.demand * cost;
        served += stock.demand * stock.fill_rate;
        served_value += stock.demand * cost * stock.fill_rate;
        all.stock_value += figures.stock_value();
        all.safety_value += stock.safety_stock * cost;
        all.likely_stockouts += usize::from(stock.stockout_probability > 0.5);
        all.shortage += stock.shortage;
        all.orders += stock.orders;
        all.order_now += stock.order_now * cost;
        all.purchase += figures.purchase();
        all.ordering += figures.ordering();
        all.holding += figures.holding();
        all.shortage_cost += figures.shortage_cost();
    }
    all.fill_rate = if all.demand > 0.0 { served / all.demand } else { 1.0 };
    all.value_fill_rate = if all.demand_value > 0.0 { served_value / all.demand_value } else { 1.0 };
    all
}
