//! Charts over periods, all in one manner: titled axes, a legend, figures under the pointer.

use crate::gui::style::{Palette, size};
use crate::gui::text::Words;
use crate::model::{Frequency, Period};
use crate::report::{Cell, Kind, format};
use egui::{TextStyle, Vec2};
use egui_plot::{Corner, GridInput, GridMark, HoverPosition, Legend, Plot};

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

    /// Grid lines at whole periods, wider apart the more there are to see.
    fn grid(self, input: GridInput) -> Vec<GridMark> {
        let year = self.origin.frequency().periods_per_year().round().max(1.0);
        let ladder = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6];
        let natural: &[f64] = match self.origin.frequency() {
            Frequency::Week => &[1.0, 4.0, 13.0, 26.0, 52.0],
            Frequency::Month => &[1.0, 3.0, 6.0, 12.0],
            Frequency::Quarter => &[1.0, 4.0],
            Frequency::Day => &[1.0, 7.0, 28.0, 91.0, 182.0, 365.0],
            Frequency::Step | Frequency::Year => &ladder,
        };
        let beyond = ladder.iter().map(|k| k * year).filter(|s| *s > natural.last().copied().unwrap_or(1.0));
        let steps: Vec<f64> = natural.iter().copied().chain(beyond).collect();
        let finest = steps.iter().position(|s| *s >= input.base_step_size).unwrap_or(steps.len() - 1);
        let step = steps[finest];
        let (from, to) = ((input.bounds.0 / step).ceil() as i64, (input.bounds.1 / step).floor() as i64);
        // A range that nobody can look at has no grid.
        if to.saturating_sub(from) > 10_000 {
            return Vec::new();
        }
        (from..=to).map(|k| GridMark { value: k as f64 * step, step_size: step }).collect()
    }
}

/// A plot over periods with our axes, grid, legend and hover.
pub(in crate::gui) fn plot<'a>(id: &str, ui: &egui::Ui, words: Words, axis: PeriodAxis, y_title: &str) -> Plot<'a> {
    Plot::new(id.to_owned())
        .x_axis_label(axis.title(words))
        .y_axis_label(y_title.to_owned())
        .x_axis_formatter(move |mark, _| axis.label(mark.value))
        .y_axis_formatter(|mark, _| figure(mark.value))
        .x_grid_spacer(move |input| axis.grid(input))
        .y_axis_min_width(size::AXIS)
        .grid_color(Palette::of(ui).outline)
        .label_formatter(move |position| hover_label(position, |x| axis.label(x)))
        .legend(Legend::default().position(Corner::LeftTop).text_style(TextStyle::Small).follow_insertion_order(true))
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
fn figure(x: f64) -> String {
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
