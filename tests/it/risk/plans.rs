//! Whole plans: loss against the ledger, closures against hand-made costs, tables.

use crate::inventory::check;
use planwright::control::Control;
use planwright::model::{
    CostDriver, Disruption, DisruptionKind, DisruptionScope, Plan, Risk, RiskBook, Scenario, SeriesId,
};
use planwright::pipeline::{self, ReadOptions, RiskInputs, Settings, Sources};
use planwright::report;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

/// Two items, one site and two lanes to one customer each; the second site is dearer.
fn plan(folder: &Path) -> (Arc<Plan>, Settings) {
    let mut sales = String::from("date,item,location,quantity\n");
    for week in 0..110_i64 {
        let day = jiff::civil::date(2024, 1, 1).checked_add(jiff::Span::new().weeks(week)).unwrap();
        writeln!(sales, "{day},TEA-1,HAM,{}", 100 + (week * 37) % 23).unwrap();
        writeln!(sales, "{day},TEA-2,HAM,{}", 40 + (week * 17) % 11).unwrap();
    }
    let items = "item,name,category,supplier,unit_cost,price,shortage_cost,lead_time_days,on_hand,order_cost,moq,multiple\n\
                 TEA-1,Green tea,Tea,ACME,4,9,3,14,150,20,200,50\nTEA-2,Black tea,Tea,Other,5,11,,7,90,20,0,0\n";
    let network = folder.join("network");
    std::fs::create_dir_all(&network).unwrap();
    for (name, text) in [
        ("network/sites.csv", "id,name\nHAM,Hamburg\nLYS,Lyon\n"),
        ("network/customers.csv", "id,name,demand_share,location,unmet_cost\nC1,Kiel,1,HAM,50\n"),
        ("network/lanes.csv", "from,to,unit_cost\nHAM,C1,1.0\nLYS,C1,3.0\n"),
        ("sales.csv", &sales),
        ("items.csv", items),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let settings = Settings { paths: 200, ..Settings::default() };
    let (sales, items) = (folder.join("sales.csv"), folder.join("items.csv"));
    let sources = Sources { items: Some(&items), network: Some(&network), ..Sources::sales(&sales) };
    let control = Control::silent();
    let mut inputs = pipeline::load(&sources, &ReadOptions::default(), &control).unwrap();
    let layered = pipeline::forecast_inputs(&mut inputs, &settings, &control).unwrap();
    let plan = pipeline::plan(&inputs, &layered, &Scenario::base("Base"), &settings, &control).unwrap();
    (Arc::new(plan), settings)
}

fn risk(plan: &Arc<Plan>, settings: &Settings, disruptions: Vec<Disruption>) -> Risk {
    let book = RiskBook { disruptions, ..RiskBook::default() };
    pipeline::risk(&RiskInputs::new(plan.clone(), settings, book), &Control::silent()).unwrap()
}

#[test]
fn losses_are_those_of_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, settings) = plan(folder.path());
    let found = risk(&plan, &settings, Vec::new());
    for (item, stock) in found.base.items.iter().zip(&plan.stock) {
        check(item.short.iter().sum(), stock.average_shortage, 1e-3);
    }
    let ledger: f64 = plan.ledger.lines.iter().filter(|l| l.driver == CostDriver::Shortage).map(|l| l.amount).sum();
    check(found.total_loss(), ledger, 1e-2 * ledger.max(1.0));
    assert!(found.total_loss() > 0.0, "150 on hand don't last two weeks of 110");
    assert!(found.alerts.windows(2).all(|w| w[0].money >= w[1].money));
    // The table says the same, term by term.
    let table = report::expected_loss_table(&found, "EUR");
    let number = |row: &[report::Cell], key: &str| row[table.column(key).unwrap()].as_number().unwrap();
    let mut total = 0.0;
    for row in &table.rows {
        let product = number(row, "probability") * number(row, "short_when_out") * number(row, "unit_loss");
        check(number(row, "expected_loss"), product, 1e-9 * product.max(1.0));
        total += product;
    }
    check(total, found.total_loss(), 1e-6);
    // Lots of 200 in fifties against demand of a hundred-odd: what causes the swings is named.
    let all = &found.base.groups[0];
    assert_eq!((all.items, &*found.base.groups[1].category), (2, "Tea"));
    assert!(all.bullwhip.ratio.unwrap() > 1.0 && all.bullwhip.main_cause().is_some());
    assert!(found.base.replay.cases > 0);
}

