//! Table rows → rows that count and rows that don't, each of the latter with its reason.

use super::calendar::{Dates, MISSING};
use super::findings::{Gathered, quote};
use super::limits::{MAX_SERIES, ROWS_PER_REPORT};
use super::mapping::Mapping;
use super::number::{self, DecimalMark, MarkChoice, MarkEvidence, NumberFault};
use super::table::{Kind, Table};
use super::{DataError, Returns};
use crate::control::{Cancelled, Control};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::{LeftOut, SeriesId};
use crate::text;
use crate::words::Text;
use std::collections::HashMap;
use std::sync::Arc;

/// Why a row doesn't count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    Slipped,
    Total,
    QuantityEmpty,
    QuantityText,
    QuantityNotFinite,
    DateEmpty,
    DateUnreadable,
    NoItem,
    Returned,
    IncompletePeriod,
}

impl Reason {
    const ALL: [Self; 10] = [
        Self::Slipped,
        Self::Total,
        Self::QuantityEmpty,
        Self::QuantityText,
        Self::QuantityNotFinite,
        Self::DateEmpty,
        Self::DateUnreadable,
        Self::NoItem,
        Self::Returned,
        Self::IncompletePeriod,
    ];

    fn label(self) -> Text {
        match self {
            Self::Slipped => text!("More cells than headers", "单元格多于表头"),
            Self::Total => text!("Totals row", "合计行"),
            Self::QuantityEmpty => text!("Quantity is empty", "数量为空"),
            Self::QuantityText => text!("Quantity is not a number", "数量不是数字"),
            Self::QuantityNotFinite => text!("Quantity is not finite or beyond 10^15", "数量无穷大、无效或超过 10^15"),
            Self::DateEmpty => text!("Date is empty", "日期为空"),
            Self::DateUnreadable => text!("Date can't be read", "日期无法识别"),
            Self::NoItem => text!("Item code is empty", "物料编码为空"),
            Self::Returned => text!("Returns left out as asked", "按设置排除退货"),
            Self::IncompletePeriod => text!("Last period is incomplete", "最后一期不完整"),
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Slipped => "row-too-long",
            Self::Total => "totals-row",
            Self::QuantityEmpty => "quantity-empty",
            Self::QuantityText => "quantity-not-a-number",
            Self::QuantityNotFinite => "quantity-not-finite",
            Self::DateEmpty => "date-empty",
            Self::DateUnreadable => "date-not-readable",
            Self::NoItem => "item-empty",
            Self::Returned => "returns-dropped",
            Self::IncompletePeriod => "incomplete-last-period",
        }
    }

    fn hint(self) -> Text {
        match self {
            Self::Slipped => text!(
                "Look for a delimiter inside a text without quotation marks",
                "请检查未加引号的文本中是否含有分隔符"
            ),
            Self::QuantityText | Self::QuantityNotFinite | Self::QuantityEmpty => {
                text!("Correct the cell, or leave the row out on purpose", "请更正该单元格，或确认可以忽略此行")
            }
            Self::DateEmpty | Self::DateUnreadable => {
                text!("Write the date as year-month-day (2024-03-05)", "请将日期写成年-月-日（2024-03-05）")
            }
            Self::NoItem => text!("Fill in the item code", "请填写物料编码"),
            Self::Total | Self::Returned | Self::IncompletePeriod => Text::default(),
        }
    }
}

/// Counts of rows left out, by reason.
#[derive(Debug, Default)]
pub(super) struct Tally {
    rows: [u64; 10],
    quantity: [f64; 10],
}

impl Tally {
    /// Adds a row with its quantity (0 when that is no number).
    pub(super) fn add(&mut self, reason: Reason, quantity: f64) {
        self.rows[reason as usize] += 1;
        self.quantity[reason as usize] += quantity;
    }

    /// Rows left out for `reason`.
    pub(super) fn rows(&self, reason: Reason) -> u64 {
        self.rows[reason as usize]
    }

    /// The list for the summary, reasons without rows left away.
    pub(super) fn list(&self) -> Vec<LeftOut> {
        let line = |r: Reason| LeftOut { reason: r.label(), rows: self.rows(r), quantity: self.quantity[r as usize] };
        Reason::ALL.into_iter().map(line).filter(|l| l.rows > 0).collect()
    }
}

/// A row that counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Index into [`Rows::ids`].
    pub(super) series: u32,
    /// Day or period number, as in [`Dates::days`].
    pub(super) day: i32,
    /// Units.
    pub(super) quantity: f64,
}

/// All rows of a sales table, sorted into those that count and those that don't.
#[derive(Debug)]
pub(super) struct Rows {
    /// The rows that count, in file order.
    pub(super) used: Vec<Row>,
    /// Item and location by series index, in order of first appearance.
    pub(super) ids: Vec<SeriesId>,
    /// Rows left out.
    pub(super) left_out: Tally,
    /// Sum of all quantities that are numbers.
    pub(super) quantity_in_file: f64,
}

