//! How many requests may be inside at once, the answered ones not counted.
//!
//! A bounded channel alone would count those that wait in it. But a client may hang up while it waits, and its place must
//! be free for others at once; and one whose answer is being computed is inside as well. So places are counted on their own.

use crate::error::ServeError;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Hands out places.
pub struct Gate {
    places: Arc<Semaphore>,
    total: usize,
}

/// A place inside. Dropping it frees it, on whichever way its request ends.
#[derive(Debug)]
pub struct Place(#[allow(dead_code, reason = "it is kept for its drop")] OwnedSemaphorePermit);

impl Gate {
    /// A gate with `total` places.
    pub fn new(total: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(total)),
            total,
        }
    }

    /// A place, without waiting for one.
    ///
    /// # Errors
    ///
    /// [`ServeError::Full`] if there is none; when to ask again is for the caller to fill in.
    pub fn enter(&self) -> Result<Place, ServeError> {
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(permit) => Ok(Place(permit)),
            Err(_) => Err(ServeError::Full {
                places: self.total,
                retry_after: 1,
            }),
        }
    }

    /// How many are inside.
    pub fn inside(&self) -> usize {
        self.total - self.places.available_permits()
    }
}
