//! Commands → changes of the project and requests to the worker.

use super::Session;
use super::command::{Command, Event, Gesture, NoticeKind};
use super::history::History;
use super::job::{Job, MoreForExport, Single};
use super::partial::Paused;
use super::project::{Project, Sales};
use crate::diagnostic::{Diagnostics, Severity};
use crate::model::{Change, Horizon, ItemTable, Lever, Network, Scenario, Scope, repair_scenarios};
use crate::pipeline::Models;
use crate::text;
use crate::words::Text;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The gesture of changing how sales are read and reading them.
const READ_AGAIN: &str = "read again";

impl Session {
    /// Does what the user asked; returns at once. What takes longer runs on the worker.
    pub fn apply(&mut self, command: Command) {
        match command {
            Command::OpenSample(sample) => self.request(Job::OpenSample(sample)),
            Command::NewProject => self.opened(Project::default(), None),
            Command::OpenProject(path) => self.request(Job::OpenProject(path)),
            Command::SaveProject(path) => self.save(path),
            Command::ImportSales(path) => self.request(Job::ReadSales(path, self.fresh_read_options())),
            Command::ImportItems(path) => {
                let panel = self.project().sales.as_ref().map(|s| s.panel.clone());
                self.request(Job::ReadItems(path, panel));
            }
            Command::ImportNetwork(path) => self.request(Job::ReadNetwork(path)),
            Command::ImportDrivers(path) => {
                let sales = self.project().sales.as_ref().map(|s| s.columns.clone()).unwrap_or_default();
                self.request(Job::ReadDrivers(path, sales));
            }
            Command::ImportEvents(path) => self.request(Job::ReadEvents(path)),
            Command::ImportReceipts(path) => self.request(Job::ReadReceipts(path, self.project().items.clone())),
            Command::OpenAny(path) => self.request(Job::ReadAny(path, self.fresh_read_options())),
            Command::Select(id) => {
                self.selected = Some(id);
                self.refresh();
            }
            Command::ShowServiceCurve => self.show_service_curve(),
            Command::Explain => self.explain(),
            Command::ExplainNetwork(network) => self.explain_network(network),
            Command::AskWhatIf(network, changes) => self.ask_what_if(network, changes),
            Command::MeasureValueAdded => self.measure_value_added(),
            Command::CostForecasts => self.cost_forecasts(),
            Command::FindShapes => self.find_shapes(),
            Command::TrainNetwork => self.train(),
            Command::EndDrag => {
                if self.dragging {
                    self.dragging = false;
                    self.history.end_gesture();
                    self.refresh();
                    self.advance();
                }
            }
            Command::Recompute => {
                self.paused = None;
                self.advance();
            }
            Command::Cancel => self.cancel(),
            Command::Pause => {
                self.worker.pause();
                self.status = self.worker.status();
            }
            Command::Resume => {
                self.worker.resume();
                self.status = self.worker.status();
            }
            Command::PlanScenario(name) => {
                self.compared.insert(name);
                self.advance();
            }
            Command::ExportWorkbook(path) => {
                let more = self.more_for_export();
                self.export(|plan, language| Job::ExportWorkbook(plan, more, language, path));
            }
            Command::UndoSteps(steps) => self.travel(History::undo, steps),
            Command::RedoSteps(steps) => self.travel(History::redo, steps),
            Command::CompareScenarios(first, second) => self.compare_scenarios(&first, &second),
            Command::BridgeCosts(first, second) => self.bridge_costs(&first, &second),
            Command::ExportTable(key, path) => {
                let more = self.more_for_export();
                self.export(|plan, _| Job::ExportTable(plan, more, key, path));
            }
            Command::Undo => self.travel(History::undo, 1),
            Command::Redo => self.travel(History::redo, 1),
            Command::AssessRisk => self.assess_risk(),
            Command::Ask(question) => self.ask_question(question),
            Command::ApplyGoal => self.apply_goal(),
            Command::SetPreferences(preferences) => self.user.set_preferences(preferences),
            Command::SetLever(lever, scope, change, gesture) => self.set_lever(lever, scope, change, gesture),
            Command::SetLevers(name, moves) => self.set_levers(name, moves),
            Command::SetSegmentation(..)
            | Command::KeepSegments
            | Command::StudyStock(..)
            | Command::SetPurchaseBudget(..)
            | Command::ApplyCurvePoint(_) => self.decide(command),
            command => self.edit(command),
        }
    }

