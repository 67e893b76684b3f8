//! The application's state, without a window.
//!
//! [`Session::apply`] is the only way to change anything; [`Session::poll`] runs once a frame and drains events. The
//! window reads `&Session` and never waits for an engine: one job runs on a worker thread, the user's requests wait in
//! a short queue, and results that are missing (`wanted`) are derived when the worker is free.

mod adjusted;
mod apply;
mod beside;
mod command;
mod comparisons;
mod drivers;
mod explained;
mod failed;
mod file;
mod focus;
mod forecast_costs;
mod history;
mod inputs;
mod job;
mod judge;
mod ladders;
mod lead_times;
mod network_explained;
mod pace;
mod pairs;
mod partial;
mod portfolio;
mod project;
mod results;
mod risk;
mod sample;
mod scenarios;
mod segments;
mod service_curve;
mod shapes;
mod user;
mod worker;

pub use crate::model::BASE;
pub use beside::Made;
pub use command::{Command, ConflictAnswer, Event, Gesture, JobStatus, Notice, NoticeKind, Rejected, Sample};
pub use explained::Explanation;
pub use project::{Preferences, Project, Sales, Theme};
pub use worker::Wake;

pub use crate::control::LossPoint;
pub use crate::pipeline::{
    Challenge, Comparison, Device, DeviceInfo, FEWEST_POOLED, Goal, GoalFamily, GoalFound, LstmOptions, ModelInfo,
    Models, NetworkOptions, NetworkPreset, PartialForecasts, Preview, ReadOptions, Reconciliation, Returns, Role,
    RuleLab, RuleLabInput, RuleLabRow, SWINGS, Settings, StockStudy, Swing, TornadoBar, TwoWay, ValueAdded, compare,
    devices, models, networks, rule_lab, suggest_like_items, tables, weigh,
};

use crate::model::{AppliedOverride, ItemTable, Network, Plan, Receipts, SalesPanel, Scenario, Series, SeriesId};
use crate::pipeline;
use crate::text;
use crate::words::Text;
pub use comparisons::{Bridged, Compared};
use comparisons::{LatestBridge, LatestComparison, latest_bridge, latest_comparison};
use explained::{Explained, explained};
pub use focus::Focus;
use focus::{find, focus};
pub use forecast_costs::PanelCosts;
use forecast_costs::{LatestCosts, latest_costs};
use history::History;
use inputs::{inputs, regions};
use job::{Job, Outcome, Single};
pub use ladders::Ladders;
use ladders::{LatestLadders, Measured};
use lead_times::{Learnt, Taught, learnt};
use network_explained::ExplainedNetworks;
pub use network_explained::{AskedWhatIf, NetworkExplained};
use partial::Paused;
use portfolio::Live;
pub use portfolio::{Answer, Question};
use results::{ForecastKey, PlanKey, Results};
use risk::LatestRisk;
pub use risk::RiskShown;
use segments::StockSegments;
pub use segments::Study;
pub use service_curve::ServiceShown;
pub use shapes::Shapes;
use shapes::{FoundShapes, found_shapes};
use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use user::User;
pub use user::documents;
use worker::{Pool, Worker};

/// Requests that may wait; one more is refused with a message.
const MOST_WAITING: usize = 16;
/// Plans kept up to date besides the active scenario's: fewer than are kept, or they would be made in circles.
const MOST_COMPARED: usize = 20;

/// The application's state.
#[derive(Debug)]
pub struct Session {
    history: History,
    saved_revision: u64,
    path: Option<PathBuf>,
    user: User,
    worker: Worker,
    waiting: VecDeque<Job>,
    status: Option<JobStatus>,
    running: Option<Running>,
    results: Results,
    /// The plan on screen and its key; older than the settings while a job runs.
    shown: Option<(PlanKey, Arc<Plan>)>,
    /// Scenarios whose plans are wanted besides the active one's.
    compared: BTreeSet<String>,
    /// A derived job that isn't started again until something changes.
    paused: Option<Paused>,
    dragging: bool,
    selected: Option<SeriesId>,
    focus: Option<Focus>,
    /// The forecasts that the focus is of; older than the settings while newer ones are on their way.
    focus_of: Option<ForecastKey>,
    explained: Explained,
    explained_networks: ExplainedNetworks,
    ladders: LatestLadders,
    costs: LatestCosts,
    shapes: FoundShapes,
    comparisons: LatestComparison,
    bridges: LatestBridge,
    segments: StockSegments,
    learnt: Learnt,
    taught: Taught,
    risk: LatestRisk,
    live: Live,
    rejected: Option<Rejected>,
    events: Vec<Event>,
    /// Counts the projects opened: what a job read or saved for another one is not this one's.
    epoch: u64,
    /// Items, network and receipts that came with the sample opened last.
    sample_masters: Option<(Arc<ItemTable>, Arc<Network>, Arc<Receipts>)>,
}

