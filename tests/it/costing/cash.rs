//! Dated cash by hand, its identities as properties, and input that makes no sense.

use super::{dispatch, network};
use crate::inventory::{check, item, normal_paths, steady};
use planwright::costing::{CashInputs, CostInputs, cash_flow, compute};
use planwright::inventory::plan;
use planwright::model::{
    Balance, CashFlow, CashPeriod, CashSettings, CostDriver, Customer, DispatchPlan, Forecast, Frequency, Item,
    ItemCash, Network, Opening, Period, PlannedOrder, SalesPanel, SamplePaths, Series, SeriesId, Shipment,
    ShortageRule, StockPlan, StockPolicy, Trips, Unmet, WorkingCapital,
};
use planwright::words::Text;
use proptest::prelude::*;
use std::sync::Arc;

/// Plans made by hand, and what cash is made of beside them.
#[derive(Debug)]
struct Case {
    forecasts: Vec<Forecast>,
    items: Vec<Item>,
    /// Without the scenario, where there is one.
    agreed: Option<Vec<Item>>,
    stock: Vec<StockPlan>,
    /// Sales of one past period, of every item.
    history: Vec<f64>,
    network: Network,
    dispatch: Option<DispatchPlan>,
    shortage: ShortageRule,
    settings: CashSettings,
}

impl Case {
    /// One item that demand doesn't surprise: these units a period from January 2024.
    fn steady(frequency: Frequency, units: f64, periods: usize, item: Item) -> Self {
        let mut forecast = steady(frequency, units, 0.0, 1, periods);
        forecast.id = item.id.clone();
        let stock = StockPlan { fill_rate: 1.0, orders: Vec::new(), ..plan(&forecast, &item, &StockPolicy::default()) };
        let settings = CashSettings { opening: Opening::Nothing, ..CashSettings::default() };
        Self {
            forecasts: vec![forecast],
            items: vec![item],
            agreed: None,
            stock: vec![stock],
            history: vec![0.0],
            network: Network::default(),
            dispatch: None,
            shortage: ShortageRule::LostSales,
            settings,
        }
    }

    /// With orders: ordered in, received in, units.
    fn ordering(mut self, orders: &[(i64, i64, f64)]) -> Self {
        let start = self.stock[0].start;
        let order = |(ordered, received, quantity): &(i64, i64, f64)| PlannedOrder {
            order_date: None,
            receipt_date: None,
            supplier: "".into(),
            breach: None,
            order_period: start.plus(*ordered),
            receipt_period: start.plus(*received),
            quantity: *quantity,
            why: Text::default(),
        };
        self.stock[0].orders = orders.iter().map(order).collect();
        self
    }

    fn flow(&self) -> CashFlow {
        self.flow_and_costs().0
    }

    fn flow_and_costs(&self) -> (CashFlow, [f64; 3]) {
        let forecasts: Vec<&Forecast> = self.forecasts.iter().collect();
        let (items, stock, network, dispatch) = (&self.items, &self.stock, &self.network, self.dispatch.as_ref());
        let ledger = compute(&CostInputs { forecasts: &forecasts, items, stock, network, dispatch });
        let end = self.forecasts[0].start.plus(-1);
        let series = |i: &Item| Series {
            id: i.id.clone(),
            start: end.plus(1 - self.history.len() as i64),
            values: self.history.clone().into(),
        };
        let panel = SalesPanel::new(end, self.items.iter().map(series).collect()).unwrap();
        let flow = cash_flow(&CashInputs {
            forecasts: &forecasts,
            items,
            agreed: self.agreed.as_ref().unwrap_or(items),
            stock,
            panel: &panel,
            network,
            dispatch,
            ledger: &ledger,
            shortage: self.shortage,
            settings: self.settings,
        });
        let transport = [CostDriver::TransportVariable, CostDriver::TransportFixed, CostDriver::Handling];
        let transport = transport.map(|d| ledger.of(d)).iter().sum();
        (flow, [ledger.of(CostDriver::Ordering), ledger.of(CostDriver::Holding), transport])
    }
}

fn priced(on_hand: f64) -> Item {
    Item { price: 10.0, unit_cost: 6.0, holding_rate: 0.0, ..item(14.0, on_hand) }
}

