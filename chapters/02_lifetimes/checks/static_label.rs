//! What `static_label` must do: write the report when model and inputs are gone, from labels that nobody had to copy.

use super::{Classifier, report};
use allocation_counter::measure;

/// Says `positive` where the first number is larger than the second.
fn model() -> Classifier {
    Classifier {
        weights: vec![1.0, -1.0],
        threshold: 0.0,
    }
}

#[test]
fn writes_a_line_for_each_input() {
    let got = report(model(), vec![[2.0, 1.0], [1.0, 2.0], [0.0, 0.0]]);
    let want = "positive\nnegative\npositive";
    assert_eq!(got, want, "report on [2, 1], [1, 2] and [0, 0]");
}

// The list of labels and the report: two allocations, however many inputs there are.
#[test]
fn copies_no_label() {
    let (model, inputs) = (model(), vec![[2.0, 1.0]; 100]);
    let got = measure(|| {
        report(model, inputs);
    })
    .count_total;
    let want = 2;
    assert_eq!(got, want, "allocations for a report on 100 inputs");
}

// 8,000,000 bytes of model are freed before the text is made, so the list of labels is all that was ever added.
#[test]
fn frees_before_it_writes() {
    let model = Classifier {
        weights: vec![1.0; 2_000_000],
        threshold: 0.0,
    };
    let inputs = vec![[2.0, 1.0]; 100];
    let got = measure(|| {
        report(model, inputs);
    })
    .bytes_max;
    let want = (100 * size_of::<&str>()) as u64;
    assert_eq!(got, want, "bytes added at most, the labels of 100 inputs");
}
