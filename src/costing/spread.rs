//! One shared cost spread over its users by every key.

use super::shapley::{AirportGame, Shapley, TripGame, settle, shapley};
use crate::model::{AllocationKey, CostDriver, CostShare, Item, ShapleyMethod, SharedCost};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A shared cost and who shares it.
pub(super) struct Pool {
    pub driver: CostDriver,
    pub place: Arc<str>,
    pub amount: f64,
    /// Sorted by item.
    pub users: Vec<User>,
    pub spread: Spread,
}

/// An item's use of what is shared.
pub(super) struct User {
    item: Arc<str>,
    units: f64,
    times: f64,
}

/// What cost function the Shapley values are of.
pub(super) enum Spread {
    /// Trips by load and capacity.
    Trips(TripGame),
    /// Orders of one place and period as one.
    Orders(AirportGame),
    /// None is known: cost goes with units.
    ByUnits,
}

impl User {
    pub(super) fn new(item: &Arc<str>) -> Self {
        Self { item: item.clone(), units: 0.0, times: 0.0 }
    }

    /// One more shipment or order of so many units.
    pub(super) fn add(&mut self, units: f64) {
        self.units += clean(units);
        self.times += 1.0;
    }
}

/// Volume, weight and cost of one unit, by item code; the mean over its locations.
pub(super) struct Rates {
    volume: BTreeMap<Arc<str>, f64>,
    weight: BTreeMap<Arc<str>, f64>,
    unit_cost: BTreeMap<Arc<str>, f64>,
}

impl Rates {
    pub(super) fn new(items: &[Item]) -> Self {
        Self {
            volume: means(items, |i| i.volume),
            weight: means(items, |i| i.weight),
            unit_cost: means(items, |i| i.unit_cost),
        }
    }
}

/// Means over an item's locations, of those that state one.
fn means(items: &[Item], of: impl Fn(&Item) -> f64) -> BTreeMap<Arc<str>, f64> {
    let mut sums: BTreeMap<Arc<str>, (f64, f64)> = BTreeMap::new();
    for item in items {
        let rate = clean(of(item));
        if rate > 0.0 {
            let (sum, count) = sums.entry(item.id.item.clone()).or_default();
            (*sum, *count) = (*sum + rate, *count + 1.0);
        }
    }
    sums.into_iter().map(|(code, (sum, count))| (code, sum / count)).collect()
}

impl Pool {
    /// Loads that an order of joining walks over, where orders are sampled.
    pub(super) fn steps(&self) -> usize {
        if self.users.len() <= super::shapley::EXACT_PLAYERS {
            return 0;
        }
        match &self.spread {
            Spread::Trips(game) => game.loads.iter().map(Vec::len).sum(),
            Spread::Orders(game) => game.needs.iter().map(Vec::len).sum(),
            Spread::ByUnits => 0,
        }
    }

    /// The cost with every user's part by every key.
    pub(super) fn spread(self, rates: &Rates, orders: usize, seed: u64) -> SharedCost {
        let count = self.users.len();
        let mut notes: Vec<Vec<Text>> = vec![Vec::new(); count];
        let bases = self.bases(rates, &mut notes);
        let mut parts: Vec<Vec<f64>> = bases.iter().map(|basis| self.by(basis)).collect();
        let (game, note) = self.by_shapley(&parts[AllocationKey::Units.index()], orders, seed);
        parts.push(game.parts);
        let share = |k: usize| CostShare {
            item: self.users[k].item.clone(),
            basis: std::array::from_fn(|key| bases[key][k]),
            parts: std::array::from_fn(|key| parts[key][k]),
            standard_error: game.errors[k],
            note: notes[k].iter().fold(Text::default(), |all, note| join(&all, note)),
        };
        SharedCost {
            driver: self.driver,
            amount: self.amount,
            method: game.orders.map_or(ShapleyMethod::Exact, ShapleyMethod::Sampled),
            note,
            shares: (0..count).map(share).collect(),
            place: self.place,
        }
    }

