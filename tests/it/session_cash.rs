//! Cash through the session: payment terms as levers, options as undoable decisions, figures per scenario.

use planwright::model::{AllocationKey, CashSettings, Change, Lever, Opening, Plan, Scope};
use planwright::pipeline;
use planwright::report::kpis;
use planwright::session::{Command, Gesture, Session};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

fn settle(session: &mut Session) {
    loop {
        session.poll();
        if session.is_idle() {
            break;
        }
        std::thread::yield_now();
    }
}

fn apply(session: &mut Session, command: Command) {
    session.apply(command);
    settle(session);
}

fn kpi(plan: &Plan, key: &str) -> f64 {
    kpis(plan).into_iter().find(|k| k.key == key).and_then(|k| k.value).unwrap_or(f64::NAN)
}

/// Two items of one supplier at 60 and 30 days, shipped by vans.
fn company(folder: &Path) -> Session {
    let mut sales = String::from("date,item,location,quantity\n");
    for week in 0..60 {
        let day = jiff::civil::date(2024, 1, 1).checked_add(jiff::Span::new().weeks(week)).unwrap();
        writeln!(sales, "{day},A,DC,{}", 100 + (week * 37) % 23).unwrap();
        writeln!(sales, "{day},B,DC,{}", 40 + (week * 17) % 11).unwrap();
    }
    let items = "item,unit_cost,price,lead_time_days,on_hand,order_cost,supplier,volume,customer_payment_days,supplier_payment_days\n\
                 A,4,9,14,300,20,S,0.1,30,60\nB,5,11,7,90,20,S,0.3,30,60\n";
    let network = folder.join("network");
    std::fs::create_dir_all(&network).unwrap();
    for (name, text) in [
        ("sales.csv", sales.as_str()),
        ("items.csv", items),
        ("network/sites.csv", "id,handling_cost\nDC,0.25\n"),
        ("network/customers.csv", "id,location\nC,DC\n"),
        ("network/vehicles.csv", "id,capacity,trip_cost\nvan,60,80\n"),
        ("network/lanes.csv", "from,to,unit_cost,vehicle\nDC,C,0.5,van\n"),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let mut session = Session::new(Arc::new(|| {}));
    apply(&mut session, Command::ImportSales(folder.join("sales.csv")));
    apply(&mut session, Command::ImportItems(folder.join("items.csv")));
    apply(&mut session, Command::ImportNetwork(network));
    session
}

#[test]
fn terms_move_cash_and_not_cost() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = company(folder.path());
    let base = session.plan().unwrap().clone();
    assert!(kpi(&base, "sales") > 0.0 && kpi(&base, "cash_trough") >= 0.0);
    // History fills the days before the plan: customers take their 30.
    let near = |value: f64, expected: f64, by: f64| assert!((value - expected).abs() <= by, "{value}");
    near(kpi(&base, "dso"), 30.0, 1.0);
    near(kpi(&base, "ccc"), kpi(&base, "dio") + kpi(&base, "dso") - kpi(&base, "dpo"), 1e-9);
    let later = Command::SetLever(Lever::CustomerPaymentDays, Scope::All, Change::Add(20.0), Gesture::Commit);
    apply(&mut session, later);
    let slow = session.plan().unwrap().clone();
    assert!(!Arc::ptr_eq(&base, &slow));
    // Old debts come in as agreed; new sales 20 days later: (30·30 + 20·40 + 41·50)/91 days of sales are owed on the mean.
    near(kpi(&slow, "dso"), 3750.0 / 91.0, 1.5);
    assert!((slow.cash.opening.total() - base.cash.opening.total()).abs() < 1e-9);
    let a_day = kpi(&base, "sales") / 91.0;
    near(kpi(&base, "cash_net") - kpi(&slow, "cash_net"), 20.0 * a_day, 2.0 * a_day);
    near(kpi(&slow, "total_cost"), kpi(&base, "total_cost"), 1e-6);
    assert!(kpi(&slow, "working_capital") > kpi(&base, "working_capital"));
    let table = pipeline::compare(&base, &slow);
    assert!(table.rows.iter().any(|r| format!("{:?}", r[0]).contains("Cash-conversion cycle")));
}

