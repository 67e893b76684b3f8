//! Tests at the face of `model`.

#![allow(clippy::float_cmp, reason = "these numbers are exact: small whole numbers, or equal by construction")]

use jiff::civil::{Date, date};
use planwright::diagnostic::Severity;
use planwright::model::{
    Change, DispatchPlan, Frequency, Horizon, Item, ItemTable, Lane, Lever, Network, PanelError, Period,
    SERVICE_LEVEL_RANGE, SalesPanel, SamplePaths, Scenario, Scope, Series, SeriesId, Site, SolveStatus, difference,
};
use proptest::prelude::*;

const CALENDAR: [Frequency; 5] =
    [Frequency::Day, Frequency::Week, Frequency::Month, Frequency::Quarter, Frequency::Year];

fn any_date() -> impl Strategy<Value = Date> {
    (1900i16..2200, 1i8..13, 1i8..29).prop_map(|(y, m, d)| date(y, m, d))
}

fn calendar() -> impl Strategy<Value = Frequency> {
    prop::sample::select(CALENDAR.to_vec())
}

#[test]
fn labels_are_the_known_ones() {
    for (day, frequency, label) in [
        (date(2024, 3, 5), Frequency::Day, "2024-03-05"),
        (date(2024, 3, 5), Frequency::Week, "2024-W10"),
        // ISO 8601: 1 January 2021 belongs to week 53 of 2020, 31 December 2024 to week 1 of 2025.
        (date(2021, 1, 1), Frequency::Week, "2020-W53"),
        (date(2024, 12, 31), Frequency::Week, "2025-W01"),
        (date(2024, 3, 5), Frequency::Month, "2024-03"),
        (date(2024, 3, 5), Frequency::Quarter, "2024-Q1"),
        (date(2024, 3, 5), Frequency::Year, "2024"),
    ] {
        assert_eq!(Period::containing(day, frequency).label(), label);
        assert_eq!(Period::parse(label), Some(Period::containing(day, frequency)), "{label}");
    }
    assert_eq!(Period::step(17).label(), "17");
    assert_eq!(Period::parse("17"), Some(Period::step(17)));
    for nonsense in ["", "2024-W60", "2024-Q5", "2024-13", "2024-02-30", "soon", "-W1", "99999999999"] {
        assert_eq!(Period::parse(nonsense), None, "{nonsense}");
    }
}

#[test]
fn lengths_of_periods() {
    let in_2024 = |m, f| Period::containing(date(2024, m, 1), f).days();
    assert_eq!([in_2024(2, Frequency::Month), in_2024(4, Frequency::Month)], [29.0, 30.0]);
    assert_eq!([in_2024(1, Frequency::Quarter), in_2024(1, Frequency::Year)], [91.0, 366.0]);
    assert_eq!(Period::step(3).days(), 1.0);
    let far = Period::containing(date(9999, 12, 31), Frequency::Day).plus(i64::MAX);
    assert_eq!(far.first_day(), None);
    assert_eq!(far.days(), 1.0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn labels_roundtrip(day in any_date(), frequency in calendar(), steps in -500i64..500) {
        let period = Period::containing(day, frequency).plus(steps);
        prop_assert_eq!(Period::parse(&period.label()), Some(period));
    }

    #[test]
    fn a_period_contains_its_days(day in any_date(), frequency in calendar()) {
        let period = Period::containing(day, frequency);
        let first = period.first_day().unwrap();
        prop_assert!(first <= day && day < period.plus(1).first_day().unwrap());
        prop_assert_eq!(Period::containing(first, frequency), period);
        prop_assert!(period.season_index() < frequency.season_length());
    }

    #[test]
    fn steps_add_up(day in any_date(), frequency in calendar(), a in -1000i64..1000, b in -1000i64..1000) {
        let period = Period::containing(day, frequency);
        prop_assert_eq!(period.plus(a).plus(b), period.plus(a + b));
        prop_assert_eq!(period.plus(a).since(period), a);
        prop_assert_eq!(period.plus(a) < period.plus(b), a < b);
    }

    #[test]
    fn a_scenario_does_not_differ_from_itself(scenario in any_scenario(), other in any_scenario()) {
        prop_assert!(difference(&scenario, &scenario).is_empty());
        prop_assert!(difference(&scenario, &scenario.branch("copy")).is_empty());
        let (there, back) = (difference(&scenario, &other), difference(&other, &scenario));
        prop_assert_eq!(there.len(), back.len());
        for (a, b) in there.iter().zip(&back) {
            prop_assert_eq!((&a.left, &a.right), (&b.right, &b.left));
        }
    }

    #[test]
    fn setting_and_clearing_a_lever_leaves_no_difference(base in any_scenario(), change in any_change()) {
        let scope = Scope::Category("never used elsewhere".into());
        let mut changed = base.branch("changed");
        changed.set(Lever::OrderCost, scope.clone(), Change::Add(1.0));
        changed.set(Lever::OrderCost, scope.clone(), change);
        prop_assert_eq!(difference(&base, &changed).len(), 1);
        prop_assert_eq!(&difference(&base, &changed)[0].right, &vec![change]);
        changed.clear(Lever::OrderCost, &scope);
        prop_assert!(difference(&base, &changed).is_empty());
    }
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (-5.0..50.0f64).prop_map(Change::Set),
        (0.0..3.0f64).prop_map(Change::Scale),
        (-5.0..5.0f64).prop_map(Change::Add),
        Just(Change::Clear)
    ]
}