    /// Commands that change the project and nothing else.
    fn edit(&mut self, command: Command) {
        match command {
            Command::SetColumn(role, header) => self.read_again(|project| {
                project.read.mapping.retain(|(r, _)| *r != role);
                project.read.mapping.push((role, header));
            }),
            Command::SetFrequency(frequency) => self.read_again(|project| project.read.frequency = frequency),
            Command::SetReturns(returns) => self.read_again(|project| project.read.returns = returns),
            Command::SetHorizon(periods) => match Horizon::new(periods) {
                Ok(horizon) => {
                    self.change(Text::new("Set horizon", "设置预测期数"), |p| p.settings.horizon = horizon);
                }
                Err(finding) => self.notice(NoticeKind::Failed, finding.sentences()),
            },
            Command::SetModels(models) => {
                self.change(Text::new("Choose models", "选择模型"), |p| p.settings.models = models);
            }
            Command::SetLstm(lstm) => {
                self.change(Text::new("Configure LSTM", "设置 LSTM"), |p| p.settings.lstm = lstm);
            }
            Command::SetNeural(neural) => {
                self.change(Text::new("Configure networks", "设置神经网络"), |p| p.settings.neural = neural);
            }
            Command::CompareNetworks(networks, neural, device) => {
                let names = std::iter::once(Arc::from("auto")).chain(networks).collect();
                self.change(Text::new("Compare networks", "比较神经网络"), |p| {
                    p.settings.models = Models::Named(names);
                    (p.settings.neural, p.settings.device) = (neural, device);
                });
            }
            Command::SetSeed(seed) => {
                self.change(Text::new("Set seed", "设置随机种子"), |p| p.settings.seed = seed);
            }
            Command::SetDevice(device) => {
                self.change(Text::new("Set device", "设置设备"), |p| p.settings.device = device);
            }
            Command::SetReorderRule(rule) => {
                self.change(Text::new("Set reorder rule", "设置再订货规则"), |p| p.settings.policy.rule = rule);
            }
            Command::SetShortageRule(rule) => {
                self.change(Text::new("Set shortage rule", "设置缺货处理"), |p| {
                    p.settings.policy.shortage = rule;
                });
            }
            Command::SetCash(cash) => {
                self.change(Text::new("Set cash options", "设置现金选项"), |p| p.settings.cash = cash);
            }
            Command::ChooseModel(id, model) => {
                self.change(Text::new("Choose model", "选定模型"), |project| match model {
                    Some(model) => _ = project.chosen_models.insert(id, model),
                    None => _ = project.chosen_models.remove(&id),
                });
            }
            Command::SetHolidays(_) | Command::SetDriverFuture(_) | Command::ClearDrivers => self.edit_drivers(command),
            Command::SetAlertSettings(..)
            | Command::SetDisruption(..)
            | Command::RemoveDisruption(_)
            | Command::BranchDisruption(_)
            | Command::MarkAlert(_) => self.edit_risk(command),
            command => self.edit_scenarios(command),
        }
    }

    /// Makes an undoable change and brings everything up to date.
    pub(super) fn change(&mut self, name: Text, change: impl FnOnce(&mut Project)) {
        self.history.change(name, change);
        self.dragging = false;
        self.paused = None;
        self.refresh();
        self.advance();
    }

    fn set_lever(&mut self, lever: Lever, scope: Scope, change: Change, gesture: Gesture) {
        if let Change::Set(v) | Change::Scale(v) | Change::Add(v) = change
            && !v.is_finite()
        {
            return;
        }
        if self.is_base_active() && (change == Change::Base || self.is_full_of_scenarios()) {
            return;
        }
        // The base has no overrides: the first lever moved there opens a scenario of its own.
        let branch = self.branch_of_base();
        let seen = self.seen(lever, &scope, gesture);
        let key = format!("{lever:?} {scope:?}");
        let name = lever_name(lever);
        self.history.change_in_gesture(&key, name, |project| {
            if let Some(scenario) = branch {
                project.active.clone_from(&scenario.name);
                project.scenarios.push(scenario);
            }
            with_active(project, |s| s.set_seeing(lever, scope, change, seen));
        });
        self.settle(gesture);
    }

