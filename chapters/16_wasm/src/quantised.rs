//! A matrix in a quarter of its bytes: whole numbers from -127 to 127, and a scale for each row.

use crate::error::ModelError;
use crate::kernels::tile;

/// The largest weight, as a byte.
const WEIGHT: f32 = 127.0;
/// The largest number of an input, as 16 bits: with fourteen of them used, [`LONGEST`] products fit into 32 bits.
const NUMBER: f32 = 8191.0;
/// The longest row: 2064 products of 127 and 8191 are less than 2^31.
pub const LONGEST: usize = 2064;

/// Weights as bytes, (rows, columns), each row with its own scale: weight = byte * scale.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantisedMatrix {
    bytes: Vec<i8>,
    scales: Vec<f32>,
    columns: usize,
}

impl QuantisedMatrix {
    /// Rounds weights, (rows, columns) one row behind another: the largest of a row becomes 127 or -127.
    ///
    /// # Errors
    ///
    /// If they are not whole rows.
    pub fn from_weights(weights: &[f32], columns: usize) -> Result<Self, ModelError> {
        if columns == 0 || !weights.len().is_multiple_of(columns) {
            let given = weights.len();
            return Err(ModelError::NoRows { given, columns });
        }
        let mut bytes = Vec::with_capacity(weights.len());
        let mut scales = Vec::with_capacity(weights.len() / columns);
        for row in weights.chunks_exact(columns) {
            let scale = largest(row) / WEIGHT;
            // A row of zeros has no scale to divide by, and needs none.
            let factor = if scale == 0.0 { 0.0 } else { 1.0 / scale };
            // `as` from a float goes to the nearest value that the type has, and never wraps.
            bytes.extend(row.iter().map(|weight| (weight * factor).round() as i8));
            scales.push(scale);
        }
        Ok(Self {
            bytes,
            scales,
            columns,
        })
    }

    /// The matrix of these bytes, (rows, columns), and of a scale for each row.
    ///
    /// # Errors
    ///
    /// If there are not `columns` bytes for each scale.
    pub fn from_parts(bytes: Vec<i8>, scales: Vec<f32>) -> Result<Self, ModelError> {
        let (given, rows) = (bytes.len(), scales.len());
        if rows == 0 || given == 0 || !given.is_multiple_of(rows) {
            return Err(ModelError::NoRows {
                given,
                columns: rows,
            });
        }
        Ok(Self {
            columns: given / rows,
            bytes,
            scales,
        })
    }

    /// The bytes and the scales.
    pub fn parts(&self) -> (&[i8], &[f32]) {
        (&self.bytes, &self.scales)
    }

    /// How many rows there are, and how many numbers are in each.
    pub fn shape(&self) -> (usize, usize) {
        (self.scales.len(), self.columns)
    }

    /// The weights again, as good as they were kept.
    pub fn weights(&self) -> Vec<f32> {
        let rows = self.bytes.chunks_exact(self.columns).zip(&self.scales);
        rows.flat_map(|(row, scale)| row.iter().map(move |byte| f32::from(*byte) * scale))
            .collect()
    }

    /// Each row of `inputs` times each row of this matrix, plus `bias`: (inputs, columns) to (inputs, rows).
    ///
    /// The inputs are rounded to fourteen bits, each row by its own largest number, so that all products are of whole numbers.
    /// What that costs in accuracy is nothing beside the eight bits of the weights.
    ///
    /// # Errors
    ///
    /// If `inputs` are not whole rows of this matrix' columns, if there is not one bias a row, or if a row is longer than
    /// [`LONGEST`].
    pub fn multiply(&self, inputs: &[f32], bias: &[f32]) -> Result<Vec<f32>, ModelError> {
        let (rows, columns) = self.shape();
        if !inputs.len().is_multiple_of(columns) {
            let given = inputs.len();
            return Err(ModelError::NoRows { given, columns });
        }
        if bias.len() != rows {
            return Err(ModelError::Lengths {
                a: bias.len(),
                b: rows,
            });
        }
        if columns > LONGEST {
            return Err(ModelError::TooLarge { rows, columns });
        }
        let (numbers, factors) = round_rows(inputs, columns);
        let count = factors.len();
        let mut output = vec![0.0; count * rows];
        for first in (0..rows).step_by(2) {
            // At an odd end the last row is computed twice.
            let pair = [first, (first + 1).min(rows - 1)];
            let weights = pair.map(|row| &self.bytes[row * columns..(row + 1) * columns]);
            for start in (0..count).step_by(4) {
                let four = [0, 1, 2, 3].map(|more| (start + more).min(count - 1));
                let numbers = four.map(|row| &numbers[row * columns..(row + 1) * columns]);
                let sums = tile(weights, numbers);
                for (row, sums) in pair.into_iter().zip(sums) {
                    for (number, sum) in four.into_iter().zip(sums) {
                        let product = sum as f32 * self.scales[row] * factors[number];
                        output[number * rows + row] = product + bias[row];
                    }
                }
            }
        }
        Ok(output)
    }
}

