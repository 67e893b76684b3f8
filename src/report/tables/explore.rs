//! Goals and sensitivities over all items, and scenarios as files.

use super::super::table::{Cell, Column, Kind, Table};
use super::money_unit;
use crate::model::{Change, Lever, PortfolioFigure, PortfolioTotals, Scenario, Swing, TornadoBar, TwoWay};
use crate::words::Text;

/// A scenario as the command line reads it: lever, scope, change, value, inherited changes first.
pub fn scenario_file_table(scenario: &Scenario) -> Table {
    let columns = vec![
        Column::new("lever", "Lever", "参数", Kind::Text),
        Column::new("scope", "Scope", "范围", Kind::Text),
        Column::new("change", "Change", "更改", Kind::Text),
        Column::new("value", "Value", "值", Kind::Text),
    ];
    let mut table = Table::new("scenario", "Scenario", "方案", columns);
    for (_, o) in scenario.effective() {
        let (change, value) = match o.change {
            Change::Set(x) => ("set", x.into()),
            Change::Scale(x) => ("scale", x.into()),
            Change::Add(x) => ("add", x.into()),
            Change::Policy(policy) => ("set", Cell::code(policy.name())),
            Change::Basis(basis) => ("set", Cell::code(basis.name())),
            Change::Clear => ("clear", Cell::Empty),
            Change::Base => ("base", Cell::Empty),
        };
        table.push(vec![Cell::code(o.lever.name()), Cell::code(o.scope.name()), Cell::code(change), value]);
    }
    table
}

/// Totals over all items side by side, a state a row.
pub fn totals_table(states: &[(Text, PortfolioTotals)], currency: &str) -> Table {
    let mut columns = vec![Column::new("state", "State", "状态", Kind::Text)];
    columns.extend(PortfolioFigure::ALL.map(|figure| figure_column(figure, currency)));
    let mut table = Table::new("totals", "All items", "全部商品", columns);
    for (name, totals) in states {
        let figures = PortfolioFigure::ALL.iter().map(|figure| totals.get(*figure).into());
        table.push(std::iter::once(Cell::words(name.clone())).chain(figures).collect());
    }
    table
}

/// A lever a row, the one that moves the figure most first: how far it was moved and what that makes of the figure.
pub fn tornado_table(figure: PortfolioFigure, now: &PortfolioTotals, bars: &[TornadoBar], currency: &str) -> Table {
    let of = |key, en, zh| Column { key, header: Text::new(en, zh), ..figure_column(figure, currency) };
    let columns = vec![
        Column::new("lever", "Lever", "参数", Kind::Text),
        Column::new("low", "Lower end", "下调", Kind::Text),
        Column::new("high", "Upper end", "上调", Kind::Text),
        Column::new("figure", "Figure", "指标", Kind::Text),
        of("now", "Now", "当前"),
        of("at_low", "At the lower end", "下调后"),
        of("at_high", "At the upper end", "上调后"),
        of("change_low", "Change, lower end", "下调变化"),
        of("change_high", "Change, upper end", "上调变化"),
    ];
    let mut table = Table::new("tornado", "What matters", "敏感性", columns);
    let start = now.get(figure);
    for bar in bars {
        let (low, high) = (bar.low.get(figure), bar.high.get(figure));
        let end = |by: f64| Cell::words(bar.swing.change(by).label(bar.swing.lever));
        table.push(vec![
            Cell::words(bar.swing.lever.label()),
            end(bar.swing.ends.0),
            end(bar.swing.ends.1),
            Cell::words(figure.label()),
            start.into(),
            low.into(),
            high.into(),
            (low - start).into(),
            (high - start).into(),
        ]);
    }
    table
}

/// Two levers against each other, a pair of their steps a row, with all figures.
pub fn sweep_table(swept: &TwoWay, currency: &str) -> Table {
    let mut columns = vec![
        Column::new("first", "First lever", "参数一", Kind::Text),
        Column::new("second", "Second lever", "参数二", Kind::Text),
        Column::new("first_change", "First change", "参数一的更改", Kind::Text),
        Column::new("second_change", "Second change", "参数二的更改", Kind::Text),
    ];
    columns.extend(PortfolioFigure::ALL.map(|figure| figure_column(figure, currency)));
    let mut table = Table::new("sweep", "Two levers", "双参数", columns);
    let step = |lever: Lever, by: f64| Cell::words(Swing { lever, ends: (by, by) }.change(by).label(lever));
    for (first, line) in swept.row_steps.iter().zip(&swept.totals) {
        for (second, totals) in swept.column_steps.iter().zip(line) {
            let mut row = vec![Cell::words(swept.rows.label()), Cell::words(swept.columns.label())];
            row.extend([step(swept.rows, *first), step(swept.columns, *second)]);
            row.extend(PortfolioFigure::ALL.iter().map(|figure| Cell::from(totals.get(*figure))));
            table.push(row);
        }
    }
    table
}

fn figure_column(figure: PortfolioFigure, currency: &str) -> Column {
    let kind = match figure {
        PortfolioFigure::FillRate => Kind::Percent,
        PortfolioFigure::Orders => Kind::Integer,
        _ => Kind::Money,
    };
    let unit = if figure.is_money() { money_unit(currency) } else { Text::default() };
    Column { key: figure.key(), header: figure.label(), unit, kind }
}
