//! Demand shapes: what they find where the truth is known, and what they leave alone.

use planwright::control::{Cancelled, Control};
use planwright::forecast::{ForecastError, ShapeCoder, ShapeOptions, demand_shapes, suggest_like_items};
use planwright::model::{DemandShapes, Period, SalesPanel, Series, SeriesId};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, StandardNormal};
use std::f64::consts::TAU;
use std::sync::Mutex;

const BOTH: [ShapeCoder; 2] = [ShapeCoder::Autoencoder, ShapeCoder::Linear];

/// Small enough for a debug build.
fn options(coder: ShapeCoder) -> ShapeOptions {
    ShapeOptions { dimensions: 3, units: 16, epochs: 60, coder, ..ShapeOptions::default() }
}

fn panel(end: &str, histories: &[Vec<f64>]) -> SalesPanel {
    let end = Period::parse(end).unwrap();
    let series = histories.iter().enumerate().map(|(k, y)| Series {
        id: id(k),
        start: end.plus(1 - y.len() as i64),
        values: y.clone().into(),
    });
    SalesPanel::new(end, series.collect()).unwrap()
}

fn id(k: usize) -> SeriesId {
    SeriesId::new(format!("item {k:03}"), "")
}

/// Demand of any size that follows `shape`, in logarithms, of the share of the year gone, with noise.
fn year(shape: impl Fn(f64) -> f64, (periods, season): (usize, usize), noise: f64, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let level = 10.0 * f64::powf(100.0, rng.random::<f64>());
    let value = |t: usize| {
        let draw: f64 = StandardNormal.sample(rng);
        (level * (shape((t % season) as f64 / season as f64) + noise * draw).exp()).round()
    };
    (0..periods).map(value).collect()
}

/// One high season in spring, one in autumn, or two in a year, in turn.
fn shape(kind: usize) -> impl Fn(f64) -> f64 {
    move |share| match kind % 3 {
        0 => 0.8 * (TAU * (share - 0.25)).cos(),
        1 => 0.8 * (TAU * (share - 0.8)).cos(),
        _ => 0.8 * (2.0 * TAU * (share - 0.1)).cos(),
    }
}

fn three_shapes(count: usize, (periods, season): (usize, usize), noise: f64) -> Vec<Vec<f64>> {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    (0..count).map(|k| year(shape(k), (periods, season), noise, &mut rng)).collect()
}

fn found(panel: &SalesPanel, options: &ShapeOptions) -> DemandShapes {
    demand_shapes(panel, options, &Control::silent()).unwrap()
}

/// The adjusted Rand index (Hubert & Arabie 1985) of two partitions.
fn adjusted_rand(a: &[usize], b: &[usize]) -> f64 {
    let pairs = |n: usize| (n * n.saturating_sub(1)) as f64 / 2.0;
    let size = |of: &[usize]| {
        (0..=*of.iter().max().unwrap()).map(|k| of.iter().filter(|v| **v == k).count()).collect::<Vec<_>>()
    };
    let both: Vec<usize> = a.iter().zip(b).map(|(a, b)| a * 100 + b).collect();
    let sum = |of: &[usize]| size(of).into_iter().map(pairs).sum::<f64>();
    let (within_a, within_b) = (sum(a), sum(b));
    let expected = within_a * within_b / pairs(a.len());
    (sum(&both) - expected) / (f64::midpoint(within_a, within_b) - expected)
}

#[test]
fn the_index_of_agreement_is_the_published_one() {
    // Hubert & Arabie's formula on the table [[1,1,0],[1,2,1],[0,0,4]]: 14 pairs within rows, 13 within columns, 7 in both.
    let (rows, columns) = ([0, 0, 1, 1, 1, 1, 2, 2, 2, 2], [0, 1, 0, 1, 1, 2, 2, 2, 2, 2]);
    let truth = (7.0 - 13.0 * 14.0 / 45.0) / (13.5 - 13.0 * 14.0 / 45.0);
    assert!((adjusted_rand(&rows, &columns) - truth).abs() < 1e-12);
    assert!((adjusted_rand(&[0, 0, 1, 2], &[2, 2, 0, 1]) - 1.0).abs() < 1e-12);
}

#[test]
fn known_shapes_are_recovered_and_named() {
    // From January 2021 to December 2025.
    let histories = three_shapes(36, (60, 12), 0.25);
    let truth: Vec<usize> = (0..36).map(|k| k % 3).collect();
    for coder in BOTH {
        let shapes = found(&panel("2025-12", &histories), &options(coder));
        let clusters: Vec<usize> = shapes.series.iter().map(|s| s.cluster.unwrap()).collect();
        let index = adjusted_rand(&clusters, &truth);
        assert!(index > 0.9, "{coder:?}: {index}, {:?}", shapes.clusters);
        assert_eq!(shapes.clusters.len(), 3);
        // The first item's high season is spring, the second's autumn.
        let name = |k: usize| &shapes.clusters[shapes.series[k].cluster.unwrap()].name;
        assert!(name(0).en.starts_with("Peak in April") || name(0).en.starts_with("Peak in March"), "{}", name(0));
        assert!(name(1).zh.starts_with("10 月高峰") || name(1).zh.starts_with("11 月高峰"), "{}", name(1).zh);
        // Noise of 0.25 beside a wave of variance 0.32 leaves about a sixth unexplained.
        let error = if coder == ShapeCoder::Linear { shapes.fit.linear } else { shapes.fit.network.unwrap() };
        assert!((0.03..0.3).contains(&error), "{coder:?}: {error}");
    }
}

