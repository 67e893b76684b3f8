//! Lead times learnt from receipts: against numpy, scipy and counting, and by properties.

use super::steady;
use jiff::civil::{Date, date};
use planwright::inventory::{
    is_deviation_stale, is_mean_stale, lead_time_money, lead_time_reserve, learn_lead_times, order_leads, pettitt,
    pettitt_by_chance, set_aside,
};
use planwright::model::{Frequency, Item, ItemTable, LearntLeadTime, Receipt, Receipts, SeriesId, Standing};
use proptest::prelude::*;

const FIRST: Date = date(2024, 1, 1);

fn after(day: Date, days: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}

fn receipt(item: &str, supplier: &str, ordered: i64, days: i64) -> Receipt {
    Receipt {
        id: SeriesId::new(item, ""),
        supplier: supplier.into(),
        order: "".into(),
        ordered: after(FIRST, ordered),
        promised: None,
        received: after(FIRST, ordered + days),
        quantity_ordered: None,
        quantity_received: None,
    }
}

/// Orders a week apart that took these days.
fn weekly(item: &str, supplier: &str, days: &[i64]) -> Vec<Receipt> {
    days.iter().enumerate().map(|(k, d)| receipt(item, supplier, 7 * k as i64, *d)).collect()
}

fn learn_one(days: &[i64]) -> LearntLeadTime {
    learn_lead_times(&Receipts::new(weekly("A", "", days)), &ItemTable::default()).items.remove(0)
}

#[test]
fn pettitts_test_finds_the_break_of_the_nile() {
    // Annual flow 1871 to 1970. K, place and approximate p as computed from the definition Σᵢ≤ₜ<ⱼ sgn(xᵢ − xⱼ) with numpy 2.4, and
    // by pyhomogeneity 1.1; scipy.stats.mannwhitneyu at the split gives the same statistic. R's trend::pettitt.test says so too.
    let nile = [
        1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
        1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969,
        831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781,
        865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838,
        1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
    ]
    .map(f64::from);
    let test = pettitt(&nile).unwrap();
    assert_eq!((test.at, test.statistic), (28, 1617.0));
    assert!((test.p / 3.591_022_176_936_29e-7 - 1.0).abs() < 1e-9, "{}", test.p);
    assert_eq!(pettitt(&[1.0]), None);
    assert_eq!(pettitt(&[1.0, f64::NAN]), None);
    assert!((pettitt(&[2.0; 9]).unwrap().p - 1.0).abs() < 1e-12, "what never changes has no break");
}

#[test]
fn the_chance_of_a_break_by_shuffles_is_that_of_all_orders() {
    // Of the 8! orders of these eight, 2/70 have a K of 16: four below and four above, either way round.
    let x = [10.0, 11.0, 12.0, 9.0, 30.0, 31.0, 29.0, 33.0];
    let test = pettitt(&x).unwrap();
    assert_eq!((test.at, test.statistic), (4, 16.0));
    let exact = 2.0 / 70.0;
    let draws = 40_000;
    let p = pettitt_by_chance(&x, test.statistic, (draws, draws));
    let error = (exact * (1.0 - exact) / draws as f64).sqrt();
    assert!((p - exact).abs() < 4.0 * error, "{p}");
    assert!(test.p > 3.0 * exact, "the approximation is far too careful for eight values: {}", test.p);
    assert!(pettitt_by_chance(&x, 4.0, (1999, 20)) > 0.3, "an early end is near the truth");
}

#[test]
fn a_changed_lead_time_counts_from_its_change() {
    let steady = [14, 15, 13, 14, 16, 14, 15, 13, 14, 15];
    let longer: Vec<i64> = steady.iter().copied().chain([28, 27, 29, 28, 30, 27]).collect();
    let learnt = learn_one(&longer);
    let change = learnt.change.unwrap();
    assert_eq!(change.since, after(FIRST, 70));
    assert!((change.before_days - 14.0).abs() < 1e-12 && (change.after_days - 28.0).abs() < 1e-12);
    assert_eq!((learnt.used, learnt.span.0), (6, change.since));
    assert!((learnt.mean_days - 169.0 / 6.0).abs() < 1e-12);
    let before = learnt.orders.iter().filter(|o| o.standing == Standing::BeforeChange).count();
    assert_eq!(before, 10);
    // Longer and back again: what counts is the last stretch.
    let back: Vec<i64> = longer.iter().copied().chain(steady).chain(steady).collect();
    let learnt = learn_one(&back);
    assert_eq!(learnt.change.map(|c| c.since), Some(after(FIRST, 7 * 16)), "{:?}", learnt.change);
    assert_eq!(learn_one(&steady).change, None);
}

