//! A table in pieces.

use polars::prelude::*;

/// The rows of `df` in batches of `batch_size`, in order; the last one may be shorter.
///
/// A batch is a view: it shares the memory of `df`, and keeps it alive.
///
/// # Panics
///
/// If `batch_size` is 0.
pub fn batch_generator(df: &DataFrame, batch_size: usize) -> Vec<DataFrame> {
    (0..df.height())
        .step_by(batch_size)
        // `slice` ends where the table ends. A table has fewer than 2^63 rows.
        .map(|start| df.slice(start.cast_signed() as i64, batch_size))
        .collect()
}
