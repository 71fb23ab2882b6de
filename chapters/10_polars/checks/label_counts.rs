//! What `label_counts` must do: count rows, whatever is missing in them.

use super::texts_per_label;
use polars::prelude::*;

fn counted(label: &[Option<&str>], score: &[Option<f64>]) -> Vec<u32> {
    let text: Vec<_> = label.iter().map(|_| "the same text").collect();
    let texts = df!("text" => text, "label" => label, "score" => score).unwrap();
    let report = texts_per_label(texts.lazy()).collect().unwrap();
    report
        .column("texts")
        .unwrap()
        .u32()
        .unwrap()
        .iter()
        .flatten()
        .collect()
}

#[test]
fn counts_the_texts_of_each_label() {
    let got = counted(&[Some("a"), Some("b"), Some("b")], &[Some(1.0); 3]);
    assert_eq!(got, [1, 2], "texts of 'a' and 'b'");
}

// Null is the first in the order.
#[test]
fn counts_the_texts_without_a_label() {
    let got = counted(&[None, Some("a"), None, None], &[Some(1.0); 4]);
    assert_eq!(got, [3, 1], "texts without a label, and of 'a'");
}

#[test]
fn a_missing_score_changes_no_count() {
    let got = counted(&[Some("a"), Some("a"), None], &[None, Some(1.0), None]);
    assert_eq!(got, [1, 2], "texts without a label, and of 'a'");
}
