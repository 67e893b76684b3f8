//! Suppliers' figures and scores, by hand.

use jiff::civil::{Date, date};
use planwright::inventory::learn_lead_times;
use planwright::model::{Item, ItemTable, Receipt, Receipts, ScorePart, ScoreWeights, Scorecard, SeriesId};
use planwright::report::scorecard_table;
use planwright::risk::{PartnerInputs, scorecard, weigh};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const FIRST: Date = date(2025, 1, 6);

fn after(days: i64) -> Date {
    FIRST.saturating_add(jiff::Span::new().days(days))
}

/// Item, supplier, order, ordered on, promised after, received after, units ordered, units received.
type Line = (&'static str, &'static str, &'static str, i64, Option<i64>, i64, Option<f64>, Option<f64>);

fn receipts(lines: &[Line]) -> Receipts {
    Receipts::new(lines.iter().map(|(item, supplier, order, at, promised, days, ordered, received)| Receipt {
        id: SeriesId::new(*item, ""),
        supplier: (*supplier).into(),
        order: (*order).into(),
        ordered: after(*at),
        promised: promised.map(|p| after(at + p)),
        received: after(at + days),
        quantity_ordered: *ordered,
        quantity_received: *received,
    }))
}

fn items() -> ItemTable {
    let item = |code: &str, unit_cost| Item {
        unit_cost,
        lead_time_days: 10.0,
        supplier: "Nord".into(),
        ..Item::with_defaults(SeriesId::new(code, ""))
    };
    ItemTable::new([item("A", 2.0), item("B", 5.0)])
}

fn card(lines: &[Line], weights: ScoreWeights) -> Scorecard {
    let (receipts, items) = (receipts(lines), items());
    let lead_times = learn_lead_times(&receipts, &items);
    let reserves = BTreeMap::from([(Arc::from("Nord"), (800.0, 160.0))]);
    let inputs = PartnerInputs { receipts: &receipts, lead_times: &lead_times, items: &items, reserves: &reserves };
    scorecard(&inputs, weights)
}

const LINES: &[Line] = &[
    // On time and in full.
    ("A", "Nord", "1", 0, Some(10), 10, Some(100.0), Some(100.0)),
    // In two parts, the second late: in full, but not on time.
    ("A", "Nord", "2", 10, Some(10), 8, Some(100.0), Some(60.0)),
    ("A", "Nord", "2", 10, Some(10), 14, Some(100.0), Some(40.0)),
    // On time and short.
    ("B", "Nord", "2", 10, Some(12), 12, Some(50.0), Some(40.0)),
    // 98 % is in full.
    ("B", "Nord", "3", 30, Some(12), 11, Some(50.0), Some(49.0)),
    // Nothing promised: due after the item list's 10 days and a tenth of it, at least a day.
    ("A", "Sud", "9", 0, None, 11, None, None),
    ("A", "Sud", "10", 20, None, 14, None, None),
];

#[test]
fn figures_are_counted_by_order_line() {
    let card = card(LINES, ScoreWeights::default());
    let of = |name: &str| card.suppliers.iter().find(|s| &*s.figures.supplier == name).unwrap();
    let nord = &of("Nord").figures;
    assert_eq!((nord.lines, nord.receipts, nord.items, nord.due, nord.promised), (4, 5, 2, 4, 4));
    let close = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-12, "{a:?} is not {b}");
    close(nord.on_time, 3.0 / 4.0);
    close(nord.in_full, 3.0 / 4.0);
    close(nord.on_time_in_full, 2.0 / 4.0);
    close(nord.days_late, 4.0 / 4.0);
    close(nord.quantity_error, (0.0 + 0.0 + 0.2 + 0.02) / 4.0);
    close(Some(nord.spend), 200.0 * 2.0 + 89.0 * 5.0);
    close(Some(nord.spend_share), 1.0);
    assert!((nord.safety_cost - 160.0).abs() < 1e-12 && (nord.safety_capital - 800.0).abs() < 1e-12);
    let sud = &of("Sud").figures;
    assert_eq!((sud.due, sud.promised, sud.in_full, sud.quantity_error), (2, 0, None, None));
    close(sud.on_time, 0.5);
    close(sud.days_late, 3.0 / 2.0);
    assert!(of("Sud").note.en.contains("only 2 order lines"), "{}", of("Sud").note.en);
    assert!(of("Sud").note.en.contains("2 of 2 due dates are the item list's"));
    assert!(of("Sud").note.en.contains("not known, and not in the score: In full, Exact quantity"));
}

