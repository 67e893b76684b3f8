//! What is said of trained networks and the files that they are saved in.

use super::super::resume::Tuned;
use super::Facts;
use crate::model::{Frequency, Period};
use crate::text;
use crate::words::{Text, figure};

/// Where a forecast's weights come from.
pub(in super::super) fn reused(facts: &Facts, is_same: bool) -> Text {
    let Some(last) = facts.panels.last() else { return Text::default() };
    let (series, print, end) = (last.series, last.data.get(..8).unwrap_or_default(), last.last.label());
    let (saved, saved_zh) = match &facts.saved {
        Some(day) => (format!(", saved on {day}"), format!("，保存于 {day}")),
        None => (String::new(), String::new()),
    };
    let (same, same_zh) =
        if is_same { ("these very data", "即当前数据") } else { ("other data than these", "非当前数据") };
    text!(
        "Its weights were loaded{saved}: they come from {series} series up to {end} ({same}, fingerprint {print}).",
        "其权重为载入所得{saved_zh}：学自 {series} 个序列，截至 {end}（{same_zh}，指纹 {print}）。"
    )
}

/// What came of going on learning.
pub(in super::super) fn tuned(tuned: Option<Tuned>, series: usize) -> Text {
    let Some(Tuned { epochs, before, after }) = tuned else {
        return text!(
            "These series are too few or too short to go on learning from, so the weights stayed as they were.",
            "这些序列过少或过短，无法继续学习，权重保持不变。"
        );
    };
    let (before, after) = (figure(before), figure(after));
    if epochs == 0 {
        return text!(
            "Going on learning from these {series} series left the loss on their validation block at {after} instead of {before}, so the weights stayed as they were.",
            "在这 {series} 个序列上继续学习后，验证段损失为 {after}（原为 {before}），未见改善，权重保持不变。"
        );
    }
    text!(
        "They went on learning from these {series} series for {epochs} epochs with a smaller step: the loss on the validation block is {after} instead of {before}.",
        "随后以较小步长在这 {series} 个序列上继续学习了 {epochs} 轮：验证段损失由 {before} 降为 {after}。"
    )
}

/// Why a fold has no score.
pub(in super::super) fn withheld(last: Period) -> Text {
    let last = last.label();
    text!(
        "No score: the loaded weights had seen data up to {last}, which this origin must not know. Train anew to compare.",
        "不予评分：载入的权重已见过截至 {last} 的数据，该起点不应知晓。如需比较，请重新训练。"
    )
}

/// That the file has no such network.
pub(in super::super) fn not_in_file(name: &str) -> Text {
    text!(
        "The loaded weights hold no {name}; train it and save it with the others.",
        "载入的权重中没有 {name}；请训练后与其他网络一同保存。"
    )
}

/// That the periods have another length.
pub(super) fn other_frequency(own: Frequency, asked: Frequency) -> Text {
    let (Text { en: own, zh: own_zh }, Text { en: asked, zh: asked_zh }) = (own.label(), asked.label());
    Text::new(
        format!("The loaded weights know periods of another length: {own}, and these data have {asked}."),
        format!("载入的权重适用的期长为“{own_zh}”，而当前数据为“{asked_zh}”。"),
    )
}

/// That the network answers another horizon.
pub(super) fn other_horizon(own: usize, asked: usize) -> Text {
    text!(
        "The loaded weights answer {own} periods and {asked} are asked for. Set the horizon to {own}, or train anew.",
        "载入的权重可预测 {own} 期，而所需为 {asked} 期。请将预测期数设为 {own}，或重新训练。"
    )
}

/// That there are no networks.
pub(super) fn nothing_to_save() -> Text {
    text!(
        "There are no weights to save: no network over all series was trained. Name one among the models, such as hybrid.",
        "没有可保存的权重：未训练全序列神经网络。请在模型列表中指定，例如 hybrid。"
    )
}

/// That a file is beyond the limit.
pub(super) fn file_too_large(most: usize) -> Text {
    let most = most >> 20;
    text!("A file of weights may have at most {most} MiB.", "权重文件最大为 {most} MiB。")
}

/// That bytes could not be made.
pub(super) fn unwritable(reason: &str) -> Text {
    text!("The weights can't be written: {reason}.", "无法写出权重：{reason}。")
}

/// That the bytes aren't safetensors.
pub(super) fn no_safetensors(reason: &str) -> Text {
    text!(
        "This is no whole safetensors file ({reason}). Choose a file that Planwright saved, or save it again.",
        "这不是完整的 safetensors 文件（{reason}）。请选择 Planwright 保存的文件，或重新保存。"
    )
}

/// That somebody else wrote the file.
pub(super) fn foreign_weights() -> Text {
    text!(
        "The file holds weights, but not of Planwright's networks: what they are isn't told in it.",
        "该文件含有权重，但不属于 Planwright 的网络：文件中没有网络说明。"
    )
}

/// That the format is another one.
pub(super) fn other_version(found: u32, known: u32) -> Text {
    text!(
        "The weights have format version {found} and this program reads {known}. Save them again with this program.",
        "权重文件的格式版本为 {found}，本程序可读版本 {known}。请用本程序重新保存。"
    )
}

/// That a part of the file contradicts the rest.
pub(super) fn damaged(part: &str) -> Text {
    text!(
        "The weights were changed or damaged after they were saved: {part} doesn't fit the rest.",
        "权重文件在保存后被改动或已损坏：{part} 与其余内容不符。"
    )
}

/// That 16 bits don't hold a weight.
pub(super) fn beyond_half(name: &str) -> Text {
    text!(
        "A weight of {name} is beyond 65,504, which 16 bits don't hold; save with full precision.",
        "{name} 有权重超过 65,504，16 位无法表示；请以全精度保存。"
    )
}
