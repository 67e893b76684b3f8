//! Tests at the face of `risk`.

mod scorecard;
