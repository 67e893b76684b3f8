//! Lead times learnt from receipts, from files to plans, and in the session.

use crate::bench::Bench;
use planwright::cli::{Next, main};
use planwright::control::Control;
use planwright::model::{
    AlertKind, BridgeCause, Change, LeadTimeChoice, LeadTimeSource, LeadTimeUse, Lever, Plan, Risk, RiskBook, Scenario,
    Scope, ScorePart, SeriesId,
};
use planwright::pipeline::{self, Settings, Sources};
use planwright::session::{Command, Gesture};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// Three items: A whose lead time the list has right, B whose receipts take a week longer, C without receipts.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Self { folder };
        let mut sales = String::from("date,item,location,quantity\n");
        for week in 0..60_i64 {
            let day = jiff::civil::date(2025, 1, 6).saturating_add(jiff::Span::new().days(7 * week));
            for (item, level) in [("A", 40), ("B", 60), ("C", 20)] {
                let _ = writeln!(sales, "{day},{item},W,{}", level + (week * 7 + level) % 9);
            }
        }
        let items = "item,location,lead_time_days,lead_time_sd_days,unit_cost,price,order_cost,supplier\n\
                     A,W,14,2,5,9,20,Nord\nB,,14,2,5,9,20,Nord\nC,W,10,1,5,9,20,Sud\n";
        let mut receipts =
            String::from("item,location,supplier,order_date,promised_date,receipt_date,ordered,received\n");
        for order in 0..20_i64 {
            let ordered = jiff::civil::date(2025, 2, 3).saturating_add(jiff::Span::new().days(14 * order));
            for (item, usual) in [("A", 13), ("B", 20)] {
                let received = ordered.saturating_add(jiff::Span::new().days(usual + order * 3 % 5 - order % 2));
                let promised = ordered.saturating_add(jiff::Span::new().days(16));
                let _ = writeln!(receipts, "{item},W,Nord,{ordered},{promised},{received},100,100");
            }
        }
        for (name, text) in [("sales.csv", sales.as_str()), ("items.csv", items), ("receipts.csv", &receipts)] {
            std::fs::write(files.path(name), text).unwrap();
        }
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn plan(&self, choice: LeadTimeChoice, scenario: &Scenario) -> Plan {
        let (inputs, layered, settings) = self.inputs(choice);
        pipeline::plan(&inputs, &layered, scenario, &settings, &Control::silent()).unwrap()
    }

    fn inputs(&self, choice: LeadTimeChoice) -> (pipeline::Inputs, pipeline::Layered, Settings) {
        let (sales, items, receipts) = (self.path("sales.csv"), self.path("items.csv"), self.path("receipts.csv"));
        let sources = Sources { items: Some(&items), receipts: Some(&receipts), ..Sources::sales(&sales) };
        let (control, options) = (Control::silent(), pipeline::ReadOptions::default());
        let mut inputs = pipeline::load(&sources, &options, &control).unwrap();
        let models = pipeline::parse_models("ses").unwrap();
        let settings = Settings { lead_times: choice, models, paths: 200, ..Settings::default() };
        let layered = pipeline::forecast_inputs(&mut inputs, &settings, &control).unwrap();
        (inputs, layered, settings)
    }
}

fn id(item: &str) -> SeriesId {
    SeriesId::new(item, "W")
}

fn days(plan: &Plan, item: &str) -> f64 {
    plan.items.iter().find(|i| i.id == id(item)).unwrap().lead_time_days
}

