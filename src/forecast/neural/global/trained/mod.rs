//! Networks after training: all that forecasting needs, as a value.
//!
//! What a network is, what it learnt from and what its validation block taught stand beside its weights, so that it can be
//! saved ([`file`]), read back without trusting the file ([`check`]), made smaller ([`slim`]) and measured ([`measure`]). How it
//! goes on is told in [`resume`](super::resume).

mod check;
mod file;
mod measure;
mod slim;
pub(super) mod words;

pub use file::Precision;
pub use measure::NetworkMeasure;

use super::inputs::Names;
use super::kind::Kind;
use super::predict::Checked;
use crate::forecast::NetworkOptions;
use crate::forecast::neural::network::Shape;
use crate::model::{Frequency, Period, Series, hex};
use crate::words::Text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Most panels that a network remembers having learnt from.
const MOST_PANELS: usize = 16;

/// Networks of one kind after training, with all that they need to forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainedNetwork {
    pub(super) kind: Kind,
    pub(super) facts: Facts,
    /// The parameters of every network of the team, in the order of [`Shape::matrices`].
    pub(super) members: Vec<Vec<f32>>,
    /// The same at the backtest's origins, the latest first: `[origin, network, parameter]`. Empty where it isn't kept.
    pub(super) earlier: Vec<Vec<Vec<f32>>>,
    pub(super) checked: Checked,
}

/// What is known of trained networks besides their weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    /// The name on the command line.
    pub(super) kind: String,
    pub(super) shape: Shape,
    /// Periods answered.
    pub(super) horizon: usize,
    pub(super) names: Names,
    /// What they were trained with; the shape counts where the two differ.
    pub(super) options: NetworkOptions,
    pub(super) seed: u64,
    /// Epochs that they were trained on the last panel.
    pub(super) epochs: usize,
    /// The objective's mean loss on the last panel's validation block.
    pub(super) validation_loss: f64,
    /// Panels that they learnt from, the last one last; never empty.
    pub(super) panels: Vec<LearntFrom>,
    /// The day of saving, as whoever saved it writes days.
    pub(super) saved: Option<String>,
}

/// A panel that networks learnt from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LearntFrom {
    /// SHA-256 of the series' names, first periods and values, hexadecimal.
    pub(super) data: String,
    /// Number of series.
    pub(super) series: usize,
    /// The last period with data.
    pub(super) last: Period,
}

impl LearntFrom {
    /// The fingerprint of `series`; `None` of none.
    pub(super) fn of(series: &[Series]) -> Option<Self> {
        let mut hash = Sha256::new();
        for one in series {
            let start = one.start.label();
            for part in [&*one.id.item, &*one.id.location, &*start] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
            hash.update((one.values.len() as u64).to_le_bytes());
            one.values.iter().for_each(|v| hash.update(v.to_bits().to_le_bytes()));
        }
        let last = series.iter().map(|s| s.start.plus(s.values.len() as i64 - 1)).max()?;
        Some(Self { data: hex(&hash.finalize()), series: series.len(), last })
    }
}

impl TrainedNetwork {
    /// The kind's name on the command line.
    pub fn name(&self) -> &str {
        self.kind.name()
    }

    /// What it is, periods seen, periods of a season.
    pub(super) fn spans(&self) -> (Kind, usize, usize) {
        (self.kind, self.facts.shape.window, self.frequency().season_length())
    }

    /// Periods answered.
    pub fn horizon(&self) -> usize {
        self.facts.horizon
    }

    /// True where it is told the category of an item.
    pub fn is_told_categories(&self) -> bool {
        !self.facts.names.categories.is_empty()
    }

    /// Length of the periods that it learnt from.
    pub fn frequency(&self) -> Frequency {
        self.last().frequency()
    }

    /// The last period of any data that it learnt from.
    pub fn last(&self) -> Period {
        let last = self.facts.panels.iter().map(|p| p.last).max();
        last.unwrap_or_else(|| Period::step(1))
    }

    /// Numbers of all networks of the team.
    pub fn parameters(&self) -> usize {
        self.members.iter().map(Vec::len).sum()
    }

