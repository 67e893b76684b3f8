//! Items in segments, and what stock decisions are made from: kept by what they are made of.

use super::Session;
use super::beside::{Beside, Made};
use super::command::{Command, Gesture, JobStatus, NoticeKind};
use super::job::{Job, Outcome};
use super::worker::Wake;
use crate::control::Control;
use crate::model::{
    Change, CurvePoint, ItemTable, Lever, Plan, PurchaseBudget, PurchaseList, SafetyBasis, SalesPanel, Scope, Segment,
    Segmentation, Segments, ShortWeight,
};
use crate::pipeline::{self, Layered, PipelineError, Settings, StockDecisions, StockStudy, StudyOptions};
use crate::text;
use crate::words::Text;
use std::sync::Arc;

/// What is known of stock against service, purchases and exceptions; [`Command::StudyStock`] asks for it.
pub type Study<'a> = Made<'a, Arc<StockStudy>>;

/// What a study is made of: the same allocations are the same values.
#[derive(Debug, Clone)]
pub(super) struct StudyOf {
    plan: Arc<Plan>,
    segments: Arc<Segments>,
    settings: Settings,
    options: StudyOptions,
}

impl PartialEq for StudyOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.plan, &other.plan)
            && Arc::ptr_eq(&self.segments, &other.segments)
            && self.settings.policy == other.settings.policy
            && self.options == other.options
    }
}

impl StudyOf {
    pub(super) fn study(&self, control: &Control) -> Result<StockStudy, PipelineError> {
        pipeline::study_stock((&self.plan, &self.segments), &self.settings, &self.options, control)
    }
}

/// What a purchase list is made of.
#[derive(Debug, Clone)]
pub(super) struct ListOf {
    study: Arc<StockStudy>,
    budget: PurchaseBudget,
}

impl PartialEq for ListOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.study, &other.study) && self.budget == other.budget
    }
}

impl ListOf {
    pub(super) fn choose(&self) -> PurchaseList {
        self.study.purchase_list(&self.budget)
    }
}

/// What an export makes its stock decisions from.
#[derive(Debug)]
pub(super) struct ForExport {
    segments: Arc<Segments>,
    settings: Settings,
    budget: PurchaseBudget,
}

impl ForExport {
    pub(super) fn decide(&self, plan: &Plan, control: &Control) -> Result<StockDecisions, PipelineError> {
        pipeline::decide_stock((plan, &self.segments), &self.settings, &self.budget, control)
    }
}

/// Classes, and what they make of the items, with what they were made from.
#[derive(Debug)]
struct Cut {
    layered: Arc<Layered>,
    panel: Arc<SalesPanel>,
    base: Arc<ItemTable>,
    segmentation: Segmentation,
    segments: Arc<Segments>,
    items: Arc<ItemTable>,
}

/// Studies kept: undo and redo find the former ones.
const MOST_STUDIES: usize = 4;
const MOST_LISTS: usize = 8;

/// Everything about segments that the session keeps.
#[derive(Debug)]
pub(super) struct StockSegments {
    cut: Option<Cut>,
    /// The segments with their matrix, and the two that it was made of.
    matrix: Option<(Arc<Segments>, Arc<Plan>, Arc<Segments>)>,
    study: Beside<StudyOf, Arc<StockStudy>>,
    list: Beside<ListOf, Arc<PurchaseList>>,
    /// The latest list: it stays until the next one is there.
    latest: Option<Arc<PurchaseList>>,
    asked: (Option<Segment>, ShortWeight),
}

impl StockSegments {
    /// Nothing made yet; `wake` is called when something is.
    pub(super) fn new(wake: &Wake) -> Self {
        let study = |outcome| match outcome {
            Outcome::StockStudied(study) => Some(study),
            _ => None,
        };
        let list = |outcome| match outcome {
            Outcome::PurchasesChosen(list) => Some(list),
            _ => None,
        };
        Self {
            cut: None,
            matrix: None,
            study: Beside::new(wake.clone(), study, MOST_STUDIES),
            list: Beside::new(wake.clone(), list, MOST_LISTS),
            latest: None,
            asked: (None, ShortWeight::default()),
        }
    }

