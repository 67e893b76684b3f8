//! What becomes of a job that failed: a message, and the findings where there are some.

use super::command::NoticeKind;
use super::partial::Paused;
use super::{Rejected, Running, Session};
use crate::diagnostic::Diagnostics;
use crate::pipeline::PipelineError;

impl Session {
    pub(super) fn failed(&mut self, error: &PipelineError, running: Option<&Running>) {
        if let PipelineError::Cancelled(_) = error {
            return self.stopped(running);
        }
        if let Some(key) = running.and_then(|r| r.derived.clone()) {
            self.paused = Some(Paused::Failed(key));
        }
        let file = running.and_then(|r| r.file.as_ref());
        let file = file.map(|p| p.file_name().unwrap_or_default().to_string_lossy().into_owned()).unwrap_or_default();
        match error {
            PipelineError::BadData(findings) => {
                self.rejected = Some(Rejected { file, diagnostics: (**findings).clone() });
            }
            PipelineError::Unreadable(finding) => {
                let mut diagnostics = Diagnostics::default();
                diagnostics.push((**finding).clone());
                self.rejected = Some(Rejected { file, diagnostics });
            }
            _ => {}
        }
        self.notice(NoticeKind::Failed, error.message());
    }
}
