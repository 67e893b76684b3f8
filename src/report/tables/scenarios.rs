//! What scenarios change, in words.

use super::super::table::{Cell, Column, Kind, Table};
use crate::model::{Change, Lever, Scenario, ScenarioConflict, ScenarioDifference, scenario_label};
use crate::text;
use crate::words::Text;

/// All changes that count in a scenario, its own first, then the inherited ones, nearest ancestor first, each with the scenario
/// that it comes from.
pub fn scenario_changes_table(scenario: &Scenario) -> Table {
    let columns = vec![
        Column::new("lever", "Lever", "参数", Kind::Text),
        Column::new("where", "Where", "范围", Kind::Text),
        Column::new("change", "Change", "更改", Kind::Text),
        Column::new("from", "From scenario", "来自方案", Kind::Text),
        Column::new("base", "Base at that time", "更改时的基准", Kind::Text),
    ];
    let mut table = Table::new("scenario_changes", "Changes", "更改内容", columns);
    for (name, o) in changes_in_order(scenario) {
        table.push(vec![
            Cell::words(o.lever.label()),
            Cell::words(o.scope.label()),
            Cell::words(o.change.label(o.lever)),
            Cell::words(if name == scenario.name { text!("this one", "本方案") } else { scenario_label(name) }),
            Cell::words(o.seen.label(o.lever)),
        ]);
    }
    table
}

/// The changes in the order of [`scenario_changes_table`]'s rows, each with the name of its scenario.
pub fn changes_in_order(scenario: &Scenario) -> Vec<(&str, &crate::model::Override)> {
    let all = scenario.effective();
    let own = all.iter().filter(|(name, _)| *name == scenario.name);
    let nearest_first = scenario.inherited().iter().rev();
    let inherited = nearest_first.flat_map(|layer| all.iter().filter(|(name, _)| **name == *layer.name));
    own.chain(inherited).copied().collect()
}

/// What differs between two scenarios, under their names.
pub fn scenario_differences_table(differences: &[ScenarioDifference], names: [&str; 2]) -> Table {
    let named = |key, name: &str| Column { key, header: scenario_label(name), unit: Text::default(), kind: Kind::Text };
    let columns = vec![
        Column::new("lever", "Lever", "参数", Kind::Text),
        Column::new("where", "Where", "范围", Kind::Text),
        named("first", names[0]),
        named("second", names[1]),
        Column::new("remark", "Remark", "说明", Kind::Text),
    ];
    let mut table = Table::new("scenario_differences", "Changes", "更改内容", columns);
    for d in differences {
        let order = text!("same change, other order", "更改相同，次序不同");
        table.push(vec![
            Cell::words(d.lever.label()),
            Cell::words(d.scope.label()),
            Cell::words(side(&d.left, d.lever)),
            Cell::words(side(&d.right, d.lever)),
            Cell::words(if d.is_order { order } else { Text::default() }),
        ]);
    }
    table
}

fn side(changes: &[Change], lever: Lever) -> Text {
    let all: Vec<Text> = changes.iter().map(|c| c.label(lever)).collect();
    let join = |of: fn(&Text) -> &str, mark| all.iter().map(of).collect::<Vec<_>>().join(mark);
    Text::new(join(|t| &t.en, ", "), join(|t| &t.zh, "、"))
}

/// Changes of scenarios that no longer fit the data: what the base was, what it is, what the change says.
pub fn conflicts_table(conflicts: &[ScenarioConflict]) -> Table {
    let columns = vec![
        Column::new("scenario", "Scenario", "方案", Kind::Text),
        Column::new("lever", "Lever", "参数", Kind::Text),
        Column::new("where", "Where", "范围", Kind::Text),
        Column::new("was", "Base was", "原基准", Kind::Text),
        Column::new("is", "Base is", "现基准", Kind::Text),
        Column::new("change", "The scenario says", "方案的更改", Kind::Text),
        Column::new("relative", "Same relative change", "相同的相对变化", Kind::Text),
    ];
    let mut table = Table::new("conflicts", "New data", "新数据", columns);
    for c in conflicts {
        table.push(vec![
            Cell::words(scenario_label(&c.scenario)),
            Cell::words(c.lever.label()),
            Cell::words(c.scope.label()),
            Cell::words(c.seen.label(c.lever)),
            Cell::words(c.now.label(c.lever)),
            Cell::words(c.change.label(c.lever)),
            Cell::words(c.relative().map_or_else(Text::default, |r| r.label(c.lever))),
        ]);
    }
    table
}
