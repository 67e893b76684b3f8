//! Why a network forecasts what it does: the parts add up to the forecast that every run makes, and *what if* is what the
//! same weights forecast of the changed data.

use super::global::{awkward, named, panel, run, taking_turns};
use planwright::control::Control;
use planwright::forecast::{
    Each, ForecastError, Options, Pretrained, Reuse, TrainedNetworks, explain_network, forecast, forecast_each, what_if,
};
use planwright::model::{
    ChangedInput, DriverValues, Drivers, InputChange, InputGroup, NetworkExplanation, Period, SalesPanel, Series,
    SeriesId,
};
use std::sync::Arc;

const MONTHS: usize = 48;
const KINDS: &str = "hybrid,global-lstm,global-mlp,global-tcn,global-counts";

fn trained(panel: &SalesPanel, options: &Options) -> TrainedNetworks {
    forecast_each(panel, options, Each::none(), &Control::silent()).unwrap()
}

/// The options that forecast with trained networks as they are.
fn reusing(networks: &TrainedNetworks, options: &Options) -> Options {
    let pretrained = Pretrained { networks: networks.clone(), reuse: Reuse::AsTheyAre };
    Options { pretrained: Some(Arc::new(pretrained)), ..options.clone() }
}

fn mean(panel: &SalesPanel, id: &SeriesId, model: &str, options: &Options) -> Vec<f64> {
    let found = forecast(panel, options, &Control::silent()).unwrap();
    let one = found.iter().find(|f| f.id == *id).unwrap();
    one.candidates.iter().find(|c| &*c.model == model).unwrap().mean.clone()
}

fn month(label: &str) -> Period {
    Period::parse(label).unwrap()
}

/// Prices of every item and one promotion, over history and horizon; demand falls with the price.
fn priced() -> (SalesPanel, Drivers) {
    let end = month("2025-12");
    let start = end.plus(1 - MONTHS as i64);
    let price = |k: usize, t: usize| 4.0 + (k % 3) as f64 + ((t * (5 + k)) % 17) as f64 * 0.2;
    let histories = taking_turns(12, MONTHS);
    let demand = |k: usize| histories[k].iter().enumerate().map(move |(t, y)| y / price(k, t)).collect::<Vec<_>>();
    let id = |k: usize| SeriesId::new(format!("item {k:02}"), "");
    let series = (0..12).map(|k| Series { id: id(k), start, values: demand(k).into() });
    let values = (0..12).map(|k| DriverValues {
        name: "price".into(),
        scope: id(k),
        start,
        values: (0..MONTHS + 3).map(|t| Some(price(k, t))).collect(),
    });
    let promotion = DriverValues {
        name: "promotion".into(),
        scope: SeriesId::new("", ""),
        start,
        values: (0..MONTHS + 3).map(|t| Some(f64::from(u8::from(t % 5 == 2)))).collect(),
    };
    let drivers = Drivers { values: values.chain([promotion]).collect(), ..Drivers::default() };
    (SalesPanel::new(end, series.collect()).unwrap(), drivers)
}

fn adds_up(found: &NetworkExplanation) {
    let near = |sum: f64, forecast: f64, largest: f64| {
        assert!((sum - forecast).abs() <= 1e-4 * forecast.abs() + 1e-12 * largest, "{sum} instead of {forecast}");
    };
    let mut whole = (0.0, 0.0, 0.0);
    for (h, forecast) in found.forecast.iter().enumerate() {
        let parts =
            found.contributions.iter().map(|c| c.by_step[h]).chain([found.level[h], found.theta[h], found.usual[h]]);
        let (sum, largest) = parts.fold((0.0, 0.0_f64), |(sum, largest), v| (sum + v, largest.max(v.abs())));
        near(sum, *forecast, largest);
        whole = (whole.0 + sum, whole.1 + forecast, whole.2 + largest);
    }
    near(whole.0, whole.1, whole.2);
    near(whole.0 + found.residual(), whole.1, whole.2);
}

