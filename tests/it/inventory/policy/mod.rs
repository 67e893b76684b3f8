//! Replenishment policies against published values, brute force and simulation.

mod fixed_lot;
mod guaranteed_service;
mod joint;
mod loss;
mod lot_rules;
mod order_up_to;
mod service;

use super::check;

/// Numbers that a file or a slider should never hold, and a few that it may.
pub(crate) fn nasty() -> impl proptest::strategy::Strategy<Value = f64> {
    use proptest::prelude::*;
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(0.0),
        Just(-0.0),
        Just(1.0),
        Just(f64::MIN_POSITIVE),
        Just(5e-324),
        Just(f64::MAX),
        Just(1e15),
        Just(-1e15),
        Just(1e-12),
        0.0..10.0f64,
        -1e3..1e6f64,
    ]
}

/// Uniform in [0, 1) and standard normal draws without a dependency (`SplitMix64`, Box & Muller).
pub(crate) struct Draws(pub u64);

impl Draws {
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.uniform(), self.uniform());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}
