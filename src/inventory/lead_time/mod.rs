//! Receipts → lead times: how long orders took, whether that has changed, and how far master data are from it.
//!
//! ```text
//! Receipts ─ orders ─▶ days per order ─ change ─▶ orders since the last change ─ outliers ─▶ orders used
//!     ─ pool ─▶ mean and deviation, drawn towards the supplier's where an item has few orders
//!     ─ judge ─▶ stale or not ─ money ─▶ safety stock, capital, shortages
//! ```
//!
//! The change is sought first and by ranks, which outliers hardly move: sought the other way round, the first orders
//! after a change would look like outliers of the time before.

mod change;
mod judge;
mod money;
mod orders;
mod outliers;
mod pool;
mod statistics;

pub use change::{Pettitt, pettitt, pettitt_by_chance};
pub use judge::{is_deviation_stale, is_mean_stale};
pub use money::{Reserve, lead_time_money, lead_time_reserve};
pub use orders::order_leads;
pub use outliers::set_aside;

use crate::model::{
    ItemTable, LeadChange, LeadTimes, LearntLeadTime, OrderLead, Receipt, Receipts, SeriesId, Standing,
    SupplierLeadTime,
};
use crate::text;
use crate::words::{Text, figure};
use pool::{Borrowed, Own};
use statistics::{mean, quantiles, sd, skewness};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Orders that an item needs to be planned with by itself.
pub const FEWEST_ORDERS: usize = 3;
/// Orders that a supplier's other items need when an item with fewer borrows from them.
const FEWEST_BORROWED: usize = 10;
/// Orders from which an item's own quantiles are worth reading.
const FEWEST_FOR_QUANTILES: usize = 5;

/// Learns every item's lead time from its receipts, and every supplier's.
///
/// - *Orders*: receipts of one order are one observation, see [`order_leads`].
/// - *Change*: orders before the last significant break (Pettitt 1979) no longer count, see [`pettitt`]. An item whose own
///   orders show none follows its supplier's, which many items show together, unless its orders went the other way.
/// - *Outliers*: see [`set_aside`].
/// - *Few orders*: mean and variance are drawn towards the supplier's by empirical Bayes (Morris 1983 for means, Smyth
///   2004 for variances); `own_weight` and `own_sd_weight` say how far not.
///
/// The supplier of an item is that of most receipts; where they name none, the item list's. A supplier's own figures are of
/// what it delivered itself.
pub fn learn_lead_times(receipts: &Receipts, items: &ItemTable) -> LeadTimes {
    let mut studied: Vec<Studied> = receipts.by_item().map(|rows| study(rows, items)).collect();
    let mut by_supplier: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
    for (k, item) in studied.iter().enumerate() {
        by_supplier.entry(item.supplier.clone()).or_default().push(k);
    }
    let suppliers = suppliers(receipts, &studied, items);
    let mut learnt: Vec<Option<LearntLeadTime>> = studied.iter().map(|_| None).collect();
    for (name, members) in by_supplier {
        let supplier = suppliers.iter().find(|s| s.supplier == name);
        for k in &members {
            studied[*k].settle(supplier.and_then(|s| s.change.as_ref()));
        }
        let own: Vec<Own> = members.iter().map(|k| Own::of(&studied[*k].used)).collect();
        // Items of nobody have nothing in common.
        let pooled = if name.is_empty() { pool::apart(&own) } else { pool::pool(&own) };
        let all: Vec<f64> = members.iter().flat_map(|k| studied[*k].used.iter().copied()).collect();
        for (k, borrowed) in members.into_iter().zip(&pooled.items) {
            let item = std::mem::take(&mut studied[k]);
            learnt[k] = Some(conclude(item, borrowed, &all));
        }
    }
    LeadTimes { items: learnt.into_iter().flatten().collect(), suppliers }
}

/// Every supplier's lead times by what it delivered itself: an item that comes from two is looked at in two parts.
fn suppliers(receipts: &Receipts, studied: &[Studied], items: &ItemTable) -> Vec<SupplierLeadTime> {
    let mut parts: BTreeMap<Arc<str>, Vec<Studied>> = BTreeMap::new();
    for (rows, whole) in receipts.by_item().zip(studied) {
        if rows.iter().all(|r| r.supplier == rows[0].supplier) {
            parts.entry(whole.supplier.clone()).or_default().push(whole.clone());
            continue;
        }
        let listed = items.lookup(&rows[0].id).supplier;
        let mut own: BTreeMap<Arc<str>, Vec<Receipt>> = BTreeMap::new();
        for row in rows {
            let name = if row.supplier.is_empty() { &listed } else { &row.supplier };
            own.entry(name.clone()).or_default().push(row.clone());
        }
        for (name, rows) in own {
            parts.entry(name).or_default().push(study(&rows, items));
        }
    }
    parts.into_iter().filter(|(name, _)| !name.is_empty()).map(|(name, parts)| supplier(name, parts)).collect()
}