fn all(flow: &CashFlow, of: impl Fn(&CashPeriod) -> f64) -> Vec<f64> {
    flow.periods.iter().map(of).collect()
}

fn near(values: &[f64], expected: &[f64]) {
    assert_eq!(values.len(), expected.len(), "{values:?}");
    values.iter().zip(expected).for_each(|(a, b)| check(*a, *b, 1e-9));
}

#[test]
fn four_weeks_by_hand() {
    let item = Item { customer_payment_days: 10.0, supplier_payment_days: 14.0, order_cost: 25.0, ..priced(140.0) };
    // 10 units a day, an order of 140 placed in the first week that arrives on the fifteenth day.
    let case = Case::steady(Frequency::Week, 70.0, 4, item).ordering(&[(0, 2, 140.0)]);
    let flow = case.flow();
    near(&all(&flow, |p| p.sales), &[700.0; 4]);
    near(&all(&flow, |p| p.cost_of_sales), &[420.0; 4]);
    // Sold on day d, collected on day d + 10: four days of the second week.
    near(&all(&flow, CashPeriod::cash_in), &[0.0, 400.0, 700.0, 700.0]);
    // Received on the fifteenth day, due on the twenty-ninth: after the plan.
    near(&all(&flow, |p| p.received), &[0.0, 0.0, 840.0, 0.0]);
    near(&all(&flow, CashPeriod::cash_out), &[25.0, 0.0, 0.0, 0.0]);
    near(&all(&flow, |p| p.cumulative), &[-25.0, 375.0, 1075.0, 1775.0]);
    near(&all(&flow, |p| p.closing.inventory), &[420.0, 0.0, 420.0, 0.0]);
    near(&all(&flow, |p| p.closing.receivables), &[700.0, 1000.0, 1000.0, 1000.0]);
    near(&all(&flow, |p| p.closing.payables), &[0.0, 0.0, 840.0, 840.0]);
    near(&all(&flow, |p| p.closing.total()), &[1120.0, 1000.0, 580.0, 160.0]);
    near(&all(&flow, |p| p.mean.inventory), &[630.0, 210.0, 630.0, 210.0]);
    let trough = flow.trough.unwrap();
    assert_eq!((trough.need, trough.day.label().as_str(), trough.index), (25.0, "2024-01-01", 0));
    // Mean inventory 420 at 60 a day, mean receivables (10·500 + 18·1000)/28 at 100 a day, mean payables 14·840/28.
    check(flow.inventory_days().unwrap(), 7.0, 1e-12);
    check(flow.sales_days().unwrap(), 23_000.0 / 28.0 / 100.0, 1e-12);
    check(flow.payables_days().unwrap(), 7.0, 1e-12);
    check(flow.conversion_days().unwrap(), 23_000.0 / 28.0 / 100.0, 1e-12);
    check(flow.result(), 4.0 * 280.0 - 25.0, 1e-12);
    let row = &flow.items[0];
    assert_eq!((row.sold, row.received, row.sales(), row.paid), (280.0, 140.0, 2800.0, 0.0));
    check(row.collected, 1800.0, 1e-12);
    assert_eq!(flow.balance(Balance::StockNow), 840.0);
}

#[test]
fn holding_and_its_paid_share_move_the_trough_to_a_day_within_a_week() {
    let item = Item { customer_payment_days: 10.0, order_cost: 25.0, holding_rate: 0.25, ..priced(140.0) };
    let mut case = Case::steady(Frequency::Week, 70.0, 4, item).ordering(&[(0, 3, 1.0)]);
    case.settings.paid_holding_share = 0.4;
    let (flow, [_, holding, _]) = case.flow_and_costs();
    assert!(holding > 0.0);
    near(&all(&flow, |p| p.paid_holding), &[0.4 * holding / 4.0; 4]);
    // The first money comes on the eleventh day; until the evening before, holding goes on.
    let trough = flow.trough.unwrap();
    check(trough.need, 25.0 + 10.0 * 0.4 * holding / 28.0, 1e-9);
    assert_eq!((trough.day.label().as_str(), trough.index), ("2024-01-10", 1));
}

