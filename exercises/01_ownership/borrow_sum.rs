//! # Read the weights twice
//!
//! A checkpoint is written with the sum of its weights beside them, so that whoever loads it can tell a damaged
//! file. The sum needs the weights, and then the checkpoint needs them too. In Python both lines would read the
//! same list. Here the first line gives the list away.
//!
//! Before you change anything, run it and read: which line takes the weights, and what in `compute_sum` says
//! that it keeps them?

/// A layer's weights and their sum, as they are written to a file.
struct Checkpoint {
    sum: f32,
    weights: Vec<f32>,
}

/// Adds up a layer's weights.
// TODO: A parameter `Vec<f32>` takes the weights for good. A sum only reads them: ask for a loan, `&[f32]`.
fn compute_sum(data: Vec<f32>) -> f32 {
    data.iter().sum()
}

/// Puts weights and sum together.
fn seal(weights: Vec<f32>) -> Checkpoint {
    // TODO: Lend the weights here, so that they are still yours on the last line.
    let sum = compute_sum(weights);
    Checkpoint { sum, weights }
}

#[path = "../../chapters/01_ownership/checks/borrow_sum.rs"]
mod checks;
