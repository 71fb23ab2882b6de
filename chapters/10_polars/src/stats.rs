//! What the texts of each label have in common.

use polars::prelude::*;

/// One row for each label in `df`, the most frequent first and, among equals, in the order of the alphabet.
///
/// `df` has the columns `label`, `score` and `text_length`. The result has `label`, `avg_score`, `std_score` (divided by n - 1,
/// null for a label with one row), `avg_length` and `count`. Rows without a label are a group of their own, which stands
/// first among equals.
///
/// # Errors
///
/// If a column is missing, or is not of numbers where an average is asked for.
pub fn compute_label_stats(df: &DataFrame) -> PolarsResult<DataFrame> {
    df.clone()
        .lazy()
        .group_by([col("label")])
        .agg([
            col("score").mean().alias("avg_score"),
            col("score").std(1).alias("std_score"),
            col("text_length").mean().alias("avg_length"),
            // Not `col("label").count()`: that counts what is not null, and says 0 for the rows without a label.
            len().alias("count"),
        ])
        // Groups come in any order; the second key makes ties come in the same one each time.
        .sort(
            ["count", "label"],
            SortMultipleOptions::default().with_order_descending_multi([true, false]),
        )
        .collect()
}
