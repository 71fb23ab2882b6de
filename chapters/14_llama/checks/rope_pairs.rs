//! What `rope` must do. The figures are NumPy's complex numbers, each pair times `exp(i * angle)`: see
//! `reference/make_figures.py`.

use super::rope;

fn turned(head: &[f32], position: usize) -> Vec<f32> {
    let mut head = head.to_vec();
    rope(&mut head, position, 100.0);
    head
}

fn assert_near(got: &[f32], want: &[f32], what: &str) {
    let near = got.len() == want.len() && got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-4);
    assert!(near, "{what}\n  got:  {got:?}\n  want: {want:?}");
}

#[test]
fn the_first_token_is_not_turned() {
    let got = turned(&[1.0, 2.0, 3.0, 4.0], 0);
    assert_near(&got, &[1.0, 2.0, 3.0, 4.0], "position 0");
}

#[test]
fn neighbours_are_turned_together() {
    let got = turned(&[1.0, 0.0, 0.0, 0.0], 1);
    assert_near(
        &got,
        &[0.540_302_3, 0.841_471, 0.0, 0.0],
        "the first pair, at position 1",
    );
    let got = turned(&[0.0, 0.0, 1.0, 0.0], 1);
    assert_near(
        &got,
        &[0.0, 0.0, 0.995_004_2, 0.099_833_42],
        "the second pair, at position 1",
    );
}

#[test]
fn a_head_is_turned_as_numpy_turns_it() {
    let got = turned(&[1.0, 2.0, 3.0, 4.0], 7);
    let want = [-0.560_070_94, 2.164_791, -0.282_344_2, 4.992_022];
    assert_near(&got, &want, "1, 2, 3, 4 at position 7");
}

#[test]
fn only_the_distance_counts() {
    let product = |a: usize, b: usize| -> f32 {
        let (q, k) = (
            turned(&[1.0, 2.0, -1.0, 0.5], a),
            turned(&[0.5, -1.0, 2.0, 1.5], b),
        );
        q.iter().zip(&k).map(|(q, k)| q * k).sum()
    };
    let (near, far) = (product(7, 5), product(107, 105));
    assert!(
        (near - far).abs() < 1e-3,
        "two apart: {near} at 7, {far} at 107"
    );
}
