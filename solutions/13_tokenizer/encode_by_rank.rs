//! # The order of the merges
//!
//! A model has learned what token 261 means from texts in which the merges were done in the order of the training. The
//! encoder here reads from the left and merges whatever it knows. All its ids exist, and decoding gives the text back.
//! The model would see something that it has never seen.
//!
//! Run it. The check names a word, and the ids that tiktoken gives it.

use std::collections::HashMap;

/// The ids of `word`. `ranks` has the token that a pair becomes; merges that were learned earlier have smaller ids.
fn encode_word(word: &[u8], ranks: &HashMap<(u32, u32), u32>) -> Vec<u32> {
    let mut ids: Vec<u32> = word.iter().map(|&byte| byte.into()).collect();
    loop {
        let pairs = ids.windows(2).map(|two| (two[0], two[1]));
        let known = pairs.filter_map(|pair| ranks.get(&pair).map(|&new| (new, pair)));
        // TODO: Of all known pairs in the word, take the one that was learned first.
        // [starter]
        // let mut known = known;
        // let chosen = known.next();
        // [solution]
        let chosen = known.min();
        // [end]
        let Some((new, pair)) = chosen else {
            return ids;
        };
        ids = merge_pair(&ids, pair, new);
    }
}

/// From the exercise before: `ids` with `new` wherever `pair` stood.
fn merge_pair(ids: &[u32], pair: (u32, u32), new: u32) -> Vec<u32> {
    let mut merged = Vec::with_capacity(ids.len());
    let mut rest = ids;
    while let [first, tail @ ..] = rest {
        if tail.first() == Some(&pair.1) && *first == pair.0 {
            merged.push(new);
            rest = &tail[1..];
        } else {
            merged.push(*first);
            rest = tail;
        }
    }
    merged
}

#[path = "../../chapters/13_tokenizer/checks/encode_by_rank.rs"]
mod checks;
