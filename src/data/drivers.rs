//! Prices, promotions and other drivers: a table → [`Drivers`].
//!
//! Long: date, item, location, name, value. Wide: date, item, location, and a column per driver. Item and location may
//! be missing or empty: the row then speaks of all. A file of sales with price and promotion columns is a wide one, its
//! quantity left aside, and rows for periods to come may stand in it without a quantity.

use super::calendar::{self, MISSING};
use super::dates::date_of;
use super::findings::{Gathered, header_list, quote};
use super::limits::{MAX_PERIODS, MAX_VALUES, MOST_DRIVERS, ROWS_PER_REPORT};
use super::load::load;
use super::number::{DecimalMark, NumberFault};
use super::rows::{cell_number, decimal_mark};
use super::table::Table;
use super::{DataError, Role, header, mapping};
use crate::control::Control;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::{DriverValues, Drivers, Frequency, Period, SeriesId};
use crate::text;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

/// Headers of the column that names the driver in a long table.
const NAME: &[&str] =
    &["driver", "drivername", "regressor", "variable", "factor", "name", "驱动因素", "因素", "变量", "指标", "名称"];
/// Headers of the column that holds its value.
const VALUE: &[&str] = &["value", "values", "值", "数值", "取值"];
/// Quantity headers that never name a driver; the list's later ones might.
const QUANTITIES: usize = 14;
/// Words for 1 and 0.
const YES: &[&str] = &["yes", "true", "y", "x", "是", "有", "√"];
const NO: &[&str] = &["no", "false", "n", "否", "无"];

/// See [`super::read_drivers`].
pub(super) fn read(
    path: &Path,
    sales: &[(Role, String)],
    control: &Control,
) -> Result<(Drivers, Diagnostics), DataError> {
    let mut diagnostics = Diagnostics::default();
    let fits = |t: &Table| mapping::guess(t, &[], &mut Diagnostics::default()).date.is_some();
    let loaded = load(path, None, fits, &mut diagnostics, &control.part(0.0, 0.5))?;
    let Some(table) = loaded.table.filter(|t| t.rows() > 0) else {
        diagnostics.error(
            "no-usable-row",
            text!("The driver file has no row", "驱动因素文件没有数据行"),
            text!("It needs a date column and a column per driver", "需要日期列，以及每个驱动因素一列"),
            loaded.source.place.clone(),
        );
        return Ok((Drivers::default(), diagnostics));
    };
    let columns = Columns::find(&table, sales);
    let (Some(date), Some(layout)) = (columns.date, columns.layout(&table, sales)) else {
        let list = header_list(table.columns.iter().map(|c| c.header.as_str()));
        diagnostics.error(
            "driver-columns-missing",
            text!("No date column, or no column with a driver's values", "缺少日期列或驱动因素的数值列"),
            text!(
                "Write date, item, location and a column per driver, or date, item, name, value; the columns are: {list}",
                "请写成：日期、物料、地点及每个因素一列，或日期、物料、名称、数值；现有列：{list}"
            ),
            table.place.clone(),
        );
        return Ok((Drivers::default(), diagnostics));
    };
    let days = calendar::read(&table, date, &mut diagnostics, &control.part(0.5, 0.6))?;
    let mut reader = Reader {
        table: &table,
        columns: &columns,
        date,
        days: &days.days,
        natural: days.natural,
        scopes: Scopes::default(),
        cells: Vec::new(),
        faults: Gathered::default(),
    };
    let names = match layout {
        Layout::Long { name, value } => reader.long(name, value, &mut diagnostics, control)?,
        Layout::Wide(drivers) => reader.wide(&drivers, &mut diagnostics, control)?,
    };
    let Reader { scopes, cells, faults, natural, .. } = reader;
    faults.finish(&mut diagnostics);
    if names.len() > MOST_DRIVERS {
        too_many(&table, names.len(), &mut diagnostics);
        return Ok((Drivers::default(), diagnostics));
    }
    let values = assemble(&table, &names, &scopes.list, cells, natural, &mut diagnostics);
    let fingerprint = format!("{} {sales:?}", loaded.sha256);
    Ok((Drivers { values, fingerprint, ..Drivers::default() }, diagnostics))
}

/// The columns that say when and of what a row speaks.
struct Columns {
    date: Option<usize>,
    item: Option<usize>,
    location: Option<usize>,
    long: Option<(usize, usize)>,
}

