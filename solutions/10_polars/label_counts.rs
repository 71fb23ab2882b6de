//! # No texts without a label?
//!
//! Before labels are bought, somebody wants to know how many texts have none. The report says 0, and there are hundreds.

use polars::prelude::*;

/// For each label, and for 'no label', how many texts there are: columns `label` and `texts`, in the order of the labels.
fn texts_per_label(texts: LazyFrame) -> LazyFrame {
    // TODO: Count the rows of each group.
    // [starter]
    // let texts_of_group = col("label").count();
    // [solution]
    let texts_of_group = len();
    // [end]
    texts
        .group_by([col("label")])
        .agg([texts_of_group.alias("texts")])
        .sort(["label"], SortMultipleOptions::default())
}

#[path = "../../chapters/10_polars/checks/label_counts.rs"]
mod checks;
