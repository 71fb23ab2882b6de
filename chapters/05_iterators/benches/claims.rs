//! One figure of this chapter's claims (`claims.toml`), in a process of its own.
//!
//! ```text
//! python3 workbook claims chain_beside_c                  # both sides, interleaved
//! cargo bench -p iterators --bench claims -- count_chain
//! ```
//!
//! Prints one JSON line: the figure's name, nanoseconds, and what was computed. `in_c.py` does the same in C.

use iterators::kernels;
use std::hint::black_box;
use std::io;
use std::time::Instant;

const ROUNDS: usize = 31;
const CALLS: u32 = 2_000;
/// 16 kB of numbers: they stay in the first cache, so that the loop is measured and not the memory.
const N: usize = 4_096;

fn main() -> io::Result<()> {
    let wanted = std::env::args()
        .skip(1)
        .find(|word| !word.starts_with("--"));
    let name = wanted.as_deref().unwrap_or_default();
    let (a, b) = (numbers(1), numbers(2));
    match name {
        "count_chain" => {
            let tokens: Vec<u32> = a.iter().map(|x| u32::from(*x > -0.5)).collect();
            let ns = time(|| kernels::count_chain(black_box(&tokens), 0));
            print(name, ns, kernels::count_chain(&tokens, 0) as f64);
        }
        "dot_chain" => {
            let ns = time(|| kernels::dot_chain(black_box(&a), black_box(&b)));
            print(name, ns, f64::from(kernels::dot_chain(&a, &b)));
        }
        _ => {
            return Err(io::Error::other("name a figure: count_chain or dot_chain"));
        }
    }
    Ok(())
}

fn print(name: &str, ns: f64, output: f64) {
    println!(r#"{{"name": "{name}", "ns": {ns:.1}, "output": {output}}}"#);
}

/// Numbers between -1 and 1; `in_c.c` makes the same.
fn numbers(seed: u32) -> Vec<f32> {
    let mut state = seed;
    (0..N)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        })
        .collect()
}

/// The median time of one call.
fn time<T>(mut work: impl FnMut() -> T) -> f64 {
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..CALLS {
                black_box(work());
            }
            start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}
