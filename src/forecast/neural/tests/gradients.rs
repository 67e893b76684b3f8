//! A chain of proof: candle's network in 64 bits agrees with finite differences, the fused kernels agree with candle.

use super::super::engine::{Batch, Engine, Recipe, Shown};
use super::super::fused::Fused;
use super::super::kernel::{Multiply, Panels};
use super::super::network::{Encoder, Shape};
use super::super::objective::Objective;
use super::super::ops::{Network, OpByOp, difference};
use super::super::simd::{self, LANES};
use crate::control::Control;
use crate::vector::Cpu;
use candle_core::{DType, Device};
use pulp::{Simd, WithSimd};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// A shape, parameters with a non-trivial bias, and a batch.
struct Case {
    shape: Shape,
    recipe: Recipe,
    targets: usize,
    parameters: Vec<f32>,
    x: Vec<f32>,
    extras: Vec<f32>,
    y: Vec<f32>,
    sizes: Vec<f32>,
    own: Vec<f32>,
}

impl Case {
    fn new(window: usize, inputs: usize, units: &[usize], batch: usize) -> Self {
        Self::answering(Objective::Square, 1, (window, inputs, units, batch))
    }

    fn answering(
        objective: Objective,
        targets: usize,
        (window, inputs, units, batch): (usize, usize, &[usize], usize),
    ) -> Self {
        let shape = Shape::lstm((window, inputs), units, targets * objective.parts());
        Self::of(shape, Recipe { objective, ..Recipe::square(1e-3) }, targets, batch)
    }

    fn of(shape: Shape, recipe: Recipe, targets: usize, batch: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let mut parameters = shape.first_parameters(&mut rng);
        for p in &mut parameters {
            *p += rng.random::<f32>() * 0.2 - 0.1;
        }
        let mut draw = |n: usize| (0..n).map(|_| rng.random::<f32>() * 4.0 - 2.0).collect::<Vec<_>>();
        let (x, extras) = (draw(batch * shape.window * shape.inputs), draw(batch * shape.extras));
        let (mut y, sizes) = (draw(batch * targets), draw(batch));
        if recipe.objective == Objective::Counts {
            // Half of the periods have no demand.
            for y in &mut y {
                *y = (*y * 4.0).max(0.0).round();
            }
        }
        // Of every three, one was never seen before and one has nothing before it.
        let own = (0..y.len()).map(|k| [0.3, 0.0, f32::NAN][k % 3] * (1.0 + k as f32 / y.len() as f32)).collect();
        Self { shape, recipe, targets, parameters, x, extras, y, sizes, own }
    }

    fn shown(&self) -> Shown<'_> {
        Shown { x: &self.x, extras: &self.extras }
    }

    fn batch(&self) -> Batch<'_> {
        Batch { shown: self.shown(), y: &self.y, targets: self.targets, sizes: &self.sizes, own: &self.own }
    }

    fn recipe(&self, learning_rate: f64) -> Recipe {
        Recipe { learning_rate, ..self.recipe.clone() }
    }

    fn fused(&self, rate: f64) -> Fused {
        Fused::new(&self.shape, &self.parameters, self.recipe(rate))
    }

    fn op_by_op(&self, rate: f64) -> OpByOp {
        OpByOp::new(&self.shape, &self.parameters, self.recipe(rate), &Device::Cpu).unwrap()
    }

    fn wide(&self) -> Vec<f64> {
        self.parameters.iter().map(|&p| f64::from(p)).collect()
    }

    fn candle(&self, parameters: &[f64]) -> (f64, Vec<f64>) {
        let network = Network::new(&self.shape, parameters, &Device::Cpu, DType::F64).unwrap();
        network.gradient(&self.recipe, self.batch()).unwrap()
    }

    /// The gradient by moving each parameter a little.
    fn differences(&self) -> Vec<f64> {
        let (parameters, step) = (self.wide(), 1e-5);
        let at = |i: usize, by: f64| {
            let mut moved = parameters.clone();
            moved[i] += by;
            self.candle(&moved).0
        };
        (0..parameters.len()).map(|i| (at(i, step) - at(i, -step)) / (2.0 * step)).collect()
    }
}

