//! What `batch_views` must do: cut the table without touching its rows.

use super::batches;
use polars::prelude::*;

fn table() -> DataFrame {
    let texts: Vec<_> = (0..10).map(|n| format!("text {n}")).collect();
    let scores: Vec<_> = (0..10).map(f64::from).collect();
    df!("text" => texts, "score" => scores).unwrap()
}

fn scores(table: &DataFrame) -> Vec<f64> {
    let scores = table.column("score").unwrap().f64().unwrap();
    scores.iter().flatten().collect()
}

/// Where the first score is.
fn place(table: &DataFrame) -> usize {
    let scores = table.column("score").unwrap().f64().unwrap();
    let mut pieces = scores.downcast_iter();
    pieces.next().unwrap().values().as_slice().as_ptr().addr()
}

#[test]
fn every_row_is_in_one_batch() {
    let got: Vec<f64> = batches(&table(), 4).iter().flat_map(scores).collect();
    assert_eq!(got, scores(&table()), "the scores of all batches");
}

#[test]
fn the_last_batch_may_be_shorter() {
    let heights = |size| -> Vec<_> {
        batches(&table(), size)
            .iter()
            .map(DataFrame::height)
            .collect()
    };
    assert_eq!(heights(4), [4, 4, 2], "rows of the batches, four at a time");
    assert_eq!(heights(5), [5, 5], "rows of the batches, five at a time");
    assert_eq!(heights(16), [10], "rows of the batches, sixteen at a time");
}

#[test]
fn a_batch_is_a_view_of_the_table() {
    let table = table();
    let batches = batches(&table, 4);
    let got: Vec<_> = batches.iter().map(place).collect();
    let first = place(&table);
    let want = [
        first,
        first + 4 * size_of::<f64>(),
        first + 8 * size_of::<f64>(),
    ];
    assert_eq!(got, want, "where the scores of each batch are");
}
