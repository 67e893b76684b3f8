//! What is said where nothing can be explained.

use crate::model::{Period, SeriesId};
use crate::text;
use crate::words::{Text, figure};

/// That the panel has no such series.
pub(super) fn unknown(id: &SeriesId) -> Text {
    text!("{id} is not among the items; check its code and location.", "商品中没有 {id}，请核对编码与地点。")
}

/// That the network isn't told such an input of the series.
pub(super) fn unknown_input(name: &str, known: &[String]) -> Text {
    if known.is_empty() {
        return text!(
            "The network is told no \"{name}\" of this item: besides demand it knows no drivers of it.",
            "网络未获知该商品的“{name}”：除需求外没有任何驱动因素。"
        );
    }
    let known = known.join(", ");
    text!(
        "The network is told no \"{name}\" of this item. It knows: demand, {known}.",
        "网络未获知该商品的“{name}”。已知输入：demand（需求）, {known}。"
    )
}

/// That an input has no value in a period.
pub(super) fn outside(name: &str, (first, last): (Period, Period), asked: Period) -> Text {
    text!(
        "{name} has no value in {asked}; choose a period from {first} to {last}.",
        "{name} 在 {asked} 没有取值，请选择 {first} 至 {last} 之间的期间。"
    )
}

/// That a value is none.
pub(super) fn no_number(name: &str) -> Text {
    text!("The value given for {name} is not a number; give one.", "为 {name} 指定的值不是有效数字，请重新输入。")
}

/// That a share is none.
pub(super) fn no_share(name: &str, value: f64) -> Text {
    let value = figure(value);
    text!(
        "{name} is a share or a flag: {value} is outside 0 to 1.",
        "{name} 是占比或标志：{value} 超出 0 到 1 的范围。"
    )
}

/// That too many inputs were changed at once.
pub(super) fn too_many(most: usize) -> Text {
    text!("At most {most} inputs can be changed at once.", "一次最多可更改 {most} 个输入。")
}
