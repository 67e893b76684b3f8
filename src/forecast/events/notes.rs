//! What became of each driver, in words.

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
use crate::model::{Period, SeriesId};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;

/// Something to say about a driver of one series.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Note {
    /// The driver's name.
    pub(crate) column: Text,
    /// What became of it.
    pub(crate) fate: Fate,
}

/// What became of a driver.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fate {
    /// Stated for other series, not for this one.
    NotStated,
    /// Dates on one side, numbered periods on the other.
    NoCalendar,
    /// So many periods of the history were filled.
    Filled(usize),
    /// More than half of the history is not stated.
    Sparse,
    /// Not stated for so many periods of the horizon, from the first to the last of them.
    NoFuture(usize, Period, Period),
    /// The last value holds over so many periods of the horizon, as asked.
    Held(usize),
    /// Only listed where it happens, and never in the horizon.
    NoneAhead,
    /// The same value in every period of the history.
    Constant,
    /// Happens in the horizon and never in the history.
    OnlyAhead,
    /// Falls into the same periods every year.
    Seasonal,
    /// Says the same as another driver.
    SameAs(Text),
    /// Beyond the number of drivers that a series may have.
    TooMany(usize),
}

impl Fate {
    fn code(&self) -> &'static str {
        match self {
            Self::NotStated => "driver-not-stated",
            Self::NoCalendar => "driver-without-calendar",
            Self::Filled(_) => "driver-gaps-filled",
            Self::Sparse => "driver-mostly-missing",
            Self::NoFuture(..) => "driver-future-missing",
            Self::Held(_) => "driver-held",
            Self::NoneAhead => "driver-none-ahead",
            Self::Constant => "driver-constant",
            Self::OnlyAhead => "driver-only-ahead",
            Self::Seasonal => "driver-seasonal",
            Self::SameAs(_) => "driver-duplicate",
            Self::TooMany(_) => "too-many-drivers",
        }
    }

    /// What changes the forecast against the user's expectation is a warning.
    fn severity(&self) -> Severity {
        match self {
            Self::Held(_) | Self::Constant | Self::Seasonal | Self::SameAs(_) => Severity::Info,
            _ => Severity::Warning,
        }
    }

    fn hint(&self) -> Text {
        match self {
            Self::NotStated => text!(
                "Add rows for this item, or a row without item for all",
                "请为该物料添加数据行，或添加不写物料的通用行"
            ),
            Self::NoCalendar => {
                text!("Write dates in both files, or period numbers in both", "请在两个文件中都使用日期，或都使用期号")
            }
            Self::Filled(_) | Self::Sparse => text!("State a value for every period", "请为每一期填写数值"),
            Self::NoFuture(..) => text!(
                "Add the planned values for these periods to the file, shorten the horizon, or hold the last value (--hold-drivers)",
                "请在文件中补充这些期间的计划值、缩短预测期数，或沿用最后的值（--hold-drivers）"
            ),
            Self::NoneAhead => text!("Add the planned dates if there are any", "如有计划日期请补充"),
            Self::OnlyAhead => text!("Say its effect with a demand override", "请用需求调整来表达其影响"),
            Self::TooMany(_) => text!("Keep those that matter most", "请只保留最重要的因素"),
            Self::Held(_) | Self::Constant | Self::Seasonal | Self::SameAs(_) => Text::default(),
        }
    }
}

impl Note {
    /// The sentence, about a series.
    pub(crate) fn sentence(&self, id: &SeriesId) -> Text {
        let Text { en, zh } = &self.column;
        match &self.fate {
            Fate::NotStated => text!("{id}: {en} is not stated and was left out", "{id}：未提供{zh}，已忽略"),
            Fate::NoCalendar => text!(
                "{id}: {en} and the sales don't share a calendar; it was left out",
                "{id}：{zh}与销售数据的日历不一致，已忽略"
            ),
            Fate::Filled(n) => text!(
                "{id}: {en} is not stated in {n} periods of the history; an amount was carried on, a flag taken as 0",
                "{id}：{zh}在历史的 {n} 期中缺失；数值沿用上期，标志按 0 处理"
            ),
            Fate::Sparse => text!(
                "{id}: {en} is not stated in most of the history and was left out",
                "{id}：{zh}在大部分历史中缺失，已忽略"
            ),
            Fate::NoFuture(n, first, last) => text!(
                "{id}: {en} has no value in {n} periods of the horizon ({first} to {last}) and was left out",
                "{id}：{zh}在预测期内有 {n} 期没有数值（{first} 至 {last}），已忽略"
            ),
            Fate::Held(n) => text!(
                "{id}: the last value of {en} holds over {n} periods of the horizon, as asked",
                "{id}：{zh}按设置在预测期内沿用最后的值（{n} 期）"
            ),
            Fate::NoneAhead => text!(
                "{id}: {en} is listed only where it happens, and never in the horizon: none is assumed",
                "{id}：{zh}仅列出发生的期间，预测期内没有：按不发生处理"
            ),
            Fate::Constant => {
                text!("{id}: {en} doesn't vary in the history and was left out", "{id}：{zh}在历史中没有变化，已忽略")
            }
            Fate::OnlyAhead => text!(
                "{id}: {en} changes in the horizon but never did in the history; its effect can't be learnt and it was left out",
                "{id}：{zh}在预测期内变化，但历史中从未变化；无法学习其影响，已忽略"
            ),
            Fate::Seasonal => text!(
                "{id}: {en} falls in the same periods every year; the season covers it",
                "{id}：{zh}每年落在相同的期间，已由季节项体现"
            ),
            Fate::SameAs(other) => {
                let (other_en, other_zh) = (&other.en, &other.zh);
                text!("{id}: {en} says the same as {other_en} and was left out", "{id}：{zh}与{other_zh}重复，已忽略")
            }
            Fate::TooMany(most) => {
                text!("{id}: more than {most} drivers; {en} was left out", "{id}：驱动因素超过 {most} 个，{zh}已忽略")
            }
        }
    }
}

/// Notes of many series: one finding per driver and fate, with the first series as its example and a count.
pub(crate) fn gather<'a>(notes: impl Iterator<Item = (&'a SeriesId, &'a Note)>, diagnostics: &mut Diagnostics) {
    let mut kinds: BTreeMap<(&'static str, &str), (&SeriesId, &Note, u64)> = BTreeMap::new();
    for (id, note) in notes {
        kinds.entry((note.fate.code(), &note.column.en)).or_insert((id, note, 0)).2 += 1;
    }
    for ((code, _), (id, note, count)) in kinds {
        let mut message = note.sentence(id);
        if count > 1 {
            let more = count - 1;
            message = message.then(&text!("(and {more} more series)", "（另有 {more} 个序列）"));
        }
        let place = Place::default().column(note.column.en.clone());
        let mut found = Diagnostic::new(note.fate.severity(), code, message, note.fate.hint(), place);
        found.count = count;
        diagnostics.push(found);
    }
}
