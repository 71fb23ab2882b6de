//! Requests move in one by one, and move out as a batch. No request is copied on its way.

use std::mem;

/// Collects tokenised requests until a batch is full.
#[derive(Debug)]
pub struct Batcher {
    pending: Vec<Vec<u32>>,
    size: usize,
}

impl Batcher {
    /// A batcher that hands out `size` requests at a time.
    ///
    /// # Panics
    ///
    /// If `size` is zero.
    pub fn new(size: usize) -> Self {
        assert!(size > 0, "a batch has at least one request");
        let pending = Vec::with_capacity(size);
        Self { pending, size }
    }

    /// Takes a request's tokens. Returns the batch if this request completes it.
    pub fn push(&mut self, tokens: Vec<u32>) -> Option<Vec<Vec<u32>>> {
        self.pending.push(tokens);
        if self.pending.len() < self.size {
            return None;
        }
        // Like `mem::take`, but the list that stays behind has room for the next batch already.
        Some(mem::replace(
            &mut self.pending,
            Vec::with_capacity(self.size),
        ))
    }

    /// Ends the batcher and hands out what has been collected, which may be nothing.
    pub fn finish(self) -> Vec<Vec<u32>> {
        self.pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocation_counter::measure;

    #[test]
    fn hands_out_full_batches_and_then_the_rest() {
        let mut batcher = Batcher::new(2);
        assert_eq!(batcher.push(vec![1]), None);
        assert_eq!(batcher.push(vec![2, 2]), Some(vec![vec![1], vec![2, 2]]));
        assert_eq!(batcher.push(vec![3]), None);
        assert_eq!(batcher.finish(), [vec![3]]);
    }

    #[test]
    fn tokens_keep_their_address() {
        let tokens = vec![1, 2, 3];
        let address = tokens.as_ptr();
        let batch = Batcher::new(1)
            .push(tokens)
            .expect("a batch of one is full");
        assert_eq!(batch[0].as_ptr(), address);
    }

    #[test]
    fn a_full_batch_costs_one_allocation() {
        let mut batcher = Batcher::new(2);
        let (first, second) = (vec![1; 1_000], vec![2; 1_000]);
        let used = measure(|| {
            batcher.push(first);
            batcher.push(second);
        });
        assert_eq!(used.count_total, 1);
    }
}
