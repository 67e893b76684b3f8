//! Items without a past: they borrow one.
//!
//! A new item's history, for fitting, is put together from its references' (their weight × theirs, summed):
//! - *like*: the references before its own first sale, its own sales after it, those divided by the launch curve;
//! - *replace*: the references and its own sales together, in all periods; and the other way round for the replaced item.
//!   What the pair sells is one demand that changes its name.
//!
//! The launch curve is a straight ramp: in the `p`-th of `k` periods a new item sells `p/k` of its full demand. It
//! multiplies the fitted forecast, and what it takes off a new item's it leaves with the replaced one. References are
//! taken as they were sold; a reference that is itself new lends what it has.

use crate::diagnostic::{Diagnostics, Place};
use crate::model::{SalesPanel, Series, SeriesForecast, SeriesId, Succession, SuccessionKind};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Histories shorter than this carry no model: two points are a line.
pub const FEWEST_PERIODS: usize = 3;
/// Largest multiplier and longest launch that make sense.
const MOST_MULTIPLIED: f64 = 1e6;
const LONGEST_LAUNCH: usize = 1_000;

/// A panel ready for planning items without a past.
#[derive(Debug, Clone)]
pub struct NewItems {
    /// The histories as sold; items that were never sold have one period of 0.
    pub sold: Arc<SalesPanel>,
    /// The same series with borrowed histories: what models are fitted to.
    pub fitted: Arc<SalesPanel>,
    /// Per series that starts or ends: factor of its forecast per step.
    pub curves: BTreeMap<SeriesId, Vec<f64>>,
    /// Per series with a borrowed history: from where, in a sentence.
    pub why: BTreeMap<SeriesId, Text>,
    /// Successions that can't be used.
    pub findings: Diagnostics,
}

/// Lends new items their references' histories; successions that can't be used are findings.
pub fn borrow_histories(panel: &Arc<SalesPanel>, successions: &[Succession], horizon: usize) -> NewItems {
    let mut findings = Diagnostics::default();
    let sound: Vec<&Succession> = successions.iter().filter(|s| is_sound(s, panel, &mut findings)).collect();
    let mut by_new: BTreeMap<&SeriesId, Vec<&Succession>> = BTreeMap::new();
    for s in &sound {
        by_new.entry(&s.new).or_default().push(s);
    }
    let mut fitted: BTreeMap<&SeriesId, Vec<f64>> = BTreeMap::new();
    let mut new = NewItems {
        sold: with_unsold(panel, by_new.keys().copied()),
        fitted: panel.clone(),
        curves: BTreeMap::new(),
        why: BTreeMap::new(),
        findings,
    };
    for (id, references) in &by_new {
        fitted.insert(id, borrowed(panel, id, references));
        new.why.insert((*id).clone(), why(references));
        let ramp = launch(panel, references, horizon);
        multiply(&mut new.curves, id, &ramp);
        for s in references.iter().filter(|s| s.kind == SuccessionKind::Replace) {
            let way_out: Vec<f64> = ramp.iter().map(|share| 1.0 - share).collect();
            multiply(&mut new.curves, &s.reference, &way_out);
        }
    }
    for s in sound.iter().filter(|s| s.kind == SuccessionKind::Replace) {
        hand_back(panel, s, &mut fitted);
    }
    new.fitted = with_histories(&new.sold, &fitted);
    new
}

/// The forecast of a history too short for any model: naive, and a sentence that says why and what to do. `None` when
/// it is long enough or there is no naive forecast among the candidates.
pub fn too_short(series: &Series, forecast: &SeriesForecast) -> Option<SeriesForecast> {
    let n = series.values.len();
    let naive = forecast.candidates.iter().position(|c| &*c.model == "naive")?;
    if n >= FEWEST_PERIODS {
        return None;
    }
    let why = text!(
        "Naive, because {n} periods of history carry no model. Name a like-item or a predecessor under New items, or \
         override the forecast.",
        "历史仅 {n} 期，无法支撑任何模型，故采用朴素法。请在“新品”中指定相似商品或前代商品，或直接调整预测。"
    );
    Some(SeriesForecast { chosen: naive, why, ..forecast.clone() })
}

fn is_sound(s: &Succession, panel: &SalesPanel, findings: &mut Diagnostics) -> bool {
    let (new, reference) = (&s.new, &s.reference);
    let mut refuse = |message: Text, hint: Text| findings.warning("succession-unused", message, hint, Place::default());
    if new == reference {
        refuse(
            text!("{new} can't be its own reference", "{new} 不能以自身为参照"),
            text!("Name another item", "请指定其他商品"),
        );
        return false;
    }
    if panel.get(reference).is_none() {
        refuse(
            text!("{new} refers to {reference}, which has no sales", "{new} 参照的 {reference} 没有销售"),
            text!("Name an item and location from the sales", "请使用销售数据中的商品与地点"),
        );
        return false;
    }
    if !(s.multiplier > 0.0 && s.multiplier <= MOST_MULTIPLIED) || s.launch_periods > LONGEST_LAUNCH {
        refuse(
            text!("The multiplier or launch of {new} is out of range", "{new} 的倍数或上市期数超出范围"),
            text!(
                "Use a multiplier above 0 and at most {LONGEST_LAUNCH} launch periods",
                "倍数应大于 0，上市期数不超过 {LONGEST_LAUNCH}"
            ),
        );
        return false;
    }
    true
}