/// What the worker is doing, for deciding whether it is still wanted.
#[derive(Debug, Clone)]
struct Running {
    derived: Option<Arc<str>>,
    file: Option<PathBuf>,
    /// The project it works for, see [`Session::epoch`].
    epoch: u64,
    /// How the project's own sales are read again, when that is what it does.
    read_again: Option<ReadOptions>,
}

impl Session {
    /// A session with an empty project that remembers nothing of its user. `wake` is called from worker threads.
    pub fn new(wake: Wake) -> Self {
        Self::with_user(wake, User::default())
    }

    /// A session that keeps language, theme and recent files where the system keeps a user's settings.
    pub fn for_user(wake: Wake) -> Self {
        Self::with_user(wake, User::folder().map(|folder| User::load(&folder)).unwrap_or_default())
    }

    fn with_user(wake: Wake, user: User) -> Self {
        Self {
            history: History::new(Project::default()),
            saved_revision: 0,
            path: None,
            user,
            explained: explained(wake.clone()),
            explained_networks: ExplainedNetworks::new(wake.clone()),
            ladders: LatestLadders::new(wake.clone()),
            costs: latest_costs(wake.clone()),
            shapes: found_shapes(wake.clone()),
            comparisons: latest_comparison(wake.clone()),
            bridges: latest_bridge(wake.clone()),
            segments: StockSegments::new(&wake),
            learnt: learnt(wake.clone()),
            taught: Taught::default(),
            risk: LatestRisk::new(wake.clone()),
            live: Live::new(&wake),
            worker: Worker::start(wake, Pool::Own),
            waiting: VecDeque::new(),
            status: None,
            running: None,
            results: Results::default(),
            shown: None,
            compared: BTreeSet::new(),
            paused: None,
            dragging: false,
            selected: None,
            focus: None,
            focus_of: None,
            rejected: None,
            events: Vec::new(),
            epoch: 0,
            sample_masters: None,
        }
    }

    /// Takes in what the worker finished and returns what to tell the user. Call once a frame.
    pub fn poll(&mut self) -> Vec<Event> {
        while let Some(reply) = self.worker.poll() {
            let running = self.running.take();
            match reply {
                Ok(outcome) if self.is_wanted_now(&outcome, running.as_ref()) => {
                    self.arrived(running.as_ref());
                    self.take_in(outcome);
                }
                Ok(_) => {}
                Err(error) => self.failed(&error, running.as_ref()),
            }
        }
        self.explained.poll();
        self.explained_networks.poll();
        self.ladders.poll();
        self.costs.poll();
        self.shapes.poll();
        self.comparisons.poll();
        self.bridges.poll();
        self.poll_segments();
        self.poll_lead_times();
        self.risk.poll();
        self.poll_portfolio();
        self.advance();
        if self.awaits_focus() {
            self.refresh();
        }
        self.status = self.worker.status();
        std::mem::take(&mut self.events)
    }

    /// What the user decided.
    pub fn project(&self) -> &Project {
        self.history.project()
    }

    /// Language and theme.
    pub fn preferences(&self) -> Preferences {
        self.user.preferences()
    }

    /// File the project is saved in, when it is.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// True when the project has changes that aren't saved.
    pub fn is_dirty(&self) -> bool {
        self.history.revision() != self.saved_revision
    }

    /// The active scenario's latest plan; it may be stale while a job runs.
    pub fn plan(&self) -> Option<&Arc<Plan>> {
        self.shown.as_ref().map(|(_, plan)| plan)
    }

    /// The key of a scenario's plan with the present data and settings; `None` without sales.
    fn plan_key(&self, scenario: &Scenario) -> Option<PlanKey> {
        let project = self.history.project();
        let key = self.history.forecast_key()?;
        Some(self.results.plan_key(project, &key, scenario))
    }

