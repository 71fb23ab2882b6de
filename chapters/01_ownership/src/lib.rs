#![doc = include_str!("../README.md")]

/// Adds up `data`.
///
/// Takes a slice, so the caller keeps the weights. An empty slice sums to `0.0`.
pub fn compute_sum(data: &[f32]) -> f32 {
    data.iter().sum()
}