    /// Moves many levers as one step; those that make no sense are passed over.
    pub(super) fn set_levers(&mut self, name: Text, mut moves: Vec<(Lever, Scope, Change)>) {
        moves.retain(|(.., change)| match change {
            Change::Set(v) | Change::Scale(v) | Change::Add(v) => v.is_finite(),
            Change::Policy(_) | Change::Basis(_) | Change::Clear | Change::Base => true,
        });
        if moves.is_empty() || (self.is_base_active() && self.is_full_of_scenarios()) {
            return;
        }
        let branch = self.branch_of_base();
        self.change(name, |project| {
            if let Some(scenario) = branch {
                project.active.clone_from(&scenario.name);
                project.scenarios.push(scenario);
            }
            with_active(project, |s| s.set_all(moves));
        });
    }

    /// After a step of a gesture: a drag stays open for the next one, and the plan follows.
    pub(super) fn settle(&mut self, gesture: Gesture) {
        self.dragging = gesture == Gesture::Drag;
        if !self.dragging {
            self.history.end_gesture();
        }
        self.paused = None;
        self.refresh();
        self.advance();
    }

    /// Takes back or does again up to `steps` steps.
    fn travel(&mut self, step: fn(&mut History) -> bool, steps: usize) {
        let moved = (0..steps).take_while(|_| step(&mut self.history)).count();
        if moved > 0 {
            self.dragging = false;
            self.paused = None;
            self.refresh();
            self.advance();
        }
    }

    fn cancel(&mut self) {
        if let Some(running) = &self.running {
            self.paused = running.derived.clone().map(Paused::Stopped);
        }
        self.waiting.clear();
        self.worker.cancel();
        self.status = self.worker.status();
    }

    fn train(&mut self) {
        let project = self.history.project();
        let (Some(sales), Some(id), Some(key)) = (&project.sales, self.selected.clone(), self.history.forecast_key())
        else {
            return;
        };
        let (panel, settings) =
            (self.results.adjusted.new_items(project, sales, &key).fitted.clone(), project.settings.clone());
        // The automatic forecasts: a choice that the user takes back later must not live on in the trained result.
        let Some(forecasts) = self.results.forecasts(&key).cloned() else {
            return self.notice(NoticeKind::Warning, Text::new("Wait for the forecasts first", "请先等待预测完成"));
        };
        self.request(Job::Train(Single { key, id, forecasts, panel, settings }));
    }

    fn more_for_export(&self) -> MoreForExport {
        let (name, settings) = (self.project().active.clone(), &self.project().settings);
        let (weights, policy) = (settings.scorecard, settings.policy);
        MoreForExport { name, weights, policy, decisions: self.for_export(), risk: self.risk_inputs() }
    }

    fn save(&mut self, path: Option<PathBuf>) {
        let Some(path) = path.or_else(|| self.path.clone()) else {
            return self.notice(NoticeKind::Warning, Text::new("Choose a file to save to", "请选择保存位置"));
        };
        let project = Box::new(self.history.project().clone());
        let recalled = self.history.forecast_key().and_then(|key| self.results.to_recall(&key));
        self.request(Job::Save(project, recalled, self.history.revision(), path));
    }

    fn export(&mut self, job: impl FnOnce(Arc<crate::model::Plan>, crate::words::Language) -> Job) {
        match self.plan().cloned() {
            Some(_) if !self.shows_active_plan() => self.notice(
                NoticeKind::Warning,
                Text::new(
                    "The plan on screen is older than the settings: export when it is up to date",
                    "屏幕上的计划落后于当前设置：请在计划更新后再导出",
                ),
            ),
            Some(plan) => {
                let language = self.preferences().language;
                self.request(job(plan, language));
            }
            None => self.notice(
                NoticeKind::Warning,
                Text::new(
                    "There is no plan to export yet: open sales data first",
                    "尚无可导出的计划：请先打开销售数据",
                ),
            ),
        }
    }

