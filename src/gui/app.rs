//! The window as a whole: one frame from events to commands.

use super::context::{Ask, Cx, Tables, compact, kpi};
use super::dialogs::{Answer, Dialogs, Pending, Picker, Purpose};
use super::keys::{self, Action};
use super::navigator::Navigator;
use super::panels::{Panel, Panels};
use super::style::{self, Palette, size, space};
use super::text::Words;
use super::widgets::{Notices, modal};
use super::{status_bar, top_bar};
use crate::session::{Command, Event, Gesture, NoticeKind, Session, Theme};
use egui::{
    Align, CentralPanel, Context, Frame, Layout, Margin, RichText, ScrollArea, ThemePreference, Ui, ViewportCommand,
};
use std::time::Instant;

/// The window: a thin view over a session.
pub struct App {
    session: Session,
    panel: Panel,
    panels: Panels,
    navigator: Navigator,
    tables: Tables,
    dialogs: Dialogs,
    notices: Notices,
    shows_help: bool,
    /// What to do once the save that the user asked for is done.
    after_save: Option<Pending>,
    is_closing: bool,
    title: String,
    theme: Option<Theme>,
    /// When the program started; `None` once the first plan was there.
    opened: Option<Instant>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("panel", &self.panel).finish_non_exhaustive()
    }
}

impl App {
    /// A window over a session, for a context that [`install`](super::install) prepared.
    pub fn new(session: Session, picker: Picker) -> Self {
        Self {
            session,
            panel: Panel::default(),
            panels: Panels::default(),
            navigator: Navigator::default(),
            tables: Tables::default(),
            dialogs: Dialogs::new(picker),
            notices: Notices::default(),
            shows_help: false,
            after_save: None,
            is_closing: false,
            title: String::new(),
            theme: None,
            opened: Some(Instant::now()),
        }
    }

    /// The application's state.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The application's state, for asking it to do something.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Draws one frame over the whole window.
    pub fn show_ui(&mut self, ui: &mut Ui) {
        let context = ui.ctx().clone();
        self.take_in_events(&context);
        self.obey_preferences(&context);
        let mut commands = self.dropped(&context);
        let mut asks = Vec::new();
        let mut actions = if self.dialogs.is_open() { Vec::new() } else { keys::pressed(&context) };
        let answer = {
            let mut cx = Cx {
                session: &self.session,
                words: Words(self.session.preferences().language),
                commands: &mut commands,
                tables: &mut self.tables,
                asks: &mut asks,
            };
            let bar = |ui: &Ui, x: i8| Frame::new().fill(Palette::of(ui).surface).inner_margin(Margin::symmetric(x, 4));
            egui::Panel::top("top bar").exact_size(size::TOP_BAR).frame(bar(ui, 10)).show(ui, |ui| {
                actions.extend(top_bar::show_ui(ui, &mut cx));
            });
            egui::Panel::bottom("status bar").exact_size(size::STATUS_BAR).frame(bar(ui, 12)).show(ui, |ui| {
                status_bar::show_ui(ui, &mut cx);
            });
            let side = Frame::new().fill(Palette::of(ui).surface).inner_margin(Margin::same(10));
            egui::Panel::left("navigator")
                .default_size(size::NAVIGATOR)
                .size_range(size::NAVIGATOR_RANGE)
                .frame(side)
                .show(ui, |ui| self.navigator.show_ui(ui, &mut cx));
            let ground = Frame::new().fill(Palette::of(ui).ground).inner_margin(Margin::symmetric(space::L as i8, 8));
            CentralPanel::default().frame(ground).show(ui, |ui| {
                tabs_ui(ui, &mut cx, &mut self.panel);
                ui.add_space(space::XS);
                ui.push_id(self.panel, |ui| self.panels.show_ui(ui, &mut cx, self.panel));
            });
            let answer = self.dialogs.show_ui(&context, &mut cx);
            self.notices.show_ui(&context, cx.words);
            if self.shows_help {
                self.shows_help = help_ui(&context, cx.words);
            }
            drop_hint_ui(&context, cx.words);
            answer
        };
        self.do_actions(&context, actions, &mut commands);
        self.do_asks(&context, asks);
        // A lever that left the screen under the pointer is let go all the same.
        let moves_lever = commands.iter().any(|c| matches!(c, Command::SetLever(..)));
        if self.session.is_dragging() && !moves_lever && !context.input(|i| i.pointer.any_down()) {
            commands.push(Command::EndDrag);
        }
        self.do_commands(&context, commands);
        self.do_answer(&context, answer);
        self.guard_close(&context);
        self.name_window(&context);
    }