#[test]
fn a_short_history_has_neighbours_of_its_shape() {
    // 30 % of the others' histories, and 30 % of a single season.
    for (end, length, season, known) in [("2025-12", 60, 12, 18), ("2025-W52", 104, 52, 16)] {
        let mut histories = three_shapes(27, (length, season), 0.15);
        for y in &mut histories[..3] {
            y.drain(..length - known);
        }
        let panel = panel(end, &histories);
        for coder in BOTH {
            let shapes = found(&panel, &options(coder));
            for k in 0..3 {
                let like = suggest_like_items(&panel, &shapes, &id(k), 3).unwrap();
                assert_eq!(like.len(), 3);
                for item in &like {
                    let other: usize = item.id.item[5..].parse().unwrap();
                    assert!(
                        other != k && other % 3 == k,
                        "{coder:?}, season {season}: {k} is like {other}, {}",
                        item.why
                    );
                    assert!(
                        item.why.en.contains("correlation of 0.") && item.why.zh.contains("相关系数"),
                        "{}",
                        item.why
                    );
                }
                assert!(like.is_sorted_by(|a, b| a.distance <= b.distance));
                assert_eq!(like[0].why.en.contains("Only part of a season"), known < season);
            }
        }
        let never = suggest_like_items(&panel, &found(&panel, &options(ShapeCoder::Linear)), &id(500), 3).unwrap_err();
        assert!(never.en.contains("nothing can be read") && never.zh.contains("尚无销售"));
    }
}

#[test]
fn a_planted_spike_is_flagged_and_its_neighbours_are_not() {
    let mut histories = three_shapes(24, (60, 12), 0.15);
    let (item, at) = (4, 40);
    histories[item][at] *= 5.0;
    let panel = panel("2025-12", &histories);
    for coder in BOTH {
        let shapes = found(&panel, &options(coder));
        let flagged = &shapes.series[item].anomalies;
        let period = Period::parse("2021-01").unwrap().plus(at as i64);
        assert_eq!(flagged.iter().map(|a| a.period).collect::<Vec<_>>(), [period], "{coder:?}");
        assert!(flagged[0].error > flagged[0].limit && flagged[0].limit > 0.0);
        let (actual, expected) = (flagged[0].actual, flagged[0].expected);
        assert!((actual - histories[item][at]).abs() < 1e-9, "the history isn't touched");
        assert!((3.0..8.0).contains(&(actual / expected)), "{actual} instead of {expected}");
        // Each period has its expectation, and the rest of the panel next to no flags.
        assert_eq!(shapes.series[item].expected.len(), 60);
        assert!(shapes.series[item].expected.iter().all(Option::is_some));
        assert!(shapes.anomalies() <= 3, "{coder:?}: {}", shapes.anomalies());
    }
}

#[test]
fn what_is_linear_needs_no_network() {
    // Two factors of a small amplitude, where a logarithm is a line, and noise of a tenth of their variance.
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut draw = || -> f64 { StandardNormal.sample(&mut rng) };
    let histories: Vec<Vec<f64>> = (0..60)
        .map(|_| {
            let (a, b) = (draw(), draw());
            let value = |t: usize| {
                let angle = TAU * t as f64 / 12.0;
                1000.0 + 30.0 * (a * angle.cos() + b * angle.sin() + 0.3 * (a * a + b * b).sqrt() * draw())
            };
            (0..48).map(value).collect()
        })
        .collect();
    let shapes = found(&panel("2025-12", &histories), &ShapeOptions { dimensions: 2, ..options(ShapeCoder::Auto) });
    assert!(!shapes.fit.uses_network);
    assert!(shapes.why.en.contains("doesn't help") && shapes.why.zh.contains("没有帮助"), "{}", shapes.why);
    // The noise's share of the variance is 0.09 / (0.5 + 0.09); two of twelve of its dimensions are made again too.
    let truth = 0.09 / 0.59 * 10.0 / 12.0;
    assert!((shapes.fit.linear / truth - 1.0).abs() < 0.15, "{} not {truth}", shapes.fit.linear);
    assert!(shapes.fit.network.unwrap() > 0.95 * shapes.fit.linear, "{:?}", shapes.fit);
}

#[test]
fn what_is_bent_is_made_better_by_the_network() {
    // A short high season anywhere in the year: one number says all, but not along a line.
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let histories: Vec<Vec<f64>> = (0..150)
        .map(|_| {
            let at = rng.random::<f64>();
            let far = move |share: f64| (share - at + 0.5).rem_euclid(1.0) - 0.5;
            year(move |share| 2.0 * (-0.5 * (far(share) / 0.08).powi(2)).exp(), (36, 12), 0.05, &mut rng)
        })
        .collect();
    let shapes = found(&panel("2025-12", &histories), &ShapeOptions { dimensions: 2, ..options(ShapeCoder::Auto) });
    let (network, linear) = (shapes.fit.network.unwrap(), shapes.fit.linear);
    assert!(network < 0.8 * linear && shapes.fit.uses_network, "{network} and {linear}");
    assert!(shapes.why.en.contains("better, beyond chance"), "{}", shapes.why);
}

