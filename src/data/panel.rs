//! Rows → [`SalesPanel`]: summed to the period length, missing periods zero, all series to one end.

use super::DataError;
use super::dates::date_of;
use super::findings::unreadable;
use super::frequency::Rhythm;
use super::limits::{MAX_PERIODS, MAX_VALUES};
use super::rows::{Reason, Rows};
use crate::control::Control;
use crate::diagnostic::{Diagnostics, Place};
use crate::model::{Frequency, Period, SalesPanel, Series, SeriesId};
use crate::text;

/// Periods before the last whose ends are compared with the last one's.
const COMPARED_PERIODS: usize = 8;
/// With fewer periods before it, an incomplete last period stays in: history is scarce.
const PERIODS_TO_SPARE: usize = 4;
/// A last period covered by more than this stays in, with a warning.
const ALMOST_WHOLE: f64 = 0.8;

/// The different days of the rows, in order, each with its period.
struct Calendar {
    days: Vec<i32>,
    /// Periods from the first one, per day.
    offsets: Vec<i64>,
    first: Period,
}

impl Calendar {
    fn new(days: Vec<i32>, frequency: Frequency) -> Option<Self> {
        let period = |day: i32| match frequency {
            Frequency::Step => Some(Period::step(day)),
            _ => Some(Period::containing(date_of(day)?, frequency)),
        };
        let first = period(*days.first()?)?;
        let offsets = days.iter().map(|d| Some(period(*d)?.since(first))).collect::<Option<Vec<_>>>()?;
        Some(Self { days, offsets, first })
    }

    fn offset(&self, day: i32) -> i64 {
        self.days.binary_search(&day).map_or(0, |k| self.offsets[k])
    }

    fn last(&self) -> i64 {
        self.offsets.last().copied().unwrap_or(0)
    }
}

/// Builds the panel and reports on it; rows of an incomplete last period move to the rows left out. `None` when the
/// findings hold an error.
///
/// # Errors
/// Too long a history for its period length, or cancelled.
pub(super) fn build(
    rows: &mut Rows,
    natural: Frequency,
    rhythm: Rhythm,
    frequency: Frequency,
    place: &Place,
    diagnostics: &mut Diagnostics,
    control: &Control,
) -> Result<Option<SalesPanel>, DataError> {
    let mut days: Vec<i32> = rows.used.iter().map(|r| r.day).collect();
    days.sort_unstable();
    days.dedup();
    if frequency == Frequency::Step {
        align_steps(rows, place, diagnostics);
        days = rows.used.iter().map(|r| r.day).collect();
        days.sort_unstable();
        days.dedup();
    }
    let Some(mut calendar) = Calendar::new(days, frequency) else { return Ok(None) };
    check_length(&calendar, place)?;
    if frequency > natural && natural != Frequency::Step {
        leave_out_incomplete(rows, &mut calendar, natural, frequency, place, diagnostics);
    }
    control.report(0.9, &text!("Summing by period", "正在按期汇总"))?;
    let keyed = keyed_rows(rows, &calendar);
    check_values(&keyed, &calendar, frequency, place)?;
    let end = calendar.first.plus(calendar.last());
    let mut series = Vec::new();
    let (mut missing, mut example) = (0_u64, None);
    for (k, chunk) in keyed.chunk_by(|a, b| a.0 == b.0).enumerate() {
        if k % 512 == 0 {
            control.check()?;
        }
        let id = &rows.ids[chunk[0].0 as usize];
        let (made, gaps) = one_series(id, chunk, &calendar);
        if gaps > 0 {
            missing += gaps;
            example.get_or_insert_with(|| id.to_string());
        }
        series.push(made);
    }
    if let Some(id) = example {
        report_missing(missing, &id, rhythm, frequency, place, diagnostics);
    }
    report_series(&series, place, diagnostics);
    if diagnostics.has_errors() {
        return Ok(None);
    }
    // Quantities are capped, so sums are finite; each series was built to the panel's end.
    let panel = SalesPanel::new(end, series);
    Ok(panel.inspect_err(|e| tracing::error!("the panel broke its own rules: {e}")).ok())
}

/// Rows as (series, period from the first, quantity), sorted; equal keys keep the file's order, so sums are repeatable.
fn keyed_rows(rows: &Rows, calendar: &Calendar) -> Vec<(u32, u32, f64)> {
    let mut keyed: Vec<_> = rows.used.iter().map(|r| (r.series, calendar.offset(r.day) as u32, r.quantity)).collect();
    keyed.sort_by_key(|(series, period, _)| (*series, *period));
    keyed
}

