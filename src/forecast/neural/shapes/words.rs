//! The sentences of demand shapes.

use crate::model::{SeriesId, ShapeFit};
use crate::text;
use crate::words::{Text, figure};

/// Too few series with a whole window.
pub(super) fn too_few(found: usize, fewest: usize, window: usize) -> Text {
    text!(
        "Demand shapes are learnt from items with at least {window} periods of varying demand; there are {found}, and it takes {fewest}.",
        "需求形态需从至少有 {window} 期且有波动的商品中学习；目前有 {found} 个，至少需要 {fewest} 个。"
    )
}

/// A history too short to read a shape from.
pub(super) fn too_short(periods: usize, fewest: usize) -> Text {
    text!(
        "Its {periods} periods are too few to read a shape from; it takes {fewest}.",
        "历史仅 {periods} 期，不足以读出形态，至少需要 {fewest} 期。"
    )
}

/// Demand that doesn't vary or hardly occurs.
pub(super) fn flat() -> Text {
    text!("Its demand is constant or hardly ever there: it has no shape.", "需求恒定或极少发生，没有形态可言。")
}

/// A history of less than a window has no period judged.
pub(super) fn part_of_a_window(known: usize, window: usize) -> Text {
    text!(
        "Its shape is read from {known} of {window} periods, and its periods aren't judged yet.",
        "形态仅由 {window} 期中的 {known} 期读出，各期尚未评判。"
    )
}

/// Sparse windows aren't judged.
pub(super) fn sparse() -> Text {
    text!(
        "Most of its periods sell nothing: there every sale is news, and none is judged.",
        "多数期无销售，任何一笔销售都属特殊，故不作评判。"
    )
}

/// Nothing can be read from no demand.
pub(super) fn never_sold(id: &SeriesId) -> Text {
    text!(
        "{id} has no sales yet: nothing can be read from its demand. Name a like item by what is known of it: category, price, customers.",
        "{id} 尚无销售，无法从需求中读出任何信息。请按已知属性（类别、价格、客户）指定相似商品。"
    )
}

/// Why there is nothing to compare.
pub(super) fn shapeless(note: &Text) -> Text {
    note.then(&text!(
        "Name a like item by what is known of it: category, price, customers.",
        "请按已知属性（类别、价格、客户）指定相似商品。"
    ))
}

/// Distances below this share of the usual one are close.
const CLOSE: f64 = 0.35;
/// Distances above this share of it are no likeness.
const FAR: f64 = 0.8;

/// Why an item is proposed: its distance and the usual one, and how the two moved in the periods that both sold.
pub(super) fn alike(
    (distance, usual): (f64, f64),
    (periods, correlation): (usize, Option<f64>),
    is_part: bool,
) -> Text {
    let (far, half) = (figure(distance), figure(usual));
    let said = if distance <= CLOSE * usual {
        text!("Much alike", "非常相似")
    } else if distance <= FAR * usual {
        text!("Alike", "较相似")
    } else {
        text!("The nearest, but not really alike", "最接近，但并不真正相似")
    };
    let Text { en, zh } = said;
    let said = text!(
        "{en}: {far} spreads apart; half of all items are more than {half} apart from it.",
        "{zh}：相距 {far} 个标准差；半数商品与其相距超过 {half} 个。"
    );
    let moved = match correlation {
        Some(r) => {
            let r = format!("{r:.2}");
            text!(
                "Over the last {periods} periods both moved with a correlation of {r}.",
                "最近 {periods} 期两者变动的相关系数为 {r}。"
            )
        }
        None => Text::default(),
    };
    let part = if is_part {
        text!("Only part of a season has been seen.", "目前只见到部分季节。")
    } else {
        Text::default()
    };
    said.then(&moved).then(&part)
}

/// Standard errors beyond which a difference isn't chance.
pub(super) const BEYOND_CHANCE: f64 = 2.0;

/// How the shapes were found: whether the autoencoder is worth it. `difference` is network − linear in error, with its
/// standard error.
pub(super) fn found(fit: &ShapeFit, dimensions: usize, difference: Option<(f64, f64)>) -> Text {
    let (test, linear) = (fit.test, percent(fit.linear));
    let compared = match (fit.network, difference) {
        (Some(network), Some((mean, error))) => {
            let network = percent(network);
            let both = text!(
                "On {test} windows of items that nothing was learnt from, the autoencoder's {dimensions} numbers leave {network} of the variation unexplained, {dimensions} principal components {linear}.",
                "在 {test} 个未参与学习的商品窗口上，自编码器的 {dimensions} 个数值有 {network} 的波动未能解释，{dimensions} 个主成分为 {linear}。"
            );
            both.then(&if mean < -BEYOND_CHANCE * error {
                text!("The autoencoder does better, beyond chance.", "自编码器更好，且非偶然。")
            } else if mean > BEYOND_CHANCE * error {
                text!(
                    "Principal components do better: the autoencoder doesn't help here.",
                    "主成分更好，自编码器在此没有帮助。"
                )
            } else {
                text!(
                    "That is no difference beyond chance: the autoencoder doesn't help here.",
                    "两者差异可能只是偶然，自编码器在此没有帮助。"
                )
            })
        }
        _ => text!(
            "On {test} windows of items that nothing was learnt from, {dimensions} principal components leave {linear} of the variation unexplained.",
            "在 {test} 个未参与学习的商品窗口上，{dimensions} 个主成分有 {linear} 的波动未能解释。"
        ),
    };
    let used = if fit.uses_network {
        text!("Shapes are described by the autoencoder.", "形态由自编码器描述。")
    } else {
        text!("Shapes are described by principal components.", "形态由主成分描述。")
    };
    compared.then(&used)
}

/// How many kinds there are.
pub(super) fn clustered(count: usize, silhouette: Option<f64>) -> Text {
    match silhouette {
        Some(s) => {
            let s = format!("{s:.2}");
            text!(
                "There are {count} kinds of shape (mean silhouette {s}).",
                "共有 {count} 类形态（平均轮廓系数 {s}）。"
            )
        }
        None => {
            text!("No kinds of shape stand apart: all items are one group.", "没有明显分开的形态类别，全部商品为一组。")
        }
    }
}

/// The training broke down.
pub(super) fn diverged(epoch: usize) -> Text {
    text!(
        "The autoencoder's training diverged in epoch {epoch}; principal components describe the shapes.",
        "自编码器训练在第 {epoch} 轮发散，改由主成分描述形态。"
    )
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