#[test]
fn steady_items_seldom_look_changed() {
    // A thousand items of twenty orders: ten to twenty may look changed, three standard deviations more at most.
    let mut state = 7_u64;
    let mut die = |sides: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % sides) as i64
    };
    let mut rows = Vec::new();
    for item in 0..1000 {
        let days: Vec<i64> = (0..20).map(|_| 10 + die(7) + die(7) + die(7)).collect();
        rows.extend(weekly(&format!("I{item:04}"), "", &days));
    }
    let learnt = learn_lead_times(&Receipts::new(rows), &ItemTable::default());
    let changed = learnt.items.iter().filter(|l| l.change.is_some()).count();
    assert!((1..=33).contains(&changed), "{changed} of 1000");
}

#[test]
fn an_item_follows_its_suppliers_change_unless_it_went_the_other_way() {
    let mut rows = Vec::new();
    for item in 0..8 {
        let shift = |k: i64| if k >= 14 { 6 } else { 0 };
        let days: Vec<i64> = (0..20).map(|k| 12 + (k * 7 + item * 3) % 9 + shift(k)).collect();
        rows.extend(weekly(&format!("I{item}"), "S", &days));
    }
    // Too few orders to show a change of its own, either way.
    rows.extend([0, 30, 60, 100, 110, 120].map(|at| receipt("X", "S", at, if at < 98 { 15 } else { 22 })));
    rows.extend([0, 30, 60, 100, 110, 120].map(|at| receipt("Y", "S", at, if at < 98 { 15 } else { 11 })));
    let learnt = learn_lead_times(&Receipts::new(rows), &ItemTable::default());
    let supplier = learnt.supplier("S").unwrap().change.unwrap();
    assert_eq!(supplier.since, after(FIRST, 98));
    let of = |item: &str| learnt.get(&SeriesId::new(item, "")).unwrap();
    assert_eq!(of("X").change.map(|c| (c.since, c.p)), Some((after(FIRST, 100), supplier.p)));
    assert!(of("X").note.en.contains("the change is seen over all items of S"), "{}", of("X").note.en);
    assert_eq!(of("Y").change, None);
}

#[test]
fn what_takes_twice_as_long_is_set_aside_and_late_is_late() {
    let days = |last: f64| [20.0, 21.0, 19.0, 22.0, 20.0, 18.0, 21.0, 20.0, last];
    assert_eq!(set_aside(&days(200.0)), [8]);
    assert_eq!(set_aside(&days(2.0)), [8]);
    assert_eq!(set_aside(&days(35.0)), Vec::<usize>::new(), "fifteen days late is what safety stock is for");
    assert_eq!(set_aside(&[20.0, 20.0, 20.0, 200.0]), Vec::<usize>::new(), "four say nothing");
    // Two kinds of order, not a few odd ones.
    assert_eq!(set_aside(&[5.0, 5.0, 5.0, 6.0, 5.0, 30.0, 31.0, 30.0]), Vec::<usize>::new());
    let learnt = learn_one(&[20, 21, 19, 22, 20, 18, 21, 20, 200]);
    assert_eq!((learnt.used, learnt.orders.len()), (8, 9));
    assert!(learnt.note.en.contains("200 days where 20 are usual"), "{}", learnt.note.en);
}

#[test]
fn parts_of_an_order_count_by_quantity() {
    let part = |order: &str, days, quantity| Receipt {
        order: order.into(),
        quantity_received: quantity,
        ..receipt("A", "S", 0, days)
    };
    let days = |rows: &[Receipt]| order_leads(rows).iter().map(|o| o.days).collect::<Vec<_>>();
    assert_eq!(days(&[part("1", 10, Some(90.0)), part("1", 30, Some(10.0))]), [12.0]);
    assert_eq!(days(&[part("1", 10, Some(90.0)), part("1", 30, None)]), [20.0], "parts alike when one isn't known");
    assert_eq!(days(&[part("1", 10, None), part("2", 30, None)]), [10.0, 30.0], "two orders of one day");
    assert_eq!(days(&[part("", 10, None), part("", 30, None)]), [20.0], "one day is one order without a number");
}