    /// What each key weighs the users by, and what was missing for it.
    fn bases(&self, rates: &Rates, notes: &mut [Vec<Text>]) -> [Vec<f64>; 6] {
        let units: Vec<f64> = self.users.iter().map(|u| u.units).collect();
        let rated = |rates: &BTreeMap<Arc<str>, f64>, name: &Text, notes: &mut [Vec<Text>]| {
            self.rated(&units, rates, name, notes)
        };
        let bases = [
            units.clone(),
            rated(&rates.volume, &Text::new("volume", "体积"), notes),
            rated(&rates.weight, &Text::new("weight", "重量"), notes),
            rated(&rates.unit_cost, &Text::new("unit cost", "单位成本"), notes),
            self.users.iter().map(|u| u.times).collect(),
            vec![1.0; self.users.len()],
        ];
        if units.iter().sum::<f64>() <= 0.0 {
            let note = text!("nothing is shipped or ordered: items share alike", "没有发运或订货：各商品均摊");
            for said in notes {
                said.push(note.clone());
            }
        }
        bases
    }

    /// Units × what one of them measures. An item whose measure isn't known is taken to measure as one of the others does on
    /// the mean; where none is known, units count. Both are said.
    fn rated(&self, units: &[f64], rates: &BTreeMap<Arc<str>, f64>, name: &Text, notes: &mut [Vec<Text>]) -> Vec<f64> {
        let known: Vec<Option<f64>> = self.users.iter().map(|u| rates.get(&u.item).copied()).collect();
        let (mut measured, mut counted) = (0.0, 0.0);
        for (rate, units) in known.iter().zip(units).filter_map(|(r, u)| Some(((*r)?, *u))) {
            (measured, counted) = (measured + rate * units, counted + units);
        }
        let any = known.iter().any(Option::is_some);
        let mean = if counted > 0.0 { measured / counted } else { 1.0 };
        let (en, zh) = (&name.en, &name.zh);
        let (missing, rest) = if any && counted > 0.0 {
            (text!("no {en} stated: mean of the others", "未给出{zh}：取其他商品的均值"), mean)
        } else {
            (text!("no {en} stated: by units", "未给出{zh}：按件数"), 1.0)
        };
        let basis = known.iter().zip(units).zip(notes).map(|((rate, units), notes)| {
            if rate.is_none() && *units > 0.0 {
                notes.push(missing.clone());
            }
            rate.unwrap_or(rest) * units
        });
        basis.collect()
    }

    /// Parts in proportion; alike when nobody weighs anything.
    fn by(&self, basis: &[f64]) -> Vec<f64> {
        let sum: f64 = basis.iter().sum();
        let share = |b: &f64| if sum > 0.0 { b / sum } else { 1.0 / basis.len() as f64 };
        let mut parts: Vec<f64> = basis.iter().map(|b| self.amount * share(b)).collect();
        settle(&mut parts, self.amount);
        parts
    }

    fn by_shapley(&self, by_units: &[f64], orders: usize, seed: u64) -> (Shapley, Text) {
        let (found, note) = match &self.spread {
            Spread::Trips(game) => (
                shapley(game, orders, seed),
                text!("trips: ⌈load ÷ capacity⌉ × cost of a trip", "车次：⌈装载量 ÷ 容量⌉ × 每车次成本"),
            ),
            Spread::Orders(game) => (
                shapley(game, orders, seed),
                text!(
                    "orders of one place and period counted as one, at the dearest's cost; scaled to the ledger",
                    "同一地点同一期的订单视为一单，按其中最高的订货成本计；按账本金额缩放"
                ),
            ),
            Spread::ByUnits => {
                let none = vec![0.0; by_units.len()];
                let parts = by_units.to_vec();
                let note = text!("no cost function is known: Shapley goes by units", "无已知成本函数：沙普利值按件数");
                return (Shapley { parts, errors: none, orders: None }, note);
            }
        };
        (self.scaled(found, by_units), note)
    }

    /// Values of a game times a factor are those of the game with costs times that factor; one that costs nothing says
    /// nothing, and units count.
    fn scaled(&self, mut found: Shapley, by_units: &[f64]) -> Shapley {
        let whole: f64 = found.parts.iter().sum();
        if whole > 0.0 {
            let factor = self.amount / whole;
            found.parts.iter_mut().chain(&mut found.errors).for_each(|x| *x *= factor);
        } else {
            found.parts = by_units.to_vec();
        }
        settle(&mut found.parts, self.amount);
        found
    }
}

/// Two remarks as one.
pub(super) fn join(first: &Text, second: &Text) -> Text {
    if first.is_empty() {
        return second.clone();
    }
    Text::new(format!("{}; {}", first.en, second.en), format!("{}；{}", first.zh, second.zh))
}

/// A measure that can be computed with: NaN, infinity and negatives count as 0.
fn clean(x: f64) -> f64 {
    if x > 0.0 && x.is_finite() { x } else { 0.0 }
}
