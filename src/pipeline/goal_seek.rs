//! Goal seek: "cut stock value by 10 % at 96 % fill or better", answered with what to set on each item.
//!
//! A goal has a figure to make small and limits that must hold. It is sought along a one-parameter family of settings
//! that runs from little stock to much; along it service and stock value rise together, so the least setting that keeps the
//! limits is also the best one for stock, and is found by halving. For a cost, which falls and then rises, the family is
//! searched by golden section (Kiefer 1953) within the limits.
//!
//! ```text
//! alike      one service level for all items
//! scaled     each item's safety stock times one factor
//! efficient  each item's service level by one price μ of a unit short against holding it for a year:
//!            P(short in a cycle) = T/(μ + T), T years long, so that more money buys the same service everywhere
//! ```
//!
//! The efficient family is the solution of min Σ stock value with a given value of demand short by Lagrange's rule
//! (Silver, Pyke & Thomas 2017, section 6.9: "equal shortage cost"); every point of it is simulated, not taken from a formula.

use super::portfolio::{ItemFigures, Portfolio, PortfolioFigures};
use crate::control::{Cancelled, Control};
use crate::model::{
    Change, Item, Lever, PortfolioFigure, PortfolioTotals, SERVICE_LEVEL_RANGE, SafetyBasis, Scenario, Scope,
    StockPolicy,
};
use crate::text;
use crate::words::{Text, figure};

/// Along which settings a goal is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GoalFamily {
    /// Each item's service by one price of demand short.
    #[default]
    Efficient,
    /// One service level for all items.
    Alike,
    /// Each item's safety stock times one factor.
    Scaled,
}

impl GoalFamily {
    /// All families, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Efficient, Self::Alike, Self::Scaled];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Efficient => "efficient",
            Self::Alike => "alike",
            Self::Scaled => "scaled",
        }
    }

    /// The family by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Efficient => Text::new("Where it pays most", "按效益分配"),
            Self::Alike => Text::new("One service level for all", "统一服务水平"),
            Self::Scaled => Text::new("All safety stocks by one factor", "按比例调整安全库存"),
        }
    }
}

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// What to make as small as the limits allow: stock value or a cost.
    pub least: PortfolioFigure,
    /// The fill rate that must be kept, in `[0, 1)`; `None` for none.
    pub fill_rate: Option<f64>,
    /// The stock value that mustn't be exceeded, money; `None` for none.
    pub stock_value: Option<f64>,
    /// Along which settings.
    pub family: GoalFamily,
}

impl Goal {
    /// Figures that a goal may make small, in the order they are offered.
    pub const LEAST: [PortfolioFigure; 3] =
        [PortfolioFigure::StockValue, PortfolioFigure::StockCost, PortfolioFigure::TotalCost];

    /// The fill rate to keep where nobody says one: what is served now, rounded down to a tenth of a per cent.
    pub fn fill_as_now(now: &PortfolioTotals) -> f64 {
        (1000.0 * now.fill_rate).floor() / 1000.0
    }
}

/// What was found.
#[derive(Debug, Clone)]
pub struct GoalFound {
    /// True when the limits hold; otherwise this is the nearest that can be.
    pub is_reached: bool,
    /// The totals as they are.
    pub before: PortfolioTotals,
    /// The totals with what was found.
    pub after: PortfolioTotals,
    /// What to set, as overrides of the scenario.
    pub changes: Vec<(Lever, Scope, Change)>,
    /// The family's curve as it was walked: settings' totals, least stock first.
    pub curve: Vec<PortfolioTotals>,
    /// What was found and what binds, in words.
    pub words: Text,
}

/// A family's parameter runs from 0 (least stock) to 1.
const STEPS: usize = 9;
/// Halvings: a thousandth of a thousandth of the family's length.
const HALVINGS: usize = 18;
/// A fill rate this close below the wanted one holds it: a simulated figure is no finer.
const FILL_TOLERANCE: f64 = 1e-4;

