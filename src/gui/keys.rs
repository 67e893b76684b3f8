//! Keyboard shortcuts: one list for the keyboard, the menus and the help.

use super::panels::Panel;
use super::text::Words;
use egui::{Context, Key, KeyboardShortcut, Modifiers};

/// What a shortcut, a menu entry or a button asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Open a file.
    Open,
    /// Save the project.
    Save,
    /// Save the project under another name.
    SaveAs,
    /// Write the workbook.
    Export,
    /// One step back.
    Undo,
    /// One step forward.
    Redo,
    /// Search the items.
    Search,
    /// Compute again what was stopped.
    Recompute,
    /// Stop what runs.
    Cancel,
    /// Show a panel.
    Show(Panel),
    /// Everything larger.
    ZoomIn,
    /// Everything smaller.
    ZoomOut,
    /// Show the shortcuts.
    Help,
}

const COMMAND_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

impl Action {
    /// All actions with a shortcut. What has more modifiers comes first, or it would be taken for the other.
    pub(super) const ALL: [Self; 23] = [
        Self::SaveAs,
        Self::Redo,
        Self::Open,
        Self::Save,
        Self::Export,
        Self::Undo,
        Self::Search,
        Self::Recompute,
        Self::Cancel,
        Self::Show(Panel::Data),
        Self::Show(Panel::Forecast),
        Self::Show(Panel::Stock),
        Self::Show(Panel::Dispatch),
        Self::Show(Panel::Costs),
        Self::Show(Panel::Risk),
        Self::Show(Panel::Explore),
        Self::Show(Panel::Scenarios),
        Self::Show(Panel::RuleLab),
        Self::Show(Panel::Segments),
        Self::Show(Panel::Suppliers),
        Self::ZoomIn,
        Self::ZoomOut,
        Self::Help,
    ];

    /// Its keys.
    pub(super) fn keys(self) -> KeyboardShortcut {
        let (modifiers, key) = match self {
            Self::SaveAs => (COMMAND_SHIFT, Key::S),
            Self::Redo => (COMMAND_SHIFT, Key::Z),
            Self::Open => (Modifiers::COMMAND, Key::O),
            Self::Save => (Modifiers::COMMAND, Key::S),
            Self::Export => (Modifiers::COMMAND, Key::E),
            Self::Undo => (Modifiers::COMMAND, Key::Z),
            Self::Search => (Modifiers::COMMAND, Key::F),
            Self::Recompute => (Modifiers::NONE, Key::F5),
            Self::Cancel => (Modifiers::NONE, Key::Escape),
            Self::Show(Panel::Data) => (Modifiers::COMMAND, Key::Num1),
            Self::Show(Panel::Forecast) => (Modifiers::COMMAND, Key::Num2),
            Self::Show(Panel::Stock) => (Modifiers::COMMAND, Key::Num3),
            Self::Show(Panel::Dispatch) => (Modifiers::COMMAND, Key::Num4),
            Self::Show(Panel::Costs) => (Modifiers::COMMAND, Key::Num5),
            Self::Show(Panel::Scenarios) => (Modifiers::COMMAND, Key::Num6),
            Self::Show(Panel::RuleLab) => (Modifiers::COMMAND, Key::Num7),
            Self::Show(Panel::Segments) => (Modifiers::COMMAND, Key::Num8),
            Self::Show(Panel::Suppliers) => (Modifiers::COMMAND, Key::Num9),
            Self::Show(Panel::Risk) => (Modifiers::COMMAND, Key::Num0),
            Self::Show(Panel::Explore) => (Modifiers::COMMAND, Key::G),
            Self::ZoomIn => (Modifiers::COMMAND, Key::Plus),
            Self::ZoomOut => (Modifiers::COMMAND, Key::Minus),
            Self::Help => (Modifiers::NONE, Key::F1),
        };
        KeyboardShortcut::new(modifiers, key)
    }

    /// What it does, in words.
    pub(super) fn label(self, words: Words) -> &'static str {
        match self {
            Self::SaveAs => words.t("Save as…", "另存为…"),
            Self::Redo => words.t("Redo", "重做"),
            Self::Open => words.t("Open…", "打开…"),
            Self::Save => words.t("Save", "保存"),
            Self::Export => words.t("Export workbook…", "导出工作簿…"),
            Self::Undo => words.t("Undo", "撤销"),
            Self::Search => words.t("Search items", "搜索商品"),
            Self::Recompute => words.t("Compute again", "重新计算"),
            Self::Cancel => words.t("Stop the computation", "停止计算"),
            Self::Show(panel) => panel.label(words),
            Self::ZoomIn => words.t("Larger", "放大"),
            Self::ZoomOut => words.t("Smaller", "缩小"),
            Self::Help => words.t("Keyboard shortcuts", "键盘快捷键"),
        }
    }
}

/// What the keyboard asks for in this frame. A text field keeps the keys that it uses itself.
pub(super) fn pressed(context: &Context) -> Vec<Action> {
    let is_typing = context.text_edit_focused();
    let belongs_to_field = |a: &Action| matches!(a, Action::Undo | Action::Redo | Action::Cancel);
    // Escape closes an open menu before it stops anything.
    let is_in_menu = egui::Popup::is_any_open(context);
    let wanted =
        Action::ALL.into_iter().filter(|a| !(is_typing && belongs_to_field(a) || is_in_menu && *a == Action::Cancel));
    context.input_mut(|input| {
        let mut is_pressed = |action: &Action| {
            // On many keyboards + is shift and =, which nobody wants to hold beside the control key.
            let is_larger = *action == Action::ZoomIn && input.consume_key(Modifiers::COMMAND, Key::Equals);
            input.consume_shortcut(&action.keys()) || is_larger
        };
        wanted.filter(|action| is_pressed(action)).collect()
    })
}
