//! A matrix of quantised weights, times rows of activations, on all threads.

use crate::blocks::{Activations, BLOCK, dequantise, quantise_q8_0};
use crate::error::{Error, Result};
use crate::gguf::{Bytes, Format, Gguf};
use crate::simd::{self, Level};
use crate::widen::widen;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Weights, `rows` times `cols`, a row after the other; as they lie in the file.
#[derive(Clone)]
pub struct Matrix {
    bytes: Bytes,
    range: Range<usize>,
    format: Format,
    /// Numbers that go in.
    pub cols: usize,
    /// Numbers that come out.
    pub rows: usize,
}

impl Matrix {
    /// The weights called `name`. Blocks of 32 stay in the file's map; other formats are rounded to `Q8_0`.
    ///
    /// # Errors
    ///
    /// If the tensor is missing, has another shape, or is of a format that nobody here can read.
    pub fn new(file: &Gguf, name: &str, cols: usize, rows: usize) -> Result<Self> {
        let info = file.tensor(name, &[cols, rows])?;
        let ours = |bytes: Vec<u8>| {
            let range = 0..bytes.len();
            let bytes: Bytes = Arc::new(bytes);
            Self {
                bytes,
                range,
                format: Format::Q8_0,
                cols,
                rows,
            }
        };
        if !cols.is_multiple_of(BLOCK) {
            return Err(Error::Unsupported(format!(
                "tensor {name}: {cols} columns are not whole blocks of {BLOCK}"
            )));
        }
        match info.format {
            format @ (Format::Q4_0 | Format::Q4_1 | Format::Q8_0) => Ok(Self {
                bytes: Arc::clone(&file.bytes),
                range: info.bytes.clone(),
                format,
                cols,
                rows,
            }),
            format => {
                let data = file.data(info);
                let numbers = dequantise(format, data).or_else(|| widen(format, data));
                match numbers {
                    Some(numbers) => Ok(ours(quantise_q8_0(&numbers))),
                    None => Err(Error::Unsupported(format!(
                        "tensor {name} is stored in format {}, which is not supported",
                        format.id()
                    ))),
                }
            }
        }
    }

    fn data(&self) -> &[u8] {
        &(*self.bytes).as_ref()[self.range.clone()]
    }

    fn row_bytes(&self) -> usize {
        let (numbers, bytes) = self.format.block();
        self.cols / numbers * bytes
    }

    /// One row as `f32`.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn row(&self, row: usize) -> Vec<f32> {
        let bytes = &self.data()[row * self.row_bytes()..][..self.row_bytes()];
        dequantise(self.format, bytes).expect("a matrix is in one of the formats of blocks")
    }

    /// How much memory it takes, in the map or beside it.
    pub fn bytes(&self) -> usize {
        self.range.len()
    }
}

/// Several matrices times the same rows of activations: one of the results is `x.rows()` rows of `matrix.rows` numbers.
///
/// Together, because the threads then have to meet once: queries, keys and values are one piece of work.
///
/// # Panics
///
/// If the matrices have other columns than the activations.
pub fn multiply<const M: usize>(
    level: Level,
    matrices: [&Matrix; M],
    x: &Activations,
) -> [Vec<f32>; M] {
    let count = x.rows();
    let mut results = matrices.map(|matrix| {
        assert_eq!(matrix.cols, x.cols, "columns of weights and activations");
        vec![0.0_f32; matrix.rows * count]
    });

    // Two pieces for each thread: when one of them is late, another takes its second piece.
    let rows: usize = matrices.iter().map(|matrix| matrix.rows).sum();
    let piece = rows
        .div_ceil(2 * rayon::current_num_threads())
        .next_multiple_of(4)
        .clamp(16, 512);
    let mut pieces = Vec::new();
    for (matrix, result) in matrices.iter().zip(&mut results) {
        let weights = matrix.data().chunks(piece * matrix.row_bytes());
        pieces.extend(
            weights
                .zip(result.chunks_mut(piece * count))
                .map(|(w, out)| (matrix.format, w, out)),
        );
    }
    pieces
        .into_par_iter()
        .for_each(|(format, weights, out)| simd::products(level, format, weights, x, out));

    // So far a row of weights' products lie side by side, and the caller wants those of a row of activations.
    if count > 1 {
        results = results.map(|result| {
            let rows = result.len() / count;
            let mut turned = vec![0.0; result.len()];
            turned
                .par_chunks_mut(rows)
                .enumerate()
                .for_each(|(a, turned)| {
                    for (to, from) in turned.iter_mut().zip(result.chunks_exact(count)) {
                        *to = from[a];
                    }
                });
            turned
        });
    }
    results
}
