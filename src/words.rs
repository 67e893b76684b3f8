//! A sentence in both of Planwright's languages.
//!
//! Engines explain themselves (diagnostics, reasons, warnings) and English and Chinese are equals, so a sentence is
//! born in both. The window shows the user's language, and switching it needs no restart and no recomputing.

use serde::{Deserialize, Serialize};

/// A language of the user interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese, 简体中文.
    Chinese,
}

/// One sentence, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Text {
    /// The English wording.
    pub en: String,
    /// The Simplified Chinese wording.
    pub zh: String,
}

impl Text {
    /// A sentence from its two wordings.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// A word that is the same in both languages: a code, a model name, a number.
    pub fn same(word: impl Into<String>) -> Self {
        let en = word.into();
        Self { zh: en.clone(), en }
    }

    /// The wording in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }

    /// True when there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty()
    }

    /// Two sentences, one after the other.
    #[must_use]
    pub fn then(&self, next: &Text) -> Self {
        if self.is_empty() {
            return next.clone();
        }
        if next.is_empty() {
            return self.clone();
        }
        Self { en: format!("{} {}", self.en, next.en), zh: format!("{}{}", self.zh, next.zh) }
    }
}

impl std::fmt::Display for Text {
    /// English: what logs and the command line speak.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en)
    }
}

/// `text!("{n} rows", "{n} 行")`: a [`Text`] whose wordings may capture variables as in `format!`.
#[macro_export]
macro_rules! text {
    ($en:literal, $zh:literal $(,)?) => {
        $crate::words::Text::new(format!($en), format!($zh))
    };
}
