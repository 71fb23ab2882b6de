//! What `collect_plan` must do: carry out the whole plan, once, and nothing that nobody asked for.

use super::texts_labelled;
use polars::prelude::*;

fn rated() -> LazyFrame {
    df!(
        "text" => ["wow", "so-so", "great fun", "dull"],
        "label" => [Some("positive"), None, Some("positive"), Some("negative")],
        "stars" => ["5", "3", "n/a", "1"],
    )
    .unwrap()
    .lazy()
}

#[test]
fn returns_the_texts_with_the_label() {
    let got = texts_labelled(rated(), "positive").unwrap();
    let want = df!("text" => ["wow", "great fun"]).unwrap();
    assert_eq!(got, want, "the positive texts");
}

// Somebody has put a step before ours. It fails on 'n/a'; whoever needs no stars never runs it.
#[test]
fn computes_only_what_is_asked_for() {
    let numbers = rated().with_column(col("stars").strict_cast(DataType::Int32));
    let got = texts_labelled(numbers, "negative").map(|texts| texts.height());
    assert_eq!(got.ok(), Some(1), "texts, without reading `stars`");
}
