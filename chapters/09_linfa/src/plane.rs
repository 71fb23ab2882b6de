//! A picture of many columns in two: principal component analysis, and how much of the rows it shows.

use crate::total_variance;
use ndarray::{Array1, Array2, ArrayView2, Axis, s};

/// The plane in which rows differ most.
pub struct Plane {
    mean: Array1<f64>,
    /// Two columns of length 1, at right angles.
    axes: Array2<f64>,
    shares: [f64; 2],
}

impl Plane {
    /// Fits the plane to rows, of which there should be three or more.
    ///
    /// The axes are the two largest eigenvectors of the columns' covariance. They are found by orthogonal iteration: a
    /// pair of directions is multiplied with the covariance and put at right angles again, until it turns no more. That
    /// is enough for two axes; for all of them one takes a library.
    ///
    /// # Panics
    ///
    /// If there are fewer than two rows or columns.
    pub fn fit(rows: ArrayView2<f32>) -> Self {
        let rows = rows.mapv(f64::from);
        let mean = rows.mean_axis(Axis(0)).expect("there are rows");
        let centred = &rows - &mean;
        let covariance = centred.t().dot(&centred) / (rows.nrows() as f64 - 1.0);
        let axes = two_axes(&covariance);
        // An eigenvector's length grows by its eigenvalue, which is the variance along it.
        let stretched = covariance.dot(&axes);
        let total = total_variance(rows.view());
        let share = |i| axes.column(i).dot(&stretched.column(i)) / total;
        let shares = [share(0), share(1)];
        Self { mean, axes, shares }
    }

    /// The coordinates of rows in the plane: two for each.
    ///
    /// # Panics
    ///
    /// If the rows have another width.
    pub fn project(&self, rows: ArrayView2<f32>) -> Array2<f64> {
        (rows.mapv(f64::from) - &self.mean).dot(&self.axes)
    }

    /// The share of all variance that lies along each of the two axes: scikit-learn's `explained_variance_ratio_`.
    pub fn shares(&self) -> [f64; 2] {
        self.shares
    }
}

/// The two eigenvectors with the largest eigenvalues, the largest number in each of them positive, as scikit-learn has
/// it: their signs are otherwise a matter of chance.
fn two_axes(covariance: &Array2<f64>) -> Array2<f64> {
    let width = covariance.nrows();
    // Any start will do that is not at right angles to what is sought; this one is at a right angle to nothing simple.
    let mut axes = Array2::from_shape_fn((width, 2), |(i, j)| {
        ((i + 1) as f64 * (j as f64 + 0.7)).sin()
    });
    orthogonalise(&mut axes);
    for _ in 0..2_000 {
        let mut turned = covariance.dot(&axes);
        orthogonalise(&mut turned);
        let change = (&turned - &axes).mapv(|x| x * x).sum();
        axes = turned;
        if change < 1e-24 {
            break;
        }
    }
    for mut axis in axes.columns_mut() {
        let largest = axis
            .iter()
            .copied()
            .max_by(|a, b| a.abs().total_cmp(&b.abs()));
        if largest.is_some_and(|x| x < 0.0) {
            axis.mapv_inplace(|x| -x);
        }
    }
    axes
}

/// Gram and Schmidt: the first column gets length 1, the second loses what it has of the first, and gets length 1.
///
/// If nothing but rounding is left of the second, the rows lie on a line; it becomes zeros.
fn orthogonalise(axes: &mut Array2<f64>) {
    let (mut first, mut second) = axes.multi_slice_mut((s![.., 0], s![.., 1]));
    scale_to_one(&mut first);
    scale_to_one(&mut second);
    let shared: f64 = first.dot(&second);
    second.scaled_add(-shared, &first);
    if second.dot(&second) < 1e-24 {
        second.fill(0.0);
    }
    scale_to_one(&mut second);
}

fn scale_to_one(axis: &mut ndarray::ArrayViewMut1<f64>) {
    let length = axis.dot(axis).sqrt();
    if length > 0.0 {
        *axis /= length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_flat_cloud_is_shown_whole() {
        let rows = array![
            [0.0, 0.0, 5.0],
            [4.0, 0.0, 5.0],
            [0.0, 2.0, 5.0],
            [4.0, 2.0, 5.0]
        ];
        let plane = Plane::fit(rows.view());
        let [first, second] = plane.shares();
        assert!((first - 0.8).abs() < 1e-9 && (second - 0.2).abs() < 1e-9);
        let got = plane.project(rows.view());
        let want = array![[-2.0, -1.0], [2.0, -1.0], [-2.0, 1.0], [2.0, 1.0]];
        assert!((got - want).iter().all(|x| x.abs() < 1e-9));
    }

    #[test]
    fn rows_on_a_line_need_one_axis() {
        let rows = array![[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]];
        let [first, second] = Plane::fit(rows.view()).shares();
        assert!((first - 1.0).abs() < 1e-9, "{first}");
        assert!(second.abs() < 1e-9, "{second}");
    }
}
