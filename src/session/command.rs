//! Everything the user can do, and everything the session tells.

use super::portfolio::Question;
use super::project::Preferences;
use crate::control::LossPoint;
use crate::diagnostic::Diagnostics;
use crate::model::{
    AlertMark, AlertSettings, CashSettings, Change, CurvePoint, Disruption, ForecastOverride, Frequency, FutureRule,
    HolidaySet, InputChange, LeadTimeChoice, Lever, PurchaseBudget, ReorderRule, Scope, ScoreWeights, Segment,
    Segmentation, SeriesId, ShortWeight, ShortageRule, Succession,
};
use crate::pipeline::{Device, LstmOptions, Models, NetworkOptions, Reconciliation, Returns, Role};
use crate::words::{Language, Text};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// One closed list of what may change the session: menu, shortcut, button and drop send the same value.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Opens a project that comes with the program.
    OpenSample(Sample),
    /// An empty project.
    NewProject,
    /// Opens a saved project.
    OpenProject(PathBuf),
    /// Saves to the project's file, or to a new one.
    SaveProject(Option<PathBuf>),
    /// Reads a sales file and forecasts it.
    ImportSales(PathBuf),
    /// Reads an item file.
    ImportItems(PathBuf),
    /// Reads a network workbook or folder.
    ImportNetwork(PathBuf),
    /// Reads a file of drivers: prices, promotions, any number per period.
    ImportDrivers(PathBuf),
    /// Reads a file of named events.
    ImportEvents(PathBuf),
    /// Which feasts count.
    SetHolidays(BTreeSet<HolidaySet>),
    /// What happens to a driver whose future is not stated.
    SetDriverFuture(FutureRule),
    /// Forgets drivers, events and feasts.
    ClearDrivers,
    /// A dropped file: a project, a network folder, an item list or sales, found by its content.
    OpenAny(PathBuf),
    /// Says which column holds a role; the sales file is read again.
    SetColumn(Role, String),
    /// Period length; `None` guesses it. The sales file is read again.
    SetFrequency(Option<Frequency>),
    /// What to do with negative quantities. The sales file is read again.
    SetReturns(Returns),
    /// Periods ahead, as typed; refused with a message when out of range.
    SetHorizon(usize),
    /// Which models compete.
    SetModels(Models),
    /// The configuration of a network for one item, for the next training.
    SetLstm(LstmOptions),
    /// The configuration of networks over all items.
    SetNeural(NetworkOptions),
    /// Forecasts by the automatic models with these networks over all items beside them, trained so and there.
    CompareNetworks(Vec<Arc<str>>, NetworkOptions, Device),
    /// Seed of everything random.
    SetSeed(u64),
    /// Where a network is trained.
    SetDevice(Device),
    /// Which reorder point triggers orders.
    SetReorderRule(ReorderRule),
    /// What happens to demand that finds no stock.
    SetShortageRule(ShortageRule),
    /// Shows an item.
    Select(SeriesId),
    /// A new scenario that starts as the active one and has for the whole horizon what the disruption card at a place says; it
    /// becomes active.
    BranchDisruption(usize),
    /// Keeps service against stock of the item shown up to date from now on.
    ShowServiceCurve,
    /// Takes the forecast of the item shown apart, unless that is done.
    Explain,
    /// Takes the forecast that a network over all items makes of the item shown apart, unless that is done.
    ExplainNetwork(Arc<str>),
    /// Asks what a network over all items would forecast for the item shown were inputs others.
    AskWhatIf(Arc<str>, Vec<InputChange>),
    /// Measures what chosen models and overrides took off the error, unless that is done.
    MeasureValueAdded,
    /// Works out what every model's forecasts would have cost over all items, unless that is done.
    CostForecasts,
    /// Finds the demand shapes of all items, unless that is done.
    FindShapes,
    /// Trains an LSTM for the item shown and adds it to its candidates.
    TrainNetwork,
    /// Uses this model for the item, `None` goes back to the automatic choice.
    ChooseModel(SeriesId, Option<Arc<str>>),
    /// Forecasts again with the present settings.
    Recompute,
    /// Stops the running job; nothing is lost.
    Cancel,
    /// Lets the running job wait where it is.
    Pause,
    /// Lets a paused job go on.
    Resume,
    /// Moves a lever of the active scenario.
    SetLever(Lever, Scope, Change, Gesture),
    /// The lever that was dragged is let go where it stands.
    EndDrag,
    /// Takes a lever of the active scenario back to its parent value.
    ClearLever(Lever, Scope),
    /// How forecasts of series and groups are made to add up.
    SetReconciliation(Reconciliation),
    /// Puts an override at a place of the list, or adds it. The changes of one drag are one step: the first adds, the
    /// others name its place.
    SetOverride(Option<usize>, Box<ForecastOverride>, Gesture),
    /// Removes the override at a place of the list.
    RemoveOverride(usize),
    /// Puts a new item's reference at a place of the list, or adds it.
    SetSuccession(Option<usize>, Succession),
    /// Removes the reference at a place of the list.
    RemoveSuccession(usize),
    /// Keeps the overridden forecasts as they are now, to see later whether overriding helped.
    KeepForecasts,
    /// A new scenario that starts as the active one, and becomes active.
    BranchScenario(String),
    /// Renames a scenario: from, to.
    RenameScenario(String, String),
    /// The reason a scenario exists: name, note.
    NoteScenario(String, String),
    /// Deletes a scenario; the base stays.
    DeleteScenario(String),
    /// Makes a scenario the one that levers move and panels show.
    ActivateScenario(String),
    /// Computes the plan of a scenario for comparison, when it isn't there yet.
    PlanScenario(String),
    /// Writes the active scenario's workbook.
    ExportWorkbook(PathBuf),
    /// Writes one table (by its key) of the active scenario as CSV.
    ExportTable(String, PathBuf),
    /// One step back.
    Undo,
    /// One step forward.
    Redo,
    /// Language and theme.
    SetPreferences(Preferences),
    /// Asks a question about all items under the active scenario, unless it is answered.
    Ask(Question),
    /// Sets what was found for the goal asked last, in a what-if.
    ApplyGoal,
    /// Finds what may go wrong with the plan shown, unless that is done.
    AssessRisk,
    /// When alerts are raised.
    SetAlertSettings(AlertSettings, Gesture),
    /// Puts a disruption card at a place of the list, or adds it. The changes of one drag are one step.
    SetDisruption(Option<usize>, Disruption, Gesture),
    /// Removes the disruption card at a place of the list.
    RemoveDisruption(usize),
    /// Says what became of an alert.
    MarkAlert(Box<AlertMark>),
    /// Reads a file of goods receipts.
    ImportReceipts(PathBuf),
    /// Which lead times are planned with: for all items, and otherwise for some.
    SetLeadTimes(LeadTimeChoice),
    /// How much each part of a supplier's score counts.
    SetScorecard(ScoreWeights),
    /// How items are cut into segments, and the segments' rules.
    SetSegmentation(Box<Segmentation>, Gesture),
    /// Keeps the present classes as the former ones, which items leave only when they pass a cut by a margin.
    KeepSegments,
    /// Makes the exchange curve of a segment or all items, the orders to choose from and the exceptions, unless they are
    /// there.
    StudyStock(Option<Segment>, ShortWeight),
    /// What may be spent on proposed orders.
    SetPurchaseBudget(PurchaseBudget, Gesture),
    /// Moves many levers of the active scenario as one step of this name.
    SetLevers(Text, Vec<(Lever, Scope, Change)>),
    /// Gives every item of the exchange curve shown its service level at a point of it, in a what-if.
    ApplyCurvePoint(Box<CurvePoint>),
    /// How cash is dated where payment terms don't say.
    SetCash(CashSettings),
    /// Up to so many steps back at once.
    UndoSteps(usize),
    /// Up to so many steps forward at once.
    RedoSteps(usize),
    /// Settles overrides that no longer fit the data: scenario, lever, scope of each.
    AnswerConflicts(Vec<(String, Lever, Scope)>, ConflictAnswer),
    /// Compares two scenarios down to the item, unless that is done.
    CompareScenarios(String, String),
    /// Explains the difference in cost between two scenarios, unless that is done.
    BridgeCosts(String, String),
}

