//! # Batches that cost nothing
//!
//! Training goes through the table in batches. This picks the rows of each batch by their numbers, as `iloc` does with a
//! list in pandas, and copies one after the other. But a batch is neighbouring rows, and they are in memory.

use polars::prelude::*;

// `slice` counts from the end where its offset is negative; no table has 2^63 rows.
#[allow(clippy::cast_possible_wrap)]
/// The rows of `texts` in batches of `size` (1 or more), in order; the last may be shorter.
fn batches(texts: &DataFrame, size: usize) -> Vec<DataFrame> {
    let mut batches = Vec::new();
    for start in (0..texts.height()).step_by(size) {
        // TODO: Take a view of the rows instead of a copy.
        // [starter]
        // let end = (start + size).min(texts.height());
        // let rows: IdxCa = (start..end).map(|row| Some(row as IdxSize)).collect();
        // let batch = texts.take(&rows).expect("these rows are there");
        // [solution]
        let batch = texts.slice(start as i64, size);
        // [end]
        batches.push(batch);
    }
    batches
}

#[path = "../../chapters/10_polars/checks/batch_views.rs"]
mod checks;
