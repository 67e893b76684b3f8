//! Suppliers by what they did: punctuality, completeness, steadiness, and what their unsteadiness costs.
//!
//! The score is a weighted sum of parts from 0 to 100, each a plain formula of a figure in the same row: the linear averaging
//! of Timmerman, E. (1986) An approach to vendor performance evaluation, *Journal of Purchasing and Materials Management* 22(4),
//! 2–8. A part that isn't known is left out and the weights of the others count for the whole.

use crate::model::{
    ItemTable, LeadTimes, Receipt, Receipts, ScorePart, ScoreWeights, Scorecard, SupplierFigures, SupplierScore,
};
use crate::text;
use crate::words::Text;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An order is in full from this share of what was ordered: weighing and counting differ.
const IN_FULL: f64 = 0.98;
/// Without a promise, an order is due after the item list's lead time and this share of it, at least a day.
const TOLERANCE: f64 = 0.1;
/// Fewer order lines than this are few.
const FEW: usize = 5;

/// What suppliers are scored by.
#[derive(Debug, Clone, Copy)]
pub struct PartnerInputs<'a> {
    /// What came when.
    pub receipts: &'a Receipts,
    /// What was learnt from it.
    pub lead_times: &'a LeadTimes,
    /// Costs, and lead times for orders without a promise.
    pub items: &'a ItemTable,
    /// By supplier: safety stock that its deviation calls for, at unit cost, and the holding cost of that a year, money.
    pub reserves: &'a BTreeMap<Arc<str>, (f64, f64)>,
}

