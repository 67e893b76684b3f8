//! Derived results, keyed by a fingerprint of everything they depend on.
//!
//! Undo therefore shows the old results at once, and a reopened project computes the same digits. Nothing here is
//! saved: results can always be computed again.

use super::adjusted::Adjusted;
use super::file::Recalled;
use super::project::Project;
use crate::model::{Overrides, Plan, Scenario, SeriesForecast, SeriesId, hex};
use crate::pipeline::{Challenge, Forecasts, PartialForecasts, Reuse, Settings, Settlement, TrainedNetworks};
use crate::text;
use crate::words::Text;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Fingerprint of the data and settings that forecasts depend on.
pub(super) type ForecastKey = Arc<str>;
/// Fingerprint of the data alone.
pub(super) type DataKey = String;
/// Fingerprint of everything that reconciled forecasts depend on.
pub(super) type ReconcileKey = Arc<str>;
/// Fingerprint of everything that a plan depends on.
pub(super) type PlanKey = Arc<str>;

/// Forecast panels and plans kept. A forecast panel is at most some 300 MB, a plan a few MB.
const MOST_FORECASTS: usize = 3;
const MOST_PLANS: usize = 24;
/// Fitted single models kept per session.
const MOST_SINGLES: usize = 256;

/// A model fitted for one series because the user asked for it.
type Chosen = Result<Box<SeriesForecast>, Text>;

/// The cache.
#[derive(Debug, Default)]
pub(super) struct Results {
    forecasts: VecDeque<(ForecastKey, Forecasts)>,
    made: VecDeque<(ForecastKey, Made)>,
    /// What is ready of forecasts on their way; a run that was stopped goes on from here.
    partial: Option<(ForecastKey, Arc<PartialForecasts>)>,
    /// Networks that came with the project.
    recalled: Option<Recalled>,
    plans: VecDeque<(PlanKey, Arc<Plan>)>,
    chosen: BTreeMap<(ForecastKey, SeriesId, Arc<str>), Chosen>,
    trained: BTreeMap<(ForecastKey, SeriesId), Box<SeriesForecast>>,
    effective: Option<(ForecastKey, BTreeMap<SeriesId, Arc<str>>, Forecasts)>,
    masters: Option<Masters>,
    pub(super) adjusted: Adjusted,
}

/// What forecasts came with.
#[derive(Debug)]
struct Made {
    /// What they were made of.
    data: DataKey,
    /// How models beside the automatic ones did.
    challenges: Vec<Challenge>,
    /// The networks over all items that were trained.
    networks: Arc<TrainedNetworks>,
}

/// Fingerprint of the master tables, computed once per table.
#[derive(Debug)]
struct Masters {
    items: Arc<crate::model::ItemTable>,
    network: Arc<crate::model::Network>,
    /// Of the sales.
    regions: Option<Arc<crate::model::Regions>>,
    print: String,
}

impl Results {
    /// The key of the project's forecasts; `None` without sales.
    pub(super) fn forecast_key(project: &Project) -> Option<ForecastKey> {
        let sales = project.sales.as_ref()?;
        // What doesn't touch forecasts must not change their key.
        let Settings {
            horizon,
            models,
            folds,
            levels,
            paths,
            seed,
            device,
            lstm,
            neural,
            drivers,
            policy: _,
            dispatch_seconds: _,
            reconciliation: _,
            cash: _,
            segmentation: _,
            lead_times: _,
            scorecard: _,
            items: _,
            pretrained,
        } = &project.settings;
        // Only a network cares where and how it is trained.
        let (each, all) = (models.train_for_each(), models.train_over_all());
        let networks = (each.then_some(lstm), all.then_some(neural), (each || all).then_some(device));
        let pretrained = pretrained.as_ref().filter(|_| all);
        let pretrained = pretrained.map(|p| (p.networks.fingerprint(), p.reuse == Reuse::FineTuned));
        // They are told what kind of item it is, where one is told.
        let kinds = project.items.iter().filter(|item| all && !item.category.is_empty());
        let kinds: Vec<_> = kinds.map(|item| (&item.id, &item.category)).collect();
        // The values behind the fingerprint may be millions.
        let drivers = (&drivers.fingerprint, &drivers.events, &drivers.holidays, drivers.future);
        let data = (&sales.fingerprint, &project.successions);
        Some(print(&(data, horizon, models, folds, levels, paths, seed, networks, pretrained, (drivers, kinds))).into())
    }

    /// The key of the plan of `scenario` over forecasts `key`.
    pub(super) fn plan_key(&self, project: &Project, key: &ForecastKey, scenario: &Scenario) -> PlanKey {
        let masters = self.masters_print(project);
        let chosen: Vec<_> = project.chosen_models.iter().collect();
        let settings =
            (&project.settings.policy, project.settings.dispatch_seconds, &project.currency, &project.settings.cash);
        let judged = (&project.settings.reconciliation, &project.overrides);
        // Neither its name nor who says it matters, only what is changed: a fresh branch has its parent's plan at once.
        let layers: Vec<&str> = scenario.layers().filter(|o| !o.is_empty()).map(|o| changes_print(o)).collect();
        // Cuts without rules change no plan.
        let segmentation = Some(&project.settings.segmentation).filter(|s| s.is_in_force());
        // Scores are weighed after the plan.
        let lead_times = (project.receipts.fingerprint(), &project.settings.lead_times);
        print(&(key, chosen, masters, settings, judged, segmentation, lead_times, layers)).into()
    }