    /// Cuts the items, unless that is done; returns their master data under the segments' rules.
    pub(super) fn cut(
        &mut self,
        (segmentation, base): (&Segmentation, &Arc<ItemTable>),
        layered: &Arc<Layered>,
        panel: &Arc<SalesPanel>,
    ) -> Arc<ItemTable> {
        if let Some(cut) = &self.cut
            && Arc::ptr_eq(&cut.layered, layered)
            && Arc::ptr_eq(&cut.panel, panel)
            && Arc::ptr_eq(&cut.base, base)
            && cut.segmentation == *segmentation
        {
            return cut.items.clone();
        }
        let segments = Arc::new(pipeline::segments(panel, base, layered, segmentation));
        let items = pipeline::with_segments(base, &segments);
        self.cut = Some(Cut {
            layered: layered.clone(),
            panel: panel.clone(),
            base: base.clone(),
            segmentation: segmentation.clone(),
            segments,
            items: items.clone(),
        });
        items
    }

    /// Nothing is shown any more.
    pub(super) fn forget(&mut self) {
        (self.cut, self.matrix, self.latest) = (None, None, None);
        self.study.forget();
        self.list.forget();
    }

    /// True while something is being made or waits to be.
    pub(super) fn is_busy(&self) -> bool {
        self.study.is_busy() || self.list.is_busy()
    }
}

impl Session {
    /// The items in their segments, with what each holds once there is a plan; `None` until all series are forecast.
    pub fn segments(&self) -> Option<&Arc<Segments>> {
        let matrix = self.segments.matrix.as_ref().map(|(.., with_cells)| with_cells);
        matrix.or_else(|| self.segments.cut.as_ref().map(|cut| &cut.segments))
    }