#[test]
fn money_of_a_month_falls_into_the_months_that_its_days_do() {
    let item = Item { customer_payment_days: 45.0, ..priced(1000.0) };
    let mut case = Case::steady(Frequency::Month, 0.0, 4, item);
    case.forecasts[0].mean[0] = 31.0;
    // 1 a day in January 2024: days 45 to 75 are 15 days of February, which is a leap year's, and 16 of March.
    near(&all(&case.flow(), CashPeriod::cash_in), &[0.0, 150.0, 160.0, 0.0]);
    near(&all(&case.flow(), |p| p.days), &[31.0, 29.0, 31.0, 30.0]);
}

#[test]
fn goods_paid_ahead_are_paid_when_ordered_at_the_earliest() {
    let ahead = |days: f64| Item { supplier_payment_days: -days, ..priced(0.0) };
    let paid = |days: f64| {
        let flow = Case::steady(Frequency::Week, 0.0, 6, ahead(days)).ordering(&[(1, 4, 10.0), (3, 9, 5.0)]).flow();
        (all(&flow, |p| p.paid_suppliers), all(&flow, |p| p.closing.payables))
    };
    // Ten days before the 29th day is the 19th; the second order arrives on the 64th, after the plan.
    near(&paid(10.0).0, &[0.0, 0.0, 60.0, 0.0, 0.0, 0.0]);
    near(&paid(10.0).1, &[0.0, 0.0, -60.0, -60.0, 0.0, 0.0]);
    near(&paid(90.0).0, &[0.0, 60.0, 0.0, 30.0, 0.0, 0.0]);
    near(&paid(90.0).1, &[0.0, -60.0, -60.0, -90.0, -30.0, -30.0]);
    // On order for two weeks: paid before the plan when a month ahead.
    let on_order = Item { on_order: 10.0, ..ahead(30.0) };
    let flow = Case::steady(Frequency::Week, 0.0, 4, on_order).flow();
    assert_eq!(flow.opening.payables, -60.0);
    near(&all(&flow, |p| p.paid_suppliers), &[0.0; 4]);
    near(&all(&flow, |p| p.closing.total()), &[60.0; 4]);
    assert_eq!((flow.balance(Balance::OnOrder), flow.balance(Balance::Payables)), (60.0, -60.0));
}

#[test]
fn a_steady_business_takes_the_days_of_its_terms() {
    let terms = Item { customer_payment_days: 30.0, supplier_payment_days: 20.0, ..priced(50.0) };
    let orders: Vec<(i64, i64, f64)> = (0..120).map(|d| (d, d, 10.0)).collect();
    let mut case = Case::steady(Frequency::Day, 10.0, 120, terms).ordering(&orders);
    (case.history, case.settings.opening) = (vec![10.0; 60], Opening::History);
    let flow = case.flow();
    check(flow.sales_days().unwrap(), 30.0, 1e-9);
    check(flow.payables_days().unwrap(), 20.0, 1e-9);
    // 50 in stock at night, 60 in the morning.
    check(flow.inventory_days().unwrap(), 5.5, 1e-9);
    check(flow.conversion_days().unwrap(), 15.5, 1e-9);
    assert_eq!((flow.opening.receivables, flow.opening.payables), (3000.0, 1200.0));
    near(&[flow.closing().receivables, flow.closing().payables], &[3000.0, 1200.0]);
    assert!(flow.trough.is_none(), "money comes in every day");
    assert_eq!((flow.balance(Balance::Receivables), flow.balance(Balance::Payables)), (3000.0, 1200.0));
    // Without the past, collections begin after a month.
    case.settings.opening = Opening::Nothing;
    let bare = case.flow();
    assert_eq!((bare.opening.receivables, bare.opening.payables), (0.0, 0.0));
    assert_eq!(bare.periods[29].cash_in(), 0.0);
    assert_eq!(bare.periods[30].cash_in(), 100.0);
    check(bare.trough.unwrap().need, 600.0, 1e-9);
}

