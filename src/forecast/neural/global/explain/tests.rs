//! Shapley values against games whose values are known and against all orders; networks whose weights are set by hand.

use super::super::TrainedNetwork;
use super::super::inputs::MOST_COLUMNS;
use super::super::predict::{Checked, Kept};
use super::super::windows::{At, Gathered, Meaning};
use super::case::Case;
use super::game::Game;
use super::players::lag_groups;
use super::{explain_network, shapley};
use crate::control::Control;
use crate::forecast::seed::generator;
use crate::forecast::{Each, Models, NetworkOptions, Options, forecast_each};
use crate::model::{DriverValues, Drivers, Horizon, InputGroup, Item, ItemTable, Period, SalesPanel, Series, SeriesId};
use rand::RngExt as _;
use std::sync::Arc;

const MONTHS: usize = 48;
const HORIZON: usize = 3;
const WINDOW: usize = 16;

/// `[player]` of a game with one step.
fn values(players: usize, worth: impl Fn(usize) -> f64) -> Vec<f64> {
    let worths: Vec<Vec<f64>> = (0..1 << players).map(|subset| vec![worth(subset)]).collect();
    shapley::exact(players, &worths).into_iter().map(|v| v[0]).collect()
}

fn near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() < 1e-12 * b.abs().max(1.0), "{found:?} instead of {expected:?}");
    }
}

#[test]
fn games_have_the_values_that_are_known() {
    // One left glove and two right ones; a pair is worth 1 (Shapley & Shubik 1969).
    let gloves = |s: usize| f64::from(u8::from(s & 1 == 1 && s & 0b110 != 0));
    near(&values(3, gloves), &[2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0]);
    // Who shares a runway of 1, 2 and 4 pays 1/3, 1/3 + 1/2, 1/3 + 1/2 + 2 (Littlechild & Owen 1973).
    let runway = |s: usize| (0..3).filter(|i| s >> i & 1 == 1).map(|i| f64::from(1_u8 << i)).fold(0.0, f64::max);
    near(&values(3, runway), &[1.0 / 3.0, 5.0 / 6.0, 17.0 / 6.0]);
    // What adds up needs no bargain; a dummy gets nothing.
    let sum = |s: usize| {
        [5.0, -2.0, 0.0, 7.0].iter().enumerate().map(|(i, v)| v * f64::from(u8::from(s >> i & 1 == 1))).sum()
    };
    near(&values(4, sum), &[5.0, -2.0, 0.0, 7.0]);
    near(&values(0, |_| 3.0), &[]);
    near(&values(1, |s| 3.0 + s as f64), &[1.0]);
}

/// All orders of `n` players (Heap 1963).
fn permutations(n: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for player in 0..n {
        all = all
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, player);
                    longer
                })
            })
            .collect();
    }
    all
}

#[test]
fn subsets_and_orders_tell_the_same() {
    let mut rng = generator(1);
    for players in 1..=6 {
        let worths: Vec<f64> = (0..1 << players).map(|_| rng.random_range(-5.0..5.0)).collect();
        let mut brute = vec![0.0; players];
        let all = permutations(players);
        for order in &all {
            let along: Vec<usize> = shapley::subsets(order).collect();
            for (player, step) in order.iter().zip(along.windows(2)) {
                brute[*player] += (worths[step[1]] - worths[step[0]]) / all.len() as f64;
            }
        }
        let found = values(players, |s| worths[s]);
        near(&found, &brute);
        let whole = worths[(1 << players) - 1] - worths[0];
        assert!((found.iter().sum::<f64>() - whole).abs() < 1e-12);
    }
    let [order, reverse] = shapley::pair(9, &mut rng);
    assert!(order.iter().eq(reverse.iter().rev()) && (0..9).all(|p| order.contains(&p)));
}

#[test]
fn lags_are_grouped_by_the_season() {
    assert_eq!(lag_groups(24, 12), [(1, 3), (4, 12), (13, 24)]);
    assert_eq!(lag_groups(52, 52), [(1, 4), (5, 13), (14, 26), (27, 52)]);
    assert_eq!(lag_groups(12, 4), [(1, 1), (2, 4), (5, 8), (9, 12)]);
    assert_eq!(lag_groups(21, 7), [(1, 2), (3, 7), (8, 14), (15, 21)]);
    assert_eq!(lag_groups(8, 1), [(1, 1), (2, 2), (3, 4), (5, 8)]);
    assert_eq!(lag_groups(1, 12), [(1, 1)]);
    assert_eq!(lag_groups(10, 52), [(1, 4), (5, 10)]);
    assert_eq!(lag_groups(1000, 4).len(), 5);
}

