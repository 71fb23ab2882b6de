//! # Rows that share a width
//!
//! Embeddings become one Arrow column: a list of fixed size, all numbers behind one another. Arrow cuts them into rows of
//! that size. It cannot know where a row was meant to end.

use arrow::array::{ArrayRef, FixedSizeListArray, Float32Array};
use arrow::datatypes::{DataType, Field};
use arrow::error::ArrowError;
use std::sync::Arc;

// Arrow counts a row's numbers in an `i32`; an embedding has a few thousand.
#[allow(clippy::cast_possible_wrap)]
/// A column with one embedding a row, all as wide as the first.
///
/// Fails if another one is wider or narrower.
fn embedding_column(rows: &[Vec<f32>]) -> Result<FixedSizeListArray, ArrowError> {
    let width = rows.first().map_or(0, Vec::len);
    // TODO: Two rows of 1 and 3 numbers are not two rows of 2. Say which row has another width.
    let numbers: ArrayRef = Arc::new(Float32Array::from(rows.concat()));
    let field = Arc::new(Field::new_list_field(DataType::Float32, false));
    FixedSizeListArray::try_new(field, width as i32, numbers, None)
}

#[path = "../../chapters/10_polars/checks/embedding_rows.rs"]
mod checks;
