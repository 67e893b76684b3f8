//! Inputs + forecasts + scenario → plan.

use super::demand::customer_demand;
use super::money::{Money, Planned};
use super::segments::{ruled_items, stock_policy};
use super::{Inputs, Layered, PartialForecasts, PipelineError, Settings, lead_times};
use crate::control::{Cancelled, Control};
use crate::costing;
use crate::diagnostic::{Diagnostics, Place};
use crate::dispatch::{self, Problem, TripRule, UnmetRule};
use crate::forecast::{self, Challenge, TrainedNetworks};
use crate::inventory;
use crate::model::{
    Assumption, CostLedger, DemandLine, DispatchPlan, Forecast, Item, ModelScore, Network, Opening, Plan, ReorderRule,
    SalesPanel, Scenario, Series, SeriesForecast, ShortageRule, SolveStatus, StockPlan,
};
use crate::text;
use crate::words::Text;
use rayon::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Forecasts of a panel, in panel order.
pub type Forecasts = Arc<Vec<SeriesForecast>>;

/// One item's plan under a scenario: what a slider moves.
#[derive(Debug, Clone)]
pub struct SeriesPlan {
    /// Master data under the scenario.
    pub item: Item,
    /// The chosen forecast with the scenario's demand changes.
    pub forecast: Forecast,
    /// Its stock plan.
    pub stock: StockPlan,
    /// Its costs over the horizon, transport excluded.
    pub ledger: CostLedger,
}

/// How a dispatch problem is solved when it stands alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DispatchSettings {
    /// Wall-clock limit in seconds.
    pub seconds: f64,
    /// True to answer "infeasible" instead of leaving demand unmet at its penalty.
    pub must_meet: bool,
}

/// Forecasts every series of the panel and chooses a model for each.
///
/// # Errors
/// [`Cancelled`].
pub fn forecast(panel: &SalesPanel, settings: &Settings, control: &Control) -> Result<Forecasts, Cancelled> {
    forecast_and_keep(panel, settings, control).map(|(forecasts, _)| forecasts)
}

/// As [`forecast()`], with the networks over all series that were trained for it, or loaded.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub fn forecast_and_keep(
    panel: &SalesPanel,
    settings: &Settings,
    control: &Control,
) -> Result<(Forecasts, TrainedNetworks), Cancelled> {
    let partial = PartialForecasts::new(panel.series().len());
    let networks = super::partial::forecast_into(panel, settings, &partial, &|found| found, control)?;
    let settlement = partial.settle(panel, settings);
    // Only a run that was cancelled leaves places empty.
    Ok((partial.into_settled(settlement).ok_or(Cancelled)?, networks))
}

/// How the models named beside the automatic ones did over the panel; empty when there are none.
pub fn challenges(panel: &SalesPanel, forecasts: &[SeriesForecast], settings: &Settings) -> Vec<Challenge> {
    forecast::settle(panel.series(), forecasts.iter(), &settings.models).challenges().to_vec()
}

/// Backtest scores pooled over all series, best first.
pub fn accuracy_by_model(forecasts: &[SeriesForecast]) -> Vec<ModelScore> {
    forecast::summarise(forecasts)
}

/// The same forecasts with `model` chosen for one series; fitted now when it is not among the candidates yet.
///
/// # Errors
/// [`PipelineError::Failed`] with the reason when the model refuses the series, [`PipelineError::Cancelled`].
pub fn choose_model(
    forecasts: &SeriesForecast,
    series: &Series,
    model: &str,
    settings: &Settings,
    panel_series: usize,
    control: &Control,
) -> Result<SeriesForecast, PipelineError> {
    let mut changed = forecasts.clone();
    let found = changed.candidates.iter().position(|c| &*c.model == model);
    changed.chosen = match found {
        Some(k) if !changed.candidates[k].paths.is_empty() => k,
        _ => {
            let fitted = forecast::fit(model, series, &settings.forecast_options(panel_series), control);
            changed.put(fitted?)
        }
    };
    changed.why = text!("Chosen by you: {model}.", "由您选定：{model}。").then(&changed.best().why);
    Ok(changed)
}

