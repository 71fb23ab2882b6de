//! # Another order each time
//!
//! A ranking of authors is compared with yesterday's, and differs, although nobody has written anything. Many authors have
//! written equally many texts.

use polars::prelude::*;

/// How many texts each author has written: columns `author` and `texts`, most first; authors with equally many in the
/// order of their names.
fn ranking(texts: LazyFrame) -> LazyFrame {
    let ranked = texts.group_by([col("author")]).agg([len().alias("texts")]);
    // TODO: Leave nothing about the order to chance.
    // [starter]
    // ranked.sort(
    //     ["texts"],
    //     SortMultipleOptions::default().with_order_descending(true),
    // )
    // [solution]
    ranked.sort(
        ["texts", "author"],
        SortMultipleOptions::default().with_order_descending_multi([true, false]),
    )
    // [end]
}

#[path = "../../chapters/10_polars/checks/ranked_authors.rs"]
mod checks;
