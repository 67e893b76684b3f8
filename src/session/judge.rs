//! Commands about judgement: overrides, new items, reconciliation.

use super::command::{Command, Gesture, NoticeKind};
use super::project::Project;
use super::{Session, inputs};
use crate::model::{ForecastOverride, KeptForecast, SeriesId};
use crate::pipeline::{self, ValueAdded};
use crate::text;
use crate::words::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most overrides and references of a project.
const MOST_ENTRIES: usize = 10_000;
/// Most forecasts kept; the oldest go first.
const MOST_KEPT: usize = 10_000;

impl Session {
    /// Whether overriding helped, over the kept forecasts whose periods have been sold since.
    pub fn value_added(&self) -> ValueAdded {
        let project = self.project();
        let panel = project.sales.as_ref().map(|s| &s.panel);
        panel.map(|panel| pipeline::value_added(&project.kept, panel)).unwrap_or_default()
    }

    /// The region that a series' location lies in; empty when none is known.
    pub fn region(&self, id: &SeriesId) -> Arc<str> {
        let project = self.project();
        let of_network = project.network.regions.of_series(id);
        let of_sales = || project.sales.as_ref().map(|s| s.regions.of_series(id)).unwrap_or_default();
        if of_network.is_empty() { of_sales() } else { of_network }
    }

    pub(super) fn edit_judgement(&mut self, command: Command) {
        match command {
            Command::SetReconciliation(method) => {
                self.change(Text::new("Set reconciliation", "设置预测协调"), |p| {
                    p.settings.reconciliation = method;
                });
            }
            Command::SetOverride(at, given, gesture) => self.set_override(at, *given, gesture),
            Command::RemoveOverride(at) => {
                if at < self.project().overrides.len() {
                    self.change(Text::new("Remove override", "删除预测调整"), |p| {
                        Arc::make_mut(&mut p.overrides).remove(at);
                    });
                }
            }
            Command::SetSuccession(at, succession) => {
                if at.unwrap_or(0) > self.project().successions.len() || self.is_full(self.project().successions.len())
                {
                    return;
                }
                self.change(Text::new("Set reference of new item", "设置新品参照"), |p| {
                    put(Arc::make_mut(&mut p.successions), at, succession);
                });
            }
            Command::RemoveSuccession(at) => {
                if at < self.project().successions.len() {
                    self.change(Text::new("Remove reference of new item", "删除新品参照"), |p| {
                        Arc::make_mut(&mut p.successions).remove(at);
                    });
                }
            }
            Command::KeepForecasts => self.keep_forecasts(),
            command => self.edit_lead_times(command),
        }
    }

    /// All changes of one drag are one step: adding and the moves that follow share the place as their gesture.
    fn set_override(&mut self, at: Option<usize>, given: ForecastOverride, gesture: Gesture) {
        let count = self.project().overrides.len();
        let at = at.unwrap_or(count);
        if at > count || (at == count && self.is_full(count)) || !given.kind.number().is_finite() {
            return;
        }
        if given.last < given.first {
            let message = text!("The last period is before the first", "截止期早于起始期");
            return self.notice(NoticeKind::Warning, message);
        }
        self.history.change_in_gesture(
            &format!("override {at}"),
            Text::new("Override forecast", "调整预测"),
            |p| {
                put(Arc::make_mut(&mut p.overrides), Some(at), given);
            },
        );
        self.settle(gesture);
    }

    fn is_full(&mut self, count: usize) -> bool {
        if count >= MOST_ENTRIES {
            self.notice(NoticeKind::Warning, text!("{MOST_ENTRIES} entries are enough", "最多 {MOST_ENTRIES} 条"));
        }
        count >= MOST_ENTRIES
    }

    fn keep_forecasts(&mut self) {
        let project = self.history.project();
        let (Some(sales), Some(key)) = (&project.sales, self.history.forecast_key()) else { return };
        let kept = self.results.layered(project, sales, &key).map(|layered| {
            let panel = self.results.adjusted.new_items(project, sales, &key).sold.clone();
            layered.keep(&inputs(project, sales, &panel))
        });
        if let Some(kept) = kept.filter(|kept| !kept.is_empty()) {
            self.change(Text::new("Keep forecasts", "留存预测"), |project| keep(project, kept));
        } else {
            self.notice(NoticeKind::Warning, Text::new("No forecast is overridden", "没有被调整的预测"));
        }
    }
}

/// Adds forecasts to the kept ones, in place of those of the same series and start.
fn keep(project: &mut Project, kept: Vec<KeptForecast>) {
    let all = Arc::make_mut(&mut project.kept);
    let renewed: BTreeSet<_> = kept.iter().map(|new| (&new.id, new.start)).collect();
    all.retain(|old| !renewed.contains(&(&old.id, old.start)));
    all.extend(kept);
    let surplus = all.len().saturating_sub(MOST_KEPT);
    all.drain(..surplus);
}

/// Replaces the entry at a place, or adds one at the end.
fn put<T>(list: &mut Vec<T>, at: Option<usize>, entry: T) {
    match at.and_then(|at| list.get_mut(at)) {
        Some(old) => *old = entry,
        None => list.push(entry),
    }
}
