//! The method at its face.

use super::super::engine::{Batch, Engine, Shown, Stop};
use super::super::network::Shape;
use super::super::places::devices;
use super::super::training::{Failure, Plan, train};
use super::super::windows::Windows;
use super::super::{Lstm, simulate};
use crate::control::{Cancelled, Control};
use crate::forecast::method::{Fit, FitError, Method as _, Spread, Task};
use crate::forecast::{Device, LstmOptions, Options};
use crate::model::Horizon;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use std::sync::{Arc, Mutex};

/// Small enough for an unoptimised build.
fn small() -> Options {
    let mut options = Options::new(Horizon::new(6).unwrap());
    options.paths = 40;
    options.device = Device::Cpu;
    options.lstm = LstmOptions { window: 4, units: vec![4, 3], epochs: 3, batch: 16, learning_rate: 0.01, patience: 0 };
    options
}

fn fit(y: &[f64], season: usize, options: &Options, seed: u64, control: &Control) -> Result<Fit, FitError> {
    let task = Task { id: None, y, season, horizon: 6, options, seed, drivers: None };
    Lstm::new().fit(&task, control)
}

fn quietly(y: &[f64], options: &Options) -> Result<Fit, FitError> {
    fit(y, 1, options, 1, &Control::silent())
}

fn refusal(y: &[f64], options: &Options) -> String {
    match quietly(y, options) {
        Err(FitError::Refused(why)) => {
            assert!(!why.zh.is_empty());
            why.en
        }
        other => panic!("not refused: {other:?}"),
    }
}

fn wave(n: usize) -> Vec<f64> {
    (0..n).map(|t| 100.0 + 20.0 * (t as f64 * std::f64::consts::TAU / 7.0).sin()).collect()
}

fn paths(fit: &Fit) -> &crate::model::SamplePaths {
    match &fit.spread {
        Spread::Paths(paths) => paths,
        Spread::Linear { .. } => panic!("the network simulates"),
    }
}

fn parameter(fit: &Fit, name: &str) -> f64 {
    fit.parameters.iter().find(|p| p.name == name).unwrap().value
}

#[test]
fn learns_a_wave_far_better_than_naive() {
    let mut options = small();
    options.lstm = LstmOptions { window: 7, units: vec![8], epochs: 60, batch: 8, learning_rate: 0.02, patience: 15 };
    let y = wave(90);
    let fit = quietly(&y, &options).unwrap();
    let truth = wave(96);
    let rmse = |forecast: &dyn Fn(usize) -> f64| {
        ((0..6).map(|h| (forecast(h) - truth[90 + h]).powi(2)).sum::<f64>() / 6.0).sqrt()
    };
    let (network, naive) = (rmse(&|h| fit.mean[h]), rmse(&|_| y[89]));
    assert!(network < 0.25 * naive, "six steps ahead: {network}, naive {naive}");
    assert!(parameter(&fit, "validation rmse") < 3.0, "{fit:?}");
    assert!(fit.why.en.contains("below the naive forecast's"), "{}", fit.why.en);
    assert_eq!(fit.fitted.len(), 83);
}

#[test]
fn paths_lie_around_the_mean_and_spread() {
    let y: Vec<f64> = (0..60_u32).map(|t| 50.0 + f64::from(t * 7919 % 31)).collect();
    let fit = quietly(&y, &small()).unwrap();
    let paths = paths(&fit);
    assert_eq!((paths.len(), paths.steps(), fit.mean.len()), (40, 6, 6));
    for h in 0..6 {
        let mean = paths.iter().map(|p| f64::from(p[h])).sum::<f64>() / 40.0;
        assert!((mean - fit.mean[h]).abs() < 1e-3, "step {h}: {mean}, not {}", fit.mean[h]);
        let deviation = (paths.iter().map(|p| (f64::from(p[h]) - mean).powi(2)).sum::<f64>() / 40.0).sqrt();
        let rmse = parameter(&fit, "validation rmse");
        assert!(deviation > 0.5 * rmse && deviation < 3.0 * rmse, "step {h}: {deviation} beside {rmse}");
    }
}

#[test]
fn shocks_take_the_validation_blocks_size() {
    let residuals = [0.1, -0.1, 0.1, -0.1, 0.4, -0.4];
    let shocks = simulate::shocks(&residuals, 4);
    let square = shocks.iter().map(|e| e * e).sum::<f64>() / 6.0;
    assert!((square - 0.16).abs() < 1e-12, "{square}");
    assert_eq!(simulate::shocks(&[0.5, -0.5, 0.0, 0.0], 2), [0.5, -0.5, 0.0, 0.0]);
}

