//! CSV, TSV and their cousins → [`Table`].

use super::DataError;
use super::encoding::{self, Decoded};
use super::limits::ROWS_PER_REPORT;
use super::source::{Source, wrong_type};
use super::table::{Kind, Table, TableBuilder};
use crate::control::Control;
use crate::diagnostic::Diagnostics;
use crate::text;

/// Lines looked at to find the delimiter.
const SNIFF_LINES: usize = 50;
/// Characters looked at to find the delimiter.
const SNIFF_BYTES: usize = 1 << 16;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Reads a text file; `None` when it has no row.
///
/// # Errors
/// Not text, beyond a limit, or cancelled.
pub(super) fn read(
    source: &mut Source,
    diagnostics: &mut Diagnostics,
    control: &Control,
) -> Result<Option<Table>, DataError> {
    let bytes = std::mem::take(&mut source.bytes);
    let Some(decoded) = encoding::decode(bytes) else { return Err(wrong_type(&source.name, "binary data")) };
    report_encoding(&decoded, source, diagnostics);
    let text = decoded.text;
    let delimiter = sniff(&text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut builder = TableBuilder::new(source.place.clone());
    let mut record = csv::ByteRecord::new();
    let mut last_line = Line { number: 1, offset: 0 };
    let stage = text!("Reading rows", "正在读取数据行");
    let mut rows = 0_usize;
    loop {
        if rows.is_multiple_of(ROWS_PER_REPORT) {
            let share = reader.position().byte() as f64 / text.len().max(1) as f64;
            control.report(share, &stage)?;
        }
        // The text is in memory, so the only failure left is a record beyond the reader's own limits.
        if !reader.read_byte_record(&mut record).unwrap_or(false) {
            break;
        }
        rows += 1;
        let start = record.position().map_or(0, csv::Position::byte) as usize;
        last_line.advance(&text, start);
        let cells = record.iter().map(|cell| (std::str::from_utf8(cell).unwrap_or(""), Kind::Text));
        builder.row(last_line.number, cells)?;
    }
    let mut table = builder.finish()?;
    if let Some(table) = &mut table {
        table.european = delimiter == b';';
    }
    Ok(table)
}

/// Line numbers as editors count them. The csv crate counts records' ends, and skips blank lines at a record's start.
struct Line {
    number: u32,
    offset: usize,
}

impl Line {
    #[expect(clippy::naive_bytecount, reason = "the bytes of one row are few: no reason for another dependency")]
    fn advance(&mut self, text: &str, to: usize) {
        let bytes = text.as_bytes();
        let mut to = to.min(bytes.len());
        while to < bytes.len() && matches!(bytes[to], b'\n' | b'\r') {
            to += 1;
        }
        let passed = &bytes[self.offset.min(to)..to];
        let newlines = passed.iter().filter(|b| **b == b'\n').count();
        let old_mac = if newlines == 0 { passed.iter().filter(|b| **b == b'\r').count() } else { 0 };
        self.number = self.number.saturating_add((newlines + old_mac) as u32);
        self.offset = to;
    }
}

fn report_encoding(decoded: &Decoded, source: &Source, diagnostics: &mut Diagnostics) {
    let name = decoded.encoding;
    if decoded.guessed {
        diagnostics.info(
            "encoding-guessed",
            text!(
                "The file is not UTF-8 and was read as {name}; save it as UTF-8 if names look wrong",
                "文件不是 UTF-8，已按 {name} 读取；若名称显示异常，请另存为 UTF-8"
            ),
            source.place.clone(),
        );
    }
    if decoded.lossy {
        diagnostics.warning(
            "encoding-damaged",
            text!(
                "Some characters mean nothing in {name} and were replaced by �",
                "部分字符在 {name} 中无效，已替换为 �"
            ),
            text!("Export the file again as UTF-8", "请以 UTF-8 重新导出文件"),
            source.place.clone(),
        );
    }
}

/// The delimiter that cuts the first lines most evenly: quoted text doesn't count, and a line wins for a delimiter when
/// it has as many of it as the others.
fn sniff(text: &str) -> u8 {
    if let Some(rest) = text.strip_prefix("sep=")
        && let Some(c) = rest.bytes().next()
        && DELIMITERS.contains(&c)
    {
        return c;
    }
    let mut end = text.len().min(SNIFF_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let counts = count_delimiters(&text.as_bytes()[..end], end < text.len());
    let score = |k: usize| {
        let mut column: Vec<usize> = counts.iter().map(|c| c[k]).collect();
        column.sort_unstable();
        let middle = column.get(column.len() / 2).copied().unwrap_or(0);
        let even = column.iter().filter(|n| **n == middle && middle > 0).count();
        // Evenness decides; among equals the more columns, then the order of DELIMITERS.
        (even * 100 / column.len().max(1) >= 80, even, middle)
    };
    let best = (0..DELIMITERS.len()).max_by_key(|k| (score(*k), std::cmp::Reverse(*k))).unwrap_or(0);
    if score(best).1 == 0 { any_delimiter(&counts) } else { DELIMITERS[best] }
}

/// When no line agrees with another: the delimiter that occurs most, else a comma.
fn any_delimiter(counts: &[[usize; 4]]) -> u8 {
    let total = |k: usize| counts.iter().map(|c| c[k]).sum::<usize>();
    let best = (0..4).max_by_key(|k| (total(*k), std::cmp::Reverse(*k))).unwrap_or(0);
    DELIMITERS[best]
}

fn count_delimiters(bytes: &[u8], cut: bool) -> Vec<[usize; 4]> {
    let mut counts = Vec::new();
    let (mut current, mut quoted, mut filled) = ([0_usize; 4], false, false);
    for b in bytes {
        match *b {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => {
                if filled {
                    counts.push(std::mem::take(&mut current));
                }
                filled = false;
                if counts.len() == SNIFF_LINES {
                    return counts;
                }
                continue;
            }
            c if !quoted => {
                if let Some(k) = DELIMITERS.iter().position(|d| *d == c) {
                    current[k] += 1;
                }
            }
            _ => {}
        }
        filled = true;
    }
    if filled && (!cut || counts.is_empty()) {
        counts.push(current);
    }
    counts
}
