//! Payment terms → dated cash flow, and what it ties up.
//!
//! # When
//! What is sold in a period leaves evenly over its days and is paid so many days later as the customer takes; what arrives,
//! arrives in the morning of its period's first day and is paid so many days later as the supplier allows, or ahead.
//! What was sold and ordered before the plan keeps the terms that it was agreed by; those of a scenario hold for the rest.
//! Orders are paid for when they are placed, holding evenly, transport in its period. Days are the calendar's, so money of a
//! month may fall into three; a period without a calendar counts as one day.
//!
//! # Identities
//! Per period, per item and in all (money; every figure at cost but sales and receivables):
//! ```text
//! Δinventory   = received − cost of sales          Δreceivables = sales − collected
//! Δpayables    = received − paid                   Δcash        = collected − paid − other costs paid
//!              ⇒ Δcash = sales − cost of sales − other costs paid − Δ(inventory + receivables − payables)
//! ```
//! Shortage and the penalty of unmet demand are no cash: what isn't sold isn't collected either.

mod balances;
mod days;
mod goods;
mod series;
mod why;

use super::compute::money;
use crate::model::{
    CashFlow, CashPeriod, CashSettings, CashTrough, CostDriver, CostLedger, DispatchPlan, Forecast, Frequency, Item,
    Network, Period, SalesPanel, SeriesId, ShortageRule, StockPlan, WorkingCapital,
};
use balances::balances;
use days::{Days, Grid};
use series::{Grids, SeriesInputs};

/// What cash is made of. The slices are aligned: one forecast, item and stock plan per series.
#[derive(Debug, Clone, Copy)]
pub struct CashInputs<'a> {
    /// Chosen forecast per series; all start in one period.
    pub forecasts: &'a [&'a Forecast],
    /// Master data per series.
    pub items: &'a [Item],
    /// Master data per series without the scenario: what was sold and ordered before the plan was agreed by these terms.
    pub agreed: &'a [Item],
    /// Stock plan per series.
    pub stock: &'a [StockPlan],
    /// What was sold before the plan.
    pub panel: &'a SalesPanel,
    /// The network the dispatch plan runs over.
    pub network: &'a Network,
    /// The dispatch plan, when there is one.
    pub dispatch: Option<&'a DispatchPlan>,
    /// All costs.
    pub ledger: &'a CostLedger,
    /// What happens to demand that finds no stock.
    pub shortage: ShortageRule,
    /// How the user wants cash computed.
    pub settings: CashSettings,
}

/// The dated cash flow of a plan; empty when nothing is planned.
pub fn cash_flow(inputs: &CashInputs<'_>) -> CashFlow {
    let periods = inputs.forecasts.iter().map(|f| f.mean.len()).max().unwrap_or(0);
    let Some(start) = inputs.forecasts.first().map(|f| f.start).filter(|_| periods > 0) else {
        return CashFlow::default();
    };
    let days = Days::new(start, periods);
    let mut grids = Grids::new(&days);
    let (sold, under_way) = goods(inputs, periods);
    let items: Vec<_> = inputs
        .items
        .iter()
        .zip(inputs.stock)
        .enumerate()
        .filter_map(|(k, (item, stock))| {
            let history = inputs.panel.get(&item.id).filter(|_| inputs.panel.end().plus(1) == start);
            let (sold, under_way) = (sold.get(k)?, *under_way.get(k)?);
            let agreed = inputs.agreed.get(k).unwrap_or(item);
            let opening = inputs.settings.opening;
            let series = SeriesInputs { item, agreed, stock, sold, under_way, history, opening };
            Some(series::book(&series, &days, &mut grids))
        })
        .collect();
    let mut opening = WorkingCapital::default();
    for item in &items {
        opening += item.opening;
    }
    let paid = Paid::new(inputs, &days, start);
    let (rows, lowest) = rows(start, &days, &grids, &paid, opening);
    let unpriced = items.iter().filter(|i| i.sold > 0.0 && i.price <= 0.0).count();
    let balances = balances(inputs, &items);
    let mut cash = CashFlow { opening, periods: rows, items, balances, unpriced, ..CashFlow::default() };
    cash.trough = trough(start, &lowest, &cash);
    cash.why = why::derivations(&cash);
    cash.notes = why::notes(&cash, inputs);
    cash
}

/// Units delivered per series and period, and when goods on order arrive.
fn goods(inputs: &CashInputs<'_>, periods: usize) -> (Vec<Vec<f64>>, Vec<i64>) {
    let series = inputs.forecasts.iter().zip(inputs.items).zip(inputs.stock);
    let (mut sold, under_way): (Vec<Vec<f64>>, Vec<i64>) = series
        .map(|((forecast, item), stock)| {
            let (receipts, under_way) = goods::receipts(item, stock, periods);
            (goods::deliveries(forecast, item, stock, &receipts, inputs.shortage), under_way)
        })
        .unzip();
    if let Some(dispatch) = inputs.dispatch {
        let ids: Vec<&SeriesId> = inputs.items.iter().map(|i| &i.id).take(sold.len()).collect();
        goods::withhold(&mut sold, &ids, inputs.forecasts, dispatch, inputs.network);
    }
    (sold, under_way)
}

