//! A matrix owns one buffer and lends its rows.

/// Numbers in `rows` × `cols`, row after row in one buffer, as numpy lays out an array by default.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    data: Vec<f32>,
    cols: usize,
}

impl Matrix {
    /// Takes `data` over: the matrix owns the buffer from now on, and nothing is copied.
    ///
    /// # Panics
    ///
    /// If `cols` is zero or `data` does not fill whole rows. (Chapter 4 returns an error instead.)
    pub fn new(data: Vec<f32>, cols: usize) -> Self {
        assert!(cols > 0, "a matrix has at least one column");
        assert_eq!(data.len() % cols, 0, "data fills whole rows");
        Self { data, cols }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.data.len() / self.cols
    }

    /// How many numbers a row has.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Row `index`, a view of `cols` numbers.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.data[index * self.cols..(index + 1) * self.cols]
    }

    /// Row `index`, to be written to. While it is lent, the matrix cannot be read.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn row_mut(&mut self, index: usize) -> &mut [f32] {
        &mut self.data[index * self.cols..(index + 1) * self.cols]
    }

    /// The rows before `index` and the rows from it on, as two views: training data and validation data, say.
    ///
    /// # Panics
    ///
    /// If `index` is larger than the number of rows.
    pub fn split_rows(&self, index: usize) -> (&[f32], &[f32]) {
        self.data.split_at(index * self.cols)
    }

    /// Ends the matrix and hands its buffer back.
    pub fn into_data(self) -> Vec<f32> {
        self.data
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_buffer_goes_in_and_comes_out_without_a_copy() {
        let data = vec![1.0, 2.0, 3.0, 4.0];
        let address = data.as_ptr();
        let matrix = Matrix::new(data, 2);
        assert_eq!(matrix.row(1).as_ptr(), address.wrapping_add(2));
        let data = matrix.into_data();
        assert_eq!(data.as_ptr(), address);
    }

    #[test]
    #[should_panic(expected = "data fills whole rows")]
    fn half_a_row_is_refused() {
        Matrix::new(vec![1.0, 2.0, 3.0], 2);
    }

    #[test]
    fn a_row_can_be_written() {
        let mut matrix = Matrix::new(vec![3.0, 4.0, 1.0, 0.0], 2);
        crate::normalise(matrix.row_mut(0));
        assert_eq!(matrix.into_data(), [0.6, 0.8, 1.0, 0.0]);
    }

    proptest! {
        #[test]
        fn the_rows_together_are_the_data(rows in 0_usize..8, cols in 1_usize..8) {
            let data: Vec<f32> = (0..rows * cols).map(|n| n as f32).collect();
            let matrix = Matrix::new(data.clone(), cols);
            let rows: Vec<&[f32]> = (0..matrix.rows()).map(|index| matrix.row(index)).collect();
            prop_assert_eq!(rows.concat(), data);
        }

        #[test]
        fn both_parts_together_are_the_data(rows in 0_usize..8, cols in 1_usize..8, cut in 0_usize..8) {
            let matrix = Matrix::new((0..rows * cols).map(|n| n as f32).collect(), cols);
            let (before, after) = matrix.split_rows(cut.min(rows));
            prop_assert_eq!([before, after].concat(), matrix.into_data());
        }
    }
}
