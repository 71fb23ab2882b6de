//! A counter with a rival, which makes a rare accident happen every time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// An `AtomicUsize` that hands out places, and that another worker uses at the worst of times.
///
/// After each operation on it the rival takes a turn: it claims the next place with `fetch_add`. This is one of the
/// orders in which two threads can run. On a real counter it comes once in thousands of runs, in production; here it
/// comes always, in a test of one thread.
pub struct ContestedCounter {
    next: AtomicUsize,
    turns: AtomicUsize,
    claimed: Mutex<Vec<usize>>,
}

impl ContestedCounter {
    /// A counter at 0 whose rival takes as many turns.
    pub fn with_rival(turns: usize) -> Self {
        Self {
            next: AtomicUsize::new(0),
            turns: AtomicUsize::new(turns),
            claimed: Mutex::default(),
        }
    }

    /// The places that the rival has claimed, in order.
    pub fn rivals(&self) -> Vec<usize> {
        self.claimed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// As `AtomicUsize::load`.
    pub fn load(&self, order: Ordering) -> usize {
        let value = self.next.load(order);
        self.interrupt();
        value
    }

    /// As `AtomicUsize::store`.
    pub fn store(&self, value: usize, order: Ordering) {
        self.next.store(value, order);
        self.interrupt();
    }

    /// As `AtomicUsize::fetch_add`: adds and returns what was there before.
    pub fn fetch_add(&self, value: usize, order: Ordering) -> usize {
        let before = self.next.fetch_add(value, order);
        self.interrupt();
        before
    }

    /// As `AtomicUsize::compare_exchange`: stores `new` if the value is `current`.
    ///
    /// # Errors
    ///
    /// The value that was found, if it was another; nothing is stored then.
    pub fn compare_exchange(
        &self,
        current: usize,
        new: usize,
        success: Ordering,
        failure: Ordering,
    ) -> Result<usize, usize> {
        let result = self.next.compare_exchange(current, new, success, failure);
        self.interrupt();
        result
    }

    /// The rival's turn.
    fn interrupt(&self) {
        let left = |turns: usize| turns.checked_sub(1);
        if self
            .turns
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, left)
            .is_ok()
        {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            self.claimed
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Ordering::Relaxed;

    #[test]
    fn load_and_store_lose_the_rivals_update() {
        let counter = ContestedCounter::with_rival(1);
        let seen = counter.load(Relaxed);
        counter.store(seen + 1, Relaxed);
        assert_eq!((seen, counter.rivals()), (0, vec![0]));
        assert_eq!(counter.load(Relaxed), 1, "two claims, counted as one");
    }

    #[test]
    fn fetch_add_loses_nothing() {
        let counter = ContestedCounter::with_rival(2);
        let mine = [counter.fetch_add(1, Relaxed), counter.fetch_add(1, Relaxed)];
        assert_eq!((mine, counter.rivals()), ([0, 2], vec![1, 3]));
        assert_eq!(counter.load(Relaxed), 4);
    }

    #[test]
    fn compare_exchange_notices_the_rival() {
        let counter = ContestedCounter::with_rival(1);
        let seen = counter.load(Relaxed);
        let result = counter.compare_exchange(seen, seen + 1, Relaxed, Relaxed);
        assert_eq!(result, Err(1));
    }
}
