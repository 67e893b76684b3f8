//! What the pipeline plans from, out of a project and its sales.

use super::project::{Project, Sales};
use crate::diagnostic::Diagnostics;
use crate::model::{Regions, SalesPanel};
use crate::pipeline::{self, Inputs, Judgement};
use std::sync::Arc;

/// What the pipeline plans from; `panel` is the sales', with items that were never sold.
pub(super) fn inputs(project: &Project, sales: &Sales, panel: &Arc<SalesPanel>) -> Inputs {
    let (regions, findings) = regions(project, sales);
    let mut diagnostics = sales.diagnostics.clone();
    diagnostics.extend(findings);
    diagnostics.extend((*project.receipt_findings).clone());
    Inputs {
        panel: panel.clone(),
        import: Some(sales.summary.clone()),
        items: project.items.clone(),
        network: project.network.clone(),
        regions: Arc::new(regions),
        currency: project.currency.clone(),
        diagnostics,
        receipts: project.receipts.clone(),
        learnt: None,
        judgement: Judgement { overrides: project.overrides.clone(), successions: project.successions.clone() },
    }
}

/// Regions of the project's locations, and where sales and network contradict each other.
pub(super) fn regions(project: &Project, sales: &Sales) -> (Regions, Diagnostics) {
    let mut findings = Diagnostics::default();
    (pipeline::regions_of(&sales.regions, &project.network, &mut findings), findings)
}
