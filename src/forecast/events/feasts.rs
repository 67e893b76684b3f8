//! The feasts and shopping days: one row of the table is one regressor.
//!
//! People buy before a feast and rest during it, so a big feast has a window before it, its own days, and sometimes one
//! after it; windows of one feast don't overlap.

use super::moving::{Day, Rule, number};
use crate::model::HolidaySet::{self, China, Germany, India, Islamic, UnitedKingdom, UnitedStates};
use jiff::civil::{Date, Weekday};

/// Days around a feast that share one effect.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// English name.
    pub(crate) en: &'static str,
    /// Chinese name.
    pub(crate) zh: &'static str,
    /// When the feast is.
    pub(crate) rule: Rule,
    /// First day, relative to the feast.
    pub(crate) first: Day,
    /// Last day, relative to the feast.
    pub(crate) last: Day,
    /// The sets it belongs to.
    pub(crate) sets: &'static [HolidaySet],
}

const ALL_BUT_ISLAMIC: &[HolidaySet] = &[China, UnitedStates, UnitedKingdom, Germany];
const WESTERN: &[HolidaySet] = &[UnitedStates, UnitedKingdom, Germany];
const CHINA: &[HolidaySet] = &[China];
const US: &[HolidaySet] = &[UnitedStates];
const UK: &[HolidaySet] = &[UnitedKingdom];
const GERMANY: &[HolidaySet] = &[Germany];
const EUROPE: &[HolidaySet] = &[UnitedKingdom, Germany];
const ISLAMIC: &[HolidaySet] = &[Islamic];
const INDIA: &[HolidaySet] = &[India];

/// Diwali, the public holiday of India's central government, 2001 to 2035 (`tests/golden/feasts.csv`; later years are not
/// published).
#[rustfmt::skip]
const DIWALI: &[(i16, i8, i8)] = &[
    (2001, 11, 14), (2002, 11, 4), (2003, 10, 25), (2004, 11, 12), (2005, 11, 1), (2006, 10, 21), (2007, 11, 9),
    (2008, 10, 28), (2009, 10, 17), (2010, 11, 5), (2011, 10, 26), (2012, 11, 13), (2013, 11, 3), (2014, 10, 23),
    (2015, 11, 11), (2016, 10, 30), (2017, 10, 19), (2018, 11, 7), (2019, 10, 27), (2020, 11, 14), (2021, 11, 4),
    (2022, 10, 24), (2023, 11, 12), (2024, 10, 31), (2025, 10, 20), (2026, 11, 8), (2027, 10, 29), (2028, 10, 17),
    (2029, 11, 5), (2030, 10, 26), (2031, 11, 14), (2032, 11, 2), (2033, 10, 22), (2034, 11, 10), (2035, 10, 30),
];