/// One network of each kind, with all that may be in it: attention, extras, hidden layers, two layers, dropout.
fn kinds(dropout: f64, batch: usize) -> Vec<Case> {
    let lstm = |units: &[usize], attends: bool| Encoder::Lstm { units: units.to_vec(), attends };
    let objectives = [Objective::Square, Objective::Quantiles(vec![0.1, 0.5, 0.9]), Objective::Counts];
    let shapes = [
        (Encoder::Flat, 5, 2, vec![7, 3]),
        (Encoder::Coded(1), 5, 0, vec![6, 2, 5]),
        (lstm(&[3, 4], true), 4, 0, vec![]),
        (lstm(&[5], true), 6, 3, vec![4]),
        (Encoder::Convolution { channels: 3 }, 12, 1, vec![5]),
        (Encoder::Convolution { channels: 2 }, 7, 0, vec![]),
        (Encoder::Convolution { channels: 4 }, 1, 0, vec![]),
    ];
    let of = |(k, (encoder, window, extras, hidden)): (usize, (Encoder, usize, usize, Vec<usize>))| {
        let (objective, targets) = (objectives[k % 3].clone(), 2);
        let shape = Shape { window, inputs: 2, extras, encoder, hidden, outputs: targets * objective.parts() };
        Case::of(shape, Recipe { objective, dropout, seed: 5, ..Recipe::square(1e-3) }, targets, batch)
    };
    shapes.into_iter().enumerate().map(of).collect()
}

/// Largest difference, relative to the largest value.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let scale = b.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    assert!(scale > 0.0, "a gradient of zeros proves nothing");
    a.iter().zip(b).fold(0.0_f64, |m, (a, b)| m.max((a - b).abs())) / scale
}

fn widen(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&v| f64::from(v)).collect()
}

#[test]
fn candles_gradient_agrees_with_finite_differences() {
    let case = Case::new(4, 2, &[2, 3], 5);
    let ((_, gradient), differences) = (case.candle(&case.wide()), case.differences());
    assert!(distance(&gradient, &differences) < 1e-7, "{}", distance(&gradient, &differences));
}

/// What a GPU runs in place of candle's operations, through its loops for the CPU: layers, attention, dropout, one step.
#[test]
fn a_layer_in_one_operation_has_the_same_gradient() {
    let mut cases = kinds(0.3, 37);
    cases.retain(|case| matches!(case.shape.encoder, Encoder::Lstm { .. }));
    cases.extend([Case::new(1, 3, &[4, 2], 5), Case::new(9, 1, &[6, 5, 3], 33)]);
    assert_eq!(cases.len(), 4);
    for case in cases {
        let network = Network::new(&case.shape, &case.wide(), &Device::Cpu, DType::F64).unwrap().in_one();
        let (loss, gradient) = network.gradient(&case.recipe, case.batch()).unwrap();
        let (truth, true_gradient) = case.candle(&case.wide());
        let distance = distance(&gradient, &true_gradient);
        assert!((loss / truth - 1.0).abs() < 1e-12 && distance < 1e-12, "{:?}: {loss}, {distance}", case.shape);
    }
    assert!(difference(&Device::Cpu).unwrap() < 1e-5);
}

#[test]
fn every_kind_of_network_has_the_gradient_of_its_loss() {
    for dropout in [0.0, 0.3] {
        for case in kinds(dropout, 3) {
            let ((_, gradient), differences) = (case.candle(&case.wide()), case.differences());
            let distance = distance(&gradient, &differences);
            assert!(distance < 1e-5, "{:?}, dropout {dropout}: {distance}", case.shape);
        }
        for case in kinds(dropout, 70) {
            let (loss, gradient) = case.fused(1e-3).gradient(case.batch());
            let (truth, true_gradient) = case.candle(&case.wide());
            let distance = distance(&widen(&gradient), &true_gradient);
            assert!((loss / truth - 1.0).abs() < 1e-4, "{:?}: loss {loss}, not {truth}", case.shape);
            assert!(distance < 1e-4, "{:?}, dropout {dropout}: {distance}", case.shape);
        }
    }
}

