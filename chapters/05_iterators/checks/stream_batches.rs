//! What `stream_batches` must do: cut any stream into batches, and read no document before its batch is asked for.

use super::batches;

/// A stream of so many documents.
fn stream(documents: usize) -> impl Iterator<Item = String> {
    (0..documents).map(|n| format!("document {n}"))
}

/// The sizes of the first ten batches, at most: a wrong answer may never end.
fn sizes(documents: usize, size: usize) -> Vec<usize> {
    batches(stream(documents), size)
        .take(10)
        .map(|batch| batch.len())
        .collect()
}

#[test]
fn hands_out_the_documents_in_order() {
    let got: Vec<Vec<String>> = batches(stream(4), 2).take(2).collect();
    let want = [["document 0", "document 1"], ["document 2", "document 3"]];
    assert_eq!(got, want, "four documents in batches of 2");
}

#[test]
fn ends_with_the_stream() {
    let got = sizes(6, 3);
    let want = [3, 3];
    assert_eq!(got, want, "sizes of batches, 6 documents by 3");
}

#[test]
fn the_last_batch_may_be_smaller() {
    let got = sizes(7, 3);
    let want = [3, 3, 1];
    assert_eq!(got, want, "sizes of batches, 7 documents by 3");
}

#[test]
fn reads_a_batch_and_nothing_beyond() {
    let mut got = 0;
    batches(stream(1_000).inspect(|_| got += 1), 3).next();
    let want = 3;
    assert_eq!(got, want, "documents read for one batch of 3");
}

#[test]
fn reads_nothing_before_it_is_asked() {
    let mut got = 0;
    let untouched = batches(stream(1_000).inspect(|_| got += 1), 3);
    drop(untouched);
    let want = 0;
    assert_eq!(got, want, "documents read for no batch at all");
}
