//! Asking for a file: the system's dialog, and a typed path beside it for where there is none.
//!
//! The system's dialog runs on a thread of its own: a portal that hangs never holds a frame up. On Linux "cancelled" and
//! "no dialog to be had" look alike, so the typed path stays on screen until the user has answered.

use super::context::Cx;
use super::style::{self, Palette, size, space};
use super::text::Words;
use super::widgets::{modal, primary_button};
use crate::session::{Command, Session};
use egui::{Key, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

/// What a file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Anything that Planwright reads.
    Any,
    /// A sales file.
    Sales,
    /// Item master data.
    Items,
    /// A network workbook or folder.
    Network,
    /// A file of drivers: prices, promotions.
    Drivers,
    /// A file of named events.
    Events,
    /// A file of goods receipts.
    Receipts,
    /// Where to save the project.
    Save,
    /// Where to write the workbook.
    Export,
    /// Where to write one table, by its key, as CSV.
    Table(&'static str),
}

/// Whether the system's own dialogs may be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picker {
    /// The system's dialog opens beside the typed path.
    System,
    /// Only the typed path: for tests and machines without a desktop.
    Typed,
}

/// What the user is being asked.
#[derive(Debug)]
pub(super) struct Dialogs {
    picker: Picker,
    asking: Option<Asking>,
    confirming: Option<Pending>,
}

#[derive(Debug)]
struct Asking {
    purpose: Purpose,
    typed: String,
    is_new: bool,
    /// System dialogs opened so far; whichever answers first counts.
    system: Vec<Receiver<Option<PathBuf>>>,
}

/// What waits for the answer whether to save.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Pending {
    /// Close the window.
    Close,
    /// Do this, which replaces the project.
    Replace(Command),
}

/// What the user answered when asked whether to save.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// Save first, then go on.
    Save(Pending),
    /// Go on without saving.
    Discard(Pending),
    /// A question about a file was left without an answer.
    Nothing,
}

impl Purpose {
    fn title(self, words: Words) -> &'static str {
        match self {
            Self::Any => words.t("Open", "打开"),
            Self::Sales => words.t("Open sales data", "打开销售数据"),
            Self::Items => words.t("Open item list", "打开商品清单"),
            Self::Network => words.t("Open delivery network", "打开配送网络"),
            Self::Drivers => words.t("Open prices and promotions", "打开价格与促销"),
            Self::Events => words.t("Open events", "打开事件"),
            Self::Receipts => words.t("Open goods receipts", "打开收货记录"),
            Self::Save => words.t("Save project", "保存项目"),
            Self::Export => words.t("Export workbook", "导出工作簿"),
            Self::Table(_) => words.t("Export table", "导出表格"),
        }
    }

    fn about(self, words: Words) -> &'static str {
        match self {
            Self::Any => words.t(
                "A project, a sales file, an item list, goods receipts or a network; its content says which",
                "项目、销售文件、商品清单、收货记录或配送网络；系统按内容识别",
            ),
            Self::Sales => words.t(
                "CSV, TSV, Excel or Parquet with a date, an item and a quantity column",
                "包含日期、商品和数量列的 CSV、TSV、Excel 或 Parquet 文件",
            ),
            Self::Items => words.t(
                "A table with one row per item: lead time, costs, stock on hand, targets",
                "每个商品一行的表格：提前期、成本、现有库存、目标",
            ),
            Self::Network => words.t(
                "A workbook, or a folder of CSV files, with sites, customers, lanes, vehicles",
                "包含仓库、客户、线路和车辆的工作簿或 CSV 文件夹",
            ),
            Self::Drivers => words.t(
                "A date column and a column per driver; item and location columns say whom it concerns",
                "包含日期列，每个驱动因素一列；商品和地点列说明适用范围",
            ),
            Self::Events => words.t(
                "One row per event: its name, first and last day, past and future",
                "每个事件一行：名称、开始日和结束日，过去与未来均可",
            ),
            Self::Receipts => words.t(
                "One row per delivery: item, order date, receipt date; supplier, promised date and quantities if known",
                "每次到货一行：商品、下单日期、收货日期；如有供应商、承诺日期和数量更好",
            ),
            Self::Save => words.t("One file with data, settings and scenarios", "一个文件，包含数据、设置和方案"),
            Self::Export => words.t(
                "An Excel workbook with live formulas, of the active scenario",
                "当前方案的 Excel 工作簿，公式可重算",
            ),
            Self::Table(_) => words.t("CSV, of the whole plan", "整个计划的 CSV 文件"),
        }
    }

    fn is_save(self) -> bool {
        matches!(self, Self::Save | Self::Export | Self::Table(_))
    }

    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Any => &["planwright", "csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "parquet"],
            Self::Sales | Self::Items | Self::Drivers | Self::Events | Self::Receipts => {
                &["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "parquet"]
            }
            Self::Network => &["xlsx", "xlsm", "xls", "ods"],
            Self::Save => &["planwright"],
            Self::Export => &["xlsx"],
            Self::Table(_) => &["csv"],
        }
    }

    fn command(self, path: PathBuf) -> Command {
        match self {
            Self::Any => Command::OpenAny(path),
            Self::Sales => Command::ImportSales(path),
            Self::Items => Command::ImportItems(path),
            Self::Network => Command::ImportNetwork(path),
            Self::Drivers => Command::ImportDrivers(path),
            Self::Events => Command::ImportEvents(path),
            Self::Receipts => Command::ImportReceipts(path),
            Self::Save => Command::SaveProject(Some(with_ending(path, "planwright"))),
            Self::Export => Command::ExportWorkbook(with_ending(path, "xlsx")),
            Self::Table(key) => Command::ExportTable(key.to_owned(), with_ending(path, "csv")),
        }
    }
}