fn any_scenario() -> impl Strategy<Value = Scenario> {
    let lever = prop::sample::select(vec![Lever::Demand, Lever::LeadTimeDays, Lever::SafetyStock, Lever::LaneCost]);
    let scope = prop_oneof![
        Just(Scope::All),
        prop::sample::select(vec!["A", "B"]).prop_map(|code| Scope::Series(SeriesId::new(code, ""))),
        Just(Scope::Site("DC".into())),
    ];
    prop::collection::vec((lever, scope, any_change()), 0..6).prop_map(|overrides| {
        let mut scenario = Scenario::base("any");
        for (lever, scope, change) in overrides {
            scenario.set(lever, scope, change);
        }
        scenario
    })
}

fn item(code: &str, location: &str, lead_time_days: f64) -> Item {
    Item { lead_time_days, ..Item::with_defaults(SeriesId::new(code, location)) }
}

#[test]
fn items_are_found_by_location_then_in_general() {
    let table = ItemTable::new([item("A", "", 10.0), item("A", "DC", 3.0), item("A", "DC", 4.0), item("B", "DC", 5.0)]);
    assert_eq!(table.len(), 3);
    for (code, location, expected, known) in
        [("A", "DC", 4.0, true), ("A", "Elsewhere", 10.0, true), ("B", "DC", 5.0, true), ("C", "DC", 7.0, false)]
    {
        let id = SeriesId::new(code, location);
        let found = table.lookup(&id);
        assert_eq!(found.lead_time_days, expected, "{id}");
        assert_eq!(found.id, id);
        if !known {
            assert!(!table.knows(&id));
        }
    }
    assert!(table.knows(&SeriesId::new("B", "DC")));
    assert!(!table.knows(&SeriesId::new("B", "Elsewhere")));
}

#[test]
fn a_scenario_changes_master_data_and_network() {
    let mut scenario = Scenario::base("late supplier");
    scenario.set(Lever::LeadTimeDays, Scope::All, Change::Scale(2.0));
    scenario.set(Lever::LeadTimeDays, Scope::Series(SeriesId::new("A", "")), Change::Add(-100.0));
    scenario.set(Lever::ServiceLevel, Scope::All, Change::Set(1.5));
    scenario.set(Lever::SafetyStock, Scope::All, Change::Set(9.0));
    scenario.set(Lever::SafetyStock, Scope::Series(SeriesId::new("B", "")), Change::Clear);
    assert_eq!(scenario.item(&item("B", "", 6.0)).lead_time_days, 12.0);
    assert_eq!(scenario.item(&item("A", "", 6.0)).lead_time_days, 0.0);
    assert_eq!(scenario.item(&item("A", "", 6.0)).service_level, SERVICE_LEVEL_RANGE.1);
    assert_eq!(scenario.item(&item("A", "", 6.0)).safety_stock, Some(9.0));
    assert_eq!(scenario.item(&item("B", "", 6.0)).safety_stock, None);

    scenario.set(Lever::LaneCost, Scope::Lane("DC".into(), "Oslo".into()), Change::Scale(3.0));
    scenario.set(Lever::SiteCapacity, Scope::Site("DC".into()), Change::Set(-5.0));
    let lane = |to: &str| Lane {
        from: "DC".into(),
        to: to.into(),
        item: "".into(),
        unit_cost: 2.0,
        capacity: None,
        lead_time_days: 0.0,
        distance_km: None,
        vehicle: "".into(),
    };
    let site =
        |id: &str| Site { id: id.into(), name: id.into(), coordinates: None, capacity: None, handling_cost: 0.0 };
    let base = Network {
        sites: vec![site("DC"), site("East")],
        lanes: vec![lane("Oslo"), lane("Bergen")],
        ..Network::default()
    };
    let changed = scenario.network(&base);
    assert_eq!([changed.lanes[0].unit_cost, changed.lanes[1].unit_cost], [6.0, 2.0]);
    assert_eq!([changed.sites[0].capacity, changed.sites[1].capacity], [Some(0.0), None]);
    assert_eq!(Scenario::base("base").network(&base), base);
}

