//! Read one slice, read two, write one: the three signatures that the rest of the chapter is made of.

/// Adds up `data`.
///
/// Takes a slice, so the caller keeps the weights. An empty slice sums to `0.0`.
///
/// ```
/// let weights = vec![0.5, 1.5, 2.0];
/// assert_eq!(ownership::compute_sum(&weights), 4.0);
/// assert_eq!(weights.len(), 3); // still ours
/// ```
pub fn compute_sum(data: &[f32]) -> f32 {
    data.iter().sum()
}

/// The dot product of `a` and `b`.
///
/// # Panics
///
/// If the lengths differ: a silent `zip` to the shorter one would hide a wrong shape.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len(), "dot product of two lengths");
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Scales `values` in place to length 1 (their Euclidean norm). Zeros stay zeros.
///
/// The `&mut` is what Python's `batch /= norm` does not say: the caller's own numbers change.
///
/// ```
/// let mut embedding = [3.0, 4.0];
/// ownership::normalise(&mut embedding);
/// assert_eq!(embedding, [0.6, 0.8]);
/// ```
pub fn normalise(values: &mut [f32]) {
    let norm = dot(values, values).sqrt();
    if norm > 0.0 {
        for value in values {
            *value /= norm;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_empty_slice_sums_to_zero() {
        assert_eq!(compute_sum(&[]), 0.0);
    }

    #[test]
    fn zeros_have_no_direction() {
        let mut values = [0.0, 0.0];
        normalise(&mut values);
        assert_eq!(values, [0.0, 0.0]);
    }

    #[test]
    #[should_panic(expected = "dot product of two lengths")]
    fn a_wrong_length_is_not_hidden() {
        dot(&[1.0, 2.0], &[1.0]);
    }

    proptest! {
        // Rounding: one unit in the last place for each addition, of the sum of magnitudes at most.
        #[test]
        fn compute_sum_is_near_the_sum_in_double_precision(data in prop::collection::vec(-1e3_f32..1e3, 0..200)) {
            let exact: f64 = data.iter().map(|&x| f64::from(x)).sum();
            let magnitude: f64 = data.iter().map(|&x| f64::from(x.abs())).sum();
            let allowed = data.len() as f64 * f64::from(f32::EPSILON) * magnitude;
            prop_assert!((f64::from(compute_sum(&data)) - exact).abs() <= allowed);
        }

        #[test]
        fn normalise_gives_length_one(mut data in prop::collection::vec(0.1_f32..1e3, 1..200)) {
            normalise(&mut data);
            prop_assert!((dot(&data, &data) - 1.0).abs() < 1e-4);
        }
    }
}
