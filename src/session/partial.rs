//! Forecasts on their way: seen as they get ready, stopped, gone on with.

use super::command::NoticeKind;
use super::results::ForecastKey;
use super::{Running, Session, focus, inputs};
use crate::pipeline::{self, Inputs, Judgement, PartialForecasts};
use crate::text;
use std::sync::Arc;

/// A result that is wanted but not made, by its key.
#[derive(Debug)]
pub(super) enum Paused {
    /// The user stopped it.
    Stopped(Arc<str>),
    /// It couldn't be made.
    Failed(Arc<str>),
}

impl Paused {
    /// The result's key.
    pub(super) fn key(&self) -> &Arc<str> {
        match self {
            Self::Stopped(key) | Self::Failed(key) => key,
        }
    }
}

/// Digits that tell runs apart: among a million, two alike with a chance of 1 in 500.
const FINGERPRINT: usize = 12;

impl Session {
    /// What identifies the forecasts on screen: data, settings, seed and program version as
    /// hexadecimal digits; `None` until all series are forecast.
    pub fn fingerprint(&self) -> Option<String> {
        let is_there = self.history.forecast_key().is_some_and(|key| self.results.forecasts(&key).is_some());
        self.fingerprint_to_be().filter(|_| is_there)
    }

    /// The same, whether or not the forecasts are there yet; `None` without sales.
    pub fn fingerprint_to_be(&self) -> Option<String> {
        Some(self.history.forecast_key()?.chars().take(FINGERPRINT).collect())
    }

    /// What is ready of the forecasts on their way, in the planned panel's order; `None` once all are.
    pub fn partial(&self) -> Option<&PartialForecasts> {
        let key = self.history.forecast_key()?;
        self.results.partial(&key).map(|partial| &**partial)
    }

    /// The same while the running job is what makes them.
    pub fn forecasting(&self) -> Option<&PartialForecasts> {
        let key = self.running.as_ref()?.derived.as_ref()?;
        self.results
            .partial(key)
            .filter(|_| self.history.forecast_key().as_ref() == Some(key))
            .map(|partial| &**partial)
    }

    /// True when the user stopped what the present settings need.
    pub fn is_stopped(&self) -> bool {
        matches!(self.paused, Some(Paused::Stopped(_))) && self.status.is_none()
    }

    /// True when what the present settings need was stopped or failed: [`Command::Recompute`](super::Command::Recompute)
    /// goes on with it.
    pub fn can_go_on(&self) -> bool {
        self.paused.is_some() && self.status.is_none()
    }

    /// A result came in: a stop that came too late stopped nothing.
    pub(super) fn arrived(&mut self, running: Option<&Running>) {
        let key = running.and_then(|r| r.derived.as_ref());
        self.paused = self.paused.take().filter(|paused| Some(paused.key()) != key);
    }

    /// The user stopped forecasts on their way: what is ready stays.
    pub(super) fn stopped(&mut self, running: Option<&Running>) {
        let paused = self.paused.as_ref().map(Paused::key);
        let Some(key) = running.and_then(|r| r.derived.as_ref()).filter(|key| paused == Some(*key)) else { return };
        if let Some(partial) = self.results.partial(key) {
            let (ready, all) = (partial.ready(), partial.len());
            let message = text!(
                "Stopped: {ready} of {all} series are forecast and stay; a plan needs all. Compute goes on with the rest.",
                "已停止：{all} 个序列中的 {ready} 个已完成预测并保留；计划需要全部预测。点击“计算”继续其余部分。"
            );
            self.notice(NoticeKind::Warning, message);
        }
    }

    /// Shows of forecasts on their way the item's that is selected, and selects the first item when none is. Until the item's is
    /// ready, the latest one of the same data stays.
    pub(super) fn focus_on_partial(&mut self, key: &ForecastKey) {
        (self.focus, self.focus_of) = (None, None);
        let project = self.history.project();
        let Some(sales) = &project.sales else { return };
        let new = self.results.adjusted.new_items(project, sales, key);
        let series = new.fitted.series();
        let selected = self.selected.as_ref().and_then(|id| series.binary_search_by(|s| s.id.cmp(id)).ok());
        let partial = self.results.partial(key).cloned();
        let latest = self.results.latest(project);
        let ready = |k: usize| partial.as_ref().and_then(|p| p.get(k));
        let earlier = |k: usize| {
            let (key, forecasts) = latest.as_ref()?;
            let id = &series.get(k)?.id;
            let at = forecasts.binary_search_by(|f| f.id.cmp(id)).ok()?;
            Some((key, &forecasts[at]))
        };
        let found = |k: usize| ready(k).map(|found| (key, found)).or_else(|| earlier(k));
        // Which of them is ready first is up to chance: the list's first item is shown, and is made among the first.
        let Some((of, found)) = found(selected.unwrap_or(0)) else { return };
        let one = Arc::new(vec![self.results.effective_series(project, of, found)]);
        // Overrides and groups need all forecasts.
        let bare = Inputs { judgement: Judgement::default(), ..inputs(project, sales, &new.sold) };
        let layered = pipeline::layered(&bare, &one, &new, None);
        // Segments need all forecasts too.
        let items = self.taught.items(project, self.learnt.get().ready());
        self.focus = Some(focus((project, &items), &layered, 0));
        self.focus_of = Some(of.clone());
        self.selected = Some(found.id.clone());
    }

    /// True when the item shown waits for a forecast that may be ready.
    pub(super) fn awaits_focus(&self) -> bool {
        let Some(partial) = self.partial() else { return false };
        let Some(focus) = &self.focus else { return true };
        let is_ready = || {
            let series = self.results.adjusted.fitted()?.series();
            partial.get(series.binary_search_by(|s| s.id.cmp(&focus.id)).ok()?)
        };
        self.focus_of != self.history.forecast_key() && is_ready().is_some()
    }
}