enum Layout {
    Long { name: usize, value: usize },
    Wide(Vec<usize>),
}

impl Columns {
    /// Columns named as in the sales file have the same role here; the others by their headers.
    fn find(table: &Table, sales: &[(Role, String)]) -> Self {
        let as_sales = |role: Role| sales.iter().find(|(r, _)| *r == role).and_then(|(_, header)| table.find(header));
        let (date, item, location) = (as_sales(Role::Date), as_sales(Role::Item), as_sales(Role::Location));
        let best = |names: &[&str], taken: &[Option<usize>]| {
            let free = (0..table.columns.len()).filter(|c| !taken.contains(&Some(*c)));
            free.filter_map(|c| Some((header::rank(&table.columns[c].header, names)?, c))).min().map(|(_, c)| c)
        };
        let value = best(VALUE, &[date, item, location]);
        let name = best(NAME, &[date, item, location]).filter(|c| !mapping::profile(table, *c).is_numeric());
        let long = name.zip(value);
        let mut taken = vec![item, location, long.map(|l| l.0), long.map(|l| l.1)];
        let known: Vec<(Role, String)> =
            date.map(|c| (Role::Date, table.columns[c].header.clone())).into_iter().collect();
        let date = mapping::guess(table, &known, &mut Diagnostics::default()).date;
        taken.push(date);
        // A column of numbers named like an item ("series", "name") is an item only where the sales say so.
        let item = item.or_else(|| best(header::ITEM, &taken));
        taken.push(item);
        let location = location.or_else(|| best(header::LOCATION, &taken));
        Self { date, item, location, long }
    }

    fn layout(&self, table: &Table, sales: &[(Role, String)]) -> Option<Layout> {
        if let Some((name, value)) = self.long {
            return Some(Layout::Long { name, value });
        }
        let as_sales = |role: Role| sales.iter().find(|(r, _)| *r == role).and_then(|(_, header)| table.find(header));
        let (sold, region) = (as_sales(Role::Quantity), as_sales(Role::Region));
        let taken = [self.date, self.item, self.location, region, sold];
        let quantity =
            |c: usize| header::rank(&table.columns[c].header, header::QUANTITY).is_some_and(|rank| rank < QUANTITIES);
        let numbered = |c: usize| header::rank(&table.columns[c].header, header::ROW_NUMBER).is_some();
        let free = (0..table.columns.len()).filter(|c| !taken.contains(&Some(*c)) && !quantity(*c) && !numbered(*c));
        let drivers: Vec<usize> = free.collect();
        (!drivers.is_empty()).then_some(Layout::Wide(drivers))
    }
}

/// Item and location texts → scope index.
#[derive(Default)]
struct Scopes<'t> {
    known: HashMap<(&'t str, &'t str), u32>,
    list: Vec<SeriesId>,
}

impl<'t> Scopes<'t> {
    fn index(&mut self, item: &'t str, location: &'t str) -> u32 {
        let list = &mut self.list;
        *self.known.entry((item, location)).or_insert_with(|| {
            list.push(SeriesId::new(item, location));
            list.len() as u32 - 1
        })
    }
}

/// A stated value: driver, scope, period's number, value.
type Cell = (u32, u32, i32, f64);

struct Reader<'t> {
    table: &'t Table,
    columns: &'t Columns,
    date: usize,
    days: &'t [i32],
    natural: Frequency,
    scopes: Scopes<'t>,
    cells: Vec<Cell>,
    faults: Gathered,
}

impl<'t> Reader<'t> {
    /// Scope and day of a row; a row without a day is reported.
    fn row(&mut self, row: usize, control: &Control) -> Result<Option<(u32, i32)>, DataError> {
        if row.is_multiple_of(ROWS_PER_REPORT) {
            let share = row as f64 / self.table.rows() as f64;
            control.report(0.6 + 0.4 * share, &text!("Reading drivers", "正在读取驱动因素"))?;
        }
        let text = |column: Option<usize>| column.map_or("", |c| self.table.columns[c].get(row));
        let (item, location) = (text(self.columns.item), text(self.columns.location));
        if self.days[row] == MISSING {
            let (line, cell) = (self.table.lines[row], quote(self.table.columns[self.date].get(row)));
            let message = text!("Row {line}: \"{cell}\" is not a date", "第 {line} 行：“{cell}”不是日期");
            self.fault(row, self.date, "date-not-readable", message);
            return Ok(None);
        }
        Ok(Some((self.scopes.index(item, location), self.days[row])))
    }

