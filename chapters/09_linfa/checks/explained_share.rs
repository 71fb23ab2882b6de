//! What `explained_share` must do: the shares of all variance, as scikit-learn has them.

use super::shares;
use ndarray::Array2;

/// From scikit-learn: `PCA(2).fit(rows).explained_variance_ratio_`.
const SCIKIT_LEARN: [f64; 2] = [0.627_794, 0.278_197];

/// 60 rows of 6 numbers, most of them near a plane.
fn rows() -> Array2<f64> {
    Array2::from_shape_fn((60, 6), |(i, j)| {
        let (i, j) = (i as f64, j as f64);
        5.0 + 3.0 * (i * 0.9).sin() * (j + 1.0).sin()
            + 2.0 * (i * 0.37).cos() * (j * 2.0).cos()
            + (i * 7.3 + j * j * 1.7).sin()
    })
}

#[test]
fn the_shares_are_scikit_learns() {
    let got = shares(&rows()).unwrap().mapv(|x| (x * 1e6).round() / 1e6);
    let want = SCIKIT_LEARN;
    assert_eq!(got.to_vec(), want, "shares of two axes, to six digits");
}

#[test]
fn six_columns_have_more_than_two_axes_show() {
    let got = shares(&rows()).unwrap().sum() < 0.95;
    let want = true;
    assert_eq!(got, want, "whether something is left for other axes");
}
