//! What the drivers are worth, in words.

use super::design::{Design, Scale, Used};
use super::errors::Errors;
use super::fit::Estimate;
use crate::forecast::events::Measure;
use crate::text;
use crate::words::Text;

/// Drivers named.
const MOST_NAMED: usize = 3;
/// A coefficient this many standard errors from 0 is a clear effect (about 95 %).
const CLEAR: f64 = 2.0;
/// Change of an amount whose effect is told: a tenth less.
const LESS: f64 = 0.9;
/// Effects beyond this are told as "more than"; percent.
const LARGEST_PERCENT: f64 = 1000.0;

/// How the regression came about and its strongest drivers.
pub(super) fn why(design: &Design, estimate: &Estimate, y: &[f64]) -> Text {
    let count = design.drivers.len();
    let carried = match estimate.errors {
        Errors::Autoregressive(phi) => {
            text!(
                "on trend, season and {count} drivers; {phi:.2} of an error carries over to the next period",
                "以趋势、季节和 {count} 个驱动因素做回归；误差有 {phi:.2} 延续到下一期"
            )
        }
        Errors::Level(alpha) => {
            text!(
                "on season and {count} drivers, around a level smoothed with α = {alpha:.2}",
                "以季节和 {count} 个驱动因素做回归，并以 α = {alpha:.2} 平滑水平"
            )
        }
    };
    let kind = match design.scale {
        Scale::Level => text!("demand", "需求"),
        Scale::Log => text!("the logarithm of demand", "需求的对数"),
    };
    let (en, zh) = (kind.en, kind.zh);
    let opening = Text::new(format!("A regression of {en} {}.", carried.en), format!("对{zh}{}。", carried.zh));
    let mut clear: Vec<(&Used, f64)> = design
        .drivers
        .iter()
        .filter(|d| estimate.beta[d.column].abs() >= CLEAR * estimate.error[d.column])
        .filter_map(|d| Some((d, percent(design, estimate, d, y)?)))
        .collect();
    let strength = |d: &Used| estimate.beta[d.column].abs();
    clear.sort_by(|a, b| strength(b.0).total_cmp(&strength(a.0)));
    let sentences: Vec<Text> = clear.iter().take(MOST_NAMED).map(|(d, percent)| effect(d, *percent)).collect();
    if sentences.is_empty() {
        return opening.then(&text!("No driver has a clear effect.", "没有驱动因素有明确的影响。"));
    }
    let en: Vec<&str> = sentences.iter().map(|s| s.en.as_str()).collect();
    let zh: Vec<&str> = sentences.iter().map(|s| s.zh.as_str()).collect();
    opening.then(&Text::new(format!("{}.", en.join("; ")), format!("{}。", zh.join("；"))))
}

/// Change of demand in percent: of a share, at its largest in the history; of an amount, a tenth below its mean.
fn percent(design: &Design, estimate: &Estimate, driver: &Used, y: &[f64]) -> Option<f64> {
    let slope = design.slope(estimate, driver.column);
    let step = match driver.measure {
        Measure::Share => driver.most,
        Measure::Amount if driver.logged => LESS.ln(),
        Measure::Amount => driver.mean * (LESS - 1.0),
    };
    let change = match design.scale {
        Scale::Log => (slope * step).exp_m1(),
        Scale::Level => slope * step / (y.iter().map(|v| v.abs() / y.len() as f64).sum::<f64>()),
    };
    let percent = 100.0 * change;
    percent.is_finite().then(|| percent.clamp(-LARGEST_PERCENT, LARGEST_PERCENT)).filter(|p| p.abs() >= 0.5)
}

fn effect(driver: &Used, percent: f64) -> Text {
    let Text { en, zh } = &driver.name;
    let size = percent.abs();
    let (verb_en, verb_zh) = if percent > 0.0 { ("adds", "增加") } else { ("takes away", "减少") };
    match driver.measure {
        Measure::Share => text!("{en} {verb_en} {size:.0} %", "{zh}使需求{verb_zh} {size:.0}%"),
        Measure::Amount => text!("{en} a tenth lower {verb_en} {size:.0} %", "{zh}降低一成使需求{verb_zh} {size:.0}%"),
    }
}
