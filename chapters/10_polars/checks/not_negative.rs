//! What `not_negative` must do: keep what has no label, as it is.

use super::review_queue;
use polars::prelude::*;

fn rated() -> DataFrame {
    df!(
        "text" => ["wow", "so-so", "fine", "dull"],
        "label" => [Some("positive"), None, Some("neutral"), Some("negative")],
    )
    .unwrap()
}

#[test]
fn leaves_out_what_is_negative() {
    let kept = review_queue(rated().lazy()).collect().unwrap();
    let got: Vec<_> = kept
        .column("label")
        .unwrap()
        .str()
        .unwrap()
        .iter()
        .collect();
    assert!(!got.contains(&Some("negative")), "labels kept: {got:?}");
}

#[test]
fn keeps_texts_without_a_label() {
    let got = review_queue(rated().lazy()).collect().unwrap();
    let got: Vec<_> = got
        .column("text")
        .unwrap()
        .str()
        .unwrap()
        .iter()
        .flatten()
        .collect();
    let want = ["wow", "so-so", "fine"];
    assert_eq!(got, want, "texts that are not labelled negative");
}

#[test]
fn a_missing_label_stays_missing() {
    let got = review_queue(rated().lazy()).collect().unwrap();
    let got: Vec<_> = got.column("label").unwrap().str().unwrap().iter().collect();
    let want = [Some("positive"), None, Some("neutral")];
    assert_eq!(got, want, "labels in the queue");
}
