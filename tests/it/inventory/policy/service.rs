//! Service levels against published examples, the classical formulas and simulation.

use super::{Draws, check, nasty};
use planwright::inventory::{
    NormalDemand, Replenishment, ServiceInputs, ServiceModel, ServiceTarget, StockCosts, base_stock_normal,
    best_reorder_point, newsvendor_normal,
};
use proptest::prelude::*;

fn model(
    (demand, demand_sd): (f64, f64),
    (lead_time, lead_time_sd): (f64, f64),
    replenishment: Replenishment,
) -> ServiceModel {
    let inputs = ServiceInputs { demand, demand_sd, lead_time, lead_time_sd, holding_cost: 0.18, replenishment };
    ServiceModel::new(inputs).unwrap()
}

fn lots(quantity: f64) -> Replenishment {
    Replenishment::ReorderPoint { quantity }
}

fn every(review: f64) -> Replenishment {
    Replenishment::Periodic { review }
}

#[test]
fn classical_safety_stock() {
    // d=50 σ_d=8 L=4 σ_L=1, from the formula z·√(L·σ_d² + d²·σ_L²).
    for (replenishment, target, level) in [
        (lots(300.0), 0.90, 267.2784),
        (lots(300.0), 0.95, 286.3509),
        (lots(300.0), 0.975, 302.8934),
        (Replenishment::BaseStock, 0.99, 322.1277),
    ] {
        let service = model((50.0, 8.0), (4.0, 1.0), replenishment);
        let service = service.service(ServiceTarget::CycleService(target)).unwrap();
        check(service.level, level, 1e-6);
        check(service.safety_stock, level - 200.0, 1e-6);
        check(service.cycle_service, target, 1e-12);
        check(service.cover.unwrap(), (level - 200.0) / 50.0, 1e-6);
    }
    let fixed = model((50.0, 8.0), (4.0, 0.0), lots(300.0));
    check(fixed.service(ServiceTarget::CycleService(0.95)).unwrap().safety_stock, 26.3177, 1e-5);
    let periodic = model((50.0, 8.0), (5.0, 0.0), every(1.0));
    check(periodic.level(ServiceTarget::CycleService(0.95)).unwrap(), 332.2324, 1e-6);
}

#[test]
fn published_fill_rates() {
    // Chopra & Meindl, Supply Chain Management, chapter 12: d=2500 σ=500 L=2 Q=10000. A reorder point of 6000 fills
    // 0.9975; a fill rate of 0.975 takes a safety stock of 67.
    let store = model((2500.0, 500.0), (2.0, 0.0), lots(10_000.0));
    let service = store.service(ServiceTarget::Level(6000.0)).unwrap();
    check(service.fill_rate, 0.9975, 5e-5);
    check(service.cycle_service, 0.921, 5e-4);
    check(store.service(ServiceTarget::FillRate(0.975)).unwrap().safety_stock, 67.0, 0.01);

    // Silver, Pyke & Thomas, section 6.7: mean 50 and deviation 11.4 over the lead time, Q=20, fill 0.99 → k=1.72.
    let item = model((50.0, 11.4), (1.0, 0.0), lots(20.0));
    check(item.service(ServiceTarget::FillRate(0.99)).unwrap().safety_stock / 11.4, 1.72, 0.005);
}

#[test]
fn a_shortage_cost_is_the_newsvendor() {
    // Snyder & Shen: h=0.18 p=0.7 N(50, 8).
    let stock = model((50.0, 8.0), (1.0, 0.0), Replenishment::BaseStock);
    check(stock.level(ServiceTarget::ShortageCost(0.7)).unwrap(), 56.6039559274, 1e-9);
    check(
        stock.level(ServiceTarget::ShortageCost(0.7)).unwrap(),
        newsvendor_normal(0.18, 0.7, 50.0, 8.0).unwrap().level,
        1e-9,
    );

    // The book's base stock with L=4 and R=1 is this module's (R, S).
    let periodic = model((50.0, 8.0), (4.0, 0.0), every(1.0));
    let service = periodic.service(ServiceTarget::ShortageCost(0.7)).unwrap();
    check(service.level, 264.7668943742, 1e-9);
    check(service.level, base_stock_normal(0.18, 0.7, (50.0, 8.0), 4.0, 1.0).unwrap().level, 1e-9);
    check(service.shortage_cost.unwrap(), 0.7, 1e-9);
    let cost = 0.18 * service.expected_on_hand + 0.7 * service.expected_backorders;
    check(cost, 4.4667810041, 1e-9);

    // In an (r, Q) it is the exact best reorder point.
    let (costs, lead) =
        (StockCosts { order: 8.0, holding: 0.18, shortage: 0.7 }, NormalDemand::new(200.0, 16.0).unwrap());
    let lot = model((50.0, 8.0), (4.0, 0.0), lots(120.0));
    let level = lot.level(ServiceTarget::ShortageCost(0.7)).unwrap();
    check(level, best_reorder_point(costs, lead, 120.0).unwrap(), 1e-7);
}

