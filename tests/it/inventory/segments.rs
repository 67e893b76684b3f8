//! ABC–XYZ: cuts, ties, what has no value, former classes.

use super::check;
use planwright::inventory::{ClassInput, classify, variation, variation_without_season};
use planwright::model::{Abc, DemandClass, ItemClass, Segment, Segmentation, SeriesId, Xyz};
use planwright::words::Text;
use proptest::prelude::*;
use std::sync::Arc;

fn input(item: &str, value: f64, variation: Option<f64>) -> ClassInput {
    ClassInput {
        id: SeriesId::new(item, ""),
        value,
        units: value,
        variation,
        demand: (DemandClass::Smooth, 1.0, 0.1),
        known: 52,
        note: Text::default(),
    }
}

fn classes(values: &[f64], segmentation: &Segmentation) -> Vec<ItemClass> {
    let inputs = values.iter().enumerate().map(|(k, v)| input(&format!("I{k:03}"), *v, Some(0.2))).collect();
    classify(inputs, segmentation)
}

fn letters(classes: &[ItemClass]) -> String {
    classes.iter().map(|c| c.segment.abc.name()).collect()
}

#[test]
fn the_item_that_crosses_a_cut_is_still_in() {
    // Before the third: 75 % < 80 %: A. Before the fourth: 85 %: B. Before the sixth: 97 %: C.
    let found = classes(&[50.0, 25.0, 10.0, 8.0, 4.0, 3.0], &Segmentation::default());
    assert_eq!(letters(&found), "AAABBC");
    let all_a = Segmentation { abc_cuts: (1.0, 1.0), ..Segmentation::default() };
    assert_eq!(letters(&classes(&[5.0, 3.0, 2.0], &all_a)), "AAA");
    let no_a = Segmentation { abc_cuts: (0.0, 0.5), ..Segmentation::default() };
    assert_eq!(letters(&classes(&[5.0, 3.0, 2.0], &no_a)), "BCC", "half is reached before the second");
}

#[test]
fn equal_values_have_equal_classes_and_worthless_items_are_c() {
    let found = classes(&[10.0; 10], &Segmentation::default());
    assert_eq!(letters(&found), "A".repeat(10), "a code's letter decides nothing");
    assert!(found.iter().all(|c| c.rank == 1));
    let found = classes(&[100.0, 0.0, -20.0, f64::NAN, f64::INFINITY], &Segmentation::default());
    assert_eq!(letters(&found), "ACCCC");
    check(found[0].share, 1.0, 1e-12);
    let nothing = classes(&[0.0, 0.0], &Segmentation::default());
    assert_eq!(letters(&nothing), "CC");
    assert!(nothing.iter().all(|c| c.share == 0.0 && c.cumulative == 0.0));
    assert!(classify(Vec::new(), &Segmentation::default()).is_empty());
}

#[test]
fn xyz_by_the_coefficient_of_variation() {
    let class = |v| classify(vec![input("I", 1.0, v)], &Segmentation::default())[0].segment.xyz;
    assert_eq!(
        [class(Some(0.0)), class(Some(0.5)), class(Some(0.51)), class(Some(1.0))],
        [Xyz::X, Xyz::X, Xyz::Y, Xyz::Y]
    );
    assert_eq!([class(Some(1.2)), class(None), class(Some(f64::NAN)), class(Some(-1.0))], [Xyz::Z; 4]);
    // numpy: np.std([2,4,4,4,5,5,7,9], ddof=1)/5
    check(variation(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]).unwrap(), 0.427_617_987_059_879_4, 1e-12);
    assert_eq!(variation(&[1.0; 5]), None, "five periods say nothing");
    assert_eq!(variation(&[0.0; 12]), None);
    assert_eq!(variation(&[-1.0; 12]), None);
}

