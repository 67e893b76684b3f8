//! Which column is what: the user's word first, then the header in English or Chinese, then the content.

use super::Role;
use super::dates::{self, Shape};
use super::findings::header_list;
use super::header;
use super::limits::SAMPLE_ROWS;
use super::number::{self, DecimalMark, NumberFault};
use super::table::{Kind, Table};
use crate::diagnostic::Diagnostics;
use crate::text;

/// The columns of a sales table by role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Mapping {
    /// When.
    pub(super) date: Option<usize>,
    /// Item code.
    pub(super) item: Option<usize>,
    /// Location code.
    pub(super) location: Option<usize>,
    /// The location's region.
    pub(super) region: Option<usize>,
    /// How much.
    pub(super) quantity: Option<usize>,
    /// Price per unit.
    pub(super) price: Option<usize>,
}

impl Mapping {
    fn slot(&mut self, role: Role) -> &mut Option<usize> {
        match role {
            Role::Date => &mut self.date,
            Role::Item => &mut self.item,
            Role::Location => &mut self.location,
            Role::Region => &mut self.region,
            Role::Quantity => &mut self.quantity,
            Role::Price => &mut self.price,
        }
    }

    /// Role and header of every column that has a role.
    pub(super) fn named(&self, table: &Table) -> Vec<(Role, String)> {
        let roles = [
            (Role::Date, self.date),
            (Role::Item, self.item),
            (Role::Location, self.location),
            (Role::Region, self.region),
            (Role::Quantity, self.quantity),
            (Role::Price, self.price),
        ];
        roles.into_iter().filter_map(|(r, c)| Some((r, table.columns[c?].header.clone()))).collect()
    }

    fn uses(&self, column: usize) -> bool {
        [self.date, self.item, self.location, self.region, self.quantity, self.price].contains(&Some(column))
    }
}

/// What the first rows of a column hold.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Profile {
    filled: usize,
    numbers: usize,
    dates: usize,
    /// Whole numbers that count the rows one by one.
    consecutive: bool,
}

impl Profile {
    /// True when at least half of the filled cells are numbers.
    pub(super) fn is_numeric(self) -> bool {
        self.filled > 0 && self.numbers * 2 >= self.filled
    }

    fn is_dates(self) -> bool {
        self.filled > 0 && self.dates * 2 >= self.filled
    }
}

/// Looks at the first rows of a column.
pub(super) fn profile(table: &Table, column: usize) -> Profile {
    let mut p = Profile { consecutive: true, ..Profile::default() };
    let mut last: Option<f64> = None;
    let column = &table.columns[column];
    for row in 0..table.rows().min(SAMPLE_ROWS) {
        let text = column.get(row);
        if text.is_empty() {
            p.consecutive = false;
            continue;
        }
        p.filled += 1;
        let number = match number::parse(text, DecimalMark::Point) {
            Err(NumberFault::Text) => number::parse(text, DecimalMark::Comma).ok(),
            Err(NumberFault::NotFinite) => Some(f64::NAN),
            other => other.ok(),
        };
        p.numbers += usize::from(number.is_some() && column.kind(row) != Kind::Date);
        let shape = dates::cell(column, row);
        p.dates += usize::from(!matches!(shape, Shape::Empty | Shape::Unreadable | Shape::Number(_)));
        p.consecutive &= match (number, last) {
            (Some(n), None) => [0.0, 1.0].contains(&n),
            (Some(n), Some(before)) => (n - before - 1.0).abs() < 1e-9,
            (None, _) => false,
        };
        last = number;
    }
    p.consecutive &= p.filled > 0;
    p
}

/// Headers that may stand over numbered periods or years; `month` over 1 to 12 may not, it lacks its year.
const NUMBERED: &[&str] = &[
    "time", "t", "period", "期", "期数", "期间", "step", "year", "年", "年份", "ds", "date", "日期", "day", "日",
    "时间", "周期",
];
/// Quantity headers that may mean money or anything: they need numbers below them to count.
const STRONG_QUANTITIES: usize = 14;
/// Item headers that often only number the rows.
const WEAK_ITEMS: &[&str] = &["id", "code", "编码", "series", "name", "名称", "seriesid"];

