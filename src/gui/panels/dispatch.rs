//! *Dispatch*: what ships from where to whom, against which limits, and what those are worth.

use super::forecast::side_ui;
use super::stock_levers::{find, nice, push_lever};
use super::{flows, nothing_yet_ui};
use crate::gui::context::{Ask, Cx, compact};
use crate::gui::dialogs::Purpose;
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, Palette, size, space};
use crate::gui::widgets::{
    EmptyState, Entry, LeverRow, Mark, PeriodAxis, Tile, Tone, card_ui, empty_ui, legend_ui, lever_ui, plot, remark_ui,
    section_ui, tiles_ui,
};
use crate::model::{Change, DispatchPlan, Lever, Limit, Network, Period, Plan, Scope, ShadowPrice, SolveStatus};
use crate::report::{dispatch_notes_table, dispatch_table, loads_table, prices_table};
use egui::{ComboBox, Ui};
use egui_plot::{Line, LineStyle, PlotPoints, Points};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the panel remembers.
#[derive(Default)]
pub(super) struct View {
    period: Option<Period>,
    below: Below,
    /// Names that the user clicked away in the legend.
    hidden: BTreeSet<String>,
}

/// Which table stands below the charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Below {
    #[default]
    Shipments,
    Loads,
    Prices,
    Notes,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if cx.session.project().network.is_empty() {
            return no_network_ui(ui, cx);
        }
        let Some(plan) = cx.session.plan().cloned() else { return nothing_yet_ui(ui, cx) };
        let Some(dispatch) = plan.dispatch.clone() else { return nothing_yet_ui(ui, cx) };
        side_ui(ui, "dispatch side", |ui| {
            prices_ui(ui, cx, &dispatch);
            ui.add_space(space::S);
            levers_ui(ui, cx, &plan.network, &dispatch);
        });
        self.head_ui(ui, cx, &dispatch);
        let height = (ui.available_height() * 0.6).max(220.0);
        let (whole, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), height), egui::Sense::hover());
        let (left, right) = whole.split_left_right_at_x(whole.left() + 0.56 * whole.width());
        let part =
            |rect: egui::Rect| egui::UiBuilder::new().max_rect(rect).layout(egui::Layout::top_down(egui::Align::Min));
        ui.scope_builder(part(left.with_max_x(left.right() - space::S)), |ui| {
            flows::show_ui(ui, cx, &plan.network, &dispatch, self.period, height);
        });
        ui.scope_builder(part(right), |ui| {
            loads_ui(ui, cx, &plan.network, &dispatch, &mut self.hidden, height);
        });
        self.tables_ui(ui, cx, &plan, &dispatch);
    }

    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, dispatch: &DispatchPlan) {
        let money = |en, zh| cx.words.with_unit(cx.t(en, zh), &cx.money());
        let units = |en, zh| cx.words.with_unit(cx.t(en, zh), cx.units());
        let (status, tone) = match dispatch.status {
            SolveStatus::Optimal => (cx.t("Optimal", "最优"), Tone::Good),
            SolveStatus::TimeLimit => (cx.t("Time ran out", "超时"), Tone::Warning),
            SolveStatus::Infeasible => (cx.t("Infeasible", "无可行解"), Tone::Bad),
        };
        let gap = format!("{} {}", cx.t("gap", "差距"), cx.percent(dispatch.gap()));
        let bound = format!("{} {}", cx.t("Proven lower bound:", "已证明的下界："), cx.number(dispatch.bound, 2));
        let note = if dispatch.gap() > 0.0 { gap } else { "●".to_owned() };
        let shipped: f64 = dispatch.shipments.iter().map(|s| s.quantity).sum();
        let trips: f64 = dispatch.trips.iter().map(|t| t.count).sum();
        let unmet = dispatch.unmet_quantity();
        tiles_ui(
            ui,
            &[
                Tile::new(cx.t("Plan", "计划"), status).note(Some((note, tone))).why(bound),
                Tile::new(money("Cost", "费用"), compact(dispatch.objective, cx.language())),
                Tile::new(units("Shipped", "发运"), compact(shipped, cx.language())),
                Tile::new(cx.t("Trips", "车次"), cx.number(trips, 0)),
                Tile::new(units("Unmet", "未满足需求"), compact(unmet, cx.language()))
                    .note((unmet > 0.0).then(|| ("●".to_owned(), Tone::Bad))),
            ],
        );
        for conflict in &dispatch.conflicts {
            remark_ui(ui, cx.words.of(conflict), Tone::Bad);
        }
        ui.horizontal(|ui| {
            ui.label(style::weak(ui, cx.t("Flows in", "流量期间")));
            let all = cx.t("all periods", "全部期间");
            let mut periods: Vec<Period> = dispatch.loads.iter().map(|l| l.period).collect();
            periods.sort();
            periods.dedup();
            if self.period.is_some_and(|p| !periods.contains(&p)) {
                self.period = None;
            }
            let current = self.period.map_or_else(|| all.to_owned(), Period::label);
            let combo = ComboBox::from_id_salt("period").selected_text(current.clone()).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.period, None, all);
                for period in periods {
                    ui.selectable_value(&mut self.period, Some(period), period.label());
                }
            });
            name_combo(&combo.response, cx.t("Flows in", "流量期间"), &current);
            if cx.is_updating() {
                ui.label(style::caption(ui, cx.t("updating…", "更新中…")));
            }
            let hint = cx.t("Width: units shipped. Point at a flow to read it", "线宽表示发运数量；指向线条查看详情");
            ui.label(style::caption(ui, hint));
        });
    }

    fn tables_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, plan: &Arc<Plan>, dispatch: &Arc<DispatchPlan>) {
        let options = [
            (Below::Shipments, cx.t("Shipments", "发运明细"), "dispatch"),
            (Below::Loads, cx.t("Loads", "负荷"), "loads"),
            (Below::Prices, cx.t("Shadow prices", "影子价格"), "prices"),
            (Below::Notes, cx.t("Notes", "说明"), "dispatch_notes"),
        ];
        cx.choose_table_ui(ui, &mut self.below, &options);
        let network = &plan.network;
        match self.below {
            Below::Shipments => {
                cx.plan_table_ui(ui, "dispatch", plan, |p| dispatch_table(dispatch, network, &p.currency))
            }
            Below::Loads => cx.plan_table_ui(ui, "loads", plan, |_| loads_table(dispatch)),
            Below::Prices => cx.plan_table_ui(ui, "prices", plan, |p| prices_table(dispatch, network, &p.currency)),
            Below::Notes => cx.plan_table_ui(ui, "notes", plan, |p| dispatch_notes_table(dispatch, &p.currency)),
        };
    }
}

