//! The table of the report on screen: virtual in both directions, sorted by a click on a header.

use crate::gui::style::{self, Palette, size};
use crate::report::{Cell, Column, Kind, Table, format};
use crate::words::Language;
use egui::{Align, Label, Layout, Margin, RichText, Sense, TextStyle, Ui};
use egui_table::{CellInfo, HeaderCellInfo, HeaderRow, TableDelegate};

/// Widest column before its words are cut and shown whole under the pointer, points.
const WIDEST: f32 = 560.0;

/// Widest that a last column of words stays however narrow the user would have it, points.
const WIDEST_NOTE: f32 = 320.0;

/// Narrowest column, points; one of models takes every model's name, since the next item may have other models.
const NARROWEST: f32 = 44.0;
const NARROWEST_MODEL: f32 = 178.0;
const NARROWEST_VERDICT: f32 = 74.0;
/// Space left and right of a cell's words, points.
const PADDING: i8 = 8;

/// Rows up to which the figures of a table are measured in every frame.
const MEASURED: usize = 40;

/// Rows up to which a table is sorted in every frame; larger ones are kept while they are shown.
const SMALL: usize = 500;

/// What the window remembers of one table.
#[derive(Debug, Default)]
pub(in crate::gui) struct TableView {
    sort: Option<Sorting>,
    order: Vec<usize>,
    /// Where the rows lay, how many there were, and the sorting that the order was made for.
    ordered_for: Option<(usize, usize, Option<Sorting>)>,
}

/// The column sorted by, and whether the largest comes first.
type Sorting = (usize, bool);

/// Draws the table over the space that is left; returns the row clicked. `chosen` rows are marked.
pub(in crate::gui) fn table_ui(
    ui: &mut Ui,
    language: Language,
    table: &Table,
    view: &mut TableView,
    chosen: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    view.bring_in_order(table);
    let columns: Vec<egui_table::Column> = table
        .columns
        .iter()
        .enumerate()
        .map(|(k, c)| {
            let column = egui_table::Column::new(96.0).id(egui::Id::unique((k, c.key)));
            match figures_width(ui, language, table, k, view.sort) {
                // Another table in its place may have longer figures, which are never to be cut.
                Some(width) => column.range(width..=width).resizable(false),
                None => column.range(least(ui, language, table, k)..=WIDEST).resizable(true),
            }
        })
        .collect();
    let mut delegate = Delegate { table, view, language, chosen, clicked: None, hovered: None };
    egui_table::Table::new()
        .id_salt((table.key, language == Language::Chinese))
        .num_rows(table.rows.len() as u64)
        .columns(columns)
        .headers([HeaderRow::new(size::TABLE_HEADER)])
        .show(ui, &mut delegate);
    delegate.clicked
}

impl TableView {
    fn bring_in_order(&mut self, table: &Table) {
        let key = Some((table.rows.as_ptr() as usize, table.rows.len(), self.sort));
        // A small table may be made anew in every frame, at the address of another one.
        if self.ordered_for == key && table.rows.len() > SMALL {
            return;
        }
        self.ordered_for = key;
        self.order = (0..table.rows.len()).collect();
        if let Some((column, descending)) = self.sort.filter(|(c, _)| *c < table.columns.len()) {
            self.order.sort_by(|a, b| {
                let (a, b) = (&table.rows[*a][column], &table.rows[*b][column]);
                let order = compare(a, b);
                // What is unknown stands last either way.
                let is_known = *a != Cell::Empty && *b != Cell::Empty;
                if descending && is_known { order.reverse() } else { order }
            });
        }
    }
}

/// Numbers before words before nothing, each among themselves by size or by letters.
fn compare(a: &Cell, b: &Cell) -> std::cmp::Ordering {
    let rank = |cell: &Cell| match cell {
        Cell::Number(_) => 0,
        Cell::Code(_) | Cell::Words(_) => 1,
        Cell::Empty => 2,
    };
    let words = |cell: &Cell| match cell {
        Cell::Code(code) => code.clone(),
        Cell::Words(text) => text.en.clone(),
        _ => String::new(),
    };
    match (a, b) {
        (Cell::Number(x), Cell::Number(y)) => x.total_cmp(y),
        _ => rank(a).cmp(&rank(b)).then_with(|| words(a).cmp(&words(b))),
    }
}

struct Delegate<'a> {
    table: &'a Table,
    view: &'a mut TableView,
    language: Language,
    chosen: &'a dyn Fn(usize) -> bool,
    clicked: Option<usize>,
    hovered: Option<u64>,
}

impl Delegate<'_> {
    fn is_figure(column: &Column) -> bool {
        column.kind != Kind::Text
    }

    fn row(&self, shown: u64) -> usize {
        self.view.order.get(shown as usize).copied().unwrap_or(0)
    }
}

