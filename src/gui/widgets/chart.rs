//! Charts over periods, all in one manner: titled axes, figures under the pointer.

use crate::gui::style::{Palette, size};
use crate::gui::text::Words;
use crate::model::{Frequency, Period};
use crate::report::{Cell, Kind, format};
use egui::Vec2;
use egui_plot::{GridInput, GridMark, HoverPosition, Plot};

/// Most points drawn of one line: about two per pixel of a wide screen.
const MOST_POINTS: usize = 4000;

/// A time axis: x = 0 is the origin, x = 1 the period after it.
#[derive(Debug, Clone, Copy)]
pub(in crate::gui) struct PeriodAxis {
    origin: Period,
}

impl PeriodAxis {
    /// An axis on which `origin` is 0.
    pub(in crate::gui) fn new(origin: Period) -> Self {
        Self { origin }
    }

    /// Where a period stands.
    pub(in crate::gui) fn x(self, period: Period) -> f64 {
        period.since(self.origin) as f64
    }

    /// The label of the period nearest to `x`.
    pub(in crate::gui) fn label(self, x: f64) -> String {
        self.origin.plus(x.round() as i64).label()
    }

    /// The axis title: "week".
    fn title(self, words: Words) -> String {
        words.own(match self.origin.frequency() {
            Frequency::Step => crate::words::Text::new("Period", "期"),
            frequency => crate::gui::text::frequency(Some(frequency)),
        })
    }

    /// Grid lines at whole periods, so far apart that each can bear a label.
    fn grid(self, input: &GridInput) -> Vec<GridMark> {
        let year = self.origin.frequency().periods_per_year().round().max(1.0);
        let natural: &[f64] = match self.origin.frequency() {
            Frequency::Week => &[1.0, 2.0, 4.0, 8.0, 13.0, 26.0, 52.0],
            Frequency::Month => &[1.0, 3.0, 6.0, 12.0],
            Frequency::Quarter => &[1.0, 2.0, 4.0],
            Frequency::Day => &[1.0, 7.0, 14.0, 28.0, 91.0, 182.0, 365.0],
            Frequency::Step | Frequency::Year => &[1.0],
        };
        let least = input.base_step_size * X_LABEL / GRID_UNIT;
        let years = std::iter::once(2.0 * year)
            .chain((0..9).flat_map(|k| [5.0, 10.0, 20.0].map(|s| s * 10_f64.powi(k) * year)));
        let step = natural.iter().copied().chain(years).find(|s| *s >= least).unwrap_or(least.ceil());
        // A label in the last half step would stand beyond the chart.
        marks((input.bounds.0, input.bounds.1 - LAST_LABEL * least), step)
    }
}

/// Points between two grid lines that `egui_plot` takes for its base step.
const GRID_UNIT: f64 = 8.0;
/// Share of a label's room that must be left of the chart's right end.
const LAST_LABEL: f64 = 0.45;
/// Points beyond which a grid line is drawn at full strength.
const MOST_SPACING: f32 = 300.0;
/// Points that a label on the x axis needs.
pub(in crate::gui) const X_LABEL: f64 = 76.0;
/// Points that a label on the y axis needs.
pub(in crate::gui) const Y_LABEL: f64 = 34.0;
/// Most grid lines; a range with more is one that nobody looks at.
const MOST_MARKS: i64 = 1000;

fn marks((from, to): (f64, f64), step: f64) -> Vec<GridMark> {
    let (first, last) = ((from / step).ceil() as i64, (to / step).floor() as i64);
    if last.saturating_sub(first) > MOST_MARKS {
        return Vec::new();
    }
    (first..=last).map(|k| GridMark { value: k as f64 * step, step_size: step }).collect()
}

/// Grid lines of figures: at 1, 2, 5, 10, … times a power of ten, at least `room` points apart.
pub(in crate::gui) fn figure_grid(input: &GridInput, room: f64) -> Vec<GridMark> {
    let least = input.base_step_size * room / GRID_UNIT;
    let power = 10_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|s| s * power).find(|s| *s >= least).unwrap_or(least);
    marks(input.bounds, step)
}

/// A plot over periods with our axes, grid and hover.
pub(in crate::gui) fn plot<'a>(id: &str, ui: &egui::Ui, words: Words, axis: PeriodAxis, y_title: &str) -> Plot<'a> {
    Plot::new(id.to_owned())
        .x_axis_label(axis.title(words))
        .y_axis_label(y_title.to_owned())
        .x_axis_formatter(move |mark, _| axis.label(mark.value))
        .y_axis_formatter(|mark, _| figure(mark.value))
        .x_grid_spacer(move |input| axis.grid(&input))
        .y_grid_spacer(|input| figure_grid(&input, Y_LABEL))
        .grid_spacing(GRID_UNIT as f32..=MOST_SPACING)
        .y_axis_min_width(size::AXIS)
        .grid_color(Palette::of(ui).outline)
        .label_formatter(move |position| hover_label(position, |x| axis.label(x)))
        .show_crosshair(false)
        .allow_scroll(false)
        .show_background(true)
        .set_margin_fraction(Vec2::new(0.01, 0.06))
}

/// "Name", the period and the figure under the pointer; nothing between the points.
pub(in crate::gui) fn hover_label(position: &HoverPosition<'_>, x: impl Fn(f64) -> String) -> Option<String> {
    match position {
        HoverPosition::NearDataPoint { plot_name, position, .. } if !plot_name.is_empty() => {
            Some(format!("{plot_name}\n{}: {}", x(position.x), figure(position.y)))
        }
        _ => None,
    }
}

/// A number on an axis: thousands marks, no more decimals than it needs.
pub(in crate::gui) fn figure(x: f64) -> String {
    let decimals = match x.abs() {
        a if a >= 100.0 || a.fract() == 0.0 => 0,
        a if a >= 1.0 => 1,
        _ => 3,
    };
    let text = format(&Cell::Number(x), Kind::Number(decimals), crate::words::Language::English);
    if decimals == 3 { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A line as it can be seen: of a long one, the lowest and the highest point of each stretch.
pub(in crate::gui) fn thin(values: &[f64], x0: f64) -> Vec<[f64; 2]> {
    let point = |k: usize| [x0 + k as f64, values[k]];
    if values.len() <= MOST_POINTS {
        return (0..values.len()).map(point).collect();
    }
    let stretch = values.len().div_ceil(MOST_POINTS / 2);
    let mut points = Vec::with_capacity(MOST_POINTS);
    for start in (0..values.len()).step_by(stretch) {
        let end = (start + stretch).min(values.len());
        let by = |a: &usize, b: &usize| values[*a].total_cmp(&values[*b]);
        let (low, high) = ((start..end).min_by(by).unwrap_or(start), (start..end).max_by(by).unwrap_or(start));
        points.push(point(low.min(high)));
        if low != high {
            points.push(point(low.max(high)));
        }
    }
    points
}
