//! The charts beside the summary: forecasts with intervals, cost by driver, projected stock, site load.

use super::super::kpi::driver_key;
use super::super::table::{Cell, Table};
use super::super::tables::{CHARTED, money_unit, top_series};
use super::sheet::{shown_rows, title};
use crate::model::{CostDriver, Plan};
use crate::text;
use crate::words::{Language, Text};
use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartSolidFill, ChartType,
    Worksheet, XlsxError,
};

/// Charts stand right of the summary's four columns.
const COLUMN: u16 = 5;
/// Rows that a chart takes.
const ROWS: u32 = 19;
const SIZE: (u32, u32) = (760, 360);

// Okabe & Ito's colours, told apart by the colour-blind.
const BLUE: &str = "#0072B2";
const SKY: &str = "#56B4E9";
const ORANGE: &str = "#D55E00";
const GREEN: &str = "#009E73";
const GREY: &str = "#555555";

/// A sheet, its table and what is drawn of it.
struct Source<'a> {
    table: &'a Table,
    name: &'a str,
    language: Language,
    /// First and last row of the table that are drawn.
    rows: (usize, usize),
}

/// Inserts every chart that the plan has data for, from the top down.
pub(super) fn insert(
    sheet: &mut Worksheet,
    plan: &Plan,
    tables: &[Table],
    names: &[String],
    language: Language,
) -> Result<(), XlsxError> {
    let source = |key: &str| {
        let at = tables.iter().position(|t| t.key == key)?;
        Some(Source { table: &tables[at], name: &names[at], language, rows: (0, 0) })
    };
    let mut charts = Vec::new();
    for k in top_series(plan).into_iter().take(CHARTED) {
        let id = &plan.forecasts[k].id;
        let mine = |row: &[Cell]| row[0] == Cell::from(&id.item) && row[1] == Cell::from(&id.location);
        let forecast = source("chart_data").and_then(|s| s.rows_where(mine));
        charts.extend(forecast.map(|s| forecast_chart(&s, &id.to_string())));
        let projection = source("projection").and_then(|s| s.rows_where(mine));
        charts.extend(projection.map(|s| stock_chart(&s, &id.to_string())));
    }
    charts.extend(source("summary").and_then(|s| costs(s, plan)).map(|s| cost_chart(&s, &plan.currency)));
    charts.extend(source("loads").and_then(busiest_site).map(|(s, site)| load_chart(&s, &site)));
    for (k, chart) in charts.iter().enumerate() {
        sheet.insert_chart(ROWS * k as u32, COLUMN, chart)?;
    }
    Ok(())
}

impl Source<'_> {
    /// Narrowed to the run of rows for which `mine` holds; `None` when there is none on the sheet.
    fn rows_where(mut self, mine: impl Fn(&[Cell]) -> bool) -> Option<Self> {
        let shown = &self.table.rows[..shown_rows(self.table.rows.len())];
        let first = shown.iter().position(|row| mine(row))?;
        let length = shown[first..].iter().take_while(|row| mine(row)).count();
        self.rows = (first, first + length - 1);
        Some(self)
    }

    fn range(&self, key: &str) -> Option<(&str, u32, u16, u32, u16)> {
        let column = self.table.column(key)? as u16;
        Some((self.name, self.rows.0 as u32 + 1, column, self.rows.1 as u32 + 1, column))
    }

    /// A column as a line; a chart without the column stays without the line.
    fn line(&self, chart: &mut Chart, key: &str, categories: &str, line: &ChartLine) {
        let (Some(values), Some(categories)) = (self.range(key), self.range(categories)) else { return };
        let column = &self.table.columns[values.2 as usize];
        chart
            .add_series()
            .set_name(column.header.get(self.language))
            .set_values(values)
            .set_categories(categories)
            .set_format(ChartFormat::new().set_line(line));
    }

    fn chart(&self, kind: ChartType, heading: &Text, x: &str, y: &str) -> Chart {
        let axis = |key: &str| self.table.column(key).map(|at| title(&self.table.columns[at], self.language));
        let mut chart = Chart::new(kind);
        chart.set_width(SIZE.0).set_height(SIZE.1);
        let mut font = ChartFont::new();
        font.set_size(12).set_bold();
        chart.title().set_name(heading.get(self.language)).set_font(&font);
        chart.x_axis().set_name(&axis(x).unwrap_or_default());
        let mut hairline = ChartLine::new();
        hairline.set_color("#D9D9D9").set_width(0.5);
        chart.y_axis().set_name(&axis(y).unwrap_or_default()).set_major_gridlines_line(&hairline);
        chart.legend().set_position(ChartLegendPosition::Bottom);
        chart
    }
}

