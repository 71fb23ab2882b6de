//! # Borrow from a thread
//!
//! The weights come from a memory-mapped file. They are the operating system's pages, and all we have is a slice of
//! them: there is nothing to put into an `Arc`. The squared norm of each shard is to be computed on a thread of its
//! own, and the function returns only when all threads are done.
//!
//! The compiler does not know that last sentence. Run it, and find the word `'static` in the message: how long does
//! `thread::spawn` think that a thread may live?

use std::thread;

/// Cuts the weights into `shards` pieces, the last one perhaps shorter, and runs `work` on each on a thread of its
/// own.
fn map_shards<T: Send + 'static>(weights: &[f32], shards: usize, work: fn(&[f32]) -> T) -> Vec<T> {
    let size = weights.len().div_ceil(shards).max(1);
    // TODO: These threads end before the function does. Start them where that is guaranteed, and they may borrow.
    // [starter]
    // let handles: Vec<_> = weights
    //     .chunks(size)
    //     .map(|shard| thread::spawn(move || work(shard)))
    //     .collect();
    // handles
    //     .into_iter()
    //     .map(|handle| handle.join().unwrap())
    //     .collect()
    // [solution]
    thread::scope(|scope| {
        let handles: Vec<_> = weights
            .chunks(size)
            .map(|shard| scope.spawn(move || work(shard)))
            .collect();
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap())
            .collect()
    })
    // [end]
}

#[path = "../../chapters/06_concurrency/checks/scoped_shards.rs"]
mod checks;
