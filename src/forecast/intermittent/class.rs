//! Smooth, erratic, intermittent or lumpy.

use crate::model::DemandClass as Pattern;

/// Mean interval between demands from which demand is intermittent (Syntetos, Boylan & Croston 2005, *On the
/// categorization of demand patterns*, J. Operational Research Society 56).
pub(crate) const ADI_LIMIT: f64 = 1.32;
/// Squared coefficient of variation of the sizes from which demand is erratic (same source).
pub(crate) const CV2_LIMIT: f64 = 0.49;

/// Which of this room's methods are worth a backtest, simplest first; none for demand without pauses, which the
/// smoothing methods know better.
///
/// The combination comes last, as the default: over many items it is ahead of each member. TSB adapts to
/// sizes, IMAPA to frequency; of Croston's own two only the unbiased one is a candidate. A count model answers for the
/// whole distribution, which matters most when demand is rare but its sizes are regular; lumpy sizes are drawn
/// better from those seen.
pub(crate) fn shortlist(y: &[f64]) -> &'static [&'static str] {
    match classify(y).0 {
        Pattern::None | Pattern::Smooth | Pattern::Erratic => &[],
        Pattern::Intermittent => &["sba", "tsb", "discounted-mean", "imapa", "count", "intermittent-combination"],
        Pattern::Lumpy => &["sba", "tsb", "discounted-mean", "imapa", "intermittent-combination"],
    }
}

/// The pattern of a history with its mean demand interval (periods per demand) and the sizes' CV².
pub fn classify(y: &[f64]) -> (Pattern, f64, f64) {
    let sizes: Vec<f64> = y.iter().copied().filter(|v| *v != 0.0).collect();
    if sizes.is_empty() {
        return (Pattern::None, 0.0, 0.0);
    }
    let adi = y.len() as f64 / sizes.len() as f64;
    let mean = sizes.iter().sum::<f64>() / sizes.len() as f64;
    let variance = sizes.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / sizes.len() as f64;
    let cv2 = if mean == 0.0 { f64::INFINITY } else { variance / (mean * mean) };
    let pattern = match (adi >= ADI_LIMIT, cv2 >= CV2_LIMIT) {
        (false, false) => Pattern::Smooth,
        (false, true) => Pattern::Erratic,
        (true, false) => Pattern::Intermittent,
        (true, true) => Pattern::Lumpy,
    };
    (pattern, adi, cv2)
}

#[cfg(test)]
mod tests {
    use super::{Pattern, classify, shortlist};
    use crate::forecast::registry::build;

    #[test]
    fn every_candidate_can_be_built_and_pauses_decide_who_competes() {
        let regular = [0.0, 0.0, 3.0, 0.0, 4.0, 0.0];
        let lumpy = [0.0, 0.0, 1.0, 0.0, 40.0, 0.0, 2.0];
        assert_eq!((classify(&regular).0, classify(&lumpy).0), (Pattern::Intermittent, Pattern::Lumpy));
        for y in [&regular[..], &lumpy[..]] {
            assert!(shortlist(y).iter().all(|name| build(name).is_some()));
            assert_eq!(shortlist(y).last(), Some(&"intermittent-combination"));
        }
        assert!(shortlist(&regular).contains(&"count") && !shortlist(&lumpy).contains(&"count"));
        for y in [&[5.0; 8][..], &[0.0; 8], &[1.0, 9.0, 1.0, 30.0, 2.0]] {
            assert!(shortlist(y).is_empty());
        }
    }
}