#[test]
fn the_same_seed_gives_the_same_shapes_on_any_number_of_threads() {
    let panel = panel("2025-12", &three_shapes(12, (36, 12), 0.2));
    let on = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let options = ShapeOptions { seed, epochs: 5, ..options(ShapeCoder::Autoencoder) };
        pool.install(|| found(&panel, &options))
    };
    let first = on(1, 1);
    assert_eq!(first, on(3, 1));
    assert_ne!(first.series[0].embedding, on(1, 2).series[0].embedding);
}

#[test]
fn a_cancel_ends_the_training() {
    let panel = panel("2025-12", &three_shapes(12, (36, 12), 0.2));
    let handle: std::sync::Arc<Mutex<Option<Control>>> = std::sync::Arc::default();
    let inner = handle.clone();
    let control = Control::listening(move |progress| {
        assert!(progress.loss.is_none_or(|loss| loss.epoch == 1), "it went on");
        if progress.loss.is_some()
            && let Some(control) = inner.lock().unwrap().as_ref()
        {
            control.cancel();
        }
    });
    *handle.lock().unwrap() = Some(control.clone());
    let cancelled = demand_shapes(&panel, &options(ShapeCoder::Auto), &control).unwrap_err();
    assert_eq!((cancelled, control.check()), (ForecastError::Cancelled, Err(Cancelled)));
}

#[test]
fn any_panel_gets_shapes_or_a_reason() {
    let mut histories = three_shapes(9, (36, 12), 0.2);
    let sparse = |every: usize| (0..36).map(|t| f64::from(u8::from(t % every == every - 1))).collect::<Vec<f64>>();
    histories.extend([
        vec![5.0; 36],
        vec![0.0; 36],
        vec![7.0],
        vec![1.0, 2.0],
        vec![3.0, 1.0, 2.0, 6.0, 4.0],
        sparse(4),
        sparse(12),
        (0..36).map(|t| 1e12 * f64::from(1 + t % 3)).collect(),
        (0..36).map(|t| 1e-12 * f64::from(1 + t % 3)).collect(),
        (0..36).map(|t| if t % 5 == 0 { -3.0 } else { 4.0 }).collect(),
        (0..36).map(|t| f64::exp(f64::from(t) * 15.0)).collect(),
        (0..36).map(|t| if t == 30 { 1e300 } else { f64::from(t % 4) }).collect(),
    ]);
    let panel = panel("2025-12", &histories);
    for coder in BOTH {
        let shapes = found(&panel, &ShapeOptions { epochs: 5, ..options(coder) });
        assert_eq!(shapes.series.len(), histories.len());
        for s in &shapes.series {
            let numbers = s.embedding.iter().chain(&s.profile).chain(&s.errors).chain(s.expected.iter().flatten());
            assert!(numbers.chain(s.nearest.iter().map(|(_, d)| d)).all(|v| v.is_finite()), "{s:?}");
            assert!(s.anomalies.iter().all(|a| a.expected.is_finite() && a.error.is_finite()), "{s:?}");
            assert_eq!(s.embedding.is_empty(), s.cluster.is_none());
            assert!(!s.embedding.is_empty() || !s.note.zh.is_empty(), "{s:?}");
        }
        for k in [9, 10, 11, 12] {
            assert!(shapes.series[k].embedding.is_empty(), "{k}");
            let why = suggest_like_items(&panel, &shapes, &id(k), 3).unwrap_err();
            assert!(why.en.contains("Name a like item"), "{why}");
        }
        assert!(!shapes.series[13].embedding.is_empty(), "five months are enough");
        assert!(shapes.series[14].note.en.contains("sell nothing") && shapes.series[14].anomalies.is_empty());
    }
}

#[test]
fn too_small_panels_and_senseless_options_are_refused() {
    let refused = |histories: &[Vec<f64>], options: &ShapeOptions| match demand_shapes(
        &panel("2025-12", histories),
        options,
        &Control::silent(),
    ) {
        Err(ForecastError::Refused(why)) => assert!(!why.zh.is_empty()),
        other => panic!("{other:?}"),
    };
    let all = three_shapes(9, (36, 12), 0.2);
    let usual = options(ShapeCoder::Auto);
    refused(&all[..1], &usual);
    refused(&[vec![3.0], vec![0.0; 40]], &usual);
    refused(&all, &ShapeOptions { window: 3, ..usual.clone() });
    refused(&all, &ShapeOptions { dimensions: 9, ..usual.clone() });
    refused(&all, &ShapeOptions { units: 0, ..usual.clone() });
    refused(&all, &ShapeOptions { learning_rate: f64::NAN, ..usual.clone() });
    refused(&all, &ShapeOptions { weight_decay: 2.0, ..usual });
}
