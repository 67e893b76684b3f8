//! Whatever a file holds: finite plans, no panic.

use super::forecast;
use planwright::inventory::plan;
use planwright::model::{
    Frequency, Item, OrderDays, Policy, ReorderRule, SafetyBasis, SamplePaths, SeriesId, ShortageRule, StockPlan,
    StockPolicy,
};
use proptest::prelude::*;

fn assert_sound(plan: &StockPlan, horizon: usize) {
    let levels = [plan.safety_stock, plan.reorder_point, plan.reorder_point_max_rule, plan.max_level];
    let means = [plan.average_stock, plan.average_orders, plan.average_shortage, plan.average_ordered];
    assert!(levels.iter().all(|x| x.is_finite()), "{levels:?}");
    assert!(means.iter().all(|x| x.is_finite() && *x >= 0.0), "{means:?}");
    assert!((0.0..=1.0).contains(&plan.fill_rate) && (0.0..=1.0).contains(&plan.stockout_probability));
    for line in [
        &plan.in_transit,
        &plan.reorder_points,
        &plan.max_levels,
        &plan.projected,
        &plan.projected_low,
        &plan.projected_high,
        &plan.stockout_by_period,
    ] {
        assert_eq!(line.len(), horizon);
        assert!(line.iter().all(|x| x.is_finite()));
    }
    assert!(plan.expected_waste.is_finite() && plan.expected_waste >= 0.0 && plan.order_quantity.is_finite());
    if let Some(a) = plan.achieved {
        assert!((0.0..=1.0).contains(&a.cycle_service) && (0.0..=1.0).contains(&a.fill_rate), "{a:?}");
        assert!(a.shortage_cost.is_none_or(f64::is_finite) && a.cover_days.is_none_or(f64::is_finite), "{a:?}");
    }
    assert!(plan.orders.iter().all(|o| o.quantity.is_finite() && o.quantity > 0.0));
    assert!(plan.orders.iter().all(|o| o.receipt_period >= o.order_period));
    let whys = plan.why.iter().all(|w| w.value.is_finite() && w.inputs.iter().all(|i| i.value.is_finite()));
    assert!(whys, "{:?}", plan.why);
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..200.0f64,
        1 => prop::sample::select(vec![0.0, -5.0, 1e-12, 1e9, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    let level = || prop::option::of(number());
    let share = prop_oneof![2 => 0.5..0.999f64, 1 => number()];
    let kind = (prop::sample::select(Policy::ALL.to_vec()), prop::sample::select(SafetyBasis::ALL.to_vec()), 0..128u8);
    let levels = (level(), level(), level());
    let numbers = prop::collection::vec(number(), 18);
    (numbers, levels, share, kind).prop_map(
        |(x, (safety_stock, max_level, order_quantity), level, (policy, basis, days))| Item {
            lead_time_days: x[0],
            lead_time_sd_days: x[1],
            review_period_days: x[2],
            moq: x[3],
            multiple: x[4],
            on_hand: x[5],
            on_order: x[6],
            unit_cost: x[7],
            holding_rate: x[8],
            order_cost: x[9],
            shortage_cost: x[10],
            service_level: level,
            fill_rate: level,
            cover_days: x[11],
            pallet: x[12],
            container: x[13],
            shelf_life_days: x[14],
            salvage_value: x[15],
            supplier_payment_days: x[16],
            customer_payment_days: x[17],
            policy,
            safety_basis: basis,
            order_quantity,
            order_days: OrderDays::new(
                (0..7)
                    .filter(|d| days >> d & 1 == 1)
                    .map(|d| jiff::civil::Weekday::from_monday_zero_offset(d).unwrap()),
            ),
            safety_stock,
            max_level,
            ..Item::with_defaults(SeriesId::new("A1", ""))
        },
    )
}

fn frequency() -> impl Strategy<Value = Frequency> {
    prop::sample::select(vec![Frequency::Step, Frequency::Day, Frequency::Week, Frequency::Month, Frequency::Year])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_master_data_gives_a_finite_plan(
        item in item(), frequency in frequency(), mean in prop::collection::vec(number(), 0..10), count in 0usize..5,
        odd in -1i8..3, rule in 0..3usize, backorder in any::<bool>(),
    ) {
        let steps = if odd == 0 { mean.len() + 1 } else { mean.len() };
        let values = |k: usize| mean.get(k % steps.max(1)).map_or(f32::NAN, |&d| (d as f32) * (k % 3) as f32);
        let paths = match steps {
            0 => SamplePaths::default(),
            _ => SamplePaths::new(steps, (0..count * steps).map(values).collect()),
        };
        let policy = StockPolicy {
            rule: ReorderRule::ALL[rule],
            shortage: if backorder { ShortageRule::Backorder } else { ShortageRule::LostSales },
        };
        let horizon = mean.len();
        assert_sound(&plan(&forecast(frequency, mean, paths), &item, &policy), horizon);
    }
}

/// However large a backlog is, nothing is ordered on a day on which the supplier takes no orders.
#[test]
fn no_backlog_opens_a_closed_day() {
    let friday = OrderDays::new([jiff::civil::Weekday::Friday]);
    let base = Item::with_defaults(SeriesId::new("A1", ""));
    for policy in [Policy::ReorderLot, Policy::ReorderUpTo] {
        let item = Item { lead_time_days: 0.0, order_days: friday, policy, ..base.clone() };
        let mean = vec![1e300, 38.0, 38.0, 38.0, 38.0, 38.0, 38.0];
        let values = [1e30, 38.0, 38.0, 38.0, 38.0, 38.0, 38.0].repeat(3);
        let policy = StockPolicy { shortage: ShortageRule::Backorder, ..StockPolicy::default() };
        let plan = plan(&forecast(Frequency::Day, mean, SamplePaths::new(7, values)), &item, &policy);
        assert_sound(&plan, 7);
        assert!(plan.orders.iter().all(|o| o.order_date.is_some_and(|day| friday.contains(day.weekday()))));
    }
}

#[test]
fn the_longest_horizon_with_the_longest_lead_time() {
    let demand = forecast(Frequency::Day, vec![3.0; 730], SamplePaths::new(730, vec![3.0; 730 * 20]));
    for days in [0.0, 0.4, 1e6, f64::INFINITY] {
        let item = Item { lead_time_days: days, ..Item::with_defaults(SeriesId::new("A1", "")) };
        assert_sound(&plan(&demand, &item, &StockPolicy::default()), 730);
    }
}