#[test]
fn what_was_agreed_before_the_plan_keeps_its_terms() {
    let terms = Item { customer_payment_days: 30.0, supplier_payment_days: -10.0, ..priced(5000.0) };
    let mut case = Case::steady(Frequency::Day, 10.0, 100, terms.clone());
    (case.history, case.settings.opening) = (vec![10.0; 60], Opening::History);
    case.items[0].on_order = 20.0;
    let before = case.flow();
    case.agreed = Some(case.items.clone());
    case.items[0] =
        Item { customer_payment_days: 50.0, supplier_payment_days: 30.0, price: 12.0, on_order: 20.0, ..terms };
    let after = case.flow();
    assert_eq!(after.opening, before.opening, "a what-if doesn't change the past");
    let collected = all(&after, CashPeriod::cash_in);
    // Old debts for 30 days, then nothing until the first sale by the new terms is due.
    near(&collected[..30], &[100.0; 30]);
    near(&collected[30..50], &[0.0; 20]);
    near(&collected[50..], &[120.0; 50]);
    // On order for a fortnight, due ten days ahead of that as it was agreed.
    assert_eq!((after.periods[4].paid_suppliers, after.periods[14].received), (120.0, 120.0));
}

#[test]
fn numbered_periods_are_days() {
    let item = Item { customer_payment_days: 2.0, ..priced(100.0) };
    let mut case = Case::steady(Frequency::Day, 10.0, 5, item);
    case.forecasts[0].start = Period::step(6);
    case.stock[0].start = Period::step(6);
    let flow = case.flow();
    near(&all(&flow, CashPeriod::cash_in), &[0.0, 0.0, 100.0, 100.0, 100.0]);
    assert_eq!(flow.periods[0].period, Period::step(6));
}

#[test]
fn what_runs_out_is_not_sold_and_what_waits_is_sold_later() {
    let case = Case::steady(Frequency::Week, 70.0, 4, priced(100.0)).ordering(&[(0, 2, 500.0)]);
    near(&all(&case.flow(), |p| p.sales / 10.0), &[70.0, 30.0, 70.0, 70.0]);
    let mut lost = Case { stock: vec![StockPlan { fill_rate: 0.6, ..case.stock[0].clone() }], ..case };
    // Uncertainty takes more: 0.6 of 280 is delivered, in the plan's own pattern.
    let share = 0.6 * 280.0 / 240.0;
    near(&all(&lost.flow(), |p| p.sales / 10.0), &[70.0, 30.0, 70.0, 70.0].map(|s| s * share));
    lost.shortage = ShortageRule::Backorder;
    near(&all(&lost.flow(), |p| p.sales / 10.0), &[70.0, 30.0, 110.0, 70.0]);
    lost.items[0].on_hand = -20.0;
    near(&all(&lost.flow(), |p| p.sales / 10.0), &[0.0, 0.0, 230.0, 70.0]);
}

#[test]
fn a_customer_that_gets_nothing_pays_nothing() {
    let mut case = Case::steady(Frequency::Week, 70.0, 3, priced(1000.0));
    let customer = |id: &str, location: &str| Customer {
        id: id.into(),
        name: id.into(),
        coordinates: None,
        demand: None,
        demand_share: None,
        location: location.into(),
        unmet_cost: None,
    };
    case.network = Network { customers: vec![customer("Oslo", ""), customer("Bergen", "elsewhere")], ..network() };
    let start = case.forecasts[0].start;
    let unmet = |customer: &str, item: &str, week, quantity| Unmet {
        customer: customer.into(),
        item: item.into(),
        period: start.plus(week),
        quantity,
        unit_cost: 1.0,
    };
    let lines = vec![unmet("Oslo", "A1", 0, 20.0), unmet("Bergen", "", 1, 500.0), unmet("Oslo", "other", 2, 5.0)];
    case.dispatch = Some(DispatchPlan { unmet: lines, shipments: Vec::new(), trips: Vec::new(), ..dispatch() });
    near(&all(&case.flow(), |p| p.sales / 10.0), &[50.0, 0.0, 70.0]);
}

#[test]
fn transport_is_paid_in_its_period() {
    let mut case = Case::steady(Frequency::Week, 70.0, 3, priced(1000.0));
    let start = case.forecasts[0].start;
    let mut plan = dispatch();
    plan.unmet.clear();
    plan.shipments.iter_mut().enumerate().for_each(|(k, s)| s.period = start.plus(k as i64));
    plan.trips.iter_mut().for_each(|t| t.period = start.plus(1));
    (case.network, case.dispatch) = (network(), Some(plan));
    near(&all(&case.flow(), |p| p.paid_transport), &[15.0, 30.0 + 150.0, 15.0]);
}

