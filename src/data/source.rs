//! Opening a file: is it there, is it small enough, and what is it really?

use super::DataError;
use super::findings::unreadable;
use super::limits::MAX_FILE_BYTES;
use crate::diagnostic::Place;
use crate::text;
use sha2::{Digest, Sha256};
use std::io::{ErrorKind, Read};
use std::path::Path;

/// What a file is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// CSV, TSV and the like.
    Text,
    /// A zipped workbook: XLSX, XLSM, XLSB or ODS.
    ZippedWorkbook,
    /// A workbook in the format before 2007.
    OldWorkbook,
    /// Parquet.
    Parquet,
}

impl FileKind {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "text (CSV)",
            Self::ZippedWorkbook => "XLSX",
            Self::OldWorkbook => "XLS",
            Self::Parquet => "Parquet",
        }
    }
}

/// A file in memory.
#[derive(Debug)]
pub(super) struct Source {
    /// File name without its folders.
    pub(super) name: String,
    /// Its place for findings.
    pub(super) place: Place,
    /// What it is.
    pub(super) kind: FileKind,
    /// Its content.
    pub(super) bytes: Vec<u8>,
}

impl Source {
    /// SHA-256 of the content, hexadecimal.
    pub(super) fn sha256(&self) -> String {
        use std::fmt::Write;
        Sha256::digest(&self.bytes).iter().fold(String::with_capacity(64), |mut hex, b| {
            let _ = write!(hex, "{b:02x}");
            hex
        })
    }
}

/// The file's name for findings.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.to_string_lossy().into_owned(), |n| n.to_string_lossy().into_owned())
}

/// Reads a file into memory and finds out what it is.
///
/// # Errors
/// Missing, a folder, not allowed, empty, too big, of no known type, or of another type than its ending says.
pub(super) fn open(path: &Path) -> Result<Source, DataError> {
    let name = file_name(path);
    let place = Place::file(&name);
    let metadata = std::fs::metadata(path).map_err(|e| io_error(&name, &e))?;
    if metadata.is_dir() {
        return Err(unreadable(
            "file-is-a-folder",
            text!("{name} is a folder", "{name} 是文件夹"),
            text!("Choose a file in it", "请选择其中的文件"),
            place,
        ));
    }
    let mut bytes = Vec::new();
    if metadata.len() <= MAX_FILE_BYTES {
        let file = std::fs::File::open(path).map_err(|e| io_error(&name, &e))?;
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|e| io_error(&name, &e))?;
    }
    if metadata.len() > MAX_FILE_BYTES || bytes.len() as u64 > MAX_FILE_BYTES {
        let limit = MAX_FILE_BYTES >> 20;
        return Err(unreadable(
            "file-too-big",
            text!("{name} is bigger than {limit} MiB", "{name} 超过 {limit} MiB"),
            text!("Split it, sum it by day first, or save it as Parquet", "请拆分、先按日汇总，或另存为 Parquet"),
            place,
        ));
    }
    let blank = |b: &u8| b.is_ascii_whitespace() || matches!(b, 0xEF | 0xBB | 0xBF | 0xFE | 0xFF | 0);
    if bytes.len() < 1 << 16 && bytes.iter().all(blank) {
        return Err(unreadable(
            "file-empty",
            text!("{name} is empty", "{name} 是空文件"),
            text!(
                "Export the data again; a table needs a header and at least one row",
                "请重新导出；表格需有表头和至少一行数据"
            ),
            place,
        ));
    }
    let kind = sniff(&bytes, &name)?;
    check_ending(path, kind, &name)?;
    Ok(Source { name, place, kind, bytes })
}

fn io_error(name: &str, error: &std::io::Error) -> DataError {
    let place = Place::file(name);
    match error.kind() {
        ErrorKind::NotFound => unreadable(
            "file-missing",
            text!("{name} was not found", "未找到 {name}"),
            text!("Check the path, or whether the file was moved or renamed", "请检查路径，或文件是否已移动、改名"),
            place,
        ),
        ErrorKind::PermissionDenied => unreadable(
            "file-not-allowed",
            text!("{name} may not be read", "没有权限读取 {name}"),
            text!("Close it in other programs and check its permissions", "请在其他程序中关闭该文件并检查权限"),
            place,
        ),
        _ => unreadable(
            "file-unreadable",
            text!("{name} could not be read: {error}", "无法读取 {name}：{error}"),
            text!("Try a copy on a local disk", "请复制到本地磁盘后重试"),
            place,
        ),
    }
}

fn sniff(bytes: &[u8], name: &str) -> Result<FileKind, DataError> {
    const STRANGERS: &[(&[u8], &str)] = &[
        (b"%PDF", "PDF"),
        (b"\x89PNG", "PNG"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"GIF8", "GIF"),
        (b"\x1F\x8B", "gzip"),
        (b"7z\xBC\xAF", "7-Zip"),
        (b"Rar!", "RAR"),
        (b"SQLite format 3", "SQLite"),
        (b"\x7FELF", "ELF"),
        (b"{\\rtf", "RTF"),
        (b"<html", "HTML"),
        (b"<HTML", "HTML"),
        (b"<!DOCTYPE", "HTML"),
        (b"<!doctype", "HTML"),
        (b"<table", "HTML"),
        (b"<?xml", "XML"),
    ];
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(FileKind::ZippedWorkbook);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Ok(FileKind::OldWorkbook);
    }
    if bytes.starts_with(b"PAR1") {
        return Ok(FileKind::Parquet);
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    if let Some((_, what)) = STRANGERS.iter().find(|(magic, _)| text.starts_with(magic)) {
        return Err(wrong_type(name, what));
    }
    Ok(FileKind::Text)
}

/// The finding for content that is no table.
pub(super) fn wrong_type(name: &str, what: &str) -> DataError {
    unreadable(
        "wrong-file-type",
        text!("{name} holds {what}, not a table", "{name} 的内容是 {what}，不是表格"),
        text!("Save it as CSV, XLSX or Parquet", "请另存为 CSV、XLSX 或 Parquet"),
        Place::file(name),
    )
}

fn check_ending(path: &Path, kind: FileKind, name: &str) -> Result<(), DataError> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let expected: &[FileKind] = match ending.as_str() {
        "csv" | "tsv" | "tab" => &[FileKind::Text],
        "xlsx" | "xlsm" | "xlsb" | "ods" => &[FileKind::ZippedWorkbook],
        // Excel itself opens either under the old ending; exports rely on it.
        "xls" => &[FileKind::OldWorkbook, FileKind::ZippedWorkbook],
        "parquet" | "pq" => &[FileKind::Parquet],
        _ => return Ok(()),
    };
    if expected.contains(&kind) {
        return Ok(());
    }
    let is = kind.name();
    let right = match kind {
        FileKind::Text => "csv",
        FileKind::ZippedWorkbook => "xlsx",
        FileKind::OldWorkbook => "xls",
        FileKind::Parquet => "parquet",
    };
    Err(unreadable(
        "wrong-file-type",
        text!("{name} ends in .{ending} but its content is {is}", "{name} 的扩展名是 .{ending}，但内容是 {is}"),
        text!("Rename it to end in .{right}, or export it again", "请将扩展名改为 .{right}，或重新导出"),
        Place::file(name),
    ))
}
