//! How an item's stock is replenished: the policy, what its safety stock is made for, the days on which orders go out.

use crate::words::Text;
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

/// A replenishment policy, by its usual symbols: reorder point s, order quantity Q, max level S, review period R.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Policy {
    /// (s, S) under continuous review; (R, S), or (R, s, S) where a lot outlasts the review period, under periodic review.
    #[default]
    Automatic,
    /// (s, Q): at or below s order Q, or as many times Q as lift the position above s.
    ReorderLot,
    /// (s, S): at or below s order up to S.
    ReorderUpTo,
    /// (R, S): every review orders up to S.
    PeriodicUpTo,
    /// (R, s, S): a review at or below s orders up to S.
    PeriodicReorderUpTo,
    /// Base stock: what was sold is ordered, period by period.
    BaseStock,
    /// Newsvendor: one order at the start for the whole horizon.
    Newsvendor,
}

impl Policy {
    /// All policies, in the order they are offered.
    pub const ALL: [Self; 7] = [
        Self::Automatic,
        Self::ReorderLot,
        Self::ReorderUpTo,
        Self::PeriodicUpTo,
        Self::PeriodicReorderUpTo,
        Self::BaseStock,
        Self::Newsvendor,
    ];

    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Automatic => "auto",
            Self::ReorderLot => "sQ",
            Self::ReorderUpTo => "sS",
            Self::PeriodicUpTo => "RS",
            Self::PeriodicReorderUpTo => "RsS",
            Self::BaseStock => "base-stock",
            Self::Newsvendor => "newsvendor",
        }
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Automatic => Text::new("Automatic", "自动"),
            Self::ReorderLot => Text::same("(s, Q)"),
            Self::ReorderUpTo => Text::same("(s, S)"),
            Self::PeriodicUpTo => Text::same("(R, S)"),
            Self::PeriodicReorderUpTo => Text::same("(R, s, S)"),
            Self::BaseStock => Text::new("Base stock", "基准库存"),
            Self::Newsvendor => Text::new("Newsvendor", "报童模型"),
        }
    }

    /// The policy by its name, brackets, commas, blanks and case aside except where case tells s from S.
    pub fn parse(name: &str) -> Option<Self> {
        let bare: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
        match bare.as_str() {
            "sQ" | "rQ" | "RQ" | "sq" | "rq" => Some(Self::ReorderLot),
            "sS" | "minmax" | "MinMax" | "ss" => Some(Self::ReorderUpTo),
            "RS" | "rs" | "TS" => Some(Self::PeriodicUpTo),
            "RsS" | "rss" | "TsS" => Some(Self::PeriodicReorderUpTo),
            _ => match bare.to_lowercase().as_str() {
                "auto" | "automatic" | "自动" => Some(Self::Automatic),
                "basestock" | "基准库存" => Some(Self::BaseStock),
                "newsvendor" | "newsboy" | "报童" | "报童模型" => Some(Self::Newsvendor),
                _ => None,
            },
        }
    }
}

/// What safety stock is made for. The other three follow and are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum SafetyBasis {
    /// Probability that an order cycle sees no shortage.
    #[default]
    CycleService,
    /// Share of demand served from stock.
    FillRate,
    /// Cost of a unit short against the cost of holding one.
    ShortageCost,
    /// Days of mean demand that it lasts.
    Cover,
}

impl SafetyBasis {
    /// All bases, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::CycleService, Self::FillRate, Self::ShortageCost, Self::Cover];

    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::CycleService => "cycle-service",
            Self::FillRate => "fill-rate",
            Self::ShortageCost => "shortage-cost",
            Self::Cover => "cover",
        }
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::CycleService => Text::new("Cycle service", "周期服务水平"),
            Self::FillRate => Text::new("Fill rate", "满足率"),
            Self::ShortageCost => Text::new("Shortage cost", "缺货成本"),
            Self::Cover => Text::new("Days of cover", "覆盖天数"),
        }
    }

    /// The basis by its name in either language; blanks, hyphens and case aside.
    pub fn parse(name: &str) -> Option<Self> {
        let bare: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        match bare.as_str() {
            "cycleservice" | "servicelevel" | "csl" | "周期服务水平" | "服务水平" => Some(Self::CycleService),
            "fillrate" | "满足率" => Some(Self::FillRate),
            "shortagecost" | "cost" | "缺货成本" => Some(Self::ShortageCost),
            "cover" | "daysofcover" | "coverdays" | "覆盖天数" => Some(Self::Cover),
            _ => None,
        }
    }
}