#[test]
fn the_parts_add_up_to_the_forecast_of_every_run() {
    let (sales, drivers) = priced();
    let mut options = named(KINDS);
    (options.drivers, options.neural.attention, options.neural.team) = (Arc::new(drivers), true, 2);
    let networks = trained(&sales, &options);
    let id = SeriesId::new("item 07", "");
    let reused = reusing(&networks, &options);
    for network in networks.networks() {
        let explain = || explain_network(network, (&sales, &id), &options, &Control::silent()).unwrap();
        let found = explain();
        let name = network.name();
        assert_eq!(found.forecast, mean(&sales, &id, name, &options), "{name}: what the run that trained it forecast");
        assert_eq!(found.forecast, mean(&sales, &id, name, &reused), "{name}: what its saved weights forecast");
        adds_up(&found);
        assert_eq!(found, explain(), "{name}: the same again");
        assert_eq!((found.start, found.steps(), found.sampling), (month("2026-01"), 3, None));
        // Everything speaks in a trained network.
        let silent = found.contributions.iter().find(|c| c.by_step.iter().all(|v| *v == 0.0));
        assert!(silent.is_none(), "{name}: {silent:?}");
        let groups: Vec<&InputGroup> = found.contributions.iter().map(|c| &c.of).collect();
        let drivers = groups.iter().filter(|g| matches!(g, InputGroup::Driver(_))).count();
        let sizes = groups.iter().filter(|g| ***g == InputGroup::Size).count();
        assert_eq!((drivers, sizes), (2, usize::from(name == "global-counts")), "{name}: {groups:?}");
        assert!(!found.asks_theta(), "{name}: Theta knows nothing of prices");
        assert!(groups.iter().all(|g| !g.label().en.is_empty() && !g.label().zh.is_empty()));
        let attends = ["hybrid", "global-lstm", "global-counts"].contains(&name);
        assert_eq!(found.attention.is_some(), attends, "{name}");
    }
}

/// Where nothing but demand is known, networks beside smoothing are averaged with Theta, and the sum says by how much.
#[test]
fn thetas_part_is_told_where_it_is_asked() {
    // Walks, of which nobody knows more than the last step.
    let walk = |k: usize| {
        let mut level = 200.0;
        let step = move |t: usize| {
            level += ((t * 7919 + k * 104_729 + t * t * 31) % 41) as f64 - 20.0;
            f64::max(level, 20.0)
        };
        (0..MONTHS).map(step).collect::<Vec<f64>>()
    };
    let sales = panel(&(0..12).map(walk).collect::<Vec<_>>());
    let options = named("hybrid,global-mlp,global-tcn,global-counts");
    let networks = trained(&sales, &options);
    let id = sales.series()[7].id.clone();
    let explain = |name: &str| {
        let network = networks.networks().iter().find(|n| n.name() == name).unwrap();
        explain_network(network, (&sales, &id), &options, &Control::silent()).unwrap()
    };
    let why = |name: &str| {
        let found = forecast(&sales, &reusing(&networks, &options), &Control::silent()).unwrap();
        let one = found.iter().find(|f| f.id == id).unwrap();
        one.candidates.iter().find(|c| &*c.model == name).unwrap().why.en.clone()
    };
    let mut asked = 0;
    for name in ["hybrid", "global-mlp", "global-tcn", "global-counts"] {
        let found = explain(name);
        assert_eq!(found.forecast, mean(&sales, &id, name, &reusing(&networks, &options)), "{name}");
        adds_up(&found);
        assert_eq!(found.asks_theta(), why(name).contains("Theta's forecast"), "{name}: {}", why(name));
        asked += usize::from(found.asks_theta());
    }
    // The same walks beside a driver, of which Theta knows nothing: it isn't asked, however well it does.
    let (_, Drivers { mut values, .. }) = priced();
    values.retain(|v| v.scope == SeriesId::new("", ""));
    let options = Options { drivers: Arc::new(Drivers { values, ..Drivers::default() }), ..options.clone() };
    for network in trained(&sales, &options).networks() {
        let found = explain_network(network, (&sales, &id), &options, &Control::silent()).unwrap();
        let told = found.contributions.iter().filter(|c| matches!(c.of, InputGroup::Driver(_))).count();
        assert_eq!((told, found.asks_theta()), (1, false), "{}", network.name());
    }
    let counts = explain("global-counts");
    assert!(asked > 0 && !counts.asks_theta());
    // The level of counts: the mean of the window of six, and of all as one value more.
    let y = &sales.series()[7].values;
    let level = (y[MONTHS - 6..].iter().sum::<f64>() + y.iter().sum::<f64>() / MONTHS as f64) / 7.0;
    assert!(counts.level.iter().all(|l| (l / level - 1.0).abs() < 1e-4), "{:?} instead of {level}", counts.level);
}

