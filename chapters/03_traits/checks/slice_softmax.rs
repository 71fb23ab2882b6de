//! What `slice_softmax` must do: give whatever is a slice of `f32` a method, in place and without overflow.

// All of the exercise, whatever its trait is called: a trait's methods exist only where the trait is in scope.
#[allow(clippy::wildcard_imports)]
use super::*;
use allocation_counter::measure;
use traits::gradcheck::snap_all;

// From Python: e = [math.exp(x - 3) for x in (1, 2, 3)]; [x / sum(e) for x in e].
const ONE_TWO_THREE: [f32; 3] = [0.090_030_57, 0.244_728_48, 0.665_240_94];

#[test]
fn scores_become_probabilities() {
    let mut scores = [1.0_f32, 2.0, 3.0];
    scores.softmax_in_place();
    let want = ONE_TWO_THREE;
    let got = snap_all(&scores, &want, 1e-6);
    assert_eq!(got, want, "softmax of [1.0, 2.0, 3.0]");
}

#[test]
fn a_vector_and_a_part_of_it_have_the_method() {
    let mut rows = Vec::from([0.0_f32, 0.0, 1.0, 2.0, 3.0]);
    rows[2..].softmax_in_place();
    let got = snap_all(&rows[2..], &ONE_TWO_THREE, 1e-6);
    let want = ONE_TWO_THREE;
    assert_eq!(got, want, "softmax of the last three of [0, 0, 1, 2, 3]");
    let got = &rows[..2];
    let want = [0.0, 0.0];
    assert_eq!(got, want, "what lies before them");
}

// Adding the same number to every score changes nothing, so neither may a thousand.
#[test]
fn large_scores_do_not_overflow() {
    let mut scores = [1_001.0_f32, 1_002.0, 1_003.0];
    scores.softmax_in_place();
    let want = ONE_TWO_THREE;
    let got = snap_all(&scores, &want, 1e-6);
    assert_eq!(got, want, "softmax of [1001.0, 1002.0, 1003.0]");
}

#[test]
fn works_in_place() {
    let mut scores = vec![0.5_f32; 1_000];
    let got = measure(|| scores.softmax_in_place()).count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for 1,000 scores");
}
