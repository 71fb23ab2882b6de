//! What `nan_to_zero` must do: mend what is broken in a copy, and lend what is whole.

use super::nan_to_zero;
use allocation_counter::measure;

#[test]
fn mends_what_is_not_a_number() {
    let got = nan_to_zero(&[0.5, f32::NAN, -1.0]).to_vec();
    let want = [0.5, 0.0, -1.0];
    assert_eq!(got, want, "[0.5, NaN, -1.0] mended");
}

// NaN at each place in turn: none of them is overlooked.
#[test]
fn finds_one_broken_weight_anywhere() {
    for place in 0..5 {
        let mut weights = [1.0_f32; 5];
        weights[place] = f32::NAN;
        let got: f32 = nan_to_zero(&weights).iter().sum();
        let want = 4.0;
        assert_eq!(got, want, "sum of four ones, and NaN at place {place}");
    }
}

#[test]
fn lends_clean_weights() {
    let weights = vec![0.5, f32::INFINITY, -1.0];
    let got = nan_to_zero(&weights).as_ptr();
    let want = weights.as_ptr();
    assert_eq!(got, want, "address of weights with nothing to mend");
}

#[test]
fn copies_no_clean_weights() {
    let weights = vec![1.0; 1_000];
    let got = measure(|| {
        nan_to_zero(&weights);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for 1,000 clean weights");
}
