//! How near two vectors are, and which of many are nearest.

use crate::error::ModelError;
use crate::kernels::dot;
use crate::weights::Weights;
use wasm_bindgen::prelude::*;

/// The cosine of the angle between `a` and `b`: 1 for the same direction, 0 for none in common, and 0 if one is all zeros.
///
/// # Errors
///
/// If they differ in length.
pub fn cosine(a: &[f32], b: &[f32]) -> Result<f32, ModelError> {
    if a.len() != b.len() {
        let (a, b) = (a.len(), b.len());
        return Err(ModelError::Lengths { a, b });
    }
    let lengths = dot(a, a).sqrt() * dot(b, b).sqrt();
    Ok(if lengths == 0.0 {
        0.0
    } else {
        dot(a, b) / lengths
    })
}

/// The same for JavaScript. Both arrays are copied into the module's memory: for one pair that is nothing, for a search over many
/// rows it is most of the time, and `EmbeddingIndex` is for that.
///
/// @throws {Error} if the arrays differ in length.
#[wasm_bindgen]
pub fn cosine_similarity_wasm(a: &[f32], b: &[f32]) -> Result<f32, JsError> {
    Ok(cosine(a, b)?)
}

/// One row of an index, and how near it is to the query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Which row, counted from 0.
    pub row: usize,
    /// The dot product with the query: the cosine, if both have length 1.
    pub score: f32,
}

/// The `count` rows with the largest dot product with `query`, best first; among equals, the first row.
///
/// `rows` lie one behind another. Equal to sorting all scores and cutting, without the sort: a short list is kept, and
/// most rows are refused by one comparison with its last.
///
/// # Errors
///
/// If `query` has no number, or `rows` are not whole rows of its length.
pub fn nearest(rows: &[f32], query: &[f32], count: usize) -> Result<Vec<Hit>, ModelError> {
    let columns = query.len();
    if columns == 0 || !rows.len().is_multiple_of(columns) {
        let given = rows.len();
        return Err(ModelError::NoRows { given, columns });
    }
    let mut best = Best::new(count.min(rows.len() / columns));
    for (row, numbers) in rows.chunks_exact(columns).enumerate() {
        best.offer(Hit {
            row,
            score: dot(numbers, query),
        });
    }
    Ok(best.hits)
}

/// The best hits so far, best first.
pub(crate) struct Best {
    hits: Vec<Hit>,
    count: usize,
}

impl Best {
    pub(crate) fn new(count: usize) -> Self {
        Self {
            hits: Vec::with_capacity(count + 1),
            count,
        }
    }

    /// Rows must be offered in their order, for among equals the first stays first.
    pub(crate) fn offer(&mut self, hit: Hit) {
        let worst = self.hits.last();
        if self.hits.len() == self.count && worst.is_none_or(|worst| hit.score <= worst.score) {
            return;
        }
        let place = self.hits.partition_point(|other| other.score >= hit.score);
        self.hits.insert(place, hit);
        self.hits.truncate(self.count);
    }
}

/// Embeddings in the module's own memory, to be searched from JavaScript.
///
/// ```js
/// const index = new EmbeddingIndex(384, vectors);
/// const hits = index.search(query, 5);
/// hits.rows; // Uint32Array
/// hits.scores; // Float32Array
/// ```
#[wasm_bindgen]
pub struct EmbeddingIndex {
    rows: Vec<f32>,
    columns: usize,
}

/// What a search found, best first.
#[wasm_bindgen]
pub struct Hits {
    hits: Vec<Hit>,
}

#[wasm_bindgen]
impl Hits {
    /// The rows' numbers, counted from 0.
    #[wasm_bindgen(getter)]
    pub fn rows(&self) -> Vec<u32> {
        // A page's memory cannot hold more rows than 32 bits can count.
        self.hits.iter().map(|hit| hit.row as u32).collect()
    }

    /// Their scores, in the same order.
    #[wasm_bindgen(getter)]
    pub fn scores(&self) -> Vec<f32> {
        self.hits.iter().map(|hit| hit.score).collect()
    }
}

#[wasm_bindgen]
impl EmbeddingIndex {
    /// Takes `vectors`, rows of `dimensions` numbers one behind another: one copy, from JavaScript's memory into this.
    ///
    /// @throws {Error} if they are not whole rows.
    #[wasm_bindgen(constructor)]
    pub fn new(dimensions: usize, vectors: Vec<f32>) -> Result<EmbeddingIndex, JsError> {
        // Asked with a query of zeros, `nearest` judges the lengths.
        nearest(&vectors, &vec![0.0; dimensions], 0)?;
        Ok(Self {
            rows: vectors,
            columns: dimensions,
        })
    }

    /// The same from a file in safetensors' format: its tensor `vectors`, (rows, dimensions) of `f32`.
    ///
    /// @throws {Error} if the bytes are no such file.
    pub fn from_safetensors(file: &[u8]) -> Result<EmbeddingIndex, JsError> {
        let (shape, rows) = Weights::read(file)?.numbers("vectors")?;
        Self::new(shape.last().copied().unwrap_or(0), rows)
    }

    /// How many rows there are.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.rows.len() / self.columns
    }

    /// The `count` rows with the largest dot product with `query`, best first.
    ///
    /// @throws {Error} if the query has another length than a row.
    pub fn search(&self, query: &[f32], count: usize) -> Result<Hits, JsError> {
        if query.len() != self.columns {
            let (wanted, given) = (self.columns, query.len());
            return Err(ModelError::InputLength { wanted, given }.into());
        }
        let hits = nearest(&self.rows, query, count)?;
        Ok(Hits { hits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cosines_have_their_signs() {
        let pairs = [
            ([1.0, 0.0], [2.0, 0.0], 1.0),
            ([1.0, 0.0], [0.0, 3.0], 0.0),
            ([1.0, 0.0], [-1.0, 0.0], -1.0),
            ([0.0, 0.0], [1.0, 0.0], 0.0),
        ];
        for (a, b, want) in pairs {
            assert_eq!(cosine(&a, &b), Ok(want));
        }
        let said = cosine(&[1.0], &[1.0, 2.0]).unwrap_err().to_string();
        assert_eq!(said, "vectors of 1 and 2 numbers cannot be compared");
    }

    proptest! {
        #[test]
        fn nearest_is_what_a_sort_finds(
            rows in prop::collection::vec(prop::array::uniform2(-3_i8..3), 0..30),
            count in 0_usize..12,
        ) {
            let flat: Vec<f32> = rows.iter().flatten().map(|n| f32::from(*n)).collect();
            let got = nearest(&flat, &[2.0, 1.0], count).unwrap();
            let score = |row: &[i8; 2]| f32::from(2 * row[0] + row[1]);
            let mut want: Vec<(usize, f32)> = rows.iter().map(score).enumerate().collect();
            want.sort_by(|a, b| b.1.total_cmp(&a.1)); // stable: among equals, the first row
            want.truncate(count);
            prop_assert_eq!(got.iter().map(|hit| (hit.row, hit.score)).collect::<Vec<_>>(), want);
        }
    }

    #[test]
    fn broken_rows_are_an_error() {
        let said = nearest(&[1.0, 2.0, 3.0], &[1.0, 2.0], 1).unwrap_err();
        assert_eq!(said.to_string(), "3 numbers are no whole rows of 2");
        assert!(nearest(&[], &[], 1).is_err());
    }
}
