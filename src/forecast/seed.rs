//! Seeds that depend on the series, the model and the fold, so that neither order nor thread changes a draw.

use crate::model::SeriesId;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Seed of one fit: FNV-1a (Fowler, Noll & Vo) over the run's seed, the series, the model and the fold.
pub(crate) fn seed_of(seed: u64, id: &SeriesId, model: &str, fold: usize) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    eat(&seed.to_le_bytes());
    eat(id.item.as_bytes());
    eat(id.location.as_bytes());
    eat(model.as_bytes());
    eat(&(fold as u64).to_le_bytes());
    hash
}

/// The generator of a seed.
pub(crate) fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}
