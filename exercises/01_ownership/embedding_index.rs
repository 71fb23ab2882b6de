//! # An index of embeddings
//!
//! Retrieval in its smallest form: embeddings in one buffer, and a search for the one nearest to a query. This
//! version compiles and finds the right answer. Somebody got it there by cloning whenever the compiler complained,
//! and now each search copies the whole index, twice.
//!
//! Nothing here needs to be copied after `add`. Read the signatures first: each of them says who owns what. Four
//! of them say too much or too little.

/// The dot product of two embeddings of the same width.
// TODO: It reads both, and keeps neither.
fn dot(a: Vec<f32>, b: Vec<f32>) -> f32 {
    a.iter().zip(&b).map(|(x, y)| x * y).sum()
}

/// Embeddings of one width, one after another in one buffer.
struct Index {
    width: usize,
    rows: Vec<f32>,
}

impl Index {
    /// Copies an embedding into the index.
    fn add(&mut self, embedding: &[f32]) {
        self.rows.extend_from_slice(embedding);
    }

    /// The embedding at `place`.
    // TODO: Show the row where it lies.
    fn row(&self, place: usize) -> Vec<f32> {
        let start = place * self.width;
        self.rows[start..start + self.width].to_vec()
    }

    /// The place of the embedding with the largest dot product with `query`; 0 if the index is empty.
    // TODO: Search without a copy, and accept a query from wherever it comes: a vector, an array, a row.
    fn nearest(&self, query: &Vec<f32>) -> usize {
        let mut best = (0, f32::NEG_INFINITY);
        for place in 0..self.rows.len() / self.width {
            let score = dot(self.row(place), query.clone());
            if score > best.1 {
                best = (place, score);
            }
        }
        best.0
    }

    /// Ends the index and hands its buffer over, to be written to a file or searched elsewhere.
    // TODO: Whoever calls this is done with the index. Say so in the first parameter, then give the buffer away.
    fn into_rows(&self) -> Vec<f32> {
        self.rows.clone()
    }
}

#[path = "../../chapters/01_ownership/checks/embedding_index.rs"]
mod checks;