#[test]
fn books_follow_the_stock_plan() {
    // What the plan's own walk along the mean leaves in stock is what the books do.
    for (lead, review, on_order) in [(14.0, 0.0, 40.0), (10.0, 0.0, 0.0), (21.0, 14.0, 60.0), (3.0, 7.0, 30.0)] {
        let item = Item { lead_time_days: lead, review_period_days: review, on_order, ..priced(160.0) };
        let mut forecast = steady(Frequency::Week, 30.0, 0.0, 1, 20);
        forecast.id = item.id.clone();
        let stock = plan(&forecast, &item, &StockPolicy::default());
        let projected: Vec<f64> = stock.projected.clone();
        let mut case = Case::steady(Frequency::Week, 30.0, 20, item);
        case.stock = vec![StockPlan { fill_rate: 1.0, ..stock }];
        near(&all(&case.flow(), |p| p.closing.inventory / 6.0), &projected);
    }
}

#[test]
fn what_is_missing_is_said() {
    let said = |item: Item| {
        let flow = Case::steady(Frequency::Week, 70.0, 3, item).flow();
        (flow.has_sales(), flow.notes.iter().map(|n| n.en.clone()).collect::<Vec<String>>().join(" | "))
    };
    let (has_sales, notes) = said(Item { price: 0.0, ..priced(200.0) });
    assert!(!has_sales && notes.contains("Add the column price"), "{notes}");
    assert!(said(Item { unit_cost: 0.0, ..priced(200.0) }).1.contains("have no unit cost"));
    assert!(said(priced(200.0)).1.contains("50 % of the holding cost is paid"));
    let flow = Case::steady(Frequency::Week, 70.0, 3, Item { price: 0.0, ..priced(200.0) }).flow();
    assert_eq!((flow.sales_days(), flow.conversion_days(), flow.unpriced), (None, None, 1));
    assert!(flow.inventory_days().is_some());
}

#[test]
fn nothing_planned_is_no_flow() {
    let mut case = Case::steady(Frequency::Week, 70.0, 3, priced(10.0));
    case.forecasts[0].mean.clear();
    assert_eq!(case.flow(), CashFlow::default());
}

#[test]
fn derivations_give_their_numbers() {
    let item = Item { customer_payment_days: 10.0, supplier_payment_days: 14.0, order_cost: 25.0, ..priced(140.0) };
    let flow = Case::steady(Frequency::Week, 70.0, 4, item).ordering(&[(0, 2, 140.0)]).flow();
    assert_eq!(flow.why.len(), 6);
    for why in &flow.why {
        let of = |symbol: &str| why.inputs.iter().find(|i| i.symbol == symbol).unwrap().value;
        let again = match why.formula.as_str() {
            "365.2425·I/C" => 365.2425 * of("I") / of("C"),
            "365.2425·A/S" => 365.2425 * of("A") / of("S"),
            "365.2425·P/C" => 365.2425 * of("P") / of("C"),
            "DIO + DSO − DPO" => of("DIO") + of("DSO") - of("DPO"),
            "I + A − P" => of("I") + of("A") - of("P"),
            "max(0, −m)" => (-of("m")).max(0.0),
            other => panic!("{other}"),
        };
        check(why.value, again, 1e-12);
        assert!(!why.quantity.zh.is_empty() && !why.note.zh.is_empty());
    }
}

fn nasty() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![
        0.0,
        -0.0,
        1.0,
        -5.0,
        7.4,
        1e9,
        1e300,
        -1e300,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ])
}

/// Terms; price, cost and order cost; lead time, review, stock and on order.
type Master = ((f64, f64), (f64, f64, f64), (f64, f64, f64, f64));

