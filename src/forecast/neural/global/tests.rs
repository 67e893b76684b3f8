//! What an engine is asked for in a course of training, seen through engines made for that.

use super::inputs::Inputs;
use super::kind::Kind;
use super::scale::{Scaled, Spans};
use super::training::{Course, answer};
use super::windows::{At, Gathered, View};
use super::{AT_ONCE, NetworkOptions};
use crate::control::Control;
use crate::forecast::neural::engine::{Batch, Engine, Shown, Stop};
use crate::forecast::neural::fused::Fused;
use crate::forecast::neural::persist::persist;
use crate::forecast::neural::places::Place;
use crate::forecast::neural::training::Failure;
use crate::forecast::seed::generator;

const WINDOW: usize = 6;
const HORIZON: usize = 3;
const PERIODS: usize = 60;

fn view(kind: Kind, inputs: &Inputs) -> View<'_> {
    View { kind, window: WINDOW, horizon: HORIZON, season: 1, at_once: AT_ONCE, inputs }
}

/// Forty histories, after which the last `HORIZON` periods are multiplied.
fn histories(kind: Kind, times: f64) -> Vec<Option<Scaled>> {
    let value = |k: usize, t: usize| {
        let value = 20.0 + ((t * 7919 + k * 31) % 23) as f64;
        if t + HORIZON >= PERIODS { times * value } else { value }
    };
    let history = |k: usize| (0..PERIODS).map(|t| value(k, t)).collect::<Vec<f64>>();
    let spans = Spans { season: 1, window: WINDOW, horizon: HORIZON };
    let known = PERIODS - HORIZON;
    let scaled = |k| Scaled::new((&history(k), known), spans, kind.scaling(), &Control::silent()).unwrap();
    (0..40).map(scaled).collect()
}

fn options() -> NetworkOptions {
    NetworkOptions { units: vec![4], epochs: 4, augment: true, ..NetworkOptions::default() }
}

/// An engine that takes so many windows at once, and remembers what it was shown.
struct Watched {
    engine: Fused,
    room: usize,
    /// In training steps and, apart from these, where it was asked for answers.
    trained_on: Vec<(Vec<f32>, Vec<f32>)>,
    asked: Vec<Vec<f32>>,
}

impl Watched {
    fn new(view: View<'_>, options: &NetworkOptions, room: usize) -> Self {
        let shape = view.kind.shape(view, options);
        let first = shape.first_parameters(&mut generator(1));
        let engine = Fused::new(&shape, &first, view.kind.recipe(options, 1));
        Self { engine, room, trained_on: Vec::new(), asked: Vec::new() }
    }

    fn take(&self, windows: usize) -> Result<(), Stop> {
        let full = r#"DriverError(CUDA_ERROR_OUT_OF_MEMORY, "out of memory")"#;
        if windows > self.room { Err(Stop::Device(full.into())) } else { Ok(()) }
    }
}

impl Engine for Watched {
    fn step(&mut self, batch: Batch<'_>, control: &Control) -> Result<f64, Stop> {
        self.take(batch.len())?;
        self.trained_on.push((batch.shown.x.to_vec(), batch.y.to_vec()));
        self.engine.step(batch, control)
    }

    fn predict(&mut self, shown: Shown<'_>, out: &mut [f32], control: &Control) -> Result<(), Stop> {
        self.take(shown.x.len() / WINDOW)?;
        self.asked.push(shown.x.to_vec());
        self.engine.predict(shown, out, control)
    }

    fn parameters(&self) -> Result<Vec<f32>, Stop> {
        self.engine.parameters()
    }

    fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), Stop> {
        self.engine.set_parameters(parameters)
    }

    fn set_learning_rate(&mut self, rate: f64) {
        self.engine.set_learning_rate(rate);
    }
}

/// Trains on all but the last [`HORIZON`] periods.
fn train(view: View<'_>, series: &[Option<Scaled>], engine: &mut Watched) -> Result<(), Failure> {
    let options = options();
    let course = Course { options: &options, view, series, held: HORIZON, epochs: 4, gentle: 1.0 };
    course.run(engine, &mut generator(1), &Control::silent()).map(|_| ())
}

