//! What the worker can be asked to do. Pure functions of their snapshot.

use super::command::Sample;
use super::file::Recalled;
use super::forecast_costs::CostsOf;
use super::ladders::Measured;
use super::lead_times::LearntOf;
use super::portfolio::{Answer, Asked, FiguresOf, PreparedOf, Question};
use super::project::{Project, Sales};
use super::results::{ForecastKey, PlanKey, ReconcileKey};
use super::segments::{ForExport, ListOf, StudyOf};
use super::service_curve::CurveOf;
use super::{file, sample};
use crate::control::Control;
use crate::diagnostic::Diagnostics;
use crate::model::{
    CostBridge, DemandShapes, Drivers, Forecast, ForecastCosts, InputChange, ItemTable, LadderRow, LeadTimes,
    NamedEvent, Network, NetworkExplanation, Plan, PurchaseList, Receipts, Regions, Risk, SalesPanel, Scenario,
    ScoreWeights, SeriesExplanation, SeriesForecast, SeriesId, ServiceCurve, StockPolicy, WhatIf,
};
use crate::pipeline::{
    self, Comparison, DriverSources, Forecasts, Groups, Inputs, Layered, NewItems, PartialForecasts, PipelineError,
    Planned, Portfolio, PortfolioFigures, ReadOptions, Reconciled, RiskInputs, Role, Settings, Settlement,
    ShapeOptions, StockStudy, TrainedNetworks,
};
use crate::text;
use crate::words::{Language, Text};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A job with everything it needs.
pub(super) enum Job {
    OpenSample(Sample),
    OpenProject(PathBuf),
    Save(Box<Project>, Option<Recalled>, u64, PathBuf),
    ReadSales(PathBuf, ReadOptions),
    ReadItems(PathBuf, Option<Arc<SalesPanel>>),
    ReadNetwork(PathBuf),
    ReadDrivers(PathBuf, Vec<(Role, String)>),
    ReadEvents(PathBuf),
    ReadReceipts(PathBuf, Arc<ItemTable>),
    ReadAny(PathBuf, ReadOptions),
    Forecast(ForecastKey, Arc<NewItems>, Settings, Arc<PartialForecasts>),
    Reconcile(ReconcileKey, Box<Grouped>),
    Choose(Single, Arc<str>),
    Train(Single),
    Explain(Arc<SalesPanel>, Box<Forecast>),
    ExplainNetwork(Box<Networked>),
    WhatIf(Box<Networked>, Vec<InputChange>),
    Ladders(Arc<Measured>),
    ForecastCosts(Box<CostsOf>),
    LearnLeadTimes(LearntOf),
    Shapes(Arc<SalesPanel>, u64),
    Plan(PlanKey, Box<Inputs>, Arc<Layered>, Scenario, Settings),
    Compare(Box<Named>, Box<Named>),
    Bridge(Box<Bridging>),
    ExportWorkbook(Arc<Plan>, MoreForExport, Language, PathBuf),
    ExportTable(Arc<Plan>, MoreForExport, String, PathBuf),
    Risk(Box<RiskInputs>),
    PreparePortfolio(PreparedOf),
    EvaluatePortfolio(Box<FiguresOf>),
    ServiceCurve(Box<CurveOf>),
    Answer(Box<Asked>),
    StudyStock(Box<StudyOf>),
    ChoosePurchases(Box<ListOf>),
}

/// What an export needs besides the plan: the scenario's own name, how suppliers are weighed, and decisions to be worked out.
#[derive(Debug)]
pub(super) struct MoreForExport {
    pub(super) name: String,
    pub(super) weights: ScoreWeights,
    pub(super) policy: StockPolicy,
    pub(super) decisions: Option<Box<ForExport>>,
    pub(super) risk: Option<Box<RiskInputs>>,
}

/// One series of a forecast panel.
pub(super) struct Single {
    pub(super) key: ForecastKey,
    pub(super) id: SeriesId,
    pub(super) forecasts: Forecasts,
    pub(super) panel: Arc<SalesPanel>,
    pub(super) settings: Settings,
}

/// One series of a panel and a network that forecasts it.
pub(super) struct Networked {
    pub(super) networks: Arc<TrainedNetworks>,
    pub(super) network: Arc<str>,
    pub(super) panel: Arc<SalesPanel>,
    pub(super) id: SeriesId,
    pub(super) settings: Settings,
}

