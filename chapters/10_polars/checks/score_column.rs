//! What `score_column` must do: take numbers of any type, and refuse what is none.

use super::scores;
use polars::prelude::*;

#[test]
fn takes_64_bit_floats() {
    let texts = df!("score" => [Some(0.5), None, Some(-1.25)]).unwrap();
    let got = scores(&texts).unwrap();
    let want = [Some(0.5), None, Some(-1.25)];
    assert_eq!(got, want, "scores of three texts");
}

#[test]
fn takes_whole_numbers() {
    let texts = df!("score" => [3_i64, -2]).unwrap();
    let got = scores(&texts).unwrap();
    let want = [Some(3.0), Some(-2.0)];
    assert_eq!(got, want, "scores of two texts");
}

#[test]
fn takes_numbers_that_are_written_out() {
    let texts = df!("score" => ["0.5", "4"]).unwrap();
    let got = scores(&texts).unwrap();
    let want = [Some(0.5), Some(4.0)];
    assert_eq!(got, want, "scores of two texts");
}

#[test]
fn what_is_no_number_is_an_error() {
    let texts = df!("score" => ["0.5", "n/a"]).unwrap();
    let got = scores(&texts).ok();
    assert_eq!(got, None, "scores, one of them 'n/a'");
}
