//! What lending costs, and what cloning costs.
//!
//! ```text
//! cargo bench -p ownership
//! ```
//!
//! Prints one JSON line for each figure, in nanoseconds: the median of the rounds. The layer has 4,096 × 4,096 weights,
//! 67 MB, the size of one attention projection in a model of seven billion weights.

use ownership::compute_sum;
use std::hint::black_box;
use std::time::Instant;

const WIDTH: usize = 4_096;
const ROUNDS: usize = 31;

/// Reads two of the weights: a function that needs the layer and hardly any time of its own.
fn ends(weights: &[f32]) -> f32 {
    weights[0] + weights[weights.len() - 1]
}

/// Runs `work` and prints the median time of one call. `calls` of them make a round, so that a clock can see it.
fn report<T>(name: &str, calls: u32, mut work: impl FnMut() -> T) {
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..calls {
                black_box(work());
            }
            start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    println!(r#"{{"name": "{name}", "ns": {:.1}}}"#, rounds[ROUNDS / 2]);
}

fn main() {
    let weights = vec![0.5_f32; WIDTH * WIDTH];
    report("lend_a_layer", 1_000_000, || ends(black_box(&weights)));
    // The inner black box keeps the compiler from noticing that two numbers of the copy would do.
    report("clone_a_layer", 1, || {
        ends(&black_box(black_box(&weights).clone()))
    });
    report("compute_sum_of_a_layer", 1, || {
        compute_sum(black_box(&weights))
    });
}
