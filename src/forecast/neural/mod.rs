//! A recurrent network per series: the original program's LSTM, done right.
//!
//! The history is scaled and cut into windows ([`windows`]); stacked LSTM layers and a dense unit ([`network`]) learn
//! the next value with Adam and early stop ([`training`]) and are fed their own answers for the steps after
//! ([`simulate`]). On the CPU the network runs through our own kernels ([`fused`] over [`pass`], [`kernel`] and [`simd`]); on a GPU
//! through candle ([`ops`]), which is also what the kernels are checked against, with an LSTM layer as one operation ([`sequence`]).
//!
//! The seed fixes first weights, the windows' order and the paths; on the CPU of one machine the same seed gives the
//! same bytes.

mod network;

mod engine;

mod dropout;

mod windows;

mod training;

mod simulate;

mod objective;

mod fused;

mod pass;

mod kernel;

mod simd;

mod ops;

mod sequence;

mod places;

mod persist;

mod probe;

mod global;

mod shapes;

mod options;

mod words;

#[cfg(test)]
mod tests;

pub use global::Networks;
pub(crate) use global::{Global, Kind as GlobalKind};
pub use global::{NetworkMeasure, Precision, Pretrained, Reuse, TrainedNetwork, TrainedNetworks};
pub use global::{explain_network, what_if};
pub use options::{LstmOptions, NetworkOptions, NetworkPreset};
pub use places::devices;
pub use probe::LstmProbe;
pub use shapes::{ShapeCoder, ShapeOptions, demand_shapes, suggest_like_items};

use super::method::{Fit, FitError, Method, Spread, Task};
use crate::control::Control;
use crate::model::{Parameter, SamplePaths};
use crate::words::Text;
use engine::{Engine, Recipe, Stop};
use fused::Fused;
use network::Shape;
use ops::OpByOp;
use persist::persist;
use places::{Place, Places};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use training::{Failure, Plan, Trained};
use windows::Windows;

/// The `lstm` method.
#[derive(Debug, Default)]
pub(crate) struct Lstm {
    places: Places,
}

impl Lstm {
    /// The method; a GPU is opened only when a fit needs it.
    pub(crate) fn new() -> Self {
        Self::default()
    }
}

impl Method for Lstm {
    fn name(&self) -> String {
        "lstm".into()
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let options = &task.options.lstm;
        let shape = Shape::lstm((options.window, 1), &options.units, 1);
        check(options, &shape, task).map_err(FitError::Refused)?;
        let data = Windows::new(task.y, options.window).map_err(FitError::Refused)?;
        let (place, note) = self.places.choose(task.options.device);
        let attempt = |place: &Place, batch| run((place, batch), task, &shape, &data, control);
        let (outcome, told) = persist(&place, options.batch, attempt);
        match outcome {
            Ok(run) => report(task, &data, &shape, run, &note.then(&told)),
            Err(Failure::Stopped(Stop::Cancelled(cancelled))) => Err(cancelled.into()),
            Err(Failure::Stopped(Stop::Device(reason))) => Err(FitError::Refused(words::gave_up(&reason))),
            Err(Failure::Diverged { epoch }) => Err(FitError::Refused(words::diverged(epoch, options.learning_rate))),
        }
    }
}

/// Longest window.
const MAX_WINDOW: usize = 1000;
/// Most layers.
const MAX_LAYERS: usize = 8;
/// Most units of a layer.
const MAX_UNITS: usize = 1024;
/// Most epochs and windows per step.
const MAX_EPOCHS: usize = 1_000_000;
/// Most numbers that the activations of one block may take: 1 GiB.
const MAX_FLOATS: usize = 1 << 28;

/// Everything the user can set stays within bounds.
fn check(options: &LstmOptions, shape: &Shape, task: &Task<'_>) -> Result<(), Text> {
    words::in_range("window", "窗口长度", options.window, 1, MAX_WINDOW)?;
    words::in_range("number of layers", "层数", options.units.len(), 1, MAX_LAYERS)?;
    for &units in &options.units {
        words::in_range("number of units per layer", "每层单元数", units, 1, MAX_UNITS)?;
    }
    words::in_range("number of epochs", "训练轮数", options.epochs, 1, MAX_EPOCHS)?;
    words::in_range("batch size", "批量大小", options.batch, 1, MAX_EPOCHS)?;
    if !(options.learning_rate > 0.0 && options.learning_rate <= 1e6) {
        return Err(words::learning_rate(options.learning_rate));
    }
    words::in_range("horizon", "预测期数", task.horizon, 1, MAX_FLOATS)?;
    let path_values = (task.options.paths.saturating_add(1)).saturating_mul(task.horizon + options.window);
    if Fused::floats(shape, options.batch).max(path_values) > MAX_FLOATS {
        return Err(words::too_large());
    }
    Ok(())
}

