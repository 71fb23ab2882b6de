//! # The mean of what?
//!
//! The scores that a model is trained on should have mean 0 and standard deviation 1. Here they are normalised, and then
//! the short texts are dropped. The scores of what is left have another mean.

use polars::prelude::*;

/// The columns `text` and `score` of the texts with more than ten characters, their scores with mean 0 and standard
/// deviation 1 (divided by n - 1).
fn training_scores(texts: LazyFrame) -> LazyFrame {
    let long = col("text").str().len_chars().gt(lit(10));
    let normalised = (col("score") - col("score").mean()) / col("score").std(1);
    // TODO: Which rows does `mean` see?
    // [starter]
    // texts.select([col("text"), normalised]).filter(long)
    // [solution]
    texts.filter(long).select([col("text"), normalised])
    // [end]
}

#[path = "../../chapters/10_polars/checks/normalise_scores.rs"]
mod checks;
