//! What a training step leaves out.
//!
//! Masks come from a counter, not from a stream: a number that is left out depends on the seed, the step, its window and
//! its place in the network, never on the thread that asks.

use super::engine::Recipe;
use super::simd::LANES;

/// Where in a network numbers are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    /// Between an LSTM layer and the next.
    Layer(usize),
    /// Between the encoder and the dense layers.
    Encoded,
    /// After a hidden dense layer.
    Hidden(usize),
}

/// The masks of one block of windows in one step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dropout {
    rate: f64,
    key: u64,
}

impl Dropout {
    /// The masks of block `block` (of [`LANES`] windows) in step `step`; `None` when nothing is left out.
    pub(super) fn new(recipe: &Recipe, step: i32, block: usize) -> Option<Self> {
        let place = ((step as u64) << 32) | block as u64;
        (recipe.dropout > 0.0).then(|| Self { rate: recipe.dropout, key: mix(recipe.seed ^ mix(place)) })
    }

    /// Fills `mask[row, lane]` with 0 or what makes up for the zeros.
    pub(super) fn fill(self, site: Site, mask: &mut [f32]) {
        let number = match site {
            Site::Encoded => 0,
            Site::Layer(l) => 2 * l as u64 + 1,
            Site::Hidden(l) => 2 * l as u64 + 2,
        };
        let kept = (1.0 / (1.0 - self.rate)) as f32;
        let bound = (self.rate * 65536.0) as u64;
        let mut state = mix(self.key ^ mix(number));
        for four in mask.chunks_mut(4) {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut bits = mix(state);
            for value in four {
                *value = if bits & 0xffff < bound { 0.0 } else { kept };
                bits >>= 16;
            }
        }
    }

    /// The mask of up to [`LANES`] windows as `[window, row]`, for engines that work on whole windows.
    pub(super) fn by_window(self, site: Site, (windows, rows): (usize, usize)) -> Vec<f32> {
        let mut mask = vec![0.0; rows * LANES];
        self.fill(site, &mut mask);
        (0..windows).flat_map(|w| (0..rows).map(move |row| row * LANES + w)).map(|i| mask[i]).collect()
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea & Flood 2014, *Fast splittable pseudorandom number generators*).
fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
