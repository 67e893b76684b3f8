//! File → sales panel, items, network. Polars and calamine live here only.
//!
//! A file goes through three hands: `source` finds out what it is by its content; `delimited`, `workbook` or `parquet`
//! turn it into a `Table` of text cells; `sales`, `items`, `network` or `demand` give the cells meaning and gather
//! what is wrong with them. A file that can't be read at all is a [`DataError`]; everything else is a finding.
//!
//! # Sales
//! Rows are sorted into those that count and those that don't (`rows`), each of the latter with its reason in
//! [`ImportSummary::left_out`]; the two add up to the file. Rows that count are summed by period (`panel`): periods
//! without a row between a series' first sale and the panel's end are zero. The period length follows the data unless
//! the user sets it (`frequency` states the rule). A last week, month, quarter or year in which the data stop earlier
//! than in each of the eight periods before is incomplete; when at most four fifths of it are covered and at least
//! four periods stand before it, its rows are left out and listed, because a half week would look like a fall in
//! sales. Otherwise it stays, with a warning.

mod calendar;
mod dates;
mod delimited;
mod demand;
mod drivers;
mod encoding;
mod events;
mod fields;
mod findings;
mod frequency;
mod header;
mod items;
mod limits;
mod load;
mod mapping;
mod network;
mod number;
mod overrides;
mod panel;
mod parquet;
mod receipts;
mod regions;
mod rows;
mod sales;
mod source;
mod successions;
mod table;
mod workbook;

use crate::control::{Cancelled, Control};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    DemandLine, Drivers, ForecastOverride, Frequency, ImportSummary, ItemTable, NamedEvent, Network, Receipts, Regions,
    SalesPanel, Succession,
};
use serde::{Deserialize, Serialize};
use std::path::Path;

mod scenario;

pub use limits::{
    MAX_CELLS, MAX_COLUMNS, MAX_FIELD_BYTES, MAX_FILE_BYTES, MAX_NUMBER, MAX_OLD_WORKBOOK_BYTES, MAX_PERIODS, MAX_ROWS,
    MAX_SERIES, MAX_SHEETS, MAX_TEXT_BYTES, MAX_UNPACKED_BYTES, MAX_VALUES, MOST_DRIVERS, MOST_EVENTS, MOST_RECEIPTS,
};
pub use scenario::read_scenario;

/// What a column of a sales file means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// When it was sold.
    Date,
    /// Item code.
    Item,
    /// Location code.
    Location,
    /// Region that the location lies in.
    Region,
    /// Units sold.
    Quantity,
    /// Price per unit.
    Price,
}

/// What to do with negative quantities (returns, cancellations).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Returns {
    /// Subtract them from the period's sales.
    #[default]
    Net,
    /// Leave them out and list them.
    Drop,
}

/// How to read a sales file; the default guesses everything.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReadOptions {
    /// Period length; `None` guesses it from the dates.
    pub frequency: Option<Frequency>,
    /// Columns set by the user: role and header. The others are guessed.
    pub mapping: Vec<(Role, String)>,
    /// Sheet of a workbook; `None` takes the first with a quantity column.
    pub sheet: Option<String>,
    /// What to do with negative quantities.
    pub returns: Returns,
}

/// The first rows of a file as text, for the import panel.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Preview {
    /// Column headers.
    pub headers: Vec<String>,
    /// Up to 50 rows, each as long as the headers.
    pub rows: Vec<Vec<String>>,
}

/// What reading a sales file gave.
#[derive(Debug, Clone)]
pub struct SalesImport {
    /// The demand history; `None` when the findings hold an error.
    pub panel: Option<SalesPanel>,
    /// Regions of the locations, when the file says them.
    pub regions: Regions,
    /// What was taken and what was left out.
    pub summary: ImportSummary,
    /// Which header was read as which role.
    pub columns: Vec<(Role, String)>,
    /// The first rows as text.
    pub preview: Preview,
    /// What is wrong with the data.
    pub diagnostics: Diagnostics,
}

/// Why a file could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The user asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// Missing, empty, of an unknown or a wrong type, or broken beyond reading.
    #[error("{}", .0.message)]
    Unreadable(Box<Diagnostic>),
}

/// Reads a demand history: CSV, TSV, XLSX, XLSM, XLSB, XLS, ODS or Parquet, one row per sale or per period.
///
/// Columns are recognised by their English or Chinese headers (date, item, location, region, quantity, price), else by their
/// content. A file without an item column is one series named after the file; one with nothing but quantities is one
/// series of consecutive numbered periods.
///
/// # Errors
/// [`DataError`]: cancelled; or the file is missing, empty, too big, damaged, of no known type or of another type than
/// its ending says, or its dates span more than [`MAX_PERIODS`] periods. Faults inside the data are findings instead,
/// with errors among them when no panel can be made: no date or quantity column, no usable row, dates that contradict
/// one another, most rows unreadable, a frequency finer than the data.
pub fn read_sales(path: &Path, options: &ReadOptions, control: &Control) -> Result<SalesImport, DataError> {
    sales::read(path, options, control)
}

/// Reads item master data: one row per item, or per item and location; all columns but the item optional.
///
/// Headers are the names of [`crate::model::ItemField`] in snake case, `item` and `location`, or their synonyms in
/// English and Chinese. A service level may be written 0.95, 95 or 95%. Faulty cells are errors among the findings;
/// unknown columns are information; of two rows for one item the last one stays, with a warning.
///
/// # Errors
/// [`DataError`] as in [`read_sales`].
pub fn read_items(path: &Path, control: &Control) -> Result<(ItemTable, Diagnostics), DataError> {
    items::read(path, control)
}

