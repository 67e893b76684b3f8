//! Messages that appear in the corner and go by themselves; failures stay until they are closed.

use super::tile::{Tone, color};
use crate::gui::style::{Palette, size, space};
use crate::gui::text::Words;
use crate::session::{Notice, NoticeKind};
use egui::{Align2, Area, Context, Frame, Id, Label, Margin, Order, RichText, Ui, vec2};
use std::time::Duration;

/// Messages shown at once; older ones give way.
const MOST_SHOWN: usize = 4;
/// Seconds a message stays.
const SECONDS: f64 = 7.0;

/// The messages on screen.
#[derive(Debug, Default)]
pub(in crate::gui) struct Notices {
    shown: Vec<(Notice, f64)>,
}

impl Notices {
    /// Shows a message; the same message again only starts its time anew.
    pub(in crate::gui) fn push(&mut self, notice: Notice, now: f64) {
        self.shown.retain(|(n, _)| *n != notice);
        self.shown.push((notice, now));
        if self.shown.len() > MOST_SHOWN {
            self.shown.remove(0);
        }
    }

    /// Draws the messages above the status bar.
    pub(in crate::gui) fn show_ui(&mut self, context: &Context, words: Words) {
        let now = context.input(|i| i.time);
        self.shown.retain(|(n, since)| n.kind == NoticeKind::Failed || now - since < SECONDS);
        if self.shown.is_empty() {
            return;
        }
        if self.shown.iter().any(|(n, _)| n.kind != NoticeKind::Failed) {
            context.request_repaint_after(Duration::from_millis(500));
        }
        let offset = vec2(-space::L, -(size::STATUS_BAR + space::M));
        Area::new(Id::unique("notices")).anchor(Align2::RIGHT_BOTTOM, offset).order(Order::Foreground).show(
            context,
            |ui| {
                ui.set_width(size::NOTICE);
                let mut closed = None;
                for (k, (notice, _)) in self.shown.iter().enumerate() {
                    if notice_ui(ui, words, notice) {
                        closed = Some(k);
                    }
                }
                if let Some(k) = closed {
                    self.shown.remove(k);
                }
            },
        );
    }
}

/// Room for a notice's mark and its button, points.
const CLOSE_WIDTH: f32 = 100.0;

/// True when the user closed it.
fn notice_ui(ui: &mut Ui, words: Words, notice: &Notice) -> bool {
    let palette = Palette::of(ui);
    let tone = match notice.kind {
        NoticeKind::Done => Tone::Good,
        NoticeKind::Warning => Tone::Warning,
        NoticeKind::Failed => Tone::Bad,
    };
    let mut closed = false;
    Frame::popup(ui.style()).inner_margin(Margin::symmetric(12, 9)).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.label(RichText::new("●").color(color(palette, tone)));
            ui.scope(|ui| {
                ui.set_width(size::NOTICE - CLOSE_WIDTH);
                ui.add(Label::new(words.of(&notice.message)).wrap());
            });
            closed = ui.small_button(words.t("Close", "关闭")).clicked();
        });
    });
    closed
}
