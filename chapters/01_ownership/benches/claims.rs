//! One figure of this chapter's claims (`claims.toml`), in a process of its own.
//!
//! ```text
//! python3 workbook claims                                 # both sides, interleaved
//! cargo bench -p ownership --bench claims -- sum_a_million
//! ```
//!
//! Prints one JSON line: the figure's name, the figure under its unit's name, and what was computed (`output`), which
//! the two sides of a claim must agree in.

use ownership::compute_sum;
use std::fmt::Display;
use std::hint::black_box;
use std::io;
use std::time::Instant;

/// One attention projection of a model with seven billion weights.
const LAYER: usize = 4_096 * 4_096;
/// 256 MiB of `f32`.
const BIG_LAYER: usize = (256 << 20) / size_of::<f32>();
const ROUNDS: usize = 15;

fn main() -> io::Result<()> {
    // `cargo bench` adds `--bench` to what it is given.
    let wanted = std::env::args()
        .skip(1)
        .find(|word| !word.starts_with("--"));
    match wanted.as_deref() {
        Some("lend_a_layer") => {
            let weights = vec![0.5_f32; LAYER];
            time("lend_a_layer", 1_000_000, || ends(black_box(&weights)));
        }
        Some("clone_a_layer") => {
            let weights = vec![0.5_f32; LAYER];
            // The inner black box keeps the compiler from noticing that two numbers of the copy would do.
            time("clone_a_layer", 1, || {
                ends(&black_box(black_box(&weights).clone()))
            });
        }
        Some("sum_a_million") => {
            let weights = million_weights();
            time("sum_a_million", 10, || compute_sum(black_box(&weights)));
        }
        Some("kept_after_scope") => kept_after_scope()?,
        Some("slowest_in_a_thousand") => slowest_in_a_thousand(),
        _ => {
            let known = "lend_a_layer, clone_a_layer, sum_a_million, kept_after_scope or \
                         slowest_in_a_thousand";
            return Err(io::Error::other(format!("name a figure: {known}")));
        }
    }
    Ok(())
}

/// Reads two of the weights: a function that needs the layer and hardly any time of its own.
fn ends(weights: &[f32]) -> f32 {
    weights[0] + weights[weights.len() - 1]
}

/// A million weights around zero. All are 256ths, and so is every sum of some of them: `f32` and Python's `float` add
/// them up without rounding and must agree.
fn million_weights() -> Vec<f32> {
    (0..1_000_000_u32)
        .map(|i| ((i * 37 % 256) as f32 - 128.0) / 256.0)
        .collect()
}

/// Prints the median time of one call of `work`, and what it returned. `calls` of them make a round, so that a clock can
/// see it.
fn time<T: Display>(name: &str, calls: u32, mut work: impl FnMut() -> T) {
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
    let ns = rounds[ROUNDS / 2];
    let output = work();
    println!(r#"{{"name": "{name}", "ns": {ns:.1}, "output": {output}}}"#);
}

/// Prints how many bytes stay resident after a scope in which a layer of 256 MiB lived.
fn kept_after_scope() -> io::Result<()> {
    let before = resident()?;
    let (count, last, held) = {
        let weights = vec![0.5_f32; BIG_LAYER];
        let weights = black_box(weights);
        (weights.len(), weights[weights.len() - 1], resident()?)
    };
    let bytes = resident()?.saturating_sub(before);
    let held = held.saturating_sub(before);
    println!(
        r#"{{"name": "kept_after_scope", "bytes": {bytes}, "held": {held}, "output": [{count}, {last}]}}"#
    );
    Ok(())
}

/// A request's state: some parts, each on the heap.
struct Session {
    parts: Vec<Box<Part>>,
}

/// A part has a name of its own.
struct Part {
    name: String,
}

/// Makes a session of twenty parts, and keeps it among the others.
fn serve(sessions: &mut Vec<Session>, number: usize) -> usize {
    let parts: Vec<Box<Part>> = (0..20)
        .map(|part| {
            Box::new(Part {
                name: format!("{number}-{part}"),
            })
        })
        .collect();
    let length = parts.iter().map(|part| part.name.len()).sum();
    sessions.push(Session { parts });
    length
}

/// Prints how much longer than the usual one the slowest request in a thousand takes, beside a heap of a million objects.
fn slowest_in_a_thousand() {
    // A vector that grows moves everything, which would be a pause of its own; a server knows how many it will hold.
    let mut sessions = Vec::with_capacity(100_000);
    let kept: usize = (0..50_000).map(|number| serve(&mut sessions, number)).sum();
    let mut length = 0;
    let mut times: Vec<u128> = (0..20_000)
        .map(|number| {
            let start = Instant::now();
            length += serve(black_box(&mut sessions), number);
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    let (median, slow, worst) = (times[10_000], times[19_980], times[19_999]);
    let ratio = slow as f64 / median as f64;
    let parts: usize = sessions.iter().map(|session| session.parts.len()).sum();
    println!(
        r#"{{"name": "slowest_in_a_thousand", "medians": {ratio:.2}, "median_ns": {median}, "worst_ns": {worst}, "output": [{kept}, {length}, {parts}]}}"#
    );
}

/// Bytes of memory that the system has given to this process, as Linux counts them.
fn resident() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    Ok(kilobytes.ok_or_else(|| io::Error::other("no VmRSS in /proc/self/status"))? * 1024)
}