/// Sums one series' rows; also the number of periods without a row.
fn one_series(id: &SeriesId, rows: &[(u32, u32, f64)], calendar: &Calendar) -> (Series, u64) {
    let first = rows[0].1;
    let mut values = vec![0.0; (calendar.last() - i64::from(first) + 1) as usize];
    let mut filled = 0;
    for period in rows.chunk_by(|a, b| a.1 == b.1) {
        values[(period[0].1 - first) as usize] = period.iter().map(|r| r.2).sum::<f64>();
        filled += 1;
    }
    let gaps = values.len() as u64 - filled;
    (Series { id: id.clone(), start: calendar.first.plus(i64::from(first)), values: values.into() }, gaps)
}

/// Numbered periods that every series counts from 1 without a gap are positions, not moments: series of different
/// lengths then end together.
fn align_steps(rows: &mut Rows, place: &Place, diagnostics: &mut Diagnostics) {
    let mut pairs: Vec<(u32, i32)> = rows.used.iter().map(|r| (r.series, r.day)).collect();
    pairs.sort_unstable();
    let mut lengths = vec![0_i32; rows.ids.len()];
    for chunk in pairs.chunk_by(|a, b| a.0 == b.0) {
        if chunk.iter().zip(1..).any(|(pair, n)| pair.1 != n) {
            return;
        }
        lengths[chunk[0].0 as usize] = chunk.len() as i32;
    }
    let (longest, shortest) = (lengths.iter().max().copied().unwrap_or(0), lengths.iter().min().copied().unwrap_or(0));
    if longest == shortest {
        return;
    }
    for row in &mut rows.used {
        row.day += longest - lengths[row.series as usize];
    }
    diagnostics.warning(
        "series-of-different-length",
        text!(
            "Every series counts its periods from 1, over {shortest} to {longest} periods; they were aligned at their last period",
            "各序列的期数均从 1 开始，长度为 {shortest} 到 {longest} 期；已按最后一期对齐"
        ),
        text!("Use dates instead of period numbers if the series end at different times", "如各序列结束时间不同，请改用日期"),
        place.clone(),
    );
}

fn check_length(calendar: &Calendar, place: &Place) -> Result<(), DataError> {
    let periods = calendar.last() + 1;
    if periods <= MAX_PERIODS as i64 {
        return Ok(());
    }
    let (first, last) = (calendar.first.label(), calendar.first.plus(calendar.last()).label());
    Err(unreadable(
        "history-too-long",
        text!(
            "The dates run from {first} to {last}: {periods} periods, more than {MAX_PERIODS}",
            "日期范围从 {first} 到 {last}：共 {periods} 期，超过 {MAX_PERIODS} 期"
        ),
        text!(
            "Correct a mistyped first or last date, or choose longer periods",
            "请更正首尾的错误日期，或选择更长的期间"
        ),
        place.clone(),
    ))
}

fn check_values(
    keyed: &[(u32, u32, f64)],
    calendar: &Calendar,
    frequency: Frequency,
    place: &Place,
) -> Result<(), DataError> {
    let length = |chunk: &[(u32, u32, f64)]| (calendar.last() - i64::from(chunk[0].1) + 1) as usize;
    let values = keyed.chunk_by(|a, b| a.0 == b.0).map(length).fold(0, usize::saturating_add);
    if values <= MAX_VALUES {
        return Ok(());
    }
    let name = frequency.label();
    Err(unreadable(
        "panel-too-big",
        crate::words::Text::new(
            format!("Planned by {}, the file makes {values} values, more than {MAX_VALUES}", name.en),
            format!("按{}汇总后共有 {values} 个数值，超过 {MAX_VALUES}", name.zh),
        ),
        text!("Choose longer periods, or split the file", "请选择更长的期间，或拆分文件"),
        place.clone(),
    ))
}