    /// True while the plan shown is older than the settings.
    pub fn is_stale(&self) -> bool {
        self.dragging || !self.shows_active_plan()
    }

    /// True when the plan shown is the active scenario's, with the present data and settings.
    fn shows_active_plan(&self) -> bool {
        self.shown.as_ref().map(|(key, _)| key) == self.plan_key(self.project().active_scenario()).as_ref()
    }

    /// True while a lever is being dragged.
    pub fn is_dragging(&self) -> bool {
        self.dragging
    }

    /// The item shown.
    pub fn selected(&self) -> Option<&SeriesId> {
        self.selected.as_ref()
    }

    /// Live numbers of the item shown; `None` before its forecast exists.
    pub fn focus(&self) -> Option<&Focus> {
        self.focus.as_ref()
    }

    /// The history of the item shown, as it was sold; an item that was never sold has one period of 0.
    pub fn shown_history(&self) -> Option<&Series> {
        self.planned_panel()?.get(&self.focus.as_ref()?.id)
    }

    /// The history that the item shown borrows from its references; `None` for one that has its own.
    pub fn borrowed_history(&self) -> Option<&Series> {
        let id = &self.focus.as_ref()?.id;
        let borrowed = self.results.adjusted.fitted()?.get(id)?;
        (self.planned_panel()?.get(id)? != borrowed).then_some(borrowed)
    }

    /// The panel that is planned: the sales', with items that were never sold; `None` without sales.
    pub fn planned_panel(&self) -> Option<&Arc<SalesPanel>> {
        self.project().sales.as_ref().map(|sales| self.results.adjusted.sold().unwrap_or(&sales.panel))
    }

    /// What became of every override, in the project's order; empty until all series are forecast.
    pub fn overrides(&self) -> &[AppliedOverride] {
        let key = self.history.forecast_key();
        key.map_or(&[], |key| self.results.adjusted.overrides(self.project(), &key))
    }

    /// The job that runs.
    pub fn job(&self) -> Option<&JobStatus> {
        self.status.as_ref()
    }

    /// How models named beside the automatic ones did; empty until all series are forecast.
    pub fn challenges(&self) -> &[Challenge] {
        self.history.forecast_key().map_or(&[], |key| self.results.challenges(&key))
    }

    /// Projects and data files opened lately, latest first.
    pub fn recent(&self) -> &[PathBuf] {
        self.user.recent()
    }

    /// The last file that was refused because of errors in its data, until a file is read without.
    pub fn rejected(&self) -> Option<&Rejected> {
        self.rejected.as_ref()
    }

    /// True when nothing runs, waits or is wanted: for tests and for the command line's sake.
    pub fn is_idle(&mut self) -> bool {
        let is_beside = self.explained.is_busy()
            || self.explained_networks.is_busy()
            || self.ladders.is_busy()
            || self.costs.is_busy()
            || self.shapes.is_busy()
            || self.comparisons.is_busy()
            || self.bridges.is_busy()
            || self.segments.is_busy()
            || self.learnt.is_busy()
            || self.risk.is_busy()
            || self.live.is_busy();
        !self.worker.is_busy() && !is_beside && self.waiting.is_empty() && self.wanted().is_none()
    }

    /// Starts the next job when the worker is free, and stops a derived one that nobody wants any more.
    fn advance(&mut self) {
        let wanted = self.wanted();
        if let Some(derived) = self.running.as_ref().and_then(|r| r.derived.as_ref()) {
            let unwanted = wanted.as_ref().is_none_or(|(key, _)| key != derived);
            if unwanted || !self.waiting.is_empty() {
                self.worker.cancel();
            }
        }
        if self.worker.is_busy() {
            return;
        }
        if let Some(job) = self.waiting.pop_front() {
            self.start(job, None);
        } else if let Some((key, job)) = wanted
            && self.paused.as_ref().is_none_or(|paused| *paused.key() != key)
        {
            self.start(job, Some(key));
        }
    }

    /// False for what was read or saved for a project that is gone, and for sales read by settings taken back since.
    fn is_wanted_now(&self, outcome: &Outcome, running: Option<&Running>) -> bool {
        if matches!(outcome, Outcome::Opened(..) | Outcome::Exported(_)) {
            return true;
        }
        running.is_some_and(|r| {
            r.epoch == self.epoch && r.read_again.as_ref().is_none_or(|options| *options == self.project().read)
        })
    }