/// Forecasts to be made to add up over their groups.
pub(super) struct Grouped {
    /// The groups' own forecasts, when they are there already.
    pub(super) groups: Option<Arc<Groups>>,
    pub(super) forecasts: Forecasts,
    pub(super) new: Arc<NewItems>,
    pub(super) items: Arc<ItemTable>,
    pub(super) regions: Arc<Regions>,
    pub(super) settings: Settings,
}

/// A plan under the name of the scenario that it is shown for: scenarios that come to the same share a plan.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) plan: Arc<Plan>,
}

impl Named {
    /// The plan with that name.
    fn named(&self) -> Cow<'_, Plan> {
        if self.plan.scenario == self.name {
            return Cow::Borrowed(&self.plan);
        }
        Cow::Owned(Plan { scenario: self.name.clone(), ..(*self.plan).clone() })
    }
}

/// Two scenarios with their plans, and what they were planned from.
pub(super) struct Bridging {
    pub(super) inputs: Inputs,
    pub(super) layered: Arc<Layered>,
    pub(super) first: (Scenario, Arc<Plan>),
    pub(super) second: (Scenario, Arc<Plan>),
    pub(super) settings: Settings,
}

/// What a job gives back.
pub(super) enum Outcome {
    Opened(Box<Project>, Option<Recalled>, Option<PathBuf>),
    Saved(u64, PathBuf),
    Sales(Box<Sales>),
    Items(PathBuf, ItemTable, Diagnostics),
    Network(PathBuf, Network, Diagnostics),
    Drivers(PathBuf, Drivers, Diagnostics),
    Events(PathBuf, Vec<NamedEvent>, Diagnostics),
    Receipts(PathBuf, Receipts, Diagnostics),
    Forecasts(ForecastKey, Arc<PartialForecasts>, Settlement, Arc<TrainedNetworks>),
    Reconciled(ReconcileKey, Result<Arc<Reconciled>, Text>),
    Chosen(ForecastKey, SeriesId, Arc<str>, Result<Box<SeriesForecast>, Text>),
    Trained(ForecastKey, SeriesId, Box<SeriesForecast>),
    Explained(Box<SeriesExplanation>),
    NetworkExplained(Box<NetworkExplanation>),
    WhatIf(Box<WhatIf>),
    Ladders(Vec<LadderRow>),
    ForecastCosts(Arc<ForecastCosts>),
    LeadTimes(Arc<LeadTimes>),
    Shapes(Arc<DemandShapes>),
    Risk(Arc<Risk>),
    Prepared(Arc<Portfolio>),
    Evaluated(Arc<PortfolioFigures>),
    ServiceCurve(Arc<ServiceCurve>),
    Answered(Answer),
    Plan(PlanKey, Arc<Plan>),
    Compared(Comparison),
    Bridge(CostBridge),
    Exported(PathBuf),
    StockStudied(Arc<StockStudy>),
    PurchasesChosen(Arc<PurchaseList>),
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name().en)
    }
}

impl Job {
    /// The name for people.
    pub(super) fn name(&self) -> Text {
        match self {
            Self::OpenSample(_) | Self::OpenProject(_) => Text::new("Opening", "正在打开"),
            Self::Save(..) => Text::new("Saving", "正在保存"),
            Self::ReadSales(..)
            | Self::ReadItems(..)
            | Self::ReadNetwork(_)
            | Self::ReadDrivers(..)
            | Self::ReadEvents(_)
            | Self::ReadReceipts(..)
            | Self::ReadAny(..) => Text::new("Reading", "正在读取"),
            Self::Forecast(..) => Text::new("Forecasting", "正在预测"),
            Self::Reconcile(..) => Text::new("Reconciling", "正在协调预测"),
            Self::Choose(..) => Text::new("Fitting model", "正在拟合模型"),
            Self::Train(_) => Text::new("Training network", "正在训练网络"),
            Self::Explain(..) | Self::ExplainNetwork(_) | Self::WhatIf(..) => {
                Text::new("Taking the forecast apart", "正在分解预测")
            }
            Self::Shapes(..) => Text::new("Finding demand shapes", "正在分析需求形态"),
            Self::LearnLeadTimes(_) => Text::new("Learning lead times", "正在测算提前期"),
            Self::Ladders(_) => Text::new("Measuring value added", "正在评估预测增值"),
            Self::ForecastCosts(_) => Text::new("Costing forecast errors", "正在计算预测误差的成本"),
            Self::Risk(_) => Text::new("Assessing risk", "正在评估风险"),
            Self::PreparePortfolio(_) | Self::EvaluatePortfolio(_) => {
                Text::new("Following all items", "正在更新全部商品")
            }
            Self::Answer(_) => Text::new("Answering", "正在求解"),
            Self::Plan(..) => Text::new("Planning", "正在计算计划"),
            Self::Compare(..) => Text::new("Comparing scenarios", "正在对比方案"),
            Self::Bridge(_) => Text::new("Explaining the difference in cost", "正在解释成本差异"),
            Self::ExportWorkbook(..) | Self::ExportTable(..) => Text::new("Exporting", "正在导出"),
            Self::StudyStock(_) | Self::ServiceCurve(_) => {
                Text::new("Weighing stock against service", "正在权衡库存与服务")
            }
            Self::ChoosePurchases(_) => Text::new("Choosing purchases", "正在选择采购"),
        }
    }
}

