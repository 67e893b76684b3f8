//! Parquet → [`Table`]. What a foreign file claims about itself is checked before anything is allocated for it.

use super::DataError;
use super::dates::{date_text, timestamp_text};
use super::findings::{header_list, unreadable};
use super::limits::{MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED_BYTES, ROWS_PER_REPORT};
use super::source::Source;
use super::table::{Kind, Table, TableBuilder};
use crate::control::Control;
use crate::diagnostic::{Diagnostics, Place};
use crate::text;
use polars_arrow::array::{Array, BooleanArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::datatypes::{ArrowDataType, Field, TimeUnit};
use polars_buffer::Buffer;
use polars_parquet::read::{
    BasicDecompressor, FileMetadata, PageReader, RowGroupMetadata, column_iter_to_arrays, infer_schema, read_metadata,
};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Largest page unpacked: writers use 1 MiB, some 64.
const MAX_PAGE_BYTES: usize = 256 << 20;

/// Reads a Parquet file; `None` when it has no column.
///
/// # Errors
/// Damaged, beyond a limit, or cancelled.
pub(super) fn read(
    source: &mut Source,
    diagnostics: &mut Diagnostics,
    control: &Control,
) -> Result<Option<Table>, DataError> {
    let bytes: Buffer<u8> = std::mem::take(&mut source.bytes).into();
    let (name, place) = (source.name.clone(), source.place.clone());
    let work = AssertUnwindSafe(|| {
        let reader = File { bytes, name: &name, place: &place, control };
        reader.read(diagnostics)
    });
    // The reader's asserts on damaged pages become a finding.
    catch_unwind(work).unwrap_or_else(|_| Err(damaged(&name, "its structure makes no sense")))
}

struct File<'a> {
    bytes: Buffer<u8>,
    name: &'a str,
    place: &'a Place,
    control: &'a Control,
}

impl File<'_> {
    fn read(&self, diagnostics: &mut Diagnostics) -> Result<Option<Table>, DataError> {
        let fault = |e: &dyn std::fmt::Display| damaged(self.name, &e.to_string());
        let metadata = read_metadata(&mut Cursor::new(self.bytes.as_slice())).map_err(|e| fault(&e))?;
        self.check_claims(&metadata)?;
        let schema = infer_schema(&metadata).map_err(|e| fault(&e))?;
        let (fields, strange): (Vec<&Field>, Vec<&Field>) = schema.iter_values().partition(|f| is_flat(&f.dtype));
        if !strange.is_empty() {
            let list = header_list(strange.iter().map(|f| f.name.as_str()));
            diagnostics.info(
                "column-type-not-read",
                text!("Columns of nested or binary types were not read: {list}", "嵌套或二进制类型的列未读取：{list}"),
                self.place.clone(),
            );
        }
        let mut builder = TableBuilder::new(self.place.clone());
        builder.headers(fields.iter().map(|f| f.name.to_string()).collect())?;
        let mut done = 0;
        for group in &metadata.row_groups {
            let share = done as f64 / metadata.num_rows.max(1) as f64;
            self.control.report(share, &text!("Reading rows", "正在读取数据行"))?;
            self.read_group(group, &fields, done, &mut builder)?;
            done += group.num_rows();
        }
        let mut table = builder.finish()?;
        if let Some(table) = &mut table {
            table.header_line = None;
        }
        Ok(table)
    }

    /// Rows and sizes that the footer claims, against the limits and the file's own length.
    fn check_claims(&self, metadata: &FileMetadata) -> Result<(), DataError> {
        let groups = &metadata.row_groups;
        let rows = groups.iter().map(RowGroupMetadata::num_rows).fold(0_usize, usize::saturating_add);
        let unpacked: u64 = groups
            .iter()
            .flat_map(RowGroupMetadata::parquet_columns)
            .map(|c| c.uncompressed_size().max(0) as u64)
            .fold(0, u64::saturating_add);
        let columns = groups.first().map_or(0, RowGroupMetadata::n_columns);
        if rows > MAX_ROWS || unpacked > MAX_UNPACKED_BYTES || columns > MAX_COLUMNS {
            let limit = MAX_UNPACKED_BYTES >> 20;
            return Err(unreadable(
                "table-too-big",
                text!(
                    "The file says it holds {rows} rows; at most {MAX_ROWS} rows and {limit} MiB are read",
                    "文件声明有 {rows} 行；最多读取 {MAX_ROWS} 行、{limit} MiB"
                ),
                text!("Split the file, or sum it by day first", "请拆分文件，或先按日汇总"),
                self.place.clone(),
            ));
        }
        let length = self.bytes.len() as u64;
        let outside = groups.iter().flat_map(RowGroupMetadata::parquet_columns).any(|c| {
            let range = c.byte_range();
            range.start > range.end || range.end > length
        });
        if outside { Err(damaged(self.name, "a column lies outside the file")) } else { Ok(()) }
    }

    fn read_group(
        &self,
        group: &RowGroupMetadata,
        fields: &[&Field],
        rows_before: usize,
        builder: &mut TableBuilder,
    ) -> Result<(), DataError> {
        let rows = group.num_rows();
        let mut columns: Vec<Vec<Box<dyn Array>>> = Vec::with_capacity(fields.len());
        for field in fields {
            self.control.check()?;
            let chunks = self.read_column(group, field)?;
            if chunks.iter().map(|c| c.len()).sum::<usize>() != rows {
                return Err(damaged(self.name, "its columns are of different lengths"));
            }
            columns.push(chunks);
        }
        let mut cursors = vec![(0_usize, 0_usize); columns.len()];
        let mut cells: Vec<(String, Kind)> = vec![(String::new(), Kind::Text); columns.len()];
        for row in 0..rows {
            if row.is_multiple_of(ROWS_PER_REPORT) {
                self.control.check()?;
            }
            for (k, chunks) in columns.iter().enumerate() {
                let (chunk, offset) = &mut cursors[k];
                while *offset >= chunks[*chunk].len() {
                    (*chunk, *offset) = (*chunk + 1, 0);
                }
                cells[k].0.clear();
                cells[k].1 = write_value(&*chunks[*chunk], *offset, &mut cells[k].0);
                *offset += 1;
            }
            let number = (rows_before + row + 1) as u32;
            builder.row(number, cells.iter().map(|(text, kind)| (text.as_str(), *kind)))?;
        }
        Ok(())
    }

    fn read_column(&self, group: &RowGroupMetadata, field: &Field) -> Result<Vec<Box<dyn Array>>, DataError> {
        let metas: Vec<_> = group.columns_under_root_iter(&field.name).into_iter().flatten().collect();
        let mut pages = Vec::with_capacity(metas.len());
        let mut types = Vec::with_capacity(metas.len());
        for meta in metas {
            let range = meta.byte_range();
            let chunk = self.bytes.clone().sliced(range.start as usize..range.end as usize);
            let reader = PageReader::new(Cursor::new(chunk), meta, vec![], MAX_PAGE_BYTES);
            pages.push(BasicDecompressor::new(reader, vec![]));
            types.push(&meta.descriptor().descriptor.primitive_type);
        }
        if pages.is_empty() {
            return Err(damaged(self.name, "a column is missing"));
        }
        let read = column_iter_to_arrays(pages, types, field.clone(), None);
        read.map(|(chunks, _)| chunks).map_err(|e| damaged(self.name, &e.to_string()))
    }
}