/// Everything that sorting needs to know.
pub(super) struct Sorting<'a> {
    pub(super) table: &'a Table,
    pub(super) mapping: &'a Mapping,
    pub(super) quantity: usize,
    /// `None` numbers the rows: one series of consecutive periods.
    pub(super) dates: Option<&'a Dates>,
    pub(super) returns: Returns,
    /// Item code of a file without an item column.
    pub(super) single_item: &'a str,
}

/// Decides the decimal mark of a column from all its text cells; guesses are said aloud.
pub(super) fn decimal_mark(table: &Table, column: usize, diagnostics: &mut Diagnostics) -> DecimalMark {
    let mut evidence = MarkEvidence::default();
    let cells = &table.columns[column];
    for row in 0..table.rows() {
        if cells.kind(row) == Kind::Text {
            evidence.see(cells.get(row));
        }
    }
    let choice = evidence.decide(table.european);
    let place = table.place.clone().column(cells.header.clone());
    let (en, zh) = match choice.mark() {
        DecimalMark::Point => ("a decimal point (1,234.5)", "小数点（1,234.5）"),
        DecimalMark::Comma => ("a decimal comma (1.234,5)", "小数逗号（1.234,5）"),
    };
    let hint =
        text!("If that is wrong, export the numbers without thousands marks", "如不正确，请导出不带千位分隔符的数字");
    let header = &cells.header;
    match choice {
        MarkChoice::Sure(_) => {}
        MarkChoice::Ambiguous(_) => diagnostics.warning(
            "decimal-mark-guessed",
            text!(
                "Column {header} was read with {en}; its numbers leave it open",
                "列 {header} 按{zh}读取，数据本身无法确定"
            ),
            hint,
            place,
        ),
        MarkChoice::Mixed(_) => diagnostics.warning(
            "decimal-marks-mixed",
            text!(
                "Column {header} mixes decimal points and commas; it was read with {en}",
                "列 {header} 混用小数点和逗号，已按{zh}读取"
            ),
            hint,
            place,
        ),
    }
    choice.mark()
}

/// The number in a cell.
pub(super) fn cell_number(table: &Table, row: usize, column: usize, mark: DecimalMark) -> Result<f64, NumberFault> {
    let cells = &table.columns[column];
    match cells.kind(row) {
        Kind::Text => number::parse(cells.get(row), mark),
        Kind::Number => number::parse(cells.get(row), DecimalMark::Point),
        Kind::Date => Err(NumberFault::Text),
    }
}

/// Sorts the rows.
///
/// # Errors
/// Cancelled, or more series than [`MAX_SERIES`].
pub(super) fn sort(job: &Sorting, diagnostics: &mut Diagnostics, control: &Control) -> Result<Rows, DataError> {
    let table = job.table;
    let mark = decimal_mark(table, job.quantity, diagnostics);
    let mut rows = Rows {
        used: Vec::with_capacity(table.rows()),
        ids: Vec::new(),
        left_out: Tally::default(),
        quantity_in_file: 0.0,
    };
    let mut book = SeriesBook::default();
    let mut gathered = Gathered::default();
    let mut slipped = table.slipped.iter().peekable();
    for row in 0..table.rows() {
        report(row, table.rows(), control)?;
        let parsed = cell_number(table, row, job.quantity, mark);
        let quantity = parsed.unwrap_or(0.0);
        rows.quantity_in_file += quantity;
        let is_slipped = slipped.next_if(|s| **s as usize == row).is_some();
        let day = job.dates.map_or(row as i32 + 1, |d| d.days[row]);
        if let Some(reason) = judge(job, row, parsed, day, is_slipped) {
            rows.left_out.add(reason, quantity);
            gathered.add(reason.code(), || describe(job, row, reason));
        } else {
            let item = job.mapping.item.map_or(job.single_item, |c| table.columns[c].get(row));
            let location = job.mapping.location.map_or("", |c| table.columns[c].get(row));
            let series = book.series(item, location, &mut rows.ids);
            rows.used.push(Row { series, day, quantity });
        }
        if rows.ids.len() > MAX_SERIES {
            return Err(too_many_series(job));
        }
    }
    gathered.finish(diagnostics);
    Ok(rows)
}

fn report(row: usize, of: usize, control: &Control) -> Result<(), Cancelled> {
    if row.is_multiple_of(ROWS_PER_REPORT) {
        control.report(row as f64 / of as f64, &text!("Sorting rows", "正在整理数据行"))?;
    }
    Ok(())
}

