//! The original worked example, reproduced and corrected in front of the user.
//!
//! Planwright began from an article whose five days of demand, ARIMA(1,1,1) with given coefficients, max-level reorder
//! rule and two-warehouse dispatch are computed here as the article does, each beside the number that holds.

use crate::control::Control;
use crate::dispatch::{self, Options, Problem, TripRule};
use crate::forecast;
use crate::inventory;
use crate::model::{
    Customer, DemandLine, DispatchPlan, Forecast, Item, Lane, Network, Period, ReorderRule, SamplePaths, SeriesId,
    Site, StockPolicy, Trips, Vehicle,
};
use crate::text;
use crate::words::Text;
use std::sync::Arc;

/// What the rule lab starts from; the defaults are the article's.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleLabInput {
    /// Past demand, units per day; at least three values.
    pub demand: Vec<f64>,
    /// Given AR coefficient.
    pub phi: f64,
    /// Given MA coefficient.
    pub theta: f64,
    /// Max level, units.
    pub max_level: f64,
    /// Safety stock, units.
    pub safety_stock: f64,
    /// Lead time, days.
    pub lead_time_days: f64,
    /// Cost per unit (or per vehicle of ten units, as the article writes it) from either warehouse, money.
    pub cost: f64,
    /// Most units (or vehicles) from either warehouse.
    pub limit: f64,
}

impl Default for RuleLabInput {
    fn default() -> Self {
        Self {
            demand: vec![100.0, 120.0, 90.0, 130.0, 110.0],
            phi: 0.11,
            theta: 0.11,
            max_level: 150.0,
            safety_stock: 50.0,
            lead_time_days: 1.0,
            cost: 10.0,
            limit: 100.0,
        }
    }
}

/// The article's calculation beside the right one.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleLab {
    /// What it starts from.
    pub input: RuleLabInput,
    /// One row per step of the example, in the article's order.
    pub rows: Vec<RuleLabRow>,
    /// Warnings about the rules' settings.
    pub warnings: Vec<Text>,
}

/// One step: what the article answers, what holds, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleLabRow {
    /// The step: "Forecast", "Reorder point", "Dispatch".
    pub step: Text,
    /// The article's number, or the article's method applied to the input.
    pub article: f64,
    /// The number that holds.
    pub correct: f64,
    /// Unit of both.
    pub unit: Text,
    /// Why they differ.
    pub why: Text,
}

/// Reproduces and corrects the worked example. Demand that is too short or not finite gives no rows and a warning.
pub fn rule_lab(input: &RuleLabInput) -> RuleLab {
    let mut lab = RuleLab { input: input.clone(), rows: Vec::new(), warnings: Vec::new() };
    let numbers = [input.phi, input.theta, input.max_level, input.safety_stock, input.lead_time_days, input.cost];
    if input.demand.len() < 3 || input.demand.iter().chain(&numbers).any(|x| !x.is_finite()) {
        lab.warnings.push(Text::new(
            "The example needs at least three days of demand and finite numbers",
            "该示例至少需要三天的需求数据，且所有数值必须有限",
        ));
        return lab;
    }
    let forecast = forecast::arima_fixed(&input.demand, &[input.phi], 1, &[input.theta], 0.0, 1)[0];
    lab.rows.push(forecast_row(input, forecast));
    let demand = forecast.round();
    lab.rows.push(reorder_row(input, demand));
    lab.warnings = rule_warnings(input, demand);
    lab.rows.extend(dispatch_rows(input, demand));
    lab
}

/// What the stock engine says to the article's settings under the max-level rule, from a full warehouse.
fn rule_warnings(input: &RuleLabInput, demand: f64) -> Vec<Text> {
    let id = SeriesId::new("D", "");
    let forecast = Forecast {
        id: id.clone(),
        model: "given".into(),
        start: Period::step(input.demand.len() as i32 + 1),
        mean: vec![demand],
        intervals: Vec::new(),
        paths: Arc::new(SamplePaths::new(1, vec![demand as f32])),
        fitted: Vec::new(),
        parameters: Vec::new(),
        why: Text::default(),
    };
    let item = Item {
        safety_stock: Some(input.safety_stock),
        max_level: Some(input.max_level),
        lead_time_days: input.lead_time_days,
        on_hand: input.max_level,
        ..Item::with_defaults(id)
    };
    let policy = StockPolicy { rule: ReorderRule::MaxLevel, ..StockPolicy::default() };
    inventory::plan(&forecast, &item, &policy).warnings
}

fn forecast_row(input: &RuleLabInput, forecast: f64) -> RuleLabRow {
    let mean = input.demand.iter().sum::<f64>() / input.demand.len() as f64;
    let RuleLabInput { phi, theta, .. } = input;
    RuleLabRow {
        step: Text::new("Tomorrow's demand", "明日需求"),
        article: forecast,
        correct: mean,
        unit: Text::new("units", "件"),
        why: text!(
            "ARIMA(1,1,1) with given φ = {phi}, θ = {theta} and nothing estimated gives {forecast:.4}. Five days can't carry its three parameters: estimated, it explains the data worse than a random walk. The mean of the days is the honest forecast.",
            "给定 φ = {phi}、θ = {theta} 且不估计任何参数的 ARIMA(1,1,1) 得到 {forecast:.4}。五天的数据不足以估计三个参数：估计后的拟合还不如随机游走。这几天的均值才是可信的预测。"
        ),
    }
}

