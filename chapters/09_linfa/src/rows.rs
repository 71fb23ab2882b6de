//! What is done to all rows before anything else.

use ndarray::{Array1, Array2, ArrayView2, Axis};

/// Scales each row to length 1, in place. A row of zeros has no direction, and stays.
///
/// Between rows of length 1 the squared distance is `2 − 2 cos`, so whoever is near is similar, and k-means, which knows
/// distances only, groups by cosine.
pub fn normalise_rows(rows: &mut Array2<f32>) {
    for mut row in rows.rows_mut() {
        let length = row.dot(&row).sqrt();
        if length > 0.0 {
            row /= length;
        }
    }
}

/// The rows as lists, which print like a matrix, without an array's strides and layout.
pub fn listed(rows: &Array2<f32>) -> Vec<Vec<f32>> {
    rows.outer_iter().map(|row| row.to_vec()).collect()
}

/// The distance of each row from each: a square matrix, with zeros on its diagonal.
pub fn distances(rows: ArrayView2<f32>) -> Array2<f32> {
    let mut distances = Array2::zeros((rows.nrows(), rows.nrows()));
    for (i, a) in rows.outer_iter().enumerate() {
        for (j, b) in rows.outer_iter().enumerate().take(i) {
            let distance = squared_distance(a, b).sqrt();
            distances[[i, j]] = distance;
            distances[[j, i]] = distance;
        }
    }
    distances
}

/// The squared Euclidean distance of two rows.
pub(crate) fn squared_distance(a: ndarray::ArrayView1<f32>, b: ndarray::ArrayView1<f32>) -> f32 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
}

/// The sum of the variances of all columns, as `n − 1` has it.
///
/// # Panics
///
/// If there is no row.
pub fn total_variance(rows: ArrayView2<f64>) -> f64 {
    let variances: Array1<f64> = rows.var_axis(Axis(0), 1.0);
    variances.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn rows_become_one_long_and_zeros_stay() {
        let mut rows = array![[3.0, 4.0], [0.0, 0.0]];
        normalise_rows(&mut rows);
        assert_eq!(rows, array![[0.6, 0.8], [0.0, 0.0]]);
    }

    #[test]
    fn lists_are_rows() {
        let rows = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].reversed_axes();
        assert_eq!(listed(&rows), [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]);
    }

    #[test]
    fn distances_are_euclidean() {
        let got = distances(array![[0.0, 0.0], [3.0, 4.0], [3.0, 0.0]].view());
        assert_eq!(
            got,
            array![[0.0, 5.0, 3.0], [5.0, 0.0, 4.0], [3.0, 4.0, 0.0]]
        );
    }

    #[test]
    fn variances_are_summed_over_the_columns() {
        let rows = array![[1.0, 0.0], [3.0, 4.0]];
        assert_eq!(total_variance(rows.view()), 2.0 + 8.0);
    }
}
