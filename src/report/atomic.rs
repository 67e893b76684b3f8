//! Files that appear complete or not at all.

use crate::text;
use crate::words::Text;
use std::fs::File;
use std::io;
use std::path::Path;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ReportError {
    /// What, where, what to do.
    pub message: Text,
}

/// On Windows a virus scanner or a sync folder may hold the target for a moment: so many tries, so far apart.
#[cfg(windows)]
const TRIES: u64 = 8;
#[cfg(windows)]
const PAUSE_MS: u64 = 40;

/// Writes `bytes` whole or not at all: to a temporary file beside `path`, then in its place.
///
/// # Errors
/// [`ReportError`] when the folder or the file can't be written; an older file stays as it was.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    write_atomically(path, |file| std::io::Write::write_all(file, bytes))
}

/// Lets `write` fill a temporary file beside `path` and then puts it in `path`'s place. An older file stays as it was
/// when anything fails.
pub(super) fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), ReportError> {
    if path.is_dir() {
        let name = path.display();
        let message = text!("{name} is a folder. Name a file in it", "{name} 是文件夹。请指定其中的文件名");
        return Err(ReportError { message });
    }
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".planwright-").suffix(".tmp");
    #[cfg(unix)]
    {
        // A report is an ordinary file: as readable as the user's umask makes new files, not private.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let result = builder.tempfile_in(folder).and_then(|mut file| {
        write(file.as_file_mut())?;
        file.as_file().sync_all()?;
        replace(file, path)
    });
    result.map_err(|error| ReportError { message: explain(path, &error) })
}

#[cfg(not(windows))]
fn replace(file: tempfile::NamedTempFile, path: &Path) -> io::Result<()> {
    file.persist(path).map(drop).map_err(|e| e.error)
}

#[cfg(windows)]
fn replace(mut file: tempfile::NamedTempFile, path: &Path) -> io::Result<()> {
    const ACCESS_DENIED: i32 = 5;
    const SHARING_VIOLATION: i32 = 32;
    for attempt in 1.. {
        match file.persist(path) {
            Ok(_) => break,
            Err(e) => {
                let held = matches!(e.error.raw_os_error(), Some(ACCESS_DENIED | SHARING_VIOLATION));
                if !held || attempt == TRIES {
                    return Err(e.error);
                }
                file = e.file;
                std::thread::sleep(std::time::Duration::from_millis(PAUSE_MS * attempt));
            }
        }
    }
    Ok(())
}

fn explain(path: &Path, error: &io::Error) -> Text {
    let name = path.display();
    let (what, todo) = match error.kind() {
        io::ErrorKind::NotFound => (
            text!("its folder doesn't exist", "所在文件夹不存在"),
            text!("Create the folder or choose another", "请先创建该文件夹或另选位置"),
        ),
        io::ErrorKind::PermissionDenied => (
            text!(
                "writing is not allowed there, or the file is open elsewhere",
                "没有写入权限，或文件正被其他程序打开"
            ),
            text!("Close it in the spreadsheet or choose another place", "请在表格软件中关闭它，或另选位置"),
        ),
        io::ErrorKind::StorageFull => (
            text!("the disk is full", "磁盘已满"),
            text!("Free some space or choose another disk", "请清理空间或另选磁盘"),
        ),
        _ => (Text::same(error.to_string()), text!("Choose another place", "请另选位置")),
    };
    let (en, zh, then_en, then_zh) = (what.en, what.zh, todo.en, todo.zh);
    text!("{name} could not be written: {en}. {then_en}", "无法写入 {name}：{zh}。{then_zh}")
}
