//! # Used twice
//!
//! Each row is to have the mean 0, so its own mean is subtracted from it. The rows are needed twice: for their mean, and
//! to subtract from.
//!
//! Run it. Which call took the rows away?

use burn::prelude::*;

/// Each row minus its mean: `[rows, columns]` to the same.
fn centre_rows(rows: Tensor<2>) -> Tensor<2> {
    // TODO: Let both uses have the rows.
    // [starter]
    // let means = rows.mean_dim(1);
    // [solution]
    let means = rows.clone().mean_dim(1);
    // [end]
    rows - means
}

#[path = "../../chapters/08_burn/checks/centre_rows.rs"]
mod checks;