/// Monthly histories of two locations and `drivers` random drivers of every item with their future.
fn panel(drivers: usize) -> (SalesPanel, Arc<Drivers>) {
    let end = Period::parse("2025-12").unwrap();
    let start = end.plus(1 - MONTHS as i64);
    let mut rng = generator(3);
    let mut history = |k: usize| -> Arc<[f64]> {
        let demand = |t: usize| 20.0 * (k + 1) as f64 * (1.5 + (t as f64 * 0.52).sin()) * rng.random_range(0.7..1.4);
        (0..MONTHS).map(demand).collect()
    };
    let id = |k: usize| SeriesId::new(format!("item {k:02}"), if k.is_multiple_of(2) { "north" } else { "south" });
    let series = (0..8).map(|k| Series { id: id(k), start, values: history(k) }).collect();
    let mut values = Vec::new();
    for d in 0..drivers {
        for k in 0..8 {
            let of = (0..MONTHS + HORIZON).map(|_| Some(rng.random_range(5.0..9.0))).collect();
            values.push(DriverValues { name: format!("driver {d:02}").into(), scope: id(k), start, values: of });
        }
    }
    (SalesPanel::new(end, series).unwrap(), Arc::new(Drivers { values, ..Drivers::default() }))
}

/// The items of a panel in two categories, changing every two items.
fn kinds(panel: &SalesPanel) -> Arc<ItemTable> {
    let of = |(k, s): (usize, &Series)| Item {
        category: ["soap", "tea"][k / 2 % 2].into(),
        ..Item::with_defaults(s.id.clone())
    };
    Arc::new(ItemTable::new(panel.series().iter().enumerate().map(of)))
}

/// One network trained for an epoch, to have its weights set; and the options.
fn trained(model: &str, panel: &SalesPanel, drivers: &Arc<Drivers>, attention: bool) -> (TrainedNetwork, Options) {
    trained_on(model, panel, (drivers, &Arc::default()), attention)
}

/// The same with the items' categories.
fn trained_on(
    model: &str,
    panel: &SalesPanel,
    (drivers, items): (&Arc<Drivers>, &Arc<ItemTable>),
    attention: bool,
) -> (TrainedNetwork, Options) {
    let neural =
        NetworkOptions { window: WINDOW, units: vec![2], epochs: 1, team: 2, attention, ..NetworkOptions::default() };
    let models = Models::Named(vec![model.into()]);
    let options =
        Options { neural, models, folds: 1, drivers: drivers.clone(), ..Options::new(Horizon::new(HORIZON).unwrap()) };
    let options = Options { items: items.clone(), ..options };
    let networks = forecast_each(panel, &options, Each::none(), &Control::silent()).unwrap();
    (networks.get(model).unwrap().clone(), options)
}

fn own() -> SeriesId {
    SeriesId::new("item 03", "south")
}

#[test]
fn what_numbers_stand_for_is_what_they_are() {
    let (panel, drivers) = panel(2);
    for model in ["hybrid", "global-lstm", "global-mlp", "global-counts"] {
        let (network, options) = trained_on(model, &panel, (&drivers, &kinds(&panel)), false);
        let case = Case::new((&panel, &own()), &network, &options, &Control::silent()).unwrap();
        let shown = |case: &Case, t: usize| {
            let panel = case.panel(&network);
            let view = panel.view();
            let meanings = view.meanings();
            assert_eq!(meanings[0].len(), view.window * view.inputs(), "{model}");
            assert_eq!(meanings[1].len(), view.extras(), "{model}");
            let mut gathered = Gathered::default();
            view.gather(&case.scaled, &[At { series: 0, t }], &mut gathered);
            (meanings.concat(), [gathered.x, gathered.extras].concat())
        };
        let last = MONTHS - 1;
        let (meanings, before) = shown(&case, last);
        let changed = |after: &[f32]| -> Vec<Meaning> {
            let pairs = before.iter().zip(after).zip(&meanings);
            pairs.filter(|((a, b), _)| a.to_bits() != b.to_bits()).map(|(_, m)| *m).collect()
        };
        // A driver's future is that driver's alone.
        let columns: Vec<_> = case.columns(&network).into_iter().cloned().collect();
        for k in 0..2 {
            let mut columns = columns.clone();
            columns[k] = columns[k].with(MONTHS + 1, 20.0);
            let case = Case::new((&panel, &own()), &network, &options, &Control::silent()).unwrap();
            let (_, after) = shown(
                &case.with((panel.get(&own()).unwrap().values.clone(), columns), &network, &Control::silent()).unwrap(),
                last,
            );
            assert_eq!(changed(&after), [Meaning::Driver(k)], "{model}");
        }
        // Another location is told by the location, and by nothing else.
        let other = SeriesId::new("item 02", "north");
        let twin = Series { id: other.clone(), ..panel.get(&own()).unwrap().clone() };
        let rest = panel.series().iter().filter(|s| s.id != other).cloned();
        let mut same = (*drivers).clone();
        same.values.retain(|v| v.scope != other);
        let copies: Vec<_> = same.values.iter().filter(|v| v.scope == own()).cloned().collect();
        same.values.extend(copies.into_iter().map(|v| DriverValues { scope: other.clone(), ..v }));
        same.values.sort_by(|a, b| (&a.name, &a.scope).cmp(&(&b.name, &b.scope)));
        let twins = SalesPanel::new(panel.end(), rest.chain([twin]).collect()).unwrap();
        let options = Options { drivers: Arc::new(same), ..options.clone() };
        let case = Case::new((&twins, &other), &network, &options, &Control::silent()).unwrap();
        assert_eq!(changed(&shown(&case, last).1), [Meaning::Location; 2], "{model}");
        // And another category by the category.
        let mut items = (*options.items).clone();
        items.insert(Item { category: "soap".into(), ..items.lookup(&own()) });
        let options = Options { items: Arc::new(items), drivers: drivers.clone(), ..options };
        let case = Case::new((&panel, &own()), &network, &options, &Control::silent()).unwrap();
        assert_eq!(changed(&shown(&case, last).1), [Meaning::Category; 2], "{model}");
    }
}

