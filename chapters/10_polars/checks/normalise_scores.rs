//! What `normalise_scores` must do: normalise what is left, all of it together. The figures are pandas' (`tests/pandas_figures.py`).

use super::training_scores;
use polars::prelude::*;

/// Two texts that stay with each label, and two that are too short, with extreme scores.
fn rated() -> LazyFrame {
    df!(
        "text" => ["a fine evening", "wow", "it was not for me", "sucks.", "well worth it", "what a pity it is"],
        "label" => ["positive", "positive", "negative", "negative", "positive", "negative"],
        "score" => [2.5, 3.9, -1.0, 3.5, 1.5, -2.0],
    )
    .unwrap()
    .lazy()
}

fn scores() -> Vec<f64> {
    let table = training_scores(rated()).collect().unwrap();
    table
        .column("score")
        .unwrap()
        .f64()
        .unwrap()
        .iter()
        .flatten()
        .collect()
}

fn rounded(numbers: &[f64]) -> Vec<f64> {
    numbers.iter().map(|x| (x * 1e6).round() / 1e6).collect()
}

#[test]
fn keeps_the_long_texts() {
    let got = training_scores(rated()).collect().unwrap().height();
    assert_eq!(got, 4, "texts with more than ten characters");
}

#[test]
fn the_mean_of_what_is_left_is_0() {
    let scores = scores();
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    assert!(mean.abs() < 1e-12, "the mean of {scores:?} is {mean}");
}

#[test]
fn the_scores_are_those_of_pandas() {
    let got = rounded(&scores());
    let want = [1.070_620, -0.594_789, 0.594_789, -1.070_620];
    assert_eq!(got, want, "four scores");
}