    fn take_in_events(&mut self, context: &Context) {
        for event in self.session.poll() {
            match event {
                Event::Notice(notice) => {
                    // A save that failed, or that was overtaken by a change, is no leave to go on.
                    if notice.kind == NoticeKind::Failed || (notice.kind == NoticeKind::Done && self.session.is_dirty())
                    {
                        self.after_save = None;
                    }
                    self.notices.push(notice, context.input(|i| i.time));
                }
                Event::ProjectChanged => self.tables = Tables::default(),
                Event::PlanReady => {
                    if let Some(start) = self.opened.take() {
                        tracing::info!("the first plan is on screen after {:.2?}", start.elapsed());
                    }
                }
            }
        }
        if self.after_save.is_some() && !self.session.is_dirty() {
            match self.after_save.take() {
                Some(Pending::Close) => {
                    self.is_closing = true;
                    context.send_viewport_cmd(ViewportCommand::Close);
                }
                Some(Pending::Replace(command)) => self.session.apply(command),
                None => {}
            }
        }
    }

    /// Files dropped on the window: the answer to the question on screen, else opened by their content.
    fn dropped(&mut self, context: &Context) -> Vec<Command> {
        let files = context.input(|i| i.raw.dropped_files.clone());
        let command =
            |path: &std::path::Path| self.dialogs.answer(path).unwrap_or_else(|| Command::OpenAny(path.to_owned()));
        files.iter().map(|file| file.path()).map(command).collect()
    }

    fn obey_preferences(&mut self, context: &Context) {
        let theme = self.session.preferences().theme;
        if self.theme != Some(theme) {
            self.theme = Some(theme);
            context.set_theme(match theme {
                Theme::System => ThemePreference::System,
                Theme::Light => ThemePreference::Light,
                Theme::Dark => ThemePreference::Dark,
            });
        }
    }

    fn do_actions(&mut self, context: &Context, actions: Vec<Action>, commands: &mut Vec<Command>) {
        for action in actions {
            match action {
                Action::Open => self.dialogs.ask(Purpose::Any, &self.session, context),
                Action::Save if self.session.path().is_some() => commands.push(Command::SaveProject(None)),
                Action::Save | Action::SaveAs => self.dialogs.ask(Purpose::Save, &self.session, context),
                Action::Export => self.dialogs.ask(Purpose::Export, &self.session, context),
                Action::Undo => commands.push(Command::Undo),
                Action::Redo => commands.push(Command::Redo),
                Action::Search => self.navigator.focus_search(),
                Action::Recompute => commands.push(Command::Recompute),
                Action::Cancel if self.shows_help => self.shows_help = false,
                Action::Cancel if self.session.job().is_some() => commands.push(Command::Cancel),
                Action::Cancel => {}
                Action::Show(panel) => self.panel = panel,
                Action::ZoomIn => egui::gui_zoom::zoom_in(context),
                Action::ZoomOut => egui::gui_zoom::zoom_out(context),
                Action::Help => self.shows_help = true,
            }
        }
    }

    fn do_asks(&mut self, context: &Context, asks: Vec<Ask>) {
        for ask in asks {
            match ask {
                Ask::Open(purpose) => self.dialogs.ask(purpose, &self.session, context),
                Ask::Show(panel) => self.panel = panel,
            }
        }
    }

    fn do_commands(&mut self, context: &Context, commands: Vec<Command>) {
        if commands.is_empty() {
            return;
        }
        let is_drag = |c: &Command| matches!(c, Command::SetLever(.., Gesture::Drag));
        // A lever under the pointer moves the figures in the very frame that moved it: the frame is drawn again.
        if commands.iter().any(is_drag) && context.current_pass_index() == 0 {
            context.request_discard("a lever moved");
        }
        for command in commands {
            if replaces_project(&command) && self.session.is_dirty() {
                self.dialogs.confirm(Pending::Replace(command));
            } else {
                self.session.apply(command);
            }
        }
        context.request_repaint();
    }

    fn do_answer(&mut self, context: &Context, answer: Option<Answer>) {
        match answer {
            Some(Answer::Save(pending)) => {
                self.after_save = Some(pending);
                if self.session.path().is_some() {
                    self.session.apply(Command::SaveProject(None));
                } else {
                    self.dialogs.ask(Purpose::Save, &self.session, context);
                }
            }
            Some(Answer::Discard(Pending::Close)) => {
                self.is_closing = true;
                context.send_viewport_cmd(ViewportCommand::Close);
            }
            Some(Answer::Discard(Pending::Replace(command))) => self.session.apply(command),
            Some(Answer::Nothing) => self.after_save = None,
            None => {}
        }
    }

    /// A window with unsaved changes asks before it closes.
    fn guard_close(&mut self, context: &Context) {
        let wants_to_close = context.input(|i| i.viewport().close_requested());
        if wants_to_close && !self.is_closing && self.session.is_dirty() {
            context.send_viewport_cmd(ViewportCommand::CancelClose);
            self.dialogs.confirm(Pending::Close);
        }
    }

