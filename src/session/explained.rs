//! The explanation of the forecast shown: made when a panel first asks for it, kept while the forecast is the same.

use crate::control::Control;
use crate::model::{Forecast, SalesPanel, SeriesExplanation};
use crate::pipeline;
use std::sync::{Arc, OnceLock};

/// The latest explanation.
#[derive(Debug, Default)]
pub(super) struct Explained {
    of: Option<(Arc<SalesPanel>, Forecast)>,
    made: OnceLock<Option<SeriesExplanation>>,
}

impl Explained {
    /// Turns to another forecast, made of the histories in `panel`; the same one again changes nothing.
    pub(super) fn turn_to(&mut self, panel: &Arc<SalesPanel>, forecast: &Forecast) {
        let same = |(of, known): &(Arc<SalesPanel>, Forecast)| {
            Arc::ptr_eq(of, panel)
                && (&known.id, &known.model, known.start) == (&forecast.id, &forecast.model, forecast.start)
                && known.mean == forecast.mean
                && known.fitted == forecast.fitted
        };
        if !self.of.as_ref().is_some_and(same) {
            *self = Self { of: Some((panel.clone(), forecast.clone())), made: OnceLock::new() };
        }
    }

    /// The explanation, made at the first call: a few milliseconds at most.
    pub(super) fn get(&self) -> Option<&SeriesExplanation> {
        let make = || {
            let (panel, forecast) = self.of.as_ref()?;
            pipeline::explain_series(panel.get(&forecast.id)?, forecast, &Control::silent()).ok()
        };
        self.made.get_or_init(make).as_ref()
    }
}