#[test]
fn same_seed_same_bytes() {
    let y: Vec<f64> = (0..50_u32).map(|t| f64::from(t * t % 37)).collect();
    let run = |seed| {
        let fit = fit(&y, 1, &small(), seed, &Control::silent()).unwrap();
        let bits: Vec<u64> = fit.mean.iter().chain(&fit.fitted).map(|v| v.to_bits()).collect();
        let paths: Vec<u32> = paths(&fit).values().iter().map(|v| v.to_bits()).collect();
        (bits, paths)
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

/// Counts its steps and asks to stop in one of them.
struct Counting {
    steps: usize,
    stop_at: usize,
    loss: f64,
}

impl Engine for Counting {
    fn step(&mut self, _: Batch<'_>, control: &Control) -> Result<f64, Stop> {
        self.steps += 1;
        if self.steps == self.stop_at {
            control.cancel();
        }
        Ok(self.loss)
    }

    fn predict(&mut self, _: Shown<'_>, out: &mut [f32], _: &Control) -> Result<(), Stop> {
        out.fill(self.steps as f32);
        Ok(())
    }

    fn parameters(&self) -> Result<Vec<f32>, Stop> {
        Ok(vec![self.steps as f32])
    }

    fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), Stop> {
        self.steps = parameters[0] as usize;
        Ok(())
    }

    fn set_learning_rate(&mut self, _rate: f64) {}
}

fn train_counting(engine: &mut Counting, plan: Plan) -> Result<super::super::training::Trained, Failure> {
    let data = Windows::new(&wave(44), 4).unwrap();
    train(engine, &data, plan, &mut ChaCha8Rng::seed_from_u64(1), &Control::silent())
}

#[test]
fn no_batch_follows_a_cancel() {
    let mut engine = Counting { steps: 0, stop_at: 6, loss: 1.0 };
    let outcome = train_counting(&mut engine, Plan { epochs: 100, batch: 8, patience: 0 });
    assert_eq!(outcome, Err(Failure::Stopped(Stop::Cancelled(Cancelled))));
    assert_eq!(engine.steps, 6);
}

#[test]
fn patience_stops_and_the_best_weights_return() {
    // 32 training windows make 4 steps an epoch, and the answers only get worse with every step.
    let mut engine = Counting { steps: 0, stop_at: 0, loss: 1.0 };
    let trained = train_counting(&mut engine, Plan { epochs: 100, batch: 8, patience: 3 }).unwrap();
    assert_eq!((trained.epochs, trained.best_epoch, engine.steps), (4, 1, 4));
    let mut engine = Counting { steps: 0, stop_at: 0, loss: 1.0 };
    let trained = train_counting(&mut engine, Plan { epochs: 9, batch: 8, patience: 0 }).unwrap();
    assert_eq!((trained.epochs, trained.best_epoch), (9, 1));
}

#[test]
fn a_loss_that_is_no_number_stops_the_training() {
    let mut engine = Counting { steps: 0, stop_at: 0, loss: f64::NAN };
    let outcome = train_counting(&mut engine, Plan { epochs: 100, batch: 8, patience: 0 });
    assert_eq!(outcome, Err(Failure::Diverged { epoch: 1 }));
}

#[test]
fn progress_carries_the_curve_and_a_cancel_ends_it() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let stop = Arc::new(Mutex::new(None::<Control>));
    let (list, handle) = (seen.clone(), stop.clone());
    let control = Control::listening(move |progress| {
        let mut list = list.lock().unwrap();
        list.push(progress.clone());
        if list.len() == 2 {
            handle.lock().unwrap().as_ref().unwrap().cancel();
        }
    });
    *stop.lock().unwrap() = Some(control.clone());
    let outcome = fit(&wave(60), 7, &small(), 1, &control);
    assert!(matches!(outcome, Err(FitError::Cancelled(_))), "{outcome:?}");
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[1].stage.en, "Training LSTM, epoch 2 of 3");
    assert_eq!(seen[1].stage.zh, "训练 LSTM，第 2/3 轮");
    let point = seen[1].loss.unwrap();
    assert!(point.epoch == 2 && point.training > 0.0 && point.validation.unwrap() > 0.0, "{point:?}");
}

