//! The window: a thin view over [`session`](crate::session).
//!
//! ```text
//! frame:  Session::poll ─▶ events ─▶ draw (reads &Session) ─▶ Commands ─▶ Session::apply
//! ```
//!
//! Panels read the session and push commands; they compute nothing beyond layout, sorting for the eye and colours. A
//! frame never waits: what takes longer runs on the session's worker. Words stand in both languages at their place
//! (`text`), every colour and size in `style`.

mod style;

mod fonts;

mod text;

mod widgets;

mod context;

mod keys;

mod dialogs;

mod navigator;

mod panels;

mod status_bar;
mod top_bar;

mod app;

pub use app::App;
pub use dialogs::Picker;

use crate::session::{Command, Sample, Session};
use eframe::NativeOptions;
use egui::ViewportBuilder;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
#[error("no window can be opened here: {0}")]
pub struct WindowError(String);

/// Opens the window on a file, or on the sample company when none is named; returns when it is closed.
///
/// # Errors
/// [`WindowError`] when there is no display, or no OpenGL to draw with.
pub fn run(file: Option<PathBuf>) -> Result<(), WindowError> {
    if !has_display() {
        return Err(WindowError("there is no display".to_owned()));
    }
    let start = Instant::now();
    let viewport = ViewportBuilder::default()
        .with_title("Planwright")
        .with_app_id("planwright")
        .with_icon(icon())
        .with_drag_and_drop(true)
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([960.0, 600.0]);
    let options = NativeOptions { viewport, ..NativeOptions::default() };
    let create = move |creation: &eframe::CreationContext<'_>| -> Result<Box<dyn eframe::App>, _> {
        install(&creation.egui_ctx);
        let context = creation.egui_ctx.clone();
        let mut session = Session::for_user(Arc::new(move || context.request_repaint()));
        session.apply(file.map_or(Command::OpenSample(Sample::Company), Command::OpenAny));
        Ok(Box::new(Window { app: App::new(session, Picker::System), start: Some(start) }))
    };
    eframe::run_native("planwright", options, Box::new(create)).map_err(|error| WindowError(error.to_string()))
}

/// Gives a context the window's fonts and styles; to be done before its first frame.
pub fn install(context: &egui::Context) {
    fonts::install(context);
    style::install(context);
    // Ctrl+0 shows a panel: what zooms is in the list of keys.
    context.options_mut(|options| options.zoom_with_keyboard = false);
}

struct Window {
    app: App,
    /// When the window was asked for; `None` once it is there.
    start: Option<Instant>,
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut egui::Ui, _: &mut eframe::Frame) {
        self.app.show_ui(ui);
        if let Some(start) = self.start.take() {
            tracing::info!("the window is there after {:.2?}", start.elapsed());
        }
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}

/// On Linux a window needs X11 or Wayland; elsewhere there is always a desktop to ask.
fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(is_set)
}

fn icon() -> egui::IconData {
    eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png")).unwrap_or_default()
}
