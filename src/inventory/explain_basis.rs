//! What safety stock is made for, and what the reorder point in force gives of each measure, in words.

use super::decide::Numbers;
use super::explain::{computed as by_us, from_forecast, input, is, lead_sd, periods, source, units};
use super::inputs::Inputs;
use super::safety_basis::{critical_ratio, cycle_length, service_for_cost};
use super::safety_stock::normal_quantile;
use crate::model::{Item, ItemField, Policy, SafetyBasis, ServiceAchieved, ShortageRule, Why, WhyInput};
use crate::text;
use crate::words::Text;

/// Formula, inputs and remark of a safety stock that the engine computed.
pub(super) fn computed(item: &Item, inputs: &Inputs, numbers: &Numbers) -> (&'static str, Vec<WhyInput>, Text) {
    match inputs.basis {
        _ if inputs.policy == Policy::Newsvendor => newsvendor(item, inputs, numbers),
        SafetyBasis::CycleService => cycle_service(item, inputs, numbers),
        SafetyBasis::FillRate => fill_rate(item, inputs, numbers),
        SafetyBasis::ShortageCost => shortage_cost(item, inputs, numbers),
        SafetyBasis::Cover => cover(item, inputs, numbers),
    }
}

fn spread(item: &Item, inputs: &Inputs, numbers: &Numbers) -> [WhyInput; 3] {
    [
        input("σ_P", text!("Deviation of demand", "需求标准差"), numbers.need.sd, units(), from_forecast()),
        input("d", text!("Demand per period", "每期需求"), numbers.need.per_period, units(), from_forecast()),
        lead_sd(item, inputs),
    ]
}

fn quantile_of(level: f64, source: Text) -> WhyInput {
    let shown = super::explain::number(level * 100.0);
    let name = text!("Normal quantile of the service level {shown} %", "服务水平 {shown}% 的正态分位数");
    input("z", name, normal_quantile(level), Text::default(), source)
}