#[test]
fn plans_take_over_what_was_learnt_as_chosen() {
    let files = Files::new();
    let base = Scenario::base("Base");
    let master = files.plan(LeadTimeChoice::default(), &base);
    let report = master.lead_times.clone().unwrap();
    let check = |item: &str| report.checks.iter().find(|c| c.id == id(item)).unwrap();
    assert_eq!(report.checks.len(), 2, "C has no receipts");
    let (a, b) = (check("A"), check("B"));
    assert!(!a.is_stale() && b.mean_is_stale, "{} {}", a.why.en, b.why.en);
    assert_eq!(report.checks[0].id, id("B"), "the dearest first");
    let money = b.money.unwrap();
    assert!(money.shortage_kept > money.shortage_learnt && b.cost_of_keeping() > 0.0);
    assert!(b.why.en.contains("The item list says 14 ± 2 days; 20 receipts since 2025-02-03 took 21"), "{}", b.why.en);

    let learnt_days = |item: &str| report.learnt.get(&id(item)).unwrap().mean_days;
    let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
    let stale = files.plan(LeadTimeChoice::of(LeadTimeSource::Stale), &base);
    assert!(
        near(days(&stale, "A"), 14.0) && near(days(&stale, "B"), learnt_days("B")) && near(days(&stale, "C"), 10.0)
    );
    let learnt = files.plan(LeadTimeChoice::of(LeadTimeSource::Learnt), &base);
    assert!(near(days(&learnt, "A"), learnt_days("A")) && near(days(&learnt, "C"), 10.0));
    let mut own = LeadTimeChoice::of(LeadTimeSource::Learnt);
    own.items.insert(id("B"), LeadTimeUse::Master);
    let own = files.plan(own, &base);
    assert!(near(days(&own, "B"), 14.0) && near(days(&own, "A"), learnt_days("A")));

    // The plan's levels are those that the money was counted with.
    let of = |plan: &Plan| plan.stock.iter().find(|s| s.id == id("B")).unwrap().clone();
    assert!((of(&master).safety_stock - money.safety_stock_master).abs() < 1e-9);
    assert!((of(&stale).safety_stock - money.safety_stock_learnt).abs() < 1e-9);
    assert!(of(&stale).reorder_point > of(&master).reorder_point + 50.0, "a week more of 64 units");
    // And they say where they come from; a lever moved over it is the planner's.
    let sources = |plan: &Plan| {
        let reorder = of(plan).why.into_iter().find(|w| w.quantity.en == "Reorder point").unwrap();
        reorder.inputs.into_iter().find(|i| i.symbol == "L").unwrap().source.en
    };
    assert_eq!(sources(&stale), "learnt from 20 receipts since 2025-02-03");
    assert_eq!(sources(&master), "item data");
    let mut moved = Scenario::base("Moved");
    moved.set(Lever::LeadTimeDays, Scope::All, Change::Add(3.0));
    let moved = files.plan(LeadTimeChoice::of(LeadTimeSource::Stale), &moved);
    assert!(near(days(&moved, "B"), learnt_days("B") + 3.0));
    assert_eq!(sources(&moved), "item data");
}

#[test]
fn plans_with_receipts_have_their_tables() {
    let plan = Files::new().plan(LeadTimeChoice::default(), &Scenario::base("Base"));
    let tables = pipeline::tables(&plan);
    let table = |key: &str| tables.iter().find(|t| t.key == key).unwrap();
    assert_eq!(table("lead_times").rows.len(), 2);
    assert_eq!(table("lead_time_orders").rows.len(), 40);
    assert_eq!(table("scorecard").rows.len(), 1);
    let card = &plan.lead_times.as_ref().unwrap().scorecard;
    let nord = &card.suppliers[0].figures;
    assert_eq!((&*nord.supplier, nord.lines), ("Nord", 40));
    assert!((nord.on_time.unwrap() - 0.5).abs() < 0.1, "A comes by the 16th day, B never: {:?}", nord.on_time);
    assert!(nord.safety_cost > 0.0);
    let weights = card.weights.with(ScorePart::InFull, 90.0);
    let weighed = pipeline::weighed(&Arc::new(plan.clone()), weights);
    let score = |plan: &Plan| plan.lead_times.as_ref().unwrap().scorecard.suppliers[0].score.unwrap();
    assert!(score(&weighed) > score(&plan), "all came in full");
}

impl Bench {
    fn with(files: &Files) -> Self {
        let mut bench = Self::new();
        bench.apply(Command::ImportSales(files.path("sales.csv")));
        bench.apply(Command::SetModels(pipeline::parse_models("ses").unwrap()));
        bench.apply(Command::ImportItems(files.path("items.csv")));
        bench.apply(Command::Select(id("B")));
        bench
    }

    /// Lead times of the item shown and of the plan's.
    fn lead_times(&self) -> (f64, f64) {
        (self.session.focus().unwrap().item.lead_time_days, days(self.session.plan().unwrap(), "B"))
    }
}