#[test]
fn a_season_and_a_trend_are_no_variation() {
    let season = [10.0, 20.0, 30.0, 20.0];
    let values: Vec<f64> = (0..24).map(|t| season[t % 4] + t as f64).collect();
    assert!(variation(&values).unwrap() > 0.25);
    check(variation_without_season(&values, 4).unwrap(), 0.0, 1e-12);
    // Noise of deviation 1 around it comes back as it is.
    let noise = super::normal_paths(100.0, 1.0, 1, 4000);
    let noisy: Vec<f64> = noise.values().iter().enumerate().map(|(t, e)| season[t % 4] + f64::from(*e)).collect();
    let mean = noisy.iter().sum::<f64>() / noisy.len() as f64;
    check(variation_without_season(&noisy, 4).unwrap() * mean, 1.0, 0.03);
}

#[test]
fn a_former_class_is_left_only_by_a_margin() {
    let [ax, bx] = [Segment::new(Abc::A, Xyz::X), Segment::new(Abc::B, Xyz::X)];
    let found = classes_at(0.81, Some(ax));
    assert_eq!((found.segment, found.without_former), (ax, Some(bx)));
    assert_eq!(classes_at(0.83, Some(ax)).segment, bx, "beyond the margin it goes");
    assert_eq!(classes_at(0.79, Some(bx)).segment, bx, "and it doesn't come back at once");
    assert_eq!(classes_at(0.77, Some(bx)).segment, ax);
    assert_eq!(classes_at(0.79, None).segment, ax);
    assert_eq!(classes_at(0.79, Some(ax)).without_former, None);
}

/// The class of an item with so large a share of all value before it.
fn classes_at(before: f64, former: Option<Segment>) -> ItemClass {
    let former = former.map(|s| (SeriesId::new("Z", ""), s)).into_iter().collect();
    let segmentation = Segmentation { former: Arc::new(former), margin: 0.02, ..Segmentation::default() };
    let mut all = vec![input("A", before, Some(0.2)), input("Z", 0.02, Some(0.2))];
    all.extend((0..30).map(|k| input(&format!("R{k}"), (0.98 - before) / 30.0, Some(0.2))));
    classify(all, &segmentation)[1].clone()
}

#[test]
fn nonsense_settings_are_tidied() {
    let wild = Segmentation {
        abc_cuts: (f64::NAN, -3.0),
        xyz_cuts: (2.0, 0.5),
        margin: f64::INFINITY,
        rules: [(Segment::new(Abc::A, Xyz::X), planwright::model::SegmentRule::default())].into(),
        ..Segmentation::default()
    };
    let tidy = wild.tidied();
    assert_eq!(tidy.abc_cuts, (0.0, 0.8));
    assert_eq!(tidy.xyz_cuts, (0.5, 2.0));
    assert!(tidy.margin.abs() < 1e-12);
    assert!(tidy.rules.is_empty() && !tidy.is_in_force());
    let mut suggested = Segmentation { rules: Segmentation::suggested_rules(), ..Segmentation::default() };
    assert!(suggested.is_in_force());
    suggested = suggested.tidied();
    let json = serde_json::to_string(&suggested).unwrap();
    assert!(json.contains("\"AX\""), "{json}");
    assert_eq!(serde_json::from_str::<Segmentation>(&json).unwrap(), suggested);
    assert!(serde_json::from_str::<Segmentation>("{}").unwrap() == Segmentation::default());
}

proptest! {
    #[test]
    fn classes_follow_value_and_shares_add_up(values in prop::collection::vec(-5.0..1000.0f64, 1..80), a in 0.0..1.0f64, b in 0.0..1.0f64) {
        let segmentation = Segmentation { abc_cuts: (a.min(b), a.max(b)), ..Segmentation::default() };
        let found = classes(&values, &segmentation);
        let total: f64 = found.iter().map(|c| c.share).sum();
        prop_assert!(total == 0.0 || (total - 1.0).abs() < 1e-9);
        for x in &found {
            prop_assert!((0.0..=1.0).contains(&x.cumulative));
            for y in &found {
                // The dearer is never in a lower class, whatever their order.
                prop_assert!(x.value <= y.value || x.segment.abc <= y.segment.abc);
            }
        }
    }
}
