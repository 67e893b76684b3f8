//! What a plan's simulation says of every item: expected loss, bullwhip, replayed warnings.

use super::super::segments::stock_policy;
use super::orders::{GroupSums, OrderPaths, order_paths};
use super::{RiskInputs, Times};
use crate::control::{Cancelled, Control};
use crate::inventory::{Disturbance, LotRule, walk_disturbed};
use crate::model::{ItemRisk, LossBasis, RiskBase, StockPaths};
use crate::risk::{self, ReplayCase, ReplayOptions, ReplayPolicy};
use crate::words::Text;
use rayon::prelude::*;

/// Items walked before their orders are added up, so that no portfolio's paths are held at once.
const CHUNK: usize = 256;

/// What one item leaves.
struct Found {
    item: ItemRisk,
    orders: OrderPaths,
    cases: Vec<ReplayCase>,
}

pub(super) fn base(inputs: &RiskInputs, control: &Control) -> Result<RiskBase, Cancelled> {
    let plan = &*inputs.plan;
    let stage = Text::new("Assessing risk", "评估风险");
    let mut base = RiskBase::default();
    let (mut sums, mut cases) = (GroupSums::default(), Vec::with_capacity(plan.items.len()));
    let all: Vec<usize> = (0..plan.items.len()).collect();
    for chunk in all.chunks(CHUNK) {
        control.report(chunk[0] as f64 / all.len() as f64, &stage)?;
        let one = |k: &usize| {
            control.check()?;
            Ok(item(inputs, *k))
        };
        let found: Vec<Found> = chunk.par_iter().map(one).collect::<Result<_, Cancelled>>()?;
        for (k, found) in chunk.iter().zip(found) {
            sums.add(&plan.items[*k].category, &found.orders);
            base.items.push(found.item);
            cases.push(found.cases);
        }
    }
    base.groups = sums.into_groups();
    base.replay = risk::score(&cases);
    Ok(base)
}

fn item(inputs: &RiskInputs, k: usize) -> Found {
    let plan = &*inputs.plan;
    let (item, stock, forecast) = (&plan.items[k], &plan.stock[k], plan.forecasts[k].best());
    let times = Times::new(item, forecast.start.frequency().days());
    let policy = stock_policy(item, inputs.policy);
    let walk = |disturbance: &Disturbance| walk_disturbed(forecast, item, &policy, disturbance);
    let paths = walk(&Disturbance::default());
    let is_due = stock.next_order().is_some_and(|o| o.order_period == forecast.start);
    let waiting = if is_due { one_period_later(&paths, walk) } else { 0.0 };
    let lead = times.whole_lead();
    let short = risk::short_risk(&paths, lead);
    let (unit_loss, basis) = LossBasis::of(item);
    let history = plan.panel.get(&forecast.id).map_or(&[][..], |s| &s.values);
    let orders = order_paths(item, stock, forecast, history, times);
    let cases = replayed(inputs, k, history, times);
    let bullwhip = orders.bullwhip();
    let item = ItemRisk {
        id: forecast.id.clone(),
        unit_loss,
        basis,
        stockout: short.stockout,
        short: short.short,
        lead,
        run_out: short.run_out,
        run_out_at: short.run_out_at,
        short_before: short.short_before,
        waiting,
        bullwhip,
    };
    Found { item, orders, cases }
}

/// Units more short when what is ordered in the first period leaves one period later.
fn one_period_later(paths: &StockPaths, walk: impl Fn(&Disturbance) -> StockPaths) -> f64 {
    let late = walk(&Disturbance { supply_stops: std::iter::once(0..1).collect(), ..Disturbance::default() });
    (late.mean_short() - paths.mean_short()).max(0.0)
}

fn replayed(inputs: &RiskInputs, k: usize, history: &[f64], times: Times) -> Vec<ReplayCase> {
    let (item, stock) = (&inputs.plan.items[k], &inputs.plan.stock[k]);
    let lot = LotRule::of(item);
    let policy = ReplayPolicy {
        lead: times.whole_lead(),
        cover: times.lead + times.review,
        review: times.whole_review(),
        service_level: item.service_level,
        safety: item.safety_stock.filter(|s| s.is_finite()),
        lot: (stock.max_level - stock.active_reorder_point()).max(0.0),
    };
    // Every item has draws of its own, the same in every run.
    let options = ReplayOptions {
        seed: inputs.seed.wrapping_add((k as u64).wrapping_mul(0x9e37_79b9)),
        ..ReplayOptions::default()
    };
    risk::replay(history, &policy, &options, |wish| lot.round_up(wish))
}