fn reorder_row(input: &RuleLabInput, demand: f64) -> RuleLabRow {
    let RuleLabInput { max_level, safety_stock, lead_time_days, .. } = *input;
    let article = inventory::max_level_rule(max_level, safety_stock, demand);
    let correct = demand * lead_time_days + safety_stock;
    RuleLabRow {
        step: Text::new("Reorder point", "再订货点"),
        article,
        correct,
        unit: Text::new("units", "件"),
        why: text!(
            "The max-level rule R = L + S − D = {max_level} + {safety_stock} − {demand} = {article} has no lead time, and more demand lowers it. Standard: demand × lead time + safety stock = {demand} × {lead_time_days} + {safety_stock} = {correct}.",
            "最高库存规则 R = L + S − D = {max_level} + {safety_stock} − {demand} = {article} 不含提前期，而且需求越大它反而越低。标准公式：需求 × 提前期 + 安全库存 = {demand} × {lead_time_days} + {safety_stock} = {correct}。"
        ),
    }
}

/// The article's dispatch as written (vehicles of ten units), in whole vehicles, and as meant (units).
fn dispatch_rows(input: &RuleLabInput, demand: f64) -> Vec<RuleLabRow> {
    let vehicles = two_warehouses(input, demand, Goods::Vehicles);
    let units = two_warehouses(input, demand, Goods::Units);
    let article_trips: Vec<Trips> = [(0, 5.0), (1, 10.0)].map(|(lane, count)| trips(lane, count, input.cost)).to_vec();
    let article: f64 = article_trips.iter().map(|t| t.count * t.trip_cost).sum();
    let solve = |problem: &Problem, rule| {
        let options = Options { trips: rule, ..Options::default() };
        dispatch::solve(problem, &options, &Control::silent()).ok()
    };
    let row = |step: Text, correct: Option<DispatchPlan>, why: Text| {
        let plan = correct?;
        let alternatives = if plan.has_alternatives {
            Text::new("Other plans cost the same.", "另有同样成本的方案。")
        } else {
            Text::default()
        };
        let (unit, why) = (Text::new("money", "金额"), why.then(&alternatives));
        Some(RuleLabRow { step, article, correct: plan.objective, unit, why })
    };
    let rows = [
        row(
            Text::new(
                "Dispatch as written: min 10x₁ + 10x₂, 10x₁ + 10x₂ ≥ D",
                "按原文调度：min 10x₁ + 10x₂，10x₁ + 10x₂ ≥ D",
            ),
            solve(&vehicles, TripRule::Relaxed),
            Text::new(
                "The article answers (5, 10). Any x₁ + x₂ = D/10 is cheaper: the whole edge is optimal.",
                "原文给出 (5, 10)。任何满足 x₁ + x₂ = D/10 的解都更便宜：整条边都是最优解。",
            ),
        ),
        row(
            Text::new("Dispatch as written, whole numbers", "按原文调度，取整数"),
            solve(&vehicles, TripRule::Whole),
            Text::new("Whole vehicles round D/10 up once.", "整车时只需将 D/10 向上取整一次。"),
        ),
        row(
            Text::new("Dispatch as meant: x₁ + x₂ ≥ D", "按本意调度：x₁ + x₂ ≥ D"),
            solve(&units, TripRule::Whole),
            Text::new(
                "In units, every split between the warehouses within their limits costs the same.",
                "以件计算时，在两仓上限之内的任何分配成本都相同。",
            ),
        ),
    ];
    rows.into_iter().flatten().collect()
}

#[derive(Debug, Clone, Copy)]
enum Goods {
    Vehicles,
    Units,
}

fn two_warehouses(input: &RuleLabInput, demand: f64, goods: Goods) -> Problem {
    let by_vehicle = matches!(goods, Goods::Vehicles);
    let site = |id: &str| Site {
        id: id.into(),
        name: id.into(),
        coordinates: None,
        capacity: (!by_vehicle).then_some(input.limit),
        handling_cost: 0.0,
    };
    let lane = |from: &str| Lane {
        from: from.into(),
        to: "C".into(),
        item: "".into(),
        unit_cost: if by_vehicle { 0.0 } else { input.cost },
        capacity: None,
        lead_time_days: 0.0,
        distance_km: None,
        vehicle: if by_vehicle { "V".into() } else { "".into() },
    };
    let customer = Customer {
        id: "C".into(),
        name: "C".into(),
        coordinates: None,
        demand: None,
        demand_share: None,
        location: "".into(),
        unmet_cost: Some(1e4 * input.cost.max(1.0)),
    };
    let vehicle = Vehicle {
        id: "V".into(),
        capacity: 10.0,
        trip_cost: input.cost,
        cost_per_km: 0.0,
        max_trips: Some(input.limit),
    };
    let network = Network {
        sites: vec![site("1"), site("2")],
        customers: vec![customer],
        lanes: vec![lane("1"), lane("2")],
        vehicles: if by_vehicle { vec![vehicle] } else { Vec::new() },
        ..Network::default()
    };
    let line = DemandLine { customer: "C".into(), item: "".into(), period: Period::step(1), quantity: demand };
    Problem { network: Arc::new(network), demand: vec![line] }
}

fn trips(lane: usize, count: f64, trip_cost: f64) -> Trips {
    Trips { lane, period: Period::step(1), count, trip_cost }
}