#[test]
fn a_panel_is_regular_finite_and_sorted() {
    let end = Period::parse("2024-03").unwrap();
    let series = |code: &str, start: &str, values: &[f64]| Series {
        id: SeriesId::new(code, ""),
        start: Period::parse(start).unwrap(),
        values: values.into(),
    };
    let panel =
        SalesPanel::new(end, vec![series("B", "2024-02", &[1.0, 2.0]), series("A", "2024-03", &[4.0])]).unwrap();
    assert_eq!(&*panel.series()[0].id.item, "A");
    assert_eq!((panel.total(), panel.start().label()), (7.0, "2024-02".to_owned()));
    let refused = |s: Vec<Series>| SalesPanel::new(end, s).unwrap_err();
    assert!(matches!(refused(vec![]), PanelError::Empty(_)));
    assert!(matches!(refused(vec![series("A", "2024-02", &[1.0])]), PanelError::UnevenEnd(_)));
    assert!(matches!(refused(vec![series("A", "2024-W02", &[1.0])]), PanelError::UnevenEnd(_)));
    assert!(matches!(refused(vec![series("A", "2024-03", &[f64::NAN])]), PanelError::NotFinite { .. }));
    let twice = vec![series("A", "2024-03", &[1.0]), series("A", "2024-03", &[1.0])];
    assert!(matches!(refused(twice), PanelError::Duplicate(_)));
    let text = serde_json::to_string(&panel).unwrap();
    assert_eq!(serde_json::from_str::<SalesPanel>(&text).unwrap(), panel);
    assert!(serde_json::from_str::<SalesPanel>(&text.replace("[4.0]", "[4.0,5.0]")).is_err());
}

#[test]
fn horizons_have_ends() {
    assert_eq!(Horizon::new(1).unwrap().get(), 1);
    assert_eq!(Horizon::new(Horizon::MAX).unwrap().get(), Horizon::MAX);
    for periods in [0, Horizon::MAX + 1, usize::MAX] {
        let finding = Horizon::new(periods).unwrap_err();
        assert_eq!((finding.severity, finding.code.as_str()), (Severity::Error, "horizon-out-of-range"));
    }
}

#[test]
fn paths_are_rows() {
    let paths = SamplePaths::new(2, vec![1.0, 2.0, 3.0, 4.0]);
    assert_eq!((paths.len(), paths.steps()), (2, 2));
    assert_eq!(paths.iter().last(), Some(&[3.0, 4.0][..]));
    assert_eq!(SamplePaths::default().iter().count(), 0);
}

#[test]
fn the_gap_of_a_dispatch_plan() {
    let plan = |objective, bound| DispatchPlan {
        status: SolveStatus::TimeLimit,
        objective,
        bound,
        shipments: vec![],
        trips: vec![],
        unmet: vec![],
        loads: vec![],
        prices: vec![],
        reduced_costs: vec![],
        has_alternatives: false,
        conflicts: vec![],
        notes: vec![],
    };
    assert_eq!(plan(100.0, 90.0).gap(), 0.1);
    assert_eq!(plan(0.0, 0.0).gap(), 0.0);
    assert_eq!(plan(100.0, -900.0).gap(), 1.0);
}
