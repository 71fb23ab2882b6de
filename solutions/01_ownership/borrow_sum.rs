//! # Read the weights twice
//!
//! A loss report wants the sum of a layer's weights and, a line later, how many there are. In Python both
//! lines read the same list. Here the first line gives the list away.
//!
//! Run it and read the compiler's message before you change anything: at which line do the weights leave,
//! and at which line are they missed?

/// Adds up a layer's weights.
fn compute_sum(data: &[f32]) -> f32 {
    data.iter().sum()
}

/// Returns the sum of `weights` and their number.
fn report(weights: Vec<f32>) -> (f32, usize) {
    // TODO: The next line moves the weights into a new owner, and nobody gives them back. Lend them instead.
    // [starter]
    // let given_away = weights;
    // let sum = compute_sum(&given_away);
    // [solution]
    let sum = compute_sum(&weights);
    // [end]
    (sum, weights.len())
}

#[path = "../../chapters/01_ownership/checks/borrow_sum.rs"]
mod checks;
