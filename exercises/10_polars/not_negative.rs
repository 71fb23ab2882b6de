//! # Everything that is not negative
//!
//! A review queue shows all texts but the negative ones. Many have no label yet, and they belong there, too. In pandas
//! this was `df[df["label"] != "negative"]`, and it kept them. Here they are gone.

use polars::prelude::*;

/// The rows whose `label` is not 'negative': those with another label, and those without one.
fn review_queue(texts: LazyFrame) -> LazyFrame {
    // TODO: What is `null != "negative"`? Keep those rows, and change nothing in them.
    texts.filter(col("label").neq(lit("negative")))
}

#[path = "../../chapters/10_polars/checks/not_negative.rs"]
mod checks;
