//! The best `k` of a stream of scores, in memory for `k`.

use crate::number::Number;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// A row's place and its score, ordered as chapter 5's `Hit` is: the better one is the greater one.
///
/// Of equal scores the earlier place is better, so that a ranking is the same in every run. A score that is not a number
/// is worse than any number.
#[derive(Clone, Copy, Debug)]
pub struct Hit<T> {
    /// The row, counted from 0.
    pub place: usize,
    /// How well it fits; larger is better.
    pub score: T,
}

impl<T: Number> Ord for Hit<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_score = match self.score.partial_cmp(&other.score) {
            Some(order) => order,
            None => other.score.is_nan().cmp(&self.score.is_nan()),
        };
        by_score.then(other.place.cmp(&self.place))
    }
}

impl<T: Number> PartialOrd for Hit<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

// Not derived: two hits are equal exactly when neither is better, NaN included.
impl<T: Number> PartialEq for Hit<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T: Number> Eq for Hit<T> {}

/// Keeps the best `k` hits that it is shown.
#[derive(Clone, Debug)]
pub struct Best<T> {
    k: usize,
    /// `Reverse`, because a `BinaryHeap` shows its greatest item and the worst that was kept has to go first.
    kept: BinaryHeap<Reverse<Hit<T>>>,
}

impl<T: Number> Best<T> {
    /// Nothing yet, and never more than `k`.
    pub fn new(k: usize) -> Self {
        Self {
            k,
            kept: BinaryHeap::new(),
        }
    }

    /// What a score has to exceed, or to equal at an earlier place, to be kept; `None` while everything is.
    pub fn worst(&self) -> Option<T> {
        if self.kept.len() < self.k {
            return None;
        }
        // With `k = 0` nothing exceeds it.
        Some(self.kept.peek().map_or(T::infinity(), |hit| hit.0.score))
    }

    /// Shows it one hit.
    pub fn push(&mut self, hit: Hit<T>) {
        if self.kept.len() < self.k {
            self.kept.push(Reverse(hit));
        } else if let Some(mut worst) = self.kept.peek_mut()
            && hit > worst.0
        {
            *worst = Reverse(hit);
        }
    }

    /// Shows it the scores of the rows from `first` on.
    pub fn push_all(&mut self, first: usize, scores: &[T]) {
        for (place, &score) in (first..).zip(scores) {
            // Nearly every score of a long list ends at this comparison. A NaN among the kept leaves it false.
            if self.worst().is_some_and(|worst| score < worst) {
                continue;
            }
            self.push(Hit { place, score });
        }
    }

    /// Takes over what another one kept.
    pub fn merge(mut self, other: Self) -> Self {
        for Reverse(hit) in other.kept {
            self.push(hit);
        }
        self
    }

    /// The hits, best first.
    pub fn into_sorted(self) -> Vec<Hit<T>> {
        let sorted = self.kept.into_sorted_vec();
        sorted.into_iter().map(|Reverse(hit)| hit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Few scores, so that there are ties.
    fn score() -> impl Strategy<Value = f32> {
        prop::sample::select(vec![
            -2.0,
            -0.0,
            0.0,
            0.5,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
            -f32::NAN,
        ])
    }

    proptest! {
        #[test]
        fn agrees_with_a_stable_sort(
            scores in prop::collection::vec(score(), 0..40),
            cut in 0_usize..40,
            k in 0_usize..50,
        ) {
            let mut want: Vec<usize> = (0..scores.len()).collect();
            let rank = |&place: &usize| (!scores[place].is_nan(), scores[place] + 0.0);
            want.sort_by(|a, b| rank(b).partial_cmp(&rank(a)).unwrap_or(Ordering::Equal));
            want.truncate(k);

            // In two parts, the later one first: the order in which threads finish must not matter.
            let (first, second) = scores.split_at(cut.min(scores.len()));
            let [mut one, mut two] = [Best::new(k), Best::new(k)];
            one.push_all(0, first);
            two.push_all(first.len(), second);
            let got: Vec<usize> = two.merge(one).into_sorted().iter().map(|hit| hit.place).collect();
            prop_assert_eq!(got, want);
        }
    }
}