#[test]
fn a_score_is_the_weighted_mean_of_its_known_parts() {
    let card = card(LINES, ScoreWeights::default());
    for supplier in &card.suppliers {
        let known: Vec<usize> = (0..6).filter(|k| supplier.parts[*k].is_some()).collect();
        let weight = |k: &usize| card.weights.get(ScorePart::ALL[*k]);
        let all: f64 = known.iter().map(weight).sum();
        let mean: f64 = known.iter().map(|k| weight(k) * supplier.parts[*k].unwrap()).sum::<f64>() / all;
        assert!((supplier.score.unwrap() - mean).abs() < 1e-9);
        assert!((supplier.points.iter().flatten().sum::<f64>() - mean).abs() < 1e-9);
    }
    let nord = card.suppliers.iter().find(|s| &*s.figures.supplier == "Nord").unwrap();
    let f = &nord.figures;
    let by_hand = [
        75.0,
        75.0,
        100.0 * (1.0 - 1.0 / f.lead_time_days.unwrap()),
        100.0 * (1.0 - f.lead_time_sd_days.unwrap() / f.lead_time_days.unwrap()),
        100.0,
        100.0 * (1.0 - 0.055),
    ];
    for (part, expected) in nord.parts.iter().zip(by_hand) {
        assert!((part.unwrap() - expected).abs() < 1e-9, "{part:?} {expected}");
    }
    // All weight on one part: the score is that part.
    let only = ScorePart::ALL.into_iter().fold(ScoreWeights::default(), |w, part| w.with(part, 0.0));
    let weighed = weigh(&card, only.with(ScorePart::InFull, 7.0));
    let nord = weighed.suppliers.iter().find(|s| &*s.figures.supplier == "Nord").unwrap();
    assert!((nord.score.unwrap() - 75.0).abs() < 1e-12);
    // Sud has no such part, and so no score; it stands last.
    assert_eq!((&*weighed.suppliers[1].figures.supplier, weighed.suppliers[1].score), ("Sud", None));
    assert!(weigh(&card, only).suppliers.iter().all(|s| s.score.is_none()), "no weights, no score");
}

#[test]
fn growing_lead_times_take_points_and_shrinking_ones_none() {
    let growing = |later: i64| -> Vec<Line> {
        let days = |k: i64| if k < 12 { 10 + k % 3 } else { later + k % 3 };
        (0..24).map(|k| ("A", "Nord", "", 7 * k, None, days(k), None, None)).collect()
    };
    let trend = |later: i64| {
        let card = card(&growing(later), ScoreWeights::default());
        (card.suppliers[0].parts[ScorePart::Trend as usize].unwrap(), card.suppliers[0].figures.change)
    };
    let (part, change) = trend(15);
    assert_eq!(change.unwrap().since, after(84));
    // From 11 to 16: five days on eleven.
    assert!((part - 100.0 * (1.0 - 5.0 / 11.0)).abs() < 1e-9, "{part}");
    assert!((trend(6).0 - 100.0).abs() < 1e-12, "faster is no fault");
    assert_eq!(trend(10).1, None);
}

#[test]
fn the_table_shows_parts_points_and_weights() {
    let card = card(LINES, ScoreWeights::default());
    let table = scorecard_table(&card, "EUR");
    assert_eq!(table.rows.len(), 2);
    let column = table.column("points_on_time").unwrap();
    assert_eq!(table.columns[column].title().en, "Points: on time (of 30)");
    let sum: f64 = (0..6).filter_map(|k| table.rows[0][column + k].as_number()).sum();
    assert!((sum - table.rows[0][table.column("score").unwrap()].as_number().unwrap()).abs() < 1e-9);
}

proptest! {
    #[test]
    fn scores_stay_between_0_and_100_and_ranks_follow_them(
        rows in prop::collection::vec((0..2_u8, 0..4_u8, 0..60_i64, prop::option::of(0..40_i64), 0..300_i64,
            prop::option::of(0.01..1e9_f64), prop::option::of(0.01..1e9_f64)), 0..40),
        weights in prop::collection::vec(prop_oneof![0.0..50.0_f64, Just(f64::NAN), Just(-3.0)], 6),
    ) {
        let lines: Vec<Line> = rows
            .iter()
            .map(|(item, supplier, at, promised, days, ordered, received)| {
                let name = ["", "Nord", "Sud", "Ost"][usize::from(*supplier)];
                (["A", "Z"][usize::from(*item)], name, "", *at, *promised, *days, *ordered, *received)
            })
            .collect();
        let by = ScorePart::ALL.into_iter().zip(weights).fold(ScoreWeights::default(), |w, (p, x)| w.with(p, x));
        let card = card(&lines, by);
        let spend: f64 = card.suppliers.iter().map(|s| s.figures.spend_share).sum();
        prop_assert!(spend <= 1.0 + 1e-9);
        for pair in card.suppliers.windows(2) {
            prop_assert!(pair[0].score.unwrap_or(-1.0) >= pair[1].score.unwrap_or(-1.0));
            prop_assert!(pair[0].rank <= pair[1].rank);
        }
        for s in &card.suppliers {
            prop_assert!(s.score.is_none_or(|x| (0.0..=100.0 + 1e-9).contains(&x)), "{:?}", s.score);
            prop_assert!(s.parts.iter().flatten().all(|x| (0.0..=100.0).contains(x)));
        }
        let table = scorecard_table(&card, "");
        prop_assert_eq!(table.rows.len(), card.suppliers.len());
    }
}
