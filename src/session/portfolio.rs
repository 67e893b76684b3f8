//! All items' figures while something is moved: the latest that a worker of its own could finish.
//!
//! A drag asks for new figures many times a second. What runs is finished, not given up, and then the latest wish is
//! started: the figures on screen are at most two evaluations old, and never wait for a frame.

use super::Session;
use super::beside::{Beside, Made};
use super::job::{Job, Outcome};
use super::service_curve::LatestCurve;
use super::worker::{Pool, Wake, Worker};
use crate::model::{ItemTable, PortfolioFigure, PortfolioTotals, Scenario, StockPolicy};
use crate::pipeline::{Goal, GoalFound, Layered, Portfolio, PortfolioFigures, Swing, TornadoBar, TwoWay};
use crate::text;
use std::sync::Arc;

/// What a portfolio is prepared from; the same allocations are the same values.
#[derive(Debug, Clone)]
pub(super) struct PreparedOf {
    pub(super) layered: Arc<Layered>,
    pub(super) items: Arc<ItemTable>,
}

impl PartialEq for PreparedOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.layered, &other.layered) && Arc::ptr_eq(&self.items, &other.items)
    }
}

/// What figures are of.
#[derive(Debug, Clone)]
pub(super) struct FiguresOf {
    pub(super) portfolio: Arc<Portfolio>,
    pub(super) scenario: Scenario,
    pub(super) policy: StockPolicy,
    /// Figures of an earlier state: items that stand as there keep them.
    pub(super) before: Option<Arc<PortfolioFigures>>,
}

impl PartialEq for FiguresOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.portfolio, &other.portfolio)
            && self.policy == other.policy
            && self.scenario.has_changes_of(&other.scenario)
    }
}

/// A question about all items.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// What to set so that a goal is reached.
    Goal(Goal),
    /// Which lever moves a figure most.
    Tornado(PortfolioFigure),
    /// Two levers against each other, in so many steps each.
    TwoWay(Swing, Swing, usize),
}

/// The answer to a question.
#[derive(Debug, Clone)]
pub enum Answer {
    /// What was found for a goal.
    Goal(Arc<GoalFound>),
    /// The totals that the bars start from, and the bars, the widest first.
    Tornado(Box<PortfolioTotals>, Arc<Vec<TornadoBar>>),
    /// The sweep.
    TwoWay(Arc<TwoWay>),
}

/// A question, and what it is asked of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    pub(super) of: FiguresOf,
    pub(super) question: Question,
}

/// Answers kept: going back and forth between questions asks none again.
const MOST_ANSWERS: usize = 8;

/// The portfolio prepared, its figures, and answers about it; and the curve of the item shown.
#[derive(Debug)]
pub(super) struct Live {
    prepared: Beside<PreparedOf, Arc<Portfolio>>,
    worker: Worker,
    running: Option<FiguresOf>,
    next: Option<FiguresOf>,
    latest: Option<(FiguresOf, Arc<PortfolioFigures>)>,
    base: Option<(FiguresOf, Arc<PortfolioFigures>)>,
    answers: Beside<Asked, Answer>,
    pub(super) curve: LatestCurve,
}

impl Live {
    /// Nothing yet; `wake` is called when something is.
    pub(super) fn new(wake: &Wake) -> Self {
        let prepared = |outcome| match outcome {
            Outcome::Prepared(portfolio) => Some(portfolio),
            _ => None,
        };
        let answered = |outcome| match outcome {
            Outcome::Answered(answer) => Some(answer),
            _ => None,
        };
        Self {
            prepared: Beside::new(wake.clone(), prepared, 1),
            worker: Worker::start(wake.clone(), Pool::Shared),
            running: None,
            next: None,
            latest: None,
            base: None,
            answers: Beside::new(wake.clone(), answered, MOST_ANSWERS),
            curve: LatestCurve::new(wake.clone()),
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        self.prepared.is_busy()
            || self.running.is_some()
            || self.next.is_some()
            || self.answers.is_busy()
            || self.curve.is_busy()
    }

    fn forget(&mut self) {
        self.prepared.turn_to(None);
        (self.next, self.latest, self.base) = (None, None, None);
        self.answers.turn_to(None);
    }

    fn want(&mut self, of: FiguresOf) {
        let is_known =
            self.latest.as_ref().is_some_and(|(known, _)| *known == of) || self.running.as_ref() == Some(&of);
        self.next = (!is_known).then_some(of);
        self.advance();
    }

    fn advance(&mut self) {
        if self.running.is_none()
            && let Some(mut of) = self.next.take()
        {
            let known = [&self.latest, &self.base].into_iter().flatten();
            let mut same =
                known.filter(|(known, _)| Arc::ptr_eq(&known.portfolio, &of.portfolio)).map(|(_, f)| f.clone());
            of.before = same.next();
            self.worker.start_job(Job::EvaluatePortfolio(Box::new(of.clone())));
            self.running = self.worker.is_busy().then(|| FiguresOf { before: None, ..of });
        }
    }

    fn poll(&mut self) {
        self.prepared.poll();
        self.answers.poll();
        self.curve.poll();
        while let Some(reply) = self.worker.poll() {
            let of = self.running.take();
            if let (Some(of), Ok(Outcome::Evaluated(figures))) = (of, reply) {
                let is_base = !of.scenario.changes_anything();
                if is_base {
                    self.base = Some((of.clone(), figures.clone()));
                }
                // The base is reckoned to be compared with: it isn't shown in place of what is asked for.
                let is_beside = self.next.as_ref().is_some_and(|next| next.scenario.changes_anything());
                if !(is_base && is_beside) {
                    self.latest = Some((of, figures));
                }
            }
        }
        self.advance();
    }
}

impl Session {
    /// Totals over all items under the active scenario: the latest there are, while newer ones are on their way.
    pub fn portfolio(&self) -> Option<&PortfolioTotals> {
        self.live.latest.as_ref().map(|(_, figures)| &figures.totals)
    }

