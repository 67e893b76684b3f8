//! What the made-up wholesaler sells. Codes, names and figures are invented.

use Pattern::{Discontinued, Intermittent, New, Promoted, Season, Shift, Steady, Trend};

/// How an item's demand behaves, besides its category's season.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Pattern {
    /// Only noise.
    Steady,
    /// Grows by this share a year (shrinks when negative).
    Trend(f64),
    /// The category's season, this much stronger.
    Season(f64),
    /// Sold at a discount for a week, this many times a year.
    Promoted(usize),
    /// Sold in a week with this probability only.
    Intermittent(f64),
    /// Listed this many weeks before the end of the history.
    New(usize),
    /// Delisted after this week, counted from 0.
    Discontinued(usize),
    /// From this week on the level is multiplied.
    Shift(usize, f64),
}

/// A group of items with a common season and a common supplier.
pub(crate) struct Category {
    pub(crate) name: &'static str,
    /// Demand by month, January first, around 1.
    pub(crate) season: [f64; 12],
    /// Purchase cost as a share of the price.
    pub(crate) cost_share: f64,
    /// Supplier's lead time, days, and its standard deviation.
    pub(crate) lead_time: (f64, f64),
    /// Cost of placing an order, EUR.
    pub(crate) order_cost: f64,
    /// Items: code, name, price in EUR, units a week in all warehouses, units in a carton, pattern.
    pub(crate) items: [(&'static str, &'static str, f64, f64, f64, Pattern); 10],
}

