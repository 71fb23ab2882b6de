//! A shape laid over numbers that somebody else owns.

use std::slice::ChunksExact;

/// A matrix of `rows` × `cols` over borrowed numbers, row after row. Copies none of them.
///
/// It is 32 bytes: address and length of the numbers, rows and columns. So it is `Copy`, like the loan that it holds.
/// Whatever it hands out is a loan from the owner of the numbers (`'a`), not from the view, and may outlive the view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelWeights<'a> {
    data: &'a [f32],
    shape: (usize, usize),
}

impl<'a> ModelWeights<'a> {
    /// Lays `rows` × `cols` over `data`.
    ///
    /// # Panics
    ///
    /// If `cols` is zero or `data` is not `rows * cols` numbers long. (Chapter 4 returns an error instead.)
    pub fn new(data: &'a [f32], rows: usize, cols: usize) -> Self {
        assert!(cols > 0, "a matrix has at least one column");
        assert_eq!(rows.checked_mul(cols), Some(data.len()), "rows * cols");
        let shape = (rows, cols);
        Self { data, shape }
    }

    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        self.shape
    }

    /// The number in row `row` and column `col`.
    ///
    /// # Panics
    ///
    /// If there is no such row or no such column. (The index into the buffer alone would not notice a `col` that is too
    /// large: it names a number of the next row.)
    pub fn get(&self, row: usize, col: usize) -> f32 {
        self.row(row)[col]
    }

    /// The number in row `row` and column `col`; `None` if there is no such row or no such column.
    pub fn try_get(&self, row: usize, col: usize) -> Option<f32> {
        // `?` goes on with the row, or returns `None` from here.
        self.try_row(row)?.get(col).copied()
    }

    /// Row `row`, a view of `cols` numbers.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn row(&self, row: usize) -> &'a [f32] {
        let (rows, cols) = self.shape;
        assert!(row < rows, "row {row} of {rows}");
        let start = row * cols;
        &self.data[start..start + cols]
    }

    /// Row `row`, a view of `cols` numbers; `None` if there is no such row.
    pub fn try_row(&self, row: usize) -> Option<&'a [f32]> {
        if row < self.shape.0 {
            Some(self.row(row))
        } else {
            None
        }
    }

    /// The rows, one after another: an iterator that holds the same loan as the view.
    ///
    /// ```
    /// use lifetimes::ModelWeights;
    ///
    /// let buffer = [1.0, 2.0, 3.0, 4.0];
    /// let rows = ModelWeights::new(&buffer, 2, 2).rows(); // the view is gone after this line
    /// assert_eq!(rows.last(), Some(&buffer[2..]));
    /// ```
    pub fn rows(&self) -> ChunksExact<'a, f32> {
        self.data.chunks_exact(self.shape.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocation_counter::measure;
    use proptest::prelude::*;

    #[test]
    fn a_row_outlives_the_view_it_came_from() {
        let buffer = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let row = {
            let weights = ModelWeights::new(&buffer, 2, 3);
            weights.row(1)
        };
        assert_eq!(row.as_ptr(), &raw const buffer[3]);
    }

    #[test]
    fn a_wrong_index_is_no_number() {
        let buffer = [1.0, 2.0, 3.0, 4.0];
        let weights = ModelWeights::new(&buffer, 2, 2);
        assert_eq!(weights.try_get(1, 1), Some(4.0));
        // (0, 2) is the number of (1, 0) in the buffer.
        for (row, col) in [(0, 2), (2, 0), (usize::MAX, 1), (1, usize::MAX)] {
            assert_eq!(weights.try_get(row, col), None, "({row}, {col})");
        }
    }

    #[test]
    #[should_panic(expected = "index out of bounds")]
    fn a_column_past_the_end_is_not_the_next_row() {
        ModelWeights::new(&[1.0, 2.0, 3.0, 4.0], 2, 2).get(0, 2);
    }

    #[test]
    #[should_panic(expected = "row 2 of 2")]
    fn a_row_past_the_end_is_refused() {
        ModelWeights::new(&[1.0, 2.0, 3.0, 4.0], 2, 2).row(2);
    }

    #[test]
    #[should_panic(expected = "rows * cols")]
    fn a_shape_that_does_not_fit_is_refused() {
        ModelWeights::new(&[1.0, 2.0, 3.0], 2, 2);
    }

    #[test]
    fn looking_costs_no_memory() {
        let buffer = vec![1.0; 1_000];
        let used = measure(|| {
            let weights = ModelWeights::new(&buffer, 10, 100);
            assert_eq!(weights.rows().flatten().sum::<f32>(), 1_000.0);
        });
        assert_eq!(used.count_total, 0);
    }

    proptest! {
        #[test]
        fn rows_and_numbers_agree_with_the_buffer(rows in 0_usize..6, cols in 1_usize..6) {
            let buffer: Vec<f32> = (0..rows * cols).map(|n| n as f32).collect();
            let weights = ModelWeights::new(&buffer, rows, cols);
            prop_assert_eq!(weights.rows().collect::<Vec<_>>().concat(), buffer.clone());
            for (place, number) in buffer.iter().enumerate() {
                prop_assert_eq!(weights.get(place / cols, place % cols), *number);
                prop_assert_eq!(weights.try_get(place / cols, place % cols), Some(*number));
            }
            prop_assert_eq!(weights.try_row(rows), None);
        }
    }
}