fn supplier(name: Arc<str>, mut parts: Vec<Studied>) -> SupplierLeadTime {
    let change = supplier_change(parts.iter().map(|part| part.orders.as_slice()));
    for part in &mut parts {
        part.settle(change.as_ref());
    }
    let pooled = pool::pool(&parts.iter().map(|part| Own::of(&part.used)).collect::<Vec<_>>());
    SupplierLeadTime {
        items: parts.len(),
        orders: parts.iter().map(|part| part.used.len()).sum(),
        mean_days: pooled.mean,
        sd_days: pooled.sd,
        between_sd_days: pooled.between_sd,
        change,
        supplier: name,
    }
}

/// One item's orders, looked at alone.
#[derive(Debug, Clone, Default)]
struct Studied {
    id: Option<SeriesId>,
    supplier: Arc<str>,
    orders: Vec<OrderLead>,
    /// The change that its own orders show: place of the first order before it, of the first since, and p.
    own_change: Option<(usize, usize, f64)>,
    /// The change that counts.
    change: Option<LeadChange>,
    is_suppliers_change: bool,
    /// Days of the orders used.
    used: Vec<f64>,
}

fn study(rows: &[Receipt], items: &ItemTable) -> Studied {
    let id = rows[0].id.clone();
    let orders = order_leads(rows);
    let days: Vec<f64> = orders.iter().map(|o| o.days).collect();
    let (start, change) = change::last_change(&days);
    let since = orders.get(start).map(|o| o.ordered);
    let supplier = main_supplier(rows.iter().filter(|r| since.is_none_or(|since| r.ordered >= since)));
    let supplier = if supplier.is_empty() { items.lookup(&id).supplier } else { supplier };
    let own_change = change.map(|(before, p)| (before, start, p));
    Studied { id: Some(id), supplier, orders, own_change, ..Studied::default() }
}

impl Studied {
    /// Decides which orders count: those since its own change, else those since its supplier's, when they went the same way.
    fn settle(&mut self, supplier: Option<&LeadChange>) {
        let days: Vec<f64> = self.orders.iter().map(|o| o.days).collect();
        let median = |days: &[f64]| quantiles(days).median;
        let suppliers = || {
            let change = supplier?;
            let start = self.orders.partition_point(|o| o.ordered < change.since);
            let is_enough = start >= FEWEST_ORDERS && days.len() - start >= FEWEST_ORDERS;
            let moved = if is_enough { median(&days[start..]) - median(&days[..start]) } else { 0.0 };
            (moved * (change.after_days - change.before_days) > 0.0).then_some((0, start, change.p))
        };
        let found = self.own_change.or_else(suppliers);
        self.is_suppliers_change = self.own_change.is_none() && found.is_some();
        let start = found.map_or(0, |(_, start, _)| start);
        self.change = found.map(|(before, start, p)| LeadChange {
            since: self.orders[start].ordered,
            before_days: median(&days[before..start]),
            after_days: median(&days[start..]),
            p,
        });
        self.orders[..start].iter_mut().for_each(|o| o.standing = Standing::BeforeChange);
        for k in set_aside(&days[start..]) {
            self.orders[start + k].standing = Standing::SetAside;
        }
        self.used = self.orders.iter().filter(|o| o.standing == Standing::Used).map(|o| o.days).collect();
    }
}

/// The supplier of most receipts; of equal ones the one that delivered last.
fn main_supplier<'a>(rows: impl Iterator<Item = &'a Receipt>) -> Arc<str> {
    let mut count: BTreeMap<&Arc<str>, (usize, usize)> = BTreeMap::new();
    for (k, row) in rows.enumerate().filter(|(_, r)| !r.supplier.is_empty()) {
        let entry = count.entry(&row.supplier).or_default();
        *entry = (entry.0 + 1, k);
    }
    count.into_iter().max_by_key(|(_, seen)| *seen).map(|(name, _)| name.clone()).unwrap_or_default()
}