fn any_case() -> impl Strategy<Value = Case> {
    let terms = (-60.0..60.0f64, 0.0..90.0f64);
    let rates = (prop_oneof![Just(0.0), 0.1..50.0f64], prop_oneof![Just(0.0), 0.1..30.0f64], 0.0..40.0f64);
    let supply = (0.0..60.0f64, prop_oneof![Just(0.0), Just(7.0), Just(14.0)], 0.0..300.0f64, 0.0..100.0f64);
    let master = (terms, rates, supply);
    let frequency = prop::sample::select(vec![Frequency::Day, Frequency::Week, Frequency::Month]);
    let shape = (1..14usize, 0.0..80.0f64, 0.0..30.0f64, prop::collection::vec(0.0..90.0f64, 1..40));
    let kind = (any::<bool>(), any::<bool>(), any::<bool>(), 0.0..1.0f64);
    (frequency, prop::collection::vec(master, 1..4), shape, kind).prop_map(|(frequency, items, shape, kind)| {
        let (periods, mean, sd, history) = shape;
        let (lost, past, shipped, share) = kind;
        let build = |k: usize, (terms, rates, supply): Master| Item {
            id: SeriesId::new(format!("I{k}").as_str(), "DC"),
            supplier_payment_days: terms.0,
            customer_payment_days: terms.1,
            price: rates.0,
            unit_cost: rates.1,
            order_cost: rates.2,
            review_period_days: supply.1,
            on_order: supply.3,
            ..item(supply.0, supply.2)
        };
        let items: Vec<Item> = items.into_iter().enumerate().map(|(k, master)| build(k, master)).collect();
        let forecasts: Vec<Forecast> = items
            .iter()
            .map(|i| Forecast {
                id: i.id.clone(),
                paths: Arc::new(normal_paths(mean, sd, 20, periods)),
                ..steady(frequency, mean, sd, 20, periods)
            })
            .collect();
        let shortage = if lost { ShortageRule::LostSales } else { ShortageRule::Backorder };
        let policy = StockPolicy { shortage, ..StockPolicy::default() };
        let stock: Vec<StockPlan> = forecasts.iter().zip(&items).map(|(f, i)| plan(f, i, &policy)).collect();
        let start = forecasts[0].start;
        let mut dispatch = dispatch();
        dispatch.shipments.iter_mut().for_each(|s: &mut Shipment| s.period = start);
        dispatch.trips.iter_mut().for_each(|t: &mut Trips| t.period = start.plus(periods as i64 - 1));
        dispatch.unmet[0].item = "I0".into();
        dispatch.unmet[0].period = start;
        Case {
            forecasts,
            items,
            agreed: None,
            stock,
            history,
            network: network(),
            dispatch: shipped.then_some(dispatch),
            shortage,
            settings: CashSettings {
                paid_holding_share: share,
                opening: if past { Opening::History } else { Opening::Nothing },
            },
        }
    })
}

