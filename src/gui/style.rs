//! Every colour, size and space of the window. Nothing else in `gui` states one.
//!
//! The look: quiet neutral surfaces parted by hairlines, one accent, figures that read across the room, and series
//! colours that stay apart for the colour-blind (Okabe & Ito 2008, *Color Universal Design*).

use egui::style::{ScrollStyle, Selection, WidgetVisuals, Widgets};
use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, RichText, Shadow, Stroke, Style, TextStyle, Theme,
    Visuals, vec2,
};

/// Steps of the spacing scale, points.
pub(super) mod space {
    /// Between a label and what it labels.
    pub(crate) const XS: f32 = 4.0;
    /// Between the parts of a group.
    pub(crate) const S: f32 = 8.0;
    /// Between groups.
    pub(crate) const M: f32 = 12.0;
    /// Around a panel's content.
    pub(crate) const L: f32 = 16.0;
    /// Around an empty state.
    pub(crate) const XL: f32 = 32.0;
}

/// Sizes that several places share, points.
pub(super) mod size {
    /// Height of the top bar.
    pub(crate) const TOP_BAR: f32 = 40.0;
    /// Height of the status bar.
    pub(crate) const STATUS_BAR: f32 = 28.0;
    /// Width of the navigator when the program starts.
    pub(crate) const NAVIGATOR: f32 = 264.0;
    /// Narrowest and widest navigator.
    pub(crate) const NAVIGATOR_RANGE: std::ops::RangeInclusive<f32> = 200.0..=420.0;
    /// Height of a navigator row.
    pub(crate) const ROW: f32 = 40.0;
    /// Height of a table row.
    pub(crate) const TABLE_ROW: f32 = 24.0;
    /// Height of a table header.
    pub(crate) const TABLE_HEADER: f32 = 28.0;
    /// Height of a figure tile.
    pub(crate) const TILE: f32 = 62.0;
    /// Height of a line with figures of a tile's size.
    pub(crate) const FIGURE_LINE: f32 = 28.0;
    /// Narrowest figure tile.
    pub(crate) const TILE_WIDTH: f32 = 124.0;
    /// Width of the column of controls beside a chart.
    pub(crate) const SIDE: f32 = 300.0;
    /// Height of a button that stands out.
    pub(crate) const BUTTON: f32 = 24.0;
    /// Width of a dialog.
    pub(crate) const DIALOG: f32 = 520.0;
    /// Width of a notice.
    pub(crate) const NOTICE: f32 = 380.0;
    /// Thickness of a chart's main line.
    pub(crate) const LINE: f32 = 2.0;
    /// Thickness of a chart's other lines.
    pub(crate) const THIN_LINE: f32 = 1.25;
    /// Width of a chart's figures on the y axis, so that stacked charts align.
    pub(crate) const AXIS: f32 = 62.0;
    /// Corner radius of tiles, buttons and fields.
    pub(crate) const RADIUS: u8 = 5;
}

/// Text styles besides egui's own.
pub(super) mod text {
    use egui::{FontFamily, TextStyle};
    use std::sync::Arc;

    /// A figure that reads across the room.
    pub(crate) fn figure() -> TextStyle {
        TextStyle::Name("figure".into())
    }

    /// Emphasised body text.
    pub(crate) fn strong() -> TextStyle {
        TextStyle::Name("strong".into())
    }

    /// The family of headings and figures.
    pub(crate) fn semibold() -> FontFamily {
        FontFamily::Name(Arc::from("semibold"))
    }

    /// The family of emphasised text.
    pub(crate) fn medium() -> FontFamily {
        FontFamily::Name(Arc::from("medium"))
    }
}

/// The colours of one theme.
#[derive(Debug)]
pub(super) struct Palette {
    /// Behind everything.
    pub(super) ground: Color32,
    /// Panels, tiles, tables.
    pub(super) surface: Color32,
    /// Fields and chart backgrounds.
    pub(super) well: Color32,
    /// Rows under the pointer.
    pub(super) hover: Color32,
    /// Rows and buttons that are chosen.
    pub(super) chosen: Color32,
    /// Lines between things.
    pub(super) hairline: Color32,
    /// Outlines of fields and buttons.
    pub(super) outline: Color32,
    /// Text.
    pub(super) text: Color32,
    /// Labels, units, remarks.
    pub(super) weak: Color32,
    /// The one accent.
    pub(super) accent: Color32,
    /// Text on the accent.
    pub(super) on_accent: Color32,
    /// Better, done.
    pub(super) good: Color32,
    /// Worth a look.
    pub(super) warning: Color32,
    /// Worse, failed.
    pub(super) bad: Color32,
    /// History on charts.
    pub(super) history: Color32,
    /// Series on charts, in the order they are given out.
    pub(super) series: [Color32; 7],
}

const LIGHT: Palette = Palette {
    ground: rgb(0xF3F4F2),
    surface: rgb(0xFFFFFF),
    well: rgb(0xFAFAF8),
    hover: rgb(0xEFF3F5),
    chosen: rgb(0xDCEBF5),
    hairline: rgb(0xE1E3DF),
    outline: rgb(0xC4C9C6),
    text: rgb(0x1C2224),
    weak: rgb(0x5D686C),
    accent: rgb(0x00639C),
    on_accent: rgb(0xFFFFFF),
    good: rgb(0x00734F),
    warning: rgb(0x96610A),
    bad: rgb(0xB23A00),
    history: rgb(0x4A5458),
    series: [rgb(0x0072B2), rgb(0xD55E00), rgb(0x009E73), rgb(0xE69F00), rgb(0xCC79A7), rgb(0x56B4E9), rgb(0x7A7A00)],
};

