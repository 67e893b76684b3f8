//! The forecast over several steps and how uncertain it is.
//!
//! The network answers one step; its answer is fed back for the next. Path 0 feeds back the answers alone and is the
//! point forecast; every other path adds to each answer a shock drawn from the network's own residuals before it is
//! fed back, so uncertainty grows and bends as the network makes it. The paths are then moved, step by step, so that
//! their average is the point forecast: intervals lie around it, and a few hundred paths don't make it noisy.

use super::engine::{Engine, Shown, Stop};
use super::windows::Windows;
use crate::control::Control;
use crate::model::SamplePaths;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

/// Paths that take a step together.
const AT_ONCE: usize = 256;

/// Shocks to draw from, scaled: the residuals of all windows, centred and stretched to the validation block's root mean
/// square error when that is larger, as it is when the network knows its training windows too well.
pub(super) fn shocks(residuals: &[f64], training: usize) -> Vec<f64> {
    let square = |r: &[f64]| r.iter().map(|e| e * e).sum::<f64>() / r.len().max(1) as f64;
    let mean = residuals.iter().sum::<f64>() / residuals.len().max(1) as f64;
    let centred: Vec<f64> = residuals.iter().map(|e| e - mean).collect();
    let (all, validation) = (square(&centred), square(&residuals[training..]));
    let stretch = if all > 0.0 { (validation / all).sqrt().max(1.0) } else { 1.0 };
    centred.iter().map(|e| e * stretch).collect()
}

/// Point forecast and `count` paths of `horizon` ≥ 1 steps, in the history's units.
pub(super) fn simulate(
    engine: &mut dyn Engine,
    data: &Windows,
    shocks: &[f64],
    horizon: usize,
    count: usize,
    rng: &mut ChaCha8Rng,
    control: &Control,
) -> Result<(Vec<f64>, SamplePaths), Stop> {
    let (window, stride) = (data.window, data.window + horizon);
    let mut paths = vec![0.0_f32; (count + 1) * stride];
    for path in paths.chunks_exact_mut(stride) {
        path[..window].copy_from_slice(&data.z[data.z.len() - window..]);
    }
    let mut x = Vec::with_capacity(AT_ONCE.min(count + 1) * window);
    let mut answers = vec![0.0; AT_ONCE];
    for step in 0..horizon {
        for (block, group) in paths.chunks_mut(AT_ONCE * stride).enumerate() {
            x.clear();
            group.chunks_exact(stride).for_each(|path| x.extend_from_slice(&path[step..step + window]));
            let answers = &mut answers[..group.len() / stride];
            engine.predict(Shown::plain(&x), answers, control)?;
            for (i, (path, answer)) in group.chunks_exact_mut(stride).zip(answers).enumerate() {
                let shock = if block + i == 0 { 0.0 } else { shocks[rng.random_range(0..shocks.len())] };
                path[window + step] = *answer + shock as f32;
            }
        }
    }
    Ok(centre(data, &paths, horizon))
}

/// The point forecast from path 0, and the others moved to lie around it.
fn centre(data: &Windows, paths: &[f32], horizon: usize) -> (Vec<f64>, SamplePaths) {
    let stride = data.window + horizon;
    let mut futures = paths.chunks_exact(stride).map(|path| &path[data.window..]);
    let point = futures.next().expect("path 0 is always there");
    let count = futures.len();
    let mut shift: Vec<f64> = point.iter().map(|&v| f64::from(v)).collect();
    for path in futures.clone() {
        shift.iter_mut().zip(path).for_each(|(s, &v)| *s -= f64::from(v) / count as f64);
    }
    let mut values = Vec::with_capacity(count * horizon);
    for path in futures {
        values.extend(path.iter().zip(&shift).map(|(&v, s)| data.unscale(f64::from(v) + s) as f32));
    }
    let mean = point.iter().map(|&v| data.unscale(f64::from(v))).collect();
    (mean, SamplePaths::new(horizon, values))
}
