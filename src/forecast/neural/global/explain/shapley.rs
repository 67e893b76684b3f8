//! Shapley values of a game: what each player adds, averaged over all orders in which players join (Shapley 1953, *A value
//! for n-person games*). With groups of inputs as players they are the values of the quotient game (Owen 1977, *Values of
//! games with a priori unions*), and with a forecast as what is won those of Lundberg & Lee 2017, *A unified approach to
//! interpreting model predictions*.

use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

/// `[player][step]` from what every subset wins, `values[subset][step]` with a bit per player:
/// `φ_i = Σ_S |S|!·(n−|S|−1)!/n! · (v(S∪i) − v(S))`, sums over the subsets without `i`.
pub(super) fn exact(players: usize, values: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let steps = values.first().map_or(0, Vec::len);
    // The weight of a subset of size s is that of s−1, times s/(n−s).
    let mut weights = vec![1.0 / players.max(1) as f64];
    for s in 1..players {
        weights.push(weights[s - 1] * s as f64 / (players - s) as f64);
    }
    let mut found = vec![vec![0.0; steps]; players];
    for (subset, without) in values.iter().enumerate() {
        for (player, value) in found.iter_mut().enumerate() {
            let joined = subset | 1 << player;
            if joined != subset {
                let weight = weights[subset.count_ones() as usize];
                let gains = values[joined].iter().zip(without);
                value.iter_mut().zip(gains).for_each(|(v, (with, without))| *v += weight * (with - without));
            }
        }
    }
    found
}

/// An order by chance and its reverse: who came early comes late in the other, so that their errors cancel in part
/// (Mitchell et al. 2022, *Sampling permutations for Shapley value estimation*, J. Machine Learning Research 23).
pub(super) fn pair(players: usize, rng: &mut ChaCha8Rng) -> [Vec<usize>; 2] {
    let mut order: Vec<usize> = (0..players).collect();
    order.shuffle(rng);
    let reverse = order.iter().rev().copied().collect();
    [order, reverse]
}

/// The subsets along an order, from nobody to everybody.
pub(super) fn subsets(order: &[usize]) -> impl Iterator<Item = usize> + '_ {
    let joined = order.iter().scan(0_usize, |subset, player| {
        *subset |= 1 << player;
        Some(*subset)
    });
    std::iter::once(0).chain(joined)
}
