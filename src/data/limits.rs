//! What a file may ask of this machine. Beyond a limit the user gets a sentence, never a crash.

/// Largest file read, bytes: 1 GiB.
pub const MAX_FILE_BYTES: u64 = 1 << 30;
/// Largest workbook in the old formats (XLS, XLSB, ODS), bytes: their reader holds whole sheets in memory.
pub const MAX_OLD_WORKBOOK_BYTES: u64 = 64 << 20;
/// Most bytes a zipped workbook may unpack to: 1 GiB; counted while unpacking, because zip headers may lie.
pub const MAX_UNPACKED_BYTES: u64 = 1 << 30;
/// Most data rows in one table.
pub const MAX_ROWS: usize = 20_000_000;
/// Most columns in one table: what a spreadsheet can hold.
pub const MAX_COLUMNS: usize = 16_384;
/// Most cells in one table.
pub const MAX_CELLS: usize = 100_000_000;
/// Most bytes of text in one table.
pub const MAX_TEXT_BYTES: usize = 2 << 30;
/// Longest single field, bytes; a longer one is a quote that was never closed.
pub const MAX_FIELD_BYTES: usize = 256 << 10;
/// Most series (items × locations) in a panel.
pub const MAX_SERIES: usize = 200_000;
/// Most periods in one series: 54 years of days, so that dates in the years 1 and 9999 don't allocate the earth.
pub const MAX_PERIODS: usize = 20_000;
/// Most values in a panel, all series together (800 MB).
pub const MAX_VALUES: usize = 100_000_000;
/// Largest quantity, price or cost taken for a number; sums of all rows stay exact enough and finite.
pub const MAX_NUMBER: f64 = 1e15;
/// Most sheets looked at in a workbook.
pub const MAX_SHEETS: usize = 256;
/// Most different drivers in one file: more than any history can tell apart.
pub const MOST_DRIVERS: usize = 64;
/// Most named events, each name and scope once.
pub const MOST_EVENTS: usize = 2_000;
/// Most receipts in one file: ten years of what ten thousand items get every month.
pub const MOST_RECEIPTS: usize = 1_500_000;
/// Rows between two progress reports; a report comes at least every 50 ms.
pub(super) const ROWS_PER_REPORT: usize = 1 << 13;
/// Rows shown in the import preview.
pub(super) const PREVIEW_ROWS: usize = 50;
/// Rows looked at to guess what a column holds.
pub(super) const SAMPLE_ROWS: usize = 1000;
/// Findings of one kind that are spelled out row by row; the rest is one finding with a count.
pub(super) const EXAMPLES: u64 = 10;
