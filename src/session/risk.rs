//! What may go wrong with the plan shown, made beside the frame; thresholds, cards and what became of alerts.

use super::Session;
use super::beside::{Beside, Made};
use super::command::{Command, Gesture, JobStatus, NoticeKind};
use super::job::{Job, Outcome};
use super::worker::Wake;
use crate::model::{AlertMark, Disruption, Plan, Risk, RiskBook};
use crate::pipeline::RiskInputs;
use crate::text;
use crate::words::Text;
use std::sync::Arc;

/// What is known of the risk of the plan shown, by the present thresholds and cards;
/// [`Command::AssessRisk`](super::Command::AssessRisk) asks for it.
pub type RiskShown<'a> = Made<'a, Arc<Risk>>;

/// What risk is made of: the same allocation is the same plan. What became of alerts changes nothing in it.
#[derive(Debug, Clone)]
struct Assessed(Box<RiskInputs>);

impl PartialEq for Assessed {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&*self.0, &*other.0);
        Arc::ptr_eq(&a.plan, &b.plan)
            && (a.policy, a.seed) == (b.policy, b.seed)
            && a.dispatch_seconds.to_bits() == b.dispatch_seconds.to_bits()
            && a.book.alerts == b.book.alerts
            && a.book.disruptions == b.book.disruptions
            && a.learnt_lead_days == b.learnt_lead_days
    }
}

/// The latest risk.
#[derive(Debug)]
pub(super) struct LatestRisk {
    beside: Beside<Assessed, Arc<Risk>>,
    /// The last one that was made, and its plan: shown while a newer one is on its way.
    latest: Option<(Arc<Plan>, Arc<Risk>)>,
}

/// Risks kept: undo and redo of a card find the former ones.
const MOST_KEPT: usize = 8;

impl LatestRisk {
    /// Nothing found yet; `wake` is called when something is.
    pub(super) fn new(wake: Wake) -> Self {
        let take = |outcome| match outcome {
            Outcome::Risk(risk) => Some(risk),
            _ => None,
        };
        Self { beside: Beside::new(wake, take, MOST_KEPT), latest: None }
    }

    /// Takes in what is done and starts what waits.
    pub(super) fn poll(&mut self) {
        self.beside.poll();
        self.follow();
    }

    /// True while something is being made or waits to be.
    pub(super) fn is_busy(&self) -> bool {
        self.beside.is_busy()
    }

    /// What is made of the present inputs becomes the latest, with what people have said to alerts since.
    fn follow(&mut self) {
        let Some(Assessed(inputs)) = self.beside.shown().cloned() else {
            self.latest = None;
            return;
        };
        let made = self.beside.get().ready().cloned();
        let marked = |risk: Arc<Risk>, marks: &Arc<Vec<AlertMark>>| {
            if Arc::ptr_eq(&risk.marks, marks) {
                return risk;
            }
            Arc::new(Risk { marks: marks.clone(), ..(*risk).clone() })
        };
        if let Some(made) = made {
            let known = self
                .latest
                .take()
                .filter(|(plan, latest)| Arc::ptr_eq(plan, &inputs.plan) && Arc::ptr_eq(&latest.alerts, &made.alerts));
            let risk = known.map_or(made, |(_, latest)| latest);
            self.latest = Some((inputs.plan.clone(), marked(risk, &inputs.book.marks)));
        } else if let Some((plan, latest)) = self.latest.take() {
            self.latest = Some((plan, marked(latest, &inputs.book.marks)));
        }
    }

    /// Turns to another plan, other thresholds or cards.
    fn turn_to(&mut self, shown: Option<Assessed>) {
        // Marks aren't part of what it is made of, but of what is shown.
        let is_same = self.beside.shown() == shown.as_ref();
        let marks = |of: Option<&Assessed>| of.map(|a| Arc::as_ptr(&a.0.book.marks));
        if is_same && marks(self.beside.shown()) == marks(shown.as_ref()) {
            return;
        }
        self.beside.rename(shown);
        self.follow();
    }
}

