//! The map of flows: sites, customers, and what goes between them.

use crate::gui::context::Cx;
use crate::gui::style::{Palette, band, size};
use crate::gui::widgets::{X_LABEL, Y_LABEL, figure_grid};
use crate::model::{Coordinates, DispatchPlan, Network, Period};
use egui::{Align2, Pos2, RichText, TextStyle, Ui, Vec2};
use egui_plot::{Line, MarkerShape, Plot, PlotPoint, PlotPoints, PlotUi, Points, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A lane in use: where from, where to, how much.
#[derive(Debug, Clone)]
struct Flow {
    site: usize,
    customer: usize,
    quantity: f64,
    cost: f64,
}

/// Everything drawn, where it stands.
struct Map {
    sites: Vec<[f64; 2]>,
    customers: Vec<[f64; 2]>,
    flows: Vec<Flow>,
    unmet: BTreeMap<Arc<str>, f64>,
    is_geographic: bool,
}

/// Thinnest and thickest flow, points.
const WIDTHS: (f32, f32) = (1.0, 7.0);
/// How near the pointer must be to a flow to read it, points.
const NEAR: f32 = 8.0;

/// Draws the flows of one period, or of all, in the height given.
pub(super) fn show_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    network: &Network,
    plan: &DispatchPlan,
    period: Option<Period>,
    height: f32,
) {
    let map = Map::new(network, plan, period);
    let palette = Palette::of(ui);
    let (x_title, y_title) = if map.is_geographic {
        (cx.t("Longitude, °", "经度，°"), cx.t("Latitude, °", "纬度，°"))
    } else {
        (cx.t("Schematic: sites left, customers right", "示意图：左为仓库，右为客户"), "")
    };
    let middle = map.sites.iter().chain(&map.customers).map(|p| p[1]).sum::<f64>()
        / (map.sites.len() + map.customers.len()).max(1) as f64;
    let mut plot = Plot::new(("flows", map.is_geographic))
        .height(height)
        .x_axis_label(x_title)
        .y_axis_label(y_title)
        .y_axis_min_width(size::AXIS)
        .show_grid(map.is_geographic)
        .show_axes([map.is_geographic, map.is_geographic])
        .grid_color(palette.outline)
        .show_crosshair(false)
        .x_grid_spacer(|input| figure_grid(&input, X_LABEL))
        .y_grid_spacer(|input| figure_grid(&input, Y_LABEL))
        .set_margin_fraction(Vec2::new(0.06, 0.08))
        .label_formatter(|_| None)
        .allow_scroll(false);
    if map.is_geographic {
        // A degree of longitude is shorter than one of latitude.
        plot = plot.data_aspect(1.0 / middle.to_radians().cos().abs().max(0.2) as f32);
    }
    let response = plot.show(ui, |plot| {
        flows_in(plot, &map, network, palette, cx);
        let pointer = plot.response().hover_pos();
        pointer.and_then(|at| map.under(plot, at, network, cx))
    });
    if let Some(words) = response.inner {
        response.response.on_hover_ui_at_pointer(|ui| {
            ui.label(words);
        });
    }
}

fn flows_in<'a>(plot: &mut PlotUi<'a>, map: &Map, network: &'a Network, palette: &Palette, cx: &Cx<'_>) {
    let most = map.flows.iter().map(|f| f.quantity).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    for flow in &map.flows {
        let share = (flow.quantity / most).sqrt() as f32;
        let (a, b) = (map.sites[flow.site], map.customers[flow.customer]);
        let line = Line::new("", PlotPoints::from(vec![a, b]))
            .color(band(palette.series(flow.site), 0.75))
            .width(WIDTHS.0 + share * (WIDTHS.1 - WIDTHS.0))
            .allow_hover(false)
            .id(("flow", flow.site, flow.customer));
        plot.line(line);
    }
    let customers = Points::new(cx.t("Customer", "客户"), PlotPoints::from(map.customers.clone()));
    plot.points(customers.radius(4.5).color(palette.text).shape(MarkerShape::Circle).allow_hover(false));
    let short: Vec<[f64; 2]> = network
        .customers
        .iter()
        .zip(&map.customers)
        .filter(|(c, _)| map.unmet.contains_key(&c.id))
        .map(|(_, at)| *at)
        .collect();
    if !short.is_empty() {
        let points = Points::new(cx.t("Customer with unmet demand", "需求未满足的客户"), PlotPoints::from(short));
        plot.points(points.radius(7.0).color(palette.bad).shape(MarkerShape::Circle).filled(false).allow_hover(false));
    }
    for (k, (site, at)) in network.sites.iter().zip(&map.sites).enumerate() {
        let points = Points::new(&*site.name, PlotPoints::from(vec![*at]));
        plot.points(
            points.radius(8.0).color(palette.series(k)).shape(MarkerShape::Square).allow_hover(false).id(("site", k)),
        );
        let words = RichText::new(&*site.id).text_style(crate::gui::style::text::strong());
        let text = Text::new("", PlotPoint::new(at[0], at[1]), words).anchor(Align2::LEFT_BOTTOM);
        plot.text(text.color(palette.text));
    }
    if network.customers.len() <= 40 {
        for (customer, at) in network.customers.iter().zip(&map.customers) {
            let words = RichText::new(&*customer.id).text_style(TextStyle::Small);
            let text = Text::new("", PlotPoint::new(at[0], at[1]), words).anchor(Align2::LEFT_TOP);
            plot.text(text.color(palette.weak));
        }
    }
}