    fn name_window(&mut self, context: &Context) {
        let name = &self.session.project().name;
        let mark = if self.session.is_dirty() { "*" } else { "" };
        let title = if name.is_empty() { "Planwright".to_owned() } else { format!("{name}{mark} – Planwright") };
        if title != self.title {
            context.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

/// Commands that put another project in the place of this one.
fn replaces_project(command: &Command) -> bool {
    match command {
        Command::OpenSample(_) | Command::NewProject | Command::OpenProject(_) => true,
        Command::OpenAny(path) => path.extension().is_some_and(|e| e.eq_ignore_ascii_case("planwright")),
        _ => false,
    }
}

/// The panels' tabs, and at the right what the whole plan comes to.
fn tabs_ui(ui: &mut Ui, cx: &mut Cx<'_>, panel: &mut Panel) {
    let row = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for tab in Panel::ALL {
            let is_shown = *panel == tab;
            let label = RichText::new(tab.label(cx.words)).text_style(style::text::strong());
            let palette = Palette::of(ui);
            let label = label.color(if is_shown { palette.text } else { palette.weak });
            let response = ui.add(egui::Button::new(label).frame(false).selected(false));
            response
                .widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, is_shown, tab.label(cx.words)));
            let line = response.rect.expand2(egui::vec2(0.0, 3.0));
            if is_shown {
                ui.painter().hline(line.x_range(), line.bottom(), (2.0, palette.accent));
            } else if response.hovered() {
                ui.painter().hline(line.x_range(), line.bottom(), (1.0, palette.outline));
            }
            if response.clicked() {
                *panel = tab;
            }
            ui.add_space(space::S);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| headline_ui(ui, cx));
    });
    let rect = row.response.rect;
    ui.painter().hline(ui.max_rect().x_range(), rect.bottom() + 3.5, (1.0, Palette::of(ui).hairline));
    ui.add_space(space::XS);
}

/// The plan in three figures.
fn headline_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let Some(plan) = cx.session.plan().cloned() else { return };
    let figures = cx.kpis(&plan);
    ui.spacing_mut().item_spacing.x = space::XS;
    let money = cx.money();
    let parts = [
        (cx.t("cost", "成本"), kpi(&figures, "total_cost").map(|x| format!("{} {money}", compact(x, cx.language())))),
        (cx.t("stock", "库存"), kpi(&figures, "stock_value").map(|x| format!("{} {money}", compact(x, cx.language())))),
        (cx.t("fill rate", "满足率"), kpi(&figures, "fill_rate").map(|x| format!("{}%", cx.number(x, 1)))),
    ];
    // Laid out from the right: the figure before its label.
    for (label, figure) in parts {
        let Some(figure) = figure else { continue };
        ui.label(style::strong(figure));
        ui.label(style::caption(ui, label));
        ui.add_space(space::S);
    }
    // Scenarios that come to the same share a plan, under the name of the one planned first.
    let name = if cx.session.is_stale() { &plan.scenario } else { &cx.session.project().active };
    let name = style::caption(ui, format!("{}:", cx.scenario_name(name)));
    ui.add(egui::Label::new(name).truncate());
}

/// While files hang over the window, says what a drop does.
fn drop_hint_ui(context: &Context, words: Words) {
    if context.input(|i| i.raw.hovered_files.is_empty()) {
        return;
    }
    modal(context, "drop hint").show(context, |ui| {
        ui.label(RichText::new(words.t("Drop to open", "松开即可打开")).heading());
        let body = words.t(
            "Sales, item list, network or project: the content says which",
            "销售数据、商品清单、配送网络或项目：按内容识别",
        );
        ui.label(style::weak(ui, body));
    });
}

/// The shortcuts; false when closed.
fn help_ui(context: &Context, words: Words) -> bool {
    let response = modal(context, "help").show(context, |ui| {
        ui.set_width(size::DIALOG * 0.8);
        ui.label(RichText::new(Action::Help.label(words)).heading());
        ScrollArea::vertical().max_height(460.0).show(ui, |ui| {
            egui::Grid::new("shortcuts").num_columns(2).spacing([space::XL, 4.0]).show(ui, |ui| {
                for action in Action::ALL {
                    ui.label(action.label(words));
                    ui.label(style::weak(ui, ui.ctx().format_shortcut(&action.keys())));
                    ui.end_row();
                }
                ui.label(words.t("Next and previous item", "下一个 / 上一个商品"));
                ui.label(style::weak(ui, words.t("Arrow keys", "方向键")));
                ui.end_row();
            });
        });
        ui.add_space(space::S);
        ui.button(words.t("Close", "关闭")).clicked()
    });
    !(response.inner || response.should_close())
}
