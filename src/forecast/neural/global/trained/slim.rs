//! Smaller networks: weights set to zero, and whole units left out.
//!
//! Zeros make a file compress better, not a forecast faster: the kernels multiply by them like by any other number.
//! Leaving out units makes smaller matrices, which are faster whatever computes them.

use super::TrainedNetwork;
use crate::forecast::neural::network::{Dense, Encoder, Layer, Shape};

/// Gates of an LSTM unit.
const GATES: usize = 4;
/// Largest share that is taken away; a network of nothing answers nothing.
const MOST: f64 = 0.95;

impl TrainedNetwork {
    /// With the smallest `share` of every matrix's weights set to zero, biases apart (Han, Pool, Tran & Dally 2015, *Learning
    /// both weights and connections for efficient neural networks*, section 3.1: a threshold for each layer). At most 95 %.
    #[must_use]
    pub fn pruned(&self, share: f64) -> Self {
        let mut slim = Self { earlier: Vec::new(), ..self.clone() };
        for matrix in self.facts.shape.matrices().iter().filter(|m| m.decays()) {
            for member in &mut slim.members {
                let weights = &mut member[matrix.at.clone()];
                let count = (share.clamp(0.0, MOST) * weights.len() as f64).round() as usize;
                let mut order: Vec<usize> = (0..weights.len()).collect();
                order.sort_by(|a, b| weights[*a].abs().total_cmp(&weights[*b].abs()));
                order.iter().take(count).for_each(|k| weights[*k] = 0.0);
            }
        }
        slim
    }

    /// Without the weakest `share` of every hidden layer's units, at most 95 %; one stays in each. A unit is as strong as all
    /// weights into and out of it, their root sum of squares: the groups of Wen et al. 2018, *Learning intrinsic sparse
    /// structures within long short-term memory*. Convolutions stay as they are: all their layers share channels.
    #[must_use]
    pub fn units_pruned(&self, share: f64) -> Self {
        let (shape, share) = (&self.facts.shape, share.clamp(0.0, MOST));
        let keep = |units: usize| ((1.0 - share) * units as f64).round().max(1.0) as usize;
        let mut smaller = shape.clone();
        if let Encoder::Lstm { units, .. } = &mut smaller.encoder {
            *units = units.iter().copied().map(keep).collect();
        }
        smaller.hidden = smaller.hidden.iter().copied().map(keep).collect();
        let mut slim = Self { earlier: Vec::new(), ..self.clone() };
        for member in &mut slim.members {
            *member = cut(shape, member, &smaller);
        }
        slim.facts.shape = smaller;
        slim
    }
}

/// The weights of a network that has fewer units in some layers, the strongest ones.
fn cut(shape: &Shape, weights: &[f32], smaller: &Shape) -> Vec<f32> {
    let (layers, dense) = (shape.layers(), shape.dense());
    let (fewer_layers, fewer_dense) = (smaller.layers(), smaller.dense());
    let square = |at: usize| f64::from(weights[at]).powi(2);
    let mut found = vec![0.0; smaller.len()];
    let mut put = |from: &Cutting, to: usize| {
        let mut at = to;
        for row in from.rows {
            for column in from.columns {
                found[at] = weights[from.at + row * from.width + column] * from.factor;
                at += 1;
            }
        }
    };
    // Columns of the next layer that are still there.
    let mut inputs: Vec<usize> = (0..shape.inputs).collect();
    for (l, (layer, fewer)) in layers.iter().zip(&fewer_layers).enumerate() {
        let units = layer.units;
        let (next, first) = (layers.get(l + 1), &dense[0]);
        let strength = |j: usize| lstm_weights(j, layer, (next, first), shape).map(square).sum::<f64>();
        let kept = strongest(units, fewer.units, strength);
        let gates: Vec<usize> = (0..GATES).flat_map(|g| kept.iter().map(move |j| g * units + j)).collect();
        put(&Cutting::new(layer.input_weights.start, layer.inputs, &gates, &inputs), fewer.input_weights.start);
        put(&Cutting::new(layer.recurrent_weights.start, units, &gates, &kept), fewer.recurrent_weights.start);
        put(&Cutting::new(layer.bias.start, 4 * units, &[0], &gates), fewer.bias.start);
        inputs = kept;
    }
    if let (Some(query), Some(to)) = (shape.attention(), smaller.attention()) {
        // What attention compares is divided by the root of the number of units.
        let factor = (to.len() as f32 / query.len() as f32).sqrt();
        put(&Cutting { factor, ..Cutting::new(query.start, query.len(), &[0], &inputs) }, to.start);
        let units = query.len();
        inputs = inputs.iter().copied().chain(inputs.iter().map(|j| units + j)).collect();
    }
    if layers.is_empty() {
        // Nothing was left out of a window or of convolutions; their weights come first.
        inputs = (0..shape.encoded()).collect();
        let before = dense[0].weights.start;
        put(&Cutting::new(0, before, &[0], &(0..before).collect::<Vec<_>>()), 0);
    }
    inputs.extend(shape.encoded()..dense[0].inputs);
    for (d, (layer, fewer)) in dense.iter().zip(&fewer_dense).enumerate() {
        let next = dense.get(d + 1);
        let strength = |j: usize| dense_weights(j, layer, next).map(square).sum::<f64>();
        let kept = strongest(layer.units, fewer.units, strength);
        put(&Cutting::new(layer.weights.start, layer.inputs, &kept, &inputs), fewer.weights.start);
        put(&Cutting::new(layer.bias.start, layer.units, &[0], &kept), fewer.bias.start);
        inputs = kept;
    }
    found
}

