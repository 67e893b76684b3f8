//! The window's words, in both languages.
//!
//! A sentence that an engine says arrives as [`Text`]; a label that only the window knows is said here or, where it
//! occurs once, at its place with [`Words::t`], the English beside the Chinese.

use crate::model::{Frequency, Lever};
use crate::session::{Device, Returns, Role, Theme};
use crate::words::{Language, Text};

/// Speaks the user's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words(pub(super) Language);

impl Words {
    /// A fixed label.
    pub(super) fn t(self, en: &'static str, zh: &'static str) -> &'static str {
        match self.0 {
            Language::English => en,
            Language::Chinese => zh,
        }
    }

    /// A sentence from an engine.
    pub(super) fn of(self, text: &Text) -> &str {
        text.get(self.0)
    }

    /// A sentence made here.
    pub(super) fn own(self, text: Text) -> String {
        match self.0 {
            Language::English => text.en,
            Language::Chinese => text.zh,
        }
    }

    /// "Label (unit)"; the label alone when there is no unit.
    pub(super) fn with_unit(self, label: &str, unit: &str) -> String {
        match (unit.is_empty(), self.0) {
            (true, _) => label.to_owned(),
            (false, Language::English) => format!("{label} ({unit})"),
            (false, Language::Chinese) => format!("{label}（{unit}）"),
        }
    }
}

/// The name of a lever.
pub(super) fn lever(lever: Lever) -> Text {
    lever.label()
}

/// What a column of a sales file holds.
pub(super) fn role(role: Role) -> Text {
    match role {
        Role::Date => Text::new("Date", "日期"),
        Role::Item => Text::new("Item", "商品"),
        Role::Location => Text::new("Location", "地点"),
        Role::Region => Text::new("Region", "区域"),
        Role::Quantity => Text::new("Quantity", "数量"),
        Role::Price => Text::new("Price", "价格"),
    }
}

/// The name of a period length; "guessed" when none is set.
pub(super) fn frequency(frequency: Option<Frequency>) -> Text {
    frequency.map_or_else(
        || Text::new("Guess", "自动判断"),
        |f| {
            let Text { en, zh } = f.label();
            let mut letters = en.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            Text::new(first + letters.as_str(), zh)
        },
    )
}

/// What happens to negative quantities.
pub(super) fn returns(returns: Returns) -> Text {
    match returns {
        Returns::Net => Text::new("Subtract from sales", "从销量中扣除"),
        Returns::Drop => Text::new("Leave out and list", "剔除并列出"),
    }
}

/// Where a network is trained.
pub(super) fn device(device: Device) -> Text {
    match device {
        Device::Auto => Text::new("Best available", "自动选择"),
        Device::Cpu => Text::same("CPU"),
        Device::Cuda => Text::same("CUDA"),
        Device::Metal => Text::same("Metal"),
    }
}

/// Light or dark.
pub(super) fn theme(theme: Theme) -> Text {
    match theme {
        Theme::System => Text::new("As the system", "跟随系统"),
        Theme::Light => Text::new("Light", "浅色"),
        Theme::Dark => Text::new("Dark", "深色"),
    }
}

/// A model's name for people; its own name when nobody knows it better.
pub(super) fn model_label(words: Words, model: &str) -> String {
    let (head, order) = model.split_at(model.find('(').unwrap_or(model.len()));
    let known = crate::session::models();
    match known.iter().find(|m| m.name == head) {
        Some(known) if order.is_empty() => words.of(&known.label).to_owned(),
        Some(known) => format!("{} {order}", words.of(&known.label)),
        None => model.to_owned(),
    }
}