    /// Totals over all items under the base scenario, once it was evaluated with the present data.
    pub fn base_portfolio(&self) -> Option<&PortfolioTotals> {
        let (of, figures) = self.live.base.as_ref()?;
        let (latest, _) = self.live.latest.as_ref()?;
        let is_same = Arc::ptr_eq(&of.portfolio, &latest.portfolio) && of.policy == latest.policy;
        is_same.then_some(&figures.totals)
    }

    /// The answer to the last question about all items.
    pub fn answered(&self) -> Made<'_, Answer> {
        self.live.answers.get()
    }

    /// The last question about all items, when it is of what is shown.
    pub fn question(&self) -> Option<&Question> {
        self.live.answers.shown().map(|asked| &asked.question)
    }

    /// How far answering is.
    pub fn answer_job(&self) -> Option<super::JobStatus> {
        self.live.answers.status()
    }

    /// Turns to the present forecasts, items and scenario, and to the item shown.
    pub(super) fn turn_portfolio(&mut self, of: Option<(Arc<Layered>, Arc<ItemTable>)>) {
        self.turn_service_curve();
        let Some((layered, items)) = of else { return self.live.forget() };
        self.live.prepared.turn_to(Some(PreparedOf { layered, items }));
        self.live.prepared.ask(|of| Job::PreparePortfolio(of.clone()));
        self.want_portfolio();
    }

    pub(super) fn poll_portfolio(&mut self) {
        let waited = self.live.prepared.is_busy();
        self.live.poll();
        if waited && !self.live.prepared.is_busy() {
            self.want_portfolio();
        }
    }

    /// What is shown now: first the base's figures, since everything is compared with them.
    fn want_portfolio(&mut self) {
        let Some(now) = self.figures_of() else { return };
        let base = FiguresOf { scenario: self.project().scenarios[0].clone(), ..now.clone() };
        let has_base = self.live.base.as_ref().is_some_and(|(known, _)| *known == base);
        let is_coming = self.live.running.as_ref() == Some(&base);
        if !has_base && !is_coming && self.live.running.is_none() {
            self.live.want(base);
        }
        self.live.want(now);
    }

    fn figures_of(&self) -> Option<FiguresOf> {
        let portfolio = self.live.prepared.get().ready()?.clone();
        let project = self.project();
        let scenario = project.active_scenario().clone();
        Some(FiguresOf { portfolio, scenario, policy: project.settings.policy, before: None })
    }

    /// Asks a question about all items under the active scenario, unless it is answered.
    pub(super) fn ask_question(&mut self, question: Question) {
        let Some(of) = self.figures_of() else { return };
        self.live.answers.turn_to(Some(Asked { of, question }));
        self.live.answers.ask(|asked| Job::Answer(Box::new(asked.clone())));
    }

    /// Sets what was found for a goal, in a what-if when the base is active.
    pub(super) fn apply_goal(&mut self) {
        let found = match self.live.answers.get() {
            Made::Ready(Answer::Goal(found)) => found.clone(),
            _ => return,
        };
        let value = found.after.stock_value;
        let fill = 100.0 * found.after.fill_rate;
        let name =
            text!("Goal: stock value {value:.0} at {fill:.1} % fill", "目标：库存金额 {value:.0}，满足率 {fill:.1}%");
        self.set_levers(name, found.changes.clone());
    }
}