/// Every supplier's figures and score, best first. Receipts without a supplier count for the item list's.
pub fn scorecard(inputs: &PartnerInputs<'_>, weights: ScoreWeights) -> Scorecard {
    let mut lines: BTreeMap<(Arc<str>, Key<'_>), Vec<&Receipt>> = BTreeMap::new();
    for row in inputs.receipts.rows() {
        let supplier = supplier_of(inputs, row);
        if !supplier.is_empty() {
            lines.entry((supplier, (&row.id, row.ordered, &row.order))).or_default().push(row);
        }
    }
    let mut tallies: BTreeMap<Arc<str>, Tally> = BTreeMap::new();
    let mut last: Option<(Arc<str>, &crate::model::SeriesId)> = None;
    for ((supplier, key), parts) in &lines {
        let tally = tallies.entry(supplier.clone()).or_default();
        let is_new = last.as_ref().is_none_or(|(s, id)| s != supplier || *id != key.0);
        tally.items += usize::from(is_new);
        last = Some((supplier.clone(), key.0));
        tally.add(inputs, parts);
    }
    let spend: f64 = tallies.values().map(|t| t.spend).sum();
    let figures = tallies.into_iter().map(|(supplier, tally)| tally.figures(inputs, supplier, spend)).collect();
    rank(figures, weights)
}

/// The same suppliers under other weights.
pub fn weigh(scorecard: &Scorecard, weights: ScoreWeights) -> Scorecard {
    rank(scorecard.suppliers.iter().map(|s| s.figures.clone()).collect(), weights)
}

/// An item's line of an order.
type Key<'a> = (&'a crate::model::SeriesId, Date, &'a Arc<str>);

fn supplier_of(inputs: &PartnerInputs<'_>, row: &Receipt) -> Arc<str> {
    if !row.supplier.is_empty() {
        return row.supplier.clone();
    }
    inputs.items.get(&row.id).map(|item| item.supplier.clone()).unwrap_or_default()
}

/// Counts and sums over a supplier's order lines.
#[derive(Debug, Default)]
struct Tally {
    lines: usize,
    receipts: usize,
    items: usize,
    due: usize,
    promised: usize,
    on_time: usize,
    counted: usize,
    in_full: usize,
    both: usize,
    on_time_in_full: usize,
    days_late: f64,
    quantity_error: f64,
    spend: f64,
}

impl Tally {
    fn add(&mut self, inputs: &PartnerInputs<'_>, parts: &[&Receipt]) {
        let (Some(first), Some(last)) = (parts.first(), parts.iter().map(|r| r.received).max()) else { return };
        self.lines += 1;
        self.receipts += parts.len();
        let item = inputs.items.get(&first.id);
        let unit_cost = item.map_or(0.0, |i| i.unit_cost).max(0.0);
        self.spend += parts.iter().filter_map(|r| r.quantity_received).sum::<f64>() * unit_cost;
        let promised = parts.iter().filter_map(|r| r.promised).max();
        let master = item.filter(|i| i.lead_time_days.is_finite()).and_then(|i| {
            let days = i.lead_time_days + (TOLERANCE * i.lead_time_days).max(1.0);
            first.ordered.checked_add(jiff::Span::new().try_days(days.floor().clamp(0.0, 1e5) as i64).ok()?).ok()
        });
        let due = promised.or(master);
        if let Some(due) = due {
            self.due += 1;
            self.promised += usize::from(promised.is_some());
            self.on_time += usize::from(last <= due);
            self.days_late += crate::model::days_between(due, last).max(0.0);
        }
        let ordered = parts.iter().filter_map(|r| r.quantity_ordered).reduce(f64::max);
        let quantities: Option<Vec<f64>> = parts.iter().map(|r| r.quantity_received).collect();
        let (Some(ordered), Some(quantities)) = (ordered, quantities) else { return };
        let total: f64 = quantities.iter().sum();
        self.counted += 1;
        self.in_full += usize::from(total >= IN_FULL * ordered);
        self.quantity_error += ((total - ordered).abs() / ordered).min(1.0);
        if let Some(due) = due {
            let by_then: f64 = parts.iter().zip(&quantities).filter(|(r, _)| r.received <= due).map(|(_, q)| q).sum();
            self.both += 1;
            self.on_time_in_full += usize::from(by_then >= IN_FULL * ordered);
        }
    }

    fn figures(self, inputs: &PartnerInputs<'_>, supplier: Arc<str>, all_spend: f64) -> SupplierFigures {
        let share = |n: usize, of: usize| (of > 0).then(|| n as f64 / of as f64);
        let learnt = inputs.lead_times.supplier(&supplier);
        let (safety_capital, safety_cost) = inputs.reserves.get(&supplier).copied().unwrap_or_default();
        SupplierFigures {
            lines: self.lines,
            receipts: self.receipts,
            items: self.items,
            due: self.due,
            promised: self.promised,
            on_time: share(self.on_time, self.due),
            in_full: share(self.in_full, self.counted),
            on_time_in_full: share(self.on_time_in_full, self.both),
            days_late: (self.due > 0).then(|| self.days_late / self.due as f64),
            lead_time_days: learnt.map(|s| s.mean_days),
            lead_time_sd_days: learnt.and_then(|s| s.sd_days),
            change: learnt.and_then(|s| s.change),
            quantity_error: (self.counted > 0).then(|| self.quantity_error / self.counted as f64),
            spend: self.spend,
            spend_share: if all_spend > 0.0 { self.spend / all_spend } else { 0.0 },
            safety_capital,
            safety_cost,
            supplier,
        }
    }
}

fn rank(figures: Vec<SupplierFigures>, weights: ScoreWeights) -> Scorecard {
    let mut suppliers: Vec<SupplierScore> = figures.into_iter().map(|f| score(f, &weights)).collect();
    let key = |s: &SupplierScore| s.score.unwrap_or(-1.0);
    suppliers.sort_by(|a, b| key(b).total_cmp(&key(a)).then_with(|| a.figures.supplier.cmp(&b.figures.supplier)));
    for k in 0..suppliers.len() {
        let is_tied = k > 0 && suppliers[k].score == suppliers[k - 1].score;
        suppliers[k].rank = if is_tied { suppliers[k - 1].rank } else { k + 1 };
    }
    Scorecard { weights, suppliers }
}

fn score(figures: SupplierFigures, weights: &ScoreWeights) -> SupplierScore {
    let parts = ScorePart::ALL.map(|part| part_of(&figures, part).map(|x| (100.0 * x).clamp(0.0, 100.0)));
    let weight = |k: usize| weights.get(ScorePart::ALL[k]);
    let known: f64 = (0..parts.len()).filter(|k| parts[*k].is_some()).map(weight).sum();
    let mut points = [None; ScorePart::ALL.len()];
    for (k, part) in parts.iter().enumerate().filter(|_| known > 0.0) {
        points[k] = part.map(|x| weight(k) * x / known);
    }
    let score = (known > 0.0).then(|| points.iter().flatten().sum());
    SupplierScore { note: note(&figures, &parts), figures, parts, points, score, rank: 0 }
}

/// A part as a share, not yet held to `[0, 1]`.
fn part_of(f: &SupplierFigures, part: ScorePart) -> Option<f64> {
    let usual = f.lead_time_days.filter(|days| *days > 0.0);
    match part {
        ScorePart::OnTime => f.on_time,
        ScorePart::InFull => f.in_full,
        ScorePart::Lateness => Some(1.0 - f.days_late? / usual?),
        ScorePart::Steadiness => Some(1.0 - f.lead_time_sd_days? / usual?),
        ScorePart::Trend => {
            let usual = usual?;
            let growth = f.change.map_or(0.0, |c| c.after_days - c.before_days).max(0.0);
            Some(1.0 - growth / (usual - growth).max(1.0))
        }
        ScorePart::Quantity => Some(1.0 - f.quantity_error?),
    }
}

fn note(f: &SupplierFigures, parts: &[Option<f64>]) -> Text {
    let mut notes: Vec<Text> = Vec::new();
    if f.lines < FEW {
        let n = f.lines;
        notes.push(text!("only {n} order lines", "仅 {n} 个订单行"));
    }
    if f.promised < f.due {
        let (n, due) = (f.due - f.promised, f.due);
        notes.push(text!(
            "{n} of {due} due dates are the item list's lead time, since nothing was promised",
            "{due} 个到期日中有 {n} 个无承诺日期，按商品清单提前期推算"
        ));
    }
    let missing: Vec<Text> =
        ScorePart::ALL.iter().zip(parts).filter(|(_, p)| p.is_none()).map(|(part, _)| part.label()).collect();
    if !missing.is_empty() {
        let join = |words: Vec<&str>, mark: &str| words.join(mark);
        let en = join(missing.iter().map(|t| t.en.as_str()).collect(), ", ");
        let zh = join(missing.iter().map(|t| t.zh.as_str()).collect(), "、");
        notes.push(text!("not known, and not in the score: {en}", "未知、不计入评分：{zh}"));
    }
    let join = |words: Vec<String>, mark: &str| words.join(mark);
    Text::new(
        join(notes.iter().map(|t| t.en.clone()).collect(), "; "),
        join(notes.iter().map(|t| t.zh.clone()).collect(), "；"),
    )
}
