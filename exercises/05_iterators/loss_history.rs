//! # A callback that remembers
//!
//! `train` calls a closure after each step, as Keras and Lightning do with their callbacks: one prints, one
//! stops, one writes a file. This one appends the loss to a list. Python lets any function do that. Here the
//! signature of `train` says what a callback may do, and it says too little.
//!
//! Run it. The error is inside `history`, and the message has a mark at `train` as well. Which of the two should
//! change?

/// Brings a weight closer to 3 in each step, by gradient descent, and reports step and loss.
// TODO: Let the callback change what it has captured.
fn train(steps: usize, after_step: impl Fn(usize, f32)) -> f32 {
    let mut weight = 0.0;
    for step in 0..steps {
        let error: f32 = weight - 3.0;
        after_step(step, error * error);
        weight -= 0.25 * 2.0 * error;
    }
    weight
}

/// Trains, and returns the loss at each step.
fn history(steps: usize) -> Vec<f32> {
    let mut losses = Vec::with_capacity(steps);
    train(steps, |_, loss| losses.push(loss));
    losses
}

#[path = "../../chapters/05_iterators/checks/loss_history.rs"]
mod checks;