/// Guesses the mapping; columns named by the user that don't exist become errors.
pub(super) fn guess(table: &Table, by_user: &[(Role, String)], diagnostics: &mut Diagnostics) -> Mapping {
    let mut mapping = Mapping::default();
    for (role, name) in by_user {
        if let Some(column) = table.find(name) {
            *mapping.slot(*role) = Some(column);
        } else {
            let list = header_list(table.columns.iter().map(|c| c.header.as_str()));
            diagnostics.error(
                "mapped-column-missing",
                text!("There is no column \"{name}\"", "没有名为“{name}”的列"),
                text!("The columns are: {list}", "现有列：{list}"),
                table.place.clone(),
            );
        }
    }
    let profiles: Vec<Profile> = (0..table.columns.len()).map(|c| profile(table, c)).collect();
    if mapping.date.is_none() {
        mapping.date = guess_date(table, &profiles, &mapping);
    }
    if mapping.quantity.is_none() {
        mapping.quantity = guess_quantity(table, &profiles, &mapping);
    }
    for (role, names) in [(Role::Item, header::ITEM), (Role::Location, header::LOCATION), (Role::Price, header::PRICE)]
    {
        if mapping.slot(role).is_none() {
            let found = best(table, names, |c| {
                let weak = WEAK_ITEMS.contains(&header::normalise(&table.columns[c].header).as_str());
                let price = role != Role::Price || profiles[c].is_numeric();
                !mapping.uses(c) && price && !(weak && profiles[c].consecutive) && profiles[c].filled > 0
            });
            *mapping.slot(role) = found;
        }
    }
    // A region without a location would be a region of everything.
    if mapping.region.is_none() && mapping.location.is_some() {
        mapping.region = best(table, header::REGION, |c| !mapping.uses(c) && profiles[c].filled > 0);
    }
    mapping
}

/// The column with the most telling name among those that pass.
fn best(table: &Table, names: &[&str], passes: impl Fn(usize) -> bool) -> Option<usize> {
    let ranked = (0..table.columns.len()).filter_map(|c| Some((header::rank(&table.columns[c].header, names)?, c)));
    ranked.filter(|(_, c)| passes(*c)).min().map(|(_, c)| c)
}

fn guess_date(table: &Table, profiles: &[Profile], mapping: &Mapping) -> Option<usize> {
    let free = |c: usize| !mapping.uses(c);
    let numbered = |c: usize| {
        let name = header::normalise(&table.columns[c].header);
        profiles[c].is_numeric() && NUMBERED.contains(&name.as_str())
    };
    let named = best(table, header::DATE, |c| free(c) && (profiles[c].is_dates() || numbered(c)));
    let by_content = || (0..profiles.len()).find(|c| free(*c) && profiles[*c].is_dates() && !profiles[*c].is_numeric());
    // Named like a date but holding none: the reader will say which rows it can't read.
    let hopeless = || {
        best(table, header::DATE, |c| {
            let name = header::normalise(&table.columns[c].header);
            free(c) && (name.contains("date") || name.contains("日期"))
        })
    };
    named.or_else(by_content).or_else(hopeless)
}

fn guess_quantity(table: &Table, profiles: &[Profile], mapping: &Mapping) -> Option<usize> {
    let strong = &header::QUANTITY[..STRONG_QUANTITIES];
    let free = |c: usize| !mapping.uses(c);
    best(table, strong, free)
        .or_else(|| best(table, header::QUANTITY, |c| free(c) && profiles[c].is_numeric()))
        .or_else(|| {
            let mut rest = leftover_numbers(table, profiles, mapping).into_iter();
            let only = rest.next();
            if rest.next().is_none() { only } else { None }
        })
}

/// Columns of numbers without a role of their own.
fn leftover_numbers(table: &Table, profiles: &[Profile], mapping: &Mapping) -> Vec<usize> {
    let known = |c: usize| {
        let lists = [header::DATE, header::ITEM, header::LOCATION, header::REGION, header::PRICE, header::CUSTOMER];
        lists.iter().any(|names| header::rank(&table.columns[c].header, names).is_some())
    };
    (0..table.columns.len())
        .filter(|c| !mapping.uses(*c) && !known(*c) && profiles[*c].is_numeric() && !profiles[*c].is_dates())
        .filter(|c| !numbers_rows(table, *c, profiles[*c]))
        .collect()
}

/// True for a column that only counts the rows: named like one, or nameless, and counting.
fn numbers_rows(table: &Table, column: usize, profile: Profile) -> bool {
    let header = &table.columns[column].header;
    let named = header::rank(header, header::ROW_NUMBER).is_some() || *header == header::letter(column);
    profile.consecutive && named && table.columns.len() > 1
}

/// True when the table holds more than quantities, so that its rows can't be taken for consecutive periods.
pub(super) fn needs_dates(table: &Table, mapping: &Mapping) -> bool {
    (0..table.columns.len()).any(|c| Some(c) != mapping.quantity && !numbers_rows(table, c, profile(table, c)))
}

/// True when periods seem to stand side by side as columns.
pub(super) fn looks_wide(table: &Table, mapping: &Mapping) -> bool {
    const FEW: usize = 3;
    let by_header = table.columns.iter().filter(|c| dates::looks_like_date(&c.header)).count();
    let profiles: Vec<Profile> = (0..table.columns.len()).map(|c| profile(table, c)).collect();
    by_header >= FEW || (mapping.quantity.is_none() && leftover_numbers(table, &profiles, mapping).len() >= FEW)
}

/// True when a table could be a sales file: the sheet to take when the user names none.
pub(super) fn fits_sales(table: &Table, by_user: &[(Role, String)]) -> bool {
    let mapping = guess(table, by_user, &mut Diagnostics::default());
    mapping.quantity.is_some() && (mapping.date.is_some() || !needs_dates(table, &mapping))
}