    /// Forecasts by key, as the automatic choice left them.
    pub(super) fn forecasts(&self, key: &ForecastKey) -> Option<&Forecasts> {
        self.forecasts.iter().find(|(k, _)| k == key).map(|(_, f)| f)
    }

    /// The latest forecasts of the project's data, by whatever settings.
    pub(super) fn latest(&self, project: &Project) -> Option<(ForecastKey, Forecasts)> {
        let data = data_key(project)?;
        let (key, _) = self.made.iter().find(|(key, made)| made.data == data && self.forecasts(key).is_some())?;
        Some((key.clone(), self.forecasts(key)?.clone()))
    }

    /// How models named beside the automatic ones did in the forecasts by key.
    pub(super) fn challenges(&self, key: &ForecastKey) -> &[Challenge] {
        self.made.iter().find(|(k, _)| k == key).map_or(&[], |(_, made)| &made.challenges)
    }

    /// The networks over all items behind the forecasts by key.
    pub(super) fn networks(&self, key: &ForecastKey) -> Option<&Arc<TrainedNetworks>> {
        self.made.iter().find(|(k, _)| k == key).map(|(_, made)| &made.networks)
    }

    /// What is ready of the forecasts by key, while not all are.
    pub(super) fn partial(&self, key: &ForecastKey) -> Option<&Arc<PartialForecasts>> {
        self.partial.as_ref().filter(|(k, _)| k == key).map(|(_, partial)| partial)
    }

    /// The same, begun when there is nothing yet.
    pub(super) fn begin(&mut self, key: &ForecastKey, series: usize) -> Arc<PartialForecasts> {
        if let Some(begun) = self.partial(key) {
            return begun.clone();
        }
        let recalled = self.recalled.as_ref().filter(|recalled| recalled.key == *key);
        let networks = recalled.map(|recalled| (*recalled.networks).clone()).unwrap_or_default();
        let begun = Arc::new(PartialForecasts::with_trained(series, networks));
        self.partial = Some((key.clone(), begun.clone()));
        begun
    }

    /// The networks that came with a project: forecasts by their key needn't train any.
    pub(super) fn recall(&mut self, recalled: Option<Recalled>) {
        self.recalled = recalled;
    }

    /// The networks behind the forecasts by key, to be kept with a project; `None` without any.
    pub(super) fn to_recall(&self, key: &ForecastKey) -> Option<Recalled> {
        let made = self.networks(key).map(|networks| Recalled { key: key.clone(), networks: networks.clone() });
        let known = made.or_else(|| self.recalled.clone().filter(|recalled| recalled.key == *key));
        known.filter(|known| !known.networks.is_empty())
    }

    /// A plan by key.
    pub(super) fn plan(&self, key: &PlanKey) -> Option<&Arc<Plan>> {
        self.plans.iter().find(|(k, _)| k == key).map(|(_, p)| p)
    }

    /// The first user-chosen model that isn't fitted yet.
    pub(super) fn missing_choice(&self, project: &Project, key: &ForecastKey) -> Option<(SeriesId, Arc<str>)> {
        let forecasts = self.forecasts(key)?;
        let missing = |id: &SeriesId, model: &Arc<str>| {
            forecasts.iter().any(|f| f.id == *id)
                && !self.chosen.contains_key(&(key.clone(), id.clone(), model.clone()))
                && self.trained_candidate(key, id, model).is_none()
        };
        let mut choices = project.chosen_models.iter();
        choices.find(|(id, model)| missing(id, model)).map(|(id, model)| (id.clone(), model.clone()))
    }

    /// Forecasts with trained networks added and the user's choices of model made.
    pub(super) fn effective(&mut self, project: &Project, key: &ForecastKey) -> Option<Forecasts> {
        if let Some((k, choices, forecasts)) = &self.effective
            && k == key
            && *choices == project.chosen_models
        {
            return Some(forecasts.clone());
        }
        let base = self.forecasts(key)?;
        let touched = |id: &SeriesId| {
            project.chosen_models.contains_key(id) || self.trained.contains_key(&(key.clone(), id.clone()))
        };
        let forecasts = if base.iter().any(|f| touched(&f.id)) {
            Arc::new(base.iter().map(|f| self.effective_series(project, key, f)).collect())
        } else {
            base.clone()
        };
        self.effective = Some((key.clone(), project.chosen_models.clone(), Forecasts::clone(&forecasts)));
        Some(forecasts)
    }

