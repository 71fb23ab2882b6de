//! What `row_scale` must do: use all of a byte for each row, whatever its size.

use super::quantised;

/// The weights that bytes and scale stand for.
fn restored(row: &[f32]) -> (Vec<f32>, f32) {
    let (bytes, scale) = quantised(row);
    (
        bytes.iter().map(|byte| f32::from(*byte) * scale).collect(),
        scale,
    )
}

/// Numbers between -1 and 1, evenly, times `size`.
fn row(size: f32) -> Vec<f32> {
    (-50..=50).map(|step| step as f32 / 50.0 * size).collect()
}

#[test]
fn no_weight_is_off_by_more_than_half_a_step() {
    for size in [0.002, 0.02, 1.0, 3.0, 300.0] {
        let row = row(size);
        let (restored, _) = restored(&row);
        let off = row.iter().zip(&restored).map(|(a, b)| (a - b).abs());
        let got = off.fold(0.0, f32::max);
        // Half of a step of 127, and a little for the rounding of the products themselves.
        let want = size / 127.0 * 0.501;
        assert!(
            got <= want,
            "weights up to {size}: off by {got}, allowed {want}"
        );
    }
}

#[test]
fn the_largest_weight_is_kept() {
    for row in [[0.1, -2.0, 0.5], [0.1, 2.0, -0.5]] {
        let got = restored(&row).0[1];
        let want = row[1];
        assert!((got - want).abs() < 1e-6, "the largest of {row:?} is {got}");
    }
}

#[test]
fn nothing_leaves_the_range() {
    let (bytes, _) = quantised(&row(0.7));
    let got = bytes.iter().map(|byte| i32::from(*byte)).min();
    let want = Some(-127);
    assert_eq!(got, want, "the smallest byte");
}

#[test]
fn a_row_of_zeros_stays_one() {
    let (restored, scale) = restored(&[0.0; 4]);
    let want = vec![0.0; 4];
    assert_eq!(restored, want, "zeros, and the scale is {scale}");
    assert!(scale.is_finite(), "the scale is {scale}");
}
