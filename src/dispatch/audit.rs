//! Every row of the model checked from the shipments and trips alone. No solver, no flow, no aggregation.

use super::frame::Frame;
use super::{Options, ROW_TOLERANCE, TripRule, UnmetRule};
use crate::model::{DispatchPlan, Period, Shipment, SolveStatus, Trips};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Faults that are worded; a plan with more is no better known.
const MOST_FAULTS: usize = 100;

/// How far two sums of the same money may differ, relative to their size: thousands of terms added in another order.
const COST_TOLERANCE: f64 = 1e-8;

/// What shipments and trips amount to.
#[derive(Debug, Default)]
pub(super) struct Audit {
    /// Σ c x.
    pub(super) shipping: f64,
    /// Σ t y.
    pub(super) trips: f64,
    /// Σ p u.
    pub(super) penalty: f64,
    /// u by period, customer, item, where there is any.
    pub(super) unmet: BTreeMap<(Period, usize, Arc<str>), f64>,
    /// Units by period and site.
    pub(super) site_loads: BTreeMap<(Period, usize), f64>,
    /// What is broken.
    pub(super) faults: Vec<Text>,
    lane_loads: BTreeMap<(Period, usize), f64>,
    lane_trips: BTreeMap<(Period, usize), f64>,
    delivered: BTreeMap<(Period, usize, Arc<str>), f64>,
}

impl Audit {
    /// Adds up and checks every row.
    pub(super) fn new(frame: &Frame<'_>, options: &Options, shipments: &[Shipment], trips: &[Trips]) -> Self {
        let mut audit = Self::default();
        for shipment in shipments {
            audit.add_shipment(frame, shipment);
        }
        for trip in trips {
            audit.add_trips(frame, options, trip);
        }
        audit.check_demand(frame, options);
        audit.check_lanes(frame);
        audit.check_sites(frame);
        audit
    }

    /// The objective.
    pub(super) fn cost(&self) -> f64 {
        self.shipping + self.trips + self.penalty
    }