impl TableDelegate for Delegate<'_> {
    fn header_cell_ui(&mut self, ui: &mut Ui, cell: &HeaderCellInfo) {
        let k = cell.col_range.start;
        let Some(column) = self.table.columns.get(k) else { return };
        let palette = Palette::of(ui);
        let rect = ui.max_rect();
        ui.painter().rect_filled(rect, 0.0, palette.well);
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, palette.outline));
        let title = format!("{}{}", column.title().get(self.language), arrow(self.view.sort, k));
        let words = RichText::new(title).text_style(TextStyle::Small).color(palette.weak);
        let layout = layout(column);
        let clicked = padded(ui, layout, |ui| ui.add(cut(ui, words).sense(Sense::click())).clicked());
        if clicked {
            // A figure is usually asked for from the top.
            let first = Self::is_figure(column);
            self.view.sort = match self.view.sort {
                Some((c, down)) if c == k && down == first => Some((k, !first)),
                Some((c, _)) if c == k => None,
                _ => Some((k, first)),
            };
        }
    }

    fn row_ui(&mut self, ui: &mut Ui, shown: u64) {
        let palette = Palette::of(ui);
        let rect = ui.max_rect();
        if (self.chosen)(self.row(shown)) {
            ui.painter().rect_filled(rect, 0.0, palette.chosen);
        } else if ui.rect_contains_pointer(rect) {
            self.hovered = Some(shown);
            ui.painter().rect_filled(rect, 0.0, palette.hover);
        }
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, palette.hairline));
    }

    fn cell_ui(&mut self, ui: &mut Ui, cell: &CellInfo) {
        let row = self.row(cell.row_nr);
        let (Some(column), Some(value)) =
            (self.table.columns.get(cell.col_nr), self.table.rows.get(row).and_then(|r| r.get(cell.col_nr)))
        else {
            return;
        };
        let id = ui.scope_id().with(("cell", cell.row_nr, cell.col_nr));
        if ui.interact(ui.max_rect(), id, Sense::click()).clicked() {
            self.clicked = Some(row);
        }
        let words = format(value, column.kind, self.language);
        let is_unknown = matches!(value, Cell::Empty);
        padded(ui, layout(column), |ui| {
            let words = if is_unknown { style::weak(ui, words) } else { RichText::new(words) };
            ui.add(cut(ui, words).selectable(false));
        });
    }

    fn default_row_height(&self) -> f32 {
        size::TABLE_ROW
    }
}

fn narrowest(column: &Column) -> f32 {
    match column.key {
        "model" => NARROWEST_MODEL,
        "verdict" => NARROWEST_VERDICT,
        _ => NARROWEST,
    }
}

/// The least width of a column of words: of the last one in a small table what its words take, since there is room beside it
/// and another table in its place may have longer ones.
fn least(ui: &Ui, language: Language, table: &Table, k: usize) -> f32 {
    let column = &table.columns[k];
    let narrowest = narrowest(column);
    let is_last = k + 1 == table.columns.len() && table.rows.len() <= MEASURED;
    if is_last { words_width(ui, language, table, k, None).clamp(narrowest, WIDEST_NOTE) } else { narrowest }
}

/// What a column of figures in a small table needs; `None` for words and for tables too large to be looked through.
fn figures_width(ui: &Ui, language: Language, table: &Table, k: usize, sort: Option<Sorting>) -> Option<f32> {
    let is_small = table.rows.len() <= MEASURED;
    (is_small && Delegate::is_figure(&table.columns[k])).then(|| words_width(ui, language, table, k, sort))
}

/// What the words of a column and its title take with the space around them.
fn words_width(ui: &Ui, language: Language, table: &Table, k: usize, sort: Option<Sorting>) -> f32 {
    let column = &table.columns[k];
    let width = |words: String, style: TextStyle| {
        ui.painter().layout_no_wrap(words, style.resolve(ui.style()), Palette::of(ui).text).size().x
    };
    let title = format!("{}{}", column.title().get(language), arrow(sort, k));
    let cells = table.rows.iter().map(|row| width(format(&row[k], column.kind, language), TextStyle::Body));
    let widest = cells.fold(width(title, TextStyle::Small), f32::max);
    (widest + 2.0 * f32::from(PADDING)).ceil().max(NARROWEST) + 1.0
}

/// How a header shows that its column is sorted by.
fn arrow(sort: Option<Sorting>, k: usize) -> &'static str {
    match sort {
        Some((c, false)) if c == k => " ▲",
        Some((c, true)) if c == k => " ▼",
        _ => "",
    }
}

fn layout(column: &Column) -> Layout {
    if Delegate::is_figure(column) {
        Layout::right_to_left(Align::Center)
    } else {
        Layout::left_to_right(Align::Center)
    }
}

/// A cell's words within its padding; while columns are measured, as wide as they are.
fn padded<R>(ui: &mut Ui, layout: Layout, content: impl FnOnce(&mut Ui) -> R) -> R {
    let layout = if ui.is_sizing_pass() { Layout::left_to_right(Align::Center) } else { layout };
    egui::Frame::new()
        .inner_margin(Margin::symmetric(PADDING, 0))
        .show(ui, |ui| ui.with_layout(layout, content).inner)
        .inner
}

/// Words that are cut where the column ends, but never while columns are measured.
fn cut(ui: &Ui, words: RichText) -> Label {
    let label = Label::new(words);
    if ui.is_sizing_pass() { label.extend() } else { label.truncate() }
}
