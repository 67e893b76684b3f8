//! Models named beside the automatic ones: taken where they help, and only there.

use super::global::{named, panel, taking_turns};
use planwright::control::Control;
use planwright::forecast::{Challenge, Models, NetworkOptions, Options, forecast, parse_models, settle};
use planwright::model::{Accuracy, Horizon, SeriesForecast};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

fn run(histories: &[Vec<f64>], options: &Options) -> (Vec<SeriesForecast>, Vec<Challenge>) {
    let panel = panel(histories);
    let found = forecast(&panel, options, &Control::silent()).unwrap();
    let challenges = settle(panel.series(), found.iter(), &options.models).challenges().to_vec();
    (found, challenges)
}

fn with_network() -> Options {
    let mut options = named("auto,hybrid");
    (options.folds, options.paths) = (4, 20);
    options.neural = NetworkOptions { window: 4, units: vec![8], epochs: 12, batch: 32, team: 1, ..options.neural };
    options
}

fn accuracy(forecast: &SeriesForecast, model: &str) -> Accuracy {
    forecast.scores.iter().find(|s| &*s.model == model).and_then(|s| s.accuracy).unwrap()
}

#[test]
fn a_network_that_helps_is_taken_and_says_by_how_much() {
    // One step ahead, of which good months taking from the next leave little to chance.
    let options = Options { horizon: Horizon::new(1).unwrap(), folds: 8, ..with_network() };
    let (found, challenges) = run(&taking_turns(ITEMS, 60), &options);
    let [challenge] = &challenges[..] else { panic!("no item has pauses: {challenges:?}") };
    assert!(challenge.is_better && challenge.p.is_some_and(|p| p < 0.01), "{challenge:?}");
    let taken: Vec<&SeriesForecast> = found.iter().filter(|f| &*f.best().model == "hybrid").collect();
    assert_eq!((challenge.used, challenge.items), (taken.len(), ITEMS));
    assert!(3 * taken.len() > 2 * ITEMS, "{}", challenge.sentence);
    let (rival, error) = challenge.rival.clone().unwrap();
    let mean = |model: &str| {
        let of = |f: &SeriesForecast| {
            let name = if model == "automatic" { f.without_others().to_string() } else { model.into() };
            accuracy(f, &name).mase.unwrap()
        };
        found.iter().map(of).sum::<f64>() / ITEMS as f64
    };
    assert!((mean("hybrid") - challenge.error).abs() < 1e-9 && (mean(&rival) - error).abs() < 1e-9);
    assert!(["seasonal-naive", "ets", "theta", "combination"].iter().all(|m| mean(m) >= error - 1e-9));
    let figures = format!("its MASE is {:.3} against {error:.3}", challenge.error);
    assert!(challenge.sentence.en.contains(&figures) && challenge.sentence.zh.contains("显著优于"));
    for f in &found {
        let automatic = f.without_others().clone();
        let mae = |model: &str| accuracy(f, model).mae.unwrap();
        let (own, other) = (mae("hybrid"), mae(&automatic));
        assert_eq!(&*f.best().model == "hybrid", own < other, "{}: {own} {other}", f.id);
        assert_ne!(&*automatic, "hybrid");
        let size = (100.0 * (1.0 - own / other)).abs();
        let said = if own < other {
            format!("its error is {size:.0} % smaller here")
        } else {
            format!("doesn't help here: its error is {size:.0} % larger")
        };
        assert!(f.why.en.contains(&said), "{said}: {}", f.why.en);
        assert!(f.why.zh.contains(&format!(" {size:.0}%")), "{}", f.why.zh);
        // Figures against the chosen model are of the one chosen.
        let against = |model: &str| f.scores.iter().find(|s| &*s.model == model).unwrap().against_chosen;
        assert!(against(&f.best().model).is_none() && against("naive").is_some());
        assert_eq!(f.best().paths.len(), 20);
    }
}

const ITEMS: usize = 14;

/// Demand of a level, 70 to 130 at random: nothing to learn beyond the level.
fn noise(count: usize) -> Vec<Vec<f64>> {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    (0..count).map(|_| (0..60).map(|_| rng.random_range(70.0..130.0_f64)).collect()).collect()
}

#[test]
fn a_network_that_does_not_help_is_left_aside_and_says_so() {
    let histories = noise(ITEMS);
    let (found, challenges) = run(&histories, &with_network());
    let [challenge] = &challenges[..] else { panic!("{challenges:?}") };
    assert!(!challenge.is_better && challenge.used == 0, "{challenge:?}");
    assert!(challenge.sentence.en.contains("isn't used on any of 14 items"), "{}", challenge.sentence);
    assert!(challenge.sentence.en.contains("keep their statistical models"), "{}", challenge.sentence);
    // What is chosen is what the automatic shortlist alone chooses.
    let (alone, none) = run(&histories, &Options { models: Models::Auto, ..with_network() });
    assert!(none.is_empty());
    for (f, alone) in found.iter().zip(&alone) {
        assert_eq!(f.best(), alone.best());
        assert!(f.automatic.is_none() && f.why.en.starts_with(&alone.why.en), "{}", f.why);
        let said = f.why.en.contains("doesn't help here") || f.why.en.contains("not beyond chance");
        assert!(said && (f.why.zh.contains("没有帮助") || f.why.zh.contains("未超出偶然")), "{}", f.why);
    }
}

#[test]
fn one_item_is_helped_by_what_it_shows_itself() {
    // Ten items of noise, and one that repeats what it did five periods ago: a moving average beside a model that knows.
    let mut histories = noise(10);
    histories.push((0..60).map(|t| [40.0, 160.0, 90.0, 120.0, 60.0][t % 5] * (1.0 + 0.01 * (t % 3) as f64)).collect());
    let mut options = named("auto");
    options.models = parse_models("auto,moving-average(5),arima(5,0,0)").unwrap();
    (options.folds, options.paths) = (6, 20);
    let (found, challenges) = run(&histories, &options);
    let arima = challenges.iter().find(|c| c.model.starts_with("arima")).unwrap();
    assert!(!arima.is_better && arima.used == 1, "{}", arima.sentence);
    assert!(arima.sentence.en.contains("helps on 1 of 11 items"), "{}", arima.sentence);
    let last = found.last().unwrap();
    assert_eq!(&*last.best().model, "arima(5,0,0)");
    assert!(last.why.en.contains("in every fold"), "{}", last.why);
    assert!(last.why.en.contains("Moving average(5) "), "{}", last.why);
    assert!(found[..10].iter().all(|f| f.automatic.is_none()));
}