fn judge(job: &Sorting, row: usize, quantity: Result<f64, NumberFault>, day: i32, slipped: bool) -> Option<Reason> {
    if slipped {
        return Some(Reason::Slipped);
    }
    let item = job.mapping.item.map(|c| job.table.columns[c].get(row));
    let date = job.mapping.date.map_or("", |c| job.table.columns[c].get(row));
    if item.is_some_and(is_total) || (day == MISSING && (is_total(date) || is_total(job.table.columns[0].get(row)))) {
        return Some(Reason::Total);
    }
    match quantity {
        Err(NumberFault::Empty) => return Some(Reason::QuantityEmpty),
        Err(NumberFault::Text) => return Some(Reason::QuantityText),
        Err(NumberFault::NotFinite) => return Some(Reason::QuantityNotFinite),
        Ok(q) if q < 0.0 && job.returns == Returns::Drop => return Some(Reason::Returned),
        Ok(_) => {}
    }
    if day == MISSING {
        return Some(if date.is_empty() { Reason::DateEmpty } else { Reason::DateUnreadable });
    }
    (item == Some("")).then_some(Reason::NoItem)
}

fn is_total(text: &str) -> bool {
    const WORDS: &[&str] =
        &["total", "grand total", "subtotal", "sub total", "totals", "sum", "合计", "总计", "小计", "总合计", "累计"];
    let first = text.chars().next();
    first.is_some_and(|c| "tTgGsS合总小累".contains(c))
        && WORDS.contains(&text.to_lowercase().trim_end_matches([':', '：']))
}

fn describe(job: &Sorting, row: usize, reason: Reason) -> Diagnostic {
    let table = job.table;
    let line = table.lines[row];
    let column = match reason {
        Reason::QuantityEmpty | Reason::QuantityText | Reason::QuantityNotFinite | Reason::Returned => {
            Some(job.quantity)
        }
        Reason::DateEmpty | Reason::DateUnreadable => job.mapping.date,
        Reason::NoItem => job.mapping.item,
        Reason::Slipped | Reason::Total | Reason::IncompletePeriod => None,
    };
    let cell = column.map_or(String::new(), |c| quote(table.columns[c].get(row)));
    let message = match reason {
        Reason::QuantityText => {
            text!("Row {line}: quantity \"{cell}\" is not a number", "第 {line} 行：数量“{cell}”不是数字")
        }
        Reason::QuantityNotFinite => {
            text!("Row {line}: quantity \"{cell}\" is not a finite number", "第 {line} 行：数量“{cell}”不是有限数值")
        }
        Reason::QuantityEmpty => text!("Row {line}: quantity is empty", "第 {line} 行：数量为空"),
        Reason::DateUnreadable => text!("Row {line}: \"{cell}\" is not a date", "第 {line} 行：“{cell}”不是日期"),
        Reason::DateEmpty => text!("Row {line}: date is empty", "第 {line} 行：日期为空"),
        Reason::NoItem => text!("Row {line}: item code is empty", "第 {line} 行：物料编码为空"),
        Reason::Slipped => text!("Row {line} has more cells than there are headers", "第 {line} 行的单元格多于表头"),
        Reason::Total => text!("Row {line} is a total and was left out", "第 {line} 行是合计行，已排除"),
        Reason::Returned => text!("Row {line}: return of {cell} left out", "第 {line} 行：退货 {cell} 已排除"),
        Reason::IncompletePeriod => text!("Row {line} lies in an incomplete period", "第 {line} 行属于不完整的期间"),
    };
    let place = column.map_or_else(|| table.at(row), |c| table.cell(row, c));
    let severity = if matches!(reason, Reason::Total | Reason::Returned) { Severity::Info } else { Severity::Warning };
    Diagnostic::new(severity, reason.code(), message, reason.hint(), place)
}

fn too_many_series(job: &Sorting) -> DataError {
    let header = job.mapping.item.map_or_else(String::new, |c| job.table.columns[c].header.clone());
    super::findings::unreadable(
        "too-many-series",
        text!("There are more than {MAX_SERIES} different items and locations", "物料与地点的组合超过 {MAX_SERIES} 个"),
        text!(
            "Check that column {header} holds item codes, not order numbers",
            "请确认列 {header} 是物料编码而不是订单号"
        ),
        job.table.place.clone().column(header),
    )
}

/// Item and location texts → series index.
#[derive(Debug, Default)]
struct SeriesBook<'a> {
    items: HashMap<&'a str, (u32, Arc<str>)>,
    locations: HashMap<&'a str, (u32, Arc<str>)>,
    series: HashMap<(u32, u32), u32>,
}

impl<'a> SeriesBook<'a> {
    fn series(&mut self, item: &'a str, location: &'a str, ids: &mut Vec<SeriesId>) -> u32 {
        let n = self.items.len() as u32;
        let (item_index, item) = self.items.entry(item).or_insert_with(|| (n, item.into())).clone();
        let n = self.locations.len() as u32;
        let (location_index, location) = self.locations.entry(location).or_insert_with(|| (n, location.into())).clone();
        *self.series.entry((item_index, location_index)).or_insert_with(|| {
            ids.push(SeriesId { item, location });
            ids.len() as u32 - 1
        })
    }
}
