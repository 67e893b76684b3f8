//! The value-added ladders: made when a panel first asks for them, kept while what they are made of is the same.

use crate::control::Control;
use crate::model::{KeptForecast, LadderRow};
use crate::pipeline::{self, Forecasts, Inputs};
use std::sync::{Arc, OnceLock};

/// The latest ladders.
#[derive(Debug, Default)]
pub(super) struct Ladders {
    of: Option<(Inputs, Forecasts, Arc<Vec<KeptForecast>>)>,
    made: OnceLock<Arc<Vec<LadderRow>>>,
}

impl Ladders {
    /// Turns to other forecasts, kept forecasts or overrides; the same ones again change nothing.
    pub(super) fn turn_to(&mut self, inputs: Inputs, forecasts: &Forecasts, kept: &Arc<Vec<KeptForecast>>) {
        let same = |(of, forecasts_of, kept_of): &(Inputs, Forecasts, Arc<Vec<KeptForecast>>)| {
            Arc::ptr_eq(&of.panel, &inputs.panel)
                && Arc::ptr_eq(&of.items, &inputs.items)
                && of.regions == inputs.regions
                && Arc::ptr_eq(&of.judgement.overrides, &inputs.judgement.overrides)
                && Arc::ptr_eq(forecasts_of, forecasts)
                && Arc::ptr_eq(kept_of, kept)
        };
        if !self.of.as_ref().is_some_and(same) {
            *self = Self { of: Some((inputs, forecasts.clone(), kept.clone())), made: OnceLock::new() };
        }
    }

    /// The ladders; panels large enough for them to take time keep no cut-offs.
    pub(super) fn get(&self) -> Arc<Vec<LadderRow>> {
        let make = || {
            let (inputs, forecasts, kept) = self.of.as_ref()?;
            pipeline::ladders(inputs, forecasts, kept, &Control::silent()).ok().map(Arc::new)
        };
        self.made.get_or_init(|| make().unwrap_or_default()).clone()
    }
}
