//! More histories than there are: what a small panel learns from so as not to learn it by heart.
//!
//! Only training windows are touched, never a validation block or a test block.

use super::scale::Scaled;
use super::windows::View;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, StandardNormal};

/// Standard deviation of the noise on a shown value, on the network's scale.
const JITTER: f64 = 0.03;
/// Largest share by which a window's swings are made larger or smaller.
const STRETCH: f64 = 0.1;

/// Every history with its remainder drawn anew, in blocks of a season or of a window, within which values hang together.
pub(super) fn bootstrapped(series: &[Option<Scaled>], view: View<'_>, rng: &mut ChaCha8Rng) -> Vec<Option<Scaled>> {
    let block = if view.season > 1 { view.season } else { view.window };
    series.iter().map(|scaled| scaled.as_ref().map(|s| s.bootstrapped(block, rng))).collect()
}

/// Noise on the values of a batch `x[window, time, feature]`, and swings a little larger or smaller, step by step alike. Where the
/// layers after the encoder see the window too, they see it as it was: it is what the encoder makes of a window that is
/// learnt by heart.
pub(super) fn jitter(x: &mut [f32], inputs: usize, rng: &mut ChaCha8Rng) {
    let stretch = 1.0 + STRETCH * (2.0 * rng.random::<f64>() - 1.0);
    for step in x.chunks_exact_mut(inputs) {
        let noise: f64 = StandardNormal.sample(rng);
        step[0] = (f64::from(step[0]) * stretch + JITTER * noise) as f32;
    }
}
