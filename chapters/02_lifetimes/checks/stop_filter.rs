//! What `stop_filter` must do: show the part of a text before the marker, as a part of that text.

use super::{StopFilter, agree};
use allocation_counter::measure;

#[test]
fn cuts_at_the_marker() {
    let got = StopFilter::new("<|end|>")
        .visible("42<|end|>43")
        .to_string();
    let want = "42";
    assert_eq!(got, want, "what is visible of 42<|end|>43");
}

#[test]
fn shows_all_of_a_text_without_a_marker() {
    let got = StopFilter::new("<|end|>").visible("42 <|en").to_string();
    let want = "42 <|en";
    assert_eq!(got, want, "what is visible of a text that was cut off");
}

#[test]
fn compares_two_answers() {
    let mut filter = StopFilter::new("<|end|>");
    let got = (
        agree(&mut filter, "42<|end|>", "42<|end|> is it"),
        agree(&mut filter, "42<|end|>", "41"),
    );
    let want = (true, false);
    assert_eq!(got, want, "whether 42 agrees with 42, and with 41");
}

#[test]
fn counts_the_texts_with_a_marker() {
    let mut filter = StopFilter::new("<|end|>");
    agree(&mut filter, "42<|end|>", "42");
    agree(&mut filter, "7<|end|>", "7<|end|>");
    let got = filter.stopped;
    let want = 3;
    assert_eq!(got, want, "texts with a marker, of four");
}

#[test]
fn copies_no_text() {
    let mut filter = StopFilter::new("<|end|>");
    let got = measure(|| {
        agree(&mut filter, "42<|end|>", "42<|end|> is it");
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations while two answers are compared");
}