    fn fault(&mut self, fault: Text) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }

    fn add_shipment(&mut self, frame: &Frame<'_>, shipment: &Shipment) {
        let (lane, quantity, period) = (shipment.lane, shipment.quantity, shipment.period);
        let Some(way) = frame.ways.get(lane) else {
            return self.fault(text!(
                "A shipment in {period} uses lane {lane}, which isn't there",
                "{period} 有发货使用不存在的运输线 {lane}"
            ));
        };
        let name = frame.lane_name(lane);
        if !(quantity >= 0.0 && quantity.is_finite()) {
            return self.fault(text!(
                "A shipment over {name} in {period} has quantity {quantity}",
                "{period} 经 {name} 的发货数量为 {quantity}"
            ));
        }
        let known = &frame.network.lanes[lane];
        if known.from != shipment.from || known.to != shipment.to {
            let (from, to) = (&shipment.from, &shipment.to);
            self.fault(text!(
                "A shipment {from} → {to} in {period} is booked on lane {name}",
                "{period} 的发货 {from} → {to} 记在运输线 {name} 上"
            ));
        }
        if !known.item.is_empty() && known.item != shipment.item {
            let item = &shipment.item;
            self.fault(text!(
                "Lane {name} doesn't carry item {item}, but ships it in {period}",
                "运输线 {name} 不承运商品 {item}，但在 {period} 发运了它"
            ));
        }
        self.shipping += way.unit_cost * quantity;
        *self.lane_loads.entry((period, lane)).or_default() += quantity;
        *self.site_loads.entry((period, way.site)).or_default() += quantity;
        *self.delivered.entry((period, way.customer, shipment.item.clone())).or_default() += quantity;
    }

    fn add_trips(&mut self, frame: &Frame<'_>, options: &Options, trips: &Trips) {
        let (lane, count, period) = (trips.lane, trips.count, trips.period);
        let Some(truck) = frame.ways.get(lane).and_then(|w| w.truck.as_ref()) else {
            return self.fault(text!(
                "Trips in {period} use lane {lane}, which has no vehicle",
                "{period} 的车次使用了没有车辆的运输线 {lane}"
            ));
        };
        let name = frame.lane_name(lane);
        let is_whole = options.trips == TripRule::Relaxed || count.fract() == 0.0;
        if !(count >= 0.0 && count.is_finite() && is_whole) {
            return self
                .fault(text!("Lane {name} has {count} trips in {period}", "运输线 {name} 在 {period} 有 {count} 趟"));
        }
        self.trips += truck.trip_cost * count;
        *self.lane_trips.entry((period, lane)).or_default() += count;
    }

    /// demand: Σ x + u = d, u ≥ 0, and u = 0 where unmet demand is forbidden.
    fn check_demand(&mut self, frame: &Frame<'_>, options: &Options) {
        let mut delivered = std::mem::take(&mut self.delivered);
        for bucket in &frame.buckets {
            for commodity in &bucket.commodities {
                let customer = &frame.network.customers[commodity.customer].id;
                let period = bucket.period;
                for (item, want) in &commodity.items {
                    let got = delivered.remove(&(period, commodity.customer, item.clone())).unwrap_or(0.0);
                    if exceeds(got, *want, *want) {
                        self.fault(text!(
                            "Customer {customer} gets {got} of {item} in {period}, more than the {want} wanted",
                            "客户 {customer} 在 {period} 收到商品 {item} {got}，超过需求 {want}"
                        ));
                    }
                    let short = want - got;
                    if short <= ROW_TOLERANCE * want {
                        continue;
                    }
                    self.penalty += short * commodity.penalty;
                    self.unmet.insert((period, commodity.customer, item.clone()), short);
                    if options.unmet == UnmetRule::Forbidden {
                        self.fault(text!(
                            "Customer {customer} lacks {short} of {item} in {period}",
                            "客户 {customer} 在 {period} 缺少商品 {item} {short}"
                        ));
                    }
                }
            }
        }
        for ((period, customer, item), got) in delivered.into_iter().filter(|(_, got)| *got > 0.0) {
            let customer = &frame.network.customers[customer].id;
            self.fault(text!(
                "Customer {customer} gets {got} of {item} in {period} without wanting any",
                "客户 {customer} 在 {period} 收到 {got} 单位商品 {item}，但并无需求"
            ));
        }
    }

    /// lane: Σ x ≤ K; trips: Σ x ≤ Q y, y ≤ N.
    fn check_lanes(&mut self, frame: &Frame<'_>) {
        for ((period, lane), load) in self.lane_loads.clone() {
            let (way, name) = (&frame.ways[lane], frame.lane_name(lane));
            if exceeds(load, way.capacity, load) {
                let capacity = way.capacity;
                self.fault(text!(
                    "Lane {name} ships {load} in {period}, more than its capacity {capacity}",
                    "运输线 {name} 在 {period} 发运 {load}，超过其能力 {capacity}"
                ));
            }
            let Some(truck) = &way.truck else { continue };
            let trips = self.lane_trips.get(&(period, lane)).copied().unwrap_or(0.0);
            let carried = truck.capacity * trips;
            if exceeds(load, carried, load) {
                self.fault(text!(
                    "Lane {name} ships {load} in {period}, but its {trips} trips carry {carried}",
                    "运输线 {name} 在 {period} 发运 {load}，但 {trips} 趟只能装 {carried}"
                ));
            }
        }
        for ((period, lane), trips) in self.lane_trips.clone() {
            let most = frame.ways[lane].truck.as_ref().map_or(0.0, |t| t.max_trips);
            if exceeds(trips, most, trips) {
                let name = frame.lane_name(lane);
                self.fault(text!(
                    "Lane {name} has {trips} trips in {period}, more than the {most} allowed",
                    "运输线 {name} 在 {period} 有 {trips} 趟，超过允许的 {most} 趟"
                ));
            }
        }
    }

    /// site: Σ x ≤ C.
    fn check_sites(&mut self, frame: &Frame<'_>) {
        for ((period, site), load) in self.site_loads.clone() {
            let capacity = frame.site_capacity[site];
            if exceeds(load, capacity, load) {
                let site = &frame.network.sites[site].id;
                self.fault(text!(
                    "Site {site} ships {load} in {period}, more than its capacity {capacity}",
                    "仓库 {site} 在 {period} 发运 {load}，超过其能力 {capacity}"
                ));
            }
        }
    }
}

/// Faults of a whole plan: its rows, its unmet lines, loads, unit costs, objective and bound.
pub(super) fn faults_of(frame: &Frame<'_>, options: &Options, plan: &DispatchPlan) -> Vec<Text> {
    if plan.status == SolveStatus::Infeasible {
        let is_empty = plan.shipments.is_empty() && plan.trips.is_empty() && !plan.conflicts.is_empty();
        let fault =
            text!("An infeasible plan must ship nothing and name its conflicts", "无解的计划不应有发货，且须说明冲突");
        return if is_empty { Vec::new() } else { vec![fault] };
    }
    let mut audit = Audit::new(frame, options, &plan.shipments, &plan.trips);
    check_costs(&mut audit, frame, plan);
    check_unmet(&mut audit, frame, plan);
    check_loads(&mut audit, frame, plan);
    audit.faults
}

