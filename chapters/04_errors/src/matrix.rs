//! A matrix that says no. Its error is written by hand, to be compared with the derived ones of the other files.

use std::error::Error;
use std::fmt;

/// Numbers that do not have the shape they should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShapeError {
    /// `len` numbers do not fill rows of `cols`.
    Rows {
        /// How many numbers there are.
        len: usize,
        /// How many a row should have.
        cols: usize,
    },
    /// An input has `found` numbers, and the matrix has `wanted` columns.
    Width {
        /// The columns of the matrix.
        wanted: usize,
        /// The numbers of the input.
        found: usize,
    },
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Rows { len, cols } => write!(f, "{len} numbers do not fill rows of {cols}"),
            Self::Width { wanted, found } => {
                write!(
                    f,
                    "an input of width {found} for a matrix of {wanted} columns"
                )
            }
        }
    }
}

// Nothing lies below a wrong shape, so the default `source`, which is `None`, is right.
impl Error for ShapeError {}

/// Numbers in rows of `cols`, row after row in one buffer: chapter 1's matrix, without its panics.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    data: Vec<f32>,
    cols: usize,
}

impl Matrix {
    /// Takes `data` over. Copies nothing.
    ///
    /// # Errors
    ///
    /// [`ShapeError::Rows`] if `cols` is zero or `data` does not fill whole rows.
    ///
    /// ```
    /// use errors::{Matrix, ShapeError};
    ///
    /// let short = Matrix::new(vec![1.0; 5], 2);
    /// assert_eq!(short, Err(ShapeError::Rows { len: 5, cols: 2 }));
    /// ```
    pub fn new(data: Vec<f32>, cols: usize) -> Result<Self, ShapeError> {
        let len = data.len();
        if cols == 0 || !len.is_multiple_of(cols) {
            return Err(ShapeError::Rows { len, cols });
        }
        Ok(Self { data, cols })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.data.len() / self.cols
    }

    /// How many numbers a row has.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Row `index`, a view of `cols` numbers, or `None` if there is no such row.
    pub fn row(&self, index: usize) -> Option<&[f32]> {
        self.data.chunks_exact(self.cols).nth(index)
    }

    /// The matrix times the column `input`: one number for each row.
    ///
    /// # Errors
    ///
    /// [`ShapeError::Width`] if `input` does not have one number for each column.
    pub fn matvec(&self, input: &[f32]) -> Result<Vec<f32>, ShapeError> {
        let (wanted, found) = (self.cols, input.len());
        if wanted != found {
            return Err(ShapeError::Width { wanted, found });
        }
        let mut output = Vec::with_capacity(self.rows());
        for row in self.data.chunks_exact(self.cols) {
            output.push(row.iter().zip(input).map(|(w, x)| w * x).sum());
        }
        Ok(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn multiplies() {
        let matrix = Matrix::new(vec![1.0, 2.0, 3.0, 0.0, 1.0, 0.0], 3).expect("two whole rows");
        assert_eq!(matrix.matvec(&[1.0, 1.0, -1.0]), Ok(vec![0.0, 1.0]));
        assert_eq!(matrix.row(1), Some([0.0, 1.0, 0.0].as_slice()));
        assert_eq!(matrix.row(2), None);
    }

    #[test]
    fn an_error_says_both_numbers() {
        let matrix = Matrix::new(vec![1.0; 6], 3).expect("two whole rows");
        let error = matrix.matvec(&[1.0]).expect_err("one number is too few");
        assert_eq!(
            error.to_string(),
            "an input of width 1 for a matrix of 3 columns"
        );
        assert!(error.source().is_none());
    }

    proptest! {
        #[test]
        fn whole_rows_and_nothing_else(len in 0_usize..40, cols in 0_usize..8) {
            let matrix = Matrix::new(vec![0.5; len], cols);
            let whole = cols > 0 && len / cols * cols == len;
            prop_assert_eq!(matrix.is_ok(), whole);
            if let Ok(matrix) = matrix {
                prop_assert_eq!(matrix.rows() * matrix.cols(), len);
            }
        }
    }
}