#[test]
fn fused_gradient_agrees_with_candles() {
    // Odd widths, one lane, exactly a block, more than one block, a window beyond one go of the weight gradient.
    let cases: [(usize, usize, &[usize], usize); 6] = [
        (10, 1, &[7, 6], 32),
        (3, 2, &[1], 1),
        (1, 1, &[5], 7),
        (5, 3, &[4, 1, 3], 37),
        (40, 1, &[2], 3),
        (2, 1, &[11], 65),
    ];
    for (window, inputs, units, batch) in cases {
        let case = Case::new(window, inputs, units, batch);
        let (loss, gradient) = case.fused(1e-3).gradient(case.batch());
        let (truth, true_gradient) = case.candle(&case.wide());
        let name = format!("window {window}, inputs {inputs}, units {units:?}, batch {batch}");
        assert!((loss / truth - 1.0).abs() < 1e-5, "{name}: loss {loss}, not {truth}");
        let distance = distance(&widen(&gradient), &true_gradient);
        assert!(distance < 1e-5, "{name}: {distance}");
    }
}

#[test]
fn several_answers_agree_too_and_unknown_targets_count_nothing() {
    let levels = vec![0.1, 0.5, 0.9];
    for (objective, targets) in [(Objective::Square, 4), (Objective::Quantiles(levels), 3)] {
        let mut case = Case::answering(objective, targets, (5, 2, &[6, 3], 300));
        case.y[7] = f32::NAN;
        case.y[targets * 299..].fill(f32::NAN);
        let (loss, gradient) = case.fused(1e-3).gradient(case.batch());
        let (truth, true_gradient) = case.candle(&case.wide());
        assert!((loss / truth - 1.0).abs() < 1e-5, "loss {loss}, not {truth}");
        let distance = distance(&widen(&gradient), &true_gradient);
        assert!(distance < 2e-5, "{distance}");
        // A small move against the gradient lowers the loss by its squared length.
        let (step, length) = (1e-3, gradient.iter().map(|g| f64::from(g * g)).sum::<f64>());
        case.parameters.iter_mut().zip(&gradient).for_each(|(p, g)| *p -= step * g);
        let fall = (loss - case.fused(1e-3).gradient(case.batch()).0) / (f64::from(step) * length);
        assert!((fall - 1.0).abs() < 0.05, "fell by {fall} of what was to be expected");
    }
}

#[test]
fn threads_change_nothing() {
    let case = Case::new(6, 1, &[8], 700);
    let steps = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut fused = case.fused(1e-2);
            for _ in 0..3 {
                fused.step(case.batch(), &Control::silent()).unwrap();
            }
            let mut answers = vec![0.0; 700];
            fused.predict(case.shown(), &mut answers, &Control::silent()).unwrap();
            (fused.parameters().unwrap(), answers)
        })
    };
    assert_eq!(steps(1), steps(3));
}

#[test]
fn both_engines_take_the_same_steps() {
    let mut case = Case::new(6, 1, &[5, 4], 33);
    (case.recipe.weight_decay, case.recipe.dropout) = (2.0, 0.2);
    let (mut fused, mut ops) = (case.fused(1e-2), case.op_by_op(1e-2));
    let quiet = Control::silent();
    let mut losses = Vec::new();
    for _ in 0..8 {
        let (a, b) = (fused.step(case.batch(), &quiet).unwrap(), ops.step(case.batch(), &quiet).unwrap());
        assert!((a / b - 1.0).abs() < 1e-3, "losses {a} and {b}");
        losses.push(a);
    }
    assert!(losses[7] < losses[0], "{losses:?}");
    let (a, b) = (widen(&fused.parameters().unwrap()), widen(&ops.parameters().unwrap()));
    assert!(distance(&a, &b) < 1e-3, "{}", distance(&a, &b));
    let (mut p, mut q) = (vec![0.0; 33], vec![0.0; 33]);
    fused.predict(case.shown(), &mut p, &quiet).unwrap();
    ops.predict(case.shown(), &mut q, &quiet).unwrap();
    assert!(distance(&widen(&p), &widen(&q)) < 1e-3);
}

