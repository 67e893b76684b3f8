//! A sales file → [`SalesImport`], step by step.

use super::calendar::{self, Dates};
use super::findings::header_list;
use super::frequency::rhythm;
use super::load::load;
use super::mapping::{self, Mapping};
use super::panel;
use super::regions;
use super::rows::{self, Reason, Rows, Sorting};
use super::table::Table;
use super::{DataError, Preview, ReadOptions, Role, SalesImport};
use crate::control::Control;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
use crate::model::{Frequency, ImportSummary, Regions, SalesPanel};
use crate::text;
use crate::words::Text;
use std::path::Path;

/// See [`super::read_sales`].
pub(super) fn read(path: &Path, options: &ReadOptions, control: &Control) -> Result<SalesImport, DataError> {
    let mut diagnostics = Diagnostics::default();
    let fits = |table: &Table| mapping::fits_sales(table, &options.mapping);
    let loaded = load(path, options.sheet.as_deref(), fits, &mut diagnostics, &control.part(0.0, 0.5))?;
    let mut import = SalesImport {
        panel: None,
        regions: Regions::default(),
        summary: ImportSummary { file: loaded.source.name.clone(), sha256: loaded.sha256, ..ImportSummary::default() },
        columns: Vec::new(),
        preview: Preview::default(),
        diagnostics,
    };
    let Some(table) = loaded.table.filter(|t| t.rows() > 0) else {
        no_rows(&loaded.source.place, &mut import.diagnostics);
        return Ok(import);
    };
    import.preview = table.preview();
    import.summary.rows = table.rows() as u64;
    let mapping = mapping::guess(&table, &options.mapping, &mut import.diagnostics);
    import.columns = mapping.named(&table);
    import.summary.mapping = import.columns.iter().map(|(r, h)| (role_name(*r).to_owned(), h.clone())).collect();
    report_duplicates(&table, &mut import.diagnostics);
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).filter(|s| !s.is_empty());
    let work = Import { table: &table, mapping, options, item: stem.as_deref().unwrap_or("demand"), control };
    work.run(&mut import)?;
    Ok(import)
}

/// The role's name in summaries.
fn role_name(role: Role) -> &'static str {
    match role {
        Role::Date => "date",
        Role::Item => "item",
        Role::Location => "location",
        Role::Region => "region",
        Role::Quantity => "quantity",
        Role::Price => "price",
    }
}

struct Import<'a> {
    table: &'a Table,
    mapping: Mapping,
    options: &'a ReadOptions,
    item: &'a str,
    control: &'a Control,
}