/// Seeks a goal from a scenario on.
///
/// # Errors
/// [`Cancelled`].
pub fn goal_seek(
    portfolio: &Portfolio,
    scenario: &Scenario,
    policy: StockPolicy,
    goal: &Goal,
    control: &Control,
) -> Result<GoalFound, Cancelled> {
    let stage = Text::new("Seeking the goal", "目标求解");
    let now = portfolio.evaluate(scenario, policy, None, control)?;
    let family = Family { kind: goal.family, now: &now };
    let mut done = 0_u32;
    let mut at = |x: f64| {
        done += 1;
        control.report(f64::from(done) / (STEPS + HALVINGS + 1) as f64, &stage)?;
        let adjust = |k: usize, item: &mut Item, _: &mut f64| family.set(k, x, item);
        Ok(portfolio.evaluate_adjusted((scenario, policy), &adjust, None, control)?.totals)
    };
    let grid: Vec<f64> = (0..STEPS).map(|k| k as f64 / (STEPS - 1) as f64).collect();
    let mut curve = Vec::with_capacity(STEPS);
    for x in &grid {
        curve.push(at(*x)?);
    }
    let x = if goal.least == PortfolioFigure::StockValue {
        least_stock(goal, &grid, &curve, &mut at)?
    } else {
        least_cost(goal, &grid, &curve, &mut at)?
    };
    let after = at(x)?;
    let is_reached = holds(goal, &after);
    let changes = family.changes(x);
    let words = words(goal, &now.totals, &after);
    Ok(GoalFound { is_reached, before: now.totals, after, changes, curve, words })
}

fn keeps_fill(goal: &Goal, totals: &PortfolioTotals) -> bool {
    goal.fill_rate.is_none_or(|wanted| totals.fill_rate >= wanted - FILL_TOLERANCE)
}

fn keeps_value(goal: &Goal, totals: &PortfolioTotals) -> bool {
    goal.stock_value.is_none_or(|most| totals.stock_value <= most * (1.0 + 1e-6))
}

fn holds(goal: &Goal, totals: &PortfolioTotals) -> bool {
    keeps_fill(goal, totals) && keeps_value(goal, totals)
}

type At<'a> = dyn FnMut(f64) -> Result<PortfolioTotals, Cancelled> + 'a;

/// The least parameter that keeps the fill rate; the largest when none does.
fn least_stock(goal: &Goal, grid: &[f64], curve: &[PortfolioTotals], at: &mut At<'_>) -> Result<f64, Cancelled> {
    let Some(first) = curve.iter().position(|totals| keeps_fill(goal, totals)) else { return Ok(1.0) };
    if first == 0 {
        return Ok(grid[0]);
    }
    let (mut below, mut above) = (grid[first - 1], grid[first]);
    for _ in 0..HALVINGS {
        let middle = below.midpoint(above);
        if keeps_fill(goal, &at(middle)?) {
            above = middle;
        } else {
            below = middle;
        }
    }
    Ok(above)
}

/// The parameter of least cost among those that keep the limits; the nearest to keeping them when none does.
fn least_cost(goal: &Goal, grid: &[f64], curve: &[PortfolioTotals], at: &mut At<'_>) -> Result<f64, Cancelled> {
    // What breaks a limit counts as dearer than anything that doesn't, the more the further it is off.
    let dearest = curve.iter().map(|t| t.get(goal.least).abs()).fold(1.0, f64::max);
    let cost = |totals: &PortfolioTotals| {
        let short = goal.fill_rate.map_or(0.0, |wanted| (wanted - FILL_TOLERANCE - totals.fill_rate).max(0.0));
        let over = goal.stock_value.map_or(0.0, |most| (totals.stock_value / most.max(1e-9) - 1.0 - 1e-6).max(0.0));
        let off = short + over;
        totals.get(goal.least) + if off > 0.0 { dearest * (10.0 + 1e3 * off) } else { 0.0 }
    };
    let best = (0..curve.len()).min_by(|a, b| cost(&curve[*a]).total_cmp(&cost(&curve[*b]))).unwrap_or(0);
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut left, mut right) = (grid[best.saturating_sub(1)], grid[(best + 1).min(grid.len() - 1)]);
    let (mut a, mut b) = (right - ratio * (right - left), left + ratio * (right - left));
    let (mut cost_a, mut cost_b) = (cost(&at(a)?), cost(&at(b)?));
    let mut found = (cost(&curve[best]), grid[best]);
    for _ in 0..HALVINGS - 2 {
        for candidate in [(cost_a, a), (cost_b, b)] {
            if candidate.0 < found.0 {
                found = candidate;
            }
        }
        if cost_a <= cost_b {
            (right, b, cost_b) = (b, a, cost_a);
            a = right - ratio * (right - left);
            cost_a = cost(&at(a)?);
        } else {
            (left, a, cost_a) = (a, b, cost_b);
            b = left + ratio * (right - left);
            cost_b = cost(&at(b)?);
        }
    }
    Ok(found.1)
}