/// Trains an LSTM on one series, backtests it, and adds it to the candidates; the choice stays as it was.
///
/// # Errors
/// [`PipelineError::Failed`] with the reason when the network refuses the series, [`PipelineError::Cancelled`].
pub fn train_network(
    forecasts: &SeriesForecast,
    series: &Series,
    settings: &Settings,
    control: &Control,
) -> Result<SeriesForecast, PipelineError> {
    let mut options = settings.forecast_options(1);
    options.models = forecast::Models::Named(vec!["lstm".into()]);
    let trained = forecast::forecast_series(series, &options, control)?;
    let mut changed = forecasts.clone();
    let score = trained.scores.into_iter().find(|s| &*s.model == "lstm");
    let Some(network) = trained.candidates.into_iter().find(|c| &*c.model == "lstm") else {
        let why = score.map_or_else(Text::default, |s| s.note);
        return Err(PipelineError::Failed(Text::new("No network was trained.", "未训练网络。").then(&why)));
    };
    changed.put(network);
    changed.scores.retain(|s| &*s.model != "lstm");
    changed.scores.extend(score);
    sort_scores(&mut changed.scores);
    Ok(changed)
}

/// Best first by mean absolute error; refused models last. Stable, so ties keep their order.
fn sort_scores(scores: &mut [ModelScore]) {
    let error = |s: &ModelScore| s.accuracy.and_then(|a| a.mae).unwrap_or(f64::INFINITY);
    scores.sort_by(|a, b| error(a).total_cmp(&error(b)));
}

/// Plans one item, by its final forecast, under a scenario; fast enough for a slider.
pub fn plan_series(last: &Forecast, base: &Item, scenario: &Scenario, settings: &Settings) -> SeriesPlan {
    let item = scenario.item(base);
    let forecast = scenario.forecast(last, base);
    let stock = inventory::plan(&forecast, &item, &stock_policy(&item, settings.policy));
    let ledger = costing::compute_series(&forecast, &item, &stock);
    SeriesPlan { item, forecast, stock, ledger }
}

/// Plans everything under a scenario: stock, dispatch, costs.
///
/// # Errors
/// [`PipelineError::Cancelled`], or [`PipelineError::Failed`] when the dispatch engine breaks down.
pub fn plan(
    inputs: &Inputs,
    layered: &Layered,
    scenario: &Scenario,
    settings: &Settings,
    control: &Control,
) -> Result<Plan, PipelineError> {
    let learnt = lead_times::learnt(inputs);
    let master = inputs;
    let inputs = &*lead_times::planned_with(master, learnt.as_deref(), &settings.lead_times);
    let forecasts = &layered.final_forecasts();
    let inputs = &Inputs { items: ruled_items(inputs, layered, settings), ..inputs.clone() };
    let planned = plan_stock(inputs, forecasts, scenario, settings, &control.part(0.0, 0.45))?;
    let effective: Vec<&Forecast> = planned.iter().map(|p| &p.forecast).collect();
    let groups = super::group_forecasts(inputs, layered, &effective, settings, &control.part(0.45, 0.5))?;
    let lead_times = learnt.as_ref().map(|learnt| {
        let known = lead_times::Known { receipts: &master.receipts, items: &master.items, learnt };
        lead_times::report(&known, &effective, (scenario, settings), &control.part(0.45, 0.5))
    });
    let lead_times = lead_times.transpose()?.map(Arc::new);
    let network = Arc::new(scenario.network(&inputs.network));
    let mut diagnostics = inputs.diagnostics.clone();
    diagnostics.extend(super::check_drivers(&inputs.panel, settings, control)?);
    let dispatched = if network.is_empty() {
        None
    } else {
        let (demand, findings) = customer_demand(&network, effective.iter().copied());
        diagnostics.extend(findings);
        let settings = DispatchSettings { seconds: settings.dispatch_seconds, must_meet: false };
        Some(Arc::new(dispatch(network.clone(), demand, &settings, &control.part(0.5, 1.0))?))
    };
    note_shortage(dispatched.as_deref(), &mut diagnostics);
    let (items, stock): (Vec<Item>, Vec<StockPlan>) = planned.iter().map(|p| (p.item.clone(), p.stock.clone())).unzip();
    let agreed: Vec<Item> = forecasts.iter().map(|f| inputs.items.lookup(&f.id)).collect();
    let Money { ledger, cash, allocation } = super::money::money(
        &Planned {
            forecasts: &effective,
            items: &items,
            agreed: &agreed,
            stock: &stock,
            network: &network,
            dispatch: dispatched.as_deref(),
        },
        &inputs.panel,
        settings,
    );
    Ok(Plan {
        scenario: scenario.name.clone(),
        currency: inputs.currency.clone(),
        panel: inputs.panel.clone(),
        import: inputs.import.clone(),
        forecasts: under_scenario(forecasts, inputs, scenario),
        layers: layered.layers.clone(),
        overrides: layered.overrides.clone(),
        groups,
        items,
        stock,
        lead_times,
        network,
        dispatch: dispatched,
        risk: None,
        forecast_costs: None,
        ledger,
        cash,
        allocation,
        diagnostics,
        assumptions: assumptions(inputs, settings, forecasts.len()),
    })
}

