//! What the program remembers of its user between sessions: language, theme, recent files.

use super::project::Preferences;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Files kept in the list of recent ones.
const MOST_RECENT: usize = 10;

/// The user's documents folder, where there is one: what a save dialog starts from.
pub fn documents() -> Option<PathBuf> {
    directories::UserDirs::new()?.document_dir().map(Path::to_owned)
}

/// The user's settings and the file they live in; without a file nothing is remembered.
#[derive(Debug, Default)]
pub(super) struct User {
    file: Option<PathBuf>,
    kept: Kept,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    preferences: Preferences,
    recent: Vec<PathBuf>,
}

impl User {
    /// The settings kept in `folder`; defaults when there are none or they can't be read.
    pub(super) fn load(folder: &Path) -> Self {
        let file = folder.join("user.json");
        let kept = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { file: Some(file), kept }
    }

    /// The folder where the system keeps a user's settings.
    pub(super) fn folder() -> Option<PathBuf> {
        directories::ProjectDirs::from("", "", "planwright").map(|dirs| dirs.config_dir().to_owned())
    }

    /// Language and theme.
    pub(super) fn preferences(&self) -> Preferences {
        self.kept.preferences
    }

    /// Files opened lately, latest first.
    pub(super) fn recent(&self) -> &[PathBuf] {
        &self.kept.recent
    }

    /// Changes language and theme.
    pub(super) fn set_preferences(&mut self, preferences: Preferences) {
        self.kept.preferences = preferences;
        self.keep();
    }

    /// Puts a file at the head of the recent ones.
    pub(super) fn opened(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.kept.recent.retain(|p| *p != path);
        self.kept.recent.insert(0, path);
        self.kept.recent.truncate(MOST_RECENT);
        self.keep();
    }

    /// Losing these settings is no reason to bother anybody: failures are logged.
    fn keep(&self) {
        let Some(file) = &self.file else { return };
        let write = || -> std::io::Result<()> {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(file, serde_json::to_vec_pretty(&self.kept)?)
        };
        if let Err(error) = write() {
            tracing::warn!("user settings are not kept: {error}");
        }
    }
}
