//! # Two become one
//!
//! Training and encoding both do one thing again and again: wherever two ids stand side by side, put one new id in
//! their place. In Python it is a `while` loop with an index that moves by one or by two. Here somebody has looked for
//! a shorter way: `windows(2)` shows all neighbours, so each window becomes an id.
//!
//! Run it. How many windows does a list of three ids have, and in how many of them is the middle one?

/// `ids` with `new` wherever `pair` stood, found from left to right.
fn merge_pair(ids: &[u32], pair: (u32, u32), new: u32) -> Vec<u32> {
    // TODO: Once a pair is merged, both of its ids are used up. Read on behind them.
    // [starter]
    // ids.windows(2)
    //     .map(|two| {
    //         if (two[0], two[1]) == pair {
    //             new
    //         } else {
    //             two[0]
    //         }
    //     })
    //     .collect()
    // [solution]
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
    // [end]
}

#[path = "../../chapters/13_tokenizer/checks/merge_pair.rs"]
mod checks;
