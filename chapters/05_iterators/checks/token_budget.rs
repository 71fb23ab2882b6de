//! What `token_budget` must do: be an iterator, whose batches are views of the documents.

use super::{TokenBudget, padding};

/// Documents of these lengths.
fn documents(lengths: &[usize]) -> Vec<Vec<u32>> {
    lengths.iter().map(|&length| vec![1; length]).collect()
}

/// The lengths of the documents in each batch; ten batches at most, since a wrong answer may never end.
fn batched(lengths: &[usize], budget: usize) -> Vec<Vec<usize>> {
    let documents = documents(lengths);
    let mut found = Vec::new();
    for batch in (TokenBudget {
        rest: &documents,
        budget,
    }) {
        found.push(batch.iter().map(Vec::len).collect());
        if found.len() == 10 {
            break;
        }
    }
    found
}

#[test]
fn fills_up_to_the_budget() {
    let got = batched(&[3, 2, 4, 1, 1], 5);
    let want = [vec![3, 2], vec![4, 1], vec![1]];
    assert_eq!(got, want, "lengths in batches of 5 tokens");
}

#[test]
fn a_long_document_is_a_batch_of_its_own() {
    let got = batched(&[2, 9, 1], 5);
    let want = [vec![2], vec![9], vec![1]];
    assert_eq!(got, want, "lengths in batches of 5 tokens");
}

#[test]
fn no_documents_are_no_batch() {
    let got = batched(&[], 5).len();
    let want = 0;
    assert_eq!(got, want, "batches of no documents");
}

#[test]
fn counts_the_padding() {
    let got = padding(&documents(&[3, 2, 4, 1, 1]), 5);
    let want = 4;
    assert_eq!(got, want, "tokens of padding in three batches");
}

#[test]
fn a_batch_is_a_view() {
    let documents = documents(&[3, 2, 4, 1, 1]);
    let mut got = Vec::new();
    for batch in (TokenBudget {
        rest: &documents,
        budget: 5,
    }) {
        got.push(batch.as_ptr());
    }
    let want = [0, 2, 4].map(|place| documents[place..].as_ptr());
    assert_eq!(got, want, "addresses where the three batches start");
}
