//! The window's words, in both languages.
//!
//! A sentence that an engine says arrives as [`Text`]; a label that only the window knows is said here or, where it
//! occurs once, at its place with [`Words::t`], the English beside the Chinese.

use crate::model::{Change, Frequency, Lever, Scope};
use crate::session::{Device, Returns, Role, Theme};
use crate::words::{Language, Text};

/// Speaks the user's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words(pub(super) Language);

impl Words {
    /// A fixed label.
    pub(super) fn t(self, en: &'static str, zh: &'static str) -> &'static str {
        match self.0 {
            Language::English => en,
            Language::Chinese => zh,
        }
    }

    /// A sentence from an engine.
    pub(super) fn of(self, text: &Text) -> &str {
        text.get(self.0)
    }

    /// A sentence made here.
    pub(super) fn own(self, text: Text) -> String {
        match self.0 {
            Language::English => text.en,
            Language::Chinese => text.zh,
        }
    }

    /// "Label (unit)"; the label alone when there is no unit.
    pub(super) fn with_unit(self, label: &str, unit: &str) -> String {
        match (unit.is_empty(), self.0) {
            (true, _) => label.to_owned(),
            (false, Language::English) => format!("{label} ({unit})"),
            (false, Language::Chinese) => format!("{label}（{unit}）"),
        }
    }
}

/// The name of a lever.
pub(super) fn lever(lever: Lever) -> Text {
    match lever {
        Lever::Demand => Text::new("Demand", "需求"),
        Lever::LeadTimeDays => Text::new("Lead time", "提前期"),
        Lever::LeadTimeSdDays => Text::new("Lead-time deviation", "提前期标准差"),
        Lever::ReviewPeriodDays => Text::new("Review period", "盘点周期"),
        Lever::ServiceLevel => Text::new("Service level", "服务水平"),
        Lever::SafetyStock => Text::new("Safety stock", "安全库存"),
        Lever::MaxLevel => Text::new("Max level", "最高库存"),
        Lever::Moq => Text::new("Minimum order", "最小订货量"),
        Lever::UnitCost => Text::new("Unit cost", "单位成本"),
        Lever::HoldingRate => Text::new("Holding rate", "持有费率"),
        Lever::ShortageCost => Text::new("Shortage cost", "缺货成本"),
        Lever::OrderCost => Text::new("Order cost", "订货成本"),
        Lever::Price => Text::new("Sales price", "售价"),
        Lever::Policy => Text::new("Policy", "补货策略"),
        Lever::SafetyBasis => Text::new("Safety stock for", "安全库存依据"),
        Lever::FillRate => Text::new("Target fill rate", "目标满足率"),
        Lever::CoverDays => Text::new("Days of cover", "覆盖天数"),
        Lever::OrderQuantity => Text::new("Order quantity", "订货批量"),
        Lever::Multiple => Text::new("Order multiple", "订货倍数"),
        Lever::ShelfLifeDays => Text::new("Shelf life", "保质期"),
        Lever::OnHand => Text::new("Stock on hand", "现有库存"),
        Lever::SupplierPaymentDays => Text::new("Supplier payment days", "供应商账期"),
        Lever::CustomerPaymentDays => Text::new("Customer payment days", "客户账期"),
        Lever::DemandDelay => Text::new("Demand delay", "需求推迟"),
        Lever::LaneCost => Text::new("Lane cost", "线路成本"),
        Lever::SiteCapacity => Text::new("Site capacity", "仓库能力"),
    }
}

/// Where a lever is moved.
pub(super) fn scope(scope: &Scope) -> Text {
    match scope {
        Scope::All => Text::new("everything", "全部"),
        Scope::Series(id) => Text::same(id.to_string()),
        Scope::Category(name) => Text::new(format!("category {name}"), format!("类别 {name}")),
        Scope::Site(id) => Text::new(format!("site {id}"), format!("仓库 {id}")),
        Scope::Lane(from, to) => Text::same(format!("{from} → {to}")),
    }
}

/// What a lever does to the base value.
pub(super) fn change(change: Change, lever: Lever) -> Text {
    let share = matches!(lever, Lever::ServiceLevel | Lever::FillRate | Lever::HoldingRate);
    let number = |x: f64| if share { format!("{}%", short(100.0 * x)) } else { short(x) };
    match change {
        Change::Set(x) => Text::same(format!("= {}", number(x))),
        Change::Scale(k) => Text::same(format!("× {}", short(k))),
        Change::Add(d) if d < 0.0 => Text::same(format!("− {}", number(-d))),
        Change::Add(d) => Text::same(format!("+ {}", number(d))),
        Change::Policy(policy) => policy.label(),
        Change::Basis(basis) => basis.label(),
        Change::Clear => Text::new("not set", "不设定"),
    }
}

fn short(x: f64) -> String {
    let text = format!("{x:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What a column of a sales file holds.
pub(super) fn role(role: Role) -> Text {
    match role {
        Role::Date => Text::new("Date", "日期"),
        Role::Item => Text::new("Item", "商品"),
        Role::Location => Text::new("Location", "地点"),
        Role::Region => Text::new("Region", "区域"),
        Role::Quantity => Text::new("Quantity", "数量"),
        Role::Price => Text::new("Price", "价格"),
    }
}

/// The name of a period length; "guessed" when none is set.
pub(super) fn frequency(frequency: Option<Frequency>) -> Text {
    frequency.map_or_else(
        || Text::new("Guess", "自动判断"),
        |f| {
            let Text { en, zh } = f.label();
            let mut letters = en.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            Text::new(first + letters.as_str(), zh)
        },
    )
}

/// What happens to negative quantities.
pub(super) fn returns(returns: Returns) -> Text {
    match returns {
        Returns::Net => Text::new("Subtract from sales", "从销量中扣除"),
        Returns::Drop => Text::new("Leave out and list", "剔除并列出"),
    }
}

/// Where a network is trained.
pub(super) fn device(device: Device) -> Text {
    match device {
        Device::Auto => Text::new("Best available", "自动选择"),
        Device::Cpu => Text::same("CPU"),
        Device::Cuda => Text::same("CUDA"),
        Device::Metal => Text::same("Metal"),
    }
}

/// Light or dark.
pub(super) fn theme(theme: Theme) -> Text {
    match theme {
        Theme::System => Text::new("As the system", "跟随系统"),
        Theme::Light => Text::new("Light", "浅色"),
        Theme::Dark => Text::new("Dark", "深色"),
    }
}

/// A model's name for people; its own name when nobody knows it better.
pub(super) fn model_label(words: Words, model: &str) -> String {
    let (head, order) = model.split_at(model.find('(').unwrap_or(model.len()));
    let known = crate::session::models();
    match known.iter().find(|m| m.name == head) {
        Some(known) if order.is_empty() => words.of(&known.label).to_owned(),
        Some(known) => format!("{} {order}", words.of(&known.label)),
        None => model.to_owned(),
    }
}
