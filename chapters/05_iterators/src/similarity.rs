//! How alike two embeddings are.

use crate::kernels::dot_lanes;

/// The dot product of `a` and `b`, in eight running sums (see [`crate::kernels`]).
///
/// # Panics
///
/// If the lengths differ.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len(), "dot product of two lengths");
    dot_lanes(a, b)
}

/// The cosine of the angle between `a` and `b`: 1 for the same direction, 0 for a right angle, -1 for opposite ones.
///
/// A vector of zeros has no direction; its similarity to anything is 0. Rounding may take the result past 1 by a few
/// units in the last place.
///
/// ```
/// use iterators::cosine_similarity;
///
/// assert_eq!(cosine_similarity(&[3.0, 4.0], &[6.0, 8.0]), 1.0);
/// assert_eq!(cosine_similarity(&[1.0, 0.0], &[0.0, 2.0]), 0.0);
/// ```
///
/// # Panics
///
/// If the lengths differ.
pub fn cosine_similarity(a: &[f32], b: &[f32]) -> f32 {
    let norms = dot(a, a).sqrt() * dot(b, b).sqrt();
    if norms == 0.0 {
        return 0.0;
    }
    dot(a, b) / norms
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Two vectors of the same length.
    fn pair() -> impl Strategy<Value = (Vec<f32>, Vec<f32>)> {
        prop::collection::vec((-10.0_f32..10.0, -10.0_f32..10.0), 1..200)
            .prop_map(|pairs| pairs.into_iter().unzip())
    }

    #[test]
    fn zeros_have_no_direction() {
        assert_eq!(cosine_similarity(&[0.0, 0.0], &[1.0, 2.0]), 0.0);
        assert_eq!(cosine_similarity(&[], &[]), 0.0);
    }

    #[test]
    #[should_panic(expected = "dot product of two lengths")]
    fn a_wrong_length_is_not_hidden() {
        cosine_similarity(&[1.0, 2.0], &[1.0]);
    }

    // Python: sum(x * y …) / (math.sqrt(…) * math.sqrt(…)) in double precision.
    #[test]
    fn agrees_with_python() {
        let got = cosine_similarity(&[1.0, -2.0, 3.0, 0.5], &[0.25, 4.0, -1.0, 2.0]);
        let want = -0.562_784_6;
        assert!((got - want).abs() < 1e-6, "{got}");
    }

    proptest! {
        #[test]
        fn is_near_the_cosine_in_double_precision((a, b) in pair()) {
            let dot = |a: &[f32], b: &[f32]| -> f64 {
                a.iter().zip(b).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum()
            };
            let norms = (dot(&a, &a) * dot(&b, &b)).sqrt();
            prop_assume!(norms > 1e-3);
            let exact = dot(&a, &b) / norms;
            prop_assert!((f64::from(cosine_similarity(&a, &b)) - exact).abs() < 1e-5);
        }

        #[test]
        fn does_not_depend_on_the_scale((a, b) in pair()) {
            let scaled: Vec<f32> = a.iter().map(|x| x * 4.0).collect();
            prop_assert_eq!(cosine_similarity(&a, &b), cosine_similarity(&scaled, &b));
        }
    }
}
