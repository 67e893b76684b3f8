//! The value-added ladder on paper: errors, gains, and what may be chance.

use super::close;
use planwright::forecast::{LadderCase, diebold_mariano, ladder};
use planwright::model::{EvidenceTest, Period, SeriesId};

/// Actual 100 throughout; forecasts as errors of naive, chosen and, when there is one, final.
fn case(series: usize, period: i64, lead: usize, errors: (f64, f64, Option<f64>)) -> LadderCase {
    LadderCase {
        id: SeriesId::new(format!("item {series}"), ""),
        period: Period::parse("2024-01").unwrap().plus(period),
        lead,
        actual: 100.0,
        naive: 100.0 + errors.0,
        chosen: 100.0 - errors.1,
        last: errors.2.map(|e| 100.0 + e),
    }
}

fn of(cases: &[LadderCase]) -> planwright::model::Ladder {
    ladder(&cases.iter().collect::<Vec<_>>()).unwrap()
}

#[test]
fn errors_and_gains_on_paper() {
    // Naive 8 and 12, chosen 4 and 6, final 1 and 4: halved, then halved again.
    let found = of(&[case(0, 0, 1, (8.0, 4.0, Some(1.0))), case(1, 0, 1, (12.0, 6.0, Some(-4.0)))]);
    assert_eq!((found.cases, found.series, found.periods), (2, 2, 1));
    assert_eq!((found.naive, found.chosen, found.last), (10.0, 5.0, Some(2.5)));
    assert_eq!((found.chosen_gain(), found.last_gain()), (Some(0.5), Some(0.5)));
    assert_eq!((found.chosen_evidence, found.last_evidence), (None, None), "two cases are no evidence");
    // A case without an override keeps the final step from being measured on other cases than the rest.
    let mixed = of(&[case(0, 0, 1, (8.0, 4.0, Some(1.0))), case(1, 0, 1, (12.0, 6.0, None))]);
    assert_eq!((mixed.last, mixed.last_gain()), (None, None));
    assert!(ladder(&[]).is_none());
    assert_eq!(of(&[case(0, 0, 1, (0.0, 0.0, None))]).chosen_gain(), None, "no error to take anything off");
}

#[test]
fn few_periods_are_tested_by_series() {
    let better = |series: usize| case(series, 0, 1, (8.0, 4.0, Some(5.0)));
    let six: Vec<LadderCase> = (0..6).map(better).collect();
    let found = of(&six);
    let evidence = found.chosen_evidence.unwrap();
    assert_eq!(evidence.test, EvidenceTest::Sign);
    close(evidence.p, 2.0 / 64.0, 1e-12);
    close(found.last_evidence.unwrap().p, 2.0 / 64.0, 1e-12);
    assert!(found.last_gain().unwrap() < 0.0);
    assert_eq!(of(&six[..5]).chosen_evidence, None);
    // Ties say nothing: five decided series are too few again.
    let tied: Vec<LadderCase> = six[..5]
        .iter()
        .cloned()
        .chain([case(9, 0, 1, (4.0, 4.0, None))])
        .map(|c| LadderCase { last: None, ..c })
        .collect();
    assert_eq!(of(&tied).chosen_evidence, None);
}

#[test]
fn many_periods_are_tested_in_time_order() {
    // Two series a period; a period's loss is their mean.
    let (a, b) = ([4.0, 6.0, 5.0, 9.0, 3.0, 4.0, 7.0, 2.0, 6.0], [8.0, 7.0, 4.0, 12.0, 9.0, 3.0, 9.0, 8.0, 7.0]);
    let pairs = || a.iter().zip(b).enumerate();
    let cases: Vec<LadderCase> = pairs()
        .flat_map(|(t, (a, b))| [-1.0, 1.0].map(|d| case(usize::from(d > 0.0), t as i64, 1, (b + d, a + d, None))))
        .collect();
    let found = of(&cases);
    let evidence = found.chosen_evidence.unwrap();
    assert_eq!(evidence.test, EvidenceTest::DieboldMariano);
    close(evidence.p, diebold_mariano(&a, &b, 1).unwrap().p, 1e-12);
    assert_eq!((found.cases, found.series, found.periods), (18, 2, 9));
    // Twice the series of the same periods are no more evidence.
    let doubled: Vec<LadderCase> =
        pairs().flat_map(|(t, (a, b))| (0..4).map(move |s| case(s, t as i64, 1, (b, *a, None)))).collect();
    close(of(&doubled).chosen_evidence.unwrap().p, evidence.p, 1e-12);
}

#[test]
fn a_test_that_disagrees_with_the_gain_names_no_winner() {
    use planwright::model::{LadderOf, LadderRow, LadderSource};
    // Nine small series a little worse, a big one much better: the mean error falls, nine of ten series lost.
    let cases: Vec<LadderCase> = (0..10)
        .map(|k| {
            let (naive, chosen) = if k == 0 { (1000.0, 100.0) } else { (1.0, 2.0) };
            LadderCase {
                id: SeriesId::new(format!("s{k}"), ""),
                period: Period::parse("2026-01").unwrap(),
                lead: 1,
                actual: 0.0,
                naive,
                chosen,
                last: None,
            }
        })
        .collect();
    let ladder = ladder(&cases.iter().collect::<Vec<_>>()).unwrap();
    let evidence = ladder.chosen_evidence.unwrap();
    assert!(ladder.chosen_gain().unwrap() > 0.8 && !evidence.is_better);
    assert!((evidence.p - 22.0 / 1024.0).abs() < 1e-12);
    let row = LadderRow { source: LadderSource::Backtest, of: LadderOf::All, ladder };
    let table = planwright::report::value_added_table(&[row]);
    assert!(format!("{:?}", table.rows).contains("mixed"), "{:?}", table.rows);
}
