//! *Cost bridge*: from one scenario's total cost to the other's, by driver and by cause.

use crate::gui::context::{Cx, kpi};
use crate::gui::style::{self, Palette};
use crate::gui::widgets::{Bar, Fall, Tone, bars_ui, card_ui, remark_ui, section_ui, segmented_ui, waterfall_ui};
use crate::model::{CostBridge, CostDriver, Plan};
use crate::report::{bridge_table, driver_key};
use crate::session::{Command, Made};
use egui::Ui;
use std::sync::Arc;

/// What explains the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum By {
    #[default]
    Cause,
    Driver,
}

/// Steps drawn; the table below has all.
const MOST_DRAWN: usize = 12;

pub(super) fn show_ui(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    by: &mut By,
    names: &[String; 2],
    (then, now): (&Arc<Plan>, &Arc<Plan>),
) {
    let options = [(By::Cause, cx.t("By cause", "按原因")), (By::Driver, cx.t("By cost", "按成本项"))];
    if let Some(picked) = segmented_ui(ui, *by, &options) {
        *by = picked;
    }
    if *by == By::Driver {
        return drivers_ui(ui, cx, names, (then, now));
    }
    let bridge = match cx.session.bridge(&names[0], &names[1]) {
        Made::Ready(bridge) => bridge.clone(),
        Made::Failed(why) => return remark_ui(ui, cx.words.of(why), Tone::Bad),
        known => {
            if matches!(known, Made::Missing) {
                cx.push(Command::BridgeCosts(names[0].clone(), names[1].clone()));
            }
            let words = cx.t("Working out what each change costs…", "正在计算每项更改的成本影响……");
            ui.label(style::weak(ui, words));
            return;
        }
    };
    causes_ui(ui, cx, names, &bridge);
}

/// Step by step: each change where the one before ends.
fn causes_ui(ui: &mut Ui, cx: &mut Cx<'_>, names: &[String; 2], bridge: &CostBridge) {
    let palette = Palette::of(ui);
    let [first, second] = [cx.scenario_name(&names[0]), cx.scenario_name(&names[1])];
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        let title = cx.words.with_unit(cx.t("Cost, change by change", "成本：逐项更改"), &cx.money());
        section_ui(ui, &title);
        let total = |costs: &[f64]| costs.iter().sum::<f64>();
        let sum = |name: &str, value: f64| Fall {
            name: name.to_owned(),
            from: 0.0,
            to: value,
            figure: cx.number(value, 0),
            note: String::new(),
            color: palette.accent,
            is_total: true,
        };
        let mut falls = vec![sum(&first, total(&bridge.before))];
        let mut reached = total(&bridge.before);
        for part in bridge.parts.iter().take(MOST_DRAWN) {
            falls.push(fall(cx, palette, cx.words.own(part.cause.label()), reached, part.change));
            reached += part.change;
        }
        if bridge.parts.len() > MOST_DRAWN {
            let more = bridge.parts.len() - MOST_DRAWN;
            let name = cx.words.own(crate::text!("{more} more changes", "其余 {more} 项更改"));
            falls.push(fall(cx, palette, name, reached, total(&bridge.after) - reached));
        }
        falls.push(sum(&second, total(&bridge.after)));
        waterfall_ui(ui, &falls);
        let order = crate::text!(
            "The changes are made one after the other in the order in which {second} applies them; those that only {first} has are taken back last. Another order would share what two changes do together otherwise.",
            "按 {second} 应用更改的次序逐项计算；仅 {first} 有的更改最后撤回。次序不同时，两项更改共同造成的影响会另行分摊。"
        );
        ui.label(style::caption(ui, cx.words.own(order)));
    });
    let table = bridge_table(bridge, &cx.session.project().currency);
    cx.table_ui(ui, "bridge by cause", &table, &|_| false);
}

fn fall(cx: &Cx<'_>, palette: &Palette, name: String, from: f64, change: f64) -> Fall {
    let color = if change > 0.0 { palette.bad } else { palette.good };
    let sign = if change > 0.0 { "+" } else { "" };
    let figure = format!("{sign}{}", cx.number(change, 0));
    Fall { name, from, to: from + change, figure, note: String::new(), color, is_total: false }
}

/// From one total to the other, driver by driver.
fn drivers_ui(ui: &mut Ui, cx: &mut Cx<'_>, names: &[String; 2], (then, now): (&Arc<Plan>, &Arc<Plan>)) {
    let (before, after) = (cx.kpis(then), cx.kpis(now));
    let of = |figures: &[crate::report::Kpi], key| kpi(figures, key).unwrap_or(0.0);
    let (first_total, second_total) = (of(&before, "total_cost"), of(&after, "total_cost"));
    let palette = Palette::of(ui);
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        let title = cx.words.with_unit(cx.t("Change of cost by driver", "各成本项变化"), &cx.money());
        section_ui(ui, &title);
        let change = |driver| of(&after, driver_key(driver)) - of(&before, driver_key(driver));
        let bar = |name: String, value: f64| {
            let color = if value > 0.0 { palette.bad } else { palette.good };
            let sign = if value > 0.0 { "+" } else { "" };
            let figure = format!("{sign}{}", cx.number(value, 0));
            Bar { name, value, figure, mark: None, color, hint: String::new() }
        };
        let mut bars: Vec<Bar> = CostDriver::ALL
            .into_iter()
            .filter(|d| change(*d).abs() >= 0.5)
            .map(|d| bar(cx.words.of(&d.label()).to_owned(), change(d)))
            .collect();
        let total = second_total - first_total;
        bars.push(bar(cx.t("Total", "合计").to_owned(), total));
        bars_ui(ui, &bars);
        let (a, b) = (cx.number(first_total, 0), cx.number(second_total, 0));
        let (first, second) = (cx.scenario_name(&names[0]), cx.scenario_name(&names[1]));
        let sentence = crate::text!("{first}: {a}. {second}: {b}.", "{first}：{a}。{second}：{b}。");
        ui.label(style::weak(ui, cx.words.own(sentence)));
    });
}
