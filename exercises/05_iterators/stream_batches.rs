//! # Batches from a stream
//!
//! A corpus does not fit into memory: documents are read one by one, and the model wants them in batches. Python
//! 3.12 has `itertools.batched` for it. `from_fn` makes an iterator of a closure: it is called for each batch,
//! until it says `None`.
//!
//! Run it. `source.take(size)` reads well: the first `size` documents of the source. What is left of the source
//! after that, for the second batch?

use std::iter::from_fn;

/// Batches of `size` documents, the last perhaps smaller. Reads a document when its batch is asked for, not
/// before.
// TODO: Let `take` have the source for the length of one batch, not for good.
fn batches(
    mut source: impl Iterator<Item = String>,
    size: usize,
) -> impl Iterator<Item = Vec<String>> {
    from_fn(move || {
        let batch: Vec<String> = source.take(size).collect();
        if batch.is_empty() { None } else { Some(batch) }
    })
}

#[path = "../../chapters/05_iterators/checks/stream_batches.rs"]
mod checks;