fn solid(color: &str, width: f64) -> ChartLine {
    let mut line = ChartLine::new();
    line.set_color(color).set_width(width);
    line
}

fn dashed(color: &str, width: f64) -> ChartLine {
    let mut line = solid(color, width);
    line.set_dash_type(ChartLineDashType::Dash);
    line
}

fn forecast_chart(source: &Source<'_>, id: &str) -> Chart {
    let heading = text!("Sales and forecast: {id}", "销量与预测：{id}");
    let mut chart = source.chart(ChartType::Line, &heading, "period", "mean");
    let interval = ((source.rows.1 - source.rows.0) / 12).max(1) as u16;
    chart.x_axis().set_label_interval(interval).set_tick_interval(interval);
    source.line(&mut chart, "actual", "period", &solid(GREY, 1.25));
    source.line(&mut chart, "mean", "period", &solid(BLUE, 2.25));
    for key in ["lo80", "hi80"] {
        source.line(&mut chart, key, "period", &solid(SKY, 1.0));
    }
    for key in ["lo95", "hi95"] {
        source.line(&mut chart, key, "period", &dashed(SKY, 1.0));
    }
    chart
}

fn stock_chart(source: &Source<'_>, id: &str) -> Chart {
    let heading = text!("Projected stock: {id}", "预计库存：{id}");
    let mut chart = source.chart(ChartType::Line, &heading, "period", "projected");
    source.line(&mut chart, "projected", "period", &solid(BLUE, 2.25));
    source.line(&mut chart, "low", "period", &dashed(SKY, 1.0));
    source.line(&mut chart, "high", "period", &dashed(SKY, 1.0));
    source.line(&mut chart, "reorder_point", "period", &solid(ORANGE, 1.5));
    chart
}

/// The rows of the summary with the costs by driver; `None` when nothing costs anything.
fn costs<'a>(source: Source<'a>, plan: &Plan) -> Option<Source<'a>> {
    let keys = CostDriver::ALL.map(driver_key);
    let at = source.table.column("key")?;
    let source = source.rows_where(|row| matches!(&row[at], Cell::Code(k) if keys.contains(&k.as_str())))?;
    (plan.ledger.total().abs() > 0.0).then_some(source)
}

fn cost_chart(source: &Source<'_>, currency: &str) -> Chart {
    let mut chart = source.chart(ChartType::Bar, &text!("Cost by driver", "按成本项"), "measure", "value");
    if let (Some(values), Some(categories)) = (source.range("value"), source.range("measure")) {
        let mut fill = ChartSolidFill::new();
        fill.set_color(BLUE);
        chart
            .add_series()
            .set_name(text!("Cost", "成本").get(source.language))
            .set_values(values)
            .set_categories(categories)
            .set_gap(60)
            .set_format(ChartFormat::new().set_solid_fill(&fill));
    }
    chart.x_axis().set_reverse();
    chart.y_axis().set_name(money_unit(currency).get(source.language));
    chart.legend().set_hidden();
    chart
}

/// The rows of the site that comes closest to its capacity (the first site when none has one), and its code.
fn busiest_site(source: Source<'_>) -> Option<(Source<'_>, String)> {
    let at = source.table.column("utilisation")?;
    let use_of = |row: &Vec<Cell>| row[at].as_number().unwrap_or(-1.0);
    let busiest = source.table.rows.iter().fold(None::<&Vec<Cell>>, |best, row| match best {
        Some(b) if use_of(b) >= use_of(row) => Some(b),
        _ => Some(row),
    })?;
    let site = busiest[0].clone();
    let Cell::Code(name) = &site else { return None };
    let name = name.clone();
    Some((source.rows_where(|row| row[0] == site)?, name))
}

fn load_chart(source: &Source<'_>, site: &str) -> Chart {
    let heading = text!("Load against capacity: {site}", "负荷与产能：{site}");
    let mut chart = source.chart(ChartType::Line, &heading, "period", "load");
    source.line(&mut chart, "load", "period", &solid(GREEN, 2.25));
    source.line(&mut chart, "capacity", "period", &dashed(ORANGE, 1.5));
    chart
}
