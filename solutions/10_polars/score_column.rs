//! # The type is in the file
//!
//! The model takes `f32`. The scores come from files that others have written: as 64-bit floats, as whole numbers, and
//! once as text, with a `n/a` in it. This function compiles, and fails with the first file.
//!
//! Run it, and read what type was asked for and what type was there.

use polars::prelude::*;

/// The column `score` of `texts` as 32-bit floats, whatever numbers it holds. What is missing stays `None`.
///
/// Fails if there is something in it that is no number.
fn scores(texts: &DataFrame) -> PolarsResult<Vec<Option<f32>>> {
    // TODO: Convert the column first, so that what is no number is an error.
    // [starter]
    // let column = texts.column("score")?;
    // [solution]
    let column = texts.column("score")?.strict_cast(&DataType::Float32)?;
    // [end]
    Ok(column.f32()?.iter().collect())
}

#[path = "../../chapters/10_polars/checks/score_column.rs"]
mod checks;