/// The last period is incomplete when the file's data stop earlier in it than in each of the periods before.
fn leave_out_incomplete(
    rows: &mut Rows,
    calendar: &mut Calendar,
    natural: Frequency,
    frequency: Frequency,
    place: &Place,
    diagnostics: &mut Diagnostics,
) {
    let last = calendar.last();
    let mut open: Vec<(i64, i64)> = Vec::new();
    for (day, offset) in calendar.days.iter().zip(&calendar.offsets).rev() {
        if open.last().is_none_or(|(o, _)| o != offset) {
            open.push((*offset, days_open(*day, natural, frequency)));
            if open.len() > COMPARED_PERIODS {
                break;
            }
        }
    }
    let usual = open.iter().skip(1).map(|(_, days)| *days).max();
    let missing = open.first().map_or(0, |(_, days)| *days);
    let period = calendar.first.plus(last);
    let covered = 1.0 - missing as f64 / period.days();
    if usual.is_none_or(|usual| missing <= usual) {
        return;
    }
    let (label, day) = (period.label(), calendar.days.last().and_then(|d| date_of(*d)));
    let day = day.map_or_else(String::new, |d| d.to_string());
    let drop = covered <= ALMOST_WHOLE && last >= PERIODS_TO_SPARE as i64;
    let (en, zh) = if drop { ("was left out", "已排除") } else { ("was kept", "已保留") };
    diagnostics.warning(
        "incomplete-last-period",
        text!(
            "The last period, {label}, is incomplete: the data end on {day}; it {en}",
            "最后一期 {label} 不完整：数据截止到 {day}，{zh}"
        ),
        text!("Import the file again when the period is over", "请在该期结束后重新导入"),
        place.clone(),
    );
    if !drop {
        return;
    }
    let keep = calendar.offsets.partition_point(|o| *o < last);
    let from = calendar.days[keep];
    let (gone, used): (Vec<_>, Vec<_>) = std::mem::take(&mut rows.used).into_iter().partition(|r| r.day >= from);
    rows.used = used;
    for row in gone {
        rows.left_out.add(Reason::IncompletePeriod, row.quantity);
    }
    calendar.days.truncate(keep);
    calendar.offsets.truncate(keep);
}

/// Days of `day`'s period that lie after the span that the cell names.
fn days_open(day: i32, natural: Frequency, frequency: Frequency) -> i64 {
    let after = |f: Frequency| Period::containing(date_of(day)?, f).plus(1).first_day();
    let open = after(frequency)
        .zip(after(natural))
        .and_then(|(end, covered)| covered.until((jiff::Unit::Day, end)).ok().map(|span| i64::from(span.get_days())));
    open.unwrap_or(0).max(0)
}

fn report_missing(
    missing: u64,
    id: &str,
    rhythm: Rhythm,
    frequency: Frequency,
    place: &Place,
    diagnostics: &mut Diagnostics,
) {
    let message = text!(
        "{missing} periods between a series' first sale and the end have no row and count as 0, first in {id}",
        "各序列首次销售之后有 {missing} 期没有数据，按 0 计，首个为 {id}"
    );
    if rhythm.regular && rhythm.usual == frequency {
        let hint = text!("Add the missing rows if sales were not zero", "如实际销量不为零，请补全缺失的行");
        diagnostics.warning("missing-periods", message, hint, place.clone());
    } else {
        diagnostics.info("missing-periods", message, place.clone());
    }
}

fn report_series(series: &[Series], place: &Place, diagnostics: &mut Diagnostics) {
    let count = series.len();
    let zero: Vec<&Series> = series.iter().filter(|s| s.values.iter().all(|v| *v == 0.0)).collect();
    let short: Vec<&Series> = series.iter().filter(|s| s.values.len() == 1).collect();
    let negative = series.iter().flat_map(|s| s.values.iter()).filter(|v| **v < 0.0).count();
    if let Some(first) = zero.first() {
        let (n, id) = (zero.len(), first.id.to_string());
        let message = text!(
            "{n} of {count} series are zero in every period, first {id}",
            "{count} 个序列中有 {n} 个各期均为零，首个为 {id}"
        );
        if n == count {
            let hint = text!("Check that the right column was read as the quantity", "请确认读取的数量列是否正确");
            diagnostics.error("all-zero-series", message, hint, place.clone());
        } else {
            let hint =
                text!("Leave the items out of the file if they are no longer sold", "如已停售，可从文件中删除这些物料");
            diagnostics.warning("all-zero-series", message, hint, place.clone());
        }
    }
    if let Some(first) = short.first() {
        let (n, id) = (short.len(), first.id.to_string());
        let message = text!(
            "{n} of {count} series have one period only, first {id}",
            "{count} 个序列中有 {n} 个只有一期，首个为 {id}"
        );
        let hint = text!("Add more history, or choose shorter periods", "请补充历史数据，或选择更短的期间");
        if count == 1 {
            diagnostics.error("one-period-series", message, hint, place.clone());
        } else {
            diagnostics.warning("one-period-series", message, hint, place.clone());
        }
    }
    if negative > 0 {
        diagnostics.info(
            "negative-periods",
            text!("In {negative} periods returns exceed sales", "有 {negative} 期退货多于销售"),
            place.clone(),
        );
    }
}