#[test]
fn closures_cost_the_way_round() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, settings) = plan(folder.path());
    let lane = |to: &str| DisruptionScope::Lane("HAM".into(), to.into());
    let card = |scope, from, periods| Disruption { from, ..Disruption::new(DisruptionKind::Closed, scope, periods) };
    let demand = |t: usize| plan.forecasts.iter().map(|f| f.best().mean[t]).sum::<f64>();
    // Two weeks over the dearer lane: 2 more per unit.
    let found = risk(&plan, &settings, vec![card(lane("C1"), 2, 2)]);
    let around = found.disruptions[0].shipments.as_ref().unwrap();
    check(around.cost_after - around.cost_before, 2.0 * (demand(1) + demand(2)), 1e-3);
    check(found.disruptions[0].money, 2.0 * (demand(1) + demand(2)), 1e-3);
    assert!(around.proven && around.unmet_after == 0.0);
    // Both sites closed: nothing arrives, at 50 per unit in place of 1.
    let sites = ["HAM", "LYS"].map(|s| card(DisruptionScope::Site(s.into()), 1, 1));
    let found = risk(&plan, &settings, sites.to_vec());
    let both = found.together.as_ref().unwrap().shipments.as_ref().unwrap();
    check(both.unmet_after, demand(0), 1e-3);
    check(both.cost_after, 50.0 * demand(0), 1e-2);
    // The second alone changes nothing: nobody ships from it.
    check(found.disruptions[1].money, 0.0, 1e-6);
    // A lane that isn't there is told, not guessed.
    let found = risk(&plan, &settings, vec![card(lane("NOWHERE"), 1, 1), card(lane("C1"), 500, 1)]);
    assert!(found.disruptions.iter().all(|d| d.shipments.is_none() && !d.notes.is_empty()));
}

#[test]
fn cards_act_on_whom_they_name_and_known_results_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, settings) = plan(folder.path());
    let acme = Disruption::new(DisruptionKind::SupplyStops, DisruptionScope::Supplier("ACME".into()), 6);
    let grown = Disruption::new(DisruptionKind::DemandTimes(2.0), DisruptionScope::Item(SeriesId::new("TEA-2", "")), 4);
    let aside = Disruption { active: false, ..acme.clone() };
    let found = risk(&plan, &settings, vec![acme.clone(), aside, grown.clone()]);
    assert_eq!(found.disruptions.len(), 2, "what is laid aside does nothing");
    let [first, second] = &found.disruptions[..] else { panic!("two cards") };
    assert_eq!((first.items.len(), &*first.items[0].id.item), (1, "TEA-1"));
    assert_eq!((second.items.len(), &*second.items[0].id.item), (1, "TEA-2"));
    assert!(first.money > 0.0 && first.fill_after < first.fill_before && first.exposed() == 1);
    check(first.money, first.units * 3.0, 1e-6);
    // Different items: together is the sum.
    check(found.together.as_ref().unwrap().money, first.money + second.money, 1e-6);
    // Exposure is an alert of its own.
    assert!(found.alerts.iter().any(|a| a.kind == planwright::model::AlertKind::Exposed && &*a.id.item == "TEA-1"));
    // What still holds isn't made again, and what was made is the same as made anew.
    let known = Arc::new(found);
    let book = RiskBook { disruptions: vec![grown.clone()], ..RiskBook::default() };
    let inputs = RiskInputs { known: Some(known.clone()), ..RiskInputs::new(plan.clone(), &settings, book) };
    let next = pipeline::risk(&inputs, &Control::silent()).unwrap();
    assert!(Arc::ptr_eq(&next.base, &known.base) && Arc::ptr_eq(&next.disruptions[0], &known.disruptions[1]));
    let anew = risk(&plan, &settings, vec![grown]);
    assert_eq!((next.base, next.disruptions, next.alerts), (anew.base, anew.disruptions, anew.alerts));
}

#[test]
fn a_plan_with_its_risk_has_its_tables_and_its_sheets() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, settings) = plan(folder.path());
    let keys = |plan: &Plan| report::tables(plan).iter().map(|t| t.key).collect::<Vec<_>>();
    assert!(keys(&plan).iter().all(|k| !pipeline::is_of_risk(k)));
    let card = Disruption::new(DisruptionKind::Late(21.0), DisruptionScope::All, 4);
    let book = RiskBook { disruptions: vec![card], ..RiskBook::default() };
    let assessed = pipeline::assessed(&RiskInputs::new(plan, &settings, book), &Control::silent()).unwrap();
    let found = keys(&assessed);
    assert!(report::RISK_TABLES.iter().all(|k| found.contains(k)), "{found:?}");
    for table in report::tables(&assessed).iter().filter(|t| pipeline::is_of_risk(t.key)) {
        assert!(!table.rows.is_empty() && table.rows.iter().all(|r| r.len() == table.columns.len()), "{}", table.key);
    }
    let path = folder.path().join("plan.xlsx");
    pipeline::write_workbook(&assessed, planwright::words::Language::Chinese, &path).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path).unwrap();
    let sheet = calamine::Reader::worksheet_range(&mut book, "预警").unwrap();
    assert_eq!(sheet.height(), assessed.risk.as_ref().unwrap().alerts.len() + 1);
}
