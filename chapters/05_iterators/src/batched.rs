//! An adaptor of our own, as a reader of the standard library would write it: a struct that owns an iterator,
//! `Iterator` for the struct, and a trait that offers it on every iterator.

use std::iter::FusedIterator;

/// Hands on the items of another iterator in batches. Made by [`BatchedExt::batched`].
#[derive(Clone, Debug)]
pub struct Batched<I> {
    items: I,
    size: usize,
}

impl<I: Iterator> Iterator for Batched<I> {
    type Item = Vec<I::Item>;

    fn next(&mut self) -> Option<Self::Item> {
        // `by_ref` lends the iterator to `take`, which would otherwise end it with the first batch.
        let batch: Vec<_> = self.items.by_ref().take(self.size).collect();
        if batch.is_empty() { None } else { Some(batch) }
    }

    /// Tells `collect` how much room it needs.
    fn size_hint(&self) -> (usize, Option<usize>) {
        let (least, most) = self.items.size_hint();
        let batches = |items: usize| items.div_ceil(self.size);
        (batches(least), most.map(batches))
    }
}

// Both promises hold if the items' own iterator keeps them: an exact number stays exact, and an end stays an end.
impl<I: ExactSizeIterator> ExactSizeIterator for Batched<I> {}
impl<I: FusedIterator> FusedIterator for Batched<I> {}

/// Gives every iterator the method `batched`; Python has `itertools.batched`.
pub trait BatchedExt: Iterator + Sized {
    /// Batches of `size` items, the last perhaps smaller. A batch is read when it is asked for, and nothing
    /// beyond it.
    ///
    /// ```
    /// use iterators::BatchedExt;
    ///
    /// let mut read = 0;
    /// let first = (0..1_000).inspect(|_| read += 1).batched(3).next();
    /// assert_eq!(first, Some(vec![0, 1, 2]));
    /// assert_eq!(read, 3);
    /// ```
    ///
    /// # Panics
    ///
    /// If `size` is zero.
    fn batched(self, size: usize) -> Batched<Self> {
        assert!(size > 0, "a batch has at least one item");
        Batched { items: self, size }
    }
}

impl<I: Iterator> BatchedExt for I {}

#[cfg(test)]
mod tests {
    use super::*;
    use allocation_counter::measure;
    use proptest::prelude::*;

    #[test]
    fn a_batch_is_one_allocation() {
        let used = measure(|| {
            (0..1_000).batched(100).next();
        });
        assert_eq!(used.count_total, 1);
    }

    #[test]
    #[should_panic(expected = "a batch has at least one item")]
    fn batches_of_nothing_are_refused() {
        let _ = (0..3).batched(0);
    }

    proptest! {
        // The standard library's `chunks` does the same for a slice.
        #[test]
        fn agrees_with_chunks(items in prop::collection::vec(any::<u32>(), 0..40), size in 1_usize..10) {
            let ours = items.iter().copied().batched(size);
            prop_assert_eq!(ours.len(), items.len().div_ceil(size));
            let chunks: Vec<Vec<u32>> = items.chunks(size).map(<[u32]>::to_vec).collect();
            prop_assert_eq!(ours.collect::<Vec<_>>(), chunks);
        }
    }
}