#[test]
fn receipts_are_imported_taken_over_undone_and_saved() {
    let files = Files::new();
    let mut bench = Bench::with(&files);
    assert!(bench.session.plan().unwrap().lead_times.is_none() && bench.session.learnt().is_none());
    bench.apply(Command::ImportReceipts(files.path("receipts.csv")));
    assert_eq!(bench.failures(), 0);
    let learnt = bench.session.learnt().unwrap().get(&id("B")).unwrap().mean_days;
    assert_eq!(bench.lead_times(), (14.0, 14.0), "an import alone changes no plan");
    assert!(bench.session.plan().unwrap().lead_times.is_some());

    bench.apply(Command::SetLeadTimes(LeadTimeChoice::of(LeadTimeSource::Stale)));
    assert_eq!(bench.lead_times(), (learnt, learnt));
    let base = bench.session.focus().unwrap().base_item.clone();
    assert_eq!(base.learnt_lead_time.unwrap().receipts, 20);
    // A lever moves from there.
    bench.apply(Command::SetLever(Lever::LeadTimeDays, Scope::Series(id("B")), Change::Add(2.0), Gesture::Commit));
    assert_eq!(bench.lead_times(), (learnt + 2.0, learnt + 2.0));
    bench.apply(Command::Undo);
    bench.apply(Command::Undo);
    assert_eq!(bench.lead_times(), (14.0, 14.0));
    bench.apply(Command::Redo);
    assert_eq!(bench.lead_times(), (learnt, learnt));

    let path = files.path("p.planwright");
    bench.apply(Command::SetScorecard(bench.session.project().settings.scorecard.with(ScorePart::Trend, 0.0)));
    bench.apply(Command::SaveProject(Some(path.clone())));
    let mut other = Bench::new();
    other.apply(Command::OpenProject(path));
    other.apply(Command::Select(id("B")));
    assert_eq!(other.failures(), 0);
    let named = |b: &Bench| planwright::session::Project { name: String::new(), ..b.session.project().clone() };
    assert!(named(&other) == named(&bench), "but for its name, which is the file's, the project is as it was");
    assert_eq!(other.lead_times(), (learnt, learnt), "the item shown is up to date after opening");
    // Scores are weighed when they are shown; what was learnt is the same.
    let learnt = |b: &Bench| b.session.plan().unwrap().lead_times.as_ref().map(|report| report.learnt.clone());
    assert!(learnt(&other).is_some() && learnt(&other) == learnt(&bench));
}

#[test]
fn a_dropped_file_of_receipts_is_known_by_its_columns_and_a_bad_one_changes_nothing() {
    let files = Files::new();
    let mut bench = Bench::with(&files);
    bench.apply(Command::OpenAny(files.path("receipts.csv")));
    assert_eq!(bench.session.project().receipts.rows().len(), 40);
    assert_eq!(bench.session.project().sales.as_ref().unwrap().source, files.path("sales.csv"), "the sales stay");
    let before = bench.session.project().clone();
    let bad = files.path("bad.csv");
    std::fs::write(&bad, "item,order_date,receipt_date\nA,2026-02-01,2026-01-01\n").unwrap();
    bench.apply(Command::ImportReceipts(bad));
    assert_eq!(bench.failures(), 1);
    assert_eq!(bench.session.rejected().unwrap().file, "bad.csv");
    assert_eq!(*bench.session.project(), before);
}

#[test]
fn a_project_from_before_receipts_opens() {
    // As it was saved then: without the fields that receipts brought.
    let mut value = serde_json::to_value(planwright::session::Project::default()).unwrap();
    let object = value.as_object_mut().unwrap();
    object.insert("chosen_models".into(), serde_json::json!({}));
    assert!(object.remove("receipts").is_some() && object.remove("receipt_findings").is_some());
    let settings = object.get_mut("settings").unwrap().as_object_mut().unwrap();
    assert!(settings.remove("lead_times").is_some() && settings.remove("scorecard").is_some());
    let project: planwright::session::Project = serde_json::from_value(value).unwrap();
    assert!(project.receipts.is_empty() && project.settings.lead_times.is_master());
}

/// Items whose stated lead time receipts contradict.
fn stale(risk: &Risk) -> Vec<SeriesId> {
    risk.alerts.iter().filter(|a| a.kind == AlertKind::StaleLeadTime).map(|a| a.id.clone()).collect()
}

