//! Scores to probabilities, in place or in a new vector.

/// Puts `eˣ / Σ eˣ` in the place of each `x` of `scores`. An empty slice stays empty.
///
/// Allocates nothing. A score of +∞, or nothing but −∞, gives NaN, as in `torch`.
///
/// ```
/// let mut logits = [0.0, 0.0];
/// traits::softmax_in_place(&mut logits);
/// assert_eq!(logits, [0.5, 0.5]);
/// ```
pub fn softmax_in_place(scores: &mut [f32]) {
    // Taking the same number from every score changes nothing, and with the largest no power is above 1: `e` to the power
    // of 89 would be infinite, and infinity over infinity is NaN.
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for x in scores.iter_mut() {
        *x = (*x - largest).exp();
        sum += *x;
    }
    for x in scores {
        *x /= sum;
    }
}

/// The same in a new vector: one allocation.
pub fn softmax(scores: &[f32]) -> Vec<f32> {
    let mut probabilities = scores.to_vec();
    softmax_in_place(&mut probabilities);
    probabilities
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::snap_all;
    use allocation_counter::measure;
    use proptest::prelude::*;

    // From Python: e = [math.exp(x - max(v)) for x in v]; [x / sum(e) for x in e].
    #[test]
    fn values_are_those_of_pythons_math() {
        let want = [0.090_030_57, 0.244_728_48, 0.665_240_94];
        for scores in [
            [1.0_f32, 2.0, 3.0],
            [1_001.0, 1_002.0, 1_003.0],
            [-999.0, -998.0, -997.0],
        ] {
            assert_eq!(snap_all(&softmax(&scores), &want, 1e-7), want, "{scores:?}");
        }
    }

    #[test]
    fn a_masked_score_gets_nothing() {
        assert_eq!(softmax(&[0.0, f32::NEG_INFINITY, 0.0]), [0.5, 0.0, 0.5]);
    }

    #[test]
    fn nothing_in_nothing_out() {
        assert_eq!(softmax(&[]), []);
    }

    #[test]
    fn in_place_means_no_allocation() {
        let mut scores = [0.5; 100];
        assert_eq!(measure(|| softmax_in_place(&mut scores)).count_total, 0);
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one_and_keep_the_order(scores in prop::collection::vec(-1e4_f32..1e4, 1..50)) {
            let probabilities = softmax(&scores);
            prop_assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            for (x, p) in scores.iter().zip(&probabilities) {
                for (y, q) in scores.iter().zip(&probabilities) {
                    prop_assert!(x > y || p <= q);
                }
            }
        }
    }
}