/// The weekdays on which a supplier takes orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OrderDays(u8);

impl Default for OrderDays {
    fn default() -> Self {
        Self::EVERY
    }
}

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];
const NAMES: [(&str, &str); 7] = [
    ("Mon", "周一"),
    ("Tue", "周二"),
    ("Wed", "周三"),
    ("Thu", "周四"),
    ("Fri", "周五"),
    ("Sat", "周六"),
    ("Sun", "周日"),
];

impl OrderDays {
    /// Every day of the week.
    pub const EVERY: Self = Self(0x7f);

    /// These days; every day when there is none, since an item that can never be ordered is a mistake.
    pub fn new(days: impl IntoIterator<Item = Weekday>) -> Self {
        let mask = days.into_iter().fold(0, |mask, day| mask | 1 << day.to_monday_zero_offset());
        if mask == 0 { Self::EVERY } else { Self(mask) }
    }

    /// True when orders go out on this day.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 >> day.to_monday_zero_offset() & 1 == 1
    }

    /// True when orders go out on every day.
    pub fn is_every_day(self) -> bool {
        self == Self::EVERY
    }

    /// Days of the week, Monday first.
    pub fn days(self) -> impl Iterator<Item = Weekday> {
        WEEK.into_iter().filter(move |day| self.contains(*day))
    }

    /// The longest wait between two order days, days: 7 with one day a week, 1 with every day.
    pub fn longest_gap_days(self) -> u8 {
        let mut days: Vec<u8> = self.days().map(|d| d.to_monday_zero_offset() as u8).collect();
        days.extend(days.first().map(|d| d + 7));
        days.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(7)
    }

    /// "Mon, Thu", or "every day".
    pub fn label(self) -> Text {
        if self.is_every_day() {
            return Text::new("every day", "每天");
        }
        let names = || WEEK.into_iter().zip(NAMES).filter(|(day, _)| self.contains(*day)).map(|(_, names)| names);
        let en: Vec<&str> = names().map(|n| n.0).collect();
        let zh: Vec<&str> = names().map(|n| n.1).collect();
        Text::new(en.join(", "), zh.join("、"))
    }

    /// From words such as `Mon, Thu`, `1 4` (Monday is 1), `周一、周四` or `every day`; `None` when a word is no day.
    pub fn parse(words: &str) -> Option<Self> {
        let text = words.trim().to_lowercase();
        if ["every day", "daily", "all", "每天", "每日"].contains(&text.as_str()) {
            return Some(Self::EVERY);
        }
        let is_mark = |c: char| c.is_whitespace() || ",;/+&|、，；".contains(c);
        let days: Option<Vec<Weekday>> = text.split(is_mark).filter(|w| !w.is_empty()).map(weekday).collect();
        days.filter(|days| !days.is_empty()).map(Self::new)
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    const CHINESE: [char; 7] = ['一', '二', '三', '四', '五', '六', '日'];
    if let Ok(number) = word.parse::<usize>() {
        return WEEK.get(number.checked_sub(1)?).copied();
    }
    let of_week = ["星期", "礼拜", "周"].into_iter().find_map(|prefix| word.strip_prefix(prefix)).unwrap_or(word);
    let mut chars = of_week.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        let c = if c == '天' { '日' } else { c };
        return CHINESE.iter().position(|x| *x == c).map(|k| WEEK[k]);
    }
    let full = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let is_short = word.len() >= 3;
    full.iter().position(|day| is_short && day.starts_with(word)).map(|k| WEEK[k])
}
