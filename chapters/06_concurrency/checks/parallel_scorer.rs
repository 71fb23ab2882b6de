//! What `parallel_scorer` must do: all of this chapter. Each check is one of its sections.

use super::{Embeddings, score_all};
use concurrency::Meeting;
use std::collections::HashSet;
use std::panic::resume_unwind;
use std::thread;

/// Three embeddings of width 2.
fn embeddings() -> Embeddings {
    Embeddings {
        width: 2,
        rows: vec![1.0, 0.0, 0.6, 0.8, 0.0, 1.0],
    }
}

/// Queries of width 2 whose first numbers are 0, 1, 2 and so on.
fn queries(count: u8) -> Vec<Vec<f32>> {
    (0..count).map(|n| vec![f32::from(n), 1.0]).collect()
}

/// The place of the embedding with the largest dot product.
fn nearest(embeddings: &Embeddings, query: &[f32]) -> usize {
    let dot = |row: &[f32]| row.iter().zip(query).map(|(a, b)| a * b).sum::<f32>();
    let rows = embeddings.rows.chunks(embeddings.width).map(dot);
    let best = rows.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
    best.expect("there are embeddings").0
}

// One worker, so that the order of the results is nobody's luck; the next check is about that.
#[test]
fn finds_the_nearest_embedding_of_each_query() {
    let queries = [vec![0.9, 0.1], vec![0.5, 0.5], vec![-0.5, 0.9]];
    let got = score_all(&embeddings(), &queries, 1, nearest);
    let want = [Ok(0), Ok(1), Ok(2)];
    assert_eq!(got, want, "places of the nearest embeddings");
}

// Query 0 is finished when all others are.
static OTHERS: Meeting = Meeting::of(5);

#[test]
fn the_results_are_in_the_order_of_the_queries() {
    let score = |_: &Embeddings, query: &[f32]| {
        match query[0] {
            0.0 => _ = OTHERS.wait(),
            _ => OTHERS.arrive(),
        }
        query[0]
    };
    let got = score_all(&embeddings(), &queries(5), 2, score);
    let want = [0.0, 1.0, 2.0, 3.0, 4.0].map(Ok);
    assert_eq!(got, want, "first numbers of the queries");
}

#[test]
fn embeddings_and_queries_are_lent() {
    let (embeddings, queries) = (embeddings(), queries(2));
    let score = |embeddings: &Embeddings, query: &[f32]| {
        [embeddings.rows.as_ptr().addr(), query.as_ptr().addr()]
    };
    let got = score_all(&embeddings, &queries, 2, score);
    let want = [&queries[0], &queries[1]].map(|query| Ok(score(&embeddings, query)));
    assert_eq!(got, want, "addresses of embeddings and query");
}

// Three workers, six queries: each waits until two others are being scored.
static MEETING: Meeting = Meeting::of(3);

#[test]
fn all_workers_work_and_there_are_no_others() {
    let score = |_: &Embeddings, _: &[f32]| (MEETING.wait(), thread::current().id());
    let results = score_all(&embeddings(), &queries(6), 3, score);
    let (met, threads): (Vec<_>, HashSet<_>) = results.into_iter().flatten().unzip();
    let got = (met, threads.len());
    let want = (vec![true; 6], 3);
    assert_eq!(got, want, "queries that met others; number of threads");
}

#[test]
fn a_panic_is_reported_in_its_place() {
    let score = |_: &Embeddings, query: &[f32]| match query[0] {
        1.0 | 2.0 => resume_unwind(Box::new(format!("query {} is malformed", query[0]))),
        other => other,
    };
    let got = score_all(&embeddings(), &queries(4), 2, score);
    let malformed = |n| Err(format!("query {n} is malformed"));
    let want = [Ok(0.0), malformed(1), malformed(2), Ok(3.0)];
    assert_eq!(got, want, "results of four queries, two malformed");
}

// Query 0 takes as long as all the others together. If they stand behind it in one worker's list, nobody else does
// them.
static LONG: Meeting = Meeting::of(6);

#[test]
fn a_long_query_holds_up_no_other() {
    let score = |_: &Embeddings, query: &[f32]| {
        if query[0] == 0.0 {
            return LONG.wait();
        }
        LONG.arrive();
        true
    };
    let got = score_all(&embeddings(), &queries(6), 2, score);
    let want = vec![Ok(true); 6];
    assert_eq!(got, want, "whether query 0 saw the others finished");
}