fn no_network_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let empty = EmptyState {
        title: cx.t("No delivery network yet", "尚无配送网络"),
        body: cx.t(
            "Open a workbook or a folder of CSV files with sites, customers, lanes and vehicles; the forecast is then shipped over it at least cost.",
            "打开包含仓库、客户、线路和车辆的工作簿或 CSV 文件夹；系统将以最低成本按预测发运。",
        ),
        actions: &[cx.t("Open network…", "打开配送网络…")],
    };
    if empty_ui(ui, empty).is_some() {
        cx.asks.push(Ask::Open(Purpose::Network));
    }
}

/// Load per period and site, capacities as broken lines.
fn loads_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    network: &Network,
    dispatch: &DispatchPlan,
    hidden: &mut BTreeSet<String>,
    height: f32,
) {
    let palette = Palette::of(ui);
    let Some(start) = dispatch.loads.iter().map(|l| l.period).min() else { return };
    let axis = PeriodAxis::new(start);
    let y_title = cx.words.with_unit(cx.t("Load against capacity", "负荷与能力"), cx.units());
    let mut loads: BTreeMap<&str, Vec<[f64; 2]>> = BTreeMap::new();
    for load in &dispatch.loads {
        loads.entry(&load.site).or_default().push([axis.x(load.period), load.load]);
    }
    let sites = network.sites.iter().enumerate();
    let mut entries: Vec<Entry> = sites.map(|(k, s)| Entry::new(&*s.name, palette.series(k), Mark::Line)).collect();
    entries.push(Entry::new(cx.t("Capacity", "能力"), palette.weak, Mark::Dashed));
    let top = ui.cursor().top();
    legend_ui(ui, &entries, hidden);
    let height = height - (ui.cursor().top() - top);
    let shows_capacity = !hidden.contains(cx.t("Capacity", "能力"));
    let span = dispatch.loads.iter().map(|l| axis.x(l.period)).fold(0.0, f64::max);
    plot("loads", ui, cx.words, axis, &y_title).height(height).include_y(0.0).show(ui, |plot| {
        for (k, site) in network.sites.iter().enumerate().filter(|(_, s)| !hidden.contains(&*s.name)) {
            let color = palette.series(k);
            let mut points = loads.remove(&*site.id).unwrap_or_default();
            points.sort_by(|a, b| a[0].total_cmp(&b[0]));
            plot.points(Points::new("", points.clone()).color(color).radius(2.5).allow_hover(false).id(("dots", k)));
            plot.line(Line::new(&*site.name, points).color(color).width(size::LINE).id(("load", k)));
            if let Some(capacity) = site.capacity.filter(|_| shows_capacity) {
                let ends = PlotPoints::from(vec![[-0.5, capacity], [span + 0.5, capacity]]);
                let line = Line::new("", ends).color(color).style(LineStyle::dashed_dense()).width(size::THIN_LINE);
                plot.line(line.id(("capacity", k)));
            }
        }
    });
}

