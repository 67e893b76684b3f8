//! Commands → changes of the project and requests to the worker.

use super::Session;
use super::command::{Command, Event, Gesture, NoticeKind};
use super::history::History;
use super::job::{Job, Single};
use super::partial::Paused;
use super::project::{Project, Sales};
use crate::diagnostic::{Diagnostics, Severity};
use crate::model::{Change, Horizon, ItemTable, Lever, Network, Scenario, Scope};
use crate::pipeline::Models;
use crate::text;
use crate::words::{Language, Text};
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
            Command::OpenAny(path) => self.request(Job::ReadAny(path, self.fresh_read_options())),
            Command::Select(id) => {
                self.selected = Some(id);
                self.refresh();
            }
            Command::Explain => self.explain(),
            Command::ExplainNetwork(network) => self.explain_network(network),
            Command::AskWhatIf(network, changes) => self.ask_what_if(network, changes),
            Command::MeasureValueAdded => self.measure_value_added(),
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
                let risk = self.risk_inputs();
                self.export(|plan, language| Job::ExportWorkbook(plan, risk, language, path));
            }
            Command::ExportTable(key, path) => {
                let risk = self.risk_inputs();
                self.export(|plan, _| Job::ExportTable(plan, risk, key, path));
            }
            Command::AssessRisk => self.assess_risk(),
            Command::Undo => self.travel(History::undo),
            Command::Redo => self.travel(History::redo),
            Command::SetPreferences(preferences) => self.user.set_preferences(preferences),
            Command::SetLever(lever, scope, change, gesture) => self.set_lever(lever, scope, change, gesture),
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
                Err(finding) => self.notice(NoticeKind::Failed, finding.message.then(&finding.hint)),
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
            Command::ChooseModel(id, model) => {
                self.change(Text::new("Choose model", "选定模型"), |project| match model {
                    Some(model) => _ = project.chosen_models.insert(id, model),
                    None => _ = project.chosen_models.remove(&id),
                });
            }
            Command::ClearLever(lever, scope) => {
                self.dragging = false;
                if !self.is_base_active() {
                    self.change(Text::new("Reset lever", "重置参数"), |p| {
                        with_active(p, |s| s.clear(lever, &scope));
                    });
                }
            }
            Command::SetHolidays(_) | Command::SetDriverFuture(_) | Command::ClearDrivers => self.edit_drivers(command),
            Command::SetAlertSettings(..)
            | Command::SetDisruption(..)
            | Command::RemoveDisruption(_)
            | Command::MarkAlert(_) => self.edit_risk(command),
            command => self.edit_scenarios(command),
        }
    }

    fn edit_scenarios(&mut self, command: Command) {
        match command {
            Command::BranchScenario(name) => self.branch(&name),
            Command::RenameScenario(from, to) => self.rename(&from, &to),
            Command::NoteScenario(name, note) => {
                self.change(Text::new("Edit note", "编辑备注"), |project| {
                    project.scenarios.iter_mut().filter(|s| s.name == name).for_each(|s| s.note.clone_from(&note));
                });
            }
            Command::DeleteScenario(name) => {
                if self.project().scenarios[0].name == name {
                    self.notice(NoticeKind::Warning, Text::new("The base scenario stays", "基准方案不能删除"));
                } else if self.project().scenario(&name).is_some() {
                    self.compared.remove(&name);
                    self.change(Text::new("Delete scenario", "删除方案"), |project| {
                        project.scenarios.retain(|s| s.name != name);
                        if project.active == name {
                            project.active.clone_from(&project.scenarios[0].name);
                        }
                    });
                }
            }
            Command::ActivateScenario(name) => {
                if self.project().scenario(&name).is_some() && self.project().active != name {
                    self.change(Text::new("Switch scenario", "切换方案"), |project| project.active = name);
                }
            }
            command => self.edit_judgement(command),
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
        // The base has no overrides: the first lever moved there opens a scenario of its own.
        let branch = self.is_base_active().then(|| free_name(self.project(), self.branch_name()));
        let key = format!("{lever:?} {scope:?}");
        let name = lever_name(lever);
        self.history.change_in_gesture(&key, name, |project| {
            if let Some(name) = branch {
                let scenario = project.active_scenario().branch(name.clone());
                project.scenarios.push(scenario);
                project.active = name;
            }
            with_active(project, |s| s.set(lever, scope, change));
        });
        self.settle(gesture);
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

    fn is_base_active(&self) -> bool {
        self.project().active == self.project().scenarios[0].name
    }

    fn branch(&mut self, name: &str) {
        let name = if name.trim().is_empty() { self.branch_name() } else { name.trim() };
        let name = free_name(self.project(), name);
        self.change(Text::new("Branch scenario", "新建方案分支"), |project| {
            let scenario = project.active_scenario().branch(name.clone());
            project.scenarios.push(scenario);
            project.active = name;
        });
    }

    /// What a branch is called that nobody named: the user's word, since from then on it is the user's.
    fn branch_name(&self) -> &'static str {
        match self.preferences().language {
            Language::English => "What-if",
            Language::Chinese => "假设",
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        let to = to.trim();
        if to.is_empty() || from == to || self.project().scenario(from).is_none() {
            return;
        }
        if self.project().scenario(to).is_some() {
            let message = text!("A scenario named {to} exists already", "已有名为 {to} 的方案");
            return self.notice(NoticeKind::Warning, message);
        }
        if self.compared.remove(from) {
            self.compared.insert(to.to_owned());
        }
        self.change(Text::new("Rename scenario", "重命名方案"), |project| {
            for scenario in &mut project.scenarios {
                for name in [&mut scenario.name, &mut scenario.parent] {
                    if name == from {
                        to.clone_into(name);
                    }
                }
            }
            if project.active == from {
                to.clone_into(&mut project.active);
            }
        });
    }

    fn travel(&mut self, step: fn(&mut History) -> bool) {
        if step(&mut self.history) {
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
        let is_sample = project.sales.as_ref().is_some_and(|s| super::sample::is_sample(&s.source));
        self.sample_masters = is_sample.then(|| (project.items.clone(), project.network.clone()));
        self.waiting.clear();
        self.history = History::new(project);
        self.saved_revision = self.history.revision();
        self.path = path;
        self.shown = None;
        self.selected = None;
        self.focus = None;
        self.rejected = None;
        self.compared.clear();
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
        let take_over = |project: &mut Project| {
            if replaces_sample {
                // The sample's items and network have nothing to do with the user's sales.
                let (settings, read) = (project.settings.clone(), project.read.clone());
                let (items, network) = (project.items.clone(), project.network.clone());
                *project = Project { read, settings, ..Project::default() };
                // What the user read in the meantime is the user's.
                if !sample.as_ref().is_some_and(|(of_sample, _)| Arc::ptr_eq(of_sample, &items)) {
                    project.items = items;
                }
                if !sample.as_ref().is_some_and(|(_, of_sample)| Arc::ptr_eq(of_sample, &network)) {
                    project.network = network;
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
            return self.change(step, take_over);
        }
        self.history.change_in_gesture(READ_AGAIN, step, take_over);
        self.history.end_gesture();
        self.dragging = false;
        self.paused = None;
        self.refresh();
        self.advance();
    }

    pub(super) fn read_items(&mut self, path: &Path, items: ItemTable, findings: &Diagnostics) {
        let (name, rows) = (file_name(path), items.len());
        self.tell(text!("{name}: {rows} items read", "{name}：读取了 {rows} 个商品"), findings);
        self.rejected = None;
        self.change(text!("Import {name}", "导入 {name}"), |project| project.items = Arc::new(items));
    }

    pub(super) fn read_network(&mut self, path: &Path, network: Network, findings: &Diagnostics) {
        let (name, lanes) = (file_name(path), network.lanes.len());
        self.tell(text!("{name}: {lanes} lanes read", "{name}：读取了 {lanes} 条线路"), findings);
        self.rejected = None;
        self.change(text!("Import {name}", "导入 {name}"), |project| project.network = Arc::new(network));
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

fn with_active(project: &mut Project, change: impl FnOnce(&mut Scenario)) {
    let active = project.active.clone();
    if let Some(scenario) = project.scenarios.iter_mut().find(|s| s.name == active) {
        change(scenario);
    }
}

/// `name`, or `name 2`, `name 3`, … until no scenario has it.
fn free_name(project: &Project, name: &str) -> String {
    let mut candidates = std::iter::once(name.to_owned()).chain((2..).map(|n| format!("{name} {n}")));
    candidates.find(|c| project.scenario(c).is_none()).expect("finitely many scenarios leave a name free")
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
