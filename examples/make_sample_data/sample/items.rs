//! Item master data that fits the sales, with blanks where the defaults do.

use super::catalogue::Pattern;
use super::dice::Dice;
use super::receipts::supplier_name;
use super::sales::{Company, Line};
use std::fmt::Write;

const SEED: u64 = 7_411;
/// Items bought for all warehouses alike: one row without location, valid in each.
const GENERAL: [&str; 4] = ["CLN-001", "CLN-004", "CLN-005", "STA-001"];
/// Items whose safety stock and max level a planner once set by hand.
const BY_HAND: [&str; 3] = ["COF-001", "KIT-002", "TEA-006"];

const HEADER: &str = "item,location,name,category,unit_cost,price,lead_time_days,lead_time_sd_days,review_period_days,\
moq,multiple,on_hand,on_order,service_level,safety_stock,max_level,holding_rate,shortage_cost,order_cost,supplier\n";

pub(crate) fn items_csv(company: &Company) -> String {
    let mut text = HEADER.to_owned();
    let mut last = "";
    for line in &company.lines {
        if GENERAL.contains(&line.code) {
            if line.code != last {
                row(&mut text, line, "");
            }
        } else {
            row(&mut text, line, line.warehouse);
        }
        last = line.code;
    }
    text
}

fn row(text: &mut String, line: &Line, location: &str) {
    let mut dice = Dice::named(SEED, &format!("{}@{location}", line.code));
    let c = line.category;
    let cost = (line.price * c.cost_share * dice.between(0.95, 1.05) * 100.0).round() / 100.0;
    let lead_time = drawn_lead_time(line, &mut dice);
    let slow = matches!(line.pattern, Pattern::Intermittent(_));
    let seller = line.recent(13) > 60.0;

    let weekly = line.recent(13);
    let weeks = lead_time / 7.0;
    let safety = 1.65 * line.recent_sd(26) * weeks.sqrt();
    let trigger = weekly * weeks + safety;
    let fast_mover_moq = (weekly * 1.5 / line.carton).ceil() * line.carton;
    let (on_hand, on_order) = stock(line, trigger, weekly, &mut dice);

    let or_blank = |show: bool, value: String| if show { value } else { String::new() };
    let _ = writeln!(
        text,
        "{},{location},{},{},{cost:.2},{:.2},{lead_time},{},{},{},{},{on_hand},{},{},{},{},{},{},{},{}",
        line.code,
        csv_text(line.name),
        c.name,
        line.price,
        or_blank(!slow, format!("{}", c.lead_time.1)),
        or_blank(c.name == "Coffee" || c.name == "Tea", "7".into()),
        or_blank(!slow, format!("{fast_mover_moq}")),
        or_blank(line.carton > 1.0, format!("{}", line.carton)),
        or_blank(on_order > 0.0, format!("{on_order}")),
        or_blank(seller, "0.98".into()) + &or_blank(slow, "0.9".into()),
        or_blank(BY_HAND.contains(&line.code), format!("{}", safety.round())),
        or_blank(BY_HAND.contains(&line.code), format!("{}", (trigger + 3.0 * weekly).round())),
        or_blank(c.name == "Garden" || c.name == "Coffee", "0.25".into()),
        or_blank(line.price > 30.0, format!("{:.2}", line.price * 0.6)),
        c.order_cost,
        supplier_name(line),
    );
}

/// The lead time that the item list states for a line, days.
pub(crate) fn lead_time(line: &Line) -> f64 {
    let location = if GENERAL.contains(&line.code) { "" } else { line.warehouse };
    let mut dice = Dice::named(SEED, &format!("{}@{location}", line.code));
    // The cost is drawn first.
    dice.uniform();
    drawn_lead_time(line, &mut dice)
}

fn drawn_lead_time(line: &Line, dice: &mut Dice) -> f64 {
    (line.category.lead_time.0 * dice.between(0.85, 1.2)).round()
}

/// On hand and on order: a third of the lines must order now, a few are short, a few are full.
fn stock(line: &Line, trigger: f64, weekly: f64, dice: &mut Dice) -> (f64, f64) {
    if matches!(line.pattern, Pattern::Discontinued(_)) {
        return (64.0, 0.0);
    }
    let cartons = |units: f64| (units / line.carton).round().max(0.0) * line.carton;
    let position = trigger * if dice.uniform() < 0.35 { dice.between(0.55, 1.0) } else { dice.between(1.0, 1.9) };
    let on_order = if dice.uniform() < 0.4 { cartons((position * 0.45).max(weekly)) } else { 0.0 };
    let on_hand = (position - on_order).round().max(0.0);
    (on_hand, on_order)
}

fn csv_text(text: &str) -> String {
    if text.contains(',') { format!("\"{text}\"") } else { text.to_owned() }
}
