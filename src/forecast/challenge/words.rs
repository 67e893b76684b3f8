//! What is said of models named beside the automatic ones.

use super::super::choose::Measure;
use super::super::registry::label;
use super::Challenge;
use super::evidence::{AUTOMATIC, Against, Pooled};
use crate::model::p_text;
use crate::text;
use crate::words::Text;

/// A model's name within a sentence.
fn short(name: &str) -> Text {
    match name {
        "naive" => Text::new("naive", "朴素法"),
        "seasonal-naive" => Text::new("seasonal naive", "季节朴素法"),
        "ets" => Text::same("ETS"),
        "theta" => Text::same("Theta"),
        "combination" => Text::new("the combination", "组合预测"),
        "intermittent-combination" => Text::new("the intermittent combination", "间断需求组合"),
        AUTOMATIC => Text::new("the automatic choices", "自动选择"),
        other => label(other),
    }
}

/// "seasonal naive, ETS, Theta and the combination".
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> Text {
    let names: Vec<Text> = names.into_iter().map(short).collect();
    let joined = |of: fn(&Text) -> &str, comma: &str, and: &str| match names.split_last() {
        Some((last, [])) => of(last).to_owned(),
        Some((last, others)) => {
            let others: Vec<&str> = others.iter().map(of).collect();
            format!("{}{and}{}", others.join(comma), of(last))
        }
        None => String::new(),
    };
    Text::new(joined(|t| &t.en, ", ", " and "), joined(|t| &t.zh, "、", "和"))
}

/// Taken for an item because it is better over all.
pub(super) fn by_panel(model: &str, against: &Against, pooled: &Pooled) -> Text {
    let Text { en: net_en, zh: net_zh } = label(model);
    let Text { en: old_en, zh: old_zh } = short(&against.automatic);
    let Text { en: rivals_en, zh: rivals_zh } = list(pooled.rivals.iter().map(|r| r.name));
    let (percent, items, p) = (against.percent, pooled.items, p_text(pooled.largest_p().unwrap_or(1.0)));
    text!(
        "{net_en} is taken instead of {old_en}: its error is {percent:.0} % smaller here, and over {items} items it beats {rivals_en} beyond chance (pooled Diebold–Mariano p {p}).",
        "改用{net_zh}代替{old_zh}：其误差在此小 {percent:.0}%，且在 {items} 个商品上显著优于{rivals_zh}（合并 Diebold–Mariano 检验 p {p}）。"
    )
}

/// Taken for an item by what it did there.
pub(super) fn by_itself(model: &str, against: &Against) -> Text {
    let Text { en: net_en, zh: net_zh } = label(model);
    let Text { en: old_en, zh: old_zh } = short(&against.automatic);
    let Text { en: rivals_en, zh: rivals_zh } = list(against.rivals.iter().copied());
    let (percent, p) = (against.percent, p_text(against.largest_p.unwrap_or(1.0)));
    text!(
        "{net_en} is taken instead of {old_en}: its error is {percent:.0} % smaller, in every fold, and it beats {rivals_en} beyond chance on this item alone (Diebold–Mariano p {p}).",
        "改用{net_zh}代替{old_zh}：其误差小 {percent:.0}%，且每一折都更小，仅在该商品上就显著优于{rivals_zh}（Diebold–Mariano p {p}）。"
    )
}

/// What stood before a challenger was taken.
pub(super) fn otherwise(why: &Text) -> Text {
    let Text { en: why_en, zh: why_zh } = why;
    text!("Without it: {why_en}", "若不采用：{why_zh}")
}