#[test]
fn refusals_say_why() {
    let options = small();
    assert!(refusal(&wave(23), &options).contains("needs 24 periods"));
    assert!(quietly(&wave(24), &options).is_ok());
    assert!(refusal(&[5.0; 60], &options).contains("hardly vary"));
    assert!(refusal(&[0.0; 60], &options).contains("hardly vary"));
    assert!(refusal(&[], &options).contains("needs 24 periods"));
    let with = |change: fn(&mut LstmOptions)| {
        let mut options = small();
        change(&mut options.lstm);
        refusal(&wave(60), &options)
    };
    assert!(with(|o| o.window = 0).contains("window is 0"));
    assert!(with(|o| o.window = 5000).contains("window is 5000"));
    assert!(with(|o| o.units = vec![]).contains("number of layers is 0"));
    assert!(with(|o| o.units = vec![8, 0]).contains("units per layer is 0"));
    assert!(with(|o| o.epochs = 0).contains("epochs is 0"));
    assert!(with(|o| o.batch = 0).contains("batch size is 0"));
    assert!(with(|o| o.learning_rate = f64::NAN).contains("learning rate"));
    assert!(with(|o| o.learning_rate = -0.1).contains("learning rate"));
    assert!(with(|o| *o = LstmOptions { window: 1000, units: vec![1024; 8], ..o.clone() }).contains("1 GiB"));
}

#[test]
fn nasty_series_get_an_answer_or_a_reason() {
    let mut options = small();
    options.paths = 5;
    let spike = |height: f64| (0..40).map(|t| if t == 20 { height } else { 0.0 }).collect::<Vec<f64>>();
    let late = (0..40).map(|t| f64::from(u8::from(t > 36))).collect();
    let sparse = (0..60_u32).map(|t| f64::from(u8::from(t % 13 == 0)) * 4.0).collect();
    let huge = wave(40).iter().map(|v| v * 1e30).collect();
    let beyond = wave(40).iter().map(|v| v * 1e300).collect();
    let tiny = wave(40).iter().map(|v| v * 1e-300).collect();
    let shifted = wave(40).iter().map(|v| v * 1e-9 + 1e9).collect();
    let broken = (0..40).map(|t| if t == 30 { f64::NAN } else { f64::from(t) }).collect();
    let negative = wave(40).iter().map(|v| -v).collect();
    for y in [spike(1.0), spike(1e12), late, sparse, huge, beyond, tiny, shifted, broken, negative] {
        match quietly(&y, &options) {
            Ok(fit) => {
                assert!(fit.mean.iter().all(|m| m.is_finite()), "{:?}", fit.mean);
                assert!(paths(&fit).values().iter().all(|v| v.is_finite()));
                assert!(!fit.why.en.contains("NaN"), "{}", fit.why.en);
            }
            Err(FitError::Refused(why)) => assert!(!why.is_empty()),
            Err(FitError::Cancelled(_)) => panic!("nobody cancelled"),
        }
    }
}

#[test]
fn an_absurd_learning_rate_ends_in_a_number_or_a_reason() {
    let mut options = small();
    options.lstm.learning_rate = 1e6;
    match quietly(&wave(60), &options) {
        Ok(fit) => assert!(fit.mean.iter().all(|m| m.is_finite())),
        Err(error) => assert!(error.to_string().contains("learning rate"), "{error}"),
    }
}

#[test]
fn a_device_that_is_not_there_is_named_and_replaced() {
    let mut options = small();
    let on_cpu = quietly(&wave(40), &options).unwrap();
    options.device = if cfg!(feature = "metal") { Device::Cuda } else { Device::Metal };
    let replaced = quietly(&wave(40), &options).unwrap();
    assert!(replaced.why.en.contains("was asked for but can't be used"), "{}", replaced.why.en);
    assert!(!on_cpu.why.en.contains("was asked for"));
    assert_eq!(on_cpu.mean, replaced.mean);
}

#[test]
fn devices_name_the_cpu_and_one_choice() {
    let all = devices();
    assert_eq!(all.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), ["cpu", "cuda:0", "metal"]);
    assert!(all[0].available);
    assert_eq!(all.iter().filter(|d| d.chosen && d.available).count(), 1);
    assert!(all.iter().all(|d| !d.note.is_empty()));
    if !cfg!(feature = "cuda") {
        assert!(!all[1].available && all[1].note.en.contains("--features cuda"));
    }
}

#[test]
fn the_original_preset_has_its_shape() {
    let options = LstmOptions::default();
    assert_eq!((options.window, options.batch, options.epochs), (10, 32, 100));
    let shape = Shape::lstm((options.window, 1), &options.units, 1);
    // Keras' summary of the original program: 10,400 + 20,200 + 51.
    assert_eq!(shape.len(), 30_651);
}