/// Where the weights into and out of unit `j` of an LSTM layer lie; behind the last layer comes the first dense one.
fn lstm_weights<'a>(
    j: usize,
    layer: &'a Layer,
    (next, first): (Option<&'a Layer>, &'a Dense),
    shape: &Shape,
) -> impl Iterator<Item = usize> + use<'a> {
    let units = layer.units;
    let (w, u) = (layer.input_weights.start, layer.recurrent_weights.start);
    let own = (0..GATES).flat_map(move |g| {
        let row = g * units + j;
        let into = (0..layer.inputs).map(move |k| w + row * layer.inputs + k);
        into.chain((0..units).map(move |k| u + row * units + k))
    });
    let recurrent = (0..GATES * units).map(move |row| u + row * units + j);
    let above = next
        .into_iter()
        .flat_map(move |n| (0..GATES * n.units).map(move |row| n.input_weights.start + row * units + j));
    // Attention reads each unit twice: its last state, and its average.
    let places = if shape.attention().is_some() { 2 } else { 1 };
    let rows = if next.is_none() { first.units } else { 0 };
    let at = move |row: usize| (0..places).map(move |p| first.weights.start + row * first.inputs + p * units + j);
    own.chain(recurrent).chain(above).chain((0..rows).flat_map(at))
}

/// Where the weights into and out of unit `j` of a dense layer lie.
fn dense_weights<'a>(j: usize, layer: &'a Dense, next: Option<&'a Dense>) -> impl Iterator<Item = usize> + use<'a> {
    let own = (0..layer.inputs).map(move |k| layer.weights.start + j * layer.inputs + k);
    own.chain(next.into_iter().flat_map(move |n| (0..n.units).map(move |row| n.weights.start + row * n.inputs + j)))
}

/// The `keep` strongest of `count` units, in their old order; of equally strong ones the first.
fn strongest(count: usize, keep: usize, strength: impl Fn(usize) -> f64) -> Vec<usize> {
    let strengths: Vec<f64> = (0..count).map(strength).collect();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| strengths[*b].total_cmp(&strengths[*a]));
    order.truncate(keep);
    order.sort_unstable();
    order
}

/// Rows and columns taken out of a matrix.
struct Cutting<'a> {
    at: usize,
    width: usize,
    rows: &'a [usize],
    columns: &'a [usize],
    factor: f32,
}