/// What three equal quantiles say, without the lean of a validation block.
fn plain() -> Checked {
    let kept = Kept { trajectories: vec![0.0; HORIZON], horizon: HORIZON, lean: 0.0, weight: 1.0, covered: 0.8 };
    Checked::restored(super::super::Kind::Perceptron, kept).unwrap()
}

/// A perceptron that is `Σ w·x` of what it is shown: a hidden unit far from the bend. Weights by place and by what
/// numbers stand for.
fn linear(network: &mut TrainedNetwork, [window, extras]: [Vec<Meaning>; 2], weight: impl Fn(usize, Meaning) -> f32) {
    const FAR: f32 = 64.0;
    let matrices = network.facts.shape.matrices();
    for member in &mut network.members {
        member.fill(0.0);
        for matrix in &matrices {
            let to = &mut member[matrix.at.clone()];
            match matrix.name.as_str() {
                "dense.0.weights" => {
                    let row = window.iter().chain(&extras).enumerate().map(|(k, m)| weight(k, *m));
                    to[..matrix.columns].iter_mut().zip(row).for_each(|(to, w)| *to = w);
                }
                "dense.0.bias" => to[0] = FAR,
                "dense.1.weights" => to.chunks_exact_mut(matrix.columns).for_each(|row| row[0] = 1.0),
                "dense.1.bias" => to.fill(-FAR),
                _ => {}
            }
        }
    }
    network.checked = plain();
}

