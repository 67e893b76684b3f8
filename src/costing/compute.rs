//! The lines of the ledger.

use crate::model::{
    CostDriver, CostLedger, CostLine, DispatchPlan, Forecast, Item, Network, Period, Shipment, StockPlan,
};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is priced. The slices are aligned: one forecast, item and stock plan per series.
#[derive(Debug, Clone, Copy)]
pub struct CostInputs<'a> {
    /// Chosen forecast per series.
    pub forecasts: &'a [&'a Forecast],
    /// Master data per series.
    pub items: &'a [Item],
    /// Stock plan per series.
    pub stock: &'a [StockPlan],
    /// The network the dispatch plan runs over.
    pub network: &'a Network,
    /// The dispatch plan, when there is one.
    pub dispatch: Option<&'a DispatchPlan>,
}

/// All costs of a plan, by driver, then item, place and period.
pub fn compute(inputs: &CostInputs<'_>) -> CostLedger {
    let series = inputs.forecasts.iter().zip(inputs.items).zip(inputs.stock);
    let mut lines: Vec<CostLine> = series.flat_map(|((f, item), stock)| series_lines(f, item, stock)).collect();
    if let Some(plan) = inputs.dispatch {
        lines.extend(shipment_lines(plan, inputs.network));
        lines.extend(trip_lines(plan, inputs.network));
        lines.extend(unmet_lines(plan));
    }
    sorted(lines)
}

/// Cost of one series alone (no transport): what a slider moves. Same lines as [`compute`] gives for it.
pub fn compute_series(forecast: &Forecast, item: &Item, stock: &StockPlan) -> CostLedger {
    sorted(series_lines(forecast, item, stock))
}

fn sorted(mut lines: Vec<CostLine>) -> CostLedger {
    lines.retain(|l| l.quantity != 0.0 && l.rate != 0.0);
    lines.sort_by(|a, b| (a.driver, &a.item, &a.place, a.period).cmp(&(b.driver, &b.item, &b.place, b.period)));
    CostLedger { lines }
}

fn series_lines(forecast: &Forecast, item: &Item, stock: &StockPlan) -> Vec<CostLine> {
    let unit_cost = money(item.unit_cost);
    let mut lines: Vec<CostLine> =
        stock.orders.iter().map(|order| purchase(item, order.order_period, order.quantity, unit_cost)).collect();
    let years = forecast.mean.len() as f64 / forecast.start.frequency().periods_per_year();
    let whole = |driver, quantity, unit, rate, source| {
        line(driver, &item.id.item, &item.id.location, quantity, unit, rate, source)
    };
    lines.push(whole(
        CostDriver::Ordering,
        stock.orders.len() as f64,
        text!("orders", "单"),
        money(item.order_cost),
        text!("orders planned × cost per order", "计划订单数 × 每次订货成本"),
    ));
    lines.push(whole(
        CostDriver::Holding,
        money(stock.average_stock) * years,
        text!("unit-years", "件·年"),
        money(item.holding_rate) * unit_cost,
        text!(
            "expected average stock × years of the horizon × holding rate × unit cost",
            "期望平均库存 × 计划年数 × 持有费率 × 单位成本"
        ),
    ));
    lines.push(whole(
        CostDriver::Shortage,
        money(stock.average_shortage),
        units(),
        money(item.shortage_cost),
        text!("expected units short × cost of one unit short", "期望缺货量 × 单位缺货成本"),
    ));
    lines
}

fn purchase(item: &Item, period: Period, quantity: f64, unit_cost: f64) -> CostLine {
    let source = text!("order planned × unit cost", "计划订单 × 单位成本");
    let whole = line(CostDriver::Purchase, &item.id.item, &item.id.location, quantity, units(), unit_cost, source);
    CostLine { period: Some(period), ..whole }
}