#[test]
fn options_are_undone_at_once_and_the_base_plan_says_what_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = company(folder.path());
    let before = session.plan().unwrap().clone();
    let cash = CashSettings { paid_holding_share: 1.0, opening: Opening::Nothing };
    apply(&mut session, Command::SetCash(cash));
    let after = session.plan().unwrap().clone();
    assert!(before.cash.opening.receivables > 0.0 && after.cash.opening.receivables.abs() < 1e-12);
    let holding = |p: &Plan| p.cash.sum(|c| c.paid_holding);
    assert!((holding(&after) - 2.0 * holding(&before)).abs() < 1e-6 && holding(&before) > 0.0);
    assert!(after.assumptions.iter().any(|a| a.value.en == "100 %"));
    assert_eq!(session.undo_name().unwrap().en, "Set cash options");
    session.apply(Command::Undo);
    assert!(Arc::ptr_eq(session.plan().unwrap(), &before), "the old plan shows without computing");
    settle(&mut session);
}

#[test]
fn what_is_shared_is_allocated_in_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let session = company(folder.path());
    let plan = session.plan().unwrap();
    let places: Vec<&str> = plan.allocation.shared.iter().map(|s| &*s.place).collect();
    assert_eq!(places, ["S", "DC → C"]);
    for key in AllocationKey::ALL {
        let sum: f64 = plan.allocation.items.iter().map(|i| i.total(key)).sum();
        assert!((sum - plan.ledger.total()).abs() <= 1e-9 * sum);
    }
    let said = &plan.allocation.items[0].note.en;
    assert!(said.contains("no weight stated: by units") && !said.contains("volume"), "{said}");
}

#[test]
fn the_command_line_writes_periods_items_and_allocation() {
    let folder = tempfile::tempdir().unwrap();
    drop(company(folder.path()));
    let at = |name: &str| folder.path().join(name).display().to_string();
    let run = |extra: &[&str]| {
        let (sales, items, network) = (at("sales.csv"), at("items.csv"), at("network"));
        let (out, by_item, allocation) = (at("cash.csv"), at("by_item.csv"), at("allocation.csv"));
        let fixed =
            ["planwright", "cash", "--sales", &sales, "--items", &items, "--network", &network, "--horizon", "6"];
        let written = ["--out", &out, "--by-item", &by_item, "--allocation", &allocation];
        let all = fixed.iter().chain(&written).chain(extra).map(Into::into).collect::<Vec<std::ffi::OsString>>();
        planwright::cli::main(all)
    };
    assert_eq!(run(&["--key", "shapley"]), planwright::cli::Next::Exit(0));
    let text = |name: &str| std::fs::read_to_string(at(name)).unwrap();
    assert_eq!(text("cash.csv").lines().count(), 1 + 1 + 6, "a header, the first day, the periods");
    assert!(text("cash.csv").contains("cumulative,lowest,sales"));
    assert_eq!(text("by_item.csv").lines().count(), 3);
    assert!(text("allocation.csv").lines().nth(1).unwrap().starts_with("A,shapley,"));
    assert_eq!(run(&["--opening", "nothing", "--paid-holding", "0"]), planwright::cli::Next::Exit(0));
    assert!(
        text("allocation.csv").lines().next().unwrap().contains("units,volume,weight,value,activity,equal,shapley")
    );
    assert_eq!(run(&["--paid-holding", "1.5"]), planwright::cli::Next::Exit(1));
}

#[test]
fn a_plan_is_the_same_for_the_same_seed() {
    let folder = tempfile::tempdir().unwrap();
    let session = company(folder.path());
    let again = company(folder.path());
    assert_eq!(session.plan().unwrap().cash, again.plan().unwrap().cash);
    assert_eq!(session.plan().unwrap().allocation, again.plan().unwrap().allocation);
}