/// Fill rate, ready rate at period ends, mean backorders and stock at period ends of an (R, S) that orders after each
/// review's demand, simulated.
fn simulate_periodic(level: f64, review: usize, lead: usize, periods: usize) -> (f64, f64, f64, f64) {
    let mut draws = Draws(11);
    let (mut net, mut position) = (level, level);
    let mut pipeline = std::collections::VecDeque::from(vec![0.0; lead]);
    let (mut short, mut total, mut ready, mut waiting, mut on_hand) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for t in 0..periods {
        // Ordered at the start of a period with L to wait, it is there at the start of period t + L.
        let order = if t % review == 0 { level - position } else { 0.0 };
        position += order;
        pipeline.push_back(order);
        net += pipeline.pop_front().unwrap();
        let demand = 50.0 + 15.0 * draws.normal();
        short += (demand - net.max(0.0)).clamp(0.0, demand.max(0.0));
        net -= demand;
        position -= demand;
        total += demand;
        ready += f64::from(net >= 0.0);
        waiting += (-net).max(0.0);
        on_hand += net.max(0.0);
    }
    let n = periods as f64;
    (1.0 - short / total, ready / n, waiting / n, on_hand / n)
}

#[test]
fn periodic_service_is_what_a_simulation_sees() {
    for (review, lead, level) in [(1, 3, 215.0), (3, 2, 255.0), (4, 0, 190.0)] {
        let service = model((50.0, 15.0), (lead as f64, 0.0), every(review as f64));
        let service = service.service(ServiceTarget::Level(level)).unwrap();
        let (fill, ready, waiting, on_hand) = simulate_periodic(level, review, lead, 400_000);
        check(service.fill_rate, fill, 0.003);
        check(service.ready_rate, ready, 0.003);
        check(service.expected_backorders, waiting, 0.02);
        check(service.expected_on_hand, on_hand, 0.005);
    }
}

#[test]
fn lot_service_is_what_a_simulation_sees() {
    // Nearly even demand in steps of 1/100 period, so that positions are as good as uniform: d=50 σ=5, L=8, r=405, Q=80.
    let service = model((50.0, 5.0), (8.0, 0.0), lots(80.0)).service(ServiceTarget::Level(405.0)).unwrap();
    let (mut draws, steps) = (Draws(5), 2_000_000);
    let (mut net, mut position) = (450.0, 450.0);
    let mut pipeline = std::collections::VecDeque::from(vec![0.0; 800]);
    let (mut ready, mut waiting) = (0.0, 0.0);
    for _ in 0..steps {
        let demand = 0.5 + 0.5 * draws.normal();
        net += pipeline.pop_front().unwrap() - demand;
        position -= demand;
        let order = if position <= 405.0 { 80.0 } else { 0.0 };
        position += order;
        pipeline.push_back(order);
        ready += f64::from(net >= 0.0);
        waiting += f64::max(-net, 0.0);
    }
    check(service.ready_rate, ready / f64::from(steps), 0.01);
    check(service.fill_rate, ready / f64::from(steps), 0.01);
    check(service.expected_backorders, waiting / f64::from(steps), 0.05);
}

#[test]
fn no_spread_and_no_demand() {
    let certain = model((50.0, 0.0), (4.0, 0.0), Replenishment::BaseStock);
    let service = certain.service(ServiceTarget::CycleService(0.95)).unwrap();
    check(service.level, 200.0, 1e-12);
    assert_eq!(service.shortage_cost, None);
    check(certain.level(ServiceTarget::FillRate(0.9)).unwrap(), 200.0, 1e-12);
    // A lot of 100 that comes when 10 wait fills 90 %.
    let lot = model((50.0, 0.0), (4.0, 0.0), lots(100.0));
    check(lot.level(ServiceTarget::FillRate(0.9)).unwrap(), 190.0, 1e-9);

    let idle = model((0.0, 0.0), (4.0, 1.0), every(2.0)).service(ServiceTarget::Cover(3.0)).unwrap();
    check(idle.level, 0.0, 1e-12);
    check(idle.fill_rate, 1.0, 1e-12);
    assert_eq!(idle.cover, None);
}

