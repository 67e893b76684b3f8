//! One training step by itself, for measuring.

use super::super::LstmOptions;
use super::engine::{Batch, Engine, Recipe, Shown, Stop};
use super::fused::Fused;
use super::network::Shape;
use super::ops::OpByOp;
use crate::control::Control;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

/// A network on made-up data that trains on one batch again and again: what `benches/neural.rs` measures.
pub struct LstmProbe {
    engine: Box<dyn Engine>,
    x: Vec<f32>,
    y: Vec<f32>,
}

impl std::fmt::Debug for LstmProbe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LstmProbe").field("batch", &self.y.len()).finish_non_exhaustive()
    }
}

impl LstmProbe {
    /// The fused kernels that train on the CPU.
    pub fn fused(options: &LstmOptions) -> Self {
        Self::new(options, |shape, parameters| {
            Box::new(Fused::new(shape, parameters, Recipe::square(options.learning_rate)))
        })
    }

    /// The same network through candle's operations, on the CPU: what training would cost without the kernels.
    ///
    /// # Panics
    /// When memory runs out.
    pub fn op_by_op(options: &LstmOptions) -> Self {
        Self::new(options, |shape, parameters| {
            let engine =
                OpByOp::new(shape, parameters, Recipe::square(options.learning_rate), &candle_core::Device::Cpu);
            Box::new(engine.expect("the CPU takes every network"))
        })
    }

    fn new(options: &LstmOptions, engine: impl FnOnce(&Shape, &[f32]) -> Box<dyn Engine>) -> Self {
        let shape = Shape::lstm((options.window, 1), &options.units, 1);
        let parameters = shape.first_parameters(&mut ChaCha8Rng::seed_from_u64(1));
        let value = |t: usize| (t as f32 * 0.9).sin();
        let x = (0..options.batch).flat_map(|i| (i..i + options.window).map(value)).collect();
        let y = (0..options.batch).map(|i| value(i + options.window)).collect();
        Self { engine: engine(&shape, &parameters), x, y }
    }

    /// One optimiser step; the loss before it.
    ///
    /// # Panics
    /// When the device gives up.
    pub fn step(&mut self) -> f64 {
        let loss: Result<f64, Stop> = self.engine.step(
            Batch { shown: Shown::plain(&self.x), y: &self.y, targets: 1, sizes: &[], own: &[] },
            &Control::silent(),
        );
        loss.expect("nobody cancels, and the CPU stays")
    }
}
