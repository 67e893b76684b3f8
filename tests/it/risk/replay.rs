//! Warnings replayed over history.

use planwright::risk::{ReplayCase, ReplayOptions, ReplayPolicy, TRACKED, replay, score, tracking};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Normal};

const POLICY: ReplayPolicy =
    ReplayPolicy { lead: 2, cover: 2.0, review: 1, service_level: 0.6, safety: None, lot: 100.0 };

fn noisy(periods: usize, seed: u64) -> Vec<f64> {
    let (mut random, demand) = (ChaCha8Rng::seed_from_u64(seed), Gamma::new(4.0, 25.0).unwrap());
    (0..periods).map(|_| demand.sample(&mut random)).collect()
}

fn run(history: &[f64], seed: u64) -> Vec<ReplayCase> {
    replay(history, &POLICY, &ReplayOptions { seed, ..ReplayOptions::default() }, |wish| wish)
}

/// The future must not show: whatever is sold from an origin on leaves its odds alone.
#[test]
fn odds_are_made_of_what_was_known() {
    let history = noisy(80, 1);
    let cases = run(&history, 1);
    assert_eq!(cases.len(), 25, "the last origin has no whole lead time left");
    for (k, case) in cases.iter().enumerate() {
        let mut other = history.clone();
        other[case.origin..].iter_mut().for_each(|d| *d = 1e6);
        let again = run(&other, 1);
        assert_eq!((again[k].net, again[k].probability), (case.net, case.probability));
        assert!(again[k].happened);
    }
}

/// Over many items a warning of p comes true in p of the cases, where there is history enough to know demand by.
#[test]
fn odds_are_what_happens() {
    let one = |k: u64| {
        let options = ReplayOptions { seed: k, window: 250, ..ReplayOptions::default() };
        replay(&noisy(320, 100 + k), &POLICY, &options, |wish| wish)
    };
    let cases: Vec<Vec<ReplayCase>> = (0..400).map(one).collect();
    let all: Vec<&ReplayCase> = cases.iter().flatten().collect();
    let rate = |cases: &[&ReplayCase]| cases.iter().filter(|c| c.happened).count() as f64 / cases.len() as f64;
    let mean = |cases: &[&ReplayCase]| cases.iter().map(|c| c.probability).sum::<f64>() / cases.len() as f64;
    assert!((rate(&all) - mean(&all)).abs() < 0.015, "{} against {}", rate(&all), mean(&all));
    for (low, high) in [(0.05, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.9)] {
        let part: Vec<&ReplayCase> = all.iter().copied().filter(|c| (low..high).contains(&c.probability)).collect();
        assert!(part.len() > 200, "{low}: {}", part.len());
        assert!((rate(&part) - mean(&part)).abs() < 0.06, "{low}: {} against {}", rate(&part), mean(&part));
    }
    // Warning of less finds more and errs more.
    let found = score(&cases);
    assert_eq!((found.items, found.cases, found.origins), (400, all.len(), 25));
    for pair in found.scores.windows(2) {
        assert!(pair[0].threshold < pair[1].threshold && pair[0].recall() >= pair[1].recall());
        assert_eq!(pair[0].hits + pair[0].misses, found.stockouts);
    }
    let at = |t: f64| *found.at(t).unwrap();
    assert!(at(0.7).precision().unwrap() > at(0.2).precision().unwrap() + 0.1);
    let best = found.best().unwrap();
    assert!(found.scores.iter().all(|s| s.f1().unwrap_or(0.0) <= best.f1().unwrap()));
}

#[test]
fn scores_by_hand() {
    let case = |probability: f64, happened: bool| ReplayCase { origin: 9, net: 1.0, probability, happened };
    let found = score(&[vec![case(0.9, true), case(0.5, false), case(0.1, true)], vec![case(0.0, false)], vec![]]);
    assert_eq!((found.items, found.cases, found.stockouts), (2, 4, 2));
    let half = found.at(0.5).unwrap();
    assert_eq!((half.hits, half.false_alarms, half.misses, half.quiet), (1, 1, 1, 1));
    assert_eq!((half.precision(), half.recall(), half.f1()), (Some(0.5), Some(0.5), Some(0.5)));
    assert_eq!(found.best().unwrap().f1(), Some(0.8), "two hits, one false alarm: 4 / 5");
    let never = found.at(0.99).unwrap();
    assert_eq!((never.precision(), never.recall(), never.f1()), (None, Some(0.0), Some(0.0)));
    assert!(score(&[]).scores.is_empty() && score(&[]).best().is_none());
}

#[test]
fn short_constant_and_odd_histories() {
    assert!(run(&[], 1).is_empty() && run(&[5.0; 9], 1).is_empty());
    let steady = run(&[10.0; 60], 1);
    assert!(!steady.is_empty() && steady.iter().all(|c| c.probability == 0.0 && !c.happened));
    let odd: Vec<f64> = (0..60).map(|t| if t % 7 == 0 { -5.0 } else { 0.0 }).collect();
    assert!(run(&odd, 1).iter().all(|c| c.probability.is_finite() && c.net.is_finite()));
    let nonsense = ReplayPolicy { service_level: f64::NAN, lead: 0, review: 0, ..POLICY };
    assert!(!replay(&noisy(60, 3), &nonsense, &ReplayOptions::default(), |w| w).is_empty());
}

#[test]
fn an_unbiased_forecast_rarely_drifts_and_a_biased_one_does() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let normal = Normal::new(0.0, 10.0).unwrap();
    let mut errors = |bias: f64| -> Vec<f64> { (0..TRACKED).map(|_| bias + normal.sample(&mut random)).collect() };
    let alarms = (0..4000).filter(|_| tracking(&errors(0.0)).unwrap().signal.abs() >= 0.6).count();
    let share = alarms as f64 / 4000.0;
    assert!((0.005..0.05).contains(&share), "{share}");
    let caught = (0..400).filter(|_| tracking(&errors(10.0)).unwrap().signal >= 0.6).count();
    assert!(caught > 320, "{caught}");
    assert!(tracking(&errors(-10.0)).unwrap().bias < 0.0);
    // By hand: the same error for ever is a signal of nearly 1.
    let found = tracking(&[4.0; 200]).unwrap();
    assert!((found.signal - (1.0 - 0.9_f64.powi(52))).abs() < 1e-12 && found.errors == TRACKED);
    assert!(tracking(&[1.0; 7]).is_none() && tracking(&[0.0; 20]).is_none() && tracking(&[f64::NAN; 20]).is_none());
}
