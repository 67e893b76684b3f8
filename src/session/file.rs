//! Projects as files: one file, versioned, checked, written whole or not at all.
//!
//! ```text
//! PLANWRIGHT 1\n            magic and format version
//! 64 hexadecimal digits\n   SHA-256 of the payload
//! payload                   deflated JSON of the project
//! ```

use super::project::Project;
use crate::model::hex;
use crate::pipeline::{PipelineError, write_file};
use crate::text;
use crate::words::Text;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

const MAGIC: &str = "PLANWRIGHT";
const VERSION: u32 = 1;
/// Largest project file read, and largest project after inflating: a header may lie, memory may not end.
const MOST_FILE_BYTES: u64 = 1 << 30;
const MOST_PROJECT_BYTES: u64 = 4 << 30;

/// Writes the project, replacing `path` only when all of it is written.
///
/// # Errors
/// [`PipelineError::Failed`] when the file can't be written.
pub(super) fn save(project: &Project, path: &Path) -> Result<(), PipelineError> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    let written = serde_json::to_writer(&mut encoder, project).map_err(std::io::Error::from);
    let payload = written.and_then(|()| encoder.finish()).map_err(|e| failed(path, &e))?;
    let mut bytes = format!("{MAGIC} {VERSION}\n{}\n", hex(&Sha256::digest(&payload))).into_bytes();
    bytes.write_all(&payload).map_err(|e| failed(path, &e))?;
    Ok(write_file(path, &bytes)?)
}

/// Reads a project file.
///
/// # Errors
/// [`PipelineError::Failed`] when the file can't be read, is no project, is of a newer version, or was cut short or
/// altered since it was written.
pub(super) fn open(path: &Path) -> Result<Project, PipelineError> {
    let bytes = read(path)?;
    let (header, payload) = split_header(&bytes).ok_or_else(|| not_a_project(path))?;
    let mut words = header[0].split(' ');
    let (Some(MAGIC), Some(version)) = (words.next(), words.next().and_then(|v| v.parse::<u32>().ok())) else {
        return Err(not_a_project(path));
    };
    if version > VERSION {
        let name = path.display();
        return Err(PipelineError::Failed(text!(
            "{name} was saved by a newer Planwright (format {version}). Update Planwright to open it.",
            "{name} 由更新版本的 Planwright 保存（格式 {version}）。请升级 Planwright 后再打开。"
        )));
    }
    if hex(&Sha256::digest(payload)) != header[1] {
        return Err(altered(path));
    }
    let decoder = DeflateDecoder::new(payload).take(MOST_PROJECT_BYTES);
    let project: Project = serde_json::from_reader(std::io::BufReader::new(decoder)).map_err(|e| {
        tracing::warn!("project file: {e}");
        altered(path)
    })?;
    if project.scenarios.is_empty() { Err(altered(path)) } else { Ok(project) }
}

fn read(path: &Path) -> Result<Vec<u8>, PipelineError> {
    let file = File::open(path).map_err(|e| failed(path, &e))?;
    let mut bytes = Vec::new();
    let size = file.take(MOST_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|e| failed(path, &e))?;
    if size as u64 > MOST_FILE_BYTES { Err(not_a_project(path)) } else { Ok(bytes) }
}

fn split_header(bytes: &[u8]) -> Option<([&str; 2], &[u8])> {
    let first = bytes.iter().take(64).position(|b| *b == b'\n')?;
    let second = first + 1 + bytes[first + 1..].iter().take(80).position(|b| *b == b'\n')?;
    let line = |from, to| std::str::from_utf8(&bytes[from..to]).ok();
    Some(([line(0, first)?, line(first + 1, second)?], &bytes[second + 1..]))
}

fn failed(path: &Path, error: &std::io::Error) -> PipelineError {
    let name = path.display();
    PipelineError::Failed(text!("{name}: {error}", "{name}：{error}"))
}

fn not_a_project(path: &Path) -> PipelineError {
    let name = path.display();
    PipelineError::Failed(text!(
        "{name} is not a Planwright project. Import sales files with “Open data…”.",
        "{name} 不是 Planwright 项目文件。销售文件请用“打开数据…”导入。"
    ))
}

fn altered(path: &Path) -> PipelineError {
    let name = path.display();
    PipelineError::Failed(
        text!(
            "{name} was cut short or altered since it was saved; nothing was opened.",
            "{name} 保存后被截断或改动，未打开。"
        )
        .then(&Text::new("Restore it from a backup copy.", "请从备份副本恢复。")),
    )
}
