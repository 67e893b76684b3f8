//! The model's one-step errors: over time, their autocorrelation, how they are spread.

use super::{explained_ui, nothing_ui};
use crate::gui::context::Cx;
use crate::gui::style::{Palette, band, size, space};
use crate::gui::widgets::{PeriodAxis, Tone, X_LABEL, Y_LABEL, figure, figure_grid, plot, remark_ui, thin};
use crate::model::Residuals;
use crate::session::Focus;
use crate::text;
use egui::{Ui, Vec2};
use egui_plot::{Bar, BarChart, GridMark, HLine, HoverPosition, Line, LineStyle, Plot, PlotPoints};

/// From here down on a test says that it's no chance.
const SIGNIFICANT: f64 = 0.05;
/// Pieces that a curve is drawn of.
const CURVE: u32 = 80;
/// Points beyond which a grid line is drawn at full strength.
const GRID: std::ops::RangeInclusive<f32> = 8.0..=300.0;

pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
    let Some(explanation) = explained_ui(ui, cx) else { return };
    let Some(residuals) = &explanation.residuals else {
        let words = cx.t(
            "The model in use has no one-step-ahead values to compare with the history.",
            "当前模型没有可与历史比较的向前一步拟合值。",
        );
        return nothing_ui(ui, words);
    };
    let tone = match residuals.ljung_box {
        _ if residuals.is_biased() => Tone::Warning,
        Some(test) if test.p_value < SIGNIFICANT => Tone::Warning,
        Some(_) => Tone::Good,
        None => Tone::Neutral,
    };
    remark_ui(ui, cx.words.of(&residuals.verdict()), tone);
    if residuals.ljung_box.is_none() {
        // Nothing to test is nothing to look for a pattern in.
        return over_time_ui(ui, cx, focus, residuals, ui.available_height());
    }
    ui.label(numbers(ui, cx, residuals));
    let height = ui.available_height();
    over_time_ui(ui, cx, focus, residuals, height * 0.45);
    let below = ui.available_height();
    ui.columns(2, |columns| {
        autocorrelation_ui(&mut columns[0], cx, focus, residuals, below);
        histogram_ui(&mut columns[1], cx, focus, residuals, below);
    });
}

fn numbers(ui: &Ui, cx: &Cx<'_>, residuals: &Residuals) -> egui::RichText {
    let decimals = if residuals.deviation >= 100.0 { 0 } else { 2 };
    let (count, outside) = (residuals.values.len(), residuals.outside());
    let lags = residuals.acf.len();
    let (mean, deviation) = (cx.number(residuals.mean, decimals), cx.number(residuals.deviation, decimals));
    let words = text!(
        "{count} residuals, mean {mean}, standard deviation {deviation}; {outside} of {lags} autocorrelations outside the 95 % band; curve: the normal distribution",
        "{count} 个残差，均值 {mean}，标准差 {deviation}；{lags} 个自相关中有 {outside} 个超出 95% 界限；曲线：正态分布"
    );
    crate::gui::style::caption(ui, cx.words.own(words))
}

fn over_time_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, residuals: &Residuals, height: f32) {
    let palette = Palette::of(ui);
    let name = cx.t("Residual", "残差");
    let axis = PeriodAxis::new(residuals.start);
    let y_title = cx.words.with_unit(cx.t("Actual − fitted", "实际 − 拟合"), cx.units());
    plot(&format!("residuals {}", focus.id), ui, cx.words, axis, &y_title).height(height).include_y(0.0).show(
        ui,
        |plot| {
            plot.hline(HLine::new("", 0.0).color(palette.outline).allow_hover(false));
            let points = PlotPoints::from(thin(&residuals.values, 0.0));
            plot.line(Line::new(name, points).color(palette.series(0)).width(size::THIN_LINE).id("residuals"));
        },
    );
}

