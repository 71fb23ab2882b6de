//! # The same vocabulary tomorrow
//!
//! Each step of the training takes the most frequent pair. In a small text many pairs are equally frequent, and in a
//! large one some are. Which of them is it? Train twice, and one model's token 300 is the other's token 417: their
//! embeddings are worthless to each other.
//!
//! Run it, and run it again. The message differs. Why?

use std::collections::HashMap;

/// The most frequent pair; of equally frequent ones, the one with the smaller ids. `None` if no pair was seen twice.
fn best_pair(counts: &HashMap<(u32, u32), u64>) -> Option<(u32, u32)> {
    // TODO: Leave nothing to the order of the map, and learn nothing from a pair that was seen once.
    // [starter]
    // let best = counts.iter().max_by_key(|&(_, &count)| count);
    // best.map(|(&pair, _)| pair)
    // [solution]
    let best = counts
        .iter()
        .max_by_key(|&(&pair, &count)| (count, std::cmp::Reverse(pair)));
    best.filter(|&(_, &count)| count >= 2)
        .map(|(&pair, _)| pair)
    // [end]
}

#[path = "../../chapters/13_tokenizer/checks/best_pair.rs"]
mod checks;
