//! What `shifted_windows` must do: the same batches as before, as views of the corpus, and none before its time.

use super::{Example, batches, examples, loader};
use allocation_counter::measure;

/// The inputs of some examples.
fn inputs(batch: &[Example]) -> Vec<Vec<u32>> {
    batch
        .iter()
        .map(|example| example.inputs.to_vec())
        .collect()
}

#[test]
fn targets_are_the_inputs_one_further_on() {
    let got: Vec<(Vec<u32>, Vec<u32>)> = examples(&[5, 6, 7, 8, 9], 3, 1)
        .map(|example| (example.inputs.to_vec(), example.targets.to_vec()))
        .collect();
    let want = [
        (vec![5, 6, 7], vec![6, 7, 8]),
        (vec![6, 7, 8], vec![7, 8, 9]),
    ];
    assert_eq!(got, want, "inputs and targets of 5 6 7 8 9, 3 wide");
}

#[test]
fn windows_are_a_stride_apart() {
    let tokens: Vec<u32> = (0..12).collect();
    let got: Vec<u32> = examples(&tokens, 3, 4)
        .map(|example| example.inputs[0])
        .collect();
    let want = [0, 4, 8];
    assert_eq!(got, want, "where examples of 0..12 start, stride 4");
}

#[test]
fn what_is_too_short_is_left_out() {
    for (length, want) in [(0, 0), (4, 0), (5, 1), (8, 1), (9, 2)] {
        let tokens = vec![1; length];
        let got = examples(&tokens, 4, 4).count();
        assert_eq!(got, want, "examples of 4 + 1 in {length} tokens");
    }
}

#[test]
fn batches_are_full_but_for_the_last() {
    let tokens: Vec<u32> = (0..6).collect();
    let got: Vec<Vec<Vec<u32>>> = batches(examples(&tokens, 1, 1), 2)
        .take(10)
        .map(|batch| inputs(&batch))
        .collect();
    let want = [
        vec![vec![0], vec![1]],
        vec![vec![2], vec![3]],
        vec![vec![4]],
    ];
    assert_eq!(got, want, "inputs of five examples, in twos");
}

#[test]
fn a_batch_is_full_of_what_was_kept() {
    let tokens: Vec<u32> = (0..9).collect();
    let mut skipped = 0;
    let even = |example: &Example| {
        let keep = example.inputs[0].is_multiple_of(2);
        skipped += u32::from(!keep);
        keep
    };
    let got: Vec<Vec<Vec<u32>>> = loader(&tokens, (1, 1), 3, even)
        .take(10)
        .map(|batch| inputs(&batch))
        .collect();
    let want = [vec![vec![0], vec![2], vec![4]], vec![vec![6]]];
    assert_eq!(got, want, "inputs of the even examples, in threes");
    assert_eq!(skipped, 4, "examples that were skipped");
}

#[test]
fn examples_are_views() {
    let tokens = [5, 6, 7, 8, 9];
    let mut examples = examples(&tokens, 3, 1);
    let first = examples
        .next()
        .expect("five tokens hold an example of three");
    let got = (first.inputs.as_ptr(), first.targets.as_ptr());
    let want = (tokens.as_ptr(), tokens[1..].as_ptr());
    assert_eq!(got, want, "addresses of inputs and targets");
}

#[test]
fn reads_a_batch_and_no_more() {
    let tokens = vec![1; 1_000];
    let mut got = 0;
    batches(examples(&tokens, 8, 8).inspect(|_| got += 1), 4).next();
    let want = 4;
    assert_eq!(got, want, "examples read for one batch of 4");
}

// A batch of four examples holds eight views of 16 bytes. The corpus has 400,000.
#[test]
fn the_first_batch_does_not_wait_for_the_last() {
    let tokens = vec![1; 100_000];
    let used = measure(|| {
        loader(&tokens, (8, 8), 4, |_| true).next();
    });
    let got = used.bytes_max.max(1_024);
    let want = 1_024;
    assert_eq!(got, want, "most bytes held for the first batch");
}