#[test]
fn a_linear_network_is_taken_apart_as_by_hand() {
    let (panel, drivers) = panel(2);
    let (mut network, options) = trained_on("global-mlp", &panel, (&drivers, &kinds(&panel)), false);
    let control = Control::silent();
    let case = Case::new((&panel, &own()), &network, &options, &control).unwrap();
    let case = case.with_references(&panel, &network, &control).unwrap();
    // Lags 1 to 3 and 13 to 16, the first driver, location and category speak; the second driver, season and lags between
    // don't.
    let weight = |k: usize, m: Meaning| match m {
        Meaning::Value(lag) if lag <= 3 => 0.3,
        Meaning::Value(lag) if lag > 12 => -0.2,
        Meaning::Driver(0) => 0.05,
        // Of two locations one.
        Meaning::Location if k.is_multiple_of(2) => 0.1,
        Meaning::Category if k.is_multiple_of(2) => -0.15,
        _ => 0.0,
    };
    let meanings = case.panel(&network).view().meanings();
    linear(&mut network, meanings, weight);
    let found = explain_network(&network, (&panel, &own()), &options, &control).unwrap();
    let groups: Vec<InputGroup> = found.contributions.iter().map(|c| c.of.clone()).collect();
    assert_eq!(groups[..3], [InputGroup::Lags(1, 3), InputGroup::Lags(4, 12), InputGroup::Lags(13, 16)]);
    assert_eq!(groups.len(), 10, "three lags, two drivers, noise, slope, season, location, category: {groups:?}");
    // By hand: sums per group of the own window and of every reference, and all orders.
    let shown = case.panel(&network);
    let view = shown.view();
    let meanings = view.meanings().concat();
    let speaks = |m: Meaning| match m {
        Meaning::Value(lag) if lag <= 3 => Some(0),
        Meaning::Value(lag) if lag > 12 => Some(1),
        Meaning::Driver(0) => Some(2),
        Meaning::Location => Some(3),
        Meaning::Category => Some(4),
        _ => None,
    };
    let histories = case.scaled.clone();
    let sums = |at: At| {
        let mut gathered = Gathered::default();
        view.gather(&histories, &[at], &mut gathered);
        let mut sums = [0.0_f64; 5];
        for (k, (x, m)) in gathered.x.iter().chain(&gathered.extras).zip(&meanings).enumerate() {
            if let Some(group) = speaks(*m) {
                sums[group] += f64::from(*x) * f64::from(weight(k, *m));
            }
        }
        sums
    };
    let (mine, others) = (sums(case.last()), case.references.iter().map(|at| sums(*at)).collect::<Vec<_>>());
    assert_eq!((found.references, others.len()), (32, 32));
    let own_scale = histories[0].as_ref().unwrap();
    let worth = |subset: usize, h: usize| -> f64 {
        let of = |other: &[f64; 5]| {
            let z = (0..5).map(|g| if subset >> g & 1 == 1 { mine[g] } else { other[g] }).sum();
            own_scale.demand(MONTHS - 1, h + 1, z)
        };
        others.iter().map(of).sum::<f64>() / others.len() as f64
    };
    let orders = permutations(5);
    for h in 0..HORIZON {
        let mut brute = [0.0; 5];
        for order in &orders {
            let mut subset = 0;
            for player in order {
                brute[*player] += (worth(subset | 1 << player, h) - worth(subset, h)) / orders.len() as f64;
                subset |= 1 << player;
            }
        }
        let of = |group: &InputGroup| found.contributions.iter().find(|c| c.of == *group).unwrap().by_step[h];
        let driver = |name: &str| InputGroup::Driver(crate::words::Text::same(name));
        let size = found.forecast[h];
        for (expected, group) in brute.iter().zip([
            InputGroup::Lags(1, 3),
            InputGroup::Lags(13, 16),
            driver("driver 00"),
            InputGroup::Location,
            InputGroup::Category,
        ]) {
            assert!((of(&group) - expected).abs() < 1e-4 * size, "{group:?}: {} instead of {expected}", of(&group));
            assert!(expected.abs() > 1e-3 * size, "{group:?} speaks");
        }
        for dummy in
            [driver("driver 01"), InputGroup::Lags(4, 12), InputGroup::Season, InputGroup::Noise, InputGroup::Slope]
        {
            assert!(of(&dummy).abs() < 1e-9 * size, "{dummy:?} has no say");
        }
        assert!((found.forecast[h] - worth(0b11111, h)).abs() < 1e-4 * size);
        assert!((found.level[h] + found.usual[h] - worth(0, h)).abs() < 1e-4 * size);
        assert!((found.level[h] - own_scale.demand(MONTHS - 1, h + 1, 0.0)).abs() < 1e-5 * size);
    }
}

#[test]
fn sampled_orders_come_near_to_all_subsets() {
    let (panel, drivers) = panel(5);
    let (mut network, options) = trained("global-mlp", &panel, &drivers, false);
    let control = Control::silent();
    let case = Case::new((&panel, &own()), &network, &options, &control).unwrap();
    let case = case.with_references(&panel, &network, &control).unwrap();
    let weight = |k: usize, m: Meaning| match m {
        Meaning::Value(lag) => 0.4 / lag as f32,
        Meaning::Driver(driver) => 0.05 * (driver + 1) as f32,
        Meaning::Phase => 0.1,
        Meaning::Location if k.is_multiple_of(2) => 0.2,
        Meaning::Size | Meaning::Memory | Meaning::Noise | Meaning::Slope | Meaning::Location | Meaning::Category => {
            0.0
        }
    };
    let meanings = case.panel(&network).view().meanings();
    linear(&mut network, meanings, weight);
    let mut game = Game::new(&case, &network, &control).unwrap();
    let (base, exact, none) = game.all_subsets(&control).unwrap();
    let (sampled_base, sampled, sampling) = game.some_orders(&control).unwrap();
    let sampling = sampling.unwrap();
    assert!(none.is_none() && exact.len() == 12 && sampling.orders > 100);
    let sum = |values: &[f64]| values.iter().sum::<f64>();
    near(&sampled_base, &base);
    let mut largest = 0.0_f64;
    for (a, b) in exact.iter().zip(&sampled) {
        assert!((sum(a) - sum(b)).abs() < 5.0 * sampling.error, "{} {} ± {}", sum(a), sum(b), sampling.error);
        largest = largest.max((sum(a) - sum(b)).abs());
    }
    assert!(largest > 0.0 && sampling.error > 0.1 * largest && sampling.error < 0.02 * sum(&base), "{largest}");
    let found = explain_network(&network, (&panel, &own()), &options, &control).unwrap();
    assert_eq!(found.sampling.map(|s| s.orders), Some(sampling.orders));
    assert!(found.residual().abs() < 1e-4 * sum(&found.forecast));
    assert!(found.contributions.len() <= MOST_COLUMNS + 7);
}