impl Map {
    fn new(network: &Network, plan: &DispatchPlan, period: Option<Period>) -> Self {
        let in_time = |p: Period| period.is_none_or(|only| only == p);
        let sites: BTreeMap<&str, usize> = network.sites.iter().enumerate().map(|(k, s)| (&*s.id, k)).collect();
        let customers: BTreeMap<&str, usize> = network.customers.iter().enumerate().map(|(k, c)| (&*c.id, k)).collect();
        let mut sums: BTreeMap<(usize, usize), (f64, f64)> = BTreeMap::new();
        for s in plan.shipments.iter().filter(|s| in_time(s.period)) {
            if let (Some(from), Some(to)) = (sites.get(&*s.from), customers.get(&*s.to)) {
                let sum = sums.entry((*from, *to)).or_default();
                sum.0 += s.quantity;
                sum.1 += s.quantity * s.unit_cost;
            }
        }
        let flow = |((site, customer), (quantity, cost))| Flow { site, customer, quantity, cost };
        let mut unmet: BTreeMap<Arc<str>, f64> = BTreeMap::new();
        for u in plan.unmet.iter().filter(|u| in_time(u.period)) {
            *unmet.entry(u.customer.clone()).or_default() += u.quantity;
        }
        let site_places: Option<Vec<[f64; 2]>> = network.sites.iter().map(|s| place(s.coordinates)).collect();
        let customer_places: Option<Vec<[f64; 2]>> = network.customers.iter().map(|c| place(c.coordinates)).collect();
        let is_geographic = site_places.is_some() && customer_places.is_some();
        let (site_places, customer_places) = site_places
            .zip(customer_places)
            .unwrap_or_else(|| (column(0.0, network.sites.len()), column(1.0, network.customers.len())));
        Self {
            sites: site_places,
            customers: customer_places,
            flows: sums.into_iter().map(flow).collect(),
            unmet,
            is_geographic,
        }
    }

    /// What stands under the pointer, in words: a site, a customer, or the nearest flow.
    fn under(&self, plot: &PlotUi<'_>, at: Pos2, network: &Network, cx: &Cx<'_>) -> Option<String> {
        let on_screen = |p: [f64; 2]| plot.screen_from_plot(PlotPoint::new(p[0], p[1]));
        let near = |p: &[f64; 2]| on_screen(*p).distance(at) < NEAR + 3.0;
        let amount = |sum: f64| format!("{} {}", cx.number(sum, 0), cx.units());
        let shipped =
            |test: &dyn Fn(&Flow) -> bool| -> f64 { self.flows.iter().filter(|f| test(f)).map(|f| f.quantity).sum() };
        if let Some(k) = self.sites.iter().position(near) {
            let site = &network.sites[k];
            let sum = amount(shipped(&|f| f.site == k));
            return Some(format!("{} ({})\n{}: {sum}", site.name, site.id, cx.t("Shipped", "发运")));
        }
        if let Some(k) = self.customers.iter().position(near) {
            let customer = &network.customers[k];
            let sum = amount(shipped(&|f| f.customer == k));
            let mut lines = vec![format!("{} ({})", customer.name, customer.id)];
            lines.push(format!("{}: {sum}", cx.t("Received", "收货")));
            let unmet = self.unmet.get(&customer.id);
            lines.extend(unmet.map(|u| format!("{}: {}", cx.t("Unmet", "未满足"), amount(*u))));
            return Some(lines.join("\n"));
        }
        let distance = |f: &Flow| to_segment(at, on_screen(self.sites[f.site]), on_screen(self.customers[f.customer]));
        let nearest = self.flows.iter().map(|f| (distance(f), f)).min_by(|a, b| a.0.total_cmp(&b.0));
        let (_, flow) = nearest.filter(|(d, _)| *d < NEAR)?;
        let (from, to) = (&network.sites[flow.site].name, &network.customers[flow.customer].name);
        let cost = format!("{} {}", cx.number(flow.cost, 2), cx.money());
        let quantity = amount(flow.quantity);
        Some(format!("{from} → {to}\n{quantity}\n{}: {cost}", cx.t("Cost per unit, summed", "按件费用合计")))
    }
}

fn place(coordinates: Option<Coordinates>) -> Option<[f64; 2]> {
    coordinates.map(|c| [c.longitude, c.latitude])
}

/// Evenly spaced from top to bottom, when nobody said where things are.
fn column(x: f64, count: usize) -> Vec<[f64; 2]> {
    (0..count).map(|k| [x, -((k as f64 + 0.5) / count as f64)]).collect()
}

fn to_segment(p: Pos2, a: Pos2, b: Pos2) -> f32 {
    let (ab, ap) = (b - a, p - a);
    let along = if ab.length_sq() > 0.0 { (ap.dot(ab) / ab.length_sq()).clamp(0.0, 1.0) } else { 0.0 };
    (a + along * ab).distance(p)
}