/// The last change over a supplier's items: each order's difference to its item's median, averaged over the orders of
/// one day, since they travel together.
fn supplier_change<'a>(items: impl Iterator<Item = &'a [OrderLead]>) -> Option<LeadChange> {
    let mut by_day: BTreeMap<jiff::civil::Date, (f64, usize)> = BTreeMap::new();
    for orders in items {
        let days: Vec<f64> = orders.iter().map(|o| o.days).collect();
        let usual = quantiles(&days).median;
        for order in orders.iter().filter(|_| orders.len() >= FEWEST_ORDERS) {
            let day = by_day.entry(order.ordered).or_default();
            *day = (day.0 + order.days - usual, day.1 + 1);
        }
    }
    let dates: Vec<jiff::civil::Date> = by_day.keys().copied().collect();
    let differences: Vec<f64> = by_day.values().map(|(sum, n)| sum / *n as f64).collect();
    let (start, change) = change::last_change(&differences);
    let (before, p) = change?;
    let median = |x: &[f64]| quantiles(x).median;
    let (before_days, after_days) = (median(&differences[before..start]), median(&differences[start..]));
    Some(LeadChange { since: dates[start], before_days, after_days, p })
}

fn conclude(item: Studied, borrowed: &Borrowed, supplier_days: &[f64]) -> LearntLeadTime {
    let Studied { id, supplier, orders, used, change, is_suppliers_change, .. } = item;
    let id = id.unwrap_or_else(|| SeriesId::new("", ""));
    let is_used = |o: &&OrderLead| o.standing == Standing::Used;
    let mut dates = orders.iter().filter(is_used).map(|o| o.ordered);
    let first = dates.next().unwrap_or_default();
    let span = (first, dates.next_back().unwrap_or(first));
    let others = supplier_days.len() - used.len();
    let borrows = borrowed.own_weight < 1.0 && others >= FEWEST_BORROWED;
    let is_known = used.len() >= FEWEST_ORDERS || borrows;
    let reads_own = used.len() >= FEWEST_FOR_QUANTILES || !borrows;
    LearntLeadTime {
        note: note(&orders, &supplier, &used, borrowed, (is_known, is_suppliers_change)),
        receipts: orders.iter().filter(is_used).map(|o| o.receipts).sum(),
        used: used.len(),
        span,
        own_mean_days: mean(&used),
        own_sd_days: sd(&used),
        mean_days: borrowed.mean,
        sd_days: borrowed.sd,
        own_weight: borrowed.own_weight,
        own_sd_weight: borrowed.own_sd_weight,
        mean_error_days: borrowed.mean_error,
        quantiles: quantiles(if reads_own { &used } else { supplier_days }),
        skewness: skewness(&used),
        change,
        is_known,
        id,
        supplier,
        orders,
    }
}

/// What to know about a learnt lead time.
fn note(
    orders: &[OrderLead],
    supplier: &str,
    used: &[f64],
    borrowed: &Borrowed,
    (is_known, is_suppliers_change): (bool, bool),
) -> Text {
    let mut note = Text::default();
    let mut add = |text: Text| {
        let next = std::mem::take(&mut note);
        note = if next.is_empty() {
            text
        } else {
            Text::new(format!("{}; {}", next.en, text.en), format!("{}；{}", next.zh, text.zh))
        };
    };
    if !is_known {
        let n = used.len();
        add(text!("{n} orders are too few to plan with", "仅 {n} 个订单，不足以用于计划"));
    }
    if is_suppliers_change {
        add(text!("the change is seen over all items of {supplier}", "该变化由 {supplier} 的全部商品得出"));
    }
    let aside: Vec<&OrderLead> = orders.iter().filter(|o| o.standing == Standing::SetAside).collect();
    if let Some(first) = aside.first() {
        let (n, ordered, days) = (aside.len(), first.ordered, figure(first.days));
        let median = figure(quantiles(used).median);
        add(text!(
            "{n} set aside as not comparable, first the order of {ordered} with {days} days where {median} are usual",
            "{n} 个订单因明显异常未计入，首个为 {ordered} 下单的 {days} 天（通常为 {median} 天）"
        ));
    }
    if borrowed.own_weight < 0.995 {
        let share = (100.0 * borrowed.own_weight).round();
        add(text!("mean {share} % its own, the rest from {supplier}", "均值中自身占 {share}%，其余取自 {supplier}"));
    }
    note
}
