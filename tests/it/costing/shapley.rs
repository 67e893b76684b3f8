//! Shapley values against published ones, a closed form, brute force and their axioms.

use crate::inventory::check;
use planwright::costing::{AirportGame, Game, TripGame, TripOccasion, shapley, shapley_exact, shapley_sampled};
use proptest::prelude::*;

fn airport(costs: &[f64]) -> AirportGame {
    AirportGame { occasions: 1, needs: costs.iter().map(|c| vec![(0, *c)]).collect() }
}

/// Littlechild & Owen 1973: every piece of runway is paid alike by those who need it.
fn by_pieces(sorted: &[f64]) -> Vec<f64> {
    let (mut part, mut reached) = (0.0, 0.0);
    let piece = |(k, cost): (usize, &f64)| {
        part += (cost - reached) / (sorted.len() - k) as f64;
        reached = *cost;
        part
    };
    sorted.iter().enumerate().map(piece).collect()
}

/// The mean over all orders of joining, by the definition.
fn by_definition(game: &impl Game) -> Vec<f64> {
    fn walk(game: &impl Game, order: &mut Vec<usize>, from: usize, sums: &mut [f64], count: &mut f64) {
        if from == order.len() {
            let mut added = Vec::new();
            game.join(order, &mut added);
            order.iter().zip(added).for_each(|(i, x)| sums[*i] += x);
            *count += 1.0;
        }
        for k in from..order.len() {
            order.swap(from, k);
            walk(game, order, from + 1, sums, count);
            order.swap(from, k);
        }
    }
    let (mut sums, mut count) = (vec![0.0; game.players()], 0.0);
    walk(game, &mut (0..game.players()).collect(), 0, &mut sums, &mut count);
    sums.into_iter().map(|s| s / count).collect()
}

#[test]
fn the_airport_of_the_reference_values() {
    let found = shapley(&airport(&[6.0, 9.0, 12.0]), 1000, 1);
    for (part, expected) in found.parts.iter().zip([2.0, 3.5, 6.5]) {
        check(*part, expected, 1e-12);
    }
    assert_eq!((found.errors, found.orders), (vec![0.0; 3], None));
}

#[test]
fn twelve_players_are_exact_and_thirteen_are_sampled() {
    let costs: Vec<f64> = (1..=13).map(|k| f64::from(k * k)).collect();
    let twelve = shapley(&airport(&costs[..12]), 10, 1);
    assert_eq!(twelve.orders, None);
    twelve.parts.iter().zip(by_pieces(&costs[..12])).for_each(|(part, expected)| check(*part, expected, 1e-11));
    let thirteen = shapley(&airport(&costs), 4000, 1);
    assert_eq!(thirteen.orders, Some(4000));
    for ((part, error), expected) in thirteen.parts.iter().zip(&thirteen.errors).zip(by_pieces(&costs)) {
        assert!((part - expected).abs() <= 4.0 * error, "{part} ± {error} is not {expected}");
        assert!(*error > 0.0 && *error < 0.02 * 169.0);
    }
    assert_eq!(thirteen.parts.iter().sum::<f64>(), 169.0);
}

#[test]
fn the_standard_error_is_that_of_many_draws() {
    let costs: Vec<f64> = (1..=15).map(f64::from).collect();
    let (truth, game) = (by_pieces(&costs), airport(&costs));
    let draws: Vec<_> = (0..200).map(|seed| shapley_sampled(&game, 60, seed)).collect();
    for k in [3, 9, 14] {
        let count = draws.len() as f64;
        let off = (draws.iter().map(|d| (d.parts[k] - truth[k]).powi(2)).sum::<f64>() / count).sqrt();
        let said = (draws.iter().map(|d| d.errors[k].powi(2)).sum::<f64>() / count).sqrt();
        // The ratio of two such roots over 200 draws deviates by 5 %.
        assert!((0.8..1.25).contains(&(off / said)), "player {k}: {off} is not {said}");
    }
}

#[test]
fn the_same_seed_draws_the_same_orders() {
    let game = airport(&(1..=20).map(f64::from).collect::<Vec<f64>>());
    assert_eq!(shapley(&game, 100, 5), shapley(&game, 100, 5));
    assert_ne!(shapley(&game, 100, 5), shapley(&game, 100, 6));
}

#[test]
fn nobody_and_one_alone() {
    assert_eq!(shapley_exact(&airport(&[])).parts, Vec::<f64>::new());
    assert_eq!(shapley_sampled(&airport(&[]), 10, 1).parts, Vec::<f64>::new());
    assert_eq!(shapley_exact(&airport(&[7.0])).parts, [7.0]);
    assert_eq!(shapley_sampled(&airport(&[7.0]), 10, 1).parts, [7.0]);
}

#[test]
fn a_load_that_just_fits_takes_no_other_trip() {
    let van = TripOccasion { capacity: 0.3, trip_cost: 1.0 };
    assert_eq!([0.0, 0.1 + 0.2, 0.31, 3.0 * 0.1 * 2.0].map(|load| van.trips(load)), [0.0, 1.0, 2.0, 2.0]);
}

/// A lane's vehicles over two periods; the last player ships what the first does, the one before ships nothing.
fn any_trips() -> impl Strategy<Value = TripGame> {
    let loads = prop::collection::vec((0.0..40.0f64, 0.0..40.0f64), 1..5);
    (loads, 5.0..50.0f64, 1.0..100.0f64, 1.0..100.0f64).prop_map(|(loads, capacity, first, second)| {
        let mut loads: Vec<Vec<(usize, f64)>> = loads.into_iter().map(|(a, b)| vec![(0, a), (1, b)]).collect();
        loads.push(Vec::new());
        loads.push(loads[0].clone());
        let occasions = [first, second].map(|trip_cost| TripOccasion { capacity, trip_cost }).to_vec();
        TripGame { occasions, loads }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn subsets_give_what_the_definition_does(game in any_trips()) {
        for (part, expected) in shapley_exact(&game).parts.iter().zip(by_definition(&game)) {
            prop_assert!((part - expected).abs() <= 1e-9 * expected.abs().max(1.0));
        }
    }

    #[test]
    fn parts_are_efficient_symmetric_and_nothing_for_who_adds_nothing(game in any_trips()) {
        let n = game.players();
        let all: Vec<usize> = (0..n).collect();
        for found in [shapley_exact(&game), shapley_sampled(&game, 400, 3)] {
            prop_assert_eq!(found.parts.iter().sum::<f64>(), game.cost(&all));
            prop_assert!(found.parts[n - 2].abs() <= 1e-9);
            let twins = (found.parts[0], found.parts[n - 1]);
            let error = found.errors[0].hypot(found.errors[n - 1]);
            prop_assert!((twins.0 - twins.1).abs() <= 6.0 * error + 1e-9 * twins.0.max(1.0), "{twins:?} ± {error}");
            prop_assert!(found.parts.iter().all(|p| *p >= -1e-9), "more load never costs less");
        }
    }

    #[test]
    fn more_orders_are_nearer(game in any_trips()) {
        let truth = shapley_exact(&game).parts;
        let found = shapley_sampled(&game, 4000, 11);
        for ((part, error), expected) in found.parts.iter().zip(&found.errors).zip(truth) {
            prop_assert!((part - expected).abs() <= 5.5 * error + 1e-9 * expected.abs().max(1.0));
        }
    }
}