    fn start(&mut self, job: Job, derived: Option<Arc<str>>) {
        let file = match &job {
            Job::ReadSales(path, _)
            | Job::ReadItems(path, _)
            | Job::ReadNetwork(path)
            | Job::ReadDrivers(path, _)
            | Job::ReadEvents(path)
            | Job::ReadReceipts(path, _)
            | Job::ReadAny(path, _) => Some(path.clone()),
            _ => None,
        };
        let own = self.project().sales.as_ref().map(|s| &s.source);
        let read_again = match &job {
            Job::ReadSales(path, options) if own == Some(path) => Some(options.clone()),
            _ => None,
        };
        self.running = Some(Running { derived, file, epoch: self.epoch, read_again });
        self.worker.start_job(job);
    }

    fn request(&mut self, job: Job) {
        if self.waiting.len() >= MOST_WAITING {
            self.notice(NoticeKind::Failed, Text::new("Too many requests are waiting", "等待的请求过多"));
        } else {
            self.waiting.push_back(job);
        }
        self.advance();
    }

    /// The derived result that the present project lacks, with its key.
    fn wanted(&mut self) -> Option<(Arc<str>, Job)> {
        let project = self.history.project();
        let sales = project.sales.as_ref()?;
        let key = self.history.forecast_key()?;
        let new = self.results.adjusted.new_items(project, sales, &key);
        let panel = new.fitted.clone();
        if self.results.forecasts(&key).is_none() {
            let partial = self.results.begin(&key, panel.series().len());
            return Some((key.clone(), Job::Forecast(key, new, project.settings.knowing(&project.items), partial)));
        }
        if let Some((id, model)) = self.results.missing_choice(project, &key) {
            let name: Arc<str> = format!("{key} {id} {model}").into();
            let forecasts = self.results.forecasts(&key)?.clone();
            let settings = project.settings.clone();
            return Some((name, Job::Choose(Single { key, id, forecasts, panel, settings }, model)));
        }
        if self.dragging {
            return None;
        }
        if let Some((name, work)) = self.results.missing_reconciliation(project, sales, &key) {
            return Some((name.clone(), Job::Reconcile(name, Box::new(work))));
        }
        let others = self.compared.iter().filter(|name| **name != project.active).take(MOST_COMPARED);
        for name in std::iter::once(&project.active).chain(others) {
            let Some(scenario) = project.scenario(name) else { continue };
            let plan = self.results.plan_key(project, &key, scenario);
            if self.results.plan(&plan).is_none() {
                let layered = self.results.layered(project, sales, &key)?;
                let learnt = self.learnt.get().ready().cloned();
                let inputs = Box::new(pipeline::Inputs { learnt, ..inputs(project, sales, &new.sold) });
                let settings = project.settings.clone();
                return Some((plan.clone(), Job::Plan(plan, inputs, layered, scenario.clone(), settings)));
            }
        }
        None
    }

