//! # How many are right?
//!
//! The best score of each row is compared with the row's label. This accuracy is 50% where it should be 100%. PyTorch has
//! the same trap: a column compared with a row makes a table.
//!
//! `argmax(1)` leaves a column, `[batch, 1]`. `unsqueeze` puts the missing axis in front. What has the shape `[2, 2]`
//! here, and what is its mean?

use burn::prelude::*;

/// The share of rows whose highest score is at their label: scores `[batch, classes]`, labels `[batch]`.
fn accuracy(scores: Tensor<2>, labels: Tensor<1, Int>) -> f32 {
    let best = scores.argmax(1);
    // TODO: Compare each row's answer with its own label.
    // [starter]
    // let same = best.equal(labels.unsqueeze());
    // [solution]
    let same = best.equal(labels.unsqueeze_dim(1));
    // [end]
    same.float().mean().into_scalar()
}

#[path = "../../chapters/08_burn/checks/right_answers.rs"]
mod checks;