/// Costs other than goods, day by day.
struct Paid {
    ordering: Grid,
    holding: Grid,
    transport: Grid,
}

impl Paid {
    fn new(inputs: &CashInputs<'_>, days: &Days, start: Period) -> Self {
        let mut paid = Self { ordering: Grid::new(days), holding: Grid::new(days), transport: Grid::new(days) };
        let last = days.periods() as i64 - 1;
        for (item, stock) in inputs.items.iter().zip(inputs.stock) {
            for order in &stock.orders {
                let period = order.order_period.since(stock.start).clamp(0, last);
                paid.ordering.put(days.first_of(period), money(item.order_cost), |_, _| {});
            }
        }
        let share = inputs.settings.paid_holding_share;
        let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
        paid.holding.spread((0, days.len()), inputs.ledger.of(CostDriver::Holding) * share, |_, _| {});
        let Some(dispatch) = inputs.dispatch else { return paid };
        let shipments = dispatch.shipments.iter().map(|s| (s.period, s.quantity * s.unit_cost));
        let trips = dispatch.trips.iter().map(|t| (t.period, t.count * t.trip_cost));
        for (period, cost) in shipments.chain(trips) {
            // Numbered demand of a network planned by itself has no dates: its costs go on evenly.
            let span = if period.frequency() == start.frequency() {
                let period = period.since(start).clamp(0, last);
                (days.first_of(period), days.first_of(period + 1))
            } else {
                (0, days.len())
            };
            paid.transport.spread(span, cost, |_, _| {});
        }
        paid
    }
}

/// The periods, and cash since the first day by the end of each day.
fn rows(
    start: Period,
    days: &Days,
    grids: &Grids,
    paid: &Paid,
    opening: WorkingCapital,
) -> (Vec<CashPeriod>, Vec<f64>) {
    let (mut now, mut cash) = (opening, 0.0);
    let mut by_day = Vec::with_capacity(days.len() as usize);
    let rows = (0..days.periods())
        .map(|h| {
            let of = days.of(h);
            let count = of.len() as f64;
            let (mut mean, mut within, mut dip) = (WorkingCapital::default(), 0.0, f64::INFINITY);
            let mut balance = now;
            for d in of.clone() {
                let at = |grid: &Grid| grid.money[d];
                balance.inventory += at(&grids.received);
                balance.payables += at(&grids.received) - at(&grids.paid);
                let (cost, owed) = (at(&grids.cost_of_sales), at(&grids.sales) - at(&grids.collected));
                mean += WorkingCapital {
                    inventory: balance.inventory - 0.5 * cost,
                    receivables: balance.receivables + 0.5 * owed,
                    payables: balance.payables,
                };
                balance.inventory -= cost;
                balance.receivables += owed;
                within += at(&grids.collected)
                    - (at(&grids.paid) + at(&paid.ordering) + at(&paid.holding) + at(&paid.transport));
                dip = dip.min(within);
                by_day.push(cash + within);
            }
            let mut row = CashPeriod {
                period: start.plus(h as i64),
                days: count,
                sales: grids.sales.sum(of.clone()),
                cost_of_sales: grids.cost_of_sales.sum(of.clone()),
                received: grids.received.sum(of.clone()),
                collected: grids.collected.sum(of.clone()),
                paid_suppliers: grids.paid.sum(of.clone()),
                paid_ordering: paid.ordering.sum(of.clone()),
                paid_holding: paid.holding.sum(of.clone()),
                paid_transport: paid.transport.sum(of),
                cumulative: 0.0,
                dip,
                lowest: cash + dip,
                closing: now,
                mean: WorkingCapital {
                    inventory: mean.inventory / count,
                    receivables: mean.receivables / count,
                    payables: mean.payables / count,
                },
            };
            cash += row.net();
            row.cumulative = cash;
            // As a reader of the table would reckon it.
            now = WorkingCapital {
                inventory: now.inventory + row.received - row.cost_of_sales,
                receivables: now.receivables + row.sales - row.collected,
                payables: now.payables + row.received - row.paid_suppliers,
            };
            row.closing = now;
            row
        })
        .collect();
    (rows, by_day)
}

/// A need this small beside what is paid is rounding.
const NOTHING: f64 = 1e-9;

fn trough(start: Period, by_day: &[f64], cash: &CashFlow) -> Option<CashTrough> {
    // The earliest of equals.
    let lowest = cash.periods.iter().map(|p| p.lowest).fold(f64::INFINITY, f64::min);
    let index = cash.periods.iter().position(|p| p.lowest <= lowest)?;
    let scale = cash.sum(CashPeriod::cash_out).max(1.0);
    if lowest >= -NOTHING * scale {
        return None;
    }
    let day = by_day.iter().position(|c| *c <= lowest + NOTHING * scale)?;
    let date = start.first_day().map(|first| Period::containing(first, Frequency::Day).plus(day as i64));
    Some(CashTrough { need: -lowest, day: date.unwrap_or_else(|| start.plus(index as i64)), index })
}
