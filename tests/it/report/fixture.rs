//! A small plan by hand: two items, one of them with a hostile name, three histories, a network, costs that add up.

use planwright::costing::{AllocationInputs, CashInputs, allocate, cash_flow};
use planwright::diagnostic::{Diagnostics, Place};
use planwright::model::*;
use planwright::words::Text;
use std::sync::Arc;

pub(super) const HORIZON: usize = 4;
/// A text that a spreadsheet would run.
pub(super) const HOSTILE: &str = "=HYPERLINK(\"http://example.org\",\"x\")";

fn week(number: i64) -> Period {
    Period::parse("2026-W01").unwrap().plus(number - 1)
}

pub(super) fn plan() -> Plan {
    let ids = [("007", "HAM"), ("007", "LYS"), (HOSTILE, "HAM")].map(|(i, l)| SeriesId::new(i, l));
    let histories = ids.iter().enumerate().map(|(k, id)| Series {
        id: id.clone(),
        start: week(1),
        values: (0..30).map(|t| 40.0 * (k as f64 + 1.0) + f64::from(t % 5)).collect(),
    });
    let panel = SalesPanel::new(week(30), histories.collect()).unwrap();
    let items: Vec<Item> = panel.series().iter().map(|s| item(&s.id)).collect();
    let forecasts: Vec<SeriesForecast> = panel.series().iter().map(|s| forecast(&s.id)).collect();
    let stock: Vec<StockPlan> = items.iter().map(stock_plan).collect();
    let (network, dispatch) = (network(), dispatch());
    let ledger = ledger(&items, &stock, &dispatch);
    let means: Vec<&Forecast> = forecasts.iter().map(SeriesForecast::best).collect();
    let cash = cash_flow(&CashInputs {
        forecasts: &means,
        items: &items,
        agreed: &items,
        stock: &stock,
        panel: &panel,
        network: &network,
        dispatch: Some(&dispatch),
        ledger: &ledger,
        shortage: ShortageRule::LostSales,
        settings: CashSettings::default(),
    });
    let allocation = allocate(&AllocationInputs {
        ledger: &ledger,
        items: &items,
        stock: &stock,
        network: &network,
        dispatch: Some(&dispatch),
        seed: 1,
    });
    Plan {
        scenario: "Base".into(),
        currency: "EUR".into(),
        ledger,
        cash: Arc::new(cash),
        allocation: Arc::new(allocation),
        panel: Arc::new(panel),
        import: Some(Arc::new(import())),
        forecasts: Arc::new(forecasts),
        layers: Arc::default(),
        overrides: Vec::new(),
        groups: Arc::default(),
        items,
        stock,
        network: Arc::new(network),
        lead_times: None,
        dispatch: Some(Arc::new(dispatch)),
        risk: None,
        forecast_costs: None,
        diagnostics: findings(),
        assumptions: vec![Assumption {
            name: Text::new("Horizon", "预测期数"),
            value: Text::new("4 weeks", "4 周"),
            source: Text::new("the user", "用户"),
        }],
    }
}

fn item(id: &SeriesId) -> Item {
    Item {
        name: if &*id.item == HOSTILE { "+cmd|' /C calc'!A0".into() } else { "Tea, green".into() },
        category: if &*id.item == HOSTILE { "Tools".into() } else { "Tea".into() },
        unit_cost: 2.5,
        price: 4.0,
        lead_time_days: 28.0,
        lead_time_sd_days: 7.0,
        on_hand: 120.0,
        customer_payment_days: 10.0,
        supplier_payment_days: 20.0,
        volume: 0.002,
        ..Item::with_defaults(id.clone())
    }
}