#[test]
fn what_if_is_what_the_same_weights_forecast_of_the_changed_data() {
    let (sales, drivers) = priced();
    let mut options = named(KINDS);
    options.drivers = Arc::new(drivers.clone());
    let networks = trained(&sales, &options);
    let (id, other) = (SeriesId::new("item 02", ""), SeriesId::new("item 05", ""));
    let change = |of: ChangedInput, period: &str, value: f64| InputChange { of, period: month(period), value };
    let price = || ChangedInput::Driver("price".into());
    let promotion = || ChangedInput::Driver("promotion".into());
    let cases = [
        vec![change(price(), "2026-02", 9.5)],
        vec![change(price(), "2025-11", 2.0)],
        // A past price that its usual size is measured by.
        vec![change(price(), "2023-01", 40.0)],
        vec![change(promotion(), "2026-01", 1.0), change(promotion(), "2026-03", 1.0)],
        vec![change(ChangedInput::Demand, "2025-12", 90.0)],
        vec![change(ChangedInput::Demand, "2022-03", 0.0), change(price(), "2026-03", 3.0)],
    ];
    for changes in cases {
        let mut changed = drivers.clone();
        // A promotion of one item alone.
        let everywhere = changed.values.last().unwrap().clone();
        changed.values.push(DriverValues { scope: id.clone(), ..everywhere });
        let mut series = sales.series().to_vec();
        for InputChange { of, period, value } in &changes {
            match of {
                ChangedInput::Driver(name) => {
                    let own = changed.values.iter_mut().find(|v| v.name == *name && v.scope == id).unwrap();
                    let mut values = own.values.to_vec();
                    values[period.since(own.start) as usize] = Some(*value);
                    own.values = values.into();
                }
                ChangedInput::Demand => {
                    let own = series.iter_mut().find(|s| s.id == id).unwrap();
                    let mut values = own.values.to_vec();
                    values[period.since(own.start) as usize] = *value;
                    own.values = values.into();
                }
            }
        }
        let (before, after) = (reusing(&networks, &options), reusing(&networks, &options));
        let after = Options { drivers: Arc::new(changed), ..after };
        let sales_after = SalesPanel::new(sales.end(), series).unwrap();
        for network in networks.networks() {
            let name = network.name();
            let found = what_if(network, (&sales, &id), &changes, &options, &Control::silent()).unwrap();
            assert_eq!(found.before, mean(&sales, &id, name, &before), "{name}: {changes:?}");
            assert_eq!(found.after, mean(&sales_after, &id, name, &after), "{name}: {changes:?}");
            assert_ne!(found.before, found.after, "{name}: {changes:?}");
            let unmoved = what_if(network, (&sales, &other), &[], &options, &Control::silent()).unwrap();
            assert_eq!(unmoved.before, unmoved.after);
        }
    }
}

