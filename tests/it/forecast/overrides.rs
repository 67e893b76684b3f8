//! Overrides: exact spreading, order, expiry, edges; and whether they helped.

use super::close;
use planwright::forecast::{apply_overrides, value_added};
use planwright::model::{
    AppliedOverride, ForecastOverride, ForecastScope, KeptForecast, OverrideKind, OverrideState, Period, SalesPanel,
    Series, SeriesId,
};
use proptest::prelude::*;

fn month(label: &str) -> Period {
    Period::parse(label).unwrap()
}

fn given(kind: OverrideKind, first: &str, last: &str) -> ForecastOverride {
    ForecastOverride {
        scope: ForecastScope::All,
        first: month(first),
        last: month(last),
        kind,
        reason: "trade fair".into(),
        author: "Lin".into(),
        created: String::new(),
        expires: None,
    }
}

/// Applies overrides to forecasts from January 2025 on, all series in scope.
fn apply(overrides: &[ForecastOverride], means: &mut [Vec<f64>]) -> Vec<AppliedOverride> {
    let all: Vec<usize> = (0..means.len()).collect();
    apply_overrides(overrides, &|_| all.clone(), means, (month("2025-01"), month("2024-12")))
}

#[test]
fn a_group_is_overridden_together_and_members_share_by_forecast() {
    let mut means = vec![vec![10.0, 10.0, 10.0], vec![30.0, 30.0, 30.0]];
    let value = given(OverrideKind::Value(100.0), "2025-01", "2025-01");
    let percent = given(OverrideKind::Percent(10.0), "2025-02", "2025-02");
    let increment = given(OverrideKind::Increment(-20.0), "2025-03", "2025-03");
    let applied = apply(&[value, percent, increment], &mut means);
    let expected = [[25.0, 11.0, 5.0], [75.0, 33.0, 15.0]];
    means.iter().zip(expected).for_each(|(m, e)| m.iter().zip(e).for_each(|(m, e)| close(*m, e, 1e-12)));
    let figures: Vec<_> = applied.iter().map(|a| (a.state, a.series, a.periods, a.before, a.after)).collect();
    assert_eq!(figures[0], (OverrideState::Applied, 2, 1, 40.0, 100.0));
}

#[test]
fn overrides_apply_in_order() {
    let ten = given(OverrideKind::Percent(10.0), "2025-01", "2025-12");
    let set = given(OverrideKind::Value(50.0), "2025-01", "2025-01");
    let mut first = vec![vec![100.0, 100.0]];
    apply(&[ten.clone(), set.clone()], &mut first);
    let mut last = vec![vec![100.0, 100.0]];
    apply(&[set, ten], &mut last);
    close(first[0][0], 50.0, 1e-12);
    close(last[0][0], 55.0, 1e-12);
    close(first[0][1], 110.0, 1e-12);
}

#[test]
fn nothing_to_share_by_is_shared_alike_and_demand_ends_at_zero() {
    let mut means = vec![vec![0.0, 4.0], vec![0.0, 2.0], vec![0.0, 0.0]];
    let grow = given(OverrideKind::Increment(30.0), "2025-01", "2025-01");
    let fall = given(OverrideKind::Increment(-30.0), "2025-02", "2025-02");
    let applied = apply(&[grow, fall], &mut means);
    assert_eq!(means, [[10.0, 0.0], [10.0, 0.0], [10.0, 0.0]]);
    assert_eq!((applied[1].before, applied[1].after), (6.0, 0.0));
}