    fn long(
        &mut self,
        name: usize,
        value: usize,
        diagnostics: &mut Diagnostics,
        control: &Control,
    ) -> Result<Vec<Arc<str>>, DataError> {
        let mark = decimal_mark(self.table, value, diagnostics);
        let mut names: BTreeMap<&'t str, u32> = BTreeMap::new();
        for row in 0..self.table.rows() {
            let Some((scope, day)) = self.row(row, control)? else { continue };
            let driver: &'t str = self.table.columns[name].get(row);
            if driver.is_empty() {
                let line = self.table.lines[row];
                let message = text!("Row {line}: the driver's name is empty", "第 {line} 行：驱动因素名称为空");
                self.fault(row, name, "driver-name-empty", message);
                continue;
            }
            if names.len() > MOST_DRIVERS {
                break;
            }
            let count = names.len() as u32;
            let driver = *names.entry(driver).or_insert(count);
            self.cell(row, value, mark, (driver, scope, day));
        }
        let mut list = vec![Arc::from(""); names.len()];
        for (name, k) in names {
            list[k as usize] = Arc::from(name);
        }
        Ok(list)
    }

    fn wide(
        &mut self,
        drivers: &[usize],
        diagnostics: &mut Diagnostics,
        control: &Control,
    ) -> Result<Vec<Arc<str>>, DataError> {
        let table = self.table;
        let mut read = Vec::new();
        for column in drivers.iter().copied() {
            control.check()?;
            let header = &table.columns[column].header;
            let mark = decimal_mark(table, column, &mut Diagnostics::default());
            let numeric = |row: &usize| !matches!(value(table, *row, column, mark), Err(NumberFault::Text));
            let bad = table.rows() - (0..table.rows()).filter(numeric).count();
            let filled = (0..table.rows()).filter(|row| !table.columns[column].get(*row).is_empty()).count();
            if filled == 0 || bad * 2 > filled {
                diagnostics.info(
                    "driver-column-text",
                    text!(
                        "Column {header} holds no numbers and was not read as a driver",
                        "列 {header} 不是数字，未作为驱动因素读取"
                    ),
                    table.place.clone().column(header.clone()),
                );
            } else {
                read.push((column, decimal_mark(table, column, diagnostics)));
            }
        }
        if read.is_empty() && !drivers.is_empty() {
            diagnostics.error(
                "driver-columns-missing",
                text!("No column holds a driver's numbers", "没有包含驱动因素数值的列"),
                text!(
                    "Write a number in each period, or 1 and 0 for yes and no",
                    "请为每期填写数字，是与否请写 1 和 0"
                ),
                table.place.clone(),
            );
        }
        if read.len() > MOST_DRIVERS {
            return Ok(vec![Arc::from(""); read.len()]);
        }
        for row in 0..table.rows() {
            let Some((scope, day)) = self.row(row, control)? else { continue };
            for (k, (column, mark)) in read.iter().enumerate() {
                self.cell(row, *column, *mark, (k as u32, scope, day));
            }
        }
        Ok(read.iter().map(|(c, _)| Arc::from(&*table.columns[*c].header)).collect())
    }

    /// Takes a cell in; an empty one states nothing, a faulty one is reported.
    fn cell(&mut self, row: usize, column: usize, mark: DecimalMark, (driver, scope, day): (u32, u32, i32)) {
        match value(self.table, row, column, mark) {
            Ok(value) => self.cells.push((driver, scope, day, value)),
            Err(NumberFault::Empty) => {}
            Err(_) => {
                let (line, name) = (self.table.lines[row], &self.table.columns[column].header);
                let cell = quote(self.table.columns[column].get(row));
                let message =
                    text!("Row {line}: {name} \"{cell}\" is not a number", "第 {line} 行：{name}“{cell}”不是数字");
                self.fault(row, column, "driver-not-a-number", message);
            }
        }
    }

    fn fault(&mut self, row: usize, column: usize, code: &'static str, message: crate::words::Text) {
        let place = self.table.cell(row, column);
        let hint = text!("Correct the cell; until then it states nothing", "请更正该单元格；在此之前视为未填写");
        self.faults.add(code, || Diagnostic::new(Severity::Warning, code, message, hint, place));
    }
}