/// One line per item, lane and rate, and one per item, site and rate for what the site does to get it out.
fn shipment_lines(plan: &DispatchPlan, network: &Network) -> Vec<CostLine> {
    let mut sums = BTreeMap::new();
    for s in &plan.shipments {
        let (lane, handling) = parts_of(s, network);
        let of =
            |driver, to: &Arc<str>, rate: f64| (driver, s.item.clone(), s.from.clone(), to.clone(), rate.to_bits());
        *sums.entry(of(CostDriver::TransportVariable, &s.to, lane)).or_insert(0.0) += s.quantity;
        if handling > 0.0 {
            *sums.entry(of(CostDriver::Handling, &s.from, handling)).or_insert(0.0) += s.quantity;
        }
    }
    let by_lane = text!("units shipped × cost per unit on the lane", "发运量 × 线路单位运费");
    let at_site = text!("units shipped × handling cost of the site", "发运量 × 仓库单位操作费");
    sums.into_iter()
        .map(|((driver, item, from, to, rate), quantity)| {
            let (place, source) = match driver {
                CostDriver::Handling => (from, &at_site),
                _ => (format!("{from} → {to}").into(), &by_lane),
            };
            line(driver, &item, &place, quantity, units(), f64::from_bits(rate), source.clone())
        })
        .collect()
}

/// A shipment's cost per unit on the lane and at the site. They sum to the shipment's own.
fn parts_of(shipment: &Shipment, network: &Network) -> (f64, f64) {
    let handling = network.site(&shipment.from).map_or(0.0, |s| money(s.handling_cost)).min(money(shipment.unit_cost));
    let lane = network.lanes.get(shipment.lane).map(|l| money(l.unit_cost));
    // The lane's own rate, where it is that: a difference would show digits that nobody stated.
    let rest = shipment.unit_cost - handling;
    (lane.filter(|l| (l - rest).abs() <= 1e-9 * rest.abs()).unwrap_or(rest), handling)
}

/// One line per lane and rate; trips carry all items.
fn trip_lines(plan: &DispatchPlan, network: &Network) -> Vec<CostLine> {
    let mut sums = BTreeMap::new();
    for trips in &plan.trips {
        *sums.entry((trips.lane, trips.trip_cost.to_bits())).or_insert(0.0) += trips.count;
    }
    let source = text!("trips × cost per trip", "车次 × 每车次成本");
    sums.into_iter()
        .map(|((lane, rate), count)| {
            let place = network.lanes.get(lane).map_or(String::new(), |l| format!("{} → {}", l.from, l.to));
            let (rate, unit) = (f64::from_bits(rate), text!("trips", "车次"));
            line(CostDriver::TransportFixed, &"".into(), &place.into(), count, unit, rate, source.clone())
        })
        .collect()
}

/// One line per item, customer and rate.
fn unmet_lines(plan: &DispatchPlan) -> Vec<CostLine> {
    let mut sums = BTreeMap::new();
    for unmet in &plan.unmet {
        let key = (unmet.item.clone(), unmet.customer.clone(), unmet.unit_cost.to_bits());
        *sums.entry(key).or_insert(0.0) += unmet.quantity;
    }
    let source = text!("demand left unmet × penalty per unit", "未满足需求 × 单位罚金");
    sums.into_iter()
        .map(|((item, place, rate), quantity)| {
            line(CostDriver::UnmetDemand, &item, &place, quantity, units(), f64::from_bits(rate), source.clone())
        })
        .collect()
}

fn line(
    driver: CostDriver,
    item: &Arc<str>,
    place: &Arc<str>,
    quantity: f64,
    unit: Text,
    rate: f64,
    source: Text,
) -> CostLine {
    let (item, place) = (item.clone(), place.clone());
    CostLine { driver, item, place, period: None, quantity, unit, rate, amount: quantity * rate, source }
}

pub(super) fn units() -> Text {
    text!("units", "件")
}

/// A rate or quantity of master data: NaN, infinity and negatives count as 0.
pub(crate) fn money(x: f64) -> f64 {
    if x > 0.0 && x.is_finite() { x } else { 0.0 }
}