fn check_costs(audit: &mut Audit, frame: &Frame<'_>, plan: &DispatchPlan) {
    for shipment in &plan.shipments {
        if frame.ways.get(shipment.lane).is_some_and(|w| differ(w.unit_cost, shipment.unit_cost)) {
            let (name, cost) = (frame.lane_name(shipment.lane), shipment.unit_cost);
            audit.fault(text!("Lane {name} doesn't cost {cost} per unit", "运输线 {name} 的单位成本不是 {cost}"));
        }
    }
    for trips in &plan.trips {
        let truck = frame.ways.get(trips.lane).and_then(|w| w.truck.as_ref());
        if truck.is_some_and(|t| differ(t.trip_cost, trips.trip_cost)) {
            let (name, cost) = (frame.lane_name(trips.lane), trips.trip_cost);
            audit.fault(text!("A trip on {name} doesn't cost {cost}", "运输线 {name} 的单趟成本不是 {cost}"));
        }
    }
    let (cost, objective, bound) = (audit.cost(), plan.objective, plan.bound);
    if differ(cost, objective) {
        audit.fault(text!("The plan costs {cost}, not {objective}", "计划成本为 {cost}，而非 {objective}"));
    }
    let is_below = bound <= objective || !differ(bound, objective);
    if !is_below || (plan.status == SolveStatus::Optimal && differ(bound, objective)) {
        audit
            .fault(text!("The bound {bound} doesn't fit the cost {objective}", "下界 {bound} 与成本 {objective} 不符"));
    }
}

fn check_unmet(audit: &mut Audit, frame: &Frame<'_>, plan: &DispatchPlan) {
    let mut stated: BTreeMap<(Period, &str, Arc<str>), f64> = BTreeMap::new();
    for line in &plan.unmet {
        *stated.entry((line.period, &*line.customer, line.item.clone())).or_default() += line.quantity;
        let known = frame.network.customer(&line.customer).map(|c| frame.network.unmet_cost(c));
        if known.is_none_or(|cost| differ(cost, line.unit_cost)) {
            let (customer, cost) = (&line.customer, line.unit_cost);
            audit.fault(text!(
                "Unmet demand of {customer} doesn't cost {cost} per unit",
                "客户 {customer} 的单位缺货成本不是 {cost}"
            ));
        }
    }
    for ((period, customer, item), short) in audit.unmet.clone() {
        let customer = &*frame.network.customers[customer].id;
        let said = stated.remove(&(period, customer, item)).unwrap_or(0.0);
        if differ(said, short) {
            audit.fault(text!(
                "Customer {customer} lacks {short} in {period}, not {said}",
                "客户 {customer} 在 {period} 缺 {short}，而非 {said}"
            ));
        }
    }
    for ((period, customer, _), said) in stated {
        audit.fault(text!(
            "Customer {customer} lacks nothing in {period}, but {said} is stated",
            "客户 {customer} 在 {period} 并无缺货，但计划写有 {said}"
        ));
    }
}

fn check_loads(audit: &mut Audit, frame: &Frame<'_>, plan: &DispatchPlan) {
    for line in &plan.loads {
        let site = frame.network.sites.iter().position(|s| s.id == line.site);
        let load = site.and_then(|at| audit.site_loads.get(&(line.period, at)).copied()).unwrap_or(0.0);
        if differ(load, line.load) {
            let (site, period, said) = (&line.site, line.period, line.load);
            audit.fault(text!(
                "Site {site} ships {load} in {period}, not {said}",
                "仓库 {site} 在 {period} 发运 {load}，而非 {said}"
            ));
        }
    }
}

/// True when `value` is above `limit` by more than noise; `scale` is the size of the numbers summed.
fn exceeds(value: f64, limit: f64, scale: f64) -> bool {
    value > limit + ROW_TOLERANCE * limit.min(scale).max(0.0)
}

/// True when two sums aren't the same; nothing is the same as NaN.
fn differ(a: f64, b: f64) -> bool {
    let distance = (a - b).abs();
    distance.is_nan() || distance > COST_TOLERANCE * a.abs().max(b.abs())
}
