//! # A plan is not a table
//!
//! In pandas each line does its work and leaves a table. Here, each line makes a longer plan, and nobody has read a row
//! yet when the function ends.
//!
//! Run it. The message names two types: which of them holds rows?

use polars::prelude::*;

/// The texts that are labelled `label`, as a table with the one column `text`.
fn texts_labelled(texts: LazyFrame, label: &str) -> PolarsResult<DataFrame> {
    // TODO: The plan is whole. Have it carried out.
    let plan = texts
        .filter(col("label").eq(lit(label)))
        .select([col("text")]);
    Ok(plan)
}

#[path = "../../chapters/10_polars/checks/collect_plan.rs"]
mod checks;
