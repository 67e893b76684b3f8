//! Why a network over all items forecasts what it does for the item shown, and what it would forecast were an input another.

use super::Session;
use super::beside::{Beside, Made};
use super::job::{Job, Networked, Outcome};
use super::results::ForecastKey;
use super::worker::Wake;
use crate::model::{InputChange, NetworkExplanation, SeriesId, WhatIf};
use crate::pipeline::TrainedNetwork;
use std::sync::Arc;

/// What is known of a network's forecast; [`Command::ExplainNetwork`](super::Command::ExplainNetwork) asks for it.
pub type NetworkExplained<'a> = Made<'a, Arc<NetworkExplanation>>;
/// What is known of it with other inputs; [`Command::AskWhatIf`](super::Command::AskWhatIf) asks for it.
pub type AskedWhatIf<'a> = Made<'a, WhatIf>;

/// Explanations kept, and answers to *what if*: those somebody goes back and forth between.
const MOST_EXPLAINED: usize = 32;
const MOST_ANSWERS: usize = 64;

/// What was asked.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    key: ForecastKey,
    id: SeriesId,
    network: Arc<str>,
    /// Nothing where the forecast as it is is taken apart.
    changes: Vec<InputChange>,
}

/// Both, each by what was asked.
#[derive(Debug)]
pub(super) struct ExplainedNetworks {
    explanations: Beside<Asked, Arc<NetworkExplanation>>,
    answers: Beside<Asked, WhatIf>,
}

impl ExplainedNetworks {
    /// Nothing explained yet; `wake` is called when something is.
    pub(super) fn new(wake: Wake) -> Self {
        let explained = |outcome| match outcome {
            Outcome::NetworkExplained(found) => Some(Arc::new(*found)),
            _ => None,
        };
        let answered = |outcome| match outcome {
            Outcome::WhatIf(found) => Some(*found),
            _ => None,
        };
        Self {
            explanations: Beside::new(wake.clone(), explained, MOST_EXPLAINED),
            answers: Beside::new(wake, answered, MOST_ANSWERS),
        }
    }

    /// Takes in what is done and starts what waits.
    pub(super) fn poll(&mut self) {
        self.explanations.poll();
        self.answers.poll();
    }

    /// True while something is being made or waits to be.
    pub(super) fn is_busy(&self) -> bool {
        self.explanations.is_busy() || self.answers.is_busy()
    }

    /// What was asked of another forecast, or of another item's, isn't shown any more.
    pub(super) fn turn_to(&mut self, shown: Option<(&ForecastKey, &SeriesId)>) {
        let is_shown =
            |asked: Option<&Asked>| asked.zip(shown).is_some_and(|(a, (key, id))| a.key == *key && a.id == *id);
        if !is_shown(self.explanations.shown()) {
            self.explanations.turn_to(None);
        }
        if !is_shown(self.answers.shown()) {
            self.answers.turn_to(None);
        }
    }
}

impl Session {
    /// The networks over all items behind the forecasts shown, by name; empty while these are older than the settings.
    pub fn trained_networks(&self) -> Vec<&str> {
        let networks = self.shown_key().and_then(|key| self.results.networks(key));
        networks.map_or_else(Vec::new, |n| n.networks().iter().map(TrainedNetwork::name).collect())
    }

    /// A network's forecast of the item shown, taken apart.
    pub fn network_explanation(&self, network: &str) -> NetworkExplained<'_> {
        let beside = &self.explained_networks.explanations;
        if beside.shown().is_some_and(|asked| *asked.network == *network) { beside.get() } else { Made::Missing }
    }

    /// A network's forecast of the item shown with other inputs.
    pub fn what_if(&self, network: &str, changes: &[InputChange]) -> AskedWhatIf<'_> {
        let beside = &self.explained_networks.answers;
        let is_asked = |asked: &Asked| *asked.network == *network && asked.changes == changes;
        if beside.shown().is_some_and(is_asked) { beside.get() } else { Made::Missing }
    }

    pub(super) fn explain_network(&mut self, network: Arc<str>) {
        let Some((asked, work)) = self.networked(network, Vec::new()) else { return };
        self.explained_networks.explanations.turn_to(Some(asked));
        self.explained_networks.explanations.ask(|_| Job::ExplainNetwork(Box::new(work)));
    }

    pub(super) fn ask_what_if(&mut self, network: Arc<str>, changes: Vec<InputChange>) {
        let Some((asked, work)) = self.networked(network, changes.clone()) else { return };
        self.explained_networks.answers.turn_to(Some(asked));
        self.explained_networks.answers.ask(|_| Job::WhatIf(Box::new(work), changes));
    }

    /// The key of the forecasts shown, when they are those of the present data and settings.
    fn shown_key(&self) -> Option<&ForecastKey> {
        let present = self.history.forecast_key();
        self.focus_of.as_ref().filter(|key| Some(*key) == present.as_ref())
    }

    fn networked(&self, network: Arc<str>, changes: Vec<InputChange>) -> Option<(Asked, Networked)> {
        let (key, id) = (self.shown_key()?.clone(), self.focus.as_ref()?.id.clone());
        let networks = self.results.networks(&key)?.clone();
        networks.get(&network)?;
        let panel = self.results.adjusted.fitted()?.clone();
        let settings = self.project().settings.knowing(&self.project().items);
        let work = Networked { networks, network: network.clone(), panel, id: id.clone(), settings };
        Some((Asked { key, id, network, changes }, work))
    }
}
