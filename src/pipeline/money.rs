//! What a plan costs, when it is paid, and which item bears what is shared.

use super::Settings;
use crate::costing::{self, AllocationInputs, CashInputs, CostInputs};
use crate::model::{Allocation, CashFlow, CostLedger, DispatchPlan, Forecast, Item, Network, SalesPanel, StockPlan};
use std::sync::Arc;

/// A plan before it is priced. The slices are aligned.
pub(super) struct Planned<'a> {
    pub(super) forecasts: &'a [&'a Forecast],
    pub(super) items: &'a [Item],
    /// Master data without the scenario.
    pub(super) agreed: &'a [Item],
    pub(super) stock: &'a [StockPlan],
    pub(super) network: &'a Network,
    pub(super) dispatch: Option<&'a DispatchPlan>,
}

/// A plan's money.
pub(super) struct Money {
    pub(super) ledger: CostLedger,
    pub(super) cash: Arc<CashFlow>,
    pub(super) allocation: Arc<Allocation>,
}

/// Prices a plan, dates what is paid, and spreads what is shared.
pub(super) fn money(planned: &Planned<'_>, panel: &SalesPanel, settings: &Settings) -> Money {
    let Planned { forecasts, items, agreed, stock, network, dispatch } = *planned;
    let ledger = costing::compute(&CostInputs { forecasts, items, stock, network, dispatch });
    let cash = costing::cash_flow(&CashInputs {
        forecasts,
        items,
        agreed,
        stock,
        panel,
        network,
        dispatch,
        ledger: &ledger,
        shortage: settings.policy.shortage,
        settings: settings.cash,
    });
    let inputs = AllocationInputs { ledger: &ledger, items, stock, network, dispatch, seed: settings.seed };
    let allocation = costing::allocate(&inputs);
    Money { ledger, cash: Arc::new(cash), allocation: Arc::new(allocation) }
}
