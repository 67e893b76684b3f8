//! *Network*: why a network over all items forecasts what it does for the item shown, and *what if*.

use super::{nothing_ui, what_if};
use crate::gui::context::Cx;
use crate::gui::style::{self, Palette, space};
use crate::gui::widgets::{Fall, Tone, heat_strip_ui, remark_ui, segmented_ui, waterfall_ui};
use crate::model::{AttentionStrip, NetworkExplanation};
use crate::session::{Command, Focus, NetworkExplained, networks};
use crate::text;
use crate::words::figure;
use egui::{DragValue, Label, RichText, ScrollArea, TextStyle, Ui, WidgetInfo};

/// What the page remembers.
#[derive(Debug, Default)]
pub(super) struct View {
    /// The network that the user picked.
    network: Option<String>,
    /// Which period is taken apart, from 1; 0 is their sum.
    period: usize,
    what_if: what_if::View,
}

/// Share of the forecast by which the parts' sum may miss it: rounding.
const ROUNDING: f64 = 1e-4;
/// Smallest difference that is written out.
const LEAST: f64 = 1e-3;
/// Periods named that attention was most on.
const NAMED: usize = 3;

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        let session = cx.session;
        let names = session.trained_networks();
        let Some(name) = self.shown(&names, focus) else {
            let words = if cx.is_updating() {
                cx.t("The forecasts are being made anew.", "正在重新计算预测。")
            } else {
                cx.t(
                    "No network over all items was trained for these forecasts. Train one under \"Networks over all items\" at the right; then this page says why it forecasts what it does.",
                    "当前预测未训练全商品神经网络。请在右侧“全商品神经网络”中训练，之后此页将说明其预测的缘由。",
                )
            };
            return nothing_ui(ui, words);
        };
        let known = networks();
        let label = |name: &&str| {
            known.iter().find(|k| k.name == *name).map_or((*name).to_owned(), |k| cx.words.of(&k.label).to_owned())
        };
        let labels: Vec<String> = names.iter().map(label).collect();
        if let [one] = &labels[..] {
            ui.label(style::caption(ui, one));
        } else {
            let options: Vec<(&str, &str)> = names.iter().zip(&labels).map(|(n, l)| (*n, l.as_str())).collect();
            if let Some(picked) = segmented_ui(ui, name, &options) {
                self.network = Some(picked.to_owned());
            }
        }
        let explanation = match session.network_explanation(name) {
            NetworkExplained::Missing => return cx.push(Command::ExplainNetwork(name.into())),
            NetworkExplained::Working => return nothing_ui(ui, cx.t("Working…", "正在计算…")),
            NetworkExplained::Failed(why) => return nothing_ui(ui, cx.words.of(why)),
            NetworkExplained::Ready(explanation) => explanation.clone(),
        };
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            self.parts_ui(ui, cx, &explanation);
            ui.add_space(space::S);
            attention_ui(ui, cx, &explanation);
            ui.add_space(space::S);
            self.what_if.show_ui(ui, cx, &explanation);
        });
    }

    /// The network picked, the one that the item uses, or the last.
    fn shown<'a>(&self, names: &[&'a str], focus: &Focus) -> Option<&'a str> {
        let named = |wanted: &str| names.iter().copied().find(|n| *n == wanted);
        let picked = self.network.as_deref().and_then(named);
        picked.or_else(|| named(&focus.series.best().model)).or_else(|| names.last().copied())
    }

    /// The forecast as a sum.
    fn parts_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, explanation: &NetworkExplanation) {
        self.period = self.period.min(explanation.steps());
        ui.horizontal(|ui| {
            let title = cx.t("What the network's forecast is made of", "网络预测的构成");
            let own = if explanation.asks_theta() {
                cx.t("Level, season and Theta's forecast stay the item's own.", "水平、季节与 Theta 预测始终取自该商品。")
            } else {
                cx.t("Level and season stay the item's own.", "水平与季节始终取自该商品。")
            };
            let parts = cx.t(
                " The usual answer is what the network makes of other windows of the panel on average; each part after it is the Shapley value of a group of inputs. Together they are the network's mean forecast, before anything is reconciled or overridden.",
                "“通常回答”是网络对其他窗口的平均回答；其后各项为各输入组的 Shapley 值。各项之和即网络的均值预测（协调与人工调整之前）。",
            );
            ui.label(RichText::new(cx.words.with_unit(title, cx.units())).text_style(TextStyle::Heading))
                .on_hover_text(format!("{own}{parts}"));
            self.period_ui(ui, cx, explanation);
        });
        let spacing = ui.spacing().item_spacing;
        ui.scope(|ui| waterfall_ui(ui, &self.falls(Palette::of(ui), cx, explanation)));
        ui.spacing_mut().item_spacing = spacing;
        ui.add_space(space::XS);
        self.check_ui(ui, cx, explanation);
    }

    fn period_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, explanation: &NetworkExplanation) {
        let (start, steps) = (explanation.start, explanation.steps());
        let whole = cx.t("all periods", "全部期间");
        let step = |ui: &mut Ui, arrow: &str, label: &str, can: bool| {
            let response = ui.add_enabled(can, egui::Button::new(arrow));
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, can, label));
            response.clicked()
        };
        if step(ui, "←", cx.t("Previous period of the network's forecast", "网络预测的上一期"), self.period > 0)
        {
            self.period -= 1;
        }
        let label = cx.t("Period of the network's forecast", "网络预测的期间");
        let field = DragValue::new(&mut self.period)
            .range(0..=steps)
            .speed(0.1)
            .custom_formatter(move |k, _| if k < 1.0 { whole.to_owned() } else { start.plus(k as i64 - 1).label() })
            .custom_parser(move |typed| {
                let period = crate::model::Period::parse(typed).filter(|p| p.frequency() == start.frequency());
                period.map(|p| p.since(start) as f64 + 1.0)
            });
        let response = ui.add(field);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, label));
        if step(ui, "→", cx.t("Next period of the network's forecast", "网络预测的下一期"), self.period < steps)
        {
            self.period += 1;
        }
    }

    /// Of values per step, what the period shown has.
    fn value(&self, by_step: &[f64]) -> f64 {
        match self.period.checked_sub(1) {
            Some(step) => by_step.get(step).copied().unwrap_or(0.0),
            None => by_step.iter().sum(),
        }
    }

    fn falls(&self, palette: &Palette, cx: &Cx<'_>, explanation: &NetworkExplanation) -> Vec<Fall> {
        let mut parts =
            vec![(cx.t("Level and season alone", "仅水平与季节").to_owned(), self.value(&explanation.level))];
        if explanation.asks_theta() {
            parts.push((
                cx.t("What Theta's forecast adds", "Theta 预测带来的变化").to_owned(),
                self.value(&explanation.theta),
            ));
        }
        parts.push((cx.t("The network's usual answer", "网络的通常回答").to_owned(), self.value(&explanation.usual)));
        let known = parts.len();
        let of = |c: &crate::model::Contribution| (cx.words.own(c.of.label()), self.value(&c.by_step));
        parts.extend(explanation.contributions.iter().map(of));
        let largest = parts.iter().fold(0.0_f64, |m, (_, v)| m.max(v.abs()));
        let decimals = decimals(largest);
        let mut sum = 0.0;
        let mut falls: Vec<Fall> = Vec::with_capacity(parts.len() + 1);
        for (k, (name, value)) in parts.into_iter().enumerate() {
            let from = sum;
            sum += value;
            let sign = if k > 0 && value > 0.0 { "+" } else { "" };
            let color = match k {
                _ if k < known => palette.weak,
                _ if value < 0.0 => palette.series(1),
                _ => palette.series(2),
            };
            let figure = format!("{sign}{}", cx.number(value, decimals));
            let note = so_far(cx, &name, &figure, &cx.number(sum, decimals));
            falls.push(Fall { name, from, to: sum, figure, note, color, is_total: false });
        }
        let forecast = self.value(&explanation.forecast);
        let (name, figure) = (cx.t("The network's forecast", "网络预测").to_owned(), cx.number(forecast, decimals));
        let (note, color) = (String::new(), palette.accent);
        falls.push(Fall { name, from: 0.0, to: forecast, figure, note, color, is_total: true });
        falls
    }

    /// That the parts add up, in numbers.
    fn check_ui(&self, ui: &mut Ui, cx: &Cx<'_>, explanation: &NetworkExplanation) {
        let forecast = self.value(&explanation.forecast);
        let sums: Vec<f64> = (0..explanation.steps()).map(|h| explanation.sum(h)).collect();
        let sum = self.value(&sums);
        let decimals = decimals(forecast.abs());
        let (sum_text, forecast_text) = (cx.number(sum, decimals), cx.number(forecast, decimals));
        let off = (forecast - sum).abs();
        let off_text = if off < LEAST { "< 0.001".to_owned() } else { figure(off) };
        let adds_up = off <= ROUNDING * forecast.abs().max(1e-9);
        let windows = explanation.references;
        let check = text!(
            "Check: the parts add up to {sum_text}, the forecast is {forecast_text}, difference {off_text}. An input that isn't known is taken from {windows} windows of other items and times.",
            "校验：各项之和为 {sum_text}，预测为 {forecast_text}，相差 {off_text}。未知的输入取自其他商品和时间的 {windows} 个窗口。"
        );
        let check = match explanation.sampling {
            Some(sampling) => {
                let (orders, error) = (sampling.orders, figure(sampling.error));
                check.then(&text!(
                    "There are too many groups to try all their subsets: {orders} orders were sampled, standard error {error} at most.",
                    "输入组过多，无法穷尽其子集：抽取了 {orders} 个次序，标准误至多 {error}。"
                ))
            }
            None => check,
        };
        remark_ui(ui, &cx.words.own(check), if adds_up { Tone::Good } else { Tone::Bad });
    }
}