#[test]
fn risk_tells_of_stated_lead_times_that_receipts_contradict() {
    let files = Files::new();
    let risk = |choice: LeadTimeChoice| {
        let plan = Arc::new(files.plan(choice, &Scenario::base("Base")));
        let inputs = pipeline::RiskInputs::new(plan, &Settings::default(), RiskBook::default());
        pipeline::risk(&inputs, &Control::silent()).unwrap()
    };
    assert_eq!(stale(&risk(LeadTimeChoice::default())), [id("B")], "A's is right, C has no receipts");
    assert!(stale(&risk(LeadTimeChoice::of(LeadTimeSource::Stale))).is_empty(), "it is planned with what was learnt");
    // In the session: once receipts are read, and not before.
    let mut bench = Bench::with(&files);
    let assessed = |bench: &mut Bench| {
        bench.apply(Command::AssessRisk);
        stale(bench.session.risk().ready().unwrap())
    };
    assert!(assessed(&mut bench).is_empty());
    bench.apply(Command::ImportReceipts(files.path("receipts.csv")));
    assert_eq!(assessed(&mut bench), [id("B")]);
    bench.apply(Command::SetLeadTimes(LeadTimeChoice::of(LeadTimeSource::Stale)));
    assert!(assessed(&mut bench).is_empty());
}

#[test]
fn a_bridge_between_scenarios_starts_from_the_lead_times_planned_with() {
    let files = Files::new();
    let (inputs, layered, settings) = files.inputs(LeadTimeChoice::of(LeadTimeSource::Stale));
    let base = Scenario::base("Base");
    let mut more = base.branch("more");
    more.set(Lever::Demand, Scope::All, Change::Scale(1.3));
    let plan = |scenario| pipeline::plan(&inputs, &layered, scenario, &settings, &Control::silent()).unwrap();
    let (a, b) = (plan(&base), plan(&more));
    let pair = (pipeline::Planned { scenario: &base, plan: &a }, pipeline::Planned { scenario: &more, plan: &b });
    let bridge = pipeline::bridge(&inputs, &layered, pair, &settings, &Control::silent()).unwrap();
    assert!(bridge.change().abs() > 1.0);
    for part in bridge.parts.iter().filter(|p| !matches!(p.cause, BridgeCause::Changes(..))) {
        assert!(part.change.abs() < 1e-6, "{:?} {}", part.cause, part.change);
    }
}

#[test]
fn the_command_line_plans_risk_cash_segments_and_comparisons_with_receipts() {
    let files = Files::new();
    let at = |name: &str| files.path(name).display().to_string();
    std::fs::write(files.path("more.csv"), "lever,scope,change,value\ndemand,all,scale,1.2\n").unwrap();
    let run = |command: &str, rest: &[&str]| {
        let (sales, items, out) = (at("sales.csv"), at("items.csv"), at("out.csv"));
        let fixed = ["planwright", command, "--sales", &sales, "--items", &items, "--horizon", "8", "--out", &out];
        let exit = main(fixed.iter().chain(rest).map(std::ffi::OsString::from));
        assert_eq!(exit, Next::Exit(0), "{command} {rest:?}");
        std::fs::read_to_string(files.path("out.csv")).unwrap()
    };
    let receipts = at("receipts.csv");
    let with = ["--receipts", receipts.as_str()];
    let learnt = ["--receipts", receipts.as_str(), "--lead-times", "stale"];
    assert!(!run("risk", &[]).contains("Lead time stale") && run("risk", &with).contains("Lead time stale"));
    assert!(!run("risk", &learnt).contains("Lead time stale"));
    for (command, more) in [("cash", None), ("segments", None), ("compare", Some(["--scenario", "more.csv"]))] {
        let scenario = at("more.csv");
        let more: Vec<&str> = more.map(|[flag, _]| vec![flag, scenario.as_str()]).unwrap_or_default();
        let all = |extra: &[&'static str]| more.iter().copied().chain(extra.iter().copied()).collect::<Vec<&str>>();
        let plain = run(command, &all(&[]));
        let by_receipts: Vec<&str> = more.iter().copied().chain(learnt).collect();
        assert_ne!(run(command, &by_receipts), plain, "{command}");
    }
}