/// Does the job.
///
/// # Errors
/// Whatever the pipeline's phase answers.
pub(super) fn run(job: Job, control: &Control) -> Result<Outcome, PipelineError> {
    match job {
        Job::OpenSample(sample) => Ok(Outcome::Opened(Box::new(sample::open(sample, control)?), None, None)),
        Job::OpenProject(path) => {
            let (project, recalled) = file::open(&path)?;
            Ok(Outcome::Opened(Box::new(project), recalled, Some(path)))
        }
        Job::Save(project, recalled, revision, path) => {
            file::save(&project, recalled.as_ref(), &path)?;
            Ok(Outcome::Saved(revision, path))
        }
        Job::ReadSales(path, options) => read_sales(&path, &options, control),
        Job::ReadItems(path, panel) => {
            let (items, findings) = pipeline::load_items(&path, panel.as_deref(), control)?;
            Ok(Outcome::Items(path, items, findings))
        }
        Job::ReadNetwork(path) => read_network(path, control),
        Job::ReadDrivers(path, sales) => {
            let sources = DriverSources { values: Some(&path), ..DriverSources::default() };
            let (drivers, findings) = pipeline::load_drivers(&sources, &sales, control)?;
            Ok(Outcome::Drivers(path, drivers, findings))
        }
        Job::ReadEvents(path) => {
            let (events, findings) = pipeline::load_events(&path, control)?;
            Ok(Outcome::Events(path, events, findings))
        }
        Job::ReadReceipts(path, items) => {
            let (receipts, findings) = pipeline::load_receipts(&path, &items, control)?;
            Ok(Outcome::Receipts(path, receipts, findings))
        }
        Job::ReadAny(path, options) => read_any(path, &options, control),
        Job::Forecast(key, new, settings, partial) => {
            let networks = pipeline::forecast_rest(&new, &settings, &partial, control)?;
            let settlement = partial.settle(&new.fitted, &settings);
            Ok(Outcome::Forecasts(key, partial, settlement, Arc::new(networks)))
        }
        Job::Reconcile(key, work) => {
            let Grouped { groups, forecasts, new, items, regions, settings } = *work;
            let groups = if let Some(groups) = groups {
                groups
            } else {
                let (masters, part) = ((&*items, &*regions), control.part(0.0, 0.9));
                Arc::new(pipeline::forecast_groups(&new.fitted, masters, &settings, &part)?)
            };
            let part = control.part(0.9, 1.0);
            match pipeline::reconcile(&groups, &forecasts, &new, &settings, &part) {
                Ok(reconciled) => Ok(Outcome::Reconciled(key, Ok(Arc::new(reconciled)))),
                Err(PipelineError::Failed(why)) => Ok(Outcome::Reconciled(key, Err(why))),
                Err(error) => Err(error),
            }
        }
        Job::Choose(single, model) => choose(single, model, control),
        Job::Train(single) => {
            let (forecast, series) = single.parts()?;
            let trained = pipeline::train_network(forecast, series, &single.settings, control)?;
            Ok(Outcome::Trained(single.key, single.id.clone(), Box::new(trained)))
        }
        Job::Explain(panel, forecast) => {
            let history = panel.get(&forecast.id).ok_or_else(|| gone(&forecast.id))?;
            Ok(Outcome::Explained(Box::new(pipeline::explain_series(history, &forecast, control)?)))
        }
        Job::ExplainNetwork(of) => {
            let network = of.networks.get(&of.network).ok_or_else(|| gone(&of.id))?;
            let found = pipeline::explain_network(network, (&of.panel, &of.id), &of.settings, control)?;
            Ok(Outcome::NetworkExplained(Box::new(found)))
        }
        Job::WhatIf(of, changes) => {
            let network = of.networks.get(&of.network).ok_or_else(|| gone(&of.id))?;
            let found = pipeline::what_if(network, (&of.panel, &of.id), &changes, &of.settings, control)?;
            Ok(Outcome::WhatIf(Box::new(found)))
        }
        Job::Ladders(of) => Ok(Outcome::Ladders(pipeline::ladders(&of.inputs, &of.forecasts, &of.kept, control)?)),
        Job::ForecastCosts(of) => Ok(Outcome::ForecastCosts(Arc::new(of.cost(control)?))),
        Job::LearnLeadTimes(of) => {
            Ok(Outcome::LeadTimes(Arc::new(pipeline::learn_lead_times(&of.receipts, &of.items))))
        }
        Job::Shapes(panel, seed) => {
            let options = ShapeOptions { seed, ..ShapeOptions::default() };
            Ok(Outcome::Shapes(Arc::new(pipeline::shapes(&panel, &options, control)?)))
        }
        Job::Plan(key, inputs, layered, scenario, settings) => {
            let plan = pipeline::plan(&inputs, &layered, &scenario, &settings, control)?;
            Ok(Outcome::Plan(key, Arc::new(plan)))
        }
        Job::Compare(first, second) => Ok(Outcome::Compared(pipeline::compare_plans(&first.named(), &second.named()))),
        Job::Bridge(of) => {
            let Bridging { inputs, layered, first, second, settings } = *of;
            let planned = |of| -> Planned<'_> {
                let (scenario, plan): &(Scenario, Arc<Plan>) = of;
                Planned { scenario, plan }
            };
            let pair = (planned(&first), planned(&second));
            Ok(Outcome::Bridge(pipeline::bridge(&inputs, &layered, pair, &settings, control)?))
        }
        job => of_plan(job, control),
    }
}

