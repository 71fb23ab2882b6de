//! What `error_by_hand` must do: tell people what is wrong and where, and programs what lies below.

use super::{load, parse};
use std::error::Error;

/// The error that a file with this text gives.
fn error_of(text: &str) -> Box<dyn Error> {
    load(text).expect_err("this file is broken")
}

#[test]
fn a_good_file_is_read() {
    let got = parse("0.5 1\n-2 3e-1\n").ok();
    let want = Some(vec![vec![0.5, 1.0], vec![-2.0, 0.3]]);
    assert_eq!(got, want, "two embeddings");
}

#[test]
fn says_which_text_is_no_number() {
    let got = error_of("0.5 1\n0.25 x1\n").to_string();
    let want = "line 2: 'x1' is not a number";
    assert_eq!(got, want, "what is printed for 'x1' in line 2");
}

#[test]
fn says_which_row_is_too_long() {
    let got = error_of("1 2\n3 4\n5 6 7\n").to_string();
    let want = "line 3: 3 numbers, line 1 has 2";
    assert_eq!(got, want, "what is printed for 3 numbers in line 3");
}

// A program that logs errors follows `source` down to the first cause.
#[test]
fn leads_to_the_error_below() {
    let error = error_of("0.5 x1");
    let got = error.source().map(ToString::to_string);
    let want = Some("invalid float literal".to_string());
    assert_eq!(got, want, "the source of 'x1' is not a number");
}

#[test]
fn a_row_of_another_width_has_no_error_below() {
    let error = error_of("1 2\n3\n");
    let got = error.source().map(ToString::to_string);
    let want = None;
    assert_eq!(got, want, "the source of a short row");
}