#[test]
fn a_gpu_without_room_trains_on_fewer_windows_and_says_so() {
    let (inputs, kind) = (Inputs::default(), Kind::Perceptron);
    let (view, series) = (view(kind, &inputs), histories(kind, 1.0));
    let every = view.windows(&series, 0, 0);
    let attempt = |room: usize| {
        let series = &series;
        let every = &every;
        move |place: &Place, at_once: usize| {
            let view = View { at_once, ..view };
            let room = if matches!(place, Place::Cpu) { usize::MAX } else { room };
            let mut engine = Watched::new(view, &options(), room);
            train(view, series, &mut engine)?;
            let answers = answer(&mut engine, view, series, every, &Control::silent())?;
            let largest = engine.trained_on.iter().map(|(_, y)| y.len() / HORIZON).max();
            Ok((answers, largest.unwrap_or(0)))
        }
    };
    let gpu = Place::Gpu(candle_core::Device::Cpu);
    let with = |room: usize| {
        let (outcome, note) = persist(&gpu, AT_ONCE, attempt(room));
        let (answers, largest) = outcome.unwrap();
        (answers, largest, note.en)
    };
    let (plain, batch, note) = with(usize::MAX);
    assert!(note.is_empty() && batch > 64, "{batch} {note}");
    // Room for a step, not for all answers at once: the same steps.
    let (answers, largest, note) = with(600);
    assert!(answers == plain && largest == batch && note.contains("at most 512"), "{note}");
    // Room for less than a step.
    let (answers, largest, note) = with(batch / 2);
    assert!(largest <= batch / 2 && answers != plain && note.contains("windows at once"), "{largest}: {note}");
    // No room at all: as the CPU trains it, with whole batches.
    let (answers, largest, note) = with(8);
    assert!(answers == plain && largest == batch && note.contains("so the CPU trained"), "{largest}: {note}");
}

#[test]
fn only_training_windows_are_made_up() {
    for kind in [Kind::Plain, Kind::Perceptron] {
        let inputs = Inputs::default();
        let (view, series) = (view(kind, &inputs), histories(kind, 1.0));
        let mut engine = Watched::new(view, &options(), usize::MAX);
        train(view, &series, &mut engine).unwrap();
        // What is asked on the validation block are the histories as they are.
        let windows: Vec<At> = (0..40).map(|series| At { series, t: PERIODS - HORIZON - 1 }).collect();
        let mut true_ones = Gathered::default();
        view.gather(&series, &windows, &mut true_ones);
        assert_eq!(engine.asked.len(), 4);
        assert!(engine.asked.iter().all(|x| *x == true_ones.x), "{kind:?}");
        // What is trained on are not.
        let of_history = |x: &[f32]| {
            let all = view.windows(&series, HORIZON, 0);
            let mut known = Gathered::default();
            view.gather(&series, &all, &mut known);
            x.chunks_exact(WINDOW).filter(|w| known.x.chunks_exact(WINDOW).any(|k| k == *w)).count()
        };
        assert_eq!(of_history(&engine.trained_on[0].0), 0, "{kind:?}");
    }
}

#[test]
fn nothing_of_the_held_periods_reaches_the_training() {
    for kind in Kind::ALL {
        let inputs = Inputs::default();
        let view = view(kind, &inputs);
        let steps = |times: f64| {
            let mut engine = Watched::new(view, &options(), usize::MAX);
            train(view, &histories(kind, times), &mut engine).unwrap();
            let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            let steps: Vec<_> = engine.trained_on.iter().map(|(x, y)| (bits(x), bits(y))).collect();
            (steps, bits(&engine.parameters().unwrap()))
        };
        let before = steps(1.0);
        assert!(before.0.len() > 50 && before == steps(50.0) && before == steps(0.0), "{kind:?}");
    }
}