#[test]
fn what_does_not_apply_says_why_and_changes_nothing() {
    use OverrideState::{Applied, Expired, NoSeries, Outside};
    let before = vec![vec![5.0; 3]];
    let mut means = before.clone();
    let expired =
        ForecastOverride { expires: Some(month("2024-11")), ..given(OverrideKind::Value(9.0), "2025-01", "2025-03") };
    let last_day = ForecastOverride { expires: Some(month("2024-12")), ..expired.clone() };
    let past = given(OverrideKind::Value(9.0), "2023-01", "2024-12");
    let weekly = ForecastOverride {
        first: month("2025-W01"),
        last: month("2025-W09"),
        ..given(OverrideKind::Value(9.0), "2025-01", "2025-01")
    };
    let endless = given(OverrideKind::Value(f64::INFINITY), "2025-01", "2025-01");
    let states: Vec<_> = apply(&[expired, past, weekly, endless], &mut means).iter().map(|a| a.state).collect();
    assert_eq!(states, [Expired, Outside, Outside, Outside]);
    assert_eq!(means, before);
    let nobody = apply_overrides(
        std::slice::from_ref(&last_day),
        &|_| Vec::new(),
        &mut means,
        (month("2025-01"), month("2024-12")),
    );
    assert_eq!(nobody[0].state, NoSeries);
    assert_eq!(apply(&[last_day], &mut means)[0].state, Applied);
    assert_eq!(means, [[9.0; 3]]);
}

proptest! {
    #[test]
    fn members_sum_to_what_was_asked(
        values in prop::collection::vec(prop_oneof![Just(0.0), 1e-12..1e12_f64], 1..40),
        asked in prop_oneof![Just(0.0), 1e-6..1e9_f64],
    ) {
        let mut means: Vec<Vec<f64>> = values.iter().map(|v| vec![*v]).collect();
        apply(&[given(OverrideKind::Value(asked), "2025-01", "2025-01")], &mut means);
        let sum: f64 = means.iter().map(|m| m[0]).sum();
        prop_assert!((sum - asked).abs() <= 2.0 * asked * f64::EPSILON, "{sum} for {asked}");
        prop_assert!(means.iter().all(|m| m[0] >= 0.0));
        let total: f64 = values.iter().sum();
        if total > 0.0 {
            for (m, v) in means.iter().zip(&values) {
                prop_assert!((m[0] - asked * v / total).abs() <= 1e-9 * asked);
            }
        }
    }
}

#[test]
fn scopes_hold_what_they_say() {
    let id = SeriesId::new("tea", "HAM");
    let category = |_: &SeriesId| "Drinks".into();
    let region = |id: &SeriesId| if &*id.location == "HAM" { "North".into() } else { "".into() };
    let holds = |scope: ForecastScope| scope.holds(&id, &category, &region);
    assert!(holds(ForecastScope::All) && holds(ForecastScope::Series(id.clone())));
    assert!(holds(ForecastScope::Item("tea".into())) && !holds(ForecastScope::Item("cup".into())));
    assert!(holds(ForecastScope::Category("Drinks".into())) && !holds(ForecastScope::Category("Tools".into())));
    assert!(holds(ForecastScope::Location("HAM".into())) && !holds(ForecastScope::Location("LYS".into())));
    assert!(holds(ForecastScope::Region("North".into())) && !holds(ForecastScope::Region("".into())));
    assert!(!holds(ForecastScope::Series(SeriesId::new("tea", ""))));
}

#[test]
fn value_added_counts_overridden_periods_that_were_sold() {
    let id = SeriesId::new("tea", "");
    let series = Series { id: id.clone(), start: month("2024-10"), values: [8.0, 9.0, 10.0, 20.0, 12.0].into() };
    let panel = SalesPanel::new(month("2025-02"), vec![series]).unwrap();
    // Kept in December; January and March were overridden, February was not, and March isn't sold yet.
    let kept = KeptForecast {
        id,
        start: month("2025-01"),
        naive: 10.0,
        statistical: vec![14.0, 11.0, 11.0],
        last: vec![18.0, 11.0, 30.0],
        touched: Vec::new(),
    };
    let found = value_added(std::slice::from_ref(&kept), &panel);
    assert_eq!((found.periods, found.naive, found.statistical, found.last), (1, 10.0, 6.0, 2.0));
    close(found.percent().unwrap(), 100.0 * (1.0 - 2.0 / 6.0), 1e-12);
    let elsewhere = KeptForecast { id: SeriesId::new("cup", ""), ..kept };
    assert_eq!(value_added(&[elsewhere], &panel).percent(), None);
}
