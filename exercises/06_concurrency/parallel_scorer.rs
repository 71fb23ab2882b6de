//! # A parallel scorer
//!
//! Many queries are scored against one set of embeddings by a few workers. This version is right, and was good enough
//! for a demo: a thread for each query, a copy of the embeddings to make `'static` happy, and an `unwrap` that nobody
//! has met yet. Then came the customers: a million embeddings, a thousand queries at a time, one of them malformed,
//! and one a hundred times as long as the others.
//!
//! All of this chapter is in it. Read the checks first, decide who owns, who borrows and who waits, and then write
//! the body anew. A panic can be caught without a thread: `std::panic::catch_unwind(|| …)` returns what `join` does.

/// Embeddings of one width, one after another in one buffer.
#[derive(Clone)]
struct Embeddings {
    width: usize,
    rows: Vec<f32>,
}

/// Scores one query against all embeddings.
type Score<T> = fn(&Embeddings, &[f32]) -> T;

/// Scores each query, on `workers` threads. The results come in the order of the queries; a query whose score
/// panicked is an `Err` with the panic's message.
fn score_all<T: Send + 'static>(
    embeddings: &Embeddings,
    queries: &[Vec<f32>],
    workers: usize,
    score: Score<T>,
) -> Vec<Result<T, String>> {
    // TODO: No copy of an embedding or a query; no more threads than `workers`; each takes the next query when it is
    // free; a panic costs one query, and is reported in its place.
    use std::{sync::Arc, thread};

    let embeddings = Arc::new(embeddings.clone());
    let mut handles = Vec::new();
    for query in queries {
        let (embeddings, query) = (Arc::clone(&embeddings), query.clone());
        handles.push(thread::spawn(move || score(&embeddings, &query)));
    }
    handles
        .into_iter()
        .map(|handle| Ok(handle.join().unwrap()))
        .collect()
}

#[path = "../../chapters/06_concurrency/checks/parallel_scorer.rs"]
mod checks;
