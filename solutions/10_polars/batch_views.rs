//! # Batches that cost nothing
//!
//! Training goes through the table in batches. This builds each of them with a filter over a row number: it walks through
//! the whole table for each batch, and copies what it finds. But a batch is neighbouring rows, and they are in memory.

use polars::prelude::*;

// `slice` counts from the end where its offset is negative; no table has 2^63 rows.
#[allow(clippy::cast_possible_wrap)]
/// The rows of `texts` in batches of `size` (1 or more), in order; the last may be shorter.
fn batches(texts: &DataFrame, size: usize) -> PolarsResult<Vec<DataFrame>> {
    let mut batches = Vec::new();
    for start in (0..texts.height()).step_by(size) {
        // TODO: Take a view of the rows instead of a copy.
        // [starter]
        // let row = col("row").gt_eq(lit(start as u64)).and(col("row").lt(lit((start + size) as u64)));
        // let numbered = texts.clone().lazy().with_row_index("row", None);
        // let wanted = texts.get_column_names_owned().into_iter().map(col);
        // let batch = numbered.filter(row).select(wanted.collect::<Vec<_>>()).collect()?;
        // [solution]
        let batch = texts.slice(start as i64, size);
        // [end]
        batches.push(batch);
    }
    Ok(batches)
}

#[path = "../../chapters/10_polars/checks/batch_views.rs"]
mod checks;