impl Import<'_> {
    fn run(&self, import: &mut SalesImport) -> Result<(), DataError> {
        let diagnostics = &mut import.diagnostics;
        let Some(quantity) = self.columns(diagnostics) else { return Ok(()) };
        let dates = match self.mapping.date {
            Some(column) => Some(calendar::read(self.table, column, diagnostics, &self.control.part(0.5, 0.65))?),
            None => None,
        };
        let job = Sorting {
            table: self.table,
            mapping: &self.mapping,
            quantity,
            dates: dates.as_ref(),
            returns: self.options.returns,
            single_item: self.item,
        };
        let mut rows = rows::sort(&job, diagnostics, &self.control.part(0.65, 0.8))?;
        self.judge_columns(quantity, dates.as_ref(), &rows, diagnostics);
        self.report_returns(quantity, &rows, diagnostics);
        import.regions = regions::of_sales(self.table, &self.mapping, diagnostics);
        if !diagnostics.has_errors() {
            import.panel = self.panel(&mut rows, dates.as_ref(), diagnostics)?;
        }
        summarise(&mut import.summary, &rows);
        Ok(())
    }

    /// The quantity column, when all columns that a panel needs are there.
    fn columns(&self, diagnostics: &mut Diagnostics) -> Option<usize> {
        let list = header_list(self.table.columns.iter().map(|c| c.header.as_str()));
        let wide = mapping::looks_wide(self.table, &self.mapping);
        let hint = if wide {
            text!(
                "The periods seem to stand side by side: turn them into rows with the columns date, item, quantity",
                "各期似乎横向排列：请转换为含日期、物料、数量三列的长表"
            )
        } else {
            text!("Name the column under Import; the columns are: {list}", "请在导入设置中指定该列；现有列：{list}")
        };
        let Some(quantity) = self.mapping.quantity else {
            diagnostics.error(
                "no-quantity-column",
                text!("No column was recognised as the quantity", "未识别到数量列"),
                hint,
                self.header_place(),
            );
            return None;
        };
        if self.mapping.date.is_none() && mapping::needs_dates(self.table, &self.mapping) {
            diagnostics.error(
                "no-date-column",
                text!("No column was recognised as the date", "未识别到日期列"),
                hint,
                self.header_place(),
            );
            return None;
        }
        (!diagnostics.has_errors()).then_some(quantity)
    }

    fn header_place(&self) -> Place {
        let place = self.table.place.clone();
        match self.table.header_line {
            Some(line) => place.row(u64::from(line)),
            None => place,
        }
    }

    /// Columns that are mostly unreadable are errors, not a list of rows.
    fn judge_columns(&self, quantity: usize, dates: Option<&Dates>, rows: &Rows, diagnostics: &mut Diagnostics) {
        let n = self.table.rows() as u64;
        let bad = rows.left_out.rows(Reason::QuantityText)
            + rows.left_out.rows(Reason::QuantityNotFinite)
            + rows.left_out.rows(Reason::QuantityEmpty);
        let header = &self.table.columns[quantity].header;
        if bad * 2 > n {
            diagnostics.error(
                "quantity-column-not-numeric",
                text!(
                    "{bad} of {n} rows have no number in column {header}",
                    "列 {header} 的 {n} 行中有 {bad} 行不是数字"
                ),
                text!(
                    "Choose another quantity column under Import, or correct the file",
                    "请在导入设置中选择其他数量列，或更正文件"
                ),
                self.table.place.clone().column(header.clone()),
            );
        }
        if let (Some(dates), Some(column)) = (dates, self.mapping.date) {
            let bad = (dates.unreadable + dates.empty) as u64;
            let header = &self.table.columns[column].header;
            if bad * 2 > n {
                diagnostics.error(
                    "date-column-not-readable",
                    text!(
                        "{bad} of {n} rows have no date in column {header}",
                        "列 {header} 的 {n} 行中有 {bad} 行不是日期"
                    ),
                    text!(
                        "Choose another date column under Import, or write dates as 2024-03-05",
                        "请在导入设置中选择其他日期列，或将日期写成 2024-03-05"
                    ),
                    self.table.place.clone().column(header.clone()),
                );
            }
        }
        if rows.used.is_empty() && !diagnostics.has_errors() {
            no_rows(&self.table.place, diagnostics);
        }
    }

    /// Returns are kept or dropped on purpose, and said.
    fn report_returns(&self, quantity: usize, rows: &Rows, diagnostics: &mut Diagnostics) {
        let negative: Vec<f64> = rows.used.iter().map(|r| r.quantity).filter(|q| *q < 0.0).collect();
        let (n, sum) = (negative.len() as u64, negative.iter().sum::<f64>());
        if n == 0 {
            return;
        }
        let mut found = Diagnostic::new(
            Severity::Info,
            "negative-quantity",
            text!(
                "{n} rows are returns or cancellations ({sum} units); they were subtracted",
                "{n} 行为退货或取消（{sum} 件），已冲减销量"
            ),
            Text::default(),
            self.table.place.clone().column(self.table.columns[quantity].header.clone()),
        );
        found.count = n;
        diagnostics.push(found);
    }

    fn panel(
        &self,
        rows: &mut Rows,
        dates: Option<&Dates>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<SalesPanel>, DataError> {
        let natural = dates.map_or(Frequency::Step, |d| d.natural);
        let pairs: Vec<(u32, i32)> = rows.used.iter().map(|r| (r.series, r.day)).collect();
        let mut days: Vec<i32> = pairs.iter().map(|p| p.1).collect();
        days.sort_unstable();
        days.dedup();
        let rhythm = rhythm(natural, &days, &pairs);
        let frequency = self.options.frequency.unwrap_or(rhythm.usual);
        let column = self.mapping.date.map_or_else(String::new, |c| self.table.columns[c].header.clone());
        let mut place = self.table.place.clone();
        if !column.is_empty() {
            place = place.column(column);
        }
        if natural == Frequency::Step && frequency != Frequency::Step {
            diagnostics.error(
                "periods-without-dates",
                text!(
                    "The file numbers its periods and has no dates, so it can't be planned by a calendar",
                    "文件只有期号没有日期，无法按日历汇总"
                ),
                text!("Choose the frequency auto, or add a date column", "请将频率设为自动，或添加日期列"),
                place,
            );
            return Ok(None);
        }
        if frequency < rhythm.shortest {
            let (asked, has) = (frequency.label(), rhythm.shortest.label());
            diagnostics.error(
                "frequency-too-fine",
                Text::new(
                    format!("The data come by {} and can't be planned by {}", has.en, asked.en),
                    format!("数据以{}为单位，无法按{}规划", has.zh, asked.zh),
                ),
                Text::new(
                    format!("Choose {} or a longer period", rhythm.shortest.name()),
                    format!("请选择{}或更长的期间", has.zh),
                ),
                place,
            );
            return Ok(None);
        }
        panel::build(rows, natural, rhythm, frequency, &place, diagnostics, &self.control.part(0.8, 1.0))
    }
}

fn summarise(summary: &mut ImportSummary, rows: &Rows) {
    summary.rows_used = rows.used.len() as u64;
    summary.quantity_in_file = rows.quantity_in_file;
    summary.quantity_used = rows.used.iter().map(|r| r.quantity).sum();
    summary.left_out = rows.left_out.list();
}

fn no_rows(place: &Place, diagnostics: &mut Diagnostics) {
    diagnostics.error(
        "no-usable-row",
        text!("The table has no usable row", "表格中没有可用的数据行"),
        text!(
            "A sales file needs a header and at least one row with a date and a quantity",
            "销售文件需要表头，以及至少一行日期和数量"
        ),
        place.clone(),
    );
}

/// Rows equal in every cell are counted and kept: two equal lines of an invoice are two sales.
fn report_duplicates(table: &Table, diagnostics: &mut Diagnostics) {
    if table.columns.len() < 2 {
        return;
    }
    let mut order: Vec<(u64, u32)> = table.hashes.iter().copied().zip(0..).collect();
    order.sort_unstable();
    let again = order.windows(2).filter(|w| w[0].0 == w[1].0).map(|w| w[1].1);
    let (mut n, mut first) = (0_u64, u32::MAX);
    for row in again {
        n += 1;
        first = first.min(row);
    }
    if n == 0 {
        return;
    }
    let line = table.lines[first as usize];
    let mut found = Diagnostic::new(
        Severity::Warning,
        "duplicate-rows",
        text!(
            "{n} rows repeat an earlier row in every cell, first row {line}; they were counted",
            "{n} 行与前面的行完全相同，首个为第 {line} 行，均已计入"
        ),
        text!("Remove them from the file if they are copies", "如为重复导出，请从文件中删除"),
        table.at(first as usize),
    );
    found.count = n;
    diagnostics.push(found);
}