fn forecast(id: &SeriesId) -> SeriesForecast {
    let candidate = |model: &str, level: f64| Forecast {
        id: id.clone(),
        model: model.into(),
        start: week(31),
        mean: vec![level; HORIZON],
        intervals: [(80.0, 10.0), (90.0, 13.0), (95.0, 16.0)]
            .map(|(percent, half)| Interval {
                level: percent,
                lower: vec![level - half; HORIZON],
                upper: vec![level + half; HORIZON],
            })
            .to_vec(),
        paths: Arc::default(),
        fitted: Vec::new(),
        parameters: Vec::new(),
        why: Text::same("by hand"),
    };
    let score = |model: &str, accuracy| ModelScore::new(model, accuracy, Text::default(), 0.25);
    let accuracy = |mae: f64| {
        Some(Accuracy {
            count: 8,
            folds: 2,
            mae: Some(mae),
            mse: Some(mae * mae),
            rmse: Some(mae),
            wape: Some(mae * 2.0),
            bias: Some(-mae / 2.0),
            ..Accuracy::default()
        })
    };
    SeriesForecast {
        id: id.clone(),
        chosen: 1,
        candidates: vec![candidate("naive", 48.0), candidate("ets", 50.0)],
        scores: vec![score("ets", accuracy(4.0)), score("naive", accuracy(6.0)), score("arima", None)],
        cutoffs: Vec::new(),
        automatic: None,
        why: Text::new("smallest error", "误差最小"),
    }
}

/// The classical case of the reference values: `d = 50, σ_d = 8, L = 4, σ_L = 1`, 95 %: 86.3509 and 286.3509.
fn stock_plan(item: &Item) -> StockPlan {
    let z = 1.6448536269514722;
    let safety = z * (4.0_f64 * 64.0 + 2500.0).sqrt();
    let reorder = 200.0 + safety;
    let input = |symbol: &str, name: &str, value: f64| WhyInput {
        symbol: symbol.into(),
        name: Text::same(name),
        value,
        unit: Text::default(),
        source: Text::new("by hand", "手工"),
    };
    let why = |quantity: &str, formula: &str, value, inputs| Why {
        quantity: Text::same(quantity),
        value,
        unit: Text::new("units", "件"),
        formula: formula.into(),
        inputs,
        note: Text::default(),
    };
    let spread = vec![
        input("z", "Normal quantile", z),
        input("σ_P", "Deviation of demand", 16.0),
        input("d", "Demand per period", 50.0),
        input("σ_L", "Deviation of the lead time", 1.0),
    ];
    let needs = vec![input("D_P", "Demand over the lead time", 200.0), input("S", "Safety stock", safety)];
    let fill = vec![
        input("L", "Max level", reorder + 100.0),
        input("x", "Stock + on order − backlog", 120.0),
        input("MOQ", "Smallest order", 0.0),
        input("m", "Order multiple", 24.0),
    ];
    let order = ((reorder - 20.0) / 24.0).ceil() * 24.0;
    StockPlan {
        id: item.id.clone(),
        start: week(31),
        safety_stock: safety,
        reorder_point: reorder,
        reorder_point_max_rule: reorder + 100.0 + safety - 50.0,
        reorder_point_quantile: Some(300.0),
        rule: ReorderRule::Standard,
        policy: Policy::Automatic,
        basis: SafetyBasis::CycleService,
        achieved: None,
        reorder_points: vec![reorder; HORIZON],
        max_levels: vec![reorder + 100.0; HORIZON],
        order_quantity: 100.0,
        max_level: reorder + 100.0,
        orders: vec![PlannedOrder {
            order_period: week(31),
            receipt_period: week(35),
            quantity: order,
            order_date: week(31).first_day(),
            receipt_date: week(35).first_day(),
            supplier: "ACME".into(),
            breach: Some(week(33)),
            why: Text::new("below the reorder point", "低于再订货点"),
        }],
        projected: vec![70.0, 20.0, f64::NAN, 0.0],
        in_transit: vec![order; HORIZON],
        projected_low: vec![60.0; HORIZON],
        projected_high: vec![80.0; HORIZON],
        stockout_by_period: vec![0.0, 0.1, 0.5, 0.75],
        fill_rate: 0.9,
        stockout_probability: 0.75,
        average_stock: 37.5,
        average_orders: 1.0,
        average_shortage: 20.0,
        average_ordered: order,
        expected_waste: 0.0,
        warnings: vec![Text::new("Max level is high", "最高库存偏高")],
        why: vec![
            why("Safety stock", "z·√(σ_P² + d²·σ_L²)", safety, spread),
            why("Reorder point", "D_P + S", reorder, needs),
            why(
                "Max level",
                "s + d·2",
                reorder + 100.0,
                vec![input("s", "Reorder point", reorder), input("d", "Demand per period", 50.0)],
            ),
            why("Order quantity", "⌈max(L − x, MOQ)/m⌉·m", order, fill),
            why("Reorder point by simulated demand", "F⁻¹(α)", 300.0, vec![input("α", "Service level", 0.95)]),
        ],
    }
}

