//! What `training_set` must do. The figures are pandas', from the course's texts (`tests/pandas_figures.py`).

use super::{plan, training_batches};
use polars::prelude::*;
use polars_chapter::training_data;

fn table() -> DataFrame {
    plan(&training_data()).unwrap().collect().unwrap()
}

fn scores(table: &DataFrame) -> Vec<f64> {
    table
        .column("score")
        .unwrap()
        .f64()
        .unwrap()
        .iter()
        .flatten()
        .collect()
}

#[test]
fn has_the_four_columns() {
    let table = table();
    let got: Vec<_> = table
        .get_column_names()
        .into_iter()
        .map(PlSmallStr::as_str)
        .collect();
    assert_eq!(
        got,
        ["text", "label", "score", "text_length"],
        "the columns"
    );
}

#[test]
fn leaves_out_what_it_should() {
    assert_eq!(
        table().height(),
        10_526,
        "labelled texts with more than ten characters"
    );
}

#[test]
fn counts_characters() {
    let table = table();
    let lengths = table
        .column("text_length")
        .unwrap()
        .strict_cast(&DataType::Int64)
        .unwrap();
    assert_eq!(
        lengths.i64().unwrap().sum(),
        Some(986_722),
        "characters of all texts"
    );
}

#[test]
fn the_scores_are_those_of_pandas() {
    let scores = scores(&table());
    let rounded = |x: f64| (x * 1e6).round() / 1e6;
    let got = [rounded(scores[0]), rounded(scores[scores.len() - 1])];
    assert_eq!(got, [1.119_490, -0.088_460], "the first score and the last");
}

#[test]
fn reads_only_what_it_needs() {
    let plan = plan(&training_data()).unwrap();
    let plan = plan.describe_optimized_plan().unwrap();
    let scan = plan.split("SCAN").nth(1).unwrap_or_default();
    assert!(
        scan.contains("PROJECT 3/6 COLUMNS"),
        "the scan reads more than three columns:\n{plan}"
    );
    assert!(
        scan.contains("SELECTION: "),
        "the scan reads rows without a label:\n{plan}"
    );
}

#[test]
fn the_batches_are_the_table() {
    let batches = training_batches(&training_data(), 1000).unwrap();
    let heights: Vec<_> = batches.iter().map(DataFrame::height).collect();
    let mut want = vec![1000; 10];
    want.push(526);
    assert_eq!(heights, want, "rows of the batches");
    let got: Vec<_> = batches.iter().flat_map(scores).collect();
    assert_eq!(got, scores(&table()), "the scores of all batches");
}

// A batch that begins in memory where the one before it ends has copied nothing. (A table from a file is in several
// pieces; where one of them ends with a batch, the next is elsewhere.)
#[test]
fn the_batches_share_one_table() {
    let batches = training_batches(&training_data(), 1000).unwrap();
    let range = |batch: &DataFrame| {
        let scores = batch.column("score").unwrap().f64().unwrap();
        let pieces = scores
            .downcast_iter()
            .map(|piece| piece.values().as_slice().as_ptr_range());
        let pieces: Vec<_> = pieces.collect();
        (pieces[0].start.addr(), pieces[pieces.len() - 1].end.addr())
    };
    let ranges: Vec<_> = batches.iter().map(range).collect();
    let joined = ranges
        .windows(2)
        .filter(|pair| pair[0].1 == pair[1].0)
        .count();
    assert!(
        joined > 5,
        "{joined} of {} batches begin where the one before ends",
        batches.len()
    );
}