/// Reads a network: a workbook with sheets `sites`, `customers`, `lanes`, `vehicles` (the last optional), or a folder
/// of files with these names.
///
/// Columns are named as the fields of [`crate::model::Site`], [`crate::model::Customer`], [`crate::model::Lane`] and
/// [`crate::model::Vehicle`], or their synonyms in English and Chinese. References are checked: a lane to an unknown
/// site, customer or vehicle, a code that occurs twice, a negative cost, a vehicle without capacity are errors.
///
/// # Errors
/// [`DataError`] as in [`read_sales`], or when the file is a single table.
pub fn read_network(path: &Path, control: &Control) -> Result<(Network, Diagnostics), DataError> {
    network::read(path, control)
}

/// Reads customers' demand: columns customer, item (optional), period or date (optional: one period), quantity.
///
/// Rows of one customer, item and period are summed; lines come sorted. `frequency` is that of the plan; `None` follows
/// the file.
///
/// # Errors
/// [`DataError`] as in [`read_sales`].
pub fn read_demand(
    path: &Path,
    frequency: Option<Frequency>,
    control: &Control,
) -> Result<(Vec<DemandLine>, Diagnostics), DataError> {
    demand::read(path, frequency, control)
}

/// Reads drivers: a long table (date, item, location, name, value) or a wide one (date, item, location, a column each).
///
/// Item and location may be missing or empty: the row then speaks of all. `sales` are the sales file's columns; a column
/// with the header of one of them has its role here too, and the quantity is no driver, so that a sales file with prices
/// and promotions can be read as it is. Yes and no count as 1 and 0. A faulty cell states nothing and is a warning.
///
/// # Errors
/// [`DataError`] as in [`read_sales`]. No date column, no driver, or more than [`MOST_DRIVERS`] are errors among the
/// findings.
pub fn read_drivers(
    path: &Path,
    sales: &[(Role, String)],
    control: &Control,
) -> Result<(Drivers, Diagnostics), DataError> {
    drivers::read(path, sales, control)
}

/// Reads named events: columns name, first, last (optional: one day or period), and item, location or scope (`all`,
/// `item:CODE`, `item:CODE@LOCATION`, `location:CODE`), all optional. Rows with one name and scope are occurrences of one
/// event. A faulty row doesn't count and is a warning.
///
/// # Errors
/// [`DataError`] as in [`read_sales`].
pub fn read_events(path: &Path, control: &Control) -> Result<(Vec<NamedEvent>, Diagnostics), DataError> {
    events::read(path, control)
}

/// Reads overrides of forecasts: columns scope (all, category, region, location, item, series), key (`ITEM@LOCATION` for a
/// series), first, last, kind (value, percent, increment), value, and optionally reason, author, expires, created.
///
/// Periods are labels or dates; they are read in the plan's `frequency`. Faulty rows are errors among the findings.
///
/// # Errors
/// [`DataError`] as in [`read_sales`].
pub fn read_overrides(
    path: &Path,
    frequency: Frequency,
    control: &Control,
) -> Result<(Vec<ForecastOverride>, Diagnostics), DataError> {
    overrides::read(path, frequency, control)
}

/// Reads where new items' histories come from: columns `new_item`, `new_location`, `like_item`, `like_location`,
/// `multiplier` (1), `launch_periods` (0) and `kind` (like, or replace).
///
/// # Errors
/// [`DataError`] as in [`read_sales`].
pub fn read_successions(path: &Path, control: &Control) -> Result<(Vec<Succession>, Diagnostics), DataError> {
    successions::read(path, control)
}

/// Reads goods receipts: columns item, `order_date` and `receipt_date`, and optionally location, supplier, order (its number),
/// `promised_date`, ordered and received (quantities), under English or Chinese headers.
///
/// A faulty row doesn't count and is a warning: without order date, received before ordered or more than ten years after,
/// dated years after all the others, a quantity that isn't above 0, a repeated row. Rows without receipt date are open orders.
///
/// # Errors
/// [`DataError`] as in [`read_sales`]. No such columns, no usable row, dates that aren't days, and more than
/// [`MOST_RECEIPTS`] rows are errors among the findings.
pub fn read_receipts(path: &Path, control: &Control) -> Result<(Receipts, Diagnostics), DataError> {
    receipts::read(path, control)
}

/// True when these are a receipt table's headers: an item, when it was ordered and when it came.
pub fn are_receipts<'a>(headers: impl Iterator<Item = &'a str>) -> bool {
    receipts::are_receipts(headers)
}

/// Receipts of items that the item list doesn't know: a warning.
pub fn check_receipts(receipts: &Receipts, items: &ItemTable) -> Diagnostics {
    receipts::check(receipts, items)
}

/// Items without sales and sales without item row: warnings.
pub fn check_items(panel: &SalesPanel, items: &ItemTable) -> Diagnostics {
    items::check(panel, items)
}

/// Locations that the sales put into another region than the network: warnings, the network counts.
pub fn check_regions(sales: &Regions, network: &Regions) -> Diagnostics {
    regions::check(sales, network)
}

/// Demand of customers that the network doesn't know: errors.
pub fn check_demand(demand: &[DemandLine], network: &Network) -> Diagnostics {
    demand::check(demand, network)
}