/// A path that has the ending, so that the file can be found again.
fn with_ending(path: PathBuf, ending: &str) -> PathBuf {
    let has = path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending));
    if has {
        return path;
    }
    let mut name = path.into_os_string();
    name.push(".");
    name.push(ending);
    name.into()
}

impl Dialogs {
    /// Nothing is asked.
    pub(super) fn new(picker: Picker) -> Self {
        Self { picker, asking: None, confirming: None }
    }

    /// Asks for a file.
    pub(super) fn ask(&mut self, purpose: Purpose, session: &Session, wake: &egui::Context) {
        let typed = if purpose.is_save() { suggestion(purpose, session) } else { String::new() };
        let mut asking = Asking { purpose, typed, is_new: true, system: Vec::new() };
        // A network may be a file or a folder: only the user knows which dialog to open.
        if purpose != Purpose::Network {
            self.browse(&mut asking, Wanted::File, wake);
        }
        self.asking = Some(asking);
    }

    /// Asks whether to save before going on.
    pub(super) fn confirm(&mut self, pending: Pending) {
        self.confirming = Some(pending);
    }

    /// Answers the question for a file to open with a dropped one; `None` when there is no such question.
    pub(super) fn answer(&mut self, path: &Path) -> Option<Command> {
        let asking = self.asking.take_if(|asking| !asking.purpose.is_save())?;
        Some(asking.purpose.command(path.to_owned()))
    }

    /// True while a question is on screen.
    pub(super) fn is_open(&self) -> bool {
        self.asking.is_some() || self.confirming.is_some()
    }

    fn browse(&self, asking: &mut Asking, wanted: Wanted, wake: &egui::Context) {
        if self.picker == Picker::System {
            asking.system.push(system_dialog(asking.purpose, wanted, &asking.typed, wake.clone()));
        }
    }

    /// Draws what is asked; what was answered is pushed as a command or returned.
    pub(super) fn show_ui(&mut self, context: &egui::Context, cx: &mut Cx<'_>) -> Option<Answer> {
        let left = self.asking_ui(context, cx);
        self.confirming_ui(context, cx).or(left)
    }

    fn asking_ui(&mut self, context: &egui::Context, cx: &mut Cx<'_>) -> Option<Answer> {
        let mut asking = self.asking.take()?;
        if let Some(path) = asking.system.iter().find_map(|answers| answers.try_recv().ok().flatten()) {
            cx.push(asking.purpose.command(path));
            return None;
        }
        let mut browse = None;
        let mut answer = None;
        let response = modal(context, "ask for a file").show(context, |ui| {
            ui.set_width(size::DIALOG);
            ui.label(RichText::new(asking.purpose.title(cx.words)).heading());
            ui.label(style::weak(ui, asking.purpose.about(cx.words)));
            ui.add_space(space::S);
            answer = path_ui(ui, cx.words, &mut asking);
            if self.picker == Picker::System {
                browse = browse_ui(ui, cx.words, asking.purpose);
            }
            if !asking.purpose.is_save() {
                answer = answer.take().or_else(|| recent_ui(ui, cx));
            }
            ui.add_space(space::M);
            buttons_ui(ui, cx.words, &asking).or_else(|| answer.take().map(Reply::Path))
        });
        if let Some(wanted) = browse {
            self.browse(&mut asking, wanted, context);
        }
        match response.inner {
            Some(Reply::Path(path)) => cx.push(asking.purpose.command(path)),
            Some(Reply::Cancel) => return Some(Answer::Nothing),
            None if response.should_close() => return Some(Answer::Nothing),
            None => self.asking = Some(asking),
        }
        None
    }

