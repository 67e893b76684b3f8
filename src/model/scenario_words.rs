//! Levers, scopes and changes in words.

use super::scenario::{Change, Lever, Scope, Seen};
use crate::words::Text;

/// Name of the scenario without overrides, until the user renames it.
pub const BASE: &str = "Base";

/// A scenario's name for people: the base's is the program's own word, so it is translated.
pub fn scenario_label(name: &str) -> Text {
    if name == BASE { Text::new(BASE, "基准方案") } else { Text::same(name) }
}

impl Lever {
    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Demand => Text::new("Demand", "需求"),
            Self::LeadTimeDays => Text::new("Lead time", "提前期"),
            Self::LeadTimeSdDays => Text::new("Lead-time deviation", "提前期标准差"),
            Self::ReviewPeriodDays => Text::new("Review period", "盘点周期"),
            Self::ServiceLevel => Text::new("Service level", "服务水平"),
            Self::SafetyStock => Text::new("Safety stock", "安全库存"),
            Self::MaxLevel => Text::new("Max level", "最高库存"),
            Self::Moq => Text::new("Minimum order", "最小订货量"),
            Self::UnitCost => Text::new("Unit cost", "单位成本"),
            Self::HoldingRate => Text::new("Holding rate", "持有费率"),
            Self::ShortageCost => Text::new("Shortage cost", "缺货成本"),
            Self::OrderCost => Text::new("Order cost", "订货成本"),
            Self::Price => Text::new("Sales price", "售价"),
            Self::Policy => Text::new("Policy", "补货策略"),
            Self::SafetyBasis => Text::new("Safety stock for", "安全库存依据"),
            Self::FillRate => Text::new("Target fill rate", "目标满足率"),
            Self::CoverDays => Text::new("Days of cover", "覆盖天数"),
            Self::OrderQuantity => Text::new("Order quantity", "订货批量"),
            Self::Multiple => Text::new("Order multiple", "订货倍数"),
            Self::ShelfLifeDays => Text::new("Shelf life", "保质期"),
            Self::OnHand => Text::new("Stock on hand", "现有库存"),
            Self::SupplierPaymentDays => Text::new("Supplier payment days", "供应商账期"),
            Self::CustomerPaymentDays => Text::new("Customer payment days", "客户账期"),
            Self::DemandDelay => Text::new("Demand delay", "需求推迟"),
            Self::LaneCost => Text::new("Lane cost", "线路成本"),
            Self::SiteCapacity => Text::new("Site capacity", "仓库能力"),
        }
    }

    /// True for a lever whose values are shares, shown in percent.
    pub fn is_share(self) -> bool {
        matches!(self, Self::ServiceLevel | Self::FillRate | Self::HoldingRate)
    }

    /// A value of the lever for people.
    fn value(self, x: f64) -> String {
        if self.is_share() { format!("{}%", short(100.0 * x)) } else { short(x) }
    }
}

impl Scope {
    /// Where, for people.
    pub fn label(&self) -> Text {
        match self {
            Self::All => Text::new("everything", "全部"),
            Self::Series(id) => Text::same(id.to_string()),
            Self::Category(name) => Text::new(format!("category {name}"), format!("类别 {name}")),
            Self::Site(id) => Text::new(format!("site {id}"), format!("仓库 {id}")),
            Self::Lane(from, to) => Text::same(format!("{from} → {to}")),
        }
    }
}

impl Change {
    /// What it does to a lever's base value, for people.
    pub fn label(self, lever: Lever) -> Text {
        match self {
            Self::Set(x) => Text::same(format!("= {}", lever.value(x))),
            Self::Scale(k) => Text::same(format!("× {}", short(k))),
            Self::Add(d) if d < 0.0 => Text::same(format!("− {}", lever.value(-d))),
            Self::Add(d) => Text::same(format!("+ {}", lever.value(d))),
            Self::Policy(policy) => policy.label(),
            Self::Basis(basis) => basis.label(),
            Self::Clear => Text::new("not set", "不设定"),
            Self::Base => Text::new("as in the base", "与基准相同"),
        }
    }
}

impl Seen {
    /// What the base was, for people.
    pub fn label(self, lever: Lever) -> Text {
        match self {
            Self::Unknown => Text::new("not known", "未知"),
            Self::Unset => Text::new("not set", "未设定"),
            Self::Value(x) => Text::same(lever.value(x)),
            Self::Policy(policy) => policy.label(),
            Self::Basis(basis) => basis.label(),
            Self::Gone => Text::new("not in the data", "数据中没有"),
        }
    }
}

/// A number without trailing zeros, small ones with the digits that tell them from nothing.
fn short(x: f64) -> String {
    let decimals = if x != 0.0 && x.abs() < 0.1 { 6 } else { 3 };
    let text = format!("{x:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