fn is_flat(dtype: &ArrowDataType) -> bool {
    use ArrowDataType as T;
    matches!(
        dtype,
        T::Boolean
            | T::Int8
            | T::Int16
            | T::Int32
            | T::Int64
            | T::UInt8
            | T::UInt16
            | T::UInt32
            | T::UInt64
            | T::Float32
            | T::Float64
            | T::Date32
            | T::Timestamp(..)
            | T::Decimal(..)
            | T::Utf8
            | T::LargeUtf8
            | T::Utf8View
    )
}

/// Appends one value's text and says what it is; a null is no text.
fn write_value(array: &dyn Array, row: usize, out: &mut String) -> Kind {
    use ArrowDataType as T;
    use std::fmt::Write;
    macro_rules! number {
        ($t:ty) => {
            if let Some(a) = array.as_any().downcast_ref::<PrimitiveArray<$t>>() {
                let _ = write!(out, "{}", a.value(row));
            }
        };
    }
    if array.is_null(row) {
        return Kind::Text;
    }
    match array.dtype() {
        T::Boolean => {
            if let Some(a) = array.as_any().downcast_ref::<BooleanArray>() {
                out.push_str(if a.value(row) { "TRUE" } else { "FALSE" });
            }
            return Kind::Text;
        }
        T::Utf8View => {
            if let Some(a) = array.as_any().downcast_ref::<Utf8ViewArray>() {
                out.push_str(a.value(row));
            }
            return Kind::Text;
        }
        T::Date32 => {
            if let Some(a) = array.as_any().downcast_ref::<PrimitiveArray<i32>>() {
                date_text(i64::from(a.value(row)), out);
            }
            return Kind::Date;
        }
        T::Timestamp(unit, _) => {
            let per_second = match unit {
                TimeUnit::Second => 1,
                TimeUnit::Millisecond => 1_000,
                TimeUnit::Microsecond => 1_000_000,
                TimeUnit::Nanosecond => 1_000_000_000,
            };
            if let Some(a) = array.as_any().downcast_ref::<PrimitiveArray<i64>>() {
                timestamp_text(a.value(row).div_euclid(per_second), out);
            }
            return Kind::Date;
        }
        T::Decimal(_, scale) => {
            if let Some(a) = array.as_any().downcast_ref::<PrimitiveArray<i128>>() {
                let _ = write!(out, "{}", a.value(row) as f64 / 10_f64.powi(*scale as i32));
            }
        }
        T::Int8 => number!(i8),
        T::Int16 => number!(i16),
        T::Int32 => number!(i32),
        T::Int64 => number!(i64),
        T::UInt8 => number!(u8),
        T::UInt16 => number!(u16),
        T::UInt32 => number!(u32),
        T::UInt64 => number!(u64),
        T::Float32 => number!(f32),
        _ => number!(f64),
    }
    Kind::Number
}

fn damaged(name: &str, reason: &str) -> DataError {
    let reason = reason.trim().to_owned();
    unreadable(
        "file-damaged",
        text!("{name} can't be read as Parquet: {reason}", "{name} 无法作为 Parquet 读取：{reason}"),
        text!("Write the file again, with flat columns", "请重新写出文件，仅使用普通列"),
        Place::file(name),
    )
}
