//! # The best ten of a million
//!
//! A search has a score for each of a million documents, one after another, and wants the best ten. This version
//! keeps every score, sorts all of them, and throws nearly all of them away. To know the best ten so far, it is
//! enough to hold ten, and to know which of them is the worst: that one has to go when a better one comes.
//!
//! It compiles, and its answers are right. Read the last check: how many bytes does it hold, and how many would
//! do?

use iterators::Hit;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The `k` best of `scores`, the best first. A `Hit` is greater if it is better, and `Hit`s know how to break
/// ties.
fn best(scores: impl Iterator<Item = f32>, k: usize) -> Vec<Hit> {
    // TODO: Keep at most `k` hits, and one more for a moment. A heap has its greatest on top; `Reverse` turns that
    // round.
    let mut hits: Vec<Hit> = scores
        .enumerate()
        .map(|(place, score)| Hit { place, score })
        .collect();
    hits.sort_by_key(|hit| Reverse(*hit));
    hits.truncate(k);
    hits
}

#[path = "../../chapters/05_iterators/checks/best_hits.rs"]
mod checks;