fn parts(of: WorkingCapital) -> [f64; 3] {
    [of.inventory, of.receivables, of.payables]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cash_is_profit_less_what_is_tied_up(case in any_case()) {
        let (flow, [ordering, holding, transport]) = case.flow_and_costs();
        let scale = flow.sum(|p| p.sales + p.received + p.cash_in() + p.cash_out())
            + parts(flow.opening).iter().map(|x| x.abs()).sum::<f64>();
        let same = |a: f64, b: f64| (a - b).abs() <= 1e-9 * scale.max(1.0);
        let (mut before, mut cash) = (flow.opening, 0.0);
        for row in &flow.periods {
            let costs = row.paid_ordering + row.paid_holding + row.paid_transport;
            let owed = row.closing.receivables - before.receivables;
            let owing = row.closing.payables - before.payables;
            prop_assert!(same(row.net(), row.sales - row.received - costs - owed + owing));
            prop_assert!(same(row.net(), row.sales - row.cost_of_sales - costs - (row.closing.total() - before.total())));
            cash += row.net();
            prop_assert!(same(row.cumulative, cash) && row.lowest <= row.cumulative + 1e-9 * scale.max(1.0));
            before = row.closing;
        }
        // Over the whole plan, and by each kind of cost as the ledger has it.
        prop_assert!(same(cash, flow.result() - (flow.closing().total() - flow.opening.total())));
        prop_assert!(same(flow.sum(|p| p.paid_ordering), ordering));
        prop_assert!(same(flow.sum(|p| p.paid_holding), holding * case.settings.paid_holding_share));
        prop_assert!(same(flow.sum(|p| p.paid_transport), transport));
        // Items sum to the periods.
        let items = |of: fn(&ItemCash) -> f64| flow.items.iter().map(of).sum::<f64>();
        prop_assert!(same(items(ItemCash::sales), flow.sum(|p| p.sales)));
        prop_assert!(same(items(ItemCash::cost_of_sales), flow.sum(|p| p.cost_of_sales)));
        prop_assert!(same(items(ItemCash::received_value), flow.sum(|p| p.received)));
        prop_assert!(same(items(|i| i.collected), flow.sum(|p| p.collected)));
        prop_assert!(same(items(|i| i.paid), flow.sum(|p| p.paid_suppliers)));
        for k in 0..3 {
            let of = |pick: fn(&ItemCash) -> WorkingCapital| {
                flow.items.iter().map(|i| parts(pick(i))[k]).sum::<f64>()
            };
            prop_assert!(same(of(|i| i.opening), parts(flow.opening)[k]));
            prop_assert!(same(of(|i| i.closing), parts(flow.closing())[k]));
            prop_assert!(same(of(|i| i.mean), parts(flow.mean())[k]));
        }
        // Nothing is sold that isn't there, and nobody owes less than nothing.
        for item in &flow.items {
            let at_cost = item.unit_cost.max(1.0);
            prop_assert!(item.closing.inventory >= -1e-9 * at_cost && item.closing.receivables >= -1e-9 * item.price.max(1.0) * 1e3);
        }
    }

    #[test]
    fn every_balance_is_a_sum_of_lines(case in any_case()) {
        let flow = case.flow();
        for line in &flow.balances {
            prop_assert!((line.amount - line.quantity * line.rate).abs() <= 1e-9 * line.amount.abs().max(1.0));
            prop_assert!(!line.source.en.is_empty() && !line.source.zh.is_empty());
        }
        prop_assert!(flow.balances.is_sorted_by_key(|l| l.balance));
        let now: f64 = case.items.iter().map(|i| i.on_hand * i.unit_cost).sum();
        prop_assert!((flow.balance(Balance::StockNow) - now).abs() <= 1e-9 * now.max(1.0));
        prop_assert!((flow.balance(Balance::StockNow) - flow.opening.inventory).abs() <= 1e-9 * now.max(1.0));
        // What has no price, or no cost, is worth nothing and has no line.
        for (balance, opening) in [
            (Balance::Receivables, flow.opening.receivables), (Balance::Payables, flow.opening.payables),
        ] {
            prop_assert!((flow.balance(balance) - opening).abs() <= 1e-9 * opening.abs().max(1.0));
        }
    }

    #[test]
    fn no_input_makes_it_not_a_number(
        rates in prop::array::uniform6(nasty()), supply in prop::array::uniform4(nasty()), mean in nasty(),
        share in nasty(), lost in any::<bool>(),
    ) {
        let item = Item {
            price: rates[0],
            unit_cost: rates[1],
            order_cost: rates[2],
            holding_rate: rates[3],
            supplier_payment_days: rates[4],
            customer_payment_days: rates[5],
            on_order: supply[0],
            review_period_days: supply[1],
            ..item(supply[2], supply[3])
        };
        let mut case = Case::steady(Frequency::Week, 10.0, 6, item);
        case.forecasts[0].mean = vec![mean; 6];
        case.forecasts[0].paths = Arc::new(SamplePaths::default());
        case.stock = vec![plan(&case.forecasts[0], &case.items[0], &StockPolicy::default())];
        case.settings = CashSettings { paid_holding_share: share, opening: Opening::History };
        case.history = vec![5.0; 80];
        if !lost {
            case.shortage = ShortageRule::Backorder;
        }
        // The ledger of such rates may be infinite; what cash is made of isn't.
        if rates[2].abs() > 1e200 || rates[3].abs() > 1e200 || rates[1].abs() > 1e200 {
            case.items[0].order_cost = 0.0;
            case.items[0].holding_rate = 0.0;
        }
        let flow = case.flow();
        for row in &flow.periods {
            let figures = [row.net(), row.cumulative, row.lowest, row.closing.total(), row.mean.total(), row.sales];
            prop_assert!(figures.iter().all(|x| x.is_finite()), "{row:?}");
        }
        prop_assert!(flow.balances.iter().all(|l| l.amount.is_finite()));
    }
}