/// Made by `tests/golden`'s way: the formulas of the module's documentation in numpy 2.4 and scipy 1.17 (`digamma`, `polygamma`, a
/// root of the trigamma function by `brentq`), and nothing of ours.
#[test]
fn items_borrow_from_their_supplier_as_numpy_computes_it() {
    let orders: [&[i64]; 7] = [
        &[20, 22, 19, 25, 21],
        &[30, 24, 36, 31],
        &[18, 17, 18, 18, 17, 18, 18],
        &[20, 35],
        &[40, 38, 45, 41],
        &[23, 48, 10, 12, 29, 3],
        &[15, 15, 15, 16],
    ];
    let rows = orders.iter().enumerate().flat_map(|(k, days)| weekly(&format!("I{k}"), "S", days));
    let learnt = learn_lead_times(&Receipts::new(rows), &ItemTable::default());
    let golden = [
        (21.435_631_321_141_837, 2.193_891_495_175_445_3, 0.989_597_870_913_259_2, 0.832_201_576_780_232_9),
        (29.979_746_658_499_263, 4.429_462_090_583_682, 0.950_180_158_886_075_8, 0.788_119_822_284_378_9),
        (17.719_789_326_181_182, 0.702_927_988_629_112_4, 0.999_226_053_543_370_7, 0.881_506_722_829_716_4),
        (26.888_833_603_652_238, 7.958_960_150_480_239, 0.771_493_494_219_842_4, 0.553_548_087_835_094_7),
        (40.683_806_042_706_61, 2.708_985_144_782_646_5, 0.980_451_219_223_907_8, 0.788_119_822_284_378_9),
        (21.858_061_292_581_727, 15.104_684_114_049_219, 0.743_308_091_269_617, 0.861_099_815_019_245_4),
        (15.268_478_961_219_804, 0.839_796_807_027_073, 0.998_070_160_444_710_5, 0.788_119_822_284_378_9),
    ];
    for (l, (mean, sd, weight, sd_weight)) in learnt.items.iter().zip(golden) {
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-6, "{}: {a} is not {b}", l.id);
        close(l.mean_days, mean);
        close(l.sd_days, sd);
        close(l.own_weight, weight);
        close(l.own_sd_weight, sd_weight);
    }
    let supplier = learnt.supplier("S").unwrap();
    assert!((supplier.between_sd_days.unwrap() - 7.793_068_460_585_84).abs() < 1e-9);
    assert!((supplier.sd_days.unwrap().powi(2) - 62.298_476_190_476_19).abs() < 1e-9);
    assert!((supplier.mean_days - 24.825_387_326_452_066).abs() < 1e-5);
}

#[test]
fn where_variances_are_alike_the_pooled_one_counts() {
    let orders: [&[i64]; 6] = [
        &[20, 22, 19, 25, 21],
        &[30, 28, 33],
        &[18, 17, 21, 20, 19, 22, 24],
        &[26, 27],
        &[40, 38, 45, 41],
        &[23, 30, 16, 22, 29],
    ];
    let rows = orders.iter().enumerate().flat_map(|(k, days)| weekly(&format!("I{k}"), "S", days));
    let learnt = learn_lead_times(&Receipts::new(rows), &ItemTable::default());
    let golden = [21.525_486, 30.222_454, 20.253_081, 26.535_473, 40.629_180, 24.069_202];
    for (l, mean) in learnt.items.iter().zip(golden) {
        assert!((l.mean_days - mean).abs() < 1e-5, "{}: {}", l.id, l.mean_days);
        assert!((l.sd_days - 3.3557).abs() < 0.0015, "{}: {}", l.id, l.sd_days);
    }
    // Below four items nobody borrows a mean, and without a supplier nobody borrows at all.
    for (supplier, items) in [("S", 3), ("", 6)] {
        let rows = orders[..items].iter().enumerate().flat_map(|(k, days)| weekly(&format!("I{k}"), supplier, days));
        let learnt = learn_lead_times(&Receipts::new(rows), &ItemTable::default());
        assert!(learnt.items.iter().all(|l| (l.own_weight - 1.0).abs() < 1e-12));
    }
}

#[test]
fn two_orders_are_enough_only_with_a_supplier_to_borrow_from() {
    let lone = learn_one(&[20, 22]);
    assert!(!lone.is_known && lone.note.en.contains("too few"));
    assert!(!is_mean_stale(&lone, 5.0) && !is_deviation_stale(&lone, 0.0), "too few say nothing");
    let mut rows = weekly("A", "S", &[20, 22]);
    (0..4).for_each(|k| rows.extend(weekly(&format!("I{k}"), "S", &[18 + k, 22, 21 - k, 25, 19])));
    let learnt = learn_lead_times(&Receipts::new(rows), &ItemTable::default());
    assert!(learnt.get(&SeriesId::new("A", "")).unwrap().is_known);
    // Without a supplier in the receipts, the item list's counts.
    let items = ItemTable::new([Item { supplier: "S".into(), ..Item::with_defaults(SeriesId::new("A", "")) }]);
    assert_eq!(&*learn_lead_times(&Receipts::new(weekly("A", "", &[20, 22])), &items).items[0].supplier, "S");
}

