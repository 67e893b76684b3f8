//! From where on alerts are raised.

use crate::gui::context::Cx;
use crate::gui::widgets::{LeverRow, Moved, lever_ui, section_ui};
use crate::model::{AlertReplay, AlertSettings};
use crate::session::{Command, Gesture};
use crate::text;
use crate::words::Text;
use egui::Ui;
use std::ops::RangeInclusive;

/// A threshold as the user sees it.
struct Threshold {
    label: Text,
    hint: Text,
    unit: Text,
    /// Ends of the slider, in the unit shown.
    range: RangeInclusive<f64>,
    decimals: u8,
    /// What the setting is multiplied with to be shown.
    scale: f64,
    field: fn(&mut AlertSettings) -> &mut f64,
}

impl Threshold {
    fn new(
        words: [Text; 3],
        range: RangeInclusive<f64>,
        decimals: u8,
        field: fn(&mut AlertSettings) -> &mut f64,
    ) -> Self {
        let [label, hint, unit] = words;
        let scale = if unit.en == "%" { 100.0 } else { 1.0 };
        Self { label, hint, unit, range, decimals, scale, field }
    }
}

fn thresholds() -> Vec<Threshold> {
    let (percent, days, none) = (Text::same("%"), Text::new("days", "天"), Text::default());
    vec![
        Threshold::new(
            [
                Text::new("Runs out with at least", "缺货概率不低于"),
                Text::new("Before an order placed now arrives", "在现在下单的货物到达之前"),
                percent.clone(),
            ],
            1.0..=99.0,
            0,
            |s| &mut s.run_out,
        ),
        Threshold::new(
            [
                Text::new("Fill rate below", "满足率低于"),
                Text::new("For items without a target of their own", "适用于没有自身目标的商品"),
                percent,
            ],
            50.0..=99.9,
            1,
            |s| &mut s.fill_rate,
        ),
        Threshold::new(
            [
                Text::new("Excess beyond", "过剩：超过"),
                Text::new("Of forecast demand, and the max level", "的预测需求，且高于最高库存"),
                days.clone(),
            ],
            7.0..=730.0,
            0,
            |s| &mut s.excess_days,
        ),
        Threshold::new(
            [Text::new("Dead after", "呆滞：无需求满"), Text::new("Without any demand", "期间没有任何需求"), days],
            7.0..=730.0,
            0,
            |s| &mut s.dead_days,
        ),
        Threshold::new(
            [
                Text::new("Tracking signal beyond", "跟踪信号超过"),
                Text::new("Trigg's smoothed signal of the one-step errors", "向前一步误差的 Trigg 平滑跟踪信号"),
                none.clone(),
            ],
            0.2..=0.95,
            2,
            |s| &mut s.drift,
        ),
        Threshold::new(
            [
                Text::new("Money at stake from", "风险金额不低于"),
                Text::new("Cheaper alerts are left out", "金额更小的不预警"),
                none,
            ],
            0.0..=10_000.0,
            0,
            |s| &mut s.least_money,
        ),
    ]
}

/// The thresholds as levers, and the one that would have warned best.
pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>, replay: &AlertReplay) {
    section_ui(ui, cx.t("When to tell", "何时预警"));
    let (mut now, mut usual) = (cx.session.project().risk.alerts, AlertSettings::default());
    for threshold in thresholds() {
        let (value, base, scale) = (*(threshold.field)(&mut now), *(threshold.field)(&mut usual), threshold.scale);
        let row = LeverRow {
            label: cx.words.of(&threshold.label),
            unit: cx.words.of(&threshold.unit),
            value: value * scale,
            base: base * scale,
            most: if scale > 1.0 { *threshold.range.end() } else { 1e9 },
            range: threshold.range.clone(),
            decimals: threshold.decimals,
            is_moved: value.to_bits() != base.to_bits(),
            hint: cx.words.of(&threshold.hint),
        };
        let (to, gesture) = match lever_ui(ui, cx.words, &row) {
            Some(Moved::To(to, gesture)) => (to / scale, gesture),
            Some(Moved::Reset) => (base, Gesture::Commit),
            None => continue,
        };
        let mut changed = now;
        *(threshold.field)(&mut changed) = to;
        cx.push(Command::SetAlertSettings(changed, gesture));
    }
    if let Some(best) = replay.best() {
        let percent = cx.number(100.0 * best.threshold, 0);
        let words = text!("Warn from {percent} %: best F1", "设为 {percent} %：F1 最高");
        if ui.button(cx.words.own(words)).clicked() {
            warn_from(cx, best.threshold);
        }
    }
}

/// Sets the probability from which a stock-out is told.
pub(super) fn warn_from(cx: &mut Cx<'_>, threshold: f64) {
    let settings = AlertSettings { run_out: threshold, ..cx.session.project().risk.alerts };
    cx.push(Command::SetAlertSettings(settings, Gesture::Commit));
}
