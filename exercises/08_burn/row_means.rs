//! # The mean of each row
//!
//! A report wants to know how much ink each image has: one number an image. NumPy's `images.mean(axis=1)` takes an axis
//! away. In Burn the number of axes, the *rank*, is part of the type: `Tensor<2>` has rows and columns, `Tensor<1>` has
//! one axis.
//!
//! Run it. Which rank does the function promise, and which one does `mean_dim` return?

use burn::prelude::*;

/// The mean of each row: `[rows, columns]` to `[rows]`.
fn row_means(images: Tensor<2>) -> Tensor<1> {
    // TODO: The axis of length 1 that `mean_dim` leaves has to go.
    images.mean_dim(1)
}

#[path = "../../chapters/08_burn/checks/row_means.rs"]
mod checks;