    /// One forecast with a trained network added and the user's choice of model made.
    pub(super) fn effective_series(
        &self,
        project: &Project,
        key: &ForecastKey,
        base: &SeriesForecast,
    ) -> SeriesForecast {
        let trained = self.trained.get(&(key.clone(), base.id.clone()));
        let mut series = trained.map_or_else(|| base.clone(), |t| (**t).clone());
        let choice = project.chosen_models.get(&base.id);
        let own = choice.and_then(|model| self.trained_candidate(key, &base.id, model));
        if let Some((model, k)) = choice.zip(own) {
            series.chosen = k;
            series.why = text!("Chosen by you: {model}.", "由您选定：{model}。").then(&series.candidates[k].why);
            return series;
        }
        let chosen = choice.and_then(|m| self.chosen.get(&(key.clone(), base.id.clone(), m.clone())));
        if let Some(Ok(chosen)) = chosen {
            series.chosen = series.put(chosen.best().clone());
            series.why = chosen.why.clone();
        }
        series
    }

    /// Where a model that the user chose stands among the candidates of a training.
    fn trained_candidate(&self, key: &ForecastKey, id: &SeriesId, model: &Arc<str>) -> Option<usize> {
        if &**model != "lstm" {
            return None;
        }
        self.trained.get(&(key.clone(), id.clone()))?.candidates.iter().position(|c| c.model == *model)
    }

    pub(super) fn keep_forecasts(
        &mut self,
        project: &Project,
        key: ForecastKey,
        (all, settlement): (Arc<PartialForecasts>, Settlement),
        networks: Arc<TrainedNetworks>,
    ) {
        self.partial = self.partial.take().filter(|(k, _)| *k != key);
        let challenges = settlement.challenges().to_vec();
        if let Some(forecasts) = Arc::unwrap_or_clone(all).into_settled(settlement) {
            let made = Made { data: data_key(project).unwrap_or_default(), challenges, networks };
            keep(&mut self.made, MOST_FORECASTS, key.clone(), made);
            keep(&mut self.forecasts, MOST_FORECASTS, key, forecasts);
            self.effective = None;
        }
    }

    pub(super) fn keep_plan(&mut self, key: PlanKey, plan: Arc<Plan>) {
        keep(&mut self.plans, MOST_PLANS, key, plan);
    }

    pub(super) fn keep_chosen(&mut self, key: ForecastKey, id: SeriesId, model: Arc<str>, chosen: Chosen) {
        if self.chosen.len() >= MOST_SINGLES {
            self.chosen.clear();
        }
        self.chosen.insert((key, id, model), chosen);
        self.effective = None;
    }

    pub(super) fn keep_trained(&mut self, key: ForecastKey, id: SeriesId, trained: Box<SeriesForecast>) {
        if self.trained.len() >= MOST_SINGLES {
            self.trained.clear();
        }
        self.trained.insert((key, id), trained);
        // Plans are keyed by the choice of a model, not by its training.
        self.plans.clear();
        self.adjusted.forget_reconciled();
        self.effective = None;
    }

    /// Computes the master tables' fingerprint once, so that keys are cheap in every frame.
    pub(super) fn note_masters(&mut self, project: &Project) {
        if self.known_masters(project).is_none() {
            let (items, network) = (project.items.clone(), project.network.clone());
            let regions = project.sales.as_ref().map(|s| s.regions.clone());
            self.masters = Some(Masters { print: masters_print(project), items, network, regions });
        }
    }

    /// Fingerprint of the master tables.
    pub(super) fn masters_print(&self, project: &Project) -> String {
        self.known_masters(project).map_or_else(|| masters_print(project), str::to_owned)
    }

    fn known_masters(&self, project: &Project) -> Option<&str> {
        let regions = project.sales.as_ref().map(|s| Arc::as_ptr(&s.regions));
        let same = |m: &&Masters| {
            Arc::ptr_eq(&m.items, &project.items)
                && Arc::ptr_eq(&m.network, &project.network)
                && m.regions.as_ref().map(Arc::as_ptr) == regions
        };
        self.masters.as_ref().filter(same).map(|m| m.print.as_str())
    }
}

/// What forecasts are made of; `None` without sales.
fn data_key(project: &Project) -> Option<DataKey> {
    let sales = project.sales.as_ref()?;
    Some(print(&(&sales.fingerprint, &project.successions)))
}

/// Fingerprint of a scenario's own changes, made once per list.
fn changes_print(overrides: &Overrides) -> &str {
    overrides.fingerprint(|list| print(&list.iter().map(|o| (o.lever, &o.scope, o.change)).collect::<Vec<_>>()))
}

fn masters_print(project: &Project) -> String {
    print(&(&*project.items, &*project.network, project.sales.as_ref().map(|s| &*s.regions)))
}

/// SHA-256 of a value's JSON and the program's version.
pub(super) fn print(value: &impl Serialize) -> String {
    let mut hash = Sha256::new_with_prefix(env!("CARGO_PKG_VERSION"));
    let json = serde_json::to_vec(value).expect("keys are plain values");
    hash.update(&json);
    hex(&hash.finalize())
}

/// Puts a result first, in place of an older one of the same key, and lets the oldest go.
pub(super) fn keep<K: PartialEq, T>(cache: &mut VecDeque<(K, T)>, most: usize, key: K, value: T) {
    cache.retain(|(k, _)| *k != key);
    cache.push_front((key, value));
    cache.truncate(most);
}