type Explained = (&'static str, Vec<WhyInput>, Text);

fn cycle_service(item: &Item, inputs: &Inputs, numbers: &Numbers) -> Explained {
    let stated = source(item, ItemField::ServiceLevel, is(inputs.service_level, 0.95));
    let mut used = vec![quantile_of(inputs.service_level, stated)];
    used.extend(spread(item, inputs, numbers));
    let note = text!(
        "For a service level per order cycle; σ_P is the deviation of demand over the protection interval on the \
         forecast's sample paths (Silver, Pyke & Thomas 2017)",
        "按每个订货周期的服务水平计算；σ_P 为预测样本路径在保护期内需求的标准差（Silver, Pyke & Thomas 2017）"
    );
    ("z·√(σ_P² + d²·σ_L²)", used, note)
}

fn fill_rate(item: &Item, inputs: &Inputs, numbers: &Numbers) -> Explained {
    let stated = source(item, ItemField::FillRate, is(inputs.fill_rate, 0.98));
    let lot = numbers.lot.quantity();
    let mut used = vec![input("β", text!("Target fill rate", "目标满足率"), inputs.fill_rate, Text::default(), stated)];
    used.extend(spread(item, inputs, numbers));
    used.push(input("Q", text!("Units per order", "每次订货量"), lot, units(), by_us()));
    let note = text!(
        "The least stock at which a share β of demand is served: n is the normal loss function of demand over the \
         protection interval (Silver, Pyke & Thomas 2017). Large lots need little of it",
        "使需求满足比例达到 β 的最小库存：n 为保护期需求的正态损失函数（Silver, Pyke & Thomas 2017）。批量大则所需很少"
    );
    ("min S: 1 − [n(s) − n(s+Q)]/Q ≥ β", used, note)
}

fn shortage_cost(item: &Item, inputs: &Inputs, numbers: &Numbers) -> Explained {
    let lot = numbers.lot.quantity();
    let Some(level) = service_for_cost(inputs, lot) else {
        let (formula, used, _) = cycle_service(item, inputs, numbers);
        let note = text!(
            "Meant for the shortage cost, but that or the holding cost isn't known: the service level counts until both \
             are given",
            "本应按缺货成本计算，但缺货成本或持有成本未知：在填写之前按服务水平计算"
        );
        return (formula, used, note);
    };
    let mut used = vec![quantile_of(level, by_us())];
    used.extend(spread(item, inputs, numbers));
    used.extend(cost_inputs(item, inputs, lot));
    let note = match inputs.shortage {
        ShortageRule::LostSales => text!(
            "Where one more unit held costs what it saves: a cycle's chance to run short is h·T/(p + h·T), lost sales \
             (Silver, Pyke & Thomas 2017)",
            "多存一件的成本等于其节省时最优：每周期缺货概率为 h·T/(p + h·T)，缺货即丢单（Silver, Pyke & Thomas 2017）"
        ),
        ShortageRule::Backorder => text!(
            "Where one more unit held costs what it saves: a cycle's chance to run short is h·T/p, demand waits (Silver, \
             Pyke & Thomas 2017)",
            "多存一件的成本等于其节省时最优：每周期缺货概率为 h·T/p，缺货可补交（Silver, Pyke & Thomas 2017）"
        ),
    };
    ("z·√(σ_P² + d²·σ_L²)", used, note)
}

fn cost_inputs(item: &Item, inputs: &Inputs, lot: f64) -> [WhyInput; 3] {
    let money = || text!("money", "金额");
    let short = source(item, ItemField::ShortageCost, false);
    let holding = source(item, ItemField::HoldingRate, is(item.holding_rate, 0.20));
    [
        input("p", text!("Cost of one unit short", "单位缺货成本"), inputs.shortage_cost, money(), short),
        input(
            "h",
            text!("Holding cost per unit and period", "每期单位持有成本"),
            inputs.holding_per_period,
            money(),
            holding,
        ),
        input("T", text!("Length of an order cycle", "订货周期长度"), cycle_length(inputs, lot), periods(), by_us()),
    ]
}

fn cover(item: &Item, inputs: &Inputs, numbers: &Numbers) -> Explained {
    let stated = source(item, ItemField::CoverDays, is(item.cover_days, 14.0));
    let days = text!("days", "天");
    let used = vec![
        input("c", text!("Days of cover", "覆盖天数"), inputs.cover * inputs.period_days, days, stated),
        input("d", text!("Demand per period", "每期需求"), numbers.need.per_period, units(), from_forecast()),
        input("b", text!("Length of a period", "每期天数"), inputs.period_days, text!("days", "天"), by_us()),
    ];
    let note = text!(
        "So many days of mean demand, however uncertain it is: what that gives in service stands below",
        "按平均需求的天数计算，不考虑不确定性：其对应的服务水平见下"
    );
    ("c·d/b", used, note)
}

fn newsvendor(item: &Item, inputs: &Inputs, numbers: &Numbers) -> Explained {
    let level = critical_ratio(inputs);
    let money = || text!("money", "金额");
    let short = source(item, ItemField::ShortageCost, false);
    let cost = source(item, ItemField::UnitCost, false);
    let salvage = source(item, ItemField::SalvageValue, is(inputs.salvage, 0.0));
    let used = vec![
        quantile_of(level, by_us()),
        input("σ_P", text!("Deviation of demand", "需求标准差"), numbers.need.sd, units(), from_forecast()),
        input("p", text!("Cost of one unit short", "单位缺货成本"), inputs.shortage_cost, money(), short),
        input("c", text!("Unit cost", "单位成本"), inputs.unit_cost, money(), cost),
        input("v", text!("Value of a unit left over", "剩余单位残值"), inputs.salvage, money(), salvage),
    ];
    let note = text!(
        "Newsvendor: demand of the whole horizon is covered with the critical ratio p/(p + c − v); the service level \
         counts where costs aren't known",
        "报童模型：按临界比 p/(p + c − v) 覆盖整个计划期的需求；成本未知时按服务水平"
    );
    ("z·σ_P", used, note)
}

/// The four measures of the reorder point in force, each with the formula that gives it.
pub(super) fn achieved(achieved: &ServiceAchieved, numbers: &Numbers, inputs: &Inputs) -> Vec<Why> {
    let point = || input("r", text!("Reorder point in force", "生效的再订货点"), numbers.active, units(), by_us());
    let need = [
        input(
            "D_P",
            text!("Demand over the protection interval", "保护期需求"),
            numbers.need.mean,
            units(),
            from_forecast(),
        ),
        input("σ_P", text!("Deviation of demand", "需求标准差"), numbers.need.sd, units(), from_forecast()),
    ];
    let why = |quantity: Text, value: f64, unit: Text, formula: &str, note: Text| Why {
        quantity,
        value,
        unit,
        formula: formula.to_owned(),
        inputs: std::iter::once(point()).chain(need.iter().cloned()).collect(),
        note,
    };
    let percent = || Text::same("%");
    let mut list = vec![
        why(
            text!("Cycle service achieved", "实现的周期服务水平"),
            100.0 * achieved.cycle_service,
            percent(),
            "P(X ≤ r)",
            text!("By formula, normal demand, over the reorder point in force", "按正态需求与生效的再订货点的公式值"),
        ),
        why(
            text!("Fill rate achieved", "实现的满足率"),
            100.0 * achieved.fill_rate,
            percent(),
            "1 − [n(r) − n(r+Q)]/Q",
            text!(
                "By formula; the simulated fill rate starts from the stock on hand now",
                "公式值；模拟满足率从现有库存开始"
            ),
        ),
    ];
    list.extend(achieved.shortage_cost.map(|cost| {
        let formula = if inputs.shortage == ShortageRule::LostSales { "h·T·F/(1 − F)" } else { "h·T/(1 − F)" };
        why(
            text!("Shortage cost implied", "隐含的单位缺货成本"),
            cost,
            text!("money per unit short", "金额/缺货单位"),
            formula,
            text!(
                "The cost of a unit short at which this level is the cheapest",
                "单位缺货成本为此值时，该水平成本最低"
            ),
        )
    }));
    list.extend(achieved.cover_days.map(|days| {
        let note = text!("Safety stock in days of mean demand", "安全库存折合的平均需求天数");
        why(text!("Days of cover achieved", "实现的覆盖天数"), days, text!("days", "天"), "(r − D_P)/d", note)
    }));
    list
}