/// The largest absolute value of a row.
fn largest(row: &[f32]) -> f32 {
    row.iter().fold(0.0, |most, number| number.abs().max(most))
}

/// Rows as 16-bit numbers, and what one of them is worth in each row.
fn round_rows(inputs: &[f32], columns: usize) -> (Vec<i16>, Vec<f32>) {
    let mut numbers = Vec::with_capacity(inputs.len());
    let mut factors = Vec::with_capacity(inputs.len() / columns);
    for row in inputs.chunks_exact(columns) {
        let scale = largest(row) / NUMBER;
        let factor = if scale == 0.0 { 0.0 } else { 1.0 / scale };
        numbers.extend(row.iter().map(|number| (number * factor).round() as i16));
        factors.push(scale);
    }
    (numbers, factors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::dot;

    /// Numbers between -1 and 1 that look like noise.
    fn noise(count: usize, step: usize) -> Vec<f32> {
        let number = |n: usize| ((n * step) % 2003) as f32 / 1001.0 - 1.0;
        (0..count).map(number).collect()
    }

    #[test]
    fn a_weight_is_off_by_half_a_step_at_most() {
        let mut weights = noise(3 * 100, 617);
        weights[200..].fill(0.0);
        let matrix = QuantisedMatrix::from_weights(&weights, 100).unwrap();
        let (bytes, scales) = matrix.parts();
        assert_eq!((bytes.len(), scales.len(), scales[2]), (300, 3, 0.0));
        for ((was, is), scale) in weights
            .iter()
            .zip(matrix.weights())
            .zip(scales.iter().flat_map(|s| [*s; 100]))
        {
            assert!((was - is).abs() <= scale * 0.501, "{was} became {is}");
        }
        let again = QuantisedMatrix::from_parts(bytes.to_vec(), scales.to_vec()).unwrap();
        assert_eq!(again, matrix);
    }

    #[test]
    fn products_are_those_of_the_rounded_weights() {
        // Odd numbers everywhere: no row and no column fills the last tile.
        let (rows, columns, count) = (5, 37, 3);
        let matrix = QuantisedMatrix::from_weights(&noise(rows * columns, 617), columns).unwrap();
        let (inputs, bias) = (noise(count * columns, 941), noise(rows, 5));
        let got = matrix.multiply(&inputs, &bias).unwrap();
        let weights = matrix.weights();
        for (number, input) in inputs.chunks_exact(columns).enumerate() {
            for (row, weights) in weights.chunks_exact(columns).enumerate() {
                let want = dot(weights, input) + bias[row];
                let off = (got[number * rows + row] - want).abs();
                assert!(off < 1e-3, "off by {off}");
            }
        }
    }

    #[test]
    fn the_largest_sum_fits() {
        let matrix = QuantisedMatrix::from_weights(&[1.0; LONGEST], LONGEST).unwrap();
        let got = matrix.multiply(&[1.0; LONGEST], &[0.0]).unwrap();
        assert!((got[0] - LONGEST as f32).abs() < 0.1, "{got:?}");
        let long = QuantisedMatrix::from_weights(&[1.0; LONGEST + 1], LONGEST + 1).unwrap();
        assert!(long.multiply(&[1.0; LONGEST + 1], &[0.0]).is_err());
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert!(QuantisedMatrix::from_weights(&[1.0; 5], 2).is_err());
        assert!(QuantisedMatrix::from_parts(vec![1; 5], vec![1.0; 2]).is_err());
        let matrix = QuantisedMatrix::from_weights(&[1.0; 4], 2).unwrap();
        assert!(matrix.multiply(&[1.0; 3], &[0.0; 2]).is_err());
        assert!(matrix.multiply(&[1.0; 2], &[0.0]).is_err());
        assert_eq!(matrix.multiply(&[], &[0.0; 2]), Ok(vec![]));
    }
}