pub(crate) const CATEGORIES: [Category; 6] = [
    Category {
        name: "Coffee",
        season: [1.08, 1.06, 1.02, 0.98, 0.95, 0.90, 0.85, 0.88, 0.98, 1.03, 1.10, 1.17],
        cost_share: 0.62,
        lead_time: (28.0, 5.0),
        order_cost: 90.0,
        items: [
            ("COF-001", "House espresso 1 kg", 16.90, 310.0, 12.0, Steady),
            ("COF-002", "Crema beans 1 kg", 15.50, 260.0, 12.0, Trend(0.10)),
            ("COF-003", "Filter roast 500 g", 8.40, 240.0, 24.0, Promoted(5)),
            ("COF-004", "Decaf espresso 500 g", 9.20, 85.0, 24.0, Trend(0.16)),
            ("COF-005", "Organic Sidamo 250 g", 7.90, 95.0, 24.0, Steady),
            ("COF-006", "Capsules lungo, 50", 14.50, 150.0, 20.0, Shift(96, 1.45)),
            ("COF-007", "Capsules ristretto, 50", 14.50, 130.0, 20.0, Promoted(4)),
            ("COF-008", "Instant classic 200 g", 6.30, 120.0, 24.0, Trend(-0.14)),
            ("COF-009", "Cold brew concentrate 1 l", 11.80, 48.0, 12.0, New(22)),
            ("COF-010", "Descaler for machines 1 l", 12.60, 6.0, 6.0, Intermittent(0.35)),
        ],
    },
    Category {
        name: "Tea",
        season: [1.30, 1.22, 1.08, 0.92, 0.80, 0.70, 0.65, 0.68, 0.88, 1.10, 1.28, 1.39],
        cost_share: 0.55,
        lead_time: (35.0, 7.0),
        order_cost: 90.0,
        items: [
            ("TEA-001", "English breakfast, 100 bags", 6.90, 190.0, 24.0, Season(1.0)),
            ("TEA-002", "Earl Grey, 100 bags", 7.20, 140.0, 24.0, Season(1.0)),
            ("TEA-003", "Green sencha 250 g", 9.80, 75.0, 12.0, Trend(0.08)),
            ("TEA-004", "Peppermint, 50 bags", 3.90, 160.0, 24.0, Promoted(4)),
            ("TEA-005", "Rooibos vanilla 250 g", 8.60, 60.0, 12.0, Season(1.2)),
            ("TEA-006", "Winter spice, 50 bags", 5.20, 105.0, 24.0, Season(1.9)),
            ("TEA-007", "Fruit blend, 50 bags", 4.10, 120.0, 24.0, Steady),
            ("TEA-008", "Jasmine pearls 100 g", 12.90, 9.0, 6.0, Intermittent(0.45)),
            ("TEA-009", "Iced tea syrup 1 l", 7.40, 55.0, 12.0, Season(-1.3)),
            ("TEA-010", "White tea 100 g", 13.50, 5.0, 6.0, Intermittent(0.30)),
        ],
    },
    Category {
        name: "Kitchen",
        season: [0.85, 0.85, 0.90, 0.95, 0.98, 0.95, 0.90, 0.88, 0.95, 1.05, 1.30, 1.44],
        cost_share: 0.52,
        lead_time: (42.0, 8.0),
        order_cost: 150.0,
        items: [
            ("KIT-001", "Glass jug 1.5 l", 12.90, 70.0, 6.0, Season(1.0)),
            ("KIT-002", "Stoneware mug 350 ml", 5.90, 210.0, 12.0, Promoted(4)),
            ("KIT-003", "Espresso cup set of 6", 24.90, 55.0, 4.0, Season(1.2)),
            ("KIT-004", "French press 1 l", 29.90, 45.0, 4.0, Season(1.3)),
            ("KIT-005", "Pour-over dripper", 18.50, 30.0, 6.0, Trend(0.18)),
            ("KIT-006", "Milk frother", 34.90, 38.0, 4.0, Season(1.5)),
            ("KIT-007", "Electric kettle 1.7 l", 39.90, 42.0, 2.0, Shift(118, 0.62)),
            ("KIT-008", "Hand grinder", 44.90, 16.0, 2.0, Trend(0.09)),
            ("KIT-009", "Grinder burrs, spare", 19.90, 3.0, 2.0, Intermittent(0.25)),
            ("KIT-010", "Cast-iron teapot 0.8 l", 49.90, 8.0, 2.0, Intermittent(0.50)),
        ],
    },
    Category {
        name: "Cleaning",
        season: [1.02, 1.00, 1.18, 1.15, 1.05, 0.98, 0.92, 0.90, 0.98, 1.00, 0.95, 0.87],
        cost_share: 0.66,
        lead_time: (7.0, 2.0),
        order_cost: 35.0,
        items: [
            ("CLN-001", "All-purpose cleaner 1 l", 3.40, 280.0, 12.0, Steady),
            ("CLN-002", "Dish soap 500 ml", 2.60, 340.0, 20.0, Promoted(5)),
            ("CLN-003", "Dishwasher tabs, 60", 11.20, 190.0, 8.0, Promoted(6)),
            ("CLN-004", "Kitchen roll, 8", 5.80, 260.0, 4.0, Steady),
            ("CLN-005", "Bin bags 35 l, 50", 4.20, 170.0, 20.0, Steady),
            ("CLN-006", "Microfibre cloths, 10", 8.90, 85.0, 10.0, Trend(0.07)),
            ("CLN-007", "Window cleaner 750 ml", 3.90, 110.0, 12.0, Season(1.6)),
            ("CLN-008", "Steel wool, 12", 2.90, 60.0, 24.0, Trend(-0.18)),
            ("CLN-009", "Floor squeegee 45 cm", 16.80, 4.0, 2.0, Intermittent(0.30)),
            ("CLN-010", "Scented candles, 4", 9.90, 70.0, 6.0, Discontinued(120)),
        ],
    },
    Category {
        name: "Garden",
        season: [0.25, 0.45, 1.10, 1.75, 1.95, 1.70, 1.35, 1.05, 0.85, 0.60, 0.40, 0.55],
        cost_share: 0.58,
        lead_time: (14.0, 4.0),
        order_cost: 60.0,
        items: [
            ("GAR-001", "Potting soil 20 l", 6.90, 210.0, 5.0, Season(1.0)),
            ("GAR-002", "Plant feed 1 l", 5.40, 120.0, 12.0, Season(1.0)),
            ("GAR-003", "Terracotta pot 18 cm", 4.80, 140.0, 8.0, Season(1.0)),
            ("GAR-004", "Watering can 10 l", 12.90, 48.0, 6.0, Season(1.1)),
            ("GAR-005", "Garden gloves", 6.20, 90.0, 12.0, Trend(0.06)),
            ("GAR-006", "Pruning shears", 22.50, 30.0, 6.0, Season(0.9)),
            ("GAR-007", "Bird feed 2.5 kg", 7.80, 95.0, 8.0, Season(-1.1)),
            ("GAR-008", "Herb seeds, set of 6", 9.60, 42.0, 20.0, Season(1.2)),
            ("GAR-009", "Hose connector", 7.20, 9.0, 10.0, Intermittent(0.40)),
            ("GAR-010", "Raised bed, larch", 89.00, 5.0, 1.0, Intermittent(0.35)),
        ],
    },
    Category {
        name: "Stationery",
        season: [1.00, 0.88, 0.85, 0.85, 0.88, 0.95, 1.20, 1.65, 1.35, 0.90, 0.80, 0.69],
        cost_share: 0.50,
        lead_time: (10.0, 2.0),
        order_cost: 35.0,
        items: [
            ("STA-001", "Copy paper A4, 500", 4.90, 360.0, 5.0, Steady),
            ("STA-002", "Ballpoint pens, 20", 7.50, 130.0, 10.0, Season(1.0)),
            ("STA-003", "Exercise book A5, 10", 6.80, 150.0, 10.0, Season(1.5)),
            ("STA-004", "Sticky notes, 12", 8.20, 95.0, 12.0, Steady),
            ("STA-005", "Highlighters, 6", 5.60, 80.0, 12.0, Season(1.1)),
            ("STA-006", "Ring binder A4", 3.20, 140.0, 20.0, Trend(-0.10)),
            ("STA-007", "Notebook, dotted", 11.90, 65.0, 10.0, Trend(0.12)),
            ("STA-008", "Packing tape, 6", 9.40, 85.0, 6.0, Shift(74, 1.35)),
            ("STA-009", "Laminating film, 100", 17.90, 5.0, 5.0, Intermittent(0.40)),
            ("STA-010", "Wall planner 2027", 8.50, 60.0, 10.0, New(11)),
        ],
    },
];

/// Warehouse code and its share of the demand.
pub(crate) const WAREHOUSES: [(&str, f64); 3] = [("HAM", 0.42), ("LYS", 0.32), ("WRO", 0.26)];