/// A number, or a word for yes or no.
fn value(table: &Table, row: usize, column: usize, mark: DecimalMark) -> Result<f64, NumberFault> {
    let found = cell_number(table, row, column, mark);
    if !matches!(found, Err(NumberFault::Text | NumberFault::Empty)) {
        return found;
    }
    let word = table.columns[column].get(row).to_lowercase();
    if YES.contains(&word.as_str()) {
        return Ok(1.0);
    }
    if NO.contains(&word.as_str()) { Ok(0.0) } else { found }
}

/// Cells → series of values; several of one driver, scope and period are averaged.
fn assemble(
    table: &Table,
    names: &[Arc<str>],
    scopes: &[SeriesId],
    cells: Vec<Cell>,
    natural: Frequency,
    diagnostics: &mut Diagnostics,
) -> Vec<DriverValues> {
    let mut periods: HashMap<i32, Option<Period>> = HashMap::new();
    let mut period = |day: i32| {
        *periods.entry(day).or_insert_with(|| match natural {
            Frequency::Step => Some(Period::step(day)),
            _ => Some(Period::containing(date_of(day)?, natural)),
        })
    };
    let mut placed: Vec<(u32, u32, Period, f64)> = cells
        .into_iter()
        .filter_map(|(driver, scope, day, value)| Some((driver, scope, period(day)?, value)))
        .collect();
    // Stable: equal keys keep the file's order, so means are repeatable.
    placed.sort_by_key(|(driver, scope, period, _)| (*driver, *scope, *period));
    let (mut list, mut again, mut total) = (Vec::new(), 0_u64, 0_usize);
    for chunk in placed.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (start, end) = (chunk[0].2, chunk[chunk.len() - 1].2);
        let (name, scope) = (&names[chunk[0].0 as usize], &scopes[chunk[0].1 as usize]);
        let length = end.since(start) as usize + 1;
        total = total.saturating_add(length);
        if length > MAX_PERIODS || total > MAX_VALUES {
            span_too_long(table, name, (start, end), diagnostics);
            break;
        }
        let mut values = vec![None; length];
        for same in chunk.chunk_by(|a, b| a.2 == b.2) {
            again += u64::from(same.iter().any(|c| c.3.to_bits() != same[0].3.to_bits()));
            let mean = same.iter().map(|c| c.3 / same.len() as f64).sum();
            values[same[0].2.since(start) as usize] = Some(if same.len() == 1 { same[0].3 } else { mean });
        }
        list.push(DriverValues { name: name.clone(), scope: scope.clone(), start, values: values.into() });
    }
    if again > 0 {
        let mut found = Diagnostic::new(
            Severity::Info,
            "driver-stated-twice",
            text!(
                "{again} values are stated more than once and differ; their mean counts",
                "{again} 个数值重复且不同，取平均值"
            ),
            text!("State one value per period", "每期请只填写一个数值"),
            table.place.clone(),
        );
        found.count = again;
        diagnostics.push(found);
    }
    list.sort_by(|a, b| (&a.name, &a.scope).cmp(&(&b.name, &b.scope)));
    list
}

fn span_too_long(table: &Table, name: &str, (start, end): (Period, Period), diagnostics: &mut Diagnostics) {
    diagnostics.error(
        "driver-span-too-long",
        text!(
            "The values of {name} run from {start} to {end}, more than {MAX_PERIODS} periods (or {MAX_VALUES} values in all)",
            "{name} 的数值从 {start} 到 {end}，超过 {MAX_PERIODS} 期（或总数超过 {MAX_VALUES} 个）"
        ),
        text!("Correct a mistyped first or last date", "请更正首尾的错误日期"),
        table.place.clone(),
    );
}

fn too_many(table: &Table, count: usize, diagnostics: &mut Diagnostics) {
    diagnostics.error(
        "too-many-drivers",
        text!(
            "There are {count} or more drivers; at most {MOST_DRIVERS} can be read",
            "驱动因素达到 {count} 个，最多可读取 {MOST_DRIVERS} 个"
        ),
        text!("Keep those that matter most", "请只保留最重要的因素"),
        table.place.clone(),
    );
}