/// Not taken, and why.
pub(super) fn declined(model: &str, against: &Against, pooled: &Pooled) -> Text {
    let (Text { en: net_en, zh: net_zh }, Text { en: old_en, zh: old_zh }) = (label(model), short(&against.automatic));
    let size = against.percent.abs();
    if against.percent <= 0.0 {
        return text!(
            "{net_en} doesn't help here: its error is {size:.0} % larger than with {old_en}.",
            "{net_zh}在此没有帮助：其误差比{old_zh}大 {size:.0}%。"
        );
    }
    let p = against.p.map_or_else(|| "–".to_owned(), p_text);
    if pooled.is_better() {
        return text!(
            "{net_en} isn't taken: its error per period is {size:.0} % smaller than with {old_en}, but not that of the totals, which stock has to cover.",
            "未采用{net_zh}：其单期误差比{old_zh}小 {size:.0}%，但库存需要覆盖的总量误差并未更小。"
        );
    }
    let items = pooled.items;
    let Text { en: beyond_en, zh: beyond_zh } = match pooled.largest_p() {
        Some(_) => text!("nor is it over {items} items", "在 {items} 个商品上合并来看也未超出"),
        None => text!("and there are too few items or origins to pool", "可合并的商品或回测时点也过少"),
    };
    text!(
        "{net_en} isn't taken: its error is {size:.0} % smaller than with {old_en}, but not beyond chance (Diebold–Mariano p {p}), {beyond_en}.",
        "未采用{net_zh}：其误差比{old_zh}小 {size:.0}%，但未超出偶然（Diebold–Mariano p {p}），{beyond_zh}。"
    )
}

/// Without a backtest there is no evidence.
pub(super) fn not_compared(model: &str) -> Text {
    let Text { en: net_en, zh: net_zh } = label(model);
    text!(
        "{net_en} isn't taken: it has no complete backtest here to be compared by.",
        "未采用{net_zh}：此处没有可供比较的完整回测。"
    )
}

/// How a challenger did over the items.
pub(super) fn panel(found: &Challenge, pooled: &Pooled) -> Text {
    let (Text { en: net_en, zh: net_zh }, items, used) = (label(&found.model), found.items, found.used);
    let said = match pooled.best() {
        None => text!("{net_en} could be compared on no item.", "{net_zh}在任何商品上都无法比较。"),
        Some(rival) => {
            let Text { en: name_en, zh: name_zh } = short(rival.name);
            let Text { en: rivals_en, zh: rivals_zh } = list(pooled.rivals.iter().map(|r| r.name));
            let measure = if pooled.measure == Measure::Squared { "RMSSE" } else { "MASE" };
            let (own, other) = (format!("{:.3}", rival.own), format!("{:.3}", rival.error));
            let p = pooled.largest_p().map(p_text);
            if pooled.is_better() {
                let p = p.unwrap_or_default();
                text!(
                    "{net_en} beats {rivals_en} over {items} items beyond chance: its {measure} is {own} against {other} of {name_en} (pooled Diebold–Mariano p {p}). It is used on the {used} of them whose own backtest agrees.",
                    "{net_zh}在 {items} 个商品上显著优于{rivals_zh}：其 {measure} 为 {own}，{name_zh}为 {other}（合并 Diebold–Mariano 检验 p {p}）。用于自身回测也支持它的 {used} 个商品。"
                )
            } else {
                let Text { en: chance_en, zh: chance_zh } = match p {
                    _ if rival.own >= rival.error => Text::default(),
                    Some(p) => text!(
                        ", which isn't beyond chance against every rival (pooled Diebold–Mariano p {p})",
                        "，但并非对每个对手都显著（合并 Diebold–Mariano 检验 p {p}）"
                    ),
                    None => text!(
                        ", with too few items or origins to say whether that is more than chance",
                        "，但商品或回测时点过少，无法判断是否超出偶然"
                    ),
                };
                let Text { en: helps_en, zh: helps_zh } = match used {
                    0 => text!(
                        "{net_en} isn't used on any of {items} items",
                        "{net_zh}未用于 {items} 个商品中的任何一个"
                    ),
                    _ => text!(
                        "{net_en} helps on {used} of {items} items",
                        "{net_zh}在 {items} 个商品中的 {used} 个上有帮助"
                    ),
                };
                let rest = match used {
                    0 => text!("The items keep their statistical models.", "各商品保留统计模型。"),
                    _ => text!("It isn't used elsewhere.", "其余商品不采用。"),
                };
                text!(
                    "{helps_en}: over all of them its {measure} is {own} against {other} of {name_en}{chance_en}.",
                    "{helps_zh}：总体上其 {measure} 为 {own}，{name_zh}为 {other}{chance_zh}。"
                )
                .then(&rest)
            }
        }
    };
    match pooled.measure {
        Measure::Absolute => said,
        Measure::Squared => {
            let Text { en: said_en, zh: said_zh } = said;
            text!("With pauses in demand: {said_en}", "间断需求：{said_zh}")
        }
    }
}