    /// A new sales file is read with what the user set, but for the columns of the old one.
    fn fresh_read_options(&self) -> crate::pipeline::ReadOptions {
        crate::pipeline::ReadOptions { mapping: Vec::new(), sheet: None, ..self.project().read.clone() }
    }

    /// Changes how sales are read and reads them again; the change stands even when that fails, and undo takes it back.
    fn read_again(&mut self, change: impl FnOnce(&mut Project)) {
        // The setting and the data that it gives are one step.
        self.history.change_in_gesture(READ_AGAIN, Text::new("Change import", "修改导入设置"), change);
        self.paused = None;
        self.refresh();
        if let Some(sales) = self.project().sales.clone() {
            self.request(Job::ReadSales(sales.source.clone(), self.project().read.clone()));
        }
    }

    pub(super) fn opened(&mut self, project: Project, path: Option<PathBuf>) {
        let mut project = project;
        if let Some(path) = &path {
            self.user.opened(path);
            project.name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        }
        self.epoch += 1;
        for said in repair_scenarios(&mut project.scenarios) {
            self.notice(NoticeKind::Warning, said);
        }
        let is_sample = project.sales.as_ref().is_some_and(|s| super::sample::is_sample(&s.source));
        self.sample_masters =
            is_sample.then(|| (project.items.clone(), project.network.clone(), project.receipts.clone()));
        self.waiting.clear();
        self.history = History::new(project);
        self.saved_revision = self.history.revision();
        self.path = path;
        self.shown = None;
        self.selected = None;
        self.focus = None;
        self.rejected = None;
        self.compared.clear();
        self.comparisons.forget();
        self.bridges.forget();
        self.paused = None;
        self.dragging = false;
        self.events.push(Event::ProjectChanged);
        self.refresh();
    }

    pub(super) fn saved(&mut self, revision: u64, path: PathBuf) {
        let name = path.display();
        self.notice(NoticeKind::Done, text!("Saved {name}", "已保存 {name}"));
        self.user.opened(&path);
        self.saved_revision = revision;
        self.path = Some(path);
    }

    pub(super) fn read_sales(&mut self, sales: Sales) {
        let name = file_name(&sales.source);
        let (rows, used) = (sales.summary.rows, sales.summary.rows_used);
        let message = text!("{name}: {used} of {rows} rows used", "{name}：使用了 {rows} 行中的 {used} 行");
        self.tell(message, &sales.diagnostics);
        if sales.source.exists() {
            self.user.opened(&sales.source);
        }
        self.rejected = None;
        let mapping_kept = self.project().sales.as_ref().is_some_and(|s| s.source == sales.source);
        let replaces_sample =
            !mapping_kept && self.project().sales.as_ref().is_some_and(|s| super::sample::is_sample(&s.source));
        let sample = self.sample_masters.clone();
        let step = text!("Import {name}", "导入 {name}");
        let doubtful = self.conflicts().len();
        let take_over = |project: &mut Project| {
            if replaces_sample {
                // The sample's items, network and receipts have nothing to do with the user's sales.
                let (settings, read) = (project.settings.clone(), project.read.clone());
                let (items, network) = (project.items.clone(), project.network.clone());
                let (receipts, findings) = (project.receipts.clone(), project.receipt_findings.clone());
                *project = Project { read, settings, ..Project::default() };
                // What the user read in the meantime is the user's.
                if !sample.as_ref().is_some_and(|(of_sample, ..)| Arc::ptr_eq(of_sample, &items)) {
                    project.items = items;
                }
                if !sample.as_ref().is_some_and(|(_, of_sample, _)| Arc::ptr_eq(of_sample, &network)) {
                    project.network = network;
                }
                if !sample.as_ref().is_some_and(|(.., of_sample)| Arc::ptr_eq(of_sample, &receipts)) {
                    (project.receipts, project.receipt_findings) = (receipts, findings);
                }
            }
            if !mapping_kept {
                project.read.mapping.clear();
                project.chosen_models.clear();
                if project.name.is_empty() {
                    project.name = sales.source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                }
            }
            project.sales = Some(Arc::new(sales));
        };
        if !mapping_kept {
            self.change(step, take_over);
            return self.tell_conflicts(doubtful);
        }
        self.history.change_in_gesture(READ_AGAIN, step, take_over);
        self.history.end_gesture();
        self.dragging = false;
        self.paused = None;
        self.refresh();
        self.advance();
        self.tell_conflicts(doubtful);
    }