    /// Stock against service, the orders to choose from and the exceptions, of the plan shown.
    pub fn study(&self) -> Study<'_> {
        self.segments.study.get()
    }

    /// What the exchange curve was asked of, and how it weighs.
    pub fn studied(&self) -> (Option<Segment>, ShortWeight) {
        self.segments.asked
    }

    /// How far the study is, while it is on.
    pub fn study_job(&self) -> Option<JobStatus> {
        self.segments.study.status()
    }

    /// What to buy within the project's budget; the former list while a new one is made, `None` without a study.
    pub fn purchase_list(&self) -> Option<&Arc<PurchaseList>> {
        self.segments.latest.as_ref()
    }

    /// Takes in what is done and starts what waits.
    pub(super) fn poll_segments(&mut self) {
        self.segments.study.poll();
        self.segments.list.poll();
        let study = self.segments.study.get().ready().cloned();
        let budget = self.history.project().purchase;
        self.segments.list.turn_to(study.map(|study| ListOf { study, budget }));
        self.segments.list.ask(|of| Job::ChoosePurchases(Box::new(of.clone())));
        if let Made::Ready(list) = self.segments.list.get() {
            self.segments.latest = Some(list.clone());
        }
    }

    /// Turns matrix and study to the plan shown.
    pub(super) fn turn_segments(&mut self) {
        let of = self.segments.cut.as_ref().map(|cut| cut.segments.clone()).zip(self.plan().cloned());
        // While newer items are cut, the plan shown may be of others.
        let fits = |(segments, plan): &(Arc<Segments>, Arc<Plan>)| {
            segments.items.len() == plan.stock.len()
                && segments.items.iter().zip(&plan.stock).all(|(class, stock)| class.id == stock.id)
        };
        let Some((segments, plan)) = of.filter(fits) else {
            self.segments.matrix = None;
            return self.segments.study.turn_to(None);
        };
        let is_made =
            self.segments.matrix.as_ref().is_some_and(|(s, p, _)| Arc::ptr_eq(s, &segments) && Arc::ptr_eq(p, &plan));
        if !is_made {
            let with_cells = Arc::new(pipeline::segment_matrix(&segments, &plan));
            self.segments.matrix = Some((segments, plan, with_cells));
        }
        self.turn_study();
    }

    fn turn_study(&mut self) {
        let Some((segments, plan, _)) = &self.segments.matrix else { return };
        let project = self.history.project();
        let (segment, weight) = self.segments.asked;
        let options = StudyOptions { segment, weight, periods: project.purchase.periods.max(1) };
        let settings = Settings { policy: project.settings.policy, ..Settings::default() };
        let settings = Settings { segmentation: project.settings.segmentation.clone(), ..settings };
        let of = StudyOf { plan: plan.clone(), segments: segments.clone(), settings, options };
        self.segments.study.turn_to(Some(of));
    }

    /// What an export makes its stock decisions from; `None` before there are segments.
    pub(super) fn for_export(&self) -> Option<Box<ForExport>> {
        let (segments, ..) = self.segments.matrix.as_ref()?;
        let project = self.history.project();
        let (settings, budget) = (project.settings.clone(), project.purchase);
        Some(Box::new(ForExport { segments: segments.clone(), settings, budget }))
    }

    /// Commands about segments, exchange curve and purchases.
    pub(super) fn decide(&mut self, command: Command) {
        match command {
            Command::SetSegmentation(segmentation, gesture) => {
                let segmentation = segmentation.tidied();
                if segmentation != self.project().settings.segmentation {
                    let name = Text::new("Change segments", "修改分类");
                    self.history.change_in_gesture("segments", name, |p| p.settings.segmentation = segmentation);
                }
                self.settle(gesture);
            }
            Command::KeepSegments => {
                let Some(former) = self.segments().map(|segments| Arc::new(segments.to_keep())) else { return };
                self.change(Text::new("Keep classes", "保留分类"), |p| p.settings.segmentation.former = former);
            }
            Command::StudyStock(segment, weight) => {
                self.segments.asked = (segment, weight);
                self.turn_study();
                self.segments.study.ask(|of| Job::StudyStock(Box::new(of.clone())));
            }
            Command::SetPurchaseBudget(budget, gesture) => self.set_budget(budget, gesture),
            Command::ApplyCurvePoint(point) => self.apply_point(&point),
            _ => {}
        }
    }

    fn set_budget(&mut self, budget: PurchaseBudget, gesture: Gesture) {
        let limit = |x: Option<f64>| x.filter(|x| x.is_finite()).map(|x| x.max(0.0));
        let budget = PurchaseBudget {
            periods: budget.periods.clamp(1, 1000),
            money: limit(budget.money),
            volume: limit(budget.volume),
        };
        if budget != self.project().purchase {
            let name = Text::new("Set purchase budget", "设置采购预算");
            self.history.change_in_gesture("purchase budget", name, |p| p.purchase = budget);
        }
        // No plan hangs on it: nothing waits for the end of a drag.
        if gesture == Gesture::Commit {
            self.history.end_gesture();
        }
        self.turn_study();
        self.poll_segments();
    }

    /// Service levels of a point of the curve as levers of every item that it moves.
    fn apply_point(&mut self, point: &CurvePoint) {
        let Some(study) = self.study().ready().cloned() else {
            return self.notice(NoticeKind::Warning, Text::new("Wait for the curve first", "请先等待曲线完成"));
        };
        let Some(cut) = &self.segments.cut else { return };
        let scenario = self.project().active_scenario();
        let mut moves = Vec::new();
        for (id, level) in study.curve.levels_at(point) {
            let item = scenario.item(&cut.items.lookup(id));
            let scope = || Scope::Series(id.clone());
            // Another basis, or a level of the user's own, would leave the service level without effect.
            if item.safety_stock.is_some() {
                moves.push((Lever::SafetyStock, scope(), Change::Clear));
            }
            if item.safety_basis != SafetyBasis::CycleService {
                moves.push((Lever::SafetyBasis, scope(), Change::Basis(SafetyBasis::CycleService)));
            }
            if (item.service_level - level).abs() > SAME_LEVEL {
                moves.push((Lever::ServiceLevel, scope(), Change::Set(level)));
            }
        }
        let count = moves.iter().filter(|(lever, ..)| *lever == Lever::ServiceLevel).count();
        let message =
            text!("{count} service levels set; undo takes them all back", "已设置 {count} 个服务水平；撤销可全部还原");
        self.set_levers(Text::new("Apply point of the exchange curve", "应用权衡曲线上的点"), moves);
        self.notice(NoticeKind::Done, message);
    }
}

/// Service levels this near are the same.
const SAME_LEVEL: f64 = 1e-6;