/// The panel with a period of 0 for every item that was never sold.
fn with_unsold<'a>(panel: &Arc<SalesPanel>, new: impl Iterator<Item = &'a SeriesId>) -> Arc<SalesPanel> {
    let unsold: Vec<Series> = new
        .filter(|id| panel.get(id).is_none())
        .map(|id| Series { id: id.clone(), start: panel.end(), values: Arc::new([0.0]) })
        .collect();
    if unsold.is_empty() {
        return panel.clone();
    }
    let all = panel.series().iter().cloned().chain(unsold).collect();
    SalesPanel::new(panel.end(), all).map_or_else(|_| panel.clone(), Arc::new)
}

/// The same series with other histories where there are some; all end in the panel's last period.
fn with_histories(panel: &Arc<SalesPanel>, histories: &BTreeMap<&SeriesId, Vec<f64>>) -> Arc<SalesPanel> {
    if histories.is_empty() {
        return panel.clone();
    }
    let series = panel.series().iter().map(|s| match histories.get(&s.id) {
        Some(values) => Series {
            id: s.id.clone(),
            start: panel.end().plus(1 - values.len() as i64),
            values: values.as_slice().into(),
        },
        None => s.clone(),
    });
    SalesPanel::new(panel.end(), series.collect()).map_or_else(|_| panel.clone(), Arc::new)
}

/// A new item's history from its own sales and its references'.
fn borrowed(panel: &SalesPanel, id: &SeriesId, references: &[&Succession]) -> Vec<f64> {
    let own: &[f64] = panel.get(id).map_or(&[], |s| &s.values);
    let of = |s: &Succession| panel.get(&s.reference).map_or(&[] as &[f64], |r| &r.values);
    let longest = references.iter().map(|s| of(s).len()).chain([own.len(), 1]).max().unwrap_or(1);
    let replaces = references.iter().any(|s| s.kind == SuccessionKind::Replace);
    let launch = longest_launch(references);
    let mut values = vec![0.0; longest];
    let first_sale = longest - own.len();
    for (p, sold) in own.iter().enumerate() {
        values[first_sale + p] = if replaces { *sold } else { sold / ramp(p + 1, launch) };
    }
    for s in references {
        let reference = of(s);
        let skipped = longest - reference.len();
        let until = if s.kind == SuccessionKind::Replace { longest } else { first_sale };
        for t in skipped..until.max(skipped) {
            values[t] += s.multiplier * reference[t - skipped];
        }
    }
    values
}

/// Adds to a replaced item's history what its successor sold in its place.
fn hand_back<'a>(panel: &SalesPanel, s: &'a Succession, fitted: &mut BTreeMap<&'a SeriesId, Vec<f64>>) {
    let (Some(new), Some(old)) = (panel.get(&s.new), panel.get(&s.reference)) else { return };
    let history = fitted.entry(&s.reference).or_insert_with(|| old.values.to_vec());
    for (value, sold) in history.iter_mut().rev().zip(new.values.iter().rev()) {
        *value += sold / s.multiplier;
    }
}

/// Shares of full demand that a new item sells in the steps ahead.
fn launch(panel: &SalesPanel, references: &[&Succession], horizon: usize) -> Vec<f64> {
    let sold = references.first().and_then(|s| panel.get(&s.new)).map_or(0, |s| s.values.len());
    let periods = longest_launch(references);
    (1..=horizon).map(|step| ramp(sold + step, periods)).collect()
}

fn longest_launch(references: &[&Succession]) -> usize {
    references.iter().map(|s| s.launch_periods).max().unwrap_or(0)
}

/// Share of full demand in the `p`-th period of a launch over `k`.
fn ramp(p: usize, k: usize) -> f64 {
    if p >= k { 1.0 } else { p as f64 / k as f64 }
}

fn multiply(curves: &mut BTreeMap<SeriesId, Vec<f64>>, id: &SeriesId, factors: &[f64]) {
    let curve = curves.entry(id.clone()).or_insert_with(|| vec![1.0; factors.len()]);
    curve.iter_mut().zip(factors).for_each(|(c, f)| *c *= f);
}

fn why(references: &[&Succession]) -> Text {
    let list: Vec<String> = references.iter().map(|s| format!("{} × {}", s.multiplier, s.reference)).collect();
    let (list, launch) = (list.join(" + "), longest_launch(references));
    let from = text!("History borrowed: {list}.", "借用历史：{list}。");
    if launch < 2 {
        return from;
    }
    from.then(&text!("It sells in full from period {launch} on.", "第 {launch} 期起达到全部需求。"))
}