    fn confirming_ui(&mut self, context: &egui::Context, cx: &mut Cx<'_>) -> Option<Answer> {
        let pending = self.confirming.take()?;
        let name = cx.session.project().name.clone();
        let response = modal(context, "save first").show(context, |ui| {
            ui.set_width(size::DIALOG * 0.8);
            let title = crate::text!("Save the changes to “{name}”?", "保存对“{name}”的更改吗？");
            ui.label(RichText::new(cx.words.own(title)).heading());
            let body = cx.t("Without saving they are lost.", "不保存将丢失这些更改。");
            ui.label(style::weak(ui, body));
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                let save = ui.add(primary_button(ui, cx.t("Save", "保存"))).clicked();
                let discard = ui.button(cx.t("Don't save", "不保存")).clicked();
                let stay = ui.button(cx.t("Cancel", "取消")).clicked();
                (save, discard, stay)
            })
            .inner
        });
        let should_close = response.should_close();
        match response.inner {
            (true, ..) => Some(Answer::Save(pending)),
            (_, true, _) => Some(Answer::Discard(pending)),
            (_, _, stay) => {
                if !stay && !should_close {
                    self.confirming = Some(pending);
                }
                None
            }
        }
    }
}

/// The field for a path; Enter answers.
fn path_ui(ui: &mut Ui, words: Words, asking: &mut Asking) -> Option<PathBuf> {
    let label = words.t("Path of the file", "文件路径");
    let field = TextEdit::singleline(&mut asking.typed).hint_text(label).desired_width(f32::INFINITY);
    let field = ui.add(field);
    field.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::TextInput, true, label);
        info.current_text_value = Some(asking.typed.clone());
        info
    });
    if std::mem::take(&mut asking.is_new) {
        field.request_focus();
    }
    let path = typed_path(&asking.typed);
    let palette = Palette::of(ui);
    let note = match &path {
        None => RichText::new(words.t("Type a path, or drop the file on the window", "输入路径，或将文件拖到窗口")),
        Some(p) if asking.purpose.is_save() => save_note(p, asking.purpose, words, palette),
        Some(p) if p.exists() => RichText::new(words.t("Found", "已找到")).color(palette.good),
        Some(_) => RichText::new(words.t("There is no such file", "没有这个文件")).color(palette.warning),
    };
    ui.label(note.small());
    let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    path.filter(|_| entered)
}

fn save_note(path: &Path, purpose: Purpose, words: Words, palette: &Palette) -> RichText {
    let path = with_ending(path.to_owned(), purpose.endings()[0]);
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    if folder.is_some_and(|f| !f.is_dir()) {
        RichText::new(words.t("There is no such folder", "没有这个文件夹")).color(palette.warning)
    } else if path.exists() {
        RichText::new(words.t("Replaces the file that is there", "将替换现有文件")).color(palette.warning)
    } else {
        RichText::new(words.t("A new file", "新文件"))
    }
}

/// The path typed, without the quotes that a file manager's "copy as path" puts around it.
fn typed_path(typed: &str) -> Option<PathBuf> {
    let path = typed.trim().trim_matches('"');
    (!path.is_empty()).then(|| PathBuf::from(path))
}

fn browse_ui(ui: &mut Ui, words: Words, purpose: Purpose) -> Option<Wanted> {
    let mut wanted = None;
    ui.horizontal(|ui| {
        if ui.button(words.t("Browse…", "浏览…")).clicked() {
            wanted = Some(Wanted::File);
        }
        let takes_folder = matches!(purpose, Purpose::Network | Purpose::Any);
        if takes_folder && ui.button(words.t("Browse for a folder…", "浏览文件夹…")).clicked() {
            wanted = Some(Wanted::Folder);
        }
    });
    wanted
}

