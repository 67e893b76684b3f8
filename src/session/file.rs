//! Projects as files: one file, versioned, checked, written whole or not at all.
//!
//! ```text
//! PLANWRIGHT 1\n            magic and format version
//! 64 hexadecimal digits\n   SHA-256 of the payload
//! payload                   deflated JSON of the project
//!                           key of its forecasts, a line; networks over all items behind them, as safetensors
//! ```
//!
//! The networks are there when the project has some. They are results, not decisions: without them, or by another version
//! of the program, they are trained again.

use super::project::Project;
use super::results::ForecastKey;
use crate::model::{MOST_SCENARIOS, hex, unfold_copies};
use crate::pipeline::{PipelineError, Precision, TrainedNetworks, write_file};
use crate::text;
use crate::words::Text;
use flate2::Compression;
use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

const MAGIC: &str = "PLANWRIGHT";
/// Since 2 a scenario holds its own overrides only; before, all that it had taken over when it was branched.
const VERSION: u32 = 2;
const NESTED: u32 = 2;
/// Largest project file read, and largest project after inflating: a header may lie, memory may not end.
const MOST_FILE_BYTES: u64 = 1 << 30;
const MOST_PROJECT_BYTES: u64 = 4 << 30;

/// Networks that were trained for forecasts, by the forecasts' key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recalled {
    pub(super) key: ForecastKey,
    pub(super) networks: Arc<TrainedNetworks>,
}

/// Writes the project and the networks behind its forecasts, replacing `path` only when all of it is written.
///
/// # Errors
/// [`PipelineError::Failed`] when the file can't be written.
pub(super) fn save(project: &Project, recalled: Option<&Recalled>, path: &Path) -> Result<(), PipelineError> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    let written = serde_json::to_writer(&mut encoder, project).map_err(std::io::Error::from);
    let mut payload = written.and_then(|()| encoder.finish()).map_err(|e| failed(path, &e))?;
    if let Some(Recalled { key, networks }) = recalled {
        match networks.to_bytes(Precision::Full) {
            Ok(bytes) => {
                payload.extend_from_slice(format!("{key}\n").as_bytes());
                payload.extend(bytes);
            }
            // They can be trained again; the project can't.
            Err(why) => tracing::warn!("networks aren't saved: {}", why.en),
        }
    }
    let mut bytes = format!("{MAGIC} {VERSION}\n{}\n", hex(&Sha256::digest(&payload))).into_bytes();
    bytes.write_all(&payload).map_err(|e| failed(path, &e))?;
    Ok(write_file(path, &bytes)?)
}

/// Reads a project file, and the networks that lie in it.
///
/// # Errors
/// [`PipelineError::Failed`] when the file can't be read, is no project, is of a newer version, or was cut short or
/// altered since it was written.
pub(super) fn open(path: &Path) -> Result<(Project, Option<Recalled>), PipelineError> {
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
    let mut decoder = DeflateDecoder::new(payload).take(MOST_PROJECT_BYTES);
    let mut project: Project = serde_json::from_reader(std::io::BufReader::new(&mut decoder)).map_err(|e| {
        tracing::warn!("project file: {e}");
        altered(path)
    })?;
    let rest = decoder.into_inner().into_inner();
    if project.scenarios.is_empty() || project.scenarios.len() > MOST_SCENARIOS {
        return Err(altered(path));
    }
    if version < NESTED {
        unfold_copies(&mut project.scenarios);
    }
    Ok((project, recall(rest)))
}

/// The networks in what follows a project; `None` where there are none, or none that this program reads.
fn recall(rest: &[u8]) -> Option<Recalled> {
    let end = rest.iter().position(|b| *b == b'\n')?;
    let key = std::str::from_utf8(&rest[..end]).ok()?;
    let networks = TrainedNetworks::from_bytes(&rest[end + 1..]);
    let networks = networks.inspect_err(|why| tracing::warn!("networks in the project: {}", why.en)).ok()?;
    Some(Recalled { key: key.into(), networks: Arc::new(networks) })
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