impl<'a> Cutting<'a> {
    fn new(at: usize, width: usize, rows: &'a [usize], columns: &'a [usize]) -> Self {
        Self { at, width, rows, columns, factor: 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::{GATES, cut};
    use crate::control::Control;
    use crate::forecast::neural::engine::{Engine as _, Recipe, Shown};
    use crate::forecast::neural::fused::Fused;
    use crate::forecast::neural::network::{Encoder, Shape};
    use crate::forecast::seed::generator;
    use rand::RngExt as _;

    /// Units without any weight say nothing, so the network without them must answer the same.
    #[test]
    fn units_that_say_nothing_can_go() {
        let flat = Shape { window: 4, inputs: 2, extras: 3, encoder: Encoder::Flat, hidden: vec![6, 5], outputs: 3 };
        let convolution = Shape { encoder: Encoder::Convolution { channels: 4 }, ..flat.clone() };
        let lstm = |attends| Shape { encoder: Encoder::Lstm { units: vec![5, 4], attends }, ..flat.clone() };
        for shape in [flat.clone(), convolution, lstm(false), lstm(true)] {
            let mut smaller = shape.clone();
            smaller.hidden = vec![4, 3];
            if let Encoder::Lstm { units, .. } = &mut smaller.encoder {
                *units = vec![3, 3];
            }
            let mut rng = generator(5);
            let mut weights = shape.first_parameters(&mut rng);
            for w in &mut weights {
                *w += rng.random_range(-0.1..0.1);
            }
            silence(&shape, &mut weights);
            let x: Vec<f32> = (0..20 * shape.window * shape.inputs).map(|_| rng.random_range(-1.0..1.0)).collect();
            let extras: Vec<f32> = (0..20 * shape.extras).map(|_| rng.random_range(-1.0..1.0)).collect();
            let answers = |shape: &Shape, weights: &[f32]| {
                let mut out = vec![0.0; 20 * shape.outputs];
                let shown = Shown { x: &x, extras: &extras };
                Fused::new(shape, weights, Recipe::square(0.1)).predict(shown, &mut out, &Control::silent()).unwrap();
                out
            };
            let (before, after) = (answers(&shape, &weights), answers(&smaller, &cut(&shape, &weights, &smaller)));
            assert!(before.iter().any(|b| b.abs() > 0.01));
            let far = before.iter().zip(&after).map(|(b, a)| (b - a).abs()).fold(0.0, f32::max);
            // Attention compares units and divides by the root of their number: only sums in another order differ.
            assert!(far < 1e-5, "{shape:?}: {far}");
        }
    }

    /// Where a row of weights that starts `at` is silent: throughout where its unit is gone, else what comes from `dead` ones.
    fn silent(at: usize, width: usize, gone: bool, dead: &[usize]) -> impl Iterator<Item = usize> + use<'_> {
        (0..width).filter(move |k| gone || dead.contains(k)).map(move |k| at + k)
    }

    /// Sets all weights of units 0 and 2 of the first layers, and of unit 1 of the second ones, to zero.
    fn silence(shape: &Shape, weights: &mut [f32]) {
        let dead = |layer: usize, count: usize| -> Vec<usize> {
            let all = if layer == 0 { vec![0, 2] } else { vec![1, 3] };
            let keep = if layer == 0 || count > 4 { 2 } else { 1 };
            all[..keep].to_vec()
        };
        let layers = shape.layers();
        let mut zero = Vec::new();
        let mut before: Vec<usize> = Vec::new();
        for (l, layer) in layers.iter().enumerate() {
            let own = dead(l, layer.units);
            for row in 0..GATES * layer.units {
                let gone = own.contains(&(row % layer.units));
                zero.extend(silent(layer.input_weights.start + row * layer.inputs, layer.inputs, gone, &before));
                zero.extend(silent(layer.recurrent_weights.start + row * layer.units, layer.units, gone, &own));
                zero.extend(gone.then_some(layer.bias.start + row));
            }
            before = own;
        }
        if let Some(query) = shape.attention() {
            zero.extend(before.iter().map(|j| query.start + j));
            before = before.iter().copied().chain(before.iter().map(|j| query.len() + j)).collect();
        }
        let dense = shape.dense();
        for (d, layer) in dense.iter().enumerate() {
            let own = if d + 1 < dense.len() { dead(d, layer.units) } else { Vec::new() };
            for row in 0..layer.units {
                let gone = own.contains(&row);
                zero.extend(silent(layer.weights.start + row * layer.inputs, layer.inputs, gone, &before));
                zero.extend(gone.then_some(layer.bias.start + row));
            }
            before = own;
        }
        for at in zero {
            weights[at] = 0.0;
        }
    }
}
