//! What a chain costs beside a loop, an order of additions beside another, and a sort beside a heap.
//!
//! ```text
//! cargo bench -p iterators                    everything
//! cargo bench -p iterators -- dot top_k       the groups of these names
//! ```
//!
//! Prints one JSON line for each figure: `n` items, and nanoseconds a call, as the median and as the least of
//! the rounds. The contestants of a group return the same (or, where the order of additions differs, nearly the
//! same), and that is asserted before anything is timed. They take turns, so that whatever else the machine does
//! meets all of them.
//!
//! A loop of a few instructions runs up to twice as fast or as slow depending on the address that it happens to
//! get. To compare loops rather than addresses, put all of them at multiples of 64:
//!
//! ```text
//! RUSTFLAGS="-C llvm-args=-align-loops=64" cargo bench -p iterators
//! ```

use iterators::{Hit, cosine_similarity, kernels, top_k, top_k_of_slice};
use std::cmp::Reverse;
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 15;
const SIZES: [usize; 3] = [64, 4_096, 1_048_576];

/// One contestant: its name, and what runs it so many times.
type Contestant<'a> = (&'a str, Box<dyn FnMut(usize) + 'a>);

/// Makes a contestant of a closure. The loop is inside the box, so that the call through it is paid once a
/// round.
fn enter<'a, T>(name: &'a str, mut work: impl FnMut() -> T + 'a) -> Contestant<'a> {
    let run = move |calls| {
        for _ in 0..calls {
            black_box(work());
        }
    };
    (name, Box::new(run))
}

/// Times the contestants on `n` items, in turns, and prints a line for each.
fn race<'a>(n: usize, contestants: impl IntoIterator<Item = Contestant<'a>>) {
    let calls = (262_144 / n).max(1);
    let mut field: Vec<_> = contestants
        .into_iter()
        .map(|contestant| (contestant, Vec::with_capacity(ROUNDS)))
        .collect();
    for _ in 0..ROUNDS {
        for ((_, run), times) in &mut field {
            let start = Instant::now();
            run(calls);
            times.push(start.elapsed().as_secs_f64() * 1e9 / calls as f64);
        }
    }
    for ((name, _), mut times) in field {
        times.sort_by(f64::total_cmp);
        let (median, least) = (times[ROUNDS / 2], times[0]);
        println!(r#"{{"name": "{name}", "n": {n}, "ns": {median:.1}, "least_ns": {least:.1}}}"#);
    }
}

/// Numbers between -1 and 1, the same in every run.
fn numbers(n: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    (0..n)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        })
        .collect()
}

/// Integers: chain, index and C style are the same machine code.
fn count(n: usize) {
    let tokens: Vec<u32> = numbers(n, 1).iter().map(|x| u32::from(*x > -0.5)).collect();
    let boxed = || kernels::count_boxed(Box::new(black_box(&tokens).iter().copied()), 0);
    let want = kernels::count_chain(&tokens, 0);
    assert_eq!(kernels::count_indexed(&tokens, 0), want);
    assert_eq!(kernels::count_c_style(&tokens, 0), want);
    assert_eq!(boxed(), want);
    race(
        n,
        [
            enter("count_chain", || {
                kernels::count_chain(black_box(&tokens), 0)
            }),
            enter("count_indexed", || {
                kernels::count_indexed(black_box(&tokens), 0)
            }),
            enter("count_c_style", || {
                kernels::count_c_style(black_box(&tokens), 0)
            }),
            enter("count_boxed", boxed),
        ],
    );
}

/// A sum of `f32`: nobody may reorder it but the programmer.
fn dot(n: usize) {
    let (a, b) = (numbers(n, 1), numbers(n, 2));
    let want = kernels::dot_chain(&a, &b);
    assert_eq!(kernels::dot_indexed(&a, &b), want);
    assert_eq!(kernels::dot_c_style(&a, &b), want);
    assert!((kernels::dot_lanes(&a, &b) - want).abs() < 1e-5 * n as f32);
    race(
        n,
        [
            enter("dot_chain", || {
                kernels::dot_chain(black_box(&a), black_box(&b))
            }),
            enter("dot_indexed", || {
                kernels::dot_indexed(black_box(&a), black_box(&b))
            }),
            enter("dot_c_style", || {
                kernels::dot_c_style(black_box(&a), black_box(&b))
            }),
            enter("dot_lanes", || {
                kernels::dot_lanes(black_box(&a), black_box(&b))
            }),
        ],
    );
}