    /// How many of the parameters are 0.
    pub fn zeros(&self) -> usize {
        self.members.iter().flatten().filter(|p| **p == 0.0).count()
    }

    /// True when `series` are the very data that it learnt from last.
    pub fn learnt_from(&self, series: &[Series]) -> bool {
        let panel = LearntFrom::of(series);
        panel.is_some() && self.facts.panels.last().map(|p| &p.data) == panel.as_ref().map(|p| &p.data)
    }

    /// Whether series of this frequency can be forecast so far ahead.
    ///
    /// # Errors
    /// The reason why they can't.
    pub(super) fn suits(&self, frequency: Frequency, horizon: usize) -> Result<(), Text> {
        if frequency != self.frequency() {
            return Err(words::other_frequency(self.frequency(), frequency));
        }
        // With drivers the network is shown those of its whole horizon.
        let too_far = horizon > self.facts.horizon;
        if too_far || (horizon < self.facts.horizon && !self.facts.names.drivers.is_empty()) {
            return Err(words::other_horizon(self.facts.horizon, horizon));
        }
        Ok(())
    }

    /// The parameters of every network of the team for a fold of the backtest they were trained in; 0 is the whole history.
    pub(super) fn at(&self, fold: usize) -> &[Vec<f32>] {
        fold.checked_sub(1).and_then(|k| self.earlier.get(k)).unwrap_or(&self.members)
    }

    /// Adds a panel to those learnt from; the oldest goes where there are too many.
    pub(super) fn remember(&mut self, panel: LearntFrom) {
        self.facts.panels.push(panel);
        if self.facts.panels.len() > MOST_PANELS {
            // The latest period is what counts of the past: it stays.
            let earliest = self.facts.panels.iter().enumerate().min_by_key(|(_, p)| p.last).map_or(0, |(k, _)| k);
            self.facts.panels.remove(earliest);
        }
    }
}

/// Trained networks, one of each kind.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrainedNetworks {
    networks: Vec<TrainedNetwork>,
}

impl TrainedNetworks {
    /// Those that were trained, in order.
    pub fn networks(&self) -> &[TrainedNetwork] {
        &self.networks
    }

    /// The networks of a kind, by its name on the command line.
    pub fn get(&self, name: &str) -> Option<&TrainedNetwork> {
        self.networks.iter().find(|n| n.name() == name)
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.networks.is_empty()
    }

    /// With these networks in the place of others of their kind.
    pub(crate) fn put(&mut self, network: TrainedNetwork) {
        match self.networks.iter_mut().find(|n| n.kind == network.kind) {
            Some(old) => *old = network,
            None => self.networks.push(network),
        }
    }

    /// With every network changed alike.
    #[must_use]
    pub fn changed(&self, change: impl Fn(&TrainedNetwork) -> TrainedNetwork) -> Self {
        Self { networks: self.networks.iter().map(change).collect() }
    }

    /// For forecasts to come alone, without the weights at the backtest's origins, which [`Reuse::Repeated`] needs.
    #[must_use]
    pub fn for_use(&self) -> Self {
        self.changed(|network| TrainedNetwork { earlier: Vec::new(), ..network.clone() })
    }

    /// SHA-256 of the file that they would be saved in [for use](Self::for_use), hexadecimal.
    pub fn fingerprint(&self) -> String {
        hex(&Sha256::digest(self.for_use().to_bytes(Precision::Full).unwrap_or_default()))
    }

    /// With the day of saving.
    #[must_use]
    pub fn saved(mut self, day: &str) -> Self {
        self.networks.iter_mut().for_each(|n| n.facts.saved = Some(day.to_owned()));
        self
    }
}

/// What is done with trained networks on a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// They forecast as they are.
    AsTheyAre,
    /// They go on learning from the panel first, with a smaller step.
    FineTuned,
    /// They forecast as when they were trained, backtest and all, digit by digit: on the very panel, with the very drivers
    /// and options, as the caller vouches. What wasn't trained on such a panel with such options is trained from nothing.
    Repeated,
}

/// Trained networks to forecast with, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Pretrained {
    /// The networks.
    pub networks: TrainedNetworks,
    /// What is done with them.
    pub reuse: Reuse,
}
