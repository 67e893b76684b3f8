//! One training step of the original program's network (window 10, two layers of 50, batch 32), and of a larger one.
//!
//! `cargo bench --bench neural`; `RAYON_NUM_THREADS=1` keeps candle's operations on one core, as the kernels are.

use divan::Bencher;
use planwright::forecast::{LstmOptions, LstmProbe};

fn main() {
    divan::main();
}

fn original() -> LstmOptions {
    LstmOptions::default()
}

fn large() -> LstmOptions {
    LstmOptions { window: 52, units: vec![128], batch: 1024, ..LstmOptions::default() }
}

#[divan::bench(args = ["original", "large"])]
fn fused_step(bencher: Bencher, network: &str) {
    let mut probe = LstmProbe::fused(&if network == "large" { large() } else { original() });
    bencher.bench_local(|| probe.step());
}

/// Candle's operations, all its threads; `RAYON_NUM_THREADS=1` for one core.
#[divan::bench]
fn op_by_op_step(bencher: Bencher) {
    let mut probe = LstmProbe::op_by_op(&original());
    bencher.bench_local(|| probe.step());
}