/// Settings that run from little stock to much.
struct Family<'a> {
    kind: GoalFamily,
    now: &'a PortfolioFigures,
}

/// Prices of a unit short that the efficient family runs through, against holding it for a year.
const PRICES: (f64, f64) = (1e-3, 1e3);
/// Chances to run short in a cycle that the family of one service level runs through.
const FARTHEST: f64 = 0.6;
const NEAREST: f64 = 1e-4;
/// Factors of safety stock that the scaled family runs through.
const FACTORS: (f64, f64) = (0.0, 4.0);

impl Family<'_> {
    /// Sets one item as the parameter in `[0, 1]` says.
    fn set(&self, k: usize, x: f64, item: &mut Item) {
        match self.kind {
            GoalFamily::Scaled => item.safety_stock = Some(self.now.items[k].stock.safety_stock * factor(x)),
            GoalFamily::Alike | GoalFamily::Efficient => {
                item.safety_stock = None;
                item.safety_basis = SafetyBasis::CycleService;
                item.service_level = self.service(k, x);
            }
        }
    }

    fn service(&self, k: usize, x: f64) -> f64 {
        let (low, high) = SERVICE_LEVEL_RANGE;
        let level = match self.kind {
            GoalFamily::Efficient => efficient(&self.now.items[k], PRICES.0 * (PRICES.1 / PRICES.0).powf(x)),
            // Service is told by its distance from 1, which shrinks by the same share again and again.
            _ => 1.0 - FARTHEST * (NEAREST / FARTHEST).powf(x),
        };
        level.clamp(low, high)
    }

    /// The same as overrides; what an item's own data says already needs none.
    fn changes(&self, x: f64) -> Vec<(Lever, Scope, Change)> {
        let one = |(k, figures): (usize, &ItemFigures)| {
            let scope = || Scope::Series(figures.id().clone());
            if self.kind == GoalFamily::Scaled {
                let safety = figures.stock.safety_stock * factor(x);
                return vec![(Lever::SafetyStock, scope(), Change::Set(safety))];
            }
            let mut list = vec![(Lever::ServiceLevel, scope(), Change::Set(self.service(k, x)))];
            if figures.item.safety_stock.is_some() {
                list.push((Lever::SafetyStock, scope(), Change::Clear));
            }
            if figures.item.safety_basis != SafetyBasis::CycleService {
                list.push((Lever::SafetyBasis, scope(), Change::Basis(SafetyBasis::CycleService)));
            }
            list
        };
        self.now.items.iter().enumerate().flat_map(one).collect()
    }
}

fn factor(x: f64) -> f64 {
    FACTORS.0 + (FACTORS.1 - FACTORS.0) * x
}

/// The cycle service level at which a unit short costs `price` times what holding it for a year does: with T the length of an
/// order cycle in years, T/(price + T) may run short. What a unit costs is on both sides and cancels.
fn efficient(figures: &ItemFigures, price: f64) -> f64 {
    let orders_a_year = (figures.stock.expected_orders / figures.years().max(1e-9)).max(1.0);
    price / (price + 1.0 / orders_a_year)
}

fn words(goal: &Goal, before: &PortfolioTotals, after: &PortfolioTotals) -> Text {
    let (fill, value) = (100.0 * after.fill_rate, after.stock_value);
    let change = if before.stock_value > 0.0 { 100.0 * (value / before.stock_value - 1.0) } else { 0.0 };
    let change = format!("{change:+.1}").replace('-', "−");
    let found =
        text!("Stock value {change} % at a fill rate of {fill:.2} %", "库存金额变化 {change}%，满足率 {fill:.2}%");
    let limit = match (keeps_fill(goal, after), keeps_value(goal, after)) {
        (true, true) => text!(": the goal is reached", "：目标可达成"),
        (false, _) => {
            let wanted = 100.0 * goal.fill_rate.unwrap_or(0.0);
            text!(
                ": {wanted:.2} % can't be reached this way; what runs out before an order placed now arrives, no \
                 safety stock can save",
                "：此方式无法达到 {wanted:.2}%；在现在下单到货之前就会断货的商品，安全库存也无法挽救"
            )
        }
        (true, false) => {
            let most = figure(goal.stock_value.unwrap_or(0.0));
            text!(
                ": less than {most} of stock can't keep that fill rate; lower the one or allow more of the other",
                "：库存金额低于 {most} 无法保持该满足率；请降低满足率或放宽库存金额"
            )
        }
    };
    Text::new(found.en + &limit.en, found.zh + &limit.zh)
}
