//! Two loans go in, and the name `'a` says that the one that comes out may be either.

/// A view of the longer of two sequences; of `seq2` if both have the same length.
///
/// The result may be used while both sequences are there: `'a` is at most the shorter of the two loans.
///
/// ```
/// let long = vec![0.1, 0.2, 0.3];
/// let longest = lifetimes::longest_sequence(&long, &[0.4]);
/// assert_eq!(longest.as_ptr(), long.as_ptr()); // nothing was copied
/// ```
pub fn longest_sequence<'a>(seq1: &'a [f32], seq2: &'a [f32]) -> &'a [f32] {
    if seq1.len() > seq2.len() { seq1 } else { seq2 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn of_two_equally_long_it_shows_the_second() {
        let (first, second) = ([1.0, 2.0], [3.0, 4.0]);
        assert_eq!(longest_sequence(&first, &second), second);
    }

    proptest! {
        #[test]
        fn it_is_as_long_as_the_longer_and_lies_where_that_lies(
            seq1 in prop::collection::vec(-1.0_f32..1.0, 0..20),
            seq2 in prop::collection::vec(-1.0_f32..1.0, 0..20),
        ) {
            let longest = longest_sequence(&seq1, &seq2);
            prop_assert_eq!(longest.len(), seq1.len().max(seq2.len()));
            let source = if seq1.len() > seq2.len() { &seq1 } else { &seq2 };
            prop_assert_eq!(longest.as_ptr(), source.as_ptr());
        }
    }
}
