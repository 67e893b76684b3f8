//! *Risk*: what needs somebody, what it would cost, and what disruptions would do.

mod cards;
mod disruptions;
mod loss;
mod quality;
mod queue;
mod thresholds;

use super::nothing_yet_ui;
use crate::gui::context::{Cx, compact};
use crate::gui::style::{self, space};
use crate::gui::widgets::{Tile, Tone, remark_ui, tiles_ui};
use crate::model::{AlertState, Risk, alert_state};
use crate::report::{Table, bullwhip_table};
use crate::session::{Command, RiskShown};
use crate::text;
use egui::{Label, Ui};
use std::sync::Arc;

/// What the panel remembers.
#[derive(Default)]
pub(super) struct View {
    page: Page,
    queue: queue::View,
    disruptions: disruptions::View,
    quality: quality::View,
    bullwhip: Option<(Arc<Risk>, Table)>,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Page {
    #[default]
    Alerts,
    Loss,
    Disruptions,
    Bullwhip,
    Quality,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if cx.session.plan().is_none() {
            return nothing_yet_ui(ui, cx);
        }
        let is_coming = match cx.session.risk() {
            RiskShown::Missing => {
                cx.push(Command::AssessRisk);
                true
            }
            RiskShown::Working => true,
            RiskShown::Failed(why) => {
                remark_ui(ui, cx.words.of(why), Tone::Bad);
                false
            }
            RiskShown::Ready(_) => false,
        };
        let Some((risk, plan)) = cx.session.latest_risk().cloned().zip(cx.session.risk_plan().cloned()) else {
            return waiting_ui(ui, cx);
        };
        tiles_ui(ui, &tiles(cx, &risk));
        ui.add_space(space::XS);
        let options = [
            (Page::Alerts, cx.t("Alerts", "预警"), "alerts"),
            (Page::Loss, cx.t("Expected loss", "期望损失"), "expected_loss"),
            (Page::Disruptions, cx.t("Disruptions", "中断情形"), "disrupted_items"),
            (Page::Bullwhip, cx.t("Bullwhip", "牛鞭效应"), "bullwhip"),
            (Page::Quality, cx.t("Alert quality", "预警质量"), "alert_score"),
        ];
        ui.horizontal(|ui| {
            cx.choose_table_ui(ui, &mut self.page, &options);
            if is_coming {
                ui.label(style::caption(ui, cx.t("updating…", "更新中…")));
            }
        });
        match self.page {
            Page::Alerts => self.queue.show_ui(ui, cx, &risk, &plan),
            Page::Loss => loss::show_ui(ui, cx, &risk),
            Page::Disruptions => self.disruptions.show_ui(ui, cx, &risk, &plan),
            Page::Bullwhip => self.bullwhip_ui(ui, cx, &risk),
            Page::Quality => self.quality.show_ui(ui, cx, &risk),
        }
    }

    fn bullwhip_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, risk: &Arc<Risk>) {
        if let Some(all) = risk.base.groups.first() {
            ui.add(Label::new(bullwhip_words(cx, &all.bullwhip)).wrap());
        }
        let hint = cx.t(
            "Variance of orders ÷ variance of demand on the sample paths, under the plan's policy with levels that follow the forecast (Chen et al. 2000). The columns to the right take one cause away at a time.",
            "样本路径上订货方差 ÷ 需求方差，按计划的策略且水平随预测更新（Chen 等 2000）。右侧各列依次去除一个原因。",
        );
        ui.add(Label::new(style::caption(ui, hint)).wrap());
        if self.bullwhip.as_ref().is_none_or(|(of, _)| !Arc::ptr_eq(of, risk)) {
            self.bullwhip = Some((risk.clone(), bullwhip_table(risk)));
        }
        if let Some((_, table)) = &self.bullwhip {
            cx.table_ui(ui, "bullwhip", table, &|_| false);
        }
    }
}

fn bullwhip_words(cx: &Cx<'_>, all: &crate::model::Bullwhip) -> String {
    let Some(ratio) = all.ratio else {
        return cx
            .t("Demand doesn't vary: there is nothing to compare orders with.", "需求没有波动，无从比较。")
            .to_owned();
    };
    let ratio = cx.number(ratio, 2);
    match all.main_cause() {
        Some((cause, left)) => {
            let (name, left) = (cause.label(), cx.number(left, 2));
            let (en, zh) = (name.en.to_lowercase(), &name.zh);
            cx.words.own(text!(
                "All items together order {ratio} times as variably as customers buy; without {en} it would be {left} times",
                "全部商品合计，订货波动是需求波动的 {ratio} 倍；若去除“{zh}”，则为 {left} 倍"
            ))
        }
        None => cx.words.own(text!(
            "All items together order {ratio} times as variably as customers buy",
            "全部商品合计，订货波动是需求波动的 {ratio} 倍"
        )),
    }
}

fn waiting_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let words = cx.t("Assessing risk…", "正在评估风险…");
    let job = cx.session.risk_job();
    ui.label(style::weak(ui, words));
    if let Some(job) = job {
        ui.add(egui::ProgressBar::new(job.fraction as f32).desired_width(style::size::SIDE));
        ui.label(style::caption(ui, cx.words.of(&job.stage)));
    }
}

fn tiles(cx: &Cx<'_>, risk: &Risk) -> Vec<Tile> {
    let money = |en, zh| cx.words.with_unit(cx.t(en, zh), &cx.money());
    let open = || {
        let is_open = |a: &&crate::model::Alert| alert_state(&risk.marks, a, risk.start) == AlertState::Open;
        risk.alerts.iter().filter(is_open)
    };
    let stake: f64 = open().map(|a| a.money).sum::<f64>() + 0.0;
    let tied: f64 = open().map(|a| a.tied_up).sum::<f64>() + 0.0;
    let worst = risk
        .disruptions
        .iter()
        .chain(&risk.together)
        .map(|r| r.money)
        .fold(None, |m: Option<f64>, x| Some(m.map_or(x, |m| m.max(x))));
    let ratio = risk.base.groups.first().and_then(|g| g.bullwhip.ratio);
    let dash = || "–".to_owned();
    vec![
        Tile::new(money("Expected loss", "期望损失"), compact(risk.total_loss(), cx.language())).why(cx.t(
            "Stock-out probability × units short when stock runs out × money lost per unit (shortage cost, else margin), summed over items and periods",
            "缺货概率 × 缺货时的缺口 × 单位损失（缺货成本，否则毛利），对商品与期间求和",
        )),
        Tile::new(cx.t("Open alerts", "待处理预警"), open().count().to_string()),
        Tile::new(money("At stake", "涉及金额"), compact(stake, cx.language())).why(cx.t(
            "Alerts of one item overlap: the sum orders the work, it isn't the loss",
            "同一商品的预警会重叠：合计用于排序，并非损失总额",
        )),
        Tile::new(money("Tied up", "占用资金"), compact(tied, cx.language())),
        Tile::new(money("Worst card", "最严重情形"), worst.map_or_else(dash, |x| compact(x, cx.language()))),
        Tile::new(cx.t("Bullwhip", "牛鞭效应"), ratio.map_or_else(dash, |x| format!("× {}", cx.number(x, 2)))).why(cx.t(
            "Variance of all orders ÷ variance of all demand",
            "总订货方差 ÷ 总需求方差",
        )),
    ]
}