/// Every window. Easter's days count from Easter Sunday.
pub(crate) const WINDOWS: &[Window] = &[
    window("New Year", "元旦", Rule::Fixed(1, 1), (0, 0), ALL_BUT_ISLAMIC),
    // China. The eve belongs to Spring Festival; business rests for about a week, and half of one more.
    window("Two weeks before Spring Festival", "春节前两周", Rule::Lunar(1, 1), (-15, -2), CHINA),
    window("Spring Festival", "春节", Rule::Lunar(1, 1), (-1, 6), CHINA),
    window("Week after Spring Festival", "春节后一周", Rule::Lunar(1, 1), (7, 13), CHINA),
    window("Lantern Festival", "元宵节", Rule::Lunar(1, 15), (0, 0), CHINA),
    window("Qingming", "清明节", Rule::Qingming, (-1, 1), CHINA),
    window("Labour Day holiday", "五一假期", Rule::Fixed(5, 1), (0, 4), CHINA),
    window("Dragon Boat Festival", "端午节", Rule::Lunar(5, 5), (0, 2), CHINA),
    window("Two weeks before Dragon Boat Festival", "端午节前两周", Rule::Lunar(5, 5), (-14, -1), CHINA),
    window("Qixi", "七夕", Rule::Lunar(7, 7), (-1, 0), CHINA),
    window("Three weeks before Mid-Autumn Festival", "中秋节前三周", Rule::Lunar(8, 15), (-21, -1), CHINA),
    window("Mid-Autumn Festival", "中秋节", Rule::Lunar(8, 15), (0, 1), CHINA),
    window("National Day week", "国庆黄金周", Rule::Fixed(10, 1), (0, 6), CHINA),
    window("618 warm-up", "618 预热", Rule::Fixed(6, 18), (-17, -3), CHINA),
    window("618", "618 大促", Rule::Fixed(6, 18), (-2, 2), CHINA),
    window("11.11 warm-up", "双十一预热", Rule::Fixed(11, 11), (-11, -2), CHINA),
    window("11.11", "双十一", Rule::Fixed(11, 11), (-1, 0), CHINA),
    window("Week after 11.11", "双十一后一周", Rule::Fixed(11, 11), (1, 7), CHINA),
    window("12.12", "双十二", Rule::Fixed(12, 12), (-1, 0), CHINA),
    // Easter.
    window("Two weeks before Easter", "复活节前两周", Rule::Easter, (-15, -3), WESTERN),
    window("Good Friday", "耶稣受难日", Rule::Easter, (-2, -2), EUROPE),
    window("Easter", "复活节", Rule::Easter, (-1, 0), WESTERN),
    window("Easter Monday", "复活节星期一", Rule::Easter, (1, 1), EUROPE),
    window("Ascension Day", "耶稣升天节", Rule::Easter, (39, 39), GERMANY),
    window("Whit Monday", "圣灵降临节", Rule::Easter, (49, 50), GERMANY),
    // Fixed and weekday holidays of the West.
    window("Valentine's Day", "情人节", Rule::Fixed(2, 14), (-6, 0), US),
    window("Mother's Day", "母亲节", Rule::Nth(5, Weekday::Sunday, 2), (-6, 0), US),
    window("Memorial Day", "阵亡将士纪念日", Rule::Nth(5, Weekday::Monday, -1), (-2, 0), US),
    window("Independence Day", "美国独立日", Rule::Fixed(7, 4), (-1, 0), US),
    window("Labor Day (US)", "美国劳动节", Rule::Nth(9, Weekday::Monday, 1), (-2, 0), US),
    window("Halloween", "万圣节", Rule::Fixed(10, 31), (-6, 0), US),
    window("Week before Thanksgiving", "感恩节前一周", Rule::Nth(11, Weekday::Thursday, 4), (-7, -1), US),
    window("Thanksgiving", "感恩节", Rule::Nth(11, Weekday::Thursday, 4), (0, 0), US),
    window("Early May bank holiday", "五月初银行假日", Rule::Nth(5, Weekday::Monday, 1), (0, 0), UK),
    window("Spring bank holiday", "春季银行假日", Rule::Nth(5, Weekday::Monday, -1), (0, 0), UK),
    window("Summer bank holiday", "夏季银行假日", Rule::Nth(8, Weekday::Monday, -1), (0, 0), UK),
    window("Labour Day", "劳动节", Rule::Fixed(5, 1), (0, 0), GERMANY),
    window("German Unity Day", "德国统一日", Rule::Fixed(10, 3), (0, 0), GERMANY),
    // Friday to Monday after the fourth Thursday of November.
    window("Black Friday to Cyber Monday", "黑色星期五", Rule::Nth(11, Weekday::Thursday, 4), (1, 4), WESTERN),
    window("Two weeks before Christmas", "圣诞节前两周", Rule::Fixed(12, 25), (-14, -2), WESTERN),
    window("Christmas Eve", "平安夜", Rule::Fixed(12, 25), (-1, -1), WESTERN),
    window("Christmas Day", "圣诞节", Rule::Fixed(12, 25), (0, 0), WESTERN),
    window("Between Christmas and New Year", "圣诞节后一周", Rule::Fixed(12, 25), (1, 6), WESTERN),
    // Ramadan has 30 days in the tabular calendar.
    window("Two weeks before Ramadan", "斋月前两周", Rule::Islamic(9, 1), (-14, -1), ISLAMIC),
    window("Ramadan", "斋月", Rule::Islamic(9, 1), (0, 29), ISLAMIC),
    window("Eid al-Fitr", "开斋节", Rule::Islamic(10, 1), (0, 2), ISLAMIC),
    window("Two weeks before Eid al-Adha", "宰牲节前两周", Rule::Islamic(12, 10), (-14, -1), ISLAMIC),
    window("Eid al-Adha", "宰牲节", Rule::Islamic(12, 10), (0, 3), ISLAMIC),
    // People buy from Navaratri on; the feast has five days, the third of which is the holiday.
    window("Three weeks before Diwali", "排灯节前三周", Rule::Listed(DIWALI), (-23, -3), INDIA),
    window("Diwali", "排灯节", Rule::Listed(DIWALI), (-2, 2), INDIA),
];

const fn window(
    en: &'static str,
    zh: &'static str,
    rule: Rule,
    (first, last): (Day, Day),
    sets: &'static [HolidaySet],
) -> Window {
    Window { en, zh, rule, first, last, sets }
}

impl Window {
    /// The windows that touch the days from `from` to `to`, as first and last day, ascending.
    pub(crate) fn spans(&self, from: Date, to: Date) -> Vec<(Day, Day)> {
        let (first, last) = (number(from), number(to));
        // A window may reach over the turn of the year.
        let years = from.year().saturating_sub(1)..=to.year().saturating_add(1);
        let feasts = years.flat_map(|year| self.rule.days(year));
        let spans = feasts.map(|day| (day + self.first, day + self.last));
        spans.filter(|(a, b)| *b >= first && *a <= last).collect()
    }
}
