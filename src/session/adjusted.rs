//! Between statistical forecasts and plans: borrowed histories, reconciled groups, layers. Kept while they hold.

use super::job::Grouped;
use super::project::{Project, Sales};
use super::results::{ForecastKey, ReconcileKey, Results, print};
use crate::model::{AppliedOverride, ForecastOverride, SalesPanel};
use crate::pipeline::{self, Forecasts, Groups, Layered, NewItems, Reconciled, Reconciliation};
use std::sync::Arc;

/// The latest of each; changing a setting back and forth computes again.
#[derive(Debug, Default)]
pub(super) struct Adjusted {
    new: Option<(ForecastKey, Arc<NewItems>)>,
    groups: Option<(ReconcileKey, Arc<Groups>)>,
    /// `None` inside: the method was refused.
    reconciled: Option<(ReconcileKey, Option<Arc<Reconciled>>)>,
    layered: Option<(ForecastKey, Parts, Arc<Layered>)>,
}

/// What layers were made of; the same allocations are the same values.
#[derive(Debug)]
struct Parts {
    forecasts: Forecasts,
    new: Arc<NewItems>,
    reconciled: Option<Arc<Reconciled>>,
    overrides: Arc<Vec<ForecastOverride>>,
    items: Arc<crate::model::ItemTable>,
    network: Arc<crate::model::Network>,
    regions: Arc<crate::model::Regions>,
}

impl Parts {
    fn are(&self, other: &Parts) -> bool {
        let reconciled = match (&self.reconciled, &other.reconciled) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        reconciled
            && Arc::ptr_eq(&self.forecasts, &other.forecasts)
            && Arc::ptr_eq(&self.new, &other.new)
            && Arc::ptr_eq(&self.overrides, &other.overrides)
            && Arc::ptr_eq(&self.items, &other.items)
            && Arc::ptr_eq(&self.network, &other.network)
            && Arc::ptr_eq(&self.regions, &other.regions)
    }
}

impl Adjusted {
    /// The histories that new items borrow, for the project's forecasts `key`.
    pub(super) fn new_items(&mut self, project: &Project, sales: &Sales, key: &ForecastKey) -> Arc<NewItems> {
        if let Some((k, new)) = &self.new
            && k == key
        {
            return new.clone();
        }
        let inputs = super::inputs(project, sales, &sales.panel);
        let new = Arc::new(pipeline::new_items(&inputs, &project.settings));
        self.new = Some((key.clone(), new.clone()));
        new
    }

    /// The panel with items that were never sold, as of the latest forecasts.
    pub(super) fn sold(&self) -> Option<&Arc<SalesPanel>> {
        self.new.as_ref().map(|(_, new)| &new.sold)
    }

    /// The histories that models were fitted to, as of the latest forecasts.
    pub(super) fn fitted(&self) -> Option<&Arc<SalesPanel>> {
        self.new.as_ref().map(|(_, new)| &new.fitted)
    }

    /// What became of the project's overrides of forecasts `key`; empty while the latest layers are of others.
    pub(super) fn overrides(&self, project: &Project, key: &ForecastKey) -> &[AppliedOverride] {
        let latest = self.layered.as_ref();
        let own = latest.filter(|(k, of, _)| k == key && Arc::ptr_eq(&of.overrides, &project.overrides));
        own.map_or(&[], |(_, _, layered)| &layered.overrides)
    }

    /// Keeps forecasts that add up, and with them their groups.
    pub(super) fn keep_reconciled(&mut self, key: ReconcileKey, reconciled: Option<Arc<Reconciled>>) {
        if let (Some((groups, _)), Some(reconciled)) = (key.split_once(' '), &reconciled) {
            self.groups = Some((groups.into(), reconciled.groups.clone()));
        }
        self.reconciled = Some((key, reconciled));
    }

    /// A forecast changed under the same key.
    pub(super) fn forget_reconciled(&mut self) {
        self.reconciled = None;
    }
}

impl Results {
    /// The work that makes the project's forecasts add up, when that is asked for and not done yet.
    pub(super) fn missing_reconciliation(
        &mut self,
        project: &Project,
        sales: &Sales,
        key: &ForecastKey,
    ) -> Option<(ReconcileKey, Grouped)> {
        let name = self.reconcile_key(project, key)?;
        if self.adjusted.reconciled.as_ref().is_some_and(|(k, _)| *k == name) {
            return None;
        }
        let groups = self.adjusted.groups.as_ref().filter(|(k, _)| Some(&**k) == name.split(' ').next());
        let groups = groups.map(|(_, groups)| groups.clone());
        let work = Grouped {
            groups,
            forecasts: self.effective(project, key)?,
            new: self.adjusted.new_items(project, sales, key),
            items: project.items.clone(),
            regions: Arc::new(super::regions(project, sales).0),
            settings: project.settings.clone(),
        };
        Some((name, work))
    }

    /// The forecasts with all layers that are there; reconciliation may still be on its way.
    pub(super) fn layered(&mut self, project: &Project, sales: &Sales, key: &ForecastKey) -> Option<Arc<Layered>> {
        let name = self.reconcile_key(project, key);
        let reconciled = self.adjusted.reconciled.as_ref().filter(|(k, _)| Some(k) == name.as_ref());
        let parts = Parts {
            reconciled: reconciled.and_then(|(_, r)| r.clone()),
            forecasts: self.effective(project, key)?,
            new: self.adjusted.new_items(project, sales, key),
            overrides: project.overrides.clone(),
            items: project.items.clone(),
            network: project.network.clone(),
            regions: sales.regions.clone(),
        };
        if let Some((_, made_of, layered)) = &self.adjusted.layered
            && made_of.are(&parts)
        {
            return Some(layered.clone());
        }
        let inputs = super::inputs(project, sales, &parts.new.sold);
        let layered = pipeline::layered(&inputs, &parts.forecasts, &parts.new, parts.reconciled.as_deref());
        let layered = Arc::new(layered);
        self.adjusted.layered = Some((key.clone(), parts, layered.clone()));
        Some(layered)
    }

    /// Fingerprint of the groups, a space, and one of the choices of model; `None` when nothing is to add up.
    fn reconcile_key(&self, project: &Project, key: &ForecastKey) -> Option<ReconcileKey> {
        let method = &project.settings.reconciliation;
        if *method == Reconciliation::None {
            return None;
        }
        let groups = print(&(key, self.masters_print(project), method));
        let chosen: Vec<_> = project.chosen_models.iter().collect();
        Some(format!("{groups} {}", print(&chosen)).into())
    }
}