fn network() -> Network {
    let site =
        |id: &str, capacity| Site { id: id.into(), name: id.into(), coordinates: None, capacity, handling_cost: 0.0 };
    let lane = |from: &str, vehicle: &str| Lane {
        from: from.into(),
        to: "C1".into(),
        item: "".into(),
        unit_cost: 1.5,
        capacity: None,
        lead_time_days: 0.0,
        distance_km: None,
        vehicle: vehicle.into(),
    };
    Network {
        sites: vec![site("HAM", Some(100.0)), site("LYS", None)],
        lanes: vec![lane("HAM", "truck"), lane("LYS", "")],
        ..Network::default()
    }
}

fn dispatch() -> DispatchPlan {
    let shipment = |lane, from: &str, quantity| Shipment {
        lane,
        from: from.into(),
        to: "C1".into(),
        item: "007".into(),
        period: week(31),
        quantity,
        unit_cost: 1.5,
    };
    DispatchPlan {
        status: SolveStatus::Optimal,
        objective: 150.0 + 45.0 + 80.0 + 150.0,
        bound: 425.0,
        shipments: vec![shipment(0, "HAM", 100.0), shipment(1, "LYS", 30.0)],
        trips: vec![Trips { lane: 0, period: week(31), count: 2.0, trip_cost: 40.0 }],
        unmet: vec![Unmet {
            customer: "C1".into(),
            item: "007".into(),
            period: week(31),
            quantity: 10.0,
            unit_cost: 15.0,
        }],
        loads: vec![
            SiteLoad { site: "LYS".into(), period: week(31), load: 30.0, capacity: None },
            SiteLoad { site: "HAM".into(), period: week(31), load: 100.0, capacity: Some(100.0) },
        ],
        prices: vec![ShadowPrice {
            limit: Limit::Site("HAM".into()),
            period: week(31),
            price: 4.2,
            used: 100.0,
            available: 100.0,
            sentence: Text::new("HAM: one more unit saves 4.20", "HAM：多一件可省 4.20"),
        }],
        reduced_costs: Vec::new(),
        has_alternatives: true,
        conflicts: Vec::new(),
        notes: vec![Text::new("Trips are whole", "车次取整")],
    }
}

fn ledger(items: &[Item], stock: &[StockPlan], dispatch: &DispatchPlan) -> CostLedger {
    let line = |driver, item: &Arc<str>, quantity: f64, rate: f64| CostLine {
        driver,
        item: item.clone(),
        place: "HAM".into(),
        period: None,
        quantity,
        unit: Text::new("units", "件"),
        rate,
        amount: quantity * rate,
        source: Text::same("by hand"),
    };
    let mut lines: Vec<CostLine> = items
        .iter()
        .zip(stock)
        .map(|(i, s)| line(CostDriver::Purchase, &i.id.item, s.orders[0].quantity, i.unit_cost))
        .collect();
    let shipped: f64 = dispatch.shipments.iter().map(|s| s.quantity).sum();
    lines.push(line(CostDriver::TransportVariable, &"007".into(), shipped, 1.5));
    lines.push(line(CostDriver::TransportFixed, &"".into(), 2.0, 40.0));
    lines.push(line(CostDriver::UnmetDemand, &"007".into(), 10.0, 15.0));
    CostLedger { lines }
}

fn import() -> ImportSummary {
    ImportSummary {
        file: "sales.csv".into(),
        sha256: "0".repeat(64),
        rows: 95,
        rows_used: 90,
        quantity_in_file: 7300.0,
        quantity_used: 7260.0,
        left_out: vec![LeftOut { reason: Text::new("no date", "无日期"), rows: 5, quantity: 40.0 }],
        mapping: vec![("quantity".into(), "销量".into())],
    }
}

fn findings() -> Diagnostics {
    let mut findings = Diagnostics::default();
    let place = Place::file("sales.csv").row(12);
    findings.info("gap", Text::new("A gap", "缺口"), place.clone());
    for row in 0..130 {
        let place = place.clone().row(row);
        findings.warning("bad-date", Text::new("No date", "无日期"), Text::new("Fill it in", "请填写"), place);
    }
    findings
}
