//! Scenarios as they stand in files and on the command line.

use super::sales::SeriesId;
use super::scenario::{Lever, Scope};

/// Levers by their names in files.
const LEVERS: [(&str, Lever); 26] = [
    ("demand", Lever::Demand),
    ("lead_time_days", Lever::LeadTimeDays),
    ("lead_time_sd_days", Lever::LeadTimeSdDays),
    ("review_period_days", Lever::ReviewPeriodDays),
    ("service_level", Lever::ServiceLevel),
    ("safety_stock", Lever::SafetyStock),
    ("max_level", Lever::MaxLevel),
    ("moq", Lever::Moq),
    ("unit_cost", Lever::UnitCost),
    ("holding_rate", Lever::HoldingRate),
    ("shortage_cost", Lever::ShortageCost),
    ("order_cost", Lever::OrderCost),
    ("price", Lever::Price),
    ("policy", Lever::Policy),
    ("safety_basis", Lever::SafetyBasis),
    ("fill_rate", Lever::FillRate),
    ("cover_days", Lever::CoverDays),
    ("order_quantity", Lever::OrderQuantity),
    ("multiple", Lever::Multiple),
    ("shelf_life_days", Lever::ShelfLifeDays),
    ("on_hand", Lever::OnHand),
    ("supplier_payment_days", Lever::SupplierPaymentDays),
    ("customer_payment_days", Lever::CustomerPaymentDays),
    ("demand_delay", Lever::DemandDelay),
    ("lane_cost", Lever::LaneCost),
    ("site_capacity", Lever::SiteCapacity),
];

impl Lever {
    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        LEVERS.iter().find(|(_, lever)| *lever == self).map_or("", |(name, _)| name)
    }

    /// The lever by its name; hyphens count as underscores, case aside.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.replace('-', "_");
        LEVERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name)).map(|(_, lever)| *lever)
    }
}

impl Scope {
    /// As it stands in files: `all`, `item:CODE`, `item:CODE@LOCATION`, `category:NAME`, `site:CODE`, `lane:SITE>CUSTOMER`. An
    /// @ in a location's own name isn't told from the one before it.
    pub fn name(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            // The last @ parts item and location: a code with one of its own says so.
            Self::Series(id) if id.location.is_empty() && !id.item.contains('@') => format!("item:{}", id.item),
            Self::Series(id) => format!("item:{}@{}", id.item, id.location),
            Self::Category(name) => format!("category:{name}"),
            Self::Site(code) => format!("site:{code}"),
            Self::Lane(from, to) => format!("lane:{from}>{to}"),
        }
    }

    /// The scope that [`name`](Self::name) writes; nothing is `all`.
    pub fn parse(name: &str) -> Option<Self> {
        if name.is_empty() || name.eq_ignore_ascii_case("all") {
            return Some(Self::All);
        }
        let (kind, of) = name.split_once(':')?;
        match kind.to_lowercase().as_str() {
            "item" => {
                let (item, location) = of.rsplit_once('@').unwrap_or((of, ""));
                Some(Self::Series(SeriesId::new(item, location)))
            }
            "category" => Some(Self::Category(of.into())),
            "site" => Some(Self::Site(of.into())),
            "lane" => of.split_once('>').map(|(from, to)| Self::Lane(from.into(), to.into())),
            _ => None,
        }
    }
}
