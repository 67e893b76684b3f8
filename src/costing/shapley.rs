//! Shapley values: a cost that items share, by what each adds to it.
//!
//! A cost game has players `N` and a cost `v(S)` of every coalition `S ⊆ N`. The Shapley value of player `i` is the mean of
//! what it adds, `v(S ∪ i) − v(S)`, over all orders in which the players may join (Shapley 1953, "A value for n-person
//! games", *Contributions to the Theory of Games* II, eq. 13). It alone is efficient (the parts sum to `v(N)`), symmetric,
//! additive, and gives nothing to whoever adds nothing.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Players up to which all subsets are looked at.
pub const EXACT_PLAYERS: usize = 12;

/// A cost that players share.
pub trait Game {
    /// How many players there are.
    fn players(&self) -> usize;

    /// What each player adds to the cost when they join in this order, from nobody on: `added[k]` is that of `order[k]`.
    fn join(&self, order: &[usize], added: &mut Vec<f64>);

    /// The cost of a coalition.
    fn cost(&self, members: &[usize]) -> f64 {
        let mut added = Vec::with_capacity(members.len());
        self.join(members, &mut added);
        added.iter().sum::<f64>() + 0.0
    }
}

/// Shapley values of a game.
#[derive(Debug, Clone, PartialEq)]
pub struct Shapley {
    /// One part per player; they sum to the cost of all.
    pub parts: Vec<f64>,
    /// Standard error of each part; 0 when exact.
    pub errors: Vec<f64>,
    /// Orders drawn; `None` when all subsets were looked at.
    pub orders: Option<usize>,
}

/// Shapley values: over all subsets up to [`EXACT_PLAYERS`] players, beyond over `orders` orders of joining.
pub fn shapley(game: &impl Game, orders: usize, seed: u64) -> Shapley {
    if game.players() <= EXACT_PLAYERS { shapley_exact(game) } else { shapley_sampled(game, orders, seed) }
}

/// Shapley values over all subsets: `φ_i = Σ_S |S|!(n−|S|−1)!/n! · (v(S ∪ i) − v(S))`, `S ⊆ N∖i`.
///
/// # Panics
/// With more than 20 players: a million subsets are the most.
pub fn shapley_exact(game: &impl Game) -> Shapley {
    let n = game.players();
    assert!(n <= 20, "subsets of at most 20 players are looked at");
    let members = |mask: usize| (0..n).filter(|i| mask >> i & 1 == 1).collect::<Vec<usize>>();
    let cost: Vec<f64> = (0..1_usize << n).map(|mask| game.cost(&members(mask))).collect();
    // |S|!(n−|S|−1)!/n! = 1/(n·C(n−1, |S|)).
    let mut weight = vec![1.0 / n.max(1) as f64; n.max(1)];
    for s in 1..n {
        weight[s] = weight[s - 1] * s as f64 / (n - s) as f64;
    }
    let part = |i: usize| -> f64 {
        let without = (0..cost.len()).filter(|mask| mask >> i & 1 == 0);
        without.map(|mask| weight[mask.count_ones() as usize] * (cost[mask | 1 << i] - cost[mask])).sum()
    };
    let mut parts: Vec<f64> = (0..n).map(part).collect();
    settle(&mut parts, cost[cost.len() - 1]);
    Shapley { parts, errors: vec![0.0; n], orders: None }
}

/// Shapley values estimated over orders of joining drawn at random, with standard errors (Castro, Gómez & Tejada 2009,
/// "Polynomial calculation of the Shapley value based on sampling", *Computers & Operations Research* 36, section 3).
///
/// Each order is also walked backwards: who came late comes early, so that the two errors partly cancel (Mitchell et al.
/// 2022, "Sampling permutations for Shapley value estimation", *JMLR* 23, section 3.1). The error is that of the means of the
/// pairs. Every order hands out the whole cost, so the parts sum to it whatever their number.
pub fn shapley_sampled(game: &impl Game, orders: usize, seed: u64) -> Shapley {
    let (n, pairs) = (game.players(), orders.div_ceil(2).max(2));
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut order: Vec<usize> = (0..n).collect();
    let (mut mean, mut squares, mut pair) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    let mut added = Vec::with_capacity(n);
    for k in 0..pairs {
        order.shuffle(&mut rng);
        pair.fill(0.0);
        for _ in 0..2 {
            game.join(&order, &mut added);
            order.iter().zip(&added).for_each(|(i, x)| pair[*i] += 0.5 * x);
            order.reverse();
        }
        // Welford's running mean and sum of squares.
        for i in 0..n {
            let step = pair[i] - mean[i];
            mean[i] += step / (k + 1) as f64;
            squares[i] += step * (pair[i] - mean[i]);
        }
    }
    let errors = squares.iter().map(|s| (s / ((pairs - 1) * pairs) as f64).sqrt()).collect();
    order.sort_unstable();
    settle(&mut mean, game.cost(&order));
    Shapley { parts: mean, errors, orders: Some(2 * pairs) }
}