/// The dearest limits in words.
fn prices_ui(ui: &mut Ui, cx: &Cx<'_>, dispatch: &DispatchPlan) {
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, cx.t("What the limits are worth", "约束的价值"));
        let is_capacity = |p: &ShadowPrice| !matches!(p.limit, Limit::Demand { .. });
        let mut shown = dearest(dispatch, is_capacity, 5);
        if shown.is_empty() {
            let words =
                cx.t("No capacity binds: more of it would save nothing.", "没有能力约束起作用：增加能力不会节省费用。");
            ui.label(style::weak(ui, words));
            shown = dearest(dispatch, |_| true, 3);
        }
        for (price, more) in shown {
            let also = crate::text!("(and in {more} other periods)", "（另有 {more} 个期间）");
            let also = if more > 0 { &also } else { &crate::words::Text::default() };
            remark_ui(ui, cx.words.of(&price.sentence.then(also)), Tone::Neutral);
        }
        if dispatch.has_alternatives {
            let words = cx.t("Another plan costs the same.", "存在费用相同的其他方案。");
            remark_ui(ui, words, Tone::Neutral);
        }
    });
}

/// The dearest price of each limit, dearest first, and in how many other periods the limit has one.
fn dearest(dispatch: &DispatchPlan, test: impl Fn(&ShadowPrice) -> bool, most: usize) -> Vec<(&ShadowPrice, usize)> {
    let mut found: Vec<(&ShadowPrice, usize)> = Vec::new();
    for price in dispatch.prices.iter().filter(|p| test(p)) {
        match found.iter().position(|(p, _)| p.limit == price.limit) {
            Some(k) => found[k].1 += 1,
            None if found.len() < most => found.push((price, 0)),
            None => {}
        }
    }
    found
}

/// Capacity per site, and the cost of all lanes.
fn levers_ui(ui: &mut Ui, cx: &mut Cx<'_>, network: &Network, dispatch: &DispatchPlan) {
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, cx.t("What if", "如果……"));
        let scenario = cx.session.project().active_scenario();
        let base = cx.session.project().network.clone();
        let moved = find(scenario, Lever::LaneCost, &Scope::All);
        let row = LeverRow {
            label: cx.t("Cost of all lanes", "全部线路成本"),
            unit: "%",
            value: if let Some(Change::Scale(k)) = moved { 100.0 * k } else { 100.0 },
            base: 100.0,
            range: 0.0..=300.0,
            most: 10_000.0,
            decimals: 0,
            is_moved: moved.is_some(),
            hint: "",
        };
        if let Some(moved) = lever_ui(ui, cx.words, &row) {
            push_lever(cx, Lever::LaneCost, Scope::All, moved, |value| Change::Scale(value / 100.0));
        }
        for (site, now) in base.sites.iter().zip(&network.sites) {
            let scope = Scope::Site(site.id.clone());
            let label = format!("{}, {}", cx.t("Capacity", "能力"), site.name);
            let peak = dispatch.loads.iter().filter(|l| l.site == site.id).map(|l| l.load).fold(0.0, f64::max);
            let from = site.capacity.unwrap_or(peak);
            // The lever follows the scenario as it is set, not the plan, which lags behind by a computation.
            let value = match find(scenario, Lever::SiteCapacity, &scope) {
                Some(Change::Set(x)) => x,
                _ => now.capacity.unwrap_or(peak),
            };
            let row = LeverRow {
                label: &label,
                unit: cx.t("units a period", "件/期"),
                value,
                base: from,
                range: 0.0..=nice((2.0 * from).max(1.0)),
                most: 1e9,
                decimals: 0,
                is_moved: find(scenario, Lever::SiteCapacity, &scope).is_some(),
                hint: if site.capacity.is_none() {
                    cx.t("Unlimited in the base", "基准方案中无上限")
                } else {
                    ""
                },
            };
            if let Some(moved) = lever_ui(ui, cx.words, &row) {
                push_lever(cx, Lever::SiteCapacity, scope, moved, Change::Set);
            }
        }
        let words = cx.t("Dispatch is solved again when you let go.", "松开滑块后重新求解调运计划。");
        ui.label(style::caption(ui, words));
    });
}
