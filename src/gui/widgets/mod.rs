//! What panels are made of.

mod bars;
mod chart;
mod control;
mod empty;
mod heat;
mod legend;
mod lever;
mod notice;
mod number;
mod spark;
mod table;
mod tile;
mod waterfall;

pub(super) use bars::{Bar, bars_ui};
pub(super) use chart::{PeriodAxis, X_LABEL, Y_LABEL, figure, figure_grid, hover_label, plot, thin};
pub(super) use control::{card_ui, field_ui, modal, primary_button, remark_ui, section_ui, segmented_ui};
pub(super) use empty::{EmptyState, empty_ui};
pub(super) use heat::heat_strip_ui;
pub(super) use legend::{Entry, Mark, legend_ui};
pub(super) use lever::{LeverRow, Moved, lever_ui};
pub(super) use notice::Notices;
pub(super) use number::number_ui;
pub(super) use spark::spark;
pub(super) use table::{TableView, table_ui};
pub(super) use tile::{Tile, Tone, color as tone_color, tiles_ui};
pub(super) use waterfall::{FALL, Fall, waterfall_ui};