/// Rows of 64: here the index is a product, and its check stays.
fn add_bias(n: usize) {
    let bias = numbers(64, 3);
    let added = |add: fn(&mut [f32], &[f32])| {
        let mut outputs = numbers(n, 1);
        add(&mut outputs, &bias);
        outputs
    };
    let want = added(kernels::add_bias_chain);
    assert_eq!(added(kernels::add_bias_indexed), want);
    assert_eq!(added(kernels::add_bias_c_style), want);
    let (mut first, mut second, mut third) = (want.clone(), want.clone(), want);
    race(
        n,
        [
            enter("add_bias_chain", || {
                kernels::add_bias_chain(black_box(&mut first), black_box(&bias));
            }),
            enter("add_bias_indexed", || {
                kernels::add_bias_indexed(black_box(&mut second), black_box(&bias));
            }),
            enter("add_bias_c_style", || {
                kernels::add_bias_c_style(black_box(&mut third), black_box(&bias));
            }),
        ],
    );
}

/// Two lists in one chain: `sum` takes them one after the other, `for` asks at each item in which it is.
fn two_parts(n: usize) {
    let lengths: Vec<u32> = numbers(n, 1)
        .iter()
        .map(|x| x.abs().to_bits() % 512)
        .collect();
    let halves = || black_box(&lengths).split_at(n / 2);
    let (first, second) = halves();
    let want = kernels::two_parts_sum(first, second);
    assert_eq!(kernels::two_parts_for(first, second), want);
    assert_eq!(kernels::two_parts_c_style(first, second), want);
    let with = |sum: fn(&[u32], &[u32]) -> u32| {
        move || {
            let (first, second) = halves();
            sum(first, second)
        }
    };
    race(
        n,
        [
            enter("two_parts_sum", with(kernels::two_parts_sum)),
            enter("two_parts_for", with(kernels::two_parts_for)),
            enter("two_parts_c_style", with(kernels::two_parts_c_style)),
        ],
    );
}

/// What a search does for each document: the same formula in one sum and in eight.
fn cosine(n: usize) {
    let (a, b) = (numbers(n, 1), numbers(n, 2));
    let one_sum = || {
        let (a, b) = (black_box(&a), black_box(&b));
        let dot: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
        let norm_a = a.iter().map(|x| x * x).sum::<f32>().sqrt();
        let norm_b = b.iter().map(|x| x * x).sum::<f32>().sqrt();
        dot / (norm_a * norm_b)
    };
    assert!((cosine_similarity(&a, &b) - one_sum()).abs() < 1e-3);
    race(
        n,
        [
            enter("cosine_one_sum", one_sum),
            enter("cosine_eight_sums", || {
                cosine_similarity(black_box(&a), black_box(&b))
            }),
        ],
    );
}

/// The best ten: sort everything, select, or keep ten.
fn top_ten(n: usize) {
    let scores = numbers(n, 1);
    let sorting = || {
        let mut hits: Vec<Hit> = black_box(&scores)
            .iter()
            .enumerate()
            .map(|(place, &score)| Hit { place, score })
            .collect();
        hits.sort_by_key(|hit| Reverse(*hit));
        hits.truncate(10);
        hits
    };
    let want = sorting();
    assert_eq!(top_k_of_slice(&scores, 10), want);
    assert_eq!(top_k(scores.iter().copied(), 10), want);
    race(
        n,
        [
            enter("top_k_sort", sorting),
            enter("top_k_select", || top_k_of_slice(black_box(&scores), 10)),
            enter("top_k_heap", || {
                top_k(black_box(&scores).iter().copied(), 10)
            }),
        ],
    );
}

/// A race, its name on the command line, and the sizes that it is run with.
type Group = (&'static str, fn(usize), &'static [usize]);

fn main() {
    // cargo adds `--bench`; what is left are the names of groups.
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with('-'))
        .collect();
    let groups: [Group; 6] = [
        ("count", count, &SIZES),
        ("dot", dot, &SIZES),
        ("add_bias", add_bias, &SIZES),
        ("two_parts", two_parts, &SIZES),
        ("cosine", cosine, &[384, 1_048_576]),
        ("top_k", top_ten, &[10_000, 1_000_000]),
    ];
    for (name, group, sizes) in groups {
        if chosen.is_empty() || chosen.iter().any(|other| other == name) {
            sizes.iter().copied().for_each(group);
        }
    }
}