/// Ships `demand` over `network`; the plan was verified without the solver.
///
/// # Errors
/// [`PipelineError::Cancelled`], or [`PipelineError::Failed`] when the problem makes no sense or the solver breaks down.
pub fn dispatch(
    network: Arc<Network>,
    demand: Vec<DemandLine>,
    settings: &DispatchSettings,
    control: &Control,
) -> Result<DispatchPlan, PipelineError> {
    let options = dispatch::Options {
        time_limit: Duration::try_from_secs_f64(settings.seconds).unwrap_or(Duration::from_secs(30)),
        trips: TripRule::Whole,
        unmet: if settings.must_meet { UnmetRule::Forbidden } else { UnmetRule::AtPenalty },
    };
    Ok(dispatch::solve(&Problem { network, demand }, &options, control)?)
}

fn plan_stock(
    inputs: &Inputs,
    forecasts: &Forecasts,
    scenario: &Scenario,
    settings: &Settings,
    control: &Control,
) -> Result<Vec<SeriesPlan>, Cancelled> {
    let stage = Text::new("Planning stock", "计算库存计划");
    let done = AtomicUsize::new(0);
    let total = forecasts.len().max(1) as f64;
    let one = |series: &SeriesForecast| {
        let count = done.fetch_add(1, Ordering::Relaxed);
        if count.is_multiple_of(64) {
            control.report(count as f64 / total, &stage)?;
        }
        Ok(plan_series(series.best(), &inputs.items.lookup(&series.id), scenario, settings))
    };
    forecasts.par_iter().map(one).collect()
}

/// The forecasts as the scenario sees them; shared with the base when it changes no demand.
fn under_scenario(forecasts: &Forecasts, inputs: &Inputs, scenario: &Scenario) -> Forecasts {
    let is_touched = |s: &SeriesForecast| {
        let item = inputs.items.lookup(&s.id);
        !scenario.demand_changes(&item).is_empty() || scenario.demand_delay(&item) != 0
    };
    if !forecasts.iter().any(is_touched) {
        return forecasts.clone();
    }
    let changed = |s: &SeriesForecast| {
        let item = inputs.items.lookup(&s.id);
        let candidates = s.candidates.iter().map(|c| scenario.forecast(c, &item)).collect();
        SeriesForecast { candidates, ..s.clone() }
    };
    Arc::new(forecasts.par_iter().map(changed).collect())
}