const DARK: Palette = Palette {
    ground: rgb(0x121618),
    surface: rgb(0x191E21),
    well: rgb(0x14191B),
    hover: rgb(0x232A2E),
    chosen: rgb(0x1D3A4D),
    hairline: rgb(0x2A3135),
    outline: rgb(0x434C51),
    text: rgb(0xE4E8E9),
    weak: rgb(0x97A3A8),
    accent: rgb(0x56B4E9),
    on_accent: rgb(0x08212F),
    good: rgb(0x35C79A),
    warning: rgb(0xE9AE2E),
    bad: rgb(0xF0803C),
    history: rgb(0xB4BEC2),
    series: [rgb(0x56B4E9), rgb(0xF0803C), rgb(0x2FBF91), rgb(0xE69F00), rgb(0xD98FB8), rgb(0x3A8FD0), rgb(0xD9CF3C)],
};

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Palette {
    /// The colours of the theme in force.
    pub(super) fn of(ui: &egui::Ui) -> &'static Self {
        if ui.visuals().dark_mode { &DARK } else { &LIGHT }
    }

    /// The `k`-th series colour; they repeat after the last.
    pub(super) fn series(&self, k: usize) -> Color32 {
        self.series[k % self.series.len()]
    }

    /// How often [`other`](Self::other) gave the colour out before.
    pub(super) fn round(&self, k: usize) -> usize {
        k / (self.series.len() - 1)
    }

    /// The `k`-th colour of lines beside one in the accent, which is the first series colour's own.
    pub(super) fn other(&self, k: usize) -> Color32 {
        self.series[1 + k % (self.series.len() - 1)]
    }
}

/// A colour thinned to a band behind a line.
pub(super) fn band(color: Color32, strength: f32) -> Color32 {
    color.gamma_multiply(strength)
}

/// A label, a unit, a remark.
pub(super) fn weak(ui: &egui::Ui, words: impl Into<String>) -> RichText {
    RichText::new(words).color(Palette::of(ui).weak)
}

/// A small label.
pub(super) fn caption(ui: &egui::Ui, words: impl Into<String>) -> RichText {
    weak(ui, words).text_style(TextStyle::Small)
}

/// Emphasised body text.
pub(super) fn strong(words: impl Into<String>) -> RichText {
    RichText::new(words).text_style(text::strong())
}

/// Sets both themes' styles.
pub(super) fn install(context: &Context) {
    for (theme, palette) in [(Theme::Light, &LIGHT), (Theme::Dark, &DARK)] {
        context.style_mut_of(theme, |style| set(style, theme, palette));
    }
}

fn set(style: &mut Style, theme: Theme, palette: &Palette) {
    let medium = |size| FontId::new(size, text::medium());
    style.text_styles = [
        (TextStyle::Small, FontId::new(11.5, FontFamily::Proportional)),
        (TextStyle::Body, FontId::new(13.0, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(13.0, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(13.0, FontFamily::Proportional)),
        (TextStyle::Heading, FontId::new(15.0, text::semibold())),
        (text::figure(), FontId::new(22.0, text::semibold())),
        (text::strong(), medium(13.0)),
    ]
    .into();
    style.visuals = visuals(theme, palette);
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(space::S, 6.0);
    spacing.button_padding = vec2(space::S, 3.0);
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(space::L as i8);
    spacing.interact_size = vec2(28.0, 24.0);
    spacing.slider_width = 180.0;
    spacing.slider_rail_height = 4.0;
    spacing.combo_width = 96.0;
    spacing.icon_width = 15.0;
    spacing.icon_width_inner = 9.0;
    spacing.tooltip_width = 420.0;
    spacing.combo_height = 320.0;
    spacing.scroll = ScrollStyle { bar_width: 8.0, ..ScrollStyle::thin() };
    style.interaction.tooltip_delay = 0.35;
    style.animation_time = 0.08;
}

fn visuals(theme: Theme, palette: &Palette) -> Visuals {
    let mut visuals = match theme {
        Theme::Light => Visuals::light(),
        Theme::Dark => Visuals::dark(),
    };
    let radius = CornerRadius::same(size::RADIUS);
    let widget = |fill: Color32, outline: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, outline),
        corner_radius: radius,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    visuals.widgets = Widgets {
        noninteractive: WidgetVisuals {
            bg_stroke: Stroke::new(1.0, palette.hairline),
            ..widget(palette.surface, palette.hairline, palette.text)
        },
        inactive: WidgetVisuals { bg_fill: palette.hairline, ..widget(palette.surface, palette.outline, palette.text) },
        hovered: widget(palette.hover, palette.weak, palette.text),
        active: widget(palette.chosen, palette.accent, palette.text),
        open: widget(palette.hover, palette.outline, palette.text),
    };
    visuals.selection = Selection { bg_fill: palette.chosen, stroke: Stroke::new(1.0, palette.accent) };
    visuals.weak_text_color = Some(palette.weak);
    visuals.hyperlink_color = palette.accent;
    visuals.faint_bg_color = palette.well;
    visuals.extreme_bg_color = palette.well;
    visuals.code_bg_color = palette.well;
    visuals.warn_fg_color = palette.warning;
    visuals.error_fg_color = palette.bad;
    visuals.panel_fill = palette.ground;
    visuals.window_fill = palette.surface;
    visuals.window_stroke = Stroke::new(1.0, palette.outline);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    let shadow = |blur| Shadow { offset: [0, 4], blur, spread: 0, color: Color32::from_black_alpha(40) };
    visuals.window_shadow = shadow(24);
    visuals.popup_shadow = shadow(14);
    visuals.indent_has_left_vline = false;
    visuals.slider_trailing_fill = true;
    visuals.striped = false;
    visuals
}