/// Jobs that a plan is there for: exports, and questions about all items.
fn of_plan(job: Job, control: &Control) -> Result<Outcome, PipelineError> {
    match job {
        Job::PreparePortfolio(of) => {
            let portfolio = Portfolio::prepare(&of.layered.final_forecasts(), &of.items, control)?;
            Ok(Outcome::Prepared(Arc::new(portfolio)))
        }
        Job::EvaluatePortfolio(of) => {
            let figures = of.portfolio.evaluate(&of.scenario, of.policy, of.before.as_deref(), control)?;
            Ok(Outcome::Evaluated(Arc::new(figures)))
        }
        Job::ServiceCurve(of) => Ok(Outcome::ServiceCurve(Arc::new(of.curve()))),
        Job::Answer(asked) => Ok(Outcome::Answered(answer(&asked, control)?)),
        Job::Risk(inputs) => Ok(Outcome::Risk(Arc::new(pipeline::risk(&inputs, control)?))),
        Job::StudyStock(of) => Ok(Outcome::StockStudied(Arc::new(of.study(control)?))),
        Job::ChoosePurchases(of) => Ok(Outcome::PurchasesChosen(Arc::new(of.choose()))),
        Job::ExportWorkbook(plan, more, language, path) => {
            let named = Named { name: more.name, plan };
            let plan = named.named();
            let plan = pipeline::weighed(&Arc::new(plan.into_owned()), more.weights);
            let plan = with_risk(plan, more.risk.as_deref(), control)?;
            let plan = pipeline::with_forecast_costs(&plan, more.policy, control)?;
            match more.decisions {
                Some(of) => pipeline::write_workbook_with(&plan, &of.decide(&plan, control)?, language, &path)?,
                None => pipeline::write_workbook(&plan, language, &path)?,
            }
            Ok(Outcome::Exported(path))
        }
        Job::ExportTable(plan, more, key, path) => {
            let plan = pipeline::weighed(&plan, more.weights);
            // Only its own tables are worth waiting for.
            let risk = more.risk.filter(|_| pipeline::is_of_risk(&key));
            let mut plan = with_risk(plan, risk.as_deref(), control)?;
            if pipeline::is_of_forecast_costs(&key) {
                plan = Arc::new(pipeline::with_forecast_costs(&plan, more.policy, control)?);
            }
            match more.decisions.filter(|_| pipeline::DECISION_TABLES.contains(&key.as_str())) {
                Some(of) => pipeline::write_decision_table(&of.decide(&plan, control)?, &plan, &key, &path)?,
                None => pipeline::write_table(&plan, &key, &path)?,
            }
            Ok(Outcome::Exported(path))
        }
        job => Err(PipelineError::Failed(text!("{job:?} needs no plan", "{job:?} 不需要计划"))),
    }
}

