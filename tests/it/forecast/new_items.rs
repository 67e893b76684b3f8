//! New items borrow histories; launches ramp up, predecessors run out.

use super::close;
use planwright::control::Control;
use planwright::forecast::{NewItems, borrow_histories, forecast_series, too_short};
use planwright::model::{Period, SalesPanel, Series, SeriesId, Succession, SuccessionKind};
use std::sync::Arc;

fn panel(histories: &[(&str, &[f64])]) -> Arc<SalesPanel> {
    let end = Period::parse("2025-06").unwrap();
    let one = |(item, values): &(&str, &[f64])| Series {
        id: SeriesId::new(*item, ""),
        start: end.plus(1 - values.len() as i64),
        values: (*values).into(),
    };
    Arc::new(SalesPanel::new(end, histories.iter().map(one).collect()).unwrap())
}

fn succession(new: &str, reference: &str, kind: SuccessionKind) -> Succession {
    let id = |item: &str| SeriesId::new(item, "");
    Succession { new: id(new), reference: id(reference), multiplier: 0.5, launch_periods: 4, kind }
}

fn history(panel: &SalesPanel, item: &str) -> Vec<f64> {
    panel.get(&SeriesId::new(item, "")).unwrap().values.to_vec()
}

fn curve<'a>(new: &'a NewItems, item: &str) -> Option<&'a Vec<f64>> {
    new.curves.get(&SeriesId::new(item, ""))
}

#[test]
fn a_like_item_lends_its_history_and_sells_on() {
    let sold = panel(&[("old", &[10.0, 20.0, 30.0, 40.0, 50.0]), ("new", &[5.0, 8.0])]);
    let found = borrow_histories(&sold, &[succession("new", "old", SuccessionKind::Like)], 4);
    // Half of the old item's before the launch; a quarter and a half of full demand were sold since.
    assert_eq!(history(&found.fitted, "new"), [5.0, 10.0, 15.0, 20.0, 16.0]);
    assert_eq!(history(&found.fitted, "old"), [10.0, 20.0, 30.0, 40.0, 50.0]);
    assert_eq!(curve(&found, "new").unwrap(), &[0.75, 1.0, 1.0, 1.0]);
    assert_eq!(curve(&found, "old"), None);
    assert!(Arc::ptr_eq(&found.sold, &sold), "what was sold stays as it is");
    let why = &found.why[&SeriesId::new("new", "")];
    assert!(why.en.contains("0.5 × old") && why.zh.contains("0.5 × old"));
}

#[test]
fn references_add_up() {
    let sold = panel(&[("a", &[10.0, 20.0, 30.0]), ("b", &[4.0, 8.0])]);
    let both = [succession("new", "a", SuccessionKind::Like), succession("new", "b", SuccessionKind::Like)];
    let found = borrow_histories(&sold, &both, 2);
    assert_eq!(history(&found.fitted, "new"), [5.0, 12.0, 19.0]);
    // An item that was never sold has a period without sales, so that it can be planned.
    assert_eq!(history(&found.sold, "new"), [0.0]);
    assert_eq!(found.sold.series().len(), 3);
    close(found.sold.total(), sold.total(), 0.0);
    assert_eq!(curve(&found, "new").unwrap(), &[0.25, 0.5]);
}

#[test]
fn a_successor_takes_over_what_the_pair_sells() {
    let sold = panel(&[("old", &[40.0, 40.0, 40.0, 30.0, 20.0]), ("new", &[5.0, 10.0])]);
    let found = borrow_histories(&sold, &[succession("new", "old", SuccessionKind::Replace)], 4);
    assert_eq!(history(&found.fitted, "new"), [20.0, 20.0, 20.0, 20.0, 20.0]);
    assert_eq!(history(&found.fitted, "old"), [40.0; 5]);
    let (new, old) = (curve(&found, "new").unwrap(), curve(&found, "old").unwrap());
    assert_eq!(new, &[0.75, 1.0, 1.0, 1.0]);
    // Neither is lost nor found on the way: the shares add up to one.
    new.iter().zip(old).for_each(|(n, o)| close(n + o, 1.0, 1e-12));
}

#[test]
fn what_cannot_be_lent_is_a_finding() {
    let sold = panel(&[("old", &[1.0, 2.0, 3.0])]);
    let like = |new: &str, old: &str| succession(new, old, SuccessionKind::Like);
    let bad = [
        like("old", "old"),
        like("new", "nobody"),
        Succession { multiplier: 0.0, ..like("new", "old") },
        Succession { multiplier: f64::NAN, ..like("new", "old") },
        Succession { launch_periods: 1_000_000, ..like("new", "old") },
    ];
    let found = borrow_histories(&sold, &bad, 3);
    assert_eq!(found.findings.count("succession-unused"), 5);
    assert!(Arc::ptr_eq(&found.fitted, &sold) && found.curves.is_empty());
}

#[test]
fn too_little_history_is_naive_with_advice() {
    let options = super::options(3);
    for (values, short) in [(&[7.0][..], true), (&[7.0, 9.0], true), (&[7.0, 9.0, 8.0], false)] {
        let series = super::series(values, 1);
        let forecast = forecast_series(&series, &options, &Control::silent()).unwrap();
        let found = too_short(&series, &forecast);
        assert_eq!(found.is_some(), short, "{values:?}");
        if let Some(found) = found {
            assert_eq!(&*found.best().model, "naive");
            assert!(found.why.en.contains("like-item") && found.why.zh.contains("相似商品"));
        }
    }
}