/// Parts that are tried; the first nearly always does.
const SETTLED: usize = 16;

/// Makes parts sum to the whole, to the last digit, when they are added in their order: what rounding lost goes to one of
/// them, the last for which it comes out even.
pub(super) fn settle(parts: &mut [f64], whole: f64) {
    let last: Vec<usize> = (0..parts.len()).rev().filter(|k| parts[*k] != 0.0).take(SETTLED).collect();
    for k in last {
        let (before, after): (f64, f64) = (parts[..k].iter().sum(), parts[k + 1..].iter().sum());
        let own = parts[k];
        let rest = whole - before - after;
        for part in [rest, rest.next_up(), rest.next_down()] {
            parts[k] = part;
            if (parts.iter().sum::<f64>() - whole).abs() <= 0.0 {
                return;
            }
        }
        parts[k] = own;
    }
}

/// Trips on a lane: `v(S)` = Σ over occasions of the cost of a trip × ⌈load of S / capacity of the vehicle⌉.
#[derive(Debug, Clone, PartialEq)]
pub struct TripGame {
    /// The occasions, a vehicle on a lane in a period each.
    pub occasions: Vec<TripOccasion>,
    /// For each player, the occasions on which it ships, and how many units.
    pub loads: Vec<Vec<(usize, f64)>>,
}

/// A vehicle that goes as often as its load needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TripOccasion {
    /// Units that a trip carries, > 0.
    pub capacity: f64,
    /// Cost of a trip, money.
    pub trip_cost: f64,
}

/// A load this close above a whole number of vehicles fits them: far below a unit, far above rounding.
const FITS: f64 = 1e-9;

impl TripOccasion {
    /// Trips that carry `load`.
    pub fn trips(&self, load: f64) -> f64 {
        (load / self.capacity - FITS).ceil().max(0.0)
    }
}

impl Game for TripGame {
    fn players(&self) -> usize {
        self.loads.len()
    }

    fn join(&self, order: &[usize], added: &mut Vec<f64>) {
        // Units loaded so far and the trips that they take.
        let mut loaded = vec![(0.0, 0.0); self.occasions.len()];
        added.clear();
        added.extend(order.iter().map(|&i| {
            let mut more = 0.0;
            for &(k, units) in &self.loads[i] {
                let (occasion, (load, trips)) = (&self.occasions[k], &mut loaded[k]);
                *load += units;
                let now = occasion.trips(*load);
                more += occasion.trip_cost * (now - *trips);
                *trips = now;
            }
            more
        }));
    }
}

/// Something that costs what its most demanding user needs, occasion by occasion: a runway (Littlechild & Owen 1973, "A
/// simple expression for the Shapley value in a special case", *Management Science* 20), an order placed for several items.
#[derive(Debug, Clone, PartialEq)]
pub struct AirportGame {
    /// Occasions.
    pub occasions: usize,
    /// For each player, the occasions that it is part of, and the cost that it needs then, money.
    pub needs: Vec<Vec<(usize, f64)>>,
}

impl Game for AirportGame {
    fn players(&self) -> usize {
        self.needs.len()
    }

    fn join(&self, order: &[usize], added: &mut Vec<f64>) {
        let mut reached = vec![0.0_f64; self.occasions];
        added.clear();
        added.extend(order.iter().map(|&i| {
            let mut more = 0.0;
            for &(occasion, cost) in &self.needs[i] {
                let higher = reached[occasion].max(cost);
                more += higher - reached[occasion];
                reached[occasion] = higher;
            }
            more
        }));
    }
}