impl Session {
    /// What may go wrong with the plan shown.
    pub fn risk(&self) -> RiskShown<'_> {
        match self.risk.beside.get() {
            Made::Ready(made) => Made::Ready(self.latest_risk().unwrap_or(made)),
            other => other,
        }
    }

    /// The risk made last of this project's plans: what there is to look at while a newer one is made.
    pub fn latest_risk(&self) -> Option<&Arc<Risk>> {
        self.risk.latest.as_ref().map(|(_, risk)| risk)
    }

    /// The plan that the risk made last is of.
    pub fn risk_plan(&self) -> Option<&Arc<Plan>> {
        self.risk.latest.as_ref().map(|(plan, _)| plan)
    }

    /// How far finding it is, while it is on.
    pub fn risk_job(&self) -> Option<JobStatus> {
        self.risk.beside.status()
    }

    /// What the risk of the plan shown is made of; `None` without a plan.
    pub(super) fn risk_inputs(&self) -> Option<Box<RiskInputs>> {
        let (_, plan) = self.shown.as_ref()?;
        let project = self.history.project();
        let mut inputs = RiskInputs::new(plan.clone(), &project.settings, project.risk.clone());
        let known = self.risk.latest.as_ref().filter(|(of, _)| Arc::ptr_eq(of, plan));
        inputs.known = known.map(|(_, risk)| risk.clone());
        Some(Box::new(inputs))
    }

    /// Turns to the plan shown and the present thresholds and cards.
    pub(super) fn turn_risk(&mut self) {
        let inputs = self.risk_inputs().map(|mut inputs| {
            inputs.known = None;
            Assessed(inputs)
        });
        self.risk.turn_to(inputs);
    }

    pub(super) fn assess_risk(&mut self) {
        if let Some(inputs) = self.risk_inputs() {
            self.risk.beside.ask(|_| Job::Risk(inputs));
        }
    }

    /// Cards and thresholds are changed by whoever looks at what comes of it.
    pub(super) fn edit_risk(&mut self, command: Command) {
        self.change_risk(command);
        self.assess_risk();
    }

    fn change_risk(&mut self, command: Command) {
        match command {
            Command::SetAlertSettings(settings, gesture) => {
                let name = Text::new("Set alert thresholds", "设置预警阈值");
                self.history.change_in_gesture("alert settings", name, |p| p.risk.alerts = settings.sound());
                self.settle(gesture);
            }
            Command::SetDisruption(at, card, gesture) => self.set_disruption(at, card, gesture),
            Command::RemoveDisruption(at) => {
                if at < self.project().risk.disruptions.len() {
                    self.change(Text::new("Remove disruption", "删除中断情形"), |p| {
                        _ = p.risk.disruptions.remove(at);
                    });
                }
            }
            Command::BranchDisruption(at) => self.branch_disruption(at),
            Command::MarkAlert(mark) => self.change(Text::new("Mark alert", "标记预警"), |p| p.risk.mark(*mark)),
            command => debug_assert!(false, "{command:?} is handled above"),
        }
    }

    /// True when the disruption card at a place can become a scenario: levers can say what it says.
    pub fn can_branch_disruption(&self, at: usize) -> bool {
        let card = self.project().risk.disruptions.get(at);
        card.zip(self.plan()).is_some_and(|(card, plan)| card.has_overrides(&plan.items))
    }

    fn branch_disruption(&mut self, at: usize) {
        let Some((card, plan)) = self.project().risk.disruptions.get(at).cloned().zip(self.plan()) else { return };
        let (overrides, label) = (card.overrides(&plan.items), card.label(plan.start()));
        if overrides.is_empty() {
            let message = Text::new(
                "No lever says this for the whole horizon: late goods and changed demand make a scenario",
                "没有参数能在整个计划期内表达此情形：仅晚到与需求变化可成为方案",
            );
            return self.notice(NoticeKind::Warning, message);
        }
        let language = self.preferences().language;
        let (en, zh) = (label.en, label.zh);
        let note = Text::new(
            format!("From a disruption card: {en}. The scenario has it for the whole horizon."),
            format!("来自中断情形：{zh}。方案中整个计划期均如此。"),
        );
        self.branch_with(card.name().get(language), note.get(language), overrides);
    }

    fn set_disruption(&mut self, at: Option<usize>, card: Disruption, gesture: Gesture) {
        let count = self.project().risk.disruptions.len();
        let at = at.unwrap_or(count);
        if at > count {
            return;
        }
        if at == count && count >= RiskBook::MOST_DISRUPTIONS {
            let most = RiskBook::MOST_DISRUPTIONS;
            let message = text!("{most} disruption cards are enough", "最多 {most} 个中断情形");
            return self.notice(NoticeKind::Warning, message);
        }
        let name = Text::new("Set disruption", "设置中断情形");
        self.history.change_in_gesture(&format!("disruption {at}"), name, |p| {
            let cards = &mut p.risk.disruptions;
            match cards.get_mut(at) {
                Some(old) => *old = card.sound(),
                None => cards.push(card.sound()),
            }
        });
        self.settle(gesture);
    }
}
