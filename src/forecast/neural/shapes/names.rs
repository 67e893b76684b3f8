//! Clusters named by what their members do.

use crate::forecast::least_squares::dot;
use crate::model::{Frequency, Period};
use crate::text;
use crate::words::Text;

/// A mean profile that varies less, in spreads, is what is left when everybody does something else.
const LEAST_COMMON: f64 = 0.35;
/// A profile whose correlation with time is larger rises or falls.
const STEADY: f64 = 0.8;

/// A mean profile's name; the last of its periods is `end`.
pub(super) fn name(profile: &[f64], end: Period, is_sparse: bool) -> Text {
    let course = course(profile, end);
    let Text { en, zh } = &course;
    if is_sparse { text!("Sparse, {en}", "稀疏，{zh}") } else { capital(&course) }
}

fn course(profile: &[f64], end: Period) -> Text {
    let n = profile.len() as f64;
    let mean = profile.iter().sum::<f64>() / n;
    let centred: Vec<f64> = profile.iter().map(|p| p - mean).collect();
    let spread = (dot(&centred, &centred) / n).sqrt();
    if spread < LEAST_COMMON {
        return text!("no common season", "无共同季节");
    }
    let time: Vec<f64> = (0..profile.len()).map(|t| t as f64 - (n - 1.0) / 2.0).collect();
    let along = dot(&time, &centred) / (dot(&time, &time) * dot(&centred, &centred)).sqrt();
    if along > STEADY {
        return text!("rising through the window", "窗口内持续上升");
    }
    if along < -STEADY {
        return text!("falling through the window", "窗口内持续下降");
    }
    let Some((low, high)) = extremes(profile, end) else {
        return text!("common ups and downs", "有共同起伏");
    };
    let (Text { en: low, zh: low_zh }, Text { en: high, zh: high_zh }) = (low, high);
    text!("peak {high}, low {low}", "{high_zh}高峰，{low_zh}低谷")
}

/// The calendar's parts with the smallest and the largest mean.
fn extremes(profile: &[f64], end: Period) -> Option<(Text, Text)> {
    let mut parts = [(0.0, 0usize); 12];
    for (t, value) in profile.iter().enumerate() {
        let (sum, count) = &mut parts[part(end.plus(t as i64 + 1 - profile.len() as i64))?];
        *sum += value;
        *count += 1;
    }
    let means = parts.iter().enumerate().filter(|(_, (_, count))| *count > 0);
    let means = || means.clone().map(|(k, (sum, count))| (k, sum / *count as f64));
    let low = means().min_by(|a, b| a.1.total_cmp(&b.1))?.0;
    let high = means().max_by(|a, b| a.1.total_cmp(&b.1))?.0;
    let name = |k| part_name(end.frequency(), k);
    Some((name(low), name(high)))
}

/// Which weekday, month or quarter a period is; a week belongs to the month of its Thursday.
fn part(period: Period) -> Option<usize> {
    match period.frequency() {
        Frequency::Step | Frequency::Year => None,
        Frequency::Week => {
            let thursday = period.first_day()?.checked_add(jiff::Span::new().days(3)).ok()?;
            Some(thursday.month() as usize - 1)
        }
        _ => Some(period.season_index()),
    }
}

fn part_name(frequency: Frequency, k: usize) -> Text {
    const DAYS: [(&str, &str); 7] = [
        ("on Mondays", "周一"),
        ("on Tuesdays", "周二"),
        ("on Wednesdays", "周三"),
        ("on Thursdays", "周四"),
        ("on Fridays", "周五"),
        ("on Saturdays", "周六"),
        ("on Sundays", "周日"),
    ];
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let number = k + 1;
    match frequency {
        Frequency::Day => Text::new(DAYS[k % 7].0, DAYS[k % 7].1),
        Frequency::Quarter => text!("in Q{number}", "第 {number} 季度"),
        _ => {
            let month = MONTHS[k % 12];
            text!("in {month}", "{number} 月")
        }
    }
}

fn capital(words: &Text) -> Text {
    let mut letters = words.en.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    Text::new(first + letters.as_str(), words.zh.clone())
}

#[cfg(test)]
mod tests {
    use super::name;
    use crate::model::Period;

    fn named(profile: impl Fn(usize) -> f64, window: usize, end: &str, is_sparse: bool) -> [String; 2] {
        let profile: Vec<f64> = (0..window).map(profile).collect();
        let name = name(&profile, Period::parse(end).expect("a period"), is_sparse);
        [name.en, name.zh]
    }

    #[test]
    fn a_name_says_what_the_profile_does() {
        let wave = |peak: usize| move |t: usize| ((t as f64 - peak as f64) / 12.0 * std::f64::consts::TAU).cos();
        // The window begins in April.
        assert_eq!(named(wave(3), 12, "2025-03", false), ["Peak in July, low in January", "7 月高峰，1 月低谷"]);
        assert_eq!(named(|t| t as f64, 12, "2025-03", false)[0], "Rising through the window");
        assert_eq!(named(|t| -(t as f64), 52, "2025-W10", false)[1], "窗口内持续下降");
        assert_eq!(named(|t| 0.1 * wave(2)(t), 12, "2025-03", true)[0], "Sparse, no common season");
        let saturday = |t: usize| f64::from(2 * u8::from(t % 7 == 5));
        assert!(named(saturday, 14, "2025-11-23", false)[0].starts_with("Peak on Saturdays"));
        // Week 51 lies in December.
        let late = |t: usize| f64::from(4 * u8::from(t >= 49));
        assert!(named(late, 52, "2025-W52", false)[0].starts_with("Peak in December"));
        assert_eq!(named(wave(3), 12, "17", false)[0], "Common ups and downs");
    }
}