fn note_shortage(plan: Option<&DispatchPlan>, findings: &mut Diagnostics) {
    let Some(plan) = plan else { return };
    let unmet = plan.unmet_quantity();
    if unmet > 0.5 && plan.status != SolveStatus::Infeasible {
        findings.warning(
            "demand-above-capacity",
            text!("{unmet:.0} units of demand exceed what the network can ship", "有 {unmet:.0} 件需求超出网络运力"),
            text!(
                "Look at the shadow prices in the dispatch plan: they say which capacity helps most",
                "请查看调度计划中的影子价格：它们说明增加哪项运力最有效"
            ),
            Place::default(),
        );
    }
}

fn assumptions(inputs: &Inputs, settings: &Settings, series: usize) -> Vec<Assumption> {
    let user = Text::new("setting", "设置");
    let mut list = Vec::new();
    let mut add =
        |name: Text, value: Text, source: &Text| list.push(Assumption { name, value, source: source.clone() });
    let frequency = inputs.panel.frequency().label();
    let periods = settings.horizon.get();
    add(
        Text::new("Horizon", "预测期数"),
        Text::new(format!("{periods} × {}", frequency.en), format!("{periods} × {}", frequency.zh)),
        &user,
    );
    add(Text::new("Period", "周期"), frequency, &Text::new("data or setting", "数据或设置"));
    add(Text::new("Seed", "随机种子"), Text::same(settings.seed.to_string()), &user);
    let paths = settings.paths_for(series);
    add(Text::new("Sample paths per forecast", "每个预测的样本路径数"), Text::same(paths.to_string()), &user);
    add(Text::new("Backtest folds", "回测折数"), Text::same(settings.folds.to_string()), &user);
    if !settings.drivers.is_empty() {
        let names: Vec<&str> = settings.drivers.names().iter().map(|n| &***n).collect();
        let events: std::collections::BTreeSet<&str> = settings.drivers.events.iter().map(|e| &*e.name).collect();
        let sets = settings.drivers.holidays.iter().map(|s| s.name());
        let all: Vec<&str> = names.into_iter().chain(events).chain(sets).collect();
        add(Text::new("Drivers", "驱动因素"), Text::same(all.join(", ")), &Text::new("data or setting", "数据或设置"));
    }
    let rule = match settings.policy.rule {
        ReorderRule::Standard => Text::new("standard: lead-time demand + safety stock", "标准：提前期需求 + 安全库存"),
        ReorderRule::Quantile => Text::new(
            "quantile of demand over the protection interval on the sample paths",
            "样本路径在保护期内需求的分位数",
        ),
        ReorderRule::MaxLevel => Text::new("max level + safety stock − demand", "最高库存 + 安全库存 − 需求"),
    };
    add(Text::new("Reconciliation", "预测协调"), settings.reconciliation.label(), &user);
    add(Text::new("Reorder rule", "再订货规则"), rule, &user);
    let shortage = match settings.policy.shortage {
        ShortageRule::LostSales => Text::new("lost sales", "缺货即丢单"),
        ShortageRule::Backorder => Text::new("backorders", "缺货可补交"),
    };
    add(Text::new("Shortage", "缺货处理"), shortage, &user);
    let paid = 100.0 * settings.cash.paid_holding_share;
    add(Text::new("Holding cost paid out", "持有成本的现金部分"), Text::same(format!("{paid:.0} %")), &user);
    let opening = match settings.cash.opening {
        Opening::History => Text::new("from the last days' sales", "按近期销售推算"),
        Opening::Nothing => Text::new("nothing", "无"),
    };
    add(Text::new("Receivables and payables at the start", "期初应收与应付"), opening, &user);
    add(
        Text::new("Dispatched demand", "调度需求"),
        Text::new("forecast mean", "预测均值"),
        &Text::new("method", "方法"),
    );
    list
}
