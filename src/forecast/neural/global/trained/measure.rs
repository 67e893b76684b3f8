//! What a network is worth: error, size and speed.

use super::super::panel::Panel;
use super::super::training::answer;
use super::super::windows::At;
use super::{Precision, TrainedNetwork, TrainedNetworks};
use crate::control::{Cancelled, Control};
use crate::forecast::Options;
use crate::forecast::backtest::{folds, score};
use crate::forecast::neural::engine::{Engine, Stop};
use crate::forecast::neural::places::Place;
use crate::forecast::neural::training::Failure;
use crate::model::{Horizon, ModelScore, ScorePool, Series};
use crate::words::Text;
use std::time::Instant;

/// Windows answered to see how fast it is, at most, and how often; the fastest counts.
const MOST_WINDOWS: usize = 8192;
const RUNS: usize = 20;

/// Error, size and speed of trained networks of one kind on the last periods of a panel.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkMeasure {
    /// Weights of all networks of the team.
    pub parameters: usize,
    /// Weights that are 0.
    pub zeros: usize,
    /// Bytes of its file.
    pub bytes: usize,
    /// Windows that the whole team answers in a second, shown and answered.
    pub windows_per_second: f64,
    /// Mean absolute scaled error over the last horizon of every history.
    pub mase: Option<f64>,
    /// Mean pinball loss over the quantiles 10, 20, … 90 %, units.
    pub pinball: Option<f64>,
    /// Series that could be forecast.
    pub series: usize,
    /// True when the weights had seen the periods that they were measured on.
    pub had_seen: bool,
}

impl TrainedNetwork {
    /// Forecasts the last horizon of every history from what came before it, on the CPU. The clock is read to tell the
    /// speed, and decides nothing.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn measure(
        &self,
        series: &[Series],
        precision: Precision,
        options: &Options,
        control: &Control,
    ) -> Result<NetworkMeasure, Cancelled> {
        let horizon = Horizon::new(self.facts.horizon).unwrap_or(options.horizon);
        let options = Options { horizon, ..options.clone() };
        let panel = Panel::of_trained(self, series, (&options, 1));
        let mut team = Vec::with_capacity(self.members.len());
        for weights in &self.members {
            team.push(panel.engine_of(&self.facts.shape, weights, (&Place::Cpu, 0)).map_err(stopped)?);
        }
        let stop = |s: Stop| stopped(s.into());
        let learnt = panel.scaled(1, 0, control).map_err(stop)?;
        let found = panel.forecast((&mut team, &self.checked), 1, &learnt, control).map_err(stop)?;
        let season = self.frequency().season_length();
        let mut pool = ScorePool::default();
        let mut forecast = 0;
        let mut had_seen = false;
        let mut found = found.into_iter().peekable();
        for one in series {
            let Some((.., fit)) = found.next_if(|(id, ..)| *id == one.id) else { continue };
            let own = folds(one.values.len(), season, horizon.get(), 1);
            forecast += usize::from(fit.is_ok());
            had_seen |= own.first().is_some_and(|f| one.start.plus(f.origin as i64 - 1) < self.last());
            let trial = score(&one.values, season, &own, &[fit]);
            pool.add(&ModelScore::new(self.name(), trial.accuracy, Text::default(), 0.0));
        }
        let accuracy = pool.accuracy();
        let mut alone = TrainedNetworks::default();
        alone.put(self.clone());
        Ok(NetworkMeasure {
            parameters: self.parameters(),
            zeros: self.zeros(),
            bytes: alone.for_use().to_bytes(precision).map_or(0, |bytes| bytes.len()),
            windows_per_second: speed(&panel, &mut team, control)?,
            mase: accuracy.and_then(|a| a.mase),
            pinball: accuracy.and_then(|a| a.pinball),
            series: forecast,
            had_seen,
        })
    }
}

/// Windows that the whole team answers in a second.
fn speed(panel: &Panel<'_>, team: &mut [Box<dyn Engine>], control: &Control) -> Result<f64, Cancelled> {
    let histories = panel.scaled(0, 0, control).map_err(|s| stopped(s.into()))?;
    let view = panel.view();
    let some = view.windows(&histories, 0, 0);
    let count = if some.is_empty() { 0 } else { MOST_WINDOWS };
    let windows: Vec<At> = some.iter().cycle().take(count).copied().collect();
    let mut fastest = f64::INFINITY;
    for _ in 0..RUNS {
        let started = Instant::now();
        for engine in &mut *team {
            answer(&mut **engine, view, &histories, &windows, control).map_err(|s| stopped(s.into()))?;
        }
        fastest = fastest.min(started.elapsed().as_secs_f64());
    }
    Ok(windows.len() as f64 / fastest.max(f64::MIN_POSITIVE))
}

/// On the CPU only a cancel stops a forecast.
fn stopped(_: Failure) -> Cancelled {
    Cancelled
}