    pub(super) fn read_items(&mut self, path: &Path, items: ItemTable, findings: &Diagnostics) {
        let (name, rows) = (file_name(path), items.len());
        self.tell(text!("{name}: {rows} items read", "{name}：读取了 {rows} 个商品"), findings);
        self.rejected = None;
        let doubtful = self.conflicts().len();
        self.change(text!("Import {name}", "导入 {name}"), |project| project.items = Arc::new(items));
        self.tell_conflicts(doubtful);
    }

    pub(super) fn read_network(&mut self, path: &Path, network: Network, findings: &Diagnostics) {
        let (name, lanes) = (file_name(path), network.lanes.len());
        self.tell(text!("{name}: {lanes} lanes read", "{name}：读取了 {lanes} 条线路"), findings);
        self.rejected = None;
        let doubtful = self.conflicts().len();
        self.change(text!("Import {name}", "导入 {name}"), |project| project.network = Arc::new(network));
        self.tell_conflicts(doubtful);
    }

    pub(super) fn tell(&mut self, message: Text, findings: &Diagnostics) {
        let warnings: u64 = findings.entries().iter().filter(|d| d.severity == Severity::Warning).count() as u64;
        if warnings == 0 {
            return self.notice(NoticeKind::Done, message);
        }
        let more = text!("— {warnings} findings, see Data.", "——{warnings} 条发现，见“数据”面板。");
        self.notice(NoticeKind::Warning, message.then(&more));
    }
}

pub(super) fn with_active(project: &mut Project, change: impl FnOnce(&mut Scenario)) {
    let active = project.active.clone();
    if let Some(scenario) = project.scenarios.iter_mut().find(|s| s.name == active) {
        change(scenario);
    }
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

fn lever_name(lever: Lever) -> Text {
    match lever {
        Lever::Demand => Text::new("Change demand", "调整需求"),
        Lever::LeadTimeDays => Text::new("Change lead time", "调整提前期"),
        Lever::LeadTimeSdDays => Text::new("Change lead-time deviation", "调整提前期波动"),
        Lever::ReviewPeriodDays => Text::new("Change review period", "调整盘点周期"),
        Lever::ServiceLevel => Text::new("Change service level", "调整服务水平"),
        Lever::SafetyStock => Text::new("Change safety stock", "调整安全库存"),
        Lever::MaxLevel => Text::new("Change max level", "调整最高库存"),
        Lever::Moq => Text::new("Change minimum order", "调整最小订货量"),
        Lever::UnitCost => Text::new("Change unit cost", "调整单位成本"),
        Lever::HoldingRate => Text::new("Change holding rate", "调整持有费率"),
        Lever::ShortageCost => Text::new("Change shortage cost", "调整缺货成本"),
        Lever::OrderCost => Text::new("Change order cost", "调整订货成本"),
        Lever::Price => Text::new("Change sales price", "调整售价"),
        Lever::Policy => Text::new("Change policy", "调整补货策略"),
        Lever::SafetyBasis => Text::new("Change what safety stock is for", "调整安全库存依据"),
        Lever::FillRate => Text::new("Change target fill rate", "调整目标满足率"),
        Lever::CoverDays => Text::new("Change days of cover", "调整覆盖天数"),
        Lever::OrderQuantity => Text::new("Change order quantity", "调整订货批量"),
        Lever::Multiple => Text::new("Change order multiple", "调整订货倍数"),
        Lever::ShelfLifeDays => Text::new("Change shelf life", "调整保质期"),
        Lever::OnHand => Text::new("Change stock on hand", "调整现有库存"),
        Lever::SupplierPaymentDays => Text::new("Change supplier payment days", "调整供应商账期"),
        Lever::CustomerPaymentDays => Text::new("Change customer payment days", "调整客户账期"),
        Lever::DemandDelay => Text::new("Change demand delay", "调整需求推迟"),
        Lever::LaneCost => Text::new("Change lane cost", "调整线路成本"),
        Lever::SiteCapacity => Text::new("Change site capacity", "调整仓库能力"),
    }
}
