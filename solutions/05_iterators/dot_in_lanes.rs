//! # A dot product in eight sums
//!
//! The chain below is right, and slow: each addition waits for the one before it, because a sum of `f32` has an
//! order, and the compiler may not change it. It is also inexact: after 16,777,216 an `f32` cannot count on in
//! ones. Eight sums side by side are better at both. Which product goes into which sum is yours to say.
//!
//! It compiles. Look at the last check: by how much is the sum wrong, and why is it exactly 2²⁴?

/// The dot product of two vectors of the same length, in eight running sums of `f32`.
///
/// Sum `j` takes the products at `j`, `j + 8`, `j + 16`, … The sums are added from the first to the last, and
/// the products that do not fill a row of eight come after that.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    // TODO: Cut both into rows of eight; `as_chunks` does, and returns what is left over as well.
    // [starter]
    // a.iter().zip(b).map(|(x, y)| x * y).sum()
    // [solution]
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for (j, sum) in sums.iter_mut().enumerate() {
            *sum += a[j] * b[j];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + rest
    // [end]
}

#[path = "../../chapters/05_iterators/checks/dot_in_lanes.rs"]
mod checks;
