//! One training step of the original program's network (window 10, two layers of 50, batch 32), and of a larger one; and
//! the hybrid on a panel.
//!
//! `cargo bench --bench neural`; `RAYON_NUM_THREADS=1` keeps candle's operations on one core, as the kernels are. With words
//! after `--` it prints a line instead, for `benches/neural.sh`: `step original 500` and `step large 10` the milliseconds of a
//! step, `peak` what one core could do at most, `hybrid 1000` the seconds that a panel takes.

mod made_up;

use divan::Bencher;
use planwright::control::Control;
use planwright::forecast::{LstmOptions, LstmProbe, Models, Options, forecast};
use planwright::model::Horizon;
use pulp::{Simd, WithSimd};
use std::time::Instant;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let number = |k: usize| words.get(k).and_then(|word| word.parse().ok());
    match words.first().map(String::as_str) {
        Some("step") => step(&words[1], number(2).unwrap_or(10)),
        Some("peak") => peak(),
        Some("hybrid") => hybrid(number(1).unwrap_or(1000)),
        _ => divan::main(),
    }
}

fn original() -> LstmOptions {
    LstmOptions::default()
}

fn large() -> LstmOptions {
    LstmOptions { window: 52, units: vec![128], batch: 1024, ..LstmOptions::default() }
}

fn named(network: &str) -> LstmOptions {
    if network == "large" { large() } else { original() }
}

#[divan::bench(args = ["original", "large"])]
fn fused_step(bencher: Bencher, network: &str) {
    let mut probe = LstmProbe::fused(&named(network));
    bencher.bench_local(|| probe.step());
}

/// Candle's operations, all its threads; `RAYON_NUM_THREADS=1` for one core.
#[divan::bench]
fn op_by_op_step(bencher: Bencher) {
    let mut probe = LstmProbe::op_by_op(&original());
    bencher.bench_local(|| probe.step());
}

/// Multiply-adds that a step of a network needs: forward; backward to what came before, of which the first step and the
/// first layer's input have nothing; and backward to the weights.
fn multiply_adds(options: &LstmOptions) -> f64 {
    let (steps, mut inputs) = (options.window as f64, 1.0);
    let mut sum = 0.0;
    for (layer, units) in options.units.iter().map(|u| *u as f64).enumerate() {
        let (input, recurrent) = (steps * 4.0 * units * inputs, (steps - 1.0) * 4.0 * units * units);
        sum += 2.0 * (input + recurrent) + recurrent + if layer > 0 { input } else { 0.0 };
        inputs = units;
    }
    (sum + 3.0 * inputs) * options.batch as f64
}

/// Milliseconds of a training step: all steps' clock divided by their number, as the peers are timed.
#[allow(clippy::print_stdout, reason = "a bench reports on standard output")]
fn step(network: &str, steps: usize) {
    let options = named(network);
    let mut probe = LstmProbe::fused(&options);
    let mut run = |steps: usize| (0..steps).map(|_| probe.step()).fold(0.0, f64::max);
    run(steps.div_ceil(10));
    let started = Instant::now();
    std::hint::black_box(run(steps));
    let each = started.elapsed().as_secs_f64() / steps as f64;
    let work = 2.0 * multiply_adds(&options) / 1e9;
    println!("planwright: {:.3} ms per step ({work:.3} billion operations, {:.1} a second)", each * 1e3, work / each);
}

/// Multiply-adds that wait for nothing but the unit that makes them.
struct MultiplyAdds(usize);

/// Sums that are carried on at once: enough to hide how long one takes.
const SUMS: usize = 12;

impl WithSimd for MultiplyAdds {
    /// The sums' sum, and how many numbers lie side by side.
    type Output = (f32, usize);

    #[allow(
        clippy::inline_always,
        reason = "a kernel must be inlined into the function compiled for its instruction set"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> (f32, usize) {
        let [share, more] = std::hint::black_box([simd.splat_f32s(0.999), simd.splat_f32s(1e-3)]);
        let mut sums = [more; SUMS];
        for _ in 0..self.0 {
            for sum in &mut sums {
                *sum = simd.mul_add_e_f32s(share, *sum, more);
            }
        }
        (sums.into_iter().map(|sum| simd.reduce_sum_f32s(sum)).sum(), S::F32_LANES)
    }
}

/// Runs them with the instructions that the kernels run with.
fn multiply(turns: usize) -> (f32, usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V4::try_new() {
        return Simd::vectorize(simd, MultiplyAdds(turns));
    }
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return Simd::vectorize(simd, MultiplyAdds(turns));
    }
    pulp::Arch::new().dispatch(MultiplyAdds(turns))
}

/// What one core does at most: the quickest of ten loops of multiply-adds.
#[allow(clippy::print_stdout, reason = "a bench reports on standard output")]
fn peak() {
    const TURNS: usize = 1_000_000;
    let mut operations = 0;
    let mut quickest = f64::INFINITY;
    for _ in 0..10 {
        let started = Instant::now();
        let (_, lanes) = std::hint::black_box(multiply(TURNS));
        operations = 2 * TURNS * SUMS * lanes;
        quickest = quickest.min(started.elapsed().as_secs_f64());
    }
    println!("one core's peak: {:.1} billion operations a second", operations as f64 / quickest / 1e9);
}

/// The hybrid with its backtest over so many items with three years of weeks, and the most memory that it took.
#[allow(clippy::print_stdout, reason = "a bench reports on standard output")]
fn hybrid(items: usize) {
    let panel = made_up::panel(items, 156, "2024-W52");
    let mut options = Options::new(Horizon::new(13).expect("a horizon within range"));
    options.models = Models::Named(vec!["hybrid".into()]);
    let started = Instant::now();
    let found = forecast(&panel, &options, &Control::silent()).expect("nobody cancels");
    let seconds = started.elapsed().as_secs_f64();
    let answered = found.iter().filter(|f| &*f.best().model == "hybrid").count();
    let threads = rayon::current_num_threads();
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = memory.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim();
    println!("hybrid, {items} items x 156 weeks, {threads} threads: {seconds:.1} s, {most}, {answered} answered");
}
