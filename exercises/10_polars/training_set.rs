//! # A training set and its batches
//!
//! Everything together. From a Parquet file with the columns `text`, `label` (nullable) and `score`, and others that you do
//! not need, make the table to train on, and cut it into batches.
//!
//! - Texts without a label, and texts of ten characters or fewer, are left out.
//! - The columns are `text`, `label`, `score` and `text_length` (in characters), in this order, and the rows are in the order
//!   of the file.
//! - `score` has mean 0 and standard deviation 1 (divided by n - 1) over what is left.
//! - Reading leaves out what is not needed: `plan` only says what to do.

use polars::prelude::*;
use std::path::Path;

/// What is to be done.
fn plan(path: &Path) -> PolarsResult<LazyFrame> {
    // TODO: Scan, filter, and say what the four columns are.
    let _ = path;
    Ok(DataFrame::empty().lazy())
}

// `slice` counts from the end where its offset is negative; no table has 2^63 rows.
#[allow(clippy::cast_possible_wrap)]
/// The table in batches of `size` rows, the last perhaps shorter, none of them a copy.
fn training_batches(path: &Path, size: usize) -> PolarsResult<Vec<DataFrame>> {
    // TODO: Run the plan once, and cut its result.
    let _ = size;
    Ok(vec![plan(path)?.collect()?])
}

#[path = "../../chapters/10_polars/checks/training_set.rs"]
mod checks;