#[test]
fn what_can_not_be_answered_is_said() {
    let (sales, drivers) = priced();
    let mut options = named("hybrid");
    options.drivers = Arc::new(drivers);
    let networks = trained(&sales, &options);
    let network = &networks.networks()[0];
    let id = SeriesId::new("item 02", "");
    let asked = |of: ChangedInput, period: Period, value: f64| {
        let changes = [InputChange { of, period, value }];
        match what_if(network, (&sales, &id), &changes, &options, &Control::silent()) {
            Err(ForecastError::Refused(why)) => {
                assert!(!why.zh.is_empty() && why.zh != why.en);
                why.en
            }
            other => panic!("{other:?}"),
        }
    };
    let price = || ChangedInput::Driver("price".into());
    let late = asked(price(), month("2026-04"), 3.0);
    assert!(late.contains("price has no value in 2026-04; choose a period from 2022-01 to 2026-03"), "{late}");
    let ahead = asked(ChangedInput::Demand, month("2026-01"), 3.0);
    assert!(ahead.contains("demand has no value in 2026-01; choose a period from 2022-01 to 2025-12"), "{ahead}");
    let week = asked(price(), month("2026-W04"), 3.0);
    assert!(week.contains("no value in 2026-W04"), "{week}");
    for value in [f64::NAN, f64::INFINITY, -1e300] {
        assert!(asked(price(), month("2026-01"), value).contains("price is not a number"));
    }
    let share = asked(ChangedInput::Driver("promotion".into()), month("2026-01"), 2.0);
    assert!(share.contains("promotion is a share or a flag: 2 is outside 0 to 1"), "{share}");
    let unknown = asked(ChangedInput::Driver("weather".into()), month("2026-01"), 2.0);
    assert!(unknown.contains("told no \"weather\"") && unknown.contains("demand, price, promotion"), "{unknown}");
    let many = vec![InputChange { of: price(), period: month("2026-01"), value: 1.0 }; 1001];
    let many = what_if(network, (&sales, &id), &many, &options, &Control::silent()).unwrap_err();
    assert!(many.to_string().contains("At most 1000"), "{many}");
    let nobody = explain_network(network, (&sales, &SeriesId::new("x", "")), &options, &Control::silent()).unwrap_err();
    assert!(nobody.to_string().contains("x is not among the items"), "{nobody}");
    let far = Options { horizon: planwright::model::Horizon::new(4).unwrap(), ..options.clone() };
    let far = explain_network(network, (&sales, &id), &far, &Control::silent()).unwrap_err();
    assert!(far.to_string().contains("answer 3 periods and 4 are asked for"), "{far}");
    let stopped = Control::silent();
    stopped.cancel();
    assert_eq!(explain_network(network, (&sales, &id), &options, &stopped), Err(ForecastError::Cancelled));
    assert_eq!(what_if(network, (&sales, &id), &[], &options, &stopped), Err(ForecastError::Cancelled));
}

#[test]
fn any_history_is_taken_apart_or_refused() {
    let mut histories = awkward();
    histories.push((0..MONTHS).map(|t| if t % 2 == 0 { -4.0 } else { 3.0 }).collect());
    let options = named(KINDS);
    let sales = panel(&histories);
    let networks = trained(&sales, &options);
    let forecasts = run(&histories, &options);
    for network in networks.networks() {
        for (series, forecast) in sales.series().iter().zip(&forecasts) {
            let (name, at) = (network.name(), (&sales, &series.id));
            let known = forecast.candidates.iter().find(|c| &*c.model == name);
            match explain_network(network, at, &options, &Control::silent()) {
                Ok(found) => {
                    assert_eq!(Some(&found.forecast), known.map(|c| &c.mean), "{name} of {}", series.id);
                    adds_up(&found);
                    let numbers = found.contributions.iter().flat_map(|c| &c.by_step).chain(&found.level);
                    assert!(numbers.chain(&found.usual).all(|v| v.is_finite()));
                }
                Err(ForecastError::Refused(why)) => {
                    assert!(known.is_none() && !why.zh.is_empty(), "{name} of {}: {why}", series.id);
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
    // A panel of one has only its own windows to compare with.
    let alone = panel(&taking_turns(1, 150));
    let networks = trained(&alone, &named("hybrid"));
    let id = &alone.series()[0].id;
    let found = explain_network(&networks.networks()[0], (&alone, id), &named("hybrid"), &Control::silent()).unwrap();
    adds_up(&found);
    assert!(found.references > 1 && found.contributions.iter().any(|c| c.by_step[0].abs() > 0.0));
}
