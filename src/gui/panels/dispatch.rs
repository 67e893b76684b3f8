//! *Dispatch*: what ships from where to whom, against which limits, and what those are worth.

use super::forecast::side_frame;
use super::stock_levers::{find, nice, push_lever};
use super::{flows, nothing_yet_ui};
use crate::gui::context::{Ask, Cx, compact};
use crate::gui::dialogs::Purpose;
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, Palette, size, space};
use crate::gui::widgets::{
    EmptyState, LeverRow, PeriodAxis, Tile, Tone, card_ui, empty_ui, lever_ui, plot, remark_ui, section_ui,
    segmented_ui, tiles_ui,
};
use crate::model::{Change, DispatchPlan, Lever, Network, Period, Plan, Scope, SolveStatus};
use crate::report::{dispatch_notes_table, dispatch_table, loads_table, prices_table};
use egui::{ComboBox, Panel as Side, ScrollArea, Ui};
use egui_plot::{Bar, BarChart, Line, LineStyle, PlotPoints};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the panel remembers.
#[derive(Default)]
pub(super) struct View {
    period: Option<Period>,
    below: Below,
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
        Side::right("dispatch side").exact_size(size::SIDE).resizable(false).frame(side_frame(ui)).show(ui, |ui| {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                prices_ui(ui, cx, &dispatch);
                ui.add_space(space::S);
                levers_ui(ui, cx, &plan.network, &dispatch);
            });
        });
        self.head_ui(ui, cx, &plan, &dispatch);
        let height = (ui.available_height() * 0.6).max(220.0);
        ui.horizontal_top(|ui| {
            let width = ui.available_width();
            let loads = (width * 0.4).clamp(220.0, 420.0);
            ui.allocate_ui(egui::vec2(width - loads - space::S, height), |ui| {
                flows::show_ui(ui, cx, &plan.network, &dispatch, self.period, height);
            });
            ui.allocate_ui(egui::vec2(loads, height), |ui| loads_ui(ui, cx, &plan.network, &dispatch, height));
        });
        self.tables_ui(ui, cx, &plan, &dispatch);
    }

    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, plan: &Plan, dispatch: &DispatchPlan) {
        let money = |en, zh| cx.words.with_unit(cx.t(en, zh), &cx.money());
        let units = |en, zh| cx.words.with_unit(cx.t(en, zh), cx.units());
        let (status, tone) = match dispatch.status {
            SolveStatus::Optimal => (cx.t("Optimal", "最优"), Tone::Good),
            SolveStatus::TimeLimit => (cx.t("Time ran out", "超时"), Tone::Warning),
            SolveStatus::Infeasible => (cx.t("Infeasible", "无可行解"), Tone::Bad),
        };
        let gap = format!("{} {}", cx.t("gap", "差距"), cx.percent(dispatch.gap()));
        let shipped: f64 = dispatch.shipments.iter().map(|s| s.quantity).sum();
        let trips: f64 = dispatch.trips.iter().map(|t| t.count).sum();
        let unmet = dispatch.unmet_quantity();
        tiles_ui(
            ui,
            &[
                Tile::new(cx.t("Plan", "计划"), status).note(Some((gap, tone))),
                Tile::new(money("Cost", "费用"), compact(dispatch.objective, cx.language())),
                Tile::new(units("Shipped", "发运"), compact(shipped, cx.language())),
                Tile::new(cx.t("Trips", "车次"), cx.number(trips, 0)),
                Tile::new(units("Unmet demand", "未满足需求"), compact(unmet, cx.language()))
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
            if cx.session.is_stale() {
                ui.label(style::caption(ui, cx.t("updating…", "更新中…")));
            }
            let currency = if plan.currency.is_empty() { String::new() } else { format!(", {}", plan.currency) };
            let hint = cx.t("Width: units shipped. Point at a flow to read it", "线宽表示发运数量；指向线条查看详情");
            ui.label(style::caption(ui, format!("{hint}{currency}")));
        });
    }

    fn tables_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, plan: &Arc<Plan>, dispatch: &Arc<DispatchPlan>) {
        let options = [
            (Below::Shipments, cx.t("Shipments", "发运明细")),
            (Below::Loads, cx.t("Loads", "负荷")),
            (Below::Prices, cx.t("Shadow prices", "影子价格")),
            (Below::Notes, cx.t("Notes", "说明")),
        ];
        if let Some(picked) = segmented_ui(ui, self.below, &options) {
            self.below = picked;
        }
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

/// Load per period and site as stacked bars, capacities as lines.
fn loads_ui(ui: &mut Ui, cx: &Cx<'_>, network: &Network, dispatch: &DispatchPlan, height: f32) {
    let palette = Palette::of(ui);
    let Some(start) = dispatch.loads.iter().map(|l| l.period).min() else { return };
    let axis = PeriodAxis::new(start);
    let y_title = cx.words.with_unit(cx.t("Load against capacity", "负荷与能力"), cx.units());
    let count = network.sites.len().max(1) as f64;
    let width = 0.8 / count;
    let mut loads: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for load in &dispatch.loads {
        loads.entry(&load.site).or_default().push((axis.x(load.period), load.load));
    }
    let span = dispatch.loads.iter().map(|l| axis.x(l.period)).fold(0.0, f64::max);
    plot("loads", ui, cx.words, axis, &y_title).height(height).include_y(0.0).show(ui, |plot| {
        for (k, site) in network.sites.iter().enumerate() {
            let color = palette.series(k);
            let shift = (k as f64 + 0.5) * width - 0.4;
            let bars = loads.get(&*site.id).into_iter().flatten();
            let bars = bars.map(|(x, y)| Bar::new(x + shift, *y).width(width * 0.9).name(&*site.name)).collect();
            let label =
                move |bar: &Bar, _: &BarChart| format!("{}\n{}: {:.0}", bar.name, axis.label(bar.argument), bar.value);
            let chart = BarChart::new(&*site.name, bars).color(color).element_formatter(Box::new(label));
            plot.bar_chart(chart.id(("load", k)));
            if let Some(capacity) = site.capacity {
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
        let capacities = |p: &&crate::model::ShadowPrice| !matches!(p.limit, crate::model::Limit::Demand { .. });
        let mut shown: Vec<&crate::model::ShadowPrice> = dispatch.prices.iter().filter(capacities).take(5).collect();
        if shown.is_empty() {
            let words =
                cx.t("No capacity binds: more of it would save nothing.", "没有能力约束起作用：增加能力不会节省费用。");
            ui.label(style::weak(ui, words));
            shown = dispatch.prices.iter().take(3).collect();
        }
        for price in shown {
            remark_ui(ui, cx.words.of(&price.sentence), Tone::Neutral);
        }
        if dispatch.has_alternatives {
            let words = cx.t("Another plan costs the same.", "存在费用相同的其他方案。");
            remark_ui(ui, words, Tone::Neutral);
        }
    });
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