#[test]
fn orders_that_all_took_the_same_days_say_that_number() {
    for days in [vec![39, 39], vec![0, 0, 0], vec![12; 9]] {
        let learnt = learn_lead_times(&Receipts::new(weekly("A", "S", &days)), &ItemTable::default());
        let (item, supplier) = (&learnt.items[0], &learnt.suppliers[0]);
        assert_eq!((item.mean_days, item.sd_days, supplier.mean_days), (days[0] as f64, 0.0, days[0] as f64));
    }
}

#[test]
fn a_supplier_is_known_by_what_it_delivered_itself() {
    // One item from two suppliers: ten days from the usual one, thirty from the other.
    let mut rows = weekly("A", "Usual", &[10, 11, 9, 10, 11, 9, 10]);
    rows.extend(weekly("A", "Other", &[30, 31, 29]));
    let learnt = learn_lead_times(&Receipts::new(rows), &ItemTable::default());
    let of = |name: &str| learnt.supplier(name).map(|s| (s.orders, s.mean_days, s.sd_days.unwrap())).unwrap();
    assert_eq!(&*learnt.items[0].supplier, "Usual");
    assert_eq!((of("Usual").0, of("Other").0), (7, 3));
    assert!((of("Usual").1 - 10.0).abs() < 1e-9 && (of("Other").1 - 30.0).abs() < 1e-9);
    assert!((of("Other").2 - 1.0).abs() < 1e-9, "its own deviation, not that between the two");
}

#[test]
fn master_data_are_stale_beyond_chance_and_beyond_a_day() {
    let learnt = learn_one(&[28, 30, 27, 33, 29, 31, 26, 30, 32, 28]);
    assert!((learnt.mean_days - 29.4).abs() < 1e-9);
    for (master, expected) in [(28.0, false), (30.0, false), (26.0, true), (35.0, true), (0.0, true)] {
        assert_eq!(is_mean_stale(&learnt, master), expected, "{master}");
    }
    let sd = learnt.own_sd_days.unwrap();
    assert!((2.0..2.5).contains(&sd));
    // scipy.stats.chi2.cdf(9·s²/σ₀², 9) is 0.0003 for 7 and 0.9997 for 1.2; 2 and 3 are less than a day away.
    for (master, expected) in [(7.0, true), (3.0, false), (2.0, false), (0.0, true), (1.2, true)] {
        assert_eq!(is_deviation_stale(&learnt, master), expected, "{master}");
    }
}

#[test]
fn a_longer_and_less_steady_lead_time_costs_shortages_when_it_is_not_planned_with() {
    let forecast = steady(Frequency::Week, 50.0, 8.0, 4000, 26);
    let master = Item {
        lead_time_days: 28.0,
        lead_time_sd_days: 0.0,
        unit_cost: 4.0,
        shortage_cost: 3.0,
        holding_rate: 0.25,
        order_cost: 50.0,
        ..Item::with_defaults(SeriesId::new("A", ""))
    };
    let learnt = Item { lead_time_days: 35.0, lead_time_sd_days: 7.0, ..master.clone() };
    let money = lead_time_money(&forecast, &master, &learnt);
    // FoSCT: d = 50, σ_d = 8: safety stock at 95 % with L = 4, σ_L = 0 is 26.3177; L = 5, σ_L = 1 gives z·√(5·64 + 2500).
    let z = 1.644_853_626_951_472_7_f64;
    let (old, new) = (z * (4.0_f64 * 64.0).sqrt(), z * (5.0_f64 * 64.0 + 2500.0).sqrt());
    assert!((money.safety_stock_master / old - 1.0).abs() < 0.06, "{} {old}", money.safety_stock_master);
    assert!((money.safety_stock_learnt / new - 1.0).abs() < 0.06, "{} {new}", money.safety_stock_learnt);
    let capital = (money.safety_stock_learnt - money.safety_stock_master) * 4.0;
    assert!((money.capital - capital).abs() < 1e-9 && (money.holding_per_year - 0.25 * capital).abs() < 1e-9);
    assert!(money.shortage_kept > 5.0 * money.shortage_learnt && money.shortage_learnt > 0.0);
    assert!((money.cost_of_keeping() - (money.shortage_kept - money.shortage_learnt)).abs() < 1e-9);
    // The other way round, capital is freed.
    let back = lead_time_money(&forecast, &learnt, &master);
    assert!((back.capital + capital).abs() < 1e-9);
    assert!((back.cost_of_keeping() - 0.25 * capital).abs() < 1e-9);
    let reserve = lead_time_reserve(&forecast, &learnt);
    let without = z * (5.0_f64 * 64.0).sqrt();
    assert!((reserve.units / (new - without) - 1.0).abs() < 0.06, "{reserve:?}");
    assert!((reserve.cost_per_year - reserve.units).abs() < 1e-9, "4 a unit at 25 %");
}

