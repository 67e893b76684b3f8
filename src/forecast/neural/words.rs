//! The method's sentences.

use super::Rival;
use super::training::Trained;
use super::windows::Windows;
use crate::text;
use crate::words::Text;

/// Refuses a setting outside its range.
pub(super) fn in_range(en: &str, zh: &str, value: usize, from: usize, to: usize) -> Result<(), Text> {
    if (from..=to).contains(&value) {
        return Ok(());
    }
    Err(text!(
        "The network's {en} is {value}; choose one from {from} to {to}.",
        "神经网络的{zh}为 {value}，请在 {from} 到 {to} 之间选择。"
    ))
}

/// A learning rate that can't be one.
pub(super) fn learning_rate(rate: f64) -> Text {
    text!(
        "The network's learning rate is {rate}; choose one above 0, usually 0.0001 to 0.01.",
        "神经网络的学习率为 {rate}，请选择大于 0 的数值，通常为 0.0001 到 0.01。"
    )
}

/// A network or a simulation that no desk machine holds.
pub(super) fn too_large() -> Text {
    Text::new(
        "The network or its sample paths would take over 1 GiB per series. Use fewer units, a shorter window, a shorter horizon or fewer paths.",
        "神经网络或其样本路径每个序列将占用超过 1 GiB 内存。请减少单元数、缩短窗口或预测期，或减少路径数。",
    )
}

/// The loss was no number any more.
pub(super) fn diverged(epoch: usize, rate: f64) -> Text {
    text!(
        "The training diverged in epoch {epoch}: the loss is no number any more. The learning rate {rate} is too high; try a tenth of it.",
        "训练在第 {epoch} 轮发散，损失已不是有效数值。学习率 {rate} 过高，请尝试其十分之一。"
    )
}

/// The GPU gave up in the middle.
pub(super) fn gave_up(reason: &str) -> Text {
    let first = reason.lines().next().unwrap_or_default();
    text!("The GPU gave up ({first}), so the CPU trained the network.", "GPU 中途停止（{first}），已改用 CPU 训练。")
}

/// The GPU's memory held fewer windows than were to be trained on at once.
pub(super) fn spared(at_once: usize) -> Text {
    text!(
        "The GPU's memory ran out, so it trained on at most {at_once} windows at once.",
        "GPU 显存不足，已改为每次最多使用 {at_once} 个窗口训练。"
    )
}

/// The GPU's memory doesn't hold the network.
pub(super) fn no_memory(at_once: usize) -> Text {
    text!(
        "The GPU's memory ran out with even {at_once} windows at once, so the CPU trained the network.",
        "即使每次仅使用 {at_once} 个窗口，GPU 显存仍然不足，已改用 CPU 训练。"
    )
}

/// What was trained.
pub(super) fn trained(data: &Windows, trained: Trained, most: usize, rmse: f64) -> Text {
    let (training, window) = (data.training, data.window);
    let validation = data.len() - training;
    let Trained { epochs, best_epoch, .. } = trained;
    let rmse = short(rmse);
    text!(
        "An LSTM was trained on {training} windows of {window} periods for {epochs} of at most {most} epochs. The weights of epoch {best_epoch} did best on the {validation} windows kept for validation (one-step RMSE {rmse}) and are used as they are.",
        "LSTM 在 {training} 个长度为 {window} 期的窗口上训练了 {epochs} 轮（最多 {most} 轮）。第 {best_epoch} 轮的权重在留作验证的 {validation} 个窗口上表现最好（单步 RMSE 为 {rmse}），并直接采用。"
    )
}

/// Whether the network is worth it: against the best of what needs no training.
pub(super) fn compared(rmse: f64, rivals: &[Rival]) -> Text {
    let Some(Rival { name: Text { en, zh }, rmse: rival }) = rivals.iter().min_by(|a, b| a.rmse.total_cmp(&b.rmse))
    else {
        return Text::default();
    };
    if *rival <= 0.0 {
        return text!(
            "The {en} forecast makes no error on that block: the network doesn't help here.",
            "{zh}在该验证段上没有误差，神经网络在此没有帮助。"
        );
    }
    let percent = ((rmse / rival - 1.0) * 100.0).round();
    let size = percent.abs();
    if percent > 0.0 {
        text!(
            "Its validation error is {size} % above the {en} forecast's: the network doesn't help here.",
            "其验证误差比{zh}高 {size}%，神经网络在此没有帮助。"
        )
    } else if percent < 0.0 {
        text!("Its validation error is {size} % below the {en} forecast's.", "其验证误差比{zh}低 {size}%。")
    } else {
        text!(
            "Its validation error is the same as the {en} forecast's: the network doesn't help here.",
            "其验证误差与{zh}相同，神经网络在此没有帮助。"
        )
    }
}

/// Four significant digits.
fn short(value: f64) -> String {
    let digits = 3 - value.abs().max(1e-9).log10().floor() as i32;
    format!("{value:.*}", digits.clamp(0, 9) as usize)
}
