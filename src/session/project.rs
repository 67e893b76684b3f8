//! What the user decided: saved, undoable, cheap to snapshot.

use crate::model::{
    ForecastOverride, ImportSummary, ItemTable, KeptForecast, Network, Receipts, Regions, SalesPanel, Scenario,
    SeriesId, Succession,
};
use crate::pipeline::{Preview, ReadOptions, Role, SalesImport, Settings};
use crate::words::Language;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A project. Big tables sit behind `Arc`, so that a snapshot for undo costs next to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// Name for people: the file's stem, or the sample's name.
    pub name: String,
    /// ISO 4217 code or sign of the money; empty when unknown.
    pub currency: String,
    /// The sales history, as imported.
    pub sales: Option<Arc<Sales>>,
    /// Item master data, as imported.
    pub items: Arc<ItemTable>,
    /// Goods receipts, as imported.
    #[serde(default)]
    pub receipts: Arc<Receipts>,
    /// What is wrong with them.
    #[serde(default)]
    pub receipt_findings: Arc<crate::diagnostic::Diagnostics>,
    /// The delivery network, as imported.
    pub network: Arc<Network>,
    /// How sales files are read.
    pub read: ReadOptions,
    /// Horizon, models, seed, policy.
    pub settings: Settings,
    /// Scenarios; the first is the base, without overrides.
    pub scenarios: Vec<Scenario>,
    /// Name of the scenario that levers move and panels show.
    pub active: String,
    /// Models that the user chose against the automatic choice.
    #[serde(with = "super::pairs")]
    pub chosen_models: BTreeMap<SeriesId, Arc<str>>,
    /// Overrides of forecasts, in the order in which they apply.
    #[serde(default)]
    pub overrides: Arc<Vec<ForecastOverride>>,
    /// Where new items' histories come from.
    #[serde(default)]
    pub successions: Arc<Vec<Succession>>,
    /// Forecasts kept to judge overrides by.
    #[serde(default)]
    pub kept: Arc<Vec<KeptForecast>>,
}

/// An imported sales history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sales {
    /// Where it was read from; read again when the mapping changes.
    pub source: PathBuf,
    /// The demand history.
    pub panel: Arc<SalesPanel>,
    /// Regions of the locations, when the file says them.
    #[serde(default)]
    pub regions: Arc<Regions>,
    /// What was taken and what was left out.
    pub summary: Arc<ImportSummary>,
    /// Which header was read as which role.
    pub columns: Vec<(Role, String)>,
    /// The first rows as text.
    pub preview: Preview,
    /// What is wrong with the data.
    pub diagnostics: crate::diagnostic::Diagnostics,
    /// SHA-256 of the panel, hexadecimal; results are keyed by it.
    pub fingerprint: String,
}

impl Sales {
    /// An import that gave a panel.
    ///
    /// # Panics
    /// When the import has no panel: the caller has checked.
    pub fn new(source: PathBuf, import: SalesImport) -> Self {
        let panel = import.panel.expect("the import gave a panel");
        let fingerprint = fingerprint(&panel);
        Self {
            source,
            panel: Arc::new(panel),
            regions: Arc::new(import.regions),
            summary: Arc::new(import.summary),
            columns: import.columns,
            preview: import.preview,
            diagnostics: import.diagnostics,
            fingerprint,
        }
    }
}

fn fingerprint(panel: &SalesPanel) -> String {
    let mut hash = Sha256::new();
    for series in panel.series() {
        hash.update(format!("{:?}\n{:?}\n{:?}\n", series.id.item, series.id.location, series.start));
        hash.update((series.values.len() as u64).to_le_bytes());
        series.values.iter().for_each(|v| hash.update(v.to_bits().to_le_bytes()));
    }
    crate::model::hex(&hash.finalize())
}

/// Name of the scenario without overrides, until the user renames it.
pub const BASE: &str = "Base";

impl Default for Project {
    fn default() -> Self {
        let base = Scenario::base(BASE);
        Self {
            name: String::new(),
            currency: String::new(),
            sales: None,
            items: Arc::default(),
            receipts: Arc::default(),
            receipt_findings: Arc::default(),
            network: Arc::default(),
            read: ReadOptions::default(),
            settings: Settings::default(),
            active: base.name.clone(),
            scenarios: vec![base],
            chosen_models: BTreeMap::new(),
            overrides: Arc::default(),
            successions: Arc::default(),
            kept: Arc::default(),
        }
    }
}

impl Project {
    /// The scenario with this name.
    pub fn scenario(&self, name: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|s| s.name == name)
    }

    /// The scenario that levers move and panels show.
    pub fn active_scenario(&self) -> &Scenario {
        self.scenario(&self.active).unwrap_or(&self.scenarios[0])
    }
}

/// How the window looks; kept for the user, not in the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Preferences {
    /// The language of the window.
    pub language: Language,
    /// Light, dark, or as the system is.
    pub theme: Theme,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}
