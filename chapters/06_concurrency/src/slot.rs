//! A model that can be exchanged while requests are answered.

use std::sync::{Arc, PoisonError, RwLock};

/// Holds the current weights. Whoever asks gets a share in them and keeps it as long as they like.
///
/// The lock is held for the moment in which a count goes up or an address is exchanged, never while somebody
/// computes. Old weights are freed when the last request that uses them is done.
///
/// ```
/// use concurrency::Slot;
///
/// let slot = Slot::new(vec![1.0_f32]);
/// let request = slot.current();
/// slot.replace(vec![2.0]);
/// assert_eq!((request[0], slot.current()[0]), (1.0, 2.0));
/// ```
pub struct Slot<T> {
    current: RwLock<Arc<T>>,
}

impl<T> Slot<T> {
    /// Puts the first value in.
    pub fn new(value: T) -> Self {
        Self {
            current: RwLock::new(Arc::new(value)),
        }
    }

    /// A share in the current value.
    pub fn current(&self) -> Arc<T> {
        // One assignment happens under the write lock, so a panic cannot leave it half done.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a new value in; returns the slot's share in the old one.
    pub fn replace(&self, value: T) -> Arc<T> {
        let value = Arc::new(value);
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut current, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_value_lives_as_long_as_its_last_reader() {
        let slot = Slot::new(vec![1.0_f32]);
        let reader = slot.current();
        let old = slot.replace(vec![2.0]);
        assert_eq!(Arc::strong_count(&old), 2);
        assert_eq!(*reader, [1.0]);
        drop(reader);
        assert_eq!(Arc::try_unwrap(old), Ok(vec![1.0]));
    }

    #[test]
    fn a_reader_does_not_keep_a_new_value_out() {
        let slot = Slot::new(1);
        let _reader = slot.current();
        assert!(slot.current.try_write().is_ok());
    }
}
