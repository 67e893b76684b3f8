//! What all items together hold, serve and cost: the figures that follow a slider over everything.

use serde::{Deserialize, Serialize};

/// Totals over all items under one scenario, transport excluded. Money is that of the horizon where not said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct PortfolioTotals {
    /// Items at locations.
    pub series: usize,
    /// Forecast demand, units.
    pub demand: f64,
    /// Forecast demand × unit cost, money.
    pub demand_value: f64,
    /// Mean simulated stock × unit cost, money.
    pub stock_value: f64,
    /// Safety stock × unit cost, money.
    pub safety_value: f64,
    /// Share of demand served from stock, weighted by units, in `[0, 1]`; 1 without demand.
    pub fill_rate: f64,
    /// The same, weighted by units × unit cost.
    pub value_fill_rate: f64,
    /// Items more likely than not to run out.
    pub likely_stockouts: usize,
    /// Expected units short.
    pub shortage: f64,
    /// Orders proposed.
    pub orders: f64,
    /// Value of the orders to place in the first period, money.
    pub order_now: f64,
    /// Goods bought, money.
    pub purchase: f64,
    /// Orders placed, money.
    pub ordering: f64,
    /// Stock held, money.
    pub holding: f64,
    /// Demand not served, money.
    pub shortage_cost: f64,
}

impl PortfolioTotals {
    /// Purchase, ordering, holding and shortage together, money.
    pub fn total_cost(&self) -> f64 {
        self.purchase + self.ordering + self.holding + self.shortage_cost
    }

    /// What decisions about stock change: ordering, holding and shortage, money.
    pub fn stock_cost(&self) -> f64 {
        self.ordering + self.holding + self.shortage_cost
    }

    /// One figure.
    pub fn get(&self, figure: PortfolioFigure) -> f64 {
        match figure {
            PortfolioFigure::TotalCost => self.total_cost(),
            PortfolioFigure::StockCost => self.stock_cost(),
            PortfolioFigure::StockValue => self.stock_value,
            PortfolioFigure::FillRate => self.fill_rate,
            PortfolioFigure::ShortageCost => self.shortage_cost,
            PortfolioFigure::OrderNow => self.order_now,
            PortfolioFigure::Orders => self.orders,
        }
    }
}

/// A figure that may be looked at, swept or sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PortfolioFigure {
    /// Purchase, ordering, holding and shortage.
    TotalCost,
    /// Ordering, holding and shortage.
    StockCost,
    /// Mean stock × unit cost.
    StockValue,
    /// Share of demand served from stock.
    FillRate,
    /// Demand not served.
    ShortageCost,
    /// Value of the orders of the first period.
    OrderNow,
    /// Orders proposed.
    Orders,
}

impl PortfolioFigure {
    /// All figures, in the order they are offered.
    pub const ALL: [Self; 7] = [
        Self::StockCost,
        Self::TotalCost,
        Self::StockValue,
        Self::FillRate,
        Self::ShortageCost,
        Self::OrderNow,
        Self::Orders,
    ];

    /// The name for people.
    pub fn label(self) -> crate::words::Text {
        use crate::words::Text;
        match self {
            Self::TotalCost => Text::new("Cost without transport", "不含运输的成本"),
            Self::StockCost => Text::new("Ordering, holding and shortage cost", "订货、持有与缺货成本"),
            Self::StockValue => Text::new("Stock value", "库存金额"),
            Self::FillRate => Text::new("Fill rate", "满足率"),
            Self::ShortageCost => Text::new("Shortage cost", "缺货成本"),
            Self::OrderNow => Text::new("Orders of the first period", "首期订单金额"),
            Self::Orders => Text::new("Orders proposed", "建议订单数"),
        }
    }

    /// The name of its column in files.
    pub fn key(self) -> &'static str {
        match self {
            Self::TotalCost => "total_cost",
            Self::StockCost => "stock_cost",
            Self::StockValue => "stock_value",
            Self::FillRate => "fill_rate",
            Self::ShortageCost => "shortage_cost",
            Self::OrderNow => "order_now",
            Self::Orders => "orders",
        }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::TotalCost => "total-cost",
            Self::StockCost => "stock-cost",
            Self::StockValue => "stock-value",
            Self::FillRate => "fill-rate",
            Self::ShortageCost => "shortage-cost",
            Self::OrderNow => "order-now",
            Self::Orders => "orders",
        }
    }

    /// The figure by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.name() == name)
    }

    /// True for money.
    pub fn is_money(self) -> bool {
        !matches!(self, Self::FillRate | Self::Orders)
    }
}
