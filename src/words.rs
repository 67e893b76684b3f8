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

/// A number for a sentence: four digits that count, thousands marks, a true minus sign.
pub fn figure(x: f64) -> String {
    let size = x.abs();
    if size >= 1e15 || (size > 0.0 && size < 1e-3) {
        return format!("{x:.3e}").replacen('-', "−", usize::from(x < 0.0));
    }
    let decimals = match size {
        s if s >= 1000.0 => 0,
        s if s >= 100.0 => 1,
        s if s >= 1.0 => 2,
        _ => 3,
    };
    let digits = format!("{size:.decimals$}");
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut text = String::from(if x < 0.0 { "−" } else { "" });
    for (k, digit) in whole.chars().enumerate() {
        if k > 0 && (whole.len() - k).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    // What is whole looks whole: 31, not 31.00.
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// `text!("{n} rows", "{n} 行")`: a [`Text`] whose wordings may capture variables as in `format!`.
#[macro_export]
macro_rules! text {
    ($en:literal, $zh:literal $(,)?) => {
        $crate::words::Text::new(format!($en), format!($zh))
    };
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_have_four_digits_that_count() {
        let check = |x: f64, expected: &str| assert_eq!(figure(x), expected);
        check(0.0, "0");
        check(31.0, "31");
        check(15.746, "15.75");
        check(-0.8712, "−0.871");
        check(125.51, "125.5");
        check(91.9, "91.9");
        check(1234.56, "1,235");
        check(-1_146_238.85, "−1,146,239");
        check(1e-12, "1.000e-12");
        check(-2.5e18, "−2.500e18");
    }
}