/// What becomes of an override that no longer fits the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictAnswer {
    /// It stays as it is.
    KeepMine,
    /// It goes: the scenario is as the data.
    TakeBase,
    /// It becomes the change that is to the new base what its value was to the old one; where there is no such, it stays a
    /// question.
    Relative,
}

/// Whether a lever is still moving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gesture {
    /// The mouse button is down: the item shown follows at once; the drag becomes one undo point.
    Drag,
    /// The value stands: everything is planned again.
    Commit,
}

/// Projects that come with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// A small company: about 60 items, 3 warehouses, 20 customers.
    Company,
    /// The original article's five days of demand.
    WorkedExample,
}

/// What the session tells; drained by `poll`.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Something to tell the user, shown for a while.
    Notice(Notice),
    /// New results stand.
    PlanReady,
    /// A project was opened or made.
    ProjectChanged,
}

/// A message to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it is shown.
    pub kind: NoticeKind,
    /// What, where, what to do.
    pub message: Text,
}

/// A file that was refused, with all that is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// File name, when it is known.
    pub file: String,
    /// What is wrong.
    pub diagnostics: Diagnostics,
}

/// How a message is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Done.
    Done,
    /// Worth a look.
    Warning,
    /// It didn't work.
    Failed,
}

/// The job that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct JobStatus {
    /// What it is, for example "Forecasting".
    pub name: Text,
    /// Share done, in `[0, 1]`.
    pub fraction: f64,
    /// What it is doing.
    pub stage: Text,
    /// How long it may still take; `None` while nobody can know.
    pub remaining: Option<Duration>,
    /// Training curve, when a network is training.
    pub losses: Vec<LossPoint>,
    /// The latest curve with a validation block: a network over all items finds by it how many epochs to train.
    pub validated: Vec<LossPoint>,
    /// Epochs per second of that network.
    pub epochs_per_second: Option<f64>,
    /// Bytes of memory that the program has in use, where the system says so.
    pub memory: Option<u64>,
    /// True while the user lets it wait.
    pub paused: bool,
    /// True once the user asked to stop.
    pub cancelling: bool,
}

/// The language of a preference set, for short.
impl From<&Preferences> for Language {
    fn from(preferences: &Preferences) -> Self {
        preferences.language
    }
}