fn answer(asked: &Asked, control: &Control) -> Result<Answer, PipelineError> {
    let FiguresOf { portfolio, scenario, policy, .. } = &asked.of;
    Ok(match &asked.question {
        Question::Goal(goal) => {
            Answer::Goal(Arc::new(pipeline::goal_seek(portfolio, scenario, *policy, goal, control)?))
        }
        Question::Tornado(figure) => {
            let (now, bars) = pipeline::tornado(portfolio, scenario, *policy, *figure, control)?;
            Answer::Tornado(Box::new(now), Arc::new(bars))
        }
        Question::TwoWay(rows, columns, steps) => {
            let swept = pipeline::two_way(portfolio, (scenario, *policy), (*rows, *columns), *steps, control)?;
            Answer::TwoWay(Arc::new(swept))
        }
    })
}

/// The plan with its risk, where it is asked for.
fn with_risk(plan: Arc<Plan>, risk: Option<&RiskInputs>, control: &Control) -> Result<Arc<Plan>, PipelineError> {
    let Some(inputs) = risk else { return Ok(plan) };
    Ok(Arc::new(pipeline::assessed(&RiskInputs { plan, ..inputs.clone() }, control)?))
}

impl Single {
    fn parts(&self) -> Result<(&SeriesForecast, &crate::model::Series), PipelineError> {
        let forecast = self.forecasts.iter().find(|f| f.id == self.id);
        forecast.zip(self.panel.get(&self.id)).ok_or_else(|| gone(&self.id))
    }
}

fn gone(id: &SeriesId) -> PipelineError {
    PipelineError::Failed(text!("{id} is not in the data any more", "数据中已没有 {id}"))
}

fn choose(single: Single, model: Arc<str>, control: &Control) -> Result<Outcome, PipelineError> {
    let (forecast, series) = single.parts()?;
    let panel_series = single.panel.series().len();
    let chosen = match pipeline::choose_model(forecast, series, &model, &single.settings, panel_series, control) {
        Ok(chosen) => Ok(Box::new(chosen)),
        Err(PipelineError::Cancelled(c)) => return Err(c.into()),
        Err(error) => Err(error.message()),
    };
    Ok(Outcome::Chosen(single.key, single.id, model, chosen))
}

fn read_sales(path: &Path, options: &ReadOptions, control: &Control) -> Result<Outcome, PipelineError> {
    Ok(Outcome::Sales(Box::new(sample::read_source(path, options, control)?)))
}

fn read_network(path: PathBuf, control: &Control) -> Result<Outcome, PipelineError> {
    let (network, findings) = pipeline::load_network(&path, control)?;
    Ok(Outcome::Network(path, network, findings))
}

/// A dropped file says by its content what it is: a folder or a workbook with a sheet of lanes is a network, a project
/// file a project, a table with order and receipt dates receipts, one with dates sales, one with items and no dates master
/// data.
fn read_any(path: PathBuf, options: &ReadOptions, control: &Control) -> Result<Outcome, PipelineError> {
    if path.is_dir() {
        return read_network(path, control);
    }
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if ending == "planwright" {
        return run(Job::OpenProject(path), control);
    }
    let workbook = ["xlsx", "xls", "ods", "xlsm"].contains(&ending.as_str());
    if workbook && let Ok((network, findings)) = pipeline::load_network(&path, control) {
        return Ok(Outcome::Network(path, network, findings));
    }
    let read_receipts = |path: PathBuf| run(Job::ReadReceipts(path, Arc::default()), control);
    match read_sales(&path, options, control) {
        // An order date and a quantity make sales of receipts too.
        Ok(Outcome::Sales(sales)) if pipeline::are_receipts(&sales.preview.headers) => read_receipts(path),
        Err(error @ (PipelineError::BadData(_) | PipelineError::Unreadable(_))) => {
            if let Ok(receipts) = read_receipts(path.clone()) {
                return Ok(receipts);
            }
            match pipeline::load_items(&path, None, control) {
                Ok((items, findings)) if !items.is_empty() => Ok(Outcome::Items(path, items, findings)),
                _ => Err(error),
            }
        }
        read => read,
    }
}
