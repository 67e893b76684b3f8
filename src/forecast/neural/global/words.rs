//! What is said of a global network.

use super::kind::{Kind, Scaling};
use super::predict::Checked;
use crate::text;
use crate::words::Text;

/// That a network knows only the panels it was trained on.
pub(super) fn not_trained() -> Text {
    text!(
        "A network over all series is trained with a panel; name it among the models of a forecast or a backtest.",
        "全序列神经网络须在整个数据集上训练；请在预测或回测的模型列表中指定它。"
    )
}

/// That a history can't be shown.
pub(super) fn too_short(kind: Kind, least: usize) -> Text {
    let told = text!(
        "The network needs at least {least} periods of history with demand in them.",
        "神经网络至少需要 {least} 期含有需求的历史。"
    );
    if kind != Kind::Counts {
        return told;
    }
    told.then(&text!(
        "This one forecasts whole pieces: periods of one or more, on average fewer than ten million.",
        "该网络预测整件数量：须有不少于一件的时期，且平均每期少于一千万件。"
    ))
}

/// That the panel is too small.
pub(super) fn too_few_windows(windows: usize, need: usize) -> Text {
    text!(
        "A network over all series needs at least {need} windows to learn from; this panel has {windows}. Use a statistical model, or load more history.",
        "全序列神经网络至少需要 {need} 个训练窗口，当前数据仅有 {windows} 个。请改用统计模型，或载入更多历史数据。"
    )
}

/// That the loss grew beyond all measure.
pub(super) fn diverged(epoch: usize, rate: f64) -> Text {
    text!(
        "Training over all series was stopped in epoch {epoch}: the loss grew more than a thousandfold. The learning rate {rate} is too high for these series; try a tenth of it.",
        "全序列训练在第 {epoch} 轮停止：损失增大了一千倍以上。学习率 {rate} 对这些序列过高，请尝试其十分之一。"
    )
}

/// A share outside its range.
pub(super) fn share(en: &str, zh: &str, value: f64) -> Text {
    text!(
        "The network's {en} is {value}; choose one from 0 to below 1.",
        "神经网络的{zh}为 {value}，请在 0 到 1（不含）之间选择。"
    )
}

/// With which weight, in percent, it is averaged with Theta's forecast.
fn beside_theta(weight: f64) -> Text {
    let rest = 100.0 - weight;
    text!(
        "Its median counts {weight:.0} %, Theta's forecast {rest:.0} %, weighed on the validation block.",
        "网络的中位数占 {weight:.0}%，Theta 预测占 {rest:.0}%，权重由验证段确定。"
    )
}

/// What the network learned from.
pub(super) fn learned(kind: Kind, series: usize, (checked, asks_theta): (&Checked, bool)) -> Text {
    let (count, covered) = (checked.len(), 100.0 * checked.covered());
    let Text { en, zh } = match kind {
        Kind::Perceptron => Text::new("multilayer perceptron", "多层感知机"),
        Kind::Convolution => Text::new("network of dilated convolutions", "膨胀卷积网络"),
        Kind::Plain | Kind::Counts | Kind::Hybrid => Text::new("LSTM", "LSTM"),
    };
    let first = match kind.scaling() {
        Scaling::Smoothed => text!(
            "One {en} learned from {series} series together, each beside its smoothed level and season, in units of its own noise.",
            "一个{zh}从 {series} 个序列共同学习，各序列先减去其平滑水平与季节性，并以自身噪声为单位。"
        ),
        Scaling::Mean => text!(
            "One {en} learned from {series} series together, each as a share of its recent mean.",
            "一个{zh}从 {series} 个序列共同学习，各序列先除以其近期均值。"
        ),
        Scaling::Counts => text!(
            "One {en} learned from {series} series together, each beside its recent mean, and answers a distribution of every period's count: negative binomial, mixed with the sizes that the item's demands had before.",
            "一个{zh}从 {series} 个序列共同学习，各序列参照其近期均值，并给出每期计数的分布：负二项分布与该商品以往需求量的混合。"
        ),
    };
    let first = if asks_theta { first.then(&beside_theta(100.0 * checked.weight())) } else { first };
    first.then(&text!(
        "On the validation block its 80 % interval held {covered:.0} %; the paths follow {count} courses of its errors there.",
        "在验证段上其 80% 区间覆盖了 {covered:.0}%；样本路径取自该段 {count} 条误差轨迹。"
    ))
}