#[test]
fn restored_weights_answer_as_before() {
    let case = Case::new(4, 1, &[3], 9);
    let quiet = Control::silent();
    let engines: [Box<dyn Engine>; 2] = [Box::new(case.fused(0.1)), Box::new(case.op_by_op(0.1))];
    for mut engine in engines {
        let (mut before, mut moved, mut after) = (vec![0.0; 9], vec![0.0; 9], vec![0.0; 9]);
        engine.predict(case.shown(), &mut before, &quiet).unwrap();
        let kept = engine.parameters().unwrap();
        engine.step(case.batch(), &quiet).unwrap();
        engine.predict(case.shown(), &mut moved, &quiet).unwrap();
        engine.set_parameters(&kept).unwrap();
        engine.predict(case.shown(), &mut after, &quiet).unwrap();
        assert_ne!(before, moved);
        assert_eq!(before, after);
    }
}

#[test]
#[expect(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
fn products_are_right_for_every_height() {
    for (rows, depth) in [(1, 1), (4, 3), (5, 2), (6, 7), (11, 4)] {
        let value = |i: usize| ((i * 7919) % 23) as f32 - 11.0;
        let a: Vec<f32> = (0..rows * depth).map(value).collect();
        let b: Vec<f32> = (0..depth * LANES).map(|i| value(i + 5)).collect();
        let mut c = vec![1.0; rows * LANES];
        let mut panels = Panels::new(rows, depth);
        panels.fill(&a);
        Cpu::detect().run(Multiply { a: &panels, b: &b, c: &mut c });
        for row in 0..rows {
            for lane in 0..LANES {
                let truth: f32 = (0..depth).map(|k| a[row * depth + k] * b[k * LANES + lane]).sum();
                assert_eq!(c[row * LANES + lane], truth + 1.0, "{rows} by {depth}, at {row}, {lane}");
            }
        }
    }
}

/// `sigmoid` and `tanh` of [`LANES`] values.
struct Activate<'a>(&'a [f32], &'a mut [f32], &'a mut [f32]);

impl WithSimd for Activate<'_> {
    type Output = ();

    #[allow(clippy::inline_always, reason = "a kernel")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let rows = S::as_simd_f32s(self.0).0.iter().zip(S::as_mut_simd_f32s(self.1).0);
        for ((&x, s), t) in rows.zip(S::as_mut_simd_f32s(self.2).0) {
            *s = simd::sigmoid(simd, x);
            *t = simd::tanh(simd, x);
        }
    }
}

#[test]
fn activations_agree_with_the_standard_library() {
    for from in -40..40_i16 {
        let x: Vec<f32> = (0..LANES).map(|i| (f32::from(from) + i as f32 / LANES as f32) * 2.5).collect();
        let (mut s, mut t) = (vec![0.0; LANES], vec![0.0; LANES]);
        Cpu::detect().run(Activate(&x, &mut s, &mut t));
        for i in 0..LANES {
            let wide = f64::from(x[i]);
            assert!((f64::from(s[i]) - 1.0 / (1.0 + (-wide).exp())).abs() < 2e-7, "sigmoid({wide}) = {}", s[i]);
            assert!((f64::from(t[i]) - wide.tanh()).abs() < 3e-7, "tanh({wide}) = {}", t[i]);
        }
    }
}

#[test]
fn first_weights_follow_keras() {
    let shape = Shape::lstm((4, 1), &[6, 5], 1);
    let parameters = shape.first_parameters(&mut ChaCha8Rng::seed_from_u64(3));
    assert_eq!(parameters.len(), 4 * 6 * (1 + 6 + 1) + 4 * 5 * (6 + 5 + 1) + 6);
    for layer in shape.layers() {
        let (units, bias) = (layer.units, &parameters[layer.bias.clone()]);
        let first = |i| f32::from(u8::from((units..2 * units).contains(&i)));
        assert!(bias.iter().enumerate().all(|(i, &b)| (b - first(i)).abs() < f32::EPSILON));
        let limit = (6.0 / (layer.inputs + 4 * units) as f32).sqrt();
        assert!(parameters[layer.input_weights.clone()].iter().all(|w| w.abs() <= limit));
        let u = &parameters[layer.recurrent_weights.clone()];
        for a in 0..units {
            for b in 0..units {
                let product: f32 = (0..4 * units).map(|row| u[row * units + a] * u[row * units + b]).sum();
                assert!((product - f32::from(u8::from(a == b))).abs() < 1e-5, "columns {a} and {b}: {product}");
            }
        }
    }
}