fn recent_ui(ui: &mut Ui, cx: &Cx<'_>) -> Option<PathBuf> {
    let recent = cx.session.recent();
    if recent.is_empty() {
        return None;
    }
    ui.add_space(space::S);
    ui.label(style::caption(ui, cx.t("Recent files", "最近的文件")));
    let mut picked = None;
    ScrollArea::vertical().max_height(160.0).show(ui, |ui| {
        for path in recent {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let button = egui::Button::new(&*name).frame(false).truncate();
            if ui.add(button).on_hover_text(path.display().to_string()).clicked() {
                picked = Some(path.clone());
            }
        }
    });
    picked
}

/// What the user did with the question about a file.
enum Reply {
    Path(PathBuf),
    Cancel,
}

fn buttons_ui(ui: &mut Ui, words: Words, asking: &Asking) -> Option<Reply> {
    let mut reply = None;
    ui.horizontal(|ui| {
        let label = match asking.purpose {
            Purpose::Save => words.t("Save", "保存"),
            Purpose::Export | Purpose::Table(_) => words.t("Export", "导出"),
            _ => words.t("Open", "打开"),
        };
        let path = typed_path(&asking.typed);
        if ui.add_enabled(path.is_some(), primary_button(ui, label)).clicked() {
            reply = path.map(Reply::Path);
        }
        if ui.button(words.t("Cancel", "取消")).clicked() {
            reply = Some(Reply::Cancel);
        }
    });
    reply
}

/// A name beside the project's file, or in the user's documents.
fn suggestion(purpose: Purpose, session: &Session) -> String {
    let name = if session.project().name.is_empty() { "plan" } else { &session.project().name };
    let folder = session.path().and_then(Path::parent).map(Path::to_owned).or_else(session_folder);
    let part = if let Purpose::Table(key) = purpose { format!(" {key}") } else { String::new() };
    let file = format!("{name}{part}.{}", purpose.endings()[0]);
    folder.unwrap_or_default().join(file).display().to_string()
}

fn session_folder() -> Option<PathBuf> {
    crate::session::documents().or_else(|| std::env::current_dir().ok())
}

/// What the system's dialog is to pick.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    File,
    Folder,
}

/// Opens the system's dialog on a thread of its own.
fn system_dialog(purpose: Purpose, wanted: Wanted, typed: &str, wake: egui::Context) -> Receiver<Option<PathBuf>> {
    let (answers, answer) = sync_channel(1);
    let suggested = PathBuf::from(typed);
    let body = move || {
        let mut dialog = rfd::AsyncFileDialog::new();
        if matches!(wanted, Wanted::File) {
            dialog = dialog.add_filter("Planwright", purpose.endings()).add_filter("*", &["*"]);
        }
        if let Some(folder) = suggested.parent().filter(|f| f.is_dir()) {
            dialog = dialog.set_directory(folder);
        }
        if let Some(name) = suggested.file_name() {
            dialog = dialog.set_file_name(name.to_string_lossy());
        }
        let picked = match (purpose.is_save(), wanted) {
            (true, _) => wait(dialog.save_file()),
            (false, Wanted::File) => wait(dialog.pick_file()),
            (false, Wanted::Folder) => wait(dialog.pick_folder()),
        };
        // Nobody listens any more when the user typed a path meanwhile.
        let _ = answers.send(picked.map(|handle| handle.path().to_owned()));
        wake.request_repaint();
    };
    if let Err(error) = std::thread::Builder::new().name("planwright-dialog".into()).spawn(body) {
        tracing::warn!("no file dialog: {error}");
    }
    answer
}

/// Runs one future to its end on this thread.
fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_file_has_its_ending() {
        assert_eq!(with_ending("plan".into(), "xlsx"), PathBuf::from("plan.xlsx"));
        assert_eq!(with_ending("plan.XLSX".into(), "xlsx"), PathBuf::from("plan.XLSX"));
        assert_eq!(with_ending("v1.2".into(), "planwright"), PathBuf::from("v1.2.planwright"));
    }

    #[test]
    fn quotes_around_a_path_are_dropped() {
        assert_eq!(typed_path(" \"a b.csv\" "), Some(PathBuf::from("a b.csv")));
        assert_eq!(typed_path("  "), None);
    }

    #[test]
    fn a_future_that_waits_for_another_thread_ends() {
        let (sender, receiver) = std::sync::mpsc::channel::<Waker>();
        std::thread::spawn(move || receiver.recv().map(|w: Waker| w.wake()));
        let mut polls = 0;
        let future = std::future::poll_fn(|context| {
            polls += 1;
            if polls == 1 {
                sender.send(context.waker().clone()).unwrap();
                return Poll::Pending;
            }
            Poll::Ready(polls)
        });
        assert!(wait(future) >= 2);
    }
}
