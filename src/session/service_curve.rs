//! Service against stock of the item shown: the latest curve that a worker of its own could finish.
//!
//! A drag asks for a new curve many times a second, and with a long horizon it may take longer than a frame. What runs is finished,
//! then the latest wish is started. Safety stock itself moves no curve, only the point on it: that is the plan's, of the
//! same frame.

use super::Session;
use super::job::{Job, Outcome};
use super::worker::{Pool, Wake, Worker};
use crate::model::{Forecast, Item, ServiceCurve, ServicePoint, StockPolicy};
use std::sync::Arc;

/// What a curve is of.
#[derive(Debug, Clone)]
pub(super) struct CurveOf {
    forecast: Forecast,
    item: Item,
    policy: StockPolicy,
}

impl CurveOf {
    pub(super) fn curve(&self) -> ServiceCurve {
        crate::pipeline::service_curve(&self.forecast, &self.item, self.policy)
    }
}

impl PartialEq for CurveOf {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.forecast, &other.forecast);
        let has_same_paths = || Arc::ptr_eq(&a.paths, &b.paths) || a.paths == b.paths;
        self.policy == other.policy
            && self.item == other.item
            && (&a.id, a.start, &a.mean) == (&b.id, b.start, &b.mean)
            && a.intervals == b.intervals
            && has_same_paths()
    }
}

/// Service against stock of the item shown, and where its plan stands.
#[derive(Debug, Clone, Copy)]
pub struct ServiceShown<'a> {
    /// The latest curve; older than the levers while a newer one is on its way.
    pub curve: &'a ServiceCurve,
    /// What the plan gives. Its computed safety stock follows the forecast, where the curve's stays the same in all periods:
    /// with a strong season it may stand off the curve a little.
    pub present: ServicePoint,
}

/// The latest curve.
#[derive(Debug)]
pub(super) struct LatestCurve {
    worker: Worker,
    /// True once somebody looked: nobody else pays for it.
    is_wanted: bool,
    of: Option<CurveOf>,
    running: Option<CurveOf>,
    /// `None` for one that couldn't be made.
    latest: Option<(CurveOf, Option<Arc<ServiceCurve>>)>,
}

impl LatestCurve {
    /// Nothing yet; `wake` is called when something is.
    pub(super) fn new(wake: Wake) -> Self {
        let worker = Worker::start(wake, Pool::Shared);
        Self { worker, is_wanted: false, of: None, running: None, latest: None }
    }

    pub(super) fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    fn turn_to(&mut self, of: Option<CurveOf>) {
        self.of = of;
        self.advance();
    }

    fn advance(&mut self) {
        let Some(of) = self.of.as_ref().filter(|_| self.is_wanted && self.running.is_none()) else { return };
        if self.latest.as_ref().is_none_or(|(known, _)| known != of) {
            self.worker.start_job(Job::ServiceCurve(Box::new(of.clone())));
            self.running = self.worker.is_busy().then(|| of.clone());
        }
    }

    pub(super) fn poll(&mut self) {
        while let Some(reply) = self.worker.poll() {
            let Some(of) = self.running.take() else { continue };
            let curve = match reply {
                Ok(Outcome::ServiceCurve(curve)) => Some(curve),
                _ => None,
            };
            self.latest = Some((of, curve));
        }
        self.advance();
    }

    /// The latest curve of the item that is shown.
    fn get(&self) -> Option<&ServiceCurve> {
        let (known, curve) = self.latest.as_ref()?;
        let shown = self.of.as_ref()?;
        curve.as_deref().filter(|_| known.forecast.id == shown.forecast.id)
    }
}

impl Session {
    /// Service against stock of the item shown; `None` before
    /// [`Command::ShowServiceCurve`](super::Command::ShowServiceCurve) asked for it and while its first curve is made.
    pub fn service_curve(&self) -> Option<ServiceShown<'_>> {
        let focus = self.focus.as_ref()?;
        let stock = &focus.stock;
        let present = ServicePoint {
            safety_stock: stock.safety_stock,
            average_stock: stock.average_stock,
            stock_value: stock.average_stock * focus.item.unit_cost,
            fill_rate: stock.fill_rate,
            cycle_service: stock.achieved.map(|achieved| achieved.cycle_service),
        };
        self.live.curve.get().map(|curve| ServiceShown { curve, present })
    }

    /// Keeps the curve of the item shown up to date from now on.
    pub(super) fn show_service_curve(&mut self) {
        self.live.curve.is_wanted = true;
        self.turn_service_curve();
    }

    /// Turns to the item shown as the scenario has it.
    pub(super) fn turn_service_curve(&mut self) {
        let policy = self.project().settings.policy;
        let of = self.focus.as_ref().filter(|_| self.live.curve.is_wanted).map(|focus| CurveOf {
            forecast: focus.forecast.clone(),
            item: Item { safety_stock: None, ..focus.item.clone() },
            policy,
        });
        self.live.curve.turn_to(of);
    }
}