#[test]
fn out_of_range_is_none() {
    let service = model((50.0, 8.0), (4.0, 1.0), lots(100.0));
    for bad in [f64::NAN, 0.0, 1.0, -0.5, f64::INFINITY] {
        assert_eq!(service.level(ServiceTarget::CycleService(bad)), None);
        assert_eq!(service.level(ServiceTarget::FillRate(bad)), None);
    }
    for bad in [f64::NAN, f64::INFINITY] {
        assert_eq!(service.level(ServiceTarget::Cover(bad)), None);
        assert_eq!(service.level(ServiceTarget::Level(bad)), None);
        assert_eq!(service.level(ServiceTarget::ShortageCost(bad)), None);
    }
    assert_eq!(service.level(ServiceTarget::ShortageCost(0.0)), None);
}

fn any_replenishment() -> impl Strategy<Value = Replenishment> {
    prop_oneof![(1.0..500.0f64).prop_map(lots), Just(Replenishment::BaseStock), (0.1..12.0f64).prop_map(every),]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_wanted_service_is_the_service_achieved(
        demand in 1.0..100.0f64, cv in 0.05..0.6f64, lead in 0.0..10.0f64, lead_sd in 0.0..2.0f64,
        replenishment in any_replenishment(), share in 0.3..0.999f64, cost in 0.05..20.0f64,
    ) {
        prop_assume!(lead > 0.01);
        let model = model((demand, cv * demand), (lead, lead_sd), replenishment);
        let by = |target| model.service(target).unwrap();
        check(by(ServiceTarget::CycleService(share)).cycle_service, share, 1e-9);
        check(by(ServiceTarget::FillRate(share)).fill_rate, share, 1e-9);
        check(by(ServiceTarget::ShortageCost(cost)).shortage_cost.unwrap(), cost, 1e-6);
        check(by(ServiceTarget::Cover(1.5)).cover.unwrap(), 1.5, 1e-9);
    }

    #[test]
    fn more_stock_serves_better(
        demand in 1.0..100.0f64, cv in 0.0..0.6f64, lead in 0.0..10.0f64, lead_sd in 0.0..2.0f64,
        replenishment in any_replenishment(), level in -100.0..1500.0f64, more in 0.0..50.0f64,
    ) {
        let model = model((demand, cv * demand), (lead, lead_sd), replenishment);
        let (less, more) = (ServiceTarget::Level(level), ServiceTarget::Level(level + more));
        let (less, more) = (model.service(less).unwrap(), model.service(more).unwrap());
        prop_assert!(less.cycle_service <= more.cycle_service + 1e-12);
        prop_assert!(less.fill_rate <= more.fill_rate + 1e-9);
        prop_assert!(less.ready_rate <= more.ready_rate + 1e-9);
        prop_assert!(less.expected_backorders + 1e-9 >= more.expected_backorders);
        prop_assert!(less.expected_on_hand <= more.expected_on_hand + 1e-9);
        for rate in [less.cycle_service, less.fill_rate, less.ready_rate] {
            prop_assert!((0.0..=1.0).contains(&rate));
        }
    }

    #[test]
    fn nonsense_is_refused(
        (demand, demand_sd, lead_time) in (nasty(), nasty(), nasty()),
        (lead_time_sd, holding_cost, size) in (nasty(), nasty(), nasty()),
        target in nasty(),
    ) {
        for replenishment in [lots(size), Replenishment::BaseStock, every(size)] {
            let inputs = ServiceInputs { demand, demand_sd, lead_time, lead_time_sd, holding_cost, replenishment };
            let Some(model) = ServiceModel::new(inputs) else { continue };
            for target in [
                ServiceTarget::CycleService(target),
                ServiceTarget::FillRate(target),
                ServiceTarget::ShortageCost(target),
                ServiceTarget::Cover(target),
                ServiceTarget::Level(target),
            ] {
                let Some(service) = model.service(target) else { continue };
                prop_assert!(service.level.is_finite() && service.fill_rate.is_finite());
                prop_assert!(service.expected_backorders.is_finite() && service.expected_on_hand.is_finite());
            }
        }
    }
}
