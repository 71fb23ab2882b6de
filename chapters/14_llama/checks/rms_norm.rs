//! What `rms_norm` must compute. The figures are NumPy's, by the line in the exercise: see `reference/make_figures.py`.

use super::rms_norm;

fn assert_near(got: &[f32], want: &[f32], what: &str) {
    assert_eq!(got.len(), want.len(), "{what}: how many numbers");
    let near = got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-5);
    assert!(near, "{what}\n  got:  {got:?}\n  want: {want:?}");
}

#[test]
fn a_row_is_scaled_and_not_moved() {
    let got = rms_norm(&[1.0, 2.0, 3.0, 4.0], &[1.0; 4], 0.0);
    let want = [0.365_148_37, 0.730_296_73, 1.095_445_2, 1.460_593_5];
    assert_near(&got, &want, "1, 2, 3, 4");
}

#[test]
fn weights_are_applied() {
    let got = rms_norm(&[1.0, -2.0, 0.5], &[2.0, 0.5, -1.0], 1e-5);
    let want = [1.511_855_2, -0.755_927_6, -0.377_963_8];
    assert_near(&got, &want, "weights 2, 0.5, -1");
}

// Numbers as small as the root of `eps`: it shows where `eps` was added.
#[test]
fn eps_is_added_to_the_mean_square() {
    let got = rms_norm(&[0.001, -0.001], &[1.0; 2], 1e-5);
    let want = [0.301_511_35, -0.301_511_35];
    assert_near(&got, &want, "0.001 and -0.001 with eps 1e-5");
    let got = rms_norm(&[0.0; 3], &[1.0; 3], 1e-5);
    assert_near(&got, &[0.0; 3], "zeros");
}
