//! The original worked example, reproduced and corrected.

use planwright::pipeline::{RuleLabInput, rule_lab};

#[test]
fn worked_example_is_reproduced_and_corrected() {
    let lab = rule_lab(&RuleLabInput::default());
    let answers: Vec<(f64, f64)> = lab.rows.iter().map(|r| (r.article, r.correct)).collect();
    let expected = [(104.549_211_8, 110.0), (95.0, 155.0), (150.0, 105.0), (150.0, 110.0), (150.0, 1050.0)];
    assert_eq!(answers.len(), expected.len(), "{lab:?}");
    for (answer, expected) in answers.iter().zip(expected) {
        assert!(
            (answer.0 - expected.0).abs() < 1e-6 && (answer.1 - expected.1).abs() < 1e-6,
            "{answer:?} {expected:?}"
        );
    }
    assert!(lab.rows[2].why.en.contains("Other plans cost the same"), "{}", lab.rows[2].why);
    assert!(lab.rows[4].why.en.contains("Other plans cost the same"), "{}", lab.rows[4].why);
    assert!(!lab.warnings.is_empty());
}