/// What a trained network gives.
struct Run {
    trained: Trained,
    /// One-step answers to every window, scaled.
    fitted: Vec<f32>,
    mean: Vec<f64>,
    paths: SamplePaths,
}

/// Trains and forecasts in one place. First weights, order and shocks are three streams of the same seed, so that none
/// depends on how many draws another took.
fn run(
    (place, batch): (&Place, usize),
    task: &Task<'_>,
    shape: &Shape,
    data: &Windows,
    control: &Control,
) -> Result<Run, Failure> {
    let stream = |number| {
        let mut rng = ChaCha8Rng::seed_from_u64(task.seed);
        rng.set_stream(number);
        rng
    };
    let options = &task.options.lstm;
    let first = shape.first_parameters(&mut stream(0));
    let mut engine: Box<dyn Engine> = match place {
        Place::Cpu => Box::new(Fused::new(shape, &first, Recipe::square(options.learning_rate))),
        Place::Gpu(device) => Box::new(OpByOp::new(shape, &first, Recipe::square(options.learning_rate), device)?),
    };
    let plan = Plan { epochs: options.epochs, batch, patience: options.patience };
    let trained = training::train(&mut *engine, data, plan, &mut stream(1), &control.part(0.0, 0.95))?;
    let mut fitted = vec![0.0; data.len()];
    training::predict(&mut *engine, data, 0, &mut fitted, control)?;
    let residuals: Vec<f64> = fitted.iter().enumerate().map(|(i, f)| f64::from(data.answer(i) - f)).collect();
    let shocks = simulate::shocks(&residuals, data.training);
    let (mean, paths) = simulate::simulate(
        &mut *engine,
        data,
        &shocks,
        task.horizon,
        task.options.paths,
        &mut stream(2),
        &control.part(0.95, 1.0),
    )?;
    Ok(Run { trained, fitted, mean, paths })
}

/// The fit in the history's units, with its reasons.
fn report(task: &Task<'_>, data: &Windows, shape: &Shape, run: Run, note: &Text) -> Result<Fit, FitError> {
    let trained = run.trained;
    if !(run.mean.iter().all(|m| m.is_finite()) && run.paths.values().iter().all(|v| v.is_finite())) {
        return Err(FitError::Refused(words::diverged(trained.epochs, task.options.lstm.learning_rate)));
    }
    let rmse = trained.best_validation.sqrt() * data.deviation();
    let why = words::trained(data, trained, task.options.lstm.epochs, rmse);
    let why = why.then(&words::compared(rmse, &rivals(task, data))).then(note);
    let parameters = vec![
        Parameter::new("window", data.window as f64),
        Parameter::new("weights", shape.len() as f64),
        Parameter::new("training windows", data.training as f64),
        Parameter::new("validation windows", (data.len() - data.training) as f64),
        Parameter::new("epochs", trained.epochs as f64),
        Parameter::new("best epoch", trained.best_epoch as f64),
        Parameter::new("validation rmse", rmse),
    ];
    let fitted = run.fitted.iter().map(|&f| data.unscale(f64::from(f))).collect();
    Ok(Fit { mean: run.mean, spread: Spread::Paths(run.paths), fitted, parameters, why })
}

/// What needs no training, one step ahead on the validation block: its name and root mean square error, units.
struct Rival {
    name: Text,
    rmse: f64,
}

fn rivals(task: &Task<'_>, data: &Windows) -> Vec<Rival> {
    let block = data.window + data.training..task.y.len();
    let rmse = |lag: usize| {
        let squares = block.clone().map(|t| (task.y[t] - task.y[t - lag]).powi(2));
        (squares.sum::<f64>() / block.len() as f64).sqrt()
    };
    let mut rivals = vec![Rival { name: Text::new("naive", "朴素预测"), rmse: rmse(1) }];
    if task.season > 1 && task.season <= block.start {
        rivals.push(Rival { name: Text::new("seasonal naive", "季节性朴素预测"), rmse: rmse(task.season) });
    }
    rivals
}