proptest! {
    #[test]
    fn learning_is_total_and_ignores_the_order_of_rows(
        rows in prop::collection::vec((0..4_u8, 0..3_u8, 0..400_i64, 0..90_i64, prop::option::of(0.1..1e6_f64)), 1..120),
        turn in 0..100_usize,
    ) {
        let make = |(item, supplier, at, days, quantity): &(u8, u8, i64, i64, Option<f64>)| Receipt {
            quantity_received: *quantity,
            ..receipt(&format!("I{item}"), ["", "S", "T"][usize::from(*supplier)], *at, *days)
        };
        let mut all: Vec<Receipt> = rows.iter().map(make).collect();
        let receipts = Receipts::new(all.clone());
        let learnt = learn_lead_times(&receipts, &ItemTable::default());
        for l in &learnt.items {
            let (low, high) = l.orders.iter().fold((f64::MAX, 0.0_f64), |(a, b), o| (a.min(o.days), b.max(o.days)));
            prop_assert!(l.used >= 1 && l.own_mean_days >= low - 1e-9 && l.own_mean_days <= high + 1e-9);
            prop_assert!(l.mean_days.is_finite() && l.mean_days >= 0.0 && l.sd_days.is_finite() && l.sd_days >= 0.0);
            prop_assert!((0.0..=1.0).contains(&l.own_weight) && (0.0..=1.0).contains(&l.own_sd_weight));
            let q = l.quantiles;
            prop_assert!(q.p10 <= q.median && q.median <= q.p90 && q.p90 <= q.p95);
            prop_assert_eq!(l.histogram().iter().map(|b| b.count).sum::<usize>(), l.used);
        }
        let by = turn % all.len();
        all.rotate_left(by);
        let turned = Receipts::new(all);
        prop_assert_eq!(turned.fingerprint(), receipts.fingerprint());
        prop_assert_eq!(learn_lead_times(&turned, &ItemTable::default()), learnt);
    }

    #[test]
    fn money_is_finite_whatever_the_item_list_holds(
        x in prop::collection::vec(prop_oneof![
            3 => 0.0..100.0_f64,
            1 => prop::sample::select(vec![0.0, -5.0, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
        ], 8),
        set in prop::option::of(0.0..1e4_f64),
    ) {
        let forecast = steady(Frequency::Week, 20.0, 9.0, 50, 8);
        let item = Item {
            lead_time_days: x[0],
            lead_time_sd_days: x[1],
            unit_cost: x[2],
            shortage_cost: x[3],
            holding_rate: x[4],
            order_cost: x[5],
            review_period_days: x[6],
            service_level: x[7] / 100.0,
            safety_stock: set,
            ..Item::with_defaults(SeriesId::new("A", ""))
        };
        let learnt = Item { lead_time_days: 20.0, lead_time_sd_days: 4.0, ..item.clone() };
        let m = lead_time_money(&forecast, &item, &learnt);
        let all = [m.safety_stock_master, m.safety_stock_learnt, m.capital, m.holding_per_year, m.shortage_kept];
        prop_assert!(all.iter().all(|x| x.is_finite()), "{m:?}");
        prop_assert!(m.shortage_kept >= 0.0 && m.shortage_learnt >= 0.0 && m.cost_of_keeping() >= 0.0);
        let reserve = lead_time_reserve(&forecast, &item);
        prop_assert!(reserve.units.is_finite() && reserve.units >= 0.0 && reserve.cost_per_year.is_finite());
    }

    #[test]
    fn a_borrowed_mean_lies_between_its_own_and_its_suppliers(
        orders in prop::collection::vec(prop::collection::vec(1..60_i64, 2..9), 4..9),
    ) {
        let rows = orders.iter().enumerate().flat_map(|(k, days)| weekly(&format!("I{k}"), "S", days));
        let learnt = learn_lead_times(&Receipts::new(rows), &ItemTable::default());
        let centre = learnt.supplier("S").unwrap().mean_days;
        for l in &learnt.items {
            let (low, high) = (l.own_mean_days.min(centre), l.own_mean_days.max(centre));
            prop_assert!(l.mean_days >= low - 1e-9 && l.mean_days <= high + 1e-9);
        }
    }
}
