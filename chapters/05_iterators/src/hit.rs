//! What a search finds, and which of two finds is the better one.

use std::cmp::Ordering;

/// A place in a list, and the score that it was given.
///
/// Hits have a total order, so that they can be sorted and put into a heap: the better one is the greater one.
/// Of equal scores the earlier place is better, which makes every ranking the same on every run. A score that is
/// not a number is worse than any number.
///
/// ```
/// use iterators::Hit;
///
/// assert!(Hit { place: 7, score: 0.9 } > Hit { place: 2, score: 0.8 });
/// assert!(Hit { place: 2, score: 0.8 } > Hit { place: 7, score: 0.8 });
/// assert!(Hit { place: 7, score: -1.0 } > Hit { place: 2, score: f32::NAN });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// Where it stands, counted from 0.
    pub place: usize,
    /// How well it fits; larger is better.
    pub score: f32,
}

impl Ord for Hit {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_score = match self.score.partial_cmp(&other.score) {
            Some(order) => order,
            // At least one is not a number. `total_cmp` has an answer as well, but it goes by the sign of the NaN, and
            // what 0.0 / 0.0 has for a sign depends on the processor.
            None => other.score.is_nan().cmp(&self.score.is_nan()),
        };
        by_score.then(other.place.cmp(&self.place))
    }
}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

// Not derived: two hits are equal exactly when neither is better, NaN included.
impl PartialEq for Hit {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Hit {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Few places and few scores, so that ties are common; both kinds of zero and both kinds of NaN.
    fn hit() -> impl Strategy<Value = Hit> {
        let score = prop::sample::select(vec![
            -1.0,
            -0.0,
            0.0,
            2.5,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
            -f32::NAN,
        ]);
        (0_usize..3, score).prop_map(|(place, score)| Hit { place, score })
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in hit(), b in hit(), c in hit()) {
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
            if a >= b && b >= c {
                prop_assert!(a >= c);
            }
        }

        #[test]
        fn numbers_are_ordered_as_numbers(a in hit(), b in hit()) {
            if a.score < b.score {
                prop_assert!(a < b);
            }
        }
    }
}