/// An LSTM of one unit per layer whose state is `tanh(tanh(4·x[t]))` of the value alone, and which attends to large states.
fn looks_for_the_largest(network: &mut TrainedNetwork, query: f32) {
    const OPEN: f32 = 12.0;
    let shape = network.facts.shape.clone();
    let layer = &shape.layers()[0];
    for member in &mut network.members {
        member.fill(0.0);
        let units = layer.units;
        // Gates in the order i, f, g, o.
        for u in 0..units {
            let bias = &mut member[layer.bias.clone()];
            (bias[u], bias[units + u], bias[3 * units + u]) = (OPEN, -OPEN, OPEN);
            member[layer.input_weights.start + (2 * units + u) * layer.inputs] = 0.7;
        }
        member[shape.attention().unwrap()].fill(query);
    }
}

#[test]
fn attention_sums_to_one_and_follows_what_is_planted() {
    let (panel, drivers) = panel(0);
    let (network, options) = trained("hybrid", &panel, &drivers, true);
    let control = Control::silent();
    let strip = |network: &TrainedNetwork, panel: &SalesPanel| {
        let strip = explain_network(network, (panel, &own()), &options, &control).unwrap().attention.unwrap();
        assert!(strip.weights.iter().all(|w| *w >= 0.0) && (strip.weights.iter().sum::<f64>() - 1.0).abs() < 1e-6);
        strip
    };
    let found = strip(&network, &panel);
    assert_eq!((found.weights.len(), found.start.label().as_str()), (WINDOW, "2024-09"));
    assert!(found.weights.iter().any(|w| (w - 1.0 / WINDOW as f64).abs() > 1e-6), "it was trained");
    let mut planted = network.clone();
    for month in [0, 5, 10, 15] {
        let spiked = |s: &Series| {
            let mut values = s.values.to_vec();
            let last = values.len() - WINDOW + month;
            if s.id == own() {
                values[last] *= 30.0;
            }
            Series { values: values.into(), ..s.clone() }
        };
        let spiked = SalesPanel::new(panel.end(), panel.series().iter().map(spiked).collect()).unwrap();
        looks_for_the_largest(&mut planted, 9.0);
        let found = strip(&planted, &spiked);
        let most = (0..WINDOW).max_by(|a, b| found.weights[*a].total_cmp(&found.weights[*b])).unwrap();
        assert_eq!(most, month, "{found:?}");
        assert!(found.weights[most] > 2.0 / WINDOW as f64, "{found:?}");
        looks_for_the_largest(&mut planted, 0.0);
        assert!(strip(&planted, &spiked).weights.iter().all(|w| (w - 1.0 / WINDOW as f64).abs() < 1e-6));
    }
    // The mean over the team: one looks, the other doesn't.
    looks_for_the_largest(&mut planted, 9.0);
    let both = strip(&planted, &panel);
    let query = planted.facts.shape.attention().unwrap();
    planted.members[1][query].fill(0.0);
    for (half, both) in strip(&planted, &panel).weights.iter().zip(&both.weights) {
        assert!((half - 0.5 * (both + 1.0 / WINDOW as f64)).abs() < 1e-6);
    }
    // A history shorter than the window is looked at as far as it goes.
    let short = |s: &Series| Series { start: s.start.plus(40), values: s.values[40..].into(), ..s.clone() };
    let short: Vec<Series> = panel.series().iter().map(|s| if s.id == own() { short(s) } else { s.clone() }).collect();
    let found = strip(&network, &SalesPanel::new(panel.end(), short).unwrap());
    assert_eq!((found.weights.len(), found.start.label().as_str()), (8, "2025-05"));
    assert!(
        explain_network(&trained("global-mlp", &panel, &drivers, true).0, (&panel, &own()), &options, &control)
            .unwrap()
            .attention
            .is_none()
    );
}
