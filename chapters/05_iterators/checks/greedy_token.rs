//! What `greedy_token` must do: the place of the largest number, the first of several, and no panic for a NaN.

use super::greedy;

#[test]
fn finds_the_largest() {
    let got = greedy(&[0.5, 2.5, 1.0]);
    let want = Some(1);
    assert_eq!(got, want, "place of the largest in [0.5, 2.5, 1.0]");
}

#[test]
fn fractions_decide() {
    let got = greedy(&[0.25, 0.75, 0.5]);
    let want = Some(1);
    assert_eq!(got, want, "place in [0.25, 0.75, 0.5]");
}

#[test]
fn works_below_zero() {
    let got = greedy(&[-3.0, -0.5, -2.0]);
    let want = Some(1);
    assert_eq!(got, want, "place in [-3.0, -0.5, -2.0]");
}

#[test]
fn passes_over_what_is_not_a_number() {
    let got = greedy(&[f32::NAN, 1.0, -f32::NAN, 0.5]);
    let want = Some(1);
    assert_eq!(got, want, "place in [NaN, 1.0, -NaN, 0.5]");

    let got = greedy(&[f32::NAN]);
    let want = None;
    assert_eq!(got, want, "place in [NaN]");
}

// np.argmax([1, 3, 3, 0]) is 1.
#[test]
fn the_first_of_equals_wins() {
    let got = greedy(&[1.0, 3.0, 3.0, 0.0]);
    let want = Some(1);
    assert_eq!(got, want, "place in [1.0, 3.0, 3.0, 0.0]");
}
