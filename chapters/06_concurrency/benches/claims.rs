//! One figure of this chapter's claims (`claims.toml`), in a process of its own.
//!
//! ```text
//! python3 workbook claims arc_clone arc_contended         # both sides, interleaved
//! cargo bench -p concurrency --bench claims -- arc_clone
//! ```
//!
//! Prints one JSON line: the figure's name, nanoseconds, and what was computed.

use std::hint::black_box;
use std::io;
use std::rc::Rc;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Instant;

const ROUNDS: usize = 15;
const CLONES: u32 = 1_000_000;

fn main() -> io::Result<()> {
    let wanted = std::env::args()
        .skip(1)
        .find(|word| !word.starts_with("--"));
    let name = wanted.as_deref().unwrap_or_default();
    let weights = vec![0.5_f32; 4_096];
    let (ns, output) = match name {
        "rc_clone" => {
            let shared = Rc::new(weights);
            (time(CLONES, || Rc::clone(black_box(&shared))), shared[0])
        }
        "arc_clone" => {
            let shared = Arc::new(weights);
            (time(CLONES, || Arc::clone(black_box(&shared))), shared[0])
        }
        "arc_contended" => {
            let shared = Arc::new(weights);
            (two_threads(&shared), shared[0])
        }
        // A request: a share of the weights, and one pass over 16 kB of them.
        "rc_request" => {
            let shared = Rc::new(weights);
            (
                time(10_000, || pass(&Rc::clone(black_box(&shared)))),
                shared[0],
            )
        }
        "arc_request" => {
            let shared = Arc::new(weights);
            (
                time(10_000, || pass(&Arc::clone(black_box(&shared)))),
                shared[0],
            )
        }
        _ => {
            let known = "rc_clone, arc_clone, arc_contended, rc_request or arc_request";
            return Err(io::Error::other(format!("name a figure: {known}")));
        }
    };
    println!(r#"{{"name": "{name}", "ns": {ns:.2}, "output": {output}}}"#);
    Ok(())
}

/// The sum of the weights, as the chapter's inference has it.
fn pass(weights: &[f32]) -> f32 {
    weights.iter().sum()
}

/// The median time of one call, dropping what it returns included.
fn time<T>(calls: u32, work: impl Fn() -> T) -> f64 {
    let rounds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(work());
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
    });
    median(rounds.collect())
}

/// The time of one clone as a thread sees it while another one clones the same `Arc`. Needs two free cores.
fn two_threads(shared: &Arc<Vec<f32>>) -> f64 {
    let rounds = (0..ROUNDS).map(|_| {
        let start = Barrier::new(2);
        let timed = || {
            start.wait();
            let start = Instant::now();
            for _ in 0..CLONES {
                black_box(Arc::clone(black_box(shared)));
            }
            start.elapsed().as_secs_f64() * 1e9 / f64::from(CLONES)
        };
        thread::scope(|scope| {
            let other = scope.spawn(timed);
            timed().max(other.join().expect("nothing panics here"))
        })
    });
    median(rounds.collect())
}

fn median(mut rounds: Vec<f64>) -> f64 {
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}