    fn take_in(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Opened(project, recalled, path) => {
                self.results.recall(recalled);
                self.opened(*project, path);
            }
            Outcome::Saved(revision, path) => self.saved(revision, path),
            Outcome::Sales(sales) => self.read_sales(*sales),
            Outcome::Items(path, items, findings) => self.read_items(&path, items, &findings),
            Outcome::Network(path, network, findings) => self.read_network(&path, network, &findings),
            Outcome::Drivers(path, drivers, findings) => self.read_drivers(&path, drivers, &findings),
            Outcome::Events(path, events, findings) => self.read_events(&path, events, &findings),
            Outcome::Receipts(path, receipts, findings) => self.read_receipts(&path, receipts, &findings),
            Outcome::Forecasts(key, all, settlement, networks) => {
                self.results.keep_forecasts(self.history.project(), key, (all, settlement), networks);
                self.refresh();
            }
            Outcome::Reconciled(key, reconciled) => {
                // A method that doesn't fit the data leaves the forecasts as they are.
                if let Err(why) = &reconciled {
                    self.notice(NoticeKind::Failed, why.clone());
                }
                self.results.adjusted.keep_reconciled(key, reconciled.ok());
                self.refresh();
            }
            Outcome::Chosen(key, id, model, chosen) => {
                if let Err(why) = &chosen {
                    self.notice(NoticeKind::Warning, why.clone());
                }
                self.results.keep_chosen(key, id, model, chosen);
                self.refresh();
            }
            Outcome::Trained(key, id, trained) => {
                let why = trained.candidates.iter().find(|c| &*c.model == "lstm").map(|c| c.why.clone());
                self.notice(NoticeKind::Done, why.unwrap_or_default());
                self.results.keep_trained(key, id, trained);
                self.explained.forget();
                self.refresh();
            }
            // Other workers', see `beside`.
            Outcome::Explained(_)
            | Outcome::NetworkExplained(_)
            | Outcome::WhatIf(_)
            | Outcome::Ladders(_)
            | Outcome::ForecastCosts(_)
            | Outcome::Compared(_)
            | Outcome::Bridge(_)
            | Outcome::Shapes(_)
            | Outcome::StockStudied(_)
            | Outcome::LeadTimes(_)
            | Outcome::Risk(_)
            | Outcome::Prepared(_)
            | Outcome::Evaluated(_)
            | Outcome::Answered(_)
            | Outcome::ServiceCurve(_)
            | Outcome::PurchasesChosen(_) => {}
            Outcome::Plan(key, plan) => {
                self.results.keep_plan(key, plan);
                self.refresh();
                self.events.push(Event::PlanReady);
            }
            Outcome::Exported(path) => {
                let name = path.display();
                self.notice(NoticeKind::Done, text!("Exported to {name}", "已导出到 {name}"));
            }
        }
    }

    /// Brings what is on screen up to date with project and results.
    fn refresh(&mut self) {
        self.turn_shapes();
        self.turn_lead_times();
        let project = self.history.project();
        self.results.note_masters(project);
        let Some(key) = self.history.forecast_key() else {
            self.shown = None;
            self.selected = None;
            self.focus = None;
            self.explained.turn_to(None);
            self.explained_networks.turn_to(None);
            self.ladders.turn_to(None);
            self.segments.forget();
            self.turn_portfolio(None);
            self.turn_costs();
            return self.turn_risk();
        };
        let plan = self.results.plan_key(project, &key, project.active_scenario());
        if let Some(found) = self.results.plan(&plan) {
            self.shown = Some((plan, found.clone()));
        }
        self.turn_risk();
        self.turn_costs();
        let project = self.history.project();
        let layered = project.sales.as_ref().and_then(|sales| self.results.layered(project, sales, &key));
        let mut live = None;
        if let Some(layered) = layered {
            self.focus_of = Some(key.clone());
            let known = self.selected.as_ref().is_some_and(|id| find(&layered, id).is_some());
            if !known {
                self.selected = layered.statistical.first().map(|f| f.id.clone());
            }
            // Receipts teach lead times, segments rule over the items so taught.
            let taught = self.taught.items(project, self.learnt.get().ready());
            let ruled = project.sales.as_ref().map(|sales| {
                let new = self.results.adjusted.new_items(project, sales, &key);
                self.segments.cut((&project.settings.segmentation, &taught), &layered, &new.sold)
            });
            let items = ruled.unwrap_or(taught);
            let shown = self.selected.as_ref().and_then(|id| find(&layered, id));
            self.focus = shown.map(|k| focus((project, &items), &layered, k));
            live = Some((layered.clone(), items));
            // The steps of a drag measure nothing: what stands when it ends does.
            if let Some(sales) = project.sales.as_ref().filter(|_| !(self.dragging && self.ladders.are_of(&key))) {
                let new = self.results.adjusted.new_items(project, sales, &key);
                let (inputs, kept) = (inputs(project, sales, &new.sold), project.kept.clone());
                let forecasts = layered.statistical.clone();
                self.ladders.turn_to(Some(Measured { key: key.clone(), inputs, forecasts, kept }));
            }
        } else {
            self.ladders.turn_to(None);
            self.focus_on_partial(&key);
        }
        self.turn_portfolio(live);
        self.turn_segments();
        // A forecast is a matter of these three: its key says so.
        let of = self.focus.as_ref().zip(self.focus_of.as_ref());
        let explained = of.map(|(f, key)| format!("{key} {} {}", f.id, f.series.best().model).into());
        self.explained.turn_to(explained);
        self.explained_networks.turn_to(of.map(|(f, key)| (key, &f.id)));
    }

    fn notice(&mut self, kind: NoticeKind, message: Text) {
        self.events.push(Event::Notice(Notice { kind, message }));
    }
}