/// What the pointer is told of a summand.
pub(super) fn so_far(cx: &Cx<'_>, name: &str, figure: &str, sum: &str) -> String {
    let units = cx.units();
    let all = cx.words.own(text!("Sum so far: {sum} {units}", "累计：{sum} {units}"));
    format!("{name}: {figure} {units}\n{all}")
}

/// What the network looked at, or that it looks at nothing in particular.
fn attention_ui(ui: &mut Ui, cx: &Cx<'_>, explanation: &NetworkExplanation) {
    let title = cx.t("What its attention looked at", "注意力所关注的历史");
    let Some(strip) = &explanation.attention else {
        let words = cx.t(
            "Attention is off in this network. Switch it on for an LSTM under the expert settings and train again: a strip then shows how much each past period counts.",
            "该网络未启用注意力。请在专家设置中为 LSTM 启用并重新训练：届时将以色带显示各历史期的权重。",
        );
        ui.add(Label::new(style::caption(ui, words)).wrap());
        return;
    };
    ui.label(RichText::new(title).text_style(TextStyle::Heading));
    let said = said(cx, strip);
    let name = |k: usize| strip.start.plus(k as i64).label();
    heat_strip_ui(ui, &strip.weights, name, |w| cx.percent(w), &format!("{title}: {said}"));
    ui.add(Label::new(style::caption(ui, said)).wrap());
}

/// The periods that counted most.
fn said(cx: &Cx<'_>, strip: &AttentionStrip) -> String {
    let mut order: Vec<usize> = (0..strip.weights.len()).collect();
    order.sort_by(|a, b| strip.weights[*b].total_cmp(&strip.weights[*a]));
    let one = |k: &usize| format!("{} ({})", strip.start.plus(*k as i64), cx.percent(strip.weights[*k]));
    let most: Vec<String> = order.iter().take(NAMED).map(one).collect();
    let (en, zh) = (most.join(", "), most.join("、"));
    let even = cx.percent(1.0 / strip.weights.len().max(1) as f64);
    cx.words.own(text!("Most on {en}; spread evenly it would be {even} each", "最关注 {zh}；若均匀分布则各为 {even}"))
}

/// Digits after the point for values of a size.
pub(super) fn decimals(size: f64) -> u8 {
    match size {
        x if x >= 10_000.0 => 0,
        x if x >= 100.0 => 1,
        _ => 2,
    }
}