fn autocorrelation_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, residuals: &Residuals, height: f32) {
    let palette = Palette::of(ui);
    let name = cx.t("Autocorrelation", "自相关");
    let bars: Vec<Bar> = residuals
        .acf
        .iter()
        .enumerate()
        .map(|(k, r)| {
            let is_outside = r.abs() > residuals.band;
            let color = if is_outside { palette.series(1) } else { palette.series(0) };
            Bar::new((k + 1) as f64, *r).width(0.55).fill(color).stroke((0.0, color))
        })
        .collect();
    let lag = cx.t("Lag", "滞后");
    let hover = format!("{name}\n{lag}");
    figures(&format!("acf {}", focus.id), ui, cx.words.with_unit(lag, cx.t("periods", "期")), name)
        .height(height)
        .x_grid_spacer(|input| whole(figure_grid(&input, X_LABEL)))
        .include_y(0.5)
        .include_y(-0.5)
        .include_x(0.0)
        .show(ui, |plot| {
            plot.hline(HLine::new("", 0.0).color(palette.outline).allow_hover(false));
            for bound in [residuals.band, -residuals.band] {
                let line = HLine::new("", bound).color(palette.warning).style(LineStyle::dashed_dense());
                plot.hline(line.allow_hover(false));
            }
            let label = move |bar: &Bar, _: &BarChart| format!("{hover} {:.0}: {:.3}", bar.argument, bar.value);
            plot.bar_chart(BarChart::new(name, bars).element_formatter(Box::new(label)).id("acf"));
        });
}

fn histogram_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, residuals: &Residuals, height: f32) {
    let palette = Palette::of(ui);
    let name = cx.t("Residuals", "残差");
    let fill = band(palette.series(0), 0.75);
    let bars: Vec<Bar> = residuals
        .bins
        .iter()
        .map(|bin| {
            // Constant residuals have one bar without a width.
            let width = if bin.to > bin.from { bin.to - bin.from } else { 1.0 };
            let middle = f64::midpoint(bin.from, bin.to);
            Bar::new(middle, bin.count as f64).width(width).fill(fill).stroke((1.0, palette.surface))
        })
        .collect();
    let x_title = cx.words.with_unit(cx.t("Actual − fitted", "实际 − 拟合"), cx.units());
    let count = cx.t("Periods", "期数");
    figures(&format!("histogram {}", focus.id), ui, x_title, count)
        .height(height)
        .include_y(0.0)
        .y_grid_spacer(|input| whole(figure_grid(&input, Y_LABEL)))
        .show(ui, |plot| {
            let label = move |bar: &Bar, _: &BarChart| {
                let half = bar.bar_width / 2.0;
                format!("{:.1} – {:.1}: {:.0}", bar.argument - half, bar.argument + half, bar.value)
            };
            plot.bar_chart(BarChart::new(name, bars).element_formatter(Box::new(label)).id("histogram"));
            let curve = PlotPoints::from(normal(residuals));
            plot.line(Line::new("", curve).color(palette.text).width(size::THIN_LINE).id("normal").allow_hover(false));
        });
}

/// What the histogram would be if the residuals were normal; nothing for a single bar.
fn normal(residuals: &Residuals) -> Vec<[f64; 2]> {
    let (Some(first), Some(last)) = (residuals.bins.first(), residuals.bins.last()) else { return Vec::new() };
    let x = |k: u32| first.from + (last.to - first.from) * f64::from(k) / f64::from(CURVE);
    (0..=CURVE).filter_map(|k| Some([x(k), residuals.expected(x(k))?])).collect()
}

/// Grid lines of things that are counted.
fn whole(mut marks: Vec<GridMark>) -> Vec<GridMark> {
    marks.retain(|mark| mark.value.fract().abs() < 1e-9);
    marks
}

/// A plot of figures over figures that stays put: there is nothing to look for further out.
fn figures<'a>(id: &str, ui: &Ui, x_title: String, y_title: &str) -> Plot<'a> {
    Plot::new(id.to_owned())
        .x_axis_label(x_title)
        .y_axis_label(y_title.to_owned())
        .x_axis_formatter(|mark, _| figure(mark.value))
        .y_axis_formatter(|mark, _| figure(mark.value))
        .y_axis_min_width(size::AXIS - space::M)
        .x_grid_spacer(|input| figure_grid(&input, X_LABEL))
        .y_grid_spacer(|input| figure_grid(&input, Y_LABEL))
        .grid_spacing(GRID)
        .grid_color(Palette::of(ui).outline)
        .label_formatter(|_: &HoverPosition<'_>| None)
        .show_crosshair(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .show_background(true)
        .set_margin_fraction(Vec2::new(0.02, 0.05))
}
